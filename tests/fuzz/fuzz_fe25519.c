// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The two layouts of the field of Ed25519 against each other: the input is a small program for both, of four registers. The limbs
// it starts with are as large as the header allows, so that a carry which is missing is seen.

#include "tests/unit/both_fields.h"

#include "tests/fuzz/fuzz.h"

enum { REGISTERS = 4 };

// One value in both layouts; SUMS counts what was added since it was tight.
struct both {
    struct fe25 a;
    struct fe b;
    unsigned sums;
};

static void same(const struct both *v) {
    uint8_t s[32], t[32];
    fe25_to_bytes(s, &v->a);
    fe_to_bytes(t, &v->b);
    HOLDS(memcmp(s, t, 32) == 0);
    HOLDS(fe25_is_zero(&v->a) == fe_is_zero(&v->b) && fe25_is_odd(&v->a) == fe_is_odd(&v->b));
}

static void tight(struct both *v) {
    for (int i = 0; i < 10; i++) HOLDS(abs(v->a.v[i]) < (1 << (26 - i % 2)) + (1 << 17));
    for (int i = 0; i < 5; i++) HOLDS(v->b.v[i] < (UINT64_C(1) << 51) + (1 << 18));
    v->sums = 0;
    same(v);
}

static struct both read(struct span *in) {
    struct both v;
    uint8_t bytes[32];
    take_filled(in, bytes, sizeof bytes);
    fe25_from_bytes(&v.a, bytes);
    fe_from_bytes(&v.b, bytes);
    tight(&v);
    return v;
}

// The largest value that the header calls loose, limb for limb, with signs where there are any. Only its product is looked at: the
// layouts have no such value in common.
static void largest(unsigned signs) {
    struct fe25 v, one, square, half;
    uint8_t s[32], t[32];
    for (int i = 0; i < 10; i++) {
        int32_t most = 4 * ((1 << (26 - i % 2)) + (1 << 17)) - 1;
        v.v[i] = signs >> i & 1 ? -most : most;
    }
    fe25_mul(&square, &v, &v);
    fe25_sq(&half, &v);
    fe25_to_bytes(s, &square);
    fe25_to_bytes(t, &half);
    HOLDS(memcmp(s, t, 32) == 0);
    fe25_to_bytes(s, &v);
    struct both w;
    fe25_from_bytes(&one, s);
    fe25_sq(&w.a, &one);
    fe_from_bytes(&w.b, s);
    fe_sq(&w.b, &w.b);
    same(&w);
    fe25_to_bytes(s, &w.a);
    HOLDS(memcmp(s, t, 32) == 0);
}

static void step(struct both *r, unsigned op, struct both *out, struct both *x, struct both *y) {
    struct both v = *out;
    (void)r;
    switch (op) {
    case 0:
    case 1:
        // "At most three tight values may be added to or subtracted from a tight one."
        if (x->sums == 3 || y->sums) return;
        if (op == 0) fe25_add(&v.a, &x->a, &y->a), fe_add(&v.b, &x->b, &y->b);
        if (op == 1) fe25_sub(&v.a, &x->a, &y->a), fe_sub(&v.b, &x->b, &y->b);
        v.sums = x->sums + 1;
        same(&v);
        break;
    case 2: fe25_sq(&v.a, &x->a), fe_sq(&v.b, &x->b), tight(&v); break;
    case 3: fe25_inv(&v.a, &x->a), fe_inv(&v.b, &x->b), tight(&v); break;
    case 4: fe25_pow22523(&v.a, &x->a), fe_pow22523(&v.b, &x->b), tight(&v); break;
    case 5:
        if (x->sums) return;
        fe25_neg(&v.a, &x->a), fe_neg(&v.b, &x->b), tight(&v);
        break;
    case 6: HOLDS(fe25_is_equal(&x->a, &y->a) == fe_is_equal(&x->b, &y->b)); return;
    default: fe25_mul(&v.a, &x->a, &y->a), fe_mul(&v.b, &x->b, &y->b), tight(&v);
    }
    *out = v;
}

void fuzz_one(struct span in) {
    struct both r[REGISTERS];
    largest(take_u16(&in));
    for (int i = 0; i < REGISTERS; i++) r[i] = read(&in);
    for (unsigned n = 0; in.n && n < 64; n++) {
        unsigned op = take_u8(&in), at = take_u8(&in);
        step(r, op % 9, &r[at % 4], &r[at / 4 % 4], &r[at / 16 % 4]);
    }
}
