// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What bench_serve compares the server with, each measured by its processor time alone:
//
//   bench_peers echo THREADS                   a bare libmicrohttpd that gives bodies back; prints its port, ends with its input
//   bench_peers insert DB ROWS BALLOTS INDEXES bare SQLite: the server's row for each line of BALLOTS, a hundred a transaction, WAL, FULL,
//                                              into a table with ROWS small rows; INDEXES 1: with the server's two indexes
//   bench_peers parts BOX BALLOTS              what each ballot costs in any case: all checks, one SHA-256, one receipt's signature
//   bench_peers find DB BOX COUNT              finding COUNT ballots by tracker in a server's database, spread over the box
//
// insert, parts and find print one number a line: microseconds for each.
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ballotbox/rows.h"
#include "board/box.h"
#include "core/credential.h"
#include "core/pki.h"
#include "core/sha256.h"
#include "store/archive.h"

enum { BATCH = 100, POOL_BYTES = 24576, CONNECTIONS = 4096, THREADS = 2 };

static void must(int ok, const char *what) {
    if (ok) return;
    fprintf(stderr, "bench_peers: %s failed\n", what);
    exit(1);
}

static double cpu(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static struct span *lines_of(const char *path, size_t *n) {
    FILE *f = fopen(path, "rb");
    struct span *line = NULL;
    char *text = NULL;
    size_t room = 0, cap = 0;
    must(f != NULL, path);
    *n = 0;
    for (ssize_t got; (got = getline(&text, &room, f)) > 0; (*n)++) {
        if (*n == cap) {
            void *more = realloc(line, (cap = 2 * cap + 1024) * sizeof *line);
            must(more != NULL, "memory");
            line = more;
        }
        uint8_t *copy = malloc((size_t)got);
        must(copy != NULL, "memory");
        memcpy(copy, text, (size_t)got);
        line[*n] = span_of(copy, (size_t)got - 1);
    }
    free(text);
    (void)fclose(f);
    must(*n > 0, path);
    return line;
}

// ---- echo ----

struct body {
    size_t n, length;
    char *p;
};

static enum MHD_Result on_request(void *arg, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *data, size_t *n, void **context) {
    struct body *b = *context;
    (void)arg;
    (void)url;
    (void)method;
    (void)version;
    if (!b) {
        const char *length = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Content-Length");
        b = *context = calloc(1, sizeof *b);
        if (!b || !length) return MHD_NO;
        b->length = strtoul(length, NULL, 10);
        b->p = malloc(b->length + 1);
        return b->p ? MHD_YES : MHD_NO;
    }
    if (*n) {
        if (*n > b->length - b->n) return MHD_NO;
        memcpy(b->p + b->n, data, *n);
        b->n += *n;
        *n = 0;
        return MHD_YES;
    }
    struct MHD_Response *r = MHD_create_response_from_buffer(b->n, b->p, MHD_RESPMEM_MUST_FREE);
    if (!r) return MHD_NO;
    b->p = NULL;
    enum MHD_Result result = MHD_queue_response(mhd, MHD_HTTP_OK, r);
    MHD_destroy_response(r);
    return result;
}

static void on_end(void *arg, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode how) {
    struct body *b = *context;
    (void)arg;
    (void)mhd;
    (void)how;
    if (b) free(b->p);
    free(b);
}

static void echo(unsigned threads) {
    char end;
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_NOTIFY_COMPLETED,
        on_end, NULL, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_END);
    must(d != NULL, "libmicrohttpd");
    printf("%u\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    (void)fflush(stdout);
    while (read(0, &end, 1) > 0) {
    }
    MHD_stop_daemon(d);
}

// ---- insert ----

static void sql(sqlite3 *db, const char *text) {
    char *why = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &why) == SQLITE_OK) return;
    fprintf(stderr, "bench_peers: %s: %s\n", text, why);
    exit(1);
}

struct row {
    uint8_t hash[32], tracker[32];
};

static void make_row(struct row *row, uint64_t id) {
    uint64_t key[2] = {id, 1};
    sha256(row->tracker, span_of((uint8_t *)key, sizeof key));
    key[1] = 2;
    sha256(row->hash, span_of((uint8_t *)key, sizeof key));
}

static void add_row(sqlite3_stmt *s, int64_t id, const struct row *row, struct span content) {
    sqlite3_bind_int64(s, 1, (int64_t)1 << 40 | id);
    sqlite3_bind_int64(s, 2, 1);
    sqlite3_bind_blob(s, 3, row->hash, 32, SQLITE_STATIC);
    sqlite3_bind_int64(s, 4, id * 4096);
    sqlite3_bind_int64(s, 5, 500000);
    sqlite3_bind_blob64(s, 6, content.p, content.n, SQLITE_STATIC);
    sqlite3_bind_blob(s, 7, row->tracker, 32, SQLITE_STATIC);
    sqlite3_bind_int64(s, 8, id % 900000);
    must(sqlite3_step(s) == SQLITE_DONE && sqlite3_reset(s) == SQLITE_OK, "insert");
}

static void insert(const char *path, int64_t rows, const char *ballots, int indexes) {
    sqlite3 *db;
    sqlite3_stmt *s;
    size_t n;
    struct span *line = lines_of(ballots, &n);
    struct row *row = calloc(n, sizeof *row);
    must(row != NULL, "memory");
    must(sqlite3_open(path, &db) == SQLITE_OK, path);
    sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    sql(db, "CREATE TABLE event(id INTEGER PRIMARY KEY, type INTEGER NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL,"
            " hour INTEGER NOT NULL, content BLOB NOT NULL, tracker BLOB, voter INTEGER) STRICT");
    must(sqlite3_prepare_v2(db, "INSERT INTO event VALUES(?,?,?,?,?,?,?,?)", -1, &s, NULL) == SQLITE_OK, "prepare");
    sql(db, "BEGIN");
    for (int64_t i = 0; i < rows; i++) {
        make_row(&row[0], (uint64_t)i);
        add_row(s, i, &row[0], SPAN_LIT("0"));
    }
    sql(db, "COMMIT");
    if (indexes)
        sql(db, "CREATE UNIQUE INDEX ballot ON event(tracker, id >> 40) WHERE tracker IS NOT NULL;"
                "CREATE INDEX voter ON event(id >> 40, voter, id) WHERE voter IS NOT NULL");
    sql(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    for (size_t i = 0; i < n; i++) make_row(&row[i], (uint64_t)rows + i);
    double start = cpu(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < n; i++) {
        if (i % BATCH == 0) sql(db, "BEGIN IMMEDIATE");
        add_row(s, rows + (int64_t)i, &row[i], line[i]);
        if (i % BATCH == BATCH - 1 || i == n - 1) sql(db, "COMMIT");
    }
    printf("%.3f\n", (cpu(CLOCK_PROCESS_CPUTIME_ID) - start) / (double)n);
    free(row);
    sqlite3_finalize(s);
    sqlite3_close(db);
}

// ---- parts ----

static struct box *box_of(const char *path, struct archive *a, struct work *w) {
    struct chain chain;
    struct event ev;
    enum p1_err why;
    int more;
    struct box *box = malloc(sizeof *box);
    must(box && archive_open(a, path, ARCHIVE_READ, &why) == 0, path);
    box_init(box);
    must(chain_begin(&chain, a->file) == P1_OK && chain_next(&chain, a->file, &ev, &more) == P1_OK && more, "reading");
    must(box_apply(box, &ev, w) == P1_OK, "the setup");
    return box;
}

struct parts {
    pthread_t thread;
    const struct box *box;
    const struct span *line;
    size_t first, n; // every second line
    double us[3];
};

static void *measure(void *arg) {
    struct parts *p = arg;
    const struct election *e = &p->box->election;
    struct work *w = calloc(1, sizeof *w);
    struct draws d = {.seed = {7}};
    struct scalar x = {{3}};
    struct ballot b;
    uint8_t hash[32], text[1024];
    unsigned seen;
    must(w != NULL, "memory");
    double at = cpu(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = p->first; i < p->n; i += THREADS) {
        must(ballot_parse(&b, &e->group.q, p->line[i]) == P1_OK, "a ballot's form");
        must(ballot_check_signature(e, &b, w) == P1_OK, "a signature");
        must(ballot_check_answers(e, &b, &seen, w) == P1_OK, "answers");
    }
    double next = cpu(CLOCK_THREAD_CPUTIME_ID);
    p->us[0] = next - at;
    at = next;
    for (size_t i = p->first; i < p->n; i += THREADS) sha256(hash, p->line[i]);
    next = cpu(CLOCK_THREAD_CPUTIME_ID);
    p->us[1] = next - at;
    at = next;
    for (size_t i = p->first; i < p->n; i += THREADS) {
        struct buf out = buf_over(text, sizeof text);
        signature_write(&e->group, &x, span_of(p->line[i].p, 250), &d, &out, w);
    }
    p->us[2] = cpu(CLOCK_THREAD_CPUTIME_ID) - at;
    free(w);
    return NULL;
}

// On both cores at once, as the server does it.
static void parts(const char *path, const char *ballots) {
    struct archive a = {.fd = -1};
    struct work *w = calloc(1, sizeof *w);
    size_t n;
    struct span *line = lines_of(ballots, &n);
    must(w != NULL, "memory");
    struct box *box = box_of(path, &a, w);
    struct parts p[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        p[i] = (struct parts){.box = box, .line = line, .first = i, .n = n};
        must(pthread_create(&p[i].thread, NULL, measure, &p[i]) == 0, "a thread");
    }
    for (size_t i = 0; i < THREADS; i++) pthread_join(p[i].thread, NULL);
    for (size_t i = 0; i < 3; i++) printf("%.3f\n", (p[0].us[i] + p[1].us[i]) / (double)n);
}

// ---- find ----

static void find(const char *path, int64_t box, uint64_t count) {
    struct rows *r;
    struct event_row last, event;
    int found;
    must(rows_open(&r, path) == P1_OK, path);
    must(rows_last_event(r, box, &last, &found) == P1_OK && found, "the last event");
    uint8_t(*tracker)[32] = calloc(count, 32);
    must(tracker != NULL, "memory");
    for (uint64_t i = 0; i < count; i++) {
        uint64_t height = 1 + (i * 2654435761u) % last.height;
        must(rows_event(r, box, height, &event, &found) == P1_OK && found, "an event");
        memcpy(tracker[i], event.tracker, 32);
    }
    double start = cpu(CLOCK_PROCESS_CPUTIME_ID);
    for (uint64_t i = 0; i < count; i++)
        must(rows_find_ballot(r, box, tracker[i], &event, &found) == P1_OK && found, "a tracker");
    printf("%.3f\n", (cpu(CLOCK_PROCESS_CPUTIME_ID) - start) / (double)count);
    free(tracker);
    rows_close(r);
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "echo") == 0 && argc == 3)
        echo((unsigned)atoi(argv[2]));
    else if (strcmp(what, "insert") == 0 && argc == 6)
        insert(argv[2], atoll(argv[3]), argv[4], atoi(argv[5]));
    else if (strcmp(what, "parts") == 0 && argc == 4)
        parts(argv[2], argv[3]);
    else if (strcmp(what, "find") == 0 && argc == 5)
        find(argv[2], atoll(argv[3]), strtoull(argv[4], NULL, 10));
    else
        must(0, "usage");
    return 0;
}
