// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/sha256.h"
#include "tests/unit/helpers.h"

#include <sodium.h>

static void assert_hex(const uint8_t out[SHA256_BYTES], const char *expected) {
    char hex[2 * SHA256_BYTES + 1];
    assert_string_equal(sodium_bin2hex(hex, sizeof hex, out, SHA256_BYTES), expected);
}

static void hash_of_the_examples_of_fips_180(void **state) {
    static const struct {
        const char *text, *hash;
    } example[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    uint8_t out[SHA256_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof example / sizeof *example; i++) {
        sha256(out, span_str(example[i].text));
        assert_hex(out, example[i].hash);
    }
    struct sha256 s;
    sha256_init(&s);
    for (int i = 0; i < 100000; i++) sha256_str(&s, "aaaaaaaaaa");
    sha256_done(&s, out);
    assert_hex(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void hash_of_every_length_agrees_with_libsodium(void **state) {
    uint8_t out[SHA256_BYTES], expected[SHA256_BYTES];
    (void)state;
    for (size_t n = 0; n < 300; n++) {
        uint8_t *p = malloc(n + 1);
        assert_non_null(p);
        random_bytes(p, n);
        crypto_hash_sha256(expected, p, n);
        sha256(out, span_of(p, n));
        assert_memory_equal(out, expected, sizeof out);
        free(p);
    }
}

static void hash_of_pieces_is_that_of_the_whole(void **state) {
    uint8_t text[500], out[SHA256_BYTES], expected[SHA256_BYTES];
    (void)state;
    random_bytes(text, sizeof text);
    crypto_hash_sha256(expected, text, sizeof text);
    for (int round = 0; round < 200; round++) {
        struct sha256 s;
        struct span rest = span_of(text, sizeof text);
        sha256_init(&s);
        while (rest.n) {
            size_t take = random_u64() % (rest.n < 130 ? rest.n + 1 : 130);
            sha256_put(&s, span_of(rest.p, take));
            rest = span_from(rest, take);
        }
        sha256_put(&s, (struct span){0});
        sha256_done(&s, out);
        assert_memory_equal(out, expected, sizeof out);
    }
}

static void nothing_of_a_hash_is_left_behind(void **state) {
    const struct sha256 none = {.n = 0};
    struct sha256 s;
    uint8_t out[SHA256_BYTES];
    (void)state;
    sha256_init(&s);
    sha256_str(&s, "a secret");
    sha256_done(&s, out);
    assert_memory_equal(&s, &none, sizeof s);
}

static struct span repeated(int byte, size_t n) {
    uint8_t *p = keep(n);
    memset(p, byte, n);
    return span_of(p, n);
}

static void hmac_of_the_cases_of_rfc_4231(void **state) {
    uint8_t ascending[25], out[SHA256_BYTES];
    for (size_t i = 0; i < sizeof ascending; i++) ascending[i] = (uint8_t)(i + 1);
    const struct {
        struct span key, data;
        const char *mac;
    } example[] = {
        {repeated(0x0b, 20), SPAN_LIT("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {SPAN_LIT("Jefe"), SPAN_LIT("what do ya want for nothing?"),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {repeated(0xaa, 20), repeated(0xdd, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {span_of(ascending, sizeof ascending), repeated(0xcd, 50),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {repeated(0xaa, 131), SPAN_LIT("Test Using Larger Than Block-Size Key - Hash Key First"),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {repeated(0xaa, 131),
         SPAN_LIT("This is a test using a larger than block-size key and a larger than block-size data. The key needs "
                  "to be hashed before being used by the HMAC algorithm."),
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof example / sizeof *example; i++) {
        hmac_sha256(out, example[i].key, example[i].data);
        assert_hex(out, example[i].mac);
    }
}

static void hmac_with_keys_of_every_length_agrees_with_libsodium(void **state) {
    (void)state;
    for (size_t n = 0; n < 150; n++) {
        uint8_t key[150], data[150], out[SHA256_BYTES], expected[SHA256_BYTES];
        crypto_auth_hmacsha256_state s;
        random_bytes(key, sizeof key);
        random_bytes(data, sizeof data);
        size_t length = random_u64() % sizeof data;
        crypto_auth_hmacsha256_init(&s, key, n);
        crypto_auth_hmacsha256_update(&s, data, length);
        crypto_auth_hmacsha256_final(&s, expected);
        hmac_sha256(out, span_of(key, n), span_of(data, length));
        assert_memory_equal(out, expected, sizeof out);
    }
}

// The first of the two blocks that RFC 7914, section 11, gives.
static void pbkdf2_of_the_cases_of_rfc_7914(void **state) {
    uint8_t out[SHA256_BYTES];
    (void)state;
    pbkdf2_sha256(out, SPAN_LIT("passwd"), SPAN_LIT("salt"), 1);
    assert_hex(out, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    pbkdf2_sha256(out, SPAN_LIT("Password"), SPAN_LIT("NaCl"), 80000);
    assert_hex(out, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
}

static int init(void **state) {
    (void)state;
    return sodium_init() < 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_of_the_examples_of_fips_180),
        cmocka_unit_test(hash_of_every_length_agrees_with_libsodium),
        cmocka_unit_test(hash_of_pieces_is_that_of_the_whole),
        cmocka_unit_test(nothing_of_a_hash_is_left_behind),
        cmocka_unit_test(hmac_of_the_cases_of_rfc_4231),
        cmocka_unit_test(hmac_with_keys_of_every_length_agrees_with_libsodium),
        cmocka_unit_test(pbkdf2_of_the_cases_of_rfc_7914),
    };
    return cmocka_run_group_tests_name("SHA-256", tests, init, release);
}
