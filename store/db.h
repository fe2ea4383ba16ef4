// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A narrow statement runner over SQL. Whoever owns tables writes its statements; this file owns the connection, transactions and
// migrations, and says what went wrong. Today SQLite (WAL, synchronous=FULL: after a commit the rows are on the disk).
//
// A connection and its statements belong to one thread at a time.
#ifndef P1_DB_H
#define P1_DB_H

#include "core/err.h"
#include "core/span.h"

struct db;
struct stmt;

// Opens the file, made if CREATE. The reason of a refusal in words is in db_why(). ERR_DB
MUST_USE enum p1_err db_open(struct db **out, const char *path, int create);
void db_close(struct db *db);

// What the last refusal of this connection was about, in the engine's words.
const char *db_why(const struct db *db);

// Statements without result and parameters, one after the other. ERR_DB, ERR_DB_FULL
MUST_USE enum p1_err db_run(struct db *db, const char *sql);

// ERR_DB. SQL must stay until stmt_free(). Prepared once, run often.
MUST_USE enum p1_err stmt_new(struct stmt **out, struct db *db, const char *sql);
void stmt_free(struct stmt *s);

// Parameters count from 1. A span must stay until the statement is reset.
void bind_int(struct stmt *s, int at, int64_t value);
void bind_blob(struct stmt *s, int at, struct span value);
void bind_text(struct stmt *s, int at, struct span value);
void bind_null(struct stmt *s, int at);

// *row is 1 if there is a row to read with column_...(), 0 if all are read; the statement is then reset and may be bound
// again. ERR_DB, ERR_DB_FULL (disk full), ERR_DB_TWICE (a row that must be the only one is there already): reset too.
MUST_USE enum p1_err stmt_step(struct stmt *s, int *row);
// Runs a statement without rows.
MUST_USE enum p1_err stmt_run(struct stmt *s);
// Ends reading before the last row.
void stmt_reset(struct stmt *s);

// Columns count from 0. A span is good until the next step.
int64_t column_int(struct stmt *s, int at);
struct span column_span(struct stmt *s, int at);
int column_is_null(struct stmt *s, int at);

// db_commit() returns P1_OK when all is on the disk. After any refusal: db_rollback().
MUST_USE enum p1_err db_begin(struct db *db);
MUST_USE enum p1_err db_commit(struct db *db);
void db_rollback(struct db *db);

// The steps that make the tables of one owner what they are now, from the first to the last. Each runs once, in a transaction.
// ERR_DB_NEWER: the file knows more steps than this program. *pending tells how many are still to be done; with RUN they are.
struct migrations {
    const char *owner; // such as "ballotbox"
    const char *const *step;
    unsigned count;
};
MUST_USE enum p1_err db_migrate(struct db *db, const struct migrations *m, int run, unsigned *pending);

// In a transaction: writes something that changes nothing, so that the commit says whether the disk works. ERR_DB, ERR_DB_FULL
MUST_USE enum p1_err db_touch(struct db *db);

// A copy of the whole database as it is now, into a new file, while others write. It is on the disk when P1_OK is returned; after
// any refusal there is no file. ERR_DB, ERR_DB_FULL, ERR_DB_TWICE: there is a file of this name.
MUST_USE enum p1_err db_copy(struct db *db, const char *path);

// What is in the journal goes into the database, and is on the disk there. A program that was killed may have written more than it
// waited for; until this is done, that must not be told to anybody. ERR_DB, ERR_DB_FULL
MUST_USE enum p1_err db_settle(struct db *db);

// Is every page of the file what it should be? WHOLE: and every index what its table says, which takes longer. ERR_DB
MUST_USE enum p1_err db_check(struct db *db, int whole);

#endif
