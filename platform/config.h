// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the operator tells the server about its municipalities: DATA/plus1.json, read once, at the start.
//
//   {"municipalities":[MUNICIPALITY,..],"prices":{"cpu_hour":0.05,"gigabyte_month":0.10,"letter":0.95}}
//
// Only the names and paths must be there. A MUNICIPALITY is what its letters say (cli/letterhead.h), and more:
//   {"name":"Emmen","path":"emmen","host":"stem.emmen.nl","inhabitants":107113,"logo":"emmen.png","colour":"#00549e",
//    "address":["Postbus 30001","7800 RA Emmen"],"welcome":TEXT,"help":TEXT,"library":TEXT,"counter":TEXT,"paper":TEXT,
//    "email":"..","accessibility":TEXT,"privacy":TEXT,"demonstration":true}
//
// path: where its pages are, /emmen; under host they are at / too. TEXT is "..", or {"nl":"..","en":".."} for each language.
// demonstration: each page warns that no vote here is a real one. logo: a PNG in the data folder. Prices are in euro. What is not known is refused: a name that was mistyped would be missed
// by nobody else.
#ifndef P1_CONFIG_H
#define P1_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/span.h"

struct json_t; // of jansson

enum config_line {
    LINE_WELCOME,
    LINE_HELP,
    LINE_LIBRARY,
    LINE_COUNTER,
    LINE_PAPER,
    LINE_EMAIL,
    LINE_ACCESSIBILITY,
    LINE_PRIVACY,
    LINES
};

enum { CONFIG_WHY = 512, CONFIG_LOGO_MAX = 1 << 18, CONFIG_ADDRESS_MAX = 3 };

#define CONFIG_FILE "plus1.json"

// The municipality's colour, in forms that can be read (WCAG 2.2, 1.4.3: a contrast of 4.5). Each is "#rrggbb".
struct palette {
    char own[8], ink[8];          // the colour itself, and black or white: what is written on it
    char on_light[8], on_dark[8]; // the same hue, for text on a light or dark page
};

struct municipality {
    struct json_t *json; // in which the texts are
    const char *name, *path;
    const char *host; // or null
    const char *address[CONFIG_ADDRESS_MAX];
    unsigned address_lines;
    uint64_t inhabitants; // 0: not said
    int demonstration;
    struct palette palette;
    struct span logo; // the PNG, or empty
};

struct prices {
    int given;
    double cpu_hour, gigabyte_month, letter; // euro
};

struct config {
    struct json_t *json;
    struct municipality *all;
    size_t n;
    struct prices prices;
};

// Where there is no file there is no municipality. -1, and a sentence that says where and what, if one is wrong. *out is to be freed
// in any case.
MUST_USE int config_read(struct config **out, const char *folder, char why[CONFIG_WHY]);
// The same of its text; logos are in FOLDER.
MUST_USE int config_parse(struct config **out, struct span text, const char *folder, char why[CONFIG_WHY]);
void config_free(struct config *c);

// Null: there is none.
const struct municipality *config_by_name(const struct config *c, struct span name);
const struct municipality *config_by_path(const struct config *c, struct span path);
// HOST is what the request's field says, perhaps with a port.
const struct municipality *config_by_host(const struct config *c, struct span host);

// What it says in a language ("nl"); in another one if it has none in this; null if it says nothing.
const char *municipality_line(const struct municipality *m, enum config_line which, const char *language);
// Its member in the file, as it is named there and in the API.
extern const char *const config_line_names[LINES];

// From "#rrggbb"; -1 if it is none.
MUST_USE int palette_make(struct palette *p, const char *colour);

#endif
