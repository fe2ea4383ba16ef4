// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The field of 2^255 - 19 elements, in which the coordinates of group Ed25519 live. Everything here is constant-time.
//
// To save carries there are two sorts of value. A tight one comes out of every function that does not say otherwise.
// fe_add and fe_sub give a loose one: it may be multiplied, squared, compared or written, not subtracted or negated.
// At most three tight values may be added to or subtracted from a tight one before the next multiplication.
//
// Of two layouts the build takes one, by its file: five limbs of 51 bits (fe25519_51.c; tight is below 2^51 + 2^18, loose
// below 2^54), or, with P1_FE_25, ten signed limbs of 26 and 25 bits in turn (fe25519_25.c; in size, tight is below
// 2^26 + 2^17 and 2^25 + 2^17, loose four times that). Both take 40 bytes, so who only copies elements need not know.
#ifndef P1_FE25519_H
#define P1_FE25519_H

#include <stdint.h>

#ifdef P1_FE_25
#define P1_FE_LIMBS 10
typedef int32_t fe_limb; // radix 2^25.5
#else
#define P1_FE_LIMBS 5
typedef uint64_t fe_limb; // radix 2^51
#endif

struct fe {
    fe_limb v[P1_FE_LIMBS];
};

extern const struct fe fe_one, fe_two;
extern const struct fe fe_sqrt_m1; // 2^((p-1)/4)
extern const struct fe fe_d;       // -121665/121666, the curve's constant
extern const struct fe fe_2d;

// Loose.
static inline void fe_add(struct fe *out, const struct fe *a, const struct fe *b) {
    for (int i = 0; i < P1_FE_LIMBS; i++) out->v[i] = a->v[i] + b->v[i];
}

// Loose; B must be tight.
static inline void fe_sub(struct fe *out, const struct fe *a, const struct fe *b) {
#ifdef P1_FE_25
    for (int i = 0; i < 10; i++) out->v[i] = a->v[i] - b->v[i];
#else
    // 2p is added, so that no limb goes below zero.
    out->v[0] = a->v[0] + 0xfffffffffffda - b->v[0];
    for (int i = 1; i < 5; i++) out->v[i] = a->v[i] + 0xffffffffffffe - b->v[i];
#endif
}

// f = g where MASK is all ones, unchanged where it is 0.
static inline void fe_cmov(struct fe *f, const struct fe *g, uint64_t mask) {
    for (int i = 0; i < P1_FE_LIMBS; i++) f->v[i] ^= (fe_limb)mask & (f->v[i] ^ g->v[i]);
}

static inline void fe_cswap(struct fe *f, struct fe *g, uint64_t mask) {
    for (int i = 0; i < P1_FE_LIMBS; i++) {
        fe_limb both = (fe_limb)mask & (f->v[i] ^ g->v[i]);
        f->v[i] ^= both;
        g->v[i] ^= both;
    }
}

void fe_neg(struct fe *out, const struct fe *a); // A must be tight
void fe_mul(struct fe *out, const struct fe *a, const struct fe *b);
void fe_sq(struct fe *out, const struct fe *a);
void fe_inv(struct fe *out, const struct fe *a);      // 0 gives 0
void fe_pow22523(struct fe *out, const struct fe *a); // a^((p-5)/8) = a^(2^252 - 3)

// 32 little-endian bytes; bit 255 is ignored, a value of p or more is reduced.
void fe_from_bytes(struct fe *out, const uint8_t b[32]);
void fe_to_bytes(uint8_t b[32], const struct fe *a); // below p

// 1 or 0
int fe_is_zero(const struct fe *a);
int fe_is_equal(const struct fe *a, const struct fe *b);
int fe_is_odd(const struct fe *a);

#endif
