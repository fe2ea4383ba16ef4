// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What is around every page, its style sheets, and the pages about problems.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/sha256.h"
#include "platform/field.h"
#include "platform/http_in.h"
#include "platform/page.h"
#include "platform/page_style.h"

#define FOR_EVER "public, max-age=31536000, immutable"

const char *const page_query[] = {PAGE_LANGUAGE, NULL};

// ---- language ----

static int language_asked(const struct http_request *r) {
    struct span asked;
    if (!http_query(r, PAGE_LANGUAGE, &asked)) return -1;
    for (int i = 0; i < TEXT_LANGUAGES; i++)
        if (span_eq(asked, span_str(text_languages[i]))) return i;
    return -1;
}

unsigned page_language(const struct http_request *r) {
    struct span accept;
    unsigned best = 0, most = 0;
    if (!r) return 0;
    int asked = language_asked(r);
    if (asked >= 0) return (unsigned)asked;
    if (!http_header(r, "Accept-Language", &accept)) return 0;
    for (unsigned i = 0; i < TEXT_LANGUAGES; i++) {
        unsigned q = field_language(accept, text_languages[i]);
        if (q > most) {
            most = q;
            best = i;
        }
    }
    return best;
}

// ---- the address of this page ----

// Percent-encoded, but for what stands for itself everywhere.
static void put_encoded(struct buf *b, struct span text) {
    for (size_t i = 0; i < text.n; i++) {
        char hex[4];
        uint8_t c = text.p[i];
        if (c && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~", c)) {
            buf_char(b, (char)c);
        } else {
            (void)snprintf(hex, sizeof hex, "%%%02X", c);
            buf_str(b, hex);
        }
    }
}

// The query that this page was asked with, but for the language, and with LANGUAGE instead.
static void query_with(const struct http_request *r, const char *language, struct buf *b) {
    buf_char(b, '?');
    for (unsigned i = 0; i < r->uri.queries; i++) {
        if (span_eq(r->uri.query[i].name, span_str(PAGE_LANGUAGE))) continue;
        put_encoded(b, r->uri.query[i].name);
        buf_char(b, '=');
        put_encoded(b, r->uri.query[i].value);
        buf_char(b, '&');
    }
    buf_str(b, PAGE_LANGUAGE "=");
    buf_str(b, language);
}

// ---- the frame ----

// For a program, which may change the language.
static void help_lines(struct page *g, const struct municipality *m) {
    for (unsigned i = 0; m && i < TEXT_LANGUAGES; i++) {
        const char *line = municipality_line(m, LINE_HELP, text_languages[i]);
        if (line) page_void(g, "meta", "name", "help", "lang", text_languages[i], "content", line);
    }
}

// The municipality's colour, made to be read on light and dark.
enum { COLOURS_MAX = 256 };

static void colours(const struct palette *p, char out[COLOURS_MAX]) {
    (void)snprintf(out, COLOURS_MAX,
                   ":root{--plus1-own:%s;--plus1-own-ink:%s;--plus1-accent:%s}\n"
                   "@media(prefers-color-scheme:dark){:root{--plus1-accent:%s}}\n",
                   p->own, p->ink, p->on_light, p->on_dark);
}

static void head(struct page *g, const struct municipality *m, const char *title) {
    char full[512], colour[64], icon[128];
    (void)snprintf(full, sizeof full, "%s · %s", title ? title : "", m ? m->name : "Plus1");
    page_open(g, "html", "lang", text_languages[g->language]);
    page_open(g, "head");
    page_void(g, "meta", "charset", "utf-8");
    page_void(g, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page_void(g, "meta", "name", "color-scheme", "content", "light dark");
    page_put(g, full, "title");
    if (g->program) {
        page_markup(g, g->program->head);
        help_lines(g, m);
    } else {
        page_void(g, "link", "rel", "stylesheet", "href", PAGE_STYLE_PATH);
    }
    if (m && m->logo.n) { // browsers ask for an icon in any case
        (void)snprintf(icon, sizeof icon, "/%s/logo.png", m->path);
        page_void(g, "link", "rel", "icon", "href", icon);
    }
    if (m && g->program) {
        char sheet[COLOURS_MAX];
        colours(&m->palette, sheet);
        page_open(g, "style");
        page_markup(g, sheet);
        page_close(g);
    } else if (m) {
        (void)snprintf(colour, sizeof colour, "/assets/colour-%s.css", m->palette.own + 1);
        page_void(g, "link", "rel", "stylesheet", "href", colour);
    }
    page_close(g);
}

static void banner(struct page *g, const struct municipality *m) {
    char home[128] = "/", logo[128], address[PAGE_PATH_MAX];
    page_say_in(g, TEXT_PAGE_SKIP, NULL, "a", "class", "skip", "href", "#main");
    page_open(g, "header", "class", "banner");
    page_open(g, "div", "class", "width");
    if (m) (void)snprintf(home, sizeof home, "/%s", m->path);
    page_open(g, "a", "class", "home", "href", page_path(g, home, address));
    if (m && m->logo.n) {
        (void)snprintf(logo, sizeof logo, "/%s/logo.png", m->path);
        page_void(g, "img", "src", logo, "alt", "", "height", "40");
    }
    page_open(g, "span");
    if (m)
        page_say(g, TEXT_PAGE_MUNICIPALITY, (struct place[]){{"name", m->name}, {0}});
    else
        page_text(g, "Plus1");
    page_close(g);
    page_close(g);
}

// In all languages but this one. SELF: the address of the page; R: of which the query is kept, or null.
static void languages(struct page *g, const char *self, const struct http_request *r) {
    page_open(g, "nav", "class", "languages", "aria-label", texts[g->language][TEXT_PAGE_LANGUAGES]);
    for (unsigned i = 0; i < TEXT_LANGUAGES; i++) {
        char address[URI_MAX + URI_MAX * 3 + 64];
        struct buf b = buf_over(address, sizeof address - 1);
        const char *code = text_languages[i];
        if (i == g->language) continue;
        buf_str(&b, self);
        if (r) {
            query_with(r, code, &b);
        } else {
            buf_str(&b, "?" PAGE_LANGUAGE "=");
            buf_str(&b, code);
        }
        address[b.n] = 0;
        page_put(g, texts[i][TEXT_PAGE_LANGUAGE], "a", "href", address, "lang", code, "hreflang", code);
    }
    page_close(g);
}

static void frame(struct page *g, const struct municipality *m, const char *title, const char *self,
                  const struct http_request *r) {
    static const char doctype[] = "<!doctype html>\n";
    g->p = malloc(8192);
    if (!g->p) {
        g->failed = 1;
        return;
    }
    g->cap = 8192;
    memcpy(g->p, doctype, sizeof doctype - 1);
    g->n = sizeof doctype - 1;
    head(g, m, title);
    page_open(g, "body");
    banner(g, m);
    languages(g, self, r);
    page_close(g);
    page_close(g);
    if (m && m->demonstration) page_say_in(g, TEXT_PAGE_DEMONSTRATION, NULL, "p", "class", "warning demonstration");
    page_open(g, "main", "id", "main", "class", "width", "tabindex", "-1");
    page_put(g, title, "h1");
}

static void help(struct page *g, const struct municipality *m) {
    const char *language = text_languages[g->language], *line = municipality_line(m, LINE_HELP, language);
    const char *email = municipality_line(m, LINE_EMAIL, language);
    char address[256];
    if (line) page_put(g, line, "p");
    if (!email) return;
    (void)snprintf(address, sizeof address, "mailto:%s", email);
    page_open(g, "p");
    page_put(g, email, "a", "href", address);
    page_close(g);
}

static void foot(struct page *g, const struct municipality *m) {
    page_close(g); // main
    page_open(g, "footer");
    page_open(g, "div", "class", "width");
    if (m) help(g, m);
    page_say_in(g, TEXT_PAGE_FOOT, NULL, "p", "class", "small");
    page_close(g);
    page_close(g);
    while (g->depth) page_close(g);
}

void page_begin_program(struct page *g, struct http_request *r, const struct municipality *m, const char *title,
                        const struct page_program *program) {
    char self[URI_MAX + 1];
    struct span path = http_path(r);
    if (path.n > URI_MAX) path.n = URI_MAX;
    memcpy(self, path.p, path.n);
    self[path.n] = 0;
    *g = (struct page){.language = page_language(r), .chosen = language_asked(r) >= 0, .owner = m, .program = program};
    frame(g, m, title, self, r);
}

void page_begin(struct page *g, struct http_request *r, const struct municipality *m, const char *title) {
    page_begin_program(g, r, m, title, NULL);
}

// What a program's page may get; of styles written into it the municipality's colours alone.
static void set_policy(struct http_request *r, const struct page *g) {
    char sheet[COLOURS_MAX], policy[512];
    uint8_t hash[32];
    struct buf b = buf_over(policy, sizeof policy - 1);
    buf_str(&b, g->program->policy);
    buf_str(&b, "; style-src 'self'");
    if (g->owner) {
        colours(&g->owner->palette, sheet);
        sha256(hash, span_str(sheet));
        buf_str(&b, " 'sha256-");
        buf_base64(&b, span_of(hash, sizeof hash));
        buf_str(&b, "='");
    }
    policy[b.n] = 0;
    http_set(r, "Content-Security-Policy", policy);
}

void page_reply(struct page *g, struct http_request *r, unsigned status) {
    uint8_t hash[32], tag[40];
    struct buf b = buf_over(tag, sizeof tag);
    foot(g, g->owner);
    if (g->failed) {
        free(g->p);
        request_refuse(r, REFUSED_BUSY);
        return;
    }
    sha256(hash, span_of(g->p, g->n));
    buf_char(&b, '"');
    buf_hex(&b, span_of(hash, 16));
    buf_put(&b, span_of("\"", 2));
    http_set(r, "ETag", (const char *)tag);
    http_set(r, "Cache-Control", "no-cache");
    http_set(r, "Vary", "Accept-Language");
    if (g->program)
        set_policy(r, g);
    else
        http_set(r, "Content-Security-Policy", PAGE_CSP);
    http_reply_owned(r, status, "text/html; charset=utf-8", g->p, g->n);
}

// ---- style ----

// colour-RRGGBB.css
static int colour_sheet(struct span name, char out[COLOURS_MAX]) {
    struct palette p;
    char colour[8] = "#";
    if (name.n != 17 || !span_eq(span_of(name.p, 7), SPAN_LIT("colour-")) ||
        !span_eq(span_from(name, 13), SPAN_LIT(".css")))
        return 0;
    memcpy(colour + 1, name.p + 7, 6);
    colour[7] = 0;
    if (palette_make(&p, colour)) return 0;
    colours(&p, out);
    return 1;
}

void page_asset(struct http_request *r, void *arg) {
    static const char type[] = "text/css; charset=utf-8";
    struct span name = http_param(r, 0);
    char sheet[COLOURS_MAX];
    (void)arg;
    if (span_eq(name, span_str(PAGE_STYLE_NAME))) {
        http_set(r, "Cache-Control", FOR_EVER);
        http_reply(r, 200, type, span_str(page_style));
    } else if (colour_sheet(name, sheet)) {
        http_set(r, "Cache-Control", FOR_EVER);
        http_reply(r, 200, type, span_str(sheet));
    } else {
        request_refuse(r, REFUSED_NOT_FOUND);
    }
}

// ---- problems ----

static int problem(const char *code, const char *part) {
    char name[96];
    (void)snprintf(name, sizeof name, "problem.%s%s", code, part);
    return catalogue_find(name);
}

// What happened, and what to do.
static void say_problem(struct page *g, const char *code, const char *detail) {
    int what = problem(code, ".what"), todo = problem(code, ".do");
    if (what >= 0)
        page_say_in(g, (enum text)what, NULL, "p", "class", "lead");
    else
        page_put(g, detail, "p", "class", "lead", "lang", "en");
    page_say_in(g, TEXT_PROBLEM_NEXT, NULL, "h2");
    page_say_in(g, todo >= 0 ? (enum text)todo : TEXT_PROBLEM_DO, NULL, "p");
    page_open(g, "p", "class", "small");
    page_say(g, TEXT_PROBLEM_CODE, (struct place[]){{"code", code}, {0}});
    page_close(g);
}

char *page_problem(unsigned language, const char *code, const char *title, const char *detail, size_t *n) {
    struct page g = {.language = language};
    char self[128];
    int own = problem(code, "");
    (void)snprintf(self, sizeof self, "/problems/%s", code);
    frame(&g, NULL, own >= 0 ? texts[language][own] : title, self, NULL);
    say_problem(&g, code, detail);
    foot(&g, NULL);
    if (g.failed) free(g.p);
    *n = g.n;
    return g.failed ? NULL : g.p;
}

// ERR_BALLOT_HASH is ballot-hash among the codes of problems.
static int is_error(const char *name, const char *code) {
    for (name += 4; *name && *code; name++, code++) {
        if ((*name == '_' ? '-' : *name | 0x20) != *code) return 0;
    }
    return !*name && !*code;
}

static const char *error_text(const char *code) {
    for (unsigned e = 1; e < P1_ERR_COUNT; e++) // 0 is no error
        if (is_error(p1_err_name((enum p1_err)e), code)) return p1_err_text((enum p1_err)e);
    return NULL;
}

void page_about_problem(struct http_request *r, void *arg) {
    struct span param = http_param(r, 0);
    char code[64];
    struct page g;
    (void)arg;
    size_t n = param.n < sizeof code ? param.n : sizeof code - 1;
    memcpy(code, param.p, n);
    code[n] = 0;
    const char *sentence = error_text(code);
    int title = problem(code, "");
    if (problem(code, ".what") < 0 && !sentence) {
        request_refuse(r, REFUSED_NOT_FOUND);
        return;
    }
    page_begin(&g, r, NULL, texts[page_language(r)][title >= 0 ? title : TEXT_PROBLEM_TECHNICAL]);
    say_problem(&g, code, sentence);
    page_reply(&g, r, 200);
}
