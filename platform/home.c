// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The first page of a municipality: what it tries out, what that took and what was decided. All of it comes from the register.

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform/page.h"
#include "platform/platform.h"

// ---- numbers as people write them ----

// With two decimals.
static const char *decimal(unsigned language, double value, char out[48]) {
    char whole[32];
    uint64_t hundredths = value > 0 ? (uint64_t)llround(value * 100) : 0;
    (void)snprintf(out, 48, "%s%s%02u", catalogue_number(language, hundredths / 100, whole),
                   texts[language][TEXT_NUMBER_POINT], (unsigned)(hundredths % 100));
    return out;
}

static const char *size(unsigned language, int64_t bytes, char out[48]) {
    char number[48];
    int large = bytes >= 1000000;
    if (large)
        (void)decimal(language, (double)bytes / 1e6, number);
    else
        (void)catalogue_number(language, (uint64_t)(bytes + 999) / 1000, number);
    (void)snprintf(out, 48, "%.40s %s", number, large ? "MB" : "kB");
    return out;
}

// What is less than a hundredth is not nothing.
static const char *amount(unsigned language, double value, char out[64]) {
    char number[48];
    int little = value > 0 && value < 0.005;
    (void)snprintf(out, 64, "%s%s", little ? "< " : "", decimal(language, little ? 0.01 : value, number));
    return out;
}

static int64_t whole(const json_t *j, const char *member) { return json_integer_value(json_object_get(j, member)); }
static double real(const json_t *j, const char *member) { return json_number_value(json_object_get(j, member)); }
static const char *text(const json_t *j, const char *member) { return json_string_value(json_object_get(j, member)); }

// ---- facts ----

static void fact(struct page *g, enum text name) {
    page_say_in(g, name, NULL, "dt");
    page_open(g, "dd");
}

// What people have written, in the language of the municipality.
static void fact_text(struct page *g, enum text name, const char *value) {
    if (!value) return;
    fact(g, name);
    page_put(g, value, "span", "lang", text_languages[0]);
    page_close(g);
}

static void fact_hour(struct page *g, enum text name, const json_t *hour) {
    if (!json_is_integer(hour)) return;
    char *when = catalogue_hour(g->language, (uint64_t)json_integer_value(hour) * 3600);
    fact(g, name);
    page_text(g, when);
    page_close(g);
    free(when);
}

static void asked(struct page *g, const json_t *figures) {
    size_t i;
    json_t *one;
    const json_t *list = json_object_get(figures, "asked");
    const char *page = json_string_value(json_array_get(json_object_get(figures, "pages"), 0));
    if (json_array_size(list) == 0) return;
    fact(g, TEXT_HOME_ASKED);
    json_array_foreach(list, i, one) {
        page_open(g, "div", "lang", text_languages[0]);
        if (page)
            page_link(g, page, json_string_value(one));
        else
            page_text(g, json_string_value(one));
        page_close(g);
    }
    page_close(g);
}

static void hours(struct page *g, const json_t *e, const json_t *figures, int64_t now) {
    char count[32];
    const json_t *n = json_object_get(e, "hoursToOpen"), *opened = json_object_get(figures, "openedHour");
    int is_open = json_is_integer(opened) && json_integer_value(opened) <= now;
    fact(g, TEXT_HOME_HOURS);
    if (json_is_integer(n) && json_integer_value(n) < 2) {
        page_say(g, json_integer_value(n) ? TEXT_HOME_HOURS_ONE : TEXT_HOME_HOURS_NONE, NULL);
    } else if (json_is_integer(n)) {
        (void)catalogue_number(g->language, (uint64_t)json_integer_value(n), count);
        page_say(g, TEXT_HOME_HOURS_COUNT, (struct place[]){{"count", count}, {0}});
    } else {
        page_say(g, is_open ? TEXT_HOME_HOURS_BEFORE : TEXT_HOME_HOURS_NOT, NULL);
    }
    page_close(g);
}

static void quantities(struct page *g, const json_t *figures) {
    char count[32], invited[32], share[32], seconds[64], bytes[48];
    uint64_t people = (uint64_t)whole(figures, "participants"), all = (uint64_t)whole(figures, "invited");
    fact(g, TEXT_HOME_PEOPLE);
    page_say(g, TEXT_HOME_PEOPLE_COUNT,
             (struct place[]){{"count", catalogue_number(g->language, people, count)},
                              {"invited", catalogue_number(g->language, all, invited)},
                              {"share", catalogue_share(g->language, people, all, share)},
                              {0}});
    page_close(g);
    fact(g, TEXT_HOME_USED);
    page_say(
        g, TEXT_HOME_USED_LIST,
        (struct place[]){{"letters", invited},
                         {"seconds", amount(g->language, (double)whole(figures, "cpuMilliseconds") / 1e3, seconds)},
                         {"size", size(g->language, whole(figures, "bytes"), bytes)},
                         {0}});
    page_close(g);
}

// ---- costs ----

// A picture of the number that stands above it, and so not for screen readers.
static void bar(struct page *g, double value, double most) {
    char width[32];
    (void)snprintf(width, sizeof width, "%u.%02u%%", (unsigned)(value / most * 100),
                   (unsigned)(value / most * 10000) % 100);
    page_open(g, "svg", "class", "bar", "aria-hidden", "true");
    page_put(g, "", "rect", "class", "whole", "width", "100%", "height", "100%");
    page_put(g, "", "rect", "class", "part", "width", width, "height", "100%");
    page_close(g);
}

static void beside_legacy(struct page *g, double cost) {
    char own[48], legacy[32];
    double most = cost > LEGACY_EURO ? cost : LEGACY_EURO;
    fact(g, TEXT_HOME_COST);
    page_open(g, "div", "class", "costs");
    if (cost < 0.01)
        page_say_in(g, TEXT_HOME_COST_TINY, NULL, "p");
    else
        page_say_in(g, TEXT_HOME_COST_THIS, ((struct place[]){{"amount", decimal(g->language, cost, own)}, {0}}), "p");
    bar(g, cost, most);
    page_say_in(g, TEXT_HOME_COST_LEGACY,
                ((struct place[]){{"amount", catalogue_number(g->language, LEGACY_EURO, legacy)}, {0}}), "p");
    bar(g, LEGACY_EURO, most);
    page_say_in(g, TEXT_HOME_COST_SOURCE, NULL, "p", "class", "small");
    page_close(g);
    page_close(g);
}

static void costs(struct page *g, const json_t *cost) {
    char all[64], letters[64], cpu[64], disk[64];
    if (!json_is_object(cost)) return;
    fact(g, TEXT_HOME_TOTAL);
    page_say(g, TEXT_HOME_TOTAL_PARTS,
             (struct place[]){{"amount", amount(g->language, real(cost, "total"), all)},
                              {"letters", amount(g->language, real(cost, "letters"), letters)},
                              {"cpu", amount(g->language, real(cost, "cpu"), cpu)},
                              {"disk", amount(g->language, real(cost, "disk"), disk)},
                              {0}});
    page_close(g);
    if (json_is_number(json_object_get(cost, "perInhabitant"))) beside_legacy(g, real(cost, "perInhabitant"));
}

// ---- an experiment ----

// The text of the catalogue that goes with a word of the register: "home.stage." and "running".
static enum text named(const char *group, const char *word) {
    char name[64];
    (void)snprintf(name, sizeof name, "home.%s.%s", group, word);
    int id = catalogue_find(name);
    return id < 0 ? TEXT_HOME_DECISION_NONE : (enum text)id;
}

static void decision(struct page *g, const json_t *e) {
    const json_t *d = json_object_get(e, "decision");
    const char *what = text(d, "decision");
    fact(g, TEXT_HOME_DECISION);
    page_say_in(g, what ? named("decision", what) : TEXT_HOME_DECISION_NONE, NULL, "strong");
    if (what) {
        page_text(g, " ");
        page_put(g, text(d, "reason"), "span", "lang", text_languages[0]);
    }
    page_close(g);
}

static void experiment(struct page *g, const json_t *e, int64_t now) {
    char anchor[32];
    const json_t *figures = json_object_get(e, "figures");
    (void)snprintf(anchor, sizeof anchor, "experiment-%lld", (long long)whole(e, "id"));
    page_open(g, "li", "id", anchor);
    page_put(g, text(e, "title"), "h3", "lang", text_languages[0]);
    page_open(g, "p");
    page_say_in(g, named("stage", text(e, "stage")), NULL, "span", "class", "tag");
    page_close(g);
    page_open(g, "dl", "class", "facts");
    asked(g, figures);
    fact_text(g, TEXT_HOME_EXPECTED, text(e, "hypothesis"));
    fact_text(g, TEXT_HOME_MEASURE, text(e, "measure"));
    fact_hour(g, TEXT_HOME_IDEA, json_object_get(e, "ideaHour"));
    hours(g, e, figures, now);
    fact_hour(g, TEXT_HOME_ENDED, json_object_get(e, "endHour"));
    if (json_is_object(figures)) quantities(g, figures);
    costs(g, json_object_get(e, "cost"));
    fact_text(g, TEXT_HOME_LEARNT, text(e, "evaluation"));
    decision(g, e);
    page_close(g);
    page_close(g);
}

// ---- pages ----

// The newest first.
static void experiments(struct page *g, const struct platform *p, const struct municipality *m) {
    json_t *list = platform_experiments(p, m->name, 0);
    if (!list) g->failed = 1;
    page_say_in(g, TEXT_HOME_EXPERIMENTS, NULL, "h2");
    if (json_array_size(list) == 0) page_say_in(g, TEXT_HOME_NONE, NULL, "p");
    page_open(g, "ul", "class", "cards");
    for (size_t i = json_array_size(list); i-- > 0;) experiment(g, json_array_get(list, i), platform_hour(p));
    page_close(g);
    json_decref(list);
}

static void reply_municipality(struct http_request *r, const struct platform *p, const struct municipality *m) {
    struct page g;
    unsigned language = page_language(r);
    const char *welcome = municipality_line(m, LINE_WELCOME, text_languages[language]);
    char *title = catalogue_text(language, TEXT_HOME_TITLE, (struct place[]){{"name", m->name}, {0}});
    page_begin(&g, r, m, title);
    free(title);
    if (welcome)
        page_put(&g, welcome, "p", "class", "lead");
    else
        page_say_in(&g, TEXT_HOME_INTRO, NULL, "p", "class", "lead");
    experiments(&g, p, m);
    page_reply(&g, r, 200);
}

// Several municipalities, or none yet.
static void reply_all(struct http_request *r, const struct config *c) {
    struct page g;
    char path[128];
    page_begin(&g, r, NULL, texts[page_language(r)][c->n ? TEXT_HOME_ALL : TEXT_HOME_EMPTY]);
    page_open(&g, "ul", "class", "cards");
    for (size_t i = 0; i < c->n; i++) {
        (void)snprintf(path, sizeof path, "/%s", c->all[i].path);
        page_open(&g, "li");
        page_link(&g, path, c->all[i].name);
        page_close(&g);
    }
    page_close(&g);
    page_reply(&g, r, 200);
}

void platform_home(struct http_request *r, void *arg) {
    const struct platform *p = arg;
    struct span host;
    const struct municipality *m = http_header(r, "Host", &host) ? config_by_host(p->config, host) : NULL;
    if (!m && p->config->n != 1)
        reply_all(r, p->config);
    else
        reply_municipality(r, p, m ? m : p->config->all);
}

void platform_municipality(struct http_request *r, void *arg) {
    const struct platform *p = arg;
    const struct municipality *m = config_by_path(p->config, http_param(r, 0));
    if (m)
        reply_municipality(r, p, m);
    else
        http_problem(r, 404, "not-found", "Not found", "There is nothing at this address.");
}
