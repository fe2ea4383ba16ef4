// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/page.h"

static struct page g;

static int fresh(void **state) {
    (void)state;
    free(g.p);
    g = (struct page){0};
    return 0;
}

static int done(void **state) {
    free(g.p);
    return release(state);
}

static void assert_page(const char *expected) {
    assert_false(g.failed);
    assert_span(span_of(g.p, g.n), span_str(expected));
}

static void a_text_is_never_markup(void **state) {
    (void)state;
    page_put(&g, "</p><script>a & \"b\" 'c'", "p");
    assert_page("<p>&lt;/p&gt;&lt;script&gt;a &amp; &#34;b&#34; &#39;c&#39;</p>\n");
}

static void a_value_cannot_leave_its_attribute(void **state) {
    (void)state;
    page_void(&g, "input", "value", "\" autofocus onfocus='x'>", "", "left out", "required", "");
    assert_page("<input value=\"&#34; autofocus onfocus=&#39;x&#39;&gt;\" required=\"\">");
}

static void what_steers_or_is_no_text_is_taken_out(void **state) {
    (void)state;
    page_span(&g, span_str("a\xe2\x80\xae"
                           "b\xff"
                           "c\x01\td\ne\xe2\x82"));
    assert_page("a???b?c??d\ne??");
}

static void a_text_of_any_length_is_written_whole(void **state) {
    (void)state;
    enum { N = 100000 };
    char *text = keep(N + 1);
    for (size_t n = 1; n <= N; n = n * 3 + 1) {
        fresh(NULL);
        memset(text, '&', n);
        text[n] = 0;
        page_text(&g, "<");
        page_text(&g, text);
        page_text(&g, "x");
        assert_int_equal(g.n, 4 + 5 * n + 1);
        for (size_t i = 0; i < n; i++) assert_memory_equal(g.p + 4 + 5 * i, "&amp;", 5);
        assert_int_equal(g.p[g.n - 1], 'x');
    }
}

static void elements_close_in_their_order(void **state) {
    (void)state;
    page_open(&g, "ul", "class", "x");
    page_open(&g, "li");
    page_put(&g, "b", "a", "href", "/c?d=1&e=2");
    page_close(&g);
    page_close(&g);
    assert_page("<ul class=\"x\"><li><a href=\"/c?d=1&amp;e=2\">b</a></li>\n</ul>\n");
    page_close(&g);
    assert_true(g.failed);
}

static void too_deep_is_a_failure(void **state) {
    (void)state;
    for (int i = 0; i < PAGE_DEPTH; i++) page_open(&g, "div");
    assert_false(g.failed);
    page_open(&g, "div");
    assert_true(g.failed);
}

static void a_missing_text_is_a_failure(void **state) {
    (void)state;
    page_text(&g, NULL);
    assert_true(g.failed);
}

static void a_link_keeps_the_language_that_was_asked_for(void **state) {
    (void)state;
    char out[PAGE_PATH_MAX];
    g.language = 1;
    assert_string_equal(page_path(&g, "/votes", out), "/votes");
    g.chosen = 1;
    assert_string_equal(page_path(&g, "/votes", out), "/votes?lang=en");
    assert_string_equal(page_path(&g, "/votes?after=1", out), "/votes?after=1&lang=en");
}

static void a_problem_without_texts_says_what_it_was_given(void **state) {
    (void)state;
    size_t n;
    char *page = page_problem(0, "not-today", "Not <b>", "Back & more.", &n);
    assert_non_null(page);
    page[n - 1] = 0;
    assert_non_null(strstr(page, "<h1>Not &lt;b&gt;</h1>"));
    assert_non_null(strstr(page, "lang=\"en\">Back &amp; more.</p>"));
    free(page);
    page = page_problem(1, "busy", "x", "y", &n);
    assert_non_null(page);
    page[n - 1] = 0;
    assert_non_null(strstr(page, "<h1>It is very busy</h1>"));
    assert_null(strstr(page, ">y<"));
    free(page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_text_is_never_markup, fresh),
        cmocka_unit_test_setup(a_value_cannot_leave_its_attribute, fresh),
        cmocka_unit_test_setup(what_steers_or_is_no_text_is_taken_out, fresh),
        cmocka_unit_test_setup(a_text_of_any_length_is_written_whole, fresh),
        cmocka_unit_test_setup(elements_close_in_their_order, fresh),
        cmocka_unit_test_setup(too_deep_is_a_failure, fresh),
        cmocka_unit_test_setup(a_missing_text_is_a_failure, fresh),
        cmocka_unit_test_setup(a_link_keeps_the_language_that_was_asked_for, fresh),
        cmocka_unit_test_setup(a_problem_without_texts_says_what_it_was_given, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
