// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Which handler a request goes to: tables of paths, no expressions. A segment in braces, such as {uuid}, stands for any; where
// several patterns fit, the one whose earlier segment is literal is taken, whatever table it stands in.
#ifndef P1_ROUTE_H
#define P1_ROUTE_H

#include "platform/http.h"
#include "platform/uri.h"

enum { ROUTE_ALLOW_MAX = 64 };

struct route_match {
    const struct http_route *route;
    void *arg; // of its table
    struct span param[URI_SEGMENTS_MAX];
    char allow[ROUTE_ALLOW_MAX]; // the methods at this path, for the field Allow; empty if there is nothing
};

// REFUSED_METHOD_UNKNOWN, _NOT_FOUND, _METHOD. OPTIONS fits every path that exists, and leaves ROUTE null.
enum refusal route_find(struct route_match *m, const struct http_table *tables, size_t n, const char *method,
                        const struct uri *u);

// A query with names that the route does not know, or one of them twice: REFUSED_QUERY.
enum refusal route_check_query(const struct http_route *route, const struct uri *u);

// Is every method known, does every path begin with '/' and not end in it, and does no route hide another?
int routes_valid(const struct http_table *tables, size_t n);

#endif
