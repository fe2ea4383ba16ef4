// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the tests of board/box.h begin with.
#ifndef P1_TEST_BOX_SAMPLE_H
#define P1_TEST_BOX_SAMPLE_H

#include "tests/unit/board_helpers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define YES_NO "[{\"answers\":[\"Ja\",\"Nee\"],\"min\":0,\"max\":1,\"question\":\"Mag het?\"}]"

static const char *const weights[] = {",1", ",5", ",2", ""};
static const struct plan plan_singles = {.uuid = "TestBoxSingLes", .questions = YES_NO, .voters = 6};
static const struct plan plan_set = {
    .uuid = "TestBoxThreshoLd", .questions = YES_NO, .threshold = 2, .voters = 4, .behind = weights};

static struct made *singles, *set;
static struct script whole; // of singles
static struct work work;

// Two ballots of voter 0, one of voter 1; two shares; the result.
static inline int setup(void **state) {
    (void)state;
    singles = made_new(&plan_singles);
    set = made_new(&plan_set);
    add_setup(&whole, singles);
    add_ballot(&whole, made_ballot(singles, 0, "10", 0));
    add_ballot(&whole, made_ballot(singles, 1, "01", 0));
    add_ballot(&whole, made_ballot(singles, 0, "01", 1));
    add_end(&whole);
    add_right_tally(&whole, singles);
    add_right_share(&whole, singles, 0);
    add_right_share(&whole, singles, 1);
    add_result(&whole, singles, "{\"result\":[[0,2]]}");
    return 0;
}

static inline int teardown(void **state) {
    (void)state;
    made_free(singles);
    made_free(set);
    return 0;
}

// The box with the first N events of S refuses this one.
static inline void assert_refused(const struct script *s, unsigned n, const struct step *step, enum p1_err why) {
    struct box *b = box_of(s, n);
    assert_int_equal(apply_step(b, step), why);
    free_box(b);
}

static inline struct script setup_alone(const struct made *m) {
    struct script s = {.n = 0};
    add_setup(&s, m);
    return s;
}

#endif
