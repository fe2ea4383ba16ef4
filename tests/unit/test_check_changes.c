// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// An archive, and what lies beside it, with one bit or one value changed: as it is, and by somebody who holds the server and makes
// all hashes right again. And its events copied, dropped or in another order, with a right chain.

#include "tests/unit/beside_sample.h"
#include "tests/unit/changes.h"

// One voter votes and is withdrawn, so that the archive is small: setup, ballot, neutral ballot, end, tally, two shares, result.
enum { FIRST = 1, SECOND, ENDED, TALLIED, SHARED, PUBLISHED = 7, ALL };

#define ONE "[{\"answers\":[\"Ja\"],\"min\":0,\"max\":1,\"question\":\"Mag het?\"}]"

static struct frozen_sample small;
static struct work work;

static int setup(void **state) {
    (void)state;
    static const struct plan plan = {.uuid = FROZEN_UUID, .questions = ONE, .voters = 2};
    char authority[300];
    struct frozen_sample *f = &small;
    f->m = made_new(&plan);
    sc_from_u64(&f->registrar, 1234567);
    sc_from_u64(&f->second, 7654321);
    f->bundle = bundle_text(f->m, "\"" FROZEN_UUID "\"", 2);
    struct elem_text one = public_of(f->m, &f->registrar), two = public_of(f->m, &f->second);
    snprintf(authority, sizeof authority, "\\nregistrar:%.*s\\nsecond:%.*s", one.n, (const char *)one.p, two.n,
             (const char *)two.p);
    freeze(f->m, f->bundle, authority);
    add_setup(&f->script, f->m);
    add_ballot(&f->script, made_ballot(f->m, 0, "1", 0));
    add_notice(f, about(f, NOTICE_WITHDRAW, 0, SECOND), 1);
    add_notice(f, about(f, NOTICE_NEUTRAL, 0, SECOND), 0);
    add_ballot(&f->script, made_ballot(f->m, 0, "0", 1));
    add_end(&f->script);
    add_right_tally(&f->script, f->m);
    add_right_share(&f->script, f->m, 0);
    add_right_share(&f->script, f->m, 1);
    add_result(&f->script, f->m, "{\"result\":[[0]]}");
    struct ciphertext tally[1];
    uint8_t text[1000];
    struct buf b = buf_over(text, sizeof text);
    ENSURE(tally_parse(&f->m->election, f->script.step[TALLIED].record[0], tally, &work) == P1_OK);
    buf_str(&b, "{\"owner\":1,\"proofs\":");
    ENSURE(share_bind_ct(&f->m->election, &f->m->key[0], tally, &b, &work) == P1_OK);
    buf_str(&b, "}\n");
    f->shares = made_keep(f->m, buf_span(&b));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    made_free(small.m);
    return 0;
}

static enum p1_err verdict(const struct script *s, unsigned n, struct beside x) {
    struct span file = script_write(s, n);
    struct judged *j = judge_beside(file, NULL, &x);
    enum p1_err err = j->err;
    notices_release(&x.noticed);
    free_judged(j);
    span_free(file);
    return err;
}

static void the_archive_is_valid_as_it_is(void **state) {
    (void)state;
    assert_int_equal(verdict(&small.script, ALL, beside_of(&small)), P1_OK);
}

// ---- as it is ----

// Only the chain is read: its hashes are over all that is in the archive.
static int breaks_the_chain(struct span text, size_t at, void *arg) {
    struct chain c;
    struct event ev;
    (void)arg;
    (void)at;
    enum p1_err err = chain_begin(&c, text);
    for (int more = 1; err == P1_OK && more;) err = chain_next(&c, text, &ev, &more);
    return err != P1_OK;
}

static void no_bit_of_an_archive_can_be_changed(void **state) {
    (void)state;
    struct span file = script_write(&small.script, ALL), room = span_copy(file, 0);
    assert_int_equal(breaks_the_chain(file, 0, NULL), 0);
    assert_int_equal(try_bits(file, BITS_TWO, (uint8_t *)room.p, breaks_the_chain, NULL), SIZE_MAX);
    span_free(file);
    span_free(room);
}

// ---- with all hashes made right again ----

struct place {
    unsigned step, record, events; // the archive's first EVENTS are judged
};

static struct span digest_put_right(struct span text, struct span of) {
    char old[65];
    size_t at = text.n - 66; // the last value of both records that name another
    snprintf(old, sizeof old, "%.64s", (const char *)text.p + at);
    return span_replace(text, old, sha256_hex(of));
}

static int refused_in_archive(struct span text, size_t at, void *arg) {
    const struct place *p = arg;
    struct script s = small.script;
    struct step *step = &s.step[p->step];
    struct span named = {0};
    uint8_t setup_data[300];
    struct buf b = buf_over(setup_data, sizeof setup_data);
    (void)at;
    step->record[p->record] = text;
    if (step->type == EVENT_SETUP && p->record < 3) {
        static const char *const field[] = {"{\"election\":\"", "\",\"trustees\":\"", "\",\"credentials\":\""};
        for (unsigned i = 0; i < 3; i++) {
            buf_str(&b, field[i]);
            buf_str(&b, sha256_hex(step->record[i]));
        }
        buf_str(&b, "\"}");
        step->record[3] = buf_span(&b);
    } else if ((step->type == EVENT_TALLY || step->type == EVENT_SHARE) && p->record == 0) {
        named = digest_put_right(step->record[1], text);
        step->record[1] = named;
    }
    // Notices name events, and second proofs factors: without them, so that the archive alone is judged.
    enum p1_err err = verdict(&s, p->events, (struct beside){.bundle = small.bundle});
    span_free(named);
    return err != P1_OK;
}

static void assert_record_bound(struct place p, unsigned least) {
    struct span text = small.script.step[p.step].record[p.record], room = span_copy(text, text.n + P1_SCALAR_TEXT);
    unsigned count;
    assert_int_equal(refused_in_archive(text, 0, &p), 0);
    size_t at = try_bits(text, BITS_ONE, (uint8_t *)room.p, refused_in_archive, &p);
    if (at != SIZE_MAX) fail_msg("event %u: a bit of byte %zu can be changed", p.step, at);
    at = try_values(&small.m->election.group, text, (uint8_t *)room.p, refused_in_archive, &p, &count, &work);
    if (at != SIZE_MAX) fail_msg("event %u: the value at byte %zu can be changed", p.step, at);
    assert_true(count >= least);
    at = try_forms(text, (uint8_t *)room.p, refused_in_archive, &p, &count);
    if (at != SIZE_MAX) fail_msg("event %u: the form at byte %zu can be changed", p.step, at);
    assert_true(count > 0);
    span_free(room);
}

static void no_change_of_a_setup_is_accepted_with_a_right_chain(void **state) {
    (void)state;
    assert_record_bound((struct place){0, 0, FIRST + 1}, 25);  // the ballot names the election's hash
    assert_record_bound((struct place){0, 1, SHARED + 1}, 10); // a share names its trustee by the place
    assert_record_bound((struct place){0, 2, 1}, 2);           // the bundle names the credentials
    assert_record_bound((struct place){0, 3, 1}, 6);
}

static void no_change_of_a_ballot_is_accepted_with_a_right_chain(void **state) {
    (void)state;
    assert_record_bound((struct place){FIRST, 0, FIRST + 1}, 30);
    assert_record_bound((struct place){SECOND, 0, SECOND + 1}, 30);
}

static void no_change_of_a_tally_is_accepted_with_a_right_chain(void **state) {
    (void)state;
    assert_record_bound((struct place){TALLIED, 0, TALLIED + 1}, 4);
    assert_record_bound((struct place){TALLIED, 1, TALLIED + 1}, 6);
}

static void no_change_of_a_share_is_accepted_with_a_right_chain(void **state) {
    (void)state;
    assert_record_bound((struct place){SHARED, 0, SHARED + 1}, 7);
    assert_record_bound((struct place){SHARED, 1, SHARED + 1}, 4);
}

static void no_change_of_a_result_is_accepted_with_a_right_chain(void **state) {
    (void)state;
    assert_record_bound((struct place){PUBLISHED, 0, ALL}, 2);
}

// ---- beside it ----

struct place_beside {
    size_t offset; // of the text within struct beside
    unsigned events;
};

static int refused_beside(struct span text, size_t at, void *arg) {
    const struct place_beside *p = arg;
    struct beside x = beside_of(&small);
    (void)at;
    memcpy((uint8_t *)&x + p->offset, &text, sizeof text);
    return verdict(&small.script, p->events, x) != P1_OK;
}

static void assert_beside_bound(size_t offset, unsigned events, unsigned least) {
    struct place_beside p = {offset, events};
    struct beside x = beside_of(&small);
    struct span text;
    unsigned count;
    memcpy(&text, (uint8_t *)&x + offset, sizeof text);
    struct span room = span_copy(text, text.n + P1_SCALAR_TEXT);
    assert_int_equal(refused_beside(text, 0, &p), 0);
    size_t at = try_bits(text, BITS_ONE, (uint8_t *)room.p, refused_beside, &p);
    if (at != SIZE_MAX) fail_msg("a bit of byte %zu can be changed", at);
    at = try_values(&small.m->election.group, text, (uint8_t *)room.p, refused_beside, &p, &count, &work);
    if (at != SIZE_MAX) fail_msg("the value at byte %zu can be changed", at);
    assert_true(count >= least);
    at = try_forms(text, (uint8_t *)room.p, refused_beside, &p, &count);
    if (at != SIZE_MAX) fail_msg("the form at byte %zu can be changed", at);
    assert_true(count > 0);
    span_free(room);
}

static void no_change_of_a_bundle_is_accepted(void **state) {
    (void)state;
    assert_beside_bound(offsetof(struct beside, bundle), SECOND + 1, 20);
}

static void no_change_of_a_notice_is_accepted(void **state) {
    (void)state;
    assert_beside_bound(offsetof(struct beside, notices), SECOND + 1, 30);
}

static void no_change_of_a_second_proof_is_accepted(void **state) {
    (void)state;
    assert_beside_bound(offsetof(struct beside, shares), SHARED + 2, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_archive_is_valid_as_it_is),
        cmocka_unit_test(no_bit_of_an_archive_can_be_changed),
        cmocka_unit_test(no_change_of_a_setup_is_accepted_with_a_right_chain),
        cmocka_unit_test(no_change_of_a_ballot_is_accepted_with_a_right_chain),
        cmocka_unit_test(no_change_of_a_tally_is_accepted_with_a_right_chain),
        cmocka_unit_test(no_change_of_a_share_is_accepted_with_a_right_chain),
        cmocka_unit_test(no_change_of_a_result_is_accepted_with_a_right_chain),
        cmocka_unit_test(no_change_of_a_bundle_is_accepted),
        cmocka_unit_test(no_change_of_a_notice_is_accepted),
        cmocka_unit_test(no_change_of_a_second_proof_is_accepted),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
