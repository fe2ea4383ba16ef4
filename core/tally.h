// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// From ballots to result: Belenios specification 3.3.0, sections "Encrypted tally", "Partial decryptions" and "Election
// result". Lists of ciphertexts, elements or counts have one entry per choice of the election (e->choice_count), question
// after question.
#ifndef P1_TALLY_H
#define P1_TALLY_H

#include "core/ballot.h"
#include "core/trustee.h"

// For each choice: AT counts over the election, C within question Q.
#define FOR_CHOICES(e, at, q, c)                               \
    for (unsigned q = 0, at = 0; q < (e)->question_count; q++) \
        for (unsigned c = 0; c < question_choices(&(e)->questions[q]); c++, at++)

// Lists with an entry per choice as JSON, [question,question,..]: what stands before the entry of choice C of question Q, and
// after the last one of a question and of all.
void shape_before(const struct election *e, unsigned q, unsigned c, struct buf *out);
void shape_after(const struct election *e, unsigned q, unsigned c, struct buf *out);
// Takes it. 0 if it does not stand there.
int shape_take_before(const struct election *e, unsigned q, unsigned c, struct json *j);
int shape_take_after(const struct election *e, unsigned q, unsigned c, struct json *j);

void tally_init(const struct election *e, struct ciphertext *tally);
// Multiplies the choices of a ballot, to the power WEIGHT, into the tally; or another tally, with weight 1.
void tally_add(const struct election *e, struct ciphertext *tally, const struct ciphertext *choices, uint64_t weight,
               struct work *w);
// [[{"alpha":"..","beta":".."},..],..]
void tally_write(const struct election *e, const struct ciphertext *tally, struct buf *out, struct work *w);
MUST_USE enum p1_err tally_parse(const struct election *e, struct span json, struct ciphertext *tally, struct work *w);
size_t tally_size_max(const struct election *e);

// {"num_tallied":n,"total_weight":n,"encrypted_tally":"hash"}
struct sized_tally {
    uint64_t ballots, weight;
    uint8_t tally[32]; // SHA-256 of the tally's text
};

void sized_tally_write(const struct sized_tally *s, struct buf *out);
MUST_USE enum p1_err sized_tally_parse(struct span json, struct sized_tally *out);

// ---- shares (partial decryptions) ----

// {"decryption_factors":[[..],..],"decryption_proofs":[[..],..]}
// The nonces follow from the private key and what is decrypted, so the same tally gets the same share again.
MUST_USE enum p1_err share_make_ct(const struct election *e, const struct scalar *x, const struct ciphertext *tally,
                                   struct buf *out, struct work *w);
// FACTORS gets the decryption factors. ERR_SHARE..., ERR_JSON..., ERR_ELEM_...
MUST_USE enum p1_err share_check(const struct election *e, const struct trustee *t, const struct ciphertext *tally,
                                 struct span json, struct elem *factors, struct work *w);
size_t share_size_max(const struct election *e);

// The second proof of a share, [[{proof},..],..], which Belenios does not know: it hashes what was opened and to what, besides
// what the first one hashes. FACTORS are those that share_check() gave. It goes beside the archive. ERR_SHARE_BINDING
MUST_USE enum p1_err share_bind_ct(const struct election *e, const struct scalar *x, const struct ciphertext *tally,
                                   struct buf *out, struct work *w);
MUST_USE enum p1_err share_binding_check(const struct election *e, const struct trustee *t,
                                         const struct ciphertext *tally, const struct elem *factors, struct span json,
                                         struct work *w);

// Which trustees' shares are used to open: all single ones, and the first threshold ones of each set.
struct quorum {
    uint64_t present; // bit i: trustee i (from 0) gave a valid share
    uint64_t used;
    unsigned missing_item; // after ERR_SHARES_MISSING: the item that lacks shares
};

// ERR_SHARES_MISSING
MUST_USE enum p1_err quorum_choose(const struct trustees *t, struct quorum *q);
// Multiplies a used trustee's factors, to the power of its Lagrange coefficient, into ACC.
void factors_add_vartime(const struct election *e, const struct trustees *t, const struct quorum *q, unsigned trustee,
                         const struct elem *factors, struct elem *acc, struct work *w);

// The proof of a share does not hash what was decrypted (a weakness of the specification): a trustee who works together with the
// last voter, or who wants to spoil the opening, can prove a false share. Where more than the threshold gave one, all must lie
// on one polynomial: is this present trustee's, who is not used, what the used ones give? FACTORS has a list for each trustee.
// ERR_SHARES_CONTRADICT
MUST_USE enum p1_err factors_agree_vartime(const struct election *e, const struct trustees *t, const struct quorum *q,
                                           unsigned trustee, const struct elem *factors, struct work *w);

// ---- result ----

// {"result":[[n,..],..]}
void result_write(const struct election *e, const uint64_t *counts, struct buf *out);
// ERR_RESULT_FORM, ERR_JSON...
MUST_USE enum p1_err result_parse(const struct election *e, struct span json, uint64_t *counts);
// Does the tally open to these counts with these factors? ERR_RESULT; *choice tells where (from 0).
MUST_USE enum p1_err result_check(const struct election *e, const struct ciphertext *tally, const struct elem *factors,
                                  const uint64_t *counts, unsigned *choice, struct work *w);

// One count: log_g(beta / factor), between 0 and MAX, by baby and giant steps. ERR_RESULT if there is none.
// TABLE is memory of the caller, dlog_table_bytes(max) bytes, prepared once per election and MAX with dlog_init().
struct dlog {
    uint64_t *table;
    uint64_t steps; // baby steps
    uint64_t slots; // of the table, a power of two
    struct elem giant;
};

size_t dlog_table_bytes(uint64_t max);
void dlog_init(struct dlog *d, const struct group *g, uint64_t max, void *table, struct work *w);
MUST_USE enum p1_err dlog_find(const struct dlog *d, const struct group *g, const struct ciphertext *c,
                               const struct elem *factor, uint64_t max, uint64_t *out, struct work *w);

#endif
