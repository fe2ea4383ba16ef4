// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/ff.h"

#include "core/wipe.h"

#include <gmp.h>

_Static_assert(_Generic((mp_limb_t *)0, uint64_t * : 1, default : 0), "GMP's limbs are uint64_t");
_Static_assert(GMP_NAIL_BITS == 0, "GMP uses all bits of a limb");

// ---- Montgomery multiplication ----

// out and the result's bit 2048 = t / 2^2048 mod p, for t of 2 FF_LIMBS limbs below 2^2048 p. Each round makes the
// lowest limb zero by adding a multiple of p; the limb then keeps the round's carry, to be added once at the end.
static uint64_t redc(const struct modulus *p, uint64_t *out, uint64_t *t) {
    for (size_t i = 0; i < FF_LIMBS; i++) t[i] = mpn_addmul_1(t + i, p->m, FF_LIMBS, t[i] * p->neg_inv);
    return mpn_add_n(out, t + FF_LIMBS, t, FF_LIMBS);
}

static void redc_ct(const struct modulus *p, uint64_t *out, uint64_t *t) {
    uint64_t carry = redc(p, t + FF_LIMBS, t);
    uint64_t borrow = mpn_sub_n(t, t + FF_LIMBS, p->m, FF_LIMBS);
    mpn_cnd_add_n(borrow - carry, out, t, p->m, FF_LIMBS); // the carry pays for the borrow
}

static void redc_vartime(const struct modulus *p, uint64_t *out, uint64_t *t) {
    if (redc(p, out, t)) mpn_sub_n(out, out, p->m, FF_LIMBS);
}

void ff_mul_ct(const struct modulus *p, uint64_t *out, const uint64_t *a, const uint64_t *b, uint64_t *t) {
    mpn_sec_mul(t, a, FF_LIMBS, b, FF_LIMBS, t + 2 * FF_LIMBS); // mpn_mul_n() compares halves and branches
    redc_ct(p, out, t);
}

void ff_mul_vartime(const struct modulus *p, uint64_t *out, const uint64_t *a, const uint64_t *b, uint64_t *t) {
    mpn_mul_n(t, a, b, FF_LIMBS);
    redc_vartime(p, out, t);
}

void ff_square_vartime(const struct modulus *p, uint64_t *out, const uint64_t *a, uint64_t *t) {
    mpn_sqr(t, a, FF_LIMBS);
    redc_vartime(p, out, t);
}

void ff_reduce_vartime(const struct modulus *p, uint64_t *a) {
    if (mpn_cmp(a, p->m, FF_LIMBS) >= 0) mpn_sub_n(a, a, p->m, FF_LIMBS);
}

void ff_to_montgomery_ct(const struct modulus *p, uint64_t *out, const uint64_t *a, uint64_t *t) {
    ff_mul_ct(p, out, a, p->rr, t);
}

void ff_from_montgomery_ct(const struct modulus *p, uint64_t *out, const uint64_t *a, uint64_t *t) {
    memcpy(t, a, FF_LIMBS * sizeof *t);
    memset(t + FF_LIMBS, 0, FF_LIMBS * sizeof *t);
    redc_ct(p, out, t);
}

// 2^2048 mod p is 2^2048 - p, as p has 2048 bits.
void ff_one(const struct modulus *p, uint64_t *out) { mpn_neg(out, p->m, FF_LIMBS); }

int ff_is_equal(const uint64_t *a, const uint64_t *b) {
    uint64_t diff = 0;
    for (size_t i = 0; i < FF_LIMBS; i++) diff |= a[i] ^ b[i];
    return diff == 0;
}

void ff_inverse_ct(const struct modulus *p, uint64_t *out, const uint64_t *a, uint64_t *t) {
    uint64_t in[FF_LIMBS], inv[FF_LIMBS];
    memcpy(in, a, sizeof in);
    mpn_sec_invert(inv, in, p->m, FF_LIMBS, 2 * FF_BITS, t);
    ff_to_montgomery_ct(p, inv, inv, t); // from 2^-2048 / a to 1 / a
    ff_to_montgomery_ct(p, out, inv, t);
    wipe(in, sizeof in);
    wipe(inv, sizeof inv);
}

// ---- squares ----

struct limbs {
    uint64_t *v;
    size_t n; // without leading zeros
};

static void trim(struct limbs *a) {
    while (a->n && !a->v[a->n - 1]) a->n--;
}

// Makes a odd and gives the number of halvings modulo 2; a is not zero.
static uint64_t strip_twos(struct limbs *a) {
    while (!a->v[0]) {
        a->v++;
        a->n--;
    }
    unsigned twos = (unsigned)__builtin_ctzll(a->v[0]);
    if (twos) mpn_rshift(a->v, a->v, (mp_size_t)a->n, twos);
    trim(a);
    return twos & 1;
}

static int is_less(const struct limbs *a, const struct limbs *b) {
    return a->n < b->n || (a->n == b->n && mpn_cmp(a->v, b->v, (mp_size_t)a->n) < 0);
}

// The Jacobi symbol (a/b) by the binary algorithm: (2/b) = -1 if b is 3 or 5 mod 8, (a/b) = -(b/a) if both are 3 mod 4.
int ff_is_square_vartime(const struct modulus *p, const uint64_t *x, uint64_t *t) {
    struct limbs a = {t, FF_LIMBS}, b = {t + FF_LIMBS, FF_LIMBS};
    uint64_t minus = 0; // bit 0
    memcpy(t, x, FF_LIMBS * sizeof *t);
    memcpy(t + FF_LIMBS, p->m, FF_LIMBS * sizeof *t);
    trim(&a);
    while (a.n) {
        minus ^= strip_twos(&a) & (b.v[0] >> 1 ^ b.v[0] >> 2);
        if (is_less(&a, &b)) {
            struct limbs swap = a;
            a = b;
            b = swap;
            minus ^= a.v[0] >> 1 & b.v[0] >> 1;
        }
        mpn_sub(a.v, a.v, (mp_size_t)a.n, b.v, (mp_size_t)b.n);
        trim(&a);
    }
    return !(minus & 1); // p is prime, so a and b ended at their common divisor 1
}

// ---- products of powers ----

size_t ff_bits_vartime(const uint64_t *x) {
    size_t n = FF_LIMBS;
    while (n && !x[n - 1]) n--;
    return n ? 64 * n - (size_t)__builtin_clzll(x[n - 1]) : 0;
}

void ff_table_vartime(const struct modulus *p, uint64_t *table, const uint64_t *base, size_t spacing, size_t chunks,
                      unsigned width, uint64_t *t) {
    uint64_t *square = t + 2 * FF_LIMBS;
    for (size_t k = 0; k < chunks; k++) {
        if (k) {
            for (size_t i = 1; i < spacing; i++) ff_square_vartime(p, square, square, t);
            base = square;
        }
        memcpy(table, base, FF_LIMBS * sizeof *table);
        ff_square_vartime(p, square, table, t);
        for (size_t i = 1; i < (size_t)1 << (width - 1); i++, table += FF_LIMBS)
            ff_mul_vartime(p, table + FF_LIMBS, table, square, t);
        table += FF_LIMBS;
    }
}

// Bits i to i + count - 1 of x.
static unsigned bits_at(const uint64_t *x, size_t i, size_t count) {
    uint64_t v = x[i / 64] >> (i % 64);
    if (i % 64 + count > 64) v |= x[i / 64 + 1] << (64 - i % 64);
    return (unsigned)v & ((1u << count) - 1);
}

// x = sum of digit[i] 2^i, each digit zero or odd and below 2^width; BITS of them.
static void recode(uint8_t *digit, const uint64_t *x, size_t bits, unsigned width) {
    memset(digit, 0, bits);
    for (size_t i = 0; i < bits;) {
        if (!bits_at(x, i, 1)) {
            i++;
            continue;
        }
        size_t take = bits - i < width ? bits - i : width;
        digit[i] = (uint8_t)bits_at(x, i, take);
        i += take;
    }
}

void ff_product_vartime(const struct modulus *p, uint64_t *out, const struct ff_power *f, size_t n, size_t spacing,
                        uint64_t *t) {
    uint8_t digit[FF_POWERS][FF_BITS];
    size_t bits[FF_POWERS];
    for (size_t j = 0; j < n; j++) {
        bits[j] = ff_bits_vartime(f[j].x);
        recode(digit[j], f[j].x, bits[j], f[j].width);
    }

    uint64_t *acc = t + 2 * FF_LIMBS;
    int begun = 0;
    for (size_t at = spacing; at-- > 0;) {
        if (begun) ff_square_vartime(p, acc, acc, t);
        for (size_t j = 0; j < n; j++) {
            const uint64_t *chunk = f[j].table;
            for (size_t i = at; i < bits[j]; i += spacing, chunk += (size_t)FF_LIMBS << (f[j].width - 1)) {
                if (!digit[j][i]) continue;
                const uint64_t *power = chunk + (size_t)FF_LIMBS * (digit[j][i] / 2);
                if (begun)
                    ff_mul_vartime(p, acc, acc, power, t);
                else
                    memcpy(acc, power, FF_LIMBS * sizeof *acc);
                begun = 1;
            }
        }
    }
    if (!begun) ff_one(p, acc);
    ff_reduce_vartime(p, acc);
    memcpy(out, acc, FF_LIMBS * sizeof *out);
}
