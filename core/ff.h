// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Arithmetic modulo a prime p of exactly 2048 bits, in Montgomery form: x is held as x 2^2048 mod p. Built on GMP's mpn
// functions, those that need no memory but what they are given.
//
// A number is FF_LIMBS little-endian limbs. Functions named _ct take numbers below p and give such a number; those
// named _vartime take and give numbers below 2^2048, which ff_reduce_vartime() brings below p. Results may overwrite
// inputs. T is scratch of FF_SCRATCH limbs, apart from all other arguments.
#ifndef P1_FF_H
#define P1_FF_H

#include "core/sc.h"

#define FF_LIMBS P1_LIMBS
#define FF_BITS (64 * FF_LIMBS)
#define FF_SCRATCH (4 * FF_LIMBS)

void ff_mul_ct(const struct modulus *p, uint64_t *out, const uint64_t *a, const uint64_t *b, uint64_t *t);
void ff_to_montgomery_ct(const struct modulus *p, uint64_t *out, const uint64_t *a, uint64_t *t);
void ff_from_montgomery_ct(const struct modulus *p, uint64_t *out, const uint64_t *a, uint64_t *t);
// 1/a; 0 gives 0.
void ff_inverse_ct(const struct modulus *p, uint64_t *out, const uint64_t *a, uint64_t *t);
int ff_is_equal(const uint64_t *a, const uint64_t *b);
// 1 in Montgomery form
void ff_one(const struct modulus *p, uint64_t *out);

void ff_mul_vartime(const struct modulus *p, uint64_t *out, const uint64_t *a, const uint64_t *b, uint64_t *t);
void ff_square_vartime(const struct modulus *p, uint64_t *out, const uint64_t *a, uint64_t *t);
void ff_reduce_vartime(const struct modulus *p, uint64_t *a);

// Is a, not in Montgomery form and from 1 to p - 1, a square modulo p?
int ff_is_square_vartime(const struct modulus *p, const uint64_t *a, uint64_t *t);

// A number with its exponent cut into chunks of SPACING bits, to share squarings between chunks. The table has, for
// chunk k, the odd powers base^((2i+1) 2^(spacing k)), i < 2^(width-1), at number 2^(width-1) k + i.
struct ff_power {
    const uint64_t *table;
    unsigned width;    // bits of the sliding window, 2 to 8
    const uint64_t *x; // exponent
};

// Room in TABLE for CHUNKS 2^(width-1) numbers.
void ff_table_vartime(const struct modulus *p, uint64_t *table, const uint64_t *base, size_t spacing, size_t chunks,
                      unsigned width, uint64_t *t);

#define FF_POWERS 3

// out = the product of N <= FF_POWERS powers, below p. The tables must have a chunk for each SPACING bits of their
// exponent.
void ff_product_vartime(const struct modulus *p, uint64_t *out, const struct ff_power *f, size_t n, size_t spacing,
                        uint64_t *t);

// Bits of x without leading zeros.
size_t ff_bits_vartime(const uint64_t *x);

#endif
