// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What a municipality says on its letters, municipality.json beside its archives:
//
//   {"name":"Emmen","host":"stem.emmen.nl","help":TEXT,"address":["Postbus 30001","7800 RA Emmen"],
//    "library":TEXT,"counter":TEXT,"paper":TEXT,"logo":"logo.png","colour":"#00549e"}
//
// name is always there; letters need host (the address that residents type, without https:// and path) and help (telephone
// number and hours). address: at most three lines. library, counter and paper say how people vote there. logo: a PNG beside
// this file. colour: of headings, dark enough to be read on white. TEXT is "..", or {"nl":"..","en":".."} for each language.
#ifndef P1_CLI_LETTERHEAD_H
#define P1_CLI_LETTERHEAD_H

#include "cli/issues.h"

#define LETTERHEAD_LINES 3

struct json_t; // of jansson

enum letterhead_text { LETTERHEAD_HELP, LETTERHEAD_LIBRARY, LETTERHEAD_COUNTER, LETTERHEAD_PAPER };

struct letterhead {
    struct json_t *json; // in which the texts are
    const char *name, *host;
    const char *address[LETTERHEAD_LINES];
    unsigned address_lines;
    char *logo; // its path, or null
    double colour[3];
};

// For letters, from the file beside an archive. Says what is wrong. To be released in any case.
MUST_USE enum p1_exit letterhead_read(struct letterhead *m, const char *archive);
void letterhead_release(struct letterhead *m);

// Is everything there in this language ("nl") that a letter says? Says what is not.
MUST_USE enum p1_exit letterhead_speaks(const struct letterhead *m, const char *language);

// A text in a language ("nl"), or null if there is none.
const char *letterhead_text(const struct letterhead *m, enum letterhead_text which, const char *language);

#endif
