// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The question paper: what is asked in an election. On disk it is the template of Belenios (specification 3.3.0, the
// election without version, group, key and uuid):
//   {"description":"..","name":"..","questions":[{"answers":["..",".."],"blank":true,"min":1,"max":1,"question":".."}]}
// with "blank" only where a blank vote is allowed, and perhaps "administrator" and "credential_authority" at the end.
// A list question, of which a voter chooses one list and one or more of its candidates, is written as
//   {"type":"Lists","value":{"answers":[["list","candidate",..],..],"question":".."}}
#ifndef P1_CLI_PAPER_H
#define P1_CLI_PAPER_H

#include <stdio.h>

#include "cli/issues.h"
#include "core/buf.h"

#define PAPER_QUESTIONS_MAX 64
#define PAPER_ANSWERS_MAX 255  // of one question, the blank not counted
#define PAPER_LISTS_MAX 255    // of one list question
#define PAPER_MEMBERS_MAX 255  // candidates of one list
#define PAPER_NAMES_MAX 1000   // of one list question, lists and candidates together: P1_ANSWERS_MAX of core/election.h
#define PAPER_CHOICES_MAX 4096 // of all questions, blanks and lists included: P1_CHOICES_MAX

struct json_t; // of jansson

enum paper_kind {
    PAPER_ANSWERS, // min to max of the answers, or blank
    PAPER_LISTS,   // one list, and one or more of its candidates
};

struct paper_list {
    char **names; // its own, then those of its candidates
    size_t nnames, names_cap;
};

struct paper_question {
    char *text;
    char **answers;
    size_t nanswers, answers_cap;
    int blank; // a blank vote is allowed instead of min to max answers
    unsigned min, max;
    enum paper_kind kind;
    struct paper_list *lists; // these alone in a list question, and none in another
    size_t nlists, lists_cap;
};

// Owns its texts (UTF-8, from text_copy()). Starts as {0}.
struct paper {
    char *description, *name; // null: empty
    struct paper_question *questions;
    size_t nquestions, questions_cap;
    char *administrator, *credential_authority; // null: not there
};

// Adds a question without answers. The pointer is good until the next one is added.
struct paper_question *paper_add_question(struct paper *paper, struct span text, int blank, unsigned min, unsigned max);
void paper_add_answer(struct paper_question *question, struct span text);

// The same for a question of lists. A list is good until the next one is added.
struct paper_question *paper_add_list_question(struct paper *paper, struct span text);
struct paper_list *paper_add_list(struct paper_question *question);
void paper_add_name(struct paper_list *list, struct span text);

// REFUSED, with a sentence for each thing that is wrong: a name or question without text, a text that is not UTF-8, not
// 1 to 64 questions, fewer than 2 answers (1 beside a blank vote) or more than 255, an empty answer or the same one
// twice, a minimum above the maximum, a maximum above the number of answers, a question without lists, a list without a
// name or candidates, the same name for two lists or for two candidates of one list, too much in all.
MUST_USE enum p1_exit paper_check(const struct paper *paper, struct issues *issues);

// Reads and checks. UNREADABLE if it is no JSON or has questions of a kind that is not yet supported, REFUSED for all
// else: unknown, missing or wrong fields, and what paper_check() refuses. *out is to be released in any case.
MUST_USE enum p1_exit paper_read(struct span text, struct paper *out, struct issues *issues);
// The same, from the inside of another file.
MUST_USE enum p1_exit paper_from_json(struct json_t *json, struct paper *out, struct issues *issues);

// Compact, fields in the order of Belenios, no line end. Fits in paper_size_max() bytes.
void paper_write(const struct paper *paper, struct buf *out);
size_t paper_size_max(const struct paper *paper);

// For a person.
void paper_print(const struct paper *paper, FILE *out);

void paper_release(struct paper *paper);

// Any JSON text; null and an error in the issues if it is none or has a field twice. To be given to json_decref().
struct json_t *paper_parse_json(struct span text, enum p1_exit *why, struct issues *issues);

// ---- The stem-app of 2018 (paper_import.c)

#define IMPORT_DEPTH_MAX 64 // categories within each other, the outermost counted
#define IMPORT_NAME_MAX 500 // bytes of a name

// Turns its election.json into a question paper: one question, the outermost category, of which one answer is chosen.
// An answer is what stands at the end of a category, by its path below the outermost: "Lijst 1 > Kandidaat 2".
// Spaces around names go. "Blanco" (in any case) right below the outermost becomes the blank vote. The addresses on the
// stem-app's chain are left out, each with a note.
//
// That format: a category is {"name":"..","items":[..]} with at least one item, each a category or a candidate
// {"name":"..","address":".."}; the file is one category. Anything else is REFUSED, the issues then holding only the
// reason with the place; what is no JSON is UNREADABLE. The issues must be empty before. *out is to be released.
MUST_USE enum p1_exit paper_import_stemapp(struct span text, struct paper *out, struct issues *issues);

#endif
