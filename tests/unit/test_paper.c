// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Run from the root of the repository. The stem-app's own file is read where the folder P1_FIXTURES (or
// ../shared/fixtures) has it; tests/vectors/paper/stemapp-*.json are of the same shape.

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/paper.h"
#include "cli/text.h"
#include "core/election.h"

#include <cmocka.h>

_Static_assert(PAPER_QUESTIONS_MAX <= P1_QUESTIONS_MAX && PAPER_ANSWERS_MAX <= P1_ANSWERS_MAX &&
                   PAPER_CHOICES_MAX <= P1_CHOICES_MAX,
               "what may be asked must be votable");

static char space[100000];

// Null if it is not there.
static const char *load(const char *name) {
    FILE *f = fopen(name, "rb");
    if (!f) return NULL;
    size_t n = fread(space, 1, sizeof space - 1, f);
    space[n] = 0;
    fclose(f);
    return space;
}

static int says(const struct issues *issues, enum severity severity, const char *what) {
    for (size_t i = 0; i < issues->n; i++)
        if (issues->all[i].severity == severity && strstr(issues->all[i].text, what)) return 1;
    return 0;
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

static char *printed(const struct paper *paper) {
    FILE *f = tmpfile();
    assert_non_null(f);
    paper_print(paper, f);
    rewind(f);
    char *text = mem_alloc(5000);
    text[fread(text, 1, 4999, f)] = 0;
    fclose(f);
    return text;
}

static void reads_and_writes(const char *in, const char *out) {
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(paper_read(span_str(in), &paper, &issues), P1_EXIT_DONE);
    assert_int_equal(issues.n, 0);
    char *json = to_json(&paper);
    assert_string_equal(json, out);
    free(json);
    paper_release(&paper);
}

static void refuses(const char *text, enum p1_exit how, const char *why) {
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(paper_read(span_str(text), &paper, &issues), how);
    if (!says(&issues, SEVERITY_ERROR, why)) issues_print(&issues, stderr);
    assert_true(says(&issues, SEVERITY_ERROR, why));
    assert_int_equal(issues.n, 1);
    issues_release(&issues);
    paper_release(&paper);
}

// A paper with this one question.
static void refuses_question(const char *question, enum p1_exit how, const char *why) {
    char text[1000];
    snprintf(text, sizeof text, "{\"description\":\"\",\"name\":\"N\",\"questions\":[%s]}", question);
    refuses(text, how, why);
}

static void a_paper_is_written_as_it_was_read(void **state) {
    (void)state;
    const char *text = load("tests/vectors/paper/template.json");
    assert_non_null(text);
    reads_and_writes(text, text);
}

static void a_paper_is_written_as_belenios_writes_it(void **state) {
    (void)state;
    assert_non_null(load("tests/vectors/paper/belenios-election.json"));
    char *election = text_copy(span_str(space));
    assert_non_null(load("tests/vectors/paper/belenios-template.json"));
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(paper_read(span_str(space), &paper, &issues), P1_EXIT_DONE);
    char *json = to_json(&paper);

    // What the election has between and around these parts (version, group, key, uuid) is no part of a paper.
    char *questions = strstr(json, ",\"questions\":"), *people = strstr(json, ",\"administrator\":");
    assert_non_null(questions);
    assert_non_null(people);
    char *part = text_copy(span_of(json + 1, (size_t)(questions - json - 1)));
    assert_non_null(strstr(election, part));
    free(part);
    part = text_copy(span_of(questions, (size_t)(people - questions)));
    assert_non_null(strstr(election, part));
    free(part);
    assert_non_null(strstr(election, people));
    free(json);
    free(election);
    paper_release(&paper);
}

static void texts_are_escaped_only_where_json_asks_for_it(void **state) {
    (void)state;
    reads_and_writes(
        "{\"name\":\"\\u00e9\\ud83d\\ude00/\\/\", \"description\":\"\\u000a\\t\\r\\b\\f\\u0001\\\"\\\\\","
        "\"questions\":[{\"question\":\"Q\",\"max\":1,\"min\":0,\"blank\":false,\"answers\":[\"a\",\"b\"]}]}",
        "{\"description\":\"\\n\\t\\r\\b\\f\\u0001\\\"\\\\\",\"name\":\"\xc3\xa9\xf0\x9f\x98\x80//\","
        "\"questions\":[{\"answers\":[\"a\",\"b\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]}");
}

static void a_paper_that_is_all_escapes_fits_its_bound(void **state) {
    (void)state;
    char ones[201];
    memset(ones, 1, 200);
    ones[200] = 0;
    struct paper paper = {.name = text_copy(span_str(ones)), .administrator = text_copy(span_str(ones))};
    struct paper_question *q = paper_add_question(&paper, span_str(ones), 1, 255, 255);
    for (int i = 0; i < 3; i++) paper_add_answer(q, span_str(ones));
    free(to_json(&paper));
    paper_release(&paper);
}

static void what_is_no_paper_is_refused(void **state) {
    (void)state;
    refuses("", P1_EXIT_UNREADABLE, "this is not JSON");
    refuses("{\"name\":\"\xff\"}", P1_EXIT_UNREADABLE, "this is not JSON");
    refuses("{} {}", P1_EXIT_UNREADABLE, "this is not JSON");
    refuses("{\"name\":\"a\",\"name\":\"b\"}", P1_EXIT_REFUSED, "a field stands twice");
    refuses("[]", P1_EXIT_REFUSED, "the paper is not a JSON object");
    refuses("{\"name\":\"N\",\"questions\":[]}", P1_EXIT_REFUSED, "the paper has no \"description\"");
    refuses("{\"description\":\"\",\"questions\":[]}", P1_EXIT_REFUSED, "the paper has no \"name\"");
    refuses("{\"description\":\"\",\"name\":1,\"questions\":[]}", P1_EXIT_REFUSED, "\"name\" is not a text");
    refuses("{\"description\":\"\",\"name\":\"N\",\"administrator\":1}", P1_EXIT_REFUSED, "\"administrator\" is not a");
    refuses("{\"description\":\"\",\"name\":\"N\",\"credential_authority\":[]}", P1_EXIT_REFUSED,
            "\"credential_authority\" is not a");
    refuses("{\"description\":\"\",\"name\":\"N\"}", P1_EXIT_REFUSED, "the paper has no list of \"questions\"");
    refuses("{\"description\":\"\",\"name\":\"N\",\"questions\":{}}", P1_EXIT_REFUSED, "has no list of \"questions\"");
    refuses("{\"description\":\"\",\"name\":\"N\",\"questions\":[]}", P1_EXIT_REFUSED,
            "the paper has 0 questions: it needs 1 to 64");
    refuses("{\"version\":1,\"description\":\"\",\"name\":\"N\",\"questions\":[]}", P1_EXIT_REFUSED,
            "the paper has the unknown field \"version\"");
    refuses("{\"description\":\"\",\"name\":\" \",\"questions\":[{\"answers\":[\"a\",\"b\"],\"min\":0,\"max\":1,"
            "\"question\":\"Q\"}]}",
            P1_EXIT_REFUSED, "the paper has no name");
}

static void questions_must_be_of_our_kind(void **state) {
    (void)state;
    refuses_question("{\"type\":\"NonHomomorphic\",\"value\":{\"answers\":[\"A\"],\"question\":\"Q\"}}",
                     P1_EXIT_UNREADABLE, "question 1 is of the kind \"NonHomomorphic\", which is not yet supported");
    refuses_question("{\"type\":1}", P1_EXIT_UNREADABLE, "not yet supported");
    refuses_question("1", P1_EXIT_REFUSED, "question 1 is not a JSON object");
    refuses_question("{\"answers\":[],\"min\":0,\"max\":1,\"question\":\"Q\",\"extra\":0}", P1_EXIT_REFUSED,
                     "question 1 has the unknown field \"extra\"");
    refuses_question("{\"answers\":[],\"min\":0,\"max\":1,\"question\":\"Q\",\"blank\":1}", P1_EXIT_REFUSED,
                     "question 1: \"blank\" is not true or false");
    refuses_question("{\"answers\":[],\"min\":0,\"max\":1}", P1_EXIT_REFUSED, "question 1 has no \"question\"");
    refuses_question("{\"answers\":[],\"max\":1,\"question\":\"Q\"}", P1_EXIT_REFUSED, "question 1 has no \"min\"");
    refuses_question("{\"answers\":[],\"min\":0,\"question\":\"Q\"}", P1_EXIT_REFUSED, "question 1 has no \"max\"");
    refuses_question("{\"answers\":[],\"min\":-1,\"max\":1,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1: \"min\" is not a whole number from 0 to 255");
    refuses_question("{\"answers\":[],\"min\":0,\"max\":1.0,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1: \"max\" is not a whole number from 0 to 255");
    refuses_question("{\"answers\":[],\"min\":0,\"max\":4294967297,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1: \"max\" is not a whole number from 0 to 255");
    refuses_question("{\"min\":0,\"max\":1,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1 has no list of \"answers\"");
    refuses_question("{\"answers\":[\"a\",2],\"min\":0,\"max\":1,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1: answer 2 is not a text");
}

static void questions_must_make_sense(void **state) {
    (void)state;
    refuses_question("{\"answers\":[\"a\"],\"min\":0,\"max\":1,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1 needs at least 2 answers, or 1 beside a blank vote");
    refuses_question("{\"answers\":[],\"blank\":true,\"min\":0,\"max\":0,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1 needs at least 2 answers");
    refuses_question("{\"answers\":[\"a\",\"b\"],\"min\":2,\"max\":1,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1: the minimum, 2, is above the maximum, 1");
    refuses_question("{\"answers\":[\"a\",\"b\"],\"min\":0,\"max\":3,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1: the maximum, 3, is above the number of answers, 2");
    refuses_question("{\"answers\":[\"a\",\"\\t \"],\"min\":0,\"max\":1,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1: answer 2 is empty");
    refuses_question("{\"answers\":[\"a\",\"b\",\"a \"],\"min\":0,\"max\":1,\"question\":\"Q\"}", P1_EXIT_REFUSED,
                     "question 1: answer 3 is the same as answer 1: \"a \"");
    refuses_question("{\"answers\":[\"a\",\"b\"],\"min\":0,\"max\":1,\"question\":\"\"}", P1_EXIT_REFUSED,
                     "question 1 has no text");
}

static enum p1_exit check_sizes(size_t questions, size_t answers, int blank, const char *why) {
    struct issues issues = {0};
    struct paper paper = {.name = text_copy(SPAN_LIT("N"))};
    for (size_t i = 0; i < questions; i++) {
        struct paper_question *q = paper_add_question(&paper, SPAN_LIT("Q"), blank, 0, 1);
        for (size_t k = 0; k < answers; k++) {
            char name[24];
            snprintf(name, sizeof name, "%zu", k);
            paper_add_answer(q, span_str(name));
        }
    }
    enum p1_exit e = paper_check(&paper, &issues);
    assert_int_equal(issues.n, why != NULL);
    if (why) assert_true(says(&issues, SEVERITY_ERROR, why));
    issues_release(&issues);
    paper_release(&paper);
    return e;
}

static void papers_have_a_greatest_size(void **state) {
    (void)state;
    assert_int_equal(check_sizes(64, 2, 0, NULL), P1_EXIT_DONE);
    assert_int_equal(check_sizes(65, 2, 0, "the paper has 65 questions: it needs 1 to 64"), P1_EXIT_REFUSED);
    assert_int_equal(check_sizes(1, 255, 1, NULL), P1_EXIT_DONE);
    assert_int_equal(check_sizes(1, 256, 0, "question 1 has 256 answers, at most 255"), P1_EXIT_REFUSED);
    assert_int_equal(check_sizes(64, 63, 1, NULL), P1_EXIT_DONE);
    assert_int_equal(check_sizes(64, 64, 1, "have 4160 answers together, at most 4096"), P1_EXIT_REFUSED);
    assert_int_equal(check_sizes(1, 1, 1, NULL), P1_EXIT_DONE);
}

static void texts_that_are_not_utf8_are_refused(void **state) {
    (void)state;
    struct issues issues = {0};
    struct span bad = SPAN_LIT("Caf\xe9");
    struct paper paper = {text_copy(bad), text_copy(bad), NULL, 0, 0, text_copy(bad), text_copy(bad)};
    struct paper_question *q = paper_add_question(&paper, bad, 0, 0, 1);
    paper_add_answer(q, SPAN_LIT("a"));
    paper_add_answer(q, bad);
    assert_int_equal(paper_check(&paper, &issues), P1_EXIT_REFUSED);
    static const char *const what[] = {"the description",          "the name",      "the administrator",
                                       "the credential authority", "question 1 is", "answer 2 is"};
    assert_int_equal(issues.n, 6);
    for (size_t i = 0; i < 6; i++) assert_true(says(&issues, SEVERITY_ERROR, what[i]));
    assert_true(says(&issues, SEVERITY_ERROR, "is not valid UTF-8"));
    issues_release(&issues);
    paper_release(&paper);
}

static void a_paper_is_printed_for_a_person(void **state) {
    (void)state;
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(paper_read(span_str(load("tests/vectors/paper/template.json")), &paper, &issues), P1_EXIT_DONE);
    char *text = printed(&paper);
    assert_string_equal(text, "Wijkbudget\n"
                              "Eerste regel\n"
                              "Tweede \"regel\" \\ caf\xc3\xa9\n"
                              "Administrator: Testambtenaar\n"
                              "Credential authority: Testregistrar\n"
                              "\nQuestion 1: Wat eerst?\nChoose 0 to 2 of 2:\n   1. Speeltuin\n   2. Bomen\n"
                              "\nQuestion 2: Doorgaan?\nChoose 1 of 1, or vote blank:\n   1. Ja\n");
    free(text);
    paper_release(&paper);
}

static void a_printed_paper_cannot_steer_a_terminal(void **state) {
    (void)state;
    struct paper paper = {.name = text_copy(SPAN_LIT("a\x1b[2J")), .description = text_copy(SPAN_LIT("b\rc\n\x07"))};
    char *text = printed(&paper);
    assert_string_equal(text, "a?[2J\nb?c\n?\n");
    free(text);
    paper_release(&paper);
}

// ---- The stem-app's file

static struct paper imports(const char *text, size_t notes) {
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(paper_import_stemapp(span_str(text), &paper, &issues), P1_EXIT_DONE);
    assert_int_equal(issues.n, notes);
    assert_int_equal(issues.errors, 0);
    for (size_t i = 0; i < issues.n; i++) assert_int_equal(issues.all[i].severity, SEVERITY_NOTE);
    issues_release(&issues);
    return paper;
}

static void refuses_import(const char *text, enum p1_exit how, const char *why) {
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(paper_import_stemapp(span_str(text), &paper, &issues), how);
    if (!says(&issues, SEVERITY_ERROR, why)) issues_print(&issues, stderr);
    assert_true(says(&issues, SEVERITY_ERROR, why));
    assert_int_equal(issues.n, 1);
    issues_release(&issues);
    paper_release(&paper);
}

// "R" with a good list and with these items after it.
static void refuses_items(const char *items, const char *why) {
    char text[2000];
    snprintf(text, sizeof text,
             "{\"name\":\"R\",\"items\":[{\"name\":\"L\",\"items\":[{\"name\":\"a\",\"address\":\"0a\"}]},%s]}", items);
    refuses_import(text, P1_EXIT_REFUSED, why);
}

static void the_stem_apps_own_file_is_imported(void **state) {
    (void)state;
    const char *folder = getenv("P1_FIXTURES");
    char name[500];
    snprintf(name, sizeof name, "%s/stemapp/election.json", folder ? folder : "../shared/fixtures");
    const char *text = load(name);
    if (!text) {
        print_message("%s is not here; our own file of the same shape is read all the same\n", name);
        return;
    }
    struct paper paper = imports(text, 6);
    char *json = to_json(&paper);
    assert_string_equal(json, "{\"description\":\"\",\"name\":\"Gemeentenaam Referendum\",\"questions\":[{\"answers\":["
                              "\"Gemeente \\\"Nederland\\\"\",\"Gemeente \\\"De 12 provinci\xc3\xabn\\\"\","
                              "\"Gemeente \\\"OranjeStaete\\\"\",\"Gemeente \\\"+1\\\"\","
                              "\"Gemeente \\\"Samen organiseren\\\"\"],\"blank\":true,\"min\":1,\"max\":1,"
                              "\"question\":\"Gemeentenaam Referendum\"}]}");
    free(json);
    paper_release(&paper);
}

static void blanco_becomes_the_blank_vote_and_addresses_go(void **state) {
    (void)state;
    struct issues issues = {0};
    struct paper paper;
    const char *text = load("tests/vectors/paper/stemapp-flat.json");
    assert_int_equal(paper_import_stemapp(span_str(text), &paper, &issues), P1_EXIT_DONE);
    assert_int_equal(issues.n, 3);
    assert_true(says(&issues, SEVERITY_NOTE, "\"0000000000000000000000000000000000000001\" of \"blanco\" is left out"));
    assert_true(says(&issues, SEVERITY_NOTE, "0003\" of \"Twaalf provinci\xc3\xabn\" is left out"));
    char *json = to_json(&paper);
    assert_string_equal(
        json, "{\"description\":\"\",\"name\":\"Testgemeente \xc3\x89\xc3\xa9n\",\"questions\":[{\"answers\":["
              "\"Naam \\\"+1\\\"\",\"Twaalf provinci\xc3\xabn\"],\"blank\":true,\"min\":1,\"max\":1,"
              "\"question\":\"Testgemeente \xc3\x89\xc3\xa9n\"}]}");
    free(json);
    issues_release(&issues);
    paper_release(&paper);
}

static void answers_keep_their_path(void **state) {
    (void)state;
    struct paper paper = imports(load("tests/vectors/paper/stemapp-nested.json"), 5);
    static const char *const answers[] = {"Lijst 1 > Kandidaat 1", "Lijst 1 > Kandidaat 2", "Lijst 2 > Kandidaat 1",
                                          "Lijst 2 > Blanco", "Lijst 2 > Reserve > Kandidaat 3"};
    assert_string_equal(paper.name, "Dorpsraad");
    assert_int_equal(paper.nquestions, 1);
    assert_string_equal(paper.questions[0].text, "Dorpsraad");
    assert_int_equal(paper.questions[0].nanswers, 5);
    for (size_t i = 0; i < 5; i++) assert_string_equal(paper.questions[0].answers[i], answers[i]);
    assert_int_equal(paper.questions[0].blank, 0);
    assert_int_equal(paper.questions[0].min, 1);
    assert_int_equal(paper.questions[0].max, 1);
    paper_release(&paper);
}

// So many categories within each other, with two candidates in the innermost; to be freed.
static char *nested(size_t depth, const char *name) {
    size_t max = depth * (strlen(name) + 40) + 200;
    char *text = mem_alloc(max);
    struct buf b = buf_over(text, max - 1);
    for (size_t i = 0; i < depth; i++) {
        buf_str(&b, "{\"items\":[");
        if (i + 1 == depth) buf_str(&b, "{\"name\":\"a\",\"address\":\"0a\"},{\"name\":\"b\",\"address\":\"0b\"}");
    }
    for (size_t i = 0; i < depth; i++) {
        buf_str(&b, "],\"name\":\"");
        buf_str(&b, name);
        buf_str(&b, "\"}");
    }
    assert_int_equal(buf_done(&b), P1_OK);
    text[b.n] = 0;
    return text;
}

static void categories_are_nested_64_deep_and_no_deeper(void **state) {
    (void)state;
    char name[IMPORT_NAME_MAX + 1];
    memset(name, 'x', IMPORT_NAME_MAX);
    name[IMPORT_NAME_MAX] = 0;
    char *text = nested(64, name);
    struct paper paper = imports(text, 2);
    assert_int_equal(strlen(paper.questions[0].answers[0]), 63 * (IMPORT_NAME_MAX + 3) + 1);
    paper_release(&paper);
    free(text);

    text = nested(65, "K");
    refuses_import(text, P1_EXIT_REFUSED, "> K\" is a category at depth 65, at most 64");
    free(text);
    text = nested(3000, "K");
    refuses_import(text, P1_EXIT_UNREADABLE, "this is not JSON: maximum parsing depth reached");
    free(text);
}

static void items_that_do_not_fit_are_refused_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *items, *why;
    } cases[] = {
        {"{\"address\":\"0b\"}", "item 2 of \"R\" has no \"name\""},
        {"{\"name\":\"b\"}", "item 2 of \"R\" has neither \"items\" nor an \"address\""},
        {"{\"name\":\"b\",\"address\":\"0b\",\"party\":1}", "item 2 of \"R\" has the unknown field \"party\""},
        {"{\"name\":\"b\",\"items\":[]}", "item 2 of \"R\" has an empty list of \"items\""},
        {"{\"name\":\"b\",\"items\":{}}", "item 2 of \"R\" has \"items\" that are not a list"},
        {"{\"name\":\"b\",\"items\":[{\"name\":\"c\",\"address\":\"0c\"}],\"address\":\"0b\"}",
         "item 2 of \"R\" has both \"items\" and an \"address\""},
        {"\"b\"", "item 2 of \"R\" is not a JSON object"},
        {"null", "item 2 of \"R\" is not a JSON object"},
        {"{\"name\":1,\"address\":\"0b\"}", "item 2 of \"R\" has a \"name\" that is not a text"},
        {"{\"name\":\"b\",\"address\":11}", "item 2 of \"R\" has an \"address\" that is not a text"},
        {"{\"name\":\" \",\"address\":\"0b\"}", "item 2 of \"R\" has an empty \"name\""},
        {"{\"name\":\"b\\u001b\",\"address\":\"0b\"}", "item 2 of \"R\" has a control character in its \"name\""},
        {"{\"name\":\"b\\u0085c\",\"address\":\"0b\"}", "item 2 of \"R\" has a control character in its \"name\""},
        {"{\"name\":\"b\\nc\",\"address\":\"0b\"}", "item 2 of \"R\" has a control character in its \"name\""},
        {"{\"name\":\"M\",\"items\":[{\"name\":\"N\",\"items\":[{\"name\":\"b\",\"address\":\"0b\"},{}]}]}",
         "item 2 of \"R > M > N\" has no \"name\""},
        {"{\"name\":\"L > a\",\"address\":\"0b\"}", "item 2 of \"R\" is an answer that was there before: \"L > a\""},
        {"{\"name\":\"L\",\"items\":[{\"name\":\" a \",\"address\":\"0a\"}]}",
         "item 1 of \"R > L\" is an answer that was there before: \"L > a\""},
        {"{\"name\":\"Blanco\",\"address\":\"0b\"},{\"name\":\"BLANCO\",\"address\":\"0c\"}",
         "item 3 of \"R\" is a second \"Blanco\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) refuses_items(cases[i].items, cases[i].why);
}

static void names_are_at_most_500_bytes(void **state) {
    (void)state;
    char name[IMPORT_NAME_MAX + 2], item[600];
    memset(name, 'x', sizeof name);
    name[IMPORT_NAME_MAX + 1] = 0;
    snprintf(item, sizeof item, "{\"name\":\"%s\",\"address\":\"0b\"}", name);
    refuses_items(item, "item 2 of \"R\" has a \"name\" of more than 500 bytes");
}

static void files_that_leave_nothing_to_choose_are_refused(void **state) {
    (void)state;
    refuses_import("{\"name\":\"R\",\"address\":\"0a\"}", P1_EXIT_REFUSED,
                   "the outermost category is a single candidate");
    refuses_import("{\"name\":\"R\",\"items\":[{\"name\":\"Blanco\",\"address\":\"0a\"}]}", P1_EXIT_REFUSED,
                   "the outermost category has no answer beside \"Blanco\"");
    refuses_import("{\"name\":\"R\",\"items\":[{\"name\":\"a\",\"address\":\"0a\"}]}", P1_EXIT_REFUSED,
                   "the outermost category has a single answer");
    struct paper paper = imports("{\"name\":\"R\",\"items\":[{\"name\":\"a\",\"address\":\"0a\"},"
                                 "{\"name\":\"Blanco\",\"address\":\"0b\"}]}",
                                 2);
    assert_int_equal(paper.questions[0].nanswers, 1);
    paper_release(&paper);
}

static void files_of_another_kind_are_refused(void **state) {
    (void)state;
    refuses_import("", P1_EXIT_UNREADABLE, "this is not JSON");
    refuses_import("Kandidaat 1;Kandidaat 2", P1_EXIT_UNREADABLE, "this is not JSON");
    refuses_import("{\"name\":\"R\"", P1_EXIT_UNREADABLE, "this is not JSON");
    refuses_import("{\"name\":\"a\\u0000b\"}", P1_EXIT_UNREADABLE, "this is not JSON");
    refuses_import("{\"name\":\"R\",\"name\":\"S\",\"items\":[]}", P1_EXIT_REFUSED, "a field stands twice");
    refuses_import("[]", P1_EXIT_REFUSED, "the outermost category is not a JSON object");
    refuses_import("{\"items\":[]}", P1_EXIT_REFUSED, "the outermost category has no \"name\"");
    refuses_import("{\"name\":\"R\",\"items\":[]}", P1_EXIT_REFUSED, "the outermost category has an empty list");
    refuses_import("{\"description\":\"\",\"name\":\"N\",\"questions\":[]}", P1_EXIT_REFUSED,
                   "the outermost category has the unknown field \"description\"");
}

static void more_than_255_candidates_are_refused(void **state) {
    (void)state;
    char *text = mem_alloc(20000);
    struct buf b = buf_over(text, 19999);
    buf_str(&b, "{\"name\":\"R\",\"items\":[{\"name\":\"blanco\",\"address\":\"0\"}");
    for (unsigned i = 0; i < 256; i++) {
        buf_str(&b, ",{\"address\":\"0\",\"name\":\"K");
        buf_u64(&b, i);
        buf_str(&b, "\"}");
    }
    buf_str(&b, "]}");
    assert_int_equal(buf_done(&b), P1_OK);
    text[b.n] = 0;
    refuses_import(text, P1_EXIT_REFUSED, "item 257 of \"R\" is one answer too many: at most 255");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_is_written_as_it_was_read),
        cmocka_unit_test(a_paper_is_written_as_belenios_writes_it),
        cmocka_unit_test(texts_are_escaped_only_where_json_asks_for_it),
        cmocka_unit_test(a_paper_that_is_all_escapes_fits_its_bound),
        cmocka_unit_test(what_is_no_paper_is_refused),
        cmocka_unit_test(questions_must_be_of_our_kind),
        cmocka_unit_test(questions_must_make_sense),
        cmocka_unit_test(papers_have_a_greatest_size),
        cmocka_unit_test(texts_that_are_not_utf8_are_refused),
        cmocka_unit_test(a_paper_is_printed_for_a_person),
        cmocka_unit_test(a_printed_paper_cannot_steer_a_terminal),
        cmocka_unit_test(the_stem_apps_own_file_is_imported),
        cmocka_unit_test(blanco_becomes_the_blank_vote_and_addresses_go),
        cmocka_unit_test(answers_keep_their_path),
        cmocka_unit_test(categories_are_nested_64_deep_and_no_deeper),
        cmocka_unit_test(items_that_do_not_fit_are_refused_with_their_place),
        cmocka_unit_test(names_are_at_most_500_bytes),
        cmocka_unit_test(files_that_leave_nothing_to_choose_are_refused),
        cmocka_unit_test(files_of_another_kind_are_refused),
        cmocka_unit_test(more_than_255_candidates_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
