// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/choose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CHOICES = 16 };

#define COLOURS "{\"answers\":[\"Rood\",\"Groen\",\"Lichtblauw = cyaan\"],\"min\":1,\"max\":1,\"question\":\"Kleur?\"}"
#define YEARS "{\"answers\":[\"2018\",\"2\",\"1\"],\"blank\":true,\"min\":1,\"max\":1,\"question\":\"Jaar?\"}"
#define ODD                                 \
    "{\"answers\":[\"blank\",\"Caf\\u00e9 " \
    "\\\"Zon\\\"\",\"1=2\"],\"blank\":true,\"min\":1,\"max\":1,\"question\":\"?\"}"

// The form of a question with lists: the list's name, then its candidates (protocol.md, "Questions").
#define COUNCIL                                                                                                        \
    "{\"type\":\"Lists\",\"value\":{\"answers\":[[\"Rood\",\"An\",\"Bo\"],[\"Groen\",\"An\",\"Cy\"],[\"Bo\",\"Di\"]]," \
    "\"question\":\"Raad?\"}}"

// Questions alone: a choice needs nothing else of an election. To be freed.
static struct election *paper(const char *questions) {
    struct election *e = calloc(1, sizeof *e);
    struct json j = json_of(span_str(questions));
    assert_non_null(e);
    assert_int_equal(questions_parse(&j, e->questions, &e->question_count), P1_OK);
    for (unsigned i = 0; i < e->question_count; i++) e->choice_count += question_choices(&e->questions[i]);
    assert_true(e->choice_count <= CHOICES);
    return e;
}

// NAMED marks exactly the choice AT.
static void marks(const char *questions, const char *named, unsigned at) {
    struct election *e = paper(questions);
    uint8_t choices[CHOICES] = {0}, expected[CHOICES] = {0};
    expected[at] = 1;
    assert_int_equal(choose(e, span_str(named), choices), P1_OK);
    assert_memory_equal(choices, expected, sizeof expected);
    free(e);
}

static void refuses(const char *questions, const char *named, enum p1_err why) {
    struct election *e = paper(questions);
    uint8_t choices[CHOICES] = {0};
    const uint8_t none[CHOICES] = {0};
    assert_int_equal(choose(e, span_str(named), choices), why);
    assert_memory_equal(choices, none, sizeof none);
    free(e);
}

static void answer_is_named_by_its_text(void **state) {
    (void)state;
    marks("[" COLOURS "]", "Rood", 0);
    marks("[" COLOURS "]", "Groen", 1);
}

static void answer_is_named_by_its_number_from_1(void **state) {
    (void)state;
    marks("[" COLOURS "]", "1", 0);
    marks("[" COLOURS "]", "3", 2);
}

static void number_does_not_count_the_blank_vote(void **state) {
    (void)state;
    marks("[" ODD "]", "1", 1);
    marks("[" ODD "]", "3", 3);
}

static void blank_vote_is_blanco_or_blank(void **state) {
    (void)state;
    marks("[" YEARS "]", "blanco", 0);
    marks("[" YEARS "]", "blank", 0);
    marks("[" YEARS "]", "1=blanco", 0);
}

static void blank_vote_is_refused_where_the_question_has_none(void **state) {
    (void)state;
    refuses("[" COLOURS "]", "blanco", P1_ERR_CHOOSE_ANSWER);
    refuses("[" COLOURS "]", "blank", P1_ERR_CHOOSE_ANSWER);
}

static void blank_vote_of_a_question_is_named_by_its_number(void **state) {
    static const struct {
        const char *number;
        enum p1_err why;
    } cases[] = {{"2", P1_OK},
                 {"1", P1_ERR_CHOOSE_ANSWER},
                 {"0", P1_ERR_CHOOSE_QUESTION},
                 {"4", P1_ERR_CHOOSE_QUESTION},
                 {"x", P1_ERR_CHOOSE_QUESTION},
                 {"", P1_ERR_CHOOSE_QUESTION},
                 {"1 ", P1_ERR_CHOOSE_QUESTION}};
    struct election *e = paper("[" COLOURS "," YEARS "," ODD "]");
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t choices[CHOICES] = {0}, expected[CHOICES] = {0};
        expected[3] = cases[i].why == P1_OK;
        assert_int_equal(choose_blank(e, span_str(cases[i].number), choices), cases[i].why);
        assert_memory_equal(choices, expected, sizeof expected);
    }
    free(e);
}

static void name_of_nothing_is_refused(void **state) {
    (void)state;
    refuses("[" COLOURS "]", "", P1_ERR_CHOOSE_ANSWER);
    refuses("[" COLOURS "," YEARS "]", "=", P1_ERR_CHOOSE_QUESTION);
    refuses("[" COLOURS "," YEARS "]", "3=Rood", P1_ERR_CHOOSE_QUESTION);
}

static void answer_that_is_called_blank_comes_before_the_blank_vote(void **state) {
    (void)state;
    marks("[" ODD "]", "blank", 1);
    marks("[" ODD "]", "blanco", 0);
}

static void answer_that_is_a_number_is_a_text_first(void **state) {
    (void)state;
    marks("[" YEARS "]", "2018", 1);
    marks("[" YEARS "]", "2", 2); // the answer "2", which is also the second
    marks("[" YEARS "]", "1", 3); // the answer "1", not the first
    marks("[" YEARS "]", "3", 3); // no such text: the third
}

static void question_is_named_by_its_number(void **state) {
    (void)state;
    marks("[" COLOURS "," YEARS "]", "1=Groen", 1);
    marks("[" COLOURS "," YEARS "]", "2=2018", 4);
    marks("[" COLOURS "," YEARS "]", "2=blank", 3);
    marks("[" COLOURS "," YEARS "," COLOURS "]", "3=2", 8);
}

static void only_question_may_be_named_too(void **state) {
    (void)state;
    marks("[" COLOURS "]", "1=Rood", 0);
    marks("[" COLOURS "]", "1=2", 1);
}

static void answer_may_hold_an_equals_sign(void **state) {
    (void)state;
    marks("[" COLOURS "]", "Lichtblauw = cyaan", 2);
    marks("[" COLOURS "]", "1=Lichtblauw = cyaan", 2);
    marks("[" COLOURS "," ODD "]", "1=Lichtblauw = cyaan", 2);
    marks("[" COLOURS "," ODD "]", "2=1=2", 6);
}

static void answer_that_looks_like_a_question_and_answer_is_a_text_first(void **state) {
    (void)state;
    marks("[" ODD "]", "1=2", 3);
    marks("[" ODD "]", "1=1=2", 3);
}

static void answer_is_compared_with_its_escapes_resolved(void **state) {
    (void)state;
    marks("[" ODD "]", "Caf\xc3\xa9 \"Zon\"", 2);
    refuses("[" ODD "]", "Caf\\u00e9 \\\"Zon\\\"", P1_ERR_CHOOSE_ANSWER);
}

static void unknown_question_is_refused(void **state) {
    (void)state;
    static const char *const named[] = {"0=Rood",  "3=Rood",  "=Rood",   "x=Rood",
                                        "01=Rood", "-1=Rood", "1 =Rood", "4294967297=Rood"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        refuses("[" COLOURS "," YEARS "]", named[i], P1_ERR_CHOOSE_QUESTION);
    refuses("[" COLOURS "]", "2=Rood", P1_ERR_CHOOSE_QUESTION);
}

static void answer_without_question_is_refused_where_there_are_several(void **state) {
    (void)state;
    refuses("[" COLOURS "," YEARS "]", "Rood", P1_ERR_CHOOSE_QUESTION);
    refuses("[" COLOURS "," YEARS "]", "1", P1_ERR_CHOOSE_QUESTION);
    refuses("[" COLOURS "," YEARS "]", "", P1_ERR_CHOOSE_QUESTION);
}

static void unknown_answer_is_refused(void **state) {
    (void)state;
    static const char *const named[] = {"",  "Geel", "rood", "Roo", "Rood ",  "0",
                                        "4", "01",   "+1",   "1=",  "1=Geel", "1=0"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) refuses("[" COLOURS "]", named[i], P1_ERR_CHOOSE_ANSWER);
    refuses("[" COLOURS "," YEARS "]", "1=4", P1_ERR_CHOOSE_ANSWER);
    refuses("[" COLOURS "," YEARS "]", "2=", P1_ERR_CHOOSE_ANSWER);
}

static void candidate_brings_its_list_along(void **state) {
    (void)state;
    static const struct {
        const char *named;
        unsigned list, candidate;
    } cases[] = {{"Cy", 3, 5},        {"Groen > An", 3, 4}, {"Rood > An", 0, 1},
                 {"Rood > Bo", 0, 2}, {"Di", 6, 7},         {"1=Di", 6, 7}};
    struct election *e = paper("[" COUNCIL "]");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t choices[CHOICES] = {0}, expected[CHOICES] = {0};
        expected[cases[i].list] = expected[cases[i].candidate] = 1;
        assert_int_equal(choose(e, span_str(cases[i].named), choices), P1_OK);
        assert_memory_equal(choices, expected, sizeof expected);
    }
    free(e);
    marks("[" COUNCIL "]", "Groen", 3);
}

static void name_in_several_lists_is_refused_without_its_list(void **state) {
    (void)state;
    refuses("[" COUNCIL "]", "An", P1_ERR_CHOOSE_AMBIGUOUS);
    refuses("[" COUNCIL "]", "Bo", P1_ERR_CHOOSE_AMBIGUOUS);
    refuses("[" COUNCIL "]", "1=An", P1_ERR_CHOOSE_AMBIGUOUS);
    refuses("[" COUNCIL "]", "Groen > Bo", P1_ERR_CHOOSE_ANSWER);
}

static void long_answer_is_named_by_all_of_its_text(void **state) {
    (void)state;
    enum { LONG = 5000 };
    static char questions[LONG + 200], name[LONG + 1];
    memset(name, 'a', LONG);
    snprintf(questions, sizeof questions, "[{\"answers\":[\"%s\",\"b\"],\"min\":1,\"max\":1,\"question\":\"?\"}]",
             name);
    marks(questions, name, 0);
    for (size_t n = LONG - 1; n > 4000; n--) {
        name[n] = 0;
        refuses(questions, name, P1_ERR_CHOOSE_ANSWER);
    }
}

static void choices_that_were_marked_stay(void **state) {
    (void)state;
    struct election *e = paper("[" COLOURS "]");
    uint8_t choices[CHOICES] = {0};
    assert_int_equal(choose(e, SPAN_LIT("Rood"), choices), P1_OK);
    assert_int_equal(choose(e, SPAN_LIT("Groen"), choices), P1_OK);
    assert_int_equal(choose(e, SPAN_LIT("Geel"), choices), P1_ERR_CHOOSE_ANSWER);
    assert_memory_equal(choices, "\1\1\0", 3);
    free(e);
}

static void text_of_a_choice_is_as_people_read_it(void **state) {
    (void)state;
    static const char *const expected[] = {"blanco", "blank", "Caf\xc3\xa9 \"Zon\"", "1=2"};
    struct election *e = paper("[" ODD "]");
    for (unsigned i = 0; i < 4; i++) {
        char text[64];
        struct buf b = buf_over(text, sizeof text);
        choice_text(&e->questions[0], i, &b);
        assert_true(span_eq(buf_span(&b), span_str(expected[i])));
    }
    free(e);
}

static void text_of_a_choice_is_cut_off_where_the_room_ends(void **state) {
    (void)state;
    char text[8] = "unused";
    struct election *e = paper("[" COLOURS "]");
    struct buf b = buf_over(text, 3);
    choice_text(&e->questions[0], 0, &b);
    assert_true(b.n <= 3);
    assert_string_equal(text + 3, "sed");
    free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answer_is_named_by_its_text),
        cmocka_unit_test(answer_is_named_by_its_number_from_1),
        cmocka_unit_test(number_does_not_count_the_blank_vote),
        cmocka_unit_test(blank_vote_is_blanco_or_blank),
        cmocka_unit_test(blank_vote_is_refused_where_the_question_has_none),
        cmocka_unit_test(blank_vote_of_a_question_is_named_by_its_number),
        cmocka_unit_test(name_of_nothing_is_refused),
        cmocka_unit_test(answer_that_is_called_blank_comes_before_the_blank_vote),
        cmocka_unit_test(answer_that_is_a_number_is_a_text_first),
        cmocka_unit_test(question_is_named_by_its_number),
        cmocka_unit_test(only_question_may_be_named_too),
        cmocka_unit_test(answer_may_hold_an_equals_sign),
        cmocka_unit_test(answer_that_looks_like_a_question_and_answer_is_a_text_first),
        cmocka_unit_test(answer_is_compared_with_its_escapes_resolved),
        cmocka_unit_test(unknown_question_is_refused),
        cmocka_unit_test(answer_without_question_is_refused_where_there_are_several),
        cmocka_unit_test(unknown_answer_is_refused),
        cmocka_unit_test(candidate_brings_its_list_along),
        cmocka_unit_test(name_in_several_lists_is_refused_without_its_list),
        cmocka_unit_test(long_answer_is_named_by_all_of_its_text),
        cmocka_unit_test(choices_that_were_marked_stay),
        cmocka_unit_test(text_of_a_choice_is_as_people_read_it),
        cmocka_unit_test(text_of_a_choice_is_cut_off_where_the_room_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
