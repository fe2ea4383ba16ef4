// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What lies beside an archive: read with it, and refused where it does not belong to it.

#include "tests/unit/beside_sample.h"

static struct frozen_sample *f;

static int setup(void **state) {
    (void)state;
    f = frozen_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    made_free(f->m);
    return 0;
}

// What the check says of the first N events and what is beside them. The line WITH this id has this status and these words.
static enum p1_err said(const struct script *s, unsigned n, struct beside x, const char *id, enum check_status status,
                        const char *words) {
    struct span file = script_write(s, n);
    struct judged *j = judge_beside(file, NULL, &x);
    enum p1_err err = j->err;
    const struct check_line *line = err == P1_OK ? line_of(j, id) : &j->line[j->n - 1];
    assert_non_null(line);
    assert_int_equal(line->status, status);
    assert_string_equal(line->id, id);
    assert_non_null(strstr(status == CHECK_FAILED ? line->place : line->text, words));
    notices_release(&x.noticed);
    free_judged(j);
    span_free(file);
    return err;
}

static void assert_beside_refused(struct beside x, enum p1_err why, const char *id, const char *place) {
    assert_int_equal(said(&f->script, EVENTS, x, id, CHECK_FAILED, place), why);
}

// ---- what is right ----

static void all_that_is_beside_a_right_archive_is_checked(void **state) {
    (void)state;
    struct beside x = beside_of(f);
    assert_int_equal(said(&f->script, EVENTS, x, "bundle", CHECK_OK, "2 boxes, 12 credentials"), P1_OK);
    assert_int_equal(
        said(&f->script, EVENTS, x, "notices", CHECK_OK, "4 signed notices: 2 credentials withdrawn, of whom 1"),
        P1_OK);
    assert_int_equal(said(&f->script, EVENTS, x, "shares.bound", CHECK_OK, "2 shares have a second proof"), P1_OK);
}

static void what_is_not_there_is_said(void **state) {
    (void)state;
    struct beside x = {.bundle = {0}};
    assert_int_equal(said(&f->script, NEUTRAL, x, "bundle", CHECK_WARNING, "not checked"), P1_OK);
    assert_int_equal(said(&f->script, NEUTRAL, x, "notices", CHECK_OK, "none"), P1_OK);
    x.notices = f->notices;
    assert_int_equal(said(&f->script, EVENTS, x, "shares.bound", CHECK_WARNING, "the share of trustee 1"), P1_OK);
    x.shares = span_from(f->shares, span_find(f->shares, 0, "\n") + 1);
    assert_int_equal(said(&f->script, EVENTS, x, "shares.bound", CHECK_WARNING, "the share of trustee 1"), P1_OK);
}

static void election_that_names_nothing_beside_it_needs_nothing(void **state) {
    (void)state;
    struct made *plain = made_new(&plan_frozen);
    struct script s = {.n = 0};
    struct beside x = {.bundle = {0}};
    add_setup(&s, plain);
    for (unsigned i = 0; i < 11; i++) add_ballot(&s, made_ballot(plain, i, i % 2 ? "001" : "010", 0));
    add_count(&s, plain, 3, NULL);
    assert_int_equal(said(&s, s.n, x, "bundle", CHECK_OK, "none"), P1_OK);
    assert_int_equal(said(&s, s.n, x, "shares.bound", CHECK_OK, "none"), P1_OK);
    x.notices = f->notices;
    assert_int_equal(said(&s, s.n, x, "notices", CHECK_WARNING, "names no registrar's key"), P1_OK);
    made_free(plain);
}

// ---- the frozen bundle ----

// An election that froze the bundle which this makes of the right one. To be freed.
static struct made *frozen_otherwise(const char *old, const char *new, struct beside *x, struct script *s) {
    struct made *m = made_new(&plan_frozen);
    struct span changed = span_replace(f->bundle, old, new);
    x->bundle = made_keep(m, changed);
    span_free(changed);
    freeze(m, x->bundle, "");
    s->n = 0;
    add_setup(s, m);
    return m;
}

static void bundle_that_is_not_the_frozen_one_is_refused(void **state) {
    (void)state;
    struct beside x = beside_of(f);
    x.bundle = span_replace(f->bundle, "\"minimum\":10", "\"minimum\":11");
    assert_beside_refused(x, P1_ERR_BUNDLE_HASH, "bundle", "the frozen bundle");
    span_free(x.bundle);
}

static void list_of_credentials_that_was_not_frozen_is_refused(void **state) {
    (void)state;
    static const char *const other[][2] = {{"\"count\":12", "\"count\":11"}, {"\"sha256\":\"", "\"sha256\":\"0"}};
    for (unsigned i = 0; i < 2; i++) {
        struct beside x = {.bundle = {0}};
        struct script s;
        struct made *m = frozen_otherwise(other[i][0], other[i][1], &x, &s);
        enum p1_err why = i ? P1_ERR_HASH_FORM : P1_ERR_BUNDLE_CREDENTIALS;
        assert_int_equal(said(&s, 1, x, i ? "encodings" : "bundle", CHECK_FAILED, "the frozen bundle"), why);
        made_free(m);
    }
}

// The registrar adds somebody, gives somebody more weight, or leaves somebody out, after the freeze.
static void credentials_changed_after_the_freeze_are_refused(void **state) {
    (void)state;
    struct beside x = {.bundle = f->bundle};
    const struct span *r = f->m->setup.record;
    struct span first = span_of(r[2].p + 1, span_find(r[2], 0, ",2\"") + 3); // with its comma
    struct span heavier = span_replace(r[2], ",2\"", ",3\"");
    struct span fewer = span_copy(r[2], 0);
    memmove((uint8_t *)fewer.p + 1, fewer.p + 1 + first.n, fewer.n - 1 - first.n);
    fewer.n -= first.n;
    struct plan more = plan_frozen;
    static const char *const weight[13] = {",2", ",2", ",2", ",2", ",2", ",2", ",2",
                                           ",2", ",2", ",2", ",2", ",2", ",2"};
    more.voters = 13;
    more.behind = weight;
    struct made *added = made_new(&more);
    const struct span lists[] = {heavier, fewer, added->setup.record[2]};
    for (unsigned i = 0; i < 3; i++) {
        struct script s = {.n = 0};
        const struct step setup_of = made_setup(f->m, r[0], r[1], lists[i]);
        script_add(&s, &setup_of);
        assert_int_equal(said(&s, 1, x, "bundle", CHECK_FAILED, "the frozen bundle"), P1_ERR_BUNDLE_CREDENTIALS);
    }
    made_free(added);
    span_free(heavier);
    span_free(fewer);
}

static void bundle_that_contradicts_itself_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *old, *new;
        enum p1_err why;
    } bad[] = {{"\"uuid\":\"" FROZEN_UUID, "\"uuid\":\"TestBoxFrozen2", P1_ERR_BUNDLE_UUID},
               {"\"boxes\":[\"" FROZEN_UUID "\",", "\"boxes\":[", P1_ERR_BUNDLE_BOXES},
               {"TestBoxFrozen2", FROZEN_UUID, P1_ERR_BUNDLE_BOXES},
               {"TestBoxFrozen2", "short", P1_ERR_ELECTION_UUID},
               {"1800500000", "1800000000", P1_ERR_BUNDLE_TIMES},
               {"\"minimum\":10", "\"minimum\":010", P1_ERR_JSON_NUMBER},
               {"\"minimum\":10", "\"minimum\":\"10\"", P1_ERR_JSON_NUMBER},
               {"\"minimum\":10", "\"minimum\":10,\"minimum\":10", P1_ERR_JSON},
               {"\"receipt_key\":\"\"", "\"receipt_key\":null", P1_ERR_JSON},
               {"\"version\":1", "\"version\":2", P1_ERR_JSON}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct bundle out;
        enum frozen frozen;
        struct beside x = {.bundle = {0}};
        struct script s;
        struct made *m = frozen_otherwise(bad[i].old, bad[i].new, &x, &s);
        struct box *b = box_of(&s, 1);
        assert_string_equal(p1_err_name(bundle_check(b, x.bundle, &frozen, &out)), p1_err_name(bad[i].why));
        free_box(b);
        made_free(m);
    }
}

static void bundle_names_at_most_64_boxes(void **state) {
    (void)state;
    char boxes[70 * 20] = "\"" FROZEN_UUID "\"";
    struct bundle out;
    for (unsigned i = 1; i < 65; i++) {
        assert_int_equal(bundle_parse(bundle_text(f->m, boxes, 12), &out), P1_OK);
        assert_int_equal(out.box_count, i);
        snprintf(boxes + strlen(boxes), 30, ",\"TestBoxFrozen%c%u\"", (char)('A' + i / 8), i % 8 + 1);
    }
    assert_int_equal(bundle_parse(bundle_text(f->m, boxes, 12), &out), P1_ERR_BUNDLE_BOXES);
}

static void all_boxes_of_a_joint_vote_must_be_given_and_no_others(void **state) {
    (void)state;
    struct box one = {.stage = BOX_NEW}, two = one, three = one;
    struct bundle terms = {.box_count = 2, .box = {SPAN_LIT("TestBoxFrozen1"), SPAN_LIT("TestBoxFrozen2")}};
    const struct box *boxes[] = {&one, &two, &three};
    const struct bundle *frozen[] = {NULL, &terms, NULL};
    struct span file = script_write(&f->script, 1);
    struct judged *j = judge(file, NULL);
    one.election.uuid = terms.box[1];
    two.election.uuid = terms.box[0];
    three.election.uuid = SPAN_LIT("TestBoxFrozen3");
    j->n = 0;
    assert_int_equal(check_joint_terms(&j->checker, boxes, frozen, 2), P1_OK);
    assert_string_equal(j->line[0].id, "joint.boxes");
    assert_int_equal(check_joint_terms(&j->checker, boxes, frozen, 3), P1_ERR_JOINT_BOXES); // one too many
    assert_string_equal(j->line[1].id, "joint");
    assert_string_equal(j->line[1].place, "box 2");
    boxes[0] = &three; // another in its place
    assert_int_equal(check_joint_terms(&j->checker, boxes, frozen, 2), P1_ERR_JOINT_BOXES);
    frozen[0] = &terms;
    assert_int_equal(check_joint_terms(&j->checker, boxes + 1, frozen, 1), P1_ERR_JOINT_BOXES); // one is kept back
    frozen[0] = frozen[1] = NULL;
    j->n = 0;
    assert_int_equal(check_joint_terms(&j->checker, boxes, frozen, 3), P1_OK); // nobody froze any
    assert_int_equal(j->n, 0);
    free_judged(j);
    span_free(file);
}

// ---- second proofs ----

static void second_proof_that_does_not_belong_to_its_share_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *old, *new, *place;
        enum p1_err why;
    } bad[] = {{"{\"owner\":1", "{\"owner\":3", "trustee 3", P1_ERR_SHARE_BINDING},
               {"{\"owner\":1", "{\"owner\":4", "trustee 4", P1_ERR_SHARE_OWNER},
               {"{\"owner\":1", "{\"owner\":0", "trustee 0", P1_ERR_SHARE_OWNER},
               {"{\"owner\":1", "{\"owner\":65", "trustee 0", P1_ERR_JSON_NUMBER},
               {"{\"owner\":1", "{\"owner\":\"1\"", "trustee 0", P1_ERR_JSON_NUMBER},
               {"{\"owner\":1", "{ \"owner\":1", "trustee 0", P1_ERR_SHARE_FORM},
               {",\"proofs\":", ",\"proof\":", "trustee 1", P1_ERR_JSON},
               {"]]}\n", "]]}}\n", "trustee 1", P1_ERR_JSON_TRAILING},
               {"]]}\n", "]],\"x\":1}\n", "trustee 1", P1_ERR_JSON},
               {"\"proofs\":[[", "\"proofs\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "trustee 1", P1_ERR_JSON},
               {"\"proofs\":[[", "\"proofs\":[[[", "trustee 1", P1_ERR_JSON},
               {"\"},{", "\"}],[{", "trustee 1", P1_ERR_SHARE_FORM},
               {"]]}\n", "]]}", "trustee 1", P1_ERR_JSON_TRAILING}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct beside x = beside_of(f);
        x.shares = span_replace(f->shares, bad[i].old, bad[i].new);
        struct span file = script_write(&f->script, EVENTS);
        struct judged *j = judge_beside(file, NULL, &x);
        assert_string_equal(p1_err_name(j->err), p1_err_name(bad[i].why));
        assert_non_null(strstr(j->line[j->n - 1].place, bad[i].place));
        notices_release(&x.noticed);
        free_judged(j);
        span_free(file);
        span_free(x.shares);
    }
}

static void second_proofs_that_end_in_the_middle_are_refused(void **state) {
    (void)state;
    struct beside x = beside_of(f);
    x.shares.n--;
    assert_beside_refused(x, P1_ERR_SHARE_FORM, "shares", "second proof");
}

// A crash can leave the second proof without its share; a share that is not valid is judged elsewhere.
static void second_proof_of_a_share_that_does_not_count_is_passed_over(void **state) {
    (void)state;
    struct script s = f->script;
    struct beside x = beside_of(f);
    s.n = SHARE;
    add_right_share(&s, f->m, 0);
    add_right_share(&s, f->m, 1);
    assert_int_equal(said(&s, s.n, x, "shares.bound", CHECK_WARNING, "the share of trustee 2"), P1_OK);
    add_share(&s, f->m, 3, made_share(f->m, &s, 0));
    assert_int_equal(said(&s, s.n, x, "shares.bad", CHECK_WARNING, "trustee 3"), P1_OK);
}

// ---- notices ----

static void notices_in_an_election_with_a_key_that_is_none_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"x\\nregistrar:00", "x\\nregistrar:00\\nsecond:11"};
    for (unsigned i = 0; i < 2; i++) {
        struct made *m = made_new(&plan_frozen);
        struct script s = {.n = 0};
        struct beside x = beside_of(f);
        freeze(m, f->bundle, bad[i]);
        add_setup(&s, m);
        assert_int_equal(said(&s, 1, x, "encodings", CHECK_FAILED, "the registrar's key"), P1_ERR_ELEM_FORM);
        made_free(m);
    }
}

// Everybody could sign for the registrar.
static void registrar_whose_key_is_the_identity_is_refused(void **state) {
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        char authority[300];
        struct made *m = made_new(&plan_frozen);
        struct script s = {.n = 0};
        struct beside x = beside_of(f);
        struct scalar other = {{0}};
        struct elem_text none = public_of(m, &other), right = public_of(m, &f->second);
        snprintf(authority, sizeof authority, "x\\nregistrar:%.*s\\nsecond:%.*s", none.n,
                 (const char *)(i ? right : none).p, none.n, (const char *)(i ? none : right).p);
        freeze(m, f->bundle, authority);
        add_setup(&s, m);
        assert_int_equal(said(&s, 1, x, "encodings", CHECK_FAILED, "the registrar's key"), P1_ERR_ELEM_IDENTITY);
        made_free(m);
    }
}

// One person would be two.
static void registrar_who_is_the_second_person_too_is_refused(void **state) {
    (void)state;
    char authority[300];
    struct made *m = made_new(&plan_frozen);
    struct script s = {.n = 0};
    struct beside x = beside_of(f);
    struct elem_text key = public_of(m, &f->registrar);
    snprintf(authority, sizeof authority, "x\\nregistrar:%.*s\\nsecond:%.*s", key.n, (const char *)key.p, key.n,
             (const char *)key.p);
    freeze(m, f->bundle, authority);
    add_setup(&s, m);
    assert_int_equal(said(&s, 1, x, "notices", CHECK_FAILED, "the registrar's key"), P1_ERR_NOTICE_SECOND);
    made_free(m);
}

static void extension_to_before_the_frozen_closing_time_is_refused(void **state) {
    (void)state;
    struct frozen_sample other = *f;
    struct beside x = {.bundle = f->bundle};
    struct notice n = about(f, NOTICE_EXTENSION, 0, 2);
    n.closes = 1800500000;
    other.notices.n = 0;
    add_notice(&other, n, 0);
    x.notices = other.notices;
    assert_beside_refused(x, P1_ERR_NOTICE_EXTENSION, "notices", "the notices");
}

// The notices of the sample, the Nth line left out.
static struct span without_line(unsigned nth) {
    struct span copy = span_copy(f->notices, 0);
    size_t from = 0;
    while (nth--) from = span_find(copy, from, "\n") + 1;
    size_t to = span_find(copy, from, "\n") + 1;
    memmove((uint8_t *)copy.p + from, copy.p + to, copy.n - to);
    return span_of(copy.p, copy.n - (to - from));
}

static void notice_that_is_left_out_is_missed(void **state) {
    (void)state;
    for (unsigned nth = 0; nth < 3; nth++) {
        struct beside x = beside_of(f);
        char place[20];
        snprintf(place, sizeof place, "notice %u", nth + 1);
        x.notices = without_line(nth);
        assert_beside_refused(x, P1_ERR_NOTICE_CHAIN, "notices", place);
        span_free(x.notices);
    }
}

static void notices_that_change_places_are_refused(void **state) {
    (void)state;
    struct span copy = span_copy(f->notices, 0);
    size_t one = span_find(copy, 0, "\n") + 1, two = span_find(copy, one, "\n") + 1;
    memcpy((uint8_t *)copy.p, f->notices.p + one, two - one);
    memcpy((uint8_t *)copy.p + two - one, f->notices.p, one);
    struct beside x = beside_of(f);
    x.notices = copy;
    assert_beside_refused(x, P1_ERR_NOTICE_CHAIN, "notices", "notice 1");
    span_free(copy);
}

// A ballot of voter 0 with another signature, so that it is another ballot.
static struct span signed_again(struct span ballot) {
    static uint8_t text[1 << 14];
    uint8_t random[32] = {1};
    char code[P1_HASH64];
    struct buf b = buf_over(text, sizeof text);
    buf_put(&b, span_of(ballot.p, span_find(ballot, 0, ",\"signature\"")));
    assert_int_equal(ballot_sign_ct(&f->m->election, &f->m->secret[0], random, code, &b, &f->m->work), P1_OK);
    return buf_span(&b);
}

static void ballot_after_a_withdrawal_is_refused(void **state) {
    (void)state;
    struct beside x = beside_of(f);
    struct script s = f->script;
    struct span neutral = s.step[NEUTRAL].record[0];
    const struct span cast[] = {made_ballot(f->m, 0, "001", 2),   // of the withdrawn one
                                made_ballot(f->m, 0, "100", 3),   // blank, but not of the seed that was published
                                made_ballot(f->m, 0, "010", 1),   // of that seed, but not blank
                                made_ballot(f->m, 11, "010", 0)}; // of the one who had not voted
    for (unsigned i = 0; i < sizeof cast / sizeof *cast; i++) {
        s.step[NEUTRAL].record[0] = cast[i];
        assert_int_equal(said(&s, NEUTRAL + 1, x, "notices", CHECK_FAILED, "event 12 (Ballot)"), P1_ERR_NOTICE_AFTER);
    }
    s.step[NEUTRAL].record[0] = neutral;
    s.n = NEUTRAL + 1;
    add_ballot(&s, made_ballot(f->m, 0, "010", 4)); // the neutral ballot is replaced again
    assert_int_equal(said(&s, s.n, x, "notices", CHECK_FAILED, "event 13 (Ballot)"), P1_ERR_NOTICE_AFTER);
    s.n = NEUTRAL + 1;
    add_ballot(&s, signed_again(neutral)); // or comes twice
    assert_int_equal(said(&s, s.n, x, "notices", CHECK_FAILED, "event 13 (Ballot)"), P1_ERR_NOTICE_AFTER);
    s.n = NEUTRAL + 1;
    add_ballot(&s, made_ballot(f->m, 3, "010", 4)); // somebody else may vote on
    assert_int_equal(said(&s, s.n, x, "notices", CHECK_OK, "4 signed notices"), P1_OK);
}

static void ballot_after_a_withdrawal_whose_seed_is_not_there_is_refused(void **state) {
    (void)state;
    struct beside x = beside_of(f);
    x.notices.n = span_find(f->notices, 0, "\n") + 1; // the withdrawal alone
    assert_beside_refused(x, P1_ERR_NOTICE_AFTER, "notices", "event 12 (Ballot)");
}

static void withdrawn_vote_that_still_counts_is_refused(void **state) {
    (void)state;
    struct script s = f->script;
    struct beside x = beside_of(f);
    s.n = NEUTRAL;
    add_end(&s);
    assert_int_equal(said(&s, s.n, x, "notices", CHECK_FAILED, "the notices"), P1_ERR_NOTICE_VOTE);
}

static void notice_of_an_event_that_is_not_there_is_refused(void **state) {
    (void)state;
    struct beside x = beside_of(f);
    assert_int_equal(said(&f->script, NEUTRAL - 1, x, "notices", CHECK_FAILED, "the notices"), P1_ERR_NOTICE_EVENT);
}

// Where neither blank nor nothing can be voted there is no neutral ballot; where blank cannot be, it is all zeros.
static void neutral_ballot_is_blank_or_empty(void **state) {
    (void)state;
    static struct election e;
    uint8_t choices[4];
    e.question_count = 1;
    struct question *q = &e.questions[0];
    *q = (struct question){.answer_count = 2, .min = 1, .max = 1, .blank = 1};
    assert_int_equal(neutral_choices(&e, choices), 1);
    assert_memory_equal(choices, ((uint8_t[]){1, 0, 0}), 3);
    q->blank = 0;
    assert_int_equal(neutral_choices(&e, choices), 0);
    q->min = 0;
    assert_int_equal(neutral_choices(&e, choices), 1);
    assert_memory_equal(choices, ((uint8_t[]){0, 0}), 2);
    q->kind = QUESTION_LISTS;
    assert_int_equal(neutral_choices(&e, choices), 0);
}

static void neutral_votes_are_taken_off_the_blank_ones(void **state) {
    (void)state;
    static struct election e;
    struct notices n = {.neutral_weight = 5};
    uint64_t counts[] = {7, 1, 4, 2, 3, 9, 9};
    e.question_count = 3;
    e.questions[0] = (struct question){.answer_count = 1, .blank = 1};
    e.questions[1] = (struct question){.answer_count = 1, .blank = 1}; // fewer than there can be: none is left
    e.questions[2] = (struct question){.answer_count = 3};
    notices_correct(&n, &e, counts);
    assert_memory_equal(counts, ((uint64_t[]){2, 1, 0, 2, 3, 9, 9}), sizeof counts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_beside_a_right_archive_is_checked),
        cmocka_unit_test(what_is_not_there_is_said),
        cmocka_unit_test(election_that_names_nothing_beside_it_needs_nothing),
        cmocka_unit_test(bundle_that_is_not_the_frozen_one_is_refused),
        cmocka_unit_test(list_of_credentials_that_was_not_frozen_is_refused),
        cmocka_unit_test(credentials_changed_after_the_freeze_are_refused),
        cmocka_unit_test(bundle_that_contradicts_itself_is_refused),
        cmocka_unit_test(bundle_names_at_most_64_boxes),
        cmocka_unit_test(all_boxes_of_a_joint_vote_must_be_given_and_no_others),
        cmocka_unit_test(second_proof_that_does_not_belong_to_its_share_is_refused),
        cmocka_unit_test(second_proofs_that_end_in_the_middle_are_refused),
        cmocka_unit_test(second_proof_of_a_share_that_does_not_count_is_passed_over),
        cmocka_unit_test(notices_in_an_election_with_a_key_that_is_none_are_refused),
        cmocka_unit_test(registrar_whose_key_is_the_identity_is_refused),
        cmocka_unit_test(registrar_who_is_the_second_person_too_is_refused),
        cmocka_unit_test(extension_to_before_the_frozen_closing_time_is_refused),
        cmocka_unit_test(notice_that_is_left_out_is_missed),
        cmocka_unit_test(notices_that_change_places_are_refused),
        cmocka_unit_test(ballot_after_a_withdrawal_is_refused),
        cmocka_unit_test(ballot_after_a_withdrawal_whose_seed_is_not_there_is_refused),
        cmocka_unit_test(withdrawn_vote_that_still_counts_is_refused),
        cmocka_unit_test(notice_of_an_event_that_is_not_there_is_refused),
        cmocka_unit_test(neutral_ballot_is_blank_or_empty),
        cmocka_unit_test(neutral_votes_are_taken_off_the_blank_ones),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
