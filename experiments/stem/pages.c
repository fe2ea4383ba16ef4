// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The list of votes, one vote, and the page that a letter's link comes to.

#include <stdio.h>
#include <stdlib.h>

#include "experiments/stem/pages.h"

// ---- all votes ----

static void turnout(struct page *g, const struct shown *v) {
    char voted[32], voters[32], share[32];
    uint64_t n = v->at.voted - v->noticed.neutral;
    page_say(g, TEXT_VOTE_TURNOUT,
             (struct place[]){{"voted", catalogue_number(g->language, n, voted)},
                              {"voters", catalogue_number(g->language, v->at.voters, voters)},
                              {"share", catalogue_share(g->language, n, v->at.voters, share)},
                              {0}});
}

static void state(struct page *g, const struct shown *v) {
    page_open(g, "p");
    page_open(g, "span", "class", "tag");
    say_stage(g, &v->at);
    page_close(g);
    page_close(g);
    part_dates(g, v);
    page_open(g, "p");
    turnout(g, v);
    page_close(g);
}

static void card(struct page *g, const struct shown *v) {
    page_open(g, "li");
    page_open(g, "h2");
    page_link(g, v->base, v->name);
    page_close(g);
    page_say_in(g, TEXT_PAGE_MUNICIPALITY, ((struct place[]){{"name", v->l->row.municipality}, {0}}), "p");
    state(g, v);
    page_close(g);
}

void pages_list(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct span path;
    struct page g;
    struct live *l = NULL;
    const struct municipality *m = NULL;
    unsigned n = 0;
    if (http_query(r, "municipality", &path) && !(m = config_by_path(s->config, path))) {
        http_problem(r, 404, "unknown-municipality", "No such municipality",
                     "This municipality is not on this server.");
        return;
    }
    page_begin(&g, r, m, texts[page_language(r)][TEXT_VOTES_TITLE]);
    page_open(&g, "ul", "class", "cards");
    while ((l = ballotbox_next(s->ballotbox, l))) {
        struct shown v;
        shown_of(&v, s, l);
        if (m && v.m != m) continue;
        card(&g, &v);
        n++;
    }
    page_close(&g);
    if (!n) page_say_in(&g, TEXT_VOTES_NONE, NULL, "p");
    page_reply(&g, r, 200);
}

// ---- one vote ----

static void way_to(struct page *g, const struct shown *v, const char *end, enum text text) {
    char path[PAGE_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s%s", v->base, end);
    page_open(g, "li");
    page_link(g, path, texts[g->language][text]);
    page_close(g);
}

static void state_and_links(struct page *g, const struct shown *v) {
    state(g, v);
    if (v->at.stage < BOX_PUBLISHED) page_say_in(g, TEXT_VOTE_SECRET, NULL, "p");
    if (v->at.held) page_say_in(g, TEXT_VOTE_HELD, NULL, "p", "class", "warning");
    if (v->at.stage != BOX_OPEN || v->at.held) return;
    char path[PAGE_PATH_MAX], address[PAGE_PATH_MAX];
    (void)snprintf(path, sizeof path, "/s/%s", v->l->row.uuid);
    page_open(g, "p");
    page_say_in(g, TEXT_VOTE_NOW, NULL, "a", "class", "button", "href", page_path(g, path, address));
    page_close(g);
}

static void notices(struct page *g, const struct shown *v) {
    if (!v->at.notices) return;
    page_say_in(g, TEXT_NOTICE_TITLE, NULL, "h2");
    page_open(g, "ul");
    if (v->noticed.closes) {
        page_open(g, "li");
        say_moment(g, TEXT_NOTICE_EXTENSION, v->noticed.closes);
        page_close(g);
    }
    if (v->noticed.count) {
        page_open(g, "li");
        say_number(g, TEXT_NOTICE_WITHDRAWN, v->noticed.count);
        page_close(g);
    }
    if (v->noticed.neutral) {
        page_open(g, "li");
        say_number(g, TEXT_NOTICE_NEUTRAL, v->noticed.neutral);
        page_close(g);
    }
    page_close(g);
}

static void board(struct page *g, const struct shown *v) {
    page_say_in(g, TEXT_BOARD_TITLE, NULL, "h2");
    page_say_in(g, TEXT_BOARD_TEXT, NULL, "p");
    page_open(g, "ul");
    way_to(g, v, "/ballots", TEXT_BOARD_BALLOTS);
    way_to(g, v, "/events", TEXT_BOARD_EVENTS);
    way_to(g, v, "/credentials", TEXT_BOARD_CREDENTIALS);
    page_close(g);
}

static const struct {
    const char *path, *ending;
    enum text text;
    enum box_stage from;
} files[] = {
    {"archive", ".bel", TEXT_FILE_ARCHIVE, BOX_OPEN},
    {"bundle", ".bundle.json", TEXT_FILE_BUNDLE, BOX_OPEN},
    {"notices", ".notices", TEXT_FILE_NOTICES, BOX_OPEN},
    {"share-proofs", ".shares", TEXT_FILE_SHARES, BOX_TALLIED},
    {"paper", "", TEXT_FILE_PAPER, BOX_OPEN},
    {"trustees", "", TEXT_FILE_TRUSTEES, BOX_OPEN},
    {"credentials", "", TEXT_FILE_CREDENTIALS, BOX_OPEN},
};

static int has_file(const struct shown *v, size_t i) {
    if (strcmp(files[i].path, "bundle") == 0) return v->l->row.bundle.n != 0;
    if (strcmp(files[i].path, "notices") == 0) return v->at.notices != 0;
    return v->at.stage >= files[i].from;
}

static void downloads(struct page *g, const struct shown *v) {
    page_say_in(g, TEXT_FILE_TITLE, NULL, "h2");
    page_open(g, "ul");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[PAGE_PATH_MAX];
        if (!has_file(v, i)) continue;
        (void)snprintf(path, sizeof path, "/v1/elections/%s/%s", v->l->row.uuid, files[i].path);
        page_open(g, "li");
        page_say_in(g, files[i].text, NULL, "a", "href", path);
        page_close(g);
    }
    page_close(g);
}

// The exact commands: what is beside the archive is found by its name.
static void count_it(struct page *g, const struct http_request *r, const struct shown *v) {
    char from[128], line[512];
    const char *uuid = v->l->row.uuid;
    origin(r, v->m, from);
    page_say_in(g, TEXT_COUNT_TITLE, NULL, "h2");
    page_say_in(g, v->at.stage == BOX_PUBLISHED ? TEXT_COUNT_TEXT : TEXT_COUNT_EARLY, NULL, "p");
    page_open(g, "pre", "tabindex", "0");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!has_file(v, i) || !*files[i].ending) continue;
        (void)snprintf(line, sizeof line, "curl -o %s%s %s/v1/elections/%s/%s\n", uuid, files[i].ending, from, uuid,
                       files[i].path);
        page_text(g, line);
    }
    (void)snprintf(line, sizeof line, "plus1-verify %s.bel", uuid);
    page_text(g, line);
    page_close(g);
    page_say_in(g, TEXT_COUNT_AGAIN, NULL, "p", "class", "small");
}

static void corrected(struct page *g, const struct shown *v) {
    if (!v->noticed.neutral) return;
    page_open(g, "p", "class", "note");
    say_number(g, TEXT_RESULT_CORRECTED, v->noticed.neutral);
    page_close(g);
}

// Back to the list.
static void others(struct page *g, const struct municipality *m) {
    char path[PAGE_PATH_MAX] = "/votes";
    if (m) (void)snprintf(path, sizeof path, "/votes?municipality=%s", m->path);
    page_open(g, "p", "class", "pages");
    page_link(g, path, texts[g->language][TEXT_VOTES_ALL]);
    page_close(g);
}

void pages_vote(struct http_request *r, void *arg) {
    struct shown v;
    struct page g;
    uint64_t *counts = NULL;
    if (!shown_find(&v, r, arg)) return;
    struct rows *rows = stem_rows(r, v.s);
    if (!rows) return;
    enum p1_err err = shown_counts(&v, rows, &counts);
    if (err != P1_OK) {
        ballotbox_rows_back(v.s->ballotbox, rows);
        free(counts);
        stem_problem(r, err);
        return;
    }
    page_begin(&g, r, v.m, v.name);
    part_description(&g, &v.l->box->election);
    state_and_links(&g, &v);
    part_questions(&g, &v, counts);
    if (counts) corrected(&g, &v);
    notices(&g, &v);
    part_who(&g, &v);
    if (v.at.stage == BOX_OPEN) part_ways(&g, v.m);
    part_joint(&g, &v, rows);
    board(&g, &v);
    count_it(&g, r, &v);
    downloads(&g, &v);
    others(&g, v.m);
    free(counts);
    ballotbox_rows_back(v.s->ballotbox, rows);
    page_reply(&g, r, 200);
}

// ---- where a letter leads ----

// For browsers in which the app does not start: the style sheet shows it only there.
static void no_app(struct page *g) { page_say_in(g, TEXT_START_SCRIPT, NULL, "p", "class", "warning late"); }

void pages_start(struct http_request *r, void *arg) {
    struct shown v;
    struct page g;
    if (!shown_find(&v, r, arg)) return;
    page_begin_program(&g, r, v.m, v.name, &stem_app);
    part_description(&g, &v.l->box->election);
    page_open(&g, "p");
    page_open(&g, "span", "class", "tag");
    say_stage(&g, &v.at);
    page_close(&g);
    page_close(&g);
    part_dates(&g, &v);
    no_app(&g);
    part_ways(&g, v.m);
    part_questions(&g, &v, NULL);
    part_who(&g, &v);
    page_open(&g, "p");
    page_link(&g, v.base, texts[g.language][TEXT_START_MORE]);
    page_close(&g);
    char *status = stem_status(v.s, v.l); // which the app would ask for
    page_put(&g, status, "template", "id", "status");
    free(status);
    page_reply(&g, r, 200);
}

void pages_typed(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct span host;
    struct page g;
    const struct municipality *m = http_header(r, "Host", &host) ? config_by_host(s->config, host) : NULL;
    page_begin_program(&g, r, m, texts[page_language(r)][TEXT_START_TITLE], &stem_app);
    no_app(&g);
    page_open(&g, "p");
    page_link(&g, "/votes", texts[g.language][TEXT_VOTES_ALL]);
    page_close(&g);
    page_reply(&g, r, 200);
}
