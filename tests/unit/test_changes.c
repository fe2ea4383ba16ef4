// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Each message of the protocol with one bit changed, or one value: all of them are refused.

#include "tests/unit/changes.h"
#include "tests/unit/helpers_ceremony.h"

typedef enum p1_err verdict_of(struct span text);

static int is_refused(struct span text, size_t at, void *arg) {
    verdict_of *const *verdict = arg;
    (void)at;
    return (*verdict)(keep_span(text)) != P1_OK;
}

// LEAST: so many values it has.
static void assert_all_changes_refused(struct span text, verdict_of *verdict, enum bits bits, unsigned least) {
    struct kept *before = all_kept;
    uint8_t *room = keep(2 * text.n + P1_SCALAR_TEXT);
    unsigned count;
    assert_ok(verdict(keep_span(text)));
    size_t at = try_bits(text, bits, room, is_refused, &verdict);
    if (at != SIZE_MAX) fail_msg("a bit of byte %zu can be changed: %.*s", at, SPAN_ARG(span_from(text, at)));
    at = try_values(group_of("Ed25519"), text, room, is_refused, &verdict, &count, &work);
    if (at != SIZE_MAX) fail_msg("the value at byte %zu can be changed: %.*s", at, SPAN_ARG(span_from(text, at)));
    assert_true(count >= least);
    at = try_forms(text, room, is_refused, &verdict, &count);
    if (at != SIZE_MAX) fail_msg("the form at byte %zu can be changed: %.*s", at, SPAN_ARG(span_from(text, at)));
    assert_true(count >= 4 * least / 3);
    while (all_kept != before) { // else each try would stay
        struct kept *next = all_kept->next;
        free(all_kept);
        all_kept = next;
    }
}

// ---- ballots ----

static const struct election *election;
static struct voter voter;

static enum p1_err ballot_of_anybody(struct span text) { return ballot_verdict(election, text, NULL); }

// The voter signs what was changed.
static enum p1_err ballot_signed_again(struct span text) {
    size_t end = find(text, 0, ",\"signature\":");
    struct buf b = keep_buf(text.n + 1000);
    buf_put(&b, span_of(text.p, end == SIZE_MAX ? text.n : end));
    return ballot_of_anybody(ballot_signed(election, &voter, b));
}

static struct span new_ballot(const char *questions, const uint8_t *choices) {
    const struct scalar x = random_scalar(&group_of("Ed25519")->q);
    election = election_read(election_text("Ed25519", questions, &x));
    voter = voter_make(election);
    return ballot_of(election, &voter, choices);
}

static void no_change_of_a_ballot_is_accepted(void **state) {
    static const uint8_t choices[] = {0, 1};
    struct span ballot =
        new_ballot("[{\"answers\":[\"A\"],\"blank\":true,\"min\":1,\"max\":1,\"question\":\"Q\"}]", choices);
    (void)state;
    assert_all_changes_refused(ballot, ballot_of_anybody, BITS_ONE, 40);
}

static void no_change_of_a_ballot_is_accepted_that_its_voter_signs_again(void **state) {
    static const uint8_t choices[] = {1};
    struct span ballot = new_ballot("[{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]", choices);
    size_t end = find(ballot, 0, ",\"signature\":");
    (void)state;
    assert_all_changes_refused(span_of(ballot.p, end), ballot_signed_again, BITS_ONE, 20);
}

static void no_change_of_a_ballot_with_lists_is_accepted(void **state) {
    static const uint8_t choices[] = {1, 1};
    struct span ballot =
        new_ballot("[{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"A\"]],\"question\":\"Q\"}}]", choices);
    size_t end = find(ballot, 0, ",\"signature\":");
    (void)state;
    assert_all_changes_refused(span_of(ballot.p, end), ballot_signed_again, BITS_ONE, 40);
}

// ---- shares ----

static struct trustees trustees;
static struct ciphertext tally[1];
static struct elem factors[1];

static enum p1_err share_of_trustee(struct span text) {
    struct elem f[1];
    return share_check(election, &trustees.trustee[0], tally, text, f, &work);
}

static enum p1_err binding_of_trustee(struct span text) {
    return share_binding_check(election, &trustees.trustee[0], tally, factors, text, &work);
}

static void no_change_of_a_share_is_accepted(void **state) {
    static const uint8_t choices[] = {1};
    const struct group *g = group_of("Ed25519");
    const struct scalar x = random_scalar(&g->q);
    struct ballot b;
    struct buf share = keep_buf(1000), binding = keep_buf(1000);
    (void)state;
    assert_ok(trustees_verdict(g, text_of("[%.*s]", SPAN_ARG(single_of(g, &x))), &trustees));
    struct span ballot = new_ballot("[{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]", choices);
    assert_ok(ballot_parse(&b, &election->group.q, ballot));
    assert_ok(ballot_choices(election, &b, tally, &work));
    assert_ok(share_make_ct(election, &x, tally, &share, &work));
    assert_ok(share_bind_ct(election, &x, tally, &binding, &work));
    assert_ok(share_check(election, &trustees.trustee[0], tally, buf_span(&share), factors, &work));
    assert_all_changes_refused(buf_span(&share), share_of_trustee, BITS_ALL, 7);
    assert_all_changes_refused(buf_span(&binding), binding_of_trustee, BITS_ALL, 4);
}

// ---- the key ceremony: of one person, so that messages are short ----

static struct ceremony *ceremony;

static enum p1_err accepted(struct span vinput) {
    static struct ceremony copy;
    unsigned bad;
    copy = *ceremony;
    return voutput_of(&copy, 0, vinput, &bad);
}

static enum p1_err certificate_alone(struct span text) {
    struct certificates c;
    struct buf arena = keep_buf(text.n);
    return certificates_parse(&c, ceremony->g, &text, 1, &arena, &work);
}

// What only the recipient can look at is looked at in the next step.
static enum p1_err polynomial_and_on(struct span text) {
    struct polynomial p;
    struct buf arena = keep_buf(20000), vinput = keep_buf(20000);
    TRY(polynomial_check(ceremony->g, &ceremony->certs, 1, text, &p, &arena, &work));
    TRY(vinput_write(&ceremony->certs, &p, 1, &vinput));
    return accepted(buf_span(&vinput));
}

// Its own private key is sealed for the trustee: it opens it when it decrypts.
static enum p1_err voutput_and_on(struct span text) {
    struct span public_key, sent;
    struct scalar x;
    struct buf arena = keep_buf(20000), plain = keep_buf(text.n);
    TRY(voutput_check(ceremony->g, &ceremony->certs, ceremony->polynomials, 1, text, &public_key, &work));
    struct json j = json_of(text);
    TRY(json_lit(&j, "{\"private_key\":"));
    TRY(json_quoted(&j, &sent));
    json_unescape(&plain, sent);
    return decryption_key_open(ceremony->g, &ceremony->keys[0], buf_span(&plain), &x, &arena, &work);
}

static enum p1_err set_alone(struct span text) {
    struct trustees t;
    TRY(trustees_verdict(ceremony->g, text, &t));
    return t.lacks ? P1_ERR_TRUSTEE_KEY_SIGNATURE
                   : P1_OK; // may be absent, and is warned of: setups of old do not have it
}

static void no_change_of_a_certificate_is_accepted(void **state) {
    (void)state;
    assert_all_changes_refused(ceremony->cert[0], certificate_alone, BITS_ALL, 14);
}

static void no_change_of_a_polynomial_is_accepted(void **state) {
    (void)state;
    assert_all_changes_refused(ceremony->polynomial[0], polynomial_and_on, BITS_ONE, 20);
}

static void no_change_of_what_is_routed_to_a_trustee_is_accepted(void **state) {
    (void)state;
    assert_all_changes_refused(ceremony->vinput[0], accepted, BITS_ONE, 20);
}

static void no_change_of_an_acceptance_is_accepted(void **state) {
    (void)state;
    assert_all_changes_refused(ceremony->voutput[0], voutput_and_on, BITS_TWO, 20);
}

static void no_change_of_a_set_of_trustees_is_accepted(void **state) {
    (void)state;
    assert_all_changes_refused(trustees_text(ceremony), set_alone, BITS_TWO, 30);
}

static int init(void **state) {
    (void)state;
    ceremony = ceremony_run("Ed25519", 1, 1, AES_GCM);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_change_of_a_ballot_is_accepted),
        cmocka_unit_test(no_change_of_a_ballot_is_accepted_that_its_voter_signs_again),
        cmocka_unit_test(no_change_of_a_ballot_with_lists_is_accepted),
        cmocka_unit_test(no_change_of_a_share_is_accepted),
        cmocka_unit_test(no_change_of_a_certificate_is_accepted),
        cmocka_unit_test(no_change_of_a_polynomial_is_accepted),
        cmocka_unit_test(no_change_of_what_is_routed_to_a_trustee_is_accepted),
        cmocka_unit_test(no_change_of_an_acceptance_is_accepted),
        cmocka_unit_test(no_change_of_a_set_of_trustees_is_accepted),
    };
    return cmocka_run_group_tests_name("changes", tests, init, release);
}
