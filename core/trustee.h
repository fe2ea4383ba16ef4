// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The trustees of an election: Belenios specification 3.3.0, sections "Verification keys", "Threshold parameters" and
// "Trustees". A list of items: each a single trustee, or a Pedersen set of which threshold trustees are needed.
#ifndef P1_TRUSTEE_H
#define P1_TRUSTEE_H

#include "core/pki.h"

#define P1_TRUSTEES_MAX 64 // over all items

struct trustee {
    struct elem key; // X = g^x
    struct span key_text;
    struct span name; // as between the quotes of JSON; empty if there is none
    unsigned item;    // number of its item
    unsigned index;   // within a Pedersen set, from 1; 0 for a single trustee
};

struct trustee_item {
    unsigned threshold; // 0: a single trustee
    unsigned first, count;
};

// What setups of Belenios 2.0 do not prove.
enum {
    TRUSTEES_NO_CONTEXT = 1,         // certificates do not name group, size, threshold and index
    TRUSTEES_NO_CERTS_SIGNATURE = 2, // the trustees did not sign all certificates
    TRUSTEES_NO_KEY_SIGNATURE = 4,   // verification keys are not signed by their owners
};

// About 20 kB. Spans point into the JSON.
struct trustees {
    struct trustee trustee[P1_TRUSTEES_MAX];
    struct trustee_item item[P1_TRUSTEES_MAX];
    unsigned count, item_count;
    unsigned lacks;    // TRUSTEES_NO_... bits
    struct elem joint; // the product of the items' keys: must be the election's
    unsigned at;       // after an error: the trustee in question, from 1 over all items
};

// {"pok":{..},"public_key":"..",?"signature":{..},?"name":".."}
struct trustee_key {
    struct proof pok;
    struct elem key;
    struct span key_text, name;
    int has_signature;
    struct proof signature;
};

// Parses, and checks the proof of knowledge: ERR_JSON..., ERR_ELEM_..., ERR_TRUSTEE_POK.
MUST_USE enum p1_err trustee_key_parse(struct json *j, const struct group *g, struct trustee_key *out, struct work *w);
// Writes a key with its proof; SIGN_WITH (may be null) signs it for a Pedersen set.
void trustee_key_write(const struct group *g, const struct scalar *x, const struct scalar *sign_with, struct draws *d,
                       struct buf *out, struct work *w);

// Parses and checks everything but the joint key. ARENA needs as many bytes as JSON has.
// ERR_JSON..., ERR_ELEM_..., ERR_TRUSTEE_..., ERR_SPACE
MUST_USE enum p1_err trustees_parse(struct trustees *out, const struct group *g, struct span json, struct buf *arena,
                                    struct work *w);

// ---- parts, for the key ceremony ----

// A trustee's keys in the ceremony, from its certificate.
struct certificate {
    struct span json; // the signed message
    struct elem vk, ek;
    int has_context;
};

struct certificates {
    struct certificate cert[P1_TRUSTEES_MAX];
    unsigned count, threshold;
};

// One signed certificate. With INDEX, SIZE and THRESHOLD (from 1; 0: not known yet) the context must fit:
// ERR_TRUSTEE_CONTEXT. The context's threshold is written to *threshold.
MUST_USE enum p1_err certificate_parse(struct json *j, const struct group *g, unsigned index, unsigned size,
                                       unsigned *threshold, struct certificate *out, struct buf *arena, struct work *w);

// {"message":"{\"coefexps\":[..]}","signature":{..}} signed by VK: exactly THRESHOLD elements. ERR_TRUSTEE_COEFEXPS
MUST_USE enum p1_err coefexps_parse(struct json *j, const struct group *g, const struct elem *vk, unsigned threshold,
                                    struct elem *out, struct span *list, struct buf *arena, struct work *w);
// The signature of a trustee over all certificates and its own coefexps (LIST, with brackets). ERR_TRUSTEE_CERTS
MUST_USE enum p1_err certs_signature_check(const struct group *g, const struct certificates *c, struct span list,
                                           const struct elem *vk, const struct proof *p, struct work *w);
void certs_signature_text(struct sha256 *text, const struct certificates *c, struct span list);
// product of coef[k]^(j^k): g^f(j) for the polynomial f with these exponentiated coefficients.
void coefexps_eval_vartime(const struct group *g, const struct elem *coef, unsigned n, unsigned j, struct elem *out,
                           struct work *w);

#endif
