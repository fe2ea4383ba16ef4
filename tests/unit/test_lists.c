// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Questions with lists of candidates: what a right ballot is, and what a voter with a program of their own can try.

#include "core/answer.h"
#include "tests/unit/helpers.h"

#define LISTS "{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L1\",\"A\",\"B\"],[\"L2\",\"C\"]],\"question\":\"Q\"}}"
#define YES "{\"answers\":[\"Yes\"],\"min\":0,\"max\":1,\"question\":\"Q2\"}"

enum { L1, A, B, L2, C, CHOICES };

static struct election *elections[GROUPS]; // of the lists alone
static struct voter voters[GROUPS];
static const uint8_t chosen[CHOICES] = {1, 0, 1, 0, 0};

static struct election *election_with(size_t k, const char *questions) {
    const struct scalar x = random_scalar(&group_of(group_names[k])->q);
    return election_read(election_text(group_names[k], questions, &x));
}

static enum p1_err verdict(size_t k, struct span json) { return ballot_verdict(elections[k], keep_span(json), NULL); }

// ---- right ballots ----

static void ballots_with_lists_hold_and_open_in_every_group(void **state) {
    static const uint8_t right[][CHOICES] = {{1, 1, 0, 0, 0}, {1, 1, 1, 0, 0}, {0, 0, 0, 1, 1}};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        for (size_t i = 0; i < 3; i++) {
            uint8_t seed[32], found[CHOICES];
            struct buf space = keep_buf(ballot_size_max(elections[k]));
            random_bytes(seed, sizeof seed);
            struct span ballot =
                ballot_signed(elections[k], &voters[k], ballot_unsigned(elections[k], &voters[k], right[i], seed));
            assert_ok(verdict(k, ballot));
            assert_ok(ballot_open_vartime(elections[k], ballot, seed, found, &space, &work));
            assert_memory_equal(found, right[i], CHOICES);
        }
    }
}

static void a_paper_may_have_lists_and_other_questions(void **state) {
    static const uint8_t both[CHOICES + 1] = {0, 0, 0, 1, 1, 1};
    const struct election *e = election_with(0, "[" LISTS "," YES "]");
    struct voter v = voter_make(e);
    struct ciphertext c[CHOICES + 1];
    struct ballot b;
    struct span ballot = ballot_of(e, &v, both);
    (void)state;
    assert_ok(ballot_verdict(e, ballot, NULL));
    assert_ok(ballot_parse(&b, &e->group.q, ballot));
    assert_ok(ballot_choices(e, &b, c, &work));
}

static void choices_that_lists_do_not_allow_are_not_made(void **state) {
    static const uint8_t wrong[][CHOICES] = {{0, 0, 0, 0, 0}, {1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {1, 1, 0, 1, 1},
                                             {1, 0, 0, 0, 1}, {1, 1, 0, 0, 1}, {1, 2, 0, 0, 0}, {2, 1, 0, 0, 0}};
    const uint8_t seed[32] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct buf b = keep_buf(ballot_size_max(elections[0]));
        assert_err(ballot_make_unsigned_ct(elections[0], elem_span(&voters[0].credential), wrong[i], seed, &b, &work),
                   P1_ERR_BALLOT_CHOICE);
    }
}

// ---- proofs by the book over choices that are not allowed ----

static void write_individual(const struct maker *m, struct buf *out) {
    static const struct statement zero_or_one = {.lo = 0, .hi = 1};
    struct json j = m->a.choices;
    for (unsigned i = 0; i < CHOICES; i++) {
        struct span alpha, beta;
        struct opening o;
        struct sha256 text;
        assert_ok(json_lit(&j, question_before(m->a.q, i)));
        assert_ok(answer_ciphertext(&j, &alpha, &beta));
        buf_str(out, question_before(m->a.q, i));
        maker_opening(m, i, &o);
        answer_text_one(&text, &m->a, alpha, beta);
        maker_prove_ct(m, &zero_or_one, NULL, &o, m->choices[i], 'i', i, &text, out);
    }
    buf_str(out, question_after(m->a.q));
}

static struct span forged(size_t k, const uint8_t *choices) {
    const struct election *e = elections[k];
    const struct span credential = elem_span(&voters[k].credential);
    uint8_t seed[32];
    struct buf out = keep_buf(ballot_size_max(e));
    struct maker m = {
        .a = {.e = e, .q = &e->questions[0], .credential = credential}, .choices = choices, .seed = seed, .w = &work};
    random_bytes(seed, sizeof seed);
    buf_put(&out, text_of("{\"election_uuid\":\"%.*s\",\"election_hash\":\"%.*s\",\"credential\":\"%.*s\",\"answers\":"
                          "[{\"choices\":",
                          SPAN_ARG(e->uuid), P1_HASH64, e->hash64, SPAN_ARG(credential)));
    const uint8_t *start = out.p + out.n;
    for (unsigned i = 0; i < CHOICES; i++) {
        struct opening o;
        struct ciphertext c;
        maker_opening(&m, i, &o);
        maker_encrypt_ct(&m, &o, &c);
        struct elem_text alpha = elem_text_of(&e->group, &c.alpha), beta = elem_text_of(&e->group, &c.beta);
        buf_put(&out, text_of("%s{\"alpha\":\"%.*s\",\"beta\":\"%.*s\"}", question_before(m.a.q, i),
                              SPAN_ARG(elem_span(&alpha)), SPAN_ARG(elem_span(&beta))));
    }
    buf_str(&out, question_after(m.a.q));
    m.a.choices = json_of(span_of(start, (size_t)(out.p + out.n - start)));
    buf_str(&out, ",\"individual_proofs\":");
    write_individual(&m, &out);
    assert_ok(lists_prove_ct(&m, &out));
    buf_str(&out, "}]");
    return ballot_signed(e, &voters[k], out);
}

static void a_second_maker_of_ballots_with_lists_agrees_with_the_check(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) assert_ok(verdict(k, forged(k, chosen)));
}

static void two_lists_or_none_are_refused(void **state) {
    static const uint8_t two[CHOICES] = {1, 1, 0, 1, 1}, none[CHOICES] = {0};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        assert_err(verdict(k, forged(k, two)), P1_ERR_BALLOT_OVERALL);
        assert_err(verdict(k, forged(k, none)), P1_ERR_BALLOT_OVERALL);
    }
}

static void a_candidate_of_another_list_is_refused(void **state) {
    static const uint8_t alone[CHOICES] = {1, 0, 0, 0, 1}, beside[CHOICES] = {1, 1, 0, 0, 1},
                         first[CHOICES] = {0, 0, 1, 1, 1};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        assert_err(verdict(k, forged(k, alone)), P1_ERR_BALLOT_LISTS);
        assert_err(verdict(k, forged(k, beside)), P1_ERR_BALLOT_LISTS);
        assert_err(verdict(k, forged(k, first)), P1_ERR_BALLOT_LISTS);
    }
}

static void a_list_without_a_candidate_is_refused(void **state) {
    static const uint8_t list[CHOICES] = {1, 0, 0, 0, 0};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        struct span ballot = forged(k, list);
        assert_err(verdict(k, ballot), P1_ERR_BALLOT_NONZERO); // its commitment is the identity
        // as if there were something: another commitment
        struct span old = between(ballot, "\"commitment\":\"", "\"");
        const struct election *e = elections[k];
        struct elem_text t = elem_text_of(&e->group, &e->group.g);
        assert_err(verdict(k, replaced(ballot, str_of(old), str_of(elem_span(&t)))), P1_ERR_BALLOT_NONZERO);
    }
}

// ---- right ballots with one thing changed ----

static void every_number_of_the_proofs_of_lists_counts(void **state) {
    static const struct {
        const char *from, *to;
        unsigned numbers;
        enum p1_err why;
    } part[] = {{"\"individual_proofs\":", "\"overall_proof\":", 4 * CHOICES, P1_ERR_BALLOT_INDIVIDUAL},
                {"\"overall_proof\":", "\"list_proofs\":", 2, P1_ERR_BALLOT_OVERALL},
                {"\"list_proofs\":", "\"nonzero_proof\":", 8, P1_ERR_BALLOT_LISTS},
                {"\"challenge\":", "]}}]", 3, P1_ERR_BALLOT_NONZERO}};
    const struct modulus *q = &elections[0]->group.q;
    struct span ballot = ballot_of(elections[0], &voters[0], chosen);
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        size_t at = i < 3 ? find(ballot, 0, part[i].from) : find(ballot, find(ballot, 0, "nonzero"), part[i].from);
        const size_t end = find(ballot, at, part[i].to);
        unsigned numbers = 0;
        for (; at < end; at++) {
            struct span rest = span_from(ballot, at);
            if (rest.p[0] != '"' || rest.p[1] < '0' || rest.p[1] > '9') continue;
            struct span old = between(rest, "\"", "\"");
            assert_err(verdict(0, spliced(ballot, at + 1, old.n, plus_one(q, old))), part[i].why);
            at += old.n + 1;
            numbers++;
        }
        assert_int_equal(numbers, part[i].numbers);
    }
}

static void the_commitment_is_an_element_and_counts(void **state) {
    struct span ballot = ballot_of(elections[0], &voters[0], chosen);
    const struct group *g = &elections[0]->group;
    struct span old = between(ballot, "\"commitment\":\"", "\"");
    struct elem e;
    (void)state;
    assert_ok(elem_decode(g, &e, old, &work));
    elem_mul_ct(g, &e, &e, &g->g, &work);
    struct elem_text t = elem_text_of(g, &e);
    assert_err(verdict(0, replaced(ballot, str_of(old), str_of(elem_span(&t)))), P1_ERR_BALLOT_NONZERO);
    assert_err(
        verdict(0, replaced(ballot, str_of(old), "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec")),
        P1_ERR_ELEM_SUBGROUP);
    assert_err(verdict(0, replaced(ballot, str_of(old), "00")), P1_ERR_ELEM_FORM);
}

static void ballots_with_lists_have_one_form(void **state) {
    static const struct {
        const char *old, *new;
        enum p1_err why;
    } bad[] = {{"\"choices\":[[", "\"choices\":7,\"x\":[[", P1_ERR_BALLOT_CHOICES},
               {"}],[{\"alpha\"", "},{\"alpha\"", P1_ERR_BALLOT_CHOICES},
               {"}]],\"individual", "}],[]],\"individual", P1_ERR_BALLOT_CHOICES},
               {"\"individual_proofs\":[[[", "\"individual_proofs\":{},\"x\":[[[", P1_ERR_BALLOT_PROOF_LENGTH},
               {"]]],\"overall_proof\"", "]],[]],\"overall_proof\"", P1_ERR_BALLOT_PROOF_LENGTH},
               {",\"overall_proof\":{", ",\"overall_proof\":[{", P1_ERR_JSON},
               {",\"overall_proof\":", ",\"x\":1,\"overall_proof\":", P1_ERR_JSON},
               {",\"list_proofs\":", ",\"list_proof\":", P1_ERR_JSON},
               {"\"list_proofs\":[[", "\"list_proofs\":[[[", P1_ERR_JSON},
               {"\"list_proofs\":[", "\"list_proofs\":7,\"x\":[", P1_ERR_BALLOT_PROOF_LENGTH},
               {"]],\"nonzero_proof\"", "],[]],\"nonzero_proof\"", P1_ERR_BALLOT_PROOF_LENGTH},
               {",\"nonzero_proof\":{", ",\"nonzero_proof\":[{", P1_ERR_JSON},
               {"{\"commitment\":", "{\"x\":1,\"commitment\":", P1_ERR_JSON},
               {"{\"commitment\":\"", "{\"commitment\":7,\"x\":\"", P1_ERR_JSON},
               {",\"response\":[\"", ",\"response\":[[\"", P1_ERR_JSON},
               {",\"response\":[\"", ",\"response\":[\"0", P1_ERR_SCALAR_FORM},
               {"\"]}}],\"signature\"", "\",\"1\"]}}],\"signature\"", P1_ERR_JSON},
               {"\"]}}],\"signature\"", "x\"]}}],\"signature\"", P1_ERR_SCALAR_FORM},
               {"\"]}}],\"signature\"", "\"]},\"x\":1}],\"signature\"", P1_ERR_JSON},
               {"\"]}}],\"signature\"", "\"]}},{}],\"signature\"", P1_ERR_BALLOT_ANSWERS}};
    struct span ballot = ballot_of(elections[0], &voters[0], chosen);
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(verdict(0, replaced(ballot, bad[i].old, bad[i].new)), bad[i].why);
    struct span challenge = between(span_from(ballot, find(ballot, 0, "nonzero")), "\"challenge\":", ",");
    assert_err(verdict(0, spliced(ballot, (size_t)(challenge.p - ballot.p), challenge.n, SPAN_LIT("1"))), P1_ERR_JSON);
    for (size_t i = find(ballot, 0, "\"nonzero"), end = find(ballot, 0, ",\"signature\""); i < end; i++)
        assert_int_not_equal(verdict(0, span_of(ballot.p, i)), P1_OK); // cut off
}

// What the tally reads of a ballot and what opening it with its seed reads is looked at in the same form.
static void ciphertexts_of_lists_are_not_read_from_another_form(void **state) {
    static const char *const loss[] = {"[[{",          "\"beta\"",  "}],[{",   "}]],",
                                       "\"individual", "\"overall", "\"list_", "\"nonzero"};
    const struct election *e = elections[0];
    uint8_t seed[32] = {7}, found[CHOICES];
    struct ciphertext c[CHOICES];
    struct span ballot = ballot_signed(e, &voters[0], ballot_unsigned(e, &voters[0], chosen, seed));
    (void)state;
    for (size_t i = 0; i < sizeof loss / sizeof *loss; i++) {
        struct span bad = replaced(ballot, loss[i], "?");
        struct ballot b = {.answers = between(bad, "\"answers\":", ",\"signature\"")};
        struct buf space = keep_buf(ballot_size_max(e));
        assert_int_not_equal(ballot_choices(e, &b, c, &work), P1_OK);
        assert_int_not_equal(ballot_open_vartime(e, bad, seed, found, &space, &work), P1_OK);
    }
}

// ---- the paper ----

static void papers_with_lists_have_one_form(void **state) {
    static const struct {
        const char *old, *new;
        enum p1_err why;
    } bad[] = {{"[[\"L1\"", "[\"L1\"", P1_ERR_JSON},
               {"\"A\",", "\"A\"", P1_ERR_JSON},
               {"\"B\"],", "\"B\"]", P1_ERR_JSON},
               {"\"B\"],[", "7],[", P1_ERR_JSON},
               {"[\"L2\",\"C\"]", "[]", P1_ERR_ELECTION_QUESTION},
               {"[[\"L1\",\"A\",\"B\"],[\"L2\",\"C\"]]", "[]", P1_ERR_ELECTION_QUESTION},
               {",\"question\":\"Q\"", "", P1_ERR_JSON},
               {"\"question\":\"Q\"", "\"question\":7", P1_ERR_JSON},
               {"\"question\":\"Q\"}", "\"question\":\"Q\",\"x\":1}", P1_ERR_JSON},
               {"}}]", "},\"extra\":}]", P1_ERR_JSON},
               {"}}]", "},\"x\":1}]", P1_ERR_JSON},
               {"\"answers\"", "\"answer\"", P1_ERR_JSON},
               {"Lists", "NonHomomorphic", P1_ERR_ELECTION_KIND}};
    const struct span paper = SPAN_LIT("[" LISTS "]");
    static struct question out[P1_QUESTIONS_MAX];
    unsigned count;
    (void)state;
    struct json j = json_of(replaced(paper, "}}]", "},\"extra\":[1,2]}]"));
    assert_ok(questions_parse(&j, out, &count));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        j = json_of(keep_span(replaced(paper, bad[i].old, bad[i].new)));
        assert_err(questions_parse(&j, out, &count), bad[i].why);
    }
}

static void lists_and_candidates_have_a_greatest_number(void **state) {
    static struct question out[P1_QUESTIONS_MAX];
    unsigned count;
    (void)state;
    for (unsigned of_one = 0; of_one < 2; of_one++) { // one list with all of them, or each a list
        for (unsigned n = P1_ANSWERS_MAX; n <= P1_ANSWERS_MAX + 1; n++) {
            struct buf b = keep_buf(20000);
            buf_str(&b, "[{\"type\":\"Lists\",\"value\":{\"answers\":[[\"A\"");
            for (unsigned i = 1; i < n; i++) buf_str(&b, of_one ? ",\"A\"" : "],[\"A\"");
            buf_str(&b, "]],\"question\":\"Q\"}}]");
            struct json j = json_of(buf_span(&b));
            assert_err(questions_parse(&j, out, &count), n == P1_ANSWERS_MAX ? P1_OK : P1_ERR_ELECTION_SIZE);
        }
    }
}

static int init(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        elections[k] = election_with(k, "[" LISTS "]");
        voters[k] = voter_make(elections[k]);
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ballots_with_lists_hold_and_open_in_every_group),
        cmocka_unit_test(a_paper_may_have_lists_and_other_questions),
        cmocka_unit_test(choices_that_lists_do_not_allow_are_not_made),
        cmocka_unit_test(a_second_maker_of_ballots_with_lists_agrees_with_the_check),
        cmocka_unit_test(two_lists_or_none_are_refused),
        cmocka_unit_test(a_candidate_of_another_list_is_refused),
        cmocka_unit_test(a_list_without_a_candidate_is_refused),
        cmocka_unit_test(every_number_of_the_proofs_of_lists_counts),
        cmocka_unit_test(the_commitment_is_an_element_and_counts),
        cmocka_unit_test(ballots_with_lists_have_one_form),
        cmocka_unit_test(ciphertexts_of_lists_are_not_read_from_another_form),
        cmocka_unit_test(papers_with_lists_have_one_form),
        cmocka_unit_test(lists_and_candidates_have_a_greatest_number),
    };
    return cmocka_run_group_tests_name("lists", tests, init, release);
}
