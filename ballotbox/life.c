// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What happens to a box besides ballots: it comes, it ends, it goes on to its result, notices are taken.

#include <stdlib.h>

#include "ballotbox/inside.h"
#include "board/check.h"

// The whole check, for a verdict alone.
struct verdict {
    struct checker checker;
    struct beside beside;
};

static void no_line(struct checker *c, const struct check_line *line) {
    (void)c;
    (void)line;
}

static enum p1_err judge(struct box *b, struct span archive, struct span bundle, struct span notices,
                         struct span shares, struct runner *r) {
    const struct span none = {0};
    struct verdict v = {
        .beside = {.bundle = bundle.n ? bundle : none, .notices = notices, .shares = shares.n ? shares : none}};
    uint64_t *counts = calloc(P1_CHOICES_MAX, sizeof *counts);
    if (!counts) return P1_ERR_MEMORY;
    v.checker = (struct checker){.runner = r, .line = no_line, .beside = &v.beside};
    enum p1_err err = check_archive(&v.checker, b, archive, counts);
    if (err == P1_OK && bundle.n && v.beside.frozen != FROZEN_CHECKED) err = P1_ERR_BUNDLE_HASH;
    notices_release(&v.beside.noticed);
    free(counts);
    return err;
}

// Stores the events of an archive from height FROM on; those before must be the box's own.
static enum p1_err store_events(struct ballotbox *bb, struct live *l, const struct box *judged, struct span archive,
                                uint64_t from) {
    struct chain chain;
    struct event ev;
    TRY(chain_begin(&chain, archive));
    for (int more;;) {
        TRY(chain_next(&chain, archive, &ev, &more));
        if (!more) return P1_OK;
        if (ev.height + 1 == from && memcmp(ev.hash, l->staged.tip, 32) != 0) return P1_ERR_BOX_OTHER;
        if (ev.height < from) continue;
        struct event_row row = {.type = ev.type, .voter = -1, .record_count = ev.record_count};
        for (unsigned i = 0; i < ev.record_count; i++) row.record[i] = ev.record[i].content;
        if (ev.type == EVENT_BALLOT) {
            struct span credential;
            TRY(ballot_credential(ev.record[0].content, &credential));
            row.voter = box_voter(judged, credential) - judged->voters;
            memcpy(row.tracker, ev.record[0].hash, 32);
        }
        TRY(inside_stage(bb, l, &row));
        if (memcmp(row.hash, ev.hash, 32) != 0) return P1_ERR_BOX_OTHER;
    }
}

static enum p1_err store_notices(struct ballotbox *bb, int64_t box, struct span notices) {
    for (int64_t n = 0; notices.n; n++) {
        const uint8_t *end = memchr(notices.p, '\n', notices.n);
        if (!end) return P1_ERR_NOTICE_TORN;
        size_t line = (size_t)(end - notices.p) + 1;
        TRY(rows_add_notice(bb->rows, box, n, span_of(notices.p, line)));
        notices = span_from(notices, line);
    }
    return P1_OK;
}

// ---- a new box ----

static enum p1_err store_box(struct ballotbox *bb, struct box_row *row, const struct box *judged, struct span archive,
                             struct span notices) {
    struct live fresh = {.staged = {.time = row->time}};
    enum p1_err err = rows_add_box(bb->rows, row);
    if (err != P1_OK) return err == P1_ERR_DB_TWICE ? P1_ERR_BOX_THERE : err;
    fresh.row = *row;
    // The archive begins with a record of its own, before the first event.
    fresh.staged.at = tar_size(SPAN_LIT("{\"version\":1,\"timestamp\":\"1234567890\"}").n);
    TRY(store_events(bb, &fresh, judged, archive, 0));
    return store_notices(bb, row->id, notices);
}

static void name(char *out, size_t room, struct span text) {
    size_t n = text.n < room ? text.n : room - 1;
    memcpy(out, text.p, n);
    out[n] = 0;
}

static enum p1_err add(struct ballotbox *bb, struct box_row *row, const struct box *judged, struct span archive,
                       struct span notices) {
    struct live *l = NULL;
    enum p1_err err = db_begin(rows_db(bb->rows));
    if (err == P1_OK) err = store_box(bb, row, judged, archive, notices);
    // From the rows as they are now, so that what could not be served later is not taken.
    if (err == P1_OK) err = live_load(&l, bb->rows, row, bb->config.receipt_seed, bb->work);
    if (err == P1_OK && l->key_lost) err = P1_ERR_RECEIPT_KEY;
    if (err == P1_OK) err = db_commit(rows_db(bb->rows));
    if (err == P1_OK) err = inside_add(bb, l);
    if (err == P1_OK) return P1_OK;
    db_rollback(rows_db(bb->rows));
    live_free(l);
    return err;
}

enum p1_err ballotbox_add(struct ballotbox *bb, const char *municipality, struct span archive, struct span bundle,
                          struct span notices, struct runner *r) {
    struct box *judged = malloc(sizeof *judged);
    struct box_row row = {.bundle = bundle};
    struct bundle terms = {0};
    if (!judged) return P1_ERR_MEMORY;
    box_init(judged);
    enum p1_err err = judge(judged, archive, bundle, notices, (struct span){0}, r);
    if (err == P1_OK && judged->stage == BOX_NEW) err = P1_ERR_ARCHIVE_NOT;
    if (err == P1_OK && bb->config.ballot_max && ballot_size_max(&judged->election) > bb->config.ballot_max)
        err = P1_ERR_BALLOT_LARGE;
    if (err == P1_OK && bundle.n) err = bundle_parse(bundle, &terms);
    if (err == P1_OK) {
        name(row.uuid, sizeof row.uuid, judged->election.uuid);
        name(row.municipality, sizeof row.municipality, span_str(municipality));
        row.time = judged->chain.time;
        if (bundle.n) {
            row.opens = terms.opens;
            row.closes = terms.closes;
        }
        pthread_mutex_lock(&bb->change);
        err = add(bb, &row, judged, archive, notices);
        pthread_mutex_unlock(&bb->change);
    }
    box_release(judged);
    free(judged);
    return err;
}

// ---- the end, and what comes after it ----

// What was staged is in the database: the box in memory follows.
static enum p1_err commit(struct ballotbox *bb, struct live *l, enum p1_err err, enum box_stage stage) {
    if (err == P1_OK) err = db_commit(rows_db(bb->rows));
    if (err != P1_OK) {
        db_rollback(rows_db(bb->rows));
        l->staged_end = 0;
        return err;
    }
    pthread_mutex_lock(&bb->lock);
    inside_settle(l);
    l->box->stage = stage;
    pthread_mutex_unlock(&bb->lock);
    return P1_OK;
}

static enum p1_err end_now(struct ballotbox *bb, struct live *l) {
    struct event_row end = {.type = EVENT_END_BALLOTS, .voter = -1};
    if (l->box->stage != BOX_OPEN) return P1_ERR_BOX_CLOSED;
    if (l->held) return P1_ERR_BOX_HELD; // first it is said what was lost
    TRY(db_begin(rows_db(bb->rows)));
    l->staged = l->box->chain;
    l->staged_end = 1;
    return commit(bb, l, inside_stage(bb, l, &end), BOX_ENDED);
}

enum p1_err ballotbox_end(struct ballotbox *bb, struct live *l) {
    pthread_mutex_lock(&bb->change);
    enum p1_err err = end_now(bb, l);
    pthread_mutex_unlock(&bb->change);
    return err;
}

static enum p1_err reopen(struct ballotbox *bb, struct live *l, uint64_t lost) {
    struct platform_event e = l->restored;
    if (!l->held) return P1_ERR_BOX_NOT_HELD;
    if (lost != e.lost) return P1_ERR_BOX_LOSS;
    e.type = PLATFORM_REOPENED;
    e.hour = (int64_t)(bb->config.now(bb->config.arg) / 3600);
    enum p1_err err = db_begin(rows_db(bb->rows));
    if (err == P1_OK) err = rows_add_platform_event(bb->rows, l->row.id, l->platform_events, &e);
    if (err == P1_OK) err = db_commit(rows_db(bb->rows));
    if (err != P1_OK) {
        db_rollback(rows_db(bb->rows));
        return err;
    }
    pthread_mutex_lock(&bb->lock);
    l->platform_events++;
    l->held = 0;
    pthread_mutex_unlock(&bb->lock);
    return P1_OK;
}

enum p1_err ballotbox_reopen(struct ballotbox *bb, struct live *l, uint64_t lost) {
    pthread_mutex_lock(&bb->change);
    enum p1_err err = reopen(bb, l, lost);
    pthread_mutex_unlock(&bb->change);
    return err;
}

static enum p1_err go_on(struct ballotbox *bb, struct live *l, struct span archive, struct span shares,
                         const struct box *judged) {
    if (!span_eq(judged->election.uuid, span_str(l->row.uuid)) || judged->chain.height < l->box->chain.height)
        return P1_ERR_BOX_OTHER;
    if (l->box->stage == BOX_OPEN) return P1_ERR_BOX_STAGE; // only the writer ends a vote
    TRY(db_begin(rows_db(bb->rows)));
    l->staged = l->box->chain;
    enum p1_err err = store_events(bb, l, judged, archive, l->staged.height);
    if (err == P1_OK && shares.n) err = rows_set_shares(bb->rows, l->row.id, shares);
    return commit(bb, l, err, judged->stage);
}

// The notices as they are now, to be freed.
static enum p1_err all_notices(struct ballotbox *bb, const struct live *l, struct buf *out) {
    struct span line;
    int found = 1;
    *out = (struct buf){0};
    for (int64_t n = 0; n < l->notice_count; n++) {
        TRY(rows_notice(bb->rows, l->row.id, n, &line, &found));
        if (!found) return P1_ERR_DB;
        void *p = realloc(out->p, out->n + line.n);
        if (!p) return P1_ERR_MEMORY;
        out->p = p;
        out->cap = out->n + line.n;
        buf_put(out, line);
    }
    return P1_OK;
}

enum p1_err ballotbox_go_on(struct ballotbox *bb, struct live *l, struct span archive, struct span shares,
                            struct runner *r) {
    struct box *judged = malloc(sizeof *judged);
    struct buf notices = {0};
    if (!judged) return P1_ERR_MEMORY;
    box_init(judged);
    pthread_mutex_lock(&bb->change);
    enum p1_err err = all_notices(bb, l, &notices);
    pthread_mutex_unlock(&bb->change);
    // Voting goes on in other boxes meanwhile.
    if (err == P1_OK) err = judge(judged, archive, l->row.bundle, buf_span(&notices), shares, r);
    pthread_mutex_lock(&bb->change);
    if (err == P1_OK) err = go_on(bb, l, archive, shares, judged);
    pthread_mutex_unlock(&bb->change);
    box_release(judged);
    free(judged);
    free(notices.p);
    return err;
}

// ---- notices ----

// A withdrawal begins at an event of the box after which its credential has not voted.
static enum p1_err begin_withdrawal(struct ballotbox *bb, const struct live *l, struct withdrawal *x) {
    struct event_row event, later;
    int found;
    for (uint64_t height = l->box->chain.height; height-- > 0;) {
        TRY(rows_event(bb->rows, l->row.id, height, &event, &found));
        if (!found) return P1_ERR_DB;
        if (memcmp(event.hash, x->event, 32) != 0) continue;
        TRY(rows_next_ballot(bb->rows, l->row.id, live_place(l, x->voter), (int64_t)height, &later, &found));
        if (found) return P1_ERR_NOTICE_AFTER;
        x->begun = 1;
        x->after_vote = x->voter->ballot != NULL;
        return x->after_vote && !x->second_signed ? P1_ERR_NOTICE_SECOND : P1_OK;
    }
    return P1_ERR_NOTICE_EVENT;
}

// A copy of all that the notices say, with room for one withdrawal more. To be released in any case.
static enum p1_err copy_notices(const struct live *l, struct notices *out) {
    const struct notices *old = &l->notices;
    size_t voters = l->box->voter_count;
    *out = *old;
    out->room = old->count + 1;
    out->withdrawals = malloc(out->room * sizeof *out->withdrawals);
    out->of_voter = old->of_voter ? malloc(voters * sizeof *out->of_voter) : NULL;
    if (!out->withdrawals || (old->of_voter && !out->of_voter)) return P1_ERR_MEMORY;
    if (old->count) memcpy(out->withdrawals, old->withdrawals, old->count * sizeof *out->withdrawals);
    if (old->of_voter) memcpy(out->of_voter, old->of_voter, voters * sizeof *out->of_voter);
    return P1_OK;
}

static enum p1_err with_line(struct ballotbox *bb, struct live *l, struct span line, struct notices *out,
                             struct work *w) {
    size_t at;
    TRY(copy_notices(l, out));
    TRY(notices_read(out, l->box, line, &at, w));
    if (out->lines != l->notices.lines + 1) return P1_ERR_NOTICE_TORN; // one line, not more
    if (out->count > l->notices.count) TRY(begin_withdrawal(bb, l, &out->withdrawals[out->count - 1]));
    if (out->closes == l->notices.closes) return P1_OK;
    // After the second of the end nothing moves it, though the writer may not have come to it yet.
    if (l->box->stage != BOX_OPEN || (l->closes && bb->config.now(bb->config.arg) >= l->closes))
        return P1_ERR_BOX_CLOSED;
    return out->closes <= l->closes ? P1_ERR_NOTICE_EXTENSION : P1_OK;
}

static enum p1_err take_notice(struct ballotbox *bb, struct live *l, struct span line, struct work *w) {
    struct notices with;
    if (!l->notices.keys) return P1_ERR_NOTICE_SIGNATURE;
    enum p1_err err = with_line(bb, l, line, &with, w);
    if (err == P1_OK) err = db_begin(rows_db(bb->rows));
    if (err == P1_OK) err = rows_add_notice(bb->rows, l->row.id, l->notice_count, line);
    if (err == P1_OK) err = db_commit(rows_db(bb->rows));
    if (err != P1_OK) {
        db_rollback(rows_db(bb->rows));
        notices_release(&with);
        return err;
    }
    pthread_mutex_lock(&bb->lock);
    struct notices old = l->notices;
    l->notices = with;
    l->notice_count++;
    if (with.closes) l->closes = with.closes;
    pthread_mutex_unlock(&bb->lock);
    notices_release(&old);
    return P1_OK;
}

enum p1_err ballotbox_notice(struct ballotbox *bb, struct live *l, struct span line, struct work *w) {
    pthread_mutex_lock(&bb->change);
    enum p1_err err = take_notice(bb, l, line, w);
    pthread_mutex_unlock(&bb->change);
    return err;
}
