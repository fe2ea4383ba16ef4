// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The bulletin board for people: pages that need no script.
//
//   /votes                              all votes; ?municipality=PATH: of one
//   /votes/{uuid}                       one vote, and after publication its result
//   /votes/{uuid}/events                all that is in the box, in pages: ?after=N
//   /votes/{uuid}/ballots               where a tracker is pasted: ?tracker=..
//   /votes/{uuid}/ballots/{tracker}     one ballot
//   /votes/{uuid}/credentials           the public codes, in pages: ?after=N
//   /s/{uuid}                           the address in letters, where the app (app.c) takes over; /s/{uuid}/test: of a ballot's test
//   /s                                  where those begin who type their code
//
// Nothing here has seen a ballot open: what is said of choices comes from the published result alone.
#ifndef P1_STEM_PAGES_H
#define P1_STEM_PAGES_H

#include "experiments/stem/inside.h"
#include "platform/page.h"

enum { NAME_MAX_BYTES = 512, HOUR_S = 3600 };

// What a page is about.
struct shown {
    struct stem_state *s;
    const struct live *l;
    const struct municipality *m; // or null
    struct live_state at;
    struct notices noticed; // numbers only
    char name[NAME_MAX_BYTES];
    char base[PAGE_PATH_MAX / 2]; // "/votes/UUID"
};

// Answers 404 and gives 0 if the path names no vote.
int shown_find(struct shown *v, struct http_request *r, void *arg);
void shown_of(struct shown *v, struct stem_state *s, const struct live *l);

// The frame, with TITLE above and the vote's name, a link back to it, below.
void shown_begin(struct page *g, struct http_request *r, const struct shown *v, enum text title);

// ---- parts of pages ----

void say_json(struct page *g, struct span raw); // as between the quotes of JSON
// The text of a choice: an answer, or that it is blank.
void say_choice(struct page *g, const struct question *q, unsigned choice);
// Choices in the order in which people read them: a blank vote stands last.
unsigned choice_nth(const struct question *q, unsigned i);
void say_moment(struct page *g, enum text id, uint64_t moment); // a text with {when}
void say_number(struct page *g, enum text id, uint64_t n);      // a text with {n}
void say_hour(struct page *g, int64_t hour);
void say_short_hour(struct page *g, int64_t hour);
void say_stage(struct page *g, const struct live_state *at); // a sentence with its moment

void part_description(struct page *g, const struct election *e);
void part_who(struct page *g, const struct shown *v);
void part_dates(struct page *g, const struct shown *v);
void part_ways(struct page *g, const struct municipality *m); // other than a telephone
// Questions, each with its result if there is one. COUNTS may be null.
void part_questions(struct page *g, const struct shown *v, const uint64_t *counts);

// A bar, which is a picture of what a table says: it is not read aloud.
void part_bar(struct page *g, uint64_t part, uint64_t whole);
// The other boxes of a joint vote, and their sum when all have a result here.
void part_joint(struct page *g, const struct shown *v, struct rows *rows);

// The published counts, corrected where notices took votes back, for free(); null: there are none. ERR_MEMORY, ERR_DB
MUST_USE enum p1_err shown_counts(const struct shown *v, struct rows *rows, uint64_t **counts);

// "https://HOST" as it is to be typed.
void origin(const struct http_request *r, const struct municipality *m, char out[128]);

// ---- handlers ----

void pages_list(struct http_request *r, void *arg);
void pages_vote(struct http_request *r, void *arg);
void pages_events(struct http_request *r, void *arg);
void pages_ballot(struct http_request *r, void *arg);
void pages_credentials(struct http_request *r, void *arg);
void pages_start(struct http_request *r, void *arg);
void pages_typed(struct http_request *r, void *arg);

extern const struct page_program stem_app;

#endif
