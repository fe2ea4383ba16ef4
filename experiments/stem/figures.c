// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the register of experiments shows of a vote: all of it is public while the vote goes on.

#include <stdio.h>

#include "experiments/stem/inside.h"

enum { SECONDS_AN_HOUR = 3600 };

static void copy(char *out, size_t room, struct span text) {
    size_t n = text.n < room ? text.n : room - 1;
    memcpy(out, text.p, n);
    out[n] = 0;
}

// The questions, each on a line. What does not fit is left out: the vote's own page has all.
static void write_questions(const struct election *e, char *out, size_t room) {
    struct buf all = buf_over(out, room - 1);
    for (unsigned i = 0; i < e->question_count && !all.full; i++) {
        struct buf b = all;
        json_unescape(&b, e->questions[i].text);
        if (b.full) break;
        utf8_disarm(b.p + all.n, b.n - all.n);
        buf_char(&b, '\n');
        if (!b.full) all = b;
    }
    out[all.n] = 0;
}

int stem_figures(void *state, struct span thing, struct experiment_figures *out) {
    struct stem_state *s = state;
    struct live_state at;
    const struct live *l = ballotbox_find(s->ballotbox, thing);
    if (!l) return 0;
    ballotbox_state(s->ballotbox, l, &at);
    int64_t opens = (int64_t)(at.opens / SECONDS_AN_HOUR);
    *out = (struct experiment_figures){.opened = opens > at.since ? opens : at.since,
                                       .invited = at.voters,
                                       .participants = at.voted,
                                       .bytes = at.bytes,
                                       .cpu_ns = at.cpu_ns};
    copy(out->municipality, sizeof out->municipality, span_str(l->row.municipality));
    (void)snprintf(out->page, sizeof out->page, "/votes/%s", l->row.uuid);
    write_questions(&l->box->election, out->asked, sizeof out->asked);
    return 1;
}
