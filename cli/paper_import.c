// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>

#include "cli/paper.h"
#include "cli/text.h"

#define JOIN " > "

struct level {
    json_t *items;
    size_t next; // of the items
    size_t path; // length of this category's path
};

struct import {
    struct level levels[IMPORT_DEPTH_MAX];
    size_t depth; // categories that are open
    char path[(IMPORT_DEPTH_MAX + 1) * (IMPORT_NAME_MAX + sizeof JOIN)];
    struct paper *paper;
    struct issues *issues;
};

// The reason alone is left: notes about a file that is not taken say nothing.
__attribute__((format(printf, 2, 3))) static enum p1_exit refuse(struct import *in, const char *format, ...) {
    char why[200];
    va_list args;
    va_start(args, format);
    // clang-tidy 14 errs here when it is given several files at once.
    vsnprintf(why, sizeof why, format, args); // NOLINT(clang-analyzer-valist.Uninitialized)
    va_end(args);

    issues_release(in->issues);
    if (in->depth == 0) return issues_refuse(in->issues, P1_EXIT_REFUSED, 0, "the outermost category %s", why);
    const struct level *level = &in->levels[in->depth - 1];
    return issues_refuse(in->issues, P1_EXIT_REFUSED, 0, "item %zu of \"%.*s\" %s", level->next, (int)level->path,
                         in->path, why);
}

static enum p1_exit check_name(struct import *in, const json_t *item) {
    const json_t *value = json_object_get(item, "name");
    if (!value) return refuse(in, "has no \"name\"");
    if (!json_is_string(value)) return refuse(in, "has a \"name\" that is not a text");
    struct span name = span_of(json_string_value(value), json_string_length(value));
    if (text_trim(name).n == 0) return refuse(in, "has an empty \"name\"");
    if (name.n > IMPORT_NAME_MAX) return refuse(in, "has a \"name\" of more than %d bytes", IMPORT_NAME_MAX);
    if (text_has_control(name)) return refuse(in, "has a control character in its \"name\"");
    return P1_EXIT_DONE;
}

// Of an item that check_name() has passed.
static struct span name_of(const json_t *item) {
    return text_trim(span_str(json_string_value(json_object_get(item, "name"))));
}

// A category or a candidate, and nothing beside it.
static enum p1_exit check_item(struct import *in, json_t *item) {
    if (!json_is_object(item)) return refuse(in, "is not a JSON object");
    const char *key;
    json_t *value;
    json_object_foreach(item, key, value) {
        if (strcmp(key, "name") && strcmp(key, "items") && strcmp(key, "address"))
            return refuse(in, "has the unknown field \"%.*s\"", TEXT_SHORT(span_str(key)));
    }
    enum p1_exit e = check_name(in, item);
    if (e != P1_EXIT_DONE) return e;

    const json_t *items = json_object_get(item, "items"), *address = json_object_get(item, "address");
    if (items && address)
        return refuse(in, "has both \"items\" and an \"address\": it must be a category or a candidate");
    if (!items && !address) return refuse(in, "has neither \"items\" nor an \"address\"");
    if (address && !json_is_string(address)) return refuse(in, "has an \"address\" that is not a text");
    if (items && !json_is_array(items)) return refuse(in, "has \"items\" that are not a list");
    if (items && json_array_size(items) == 0) return refuse(in, "has an empty list of \"items\"");
    return P1_EXIT_DONE;
}

// Puts the name behind the path of the category that is open; returns the length of the whole.
static size_t extend_path(struct import *in, const json_t *item) {
    size_t at = in->depth ? in->levels[in->depth - 1].path : 0;
    struct buf b = {(uint8_t *)in->path, at, sizeof in->path, 0};
    if (at) buf_str(&b, JOIN);
    buf_put(&b, name_of(item));
    return b.n;
}

static enum p1_exit open_category(struct import *in, const json_t *item) {
    if (in->depth == IMPORT_DEPTH_MAX)
        return refuse(in, "is a category at depth %d, at most %d", IMPORT_DEPTH_MAX + 1, IMPORT_DEPTH_MAX);
    size_t path = extend_path(in, item);
    in->levels[in->depth++] = (struct level){json_object_get(item, "items"), 0, path};
    return P1_EXIT_DONE;
}

static enum p1_exit take_candidate(struct import *in, const json_t *item) {
    struct paper_question *q = &in->paper->questions[0];
    size_t root = in->levels[0].path + strlen(JOIN), end = extend_path(in, item);
    struct span answer = span_of(in->path + root, end - root);

    if (in->depth == 1 && text_compare_nocase(name_of(item), SPAN_LIT("blanco")) == 0) {
        if (q->blank) return refuse(in, "is a second \"Blanco\"");
        q->blank = 1;
    } else {
        for (size_t i = 0; i < q->nanswers; i++)
            if (span_eq(span_str(q->answers[i]), answer))
                return refuse(in, "is an answer that was there before: \"%.*s\"", TEXT_SHORT(answer));
        if (q->nanswers == PAPER_ANSWERS_MAX)
            return refuse(in, "is one answer too many: at most %d", PAPER_ANSWERS_MAX);
        paper_add_answer(q, answer);
    }
    struct span address = span_str(json_string_value(json_object_get(item, "address")));
    issues_add(in->issues, SEVERITY_NOTE, 0, "the address \"%.*s\" of \"%.*s\" is left out", TEXT_SHORT(address),
               (int)answer.n, (const char *)answer.p);
    return P1_EXIT_DONE;
}

static enum p1_exit walk(struct import *in) {
    while (in->depth) {
        struct level *level = &in->levels[in->depth - 1];
        json_t *item = json_array_get(level->items, level->next);
        if (!item) {
            in->depth--;
            continue;
        }
        level->next++;
        enum p1_exit e = check_item(in, item);
        if (e == P1_EXIT_DONE) e = json_object_get(item, "items") ? open_category(in, item) : take_candidate(in, item);
        if (e != P1_EXIT_DONE) return e;
    }
    return P1_EXIT_DONE;
}

static enum p1_exit import_root(struct import *in, json_t *root) {
    enum p1_exit e = check_item(in, root);
    if (e != P1_EXIT_DONE) return e;
    if (!json_object_get(root, "items")) return refuse(in, "is a single candidate, so there is nothing to choose");

    in->paper->name = text_copy(name_of(root));
    in->paper->description = text_copy((struct span){0});
    paper_add_question(in->paper, name_of(root), 0, 1, 1);
    if ((e = open_category(in, root)) != P1_EXIT_DONE) return e;
    if ((e = walk(in)) != P1_EXIT_DONE) return e;
    const struct paper_question *q = &in->paper->questions[0];
    if (q->nanswers == 0) return refuse(in, "has no answer beside \"Blanco\"");
    if (q->nanswers == 1 && !q->blank) return refuse(in, "has a single answer, so there is nothing to choose");
    return paper_check(in->paper, in->issues);
}

enum p1_exit paper_import_stemapp(struct span text, struct paper *out, struct issues *issues) {
    *out = (struct paper){0};
    enum p1_exit e;
    json_t *json = paper_parse_json(text, &e, issues);
    if (!json) return e;
    struct import *in = mem_alloc(sizeof *in);
    *in = (struct import){.paper = out, .issues = issues};
    e = import_root(in, json);
    free(in);
    json_decref(json);
    return e;
}
