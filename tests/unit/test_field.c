// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/field.h"

static struct span s(const char *text) { return keep_span(span_str(text)); }

static void a_token_is_a_token(void **state) {
    (void)state;
    assert_true(field_is_token(s("X-Forwarded-For")));
    assert_true(field_is_token(s("!#$%&'*+-.^_`|~09azAZ")));
    static const char *const none[] = {"", "a b", "a:", "a\t", "(a)", "a/b", "a\"", "caf\xc3\xa9", "a\x7f", "a\x01"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_false(field_is_token(s(none[i])));
    assert_false(field_is_token(SPAN_LIT("a\0b")));
}

static void a_type_is_compared_without_its_parameters(void **state) {
    (void)state;
    assert_true(field_is_type(s("application/json"), "application/json"));
    assert_true(field_is_type(s("Application/JSON ; charset=\"a;b\""), "application/json"));
    assert_false(field_is_type(s("application/jsonp"), "application/json"));
    assert_false(field_is_type(s("application/jso"), "application/json"));
    assert_false(field_is_type(s("text/plain; application/json"), "application/json"));
    assert_false(field_is_type(s(""), "application/json"));
}

static void the_closest_range_decides_what_is_accepted(void **state) {
    (void)state;
    static const struct {
        const char *accept;
        unsigned q;
    } cases[] = {
        {"text/html", 1000},
        {"TEXT/HTML;q=0.5", 500},
        {"text/*;q=0.25", 250},
        {"*/*;q=0.1", 100},
        {"*/*;q=0.1, text/html;q=0.9", 900},
        {"text/html;q=0, */*", 0},
        {"text/html; level=1; Q=0.125", 125},
        {"application/json, text/plain", 0},
        {"", 0},
        {"text/html;q=2", 0},
        {"text/html;q=0.1234", 0},
        {"text/html;q=x", 0},
        {"text/htmlx", 0},
        {"tex/*", 0},
        {" , ,text/html", 1000},
        {"application/xhtml+xml;a=\"x, text/html\"", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(field_accepts(s(cases[i].accept), "text/html", 0), cases[i].q);
    assert_int_equal(field_accepts(s("text/*, */*"), "text/html", 1), 0);
    assert_int_equal(field_accepts(s("text/*;q=0.1, text/html;q=0.3"), "text/html", 1), 300);
}

static void a_coding_is_accepted_by_name_only(void **state) {
    (void)state;
    static const char *const yes[] = {"br", "gzip, deflate, BR", "gzip;q=1.0, br;q=0.1", " , br ; q=1"};
    static const char *const no[] = {"", "*", "gzip", "brotli", "br;q=0", "gzip, br;Q=0.000", "br;q=x", "b"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) assert_true(field_has_coding(s(yes[i]), "br"));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) assert_false(field_has_coding(s(no[i]), "br"));
}

static void entity_tags_are_compared_weakly(void **state) {
    (void)state;
    assert_true(field_has_etag(s("\"a\""), "\"a\""));
    assert_true(field_has_etag(s("\"x\" , W/\"a\""), "\"a\""));
    assert_true(field_has_etag(s("\"a\""), "W/\"a\""));
    assert_true(field_has_etag(s("\"x, y\", \"a\""), "\"a\""));
    assert_true(field_has_etag(s("*"), "\"a\""));
    assert_false(field_has_etag(s("a"), "\"a\""));
    assert_false(field_has_etag(s("\"x, \"a\"\""), "\"a\""));
    assert_false(field_has_etag(s(""), "\"a\""));
}

static void a_number_has_digits_only(void **state) {
    (void)state;
    static const char *const none[] = {"", "+5", "-5", " 5", "5 ", "5,5", "0x5", "1e3", "1000000000000000000"};
    uint64_t n;
    assert_true(field_number(s("0"), &n) && n == 0);
    assert_true(field_number(s("007"), &n) && n == 7);
    assert_true(field_number(s("999999999999999999"), &n) && n == 999999999999999999u);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_false(field_number(s(none[i]), &n));
}

static void a_range_lies_within_the_size(void **state) {
    (void)state;
    static const struct {
        const char *range;
        uint64_t size;
        enum field_range verdict;
        uint64_t first, last;
    } cases[] = {
        {"bytes=0-0", 10, RANGE_GOOD, 0, 0},
        {"bytes=0-9", 10, RANGE_GOOD, 0, 9},
        {"bytes=0-10", 10, RANGE_GOOD, 0, 9},
        {"BYTES=9-", 10, RANGE_GOOD, 9, 9},
        {"bytes=-1", 10, RANGE_GOOD, 9, 9},
        {"bytes=-11", 10, RANGE_GOOD, 0, 9},
        {"bytes=10-", 10, RANGE_OUTSIDE, 0, 0},
        {"bytes=10-10", 10, RANGE_OUTSIDE, 0, 0},
        {"bytes=-0", 10, RANGE_OUTSIDE, 0, 0},
        {"bytes=0-0", 0, RANGE_OUTSIDE, 0, 0},
        {"bytes=-1", 0, RANGE_OUTSIDE, 0, 0},
        {"bytes=2-1", 10, RANGE_NONE, 0, 0},
        {"bytes=0-1,3-4", 10, RANGE_NONE, 0, 0},
        {"bytes=", 10, RANGE_NONE, 0, 0},
        {"bytes=-", 10, RANGE_NONE, 0, 0},
        {"bytes=0", 10, RANGE_NONE, 0, 0},
        {"bytes", 10, RANGE_NONE, 0, 0},
        {"items=0-1", 10, RANGE_NONE, 0, 0},
        {"bytes=+0-1", 10, RANGE_NONE, 0, 0},
        {"bytes=0--1", 10, RANGE_NONE, 0, 0},
        {"bytes=99999999999999999999-", 10, RANGE_NONE, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t first = 0, last = 0;
        assert_int_equal(field_range(s(cases[i].range), cases[i].size, &first, &last), cases[i].verdict);
        if (cases[i].verdict != RANGE_GOOD) continue;
        assert_int_equal(first, cases[i].first);
        assert_int_equal(last, cases[i].last);
    }
}

static void a_language_is_weighed_by_its_closest_range(void **state) {
    (void)state;
    static const struct {
        const char *accept, *code;
        unsigned q;
    } cases[] = {
        {"nl", "nl", 1000},
        {"NL-be;q=0.8, en;q=0.3", "nl", 800},
        {"nl-BE;q=0.8, nl;q=0.1", "nl", 100},
        {"nld, *;q=0.2", "nl", 200},
        {"*, nl;q=0", "nl", 0},
        {"en-GB", "nl", 0},
        {"", "nl", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(field_language(s(cases[i].accept), cases[i].code), cases[i].q);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_language_is_weighed_by_its_closest_range),
        cmocka_unit_test(a_token_is_a_token),
        cmocka_unit_test(a_type_is_compared_without_its_parameters),
        cmocka_unit_test(the_closest_range_decides_what_is_accepted),
        cmocka_unit_test(a_coding_is_accepted_by_name_only),
        cmocka_unit_test(entity_tags_are_compared_weakly),
        cmocka_unit_test(a_number_has_digits_only),
        cmocka_unit_test(a_range_lies_within_the_size),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
