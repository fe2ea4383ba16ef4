// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/clock.h"

#include <errno.h>

static struct timex kernel;
static int kernel_state;
static int64_t wall_ns, boot_ns;

static int fake_adjtimex(struct timex *t) {
    assert_int_equal(t->modes, 0); // only asked
    *t = kernel;
    return kernel_state;
}

static int fake_gettime(clockid_t id, struct timespec *t) {
    assert_true(id == CLOCK_REALTIME || id == CLOCK_BOOTTIME);
    int64_t ns = id == CLOCK_REALTIME ? wall_ns : boot_ns;
    *t = (struct timespec){ns / 1000000000, ns % 1000000000};
    return 0;
}

static const struct clock_source fake = {fake_adjtimex, fake_gettime};

static void a_clock_that_is_kept_right_is_synchronised(void **state) {
    (void)state;
    kernel = (struct timex){.status = STA_PLL};
    kernel_state = TIME_OK;
    assert_true(clock_synchronised(&fake));
    kernel_state = TIME_INS; // a leap second is coming
    assert_true(clock_synchronised(&fake));
}

static void a_clock_that_nobody_keeps_right_is_not(void **state) {
    (void)state;
    kernel = (struct timex){.status = STA_PLL | STA_UNSYNC};
    kernel_state = TIME_OK;
    assert_false(clock_synchronised(&fake));
    kernel = (struct timex){.status = STA_PLL};
    kernel_state = TIME_ERROR;
    assert_false(clock_synchronised(&fake));
    kernel_state = -1; // not allowed to ask
    assert_false(clock_synchronised(&fake));
}

static void time_that_passes_is_no_shift_and_a_moved_clock_is(void **state) {
    (void)state;
    struct clock_watch w;
    wall_ns = 1800000000123456789;
    boot_ns = 5000000000;
    clock_watch_start(&w, &fake);
    assert_int_equal(clock_watch_shift(&w), 0);
    wall_ns += 3600000000001;
    boot_ns += 3600000000001;
    assert_int_equal(clock_watch_shift(&w), 0);
    wall_ns -= 7;
    assert_int_equal(clock_watch_shift(&w), -7);
    wall_ns += 2000000007;
    assert_int_equal(clock_watch_shift(&w), 2000000000);
}

static void the_systems_clock_can_be_asked(void **state) {
    (void)state;
    struct clock_watch w;
    (void)clock_synchronised(&clock_system);
    clock_watch_start(&w, &clock_system);
    int64_t shift = clock_watch_shift(&w);
    assert_true(shift > -1000000000 && shift < 1000000000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_is_kept_right_is_synchronised),
        cmocka_unit_test(a_clock_that_nobody_keeps_right_is_not),
        cmocka_unit_test(time_that_passes_is_no_shift_and_a_moved_clock_is),
        cmocka_unit_test(the_systems_clock_can_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
