// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the files of the HTTP server share among themselves.
//
// Who may touch what. A connection belongs to one of libmicrohttpd's threads; the watcher (http_watch.c) looks at all of them and
// may only end them. A request is held by its connection and, after http_later(), by whoever will answer; the last one
// frees it. What is read of a request after that stands in memory of its own, never in libmicrohttpd's.
#ifndef P1_HTTP_IN_H
#define P1_HTTP_IN_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "platform/address.h"
#include "platform/http.h"
#include "platform/metrics.h"
#include "platform/route.h"

enum {
    HEAD_MAX = 10240, // the request line and the header together
    FIELDS_MAX = 64,
    SET_MAX = 16,        // fields that a handler sets
    SWALLOW_MAX = 65536, // a refused body of this size is read to its end, so that the connection can be kept
    RETRY_AFTER_S = 3,
    TICK_MS = 50,     // how often the watcher looks
    LINGER_MAX = 64,  // connections that are read to their end after a refusal, so that it arrives
    LINGER_MS = 2000, // each at most so long
    BLOCK = 16384,    // of an answer, which must be taken in send_ms
};

enum conn_state {
    CONN_NEW,       // nothing was understood yet
    CONN_READING,   // a request line was
    CONN_ANSWERING, // the request is there; or is refused
    CONN_IDLE,      // between two requests
    CONN_EXPIRED,   // ended by the watcher: nothing more is answered
};

struct conn {
    struct http *server;
    struct conn *next, *before;   // under the server's lock
    struct http_request *request; // under the server's lock
    int fd;
    _Atomic int state;
    _Atomic int64_t deadline; // ms on the monotonic clock
};

struct field {
    struct span name, value;
};

enum phase { PHASE_HEAD, PHASE_BODY, PHASE_HANDLED };

struct http_request {
    struct http *server;
    struct conn *conn;
    struct MHD_Connection *mhd;
    _Atomic int refs;
    _Atomic int later;    // somebody else answers
    _Atomic int answered; // decides who does
    enum phase phase;
    enum refusal refused; // what is answered once the body is read
    int closes;           // the connection ends with the answer
    int counted;          // among those at once, until its answer is made
    int64_t started_us;

    const char *method;
    struct span target; // as sent
    const char *target_mhd;
    struct uri uri;
    struct route_match match;
    uint8_t *head; // the header's bytes, to which the fields point
    struct field fields[FIELDS_MAX];
    unsigned fields_n;
    uint64_t length; // Content-Length
    int has_length;
    uint8_t *body;
    size_t body_n;
    char client[ADDRESS_TEXT];

    struct {
        const char *name;
        char *value;
    } set[SET_MAX];
    unsigned set_n;
    unsigned status;
    uint64_t sends; // bytes
    struct MHD_Response *response;

    uint8_t room[]; // the target, then the target decoded
};

struct lingering {
    int fd;
    int64_t deadline;
};

struct http {
    struct http_config config;
    struct MHD_Daemon *mhd;
    int fd;
    uint16_t port;
    struct network *proxies;
    size_t proxies_n;
    _Atomic int requests; // at once
    _Atomic int stopping; // keep no connection
    _Atomic int stopped;  // begin nothing

    pthread_mutex_t lock; // for what follows
    pthread_cond_t wake;
    struct conn *conns;
    size_t conns_n;
    struct lingering linger[LINGER_MAX];
    int watch_ends;
    pthread_t watcher;
};

// http.c
int64_t http_now_ms(void);
int64_t http_now_us(void);
void request_hold(struct http_request *r);
void request_release(struct http_request *r);

// http_head.c: reads the header into R. What it refuses could be read otherwise by somebody else: the connection must end.
MUST_USE enum refusal head_read(struct http_request *r, const char *version);

// http_reply.c
struct body {
    char *p;
    size_t n;
};
extern const struct refusal_text {
    unsigned status;
    const char *code, *title, *detail;
} refusal_texts[REFUSAL_COUNT];
int request_in_api(const struct http_request *r); // is it for what is under /v1? R may be null
void request_refuse(struct http_request *r, enum refusal refused);
void request_give_up(struct http_request *r); // 503 to one that waits for a later answer, unless that comes first
// The body of a problem, to free(), as JSON or as a page by the request's target. R may be null.
struct body problem_text(const struct http_request *r, const struct refusal_text *problem, unsigned language,
                         const char **type);

// http_watch.c
MUST_USE int watch_start(struct http *s);
void watch_stop(struct http *s);
void watch_linger(struct http *s, int fd);
// From one state to another, unless the watcher has ended the connection: 0.
MUST_USE int conn_move(struct conn *c, enum conn_state from, enum conn_state to, int64_t deadline);

// http_count.c
void count_request(const struct http_request *r);
void count_refusal(enum refusal refused);
void count_at_once(int n);
void count_connections(int n);
void count_register(const struct http_table *tables, size_t n); // before it serves

#endif
