// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Ballots: Belenios specification 3.3.0, sections "Homomorphic answers", "Signatures" and "Ballots".
//
//   {"election_uuid":"..","election_hash":"..","credential":"..","answers":[{"choices":[{"alpha":"..","beta":".."},..],
//    "individual_proofs":[[{proof},{proof}],..],"overall_proof":[{proof},..]?,"blank_proof":[{proof},{proof}]},..],
//    "signature":{"hash":"..","proof":{"challenge":"..","response":".."}}}
//
// in this order, compact. A question with a blank vote has one more choice, the first.
#ifndef P1_BALLOT_H
#define P1_BALLOT_H

#include "core/proof.h"

// Spans point into json.
struct ballot {
    struct span json, credential, uuid, election_hash;
    struct span answers;     // the list, brackets included
    struct span signed_hash; // as the ballot gives it
    struct proof signature;
    char code[P1_HASH64];    // the ballot's code: the hash that must have been signed
    char tracker[P1_HASH64]; // of the whole ballot
    uint8_t hash[32];        // the same in bytes
};

// What the check saw, beyond right and wrong.
enum { BALLOT_SHOWS_CHOICE = 1 }; // an alpha is the identity: that choice can be read without any key

// The credential of what may be a ballot, before anything else is looked at. ERR_JSON...
MUST_USE enum p1_err ballot_credential(struct span json, struct span *credential);

// The form alone. ERR_JSON..., ERR_BALLOT_UNSIGNED, ERR_SCALAR_...
MUST_USE enum p1_err ballot_parse(struct ballot *b, const struct modulus *q, struct span json);

// The ballot is for this election and signed with its credential: the cheap check. Whether the credential is on the roll is for
// the caller. ERR_BALLOT_ELECTION, ERR_BALLOT_ELECTION_HASH, ERR_BALLOT_HASH, ERR_BALLOT_SIGNATURE, ERR_ELEM_...
MUST_USE enum p1_err ballot_check_signature(const struct election *e, const struct ballot *b, struct work *w);

// All answers: form, group membership, proofs. SEEN (may be null) gets BALLOT_... bits. ERR_JSON..., ERR_SCALAR_...,
// ERR_ELEM_..., ERR_BALLOT_...
MUST_USE enum p1_err ballot_check_answers(const struct election *e, const struct ballot *b, unsigned *seen,
                                          struct work *w);

// Both, the answers first: what is wrong with the form of a ballot is said before what is wrong with its signature.
MUST_USE enum p1_err ballot_check(const struct election *e, const struct ballot *b, unsigned *seen, struct work *w);

// The ciphertexts of a ballot that ballot_check() accepted, in order: OUT has room for e->choice_count.
MUST_USE enum p1_err ballot_choices(const struct election *e, const struct ballot *b, struct ciphertext *out,
                                    struct work *w);

// Everything but the signature, from choices (e->choice_count of 0 or 1, one after the other, a question's blank first) and a
// 32-byte seed that is used for this one ballot. Whoever learns the seed may learn the choices, never the credential.
// Writes "{...,"answers":[..]" without the last brace. Time does not depend on choices that are allowed. ERR_BALLOT_CHOICE,
// ERR_SPACE.
MUST_USE enum p1_err ballot_make_unsigned_ct(const struct election *e, struct span credential, const uint8_t *choices,
                                             const uint8_t seed[32], struct buf *out, struct work *w);

// Signs what ballot_make_unsigned_ct() wrote to OUT (and nothing else is in it), and finishes it. RANDOM is 32 fresh random
// bytes that have nothing to do with the seed: seed and nonce together would give the credential away. CODE gets the
// ballot's code.
MUST_USE enum p1_err ballot_sign_ct(const struct election *e, const struct scalar *x, const uint8_t random[32],
                                    char code[P1_HASH64], struct buf *out, struct work *w);

// The code of an unsigned ballot as ballot_make_unsigned_ct() wrote it.
void ballot_code(char code[P1_HASH64], struct span unsigned_text);

// What a ballot (with or without its signature) holds, by whoever knows its seed: CHOICES gets e->choice_count of 0 or 1. The whole
// ballot is made again, in SPACE (ballot_size_max() bytes), and must be the same. ERR_BALLOT_SEED
MUST_USE enum p1_err ballot_open_vartime(const struct election *e, struct span json, const uint8_t seed[32],
                                         uint8_t *choices, struct buf *space, struct work *w);

// Bytes that a ballot of this election may need at most.
size_t ballot_size_max(const struct election *e);

#endif
