// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the check says of archives that are right, whole and halfway. What it says of wrong ones is in test_check_attacks.c.

#include "board/check.h"

#include "board/pool.h"
#include "tests/unit/check_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int setup(void **state) {
    (void)state;
    sample_start(5);
    return 0;
}

// Judged with its file, which goes where the judgement goes.
struct case_of {
    struct span file;
    struct judged *j;
};

static struct case_of judge_script(const struct script *s, unsigned n) {
    struct case_of c = {.file = script_write(s, n)};
    c.j = judge(c.file, NULL);
    return c;
}

static void end_case(struct case_of *c) {
    free_judged(c->j);
    span_free(c->file);
}

static struct case_of judge_valid(const struct script *s) {
    struct case_of c = judge_script(s, s->n);
    assert_int_equal(c.j->err, P1_OK);
    assert_int_equal(lines_with(c.j, CHECK_FAILED), 0);
    return c;
}

static void assert_says(const struct judged *j, const char *id, enum check_status status, const char *words) {
    const struct check_line *line = line_of(j, id);
    assert_non_null(line);
    assert_int_equal(line->status, status);
    assert_non_null(strstr(line->text, words));
}

// ---- a whole archive ----

static void whole_valid_archive_has_one_line_for_each_check(void **state) {
    (void)state;
    static const struct {
        const char *id;
        enum check_category category;
    } expected[] = {{"election", CHECK_CONSISTENCY},
                    {"election.key", CHECK_CONSISTENCY},
                    {"trustees", CHECK_AUTHENTICITY},
                    {"credentials", CHECK_CONSISTENCY},
                    {"credentials.group", CHECK_INTEGRITY},
                    {"records", CHECK_INTEGRITY},
                    {"events", CHECK_CONSISTENCY},
                    {"ballots.signatures", CHECK_AUTHENTICITY},
                    {"ballots.proofs", CHECK_EVIDENCE},
                    {"ballots.once", CHECK_CONSISTENCY},
                    {"tally", CHECK_EVIDENCE},
                    {"tally.figures", CHECK_CONSISTENCY},
                    {"shares", CHECK_EVIDENCE},
                    {"result", CHECK_EVIDENCE},
                    {"archive", CHECK_COMPLETENESS}};
    enum { LINES = sizeof expected / sizeof *expected };
    const struct script *const scripts[] = {&whole, &whole_set};
    for (unsigned i = 0; i < 2; i++) {
        struct case_of c = judge_valid(scripts[i]);
        assert_int_equal(c.j->n, LINES);
        for (unsigned k = 0; k < LINES; k++) {
            const struct check_line *line = line_of(c.j, expected[k].id);
            assert_non_null(line);
            assert_int_equal(line->category, expected[k].category);
            assert_int_equal(line->status, CHECK_OK);
            assert_int_equal(line->err, P1_OK);
            assert_string_not_equal(line->text, "");
            assert_string_equal(line->place, "");
        }
        assert_int_equal(c.j->checker.warnings, 0);
        assert_int_equal(c.j->box->stage, BOX_PUBLISHED);
        end_case(&c);
    }
}

static void lines_give_the_figures(void **state) {
    (void)state;
    struct case_of c = judge_valid(&whole);
    assert_says(c.j, "election", CHECK_OK, "2 questions, 6 choices, group Ed25519");
    assert_says(c.j, "trustees", CHECK_OK, "2 trustees (one single, one single)");
    assert_says(c.j, "credentials", CHECK_OK, "12 public credentials");
    assert_says(c.j, "credentials.group", CHECK_OK, "12 public credentials");
    assert_says(c.j, "records", CHECK_OK, "44 records");
    assert_says(c.j, "events", CHECK_OK, "19 events");
    assert_says(c.j, "ballots.signatures", CHECK_OK, "13 ballots");
    assert_says(c.j, "ballots.proofs", CHECK_OK, "13 ballots");
    assert_says(c.j, "ballots.once", CHECK_OK,
                "13 ballots, none twice; 11 voters' last ballots count, 2 were replaced");
    assert_says(c.j, "tally", CHECK_OK, "11 ballots");
    assert_says(c.j, "tally.figures", CHECK_OK, "11 ballots count, of total weight 11");
    assert_says(c.j, "shares", CHECK_OK, "2 shares");
    end_case(&c);
    c = judge_valid(&whole_set);
    assert_says(c.j, "trustees", CHECK_OK, "3 trustees (2 of 3)");
    assert_says(c.j, "tally.figures", CHECK_OK, "11 ballots count, of total weight 22");
    end_case(&c);
}

static void counts_are_those_of_the_result(void **state) {
    (void)state;
    static const uint64_t expected[] = {3, 4, 4, 3, 6, 5};
    struct case_of c = judge_valid(&whole), d = judge_valid(&whole_set);
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(c.j->counts[i], expected[i]);
        assert_int_equal(d.j->counts[i], 2 * expected[i]);
    }
    end_case(&c);
    end_case(&d);
}

static void many_threads_come_to_the_same_lines(void **state) {
    (void)state;
    struct runner *r = pool_new(8);
    struct case_of c = judge_valid(&whole_set);
    struct judged *j = judge(c.file, r);
    assert_int_equal(j->err, P1_OK);
    assert_int_equal(j->n, c.j->n);
    for (unsigned i = 0; i < j->n; i++) assert_string_equal(j->line[i].text, c.j->line[i].text);
    free_judged(j);
    end_case(&c);
    pool_free(r);
}

static void box_in_which_nobody_voted_is_valid(void **state) {
    (void)state;
    struct script s = {.n = 0};
    add_setup(&s, singles);
    add_count(&s, singles, 3, "{\"result\":[[0,0,0,0],[0,0]]}");
    struct case_of c = judge_valid(&s);
    assert_int_equal(c.j->checker.warnings, 0);
    assert_says(c.j, "archive", CHECK_OK, "");
    end_case(&c);
}

static struct {
    uint64_t done, total;
    unsigned calls;
} progress;

static void keep_progress(struct runner *r, uint64_t done, uint64_t total) {
    (void)r;
    assert_true(done > progress.done || progress.calls == 0);
    progress.done = done;
    progress.total = total;
    progress.calls++;
}

static void reading_tells_how_far_it_is_up_to_the_end(void **state) {
    (void)state;
    struct runner r = *plain_runner();
    struct span file = script_write(&whole, whole.n);
    r.progress = keep_progress;
    struct judged *j = judge(file, &r);
    assert_int_equal(j->err, P1_OK);
    assert_int_equal(progress.done, file.n);
    assert_int_equal(progress.total, file.n);
    assert_true(progress.calls >= 2);
    free_judged(j);
    span_free(file);
}

static void categories_have_names(void **state) {
    (void)state;
    static const char *const names[] = {"completeness", "authenticity", "consistency", "integrity", "evidence"};
    for (unsigned i = 0; i < CHECK_CATEGORIES; i++)
        assert_string_equal(check_category_name((enum check_category)i), names[i]);
}

// ---- halfway ----

// Valid as far as it goes, and one line says what is not there yet.
static void assert_halfway(const struct script *s, unsigned n, enum box_stage stage, const char *open) {
    struct case_of c = judge_script(s, n);
    assert_int_equal(c.j->err, P1_OK);
    assert_int_equal(c.j->box->stage, stage);
    assert_int_equal(lines_with(c.j, CHECK_FAILED), 0);
    assert_int_equal(lines_with(c.j, CHECK_OPEN), 1);
    const struct check_line *line = line_of(c.j, open);
    assert_non_null(line);
    assert_int_equal(line->status, CHECK_OPEN);
    assert_int_equal(line->category, CHECK_COMPLETENESS);
    assert_non_null(strstr(line->text, "not yet"));
    assert_null(line_of(c.j, "archive"));
    assert_null(line_of(c.j, "result"));
    end_case(&c);
}

static void archive_is_valid_as_far_as_it_goes(void **state) {
    (void)state;
    for (unsigned n = 1; n <= 14; n++) assert_halfway(&whole, n, BOX_OPEN, "end");
    assert_halfway(&whole, 15, BOX_ENDED, "tally.missing");
    assert_halfway(&whole, 16, BOX_TALLIED, "shares.missing"); // no share
    assert_halfway(&whole, 17, BOX_TALLIED, "shares.missing"); // one of two
    assert_halfway(&whole, 18, BOX_TALLIED, "result.missing");
}

static void set_of_trustees_is_enough_from_its_threshold_on(void **state) {
    (void)state;
    for (unsigned shares = 0; shares < 8; shares++) {
        struct script s = whole_set;
        s.n = 14;
        add_count(&s, set, shares, NULL);
        int enough = __builtin_popcount(shares) >= 2;
        assert_halfway(&s, s.n, BOX_TALLIED, enough ? "result.missing" : "shares.missing");
    }
}

// ---- warnings ----

static void assert_only_warning(const struct judged *j, const char *id, const char *words) {
    assert_int_equal(lines_with(j, CHECK_WARNING), 1);
    assert_int_equal(j->checker.warnings, 1);
    assert_says(j, id, CHECK_WARNING, words);
    assert_int_equal(line_of(j, id)->err, P1_OK);
}

// Setup, and voters 0 to N - 1 with these choices in turn.
static struct script votes_of(struct made *m, unsigned n, const char *even, const char *odd) {
    struct script s = {.n = 0};
    add_setup(&s, m);
    for (unsigned i = 0; i < n; i++) add_ballot(&s, made_ballot(m, i, i % 2 ? odd : even, 0));
    return s;
}

static void unanimous_answer_is_warned_of(void **state) {
    (void)state;
    struct script s = votes_of(singles, 11, "0100 10", "0100 01"); // one does not vote
    add_count(&s, singles, 3, "{\"result\":[[0,11,0,0],[6,5]]}");
    struct case_of c = judge_valid(&s);
    assert_only_warning(c.j, "privacy.unanimous", "question 1 everybody chose the same");
    end_case(&c);

    s = votes_of(singles, 12, "0100 01", "1000 01");
    add_count(&s, singles, 3, "{\"result\":[[6,6,0,0],[0,12]]}");
    c = judge_valid(&s);
    assert_only_warning(c.j, "privacy.unanimous", "question 2 everybody chose the same");
    end_case(&c);
}

static void box_in_which_fewer_than_ten_voted_is_warned_of(void **state) {
    (void)state;
    struct script s = votes_of(singles, 9, "0100 10", "0010 01");
    add_count(&s, singles, 3, "{\"result\":[[0,5,4,0],[5,4]]}");
    struct case_of c = judge_valid(&s);
    assert_only_warning(c.j, "privacy.small", "only 9 people");
    end_case(&c);

    s = votes_of(singles, 10, "0100 10", "0010 01");
    add_count(&s, singles, 3, "{\"result\":[[0,5,5,0],[5,5]]}");
    c = judge_valid(&s);
    assert_int_equal(c.j->checker.warnings, 0);
    end_case(&c);
}

static void before_a_box_is_opened_it_is_said_that_few_voted(void **state) {
    (void)state;
    struct script s = votes_of(singles, 3, "0100 10", "0100 10");
    add_count(&s, singles, 3, NULL);
    struct case_of c = judge_valid(&s);
    assert_only_warning(c.j, "privacy.small", "only 3 people"); // and not that they chose alike: nobody knows yet
    end_case(&c);
}

// All twelve vote, with these weights behind their credentials; HALF is the sum of those of even voters, and REST of the others.
static struct case_of judge_weights(const char *const *behind, unsigned half, unsigned rest) {
    const struct span *r = set->setup.record;
    struct script s = votes_of(set, 12, "0100 10", "0010 01");
    char result[100];
    s.step[0] = made_setup(set, r[0], r[1], made_credentials(set, behind));
    snprintf(result, sizeof result, "{\"result\":[[0,%u,%u,0],[%u,%u]]}", half, rest, half, rest);
    add_count(&s, set, 3, result);
    return judge_valid(&s);
}

static void weight_that_few_who_voted_have_is_warned_of(void **state) {
    (void)state;
    const char *const high[12] = {",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",7"};
    struct case_of c = judge_weights(high, 12, 17);
    assert_only_warning(c.j, "privacy.weight", "fewer than 10 people who voted have weight 7");
    end_case(&c);

    const char *const low[12] = {",2", ",2", ",2", ",2", "", ",2", ",2", ",2", ",2", ",2", ",2", ",2"};
    c = judge_weights(low, 11, 12);
    assert_only_warning(c.j, "privacy.weight", "weight 1,");
    end_case(&c);
}

static void lowest_of_several_such_weights_is_named(void **state) {
    (void)state;
    const char *const behind[12] = {",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",3", ",7"};
    struct case_of c = judge_weights(behind, 13, 17);
    assert_only_warning(c.j, "privacy.weight", "weight 3,");
    end_case(&c);
}

static void weight_that_nobody_who_voted_has_is_not_warned_of(void **state) {
    (void)state;
    const char *const behind[12] = {",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",5", ",7"};
    const struct span *r = set->setup.record;
    struct script s = votes_of(set, 10, "0100 10", "0010 01");
    s.step[0] = made_setup(set, r[0], r[1], made_credentials(set, behind));
    add_count(&s, set, 3, "{\"result\":[[0,10,10,0],[10,10]]}");
    struct case_of c = judge_valid(&s);
    assert_int_equal(c.j->checker.warnings, 0);
    end_case(&c);
}

static void bad_share_beside_enough_others_is_a_warning_and_not_used(void **state) {
    (void)state;
    for (unsigned bad = 0; bad < 3; bad++) {
        struct script s = whole_set;
        char words[40];
        s.n = 16;
        for (unsigned i = 0; i < 3; i++) add_share(&s, set, i + 1, made_share(set, &s, i == bad ? (i + 1) % 3 : i));
        add_result(&s, set, COLOURS_RESULT_TWOFOLD);
        struct case_of c = judge_valid(&s);
        snprintf(words, sizeof words, "the share of trustee %u is not valid", bad + 1);
        assert_only_warning(c.j, "shares.bad", words);
        assert_says(c.j, "shares", CHECK_OK, "2 shares");
        assert_says(c.j, "archive", CHECK_OK, "");
        end_case(&c);
    }
}

static void ballot_that_shows_its_choice_is_a_warning(void **state) {
    (void)state;
    static const struct plan plan = {
        .uuid = "TestBoxShows11",
        .questions = "[{\"answers\":[\"Ja\",\"Nee\"],\"min\":0,\"max\":1,\"question\":\"Mag het?\"}]",
        .voters = 12};
    struct made *m = made_new(&plan);
    struct script s = {.n = 0};
    add_setup(&s, m);
    for (unsigned i = 0; i < 10; i++) add_ballot(&s, made_ballot(m, i, i % 2 ? "10" : "01", 0));
    add_ballot(&s, made_shown_ballot(m, 10, "10"));
    add_ballot(&s, made_shown_ballot(m, 11, "00"));
    add_count(&s, m, 3, "{\"result\":[[6,5]]}");
    struct case_of c = judge_valid(&s);
    assert_only_warning(c.j, "ballots.shown", "2 ballots show a choice");
    assert_says(c.j, "election", CHECK_OK, "1 question, 2 choices");
    end_case(&c);
    made_free(m);
}

// TRUSTEES behind START, with all that stands from FROM up to and with the next TO cut out, as an older program would write it.
static struct span without(struct span trustees, const char *start, const char *from, char to, unsigned times) {
    struct span s = made_keep(set, trustees);
    size_t at = span_find(s, 0, start);
    while (times--) {
        at = span_find(s, at, from);
        size_t end = at;
        while (s.p[end++] != to) {
        }
        memmove((uint8_t *)s.p + at, s.p + end, s.n - end);
        s.n -= end - at;
    }
    return s;
}

static void what_an_old_key_ceremony_does_not_prove_is_a_warning(void **state) {
    (void)state;
    const struct span *r = set->setup.record;
    struct script s = {.n = 1};
    struct span old = without(r[1], "\"verification_keys\"", ",\"signature\":{", '}', 3);
    s.step[0] = made_setup(set, r[0], old, r[2]);
    struct case_of c = judge_valid(&s);
    assert_only_warning(c.j, "trustees.old", "does not prove that each trustee signed its own key");
    end_case(&c);
}

// ---- no verdict ----

static void what_is_not_yet_supported_is_no_verdict(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    static const struct {
        const char *old, *new, *id;
        enum p1_err why;
    } bad[] = {{"\"version\":1", "\"version\":2", "election", P1_ERR_ELECTION_VERSION},
               {"{\"answers\"", "{\"type\":\"Lists\"", "election", P1_ERR_ELECTION_KIND},
               {"Ed25519", "Ed448", "encodings", P1_ERR_GROUP_UNKNOWN}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct script s = {.n = 1};
        struct span election = span_replace(r[0], bad[i].old, bad[i].new);
        s.step[0] = made_setup(singles, election, r[1], r[2]);
        struct case_of c = judge_script(&s, 1);
        assert_int_equal(c.j->err, bad[i].why);
        assert_int_equal(c.j->n, 1);
        assert_says(c.j, bad[i].id, CHECK_FAILED, "not yet supported");
        assert_true(check_unsupported(bad[i].why));
        end_case(&c);
        span_free(election);
    }
    assert_true(check_unsupported(P1_ERR_ELECTION_SIZE));
    assert_false(check_unsupported(P1_ERR_ELECTION_UUID));
    assert_false(check_unsupported(P1_OK));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_valid_archive_has_one_line_for_each_check),
        cmocka_unit_test(lines_give_the_figures),
        cmocka_unit_test(counts_are_those_of_the_result),
        cmocka_unit_test(many_threads_come_to_the_same_lines),
        cmocka_unit_test(box_in_which_nobody_voted_is_valid),
        cmocka_unit_test(reading_tells_how_far_it_is_up_to_the_end),
        cmocka_unit_test(categories_have_names),
        cmocka_unit_test(archive_is_valid_as_far_as_it_goes),
        cmocka_unit_test(set_of_trustees_is_enough_from_its_threshold_on),
        cmocka_unit_test(unanimous_answer_is_warned_of),
        cmocka_unit_test(box_in_which_fewer_than_ten_voted_is_warned_of),
        cmocka_unit_test(before_a_box_is_opened_it_is_said_that_few_voted),
        cmocka_unit_test(weight_that_few_who_voted_have_is_warned_of),
        cmocka_unit_test(lowest_of_several_such_weights_is_named),
        cmocka_unit_test(weight_that_nobody_who_voted_has_is_not_warned_of),
        cmocka_unit_test(bad_share_beside_enough_others_is_a_warning_and_not_used),
        cmocka_unit_test(ballot_that_shows_its_choice_is_a_warning),
        cmocka_unit_test(what_an_old_key_ceremony_does_not_prove_is_a_warning),
        cmocka_unit_test(what_is_not_yet_supported_is_no_verdict),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
