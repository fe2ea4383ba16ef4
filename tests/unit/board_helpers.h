// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Elections for the tests of board/, made in memory with core/ from fixed seeds: nothing here is secret. An archive starts as a
// script, a list of events that a test changes before it is written.
//
// What goes wrong in here is a mistake in a test, so it ends the program.
#ifndef P1_TEST_BOARD_HELPERS_H
#define P1_TEST_BOARD_HELPERS_H

#include "board/check.h"

enum { VOTERS_MAX = 80, TEST_CHOICES_MAX = 8, STEPS_MAX = 48, TEST_TIME = 1700000000 };

#define ENSURE(condition) ((condition) ? (void)0 : ensure_failed(__FILE__, __LINE__, #condition))
_Noreturn void ensure_failed(const char *file, int line, const char *condition);

// ---- scripts ----

struct step {
    enum event_type type;
    unsigned n;
    struct span record[EVENT_RECORDS_MAX];
};

struct script {
    unsigned n;
    struct step step[STEPS_MAX];
};

void script_add(struct script *s, const struct step *step);
void script_remove(struct script *s, unsigned at);
void script_swap(struct script *s, unsigned a, unsigned b);
// Where the NTH event (from 0) of this type stands.
unsigned script_find(const struct script *s, enum event_type type, unsigned nth);
// The archive with the first N events. To be freed with span_free().
struct span script_write(const struct script *s, unsigned n);

struct span span_copy(struct span s, size_t extra); // with room for EXTRA bytes behind it
void span_free(struct span s);
// Where TEXT stands for the first time at AT or behind it. It must be there.
size_t span_find(struct span s, size_t at, const char *text);
// A copy in which the first OLD is NEW. To be freed.
struct span span_replace(struct span s, const char *old, const char *new);

// ---- elections ----

struct plan {
    const char *uuid;
    const char *questions; // JSON
    unsigned threshold;    // of a set of three trustees; 0: two single ones
    int apart;             // the three of the set with their keys, but each as a single one
    unsigned voters;
    const char *const *behind; // what stands behind each credential, such as ",5"; null: nothing
};

// Texts live as long as the election.
struct made {
    struct work work;
    struct election election;
    struct scalar key[3]; // of the trustees
    unsigned trustees;
    struct scalar secret[VOTERS_MAX]; // in the order of the list, as all that is about voters
    struct elem_text credential[VOTERS_MAX];
    unsigned voters;
    struct step setup;
    struct buf texts;
};

struct made *made_new(const struct plan *plan);
void made_free(struct made *m);

// Keeps a text for as long as the election.
struct span made_keep(struct made *m, struct span text);
struct span made_keep_str(struct made *m, const char *text);

struct step made_setup(struct made *m, struct span election, struct span trustees, struct span credentials);
// The list of credentials, each with what stands behind it.
struct span made_credentials(struct made *m, const char *const *behind);

// CHOICES: a digit for each, "0100 10"; spaces do not matter.
struct span made_ballot(struct made *m, unsigned voter, const char *choices, unsigned seed);
// The seed of that ballot, which gives its choices away.
void made_ballot_seed(uint8_t out[32], unsigned voter, unsigned seed);
// A right ballot of one question without blank in which every alpha is the identity.
struct span made_shown_ballot(struct made *m, unsigned voter, const char *choices);

void add_setup(struct script *s, const struct made *m);
void add_ballot(struct script *s, struct span ballot);
void add_end(struct script *s);
// The tally of the ballots in the script, with its figures.
void made_tally(struct made *m, const struct script *s, struct ciphertext *tally, struct sized_tally *figures);
// FIGURES: without the hash, which is filled in.
void add_tally(struct script *s, struct made *m, const struct ciphertext *tally, const struct sized_tally *figures);
// Both at once.
void add_right_tally(struct script *s, struct made *m);
// The right share of a trustee (from 0), for the tally of the script.
struct span made_share(struct made *m, const struct script *s, unsigned trustee);
// As the share of this owner (from 1).
void add_share(struct script *s, struct made *m, unsigned owner, struct span share);
void add_right_share(struct script *s, struct made *m, unsigned trustee);
void add_result(struct script *s, struct made *m, const char *json);

// ---- a sample: eleven of twelve voters vote, two of them twice ----

#define COLOURS_UUID "TestBoxCoLours"
#define COLOURS_RESULT "{\"result\":[[3,4,4,3],[6,5]]}"
#define COLOURS_RESULT_TWOFOLD "{\"result\":[[6,8,8,6],[12,10]]}"

extern const char colours[]; // the questions: blank or up to two of three; one of two
extern const struct plan plan_colours,
    plan_colours_set; // two single trustees; two of three, and everybody has weight 2

// Setup and ballots.
void add_votes(struct script *s, struct made *m);
// The end, the tally, the shares of these trustees (bits), and a result, which may be null.
void add_count(struct script *s, struct made *m, unsigned trustees, const char *result);

// ---- boxes ----

// A runner that does everything at once, for tests that are not about threads.
struct runner *plain_runner(void);

// An initialised box on the heap.
struct box *new_box(void);
void free_box(struct box *b);
// Records of a step as an event, hashes and all.
struct event step_event(const struct step *step, uint64_t height);
enum p1_err apply_step(struct box *b, const struct step *step);
// A box to which the first N events of a script were applied: the script's texts must outlive it. To be freed.
struct box *box_of(const struct script *s, unsigned n);

// ---- checks ----

// What check_archive() said of an archive.
struct judged {
    struct checker checker;
    enum p1_err err;
    struct box *box;
    uint64_t counts[P1_CHOICES_MAX];
    unsigned n;
    struct check_line line[64];
};

// RUNNER may be null. To be freed; FILE must outlive it.
struct judged *judge(struct span file, struct runner *runner);
// With what lies beside it; noticed is to be released.
struct judged *judge_beside(struct span file, struct runner *runner, struct beside *beside);
void free_judged(struct judged *j);
// The first line of this check, or null.
const struct check_line *line_of(const struct judged *j, const char *id);
unsigned lines_with(const struct judged *j, enum check_status status);

#endif
