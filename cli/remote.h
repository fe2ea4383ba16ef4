// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A vote on a server, as the link on a letter names it: http(s)://HOST/s/UUID#CODE.PRINT
#ifndef P1_CLI_REMOTE_H
#define P1_CLI_REMOTE_H

#include "cli/boxfile.h"

struct remote {
    char *base, *uuid;  // http(s)://HOST
    char *code, *print; // of the link, or null
    char *folder, *box; // a copy of the box as it was made, and of its frozen bundle
};

// Says what is wrong. To be closed in any case; the code is wiped.
MUST_USE enum p1_exit remote_open(struct remote *r, const char *link);
void remote_close(struct remote *r);

// Is the question paper the one that the letter names? Yes if the link names none.
MUST_USE enum p1_exit remote_check_paper(const struct remote *r, const struct boxfile *f);

// Casts a ballot, again and again while the network fails: it enters once. The receipt's signature is checked, and RECEIPT, if not null,
// is the file that keeps it.
MUST_USE enum p1_exit remote_cast(const struct remote *r, const struct boxfile *f, struct span ballot,
                                  const char *receipt);

// Posts BODY to .../elections/UUID/WHAT; *text, the answer, is to be freed. Says what is wrong.
MUST_USE enum p1_exit remote_ask(const struct remote *r, const char *what, struct span body, char **text, size_t *n);

#endif
