// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Edges of core, each once a fault.

#include "tests/unit/helpers_ceremony.h"

// json_canon: json_skip() skips ONE value of JSON. Today a colon may follow any token, also outside an object, and an
// object may lack its names. Expected: ERR_JSON for all of these.
static void only_an_object_has_names_and_each_of_its_values_has_one(void **state) {
    static const char *const bad[] = {"\"a\":",  "\"a\":1", "[1:2]",           "[\"a\":1]", "{1}",
                                      "{\"a\"}", "{[]}",    "{\"a\":\"b\":1}", "{1:2}"};
    unsigned accepted = 0;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json j = json_of(keep_span(span_str(bad[i])));
        struct span out;
        if (json_skip(&j, &out) != P1_OK || out.n != strlen(bad[i])) continue;
        print_message("accepted: %s\n", bad[i]);
        accepted++;
    }
    assert_int_equal(accepted, 0);
}

// election: so an election that is no JSON is accepted. Expected: ERR_JSON (belenios-tool cannot read it).
static void a_language_without_a_value_is_refused(void **state) {
    const struct scalar x = random_scalar(&group_of("Ed25519")->q);
    struct span good = election_text("Ed25519", "[{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]", &x);
    struct election *e = keep(sizeof *e);
    (void)state;
    struct span bad = text_of("%.*s,\"language\":\"nl\":}", (int)good.n - 1, (const char *)good.p);
    assert_err(election_parse(e, bad, &work), P1_ERR_JSON);
}

// pki: ceremony.h says that decryption_key_open() opens "a .dkey file of Belenios". 2.0 writes the sum of the secrets
// without reducing it modulo q. Expected: P1_OK and the key reduced
static void a_decryption_key_of_belenios_2_opens(void **state) {
    const struct group *g = group_of("BELENIOS-2048");
    struct trustees *t = keep(sizeof *t);
    (void)state;
    assert_ok(trustees_verdict(g, vector("b2048-v2-threshold-mixed", "trustees.json"), t));
    for (unsigned k = 0; k < 5; k++) {
        struct pki_keys keys;
        struct scalar x;
        struct buf arena = keep_buf(ARENA);
        pki_keys_init(g, &keys, vector_line("b2048-v2-threshold-mixed", "seeds.txt", k), &work);
        assert_ok(decryption_key_open(g, &keys, vector_line("b2048-v2-threshold-mixed", "dkeys.jsons", k), &x, &arena,
                                      &work));
        assert_span(key_text(g, &x), t->trustee[1 + k].key_text);
    }
}

// ceremony: "ARENA: 64 kB and N times the longest message suffice"
static void an_arena_of_n_times_the_longest_message_suffices(void **state) {
    unsigned failed = 0;
    (void)state;
    for (unsigned n = 1; n <= 5; n++) {
        struct ceremony *c = ceremony_run("Ed25519", n > 1 ? 2 : 1, n, AES_GCM);
        size_t longest = c->vinput[0].n > c->polynomial[0].n ? c->vinput[0].n : c->polynomial[0].n;
        struct draws d = random_draws();
        struct buf out = keep_buf(ARENA), arena = keep_buf((1 << 16) + n * longest);
        enum p1_err e = polynomial_make(c->g, &c->certs, &c->keys[0], c->mode, &d, &out, &arena, &work);
        if (e == P1_OK) continue;
        print_message("%u trustees: %s\n", n, p1_err_name(e));
        failed++;
    }
    assert_int_equal(failed, 0);
}

// ballot: ballot_size_max() is what a ballot of this election may need at most, and an identifier may be of any length from
// 14. Expected: P1_OK
static void an_election_with_a_long_identifier_has_room_for_its_ballots(void **state) {
    const struct scalar x = random_scalar(&group_of("Ed25519")->q);
    char uuid[3001];
    memset(uuid, 'A', 3000);
    uuid[3000] = 0;
    struct span json = election_text("Ed25519", "[{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]", &x);
    const struct election *e = election_read(replaced(json, TEST_UUID, uuid));
    struct voter v = voter_make(e);
    const uint8_t choices[1] = {1}, seed[32] = {1};
    struct buf b = keep_buf(ballot_size_max(e));
    (void)state;
    assert_ok(ballot_make_unsigned_ct(e, elem_span(&v.credential), choices, seed, &b, &work));
    char code[P1_HASH64];
    assert_ok(ballot_sign_ct(e, &v.x, seed, code, &b, &work));
}

// credential: codes of Belenios 3.x are taken literally. 26 of 100,000 random ones are, in capitals, codes of ours with a right
// check, and are then changed to capitals: their voters cannot vote. Expected: the text as it stands (or both readings, for
// the caller to try). A mixture of cases with all hyphens in place is what tells them apart.
static void a_code_of_belenios_whose_capitals_are_a_code_of_ours_can_be_tried_both_ways(void **state) {
    struct code c;
    (void)state;
    assert_ok(code_read(&c, SPAN_LIT("pjt28-csD8FM-gRFJr-Pfd4Ak")));
    assert_span(span_of(c.text, c.n), SPAN_LIT("PJT28-CSD8FM-GRFJR-PFD4AK"));
    assert_int_equal(code_other(&c), 1); // not on the list? then as it was typed
    assert_span(span_of(c.text, c.n), SPAN_LIT("pjt28-csD8FM-gRFJr-Pfd4Ak"));
    assert_int_equal(code_other(&c), 0);
}

// ballot: "the whole ballot is made again and must be the same". Expected: ERR_BALLOT_SEED or ERR_JSON for text that follows
// the answers and is neither the end nor a signature
static void what_follows_the_answers_of_an_opened_ballot_is_looked_at(void **state) {
    const struct scalar x = random_scalar(&group_of("Ed25519")->q);
    const struct election *e =
        election_read(election_text("Ed25519", "[{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]", &x));
    struct voter v = voter_make(e);
    const uint8_t choices[1] = {1}, seed[32] = {1};
    uint8_t found[1];
    struct buf b = ballot_unsigned(e, &v, choices, seed), space = keep_buf(ballot_size_max(e));
    (void)state;
    assert_int_not_equal(
        ballot_open_vartime(e, text_of("%.*s,\"x\":[[", SPAN_ARG(buf_span(&b))), seed, found, &space, &work), P1_OK);
}

// trustee: a single trustee's key may carry a signature, which nobody checks. Expected: ERR_JSON (belenios-tool writes none).
static void a_single_trustee_has_no_signature(void **state) {
    const struct group *g = group_of("Ed25519");
    const struct scalar x = random_scalar(&g->q);
    struct trustees *t = keep(sizeof *t);
    struct span item =
        replaced(single_of(g, &x), "\"}]", "\",\"signature\":{\"challenge\":\"1\",\"response\":\"2\"}}]");
    (void)state;
    assert_int_not_equal(trustees_verdict(g, text_of("[%.*s]", SPAN_ARG(item)), t), P1_OK);
}

// tally: counts reach 2^63, root_above() overflows from 2^62 on and never ends (a credentials list with such a weight is
// enough). Expected: it returns. Last, since it hangs.
static void the_size_of_a_table_is_known_for_every_count(void **state) {
    (void)state;
    assert_true(dlog_table_bytes(INT64_MAX) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_object_has_names_and_each_of_its_values_has_one),
        cmocka_unit_test(a_language_without_a_value_is_refused),
        cmocka_unit_test(a_decryption_key_of_belenios_2_opens),
        cmocka_unit_test(an_arena_of_n_times_the_longest_message_suffices),
        cmocka_unit_test(an_election_with_a_long_identifier_has_room_for_its_ballots),
        cmocka_unit_test(a_code_of_belenios_whose_capitals_are_a_code_of_ours_can_be_tried_both_ways),
        cmocka_unit_test(what_follows_the_answers_of_an_opened_ballot_is_looked_at),
        cmocka_unit_test(a_single_trustee_has_no_signature),
        cmocka_unit_test(the_size_of_a_table_is_known_for_every_count),
    };
    return cmocka_run_group_tests_name("edges of core", tests, NULL, release);
}
