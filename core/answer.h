// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// One answer of a ballot, for ballot.c (check), ballot_make.c (make) and lists.c (both, of questions with lists). Not for others.
#ifndef P1_ANSWER_H
#define P1_ANSWER_H

#include "core/proof.h"

struct answer {
    const struct election *e;
    const struct question *q;
    struct span credential;
    struct json choices; // the list of ciphertexts, brackets included
};

// {"alpha":"..","beta":".."} as texts.
MUST_USE enum p1_err answer_ciphertext(struct json *j, struct span *alpha, struct span *beta);
// "prove|", the context S0 of the specification (the election's hash, a bar, the credential), one ciphertext, a bar.
void answer_text_one(struct sha256 *text, const struct answer *a, struct span alpha, struct span beta);
// TAG, the context S (S0, a bar, all ciphertexts), a bar. ERR_JSON if the choices are not well formed.
MUST_USE enum p1_err answer_text_all(struct sha256 *text, const struct answer *a, const char *tag);
// alpha,beta and a bar.
void answer_text_elems(struct sha256 *text, const struct answer *a, const struct ciphertext *c, struct work *w);

// The proofs of an answer, whatever is in them.
MUST_USE enum p1_err answer_skip_proofs(struct json *j, const struct question *q);
// A ballot up to its answers.
MUST_USE enum p1_err ballot_head(struct span json, struct span *credential, struct json *answers);

void ciphertext_mul(const struct group *g, struct ciphertext *acc, const struct ciphertext *c, struct work *w);

// ---- making: everything here but q and number is secret ----

struct maker {
    struct answer a;
    unsigned number;        // of the question
    const uint8_t *choices; // of this question
    const uint8_t *seed;
    struct work *w;
};

// Names within the seed: 'e' a ciphertext, 'i' an individual, 'o' an overall, 'b' a blank, 'l' a list's, 'n' a nonzero proof.
void maker_label(uint8_t label[8], const struct maker *m, char kind, unsigned choice);
// What is in a choice's ciphertext. Wipe it.
void maker_opening(const struct maker *m, unsigned choice, struct opening *out);
void opening_add(const struct modulus *q, struct opening *acc, const struct opening *o);
void maker_prove_ct(const struct maker *m, const struct statement *s, const struct opening *head,
                    const struct opening *tail, uint64_t real, char kind, unsigned choice, struct sha256 *text,
                    struct buf *out);
// The ciphertext of an opening, for a proof's text.
void maker_encrypt_ct(const struct maker *m, const struct opening *o, struct ciphertext *out);

// ---- questions with lists: what comes after the individual proofs ----

// ,"overall_proof":{..},"list_proofs":[[{..},{..}],..],"nonzero_proof":{..}
MUST_USE enum p1_err lists_check(const struct answer *a, struct json *j, struct work *w);
MUST_USE enum p1_err lists_prove_ct(const struct maker *m, struct buf *out);
// Exactly one list, at least one of its candidates, none of another's. 1 or 0.
unsigned lists_allowed_ct(const struct question *q, const uint8_t *choices);

#endif
