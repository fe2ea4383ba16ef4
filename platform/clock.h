// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Is the wall clock right? Votes close by it, so a server whose clock is nobody's care says so; and did it jump since
// the server started?
#ifndef P1_CLOCK_H
#define P1_CLOCK_H

#include <stdint.h>
#include <sys/timex.h>
#include <time.h>

// Where the time comes from: the system, or a test.
struct clock_source {
    int (*adjtimex)(struct timex *t);
    int (*gettime)(clockid_t id, struct timespec *t);
};

extern const struct clock_source clock_system;

// Does something keep the clock at the right time? Where the kernel cannot say, no.
int clock_synchronised(const struct clock_source *s);

struct clock_watch {
    const struct clock_source *source;
    int64_t offset; // wall clock minus time since boot, in ns
};

void clock_watch_start(struct clock_watch *w, const struct clock_source *s);
// By how much the wall clock was moved since, in ns; the time that a sleeping machine missed is no move.
int64_t clock_watch_shift(const struct clock_watch *w);

#endif
