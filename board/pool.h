// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A runner over threads, one for each core of the machine. The only thing of the operating system that board/ knows.
#ifndef P1_POOL_H
#define P1_POOL_H

#include "board/runner.h"

// THREADS 0: as many as the machine has cores. Null if there is not enough memory.
struct runner *pool_new(unsigned threads);
// Wipes the working memory.
void pool_free(struct runner *r);

#endif
