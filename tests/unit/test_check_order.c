// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Who holds the server leaves events out, doubles them, exchanges them, or takes ballots for others, and makes the chain right again.
// What an archive alone cannot show, an older copy of it does.

#include "tests/unit/check_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

// Where the events of the sample stand. Voters 0 and 1 vote twice.
enum { BALLOT = 1, AGAIN_0 = 8, AGAIN_1 = 12, LAST_BALLOT = 13, END = 14, TALLY = 15, SHARE = 16, RESULT = 18, ALL };

static int setup(void **state) {
    (void)state;
    sample_start(3);
    return 0;
}

static void keep_line(struct checker *c, const struct check_line *line) {
    struct judged *j = (struct judged *)c; // its first field
    j->line[j->n++] = *line;
}

// With an older copy (p null: none), or what an earlier check remembers (null: nothing).
static struct judged *judge_later(struct span file, struct span previous, const struct checked *earlier) {
    struct judged *j = calloc(1, sizeof *j);
    assert_non_null(j);
    j->checker = (struct checker){.runner = plain_runner(), .line = keep_line, .previous = previous};
    if (earlier) j->checker.earlier = *earlier;
    j->box = new_box();
    j->err = check_archive(&j->checker, j->box, file, j->counts);
    return j;
}

static enum p1_err check(const struct script *s, unsigned n, struct span previous, const struct checked *earlier,
                         struct check_line *last) {
    struct span file = script_write(s, n);
    struct judged *j = judge_later(file, previous, earlier);
    enum p1_err err = j->err;
    if (last) *last = *(err == P1_OK ? line_of(j, earlier ? "earlier" : "previous") : &j->line[j->n - 1]);
    free_judged(j);
    span_free(file);
    return err;
}

static enum p1_err verdict(const struct script *s) { return check(s, s->n, (struct span){0}, NULL, NULL); }

// ---- what the archive shows by itself ----

// Ballots that were replaced do not count, so nothing follows from them.
static int is_replaced(unsigned event) { return event == BALLOT || event == BALLOT + 1; }

static int is_ballot(unsigned event) { return event >= BALLOT && event <= LAST_BALLOT; }

static void no_event_that_counts_can_be_left_out(void **state) {
    (void)state;
    for (unsigned i = 0; i + 1 < ALL; i++) {
        struct script s = whole;
        script_remove(&s, i);
        enum p1_err why = is_replaced(i) ? P1_OK
                          : is_ballot(i) ? P1_ERR_TALLY
                          : i >= SHARE   ? P1_ERR_SHARES_MISSING
                                         : P1_ERR_EVENT_ORDER;
        assert_string_equal(p1_err_name(verdict(&s)), p1_err_name(why));
    }
}

static void no_event_can_be_doubled(void **state) {
    (void)state;
    for (unsigned i = 0; i < ALL; i++) {
        struct script s = whole;
        script_add(&s, &s.step[i]);
        for (unsigned at = s.n - 1; at > i + 1; at--) script_swap(&s, at, at - 1); // right behind itself
        enum p1_err why = is_ballot(i)                   ? P1_ERR_BALLOT_TWICE
                          : i == SHARE || i == SHARE + 1 ? P1_ERR_SHARE_TWICE
                                                         : P1_ERR_EVENT_ORDER;
        assert_string_equal(p1_err_name(verdict(&s)), p1_err_name(why));
    }
}

static void no_two_events_of_different_kinds_can_be_exchanged(void **state) {
    (void)state;
    for (unsigned i = 0; i < ALL; i++) {
        for (unsigned k = i + 1; k < ALL; k++) {
            struct script s = whole;
            if (s.step[i].type == s.step[k].type) continue;
            script_swap(&s, i, k);
            assert_string_equal(p1_err_name(verdict(&s)), "ERR_EVENT_ORDER");
        }
    }
}

static void old_ballot_over_the_newer_one_of_its_voter_is_found(void **state) {
    (void)state;
    struct script s = whole;
    script_swap(&s, BALLOT, AGAIN_0);
    assert_int_equal(verdict(&s), P1_ERR_TALLY);
    s = whole;
    script_swap(&s, BALLOT + 1, AGAIN_1);
    assert_int_equal(verdict(&s), P1_ERR_TALLY);
    s = whole; // once more, instead of the newer one
    s.step[AGAIN_0] = s.step[BALLOT];
    assert_int_equal(verdict(&s), P1_ERR_BALLOT_TWICE);
}

static void ballot_cannot_be_taken_for_another_voter(void **state) {
    (void)state;
    char old[P1_ELEM_TEXT + 1], new[P1_ELEM_TEXT + 1];
    struct script s = {.n = 0};
    add_setup(&s, singles);
    struct span ballot = made_ballot(singles, 3, "0100 10", 0);
    snprintf(old, sizeof old, "%.64s", (const char *)singles->credential[3].p);
    snprintf(new, sizeof new, "%.64s", (const char *)singles->credential[4].p);
    struct span copy = span_replace(ballot, old, new);
    // Signed by the other one.
    uint8_t text[1 << 14], random[32] = {1};
    char code[P1_HASH64];
    struct buf b = buf_over(text, sizeof text);
    buf_put(&b, span_of(copy.p, span_find(copy, 0, ",\"signature\"")));
    assert_int_equal(ballot_sign_ct(&singles->election, &singles->secret[4], random, code, &b, &singles->work), P1_OK);
    add_ballot(&s, ballot);
    add_ballot(&s, buf_span(&b));
    assert_int_equal(verdict(&s), P1_ERR_BALLOT_INDIVIDUAL);
    span_free(copy);
}

// ---- what only an older copy shows ----

static void older_copy_shows_what_was_left_out_or_exchanged(void **state) {
    (void)state;
    struct span copy = script_write(&whole, 10);
    struct check_line line;
    assert_int_equal(check(&whole, 12, copy, NULL, &line), P1_OK);
    assert_int_equal(line.status, CHECK_OK);
    struct script s = whole;
    script_remove(&s, 4); // a ballot that would count
    s.n = 12;
    assert_int_equal(verdict(&s), P1_OK);
    assert_int_equal(check(&s, 12, copy, NULL, &line), P1_ERR_PREVIOUS_CHANGED);
    assert_string_equal(line.place, "event 4");
    s = whole;
    script_swap(&s, 3, 4); // ballots of two voters
    assert_int_equal(verdict(&s), P1_OK);
    assert_int_equal(check(&s, ALL, copy, NULL, &line), P1_ERR_PREVIOUS_CHANGED);
    assert_string_equal(line.place, "event 3");
    assert_int_equal(check(&whole, 9, copy, NULL, &line), P1_ERR_PREVIOUS_GONE);
    memset((uint8_t *)copy.p, 'x', 600); // no archive at all
    assert_int_equal(check(&whole, ALL, copy, NULL, &line), P1_ERR_PREVIOUS_CHANGED);
    assert_string_equal(line.place, "event 0");
    assert_string_equal(line.id, "previous");
    span_free(copy);
}

static void earlier_check_shows_what_was_left_out_or_exchanged(void **state) {
    (void)state;
    struct span file = script_write(&whole, 10);
    struct chain c;
    struct event ev;
    struct check_line line;
    assert_int_equal(chain_begin(&c, file), P1_OK);
    for (int more = 1; more;) assert_int_equal(chain_next(&c, file, &ev, &more), P1_OK);
    struct checked earlier = {.events = c.height};
    memcpy(earlier.tip, c.tip, 32);
    assert_int_equal(check(&whole, ALL, (struct span){0}, &earlier, &line), P1_OK);
    assert_non_null(strstr(line.text, "after 10 events"));
    struct script s = whole;
    script_remove(&s, 4);
    assert_int_equal(check(&s, 12, (struct span){0}, &earlier, &line), P1_ERR_PREVIOUS_CHANGED);
    assert_string_equal(line.place, "event 9");
    assert_int_equal(check(&whole, 9, (struct span){0}, &earlier, &line), P1_ERR_PREVIOUS_GONE);
    span_free(file);
}

// ---- keys that cancel ----

static struct span cancelling_trustees(struct made *m) {
    struct draws d = {.n = 0};
    uint8_t text[2000];
    struct buf b = buf_over(text, sizeof text);
    sc_sub(&m->election.group.q, &m->key[1], &(struct scalar){{0}}, &m->key[0]);
    for (unsigned i = 0; i < 2; i++) {
        buf_str(&b, i ? ",[\"Single\"," : "[[\"Single\",");
        trustee_key_write(&m->election.group, &m->key[i], NULL, &d, &b, &m->work);
        buf_char(&b, ']');
    }
    buf_char(&b, ']');
    return made_keep(m, buf_span(&b));
}

// Each proves to know its key, but their product is the identity: no secret is needed to open anything.
static void trustees_whose_keys_cancel_are_warned_of(void **state) {
    (void)state;
    struct made *m = made_new(&plan_colours);
    const struct span *r = m->setup.record, trustees = cancelling_trustees(m);
    struct elem identity;
    struct elem_text t;
    char key[P1_ELEM_TEXT + 20], old[P1_ELEM_TEXT + 20];
    struct script s = {.n = 0};
    elem_identity(&m->election.group, &identity);
    elem_encode(&m->election.group, &t, &identity, 1, &m->work);
    snprintf(key, sizeof key, "\"public_key\":\"%.*s", t.n, (const char *)t.p);
    snprintf(old, sizeof old, "%.78s", (const char *)r[0].p + span_find(r[0], 0, "\"public_key\":\""));
    struct span election = span_replace(r[0], old, key);
    const struct step step = made_setup(m, election, trustees, r[2]);
    assert_int_equal(election_parse(&m->election, election, &m->work), P1_OK);
    script_add(&s, &step);
    add_end(&s);
    add_right_tally(&s, m);
    struct span file = script_write(&s, s.n);
    struct judged *j = judge(file, NULL);
    assert_int_equal(j->err, P1_OK);
    assert_non_null(line_of(j, "privacy.key"));
    assert_int_equal(line_of(j, "privacy.key")->status, CHECK_WARNING);
    free_judged(j);
    span_free(file);
    made_free(m);
    span_free(election);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_event_that_counts_can_be_left_out),
        cmocka_unit_test(no_event_can_be_doubled),
        cmocka_unit_test(no_two_events_of_different_kinds_can_be_exchanged),
        cmocka_unit_test(old_ballot_over_the_newer_one_of_its_voter_is_found),
        cmocka_unit_test(ballot_cannot_be_taken_for_another_voter),
        cmocka_unit_test(older_copy_shows_what_was_left_out_or_exchanged),
        cmocka_unit_test(earlier_check_shows_what_was_left_out_or_exchanged),
        cmocka_unit_test(trustees_whose_keys_cancel_are_warned_of),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
