// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The two layouts of core/fe25519.h against each other, and the one of ten limbs against GMP.

#include "tests/unit/both_fields.h"

#include "tests/unit/helpers.h"

#include <gmp.h>

// One value in both layouts.
struct both {
    struct fe25 a;
    struct fe b;
};

static void assert_same(const struct fe25 *a, const struct fe *b) {
    uint8_t s[32], t[32];
    fe25_to_bytes(s, a);
    fe_to_bytes(t, b);
    assert_memory_equal(s, t, 32);
}

static struct both both_of(const uint8_t bytes[32]) {
    struct both v;
    fe25_from_bytes(&v.a, bytes);
    fe_from_bytes(&v.b, bytes);
    assert_same(&v.a, &v.b);
    return v;
}

static struct both random_value(void) {
    uint8_t bytes[32];
    random_bytes(bytes, sizeof bytes);
    return both_of(bytes);
}

// 0 to 31, the 64 numbers below 2^255, 2^k and 2^k - 1; then random ones.
enum { EDGES = 32 + 64 + 2 * 255, VALUES = EDGES + 200 };

static struct both value(int i) {
    uint8_t bytes[32] = {0};
    if (i < 32) {
        bytes[0] = (uint8_t)i;
    } else if (i < 96) { // bit 255 is set too, and ignored
        memset(bytes, 0xff, sizeof bytes);
        bytes[0] = (uint8_t)(0x100 - (i - 31));
    } else if (i < EDGES) { // 2^k and 2^k - 1
        int k = (i - 96) / 2;
        for (int bit = 0; bit < k; bit++) bytes[bit / 8] |= (uint8_t)((i & 1) << bit % 8);
        if (i % 2 == 0) bytes[k / 8] = (uint8_t)(1 << k % 8);
    } else {
        return random_value();
    }
    return both_of(bytes);
}

static void constants_are_the_same_numbers(void **state) {
    (void)state;
    assert_same(&fe25_one, &fe_one);
    assert_same(&fe25_two, &fe_two);
    assert_same(&fe25_sqrt_m1, &fe_sqrt_m1);
    assert_same(&fe25_d, &fe_d);
    assert_same(&fe25_2d, &fe_2d);
}

static void functions_of_one_value_agree(void **state) {
    static void (*const one25[])(struct fe25 *, const struct fe25 *) = {fe25_neg, fe25_sq, fe25_inv, fe25_pow22523};
    static void (*const one[])(struct fe *, const struct fe *) = {fe_neg, fe_sq, fe_inv, fe_pow22523};
    (void)state;
    for (int i = 0; i < VALUES; i++) {
        struct both v = value(i);
        assert_int_equal(fe25_is_zero(&v.a), fe_is_zero(&v.b));
        assert_int_equal(fe25_is_odd(&v.a), fe_is_odd(&v.b));
        for (size_t k = 0; k < sizeof one / sizeof *one; k++) {
            struct both out = v;
            one25[k](&out.a, &out.a); // in place
            one[k](&out.b, &out.b);
            assert_same(&out.a, &out.b);
        }
    }
}

static void functions_of_two_values_agree(void **state) {
    (void)state;
    for (int i = 0; i < VALUES; i++) {
        struct both v = value(i), w = value(VALUES - 1 - i), out;
        for (int k = 0; k < 2; k++) {
            fe25_add(&out.a, &v.a, &w.a), fe_add(&out.b, &v.b, &w.b);
            assert_same(&out.a, &out.b);
            fe25_sub(&out.a, &v.a, &w.a), fe_sub(&out.b, &v.b, &w.b);
            assert_same(&out.a, &out.b);
            fe25_mul(&out.a, &v.a, &w.a), fe_mul(&out.b, &v.b, &w.b);
            assert_same(&out.a, &out.b);
            assert_int_equal(fe25_is_equal(&v.a, &w.a), fe_is_equal(&v.b, &w.b));
            w = v;
        }
    }
}

// Up to three additions and subtractions, as the header allows, then a product.
static struct both random_loose(void) {
    struct both v = random_value();
    for (uint64_t n = random_u64() % 4; n > 0; n--) {
        struct both w = value((int)(random_u64() % VALUES));
        if (random_u64() & 1) {
            fe25_add(&v.a, &v.a, &w.a), fe_add(&v.b, &v.b, &w.b);
        } else {
            fe25_sub(&v.a, &v.a, &w.a), fe_sub(&v.b, &v.b, &w.b);
        }
    }
    return v;
}

static void long_calculations_agree(void **state) {
    struct both acc = random_value();
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct both v = random_loose();
        fe25_add(&v.a, &v.a, &fe25_one), fe_add(&v.b, &v.b, &fe_one);
        if (i & 1) {
            fe25_mul(&acc.a, &acc.a, &v.a), fe_mul(&acc.b, &acc.b, &v.b);
        } else {
            fe25_sub(&acc.a, &v.a, &acc.a), fe_sub(&acc.b, &v.b, &acc.b);
            fe25_sq(&acc.a, &acc.a), fe_sq(&acc.b, &acc.b);
        }
        assert_same(&acc.a, &acc.b);
    }
}

static void number_of(mpz_t out, const struct fe25 *a) {
    mpz_t p;
    mpz_init(p);
    mpz_set_ui(out, 0);
    for (int i = 9; i >= 0; i--) {
        mpz_mul_2exp(out, out, i % 2 ? 25 : 26);
        if (a->v[i] < 0) {
            mpz_sub_ui(out, out, (unsigned long)-(long)a->v[i]);
        } else {
            mpz_add_ui(out, out, (unsigned long)a->v[i]);
        }
    }
    mpz_setbit(p, 255);
    mpz_sub_ui(p, p, 19);
    mpz_mod(out, out, p);
    mpz_clear(p);
}

static void assert_number(const struct fe25 *a, const mpz_t expected) {
    uint8_t bytes[32], other[32] = {0};
    fe25_to_bytes(bytes, a);
    mpz_export(other, NULL, -1, 1, 0, 0, expected);
    assert_memory_equal(bytes, other, 32);
}

static void assert_tight(const struct fe25 *a) {
    for (int i = 0; i < 10; i++) {
        assert_true(a->v[i] > -(1 << 17));
        assert_true(a->v[i] < (1 << (26 - i % 2)) + (1 << 17));
    }
}

// The limbs are as large as the header allows, with the signs of the bits of SIGNS.
static struct fe25 largest_loose(unsigned signs) {
    struct fe25 v;
    for (int i = 0; i < 10; i++) {
        int32_t most = 4 * ((1 << (26 - i % 2)) + (1 << 17)) - 1;
        v.v[i] = signs >> i & 1 ? -most : most;
    }
    return v;
}

static void the_largest_loose_values_are_multiplied_and_written(void **state) {
    mpz_t x, y, p;
    (void)state;
    mpz_inits(x, y, p, NULL);
    mpz_setbit(p, 255);
    mpz_sub_ui(p, p, 19);
    for (unsigned signs = 0; signs < 1u << 10; signs++) {
        struct fe25 a = largest_loose(signs), b = largest_loose(signs % 3 ? 0 : ~signs), out;
        number_of(x, &a);
        number_of(y, &b);
        assert_number(&a, x);
        mpz_mul(y, y, x);
        mpz_mod(y, y, p);
        fe25_mul(&out, &a, &b);
        assert_tight(&out);
        assert_number(&out, y);
        mpz_mul(x, x, x);
        mpz_mod(x, x, p);
        fe25_sq(&out, &a);
        assert_tight(&out);
        assert_number(&out, x);
    }
    mpz_clears(x, y, p, NULL);
}

static void multiples_of_p_are_zero(void **state) {
    (void)state;
    for (int i = 0; i < VALUES; i++) {
        struct both v = value(i), w;
        fe25_neg(&w.a, &v.a);
        fe25_add(&w.a, &w.a, &v.a);
        assert_true(fe25_is_zero(&w.a));
        fe25_sub(&w.a, &v.a, &v.a);
        assert_true(fe25_is_zero(&w.a));
    }
    struct both p = value(31 + 19); // 2^255 - 19
    assert_true(fe25_is_zero(&p.a));
    struct fe25 sum = p.a;
    for (int i = 0; i < 3; i++) {
        fe25_add(&sum, &sum, &p.a);
        assert_true(fe25_is_zero(&sum));
    }
    fe25_neg(&sum, &sum);
    assert_true(fe25_is_zero(&sum));
}

static void values_are_moved_and_swapped_by_mask(void **state) {
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct both v = random_loose(), w = random_loose();
        struct fe25 f = v.a, g = w.a;
        fe25_cmov(&f, &g, 0);
        assert_memory_equal(&f, &v.a, sizeof f);
        fe25_cmov(&f, &g, UINT64_MAX);
        assert_memory_equal(&f, &w.a, sizeof f);
        f = v.a;
        fe25_cswap(&f, &g, 0);
        assert_memory_equal(&f, &v.a, sizeof f);
        assert_memory_equal(&g, &w.a, sizeof g);
        fe25_cswap(&f, &g, UINT64_MAX);
        assert_memory_equal(&f, &w.a, sizeof f);
        assert_memory_equal(&g, &v.a, sizeof g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_are_the_same_numbers),
        cmocka_unit_test(functions_of_one_value_agree),
        cmocka_unit_test(functions_of_two_values_agree),
        cmocka_unit_test(long_calculations_agree),
        cmocka_unit_test(the_largest_loose_values_are_multiplied_and_written),
        cmocka_unit_test(multiples_of_p_are_zero),
        cmocka_unit_test(values_are_moved_and_swapped_by_mask),
    };
    return cmocka_run_group_tests_name("the two layouts of the field", tests, NULL, release);
}
