// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include <gmp.h>

// Scalars of the three orders, compared with GMP.

static void from_scalar(mpz_t out, const struct scalar *s) { mpz_import(out, P1_LIMBS, -1, 8, 0, 0, s->v); }

static void order(mpz_t out, const struct modulus *q) { mpz_import(out, q->n, -1, 8, 0, 0, q->m); }

static struct scalar to_scalar(const mpz_t v) {
    struct scalar s = {{0}};
    assert_true(mpz_sizeinbase(v, 2) <= 64 * P1_LIMBS);
    mpz_export(s.v, NULL, -1, 8, 0, 0, v);
    return s;
}

static void assert_scalar(const struct scalar *s, const mpz_t expected) {
    struct scalar e = to_scalar(expected);
    assert_memory_equal(s, &e, sizeof e);
}

// 0, 1, 2, q-2, q-1, the two numbers around q/2, and random ones.
enum { VALUES = 16 };

static void values(mpz_t v[VALUES], const struct modulus *q) {
    for (int i = 0; i < VALUES; i++) {
        mpz_init(v[i]);
        order(v[i], q);
        if (i < 3) mpz_set_ui(v[i], (unsigned)i);
        if (i == 3 || i == 4) mpz_sub_ui(v[i], v[i], (unsigned)i - 2);
        if (i == 5 || i == 6) mpz_fdiv_q_2exp(v[i], v[i], 1);
        if (i == 6) mpz_add_ui(v[i], v[i], 1);
        if (i > 6) {
            struct scalar s = random_scalar(q);
            from_scalar(v[i], &s);
        }
    }
}

static void check_pair(const struct modulus *q, const mpz_t a, const mpz_t b) {
    const struct scalar sa = to_scalar(a), sb = to_scalar(b);
    struct scalar out;
    mpz_t m, t;
    mpz_inits(m, t, NULL);
    order(m, q);

    mpz_add(t, a, b);
    mpz_mod(t, t, m);
    sc_add(q, &out, &sa, &sb);
    assert_scalar(&out, t);

    mpz_sub(t, a, b);
    mpz_mod(t, t, m);
    sc_sub(q, &out, &sa, &sb);
    assert_scalar(&out, t);

    mpz_mul(t, a, b);
    mpz_mod(t, t, m);
    sc_mul(q, &out, &sa, &sb);
    assert_scalar(&out, t);
    mpz_clears(m, t, NULL);
}

static void sums_differences_and_products_agree_with_gmp(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        mpz_t v[VALUES];
        values(v, q);
        for (int i = 0; i < VALUES; i++)
            for (int j = 0; j < VALUES; j++) check_pair(q, v[i], v[j]);
        for (int i = 0; i < VALUES; i++) mpz_clear(v[i]);
    }
}

static void results_may_overwrite_their_inputs(void **state) {
    (void)state;
    void (*const op[])(const struct modulus *, struct scalar *, const struct scalar *,
                       const struct scalar *) = {sc_add, sc_sub, sc_mul};
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        for (size_t i = 0; i < 3; i++) {
            const struct scalar a = random_scalar(q), b = random_scalar(q);
            struct scalar expected, out = a;
            op[i](q, &expected, &a, &b);
            op[i](q, &out, &out, &b);
            assert_true(sc_is_equal(&out, &expected));
            out = b;
            op[i](q, &out, &a, &out);
            assert_true(sc_is_equal(&out, &expected));
            out = a;
            op[i](q, &expected, &a, &a);
            op[i](q, &out, &out, &out);
            assert_true(sc_is_equal(&out, &expected));
        }
    }
}

static void inverses_agree_with_gmp_and_zero_gives_zero(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        mpz_t v[VALUES], m, t;
        mpz_inits(m, t, NULL);
        order(m, q);
        values(v, q);
        for (int i = 0; i < VALUES; i++) {
            struct scalar s = to_scalar(v[i]);
            mpz_set_ui(t, 0);
            if (mpz_sgn(v[i])) assert_int_not_equal(mpz_invert(t, v[i], m), 0);
            sc_inv(q, &s, &s);
            assert_scalar(&s, t);
            mpz_clear(v[i]);
        }
        mpz_clears(m, t, NULL);
    }
}

static void check_bytes(const struct modulus *q, struct span bytes) {
    struct scalar s;
    mpz_t m, t;
    mpz_inits(m, t, NULL);
    order(m, q);
    mpz_import(t, bytes.n, 1, 1, 0, 0, bytes.p);
    mpz_mod(t, t, m);
    sc_from_bytes(q, &s, bytes);
    assert_scalar(&s, t);
    mpz_clears(m, t, NULL);
}

static void bytes_of_every_length_are_reduced_as_gmp_does(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        for (size_t n = 0; n <= P1_SCALAR_WIDE; n++) {
            uint8_t *p = malloc(n + 1);
            assert_non_null(p);
            random_bytes(p, n);
            check_bytes(q, span_of(p, n));
            memset(p, 0xff, n);
            check_bytes(q, span_of(p, n));
            memset(p, 0, n);
            check_bytes(q, span_of(p, n));
            free(p);
        }
    }
}

static void decimal_text_agrees_with_gmp_and_comes_back(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        mpz_t v[VALUES];
        values(v, q);
        for (int i = 0; i < VALUES; i++) {
            char expected[P1_SCALAR_TEXT + 2];
            const struct scalar s = to_scalar(v[i]);
            struct scalar back;
            mpz_get_str(expected, 10, v[i]);
            assert_span(scalar_text(q, &s), span_str(expected));
            assert_ok(sc_decode(q, &back, span_str(expected)));
            assert_scalar(&back, v[i]);
            mpz_clear(v[i]);
        }
    }
}

static void powers_of_ten_are_written_with_all_their_zeros(void **state) {
    (void)state;
    const struct modulus *q = &group_of("RFC-3526-2048")->q;
    struct scalar v, ten;
    sc_from_u64(&v, 1);
    sc_from_u64(&ten, 10);
    char text[P1_SCALAR_TEXT] = "1";
    for (size_t zeros = 0; zeros < 616; zeros++) { // q has 616 digits or more
        assert_span(scalar_text(q, &v), span_of(text, zeros + 1));
        sc_mul(q, &v, &v, &ten);
        text[zeros + 1] = '0';
    }
}

static void text_that_is_not_canonical_is_refused(void **state) {
    static const char *const bad[] = {
        "",   "00",  "01",  "007", "-1",   "-0",  "+1", " 1",  "1 ",  "1,0",
        "1.", "1e3", "0x1", "a",   "\xb2", "1\n", ":",  "1/2", "one", "99999999999999999999x"};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        struct scalar s;
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            assert_err(sc_decode(&group_of(group_names[k])->q, &s, span_str(bad[i])), P1_ERR_SCALAR_FORM);
        assert_err(sc_decode(&group_of(group_names[k])->q, &s, span_of("1\0", 2)), P1_ERR_SCALAR_FORM);
    }
}

static void numbers_from_q_on_are_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        struct scalar s;
        char text[2 * P1_SCALAR_TEXT + 2];
        mpz_t v, top;
        mpz_inits(v, top, NULL);
        order(v, q);
        mpz_setbit(top, 64 * q->n); // the first number that does not fit the limbs
        for (int i = 0; i < 3; i++) {
            assert_err(sc_decode(q, &s, span_str(mpz_get_str(text, 10, v))), P1_ERR_SCALAR_RANGE);
            mpz_add_ui(v, v, 1);
        }
        assert_err(sc_decode(q, &s, span_str(mpz_get_str(text, 10, top))), P1_ERR_SCALAR_RANGE);
        mpz_mul(top, top, top);
        assert_err(sc_decode(q, &s, span_str(mpz_get_str(text, 10, top))), P1_ERR_SCALAR_RANGE);
        mpz_clears(v, top, NULL);
    }
}

static void limbs_of_every_count_are_read_and_written(void **state) {
    (void)state;
    for (size_t n = 1; n <= P1_LIMBS; n++) {
        uint64_t limbs[P1_LIMBS], back[P1_LIMBS];
        char text[P1_SCALAR_TEXT + 2], expected[P1_SCALAR_TEXT + 2];
        mpz_t v;
        mpz_init(v);
        mpz_setbit(v, 64 * n);
        assert_err(limbs_decode(back, n, span_str(mpz_get_str(text, 10, v))), P1_ERR_SCALAR_RANGE);
        mpz_sub_ui(v, v, 1);
        memset(limbs, 0xff, sizeof limbs);
        for (int i = 0; i < 2; i++) { // the largest number, then a random one
            struct buf b = buf_over(text, sizeof text);
            mpz_import(v, n, -1, 8, 0, 0, limbs);
            limbs_encode(&b, limbs, n);
            assert_span(buf_span(&b), span_str(mpz_get_str(expected, 10, v)));
            assert_ok(limbs_decode(back, n, buf_span(&b)));
            assert_memory_equal(back, limbs, 8 * n);
            random_bytes(limbs, 8 * n);
        }
        mpz_clear(v);
    }
}

static void limbs_are_compared_as_numbers(void **state) {
    (void)state;
    for (int i = 0; i < 200; i++) {
        uint64_t a[3], b[3];
        random_bytes(a, sizeof a);
        memcpy(b, a, sizeof b);
        assert_int_equal(limbs_at_least(a, b, 3), 1);
        b[random_u64() % 3] ^= (uint64_t)1 << (random_u64() % 64);
        mpz_t ma, mb;
        mpz_inits(ma, mb, NULL);
        mpz_import(ma, 3, -1, 8, 0, 0, a);
        mpz_import(mb, 3, -1, 8, 0, 0, b);
        assert_int_equal(limbs_at_least(a, b, 3), mpz_cmp(ma, mb) >= 0);
        assert_int_equal(limbs_at_least(b, a, 3), mpz_cmp(mb, ma) >= 0);
        mpz_clears(ma, mb, NULL);
    }
}

static void a_selection_takes_one_of_two(void **state) {
    (void)state;
    const struct modulus *q = &group_of("RFC-3526-2048")->q;
    const struct scalar a = random_scalar(q), b = random_scalar(q);
    struct scalar out;
    sc_select(&out, &a, &b, 1);
    assert_memory_equal(&out, &a, sizeof a);
    sc_select(&out, &a, &b, 0);
    assert_memory_equal(&out, &b, sizeof b);
    sc_select(&out, &out, &a, 1);
    assert_memory_equal(&out, &b, sizeof b);
}

static void equality_looks_at_every_bit(void **state) {
    (void)state;
    const struct scalar zero = {{0}}, a = random_scalar(&group_of("RFC-3526-2048")->q);
    assert_true(sc_is_equal(&a, &a));
    assert_true(sc_is_zero(&zero));
    for (size_t bit = 0; bit < 64 * P1_LIMBS; bit++) {
        struct scalar b = a, one = zero;
        b.v[bit / 64] ^= (uint64_t)1 << bit % 64;
        one.v[bit / 64] ^= (uint64_t)1 << bit % 64;
        assert_false(sc_is_equal(&a, &b));
        assert_false(sc_is_zero(&one));
    }
}

static void a_modulus_of_any_size_is_prepared_for_montgomery(void **state) {
    (void)state;
    for (size_t n = 1; n <= P1_LIMBS; n++) {
        struct modulus q;
        uint64_t m[P1_LIMBS];
        mpz_t v, r;
        mpz_inits(v, r, NULL);
        for (int i = 0; i < 3; i++) {
            random_bytes(m, sizeof m);
            m[0] |= 1;
            m[n - 1] |= 2;
            if (i == 1) m[n - 1] |= (uint64_t)1 << 63;
            if (i == 2) m[n - 1] = 3; // few bits in the last limb
            modulus_init(&q, m, n);
            mpz_import(v, n, -1, 8, 0, 0, m);
            assert_int_equal(q.n, n);
            assert_int_equal(q.bits, mpz_sizeinbase(v, 2));
            assert_true(m[0] * q.neg_inv == UINT64_MAX);
            mpz_set_ui(r, 0);
            mpz_setbit(r, 128 * n);
            mpz_mod(r, r, v);
            mpz_import(v, P1_LIMBS, -1, 8, 0, 0, q.rr);
            assert_int_equal(mpz_cmp(v, r), 0);
        }
        mpz_clears(v, r, NULL);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_differences_and_products_agree_with_gmp),
        cmocka_unit_test(results_may_overwrite_their_inputs),
        cmocka_unit_test(inverses_agree_with_gmp_and_zero_gives_zero),
        cmocka_unit_test(bytes_of_every_length_are_reduced_as_gmp_does),
        cmocka_unit_test(decimal_text_agrees_with_gmp_and_comes_back),
        cmocka_unit_test(powers_of_ten_are_written_with_all_their_zeros),
        cmocka_unit_test(text_that_is_not_canonical_is_refused),
        cmocka_unit_test(numbers_from_q_on_are_refused),
        cmocka_unit_test(limbs_of_every_count_are_read_and_written),
        cmocka_unit_test(limbs_are_compared_as_numbers),
        cmocka_unit_test(a_selection_takes_one_of_two),
        cmocka_unit_test(equality_looks_at_every_bit),
        cmocka_unit_test(a_modulus_of_any_size_is_prepared_for_montgomery),
    };
    return cmocka_run_group_tests_name("scalars", tests, NULL, release);
}
