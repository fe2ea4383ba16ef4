// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/hash_scalar.h"
#include "tests/unit/helpers.h"

#include <gmp.h>

static void assert_digest(const struct modulus *q, const struct scalar *s, const uint8_t *digest, size_t n) {
    mpz_t v, m;
    struct scalar expected = {{0}};
    mpz_inits(v, m, NULL);
    mpz_import(v, n, 1, 1, 0, 0, digest);
    mpz_import(m, q->n, -1, 8, 0, 0, q->m);
    mpz_mod(v, v, m);
    mpz_export(expected.v, NULL, -1, 8, 0, 0, v);
    assert_true(sc_is_equal(s, &expected));
    mpz_clears(v, m, NULL);
}

static void a_hash_is_a_big_endian_number_modulo_q(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        for (int i = 0; i < 50; i++) {
            uint8_t text[40], digest[SHA256_BYTES];
            struct sha256 s;
            struct scalar out;
            random_bytes(text, sizeof text);
            sha256(digest, span_of(text, sizeof text));
            sha256_init(&s);
            sha256_put(&s, span_of(text, sizeof text));
            hash_scalar(q, &s, &out);
            assert_digest(q, &out, digest, sizeof digest);
        }
    }
}

static void elements_are_hashed_with_commas_between(void **state) {
    enum { N = 20 };
    const struct group *g = group_of("Ed25519");
    struct elem e[N];
    (void)state;
    for (size_t i = 0; i < N; i++) {
        const struct scalar x = random_scalar(&g->q);
        e[i] = power_of_g(g, &x);
    }
    for (size_t n = 0; n <= N; n++) {
        struct buf text = keep_buf(N * 65);
        struct sha256 s;
        uint8_t out[SHA256_BYTES], expected[SHA256_BYTES];
        for (size_t i = 0; i < n; i++) {
            struct elem_text t = elem_text_of(g, &e[i]);
            if (i) buf_char(&text, ',');
            buf_put(&text, elem_span(&t));
        }
        sha256_init(&s);
        hash_elems(g, &s, e, n, &work);
        sha256_done(&s, out);
        sha256(expected, buf_span(&text));
        assert_memory_equal(out, expected, sizeof out);
    }
}

static void a_credential_is_two_hashes_modulo_q(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        uint8_t digest[2 * SHA256_BYTES];
        struct scalar out;
        sha256(digest, SPAN_LIT("derive_credential|UUID|0|CODE"));
        sha256(digest + SHA256_BYTES, SPAN_LIT("derive_credential|UUID|1|CODE"));
        hash_credential(q, SPAN_LIT("UUID"), SPAN_LIT("CODE"), &out);
        assert_digest(q, &out, digest, sizeof digest);
        pbkdf2_sha256(digest, SPAN_LIT("CODE"), SPAN_LIT("UUID"), 1000);
        hash_credential_2x(q, SPAN_LIT("UUID"), SPAN_LIT("CODE"), &out);
        assert_digest(q, &out, digest, SHA256_BYTES);
    }
}

static void a_key_of_the_ceremony_is_the_hash_of_prefix_and_seed(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        uint8_t digest[SHA256_BYTES];
        struct scalar out;
        sha256(digest, SPAN_LIT("sk|1234567890123456789012"));
        hash_pki_key(q, "sk|", SPAN_LIT("1234567890123456789012"), &out);
        assert_digest(q, &out, digest, sizeof digest);
    }
}

// The whole of it, so that a ballot can be opened with its seed years later.
static void a_scalar_of_a_seed_is_sha256_in_counter_mode(void **state) {
    uint8_t seed[32];
    (void)state;
    random_bytes(seed, sizeof seed);
    for (size_t k = 0; k < GROUPS; k++) {
        const struct modulus *q = &group_of(group_names[k])->q;
        uint8_t wide[P1_SCALAR_WIDE + SHA256_BYTES];
        size_t need = (q->bits + 7) / 8 + 16;
        struct scalar out;
        for (uint8_t block = 0; SHA256_BYTES * block < need; block++) {
            struct sha256 s;
            sha256_init(&s);
            sha256_str(&s, "plus1 seed|");
            sha256_put(&s, span_of(seed, 32));
            sha256_put(&s, span_of(&block, 1));
            sha256_str(&s, "label");
            sha256_done(&s, wide + SHA256_BYTES * block);
        }
        seed_scalar(q, seed, SPAN_LIT("label"), &out);
        assert_digest(q, &out, wide, need);
    }
}

static void scalars_of_other_seeds_and_labels_are_others(void **state) {
    enum { N = 64 };
    const struct modulus *q = &group_of("BELENIOS-2048")->q;
    struct scalar s[N];
    uint8_t seed[32] = {0};
    (void)state;
    for (size_t i = 0; i < N; i++) {
        uint8_t label[8] = {0};
        label[7] = (uint8_t)(i / 2);
        seed[31] = i % 2;
        seed_scalar(q, seed, span_of(label, sizeof label), &s[i]);
        for (size_t k = 0; k < i; k++) assert_false(sc_is_equal(&s[i], &s[k]));
    }
}

static void every_code_has_a_name_and_a_sentence_of_its_own(void **state) {
    (void)state;
    for (int i = 0; i < P1_ERR_COUNT; i++) {
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(p1_err_text((enum p1_err)i), p1_err_text((enum p1_err)k));
            assert_string_not_equal(p1_err_name((enum p1_err)i), p1_err_name((enum p1_err)k));
        }
    }
    assert_string_equal(p1_err_name(P1_OK), "OK");
    assert_string_equal(p1_err_name(P1_ERR_SPACE), "ERR_SPACE");
    assert_string_equal(p1_err_name(P1_ERR_COUNT), "ERR_UNKNOWN");
    assert_string_equal(p1_err_text(P1_ERR_COUNT), "unknown error");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_a_big_endian_number_modulo_q),
        cmocka_unit_test(elements_are_hashed_with_commas_between),
        cmocka_unit_test(a_credential_is_two_hashes_modulo_q),
        cmocka_unit_test(a_key_of_the_ceremony_is_the_hash_of_prefix_and_seed),
        cmocka_unit_test(a_scalar_of_a_seed_is_sha256_in_counter_mode),
        cmocka_unit_test(scalars_of_other_seeds_and_labels_are_others),
        cmocka_unit_test(every_code_has_a_name_and_a_sentence_of_its_own),
    };
    return cmocka_run_group_tests_name("hashing to scalars", tests, NULL, release);
}
