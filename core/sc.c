// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/sc.h"

#include "core/public.h"
#include "core/wipe.h"

typedef unsigned __int128 u128;

// ---- limbs ----

static uint64_t limbs_add(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n) {
    uint64_t carry = 0;
    for (size_t i = 0; i < n; i++) {
        u128 s = (u128)a[i] + b[i] + carry;
        out[i] = (uint64_t)s;
        carry = (uint64_t)(s >> 64);
    }
    return carry;
}

static uint64_t limbs_sub(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n) {
    uint64_t borrow = 0;
    for (size_t i = 0; i < n; i++) {
        u128 d = (u128)a[i] - b[i] - borrow;
        out[i] = (uint64_t)d;
        borrow = (uint64_t)(d >> 64) & 1;
    }
    return borrow;
}

static void limbs_select(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n, uint64_t take) {
    uint64_t mask = 0 - take;
    for (size_t i = 0; i < n; i++) out[i] = (a[i] & mask) | (b[i] & ~mask);
}

uint64_t limbs_at_least(const uint64_t *a, const uint64_t *b, size_t n) {
    uint64_t borrow = 0;
    for (size_t i = 0; i < n; i++) {
        u128 d = (u128)a[i] - b[i] - borrow;
        borrow = (uint64_t)(d >> 64) & 1;
    }
    return borrow ^ 1;
}

// v, plus 2^(64 n) if carry is set, is below 2 m: bring it below m.
static void reduce_once(const struct modulus *q, uint64_t *v, uint64_t carry) {
    uint64_t less[P1_LIMBS];
    uint64_t borrow = limbs_sub(less, v, q->m, q->n);
    limbs_select(v, less, v, q->n, carry | (borrow ^ 1));
    wipe(less, sizeof less);
}

// ---- modulus ----

// out = a b / 2^(64 n) mod m (Montgomery, coarsely integrated operand scanning)
static void mont_mul(const struct modulus *q, uint64_t *out, const uint64_t *a, const uint64_t *b) {
    uint64_t t[P1_LIMBS + 2] = {0};
    size_t n = q->n;
    for (size_t i = 0; i < n; i++) {
        uint64_t carry = 0;
        for (size_t j = 0; j < n; j++) {
            u128 s = (u128)a[j] * b[i] + t[j] + carry;
            t[j] = (uint64_t)s;
            carry = (uint64_t)(s >> 64);
        }
        u128 s = (u128)t[n] + carry;
        t[n] = (uint64_t)s;
        t[n + 1] = (uint64_t)(s >> 64);

        uint64_t k = t[0] * q->neg_inv;
        carry = (uint64_t)(((u128)k * q->m[0] + t[0]) >> 64);
        for (size_t j = 1; j < n; j++) {
            s = (u128)k * q->m[j] + t[j] + carry;
            t[j - 1] = (uint64_t)s;
            carry = (uint64_t)(s >> 64);
        }
        s = (u128)t[n] + carry;
        t[n - 1] = (uint64_t)s;
        t[n] = t[n + 1] + (uint64_t)(s >> 64);
    }
    memcpy(out, t, n * sizeof *t);
    reduce_once(q, out, t[n]);
    wipe(t, sizeof t);
}

void modulus_init(struct modulus *q, const uint64_t *m, size_t n) {
    memset(q, 0, sizeof *q);
    q->n = n;
    memcpy(q->m, m, n * sizeof *m);
    q->bits = 64 * n - (size_t)__builtin_clzll(m[n - 1]);

    uint64_t inv = 1; // Newton: each round doubles the number of right bits
    for (int i = 0; i < 6; i++) inv *= 2 - m[0] * inv;
    q->neg_inv = 0 - inv;

    q->rr[0] = 1;
    for (size_t i = 0; i < 128 * n; i++) {
        uint64_t carry = limbs_add(q->rr, q->rr, q->rr, n);
        reduce_once(q, q->rr, carry);
    }
}

// ---- scalars ----

void sc_from_u64(struct scalar *out, uint64_t v) {
    memset(out, 0, sizeof *out);
    out->v[0] = v;
}

void sc_from_bytes(const struct modulus *q, struct scalar *out, struct span bytes) {
    const uint64_t two64[P1_LIMBS] = {0, 1};
    uint64_t shift[P1_LIMBS] = {0}; // 2^64, in Montgomery form
    mont_mul(q, shift, q->rr, two64);

    struct scalar acc = {{0}};
    struct scalar word = {{0}};
    size_t head = bytes.n % 8;
    for (size_t at = 0; at < bytes.n;) {
        size_t take = at == 0 && head ? head : 8;
        word.v[0] = 0;
        for (size_t i = 0; i < take; i++) word.v[0] = word.v[0] << 8 | bytes.p[at + i];
        at += take;
        mont_mul(q, acc.v, acc.v, shift);
        sc_add(q, &acc, &acc, &word);
    }
    *out = acc;
    wipe(&acc, sizeof acc);
    wipe(&word, sizeof word);
}

void sc_add(const struct modulus *q, struct scalar *out, const struct scalar *a, const struct scalar *b) {
    struct scalar sum = {{0}};
    uint64_t carry = limbs_add(sum.v, a->v, b->v, q->n);
    reduce_once(q, sum.v, carry);
    *out = sum;
    wipe(&sum, sizeof sum);
}

void sc_sub(const struct modulus *q, struct scalar *out, const struct scalar *a, const struct scalar *b) {
    struct scalar diff = {{0}}, wrapped;
    uint64_t borrow = limbs_sub(diff.v, a->v, b->v, q->n);
    limbs_add(wrapped.v, diff.v, q->m, q->n);
    limbs_select(diff.v, wrapped.v, diff.v, q->n, borrow);
    *out = diff;
    wipe(&diff, sizeof diff);
    wipe(&wrapped, sizeof wrapped);
}

void sc_mul(const struct modulus *q, struct scalar *out, const struct scalar *a, const struct scalar *b) {
    struct scalar t = {{0}};
    mont_mul(q, t.v, a->v, b->v);
    mont_mul(q, t.v, t.v, q->rr);
    *out = t;
    wipe(&t, sizeof t);
}

void sc_inv(const struct modulus *q, struct scalar *out, const struct scalar *a) {
    const uint64_t one[P1_LIMBS] = {1};
    const uint64_t two[P1_LIMBS] = {2};
    uint64_t e[P1_LIMBS];
    limbs_sub(e, q->m, two, q->n);

    struct scalar base = {{0}}, acc = {{0}};
    mont_mul(q, base.v, a->v, q->rr);
    mont_mul(q, acc.v, one, q->rr);
    for (size_t i = q->bits; i-- > 0;) {
        mont_mul(q, acc.v, acc.v, acc.v);
        if (e[i / 64] >> (i % 64) & 1) mont_mul(q, acc.v, acc.v, base.v);
    }
    mont_mul(q, acc.v, acc.v, one);
    *out = acc;
    wipe(&base, sizeof base);
    wipe(&acc, sizeof acc);
}

void sc_select(struct scalar *out, const struct scalar *a, const struct scalar *b, uint64_t take) {
    limbs_select(out->v, a->v, b->v, P1_LIMBS, take);
}

int sc_is_equal(const struct scalar *a, const struct scalar *b) {
    uint64_t diff = 0;
    for (size_t i = 0; i < P1_LIMBS; i++) diff |= a->v[i] ^ b->v[i];
    return diff == 0;
}

int sc_is_zero(const struct scalar *a) {
    const struct scalar zero = {{0}};
    return sc_is_equal(a, &zero);
}

// ---- decimal text ----

enum p1_err limbs_decode(uint64_t *v, size_t n, struct span text) {
    if (text.n == 0) return P1_ERR_SCALAR_FORM;
    unsigned bad = (text.n > 1) & (text.p[0] == '0');
    memset(v, 0, n * sizeof *v);
    for (size_t at = 0; at < text.n;) {
        uint64_t chunk = 0, scale = 1;
        for (; at < text.n && scale < 1000000000000000000u; at++, scale *= 10) {
            unsigned digit = (unsigned)text.p[at] - '0';
            bad |= digit > 9;
            chunk = 10 * chunk + digit;
        }
        now_public(&bad, sizeof bad); // that a number is refused
        if (bad) return P1_ERR_SCALAR_FORM;
        for (size_t i = 0; i < n; i++) {
            u128 s = (u128)v[i] * scale + chunk;
            v[i] = (uint64_t)s;
            chunk = (uint64_t)(s >> 64);
        }
        now_public(&chunk, sizeof chunk);
        if (chunk) return P1_ERR_SCALAR_RANGE;
    }
    return P1_OK;
}

// Nine digits at a time, by divisions of 64 by 32 bits with a constant divisor: these are multiplications, so time does
// not depend on the value.
void limbs_encode(struct buf *out, const uint64_t *v, size_t n) {
    enum { DIGITS = 9, CHUNKS = P1_SCALAR_TEXT / DIGITS + 1 };
    uint32_t w[2 * P1_LIMBS];
    uint8_t text[CHUNKS * DIGITS];
    size_t words = 2 * n, at = sizeof text;

    for (size_t i = 0; i < n; i++) {
        w[2 * i] = (uint32_t)v[i];
        w[2 * i + 1] = (uint32_t)(v[i] >> 32);
    }
    size_t chunks = (words * 32 * 1234 / 4096 + DIGITS) / DIGITS; // log10(2) < 1234/4096
    for (size_t c = 0; c < chunks; c++) {
        uint64_t rest = 0;
        for (size_t i = words; i-- > 0;) {
            uint64_t d = rest << 32 | w[i];
            w[i] = (uint32_t)(d / 1000000000u);
            rest = d % 1000000000u;
        }
        uint32_t r = (uint32_t)rest;
        for (int k = 0; k < DIGITS; k++) {
            text[--at] = (uint8_t)('0' + r % 10);
            r /= 10;
        }
    }
    size_t zeros = 0, leading = 1;
    for (size_t i = at; i < sizeof text - 1; i++) {
        leading &= text[i] == '0';
        zeros += leading;
    }
    now_public(&zeros, sizeof zeros); // whoever sees a text sees its length, encrypted or not
    at += zeros;
    buf_put(out, span_of(text + at, sizeof text - at));
    wipe(w, sizeof w);
    wipe(text, sizeof text);
}

enum p1_err sc_decode(const struct modulus *q, struct scalar *out, struct span text) {
    memset(out, 0, sizeof *out);
    TRY(limbs_decode(out->v, q->n, text));
    uint64_t over = limbs_at_least(out->v, q->m, q->n);
    now_public(&over, sizeof over);
    return over ? P1_ERR_SCALAR_RANGE : P1_OK;
}

void sc_encode(const struct modulus *q, struct buf *out, const struct scalar *a) { limbs_encode(out, a->v, q->n); }
