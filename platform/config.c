// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/config.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json_canon.h"
#include "platform/field.h"

enum { FILE_LARGEST = 1 << 20, NAME_LARGEST = 60, PATH_LARGEST = 40, TEXT_LARGEST = 1000 };

static const char plain_colour[] = "#00386b"; // where a municipality names none

const char *const config_line_names[LINES] = {
    [LINE_WELCOME] = "welcome", [LINE_HELP] = "help",
    [LINE_LIBRARY] = "library", [LINE_COUNTER] = "counter",
    [LINE_PAPER] = "paper",     [LINE_EMAIL] = "email",
    [LINE_PRIVACY] = "privacy", [LINE_ACCESSIBILITY] = "accessibility",
};

// ---- what is wrong ----

// Where in the file we are, and where its sentence goes.
struct place {
    char *why;
    const char *folder;
    char name[48]; // "municipalities[2]"; empty at the top
};

__attribute__((format(printf, 3, 4))) static int wrong(const struct place *at, const char *member, const char *format,
                                                       ...) {
    int n = snprintf(at->why, CONFIG_WHY, "%s: %s%s%s%s", CONFIG_FILE, at->name, *at->name && *member ? "." : "",
                     member, *at->name || *member ? " " : "");
    va_list list;
    va_start(list, format);
    if (n > 0 && n < CONFIG_WHY) (void)vsnprintf(at->why + n, (size_t)(CONFIG_WHY - n), format, list);
    va_end(list);
    utf8_disarm((uint8_t *)at->why, strlen(at->why)); // it may say what the file says, and is printed
    return -1;
}

// An object of these members alone. KNOWN: names, each with a space on both sides.
static int is_known(const struct place *at, const json_t *object, const char *known) {
    const char *member;
    json_t *value;
    if (!json_is_object(object)) return wrong(at, "", "is no object {..}");
    json_object_foreach((json_t *)(uintptr_t)object, member, value) {
        char word[64];
        if (snprintf(word, sizeof word, " %s ", member) < (int)sizeof word && strstr(known, word)) continue;
        return wrong(at, "", "has a member \"%.40s\", which is not known: there can be%.*s", member,
                     (int)strlen(known) - 1, known);
    }
    return 0;
}

// ---- texts ----

static int is_line(const json_t *j, size_t most) {
    const char *text = json_string_value(j);
    if (!text || !*text || strlen(text) > most || *text == ' ' || text[strlen(text) - 1] == ' ') return 0;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p < ' ' || *p == 0x7f || (*p == 0xc2 && p[1] < 0xa0)) return 0; // control characters
    }
    return 1;
}

static int is_text(const json_t *j) {
    const char *language;
    json_t *one;
    if (!json_is_object(j)) return is_line(j, TEXT_LARGEST);
    json_object_foreach((json_t *)(uintptr_t)j, language, one) {
        if (strlen(language) != 2 || !is_line(one, TEXT_LARGEST)) return 0;
    }
    return json_object_size(j) > 0;
}

static int read_lines(struct place *at, const struct municipality *m) {
    for (unsigned i = 0; i < LINES; i++) {
        const json_t *j = json_object_get(m->json, config_line_names[i]);
        if (j && !is_text(j))
            return wrong(at, config_line_names[i],
                         "is a text of one line, or one for each language: {\"nl\":\"..\",\"en\":\"..\"}");
    }
    return 0;
}

static int read_address(struct place *at, struct municipality *m) {
    const json_t *list = json_object_get(m->json, "address");
    if (!list) return 0;
    if (!json_is_array(list) || json_array_size(list) > CONFIG_ADDRESS_MAX)
        return wrong(at, "address", "is a list of at most three lines");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!is_line(json_array_get(list, i), TEXT_LARGEST))
            return wrong(at, "address", "is a list of at most three lines");
        m->address[m->address_lines++] = json_string_value(json_array_get(list, i));
    }
    return 0;
}

// ---- where it is ----

static int is_path(const char *text) {
    size_t n = strlen(text);
    return n >= 2 && n <= PATH_LARGEST && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == n &&
           text[0] >= 'a' && text[n - 1] != '-' && strcmp(text, "v1") != 0;
}

static int is_host(const char *text) {
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    if (n == 0 || n > 100 || text[0] == '.' || text[0] == '-' || text[n - 1] == '.' || text[n - 1] == '-') return 0;
    if (text[n] == 0) return 1;
    size_t port = strspn(text + n + 1, "0123456789");
    return text[n] == ':' && port >= 1 && port <= 5 && text[n + 1 + port] == 0;
}

static int read_names(struct place *at, struct municipality *m) {
    const json_t *name = json_object_get(m->json, "name"), *path = json_object_get(m->json, "path");
    const json_t *host = json_object_get(m->json, "host"), *people = json_object_get(m->json, "inhabitants");
    if (!is_line(name, NAME_LARGEST)) return wrong(at, "name", "must be there: a text of one line, such as \"Emmen\"");
    m->name = json_string_value(name);
    m->path = json_string_value(path);
    if (!m->path || !is_path(m->path))
        return wrong(at, "path", "must be there: small letters, digits and hyphens, such as \"emmen\"");
    m->host = json_string_value(host);
    if (host && (!m->host || !is_host(m->host)))
        return wrong(at, "host",
                     "is an address such as \"stem.emmen.nl\", in small letters, without https:// and without a path");
    if (people && (json_integer_value(people) < 1 || json_integer_value(people) > 1000000000))
        return wrong(at, "inhabitants", "is a whole number, such as 107113");
    m->inhabitants = (uint64_t)json_integer_value(people);
    return 0;
}

// ---- how it looks ----

static int read_colour(struct place *at, struct municipality *m) {
    const json_t *colour = json_object_get(m->json, "colour");
    const char *text = colour ? json_string_value(colour) : plain_colour;
    return text && palette_make(&m->palette, text) == 0 ? 0 : wrong(at, "colour", "is written as \"#00549e\"");
}

// The whole file, to free(); null with errno. One that is too large: EFBIG.
static char *read_file(const char *folder, const char *name, size_t most, size_t *n) {
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path) errno = ENAMETOOLONG;
    FILE *f = strlen(path) < sizeof path - 1 ? fopen(path, "rbe") : NULL;
    char *text = f ? malloc(most + 1) : NULL;
    if (text) {
        *n = fread(text, 1, most + 1, f);
        if (*n > most) errno = EFBIG;
        if (*n > most || ferror(f)) {
            free(text);
            text = NULL;
        }
    }
    int why = errno;
    if (f) (void)fclose(f);
    errno = why;
    return text;
}

// PNG alone: an SVG is a program, and would run on our pages.
static int read_logo(struct place *at, struct municipality *m) {
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    const json_t *logo = json_object_get(m->json, "logo");
    size_t n = 0;
    if (!logo) return 0;
    if (!is_line(logo, NAME_LARGEST) || strchr(json_string_value(logo), '/'))
        return wrong(at, "logo", "is the name of a PNG file beside %s", CONFIG_FILE);
    char *text = read_file(at->folder, json_string_value(logo), CONFIG_LOGO_MAX, &n);
    if (!text)
        return wrong(at, "logo", "cannot be read: %s", errno == EFBIG ? "it is larger than 256 kB" : strerror(errno));
    m->logo = span_of(text, n);
    return n > sizeof png && memcmp(text, png, sizeof png) == 0
               ? 0
               : wrong(at, "logo", "is no PNG picture: make one of it");
}

// ---- all of it ----

static int read_municipality(struct place *at, struct municipality *m) {
    static const char known[] = " name path host inhabitants colour logo address welcome help library counter paper "
                                "email accessibility privacy demonstration ";
    const json_t *demonstration = json_object_get(m->json, "demonstration");
    if (is_known(at, m->json, known) || read_names(at, m) || read_lines(at, m) || read_address(at, m)) return -1;
    if (demonstration && !json_is_boolean(demonstration)) return wrong(at, "demonstration", "is true or false");
    m->demonstration = json_is_true(demonstration);
    return read_colour(at, m) || read_logo(at, m) ? -1 : 0;
}

static int differ(const struct place *at, const struct config *c, size_t last) {
    const struct municipality *m = &c->all[last];
    for (size_t i = 0; i < last; i++) {
        const struct municipality *o = &c->all[i];
        if (strcmp(o->name, m->name) == 0) return wrong(at, "name", "is \"%s\", as another has it", m->name);
        if (strcmp(o->path, m->path) == 0) return wrong(at, "path", "is \"%s\", as another has it", m->path);
        if (m->host && o->host && strcmp(o->host, m->host) == 0)
            return wrong(at, "host", "is \"%s\", as another has it", m->host);
    }
    return 0;
}

static int read_municipalities(struct place *at, struct config *c) {
    json_t *list = json_object_get(c->json, "municipalities");
    if (!json_is_array(list)) return wrong(at, "municipalities", "must be there: a list [..]");
    c->all = calloc(json_array_size(list) + 1, sizeof *c->all);
    if (!c->all) return wrong(at, "", "cannot be kept: there is not enough memory");
    for (; c->n < json_array_size(list); c->n++) {
        struct municipality *m = &c->all[c->n];
        m->json = json_array_get(list, c->n);
        (void)snprintf(at->name, sizeof at->name, "municipalities[%zu]", c->n);
        if (read_municipality(at, m) || differ(at, c, c->n)) {
            c->n++; // its logo is there perhaps
            return -1;
        }
    }
    return 0;
}

static int read_prices(struct place *at, struct config *c) {
    const json_t *prices = json_object_get(c->json, "prices");
    struct prices *p = &c->prices;
    const struct {
        const char *name;
        double *to;
    } all[] = {{"cpu_hour", &p->cpu_hour}, {"gigabyte_month", &p->gigabyte_month}, {"letter", &p->letter}};
    if (!prices) return 0;
    (void)snprintf(at->name, sizeof at->name, "prices");
    if (is_known(at, prices, " cpu_hour gigabyte_month letter ")) return -1;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const json_t *price = json_object_get(prices, all[i].name);
        *all[i].to = json_number_value(price);
        if (!json_is_number(price) || *all[i].to < 0 || *all[i].to > 1e6)
            return wrong(at, all[i].name, "must be there: a number of euros, such as 0.05");
    }
    p->given = 1;
    return 0;
}

static int read_all(struct place *at, struct config *c, struct span text) {
    json_error_t error;
    c->json = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    if (!c->json) return wrong(at, "", "line %d is no JSON: %s", error.line, error.text);
    if (is_known(at, c->json, " municipalities prices ") || read_municipalities(at, c)) return -1;
    return read_prices(at, c);
}

int config_parse(struct config **out, struct span text, const char *folder, char why[CONFIG_WHY]) {
    struct place at = {.why = why, .folder = folder};
    struct config *c = calloc(1, sizeof *c);
    *out = c;
    *why = 0;
    return c ? read_all(&at, c, text) : wrong(&at, "", "cannot be read: there is not enough memory");
}

int config_read(struct config **out, const char *folder, char why[CONFIG_WHY]) {
    struct place at = {.why = why, .folder = folder};
    size_t n = 0;
    char *text = read_file(folder, CONFIG_FILE, FILE_LARGEST, &n);
    if (!text && errno == ENOENT) {
        *out = calloc(1, sizeof **out);
        return *out ? 0 : wrong(&at, "", "cannot be read: there is not enough memory");
    }
    *out = NULL;
    if (!text) return wrong(&at, "", "cannot be read: %s", strerror(errno));
    int bad = config_parse(out, span_of(text, n), folder, why);
    free(text);
    return bad;
}

void config_free(struct config *c) {
    if (!c) return;
    for (size_t i = 0; i < c->n; i++) free((void *)(uintptr_t)c->all[i].logo.p);
    free(c->all);
    json_decref(c->json);
    free(c);
}

// ---- looking up ----

const struct municipality *config_by_name(const struct config *c, struct span name) {
    for (size_t i = 0; i < c->n; i++) {
        if (span_eq(name, span_str(c->all[i].name))) return &c->all[i];
    }
    return NULL;
}

const struct municipality *config_by_path(const struct config *c, struct span path) {
    for (size_t i = 0; i < c->n; i++) {
        if (span_eq(path, span_str(c->all[i].path))) return &c->all[i];
    }
    return NULL;
}

static struct span without_port(struct span host) {
    size_t n = host.n;
    while (n && host.p[n - 1] >= '0' && host.p[n - 1] <= '9') n--;
    return n && host.p[n - 1] == ':' ? span_of(host.p, n - 1) : host;
}

const struct municipality *config_by_host(const struct config *c, struct span host) {
    for (size_t i = 0; i < c->n; i++) {
        const char *own = c->all[i].host;
        if (own && (field_same(host, own) || field_same(without_port(host), own))) return &c->all[i];
    }
    return NULL;
}

const char *municipality_line(const struct municipality *m, enum config_line which, const char *language) {
    json_t *j = json_object_get(m->json, config_line_names[which]);
    if (!json_is_object(j)) return json_string_value(j);
    const char *text = json_string_value(json_object_get(j, language));
    return text ? text : json_string_value(json_object_iter_value(json_object_iter(j)));
}
