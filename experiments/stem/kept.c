// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A box that was restored from a backup: what is public of it, and opening it for votes again.
//
// GET /v1/elections/{uuid}/platform-events: lines of JSON (ballotbox/rows.h), only ever added to.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "experiments/stem/inside.h"
#include "platform/log.h"

void stem_platform_events(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct live *l = stem_election(r, s);
    struct rows *rows = l ? stem_rows(r, s) : NULL;
    struct buf b = {0};
    struct platform_event e;
    enum p1_err err = P1_OK;
    int found = 1;
    if (!rows) return;
    for (int64_t n = 0; err == P1_OK && found; n++) {
        err = rows_platform_event(rows, l->row.id, n, &e, &found);
        if (err != P1_OK || !found) break;
        void *p = realloc(b.p, b.n + PLATFORM_EVENT_ROOM);
        if (!p) err = P1_ERR_MEMORY;
        if (!p) break;
        b.p = p;
        b.cap = b.n + PLATFORM_EVENT_ROOM;
        platform_event_write(&e, n, &b);
    }
    ballotbox_rows_back(s->ballotbox, rows);
    if (err == P1_OK)
        http_reply(r, 200, "application/x-ndjson", buf_span(&b));
    else
        stem_problem(r, err);
    free(b.p);
}

void say_held(FILE *out, const struct live *l, const struct live_state *at) {
    const struct platform_event *e = &at->restored;
    if (!at->held) return;
    fprintf(out, "  closed for votes: restored from a backup, whose last event is %" PRIu64 "; ", e->height);
    if (e->shown < 0)
        fputs("no receipt or mirror was given that shows more\n", out);
    else if (e->lost)
        fprintf(out, "event %" PRId64 " was shown, so %" PRIu64 " are lost\n", e->shown, e->lost);
    else
        fprintf(out, "event %" PRId64 " was shown, so none is known to be lost\n", e->shown);
    fprintf(out, "  it opens with: plus1 box reopen --data DIR --accept-loss %" PRIu64 " %s\n", e->lost, l->row.uuid);
}

int verb_reopen(void *arg, int argc, char **argv, FILE *out) {
    struct stem_state *s = arg;
    struct json j = json_of(argc == 2 ? span_str(argv[1]) : (struct span){0});
    uint64_t lost;
    if (json_uint(&j, INT64_MAX, &lost) != P1_OK || json_end(&j) != P1_OK) {
        fputs("the server and this program are of different versions\n", out);
        return 3;
    }
    struct live *l = ballotbox_find(s->ballotbox, span_str(argv[0]));
    if (!l) {
        fprintf(out, "there is no box %s here\n", argv[0]);
        return 1;
    }
    enum p1_err err = ballotbox_reopen(s->ballotbox, l, lost);
    if (err == P1_OK) {
        log_line(LOG_WARNING, "reopened", "election", l->row.uuid, "lost", LOG_NUMBER(lost));
        fprintf(out, "%s is open for votes again; that %" PRIu64 " events are known to be lost is public\n",
                l->row.uuid, lost);
        return 0;
    }
    struct live_state at;
    ballotbox_state(s->ballotbox, l, &at);
    fprintf(out, "%s (%s)\n", p1_err_text(err), p1_err_name(err));
    say_held(out, l, &at);
    return err == P1_ERR_BOX_LOSS || err == P1_ERR_BOX_NOT_HELD ? 1 : 2;
}
