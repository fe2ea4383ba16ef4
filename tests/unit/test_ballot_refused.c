// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Ballots that are wrong in one thing each, and the code of the refusal.

#include "tests/unit/helpers.h"

#define QUESTIONS                                                           \
    "[{\"answers\":[\"A\",\"B\"],\"min\":0,\"max\":1,\"question\":\"Q1\"}," \
    "{\"answers\":[\"A\",\"B\"],\"blank\":true,\"min\":1,\"max\":1,\"question\":\"Q2\"}]"

static const uint8_t chosen[5] = {0, 1, 0, 1, 0};

static struct election *elections[GROUPS];
static struct voter voters[GROUPS];
static struct span ballots[GROUPS]; // right ones

static enum p1_err verdict(const struct election *e, struct span json) {
    return ballot_verdict(e, keep_span(json), NULL);
}

static enum p1_err changed(const char *old, const char *by) {
    return verdict(elections[0], replaced(ballots[0], old, by));
}

// The same text, signed by the voter: only what the answers show can be wrong.
static struct span signed_again(size_t k, struct span ballot) {
    size_t end = find(ballot, 0, ",\"signature\":");
    struct buf b = keep_buf(ballot.n + 1000);
    buf_put(&b, span_of(ballot.p, end == SIZE_MAX ? ballot.n : end));
    return ballot_signed(elections[k], &voters[k], b);
}

// ---- numbers ----

static enum p1_err code_at(struct span ballot, size_t at) {
    static const struct {
        const char *field;
        enum p1_err err;
    } part[] = {{"\"individual_proofs\"", P1_ERR_BALLOT_INDIVIDUAL},
                {"\"overall_proof\"", P1_ERR_BALLOT_OVERALL},
                {"\"blank_proof\"", P1_ERR_BALLOT_BLANK},
                {"\"signature\"", P1_ERR_BALLOT_SIGNATURE}};
    enum p1_err err = P1_OK;
    size_t last = 0;
    for (size_t i = 0; i < 4; i++) {
        for (size_t found = find(ballot, 0, part[i].field); found < at;
             found = find(ballot, found + 1, part[i].field)) {
            if (found < last) continue;
            last = found;
            err = part[i].err;
        }
    }
    return err;
}

static void any_number_plus_one_is_refused_with_the_code_of_its_proof(void **state) {
    static const char *const fields[] = {"\"challenge\":\"", "\"response\":\""};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &elections[k]->group.q;
        struct span ballot = ballots[k];
        unsigned numbers = 0;
        for (size_t f = 0; f < 2; f++) {
            for (size_t at = find(ballot, 0, fields[f]); at != SIZE_MAX; at = find(ballot, at + 1, fields[f])) {
                numbers++;
                if (k == 2 && numbers % 5) continue; // slow, and the same code
                struct span old = between(span_from(ballot, at), fields[f], "\"");
                struct span wrong = spliced(ballot, (size_t)(old.p - ballot.p), old.n, plus_one(q, old));
                assert_err(verdict(elections[k], wrong), code_at(ballot, at));
            }
        }
        // 10 individual, 2 + 2 overall, 2 blank proofs, and the signature
        assert_int_equal(numbers, 2 * (10 + 2 + 2 + 2 + 1));
    }
}

static void a_number_of_q_or_more_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        struct scalar q = {{0}};
        memcpy(q.v, elections[k]->group.q.m, sizeof q.v);
        struct span text = scalar_text(&elections[k]->group.q, &q);
        struct span old = between(ballots[k], "\"response\":\"", "\"");
        assert_err(verdict(elections[k], spliced(ballots[k], (size_t)(old.p - ballots[k].p), old.n, text)),
                   P1_ERR_SCALAR_RANGE);
        assert_err(verdict(elections[k], spliced(ballots[k], (size_t)(old.p - ballots[k].p), 0, SPAN_LIT("0"))),
                   P1_ERR_SCALAR_FORM);
    }
}

// ---- choices ----

static void choices_exchanged_are_refused(void **state) {
    const struct span ballot = ballots[0];
    struct span a = between(ballot, "\"choices\":[{", "}"),
                b = between(span_from(ballot, (size_t)(a.p - ballot.p)), ",{", "}");
    struct span proof_a = between(ballot, "\"individual_proofs\":[[", "]");
    struct span proof_b = between(span_from(ballot, (size_t)(proof_a.p - ballot.p)), "],[", "]");
    (void)state;
    struct span choices =
        spliced(ballot, (size_t)(b.p - ballot.p), b.n, a); // the later one first: places before it stay
    choices = spliced(choices, (size_t)(a.p - ballot.p), a.n, b);
    assert_err(verdict(elections[0], choices), P1_ERR_BALLOT_INDIVIDUAL);
    // and their proofs with them: the overall proof is over the choices in their order
    struct span both = spliced(choices, (size_t)(proof_b.p - ballot.p), proof_b.n, proof_a);
    both = spliced(both, (size_t)(proof_a.p - ballot.p), proof_a.n, proof_b);
    assert_err(verdict(elections[0], both), P1_ERR_BALLOT_OVERALL);
    assert_err(verdict(elections[0], signed_again(0, both)), P1_ERR_BALLOT_OVERALL);
}

static void a_choice_of_another_ballot_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        struct span other = ballot_of(elections[k], &voters[k], chosen);
        struct span mine = between(ballots[k], "\"choices\":[", "}"), theirs = between(other, "\"choices\":[", "}");
        struct span wrong = spliced(ballots[k], (size_t)(mine.p - ballots[k].p), mine.n, theirs);
        assert_err(verdict(elections[k], signed_again(k, wrong)), P1_ERR_BALLOT_INDIVIDUAL);
    }
}

static void a_choice_outside_the_group_is_refused(void **state) {
    const char *alpha = str_of(between(ballots[0], "\"alpha\":\"", "\""));
    const char *beta = str_of(between_nth(ballots[0], 4, "\"beta\":\"", "\""));
    (void)state;
    assert_err(changed(alpha, "2"), P1_ERR_ELEM_FORM);
    assert_err(changed(alpha, "0000000000000000000000000000000000000000000000000000000000000002"), P1_ERR_ELEM_FIELD);
    assert_err(changed(beta, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"), P1_ERR_ELEM_SUBGROUP);
}

// The element of order 2 of Ed25519; -1 in the others.
static struct elem of_order_2(const struct group *g) {
    struct elem e;
    struct span text = SPAN_LIT("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec");
    if (g->p.n) { // p - 1, as a number
        struct scalar one = {{1}}, minus;
        sc_sub(&g->p, &minus, &(struct scalar){{0}}, &one);
        text = scalar_text(&g->p, &minus);
    }
    assert_ok(elem_decode_trusted(g, &e, text, &work));
    return e;
}

// It vanishes from every second proof, and from the product of two.
static void a_choice_with_a_component_of_order_2_is_refused(void **state) {
    static const char *const parts[] = {"\"alpha\":\"", "\"beta\":\""};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *g = &elections[k]->group;
        const struct elem two = of_order_2(g);
        for (size_t part = 0; part < 2; part++) {
            struct elem e;
            struct span old = between(ballots[k], parts[part], "\"");
            assert_ok(elem_decode(g, &e, old, &work));
            elem_mul_ct(g, &e, &e, &two, &work);
            struct elem_text t = elem_text_of(g, &e);
            struct span wrong = replaced(ballots[k], str_of(old), str_of(elem_span(&t)));
            assert_err(verdict(elections[k], signed_again(k, wrong)), P1_ERR_ELEM_SUBGROUP);
        }
    }
}

// ---- missing and extra parts ----

static void answers_missing_or_extra_are_refused(void **state) {
    const struct span list = between(ballots[0], "\"answers\":[", ",\"signature\"");
    const size_t second = find(ballots[0], 0, ",{\"choices\"");
    const size_t start = (size_t)(list.p - ballots[0].p), end = start + list.n - 1;
    const struct span first = span_of(ballots[0].p + start, second - start);
    (void)state;
    struct span one = spliced(ballots[0], second, end - second, SPAN_LIT(""));
    assert_err(verdict(elections[0], signed_again(0, one)), P1_ERR_BALLOT_ANSWERS);
    struct span three = spliced(ballots[0], end, 0, text_of(",%.*s", SPAN_ARG(first)));
    assert_err(verdict(elections[0], signed_again(0, three)), P1_ERR_BALLOT_ANSWERS);
    struct span none = spliced(ballots[0], start, end - start, SPAN_LIT(""));
    assert_err(verdict(elections[0], signed_again(0, none)), P1_ERR_JSON);
    struct span turned =
        spliced(one, start, 0, text_of("%.*s,", SPAN_ARG(span_of(ballots[0].p + second + 1, end - second - 1))));
    assert_err(verdict(elections[0], signed_again(0, turned)), P1_ERR_BALLOT_CHOICES); // second answer, first question
}

static void choices_missing_or_extra_are_refused(void **state) {
    const struct span ballot = ballots[0];
    struct span all = between(ballot, "\"choices\":[", "]");
    struct span one = between(ballot, "\"choices\":[", "}");
    size_t start = (size_t)(all.p - ballot.p);
    (void)state;
    assert_err(verdict(elections[0], spliced(ballot, start, one.n + 2, SPAN_LIT(""))), P1_ERR_BALLOT_CHOICES);
    assert_err(verdict(elections[0], spliced(ballot, start, 0, text_of("%.*s},", SPAN_ARG(one)))),
               P1_ERR_BALLOT_CHOICES);
    assert_err(verdict(elections[0], spliced(ballot, start, all.n, SPAN_LIT(""))), P1_ERR_JSON);
}

static void proofs_missing_or_extra_are_refused(void **state) {
    static const char *const lists[] = {"\"individual_proofs\":[[", "\"overall_proof\":[", "\"blank_proof\":["};
    const struct span ballot = ballots[0];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct span all = between(ballot, lists[i], "]"), one = between(ballot, lists[i], "}");
        size_t start = (size_t)(all.p - ballot.p);
        assert_err(verdict(elections[0], spliced(ballot, start, one.n + 2, SPAN_LIT(""))), P1_ERR_BALLOT_PROOF_LENGTH);
        assert_err(verdict(elections[0], spliced(ballot, start, 0, text_of("%.*s},", SPAN_ARG(one)))),
                   P1_ERR_BALLOT_PROOF_LENGTH);
        assert_err(verdict(elections[0], spliced(ballot, start, all.n, SPAN_LIT(""))), P1_ERR_JSON);
    }
    // a whole individual proof too few, and one too many
    struct span first = between(ballot, "\"individual_proofs\":[", "],");
    size_t start = (size_t)(first.p - ballot.p);
    assert_err(verdict(elections[0], spliced(ballot, start + first.n + 1, 1, SPAN_LIT("],\"x\":["))),
               P1_ERR_BALLOT_PROOF_LENGTH);
    struct span proofs = between(ballot, "\"individual_proofs\":[", "],\"overall");
    assert_err(verdict(elections[0], spliced(ballot, start + proofs.n, 0, text_of(",%.*s]", SPAN_ARG(first)))),
               P1_ERR_BALLOT_PROOF_LENGTH);
}

static void a_blank_proof_is_where_a_blank_vote_is_allowed_and_nowhere_else(void **state) {
    const struct span ballot = ballots[0];
    struct span proof = between(ballot, ",\"blank_proof\":", "}],\"signature\"");
    size_t start = (size_t)(proof.p - ballot.p) - strlen(",\"blank_proof\":");
    (void)state;
    struct span without = spliced(ballot, start, proof.n + strlen(",\"blank_proof\":"), SPAN_LIT(""));
    assert_err(verdict(elections[0], signed_again(0, without)), P1_ERR_JSON);
    size_t end_of_first = find(ballot, 0, "},{\"choices\"");
    struct span with = spliced(ballot, end_of_first, 0, text_of(",\"blank_proof\":%.*s", SPAN_ARG(proof)));
    assert_err(verdict(elections[0], signed_again(0, with)), P1_ERR_JSON);
    assert_err(verdict(elections[0], replaced(ballot, "\"blank_proof\":", "\"blank_proof\":[],\"x\":")), P1_ERR_JSON);
}

static void fields_in_another_order_and_other_fields_are_refused(void **state) {
    const struct span ballot = ballots[0];
    (void)state;
    struct span choices = between(ballot, "{\"choices\":", ",\"individual_proofs\"");
    struct span proofs = between(ballot, "\"individual_proofs\":", ",\"overall_proof\"");
    struct span turned = text_of("\"individual_proofs\":%.*s,\"choices\":%.*s", SPAN_ARG(proofs), SPAN_ARG(choices));
    size_t start = (size_t)(choices.p - ballot.p) - strlen("\"choices\":");
    size_t end = (size_t)(proofs.p - ballot.p) + proofs.n;
    assert_err(verdict(elections[0], signed_again(0, spliced(ballot, start, end - start, turned))), P1_ERR_JSON);
    assert_err(verdict(elections[0], signed_again(0, replaced(ballot, "{\"choices\"", "{\"x\":1,\"choices\""))),
               P1_ERR_JSON);
    assert_err(changed("\"election_uuid\"", "\"x\":1,\"election_uuid\""), P1_ERR_JSON);
    assert_err(changed(",\"signature\"", ",\"x\":1,\"signature\""), P1_ERR_JSON);
    assert_err(changed(",\"proof\"", ",\"x\":1,\"proof\""), P1_ERR_JSON);
    assert_err(changed("{\"alpha\":", "{\"x\":1,\"alpha\":"), P1_ERR_JSON);
    assert_err(changed("\"alpha\"", "\"beta\""), P1_ERR_JSON);
    assert_err(changed("\"choices\":[", "\"choices\":[["), P1_ERR_JSON);
    assert_err(changed("\"choices\":[", "\"choices\":7,\"x\":["), P1_ERR_BALLOT_CHOICES);
    assert_err(changed("\"individual_proofs\":[", "\"individual_proofs\":7,\"x\":["), P1_ERR_BALLOT_PROOF_LENGTH);
}

static void what_follows_a_ballot_is_refused(void **state) {
    (void)state;
    assert_err(verdict(elections[0], text_of("%.*s\n", SPAN_ARG(ballots[0]))), P1_ERR_JSON_TRAILING);
}

static void answers_that_are_no_list_are_refused(void **state) {
    const struct span ballot = ballots[0];
    struct span list = between(ballot, "\"answers\":", ",\"signature\"");
    struct span wrong = spliced(ballot, (size_t)(list.p - ballot.p), list.n, SPAN_LIT("{\"choices\":[]}"));
    (void)state;
    assert_err(verdict(elections[0], signed_again(0, wrong)), P1_ERR_JSON);
}

// ---- to whom and for what ----

static void another_credential_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        struct voter other = voter_make(elections[k]);
        struct span wrong =
            replaced(ballots[k], str_of(elem_span(&voters[k].credential)), str_of(elem_span(&other.credential)));
        assert_err(verdict(elections[k], wrong), P1_ERR_BALLOT_INDIVIDUAL);
        // signed with that other one: the proofs are still the first voter's
        size_t end = find(wrong, 0, ",\"signature\":");
        struct buf b = keep_buf(wrong.n + 1000);
        buf_put(&b, span_of(wrong.p, end));
        assert_err(verdict(elections[k], ballot_signed(elections[k], &other, b)), P1_ERR_BALLOT_INDIVIDUAL);
    }
}

static void a_signature_of_somebody_else_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        struct voter other = voter_make(elections[k]);
        struct buf b = keep_buf(ballots[k].n + 100);
        buf_put(&b, span_of(ballots[k].p, find(ballots[k], 0, ",\"signature\":")));
        assert_err(verdict(elections[k], ballot_signed(elections[k], &other, b)), P1_ERR_BALLOT_SIGNATURE);
    }
}

static void a_credential_outside_the_group_is_refused(void **state) {
    const struct span wrong = replaced(ballots[0], str_of(elem_span(&voters[0].credential)),
                                       "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec");
    struct ballot b;
    (void)state;
    assert_ok(ballot_parse(&b, &elections[0]->group.q, signed_again(0, wrong)));
    assert_err(ballot_check_signature(elections[0], &b, &work), P1_ERR_ELEM_SUBGROUP);
}

static void another_election_is_refused(void **state) {
    (void)state;
    struct span uuid = replaced(ballots[0], TEST_UUID, "UuidForTheTests2");
    assert_err(verdict(elections[0], uuid), P1_ERR_BALLOT_ELECTION);
    assert_err(verdict(elections[0], signed_again(0, uuid)), P1_ERR_BALLOT_ELECTION);
    const char *hash = str_of(span_of(elections[0]->hash64, P1_HASH64));
    struct span version = replaced(ballots[0], hash, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_err(verdict(elections[0], version), P1_ERR_BALLOT_ELECTION_HASH);
    assert_err(verdict(elections[0], signed_again(0, version)), P1_ERR_BALLOT_ELECTION_HASH);
    // Another version of the paper under the same key: the proofs are bound to its hash.
    struct election *later = election_read(replaced(elections[0]->json, "\"name\":\"n\"", "\"name\":\"m\""));
    assert_err(verdict(later, ballots[0]), P1_ERR_BALLOT_INDIVIDUAL);
}

static void an_unsigned_ballot_is_refused(void **state) {
    size_t end = find(ballots[0], 0, ",\"signature\":");
    (void)state;
    assert_err(verdict(elections[0], text_of("%.*s}", (int)end, (const char *)ballots[0].p)), P1_ERR_BALLOT_UNSIGNED);
    assert_err(verdict(elections[0], span_of(ballots[0].p, end)), P1_ERR_JSON);
    assert_err(changed(",\"signature\":{", ",\"signature\":null,\"x\":{"), P1_ERR_JSON);
}

static void a_signature_over_another_text_is_refused(void **state) {
    struct span hash = between(ballots[0], "\"signature\":{\"hash\":\"", "\"");
    struct span other = ballot_of(elections[0], &voters[0], chosen);
    (void)state;
    assert_err(changed(str_of(hash), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), P1_ERR_BALLOT_HASH);
    assert_err(changed(str_of(hash), str_of(text_of("%.*s=", SPAN_ARG(hash)))), P1_ERR_BALLOT_HASH);
    // the signature of another ballot of the same voter
    size_t mine = find(ballots[0], 0, ",\"signature\":"), theirs = find(other, 0, ",\"signature\":");
    assert_err(verdict(elections[0], spliced(ballots[0], mine, ballots[0].n - mine, span_from(other, theirs))),
               P1_ERR_BALLOT_HASH);
}

// ---- every byte ----

static void no_byte_of_a_ballot_can_be_changed_left_out_or_doubled(void **state) {
    const struct scalar x = random_scalar(&group_of("Ed25519")->q);
    const struct election *e =
        election_read(election_text("Ed25519", "[{\"answers\":[\"A\"],\"min\":0,\"max\":0,\"question\":\"Q\"}]", &x));
    struct voter v = voter_make(e);
    const uint8_t nothing[1] = {0};
    const struct span ballot = ballot_of(e, &v, nothing);
    (void)state;
    assert_ok(verdict(e, ballot));
    for (size_t i = 0; i < ballot.n; i++) {
        const uint8_t old = ballot.p[i], by = old == '0' ? '1' : old == 'a' ? 'b' : (uint8_t)(old ^ 1);
        const uint8_t twice[2] = {old, old};
        assert_int_not_equal(verdict(e, spliced(ballot, i, 1, span_of(&by, 1))), P1_OK);
        assert_int_not_equal(verdict(e, spliced(ballot, i, 1, SPAN_LIT(""))), P1_OK);
        assert_int_not_equal(verdict(e, spliced(ballot, i, 1, span_of(twice, 2))), P1_OK);
        assert_int_not_equal(verdict(e, span_of(ballot.p, i)), P1_OK);
    }
}

static void ciphertexts_are_not_read_from_another_form(void **state) {
    static const char *const loss[] = {"[",         "{\"choices\":[", "\"beta\"", "],\"individual",
                                       "\"overall", "\"blank",        "}]"};
    struct ciphertext c[5];
    (void)state;
    for (size_t i = 0; i < sizeof loss / sizeof *loss; i++) {
        struct ballot b = {.answers = between(ballots[0], "\"answers\":", ",\"signature\"")};
        b.answers = replaced(b.answers, loss[i], "?");
        assert_int_not_equal(ballot_choices(elections[0], &b, c, &work), P1_OK);
    }
    struct span answers = between(ballots[0], "\"answers\":", ",\"signature\"");
    static const char *const parts[] = {"\"alpha\":\"", "\"beta\":\""};
    for (size_t i = 0; i < 2; i++) {
        struct ballot b = {.answers = replaced(answers, str_of(between(answers, parts[i], "\"")), "1")};
        assert_err(ballot_choices(elections[0], &b, c, &work), P1_ERR_ELEM_FORM);
    }
    for (size_t n = 0; n < answers.n; n += 3) {
        struct ballot b = {.answers = keep_span(span_of(answers.p, n))};
        assert_int_not_equal(ballot_choices(elections[0], &b, c, &work), P1_OK);
    }
}

static int init(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct scalar x = random_scalar(&group_of(group_names[k])->q);
        elections[k] = election_read(election_text(group_names[k], QUESTIONS, &x));
        voters[k] = voter_make(elections[k]);
        ballots[k] = ballot_of(elections[k], &voters[k], chosen);
        if (verdict(elections[k], ballots[k]) != P1_OK) return -1;
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_plus_one_is_refused_with_the_code_of_its_proof),
        cmocka_unit_test(a_number_of_q_or_more_is_refused),
        cmocka_unit_test(choices_exchanged_are_refused),
        cmocka_unit_test(a_choice_of_another_ballot_is_refused),
        cmocka_unit_test(a_choice_outside_the_group_is_refused),
        cmocka_unit_test(a_choice_with_a_component_of_order_2_is_refused),
        cmocka_unit_test(answers_missing_or_extra_are_refused),
        cmocka_unit_test(choices_missing_or_extra_are_refused),
        cmocka_unit_test(proofs_missing_or_extra_are_refused),
        cmocka_unit_test(a_blank_proof_is_where_a_blank_vote_is_allowed_and_nowhere_else),
        cmocka_unit_test(fields_in_another_order_and_other_fields_are_refused),
        cmocka_unit_test(what_follows_a_ballot_is_refused),
        cmocka_unit_test(answers_that_are_no_list_are_refused),
        cmocka_unit_test(another_credential_is_refused),
        cmocka_unit_test(a_signature_of_somebody_else_is_refused),
        cmocka_unit_test(a_credential_outside_the_group_is_refused),
        cmocka_unit_test(another_election_is_refused),
        cmocka_unit_test(an_unsigned_ballot_is_refused),
        cmocka_unit_test(a_signature_over_another_text_is_refused),
        cmocka_unit_test(no_byte_of_a_ballot_can_be_changed_left_out_or_doubled),
        cmocka_unit_test(ciphertexts_are_not_read_from_another_form),
    };
    return cmocka_run_group_tests_name("ballots refused", tests, init, release);
}
