// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/csv.h"

#include <stdlib.h>

#include "cli/text.h"

enum field_end { END_FIELD, END_ROW, END_BAD };

// The separator, from the first line: semicolons win, since a header such as "naam, adres" is likelier than one with
// semicolons in a file of commas.
static char find_separator(struct span text) {
    int quoted = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (text.p[i] == '\n') break;
        if (text.p[i] == ';') return ';';
    }
    return ',';
}

static size_t count_lines(struct span text) {
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++) lines += text.p[i] == '\n';
    return lines;
}

enum p1_exit csv_init(struct csv *csv, struct span text, struct issues *issues) {
    static const struct span mark = SPAN_LIT("\xef\xbb\xbf");
    if (text.n >= mark.n && span_eq(span_of(text.p, mark.n), mark)) text = span_from(text, mark.n);
    *csv = (struct csv){.line = 1, .n = text.n, .separator = find_separator(text)};
    csv->text = text_copy(text);

    size_t good = text_utf8(text);
    if (good < text.n)
        return issues_refuse(issues, P1_EXIT_UNREADABLE, count_lines(span_of(text.p, good)),
                             "the byte %02x is not UTF-8: save the file again as \"CSV UTF-8\"", text.p[good]);
    const uint8_t *zero = text.n ? memchr(text.p, 0, text.n) : NULL;
    if (zero)
        return issues_refuse(issues, P1_EXIT_UNREADABLE, count_lines(span_of(text.p, (size_t)(zero - text.p))),
                             "a zero byte does not belong in a text: save the file again as \"CSV UTF-8\"");
    return P1_EXIT_DONE;
}

void csv_release(struct csv *csv) {
    free(csv->text);
    free(csv->fields);
    *csv = (struct csv){0};
}

static void push(struct csv *csv, const char *from, const char *to) {
    csv->fields = mem_grow(csv->fields, csv->nfields, &csv->cap, sizeof *csv->fields);
    csv->fields[csv->nfields++] = span_of(from, (size_t)(to - from));
}

// The text ends in NUL, so one byte beyond any byte of it may be looked at.
static int at_line_end(const struct csv *csv) {
    const char *p = csv->text + csv->at;
    return p[0] == '\n' || (p[0] == '\r' && p[1] == '\n');
}

static void pass_line_end(struct csv *csv) {
    csv->at += csv->text[csv->at] == '\r' ? 2 : 1;
    csv->line++;
}

static enum field_end after_field(struct csv *csv) {
    if (csv->at == csv->n) return END_ROW;
    if (at_line_end(csv)) {
        pass_line_end(csv);
        return END_ROW;
    }
    csv->at++;
    return END_FIELD;
}

static int at_field_end(const struct csv *csv) {
    return csv->at == csv->n || csv->text[csv->at] == csv->separator || at_line_end(csv);
}

static enum field_end bad(const struct csv *csv, struct issues *issues, const char *why) {
    issues_add(issues, SEVERITY_ERROR, csv->line, "%s", why);
    return END_BAD;
}

static enum field_end read_plain(struct csv *csv, struct issues *issues) {
    const char *start = csv->text + csv->at;
    for (; !at_field_end(csv); csv->at++) {
        if (csv->text[csv->at] == '"')
            return bad(csv, issues, "a quotation mark stands inside a field that does not start with one");
        if (csv->text[csv->at] == '\r') return bad(csv, issues, "a carriage return stands without a line feed");
    }
    push(csv, start, csv->text + csv->at);
    return after_field(csv);
}

// Unquotes in place: what is written never runs ahead of what is read.
static enum field_end read_quoted(struct csv *csv, struct issues *issues) {
    size_t opened = csv->line;
    char *start = csv->text + ++csv->at, *to = start;
    for (;; csv->at++) {
        if (csv->at == csv->n) {
            issues_add(issues, SEVERITY_ERROR, opened, "the quotation mark that opens a field here is never closed");
            return END_BAD;
        }
        char c = csv->text[csv->at];
        if (c == '"' && csv->text[csv->at + 1] != '"') break;
        if (c == '"') csv->at++;
        if (c == '\n') csv->line++;
        *to++ = c;
    }
    csv->at++;
    if (!at_field_end(csv)) {
        issues_add(issues, SEVERITY_ERROR, csv->line,
                   "text follows on the quotation mark that closes the field opened on line %zu", opened);
        return END_BAD;
    }
    push(csv, start, to);
    return after_field(csv);
}

static void skip_line(struct csv *csv) {
    while (csv->at < csv->n && csv->text[csv->at] != '\n') csv->at++;
    if (csv->at < csv->n) pass_line_end(csv);
}

enum csv_got csv_next(struct csv *csv, struct issues *issues) {
    while (csv->at < csv->n && at_line_end(csv)) pass_line_end(csv);
    if (csv->at == csv->n) return CSV_END;

    csv->row_line = csv->line;
    csv->nfields = 0;
    enum field_end end;
    do {
        end = csv->text[csv->at] == '"' ? read_quoted(csv, issues) : read_plain(csv, issues);
    } while (end == END_FIELD);
    if (end == END_ROW) return CSV_ROW;
    skip_line(csv);
    return CSV_BAD_ROW;
}

void csv_write_field(struct buf *out, struct span field, char separator) {
    int quote = 0;
    for (size_t i = 0; i < field.n; i++) {
        char c = (char)field.p[i];
        quote |= c == separator || c == '"' || c == '\r' || c == '\n';
    }
    if (quote) buf_char(out, '"');
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"') buf_char(out, '"');
        buf_char(out, (char)field.p[i]);
    }
    if (quote) buf_char(out, '"');
}
