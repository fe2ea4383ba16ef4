// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The group arithmetic of one encrypted answer (0 or 1) against GMP's mpz_powm(), with which belenios-tool calculates:
//   ours  two elements decoded and checked, and [G^r0 a^c0, Y^r0 b^c0, G^r1 a^c1, Y^r1 b^c1 G^-c1] in one list;
//   peer  the same as 9 powers, and 2 for the checks.
#include "core/group.h"

#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { JOBS = 4, POWERS = 11, TIMES = 40 };

struct answer {
    struct group g;
    struct base_table y;
    struct elem_text text[2]; // of a and b
    struct elem ab[2], out[JOBS];
    struct scalar s[5]; // r0, c0, r1, c1, -c1
    struct mul_job job[JOBS + 2];
    mpz_t p, q, base, power, x[5];
};

static struct answer ans;
static struct work work;

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static void run_decode(void) {
    for (int i = 0; i < 2; i++)
        if (elem_decode(&ans.g, &ans.ab[i], elem_span(&ans.text[i]), &work)) abort();
}

static void run_list(void) { mul_run_vartime(&ans.g, &ans.y, ans.job, JOBS, &work); }

static void run_ours(void) {
    run_decode();
    run_list();
}

// The checks as jobs a^q and b^q, which share the squarings of a's and b's other jobs.
static void run_one_list(void) {
    static struct elem check[2], one;
    static struct scalar q;
    memcpy(q.v, ans.g.q.m, sizeof q.v);
    for (int i = 0; i < 2; i++) {
        if (elem_decode_trusted(&ans.g, &ans.ab[i], elem_span(&ans.text[i]), &work)) abort();
        ans.job[JOBS + i] = (struct mul_job){.out = &check[i], .x = &q, .base = &ans.ab[i]};
    }
    mul_run_vartime(&ans.g, &ans.y, ans.job, JOBS + 2, &work);
    elem_identity(&ans.g, &one);
    for (int i = 0; i < 2; i++)
        if (!elem_equal(&ans.g, &check[i], &one, &work)) abort();
}

static void run_peer(void) {
    for (int i = 0; i < POWERS; i++) mpz_powm(ans.power, ans.base, i < 2 ? ans.q : ans.x[i % 5], ans.p);
}

static void run_encode(void) {
    static struct elem_text t[JOBS];
    elem_encode(&ans.g, t, ans.out, JOBS, &work);
}

static void run_secret(void) {
    static struct elem out;
    struct mul_job job = {.out = &out, .x = &ans.s[0], .base = &ans.ab[0]};
    mul_run_ct(&ans.g, NULL, &job, 1, &work);
}

static const struct {
    const char *name;
    void (*run)(void);
} steps[] = {
    {"11 mpz_powm", run_peer},
    {"2 decodes and 4 jobs", run_ours},
    {"  2 decodes", run_decode},
    {"  4 jobs", run_list},
    {"the checks as jobs of the list", run_one_list},
    {"4 encodes", run_encode},
    {"1 secret power", run_secret},
};

enum { STEPS = sizeof steps / sizeof *steps };

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The steps take turns, so that a busy moment of the machine spoils no comparison.
static void measure(void) {
    static double t[STEPS][TIMES];
    for (int i = 0; i < TIMES; i++) {
        for (int k = 0; k < STEPS; k++) {
            double start = now_us();
            steps[k].run();
            t[k][i] = now_us() - start;
        }
    }
    for (int k = 0; k < STEPS; k++) {
        qsort(t[k], TIMES, sizeof *t[k], by_value);
        double us = t[k][TIMES / 2], peer = t[0][TIMES / 2];
        printf("  %-32s %8.0f", steps[k].name, us);
        if (steps[k].run == run_ours || steps[k].run == run_one_list) printf("  %.2f times as fast", peer / us);
        printf("\n");
    }
}

static void answer_init(const struct group_ops *ops, gmp_randstate_t rnd) {
    memset(&ans, 0, sizeof ans);
    ans.g.ops = ops;
    ops->init(&ans.g, &work);
    mpz_inits(ans.p, ans.q, ans.base, ans.power, NULL);
    mpz_import(ans.p, ans.g.p.n, -1, 8, 0, 0, ans.g.p.m);
    mpz_import(ans.q, ans.g.q.n, -1, 8, 0, 0, ans.g.q.m);
    mpz_urandomm(ans.base, rnd, ans.p);
    for (int i = 0; i < 5; i++) {
        mpz_init(ans.x[i]);
        mpz_urandomm(ans.x[i], rnd, ans.q);
        mpz_export(ans.s[i].v, NULL, -1, 8, 0, 0, ans.x[i]);
    }
    struct elem y;
    struct mul_job power[3] = {
        {.out = &ans.ab[0], .g = &ans.s[0]}, {.out = &ans.ab[1], .g = &ans.s[1]}, {.out = &y, .g = &ans.s[2]}};
    mul_run_vartime(&ans.g, NULL, power, 3, &work);
    elem_encode(&ans.g, ans.text, ans.ab, 2, &work);
    base_table_init(&ans.g, &ans.y, &y, &work);
    ans.job[0] = (struct mul_job){&ans.out[0], &ans.s[0], NULL, &ans.s[1], &ans.ab[0]};
    ans.job[1] = (struct mul_job){&ans.out[1], NULL, &ans.s[0], &ans.s[1], &ans.ab[1]};
    ans.job[2] = (struct mul_job){&ans.out[2], &ans.s[2], NULL, &ans.s[3], &ans.ab[0]};
    ans.job[3] = (struct mul_job){&ans.out[3], &ans.s[4], &ans.s[2], &ans.s[3], &ans.ab[1]};
}

static void answer_release(void) {
    mpz_clears(ans.p, ans.q, ans.base, ans.power, NULL);
    for (int i = 0; i < 5; i++) mpz_clear(ans.x[i]);
}

int main(void) {
    static const struct group_ops *const groups[] = {&group_belenios_2048, &group_rfc3526_2048};
    gmp_randstate_t rnd;
    gmp_randinit_default(rnd);
    for (int i = 0; i < 2; i++) {
        answer_init(groups[i], rnd);
        printf("%s, microseconds (median of %d)\n", groups[i]->name, TIMES);
        measure();
        answer_release();
    }
    gmp_randclear(rnd);
    return 0;
}
