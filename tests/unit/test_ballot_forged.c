// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A voter with a program of their own, which makes every proof by the book over numbers that are not allowed. It is also
// a second maker of ballots, written from the specification: what it makes of allowed numbers must hold.

#include "tests/unit/helpers.h"

enum { CHOICES_MAX = 4 };

struct forger {
    const struct election *e;
    const struct voter *v;
    unsigned n; // choices, a blank one included
    struct opening o[CHOICES_MAX], sum;
    struct span alpha[CHOICES_MAX], beta[CHOICES_MAX];
    uint8_t seed[32];
    uint8_t proofs; // made so far
};

static struct scalar number(const struct modulus *q, int v) {
    struct scalar s;
    sc_from_u64(&s, (uint64_t)(v < 0 ? -v : v));
    if (v < 0) sc_sub(q, &s, &(struct scalar){{0}}, &s);
    return s;
}

static void encrypted(const struct election *e, const struct opening *o, struct span *alpha, struct span *beta) {
    struct elem c[2];
    struct elem_text t[2];
    const struct mul_job jobs[] = {{.out = &c[0], .g = &o->r}, {.out = &c[1], .g = &o->m, .y = &o->r}};
    mul_run_vartime(&e->group, &e->key_table, jobs, 2, &work);
    elem_encode(&e->group, t, c, 2, &work);
    *alpha = keep_span(elem_span(&t[0]));
    *beta = keep_span(elem_span(&t[1]));
}

// NUMBERS are what is encrypted; SHOWN is the choice that gets r = 0, or -1.
static struct forger forger_of(const struct election *e, const struct voter *v, const int *numbers, int shown) {
    const struct question *q = &e->questions[0];
    struct forger f = {.e = e, .v = v, .n = question_choices(q)};
    random_bytes(f.seed, sizeof f.seed);
    for (unsigned i = 0; i < f.n; i++) {
        f.o[i] = (struct opening){random_scalar(&e->group.q), number(&e->group.q, numbers[i])};
        if ((int)i == shown) f.o[i].r = number(&e->group.q, 0);
        encrypted(e, &f.o[i], &f.alpha[i], &f.beta[i]);
        if (q->blank && i == 0) continue;
        sc_add(&e->group.q, &f.sum.r, &f.sum.r, &f.o[i].r);
        sc_add(&e->group.q, &f.sum.m, &f.sum.m, &f.o[i].m);
    }
    return f;
}

// The text of a proof up to its commitments: TAG, hash and credential, then what it is about.
static struct sha256 text_for(const struct forger *f, const char *tag, const char *about) {
    struct sha256 s;
    sha256_init(&s);
    sha256_put(
        &s, text_of("%s|%.*s|%.*s|%s|", tag, P1_HASH64, f->e->hash64, SPAN_ARG(elem_span(&f->v->credential)), about));
    return s;
}

static struct span proof_of(struct forger *f, const struct statement *s, const struct opening *head,
                            const struct opening *tail, uint64_t real, struct sha256 text) {
    struct statement_secret secret = {
        .head = head, .tail = tail, .real = real, .seed = f->seed, .label = {f->proofs++}};
    struct buf out = keep_buf(statement_branches(s) * (2 * P1_SCALAR_TEXT + 40) + 2);
    statement_prove_ct(f->e, s, &secret, &text, &out, &work);
    assert_ok(buf_done(&out));
    return buf_span(&out);
}

static const char *pair(struct span alpha, struct span beta) {
    return str_of(text_of("%.*s,%.*s", SPAN_ARG(alpha), SPAN_ARG(beta)));
}

static const char *all_pairs(const struct forger *f) {
    struct span out = {0};
    for (unsigned i = 0; i < f->n; i++)
        out = text_of("%.*s%s%s", SPAN_ARG(out), i ? "," : "", pair(f->alpha[i], f->beta[i]));
    return str_of(out);
}

static uint64_t is_one(const struct scalar *s) {
    const struct scalar one = {{1}};
    return sc_is_equal(s, &one) != 0;
}

static struct span overall_of(struct forger *f) {
    static const struct ciphertext present;
    const struct question *q = &f->e->questions[0];
    const struct statement s = {.head = q->blank ? &present : NULL, .head_m = 1, .lo = q->min, .hi = q->max};
    struct span alpha, beta;
    uint64_t in_range = f->sum.m.v[0] - q->min; // whatever it is where the number is out of range
    encrypted(f->e, &f->sum, &alpha, &beta);
    if (!q->blank) {
        const char *about = str_of(text_of("%s|%s", all_pairs(f), pair(alpha, beta)));
        return proof_of(f, &s, NULL, &f->sum, in_range, text_for(f, "prove", about));
    }
    uint64_t real = is_one(&f->o[0].m) ? 0 : in_range + 1;
    return proof_of(f, &s, &f->o[0], &f->sum, real, text_for(f, "bproof1", all_pairs(f)));
}

static struct span blank_of(struct forger *f) {
    static const struct ciphertext present;
    const struct statement s = {.head = &present, .head_m = 0, .lo = 0, .hi = 0};
    return proof_of(f, &s, &f->o[0], &f->sum, is_one(&f->o[0].m), text_for(f, "bproof0", all_pairs(f)));
}

static struct span finished(struct forger *f) {
    static const struct statement zero_or_one = {.lo = 0, .hi = 1};
    struct span choices = {0}, individual = {0};
    for (unsigned i = 0; i < f->n; i++) {
        const char *comma = i ? "," : "";
        struct span proof = proof_of(f, &zero_or_one, NULL, &f->o[i], is_one(&f->o[i].m),
                                     text_for(f, "prove", pair(f->alpha[i], f->beta[i])));
        choices = text_of("%.*s%s{\"alpha\":\"%.*s\",\"beta\":\"%.*s\"}", SPAN_ARG(choices), comma,
                          SPAN_ARG(f->alpha[i]), SPAN_ARG(f->beta[i]));
        individual = text_of("%.*s%s%.*s", SPAN_ARG(individual), comma, SPAN_ARG(proof));
    }
    struct span overall = overall_of(f), blank = {0};
    if (f->e->questions[0].blank) {
        struct span proof = blank_of(f);
        blank = text_of(",\"blank_proof\":%.*s", SPAN_ARG(proof));
    }
    struct buf b = keep_buf(ballot_size_max(f->e) + 1000);
    buf_put(&b, text_of("{\"election_uuid\":\"%.*s\",\"election_hash\":\"%.*s\",\"credential\":\"%.*s\",\"answers\":[{"
                        "\"choices\":[%.*s],\"individual_proofs\":[%.*s],\"overall_proof\":%.*s%.*s}]",
                        SPAN_ARG(f->e->uuid), P1_HASH64, f->e->hash64, SPAN_ARG(elem_span(&f->v->credential)),
                        SPAN_ARG(choices), SPAN_ARG(individual), SPAN_ARG(overall), SPAN_ARG(blank)));
    return ballot_signed(f->e, f->v, b);
}

static struct election *election_with(size_t k, unsigned answers, unsigned min, unsigned max, int blank) {
    static const char *const text[] = {"", "\"A\"", "\"A\",\"B\"", "\"A\",\"B\",\"C\""};
    const struct scalar x = random_scalar(&group_of(group_names[k])->q);
    struct span questions = text_of("[{\"answers\":[%s]%s,\"min\":%u,\"max\":%u,\"question\":\"Q\"}]", text[answers],
                                    blank ? ",\"blank\":true" : "", min, max);
    return election_read(election_text(group_names[k], str_of(questions), &x));
}

static enum p1_err verdict(const struct election *e, const int *numbers, int shown, unsigned *seen) {
    struct voter v = voter_make(e);
    struct forger f = forger_of(e, &v, numbers, shown);
    return ballot_verdict(e, finished(&f), seen);
}

// ---- tests ----

static void a_second_maker_of_ballots_agrees_with_the_check(void **state) {
    static const int without_blank[][2] = {{0, 0}, {1, 0}, {0, 1}}, with_blank[][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *plain = election_with(k, 2, 0, 1, 0), *blank = election_with(k, 2, 1, 2, 1);
        for (size_t i = k; i < 3; i++) {
            assert_ok(verdict(plain, without_blank[i], -1, NULL));
            assert_ok(verdict(blank, with_blank[i], -1, NULL));
        }
    }
}

static void two_votes_for_one_and_minus_one_for_another_are_refused(void **state) {
    static const int numbers[] = {2, -1}, less[] = {-1, 1}, large[] = {1000000, 1 - 1000000};
    (void)state;
    for (size_t k = 0; k < 2; k++) { // each sum is allowed
        const struct election *e = election_with(k, 2, 0, 1, 0);
        assert_err(verdict(e, numbers, -1, NULL), P1_ERR_BALLOT_INDIVIDUAL);
        assert_err(verdict(e, less, -1, NULL), P1_ERR_BALLOT_INDIVIDUAL);
        assert_err(verdict(e, large, -1, NULL), P1_ERR_BALLOT_INDIVIDUAL);
    }
}

static void more_choices_than_the_maximum_are_refused(void **state) {
    static const int numbers[] = {1, 1, 1};
    (void)state;
    for (size_t k = 0; k < 2; k++)
        assert_err(verdict(election_with(k, 3, 0, 2, 0), numbers, -1, NULL), P1_ERR_BALLOT_OVERALL);
}

static void fewer_choices_than_the_minimum_are_refused(void **state) {
    static const int numbers[] = {0, 1, 0};
    (void)state;
    for (size_t k = 0; k < 2; k++)
        assert_err(verdict(election_with(k, 3, 2, 3, 0), numbers, -1, NULL), P1_ERR_BALLOT_OVERALL);
}

static void a_blank_vote_with_a_choice_is_refused(void **state) {
    static const int one[] = {1, 1, 0}, cancelling[] = {1, 1, -1};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        const struct election *e = election_with(k, 2, 1, 1, 1);
        assert_err(verdict(e, one, -1, NULL), P1_ERR_BALLOT_BLANK);
        assert_err(verdict(e, cancelling, -1, NULL), P1_ERR_BALLOT_INDIVIDUAL);
    }
}

static void neither_blank_nor_a_choice_is_refused_where_one_is_asked(void **state) {
    static const int numbers[] = {0, 0, 0};
    (void)state;
    for (size_t k = 0; k < 2; k++)
        assert_err(verdict(election_with(k, 2, 1, 1, 1), numbers, -1, NULL), P1_ERR_BALLOT_OVERALL);
}

static void a_blank_of_two_is_refused(void **state) {
    static const int numbers[] = {2, 0, 0};
    (void)state;
    for (size_t k = 0; k < 2; k++)
        assert_err(verdict(election_with(k, 2, 0, 1, 1), numbers, -1, NULL), P1_ERR_BALLOT_INDIVIDUAL);
}

// With r = 0 anybody can read the choice. The specification allows it: the check says so, and the caller decides.
static void a_ballot_that_shows_a_choice_holds_and_is_seen(void **state) {
    static const int numbers[] = {0, 1, 0};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = election_with(k, 2, 1, 1, 1);
        for (int shown = k == 2 ? 2 : -1; shown < 3; shown++) {
            unsigned seen = 99;
            assert_ok(verdict(e, numbers, shown, &seen));
            assert_int_equal(seen, shown < 0 ? 0 : BALLOT_SHOWS_CHOICE);
        }
        assert_ok(verdict(e, numbers, 1, NULL));
    }
}

static void the_identity_has_one_encoding(void **state) {
    static const char *const other[] = {
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee", // p + 1
        "8000000000000000000000000000000000000000000000000000000000000001", // x = -0
    };
    static const int numbers[] = {1, 0};
    const struct election *e = election_with(0, 2, 0, 1, 0);
    struct voter v = voter_make(e);
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct forger f = forger_of(e, &v, numbers, 0);
        f.alpha[0] = span_str(other[i]); // in all that is hashed, too
        assert_err(ballot_verdict(e, finished(&f), NULL), P1_ERR_ELEM_FORM);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_maker_of_ballots_agrees_with_the_check),
        cmocka_unit_test(two_votes_for_one_and_minus_one_for_another_are_refused),
        cmocka_unit_test(more_choices_than_the_maximum_are_refused),
        cmocka_unit_test(fewer_choices_than_the_minimum_are_refused),
        cmocka_unit_test(a_blank_vote_with_a_choice_is_refused),
        cmocka_unit_test(neither_blank_nor_a_choice_is_refused_where_one_is_asked),
        cmocka_unit_test(a_blank_of_two_is_refused),
        cmocka_unit_test(a_ballot_that_shows_a_choice_holds_and_is_seen),
        cmocka_unit_test(the_identity_has_one_encoding),
    };
    return cmocka_run_group_tests_name("ballots forged", tests, NULL, release);
}
