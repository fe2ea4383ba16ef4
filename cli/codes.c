// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/codes.h"

#include <sodium.h>
#include <stdlib.h>

#include "cli/files.h"
#include "cli/text.h"

enum { FIELDS = 8 };

static int is_header(const struct csv *csv) {
    struct span rest = SPAN_LIT(CODES_HEADER);
    if (csv->nfields != FIELDS) return 0;
    for (size_t i = 0; i < FIELDS; i++) {
        const uint8_t *end = memchr(rest.p, ';', rest.n);
        size_t n = end ? (size_t)(end - rest.p) : rest.n;
        if (!span_eq(csv->fields[i], span_of(rest.p, n))) return 0;
        rest = span_from(rest, end ? n + 1 : n);
    }
    return 1;
}

static int is_ours(struct span text) {
    struct code code;
    int ours = code_read(&code, text) == P1_OK && code.checked && code.kind == CODE_3X &&
               span_eq(text, span_of(code.text, code.n));
    sodium_memzero(&code, sizeof code);
    return ours;
}

static void take_row(struct codes *c, const struct csv *csv, struct issues *issues) {
    const struct span *f = csv->fields;
    if (csv->nfields != FIELDS) {
        issues_add(issues, SEVERITY_ERROR, csv->row_line, "there are %zu fields instead of %d", csv->nfields, FIELDS);
        return;
    }
    struct addressee *a = &c->all[c->n++];
    *a = (struct addressee){csv->row_line, 0, f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], 0};
    if (!is_ours(a->code)) issues_add(issues, SEVERITY_ERROR, a->line, "the code is not one that plus1 made");
    if (!a->name.n) issues_add(issues, SEVERITY_ERROR, a->line, "the name is missing");
    if (!a->street.n || !a->postcode.n || !a->city.n)
        issues_add(issues, SEVERITY_ERROR, a->line, "the address is not complete: street, postcode and city");
    for (size_t i = 0; i < FIELDS; i++)
        if (text_has_control(f[i])) issues_add(issues, SEVERITY_ERROR, a->line, "a control character is in it");
}

static size_t lines_in(struct span text) {
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++) n += text.p[i] == '\n';
    return n;
}

static enum p1_exit read_rows(struct codes *c, struct csv *csv, struct issues *issues) {
    if (csv_next(csv, issues) != CSV_ROW || !is_header(csv))
        return refuse(P1_EXIT_UNREADABLE, "%s is not what plus1 credentials make writes: it begins with %s", c->path,
                      CODES_HEADER);
    c->all = mem_alloc(lines_in(span_of(csv->text, csv->n)) * sizeof *c->all);
    for (enum csv_got got; (got = csv_next(csv, issues)) != CSV_END;)
        if (got == CSV_ROW) take_row(c, csv, issues);
    if (c->n == 0 && issues->errors == 0) return refuse(P1_EXIT_REFUSED, "%s: nobody is on it", c->path);
    return P1_EXIT_DONE;
}

static int by_line(const struct addressee *a, const struct addressee *b) {
    return (a->line > b->line) - (a->line < b->line);
}

static unsigned long number_in(struct span s) {
    unsigned long v = 0;
    for (size_t i = 0; i < s.n && i < 9 && s.p[i] >= '0' && s.p[i] <= '9'; i++) v = 10 * v + (s.p[i] - '0');
    return v;
}

static int by_address(const void *pa, const void *pb) {
    const struct addressee *a = pa, *b = pb;
    int d = text_compare_nocase(a->postcode, b->postcode);
    unsigned long na = number_in(a->number_of_house), nb = number_in(b->number_of_house);
    if (d == 0) d = (na > nb) - (na < nb);
    if (d == 0) d = text_compare_nocase(a->addition, b->addition);
    return d ? d : by_line(a, b);
}

static int by_id(const void *pa, const void *pb) {
    const struct addressee *a = pa, *b = pb;
    size_t n = a->id.n < b->id.n ? a->id.n : b->id.n;
    int d = n ? memcmp(a->id.p, b->id.p, n) : 0;
    if (d == 0) d = (a->id.n > b->id.n) - (a->id.n < b->id.n);
    return d ? d : by_line(a, b);
}

static void sort(struct codes *c, struct issues *issues) {
    qsort(c->all, c->n, sizeof *c->all, by_id);
    for (size_t i = 1; i < c->n; i++)
        if (span_eq(c->all[i].id, c->all[i - 1].id))
            issues_add(issues, SEVERITY_ERROR, c->all[i].line, "the id is that of line %zu", c->all[i - 1].line);
    qsort(c->all, c->n, sizeof *c->all, by_address);
}

enum p1_exit codes_read(const char *folder, struct codes *out) {
    struct issues issues = {0};
    struct csv csv = {0};
    char *text;
    size_t n;
    *out = (struct codes){.path = path_join(folder, "codes.csv")};
    enum p1_exit e = file_read(out->path, 0, &text, &n);
    if (e != P1_EXIT_DONE) return e;
    e = csv_init(&csv, span_of(text, n), &issues);
    mem_free_wiped(text);
    if (e == P1_EXIT_DONE) e = read_rows(out, &csv, &issues);
    if (e == P1_EXIT_DONE) sort(out, &issues);
    issues_sort(&issues);
    issues_print(&issues, stderr);
    if (e == P1_EXIT_DONE && issues.errors) e = refuse(P1_EXIT_REFUSED, "%s: mend the lines above", out->path);
    issues_release(&issues);
    out->text = csv.text;
    csv.text = NULL;
    csv_release(&csv);
    return e;
}

void codes_release(struct codes *c) {
    mem_free_wiped(c->text);
    free(c->all);
    free(c->path);
}
