// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/paper.h"

#include <jansson.h>
#include <stdlib.h>

#include "cli/text.h"

static struct span span_or_empty(const char *s) { return s ? span_str(s) : (struct span){0}; }

// ---- The model

static struct paper_question *new_question(struct paper *paper) {
    paper->questions = mem_grow(paper->questions, paper->nquestions, &paper->questions_cap, sizeof *paper->questions);
    struct paper_question *q = &paper->questions[paper->nquestions++];
    *q = (struct paper_question){0};
    return q;
}

struct paper_question *paper_add_question(struct paper *paper, struct span text, int blank, unsigned min,
                                          unsigned max) {
    struct paper_question *q = new_question(paper);
    *q = (struct paper_question){.text = text_copy(text), .blank = blank, .min = min, .max = max};
    return q;
}

void paper_add_answer(struct paper_question *question, struct span text) {
    question->answers =
        mem_grow(question->answers, question->nanswers, &question->answers_cap, sizeof *question->answers);
    question->answers[question->nanswers++] = text_copy(text);
}

struct paper_question *paper_add_list_question(struct paper *paper, struct span text) {
    struct paper_question *q = new_question(paper);
    *q = (struct paper_question){.text = text_copy(text), .kind = PAPER_LISTS};
    return q;
}

struct paper_list *paper_add_list(struct paper_question *question) {
    question->lists = mem_grow(question->lists, question->nlists, &question->lists_cap, sizeof *question->lists);
    struct paper_list *list = &question->lists[question->nlists++];
    *list = (struct paper_list){0};
    return list;
}

void paper_add_name(struct paper_list *list, struct span text) {
    list->names = mem_grow(list->names, list->nnames, &list->names_cap, sizeof *list->names);
    list->names[list->nnames++] = text_copy(text);
}

static void release_names(char **names, size_t n) {
    for (size_t i = 0; i < n; i++) free(names[i]);
    free(names);
}

void paper_release(struct paper *paper) {
    for (size_t i = 0; i < paper->nquestions; i++) {
        struct paper_question *q = &paper->questions[i];
        release_names(q->answers, q->nanswers);
        for (size_t k = 0; k < q->nlists; k++) release_names(q->lists[k].names, q->lists[k].nnames);
        free(q->lists);
        free(q->text);
    }
    free(paper->questions);
    free(paper->description);
    free(paper->name);
    free(paper->administrator);
    free(paper->credential_authority);
    *paper = (struct paper){0};
}

// ---- What a paper must be

static int is_empty(const char *text) { return text_trim(span_or_empty(text)).n == 0; }

static void check_utf8(struct issues *issues, const char *what, const char *text) {
    struct span s = span_or_empty(text);
    if (text_utf8(s) < s.n) issues_add(issues, SEVERITY_ERROR, 0, "%s is not valid UTF-8", what);
}

// Answers that differ only in the spaces around them look the same on a screen.
static int is_same(const char *a, const char *b) { return span_eq(text_trim(span_str(a)), text_trim(span_str(b))); }

// Nonzero if there is a name that can be compared with others.
static int check_name(struct issues *issues, const char *what, const char *name) {
    check_utf8(issues, what, name);
    if (!is_empty(name)) return 1;
    issues_add(issues, SEVERITY_ERROR, 0, "%s is empty", what);
    return 0;
}

static void add_twin(struct issues *issues, const char *what, const char *kind, size_t number, const char *name) {
    issues_add(issues, SEVERITY_ERROR, 0, "%s is the same as %s %zu: \"%.*s\"", what, kind, number,
               TEXT_SHORT(span_str(name)));
}

// Answers, or the candidates of a list; KIND is the word for one of them.
static void check_names(char *const *names, size_t n, const char *where, const char *kind, struct issues *issues) {
    for (size_t i = 0; i < n; i++) {
        char what[80];
        snprintf(what, sizeof what, "%s: %s %zu", where, kind, i + 1);
        if (!check_name(issues, what, names[i])) continue;
        for (size_t k = 0; k < i; k++) {
            if (!is_same(names[i], names[k])) continue;
            add_twin(issues, what, kind, k + 1, names[i]);
            break;
        }
    }
}

// "Blanco" beside a blank vote would be two things of one name.
static void check_blank_names(const struct paper_question *q, const char *what, struct issues *issues) {
    for (size_t i = 0; i < q->nanswers && q->blank; i++) {
        struct span name = text_trim(span_str(q->answers[i]));
        if (text_compare_nocase(name, SPAN_LIT("blanco")) == 0 || text_compare_nocase(name, SPAN_LIT("blank")) == 0)
            issues_add(issues, SEVERITY_ERROR, 0, "%s: answer %zu has the name of the blank vote", what, i + 1);
    }
}

static void check_answers(const struct paper_question *q, const char *what, struct issues *issues) {
    if (q->nanswers + (q->blank != 0) < 2 || q->nanswers == 0)
        issues_add(issues, SEVERITY_ERROR, 0, "%s needs at least 2 answers, or 1 beside a blank vote", what);
    if (q->min > q->max)
        issues_add(issues, SEVERITY_ERROR, 0, "%s: the minimum, %u, is above the maximum, %u", what, q->min, q->max);
    if (q->max > q->nanswers)
        issues_add(issues, SEVERITY_ERROR, 0, "%s: the maximum, %u, is above the number of answers, %zu", what, q->max,
                   q->nanswers);
    if (q->nanswers > PAPER_ANSWERS_MAX) {
        issues_add(issues, SEVERITY_ERROR, 0, "%s has %zu answers, at most %d", what, q->nanswers, PAPER_ANSWERS_MAX);
    } else {
        check_blank_names(q, what, issues);
        check_names(q->answers, q->nanswers, what, "answer", issues);
    }
}

static void check_list(const struct paper_question *q, size_t at, const char *where, struct issues *issues) {
    const struct paper_list *list = &q->lists[at];
    char what[80];
    snprintf(what, sizeof what, "%s: list %zu", where, at + 1);
    if (list->nnames == 0) {
        issues_add(issues, SEVERITY_ERROR, 0, "%s has no name", what);
        return;
    }
    if (check_name(issues, what, list->names[0])) {
        for (size_t k = 0; k < at; k++) {
            if (q->lists[k].nnames == 0 || !is_same(list->names[0], q->lists[k].names[0])) continue;
            add_twin(issues, what, "list", k + 1, list->names[0]);
            break;
        }
    }
    size_t members = list->nnames - 1;
    if (members == 0) issues_add(issues, SEVERITY_ERROR, 0, "%s has no candidates", what);
    if (members > PAPER_MEMBERS_MAX) {
        issues_add(issues, SEVERITY_ERROR, 0, "%s has %zu candidates, at most %d", what, members, PAPER_MEMBERS_MAX);
    } else {
        check_names(list->names + 1, members, what, "candidate", issues);
    }
}

static size_t count_choices(const struct paper_question *q) {
    size_t n = q->nanswers + (q->blank != 0);
    for (size_t i = 0; i < q->nlists; i++) n += q->lists[i].nnames;
    return n;
}

static void check_lists(const struct paper_question *q, const char *what, struct issues *issues) {
    if (q->nlists == 0) issues_add(issues, SEVERITY_ERROR, 0, "%s needs at least 1 list", what);
    if (q->nlists > PAPER_LISTS_MAX) {
        issues_add(issues, SEVERITY_ERROR, 0, "%s has %zu lists, at most %d", what, q->nlists, PAPER_LISTS_MAX);
        return;
    }
    for (size_t i = 0; i < q->nlists; i++) check_list(q, i, what, issues);
    size_t names = count_choices(q);
    if (names > PAPER_NAMES_MAX)
        issues_add(issues, SEVERITY_ERROR, 0, "%s has %zu lists and candidates together, at most %d", what, names,
                   PAPER_NAMES_MAX);
}

static void check_question(const struct paper_question *q, size_t number, struct issues *issues) {
    char what[32];
    snprintf(what, sizeof what, "question %zu", number);
    check_utf8(issues, what, q->text);
    if (is_empty(q->text)) issues_add(issues, SEVERITY_ERROR, 0, "%s has no text", what);
    if (q->kind == PAPER_LISTS) {
        check_lists(q, what, issues);
    } else {
        check_answers(q, what, issues);
    }
}

enum p1_exit paper_check(const struct paper *paper, struct issues *issues) {
    size_t errors = issues->errors, choices = 0;
    if (is_empty(paper->name)) issues_add(issues, SEVERITY_ERROR, 0, "the paper has no name");
    check_utf8(issues, "the name", paper->name);
    check_utf8(issues, "the description", paper->description);
    check_utf8(issues, "the administrator", paper->administrator);
    check_utf8(issues, "the credential authority", paper->credential_authority);
    if (paper->nquestions < 1 || paper->nquestions > PAPER_QUESTIONS_MAX)
        issues_add(issues, SEVERITY_ERROR, 0, "the paper has %zu questions: it needs 1 to %d", paper->nquestions,
                   PAPER_QUESTIONS_MAX);
    for (size_t i = 0; i < paper->nquestions; i++) {
        check_question(&paper->questions[i], i + 1, issues);
        choices += count_choices(&paper->questions[i]);
    }
    if (choices > PAPER_CHOICES_MAX)
        issues_add(issues, SEVERITY_ERROR, 0, "the questions have %zu answers together, at most %d", choices,
                   PAPER_CHOICES_MAX);
    return issues->errors > errors ? P1_EXIT_REFUSED : P1_EXIT_DONE;
}

// ---- Reading

struct json_t *paper_parse_json(struct span text, enum p1_exit *why, struct issues *issues) {
    json_error_t error;
    json_t *json = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    *why = P1_EXIT_DONE;
    if (json) return json;
    *why = json_error_code(&error) == json_error_duplicate_key ? P1_EXIT_REFUSED : P1_EXIT_UNREADABLE;
    issues_add(issues, SEVERITY_ERROR, error.line > 0 ? (size_t)error.line : 0, "%s: %s",
               *why == P1_EXIT_REFUSED ? "a field stands twice in one object" : "this is not JSON", error.text);
    return NULL;
}

static const char *const paper_fields[] = {"description",          "name", "questions", "administrator",
                                           "credential_authority", NULL};
static const char *const question_fields[] = {"answers", "blank", "min", "max", "question", NULL};
static const char *const typed_fields[] = {"type", "value", NULL};
static const char *const lists_fields[] = {"answers", "question", NULL};

static enum p1_exit check_fields(json_t *object, const char *where, const char *const *allowed, struct issues *issues) {
    if (!json_is_object(object)) return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s is not a JSON object", where);
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        const char *const *name = allowed;
        while (*name && strcmp(*name, key)) name++;
        if (!*name)
            return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s has the unknown field \"%.*s\"", where,
                                 TEXT_SHORT(span_str(key)));
    }
    return P1_EXIT_DONE;
}

static enum p1_exit take_text(json_t *object, const char *where, const char *key, char **out, struct issues *issues) {
    const json_t *value = json_object_get(object, key);
    if (!value) return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s has no \"%s\"", where, key);
    if (!json_is_string(value))
        return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s: \"%s\" is not a text", where, key);
    *out = text_copy(span_of(json_string_value(value), json_string_length(value)));
    return P1_EXIT_DONE;
}

static enum p1_exit take_optional(json_t *object, const char *key, char **out, struct issues *issues) {
    return json_object_get(object, key) ? take_text(object, "the paper", key, out, issues) : P1_EXIT_DONE;
}

static enum p1_exit take_number(json_t *object, const char *where, const char *key, unsigned *out,
                                struct issues *issues) {
    const json_t *value = json_object_get(object, key);
    if (!value) return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s has no \"%s\"", where, key);
    json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < 0 || n > PAPER_ANSWERS_MAX)
        return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s: \"%s\" is not a whole number from 0 to %d", where, key,
                             PAPER_ANSWERS_MAX);
    *out = (unsigned)n;
    return P1_EXIT_DONE;
}

static enum p1_exit take_answers(json_t *object, const char *where, struct paper_question *q, struct issues *issues) {
    const json_t *answers = json_object_get(object, "answers");
    if (!json_is_array(answers))
        return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s has no list of \"answers\"", where);
    size_t i;
    json_t *answer;
    json_array_foreach(answers, i, answer) {
        if (!json_is_string(answer))
            return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s: answer %zu is not a text", where, i + 1);
        paper_add_answer(q, span_of(json_string_value(answer), json_string_length(answer)));
    }
    return P1_EXIT_DONE;
}

static enum p1_exit take_lists(json_t *object, const char *where, struct paper_question *q, struct issues *issues) {
    const json_t *answers = json_object_get(object, "answers");
    if (!json_is_array(answers))
        return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s has no list of \"answers\"", where);
    size_t i, k;
    json_t *names, *name;
    json_array_foreach(answers, i, names) {
        if (!json_is_array(names))
            return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s: list %zu is not a list of names", where, i + 1);
        struct paper_list *list = paper_add_list(q);
        json_array_foreach(names, k, name) {
            if (!json_is_string(name))
                return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s: name %zu of list %zu is not a text", where, k + 1,
                                     i + 1);
            paper_add_name(list, span_of(json_string_value(name), json_string_length(name)));
        }
    }
    return P1_EXIT_DONE;
}

static enum p1_exit take_typed(json_t *json, const char *where, struct paper *out, struct issues *issues) {
    struct span type = span_or_empty(json_string_value(json_object_get(json, "type")));
    if (!span_eq(type, SPAN_LIT("Lists")))
        return issues_refuse(issues, P1_EXIT_UNREADABLE, 0, "%s is of the kind \"%.*s\", which is not yet supported",
                             where, TEXT_SHORT(type));
    enum p1_exit e = check_fields(json, where, typed_fields, issues);
    if (e != P1_EXIT_DONE) return e;
    json_t *value = json_object_get(json, "value");
    char inside[48];
    snprintf(inside, sizeof inside, "the \"value\" of %s", where);
    if (!value) return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s has no \"value\"", where);
    if ((e = check_fields(value, inside, lists_fields, issues)) != P1_EXIT_DONE) return e;

    struct paper_question *q = new_question(out);
    q->kind = PAPER_LISTS;
    if ((e = take_text(value, where, "question", &q->text, issues)) != P1_EXIT_DONE) return e;
    return take_lists(value, where, q, issues);
}

static enum p1_exit take_question(json_t *json, size_t number, struct paper *out, struct issues *issues) {
    char where[32];
    snprintf(where, sizeof where, "question %zu", number);
    if (json_object_get(json, "type")) return take_typed(json, where, out, issues);
    enum p1_exit e = check_fields(json, where, question_fields, issues);
    if (e != P1_EXIT_DONE) return e;

    struct paper_question *q = new_question(out);
    const json_t *blank = json_object_get(json, "blank");
    if (blank && !json_is_boolean(blank))
        return issues_refuse(issues, P1_EXIT_REFUSED, 0, "%s: \"blank\" is not true or false", where);
    q->blank = json_is_true(blank);
    if ((e = take_text(json, where, "question", &q->text, issues)) != P1_EXIT_DONE) return e;
    if ((e = take_number(json, where, "min", &q->min, issues)) != P1_EXIT_DONE) return e;
    if ((e = take_number(json, where, "max", &q->max, issues)) != P1_EXIT_DONE) return e;
    return take_answers(json, where, q, issues);
}

static enum p1_exit take_paper(json_t *json, struct paper *out, struct issues *issues) {
    enum p1_exit e = check_fields(json, "the paper", paper_fields, issues);
    if (e != P1_EXIT_DONE) return e;
    if ((e = take_text(json, "the paper", "description", &out->description, issues)) != P1_EXIT_DONE) return e;
    if ((e = take_text(json, "the paper", "name", &out->name, issues)) != P1_EXIT_DONE) return e;
    if ((e = take_optional(json, "administrator", &out->administrator, issues)) != P1_EXIT_DONE) return e;
    if ((e = take_optional(json, "credential_authority", &out->credential_authority, issues)) != P1_EXIT_DONE) return e;

    const json_t *questions = json_object_get(json, "questions");
    if (!json_is_array(questions))
        return issues_refuse(issues, P1_EXIT_REFUSED, 0, "the paper has no list of \"questions\"");
    size_t i;
    json_t *question;
    json_array_foreach(questions, i, question) {
        if ((e = take_question(question, i + 1, out, issues)) != P1_EXIT_DONE) return e;
    }
    return P1_EXIT_DONE;
}

enum p1_exit paper_from_json(struct json_t *json, struct paper *out, struct issues *issues) {
    *out = (struct paper){0};
    enum p1_exit e = take_paper(json, out, issues);
    return e == P1_EXIT_DONE ? paper_check(out, issues) : e;
}

enum p1_exit paper_read(struct span text, struct paper *out, struct issues *issues) {
    *out = (struct paper){0};
    enum p1_exit e;
    json_t *json = paper_parse_json(text, &e, issues);
    if (!json) return e;
    e = paper_from_json(json, out, issues);
    json_decref(json);
    return e;
}

// ---- Writing

static void put_names(char *const *names, size_t n, struct buf *out) {
    buf_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(out, ',');
        buf_json_string(out, span_str(names[i]));
    }
    buf_char(out, ']');
}

static void put_lists(const struct paper_question *q, struct buf *out) {
    buf_str(out, "{\"type\":\"Lists\",\"value\":{\"answers\":[");
    for (size_t i = 0; i < q->nlists; i++) {
        if (i) buf_char(out, ',');
        put_names(q->lists[i].names, q->lists[i].nnames, out);
    }
    buf_str(out, "],\"question\":");
    buf_json_string(out, span_or_empty(q->text));
    buf_str(out, "}}");
}

static void put_question(const struct paper_question *q, struct buf *out) {
    if (q->kind == PAPER_LISTS) {
        put_lists(q, out);
        return;
    }
    buf_str(out, "{\"answers\":");
    put_names(q->answers, q->nanswers, out);
    buf_str(out, q->blank ? ",\"blank\":true,\"min\":" : ",\"min\":");
    buf_u64(out, q->min);
    buf_str(out, ",\"max\":");
    buf_u64(out, q->max);
    buf_str(out, ",\"question\":");
    buf_json_string(out, span_or_empty(q->text));
    buf_char(out, '}');
}

static void put_optional(const char *key, const char *text, struct buf *out) {
    if (!text) return;
    buf_str(out, key);
    buf_json_string(out, span_str(text));
}

void paper_write(const struct paper *paper, struct buf *out) {
    buf_str(out, "{\"description\":");
    buf_json_string(out, span_or_empty(paper->description));
    buf_str(out, ",\"name\":");
    buf_json_string(out, span_or_empty(paper->name));
    buf_str(out, ",\"questions\":[");
    for (size_t i = 0; i < paper->nquestions; i++) {
        if (i) buf_char(out, ',');
        put_question(&paper->questions[i], out);
    }
    buf_char(out, ']');
    put_optional(",\"administrator\":", paper->administrator, out);
    put_optional(",\"credential_authority\":", paper->credential_authority, out);
    buf_char(out, '}');
}

static size_t names_size(char *const *names, size_t n) {
    size_t size = 0;
    for (size_t i = 0; i < n; i++) size += 6 * strlen(names[i]) + 3;
    return size;
}

// A byte is at most six when escaped; what stands around the texts stays below 128 for a paper and for a question, and
// is three for a name and for a list.
size_t paper_size_max(const struct paper *paper) {
    size_t texts = span_or_empty(paper->description).n + span_or_empty(paper->name).n +
                   span_or_empty(paper->administrator).n + span_or_empty(paper->credential_authority).n;
    size_t size = 6 * texts + 128 * (paper->nquestions + 1);
    for (size_t i = 0; i < paper->nquestions; i++) {
        const struct paper_question *q = &paper->questions[i];
        size += 6 * span_or_empty(q->text).n + names_size(q->answers, q->nanswers);
        for (size_t k = 0; k < q->nlists; k++) size += names_size(q->lists[k].names, q->lists[k].nnames) + 3;
    }
    return size;
}

// ---- For people

static void print_text(FILE *out, const char *text) {
    char *copy = text_copy(span_or_empty(text));
    text_disarm(copy);
    fprintf(out, "%s\n", copy);
    free(copy);
}

static void print_lines(FILE *out, const char *label, const char *text) {
    struct span rest = span_or_empty(text);
    while (rest.n) {
        const uint8_t *end = memchr(rest.p, '\n', rest.n);
        size_t n = end ? (size_t)(end - rest.p) : rest.n;
        char *line = text_copy(span_of(rest.p, n));
        fputs(label, out);
        print_text(out, line);
        free(line);
        rest = span_from(rest, end ? n + 1 : n);
    }
}

static void print_name(FILE *out, int indent, size_t number, const char *name) {
    fprintf(out, "%*zu. ", indent, number);
    print_text(out, name);
}

static void print_list(const struct paper_list *list, size_t number, FILE *out) {
    if (list->nnames) print_name(out, 4, number, list->names[0]);
    for (size_t i = 1; i < list->nnames; i++) print_name(out, 8, i, list->names[i]);
}

static void print_question(const struct paper_question *q, size_t number, FILE *out) {
    fprintf(out, "\nQuestion %zu: ", number);
    print_text(out, q->text);
    if (q->kind == PAPER_LISTS) {
        fprintf(out, "Choose 1 list of %zu, and 1 or more of its candidates:\n", q->nlists);
        for (size_t i = 0; i < q->nlists; i++) print_list(&q->lists[i], i + 1, out);
        return;
    }
    fprintf(out, "Choose %u", q->min);
    if (q->max > q->min) fprintf(out, " to %u", q->max);
    fprintf(out, " of %zu%s:\n", q->nanswers, q->blank ? ", or vote blank" : "");
    for (size_t i = 0; i < q->nanswers; i++) print_name(out, 4, i + 1, q->answers[i]);
}

void paper_print(const struct paper *paper, FILE *out) {
    print_text(out, paper->name);
    print_lines(out, "", paper->description);
    print_lines(out, "Administrator: ", paper->administrator);
    print_lines(out, "Credential authority: ", paper->credential_authority);
    for (size_t i = 0; i < paper->nquestions; i++) print_question(&paper->questions[i], i + 1, out);
}
