// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Archives in which one thing is wrong, made with all private keys at hand so that everything else fits: each is found, and the
// last line says where.

#include "board/check.h"

#include "core/sha256.h"
#include "tests/unit/check_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

// Where the events of the sample stand.
enum { BALLOT = 1, LAST_BALLOT = 13, END = 14, TALLY = 15, SHARE = 16, RESULT = 18 };

static int setup(void **state) {
    (void)state;
    sample_start(3);
    return 0;
}

// The file is refused with this code, said in the last line and in no other, with this in its place.
static void assert_file_refused(struct span file, enum p1_err why, enum check_category category, const char *id,
                                const char *place) {
    struct judged *j = judge(file, NULL);
    assert_true(j->n > 0);
    const struct check_line *last = &j->line[j->n - 1];
    assert_int_equal(j->err, why);
    assert_int_equal(lines_with(j, CHECK_FAILED), 1);
    assert_int_equal(last->status, CHECK_FAILED);
    assert_int_equal(last->err, why);
    assert_int_equal(last->category, category);
    assert_string_equal(last->id, id);
    assert_string_equal(last->text, p1_err_text(why));
    assert_non_null(strstr(last->place, place));
    free_judged(j);
}

static void assert_refused(const struct script *s, enum p1_err why, enum check_category category, const char *id,
                           const char *place) {
    struct span file = script_write(s, s->n);
    assert_file_refused(file, why, category, id, place);
    span_free(file);
}

// The sample's votes alone.
static struct script votes(const struct script *sample) {
    struct script s = *sample;
    s.n = END;
    return s;
}

// ---- the tally ----

// The script is finished with the tally of OTHER, and all that follows from it.
static void finish_with_tally_of(struct script *s, struct made *m, const struct script *other, const char *result) {
    struct ciphertext tally[TEST_CHOICES_MAX];
    struct sized_tally figures;
    made_tally(m, other, tally, &figures);
    add_end(s);
    add_tally(s, m, tally, &figures);
    for (unsigned i = 0; i < 2; i++) add_right_share(s, m, i);
    add_result(s, m, result);
}

static void tally_that_leaves_a_ballot_out_is_found(void **state) {
    (void)state;
    struct script s = votes(&whole), other = s;
    script_remove(&other, LAST_BALLOT); // "1000 01"
    finish_with_tally_of(&s, singles, &other, "{\"result\":[[2,4,4,3],[6,4]]}");
    assert_refused(&s, P1_ERR_TALLY, CHECK_EVIDENCE, "tally", "the encrypted tally");
}

static void tally_that_counts_a_replaced_ballot_is_found(void **state) {
    (void)state;
    struct script s = votes(&whole), other = s;
    script_remove(&other, LAST_BALLOT - 1); // of voter 1, who voted "0010 10" before "0110 10"
    finish_with_tally_of(&s, singles, &other, "{\"result\":[[3,3,4,3],[6,5]]}");
    assert_refused(&s, P1_ERR_TALLY, CHECK_EVIDENCE, "tally", "");
}

static void tally_that_counts_a_ballot_which_is_not_in_the_box_is_found(void **state) {
    (void)state;
    struct script s = votes(&whole), other = s;
    add_ballot(&other, made_ballot(singles, 11, "0001 01", 0));
    finish_with_tally_of(&s, singles, &other, "{\"result\":[[3,4,4,4],[6,6]]}");
    assert_refused(&s, P1_ERR_TALLY, CHECK_EVIDENCE, "tally", "");
}

static void tally_with_one_more_vote_is_found(void **state) {
    (void)state;
    struct script s = votes(&whole);
    struct ciphertext tally[TEST_CHOICES_MAX];
    struct sized_tally figures;
    const struct group *g = &singles->election.group;
    made_tally(singles, &s, tally, &figures);
    elem_mul_ct(g, &tally[4].beta, &tally[4].beta, &g->g, &singles->work);
    add_end(&s);
    add_tally(&s, singles, tally, &figures);
    for (unsigned i = 0; i < 2; i++) add_right_share(&s, singles, i);
    add_result(&s, singles, "{\"result\":[[3,4,4,3],[7,5]]}");
    assert_refused(&s, P1_ERR_TALLY, CHECK_EVIDENCE, "tally", "");
}

static void tally_without_weights_is_found(void **state) {
    (void)state;
    struct script s = votes(&whole_set);
    struct ciphertext tally[TEST_CHOICES_MAX];
    struct sized_tally figures = {.ballots = 11, .weight = 22};
    const struct modulus *q = &set->election.group.q;
    tally_init(&set->election, tally);
    for (unsigned i = BALLOT; i <= LAST_BALLOT; i++) {
        struct ballot ballot;
        struct ciphertext one[TEST_CHOICES_MAX];
        if (i == BALLOT || i == BALLOT + 1) continue; // replaced
        assert_int_equal(ballot_parse(&ballot, q, s.step[i].record[0]), P1_OK);
        assert_int_equal(ballot_choices(&set->election, &ballot, one, &set->work), P1_OK);
        tally_add(&set->election, tally, one, 1, &set->work);
    }
    add_end(&s);
    add_tally(&s, set, tally, &figures);
    assert_refused(&s, P1_ERR_TALLY, CHECK_EVIDENCE, "tally", "");
}

// The sample with other figures of a right tally.
static void assert_figures_refused(uint64_t ballots, uint64_t weight, enum p1_err why, const char *place) {
    struct script s = votes(&whole_set);
    struct ciphertext tally[TEST_CHOICES_MAX];
    struct sized_tally figures;
    made_tally(set, &s, tally, &figures);
    figures.ballots = ballots;
    figures.weight = weight;
    add_end(&s);
    add_tally(&s, set, tally, &figures);
    assert_refused(&s, why, CHECK_CONSISTENCY, "tally.figures", place);
}

static void wrong_number_of_ballots_is_found(void **state) {
    (void)state;
    assert_figures_refused(13, 22, P1_ERR_TALLY_COUNT, "13 instead of 11");
    assert_figures_refused(0, 22, P1_ERR_TALLY_COUNT, "0 instead of 11");
}

static void wrong_total_weight_is_found(void **state) {
    (void)state;
    assert_figures_refused(11, 11, P1_ERR_TALLY_WEIGHT, "11 instead of 22");
    assert_figures_refused(11, (uint64_t)1 << 30, P1_ERR_TALLY_WEIGHT, "1073741824 instead of 22");
}

// A right tally's text is changed.
static void assert_tally_text_refused(const char *old, const char *new, enum p1_err why, enum check_category category,
                                      const char *id) {
    struct script s = whole;
    struct sized_tally figures = {.ballots = 11, .weight = 11};
    uint8_t text[200];
    struct buf b = buf_over(text, sizeof text);
    struct span tally = span_replace(s.step[TALLY].record[0], old, new);
    sha256(figures.tally, tally);
    sized_tally_write(&figures, &b);
    s.n = TALLY + 1;
    s.step[TALLY].record[0] = tally;
    s.step[TALLY].record[1] = buf_span(&b);
    assert_refused(&s, why, category, id, "the encrypted tally");
    span_free(tally);
}

static void tally_in_another_form_is_found(void **state) {
    (void)state;
    assert_tally_text_refused("\"}],[{", "\"},{", P1_ERR_TALLY_FORM, CHECK_EVIDENCE, "tally");
    assert_tally_text_refused("\"}]]", "\"}],[]]", P1_ERR_TALLY_FORM, CHECK_EVIDENCE, "tally");
    assert_tally_text_refused("\"}]]", "\"}]] ", P1_ERR_JSON_TRAILING, CHECK_INTEGRITY, "encodings");
    assert_tally_text_refused("{\"alpha\":\"", "{\"alpha\":\"0", P1_ERR_ELEM_FORM, CHECK_INTEGRITY, "encodings");
}

// ---- shares and result ----

static void bad_share_without_enough_others_is_found(void **state) {
    (void)state;
    struct script s = whole;
    s.n = SHARE;
    add_right_share(&s, singles, 0);
    add_share(&s, singles, 2, made_share(singles, &s, 0)); // another trustee's
    assert_refused(&s, P1_ERR_SHARE, CHECK_EVIDENCE, "shares", "trustee 2");
    add_result(&s, singles, COLOURS_RESULT);
    assert_refused(&s, P1_ERR_SHARE, CHECK_EVIDENCE, "shares", "trustee 2");

    s = whole_set;
    s.n = SHARE;
    add_share(&s, set, 1, made_share(set, &s, 2));
    add_right_share(&s, set, 1);
    assert_refused(&s, P1_ERR_SHARE, CHECK_EVIDENCE, "shares", "trustee 1");
}

static void share_for_another_tally_is_found(void **state) {
    (void)state;
    struct script s = whole, other = {.n = 0};
    add_setup(&other, singles);
    add_count(&other, singles, 3, NULL);
    s.n = SHARE;
    add_share(&s, singles, 1, other.step[3].record[0]);
    add_right_share(&s, singles, 1);
    assert_refused(&s, P1_ERR_SHARE, CHECK_EVIDENCE, "shares", "trustee 1");
}

static void share_in_another_form_is_found(void **state) {
    (void)state;
    static const struct {
        const char *old, *new, *id;
        enum p1_err why;
        enum check_category category;
    } bad[] = {{"\"],[\"", "\",\"", "shares", P1_ERR_SHARE_FORM, CHECK_EVIDENCE},
               {"\"}],[{", "\"},{", "shares", P1_ERR_SHARE_FORM, CHECK_EVIDENCE},
               {"{\"decryption_factors\"", "{\"factors\"", "encodings", P1_ERR_JSON, CHECK_INTEGRITY},
               {"]]}", "]]}}", "encodings", P1_ERR_JSON_TRAILING, CHECK_INTEGRITY}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct script s = whole;
        struct span share = span_replace(s.step[SHARE].record[0], bad[i].old, bad[i].new);
        s.n = SHARE;
        add_share(&s, singles, 1, share);
        assert_refused(&s, bad[i].why, bad[i].category, bad[i].id, "trustee 1");
        span_free(share);
    }
}

static void result_without_enough_shares_is_found(void **state) {
    (void)state;
    for (unsigned shares = 0; shares < 3; shares++) {
        struct script s = votes(&whole);
        add_count(&s, singles, shares, COLOURS_RESULT);
        assert_refused(&s, P1_ERR_SHARES_MISSING, CHECK_COMPLETENESS, "shares", "");
    }
    struct script s = votes(&whole_set);
    add_count(&s, set, 4, COLOURS_RESULT_TWOFOLD);
    assert_refused(&s, P1_ERR_SHARES_MISSING, CHECK_COMPLETENESS, "shares", "");
}

static void assert_result_refused(const char *result, enum p1_err why, enum check_category category, const char *id,
                                  const char *place) {
    struct script s = whole;
    s.n = RESULT;
    add_result(&s, singles, result);
    assert_refused(&s, why, category, id, place);
}

static void wrong_result_is_found_and_the_choice_named(void **state) {
    (void)state;
    assert_result_refused("{\"result\":[[2,4,4,3],[6,5]]}", P1_ERR_RESULT, CHECK_EVIDENCE, "result", "choice 1");
    assert_result_refused("{\"result\":[[3,4,4,3],[5,6]]}", P1_ERR_RESULT, CHECK_EVIDENCE, "result", "choice 5");
    assert_result_refused("{\"result\":[[3,4,4,3],[6,4]]}", P1_ERR_RESULT, CHECK_EVIDENCE, "result", "choice 6");
}

static void result_in_another_form_is_found(void **state) {
    (void)state;
    assert_result_refused("{\"result\":[[3,4,4,3],[6]]}", P1_ERR_RESULT_FORM, CHECK_EVIDENCE, "result", "");
    assert_result_refused("{\"result\":[[3,4,4,3],[6,5],[1]]}", P1_ERR_RESULT_FORM, CHECK_EVIDENCE, "result", "");
    assert_result_refused("{\"result\":[[3,4,4,3,6,5]]}", P1_ERR_RESULT_FORM, CHECK_EVIDENCE, "result", "");
    assert_result_refused("", P1_ERR_JSON, CHECK_INTEGRITY, "encodings", "");
    assert_result_refused("{\"result\":[[03,4,4,3],[6,5]]}", P1_ERR_JSON_NUMBER, CHECK_INTEGRITY, "encodings", "");
}

// ---- ballots ----

// The Nth response of a ballot gets another first digit, with the signature as it was.
static struct span with_response_changed(struct span ballot, unsigned nth) {
    struct span copy = made_keep(singles, ballot);
    size_t at = 0;
    for (unsigned i = 0; i <= nth; i++) at = span_find(copy, at, "\"response\":\"") + 12;
    uint8_t *digit = (uint8_t *)copy.p + at;
    *digit = *digit == '1' ? '2' : '1';
    return copy;
}

static void every_proof_of_a_ballot_is_checked(void **state) {
    (void)state;
    // Two for each of four choices; three for 1 or 2 choices or blank; two for blank; two for each of two choices; one for 1;
    // the signature.
    for (unsigned nth = 0; nth < 19; nth++) {
        struct script s = votes(&whole);
        struct span *ballot = &s.step[BALLOT + nth % 13].record[0];
        int overall = (nth >= 8 && nth < 11) || nth == 17, blank = nth == 11 || nth == 12, signature = nth == 18;
        *ballot = with_response_changed(*ballot, nth);
        assert_refused(&s,
                       signature ? P1_ERR_BALLOT_SIGNATURE
                       : blank   ? P1_ERR_BALLOT_BLANK
                       : overall ? P1_ERR_BALLOT_OVERALL
                                 : P1_ERR_BALLOT_INDIVIDUAL,
                       signature ? CHECK_AUTHENTICITY : CHECK_EVIDENCE,
                       signature ? "ballots.signatures" : "ballots.proofs", "ballot ");
    }
}

static void wrong_ballot_is_found_also_if_it_was_replaced(void **state) {
    (void)state;
    struct script s = whole;
    s.step[BALLOT].record[0] = with_response_changed(s.step[BALLOT].record[0], 0);
    assert_refused(&s, P1_ERR_BALLOT_INDIVIDUAL, CHECK_EVIDENCE, "ballots.proofs", ", event 1, byte ");
}

static void place_of_a_wrong_ballot_gives_its_tracker(void **state) {
    (void)state;
    struct script s = whole;
    char place[100], tracker[P1_HASH64];
    struct span bad = with_response_changed(s.step[BALLOT + 5].record[0], 18);
    hash64(tracker, bad);
    snprintf(place, sizeof place, "ballot %.*s, event 6, byte ", P1_HASH64, tracker);
    s.step[BALLOT + 5].record[0] = bad;
    assert_refused(&s, P1_ERR_BALLOT_SIGNATURE, CHECK_AUTHENTICITY, "ballots.signatures", place);
}

static void ballot_of_another_election_is_found(void **state) {
    (void)state;
    struct script s = whole;
    struct span ballot = s.step[BALLOT].record[0], other = span_replace(ballot, COLOURS_UUID, "TestBoxAnother");
    s.step[BALLOT].record[0] = other;
    assert_refused(&s, P1_ERR_BALLOT_ELECTION, CHECK_CONSISTENCY, "ballots.election", "event 1");
    span_free(other);
}

static void ballot_of_somebody_who_is_not_on_the_list_is_found(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    struct script s = votes(&whole);
    singles->voters--; // the last one is left out
    s.step[0] = made_setup(singles, r[0], r[1], made_credentials(singles, NULL));
    singles->voters++;
    add_ballot(&s, made_ballot(singles, 11, "0100 10", 0));
    assert_refused(&s, P1_ERR_BALLOT_STRANGER, CHECK_AUTHENTICITY, "ballots.signatures", "event 14 (Ballot)");
}

static void ballot_that_is_there_twice_is_found(void **state) {
    (void)state;
    struct script s = votes(&whole);
    add_ballot(&s, s.step[BALLOT].record[0]); // a replay over the newer ballot of the same voter
    assert_refused(&s, P1_ERR_BALLOT_TWICE, CHECK_CONSISTENCY, "ballots.once", "event 14 (Ballot)");
}

// ---- events and records ----

static void events_out_of_order_are_found(void **state) {
    (void)state;
    struct script s = whole;
    script_swap(&s, LAST_BALLOT, END);
    assert_refused(&s, P1_ERR_EVENT_ORDER, CHECK_CONSISTENCY, "events", "event 14 (Ballot)");
    s = whole;
    script_add(&s, &s.step[RESULT]);
    assert_refused(&s, P1_ERR_EVENT_ORDER, CHECK_CONSISTENCY, "events", "event 19 (Result)");
}

static void owner_of_a_share_that_is_wrong_is_found(void **state) {
    (void)state;
    struct script s = whole;
    s.n = SHARE;
    add_share(&s, singles, 3, made_share(singles, &s, 0));
    assert_refused(&s, P1_ERR_SHARE_OWNER, CHECK_CONSISTENCY, "shares.owners", "event 16");
    s.n = SHARE;
    add_right_share(&s, singles, 1);
    add_right_share(&s, singles, 1);
    assert_refused(&s, P1_ERR_SHARE_TWICE, CHECK_CONSISTENCY, "shares.owners", "event 17");
}

static void chain_that_is_broken_is_found(void **state) {
    (void)state;
    struct span file = script_write(&whole, whole.n), whole_file = span_copy(file, 0);
    uint8_t *p = (uint8_t *)file.p;
    struct span two = script_write(&whole, 2), three = script_write(&whole, 3);
    // The second ballot is cut out.
    memmove(p + two.n, p + three.n, file.n - three.n);
    assert_file_refused(span_of(p, file.n - (three.n - two.n)), P1_ERR_EVENT_PARENT, CHECK_CONSISTENCY, "events",
                        "event 2");
    memcpy(p, whole_file.p, file.n);
    p[two.n + 600] ^= 1; // within it
    assert_file_refused(file, P1_ERR_RECORD_HASH, CHECK_INTEGRITY, "records", "event 2");
    memcpy(p, whole_file.p, file.n);
    p[two.n + 140] ^= 1; // its time
    assert_file_refused(file, P1_ERR_ARCHIVE_HEADER, CHECK_INTEGRITY, "records", "event 2");
    span_free(file);
    span_free(whole_file);
    span_free(two);
    span_free(three);
}

static void archive_that_is_torn_none_or_empty_is_found(void **state) {
    (void)state;
    struct span file = script_write(&whole, whole.n), empty = script_write(&whole, 0);
    assert_file_refused(span_of(file.p, file.n - 1), P1_ERR_ARCHIVE_TORN, CHECK_COMPLETENESS, "archive.end",
                        "event 18");
    assert_file_refused(span_from(file, 512), P1_ERR_ARCHIVE_NOT, CHECK_COMPLETENESS, "archive", "the first record");
    assert_file_refused(empty, P1_ERR_ARCHIVE_TORN, CHECK_COMPLETENESS, "archive.end", "there is no setup");
    span_free(file);
    span_free(empty);
}

// ---- setup ----

static void assert_setup_refused(struct span election, struct span trustees, struct span credentials, enum p1_err why,
                                 enum check_category category, const char *id, const char *place) {
    struct script s = {.n = 1};
    s.step[0] = made_setup(singles, election, trustees, credentials);
    assert_refused(&s, why, category, id, place);
}

static void setup_that_names_other_records_is_found(void **state) {
    (void)state;
    struct script s = whole;
    s.step[0].record[3] = set->setup.record[3];
    assert_refused(&s, P1_ERR_SETUP_RECORDS, CHECK_CONSISTENCY, "events", "event 0 (Setup)");
}

static void trustees_that_do_not_belong_to_the_election_are_found(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    assert_setup_refused(r[0], set->setup.record[1], r[2], P1_ERR_ELECTION_KEY, CHECK_CONSISTENCY, "election.key", "");
}

static void trustee_with_a_wrong_proof_is_found_and_named(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    struct span bad = with_response_changed(r[1], 1);
    assert_setup_refused(r[0], bad, r[2], P1_ERR_TRUSTEE_POK, CHECK_AUTHENTICITY, "trustees", "trustee 2");
}

static void list_of_credentials_that_is_wrong_is_found(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    const char *const weights[12] = {",0"};
    struct span list = made_keep(singles, r[2]), first = span_of(list.p + 2, 64), second = span_of(list.p + 69, 64);
    uint8_t kept[64];
    memcpy(kept, first.p, 64);
    memcpy((uint8_t *)first.p, second.p, 64);
    assert_setup_refused(r[0], r[1], list, P1_ERR_CREDENTIALS_TWICE, CHECK_CONSISTENCY, "credentials", "event 0");
    memcpy((uint8_t *)second.p, kept, 64);
    assert_setup_refused(r[0], r[1], list, P1_ERR_CREDENTIALS_ORDER, CHECK_CONSISTENCY, "credentials", "event 0");
    assert_setup_refused(r[0], r[1], SPAN_LIT("[]"), P1_ERR_CREDENTIALS_COUNT, CHECK_CONSISTENCY, "credentials", "");
    singles->voters = 1;
    list = made_credentials(singles, weights);
    singles->voters = 12;
    assert_setup_refused(r[0], r[1], list, P1_ERR_CREDENTIALS_WEIGHT, CHECK_CONSISTENCY, "credentials", "");
}

static void election_that_contradicts_itself_is_found(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    static const struct {
        const char *old, *new, *id;
        enum p1_err why;
        enum check_category category;
    } bad[] = {{"\"max\":2", "\"max\":0", "election", P1_ERR_ELECTION_QUESTION, CHECK_CONSISTENCY},
               {COLOURS_UUID, "short", "election", P1_ERR_ELECTION_UUID, CHECK_CONSISTENCY},
               {"\"public_key\":\"", "\"public_key\":\"0", "encodings", P1_ERR_ELEM_FORM, CHECK_INTEGRITY}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct span election = span_replace(r[0], bad[i].old, bad[i].new);
        assert_setup_refused(election, r[1], r[2], bad[i].why, bad[i].category, bad[i].id, "event 0 (Setup)");
        span_free(election);
    }
}

// Everybody could vote with it.
static void credential_that_is_the_identity_is_found(void **state) {
    (void)state;
    const struct span *r = singles->setup.record;
    struct elem identity;
    struct elem_text t;
    char list[80];
    elem_identity(&singles->election.group, &identity);
    elem_encode(&singles->election.group, &t, &identity, 1, &singles->work);
    snprintf(list, sizeof list, "[\"%.*s\"]", t.n, (const char *)t.p);
    assert_setup_refused(r[0], r[1], span_str(list), P1_ERR_ELEM_IDENTITY, CHECK_INTEGRITY, "encodings",
                         "public credential 1");
}

// ---- many ballots and voters ----

// One choice, so that ballots are small; the check reads 512 of them at once, and 64 credentials.
static const struct plan plan_bulk = {.uuid = "TestBoxBuLk111",
                                      .questions =
                                          "[{\"answers\":[\"Ja\"],\"min\":0,\"max\":1,\"question\":\"Mag het?\"}]",
                                      .voters = 70};

// N right ballots, and one that is cut off.
static struct span bulk_archive(const struct made *m, const struct span *ballots, unsigned n) {
    struct chain c;
    static uint8_t memory[520 * 4096];
    struct buf out = buf_over(memory, sizeof memory);
    struct span bad = span_of(ballots[n].p, ballots[n].n - 1);
    assert_int_equal(chain_create(&c, TEST_TIME, &out), P1_OK);
    assert_int_equal(chain_write(&c, EVENT_SETUP, m->setup.record, m->setup.n, &out), P1_OK);
    for (unsigned i = 0; i < n; i++) assert_int_equal(chain_write(&c, EVENT_BALLOT, &ballots[i], 1, &out), P1_OK);
    assert_int_equal(chain_write(&c, EVENT_BALLOT, &bad, 1, &out), P1_OK);
    return buf_span(&out);
}

static void wrong_ballot_is_found_at_the_edges_of_a_batch(void **state) {
    (void)state;
    static struct span ballots[514];
    static const unsigned good[] = {0, 511, 512, 513};
    struct made *m = made_new(&plan_bulk);
    for (unsigned i = 0; i < 514; i++) ballots[i] = made_ballot(m, i % m->voters, i % 3 ? "1" : "0", i);
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++) {
        char place[30];
        snprintf(place, sizeof place, ", event %u, byte ", good[i] + 1);
        assert_file_refused(bulk_archive(m, ballots, good[i]), P1_ERR_JSON, CHECK_INTEGRITY, "encodings", place);
    }
    made_free(m);
}

// The credential at AT is no longer in the group, and the list is still sorted. Why it is not?
static enum p1_err spoil(struct made *m, struct span list, unsigned at) {
    struct elem ignored;
    struct span one = span_of(list.p + 2 + 67 * at, 64);
    enum p1_err err;
    do { // the first digits weigh least in the order of the list
        uint8_t *digit = (uint8_t *)one.p;
        *digit = *digit == '9' ? 'a' : *digit == 'f' ? '0' : (uint8_t)(*digit + 1);
        err = elem_decode(&m->election.group, &ignored, one, &m->work);
    } while (err == P1_OK);
    return err;
}

static void assert_list_refused(struct made *m, struct span list, enum p1_err why, unsigned at) {
    struct script s = {.n = 1};
    char place[40];
    snprintf(place, sizeof place, "public credential %u", at + 1);
    s.step[0] = made_setup(m, m->setup.record[0], m->setup.record[1], list);
    assert_refused(&s, why, CHECK_INTEGRITY, "encodings", place);
}

static void credential_that_is_not_in_the_group_is_found_wherever_it_stands(void **state) {
    (void)state;
    static const unsigned at[] = {0, 62, 63, 64, 69};
    struct made *m = made_new(&plan_bulk);
    for (unsigned i = 0; i < sizeof at / sizeof *at; i++) {
        struct span list = made_credentials(m, NULL);
        assert_list_refused(m, list, spoil(m, list, at[i]), at[i]);
    }
    made_free(m);
}

// As check.c says of itself: else two auditors may read two reports.
static void first_of_several_credentials_that_are_not_in_the_group_is_named(void **state) {
    (void)state;
    struct made *m = made_new(&plan_bulk);
    struct span list = made_credentials(m, NULL);
    enum p1_err why = spoil(m, list, 7);
    (void)spoil(m, list, 65);
    assert_list_refused(m, list, why, 7);
    made_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tally_that_leaves_a_ballot_out_is_found),
        cmocka_unit_test(tally_that_counts_a_replaced_ballot_is_found),
        cmocka_unit_test(tally_that_counts_a_ballot_which_is_not_in_the_box_is_found),
        cmocka_unit_test(tally_with_one_more_vote_is_found),
        cmocka_unit_test(tally_without_weights_is_found),
        cmocka_unit_test(wrong_number_of_ballots_is_found),
        cmocka_unit_test(wrong_total_weight_is_found),
        cmocka_unit_test(tally_in_another_form_is_found),
        cmocka_unit_test(bad_share_without_enough_others_is_found),
        cmocka_unit_test(share_for_another_tally_is_found),
        cmocka_unit_test(share_in_another_form_is_found),
        cmocka_unit_test(result_without_enough_shares_is_found),
        cmocka_unit_test(wrong_result_is_found_and_the_choice_named),
        cmocka_unit_test(result_in_another_form_is_found),
        cmocka_unit_test(every_proof_of_a_ballot_is_checked),
        cmocka_unit_test(wrong_ballot_is_found_also_if_it_was_replaced),
        cmocka_unit_test(place_of_a_wrong_ballot_gives_its_tracker),
        cmocka_unit_test(ballot_of_another_election_is_found),
        cmocka_unit_test(ballot_of_somebody_who_is_not_on_the_list_is_found),
        cmocka_unit_test(ballot_that_is_there_twice_is_found),
        cmocka_unit_test(events_out_of_order_are_found),
        cmocka_unit_test(owner_of_a_share_that_is_wrong_is_found),
        cmocka_unit_test(chain_that_is_broken_is_found),
        cmocka_unit_test(archive_that_is_torn_none_or_empty_is_found),
        cmocka_unit_test(setup_that_names_other_records_is_found),
        cmocka_unit_test(trustees_that_do_not_belong_to_the_election_are_found),
        cmocka_unit_test(trustee_with_a_wrong_proof_is_found_and_named),
        cmocka_unit_test(list_of_credentials_that_is_wrong_is_found),
        cmocka_unit_test(election_that_contradicts_itself_is_found),
        cmocka_unit_test(credential_that_is_the_identity_is_found),
        cmocka_unit_test(wrong_ballot_is_found_at_the_edges_of_a_batch),
        cmocka_unit_test(credential_that_is_not_in_the_group_is_found_wherever_it_stands),
        cmocka_unit_test(first_of_several_credentials_that_are_not_in_the_group_is_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
