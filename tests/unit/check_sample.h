// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The archives that the tests of the whole check begin with: right ones, with the sample's votes (board_helpers.h).
#ifndef P1_TEST_CHECK_SAMPLE_H
#define P1_TEST_CHECK_SAMPLE_H

#include "tests/unit/board_helpers.h"

static struct made *singles, *set;
static struct script whole, whole_set;

// OF_SET: which of the set's trustees (bits) open the second one.
static inline void sample_start(unsigned of_set) {
    singles = made_new(&plan_colours);
    set = made_new(&plan_colours_set);
    add_votes(&whole, singles);
    add_count(&whole, singles, 3, COLOURS_RESULT);
    add_votes(&whole_set, set);
    add_count(&whole_set, set, of_set, COLOURS_RESULT_TWOFOLD);
}

static inline int teardown(void **state) {
    (void)state;
    made_free(singles);
    made_free(set);
    return 0;
}

#endif
