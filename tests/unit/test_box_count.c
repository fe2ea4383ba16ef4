// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/box.h"

#include "tests/unit/box_sample.h"

// ---- taking ballots ----

// Would the box with the first N events of S take this ballot?
static enum p1_err admits(const struct script *s, unsigned n, struct span ballot) {
    struct ballot parsed;
    struct box *b = box_of(s, n);
    enum p1_err err = box_admits(b, ballot, &parsed, &work);
    if (err == P1_OK) assert_true(span_eq(parsed.json, ballot));
    free_box(b);
    return err;
}

static void right_ballot_is_admitted(void **state) {
    (void)state;
    assert_int_equal(admits(&whole, 1, whole.step[1].record[0]), P1_OK); // the first of all
    assert_int_equal(admits(&whole, 3, whole.step[3].record[0]), P1_OK); // over an older one
}

static void ballot_is_admitted_only_while_the_box_is_open(void **state) {
    (void)state;
    for (unsigned n = 0; n <= whole.n; n++) {
        int open = n >= 1 && n <= 4;
        assert_int_equal(admits(&whole, n, made_ballot(singles, 2, "10", 0)), open ? P1_OK : P1_ERR_BOX_STAGE);
    }
}

static void ballot_that_is_in_the_box_already_is_not_admitted(void **state) {
    (void)state;
    assert_int_equal(admits(&whole, 2, whole.step[1].record[0]), P1_ERR_BALLOT_TWICE);
    assert_int_equal(admits(&whole, 4, whole.step[1].record[0]), P1_ERR_BALLOT_TWICE);
}

static void ballot_of_somebody_who_is_not_on_the_list_is_not_admitted(void **state) {
    (void)state;
    char list[100];
    const struct span *r = singles->setup.record;
    struct script s = {.n = 1};
    snprintf(list, sizeof list, "[\"%.64s\"]", (const char *)singles->credential[1].p);
    s.step[0] = made_setup(singles, r[0], r[1], span_str(list));
    assert_int_equal(admits(&s, 1, made_ballot(singles, 0, "10", 0)), P1_ERR_BALLOT_STRANGER);
    assert_int_equal(admits(&s, 1, made_ballot(singles, 1, "10", 0)), P1_OK);
}

static void ballot_that_is_changed_is_not_admitted(void **state) {
    (void)state;
    static const struct {
        const char *old, *new;
        enum p1_err why;
    } changes[] = {{"\"election_uuid\":\"T", "\"election_uuid\":\"U", P1_ERR_BALLOT_ELECTION},
                   {"\"election_hash\":\"", "\"election_hash\":\"x", P1_ERR_BALLOT_ELECTION_HASH},
                   {"\"credential\":\"", "\"credential\":\"0", P1_ERR_ELEM_FORM},
                   {"\"signature\":{\"hash\":\"", "\"signature\":{\"hash\":\"x", P1_ERR_BALLOT_HASH},
                   {"\"choices\":", "\"choice\":", P1_ERR_BALLOT_HASH},
                   {"}}}", "}}} ", P1_ERR_JSON_TRAILING}};
    for (unsigned i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct span ballot = span_replace(whole.step[1].record[0], changes[i].old, changes[i].new);
        assert_int_equal(admits(&whole, 1, ballot), changes[i].why);
        span_free(ballot);
    }
}

// The first digit behind the last occurrence of this text is changed.
static struct span with_last_digit_changed(struct span ballot, const char *behind) {
    struct span copy = made_keep(singles, ballot);
    size_t n = strlen(behind), at = 0;
    for (size_t i = 0; i + n < copy.n; i++) {
        if (memcmp(copy.p + i, behind, n) == 0) at = i + n;
    }
    ENSURE(at);
    uint8_t *digit = (uint8_t *)copy.p + at;
    *digit = *digit == '1' ? '2' : '1';
    return copy;
}

static void ballot_with_a_wrong_signature_is_not_admitted(void **state) {
    (void)state;
    struct span ballot = with_last_digit_changed(whole.step[1].record[0], "\"response\":\"");
    assert_int_equal(admits(&whole, 1, ballot), P1_ERR_BALLOT_SIGNATURE);
}

static void ballot_with_a_wrong_proof_and_a_right_signature_is_not_admitted(void **state) {
    (void)state;
    uint8_t memory[8192];
    char code[P1_HASH64];
    const uint8_t random[32] = {1};
    struct span ballot = whole.step[1].record[0];
    size_t unsigned_n = ballot.n;
    while (memcmp(ballot.p + unsigned_n, ",\"signature\"", 12) != 0) unsigned_n--;
    struct span bad = with_last_digit_changed(span_of(ballot.p, unsigned_n), "\"response\":\"");
    struct buf b = buf_over(memory, sizeof memory);
    buf_put(&b, bad);
    assert_int_equal(ballot_sign_ct(&singles->election, &singles->secret[0], random, code, &b, &work), P1_OK);
    assert_int_equal(admits(&whole, 1, buf_span(&b)), P1_ERR_BALLOT_OVERALL);
}

static void ballot_without_signature_is_not_admitted(void **state) {
    (void)state;
    struct span ballot = whole.step[1].record[0];
    size_t n = ballot.n;
    while (memcmp(ballot.p + n, ",\"signature\"", 12) != 0) n--;
    struct span bare = made_keep(singles, span_of(ballot.p, n + 1));
    ((uint8_t *)bare.p)[n] = '}';
    assert_int_equal(admits(&whole, 1, bare), P1_ERR_BALLOT_UNSIGNED);
}

static void ballot_that_shows_a_choice_is_not_admitted_although_it_is_right(void **state) {
    (void)state;
    struct ballot parsed;
    struct span ballot = made_shown_ballot(singles, 2, "10");
    unsigned seen = 0;
    assert_int_equal(ballot_parse(&parsed, &singles->election.group.q, ballot), P1_OK);
    assert_int_equal(ballot_check(&singles->election, &parsed, &seen, &work), P1_OK);
    assert_int_equal(seen, BALLOT_SHOWS_CHOICE);
    assert_int_equal(admits(&whole, 1, ballot), P1_ERR_BALLOT_SHOWS);
}

// ---- tally ----

static void tally_is_the_product_of_last_ballots_to_the_power_of_their_weights(void **state) {
    (void)state;
    const struct group *g = &set->election.group;
    struct script s = setup_alone(set);
    add_ballot(&s, made_ballot(set, 1, "10", 0)); // replaced
    add_ballot(&s, made_ballot(set, 2, "10", 0)); // weight 2
    add_ballot(&s, made_ballot(set, 1, "01", 1)); // weight 5
    struct box *b = box_of(&s, s.n);
    struct ciphertext tally[2], expected[2], one[2];
    tally_init(&set->election, expected);
    for (unsigned i = 2; i < 4; i++) {
        struct ballot ballot;
        assert_int_equal(ballot_parse(&ballot, &g->q, s.step[i].record[0]), P1_OK);
        assert_int_equal(ballot_choices(&set->election, &ballot, one, &work), P1_OK);
        for (unsigned k = 0; k < (i == 2 ? 2 : 5); k++) tally_add(&set->election, expected, one, 1, &work);
    }
    assert_int_equal(box_tally(b, plain_runner(), tally), P1_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(elem_equal(g, &tally[i].alpha, &expected[i].alpha, &work));
        assert_true(elem_equal(g, &tally[i].beta, &expected[i].beta, &work));
    }
    free_box(b);
}

static void tally_of_nobody_is_the_identity(void **state) {
    (void)state;
    const struct group *g = &singles->election.group;
    struct box *b = box_of(&whole, 1);
    struct ciphertext tally[2];
    struct elem identity;
    elem_identity(g, &identity);
    assert_int_equal(box_tally(b, plain_runner(), tally), P1_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(elem_equal(g, &tally[i].alpha, &identity, &work));
        assert_true(elem_equal(g, &tally[i].beta, &identity, &work));
    }
    free_box(b);
}

// box_apply() does not look at what a ballot holds.
static void ballot_that_cannot_be_read_makes_the_tally_fail_whoever_cast_it(void **state) {
    (void)state;
    for (unsigned voter = 0; voter < singles->voters; voter++) {
        struct script s = setup_alone(singles);
        struct span ballot = made_ballot(singles, voter, "10", 7);
        add_ballot(&s, whole.step[1].record[0]);
        add_ballot(&s, whole.step[2].record[0]);
        add_ballot(&s, span_of(ballot.p, ballot.n - 1));
        struct box *b = box_of(&s, s.n);
        struct ciphertext tally[2];
        assert_int_equal(box_tally(b, plain_runner(), tally), P1_ERR_JSON);
        free_box(b);
    }
}

static void tally_event_is_kept_and_names_the_state(void **state) {
    (void)state;
    struct box *b = box_of(&whole, 5);
    struct event ev = step_event(&whole.step[5], 5);
    memset(ev.hash, 7, sizeof ev.hash);
    assert_int_equal(box_apply(b, &ev, &work), P1_OK);
    assert_memory_equal(b->tally_event, ev.hash, 32);
    assert_true(span_eq(b->tally, whole.step[5].record[0]));
    assert_true(span_eq(b->sized_tally, whole.step[5].record[1]));
    free_box(b);
}

static void figures_that_name_another_tally_are_refused(void **state) {
    (void)state;
    struct step step = whole.step[5];
    step.record[0] = SPAN_LIT("[[]]");
    assert_refused(&whole, 5, &step, P1_ERR_EVENT_PAYLOAD);
}

static void figures_in_another_form_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *old, *new;
        enum p1_err why;
    } bad[] = {{"\"num_tallied\":2", "\"num_tallied\":02", P1_ERR_JSON_NUMBER},
               {"\"num_tallied\":2", "\"num_tallied\":-2", P1_ERR_JSON_NUMBER},
               {"\"total_weight\":2", "\"total_weight\":\"2\"", P1_ERR_JSON_NUMBER},
               {"\"total_weight\"", "\"weight\"", P1_ERR_JSON},
               {"\"}", "\"},", P1_ERR_JSON_TRAILING}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct step step = whole.step[5];
        struct span figures = span_replace(step.record[1], bad[i].old, bad[i].new);
        step.record[1] = figures;
        assert_refused(&whole, 5, &step, bad[i].why);
        span_free(figures);
    }
}

// ---- shares ----

static void share_of_no_trustee_is_refused(void **state) {
    (void)state;
    static const unsigned owners[] = {0, 3, 64, 65, 4000000000u};
    for (unsigned i = 0; i < sizeof owners / sizeof *owners; i++) {
        struct script s = {.n = 0};
        add_share(&s, singles, owners[i], whole.step[6].record[0]);
        assert_refused(&whole, 6, &s.step[0], P1_ERR_SHARE_OWNER);
    }
}

static void second_share_of_a_trustee_is_refused(void **state) {
    (void)state;
    struct script s = {.n = 0};
    assert_refused(&whole, 7, &whole.step[6], P1_ERR_SHARE_TWICE);
    add_share(&s, singles, 1, whole.step[7].record[0]);
    assert_refused(&whole, 7, &s.step[0], P1_ERR_SHARE_TWICE);
}

// One reader could take the first, another the second.
static void second_share_is_refused_also_if_the_first_is_empty(void **state) {
    (void)state;
    struct script s = whole, one = {.n = 0};
    s.n = 6;
    add_share(&one, singles, 1, SPAN_LIT(""));
    struct box *b = box_of(&s, 6);
    enum p1_err first = apply_step(b, &one.step[0]), second = apply_step(b, &whole.step[6]);
    assert_true(first != P1_OK || second == P1_ERR_SHARE_TWICE);
    free_box(b);
}

static void owner_record_of_another_share_is_refused(void **state) {
    (void)state;
    struct step step = whole.step[6];
    step.record[1] = whole.step[7].record[1];
    assert_refused(&whole, 6, &step, P1_ERR_EVENT_PAYLOAD);
}

static void owner_record_in_another_form_is_refused(void **state) {
    (void)state;
#define HASH "\"0000000000000000000000000000000000000000000000000000000000000000\""
    static const struct {
        const char *owner;
        enum p1_err why;
    } bad[] = {{"", P1_ERR_JSON},
               {"{\"owner\":\"1\",\"payload\":" HASH "}", P1_ERR_JSON_NUMBER},
               {"{\"owner\":1.0,\"payload\":" HASH "}", P1_ERR_JSON},
               {"{\"owner\":4294967296,\"payload\":" HASH "}", P1_ERR_JSON_NUMBER},
               {"{\"payload\":" HASH ",\"owner\":1}", P1_ERR_JSON},
               {"{\"owner\":1,\"payload\":\"0\"}", P1_ERR_HASH_FORM},
               {"{\"owner\":1,\"payload\":" HASH, P1_ERR_JSON},
               {"{\"owner\":1,\"payload\":" HASH "} ", P1_ERR_JSON_TRAILING}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct step step = whole.step[6];
        step.record[1] = span_str(bad[i].owner);
        assert_refused(&whole, 6, &step, bad[i].why);
    }
}

static void owner_record_is_written_in_the_one_form(void **state) {
    (void)state;
    uint8_t text[128], payload[32] = {0xab};
    struct buf b = buf_over(text, sizeof text);
    owner_write(12, payload, &b);
    assert_true(
        span_eq(buf_span(&b), SPAN_LIT("{\"owner\":12,\"payload\":"
                                       "\"ab00000000000000000000000000000000000000000000000000000000000000\"}")));
}

// ---- opening ----

struct opened {
    enum p1_err err, why;
    struct quorum q;
    uint64_t bad;
    unsigned choice;
};

// The set's box with three votes (weights 5 and 2 for the first answer, 1 for the second) and shares of these trustees. BAD is
// a trustee who gives another's share, or -1.
static struct opened open_set(unsigned trustees, int bad) {
    struct script s = setup_alone(set);
    add_ballot(&s, made_ballot(set, 1, "10", 0));
    add_ballot(&s, made_ballot(set, 2, "10", 0));
    add_ballot(&s, made_ballot(set, 3, "01", 0));
    add_end(&s);
    add_right_tally(&s, set);
    for (unsigned i = 0; i < 3; i++) {
        if (trustees >> i & 1) add_share(&s, set, i + 1, made_share(set, &s, (int)i == bad ? (i + 1) % 3 : i));
    }
    const uint64_t counts[2] = {7, 1};
    struct box *b = box_of(&s, s.n);
    struct ciphertext tally[2];
    struct elem factors[2];
    struct opened o;
    assert_int_equal(box_tally(b, plain_runner(), tally), P1_OK);
    o.err = box_open(b, tally, factors, &o.q, &o.bad, &o.why, plain_runner());
    if (o.err == P1_OK) assert_int_equal(result_check(&set->election, tally, factors, counts, &o.choice, &work), P1_OK);
    free_box(b);
    return o;
}

static void any_two_of_three_trustees_open_the_box(void **state) {
    (void)state;
    static const unsigned two[] = {3, 5, 6};
    for (unsigned i = 0; i < 3; i++) {
        struct opened o = open_set(two[i], -1);
        assert_int_equal(o.err, P1_OK);
        assert_int_equal(o.q.present, two[i]);
        assert_int_equal(o.q.used, two[i]);
        assert_int_equal(o.bad, 0);
        assert_int_equal(o.why, P1_OK);
    }
}

static void of_three_shares_two_are_used(void **state) {
    (void)state;
    struct opened o = open_set(7, -1);
    assert_int_equal(o.err, P1_OK);
    assert_int_equal(o.q.present, 7);
    assert_int_equal(o.q.used, 3);
}

static void one_of_three_trustees_does_not_open_the_box(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct opened o = open_set(1u << i, -1);
        assert_int_equal(o.err, P1_ERR_SHARES_MISSING);
        assert_int_equal(o.bad, 0);
    }
    assert_int_equal(open_set(0, -1).err, P1_ERR_SHARES_MISSING);
}

static void bad_share_is_passed_over_where_there_are_enough_others(void **state) {
    (void)state;
    for (int bad = 0; bad < 3; bad++) {
        struct opened o = open_set(7, bad);
        assert_int_equal(o.err, P1_OK);
        assert_int_equal(o.bad, 1u << bad);
        assert_int_equal(o.why, P1_ERR_SHARE);
        assert_int_equal(o.q.used, 7 & ~(1u << bad));
    }
}

static void bad_share_among_two_does_not_open_the_box(void **state) {
    (void)state;
    struct opened o = open_set(3, 1);
    assert_int_equal(o.err, P1_ERR_SHARES_MISSING);
    assert_int_equal(o.bad, 2);
    assert_int_equal(o.why, P1_ERR_SHARE);
}

static void all_single_trustees_are_needed(void **state) {
    (void)state;
    for (unsigned shares = 0; shares <= 2; shares++) {
        struct box *b = box_of(&whole, 6 + shares);
        struct ciphertext tally[2];
        struct elem factors[2];
        struct opened o;
        assert_int_equal(box_tally(b, plain_runner(), tally), P1_OK);
        o.err = box_open(b, tally, factors, &o.q, &o.bad, &o.why, plain_runner());
        assert_int_equal(o.err, shares == 2 ? P1_OK : P1_ERR_SHARES_MISSING);
        if (shares < 2) assert_int_equal(o.q.missing_item, shares);
        free_box(b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_ballot_is_admitted),
        cmocka_unit_test(ballot_is_admitted_only_while_the_box_is_open),
        cmocka_unit_test(ballot_that_is_in_the_box_already_is_not_admitted),
        cmocka_unit_test(ballot_of_somebody_who_is_not_on_the_list_is_not_admitted),
        cmocka_unit_test(ballot_that_is_changed_is_not_admitted),
        cmocka_unit_test(ballot_with_a_wrong_signature_is_not_admitted),
        cmocka_unit_test(ballot_with_a_wrong_proof_and_a_right_signature_is_not_admitted),
        cmocka_unit_test(ballot_without_signature_is_not_admitted),
        cmocka_unit_test(ballot_that_shows_a_choice_is_not_admitted_although_it_is_right),
        cmocka_unit_test(tally_is_the_product_of_last_ballots_to_the_power_of_their_weights),
        cmocka_unit_test(tally_of_nobody_is_the_identity),
        cmocka_unit_test(ballot_that_cannot_be_read_makes_the_tally_fail_whoever_cast_it),
        cmocka_unit_test(tally_event_is_kept_and_names_the_state),
        cmocka_unit_test(figures_that_name_another_tally_are_refused),
        cmocka_unit_test(figures_in_another_form_are_refused),
        cmocka_unit_test(share_of_no_trustee_is_refused),
        cmocka_unit_test(second_share_of_a_trustee_is_refused),
        cmocka_unit_test(second_share_is_refused_also_if_the_first_is_empty),
        cmocka_unit_test(owner_record_of_another_share_is_refused),
        cmocka_unit_test(owner_record_in_another_form_is_refused),
        cmocka_unit_test(owner_record_is_written_in_the_one_form),
        cmocka_unit_test(any_two_of_three_trustees_open_the_box),
        cmocka_unit_test(of_three_shares_two_are_used),
        cmocka_unit_test(one_of_three_trustees_does_not_open_the_box),
        cmocka_unit_test(bad_share_is_passed_over_where_there_are_enough_others),
        cmocka_unit_test(bad_share_among_two_does_not_open_the_box),
        cmocka_unit_test(all_single_trustees_are_needed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
