// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "ballotbox/live.h"

#include <sodium.h>
#include <stdlib.h>

#include "core/credential.h"
#include "core/hash_scalar.h"
#include "core/pki.h"

// ---- receipts ----

static void receipt_scalar(const struct group *g, const uint8_t seed[32], struct scalar *out) {
    seed_scalar(&g->q, seed, SPAN_LIT("receipt"), out);
}

void receipt_key_public(const struct group *g, const uint8_t receipt_seed[32], struct elem_text *out, struct work *w) {
    struct scalar x;
    receipt_scalar(g, receipt_seed, &x);
    credential_public(g, &x, out, w);
    sodium_memzero(&x, sizeof x);
}

enum p1_err receipt_write(const struct live *l, const struct event_row *event, struct buf *out, struct work *w) {
    uint8_t text[512];
    struct buf m = buf_over(text, sizeof text);
    struct draws d = {.n = 0};
    buf_str(&m, "{\"election\":\"");
    buf_str(&m, l->row.uuid);
    buf_str(&m, "\",\"tracker\":\"");
    buf_base64(&m, span_of(event->tracker, 32));
    buf_str(&m, "\",\"height\":");
    buf_u64(&m, event->height);
    buf_str(&m, ",\"event\":\"");
    buf_hex(&m, span_of(event->hash, 32));
    buf_str(&m, "\",\"hour\":");
    buf_u64(&m, (uint64_t)event->hour);
    buf_char(&m, '}');
    TRY(buf_done(&m));
    randombytes_buf(d.seed, sizeof d.seed);
    buf_str(out, "{\"message\":");
    buf_json_string(out, buf_span(&m));
    buf_str(out, ",\"signature\":");
    signature_write(&l->box->election.group, &l->receipt, buf_span(&m), &d, out, w);
    buf_char(out, '}');
    sodium_memzero(&d, sizeof d);
    return buf_done(out);
}

enum p1_err receipt_read(struct span message, struct receipt *out) {
    struct json j = json_of(message);
    TRY(json_lit(&j, "{\"election\":"));
    TRY(json_plain(&j, &out->election));
    TRY(json_lit(&j, ",\"tracker\":"));
    TRY(json_plain(&j, &out->tracker));
    TRY(json_lit(&j, ",\"height\":"));
    TRY(json_uint(&j, INT64_MAX, &out->height));
    TRY(json_lit(&j, ",\"event\":"));
    TRY(json_hash(&j, out->event));
    TRY(json_lit(&j, ",\"hour\":"));
    TRY(json_uint(&j, UINT32_MAX, &out->hour));
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

// ---- loading ----

// The Setup event, its records copied to memory that stays.
static enum p1_err load_setup(struct live *l, struct rows *r, struct work *w) {
    struct event_row row;
    struct event ev = {.type = EVENT_SETUP};
    size_t total = 0;
    int found;
    TRY(rows_event(r, l->row.id, 0, &row, &found));
    if (!found || row.type != EVENT_SETUP) return P1_ERR_DB;
    l->since = row.hour;
    for (unsigned i = 0; i < row.record_count; i++) total += row.record[i].n;
    l->setup = malloc(total + 1);
    if (!l->setup) return P1_ERR_MEMORY;
    struct buf b = buf_over(l->setup, total);
    ev.record_count = row.record_count;
    for (unsigned i = 0; i < row.record_count; i++) {
        ev.record[i].content = span_of(b.p + b.n, row.record[i].n);
        buf_put(&b, row.record[i]);
        sha256(ev.record[i].hash, ev.record[i].content);
    }
    return box_apply(l->box, &ev, w);
}

static void count(void *arg, int64_t voter, int64_t n) {
    struct live *l = arg;
    struct box *b = l->box;
    if (voter < 0 || (size_t)voter >= b->voter_count) return;
    struct voter *v = &b->voters[voter];
    uint16_t few = n < UINT16_MAX ? (uint16_t)n : UINT16_MAX;
    v->ballots = few;
    v->ballot = v->credential; // notices ask only whether there is one
    l->tries[voter] = few;
    b->ballots += (uint64_t)n;
    b->counted++;
    b->counted_weight += v->weight;
}

// Where the chain ends, and in which stage the box is.
static enum p1_err load_end(struct live *l, struct rows *r) {
    static const enum box_stage after[EVENT_TYPES] = {
        [EVENT_SETUP] = BOX_OPEN,    [EVENT_BALLOT] = BOX_OPEN,   [EVENT_END_BALLOTS] = BOX_ENDED,
        [EVENT_TALLY] = BOX_TALLIED, [EVENT_SHARE] = BOX_TALLIED, [EVENT_RESULT] = BOX_PUBLISHED,
    };
    struct event_row last;
    struct span part;
    int found;
    TRY(rows_last_event(r, l->row.id, &last, &found));
    if (!found || last.type >= EVENT_TYPES) return P1_ERR_DB;
    TRY(rows_archive_part(r, &l->row, &last, &part));
    l->box->chain = (struct chain){.time = l->row.time, .at = last.at + part.n, .height = last.height + 1};
    memcpy(l->box->chain.tip, last.hash, 32);
    l->box->stage = after[last.type];
    return P1_OK;
}

static enum p1_err load_bundle(struct live *l, struct span bundle) {
    if (!bundle.n) return P1_OK;
    l->bundle = malloc(bundle.n);
    if (!l->bundle) return P1_ERR_MEMORY;
    memcpy(l->bundle, bundle.p, bundle.n);
    l->row.bundle = span_of(l->bundle, bundle.n);
    return bundle_parse(l->row.bundle, &l->terms);
}

// For a withdrawal: was there a ballot before it, and has its neutral one been cast since?
static enum p1_err load_withdrawal(struct live *l, struct rows *r, struct withdrawal *x) {
    struct event_row event;
    uint64_t height = 0;
    int found;
    for (height = l->box->chain.height; height-- > 0;) {
        TRY(rows_event(r, l->row.id, height, &event, &found));
        if (!found) return P1_ERR_DB;
        if (memcmp(event.hash, x->event, 32) == 0) break;
        if (height == 0) return P1_ERR_NOTICE_EVENT;
    }
    x->begun = 1;
    int64_t voter = live_place(l, x->voter);
    TRY(rows_next_ballot(r, l->row.id, voter, -1, &event, &found));
    x->after_vote = found && event.height <= height;
    TRY(rows_next_ballot(r, l->row.id, voter, (int64_t)height, &event, &found));
    x->neutral_cast = found;
    return P1_OK;
}

static enum p1_err load_notices(struct live *l, struct rows *r, struct work *w) {
    struct span line;
    int found;
    size_t at;
    TRY(notices_keys(&l->notices, &l->box->election, w));
    for (;; l->notice_count++) {
        TRY(rows_notice(r, l->row.id, l->notice_count, &line, &found));
        if (!found) break;
        TRY(notices_read(&l->notices, l->box, line, &at, w));
    }
    for (size_t i = 0; i < l->notices.count; i++) TRY(load_withdrawal(l, r, &l->notices.withdrawals[i]));
    if (l->notices.closes) l->closes = l->notices.closes;
    return P1_OK;
}

static enum p1_err load_platform_events(struct live *l, struct rows *r) {
    for (int found;; l->platform_events++) {
        TRY(rows_platform_event(r, l->row.id, l->platform_events, &l->restored, &found));
        if (!found) return P1_OK;
        l->held = l->restored.type == PLATFORM_RESTORED;
    }
}

static enum p1_err load(struct live *l, struct rows *r, const uint8_t receipt_seed[32], struct work *w) {
    TRY(load_bundle(l, l->row.bundle)); // before the row's texts are gone
    TRY(load_setup(l, r, w));
    l->opens = l->row.opens;
    l->closes = l->row.closes;
    l->tries = calloc(l->box->voter_count, sizeof *l->tries);
    l->minute = calloc(l->box->voter_count, sizeof *l->minute);
    if (!l->tries || !l->minute) return P1_ERR_MEMORY;
    TRY(rows_count_ballots(r, l->row.id, count, l));
    TRY(load_end(l, r));
    TRY(rows_cpu(r, l->row.id, &l->cpu_kept));
    l->cpu_ns = l->cpu_kept;
    TRY(load_notices(l, r, w));
    TRY(load_platform_events(l, r));
    receipt_scalar(&l->box->election.group, receipt_seed, &l->receipt);
    receipt_key_public(&l->box->election.group, receipt_seed, &l->receipt_key, w);
    l->key_lost = l->terms.receipt_key.n && !span_eq(l->terms.receipt_key, elem_span(&l->receipt_key));
    return P1_OK;
}

enum p1_err live_load(struct live **out, struct rows *r, const struct box_row *row, const uint8_t receipt_seed[32],
                      struct work *w) {
    struct live *l = calloc(1, sizeof *l);
    *out = l;
    if (!l) return P1_ERR_MEMORY;
    l->row = *row;
    notices_init(&l->notices);
    l->box = malloc(sizeof *l->box);
    if (!l->box) return P1_ERR_MEMORY;
    box_init(l->box);
    return load(l, r, receipt_seed, w);
}

void live_free(struct live *l) {
    if (!l) return;
    if (l->box) box_release(l->box);
    notices_release(&l->notices);
    sodium_memzero(&l->receipt, sizeof l->receipt);
    free(l->box);
    free(l->setup);
    free(l->bundle);
    free(l->tries);
    free(l->minute);
    free(l);
}
