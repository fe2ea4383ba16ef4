// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Ten signed limbs of 26 and 25 bits in turn, for machines that keep 64 bits of a product, such as WebAssembly.
#ifndef P1_FE_25
#define P1_FE_25 // for who looks at this file alone: a build defines it for all files
#endif
#include "core/fe25519_common.h"

#define MASK25 ((INT64_C(1) << 25) - 1)
#define MASK26 ((INT64_C(1) << 26) - 1)

const struct fe fe_one = {{1}};
const struct fe fe_two = {{2}};
const struct fe fe_sqrt_m1 = {
    {-32595792, -7943725, 9377950, 3500415, 12389472, -272473, -25146209, -2005654, 326686, 11406482}};
const struct fe fe_d = {
    {-10913610, 13857413, -15372611, 6949391, 114729, -8787816, -6275908, -3247719, -18696448, -12055116}};
const struct fe fe_2d = {
    {-21827239, -5839606, -30745221, 13898782, 229458, 15978800, -12551817, -6495438, 29715968, 9444199}};

// Limb I passes its surplus on to the next, rounded down, so that what is left is not negative.
#define CARRY26(i) (h[i + 1] += h[i] >> 26, h[i] &= MASK26)
#define CARRY25(i) (h[i + 1] += h[i] >> 25, h[i] &= MASK25)

// Two chains, from limb 0 and from limb 5, each taken up once more where the other ends. 2^255 is 19.
//
// Of limbs below 2^63 in size, limb 4 brings at most 2^38 to limb 5 and that at most 2^14 to limb 6; limb 9 brings at most
// 19 * 2^38 to limb 0, and that at most 2^17 to limb 1.
static inline void carry(struct fe *out, int64_t h[10]) {
    CARRY26(0), CARRY25(5);
    CARRY25(1), CARRY26(6);
    CARRY26(2), CARRY25(7);
    CARRY25(3), CARRY26(8);
    CARRY26(4);
    h[0] += 19 * (h[9] >> 25);
    h[9] &= MASK25;
    CARRY25(5), CARRY26(0);
    *out = (struct fe){{(int32_t)h[0], (int32_t)h[1], (int32_t)h[2], (int32_t)h[3], (int32_t)h[4], (int32_t)h[5],
                        (int32_t)h[6], (int32_t)h[7], (int32_t)h[8], (int32_t)h[9]}};
}

void fe_neg(struct fe *out, const struct fe *a) {
    for (int i = 0; i < 10; i++) out->v[i] = -a->v[i];
}

// Limb i stands for 2^ceil(25.5 i), so a product of two odd limbs counts twice, and one that passes 2^255 19 times. In
// units of 2^54 a product of two even loose limbs is below 4, of two odd ones below 1: the largest sum, the first, is
// below 4 + 5 * 38 + 4 * 4 * 19 = 498 of 512, and what tight limbs have above their bits adds less than 1 in 100.
void fe_mul(struct fe *out, const struct fe *a, const struct fe *b) {
    const int64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3], a4 = a->v[4];
    const int64_t a5 = a->v[5], a6 = a->v[6], a7 = a->v[7], a8 = a->v[8], a9 = a->v[9];
    const int64_t b0 = b->v[0], b1 = b->v[1], b2 = b->v[2], b3 = b->v[3], b4 = b->v[4];
    const int64_t b5 = b->v[5], b6 = b->v[6], b7 = b->v[7], b8 = b->v[8], b9 = b->v[9];
    const int64_t d1 = 2 * a1, d3 = 2 * a3, d5 = 2 * a5, d7 = 2 * a7, d9 = 2 * a9;
    const int64_t c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4, c5 = 19 * b5;
    const int64_t c6 = 19 * b6, c7 = 19 * b7, c8 = 19 * b8, c9 = 19 * b9;
    carry(out, (int64_t[10]){
                   a0 * b0 + d1 * c9 + a2 * c8 + d3 * c7 + a4 * c6 + d5 * c5 + a6 * c4 + d7 * c3 + a8 * c2 + d9 * c1,
                   a0 * b1 + a1 * b0 + a2 * c9 + a3 * c8 + a4 * c7 + a5 * c6 + a6 * c5 + a7 * c4 + a8 * c3 + a9 * c2,
                   a0 * b2 + d1 * b1 + a2 * b0 + d3 * c9 + a4 * c8 + d5 * c7 + a6 * c6 + d7 * c5 + a8 * c4 + d9 * c3,
                   a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + a4 * c9 + a5 * c8 + a6 * c7 + a7 * c6 + a8 * c5 + a9 * c4,
                   a0 * b4 + d1 * b3 + a2 * b2 + d3 * b1 + a4 * b0 + d5 * c9 + a6 * c8 + d7 * c7 + a8 * c6 + d9 * c5,
                   a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + a6 * c9 + a7 * c8 + a8 * c7 + a9 * c6,
                   a0 * b6 + d1 * b5 + a2 * b4 + d3 * b3 + a4 * b2 + d5 * b1 + a6 * b0 + d7 * c9 + a8 * c8 + d9 * c7,
                   a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 + a8 * c9 + a9 * c8,
                   a0 * b8 + d1 * b7 + a2 * b6 + d3 * b5 + a4 * b4 + d5 * b3 + a6 * b2 + d7 * b1 + a8 * b0 + d9 * c9,
                   a0 * b9 + a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 + a9 * b0,
               });
}

// The same with a = b: d is twice a limb; c is 19 or, for an odd one, 38 times.
void fe_sq(struct fe *out, const struct fe *a) {
    const int64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3], a4 = a->v[4];
    const int64_t a5 = a->v[5], a6 = a->v[6], a7 = a->v[7], a8 = a->v[8], a9 = a->v[9];
    const int64_t d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, d3 = 2 * a3;
    const int64_t d4 = 2 * a4, d5 = 2 * a5, d6 = 2 * a6, d7 = 2 * a7;
    const int64_t c5 = 38 * a5, c6 = 19 * a6, c7 = 38 * a7, c8 = 19 * a8, c9 = 38 * a9;
    carry(out, (int64_t[10]){
                   a0 * a0 + d1 * c9 + d2 * c8 + d3 * c7 + d4 * c6 + a5 * c5,
                   d0 * a1 + a2 * c9 + d3 * c8 + a4 * c7 + d5 * c6,
                   d0 * a2 + d1 * a1 + d3 * c9 + d4 * c8 + d5 * c7 + a6 * c6,
                   d0 * a3 + d1 * a2 + a4 * c9 + d5 * c8 + a6 * c7,
                   d0 * a4 + d1 * d3 + a2 * a2 + d5 * c9 + d6 * c8 + a7 * c7,
                   d0 * a5 + d1 * a4 + d2 * a3 + a6 * c9 + d7 * c8,
                   d0 * a6 + d1 * d5 + d2 * a4 + d3 * a3 + d7 * c9 + a8 * c8,
                   d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 + a8 * c9,
                   d0 * a8 + d1 * d7 + d2 * a6 + d3 * d5 + a4 * a4 + a9 * c9,
                   d0 * a9 + d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5,
               });
}

static void square_times(struct fe *out, const struct fe *a, int n) {
    fe_sq(out, a);
    while (--n > 0) fe_sq(out, out);
}

void fe_from_bytes(struct fe *out, const uint8_t b[32]) {
    uint64_t w0 = load64(b), w1 = load64(b + 8), w2 = load64(b + 16), w3 = load64(b + 24);
    out->v[0] = (int32_t)(w0 & MASK26);
    out->v[1] = (int32_t)(w0 >> 26 & MASK25);
    out->v[2] = (int32_t)((w0 >> 51 | w1 << 13) & MASK26);
    out->v[3] = (int32_t)(w1 >> 13 & MASK25);
    out->v[4] = (int32_t)(w1 >> 38);
    out->v[5] = (int32_t)(w2 & MASK25);
    out->v[6] = (int32_t)(w2 >> 25 & MASK26);
    out->v[7] = (int32_t)((w2 >> 51 | w3 << 13) & MASK25);
    out->v[8] = (int32_t)(w3 >> 12 & MASK26);
    out->v[9] = (int32_t)(w3 >> 38 & MASK25);
}

// With Q the quotient by p, the value and 19 Q are the remainder and 2^255 Q: what comes out of the top when 19 Q is added
// is Q again, and so it is with anything up to 19 Q + 19. The highest limb tells a number between these two: 19 * 2^-255
// times the others is nothing beside 1/2.
void fe_to_bytes(uint8_t b[32], const struct fe *a) {
    int64_t h[10], q = (19 * (int64_t)a->v[9] + (1 << 24)) >> 25;
    uint64_t w[10];
    for (int i = 0; i < 10; i++) q = (a->v[i] + q) >> (26 - i % 2);
    for (int i = 0; i < 10; i++) h[i] = a->v[i];
    h[0] += 19 * q;
    for (int i = 0; i < 8; i += 2) CARRY26(i), CARRY25(i + 1);
    CARRY26(8);
    h[9] &= MASK25;
    for (int i = 0; i < 10; i++) w[i] = (uint64_t)h[i];
    store64(b, w[0] | w[1] << 26 | w[2] << 51);
    store64(b + 8, w[2] >> 13 | w[3] << 13 | w[4] << 38);
    store64(b + 16, w[5] | w[6] << 25 | w[7] << 51);
    store64(b + 24, w[7] >> 13 | w[8] << 12 | w[9] << 38);
}
