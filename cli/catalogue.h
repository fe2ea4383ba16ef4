// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Texts for residents in their languages: po/README.md.
#ifndef P1_CLI_CATALOGUE_H
#define P1_CLI_CATALOGUE_H

#include <stdint.h>

#include "po/texts.h"

// A language's place in the catalogue, or -1: "nl" is 0.
int catalogue_language(const char *code);

// What is filled into "{name}".
struct place {
    const char *name, *value;
};

// Pango's markup of a text with its places filled in, each value in bold with BOLD; for free(). PLACES end with one without a name,
// or are null.
char *catalogue_fill(unsigned language, enum text id, const struct place *places, int bold);

// Plain text of a moment in the Netherlands: "maandag 1 maart 2027, 8.00 uur"; for free().
char *catalogue_moment(unsigned language, uint64_t moment);

#endif
