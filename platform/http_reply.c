// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Answers: bodies, streams with ranges, problems; and the fields that every answer carries.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform/field.h"
#include "platform/http_in.h"
#include "platform/page.h"

const struct refusal_text refusal_texts[REFUSAL_COUNT] = {
#define REFUSAL(name, status, code, title, detail) [REFUSED_##name] = {status, code, title, detail},
#include "platform/refusals.def"
#undef REFUSAL
};

// What every answer carries unless its handler says otherwise.
static const char *const defaults[][2] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
};

int request_in_api(const struct http_request *r) {
    return r && r->target.n >= 3 && memcmp(r->target.p, "/v1", 3) == 0 &&
           (r->target.n == 3 || r->target.p[3] == '/' || r->target.p[3] == '?');
}

// ---- fields ----

static const char *set_value(const struct http_request *r, const char *name) {
    for (unsigned i = 0; i < r->set_n; i++) {
        if (field_same(span_str(name), r->set[i].name)) return r->set[i].value;
    }
    return NULL;
}

void http_set(struct http_request *r, const char *name, const char *value) {
    unsigned i = 0;
    while (i < r->set_n && !field_same(span_str(name), r->set[i].name)) i++;
    if (i == SET_MAX) return;
    char *copy = strdup(value);
    if (!copy) return;
    free(r->set[i].value);
    r->set[i].name = name;
    r->set[i].value = copy;
    if (i == r->set_n) r->set_n++;
}

static void add(struct MHD_Response *response, const char *name, const char *value) {
    (void)MHD_add_response_header(response, name, value);
}

// Those that are the same on every answer, but for what is set.
static void add_defaults(const struct http_request *r, struct MHD_Response *response, int unless_set) {
    const char *version = r->server->config.api_version;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        if (!unless_set || !set_value(r, defaults[i][0])) add(response, defaults[i][0], defaults[i][1]);
    }
    if (request_in_api(r) && version) add(response, "API-Version", version);
}

static const char *retry_after(char seconds[8]) {
    (void)snprintf(seconds, 8, "%d", RETRY_AFTER_S);
    return seconds;
}

// ---- the one way out ----

static struct MHD_Response *response_of(void *body, size_t n, enum MHD_ResponseMemoryMode mode) {
    return MHD_create_response_from_buffer(n, body, mode);
}

// Who has set r->answered to 1 comes here, and nobody else.
static void deliver(struct http_request *r, unsigned status, uint64_t size, struct MHD_Response *response, int later) {
    r->status = status;
    r->sends = size;
    r->response = response;
    if (later) MHD_resume_connection(r->mhd);
}

static void answer(struct http_request *r, unsigned status, uint64_t size, struct MHD_Response *response) {
    int later = r->later;
    if (!response) { // no memory: an answer without words
        static char none[1];
        status = MHD_HTTP_INTERNAL_SERVER_ERROR;
        size = 0;
        response = response_of(none, 0, MHD_RESPMEM_PERSISTENT);
    }
    if (atomic_exchange(&r->answered, 1)) { // http_stop() did not wait any longer
        if (response) MHD_destroy_response(response);
    } else {
        if (response) add_defaults(r, response, 1);
        for (unsigned i = 0; response && i < r->set_n; i++) add(response, r->set[i].name, r->set[i].value);
        deliver(r, status, size, response, later);
    }
    if (later) request_release(r);
}

// Whoever is to answer may be at it: only what never changes of R is read.
void request_give_up(struct http_request *r) {
    const char *type;
    char seconds[8];
    const struct refusal_text *p = &refusal_texts[REFUSED_STOPPING];
    struct body t = problem_text(r, p, page_language(r), &type);
    struct MHD_Response *response = t.p ? response_of(t.p, t.n, MHD_RESPMEM_MUST_FREE) : NULL;
    if (!response) return; // tried again
    if (atomic_exchange(&r->answered, 1)) {
        MHD_destroy_response(response);
        return;
    }
    add_defaults(r, response, 0);
    add(response, "Content-Type", type);
    add(response, "Retry-After", retry_after(seconds));
    count_refusal(REFUSED_STOPPING);
    deliver(r, p->status, t.n, response, 1);
}

static int is_get(const struct http_request *r) {
    return strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0;
}

// RFC 9110, 13.1.2
static int has_already(const struct http_request *r, unsigned status) {
    struct span tags;
    const char *etag = set_value(r, "ETag");
    return status == MHD_HTTP_OK && etag && is_get(r) && http_header(r, "If-None-Match", &tags) &&
           field_has_etag(tags, etag);
}

static void reply(struct http_request *r, unsigned status, const char *type, void *body, size_t n,
                  enum MHD_ResponseMemoryMode mode) {
    struct MHD_Response *response = response_of(body, n, mode);
    if (type) http_set(r, "Content-Type", type);
    answer(r, has_already(r, status) ? MHD_HTTP_NOT_MODIFIED : status, n, response);
}

void http_reply(struct http_request *r, unsigned status, const char *type, struct span body) {
    static const uint8_t none[1];
    reply(r, status, type, (void *)(uintptr_t)(body.n ? body.p : none), body.n, MHD_RESPMEM_MUST_COPY);
}

void http_reply_owned(struct http_request *r, unsigned status, const char *type, void *body, size_t n) {
    reply(r, status, type, body, n, MHD_RESPMEM_MUST_FREE);
}

// ---- streams ----

struct streaming {
    struct http_stream stream;
    struct http_request *r;
    uint64_t first;
};

// The block before this one was taken: there is time for another.
static ssize_t stream_read(void *arg, uint64_t at, char *buffer, size_t n) {
    struct streaming *s = arg;
    atomic_store(&s->r->conn->deadline, http_now_ms() + s->r->server->config.send_ms);
    ssize_t got = s->stream.read(s->stream.arg, s->first + at, buffer, n);
    return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void stream_free(void *arg) {
    struct streaming *s = arg;
    if (s->stream.free) s->stream.free(s->stream.arg);
    free(s);
}

// RFC 9110, 14.2: a Range counts for GET only, and not where If-Range names another version.
static enum field_range range_of(const struct http_request *r, uint64_t size, uint64_t *first, uint64_t *last) {
    struct span range, known;
    const char *etag = set_value(r, "ETag");
    if (strcmp(r->method, "GET") != 0 || !http_header(r, "Range", &range)) return RANGE_NONE;
    if (http_header(r, "If-Range", &known) && (!etag || *etag != '"' || !span_eq(known, span_str(etag))))
        return RANGE_NONE;
    return field_range(range, size, first, last);
}

void http_reply_stream(struct http_request *r, const struct http_stream *stream) {
    uint64_t first = 0, last = 0, n = stream->size;
    char text[80];
    int known = has_already(r, MHD_HTTP_OK);
    enum field_range range = known ? RANGE_NONE : range_of(r, stream->size, &first, &last);
    struct streaming *s = range == RANGE_OUTSIDE ? NULL : malloc(sizeof *s);
    if (!s) {
        if (stream->free) stream->free(stream->arg);
        (void)snprintf(text, sizeof text, "bytes */%" PRIu64, stream->size);
        if (range == RANGE_OUTSIDE) http_set(r, "Content-Range", text);
        request_refuse(r, range == RANGE_OUTSIDE ? REFUSED_RANGE : REFUSED_INTERNAL);
        return;
    }
    *s = (struct streaming){*stream, r, range == RANGE_GOOD ? first : 0};
    http_set(r, "Accept-Ranges", "bytes");
    http_set(r, "Content-Type", stream->type);
    if (set_value(r, "ETag") && !set_value(r, "Cache-Control")) http_set(r, "Cache-Control", "no-cache");
    if (range == RANGE_GOOD) {
        n = last - first + 1;
        (void)snprintf(text, sizeof text, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first, last, stream->size);
        http_set(r, "Content-Range", text);
    }
    struct MHD_Response *response = MHD_create_response_from_callback(n, BLOCK, stream_read, s, stream_free);
    if (!response) stream_free(s);
    unsigned status = known ? MHD_HTTP_NOT_MODIFIED : range == RANGE_GOOD ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK;
    answer(r, status, 0, response); // its time is counted by the block
}

// ---- problems ----

static void put_json(FILE *out, const char *key, const char *value, size_t n) {
    (void)fprintf(out, "\"%s\":\"", key);
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)value[i] < 0x20)
            (void)fprintf(out, "\\u%04x", (unsigned)(uint8_t)value[i]);
        else
            (void)fprintf(out, value[i] == '"' || value[i] == '\\' ? "\\%c" : "%c", value[i]);
    }
    (void)fputc('"', out);
}

// The path, where it is something that can be said again.
static size_t instance_length(struct span target) {
    size_t n = 0;
    while (n < target.n && target.p[n] > ' ' && target.p[n] < 0x7f && target.p[n] != '?') n++;
    return n == target.n || target.p[n] == '?' ? n : 0;
}

static void write_json(FILE *out, const struct http_request *r, const struct refusal_text *p) {
    size_t n = instance_length(r->target);
    (void)fprintf(out, "{\"type\":\"/problems/%s\",\"status\":%u,", p->code, p->status);
    put_json(out, "title", p->title, strlen(p->title));
    (void)fputc(',', out);
    put_json(out, "detail", p->detail, strlen(p->detail));
    if (n) {
        (void)fputc(',', out);
        put_json(out, "instance", (const char *)r->target.p, n);
    }
    (void)fputc('}', out);
}

static struct body json_text(const struct http_request *r, const struct refusal_text *problem) {
    struct body t = {NULL, 0};
    FILE *out = open_memstream(&t.p, &t.n);
    if (!out) return t;
    write_json(out, r, problem);
    if (fclose(out) != 0) {
        free(t.p);
        t.p = NULL;
    }
    return t;
}

struct body problem_text(const struct http_request *r, const struct refusal_text *problem, unsigned language,
                         const char **type) {
    struct body t;
    *type = request_in_api(r) ? "application/problem+json" : "text/html; charset=utf-8";
    if (request_in_api(r)) return json_text(r, problem);
    t.p = page_problem(language, problem->code, problem->title, problem->detail, &t.n);
    return t;
}

void http_problem(struct http_request *r, unsigned status, const char *code, const char *title, const char *detail) {
    const char *type;
    struct refusal_text problem = {status, code, title, detail};
    struct body t = problem_text(r, &problem, page_language(r), &type);
    if (!request_in_api(r)) {
        http_set(r, "Content-Security-Policy", PAGE_CSP);
        http_set(r, "Vary", "Accept-Language");
    }
    if (t.p) {
        http_reply_owned(r, status, type, t.p, t.n);
    } else {
        answer(r, status, 0, NULL);
    }
}

void request_refuse(struct http_request *r, enum refusal refused) {
    const struct refusal_text *p = &refusal_texts[refused];
    char seconds[8];
    if (refused == REFUSED_METHOD) http_set(r, "Allow", r->match.allow);
    if (p->status == MHD_HTTP_SERVICE_UNAVAILABLE) http_set(r, "Retry-After", retry_after(seconds));
    count_refusal(refused);
    http_problem(r, p->status, p->code, p->title, p->detail);
}
