// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "store/db.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define assert_err(e, expected) assert_string_equal(p1_err_name(e), p1_err_name(expected))
#define assert_ok(e) assert_err(e, P1_OK)

static char folder[] = "/tmp/plus1-db-XXXXXX", path[64], copy[64];

static int setup(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return 1;
    (void)snprintf(path, sizeof path, "%s/db", folder);
    (void)snprintf(copy, sizeof copy, "%s/copy", folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    char name[96];
    static const char *const endings[] = {"db", "db-wal", "db-shm", "copy", "copy-wal", "copy-shm"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        (void)snprintf(name, sizeof name, "%s/%s", folder, endings[i]);
        (void)unlink(name);
    }
    return rmdir(folder);
}

static struct db *open_db(void) {
    struct db *db;
    assert_ok(db_open(&db, path, 1));
    return db;
}

static struct stmt *new_stmt(struct db *db, const char *sql) {
    struct stmt *s;
    assert_ok(stmt_new(&s, db, sql));
    return s;
}

static int64_t number(struct db *db, const char *sql) {
    struct stmt *s = new_stmt(db, sql);
    int row;
    assert_ok(stmt_step(s, &row));
    assert_true(row);
    int64_t n = column_int(s, 0);
    stmt_free(s);
    return n;
}

static void values_come_back_as_they_were_bound(void **state) {
    (void)state;
    struct db *db = open_db();
    int row;
    struct stmt *s = new_stmt(db, "SELECT ?, ?, ?, ?, ?");
    bind_int(s, 1, INT64_MIN);
    bind_blob(s, 2, SPAN_LIT("a\0b"));
    bind_text(s, 3, SPAN_LIT("caf\xc3\xa9"));
    bind_null(s, 4);
    bind_blob(s, 5, (struct span){0});
    assert_ok(stmt_step(s, &row));
    assert_true(row);
    assert_true(column_int(s, 0) == INT64_MIN);
    assert_true(span_eq(column_span(s, 1), SPAN_LIT("a\0b")));
    assert_true(span_eq(column_span(s, 2), SPAN_LIT("caf\xc3\xa9")));
    assert_true(column_is_null(s, 3));
    assert_false(column_is_null(s, 4)); // empty, not nothing
    assert_int_equal(column_span(s, 4).n, 0);
    assert_ok(stmt_step(s, &row));
    assert_false(row);
    stmt_free(s);
    db_close(db);
}

static void a_commit_waits_for_the_disk(void **state) {
    (void)state;
    struct db *db = open_db();
    assert_int_equal(number(db, "PRAGMA synchronous"), 2); // FULL
    struct stmt *s = new_stmt(db, "PRAGMA journal_mode");
    int row;
    assert_ok(stmt_step(s, &row));
    assert_true(span_eq(column_span(s, 0), SPAN_LIT("wal")));
    stmt_free(s);
    db_close(db);
}

static const char *const steps[] = {"CREATE TABLE thing(n INTEGER PRIMARY KEY, what TEXT) STRICT",
                                    "INSERT INTO thing VALUES(1, 'one')", "INSERT INTO thing VALUES(2, 'two')",
                                    "INSERT INTO thing VALUES(2, 'two again')"};

static void each_migration_runs_once(void **state) {
    (void)state;
    struct db *db = open_db();
    unsigned pending;
    struct migrations m = {"things", steps, 2};
    assert_ok(db_migrate(db, &m, 0, &pending));
    assert_int_equal(pending, 2);
    assert_ok(db_migrate(db, &m, 1, &pending));
    assert_int_equal(pending, 0);
    m.count = 3;
    assert_ok(db_migrate(db, &m, 0, &pending));
    assert_int_equal(pending, 1);
    assert_ok(db_migrate(db, &m, 1, &pending));
    assert_int_equal(number(db, "SELECT count(*) FROM thing"), 2);
    db_close(db);
}

static void a_migration_that_fails_leaves_nothing(void **state) {
    (void)state;
    struct db *db = open_db();
    unsigned pending;
    const struct migrations m = {"things", steps, 4};
    assert_err(db_migrate(db, &m, 1, &pending), P1_ERR_DB_TWICE);
    assert_int_equal(number(db, "SELECT count(*) FROM thing"), 2);
    assert_int_equal(number(db, "SELECT count(*) FROM migration"), 3);
    db_close(db);
}

static void data_of_a_newer_program_are_refused(void **state) {
    (void)state;
    struct db *db = open_db();
    unsigned pending;
    const struct migrations m = {"things", steps, 2};
    assert_err(db_migrate(db, &m, 0, &pending), P1_ERR_DB_NEWER);
    db_close(db);
}

static void a_row_that_is_there_already_is_refused_and_the_others_stay(void **state) {
    (void)state;
    struct db *db = open_db();
    struct stmt *s = new_stmt(db, "INSERT INTO thing VALUES(?, 'x')");
    assert_ok(db_begin(db));
    bind_int(s, 1, 10);
    assert_ok(stmt_run(s));
    assert_err(stmt_run(s), P1_ERR_DB_TWICE);
    bind_int(s, 1, 11);
    assert_ok(stmt_run(s));
    assert_ok(db_commit(db));
    assert_int_equal(number(db, "SELECT count(*) FROM thing WHERE n >= 10"), 2);
    stmt_free(s);
    db_close(db);
}

static void what_is_rolled_back_is_gone(void **state) {
    (void)state;
    struct db *db = open_db();
    assert_ok(db_begin(db));
    assert_ok(db_run(db, "DELETE FROM thing"));
    db_rollback(db);
    db_rollback(db); // twice does no harm
    assert_int_equal(number(db, "SELECT count(*) FROM thing"), 4);
    db_close(db);
}

static void a_wrong_statement_is_refused_and_says_why(void **state) {
    (void)state;
    struct db *db = open_db();
    struct stmt *s;
    assert_err(stmt_new(&s, db, "SELEKT"), P1_ERR_DB);
    assert_non_null(strstr(db_why(db), "SELEKT"));
    stmt_free(s);
    assert_err(db_run(db, "INSERT INTO nothing VALUES(1)"), P1_ERR_DB);
    db_close(db);
}

static void a_file_that_is_no_database_is_refused(void **state) {
    (void)state;
    struct db *db;
    FILE *f = fopen(copy, "w");
    assert_non_null(f);
    for (int i = 0; i < 1000; i++) fputs("this is not a database\n", f);
    assert_int_equal(fclose(f), 0);
    assert_err(db_open(&db, copy, 0), P1_ERR_DB);
    db_close(db);
    assert_int_equal(unlink(copy), 0);
    assert_err(db_open(&db, copy, 0), P1_ERR_DB); // absent
    db_close(db);
}

static void a_full_disk_is_told_apart(void **state) {
    (void)state;
    struct db *db = open_db();
    assert_ok(db_run(db, "PRAGMA max_page_count=10"));
    assert_err(db_run(db, "INSERT INTO thing VALUES(99, hex(zeroblob(100000)))"), P1_ERR_DB_FULL);
    db_close(db);
}

static void a_copy_holds_what_is_there_while_somebody_writes(void **state) {
    (void)state;
    struct db *db = open_db(), *other = open_db(), *made;
    assert_ok(db_begin(other));
    assert_ok(db_run(other, "INSERT INTO thing VALUES(50, 'on the way')"));
    assert_ok(db_copy(db, copy));
    assert_ok(db_commit(other));
    assert_ok(db_open(&made, copy, 0));
    assert_ok(db_check(made, 1));
    assert_int_equal(number(made, "SELECT count(*) FROM thing"), 4);
    assert_int_equal(number(db, "SELECT count(*) FROM thing"), 5);
    db_close(made);
    db_close(other);
    db_close(db);
}

static void a_copy_replaces_no_file(void **state) {
    (void)state;
    struct db *db = open_db();
    assert_int_equal(access(copy, F_OK), 0); // of the test before
    assert_err(db_copy(db, copy), P1_ERR_DB_TWICE);
    assert_non_null(strstr(db_why(db), "exists already"));
    assert_int_equal(access(copy, F_OK), 0);
    db_close(db);
}

static void a_copy_that_fails_leaves_no_file(void **state) {
    (void)state;
    struct db *db = open_db();
    const struct rlimit small = {8192, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
    assert_ok(db_run(db, "INSERT INTO thing VALUES(60, hex(zeroblob(50000)))"));
    assert_int_equal(unlink(copy), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum p1_err err = db_copy(db, copy);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    assert_true(err == P1_ERR_DB || err == P1_ERR_DB_FULL);
    assert_int_not_equal(access(copy, F_OK), 0);
    assert_ok(db_run(db, "DELETE FROM thing WHERE n = 60"));
    db_close(db);
}

static void a_damaged_page_is_found(void **state) {
    (void)state;
    struct db *db = open_db();
    assert_ok(db_run(db, "CREATE TABLE big(a TEXT, b TEXT); CREATE INDEX a ON big(a);"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                         " INSERT INTO big SELECT 'key ' || i, hex(randomblob(50)) FROM n"));
    assert_ok(db_check(db, 0));
    db_close(db);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, -4096 * 5 + 10, SEEK_END), 0);
    for (int i = 0; i < 4000; i++) fputc(0x5a, f);
    assert_int_equal(fclose(f), 0);
    db = open_db();
    assert_err(db_check(db, 0), P1_ERR_DB);
    assert_true(db_why(db)[0] != 0);
    db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back_as_they_were_bound),
        cmocka_unit_test(a_commit_waits_for_the_disk),
        cmocka_unit_test(each_migration_runs_once),
        cmocka_unit_test(a_migration_that_fails_leaves_nothing),
        cmocka_unit_test(data_of_a_newer_program_are_refused),
        cmocka_unit_test(a_row_that_is_there_already_is_refused_and_the_others_stay),
        cmocka_unit_test(what_is_rolled_back_is_gone),
        cmocka_unit_test(a_wrong_statement_is_refused_and_says_why),
        cmocka_unit_test(a_file_that_is_no_database_is_refused),
        cmocka_unit_test(a_full_disk_is_told_apart),
        cmocka_unit_test(a_copy_holds_what_is_there_while_somebody_writes),
        cmocka_unit_test(a_copy_replaces_no_file),
        cmocka_unit_test(a_copy_that_fails_leaves_no_file),
        cmocka_unit_test(a_damaged_page_is_found),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
