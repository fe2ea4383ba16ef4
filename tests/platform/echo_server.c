// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A small server for the tests that speak to platform/http.h through sockets. It says its two ports on stdout and runs until
// SIGTERM. Usage: echo_server KEY=NUMBER... PROXY...
//   requests, request_ms, idle_ms, send_ms, threads: as in struct http_config; grace_ms: for http_stop()

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/buf.h"
#include "platform/log.h"
#include "platform/ops.h"

// ---- answers that come later, from a thread of their own ----

struct waiting {
    struct waiting *next;
    struct http_request *r;
    int64_t due;
};

static struct {
    pthread_mutex_t lock;
    struct waiting *first;
    int ends;
    pthread_t thread;
} later = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct waiting *take_due(int64_t now) {
    pthread_mutex_lock(&later.lock);
    struct waiting **at = &later.first;
    while (*at && (*at)->due > now) at = &(*at)->next;
    struct waiting *w = *at;
    if (w) *at = w->next;
    pthread_mutex_unlock(&later.lock);
    return w;
}

static void answer_due(int64_t now) {
    for (struct waiting *w; (w = take_due(now)); free(w)) http_reply(w->r, 202, "application/json", http_body(w->r));
}

static void *answer_later(void *arg) {
    (void)arg;
    for (;;) {
        struct timespec pause = {0, 1000000};
        nanosleep(&pause, NULL);
        answer_due(now_ms());
        pthread_mutex_lock(&later.lock);
        int ends = later.ends;
        pthread_mutex_unlock(&later.lock);
        if (ends) return NULL;
    }
}

static void wait_then_echo(struct http_request *r, void *arg) {
    struct span ms = {0};
    struct waiting *w = calloc(1, sizeof *w);
    (void)arg;
    if (!w) abort();
    int64_t n = 0;
    if (http_query(r, "ms", &ms)) {
        for (size_t i = 0; i < ms.n; i++) n = n * 10 + ms.p[i] - '0';
    }
    *w = (struct waiting){NULL, r, now_ms() + n};
    http_later(r);
    pthread_mutex_lock(&later.lock);
    w->next = later.first;
    later.first = w;
    pthread_mutex_unlock(&later.lock);
}

// ---- answers at once ----

static void page(struct http_request *r, void *arg) {
    (void)arg;
    http_set(r, "Content-Security-Policy", "default-src 'self'");
    http_reply(r, 200, "text/html; charset=utf-8", SPAN_LIT("<!doctype html><title>Hello</title>"));
}

static void echo(struct http_request *r, void *arg) {
    (void)arg;
    http_reply(r, 200, "application/json", http_body(r));
}

static void thing(struct http_request *r, void *arg) {
    uint8_t text[4096];
    struct buf b = buf_over(text, sizeof text);
    struct span page_number = {0};
    (void)http_query(r, "page", &page_number);
    buf_str(&b, "{\"name\":");
    buf_json_string(&b, http_param(r, 0));
    buf_str(&b, ",\"page\":");
    buf_json_string(&b, page_number);
    buf_str(&b, ",\"client\":");
    buf_json_string(&b, span_str(http_client(r)));
    buf_str(&b, ",\"person\":");
    buf_str(&b, http_by_person(r) ? "true" : "false");
    buf_str(&b, ",\"table\":");
    buf_json_string(&b, span_str(arg));
    buf_char(&b, '}');
    http_reply(r, 200, "application/json", buf_span(&b));
}

static void tagged(struct http_request *r, void *arg) {
    (void)arg;
    http_set(r, "ETag", "\"v1\"");
    http_set(r, "Cache-Control", "public, max-age=60");
    http_reply(r, 200, "application/json", SPAN_LIT("{}"));
}

static ssize_t pattern(void *arg, uint64_t offset, void *buffer, size_t n) {
    uint8_t *p = buffer;
    (void)arg;
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)((offset + i) % 251);
    return (ssize_t)n;
}

static void file(struct http_request *r, void *arg) {
    uint64_t *size = arg;
    struct http_stream stream = {"application/octet-stream", *size, pattern, free, malloc(1)};
    http_set(r, "ETag", "\"v1\"");
    http_reply_stream(r, &stream);
}

static ssize_t broken(void *arg, uint64_t offset, void *buffer, size_t n) {
    return offset < 16384 ? pattern(arg, offset, buffer, n < 16384 ? n : 16384) : -1;
}

static void break_off(struct http_request *r, void *arg) {
    (void)arg;
    http_reply_stream(r, &(struct http_stream){"application/octet-stream", 100000, broken, NULL, NULL});
}

static void never(struct http_request *r, void *arg) {
    (void)r;
    (void)arg;
}

static void refuse(struct http_request *r, void *arg) {
    (void)arg;
    http_problem(r, 422, "not-today", "Not \"today\" <b>", "Back\\slash & more.");
}

static uint64_t small = 100000, big = 400000000;
static const char *const thing_query[] = {"page", "limit", NULL};
static const char *const later_query[] = {"ms", NULL};

static const struct http_route routes[] = {
    {.method = "GET", .path = "/", .handle = page, .type = "text/html"},
    {.method = "GET", .path = "/refused", .handle = refuse},
    {.method = "POST", .path = "/v1/echo", .handle = echo, .body_max = 4096, .body_type = "application/json"},
    {.method = "POST", .path = "/v1/large", .handle = echo, .body_max = 5000000},
    {.method = "POST", .path = "/v1/later", .handle = wait_then_echo, .body_max = 4096, .query = later_query},
    {.method = "GET", .path = "/v1/etag", .handle = tagged},
    {.method = "GET", .path = "/v1/never", .handle = never},
    {.method = "GET", .path = "/v1/refused", .handle = refuse},
    {.method = "GET", .path = "/v1/broken", .handle = break_off},
};
static const struct http_route things[] = {
    {.method = "GET", .path = "/v1/things/{name}", .handle = thing, .query = thing_query, .type = "application/json"},
    {.method = "DELETE", .path = "/v1/things/{name}", .handle = thing},
};
static const struct http_route small_files[] = {{.method = "GET", .path = "/v1/files/small", .handle = file}};
static const struct http_route big_files[] = {{.method = "GET", .path = "/v1/files/big", .handle = file}};

// ---- starting and stopping ----

static unsigned grace_ms = 5000;

static void take_number(struct http_config *c, const char *word, const char *value) {
    struct {
        const char *key;
        unsigned *to;
    } keys[] = {{"requests=", &c->requests_max}, {"request_ms=", &c->request_ms}, {"idle_ms=", &c->idle_ms},
                {"threads=", &c->threads},       {"send_ms=", &c->send_ms},       {"grace_ms=", &grace_ms}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strncmp(word, keys[i].key, strlen(keys[i].key)) == 0) *keys[i].to = (unsigned)strtoul(value, NULL, 10);
    }
}

int main(int argc, char **argv) {
    struct http_table tables[] = {
        {routes, sizeof routes / sizeof *routes, NULL},
        {things, 2, (void *)(uintptr_t) "things"},
        {small_files, 1, &small},
        {big_files, 1, &big},
        ops_public,
    };
    const char *proxies[8] = {NULL};
    struct http_config config = {.address = "127.0.0.1", .proxies = proxies, .api_version = "1.2.3"};
    struct http *public, *private;
    struct clock_watch watch;
    size_t n = 0;
    for (int i = 1; i < argc; i++) {
        const char *value = strchr(argv[i], '=');
        if (value)
            take_number(&config, argv[i], value + 1);
        else if (n < 7)
            proxies[n++] = argv[i];
    }
    config.tables = tables;
    config.tables_n = sizeof tables / sizeof *tables;
    clock_watch_start(&watch, &clock_system);
    ops_register("clock", ops_clock, &watch);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (http_start(&public, &config) || ops_start(&private, 0)) return 1;
    pthread_create(&later.thread, NULL, answer_later, NULL);
    printf("%u %u\n", http_port(public), http_port(private));
    fflush(stdout);
    int signal;
    sigwait(&signals, &signal);
    http_stop(public, grace_ms);
    http_stop(private, 0);
    pthread_mutex_lock(&later.lock);
    later.ends = 1;
    pthread_mutex_unlock(&later.lock);
    pthread_join(later.thread, NULL);
    answer_due(INT64_MAX); // too late: nobody listens any more
    log_line(LOG_INFO, "stopped");
    return 0;
}
