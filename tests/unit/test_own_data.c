// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Requests for what a server holds about a code: what is signed, and what is not accepted as such.

#include "core/own_data.h"

#include "core/pki.h"
#include "tests/unit/changes.h"
#include "tests/unit/helpers.h"

enum { HOUR = 500000 };
#define PAPER "[{\"answers\":[\"a\"],\"min\":0,\"max\":1,\"question\":\"\"}]"
#define SERVER SPAN_LIT("the key of this server's receipts")

static const struct election *election;
static struct voter voter;
static struct span request;

static struct span ask(const struct election *e, const struct voter *v, struct span server) {
    uint8_t random[32];
    struct buf b = keep_buf(P1_OWN_DATA_TEXT);
    random_bytes(random, sizeof random);
    assert_ok(own_data_write_ct(e, &v->x, elem_span(&v->credential), server, HOUR, random, &b, &work));
    return buf_span(&b);
}

static enum p1_err verdict(struct span text) {
    struct own_data o;
    TRY(own_data_parse(&o, &election->group.q, text));
    return own_data_check(election, &o, SERVER, &work);
}

static int begin(void **state) {
    const struct scalar y = random_scalar(&group_of("Ed25519")->q);
    (void)state;
    election = election_read(election_text("Ed25519", PAPER, &y));
    voter = voter_make(election);
    request = ask(election, &voter, SERVER);
    return 0;
}

// The request with another proof as its signature.
static struct span signed_as(struct span proof) {
    return text_of("{\"credential\":\"%.*s\",\"hour\":%d,\"signature\":%.*s}", SPAN_ARG(elem_span(&voter.credential)),
                   HOUR, SPAN_ARG(proof));
}

static struct span proof_in(struct span text) {
    struct span s = span_from(text, find(text, 0, "{\"challenge\":"));
    return span_of(s.p, find(s, 0, "}") + 1);
}

static struct span signature_of(const struct scalar *x, struct span message) {
    struct draws d = random_draws();
    struct buf b = keep_buf(2 * P1_SCALAR_TEXT);
    signature_write(&election->group, x, message, &d, &b, &work);
    return buf_span(&b);
}

static void what_is_signed_is_as_the_header_says(void **state) {
    (void)state;
    struct span credential = elem_span(&voter.credential);
    assert_ok(verdict(request));
    struct span message =
        text_of("{\"type\":\"own-data\",\"election\":\"%.*s\",\"server\":\"%.*s\",\"credential\":\"%.*s\",\"hour\":%d}",
                SPAN_ARG(election->uuid), SPAN_ARG(SERVER), SPAN_ARG(credential), HOUR);
    assert_ok(verdict(signed_as(signature_of(&voter.x, message))));
}

static int is_refused(struct span text, size_t at, void *arg) {
    (void)at;
    (void)arg;
    return verdict(keep_span(text)) != P1_OK;
}

static void no_change_of_a_request_is_accepted(void **state) {
    (void)state;
    uint8_t *room = keep(2 * request.n + P1_SCALAR_TEXT);
    unsigned count;
    assert_int_equal(try_bits(request, BITS_ALL, room, is_refused, NULL), SIZE_MAX);
    assert_int_equal(try_values(&election->group, request, room, is_refused, NULL, &count, &work), SIZE_MAX);
    assert_true(count >= 4);
    assert_int_equal(try_forms(request, room, is_refused, NULL, &count), SIZE_MAX);
    assert_true(count >= 8);
    assert_err(verdict(text_of("%.*s\n", SPAN_ARG(request))), P1_ERR_JSON_TRAILING);
}

static void a_request_of_another_election_is_refused(void **state) {
    (void)state;
    struct election *other = election_read(replaced(election->json, "\"uuid\":\"", "\"uuid\":\"2"));
    assert_err(verdict(ask(other, &voter, SERVER)), P1_ERR_OWN_SIGNATURE);
}

static void a_request_for_another_server_is_refused(void **state) {
    (void)state;
    assert_err(verdict(ask(election, &voter, SPAN_LIT("the key of another server"))), P1_ERR_OWN_SIGNATURE);
}

static void somebody_elses_signature_is_refused(void **state) {
    (void)state;
    struct voter other = voter_make(election);
    assert_ok(verdict(ask(election, &other, SERVER))); // is that code on the roll? The ballot box asks
    assert_err(verdict(signed_as(proof_in(ask(election, &other, SERVER)))), P1_ERR_OWN_SIGNATURE);
}

static void a_ballots_signature_is_no_request_and_a_requests_no_ballot(void **state) {
    (void)state;
    struct span ballot = ballot_of(election, &voter, (const uint8_t[]){1});
    struct span end = span_from(ballot, find(ballot, 0, "\"signature\""));
    assert_err(verdict(signed_as(proof_in(end))), P1_ERR_OWN_SIGNATURE);
    assert_ok(ballot_verdict(election, ballot, NULL));
    struct span other = keep_span(span_of(ballot.p, (size_t)(end.p - ballot.p) + find(end, 0, "{\"challenge\":")));
    struct span proof = proof_in(request);
    struct span forged = text_of("%.*s%.*s}}", SPAN_ARG(other), SPAN_ARG(proof));
    assert_err(ballot_verdict(election, forged, NULL), P1_ERR_BALLOT_SIGNATURE);
}

static void a_receipt_or_a_notice_is_no_request(void **state) {
    (void)state;
    // Even if the code's own key had signed them.
    struct span hash = span_of(election->hash64, P1_HASH64);
    struct span receipt =
        text_of("{\"election\":\"%.*s\",\"tracker\":\"%.*s\",\"height\":1,\"event\":\"00\",\"hour\":%d}",
                SPAN_ARG(election->uuid), SPAN_ARG(hash), HOUR);
    assert_err(verdict(signed_as(signature_of(&voter.x, receipt))), P1_ERR_OWN_SIGNATURE);
    struct span credential = elem_span(&voter.credential);
    struct span notice =
        text_of("{\"event\":\"00\",\"type\":\"withdraw\",\"credential\":\"%.*s\"}", SPAN_ARG(credential));
    assert_err(verdict(signed_as(signature_of(&voter.x, notice))), P1_ERR_OWN_SIGNATURE);
}

static void every_request_has_a_nonce_of_its_own(void **state) {
    (void)state;
    uint8_t random[32] = {0};
    struct buf b[3] = {keep_buf(P1_OWN_DATA_TEXT), keep_buf(P1_OWN_DATA_TEXT), keep_buf(P1_OWN_DATA_TEXT)};
    struct own_data o[3];
    struct elem commitment[3], key;
    struct voter other = voter_make(election);
    const struct voter *const who[] = {&voter, &voter, &other};
    for (unsigned i = 0; i < 3; i++) {
        struct span credential = elem_span(&who[i]->credential);
        assert_ok(own_data_write_ct(election, &who[i]->x, credential, SERVER, HOUR + (i == 1), random, &b[i], &work));
        assert_ok(own_data_parse(&o[i], &election->group.q, buf_span(&b[i])));
        assert_ok(elem_decode(&election->group, &key, credential, &work));
        commitment[i] = commitment_of(&election->group, &key, &o[i].signature);
    }
    assert_false(elem_equal(&election->group, &commitment[0], &commitment[1], &work)); // another message
    assert_false(elem_equal(&election->group, &commitment[0], &commitment[2], &work)); // another key
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_signed_is_as_the_header_says, begin, release),
        cmocka_unit_test_setup_teardown(no_change_of_a_request_is_accepted, begin, release),
        cmocka_unit_test_setup_teardown(a_request_of_another_election_is_refused, begin, release),
        cmocka_unit_test_setup_teardown(a_request_for_another_server_is_refused, begin, release),
        cmocka_unit_test_setup_teardown(somebody_elses_signature_is_refused, begin, release),
        cmocka_unit_test_setup_teardown(a_ballots_signature_is_no_request_and_a_requests_no_ballot, begin, release),
        cmocka_unit_test_setup_teardown(a_receipt_or_a_notice_is_no_request, begin, release),
        cmocka_unit_test_setup_teardown(every_request_has_a_nonce_of_its_own, begin, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
