// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A ballot box: what follows from the events of one archive. It keeps order, the roll and which ballots count; proofs are for
// core (when a ballot is taken) and check.h (when a whole archive is judged).
//
// Memory, from malloc: about 150 kB, 32 bytes a voter, and at most 15 bytes a ballot.
#ifndef P1_BOX_H
#define P1_BOX_H

#include "board/event.h"
#include "board/runner.h"
#include "board/seen.h"
#include "core/tally.h"

enum box_stage { BOX_NEW, BOX_OPEN, BOX_ENDED, BOX_TALLIED, BOX_PUBLISHED };

struct voter {
    const uint8_t *credential; // text
    const uint8_t *ballot;     // the last one: JSON; null if there is none
    uint64_t weight;
    uint32_t ballot_n;
    uint16_t credential_n;
    uint16_t ballots; // how many (stays at 65,535)
};

struct box {
    struct chain chain;
    enum box_stage stage;
    struct election election;
    struct trustees trustees;

    struct voter *voters; // in the order of the list
    size_t voter_count;
    int weighted;    // the list gives weights
    uint64_t weight; // of all voters
    uint8_t credentials_hash[32];

    uint64_t ballots; // in the box
    uint64_t counted; // voters with a ballot
    uint64_t counted_weight;
    struct seen seen;

    struct span tally, sized_tally, result; // texts; empty until they are there
    struct span share[P1_TRUSTEES_MAX];     // p is null where a trustee gave none
    uint8_t end_event[32];
    uint8_t tally_event[32]; // names the state of the box that the trustees open
};

// BOX is uninitialised memory (malloc: it is too large for a stack). box_release() frees what it holds.
void box_init(struct box *b);
void box_release(struct box *b);

// Applies an event. Setup is checked with all its proofs but the membership of credentials in the group, which is for
// check.h; a ballot only for credential and repetition. Spans point into the event's records.
// ERR_EVENT_ORDER, ERR_SETUP_..., ERR_CREDENTIALS_..., ERR_BALLOT_STRANGER, ERR_BALLOT_TWICE, ERR_SHARE_OWNER, ...
MUST_USE enum p1_err box_apply(struct box *b, const struct event *ev, struct work *w);

// Reads a whole archive; b->chain.at tells where it went wrong. All errors of event.h and box_apply().
MUST_USE enum p1_err box_read(struct box *b, struct span file, struct work *w);

// The voter with this credential, or null.
struct voter *box_voter(const struct box *b, struct span credential);

// May this ballot be taken? All checks of core, the roll, repetition, stage; ballots that show a choice are refused.
// ERR_BALLOT_..., ERR_BOX_STAGE
MUST_USE enum p1_err box_admits(const struct box *b, struct span ballot, struct ballot *parsed, struct work *w);

// The product of the ballots that count: election.choice_count ciphertexts. ERR_MEMORY
MUST_USE enum p1_err box_tally(const struct box *b, struct runner *r, struct ciphertext *out);

// Checks the shares, and multiplies those that are used into FACTORS. BAD gets a bit for each share that is not valid.
// ERR_SHARES_MISSING, ERR_SHARES_CONTRADICT, ERR_MEMORY
MUST_USE enum p1_err box_open(const struct box *b, const struct ciphertext *tally, struct elem *factors,
                              struct quorum *q, uint64_t *bad, enum p1_err *why, struct runner *r);

// A weight that at least one and fewer than MINIMUM people who voted have, or 0: it may show their votes. ERR_MEMORY
MUST_USE enum p1_err box_rare_weight(const struct box *b, uint64_t minimum, uint64_t *rare);

// {"owner":n,"payload":"hash"}; owners count from 1 over all trustees.
void owner_write(unsigned owner, const uint8_t payload[32], struct buf *out);

#endif
