// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/ops.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/buf.h"
#include "platform/log.h"
#include "platform/metrics.h"

enum { CHECKS_MAX = 32, TEXT_MAX = CHECKS_MAX * 1280 };

static struct {
    pthread_mutex_t lock;
    struct {
        const char *name;
        ops_check *check;
        void *arg;
    } check[CHECKS_MAX];
    size_t n;
} all = {.lock = PTHREAD_MUTEX_INITIALIZER};

void ops_register(const char *name, ops_check *check, void *arg) {
    pthread_mutex_lock(&all.lock);
    if (all.n == CHECKS_MAX) abort();
    all.check[all.n].name = name;
    all.check[all.n].check = check;
    all.check[all.n++].arg = arg;
    pthread_mutex_unlock(&all.lock);
}

static enum ops_state put_check(struct buf *b, size_t i) {
    static const char *const names[] = {"ok", "warning", "failed"};
    char why[160] = "";
    enum ops_state state = all.check[i].check(all.check[i].arg, why);
    if (i) buf_char(b, ',');
    buf_json_string(b, span_str(all.check[i].name));
    buf_str(b, ":{\"status\":\"");
    buf_str(b, names[state]);
    buf_char(b, '"');
    if (state != OPS_OK) {
        buf_str(b, ",\"detail\":");
        buf_json_string(b, span_str(why));
    }
    buf_char(b, '}');
    return state;
}

enum ops_state ops_text(char **text, size_t *n) {
    enum ops_state worst = OPS_OK;
    struct buf checks = buf_over(malloc(TEXT_MAX), TEXT_MAX);
    char *whole = malloc(TEXT_MAX + 64);
    *text = NULL;
    if (checks.p && whole) {
        pthread_mutex_lock(&all.lock);
        for (size_t i = 0; i < all.n; i++) {
            enum ops_state state = put_check(&checks, i);
            if (state > worst) worst = state;
        }
        pthread_mutex_unlock(&all.lock);
        struct buf b = buf_over(whole, TEXT_MAX + 64);
        buf_str(&b, worst == OPS_FAILED ? "{\"status\":\"failed\",\"checks\":{" : "{\"status\":\"ready\",\"checks\":{");
        buf_put(&b, buf_span(&checks));
        buf_str(&b, "}}");
        *text = whole;
        *n = b.n;
        whole = NULL;
    }
    free(checks.p);
    free(whole);
    return *text ? worst : OPS_FAILED;
}

enum ops_state ops_log(void) {
    enum ops_state worst = OPS_OK;
    pthread_mutex_lock(&all.lock);
    for (size_t i = 0; i < all.n; i++) {
        char why[160] = "";
        enum ops_state state = all.check[i].check(all.check[i].arg, why);
        if (state > worst) worst = state;
        if (state == OPS_OK) continue;
        log_line(state == OPS_FAILED ? LOG_ERROR : LOG_WARNING, "check", "name", all.check[i].name, "detail", why);
    }
    pthread_mutex_unlock(&all.lock);
    return worst;
}

void ops_say(FILE *out) {
    pthread_mutex_lock(&all.lock);
    for (size_t i = 0; i < all.n; i++) {
        char why[160] = "";
        enum ops_state state = all.check[i].check(all.check[i].arg, why);
        if (state != OPS_OK) (void)fprintf(out, "%s: %s\n", state == OPS_FAILED ? "FAILED" : "WARNING", why);
    }
    pthread_mutex_unlock(&all.lock);
}

// ---- pages ----

static void healthz(struct http_request *r, void *arg) {
    (void)arg;
    http_reply(r, 200, "text/plain; charset=utf-8", SPAN_LIT("ok\n"));
}

static void readyz(struct http_request *r, void *arg) {
    (void)arg;
    char *text;
    size_t n = 0;
    enum ops_state state = ops_text(&text, &n);
    http_reply_owned(r, state == OPS_FAILED ? 503 : 200, "application/json", text, n);
}

static void metrics(struct http_request *r, void *arg) {
    (void)arg;
    size_t n = 0;
    char *text = metrics_text(&n);
    http_reply_owned(r, text ? 200 : 500, "text/plain; version=0.0.4; charset=utf-8", text, n);
}

static const struct http_route public_routes[] = {
    {.method = "GET", .path = "/healthz", .handle = healthz, .always = 1},
};
static const struct http_route private_routes[] = {
    {.method = "GET", .path = "/readyz", .handle = readyz, .always = 1},
    {.method = "GET", .path = "/metrics", .handle = metrics, .always = 1},
};
const struct http_table ops_public = {public_routes, 1, NULL};
static const struct http_table ops_private = {private_routes, 2, NULL};

int ops_start(struct http **out, uint16_t port) {
    struct http_config c = {
        .address = "127.0.0.1", .port = port, .threads = 1, .requests_max = 16, .tables = &ops_private, .tables_n = 1};
    return http_start(out, &c);
}

// ---- the clock ----

enum ops_state ops_clock(void *arg, char why[160]) {
    const struct clock_watch *w = arg;
    int64_t ms = clock_watch_shift(w) / 1000000;
    if (ms < -60000 || ms > 60000) { // before what is always so where nobody keeps it
        (void)snprintf(why, 160,
                       "The clock was moved by %" PRId64 " s since the start. Votes end at the later of both times.",
                       ms / 1000);
        return OPS_WARNING;
    }
    if (!clock_synchronised(w->source)) {
        (void)snprintf(why, 160, "Nothing keeps the clock of this machine right. Votes close by it.");
        return OPS_WARNING;
    }
    if (ms < -1000 || ms > 1000) {
        (void)snprintf(why, 160, "The clock was moved by %" PRId64 " ms since the start.", ms);
        return OPS_WARNING;
    }
    return OPS_OK;
}
