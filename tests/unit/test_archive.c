// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include <setjmp.h>
#include <stdarg.h>

#include "store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

// ---- an archive in memory: Setup and two ballots. What is in them is nothing to this layer. ----

static uint8_t memory[1 << 16];
static struct buf made;    // all of it
static size_t before_last; // where the second ballot begins
static struct chain chain; // its end
static char folder[] = "/tmp/plus1-archive.XXXXXX";
static const char path[] = "box.bel", other[] = "other.bel";

static void write_event(enum event_type type, size_t records, uint8_t fill) {
    static uint8_t content[4][1500];
    struct span all[4];
    for (size_t i = 0; i < records; i++) {
        memset(content[i], fill + (int)i, sizeof content[i]);
        all[i] = span_of(content[i], sizeof content[i] - 100 * i);
    }
    assert_int_equal(chain_write(&chain, type, all, (unsigned)records, &made), P1_OK);
}

static int make_archive(void **state) {
    (void)state;
    if (!mkdtemp(folder) || chdir(folder)) return -1;
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR) return -1;
    made = buf_over(memory, sizeof memory);
    assert_int_equal(chain_create(&chain, 1700000000, &made), P1_OK);
    write_event(EVENT_SETUP, 4, 'a');
    write_event(EVENT_BALLOT, 1, 'k');
    before_last = made.n;
    write_event(EVENT_BALLOT, 1, 'l');
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    (void)unlink(path);
    (void)unlink(other);
    return 0;
}

static int remove_folder(void **state) {
    remove_files(state);
    return chdir("/") || rmdir(folder);
}

static void put_file(const char *name, struct span content) {
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(content.p, 1, content.n, f), content.n);
    assert_int_equal(fclose(f), 0);
}

// The whole archive, but for the end.
static void put_archive(size_t n) { put_file(path, span_of(made.p, n)); }

static void assert_file(const char *name, struct span content) {
    static uint8_t got[sizeof memory + 1];
    FILE *f = fopen(name, "rb");
    assert_non_null(f);
    assert_int_equal(fread(got, 1, sizeof got, f), content.n);
    fclose(f);
    if (content.n) assert_memory_equal(got, content.p, content.n);
}

static int is_there(const char *name) {
    struct stat st;
    return lstat(name, &st) == 0;
}

static void open_it(struct archive *a, enum archive_mode mode) {
    enum p1_err why;
    assert_int_equal(archive_open(a, path, mode, &why), 0);
    assert_int_equal(why, P1_OK);
}

static void cannot_open(const char *name, enum archive_mode mode, int error, enum p1_err reason) {
    struct archive a;
    enum p1_err why;
    assert_int_equal(archive_open(&a, name, mode, &why), error);
    assert_string_equal(p1_err_name(why), p1_err_name(reason));
    assert_int_equal(a.fd, -1);
}

// A file can be no larger than this from now on: a disk that is full.
static void limit(rlim_t bytes) {
    struct rlimit l;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
    l.rlim_cur = bytes < l.rlim_max ? bytes : l.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void no_limit(void) { limit(RLIM_INFINITY); }

// ---- reading ----

static void a_reader_sees_the_whole_file_as_one_span(void **state) {
    (void)state;
    struct archive a;
    put_archive(made.n);
    open_it(&a, ARCHIVE_READ);
    assert_int_equal(a.file.n, made.n);
    assert_memory_equal(a.file.p, made.p, made.n);
    assert_int_equal(a.cut, 0);
    archive_close(&a);
    assert_int_equal(a.fd, -1);
}

static void a_reader_leaves_a_torn_tail_alone(void **state) {
    (void)state;
    struct archive a;
    put_archive(made.n - 600);
    open_it(&a, ARCHIVE_READ);
    assert_int_equal(a.file.n, made.n - 600);
    assert_int_equal(a.cut, 0);
    archive_close(&a);
    assert_file(path, span_of(made.p, made.n - 600));
}

static void a_copy_stays_as_it_was_whatever_happens_to_the_file(void **state) {
    (void)state;
    struct archive a;
    put_archive(made.n - 600);
    open_it(&a, ARCHIVE_COPY);
    put_archive(0);
    assert_int_equal(a.file.n, made.n - 600);
    assert_memory_equal(a.file.p, made.p, made.n - 600);
    archive_close(&a);
    cannot_open(".", ARCHIVE_COPY, EISDIR, P1_OK);
    cannot_open("absent.bel", ARCHIVE_COPY, ENOENT, P1_OK);
}

static void an_empty_file_can_be_read_and_is_empty(void **state) {
    (void)state;
    struct archive a;
    put_archive(0);
    open_it(&a, ARCHIVE_READ);
    assert_int_equal(a.file.n, 0);
    archive_close(&a);
}

static void a_reader_cannot_append(void **state) {
    (void)state;
    struct archive a;
    put_archive(before_last);
    open_it(&a, ARCHIVE_READ);
    assert_int_not_equal(archive_append(&a, span_from(buf_span(&made), before_last)), 0);
    archive_close(&a);
    assert_file(path, span_of(made.p, before_last));
}

static void what_is_no_file_cannot_be_opened(void **state) {
    (void)state;
    cannot_open("absent.bel", ARCHIVE_READ, ENOENT, P1_OK);
    cannot_open("absent.bel", ARCHIVE_APPEND, ENOENT, P1_OK);
    assert_false(is_there("absent.bel"));
    cannot_open(".", ARCHIVE_READ, EISDIR, P1_OK);
    cannot_open(".", ARCHIVE_APPEND, EISDIR, P1_OK);
    cannot_open("/dev/null", ARCHIVE_READ, ENOTSUP, P1_OK);
    cannot_open("/dev/null", ARCHIVE_APPEND, ENOTSUP, P1_OK);
}

// ---- one writer ----

static void a_second_writer_is_kept_out_until_the_first_is_done(void **state) {
    (void)state;
    struct archive writer, reader;
    put_archive(made.n - 600);
    open_it(&writer, ARCHIVE_APPEND);
    cannot_open(path, ARCHIVE_APPEND, EWOULDBLOCK, P1_OK);
    open_it(&reader, ARCHIVE_READ);
    archive_close(&reader);
    cannot_open(path, ARCHIVE_APPEND, EWOULDBLOCK, P1_OK);
    archive_close(&writer);
    open_it(&writer, ARCHIVE_APPEND);
    archive_close(&writer);
}

// The lock must come first: what looks torn may be what somebody is writing just now.
static void a_writer_that_is_kept_out_cuts_nothing_off(void **state) {
    (void)state;
    struct archive writer;
    put_archive(before_last);
    open_it(&writer, ARCHIVE_APPEND);
    put_archive(made.n - 600);
    cannot_open(path, ARCHIVE_APPEND, EWOULDBLOCK, P1_OK);
    assert_file(path, span_of(made.p, made.n - 600));
    archive_close(&writer);
}

static void what_is_appended_stands_behind_the_rest_and_moves_nothing(void **state) {
    (void)state;
    struct archive a;
    put_archive(before_last);
    open_it(&a, ARCHIVE_APPEND);
    assert_int_equal(a.cut, 0);
    const uint8_t *where = a.file.p;
    for (size_t at = before_last; at < made.n; at += 512) {
        assert_int_equal(archive_append(&a, span_of(made.p + at, 512)), 0);
        assert_ptr_equal(a.file.p, where);
        assert_int_equal(a.file.n, at + 512);
        assert_memory_equal(a.file.p, made.p, at + 512);
    }
    archive_close(&a);
    assert_file(path, buf_span(&made));
}

static void what_does_not_fit_is_not_added_and_the_rest_stays(void **state) {
    (void)state;
    struct archive a;
    struct span last = span_from(buf_span(&made), before_last);
    put_archive(before_last);
    for (size_t room = 0; room < last.n; room += 500) {
        open_it(&a, ARCHIVE_APPEND);
        limit(before_last + room);
        int err = archive_append(&a, last);
        no_limit();
        assert_int_equal(err, EFBIG);
        assert_int_equal(a.unsure, 0);
        assert_int_equal(a.file.n, before_last);
        assert_file(path, span_of(made.p, before_last));
        // Even if there is room again: what is on the disk is known only when it is opened anew.
        assert_int_equal(archive_append(&a, last), EFBIG);
        assert_file(path, span_of(made.p, before_last));
        archive_close(&a);
    }
    open_it(&a, ARCHIVE_APPEND);
    assert_int_equal(archive_append(&a, last), 0);
    archive_close(&a);
    assert_file(path, buf_span(&made));
}

// ---- torn writes and damage ----

static void assert_cut_off(size_t bytes) {
    struct archive a;
    open_it(&a, ARCHIVE_APPEND);
    assert_int_equal(a.cut, bytes);
    assert_int_equal(a.file.n, before_last);
    assert_file(path, span_of(made.p, before_last));
    assert_int_equal(archive_append(&a, span_from(buf_span(&made), before_last)), 0);
    archive_close(&a);
    assert_file(path, buf_span(&made));
}

static void a_writer_cuts_a_torn_tail_off_and_says_how_much(void **state) {
    (void)state;
    for (size_t n = before_last + 1; n < made.n; n += n % 512 == 1 ? 255 : 128) {
        put_archive(n);
        assert_cut_off(n - before_last);
    }
    put_archive(made.n - 1);
    assert_cut_off(made.n - 1 - before_last);
}

static void a_writer_cuts_off_zeros_that_stand_where_something_was_written(void **state) {
    (void)state;
    static uint8_t torn[sizeof memory];
    for (size_t n = before_last; n < made.n; n += 512) {
        memcpy(torn, made.p, n);
        memset(torn + n, 0, made.n - n);
        put_file(path, span_of(torn, made.n));
        assert_cut_off(made.n - before_last);
    }
}

// Its last event is written once more, which nobody sees.
static void a_whole_archive_is_left_as_it_is(void **state) {
    (void)state;
    struct archive a;
    static const struct timespec old[] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000, .tv_nsec = 7}};
    struct stat st;
    put_archive(made.n);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    open_it(&a, ARCHIVE_APPEND);
    assert_int_equal(a.cut, 0);
    assert_int_equal(a.file.n, made.n);
    archive_close(&a);
    assert_file(path, buf_span(&made));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mtim.tv_sec, old[1].tv_sec);
    assert_int_equal(st.st_mtim.tv_nsec, old[1].tv_nsec);
}

static void damage_that_no_torn_write_explains_is_not_cut_off(void **state) {
    (void)state;
    static uint8_t bad[sizeof memory];
    for (size_t at = 1024; at < made.n; at += 700) {
        memcpy(bad, made.p, made.n);
        bad[at] ^= 1;
        put_file(path, span_of(bad, made.n));
        cannot_open(path, ARCHIVE_APPEND, EBADMSG, P1_ERR_ARCHIVE_DAMAGED);
        assert_file(path, span_of(bad, made.n));
    }
    // Nor is a hole before the last event.
    memcpy(bad, made.p, made.n);
    memset(bad + before_last - 1024, 0, 512);
    put_file(path, span_of(bad, made.n));
    cannot_open(path, ARCHIVE_APPEND, EBADMSG, P1_ERR_ARCHIVE_DAMAGED);
    assert_file(path, span_of(bad, made.n));
}

static void what_is_no_archive_is_not_written_to(void **state) {
    (void)state;
    static const struct span texts[] = {SPAN_LIT(""), SPAN_LIT("hello\n")};
    for (size_t i = 0; i < 2; i++) {
        put_file(path, texts[i]);
        cannot_open(path, ARCHIVE_APPEND, EBADMSG, P1_ERR_ARCHIVE_NOT);
        assert_file(path, texts[i]);
    }
    put_file(path, span_from(buf_span(&made), 512));
    cannot_open(path, ARCHIVE_APPEND, EBADMSG, P1_ERR_ARCHIVE_NOT);
    assert_file(path, span_from(buf_span(&made), 512));
}

#define TEST(name) cmocka_unit_test_teardown(name, remove_files)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_reader_sees_the_whole_file_as_one_span),
        TEST(a_reader_leaves_a_torn_tail_alone),
        TEST(a_copy_stays_as_it_was_whatever_happens_to_the_file),
        TEST(an_empty_file_can_be_read_and_is_empty),
        TEST(a_reader_cannot_append),
        TEST(what_is_no_file_cannot_be_opened),
        TEST(a_second_writer_is_kept_out_until_the_first_is_done),
        TEST(a_writer_that_is_kept_out_cuts_nothing_off),
        TEST(what_is_appended_stands_behind_the_rest_and_moves_nothing),
        TEST(what_does_not_fit_is_not_added_and_the_rest_stays),
        TEST(a_writer_cuts_a_torn_tail_off_and_says_how_much),
        TEST(a_writer_cuts_off_zeros_that_stand_where_something_was_written),
        TEST(a_whole_archive_is_left_as_it_is),
        TEST(damage_that_no_torn_write_explains_is_not_cut_off),
        TEST(what_is_no_archive_is_not_written_to),
    };
    return cmocka_run_group_tests(tests, make_archive, remove_folder);
}
