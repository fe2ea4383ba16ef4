// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the files of the ballot box share. Not for others.
#ifndef P1_BALLOTBOX_INSIDE_H
#define P1_BALLOTBOX_INSIDE_H

#include "ballotbox/ballotbox.h"

#include <pthread.h>

enum { BOXES_MAX = 1024, IDLE_MAX = 64 };

struct queue {
    struct cast *first, *last;
    size_t n;
};

struct verifier {
    struct ballotbox *bb;
    struct rows *rows;
    struct work *work;
    uint64_t cpu_ns; // that the thread had used when it was last asked
    pthread_t thread;
};

struct ballotbox {
    struct ballotbox_config config;

    // CHANGE first, then LOCK. Whoever writes to the database holds CHANGE, for the whole transaction; it guards `rows` and `work`
    // too. LOCK guards the rest, and what of a box changes, for moments.
    pthread_mutex_t change, lock;
    struct rows *rows; // for writing
    struct work *work;

    pthread_cond_t check_comes, write_comes;
    struct queue to_check, to_write, to_answer, to_tell;
    size_t waiting;            // ballots taken and not answered yet
    struct cast *counted[256]; // those of them that the limit has counted, by the first byte of their tracker
    int stop, writer_ended, has_writer;
    enum p1_err failing; // why the last commit failed
    int64_t retry;       // when to try again, in seconds of a steady clock
    pthread_t writer;
    uint64_t writer_cpu_ns; // as in a verifier
    struct verifier *verifier;
    unsigned verifier_count;

    struct live *box[BOXES_MAX];
    size_t box_count;
    struct rows *idle[IDLE_MAX]; // connections for reading
    unsigned idle_count;
};

MUST_USE enum p1_err inside_add(struct ballotbox *bb, struct live *l);
// In the queue for the verifiers, if so many may wait: ERR_BUSY.
MUST_USE enum p1_err inside_enter(struct ballotbox *bb, struct cast *c);
void inside_push(struct queue *q, struct cast *c);
struct cast *inside_pop(struct queue *q);

// Where a ballot that is in the box stands, and whether a later one counts.
MUST_USE enum p1_err inside_find(struct rows *r, struct cast *c, int *found);

// A request for own data: is it right? Then, by the writer, it becomes a use of its code.
MUST_USE enum p1_err inside_check_request(struct cast *c, struct work *w);
MUST_USE enum p1_err inside_stage_request(struct ballotbox *bb, struct cast *c);

// What the calling thread has used of its processor since LAST, which moves on.
uint64_t inside_cpu(uint64_t *last);
// Keeps what a box has used, if it is more than the database has by STEP ns or more. With CHANGE held.
MUST_USE enum p1_err inside_keep_cpu(struct ballotbox *bb, struct live *l, uint64_t step);

void inside_init_writer(struct ballotbox *bb);
MUST_USE enum p1_err inside_start_writer(struct ballotbox *bb);
void inside_join_writer(struct ballotbox *bb);

// With LOCK held: is there nothing that the next commit should wait for?
int inside_write_now(const struct ballotbox *bb);

// Writes an event of a box, inside a transaction; l->staged moves on.
MUST_USE enum p1_err inside_stage(struct ballotbox *bb, struct live *l, struct event_row *event);
// After the commit, with LOCK held: the box is what was staged.
void inside_settle(struct live *l);

#endif
