// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// AES-256 (FIPS 197) in CCM (SP 800-38C) and GCM (SP 800-38D), for the messages of the key ceremony only: constant-time
// without tables or special instructions, and slow (about 1 MB/s).
#ifndef P1_AES_H
#define P1_AES_H

#include "core/err.h"
#include "core/span.h"

#define AES_KEY_BYTES 32

enum aes_mode {
    AES_CCM, // the first 13 bytes of the iv, 8-byte tag, at most 65,535 bytes of message: Belenios up to 3.0
    AES_GCM, // all 32 bytes of the iv, 16-byte tag: Belenios from 3.1
};

static inline size_t aes_tag_bytes(enum aes_mode mode) { return mode == AES_CCM ? 8 : 16; }

// OUT gets message.n + aes_tag_bytes(mode) bytes; it may be message.p. ERR_CEREMONY_SIZE.
MUST_USE enum p1_err aes_seal(enum aes_mode mode, const uint8_t key[AES_KEY_BYTES], const uint8_t iv[32], uint8_t *out,
                              struct span message);
// OUT gets sealed.n - aes_tag_bytes(mode) bytes; it may be sealed.p. ERR_CEREMONY_SEAL: the tag does not fit, and OUT is wiped.
MUST_USE enum p1_err aes_open(enum aes_mode mode, const uint8_t key[AES_KEY_BYTES], const uint8_t iv[32], uint8_t *out,
                              struct span sealed);

#endif
