// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Scalars: integers modulo the prime order q of a group, q of 253, 256 or 2047 bits. Everything here takes time
// that depends on q alone, except what is named _vartime.
#ifndef P1_SC_H
#define P1_SC_H

#include "core/buf.h"
#include "core/err.h"
#include "core/span.h"

#define P1_LIMBS 32        // 64-bit limbs of the largest modulus
#define P1_SCALAR_TEXT 617 // most decimal digits of a scalar or of a finite-field element
#define P1_SCALAR_WIDE 272 // bytes that sc_from_wide() needs to be uniform within 2^-128: q and 128 bits more

// Little-endian limbs, always below q; limbs past the modulus' own are zero.
struct scalar {
    uint64_t v[P1_LIMBS];
};

struct modulus {
    size_t n;              // limbs in use
    size_t bits;           // bits of m
    uint64_t m[P1_LIMBS];  // the odd modulus
    uint64_t rr[P1_LIMBS]; // 2^(128 n) mod m, for Montgomery's multiplication
    uint64_t neg_inv;      // -1/m mod 2^64
};

// Little-endian limbs of an odd modulus > 2.
void modulus_init(struct modulus *q, const uint64_t *m, size_t n);

void sc_from_u64(struct scalar *out, uint64_t v); // v < q
// The big-endian number in BYTES (at most P1_SCALAR_WIDE), reduced.
void sc_from_bytes(const struct modulus *q, struct scalar *out, struct span bytes);
void sc_add(const struct modulus *q, struct scalar *out, const struct scalar *a, const struct scalar *b);
void sc_sub(const struct modulus *q, struct scalar *out, const struct scalar *a, const struct scalar *b);
void sc_mul(const struct modulus *q, struct scalar *out, const struct scalar *a, const struct scalar *b);
// 1/a by Fermat; the exponent q - 2 is public, so time depends on q alone. 0 gives 0.
void sc_inv(const struct modulus *q, struct scalar *out, const struct scalar *a);
// out = take ? a : b, for take 0 or 1.
void sc_select(struct scalar *out, const struct scalar *a, const struct scalar *b, uint64_t take);
int sc_is_equal(const struct scalar *a, const struct scalar *b);
int sc_is_zero(const struct scalar *a);

// Canonical decimal text: no sign, no leading zero, below q. ERR_SCALAR_FORM, ERR_SCALAR_RANGE.
MUST_USE enum p1_err sc_decode(const struct modulus *q, struct scalar *out, struct span text);
void sc_encode(const struct modulus *q, struct buf *out, const struct scalar *a);

// Decimal text to N limbs and back, for scalars and finite-field elements alike. limbs_decode refuses what is not
// canonical (ERR_SCALAR_FORM) or does not fit (ERR_SCALAR_RANGE).
MUST_USE enum p1_err limbs_decode(uint64_t *v, size_t n, struct span text);
void limbs_encode(struct buf *out, const uint64_t *v, size_t n);
// a >= b ? 1 : 0
uint64_t limbs_at_least(const uint64_t *a, const uint64_t *b, size_t n);

#endif
