// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/log.h"
#include "platform/ops.h"

#include <unistd.h>

static enum ops_state said = OPS_OK;
static int clock_error, clock_status;
static int64_t wall_ns;

static enum ops_state disk(void *arg, char why[160]) {
    (void)snprintf(why, 160, "%s", (const char *)arg);
    return said;
}

static int fake_adjtimex(struct timex *t) {
    t->status = clock_status;
    return clock_error;
}

static int fake_gettime(clockid_t id, struct timespec *t) {
    *t = (struct timespec){id == CLOCK_REALTIME ? wall_ns / 1000000000 : 0, 0};
    return 0;
}

static const struct clock_source fake = {fake_adjtimex, fake_gettime};
static struct clock_watch watch;

static void assert_ops(enum ops_state worst, const char *text) {
    char *got;
    size_t n;
    assert_int_equal(ops_text(&got, &n), worst);
    assert_int_equal(n, strlen(text));
    assert_memory_equal(got, text, n);
    free(got);
}

static void what_is_wrong_is_logged_at_the_start(void **state) {
    (void)state;
    int ends[2];
    char text[512] = "";
    assert_int_equal(pipe(ends), 0);
    log_to(ends[1], LOG_INFO);
    assert_int_equal(ops_log(), OPS_OK);
    said = OPS_FAILED;
    assert_int_equal(ops_log(), OPS_FAILED);
    said = OPS_OK;
    log_to(STDERR_FILENO, LOG_INFO);
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    assert_non_null(strstr(text, "level=error event=check name=disk detail=\"The \\\"disk\\\" is full.\"\n"));
    assert_int_equal(strncmp(text, "time=", 5), 0);
    assert_null(strstr(text + 5, "time=")); // one line
    close(ends[0]);
    close(ends[1]);
}

static void without_checks_it_is_ready(void **state) {
    (void)state;
    assert_ops(OPS_OK, "{\"status\":\"ready\",\"checks\":{}}");
}

static void a_warning_leaves_it_ready_and_a_failure_does_not(void **state) {
    (void)state;
    static char why[] = "The \"disk\" is full.";
    ops_register("disk", disk, why);
    assert_ops(OPS_OK, "{\"status\":\"ready\",\"checks\":{\"disk\":{\"status\":\"ok\"}}}");
    said = OPS_WARNING;
    assert_ops(OPS_WARNING, "{\"status\":\"ready\",\"checks\":{\"disk\":{\"status\":\"warning\","
                            "\"detail\":\"The \\\"disk\\\" is full.\"}}}");
    said = OPS_FAILED;
    assert_ops(OPS_FAILED, "{\"status\":\"failed\",\"checks\":{\"disk\":{\"status\":\"failed\","
                           "\"detail\":\"The \\\"disk\\\" is full.\"}}}");
    said = OPS_OK;
}

static void a_clock_that_nobody_keeps_right_is_a_warning(void **state) {
    (void)state;
    char why[160] = "";
    clock_watch_start(&watch, &fake);
    assert_int_equal(ops_clock(&watch, why), OPS_OK);
    clock_status = STA_UNSYNC;
    assert_int_equal(ops_clock(&watch, why), OPS_WARNING);
    assert_string_equal(why, "Nothing keeps the clock of this machine right. Votes close by it.");
    clock_status = 0;
    assert_int_equal(ops_clock(&watch, why), OPS_OK);
}

static void a_clock_that_was_moved_is_a_warning(void **state) {
    (void)state;
    char why[160] = "";
    clock_watch_start(&watch, &fake);
    wall_ns += 1000000000;
    assert_int_equal(ops_clock(&watch, why), OPS_OK);
    wall_ns += 1000000000;
    assert_int_equal(ops_clock(&watch, why), OPS_WARNING);
    assert_string_equal(why, "The clock was moved by 2000 ms since the start.");
    wall_ns -= 4000000000;
    assert_int_equal(ops_clock(&watch, why), OPS_WARNING);
    assert_string_equal(why, "The clock was moved by -2000 ms since the start.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_checks_it_is_ready),
        cmocka_unit_test(a_warning_leaves_it_ready_and_a_failure_does_not),
        cmocka_unit_test(what_is_wrong_is_logged_at_the_start),
        cmocka_unit_test(a_clock_that_nobody_keeps_right_is_a_warning),
        cmocka_unit_test(a_clock_that_was_moved_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
