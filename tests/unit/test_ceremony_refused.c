// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What a trustee finds in its vinput when another trustee, or the organiser in between, does not keep to the rules; and what
// the organiser finds in a voutput.

#include "tests/unit/helpers_ceremony.h"

static struct ceremony *honest; // 2 of 3

// What the trustee number 2 says to a changed vinput.
static enum p1_err verdict(struct span vinput, unsigned *bad) {
    struct ceremony *c = keep(sizeof *c);
    *c = *honest;
    *bad = 99;
    return voutput_of(c, 1, keep_span(vinput), bad);
}

// Refused, and whom it names (0: nobody).
static void assert_refused(struct span vinput, enum p1_err expected, unsigned named) {
    unsigned bad;
    assert_err(verdict(vinput, &bad), expected);
    assert_int_equal(bad, named);
}

// The secret that trustee I (from 0) sent to the second, as a JSON string.
static struct span secret_from(unsigned i) {
    struct json j = json_of(honest->polynomials[i].secrets);
    struct span raw;
    assert_true(json_take(&j, "["));
    assert_ok(json_quoted(&j, &raw));
    assert_true(json_take(&j, ","));
    assert_ok(json_quoted(&j, &raw));
    return text_of("\"%.*s\"", SPAN_ARG(raw));
}

// That secret replaced by a message of FROM with this text.
static struct span with_secret(unsigned i, const struct pki_keys *from, const struct elem *to, const char *text) {
    struct span sent = sent_of(honest->g, from, to, span_str(text), AES_GCM);
    return replaced(honest->vinput[1], str_of(secret_from(i)), str_of(json_string_of(sent)));
}

// The number that trustee I sent to the second.
static struct span number_from(unsigned i) {
    struct json j = json_of(secret_from(i));
    struct span raw, message;
    struct buf arena = keep_buf(ARENA);
    assert_ok(json_quoted(&j, &raw));
    struct buf sent = keep_buf(raw.n);
    json_unescape(&sent, raw);
    assert_ok(
        channel_receive(honest->g, &honest->keys[i].vk, &honest->keys[1], buf_span(&sent), &message, &arena, &work));
    return between(message, "{\"secret\":\"", "\"}");
}

// ---- the secrets ----

static void an_honest_vinput_is_accepted(void **state) {
    unsigned bad;
    (void)state;
    assert_ok(verdict(honest->vinput[1], &bad));
    assert_int_equal(bad, 0);
    // and by hand: the same numbers, sent again
    const char *same = str_of(text_of("{\"secret\":\"%.*s\"}", SPAN_ARG(number_from(0))));
    assert_ok(verdict(with_secret(0, &honest->keys[0], &honest->keys[1].ek, same), &bad));
}

static void a_secret_that_does_not_fit_names_its_sender(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct span wrong = plus_one(&honest->g->q, number_from(i));
        const char *text = str_of(text_of("{\"secret\":\"%.*s\"}", SPAN_ARG(wrong)));
        assert_refused(with_secret(i, &honest->keys[i], &honest->keys[1].ek, text), P1_ERR_CEREMONY_SECRET, i + 1);
    }
}

static void a_secret_that_somebody_else_signed_is_refused(void **state) {
    const char *right = str_of(text_of("{\"secret\":\"%.*s\"}", SPAN_ARG(number_from(0))));
    struct pki_keys stranger = random_keys(honest->g);
    (void)state;
    assert_refused(with_secret(0, &honest->keys[2], &honest->keys[1].ek, right), P1_ERR_TRUSTEE_SIGNATURE, 1);
    assert_refused(with_secret(0, &stranger, &honest->keys[1].ek, right), P1_ERR_TRUSTEE_SIGNATURE, 1);
}

static void a_secret_for_somebody_else_is_refused(void **state) {
    const char *right = str_of(text_of("{\"secret\":\"%.*s\"}", SPAN_ARG(number_from(0))));
    (void)state;
    assert_refused(with_secret(0, &honest->keys[0], &honest->keys[2].ek, right), P1_ERR_CEREMONY_SEAL, 1);
    // the whole vinput of another trustee
    assert_refused(honest->vinput[0], P1_ERR_CEREMONY_SEAL, 1);
}

static void an_altered_sealed_text_names_its_sender(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct span secret = secret_from(i), data = between(secret, "\\\"data\\\":\\\"", "\\\"");
        struct span by = data.p[7] == '0' ? SPAN_LIT("1") : SPAN_LIT("0");
        struct span altered = spliced(secret, (size_t)(data.p - secret.p) + 7, 1, by);
        assert_refused(replaced(honest->vinput[1], str_of(secret), str_of(altered)), P1_ERR_CEREMONY_SEAL, i + 1);
    }
}

static void exchanged_secrets_are_refused(void **state) {
    const char *first = str_of(secret_from(0)), *third = str_of(secret_from(2));
    struct span vinput = replaced(replaced(honest->vinput[1], first, "\"\""), third, first);
    (void)state;
    assert_refused(replaced(vinput, "\"\"", third), P1_ERR_TRUSTEE_SIGNATURE, 1);
}

static void a_secret_has_one_form(void **state) {
    static const struct {
        const char *text;
        enum p1_err err;
    } bad[] = {
        {"", P1_ERR_JSON},
        {"{\"secret\":12}", P1_ERR_JSON},
        {"{\"secret\":\"012\"}", P1_ERR_SCALAR_FORM},
        {"{\"polynomial\":\"12\"}", P1_ERR_JSON},
        {"{\"secret\":\"12\"", P1_ERR_JSON},
        {"{\"secret\":\"12\"} ", P1_ERR_JSON_TRAILING},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(with_secret(0, &honest->keys[0], &honest->keys[1].ek, bad[i].text), bad[i].err, 1);
    assert_refused(replaced(honest->vinput[1], str_of(secret_from(0)), "7"), P1_ERR_JSON, 1);
    assert_refused(replaced(honest->vinput[1], str_of(secret_from(0)), "\"{}\""), P1_ERR_JSON, 1);
}

// ---- the coefficients and signatures ----

static void altered_coefficients_name_their_sender(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct span right = honest->polynomials[i].coefexps;
        struct span first = between(right, "[\\\"", "\\\"");
        struct span wrong = replaced(right, str_of(first), str_of(elem_span(&honest->keys[0].vk_text)));
        assert_refused(replaced(honest->vinput[1], str_of(right), str_of(wrong)), P1_ERR_TRUSTEE_SIGNATURE, i + 1);
        // signed again by the same trustee: it told the others something else
        struct span message = between(wrong, "{\"message\":\"", "\",\"signature\"");
        struct buf text = keep_buf(message.n);
        json_unescape(&text, message);
        struct span again = signed_of(honest->g, &honest->keys[i], buf_span(&text));
        assert_refused(replaced(honest->vinput[1], str_of(right), str_of(again)), P1_ERR_TRUSTEE_CERTS, i + 1);
    }
}

static void another_number_of_coefficients_is_refused(void **state) {
    struct span list = text_of("{\"coefexps\":[\"%.*s\"]}", SPAN_ARG(elem_span(&honest->keys[0].vk_text)));
    struct span fewer = signed_of(honest->g, &honest->keys[0], list);
    (void)state;
    assert_refused(replaced(honest->vinput[1], str_of(honest->polynomials[0].coefexps), str_of(fewer)),
                   P1_ERR_TRUSTEE_COEFEXPS, 1);
}

static void an_altered_signature_over_the_certificates_is_refused(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct span right = honest->polynomials[i].signature;
        struct span wrong = field_plus_one(right, &honest->g->q, 0, "response");
        assert_refused(replaced(honest->vinput[1], str_of(right), str_of(wrong)), P1_ERR_TRUSTEE_CERTS, i + 1);
    }
}

// The organiser shows the second trustee another certificate than the others saw.
static void a_certificate_that_was_exchanged_for_one_trustee_is_noticed(void **state) {
    struct ceremony *c = keep(sizeof *c);
    struct buf arena = keep_buf(ARENA);
    unsigned bad = 99;
    (void)state;
    *c = *honest;
    c->keys[2] = random_keys(c->g);
    c->cert[2] = certificate_of(c->g, &c->keys[2], 3, 2, 3);
    assert_ok(certificates_parse(&c->certs, c->g, c->cert, 3, &arena, &work));
    assert_err(voutput_of(c, 1, c->vinput[1], &bad), P1_ERR_TRUSTEE_CERTS);
    assert_int_equal(bad, 1);
}

// ---- the trustee's own polynomial ----

static struct span with_polynomial(const char *text) {
    struct span sent = sent_of(honest->g, &honest->keys[1], &honest->keys[1].ek, span_str(text), AES_GCM);
    return replaced(honest->vinput[1], str_of(honest->polynomials[1].secret), str_of(json_string_of(sent)));
}

static void a_polynomial_that_is_not_ours_is_refused(void **state) {
    static const struct {
        const char *text;
        enum p1_err err;
    } bad[] = {
        {"{\"polynomial\":[\"1\",\"2\"]}", P1_ERR_CEREMONY_POLYNOMIAL},
        {"{\"polynomial\":[]}", P1_ERR_JSON},
        {"{\"polynomial\":[1,2]}", P1_ERR_JSON},
        {"{\"secret\":\"1\"}", P1_ERR_JSON},
        {"{\"polynomial\":[\"01\",\"2\"]}", P1_ERR_SCALAR_FORM},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_refused(with_polynomial(bad[i].text), bad[i].err, 2);
    // another trustee's, sealed for that one
    assert_refused(
        replaced(honest->vinput[1], str_of(honest->polynomials[1].secret), str_of(honest->polynomials[0].secret)),
        P1_ERR_CEREMONY_SEAL, 2);
}

static void the_own_polynomial_is_looked_at_to_its_end(void **state) {
    struct json j = json_of(honest->polynomials[1].secret);
    struct span raw, message;
    struct buf arena = keep_buf(ARENA);
    unsigned bad;
    (void)state;
    assert_ok(json_quoted(&j, &raw));
    struct buf sent = keep_buf(raw.n);
    json_unescape(&sent, raw);
    assert_ok(
        channel_receive(honest->g, &honest->keys[1].vk, &honest->keys[1], buf_span(&sent), &message, &arena, &work));
    assert_ok(verdict(with_polynomial(str_of(message)), &bad));
    struct span second = between(message, "\",\"", "\"");
    struct span wrong = replaced(message, str_of(second), str_of(plus_one(&honest->g->q, second)));
    assert_refused(with_polynomial(str_of(wrong)), P1_ERR_CEREMONY_POLYNOMIAL, 2);
    assert_refused(with_polynomial(str_of(replaced(message, "\"]", "\",\"1\"]"))), P1_ERR_JSON, 2);
    assert_refused(with_polynomial(str_of(replaced(message, "\",\"", "\";\""))), P1_ERR_JSON, 2);
    assert_refused(with_polynomial(str_of(text_of("%.*s ", SPAN_ARG(message)))), P1_ERR_JSON_TRAILING, 2);
}

// ---- the form of a vinput, and who may ask ----

static void a_vinput_has_one_form(void **state) {
    const struct span good = honest->vinput[1];
    const char *third = str_of(secret_from(2));
    unsigned bad;
    (void)state;
    assert_refused(text_of("%.*s\n", SPAN_ARG(good)), P1_ERR_JSON_TRAILING, 0);
    assert_refused(replaced(good, "{\"polynomial\"", "{ \"polynomial\""), P1_ERR_JSON, 0);
    assert_refused(replaced(good, ",\"secrets\"", ",\"x\":1,\"secrets\""), P1_ERR_JSON, 0);
    assert_refused(replaced(good, ",\"coefexps\"", ",\"x\":1,\"coefexps\""), P1_ERR_JSON, 0);
    assert_refused(replaced(good, ",\"signatures\"", ",\"x\":1,\"signatures\""), P1_ERR_JSON, 0);
    for (size_t n = 0; n < good.n; n += 17) assert_int_not_equal(verdict(span_of(good.p, n), &bad), P1_OK);
    // a part too few names whose part it is, a part too many nobody
    const char *coefexps = str_of(honest->polynomials[2].coefexps),
               *signature = str_of(honest->polynomials[2].signature);
    const char *const last[] = {third, coefexps, signature};
    for (size_t i = 0; i < 3; i++) {
        const char *old = str_of(text_of(",%s]", last[i]));
        assert_refused(replaced(good, old, "]"), P1_ERR_JSON, 3);
        assert_refused(replaced(good, old, str_of(text_of(",%s,%s]", last[i], last[i]))), P1_ERR_JSON, 0);
    }
    assert_refused(replaced(good, "\"secrets\":[", "\"secrets\":7,\"x\":["), P1_ERR_JSON, 0);
    static const char *const lists[] = {"\"secrets\":", "\"coefexps\":", "\"signatures\":"};
    for (size_t i = 0; i < 3; i++) {
        struct span list =
            i == 2 ? between(good, lists[i], "}]}") : between(good, lists[i], i ? ",\"signatures\"" : ",\"coefexps\"");
        struct span rest = spliced(good, (size_t)(list.p - good.p), list.n + (i == 2 ? 2 : 0), SPAN_LIT("{}"));
        assert_refused(rest, P1_ERR_JSON, 1);
    }
}

static void a_stranger_makes_no_voutput(void **state) {
    struct ceremony *c = keep(sizeof *c);
    unsigned bad = 99;
    (void)state;
    *c = *honest;
    c->keys[1] = random_keys(c->g);
    assert_err(voutput_of(c, 1, c->vinput[1], &bad), P1_ERR_CEREMONY_STRANGER);
    assert_int_equal(bad, 0);
}

// ---- voutputs, as the organiser sees them ----

static enum p1_err voutput_verdict(unsigned index, struct span json) {
    struct span public_key;
    return voutput_check(honest->g, &honest->certs, honest->polynomials, index, keep_span(json), &public_key, &work);
}

static void a_voutput_is_of_the_trustee_whose_turn_it_is(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        for (unsigned k = 0; k < 3; k++)
            assert_err(voutput_verdict(k + 1, honest->voutput[i]), i == k ? P1_OK : P1_ERR_TRUSTEE_KEY);
}

static void a_key_of_its_own_making_is_refused(void **state) {
    const struct scalar x = random_scalar(&honest->g->q);
    struct draws d = random_draws();
    struct buf key = keep_buf(2000);
    (void)state;
    trustee_key_write(honest->g, &x, &honest->keys[0].sk, &d, &key, &work);
    assert_err(voutput_verdict(1, replaced(honest->voutput[0], str_of(honest->public_key[0]), str_of(buf_span(&key)))),
               P1_ERR_TRUSTEE_KEY);
}

static void the_proofs_of_a_voutput_are_checked(void **state) {
    const struct span good = honest->voutput[0];
    (void)state;
    for (int part = 0; part < 2; part++) {
        const char *field = part ? "response" : "challenge";
        assert_err(voutput_verdict(1, field_plus_one(good, &honest->g->q, 0, field)), P1_ERR_TRUSTEE_POK);
        assert_err(voutput_verdict(1, field_plus_one(good, &honest->g->q, 1, field)), P1_ERR_TRUSTEE_KEY_SIGNATURE);
    }
    struct draws d = random_draws();
    struct buf key = keep_buf(2000);
    trustee_key_write(honest->g, &honest->decryption_key[0], NULL, &d, &key, &work); // not signed
    assert_err(voutput_verdict(1, replaced(good, str_of(honest->public_key[0]), str_of(buf_span(&key)))),
               P1_ERR_TRUSTEE_KEY_SIGNATURE);
    key = keep_buf(2000);
    trustee_key_write(honest->g, &honest->decryption_key[0], &honest->keys[1].sk, &d, &key, &work);
    assert_err(voutput_verdict(1, replaced(good, str_of(honest->public_key[0]), str_of(buf_span(&key)))),
               P1_ERR_TRUSTEE_KEY_SIGNATURE);
}

static void a_voutput_has_one_form(void **state) {
    const struct span good = honest->voutput[0];
    (void)state;
    assert_err(voutput_verdict(1, text_of("%.*s\n", SPAN_ARG(good))), P1_ERR_JSON_TRAILING);
    assert_err(voutput_verdict(1, replaced(good, "{\"private_key\"", "{\"x\":1,\"private_key\"")), P1_ERR_JSON);
    assert_err(voutput_verdict(1, replaced(good, ",\"public_key\":{", ",\"x\":1,\"public_key\":{")), P1_ERR_JSON);
    for (size_t n = 0; n < good.n; n += 7) assert_int_not_equal(voutput_verdict(1, span_of(good.p, n)), P1_OK);
    for (size_t at = find(good, 0, "\"public_key\""); at < good.n; at++)
        assert_int_not_equal(voutput_verdict(1, spliced(good, at, 1, SPAN_LIT("?"))), P1_OK);
}

static int init(void **state) {
    (void)state;
    honest = ceremony_run("Ed25519", 2, 3, AES_GCM);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_vinput_is_accepted),
        cmocka_unit_test(a_secret_that_does_not_fit_names_its_sender),
        cmocka_unit_test(a_secret_that_somebody_else_signed_is_refused),
        cmocka_unit_test(a_secret_for_somebody_else_is_refused),
        cmocka_unit_test(an_altered_sealed_text_names_its_sender),
        cmocka_unit_test(exchanged_secrets_are_refused),
        cmocka_unit_test(a_secret_has_one_form),
        cmocka_unit_test(altered_coefficients_name_their_sender),
        cmocka_unit_test(another_number_of_coefficients_is_refused),
        cmocka_unit_test(an_altered_signature_over_the_certificates_is_refused),
        cmocka_unit_test(a_certificate_that_was_exchanged_for_one_trustee_is_noticed),
        cmocka_unit_test(a_polynomial_that_is_not_ours_is_refused),
        cmocka_unit_test(the_own_polynomial_is_looked_at_to_its_end),
        cmocka_unit_test(a_vinput_has_one_form),
        cmocka_unit_test(a_stranger_makes_no_voutput),
        cmocka_unit_test(a_voutput_is_of_the_trustee_whose_turn_it_is),
        cmocka_unit_test(a_key_of_its_own_making_is_refused),
        cmocka_unit_test(the_proofs_of_a_voutput_are_checked),
        cmocka_unit_test(a_voutput_has_one_form),
    };
    return cmocka_run_group_tests_name("key ceremony refused", tests, init, release);
}
