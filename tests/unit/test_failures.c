// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/failures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct failures *f;
static int64_t now;

static int begin(void **state) {
    (void)state;
    f = failures_new(300);
    now = 1000000;
    return f ? 0 : 1;
}

static int end(void **state) {
    (void)state;
    failures_free(f);
    return 0;
}

static struct address at(const char *text) {
    struct address a;
    assert_int_equal(address_parse(&a, span_str(text)), 1);
    return a;
}

static void fail_often(const char *who, unsigned n) {
    struct address a = at(who);
    while (n--) failures_add(f, &a, now);
}

static unsigned wait_of(const char *who) {
    struct address a = at(who);
    return failures_wait(f, &a, now);
}

static void address_is_heard_until_it_failed_hundreds_of_times(void **state) {
    (void)state;
    fail_often("192.0.2.1", 299);
    assert_int_equal(wait_of("192.0.2.1"), 0);
    fail_often("192.0.2.1", 1);
    assert_int_equal(wait_of("192.0.2.1"), 12); // an hour for 300
    assert_int_equal(wait_of("192.0.2.2"), 0);
}

static void failures_fade(void **state) {
    (void)state;
    fail_often("192.0.2.1", 300);
    now += 11;
    assert_int_equal(wait_of("192.0.2.1"), 1);
    now += 1;
    assert_int_equal(wait_of("192.0.2.1"), 0);
    fail_often("192.0.2.1", 1);
    assert_int_equal(wait_of("192.0.2.1"), 12);
    now += 3600;
    fail_often("192.0.2.1", 299);
    assert_int_equal(wait_of("192.0.2.1"), 0);
}

static void addresses_of_one_64_count_together_and_others_alone(void **state) {
    (void)state;
    fail_often("2001:db8:1:2::1", 150);
    fail_often("2001:db8:1:2:ffff::2", 150);
    assert_int_equal(wait_of("2001:db8:1:2:9::9"), 12);
    assert_int_equal(wait_of("2001:db8:1:3::1"), 0);
    fail_often("192.0.2.1", 300); // IPv4 addresses share their first 64 bits with all others
    assert_int_equal(wait_of("192.0.2.2"), 0);
    assert_int_equal(wait_of("192.0.2.1"), 12);
}

// Who failed most stays known, however many others come.
static void crowd_of_addresses_does_not_wash_away_the_worst(void **state) {
    (void)state;
    char who[64];
    fail_often("192.0.2.1", 300);
    for (unsigned i = 0; i < 100000; i++) {
        (void)snprintf(who, sizeof who, "2001:db8:%x:%x::1", i >> 8, i & 255);
        fail_often(who, 1);
    }
    assert_int_equal(wait_of("192.0.2.1"), 12);
}

static void nobody_waits_where_it_is_switched_off(void **state) {
    (void)state;
    failures_free(f);
    f = failures_new(0);
    fail_often("192.0.2.1", 1000);
    assert_int_equal(wait_of("192.0.2.1"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(address_is_heard_until_it_failed_hundreds_of_times, begin, end),
        cmocka_unit_test_setup_teardown(failures_fade, begin, end),
        cmocka_unit_test_setup_teardown(addresses_of_one_64_count_together_and_others_alone, begin, end),
        cmocka_unit_test_setup_teardown(crowd_of_addresses_does_not_wash_away_the_worst, begin, end),
        cmocka_unit_test_setup_teardown(nobody_waits_where_it_is_switched_off, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
