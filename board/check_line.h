// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// How the files of the check say what they found, and what they call of each other. Not for others.
#ifndef P1_CHECK_LINE_H
#define P1_CHECK_LINE_H

#include "board/check.h"

__attribute__((format(printf, 5, 6))) void check_say(struct checker *c, enum check_category category,
                                                     enum check_status status, const char *id, const char *format, ...);
// A line of status CHECK_FAILED; FORMAT says where. Returns ERR.
__attribute__((format(printf, 3, 4))) enum p1_err check_fail(struct checker *c, enum p1_err err, const char *format,
                                                             ...);

// What stands beside the archive: after the setup, after the last event, and when the shares that open the box are known.
MUST_USE enum p1_err check_beside(struct checker *c, struct box *b);
MUST_USE enum p1_err check_notices_end(struct checker *c, const struct box *b);
MUST_USE enum p1_err check_bindings(struct checker *c, const struct box *b, const struct ciphertext *tally,
                                    uint64_t used);

#endif
