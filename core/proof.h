// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Zero-knowledge proofs, made and checked: Belenios specification 3.3.0, sections "Proofs of interval membership",
// "Proofs of possibly-blank votes", "Verification keys", "Signing" and "Partial decryptions".
//
// A proof is (challenge, response); whoever checks it computes the commitments again and hashes them.
#ifndef P1_PROOF_H
#define P1_PROOF_H

#include "core/election.h"
#include "core/sha256.h"

struct ciphertext {
    struct elem alpha, beta;
};

struct proof {
    struct scalar challenge, response;
};

// {"challenge":"..","response":".."}
MUST_USE enum p1_err proof_parse(struct json *j, const struct modulus *q, struct proof *out);
void proof_write(struct buf *b, const struct modulus *q, const struct proof *p);

// ---- Schnorr: knowledge of x with X = g^x ----
// TEXT is the hash with everything before the commitment in it, such as "pok|GROUP|X|" or "sigmsg|MESSAGE|". It is used up.

int schnorr_holds(const struct group *g, const struct elem *x_public, struct sha256 *text, const struct proof *p,
                  struct work *w);
// NONCE is secret, uniform, and used once.
void schnorr_prove_ct(const struct group *g, const struct scalar *x, const struct scalar *nonce, struct sha256 *text,
                      struct proof *out, struct work *w);

// ---- Equality of exponents: X = g^x and factor = base^x. TEXT is "decrypt|HASH|X|", used up. ----

int equality_holds(const struct group *g, const struct elem *x_public, const struct elem *base,
                   const struct elem *factor, struct sha256 *text, const struct proof *p, struct work *w);
void equality_prove_ct(const struct group *g, const struct scalar *x, const struct scalar *nonce,
                       const struct elem *base, struct sha256 *text, struct proof *out, struct work *w);

// ---- One of several: a ciphertext holds one of lo..hi, or (if there is a head) another one holds head_m. ----
// All four proofs of a ballot are of this shape; their branches stand in this order.

struct statement {
    const struct ciphertext *head; // null: there is none
    unsigned head_m;
    const struct ciphertext *tail;
    unsigned lo, hi;
    int bare; // of one branch: the proof stands alone, without a list around it
};

static inline unsigned statement_branches(const struct statement *s) { return (s->head != NULL) + s->hi - s->lo + 1; }

// The list of proofs at the cursor. TEXT is the hash with everything before the commitments in it, used up.
// ERR_BALLOT_PROOF_LENGTH if there are not as many as branches; IF_FALSE if they do not hold.
MUST_USE enum p1_err statement_check(const struct election *e, const struct statement *s, struct sha256 *text,
                                     struct json *proofs, enum p1_err if_false, struct work *w);

// What the maker of a ciphertext knows: alpha = g^r, beta = y^r g^m.
struct opening {
    struct scalar r, m;
};

struct statement_secret {
    const struct opening *head, *tail;
    uint64_t real;       // number of a true branch
    const uint8_t *seed; // 32 bytes
    uint8_t label[8];    // names this proof within the seed
};

// Writes the list of proofs. Time does not depend on the secrets. The ciphertexts in S are not looked at.
void statement_prove_ct(const struct election *e, const struct statement *s, const struct statement_secret *secret,
                        struct sha256 *text, struct buf *out, struct work *w);

#endif
