// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/ff.h"
#include "core/group.h"

#include <gmp.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

// The two primes, which test_group_ff.c compares with the specification.
static struct both {
    struct group g;
    mpz_t p;
} both[2];

static struct work work;
static gmp_randstate_t rnd;

static int setup(void **state) {
    static const struct group_ops *const ops[] = {&group_belenios_2048, &group_rfc3526_2048};
    (void)state;
    gmp_randinit_default(rnd);
    for (int i = 0; i < 2; i++) {
        both[i].g.ops = ops[i];
        ops[i]->init(&both[i].g, &work);
        mpz_init(both[i].p);
        mpz_import(both[i].p, FF_LIMBS, -1, 8, 0, 0, both[i].g.p.m);
    }
    return 0;
}

static int teardown(void **state) {
    (void)state;
    mpz_clears(both[0].p, both[1].p, NULL);
    gmp_randclear(rnd);
    return 0;
}

static void products_agree_with_gmp_up_to_the_largest_operands(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        mpz_t x[6], r, expected, got;
        uint64_t v[6][FF_LIMBS] = {{0}}, out[FF_LIMBS];
        mpz_inits(r, expected, got, NULL);
        for (int i = 0; i < 6; i++) mpz_init(x[i]);
        mpz_set_ui(x[1], 1);
        mpz_urandomm(x[2], rnd, b->p);
        mpz_sub_ui(x[3], b->p, 1);
        mpz_set(x[4], b->p);
        mpz_ui_pow_ui(x[5], 2, FF_BITS);
        mpz_invert(r, x[5], b->p); // 1 / 2^2048
        mpz_sub_ui(x[5], x[5], 1);
        for (int i = 0; i < 6; i++) mpz_export(v[i], NULL, -1, 8, 0, 0, x[i]);

        for (int i = 0; i < 36; i++) {
            int j = i / 6, k = i % 6;
            mpz_mul(expected, x[j], x[k]);
            mpz_mul(expected, expected, r);
            mpz_mod(expected, expected, b->p);
            ff_mul_vartime(&b->g.p, out, v[j], v[k], work.limb);
            ff_reduce_vartime(&b->g.p, out);
            mpz_import(got, FF_LIMBS, -1, 8, 0, 0, out);
            assert_int_equal(mpz_cmp(got, expected), 0);
            if (j == k) {
                ff_square_vartime(&b->g.p, out, v[j], work.limb);
                ff_reduce_vartime(&b->g.p, out);
                mpz_import(got, FF_LIMBS, -1, 8, 0, 0, out);
                assert_int_equal(mpz_cmp(got, expected), 0);
            }
            if (j > 3 || k > 3) continue; // not below p
            ff_mul_ct(&b->g.p, out, v[j], v[k], work.limb);
            mpz_import(got, FF_LIMBS, -1, 8, 0, 0, out);
            assert_int_equal(mpz_cmp(got, expected), 0);
        }
        for (int i = 0; i < 6; i++) mpz_clear(x[i]);
        mpz_clears(r, expected, got, NULL);
    }
}

static void squares_are_told_from_others(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        mpz_t v;
        mpz_init(v);
        for (int i = 0; i < 300; i++) {
            uint64_t x[FF_LIMBS] = {0};
            if (i < 100)
                mpz_set_ui(v, (unsigned)i + 1);
            else if (i < 200)
                mpz_sub_ui(v, b->p, (unsigned)i - 99);
            else
                mpz_urandomb(v, rnd, 20 * ((mp_bitcnt_t)i - 198));
            if (mpz_sgn(v) == 0) mpz_set_ui(v, 1);
            mpz_export(x, NULL, -1, 8, 0, 0, v);
            assert_int_equal(ff_is_square_vartime(&b->g.p, x, work.limb), mpz_jacobi(v, b->p) == 1);
        }
        mpz_clear(v);
    }
}

static void powers_of_two_are_told_from_others(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        mpz_t v;
        mpz_init(v);
        for (size_t i = 0; i < FF_BITS - 1; i += 31) { // powers of two, and limbs of zeros below
            uint64_t x[FF_LIMBS] = {0};
            x[i / 64] = (uint64_t)1 << (i % 64);
            mpz_ui_pow_ui(v, 2, i);
            assert_int_equal(ff_is_square_vartime(&b->g.p, x, work.limb), mpz_jacobi(v, b->p) == 1);
        }
        mpz_clear(v);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_agree_with_gmp_up_to_the_largest_operands),
        cmocka_unit_test(squares_are_told_from_others),
        cmocka_unit_test(powers_of_two_are_told_from_others),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
