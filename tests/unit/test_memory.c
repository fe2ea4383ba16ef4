// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What happens when memory runs out: each allocation of board in turn is refused, and the answer is ERR_MEMORY, never another
// verdict, and nothing is lost. The linker puts the functions below in front of those of the C library (meson.build).

#include "board/choose.h"
#include "board/pool.h"
#include "tests/unit/beside_sample.h"

#include <stdlib.h>

void *real_malloc(size_t n) __asm__("__real_malloc");
void *real_calloc(size_t n, size_t size) __asm__("__real_calloc");
void *real_realloc(void *p, size_t n) __asm__("__real_realloc");
void real_free(void *p) __asm__("__real_free");
void *malloc_that_may_fail(size_t n) __asm__("__wrap_malloc");
void *calloc_that_may_fail(size_t n, size_t size) __asm__("__wrap_calloc");
void *realloc_that_may_fail(void *p, size_t n) __asm__("__wrap_realloc");
void counting_free(void *p) __asm__("__wrap_free");

static _Atomic long before_failure = -1; // allocations that succeed; -1: all
static _Atomic long failures, in_use;
static _Atomic int once; // one is refused, and those after it are not

static int fails(void) {
    if (before_failure < 0) return 0;
    if (before_failure-- > 0) return 0;
    before_failure = once ? -1 : 0;
    failures++;
    return 1;
}

static void *counted(void *p) {
    if (p) in_use++;
    return p;
}

void *malloc_that_may_fail(size_t n) { return fails() ? NULL : counted(real_malloc(n)); }

void *calloc_that_may_fail(size_t n, size_t size) { return fails() ? NULL : counted(real_calloc(n, size)); }

void *realloc_that_may_fail(void *p, size_t n) {
    if (fails()) return NULL;
    return p ? real_realloc(p, n) : counted(real_realloc(p, n));
}

void counting_free(void *p) {
    if (p) in_use--;
    real_free(p);
}

static struct frozen_sample *f;
static struct span file;

static int setup(void **state) {
    (void)state;
    f = frozen_new();
    file = script_write(&f->script, EVENTS);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    span_free(file);
    made_free(f->m);
    return 0;
}

// Calls RUN with the first allocation refused, then the second, and so on, until none is: each time that one alone, or (ALSO)
// all that follow it too. Returns how many there are.
static long refused_from(enum p1_err (*run)(void), int also) {
    for (long n = 0;; n++) {
        const long used = in_use;
        once = !also;
        failures = 0;
        before_failure = n;
        enum p1_err err = run();
        before_failure = -1;
        assert_int_equal(in_use, used);
        if (failures == 0) {
            assert_string_equal(p1_err_name(err), "OK");
            return n;
        }
        assert_string_equal(p1_err_name(err), "ERR_MEMORY");
    }
}

static long each_refused(enum p1_err (*run)(void)) {
    long n = refused_from(run, 0);
    assert_int_equal(refused_from(run, 1), n);
    return n;
}

// ---- the whole check ----

static struct box the_box;
static uint64_t counts[P1_CHOICES_MAX];
static enum p1_err last_said;

static void keep_last(struct checker *c, const struct check_line *line) {
    (void)c;
    last_said = line->err;
}

static enum p1_err run_check(void) {
    struct beside x = beside_of(f);
    struct checker c = {.runner = plain_runner(), .line = keep_last, .beside = &x};
    box_init(&the_box);
    enum p1_err err = check_archive(&c, &the_box, file, counts);
    notices_release(&x.noticed);
    box_release(&the_box);
    return err == last_said ? err : P1_ERR_SPACE; // it is said, too
}

static void whole_check_without_memory_is_no_verdict(void **state) {
    (void)state;
    // job, trustees, voters, notice, withdrawals (and who is withdrawn), ballots seen, a neutral ballot, tally, factors, parts,
    // the tally's text, shares, second proofs, weights
    assert_true(each_refused(run_check) >= 15);
}

// ---- boxes ----

static enum p1_err run_read(void) {
    box_init(&the_box);
    enum p1_err err = box_read(&the_box, file, plain_runner()->work);
    box_release(&the_box);
    return err;
}

static void box_without_memory_is_not_read(void **state) {
    (void)state;
    assert_true(each_refused(run_read) >= 3); // trustees, voters, ballots seen
}

// A ballot that is none but for its credential, under a hash that gets the number N.
static enum p1_err apply_numbered(struct box *b, uint32_t n) {
    char text[300];
    const struct span credential = elem_span(&f->m->credential[2]);
    snprintf(text, sizeof text,
             "{\"election_uuid\":\"\",\"election_hash\":\"\",\"credential\":\"%.*s\",\"answers\":", (int)credential.n,
             (const char *)credential.p);
    const struct step step = {.type = EVENT_BALLOT, .n = 1, .record = {span_str(text)}};
    struct event ev = step_event(&step, 1);
    for (int i = 0; i < 32; i++) ev.record[0].hash[i] = (uint8_t)(n >> 8 * (i % 4)); // also where only a part is kept
    return box_apply(b, &ev, plain_runner()->work);
}

static void box_that_cannot_grow_stays_as_it_was(void **state) {
    (void)state;
    struct box *b = box_of(&f->script, 1);
    uint32_t n = 1;
    assert_int_equal(apply_numbered(b, n), P1_OK);
    once = 0;
    before_failure = 0;
    while (apply_numbered(b, n + 1) == P1_OK) n++;
    assert_int_equal(apply_numbered(b, n + 1), P1_ERR_MEMORY);
    before_failure = -1;
    assert_int_equal(b->ballots, n);
    for (uint32_t i = 1; i <= n; i++) assert_int_equal(apply_numbered(b, i), P1_ERR_BALLOT_TWICE);
    assert_int_equal(apply_numbered(b, n + 1), P1_OK);
    assert_int_equal(apply_numbered(b, n + 1), P1_ERR_BALLOT_TWICE);
    free_box(b);
}

// ---- choices ----

static struct election *paper;

static enum p1_err run_choose(void) {
    uint8_t choices[4] = {0};
    enum p1_err err = choose(paper, SPAN_LIT("2"), choices);
    // The answer that is called "2" is the first one.
    return err == P1_OK && !choices[0] ? P1_ERR_CHOOSE_ANSWER : err;
}

static void answer_is_not_mistaken_for_another_without_memory(void **state) {
    (void)state;
    static struct election e;
    e.question_count = 1;
    e.questions[0] = (struct question){.answer_count = 2, .answers = SPAN_LIT("\"2\",\"1\"")};
    paper = &e;
    assert_int_equal(each_refused(run_choose), 1);
}

// ---- threads ----

static _Atomic int done;

static void count_task(void *arg, size_t i, struct work *w) {
    (void)arg;
    (void)i;
    (void)w;
    done++;
}

static void pool_without_memory_is_none(void **state) {
    (void)state;
    const long used = in_use;
    once = 0;
    for (int n = 0; n < 2; n++) {
        before_failure = n;
        assert_null(pool_new(1));
        before_failure = -1;
        assert_int_equal(in_use, used);
    }
}

static void threads_without_memory_leave_the_work_to_the_others(void **state) {
    (void)state;
    once = 0;
    before_failure = 2; // the pool, and the calling thread's; none for the others
    struct runner *r = pool_new(4);
    assert_non_null(r);
    done = 0;
    r->run(r, 100, count_task, NULL);
    before_failure = -1;
    assert_int_equal(done, 100);
    pool_free(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_check_without_memory_is_no_verdict),
        cmocka_unit_test(box_without_memory_is_not_read),
        cmocka_unit_test(box_that_cannot_grow_stays_as_it_was),
        cmocka_unit_test(answer_is_not_mistaken_for_another_without_memory),
        cmocka_unit_test(pool_without_memory_is_none),
        cmocka_unit_test(threads_without_memory_leave_the_work_to_the_others),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
