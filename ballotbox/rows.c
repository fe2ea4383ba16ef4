// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "ballotbox/rows.h"

#include <stdlib.h>

// An event's id is its box times 2^40 plus its height, so that the events of a box lie in order. content is its first record (none:
// empty); the others, which only few events have, are in `record`. tracker and voter: of ballots alone.
static const char tables[] = "CREATE TABLE box("
                             "  id INTEGER PRIMARY KEY,"
                             "  uuid TEXT NOT NULL UNIQUE,"
                             "  municipality TEXT NOT NULL,"
                             "  time INTEGER NOT NULL,"
                             "  opens INTEGER NOT NULL,"
                             "  closes INTEGER NOT NULL,"
                             "  bundle BLOB NOT NULL"
                             ") STRICT;"
                             "CREATE TABLE event("
                             "  id INTEGER PRIMARY KEY,"
                             "  type INTEGER NOT NULL,"
                             "  hash BLOB NOT NULL,"
                             "  at INTEGER NOT NULL,"
                             "  hour INTEGER NOT NULL,"
                             "  content BLOB NOT NULL,"
                             "  tracker BLOB,"
                             "  voter INTEGER"
                             ") STRICT;"
                             "CREATE UNIQUE INDEX ballot ON event(tracker, id >> 40) WHERE tracker IS NOT NULL;"
                             "CREATE INDEX voter ON event(id >> 40, voter, id) WHERE voter IS NOT NULL;"
                             "CREATE TABLE record("
                             "  event INTEGER NOT NULL REFERENCES event,"
                             "  n INTEGER NOT NULL,"
                             "  content BLOB NOT NULL,"
                             "  PRIMARY KEY(event, n)"
                             ") STRICT;"
                             "CREATE TABLE share_proofs("
                             "  box INTEGER PRIMARY KEY REFERENCES box,"
                             "  lines BLOB NOT NULL"
                             ") STRICT;"
                             "CREATE TABLE notice("
                             "  box INTEGER NOT NULL REFERENCES box,"
                             "  n INTEGER NOT NULL,"
                             "  line BLOB NOT NULL,"
                             "  PRIMARY KEY(box, n)"
                             ") STRICT;";

static const char requests[] = "CREATE TABLE own_data_request("
                               "  box INTEGER NOT NULL REFERENCES box,"
                               "  voter INTEGER NOT NULL,"
                               "  hour INTEGER NOT NULL,"
                               "  times INTEGER NOT NULL,"
                               "  PRIMARY KEY(box, voter, hour)"
                               ") STRICT, WITHOUT ROWID;";

static const char kept[] = "CREATE TABLE platform_event("
                           "  box INTEGER NOT NULL REFERENCES box,"
                           "  n INTEGER NOT NULL,"
                           "  type INTEGER NOT NULL,"
                           "  hour INTEGER NOT NULL,"
                           "  height INTEGER NOT NULL,"
                           "  hash BLOB NOT NULL,"
                           "  shown INTEGER NOT NULL,"
                           "  lost INTEGER NOT NULL,"
                           "  PRIMARY KEY(box, n)"
                           ") STRICT;";

// What a box has taken of the processors, by their own clocks.
static const char cpu_table[] = "CREATE TABLE cpu(box INTEGER PRIMARY KEY REFERENCES box, ns INTEGER NOT NULL) STRICT";

static const char *const steps[] = {tables, requests, kept, cpu_table};
const struct migrations rows_migrations = {"ballotbox", steps, sizeof steps / sizeof *steps};

#define EVENT_COLUMNS "SELECT id, type, hash, at, hour, content, tracker, voter FROM event "

enum statement {
    ADD_BOX,
    NEXT_BOX,
    ADD_EVENT,
    ADD_RECORD,
    EVENT,
    LAST_EVENT,
    HASH,
    RECORDS,
    FIND_BALLOT,
    NEXT_BALLOT,
    COUNT_BALLOTS,
    SET_SHARES,
    SHARES,
    ADD_NOTICE,
    NOTICE,
    ADD_REQUEST,
    NEXT_REQUEST,
    ADD_PLATFORM_EVENT,
    PLATFORM_EVENT,
    SET_CPU,
    CPU,
    STATEMENTS
};

static const char *const sql[STATEMENTS] = {
    [ADD_BOX] =
        "INSERT INTO box(uuid, municipality, time, opens, closes, bundle) VALUES(?, ?, ?, ?, ?, ?) RETURNING id",
    [NEXT_BOX] = "SELECT id, uuid, municipality, time, opens, closes, bundle FROM box WHERE id > ? ORDER BY id LIMIT 1",
    [ADD_EVENT] = "INSERT INTO event(id, type, hash, at, hour, content, tracker, voter) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
    [ADD_RECORD] = "INSERT INTO record(event, n, content) VALUES(?, ?, ?)",
    [EVENT] = EVENT_COLUMNS "WHERE id = ?",
    [LAST_EVENT] = EVENT_COLUMNS "WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
    [HASH] = "SELECT hash FROM event WHERE id = ?",
    [RECORDS] = "SELECT content FROM record WHERE event = ? ORDER BY n",
    [FIND_BALLOT] = EVENT_COLUMNS "WHERE tracker = ? AND id >> 40 = ?",
    [NEXT_BALLOT] = EVENT_COLUMNS "WHERE id >> 40 = ? AND voter = ? AND id > ? ORDER BY id LIMIT 1",
    [COUNT_BALLOTS] = "SELECT voter, count(*) FROM event WHERE id >> 40 = ? AND voter IS NOT NULL GROUP BY voter",
    [SET_SHARES] =
        "INSERT INTO share_proofs(box, lines) VALUES(?, ?) ON CONFLICT(box) DO UPDATE SET lines = excluded.lines",
    [SHARES] = "SELECT lines FROM share_proofs WHERE box = ?",
    [ADD_NOTICE] = "INSERT INTO notice(box, n, line) VALUES(?, ?, ?)",
    [NOTICE] = "SELECT line FROM notice WHERE box = ? AND n = ?",
    [ADD_REQUEST] = "INSERT INTO own_data_request(box, voter, hour, times) VALUES(?, ?, ?, 1) "
                    "ON CONFLICT(box, voter, hour) DO UPDATE SET times = times + 1",
    [NEXT_REQUEST] = "SELECT hour, times FROM own_data_request WHERE box = ? AND voter = ? AND hour > ? "
                     "ORDER BY hour LIMIT 1",
    [ADD_PLATFORM_EVENT] =
        "INSERT INTO platform_event(box, n, type, hour, height, hash, shown, lost) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
    [PLATFORM_EVENT] = "SELECT type, hour, height, hash, shown, lost FROM platform_event WHERE box = ? AND n = ?",
    [SET_CPU] = "INSERT INTO cpu(box, ns) VALUES(?, ?) ON CONFLICT(box) DO UPDATE SET ns = excluded.ns",
    [CPU] = "SELECT ns FROM cpu WHERE box = ?",
};

struct rows {
    struct db *db;
    struct stmt *s[STATEMENTS];
    enum statement open; // whose row the caller's spans point into
    struct buf part;     // of an archive
    struct buf extra;    // records but the first
};

// ---- connection ----

enum p1_err rows_open(struct rows **out, const char *path) {
    struct rows *r = calloc(1, sizeof *r);
    *out = r;
    if (!r) return P1_ERR_MEMORY;
    r->open = STATEMENTS;
    TRY(db_open(&r->db, path, 0));
    for (unsigned i = 0; i < STATEMENTS; i++) TRY(stmt_new(&r->s[i], r->db, sql[i]));
    return P1_OK;
}

void rows_close(struct rows *r) {
    if (!r) return;
    for (unsigned i = 0; i < STATEMENTS; i++) stmt_free(r->s[i]);
    db_close(r->db);
    free(r->part.p);
    free(r->extra.p);
    free(r);
}

struct db *rows_db(struct rows *r) {
    return r->db;
}

// Ends what the last call left open for its caller to read, and takes the statement for this one.
static struct stmt *begin(struct rows *r, enum statement which) {
    if (r->open != STATEMENTS) stmt_reset(r->s[r->open]);
    r->open = which;
    return r->s[which];
}

static enum p1_err room_for(struct buf *b, size_t n) {
    b->n = 0;
    b->full = 0;
    if (n <= b->cap) return P1_OK;
    void *p = realloc(b->p, n);
    if (!p) return P1_ERR_MEMORY;
    b->p = p;
    b->cap = n;
    return P1_OK;
}

static int64_t event_id(int64_t box, uint64_t height) { return box << 40 | (int64_t)height; }

static void bind_range(struct stmt *s, int at, int64_t box) {
    bind_int(s, at, event_id(box, 0));
    bind_int(s, at + 1, event_id(box + 1, 0) - 1);
}

// ---- boxes ----

static void copy_text(char *out, size_t room, struct span text) {
    size_t n = text.n < room ? text.n : room - 1;
    if (n) memcpy(out, text.p, n);
    out[n] = 0;
}

enum p1_err rows_add_box(struct rows *r, struct box_row *box) {
    struct stmt *s = begin(r, ADD_BOX);
    int row;
    bind_text(s, 1, span_str(box->uuid));
    bind_text(s, 2, span_str(box->municipality));
    bind_int(s, 3, (int64_t)box->time);
    bind_int(s, 4, (int64_t)box->opens);
    bind_int(s, 5, (int64_t)box->closes);
    bind_blob(s, 6, box->bundle);
    TRY(stmt_step(s, &row));
    box->id = column_int(s, 0);
    return P1_OK;
}

enum p1_err rows_next_box(struct rows *r, int64_t after, struct box_row *out, int *found) {
    struct stmt *s = begin(r, NEXT_BOX);
    bind_int(s, 1, after);
    TRY(stmt_step(s, found));
    if (!*found) return P1_OK;
    out->id = column_int(s, 0);
    copy_text(out->uuid, sizeof out->uuid, column_span(s, 1));
    copy_text(out->municipality, sizeof out->municipality, column_span(s, 2));
    out->time = (uint64_t)column_int(s, 3);
    out->opens = (uint64_t)column_int(s, 4);
    out->closes = (uint64_t)column_int(s, 5);
    out->bundle = column_span(s, 6);
    return P1_OK;
}

// ---- events ----

enum p1_err rows_add_event(struct rows *r, int64_t box, const struct event_row *event) {
    struct stmt *s = begin(r, ADD_EVENT);
    int64_t id = event_id(box, event->height);
    bind_int(s, 1, id);
    bind_int(s, 2, event->type);
    bind_blob(s, 3, span_of(event->hash, 32));
    bind_int(s, 4, (int64_t)event->at);
    bind_int(s, 5, event->hour);
    bind_blob(s, 6, event->record_count ? event->record[0] : (struct span){0});
    if (event->voter >= 0) {
        bind_blob(s, 7, span_of(event->tracker, 32));
        bind_int(s, 8, event->voter);
    } else {
        bind_null(s, 7);
        bind_null(s, 8);
    }
    TRY(stmt_run(s));
    for (unsigned i = 1; i < event->record_count; i++) {
        s = begin(r, ADD_RECORD);
        bind_int(s, 1, id);
        bind_int(s, 2, i);
        bind_blob(s, 3, event->record[i]);
        TRY(stmt_run(s));
    }
    return P1_OK;
}

// The records but the first, copied: two passes, since they must not move once they are pointed to.
static enum p1_err read_records(struct rows *r, int64_t id, struct event_row *out) {
    struct stmt *s = r->s[RECORDS];
    size_t total = 0;
    int row;
    for (int pass = 0; pass < 2; pass++) {
        if (pass) TRY(room_for(&r->extra, total));
        bind_int(s, 1, id);
        for (;;) {
            TRY(stmt_step(s, &row));
            if (!row) break;
            struct span content = column_span(s, 0);
            total += content.n;
            if (!pass) continue;
            if (out->record_count == EVENT_RECORDS_MAX) {
                stmt_reset(s);
                return P1_ERR_DB;
            }
            out->record[out->record_count++] = span_of(r->extra.p + r->extra.n, content.n);
            buf_put(&r->extra, content);
        }
    }
    return buf_done(&r->extra);
}

static void copy_hash(uint8_t out[32], struct span hash) {
    memset(out, 0, 32);
    if (hash.n == 32) memcpy(out, hash.p, 32);
}

static enum p1_err read_event(struct rows *r, struct stmt *s, struct event_row *out, int *found) {
    memset(out, 0, sizeof *out);
    TRY(stmt_step(s, found));
    if (!*found) return P1_OK;
    int64_t id = column_int(s, 0);
    out->height = (uint64_t)id & (((uint64_t)1 << 40) - 1);
    out->type = (enum event_type)column_int(s, 1);
    copy_hash(out->hash, column_span(s, 2));
    out->at = (size_t)column_int(s, 3);
    out->hour = column_int(s, 4);
    out->record[0] = column_span(s, 5);
    copy_hash(out->tracker, column_span(s, 6));
    out->voter = column_is_null(s, 7) ? -1 : column_int(s, 7);
    out->record_count = out->type != EVENT_END_BALLOTS;
    return out->type == EVENT_BALLOT ? P1_OK : read_records(r, id, out);
}

enum p1_err rows_event(struct rows *r, int64_t box, uint64_t height, struct event_row *out, int *found) {
    struct stmt *s = begin(r, EVENT);
    bind_int(s, 1, event_id(box, height));
    return read_event(r, s, out, found);
}

enum p1_err rows_last_event(struct rows *r, int64_t box, struct event_row *out, int *found) {
    struct stmt *s = begin(r, LAST_EVENT);
    bind_range(s, 1, box);
    return read_event(r, s, out, found);
}

// Offsets rise with heights, so halving finds it.
enum p1_err rows_event_at(struct rows *r, int64_t box, size_t offset, struct event_row *out, int *found) {
    TRY(rows_last_event(r, box, out, found));
    if (!*found || out->at <= offset) return P1_OK;
    uint64_t low = 0, high = out->height; // the event at LOW begins at OFFSET or before, the one at HIGH after it
    while (high - low > 1) {
        uint64_t mid = low + (high - low) / 2;
        TRY(rows_event(r, box, mid, out, found));
        if (!*found) return P1_ERR_DB;
        if (out->at <= offset)
            low = mid;
        else
            high = mid;
    }
    return rows_event(r, box, low, out, found);
}

enum p1_err rows_find_ballot(struct rows *r, int64_t box, const uint8_t tracker[32], struct event_row *out,
                             int *found) {
    struct stmt *s = begin(r, FIND_BALLOT);
    bind_blob(s, 1, span_of(tracker, 32));
    bind_int(s, 2, box);
    return read_event(r, s, out, found);
}

enum p1_err rows_next_ballot(struct rows *r, int64_t box, int64_t voter, int64_t after, struct event_row *out,
                             int *found) {
    struct stmt *s = begin(r, NEXT_BALLOT);
    bind_int(s, 1, box);
    bind_int(s, 2, voter);
    bind_int(s, 3, event_id(box, 0) + after);
    return read_event(r, s, out, found);
}

enum p1_err rows_count_ballots(struct rows *r, int64_t box, void (*each)(void *arg, int64_t voter, int64_t n),
                               void *arg) {
    struct stmt *s = begin(r, COUNT_BALLOTS);
    int row;
    bind_int(s, 1, box);
    for (;;) {
        TRY(stmt_step(s, &row));
        if (!row) return P1_OK;
        each(arg, column_int(s, 0), column_int(s, 1));
    }
}

// ---- what stands beside the archive ----

enum p1_err rows_set_shares(struct rows *r, int64_t box, struct span lines) {
    struct stmt *s = begin(r, SET_SHARES);
    bind_int(s, 1, box);
    bind_blob(s, 2, lines);
    return stmt_run(s);
}

enum p1_err rows_shares(struct rows *r, int64_t box, struct span *lines) {
    struct stmt *s = begin(r, SHARES);
    int row;
    *lines = (struct span){0};
    bind_int(s, 1, box);
    TRY(stmt_step(s, &row));
    if (row) *lines = column_span(s, 0);
    return P1_OK;
}

enum p1_err rows_add_notice(struct rows *r, int64_t box, int64_t n, struct span line) {
    struct stmt *s = begin(r, ADD_NOTICE);
    bind_int(s, 1, box);
    bind_int(s, 2, n);
    bind_blob(s, 3, line);
    return stmt_run(s);
}

enum p1_err rows_notice(struct rows *r, int64_t box, int64_t n, struct span *line, int *found) {
    struct stmt *s = begin(r, NOTICE);
    bind_int(s, 1, box);
    bind_int(s, 2, n);
    TRY(stmt_step(s, found));
    if (*found) *line = column_span(s, 0);
    return P1_OK;
}

enum p1_err rows_add_request(struct rows *r, int64_t box, int64_t voter, int64_t hour) {
    struct stmt *s = begin(r, ADD_REQUEST);
    bind_int(s, 1, box);
    bind_int(s, 2, voter);
    bind_int(s, 3, hour);
    return stmt_run(s);
}

enum p1_err rows_next_request(struct rows *r, int64_t box, int64_t voter, int64_t after, int64_t *hour, int64_t *times,
                              int *found) {
    struct stmt *s = begin(r, NEXT_REQUEST);
    bind_int(s, 1, box);
    bind_int(s, 2, voter);
    bind_int(s, 3, after);
    TRY(stmt_step(s, found));
    if (!*found) return P1_OK;
    *hour = column_int(s, 0);
    *times = column_int(s, 1);
    return P1_OK;
}

enum p1_err rows_add_platform_event(struct rows *r, int64_t box, int64_t n, const struct platform_event *e) {
    struct stmt *s = begin(r, ADD_PLATFORM_EVENT);
    bind_int(s, 1, box);
    bind_int(s, 2, n);
    bind_int(s, 3, e->type);
    bind_int(s, 4, e->hour);
    bind_int(s, 5, (int64_t)e->height);
    bind_blob(s, 6, span_of(e->event, 32));
    bind_int(s, 7, e->shown);
    bind_int(s, 8, (int64_t)e->lost);
    return stmt_run(s);
}

enum p1_err rows_platform_event(struct rows *r, int64_t box, int64_t n, struct platform_event *out, int *found) {
    struct stmt *s = begin(r, PLATFORM_EVENT);
    bind_int(s, 1, box);
    bind_int(s, 2, n);
    TRY(stmt_step(s, found));
    if (!*found) return P1_OK;
    *out = (struct platform_event){.type = (enum platform_event_type)column_int(s, 0),
                                   .hour = column_int(s, 1),
                                   .height = (uint64_t)column_int(s, 2),
                                   .shown = column_int(s, 4),
                                   .lost = (uint64_t)column_int(s, 5)};
    copy_hash(out->event, column_span(s, 3));
    return out->type < PLATFORM_TYPES ? P1_OK : P1_ERR_DB;
}

void platform_event_write(const struct platform_event *e, int64_t n, struct buf *out) {
    static const char *const names[PLATFORM_TYPES] = {"restored", "reopened"};
    buf_str(out, "{\"n\":");
    buf_u64(out, (uint64_t)n);
    buf_str(out, ",\"type\":\"");
    buf_str(out, names[e->type]);
    buf_str(out, "\",\"hour\":");
    buf_u64(out, (uint64_t)e->hour);
    buf_str(out, ",\"height\":");
    buf_u64(out, e->height);
    buf_str(out, ",\"event\":\"");
    buf_hex(out, span_of(e->event, 32));
    buf_str(out, "\",\"shown\":");
    if (e->shown < 0)
        buf_str(out, "null");
    else
        buf_u64(out, (uint64_t)e->shown);
    buf_str(out, ",\"lost\":");
    buf_u64(out, e->lost);
    buf_str(out, "}\n");
}

enum p1_err rows_set_cpu(struct rows *r, int64_t box, uint64_t ns) {
    struct stmt *s = begin(r, SET_CPU);
    bind_int(s, 1, box);
    bind_int(s, 2, (int64_t)ns);
    return stmt_run(s);
}

enum p1_err rows_cpu(struct rows *r, int64_t box, uint64_t *ns) {
    struct stmt *s = begin(r, CPU);
    int row;
    bind_int(s, 1, box);
    TRY(stmt_step(s, &row));
    *ns = row ? (uint64_t)column_int(s, 0) : 0;
    return P1_OK;
}

// ---- the archive ----

enum p1_err rows_archive_part(struct rows *r, const struct box_row *box, const struct event_row *event,
                              struct span *out) {
    struct chain chain = {.time = box->time, .height = event->height};
    struct stmt *s = r->s[HASH];
    int row = 0;
    TRY(room_for(&r->part, chain_write_size(event->record, event->record_count) + 2 * TAR_BLOCK));
    if (event->height == 0) {
        TRY(chain_create(&chain, box->time, &r->part));
    } else {
        bind_int(s, 1, event_id(box->id, event->height - 1));
        TRY(stmt_step(s, &row));
        if (!row) return P1_ERR_DB;
        copy_hash(chain.tip, column_span(s, 0));
        stmt_reset(s);
    }
    TRY(chain_write(&chain, event->type, event->record, event->record_count, &r->part));
    *out = buf_span(&r->part);
    return buf_done(&r->part);
}
