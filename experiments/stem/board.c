// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The bulletin board: what is public of an election, for programs.

#include <stdio.h>
#include <stdlib.h>

#include "experiments/stem/inside.h"

// ---- trackers in addresses ----

void tracker_write(const uint8_t tracker[32], struct buf *out) {
    size_t from = out->n;
    buf_base64(out, span_of(tracker, 32));
    for (size_t i = from; i < out->n; i++) {
        if (out->p[i] == '+') out->p[i] = '-';
        if (out->p[i] == '/') out->p[i] = '_';
    }
}

static int sign(uint8_t c) {
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c ? strchr(signs, c) : NULL;
    return at ? (int)(at - signs) : -1;
}

int tracker_read(struct span text, uint8_t out[32]) {
    uint32_t bits = 0;
    size_t n = 0;
    int have = 0;
    if (text.n != P1_HASH64) return 0;
    for (size_t i = 0; i < text.n; i++) {
        int v = sign(text.p[i]);
        if (v < 0) return 0;
        bits = bits << 6 | (uint32_t)v;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out[n++] = (uint8_t)(bits >> have);
    }
    return (bits & 3) == 0; // 258 bits hold 256: one form only
}

// ---- answers ----

// JSON that is made, in memory that goes with the answer.
static struct buf page(size_t room) {
    void *p = malloc(room);
    return buf_over(p, p ? room : 0);
}

static void reply_page(struct http_request *r, struct buf *b) {
    if (buf_done(b) == P1_OK) {
        http_reply_owned(r, 200, MEDIA_JSON, b->p, b->n);
    } else {
        free(b->p);
        stem_problem(r, P1_ERR_MEMORY);
    }
}

static void field(struct buf *b, const char *name, uint64_t value) {
    buf_str(b, ",\"");
    buf_str(b, name);
    buf_str(b, "\":");
    buf_u64(b, value);
}

static void field_or_null(struct buf *b, const char *name, uint64_t value) {
    if (value) {
        field(b, name, value);
    } else {
        buf_str(b, ",\"");
        buf_str(b, name);
        buf_str(b, "\":null");
    }
}

static void write_election(struct buf *b, struct stem_state *s, const struct live *l) {
    struct live_state at;
    ballotbox_state(s->ballotbox, l, &at);
    buf_str(b, "{\"uuid\":\"");
    buf_str(b, l->row.uuid);
    buf_str(b, "\",\"municipality\":");
    buf_json_string(b, span_str(l->row.municipality));
    buf_str(b, ",\"name\":\"");
    buf_put(b, l->box->election.name); // escaped as in the paper
    buf_str(b, "\",\"stage\":\"");
    buf_str(b, stage_name(at.stage));
    buf_char(b, '"');
    field_or_null(b, "opens", at.opens);
    field_or_null(b, "closes", at.closes);
    field(b, "voters", at.voters);
    field(b, "voted", at.voted);
    field(b, "ballots", at.ballots);
    field(b, "events", at.height);
    field(b, "notices", (uint64_t)at.notices);
    field(b, "archiveBytes", at.bytes);
    buf_str(b, at.held || at.key_lost ? ",\"closedForVotes\":true" : ",\"closedForVotes\":false");
    buf_str(b, ",\"receiptKey\":\"");
    buf_put(b, elem_span(&l->receipt_key));
    buf_str(b, "\"}");
}

enum { ELECTION_ROOM = 4096 };

char *stem_status(struct stem_state *s, const struct live *l) {
    size_t n = ELECTION_ROOM + 6 * l->box->election.name.n;
    char *text = malloc(n);
    if (!text) return NULL;
    struct buf b = buf_over(text, n - 1);
    write_election(&b, s, l);
    text[b.n] = 0;
    return text;
}

void stem_list(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct live *l = NULL;
    size_t n = 0;
    while ((l = ballotbox_next(s->ballotbox, l))) n += ELECTION_ROOM + 6 * l->box->election.name.n;
    struct buf b = page(n + 64);
    buf_str(&b, "{\"elections\":[");
    for (l = NULL; (l = ballotbox_next(s->ballotbox, l));) {
        if (b.n && b.p[b.n - 1] == '}') buf_char(&b, ',');
        write_election(&b, s, l);
    }
    buf_str(&b, "]}");
    reply_page(r, &b);
}

void stem_one(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct live *l = stem_election(r, s);
    if (!l) return;
    struct buf b = page(ELECTION_ROOM + 6 * l->box->election.name.n);
    write_election(&b, s, l);
    reply_page(r, &b);
}

// What most handlers need: the election that the path names, and a connection. If one is lacking, that is answered.
struct asked {
    struct stem_state *s;
    struct live *l;
    struct rows *rows;
};

static int ask(struct asked *a, struct http_request *r, struct stem_state *s) {
    *a = (struct asked){.s = s, .l = stem_election(r, s)};
    if (a->l) a->rows = stem_rows(r, s);
    return a->rows != NULL;
}

static void answered(const struct asked *a) { ballotbox_rows_back(a->s->ballotbox, a->rows); }

// A text that never changes: its hash is its tag.
static void reply_fixed(struct http_request *r, const char *type, struct span text) {
    uint8_t hash[32], tag[72];
    struct buf b = buf_over(tag, sizeof tag);
    sha256(hash, text);
    buf_char(&b, '"');
    buf_hex(&b, span_of(hash, 16));
    buf_str(&b, "\"");
    buf_put(&b, span_of("", 1));
    http_set(r, "ETag", (const char *)tag);
    http_set(r, "Cache-Control", "no-cache");
    http_reply(r, 200, type, text);
}

// A record of the Setup event.
static void reply_record(struct http_request *r, struct stem_state *s, unsigned record) {
    struct asked a;
    if (!ask(&a, r, s)) return;
    struct event_row event;
    int found;
    enum p1_err err = rows_event(a.rows, a.l->row.id, 0, &event, &found);
    if (err == P1_OK && found && record < event.record_count)
        reply_fixed(r, MEDIA_JSON, event.record[record]);
    else
        stem_problem(r, P1_ERR_DB);
    answered(&a);
}

// The archive as it was before anybody had voted: all that is needed to make a ballot.
void stem_setup(struct http_request *r, void *arg) {
    struct asked a;
    if (!ask(&a, r, arg)) return;
    struct event_row event;
    struct span part = {0};
    int found;
    enum p1_err err = rows_event(a.rows, a.l->row.id, 0, &event, &found);
    if (err == P1_OK && found) err = rows_archive_part(a.rows, &a.l->row, &event, &part);
    if (err == P1_OK && found)
        reply_fixed(r, MEDIA_TAR, part);
    else
        stem_problem(r, P1_ERR_DB);
    answered(&a);
}

void stem_paper(struct http_request *r, void *arg) { reply_record(r, arg, 0); }
void stem_trustees(struct http_request *r, void *arg) { reply_record(r, arg, 1); }
void stem_credentials(struct http_request *r, void *arg) { reply_record(r, arg, 2); }

void stem_bundle(struct http_request *r, void *arg) {
    struct live *l = stem_election(r, arg);
    if (!l) return;
    if (l->row.bundle.n)
        reply_fixed(r, MEDIA_JSON, l->row.bundle);
    else
        http_problem(r, 404, "no-bundle", "Nothing frozen", "This vote was made without a frozen bundle.");
}

void stem_notices(struct http_request *r, void *arg) {
    struct asked a;
    if (!ask(&a, r, arg)) return;
    struct buf b = {0};
    enum p1_err err = P1_OK;
    int found = 1;
    for (int64_t n = 0; err == P1_OK && found; n++) {
        struct span line;
        err = rows_notice(a.rows, a.l->row.id, n, &line, &found);
        if (err != P1_OK || !found) break;
        void *p = realloc(b.p, b.n + line.n);
        if (!p) err = P1_ERR_MEMORY;
        if (!p) break;
        b.p = p;
        b.cap = b.n + line.n;
        buf_put(&b, line);
    }
    answered(&a);
    if (err == P1_OK)
        http_reply(r, 200, MEDIA_LINES, buf_span(&b));
    else
        stem_problem(r, err);
    free(b.p);
}

void stem_share_proofs(struct http_request *r, void *arg) {
    struct asked a;
    if (!ask(&a, r, arg)) return;
    struct span lines;
    enum p1_err err = rows_shares(a.rows, a.l->row.id, &lines);
    if (err == P1_OK)
        http_reply(r, 200, MEDIA_LINES, lines);
    else
        stem_problem(r, err);
    answered(&a);
}

// ---- events ----

enum { PAGE_MAX = 1000, PAGE_DEFAULT = 100, EVENT_ROOM = 320 };

// A number of a query; 0 and 400 answered if it is none.
static int number(struct http_request *r, const char *name, uint64_t least, uint64_t most, uint64_t *out) {
    struct span text;
    if (!http_query(r, name, &text)) return 1;
    struct json j = json_of(text);
    if (json_uint(&j, most, out) == P1_OK && json_end(&j) == P1_OK && *out >= least) return 1;
    char detail[96];
    (void)snprintf(detail, sizeof detail, "%s must be a whole number from %llu to %llu.", name,
                   (unsigned long long)least, (unsigned long long)most);
    http_problem(r, 400, "malformed-parameter", "Malformed parameter", detail);
    return 0;
}

void stem_write_event(struct buf *b, const struct event_row *e) {
    buf_str(b, "{\"height\":");
    buf_u64(b, e->height);
    buf_str(b, ",\"type\":\"");
    buf_str(b, event_name(e->type));
    buf_str(b, "\",\"event\":\"");
    buf_hex(b, span_of(e->hash, 32));
    buf_char(b, '"');
    field(b, "archiveOffset", e->at);
    field(b, "hour", (uint64_t)e->hour);
    if (e->type == EVENT_BALLOT) {
        buf_str(b, ",\"tracker\":\"");
        tracker_write(e->tracker, b);
        buf_char(b, '"');
    }
    buf_char(b, '}');
}

// The events with a height above `after`, at most `limit`; `next` is the `after` of the page that follows.
void stem_events(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct live *l = stem_election(r, s);
    struct span text;
    uint64_t after = 0, limit = PAGE_DEFAULT;
    if (!l || !number(r, "after", 0, UINT32_MAX, &after) || !number(r, "limit", 1, PAGE_MAX, &limit)) return;
    uint64_t height = http_query(r, "after", &text) ? after + 1 : 0;
    struct rows *rows = stem_rows(r, s);
    if (!rows) return;
    struct buf b = page(limit * EVENT_ROOM + 128);
    enum p1_err err = P1_OK;
    int found = 1;
    buf_str(&b, "{\"events\":[");
    for (uint64_t n = 0; n < limit; n++, height++) {
        struct event_row e;
        err = rows_event(rows, l->row.id, height, &e, &found);
        if (err != P1_OK || !found) break;
        if (n) buf_char(&b, ',');
        stem_write_event(&b, &e);
    }
    ballotbox_rows_back(s->ballotbox, rows);
    buf_str(&b, "]");
    if (found && height) {
        field(&b, "next", height - 1);
    } else {
        buf_str(&b, ",\"next\":null");
    }
    buf_char(&b, '}');
    if (err == P1_OK) {
        reply_page(r, &b);
    } else {
        free(b.p);
        stem_problem(r, err);
    }
}

// ---- one ballot ----

// The ballot that a path names, and the first later one of its code. Answers if there is none.
static int find_ballot(struct http_request *r, struct rows *rows, const struct live *l, struct event_row *ballot,
                       struct event_row *later, int *has_later) {
    uint8_t tracker[32];
    int found = 0;
    enum p1_err err = P1_OK;
    if (tracker_read(http_param(r, 1), tracker)) err = rows_find_ballot(rows, l->row.id, tracker, ballot, &found);
    if (err == P1_OK && found && later)
        err = rows_next_ballot(rows, l->row.id, ballot->voter, (int64_t)ballot->height, later, has_later);
    if (err != P1_OK) stem_problem(r, err);
    if (err == P1_OK && !found)
        http_problem(r, 404, "unknown-ballot", "No such ballot", "No ballot with this tracker is in this ballot box.");
    return err == P1_OK && found;
}

void stem_ballot(struct http_request *r, void *arg) {
    struct asked a;
    if (!ask(&a, r, arg)) return;
    struct event_row ballot, later;
    int has_later = 0;
    if (find_ballot(r, a.rows, a.l, &ballot, &later, &has_later)) {
        struct buf b = page(2 * EVENT_ROOM);
        stem_write_event(&b, &ballot);
        b.n--; // goes on
        buf_str(&b, has_later ? ",\"counts\":false" : ",\"counts\":true");
        if (has_later) field(&b, "replacedBy", later.height);
        buf_char(&b, '}');
        reply_page(r, &b);
    }
    answered(&a);
}

void stem_ballot_content(struct http_request *r, void *arg) {
    struct asked a;
    if (!ask(&a, r, arg)) return;
    struct event_row ballot;
    if (find_ballot(r, a.rows, a.l, &ballot, NULL, NULL)) reply_fixed(r, MEDIA_JSON, ballot.record[0]);
    answered(&a);
}

// ---- the archive ----

// One download: it keeps a connection, and the bytes of the event that it is at.
struct reading {
    struct stem_state *s;
    const struct live *l;
    struct rows *rows;
    struct event_row event;
    struct span part; // in rows
};

static void reading_free(void *arg) {
    struct reading *d = arg;
    if (d->rows) ballotbox_rows_back(d->s->ballotbox, d->rows);
    free(d);
}

static int is_in_part(const struct reading *d, uint64_t offset) {
    return d->part.n && offset >= d->event.at && offset < d->event.at + d->part.n;
}

// Makes PART the one that holds this offset: mostly the next one.
static enum p1_err turn_to(struct reading *d, uint64_t offset) {
    int found = 0;
    if (d->part.n && offset == d->event.at + d->part.n)
        TRY(rows_event(d->rows, d->l->row.id, d->event.height + 1, &d->event, &found));
    if (!found) TRY(rows_event_at(d->rows, d->l->row.id, offset, &d->event, &found));
    d->part = (struct span){0};
    if (!found) return P1_ERR_DB;
    TRY(rows_archive_part(d->rows, &d->l->row, &d->event, &d->part));
    return is_in_part(d, offset) ? P1_OK : P1_ERR_DB;
}

static ssize_t read_archive(void *arg, uint64_t offset, void *buffer, size_t n) {
    struct reading *d = arg;
    struct buf out = buf_over(buffer, n);
    while (out.n < n) {
        uint64_t at = offset + out.n;
        if (!is_in_part(d, at) && turn_to(d, at) != P1_OK) return out.n ? (ssize_t)out.n : -1;
        struct span rest = span_from(d->part, (size_t)(at - d->event.at));
        if (rest.n > n - out.n) rest.n = n - out.n;
        buf_put(&out, rest);
    }
    return (ssize_t)out.n;
}

void stem_archive(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct live *l = stem_election(r, s);
    if (!l) return;
    struct rows *rows = stem_rows(r, s);
    struct reading *d = rows ? calloc(1, sizeof *d) : NULL;
    if (!d) {
        if (rows) ballotbox_rows_back(s->ballotbox, rows);
        if (rows) stem_problem(r, P1_ERR_MEMORY);
        return;
    }
    struct live_state at;
    uint8_t tag[72];
    char name[128];
    struct buf b = buf_over(tag, sizeof tag);
    ballotbox_state(s->ballotbox, l, &at);
    buf_char(&b, '"');
    buf_hex(&b, span_of(at.tip, 16));
    buf_str(&b, "\"");
    buf_put(&b, span_of("", 1));
    http_set(r, "ETag", (const char *)tag);
    (void)snprintf(name, sizeof name, "attachment; filename=\"%s.bel\"", l->row.uuid);
    http_set(r, "Content-Disposition", name);
    *d = (struct reading){.s = s, .l = l, .rows = rows};
    const struct http_stream stream = {
        .type = MEDIA_TAR, .size = at.bytes, .read = read_archive, .free = reading_free, .arg = d};
    http_reply_stream(r, &stream);
}
