// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Questions with lists. The maker of ballots is built into this test, so that it can be told to make what is not allowed too:
// all proofs as they should be, of statements that are false.

#include "core/answer.h"

static unsigned forge;
#define lists_allowed_ct(q, choices) (forge | (lists_allowed_ct)(q, choices))
#include "core/ballot_make.c" // NOLINT(bugprone-suspicious-include)
#undef lists_allowed_ct

#include "core/tally.h"
#include "tests/unit/helpers.h"

// The last list has nobody to vote for.
#define QUESTION                                                                                            \
    "[{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"a\",\"b\"],[\"M\",\"c\"],[\"N\"]],\"question\":" \
    "\"Q\"}}]"
enum { CHOICES = 6 };
static const int is_list[CHOICES] = {1, 0, 0, 1, 0, 1};
static const uint8_t chosen[CHOICES] = {1, 0, 1, 0, 0, 0};

static struct election *elections[GROUPS];
static struct scalar keys[GROUPS];
static struct voter voters[GROUPS];
static struct span good; // a right ballot, Ed25519

static void choices_of(unsigned bits, uint8_t out[CHOICES]) {
    for (unsigned i = 0; i < CHOICES; i++) out[i] = (uint8_t)(bits >> i & 1);
}

// What the proofs show of choices of 0 and 1, in the order in which they stand.
static enum p1_err expected(const uint8_t c[CHOICES]) {
    if (c[0] + c[3] + c[5] != 1) return P1_ERR_BALLOT_OVERALL;
    if ((!c[0] && c[1] + c[2]) || (!c[3] && c[4])) return P1_ERR_BALLOT_LISTS;
    return c[1] + c[2] + c[4] ? P1_OK : P1_ERR_BALLOT_NONZERO;
}

static enum p1_err forged(size_t k, const uint8_t c[CHOICES]) {
    forge = 1;
    struct span ballot = ballot_of(elections[k], &voters[k], c);
    forge = 0;
    return ballot_verdict(elections[k], ballot, NULL);
}

static void one_list_and_some_of_its_candidates_hold_and_nothing_else(void **state) {
    uint8_t c[CHOICES];
    (void)state;
    for (unsigned bits = 0; bits < 1u << CHOICES; bits++) {
        choices_of(bits, c);
        assert_err(forged(0, c), expected(c));
        assert_int_equal((lists_allowed_ct)(&elections[0]->questions[0], c), expected(c) == P1_OK);
    }
    static const uint8_t others[][CHOICES] = {{1, 1, 1, 0, 0, 0}, {1, 0, 0, 0, 1, 0}, {0, 0, 0, 0, 0, 1}};
    for (size_t k = 1; k < GROUPS; k++)
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            assert_err(forged(k, others[i]), expected(others[i]));
}

static enum p1_err changed(struct span ballot) { return ballot_verdict(elections[0], keep_span(ballot), NULL); }

// A list's proof holds for that list only.
static void proofs_of_lists_exchanged_are_refused(void **state) {
    struct span first = between(good, "\"list_proofs\":[", "],[");
    struct span second = between(span_from(good, (size_t)(first.p - good.p)), "],", "],[");
    size_t at = (size_t)(first.p - good.p);
    (void)state;
    struct span swapped = text_of("%.*s],%.*s", SPAN_ARG(second), SPAN_ARG(first));
    assert_err(changed(spliced(good, at, first.n + 2 + second.n, swapped)), P1_ERR_BALLOT_LISTS);
    struct span twice = text_of("%.*s],%.*s", SPAN_ARG(first), SPAN_ARG(first));
    assert_err(changed(spliced(good, at, first.n + 2 + second.n, twice)), P1_ERR_BALLOT_LISTS);
}

static void ballots_are_tallied_and_opened_list_by_list(void **state) {
    static const uint8_t votes[][CHOICES] = {{1, 0, 1, 0, 0, 0}, {1, 1, 1, 0, 0, 0}, {0, 0, 0, 1, 1, 0}};
    const uint64_t counts[CHOICES] = {5, 2, 5, 1, 1, 0}; // the weights are 3, 2 and 1
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct ciphertext tally[CHOICES], choices[CHOICES];
        struct elem factors[CHOICES];
        unsigned at;
        tally_init(e, tally);
        for (size_t i = 0; i < 3; i++) {
            struct ballot b;
            assert_ok(ballot_parse(&b, &e->group.q, ballot_of(e, &voters[k], votes[i])));
            assert_ok(ballot_choices(e, &b, choices, &work));
            tally_add(e, tally, choices, 3 - i, &work);
        }
        struct buf text = keep_buf(tally_size_max(e)), result = keep_buf(200), share = keep_buf(share_size_max(e));
        tally_write(e, tally, &text, &work);
        assert_ok(tally_parse(e, buf_span(&text), choices, &work));
        assert_true(find(buf_span(&text), 0, "[[[{\"alpha\"") == 0);

        struct trustee t = {.key_text = key_text(&e->group, &keys[k]), .key = power_of_g(&e->group, &keys[k])};
        assert_ok(share_make_ct(e, &keys[k], choices, &share, &work));
        assert_ok(share_check(e, &t, tally, buf_span(&share), factors, &work));
        assert_ok(result_check(e, tally, factors, counts, &at, &work));
        result_write(e, counts, &result);
        assert_span(buf_span(&result), SPAN_LIT("{\"result\":[[[5,2,5],[1,1],[0]]]}"));
    }
}

static int init(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        keys[k] = random_scalar(&group_of(group_names[k])->q);
        elections[k] = election_read(election_text(group_names[k], QUESTION, &keys[k]));
        voters[k] = voter_make(elections[k]);
    }
    for (unsigned i = 0; i < CHOICES; i++)
        assert_int_equal(question_is_head(&elections[0]->questions[0], i), is_list[i]);
    good = ballot_of(elections[0], &voters[0], chosen);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_list_and_some_of_its_candidates_hold_and_nothing_else),
        cmocka_unit_test(proofs_of_lists_exchanged_are_refused),
        cmocka_unit_test(ballots_are_tallied_and_opened_list_by_list),
    };
    return cmocka_run_group_tests_name("questions with lists", tests, init, release);
}
