// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#ifndef P1_CLI_EXPERIMENTS_H
#define P1_CLI_EXPERIMENTS_H

#include "platform/experiment.h"

enum { EXPERIMENTS_MAX = 32 };

extern const struct experiment *const experiments[];
extern const size_t experiment_count;

#endif
