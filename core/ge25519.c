// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/ge25519.h"

#include <string.h>

void ge_identity(struct ge *out) {
    memset(out, 0, sizeof *out);
    out->y = fe_one;
    out->z = fe_one;
}

// out^2 = a, if there is such a thing.
static int square_root_vartime(struct fe *out, const struct fe *a) {
    struct fe r, check;
    fe_pow22523(&r, a);
    fe_mul(&r, &r, a); // a^((p+3)/8): its square is a, -a, or no root exists
    fe_sq(&check, &r);
    if (!fe_is_equal(&check, a)) fe_mul(&r, &r, &fe_sqrt_m1);
    fe_sq(&check, &r);
    *out = r;
    return fe_is_equal(&check, a);
}

// out^2 = u/v. RFC 8032, section 5.1.3: u v^3 (u v^7)^((p-5)/8), perhaps times the root of -1.
static int ratio_root_vartime(struct fe *out, const struct fe *u, const struct fe *v) {
    struct fe v3, r, check;
    fe_sq(&v3, v);
    fe_mul(&v3, &v3, v);
    fe_sq(&r, &v3);
    fe_mul(&r, &r, v);
    fe_mul(&r, &r, u);
    fe_pow22523(&r, &r);
    fe_mul(&r, &r, &v3);
    fe_mul(&r, &r, u);
    fe_sq(&check, &r);
    fe_mul(&check, &check, v);
    if (!fe_is_equal(&check, u)) {
        fe_mul(&r, &r, &fe_sqrt_m1);
        fe_neg(&check, &check);
    }
    *out = r;
    return fe_is_equal(&check, u);
}

enum p1_err ge_from_bytes_vartime(struct ge *out, const uint8_t b[32]) {
    struct fe yy, u, v;
    uint8_t canonical[32];
    int sign = b[31] >> 7;
    fe_from_bytes(&out->y, b);
    fe_to_bytes(canonical, &out->y);
    canonical[31] = (uint8_t)(canonical[31] | sign << 7);
    if (memcmp(canonical, b, 32) != 0) return P1_ERR_ELEM_FORM;

    fe_sq(&yy, &out->y);
    fe_sub(&u, &yy, &fe_one);
    fe_mul(&v, &yy, &fe_d);
    fe_add(&v, &v, &fe_one);
    if (!ratio_root_vartime(&out->x, &u, &v)) return P1_ERR_ELEM_FIELD;
    if (fe_is_odd(&out->x) != sign) {
        if (fe_is_zero(&out->x)) return P1_ERR_ELEM_FORM;
        fe_neg(&out->x, &out->x);
    }
    out->z = fe_one;
    fe_mul(&out->t, &out->x, &out->y);
    return P1_OK;
}

void ge_to_bytes(uint8_t b[32], const struct ge *p, const struct fe *inv_z) {
    struct fe x, y;
    fe_mul(&x, &p->x, inv_z);
    fe_mul(&y, &p->y, inv_z);
    fe_to_bytes(b, &y);
    b[31] = (uint8_t)(b[31] | fe_is_odd(&x) << 7);
}

// r = sqrt(A + 2) for Montgomery's A = 486662; of the two roots the one for which r(r + 2) is not a square.
static const uint8_t root_bytes[32] = {0xd8, 0xbb, 0x77, 0x63, 0x10, 0xb7, 0x5d, 0x16, 0x9c, 0x6c, 0xb5,
                                       0xd7, 0x38, 0xee, 0xa5, 0x9c, 0x10, 0x59, 0x0b, 0x28, 0x85, 0x58,
                                       0xe0, 0x3d, 0x50, 0x3d, 0x56, 0x06, 0x68, 0x0b, 0x1b, 0x14};

// The points of the curve are a cyclic group of order 8q, and P must be in its subgroup of order q. To multiply by q
// takes 250 doublings; this takes two exponentiations. Why it is right:
//
// Let E: v^2 = u(u^2 + Au + 1) be the curve in Montgomery's form, u = (1+y)/(1-y), v = cu/x, c^2 = -(A+2), and
// E': v'^2 = u'(u' - (A+2))(u' - (A-2)), with the 2-isogenies f: E -> E' and g: E' -> E whose composition is doubling.
// 1. The kernel of g is {O, N}, N = (0,0), and P is in the image of g exactly if u is a square (descent by a
//    2-isogeny). Then with w^2 = u one preimage is P' = (u', 2u'w), u' = A + 2w^2 - 2v/w, the other P' + N.
// 2. P has an order that divides q exactly if P' or P' + N has one: g keeps such orders, and if P has one, so has
//    R = ((q+1)/2)P, and f(R), which g takes to 2R = P.
// 3. E' also has order 8q, with all three points of order 2, so its 2-part is Z/2 x Z/4 and its points of an order that
//    divides q are 4E'. Since 4 divides p - 1, the reduced Tate pairing of E'[4] and E'/4E' is perfect. So a point T of
//    order 4 gives a character t(T, .) whose kernel in E'/4E' has order 8/4 = 2. N is not in 4E'. If t(T, N) = 1 the
//    kernel is {O, N}, and P' or P' + N is in 4E' exactly if t(T, P') = 1.
// 4. Such a T is (r(r+2), 2r(r+2)). Its tangent has slope r + 2 and meets (A+2, 0) = 2T, hence
//    t(T, P') = (l^2 / (u' - (A+2)))^((p-1)/4) with l = v' - (r+2)(u' - (A+2)),
//    and t(T, N) = (-(r(r+2))^2)^((p-1)/4), which is 1: (p-1)/4 is odd, and r(r+2) is not a square.
// 5. With k = sqrt(1 - y^2), w = k/(1-y), m = 2xy - ck and e = x(1-y): u' - (A+2) = 2m/e, and l = 2n/(e(1-y)) with
//    n = (2m + (A+2)e)k - (r+2)m(1-y). So what is raised is 2 n^2 / (xm(1-y)^3), or, times the fourth power of
//    xm(1-y), 2 n^2 (xm)^3 (1-y).
// x is 0 for O and for the point of order 2 only. n or m is 0 only if P' is T or 2T, so P is of small order and not O.
int ge_in_subgroup_vartime(const struct ge *p) {
    struct fe r, c, k, m, e, n, one_minus_y, z, t;
    if (fe_is_zero(&p->x)) return fe_is_equal(&p->y, &fe_one);

    fe_sub(&one_minus_y, &fe_one, &p->y);
    fe_add(&t, &fe_one, &p->y);
    fe_mul(&t, &t, &one_minus_y);
    if (!square_root_vartime(&k, &t)) return 0;

    fe_from_bytes(&r, root_bytes);
    fe_mul(&c, &r, &fe_sqrt_m1);
    fe_mul(&c, &c, &k);
    fe_add(&m, &p->t, &p->t);
    fe_sub(&m, &m, &c);

    fe_mul(&e, &p->x, &one_minus_y);
    fe_sq(&n, &r);
    fe_mul(&n, &n, &e);
    fe_mul(&n, &n, &k);
    fe_mul(&t, &m, &k);
    fe_add(&n, &n, &t);
    fe_add(&n, &n, &t);
    fe_add(&t, &r, &fe_two);
    fe_mul(&t, &t, &m);
    fe_mul(&t, &t, &one_minus_y);
    fe_sub(&n, &n, &t);

    fe_mul(&m, &m, &p->x);
    fe_sq(&t, &m);
    fe_mul(&z, &t, &m);
    fe_sq(&t, &n);
    fe_add(&t, &t, &t);
    fe_mul(&z, &z, &t);
    fe_mul(&z, &z, &one_minus_y);

    fe_pow22523(&t, &z);
    fe_sq(&t, &t);
    fe_mul(&t, &t, &z); // z^((p-1)/4)
    return fe_is_equal(&t, &fe_one);
}

void ge_double(struct ge_sum *out, const struct ge *p) {
    struct fe xx, yy, zz2, xy;
    fe_sq(&xx, &p->x);
    fe_sq(&yy, &p->y);
    fe_sq(&zz2, &p->z);
    fe_add(&zz2, &zz2, &zz2);
    fe_add(&xy, &p->x, &p->y);
    fe_sq(&xy, &xy);

    fe_add(&out->y, &yy, &xx);
    fe_sub(&out->z, &yy, &xx);
    fe_sub(&xy, &xy, &xx);
    fe_sub(&out->x, &xy, &yy);
    fe_add(&zz2, &zz2, &xx);
    fe_sub(&out->t, &zz2, &yy);
}

// P + Q, with ZZ2 = 2 Z(P) Z(Q). P - Q has the first two and the last two coordinates of Q and of the sum exchanged.
static inline void add(struct fe *x, struct fe *y, struct fe *z, struct fe *t, const struct ge *p, const struct fe *ypx,
                       const struct fe *ymx, const struct fe *t2d, const struct fe *zz2) {
    struct fe a, b, c;
    fe_sub(&a, &p->y, &p->x);
    fe_mul(&a, &a, ymx);
    fe_add(&b, &p->y, &p->x);
    fe_mul(&b, &b, ypx);
    fe_mul(&c, &p->t, t2d);
    fe_sub(x, &b, &a);
    fe_add(y, &b, &a);
    fe_add(z, zz2, &c);
    fe_sub(t, zz2, &c);
}

void ge_add(struct ge_sum *out, const struct ge *p, const struct ge_cached *q) {
    struct fe zz2;
    fe_mul(&zz2, &p->z, &q->z2);
    add(&out->x, &out->y, &out->z, &out->t, p, &q->ypx, &q->ymx, &q->t2d, &zz2);
}

void ge_sub(struct ge_sum *out, const struct ge *p, const struct ge_cached *q) {
    struct fe zz2;
    fe_mul(&zz2, &p->z, &q->z2);
    add(&out->x, &out->y, &out->t, &out->z, p, &q->ymx, &q->ypx, &q->t2d, &zz2);
}

void ge_add_affine(struct ge_sum *out, const struct ge *p, const struct ge_affine *q) {
    struct fe zz2;
    fe_add(&zz2, &p->z, &p->z);
    add(&out->x, &out->y, &out->z, &out->t, p, &q->ypx, &q->ymx, &q->t2d, &zz2);
}

void ge_sub_affine(struct ge_sum *out, const struct ge *p, const struct ge_affine *q) {
    struct fe zz2;
    fe_add(&zz2, &p->z, &p->z);
    add(&out->x, &out->y, &out->t, &out->z, p, &q->ymx, &q->ypx, &q->t2d, &zz2);
}

void ge_finish_without_t(struct ge *out, const struct ge_sum *s) {
    fe_mul(&out->x, &s->x, &s->t);
    fe_mul(&out->y, &s->y, &s->z);
    fe_mul(&out->z, &s->z, &s->t);
}

void ge_finish(struct ge *out, const struct ge_sum *s) {
    ge_finish_without_t(out, s);
    fe_mul(&out->t, &s->x, &s->y);
}

void ge_cache(struct ge_cached *out, const struct ge *p) {
    fe_add(&out->ypx, &p->y, &p->x);
    fe_sub(&out->ymx, &p->y, &p->x);
    fe_add(&out->z2, &p->z, &p->z);
    fe_mul(&out->t2d, &p->t, &fe_2d);
}

void ge_neg(struct ge *out, const struct ge *p) {
    fe_neg(&out->x, &p->x);
    out->y = p->y;
    out->z = p->z;
    fe_neg(&out->t, &p->t);
}

void ge_double_times(struct ge *out, const struct ge *p, int n) {
    struct ge_sum s;
    ge_double(&s, p);
    for (int i = 1; i < n; i++) {
        ge_finish_without_t(out, &s);
        ge_double(&s, out);
    }
    ge_finish(out, &s);
}

int ge_is_equal(const struct ge *p, const struct ge *q) {
    struct fe a, b, c, d;
    fe_mul(&a, &p->x, &q->z);
    fe_mul(&b, &q->x, &p->z);
    fe_mul(&c, &p->y, &q->z);
    fe_mul(&d, &q->y, &p->z);
    return fe_is_equal(&a, &b) & fe_is_equal(&c, &d);
}
