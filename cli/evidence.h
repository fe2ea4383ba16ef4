// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What shows how far a box was before it was lost: receipts of residents and copies that others keep. Each is checked, and what is
// wrong with it is said to the user here.
#ifndef P1_CLI_EVIDENCE_H
#define P1_CLI_EVIDENCE_H

#include "ballotbox/kept.h"
#include "cli/boxfile.h"

// The box as the backup has it.
struct evidence_box {
    struct rows *rows;
    const struct box_row *row;
    const struct boxfile *file; // judged
};

// The receipts of --receipt. USED has a flag for each, set for those that are of this box; *shown rises to the highest height. A forged
// receipt is ignored, with a sentence. REFUSED if a good one contradicts the box.
MUST_USE enum p1_exit evidence_receipts(const struct args *args, const struct evidence_box *b, int *used,
                                        int64_t *shown);

// The archive of this box in a folder, or in the file itself: judged whole. *found is 0 if it is of other boxes. REFUSED if it does
// not verify or has another history. To be closed if it was found.
MUST_USE enum p1_exit evidence_mirror(const char *path, const struct evidence_box *b, struct boxfile *out, char **name,
                                      int *found);

#endif
