// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Requests for what is held about a code, as the ballot box takes them.

#include "ballotbox/ballotbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/credential.h"
#include "tests/unit/box_sample.h"

#define assert_err(e, expected) assert_string_equal(p1_err_name(e), p1_err_name(expected))
#define assert_ok(e) assert_err(e, P1_OK)

enum { HOUR = 500000, NOW = HOUR * 3600 + 1234 };

static char folder[] = "/tmp/plus1-own-XXXXXX", path[64];
static _Atomic uint64_t clock_now;
static struct ballotbox *bb;
static struct live *l;

static uint64_t now(void *arg) {
    (void)arg;
    return clock_now;
}

static void open_box(void) {
    static const uint8_t seed[32] = "a seed for tests of receipts";
    const struct ballotbox_config config = {
        .path = path, .receipt_seed = seed, .threads = 2, .waiting = 100, .limits = BALLOTBOX_LIMITS, .now = now};
    assert_ok(ballotbox_open(&bb, &config));
    l = ballotbox_find(bb, SPAN_LIT("TestBoxSingLes"));
}

static int begin(void **state) {
    struct db *db;
    unsigned pending;
    if (!mkdtemp(strcpy(folder, "/tmp/plus1-own-XXXXXX"))) return 1;
    (void)snprintf(path, sizeof path, "%s/db", folder);
    clock_now = NOW;
    (void)state;
    singles = made_new(&plan_singles);
    set = made_new(&plan_set);
    if (db_open(&db, path, 1) != P1_OK || db_migrate(db, &rows_migrations, 1, &pending) != P1_OK) return 1;
    db_close(db);
    open_box();
    struct script s = setup_alone(singles);
    struct span archive = script_write(&s, 1), none = {0};
    assert_ok(ballotbox_add(bb, "Emmen", archive, none, none, plain_runner()));
    span_free(archive);
    l = ballotbox_find(bb, SPAN_LIT("TestBoxSingLes"));
    return l ? 0 : 1;
}

static int end(void **state) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    ballotbox_close(bb);
    for (unsigned i = 0; i < 3; i++) {
        char name[96];
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
    return teardown(state) | rmdir(folder);
}

struct asked {
    struct cast cast;
    pthread_mutex_t lock;
    pthread_cond_t done;
    int is_done;
};

static void done(struct cast *c) {
    struct asked *a = c->arg;
    pthread_mutex_lock(&a->lock);
    a->is_done = 1;
    pthread_cond_signal(&a->done);
    pthread_mutex_unlock(&a->lock);
}

static enum p1_err ask(struct span request) {
    struct asked a = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
    a.cast = (struct cast){.json = request, .done = done, .arg = &a};
    TRY(ballotbox_ask_own_data(bb, l, &a.cast));
    pthread_mutex_lock(&a.lock);
    while (!a.is_done) pthread_cond_wait(&a.done, &a.lock);
    pthread_mutex_unlock(&a.lock);
    return a.cast.err;
}

// Signed for this box and server.
static struct span signed_by(const struct scalar *secret, const struct elem_text *credential, uint64_t hour) {
    static uint8_t text[P1_OWN_DATA_TEXT];
    static const uint8_t random[32];
    struct buf b = buf_over(text, sizeof text);
    assert_ok(own_data_write_ct(&singles->election, secret, elem_span(credential), elem_span(&l->receipt_key), hour,
                                random, &b, &work));
    return buf_span(&b);
}

static struct span request_of(unsigned voter, uint64_t hour) {
    return signed_by(&singles->secret[voter], &singles->credential[voter], hour);
}

// "HOUR:TIMES " for each hour in which this voter's data were asked for.
static const char *uses_of(unsigned voter) {
    static char text[256];
    struct rows *r = ballotbox_rows(bb);
    int64_t hour = -1, times;
    int found, n = 0;
    text[0] = 0;
    for (;;) {
        assert_ok(rows_next_request(r, l->row.id, voter, hour, &hour, &times, &found));
        if (!found) break;
        n += snprintf(text + n, sizeof text - (size_t)n, "%lld:%lld ", (long long)hour, (long long)times);
    }
    ballotbox_rows_back(bb, r);
    return text;
}

static void each_request_is_counted_in_its_hour_and_stays(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++) assert_ok(ask(request_of(1, HOUR)));
    clock_now = NOW + 3600;
    assert_ok(ask(request_of(1, HOUR + 1)));
    assert_ok(ask(request_of(2, HOUR + 1)));
    ballotbox_close(bb);
    open_box();
    assert_string_equal(uses_of(1), "500000:3 500001:1 ");
    assert_string_equal(uses_of(2), "500001:1 ");
    assert_string_equal(uses_of(0), "");
}

static void request_is_good_until_the_end_of_the_next_hour(void **state) {
    (void)state;
    struct span request = request_of(1, HOUR);
    clock_now = (HOUR + 2) * 3600LL - 1;
    assert_ok(ask(request));
    assert_string_equal(uses_of(1), "500001:1 "); // when it came, not when it was signed
    clock_now = (HOUR + 2) * 3600LL;
    assert_err(ask(request), P1_ERR_OWN_HOUR);
    clock_now = HOUR * 3600LL - 1;
    assert_err(ask(request), P1_ERR_OWN_HOUR);
}

// Both are answered alike, so that nobody learns from it who is on the roll.
static void code_that_is_not_on_the_roll_and_a_wrong_signature_are_refused_alike(void **state) {
    (void)state;
    struct scalar stranger;
    struct elem_text credential;
    sc_from_u64(&stranger, 7654321);
    credential_public(&singles->election.group, &stranger, &credential, &work);
    assert_err(ask(signed_by(&stranger, &credential, HOUR)), P1_ERR_OWN_SIGNATURE);
    struct span request = request_of(0, HOUR);
    struct span wrong = span_replace(request, "\"hour\":500000", "\"hour\":499999");
    assert_err(ask(wrong), P1_ERR_OWN_SIGNATURE);
    span_free(wrong);
    assert_string_equal(uses_of(0), "");
}

static void request_is_no_ballot_and_no_try_of_its_code(void **state) {
    (void)state;
    struct voter_state v;
    struct live_state at;
    for (int i = 0; i < 5; i++) assert_ok(ask(request_of(3, HOUR)));
    ballotbox_voter(bb, l, &l->box->voters[3], &v);
    assert_int_equal(v.tries, 0);
    assert_int_equal(v.weight, 1);
    ballotbox_state(bb, l, &at);
    assert_int_equal(at.ballots, 0);
    assert_int_equal(at.voted, 0);
    assert_int_equal(at.height, 1);
}

static void data_can_be_asked_for_after_the_end(void **state) {
    (void)state;
    assert_ok(ballotbox_end(bb, l));
    assert_ok(ask(request_of(1, HOUR)));
    assert_string_equal(uses_of(1), "500000:1 ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_request_is_counted_in_its_hour_and_stays, begin, end),
        cmocka_unit_test_setup_teardown(request_is_good_until_the_end_of_the_next_hour, begin, end),
        cmocka_unit_test_setup_teardown(code_that_is_not_on_the_roll_and_a_wrong_signature_are_refused_alike, begin,
                                        end),
        cmocka_unit_test_setup_teardown(request_is_no_ballot_and_no_try_of_its_code, begin, end),
        cmocka_unit_test_setup_teardown(data_can_be_asked_for_after_the_end, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
