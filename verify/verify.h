// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#ifndef P1_VERIFY_H
#define P1_VERIFY_H

#include "board/runner.h"

// plus1-verify ballot FILE.bel TRACKER [--seed HEX [--choose ..]..]: the exit code, or -1 for wrong usage.
int verify_ballot(struct runner *runner, char **args, int n);

#endif
