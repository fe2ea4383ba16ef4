// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A request's way: request_new() at its first line, head_read() and routing once the header is there, its body, its handler,
// request_done(). libmicrohttpd calls on_request() for each of these steps.

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "platform/field.h"
#include "platform/http_in.h"

enum { POOL_BYTES = 24576, CONNECTIONS_PER_REQUEST = 4, FILES_BESIDE = 256 };

int64_t http_now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t http_now_ms(void) { return http_now_us() / 1000; }

// ---- a request ----

static struct http_request *request_new(struct http *s, struct MHD_Connection *mhd, const char *target) {
    size_t n = strlen(target);
    struct http_request *r = calloc(1, sizeof *r + 2 * n + 1);
    if (!r) return NULL;
    r->server = s;
    r->mhd = mhd;
    r->refs = 1;
    r->started_us = http_now_us();
    r->target_mhd = target;
    memcpy(r->room, target, n);
    r->target = span_of(r->room, n);
    return r;
}

void request_hold(struct http_request *r) { atomic_fetch_add(&r->refs, 1); }

void request_release(struct http_request *r) {
    if (atomic_fetch_sub(&r->refs, 1) != 1) return;
    for (unsigned i = 0; i < r->set_n; i++) free(r->set[i].value);
    free(r->head);
    free(r->body);
    free(r);
}

static struct conn *conn_of(struct MHD_Connection *mhd) {
    return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void find_client(struct http_request *r) {
    struct http *s = r->server;
    struct address a = address_of(MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    uint8_t list[HEAD_MAX];
    struct buf b = buf_over(list, sizeof list);
    for (unsigned i = 0; i < r->fields_n; i++) {
        if (!field_same(r->fields[i].name, "X-Forwarded-For")) continue;
        if (b.n) buf_char(&b, ',');
        buf_put(&b, r->fields[i].value);
    }
    a = client_of(&a, buf_span(&b), s->proxies, s->proxies_n);
    address_text(&a, r->client);
}

static enum refusal check_body(const struct http_request *r) {
    const struct http_route *route = r->match.route;
    struct span type, coding;
    uint64_t max = route ? route->body_max : 0;
    if (r->length > max) return REFUSED_BODY_LARGE;
    if (max && !r->has_length) return REFUSED_LENGTH_NEEDED;
    if (!r->length) return REFUSED_NOT;
    if (http_header(r, "Content-Encoding", &coding) && !field_same(coding, "identity")) return REFUSED_BODY_TYPE;
    if (!route->body_type) return REFUSED_NOT;
    if (!http_header(r, "Content-Type", &type) || !field_is_type(type, route->body_type)) return REFUSED_BODY_TYPE;
    return REFUSED_NOT;
}

static enum refusal check_route(struct http_request *r) {
    struct http *s = r->server;
    struct span host = {0}, accept;
    (void)http_header(r, "Host", &host);
    enum refusal refused = uri_parse(&r->uri, r->target, host, r->room + r->target.n);
    if (refused) return refused;
    refused = route_find(&r->match, s->config.tables, s->config.tables_n, r->method, &r->uri);
    if (refused) return refused;
    const struct http_route *route = r->match.route;
    if (route && (refused = route_check_query(route, &r->uri))) return refused;
    if (route && route->type && http_header(r, "Accept", &accept) && !field_accepts(accept, route->type, 0))
        return REFUSED_NOT_ACCEPTABLE;
    return check_body(r);
}

// One more at once, if there may be.
static enum refusal check_capacity(struct http_request *r) {
    struct http *s = r->server;
    if (s->stopped) return REFUSED_STOPPING;
    r->counted = 1;
    count_at_once(1);
    if (atomic_fetch_add(&s->requests, 1) < (int)s->config.requests_max) return REFUSED_NOT;
    return r->match.route && r->match.route->always ? REFUSED_NOT : REFUSED_BUSY;
}

static void uncount(struct http_request *r) {
    if (!r->counted) return;
    r->counted = 0;
    count_at_once(-1);
    atomic_fetch_sub(&r->server->requests, 1);
}

// ---- its steps ----

// The connection's thread alone gets here; the answer may have been made by another. Who takes it slowly holds a connection, and
// nobody else's place.
static enum MHD_Result give(struct http_request *r) {
    struct http *s = r->server;
    uncount(r);
    atomic_store(&r->conn->deadline, http_now_ms() + (int64_t)(1 + r->sends / BLOCK) * s->config.send_ms);
    if (s->stopping) (void)MHD_add_response_header(r->response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(r->mhd, r->status, r->response);
    MHD_destroy_response(r->response);
    r->response = NULL;
    return result;
}

static enum MHD_Result refuse_now(struct http_request *r, enum refusal refused) {
    r->closes = 1;
    r->phase = PHASE_HANDLED;
    if (!conn_move(r->conn, CONN_READING, CONN_ANSWERING, INT64_MAX)) return MHD_NO;
    request_refuse(r, refused);
    return give(r);
}

// The header is there. A refused body is read to its end if it is small: then the connection can be kept, and the
// answer cannot be lost on the way. Who asks before sending (100-continue) is told at once.
static enum MHD_Result begin(struct http_request *r, const char *method, const char *version) {
    struct span expects;
    r->method = method;
    r->conn = conn_of(r->mhd);
    r->phase = PHASE_BODY;
    enum refusal refused = head_read(r, version);
    if (refused) return refuse_now(r, refused);
    find_client(r);
    r->refused = check_route(r);
    if (!r->refused) r->refused = check_capacity(r);
    if (r->refused) {
        uncount(r);
        int asks = http_header(r, "Expect", &expects);
        return r->length && (r->length > SWALLOW_MAX || asks) ? refuse_now(r, r->refused) : MHD_YES;
    }
    if (r->length && !(r->body = malloc((size_t)r->length))) return refuse_now(r, REFUSED_INTERNAL);
    return MHD_YES;
}

static enum MHD_Result take_body(struct http_request *r, const char *data, size_t *n) {
    if (r->body) {
        if (*n > r->length - r->body_n) return MHD_NO;
        memcpy(r->body + r->body_n, data, *n);
        r->body_n += *n;
    }
    *n = 0;
    return MHD_YES;
}

static void call_handler(struct http_request *r) {
    r->phase = PHASE_HANDLED;
    if (r->refused) {
        request_refuse(r, r->refused);
    } else if (!r->match.route) { // OPTIONS
        http_set(r, "Allow", r->match.allow);
        http_reply(r, MHD_HTTP_NO_CONTENT, NULL, (struct span){0});
    } else {
        r->match.route->handle(r, r->match.arg);
        if (!r->later && !r->answered) request_refuse(r, REFUSED_INTERNAL);
    }
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *data, size_t *n, void **context) {
    struct http_request *r = *context;
    (void)arg;
    (void)mhd;
    (void)url; // unescaped once already: useless
    if (!r) return MHD_NO;
    if (r->phase == PHASE_HEAD) return begin(r, method, version);
    if (*n) return take_body(r, data, n);
    if (r->phase == PHASE_BODY) {
        if (!conn_move(r->conn, CONN_READING, CONN_ANSWERING, INT64_MAX)) return MHD_NO;
        call_handler(r);
        if (r->later) return MHD_YES; // libmicrohttpd calls again once it is answered
    }
    return give(r);
}

static void *on_request_line(void *arg, const char *target, struct MHD_Connection *mhd) {
    struct http *s = arg;
    struct conn *c = conn_of(mhd);
    struct http_request *r = c ? request_new(s, mhd, target) : NULL;
    if (!r) return NULL; // no memory
    // An expired connection stays so; begin() will see it.
    if (!conn_move(c, CONN_NEW, CONN_READING, atomic_load(&c->deadline)))
        (void)!conn_move(c, CONN_IDLE, CONN_READING, http_now_ms() + s->config.request_ms);
    pthread_mutex_lock(&s->lock);
    c->request = r;
    pthread_mutex_unlock(&s->lock);
    return r;
}

static void on_request_end(void *arg, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode how) {
    struct http *s = arg;
    struct http_request *r = *context;
    struct conn *c = conn_of(mhd);
    if (!r) return;
    *context = NULL;
    pthread_mutex_lock(&s->lock);
    c->request = NULL;
    pthread_mutex_unlock(&s->lock);
    if (r->closes || how == MHD_REQUEST_TERMINATED_WITH_ERROR) watch_linger(s, c->fd);
    (void)!conn_move(c, CONN_ANSWERING, CONN_IDLE, http_now_ms() + s->config.idle_ms);
    if (r->response) MHD_destroy_response(r->response);
    r->response = NULL;
    uncount(r);
    count_request(r);
    request_release(r);
}

static void on_connection(void *arg, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what) {
    struct http *s = arg;
    struct conn *c = what == MHD_CONNECTION_NOTIFY_STARTED ? calloc(1, sizeof *c) : *context;
    if (!c) return;
    pthread_mutex_lock(&s->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        c->server = s;
        c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        c->deadline = http_now_ms() + s->config.request_ms;
        c->next = s->conns;
        if (c->next) c->next->before = c;
        s->conns = c;
        s->conns_n++;
        *context = c;
    } else {
        if (c->next) c->next->before = c->before;
        *(c->before ? &c->before->next : &s->conns) = c->next;
        s->conns_n--;
        free(c);
    }
    pthread_mutex_unlock(&s->lock);
    count_connections(what == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

void http_later(struct http_request *r) {
    request_hold(r);
    MHD_suspend_connection(r->mhd);
    atomic_store(&r->later, 1);
}

// ---- the request, for handlers ----

const char *http_method(const struct http_request *r) { return r->method; }

struct span http_path(const struct http_request *r) {
    return r->uri.path;
}

struct span http_param(const struct http_request *r, unsigned i) {
    return i < URI_SEGMENTS_MAX ? r->match.param[i] : (struct span){0};
}

int http_query(const struct http_request *r, const char *name, struct span *out) {
    for (unsigned i = 0; i < r->uri.queries; i++) {
        if (!span_eq(r->uri.query[i].name, span_str(name))) continue;
        *out = r->uri.query[i].value;
        return 1;
    }
    return 0;
}

int http_header(const struct http_request *r, const char *name, struct span *out) {
    for (unsigned i = 0; i < r->fields_n; i++) {
        if (!field_same(r->fields[i].name, name)) continue;
        *out = r->fields[i].value;
        return 1;
    }
    return 0;
}

struct span http_body(const struct http_request *r) {
    return span_of(r->body, r->body_n);
}

const char *http_client(const struct http_request *r) { return r->client; }

int http_by_person(const struct http_request *r) {
    struct span accept;
    return http_header(r, "Accept", &accept) && field_accepts(accept, "text/html", 1);
}

// ---- the server ----

static int listen_on(struct http *s) {
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(s->config.port)};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(s->config.port)};
    int is_v6 = inet_pton(AF_INET6, s->config.address, &in6.sin6_addr) == 1, on = 1, off = 0;
    if (!is_v6 && inet_pton(AF_INET, s->config.address, &in.sin_addr) != 1) return EINVAL;
    struct sockaddr *address = is_v6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in;
    socklen_t n = is_v6 ? sizeof in6 : sizeof in;
    s->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd < 0) return errno;
    (void)setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (is_v6) (void)setsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(s->fd, address, n) || listen(s->fd, 1024) || getsockname(s->fd, address, &n)) return errno;
    s->port = ntohs(is_v6 ? in6.sin6_port : in.sin_port);
    return 0;
}

// As many files as connections can need, if they may be had.
static int raise_files(unsigned connections) {
    struct rlimit limit;
    rlim_t need = connections + FILES_BESIDE;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return errno;
    if (limit.rlim_cur >= need) return 0;
    if (limit.rlim_max < need) return EMFILE;
    limit.rlim_cur = need;
    return setrlimit(RLIMIT_NOFILE, &limit) ? errno : 0;
}

static int parse_proxies(struct http *s) {
    size_t n = 0;
    const char *const *list = s->config.proxies;
    while (list && list[n]) n++;
    s->proxies = calloc(n + 1, sizeof *s->proxies);
    if (!s->proxies) return ENOMEM;
    for (; list && *list; list++) {
        if (!network_parse(&s->proxies[s->proxies_n++], span_str(*list))) return EINVAL;
    }
    return 0;
}

static void take_config(struct http *s, const struct http_config *config) {
    struct http_config *c = &s->config;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *c = *config;
    if (!c->threads) c->threads = cores > 0 ? (unsigned)cores : 1;
    if (!c->requests_max) c->requests_max = 1024;
    if (!c->request_ms) c->request_ms = 20000;
    if (!c->idle_ms) c->idle_ms = 30000;
    if (!c->send_ms) c->send_ms = 30000;
}

static size_t keep_escapes(void *arg, struct MHD_Connection *mhd, char *text) {
    (void)arg;
    (void)mhd;
    return strlen(text);
}

static int start_mhd(struct http *s) {
    unsigned connections = s->config.requests_max * CONNECTIONS_PER_REQUEST + s->config.threads;
    int e = raise_files(connections);
    if (e) return e;
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, s->config.threads, NULL}, {MHD_OPTION_END, 0, NULL}};
    s->mhd =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
                         MHD_OPTION_LISTEN_SOCKET, s->fd, MHD_OPTION_CONNECTION_LIMIT, connections,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
                         MHD_OPTION_NOTIFY_COMPLETED, on_request_end, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
                         MHD_OPTION_URI_LOG_CALLBACK, on_request_line, s, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, s,
                         MHD_OPTION_ARRAY, s->config.threads > 1 ? pool : pool + 1, MHD_OPTION_END);
    return s->mhd ? 0 : errno ? errno : EIO;
}

static void http_free(struct http *s) {
    if (s->fd >= 0) close(s->fd);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s->proxies);
    free(s);
}

int http_start(struct http **out, const struct http_config *config) {
    pthread_condattr_t monotonic;
    struct http *s = calloc(1, sizeof *s);
    if (!s) return ENOMEM;
    s->fd = -1;
    take_config(s, config);
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    count_register(s->config.tables, s->config.tables_n);
    int e = routes_valid(s->config.tables, s->config.tables_n) ? parse_proxies(s) : EINVAL;
    if (!e) e = listen_on(s);
    if (!e) e = watch_start(s);
    if (!e && (e = start_mhd(s))) watch_stop(s);
    if (e)
        http_free(s);
    else
        *out = s;
    return e;
}

uint16_t http_port(const struct http *s) { return s->port; }

// ---- stopping ----

// One that waits for a later answer, held; or null.
static struct http_request *next_waiting(struct http *s) {
    struct http_request *r = NULL;
    pthread_mutex_lock(&s->lock);
    for (struct conn *c = s->conns; c && !r; c = c->next) {
        if (c->request && c->request->later && !c->request->answered) r = c->request;
    }
    if (r) request_hold(r);
    pthread_mutex_unlock(&s->lock);
    return r;
}

static size_t conns_left(struct http *s) {
    pthread_mutex_lock(&s->lock);
    size_t n = s->conns_n;
    pthread_mutex_unlock(&s->lock);
    return n;
}

static void shut_all(struct http *s) {
    pthread_mutex_lock(&s->lock);
    for (struct conn *c = s->conns; c; c = c->next) shutdown(c->fd, SHUT_RDWR);
    pthread_mutex_unlock(&s->lock);
}

static void pause_ms(long ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

// From now on the system refuses whoever comes. Not with MHD_quiesce_daemon(): a worker may take the listening socket out of its epoll
// set at the same moment, and the library ends the program when it is out already. A socket to which nobody comes takes its place
// instead; with its last descriptor the old one leaves all sets.
static void close_door(const struct http *s) {
    int nobody = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (nobody < 0 || dup2(nobody, s->fd) < 0) shutdown(s->fd, SHUT_RDWR);
    if (nobody >= 0) close(nobody);
}

void http_stop(struct http *s, unsigned grace_ms) {
    int64_t end = http_now_ms() + grace_ms;
    s->stopping = 1;
    close_door(s);
    while (conns_left(s) && http_now_ms() < end) pause_ms(TICK_MS / 5);
    s->stopped = 1;
    for (int64_t hard = http_now_ms() + 1000; conns_left(s); pause_ms(TICK_MS / 5)) {
        for (struct http_request *r; (r = next_waiting(s)); request_release(r)) request_give_up(r);
        if (http_now_ms() > hard) shut_all(s);
    }
    MHD_stop_daemon(s->mhd);
    s->fd = -1; // closed with it
    watch_stop(s);
    http_free(s);
}
