// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Every endpoint of the API, with requests that are well-formed HTTP and otherwise anything. The answer must be one that the
// document of the API names for this endpoint, and never an error of ours. What is taken as a ballot must be one that a voter made, and
// own data is shown for nothing but a request that its voter signed for this vote. Of a code that is on no list nothing is said.
//
// Input: lines. The route, as "GET /v1/elections/{uuid}" (or any text, whose first byte then chooses one); the path's parameters (""
// stands for right ones), the query, the fields Accept, If-None-Match, Range and Content-Type; the rest is the body. A body that begins with '=' is a ballot of a voter with changes: which one, then for
// each change where and what; for own data, a request that a voter of one of the votes signed, with changes; for codes, a voter's.

#define _GNU_SOURCE // memmem()

#include <ctype.h>
#include <jansson.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/sha256.h"
#include "experiments/stem/inside.h"
#include "tests/fuzz/edits.h"
#include "tests/fuzz/served.h"

enum { ROUTES_MAX = 256, REQUEST_MAX = 1 << 16 };

static const struct served *served;
static json_t *doc;
static const struct http_route *routes[ROUTES_MAX];
static size_t route_count;
static int fd = -1;
static char tracker[P1_HASH64 + 1]; // of a ballot in the open box

// Who signed the last request for own data, and what it is without changes.
static struct {
    const struct made *vote;
    unsigned voter;
    struct span right;
} asker;

static void start(void) {
    uint8_t hash[32];
    struct buf b = buf_over(tracker, P1_HASH64);
    served = served_start();
    doc = json_loads(served->openapi.text, 0, NULL);
    for (size_t t = 0; t < served->tables_n; t++) {
        for (size_t i = 0; i < served->tables[t].n; i++) {
            if (strncmp(served->tables[t].routes[i].path, "/v1/", 4) == 0)
                routes[route_count++] = &served->tables[t].routes[i];
        }
    }
    sha256(hash, edits_basis(0)->script.step[1].record[0]);
    tracker_write(hash, &b);
    HOLDS(route_count > 0 && b.n == P1_HASH64);
}

static int is_own_data(const struct http_route *route) { return route->handle == stem_own_data; }
static int is_code(const struct http_route *route) { return route->handle == stem_code; }

// ---- the request ----

// Any bytes, as a segment of a path.
static void put_segment(struct buf *b, struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        if (isalnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '_') {
            buf_char(b, (char)s.p[i]);
        } else {
            buf_char(b, '%');
            buf_hex(b, span_of(&s.p[i], 1));
        }
    }
}

static const char *right_value(struct span name) {
    if (span_eq(name, SPAN_LIT("tracker"))) return tracker;
    return span_eq(name, SPAN_LIT("id")) ? "1" : SERVED_OPEN;
}

static void put_path(struct buf *b, const struct http_route *route, struct span *in) {
    for (const char *at = route->path; *at; at++) {
        if (*at != '{') {
            buf_char(b, *at);
            continue;
        }
        struct span given = take_line(in), name = span_of(at + 1, strcspn(at, "}") - 1);
        if (given.n)
            put_segment(b, given);
        else
            buf_str(b, right_value(name));
        at += name.n + 1;
    }
}

// A value without what would end its line: that is for fuzz_http.c.
static void put_text(struct buf *b, struct span s, uint8_t least) {
    for (size_t i = 0; i < s.n; i++) buf_char(b, s.p[i] >= least && s.p[i] < 0x7f ? (char)s.p[i] : '!');
}

static void put_field(struct buf *b, const char *name, struct span value) {
    if (!value.n) return;
    buf_str(b, name);
    put_text(b, value, ' ');
    buf_str(b, "\r\n");
}

static struct span changed(struct span of, struct span in) {
    static uint8_t room[8192];
    HOLDS(of.n <= sizeof room);
    memcpy(room, of.p, of.n);
    while (in.n >= 3) {
        unsigned at = take_u16(&in);
        room[at % of.n] = take_u8(&in);
    }
    return span_of(room, of.n);
}

static struct span changed_ballot(struct span in) {
    unsigned which = take_u8(&in) % 3; // two are in the box, one is not
    return changed(edits_basis(0)->script.step[1 + which].record[0], in);
}

static struct span changed_request(struct span in) {
    static const uint8_t random[32] = "of a nonce";
    static uint8_t text[P1_OWN_DATA_TEXT];
    const struct stem_state *s = served->state;
    struct buf b = buf_over(text, sizeof text);
    unsigned who = take_u8(&in);
    struct made *m = edits_basis(who & 1 ? 2 : 0)->made;
    asker.vote = m;
    asker.voter = (who >> 1) % m->voters;
    const struct live *l = ballotbox_find(s->ballotbox, m->election.uuid);
    HOLDS(own_data_write_ct(&m->election, &m->secret[asker.voter], elem_span(&m->credential[asker.voter]),
                            elem_span(&l->receipt_key), served->now(NULL) / 3600, random, &b, &m->work) == P1_OK);
    asker.right = buf_span(&b);
    return changed(asker.right, in);
}

static struct span code_request(const struct made *m, unsigned voter) {
    static uint8_t text[P1_ELEM_TEXT + 32];
    struct buf b = buf_over(text, sizeof text);
    buf_str(&b, "{\"credential\":\"");
    buf_put(&b, elem_span(&m->credential[voter]));
    buf_str(&b, "\"}");
    return buf_span(&b);
}

static struct span changed_code(struct span in) {
    unsigned who = take_u8(&in);
    const struct made *m = edits_basis(who & 1 ? 2 : 0)->made;
    return changed(code_request(m, (who >> 1) % m->voters), in);
}

static struct span made_body(const struct http_route *route, struct span in) {
    if (is_code(route)) return changed_code(in);
    return is_own_data(route) ? changed_request(in) : changed_ballot(in);
}

static void write_request(struct buf *b, const struct http_route *route, int head, struct span in, struct span *body) {
    static const char *const fields[] = {"Accept: ", "If-None-Match: ", "Range: ", "Content-Type: "};
    buf_str(b, head ? "HEAD" : route->method);
    buf_char(b, ' ');
    put_path(b, route, &in);
    struct span query = take_line(&in);
    if (query.n) buf_char(b, '?');
    put_text(b, query, '!');
    buf_str(b, " HTTP/1.1\r\nHost: test\r\n");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct span value = take_line(&in);
        if (i == 3 && !value.n && route->body_type) value = span_str(route->body_type);
        put_field(b, fields[i], value);
    }
    *body = in;
    if (in.n && *in.p == '=') *body = made_body(route, span_from(in, 1));
    if (body->n || route->body_max) {
        buf_str(b, "Content-Length: ");
        buf_u64(b, body->n);
        buf_str(b, "\r\n");
    }
    buf_str(b, "\r\n");
    buf_put(b, *body);
}

static const struct http_route *choose(struct span line, int *head) {
    size_t any = line.n ? line.p[0] : 0;
    *head = line.n > 5 && memcmp(line.p, "HEAD ", 5) == 0;
    for (size_t i = 0; i < route_count; i++) {
        const char *method = *head ? "HEAD" : routes[i]->method;
        size_t n = strlen(method);
        if (*head && strcmp(routes[i]->method, "GET") != 0) continue;
        if (line.n > n && memcmp(line.p, method, n) == 0 && span_eq(span_from(line, n + 1), span_str(routes[i]->path)))
            return routes[i];
    }
    *head = 0;
    return routes[any % route_count];
}

// ---- the answer ----

static json_t *resolved(json_t *it) {
    const char *at = json_string_value(json_object_get(it, "$ref"));
    if (!at) return it;
    for (it = doc, at += 2; it && *at;) {
        size_t n = strcspn(at, "/");
        it = json_object_getn(it, at, n);
        at += n + (at[n] == '/');
    }
    return it;
}

static json_t *response_of(const struct http_route *route, unsigned status) {
    char method[16] = "", number[8];
    for (size_t i = 0; route->method[i]; i++) method[i] = (char)tolower((unsigned char)route->method[i]);
    (void)snprintf(number, sizeof number, "%u", status);
    json_t *operation = json_object_get(json_object_get(json_object_get(doc, "paths"), route->path + 3), method);
    return resolved(json_object_get(json_object_get(operation, "responses"), number));
}

static int names_code(json_t *response, const json_t *problem) {
    json_t *content = json_object_get(json_object_get(response, "content"), "application/problem+json"), *code;
    json_t *type = json_object_get(json_object_get(json_object_get(content, "schema"), "properties"), "type");
    size_t i;
    json_array_foreach(json_object_get(type, "enum"), i, code) {
        if (json_equal(code, json_object_get(problem, "type"))) return 1;
    }
    return 0;
}

static int names(const json_t *said, const char *member, struct span value) {
    return span_eq(value, span_str(json_string_value(json_object_get(said, member))));
}

static int is_of_voter(struct span body) {
    for (unsigned i = 0; i <= 2; i += 2) {
        const struct made *m = edits_basis(i)->made;
        for (unsigned v = 0; v < m->voters; v++) {
            if (span_eq(body, code_request(m, v))) return 1;
        }
    }
    return 0;
}

static void check_taken(const struct http_route *route, const json_t *said, struct span body) {
    if (is_code(route)) {
        HOLDS(is_of_voter(body));
        return;
    }
    if (!is_own_data(route)) {
        HOLDS(edits_is_vote(body));
        return;
    }
    HOLDS(asker.vote && span_eq(body, asker.right));
    HOLDS(names(said, "election", asker.vote->election.uuid));
    HOLDS(names(said, "credential", elem_span(&asker.vote->credential[asker.voter])));
}

static void check_answer(const struct http_route *route, const struct answer *a, struct span body) {
    json_t *response = response_of(route, a->status);
    HOLDS(a->status != 500 && a->status != 507 && response != NULL);
    HOLDS(memmem(a->head.p, a->head.n, "\r\nAPI-Version: 1.0.0\r\n", 22) != NULL);
    if (!a->body.n || !memmem(a->head.p, a->head.n, "json\r\n", 6)) return;
    if (memmem(a->head.p, a->head.n, "/x-ndjson\r\n", 11)) return;
    json_t *said = json_loadb((const char *)a->body.p, a->body.n, JSON_REJECT_DUPLICATES, NULL);
    HOLDS(said != NULL);
    HOLDS(a->status < 400 || names_code(response, said));
    if (route->body_max && a->status < 300) check_taken(route, said, body);
    json_decref(said);
}

void fuzz_one(struct span in) {
    static uint8_t room[REQUEST_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct answer a;
    struct span body;
    if (!served) start();
    int head;
    const struct http_route *route = choose(take_line(&in), &head);
    write_request(&b, route, head, in, &body);
    if (b.full) return;
    if (fd < 0) fd = served_connect();
    HOLDS(send(fd, b.p, b.n, MSG_NOSIGNAL) == (ssize_t)b.n);
    HOLDS(served_answer(fd, head, &a)); // never a connection that ends without one
    check_answer(route, &a, body);
    served_release(&a);
    if (!a.closes) return;
    close(fd);
    fd = -1;
}
