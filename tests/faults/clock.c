// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Between a program and the clock of its machine (LD_PRELOAD). The environment tells:
//
//   P1_CLOCK_SYNC    1 or 0: does something keep the clock right? Without it: as it is
//   P1_CLOCK_SHIFT   seconds by which the wall clock is ahead

#define _GNU_SOURCE

#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static time_t shift(void) {
    const char *seconds = getenv("P1_CLOCK_SHIFT");
    return seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t id, struct timespec *t) {
    int result = (int)syscall(SYS_clock_gettime, id, t);
    if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) t->tv_sec += shift();
    return result;
}

time_t time(time_t *out) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (out) *out = t.tv_sec;
    return t.tv_sec;
}

int adjtimex(struct timex *t) {
    const char *sync = getenv("P1_CLOCK_SYNC");
    int state = (int)syscall(SYS_adjtimex, t);
    if (!sync) return state;
    if (*sync == '1') {
        t->status &= ~STA_UNSYNC;
        return TIME_OK;
    }
    t->status |= STA_UNSYNC;
    return TIME_ERROR;
}
