// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/fe25519.h"
#include "core/group.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>

#include <cmocka.h>

#define BASE_POINT "6666666666666666666666666666666666666666666666666666666666666658"
#define IDENTITY "0000000000000000000000000000000000000000000000000000000000000001"

// The points of order 1, 8, 4, 8, 2, 8, 4, 8: multiples of the second.
static const char *const torsion[8] = {
    IDENTITY,
    "fa03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "85fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
    "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
    "8000000000000000000000000000000000000000000000000000000000000000",
    "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
};

static struct group group;
static struct work work;

// libsodium's form of points and scalars: 32 little-endian bytes.
struct bytes {
    uint8_t b[32];
};

static struct bytes bytes_of_text(struct span text) {
    struct bytes out;
    assert_int_equal(text.n, 64);
    assert_int_equal(sodium_hex2bin(out.b, 32, (const char *)text.p, 64, NULL, NULL, NULL), 0);
    for (size_t i = 0; i < 16; i++) {
        uint8_t t = out.b[i];
        out.b[i] = out.b[31 - i];
        out.b[31 - i] = t;
    }
    return out;
}

static struct elem_text text_of_bytes(const struct bytes *p) {
    struct elem_text out = {.n = 64};
    char hex[65];
    for (size_t i = 0; i < 32; i++) {
        sodium_bin2hex(hex, sizeof hex, &p->b[31 - i], 1);
        memcpy(out.p + 2 * i, hex, 2);
    }
    return out;
}

static struct bytes bytes_of_elem(const struct elem *e) {
    struct elem_text t;
    elem_encode(&group, &t, e, 1, &work);
    return bytes_of_text(elem_span(&t));
}

static enum p1_err decode_str(struct elem *out, const char *text) {
    return elem_decode(&group, out, span_str(text), &work);
}

static enum p1_err decode_bytes(struct elem *out, const struct bytes *p) {
    struct elem_text t = text_of_bytes(p);
    return elem_decode(&group, out, elem_span(&t), &work);
}

static struct scalar scalar_of_bytes(const struct bytes *s) {
    struct scalar out = {{0}};
    for (size_t i = 0; i < 32; i++) out.v[i / 8] |= (uint64_t)s->b[i] << (8 * (i % 8));
    return out;
}

static struct bytes bytes_of_scalar(const struct scalar *s) {
    struct bytes out;
    for (size_t i = 0; i < 32; i++) out.b[i] = (uint8_t)(s->v[i / 8] >> (8 * (i % 8)));
    return out;
}

static struct scalar random_scalar(void) {
    struct bytes s;
    crypto_core_ed25519_scalar_random(s.b);
    return scalar_of_bytes(&s);
}

static struct elem random_elem(void) {
    struct bytes p;
    struct elem out;
    crypto_core_ed25519_random(p.b);
    assert_int_equal(decode_bytes(&out, &p), P1_OK);
    return out;
}

static struct scalar minus_one(void) {
    struct scalar zero = {{0}}, one = {{1}}, out;
    sc_sub(&group.q, &out, &zero, &one);
    return out;
}

// Scalars with long runs of ones and zeros, at the ends of limbs and of the range.
static struct scalar special_scalar(size_t i) {
    static const struct scalar fixed[] = {
        {{0}},
        {{1}},
        {{2}},
        {{8}},
        {{127}},
        {{128}},
        {{UINT64_MAX}},
        {{0, 1}},
        {{UINT64_MAX, UINT64_MAX}},
        {{0, 0, 1}},
        {{UINT64_MAX, UINT64_MAX, UINT64_MAX}},
        {{0, 0, 0, 1}},
        {{0, 0, 0, UINT64_C(1) << 60}},
        {{UINT64_MAX, UINT64_MAX, UINT64_MAX, (UINT64_C(1) << 60) - 1}},
        {{0x8888888888888888, 0x8888888888888888, 0x8888888888888888, 0x0888888888888888}},
        {{0x7777777777777777, 0x7777777777777777, 0x7777777777777777, 0x0777777777777777}},
        {{0x8080808080808080, 0x8080808080808080, 0x8080808080808080, 0x0080808080808080}},
    };
    size_t n = sizeof fixed / sizeof *fixed;
    return i % (n + 1) == n ? minus_one() : fixed[i % (n + 1)];
}

// libsodium refuses the scalar 0 and results that are the identity, so those terms are left out here.
static void oracle_add(struct bytes *sum, const struct scalar *s, const struct bytes *base) {
    static const struct bytes one = {{1}};
    struct bytes n, term;
    if (!s || sc_is_zero(s) || memcmp(base, &one, sizeof one) == 0) return;
    n = bytes_of_scalar(s);
    assert_int_equal(crypto_scalarmult_ed25519_noclamp(term.b, n.b, base->b), 0);
    assert_int_equal(crypto_core_ed25519_add(sum->b, sum->b, term.b), 0);
}

static struct bytes oracle(const struct mul_job *job, const struct elem *y) {
    struct bytes sum = {{1}}, g = bytes_of_elem(&group.g), b;
    oracle_add(&sum, job->g, &g);
    b = bytes_of_elem(y);
    oracle_add(&sum, job->y, &b);
    if (job->x) b = bytes_of_elem(job->base);
    oracle_add(&sum, job->x, &b);
    return sum;
}

static void the_generator_is_the_base_point_of_rfc_8032(void **state) {
    struct elem e;
    struct elem_text t;
    (void)state;
    elem_encode(&group, &t, &group.g, 1, &work);
    assert_memory_equal(t.p, BASE_POINT, 64);
    assert_int_equal(decode_str(&e, BASE_POINT), P1_OK);
    assert_true(elem_equal(&group, &e, &group.g, &work));
}

// RFC 8032, section 7.1, tests 1 and 2: secret and public keys
static void public_keys_of_rfc_8032_come_out(void **state) {
    static const char *const key[2][2] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct bytes secret, public, got;
        uint8_t hash[64], wide[64] = {0};
        sodium_hex2bin(secret.b, 32, key[i][0], 64, NULL, NULL, NULL);
        sodium_hex2bin(public.b, 32, key[i][1], 64, NULL, NULL, NULL);
        crypto_hash_sha512(hash, secret.b, 32);
        memcpy(wide, hash, 32);
        wide[0] &= 248;
        wide[31] = (uint8_t)((wide[31] & 127) | 64);
        crypto_core_ed25519_scalar_reduce(secret.b, wide);
        struct scalar s = scalar_of_bytes(&secret);
        struct elem e;
        mul_run_ct(&group, NULL, &(struct mul_job){.out = &e, .g = &s}, 1, &work);
        got = bytes_of_elem(&e);
        assert_memory_equal(got.b, public.b, 32);
    }
}

static void field_multiplication_takes_the_largest_loose_values(void **state) {
    struct fe loose, tight, a, b;
    uint8_t bytes[32];
    (void)state;
    for (int i = 0; i < 5; i++) loose.v[i] = (UINT64_C(1) << 54) - 1;
    fe_to_bytes(bytes, &loose);
    fe_from_bytes(&tight, bytes);
    assert_true(fe_is_equal(&loose, &tight));
    fe_mul(&a, &loose, &loose);
    fe_sq(&b, &loose);
    for (int i = 0; i < 5; i++) assert_true(a.v[i] < (UINT64_C(1) << 51) + (1 << 18));
    for (int i = 0; i < 5; i++) assert_true(b.v[i] < (UINT64_C(1) << 51) + (1 << 18));
    fe_sq(&tight, &tight);
    assert_true(fe_is_equal(&a, &tight));
    assert_true(fe_is_equal(&b, &tight));
}

static void field_values_from_p_on_are_written_reduced(void **state) {
    struct fe f;
    uint8_t b[32], out[32];
    (void)state;
    for (unsigned i = 0; i < 19; i++) {
        memset(b, 0xff, sizeof b);
        b[31] = 0x7f;
        b[0] = (uint8_t)(0xed + i);
        fe_from_bytes(&f, b);
        fe_to_bytes(out, &f);
        memset(b, 0, sizeof b);
        b[0] = (uint8_t)i;
        assert_memory_equal(out, b, 32);
    }
}

static void what_was_decoded_is_encoded_the_same(void **state) {
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct bytes p, q;
        struct elem e;
        crypto_core_ed25519_random(p.b);
        assert_int_equal(decode_bytes(&e, &p), P1_OK);
        q = bytes_of_elem(&e);
        assert_memory_equal(p.b, q.b, 32);
    }
}

static void a_trusted_text_decodes_to_the_same(void **state) {
    struct elem e = random_elem(), f;
    struct elem_text t;
    (void)state;
    elem_encode(&group, &t, &e, 1, &work);
    assert_int_equal(elem_decode_trusted(&group, &f, elem_span(&t), &work), P1_OK);
    assert_true(elem_equal(&group, &e, &f, &work));
}

static void many_elements_are_encoded_as_one_by_one(void **state) {
    enum { N = P1_WORK_LIMBS / 5 + 7 };
    static struct elem e[N];
    static struct elem_text t[N], one;
    (void)state;
    e[0] = random_elem();
    for (size_t i = 1; i < N; i++) elem_mul_ct(&group, &e[i], &e[i - 1], &group.g, &work);
    elem_encode(&group, t, e, N, &work);
    for (size_t i = 0; i < N; i += i < N - 20 ? 97 : 1) {
        elem_encode(&group, &one, &e[i], 1, &work);
        assert_memory_equal(one.p, t[i].p, 64);
        assert_int_equal(t[i].n, 64);
    }
    elem_encode(&group, NULL, NULL, 0, &work);
}

static void another_length_is_refused(void **state) {
    struct elem e;
    (void)state;
    assert_int_equal(decode_str(&e, ""), P1_ERR_ELEM_FORM);
    assert_int_equal(elem_decode(&group, &e, span_of(BASE_POINT, 63), &work), P1_ERR_ELEM_FORM);
    assert_int_equal(decode_str(&e, BASE_POINT "0"), P1_ERR_ELEM_FORM);
}

static void upper_case_and_other_signs_are_refused(void **state) {
    static const char bad[] = {'/', ':', '@', 'A', 'F', 'G', '`', 'g', ' ', '\0', '\xff'};
    struct elem e;
    struct elem_text t;
    (void)state;
    do {
        e = random_elem();
        elem_encode(&group, &t, &e, 1, &work);
    } while (t.p[5] < 'a');
    t.p[5] = (uint8_t)(t.p[5] - 'a' + 'A');
    assert_int_equal(elem_decode(&group, &e, elem_span(&t), &work), P1_ERR_ELEM_FORM);
    for (size_t at = 0; at < 64; at += 21) {
        for (size_t i = 0; i < sizeof bad; i++) {
            elem_encode(&group, &t, &group.g, 1, &work);
            t.p[at] = (uint8_t)bad[i];
            assert_int_equal(elem_decode(&group, &e, elem_span(&t), &work), P1_ERR_ELEM_FORM);
        }
    }
}

static void y_of_p_or_more_is_refused(void **state) {
    struct elem e;
    char text[65];
    (void)state;
    for (unsigned low = 0xed; low <= 0xff; low++) {
        memset(text, 'f', 64);
        text[62] = "0123456789abcdef"[low >> 4];
        text[63] = "0123456789abcdef"[low & 15];
        text[64] = 0;
        assert_int_equal(decode_str(&e, text), P1_ERR_ELEM_FORM);
        text[0] = '7';
        assert_int_equal(decode_str(&e, text), P1_ERR_ELEM_FORM);
    }
}

static void x_of_minus_zero_is_refused(void **state) {
    struct elem e;
    (void)state;
    assert_int_equal(decode_str(&e, "8000000000000000000000000000000000000000000000000000000000000001"),
                     P1_ERR_ELEM_FORM);
    assert_int_equal(decode_str(&e, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
                     P1_ERR_ELEM_FORM);
}

static void a_point_off_the_curve_is_refused(void **state) {
    static const char *const text[] = {"0000000000000000000000000000000000000000000000000000000000000002",
                                       "0000000000000000000000000000000000000000000000000000000000000007",
                                       "8000000000000000000000000000000000000000000000000000000000000008"};
    struct elem e;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(decode_str(&e, text[i]), P1_ERR_ELEM_FIELD);
        assert_int_equal(elem_decode_trusted(&group, &e, span_str(text[i]), &work), P1_ERR_ELEM_FIELD);
    }
}

static void points_of_small_order_are_refused(void **state) {
    struct elem e;
    (void)state;
    assert_int_equal(decode_str(&e, torsion[0]), P1_OK);
    for (size_t i = 1; i < 8; i++) assert_int_equal(decode_str(&e, torsion[i]), P1_ERR_ELEM_SUBGROUP);
}

static void a_member_plus_a_point_of_small_order_is_refused(void **state) {
    (void)state;
    for (int n = 0; n < 30; n++) {
        struct bytes p, sum;
        struct elem e;
        crypto_core_ed25519_random(p.b);
        for (size_t i = 0; i < 8; i++) {
            struct bytes t = bytes_of_text(span_str(torsion[i]));
            assert_int_equal(crypto_core_ed25519_add(sum.b, p.b, t.b), 0);
            assert_int_equal(decode_bytes(&e, &sum), i ? P1_ERR_ELEM_SUBGROUP : P1_OK);
        }
    }
}

// P is a member exactly if (q - 1) P = -P.
static void membership_agrees_with_multiplication_by_q(void **state) {
    struct scalar last = minus_one();
    int members = 0;
    (void)state;
    for (int n = 0; n < 600; n++) {
        struct bytes p;
        struct elem e, f, minus;
        randombytes_buf(p.b, 32);
        struct elem_text t = text_of_bytes(&p);
        if (elem_decode_trusted(&group, &e, elem_span(&t), &work) != P1_OK) continue;
        elem_inverse(&group, &minus, &e, &work);
        mul_run_vartime(&group, NULL, &(struct mul_job){.out = &f, .x = &last, .base = &e}, 1, &work);
        int member = elem_equal(&group, &f, &minus, &work);
        assert_int_equal(elem_decode(&group, &e, elem_span(&t), &work), member ? P1_OK : P1_ERR_ELEM_SUBGROUP);
        assert_int_equal(member, crypto_core_ed25519_is_valid_point(p.b));
        members += member;
    }
    assert_in_range(members, 1, 150);
}

static void the_identity_is_neutral_and_a_member(void **state) {
    struct elem one, p = random_elem(), q;
    struct elem_text t;
    (void)state;
    elem_identity(&group, &one);
    elem_encode(&group, &t, &one, 1, &work);
    assert_memory_equal(t.p, IDENTITY, 64);
    assert_int_equal(decode_str(&q, IDENTITY), P1_OK);
    assert_true(elem_equal(&group, &one, &q, &work));
    elem_mul_ct(&group, &q, &p, &one, &work);
    assert_true(elem_equal(&group, &q, &p, &work));
    elem_mul_ct(&group, &q, &one, &one, &work);
    assert_true(elem_equal(&group, &q, &one, &work));
    elem_inverse(&group, &q, &one, &work);
    assert_true(elem_equal(&group, &q, &one, &work));
}

static void the_group_laws_hold(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct elem a = random_elem(), b = random_elem(), c = random_elem(), ab, ba, l, r, one, minus;
        elem_mul_ct(&group, &ab, &a, &b, &work);
        elem_mul_ct(&group, &ba, &b, &a, &work);
        assert_true(elem_equal(&group, &ab, &ba, &work));
        elem_mul_ct(&group, &l, &ab, &c, &work);
        elem_mul_ct(&group, &r, &b, &c, &work);
        elem_mul_ct(&group, &r, &a, &r, &work);
        assert_true(elem_equal(&group, &l, &r, &work));
        assert_false(elem_equal(&group, &ab, &l, &work));
        elem_identity(&group, &one);
        elem_inverse(&group, &minus, &ab, &work);
        elem_mul_ct(&group, &l, &ab, &minus, &work);
        assert_true(elem_equal(&group, &l, &one, &work));
        assert_false(elem_equal(&group, &ab, &minus, &work));
    }
}

static void addition_and_doubling_agree_with_libsodium(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct elem a = random_elem(), b = i % 2 ? a : random_elem(), sum;
        struct bytes p = bytes_of_elem(&a), q = bytes_of_elem(&b), expect, got;
        assert_int_equal(crypto_core_ed25519_add(expect.b, p.b, q.b), 0);
        elem_mul_ct(&group, &sum, &a, &b, &work);
        got = bytes_of_elem(&sum);
        assert_memory_equal(got.b, expect.b, 32);
    }
}

static void text_order_is_that_of_the_little_endian_bytes(void **state) {
    struct elem_text a, b;
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct bytes p, q;
        randombytes_buf(p.b, 32);
        q = p;
        q.b[randombytes_uniform(32)] = (uint8_t)randombytes_random();
        q.b[randombytes_uniform(32)] = (uint8_t)randombytes_random();
        a = text_of_bytes(&p);
        b = text_of_bytes(&q);
        int expect = memcmp(p.b, q.b, 32), got = elem_text_order(&group, elem_span(&a), elem_span(&b));
        assert_int_equal((got > 0) - (got < 0), (expect > 0) - (expect < 0));
    }
    assert_int_equal(elem_text_order(&group, elem_span(&a), elem_span(&a)), 0);
    assert_true(elem_text_order(&group, elem_span(&a), SPAN_LIT("ab")) > 0);
    assert_true(elem_text_order(&group, SPAN_LIT("ab"), elem_span(&a)) < 0);
}

typedef void run_fn(const struct group *, const struct base_table *, const struct mul_job *, size_t, struct work *);

// Every combination of factors, and of special and random scalars.
static void compare_with_libsodium(run_fn *run) {
    static struct base_table table;
    struct elem y = random_elem(), base, out;
    base_table_init(&group, &table, &y, &work);
    for (size_t i = 0; i < 72; i++) {
        struct scalar s[3];
        base = i % 9 ? random_elem() : y;
        for (size_t k = 0; k < 3; k++) s[k] = i < 36 ? special_scalar(i + 5 * k) : random_scalar();
        for (unsigned with = 0; with < 8; with += i < 8 ? 1 : 3) {
            struct mul_job job = {&out, with & 1 ? &s[0] : NULL, with & 2 ? &s[1] : NULL, with & 4 ? &s[2] : NULL,
                                  with & 4 ? &base : NULL};
            run(&group, &table, &job, 1, &work);
            struct bytes expect = oracle(&job, &y), got = bytes_of_elem(&out);
            assert_memory_equal(got.b, expect.b, 32);
        }
    }
}

static void multiplications_by_public_scalars_agree_with_libsodium(void **state) {
    (void)state;
    compare_with_libsodium(mul_run_vartime);
}

static void multiplications_by_secret_scalars_agree_with_libsodium(void **state) {
    (void)state;
    compare_with_libsodium(mul_run_ct);
}

// Some bases serve once, some often, some are the job's own result, and there are more jobs than fit one batch.
static void a_list_of_jobs_gives_what_each_gives_alone(void **state) {
    enum { N = 90 };
    static struct base_table table;
    static struct elem base[8], expect[N], got[N], ct[N];
    static struct scalar s[N][3];
    struct mul_job job[N];
    struct elem y = random_elem();
    (void)state;
    base_table_init(&group, &table, &y, &work);
    for (size_t i = 0; i < 7; i++) base[i] = random_elem();
    elem_identity(&group, &base[7]);
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < 3; k++) s[i][k] = i % 10 == 9 ? special_scalar(i + k) : random_scalar();
        unsigned with = randombytes_uniform(8);
        job[i] = (struct mul_job){&expect[i], with & 1 ? &s[i][0] : NULL, with & 2 ? &s[i][1] : NULL,
                                  with & 4 ? &s[i][2] : NULL, &base[i % 8]};
        mul_run_vartime(&group, &table, &job[i], 1, &work);
        got[i] = base[i % 8];
        job[i].out = &got[i];
        if (i % 7 == 0) job[i].base = &got[i];
    }
    mul_run_vartime(&group, &table, job, N, &work);
    for (size_t i = 0; i < N; i++) {
        assert_true(elem_equal(&group, &got[i], &expect[i], &work));
        ct[i] = base[i % 8];
        job[i].out = &ct[i];
        if (i % 7 == 0) job[i].base = &ct[i];
    }
    mul_run_ct(&group, &table, job, N, &work);
    for (size_t i = 0; i < N; i++) assert_true(elem_equal(&group, &ct[i], &expect[i], &work));
}

static void no_factor_and_zero_scalars_give_the_identity(void **state) {
    struct scalar zero = {{0}};
    struct elem one, out, base = random_elem();
    struct mul_job job[2] = {{.out = &out}, {.out = &out, .g = &zero, .y = &zero, .x = &zero, .base = &base}};
    (void)state;
    elem_identity(&group, &one);
    for (size_t i = 0; i < 2; i++) {
        out = base;
        mul_run_vartime(&group, &group.base, &job[i], 1, &work);
        assert_true(elem_equal(&group, &out, &one, &work));
        out = base;
        mul_run_ct(&group, &group.base, &job[i], 1, &work);
        assert_true(elem_equal(&group, &out, &one, &work));
    }
}

static void factors_that_cancel_give_the_identity(void **state) {
    struct scalar last = minus_one(), one_scalar = {{1}};
    struct elem one, out;
    struct mul_job job = {&out, &last, NULL, &one_scalar, &group.g};
    (void)state;
    elem_identity(&group, &one);
    mul_run_vartime(&group, NULL, &job, 1, &work);
    assert_true(elem_equal(&group, &out, &one, &work));
    mul_run_ct(&group, NULL, &job, 1, &work);
    assert_true(elem_equal(&group, &out, &one, &work));
}

static void the_table_of_the_identity_works(void **state) {
    static struct base_table table;
    struct elem one, out;
    struct scalar s = random_scalar();
    (void)state;
    elem_identity(&group, &one);
    base_table_init(&group, &table, &one, &work);
    mul_run_vartime(&group, &table, &(struct mul_job){.out = &out, .y = &s}, 1, &work);
    assert_true(elem_equal(&group, &out, &one, &work));
    mul_run_ct(&group, &table, &(struct mul_job){.out = &out, .y = &s}, 1, &work);
    assert_true(elem_equal(&group, &out, &one, &work));
}

static int init(void **state) {
    (void)state;
    return sodium_init() < 0 || group_init(&group, SPAN_LIT("Ed25519"), &work) != P1_OK;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generator_is_the_base_point_of_rfc_8032),
        cmocka_unit_test(public_keys_of_rfc_8032_come_out),
        cmocka_unit_test(field_multiplication_takes_the_largest_loose_values),
        cmocka_unit_test(field_values_from_p_on_are_written_reduced),
        cmocka_unit_test(what_was_decoded_is_encoded_the_same),
        cmocka_unit_test(a_trusted_text_decodes_to_the_same),
        cmocka_unit_test(many_elements_are_encoded_as_one_by_one),
        cmocka_unit_test(another_length_is_refused),
        cmocka_unit_test(upper_case_and_other_signs_are_refused),
        cmocka_unit_test(y_of_p_or_more_is_refused),
        cmocka_unit_test(x_of_minus_zero_is_refused),
        cmocka_unit_test(a_point_off_the_curve_is_refused),
        cmocka_unit_test(points_of_small_order_are_refused),
        cmocka_unit_test(a_member_plus_a_point_of_small_order_is_refused),
        cmocka_unit_test(membership_agrees_with_multiplication_by_q),
        cmocka_unit_test(the_identity_is_neutral_and_a_member),
        cmocka_unit_test(the_group_laws_hold),
        cmocka_unit_test(addition_and_doubling_agree_with_libsodium),
        cmocka_unit_test(text_order_is_that_of_the_little_endian_bytes),
        cmocka_unit_test(multiplications_by_public_scalars_agree_with_libsodium),
        cmocka_unit_test(multiplications_by_secret_scalars_agree_with_libsodium),
        cmocka_unit_test(a_list_of_jobs_gives_what_each_gives_alone),
        cmocka_unit_test(no_factor_and_zero_scalars_give_the_identity),
        cmocka_unit_test(factors_that_cancel_give_the_identity),
        cmocka_unit_test(the_table_of_the_identity_works),
    };
    return cmocka_run_group_tests_name("group Ed25519", tests, init, NULL);
}
