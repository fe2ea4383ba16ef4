// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A file as one read-only span, by mmap: its pages are the file's, not the program's own memory. The mapping stays until the program
// ends.
#ifndef P1_MAP_H
#define P1_MAP_H

#include "core/span.h"

struct map {
    struct span file;
};

// 0, or errno; EISDIR or ENOTSUP if it is no plain file.
int map_open(struct map *m, const char *path);

#endif
