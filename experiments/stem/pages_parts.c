// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the pages of a vote are made of.

#include <stdio.h>
#include <stdlib.h>

#include "board/choose.h"
#include "experiments/stem/pages.h"

// ---- what it is about ----

void shown_of(struct shown *v, struct stem_state *s, const struct live *l) {
    struct buf b = buf_over(v->name, sizeof v->name - 1);
    v->s = s;
    v->l = l;
    v->m = config_by_name(s->config, span_str(l->row.municipality));
    ballotbox_state(s->ballotbox, l, &v->at);
    ballotbox_noticed(s->ballotbox, l, &v->noticed);
    json_unescape(&b, l->box->election.name);
    v->name[b.n] = 0;
    (void)snprintf(v->base, sizeof v->base, "/votes/%s", l->row.uuid);
}

int shown_find(struct shown *v, struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    const struct live *l = stem_election(r, s);
    if (l) shown_of(v, s, l);
    return l != NULL;
}

void shown_begin(struct page *g, struct http_request *r, const struct shown *v, enum text title) {
    page_begin(g, r, v->m, texts[page_language(r)][title]);
    page_open(g, "p");
    page_link(g, v->base, v->name);
    page_close(g);
}

// ---- texts ----

void say_json(struct page *g, struct span raw) {
    char *text = malloc(raw.n + 1);
    struct buf b = buf_over(text, text ? raw.n : 0);
    json_unescape(&b, raw);
    if (text)
        page_span(g, buf_span(&b));
    else
        page_text(g, NULL);
    free(text);
}

void say_choice(struct page *g, const struct question *q, unsigned choice) {
    if (q->blank && choice == 0)
        page_say(g, TEXT_VOTE_BLANK, NULL);
    else
        say_json(g, question_answer(q, choice - (q->blank != 0)));
}

void say_moment(struct page *g, enum text id, uint64_t moment) {
    char *when = catalogue_moment(g->language, moment);
    page_say(g, id, (struct place[]){{"when", when ? when : ""}, {0}});
    free(when);
}

void say_number(struct page *g, enum text id, uint64_t n) {
    char text[32];
    page_say(g, id, (struct place[]){{"n", catalogue_number(g->language, n, text)}, {0}});
}

void say_hour(struct page *g, int64_t hour) {
    char *when = catalogue_hour(g->language, (uint64_t)hour * HOUR_S);
    page_text(g, when);
    free(when);
}

void say_short_hour(struct page *g, int64_t hour) {
    char *when = catalogue_short_hour(g->language, (uint64_t)hour * HOUR_S);
    page_text(g, when);
    free(when);
}

void say_stage(struct page *g, const struct live_state *at) {
    static const enum text words[] = {TEXT_STAGE_NEW, TEXT_STAGE_OPEN, TEXT_STAGE_ENDED, TEXT_STAGE_TALLIED,
                                      TEXT_STAGE_PUBLISHED};
    page_say(g, words[at->stage], NULL);
}

// ---- parts ----

// The lines that bind it to its bundle are for programs.
void part_description(struct page *g, const struct election *e) {
    struct span text = e->description, hidden;
    while (hidden_line(&text, "sha256", &hidden)) continue;
    if (!text.n) return;
    page_open(g, "p", "class", "lead");
    say_json(g, text);
    page_close(g);
}

void part_dates(struct page *g, const struct shown *v) {
    int over = v->at.stage > BOX_OPEN;
    page_open(g, "p");
    if (v->at.opens && !over) say_moment(g, TEXT_VOTE_FROM, v->at.opens);
    page_text(g, " ");
    if (v->at.closes) say_moment(g, over ? TEXT_VOTE_WAS : TEXT_VOTE_UNTIL, v->at.closes);
    page_close(g);
    if (v->noticed.closes && !over) {
        page_open(g, "p", "class", "note");
        say_moment(g, TEXT_NOTICE_EXTENSION, v->noticed.closes);
        page_close(g);
    }
}

void part_who(struct page *g, const struct shown *v) {
    page_say_in(g, TEXT_VOTE_WHO, NULL, "h2");
    page_open(g, "p");
    say_number(g, TEXT_VOTE_WHO_TEXT, v->at.voters);
    page_close(g);
}

void part_ways(struct page *g, const struct municipality *m) {
    static const struct {
        enum config_line line;
        enum text text;
    } ways[] = {{LINE_LIBRARY, TEXT_WAYS_LIBRARY}, {LINE_COUNTER, TEXT_WAYS_COUNTER}, {LINE_PAPER, TEXT_WAYS_PAPER}};
    page_say_in(g, TEXT_WAYS_TITLE, NULL, "h2");
    page_open(g, "ul");
    page_say_in(g, TEXT_WAYS_COMPUTER, NULL, "li");
    for (size_t i = 0; m && i < sizeof ways / sizeof *ways; i++) {
        const char *line = municipality_line(m, ways[i].line, text_languages[g->language]);
        if (!line) continue;
        page_say_in(g, ways[i].text, ((struct place[]){{"text", line}, {0}}), "li");
    }
    page_say_in(g, TEXT_WAYS_LETTER, NULL, "li");
    page_close(g);
}

// ---- questions and results ----

unsigned choice_nth(const struct question *q, unsigned i) { return q->blank ? (i + 1) % question_choices(q) : i; }

void part_bar(struct page *g, uint64_t part, uint64_t whole) {
    char width[16];
    (void)snprintf(width, sizeof width, "%.1f", whole ? (double)part * 100 / (double)whole : 0);
    page_open(g, "svg", "class", "bar", "viewBox", "0 0 100 4", "preserveAspectRatio", "none", "aria-hidden", "true",
              "focusable", "false");
    page_put(g, "", "rect", "class", "whole", "width", "100", "height", "4");
    page_put(g, "", "rect", "class", "part", "width", width, "height", "4");
    page_close(g);
}

static void share(struct page *g, uint64_t part, uint64_t whole) {
    char text[32];
    page_put(g, catalogue_share(g->language, part, whole, text), "td", "class", "number");
}

static void head(struct page *g, enum text id, const char *class) {
    page_say_in(g, id, NULL, "th", "scope", "col", *class ? "class" : "", class);
}

static void result(struct page *g, const struct shown *v, const struct question *q, const uint64_t *counts) {
    uint64_t whole = v->at.voted - v->noticed.neutral;
    page_open(g, "div", "class", "scroll");
    page_open(g, "table", "class", "result");
    page_say_in(g, TEXT_RESULT_CAPTION, NULL, "caption");
    page_open(g, "thead");
    page_open(g, "tr");
    head(g, TEXT_RESULT_ANSWER, "");
    head(g, TEXT_RESULT_VOTES, "number");
    head(g, TEXT_RESULT_SHARE, "number");
    page_close(g);
    page_close(g);
    page_open(g, "tbody");
    for (unsigned i = 0; i < question_choices(q); i++) {
        unsigned c = choice_nth(q, i);
        page_open(g, "tr");
        page_open(g, "th", "scope", "row");
        say_choice(g, q, c);
        part_bar(g, counts[c], whole);
        page_close(g);
        page_open(g, "td", "class", "number");
        page_number(g, counts[c]);
        page_close(g);
        share(g, counts[c], whole);
        page_close(g);
    }
    page_close(g);
    page_close(g);
    page_close(g);
}

static void answers(struct page *g, const struct question *q) {
    char least[16], most[16];
    (void)snprintf(least, sizeof least, "%u", q->min);
    (void)snprintf(most, sizeof most, "%u", q->max);
    if (q->kind == QUESTION_CHOICES && q->max > 1)
        page_say_in(g, TEXT_VOTE_CHOOSE, ((struct place[]){{"least", least}, {"most", most}, {0}}), "p");
    page_open(g, "ul");
    for (unsigned i = 0; i < question_choices(q); i++) {
        page_open(g, "li");
        say_choice(g, q, choice_nth(q, i));
        page_close(g);
    }
    page_close(g);
}

void part_questions(struct page *g, const struct shown *v, const uint64_t *counts) {
    const struct election *e = &v->l->box->election;
    for (unsigned i = 0; i < e->question_count; i++) {
        const struct question *q = &e->questions[i];
        page_open(g, "h2");
        say_json(g, q->text);
        page_close(g);
        if (counts) {
            result(g, v, q, counts);
            counts += question_choices(q);
        } else {
            answers(g, q);
        }
    }
}

enum p1_err shown_counts(const struct shown *v, struct rows *rows, uint64_t **counts) {
    const struct election *e = &v->l->box->election;
    struct event_row last;
    int found;
    *counts = NULL;
    if (v->at.stage != BOX_PUBLISHED) return P1_OK;
    TRY(rows_last_event(rows, v->l->row.id, &last, &found));
    if (!found || last.type != EVENT_RESULT || last.record_count == 0) return P1_ERR_DB;
    *counts = calloc(e->choice_count, sizeof **counts);
    if (!*counts) return P1_ERR_MEMORY;
    TRY(result_parse(e, last.record[0], *counts));
    notices_correct(&v->noticed, e, *counts);
    return P1_OK;
}

// ---- addresses ----

void origin(const struct http_request *r, const struct municipality *m, char out[128]) {
    struct span host;
    if (m && m->host)
        (void)snprintf(out, 128, "https://%s", m->host);
    else if (http_header(r, "Host", &host) && host.n < 100)
        (void)snprintf(out, 128, "http://%.*s", (int)host.n, (const char *)host.p);
    else
        (void)snprintf(out, 128, "https://...");
}
