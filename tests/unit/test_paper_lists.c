// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Question papers with list questions. Run from the root of the repository; Belenios' own template and election are read
// where the folder P1_FIXTURES (or ../shared/fixtures) has them.

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/paper.h"
#include "cli/text.h"
#include "core/election.h"

#include <cmocka.h>

_Static_assert(PAPER_NAMES_MAX <= P1_ANSWERS_MAX, "what may be asked must be votable");

#define LISTS(answers) "{\"type\":\"Lists\",\"value\":{\"answers\":" answers ",\"question\":\"Q\"}}"
#define PAPER(questions) "{\"description\":\"\",\"name\":\"N\",\"questions\":[" questions "]}"

static char space[100000];

// Null if it is not there.
static char *load_fixture(const char *name) {
    const char *folder = getenv("P1_FIXTURES");
    char path[500];
    snprintf(path, sizeof path, "%s/belenios/valid/ed25519-lists/%s", folder ? folder : "../shared/fixtures", name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        print_message("%s is not here\n", path);
        return NULL;
    }
    size_t n = fread(space, 1, sizeof space - 1, f);
    fclose(f);
    return text_copy(text_trim(span_of(space, n)));
}

static char *to_json(const struct paper *paper) {
    size_t max = paper_size_max(paper);
    char *text = mem_alloc(max + 1);
    struct buf b = buf_over(text, max);
    paper_write(paper, &b);
    assert_int_equal(buf_done(&b), P1_OK);
    text[b.n] = 0;
    return text;
}

static struct paper reads(const char *text) {
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(paper_read(span_str(text), &paper, &issues), P1_EXIT_DONE);
    assert_int_equal(issues.n, 0);
    return paper;
}

static void is_written_as_it_was_read(const char *text) {
    struct paper paper = reads(text);
    char *json = to_json(&paper);
    assert_string_equal(json, text);
    free(json);
    paper_release(&paper);
}

static void refuses(const char *text, enum p1_exit how, const char *why) {
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(paper_read(span_str(text), &paper, &issues), how);
    assert_int_equal(issues.n, 1);
    assert_string_equal(issues.all[0].text, why);
    issues_release(&issues);
    paper_release(&paper);
}

static void a_list_question_is_written_as_it_was_read(void **state) {
    (void)state;
    is_written_as_it_was_read(PAPER(LISTS("[[\"L\",\"a\"]]")));
    is_written_as_it_was_read(PAPER("{\"answers\":[\"a\",\"b\"],\"min\":0,\"max\":1,\"question\":\"Q\"}," LISTS(
        "[[\"L \\\"1\\\"\",\"a\",\"b\"],[\"M\",\"a\"]]") ",{\"answers\":[\"a\"],\"blank\":true,\"min\":1,\"max\":1,"
                                                         "\"question\":\"Q\"}"));
}

static void belenios_own_template_is_written_as_it_was_read(void **state) {
    (void)state;
    char *text = load_fixture("template.json");
    if (text) is_written_as_it_was_read(text);
    free(text);
}

static void list_questions_are_written_as_in_belenios_own_election(void **state) {
    (void)state;
    char *text = load_fixture("template.json"), *election = load_fixture("setup-election.json");
    if (text && election) {
        struct paper paper = reads(text);
        char *json = to_json(&paper), *questions = strstr(json, "\"questions\":");
        assert_non_null(questions);
        questions[strlen(questions) - 1] = 0;
        assert_non_null(strstr(election, questions));
        free(json);
        paper_release(&paper);
    }
    free(text);
    free(election);
}

static void the_parts_of_a_list_question_are_found_again(void **state) {
    (void)state;
    struct paper paper = reads(PAPER(LISTS("[[\"L\",\"a\",\"b\"],[\"M\",\"c\"]]")));
    const struct paper_question *q = &paper.questions[0];
    assert_int_equal(q->kind, PAPER_LISTS);
    assert_string_equal(q->text, "Q");
    assert_int_equal(q->nanswers, 0);
    assert_int_equal(q->nlists, 2);
    assert_int_equal(q->lists[0].nnames, 3);
    assert_string_equal(q->lists[0].names[0], "L");
    assert_string_equal(q->lists[0].names[2], "b");
    assert_int_equal(q->lists[1].nnames, 2);
    assert_string_equal(q->lists[1].names[1], "c");
    paper_release(&paper);
}

static void other_kinds_of_questions_are_not_yet_supported(void **state) {
    (void)state;
    refuses(PAPER("{\"type\":\"NonHomomorphic\",\"value\":{\"answers\":[\"a\",\"b\"],\"question\":\"Q\"}}"),
            P1_EXIT_UNREADABLE, "question 1 is of the kind \"NonHomomorphic\", which is not yet supported");
    refuses(PAPER("{\"type\":1}"), P1_EXIT_UNREADABLE, "question 1 is of the kind \"\", which is not yet supported");
}

static void list_questions_have_these_fields_and_no_other(void **state) {
    (void)state;
    static const struct {
        const char *question, *why;
    } cases[] = {
        {"{\"type\":\"Lists\"}", "question 1 has no \"value\""},
        {"{\"type\":\"Lists\",\"value\":{},\"extra\":1}", "question 1 has the unknown field \"extra\""},
        {"{\"type\":\"Lists\",\"value\":[]}", "the \"value\" of question 1 is not a JSON object"},
        {"{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"a\"]],\"question\":\"Q\",\"blank\":true}}",
         "the \"value\" of question 1 has the unknown field \"blank\""},
        {"{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"a\"]]}}", "question 1 has no \"question\""},
        {"{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"a\"]],\"question\":1}}",
         "question 1: \"question\" is not a text"},
        {"{\"type\":\"Lists\",\"value\":{\"question\":\"Q\"}}", "question 1 has no list of \"answers\""},
        {LISTS("{}"), "question 1 has no list of \"answers\""},
        {LISTS("[[\"L\",\"a\"],\"M\"]"), "question 1: list 2 is not a list of names"},
        {LISTS("[[\"L\",\"a\",2]]"), "question 1: name 3 of list 1 is not a text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[500];
        snprintf(text, sizeof text, PAPER("%s"), cases[i].question);
        refuses(text, P1_EXIT_REFUSED, cases[i].why);
    }
}

static void lists_must_make_sense(void **state) {
    (void)state;
    static const struct {
        const char *question, *why;
    } cases[] = {
        {LISTS("[]"), "question 1 needs at least 1 list"},
        {LISTS("[[\"L\",\"a\"],[]]"), "question 1: list 2 has no name"},
        {LISTS("[[\"L\"]]"), "question 1: list 1 has no candidates"},
        {LISTS("[[\" \",\"a\"]]"), "question 1: list 1 is empty"},
        {LISTS("[[\"L\",\"a\",\"\"]]"), "question 1: list 1: candidate 2 is empty"},
        {LISTS("[[\"L\",\"a\"],[\"M\",\"a\"],[\"L \",\"b\"]]"), "question 1: list 3 is the same as list 1: \"L \""},
        {LISTS("[[\"L\",\"a\"],[\"M\",\"a\",\"b\",\" a\"]]"),
         "question 1: list 2: candidate 3 is the same as candidate 1: \" a\""},
        {"{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"a\"]],\"question\":\" \"}}", "question 1 has no text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[500];
        snprintf(text, sizeof text, PAPER("%s"), cases[i].question);
        refuses(text, P1_EXIT_REFUSED, cases[i].why);
    }
}

static struct paper_question *add_lists(struct paper *paper, size_t lists, size_t candidates) {
    struct paper_question *q = paper_add_list_question(paper, SPAN_LIT("Q"));
    for (size_t i = 0; i < lists; i++) {
        struct paper_list *list = paper_add_list(q);
        for (size_t k = 0; k <= candidates; k++) {
            char name[48];
            snprintf(name, sizeof name, "%zu %zu", i, k);
            paper_add_name(list, span_str(name));
        }
    }
    return q;
}

static void check_sizes(size_t questions, size_t lists, size_t candidates, const char *why) {
    struct issues issues = {0};
    struct paper paper = {.name = text_copy(SPAN_LIT("N"))};
    for (size_t i = 0; i < questions; i++) add_lists(&paper, lists, candidates);
    assert_int_equal(paper_check(&paper, &issues), why ? P1_EXIT_REFUSED : P1_EXIT_DONE);
    assert_int_equal(issues.n, why != NULL);
    if (why) assert_string_equal(issues.all[0].text, why);
    issues_release(&issues);
    paper_release(&paper);
}

static void lists_have_a_greatest_size(void **state) {
    (void)state;
    check_sizes(1, 255, 1, NULL);
    check_sizes(1, 256, 1, "question 1 has 256 lists, at most 255");
    check_sizes(1, 2, 255, NULL);
    check_sizes(1, 1, 256, "question 1: list 1 has 256 candidates, at most 255");
    check_sizes(1, 125, 7, NULL);
    check_sizes(1, 143, 6, "question 1 has 1001 lists and candidates together, at most 1000");
    check_sizes(4, 125, 7, NULL);
    check_sizes(5, 125, 7, "the questions have 5000 answers together, at most 4096");
}

static void names_that_are_not_utf8_are_refused(void **state) {
    (void)state;
    struct issues issues = {0};
    struct paper paper = {.name = text_copy(SPAN_LIT("N"))};
    struct paper_list *list = paper_add_list(paper_add_list_question(&paper, SPAN_LIT("Q")));
    paper_add_name(list, SPAN_LIT("Caf\xe9"));
    paper_add_name(list, SPAN_LIT("Caf\xe9"));
    assert_int_equal(paper_check(&paper, &issues), P1_EXIT_REFUSED);
    assert_int_equal(issues.n, 2);
    assert_string_equal(issues.all[0].text, "question 1: list 1 is not valid UTF-8");
    assert_string_equal(issues.all[1].text, "question 1: list 1: candidate 1 is not valid UTF-8");
    issues_release(&issues);
    paper_release(&paper);
}

static void lists_that_are_all_escapes_fit_their_bound(void **state) {
    (void)state;
    char ones[201];
    memset(ones, 1, 200);
    ones[200] = 0;
    struct paper paper = {0};
    for (int q = 0; q < 2; q++) {
        struct paper_question *question = paper_add_list_question(&paper, span_str(ones));
        for (int i = 0; i < 100; i++) paper_add_name(paper_add_list(question), i ? SPAN_LIT("") : span_str(ones));
        for (int i = 0; i < 100; i++) paper_add_name(&question->lists[0], SPAN_LIT(""));
    }
    free(to_json(&paper));
    paper_release(&paper);
}

static void lists_are_printed_for_a_person(void **state) {
    (void)state;
    struct paper paper = reads(PAPER(LISTS("[[\"L\",\"a\",\"b\\u001b[2J\"],[\"M\",\"c\"]]")));
    FILE *f = tmpfile();
    assert_non_null(f);
    paper_print(&paper, f);
    rewind(f);
    space[fread(space, 1, sizeof space - 1, f)] = 0;
    fclose(f);
    assert_string_equal(space, "N\n\nQuestion 1: Q\nChoose 1 list of 2, and 1 or more of its candidates:\n"
                               "   1. L\n       1. a\n       2. b?[2J\n   2. M\n       1. c\n");
    paper_release(&paper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_question_is_written_as_it_was_read),
        cmocka_unit_test(belenios_own_template_is_written_as_it_was_read),
        cmocka_unit_test(list_questions_are_written_as_in_belenios_own_election),
        cmocka_unit_test(the_parts_of_a_list_question_are_found_again),
        cmocka_unit_test(other_kinds_of_questions_are_not_yet_supported),
        cmocka_unit_test(list_questions_have_these_fields_and_no_other),
        cmocka_unit_test(lists_must_make_sense),
        cmocka_unit_test(lists_have_a_greatest_size),
        cmocka_unit_test(names_that_are_not_utf8_are_refused),
        cmocka_unit_test(lists_that_are_all_escapes_fit_their_bound),
        cmocka_unit_test(lists_are_printed_for_a_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
