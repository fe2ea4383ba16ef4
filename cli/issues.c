// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/issues.h"

#include <stdarg.h>
#include <stdlib.h>

#include "cli/text.h"

static void add(struct issues *to, enum severity severity, size_t line, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    // clang-tidy 14 errs here when it is given several files at once.
    int n = vsnprintf(NULL, 0, format, again); // NOLINT(clang-analyzer-valist.Uninitialized)
    va_end(again);

    size_t bytes = n < 0 ? 1 : (size_t)n + 1;
    char *text = mem_alloc(bytes);
    text[0] = 0;
    vsnprintf(text, bytes, format, args);
    text_disarm(text);

    to->all = mem_grow(to->all, to->n, &to->cap, sizeof *to->all);
    to->all[to->n++] = (struct issue){severity, line, text};
    to->errors += severity == SEVERITY_ERROR;
}

void issues_add(struct issues *to, enum severity severity, size_t line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add(to, severity, line, format, args);
    va_end(args);
}

enum p1_exit issues_refuse(struct issues *to, enum p1_exit as, size_t line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add(to, SEVERITY_ERROR, line, format, args);
    va_end(args);
    return as;
}

static int compare(const void *pa, const void *pb) {
    const struct issue *a = pa, *b = pb;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    if (a->severity != b->severity) return a->severity > b->severity ? -1 : 1;
    return strcmp(a->text, b->text);
}

void issues_sort(struct issues *issues) {
    if (issues->n) qsort(issues->all, issues->n, sizeof *issues->all, compare);
}

void issues_print(const struct issues *issues, FILE *out) {
    static const char *const names[] = {"note", "warning", "error"};
    for (size_t i = 0; i < issues->n; i++) {
        const struct issue *issue = &issues->all[i];
        if (issue->line) fprintf(out, "line %zu: ", issue->line);
        fprintf(out, "%s: %s\n", names[issue->severity], issue->text);
    }
}

void issues_release(struct issues *issues) {
    for (size_t i = 0; i < issues->n; i++) free(issues->all[i].text);
    free(issues->all);
    *issues = (struct issues){0};
}
