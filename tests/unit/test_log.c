// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/log.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

// Lines go into a pipe, where each write(2) of up to 4 kB stays one.
static int ends[2];
static char said[65536];

static int open_pipe(void **state) {
    (void)state;
    if (pipe(ends)) return -1;
    log_to(ends[1], LOG_INFO);
    return 0;
}

static int close_pipe(void **state) {
    (void)state;
    log_to(STDERR_FILENO, LOG_INFO);
    return close(ends[0]) || close(ends[1]);
}

// What one line says after its time.
static const char *line(void) {
    ssize_t n = read(ends[0], said, sizeof said - 1);
    assert_true(n > 0);
    said[n] = 0;
    assert_ptr_equal(strchr(said, '\n'), said + n - 1);
    said[n - 1] = 0;
    int year, month, day, hour, minute, second, ms, end = 0;
    assert_int_equal(
        sscanf(said, "time=%4d-%2d-%2dT%2d:%2d:%2d.%3dZ %n", &year, &month, &day, &hour, &minute, &second, &ms, &end),
        7);
    assert_int_equal(end, 30);
    return said + end;
}

static void a_line_has_its_event_and_pairs(void **state) {
    (void)state;
    log_line(LOG_INFO, "listening", "address", "127.0.0.1", "port", LOG_NUMBER(8080));
    assert_string_equal(line(), "level=info event=listening address=127.0.0.1 port=8080");
    log_line(LOG_ERROR, "torn");
    assert_string_equal(line(), "level=error event=torn");
    log_line(LOG_WARNING, "low", "n", LOG_NUMBER(INT64_MIN));
    assert_string_equal(line(), "level=warning event=low n=-9223372036854775808");
}

static void a_value_cannot_break_out_of_its_place(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", "\"\""},
        {"a b", "\"a b\""},
        {"a=b", "\"a=b\""},
        {"a\"b\\", "\"a\\\"b\\\\\""},
        {"a\nlevel=error", "\"a?level=error\""},
        {"a\r\x1b[2J", "\"a??[2J\""},
        {"caf\xc3\xa9", "\"caf\xc3\xa9\""},
        {"\xff", "\"?\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        log_line(LOG_INFO, "e", "k", cases[i][0]);
        assert_string_equal(line(), text_of("level=info event=e k=%s", cases[i][1]).p);
    }
}

static void a_line_that_is_too_long_is_cut_between_pairs(void **state) {
    (void)state;
    char *value = keep(3001);
    memset(value, 'x', 3000);
    log_line(LOG_INFO, "e", "a", "1", "b", value, "c", "2");
    assert_string_equal(line(), "level=info event=e a=1 cut=yes");
    memset(value, '"', 3000);
    log_line(LOG_INFO, "e", "a", "1", "b", value);
    assert_string_equal(line(), "level=info event=e a=1 cut=yes");
    // Every length around the limit makes one whole line.
    memset(value, 'x', 3000);
    for (size_t n = 1900; n < 2050; n++) {
        log_line(LOG_INFO, "e", "b", value + 3000 - n);
        const char *got = line();
        assert_true(strlen(said) < 2048);
        assert_true(strlen(got) == strlen("level=info event=e b=") + n || !strcmp(got, "level=info event=e cut=yes"));
    }
}

static void what_is_below_the_level_is_not_said(void **state) {
    (void)state;
    log_line(LOG_DEBUG, "hidden");
    log_line(LOG_INFO, "shown");
    assert_string_equal(line(), "level=info event=shown");
    log_to(ends[1], LOG_ERROR);
    log_line(LOG_WARNING, "hidden");
    log_line(LOG_ERROR, "shown");
    assert_string_equal(line(), "level=error event=shown");
}

static void errno_stays_as_it_was(void **state) {
    (void)state;
    log_to(-1, LOG_INFO);
    errno = ENOENT;
    log_line(LOG_INFO, "e");
    assert_int_equal(errno, ENOENT);
}

static void *say_ten(void *arg) {
    for (int i = 0; i < 10; i++) log_line(LOG_INFO, "e", "who", arg, "again", arg);
    return NULL;
}

static void lines_of_several_threads_do_not_mix(void **state) {
    (void)state;
    static char names[4][2] = {"a", "b", "c", "d"};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, say_ten, names[i]), 0);
    for (size_t i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    ssize_t n = read(ends[0], said, sizeof said);
    struct span rest = span_of(said, (size_t)n), one;
    int lines = 0;
    for (; next_line(&rest, &one); lines++) {
        struct span who = between(one, "who=", " "), again = span_from(one, find(one, 0, "again=") + 6);
        assert_span(who, again);
    }
    assert_int_equal(lines, 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_has_its_event_and_pairs, open_pipe, close_pipe),
        cmocka_unit_test_setup_teardown(a_value_cannot_break_out_of_its_place, open_pipe, close_pipe),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_long_is_cut_between_pairs, open_pipe, close_pipe),
        cmocka_unit_test_setup_teardown(what_is_below_the_level_is_not_said, open_pipe, close_pipe),
        cmocka_unit_test_setup_teardown(errno_stays_as_it_was, open_pipe, close_pipe),
        cmocka_unit_test_setup_teardown(lines_of_several_threads_do_not_mix, open_pipe, close_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
