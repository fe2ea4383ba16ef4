// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What experiments let their operator set: plus1 serve --set NAME=NUMBER.
#ifndef P1_CLI_SETTINGS_H
#define P1_CLI_SETTINGS_H

#include "cli/args.h"
#include "cli/experiments.h"

struct settings {
    unsigned value[EXPERIMENTS_MAX][EXPERIMENT_SETTINGS_MAX];
};

// As usual, but for what is SET (null-terminated, or null). Says what is wrong.
MUST_USE enum p1_exit settings_read(struct settings *s, const char *const *set);

#endif
