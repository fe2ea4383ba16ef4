// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#define _GNU_SOURCE // memmem()

#include "tests/fuzz/served.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/experiments.h"
#include "experiments/stem/inside.h"
#include "platform/ops.h"
#include "tests/fuzz/edits.h"

#define FOLDER "/dev/shm/plus1-fuzz-XXXXXX"

static char folder[] = FOLDER, database[sizeof folder + 8];
static struct http_table tables[EXPERIMENTS_MAX + 3];
static void *states[EXPERIMENTS_MAX];
static struct config *config;
static uint16_t port;
static _Atomic uint64_t seconds = 1700000000;

// Each look at the clock is a minute later, so that no code has to wait.
static uint64_t now(void *arg) {
    (void)arg;
    return atomic_fetch_add(&seconds, 60);
}

static struct platform platform = {.experiments = experiments, .states = states, .now = now};
static struct served served = {.tables = tables, .folder = folder, .platform = &platform, .now = now};

static void clean_up(void) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    char name[96];
    for (unsigned i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", database, endings[i]);
        (void)unlink(name);
    }
    (void)rmdir(folder);
}

// As usual, but nobody is held off: all that is sent comes from one address.
static void start_one(const struct experiment *e, void **state) {
    static const uint8_t seed[32] = "of receipts, for targets";
    unsigned settings[EXPERIMENT_SETTINGS_MAX];
    const struct experiment_env env = {.folder = folder,
                                       .database = database,
                                       .config = config,
                                       .receipt_seed = seed,
                                       .threads = 1,
                                       .now = now,
                                       .settings = settings};
    char why[256];
    for (size_t i = 0; i < e->setting_count; i++)
        settings[i] = strcmp(e->settings[i].name, "failures") == 0 ? 0 : e->settings[i].usual;
    HOLDS(e->start(state, &env, why) == P1_OK);
    if (strcmp(e->name, "stem") == 0) served.state = *state;
    tables[served.tables_n++] = (struct http_table){e->routes, e->route_count, *state};
}

static void start_platform(void) {
    static const char text[] = "{\"municipalities\":[{\"name\":\"Emmen\",\"path\":\"emmen\",\"inhabitants\":300}]}";
    char why[CONFIG_WHY];
    HOLDS(config_parse(&config, SPAN_LIT(text), folder, why) == 0);
    platform.config = config;
    platform.experiment_count = experiment_count;
    HOLDS(registry_open(&platform.registry, database) == P1_OK);
    tables[served.tables_n++] = (struct http_table){platform_routes, platform_route_count, &platform};
}

static void start_all(void) {
    struct db *db;
    unsigned pending;
    HOLDS(db_open(&db, database, 1) == P1_OK);
    HOLDS(db_migrate(db, &registry_migrations, 1, &pending) == P1_OK);
    for (size_t i = 0; i < experiment_count; i++)
        HOLDS(!experiments[i]->migrations || db_migrate(db, experiments[i]->migrations, 1, &pending) == P1_OK);
    db_close(db);
    tables[served.tables_n++] = ops_public;
    tables[served.tables_n++] = (struct http_table){openapi_routes, OPENAPI_ROUTES, &served.openapi};
    start_platform();
    for (size_t i = 0; i < experiment_count; i++) start_one(experiments[i], &states[i]);
}

static void add_boxes(void) {
    struct ballotbox *bb = ((struct stem_state *)served.state)->ballotbox;
    const struct basis *open = edits_basis(0), *counted = edits_basis(2);
    struct span part = script_write(&open->script, 3); // two have voted
    const struct span *beside = counted->beside.record;
    HOLDS(ballotbox_add(bb, "Emmen", part, (struct span){0}, (struct span){0}, plain_runner()) == P1_OK);
    HOLDS(ballotbox_add(bb, "Assen", counted->file, beside[BESIDE_BUNDLE], beside[BESIDE_NOTICES], plain_runner()) ==
          P1_OK);
    span_free(part);
}

// That the open box was put back once, and opened again.
static void add_platform_events(void) {
    struct ballotbox *bb = ((struct stem_state *)served.state)->ballotbox;
    const struct live *l = ballotbox_find(bb, span_str(SERVED_OPEN));
    struct platform_event e = {.type = PLATFORM_RESTORED, .hour = 472222, .height = 2, .shown = -1};
    struct rows *rows;
    HOLDS(rows_open(&rows, database) == P1_OK);
    HOLDS(rows_add_platform_event(rows, l->row.id, 0, &e) == P1_OK);
    e.type = PLATFORM_REOPENED;
    HOLDS(rows_add_platform_event(rows, l->row.id, 1, &e) == P1_OK);
    rows_close(rows);
}

static void add_event(int64_t *id, const char *kind, json_t *content) {
    HOLDS(registry_add(platform.registry, id, kind, content, 472222) == P1_OK);
}

// An experiment that runs, about the open box: number 1.
static void add_experiment(void) {
    int64_t id = 0;
    add_event(&id, "proposed",
              json_pack("{s:s,s:s,s:s,s:s,s:s}", "municipality", "Emmen", "uses", "stem", "title", "T", "hypothesis",
                        "H", "measure", "M"));
    add_event(&id, "attached", json_pack("{s:s}", "thing", SERVED_OPEN));
    add_event(&id, "started", json_object());
    HOLDS(id == 1);
}

const struct served *served_start(void) {
    const char *parts[EXPERIMENTS_MAX + 2] = {platform_openapi};
    struct http *http;
    edits_start();
    HOLDS(mkdtemp(folder) != NULL);
    (void)snprintf(database, sizeof database, "%s/db", folder);
    HOLDS(atexit(clean_up) == 0);
    start_all();
    add_boxes();
    add_platform_events();
    add_experiment();
    const struct http_config http_config = {.address = "127.0.0.1",
                                            .threads = 1,
                                            .requests_max = 64,
                                            .api_version = "1.0.0",
                                            .tables = tables,
                                            .tables_n = served.tables_n};
    for (size_t i = 0; i < experiment_count; i++) parts[i + 1] = experiments[i]->openapi;
    HOLDS(openapi_compose(&served.openapi, &http_config, parts));
    HOLDS(http_start(&http, &http_config) == 0);
    port = http_port(http);
    return &served;
}

// ---- a client ----

int served_connect(void) {
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct linger at_once = {.l_onoff = 1}; // no port is kept waiting for late packets
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    HOLDS(fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0);
    HOLDS(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    return fd;
}

// libFuzzer's alarm may interrupt each of these.
static ssize_t receive(int fd, uint8_t *to, size_t n, int flags) {
    ssize_t got;
    do got = recv(fd, to, n, flags);
    while (got < 0 && errno == EINTR);
    return got;
}

static int receive_all(int fd, uint8_t *to, size_t n) {
    while (n) {
        ssize_t got = receive(fd, to, n, 0);
        if (got <= 0) return 0;
        to += got;
        n -= (size_t)got;
    }
    return 1;
}

static const uint8_t *find(struct span in, const char *text) { return memmem(in.p, in.n, text, strlen(text)); }

// Reads byte by byte to the end of the header, then what belongs to it, so that nothing of the next answer is taken.
static size_t read_head(int fd, uint8_t *to, size_t room) {
    size_t n = 0;
    while (n < room) {
        ssize_t got = receive(fd, to + n, room - n, MSG_PEEK);
        if (got <= 0) return 0;
        const uint8_t *end = memmem(to, n + (size_t)got, "\r\n\r\n", 4);
        size_t take = end ? (size_t)(end - to) + 4 - n : (size_t)got;
        HOLDS(receive_all(fd, to + n, take));
        n += take;
        if (end) return n;
    }
    return 0;
}

int served_answer(int fd, int without_body, struct answer *out) {
    static uint8_t head[16384];
    *out = (struct answer){0};
    size_t n = read_head(fd, head, sizeof head), length = 0;
    if (!n) return 0;
    out->head = span_of(head, n);
    HOLDS(sscanf((const char *)head, "HTTP/1.1 %3u ", &out->status) == 1 ||
          sscanf((const char *)head, "HTTP/1.0 %3u ", &out->status) == 1);
    out->closes = find(out->head, "\r\nConnection: close\r\n") != NULL;
    const uint8_t *at = find(out->head, "\r\nContent-Length: ");
    if (at) length = strtoul((const char *)at + 18, NULL, 10);
    HOLDS(at || out->status == 204 || out->status == 304 || out->status == 100);
    if (without_body || out->status == 204 || out->status == 304 || out->status == 100) return 1;
    out->memory = fuzz_alloc(length + 1);
    HOLDS(receive_all(fd, out->memory, length));
    out->body = span_of(out->memory, length);
    return 1;
}

void served_release(struct answer *a) { free(a->memory); }
