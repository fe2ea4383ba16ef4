// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What plus1-verify says: for people, grouped in the five categories, with a bar while it works; or as JSON for machines.
//
// The JSON is one object:
//   {"verdict":"valid"|"invalid"|"unsupported"|"unreadable",
//    "boxes":[{"file":"..","uuid":"..","name":"..","stage":"open"|"ended"|"tallied"|"published","voters":n,"ballots":n,
//              "counted":n,"weight":n,"result":[[n,..],..],             result only when published
//              "corrected":[[n,..],..],"correctedVoters":n},..],       only where notices withdrew votes
//    "result":[[n,..],..],                                              of one box, or the sum of a joint vote
//    "warnings":n,
//    "checks":[{"box":n,"category":"..","id":"..","status":"ok"|"warning"|"open"|"failed","text":"..",
//               "error":"ERR_..","place":".."},..]}                     error and place only when failed
// Counts above 2^30-1 stand in quotes, as in the archive. box counts from 1; 0 is the joint vote as a whole.
#ifndef P1_REPORT_H
#define P1_REPORT_H

#include "board/check.h"

enum verdict { VALID = 0, INVALID = 1, NOT_CHECKED = 2 }; // exit codes; wrong usage is 3

struct report {
    struct checker checker;
    int json;
    unsigned box; // that is being checked, from 1
    struct check_line *lines;
    unsigned *line_box;
    size_t count, room;
    int bar; // a progress bar is on the screen
};

void report_init(struct report *r, struct runner *runner, int json);
void report_release(struct report *r);

struct report_box {
    const char *file;
    struct box *box;              // null if it could not be read
    int valid;                    // as far as it goes
    uint64_t *counts, *corrected; // P1_CHOICES_MAX each
    struct beside beside;         // bundle and notices, and what they say
};

// Everything, at the end. SUM is null if there is no joint result.
void report_print(const struct report *r, enum verdict v, const struct report_box *boxes, unsigned n,
                  const uint64_t *sum);

#endif
