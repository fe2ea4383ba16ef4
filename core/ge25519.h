// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Points of the curve of Ed25519 (RFC 8032, section 5.1): -x^2 + y^2 = 1 + d x^2 y^2 over the field of fe25519.h.
// Its addition law has no exceptions, so everything here works for every point of the curve, of small order too.
// Constant-time, except what is named _vartime.
#ifndef P1_GE25519_H
#define P1_GE25519_H

#include "core/err.h"
#include "core/fe25519.h"

// x = X/Z, y = Y/Z, xy = T/Z; all tight.
struct ge {
    struct fe x, y, z, t;
};

// What a doubling or an addition leaves: x = X/Z, y = Y/T. ge_finish() makes a point of it.
struct ge_sum {
    struct fe x, y, z, t;
};

// A point made ready to be added: Y + X, Y - X, 2Z, 2dT.
struct ge_cached {
    struct fe ypx, ymx, z2, t2d;
};

// The same with Z = 1, which saves a multiplication: y + x, y - x, 2dxy.
struct ge_affine {
    struct fe ypx, ymx, t2d;
};

void ge_identity(struct ge *out);

// RFC 8032's encoding (little-endian y, the sign of x in the last bit). ERR_ELEM_FORM if not canonical (y of p or
// more, x = 0 with the sign set), ERR_ELEM_FIELD if no such point exists. Z is 1.
MUST_USE enum p1_err ge_from_bytes_vartime(struct ge *out, const uint8_t b[32]);
// INV_Z is 1/Z.
void ge_to_bytes(uint8_t b[32], const struct ge *p, const struct fe *inv_z);
// Is P, with Z = 1, a multiple of the base point? 1 or 0.
int ge_in_subgroup_vartime(const struct ge *p);

// Reads no T.
void ge_double(struct ge_sum *out, const struct ge *p);
void ge_add(struct ge_sum *out, const struct ge *p, const struct ge_cached *q);
void ge_sub(struct ge_sum *out, const struct ge *p, const struct ge_cached *q);
void ge_add_affine(struct ge_sum *out, const struct ge *p, const struct ge_affine *q);
void ge_sub_affine(struct ge_sum *out, const struct ge *p, const struct ge_affine *q);
void ge_finish(struct ge *out, const struct ge_sum *s);
// Leaves T as it was: enough if a doubling follows.
void ge_finish_without_t(struct ge *out, const struct ge_sum *s);

void ge_cache(struct ge_cached *out, const struct ge *p);
void ge_neg(struct ge *out, const struct ge *p);
// 2^n P, for n > 0.
void ge_double_times(struct ge *out, const struct ge *p, int n);
// 1 or 0
int ge_is_equal(const struct ge *p, const struct ge *q);

#endif
