// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The whole check of an election by somebody who has only its archive. Each check is one line in one of five categories.
#ifndef P1_CHECK_H
#define P1_CHECK_H

#include "board/bundle.h"
#include "board/notice.h"

enum check_category {
    CHECK_COMPLETENESS, // all that should be there is there
    CHECK_AUTHENTICITY, // it comes from whom it says
    CHECK_CONSISTENCY,  // its parts fit each other
    CHECK_INTEGRITY,    // nothing was changed, all encodings are canonical
    CHECK_EVIDENCE,     // the mathematical proofs hold
    CHECK_CATEGORIES
};

enum check_status {
    CHECK_OK,
    CHECK_WARNING, // valid, but somebody should know
    CHECK_OPEN,    // not there yet
    CHECK_FAILED,
};

struct check_line {
    enum check_category category;
    enum check_status status;
    const char *id;  // such as "ballots.proofs": static
    enum p1_err err; // of a failed check
    char text[320];  // English, with the figure
    char place[160]; // of a failure: where; else empty
};

// What stands beside an archive. A span without p: it is not there.
struct beside {
    struct span bundle, notices, shares; // the files: UUID.bundle.json, UUID.notices, UUID.shares
    // What the check found in them:
    enum frozen frozen;
    struct bundle terms;    // if FROZEN_CHECKED
    struct notices noticed; // to be released
};

// Where an earlier check stopped. The chain of hashes says that all before it is still the same, so its proofs need not be checked again.
// Kept in a file of one line: "plus1-verify state 1 UUID EVENTS HASH", the hash in hex.
struct checked {
    uint64_t events; // how many; 0: none
    uint8_t tip[32]; // hash of the last of them
};

// The line for a box that was checked, at most CHECKED_TEXT bytes.
enum { CHECKED_TEXT = 256 };
void checked_write(const struct box *b, struct buf *out);

struct checker {
    struct runner *runner;
    void (*line)(struct checker *c, const struct check_line *line);
    struct beside *beside;  // null: nothing is looked at beside the archive
    struct span previous;   // an older copy of the archive, of which nothing may be gone or changed; p null: none
    struct checked earlier; // ERR_PREVIOUS_... if the archive does not go on from there
    unsigned warnings;
};

const char *check_category_name(enum check_category c); // "completeness", ...

// Judges an archive, into an initialised box. P1_OK: valid as far as it goes; b->stage tells how far. COUNTS (room for
// P1_CHOICES_MAX) gets the result if there is one. ERR_ELECTION_KIND and others that say "not yet supported" are no verdict:
// see check_unsupported(). After any error the last line has status CHECK_FAILED.
MUST_USE enum p1_err check_archive(struct checker *c, struct box *b, struct span file, uint64_t *counts);

int check_unsupported(enum p1_err e);

// Are the boxes given exactly those that each checked bundle names? A null entry is a box without one. ERR_JOINT_BOXES
MUST_USE enum p1_err check_joint_terms(struct checker *c, const struct box *const *boxes,
                                       const struct bundle *const *terms, unsigned n);

// Of boxes that were each judged valid: the same questions and trustees, no box twice. ERR_JOINT_...
// SUM (room for P1_CHOICES_MAX) gets the sum of the counts, if all boxes have a result (*complete).
MUST_USE enum p1_err check_joint(struct checker *c, const struct box *const *boxes, const uint64_t *const *counts,
                                 unsigned n, uint64_t *sum, int *complete);

#endif
