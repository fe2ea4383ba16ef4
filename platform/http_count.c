// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the HTTP server counts and logs. A line names the route, never the path, since that may name a ballot; and never an address.

#include <stdio.h>

#include "platform/http_in.h"
#include "platform/log.h"

enum { ANSWERED, REFUSED = 6, AT_ONCE = REFUSED + REFUSAL_COUNT - 1, CONNECTIONS, SECONDS, COUNTS };

static struct metric counts[COUNTS] = {
    {METRIC_COUNTER, "plus1_http_requests_total", "Requests by the class of their status.", "status=\"none\"", 0, {0}},
    {METRIC_COUNTER, "plus1_http_requests_total", "", "status=\"1xx\"", 0, {0}},
    {METRIC_COUNTER, "plus1_http_requests_total", "", "status=\"2xx\"", 0, {0}},
    {METRIC_COUNTER, "plus1_http_requests_total", "", "status=\"3xx\"", 0, {0}},
    {METRIC_COUNTER, "plus1_http_requests_total", "", "status=\"4xx\"", 0, {0}},
    {METRIC_COUNTER, "plus1_http_requests_total", "", "status=\"5xx\"", 0, {0}},
#define REFUSAL(name, status, code, title, detail)                              \
    [REFUSED + REFUSED_##name - 1] = {METRIC_COUNTER,                           \
                                      "plus1_http_refusals_total",              \
                                      "Requests refused before their handler.", \
                                      "code=\"" code "\"",                      \
                                      0,                                        \
                                      {0}},
#include "platform/refusals.def"
#undef REFUSAL
    [AT_ONCE] = {METRIC_GAUGE, "plus1_http_requests", "Requests that wait for their answer.", NULL, 0, {0}},
    [CONNECTIONS] = {METRIC_GAUGE, "plus1_http_connections", "Open connections.", NULL, 0, {0}},
    [SECONDS] =
        {METRIC_HISTOGRAM, "plus1_http_request_seconds", "From the first line to the end of the answer.", NULL, 0, {0}},
};

// A row for each route and class of status, in the order in which they came.
enum { ROUTES_MAX = 128, CLASSES = 4, LABELS_MAX = 200 };

static struct {
    const struct http_route *route[ROUTES_MAX];
    _Atomic size_t n; // one server may count already while another one begins
    struct metric count[ROUTES_MAX * CLASSES];
    char labels[ROUTES_MAX * CLASSES][LABELS_MAX];
} routes;

static size_t place_of(const struct http_route *route) {
    size_t i = 0;
    while (i < routes.n && routes.route[i] != route) i++;
    return i;
}

static void add_route(const struct http_route *route) {
    size_t i = place_of(route);
    if (i < routes.n || i == ROUTES_MAX) return;
    for (size_t k = 0; k < CLASSES; k++) {
        size_t at = i * CLASSES + k;
        (void)snprintf(routes.labels[at], LABELS_MAX, "method=\"%s\",route=\"%s\",status=\"%zuxx\"", route->method,
                       route->path, k + 2);
        routes.count[at] = (struct metric){
            METRIC_COUNTER, "plus1_http_route_requests_total", "Requests by route.", routes.labels[at], 0, {0}};
    }
    routes.route[i] = route;
    routes.n = i + 1;
}

void count_register(const struct http_table *tables, size_t n) {
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < tables[t].n; i++) add_route(&tables[t].routes[i]);
    }
    metrics_register(counts, COUNTS);
    metrics_register(routes.count, ROUTES_MAX * CLASSES);
}

static void count_route(const struct http_route *route, unsigned class) {
    size_t i = place_of(route);
    if (i < routes.n && class >= 2 && class < 2 + CLASSES) metric_add(&routes.count[i * CLASSES + class - 2], 1);
}

void count_refusal(enum refusal refused) { metric_add(&counts[REFUSED + refused - 1], 1); }

void count_at_once(int n) { metric_add(&counts[AT_ONCE], n); }

void count_connections(int n) { metric_add(&counts[CONNECTIONS], n); }

void count_request(const struct http_request *r) {
    int64_t us = http_now_us() - r->started_us;
    unsigned class = r->status / 100 < 6 ? r->status / 100 : 0;
    metric_add(&counts[ANSWERED + class], 1);
    metric_observe(&counts[SECONDS], us);
    if (r->match.route) count_route(r->match.route, class);
    // Only what is our fault is said aloud: refusals come as often as somebody likes.
    log_line(r->status == 500 ? LOG_WARNING : LOG_DEBUG, "request", "method",
             r->match.route ? r->match.route->method : "-", "route", r->match.route ? r->match.route->path : "-",
             "status", LOG_NUMBER(r->status), "ms", LOG_NUMBER(us / 1000));
}
