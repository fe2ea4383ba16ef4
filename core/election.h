// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The question paper: Belenios specification 3.3.0, sections "Questions" and "Elections". Homomorphic questions, and questions
// with lists of candidates.
#ifndef P1_ELECTION_H
#define P1_ELECTION_H

#include "core/group.h"
#include "core/json_canon.h"

#define P1_QUESTIONS_MAX 64
#define P1_ANSWERS_MAX 1000 // of one question
#define P1_CHOICES_MAX 4096 // of all questions, blanks included
#define P1_HASH64 43        // a SHA-256 in Base64 without padding

enum question_kind {
    QUESTION_CHOICES, // homomorphic: min to max of the answers, or blank
    QUESTION_LISTS,   // one of the lists, and at least one of its candidates
};

struct question {
    enum question_kind kind;
    struct span text;    // as between the quotes of JSON: see json_unescape()
    struct span answers; // the items of the JSON list (of lists), without its brackets
    unsigned answer_count, min, max;
    int blank;                                  // a blank vote is allowed: the first choice then stands for it
    uint64_t heads[(P1_ANSWERS_MAX + 63) / 64]; // of lists: bit i is set where answer i is a list, not a candidate
};

static inline unsigned question_choices(const struct question *q) { return q->answer_count + (q->blank != 0); }

// Does choice C name a list, of which the candidates follow?
static inline int question_is_head(const struct question *q, unsigned c) {
    return (int)(q->heads[c / 64] >> c % 64 & 1);
}

// Where something stands for each choice of a question, its JSON is a list, or for a question with lists a list of lists.
// What stands before choice C, and after the last one.
static inline const char *question_before(const struct question *q, unsigned c) {
    if (q->kind == QUESTION_CHOICES) return c ? "," : "[";
    return !question_is_head(q, c) ? "," : c ? "],[" : "[[";
}

static inline const char *question_after(const struct question *q) { return q->kind == QUESTION_CHOICES ? "]" : "]]"; }

// About 100 kB. Spans point into json. Read-only once parsed: threads may share it.
struct election {
    struct span json, uuid, name, description;
    struct span credential_authority; // empty if there is none
    struct question questions[P1_QUESTIONS_MAX];
    unsigned question_count, choice_count;
    char hash64[P1_HASH64]; // of json: names the election in every ballot and proof
    struct group group;
    struct elem key; // y
    struct base_table key_table;
};

// ERR_JSON..., ERR_ELECTION_..., ERR_GROUP_UNKNOWN, ERR_ELEM_... JSON must outlive the election.
MUST_USE enum p1_err election_parse(struct election *e, struct span json, struct work *w);

// The text of answer I (from 0, the blank not counted), as between the quotes of JSON.
struct span question_answer(const struct question *q, unsigned i);

// A list of questions at the cursor, as in an election or a question paper. ERR_JSON..., ERR_ELECTION_...
MUST_USE enum p1_err questions_parse(struct json *j, struct question *out, unsigned *count);

// At least 14 Base58 characters: ERR_ELECTION_UUID.
MUST_USE enum p1_err uuid_check(struct span uuid);

// Lines that screens hide, at the end of a text as between the quotes of JSON: "\nTAG:VALUE". Takes off the last one if it has this
// tag: 1, and TEXT no longer has it; else 0.
int hidden_line(struct span *text, const char *tag, struct span *value);

// The unpadded Base64 of SHA-256, by which Belenios names elections and ballots.
void hash64(char out[P1_HASH64], struct span text);

#endif
