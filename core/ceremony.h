// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The key ceremony of a Pedersen set, every message of it: Belenios specification 3.3.0, sections "Certificates" to
// "Threshold parameters".
//
//   1. each trustee makes a certificate                        certificate_make()
//   2. each trustee, with all certificates, a polynomial       polynomial_make(), checked by polynomial_check()
//   3. the organiser routes: for each trustee its vinput       vinput_write()
//   4. each trustee checks its vinput and makes a voutput      voutput_make(), checked by voutput_check()
//   5. the organiser assembles the threshold parameters        threshold_write()
//
// The last trustee to send a polynomial has seen the others' coefficients and could pick its own so as to bias the joint
// key. The formats have no place for a commitment to them: organisers ask all trustees for a hash of their polynomial first, if this
// matters (docs/trustee.md). A biased key is still secret as long as one trustee is honest.
//
// Lists of N messages are arrays of spans in the order of the certificates. ARENA is working memory of the caller: 64 kB and N
// times the longest message suffice; after the _make functions it holds secrets, to be wiped.
#ifndef P1_CEREMONY_H
#define P1_CEREMONY_H

#include "core/trustee.h"

// Signed by the keys it contains.
MUST_USE enum p1_err certificate_make(const struct group *g, const struct pki_keys *keys, unsigned size,
                                      unsigned threshold, unsigned index, struct draws *d, struct buf *out,
                                      struct work *w);

// All certificates, one in each span. ERR_TRUSTEE_..., ERR_JSON..., ERR_ELEM_...; c->count tells after an error how many were right.
MUST_USE enum p1_err certificates_parse(struct certificates *c, const struct group *g, const struct span *json,
                                        unsigned n, struct buf *arena, struct work *w);
// The index (from 1) of the certificate of these keys: ERR_CEREMONY_STRANGER.
MUST_USE enum p1_err certificates_find(const struct certificates *c, const struct group *g, const struct pki_keys *keys,
                                       unsigned *index, struct work *w);

MUST_USE enum p1_err polynomial_make(const struct group *g, const struct certificates *c, const struct pki_keys *keys,
                                     enum aes_mode mode, struct draws *d, struct buf *out, struct buf *arena,
                                     struct work *w);

struct polynomial {
    struct span secret;    // the JSON string with the trustee's own polynomial, quotes included
    struct span secrets;   // the list of JSON strings, brackets included
    struct span coefexps;  // the signed message
    struct span signature; // the proof
    struct elem coef[P1_TRUSTEES_MAX];
};

// Of the trustee with this index (from 1).
MUST_USE enum p1_err polynomial_check(const struct group *g, const struct certificates *c, unsigned index,
                                      struct span json, struct polynomial *out, struct buf *arena, struct work *w);

MUST_USE enum p1_err vinput_write(const struct certificates *c, const struct polynomial *p, unsigned index,
                                  struct buf *out);

// Checks that the secrets fit the coefficients of all (ERR_CEREMONY_SECRET, *bad is the trustee whose part is wrong, from 1),
// and adds up the decryption key.
MUST_USE enum p1_err voutput_make(const struct group *g, const struct certificates *c, const struct pki_keys *keys,
                                  struct span vinput, enum aes_mode mode, struct draws *d,
                                  struct scalar *decryption_key, struct buf *out, unsigned *bad, struct buf *arena,
                                  struct work *w);
// PUBLIC_KEY gets the trustee's verification key as JSON.
MUST_USE enum p1_err voutput_check(const struct group *g, const struct certificates *c, const struct polynomial *p,
                                   unsigned index, struct span json, struct span *public_key, struct work *w);

MUST_USE enum p1_err threshold_write(const struct certificates *c, const struct polynomial *p,
                                     const struct span *public_keys, struct buf *out);

// The decryption key within a voutput's private key, or a .dkey file of Belenios: the encrypted message as JSON.
MUST_USE enum p1_err decryption_key_open(const struct group *g, const struct pki_keys *keys, struct span sent,
                                         struct scalar *out, struct buf *arena, struct work *w);

#endif
