// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int catalogue_language(const char *code) {
    for (int i = 0; i < TEXT_LANGUAGES; i++)
        if (strcmp(code, text_languages[i]) == 0) return i;
    return -1;
}

int catalogue_find(const char *name) {
    for (int i = 0; i < TEXT_COUNT; i++)
        if (strcmp(name, text_names[i]) == 0) return i;
    return -1;
}

static void put_escaped(FILE *out, const char *text, size_t n, int markup) {
    for (size_t i = 0; i < n; i++) {
        const char *escaped = text[i] == '&' ? "&amp;" : text[i] == '<' ? "&lt;" : NULL;
        if (escaped && markup) {
            fputs(escaped, out);
        } else {
            fputc(text[i], out);
        }
    }
}

static const char *value_of(const struct place *places, const char *name, size_t n) {
    for (; places && places->name; places++)
        if (strlen(places->name) == n && memcmp(places->name, name, n) == 0) return places->value;
    return "";
}

enum form { PLAIN, MARKUP, MARKUP_BOLD };

static char *fill(const char *text, const struct place *places, enum form form) {
    char *filled;
    size_t n;
    FILE *out = open_memstream(&filled, &n);
    if (!out) return NULL;
    while (*text) {
        size_t plain = strcspn(text, "{");
        put_escaped(out, text, plain, form != PLAIN);
        text += plain;
        if (!*text) break;
        size_t name = strcspn(text, "}");
        const char *value = value_of(places, text + 1, name - 1);
        if (form == MARKUP_BOLD) fputs("<b>", out);
        put_escaped(out, value, strlen(value), form != PLAIN);
        if (form == MARKUP_BOLD) fputs("</b>", out);
        text += name + 1;
    }
    if (fclose(out) == 0) return filled;
    free(filled);
    return NULL;
}

char *catalogue_text(unsigned language, enum text id, const struct place *places) {
    return fill(texts[language][id], places, PLAIN);
}

char *catalogue_fill(unsigned language, enum text id, const struct place *places, int bold) {
    char *text = fill(texts[language][id], places, bold ? MARKUP_BOLD : MARKUP);
    if (!text) abort(); // as little memory as this is not left
    return text;
}

// ---- moments ----

// The second at which the clocks of Europe change in a month of 31 days: 01:00 UTC of its last Sunday.
static time_t change(int year, int month) {
    struct tm t = {.tm_year = year, .tm_mon = month, .tm_mday = 31, .tm_hour = 1};
    time_t last = timegm(&t);
    return last - t.tm_wday * (time_t)86400;
}

// The rule itself: a small computer may lack the list of time zones, and threads cannot change the zone of all others.
void moment_local(uint64_t moment, struct tm *out) {
    time_t t = (time_t)moment, local = t + 3600;
    if (!gmtime_r(&t, out)) *out = (struct tm){0};
    if (t >= change(out->tm_year, 2) && t < change(out->tm_year, 9)) local += 3600;
    if (!gmtime_r(&local, out)) *out = (struct tm){0};
}

static char *moment_text(unsigned language, enum text id, uint64_t moment) {
    struct tm t, end;
    char day[16], year[16], hour[16], minute[16], next[16];
    moment_local(moment, &t);
    moment_local(moment + 3600, &end);
    (void)snprintf(day, sizeof day, "%d", t.tm_mday);
    (void)snprintf(year, sizeof year, "%d", t.tm_year + 1900);
    (void)snprintf(hour, sizeof hour, "%d", t.tm_hour);
    (void)snprintf(minute, sizeof minute, "%02d", t.tm_min);
    (void)snprintf(next, sizeof next, "%d", end.tm_hour);
    const struct place places[] = {{"weekday", texts[language][TEXT_WEEKDAY_0 + t.tm_wday]},
                                   {"month", texts[language][TEXT_MONTH_1 + t.tm_mon]},
                                   {"day", day},
                                   {"year", year},
                                   {"hour", hour},
                                   {"minute", minute},
                                   {"next", next},
                                   {0}};
    return fill(texts[language][id], places, PLAIN);
}

char *catalogue_moment(unsigned language, uint64_t moment) { return moment_text(language, TEXT_MOMENT, moment); }

char *catalogue_hour(unsigned language, uint64_t moment) { return moment_text(language, TEXT_HOUR, moment); }

char *catalogue_short_hour(unsigned language, uint64_t moment) {
    return moment_text(language, TEXT_HOUR_SHORT, moment);
}

// ---- numbers ----

const char *catalogue_number(unsigned language, uint64_t n, char out[32]) {
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    size_t to = 0;
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0) out[to++] = *texts[language][TEXT_NUMBER_THOUSANDS];
        out[to++] = digits[i];
    }
    out[to] = 0;
    return out;
}

const char *catalogue_share(unsigned language, uint64_t part, uint64_t whole, char out[32]) {
    uint64_t tenths = whole ? (uint64_t)((double)part * 1000 / (double)whole + 0.5) : 0;
    (void)snprintf(out, 32, "%llu%c%llu %%", (unsigned long long)(tenths / 10), *texts[language][TEXT_NUMBER_POINT],
                   (unsigned long long)(tenths % 10));
    return out;
}
