// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A load generator: casts ballots over many keep-alive connections on loopback, and checks what is answered.
//
//   bench_ballots VOTERS BALLOTS COUNT DIR      makes a vote and COUNT ballots for it (bench_ballots.c)
//   plus1 box load --data data --municipality Emmen DIR/box.bel
//   bench_load --port=PORT --ballots=DIR/ballots [options]
//
//   --election=UUID       (BenchBenchBench, which bench_ballots makes)
//   --first=N --count=N   which lines of the file, from 0 (all)
//   --rate=N              a second (as fast as the connections get answers)
//   --connections=N       (64)
//   --acknowledged=FILE   appends a line "TRACKER HEIGHT EVENT LINE" for each ballot, as soon as its answer was read: what stands
//                         there must be in the box, whatever happens to the server. Not buffered: killing this program loses none
//   --echo                the server gives the body back: that is checked, nothing else
//
// The last line of the output is JSON. A ballot that is refused (503, 429, ...) or whose connection breaks is not sent again.
// Latency is counted from when a ballot should have been sent, so that waiting for a free connection is in it; without --rate, from
// when it was. Exit: 0 all were answered; 2 the server went away (unanswered: those on their way and those not sent); 1 an answer
// was wrong: a tracker that is not the ballot's, a place given twice, a 503 or 429 without Retry-After.
#define _GNU_SOURCE // NOLINT(bugprone-reserved-identifier): epoll_pwait2()
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/sha256.h"

enum { ANSWER_MAX = 1 << 14, HEAD_MAX = 512, EVENTS = 256, REFUSALS = 600, PATIENCE_S = 60 };

struct conn {
    int fd;
    int busy;
    size_t ballot; // its line
    double due;
    size_t sent, got;
    char head[HEAD_MAX];
    size_t head_n;
    char answer[ANSWER_MAX];
};

static struct {
    const char *election, *acknowledged;
    unsigned port, connections;
    size_t first, count;
    double rate;
    int echo;

    struct span *line;
    size_t lines;
    struct conn *conn;
    int epoll, ledger, gone;
    unsigned busy; // connections that wait for an answer

    double start;
    size_t next, answered, unanswered;
    size_t status[REFUSALS];
    double *taken, *refused; // latencies
    size_t taken_n, refused_n;
    uint8_t *place; // a bit for each height that was given
    size_t place_max;
} load = {.election = "BenchBenchBench", .connections = 64, .count = SIZE_MAX, .ledger = -1};

static void must(int ok, const char *what) {
    if (ok) return;
    fprintf(stderr, "bench_load: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static void wrong(const struct conn *c, const char *what) {
    fprintf(stderr, "bench_load: line %zu: %s\n%.*s\n", c->ballot, what, (int)c->got, c->answer);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// ---- ballots ----

static void read_ballots(const char *path) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    must(fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0, path);
    const uint8_t *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0),
                  *end = p + st.st_size;
    must(p != MAP_FAILED, path);
    close(fd);
    size_t room = 0;
    for (const uint8_t *next; p < end && (next = memchr(p, '\n', (size_t)(end - p))); p = next + 1) {
        if (load.lines == room) load.line = realloc(load.line, (room = room * 2 + 1024) * sizeof *load.line);
        must(load.line != NULL, "memory");
        load.line[load.lines++] = span_of(p, (size_t)(next - p));
    }
    must(load.first < load.lines, "there are not so many ballots");
    if (load.count > load.lines - load.first) load.count = load.lines - load.first;
}

// ---- answers ----

static int has_field(const struct conn *c, const char *body, const char *field, const char **value) {
    for (const char *p = c->answer; p < body && (p = strchr(p, '\n')); p++) {
        if (strncasecmp(p + 1, field, strlen(field)) != 0) continue;
        *value = p + 1 + strlen(field);
        return 1;
    }
    return 0;
}

// What follows NAME in the JSON of an answer.
static const char *after(const struct conn *c, const char *from, const char *name) {
    const char *p = strstr(from, name);
    if (!p) wrong(c, "the answer lacks something");
    return p ? p + strlen(name) : from;
}

static void note(const struct conn *c, const char *tracker, unsigned long height, const char *event) {
    char text[256];
    if (load.ledger < 0) return;
    int n = snprintf(text, sizeof text, "%s %lu %.64s %zu\n", tracker, height, event, c->ballot);
    must(write(load.ledger, text, (size_t)n) == n, load.acknowledged);
}

// A ballot that is in the box: the answer and its receipt name the same place, which no other ballot has.
static void check_taken(const struct conn *c, const char *body, int is_new) {
    uint8_t hash[32], text[64] = {0};
    struct buf tracker = buf_over(text, sizeof text - 1);
    sha256(hash, load.line[c->ballot]);
    buf_base64(&tracker, span_of(hash, 32));
    const char *t = (const char *)text;
    if (strncmp(after(c, body, "\"tracker\":\""), t, strlen(t)) != 0) wrong(c, "another tracker");
    unsigned long height = strtoul(after(c, body, "\"height\":"), NULL, 10);
    const char *receipt = after(c, body, "\"receipt\":");
    if (strncmp(after(c, receipt, "\\\"tracker\\\":\\\""), t, strlen(t)) != 0)
        wrong(c, "a receipt with another tracker");
    if (strtoul(after(c, receipt, "\\\"height\\\":"), NULL, 10) != height) wrong(c, "a receipt with another place");
    if (height == 0) wrong(c, "no place");
    if (height / 8 >= load.place_max) {
        size_t room = height / 4 + 4096;
        load.place = realloc(load.place, room);
        must(load.place != NULL, "memory");
        memset(load.place + load.place_max, 0, room - load.place_max);
        load.place_max = room;
    }
    uint8_t bit = (uint8_t)(1 << height % 8);
    if (is_new && load.place[height / 8] & bit) wrong(c, "a place that another ballot has");
    load.place[height / 8] |= bit;
    note(c, t, height, after(c, receipt, "\\\"event\\\":\\\""));
}

static void check_answer(struct conn *c, unsigned status, const char *body, size_t body_n) {
    const char *value;
    double took = now() - c->due;
    if (status >= REFUSALS) wrong(c, "no status");
    load.status[status]++;
    if (load.echo) {
        struct span line = load.line[c->ballot];
        if (body_n != line.n || memcmp(body, line.p, line.n) != 0) wrong(c, "no echo");
        status = 201;
    } else if (status == 200 || status == 201) {
        check_taken(c, body, status == 201);
    } else if ((status == 503 || status == 429) && !has_field(c, body, "Retry-After:", &value)) {
        wrong(c, "no Retry-After");
    }
    if (status == 200 || status == 201)
        load.taken[load.taken_n++] = took;
    else
        load.refused[load.refused_n++] = took;
}

// ---- connections ----

static void set_busy(struct conn *c, int busy) {
    load.busy += (unsigned)busy - (unsigned)c->busy;
    c->busy = busy;
}

static void watch(struct conn *c, int op, uint32_t events) {
    struct epoll_event e = {.events = events, .data.ptr = c};
    must(epoll_ctl(load.epoll, op, c->fd, &e) == 0, "epoll_ctl");
}

static int connect_now(struct conn *c) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load.port)};
    int on = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(c->fd >= 0, "socket");
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to)) {
        close(c->fd);
        c->fd = -1;
        return 0;
    }
    must(setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
    must(fcntl(c->fd, F_SETFL, O_NONBLOCK) == 0, "O_NONBLOCK");
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
    return 1;
}

// The connection is gone, and with it the answer to what was on its way.
static void broken(struct conn *c) {
    if (c->busy) load.unanswered++;
    set_busy(c, 0);
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
    errno = 0;
    if (!connect_now(c)) load.gone = 1;
}

static void send_more(struct conn *c) {
    struct span body = load.line[c->ballot];
    while (c->sent < c->head_n + body.n) {
        int in_head = c->sent < c->head_n;
        const void *p = in_head ? (const uint8_t *)c->head + c->sent : body.p + (c->sent - c->head_n);
        size_t n = (in_head ? c->head_n : c->head_n + body.n) - c->sent;
        ssize_t sent = send(c->fd, p, n, MSG_NOSIGNAL | (in_head ? MSG_MORE : 0));
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            return;
        }
        if (sent < 0) {
            broken(c);
            return;
        }
        c->sent += (size_t)sent;
    }
}

static void begin(struct conn *c, size_t ballot, double due) {
    set_busy(c, 1);
    c->ballot = ballot;
    c->due = due;
    c->sent = c->got = 0;
    c->head_n = (size_t)snprintf(c->head, sizeof c->head,
                                 "POST /v1/elections/%s/ballots HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                 "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                                 load.election, load.line[ballot].n);
    send_more(c);
}

// Is the answer whole? Then the connection is free again.
static void read_answer(struct conn *c) {
    const char *value;
    c->answer[c->got] = 0;
    char *body = strstr(c->answer, "\r\n\r\n");
    if (!body) return;
    body += 4;
    if (!has_field(c, body, "Content-Length:", &value)) wrong(c, "no Content-Length");
    size_t n = strtoul(value, NULL, 10), have = c->got - (size_t)(body - c->answer);
    if (have < n) return;
    if (!c->busy || have > n) wrong(c, "an answer that nobody asked for");
    int closes = has_field(c, body, "Connection: close", &value);
    check_answer(c, (unsigned)strtoul(c->answer + 9, NULL, 10), body, n);
    load.answered++;
    set_busy(c, 0);
    if (closes) broken(c);
}

static void receive(struct conn *c) {
    ssize_t n = recv(c->fd, c->answer + c->got, ANSWER_MAX - 1 - c->got, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) {
        broken(c);
        return;
    }
    c->got += (size_t)n;
    read_answer(c);
}

// ---- the run ----

static double due_at(size_t i) { return load.start + (double)i / load.rate; }

// Gives ballots that are due to connections that are free.
static void give_out(void) {
    static unsigned at;
    for (unsigned i = 0; i < load.connections && load.next < load.count && !load.gone; i++) {
        double time = now(), due = load.rate > 0 ? due_at(load.next) : time;
        if (due > time) return;
        struct conn *c = &load.conn[at++ % load.connections];
        if (!c->busy && c->fd >= 0) begin(c, load.first + load.next++, due);
    }
}

// How long until the next ballot is due; while no connection is free, until there is an answer.
static struct timespec pause_of(void) {
    int waits = load.next < load.count && load.busy < load.connections;
    double wait = !waits ? 1 : load.rate > 0 ? due_at(load.next) - now() : 0;
    if (wait < 0) wait = 0;
    if (wait >= 1) return (struct timespec){.tv_sec = 1};
    return (struct timespec){.tv_nsec = (long)(1e9 * wait)};
}

static void run(void) {
    struct epoll_event event[EVENTS];
    double last = load.start = now();
    while (load.answered + load.unanswered < load.count && !load.gone) {
        give_out();
        struct timespec pause = pause_of();
        int n = epoll_pwait2(load.epoll, event, EVENTS, &pause, NULL);
        for (int i = 0; i < n && !load.gone; i++) {
            struct conn *c = event[i].data.ptr;
            if (c->fd >= 0 && event[i].events & EPOLLOUT) {
                watch(c, EPOLL_CTL_MOD, EPOLLIN);
                if (c->busy) send_more(c);
            }
            if (c->fd >= 0 && event[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
        }
        if (n > 0) last = now();
        errno = 0;
        must(now() - last < PATIENCE_S, "no answer for a minute");
    }
    load.unanswered = load.count - load.answered;
}

// ---- the report ----

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double share_ms(const double *sorted, size_t n, double share) {
    size_t at = (size_t)(share * (double)n);
    return n ? 1e3 * sorted[at < n ? at : n - 1] : 0;
}

static void report(void) {
    struct rusage used;
    double seconds = now() - load.start;
    size_t taken = load.taken_n;
    (void)getrusage(RUSAGE_SELF, &used);
    qsort(load.taken, load.taken_n, sizeof *load.taken, by_size);
    qsort(load.refused, load.refused_n, sizeof *load.refused, by_size);
    printf("{\"sent\":%zu,\"taken\":%zu,\"unanswered\":%zu,\"seconds\":%.3f,\"per_second\":%.1f,"
           "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"refused_p99_ms\":%.3f,\"own_cpu\":%.3f,"
           "\"status\":{",
           load.next, taken, load.unanswered, seconds, (double)taken / seconds, share_ms(load.taken, taken, 0.5),
           share_ms(load.taken, taken, 0.9), share_ms(load.taken, taken, 0.99), share_ms(load.taken, taken, 1),
           share_ms(load.refused, load.refused_n, 0.99),
           (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
               1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec));
    const char *comma = "";
    for (unsigned i = 0; i < REFUSALS; i++) {
        if (!load.status[i]) continue;
        printf("%s\"%u\":%zu", comma, i, load.status[i]);
        comma = ",";
    }
    printf("}}\n");
}

static const char *options(int argc, char **argv) {
    static const struct option names[] = {
        {"port", 1, NULL, 'p'},  {"ballots", 1, NULL, 'b'},     {"election", 1, NULL, 'e'},
        {"first", 1, NULL, 'f'}, {"count", 1, NULL, 'n'},       {"rate", 1, NULL, 'r'},
        {"echo", 0, NULL, 'x'},  {"connections", 1, NULL, 'c'}, {"acknowledged", 1, NULL, 'a'},
        {NULL, 0, NULL, 0},
    };
    const char *ballots = NULL;
    for (int o; (o = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        switch (o) {
        case 'p': load.port = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'b': ballots = optarg; break;
        case 'e': load.election = optarg; break;
        case 'f': load.first = strtoul(optarg, NULL, 10); break;
        case 'n': load.count = strtoul(optarg, NULL, 10); break;
        case 'r': load.rate = strtod(optarg, NULL); break;
        case 'c': load.connections = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'a': load.acknowledged = optarg; break;
        case 'x': load.echo = 1; break;
        default: exit(1);
        }
    }
    must(load.port && ballots && load.connections && optind == argc, "usage: bench_load --port=PORT --ballots=FILE ..");
    return ballots;
}

int main(int argc, char **argv) {
    read_ballots(options(argc, argv));
    struct rlimit files;
    must(getrlimit(RLIMIT_NOFILE, &files) == 0, "limit of files");
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    load.conn = calloc(load.connections, sizeof *load.conn);
    load.taken = calloc(load.count + 1, sizeof *load.taken);
    load.refused = calloc(load.count + 1, sizeof *load.refused);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    must(load.conn && load.taken && load.refused && load.epoll >= 0, "memory");
    if (load.acknowledged) {
        load.ledger = open(load.acknowledged, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        must(load.ledger >= 0, load.acknowledged);
    }
    for (unsigned i = 0; i < load.connections; i++) must(connect_now(&load.conn[i]), "connect");
    run();
    report();
    return load.gone ? 2 : 0;
}
