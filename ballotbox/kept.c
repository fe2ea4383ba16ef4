// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "ballotbox/kept.h"

#include <stdlib.h>

#include "core/ballot.h"
#include "core/sha256.h"

// ---- following ----

enum { STEP = 1024 }; // events

struct following {
    struct chain chain;
    FILE *archive;
    uint8_t *memory;
    size_t room;
};

static enum p1_err room_for(struct following *f, size_t n) {
    if (n <= f->room) return P1_OK;
    void *p = realloc(f->memory, n);
    if (!p) return P1_ERR_MEMORY;
    f->memory = p;
    f->room = n;
    return P1_OK;
}

// The event made anew from its records: is it the one of the row?
static enum p1_err follow_event(struct following *f, const struct box_row *box, const struct event_row *e) {
    uint8_t tracker[32] = {0};
    struct chain before = f->chain;
    TRY(room_for(f, chain_write_size(e->record, e->record_count) + 2 * TAR_BLOCK));
    struct buf out = buf_over(f->memory, f->room);
    if (e->type >= EVENT_TYPES || e->height != before.height) return P1_ERR_BOX_ROWS;
    if (e->height == 0) TRY(chain_create(&f->chain, box->time, &out));
    TRY(chain_write(&f->chain, e->type, e->record, e->record_count, &out));
    if (e->type == EVENT_BALLOT) sha256(tracker, e->record[0]);
    if (memcmp(f->chain.tip, e->hash, 32) != 0 || e->at != (e->height ? before.at : 0) ||
        memcmp(tracker, e->tracker, 32) != 0 || (e->type == EVENT_BALLOT) != (e->voter >= 0)) {
        f->chain = before;
        return P1_ERR_BOX_ROWS;
    }
    if (f->archive && fwrite(out.p, 1, out.n, f->archive) != out.n) return P1_ERR_DB_FULL;
    return P1_OK;
}

static enum p1_err follow_all(struct following *f, struct rows *r, const struct box_row *box,
                              const struct kept_progress *progress) {
    struct event_row e, last;
    int found;
    TRY(rows_last_event(r, box->id, &last, &found));
    if (!found) return P1_ERR_BOX_ROWS;
    uint64_t end = last.height; // before its row is gone
    for (uint64_t height = 0; height <= end; height++) {
        TRY(rows_event(r, box->id, height, &e, &found));
        if (!found) return P1_ERR_BOX_ROWS;
        TRY(follow_event(f, box, &e));
        if (progress && progress->step && height % STEP == 0) progress->step(progress->arg, height);
    }
    return P1_OK;
}

enum p1_err kept_follow(struct rows *r, const struct box_row *box, FILE *archive, struct chain *end,
                        const struct kept_progress *progress) {
    struct following f = {.chain = {.time = box->time}, .archive = archive};
    enum p1_err err = follow_all(&f, r, box, progress);
    if (err == P1_OK && archive && fflush(archive)) err = P1_ERR_DB_FULL;
    *end = f.chain;
    free(f.memory);
    return err;
}

// ---- what the rows say beside the events ----

enum p1_err kept_check_voters(struct rows *r, const struct box_row *box, const struct box *judged) {
    struct event_row e;
    struct span credential;
    int found;
    for (uint64_t height = 0; height < judged->chain.height; height++) {
        TRY(rows_event(r, box->id, height, &e, &found));
        if (!found) return P1_ERR_BOX_ROWS;
        if (e.type != EVENT_BALLOT) continue;
        TRY(ballot_credential(e.record[0], &credential));
        const struct voter *v = box_voter(judged, credential);
        if (!v || v - judged->voters != e.voter) return P1_ERR_BOX_ROWS;
    }
    return P1_OK;
}

// ---- going on ----

static enum p1_err take_event(struct rows *r, int64_t box, const struct box *judged, const struct event *ev, size_t at,
                              int64_t hour) {
    struct event_row row = {
        .type = ev->type, .height = ev->height, .at = at, .hour = hour, .voter = -1, .record_count = ev->record_count};
    struct span credential;
    memcpy(row.hash, ev->hash, 32);
    for (unsigned i = 0; i < ev->record_count; i++) row.record[i] = ev->record[i].content;
    if (ev->type == EVENT_BALLOT) {
        TRY(ballot_credential(ev->record[0].content, &credential));
        const struct voter *v = box_voter(judged, credential);
        if (!v) return P1_ERR_BALLOT_STRANGER;
        row.voter = v - judged->voters;
        memcpy(row.tracker, ev->record[0].hash, 32);
    }
    return rows_add_event(r, box, &row);
}

enum p1_err kept_take(struct rows *r, const struct box_row *box, const struct chain *ours, const struct box *judged,
                      struct span archive, int64_t hour, uint64_t *taken) {
    struct chain chain;
    struct event ev;
    *taken = 0;
    TRY(chain_begin(&chain, archive));
    for (int more;;) {
        size_t at = chain.at;
        TRY(chain_next(&chain, archive, &ev, &more));
        if (!more) return P1_OK;
        if (ev.height + 1 == ours->height && memcmp(ev.hash, ours->tip, 32) != 0) return P1_ERR_BOX_OTHER;
        if (ev.height < ours->height) continue;
        TRY(take_event(r, box->id, judged, &ev, at, hour));
        ++*taken;
    }
}

enum p1_err kept_take_notices(struct rows *r, const struct box_row *box, struct span notices) {
    struct span line;
    for (int64_t n = 0; notices.n; n++) {
        const uint8_t *end = memchr(notices.p, '\n', notices.n);
        struct span theirs = span_of(notices.p, end ? (size_t)(end - notices.p) + 1 : notices.n);
        int found;
        TRY(rows_notice(r, box->id, n, &line, &found));
        if (found && !span_eq(line, theirs)) return P1_ERR_BOX_OTHER;
        if (!found) TRY(rows_add_notice(r, box->id, n, theirs));
        notices = span_from(notices, theirs.n);
    }
    return P1_OK;
}

enum p1_err kept_event_of(struct span archive, uint64_t height, uint8_t hash[32], int *found) {
    struct chain chain;
    struct event ev;
    *found = 0;
    TRY(chain_begin(&chain, archive));
    for (int more;;) {
        TRY(chain_next(&chain, archive, &ev, &more));
        if (!more) return P1_OK;
        if (ev.height < height) continue;
        memcpy(hash, ev.hash, 32);
        *found = 1;
        return P1_OK;
    }
}
