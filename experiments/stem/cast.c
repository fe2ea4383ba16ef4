// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// POST /v1/elections/{uuid}/ballots: the body is a ballot (core/ballot.h). 201, or 200 if it was in the box already:
//
//   {"tracker":"..","height":n,"hour":n,"ballots":n,"counts":true,"receipt":{"message":"..","signature":{..}}}
//
// ballots: how many this code has in the box. counts: false if a later one of this code does.

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "experiments/stem/inside.h"

// ---- refusals ----

static const struct {
    enum p1_err err;
    unsigned status;
    const char *code, *title;
} problems[] = {
    {P1_ERR_BOX_EARLY, 409, "voting-not-begun", "Voting has not begun"},
    {P1_ERR_BOX_CLOSED, 409, "voting-ended", "Voting has ended"},
    {P1_ERR_RECEIPT_KEY, 503, "key-missing", "Voting is not possible now"},
    {P1_ERR_BOX_HELD, 503, "closed-for-votes", "Closed for votes"},
    {P1_ERR_BUSY, 503, "busy", "Very busy"},
    {P1_ERR_LIMIT_WAIT, 429, "wait-a-minute", "Please wait a minute"},
    {P1_ERR_LIMIT_ALL, 403, "no-more-votes", "This code has voted as often as it can"},
    {P1_ERR_BALLOT_STRANGER, 403, "unknown-code", "This code is not on the list"},
    {P1_ERR_NOTICE_AFTER, 403, "code-withdrawn", "This code was withdrawn"},
    {P1_ERR_BALLOT_ELECTION, 409, "other-election", "A ballot of another vote"},
    {P1_ERR_BALLOT_ELECTION_HASH, 409, "other-paper", "A ballot for another question paper"},
    {P1_ERR_DB, 500, "internal-error", "Something went wrong"},
    {P1_ERR_DB_FULL, 507, "disk-full", "Nothing can be stored now"},
    {P1_ERR_MEMORY, 503, "busy", "Very busy"},
    {P1_ERR_OWN_SIGNATURE, 403, "not-signed", "Not signed with a code of this vote"},
    {P1_ERR_OWN_HOUR, 400, "wrong-hour", "Not of this hour"},
};

void stem_problem(struct http_request *r, enum p1_err err) { stem_problem_of(r, err, "Not a right ballot"); }

void stem_problem_of(struct http_request *r, enum p1_err err, const char *title) {
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        if (problems[i].err != err) continue;
        int person = err == P1_ERR_BOX_HELD || err == P1_ERR_RECEIPT_KEY; // somebody must do something first
        if (problems[i].status == 503) http_set(r, "Retry-After", person ? "300" : "5");
        http_problem(r, problems[i].status, problems[i].code, problems[i].title, p1_err_text(err));
        return;
    }
    char code[64];
    const char *name = p1_err_name(err); // ERR_BALLOT_HASH becomes ballot-hash
    size_t n = 0;
    for (name += 4; *name && n + 1 < sizeof code; name++) code[n++] = (char)(*name == '_' ? '-' : *name | 0x20);
    code[n] = 0;
    http_problem(r, 400, code, title, p1_err_text(err));
}

// ---- who is held off ----

static int64_t now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec;
}

void stem_failed(struct http_request *r, struct stem_state *s) {
    struct address from;
    stem_count(COUNT_FAILURES);
    if (address_parse(&from, span_str(http_client(r)))) failures_add(s->failures, &from, now_s());
}

int stem_held_off(struct http_request *r, struct stem_state *s) {
    struct address from;
    char text[16], detail[200];
    unsigned wait = 0;
    if (address_parse(&from, span_str(http_client(r)))) wait = failures_wait(s->failures, &from, now_s());
    if (!wait) return 0;
    stem_count(COUNT_HELD_OFF);
    (void)snprintf(text, sizeof text, "%u", wait);
    (void)snprintf(detail, sizeof detail,
                   "Too much that was not right came from this network within an hour. Please try again in %u seconds.",
                   wait);
    http_set(r, "Retry-After", text);
    http_problem(r, 429, "too-many-failures", "Please wait", detail);
    return 1;
}

// What nobody who means well sends often. What came too early, too late, too often or twice, and what is our fault, is none.
static int is_failure(enum p1_err err) {
    static const enum p1_err none[] = {
        P1_OK,       P1_ERR_BALLOT_TWICE, P1_ERR_BOX_EARLY, P1_ERR_BOX_CLOSED, P1_ERR_LIMIT_WAIT,  P1_ERR_LIMIT_ALL,
        P1_ERR_BUSY, P1_ERR_MEMORY,       P1_ERR_DB,        P1_ERR_DB_FULL,    P1_ERR_RECEIPT_KEY, P1_ERR_BOX_HELD,
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (none[i] == err) return 0;
    }
    return 1;
}

// ---- a ballot on its way ----

struct way {
    struct cast cast;
    struct http_request *request;
    struct stem_state *s;
};

static void answer(struct way *way) {
    const struct cast *c = &way->cast;
    uint8_t text[RECEIPT_MAX + 512];
    struct buf b = buf_over(text, sizeof text);
    buf_str(&b, "{\"tracker\":\"");
    buf_base64(&b, span_of(c->event.tracker, 32));
    buf_str(&b, "\",\"height\":");
    buf_u64(&b, c->event.height);
    buf_str(&b, ",\"hour\":");
    buf_u64(&b, (uint64_t)c->event.hour);
    buf_str(&b, ",\"ballots\":");
    buf_u64(&b, c->ballots);
    buf_str(&b, c->replaced ? ",\"counts\":false,\"receipt\":" : ",\"counts\":true,\"receipt\":");
    buf_put(&b, buf_span(&c->receipt));
    buf_char(&b, '}');
    if (buf_done(&b) == P1_OK)
        http_reply(way->request, c->err == P1_OK ? 201 : 200, MEDIA_JSON, buf_span(&b));
    else
        stem_problem(way->request, P1_ERR_DB);
}

static void refuse(struct way *way) {
    char text[16];
    if (way->cast.err == P1_ERR_LIMIT_WAIT) {
        (void)snprintf(text, sizeof text, "%u", way->cast.wait);
        http_set(way->request, "Retry-After", text);
    }
    stem_problem(way->request, way->cast.err);
}

static enum stem_counter outcome_of(enum p1_err err) {
    switch ((int)err) {
    case P1_OK: return COUNT_TAKEN;
    case P1_ERR_BALLOT_TWICE: return COUNT_REPEATED;
    case P1_ERR_BOX_EARLY:
    case P1_ERR_BOX_CLOSED: return COUNT_NOT_OPEN;
    case P1_ERR_LIMIT_WAIT:
    case P1_ERR_LIMIT_ALL: return COUNT_LIMITED;
    default: return is_failure(err) ? COUNT_REFUSED : COUNT_FAILED;
    }
}

static void done(struct cast *c) {
    struct way *way = c->arg;
    int is_there = c->err == P1_OK || c->err == P1_ERR_BALLOT_TWICE;
    stem_count(outcome_of(c->err));
    if (is_failure(c->err)) stem_failed(way->request, way->s);
    if (is_there)
        answer(way);
    else
        refuse(way);
    free(way);
}

void stem_cast(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct live *l = stem_election(r, s);
    if (!l || stem_held_off(r, s)) return;
    struct way *way = calloc(1, sizeof *way);
    if (!way) {
        stem_problem(r, P1_ERR_MEMORY);
        return;
    }
    way->request = r;
    way->s = s;
    way->cast = (struct cast){.json = http_body(r), .done = done, .arg = way};
    http_later(r); // before anybody can answer
    enum p1_err err = ballotbox_cast(s->ballotbox, l, &way->cast);
    if (err == P1_OK) return;
    way->cast.err = err;
    done(&way->cast);
}
