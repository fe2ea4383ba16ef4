// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A running vote for measurements: one question with three answers of which one is chosen, one trustee. Credentials, key and
// choices are made up from counters: nothing here is secret.
#ifndef P1_BENCH_MAKE_ARCHIVE_H
#define P1_BENCH_MAKE_ARCHIVE_H

#include <stdio.h>

#include "board/runner.h"
#include "core/span.h"

// Writes an archive in which each voter cast a ballot, and the first BALLOTS - VOTERS of them a second one (at most VOTERS). All
// ballots differ and are genuine. Ends the program if anything fails.
void make_archive(FILE *out, const char *group, unsigned voters, unsigned ballots, struct runner *r);

// The private key of the trustee.
void make_archive_key(const struct group *g, struct scalar *out);

// The COUNT ballots that come after the first FIRST of such an archive, one a line.
void make_ballots(FILE *out, const char *group, unsigned voters, unsigned first, unsigned count, struct runner *r);

#endif
