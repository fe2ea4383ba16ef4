// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/aes.h"
#include "tests/unit/helpers.h"

#include <sodium.h>

static const enum aes_mode modes[] = {AES_CCM, AES_GCM};

static size_t bin(uint8_t *out, size_t cap, const char *hex) {
    size_t n = 0;
    assert_int_equal(sodium_hex2bin(out, cap, hex, strlen(hex), NULL, &n, NULL), 0);
    return n;
}

static void assert_hex(const uint8_t *out, size_t n, const char *expected) {
    uint8_t e[512];
    assert_int_equal(bin(e, sizeof e, expected), n);
    assert_memory_equal(out, e, n);
}

// No standard's vector has a 32-byte iv. These ivs were solved for, so that GHASH makes of them the counter block before
// the one that is named: its encryption is the key stream that comes out over zeros.

static void the_cipher_is_that_of_fips_197(void **state) {
    uint8_t key[AES_KEY_BYTES], iv[32], out[16 + 16];
    const uint8_t zeros[16] = {0};
    (void)state;
    bin(key, sizeof key, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    bin(iv, sizeof iv, "00000000000000000000000000000000b9979797d6ca9ac0a9fb69754ed97b5a");
    assert_ok(aes_seal(AES_GCM, key, iv, out, span_of(zeros, 16)));
    assert_hex(out, 16, "8ea2b7ca516745bfeafc49904b496089"); // C.3: of 00112233445566778899aabbccddeeff
}

static void the_counter_of_gcm_wraps_within_its_four_bytes(void **state) {
    uint8_t key[AES_KEY_BYTES], iv[32], out[64 + 16];
    const uint8_t zeros[64] = {0};
    (void)state;
    bin(key, sizeof key, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    bin(iv, sizeof iv, "00000000000000000000000000000000651a2add9b0a2352e3888df6a02f480c"); // ...0a0bfffffffe
    assert_ok(aes_seal(AES_GCM, key, iv, out, span_of(zeros, 64)));
    assert_hex(out, 80,
               "9d52ea871d37e206b64e902d1d857e44bddc4ccab15066ccc1fe6b0cba133eb6f4c2db1dc38805a37b92171c5d0a81cc"
               "4702d61bc5e5c21b8d41978bb1e9786dcfa7703140d74a22695cb105646c2dc5");
}

// ---- what OpenSSL 3.0 made of byte i = 7 i + 1, key 3 i + 5, iv 255 - i ----

static void inputs(uint8_t key[AES_KEY_BYTES], uint8_t iv[32], uint8_t *message, size_t n) {
    for (size_t i = 0; i < 32; i++) key[i] = (uint8_t)(3 * i + 5);
    for (size_t i = 0; i < 32; i++) iv[i] = (uint8_t)(255 - i);
    for (size_t i = 0; i < n; i++) message[i] = (uint8_t)(7 * i + 1);
}

static void sealed_messages_agree_with_openssl(void **state) {
    static const struct {
        size_t n;
        const char *ccm, *gcm;
    } known[] = {
        {0, "e526dcf7b0443d91", "da162b6292dfce28f43d7cd4e81a89c6"},
        {1, "8582963c633b49dc5c", "9f3b28c530a1f5942a10d86f4db7ee65d9"},
        {15, "8505a0c9b42a2ba2a5f4a181d1ef2ad237d28054db5a6d",
         "9f1da0e5e52be033084f5fe6145731b6ad03a350580cc0c8be859802af2d3e"},
        {16, "8505a0c9b42a2ba2a5f4a181d1ef2aabb069ac78197b01bc",
         "9f1da0e5e52be033084f5fe6145731a12b9f4e01df6ad2263b736141da872b61"},
        {17, "8505a0c9b42a2ba2a5f4a181d1ef2aab5b9294aca0e4b1fb39",
         "9f1da0e5e52be033084f5fe6145731a17cf229469392b2ec1da0345f1434dfe7eb"},
        {32, "8505a0c9b42a2ba2a5f4a181d1ef2aab5b3e258fe6321f605f2a495e9a9847dc554336f9f9a32344",
         "9f1da0e5e52be033084f5fe6145731a17cba7a7dda1f353fb0a03328e4ab854ecf47fe9db9c8862c4cbd58db85d341a8"},
        {100,
         "8505a0c9b42a2ba2a5f4a181d1ef2aab5b3e258fe6321f605f2a495e9a9847dcf6dd164a67bee04f7bb40a09cb8c8045"
         "4b4f9d13680f15ba922ad13cb673472bea6d62a318ef774546962576587de62086f986c39a99bf9d6856343efde33b23"
         "60cc55a052c35a2fecfa99e0",
         "9f1da0e5e52be033084f5fe6145731a17cba7a7dda1f353fb0a03328e4ab854ef16289083913ddb54fc4b1ae13cf1b0f"
         "874ff59cb317562545db7aa73f8cec9d5a7069a58e923b765334b83ca6e8b0c3cb73e4486ea4f13767fef0f3db73dbe7"
         "a3476f1a657802dbe0fc789d675391ef51c70b76"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        for (size_t m = 0; m < 2; m++) {
            uint8_t key[AES_KEY_BYTES], iv[32], message[100], out[116];
            size_t n = known[k].n;
            inputs(key, iv, message, n);
            assert_ok(aes_seal(modes[m], key, iv, out, span_of(message, n)));
            assert_hex(out, n + aes_tag_bytes(modes[m]), m ? known[k].gcm : known[k].ccm);
        }
    }
}

static void the_longest_message_agrees_with_openssl(void **state) {
    static const char *const hash[] = {"0236229d5f8ff997995a76aa5e089d1accf48bb9facae0b3a331c63a1027be11",
                                       "da733cca43ed2a1c02786dd810413d55f83cab54601ed89b80605191d7d52bd2"};
    enum { N = 0xffff };
    uint8_t key[AES_KEY_BYTES], iv[32], digest[32], *message = keep(N), *out = keep(N + 16);
    (void)state;
    for (size_t m = 0; m < 2; m++) {
        size_t sealed = N + aes_tag_bytes(modes[m]);
        inputs(key, iv, message, N);
        assert_ok(aes_seal(modes[m], key, iv, out, span_of(message, N)));
        crypto_hash_sha256(digest, out, sealed);
        assert_hex(digest, 32, hash[m]);
        assert_ok(aes_open(modes[m], key, iv, out, span_of(out, sealed)));
        assert_memory_equal(out, message, N);
    }
}

static void a_longer_message_is_refused(void **state) {
    uint8_t key[AES_KEY_BYTES] = {0}, iv[32] = {0}, *p = keep(0x10000 + 16);
    (void)state;
    for (size_t m = 0; m < 2; m++) {
        assert_err(aes_seal(modes[m], key, iv, p, span_of(p, 0x10000)), P1_ERR_CEREMONY_SIZE);
        assert_err(aes_open(modes[m], key, iv, p, span_of(p, 0x10000 + aes_tag_bytes(modes[m]))), P1_ERR_CEREMONY_SEAL);
    }
}

static void what_is_shorter_than_a_tag_is_refused(void **state) {
    uint8_t key[AES_KEY_BYTES] = {0}, iv[32] = {0}, sealed[16] = {0}, out[16];
    (void)state;
    for (size_t m = 0; m < 2; m++) {
        for (size_t n = 0; n < aes_tag_bytes(modes[m]); n++)
            assert_err(aes_open(modes[m], key, iv, out, span_of(sealed, n)), P1_ERR_CEREMONY_SEAL);
    }
}

static void what_was_sealed_opens_in_place_too(void **state) {
    (void)state;
    for (size_t m = 0; m < 2; m++) {
        for (size_t n = 0; n < 70; n++) {
            uint8_t key[AES_KEY_BYTES], iv[32], message[70], sealed[86], in_place[86], opened[70];
            size_t sealed_n = n + aes_tag_bytes(modes[m]);
            random_bytes(key, sizeof key);
            random_bytes(iv, sizeof iv);
            random_bytes(message, sizeof message);
            memcpy(in_place, message, n);
            assert_ok(aes_seal(modes[m], key, iv, sealed, span_of(message, n)));
            assert_ok(aes_seal(modes[m], key, iv, in_place, span_of(in_place, n)));
            assert_memory_equal(sealed, in_place, sealed_n);
            assert_ok(aes_open(modes[m], key, iv, opened, span_of(sealed, sealed_n)));
            assert_memory_equal(opened, message, n);
            assert_ok(aes_open(modes[m], key, iv, in_place, span_of(in_place, sealed_n)));
            assert_memory_equal(in_place, message, n);
        }
    }
}

static void any_changed_bit_is_refused_and_nothing_comes_out(void **state) {
    uint8_t key[AES_KEY_BYTES], iv[32], message[20], sealed[36], out[20];
    const uint8_t zeros[20] = {0};
    (void)state;
    for (size_t m = 0; m < 2; m++) {
        size_t n = sizeof message + aes_tag_bytes(modes[m]), iv_used = modes[m] == AES_CCM ? 13 : 32;
        struct {
            uint8_t *p;
            size_t n;
        } part[] = {{sealed, n}, {key, sizeof key}, {iv, iv_used}};
        inputs(key, iv, message, sizeof message);
        assert_ok(aes_seal(modes[m], key, iv, sealed, span_of(message, sizeof message)));
        for (size_t k = 0; k < 3; k++) {
            for (size_t bit = 0; bit < 8 * part[k].n; bit++) {
                part[k].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
                assert_err(aes_open(modes[m], key, iv, out, span_of(sealed, n)), P1_ERR_CEREMONY_SEAL);
                assert_memory_equal(out, zeros, sizeof out);
                part[k].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
        }
        assert_ok(aes_open(modes[m], key, iv, out, span_of(sealed, n)));
    }
}

static void a_message_of_the_other_mode_is_refused(void **state) {
    uint8_t key[AES_KEY_BYTES], iv[32], message[20], sealed[36], out[36];
    (void)state;
    for (size_t m = 0; m < 2; m++) {
        inputs(key, iv, message, sizeof message);
        assert_ok(aes_seal(modes[m], key, iv, sealed, span_of(message, sizeof message)));
        size_t n = sizeof message + aes_tag_bytes(modes[m]);
        assert_err(aes_open(modes[1 - m], key, iv, out, span_of(sealed, n)), P1_ERR_CEREMONY_SEAL);
    }
}

static int init(void **state) {
    (void)state;
    return sodium_init() < 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cipher_is_that_of_fips_197),
        cmocka_unit_test(the_counter_of_gcm_wraps_within_its_four_bytes),
        cmocka_unit_test(sealed_messages_agree_with_openssl),
        cmocka_unit_test(the_longest_message_agrees_with_openssl),
        cmocka_unit_test(a_longer_message_is_refused),
        cmocka_unit_test(what_is_shorter_than_a_tag_is_refused),
        cmocka_unit_test(what_was_sealed_opens_in_place_too),
        cmocka_unit_test(any_changed_bit_is_refused_and_nothing_comes_out),
        cmocka_unit_test(a_message_of_the_other_mode_is_refused),
    };
    return cmocka_run_group_tests_name("AES", tests, init, release);
}
