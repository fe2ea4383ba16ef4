// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the two layouts of fe25519.h share: exponentiations, comparisons, words. Included once, by the one file that
// implements the layout.
#ifndef P1_FE25519_COMMON_H
#define P1_FE25519_COMMON_H

#include "core/fe25519.h"

// a^(2^n), for n > 0: each layout has its own.
static void square_times(struct fe *out, const struct fe *a, int n);

// a^(2^250 - 1) and a^11. Exponents on the right; [n] stands for 2^n - 1.
static void power_of_ones(struct fe *out, struct fe *a11, const struct fe *a) {
    struct fe t, u, v;
    fe_sq(&t, a);            // 2
    square_times(&u, &t, 2); // 8
    fe_mul(&u, &u, a);       // 9
    fe_mul(a11, &u, &t);     // 11
    fe_sq(&t, a11);          // 22
    fe_mul(&u, &t, &u);      // [5]
    square_times(&t, &u, 5);
    fe_mul(&u, &t, &u); // [10]
    square_times(&t, &u, 10);
    fe_mul(&v, &t, &u); // [20]
    square_times(&t, &v, 20);
    fe_mul(&t, &t, &v); // [40]
    square_times(&t, &t, 10);
    fe_mul(&u, &t, &u); // [50]
    square_times(&t, &u, 50);
    fe_mul(&v, &t, &u); // [100]
    square_times(&t, &v, 100);
    fe_mul(&t, &t, &v); // [200]
    square_times(&t, &t, 50);
    fe_mul(out, &t, &u); // [250]
}

void fe_inv(struct fe *out, const struct fe *a) {
    struct fe t, a11;
    power_of_ones(&t, &a11, a);
    square_times(&t, &t, 5);
    fe_mul(out, &t, &a11); // p - 2 = 32 (2^250 - 1) + 11
}

void fe_pow22523(struct fe *out, const struct fe *a) {
    struct fe t, a11;
    power_of_ones(&t, &a11, a);
    square_times(&t, &t, 2);
    fe_mul(out, &t, a); // 2^252 - 3 = 4 (2^250 - 1) + 1
}

static uint64_t load64(const uint8_t *b) {
    uint64_t v = 0;
    for (int i = 7; i >= 0; i--) v = v << 8 | b[i];
    return v;
}

static void store64(uint8_t *b, uint64_t v) {
    for (int i = 0; i < 8; i++) b[i] = (uint8_t)(v >> (8 * i));
}

int fe_is_zero(const struct fe *a) {
    static const struct fe zero;
    return fe_is_equal(a, &zero);
}

int fe_is_equal(const struct fe *a, const struct fe *b) {
    uint8_t s[32], t[32];
    unsigned diff = 0;
    fe_to_bytes(s, a);
    fe_to_bytes(t, b);
    for (int i = 0; i < 32; i++) diff |= (unsigned)(s[i] ^ t[i]);
    return (int)((diff - 1) >> 31);
}

int fe_is_odd(const struct fe *a) {
    uint8_t s[32];
    fe_to_bytes(s, a);
    return s[0] & 1;
}

#endif
