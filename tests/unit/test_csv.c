// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include <setjmp.h>
#include <stdarg.h>

#include "cli/csv.h"
#include "cli/text.h"
#include "core/buf.h"

#include <cmocka.h>

// A file in memory as one text: fields in brackets, rows ended by '/', a bad row as '!'.
static void reads_as(struct span text, const char *expected, char separator) {
    struct issues issues = {0};
    struct csv csv;
    char seen[500] = "";
    struct buf b = buf_over(seen, sizeof seen - 1);
    assert_int_equal(csv_init(&csv, text, &issues), P1_EXIT_DONE);
    for (enum csv_got got; (got = csv_next(&csv, &issues)) != CSV_END;) {
        for (size_t i = 0; got == CSV_ROW && i < csv.nfields; i++) {
            buf_char(&b, '[');
            buf_put(&b, csv.fields[i]);
            buf_char(&b, ']');
        }
        buf_char(&b, got == CSV_ROW ? '/' : '!');
    }
    assert_string_equal(seen, expected);
    assert_int_equal(csv.separator, separator);
    assert_int_equal(issues.n, 0);
    csv_release(&csv);
}

// Reads to the end; the only issue must be this one.
static void complains(struct span text, enum p1_exit start, size_t line, const char *why, size_t rows, size_t bad) {
    struct issues issues = {0};
    struct csv csv;
    size_t good_seen = 0, bad_seen = 0;
    assert_int_equal(csv_init(&csv, text, &issues), start);
    if (start == P1_EXIT_DONE) {
        for (enum csv_got got; (got = csv_next(&csv, &issues)) != CSV_END;) {
            good_seen += got == CSV_ROW;
            bad_seen += got == CSV_BAD_ROW;
        }
    }
    assert_int_equal(issues.n, 1);
    assert_int_equal(issues.errors, 1);
    assert_int_equal(issues.all[0].line, line);
    assert_non_null(strstr(issues.all[0].text, why));
    assert_int_equal(good_seen, rows);
    assert_int_equal(bad_seen, bad);
    csv_release(&csv);
    issues_release(&issues);
}

static void semicolons_and_commas_are_found_from_the_first_line(void **state) {
    (void)state;
    reads_as(SPAN_LIT("a;b,c\n1;2,3\n"), "[a][b,c]/[1][2,3]/", ';');
    reads_as(SPAN_LIT("a,b\n1;2,3\n"), "[a][b]/[1;2][3]/", ',');
    reads_as(SPAN_LIT("\"a;b\",c\n1,2\n"), "[a;b][c]/[1][2]/", ',');
    reads_as(SPAN_LIT("a\n1;2\n"), "[a]/[1;2]/", ',');
}

static void line_ends_and_the_mark_at_the_start_do_not_matter(void **state) {
    (void)state;
    reads_as(SPAN_LIT("\xef\xbb\xbfid;b\r\n1;2\r\n"), "[id][b]/[1][2]/", ';');
    reads_as(SPAN_LIT("id;b\n1;2\r\n3;4"), "[id][b]/[1][2]/[3][4]/", ';');
    reads_as(SPAN_LIT("\n\nid\r\n\r\n1\n\n"), "[id]/[1]/", ',');
}

static void empty_fields_are_fields(void **state) {
    (void)state;
    reads_as(SPAN_LIT(";;\n;1;\n\"\";;\"\""), "[][][]/[][1][]/[][][]/", ';');
    reads_as(SPAN_LIT(""), "", ',');
    reads_as(SPAN_LIT("\xef\xbb\xbf"), "", ',');
}

static void quoted_fields_hold_separators_quotes_and_line_ends(void **state) {
    (void)state;
    reads_as(SPAN_LIT("\"a;\"\"b\"\"\";c\n\"1\r\n2\";\"\"\"\"\n"), "[a;\"b\"][c]/[1\r\n2][\"]/", ';');
}

static void rows_know_the_line_they_start_on(void **state) {
    (void)state;
    struct issues issues = {0};
    struct csv csv;
    assert_int_equal(csv_init(&csv, SPAN_LIT("a\n\"1\n2\r\n3\"\r\n\nb"), &issues), P1_EXIT_DONE);
    const size_t lines[] = {1, 2, 6};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(csv_next(&csv, &issues), CSV_ROW);
        assert_int_equal(csv.row_line, lines[i]);
    }
    assert_int_equal(csv_next(&csv, &issues), CSV_END);
    csv_release(&csv);
}

static void rows_may_be_wide(void **state) {
    (void)state;
    struct issues issues = {0};
    struct csv csv;
    char text[3000];
    memset(text, ';', sizeof text);
    assert_int_equal(csv_init(&csv, span_of(text, sizeof text), &issues), P1_EXIT_DONE);
    assert_int_equal(csv_next(&csv, &issues), CSV_ROW);
    assert_int_equal(csv.nfields, sizeof text + 1);
    csv_release(&csv);
}

static void bytes_that_are_not_utf8_are_refused_with_their_line(void **state) {
    (void)state;
    static const char *const bad[] = {"\xe9",
                                      "\xc3",
                                      "\xc3(",
                                      "\xc0\xaf",
                                      "\xe0\x80\xaf",
                                      "\xed\xa0\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xf0\x80\x80\x80",
                                      "\xe2\x82"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[40];
        int n = snprintf(text, sizeof text, "id;naam\n1;caf\xc3\xa9\n2;%s", bad[i]);
        complains(span_of(text, (size_t)n), P1_EXIT_UNREADABLE, 3, "is not UTF-8", 0, 0);
    }
    reads_as(SPAN_LIT("\xc2\x80\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
             "[\xc2\x80\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf]/", ',');
}

static void zero_bytes_are_refused_with_their_line(void **state) {
    (void)state;
    complains(SPAN_LIT("a\nb\n\0c"), P1_EXIT_UNREADABLE, 3, "a zero byte", 0, 0);
}

static void a_quote_inside_a_plain_field_makes_a_bad_row(void **state) {
    (void)state;
    complains(SPAN_LIT("a;b\n1;x\"y\n2;z\n"), P1_EXIT_DONE, 2, "a quotation mark stands inside a field", 2, 1);
}

static void text_after_a_closing_quote_makes_a_bad_row(void **state) {
    (void)state;
    complains(SPAN_LIT("a;b\n1;\"x\n\"y\n2;z\n"), P1_EXIT_DONE, 3, "closes the field opened on line 2", 2, 1);
}

static void a_quote_that_is_never_closed_makes_a_bad_row(void **state) {
    (void)state;
    complains(SPAN_LIT("a;b\n1;\"x\n2;z\n"), P1_EXIT_DONE, 2, "is never closed", 1, 1);
    complains(SPAN_LIT("a;b\n1;\""), P1_EXIT_DONE, 2, "is never closed", 1, 1);
}

static void a_lone_carriage_return_makes_a_bad_row(void **state) {
    (void)state;
    complains(SPAN_LIT("a;b\n1;x\ry\n2;z\n"), P1_EXIT_DONE, 2, "carriage return", 2, 1);
    complains(SPAN_LIT("a;b\r"), P1_EXIT_DONE, 1, "carriage return", 0, 1);
}

static void written_fields_read_back_the_same(void **state) {
    (void)state;
    static const char *const fields[] = {"",           "x",          "a;b",          "a,b",     "\"",
                                         "say \"ja\"", "two\nlines", "two\r\nlines", " spaced "};
    const size_t n = sizeof fields / sizeof *fields;
    char memory[200];
    struct buf out = buf_over(memory, sizeof memory);
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(&out, ';');
        csv_write_field(&out, span_str(fields[i]), ';');
    }
    buf_char(&out, 0);
    struct span text = span_of(out.p, out.n - 1);
    assert_non_null(strstr((const char *)text.p, ";x;\"a;b\";a,b;"));

    struct issues issues = {0};
    struct csv csv;
    assert_int_equal(csv_init(&csv, text, &issues), P1_EXIT_DONE);
    assert_int_equal(csv_next(&csv, &issues), CSV_ROW);
    assert_int_equal(csv.nfields, n);
    for (size_t i = 0; i < n; i++) assert_true(span_eq(csv.fields[i], span_str(fields[i])));
    csv_release(&csv);
}

// What was written to a temporary file, which is closed.
static struct span written(FILE *f) {
    static char text[2000];
    rewind(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    text[n] = 0;
    fclose(f);
    return span_of(text, n);
}

static void messages_cannot_steer_a_terminal_and_cut_no_character(void **state) {
    (void)state;
    struct issues issues = {0};
    char name[62] = "";
    for (size_t i = 0; i < 59; i++) name[i] = 'x';
    memcpy(name + 59, "\xc3\xa9", 3); // bytes 59 and 60
    issues_add(&issues, SEVERITY_NOTE, 0, "%.*s", TEXT_SHORT(span_str(name)));
    issues_add(&issues, SEVERITY_WARNING, 7,
               "a\x1b[2J\x7f\xc2\x9b"
               "b\xc3\xa9");
    assert_int_equal(strlen(issues.all[0].text), 59);
    assert_string_equal(issues.all[1].text, "a?[2J???b\xc3\xa9");
    assert_int_equal(issues.errors, 0);

    FILE *out = tmpfile();
    assert_non_null(out);
    issues_print(&issues, out);
    const char *text = (const char *)written(out).p;
    assert_non_null(strstr(text, "note: xxx"));
    assert_non_null(strstr(text, "\nline 7: warning: a?"));
    issues_release(&issues);
    assert_int_equal(issues.n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(semicolons_and_commas_are_found_from_the_first_line),
        cmocka_unit_test(line_ends_and_the_mark_at_the_start_do_not_matter),
        cmocka_unit_test(empty_fields_are_fields),
        cmocka_unit_test(quoted_fields_hold_separators_quotes_and_line_ends),
        cmocka_unit_test(rows_know_the_line_they_start_on),
        cmocka_unit_test(rows_may_be_wide),
        cmocka_unit_test(bytes_that_are_not_utf8_are_refused_with_their_line),
        cmocka_unit_test(zero_bytes_are_refused_with_their_line),
        cmocka_unit_test(a_quote_inside_a_plain_field_makes_a_bad_row),
        cmocka_unit_test(text_after_a_closing_quote_makes_a_bad_row),
        cmocka_unit_test(a_quote_that_is_never_closed_makes_a_bad_row),
        cmocka_unit_test(a_lone_carriage_return_makes_a_bad_row),
        cmocka_unit_test(written_fields_read_back_the_same),
        cmocka_unit_test(messages_cannot_steer_a_terminal_and_cut_no_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
