// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "ballotbox/ballotbox.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "board/pool.h"
#include "core/pki.h"
#include "core/sha256.h"
#include "tests/unit/box_sample.h"

#define assert_err(e, expected) assert_string_equal(p1_err_name(e), p1_err_name(expected))
#define assert_ok(e) assert_err(e, P1_OK)

enum { OPENS = 1800000000, CLOSES = OPENS + 86400, NOON = OPENS + 43200 + 1234 };

static char folder[] = "/tmp/plus1-ballotbox-XXXXXX", path[64];
static _Atomic uint64_t clock_now = NOON;
static uint64_t now(void *arg) {
    (void)arg;
    return clock_now;
}

// ---- an election with a frozen bundle ----

static struct span bundle;

// The election of the sample once more, with the line that names the bundle.
static void freeze(void) {
    struct span credentials = singles->setup.record[2];
    uint8_t hash[32], line[128];
    struct buf hex = buf_over(line, sizeof line);
    static char text[1024];
    sha256(hash, credentials);
    buf_hex(&hex, span_of(hash, 32));
    int n =
        snprintf(text, sizeof text,
                 "{\"version\":1,\"uuid\":\"TestBoxSingLes\",\"boxes\":[\"TestBoxSingLes\"],\"opens\":%d,\"closes\":%d,"
                 "\"minimum\":10,\"credentials\":{\"count\":6,\"sha256\":\"%.*s\"},\"receipt_key\":\"\","
                 "\"translations\":[],\"attachments\":[]}",
                 OPENS, CLOSES, (int)hex.n, (const char *)hex.p);
    bundle = span_of(text, (size_t)n);
    sha256(hash, bundle);
    hex = buf_over(line, sizeof line);
    buf_str(&hex, "\"description\":\"\\nsha256:");
    buf_hex(&hex, span_of(hash, 32));
    buf_str(&hex, "\"");
    buf_put(&hex, span_of("", 1));
    struct span changed = span_replace(singles->setup.record[0], "\"description\":\"\"", (const char *)line);
    struct span kept = made_keep(singles, changed);
    span_free(changed);
    ENSURE(election_parse(&singles->election, kept, &work) == P1_OK);
    singles->setup = made_setup(singles, kept, singles->setup.record[1], credentials);
}

static int prepare(void **state) {
    if (!mkdtemp(folder)) return 1;
    (void)snprintf(path, sizeof path, "%s/db", folder);
    singles = made_new(&plan_singles);
    set = made_new(&plan_set);
    freeze();
    (void)state;
    return 0;
}

static int clean(void **state) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    char name[96];
    for (unsigned i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
    return teardown(state) | rmdir(folder);
}

// ---- the ballot box ----

static const uint8_t seed[32] = "a seed for tests of receipts";

static struct ballotbox *open_with(struct ballotbox_limits limits, unsigned waiting) {
    struct ballotbox *bb;
    const struct ballotbox_config config = {
        .path = path, .receipt_seed = seed, .threads = 2, .waiting = waiting, .limits = limits, .now = now};
    assert_ok(ballotbox_open(&bb, &config));
    return bb;
}

static struct live *the_box(struct ballotbox *bb) {
    struct live *l = ballotbox_find(bb, SPAN_LIT("TestBoxSingLes"));
    assert_non_null(l);
    return l;
}

// An empty database with the election in it.
static struct ballotbox *fresh(void) {
    struct db *db;
    struct script s = setup_alone(singles);
    struct span archive = script_write(&s, 1);
    unsigned pending;
    char name[96];
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (unsigned i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
    assert_ok(db_open(&db, path, 1));
    assert_ok(db_migrate(db, &rows_migrations, 1, &pending));
    db_close(db);
    clock_now = NOON;
    struct ballotbox *bb = open_with((struct ballotbox_limits){1000, 60, 1000}, 1000);
    assert_ok(ballotbox_add(bb, "Emmen", archive, bundle, (struct span){0}, plain_runner()));
    span_free(archive);
    return bb;
}

struct waiting {
    struct cast cast;
    pthread_mutex_t lock;
    pthread_cond_t done;
    int is_done;
};

static void done(struct cast *c) {
    struct waiting *w = c->arg;
    pthread_mutex_lock(&w->lock);
    w->is_done++;
    pthread_cond_signal(&w->done);
    pthread_mutex_unlock(&w->lock);
}

static enum p1_err begin_cast(struct ballotbox *bb, struct span ballot, struct waiting *w) {
    memset(w, 0, sizeof *w);
    w->cast = (struct cast){.json = ballot, .done = done, .arg = w};
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->done, NULL);
    return ballotbox_cast(bb, the_box(bb), &w->cast);
}

static enum p1_err end_cast(struct waiting *w) {
    pthread_mutex_lock(&w->lock);
    while (!w->is_done) pthread_cond_wait(&w->done, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return w->cast.err;
}

static struct waiting answer; // of the last cast()

static enum p1_err cast(struct ballotbox *bb, struct span ballot) {
    enum p1_err err = begin_cast(bb, ballot, &answer);
    return err == P1_OK ? end_cast(&answer) : err;
}

// The archive as anybody can read it.
static struct span archive_of(struct ballotbox *bb) {
    struct live *l = the_box(bb);
    struct live_state state;
    struct rows *r = ballotbox_rows(bb);
    assert_non_null(r);
    ballotbox_state(bb, l, &state);
    struct buf out = buf_over(malloc(state.bytes), state.bytes);
    for (uint64_t height = 0; height < state.height; height++) {
        struct event_row event;
        struct span part;
        int found;
        assert_ok(rows_event(r, l->row.id, height, &event, &found));
        assert_true(found);
        assert_int_equal(event.at, out.n);
        assert_ok(rows_archive_part(r, &l->row, &event, &part));
        buf_put(&out, part);
    }
    assert_ok(buf_done(&out));
    assert_int_equal(out.n, state.bytes);
    ballotbox_rows_back(bb, r);
    return buf_span(&out);
}

static void assert_archive_holds(struct ballotbox *bb, unsigned ballots) {
    struct span archive = archive_of(bb);
    struct judged *j = judge(archive, NULL);
    assert_ok(j->err);
    assert_int_equal(j->box->ballots, ballots);
    free_judged(j);
    span_free(archive);
}

// Is the signature over this message right? The receipt is {"message":"..","signature":{..}}.
static enum p1_err receipt_verdict(struct ballotbox *bb, struct span receipt, struct span *message, struct buf *arena) {
    const struct live *l = the_box(bb);
    const struct group *g = &l->box->election.group;
    struct json j = json_of(receipt);
    struct proof p;
    struct elem key;
    assert_ok(elem_decode(g, &key, elem_span(&l->receipt_key), &work));
    assert_ok(signed_parse(&j, &g->q, message, &p, arena));
    assert_ok(json_end(&j));
    return signed_check(g, &key, *message, &p, &work);
}

// ---- casting ----

static void a_cast_ballot_is_in_the_archive_and_has_a_receipt(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    uint8_t room[RECEIPT_MAX], expected[512], event[32];
    struct buf arena = buf_over(room, sizeof room), text = buf_over(expected, sizeof expected);
    struct span ballot = made_ballot(singles, 0, "10", 0), message;
    assert_ok(cast(bb, ballot));
    assert_int_equal(answer.cast.ballots, 1);
    assert_int_equal(answer.cast.event.height, 1);
    assert_archive_holds(bb, 1);

    assert_ok(receipt_verdict(bb, buf_span(&answer.cast.receipt), &message, &arena));
    struct live_state s;
    ballotbox_state(bb, the_box(bb), &s);
    memcpy(event, s.tip, 32);
    buf_str(&text, "{\"election\":\"TestBoxSingLes\",\"tracker\":\"");
    buf_put(&text, span_of(answer.cast.ballot.tracker, P1_HASH64));
    buf_str(&text, "\",\"height\":1,\"event\":\"");
    buf_hex(&text, span_of(event, 32));
    buf_str(&text, "\",\"hour\":");
    buf_u64(&text, NOON / 3600);
    buf_str(&text, "}");
    assert_int_equal(message.n, text.n);
    assert_memory_equal(message.p, text.p, text.n);
    answer.cast.receipt_text[30] ^= 1; // in the message
    arena.n = 0;
    assert_err(receipt_verdict(bb, buf_span(&answer.cast.receipt), &message, &arena), P1_ERR_TRUSTEE_SIGNATURE);
    ballotbox_close(bb);
}

static void a_ballot_enters_once_and_the_answer_names_its_place(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct span first = made_ballot(singles, 0, "10", 0), second = made_ballot(singles, 0, "01", 1);
    assert_ok(cast(bb, first));
    assert_err(cast(bb, first), P1_ERR_BALLOT_TWICE);
    assert_int_equal(answer.cast.event.height, 1);
    assert_int_equal(answer.cast.ballots, 1);
    assert_false(answer.cast.replaced);
    assert_true(answer.cast.receipt.n > 0);
    assert_ok(cast(bb, second));
    assert_int_equal(answer.cast.ballots, 2);
    assert_err(cast(bb, first), P1_ERR_BALLOT_TWICE);
    assert_true(answer.cast.replaced);
    assert_err(cast(bb, second), P1_ERR_BALLOT_TWICE);
    assert_int_equal(answer.cast.event.height, 2);
    assert_false(answer.cast.replaced);
    assert_archive_holds(bb, 2);
    ballotbox_close(bb);
}

static void everything_is_there_after_a_restart(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct live_state before, after;
    for (unsigned i = 0; i < 5; i++) assert_ok(cast(bb, made_ballot(singles, i % 3, i % 2 ? "01" : "10", i)));
    struct span old = archive_of(bb);
    ballotbox_state(bb, the_box(bb), &before);
    ballotbox_close(bb);

    bb = open_with(BALLOTBOX_LIMITS, 1000);
    ballotbox_state(bb, the_box(bb), &after);
    assert_int_equal(after.voted, 3);
    assert_int_equal(after.ballots, 5);
    assert_int_equal(after.height, before.height);
    assert_int_equal(after.bytes, before.bytes);
    assert_memory_equal(after.tip, before.tip, 32);
    struct span new = archive_of(bb);
    assert_true(span_eq(old, new));
    assert_err(cast(bb, made_ballot(singles, 0, "10", 0)), P1_ERR_BALLOT_TWICE);
    assert_ok(cast(bb, made_ballot(singles, 4, "10", 77)));
    assert_archive_holds(bb, 6);
    span_free(old);
    span_free(new);
    ballotbox_close(bb);
}

// A copy of a ballot in which the last digit of a number after NAME is another one.
static struct span spoiled(struct span ballot, const char *after) {
    struct span s = span_copy(ballot, 0);
    uint8_t *p = (uint8_t *)(uintptr_t)s.p + span_find(s, 0, after) + strlen(after);
    while (*p != '"') p++;
    p[-1] = p[-1] == '1' ? '2' : '1';
    return s;
}

static void what_is_no_right_ballot_is_refused_with_its_reason(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct span right = made_ballot(singles, 0, "10", 0), wrong;
    assert_err(cast(bb, SPAN_LIT("{}")), P1_ERR_JSON);
    assert_err(cast(bb, made_ballot(set, 0, "10", 0)), P1_ERR_BALLOT_ELECTION);
    wrong = spoiled(right, "\"signature\":{\"hash\":\"");
    assert_err(cast(bb, wrong), P1_ERR_BALLOT_HASH);
    span_free(wrong);
    size_t signature = span_find(right, 0, "\"signature\"");
    wrong = span_copy(right, 0);
    uint8_t *digit = (uint8_t *)(uintptr_t)wrong.p + span_find(wrong, signature, "\"response\":\"") + 12;
    *digit = *digit == '1' ? '2' : '1';
    assert_err(cast(bb, wrong), P1_ERR_BALLOT_SIGNATURE);
    span_free(wrong);
    assert_err(cast(bb, made_shown_ballot(singles, 0, "10")), P1_ERR_BALLOT_SHOWS);
    assert_archive_holds(bb, 0);
    ballotbox_close(bb);
}

static void a_vote_begins_and_ends_at_the_announced_seconds(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct live_state s;
    clock_now = OPENS - 1;
    assert_err(cast(bb, made_ballot(singles, 0, "10", 0)), P1_ERR_BOX_EARLY);
    clock_now = OPENS;
    assert_ok(cast(bb, made_ballot(singles, 0, "10", 0)));
    clock_now = CLOSES - 1;
    assert_ok(cast(bb, made_ballot(singles, 1, "10", 0)));
    clock_now = CLOSES;
    assert_err(cast(bb, made_ballot(singles, 2, "10", 0)), P1_ERR_BOX_CLOSED);
    ballotbox_state(bb, the_box(bb), &s);
    assert_int_equal(s.stage, BOX_ENDED);
    assert_int_equal(s.height, 4);
    // No step of the clock reopens it.
    clock_now = NOON;
    assert_err(cast(bb, made_ballot(singles, 2, "10", 0)), P1_ERR_BOX_CLOSED);
    ballotbox_close(bb);
    bb = open_with(BALLOTBOX_LIMITS, 1000);
    assert_err(cast(bb, made_ballot(singles, 2, "10", 0)), P1_ERR_BOX_CLOSED);
    assert_err(cast(bb, made_ballot(singles, 1, "10", 0)), P1_ERR_BALLOT_TWICE); // who was on the way learns the truth
    assert_archive_holds(bb, 2);
    ballotbox_close(bb);
}

static void a_vote_ends_without_any_ballot_coming(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct live_state s;
    clock_now = CLOSES;
    for (int i = 0; i < 100; i++) {
        ballotbox_state(bb, the_box(bb), &s);
        if (s.stage == BOX_ENDED) break;
        usleep(20000);
    }
    assert_int_equal(s.stage, BOX_ENDED);
    ballotbox_close(bb);
}

static void a_code_votes_three_times_then_once_a_minute_and_twenty_times_in_all(void **state) {
    (void)state;
    ballotbox_close(fresh());
    struct ballotbox *bb = open_with(BALLOTBOX_LIMITS, 1000);
    unsigned n = 0;
    for (; n < 3; n++) assert_ok(cast(bb, made_ballot(singles, 0, "10", n)));
    assert_err(cast(bb, made_ballot(singles, 0, "10", n)), P1_ERR_LIMIT_WAIT);
    assert_int_equal(answer.cast.wait, 60);
    assert_err(cast(bb, made_ballot(singles, 0, "10", 0)), P1_ERR_BALLOT_TWICE); // a replay does not count
    assert_ok(cast(bb, made_ballot(singles, 1, "10", 0)));                       // nor does another code
    clock_now += 59;
    assert_err(cast(bb, made_ballot(singles, 0, "10", n)), P1_ERR_LIMIT_WAIT);
    assert_int_equal(answer.cast.wait, 1);
    for (; n < 20; n++) {
        clock_now += 60;
        assert_ok(cast(bb, made_ballot(singles, 0, "10", n)));
    }
    clock_now += 3600;
    assert_err(cast(bb, made_ballot(singles, 0, "10", n)), P1_ERR_LIMIT_ALL);
    assert_int_equal(answer.cast.ballots, 20);
    ballotbox_close(bb);
    bb = open_with(BALLOTBOX_LIMITS, 1000);
    assert_err(cast(bb, made_ballot(singles, 0, "10", n)), P1_ERR_LIMIT_ALL);
    ballotbox_close(bb);
}

static void more_than_may_wait_are_told_to_come_back(void **state) {
    (void)state;
    ballotbox_close(fresh());
    struct ballotbox *bb = open_with((struct ballotbox_limits){1000, 60, 1000}, 2);
    enum { MANY = 40 };
    static struct waiting w[MANY];
    struct span ballot[MANY];
    enum p1_err begun[MANY];
    unsigned busy = 0, taken = 0;
    for (unsigned i = 0; i < MANY; i++) ballot[i] = made_ballot(singles, i % 6, "10", i);
    for (unsigned i = 0; i < MANY; i++) {
        begun[i] = begin_cast(bb, ballot[i], &w[i]);
        if (begun[i] == P1_ERR_BUSY) busy++;
        if (begun[i] == P1_OK) taken++;
    }
    for (unsigned i = 0; i < MANY; i++) {
        if (begun[i] == P1_OK) assert_ok(end_cast(&w[i]));
    }
    assert_true(busy > 0);
    assert_int_equal(busy + taken, MANY);
    assert_archive_holds(bb, taken);
    ballotbox_close(bb);
}

// ---- many at once ----

enum { THREADS = 8, EACH = 12 };

struct crowd {
    struct ballotbox *bb;
    struct span ballot[EACH];
    unsigned taken, twice, other;
};

static void *vote_often(void *arg) {
    struct crowd *c = arg;
    for (unsigned i = 0; i < EACH; i++) {
        struct waiting *w = malloc(sizeof *w);
        ENSURE(w != NULL);
        enum p1_err err = begin_cast(c->bb, c->ballot[i], w);
        if (err == P1_OK) err = end_cast(w);
        if (err == P1_OK)
            c->taken++;
        else if (err == P1_ERR_BALLOT_TWICE)
            c->twice++;
        else
            c->other++;
        free(w);
    }
    return NULL;
}

static void of_a_ballot_that_comes_many_times_at_once_one_enters(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    static struct crowd crowd[THREADS];
    pthread_t thread[THREADS];
    unsigned taken = 0;
    memset(crowd, 0, sizeof crowd);
    for (unsigned i = 0; i < THREADS; i++) crowd[i].bb = bb;
    for (unsigned k = 0; k < EACH; k++) {
        struct span ballot = made_ballot(singles, k % 6, "01", k);
        for (unsigned i = 0; i < THREADS; i++) crowd[i].ballot[k] = ballot;
    }
    for (unsigned i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&thread[i], NULL, vote_often, &crowd[i]), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        taken += crowd[i].taken;
        assert_int_equal(crowd[i].other, 0);
        assert_int_equal(crowd[i].taken + crowd[i].twice, EACH);
    }
    assert_int_equal(taken, EACH);
    assert_archive_holds(bb, EACH);
    ballotbox_close(bb);
}

static void what_waits_when_it_stops_is_finished(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    static struct waiting w[EACH];
    for (unsigned i = 0; i < EACH; i++) assert_ok(begin_cast(bb, made_ballot(singles, i % 6, "10", i), &w[i]));
    ballotbox_close(bb);
    for (unsigned i = 0; i < EACH; i++) {
        assert_int_equal(w[i].is_done, 1);
        assert_ok(w[i].cast.err);
    }
    bb = open_with(BALLOTBOX_LIMITS, 1000);
    assert_archive_holds(bb, EACH);
    ballotbox_close(bb);
}

// The disk takes nothing more, while two send the same ballot: the second one finds the first only in a transaction that fails.
static void a_commit_that_fails_gives_nobody_a_receipt(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    static struct waiting w[3];
    struct span ballot = made_ballot(singles, 1, "10", 0);
    struct rlimit all, none;
    struct db *other;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = all.rlim_max};
    assert_ok(db_open(&other, path, 0));
    assert_ok(db_begin(other)); // so that the writer waits with the first ballot, and the others come together
    assert_ok(begin_cast(bb, made_ballot(singles, 0, "10", 0), &w[0]));
    usleep(200000);
    assert_ok(begin_cast(bb, ballot, &w[1]));
    assert_ok(begin_cast(bb, ballot, &w[2]));
    usleep(200000);
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    db_rollback(other);
    for (unsigned i = 0; i < 3; i++) {
        enum p1_err err = end_cast(&w[i]);
        assert_true(err != P1_OK && err != P1_ERR_BALLOT_TWICE);
        assert_int_equal(w[i].cast.receipt.n, 0);
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    assert_ok(cast(bb, ballot)); // it goes on by itself
    assert_archive_holds(bb, 1);
    db_close(other);
    ballotbox_close(bb);
}

// ---- the life of a box ----

static void a_box_is_taken_once(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct script s = setup_alone(singles);
    struct span archive = script_write(&s, 1);
    assert_err(ballotbox_add(bb, "Emmen", archive, bundle, (struct span){0}, plain_runner()), P1_ERR_BOX_THERE);
    assert_null(ballotbox_next(bb, the_box(bb)));
    span_free(archive);
    ballotbox_close(bb);
}

static void a_bundle_that_the_election_does_not_name_is_refused(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct script s = setup_alone(set);
    struct span archive = script_write(&s, 1);
    struct span later = span_replace(bundle, "TestBoxSingLes", "TestBoxThreshoLd");
    assert_err(ballotbox_add(bb, "Emmen", archive, later, (struct span){0}, plain_runner()), P1_ERR_BUNDLE_HASH);
    assert_ok(ballotbox_add(bb, "Emmen", archive, (struct span){0}, (struct span){0}, plain_runner()));
    assert_non_null(ballotbox_find(bb, SPAN_LIT("TestBoxThreshoLd")));
    span_free(later);
    span_free(archive);
    ballotbox_close(bb);
}

static void a_box_goes_on_to_its_result(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct script s = setup_alone(singles);
    struct live_state at;
    add_ballot(&s, made_ballot(singles, 0, "10", 0));
    add_ballot(&s, made_ballot(singles, 1, "01", 0));
    assert_ok(cast(bb, s.step[1].record[0]));
    assert_ok(cast(bb, s.step[2].record[0]));
    add_end(&s);
    add_right_tally(&s, singles);
    add_right_share(&s, singles, 0);
    add_right_share(&s, singles, 1);
    add_result(&s, singles, "{\"result\":[[1,1]]}");
    struct span archive = script_write(&s, s.n);
    // The archive's time is the box's; only the server ends a vote.
    assert_err(ballotbox_go_on(bb, the_box(bb), archive, (struct span){0}, plain_runner()), P1_ERR_BOX_STAGE);
    assert_ok(ballotbox_end(bb, the_box(bb)));
    assert_err(ballotbox_end(bb, the_box(bb)), P1_ERR_BOX_CLOSED);
    assert_ok(ballotbox_go_on(bb, the_box(bb), archive, (struct span){0}, plain_runner()));
    ballotbox_state(bb, the_box(bb), &at);
    assert_int_equal(at.stage, BOX_PUBLISHED);
    struct span served = archive_of(bb);
    assert_true(span_eq(served, archive));
    ballotbox_close(bb);
    bb = open_with(BALLOTBOX_LIMITS, 1000);
    ballotbox_state(bb, the_box(bb), &at);
    assert_int_equal(at.stage, BOX_PUBLISHED);
    span_free(served);
    span_free(archive);
    ballotbox_close(bb);
}

static void another_history_is_refused(void **state) {
    (void)state;
    struct ballotbox *bb = fresh();
    struct script s = setup_alone(singles);
    assert_ok(cast(bb, made_ballot(singles, 0, "10", 0)));
    assert_ok(ballotbox_end(bb, the_box(bb)));
    add_ballot(&s, made_ballot(singles, 0, "01", 5)); // another ballot in its place
    add_end(&s);
    add_right_tally(&s, singles);
    struct span archive = script_write(&s, s.n);
    assert_err(ballotbox_go_on(bb, the_box(bb), archive, (struct span){0}, plain_runner()), P1_ERR_BOX_OTHER);
    span_free(archive);
    s = setup_alone(singles);
    archive = script_write(&s, s.n); // an older state
    assert_err(ballotbox_go_on(bb, the_box(bb), archive, (struct span){0}, plain_runner()), P1_ERR_BOX_OTHER);
    span_free(archive);
    ballotbox_close(bb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cast_ballot_is_in_the_archive_and_has_a_receipt),
        cmocka_unit_test(a_ballot_enters_once_and_the_answer_names_its_place),
        cmocka_unit_test(everything_is_there_after_a_restart),
        cmocka_unit_test(what_is_no_right_ballot_is_refused_with_its_reason),
        cmocka_unit_test(a_vote_begins_and_ends_at_the_announced_seconds),
        cmocka_unit_test(a_vote_ends_without_any_ballot_coming),
        cmocka_unit_test(a_code_votes_three_times_then_once_a_minute_and_twenty_times_in_all),
        cmocka_unit_test(more_than_may_wait_are_told_to_come_back),
        cmocka_unit_test(of_a_ballot_that_comes_many_times_at_once_one_enters),
        cmocka_unit_test(what_waits_when_it_stops_is_finished),
        cmocka_unit_test(a_commit_that_fails_gives_nobody_a_receipt),
        cmocka_unit_test(a_box_is_taken_once),
        cmocka_unit_test(a_bundle_that_the_election_does_not_name_is_refused),
        cmocka_unit_test(a_box_goes_on_to_its_result),
        cmocka_unit_test(another_history_is_refused),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
