// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/args.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

const char args_end[] = "";

enum p1_exit refuse(enum p1_exit as, const char *format, ...) {
    va_list list;
    fflush(stdout);
    fputs("plus1: ", stderr);
    va_start(list, format);
    (void)vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    return as;
}

// ---- the syntax of a command ----

struct spec {
    struct span name, value; // value.p is null for a flag
    int needed, many;
};

// The next word of a syntax, or an empty one.
static struct span next_word(const char **at) {
    while (**at == ' ') ++*at;
    const char *start = *at;
    while (**at && **at != ' ') ++*at;
    return span_of(start, (size_t)(*at - start));
}

static struct spec spec_of(struct span word) {
    struct spec s = {.name = word};
    const uint8_t *equals = memchr(word.p, '=', word.n);
    if (!equals) {
        s.many = word.p[word.n - 1] == '*';
        s.name.n -= (size_t)s.many;
        return s;
    }
    s.name.n = (size_t)(equals - word.p);
    s.value = span_from(word, s.name.n + 1);
    uint8_t mark = s.name.p[s.name.n - 1];
    s.needed = mark == '!' || mark == '+';
    s.many = mark == '*' || mark == '+';
    if (s.needed || s.many) s.name.n--;
    return s;
}

static int is_option(struct span word) { return word.n > 2 && word.p[0] == '-' && word.p[1] == '-'; }

static int find_spec(const struct command *c, const char *name, struct spec *out) {
    const char *at = c->syntax;
    for (struct span word; (word = next_word(&at)).n;) {
        *out = spec_of(word);
        if (is_option(word) && span_eq(out->name, span_str(name))) return 1;
    }
    return 0;
}

void command_help(const struct command *c, FILE *out) {
    fprintf(out, "plus1 %s %s", c->role, c->verb);
    const char *at = c->syntax;
    for (struct span word; (word = next_word(&at)).n;) {
        struct spec s = spec_of(word);
        if (!is_option(word)) {
            fprintf(out, " %.*s", (int)word.n, (const char *)word.p);
        } else {
            fprintf(out, s.needed ? " %.*s" : " [%.*s", (int)s.name.n, (const char *)s.name.p);
            if (s.value.p) fprintf(out, " %.*s", (int)s.value.n, (const char *)s.value.p);
            if (!s.needed) fputc(']', out);
            if (s.many) fputs("..", out);
        }
    }
    fprintf(out, "\n\n%s\n\nExample:\n  %s\n", c->does, c->example);
}

// ---- what was given ----

static enum p1_exit wrong(const struct command *c, const char *what, const char *which) {
    refuse(P1_EXIT_USAGE, "%s%s", what, which);
    fputc('\n', stderr);
    command_help(c, stderr);
    return P1_EXIT_USAGE;
}

static enum p1_exit check_all(const struct args *a) {
    const struct command *c = a->command;
    const char *at = c->syntax;
    size_t files_min = 0, files_max = 0;
    for (struct span word; (word = next_word(&at)).n;) {
        struct spec s = spec_of(word);
        char name[64];
        if (!is_option(word)) {
            int many = word.n > 2 && word.p[word.n - 1] == '.';
            files_min++;
            files_max = many ? SIZE_MAX : files_max + 1;
            continue;
        }
        (void)snprintf(name, sizeof name, "%.*s", (int)s.name.n, (const char *)s.name.p);
        if (s.needed && !args_get(a, name)) return wrong(c, "this is missing: ", name);
        if (!s.many && args_nth(a, name, 1)) return wrong(c, "this can be given only once: ", name);
    }
    if (a->file_count < files_min) return wrong(c, "a file is missing", "");
    if (a->file_count > files_max) return wrong(c, "this is one too many: ", a->files[files_max]);
    return P1_EXIT_DONE;
}

enum p1_exit args_parse(struct args *args, const struct command *command, int n, char **given) {
    *args = (struct args){.command = command};
    args->options = mem_alloc(((size_t)n + 1) * sizeof *args->options);
    args->files = mem_alloc(((size_t)n + 1) * sizeof *args->files);
    for (int i = 0; i < n; i++) {
        struct spec s;
        if (!is_option(span_str(given[i]))) {
            args->files[args->file_count++] = given[i];
        } else if (!find_spec(command, given[i], &s)) {
            return wrong(command, "there is no such option: ", given[i]);
        } else if (s.value.p && i + 1 == n) {
            return wrong(command, "a value must follow ", given[i]);
        } else {
            args->options[args->option_count++] = (struct option){given[i], s.value.p ? given[i + 1] : NULL};
            i += s.value.p != NULL;
        }
    }
    return check_all(args);
}

void args_release(struct args *args) {
    free(args->options);
    free(args->files);
}

const char *args_nth(const struct args *args, const char *name, size_t i) {
    for (size_t k = 0; k < args->option_count; k++) {
        const struct option *o = &args->options[k];
        if (strcmp(o->name, name) == 0 && i-- == 0) return o->value ? o->value : o->name;
    }
    return NULL;
}

const char *args_get(const struct args *args, const char *name) { return args_nth(args, name, 0); }

enum p1_exit args_number(const struct args *args, const char *name, unsigned long min, unsigned long max,
                         unsigned long *out) {
    const char *text = args_get(args, name);
    char *end;
    if (!text) return P1_EXIT_DONE;
    errno = 0;
    unsigned long v = strtoul(text, &end, 10);
    if (errno || *end || text[0] < '0' || text[0] > '9' || v < min || v > max)
        return refuse(P1_EXIT_USAGE, "%s: \"%s\" is not a whole number from %lu to %lu", name, text, min, max);
    *out = v;
    return P1_EXIT_DONE;
}
