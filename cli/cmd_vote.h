// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#ifndef P1_CLI_CMD_VOTE_H
#define P1_CLI_CMD_VOTE_H

#include "board/box.h"
#include "cli/issues.h"
#include "core/credential.h"

// A signed ballot for whoever has this code. CHOICES has one entry per choice of the election. Says what is wrong.
MUST_USE enum p1_exit ballot_make(const struct box *box, const char *typed, const uint8_t *choices,
                                  const uint8_t seed[32], struct buf *out, char code64[P1_HASH64], struct work *w);

// The voter whose code was typed, or null; a code that can be read in two ways is tried in both. X, a secret, and CREDENTIAL
// follow from it.
MUST_USE struct voter *voter_by_code(const struct box *box, struct code *code, struct scalar *x,
                                     struct elem_text *credential, struct work *w);

// The secret of a code that somebody typed, and its credential, which is on the roll of this box; wipe X. Says what is wrong.
MUST_USE enum p1_exit code_use(const struct box *box, const char *typed, struct scalar *x, struct elem_text *credential,
                               struct work *w);

#endif
