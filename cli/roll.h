// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The electoral roll: a CSV (cli/csv.h) that the registrar takes from the population register, and the rules that say
// who on it may vote.
//
// Columns are found by their name in the first line, in any order and any case; spaces, hyphens and underscores in a
// name do not count. Dutch or English:
//   id                             decides who is who; must be there and differ in every row
//   naam, name                     or: voornaam, tussenvoegsel, achternaam (first name, infix, last name)
//   straat, street
//   huisnummer, house number
//   toevoeging, addition
//   postcode, postal code          1234 AB
//   woonplaats, city
//   wijk, buurt, neighbourhood
//   geboortedatum, date of birth   YYYY-MM-DD, DD-MM-YYYY or YYYYMMDD
//   gewicht, weight                a whole number from 1 to ROLL_WEIGHT_MAX; 1 where it is left out
// Other columns are ignored, with a note. The burgerservicenummer (BSN) is refused, as a column and as id: whoever
// finds a list of voting codes must not be able to look up anything else with it.
#ifndef P1_CLI_ROLL_H
#define P1_CLI_ROLL_H

#include "cli/issues.h"
#include "core/span.h"

#define ROLL_WEIGHT_MAX 1073741823u // 2^30 - 1, the largest weight that Belenios writes as a number

struct roll_date {
    unsigned year, month, day; // year 0: unknown
};

// UTF-8 without spaces around it and without control characters; empty where the file says nothing.
struct roll_person {
    size_t line; // of the file
    struct span id, name, street, number, addition, city, neighbourhood;
    char postcode[8]; // "1234 AB"
    struct roll_date birth;
    unsigned weight;
    int may_vote; // after roll_apply(); before it, 1
};

// The persons of the good rows, in the order of the file, and all that there is to say about it.
struct roll {
    struct roll_person *persons;
    size_t n;
    size_t bad_rows;
    struct issues issues;             // by line; each bad row has at least one error
    int has_birth, has_neighbourhood; // these columns are there
    char *text, *names;               // where the spans point
};

// DONE if every row is good. REFUSED if a row is bad (the good ones are there all the same) or the file as a whole is
// refused (no persons then). UNREADABLE if it is no UTF-8 or has no first line. To be released in any case.
MUST_USE enum p1_exit roll_read(struct span text, struct roll *out);

void roll_release(struct roll *roll);

// 0, or why this is not a date from 1850 to 2199, as the end of a sentence.
MUST_USE const char *roll_date_parse(struct span text, struct roll_date *out);

enum roll_rule_kind { RULE_AGE, RULE_NEIGHBOURHOOD };

struct roll_place {
    char *name;
    size_t residents; // found by roll_apply(), other rules aside
};

struct roll_rule {
    enum roll_rule_kind kind;
    char *text;                // for people: "age>=16@2027-03-01", "neighbourhood=Angelslo or Emmerhout"
    unsigned years;            // RULE_AGE: at least this old
    struct roll_date on;       // RULE_AGE: on this day
    struct roll_place *places; // RULE_NEIGHBOURHOOD: lives in one of these
    size_t nplaces, places_cap;
    size_t left_out; // by roll_apply()
};

// Starts as {0}. A person who meets all rules may vote.
struct roll_rules {
    struct roll_rule *rules;
    size_t n, cap;
};

// Adds a rule: "age>=16@2027-03-01" (leeftijd; the day may be written as in the roll) or "neighbourhood=Angelslo"
// (wijk, buurt). Several neighbourhoods make one rule: any of them. USAGE if it is not a rule.
MUST_USE enum p1_exit roll_rule_parse(struct roll_rules *rules, const char *text, struct issues *issues);

void roll_rules_release(struct roll_rules *rules);

// Once for a roll. Marks who may vote (all, without rules) and counts those whom each rule leaves out; a person whom
// several leave out counts with the first of them, so that the numbers add up to those who may not vote. Whoever lacks
// a date of birth where a rule is about age is a bad row: an error in the roll's issues, not counted as left out, and
// REFUSED. A missing neighbourhood under a rule about it, and a neighbourhood where nobody lives, are warnings.
//
// Somebody born on 29 February grows older on 1 March in years without that day, as Dutch law and practice have it.
MUST_USE enum p1_exit roll_apply(struct roll *roll, struct roll_rules *rules);

#endif
