// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The one writer: takes all ballots that wait, at most a hundred, writes them in one transaction, and ends votes.

#include <stdlib.h>
#include <time.h>

#include "ballotbox/inside.h"

enum {
    BATCH = 100,
    TICK_MS = 100,
    RETRY_S = 1,
    GATHER_MS = 50,
    MANY = 16,
    SECONDS_AN_HOUR = 3600,
    CPU_STEP_NS = 50000000
};

static uint64_t now(const struct ballotbox *bb) { return bb->config.now(bb->config.arg); }

// ---- what it costs ----

uint64_t inside_cpu(uint64_t *last) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    uint64_t now_ns = (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec, since = now_ns - *last;
    *last = now_ns;
    return since;
}

enum p1_err inside_keep_cpu(struct ballotbox *bb, struct live *l, uint64_t step) {
    uint64_t used = l->cpu_ns;
    if (used - l->cpu_kept < step) return P1_OK;
    TRY(rows_set_cpu(bb->rows, l->row.id, used));
    l->cpu_kept = used;
    return P1_OK;
}

// ---- staging ----

enum p1_err inside_stage(struct ballotbox *bb, struct live *l, struct event_row *event) {
    struct chain next = l->staged;
    uint8_t hash[32];
    const unsigned n = event->record_count;
    const uint8_t *payload = n ? hash : NULL;
    if (event->type == EVENT_BALLOT)
        payload = event->tracker; // its hash already
    else if (n)
        sha256(hash, event->record[n - 1]);
    chain_count(&next, event->type, event->record, n, payload);
    event->height = l->staged.height;
    event->at = l->staged.height ? l->staged.at : 0;
    event->hour = (int64_t)(now(bb) / SECONDS_AN_HOUR);
    memcpy(event->hash, next.tip, 32);
    TRY(rows_add_event(bb->rows, l->row.id, event));
    l->staged = next;
    return P1_OK;
}

void inside_settle(struct live *l) {
    l->box->chain = l->staged;
    if (!l->staged_end) return;
    l->box->stage = BOX_ENDED;
    memcpy(l->box->end_event, l->staged.tip, 32);
    l->staged_end = 0;
}

static int is_due(const struct ballotbox *bb, const struct live *l) {
    return l->box->stage == BOX_OPEN && !l->held && l->closes && now(bb) >= l->closes;
}

static int64_t steady_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec;
}

// Is there something to write although no ballot waits? A disk that failed is tried, but not all the time.
static int any_due(const struct ballotbox *bb) {
    if (bb->failing) return steady_s() > bb->retry;
    for (size_t i = 0; i < bb->box_count; i++) {
        if (is_due(bb, bb->box[i])) return 1;
    }
    return 0;
}

static enum p1_err stage_end(struct ballotbox *bb, struct live *l) {
    struct event_row end = {.type = EVENT_END_BALLOTS, .voter = -1};
    l->staged_end = 1;
    return inside_stage(bb, l, &end);
}

// What keeps a checked ballot out of the box after all.
static enum p1_err judge(struct ballotbox *bb, const struct cast *c) {
    struct live *l = c->live;
    if (l->box->stage != BOX_OPEN || l->staged_end) return P1_ERR_BOX_CLOSED;
    if (now(bb) < l->opens) return P1_ERR_BOX_EARLY;
    return notices_ballot(&l->notices, l->box, c->json, bb->work);
}

// Into the ballot's answer comes why it is not taken; returned is what spoils the whole transaction.
static enum p1_err stage_cast(struct ballotbox *bb, struct cast *c) {
    int found = 0;
    if (c->asks) return inside_stage_request(bb, c);
    c->err = judge(bb, c);
    if (c->err != P1_OK) return P1_OK;
    c->event.record[0] = c->json;
    c->event.record_count = 1;
    enum p1_err err = inside_stage(bb, c->live, &c->event);
    c->event.record_count = 0;
    if (err != P1_ERR_DB_TWICE) return err;
    c->err = P1_ERR_BALLOT_TWICE; // the same ballot twice at the same time
    TRY(inside_find(bb->rows, c, &found));
    return found ? P1_OK : P1_ERR_DB;
}

// ---- one transaction ----

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void applied(const struct cast *c) {
    struct box *b = c->live->box;
    struct voter *v = c->voter;
    if (c->err != P1_OK || c->asks) return;
    if (!v->ballot) {
        b->counted++;
        b->counted_weight += v->weight;
    }
    v->ballot = v->credential; // there is one
    if (v->ballots < UINT16_MAX) v->ballots++;
    b->ballots++;
}

static void undo_neutral(const struct cast *c) {
    for (size_t i = 0; i < c->live->notices.count; i++) {
        struct withdrawal *x = &c->live->notices.withdrawals[i];
        if (x->voter == c->voter) x->neutral_cast = 0;
    }
}

static enum p1_err write_all(struct ballotbox *bb, struct queue *batch) {
    TRY(db_begin(rows_db(bb->rows)));
    for (size_t i = 0; i < bb->box_count; i++) {
        struct live *l = bb->box[i];
        l->staged = l->box->chain;
        l->staged_end = 0;
        if (is_due(bb, l)) TRY(stage_end(bb, l));
    }
    for (struct cast *c = batch->first; c; c = c->next) {
        TRY(stage_cast(bb, c));
        TRY(inside_keep_cpu(bb, c->live, CPU_STEP_NS));
    }
    if (bb->failing && !batch->n) TRY(db_touch(rows_db(bb->rows)));
    int64_t start = now_us();
    TRY(db_commit(rows_db(bb->rows)));
    if (bb->config.wrote) bb->config.wrote(bb->config.arg, batch->n, now_us() - start);
    return P1_OK;
}

static void say(const struct ballotbox *bb, const char *what, const struct live *l, const char *why) {
    if (bb->config.said) bb->config.said(bb->config.arg, what, l ? l->row.uuid : "", why);
}

static void settle(struct ballotbox *bb, struct queue *batch) {
    for (size_t i = 0; i < bb->box_count; i++) {
        if (bb->box[i]->staged_end) say(bb, "closed", bb->box[i], "");
    }
    pthread_mutex_lock(&bb->lock);
    for (size_t i = 0; i < bb->box_count; i++) inside_settle(bb->box[i]);
    for (struct cast *c = batch->first; c; c = c->next) applied(c);
    int failed = bb->failing != P1_OK;
    bb->failing = P1_OK;
    pthread_mutex_unlock(&bb->lock);
    if (failed) say(bb, "commits again", NULL, "");
}

static void give_up(struct ballotbox *bb, struct queue *batch, enum p1_err err) {
    if (bb->failing != err) say(bb, "commit failed", NULL, ballotbox_why(bb)); // not once for each ballot
    db_rollback(rows_db(bb->rows));
    pthread_mutex_lock(&bb->lock);
    bb->failing = err;
    bb->retry = steady_s() + RETRY_S;
    for (size_t i = 0; i < bb->box_count; i++) bb->box[i]->staged_end = 0;
    for (struct cast *c = batch->first; c; c = c->next) {
        if (c->err == P1_OK && !c->asks) undo_neutral(c);
        c->err = err; // a repetition too: the first one may be of this very transaction
        if (c->is_counted) c->live->tries[c->event.voter]--; // to send it again is no new attempt
    }
    pthread_mutex_unlock(&bb->lock);
}

static void write_batch(struct ballotbox *bb, struct queue *batch) {
    pthread_mutex_lock(&bb->change);
    for (struct cast *c = batch->first; c; c = c->next) c->err = P1_ERR_DB; // until it is staged
    enum p1_err err = write_all(bb, batch);
    if (err == P1_OK)
        settle(bb, batch);
    else
        give_up(bb, batch, err);
    pthread_mutex_unlock(&bb->change);

    uint64_t each = batch->n ? inside_cpu(&bb->writer_cpu_ns) / batch->n : 0;
    pthread_mutex_lock(&bb->lock);
    for (struct cast *c; (c = inside_pop(batch));) {
        c->live->cpu_ns += each;
        c->receipt_is_due = 1;
        inside_push(&bb->to_answer, c);
    }
    pthread_cond_broadcast(&bb->check_comes);
    pthread_mutex_unlock(&bb->lock);
}

// ---- the thread ----

// At most so long, or until there is something to do.
static int wait_ms(struct ballotbox *bb, struct timespec *until) {
    return pthread_cond_timedwait(&bb->write_comes, &bb->lock, until) == 0;
}

static struct timespec from_now(long ms) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += ms * 1000000L;
    t.tv_sec += t.tv_nsec / 1000000000L;
    t.tv_nsec %= 1000000000L;
    return t;
}

int inside_write_now(const struct ballotbox *bb) {
    return bb->to_write.n >= BATCH || bb->to_check.n < MANY || bb->stop;
}

// While many others are still to be checked, a commit waits for them a moment: a hundred cost the disk as much as one.
static void gather(struct ballotbox *bb) {
    struct timespec until = from_now(GATHER_MS);
    while (!inside_write_now(bb) && wait_ms(bb, &until)) {
    }
}

static void *writer(void *arg) {
    struct ballotbox *bb = arg;
    pthread_mutex_lock(&bb->lock);
    while (!bb->stop || bb->waiting) {
        struct queue batch = {0};
        if (bb->to_write.n) gather(bb);
        while (batch.n < BATCH && bb->to_write.n) inside_push(&batch, inside_pop(&bb->to_write));
        if (!batch.n && !any_due(bb)) {
            struct timespec until = from_now(TICK_MS);
            (void)wait_ms(bb, &until);
            continue;
        }
        pthread_mutex_unlock(&bb->lock);
        write_batch(bb, &batch);
        pthread_mutex_lock(&bb->lock);
    }
    bb->writer_ended = 1;
    pthread_cond_broadcast(&bb->check_comes);
    pthread_mutex_unlock(&bb->lock);
    return NULL;
}

void inside_init_writer(struct ballotbox *bb) {
    pthread_condattr_t steady; // a step of the clock must not lengthen a tick
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&bb->write_comes, &steady);
    pthread_condattr_destroy(&steady);
}

enum p1_err inside_start_writer(struct ballotbox *bb) {
    bb->has_writer = pthread_create(&bb->writer, NULL, writer, bb) == 0;
    return bb->has_writer ? P1_OK : P1_ERR_MEMORY;
}

void inside_join_writer(struct ballotbox *bb) {
    if (bb->has_writer) pthread_join(bb->writer, NULL);
    pthread_mutex_lock(&bb->lock);
    bb->writer_ended = 1; // without a writer nobody else says so
    pthread_cond_broadcast(&bb->check_comes);
    pthread_mutex_unlock(&bb->lock);
}
