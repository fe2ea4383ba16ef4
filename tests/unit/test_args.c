// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include <setjmp.h>
#include <stdarg.h>

#include "cli/args.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SYNTAX "--key!=NAME --rule*=RULE --trustee+=FILE --group=GROUP --test --each* "

static const struct command with_files = {"role", "verb", SYNTAX "BOX.bel..", "Does it.", "plus1 role verb x", NULL};
static const struct command with_two = {"role", "verb", "--owner=N BOX.bel SHARE.json", "Does it.", "plus1 x", NULL};
static const struct command without = {"role", "", "--out!=FOLDER", "Does it.", "plus1 role --out x", NULL};

// ---- what is said ----

static char said[4096];
static FILE *heard;
static int before;

static void listen(void) {
    fflush(stderr);
    heard = tmpfile();
    assert_non_null(heard);
    before = dup(STDERR_FILENO);
    dup2(fileno(heard), STDERR_FILENO);
}

static void stop_listening(void) {
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(heard);
    said[fread(said, 1, sizeof said - 1, heard)] = 0;
    fclose(heard);
}

static int count(char **given) {
    int n = 0;
    while (given[n]) n++;
    return n;
}

static void accepts(struct args *args, const struct command *command, char **given) {
    listen();
    enum p1_exit e = args_parse(args, command, count(given), given);
    stop_listening();
    assert_int_equal(e, P1_EXIT_DONE);
    assert_string_equal(said, "");
}

// Wrong usage: the sentence comes first, then the command's help.
static void refuses(const char *sentence, const struct command *command, char **given) {
    struct args args;
    listen();
    enum p1_exit e = args_parse(&args, command, count(given), given);
    stop_listening();
    args_release(&args);
    assert_int_equal(e, P1_EXIT_USAGE);
    assert_int_equal(strncmp(said, "plus1: ", 7), 0);
    assert_int_equal(strncmp(said + 7, sentence, strlen(sentence)), 0);
    assert_int_equal(said[7 + strlen(sentence)], '\n');
    assert_non_null(strstr(said, "\nExample:\n"));
}

#define GIVEN(...) ((char *[]){__VA_ARGS__, NULL})

// ---- what was given ----

static void options_and_files_come_in_any_order(void **state) {
    (void)state;
    struct args a;
    accepts(&a, &with_files,
            GIVEN("a.bel", "--trustee", "t1", "--test", "b.bel", "--key", "k", "--trustee", "t2", "c.bel"));
    assert_string_equal(args_get(&a, "--key"), "k");
    assert_non_null(args_get(&a, "--test"));
    assert_null(args_get(&a, "--group"));
    assert_null(args_get(&a, "--rule"));
    assert_string_equal(args_nth(&a, "--trustee", 0), "t1");
    assert_string_equal(args_nth(&a, "--trustee", 1), "t2");
    assert_null(args_nth(&a, "--trustee", 2));
    assert_int_equal(a.file_count, 3);
    assert_string_equal(a.files[0], "a.bel");
    assert_string_equal(a.files[1], "b.bel");
    assert_string_equal(a.files[2], "c.bel");
    assert_int_equal(a.option_count, 4);
    assert_string_equal(a.options[1].name, "--test");
    assert_null(a.options[1].value);
    args_release(&a);
}

static void a_value_is_taken_as_it_is_also_with_hyphens(void **state) {
    (void)state;
    struct args a;
    accepts(&a, &with_files, GIVEN("--key", "--test", "--trustee", "-", "--group", "", "--", "-x"));
    assert_string_equal(args_get(&a, "--key"), "--test");
    assert_null(args_get(&a, "--test"));
    assert_string_equal(args_get(&a, "--trustee"), "-");
    assert_string_equal(args_get(&a, "--group"), "");
    assert_int_equal(a.file_count, 2);
    args_release(&a);
}

static void an_option_that_must_be_given_is_missed(void **state) {
    (void)state;
    refuses("this is missing: --key", &with_files, GIVEN("--trustee", "t", "a.bel"));
    refuses("this is missing: --trustee", &with_files, GIVEN("--key", "k", "a.bel"));
    refuses("this is missing: --out", &without, (char *[]){NULL});
}

static void what_may_be_given_more_than_once_is_kept_in_order(void **state) {
    (void)state;
    struct args a;
    accepts(&a, &with_files,
            GIVEN("--key", "k", "--each", "--trustee", "t", "--rule", "1", "--each", "--rule", "2", "a.bel"));
    assert_non_null(args_nth(&a, "--each", 1));
    assert_null(args_nth(&a, "--each", 2));
    assert_string_equal(args_nth(&a, "--rule", 1), "2");
    static const char *const order[] = {"--key", "--each", "--trustee", "--rule", "--each", "--rule"};
    for (size_t i = 0; i < a.option_count; i++) assert_string_equal(a.options[i].name, order[i]);
    args_release(&a);
}

static void an_unknown_option_is_named(void **state) {
    (void)state;
    refuses("there is no such option: --keys", &with_files, GIVEN("--keys", "k", "--trustee", "t", "a.bel"));
    refuses("there is no such option: --ke", &with_files, GIVEN("--ke", "k", "--trustee", "t", "a.bel"));
    refuses("there is no such option: --key=k", &with_files, GIVEN("--key=k", "--trustee", "t", "a.bel"));
    refuses("there is no such option: --key!", &with_files, GIVEN("--key!", "k", "--trustee", "t", "a.bel"));
}

static void an_option_without_its_value_is_named(void **state) {
    (void)state;
    refuses("a value must follow --trustee", &with_files, GIVEN("--key", "k", "a.bel", "--trustee"));
}

static void an_option_with_one_value_is_given_once(void **state) {
    (void)state;
    refuses("this can be given only once: --key", &with_files,
            GIVEN("--key", "k", "--trustee", "t", "a.bel", "--key", "k"));
    refuses("this can be given only once: --group", &with_files,
            GIVEN("--key", "k", "--trustee", "t", "a.bel", "--group", "g", "--group", "h"));
    refuses("this can be given only once: --test", &with_files,
            GIVEN("--key", "k", "--trustee", "t", "a.bel", "--test", "--test"));
}

static void files_are_as_many_as_the_command_takes(void **state) {
    (void)state;
    struct args a;
    refuses("a file is missing", &with_files, GIVEN("--key", "k", "--trustee", "t"));
    refuses("a file is missing", &with_two, GIVEN("a.bel"));
    refuses("this is one too many: c", &with_two, GIVEN("a.bel", "b", "c", "d"));
    refuses("this is one too many: a.bel", &without, GIVEN("--out", "x", "a.bel"));
    accepts(&a, &with_two, GIVEN("a.bel", "b"));
    args_release(&a);
}

// ---- numbers ----

static enum p1_exit number(const char *text, unsigned long *out) {
    struct option option = {"--owner", text};
    const struct args args = {.command = &with_two, .options = &option, .option_count = text != NULL};
    listen();
    enum p1_exit e = args_number(&args, "--owner", 1, 64, out);
    stop_listening();
    return e;
}

static void a_number_is_whole_and_within_its_bounds(void **state) {
    (void)state;
    static const char *const wrong[] = {"0",  "65",   "-1",  "+1",  "",    " 1",
                                        "1 ", "0x10", "1.5", "1e1", "one", "18446744073709551617"};
    unsigned long v = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char sentence[128];
        assert_int_equal(number(wrong[i], &v), P1_EXIT_USAGE);
        (void)snprintf(sentence, sizeof sentence, "plus1: --owner: \"%s\" is not a whole number from 1 to 64\n",
                       wrong[i]);
        assert_string_equal(said, sentence);
        assert_int_equal(v, 7);
    }
    assert_int_equal(number("1", &v), P1_EXIT_DONE);
    assert_int_equal(v, 1);
    assert_int_equal(number("64", &v), P1_EXIT_DONE);
    assert_int_equal(v, 64);
}

static void a_number_that_is_not_given_keeps_its_default(void **state) {
    (void)state;
    unsigned long v = 10;
    assert_int_equal(number(NULL, &v), P1_EXIT_DONE);
    assert_int_equal(v, 10);
}

// ---- help and refusals ----

static void help_shows_what_must_and_what_can_be_given(void **state) {
    (void)state;
    char text[512] = "";
    FILE *f = fmemopen(text, sizeof text, "w");
    assert_non_null(f);
    command_help(&with_files, f);
    fclose(f);
    assert_string_equal(
        text,
        "plus1 role verb --key NAME [--rule RULE].. --trustee FILE.. [--group GROUP] [--test] [--each].. BOX.bel..\n"
        "\nDoes it.\n\nExample:\n  plus1 role verb x\n");
}

static void a_refusal_is_one_line_and_returns_what_the_command_ends_with(void **state) {
    (void)state;
    listen();
    enum p1_exit e = refuse(P1_EXIT_REFUSED, "%s: %d", "no", 7);
    stop_listening();
    assert_int_equal(e, P1_EXIT_REFUSED);
    assert_string_equal(said, "plus1: no: 7\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_files_come_in_any_order),
        cmocka_unit_test(a_value_is_taken_as_it_is_also_with_hyphens),
        cmocka_unit_test(an_option_that_must_be_given_is_missed),
        cmocka_unit_test(what_may_be_given_more_than_once_is_kept_in_order),
        cmocka_unit_test(an_unknown_option_is_named),
        cmocka_unit_test(an_option_without_its_value_is_named),
        cmocka_unit_test(an_option_with_one_value_is_given_once),
        cmocka_unit_test(files_are_as_many_as_the_command_takes),
        cmocka_unit_test(a_number_is_whole_and_within_its_bounds),
        cmocka_unit_test(a_number_that_is_not_given_keeps_its_default),
        cmocka_unit_test(help_shows_what_must_and_what_can_be_given),
        cmocka_unit_test(a_refusal_is_one_line_and_returns_what_the_command_ends_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
