// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/uri.h"

static struct uri u;

static enum refusal parse(struct span target, const char *host) {
    struct span s = keep_span(target);
    return uri_parse(&u, s, span_str(host), keep(s.n));
}

static void assert_parse(const char *target, enum refusal refused) {
    enum refusal got = parse(span_str(target), "test:80");
    if (got != refused) fail_msg("'%s': %d, not %d", target, (int)got, (int)refused);
}

static void a_path_is_decoded_by_segment(void **state) {
    (void)state;
    assert_parse("/", REFUSED_NOT);
    assert_int_equal(u.segments, 0);
    assert_parse("/v1/caf%C3%a9/a%20b-._~!$&'()*+,;=:@", REFUSED_NOT);
    assert_int_equal(u.segments, 3);
    assert_span(u.segment[1], SPAN_LIT("caf\xc3\xa9"));
    assert_span(u.segment[2], SPAN_LIT("a b-._~!$&'()*+,;=:@")); // no plus is a blank here
    assert_parse("/a/?x=1", REFUSED_NOT);
    assert_int_equal(u.segments, 2);
    assert_int_equal(u.segment[1].n, 0);
    assert_span(u.path, SPAN_LIT("/a/"));
    assert_parse("/%2e./...", REFUSED_TARGET_FORM);
    assert_parse("/.../.a", REFUSED_NOT);
}

static void a_path_that_could_be_read_in_two_ways_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "a",
        "//",
        "/a//b",
        "/.",
        "/..",
        "/a/../b",
        "/a/%2e",
        "/%2E%2e/a",
        "/a%2fb",
        "/a%2Fb",
        "/a%5c",
        "/a\\b",
        "/%00",
        "/%0a",
        "/%7f",
        "/%",
        "/%1",
        "/%g1",
        "/%1g",
        "/%%31",
        "/a b",
        "/\"",
        "/<>",
        "/a#b",
        "/\xc3\xa9",
        "/%c3",
        "/%c0%80",
        "/%ed%a0%80",
        "/%f5%80%80%80",
        "/{a}",
        "/a|b",
        "*",
        "http://test:80",
        "http://other/",
        "http://test:81/",
        "http://test:80.evil/",
        "http://a@test:80/",
        "ftp://test:80/a",
        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_parse(bad[i], REFUSED_TARGET_FORM);
    assert_int_equal(parse(SPAN_LIT("/a\0b"), "test"), REFUSED_TARGET_FORM);
    assert_int_equal(parse(SPAN_LIT("http:///a"), ""), REFUSED_TARGET_FORM);
}

static void the_absolute_form_names_the_same_host(void **state) {
    (void)state;
    assert_parse("http://test:80/a?b=c", REFUSED_NOT);
    assert_span(u.path, SPAN_LIT("/a"));
    assert_parse("HTTPS://TEST:80/", REFUSED_NOT);
    assert_int_equal(u.segments, 0);
}

static void a_query_is_decoded_by_name_and_value(void **state) {
    (void)state;
    assert_parse("/?a=b+c%2B%26&d=&e=f=g/?", REFUSED_NOT);
    assert_int_equal(u.queries, 3);
    assert_span(u.query[0].name, SPAN_LIT("a"));
    assert_span(u.query[0].value, SPAN_LIT("b c+&"));
    assert_int_equal(u.query[1].value.n, 0);
    assert_span(u.query[2].value, SPAN_LIT("f=g/?"));
    assert_parse("/?", REFUSED_NOT);
    assert_int_equal(u.queries, 0);
    static const char *const bad[] = {"a",     "a&b=c", "=b",  "a=b&", "&a=b",  "a=%",
                                      "a=%00", "a=%ff", "%=a", "a=\"", "a=b#c", "a=[]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_parse(str_of(text_of("/?%s", bad[i])), REFUSED_QUERY);
    struct buf b = keep_buf(200);
    buf_str(&b, "/?");
    for (int i = 0; i < 16; i++) buf_str(&b, "a=b&");
    assert_int_equal(parse(span_of(b.p, b.n - 1), "test"), REFUSED_NOT);
    buf_str(&b, "a=b");
    assert_int_equal(parse(buf_span(&b), "test"), REFUSED_QUERY);
}

static void a_target_has_a_longest_length(void **state) {
    (void)state;
    uint8_t text[URI_MAX + 1];
    memset(text, 'a', sizeof text);
    text[0] = '/';
    assert_int_equal(parse(span_of(text, URI_MAX), "test"), REFUSED_NOT);
    assert_int_equal(parse(span_of(text, URI_MAX + 1), "test"), REFUSED_TARGET_LONG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_decoded_by_segment),
        cmocka_unit_test(a_path_that_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(the_absolute_form_names_the_same_host),
        cmocka_unit_test(a_query_is_decoded_by_name_and_value),
        cmocka_unit_test(a_target_has_a_longest_length),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
