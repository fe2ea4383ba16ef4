// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A ballot box that takes votes: what of it is in memory. The ballots themselves stay in the database.
//
// Memory: the list of credentials, and 38 bytes a voter.
#ifndef P1_LIVE_H
#define P1_LIVE_H

#include "ballotbox/rows.h"
#include "board/bundle.h"
#include "board/notice.h"

struct live {
    struct box_row row;
    struct box *box; // the Setup event is applied; of each voter, how many ballots
    uint8_t *setup;  // texts that the box points into
    uint8_t *bundle;
    struct bundle terms; // of no boxes if there is no bundle
    struct notices notices;
    int64_t notice_count;
    int64_t platform_events;
    int held;                       // the last of these says that it was restored: it takes no votes
    struct platform_event restored; // if it is held
    uint64_t opens, closes;         // Unix seconds; 0: not announced. An extension is in it
    struct scalar receipt;          // signs receipts
    struct elem_text receipt_key;
    int key_lost; // it is not the one that was frozen: no ballots are taken

    int64_t since; // the hour, since 1970, in which the box came to this server
    // What its ballots took of the processors, in ns, and how much of that the database has.
    _Atomic uint64_t cpu_ns;
    uint64_t cpu_kept;

    uint16_t *tries;  // of each voter: new ballots with a valid signature
    uint32_t *minute; // when the last of them came

    struct chain staged; // of the writer: what the box will be after its commit
    int staged_end;
    uint8_t staged_end_event[32];
};

// Out of the database. RECEIPT_SEED: 32 secret bytes, from which the key of its receipts follows.
MUST_USE enum p1_err live_load(struct live **out, struct rows *r, const struct box_row *row,
                               const uint8_t receipt_seed[32], struct work *w);
void live_free(struct live *l);

// The public key of receipts that this server gives, in a group.
void receipt_key_public(const struct group *g, const uint8_t receipt_seed[32], struct elem_text *out, struct work *w);

// A voter's place on the roll.
static inline int64_t live_place(const struct live *l, const struct voter *v) { return v - l->box->voters; }

// ---- receipts ----
//
// {"message":"..","signature":{"challenge":"..","response":".."}}, the message being JSON, compact:
//   {"election":"UUID","tracker":"..","height":n,"event":"hex","hour":n}
// It says that the ballot with this tracker is event number `height`, whose hash is `event`, of the box, and was first received in
// this hour (since 1970). Signed with sigmsg| in the election's group; the key stands in the frozen bundle.

#define RECEIPT_MAX 2048

struct receipt {
    struct span election, tracker;
    uint64_t height, hour;
    uint8_t event[32];
};
// What a receipt's message says. Its signature is its reader's to check. ERR_JSON..., ERR_HASH_FORM
MUST_USE enum p1_err receipt_read(struct span message, struct receipt *out);

MUST_USE enum p1_err receipt_write(const struct live *l, const struct event_row *event, struct buf *out,
                                   struct work *w);

#endif
