// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A running vote for measurements: one question with three answers of which one is chosen, one trustee, as many voters as
// ballots. Credentials, key and choices are made up from counters: nothing here is secret.
#ifndef P1_BENCH_MAKE_ARCHIVE_H
#define P1_BENCH_MAKE_ARCHIVE_H

#include <stdint.h>

#include "core/span.h"

// The archive's bytes, to be freed; ends the program if anything fails.
struct span make_archive(const char *group, unsigned ballots);

#endif
