// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/letterhead.h"

#include <jansson.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/files.h"
#include "cli/text.h"

static const char *const text_fields[] = {"help", "library", "counter", "paper"};
static const double dark_blue[] = {0.0, 0.22, 0.45};

static enum p1_exit wrong(const char *path, const char *field, const char *why) {
    return refuse(P1_EXIT_REFUSED, "%s: \"%s\" %s", path, field, why);
}

static int is_line(const json_t *j) {
    const char *text = json_string_value(j);
    return text && text_trim(span_str(text)).n && !text_has_control(span_str(text));
}

static int is_text(const json_t *j) {
    const char *language;
    json_t *one;
    if (!json_is_object(j)) return is_line(j);
    json_object_foreach((json_t *)(uintptr_t)j, language, one) if (!is_line(one)) return 0;
    return 1;
}

static int is_host(const char *text) {
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    size_t n = strspn(text, signs);
    if (n == 0 || n > 100 || text[0] == '.' || text[0] == '-' || text[n - 1] == '.' || text[n - 1] == '-') return 0;
    if (text[n] == 0) return 1;
    size_t port = strspn(text + n + 1, "0123456789");
    return text[n] == ':' && port >= 1 && port <= 5 && text[n + 1 + port] == 0;
}

static enum p1_exit read_host(struct letterhead *m, const char *path) {
    const json_t *host = json_object_get(m->json, "host");
    if (!host) return wrong(path, "host", "is missing: it is the address in the letters, such as stem.emmen.nl");
    m->host = json_string_value(host);
    if (m->host && is_host(m->host)) return P1_EXIT_DONE;
    return wrong(path, "host", "is an address such as stem.emmen.nl, in small letters, without https:// and path");
}

static enum p1_exit read_address(struct letterhead *m, const char *path) {
    const json_t *address = json_object_get(m->json, "address");
    if (!address) return P1_EXIT_DONE;
    if (!json_is_array(address) || json_array_size(address) > LETTERHEAD_LINES)
        return wrong(path, "address", "is a list of at most three lines");
    for (size_t i = 0; i < json_array_size(address); i++) {
        if (!is_line(json_array_get(address, i))) return wrong(path, "address", "is a list of at most three lines");
        m->address[m->address_lines++] = json_string_value(json_array_get(address, i));
    }
    return P1_EXIT_DONE;
}

static enum p1_exit read_colour(struct letterhead *m, const char *path) {
    static const double eye[] = {0.2126, 0.7152, 0.0722};
    const json_t *colour = json_object_get(m->json, "colour");
    memcpy(m->colour, dark_blue, sizeof dark_blue);
    if (!colour) return P1_EXIT_DONE;
    const char *text = json_string_value(colour);
    if (!text || text[0] != '#' || strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6)
        return wrong(path, "colour", "is written as #00549e");
    unsigned long rgb = strtoul(text + 1, NULL, 16);
    double light = 0;
    for (int i = 0; i < 3; i++) {
        m->colour[i] = (double)(rgb >> (16 - 8 * i) & 255) / 255;
        light += eye[i] * m->colour[i] * m->colour[i]; // nearly sRGB
    }
    // WCAG 2.2, 1.4.3: a contrast of 4.5 with white.
    return light <= 1.05 / 4.5 - 0.05 ? P1_EXIT_DONE : wrong(path, "colour", "is too light to be read on white paper");
}

static enum p1_exit read_logo(struct letterhead *m, const char *path, const char *folder) {
    const json_t *logo = json_object_get(m->json, "logo");
    if (!logo) return P1_EXIT_DONE;
    if (!is_line(logo)) return wrong(path, "logo", "is the name of a PNG file beside it");
    m->logo = path_join(folder, "%s", json_string_value(logo));
    return P1_EXIT_DONE;
}

static void note_unknown(const struct letterhead *m, const char *path) {
    static const char known[] = " name host help address library counter paper logo colour ";
    const char *field;
    json_t *value;
    json_object_foreach(m->json, field, value) {
        char word[64];
        if (snprintf(word, sizeof word, " %s ", field) < (int)sizeof word && strstr(known, word)) continue;
        fprintf(stderr, "plus1: %s: the field \"%.*s\" is not for letters and is ignored\n", path,
                TEXT_SHORT(span_str(field)));
    }
}

static enum p1_exit read_all(struct letterhead *m, const char *path, const char *folder) {
    char *text = NULL;
    size_t n;
    enum p1_exit e = file_read(path, 0, &text, &n);
    if (e != P1_EXIT_DONE) return e;
    m->json = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    const json_t *name = json_object_get(m->json, "name");
    if (!is_line(name)) return refuse(P1_EXIT_UNREADABLE, "%s is not what plus1 municipality create makes", path);
    m->name = json_string_value(name);
    note_unknown(m, path);
    e = read_host(m, path);
    if (e == P1_EXIT_DONE) e = read_address(m, path);
    if (e == P1_EXIT_DONE) e = read_colour(m, path);
    if (e == P1_EXIT_DONE) e = read_logo(m, path, folder);
    for (size_t i = 0; i < sizeof text_fields / sizeof *text_fields && e == P1_EXIT_DONE; i++) {
        const json_t *field = json_object_get(m->json, text_fields[i]);
        if (field && !is_text(field))
            e = wrong(path, text_fields[i], "is a text of one line, or one for each language");
    }
    return e;
}

enum p1_exit letterhead_read(struct letterhead *m, const char *archive) {
    *m = (struct letterhead){0};
    char *copy = text_copy(span_str(archive));
    const char *folder = dirname(copy);
    char *path = path_join(folder, "municipality.json");
    enum p1_exit e = read_all(m, path, folder);
    free(path);
    free(copy);
    return e;
}

void letterhead_release(struct letterhead *m) {
    json_decref(m->json);
    free(m->logo);
}

const char *letterhead_text(const struct letterhead *m, enum letterhead_text which, const char *language) {
    const json_t *j = json_object_get(m->json, text_fields[which]);
    return json_string_value(json_is_object(j) ? json_object_get(j, language) : j);
}

enum p1_exit letterhead_speaks(const struct letterhead *m, const char *language) {
    for (enum letterhead_text i = LETTERHEAD_HELP; i <= LETTERHEAD_PAPER; i++) {
        if (letterhead_text(m, i, language)) continue;
        if (i == LETTERHEAD_HELP || json_object_get(m->json, text_fields[i]))
            return refuse(P1_EXIT_REFUSED, "municipality.json: \"%s\" says nothing in the language \"%s\"",
                          text_fields[i], language);
    }
    return P1_EXIT_DONE;
}
