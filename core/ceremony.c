// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/ceremony.h"

#include "core/hash_scalar.h"
#include "core/wipe.h"

// ---- 1. certificates ----

enum p1_err certificate_make(const struct group *g, const struct pki_keys *keys, unsigned size, unsigned threshold,
                             unsigned index, struct draws *d, struct buf *out, struct work *w) {
    uint8_t text[2 * P1_ELEM_TEXT + 256];
    struct buf m = buf_over(text, sizeof text);
    buf_str(&m, "{\"context\":{\"group\":\"");
    buf_str(&m, g->ops->name);
    buf_str(&m, "\",\"size\":");
    buf_u64(&m, size);
    buf_str(&m, ",\"threshold\":");
    buf_u64(&m, threshold);
    buf_str(&m, ",\"index\":");
    buf_u64(&m, index);
    buf_str(&m, "},\"verification\":\"");
    buf_put(&m, elem_span(&keys->vk_text));
    buf_str(&m, "\",\"encryption\":\"");
    buf_put(&m, elem_span(&keys->ek_text));
    buf_str(&m, "\"}");
    if (threshold < 1 || threshold > size || index < 1 || index > size || size > P1_TRUSTEES_MAX)
        return P1_ERR_TRUSTEE_CONTEXT;
    TRY(buf_done(&m));
    signed_write(g, &keys->sk, buf_span(&m), d, out, w);
    return buf_done(out);
}

enum p1_err certificates_parse(struct certificates *c, const struct group *g, const struct span *json, unsigned n,
                               struct buf *arena, struct work *w) {
    memset(c, 0, sizeof *c);
    if (n == 0 || n > P1_TRUSTEES_MAX) return P1_ERR_TRUSTEE_COUNT;
    for (; c->count < n; c->count++) {
        struct json j = json_of(json[c->count]);
        TRY(certificate_parse(&j, g, c->count + 1, n, &c->threshold, &c->cert[c->count], arena, w));
        if (!c->cert[c->count].has_context) return P1_ERR_TRUSTEE_CONTEXT;
        TRY(json_end(&j));
    }
    return P1_OK;
}

enum p1_err certificates_find(const struct certificates *c, const struct group *g, const struct pki_keys *keys,
                              unsigned *index, struct work *w) {
    for (unsigned i = 0; i < c->count; i++) {
        if (!elem_equal(g, &c->cert[i].vk, &keys->vk, w) || !elem_equal(g, &c->cert[i].ek, &keys->ek, w)) continue;
        *index = i + 1;
        return P1_OK;
    }
    return P1_ERR_CEREMONY_STRANGER;
}

// ---- 2. polynomials ----

// Sends MESSAGE and writes what is sent as a JSON string.
static enum p1_err send_string(const struct group *g, const struct pki_keys *keys, const struct elem *to,
                               struct span message, enum aes_mode mode, struct draws *d, struct buf *out,
                               struct buf *arena, struct work *w) {
    struct buf mark = *arena;
    struct buf sent = buf_carve(arena, 16 * message.n + 16 * P1_SCALAR_TEXT + 1024);
    TRY(buf_done(&sent));
    TRY(channel_send(g, keys, to, message, mode, d, &sent, arena, w));
    buf_json_string(out, buf_span(&sent));
    *arena = mark;
    return buf_done(out);
}

static void write_field(const struct modulus *q, struct buf *out, const char *open, const struct scalar *s,
                        const char *close) {
    buf_str(out, open);
    sc_encode(q, out, s);
    buf_str(out, close);
}

// f(x) = a[0] + a[1] x + ...
static void poly_eval(const struct modulus *q, const struct scalar *a, unsigned n, unsigned x, struct scalar *out) {
    struct scalar at;
    sc_from_u64(&at, x);
    *out = a[n - 1];
    for (unsigned k = n - 1; k-- > 0;) {
        sc_mul(q, out, out, &at);
        sc_add(q, out, out, &a[k]);
    }
}

static enum p1_err write_secrets(const struct group *g, const struct certificates *c, const struct pki_keys *keys,
                                 const struct scalar *a, enum aes_mode mode, struct draws *d, struct buf *out,
                                 struct buf *arena, struct work *w) {
    uint8_t text[P1_SCALAR_TEXT + 32];
    for (unsigned i = 0; i < c->count; i++) {
        struct scalar s;
        struct buf m = buf_over(text, sizeof text);
        poly_eval(&g->q, a, c->threshold, i + 1, &s);
        write_field(&g->q, &m, "{\"secret\":\"", &s, "\"}");
        if (i) buf_char(out, ',');
        enum p1_err err = send_string(g, keys, &c->cert[i].ek, buf_span(&m), mode, d, out, arena, w);
        wipe(&s, sizeof s);
        wipe(text, sizeof text);
        TRY(err);
    }
    return P1_OK;
}

// The list of the exponentiated coefficients, with brackets.
static void write_coefexps(const struct group *g, const struct scalar *a, unsigned n, struct buf *out, struct work *w) {
    for (unsigned k = 0; k < n; k++) {
        struct elem e;
        struct elem_text t;
        const struct mul_job job = {.out = &e, .g = &a[k]};
        mul_run_ct(g, NULL, &job, 1, w);
        elem_encode(g, &t, &e, 1, w);
        buf_str(out, k ? ",\"" : "[\"");
        buf_put(out, elem_span(&t));
        buf_char(out, '"');
    }
    buf_char(out, ']');
}

static enum p1_err write_polynomial(const struct group *g, const struct certificates *c, const struct pki_keys *keys,
                                    const struct scalar *a, enum aes_mode mode, struct draws *d, struct buf *out,
                                    struct buf *arena, struct work *w) {
    const unsigned n = c->threshold;
    struct buf raw = buf_carve(arena, n * (P1_SCALAR_TEXT + 4) + 32);
    struct buf coefexps = buf_carve(arena, n * (P1_ELEM_TEXT + 4) + 32);
    TRY(buf_done(arena));
    for (unsigned k = 0; k < n; k++) write_field(&g->q, &raw, k ? ",\"" : "{\"polynomial\":[\"", &a[k], "\"");
    buf_str(&raw, "]}");
    buf_str(out, "{\"polynomial\":");
    enum p1_err err = send_string(g, keys, &keys->ek, buf_span(&raw), mode, d, out, arena, w);
    wipe(raw.p, raw.n);
    TRY(err);
    buf_str(out, ",\"secrets\":[");
    TRY(write_secrets(g, c, keys, a, mode, d, out, arena, w));

    buf_str(&coefexps, "{\"coefexps\":");
    const size_t list = coefexps.n;
    write_coefexps(g, a, n, &coefexps, w);
    struct span list_text = span_of(coefexps.p + list, coefexps.n - list);
    buf_char(&coefexps, '}');
    TRY(buf_done(&coefexps));
    buf_str(out, "],\"coefexps\":");
    signed_write(g, &keys->sk, buf_span(&coefexps), d, out, w);

    struct sha256 text;
    struct scalar nonce;
    struct proof p;
    certs_signature_text(&text, c, list_text);
    draw_scalar(&g->q, d, &nonce);
    schnorr_prove_ct(g, &keys->sk, &nonce, &text, &p, w);
    wipe(&nonce, sizeof nonce);
    buf_str(out, ",\"signature\":");
    proof_write(out, &g->q, &p);
    buf_char(out, '}');
    return buf_done(out);
}

enum p1_err polynomial_make(const struct group *g, const struct certificates *c, const struct pki_keys *keys,
                            enum aes_mode mode, struct draws *d, struct buf *out, struct buf *arena, struct work *w) {
    struct scalar a[P1_TRUSTEES_MAX];
    unsigned index;
    TRY(certificates_find(c, g, keys, &index, w));
    for (unsigned k = 0; k < c->threshold; k++) draw_scalar(&g->q, d, &a[k]);
    enum p1_err err = write_polynomial(g, c, keys, a, mode, d, out, arena, w);
    wipe(a, sizeof a);
    return err;
}

// A JSON string, with its quotes.
static enum p1_err quoted(struct json *j, struct span *out) {
    const uint8_t *start = j->p;
    struct span ignored;
    TRY(json_quoted(j, &ignored));
    *out = span_of(start, (size_t)(j->p - start));
    return P1_OK;
}

enum p1_err polynomial_check(const struct group *g, const struct certificates *c, unsigned index, struct span json,
                             struct polynomial *out, struct buf *arena, struct work *w) {
    struct json j = json_of(json);
    struct proof signature;
    struct span list;
    const struct elem *vk = &c->cert[index - 1].vk;
    TRY(json_lit(&j, "{\"polynomial\":"));
    TRY(quoted(&j, &out->secret));
    TRY(json_lit(&j, ",\"secrets\":"));
    const uint8_t *start = j.p;
    TRY(json_lit(&j, "["));
    for (unsigned i = 0; i < c->count; i++) {
        struct span ignored;
        if (i) TRY(json_lit(&j, ","));
        TRY(json_quoted(&j, &ignored));
    }
    TRY(json_lit(&j, "]"));
    out->secrets = span_of(start, (size_t)(j.p - start));
    TRY(json_lit(&j, ",\"coefexps\":"));
    start = j.p;
    TRY(coefexps_parse(&j, g, vk, c->threshold, out->coef, &list, arena, w));
    out->coefexps = span_of(start, (size_t)(j.p - start));
    TRY(json_lit(&j, ",\"signature\":"));
    start = j.p;
    TRY(proof_parse(&j, &g->q, &signature));
    out->signature = span_of(start, (size_t)(j.p - start));
    TRY(json_lit(&j, "}"));
    TRY(json_end(&j));
    return certs_signature_check(g, c, list, vk, &signature, w);
}

// ---- 3. vinputs ----

// The coefexps and signatures of all, as in a vinput and in the threshold parameters.
static void write_public_parts(const struct certificates *c, const struct polynomial *p, struct buf *out) {
    buf_str(out, ",\"coefexps\":[");
    for (unsigned i = 0; i < c->count; i++) {
        if (i) buf_char(out, ',');
        buf_put(out, p[i].coefexps);
    }
    buf_str(out, "],\"signatures\":[");
    for (unsigned i = 0; i < c->count; i++) {
        if (i) buf_char(out, ',');
        buf_put(out, p[i].signature);
    }
    buf_char(out, ']');
}

enum p1_err vinput_write(const struct certificates *c, const struct polynomial *p, unsigned index, struct buf *out) {
    buf_str(out, "{\"polynomial\":");
    buf_put(out, p[index - 1].secret);
    for (unsigned i = 0; i < c->count; i++) {
        struct json j = json_of(p[i].secrets);
        struct span secret = {0};
        TRY(json_lit(&j, "["));
        for (unsigned k = 0; k < index; k++) {
            if (k) TRY(json_lit(&j, ","));
            TRY(quoted(&j, &secret));
        }
        buf_str(out, i ? "," : ",\"secrets\":[");
        buf_put(out, secret);
    }
    buf_char(out, ']');
    write_public_parts(c, p, out);
    buf_char(out, '}');
    return buf_done(out);
}

// ---- 4. voutputs ----

// Takes a JSON string that holds a sent message of FROM, and reads what is in it.
static enum p1_err receive_string(struct json *j, const struct group *g, const struct elem *from,
                                  const struct pki_keys *keys, struct json *message, struct buf *arena,
                                  struct work *w) {
    struct span raw, plain;
    TRY(json_quoted(j, &raw));
    struct buf sent = buf_carve(arena, raw.n);
    json_unescape(&sent, raw);
    TRY(buf_done(&sent));
    TRY(channel_receive(g, from, keys, buf_span(&sent), &plain, arena, w));
    *message = json_of(plain);
    return P1_OK;
}

// Our own polynomial, back from where it was kept: it must be the one that all others see.
static enum p1_err own_polynomial_check(const struct group *g, struct json *j, const struct pki_keys *keys,
                                        const struct elem *coef, unsigned threshold, struct buf *arena,
                                        struct work *w) {
    struct json m;
    TRY(receive_string(j, g, &keys->vk, keys, &m, arena, w));
    TRY(json_lit(&m, "{\"polynomial\":["));
    for (unsigned k = 0; k < threshold; k++) {
        struct scalar a;
        struct elem e;
        const struct mul_job job = {.out = &e, .g = &a};
        if (k) TRY(json_lit(&m, ","));
        TRY(json_scalar(&m, &g->q, &a));
        mul_run_ct(g, NULL, &job, 1, w);
        wipe(&a, sizeof a);
        if (!elem_equal(g, &e, &coef[k], w)) return P1_ERR_CEREMONY_POLYNOMIAL;
    }
    TRY(json_lit(&m, "]}"));
    return json_end(&m);
}

static enum p1_err secret_receive(struct json *j, const struct group *g, const struct elem *from,
                                  const struct pki_keys *keys, struct scalar *out, struct buf *arena, struct work *w) {
    struct json m;
    struct buf mark = *arena;
    TRY(receive_string(j, g, from, keys, &m, arena, w));
    TRY(json_lit(&m, "{\"secret\":"));
    TRY(json_scalar(&m, &g->q, out));
    TRY(json_lit(&m, "}"));
    *arena = mark;
    return json_end(&m);
}

struct vinput {
    struct json polynomial, secrets, coefexps, signatures;
};

static enum p1_err vinput_parse(struct span json, struct vinput *v) {
    struct json j = json_of(json);
    struct span part;
    TRY(json_lit(&j, "{\"polynomial\":"));
    TRY(quoted(&j, &part));
    v->polynomial = json_of(part);
    TRY(json_lit(&j, ",\"secrets\":"));
    TRY(json_skip(&j, &part));
    v->secrets = json_of(part);
    TRY(json_lit(&j, ",\"coefexps\":"));
    TRY(json_skip(&j, &part));
    v->coefexps = json_of(part);
    TRY(json_lit(&j, ",\"signatures\":"));
    TRY(json_skip(&j, &part));
    v->signatures = json_of(part);
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

// The part of trustee I (from 0) in our vinput: coefficients and signature of I, and our value of its polynomial.
static enum p1_err vinput_part(struct vinput *v, const struct group *g, const struct certificates *c, unsigned i,
                               unsigned own, const struct pki_keys *keys, struct scalar *secret, struct buf *arena,
                               struct work *w) {
    struct elem coef[P1_TRUSTEES_MAX], expected, e;
    struct span list;
    struct proof signature;
    const struct elem *vk = &c->cert[i].vk;
    const char *next = i ? "," : "[";
    const struct mul_job job = {.out = &e, .g = secret};

    TRY(json_lit(&v->secrets, next));
    TRY(json_lit(&v->coefexps, next));
    TRY(json_lit(&v->signatures, next));
    TRY(coefexps_parse(&v->coefexps, g, vk, c->threshold, coef, &list, arena, w));
    TRY(proof_parse(&v->signatures, &g->q, &signature));
    TRY(certs_signature_check(g, c, list, vk, &signature, w));
    TRY(secret_receive(&v->secrets, g, vk, keys, secret, arena, w));
    mul_run_ct(g, NULL, &job, 1, w);
    coefexps_eval_vartime(g, coef, c->threshold, own, &expected, w);
    if (!elem_equal(g, &e, &expected, w)) return P1_ERR_CEREMONY_SECRET;
    return i + 1 == own ? own_polynomial_check(g, &v->polynomial, keys, coef, c->threshold, arena, w) : P1_OK;
}

enum p1_err voutput_make(const struct group *g, const struct certificates *c, const struct pki_keys *keys,
                         struct span vinput, enum aes_mode mode, struct draws *d, struct scalar *decryption_key,
                         struct buf *out, unsigned *bad, struct buf *arena, struct work *w) {
    struct vinput v;
    unsigned own;
    *bad = 0;
    memset(decryption_key, 0, sizeof *decryption_key);
    TRY(certificates_find(c, g, keys, &own, w));
    TRY(vinput_parse(vinput, &v));
    for (unsigned i = 0; i < c->count; i++) {
        struct scalar secret = {{0}};
        *bad = i + 1;
        enum p1_err err = vinput_part(&v, g, c, i, own, keys, &secret, arena, w);
        sc_add(&g->q, decryption_key, decryption_key, &secret);
        wipe(&secret, sizeof secret);
        if (err != P1_OK) wipe(decryption_key, sizeof *decryption_key);
        TRY(err);
    }
    *bad = 0;
    TRY(json_lit(&v.secrets, "]"));
    TRY(json_lit(&v.coefexps, "]"));
    TRY(json_lit(&v.signatures, "]"));

    uint8_t text[P1_SCALAR_TEXT + 32];
    struct buf m = buf_over(text, sizeof text);
    write_field(&g->q, &m, "{\"decryption_key\":\"", decryption_key, "\"}");
    buf_str(out, "{\"private_key\":");
    enum p1_err err = send_string(g, keys, &keys->ek, buf_span(&m), mode, d, out, arena, w);
    wipe(text, sizeof text);
    TRY(err);
    buf_str(out, ",\"public_key\":");
    trustee_key_write(g, decryption_key, &keys->sk, d, out, w);
    buf_char(out, '}');
    return buf_done(out);
}

enum p1_err voutput_check(const struct group *g, const struct certificates *c, const struct polynomial *p,
                          unsigned index, struct span json, struct span *public_key, struct work *w) {
    struct json j = json_of(json);
    struct span ignored;
    struct trustee_key key;
    struct elem expected, one;
    TRY(json_lit(&j, "{\"private_key\":"));
    TRY(json_quoted(&j, &ignored));
    TRY(json_lit(&j, ",\"public_key\":"));
    const uint8_t *start = j.p;
    TRY(trustee_key_parse(&j, g, &key, w));
    *public_key = span_of(start, (size_t)(j.p - start));
    TRY(json_lit(&j, "}"));
    TRY(json_end(&j));

    elem_identity(g, &expected);
    for (unsigned i = 0; i < c->count; i++) {
        coefexps_eval_vartime(g, p[i].coef, c->threshold, index, &one, w);
        elem_mul_ct(g, &expected, &expected, &one, w);
    }
    if (!elem_equal(g, &key.key, &expected, w)) return P1_ERR_TRUSTEE_KEY;
    if (!key.has_signature) return P1_ERR_TRUSTEE_KEY_SIGNATURE;
    return signed_check(g, &c->cert[index - 1].vk, key.key_text, &key.signature, w) == P1_OK
               ? P1_OK
               : P1_ERR_TRUSTEE_KEY_SIGNATURE;
}

// ---- 5. threshold parameters ----

enum p1_err threshold_write(const struct certificates *c, const struct polynomial *p, const struct span *public_keys,
                            struct buf *out) {
    buf_str(out, "{\"threshold\":");
    buf_u64(out, c->threshold);
    buf_str(out, ",\"certs\":[");
    for (unsigned i = 0; i < c->count; i++) {
        if (i) buf_char(out, ',');
        buf_put(out, c->cert[i].json);
    }
    buf_char(out, ']');
    write_public_parts(c, p, out);
    buf_str(out, ",\"verification_keys\":[");
    for (unsigned i = 0; i < c->count; i++) {
        if (i) buf_char(out, ',');
        buf_put(out, public_keys[i]);
    }
    buf_str(out, "]}");
    return buf_done(out);
}

enum p1_err decryption_key_open(const struct group *g, const struct pki_keys *keys, struct span sent,
                                struct scalar *out, struct buf *arena, struct work *w) {
    struct span plain, text;
    uint64_t sum[P1_LIMBS + 1];
    uint8_t bytes[sizeof sum];
    TRY(channel_receive(g, &keys->vk, keys, sent, &plain, arena, w));
    struct json j = json_of(plain);
    TRY(json_lit(&j, "{\"decryption_key\":"));
    TRY(json_plain(&j, &text));
    TRY(limbs_decode(sum, P1_LIMBS + 1, text)); // Belenios 2.0 writes the sum of the secrets as it is, not reduced
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(sum[P1_LIMBS - i / 8] >> (56 - 8 * (i % 8)));
    sc_from_bytes(&g->q, out, span_of(bytes, sizeof bytes));
    wipe(sum, sizeof sum);
    wipe(bytes, sizeof bytes);
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}
