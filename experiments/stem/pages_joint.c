// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A vote of several municipalities: its boxes, and the sum once each of them has a result on this server.

#include <stdio.h>
#include <stdlib.h>

#include "board/check.h"
#include "experiments/stem/pages.h"

struct joint {
    unsigned n;
    struct shown box[BUNDLE_BOXES_MAX];
    uint64_t *counts[BUNDLE_BOXES_MAX];
    uint64_t *sum, voted;
};

static void list(struct page *g, const struct shown *v) {
    const struct bundle *terms = &v->l->terms;
    page_say_in(g, TEXT_JOINT_TITLE, NULL, "h2");
    page_say_in(g, TEXT_JOINT_TEXT, NULL, "p");
    page_open(g, "ul");
    for (unsigned i = 0; i < terms->box_count; i++) {
        char path[PAGE_PATH_MAX];
        const struct live *l = ballotbox_find(v->s->ballotbox, terms->box[i]);
        page_open(g, "li");
        if (l) {
            (void)snprintf(path, sizeof path, "/votes/%s", l->row.uuid);
            page_link(g, path, l->row.municipality);
        } else {
            page_open(g, "code");
            page_span(g, terms->box[i]);
            page_close(g);
        }
        page_close(g);
    }
    page_close(g);
}

static void no_line(struct checker *c, const struct check_line *line) {
    (void)c;
    (void)line;
}

// The boxes fit each other, and their sum: 0 if there is none yet.
static int add_up(struct joint *j) {
    struct checker c = {.line = no_line};
    const struct box *boxes[BUNDLE_BOXES_MAX];
    const uint64_t *counts[BUNDLE_BOXES_MAX];
    int complete = 0;
    for (unsigned i = 0; i < j->n; i++) {
        boxes[i] = j->box[i].l->box;
        counts[i] = j->counts[i];
        j->voted += j->box[i].at.voted - j->box[i].noticed.neutral;
    }
    j->sum = calloc(P1_CHOICES_MAX, sizeof *j->sum);
    return j->sum && check_joint(&c, boxes, counts, j->n, j->sum, &complete) == P1_OK && complete;
}

static int read_all(struct joint *j, const struct shown *v, struct rows *rows) {
    const struct bundle *terms = &v->l->terms;
    for (; j->n < terms->box_count; j->n++) {
        const struct live *l = ballotbox_find(v->s->ballotbox, terms->box[j->n]);
        if (!l) return 0;
        shown_of(&j->box[j->n], v->s, l);
        if (shown_counts(&j->box[j->n], rows, &j->counts[j->n]) != P1_OK || !j->counts[j->n]) return 0;
    }
    return add_up(j);
}

static void cell(struct page *g, uint64_t n) {
    page_open(g, "td", "class", "number");
    page_number(g, n);
    page_close(g);
}

static void row(struct page *g, const struct joint *j, const struct question *q, unsigned c, unsigned at) {
    char share[32];
    page_open(g, "tr");
    page_open(g, "th", "scope", "row");
    say_choice(g, q, c);
    part_bar(g, j->sum[at], j->voted);
    page_close(g);
    cell(g, j->sum[at]);
    page_put(g, catalogue_share(g->language, j->sum[at], j->voted, share), "td", "class", "number");
    for (unsigned i = 0; i < j->n; i++) cell(g, j->counts[i][at]);
    page_close(g);
}

static void table(struct page *g, const struct joint *j, const struct question *q, unsigned first) {
    page_open(g, "h3");
    say_json(g, q->text);
    page_close(g);
    page_open(g, "div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label",
              texts[g->language][TEXT_JOINT_TITLE]);
    page_open(g, "table", "class", "joint");
    page_open(g, "thead");
    page_open(g, "tr");
    page_say_in(g, TEXT_RESULT_ANSWER, NULL, "th", "scope", "col");
    page_say_in(g, TEXT_JOINT_SUM, NULL, "th", "scope", "col", "class", "number");
    page_say_in(g, TEXT_RESULT_SHARE, NULL, "th", "scope", "col", "class", "number");
    for (unsigned i = 0; i < j->n; i++)
        page_put(g, j->box[i].l->row.municipality, "th", "scope", "col", "class", "number");
    page_close(g);
    page_close(g);
    page_open(g, "tbody");
    for (unsigned i = 0; i < question_choices(q); i++) row(g, j, q, choice_nth(q, i), first + choice_nth(q, i));
    page_close(g);
    page_close(g);
    page_close(g);
}

void part_joint(struct page *g, const struct shown *v, struct rows *rows) {
    const struct election *e = &v->l->box->election;
    if (v->l->terms.box_count < 2) return;
    list(g, v);
    struct joint *j = calloc(1, sizeof *j);
    if (j && read_all(j, v, rows)) {
        unsigned first = 0;
        for (unsigned i = 0; i < e->question_count; i++) {
            table(g, j, &e->questions[i], first);
            first += question_choices(&e->questions[i]);
        }
    }
    for (unsigned i = 0; j && i < BUNDLE_BOXES_MAX; i++) free(j->counts[i]);
    if (j) free(j->sum);
    free(j);
}
