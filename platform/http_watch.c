// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The watcher: one thread that ends connections whose time is over. libmicrohttpd only knows how long nothing came, so that one
// byte every few seconds would hold a connection for ever; here a request has a time for the whole of it.
//
// It also reads refused connections to their end. If a socket is closed with unread bytes in it, the system tells the client so
// at once, and the client may never see the answer.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "platform/http_in.h"

int conn_move(struct conn *c, enum conn_state from, enum conn_state to, int64_t deadline) {
    int expected = (int)from;
    int64_t before =
        atomic_exchange(&c->deadline, deadline); // first, so that the watcher never sees the new state with it
    if (atomic_compare_exchange_strong(&c->state, &expected, (int)to)) return 1;
    atomic_store(&c->deadline, before);
    return 0;
}

// Nothing has been answered on this request and, the state being CONN_EXPIRED now, nothing will be: this is the only writer.
static void say_slow(struct conn *c) {
    const struct refusal_text *slow = &refusal_texts[REFUSED_SLOW];
    char head[512], date[64];
    const char *type, *version = c->server->config.api_version;
    int is_api = request_in_api(c->request) && version;
    time_t now = time(NULL);
    struct tm tm;
    struct body body = problem_text(c->request, slow, 0, &type); // its header may be arriving now
    if (!body.p) return;
    count_refusal(REFUSED_SLOW);
    (void)strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &tm));
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 %u Request Timeout\r\nDate: %s\r\nConnection: close\r\nCache-Control: no-store\r\n"
                     "Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n"
                     "Content-Type: %s\r\n%s%s%sContent-Length: %zu\r\n\r\n",
                     slow->status, date, type, is_api ? "API-Version: " : "", is_api ? version : "",
                     is_api ? "\r\n" : "", body.n);
    if (send(c->fd, head, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE) == n)
        (void)!send(c->fd, body.p, body.n, MSG_DONTWAIT | MSG_NOSIGNAL);
    free(body.p);
}

// The state is read before the deadline, and must still be the same when the connection is ended.
static void look_at(struct http *s, struct conn *c, int64_t now) {
    int state = c->state;
    int waits = state == CONN_IDLE || state == CONN_NEW;
    if (state == CONN_EXPIRED || (now <= c->deadline && !(waits && s->stopping))) return;
    if (!atomic_compare_exchange_strong(&c->state, &state, CONN_EXPIRED)) return;
    if (state == CONN_READING || (state == CONN_NEW && !s->stopping)) say_slow(c);
    shutdown(c->fd, SHUT_RDWR);
}

// Is there nothing more to wait for?
static int drained(int fd) {
    uint8_t waste[16384];
    ssize_t n;
    for (int i = 0; i < 16; i++) {
        n = recv(fd, waste, sizeof waste, MSG_DONTWAIT);
        if (n <= 0) return n == 0 || (errno != EAGAIN && errno != EINTR);
    }
    return 0;
}

static void look_at_lingering(struct http *s, int64_t now) {
    for (size_t i = 0; i < LINGER_MAX; i++) {
        struct lingering *l = &s->linger[i];
        if (!l->fd || (!drained(l->fd) && now < l->deadline && !s->watch_ends)) continue;
        close(l->fd);
        l->fd = 0;
    }
}

// The socket stays open on a descriptor of our own until the client has closed its side too.
void watch_linger(struct http *s, int fd) {
    pthread_mutex_lock(&s->lock);
    size_t i = 0;
    while (i < LINGER_MAX && s->linger[i].fd) i++;
    if (i < LINGER_MAX) {
        int copy = dup(fd);
        if (copy > 0) s->linger[i] = (struct lingering){copy, http_now_ms() + LINGER_MS};
    }
    pthread_mutex_unlock(&s->lock);
}

static void *watch(void *arg) {
    struct http *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->watch_ends) {
        int64_t now = http_now_ms();
        for (struct conn *c = s->conns; c; c = c->next) look_at(s, c, now);
        look_at_lingering(s, now);
        now += TICK_MS;
        struct timespec until = {now / 1000, now % 1000 * 1000000};
        pthread_cond_timedwait(&s->wake, &s->lock, &until);
    }
    look_at_lingering(s, INT64_MAX);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

int watch_start(struct http *s) { return pthread_create(&s->watcher, NULL, watch, s); }

void watch_stop(struct http *s) {
    pthread_mutex_lock(&s->lock);
    s->watch_ends = 1;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->watcher, NULL);
}
