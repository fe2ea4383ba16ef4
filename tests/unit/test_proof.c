// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/hash_scalar.h"
#include "tests/unit/helpers.h"

#include <ucontext.h>

#define ONE_QUESTION "[{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]"

// One election in each group, and its private key.
static struct election *elections[GROUPS];
static struct scalar keys[GROUPS];

static struct scalar number(uint64_t v) {
    struct scalar s;
    sc_from_u64(&s, v);
    return s;
}

static struct sha256 begun(const char *text) {
    struct sha256 s;
    sha256_init(&s);
    sha256_str(&s, text);
    return s;
}

static struct proof changed(const struct modulus *q, const struct proof *p, int part) {
    const struct scalar one = number(1);
    struct proof out = *p;
    sc_add(q, part ? &out.response : &out.challenge, part ? &p->response : &p->challenge, &one);
    return out;
}

// ---- written and read ----

static void a_proof_is_read_as_it_is_written(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        struct proof p = {random_scalar(q), random_scalar(q)}, back;
        struct buf b = keep_buf(2 * P1_SCALAR_TEXT + 32);
        proof_write(&b, q, &p);
        struct json j = json_of(buf_span(&b));
        assert_ok(proof_parse(&j, q, &back));
        assert_ok(json_end(&j));
        assert_memory_equal(&back, &p, sizeof p);
    }
}

static void a_proof_has_one_form(void **state) {
    static const struct {
        const char *text;
        enum p1_err err;
    } bad[] = {
        {"", P1_ERR_JSON},
        {"{\"challenge\":\"1\",\"response\":\"2\"", P1_ERR_JSON},
        {"{\"response\":\"2\",\"challenge\":\"1\"}", P1_ERR_JSON},
        {"{\"challenge\":1,\"response\":\"2\"}", P1_ERR_JSON},
        {"{\"challenge\":\"1\",\"response\":2}", P1_ERR_JSON},
        {"{\"challenge\":\"1\" ,\"response\":\"2\"}", P1_ERR_JSON},
        {"{\"challenge\":\"1\",\"response\":\"2\",\"commitment\":\"3\"}", P1_ERR_JSON},
        {"{\"challenge\":\"01\",\"response\":\"2\"}", P1_ERR_SCALAR_FORM},
        {"{\"challenge\":\"1\",\"response\":\"0x2\"}", P1_ERR_SCALAR_FORM},
        {"{\"challenge\":\"7237005577332262213973186563042994240857116359379907606001950938285454250989\","
         "\"response\":\"2\"}",
         P1_ERR_SCALAR_RANGE}, // the order itself
        {"{\"challenge\":\"1\",\"response\":\"7237005577332262213973186563042994240857116359379907606001950938285454"
         "250990\"}",
         P1_ERR_SCALAR_RANGE},
    };
    struct proof p;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json j = json_of(keep_span(span_str(bad[i].text)));
        assert_err(proof_parse(&j, &group_of("Ed25519")->q, &p), bad[i].err);
    }
}

// ---- knowledge of an exponent ----

static int schnorr(const struct group *g, const struct elem *x_public, const char *text, const struct proof *p) {
    struct sha256 s = begun(text);
    return schnorr_holds(g, x_public, &s, p, &work);
}

static void knowledge_of_an_exponent_is_proved(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *g = group_of(group_names[k]);
        struct scalar x = random_scalar(&g->q);
        for (int round = 0; round < 2; round++) { // a random key, then 0: the identity
            const struct scalar nonce = random_scalar(&g->q);
            struct sha256 s = begun("text|");
            struct proof p, other;
            schnorr_prove_ct(g, &x, &nonce, &s, &p, &work);
            const struct elem key = power_of_g(g, &x), other_key = power_of_g(g, &nonce);
            assert_true(schnorr(g, &key, "text|", &p));
            assert_false(schnorr(g, &key, "other|", &p));
            assert_false(schnorr(g, &other_key, "text|", &p));
            for (int part = 0; part < 2; part++) {
                other = changed(&g->q, &p, part);
                assert_false(schnorr(g, &key, "text|", &other));
            }
            x = number(0);
        }
    }
}

static void the_commitment_is_the_nonce_to_the_base(void **state) {
    const struct group *g = group_of("Ed25519");
    const struct scalar x = random_scalar(&g->q), nonce = random_scalar(&g->q);
    struct sha256 s = begun("text|");
    struct proof p;
    (void)state;
    schnorr_prove_ct(g, &x, &nonce, &s, &p, &work);
    const struct elem key = power_of_g(g, &x), expected = power_of_g(g, &nonce);
    const struct elem commitment = commitment_of(g, &key, &p);
    assert_true(elem_equal(g, &commitment, &expected, &work));
}

// ---- equality of exponents ----

static int equality(const struct group *g, const struct elem *x_public, const struct elem *base,
                    const struct elem *factor, const char *text, const struct proof *p) {
    struct sha256 s = begun(text);
    return equality_holds(g, x_public, base, factor, &s, p, &work);
}

static void equality_of_exponents_is_proved(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *g = group_of(group_names[k]);
        const struct scalar x = random_scalar(&g->q), nonce = random_scalar(&g->q), r = random_scalar(&g->q);
        const struct elem key = power_of_g(g, &x), base = power_of_g(g, &r), other = power_of_g(g, &nonce);
        struct elem factor;
        const struct mul_job job = {.out = &factor, .x = &x, .base = &base};
        struct sha256 s = begun("text|");
        struct proof p, wrong;
        mul_run_vartime(g, NULL, &job, 1, &work);
        equality_prove_ct(g, &x, &nonce, &base, &s, &p, &work);
        assert_true(equality(g, &key, &base, &factor, "text|", &p));
        assert_false(equality(g, &key, &base, &factor, "other|", &p));
        assert_false(equality(g, &other, &base, &factor, "text|", &p));
        assert_false(equality(g, &key, &other, &factor, "text|", &p));
        assert_false(equality(g, &key, &base, &other, "text|", &p));
        for (int part = 0; part < 2; part++) {
            wrong = changed(&g->q, &p, part);
            assert_false(equality(g, &key, &base, &factor, "text|", &wrong));
        }
    }
}

// ---- one of several ----

static void encrypt(const struct election *e, const struct opening *o, struct ciphertext *c) {
    const struct mul_job jobs[] = {{.out = &c->alpha, .g = &o->r}, {.out = &c->beta, .g = &o->m, .y = &o->r}};
    mul_run_vartime(&e->group, &e->key_table, jobs, 2, &work);
}

struct claim {
    struct opening first, rest; // the head, if there is one, and the tail
    unsigned head_m, lo, hi;
    int has_head;
    uint64_t real; // the branch that the maker takes for true
};

// Makes the list of proofs for a claim, be it true or not; the statement is for whoever checks it.
static struct span proofs_of(const struct election *e, const struct claim *c, struct ciphertext both[2],
                             struct statement *s) {
    struct statement_secret secret = {.head = &c->first, .tail = &c->rest, .real = c->real};
    uint8_t seed[32];
    random_bytes(seed, sizeof seed);
    secret.seed = seed;
    encrypt(e, &c->first, &both[0]);
    encrypt(e, &c->rest, &both[1]);
    *s = (struct statement){
        .head = c->has_head ? &both[0] : NULL, .head_m = c->head_m, .tail = &both[1], .lo = c->lo, .hi = c->hi};
    struct sha256 text = begun("prove|");
    struct buf out = keep_buf(statement_branches(s) * (2 * P1_SCALAR_TEXT + 40) + 2);
    statement_prove_ct(e, s, &secret, &text, &out, &work);
    assert_ok(buf_done(&out));
    return buf_span(&out);
}

static enum p1_err check_text(const struct election *e, const struct statement *s, struct span proofs,
                              const char *begin) {
    struct json j = json_of(keep_span(proofs));
    struct sha256 text = begun(begin);
    TRY(statement_check(e, s, &text, &j, P1_ERR_BALLOT_OVERALL, &work));
    return json_end(&j);
}

static enum p1_err check(const struct election *e, const struct statement *s, struct span proofs) {
    return check_text(e, s, proofs, "prove|");
}

static enum p1_err verdict(const struct election *e, const struct claim *c) {
    struct ciphertext both[2];
    struct statement s;
    struct span proofs = proofs_of(e, c, both, &s);
    return check(e, &s, proofs);
}

static struct opening opening_of(const struct election *e, uint64_t m) {
    return (struct opening){random_scalar(&e->group.q), number(m)};
}

static void every_number_of_a_range_can_be_proved(void **state) {
    static const unsigned sizes[] = {1, 2, 7, 8, 9, 16, 17}; // around whole batches
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        for (size_t i = 0; i < (k == 2 ? 2 : sizeof sizes / sizeof *sizes); i++) {
            for (unsigned v = 0; v < sizes[i]; v += k ? 3 : 1) {
                struct claim c = {.rest = opening_of(e, 3 + v), .lo = 3, .hi = 2 + sizes[i], .real = v};
                assert_ok(verdict(e, &c));
            }
        }
    }
}

static void a_head_is_one_more_branch(void **state) {
    static const unsigned sizes[] = {1, 6, 7, 8, 9};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        for (size_t i = 0; i < (k ? 1 : sizeof sizes / sizeof *sizes); i++) {
            for (unsigned v = 0; v <= sizes[i]; v++) { // 0: the head holds 1, which is what it says
                struct claim c = {.first = opening_of(e, v == 0),
                                  .rest = opening_of(e, v ? 1 + v : 0),
                                  .head_m = 1,
                                  .has_head = 1,
                                  .lo = 2,
                                  .hi = 1 + sizes[i],
                                  .real = v};
                assert_ok(verdict(e, &c));
            }
        }
    }
}

// Whatever branch the maker takes for true, none is.
static void a_number_outside_the_range_cannot_be_proved(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        for (uint64_t real = k == 2 ? 2 : 0; real <= (k == 2 ? 2 : 4); real++) {
            struct claim c = {.rest = opening_of(e, 4), .lo = 1, .hi = 3, .real = real};
            assert_err(verdict(e, &c), P1_ERR_BALLOT_OVERALL);
            c.rest.m = number(0);
            assert_err(verdict(e, &c), P1_ERR_BALLOT_OVERALL);
            sc_sub(&e->group.q, &c.rest.m, &(struct scalar){{0}}, &(struct scalar){{1}}); // -1
            assert_err(verdict(e, &c), P1_ERR_BALLOT_OVERALL);
            c = (struct claim){.first = opening_of(e, 2), // neither blank nor not blank
                               .rest = opening_of(e, 4),
                               .head_m = 1,
                               .has_head = 1,
                               .lo = 1,
                               .hi = 3,
                               .real = real};
            assert_err(verdict(e, &c), P1_ERR_BALLOT_OVERALL);
        }
    }
}

static void another_branch_than_the_true_one_cannot_be_proved(void **state) {
    const struct election *e = elections[0];
    (void)state;
    for (uint64_t real = 0; real < 3; real++) {
        struct claim c = {.rest = opening_of(e, 2), .lo = 1, .hi = 3, .real = real};
        assert_err(verdict(e, &c), real == 1 ? P1_OK : P1_ERR_BALLOT_OVERALL);
    }
}

static void the_proof_is_bound_to_its_text_and_ciphertext(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct claim c = {.rest = opening_of(e, 1), .lo = 0, .hi = 1, .real = 1};
        struct ciphertext both[2];
        struct statement s;
        struct span proofs = proofs_of(e, &c, both, &s);
        assert_ok(check(e, &s, proofs));
        assert_err(check_text(e, &s, proofs, "other|"), P1_ERR_BALLOT_OVERALL);
        const struct opening other = opening_of(e, 1);
        struct ciphertext o, alpha = both[1], beta = both[1];
        encrypt(e, &other, &o);
        alpha.alpha = o.alpha;
        beta.beta = o.beta;
        s.tail = &alpha;
        assert_err(check(e, &s, proofs), P1_ERR_BALLOT_OVERALL);
        s.tail = &beta;
        assert_err(check(e, &s, proofs), P1_ERR_BALLOT_OVERALL);
        s.tail = &both[1];
        s.lo = 1;
        s.hi = 2;
        assert_err(check(e, &s, proofs), P1_ERR_BALLOT_OVERALL);
    }
}

static void every_number_of_the_proofs_counts(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct claim c = {.rest = opening_of(e, 1), .lo = 0, .hi = 2, .real = 1};
        struct ciphertext both[2];
        struct statement s;
        struct span proofs = proofs_of(e, &c, both, &s);
        for (unsigned i = 0; i < 3; i++) {
            assert_err(check(e, &s, field_plus_one(proofs, &e->group.q, i, "challenge")), P1_ERR_BALLOT_OVERALL);
            assert_err(check(e, &s, field_plus_one(proofs, &e->group.q, i, "response")), P1_ERR_BALLOT_OVERALL);
        }
    }
}

static void there_are_as_many_proofs_as_branches(void **state) {
    const struct election *e = elections[0];
    struct claim c = {.rest = opening_of(e, 1), .lo = 0, .hi = 9, .real = 1};
    struct ciphertext both[2];
    struct statement s;
    struct span proofs = proofs_of(e, &c, both, &s);
    (void)state;
    for (unsigned hi = 0; hi < 20; hi++) {
        s.hi = hi;
        assert_err(check(e, &s, proofs), hi == 9 ? P1_OK : P1_ERR_BALLOT_PROOF_LENGTH);
    }
    s.hi = 9;
    assert_err(check(e, &s, SPAN_LIT("[]")), P1_ERR_JSON);
    assert_err(check(e, &s, SPAN_LIT("")), P1_ERR_JSON);
    assert_err(check(e, &s, replaced(proofs, "},{", "};{")), P1_ERR_BALLOT_PROOF_LENGTH);
    assert_err(check(e, &s, span_of(proofs.p, proofs.n - 1)), P1_ERR_BALLOT_PROOF_LENGTH);
}

// Challenges and responses look alike in all branches: the true one does not stand out by its place, and no two proofs share
// a number.
static void numbers_of_a_proof_do_not_repeat(void **state) {
    enum { N = 6 };
    const struct election *e = elections[0];
    struct span seen[2 * N * N];
    size_t n = 0;
    (void)state;
    for (unsigned real = 0; real < N; real++) {
        struct claim c = {.rest = opening_of(e, real), .lo = 0, .hi = N - 1, .real = real};
        struct ciphertext both[2];
        struct statement s;
        struct span proofs = proofs_of(e, &c, both, &s);
        for (unsigned i = 0; i < N; i++) {
            seen[n++] = between_nth(proofs, i, "\"challenge\":\"", "\"");
            seen[n++] = between_nth(proofs, i, "\"response\":\"", "\"");
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) assert_false(span_eq(seen[i], seen[k]));
}

// A proof is made on a stack of its own, which can be looked at afterwards.
static struct {
    ucontext_t made, after;
    uint64_t stack[1 << 16];
    struct claim claim;
    struct ciphertext both[2];
    struct statement statement;
    struct span proofs;
} apart;

static void prove_apart(void) { apart.proofs = proofs_of(elections[0], &apart.claim, apart.both, &apart.statement); }

static int is_on_the_stack(const struct scalar *s) {
    for (size_t i = 0; i + 1 < sizeof apart.stack / sizeof *apart.stack; i++)
        if (apart.stack[i] == s->v[0] && apart.stack[i + 1] == s->v[1]) return 1;
    return 0;
}

// Both challenges are public, but a copy of one of them alone would tell which branch was simulated.
static void nothing_on_the_stack_tells_the_true_branch(void **state) {
    const struct election *e = elections[0];
    (void)state;
    for (uint64_t real = 0; real < 2; real++) {
        apart.claim =
            (struct claim){.first = opening_of(e, real), .rest = opening_of(e, !real), .has_head = 1, .real = real};
        memset(apart.stack, 0, sizeof apart.stack);
        assert_int_equal(getcontext(&apart.made), 0);
        apart.made.uc_stack.ss_sp = apart.stack;
        apart.made.uc_stack.ss_size = sizeof apart.stack;
        apart.made.uc_link = &apart.after;
        makecontext(&apart.made, prove_apart, 0);
        assert_int_equal(swapcontext(&apart.after, &apart.made), 0);

        assert_ok(check(e, &apart.statement, apart.proofs));
        struct json j = json_of(apart.proofs);
        for (int i = 0; i < 2; i++) {
            struct proof p;
            assert_ok(json_lit(&j, i ? "," : "["));
            assert_ok(proof_parse(&j, &e->group.q, &p));
            assert_false(is_on_the_stack(&p.challenge));
            assert_false(is_on_the_stack(&p.response));
        }
    }
}

static int init(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        keys[k] = random_scalar(&group_of(group_names[k])->q);
        elections[k] = election_read(election_text(group_names[k], ONE_QUESTION, &keys[k]));
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_is_read_as_it_is_written),
        cmocka_unit_test(a_proof_has_one_form),
        cmocka_unit_test(knowledge_of_an_exponent_is_proved),
        cmocka_unit_test(the_commitment_is_the_nonce_to_the_base),
        cmocka_unit_test(equality_of_exponents_is_proved),
        cmocka_unit_test(every_number_of_a_range_can_be_proved),
        cmocka_unit_test(a_head_is_one_more_branch),
        cmocka_unit_test(a_number_outside_the_range_cannot_be_proved),
        cmocka_unit_test(another_branch_than_the_true_one_cannot_be_proved),
        cmocka_unit_test(the_proof_is_bound_to_its_text_and_ciphertext),
        cmocka_unit_test(every_number_of_the_proofs_counts),
        cmocka_unit_test(there_are_as_many_proofs_as_branches),
        cmocka_unit_test(numbers_of_a_proof_do_not_repeat),
        cmocka_unit_test(nothing_on_the_stack_tells_the_true_branch),
    };
    return cmocka_run_group_tests_name("proofs", tests, init, release);
}
