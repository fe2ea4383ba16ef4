// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1.json (platform/config.h): it is taken or refused with a sentence, and what is taken is what the header promises.

#include <ctype.h>

#include "platform/config.h"
#include "tests/fuzz/fuzz.h"

static int is_colour(const char *c) { return c[0] == '#' && strspn(c + 1, "0123456789abcdef") == 6 && c[7] == 0; }

static void holds(const struct config *c) {
    for (size_t i = 0; i < c->n; i++) {
        const struct municipality *m = &c->all[i];
        HOLDS(m->name[0] && m->name[strcspn(m->name, "\r\n\t\x1b")] == 0);
        HOLDS(m->path[0] >= 'a' && m->path[0] <= 'z' && !strchr(m->path, '/') && !strchr(m->path, '.'));
        HOLDS(config_by_name(c, span_str(m->name)) == m && config_by_path(c, span_str(m->path)) == m);
        HOLDS(!m->host || config_by_host(c, span_str(m->host)) == m);
        HOLDS(is_colour(m->palette.own) && is_colour(m->palette.ink));
        HOLDS(is_colour(m->palette.on_light) && is_colour(m->palette.on_dark));
        HOLDS(m->address_lines <= CONFIG_ADDRESS_MAX && m->logo.n <= CONFIG_LOGO_MAX);
        for (enum config_line l = LINE_WELCOME; l < LINES; l++) {
            const char *text = municipality_line(m, l, "nl");
            HOLDS(!text || *text);
        }
    }
    HOLDS(c->prices.cpu_hour >= 0 && c->prices.gigabyte_month >= 0 && c->prices.letter >= 0);
}

void fuzz_one(struct span in) {
    struct config *c;
    char why[CONFIG_WHY];
    if (config_parse(&c, in, "/nonexistent", why) == 0) {
        holds(c);
    } else {
        HOLDS(strncmp(why, CONFIG_FILE ": ", strlen(CONFIG_FILE) + 2) == 0);
        for (const char *p = why; *p; p++) HOLDS(!iscntrl((unsigned char)*p));
    }
    config_free(c);
}
