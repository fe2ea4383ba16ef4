// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// All of the protocol's hashing to a scalar, as crypto version 1 has it: SHA-256 over ASCII text, the digest a big-endian
// number reduced modulo q. Version 2 will replace this file.
#ifndef P1_HASH_SCALAR_H
#define P1_HASH_SCALAR_H

#include "core/group.h"
#include "core/sha256.h"

// Ends the hash and reduces it.
void hash_scalar(const struct modulus *q, struct sha256 *text, struct scalar *out);

// Commitments and other elements, in order, with a comma between them.
void hash_elems(const struct group *g, struct sha256 *text, const struct elem *e, size_t n, struct work *w);

// secret(c), section "Credentials": the 512-bit number from a 3.x code.
void hash_credential(const struct modulus *q, struct span uuid, struct span code, struct scalar *out);
// The same for a code made by Belenios 2.x: PBKDF2, 1,000 rounds, salted with the election's identifier.
void hash_credential_2x(const struct modulus *q, struct span uuid, struct span code, struct scalar *out);
// sk and dk of section "Public key infrastructure"; PREFIX is "sk|" or "dk|".
void hash_pki_key(const struct modulus *q, const char *prefix, struct span seed, struct scalar *out);

// Not of the protocol: a uniform scalar from a 32-byte secret seed and a label that names its one use.
// The output is SHA-256 in counter mode, 128 bits wider than q before it is reduced.
void seed_scalar(const struct modulus *q, const uint8_t seed[32], struct span label, struct scalar *out);

#endif
