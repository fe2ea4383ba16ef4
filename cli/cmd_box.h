// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#ifndef P1_CLI_CMD_BOX_H
#define P1_CLI_CMD_BOX_H

#include "cli/boxfile.h"

// Checks a ballot and appends it. Says why it is refused.
MUST_USE enum p1_exit box_add(struct boxfile *f, struct span json, char tracker[P1_HASH64]);

#endif
