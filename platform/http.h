// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The HTTP server: routes to handlers, and what must be refused refused before they are called. HTTP/1.1 (RFC 9110, 9112) over
// libmicrohttpd; TLS and HTTP/2 are a proxy's before it.
//
// A handler is called once the whole request is there. It answers once, with one of the functions that begin with http_reply
// or with http_problem(); the request is gone afterwards. A handler must not wait: it runs on one of a few threads. If the
// answer takes a while it calls http_later() and returns, and any thread answers later. A handler that does neither
// has answered 500.
//
// What libmicrohttpd itself cannot read (no request line, an unknown version of HTTP, a line without colon, a Content-Length that is no
// number, a header over 24 kB) it answers itself, with the right status and a plain page, before we see it.
#ifndef P1_HTTP_H
#define P1_HTTP_H

#include <sys/types.h>

#include "core/err.h"
#include "core/span.h"

struct http;
struct http_request;

struct http_route {
    const char *method; // GET, which answers HEAD too; POST, PUT, PATCH, DELETE. OPTIONS is answered for every path
    const char *path;   // "/v1/elections/{uuid}/ballots/{tracker}" (route.h)
    void (*handle)(struct http_request *r, void *arg);
    size_t body_max;          // in bytes; 0: no body
    const char *body_type;    // "application/json"; null: any
    const char *const *query; // the names allowed, null-terminated; null: none
    const char *type;         // what it answers with: who does not accept that gets 406. Null: that is not asked
    int always;               // answered past the capacity too
};

struct http_table {
    const struct http_route *routes;
    size_t n;
    void *arg; // for its handlers
};

// Numbers that are 0 stand for what is in brackets. What the pointers point to must last until http_stop().
struct http_config {
    const char *address;        // to listen on: "127.0.0.1", "::1", "::" (IPv4 too)
    uint16_t port;              // (any free one)
    unsigned threads;           // (as many as the machine has cores)
    unsigned requests_max;      // at once, from the header to the answer; more are answered 503 (1024)
    unsigned request_ms;        // for header and body together, from the first line or the connection on (20 s)
    unsigned idle_ms;           // between two requests of a connection (30 s)
    unsigned send_ms;           // for each 16 kB of an answer to be taken (30 s)
    const char *const *proxies; // addresses or networks ("10.0.0.0/8", "fd00::/8") whose X-Forwarded-For is believed
    const char *api_version;    // of what is under /v1, "1.0.0"
    const struct http_table *tables;
    size_t tables_n;
};

// Its threads inherit the mask of signals: block those that are waited for before. 0 or errno. EINVAL: the address, a proxy or a route is not well-formed. EMFILE: the limit of open files is too low
// for 4 connections a request.
MUST_USE int http_start(struct http **out, const struct http_config *config);
uint16_t http_port(const struct http *s);
// Accepts nothing more and lets end what is on its way, at most as long as this; what waits for a later answer then gets 503.
void http_stop(struct http *s, unsigned grace_ms);

// ---- the request; what is given back lasts until it is answered ----

const char *http_method(const struct http_request *r);
struct span http_path(const struct http_request *r);              // as sent, without the query
struct span http_param(const struct http_request *r, unsigned i); // the path's {names}, decoded, by position
int http_query(const struct http_request *r, const char *name, struct span *out);  // is there such a parameter?
int http_header(const struct http_request *r, const char *name, struct span *out); // the first field of this name
struct span http_body(const struct http_request *r);
const char *http_client(const struct http_request *r); // address, never to be written beside what was asked
int http_by_person(const struct http_request *r);      // does it ask for a page? (Accept names text/html)

// ---- the answer ----

// A field of the answer that is to come; one that is set by default is replaced. A 200 to a GET with an ETag becomes 304 for
// those who have it. NAME must last, VALUE is copied.
void http_set(struct http_request *r, const char *name, const char *value);

void http_reply(struct http_request *r, unsigned status, const char *type, struct span body);
// The body is given away, to free().
void http_reply_owned(struct http_request *r, unsigned status, const char *type, void *body, size_t n);

// RFC 9457 under /v1, a page elsewhere. CODE is kebab-case; TITLE and DETAIL are for people.
void http_problem(struct http_request *r, unsigned status, const char *code, const char *title, const char *detail);

struct http_stream {
    const char *type;
    uint64_t size;
    // Up to N bytes from OFFSET on; how many, or -1: the connection is broken off. Called from the server's threads, also
    // after http_reply_stream() has returned.
    ssize_t (*read)(void *arg, uint64_t offset, void *buffer, size_t n);
    void (*free)(void *arg); // called once, in any case; may be null
    void *arg;
};

// 200, or of a single range 206 or 416.
void http_reply_stream(struct http_request *r, const struct http_stream *stream);

// The answer comes later, from any thread; it must come.
void http_later(struct http_request *r);

#endif
