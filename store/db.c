// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/durable.h"

struct db {
    sqlite3 *sqlite;
    char why[256];
};

struct stmt {
    struct db *db;
    sqlite3_stmt *sqlite;
};

enum { BUSY_MS = 10000 };

// ---- errors ----

static enum p1_err failed(struct db *db, int code) {
    (void)snprintf(db->why, sizeof db->why, "%s", db->sqlite ? sqlite3_errmsg(db->sqlite) : sqlite3_errstr(code));
    switch (code & 0xff) {
    case SQLITE_FULL: return P1_ERR_DB_FULL;
    case SQLITE_CONSTRAINT: return P1_ERR_DB_TWICE;
    case SQLITE_NOMEM: return P1_ERR_MEMORY;
    default: return P1_ERR_DB;
    }
}

static enum p1_err outcome(struct db *db, int code) { return code == SQLITE_OK ? P1_OK : failed(db, code); }

const char *db_why(const struct db *db) { return db->why; }

// ---- connection ----

// NORMAL would leave the last commits of a power cut to luck; FULL waits for the disk at each one.
static const char settings[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                               "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON;";

enum p1_err db_open(struct db **out, const char *path, int create) {
    struct db *db = calloc(1, sizeof *db);
    *out = db;
    if (!db) return P1_ERR_MEMORY;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    TRY(outcome(db, sqlite3_open_v2(path, &db->sqlite, flags, NULL)));
    sqlite3_busy_timeout(db->sqlite, BUSY_MS);
    sqlite3_extended_result_codes(db->sqlite, 1);
    return db_run(db, settings);
}

void db_close(struct db *db) {
    if (!db) return;
    sqlite3_close(db->sqlite);
    free(db);
}

enum p1_err db_run(struct db *db, const char *sql) {
    return outcome(db, sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL));
}

// ---- statements ----

enum p1_err stmt_new(struct stmt **out, struct db *db, const char *sql) {
    struct stmt *s = calloc(1, sizeof *s);
    *out = s;
    if (!s) return P1_ERR_MEMORY;
    s->db = db;
    return outcome(db, sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->sqlite, NULL));
}

void stmt_free(struct stmt *s) {
    if (!s) return;
    sqlite3_finalize(s->sqlite);
    free(s);
}

// A wrong number is a mistake in the program: the statement then does not run as meant, so it must not run at all.
static void bound(int code) {
    if (code != SQLITE_OK) abort();
}

void bind_int(struct stmt *s, int at, int64_t value) { bound(sqlite3_bind_int64(s->sqlite, at, value)); }

void bind_blob(struct stmt *s, int at, struct span value) {
    // A null pointer would bind NULL.
    bound(sqlite3_bind_blob64(s->sqlite, at, value.n ? value.p : (const uint8_t *)"", value.n, SQLITE_STATIC));
}

void bind_text(struct stmt *s, int at, struct span value) {
    const char *text = value.n ? (const char *)value.p : "";
    bound(sqlite3_bind_text64(s->sqlite, at, text, value.n, SQLITE_STATIC, SQLITE_UTF8));
}

void bind_null(struct stmt *s, int at) { bound(sqlite3_bind_null(s->sqlite, at)); }

void stmt_reset(struct stmt *s) { sqlite3_reset(s->sqlite); }

enum p1_err stmt_step(struct stmt *s, int *row) {
    int code = sqlite3_step(s->sqlite);
    *row = code == SQLITE_ROW;
    if (*row) return P1_OK;
    enum p1_err err = code == SQLITE_DONE ? P1_OK : failed(s->db, code);
    stmt_reset(s);
    return err;
}

enum p1_err stmt_run(struct stmt *s) {
    int row;
    enum p1_err err = stmt_step(s, &row);
    if (row) stmt_reset(s);
    return err;
}

int64_t column_int(struct stmt *s, int at) { return sqlite3_column_int64(s->sqlite, at); }

struct span column_span(struct stmt *s, int at) {
    const void *p = sqlite3_column_blob(s->sqlite, at);
    return span_of(p, (size_t)sqlite3_column_bytes(s->sqlite, at));
}

int column_is_null(struct stmt *s, int at) { return sqlite3_column_type(s->sqlite, at) == SQLITE_NULL; }

// ---- transactions ----

enum p1_err db_begin(struct db *db) { return db_run(db, "BEGIN IMMEDIATE"); }
enum p1_err db_commit(struct db *db) { return db_run(db, "COMMIT"); }

// Some errors have rolled back already.
void db_rollback(struct db *db) {
    if (!sqlite3_get_autocommit(db->sqlite)) (void)sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

enum p1_err db_touch(struct db *db) { return db_run(db, "PRAGMA user_version=0"); }

// ---- migrations ----

static enum p1_err steps_done(struct db *db, const char *owner, unsigned *done) {
    struct stmt *s;
    int row = 0;
    *done = 0;
    TRY(db_run(db, "CREATE TABLE IF NOT EXISTS migration(owner TEXT NOT NULL, step INTEGER NOT NULL,"
                   " PRIMARY KEY(owner, step)) STRICT, WITHOUT ROWID"));
    enum p1_err err = stmt_new(&s, db, "SELECT count(*) FROM migration WHERE owner = ?");
    if (err == P1_OK) {
        bind_text(s, 1, span_str(owner));
        err = stmt_step(s, &row);
    }
    if (row) *done = (unsigned)column_int(s, 0);
    stmt_free(s);
    return err;
}

static enum p1_err run_step(struct db *db, const struct migrations *m, unsigned step) {
    struct stmt *s;
    TRY(db_run(db, m->step[step]));
    enum p1_err err = stmt_new(&s, db, "INSERT INTO migration VALUES(?, ?)");
    if (err == P1_OK) {
        bind_text(s, 1, span_str(m->owner));
        bind_int(s, 2, step);
        err = stmt_run(s);
    }
    stmt_free(s);
    return err;
}

enum p1_err db_migrate(struct db *db, const struct migrations *m, int run, unsigned *pending) {
    unsigned done;
    TRY(steps_done(db, m->owner, &done));
    if (done > m->count) return P1_ERR_DB_NEWER;
    *pending = m->count - done;
    for (; run && *pending; --*pending) {
        TRY(db_begin(db));
        enum p1_err err = run_step(db, m, m->count - *pending);
        if (err == P1_OK) err = db_commit(db);
        if (err != P1_OK) db_rollback(db);
        if (err != P1_OK) return err;
    }
    return P1_OK;
}

// ---- copies and checks ----

// SQLite does not wait for the disk here.
static int sync_copy(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    int err = durable_sync(fd);
    close(fd);
    return err ? err : durable_name(path);
}

static enum p1_err copy_to(struct db *db, const char *path) {
    struct stmt *s;
    enum p1_err err = stmt_new(&s, db, "VACUUM INTO ?");
    if (err == P1_OK) {
        bind_text(s, 1, span_str(path));
        err = stmt_run(s);
    }
    stmt_free(s);
    int bad = err == P1_OK ? sync_copy(path) : 0;
    if (!bad) return err;
    (void)snprintf(db->why, sizeof db->why, "%s", strerror(bad));
    return bad == ENOSPC ? P1_ERR_DB_FULL : P1_ERR_DB;
}

enum p1_err db_copy(struct db *db, const char *path) {
    if (access(path, F_OK) == 0) {
        (void)snprintf(db->why, sizeof db->why, "%s exists already", path);
        return P1_ERR_DB_TWICE;
    }
    enum p1_err err = copy_to(db, path);
    if (err != P1_OK) (void)unlink(path);
    return err;
}

enum p1_err db_settle(struct db *db) {
    return outcome(db, sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_FULL, NULL, NULL));
}

enum p1_err db_check(struct db *db, int whole) {
    struct stmt *s;
    int row = 0;
    enum p1_err err = stmt_new(&s, db, whole ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
    if (err == P1_OK) err = stmt_step(s, &row);
    if (row && !span_eq(column_span(s, 0), SPAN_LIT("ok"))) {
        (void)snprintf(db->why, sizeof db->why, "%.*s", (int)column_span(s, 0).n, (const char *)column_span(s, 0).p);
        err = P1_ERR_DB;
    }
    stmt_free(s);
    return err;
}
