// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/aes.h"

#include "core/public.h"
#include "core/wipe.h"

enum { ROUNDS = 14, BLOCK = 16 };

struct aes {
    uint8_t round_key[ROUNDS + 1][BLOCK];
};

// ---- GF(2^8), eight bytes side by side in a word ----

#define EACH(byte) (0x0101010101010101u * (uint64_t)(byte))

static uint64_t gf_double(uint64_t a) { return (a & EACH(0x7f)) << 1 ^ (a >> 7 & EACH(1)) * 0x1b; }

static uint64_t gf_mul(uint64_t a, uint64_t b) {
    uint64_t r = 0;
    for (int i = 0; i < 8; i++) {
        r ^= a & (b >> i & EACH(1)) * 0xff;
        a = gf_double(a);
    }
    return r;
}

// The S-box: the inverse x^254 (0 for 0), then FIPS 197's affine map.
static uint64_t sub_bytes(uint64_t x) {
    uint64_t x3 = gf_mul(gf_mul(x, x), x);
    uint64_t x6 = gf_mul(x3, x3);
    uint64_t x12 = gf_mul(x6, x6);
    uint64_t x15 = gf_mul(x12, x3);
    uint64_t x30 = gf_mul(x15, x15);
    uint64_t x60 = gf_mul(x30, x30);
    uint64_t x120 = gf_mul(x60, x60);
    uint64_t x127 = gf_mul(gf_mul(x120, x6), x);
    uint64_t v = gf_mul(x127, x127);
    uint64_t out = v;
    for (int i = 0; i < 4; i++) {
        v = (v & EACH(0x7f)) << 1 | (v >> 7 & EACH(1));
        out ^= v;
    }
    return out ^ EACH(0x63);
}

static void sub_block(uint8_t s[BLOCK]) {
    uint64_t half[2];
    memcpy(half, s, BLOCK);
    half[0] = sub_bytes(half[0]);
    half[1] = sub_bytes(half[1]);
    memcpy(s, half, BLOCK);
}

// ---- the cipher ----

static void aes_init(struct aes *a, const uint8_t key[AES_KEY_BYTES]) {
    uint8_t *w = a->round_key[0];
    uint8_t constant = 1;
    memcpy(w, key, AES_KEY_BYTES);
    for (size_t i = AES_KEY_BYTES; i < sizeof a->round_key; i += 4) {
        uint8_t t[BLOCK] = {0};
        memcpy(t, w + i - 4, 4);
        if (i % 32 == 0) {
            uint8_t first = t[0];
            t[0] = t[1], t[1] = t[2], t[2] = t[3], t[3] = first;
            sub_block(t);
            t[0] ^= constant;
            constant = (uint8_t)(constant << 1);
        } else if (i % 32 == 16) {
            sub_block(t);
        }
        for (size_t k = 0; k < 4; k++) w[i + k] = (uint8_t)(w[i + k - 32] ^ t[k]);
        wipe(t, sizeof t);
    }
}

static void add_key(uint8_t s[BLOCK], const uint8_t k[BLOCK]) {
    for (size_t i = 0; i < BLOCK; i++) s[i] ^= k[i];
}

static void shift_rows(uint8_t s[BLOCK]) {
    uint8_t t[BLOCK];
    for (size_t i = 0; i < BLOCK; i++) t[i] = s[(i + 4 * (i % 4)) % BLOCK];
    memcpy(s, t, BLOCK);
    wipe(t, sizeof t);
}

static void mix_columns(uint8_t s[BLOCK]) {
    for (size_t c = 0; c < BLOCK; c += 4) {
        uint8_t a[4], all = 0;
        for (size_t i = 0; i < 4; i++) all ^= a[i] = s[c + i];
        for (size_t i = 0; i < 4; i++) s[c + i] ^= (uint8_t)(all ^ (uint8_t)gf_double(a[i] ^ a[(i + 1) % 4]));
        wipe(a, sizeof a);
    }
}

static void aes_block(const struct aes *a, uint8_t s[BLOCK]) {
    add_key(s, a->round_key[0]);
    for (int r = 1; r <= ROUNDS; r++) {
        sub_block(s);
        shift_rows(s);
        if (r < ROUNDS) mix_columns(s);
        add_key(s, a->round_key[r]);
    }
}

// ---- counter mode: the last WIDTH bytes of the block count ----

static void ctr_next(uint8_t block[BLOCK], size_t width) {
    unsigned carry = 1; // GCM's counter starts at a secret
    for (size_t i = BLOCK; i-- > BLOCK - width; carry >>= 8) {
        carry += block[i];
        block[i] = (uint8_t)carry;
    }
}

static void ctr_apply(const struct aes *a, uint8_t counter[BLOCK], size_t width, uint8_t *out, struct span in) {
    uint8_t pad[BLOCK];
    for (size_t at = 0; at < in.n; at++) {
        if (at % BLOCK == 0) {
            ctr_next(counter, width);
            memcpy(pad, counter, BLOCK);
            aes_block(a, pad);
        }
        out[at] = in.p[at] ^ pad[at % BLOCK];
    }
    wipe(pad, sizeof pad);
}

// ---- CCM: a 13-byte nonce leaves two bytes for the length ----

enum { CCM_NONCE = 13, CCM_LENGTH = 2, CCM_TAG = 8 };

// The flags of SP 800-38C, A.2.1: no associated data, an 8-byte tag, a 2-byte length
static void ccm_mac(const struct aes *a, const uint8_t *iv, uint8_t mac[BLOCK], struct span message) {
    mac[0] = 8 * ((CCM_TAG - 2) / 2) + (CCM_LENGTH - 1);
    memcpy(mac + 1, iv, CCM_NONCE);
    mac[14] = (uint8_t)(message.n >> 8);
    mac[15] = (uint8_t)message.n;
    aes_block(a, mac);
    for (size_t i = 0; i < message.n; i++) {
        mac[i % BLOCK] ^= message.p[i];
        if (i % BLOCK == BLOCK - 1 || i == message.n - 1) aes_block(a, mac);
    }
}

static void ccm_counter(uint8_t counter[BLOCK], const uint8_t *iv) {
    memset(counter, 0, BLOCK);
    counter[0] = CCM_LENGTH - 1;
    memcpy(counter + 1, iv, CCM_NONCE);
}

// ---- GCM ----

// x = x y in GF(2^128), bits from the left
static void ghash_mul(uint8_t x[BLOCK], const uint8_t y[BLOCK]) {
    uint64_t v[2] = {0, 0}, z[2] = {0, 0};
    for (size_t i = 0; i < BLOCK; i++) v[i / 8] = v[i / 8] << 8 | y[i];
    for (size_t i = 0; i < 128; i++) {
        uint64_t take = 0 - (uint64_t)(x[i / 8] >> (7 - i % 8) & 1);
        z[0] ^= v[0] & take;
        z[1] ^= v[1] & take;
        uint64_t low = 0 - (v[1] & 1);
        v[1] = v[1] >> 1 | v[0] << 63;
        v[0] = v[0] >> 1 ^ (low & (uint64_t)0xe1 << 56);
    }
    for (size_t i = 0; i < BLOCK; i++) x[i] = (uint8_t)(z[i / 8] >> (56 - 8 * (i % 8)));
    wipe(v, sizeof v);
    wipe(z, sizeof z);
}

// GHASH of DATA padded with zeros, a zero word, and its length in bits; X starts as zeros.
static void ghash(const uint8_t h[BLOCK], uint8_t x[BLOCK], struct span data) {
    for (size_t i = 0; i < data.n; i++) {
        x[i % BLOCK] ^= data.p[i];
        if (i % BLOCK == BLOCK - 1 || i == data.n - 1) ghash_mul(x, h);
    }
    uint64_t bits = 8 * (uint64_t)data.n;
    for (size_t i = 0; i < 8; i++) x[8 + i] ^= (uint8_t)(bits >> (56 - 8 * i));
    ghash_mul(x, h);
}

// ---- both ----

struct session {
    struct aes aes;
    uint8_t h[BLOCK];       // GCM: the hash key
    uint8_t counter[BLOCK]; // before the first block of the message
    uint8_t tag_pad[BLOCK];
};

static void session_init(struct session *s, enum aes_mode mode, const uint8_t *key, const uint8_t iv[32]) {
    memset(s, 0, sizeof *s);
    aes_init(&s->aes, key);
    if (mode == AES_CCM) {
        ccm_counter(s->counter, iv);
    } else {
        aes_block(&s->aes, s->h);
        ghash(s->h, s->counter, span_of(iv, 32));
    }
    memcpy(s->tag_pad, s->counter, BLOCK);
    aes_block(&s->aes, s->tag_pad);
}

static void session_tag(struct session *s, enum aes_mode mode, const uint8_t *iv, uint8_t tag[BLOCK], struct span plain,
                        struct span cipher) {
    memset(tag, 0, BLOCK);
    if (mode == AES_CCM) {
        ccm_mac(&s->aes, iv, tag, plain);
    } else {
        ghash(s->h, tag, cipher);
    }
    add_key(tag, s->tag_pad);
}

static size_t counter_width(enum aes_mode mode) { return mode == AES_CCM ? CCM_LENGTH : 4; }

enum p1_err aes_seal(enum aes_mode mode, const uint8_t key[AES_KEY_BYTES], const uint8_t iv[32], uint8_t *out,
                     struct span message) {
    struct session s;
    uint8_t tag[BLOCK];
    if (message.n > 0xffff) return P1_ERR_CEREMONY_SIZE;
    session_init(&s, mode, key, iv);
    if (mode == AES_CCM) session_tag(&s, mode, iv, tag, message, message);
    ctr_apply(&s.aes, s.counter, counter_width(mode), out, message);
    if (mode == AES_GCM) session_tag(&s, mode, iv, tag, message, span_of(out, message.n));
    memcpy(out + message.n, tag, aes_tag_bytes(mode));
    wipe(&s, sizeof s);
    return P1_OK;
}

enum p1_err aes_open(enum aes_mode mode, const uint8_t key[AES_KEY_BYTES], const uint8_t iv[32], uint8_t *out,
                     struct span sealed) {
    struct session s;
    uint8_t tag[BLOCK] = {0}, diff = 0;
    size_t tag_n = aes_tag_bytes(mode);
    if (sealed.n < tag_n || sealed.n - tag_n > 0xffff) return P1_ERR_CEREMONY_SEAL;
    struct span cipher = {sealed.p, sealed.n - tag_n};
    const uint8_t *given = sealed.p + cipher.n;

    session_init(&s, mode, key, iv);
    if (mode == AES_GCM) session_tag(&s, mode, iv, tag, cipher, cipher);
    ctr_apply(&s.aes, s.counter, counter_width(mode), out, cipher);
    if (mode == AES_CCM) session_tag(&s, mode, iv, tag, span_of(out, cipher.n), cipher);
    for (size_t i = 0; i < tag_n; i++) diff |= tag[i] ^ given[i];
    now_public(&diff, sizeof diff); // that a message is refused
    if (diff) wipe(out, cipher.n);
    wipe(&s, sizeof s);
    wipe(tag, sizeof tag);
    return diff ? P1_ERR_CEREMONY_SEAL : P1_OK;
}
