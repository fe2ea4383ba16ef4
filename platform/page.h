// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Pages for people: HTML that is written element by element, so that what is said in it can never become markup. Every page has
// the same frame (page_frame.c): language, title, the municipality's name, logo and colour, one style sheet, no script, no cookie.
//
//   struct page g;
//   page_begin(&g, r, municipality, texts[page_language(r)][TEXT_VOTES_TITLE]);
//   page_put(&g, question, "h2");
//   page_open(&g, "p", "class", "note");
//   page_say(&g, TEXT_VOTE_UNTIL, (struct place[]){{"when", when}, {0}});
//   page_close(&g);
//   page_reply(&g, r, 200);
//
// A text that is null is memory that ran out. That is remembered, and answered 503 by page_reply().
#ifndef P1_PAGE_H
#define P1_PAGE_H

#include "platform/catalogue.h"
#include "platform/config.h"
#include "platform/http.h"

enum { PAGE_DEPTH = 24 };

struct page {
    char *p;
    size_t n, cap;
    int failed; // no memory, or elements that do not nest
    const char *open[PAGE_DEPTH];
    unsigned depth;

    unsigned language;
    int chosen; // by the address, so that links keep it
    const struct municipality *owner;
    const struct page_program *program; // or null
};

// ---- elements ----

// page_open(g, "a", "href", address, "class", "download"): a tag, then NAME, VALUE, .. A pair whose name is "" is left out.
#define page_open(g, ...) page_open_words(g, (const char *const[]){__VA_ARGS__, NULL}, 1)
// An element that has no end: "input", "img".
#define page_void(g, ...) page_open_words(g, (const char *const[]){__VA_ARGS__, NULL}, 0)
// An element with a text in it.
#define page_put(g, text, ...) (page_open(g, __VA_ARGS__), page_text(g, text), page_close(g))

void page_open_words(struct page *g, const char *const *words, int has_end);
void page_close(struct page *g); // the innermost

// What is not UTF-8 or would change how its surroundings are read becomes '?'.
void page_text(struct page *g, const char *text);
void page_span(struct page *g, struct span text);
void page_number(struct page *g, uint64_t n); // 12.345, as it is written in the page's language

// A text of the catalogue, with its places filled in: they end with one without a name, or are null.
void page_say(struct page *g, enum text id, const struct place *places);
#define page_say_in(g, id, places, ...) (page_open(g, __VA_ARGS__), page_say(g, id, places), page_close(g))

// A link to another page of ours: PATH goes on in the language that this page was asked for in.
void page_link(struct page *g, const char *path, const char *text);
// The same as an address, for a form or another element: into OUT.
enum { PAGE_PATH_MAX = 512 };
const char *page_path(const struct page *g, const char *path, char out[PAGE_PATH_MAX]);

// Markup as it is: only what the build made.
void page_markup(struct page *g, const char *markup);

// ---- the whole page ----

// What a page may get, and from where: no script, no frame, nothing of others.
#define PAGE_CSP                                                                                                  \
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors " \
    "'none'"

// What every page's route must allow in its query.
#define PAGE_LANGUAGE "lang"
extern const char *const page_query[]; // nothing else

// By the address (?lang=en), else by Accept-Language, else the first. R may be null.
unsigned page_language(const struct http_request *r);

// The frame up to and with <h1>TITLE</h1>. M: whose page it is, or null.
void page_begin(struct page *g, struct http_request *r, const struct municipality *m, const char *title);

// A program that takes over the main part of its page: it has a style sheet of its own, in which ours is, and a policy that lets it run.
// The municipality's colours are in the page: one request less before it is seen. It finds the help line in all languages in <meta name="help" lang="..">.
struct page_program {
    const char *head;   // markup, in whole lines
    const char *policy; // without style-src
};
void page_begin_program(struct page *g, struct http_request *r, const struct municipality *m, const char *title,
                        const struct page_program *program);
// The rest of it, and answers, with an ETag.
void page_reply(struct page *g, struct http_request *r, unsigned status);

// A page about a problem, for free(); null: there is no memory. What it says is what the catalogue has of the code (problem.CODE,
// problem.CODE.what, problem.CODE.do), else TITLE and DETAIL.
char *page_problem(unsigned language, const char *code, const char *title, const char *detail, size_t *n);

// Handlers: /assets/{name}, /problems/{code}
void page_asset(struct http_request *r, void *arg);
void page_about_problem(struct http_request *r, void *arg);

#endif
