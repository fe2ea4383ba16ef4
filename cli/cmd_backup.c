// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1 backup: reads the database beside the server, as it was at one moment. The server is not asked: it goes on as if nothing
// were, and whoever may read the data folder needs no server at all.

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/kept.h"
#include "cli/new_folder.h"

// ---- how far the copy is ----

struct watch {
    const char *from, *to;
    _Atomic int stop;
};

static long long size_of(const char *path) {
    struct stat st;
    return stat(path, &st) ? 0 : (long long)st.st_size;
}

static void *watch_copy(void *arg) {
    struct watch *w = arg;
    const struct timespec tick = {.tv_nsec = 200000000};
    while (!w->stop) {
        fprintf(stderr, "\rcopying: %lld of about %lld MB", size_of(w->to) / 1000000, size_of(w->from) / 1000000);
        (void)nanosleep(&tick, NULL);
    }
    fputs("\r\033[K", stderr);
    return NULL;
}

static enum p1_err copy_watched(struct db *db, const char *from, const char *to) {
    struct watch w = {from, to, 0};
    pthread_t thread;
    int watched = isatty(STDERR_FILENO) && pthread_create(&thread, NULL, watch_copy, &w) == 0;
    enum p1_err err = db_copy(db, to);
    w.stop = 1;
    if (watched) pthread_join(thread, NULL);
    return err;
}

// ---- the backup ----

static enum p1_exit copy_database(const char *data, const char *folder) {
    char *from = path_join(data, "plus1.db"), *to = path_join(folder, "plus1.db");
    struct db *db = NULL;
    enum p1_exit e =
        access(from, R_OK) ? refuse(P1_EXIT_UNREADABLE, "%s cannot be read: %s", from, strerror(errno)) : P1_EXIT_DONE;
    if (e == P1_EXIT_DONE) {
        enum p1_err err = db_open(&db, from, 0);
        if (err == P1_OK) err = copy_watched(db, from, to);
        if (err == P1_ERR_DB_FULL)
            e = refuse(P1_EXIT_UNREADABLE,
                       "%s cannot be written: the disk is full; nothing was left there: make room, "
                       "then run the command again",
                       folder);
        else if (err != P1_OK)
            e = refuse(P1_EXIT_UNREADABLE, "%s: %s: %s", from, p1_err_text(err), db ? db_why(db) : "");
    }
    db_close(db);
    free(from);
    free(to);
    return e;
}

struct checking {
    struct rows *rows;
    const char *path;
    uint64_t boxes, events;
};

static enum p1_exit check_box(void *arg, const struct box_row *row) {
    struct checking *c = arg;
    struct chain end;
    enum p1_exit e = kept_follow_box(c->rows, c->path, row, NULL, &end);
    c->boxes++;
    c->events += end.height;
    return e;
}

// One file, which who only reads it leaves alone: with a write-ahead log, readers make files beside it.
static enum p1_exit settle(const char *path) {
    struct db *db;
    enum p1_err err = db_open(&db, path, 0);
    if (err == P1_OK) err = db_run(db, "PRAGMA journal_mode=DELETE");
    enum p1_exit e = err == P1_OK
                         ? P1_EXIT_DONE
                         : refuse(P1_EXIT_UNREADABLE, "%s: %s: %s", path, p1_err_text(err), db ? db_why(db) : "");
    db_close(db);
    return e;
}

static enum p1_exit check_copy(const char *folder, struct checking *c) {
    char *path = path_join(folder, "plus1.db");
    c->path = path;
    enum p1_exit e = kept_open(&c->rows, path, 0);
    if (e == P1_EXIT_DONE) e = kept_each_box(c->rows, path, check_box, c);
    rows_close(c->rows);
    if (e == P1_EXIT_DONE) e = settle(path);
    free(path);
    return e;
}

static enum p1_exit backup(const struct args *args) {
    const char *data = args_get(args, "--data"), *out = args_get(args, "--out");
    struct new_folder folder;
    struct checking c = {.rows = NULL};
    enum p1_exit e = new_folder_begin(&folder, out);
    if (e != P1_EXIT_DONE) return e;
    e = copy_database(data, folder.making);
    if (e == P1_EXIT_DONE) e = kept_copy(data, folder.making, "plus1.json", 1);
    if (e == P1_EXIT_DONE) e = check_copy(folder.making, &c);
    if (e == P1_EXIT_DONE) e = kept_sums_write(folder.making);
    if (e != P1_EXIT_DONE) {
        new_folder_drop(&folder);
        return e;
    }
    e = new_folder_end(&folder);
    if (e != P1_EXIT_DONE) return e;
    printf("%s: a backup of %" PRIu64 " box%s with %" PRIu64 " events, checked\n", out, c.boxes,
           c.boxes == 1 ? "" : "es", c.events);
    printf("%s/receipt.seed is not in it: it signs receipts. Is it kept apart? (docs/operator.md)\n", data);
    return e;
}

const struct command command_backup = {
    "backup",
    "",
    "--data!=DIR --out!=FOLDER",
    "Makes a backup of a server's data, while it serves or not: all that was acknowledged before the start is in it.\n"
    "FOLDER must not be there yet. The secret that signs receipts is not in it: keep a copy of DIR/receipt.seed apart.",
    "plus1 backup --data /var/lib/plus1 --out /mnt/backup/monday",
    backup};
