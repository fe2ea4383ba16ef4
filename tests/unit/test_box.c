// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/box.h"

#include <stdlib.h>

#include "core/sha256.h"
#include "tests/unit/box_sample.h"

// ---- stages ----

static void whole_archive_is_read_to_its_result(void **state) {
    (void)state;
    struct span file = script_write(&whole, whole.n);
    struct box *b = new_box();
    assert_int_equal(box_read(b, file, &work), P1_OK);
    assert_int_equal(b->stage, BOX_PUBLISHED);
    assert_int_equal(b->chain.at, file.n);
    assert_int_equal(b->chain.height, whole.n);
    assert_int_equal(b->ballots, 3);
    assert_int_equal(b->counted, 2);
    assert_int_equal(b->counted_weight, 2);
    assert_int_equal(b->weight, 6);
    assert_int_equal(b->weighted, 0);
    assert_true(span_eq(b->result, SPAN_LIT("{\"result\":[[0,2]]}")));
    free_box(b);
    span_free(file);
}

static void every_event_is_refused_in_every_stage_but_its_own(void **state) {
    (void)state;
    static const unsigned events[] = {0, 3, 5, 6, 9}; // of the script: they lead to each stage
    static const struct {
        unsigned event; // of the script
        enum box_stage stage;
    } needs[] = {{0, BOX_NEW}, {3, BOX_OPEN}, {4, BOX_OPEN}, {5, BOX_ENDED}, {6, BOX_TALLIED}, {8, BOX_TALLIED}};
    for (unsigned stage = BOX_NEW; stage <= BOX_PUBLISHED; stage++) {
        for (unsigned i = 0; i < sizeof needs / sizeof *needs; i++) {
            struct box *b = box_of(&whole, events[stage]);
            assert_int_equal(b->stage, stage);
            assert_int_equal(apply_step(b, &whole.step[needs[i].event]),
                             needs[i].stage == stage ? P1_OK : P1_ERR_EVENT_ORDER);
            free_box(b);
        }
    }
}

static void any_two_neighbours_of_different_type_that_change_places_are_refused(void **state) {
    (void)state;
    for (unsigned i = 0; i + 1 < whole.n; i++) {
        struct script s = whole;
        if (s.step[i].type == s.step[i + 1].type) continue;
        script_swap(&s, i, i + 1);
        struct span file = script_write(&s, s.n);
        struct box *b = new_box();
        assert_int_equal(box_read(b, file, &work), P1_ERR_EVENT_ORDER);
        free_box(b);
        span_free(file);
    }
}

static void share_after_the_result_is_refused(void **state) {
    (void)state;
    assert_refused(&whole, whole.n, &whole.step[6], P1_ERR_EVENT_ORDER);
}

static void error_tells_where_the_wrong_event_begins(void **state) {
    (void)state;
    struct script s = whole;
    script_swap(&s, 3, 4); // a ballot after the end
    struct span file = script_write(&s, s.n), before = script_write(&s, 4);
    struct box *b = new_box();
    assert_int_equal(box_read(b, file, &work), P1_ERR_EVENT_ORDER);
    assert_int_equal(b->chain.at, before.n);
    free_box(b);
    span_free(file);
    span_free(before);
}

static void archive_that_is_none_or_torn_is_not_read(void **state) {
    (void)state;
    struct span file = script_write(&whole, whole.n);
    struct box *b = new_box();
    assert_int_equal(box_read(b, span_from(file, 512), &work), P1_ERR_ARCHIVE_NOT);
    free_box(b);
    b = new_box();
    assert_int_equal(box_read(b, span_of(file.p, file.n - 512), &work), P1_ERR_ARCHIVE_TORN);
    free_box(b);
    span_free(file);
}

// ---- setup ----

static void assert_setup_refused(const struct step *step, enum p1_err why) { assert_refused(&whole, 0, step, why); }

static void setup_with_a_record_that_it_does_not_name_is_refused(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct step step = singles->setup;
        struct step other =
            made_setup(singles, i == 0 ? SPAN_LIT("x") : step.record[0], i == 1 ? SPAN_LIT("x") : step.record[1],
                       i == 2 ? SPAN_LIT("x") : step.record[2]);
        step.record[3] = other.record[3];
        assert_setup_refused(&step, P1_ERR_SETUP_RECORDS);
    }
}

static void setup_data_in_another_form_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *old, *new;
        enum p1_err why;
    } bad[] = {{"{\"election\"", "{\"elections\"", P1_ERR_JSON},
               {"\"trustees\"", "\"trustee\"", P1_ERR_JSON},
               {",\"credentials\"", ", \"credentials\"", P1_ERR_JSON},
               {"\"}", "\",\"more\":1}", P1_ERR_JSON},
               {"\"}", "\"}}", P1_ERR_JSON_TRAILING},
               {"\"}", "0\"}", P1_ERR_HASH_FORM}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct step step = singles->setup;
        struct span data = span_replace(step.record[3], bad[i].old, bad[i].new);
        step.record[3] = data;
        assert_setup_refused(&step, bad[i].why);
        span_free(data);
    }
}

// Setup data that name a certificate, as from Belenios 3.2 on.
static struct span with_certificate(struct span data, struct span certificate) {
    static char text[600];
    uint8_t hash[32], hex[65] = {0};
    struct buf b = buf_over(hex, 64);
    sha256(hash, certificate);
    buf_hex(&b, span_of(hash, 32));
    int n = snprintf(text, sizeof text, "%.*s,\"credentials_certificate\":\"%s\"}", (int)data.n - 1,
                     (const char *)data.p, (const char *)hex);
    return span_of(text, (size_t)n);
}

static void a_fifth_record_that_the_setup_does_not_name_is_refused(void **state) {
    (void)state;
    struct script s = setup_alone(singles);
    s.step[0].n = 5;
    s.step[0].record[4] = s.step[0].record[3];
    s.step[0].record[3] = SPAN_LIT("{\"signature\":{}}");
    assert_setup_refused(&s.step[0], P1_ERR_EVENT_EXTRA);
    s.step[0].record[4] = with_certificate(s.step[0].record[4], SPAN_LIT("another"));
    assert_setup_refused(&s.step[0], P1_ERR_SETUP_RECORDS);
}

static void setup_with_a_certificate_of_the_registrar_is_read(void **state) {
    (void)state;
    struct script s = setup_alone(singles);
    s.step[0].n = 5;
    s.step[0].record[4] = s.step[0].record[3];
    s.step[0].record[3] = SPAN_LIT("{\"signature\":{}}");
    s.step[0].record[4] = with_certificate(s.step[0].record[4], s.step[0].record[3]);
    struct box *b = box_of(&s, 1);
    assert_int_equal(b->stage, BOX_OPEN);
    assert_int_equal(b->voter_count, 6);
    free_box(b);
}

static void trustees_that_do_not_multiply_to_the_key_are_refused(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    struct step step = made_setup(singles, r[0], set->setup.record[1], r[2]);
    assert_setup_refused(&step, P1_ERR_ELECTION_KEY);

    // One of two left out
    struct json j = json_of(span_from(r[1], 1));
    struct span first;
    assert_int_equal(json_skip(&j, &first), P1_OK);
    char text[2000];
    snprintf(text, sizeof text, "[%.*s]", (int)first.n, (const char *)first.p);
    step = made_setup(singles, r[0], span_str(text), r[2]);
    assert_setup_refused(&step, P1_ERR_ELECTION_KEY);
}

static void trustee_with_a_wrong_proof_is_refused_and_named(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    struct span bad = span_copy(r[1], 0);
    uint8_t *last = (uint8_t *)bad.p;
    for (size_t i = 0; i + 12 < bad.n; i++) { // the last response, of the second trustee
        if (memcmp(bad.p + i, "\"response\":\"", 12) == 0) last = (uint8_t *)bad.p + i + 13;
    }
    *last = *last == '1' ? '2' : '1';
    struct step step = made_setup(singles, r[0], bad, r[2]);
    struct box *b = new_box();
    assert_int_equal(apply_step(b, &step), P1_ERR_TRUSTEE_POK);
    assert_int_equal(b->trustees.at, 2);
    free_box(b);
    span_free(bad);
}

static void election_that_is_not_supported_is_said_before_all_else(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    struct span other = span_replace(r[0], "\"version\":1", "\"version\":2");
    struct step step = made_setup(singles, other, SPAN_LIT("no trustees"), SPAN_LIT("no voters"));
    step.record[3] = SPAN_LIT("no setup");
    assert_setup_refused(&step, P1_ERR_ELECTION_VERSION);
    span_free(other);
}

// ---- the roll ----

// What a box says of this list of credentials; RESULT (may be null) gets the box, to be freed.
static enum p1_err with_list(struct span list, struct box **result) {
    const struct span *r = singles->setup.record;
    struct step step = made_setup(singles, r[0], r[1], list);
    struct box *b = new_box();
    enum p1_err err = apply_step(b, &step);
    if (result) {
        *result = b;
    } else {
        free_box(b);
    }
    return err;
}

// A list of credentials of voters by their numbers, each with what stands behind it.
static struct span list_of(unsigned n, const unsigned *voter, const char *const *behind) {
    static uint8_t text[4096];
    struct buf b = buf_over(text, sizeof text);
    buf_char(&b, '[');
    for (unsigned i = 0; i < n; i++) {
        buf_str(&b, i ? ",\"" : "\"");
        buf_put(&b, elem_span(&singles->credential[voter[i]]));
        if (behind) buf_str(&b, behind[i]);
        buf_char(&b, '"');
    }
    buf_char(&b, ']');
    assert_int_equal(buf_done(&b), P1_OK);
    return buf_span(&b);
}

static void credentials_out_of_order_are_refused(void **state) {
    (void)state;
    assert_int_equal(with_list(list_of(3, (unsigned[]){1, 0, 2}, NULL), NULL), P1_ERR_CREDENTIALS_ORDER);
    assert_int_equal(with_list(list_of(3, (unsigned[]){0, 2, 1}, NULL), NULL), P1_ERR_CREDENTIALS_ORDER);
    assert_int_equal(with_list(list_of(3, (unsigned[]){0, 1, 2}, NULL), NULL), P1_OK);
}

static void credential_that_is_listed_twice_is_refused(void **state) {
    (void)state;
    assert_int_equal(with_list(list_of(3, (unsigned[]){0, 1, 1}, NULL), NULL), P1_ERR_CREDENTIALS_TWICE);
    assert_int_equal(with_list(list_of(4, (unsigned[]){0, 1, 2, 0}, NULL), NULL), P1_ERR_CREDENTIALS_TWICE);
    const char *const behind[] = {",1", ",2"};
    assert_int_equal(with_list(list_of(2, (unsigned[]){3, 3}, behind), NULL), P1_ERR_CREDENTIALS_TWICE);
}

static void weight_that_is_not_a_positive_number_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {",0",
                                      ",-1",
                                      ",01",
                                      ",1.5",
                                      ",1e3",
                                      ", 1",
                                      ",1 ",
                                      ",x",
                                      ",+1",
                                      ",0,A",
                                      ",x,A",
                                      ",9223372036854775808",
                                      ",18446744073709551617"};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(with_list(list_of(1, (unsigned[]){0}, &bad[i]), NULL), P1_ERR_CREDENTIALS_WEIGHT);
}

static void comma_with_nothing_behind_it_is_refused(void **state) {
    (void)state;
    const char *const nothing = ",";
    assert_int_equal(with_list(list_of(1, (unsigned[]){0}, &nothing), NULL), P1_ERR_CREDENTIALS_WEIGHT);
}

static void weights_that_add_up_to_too_much_are_refused(void **state) {
    (void)state;
    const char *const too_much[] = {",9223372036854775807", ",1"};
    const char *const just[] = {",9223372036854775806", ",1"};
    const char *const over[] = {",9223372036854775807", ",9223372036854775807", ",9223372036854775807"};
    struct box *b;
    assert_int_equal(with_list(list_of(2, (unsigned[]){0, 1}, too_much), NULL), P1_ERR_CREDENTIALS_COUNT);
    assert_int_equal(with_list(list_of(3, (unsigned[]){0, 1, 2}, over), NULL), P1_ERR_CREDENTIALS_COUNT);
    assert_int_equal(with_list(list_of(2, (unsigned[]){0, 1}, just), &b), P1_OK);
    assert_true(b->weight == INT64_MAX);
    free_box(b);
}

static void names_and_weights_behind_credentials_are_read(void **state) {
    (void)state;
    const char *const behind[] = {"", ",5", ",7,Testinwoner 1", ",,Testinwoner 2", ",3,a,b", ",1"};
    static const uint64_t expected[] = {1, 5, 7, 1, 3, 1};
    struct box *b;
    assert_int_equal(with_list(list_of(6, (unsigned[]){0, 1, 2, 3, 4, 5}, behind), &b), P1_OK);
    assert_int_equal(b->weighted, 1);
    assert_int_equal(b->weight, 18);
    for (unsigned i = 0; i < 6; i++) {
        struct voter *v = box_voter(b, elem_span(&singles->credential[i]));
        assert_ptr_equal(v, &b->voters[i]);
        assert_int_equal(v->weight, expected[i]);
    }
    free_box(b);
}

static void list_with_names_alone_has_no_weights(void **state) {
    (void)state;
    const char *const behind[] = {",,Testinwoner 1", "", ",,Testinwoner 3"};
    struct box *b;
    assert_int_equal(with_list(list_of(3, (unsigned[]){0, 1, 2}, behind), &b), P1_OK);
    assert_int_equal(b->weighted, 0);
    assert_int_equal(b->weight, 3);
    free_box(b);
}

static void list_without_voters_is_refused(void **state) {
    (void)state;
    assert_int_equal(with_list(SPAN_LIT("[]"), NULL), P1_ERR_CREDENTIALS_COUNT);
}

static void credential_that_is_empty_or_too_long_is_refused(void **state) {
    (void)state;
    char text[P1_ELEM_TEXT + 6];
    assert_int_equal(with_list(SPAN_LIT("[\"\"]"), NULL), P1_ERR_ELEM_FORM);
    assert_int_equal(with_list(SPAN_LIT("[\",5\"]"), NULL), P1_ERR_ELEM_FORM);
    memset(text, 'a', sizeof text);
    memcpy(text, "[\"", 2);
    memcpy(text + sizeof text - 3, "\"]", 3);
    assert_int_equal(with_list(span_str(text), NULL), P1_ERR_ELEM_FORM);
}

// Whether they are in the group is for check.h; until then they must not be taken for each other.
static void credentials_of_equal_length_that_are_none_are_not_mixed_up(void **state) {
    (void)state;
    struct box *b;
    assert_int_equal(with_list(SPAN_LIT("[\"a\",\"b\"]"), NULL), P1_ERR_CREDENTIALS_ORDER);
    assert_int_equal(with_list(SPAN_LIT("[\"a\",\"a\"]"), NULL), P1_ERR_CREDENTIALS_TWICE);
    assert_int_equal(with_list(SPAN_LIT("[\"a\"]"), &b), P1_OK);
    assert_null(box_voter(b, SPAN_LIT("b")));
    assert_ptr_equal(box_voter(b, SPAN_LIT("a")), &b->voters[0]);
    free_box(b);
}

static void list_in_another_form_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *list;
        enum p1_err why;
    } bad[] = {{"", P1_ERR_JSON},
               {"{}", P1_ERR_JSON},
               {"[\"a\"", P1_ERR_JSON},
               {"[\"a\",]", P1_ERR_JSON},
               {"[1]", P1_ERR_JSON},
               {"[\"a\" ,\"b\"]", P1_ERR_JSON},
               {"[\"a\"]]", P1_ERR_JSON_TRAILING},
               {"[\"\t\"]", P1_ERR_JSON_STRING}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(with_list(span_str(bad[i].list), NULL), bad[i].why);
}

static void nobody_else_is_found_on_the_roll(void **state) {
    (void)state;
    struct script s = setup_alone(singles);
    struct box *b = box_of(&s, 1);
    for (unsigned i = 0; i < singles->voters; i++) {
        struct span c = elem_span(&singles->credential[i]);
        char other[80];
        assert_ptr_equal(box_voter(b, c), &b->voters[i]);
        memcpy(other, c.p, 64);
        other[64] = '0';
        assert_null(box_voter(b, span_of(other, 65)));
        assert_null(box_voter(b, span_of(other, 63)));
        other[20] ^= 1;
        assert_null(box_voter(b, span_of(other, 64)));
    }
    assert_null(box_voter(b, span_of("", 0)));
    free_box(b);
}

// ---- ballots ----

static void last_ballot_of_a_voter_counts_with_its_weight(void **state) {
    (void)state;
    struct script s = setup_alone(set);
    struct span first = made_ballot(set, 1, "10", 0), second = made_ballot(set, 1, "01", 1);
    add_ballot(&s, first);
    add_ballot(&s, made_ballot(set, 3, "10", 0));
    struct box *b = box_of(&s, s.n);
    assert_ptr_equal(b->voters[1].ballot, first.p);
    assert_int_equal(b->counted_weight, 6);
    assert_int_equal(apply_step(b, &(struct step){.type = EVENT_BALLOT, .n = 1, .record = {second}}), P1_OK);
    assert_ptr_equal(b->voters[1].ballot, second.p);
    assert_int_equal(b->voters[1].ballot_n, second.n);
    assert_int_equal(b->voters[1].ballots, 2);
    assert_null(b->voters[0].ballot);
    assert_int_equal(b->ballots, 3);
    assert_int_equal(b->counted, 2);
    assert_int_equal(b->counted_weight, 6);
    assert_int_equal(b->weight, 9);
    free_box(b);
}

// A ballot as far as box_apply() looks at it.
static struct step bare_ballot(char text[256], struct span credential) {
    int n = snprintf(text, 256, "{\"election_uuid\":\"u\",\"election_hash\":\"h\",\"credential\":\"%.*s\",\"answers\":",
                     (int)credential.n, (const char *)credential.p);
    return (struct step){.type = EVENT_BALLOT, .n = 1, .record = {span_of(text, (size_t)n)}};
}

static void ballot_with_a_credential_that_is_not_on_the_list_is_refused(void **state) {
    (void)state;
    char text[256];
    struct elem_text stranger;
    struct scalar x;
    sc_from_u64(&x, 12345);
    const struct mul_job job = {.out = &(struct elem){{{{0}, {0}, {0}, {0}}}}, .g = &x};
    mul_run_vartime(&singles->election.group, NULL, &job, 1, &work);
    elem_encode(&singles->election.group, &stranger, job.out, 1, &work);
    struct step step = bare_ballot(text, elem_span(&stranger));
    assert_refused(&whole, 1, &step, P1_ERR_BALLOT_STRANGER);
}

static void ballot_with_a_credential_that_is_none_is_refused_for_that(void **state) {
    (void)state;
    static const struct {
        const char *credential;
        enum p1_err why;
    } bad[] = {{"", P1_ERR_ELEM_FORM},
               {"1", P1_ERR_ELEM_FORM},
               {"000000000000000000000000000000000000000000000000000000000000000A", P1_ERR_ELEM_FORM},
               {"0000000000000000000000000000000000000000000000000000000000000002", P1_ERR_ELEM_FIELD},
               {"0000000000000000000000000000000000000000000000000000000000000000", P1_ERR_ELEM_SUBGROUP}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[256];
        struct step step = bare_ballot(text, span_str(bad[i].credential));
        assert_refused(&whole, 1, &step, bad[i].why);
    }
}

static void ballot_in_another_form_is_refused(void **state) {
    (void)state;
    struct step step = {.type = EVENT_BALLOT, .n = 1, .record = {SPAN_LIT("{\"election_hash\":\"h\"")}};
    assert_refused(&whole, 1, &step, P1_ERR_JSON);
}

static void same_ballot_twice_is_refused(void **state) {
    (void)state;
    assert_refused(&whole, 2, &whole.step[1], P1_ERR_BALLOT_TWICE);
}

static void old_ballot_over_a_newer_one_is_refused(void **state) {
    (void)state;
    assert_refused(&whole, 4, &whole.step[1], P1_ERR_BALLOT_TWICE);
}

static void refused_ballot_leaves_the_box_as_it_was(void **state) {
    (void)state;
    struct box *b = box_of(&whole, 4);
    char text[256];
    struct step step = bare_ballot(text, SPAN_LIT("1"));
    assert_int_equal(apply_step(b, &step), P1_ERR_ELEM_FORM);
    assert_int_equal(apply_step(b, &whole.step[1]), P1_ERR_BALLOT_TWICE);
    assert_int_equal(b->ballots, 3);
    assert_int_equal(b->counted, 2);
    assert_ptr_equal(b->voters[0].ballot, whole.step[3].record[0].p);
    assert_int_equal(apply_step(b, &step), P1_ERR_ELEM_FORM); // not "twice": it is not in the box
    free_box(b);
}

static void seventy_thousand_ballots_are_all_remembered(void **state) {
    (void)state;
    enum { BALLOTS = 70000, ROOM = 256 };
    struct script s = setup_alone(singles);
    struct box *b = box_of(&s, 1);
    char(*text)[ROOM] = calloc(BALLOTS, sizeof *text);
    assert_non_null(text);
    for (unsigned i = 0; i < BALLOTS; i++) {
        struct step step = bare_ballot(text[i], elem_span(&singles->credential[2]));
        struct span *ballot = &step.record[0];
        ballot->n += (size_t)snprintf(text[i] + ballot->n, ROOM - ballot->n, "%u", i);
        assert_int_equal(apply_step(b, &step), P1_OK);
        if (i % 100 == 0) assert_int_equal(apply_step(b, &step), P1_ERR_BALLOT_TWICE);
    }
    assert_int_equal(b->ballots, BALLOTS);
    assert_int_equal(b->counted, 1);
    assert_int_equal(b->voters[2].ballots, UINT16_MAX);
    for (unsigned i = 0; i < BALLOTS; i++) {
        const struct step step = {.type = EVENT_BALLOT, .n = 1, .record = {span_str(text[i])}};
        assert_int_equal(apply_step(b, &step), P1_ERR_BALLOT_TWICE);
    }
    assert_int_equal(b->ballots, BALLOTS);
    free_box(b);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_archive_is_read_to_its_result),
        cmocka_unit_test(every_event_is_refused_in_every_stage_but_its_own),
        cmocka_unit_test(any_two_neighbours_of_different_type_that_change_places_are_refused),
        cmocka_unit_test(share_after_the_result_is_refused),
        cmocka_unit_test(error_tells_where_the_wrong_event_begins),
        cmocka_unit_test(archive_that_is_none_or_torn_is_not_read),
        cmocka_unit_test(setup_with_a_record_that_it_does_not_name_is_refused),
        cmocka_unit_test(setup_data_in_another_form_is_refused),
        cmocka_unit_test(setup_with_a_certificate_of_the_registrar_is_read),
        cmocka_unit_test(a_fifth_record_that_the_setup_does_not_name_is_refused),
        cmocka_unit_test(trustees_that_do_not_multiply_to_the_key_are_refused),
        cmocka_unit_test(trustee_with_a_wrong_proof_is_refused_and_named),
        cmocka_unit_test(election_that_is_not_supported_is_said_before_all_else),
        cmocka_unit_test(credentials_out_of_order_are_refused),
        cmocka_unit_test(credential_that_is_listed_twice_is_refused),
        cmocka_unit_test(weight_that_is_not_a_positive_number_is_refused),
        cmocka_unit_test(comma_with_nothing_behind_it_is_refused),
        cmocka_unit_test(weights_that_add_up_to_too_much_are_refused),
        cmocka_unit_test(names_and_weights_behind_credentials_are_read),
        cmocka_unit_test(list_with_names_alone_has_no_weights),
        cmocka_unit_test(list_without_voters_is_refused),
        cmocka_unit_test(credential_that_is_empty_or_too_long_is_refused),
        cmocka_unit_test(credentials_of_equal_length_that_are_none_are_not_mixed_up),
        cmocka_unit_test(list_in_another_form_is_refused),
        cmocka_unit_test(nobody_else_is_found_on_the_roll),
        cmocka_unit_test(last_ballot_of_a_voter_counts_with_its_weight),
        cmocka_unit_test(ballot_with_a_credential_that_is_not_on_the_list_is_refused),
        cmocka_unit_test(ballot_with_a_credential_that_is_none_is_refused_for_that),
        cmocka_unit_test(ballot_in_another_form_is_refused),
        cmocka_unit_test(same_ballot_twice_is_refused),
        cmocka_unit_test(old_ballot_over_a_newer_one_is_refused),
        cmocka_unit_test(refused_ballot_leaves_the_box_as_it_was),
        cmocka_unit_test(seventy_thousand_ballots_are_all_remembered),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
