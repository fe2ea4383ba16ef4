// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { BALLOTS = 50000, ROOM = 16 };

static char (*text)[ROOM]; // "ballot N"

static int setup(void **state) {
    (void)state;
    text = calloc(BALLOTS, sizeof *text);
    for (unsigned i = 0; text && i < BALLOTS; i++) (void)snprintf(text[i], ROOM, "ballot %u", i);
    return text == NULL;
}

static int teardown(void **state) {
    (void)state;
    free(text);
    return 0;
}

// A hash that begins with these 32 bits.
static const uint8_t *hash_of(uint32_t tag) {
    static uint8_t hash[32];
    for (int i = 0; i < 4; i++) hash[i] = (uint8_t)(tag >> (24 - 8 * i));
    return hash;
}

// Adds ballots with these tags, looking all the while that only what was added is there.
static void add_all(struct seen *s, unsigned n, uint32_t (*tag)(unsigned i)) {
    for (unsigned i = 0; i < n; i++) {
        assert_false(seen_has(s, hash_of(tag(i)), span_str(text[i])));
        assert_int_equal(seen_add(s, hash_of(tag(i)), span_str(text[i])), P1_OK);
        assert_int_equal(s->count, i + 1);
        unsigned old = i / 2;
        assert_true(seen_has(s, hash_of(tag(old)), span_str(text[old])));
    }
    for (unsigned i = 0; i < n; i++) assert_true(seen_has(s, hash_of(tag(i)), span_str(text[i])));
}

static uint32_t scattered(unsigned i) { return i * 2654435761u; }
static uint32_t rising(unsigned i) { return i; }
static uint32_t falling(unsigned i) { return UINT32_MAX - i; }
static uint32_t lowest(unsigned i) { return i * 0; }
static uint32_t highest(unsigned i) { return UINT32_MAX - i % 2; }
static uint32_t of_few(unsigned i) { return (i % 64) << 26; }

static void nothing_is_in_it_at_first(void **state) {
    (void)state;
    const struct seen s = {0};
    assert_false(seen_has(&s, hash_of(0), span_str(text[0])));
}

static void ballots_are_found_whatever_their_hashes(void **state) {
    (void)state;
    static const struct {
        uint32_t (*tag)(unsigned i);
        unsigned n;
    } cases[] = {{scattered, BALLOTS}, {rising, 3000},  {falling, 3000},
                 {lowest, 3000},       {highest, 3000}, {of_few, 20000}};
    for (unsigned c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct seen s = {0};
        add_all(&s, cases[c].n, cases[c].tag);
        seen_release(&s);
    }
}

static void equal_hashes_do_not_make_ballots_equal(void **state) {
    (void)state;
    struct seen s = {0};
    assert_int_equal(seen_add(&s, hash_of(7), span_str(text[1])), P1_OK);
    assert_false(seen_has(&s, hash_of(7), span_str(text[2])));
    assert_true(seen_has(&s, hash_of(7), span_str(text[1])));
    assert_false(seen_has(&s, hash_of(8), span_str(text[1])));
    seen_release(&s);
}

static void a_ballot_takes_at_most_fifteen_bytes(void **state) {
    (void)state;
    struct seen s = {0};
    for (unsigned i = 0; i < BALLOTS; i++) {
        assert_int_equal(seen_add(&s, hash_of(scattered(i)), span_str(text[i])), P1_OK);
        if (i < 20000) continue; // the first memory is for a thousand
        assert_true(s.room * (sizeof *s.ballot + sizeof *s.tag) <= 15 * s.count + 4096);
    }
    seen_release(&s);
}

// Few hashes that collide must not cost more memory than as many others.
static void hashes_that_collide_take_no_more_memory(void **state) {
    (void)state;
    struct seen s = {0};
    for (unsigned i = 0; i < 900; i++) assert_int_equal(seen_add(&s, hash_of(highest(i)), span_str(text[i])), P1_OK);
    assert_int_equal(s.places, 1024);
    assert_true(s.room <= 1024 + 900 + 64);
    seen_release(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_in_it_at_first),
        cmocka_unit_test(ballots_are_found_whatever_their_hashes),
        cmocka_unit_test(equal_hashes_do_not_make_ballots_equal),
        cmocka_unit_test(a_ballot_takes_at_most_fifteen_bytes),
        cmocka_unit_test(hashes_that_collide_take_no_more_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
