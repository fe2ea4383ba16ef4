// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/server.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/experiments.h"
#include "cli/files.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "platform/clock.h"
#include "platform/log.h"
#include "platform/metrics.h"
#include "platform/openapi.h"
#include "platform/ops.h"
#include "platform/platform.h"
#include "store/durable.h"

enum { GRACE_MS = 10000, SYNC_ROUNDS = 5, CLOCK_MOVED_S = 60, ONLY_OWN = 0077 };

#define API_VERSION "1.0.0"
#define NS ((int64_t)1000000000)

struct server {
    const struct server_options *o;
    char *database;
    uint8_t seed[32];
    int lock;
    struct clock_watch watch;
    _Atomic int64_t warned; // second of the last warning about the clock
    struct settings settings;
    struct config *config;
    struct platform platform;
    void *state[EXPERIMENTS_MAX];
    size_t started;
    struct openapi openapi;
    struct http *http, *ops;
    struct control *control;
};

// ---- the clock by which votes close ----

// Where the wall clock was moved by over a minute since the start, the later closing holds: the earlier of both times.
static uint64_t box_now(void *arg) {
    struct server *s = arg;
    int64_t wall = (int64_t)time(NULL), moved = clock_watch_shift(&s->watch) / NS;
    if (moved <= CLOCK_MOVED_S && moved >= -CLOCK_MOVED_S) return (uint64_t)wall;
    int64_t last = s->warned;
    if (wall - last > 60 || wall < last) {
        s->warned = wall;
        log_line(LOG_WARNING, "clock-moved", "seconds", LOG_NUMBER(moved), "closing", "later");
    }
    return (uint64_t)(moved > 0 ? wall - moved : wall);
}

static struct metric clock_metrics[] = {
    {METRIC_GAUGE, "plus1_clock_synchronised", "Does something keep the clock right?", NULL, 0, {0}},
    {METRIC_GAUGE, "plus1_clock_shift_seconds", "By how much the clock was moved since the start.", NULL, 0, {0}},
};

static void refresh_clock(void *arg) {
    const struct server *s = arg;
    metric_set(&clock_metrics[0], clock_synchronised(s->watch.source));
    metric_set(&clock_metrics[1], clock_watch_shift(&s->watch) / NS);
}

// ---- the data folder ----

enum p1_exit server_folder(const char *data) {
    struct stat about;
    mode_t old = umask(ONLY_OWN);
    enum p1_exit e = folder_make(data);
    umask(old);
    if (e != P1_EXIT_DONE) return e;
    if (stat(data, &about)) return refuse(P1_EXIT_UNREADABLE, "%s cannot be used: %s", data, strerror(errno));
    if (about.st_uid != geteuid())
        return refuse(P1_EXIT_REFUSED, "%s belongs to another user: be that user, or name another folder", data);
    if (about.st_mode & (S_IWGRP | S_IWOTH))
        return refuse(P1_EXIT_REFUSED, "others can write in %s: take that from them (chmod 700), then run this again",
                      data);
    if (about.st_mode & ONLY_OWN) log_line(LOG_WARNING, "data-folder", "detail", "others can read it: chmod 700");
    return P1_EXIT_DONE;
}

static enum p1_exit take_folder(struct server *s) {
    enum p1_exit e = server_folder(s->o->data);
    if (e != P1_EXIT_DONE) return e;
    umask(ONLY_OWN); // SQLite's files too
    char *path = path_join(s->o->data, "lock");
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock < 0)
        e = refuse(P1_EXIT_UNREADABLE, "%s cannot be used: %s", s->o->data, strerror(errno));
    else if (flock(s->lock, LOCK_EX | LOCK_NB))
        e = refuse(P1_EXIT_REFUSED, "%s is in use by another server", s->o->data);
    free(path);
    return e;
}

enum p1_exit server_seed(const char *data, uint8_t seed[32]) {
    char *path = path_join(data, "receipt.seed"), *text = NULL;
    enum p1_exit e = P1_EXIT_DONE;
    size_t n = 0;
    if (access(path, F_OK)) {
        randombytes_buf(seed, 32);
        e = file_write(path, FILE_SECRET, 1, span_of(seed, 32));
    } else {
        e = file_read(path, 0, &text, &n);
        if (e == P1_EXIT_DONE && n != 32) e = refuse(P1_EXIT_UNREADABLE, "%s is damaged: restore it from a copy", path);
        if (e == P1_EXIT_DONE) memcpy(seed, text, 32);
        if (text) sodium_memzero(text, n);
        free(text);
    }
    free(path);
    return e;
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

// How long does this disk take until a write is safe? Every answer to a voter waits for it.
static enum p1_exit time_disk(const struct server *s) {
    char *path = path_join(s->o->data, "sync-test");
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), bad = fd < 0;
    int64_t best = INT64_MAX, worst = 0;
    uint8_t block[4096] = {0};
    for (int i = 0; i < SYNC_ROUNDS && !bad; i++) {
        int64_t start = now_us();
        bad = durable_put(fd, span_of(block, sizeof block), (off_t)i * (off_t)sizeof block) || durable_sync(fd);
        int64_t took = now_us() - start;
        if (took < best) best = took;
        if (took > worst) worst = took;
    }
    int why = errno;
    if (fd >= 0) close(fd);
    (void)unlink(path);
    free(path);
    if (bad)
        return refuse(P1_EXIT_UNREADABLE, "nothing can be written in %s: %s%s", s->o->data, strerror(why),
                      disk_advice(why));
    log_line(LOG_INFO, "disk", "sync_us", LOG_NUMBER(best), "worst_us", LOG_NUMBER(worst));
    return P1_EXIT_DONE;
}

// ---- the municipalities ----

static enum p1_exit read_config(struct server *s) {
    char why[CONFIG_WHY];
    if (config_read(&s->config, s->o->data, why)) return refuse(P1_EXIT_REFUSED, "%s", why);
    log_line(LOG_INFO, "configuration", "municipalities", LOG_NUMBER(s->config->n));
    return P1_EXIT_DONE;
}

// ---- the database ----

static enum p1_exit db_refuse(const struct server *s, const struct db *db, enum p1_err err) {
    return refuse(P1_EXIT_UNREADABLE, "%s: %s%s%s", s->database, p1_err_text(err), db && *db_why(db) ? ": " : "",
                  db ? db_why(db) : "");
}

// Whose tables there are: the platform's, then those of each experiment.
static const struct migrations *owner(size_t i) {
    return i == 0 ? &registry_migrations : experiments[i - 1]->migrations;
}

enum p1_err server_migrate(struct db *db, int run, unsigned *pending) {
    unsigned own;
    *pending = 0;
    for (size_t i = 0; i <= experiment_count; i++) {
        TRY(db_migrate(db, owner(i), run, &own));
        *pending += own;
    }
    return P1_OK;
}

// A newer version's tables are made after a copy of the old ones.
static enum p1_err migrate(const struct server *s, struct db *db, int fresh) {
    unsigned pending;
    TRY(server_migrate(db, 0, &pending)); // a newer one is refused before anything is changed
    if (pending == 0) return P1_OK;
    if (!fresh) {
        char *copy = path_join(s->o->data, "before-%lld.db", (long long)time(NULL));
        enum p1_err err = db_copy(db, copy);
        if (err == P1_OK) log_line(LOG_INFO, "copied", "before", "migration", "file", copy);
        free(copy);
        TRY(err);
    }
    log_line(LOG_INFO, "migrating", "steps", LOG_NUMBER(pending));
    return server_migrate(db, 1, &pending);
}

static enum p1_exit open_database(const struct server *s) {
    struct db *db;
    int fresh = access(s->database, F_OK) != 0;
    int64_t start = now_us();
    enum p1_err err = db_open(&db, s->database, 1);
    if (err == P1_OK) err = db_check(db, 0);
    if (err == P1_OK) err = migrate(s, db, fresh);
    if (err == P1_OK) err = db_settle(db); // SQLite has waited for the folder too
    enum p1_exit e = err == P1_OK ? P1_EXIT_DONE : db_refuse(s, db, err);
    db_close(db);
    if (e == P1_EXIT_DONE) log_line(LOG_INFO, "database", "checked_us", LOG_NUMBER(now_us() - start));
    return e;
}

// ---- start and stop ----

static enum p1_exit start_platform(struct server *s) {
    s->platform = (struct platform){.config = s->config,
                                    .experiments = experiments,
                                    .states = s->state,
                                    .experiment_count = experiment_count,
                                    .now = box_now,
                                    .now_arg = s};
    enum p1_err err = registry_open(&s->platform.registry, s->database);
    if (err == P1_OK) return P1_EXIT_DONE;
    return refuse(P1_EXIT_UNREADABLE, "the register of experiments in %s: %s %s", s->database, p1_err_text(err),
                  registry_why(s->platform.registry));
}

static enum p1_exit start_experiments(struct server *s) {
    struct experiment_env env = {.folder = s->o->data,
                                 .database = s->database,
                                 .config = s->config,
                                 .receipt_seed = s->seed,
                                 .threads = s->o->threads,
                                 .now = box_now,
                                 .now_arg = s};
    for (; s->started < experiment_count; s->started++) {
        char why[256] = "";
        const struct experiment *x = experiments[s->started];
        env.settings = s->settings.value[s->started];
        enum p1_err err = x->start(&s->state[s->started], &env, why);
        if (err == P1_OK) continue;
        x->stop(s->state[s->started]);
        return refuse(P1_EXIT_UNREADABLE, "%s does not start: %s", x->name, why);
    }
    return P1_EXIT_DONE;
}

static enum p1_exit listen_http(struct server *s) {
    static struct http_table tables[EXPERIMENTS_MAX + 3];
    char why[CONFIG_WHY];
    const char *parts[EXPERIMENTS_MAX + 2] = {platform_openapi};
    struct http_config public = {.address = s->o->address,
                                 .port = (uint16_t)s->o->port,
                                 .proxies = s->o->proxies,
                                 .api_version = API_VERSION,
                                 .tables = tables,
                                 .tables_n = experiment_count + 3};
    tables[0] = ops_public;
    tables[1] = (struct http_table){openapi_routes, OPENAPI_ROUTES, &s->openapi};
    tables[2] = (struct http_table){platform_routes, platform_route_count, &s->platform};
    for (size_t i = 0; i < experiment_count; i++) {
        tables[i + 3] = (struct http_table){experiments[i]->routes, experiments[i]->route_count, s->state[i]};
        parts[i + 1] = experiments[i]->openapi;
    }
    if (platform_check(s->config, tables, experiment_count + 3, why)) return refuse(P1_EXIT_REFUSED, "%s", why);
    if (!openapi_compose(&s->openapi, &public, parts))
        return refuse(P1_EXIT_UNREADABLE, "the parts of the API's document (openapi.json) do not fit together");
    int err = http_start(&s->http, &public);
    if (err)
        return refuse(P1_EXIT_REFUSED, "the server cannot listen on %s port %u: %s", s->o->address, s->o->port,
                      strerror(err));
    err = ops_start(&s->ops, (uint16_t)s->o->ops_port);
    if (err) return refuse(P1_EXIT_REFUSED, "the server cannot listen on port %u: %s", s->o->ops_port, strerror(err));
    return P1_EXIT_DONE;
}

static enum p1_exit listen_control(struct server *s) {
    static const struct control_verb *verbs[EXPERIMENTS_MAX + 1] = {platform_verbs};
    static void *args[EXPERIMENTS_MAX + 1];
    args[0] = &s->platform;
    for (size_t i = 0; i < experiment_count; i++) {
        verbs[i + 1] = experiments[i]->verbs;
        args[i + 1] = s->state[i];
    }
    char *path = path_join(s->o->data, "control.sock");
    s->control = control_start(path, verbs, args, experiment_count + 1);
    enum p1_exit e =
        s->control ? P1_EXIT_DONE : refuse(P1_EXIT_REFUSED, "%s cannot be made: %s", path, strerror(errno));
    free(path);
    return e;
}

static enum p1_exit start(struct server *s) {
    enum p1_exit e = settings_read(&s->settings, s->o->set);
    if (e == P1_EXIT_DONE) e = take_folder(s);
    if (e == P1_EXIT_DONE) e = read_config(s);
    if (e == P1_EXIT_DONE) e = server_seed(s->o->data, s->seed);
    if (e == P1_EXIT_DONE) e = time_disk(s);
    if (e == P1_EXIT_DONE) e = open_database(s);
    clock_watch_start(&s->watch, &clock_system);
    ops_register("clock", ops_clock, &s->watch);
    metrics_register(clock_metrics, 2);
    metrics_refresh(refresh_clock, s);
    (void)ops_log();
    if (e == P1_EXIT_DONE) e = start_platform(s);
    if (e == P1_EXIT_DONE) e = start_experiments(s);
    if (e == P1_EXIT_DONE) e = listen_http(s);
    if (e == P1_EXIT_DONE) e = listen_control(s);
    return e;
}

static void stop(struct server *s) {
    if (s->http) http_stop(s->http, GRACE_MS);
    if (s->control) control_stop(s->control);
    if (s->ops) http_stop(s->ops, 0); // before those whom its checks ask
    while (s->started) {
        s->started--;
        experiments[s->started]->stop(s->state[s->started]);
    }
    registry_close(s->platform.registry);
    config_free(s->config);
    if (s->lock >= 0) close(s->lock);
    sodium_memzero(s->seed, sizeof s->seed);
    openapi_free(&s->openapi);
    free(s->database);
}

enum p1_exit server_run(const struct server_options *o) {
    struct server s = {.o = o, .lock = -1, .database = path_join(o->data, "plus1.db")};
    sigset_t ends;
    int signal = 0;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); // before there are threads: they all leave these to us
    enum p1_exit e = start(&s);
    if (e == P1_EXIT_DONE) {
        log_line(LOG_INFO, "serving", "address", o->address, "port", LOG_NUMBER(http_port(s.http)), "ops_port",
                 LOG_NUMBER(http_port(s.ops)));
        printf("Plus1 serves on http://%s:%u/ (for its operator: http://127.0.0.1:%u/readyz)\n", o->address,
               http_port(s.http), http_port(s.ops));
        if (s.config->n == 0)
            printf("There is no municipality yet. Write %s/%s, with at least "
                   "{\"municipalities\":[{\"name\":\"Emmen\",\"path\":\"emmen\"}]}, and start again.\n",
                   o->data, CONFIG_FILE);
        (void)fflush(stdout);
        if (o->ready) e = o->ready(o->ready_arg, http_port(s.http));
        if (e == P1_EXIT_DONE) sigwait(&ends, &signal);
        log_line(LOG_INFO, "stopping");
    }
    stop(&s);
    if (e == P1_EXIT_DONE) log_line(LOG_INFO, "stopped");
    return e;
}
