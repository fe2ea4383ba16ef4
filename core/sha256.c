// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/sha256.h"

#include "core/wipe.h"

// FIPS 180-4, section 4.2.2
static const uint32_t round_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotr(uint32_t x, unsigned k) { return x >> k | x << (32 - k); }

// W holds what is hashed; the caller wipes it.
static void compress(uint32_t h[8], uint32_t w[64], const uint8_t block[64]) {
    for (size_t i = 0; i < 16; i++) {
        const uint8_t *b = block + 4 * i;
        w[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
    for (size_t i = 16; i < 64; i++) {
        uint32_t s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (size_t i = 0; i < 64; i++) {
        uint32_t t1 = k + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + round_constant[i] + w[i];
        uint32_t t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        k = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + t2;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d;
    h[4] += e, h[5] += f, h[6] += g, h[7] += k;
}

void sha256_init(struct sha256 *s) {
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(s->h, start, sizeof start);
    s->n = 0;
}

void sha256_put(struct sha256 *s, struct span data) {
    uint32_t w[64];
    size_t have = s->n % 64;
    s->n += data.n;
    if (data.n < 64 - have) {
        if (data.n) memcpy(s->block + have, data.p, data.n);
        return;
    }
    if (have) {
        memcpy(s->block + have, data.p, 64 - have);
        compress(s->h, w, s->block);
        data = span_from(data, 64 - have);
    }
    for (; data.n >= 64; data = span_from(data, 64)) compress(s->h, w, data.p);
    if (data.n) memcpy(s->block, data.p, data.n);
    wipe(w, sizeof w);
}

void sha256_done(struct sha256 *s, uint8_t out[SHA256_BYTES]) {
    uint32_t w[64];
    size_t have = s->n % 64;
    uint64_t bits = 8 * s->n;
    s->block[have++] = 0x80;
    if (have > 56) {
        memset(s->block + have, 0, 64 - have);
        compress(s->h, w, s->block);
        have = 0;
    }
    memset(s->block + have, 0, 56 - have);
    for (size_t i = 0; i < 8; i++) s->block[56 + i] = (uint8_t)(bits >> (56 - 8 * i));
    compress(s->h, w, s->block);
    for (size_t i = 0; i < 32; i++) out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
    wipe(s, sizeof *s);
    wipe(w, sizeof w);
}

void sha256(uint8_t out[SHA256_BYTES], struct span data) {
    struct sha256 s;
    sha256_init(&s);
    sha256_put(&s, data);
    sha256_done(&s, out);
}

// The states after the inner and the outer padded key.
static void hmac_keys(struct sha256 *inner, struct sha256 *outer, struct span key) {
    uint8_t pad[64] = {0};
    if (key.n > 64) {
        sha256(pad, key);
    } else if (key.n) {
        memcpy(pad, key.p, key.n);
    }
    for (size_t i = 0; i < 64; i++) pad[i] ^= 0x36;
    sha256_init(inner);
    sha256_put(inner, span_of(pad, 64));
    for (size_t i = 0; i < 64; i++) pad[i] ^= 0x36 ^ 0x5c;
    sha256_init(outer);
    sha256_put(outer, span_of(pad, 64));
    wipe(pad, sizeof pad);
}

// Takes copies of the two states, and DATA in the inner one.
static void hmac_finish(uint8_t out[SHA256_BYTES], struct sha256 inner, struct sha256 outer, struct span data) {
    uint8_t digest[SHA256_BYTES];
    sha256_put(&inner, data);
    sha256_done(&inner, digest);
    sha256_put(&outer, span_of(digest, sizeof digest));
    sha256_done(&outer, out);
    wipe(digest, sizeof digest);
}

void hmac_sha256(uint8_t out[SHA256_BYTES], struct span key, struct span data) {
    struct sha256 inner, outer;
    hmac_keys(&inner, &outer, key);
    hmac_finish(out, inner, outer, data);
    wipe(&inner, sizeof inner);
    wipe(&outer, sizeof outer);
}

void pbkdf2_sha256(uint8_t out[SHA256_BYTES], struct span password, struct span salt, unsigned rounds) {
    static const uint8_t block_index[4] = {0, 0, 0, 1};
    struct sha256 inner, outer, first;
    uint8_t u[SHA256_BYTES];
    hmac_keys(&inner, &outer, password);
    first = inner;
    sha256_put(&first, salt);
    hmac_finish(u, first, outer, span_of(block_index, 4));
    memcpy(out, u, sizeof u);
    for (unsigned i = 1; i < rounds; i++) {
        hmac_finish(u, inner, outer, span_of(u, sizeof u));
        for (size_t k = 0; k < sizeof u; k++) out[k] ^= u[k];
    }
    wipe(u, sizeof u);
    wipe(&inner, sizeof inner);
    wipe(&outer, sizeof outer);
    wipe(&first, sizeof first);
}
