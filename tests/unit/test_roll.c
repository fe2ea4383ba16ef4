// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Run from the root of the repository.

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/roll.h"
#include "cli/text.h"

#include <cmocka.h>

static enum p1_exit read_file(const char *name, struct roll *roll) {
    static char text[20000];
    FILE *f = fopen(name, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    return roll_read(span_of(text, n), roll);
}

static int says(const struct issues *issues, enum severity severity, size_t line, const char *what) {
    for (size_t i = 0; i < issues->n; i++) {
        const struct issue *issue = &issues->all[i];
        if (issue->severity == severity && issue->line == line && strstr(issue->text, what)) return 1;
    }
    return 0;
}

static void assert_text(struct span s, const char *expected) {
    char *copy = text_copy(s);
    assert_string_equal(copy, expected);
    free(copy);
}

// The whole file is refused: nobody is left.
static void refuses(const char *text, enum p1_exit how, size_t line, const char *why) {
    struct roll roll;
    assert_int_equal(roll_read(span_str(text), &roll), how);
    assert_true(says(&roll.issues, SEVERITY_ERROR, line, why));
    assert_int_equal(roll.n, 0);
    roll_release(&roll);
}

// One row below this header, which is refused for this reason.
static void refuses_row(const char *header, const char *row, const char *why) {
    char text[300];
    snprintf(text, sizeof text, "id;naam;%s\n1;Testinwoner 0001;%s\n", header, row);
    struct roll roll;
    assert_int_equal(roll_read(span_str(text), &roll), P1_EXIT_REFUSED);
    assert_true(says(&roll.issues, SEVERITY_ERROR, 2, why));
    assert_int_equal(roll.issues.errors, 1);
    assert_int_equal(roll.bad_rows, 1);
    assert_int_equal(roll.n, 0);
    roll_release(&roll);
}

// The same, and the row is taken. To be released.
static struct roll takes_row(const char *header, const char *row) {
    char text[300];
    snprintf(text, sizeof text, "id;naam;%s\n1;Testinwoner 0001;%s\n", header, row);
    struct roll roll;
    assert_int_equal(roll_read(span_str(text), &roll), P1_EXIT_DONE);
    assert_int_equal(roll.n, 1);
    assert_int_equal(roll.issues.n, 0);
    return roll;
}

static void dutch_columns_are_found_in_any_order(void **state) {
    (void)state;
    struct roll roll;
    assert_int_equal(read_file("tests/vectors/roll/dutch.csv", &roll), P1_EXIT_DONE);
    assert_int_equal(roll.n, 4);
    const struct roll_person *p = &roll.persons[1];
    assert_int_equal(p->line, 3);
    assert_text(p->id, "T-0002");
    assert_text(p->name, "Testinwoner van den Nul-twee");
    assert_text(p->street, "Teststraat");
    assert_text(p->number, "2");
    assert_text(p->addition, "bis");
    assert_string_equal(p->postcode, "1234 AB");
    assert_text(p->city, "Emmen");
    assert_text(p->neighbourhood, "Emmerhout");
    assert_int_equal(p->birth.year, 2011);
    assert_int_equal(p->birth.month, 6);
    assert_int_equal(p->birth.day, 15);
    assert_int_equal(p->weight, 1);
    assert_int_equal(p->may_vote, 1);
    assert_text(roll.persons[0].name, "Testinwoner Nul-een");
    assert_text(roll.persons[2].name, "Testinwoner N\xc3\xbbl-dr\xc3\xaf\xc3\xab");
    assert_int_equal(roll.persons[2].birth.day, 29);
    assert_int_equal(roll.persons[3].line, 7);
    assert_true(says(&roll.issues, SEVERITY_NOTE, 1, "\"Opmerking\" is ignored"));
    assert_int_equal(roll.issues.n, 1);
    roll_release(&roll);
}

static void english_columns_are_found_too(void **state) {
    (void)state;
    struct roll roll;
    assert_int_equal(read_file("tests/vectors/roll/english.csv", &roll), P1_EXIT_DONE);
    assert_int_equal(roll.n, 3);
    assert_int_equal(roll.issues.n, 0);
    assert_text(roll.persons[0].name, "Testinwoner 0001, the first");
    assert_int_equal(roll.persons[0].birth.year, 1990);
    assert_int_equal(roll.persons[0].weight, 1);
    assert_int_equal(roll.persons[1].weight, 3);
    assert_string_equal(roll.persons[1].postcode, "1234 AB");
    assert_text(roll.persons[1].number, "2");
    assert_text(roll.persons[1].neighbourhood, "Emmerhout");
    assert_int_equal(roll.persons[2].weight, ROLL_WEIGHT_MAX);
    assert_int_equal(roll.persons[2].birth.year, 0);
    assert_string_equal(roll.persons[2].postcode, "");
    roll_release(&roll);
}

static void every_bad_row_is_reported_with_line_and_reason(void **state) {
    (void)state;
    struct roll roll;
    assert_int_equal(read_file("tests/vectors/roll/bad-rows.csv", &roll), P1_EXIT_REFUSED);
    assert_true(says(&roll.issues, SEVERITY_ERROR, 3, "the id is missing"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 4, "the id \"T-0001\" was there on line 2"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 5, "the row has 7 fields, the first line 9"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 6, "the date of birth \"31-02-1980\" is not in the calendar"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 7, "the postcode \"12345\" is not written as 1234 AB"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 7, "the date of birth \"15 juni 1980\" is not a date written as"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 7, "the weight \"0\" is not a whole number above 0"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 8, "holds a line end or another control character"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 10, "a quotation mark stands inside a field"));
    assert_true(says(&roll.issues, SEVERITY_WARNING, 11, "stand on line 2 under another id"));
    assert_int_equal(roll.issues.n, 10);
    assert_int_equal(roll.bad_rows, 7);
    assert_int_equal(roll.n, 3);
    for (size_t i = 1; i < roll.issues.n; i++) assert_true(roll.issues.all[i - 1].line <= roll.issues.all[i].line);
    roll_release(&roll);
}

static void a_bad_row_still_counts_for_duplicates(void **state) {
    (void)state;
    struct roll roll;
    assert_int_equal(roll_read(SPAN_LIT("id;gewicht\nA;0\nA;1\nA;1\na;1\n"), &roll), P1_EXIT_REFUSED);
    assert_true(says(&roll.issues, SEVERITY_ERROR, 3, "the id \"A\" was there on line 2"));
    assert_true(says(&roll.issues, SEVERITY_ERROR, 4, "the id \"A\" was there on line 2"));
    assert_int_equal(roll.n, 1);
    assert_text(roll.persons[0].id, "a");
    roll_release(&roll);
}

static void dates_are_read_in_three_forms_and_must_exist(void **state) {
    (void)state;
    static const char *const good[] = {"2000-02-29", "29-02-2000", "20000229", " 29-02-2000 "};
    for (size_t i = 0; i < 4; i++) {
        struct roll roll = takes_row("Geboorte-datum", good[i]);
        assert_int_equal(roll.persons[0].birth.year, 2000);
        assert_int_equal(roll.persons[0].birth.month, 2);
        assert_int_equal(roll.persons[0].birth.day, 29);
        roll_release(&roll);
    }
    static const char *const unreal[] = {"31-02-2000", "1900-02-29", "2001-02-29", "20000431",  "2000-13-01",
                                         "2000-00-10", "2000-10-00", "19800000",   "32-01-2000"};
    for (size_t i = 0; i < sizeof unreal / sizeof *unreal; i++)
        refuses_row("geboortedatum", unreal[i], "is not in the calendar");
    static const char *const forms[] = {"1-3-2000",   "2000/03/01", "01-03-00", "2000-3-1", "01.03.2000",
                                        "2000-0a-01", "+2000-1-1",  "-2000101", "x"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        refuses_row("geboortedatum", forms[i], "is not a date written as YYYY-MM-DD, DD-MM-YYYY or YYYYMMDD");
    refuses_row("geboortedatum", "1849-12-31", "is not from 1850 to 2199");
    refuses_row("geboortedatum", "2200-01-01", "is not from 1850 to 2199");
}

static void postcodes_are_four_digits_and_two_letters(void **state) {
    (void)state;
    static const char *const good[] = {"1234 AB", "1234AB", "1234ab", "1234 aB"};
    for (size_t i = 0; i < 4; i++) {
        struct roll roll = takes_row("postcode", good[i]);
        assert_string_equal(roll.persons[0].postcode, "1234 AB");
        roll_release(&roll);
    }
    static const char *const bad[] = {"0234 AB", "123 AB",  "1234",  "1234 A",  "1234 ABC",
                                      "1234 A1", "AB 1234", "12345", "1234-AB", "1234 \xc3\xa9"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) refuses_row("postcode", bad[i], "is not written as 1234 AB");
}

static void weights_are_whole_numbers_above_zero(void **state) {
    (void)state;
    static const char *const bad[] = {"0", "-1", "+1", "1.5", "1,5", "01", "een", "12345678901", "1 000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refuses_row("weight", bad[i], "is not a whole number above 0");
    refuses_row("weight", "1073741824", "is above 1073741823");
}

static void control_characters_are_refused(void **state) {
    (void)state;
    refuses_row("straat", "Test\x1b[31mstraat", "the straat \"Test?[31mstraat\" holds a line end or another control");
    refuses_row("wijk", "Angelslo\xc2\x85", "control character");
    refuses_row("woonplaats", "\"Em\nmen\"", "control character");
}

static void the_bsn_is_refused_as_a_column(void **state) {
    (void)state;
    refuses("id;naam;BSN\n1;Testinwoner 0001;999990019\n", P1_EXIT_REFUSED, 1,
            "the column \"BSN\" holds the BSN: a vote does not need it");
    refuses("id;Burger Service Nummer\n1;\n", P1_EXIT_REFUSED, 1, "holds the BSN");
}

static void ids_that_are_all_bsn_are_refused(void **state) {
    (void)state;
    refuses("id;naam\n999990019;Testinwoner 0001\n12345611;Testinwoner 0002\n999990020;Testinwoner 0003\n",
            P1_EXIT_REFUSED, 0, "every id passes the test of a BSN");
}

static void ids_that_pass_the_test_of_a_bsn_by_chance_are_taken(void **state) {
    (void)state;
    struct roll roll;
    assert_int_equal(roll_read(SPAN_LIT("id\n999990019\n999990018\n999990021\n"), &roll), P1_EXIT_DONE);
    assert_int_equal(roll.n, 3);
    assert_int_equal(roll.issues.n, 0);
    roll_release(&roll);
}

static void ids_that_are_mostly_bsn_are_pointed_out(void **state) {
    (void)state;
    struct roll roll;
    assert_int_equal(roll_read(SPAN_LIT("id\n999990019\n999990020\nT-0003\n"), &roll), P1_EXIT_DONE);
    assert_int_equal(roll.n, 3);
    assert_true(says(&roll.issues, SEVERITY_WARNING, 0, "2 of 3 ids pass the test of a BSN"));
    roll_release(&roll);
}

static void files_that_are_no_roll_are_refused(void **state) {
    (void)state;
    refuses("", P1_EXIT_UNREADABLE, 0, "the file is empty");
    refuses("\n\n", P1_EXIT_UNREADABLE, 0, "the file is empty");
    refuses("i\"d;naam\n1;x\n", P1_EXIT_UNREADABLE, 1, "a quotation mark stands inside");
    refuses("id;naam\n1;Jos\xe9\n", P1_EXIT_UNREADABLE, 2, "the byte e9 is not UTF-8");
    refuses("naam;straat\nTestinwoner 0001;Teststraat\n", P1_EXIT_REFUSED, 1, "no column is named \"id\"");
    refuses("id;wijk;buurt\n1;a;b\n", P1_EXIT_REFUSED, 1, "columns 2 and 3 both say the wijk");
    refuses("id;naam\n", P1_EXIT_REFUSED, 0, "nobody is on the roll");
}

static void columns_without_use_are_noted(void **state) {
    (void)state;
    struct roll roll;
    assert_int_equal(
        roll_read(SPAN_LIT("id;naam;achternaam;;een heel lange naam van een kolom\n1;Testinwoner 0001;x;;\n"), &roll),
        P1_EXIT_DONE);
    assert_text(roll.persons[0].name, "Testinwoner 0001");
    assert_true(
        says(&roll.issues, SEVERITY_NOTE, 1, "\"achternaam\" is ignored, since there is a column with the whole"));
    assert_true(says(&roll.issues, SEVERITY_NOTE, 1, "column 4 has no name and is ignored"));
    assert_true(says(&roll.issues, SEVERITY_NOTE, 1, "\"een heel lange naam van een kolom\" is ignored"));
    roll_release(&roll);
}

static void the_same_person_is_pointed_out_and_housemates_are_not(void **state) {
    (void)state;
    struct roll roll;
    static const char text[] = "id;naam;geboortedatum;straat;huisnummer\n"
                               "1;Testinwoner 0001;2000-01-01;Teststraat;1\n"
                               "2;Testinwoner 0002;2000-01-01;Teststraat;1\n" // twin
                               "3;Testinwoner 0001;1970-01-01;Teststraat;1\n" // parent of the same name
                               "4;Testinwoner 0001;2000-01-01;Teststraat;2\n"
                               "5;TESTINWONER 0001;01-01-2000;teststraat;1\n"
                               "6;Testinwoner 0001;;Teststraat;1\n"
                               "7;Testinwoner 0001;;Teststraat;1\n";
    assert_int_equal(roll_read(SPAN_LIT(text), &roll), P1_EXIT_DONE);
    assert_int_equal(roll.issues.n, 1);
    assert_true(says(&roll.issues, SEVERITY_WARNING, 6, "stand on line 2 under another id"));
    assert_int_equal(roll.n, 7);
    roll_release(&roll);
}

static void a_hundred_thousand_rows_are_quick(void **state) {
    (void)state;
    const size_t rows = 100000;
    char *text = mem_alloc(rows * 100);
    size_t n = (size_t)sprintf(text, "id;voornaam;achternaam;straat;postcode;geboortedatum\n");
    // Every id twice, and everybody the same person: the worst that duplicates can cost.
    for (size_t i = 0; i < rows; i++)
        n += (size_t)sprintf(text + n, "T-%zu;Testinwoner;Nul;Teststraat;1234 AB;2000-01-01\n", i % (rows / 2));
    clock_t start = clock();
    struct roll roll;
    assert_int_equal(roll_read(span_of(text, n), &roll), P1_EXIT_REFUSED);
    // It takes a tenth of a second, with sanitizers a third; comparing every pair would take far more than this.
    assert_true(clock() - start < 8 * CLOCKS_PER_SEC);
    assert_int_equal(roll.n, rows / 2);
    assert_int_equal(roll.bad_rows, rows / 2);
    assert_int_equal(roll.issues.n, rows - 1);
    roll_release(&roll);
    free(text);
}

// ---- Rules

static void add(struct roll_rules *rules, const char *text) {
    struct issues issues = {0};
    assert_int_equal(roll_rule_parse(rules, text, &issues), P1_EXIT_DONE);
    assert_int_equal(issues.n, 0);
}

static void an_age_counts_on_its_day(void **state) {
    (void)state;
    struct roll roll;
    struct roll_rules rules = {0};
    static const char text[] =
        "id;geboortedatum\n1;2011-03-01\n2;2011-03-02\n3;2011-02-28\n4;2010-12-31\n5;2012-01-01\n";
    assert_int_equal(roll_read(SPAN_LIT(text), &roll), P1_EXIT_DONE);
    add(&rules, "age>=16@2027-03-01");
    assert_int_equal(roll_apply(&roll, &rules), P1_EXIT_DONE);
    const int may[] = {1, 0, 1, 1, 0};
    for (size_t i = 0; i < 5; i++) assert_int_equal(roll.persons[i].may_vote, may[i]);
    assert_int_equal(rules.rules[0].left_out, 2);
    assert_string_equal(rules.rules[0].text, "age>=16@2027-03-01");
    roll_rules_release(&rules);
    roll_release(&roll);
}

static void born_on_29_february_turns_16_on_1_march_in_other_years(void **state) {
    (void)state;
    static const struct {
        const char *birth, *rule;
        int may;
    } cases[] = {
        {"2008-02-29", "age>=17@2025-02-28", 0}, {"2008-02-29", "age>=17@2025-03-01", 1},
        {"2008-02-29", "age>=16@2024-02-28", 0}, {"2008-02-29", "age>=16@2024-02-29", 1},
        {"2008-02-29", "age>=92@2100-02-28", 0}, {"2008-02-29", "age>=92@2100-03-01", 1},
        {"2008-02-28", "age>=17@2025-02-28", 1}, {"2008-03-01", "age>=17@2025-02-28", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct roll roll = takes_row("geboortedatum", cases[i].birth);
        struct roll_rules rules = {0};
        add(&rules, cases[i].rule);
        assert_int_equal(roll_apply(&roll, &rules), P1_EXIT_DONE);
        assert_int_equal(roll.persons[0].may_vote, cases[i].may);
        roll_rules_release(&rules);
        roll_release(&roll);
    }
}

static void any_of_the_neighbourhoods_and_all_other_rules(void **state) {
    (void)state;
    struct roll roll;
    struct roll_rules rules = {0};
    assert_int_equal(read_file("tests/vectors/roll/dutch.csv", &roll), P1_EXIT_DONE);
    add(&rules, "wijk=Angelslo");
    add(&rules, " Leeftijd >= 16 @ 01-03-2027 ");
    add(&rules, "buurt = Emmerhout");
    assert_int_equal(rules.n, 2);
    assert_string_equal(rules.rules[0].text, "wijk=Angelslo or Emmerhout");
    assert_int_equal(roll_apply(&roll, &rules), P1_EXIT_DONE);
    // 1: both; 2: too young; 3: neighbourhood in lower case; 4: lives elsewhere
    const int may[] = {1, 0, 1, 0};
    for (size_t i = 0; i < 4; i++) assert_int_equal(roll.persons[i].may_vote, may[i]);
    assert_int_equal(rules.rules[0].left_out, 1);
    assert_int_equal(rules.rules[1].left_out, 1);
    assert_int_equal(rules.rules[0].places[0].residents, 2);
    assert_int_equal(rules.rules[0].places[1].residents, 1);
    roll_rules_release(&rules);
    roll_release(&roll);
}

static void whom_two_rules_leave_out_counts_once(void **state) {
    (void)state;
    struct roll roll = takes_row("wijk;geboortedatum", "Bargeres;2020-01-01");
    struct roll_rules rules = {0};
    add(&rules, "age>=16@2027-03-01");
    add(&rules, "neighbourhood=Angelslo");
    assert_int_equal(roll_apply(&roll, &rules), P1_EXIT_DONE);
    assert_int_equal(rules.rules[0].left_out, 1);
    assert_int_equal(rules.rules[1].left_out, 0);
    assert_true(says(&roll.issues, SEVERITY_WARNING, 0, "nobody on the roll lives in \"Angelslo\""));
    roll_rules_release(&rules);
    roll_release(&roll);
}

static void no_rules_let_everybody_vote(void **state) {
    (void)state;
    struct roll roll = takes_row("straat", "Teststraat");
    struct roll_rules rules = {0};
    assert_int_equal(roll_apply(&roll, &rules), P1_EXIT_DONE);
    assert_int_equal(roll.persons[0].may_vote, 1);
    roll_release(&roll);
}

static void no_date_of_birth_under_an_age_rule_is_a_bad_row(void **state) {
    (void)state;
    struct roll roll;
    struct roll_rules rules = {0};
    assert_int_equal(roll_read(SPAN_LIT("id;geboortedatum\n1;2000-01-01\n2;\n"), &roll), P1_EXIT_DONE);
    add(&rules, "age>=16@2027-03-01");
    assert_int_equal(roll_apply(&roll, &rules), P1_EXIT_REFUSED);
    assert_true(says(&roll.issues, SEVERITY_ERROR, 3, "the date of birth is missing"));
    assert_int_equal(roll.bad_rows, 1);
    assert_int_equal(roll.persons[0].may_vote, 1);
    assert_int_equal(roll.persons[1].may_vote, 0);
    assert_int_equal(rules.rules[0].left_out, 0);
    roll_rules_release(&rules);
    roll_release(&roll);
}

static void no_neighbourhood_under_a_rule_about_it_is_pointed_out(void **state) {
    (void)state;
    struct roll roll;
    struct roll_rules rules = {0};
    assert_int_equal(roll_read(SPAN_LIT("id;wijk\n1;Angelslo\n2;\n"), &roll), P1_EXIT_DONE);
    add(&rules, "wijk=Angelslo");
    assert_int_equal(roll_apply(&roll, &rules), P1_EXIT_DONE);
    assert_true(says(&roll.issues, SEVERITY_WARNING, 3, "the neighbourhood is missing"));
    assert_int_equal(roll.persons[1].may_vote, 0);
    assert_int_equal(rules.rules[0].left_out, 1);
    roll_rules_release(&rules);
    roll_release(&roll);
}

static void rules_need_their_column(void **state) {
    (void)state;
    static const struct {
        const char *rule, *why;
    } cases[] = {{"age>=16@2027-03-01", "a column with dates of birth"},
                 {"wijk=Angelslo", "a column with neighbourhoods"}};
    for (size_t i = 0; i < 2; i++) {
        struct roll roll = takes_row("straat", "Teststraat");
        struct roll_rules rules = {0};
        add(&rules, cases[i].rule);
        assert_int_equal(roll_apply(&roll, &rules), P1_EXIT_REFUSED);
        assert_true(says(&roll.issues, SEVERITY_ERROR, 0, cases[i].why));
        assert_int_equal(roll.persons[0].may_vote, 0);
        roll_rules_release(&rules);
        roll_release(&roll);
    }
}

static void what_is_not_a_rule_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *rule, *why;
    } cases[] = {
        {"", "is not a rule"},
        {"age", "is not a rule"},
        {"age=16@2027-03-01", "is not a rule"},
        {"age<=16@2027-03-01", "is not a rule"},
        {"age>16@2027-03-01", "is not a rule"},
        {"size>=16@2027-03-01", "is not a rule"},
        {"neighbourhood>=Angelslo", "is not a rule"},
        {"plaats=Emmen", "is not a rule"},
        {"wijk=  ", "names no neighbourhood"},
        {"age>=16", "lacks the day on which the age counts"},
        {"age>=", "lacks the day on which the age counts"},
        {"age>=@2027-03-01", "the age \"\" in the rule is not a number"},
        {"age>=x@2027-03-01", "the age \"x\" in the rule is not a number"},
        {"age>=151@2027-03-01", "the age \"151\" in the rule is not a number from 0 to 150"},
        {"age>=99999999999@2027-03-01", "is not a number from 0 to 150"},
        {"age>=16@2027-02-29", "the day \"2027-02-29\" in the rule is not in the calendar"},
        {"age>=16@maart", "the day \"maart\" in the rule is not a date"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct roll_rules rules = {0};
        struct issues issues = {0};
        assert_int_equal(roll_rule_parse(&rules, cases[i].rule, &issues), P1_EXIT_USAGE);
        assert_true(says(&issues, SEVERITY_ERROR, 0, cases[i].why));
        assert_int_equal(rules.n, 0);
        issues_release(&issues);
        roll_rules_release(&rules);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dutch_columns_are_found_in_any_order),
        cmocka_unit_test(english_columns_are_found_too),
        cmocka_unit_test(every_bad_row_is_reported_with_line_and_reason),
        cmocka_unit_test(a_bad_row_still_counts_for_duplicates),
        cmocka_unit_test(dates_are_read_in_three_forms_and_must_exist),
        cmocka_unit_test(postcodes_are_four_digits_and_two_letters),
        cmocka_unit_test(weights_are_whole_numbers_above_zero),
        cmocka_unit_test(control_characters_are_refused),
        cmocka_unit_test(the_bsn_is_refused_as_a_column),
        cmocka_unit_test(ids_that_are_all_bsn_are_refused),
        cmocka_unit_test(ids_that_pass_the_test_of_a_bsn_by_chance_are_taken),
        cmocka_unit_test(ids_that_are_mostly_bsn_are_pointed_out),
        cmocka_unit_test(files_that_are_no_roll_are_refused),
        cmocka_unit_test(columns_without_use_are_noted),
        cmocka_unit_test(the_same_person_is_pointed_out_and_housemates_are_not),
        cmocka_unit_test(a_hundred_thousand_rows_are_quick),
        cmocka_unit_test(an_age_counts_on_its_day),
        cmocka_unit_test(born_on_29_february_turns_16_on_1_march_in_other_years),
        cmocka_unit_test(any_of_the_neighbourhoods_and_all_other_rules),
        cmocka_unit_test(whom_two_rules_leave_out_counts_once),
        cmocka_unit_test(no_rules_let_everybody_vote),
        cmocka_unit_test(no_date_of_birth_under_an_age_rule_is_a_bad_row),
        cmocka_unit_test(no_neighbourhood_under_a_rule_about_it_is_pointed_out),
        cmocka_unit_test(rules_need_their_column),
        cmocka_unit_test(what_is_not_a_rule_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
