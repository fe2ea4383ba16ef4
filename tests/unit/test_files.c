// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include <setjmp.h>
#include <stdarg.h>

#include "cli/files.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

// Each test has a folder of its own, which is the current one; what is said on stderr goes into a file outside of it.

static char folder[] = "/tmp/plus1-files.XXXXXX";
static char said[8192];
static int heard, before;

static int make_folder(void **state) {
    (void)state;
    char name[] = "/tmp/plus1-said.XXXXXX";
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    if (!mkdtemp(folder) || chdir(folder)) return -1;
    heard = mkstemp(name);
    return heard < 0 || unlink(name);
}

static int remove_folder(void **state) {
    (void)state;
    char command[128];
    close(heard);
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") || system(command);
}

static void listen(void) {
    fflush(stderr);
    assert_int_equal(ftruncate(heard, 0), 0);
    assert_int_equal(lseek(heard, 0, SEEK_SET), 0);
    before = dup(STDERR_FILENO);
    dup2(heard, STDERR_FILENO);
}

static void stop_listening(void) {
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    ssize_t n = pread(heard, said, sizeof said - 1, 0);
    assert_true(n >= 0);
    said[n] = 0;
}

// Of a call that ends so: one line is said that begins with these words, or nothing where there are none.
#define ENDS(code, words, call)     \
    do {                            \
        listen();                   \
        enum p1_exit e_ = (call);   \
        stop_listening();           \
        assert_said(words);         \
        assert_int_equal(e_, code); \
    } while (0)

static void assert_said(const char *words) {
    char line[512] = "";
    if (!*words) {
        assert_string_equal(said, "");
        return;
    }
    (void)snprintf(line, sizeof line, "plus1: %s", words);
    if (strncmp(said, line, strlen(line)) != 0) assert_string_equal(said, line);
    assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
}

static void put(const char *path, struct span text) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
}

static void assert_file(const char *path, struct span text) {
    char *got;
    size_t n;
    ENDS(P1_EXIT_DONE, "", file_read(path, 0, &got, &n));
    assert_int_equal(n, text.n);
    assert_memory_equal(got, text.p, n);
    free(got);
}

static mode_t mode_of(const char *path) {
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static int is_there(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0;
}

// ---- reading ----

static void a_file_is_read_as_it_is_with_a_zero_behind_it(void **state) {
    (void)state;
    static const struct span texts[] = {SPAN_LIT("two\nlines\n"), SPAN_LIT("a\0b"), SPAN_LIT("")};
    for (size_t i = 0; i < 3; i++) {
        char *text;
        size_t n;
        put("file", texts[i]);
        ENDS(P1_EXIT_DONE, "", file_read("file", 0, &text, &n));
        assert_int_equal(n, texts[i].n);
        assert_memory_equal(text, texts[i].p, n);
        assert_int_equal(text[n], 0);
        free(text);
    }
}

static void of_a_line_the_last_line_end_is_left_out(void **state) {
    (void)state;
    static const struct {
        struct span file;
        size_t n;
    } cases[] = {
        {SPAN_LIT("one\n"), 3}, {SPAN_LIT("one"), 3}, {SPAN_LIT("one\n\n"), 4}, {SPAN_LIT("\n"), 0}, {SPAN_LIT(""), 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text;
        size_t n;
        put("file", cases[i].file);
        ENDS(P1_EXIT_DONE, "", file_read("file", 1, &text, &n));
        assert_int_equal(n, cases[i].n);
        assert_int_equal(text[n], 0);
        free(text);
    }
}

static void large_files_are_read_whole(void **state) {
    (void)state;
    static uint8_t large[300000];
    for (size_t i = 0; i < sizeof large; i++) large[i] = (uint8_t)(i * 7 + i / 65536);
    static const size_t sizes[] = {65534, 65535, 65536, 65537, 131071, sizeof large};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        put("file", span_of(large, sizes[i]));
        assert_file("file", span_of(large, sizes[i]));
    }
}

static void what_cannot_be_read_is_named_with_the_reason(void **state) {
    (void)state;
    char *text;
    size_t n;
    ENDS(P1_EXIT_UNREADABLE, "absent cannot be read: No such file or directory\n", file_read("absent", 0, &text, &n));
    assert_null(text);
    ENDS(P1_EXIT_UNREADABLE, ". cannot be read: Is a directory\n", file_read(".", 0, &text, &n));
    assert_null(text);
}

// ---- writing ----

static void a_written_file_has_its_content_and_its_access_mode(void **state) {
    (void)state;
    for (int new = 0; new < 2; new ++) {
        ENDS(P1_EXIT_DONE, "", file_write(new ? "p1" : "p0", FILE_PUBLIC, new, SPAN_LIT("public\n")));
        ENDS(P1_EXIT_DONE, "", file_write(new ? "s1" : "s0", FILE_SECRET, new, SPAN_LIT("secret\n")));
        assert_file(new ? "p1" : "p0", SPAN_LIT("public\n"));
        assert_int_equal(mode_of(new ? "p1" : "p0"), 0644);
        assert_int_equal(mode_of(new ? "s1" : "s0"), 0600);
    }
    assert_false(is_there("p0.new") || is_there("p1.new") || is_there("s0.new") || is_there("s1.new"));
}

static void a_file_can_be_written_piece_by_piece_or_given_up(void **state) {
    static char piece[50000]; // neither a part of what waits in memory nor a multiple
    struct file_out f;
    struct stat st;
    (void)state;
    memset(piece, 'x', sizeof piece);
    ENDS(P1_EXIT_DONE, "", file_begin(&f, "pieces", FILE_SECRET));
    for (int i = 0; i < 7; i++) file_put(&f, span_of(piece, sizeof piece));
    assert_int_equal(access("pieces", F_OK), -1);
    ENDS(P1_EXIT_DONE, "", file_end(&f, 1));
    assert_int_equal(stat("pieces", &st), 0);
    assert_int_equal(st.st_size, 7 * sizeof piece);
    assert_int_equal(st.st_mode & 0777, 0600);

    ENDS(P1_EXIT_DONE, "", file_begin(&f, "given up", FILE_SECRET));
    file_put(&f, span_of(piece, sizeof piece));
    file_put(&f, span_of(piece, sizeof piece));
    file_drop(&f);
    assert_int_equal(access("given up", F_OK), -1);
    assert_int_equal(access("given up.new", F_OK), -1);
}

static void a_new_file_does_not_replace_another(void **state) {
    (void)state;
    put("file", SPAN_LIT("mine"));
    ENDS(P1_EXIT_REFUSED, "file exists already; it is not overwritten",
         file_write("file", FILE_SECRET, 1, SPAN_LIT("new")));
    assert_file("file", SPAN_LIT("mine"));
    assert_false(is_there("file.new"));

    assert_int_equal(mkdir("folder", 0755), 0);
    ENDS(P1_EXIT_REFUSED, "folder exists already", file_write("folder", FILE_SECRET, 1, SPAN_LIT("new")));
    assert_int_equal(symlink("elsewhere", "link"), 0);
    ENDS(P1_EXIT_REFUSED, "link exists already", file_write("link", FILE_SECRET, 1, SPAN_LIT("new")));
    assert_false(is_there("elsewhere"));
}

static void a_file_that_may_be_replaced_is_replaced_as_a_whole(void **state) {
    (void)state;
    put("file", SPAN_LIT("a longer text that was there before"));
    assert_int_equal(chmod("file", 0666), 0);
    assert_int_equal(link("file", "old"), 0);
    ENDS(P1_EXIT_DONE, "", file_write("file", FILE_SECRET, 0, SPAN_LIT("new")));
    assert_file("file", SPAN_LIT("new"));
    assert_int_equal(mode_of("file"), 0600);
    // It is another file: whoever has the old one open keeps that.
    assert_file("old", SPAN_LIT("a longer text that was there before"));
    assert_false(is_there("file.new"));
}

// Such a rest may be readable by others, or be a link to another file.
static void what_a_crash_has_left_is_not_written_into(void **state) {
    (void)state;
    put("file.new", SPAN_LIT("half a key"));
    assert_int_equal(chmod("file.new", 0644), 0);
    ENDS(P1_EXIT_DONE, "", file_write("file", FILE_SECRET, 1, SPAN_LIT("key")));
    assert_int_equal(mode_of("file"), 0600);
    assert_false(is_there("file.new"));

    put("precious", SPAN_LIT("mine"));
    assert_int_equal(symlink("precious", "other.new"), 0);
    ENDS(P1_EXIT_DONE, "", file_write("other", FILE_SECRET, 0, SPAN_LIT("key")));
    assert_file("precious", SPAN_LIT("mine"));
    assert_file("other", SPAN_LIT("key"));
}

static void limit(rlim_t bytes) {
    struct rlimit l;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
    l.rlim_cur = bytes < l.rlim_max ? bytes : l.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void what_does_not_fit_on_the_disk_changes_nothing(void **state) {
    (void)state;
    static uint8_t large[10000];
    put("file", SPAN_LIT("mine"));
    for (int new = 0; new < 2; new ++) {
        const char *path = new ? "another" : "file";
        listen(); // the limit is for what is said, too: a few bytes
        limit(sizeof large - 1);
        enum p1_exit e = file_write(path, FILE_SECRET, new, span_of(large, sizeof large));
        limit(RLIM_INFINITY);
        stop_listening();
        assert_int_equal(e, P1_EXIT_UNREADABLE);
        assert_non_null(
            strstr(said, "cannot be written: File too large; make room for it, then run the command again\n"));
        assert_false(is_there("another") || is_there("another.new") || is_there("file.new"));
    }
    assert_file("file", SPAN_LIT("mine"));
}

static void what_cannot_be_written_is_named_with_the_reason(void **state) {
    (void)state;
    char name[5000];
    ENDS(P1_EXIT_UNREADABLE, "absent/file cannot be written: No such file or directory\n",
         file_write("absent/file", FILE_PUBLIC, 1, SPAN_LIT("x")));
    assert_int_equal(mkdir("folder", 0755), 0);
    ENDS(P1_EXIT_UNREADABLE, "folder cannot be written: Is a directory\n",
         file_write("folder", FILE_PUBLIC, 0, SPAN_LIT("x")));
    assert_false(is_there("folder.new"));
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    listen();
    enum p1_exit e = file_write(name, FILE_PUBLIC, 1, SPAN_LIT("x"));
    stop_listening();
    assert_int_equal(e, P1_EXIT_UNREADABLE);
    assert_non_null(strstr(said, "this name is too long"));
}

// ---- folders, paths, lines ----

static void a_folder_is_made_with_those_above_it_and_may_be_there(void **state) {
    (void)state;
    static const char *const paths[] = {"a/b/c", "a/b/c", "a/b/c/", "a//d", ".", "./e/../f"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct stat st;
        ENDS(P1_EXIT_DONE, "", folder_make(paths[i]));
        assert_int_equal(stat(paths[i], &st), 0);
        assert_true(S_ISDIR(st.st_mode));
    }
    char absolute[64];
    (void)snprintf(absolute, sizeof absolute, "%s/x/y", folder);
    ENDS(P1_EXIT_DONE, "", folder_make(absolute));
    assert_true(is_there("x/y"));
}

static void a_folder_is_not_made_where_a_file_is(void **state) {
    (void)state;
    put("file", SPAN_LIT("mine"));
    ENDS(P1_EXIT_UNREADABLE, "file", folder_make("file/sub"));
    ENDS(P1_EXIT_UNREADABLE, "file cannot be made: ", folder_make("file"));
}

static void a_path_is_folder_and_name(void **state) {
    (void)state;
    char *path = path_join("a/b", "%s.%u.json", "x", 7u);
    assert_string_equal(path, "a/b/x.7.json");
    free(path);
}

static void lines_that_are_empty_do_not_count(void **state) {
    (void)state;
    size_t n;
    struct span *lines = text_lines(SPAN_LIT("one\n\ntwo\nthree"), &n);
    assert_int_equal(n, 3);
    assert_true(span_eq(lines[0], SPAN_LIT("one")));
    assert_true(span_eq(lines[1], SPAN_LIT("two")));
    assert_true(span_eq(lines[2], SPAN_LIT("three")));
    free(lines);
    static const struct span none[] = {SPAN_LIT(""), SPAN_LIT("\n"), SPAN_LIT("\n\n")};
    for (size_t i = 0; i < 3; i++) {
        lines = text_lines(none[i], &n);
        assert_int_equal(n, 0);
        free(lines);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_read_as_it_is_with_a_zero_behind_it),
        TEST(of_a_line_the_last_line_end_is_left_out),
        TEST(large_files_are_read_whole),
        TEST(what_cannot_be_read_is_named_with_the_reason),
        TEST(a_written_file_has_its_content_and_its_access_mode),
        TEST(a_file_can_be_written_piece_by_piece_or_given_up),
        TEST(a_new_file_does_not_replace_another),
        TEST(a_file_that_may_be_replaced_is_replaced_as_a_whole),
        TEST(what_a_crash_has_left_is_not_written_into),
        TEST(what_does_not_fit_on_the_disk_changes_nothing),
        TEST(what_cannot_be_written_is_named_with_the_reason),
        TEST(a_folder_is_made_with_those_above_it_and_may_be_there),
        TEST(a_folder_is_not_made_where_a_file_is),
        TEST(a_path_is_folder_and_name),
        TEST(lines_that_are_empty_do_not_count),
    };
    // A full disk is an error like any other; and the modes that are asked for are not narrowed.
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR) return 1;
    umask(022);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
