// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The header, read strictly. libmicrohttpd 0.9.75 is lenient: it takes lines that end in a bare LF, folded lines, names
// with blanks, a zero byte that hides the rest of its line, and of several Content-Length the first. A proxy before us may read
// each of them otherwise, and then a request can be smuggled past it.
//
// Two things let us see what really came. libmicrohttpd cuts the header up where it lies, putting zeros over the
// separators; and it says how long the header was. So if method, target, version and all fields follow each other with exactly
// the separators of the one strict form between them, and end where the header ends, it was written in that form. With
// a libmicrohttpd that keeps them elsewhere everything would be refused, which the tests would show.
//
// One thing cannot be seen: a zero byte right before a bare LF looks like the CR LF that was cut. nginx, HAProxy and Caddy
// all refuse a zero byte, so none of them reads it in another way.

#include <stdlib.h>

#include "platform/field.h"
#include "platform/http_in.h"

struct head {
    struct http_request *r;
    const char *start; // in libmicrohttpd's memory
    const char *at;    // where the next field must begin
    enum refusal refused;
};

static int is_value(struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f) return 0;
    }
    return 1;
}

// Without blanks, or the request line would have another number of words.
static int is_target(struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] <= ' ' || s.p[i] == 0x7f) return 0;
    }
    return s.n > 0;
}

// What lies between a name and its value: the colon, now a zero, and blanks.
static int is_gap(const char *p, const char *end) {
    if (p >= end || *p++ != 0) return 0;
    while (p < end && (*p == ' ' || *p == '\t')) p++;
    return p == end;
}

static enum refusal take(struct head *h, struct span name, struct span value) {
    struct http_request *r = h->r;
    const char *value_start = (const char *)value.p;
    if ((const char *)name.p != h->at || !field_is_token(name) || !is_value(value)) return REFUSED_HEADER_FORM;
    if (!is_gap(h->at + name.n, value_start)) return REFUSED_HEADER_FORM;
    h->at = value_start + value.n + 2; // CR LF
    if (r->fields_n == FIELDS_MAX) return REFUSED_HEADER_LONG;
    while (value.n && (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t')) value.n--;
    r->fields[r->fields_n++] = (struct field){name, value};
    return REFUSED_NOT;
}

static enum MHD_Result take_field(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                  const char *value, size_t value_n) {
    struct head *h = arg;
    (void)kind;
    h->refused = take(h, span_of(name, name_n), value ? span_of(value, value_n) : span_of(name + name_n, 0));
    return h->refused ? MHD_NO : MHD_YES;
}

// The fields into memory of our own.
static int keep(struct http_request *r, const char *start, size_t n) {
    r->head = malloc(n);
    if (!r->head) return 0;
    memcpy(r->head, start, n);
    for (unsigned i = 0; i < r->fields_n; i++) {
        struct field *f = &r->fields[i];
        f->name.p = r->head + (f->name.p - (const uint8_t *)start);
        f->value.p = r->head + (f->value.p - (const uint8_t *)start);
    }
    r->method = (const char *)r->head;
    return 1;
}

static unsigned count(const struct http_request *r, const char *name) {
    unsigned n = 0;
    for (unsigned i = 0; i < r->fields_n; i++) n += (unsigned)field_same(r->fields[i].name, name);
    return n;
}

// RFC 9112, 6.3: how long the body is, and nobody can think otherwise.
static enum refusal check_length(struct http_request *r) {
    struct span value;
    unsigned lengths = count(r, "Content-Length"), codings = count(r, "Transfer-Encoding");
    if (lengths > 1) return REFUSED_LENGTH_TWICE;
    if (lengths && codings) return REFUSED_LENGTH_AND_CODING;
    if (codings && http_header(r, "Transfer-Encoding", &value))
        return codings == 1 && field_same(value, "chunked") ? REFUSED_LENGTH_NEEDED : REFUSED_CODING;
    r->has_length = http_header(r, "Content-Length", &value);
    return r->has_length && !field_number(value, &r->length) ? REFUSED_LENGTH_FORM : REFUSED_NOT;
}

static enum refusal check_fields(struct http_request *r, const char *version) {
    struct span value;
    unsigned hosts = count(r, "Host");
    enum refusal refused = check_length(r);
    if (refused) return refused;
    if (hosts > 1 || (hosts == 0 && strcmp(version, "HTTP/1.0") != 0)) return REFUSED_HOST;
    if (hosts && http_header(r, "Host", &value) && (memchr(value.p, ',', value.n) || memchr(value.p, ' ', value.n)))
        return REFUSED_HOST;
    if (count(r, "Expect") && (!http_header(r, "Expect", &value) || !field_same(value, "100-continue")))
        return REFUSED_EXPECTATION;
    return REFUSED_NOT;
}

enum refusal head_read(struct http_request *r, const char *version) {
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    const char *start = r->method, *target = start + strlen(start) + 1;
    struct head h = {r, start, version + strlen(version) + 2, REFUSED_NOT};
    if (!size || !field_is_token(span_str(start)) || !is_target(r->target)) return REFUSED_HEADER_FORM;
    if (target != r->target_mhd || version != target + r->target.n + 1) return REFUSED_HEADER_FORM;
    MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, take_field, &h);
    if (h.refused == REFUSED_NOT && start + size->header_size != h.at + 2) h.refused = REFUSED_HEADER_FORM;
    // What was read so far is needed for the refusal too.
    size_t n = h.refused ? (size_t)(h.at - start) : size->header_size;
    if (!keep(r, start, n)) return REFUSED_INTERNAL;
    if (h.refused) return h.refused;
    if (size->header_size > HEAD_MAX && r->target.n <= URI_MAX) return REFUSED_HEADER_LONG;
    return check_fields(r, version);
}
