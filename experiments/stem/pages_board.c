// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What is in the box, for people: events, ballots by their trackers, public codes.

#include <stdio.h>
#include <stdlib.h>

#include "experiments/stem/pages.h"
#include "platform/field.h"

enum { EVENTS_A_PAGE = 25, CREDENTIALS_A_PAGE = 200 };

// Where a page begins: after ?after=N. Answers 400 and gives 0 if that is no number.
static int first_of(struct http_request *r, uint64_t *first) {
    struct span text;
    *first = 0;
    if (!http_query(r, "after", &text)) return 1;
    if (!field_number(text, first) || *first > UINT32_MAX) {
        http_problem(r, 400, "malformed-parameter", "Malformed parameter", "after must be a whole number.");
        return 0;
    }
    ++*first;
    return 1;
}

// To the pages before and after this one, of SIZE each, of a list of TOTAL.
static void pager(struct page *g, const char *path, uint64_t first, uint64_t size, uint64_t total) {
    char address[PAGE_PATH_MAX];
    if (total <= size && first == 0) return;
    page_open(g, "nav", "class", "pages", "aria-label", texts[g->language][TEXT_PAGES_LABEL]);
    if (first) {
        uint64_t before = first > size ? first - size : 0;
        if (before)
            (void)snprintf(address, sizeof address, "%s?after=%llu", path, (unsigned long long)before - 1);
        else
            (void)snprintf(address, sizeof address, "%s", path);
        page_link(g, path, texts[g->language][TEXT_PAGES_FIRST]);
        page_link(g, address, texts[g->language][TEXT_PAGES_BEFORE]);
    }
    if (first + size < total) {
        (void)snprintf(address, sizeof address, "%s?after=%llu", path, (unsigned long long)(first + size - 1));
        page_link(g, address, texts[g->language][TEXT_PAGES_NEXT]);
        (void)snprintf(address, sizeof address, "%s?after=%llu", path,
                       (unsigned long long)((total - 1) / size * size - 1));
        page_link(g, address, texts[g->language][TEXT_PAGES_LAST]);
    }
    page_close(g);
}

static void head(struct page *g, const enum text *columns, size_t n) {
    page_open(g, "thead");
    page_open(g, "tr");
    for (size_t i = 0; i < n; i++) page_say_in(g, columns[i], NULL, "th", "scope", "col");
    page_close(g);
    page_close(g);
}

// ---- events ----

static void tracker_text(const uint8_t tracker[32], char out[P1_HASH64 + 1]) {
    struct buf b = buf_over(out, P1_HASH64);
    tracker_write(tracker, &b);
    out[b.n] = 0;
}

// Enough to recognise it by: its page has the whole.
static const char *short_tracker(char tracker[P1_HASH64 + 1]) {
    (void)snprintf(tracker + 8, P1_HASH64 - 8, "…");
    return tracker;
}

static void event_line(struct page *g, const struct shown *v, const struct event_row *e) {
    static const enum text names[EVENT_TYPES] = {TEXT_EVENT_SETUP, TEXT_EVENT_BALLOT, TEXT_EVENT_END,
                                                 TEXT_EVENT_TALLY, TEXT_EVENT_SHARE,  TEXT_EVENT_RESULT};
    char tracker[P1_HASH64 + 1], path[PAGE_PATH_MAX], address[PAGE_PATH_MAX];
    page_open(g, "tr");
    page_open(g, "td", "class", "place");
    page_number(g, e->height);
    page_close(g);
    page_open(g, "td");
    page_say(g, names[e->type], NULL);
    if (e->type == EVENT_BALLOT) {
        tracker_text(e->tracker, tracker);
        (void)snprintf(path, sizeof path, "%s/ballots/%s", v->base, tracker);
        page_text(g, " ");
        page_put(g, short_tracker(tracker), "a", "class", "signs", "href", page_path(g, path, address));
    }
    page_close(g);
    page_open(g, "td");
    say_short_hour(g, e->hour);
    page_close(g);
    page_close(g);
}

static enum p1_err event_lines(struct page *g, const struct shown *v, struct rows *rows, uint64_t first) {
    for (uint64_t n = 0; n < EVENTS_A_PAGE; n++) {
        struct event_row e;
        int found;
        TRY(rows_event(rows, v->l->row.id, first + n, &e, &found));
        if (!found) break;
        event_line(g, v, &e);
    }
    return P1_OK;
}

void pages_events(struct http_request *r, void *arg) {
    static const enum text columns[] = {TEXT_EVENT_PLACE, TEXT_EVENT_WHAT, TEXT_EVENT_HOUR};
    struct shown v;
    struct page g;
    uint64_t first;
    char path[PAGE_PATH_MAX];
    if (!shown_find(&v, r, arg) || !first_of(r, &first)) return;
    struct rows *rows = stem_rows(r, v.s);
    if (!rows) return;
    shown_begin(&g, r, &v, TEXT_EVENT_TITLE);
    page_say_in(&g, TEXT_EVENT_TEXT, NULL, "p");
    page_open(&g, "div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label",
              texts[g.language][TEXT_EVENT_TITLE]);
    page_open(&g, "table");
    head(&g, columns, 3);
    page_open(&g, "tbody");
    enum p1_err err = event_lines(&g, &v, rows, first);
    ballotbox_rows_back(v.s->ballotbox, rows);
    page_close(&g);
    page_close(&g);
    page_close(&g);
    (void)snprintf(path, sizeof path, "%s/events", v.base);
    pager(&g, path, first, EVENTS_A_PAGE, v.at.height);
    if (err != P1_OK) page_text(&g, NULL);
    page_reply(&g, r, 200);
}

// ---- one ballot ----

static void form(struct page *g, const struct shown *v, struct span tracker) {
    char action[PAGE_PATH_MAX], value[128];
    struct buf b = buf_over(value, sizeof value - 1);
    (void)snprintf(action, sizeof action, "%s/ballots", v->base);
    buf_put(&b, tracker);
    value[b.n] = 0;
    page_open(g, "form", "method", "get", "action", action);
    if (g->chosen) page_void(g, "input", "type", "hidden", "name", PAGE_LANGUAGE, "value", text_languages[g->language]);
    page_say_in(g, TEXT_BALLOT_TRACKER, NULL, "label", "for", "tracker");
    page_void(g, "input", "type", "text", "id", "tracker", "name", "tracker", "value", value, "maxlength", "64",
              "autocomplete", "off", "spellcheck", "false", "required", "");
    page_say_in(g, TEXT_BALLOT_FIND, NULL, "button");
    page_close(g);
}

// As people paste it: with blanks around, perhaps in the signs of Base64.
static int tracker_pasted(struct span text, uint8_t out[32]) {
    char clean[P1_HASH64];
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = (char)text.p[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '=') continue;
        if (n == sizeof clean) return 0;
        clean[n++] = (char)(c == '+' ? '-' : c == '/' ? '_' : c);
    }
    return tracker_read(span_of(clean, n), out);
}

// What became of it.
static void verdict(struct page *g, const struct shown *v, const struct event_row *ballot,
                    const struct event_row *later, int withdrawn) {
    char path[PAGE_PATH_MAX], tracker[P1_HASH64 + 1];
    enum text said = withdrawn ? TEXT_BALLOT_WITHDRAWN : later ? TEXT_BALLOT_REPLACED : TEXT_BALLOT_COUNTS;
    page_open(g, "div", "class", said == TEXT_BALLOT_COUNTS ? "good" : "warning");
    page_say_in(g, said, NULL, "p", "class", "lead");
    page_close(g);
    page_open(g, "dl", "class", "facts");
    page_say_in(g, TEXT_BALLOT_PLACE, NULL, "dt");
    page_open(g, "dd");
    page_number(g, ballot->height);
    page_close(g);
    page_say_in(g, TEXT_BALLOT_HOUR, NULL, "dt");
    page_open(g, "dd");
    say_hour(g, ballot->hour);
    page_close(g);
    if (later) {
        tracker_text(later->tracker, tracker);
        (void)snprintf(path, sizeof path, "%s/ballots/%s", v->base, tracker);
        page_say_in(g, TEXT_BALLOT_LATER, NULL, "dt");
        page_open(g, "dd", "class", "signs");
        page_link(g, path, tracker);
        page_close(g);
    }
    page_close(g);
    tracker_text(ballot->tracker, tracker);
    (void)snprintf(path, sizeof path, "/v1/elections/%s/ballots/%s/content", v->l->row.uuid, tracker);
    page_open(g, "p");
    page_say_in(g, TEXT_BALLOT_CONTENT, NULL, "a", "href", path);
    page_close(g);
    page_say_in(g, TEXT_BALLOT_SECRET, NULL, "p", "class", "small");
}

static enum p1_err find(const struct shown *v, struct rows *rows, struct span text, struct event_row *ballot,
                        struct event_row *later, int *found, int *has_later) {
    uint8_t tracker[32];
    *found = *has_later = 0;
    if (!tracker_pasted(text, tracker)) return P1_OK;
    TRY(rows_find_ballot(rows, v->l->row.id, tracker, ballot, found));
    if (!*found) return P1_OK;
    return rows_next_ballot(rows, v->l->row.id, ballot->voter, (int64_t)ballot->height, later, has_later);
}

// The form, and below it the ballot that is asked for: by the path, or by what was pasted.
void pages_ballot(struct http_request *r, void *arg) {
    struct shown v;
    struct page g;
    struct span text = {0};
    struct event_row ballot, later;
    int found, has_later;
    if (!shown_find(&v, r, arg)) return;
    if (!http_query(r, "tracker", &text)) text = http_param(r, 1);
    struct rows *rows = stem_rows(r, v.s);
    if (!rows) return;
    enum p1_err err = find(&v, rows, text, &ballot, &later, &found, &has_later);
    struct voter_state voter = {0};
    if (found) ballotbox_voter(v.s->ballotbox, v.l, &v.l->box->voters[ballot.voter], &voter);
    ballotbox_rows_back(v.s->ballotbox, rows);
    if (err != P1_OK) {
        stem_problem(r, err);
        return;
    }
    shown_begin(&g, r, &v, TEXT_BALLOT_TITLE);
    if (found) {
        verdict(&g, &v, &ballot, has_later ? &later : NULL, voter.is_withdrawn);
    } else if (text.n) {
        page_open(&g, "div", "class", "warning", "id", "unknown");
        page_say_in(&g, TEXT_BALLOT_UNKNOWN, NULL, "p");
        page_close(&g);
    } else {
        page_say_in(&g, TEXT_BALLOT_TEXT, NULL, "p");
    }
    form(&g, &v, text);
    page_reply(&g, r, found || !text.n ? 200 : 404);
}

// ---- public codes ----

void pages_credentials(struct http_request *r, void *arg) {
    struct shown v;
    struct page g;
    uint64_t first;
    char path[PAGE_PATH_MAX];
    if (!shown_find(&v, r, arg) || !first_of(r, &first)) return;
    const struct box *b = v.l->box;
    shown_begin(&g, r, &v, TEXT_CREDENTIAL_TITLE);
    page_open(&g, "p");
    say_number(&g, TEXT_CREDENTIAL_TEXT, b->voter_count);
    page_close(&g);
    char start[24];
    (void)snprintf(start, sizeof start, "%llu", (unsigned long long)first + 1);
    page_open(&g, "ol", "start", start, "class", "signs");
    for (uint64_t i = first; i < first + CREDENTIALS_A_PAGE && i < b->voter_count; i++) {
        page_open(&g, "li");
        page_span(&g, span_of(b->voters[i].credential, b->voters[i].credential_n));
        page_close(&g);
    }
    page_close(&g);
    (void)snprintf(path, sizeof path, "%s/credentials", v.base);
    pager(&g, path, first, CREDENTIALS_A_PAGE, b->voter_count);
    page_reply(&g, r, 200);
}
