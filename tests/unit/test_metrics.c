// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/metrics.h"

#include <pthread.h>

static struct metric table[] = {
    {METRIC_COUNTER, "t_requests_total", "Requests.", "status=\"2xx\"", 0, {0}},
    {METRIC_COUNTER, "t_requests_total", "", "status=\"4xx\"", 0, {0}},
    {METRIC_GAUGE, "t_waiting", "Those that wait.", NULL, 0, {0}},
    {METRIC_HISTOGRAM, "t_seconds", "How long.", NULL, 0, {0}},
    {METRIC_HISTOGRAM, "t_by_kind_seconds", "How long.", "kind=\"a\"", 0, {0}},
};

static void numbers_are_written_as_prometheus_reads_them(void **state) {
    (void)state;
    metrics_register(table, 5);
    metrics_register(table, 5); // no second time
    metric_add(&table[0], 3);
    metric_add(&table[1], 1);
    metric_set(&table[2], 7);
    metric_add(&table[2], -9);
    metric_observe(&table[3], 500); // a bound belongs to its bucket
    metric_observe(&table[3], 501);
    metric_observe(&table[3], 20000000);
    metric_observe(&table[4], 2500000);
    size_t n;
    char *text = metrics_text(&n);
    assert_non_null(text);
    assert_int_equal(strlen(text), n);
    assert_string_equal(text, "# HELP t_requests_total Requests.\n"
                              "# TYPE t_requests_total counter\n"
                              "t_requests_total{status=\"2xx\"} 3\n"
                              "t_requests_total{status=\"4xx\"} 1\n"
                              "# HELP t_waiting Those that wait.\n"
                              "# TYPE t_waiting gauge\n"
                              "t_waiting -2\n"
                              "# HELP t_seconds How long.\n"
                              "# TYPE t_seconds histogram\n"
                              "t_seconds_bucket{le=\"0.0005\"} 1\n"
                              "t_seconds_bucket{le=\"0.001\"} 2\n"
                              "t_seconds_bucket{le=\"0.0025\"} 2\n"
                              "t_seconds_bucket{le=\"0.005\"} 2\n"
                              "t_seconds_bucket{le=\"0.01\"} 2\n"
                              "t_seconds_bucket{le=\"0.025\"} 2\n"
                              "t_seconds_bucket{le=\"0.05\"} 2\n"
                              "t_seconds_bucket{le=\"0.1\"} 2\n"
                              "t_seconds_bucket{le=\"0.25\"} 2\n"
                              "t_seconds_bucket{le=\"0.5\"} 2\n"
                              "t_seconds_bucket{le=\"1\"} 2\n"
                              "t_seconds_bucket{le=\"2.5\"} 2\n"
                              "t_seconds_bucket{le=\"10\"} 2\n"
                              "t_seconds_bucket{le=\"+Inf\"} 3\n"
                              "t_seconds_sum 20.001001\n"
                              "t_seconds_count 3\n"
                              "# HELP t_by_kind_seconds How long.\n"
                              "# TYPE t_by_kind_seconds histogram\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.0005\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.001\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.0025\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.005\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.01\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.025\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.05\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.1\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.25\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"0.5\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"1\"} 0\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"2.5\"} 1\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"10\"} 1\n"
                              "t_by_kind_seconds_bucket{kind=\"a\",le=\"+Inf\"} 1\n"
                              "t_by_kind_seconds_sum{kind=\"a\"} 2.500000\n"
                              "t_by_kind_seconds_count{kind=\"a\"} 1\n");
    free(text);
}

static void *count(void *arg) {
    for (int i = 0; i < 20000; i++) metric_add(arg, 1);
    return NULL;
}

static void no_increment_of_several_threads_is_lost(void **state) {
    (void)state;
    static struct metric m;
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, count, &m), 0);
    for (size_t i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    assert_int_equal(m.value, 80000);
}

static struct metric looked_up[] = {
    {METRIC_GAUGE, "t_looked_up", "What is looked up.", NULL, 0, {0}},
    {.name = NULL},
    {METRIC_GAUGE, "t_for_later", "What comes later.", NULL, 0, {0}},
};

static void look_up(void *arg) { metric_set(arg, 42); }

static void numbers_are_looked_up_when_they_are_shown(void **state) {
    (void)state;
    metrics_register(looked_up, 3);
    metrics_refresh(look_up, &looked_up[0]);
    size_t n;
    char *text = metrics_text(&n);
    assert_non_null(strstr(text, "\nt_looked_up 42\n"));
    assert_null(strstr(text, "t_for_later"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_as_prometheus_reads_them),
        cmocka_unit_test(no_increment_of_several_threads_is_lost),
        cmocka_unit_test(numbers_are_looked_up_when_they_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
