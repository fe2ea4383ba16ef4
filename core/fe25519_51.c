// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Five limbs of 51 bits, for machines that multiply 64 by 64 bits.
#include "core/fe25519_common.h"

#define MASK51 ((UINT64_C(1) << 51) - 1)

__extension__ typedef unsigned __int128 u128;

const struct fe fe_one = {{1, 0, 0, 0, 0}};
const struct fe fe_two = {{2, 0, 0, 0, 0}};
const struct fe fe_sqrt_m1 = {{0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};
const struct fe fe_d = {{0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
const struct fe fe_2d = {{0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};

// Each limb passes its surplus on at the same time, which is shorter than a chain of five carries. 2^255 is 19.
static inline void carry(struct fe *out, uint64_t h0, uint64_t h1, uint64_t h2, uint64_t h3, uint64_t h4) {
    out->v[0] = (h0 & MASK51) + 19 * (h4 >> 51);
    out->v[1] = (h1 & MASK51) + (h0 >> 51);
    out->v[2] = (h2 & MASK51) + (h1 >> 51);
    out->v[3] = (h3 & MASK51) + (h2 >> 51);
    out->v[4] = (h4 & MASK51) + (h3 >> 51);
}

// Products of loose values: r0 to r3 stay below 77 * 2^108, r4 below 5 * 2^108, so that 19 * (r4 >> 51) and the other
// surpluses, each with 51 bits added, fit 64 bits.
static inline void carry_wide(struct fe *out, u128 r0, u128 r1, u128 r2, u128 r3, u128 r4) {
    uint64_t h0 = ((uint64_t)r0 & MASK51) + 19 * (uint64_t)(r4 >> 51);
    uint64_t h1 = ((uint64_t)r1 & MASK51) + (uint64_t)(r0 >> 51);
    uint64_t h2 = ((uint64_t)r2 & MASK51) + (uint64_t)(r1 >> 51);
    uint64_t h3 = ((uint64_t)r3 & MASK51) + (uint64_t)(r2 >> 51);
    uint64_t h4 = ((uint64_t)r4 & MASK51) + (uint64_t)(r3 >> 51);
    carry(out, h0, h1, h2, h3, h4);
}

void fe_neg(struct fe *out, const struct fe *a) {
    static const struct fe zero;
    struct fe t;
    fe_sub(&t, &zero, a);
    carry(out, t.v[0], t.v[1], t.v[2], t.v[3], t.v[4]);
}

void fe_mul(struct fe *out, const struct fe *a, const struct fe *b) {
    uint64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3], a4 = a->v[4];
    uint64_t b0 = b->v[0], b1 = b->v[1], b2 = b->v[2], b3 = b->v[3], b4 = b->v[4];
    uint64_t c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4;
    u128 r0 = (u128)a0 * b0 + (u128)a1 * c4 + (u128)a2 * c3 + (u128)a3 * c2 + (u128)a4 * c1;
    u128 r1 = (u128)a0 * b1 + (u128)a1 * b0 + (u128)a2 * c4 + (u128)a3 * c3 + (u128)a4 * c2;
    u128 r2 = (u128)a0 * b2 + (u128)a1 * b1 + (u128)a2 * b0 + (u128)a3 * c4 + (u128)a4 * c3;
    u128 r3 = (u128)a0 * b3 + (u128)a1 * b2 + (u128)a2 * b1 + (u128)a3 * b0 + (u128)a4 * c4;
    u128 r4 = (u128)a0 * b4 + (u128)a1 * b3 + (u128)a2 * b2 + (u128)a3 * b1 + (u128)a4 * b0;
    carry_wide(out, r0, r1, r2, r3, r4);
}

static inline void square(struct fe *out, const struct fe *a) {
    uint64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3], a4 = a->v[4];
    uint64_t d0 = 2 * a0, d1 = 2 * a1, c3 = 19 * a3, c4 = 19 * a4, d2 = 38 * a2, d4 = 38 * a4;
    u128 r0 = (u128)a0 * a0 + (u128)a1 * d4 + (u128)d2 * a3;
    u128 r1 = (u128)d0 * a1 + (u128)a2 * d4 + (u128)a3 * c3;
    u128 r2 = (u128)d0 * a2 + (u128)a1 * a1 + (u128)a3 * d4;
    u128 r3 = (u128)d0 * a3 + (u128)d1 * a2 + (u128)a4 * c4;
    u128 r4 = (u128)d0 * a4 + (u128)d1 * a3 + (u128)a2 * a2;
    carry_wide(out, r0, r1, r2, r3, r4);
}

void fe_sq(struct fe *out, const struct fe *a) { square(out, a); }

// Kept in registers.
static void square_times(struct fe *out, const struct fe *a, int n) {
    struct fe t = *a;
    for (int i = 0; i < n; i++) square(&t, &t);
    *out = t;
}

void fe_from_bytes(struct fe *out, const uint8_t b[32]) {
    uint64_t w0 = load64(b), w1 = load64(b + 8), w2 = load64(b + 16), w3 = load64(b + 24);
    out->v[0] = w0 & MASK51;
    out->v[1] = (w0 >> 51 | w1 << 13) & MASK51;
    out->v[2] = (w1 >> 38 | w2 << 26) & MASK51;
    out->v[3] = (w2 >> 25 | w3 << 39) & MASK51;
    out->v[4] = w3 >> 12 & MASK51;
}

void fe_to_bytes(uint8_t b[32], const struct fe *a) {
    struct fe t;
    carry(&t, a->v[0], a->v[1], a->v[2], a->v[3], a->v[4]);
    uint64_t *h = t.v;
    // Now below 2p, so the quotient by p is 0 or 1: the carry out of the top when 19 is added.
    uint64_t q = (h[0] + 19) >> 51;
    for (int i = 1; i < 5; i++) q = (h[i] + q) >> 51;
    h[0] += 19 * q;
    for (int i = 0; i < 4; i++) {
        h[i + 1] += h[i] >> 51;
        h[i] &= MASK51;
    }
    h[4] &= MASK51;
    store64(b, h[0] | h[1] << 51);
    store64(b + 8, h[1] >> 13 | h[2] << 38);
    store64(b + 16, h[2] >> 26 | h[3] << 25);
    store64(b + 24, h[3] >> 39 | h[4] << 12);
}
