// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/event.h"

#include "core/json_canon.h"
#include "core/sha256.h"

static const struct {
    const char *name;
    unsigned least, most; // records
} types[EVENT_TYPES] = {
    [EVENT_SETUP] = {"Setup", 4, 5},
    [EVENT_BALLOT] = {"Ballot", 1, 1},
    [EVENT_END_BALLOTS] = {"EndBallots", 0, 0},
    [EVENT_TALLY] = {"EncryptedTally", 2, 2},
    [EVENT_SHARE] = {"PartialDecryption", 2, 2},
    [EVENT_RESULT] = {"Result", 1, 1},
};

static const char first_name[] = "BELENIOS";

const char *event_name(enum event_type type) { return types[type].name; }

// ---- reading ----

static enum p1_err first_parse(struct span content, uint64_t *time) {
    struct json j = json_of(content);
    TRY(json_lit(&j, "{\"version\":1,\"timestamp\":"));
    int quoted = json_take(&j, "\"");
    TRY(json_uint(&j, TAR_TIME_MAX, time));
    if (quoted) TRY(json_lit(&j, "\""));
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

enum p1_err chain_begin(struct chain *c, struct span file) {
    struct tar_record r;
    memset(c, 0, sizeof *c);
    if (tar_read(file, 0, &r) != P1_OK || !span_eq(r.name, span_str(first_name)) ||
        first_parse(r.content, &c->time) != P1_OK)
        return P1_ERR_ARCHIVE_NOT;
    if (r.time != c->time) return P1_ERR_ARCHIVE_HEADER;
    c->at = r.end;
    return P1_OK;
}

static enum p1_err event_parse(struct span content, const struct chain *c, struct event *out, uint8_t payload[32]) {
    struct json j = json_of(content);
    struct span type;
    uint8_t parent[32];
    TRY(json_lit(&j, "{"));
    if (json_take(&j, "\"parent\":")) {
        TRY(json_hash(&j, parent));
        if (c->height == 0 || memcmp(parent, c->tip, 32) != 0) return P1_ERR_EVENT_PARENT;
        TRY(json_lit(&j, ","));
    } else if (c->height) {
        return P1_ERR_EVENT_PARENT;
    }
    TRY(json_lit(&j, "\"height\":"));
    TRY(json_uint(&j, INT64_MAX, &out->height));
    if (out->height != c->height) return P1_ERR_EVENT_HEIGHT;
    TRY(json_lit(&j, ",\"type\":"));
    TRY(json_plain(&j, &type));
    unsigned t = 0;
    while (t < EVENT_TYPES && !span_eq(type, span_str(types[t].name))) t++;
    if (t == EVENT_TYPES) return P1_ERR_EVENT_FORM;
    out->type = (enum event_type)t;
    if (types[t].most) {
        TRY(json_lit(&j, ",\"payload\":"));
        TRY(json_hash(&j, payload));
    }
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

// 64 hexadecimal digits and one of two endings.
static enum p1_err name_parse(struct span name, uint8_t hash[32], int *is_event) {
    if (name.n < 64) return P1_ERR_ARCHIVE_HEADER;
    struct span ending = span_from(name, 64);
    *is_event = span_eq(ending, SPAN_LIT(".event.json"));
    if (!*is_event && !span_eq(ending, SPAN_LIT(".data.json"))) return P1_ERR_ARCHIVE_HEADER;
    return hash_decode(hash, span_of(name.p, 64)) == P1_OK ? P1_OK : P1_ERR_ARCHIVE_HEADER;
}

static enum p1_err record_read(const struct chain *c, struct span file, size_t at, struct record *out, int *is_event,
                               size_t *end) {
    struct tar_record r;
    uint8_t digest[32];
    TRY(tar_read(file, at, &r));
    if (r.time != c->time) return P1_ERR_ARCHIVE_HEADER;
    TRY(name_parse(r.name, out->hash, is_event));
    sha256(digest, r.content);
    if (memcmp(digest, out->hash, 32) != 0) return P1_ERR_RECORD_HASH;
    out->content = r.content;
    *end = r.end;
    return P1_OK;
}

// The records that were read fit the event.
static enum p1_err event_finish(struct chain *c, struct event *out, const struct record *r) {
    uint8_t payload[32] = {0};
    enum p1_err err = event_parse(r->content, c, out, payload);
    if (err >= P1_ERR_JSON && err <= P1_ERR_HASH_FORM) err = P1_ERR_EVENT_FORM;
    TRY(err);
    if (out->record_count < types[out->type].least) return P1_ERR_EVENT_PAYLOAD;
    if (out->record_count > types[out->type].most) return P1_ERR_EVENT_EXTRA;
    if (out->record_count && memcmp(out->record[out->record_count - 1].hash, payload, 32) != 0)
        return P1_ERR_EVENT_PAYLOAD;
    memcpy(out->hash, r->hash, 32);
    memcpy(c->tip, r->hash, 32);
    c->height++;
    return P1_OK;
}

enum p1_err chain_next(struct chain *c, struct span file, struct event *out, int *more) {
    const size_t start = c->at;
    size_t at = start;
    out->record_count = 0;
    *more = at < file.n;
    if (!*more) return P1_OK;
    for (;;) {
        struct record r;
        int is_event;
        size_t end;
        c->at = at;
        if (at == file.n) return P1_ERR_ARCHIVE_TORN; // records without their event
        TRY(record_read(c, file, at, &r, &is_event, &end));
        if (is_event) {
            TRY(event_finish(c, out, &r));
            c->last = start;
            c->at = end;
            return P1_OK;
        }
        if (out->record_count == EVENT_RECORDS_MAX) return P1_ERR_EVENT_EXTRA;
        out->record[out->record_count++] = r;
        at = end;
    }
}

// ---- torn writes ----

// The height that an event's content gives, if it gets that far.
static int height_of(struct span content, uint64_t *height) {
    struct json j = json_of(content);
    uint8_t parent[32];
    if (!json_take(&j, "{")) return 0;
    if (json_take(&j, "\"parent\":") && (json_hash(&j, parent) != P1_OK || !json_take(&j, ","))) return 0;
    return json_take(&j, "\"height\":") && json_uint(&j, INT64_MAX, height) == P1_OK;
}

static int all_zero(struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i]) return 0;
    }
    return 1;
}

// What is left at or after AT of the events from number HEIGHT on: is there anything of a later one, that was written in a write
// of its own, and is there a block of zeros? The write of an event ends with the event: what stands behind that is later.
static void look_at_tail(struct span file, size_t at, uint64_t height, int *later, int *zeros) {
    size_t event_end = SIZE_MAX;
    *later = *zeros = 0;
    for (; at < file.n; at += TAR_BLOCK) {
        const size_t left = file.n - at;
        const struct span block = span_of(file.p + at, left < TAR_BLOCK ? left : TAR_BLOCK);
        const int zero = all_zero(block);
        uint8_t hash[32];
        int is_event;
        *later |= !zero && at >= event_end;
        *zeros |= zero && block.n == TAR_BLOCK;
        if (block.n < TAR_BLOCK || block.p[64 + 11]) continue; // ".event.json" ends there
        if (name_parse(span_of(block.p, 64 + 11), hash, &is_event) != P1_OK || !is_event) continue;
        uint64_t found;
        struct span content = span_from(file, at + TAR_BLOCK);
        *later |= height_of(content, &found) && found != height;
        event_end = at + 2 * TAR_BLOCK;
    }
}

enum p1_err chain_find_end(struct chain *c, struct span file, size_t *end) {
    struct event ev;
    int later, zeros;
    TRY(chain_begin(c, file));
    for (int more;;) {
        size_t start = c->at;
        *end = start;
        enum p1_err err = chain_next(c, file, &ev, &more);
        if (err == P1_OK && more) continue;
        if (err == P1_OK) return P1_OK;
        look_at_tail(file, c->at, c->height, &later, &zeros);
        c->at = start;
        int cut_short = err == P1_ERR_ARCHIVE_TORN;
        return (cut_short || zeros) && !later ? P1_OK : P1_ERR_ARCHIVE_DAMAGED;
    }
}

// ---- writing ----

enum p1_err chain_create(struct chain *c, uint64_t time, struct buf *out) {
    uint8_t text[64];
    struct buf b = buf_over(text, sizeof text);
    memset(c, 0, sizeof *c);
    c->time = time;
    buf_str(&b, "{\"version\":1,\"timestamp\":\"");
    buf_u64(&b, time);
    buf_str(&b, "\"}");
    TRY(tar_write(out, span_str(first_name), buf_span(&b), time));
    c->at = tar_size(b.n);
    return P1_OK;
}

enum { EVENT_TEXT_MAX = 320 };

static enum p1_err record_write(const struct chain *c, struct span content, const char *ending, uint8_t hash[32],
                                struct buf *out) {
    uint8_t name[TAR_NAME_MAX];
    struct buf b = buf_over(name, sizeof name);
    sha256(hash, content);
    buf_hex(&b, span_of(hash, 32));
    buf_str(&b, ending);
    return tar_write(out, buf_span(&b), content, c->time);
}

// The record of an event; PAYLOAD is the hash of its last record, null if it has none.
static void event_text(const struct chain *c, enum event_type type, const uint8_t *payload, struct buf *b) {
    buf_char(b, '{');
    if (c->height) {
        buf_str(b, "\"parent\":\"");
        buf_hex(b, span_of(c->tip, 32));
        buf_str(b, "\",");
    }
    buf_str(b, "\"height\":");
    buf_u64(b, c->height);
    buf_str(b, ",\"type\":\"");
    buf_str(b, types[type].name);
    buf_char(b, '"');
    if (payload) {
        buf_str(b, ",\"payload\":\"");
        buf_hex(b, span_of(payload, 32));
        buf_char(b, '"');
    }
    buf_char(b, '}');
}

static void move_on(struct chain *c, const uint8_t hash[32], size_t bytes) {
    memcpy(c->tip, hash, 32);
    c->height++;
    c->last = c->at;
    c->at += bytes;
}

enum p1_err chain_write(struct chain *c, enum event_type type, const struct span *records, unsigned n,
                        struct buf *out) {
    const size_t start = out->n;
    uint8_t text[EVENT_TEXT_MAX], hash[32];
    struct buf b = buf_over(text, sizeof text);
    for (unsigned i = 0; i < n; i++) TRY(record_write(c, records[i], ".data.json", hash, out));
    event_text(c, type, n ? hash : NULL, &b);
    TRY(record_write(c, buf_span(&b), ".event.json", hash, out));
    move_on(c, hash, out->n - start);
    return P1_OK;
}

void chain_count(struct chain *c, enum event_type type, const struct span *records, unsigned n,
                 const uint8_t *payload) {
    uint8_t text[EVENT_TEXT_MAX], hash[32];
    struct buf b = buf_over(text, sizeof text);
    size_t bytes = 0;
    for (unsigned i = 0; i < n; i++) bytes += tar_size(records[i].n);
    event_text(c, type, payload, &b);
    sha256(hash, buf_span(&b));
    move_on(c, hash, bytes + tar_size(b.n));
}

size_t chain_write_size(const struct span *records, unsigned n) {
    size_t size = tar_size(EVENT_TEXT_MAX);
    for (unsigned i = 0; i < n; i++) size += tar_size(records[i].n);
    return size;
}
