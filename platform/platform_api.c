// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What programs can read of municipalities and experiments: /v1/municipalities, /v1/experiments.

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform/field.h"
#include "platform/page.h"
#include "platform/platform.h"

static const char *const list_query[] = {"municipality", NULL};

#define JSON "application/json"
#define PAGE "text/html"

const struct http_route platform_routes[] = {
    {.method = "GET", .path = "/v1/municipalities", .handle = platform_municipalities, .type = JSON},
    {.method = "GET", .path = "/v1/experiments", .handle = platform_list, .query = list_query, .type = JSON},
    {.method = "GET", .path = "/v1/experiments/{id}", .handle = platform_one, .type = JSON},
    {.method = "GET", .path = "/v1/experiments/{id}/events", .handle = platform_events, .type = JSON},
    {.method = "GET", .path = "/", .handle = platform_home, .query = page_query, .type = PAGE},
    {.method = "GET", .path = "/{municipality}", .handle = platform_municipality, .query = page_query, .type = PAGE},
    {.method = "GET", .path = "/{municipality}/logo.png", .handle = platform_logo},
    {.method = "GET", .path = "/assets/{name}", .handle = page_asset, .always = 1},
    {.method = "GET",
     .path = "/problems/{code}",
     .handle = page_about_problem,
     .query = page_query,
     .type = "text/html"},
};
const size_t platform_route_count = sizeof platform_routes / sizeof *platform_routes;

static int is_first(const char *path, const char *segment) {
    size_t n = strcspn(path + 1, "/");
    return n == strlen(segment) && memcmp(path + 1, segment, n) == 0;
}

int platform_check(const struct config *config, const struct http_table *tables, size_t n, char why[CONFIG_WHY]) {
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < tables[t].n; i++) {
            for (size_t m = 0; m < config->n; m++) {
                if (!is_first(tables[t].routes[i].path, config->all[m].path)) continue;
                (void)snprintf(why, CONFIG_WHY,
                               "%s: municipalities[%zu].path \"%s\" is taken: the server has %s itself", CONFIG_FILE, m,
                               config->all[m].path, tables[t].routes[i].path);
                return -1;
            }
        }
    }
    return 0;
}

// Answers with {NAME: VALUE}, or with VALUE alone; VALUE is taken over.
static void reply(struct http_request *r, const char *name, json_t *value) {
    json_t *j = name ? json_pack("{s:o}", name, value) : value;
    char *text = j ? json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(j);
    if (text)
        http_reply_owned(r, 200, JSON, text, strlen(text));
    else
        http_problem(r, 503, "busy", "Very busy", "Please try again in a moment.");
}

// ---- municipalities ----

static json_t *about(const struct municipality *m) {
    char address[64];
    json_t *j = json_deep_copy(m->json);
    (void)snprintf(address, sizeof address, "/%s/logo.png", m->path);
    (void)json_object_set_new(j, "colour", json_string(m->palette.own));
    (void)json_object_set_new(j, "logo", m->logo.n ? json_string(address) : json_null());
    return j;
}

void platform_municipalities(struct http_request *r, void *arg) {
    const struct platform *p = arg;
    json_t *list = json_array();
    for (size_t i = 0; i < p->config->n; i++) (void)json_array_append_new(list, about(&p->config->all[i]));
    reply(r, "municipalities", list);
}

void platform_logo(struct http_request *r, void *arg) {
    const struct platform *p = arg;
    const struct municipality *m = config_by_path(p->config, http_param(r, 0));
    if (!m || !m->logo.n) {
        http_problem(r, 404, "not-found", "Not found", "There is nothing at this address.");
        return;
    }
    http_set(r, "Cache-Control", "public, max-age=3600");
    http_reply(r, 200, "image/png", m->logo);
}

// ---- experiments ----

void platform_list(struct http_request *r, void *arg) {
    const struct platform *p = arg;
    struct span path;
    const struct municipality *m = NULL;
    if (http_query(r, "municipality", &path)) {
        m = config_by_path(p->config, path);
        if (!m) {
            http_problem(r, 400, "unknown-municipality", "No such municipality",
                         "municipality is the path of one, as /v1/municipalities has it.");
            return;
        }
    }
    json_t *list = platform_experiments(p, m ? m->name : NULL, 0), *e;
    size_t i;
    json_array_foreach(list, i, e) { (void)json_object_del(e, "events"); }
    reply(r, "experiments", list);
}

// The experiment that a path names, for json_decref(). Answers 404 if there is none.
static json_t *asked(struct http_request *r, const struct platform *p) {
    struct span text = http_param(r, 0);
    uint64_t id = 0;
    int is_number = text.p[0] != '0' && field_number(text, &id);
    json_t *list = is_number && id < INT32_MAX ? platform_experiments(p, NULL, (int64_t)id) : NULL;
    json_t *e = json_incref(json_array_get(list, 0));
    json_decref(list);
    if (!e)
        http_problem(r, 404, "unknown-experiment", "No such experiment",
                     "There is no experiment with this number here.");
    return e;
}

void platform_one(struct http_request *r, void *arg) {
    json_t *e = asked(r, arg);
    if (!e) return;
    (void)json_object_del(e, "events");
    reply(r, NULL, e);
}

void platform_events(struct http_request *r, void *arg) {
    json_t *e = asked(r, arg);
    if (!e) return;
    reply(r, "events", json_incref(json_object_get(e, "events")));
    json_decref(e);
}
