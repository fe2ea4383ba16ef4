// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The question paper in the archive (core/election.h), the choices that people name on it (board/choose.h), and codes of voting
// letters (core/credential.h).

#include <jansson.h>

#include "board/choose.h"
#include "core/credential.h"
#include "tests/fuzz/fuzz.h"

static struct work work;

// What stands in the answers of a question as jansson reads them, in one list.
static size_t answers_of(json_t *question, json_t **out) {
    json_t *lists = json_object_get(question, "value"), *answers = json_object_get(lists ? lists : question, "answers"),
           *item, *inner;
    size_t n = 0, i, k;
    json_array_foreach(answers, i, item) {
        if (!lists) out[n++] = item;
        json_array_foreach(item, k, inner) out[n++] = inner;
    }
    return n;
}

static void same_question(const struct question *q, json_t *other) {
    static json_t *answers[P1_ANSWERS_MAX];
    HOLDS(answers_of(other, answers) == q->answer_count);
    for (unsigned i = 0; i < q->answer_count; i++) {
        struct span raw = question_answer(q, i);
        struct buf text = buf_over(fuzz_alloc(raw.n), raw.n);
        json_unescape(&text, raw);
        HOLDS(span_eq(buf_span(&text), span_of(json_string_value(answers[i]), json_string_length(answers[i]))));
        free(text.p);
    }
    if (q->kind == QUESTION_LISTS) return;
    HOLDS(json_integer_value(json_object_get(other, "min")) == q->min);
    HOLDS(json_integer_value(json_object_get(other, "max")) == q->max);
    HOLDS(json_is_true(json_object_get(other, "blank")) == q->blank);
    HOLDS(q->min <= q->max && q->max <= q->answer_count);
}

static void hidden_lines(struct span text) {
    struct span rest = text, line;
    while (hidden_line(&rest, "sha256", &line)) {
        HOLDS(line.p + line.n == text.p + text.n); // of what was left
        HOLDS(rest.p == text.p && rest.p + rest.n < line.p);
        text = rest;
    }
}

static void election(struct span in, struct election *e) {
    struct span json = in;
    if (election_parse(e, json, &work) != P1_OK) return;
    json_t *other = json_loadb((const char *)json.p, json.n, JSON_ALLOW_NUL, NULL);
    if (!other) return; // a number or a key in a field that is not used, beyond what jansson can hold: fuzz_json.c
    unsigned choices = 0;
    HOLDS(json_array_size(json_object_get(other, "questions")) == e->question_count);
    for (unsigned i = 0; i < e->question_count; i++) {
        same_question(&e->questions[i], json_array_get(json_object_get(other, "questions"), i));
        choices += question_choices(&e->questions[i]);
    }
    json_decref(other);
    HOLDS(choices == e->choice_count && choices <= P1_CHOICES_MAX);
    HOLDS(uuid_check(e->uuid) == P1_OK);
    struct elem_text key;
    elem_encode(&e->group, &key, &e->key, 1, &work);
    struct json j = {json.p, json.p + json.n};
    while (!json_take(&j, ",\"public_key\":\"")) j.p++;
    HOLDS(json_take(&j, "") && (size_t)(j.end - j.p) > key.n && memcmp(j.p, key.p, key.n) == 0 && j.p[key.n] == '"');
    hidden_lines(e->description);
    hidden_lines(e->credential_authority);
}

// A question paper without its election.
static void questions(struct span in, struct election *e) {
    struct json j = json_of(in);
    if (questions_parse(&j, e->questions, &e->question_count) != P1_OK) return;
    json_t *other = json_loadb((const char *)in.p, (size_t)(j.p - in.p), JSON_ALLOW_NUL, NULL);
    for (unsigned i = 0; other && i < e->question_count; i++) same_question(&e->questions[i], json_array_get(other, i));
    json_decref(other);
}

static void named_choice(struct span in, struct election *e) {
    static const char paper[] = "[{\"answers\":[\"Ja\",\"N\\u00e9e\",\"1\"],\"blank\":true,\"min\":1,\"max\":1,"
                                "\"question\":\"Mag \\\"het\\\"?\"},"
                                "{\"type\":\"Lists\",\"value\":{\"answers\":[[\"Lijst 1\",\"A\",\"B\"],[\"Lijst "
                                "2\",\"A\",\"Ja\"]],\"question\":"
                                "\"Wie?\"}}]";
    static uint8_t choices[P1_CHOICES_MAX];
    struct json j = json_of(SPAN_LIT(paper));
    HOLDS(questions_parse(&j, e->questions, &e->question_count) == P1_OK);
    e->choice_count = 0;
    for (unsigned i = 0; i < e->question_count; i++) e->choice_count += question_choices(&e->questions[i]);
    memset(choices, 0, sizeof choices);
    int blank = take_u8(&in) & 1;
    enum p1_err err = blank ? choose_blank(e, in, choices) : choose(e, in, choices);
    unsigned marked = 0;
    for (unsigned i = 0; i < P1_CHOICES_MAX; i++) {
        marked += choices[i];
        HOLDS(choices[i] <= (i < e->choice_count));
    }
    HOLDS(err == P1_OK ? marked == 1 || marked == 2 : marked == 0);
    for (unsigned i = 0; i < e->question_count; i++) {
        for (unsigned c = 0; c < question_choices(&e->questions[i]); c++) {
            uint8_t small[8];
            struct buf b = buf_over(small, in.n % sizeof small);
            choice_text(&e->questions[i], c, &b);
            HOLDS(b.n <= b.cap);
        }
    }
}

static void code(struct span in) {
    struct code c, again;
    if (code_read(&c, in) != P1_OK) return;
    HOLDS(c.n <= P1_CODE_TEXT && c.wrong_group <= 4 && !(c.checked && c.wrong_group));
    // What it was read as is a code, and the same one.
    HOLDS(code_read(&again, span_of(c.text, c.n)) == P1_OK);
    HOLDS(span_eq(span_of(c.text, c.n), span_of(again.text, again.n)) && c.checked == again.checked);
    if (code_other(&c)) HOLDS(c.n <= P1_CODE_TEXT && code_read(&again, span_of(c.text, c.n)) == P1_OK);
}

// One wrong sign in a code of ours is told, and where it is.
static void mistyped_code(struct span in) {
    static const char signs[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    static const size_t group_end[] = {5, 12, 18, 25};
    uint8_t random[P1_CODE_RANDOM], text[P1_CODE_TEXT];
    struct code c;
    take_filled(&in, random, sizeof random);
    code_make(text, random);
    HOLDS(code_read(&c, span_of(text, sizeof text)) == P1_OK && c.checked && memcmp(c.text, text, sizeof text) == 0);
    size_t at = take_u8(&in) % sizeof text;
    uint8_t by = (uint8_t)signs[take_u8(&in) % 32];
    if (text[at] == '-' || text[at] == by) return;
    text[at] = by;
    HOLDS(code_read(&c, span_of(text, sizeof text)) == P1_OK && !c.checked);
    unsigned group = 0;
    while (at >= group_end[group]) group++;
    HOLDS(c.wrong_group == group + 1);
}

void fuzz_one(struct span in) {
    struct election *e = fuzz_alloc(sizeof *e);
    switch (take_u8(&in) % 8) {
    case 0: questions(in, e); break;
    case 1: named_choice(in, e); break;
    case 2: code(in); break;
    case 3: mistyped_code(in); break;
    case 4: hidden_lines(in); break;
    default: election(in, e);
    }
    free(e);
}
