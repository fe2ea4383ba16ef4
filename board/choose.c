// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/choose.h"

#include <stdlib.h>

void choice_text(const struct question *q, unsigned choice, struct buf *out) {
    if (q->blank && choice == 0) {
        buf_str(out, "blanco");
    } else {
        json_unescape(out, question_answer(q, choice - (q->blank != 0)));
    }
}

static int number_of(struct span s, uint64_t *out) {
    struct json j = json_of(s);
    return json_uint(&j, UINT32_MAX, out) == P1_OK && j.p == j.end && *out > 0;
}

// The choice with exactly this text, in ROOM for name.n bytes: what does not fit is longer.
static int find_text(const struct question *q, struct span name, uint8_t *room, unsigned *choice) {
    for (*choice = 0; *choice < question_choices(q); ++*choice) {
        struct buf b = buf_over(room, name.n);
        choice_text(q, *choice, &b);
        if (!b.full && span_eq(buf_span(&b), name)) return 1;
    }
    return 0;
}

// The choice of this name: first by text, so that an answer "2018" is not taken for a number.
static enum p1_err find(const struct question *q, struct span name, unsigned *choice) {
    uint64_t n;
    uint8_t *room = malloc(name.n + 1);
    if (!room) return P1_ERR_MEMORY;
    int found = find_text(q, name, room, choice);
    free(room);
    if (found) return P1_OK;
    *choice = 0;
    if (q->blank && span_eq(name, SPAN_LIT("blank"))) return P1_OK;
    if (!number_of(name, &n) || n > q->answer_count) return P1_ERR_CHOOSE_ANSWER;
    *choice = (unsigned)n - 1 + (q->blank != 0);
    return P1_OK;
}

// Of a question with lists, "LIST > CANDIDATE" or the candidate alone; a candidate brings its list along.
static enum p1_err find_candidate(const struct question *q, struct span name, unsigned *choice, unsigned *head) {
    uint8_t text[8192];
    struct buf b = buf_over(text, sizeof text);
    size_t list_n = 0;
    unsigned list = 0, found = 0;
    for (unsigned i = 0; i < question_choices(q); i++) {
        int is_head = question_is_head(q, i);
        if (is_head) list = i;
        b.n = is_head ? 0 : list_n;
        b.full = 0;
        size_t from = b.n;
        json_unescape(&b, question_answer(q, i));
        if (!b.full && (span_eq(span_of(text + from, b.n - from), name) || span_eq(buf_span(&b), name))) {
            *choice = i;
            *head = list;
            found++;
        }
        if (!is_head) continue;
        buf_str(&b, " > ");
        list_n = b.n;
    }
    return found == 1 ? P1_OK : found ? P1_ERR_CHOOSE_AMBIGUOUS : P1_ERR_CHOOSE_ANSWER;
}

static enum p1_err mark(const struct election *e, unsigned question, struct span name, uint8_t *choices) {
    const struct question *q = &e->questions[question];
    unsigned choice, head = 0;
    for (unsigned i = 0; i < question; i++) choices += question_choices(&e->questions[i]);
    if (q->kind == QUESTION_LISTS) {
        TRY(find_candidate(q, name, &choice, &head));
        choices[head] = 1;
    } else {
        TRY(find(q, name, &choice));
    }
    choices[choice] = 1;
    return P1_OK;
}

enum p1_err choose(const struct election *e, struct span named, uint8_t *choices) {
    const uint8_t *equals = named.n ? memchr(named.p, '=', named.n) : NULL;
    uint64_t n;
    enum p1_err err = e->question_count == 1 ? mark(e, 0, named, choices) : P1_ERR_CHOOSE_QUESTION;
    if (!equals || err == P1_OK || err == P1_ERR_MEMORY) return err;
    size_t at = (size_t)(equals - named.p);
    if (!number_of(span_of(named.p, at), &n) || n > e->question_count) return P1_ERR_CHOOSE_QUESTION;
    return mark(e, (unsigned)n - 1, span_from(named, at + 1), choices);
}

enum p1_err choose_blank(const struct election *e, struct span number, uint8_t *choices) {
    uint64_t n;
    if (!number_of(number, &n) || n > e->question_count) return P1_ERR_CHOOSE_QUESTION;
    for (unsigned i = 0; i + 1 < n; i++) choices += question_choices(&e->questions[i]);
    if (!e->questions[n - 1].blank) return P1_ERR_CHOOSE_ANSWER;
    choices[0] = 1;
    return P1_OK;
}
