// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The experiments of this program. To remove one, remove its line and its folder.

#include "cli/experiments.h"

#include "experiments/stem/stem.h"

const struct experiment *const experiments[] = {
    &stem,
    NULL, // ends the table, which may be empty
};

const size_t experiment_count = sizeof experiments / sizeof *experiments - 1;
