// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json_canon.h"

// Room for N more bytes; null: there is none.
static char *room(struct page *g, size_t n) {
    if (g->failed) return NULL;
    if (n > g->cap - g->n) {
        size_t cap = g->cap ? 2 * g->cap : 8192;
        while (n > cap - g->n) cap *= 2;
        char *p = realloc(g->p, cap);
        if (!p) {
            g->failed = 1;
            return NULL;
        }
        g->p = p;
        g->cap = cap;
    }
    return g->p + g->n;
}

void page_markup(struct page *g, const char *markup) {
    size_t n = strlen(markup);
    char *to = room(g, n);
    if (!to) return;
    memcpy(to, markup, n);
    g->n += n;
}

static const char *escaped(char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&#34;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

enum { ESCAPED_MAX = 5 };

// The text stands first at the end of the room, where it is disarmed; what is written never gets there before it is read.
void page_span(struct page *g, struct span text) {
    char *to = room(g, (ESCAPED_MAX + 1) * text.n);
    if (!to || text.n == 0) return;
    char *from = to + ESCAPED_MAX * text.n;
    memcpy(from, text.p, text.n);
    utf8_disarm((uint8_t *)from, text.n);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n') from[i] = '\n'; // the one control character that pages have
        const char *e = escaped(from[i]);
        if (e) {
            page_markup(g, e);
        } else {
            g->p[g->n++] = from[i];
        }
    }
}

void page_text(struct page *g, const char *text) {
    if (text)
        page_span(g, span_str(text));
    else
        g->failed = 1;
}

void page_number(struct page *g, uint64_t n) {
    char text[32];
    page_text(g, catalogue_number(g->language, n, text));
}

// ---- elements ----

void page_open_words(struct page *g, const char *const *words, int has_end) {
    page_markup(g, "<");
    page_markup(g, words[0]);
    for (size_t i = 1; words[i]; i += 2) {
        if (!*words[i]) continue;
        page_markup(g, " ");
        page_markup(g, words[i]);
        page_markup(g, "=\"");
        page_text(g, words[i + 1]);
        page_markup(g, "\"");
    }
    page_markup(g, ">");
    if (!has_end) return;
    if (g->depth == PAGE_DEPTH) {
        g->failed = 1;
    } else {
        g->open[g->depth++] = words[0];
    }
}

// A line for each of those that hold others: the source is for readers too.
static int is_block(const char *tag) {
    static const char *const inside[] = {"a", "b", "span", "time", "code", "text", "rect", "strong"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        if (strcmp(tag, inside[i]) == 0) return 0;
    return 1;
}

void page_close(struct page *g) {
    if (g->depth == 0) {
        g->failed = 1;
        return;
    }
    const char *tag = g->open[--g->depth];
    page_markup(g, "</");
    page_markup(g, tag);
    page_markup(g, is_block(tag) ? ">\n" : ">");
}

void page_say(struct page *g, enum text id, const struct place *places) {
    char *text = catalogue_text(g->language, id, places);
    page_text(g, text);
    free(text);
}

// ---- links ----

const char *page_path(const struct page *g, const char *path, char out[PAGE_PATH_MAX]) {
    const char *language = g->chosen ? text_languages[g->language] : "";
    (void)snprintf(out, PAGE_PATH_MAX, "%s%s%s", path,
                   !g->chosen          ? ""
                   : strchr(path, '?') ? "&lang="
                                       : "?lang=",
                   language);
    return out;
}

void page_link(struct page *g, const char *path, const char *text) {
    char address[PAGE_PATH_MAX];
    page_put(g, text, "a", "href", page_path(g, path, address));
}
