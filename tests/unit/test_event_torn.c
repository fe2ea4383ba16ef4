// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What a crash leaves of the last write, and what may be cut off: never more than one event that nobody was told of.

#include "board/event.h"

#include "tests/unit/board_helpers.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { EVENTS = 4, BEFORE_LAST = EVENTS - 1 };

static struct span whole;
static size_t boundary[EVENTS + 1]; // where each event ends, the first record first

// A setup and three ballots, the last of three blocks.
static int setup(void **state) {
    (void)state;
    static char longer[1200];
    struct script s = {.n = 0};
    memset(longer, 'b', sizeof longer - 1);
    script_add(&s, &(struct step){
                       .type = EVENT_SETUP,
                       .n = 4,
                       .record = {SPAN_LIT("election"), SPAN_LIT("trustees"), SPAN_LIT("list"), SPAN_LIT("setup")}});
    add_ballot(&s, SPAN_LIT("a ballot"));
    add_ballot(&s, SPAN_LIT("another"));
    add_ballot(&s, span_str(longer));
    for (unsigned n = 0; n <= EVENTS; n++) {
        whole = script_write(&s, n);
        boundary[n] = whole.n;
        if (n < EVENTS) span_free(whole);
    }
    return 0;
}

static int teardown(void **state) {
    (void)state;
    span_free(whole);
    return 0;
}

// The archive ends behind its first N events.
static void assert_end(struct span file, unsigned events) {
    struct chain c;
    size_t end;
    assert_int_equal(chain_find_end(&c, file, &end), P1_OK);
    assert_int_equal(end, boundary[events]);
    assert_int_equal(c.at, boundary[events]);
    assert_int_equal(c.last, events ? boundary[events - 1] : 0);
    assert_int_equal(c.height, events);
}

static void assert_damaged(struct span file) {
    struct chain c;
    size_t end;
    assert_int_equal(chain_find_end(&c, file, &end), P1_ERR_ARCHIVE_DAMAGED);
}

static void archive_that_is_not_torn_ends_at_its_end(void **state) {
    (void)state;
    for (unsigned n = 0; n <= EVENTS; n++) assert_end(span_of(whole.p, boundary[n]), n);
}

static void archive_that_is_cut_short_ends_behind_its_last_whole_event(void **state) {
    (void)state;
    unsigned events = 0;
    for (size_t n = boundary[0]; n <= whole.n; n++) {
        if (events < EVENTS && n == boundary[events + 1]) events++;
        if (n % 7 == 0 || n % TAR_BLOCK < 2) assert_end(span_of(whole.p, n), events);
    }
}

static void zeros_behind_the_last_event_are_not_of_the_archive(void **state) {
    (void)state;
    struct span longer = span_copy(whole, 4096);
    static const size_t zeros[] = {1, 100, 511, 512, 513, 1024, 4096};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) assert_end(span_of(longer.p, whole.n + zeros[i]), EVENTS);
    span_free(longer);
}

static void last_event_with_blocks_that_were_not_written_is_not_of_the_archive(void **state) {
    (void)state;
    for (size_t from = boundary[BEFORE_LAST]; from < whole.n; from += TAR_BLOCK) {
        for (size_t to = from + TAR_BLOCK; to <= whole.n; to += TAR_BLOCK) {
            struct span torn = span_copy(whole, 0);
            memset((uint8_t *)torn.p + from, 0, to - from);
            assert_end(torn, BEFORE_LAST);
            span_free(torn);
        }
    }
}

// Behind it stands a whole event: somebody may have been told of both.
static void event_before_the_last_with_a_block_of_zeros_is_damage(void **state) {
    (void)state;
    for (size_t at = boundary[0]; at < boundary[BEFORE_LAST]; at += TAR_BLOCK) {
        struct span torn = span_copy(whole, 0);
        memset((uint8_t *)torn.p + at, 0, TAR_BLOCK);
        struct chain c;
        size_t end;
        enum p1_err err = chain_find_end(&c, torn, &end);
        span_free(torn);
        if (err != P1_ERR_ARCHIVE_DAMAGED) print_error("block at %zu of %zu\n", at, whole.n);
        assert_int_equal(err, P1_ERR_ARCHIVE_DAMAGED);
    }
}

// The write of an event ends with its last block.
static void event_with_a_block_of_zeros_that_anything_follows_is_damage(void **state) {
    (void)state;
    struct span torn = span_copy(whole, 0);
    uint8_t *p = (uint8_t *)torn.p;
    memset(p + boundary[BEFORE_LAST - 1], 0, TAR_BLOCK);
    p[torn.n - 2 * TAR_BLOCK] ^= 0x80; // the name of the last event: nothing shows that it is one
    assert_damaged(torn);
    for (size_t n = 1; n < TAR_BLOCK; n += 100) assert_damaged(span_of(p, boundary[BEFORE_LAST] + n));
    memset(p + boundary[BEFORE_LAST], 0, torn.n - boundary[BEFORE_LAST]);
    assert_end(torn, BEFORE_LAST - 1); // zeros are nothing
    span_free(torn);
}

static void any_byte_of_an_event_that_is_changed_is_damage(void **state) {
    (void)state;
    struct span bad = span_copy(whole, 0);
    for (size_t at = boundary[0]; at < bad.n; at += 5) {
        uint8_t *byte = (uint8_t *)bad.p + at;
        *byte ^= 1;
        assert_damaged(bad);
        *byte ^= 1;
    }
    span_free(bad);
}

static void damage_before_a_torn_end_is_not_cut_off(void **state) {
    (void)state;
    struct span bad = span_copy(whole, 512);
    ((uint8_t *)bad.p)[boundary[1] + 600] ^= 1;
    assert_damaged(span_of(bad.p, whole.n - 512));
    assert_damaged(span_of(bad.p, whole.n + 512));
    span_free(bad);
}

static void file_that_is_no_archive_has_no_end(void **state) {
    (void)state;
    struct chain c;
    size_t end;
    assert_int_equal(chain_find_end(&c, span_from(whole, 512), &end), P1_ERR_ARCHIVE_NOT);
}

static void writing_goes_on_where_the_archive_ends(void **state) {
    (void)state;
    struct chain c, read;
    struct event ev;
    size_t end;
    int more;
    const struct span ballot = SPAN_LIT("the next");
    assert_int_equal(chain_find_end(&c, span_of(whole.p, whole.n - 700), &end), P1_OK);
    struct span file = span_copy(span_of(whole.p, end), chain_write_size(&ballot, 1));
    struct buf b = {(uint8_t *)file.p, end, end + chain_write_size(&ballot, 1), 0};
    assert_int_equal(chain_write(&c, EVENT_BALLOT, &ballot, 1, &b), P1_OK);
    assert_int_equal(chain_begin(&read, buf_span(&b)), P1_OK);
    for (unsigned i = 0; i <= BEFORE_LAST; i++) {
        assert_int_equal(chain_next(&read, buf_span(&b), &ev, &more), P1_OK);
        assert_int_equal(more, 1);
    }
    assert_true(span_eq(ev.record[0].content, ballot));
    assert_int_equal(read.at, b.n);
    span_free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(archive_that_is_not_torn_ends_at_its_end),
        cmocka_unit_test(archive_that_is_cut_short_ends_behind_its_last_whole_event),
        cmocka_unit_test(zeros_behind_the_last_event_are_not_of_the_archive),
        cmocka_unit_test(last_event_with_blocks_that_were_not_written_is_not_of_the_archive),
        cmocka_unit_test(event_before_the_last_with_a_block_of_zeros_is_damage),
        cmocka_unit_test(event_with_a_block_of_zeros_that_anything_follows_is_damage),
        cmocka_unit_test(any_byte_of_an_event_that_is_changed_is_damage),
        cmocka_unit_test(damage_before_a_torn_end_is_not_cut_off),
        cmocka_unit_test(file_that_is_no_archive_has_no_end),
        cmocka_unit_test(writing_goes_on_where_the_archive_ends),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
