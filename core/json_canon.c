// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/json_canon.h"

static struct span rest(const struct json *j) { return span_of(j->p, (size_t)(j->end - j->p)); }

int json_take(struct json *j, const char *lit) {
    size_t n = strlen(lit);
    if (rest(j).n < n || memcmp(j->p, lit, n) != 0) return 0;
    j->p += n;
    return 1;
}

enum p1_err json_lit(struct json *j, const char *lit) { return json_take(j, lit) ? P1_OK : P1_ERR_JSON; }

static int is_hex(uint8_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

static unsigned hex_value(uint8_t c) { return c <= '9' ? (unsigned)c - '0' : (c | 0x20u) - 'a' + 10u; }

static unsigned hex4(const uint8_t *p) {
    return hex_value(p[0]) << 12 | hex_value(p[1]) << 8 | hex_value(p[2]) << 4 | hex_value(p[3]);
}

size_t utf8_length(struct span s) {
    uint8_t a = s.p[0];
    size_t n = a < 0x80 ? 1 : a >= 0xc2 && a < 0xe0 ? 2 : a >= 0xe0 && a < 0xf0 ? 3 : a >= 0xf0 && a < 0xf5 ? 4 : 0;
    if (n == 0 || n > s.n) return 0;
    for (size_t i = 1; i < n; i++) {
        if ((s.p[i] & 0xc0) != 0x80) return 0;
    }
    if ((a == 0xe0 && s.p[1] < 0xa0) || (a == 0xed && s.p[1] >= 0xa0)) return 0;
    if ((a == 0xf0 && s.p[1] < 0x90) || (a == 0xf4 && s.p[1] >= 0x90)) return 0;
    return n;
}

// Bytes of the escape at s (which starts with a backslash), 0 if it is none. Surrogates come in pairs only.
static size_t escape_length(struct span s) {
    if (s.n < 2) return 0;
    if (s.p[1] != 'u') return memchr("\"\\/bfnrt", s.p[1], 8) ? 2 : 0;
    if (s.n < 6) return 0;
    for (size_t i = 2; i < 6; i++) {
        if (!is_hex(s.p[i])) return 0;
    }
    unsigned code = hex4(s.p + 2);
    if (code < 0xd800 || code > 0xdfff) return 6;
    if (code > 0xdbff || s.n < 12 || s.p[6] != '\\' || s.p[7] != 'u') return 0;
    for (size_t i = 8; i < 12; i++) {
        if (!is_hex(s.p[i])) return 0;
    }
    unsigned low = hex4(s.p + 8);
    return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
}

enum p1_err json_quoted(struct json *j, struct span *out) {
    TRY(json_lit(j, "\""));
    const uint8_t *start = j->p;
    while (j->p < j->end && *j->p != '"') {
        if (*j->p < 0x20) return P1_ERR_JSON_STRING;
        size_t n = *j->p == '\\' ? escape_length(rest(j)) : utf8_length(rest(j));
        if (n == 0) return P1_ERR_JSON_STRING;
        j->p += n;
    }
    *out = span_of(start, (size_t)(j->p - start));
    return json_lit(j, "\"");
}

enum p1_err json_plain(struct json *j, struct span *out) {
    TRY(json_lit(j, "\""));
    const uint8_t *start = j->p;
    while (j->p < j->end && *j->p != '"') {
        if (*j->p < 0x20 || *j->p > 0x7e || *j->p == '\\') return P1_ERR_JSON_STRING;
        j->p++;
    }
    *out = span_of(start, (size_t)(j->p - start));
    return json_lit(j, "\"");
}

enum p1_err json_uint(struct json *j, uint64_t max, uint64_t *out) {
    uint64_t v = 0;
    const uint8_t *start = j->p;
    while (j->p < j->end && *j->p >= '0' && *j->p <= '9') {
        unsigned digit = (unsigned)(*j->p++ - '0');
        if (__builtin_mul_overflow(v, (uint64_t)10, &v) || __builtin_add_overflow(v, digit, &v) || v > max)
            return P1_ERR_JSON_NUMBER;
    }
    if (j->p == start || (*start == '0' && j->p - start > 1)) return P1_ERR_JSON_NUMBER;
    *out = v;
    return P1_OK;
}

#define COUNT_PLAIN_MAX ((1u << 30) - 1)

enum p1_err json_count(struct json *j, uint64_t *out) {
    if (!json_take(j, "\"")) return json_uint(j, COUNT_PLAIN_MAX, out);
    TRY(json_uint(j, INT64_MAX, out));
    if (*out <= COUNT_PLAIN_MAX) return P1_ERR_JSON_NUMBER;
    return json_lit(j, "\"");
}

void buf_count(struct buf *b, uint64_t v) {
    if (v > COUNT_PLAIN_MAX) buf_char(b, '"');
    buf_u64(b, v);
    if (v > COUNT_PLAIN_MAX) buf_char(b, '"');
}

enum p1_err json_next(struct json *j, int *first, int *more) {
    *more = !json_take(j, "]");
    if (*more && !*first) TRY(json_lit(j, ","));
    *first = 0;
    return P1_OK;
}

enum p1_err hash_decode(uint8_t out[32], struct span text) {
    if (text.n != 64) return P1_ERR_HASH_FORM;
    for (size_t i = 0; i < 64; i++) {
        if (!is_hex(text.p[i]) || (text.p[i] >= 'A' && text.p[i] <= 'F')) return P1_ERR_HASH_FORM;
    }
    for (size_t i = 0; i < 32; i++) out[i] = (uint8_t)(hex_value(text.p[2 * i]) << 4 | hex_value(text.p[2 * i + 1]));
    return P1_OK;
}

enum p1_err json_hash(struct json *j, uint8_t out[32]) {
    struct span text;
    TRY(json_plain(j, &text));
    return hash_decode(out, text);
}

enum p1_err json_scalar(struct json *j, const struct modulus *q, struct scalar *out) {
    struct span text;
    TRY(json_plain(j, &text));
    return sc_decode(q, out, text);
}

enum p1_err json_elem(struct json *j, const struct group *g, struct elem *out, struct work *w) {
    struct span text;
    TRY(json_plain(j, &text));
    return elem_decode(g, out, text, w);
}

enum p1_err json_end(const struct json *j) { return j->p == j->end ? P1_OK : P1_ERR_JSON_TRAILING; }

static void skip_digits(struct json *j) {
    while (j->p < j->end && *j->p >= '0' && *j->p <= '9') j->p++;
}

// -1.5e3: 0 or digits that do not start with it, then perhaps a fraction, then perhaps an exponent.
static enum p1_err skip_number(struct json *j) {
    json_take(j, "-");
    const uint8_t *start = j->p;
    if (!json_take(j, "0")) skip_digits(j);
    if (j->p == start) return P1_ERR_JSON;
    if (json_take(j, ".")) {
        start = j->p;
        skip_digits(j);
        if (j->p == start) return P1_ERR_JSON;
    }
    if (!json_take(j, "e") && !json_take(j, "E")) return P1_OK;
    if (!json_take(j, "+")) json_take(j, "-");
    start = j->p;
    skip_digits(j);
    return j->p == start ? P1_ERR_JSON : P1_OK;
}

static enum p1_err skip_token(struct json *j) {
    struct span ignored;
    if (j->p < j->end && *j->p == '"') return json_quoted(j, &ignored);
    if (json_take(j, "true") || json_take(j, "false") || json_take(j, "null")) return P1_OK;
    return skip_number(j);
}

enum p1_err json_skip(struct json *j, struct span *out) {
    enum { DEPTH = 32 };
    const uint8_t *start = j->p;
    char close[DEPTH];
    size_t depth = 0;
    do {
        struct span name;
        if (depth && close[depth - 1] == '}') {
            TRY(json_quoted(j, &name));
            TRY(json_lit(j, ":"));
        }
        int list = json_take(j, "["), object = !list && json_take(j, "{");
        if ((list && !json_take(j, "]")) || (object && !json_take(j, "}"))) {
            if (depth == DEPTH) return P1_ERR_JSON;
            close[depth++] = list ? ']' : '}';
            continue; // with what is inside
        }
        if (!list && !object) TRY(skip_token(j));
        while (depth && j->p < j->end && *j->p == close[depth - 1]) {
            j->p++;
            depth--;
        }
        if (depth) TRY(json_lit(j, ","));
    } while (depth);
    *out = span_of(start, (size_t)(j->p - start));
    return P1_OK;
}

// What stands in a file must not be able to steer a terminal, or to turn the order of what is read.
static int steers(struct span c, size_t n) {
    if (n == 1) return c.p[0] < 0x20 || c.p[0] == 0x7f;
    if (n == 2) return c.p[0] == 0xc2 && c.p[1] < 0xa0;
    if (n != 3 || c.p[0] != 0xe2) return 0;
    // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069
    return (c.p[1] == 0x80 && (c.p[2] == 0x8e || c.p[2] == 0x8f || (c.p[2] >= 0xa8 && c.p[2] <= 0xae))) ||
           (c.p[1] == 0x81 && c.p[2] >= 0xa6 && c.p[2] <= 0xa9);
}

void utf8_disarm(uint8_t *text, size_t n) {
    for (size_t at = 0; at < n;) {
        struct span rest_of = span_of(text + at, n - at);
        size_t length = utf8_length(rest_of);
        if (length == 0) length = 1; // the first part of a character that was cut off
        if (steers(rest_of, length) || utf8_length(rest_of) == 0) memset(text + at, '?', length);
        at += length;
    }
}

static void put_utf8(struct buf *out, uint32_t c) {
    if (c < 0x80) {
        buf_char(out, (char)c);
    } else if (c < 0x800) {
        buf_char(out, (char)(0xc0 | c >> 6));
        buf_char(out, (char)(0x80 | (c & 63)));
    } else if (c < 0x10000) {
        buf_char(out, (char)(0xe0 | c >> 12));
        buf_char(out, (char)(0x80 | (c >> 6 & 63)));
        buf_char(out, (char)(0x80 | (c & 63)));
    } else {
        buf_char(out, (char)(0xf0 | c >> 18));
        buf_char(out, (char)(0x80 | (c >> 12 & 63)));
        buf_char(out, (char)(0x80 | (c >> 6 & 63)));
        buf_char(out, (char)(0x80 | (c & 63)));
    }
}

void json_unescape(struct buf *out, struct span raw) {
    while (raw.n) {
        size_t n = raw.p[0] == '\\' ? escape_length(raw) : 1;
        if (n == 0) return; // not a text that json_quoted() accepted
        if (n == 1) {
            buf_put(out, span_of(raw.p, 1));
        } else if (n == 2) {
            static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
            const char *at = strchr(from, raw.p[1]);
            buf_char(out, at ? to[at - from] : (char)raw.p[1]);
        } else {
            uint32_t c = hex4(raw.p + 2);
            if (n == 12) c = 0x10000 + ((c - 0xd800) << 10) + (hex4(raw.p + 8) - 0xdc00);
            put_utf8(out, c);
        }
        raw = span_from(raw, n);
    }
}
