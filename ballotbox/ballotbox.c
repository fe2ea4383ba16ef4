// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "ballotbox/inside.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/wipe.h"

enum { VERIFIERS_MAX = 64 };

// ---- boxes ----

struct live *ballotbox_next(struct ballotbox *bb, const struct live *after) {
    pthread_mutex_lock(&bb->lock);
    size_t at = 0;
    while (after && at < bb->box_count && bb->box[at] != after) at++;
    if (after) at++;
    struct live *l = at < bb->box_count ? bb->box[at] : NULL;
    pthread_mutex_unlock(&bb->lock);
    return l;
}

struct live *ballotbox_find(struct ballotbox *bb, struct span uuid) {
    struct live *l = NULL;
    while ((l = ballotbox_next(bb, l))) {
        if (span_eq(uuid, span_str(l->row.uuid))) return l;
    }
    return NULL;
}

enum p1_err inside_add(struct ballotbox *bb, struct live *l) {
    pthread_mutex_lock(&bb->lock);
    int room = bb->box_count < BOXES_MAX;
    if (room) bb->box[bb->box_count++] = l;
    pthread_mutex_unlock(&bb->lock);
    return room ? P1_OK : P1_ERR_SPACE;
}

void ballotbox_state(struct ballotbox *bb, const struct live *l, struct live_state *out) {
    const struct box *b = l->box;
    pthread_mutex_lock(&bb->lock);
    *out = (struct live_state){.stage = b->stage,
                               .opens = l->opens,
                               .closes = l->closes,
                               .voters = b->voter_count,
                               .voted = b->counted,
                               .ballots = b->ballots,
                               .height = b->chain.height,
                               .bytes = b->chain.at,
                               .key_lost = l->key_lost,
                               .since = l->since,
                               .cpu_ns = l->cpu_ns,
                               .notices = l->notice_count,
                               .held = l->held,
                               .restored = l->restored};
    memcpy(out->tip, b->chain.tip, 32);
    pthread_mutex_unlock(&bb->lock);
}

size_t ballotbox_waiting(struct ballotbox *bb) {
    pthread_mutex_lock(&bb->lock);
    size_t n = bb->waiting;
    pthread_mutex_unlock(&bb->lock);
    return n;
}

enum p1_err ballotbox_failing(struct ballotbox *bb) {
    pthread_mutex_lock(&bb->lock);
    enum p1_err err = bb->failing;
    pthread_mutex_unlock(&bb->lock);
    return err;
}

void ballotbox_noticed(struct ballotbox *bb, const struct live *l, struct notices *out) {
    pthread_mutex_lock(&bb->lock);
    *out = l->notices;
    enum p1_err err = notices_end(out, 0); // its sums; what is wrong with a vote that goes on may still come right
    (void)err;
    pthread_mutex_unlock(&bb->lock);
    out->withdrawals = NULL;
    out->of_voter = NULL;
}

// ---- connections for reading ----

struct rows *ballotbox_rows(struct ballotbox *bb) {
    struct rows *r = NULL;
    pthread_mutex_lock(&bb->lock);
    if (bb->idle_count) r = bb->idle[--bb->idle_count];
    pthread_mutex_unlock(&bb->lock);
    if (r || rows_open(&r, bb->config.path) == P1_OK) return r;
    rows_close(r);
    return NULL;
}

void ballotbox_rows_back(struct ballotbox *bb, struct rows *r) {
    pthread_mutex_lock(&bb->lock);
    int kept = bb->idle_count < IDLE_MAX;
    if (kept) bb->idle[bb->idle_count++] = r;
    pthread_mutex_unlock(&bb->lock);
    if (!kept) rows_close(r);
}

// ---- casting ----

void inside_push(struct queue *q, struct cast *c) {
    c->next = NULL;
    if (q->last)
        q->last->next = c;
    else
        q->first = c;
    q->last = c;
    q->n++;
}

struct cast *inside_pop(struct queue *q) {
    struct cast *c = q->first;
    if (!c) return NULL;
    q->first = c->next;
    if (!q->first) q->last = NULL;
    q->n--;
    return c;
}

enum p1_err inside_enter(struct ballotbox *bb, struct cast *c) {
    enum p1_err err = P1_ERR_BUSY;
    pthread_mutex_lock(&bb->lock);
    if (!bb->stop && bb->waiting < bb->config.waiting) {
        err = P1_OK;
        bb->waiting++;
        inside_push(&bb->to_check, c);
        pthread_cond_signal(&bb->check_comes);
    }
    pthread_mutex_unlock(&bb->lock);
    return err;
}

enum p1_err ballotbox_cast(struct ballotbox *bb, struct live *l, struct cast *c) {
    if (l->key_lost) return P1_ERR_RECEIPT_KEY;
    TRY(ballot_parse(&c->ballot, &l->box->election.group.q, c->json));
    if (!span_eq(c->ballot.uuid, span_str(l->row.uuid))) return P1_ERR_BALLOT_ELECTION;
    c->voter = box_voter(l->box, c->ballot.credential);
    if (!c->voter) return P1_ERR_BALLOT_STRANGER;
    c->live = l;
    c->receipt = buf_over(c->receipt_text, sizeof c->receipt_text);
    c->event = (struct event_row){.type = EVENT_BALLOT, .voter = live_place(l, c->voter)};
    memcpy(c->event.tracker, c->ballot.hash, sizeof c->event.tracker);
    return inside_enter(bb, c);
}

// Was this ballot counted already, for somebody who sent the same one and has no answer yet? With LOCK held.
static int has_twin(const struct ballotbox *bb, const struct cast *c) {
    const struct cast *x = bb->counted[c->event.tracker[0]];
    while (x && (x->live != c->live || memcmp(x->event.tracker, c->event.tracker, 32) != 0)) x = x->counted;
    return x != NULL;
}

static void forget_counted(struct ballotbox *bb, struct cast *c) {
    struct cast **at = &bb->counted[c->event.tracker[0]];
    if (!c->is_counted) return;
    while (*at != c) at = &(*at)->counted;
    *at = c->counted;
}

// ---- verifiers ----

enum p1_err inside_find(struct rows *r, struct cast *c, int *found) {
    struct event_row event, later;
    int has_later;
    TRY(rows_find_ballot(r, c->live->row.id, c->event.tracker, &event, found));
    if (!*found) return P1_OK;
    c->event = event;
    c->event.record_count = 0;
    TRY(rows_next_ballot(r, c->live->row.id, event.voter, (int64_t)event.height, &later, &has_later));
    c->replaced = has_later;
    return P1_OK;
}

// One more new ballot with a valid signature: may it be looked at?
static enum p1_err within_limit(struct ballotbox *bb, struct cast *c) {
    const struct ballotbox_limits *limit = &bb->config.limits;
    size_t place = (size_t)c->event.voter;
    uint64_t now = bb->config.now(bb->config.arg);
    enum p1_err err = P1_OK;
    pthread_mutex_lock(&bb->lock);
    uint16_t *tries = &c->live->tries[place];
    uint64_t next = (uint64_t)c->live->minute[place] + limit->seconds;
    if (has_twin(bb, c)) {
        // counts once
    } else if (*tries >= limit->most) {
        err = P1_ERR_LIMIT_ALL;
    } else if (*tries >= limit->free && now < next && next - now <= limit->seconds) {
        c->wait = (unsigned)(next - now);
        err = P1_ERR_LIMIT_WAIT;
    } else {
        ++*tries;
        c->live->minute[place] = (uint32_t)now;
        c->is_counted = 1;
        c->counted = bb->counted[c->event.tracker[0]];
        bb->counted[c->event.tracker[0]] = c;
    }
    c->ballots = c->voter->ballots;
    pthread_mutex_unlock(&bb->lock);
    return err;
}

// Of a withdrawn credential only the neutral ballot may come, which no limit holds up: the writer looks whether this is the one.
static enum p1_err withdrawn(struct ballotbox *bb, const struct cast *c, int *is) {
    const struct notices *n = &c->live->notices;
    int closed = 0;
    *is = 0;
    pthread_mutex_lock(&bb->lock);
    for (size_t i = 0; i < n->count; i++) {
        const struct withdrawal *x = &n->withdrawals[i];
        if (x->voter != c->voter) continue;
        *is = 1;
        closed = !x->after_vote || !x->has_seed;
    }
    pthread_mutex_unlock(&bb->lock);
    return closed ? P1_ERR_NOTICE_AFTER : P1_OK;
}

static enum p1_err check(struct ballotbox *bb, struct rows *r, struct cast *c, struct work *w) {
    const struct election *e = &c->live->box->election;
    unsigned shown;
    int found = 0, is_withdrawn;
    pthread_mutex_lock(&bb->lock);
    const int is_repeated = has_twin(bb, c); // before it is looked for: once it has its answer it is found
    const int has_voted = c->voter->ballots > 0, is_held = c->live->held;
    pthread_mutex_unlock(&bb->lock);
    if (has_voted) TRY(inside_find(r, c, &found)); // who has no ballot in the box does not send it again
    if (found) return P1_ERR_BALLOT_TWICE;
    if (is_held) return P1_ERR_BOX_HELD;
    TRY(ballot_check_signature(e, &c->ballot, w));
    TRY(withdrawn(bb, c, &is_withdrawn));
    if (!is_withdrawn && !is_repeated) TRY(within_limit(bb, c));
    TRY(ballot_check_answers(e, &c->ballot, &shown, w));
    return shown & BALLOT_SHOWS_CHOICE ? P1_ERR_BALLOT_SHOWS : P1_OK;
}

// Callers are told together, once no receipt is left to be signed: then the threads that send the answers wake up once for many.
static void tell(struct ballotbox *bb, struct cast *c) {
    struct queue told = {0};
    pthread_mutex_lock(&bb->lock);
    inside_push(&bb->to_tell, c);
    if (!bb->to_answer.n) {
        told = bb->to_tell;
        bb->to_tell = (struct queue){0};
        bb->waiting -= told.n;
        for (struct cast *x = told.first; x; x = x->next) forget_counted(bb, x);
        if (!bb->waiting && bb->stop) pthread_cond_signal(&bb->write_comes);
    }
    pthread_mutex_unlock(&bb->lock);
    while ((c = inside_pop(&told))) c->done(c);
}

static void answer(struct ballotbox *bb, struct cast *c, struct work *w) {
    if (!c->asks && (c->err == P1_OK || c->err == P1_ERR_BALLOT_TWICE)) {
        pthread_mutex_lock(&bb->lock);
        c->ballots = c->voter->ballots;
        pthread_mutex_unlock(&bb->lock);
        enum p1_err err = receipt_write(c->live, &c->event, &c->receipt, w);
        if (err != P1_OK) c->err = err;
    }
    tell(bb, c);
}

static void verify(struct ballotbox *bb, struct rows *r, struct cast *c, struct work *w) {
    if (c->receipt_is_due) {
        answer(bb, c, w);
        return;
    }
    c->err = c->asks ? inside_check_request(c, w) : check(bb, r, c, w);
    if (c->err != P1_OK) {
        answer(bb, c, w);
        return;
    }
    pthread_mutex_lock(&bb->lock);
    inside_push(&bb->to_write, c);
    if (bb->to_write.n == 1 || inside_write_now(bb)) pthread_cond_signal(&bb->write_comes);
    pthread_mutex_unlock(&bb->lock);
}

static void *verifier(void *arg) {
    struct verifier *v = arg;
    struct ballotbox *bb = v->bb;
    pthread_mutex_lock(&bb->lock);
    for (;;) {
        struct cast *c = inside_pop(&bb->to_answer); // whoever is in the box waits no longer
        if (!c) c = inside_pop(&bb->to_check);
        if (!c && bb->stop && bb->writer_ended) break;
        if (!c) {
            pthread_cond_wait(&bb->check_comes, &bb->lock);
            continue;
        }
        pthread_mutex_unlock(&bb->lock);
        struct live *l = c->live; // C is gone afterwards
        verify(bb, v->rows, c, v->work);
        l->cpu_ns += inside_cpu(&v->cpu_ns);
        pthread_mutex_lock(&bb->lock);
    }
    pthread_mutex_unlock(&bb->lock);
    return NULL;
}

// ---- opening and closing ----

static enum p1_err load_boxes(struct ballotbox *bb, struct rows *r, struct work *w) {
    struct box_row row = {.id = 0};
    int found;
    for (;;) {
        struct live *l = NULL;
        TRY(rows_next_box(r, row.id, &row, &found));
        if (!found) return P1_OK;
        enum p1_err err = live_load(&l, r, &row, bb->config.receipt_seed, w);
        if (err == P1_OK) err = inside_add(bb, l);
        if (err != P1_OK) live_free(l);
        TRY(err);
        if (l->key_lost && bb->config.said)
            bb->config.said(bb->config.arg, "not opened", l->row.uuid, p1_err_text(P1_ERR_RECEIPT_KEY));
    }
}

static enum p1_err start_verifier(struct ballotbox *bb) {
    struct verifier *v = &bb->verifier[bb->verifier_count];
    *v = (struct verifier){.bb = bb, .work = calloc(1, sizeof *v->work)};
    enum p1_err err = v->work ? rows_open(&v->rows, bb->config.path) : P1_ERR_MEMORY;
    if (err == P1_OK && pthread_create(&v->thread, NULL, verifier, v)) err = P1_ERR_MEMORY;
    if (err == P1_OK) {
        bb->verifier_count++;
    } else {
        rows_close(v->rows);
        free(v->work);
    }
    return err;
}

enum p1_err ballotbox_open(struct ballotbox **out, const struct ballotbox_config *config) {
    struct ballotbox *bb = calloc(1, sizeof *bb);
    *out = bb;
    if (!bb) return P1_ERR_MEMORY;
    bb->config = *config;
    pthread_mutex_init(&bb->lock, NULL);
    pthread_mutex_init(&bb->change, NULL);
    pthread_cond_init(&bb->check_comes, NULL);
    inside_init_writer(bb);
    bb->work = calloc(1, sizeof *bb->work);
    bb->verifier = calloc(VERIFIERS_MAX, sizeof *bb->verifier);
    if (!bb->work || !bb->verifier) return P1_ERR_MEMORY;
    TRY(rows_open(&bb->rows, config->path));
    TRY(load_boxes(bb, bb->rows, bb->work));

    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = config->threads ? config->threads : cores > 0 ? (unsigned)cores : 1;
    if (threads > VERIFIERS_MAX) threads = VERIFIERS_MAX;
    while (bb->verifier_count < threads) TRY(start_verifier(bb));
    return inside_start_writer(bb);
}

const char *ballotbox_why(const struct ballotbox *bb) {
    return bb && bb->rows && rows_db(bb->rows) ? db_why(rows_db(bb->rows)) : "";
}

void ballotbox_close(struct ballotbox *bb) {
    if (!bb) return;
    pthread_mutex_lock(&bb->lock);
    bb->stop = 1;
    pthread_cond_broadcast(&bb->check_comes);
    pthread_cond_broadcast(&bb->write_comes);
    pthread_mutex_unlock(&bb->lock);
    inside_join_writer(bb);
    for (unsigned i = 0; i < bb->verifier_count; i++) {
        pthread_join(bb->verifier[i].thread, NULL);
        rows_close(bb->verifier[i].rows);
        wipe(bb->verifier[i].work, sizeof *bb->verifier[i].work);
        free(bb->verifier[i].work);
    }
    // A count that is not kept is no reason not to end.
    for (size_t i = 0; i < bb->box_count; i++) (void)!inside_keep_cpu(bb, bb->box[i], 1);
    for (unsigned i = 0; i < bb->idle_count; i++) rows_close(bb->idle[i]);
    for (size_t i = 0; i < bb->box_count; i++) live_free(bb->box[i]);
    rows_close(bb->rows);
    pthread_cond_destroy(&bb->check_comes);
    pthread_cond_destroy(&bb->write_comes);
    pthread_mutex_destroy(&bb->change);
    pthread_mutex_destroy(&bb->lock);
    if (bb->work) wipe(bb->work, sizeof *bb->work);
    free(bb->work);
    free(bb->verifier);
    free(bb);
}
