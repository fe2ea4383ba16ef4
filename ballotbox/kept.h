// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What a copy of the database holds of a box: checked, written out as an archive, and gone on with, while no server uses it.
#ifndef P1_KEPT_H
#define P1_KEPT_H

#include <stdio.h>

#include "ballotbox/rows.h"
#include "board/box.h"

struct kept_progress {
    void (*step)(void *arg, uint64_t events); // may be null
    void *arg;
};

// Follows all events of a box: each hash, place and tracker is what follows from the events themselves. Into ARCHIVE, if it is not
// null, goes the box's archive. *END is where the chain ends.
// ERR_BOX_ROWS, and END->height tells at which event; ERR_DB..., ERR_MEMORY, ERR_DB_FULL if ARCHIVE takes no more
MUST_USE enum p1_err kept_follow(struct rows *r, const struct box_row *box, FILE *archive, struct chain *end,
                                 const struct kept_progress *progress);

// Are the ballots those of the voters whom the rows name? JUDGED is the box, judged. ERR_BOX_ROWS
MUST_USE enum p1_err kept_check_voters(struct rows *r, const struct box_row *box, const struct box *judged);

// Takes from the archive of a mirror, JUDGED, the events that follow OURS; in a transaction of the caller. HOUR: now. *taken counts
// them. ERR_BOX_OTHER: it does not go on from ours.
MUST_USE enum p1_err kept_take(struct rows *r, const struct box_row *box, const struct chain *ours,
                               const struct box *judged, struct span archive, int64_t hour, uint64_t *taken);

// Takes the lines of a mirror's notices that follow ours. ERR_BOX_OTHER: ours are not its beginning.
MUST_USE enum p1_err kept_take_notices(struct rows *r, const struct box_row *box, struct span notices);

// The hash of an event in an archive, in its order; *found is 0 if it ends before.
MUST_USE enum p1_err kept_event_of(struct span archive, uint64_t height, uint8_t hash[32], int *found);

#endif
