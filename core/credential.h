// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The code of a voting letter, and the key pair derived from it: Belenios specification 3.3.0, section "Credentials".
//
// Ours are XXXXX-XXXXXX-XXXXX-XXXXXX in the signs 23456789ABCDEFGHJKLMNPQRSTUVWXYZ, each standing for 0..31 in that order.
// Twenty signs are random (100 bits). The last two are a Reed-Solomon check over GF(32), x^5 + x^2 + 1, generator 2: with
// the signs c0..c21, sum c_i = 0 and sum 2^i c_i = 0. One wrong sign is located.
#ifndef P1_CREDENTIAL_H
#define P1_CREDENTIAL_H

#include "core/group.h"

#define P1_CODE_TEXT 25   // XXXXX-XXXXXX-XXXXX-XXXXXX
#define P1_PRINT 22       // signs of a print
#define P1_CODE_RANDOM 13 // bytes of randomness for one code; 4 bits are not used

enum code_kind {
    CODE_3X, // ours, and those of Belenios 3.x
    CODE_2X, // of Belenios 2.x: XXX-XXX-XXX-XXX-XXX
};

struct code {
    enum code_kind kind;
    uint8_t text[P1_CODE_TEXT]; // the canonical text, which is hashed
    size_t n;
    int checked;   // its check signs are right: it is one of ours (or a 2.x code)
    int has_other; // the text as it was typed is a code too, of Belenios: see code_other()
    uint8_t other[P1_CODE_TEXT];
    unsigned wrong_group; // not checked, but one sign away from a code of ours: the group of that sign, 1 to 4
};

void code_make(uint8_t out[P1_CODE_TEXT], const uint8_t random[P1_CODE_RANDOM]);

// What somebody typed: case, spaces and hyphens do not matter in a code of ours. What is not one is taken literally, if it has
// the form of a code at all: ERR_CODE_FORM.
MUST_USE enum p1_err code_read(struct code *out, struct span typed);

// Few codes of Belenios 3.x are, in capitals, codes of ours too. If the code is not on the list, try this one: 0 if there is none.
int code_other(struct code *c);

// The secret exponent. Wipe it.
void code_secret(const struct modulus *q, struct span uuid, const struct code *c, struct scalar *out);
// The public half: g^x as text.
void credential_public(const struct group *g, const struct scalar *x, struct elem_text *out, struct work *w);

// The print of a question paper, which stands on the letter beside the code, so that the app takes no other paper: SHA-256 of
// the election's JSON as a big-endian number modulo 58^22, in as many digits of Base58 (of Bitcoin's alphabet, as in a uuid).
void election_print(char out[P1_PRINT], struct span election);

#endif
