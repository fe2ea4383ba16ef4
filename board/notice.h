// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Notices, UUID.notices beside the archive: what a registrar says about a running vote and the archive has no event for.
// Lines that each end with a newline:
//
//   {"message":"..","signatures":[{proof},..]}
//
// The message is JSON, compact, fields in this order; previous is the SHA-256 of the line before it without its newline, absent on
// the first line; event is the hash of an event of the box:
//
//   {"previous":"hex","event":"hex","type":"withdraw","credential":".."}
//   {"previous":"hex","event":"hex","type":"neutral","credential":"..","seed":"hex"}
//   {"previous":"hex","event":"hex","type":"extension","closes":n}
//
// Signatures are sigmsg| signatures in the election's group: first the registrar's, then for a withdrawal after a vote a second
// person's. Both public keys stand in the election's credential_authority as hidden lines "registrar:KEY" and "second:KEY".
//
// withdraw closes a credential: no ballot of it may stand after the named event. If it had voted, the registrar publishes the
// seed of one neutral ballot (blank, or nothing where the minimum is 0) with a neutral notice, and casts that ballot: it is the
// only one allowed after the withdrawal. Belenios counts it; corrected figures take its weight off blank and one off
// turnout. extension moves the closing time, once, to a later one.
#ifndef P1_NOTICE_H
#define P1_NOTICE_H

#include "board/box.h"

enum notice_type { NOTICE_WITHDRAW, NOTICE_NEUTRAL, NOTICE_EXTENSION, NOTICE_TYPES };

struct notice {
    enum notice_type type;
    uint8_t previous[32], event[32]; // hashes
    int first;                       // there is no line before it
    const char *credential;          // text; not of an extension
    uint8_t seed[32];
    uint64_t closes;
};

// A withdrawn credential, over all events.
struct withdrawal {
    struct voter *voter;
    uint8_t event[32];
    int begun;      // the named event was seen
    int after_vote; // there was a ballot before it
    int second_signed;
    int has_seed, neutral_cast;
    uint8_t seed[32];
};

struct notices {
    int keys; // 0: the election names no registrar's key, so nothing can be checked
    struct elem registrar, second;
    int has_second;
    struct withdrawal *withdrawals;
    size_t count, room;
    uint32_t *of_voter; // for each voter of the list: number of the withdrawal, from 1, or 0; null before the first
    uint8_t tip[32];
    size_t lines;
    uint64_t closes;                  // by an extension; 0 if there is none
    uint64_t neutral, neutral_weight; // neutral ballots in the box: known after notices_end()
};

void notices_init(struct notices *n);
void notices_release(struct notices *n);

// The keys in an election: hidden lines of its credential_authority. ERR_ELEM_... if they are none,
// ERR_NOTICE_SECOND if both are the same.
MUST_USE enum p1_err notices_keys(struct notices *n, const struct election *e, struct work *w);

// All lines of a file. ERR_NOTICE_..., ERR_JSON..., *line is the one that is wrong (from 1).
MUST_USE enum p1_err notices_read(struct notices *n, struct box *b, struct span file, size_t *line, struct work *w);

// Before a ballot is applied: may it come? After an event was applied: does a withdrawal begin here?
// ERR_NOTICE_AFTER: a ballot of a withdrawn credential that is not its neutral one.
MUST_USE enum p1_err notices_ballot(struct notices *n, const struct box *b, struct span ballot, struct work *w);
void notices_event(struct notices *n, const uint8_t hash[32]);

// After the last event. ENDED: no more ballots can come. ERR_NOTICE_EVENT: a named event is not in the box.
// ERR_NOTICE_SECOND: a withdrawal after a vote lacks the second signature. ERR_NOTICE_VOTE: a withdrawn vote still counts.
MUST_USE enum p1_err notices_end(struct notices *n, int ended);

// What a neutral ballot holds: blank where there is one, else nothing; 0 if a question allows neither.
int neutral_choices(const struct election *e, uint8_t *choices);
// Corrects counts: takes the neutral ballots' weight off the blank votes.
void notices_correct(const struct notices *n, const struct election *e, uint64_t *counts);

// Writes a line, newline included. SECOND may be null. PREVIOUS null for the first line.
MUST_USE enum p1_err notice_write(const struct group *g, const struct notice *notice, const struct scalar *registrar,
                                  const struct scalar *second, struct draws *d, struct buf *out, struct work *w);

#endif
