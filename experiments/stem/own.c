// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// POST /v1/elections/{uuid}/own-data: all that this server holds about a code, for who has it. The body is a request as
// core/own_data.h describes it: a POST, so that neither credential nor signature stands in a log of addresses, and nobody keeps the
// answer on its way. It asks, and is itself a use that is written down. 200:
//
//   {"election":"..","credential":"..","weight":n,"withdrawn":false,
//    "ballots":[{"height":n,..,"hour":n,"tracker":"..","counts":true},..],   as /ballots/{tracker} shows them, where their content is
//    "notices":[{"message":"..","signatures":[..]},..],                      those about this code
//    "uses":[{"use":"ballot","hour":n,"times":n},..,{"use":"own-data","hour":n,"times":n},..],   this one too
//    "inMemory":{"newBallots":n,"detail":".."},"statement":".."}
//
// Each request counts for its address as a failure does (platform/failures.h), but for those that a lost key makes impossible.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "experiments/stem/inside.h"

#define STATEMENT                                                                                                    \
    "No name, no address and no choice is here: this server does not know whose code this is, and it cannot open a " \
    "ballot."
#define IN_MEMORY                                                                                                     \
    "The server counts the ballots of a code to limit them, and remembers until it stops when the last one came, to " \
    "ask for a pause before the next."

struct asking {
    struct cast cast;
    struct http_request *request;
    struct stem_state *s;
};

struct writing {
    const struct asking *a;
    struct rows *rows;
    FILE *out;
};

static int64_t place_of(const struct cast *c) { return live_place(c->live, c->voter); }

// ---- parts of the answer ----

static void put_use(const struct writing *w, int *any, const char *use, int64_t hour, int64_t times) {
    (void)fprintf(w->out, "%s{\"use\":\"%s\",\"hour\":%" PRId64 ",\"times\":%" PRId64 "}", *any ? "," : "", use, hour,
                  times);
    *any = 1;
}

static enum p1_err next_ballot(const struct writing *w, int64_t after, struct event_row *event, int *found) {
    const struct cast *c = &w->a->cast;
    return rows_next_ballot(w->rows, c->live->row.id, place_of(c), after, event, found);
}

static enum p1_err put_ballots(const struct writing *w) {
    struct event_row event, later;
    int found, has_later;
    TRY(next_ballot(w, -1, &event, &found));
    while (found) {
        uint8_t text[512];
        struct buf b = buf_over(text, sizeof text);
        stem_write_event(&b, &event);
        TRY(next_ballot(w, (int64_t)event.height, &later, &has_later));
        (void)fprintf(w->out, "%.*s,\"counts\":%s}%s", (int)b.n - 1, (const char *)b.p, has_later ? "false" : "true",
                      has_later ? "," : "");
        event = later;
        found = has_later;
    }
    return P1_OK;
}

static enum p1_err put_uses(const struct writing *w) {
    const struct cast *c = &w->a->cast;
    struct event_row event;
    int64_t hour = 0, times = 0, before = -1;
    int found, any = 0;
    for (int64_t after = -1;; after = (int64_t)event.height) {
        TRY(next_ballot(w, after, &event, &found));
        if (times && (!found || event.hour != before)) put_use(w, &any, "ballot", before, times);
        if (!found) break;
        times = event.hour == before ? times + 1 : 1;
        before = event.hour;
    }
    for (int64_t after = -1;; after = hour) {
        TRY(rows_next_request(w->rows, c->live->row.id, place_of(c), after, &hour, &times, &found));
        if (!found) return P1_OK;
        put_use(w, &any, "own-data", hour, times);
    }
}

static int holds(struct span text, struct span what) {
    for (; text.n >= what.n; text = span_from(text, 1)) {
        if (memcmp(text.p, what.p, what.n) == 0) return 1;
    }
    return 0;
}

// The credential as it stands in a line, whose message is a text within JSON.
static enum p1_err put_notices(const struct writing *w) {
    const struct cast *c = &w->a->cast;
    char about[P1_ELEM_TEXT + 32];
    int n = snprintf(about, sizeof about, "\\\"credential\\\":\\\"%.*s\\\"", (int)c->own.credential.n,
                     (const char *)c->own.credential.p);
    int found = 1, any = 0;
    for (int64_t i = 0;; i++) {
        struct span line;
        TRY(rows_notice(w->rows, c->live->row.id, i, &line, &found));
        if (!found) return P1_OK;
        if (!holds(line, span_of(about, (size_t)n))) continue;
        (void)fprintf(w->out, "%s%.*s", any ? "," : "", (int)line.n - 1, (const char *)line.p);
        any = 1;
    }
}

static enum p1_err put_all(const struct writing *w) {
    const struct cast *c = &w->a->cast;
    struct voter_state v;
    ballotbox_voter(w->a->s->ballotbox, c->live, c->voter, &v);
    (void)fprintf(w->out,
                  "{\"election\":\"%s\",\"credential\":\"%.*s\",\"weight\":%" PRIu64 ",\"withdrawn\":%s,\"ballots\":[",
                  c->live->row.uuid, (int)c->own.credential.n, (const char *)c->own.credential.p, v.weight,
                  v.is_withdrawn ? "true" : "false");
    TRY(put_ballots(w));
    (void)fputs("],\"notices\":[", w->out);
    if (v.is_withdrawn) TRY(put_notices(w));
    (void)fputs("],\"uses\":[", w->out);
    TRY(put_uses(w));
    (void)fprintf(w->out, "],\"inMemory\":{\"newBallots\":%u,\"detail\":\"%s\"},\"statement\":\"%s\"}", v.tries,
                  IN_MEMORY, STATEMENT);
    return P1_OK;
}

// ---- the request ----

static void answer(const struct asking *a) {
    char *text = NULL;
    size_t n = 0;
    struct writing w = {.a = a, .rows = stem_rows(a->request, a->s)};
    if (!w.rows) return;
    w.out = open_memstream(&text, &n);
    enum p1_err err = w.out ? put_all(&w) : P1_ERR_MEMORY;
    if (w.out && fclose(w.out) && err == P1_OK) err = P1_ERR_MEMORY;
    ballotbox_rows_back(a->s->ballotbox, w.rows);
    if (err == P1_OK) {
        stem_count(COUNT_OWN_DATA);
        http_reply_owned(a->request, 200, MEDIA_JSON, text, n);
    } else {
        free(text);
        stem_problem(a->request, err);
    }
}

static void done(struct cast *c) {
    struct asking *a = c->arg;
    if (c->err == P1_OK)
        answer(a);
    else
        stem_problem_of(a->request, c->err, "Not a right request");
    free(a);
}

void stem_own_data(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct live *l = stem_election(r, s);
    if (!l || stem_held_off(r, s)) return;
    if (l->key_lost) { // a right request names the key that was frozen, and could not be told from a wrong one
        stem_problem(r, P1_ERR_RECEIPT_KEY);
        return;
    }
    stem_failed(r, s);
    struct asking *a = calloc(1, sizeof *a);
    if (!a) {
        stem_problem(r, P1_ERR_MEMORY);
        return;
    }
    *a = (struct asking){.request = r, .s = s, .cast = {.json = http_body(r), .done = done, .arg = a}};
    http_later(r); // before anybody can answer
    enum p1_err err = ballotbox_ask_own_data(s->ballotbox, l, &a->cast);
    if (err == P1_OK) return;
    a->cast.err = err;
    done(&a->cast);
}
