// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/moment.h"
#include "cli/text.h"

int catalogue_language(const char *code) {
    for (int i = 0; i < TEXT_LANGUAGES; i++)
        if (strcmp(code, text_languages[i]) == 0) return i;
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
    if (!out) return text_copy(span_str("")); // as little memory as this is not left
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
    (void)fclose(out);
    return filled;
}

char *catalogue_fill(unsigned language, enum text id, const struct place *places, int bold) {
    return fill(texts[language][id], places, bold ? MARKUP_BOLD : MARKUP);
}

char *catalogue_moment(unsigned language, uint64_t moment) {
    struct tm t;
    char day[16], year[16], hour[16], minute[16];
    moment_local(moment, &t);
    (void)snprintf(day, sizeof day, "%d", t.tm_mday);
    (void)snprintf(year, sizeof year, "%d", t.tm_year + 1900);
    (void)snprintf(hour, sizeof hour, "%d", t.tm_hour);
    (void)snprintf(minute, sizeof minute, "%02d", t.tm_min);
    const struct place places[] = {{"weekday", texts[language][TEXT_WEEKDAY_0 + t.tm_wday]},
                                   {"month", texts[language][TEXT_MONTH_1 + t.tm_mon]},
                                   {"day", day},
                                   {"year", year},
                                   {"hour", hour},
                                   {"minute", minute},
                                   {0}};
    return fill(texts[language][TEXT_LETTER_MOMENT], places, PLAIN);
}
