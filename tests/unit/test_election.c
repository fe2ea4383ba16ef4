// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#define QUESTION "{\"answers\":[\"A\",\"B\"],\"min\":0,\"max\":1,\"question\":\"Q\"}"
#define BASE_POINT "6666666666666666666666666666666666666666666666666666666666666658"

// A small election that is right; each test changes one thing.
#define ELECTION                                                                                             \
    "{\"version\":1,\"description\":\"d\",\"name\":\"n\",\"group\":\"Ed25519\",\"public_key\":\"" BASE_POINT \
    "\",\"questions\":[" QUESTION "],\"uuid\":\"" TEST_UUID "\"}"

static struct election *scratch;

static enum p1_err parse(struct span json) { return election_parse(scratch, keep_span(json), &work); }

static enum p1_err changed(const char *old, const char *by) { return parse(replaced(SPAN_LIT(ELECTION), old, by)); }

// ---- what is read ----

static void elections_of_belenios_are_read(void **state) {
    static const struct {
        const char *name, *group, *uuid;
        unsigned questions, choices;
    } known[] = {
        {"ed25519-small", "Ed25519", "3QU5Sncoy7DR8W", 2, 5},
        {"ed25519-threshold", "Ed25519", "jxPdu12Ha1ywr2", 2, 5},
        {"ed25519-weighted", "Ed25519", "KzdMPE7B57ZYnE", 2, 5},
        {"ed25519-revote", "Ed25519", "6vTKvSMUC9gBn7", 2, 5},
        {"rfc3526-v2-multi", "RFC-3526-2048", "vu6VNeinGDDdSE", 3, 13},
        {"b2048-v2-threshold-mixed", "BELENIOS-2048", "51ysTfYMpTPtx3", 2, 5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct span json = vector(known[i].name, "election.json");
        assert_ok(parse(json));
        assert_span(span_of(scratch->hash64, P1_HASH64), vector(known[i].name, "hash64.txt"));
        assert_string_equal(scratch->group.ops->name, known[i].group);
        assert_span(scratch->uuid, span_str(known[i].uuid));
        assert_int_equal(scratch->question_count, known[i].questions);
        assert_int_equal(scratch->choice_count, known[i].choices);
        struct elem_text key = elem_text_of(&scratch->group, &scratch->key);
        assert_span(elem_span(&key), between(json, "\"public_key\":\"", "\""));
    }
}

static void every_field_comes_out(void **state) {
    (void)state;
    assert_ok(parse(vector("rfc3526-v2-multi", "election.json")));
    assert_span(scratch->name, SPAN_LIT("Multi"));
    assert_span(scratch->description, SPAN_LIT("Ünïcode «desc» \\\"q\\\""));
    assert_span(scratch->credential_authority, SPAN_LIT("Cred auth"));
    static const struct {
        const char *text;
        unsigned answers, min, max;
        int blank;
    } expected[] = {{"Pick 2 to 4", 5, 2, 4, 0}, {"Blank or 1..3", 5, 1, 3, 1}, {"Oui ou non ?", 2, 1, 1, 0}};
    for (size_t i = 0; i < 3; i++) {
        const struct question *q = &scratch->questions[i];
        assert_span(q->text, span_str(expected[i].text));
        assert_int_equal(q->answer_count, expected[i].answers);
        assert_int_equal(q->min, expected[i].min);
        assert_int_equal(q->max, expected[i].max);
        assert_int_equal(q->blank, expected[i].blank);
        assert_int_equal(question_choices(q), expected[i].answers + (unsigned)expected[i].blank);
    }
}

static void answers_are_found_by_number(void **state) {
    (void)state;
    assert_ok(changed("\"A\",\"B\"", "\"A\\\"\",\"B,\\\"C\",\"\""));
    const struct question *q = &scratch->questions[0];
    assert_int_equal(q->answer_count, 3);
    assert_span(question_answer(q, 0), SPAN_LIT("A\\\""));
    assert_span(question_answer(q, 1), SPAN_LIT("B,\\\"C"));
    assert_int_equal(question_answer(q, 2).n, 0);
    assert_null(question_answer(q, 3).p);
    const struct question none = {.answers = span_of("", 0)};
    assert_null(question_answer(&none, 0).p);
}

static void fields_that_may_be_absent_are_read(void **state) {
    (void)state;
    assert_ok(changed(TEST_UUID "\"", TEST_UUID "\",\"administrator\":\"a\""));
    assert_int_equal(scratch->credential_authority.n, 0);
    assert_ok(changed(TEST_UUID "\"", TEST_UUID "\",\"credential_authority\":\"c\""));
    assert_span(scratch->credential_authority, SPAN_LIT("c"));
}

static void the_language_is_read(void **state) {
    static const char *const end[] = {
        ",\"language\":\"nl\"}",
        ",\"credential_authority\":\"c\",\"language\":\"nl\"}",
        ",\"administrator\":\"a\",\"credential_authority\":\"c\",\"language\":\"nl\"}",
    };
    const struct span head = text_of("%.*s", (int)(sizeof ELECTION - 2), ELECTION);
    (void)state;
    for (size_t i = 0; i < sizeof end / sizeof *end; i++) assert_ok(parse(text_of("%.*s%s", SPAN_ARG(head), end[i])));
    assert_err(parse(text_of("%.*s,\"language\":}", SPAN_ARG(head))), P1_ERR_JSON);
    assert_err(parse(text_of("%.*s,\"language\":\"nl\",\"administrator\":\"a\"}", SPAN_ARG(head))), P1_ERR_JSON);
}

static void a_blank_vote_is_one_more_choice(void **state) {
    (void)state;
    assert_ok(changed("],\"min", "],\"blank\":true,\"min"));
    assert_int_equal(scratch->questions[0].blank, 1);
    assert_int_equal(scratch->choice_count, 3);
    assert_ok(changed("],\"min", "],\"blank\":false,\"min"));
    assert_int_equal(scratch->questions[0].blank, 0);
    assert_int_equal(scratch->choice_count, 2);
    assert_err(changed("],\"min", "],\"blank\":null,\"min"), P1_ERR_JSON);
}

// ---- refusals, each with its own code ----

static void another_version_is_refused(void **state) {
    (void)state;
    assert_err(changed("\"version\":1", "\"version\":2"), P1_ERR_ELECTION_VERSION);
    assert_err(changed("\"version\":1", "\"version\":0"), P1_ERR_ELECTION_VERSION);
    assert_err(changed("\"version\":1", "\"version\":\"1\""), P1_ERR_JSON_NUMBER);
    assert_err(changed("\"version\":1", "\"version\":4294967296"), P1_ERR_JSON_NUMBER);
}

static void other_kinds_of_questions_are_not_yet_supported(void **state) {
    (void)state;
    assert_err(changed(QUESTION, "{\"type\":\"NonHomomorphic\",\"value\":{\"answers\":[\"A\"],\"question\":\"Q\"}}"),
               P1_ERR_ELECTION_KIND);
    assert_err(changed(QUESTION, QUESTION ",{\"type\":\"Other\"}"), P1_ERR_ELECTION_KIND);
}

// "[" ITEM,ITEM,.. "]"
static struct span list_of(const char *item, unsigned n) {
    struct buf b = keep_buf((strlen(item) + 1) * n + 2);
    buf_char(&b, '[');
    for (unsigned i = 0; i < n; i++) {
        if (i) buf_char(&b, ',');
        buf_str(&b, item);
    }
    buf_char(&b, ']');
    assert_ok(buf_done(&b));
    return buf_span(&b);
}

static enum p1_err with_questions(const char *item, unsigned n) {
    return changed("[" QUESTION "]", str_of(list_of(item, n)));
}

static void at_most_64_questions_are_read(void **state) {
    (void)state;
    assert_ok(with_questions(QUESTION, P1_QUESTIONS_MAX));
    assert_int_equal(scratch->question_count, P1_QUESTIONS_MAX);
    assert_err(with_questions(QUESTION, P1_QUESTIONS_MAX + 1), P1_ERR_ELECTION_SIZE);
    assert_err(with_questions(QUESTION, 0), P1_ERR_ELECTION_QUESTION);
}

static void at_most_1000_answers_are_read(void **state) {
    (void)state;
    assert_ok(changed("[\"A\",\"B\"]", str_of(list_of("\"A\"", P1_ANSWERS_MAX))));
    assert_int_equal(scratch->choice_count, P1_ANSWERS_MAX);
    assert_span(question_answer(&scratch->questions[0], P1_ANSWERS_MAX - 1), SPAN_LIT("A"));
    assert_err(changed("[\"A\",\"B\"]", str_of(list_of("\"A\"", P1_ANSWERS_MAX + 1))), P1_ERR_ELECTION_SIZE);
    assert_err(changed("[\"A\",\"B\"]", "[]"), P1_ERR_ELECTION_QUESTION);
    assert_err(changed("[\"A\",\"B\"],\"min\":0,\"max\":1", "[],\"min\":0,\"max\":0"), P1_ERR_ELECTION_QUESTION);
}

static void at_most_4096_choices_are_read(void **state) {
    const char *question = str_of(replaced(SPAN_LIT(QUESTION), "[\"A\",\"B\"]", str_of(list_of("\"A\"", 64))));
    const char *one_more = str_of(replaced(span_str(question), "\"min", "\"blank\":true,\"min"));
    (void)state;
    assert_ok(with_questions(question, 64));
    assert_int_equal(scratch->choice_count, P1_CHOICES_MAX);
    assert_err(with_questions(one_more, 64), P1_ERR_ELECTION_SIZE);
}

static void minimum_maximum_and_answers_may_not_contradict(void **state) {
    static const struct {
        const char *range;
        enum p1_err err;
    } example[] = {
        {"\"min\":0,\"max\":0", P1_OK},
        {"\"min\":2,\"max\":2", P1_OK},
        {"\"min\":2,\"max\":1", P1_ERR_ELECTION_QUESTION},
        {"\"min\":0,\"max\":3", P1_ERR_ELECTION_QUESTION},
        {"\"min\":3,\"max\":3", P1_ERR_ELECTION_QUESTION},
        {"\"min\":4294967295,\"max\":4294967295", P1_ERR_ELECTION_QUESTION},
        {"\"min\":4294967296,\"max\":1", P1_ERR_JSON_NUMBER},
        {"\"min\":0,\"max\":4294967297", P1_ERR_JSON_NUMBER},
        {"\"min\":-1,\"max\":1", P1_ERR_JSON_NUMBER},
        {"\"max\":1,\"min\":0", P1_ERR_JSON},
    };
    (void)state;
    for (size_t i = 0; i < sizeof example / sizeof *example; i++)
        assert_err(changed("\"min\":0,\"max\":1", example[i].range), example[i].err);
}

static void an_identifier_has_14_base58_signs_or_more(void **state) {
    (void)state;
    assert_ok(changed(TEST_UUID, "123456789ABCDE"));
    assert_ok(changed(TEST_UUID, "FGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"));
    assert_err(changed(TEST_UUID, "123456789ABCD"), P1_ERR_ELECTION_UUID);
    assert_err(changed(TEST_UUID, ""), P1_ERR_ELECTION_UUID);
    for (const char *c = "0IOl_-/:@[`{ ."; *c; c++) {
        const char uuid[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', *c, 0};
        assert_err(changed(TEST_UUID, uuid), P1_ERR_ELECTION_UUID);
    }
    assert_err(uuid_check((struct span){0}), P1_ERR_ELECTION_UUID);
}

static void an_unknown_group_is_refused(void **state) {
    (void)state;
    assert_err(changed("Ed25519", "ed25519"), P1_ERR_GROUP_UNKNOWN);
    assert_err(changed("Ed25519", ""), P1_ERR_GROUP_UNKNOWN);
    assert_err(changed("Ed25519", "Ed25519 "), P1_ERR_GROUP_UNKNOWN);
    assert_err(changed("Ed25519", "{\\\"g\\\":\\\"2\\\"}"), P1_ERR_JSON_STRING); // the form of Belenios 1
}

static void a_key_outside_the_group_is_refused(void **state) {
    (void)state;
    assert_err(changed(BASE_POINT, "2"), P1_ERR_ELEM_FORM);
    assert_err(changed(BASE_POINT, "0000000000000000000000000000000000000000000000000000000000000002"),
               P1_ERR_ELEM_FIELD);
    assert_err(changed(BASE_POINT, "0000000000000000000000000000000000000000000000000000000000000000"),
               P1_ERR_ELEM_SUBGROUP);
    assert_err(changed("Ed25519", "BELENIOS-2048"), P1_ERR_ELEM_SUBGROUP); // the same digits as a number
}

static void what_follows_the_election_is_refused(void **state) {
    (void)state;
    assert_err(parse(text_of("%s\n", ELECTION)), P1_ERR_JSON_TRAILING);
    assert_err(parse(text_of("%s}", ELECTION)), P1_ERR_JSON_TRAILING);
}

static void fields_in_another_order_are_refused(void **state) {
    static const char *const swap[][2] = {
        {"\"version\":1,\"description\":\"d\"", "\"description\":\"d\",\"version\":1"},
        {"\"description\":\"d\",\"name\":\"n\"", "\"name\":\"n\",\"description\":\"d\""},
        {"\"name\":\"n\",\"group\":\"Ed25519\"", "\"group\":\"Ed25519\",\"name\":\"n\""},
        {"\"group\":\"Ed25519\",\"public_key\":\"" BASE_POINT "\"",
         "\"public_key\":\"" BASE_POINT "\",\"group\":\"Ed25519\""},
        {"\"questions\":[" QUESTION "],\"uuid\":\"" TEST_UUID "\"",
         "\"uuid\":\"" TEST_UUID "\",\"questions\":[" QUESTION "]"},
        {"\"answers\":[\"A\",\"B\"],\"min\":0", "\"min\":0,\"answers\":[\"A\",\"B\"]"},
        {"\"max\":1,\"question\":\"Q\"", "\"question\":\"Q\",\"max\":1"},
        {TEST_UUID "\"", TEST_UUID "\",\"credential_authority\":\"c\",\"administrator\":\"a\""},
        {TEST_UUID "\"", TEST_UUID "\",\"other\":1"},
        {"\"name\":\"n\",", ""},
        {"\"name\":\"n\"", "\"name\":\"n\",\"name\":\"n\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof swap / sizeof *swap; i++) assert_err(changed(swap[i][0], swap[i][1]), P1_ERR_JSON);
}

// Space between the parts, and every part cut off or lost.
static void only_the_compact_form_is_read(void **state) {
    const struct span good = SPAN_LIT(ELECTION);
    int in_string = 0;
    (void)state;
    for (size_t i = 0; i < good.n; i++) {
        assert_int_not_equal(parse(span_of(good.p, i)), P1_OK);
        if (good.p[i] == '"') in_string = !in_string;
        if (in_string) continue;
        if (good.p[i] != '"') assert_int_not_equal(parse(spliced(good, i, 0, SPAN_LIT(" "))), P1_OK);
        assert_int_not_equal(parse(spliced(good, i, 1, SPAN_LIT(""))), P1_OK);
        assert_int_not_equal(parse(spliced(good, i, 1, SPAN_LIT("?"))), P1_OK);
    }
    assert_ok(parse(good));
}

static void texts_must_be_json_strings(void **state) {
    (void)state;
    assert_err(changed("\"d\"", "\"\\x\""), P1_ERR_JSON_STRING);
    assert_err(changed("\"n\"", "\"\xff\""), P1_ERR_JSON_STRING);
    assert_err(changed("\"Q\"", "\"\n\""), P1_ERR_JSON_STRING);
    assert_err(changed("\"B\"", "\"\\u12\""), P1_ERR_JSON_STRING);
    assert_err(changed("\"B\"", "7"), P1_ERR_JSON);
    assert_err(changed(TEST_UUID "\"", TEST_UUID "\",\"administrator\":7"), P1_ERR_JSON);
    assert_err(changed(TEST_UUID "\"", TEST_UUID "\",\"credential_authority\":null"), P1_ERR_JSON);
}

static int init(void **state) {
    (void)state;
    scratch = malloc(sizeof *scratch);
    return scratch == NULL;
}

static int done(void **state) {
    free(scratch);
    return release(state);
}

// The line that names the frozen bundle, and those that name keys, cannot be feigned by a text that looks like one.
static void a_hidden_line_begins_at_a_line_end_and_is_the_last(void **state) {
    static const struct {
        const char *text, *value, *rest; // value null: there is none
    } cases[] = {{"a\\ntag:b", "b", "a"},
                 {"\\ntag:", "", ""},
                 {"a\\nx:1\\ntag:b", "b", "a\\nx:1"},
                 {"a\\\\\\ntag:b", "b", "a\\\\"},
                 {"a\\\\ntag:b", NULL, ""},
                 {"a\\ntag:b\\nx:1", NULL, ""},
                 {"tag:b", NULL, ""},
                 {"a\\ntagb", NULL, ""},
                 {"a\\ntagged:b", NULL, ""},
                 {"a\\nta", NULL, ""},
                 {"", NULL, ""},
                 {"n", NULL, ""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span text = keep_span(span_str(cases[i].text)), value;
        int found = hidden_line(&text, "tag", &value);
        assert_int_equal(found, cases[i].value != NULL);
        assert_span(text, span_str(found ? cases[i].rest : cases[i].text));
        if (found) assert_span(value, span_str(cases[i].value));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elections_of_belenios_are_read),
        cmocka_unit_test(every_field_comes_out),
        cmocka_unit_test(answers_are_found_by_number),
        cmocka_unit_test(fields_that_may_be_absent_are_read),
        cmocka_unit_test(the_language_is_read),
        cmocka_unit_test(a_blank_vote_is_one_more_choice),
        cmocka_unit_test(another_version_is_refused),
        cmocka_unit_test(other_kinds_of_questions_are_not_yet_supported),
        cmocka_unit_test(at_most_64_questions_are_read),
        cmocka_unit_test(at_most_1000_answers_are_read),
        cmocka_unit_test(at_most_4096_choices_are_read),
        cmocka_unit_test(minimum_maximum_and_answers_may_not_contradict),
        cmocka_unit_test(an_identifier_has_14_base58_signs_or_more),
        cmocka_unit_test(an_unknown_group_is_refused),
        cmocka_unit_test(a_key_outside_the_group_is_refused),
        cmocka_unit_test(what_follows_the_election_is_refused),
        cmocka_unit_test(fields_in_another_order_are_refused),
        cmocka_unit_test(only_the_compact_form_is_read),
        cmocka_unit_test(texts_must_be_json_strings),
        cmocka_unit_test(a_hidden_line_begins_at_a_line_end_and_is_the_last),
    };
    return cmocka_run_group_tests_name("election", tests, init, done);
}
