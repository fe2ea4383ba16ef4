// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/settings.h"

#include <stdlib.h>

static int is_named(const struct experiment_setting *e, struct span name) { return span_eq(name, span_str(e->name)); }

static enum p1_exit read_number(const struct experiment_setting *e, const char *text, unsigned *out) {
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || n < e->least || n > e->most)
        return refuse(P1_EXIT_USAGE, "--set %s: give a number from %u to %u (%s)", e->name, e->least, e->most,
                      e->means);
    *out = (unsigned)n;
    return P1_EXIT_DONE;
}

static enum p1_exit read_one(struct settings *s, const char *text) {
    const char *equals = strchr(text, '=');
    struct span name = span_of(text, equals ? (size_t)(equals - text) : strlen(text));
    for (size_t i = 0; i < experiment_count; i++) {
        for (size_t k = 0; k < experiments[i]->setting_count; k++) {
            const struct experiment_setting *e = &experiments[i]->settings[k];
            if (is_named(e, name)) return read_number(e, equals ? equals + 1 : "", &s->value[i][k]);
        }
    }
    (void)refuse(P1_EXIT_USAGE, "--set %s: there is no such setting; there are", text);
    for (size_t i = 0; i < experiment_count; i++) {
        for (size_t k = 0; k < experiments[i]->setting_count; k++) {
            const struct experiment_setting *e = &experiments[i]->settings[k];
            fprintf(stderr, "  %s=%u  %s\n", e->name, e->usual, e->means);
        }
    }
    return P1_EXIT_USAGE;
}

enum p1_exit settings_read(struct settings *s, const char *const *set) {
    for (size_t i = 0; i < experiment_count; i++) {
        for (size_t k = 0; k < experiments[i]->setting_count; k++) s->value[i][k] = experiments[i]->settings[k].usual;
    }
    for (; set && *set; set++) {
        enum p1_exit e = read_one(s, *set);
        if (e != P1_EXIT_DONE) return e;
    }
    return P1_EXIT_DONE;
}
