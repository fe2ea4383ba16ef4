// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The target of a request (RFC 9112, 3.2), taken apart and decoded strictly. There is one way to write each path: what a
// proxy before us could read otherwise is refused.
#ifndef P1_URI_H
#define P1_URI_H

#include "core/span.h"
#include "platform/refusal.h"

enum {
    URI_MAX = 2048,
    URI_SEGMENTS_MAX = 16,
    URI_QUERY_MAX = 16,
};

struct uri {
    struct span path;                      // as sent, without the query
    struct span segment[URI_SEGMENTS_MAX]; // decoded; none of them is empty but the last one of a path that ends in '/'
    unsigned segments;                     // "/" has none
    struct {
        struct span name, value; // decoded
    } query[URI_QUERY_MAX];
    unsigned queries;
};

// TARGET is "/path?query", or "http://HOST/path?query" where HOST is the one that the Host field names. ROOM is for the
// decoded text, as many bytes as TARGET has; both must outlive U. REFUSED_TARGET_FORM, _TARGET_LONG, _QUERY.
enum refusal uri_parse(struct uri *u, struct span target, struct span host, uint8_t *room);

#endif
