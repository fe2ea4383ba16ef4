// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/hash_scalar.h"

#include "core/wipe.h"

void hash_scalar(const struct modulus *q, struct sha256 *text, struct scalar *out) {
    uint8_t digest[SHA256_BYTES];
    sha256_done(text, digest);
    sc_from_bytes(q, out, span_of(digest, sizeof digest));
    wipe(digest, sizeof digest);
}

void hash_elems(const struct group *g, struct sha256 *text, const struct elem *e, size_t n, struct work *w) {
    struct elem_text t[8];
    for (size_t at = 0; at < n;) {
        size_t take = n - at < 8 ? n - at : 8;
        elem_encode(g, t, e + at, take, w);
        for (size_t i = 0; i < take; i++) {
            if (at + i) sha256_str(text, ",");
            sha256_put(text, elem_span(&t[i]));
        }
        at += take;
    }
}

void hash_credential(const struct modulus *q, struct span uuid, struct span code, struct scalar *out) {
    uint8_t digest[2 * SHA256_BYTES];
    for (size_t i = 0; i < 2; i++) {
        struct sha256 s;
        sha256_init(&s);
        sha256_str(&s, "derive_credential|");
        sha256_put(&s, uuid);
        sha256_str(&s, i ? "|1|" : "|0|");
        sha256_put(&s, code);
        sha256_done(&s, digest + i * SHA256_BYTES);
    }
    sc_from_bytes(q, out, span_of(digest, sizeof digest));
    wipe(digest, sizeof digest);
}

void hash_credential_2x(const struct modulus *q, struct span uuid, struct span code, struct scalar *out) {
    uint8_t digest[SHA256_BYTES];
    pbkdf2_sha256(digest, code, uuid, 1000);
    sc_from_bytes(q, out, span_of(digest, sizeof digest));
    wipe(digest, sizeof digest);
}

void hash_pki_key(const struct modulus *q, const char *prefix, struct span seed, struct scalar *out) {
    struct sha256 s;
    sha256_init(&s);
    sha256_str(&s, prefix);
    sha256_put(&s, seed);
    hash_scalar(q, &s, out);
}

void seed_scalar(const struct modulus *q, const uint8_t seed[32], struct span label, struct scalar *out) {
    uint8_t wide[P1_SCALAR_WIDE + SHA256_BYTES];
    size_t need = (q->bits + 7) / 8 + 16;
    for (size_t at = 0; at < need; at += SHA256_BYTES) {
        struct sha256 s;
        const uint8_t block = (uint8_t)(at / SHA256_BYTES);
        sha256_init(&s);
        sha256_str(&s, "plus1 seed|");
        sha256_put(&s, span_of(seed, 32));
        sha256_put(&s, span_of(&block, 1));
        sha256_put(&s, label);
        sha256_done(&s, wide + at);
    }
    sc_from_bytes(q, out, span_of(wide, need));
    wipe(wide, sizeof wide);
}
