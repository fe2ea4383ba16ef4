// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A resident asks what a server holds about a code, and shows with a signature to have it: the code itself never leaves their
// device. The request:
//
//   {"credential":"..","hour":n,"signature":{"challenge":"..","response":".."}}
//
// hour: hours since 1970 when it was signed. The credential's key signs, as sigmsg| (core/pki.h), this message:
//
//   {"type":"own-data","election":"UUID","server":"..","credential":"..","hour":n}
//
// server: the public key of the receipts that this server gives, as it is frozen with the election.
//
// It is no ballot, and no ballot is a request: a ballot's signature is over "sig|" and a hash, this one over "sigmsg|" and a text. It
// is no receipt and no notice: their messages begin with another field, and other keys sign them. Another server, which has
// another key for receipts, takes it as little as another election. Whoever steals a request learns, until the end of the hour that
// follows, what the answer says, each time it is asked being one use more; they cannot vote with it, nor ask for any other hour.
#ifndef P1_OWN_DATA_H
#define P1_OWN_DATA_H

#include "core/proof.h"

#define P1_OWN_DATA_TEXT (P1_ELEM_TEXT + 2 * P1_SCALAR_TEXT + 128) // bytes of a request

struct own_data {
    struct span credential; // in the request's text
    uint64_t hour;
    struct proof signature;
};

// ERR_JSON..., ERR_SCALAR_...
MUST_USE enum p1_err own_data_parse(struct own_data *out, const struct modulus *q, struct span json);

// Is it signed with the key of its credential, for this server? Whether the credential is on the roll is for the caller.
// ERR_OWN_SIGNATURE, ERR_ELEM_...
MUST_USE enum p1_err own_data_check(const struct election *e, const struct own_data *o, struct span server,
                                    struct work *w);

// Writes a request; X is the secret of CREDENTIAL. RANDOM is 32 fresh random bytes. ERR_SPACE
MUST_USE enum p1_err own_data_write_ct(const struct election *e, const struct scalar *x, struct span credential,
                                       struct span server, uint64_t hour, const uint8_t random[32], struct buf *out,
                                       struct work *w);

#endif
