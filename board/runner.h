// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// How the board asks for work to be done side by side, without knowing threads.
#ifndef P1_RUNNER_H
#define P1_RUNNER_H

#include "core/group.h"

typedef void runner_task(void *arg, size_t i, struct work *w);

struct runner {
    // Calls task(arg, i, w) once for each i below n, in any order and on any thread, each with working memory of its own,
    // and returns when all are done. Not to be called from a task.
    void (*run)(struct runner *r, size_t n, runner_task *task, void *arg);
    // How far the reading is, in bytes. May be null.
    void (*progress)(struct runner *r, uint64_t done, uint64_t total);
    struct work *work; // for the calling thread
};

#endif
