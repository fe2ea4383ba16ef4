// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// SHA-256 (FIPS 180-4), HMAC (RFC 2104) and PBKDF2 (RFC 8018) over it.
#ifndef P1_SHA256_H
#define P1_SHA256_H

#include "core/span.h"

#define SHA256_BYTES 32

struct sha256 {
    uint32_t h[8];
    uint64_t n; // bytes taken in
    uint8_t block[64];
};

void sha256_init(struct sha256 *s);
void sha256_put(struct sha256 *s, struct span data);
void sha256_done(struct sha256 *s, uint8_t out[SHA256_BYTES]); // wipes s

void sha256(uint8_t out[SHA256_BYTES], struct span data);
void hmac_sha256(uint8_t out[SHA256_BYTES], struct span key, struct span data);
// One block (32 bytes) of PBKDF2-HMAC-SHA256.
void pbkdf2_sha256(uint8_t out[SHA256_BYTES], struct span password, struct span salt, unsigned rounds);

static inline void sha256_str(struct sha256 *s, const char *text) { sha256_put(s, span_str(text)); }

#endif
