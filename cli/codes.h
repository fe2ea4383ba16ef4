// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// codes.csv: who gets which code. Secret. plus1 credentials make writes it, plus1 letters reads it:
//
//   id;naam;straat;huisnummer;toevoeging;postcode;woonplaats;code
//
// with this first line and a line for each person who may vote, in the order of the roll.
#ifndef P1_CLI_CODES_H
#define P1_CLI_CODES_H

#include "cli/csv.h"
#include "cli/roll.h"
#include "core/credential.h"

#define CODES_HEADER "id;naam;straat;huisnummer;toevoeging;postcode;woonplaats;code"

struct addressee {
    size_t line;   // of the file
    size_t number; // of the letter, from 1
    struct span id, name, street, number_of_house, addition, postcode, city;
    struct span code; // the text of a code of ours
    int withdrawn;    // gets no letter
};

struct codes {
    char *path;
    struct addressee *all; // by postcode and house, as the post likes it
    size_t n;
    char *text; // where the spans point
};

// The file in this folder. REFUSED with all lines that have no code of ours or no complete address, or the id of another line.
MUST_USE enum p1_exit codes_read(const char *folder, struct codes *out);

// Wipes it. In any case.
void codes_release(struct codes *c);

#endif
