// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What a request line and its fields hold, read: addresses, routes, fields. The input is lines: the address, the method, and
// the value of a field.

#include "platform/field.h"
#include "platform/route.h"
#include "tests/fuzz/fuzz.h"

static void nothing(struct http_request *r, void *arg) {
    (void)r;
    (void)arg;
}

static const char *const query[] = {"after", "limit", NULL};
static const struct http_route list[] = {
    {.method = "GET", .path = "/", .handle = nothing},
    {.method = "GET", .path = "/v1/elections", .handle = nothing},
    {.method = "GET", .path = "/v1/elections/{uuid}", .handle = nothing},
    {.method = "GET", .path = "/v1/elections/{uuid}/events", .handle = nothing, .query = query},
    {.method = "POST", .path = "/v1/elections/{uuid}/ballots", .handle = nothing},
    {.method = "GET", .path = "/v1/elections/{uuid}/ballots/{tracker}", .handle = nothing},
};
static const struct http_table table = {list, sizeof list / sizeof *list, NULL};

static void is_decoded(struct span s, struct span target) {
    HOLDS(s.n <= target.n);
    for (size_t i = 0; i < s.n; i++) HOLDS(s.p[i] >= 0x20 && s.p[i] != 0x7f);
}

static void address(struct span target, const char *method) {
    uint8_t *room = fuzz_alloc(target.n);
    struct uri u;
    struct route_match m;
    enum refusal refused = uri_parse(&u, target, SPAN_LIT("test"), room);
    HOLDS(refused == REFUSED_NOT || refused == REFUSED_TARGET_FORM || refused == REFUSED_TARGET_LONG ||
          refused == REFUSED_QUERY);
    if (refused == REFUSED_NOT) {
        HOLDS(u.segments <= URI_SEGMENTS_MAX && u.queries <= URI_QUERY_MAX);
        for (unsigned i = 0; i < u.segments; i++) {
            is_decoded(u.segment[i], target);
            HOLDS(!span_eq(u.segment[i], SPAN_LIT("..")) && !memchr(u.segment[i].p, '/', u.segment[i].n));
            HOLDS(u.segment[i].n || i + 1 == u.segments);
        }
        for (unsigned i = 0; i < u.queries; i++) is_decoded(u.query[i].name, target);
        refused = route_find(&m, &table, 1, method, &u);
        HOLDS(refused != REFUSED_NOT || m.route || strcmp(method, "OPTIONS") == 0);
        HOLDS(refused != REFUSED_METHOD || *m.allow);
        if (m.route && route_check_query(m.route, &u) == REFUSED_NOT) HOLDS(u.queries == 0 || m.route->query);
    }
    free(room);
}

static void field(struct span value) {
    uint64_t first, last, n;
    HOLDS(field_accepts(value, "application/json", 0) <= 1000);
    HOLDS(field_accepts(value, "application/json", 1) <= 1000);
    (void)field_has_etag(value, "\"b08b0fb6e03627586d151b64f6f4bd72\"");
    (void)field_is_type(value, "application/json");
    if (field_number(value, &n)) HOLDS(n < (uint64_t)1 << 63);
    for (uint64_t size = 0; size < 300; size += 100) {
        if (field_range(value, size, &first, &last) == RANGE_GOOD) HOLDS(first <= last && last < size);
    }
}

void fuzz_one(struct span in) {
    static const char *const methods[] = {"GET", "HEAD", "POST", "OPTIONS", "DELETE", "BREW"};
    struct span target = take_line(&in);
    uint8_t *copy = exact_copy(target);
    address(span_of(copy, target.n), methods[take_u8(&in) % 6]);
    free(copy);
    struct span value = take_bytes(&in, in.n);
    copy = exact_copy(value);
    field(span_of(copy, value.n));
    free(copy);
}
