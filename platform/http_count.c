// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the HTTP server counts and logs. A line names the route, never the path, since that may name a ballot; and never an address.

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

void count_register(void) { metrics_register(counts, COUNTS); }

void count_refusal(enum refusal refused) { metric_add(&counts[REFUSED + refused - 1], 1); }

void count_at_once(int n) { metric_add(&counts[AT_ONCE], n); }

void count_connections(int n) { metric_add(&counts[CONNECTIONS], n); }

void count_request(const struct http_request *r) {
    int64_t us = http_now_us() - r->started_us;
    unsigned class = r->status / 100 < 6 ? r->status / 100 : 0;
    metric_add(&counts[ANSWERED + class], 1);
    metric_observe(&counts[SECONDS], us);
    // Only what is our fault is said aloud: refusals come as often as somebody likes.
    log_line(r->status == 500 ? LOG_WARNING : LOG_DEBUG, "request", "method",
             r->match.route ? r->match.route->method : "-", "route", r->match.route ? r->match.route->path : "-",
             "status", LOG_NUMBER(r->status), "ms", LOG_NUMBER(us / 1000));
}
