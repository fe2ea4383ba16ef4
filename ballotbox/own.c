// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Requests for what is held about a code.

#include "ballotbox/inside.h"

enum { SECONDS_AN_HOUR = 3600 };

enum p1_err ballotbox_ask_own_data(struct ballotbox *bb, struct live *l, struct cast *c) {
    uint64_t hour = bb->config.now(bb->config.arg) / SECONDS_AN_HOUR;
    TRY(own_data_parse(&c->own, &l->box->election.group.q, c->json));
    if (c->own.hour != hour && c->own.hour + 1 != hour) return P1_ERR_OWN_HOUR;
    c->asks = 1;
    c->live = l;
    c->voter = box_voter(l->box, c->own.credential);
    c->event.hour = (int64_t)hour;
    return inside_enter(bb, c);
}

// The signature first, whoever asks: nothing tells a code that is not on the roll from a signature that is not right.
enum p1_err inside_check_request(struct cast *c, struct work *w) {
    TRY(own_data_check(&c->live->box->election, &c->own, elem_span(&c->live->receipt_key), w));
    return c->voter ? P1_OK : P1_ERR_OWN_SIGNATURE;
}

enum p1_err inside_stage_request(struct ballotbox *bb, struct cast *c) {
    c->err = P1_OK;
    return rows_add_request(bb->rows, c->live->row.id, live_place(c->live, c->voter), c->event.hour);
}

void ballotbox_voter(struct ballotbox *bb, const struct live *l, const struct voter *v, struct voter_state *out) {
    *out = (struct voter_state){.weight = v->weight};
    pthread_mutex_lock(&bb->lock);
    out->tries = l->tries[live_place(l, v)];
    for (size_t i = 0; i < l->notices.count; i++) out->is_withdrawn |= l->notices.withdrawals[i].voter == v;
    pthread_mutex_unlock(&bb->lock);
}
