// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The two layouts of core/fe25519.h side by side: the one of ten limbs is fe25, and the one that core links is fe. To be included
// before all else.
#ifndef P1_TEST_BOTH_FIELDS_H
#define P1_TEST_BOTH_FIELDS_H

#define fe fe25
#define fe_limb fe25_limb
#define fe_one fe25_one
#define fe_two fe25_two
#define fe_sqrt_m1 fe25_sqrt_m1
#define fe_d fe25_d
#define fe_2d fe25_2d
#define fe_add fe25_add
#define fe_sub fe25_sub
#define fe_cmov fe25_cmov
#define fe_cswap fe25_cswap
#define fe_neg fe25_neg
#define fe_mul fe25_mul
#define fe_sq fe25_sq
#define fe_inv fe25_inv
#define fe_pow22523 fe25_pow22523
#define fe_from_bytes fe25_from_bytes
#define fe_to_bytes fe25_to_bytes
#define fe_is_zero fe25_is_zero
#define fe_is_equal fe25_is_equal
#define fe_is_odd fe25_is_odd
#include "core/fe25519_25.c" // NOLINT(bugprone-suspicious-include)
#undef P1_FE_25
#undef P1_FE_LIMBS
#undef P1_FE25519_H
#undef fe
#undef fe_limb
#undef fe_one
#undef fe_two
#undef fe_sqrt_m1
#undef fe_d
#undef fe_2d
#undef fe_add
#undef fe_sub
#undef fe_cmov
#undef fe_cswap
#undef fe_neg
#undef fe_mul
#undef fe_sq
#undef fe_inv
#undef fe_pow22523
#undef fe_from_bytes
#undef fe_to_bytes
#undef fe_is_zero
#undef fe_is_equal
#undef fe_is_odd
#include "core/fe25519.h"

#endif
