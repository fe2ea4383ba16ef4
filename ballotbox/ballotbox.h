// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Taking ballots. A ballot goes this way, and nothing of it is answered before the last step:
//
//   any thread          form, election, credential on the roll, is the box open?      ballotbox_cast()
//   verifiers           is it in the box already? signature, limit, all proofs
//   the one writer      still open? withdrawn? then, with all that wait, one transaction, one fsync
//   verifiers           the receipt is signed, and the caller is told
//
// The writer also ends the vote: at the announced second, by the clock it is given.
#ifndef P1_BALLOTBOX_H
#define P1_BALLOTBOX_H

#include "ballotbox/live.h"
#include "board/runner.h"
#include "core/own_data.h"

struct ballotbox;

struct ballotbox_limits {
    unsigned free;    // ballots of one code that are taken at once
    unsigned seconds; // that lie between the ones after these
    unsigned most;    // in all
};
enum { VOTES_FREE_USUAL = 3, VOTES_WAIT_USUAL = 60, VOTES_MOST_USUAL = 20 };
#define BALLOTBOX_LIMITS ((struct ballotbox_limits){VOTES_FREE_USUAL, VOTES_WAIT_USUAL, VOTES_MOST_USUAL})

struct ballotbox_config {
    const char *path;            // of the database, which is there and up to date
    const uint8_t *receipt_seed; // 32 bytes; must stay
    unsigned threads;            // verifiers; 0: one for each core
    unsigned waiting;            // ballots that may wait; more are refused
    struct ballotbox_limits limits;
    size_t ballot_max; // bytes that a ballot may have: a paper whose ballots can have more is not taken. 0: any
    uint64_t (*now)(void *arg); // Unix seconds by which boxes open and close
    // One thing happened, for the log: "closed", "commit failed", "commits again", "not opened". Called on any thread.
    void (*said)(void *arg, const char *what, const char *uuid, const char *why);
    // A transaction with N ballots and requests is on the disk; its commit, the fsync, took so long. By the writer; may be null.
    void (*wrote)(void *arg, size_t n, int64_t microseconds);
    void *arg;
};

// ERR_DB..., ERR_MEMORY and all that loading a box can find. *out is to be closed in any case.
MUST_USE enum p1_err ballotbox_open(struct ballotbox **out, const struct ballotbox_config *config);
// Finishes what waits, and ends.
void ballotbox_close(struct ballotbox *bb);
const char *ballotbox_why(const struct ballotbox *bb); // of an error of the database, in its words

// Boxes stay where they are until the end; what changes of them is read with ballotbox_state().
struct live *ballotbox_find(struct ballotbox *bb, struct span uuid);
struct live *ballotbox_next(struct ballotbox *bb, const struct live *after); // null: the first

struct live_state {
    enum box_stage stage;
    uint64_t opens, closes, voters, voted, ballots, height; // height: of the next event
    size_t bytes;                                           // of the archive
    int key_lost;                                           // ERR_RECEIPT_KEY
    int64_t since;                                          // the hour in which it came
    uint64_t cpu_ns;                                        // that its ballots took of the processors
    uint8_t tip[32];
    int64_t notices;
    int held;                       // live.h: it takes no votes
    struct platform_event restored; // if it is held
};
void ballotbox_state(struct ballotbox *bb, const struct live *l, struct live_state *out);
size_t ballotbox_waiting(struct ballotbox *bb); // ballots and requests that have no answer yet

// P1_OK, or why the last commit failed: until one goes through, no ballot is taken. Tried again each second, also when none comes.
enum p1_err ballotbox_failing(struct ballotbox *bb);

// What the notices of a box say, in numbers: of its lists nothing is given. A count is corrected with it (notices_correct()).
void ballotbox_noticed(struct ballotbox *bb, const struct live *l, struct notices *out);

// A connection for reading, to be given back. Null: there is no memory, or the database cannot be opened.
struct rows *ballotbox_rows(struct ballotbox *bb);
void ballotbox_rows_back(struct ballotbox *bb, struct rows *r);

// ---- casting ----

struct cast {
    // From the caller; must stay until DONE is called.
    struct span json;
    void (*done)(struct cast *c); // once, on any thread
    void *arg;

    // The answer. ERR_BALLOT_TWICE and P1_OK: the ballot is in the box, at EVENT, and here is its receipt.
    enum p1_err err;
    struct event_row event; // without records
    unsigned ballots;       // that this code has in the box
    int replaced;           // a later ballot of this code counts
    unsigned wait;          // ERR_LIMIT_WAIT: seconds until the next one is taken
    struct buf receipt;
    uint8_t receipt_text[RECEIPT_MAX];

    // Of the ballot box.
    int asks; // for own data: it is no ballot
    struct own_data own;
    struct live *live;
    struct voter *voter;
    struct ballot ballot;
    int receipt_is_due;
    int is_counted; // for the limit of its code; COUNTED is the next one of these
    struct cast *next, *counted;
};

// P1_OK: it is on its way, and DONE will be called. Else the answer is here: ERR_BALLOT_..., ERR_JSON..., ERR_BOX_EARLY,
// ERR_BOX_CLOSED, ERR_RECEIPT_KEY, ERR_BUSY.
MUST_USE enum p1_err ballotbox_cast(struct ballotbox *bb, struct live *l, struct cast *c);

// ---- what is held about a code ----
//
// A request for it (core/own_data.h) goes the way of a ballot, so that it is on the disk as a use of the code before it is answered, and
// shares the fsync of the ballots that come with it. JSON is the request; in the answer only ERR counts. P1_OK: DONE will be called.
// ERR_JSON..., ERR_OWN_..., ERR_BUSY. Whether the code is on the roll is said by the same ERR_OWN_SIGNATURE as a wrong signature.
MUST_USE enum p1_err ballotbox_ask_own_data(struct ballotbox *bb, struct live *l, struct cast *c);

struct voter_state {
    uint64_t weight;
    unsigned tries; // new ballots since the last start that the limit has counted, and those in the box before it
    int is_withdrawn;
};
void ballotbox_voter(struct ballotbox *bb, const struct live *l, const struct voter *v, struct voter_state *out);

// ---- the life of a box ----

// Takes the archive of an election with its bundle (empty: none) and notices (empty: none): judged whole. Its ballots come along.
// ERR_BOX_THERE, and all errors of check.h.
MUST_USE enum p1_err ballotbox_add(struct ballotbox *bb, const char *municipality, struct span archive,
                                   struct span bundle, struct span notices, struct runner *r);

// Ends the vote now. ERR_BOX_CLOSED, ERR_BOX_HELD
MUST_USE enum p1_err ballotbox_end(struct ballotbox *bb, struct live *l);

// Opens a box that was restored for votes again. LOST is the number of events that its restoration showed to be lost.
// ERR_BOX_NOT_HELD, ERR_BOX_LOSS
MUST_USE enum p1_err ballotbox_reopen(struct ballotbox *bb, struct live *l, uint64_t lost);

// Takes the events after the end of the vote (tally, shares, result) from an archive that goes on from the box, with the second
// proofs of the shares (empty: none). Judged whole. ERR_BOX_OTHER: it does not go on from this box.
MUST_USE enum p1_err ballotbox_go_on(struct ballotbox *bb, struct live *l, struct span archive, struct span shares,
                                     struct runner *r);

// Takes a notice, a line as board/notice.h describes it. ERR_NOTICE_...
MUST_USE enum p1_err ballotbox_notice(struct ballotbox *bb, struct live *l, struct span line, struct work *w);

#endif
