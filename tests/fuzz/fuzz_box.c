// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The whole check of changed elections (edits.h). One with which nothing is wrong is accepted. One that is accepted holds only
// ballots that voters made, its result is what they said, counted without any cryptography, and ballot box and store take it too.

#include "tests/fuzz/edits.h"

static void accepted(const struct edited *e, const struct judged *j) {
    struct box *b = new_box();
    HOLDS(box_read(b, e->file, plain_runner()->work) == P1_OK);
    HOLDS(b->stage == j->box->stage && b->ballots == j->box->ballots && b->counted == j->box->counted);
    edits_accepted(e, b->stage == BOX_PUBLISHED ? j->counts : NULL);
    free_box(b);
}

// A right archive is whole; a torn one is right up to where it is cut off, if it was right before.
static void whole(const struct edited *e, enum p1_err err) {
    struct chain c;
    size_t end;
    enum p1_err found = chain_find_end(&c, e->file, &end);
    if (err == P1_OK) HOLDS(found == P1_OK && end == e->file.n);
    if (found == P1_OK && end < e->file.n) HOLDS(err != P1_OK);
    if (found == P1_OK) HOLDS(end <= e->file.n && chain_find_end(&c, span_of(e->file.p, end), &end) == P1_OK);
}

// Any ballot of the script, offered to the box that the others make.
static void offered(const struct edited *e) {
    struct box *b = new_box();
    struct ballot parsed;
    for (unsigned i = 0; i < e->script.n && b->stage <= BOX_OPEN; i++) {
        const struct step *s = &e->script.step[i];
        if (s->type == EVENT_BALLOT && s->n && b->stage == BOX_OPEN &&
            box_admits(b, s->record[0], &parsed, plain_runner()->work) == P1_OK) {
            HOLDS(edits_is_vote(s->record[0]));
            HOLDS(s->n != 1 || apply_step(b, s) == P1_OK); // what is admitted can be added
        } else if (s->type != EVENT_BALLOT && s->n == e->of->script.step[0].n) {
            if (apply_step(b, s) != P1_OK) break;
        }
    }
    free_box(b);
}

void fuzz_one(struct span in) {
    struct edited e;
    edits_start();
    edits_take(&e, in);
    struct judged *j = judge(e.file, NULL);
    HOLDS(j->n > 0);
    HOLDS((j->err != P1_OK) == (j->line[j->n - 1].status == CHECK_FAILED));
    HOLDS(lines_with(j, CHECK_FAILED) == (j->err != P1_OK));
    HOLDS(!e.right || j->err == P1_OK);
    if (j->err == P1_OK) accepted(&e, j);
    whole(&e, j->err);
    if (e.options & 1) offered(&e);
    free_judged(j);
    edits_release(&e);
}
