// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/catalogue.h"

static void assert_text(char *text, const char *expected) {
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void moments_are_what_clocks_here_show(void **state) {
    (void)state;
    static const struct {
        uint64_t moment;
        const char *text;
    } cases[] = {
        {1803884400, "maandag 1 maart 2027, 8.00 uur"}, // winter
        {1806195599, "zondag 28 maart 2027, 1.59 uur"}, // the second before summer time
        {1806195600, "zondag 28 maart 2027, 3.00 uur"},
        {1824944399, "zondag 31 oktober 2027, 2.59 uur"}, // and before it ends
        {1824944400, "zondag 31 oktober 2027, 2.00 uur"},
        {1798757999, "donderdag 31 december 2026, 23.59 uur"},
        {1798758000, "vrijdag 1 januari 2027, 0.00 uur"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text(catalogue_moment(0, cases[i].moment), cases[i].text);
    assert_text(catalogue_moment(1, 1803884400), "Monday 1 March 2027, 8:00");
}

static void an_hour_says_from_when_to_when(void **state) {
    (void)state;
    assert_text(catalogue_hour(0, 1798754400), "donderdag 31 december 2026, tussen 23.00 en 0.00 uur");
    assert_text(catalogue_hour(0, 1806192000), "zondag 28 maart 2027, tussen 1.00 en 3.00 uur");
    assert_text(catalogue_short_hour(1, 1798754400), "31 December 2026, 23:00 to 0:00");
}

static void numbers_are_written_as_people_do(void **state) {
    (void)state;
    char out[32];
    assert_string_equal(catalogue_number(0, 0, out), "0");
    assert_string_equal(catalogue_number(0, 999, out), "999");
    assert_string_equal(catalogue_number(0, 1000, out), "1.000");
    assert_string_equal(catalogue_number(1, 1234567, out), "1,234,567");
    assert_string_equal(catalogue_number(1, UINT64_MAX, out), "18,446,744,073,709,551,615");
    assert_string_equal(catalogue_share(0, 2, 3, out), "66,7 %");
    assert_string_equal(catalogue_share(1, 1, 3, out), "33.3 %");
    assert_string_equal(catalogue_share(1, 3, 3, out), "100.0 %");
    assert_string_equal(catalogue_share(0, 0, 0, out), "0,0 %");
}

static void texts_are_found_by_their_names(void **state) {
    (void)state;
    assert_int_equal(catalogue_find("problem.busy"), TEXT_PROBLEM_BUSY);
    assert_int_equal(catalogue_find("problem.bus"), -1);
    assert_text(catalogue_text(0, TEXT_PROBLEM_CODE, (struct place[]){{"code", "{code}<"}, {0}}),
                "Code van deze melding: {code}<");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_what_clocks_here_show),
        cmocka_unit_test(an_hour_says_from_when_to_when),
        cmocka_unit_test(numbers_are_written_as_people_do),
        cmocka_unit_test(texts_are_found_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
