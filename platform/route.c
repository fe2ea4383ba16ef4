// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/route.h"

static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

static int method_known(const char *method) {
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(method, methods[i]) == 0) return 1;
    }
    return 0;
}

// The next segment of a pattern; 0 at its end.
static int next_segment(const char **at, struct span *out) {
    if (**at == 0 || (*at)[1] == 0) return 0; // "/" has none
    const char *start = *at + 1;
    *out = span_of(start, strcspn(start, "/"));
    *at = start + out->n;
    return 1;
}

static int is_param(struct span s) { return s.n > 2 && s.p[0] == '{' && s.p[s.n - 1] == '}'; }

// 0 if it does not fit. Else a bit for each segment, the first one highest, set where it is literal; and the lowest.
static uint32_t fit(const char *pattern, const struct uri *u) {
    struct span s;
    uint32_t score = 1;
    for (unsigned i = 0; i < u->segments; i++) {
        if (!next_segment(&pattern, &s) || u->segment[i].n == 0) return 0;
        if (is_param(s)) continue;
        if (!span_eq(s, u->segment[i])) return 0;
        score |= 1u << (31 - i);
    }
    return next_segment(&pattern, &s) ? 0 : score;
}

static void take_params(struct route_match *m, const struct uri *u) {
    const char *pattern = m->route->path;
    struct span s;
    unsigned n = 0;
    for (unsigned i = 0; next_segment(&pattern, &s); i++) {
        if (is_param(s)) m->param[n++] = u->segment[i];
    }
}

static void allow(struct route_match *m, const char *method) {
    size_t n = strlen(m->allow), more = strlen(method);
    if (n + 2 + more >= sizeof m->allow) return;
    if (n) {
        memcpy(m->allow + n, ", ", 2);
        n += 2;
    }
    memcpy(m->allow + n, method, more + 1);
}

static int answers(const struct http_route *route, const char *method) {
    if (strcmp(method, "HEAD") == 0) method = "GET";
    return strcmp(route->method, method) == 0;
}

enum refusal route_find(struct route_match *m, const struct http_table *tables, size_t n, const char *method,
                        const struct uri *u) {
    uint32_t best = 0;
    *m = (struct route_match){0};
    if (!method_known(method)) return REFUSED_METHOD_UNKNOWN;
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < tables[t].n; i++) {
            const struct http_route *route = &tables[t].routes[i];
            uint32_t score = fit(route->path, u);
            if (score == 0 || score < best) continue;
            if (score > best) *m = (struct route_match){0};
            best = score;
            allow(m, route->method);
            if (strcmp(route->method, "GET") == 0) allow(m, "HEAD");
            if (!answers(route, method)) continue;
            m->route = route;
            m->arg = tables[t].arg;
        }
    }
    if (best == 0) return REFUSED_NOT_FOUND;
    allow(m, "OPTIONS");
    if (m->route) take_params(m, u);
    return m->route || strcmp(method, "OPTIONS") == 0 ? REFUSED_NOT : REFUSED_METHOD;
}

enum refusal route_check_query(const struct http_route *route, const struct uri *u) {
    for (unsigned i = 0; i < u->queries; i++) {
        const char *const *name = route->query;
        while (name && *name && !span_eq(u->query[i].name, span_str(*name))) name++;
        if (!name || !*name) return REFUSED_QUERY;
        for (unsigned k = 0; k < i; k++) {
            if (span_eq(u->query[i].name, u->query[k].name)) return REFUSED_QUERY;
        }
    }
    return REFUSED_NOT;
}

// Two patterns that fit the same paths equally well.
static int same_shape(const char *a, const char *b) {
    struct span s = {0}, t = {0};
    for (;;) {
        int more_a = next_segment(&a, &s), more_b = next_segment(&b, &t);
        if (!more_a || !more_b) return more_a == more_b;
        if (is_param(s) != is_param(t) || (!is_param(s) && !span_eq(s, t))) return 0;
    }
}

static int path_valid(const char *path) {
    size_t n = strlen(path), segments = 0;
    for (size_t i = 0; i < n; i++) segments += path[i] == '/';
    return path[0] == '/' && (n == 1 || path[n - 1] != '/') && !strstr(path, "//") && segments <= URI_SEGMENTS_MAX;
}

int routes_valid(const struct http_table *tables, size_t n) {
    const struct http_route *seen[256];
    size_t k = 0;
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < tables[t].n; i++) {
            const struct http_route *route = &tables[t].routes[i];
            if (!method_known(route->method) || !path_valid(route->path) || k == 256) return 0;
            for (size_t j = 0; j < k; j++) {
                if (same_shape(seen[j]->path, route->path) && strcmp(seen[j]->method, route->method) == 0) return 0;
            }
            seen[k++] = route;
        }
    }
    return 1;
}
