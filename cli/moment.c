// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/moment.h"

#include <stdio.h>
#include <time.h>

int moment_parse(const char *text, uint64_t *out) {
    struct tm t = {0}, again;
    int year, month, offset_h = 0, offset_m = 0, used = 0;
    char sign = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec, &used) !=
            6 ||
        used != 19)
        return 0;
    const char *zone = text + used;
    used = 0;
    if (zone[0] != 'Z' || zone[1]) {
        if (sscanf(zone, "%c%2d:%2d%n", &sign, &offset_h, &offset_m, &used) != 3 || used != 6 || zone[6] ||
            (sign != '+' && sign != '-') || offset_h > 14 || offset_m > 59)
            return 0;
    }
    t.tm_year = year - 1900;
    t.tm_mon = month - 1;
    const struct tm asked = t;
    time_t v = timegm(&t);
    // What timegm() had to mend was no date.
    if (v < 0 || !gmtime_r(&v, &again) || again.tm_mday != asked.tm_mday || again.tm_mon != asked.tm_mon ||
        again.tm_hour != asked.tm_hour || again.tm_min != asked.tm_min || again.tm_sec != asked.tm_sec)
        return 0;
    long offset = (offset_h * 60L + offset_m) * 60;
    v -= sign == '-' ? -offset : offset;
    if (v < 0) return 0;
    *out = (uint64_t)v;
    return 1;
}
