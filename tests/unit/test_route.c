// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/route.h"

static const char *const paging[] = {"page", "limit", NULL};

static const struct http_route platform[] = {
    {.method = "GET", .path = "/"},
    {.method = "GET", .path = "/v1/elections"},
    {.method = "GET", .path = "/v1/elections/{uuid}", .query = paging},
    {.method = "PUT", .path = "/v1/elections/{uuid}"},
    {.method = "GET", .path = "/v1/elections/{uuid}/ballots/{tracker}"},
    {.method = "GET", .path = "/v1/{any}/old"},
};
static const struct http_route experiment[] = {
    {.method = "POST", .path = "/v1/elections/{id}"},
    {.method = "GET", .path = "/v1/elections/now"},
    {.method = "GET", .path = "/v1/{kind}/{name}/ballots/first"},
};
static int first, second;
static const struct http_table tables[] = {{platform, 6, &first}, {experiment, 3, &second}};

static struct route_match m;

static enum refusal look(const char *method, const char *path) {
    struct uri u;
    struct span s = keep_span(span_str(path));
    assert_int_equal(uri_parse(&u, s, (struct span){0}, keep(s.n)), REFUSED_NOT);
    return route_find(&m, tables, 2, method, &u);
}

static void a_path_finds_its_route_and_parameters(void **state) {
    (void)state;
    assert_int_equal(look("GET", "/"), REFUSED_NOT);
    assert_ptr_equal(m.route, &platform[0]);
    assert_int_equal(look("GET", "/v1/elections/a%20b/ballots/c"), REFUSED_NOT);
    assert_ptr_equal(m.route, &platform[4]);
    assert_ptr_equal(m.arg, &first);
    assert_span(m.param[0], SPAN_LIT("a b"));
    assert_span(m.param[1], SPAN_LIT("c"));
    assert_int_equal(m.param[2].n, 0);
}

static void a_literal_segment_goes_before_a_parameter(void **state) {
    (void)state;
    assert_int_equal(look("GET", "/v1/elections/now"), REFUSED_NOT);
    assert_ptr_equal(m.route, &experiment[1]);
    assert_ptr_equal(m.arg, &second);
    assert_int_equal(look("GET", "/v1/elections/then"), REFUSED_NOT);
    assert_ptr_equal(m.route, &platform[2]);
    assert_int_equal(look("GET", "/v1/elections/old"), REFUSED_NOT); // the earlier segment decides
    assert_ptr_equal(m.route, &platform[2]);
    assert_int_equal(look("GET", "/v1/elections/a/ballots/first"), REFUSED_NOT);
    assert_ptr_equal(m.route, &platform[4]);
    assert_int_equal(look("GET", "/v1/polls/a/ballots/first"), REFUSED_NOT);
    assert_ptr_equal(m.route, &experiment[2]);
}

static void methods_come_from_all_tables(void **state) {
    (void)state;
    assert_int_equal(look("POST", "/v1/elections/a"), REFUSED_NOT);
    assert_ptr_equal(m.route, &experiment[0]);
    assert_ptr_equal(m.arg, &second);
    assert_string_equal(m.allow, "GET, HEAD, PUT, POST, OPTIONS");
    assert_int_equal(look("HEAD", "/v1/elections/a"), REFUSED_NOT);
    assert_ptr_equal(m.route, &platform[2]);
    assert_int_equal(look("DELETE", "/v1/elections/a"), REFUSED_METHOD);
    assert_string_equal(m.allow, "GET, HEAD, PUT, POST, OPTIONS");
    assert_int_equal(look("PUT", "/v1/elections/now"), REFUSED_METHOD); // another thing than {uuid}
    assert_string_equal(m.allow, "GET, HEAD, OPTIONS");
    assert_int_equal(look("OPTIONS", "/v1/elections/now"), REFUSED_NOT);
    assert_null(m.route);
}

static void what_is_not_there_is_not_found(void **state) {
    (void)state;
    static const char *const none[] = {"/v1",
                                       "/v1/",
                                       "/v1/elections/",
                                       "/v1/elections/a/",
                                       "/v1/elections/a/ballots",
                                       "/v1/elections/a/ballots/b/c",
                                       "/V1/elections",
                                       "/v1/election"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(look("GET", none[i]), REFUSED_NOT_FOUND);
        assert_int_equal(look("OPTIONS", none[i]), REFUSED_NOT_FOUND);
    }
    assert_int_equal(look("TRACE", "/"), REFUSED_METHOD_UNKNOWN);
    assert_int_equal(look("get", "/"), REFUSED_METHOD_UNKNOWN);
}

static void only_named_parameters_are_taken_and_each_once(void **state) {
    (void)state;
    static const struct {
        const char *query;
        enum refusal refused;
    } cases[] = {{"page=1&limit=2", REFUSED_NOT},    {"limit=", REFUSED_NOT},    {"page=1&page=1", REFUSED_QUERY},
                 {"page=1&%70age=1", REFUSED_QUERY}, {"other=1", REFUSED_QUERY}, {"pag=1", REFUSED_QUERY}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct uri u;
        struct span s = text_of("/v1/elections/a?%s", cases[i].query);
        assert_int_equal(uri_parse(&u, s, (struct span){0}, keep(s.n)), REFUSED_NOT);
        assert_int_equal(route_check_query(&platform[2], &u), cases[i].refused);
        assert_int_equal(route_check_query(&platform[1], &u), REFUSED_QUERY);
    }
}

static void tables_that_contradict_themselves_are_refused(void **state) {
    (void)state;
    static const struct http_route bad[] = {
        {.method = "get", .path = "/a"},
        {.method = "TRACE", .path = "/a"},
        {.method = "GET", .path = "a"},
        {.method = "GET", .path = "/a/"},
        {.method = "GET", .path = "//a"},
        {.method = "GET", .path = "/v1/elections"},
        {.method = "GET", .path = "/v1/elections/{other}"},
        {.method = "GET", .path = "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q"},
    };
    assert_true(routes_valid(tables, 2));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_table with[] = {tables[0], {&bad[i], 1, NULL}};
        assert_false(routes_valid(with, 2));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_route_and_parameters),
        cmocka_unit_test(a_literal_segment_goes_before_a_parameter),
        cmocka_unit_test(methods_come_from_all_tables),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(only_named_parameters_are_taken_and_each_once),
        cmocka_unit_test(tables_that_contradict_themselves_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
