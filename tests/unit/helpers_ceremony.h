// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A whole key ceremony for the tests, with everything that was sent.
#ifndef P1_TEST_HELPERS_CEREMONY_H
#define P1_TEST_HELPERS_CEREMONY_H

#include "core/ceremony.h"
#include "core/hash_scalar.h"
#include "tests/unit/helpers.h"

enum { PEOPLE_MAX = 8, ARENA = 200000 };

struct ceremony {
    const struct group *g;
    enum aes_mode mode;
    unsigned size, threshold;
    struct pki_keys keys[PEOPLE_MAX];
    struct span cert[PEOPLE_MAX], polynomial[PEOPLE_MAX], vinput[PEOPLE_MAX], voutput[PEOPLE_MAX];
    struct certificates certs;
    struct polynomial polynomials[PEOPLE_MAX];
    struct scalar decryption_key[PEOPLE_MAX];
    struct span public_key[PEOPLE_MAX];
    struct span result; // the threshold parameters
};

static inline struct span random_seed(void) {
    static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    uint8_t seed[P1_PKI_SEED];
    for (size_t i = 0; i < sizeof seed; i++) seed[i] = (uint8_t)base58[random_u64() % 58];
    return keep_span(span_of(seed, sizeof seed));
}

static inline struct pki_keys random_keys(const struct group *g) {
    struct pki_keys k;
    pki_keys_init(g, &k, random_seed(), &work);
    return k;
}

static inline struct span certificate_of(const struct group *g, const struct pki_keys *keys, unsigned size,
                                         unsigned threshold, unsigned index) {
    struct draws d = random_draws();
    struct buf b = keep_buf(8 * P1_ELEM_TEXT);
    assert_ok(certificate_make(g, keys, size, threshold, index, &d, &b, &work));
    return buf_span(&b);
}

// A message signed by these keys.
static inline struct span signed_of(const struct group *g, const struct pki_keys *keys, struct span message) {
    struct draws d = random_draws();
    struct buf b = keep_buf(2 * message.n + 2 * P1_SCALAR_TEXT + 64);
    signed_write(g, &keys->sk, message, &d, &b, &work);
    assert_ok(buf_done(&b));
    return buf_span(&b);
}

// A message signed and sealed.
static inline struct span sent_of(const struct group *g, const struct pki_keys *from, const struct elem *to,
                                  struct span message, enum aes_mode mode) {
    struct draws d = random_draws();
    struct buf b = keep_buf(8 * message.n + 20000), arena = keep_buf(ARENA);
    assert_ok(channel_send(g, from, to, message, mode, &d, &b, &arena, &work));
    return buf_span(&b);
}

static inline struct span json_string_of(struct span s) {
    struct buf b = keep_buf(6 * s.n + 2);
    buf_json_string(&b, s);
    return buf_span(&b);
}

// 1. Everybody's certificate.
static inline struct ceremony *ceremony_begin(const char *group, unsigned threshold, unsigned size,
                                              enum aes_mode mode) {
    struct ceremony *c = keep(sizeof *c);
    struct buf arena = keep_buf(ARENA);
    c->g = group_of(group);
    c->mode = mode;
    c->size = size;
    c->threshold = threshold;
    assert_true(size <= PEOPLE_MAX);
    for (unsigned i = 0; i < size; i++) {
        c->keys[i] = random_keys(c->g);
        c->cert[i] = certificate_of(c->g, &c->keys[i], size, threshold, i + 1);
    }
    assert_ok(certificates_parse(&c->certs, c->g, c->cert, size, &arena, &work));
    return c;
}

static inline struct span polynomial_of(const struct ceremony *c, unsigned i) {
    struct draws d = random_draws();
    struct buf b = keep_buf(ARENA), arena = keep_buf(ARENA);
    assert_ok(polynomial_make(c->g, &c->certs, &c->keys[i], c->mode, &d, &b, &arena, &work));
    return keep_span(buf_span(&b));
}

// 2. Everybody's polynomial; 3. what is routed to each.
static inline void ceremony_exchange(struct ceremony *c) {
    struct buf arena = keep_buf(ARENA);
    for (unsigned i = 0; i < c->size; i++) {
        c->polynomial[i] = polynomial_of(c, i);
        assert_ok(polynomial_check(c->g, &c->certs, i + 1, c->polynomial[i], &c->polynomials[i], &arena, &work));
    }
    for (unsigned i = 0; i < c->size; i++) {
        struct buf b = keep_buf(ARENA);
        assert_ok(vinput_write(&c->certs, c->polynomials, i + 1, &b));
        c->vinput[i] = keep_span(buf_span(&b));
    }
}

static inline enum p1_err voutput_of(struct ceremony *c, unsigned i, struct span vinput, unsigned *bad) {
    struct draws d = random_draws();
    struct buf b = keep_buf(ARENA), arena = keep_buf(ARENA);
    TRY(voutput_make(c->g, &c->certs, &c->keys[i], vinput, c->mode, &d, &c->decryption_key[i], &b, bad, &arena, &work));
    c->voutput[i] = keep_span(buf_span(&b));
    return P1_OK;
}

// 4. Everybody's key; 5. the threshold parameters.
static inline void ceremony_end(struct ceremony *c) {
    for (unsigned i = 0; i < c->size; i++) {
        unsigned bad = 99;
        assert_ok(voutput_of(c, i, c->vinput[i], &bad));
        assert_int_equal(bad, 0);
        assert_ok(voutput_check(c->g, &c->certs, c->polynomials, i + 1, c->voutput[i], &c->public_key[i], &work));
    }
    struct buf b = keep_buf(ARENA);
    assert_ok(threshold_write(&c->certs, c->polynomials, c->public_key, &b));
    c->result = keep_span(buf_span(&b));
}

static inline struct ceremony *ceremony_run(const char *group, unsigned threshold, unsigned size, enum aes_mode mode) {
    struct ceremony *c = ceremony_begin(group, threshold, size, mode);
    ceremony_exchange(c);
    ceremony_end(c);
    return c;
}

// [["Pedersen",..]]
static inline struct span trustees_text(const struct ceremony *c) {
    return text_of("[[\"Pedersen\",%.*s]]", SPAN_ARG(c->result));
}

static inline enum p1_err trustees_verdict(const struct group *g, struct span json, struct trustees *out) {
    struct span exact = keep_span(json);
    struct buf arena = keep_buf(exact.n);
    return trustees_parse(out, g, exact, &arena, &work);
}

// A single trustee with this private key, as an item.
static inline struct span single_of(const struct group *g, const struct scalar *x) {
    struct draws d = random_draws();
    struct buf b = keep_buf(4 * P1_SCALAR_TEXT);
    trustee_key_write(g, x, NULL, &d, &b, &work);
    assert_ok(buf_done(&b));
    return text_of("[\"Single\",%.*s]", SPAN_ARG(buf_span(&b)));
}

#endif
