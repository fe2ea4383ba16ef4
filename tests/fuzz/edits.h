// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// An election that was changed somewhere and still has right hashes, so that a change gets as far as the proofs. The input of a
// target is a list of edits of a right election, made at start: events are left out, moved, taken from another election, their
// records changed in place; ballots of voters and whole counts come in between. A file is written then, and perhaps torn.
#ifndef P1_FUZZ_EDITS_H
#define P1_FUZZ_EDITS_H

#include "tests/fuzz/fuzz.h"
#include "tests/unit/board_helpers.h"

// The files beside an archive, as records of a step that is in no archive.
enum { BESIDE_BUNDLE, BESIDE_NOTICES, BESIDE_SHARES, BESIDE_FILES };

struct edited {
    struct script script;
    struct step beside;
    int has_beside;
    struct span file;       // the archive; for free()
    int right;              // nothing is wrong with it: it must be accepted
    int torn;               // the file is not what the script says
    unsigned options;       // a byte for the target
    const struct basis *of; // the election that was changed
};

// The elections there are: of two single trustees; of a set of which two of three are needed, and with weights; with a frozen
// bundle, notices and second proofs.
enum { BASES = 3 };

struct basis {
    struct made *made;
    struct script script;
    struct step beside;
    struct span file; // as it was written
};

void edits_start(void);
const struct basis *edits_basis(unsigned i);

// To be released.
void edits_take(struct edited *e, struct span in);
void edits_release(struct edited *e);

// What must hold of one that was accepted: its ballots are of voters, and its result (null: it has none) is what these said.
void edits_accepted(const struct edited *e, const uint64_t *counts);

// Is this a ballot that a voter made?
int edits_is_vote(struct span ballot);

#endif
