// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/uri.h"

#include <strings.h>

#include "core/buf.h"
#include "core/json_canon.h"

static int is_unreserved(uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

// RFC 3986: pchar without the percent sign.
static int is_path_char(uint8_t c) { return is_unreserved(c) || (c && strchr("!$&'()*+,;=:@", c)); }

static int is_query_char(uint8_t c) { return is_path_char(c) || c == '/' || c == '?'; }

static int hex_value(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Text without control characters, all of it UTF-8.
static int is_text(struct span s) {
    for (size_t n; s.n; s = span_from(s, n)) {
        n = utf8_length(s);
        if (n == 0 || *s.p < 0x20 || *s.p == 0x7f) return 0;
    }
    return 1;
}

static int decode(struct span in, int (*is_plain)(uint8_t), int plus_is_blank, struct buf *room, struct span *out) {
    size_t start = room->n;
    for (size_t i = 0; i < in.n; i++) {
        uint8_t c = in.p[i];
        if (c == '%') {
            int high = i + 2 < in.n ? hex_value(in.p[i + 1]) : -1, low = i + 2 < in.n ? hex_value(in.p[i + 2]) : -1;
            if (high < 0 || low < 0) return 0;
            c = (uint8_t)(high << 4 | low);
            i += 2;
        } else if (!is_plain(c)) {
            return 0;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        buf_char(room, (char)c);
    }
    *out = span_of(room->p + start, room->n - start);
    return is_text(*out);
}

static struct span take_until(struct span *rest, uint8_t end, int *found) {
    const uint8_t *at = rest->n ? memchr(rest->p, end, rest->n) : NULL;
    struct span part = at ? span_of(rest->p, (size_t)(at - rest->p)) : *rest;
    *rest = span_from(*rest, part.n + (at != NULL));
    *found = at != NULL;
    return part;
}

// A segment that another reader could take for a way up, or for two segments.
static int is_tricky(struct span s) {
    return span_eq(s, SPAN_LIT(".")) || span_eq(s, SPAN_LIT("..")) || memchr(s.p, '/', s.n) || memchr(s.p, '\\', s.n);
}

static enum refusal parse_path(struct uri *u, struct buf *room) {
    struct span rest = span_from(u->path, 1);
    if (u->path.n == 1) return REFUSED_NOT;
    for (int more = 1; more;) {
        struct span raw = take_until(&rest, '/', &more), *s = &u->segment[u->segments];
        if (u->segments == URI_SEGMENTS_MAX || (raw.n == 0 && more)) return REFUSED_TARGET_FORM;
        if (!decode(raw, is_path_char, 0, room, s) || is_tricky(*s)) return REFUSED_TARGET_FORM;
        u->segments++;
    }
    return REFUSED_NOT;
}

static enum refusal parse_query(struct uri *u, struct span query, struct buf *room) {
    for (int more = query.n > 0; more;) {
        struct span pair = take_until(&query, '&', &more);
        int has_value;
        if (u->queries == URI_QUERY_MAX) return REFUSED_QUERY;
        struct span name = take_until(&pair, '=', &has_value);
        if (!has_value || name.n == 0) return REFUSED_QUERY;
        if (!decode(name, is_query_char, 1, room, &u->query[u->queries].name)) return REFUSED_QUERY;
        if (!decode(pair, is_query_char, 1, room, &u->query[u->queries].value)) return REFUSED_QUERY;
        u->queries++;
    }
    return REFUSED_NOT;
}

// RFC 9112, 3.2.2: the absolute form must be understood.
static int take_authority(struct span *target, struct span host) {
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(schemes[i]);
        if (target->n < n || strncasecmp((const char *)target->p, schemes[i], n) != 0) continue;
        *target = span_from(*target, n);
        if (host.n == 0 || target->n < host.n ||
            strncasecmp((const char *)target->p, (const char *)host.p, host.n) != 0)
            return 0;
        *target = span_from(*target, host.n);
        break;
    }
    return target->n && *target->p == '/';
}

enum refusal uri_parse(struct uri *u, struct span target, struct span host, uint8_t *room) {
    struct buf decoded = buf_over(room, target.n);
    int has_query;
    *u = (struct uri){0};
    if (target.n > URI_MAX) return REFUSED_TARGET_LONG;
    if (!take_authority(&target, host)) return REFUSED_TARGET_FORM;
    u->path = take_until(&target, '?', &has_query);
    enum refusal refused = parse_path(u, &decoded);
    return refused ? refused : parse_query(u, target, &decoded);
}
