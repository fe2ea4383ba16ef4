// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/field.h"

#include <strings.h>

int field_same(struct span a, const char *b) { return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0; }

static int is_token_char(uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

int field_is_token(struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        if (!is_token_char(s.p[i])) return 0;
    }
    return s.n > 0;
}

static int is_blank(uint8_t c) { return c == ' ' || c == '\t'; }

static struct span trimmed(struct span s) {
    while (s.n && is_blank(*s.p)) s = span_from(s, 1);
    while (s.n && is_blank(s.p[s.n - 1])) s.n--;
    return s;
}

// The next item of a list, without blanks; 0 at its end. Separators within quotes do not count.
static int next_item(struct span *list, uint8_t separator, struct span *out) {
    int quoted = 0;
    size_t n = 0;
    if (list->n == 0) return 0;
    for (; n < list->n && (quoted || list->p[n] != separator); n++) quoted ^= list->p[n] == '"';
    *out = trimmed(span_of(list->p, n));
    *list = span_from(*list, n < list->n ? n + 1 : n);
    return 1;
}

int field_is_type(struct span value, const char *type) {
    struct span name;
    return next_item(&value, ';', &name) && field_same(name, type);
}

// "0.5" in thousandths; what is no weight is 0, so that nothing is sent that was not asked for.
static unsigned weight(struct span s) {
    unsigned q = 0, unit = 1000;
    for (size_t i = 0; i < s.n; i++) {
        if (i == 1 && s.p[i] == '.') continue;
        if (s.p[i] < '0' || s.p[i] > '9' || i > 4) return 0;
        q += (unsigned)(s.p[i] - '0') * unit;
        unit /= 10;
    }
    return q > 1000 ? 0 : q;
}

// How closely a media range names a type: 3 exactly, 2 "text/*", 1 "*/*", 0 not.
static int closeness(struct span range, const char *type) {
    size_t main = strcspn(type, "/") + 1;
    if (field_same(range, type)) return 3;
    if (range.n == main + 1 && range.p[main] == '*' && strncasecmp((const char *)range.p, type, main) == 0) return 2;
    return field_same(range, "*/*");
}

// The weight of the range that names it most closely, more closely than FLOOR.
static unsigned weight_of(struct span accept, const char *name, int (*close_to)(struct span, const char *), int floor) {
    struct span item, range, param;
    int best = floor;
    unsigned q = 0;
    while (next_item(&accept, ',', &item)) {
        unsigned of_this = 1000;
        if (!next_item(&item, ';', &range)) continue;
        int close = close_to(range, name);
        while (next_item(&item, ';', &param)) {
            if (param.n > 2 && (*param.p | 0x20) == 'q' && param.p[1] == '=') of_this = weight(span_from(param, 2));
        }
        if (close <= best) continue;
        best = close;
        q = of_this;
    }
    return q;
}

unsigned field_accepts(struct span accept, const char *type, int exact) {
    return weight_of(accept, type, closeness, exact ? 2 : 0);
}

// How closely a range names a language: 3 exactly, 2 with a region, 1 "*", 0 not.
static int language_closeness(struct span range, const char *code) {
    size_t n = strlen(code);
    if (field_same(range, code)) return 3;
    if (range.n > n && range.p[n] == '-' && strncasecmp((const char *)range.p, code, n) == 0) return 2;
    return field_same(range, "*");
}

unsigned field_language(struct span accept, const char *code) { return weight_of(accept, code, language_closeness, 0); }

static struct span without_weak(struct span tag) {
    return tag.n > 2 && tag.p[0] == 'W' && tag.p[1] == '/' ? span_from(tag, 2) : tag;
}

int field_has_coding(struct span accepted, const char *coding) {
    struct span item, name, param;
    while (next_item(&accepted, ',', &item)) {
        unsigned q = 1000;
        if (!next_item(&item, ';', &name) || !field_same(name, coding)) continue;
        while (next_item(&item, ';', &param)) {
            if (param.n > 2 && (*param.p | 0x20) == 'q' && param.p[1] == '=') q = weight(span_from(param, 2));
        }
        return q > 0;
    }
    return 0;
}

int field_has_etag(struct span value, const char *etag) {
    struct span item;
    while (next_item(&value, ',', &item)) {
        if (span_eq(item, SPAN_LIT("*"))) return 1;
        if (span_eq(without_weak(item), without_weak(span_str(etag)))) return 1;
    }
    return 0;
}

int field_number(struct span value, uint64_t *out) {
    uint64_t v = 0;
    if (value.n == 0 || value.n > 18) return 0;
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] < '0' || value.p[i] > '9') return 0;
        v = v * 10 + value.p[i] - '0';
    }
    *out = v;
    return 1;
}

enum field_range field_range(struct span value, uint64_t size, uint64_t *first, uint64_t *last) {
    if (value.n < 6 || strncasecmp((const char *)value.p, "bytes=", 6) != 0) return RANGE_NONE;
    value = trimmed(span_from(value, 6));
    const uint8_t *dash = value.n ? memchr(value.p, '-', value.n) : NULL;
    if (!dash) return RANGE_NONE;
    struct span from = span_of(value.p, (size_t)(dash - value.p)), to = span_from(value, from.n + 1);
    uint64_t n;
    if (from.n == 0) { // the last N bytes
        if (!field_number(to, &n)) return RANGE_NONE;
        if (n == 0 || size == 0) return RANGE_OUTSIDE;
        *first = n < size ? size - n : 0;
        *last = size - 1;
        return RANGE_GOOD;
    }
    if (!field_number(from, first)) return RANGE_NONE;
    *last = size - 1;
    if (to.n) {
        if (!field_number(to, &n) || n < *first) return RANGE_NONE;
        if (n < *last) *last = n;
    }
    return *first < size ? RANGE_GOOD : RANGE_OUTSIDE;
}
