// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Key ceremonies that go well, ours and those of Belenios; and what the organiser refuses.

#include "tests/unit/helpers_ceremony.h"

#define VECTOR "ed25519-threshold" // 3 of 5, made by belenios-tool 3.3.0

static struct ceremony *two_of_three;
static struct certificates *scratch;

static enum p1_err parse(const struct group *g, const struct span *json, unsigned n) {
    struct buf arena = keep_buf(ARENA);
    return certificates_parse(scratch, g, json, n, &arena, &work);
}

// ---- whole ceremonies ----

// f(0) from the values of the first THRESHOLD trustees (Lagrange).
static struct scalar joint_secret(const struct ceremony *c, unsigned from) {
    const struct modulus *q = &c->g->q;
    struct scalar sum = {{0}};
    for (unsigned i = from; i < from + c->threshold; i++) {
        struct scalar term = c->decryption_key[i], a, b;
        for (unsigned k = from; k < from + c->threshold; k++) {
            if (k == i) continue;
            sc_from_u64(&a, k + 1);
            sc_from_u64(&b, i + 1);
            sc_mul(q, &term, &term, &a);
            sc_sub(q, &a, &a, &b);
            sc_inv(q, &a, &a);
            sc_mul(q, &term, &term, &a);
        }
        sc_add(q, &sum, &sum, &term);
    }
    return sum;
}

static void a_whole_ceremony_gives_a_set_that_is_accepted(void **state) {
    static const struct {
        const char *group;
        unsigned threshold, size;
        enum aes_mode mode;
    } run[] = {
        {"Ed25519", 3, 5, AES_GCM},       {"Ed25519", 3, 5, AES_CCM},       {"Ed25519", 1, 1, AES_GCM},
        {"Ed25519", 1, 3, AES_CCM},       {"Ed25519", 4, 4, AES_GCM},       {"BELENIOS-2048", 2, 3, AES_CCM},
        {"BELENIOS-2048", 1, 1, AES_GCM}, {"RFC-3526-2048", 1, 2, AES_GCM},
    };
    (void)state;
    for (size_t i = 0; i < sizeof run / sizeof *run; i++) {
        struct ceremony *c = ceremony_run(run[i].group, run[i].threshold, run[i].size, run[i].mode);
        struct trustees *t = keep(sizeof *t);
        assert_ok(trustees_verdict(c->g, trustees_text(c), t));
        assert_int_equal(t->lacks, 0);
        assert_int_equal(t->count, c->size);
        assert_int_equal(t->item[0].threshold, c->threshold);
        for (unsigned k = 0; k < c->size; k++) {
            struct elem key = power_of_g(c->g, &c->decryption_key[k]);
            assert_true(elem_equal(c->g, &key, &t->trustee[k].key, &work));
        }
        for (unsigned from = 0; from + c->threshold <= c->size; from++) {
            struct scalar x = joint_secret(c, from);
            struct elem key = power_of_g(c->g, &x);
            assert_true(elem_equal(c->g, &key, &t->joint, &work));
        }
    }
}

static void messages_of_both_modes_go_together(void **state) {
    struct ceremony *c = ceremony_begin("Ed25519", 2, 3, AES_GCM);
    struct buf arena = keep_buf(ARENA);
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        c->mode = i == 1 ? AES_CCM : AES_GCM;
        c->polynomial[i] = polynomial_of(c, i);
        assert_ok(polynomial_check(c->g, &c->certs, i + 1, c->polynomial[i], &c->polynomials[i], &arena, &work));
    }
    for (unsigned i = 0; i < 3; i++) {
        struct buf b = keep_buf(ARENA);
        assert_ok(vinput_write(&c->certs, c->polynomials, i + 1, &b));
        c->vinput[i] = keep_span(buf_span(&b));
    }
    ceremony_end(c);
}

static void the_private_key_of_a_voutput_opens_again(void **state) {
    struct ceremony *c = two_of_three;
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct span raw = between(c->voutput[i], "{\"private_key\":\"", "\",\"public_key\"");
        struct buf sent = keep_buf(raw.n), arena = keep_buf(ARENA);
        struct scalar x;
        json_unescape(&sent, raw);
        assert_ok(decryption_key_open(c->g, &c->keys[i], buf_span(&sent), &x, &arena, &work));
        assert_true(sc_is_equal(&x, &c->decryption_key[i]));
        arena.n = 0;
        assert_err(decryption_key_open(c->g, &c->keys[(i + 1) % 3], buf_span(&sent), &x, &arena, &work),
                   P1_ERR_CEREMONY_SEAL);
    }
}

static void each_knows_its_own_certificate(void **state) {
    struct ceremony *c = two_of_three;
    struct pki_keys stranger = random_keys(c->g), half = c->keys[0];
    unsigned index;
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_ok(certificates_find(&c->certs, c->g, &c->keys[i], &index, &work));
        assert_int_equal(index, i + 1);
    }
    assert_err(certificates_find(&c->certs, c->g, &stranger, &index, &work), P1_ERR_CEREMONY_STRANGER);
    half.ek = stranger.ek;
    assert_err(certificates_find(&c->certs, c->g, &half, &index, &work), P1_ERR_CEREMONY_STRANGER);
    half = c->keys[0];
    half.vk = c->keys[1].vk;
    assert_err(certificates_find(&c->certs, c->g, &half, &index, &work), P1_ERR_CEREMONY_STRANGER);
}

// ---- messages of Belenios ----

static struct ceremony *ceremony_of_vector(void) {
    struct ceremony *c = keep(sizeof *c);
    struct buf arena = keep_buf(ARENA);
    c->g = group_of("Ed25519");
    c->mode = AES_GCM;
    c->size = 5;
    c->threshold = 3;
    for (unsigned i = 0; i < 5; i++) {
        pki_keys_init(c->g, &c->keys[i], vector_line(VECTOR, "seeds.txt", i), &work);
        c->cert[i] = vector_line(VECTOR, "certs.jsons", i);
        c->polynomial[i] = vector_line(VECTOR, "polynomials.jsons", i);
        c->voutput[i] = vector_line(VECTOR, "voutputs.jsons", i);
    }
    assert_ok(certificates_parse(&c->certs, c->g, c->cert, 5, &arena, &work));
    for (unsigned i = 0; i < 5; i++)
        assert_ok(polynomial_check(c->g, &c->certs, i + 1, c->polynomial[i], &c->polynomials[i], &arena, &work));
    return c;
}

static void a_vinput_is_the_one_that_belenios_wrote(void **state) {
    struct ceremony *c = ceremony_of_vector();
    struct buf b = keep_buf(ARENA);
    (void)state;
    assert_ok(vinput_write(&c->certs, c->polynomials, 1, &b));
    assert_span(buf_span(&b), vector(VECTOR, "vinput1.json"));
}

static void a_vinput_of_belenios_gives_the_decryption_key(void **state) {
    struct ceremony *c = ceremony_of_vector();
    struct span public_key;
    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        struct buf b = keep_buf(ARENA), arena = keep_buf(ARENA);
        struct scalar expected;
        unsigned bad = 99;
        assert_ok(vinput_write(&c->certs, c->polynomials, i + 1, &b));
        assert_ok(voutput_of(c, i, i ? buf_span(&b) : vector(VECTOR, "vinput1.json"), &bad));
        assert_int_equal(bad, 0);
        assert_ok(
            decryption_key_open(c->g, &c->keys[i], vector_line(VECTOR, "dkeys.jsons", i), &expected, &arena, &work));
        assert_true(sc_is_equal(&c->decryption_key[i], &expected));
        assert_ok(voutput_check(c->g, &c->certs, c->polynomials, i + 1, c->voutput[i], &public_key, &work));
    }
}

static void the_threshold_parameters_are_those_that_belenios_wrote(void **state) {
    struct ceremony *c = ceremony_of_vector();
    struct buf b = keep_buf(ARENA);
    (void)state;
    for (unsigned i = 0; i < 5; i++)
        assert_ok(voutput_check(c->g, &c->certs, c->polynomials, i + 1, c->voutput[i], &c->public_key[i], &work));
    assert_ok(threshold_write(&c->certs, c->polynomials, c->public_key, &b));
    assert_span(buf_span(&b), vector(VECTOR, "threshold.json"));
    assert_span(text_of("[[\"Pedersen\",%.*s]]", SPAN_ARG(buf_span(&b))), vector(VECTOR, "trustees.json"));
}

static void certificates_of_belenios_2_do_not_say_what_they_are_for(void **state) {
    struct span cert[5];
    (void)state;
    for (unsigned i = 0; i < 5; i++) cert[i] = vector_line("b2048-v2-threshold-mixed", "certs.jsons", i);
    assert_err(parse(group_of("BELENIOS-2048"), cert, 5), P1_ERR_TRUSTEE_CONTEXT);
    assert_int_equal(scratch->count, 0);
}

// ---- 1. certificates ----

static void certificates_in_another_order_are_refused(void **state) {
    const struct ceremony *c = two_of_three;
    const struct span exchanged[] = {c->cert[0], c->cert[2], c->cert[1]},
                      twice[] = {c->cert[0], c->cert[0], c->cert[2]};
    (void)state;
    assert_ok(parse(c->g, c->cert, 3));
    assert_err(parse(c->g, exchanged, 3), P1_ERR_TRUSTEE_CONTEXT);
    assert_int_equal(scratch->count, 1);
    assert_err(parse(c->g, twice, 3), P1_ERR_TRUSTEE_CONTEXT);
    assert_err(parse(c->g, c->cert, 2), P1_ERR_TRUSTEE_CONTEXT); // for three
}

static void there_is_one_to_64_certificates(void **state) {
    (void)state;
    assert_err(parse(two_of_three->g, two_of_three->cert, 0), P1_ERR_TRUSTEE_COUNT);
    assert_err(parse(two_of_three->g, two_of_three->cert, P1_TRUSTEES_MAX + 1), P1_ERR_TRUSTEE_COUNT);
}

// All agree, and all sign: the threshold must be possible all the same.
static void a_threshold_of_none_or_of_more_than_there_are_is_refused(void **state) {
    const struct ceremony *c = two_of_three;
    static const char *const bad[] = {"\"threshold\":0,", "\"threshold\":4,", "\"threshold\":64,"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct span cert[3];
        for (unsigned k = 0; k < 3; k++) {
            struct span raw = between(c->cert[k], "{\"message\":\"", "\",\"signature\"");
            struct buf text = keep_buf(raw.n);
            json_unescape(&text, raw);
            cert[k] = signed_of(c->g, &c->keys[k], replaced(buf_span(&text), "\"threshold\":2,", bad[i]));
        }
        assert_err(parse(c->g, cert, 3), P1_ERR_TRUSTEE_CONTEXT);
        assert_int_equal(scratch->count, 0);
    }
}

static void a_certificate_that_was_changed_is_refused(void **state) {
    const struct ceremony *c = two_of_three;
    const struct span good = c->cert[2];
    const struct span bad[] = {
        field_plus_one(good, &c->g->q, 0, "response"),
        replaced(good, str_of(elem_span(&c->keys[2].ek_text)), str_of(elem_span(&c->keys[1].ek_text))),
        replaced(good, str_of(elem_span(&c->keys[2].vk_text)), str_of(elem_span(&c->keys[1].vk_text))),
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct span cert[] = {c->cert[0], c->cert[1], bad[i]};
        assert_err(parse(c->g, cert, 3), P1_ERR_TRUSTEE_SIGNATURE);
        assert_int_equal(scratch->count, 2);
    }
    const struct span trailing[] = {c->cert[0], c->cert[1], text_of("%.*s\n", SPAN_ARG(good))};
    assert_err(parse(c->g, trailing, 3), P1_ERR_JSON_TRAILING);
    for (size_t n = 0; n < good.n; n += 3) {
        const struct span cut[] = {c->cert[0], c->cert[1], span_of(good.p, n)};
        assert_int_not_equal(parse(c->g, cut, 3), P1_OK);
    }
}

// Each part of what was signed, cut and changed, and signed again.
static void a_certificate_has_one_form(void **state) {
    const struct ceremony *c = ceremony_begin("Ed25519", 1, 1, AES_GCM);
    struct span raw = between(c->cert[0], "{\"message\":\"", "\",\"signature\"");
    struct buf text = keep_buf(raw.n);
    json_unescape(&text, raw);
    const struct span message = buf_span(&text);
    (void)state;
    for (size_t i = 0; i < message.n; i++) {
        struct span cut = signed_of(c->g, &c->keys[0], span_of(message.p, i));
        assert_int_not_equal(parse(c->g, &cut, 1), P1_OK);
        struct span less = signed_of(c->g, &c->keys[0], spliced(message, i, 1, SPAN_LIT("")));
        assert_int_not_equal(parse(c->g, &less, 1), P1_OK);
        struct span more = signed_of(c->g, &c->keys[0], spliced(message, i, 0, SPAN_LIT(" ")));
        assert_int_not_equal(parse(c->g, &more, 1), P1_OK);
    }
}

static void a_place_that_cannot_be_is_not_certified(void **state) {
    static const unsigned bad[][3] = {{3, 0, 1}, {3, 4, 1},  {3, 2, 0},
                                      {3, 2, 4}, {65, 2, 1}, {0, 0, 0}}; // size, threshold, index
    const struct ceremony *c = two_of_three;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct draws d = random_draws();
        struct buf b = keep_buf(4000);
        assert_err(certificate_make(c->g, &c->keys[0], bad[i][0], bad[i][1], bad[i][2], &d, &b, &work),
                   P1_ERR_TRUSTEE_CONTEXT);
        assert_int_equal(b.n, 0);
    }
    struct span most = certificate_of(c->g, &c->keys[0], P1_TRUSTEES_MAX, P1_TRUSTEES_MAX, P1_TRUSTEES_MAX);
    assert_true(find(most, 0, "\\\"size\\\":64,\\\"threshold\\\":64,\\\"index\\\":64") != SIZE_MAX);
}

// ---- 2. polynomials ----

static enum p1_err polynomial_verdict(const struct ceremony *c, unsigned index, struct span json) {
    struct polynomial p;
    struct buf arena = keep_buf(ARENA);
    return polynomial_check(c->g, &c->certs, index, keep_span(json), &p, &arena, &work);
}

static void a_stranger_makes_no_polynomial(void **state) {
    const struct ceremony *c = two_of_three;
    struct pki_keys stranger = random_keys(c->g);
    struct draws d = random_draws();
    struct buf b = keep_buf(ARENA), arena = keep_buf(ARENA);
    (void)state;
    assert_err(polynomial_make(c->g, &c->certs, &stranger, AES_GCM, &d, &b, &arena, &work), P1_ERR_CEREMONY_STRANGER);
}

static void a_polynomial_is_of_the_trustee_whose_turn_it_is(void **state) {
    const struct ceremony *c = two_of_three;
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        for (unsigned k = 0; k < 3; k++)
            assert_err(polynomial_verdict(c, k + 1, c->polynomial[i]), i == k ? P1_OK : P1_ERR_TRUSTEE_SIGNATURE);
}

static void the_signatures_of_a_polynomial_are_checked(void **state) {
    const struct ceremony *c = two_of_three;
    const struct span good = c->polynomial[0];
    (void)state;
    for (int part = 0; part < 2; part++) {
        const char *field = part ? "response" : "challenge";
        assert_err(polynomial_verdict(c, 1, field_plus_one(good, &c->g->q, 0, field)), P1_ERR_TRUSTEE_SIGNATURE);
        assert_err(polynomial_verdict(c, 1, field_plus_one(good, &c->g->q, 1, field)), P1_ERR_TRUSTEE_CERTS);
    }
    // one coefficient exchanged for another, without a new signature
    struct span first = between(good, "\"{\\\"coefexps\\\":[\\\"", "\\\"");
    struct span wrong = replaced(good, str_of(first), str_of(elem_span(&c->keys[0].vk_text)));
    assert_err(polynomial_verdict(c, 1, wrong), P1_ERR_TRUSTEE_SIGNATURE);
}

static void a_polynomial_is_bound_to_the_certificates_that_its_maker_saw(void **state) {
    struct ceremony *c = keep(sizeof *c);
    struct buf arena = keep_buf(ARENA);
    (void)state;
    *c = *two_of_three;
    c->keys[2] = random_keys(c->g); // the organiser shows this one to the first trustee only
    c->cert[2] = certificate_of(c->g, &c->keys[2], 3, 2, 3);
    assert_ok(certificates_parse(&c->certs, c->g, c->cert, 3, &arena, &work));
    struct span seen_otherwise = polynomial_of(c, 0);
    assert_ok(polynomial_verdict(c, 1, seen_otherwise));
    assert_err(polynomial_verdict(two_of_three, 1, seen_otherwise), P1_ERR_TRUSTEE_CERTS);
}

static void a_polynomial_of_another_degree_is_refused(void **state) {
    struct ceremony *c = keep(sizeof *c);
    (void)state;
    *c = *two_of_three;
    for (unsigned t = 1; t <= 3; t++) {
        c->certs.threshold = t;
        assert_err(polynomial_verdict(two_of_three, 1, polynomial_of(c, 0)), t == 2 ? P1_OK : P1_ERR_TRUSTEE_COEFEXPS);
    }
}

static void a_polynomial_has_a_secret_for_each(void **state) {
    const struct ceremony *c = two_of_three;
    const struct span good = c->polynomial[0];
    struct span secrets = between(good, "\"secrets\":[", "],\"coefexps\"");
    (void)state;
    assert_err(polynomial_verdict(c, 1, replaced(good, str_of(secrets), "\"a\",\"b\"")), P1_ERR_JSON);
    assert_err(polynomial_verdict(c, 1, replaced(good, str_of(secrets), "\"a\",\"b\",\"c\",\"d\"")), P1_ERR_JSON);
    assert_err(polynomial_verdict(c, 1, replaced(good, str_of(secrets), "\"a\",\"b\",3")), P1_ERR_JSON);
    assert_err(polynomial_verdict(c, 1, replaced(good, str_of(secrets), "")), P1_ERR_JSON);
    assert_err(polynomial_verdict(c, 1, replaced(good, "\"secrets\":[", "\"secrets\":7,\"x\":[")), P1_ERR_JSON);
    assert_err(polynomial_verdict(c, 1, text_of("%.*s\n", SPAN_ARG(good))), P1_ERR_JSON_TRAILING);
    assert_err(polynomial_verdict(c, 1, replaced(good, "\"secrets\"", "\"x\":1,\"secrets\"")), P1_ERR_JSON);
    for (size_t n = 0; n < good.n; n += 13) assert_int_not_equal(polynomial_verdict(c, 1, span_of(good.p, n)), P1_OK);
    for (size_t at = find(good, 0, "],\"coefexps\""); at < good.n; at += 3)
        assert_int_not_equal(polynomial_verdict(c, 1, spliced(good, at, 1, SPAN_LIT("?"))), P1_OK);
}

static void coefficients_are_fresh_in_each_polynomial(void **state) {
    const struct ceremony *c = two_of_three;
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        for (unsigned k = 0; k <= i; k++)
            for (unsigned m = 0; m < 2; m++)
                for (unsigned n = 0; n < 2; n++) {
                    if (i == k && m == n) continue;
                    assert_false(elem_equal(c->g, &c->polynomials[i].coef[m], &c->polynomials[k].coef[n], &work));
                }
}

// Elements that are g to the power of something drawn.
struct drawn {
    struct elem e[64];
    unsigned n;
};

// g^r and g^s of a sealed message, which is the string number NTH of its kind.
static void add_sealed(const struct ceremony *c, struct drawn *d, struct span json, unsigned nth,
                       const struct pki_keys *to) {
    struct elem alpha, beta, shared;
    const struct mul_job job = {.out = &shared, .x = &to->dk, .base = &alpha};
    struct span a = between_nth(json, nth, "\\\"alpha\\\":\\\"", "\\\"");
    struct span b = between_nth(json, nth, "\\\"beta\\\":\\\"", "\\\"");
    assert_ok(elem_decode(c->g, &alpha, a, &work));
    assert_ok(elem_decode(c->g, &beta, b, &work));
    mul_run_vartime(c->g, NULL, &job, 1, &work);
    elem_inverse(c->g, &shared, &shared, &work);
    d->e[d->n++] = alpha;
    elem_mul_ct(c->g, &d->e[d->n++], &beta, &shared, &work);
}

// The commitment of the proof number NTH that is no string.
static void add_commitment(const struct ceremony *c, struct drawn *d, struct span json, unsigned nth,
                           const struct elem *key) {
    const struct proof p = {scalar_of(&c->g->q, between_nth(json, nth, "\"challenge\":\"", "\"")),
                            scalar_of(&c->g->q, between_nth(json, nth, "\"response\":\"", "\""))};
    d->e[d->n++] = commitment_of(c->g, key, &p);
}

// Two signatures with one nonce give the key away, and a key that is sealed with itself is none.
static void no_number_is_drawn_twice(void **state) {
    const struct ceremony *c = two_of_three;
    struct drawn d = {.n = 0};
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        const struct elem key = power_of_g(c->g, &c->decryption_key[i]);
        add_sealed(c, &d, c->polynomial[i], 0, &c->keys[i]);
        for (unsigned k = 0; k < 3; k++) add_sealed(c, &d, c->polynomial[i], 1 + k, &c->keys[k]);
        add_commitment(c, &d, c->polynomial[i], 0, &c->keys[i].vk);
        add_commitment(c, &d, c->polynomial[i], 1, &c->keys[i].vk);
        for (unsigned k = 0; k < 2; k++) d.e[d.n++] = c->polynomials[i].coef[k];
        add_sealed(c, &d, c->voutput[i], 0, &c->keys[i]);
        add_commitment(c, &d, c->voutput[i], 0, &key);
        add_commitment(c, &d, c->voutput[i], 1, &c->keys[i].vk);
    }
    for (unsigned i = 0; i < d.n; i++)
        for (unsigned k = 0; k < i; k++) assert_false(elem_equal(c->g, &d.e[i], &d.e[k], &work));
}

// ---- too little room ----

typedef enum p1_err (*step)(const struct ceremony *c, struct buf *out, struct buf *arena);

static enum p1_err make_polynomial(const struct ceremony *c, struct buf *out, struct buf *arena) {
    struct draws d = {.n = 0};
    return polynomial_make(c->g, &c->certs, &c->keys[0], c->mode, &d, out, arena, &work);
}

static enum p1_err make_voutput(const struct ceremony *c, struct buf *out, struct buf *arena) {
    struct draws d = {.n = 0};
    struct scalar x;
    unsigned bad;
    return voutput_make(c->g, &c->certs, &c->keys[0], c->vinput[0], c->mode, &d, &x, out, &bad, arena, &work);
}

static enum p1_err make_certificate(const struct ceremony *c, struct buf *out, struct buf *arena) {
    struct draws d = {.n = 0};
    (void)arena;
    return certificate_make(c->g, &c->keys[0], 2, 2, 1, &d, out, &work);
}

static enum p1_err make_vinput(const struct ceremony *c, struct buf *out, struct buf *arena) {
    (void)arena;
    return vinput_write(&c->certs, c->polynomials, 1, out);
}

static enum p1_err make_threshold(const struct ceremony *c, struct buf *out, struct buf *arena) {
    (void)arena;
    return threshold_write(&c->certs, c->polynomials, c->public_key, out);
}

static enum p1_err check_certificates(const struct ceremony *c, struct buf *out, struct buf *arena) {
    (void)out;
    return certificates_parse(scratch, c->g, c->cert, c->size, arena, &work);
}

static enum p1_err check_polynomial(const struct ceremony *c, struct buf *out, struct buf *arena) {
    struct polynomial p;
    (void)out;
    return polynomial_check(c->g, &c->certs, 1, c->polynomial[0], &p, arena, &work);
}

static void too_little_room_is_told_and_enough_suffices(void **state) {
    static const step steps[] = {make_polynomial, make_voutput,       make_certificate, make_vinput,
                                 make_threshold,  check_certificates, check_polynomial};
    const struct ceremony *c = ceremony_run("Ed25519", 2, 2, AES_GCM);
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct buf whole = keep_buf(ARENA), arena = keep_buf(ARENA);
        assert_ok(steps[i](c, &whole, &arena));
        const size_t need = whole.n, stride = need / 60 + 1;
        for (size_t cap = 0; cap < need; cap += stride) {
            struct buf out = keep_buf(cap);
            arena = keep_buf(ARENA);
            assert_err(steps[i](c, &out, &arena), P1_ERR_SPACE);
        }
        enum p1_err last = P1_ERR_SPACE;
        for (size_t cap = 0; cap < 40000; cap += cap < 3000 ? 100 : 1000) { // fails up to some size, and never after it
            struct buf out = keep_buf(need);
            arena = keep_buf(cap);
            enum p1_err e = steps[i](c, &out, &arena);
            assert_true(e == P1_ERR_SPACE || e == P1_OK);
            assert_false(last == P1_OK && e != P1_OK);
            last = e;
        }
        assert_ok(last);
    }
}

static int init(void **state) {
    (void)state;
    two_of_three = ceremony_run("Ed25519", 2, 3, AES_GCM);
    scratch = keep(sizeof *scratch);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_ceremony_gives_a_set_that_is_accepted),
        cmocka_unit_test(messages_of_both_modes_go_together),
        cmocka_unit_test(the_private_key_of_a_voutput_opens_again),
        cmocka_unit_test(each_knows_its_own_certificate),
        cmocka_unit_test(a_vinput_is_the_one_that_belenios_wrote),
        cmocka_unit_test(a_vinput_of_belenios_gives_the_decryption_key),
        cmocka_unit_test(the_threshold_parameters_are_those_that_belenios_wrote),
        cmocka_unit_test(certificates_of_belenios_2_do_not_say_what_they_are_for),
        cmocka_unit_test(certificates_in_another_order_are_refused),
        cmocka_unit_test(there_is_one_to_64_certificates),
        cmocka_unit_test(a_threshold_of_none_or_of_more_than_there_are_is_refused),
        cmocka_unit_test(a_certificate_that_was_changed_is_refused),
        cmocka_unit_test(a_certificate_has_one_form),
        cmocka_unit_test(a_place_that_cannot_be_is_not_certified),
        cmocka_unit_test(a_stranger_makes_no_polynomial),
        cmocka_unit_test(a_polynomial_is_of_the_trustee_whose_turn_it_is),
        cmocka_unit_test(the_signatures_of_a_polynomial_are_checked),
        cmocka_unit_test(a_polynomial_is_bound_to_the_certificates_that_its_maker_saw),
        cmocka_unit_test(a_polynomial_of_another_degree_is_refused),
        cmocka_unit_test(a_polynomial_has_a_secret_for_each),
        cmocka_unit_test(coefficients_are_fresh_in_each_polynomial),
        cmocka_unit_test(no_number_is_drawn_twice),
        cmocka_unit_test(too_little_room_is_told_and_enough_suffices),
    };
    return cmocka_run_group_tests_name("key ceremony", tests, init, release);
}
