// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/clock.h"

const struct clock_source clock_system = {adjtimex, clock_gettime};

int clock_synchronised(const struct clock_source *s) {
    struct timex t = {.modes = 0};
    int state = s->adjtimex(&t);
    return state >= 0 && state != TIME_ERROR && !(t.status & STA_UNSYNC);
}

static int64_t ns_of(const struct clock_source *s, clockid_t id) {
    struct timespec t = {0};
    s->gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t offset(const struct clock_source *s) { return ns_of(s, CLOCK_REALTIME) - ns_of(s, CLOCK_BOOTTIME); }

void clock_watch_start(struct clock_watch *w, const struct clock_source *s) { *w = (struct clock_watch){s, offset(s)}; }

int64_t clock_watch_shift(const struct clock_watch *w) { return offset(w->source) - w->offset; }
