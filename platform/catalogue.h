// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Texts for residents in their languages: po/README.md.
#ifndef P1_CATALOGUE_H
#define P1_CATALOGUE_H

#include <stdint.h>
#include <time.h>

#include "po/texts.h"

// A language's place in the catalogue, or -1: "nl" is 0.
int catalogue_language(const char *code);

// A text by its name, "problem.not-found"; -1: there is none.
int catalogue_find(const char *name);

// What is filled into "{name}".
struct place {
    const char *name, *value;
};

// A text with its places filled in, for free(); null: there is no memory. PLACES end with one without a name, or are null.
char *catalogue_text(unsigned language, enum text id, const struct place *places);
// The same as Pango's markup, each value in bold with BOLD; never null.
char *catalogue_fill(unsigned language, enum text id, const struct place *places, int bold);

// Plain text of a moment in the Netherlands: "maandag 1 maart 2027, 8.00 uur"; for free(), or null.
char *catalogue_moment(unsigned language, uint64_t moment);
// Of the hour that begins then: "maandag 1 maart 2027, tussen 8.00 en 9.00 uur"; the same.
char *catalogue_hour(unsigned language, uint64_t moment);
// "1 maart 2027, 8.00 tot 9.00 uur"; the same.
char *catalogue_short_hour(unsigned language, uint64_t moment);

// What clocks in the Netherlands show.
void moment_local(uint64_t moment, struct tm *out);

// "12.345" or "12,345".
const char *catalogue_number(unsigned language, uint64_t n, char out[32]);
// In thousandths: "61,4 %".
const char *catalogue_share(unsigned language, uint64_t part, uint64_t whole, char out[32]);

#endif
