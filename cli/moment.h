// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A moment as people write it, RFC 3339 with its offset: 2027-03-10T20:00:00+01:00, or Z. Unix seconds; 0 if it is none.
#ifndef P1_CLI_MOMENT_H
#define P1_CLI_MOMENT_H

#include <stdint.h>

int moment_parse(const char *text, uint64_t *out);

#endif
