// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Boxes of a joint vote, each of them valid: do they belong together, and what is their sum?

#include "board/check.h"

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

// A box that was judged, and its file.
struct case_of {
    struct span file;
    struct judged *j;
};

// Of the first N events; valid by itself.
static struct case_of joint_box(const struct script *s, unsigned n) {
    struct case_of c = {.file = script_write(s, n)};
    c.j = judge(c.file, NULL);
    assert_int_equal(c.j->err, P1_OK);
    return c;
}

static void end_case(struct case_of *c) {
    free_judged(c->j);
    span_free(c->file);
}

static void assert_says(const struct judged *j, const char *id, enum check_status status, const char *words) {
    const struct check_line *line = line_of(j, id);
    assert_non_null(line);
    assert_int_equal(line->status, status);
    assert_non_null(strstr(line->text, words));
}

// Setup, and voters 0 to N - 1 with these choices in turn.
static struct script votes_of(struct made *m, unsigned n, const char *even, const char *odd) {
    struct script s = {.n = 0};
    add_setup(&s, m);
    for (unsigned i = 0; i < n; i++) add_ballot(&s, made_ballot(m, i, i % 2 ? odd : even, 0));
    return s;
}

// What check_joint() says of these boxes; SAID gets its lines.
static enum p1_err joint(const struct case_of *cases, unsigned n, uint64_t *sum, int *complete, struct judged *said) {
    const struct box *boxes[4];
    const uint64_t *counts[4];
    for (unsigned i = 0; i < n; i++) {
        boxes[i] = cases[i].j->box;
        counts[i] = cases[i].j->counts;
    }
    memset(said, 0, sizeof *said);
    said->checker = cases[0].j->checker;
    return check_joint(&said->checker, boxes, counts, n, sum, complete);
}

// Another box of the same vote. To be freed.
static struct made *another_box(const char *uuid) {
    struct plan plan = plan_colours;
    plan.uuid = uuid;
    return made_new(&plan);
}

static void joint_result_is_the_sum_of_the_boxes(void **state) {
    (void)state;
    static struct judged said;
    static const uint64_t expected[] = {3, 10, 10, 3, 12, 11};
    struct made *other = another_box("TestBoxAnother");
    struct script s = votes_of(other, 12, "0100 10", "0010 01");
    add_count(&s, other, 3, "{\"result\":[[0,6,6,0],[6,6]]}");
    struct case_of c[] = {joint_box(&whole, whole.n), joint_box(&s, s.n)};
    uint64_t sum[P1_CHOICES_MAX];
    int complete;
    assert_int_equal(joint(c, 2, sum, &complete, &said), P1_OK);
    assert_int_equal(complete, 1);
    assert_memory_equal(sum, expected, sizeof expected);
    assert_int_equal(said.n, 2);
    assert_says(&said, "joint", CHECK_OK, "2 boxes with the same questions and trustees");
    assert_says(&said, "joint.result", CHECK_OK, "sum of 2 boxes, in which 23 people voted");
    end_case(&c[0]);
    end_case(&c[1]);
    made_free(other);
}

static void joint_result_is_not_complete_before_all_boxes_have_one(void **state) {
    (void)state;
    static struct judged said;
    struct made *other = another_box("TestBoxAnother");
    struct script s = votes_of(other, 12, "0100 10", "0010 01");
    struct case_of c[] = {joint_box(&whole, whole.n), joint_box(&s, s.n)};
    uint64_t sum[P1_CHOICES_MAX];
    int complete;
    assert_int_equal(joint(c, 2, sum, &complete, &said), P1_OK);
    assert_int_equal(complete, 0);
    assert_says(&said, "joint", CHECK_OK, "");
    assert_says(&said, "joint.result", CHECK_OPEN, "not yet: a result of all 2 boxes (23 people voted so far)");
    end_case(&c[0]);
    end_case(&c[1]);
    made_free(other);
}

// The boxes are refused with this code, in the last line alone.
static void assert_joint_refused(const struct case_of *c, unsigned n, enum p1_err why, const char *place) {
    static struct judged said;
    uint64_t sum[P1_CHOICES_MAX];
    int complete;
    assert_int_equal(joint(c, n, sum, &complete, &said), why);
    assert_int_equal(said.n, 1);
    assert_int_equal(said.line[0].status, CHECK_FAILED);
    assert_int_equal(said.line[0].err, why);
    assert_string_equal(said.line[0].place, place);
}

// A box of this plan does not go together with that of plan_colours.
static void assert_plan_refused(const struct plan *plan, enum p1_err why) {
    struct made *other = made_new(plan);
    struct script s = {.n = 0};
    add_setup(&s, other);
    struct case_of c[] = {joint_box(&whole, whole.n), joint_box(&s, 1)};
    assert_joint_refused(c, 2, why, "box 2");
    end_case(&c[0]);
    end_case(&c[1]);
    made_free(other);
}

static void boxes_with_other_questions_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *old, *new;
    } changes[] = {{"Kleuren?", "Kleuren!"},
                   {"\"Groen\"", "\"Geel\""},
                   {"\"min\":1", "\"min\":0"},
                   {"\"max\":2", "\"max\":3"},
                   {"\"blank\":true", "\"blank\":false"},
                   {"\"Nee\"", "\"Nee\",\"Ooit\""},
                   {"Nu al?", "Nu?"}};
    for (unsigned i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct span questions = span_replace(span_str(colours), changes[i].old, changes[i].new);
        char text[400];
        snprintf(text, sizeof text, "%.*s", (int)questions.n, (const char *)questions.p);
        const struct plan plan = {.uuid = "TestBoxAnother", .questions = text, .voters = 1};
        assert_plan_refused(&plan, P1_ERR_JOINT_QUESTIONS);
        span_free(questions);
    }
#define NOW "{\"answers\":[\"Ja\",\"Nee\"],\"min\":1,\"max\":1,\"question\":\"Nu al?\"}"
    struct span more = span_replace(span_str(colours), "Nu al?\"}", "Nu al?\"}," NOW);
    char text[400];
    snprintf(text, sizeof text, "%.*s", (int)more.n, (const char *)more.p);
    span_free(more);
    assert_plan_refused(&(struct plan){.uuid = "TestBoxAnother", .questions = text, .voters = 1},
                        P1_ERR_JOINT_QUESTIONS);
    assert_plan_refused(&(struct plan){.uuid = "TestBoxAnother", .questions = "[" NOW "]", .voters = 1},
                        P1_ERR_JOINT_QUESTIONS);
}

static void boxes_of_other_trustees_are_refused(void **state) {
    (void)state;
    assert_plan_refused(&plan_colours_set, P1_ERR_JOINT_KEY);
    struct made *other = another_box("TestBoxAnother");
    struct script s = {.n = 0};
    add_setup(&s, other);
    struct case_of c[] = {joint_box(&whole, 1), joint_box(&s, 1)};
    struct trustees *t = &c[1].j->box->trustees;
    t->count++; // one more
    assert_joint_refused(c, 2, P1_ERR_JOINT_KEY, "box 2");
    t->count--;
    t->trustee[1].key_text = t->trustee[0].key_text;
    assert_joint_refused(c, 2, P1_ERR_JOINT_KEY, "box 2");
    end_case(&c[0]);
    end_case(&c[1]);
    made_free(other);
}

static void boxes_in_different_groups_are_refused(void **state) {
    (void)state;
    struct case_of c[] = {joint_box(&whole, 1), joint_box(&whole, 1)};
    c[1].j->box->election.group.ops = &group_belenios_2048;
    assert_joint_refused(c, 2, P1_ERR_JOINT_KEY, "box 2");
    end_case(&c[0]);
    end_case(&c[1]);
}

// Two of three open one box, all three are needed for the other: these are not the same trustees of a joint vote.
static void boxes_of_the_same_people_in_another_quorum_are_refused(void **state) {
    (void)state;
    struct plan plan = plan_colours_set;
    plan.uuid = "TestBoxAnother";
    plan.apart = 1;
    struct made *other = made_new(&plan);
    struct script s = {.n = 0};
    add_setup(&s, other);
    struct case_of c[] = {joint_box(&whole_set, 1), joint_box(&s, 1)};
    static struct judged said;
    uint64_t sum[P1_CHOICES_MAX];
    int complete;
    enum p1_err err = joint(c, 2, sum, &complete, &said);
    end_case(&c[0]);
    end_case(&c[1]);
    made_free(other);
    assert_int_equal(err, P1_ERR_JOINT_KEY);
}

static void same_box_twice_is_refused(void **state) {
    (void)state;
    struct made *other = another_box("TestBoxAnother");
    struct script s = {.n = 0};
    add_setup(&s, other);
    struct case_of c[] = {joint_box(&whole, whole.n), joint_box(&s, 1), joint_box(&whole, 3)};
    assert_joint_refused(c, 3, P1_ERR_JOINT_TWICE, "boxes 1 and 3");
    for (unsigned i = 0; i < 3; i++) end_case(&c[i]);
    made_free(other);
}

static void sum_that_is_too_large_is_refused(void **state) {
    (void)state;
    struct made *other = another_box("TestBoxAnother");
    struct script s = {.n = 0};
    add_setup(&s, other);
    add_count(&s, other, 3, "{\"result\":[[0,0,0,0],[0,0]]}");
    struct case_of c[] = {joint_box(&whole, whole.n), joint_box(&s, s.n)};
    c[1].j->counts[5] = UINT64_MAX;
    assert_joint_refused(c, 2, P1_ERR_SPACE, "box 2");
    end_case(&c[0]);
    end_case(&c[1]);
    made_free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joint_result_is_the_sum_of_the_boxes),
        cmocka_unit_test(joint_result_is_not_complete_before_all_boxes_have_one),
        cmocka_unit_test(boxes_with_other_questions_are_refused),
        cmocka_unit_test(boxes_of_other_trustees_are_refused),
        cmocka_unit_test(boxes_in_different_groups_are_refused),
        cmocka_unit_test(boxes_of_the_same_people_in_another_quorum_are_refused),
        cmocka_unit_test(same_box_twice_is_refused),
        cmocka_unit_test(sum_that_is_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
