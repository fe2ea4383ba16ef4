// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 5000 };

// How often each index came.
struct tally {
    _Atomic unsigned times[MOST];
    _Atomic unsigned beyond; // indexes that nobody asked for
    size_t n;
};

static void count(void *arg, size_t i, struct work *w) {
    struct tally *t = arg;
    (void)w;
    if (i < t->n) {
        t->times[i]++;
    } else {
        t->beyond++;
    }
}

static void assert_each_once(struct runner *r, struct tally *t, size_t n) {
    t->n = n;
    for (size_t i = 0; i < n; i++) t->times[i] = 0;
    r->run(r, n, count, t);
    for (size_t i = 0; i < n; i++) assert_int_equal(t->times[i], 1);
    assert_int_equal(t->beyond, 0);
}

static void many_rounds(unsigned threads) {
    static struct tally t;
    struct runner *r = pool_new(threads);
    assert_non_null(r);
    for (unsigned round = 0; round < 1000; round++) assert_each_once(r, &t, round % 17);
    assert_each_once(r, &t, MOST);
    assert_each_once(r, &t, 1);
    pool_free(r);
}

static void each_index_comes_once_with_one_thread(void **state) {
    (void)state;
    many_rounds(1);
}

static void each_index_comes_once_with_two_threads(void **state) {
    (void)state;
    many_rounds(2);
}

static void each_index_comes_once_with_eight_threads(void **state) {
    (void)state;
    many_rounds(8);
}

static void each_index_comes_once_with_a_thread_for_each_core(void **state) {
    (void)state;
    many_rounds(0);
}

static void more_threads_than_there_is_room_for_are_a_few_less(void **state) {
    (void)state;
    static struct tally t;
    struct runner *r = pool_new(100000);
    assert_non_null(r);
    assert_each_once(r, &t, MOST);
    pool_free(r);
}

static void empty_list_calls_nothing(void **state) {
    (void)state;
    struct runner *r = pool_new(8);
    for (unsigned round = 0; round < 100; round++) r->run(r, 0, NULL, NULL);
    pool_free(r);
}

static void lists_of_all_sizes_after_each_other_do_not_mix(void **state) {
    (void)state;
    static struct tally t;
    struct runner *r = pool_new(8);
    for (size_t a = 0; a < 40; a++) {
        for (size_t b = 0; b < 40; b += 3) {
            assert_each_once(r, &t, a);
            assert_each_once(r, &t, b);
        }
    }
    pool_free(r);
}

static void add(void *arg, size_t i, struct work *w) {
    uint64_t *sums = arg;
    (void)w;
    sums[i] += i;
}

static void what_the_tasks_wrote_is_there_afterwards_and_in_the_next_round(void **state) {
    (void)state;
    static uint64_t sums[64];
    struct runner *r = pool_new(8);
    for (unsigned round = 1; round <= 500; round++) {
        r->run(r, 64, add, sums);
        for (size_t i = 0; i < 64; i++) assert_int_equal(sums[i], i * round);
    }
    pool_free(r);
}

// No two tasks at the same time have the same working memory.
static void claim(void *arg, size_t i, struct work *w) {
    _Atomic unsigned *clashes = arg;
    w->limb[0] = i;
    w->limb[P1_WORK_LIMBS - 1] = i;
    for (volatile unsigned spin = 0; spin < 1000; spin = spin + 1) {
    }
    if (w->limb[0] != i || w->limb[P1_WORK_LIMBS - 1] != i) ++*clashes;
}

static void each_thread_has_working_memory_of_its_own(void **state) {
    (void)state;
    _Atomic unsigned clashes = 0;
    struct runner *r = pool_new(8);
    assert_non_null(r->work);
    r->run(r, 2000, claim, &clashes);
    assert_int_equal(clashes, 0);
    pool_free(r);
}

// A task that has a list of tasks of its own needs a pool of its own.
struct nested {
    struct runner *inner[8];
    struct tally tally[8];
};

static void run_inner(void *arg, size_t i, struct work *w) {
    struct nested *n = arg;
    (void)w;
    for (size_t size = i; size < 100; size += 9) {
        n->tally[i].n = size;
        n->inner[i]->run(n->inner[i], size, count, &n->tally[i]);
    }
}

static void pools_within_tasks_of_another_pool_do_not_mix(void **state) {
    (void)state;
    struct nested *n = calloc(1, sizeof *n);
    struct runner *outer = pool_new(4);
    for (unsigned i = 0; i < 8; i++) n->inner[i] = pool_new(1 + i % 3);
    outer->run(outer, 8, run_inner, n);
    for (size_t i = 0; i < 8; i++) {
        for (size_t k = 0; k < 100; k++) {
            unsigned lists = 0;
            for (size_t size = i; size < 100; size += 9) lists += k < size;
            assert_int_equal(n->tally[i].times[k], lists);
        }
        assert_int_equal(n->tally[i].beyond, 0);
        pool_free(n->inner[i]);
    }
    pool_free(outer);
    free(n);
}

static void pool_that_never_ran_can_be_freed(void **state) {
    (void)state;
    for (unsigned i = 0; i < 50; i++) pool_free(pool_new(i % 9));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_index_comes_once_with_one_thread),
        cmocka_unit_test(each_index_comes_once_with_two_threads),
        cmocka_unit_test(each_index_comes_once_with_eight_threads),
        cmocka_unit_test(each_index_comes_once_with_a_thread_for_each_core),
        cmocka_unit_test(more_threads_than_there_is_room_for_are_a_few_less),
        cmocka_unit_test(empty_list_calls_nothing),
        cmocka_unit_test(lists_of_all_sizes_after_each_other_do_not_mix),
        cmocka_unit_test(what_the_tasks_wrote_is_there_afterwards_and_in_the_next_round),
        cmocka_unit_test(each_thread_has_working_memory_of_its_own),
        cmocka_unit_test(pools_within_tasks_of_another_pool_do_not_mix),
        cmocka_unit_test(pool_that_never_ran_can_be_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
