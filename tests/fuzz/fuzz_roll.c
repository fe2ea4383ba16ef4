// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Electoral rolls and their rules (cli/roll.h, cli/csv.h), moments and texts of people (cli/moment.h, cli/text.h).

#include <time.h>

#include "cli/csv.h"
#include "cli/moment.h"
#include "cli/roll.h"
#include "cli/text.h"
#include "tests/fuzz/fuzz.h"

static int is_clean(struct span s) { return text_utf8(s) == s.n && !text_has_control(s) && text_trim(s).n == s.n; }

static void roll(struct span in) {
    struct span rule = take_bytes(&in, take_u8(&in) % 64);
    struct roll r;
    struct roll_rules rules = {0};
    struct issues issues = {0};
    char *text = text_copy(rule);
    enum p1_exit e = roll_read(in, &r);
    HOLDS((e == P1_EXIT_DONE) == (r.issues.errors == 0));
    for (size_t i = 0; i < r.n; i++) {
        const struct roll_person *p = &r.persons[i];
        HOLDS(p->id.n && is_clean(p->id) && is_clean(p->name) && is_clean(p->street) && is_clean(p->city));
        HOLDS(is_clean(p->neighbourhood) && is_clean(p->number) && is_clean(p->addition));
        HOLDS(p->weight >= 1 && p->weight <= ROLL_WEIGHT_MAX && p->may_vote && memchr(p->postcode, 0, 8));
        HOLDS(!p->birth.year || (p->birth.year >= 1850 && p->birth.year <= 2199 && p->birth.month - 1 < 12));
        HOLDS(i == 0 || p->line > r.persons[i - 1].line);
    }
    size_t before = r.n, bad = r.bad_rows;
    if (roll_rule_parse(&rules, text, &issues) == P1_EXIT_DONE) {
        e = roll_apply(&r, &rules);
        size_t may = 0, out = 0;
        for (size_t i = 0; i < r.n; i++) may += r.persons[i].may_vote != 0;
        for (size_t i = 0; i < rules.n; i++) out += rules.rules[i].left_out;
        HOLDS(r.n <= before && r.bad_rows >= bad && may + out <= before);
        HOLDS(e != P1_EXIT_DONE || may + out == r.n);
    }
    free(text);
    issues_release(&issues);
    roll_rules_release(&rules);
    roll_release(&r);
}

// Rows that are written are read again to the same fields.
static void csv(struct span in) {
    struct csv first, second;
    struct issues issues = {0};
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    if (!out) abort();
    enum p1_exit e = csv_init(&first, in, &issues), e2;
    size_t rows = 0;
    while (e == P1_EXIT_DONE) {
        enum csv_got got = csv_next(&first, &issues);
        if (got == CSV_END) break;
        if (got == CSV_BAD_ROW) {
            HOLDS(issues.errors);
            continue;
        }
        HOLDS(first.nfields >= 1);
        // The line before all says which separator it is. A lone empty field would be an empty line.
        if (rows++ == 0) fprintf(out, "a;b\n");
        fputs("x;", out);
        for (size_t i = 0; i < first.nfields; i++) {
            struct buf field = buf_over(malloc(2 * first.fields[i].n + 2), 2 * first.fields[i].n + 2);
            csv_write_field(&field, first.fields[i], ';');
            HOLDS(buf_done(&field) == P1_OK);
            fwrite(field.p, 1, field.n, out);
            free(field.p);
            fputc(i + 1 < first.nfields ? ';' : '\n', out);
        }
    }
    csv_release(&first);
    fclose(out);
    e = csv_init(&first, in, &issues);
    e2 = csv_init(&second, span_of(text, n), &issues);
    HOLDS(e != P1_EXIT_DONE || e2 == P1_EXIT_DONE);
    for (size_t row = 0; e == P1_EXIT_DONE && row < rows; row++) {
        while (csv_next(&first, &issues) != CSV_ROW) {
        }
        if (row == 0) HOLDS(csv_next(&second, &issues) == CSV_ROW && second.nfields == 2);
        HOLDS(csv_next(&second, &issues) == CSV_ROW && second.nfields == first.nfields + 1);
        for (size_t i = 0; i < first.nfields; i++) HOLDS(span_eq(first.fields[i], second.fields[i + 1]));
    }
    csv_release(&first);
    csv_release(&second);
    issues_release(&issues);
    free(text);
}

static void date(struct span in) {
    struct roll_date d, again;
    char text[16];
    if (roll_date_parse(in, &d)) return;
    HOLDS(d.year >= 1850 && d.year <= 2199 && d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31);
    (void)snprintf(text, sizeof text, "%04u-%02u-%02u", d.year % 10000, d.month % 100, d.day % 100);
    HOLDS(!roll_date_parse(span_str(text), &again) && memcmp(&d, &again, sizeof d) == 0);
}

static void moment(struct span in) {
    char *text = text_copy(in), again[32];
    uint64_t at, same;
    struct tm t;
    if (moment_parse(text, &at)) {
        time_t seconds = (time_t)at;
        HOLDS(gmtime_r(&seconds, &t) && strftime(again, sizeof again, "%Y-%m-%dT%H:%M:%SZ", &t) == 20);
        HOLDS(moment_parse(again, &same) && same == at);
    }
    free(text);
}

static void texts(struct span in) {
    size_t valid = text_utf8(in);
    HOLDS(valid <= in.n);
    struct span s = span_of(in.p, valid), inner = text_trim(s);
    HOLDS(inner.n <= s.n && text_trim(inner).n == inner.n);
    int shown = text_short(s);
    HOLDS(shown >= 0 && shown <= 60 && (size_t)shown <= s.n && text_utf8(span_of(s.p, (size_t)shown)) == (size_t)shown);
    char *copy = text_copy(s);
    text_disarm(copy);
    HOLDS(!text_has_control(span_str(copy)) && text_utf8(span_str(copy)) == strlen(copy));
    free(copy);
    HOLDS(text_compare_nocase(s, s) == 0);
}

void fuzz_one(struct span in) {
    switch (take_u8(&in) % 8) {
    case 0: csv(in); break;
    case 1: date(in); break;
    case 2: moment(in); break;
    case 3: texts(in); break;
    default: roll(in);
    }
}
