// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Numbers for the operator. None of them depends on what was chosen: nothing here has seen a ballot open.

#include <stdio.h>
#include <sys/stat.h>

#include "experiments/stem/inside.h"
#include "platform/metrics.h"

#define BALLOTS(outcome)                                                                                  \
    {                                                                                                     \
        METRIC_COUNTER, "plus1_ballots_total", "Ballots by outcome.", "outcome=\"" outcome "\"", 0, { 0 } \
    }
#define STAGE(stage)                                                                        \
    {                                                                                       \
        METRIC_GAUGE, "plus1_elections", "Votes by stage.", "stage=\"" stage "\"", 0, { 0 } \
    }

enum { ENTRIES = STEM_COUNTERS, COMMITS, WAITING, DATABASE, STAGES, METRICS = STAGES + 4 };

static struct metric metrics[METRICS] = {
    [COUNT_TAKEN] = BALLOTS("taken"),
    [COUNT_REPEATED] = BALLOTS("repeated"),
    [COUNT_REFUSED] = BALLOTS("refused"),
    [COUNT_LIMITED] = BALLOTS("limited"),
    [COUNT_NOT_OPEN] = BALLOTS("not-open"),
    [COUNT_FAILED] = BALLOTS("failed"),
    [COUNT_OWN_DATA] =
        {METRIC_COUNTER, "plus1_own_data_total", "Requests for own data that were answered.", NULL, 0, {0}},
    [COUNT_FAILURES] = {METRIC_COUNTER, "plus1_failures_total", "What counted for an address.", NULL, 0, {0}},
    [COUNT_HELD_OFF] =
        {METRIC_COUNTER, "plus1_held_off_total", "Requests of addresses that had to wait.", NULL, 0, {0}},
    [ENTRIES] = {METRIC_COUNTER, "plus1_commit_entries_total", "Ballots and requests in all commits.", NULL, 0, {0}},
    [COMMITS] = {METRIC_HISTOGRAM, "plus1_commit_seconds", "How long a commit took, fsync and all.", NULL, 0, {0}},
    [WAITING] = {METRIC_GAUGE, "plus1_ballots_waiting", "Ballots and requests without an answer yet.", NULL, 0, {0}},
    [DATABASE] = {METRIC_GAUGE, "plus1_database_bytes", "Size of the database and its log.", NULL, 0, {0}},
    [STAGES] = STAGE("open"),
    [STAGES + 1] = STAGE("ended"),
    [STAGES + 2] = STAGE("tallied"),
    [STAGES + 3] = STAGE("published"),
};

void stem_count(enum stem_counter what) { metric_add(&metrics[what], 1); }

void stem_count_commit(void *arg, size_t n, int64_t microseconds) {
    (void)arg;
    metric_add(&metrics[ENTRIES], (int64_t)n);
    metric_observe(&metrics[COMMITS], microseconds);
}

static int64_t bytes_of(const char *path, const char *ending) {
    char name[4096];
    struct stat st;
    (void)snprintf(name, sizeof name, "%s%s", path, ending);
    return stat(name, &st) ? 0 : (int64_t)st.st_size;
}

static void refresh(void *arg) {
    struct stem_state *s = arg;
    struct live *l = NULL;
    int64_t stages[4] = {0};
    while ((l = ballotbox_next(s->ballotbox, l))) {
        struct live_state at;
        ballotbox_state(s->ballotbox, l, &at);
        stages[at.stage - BOX_OPEN]++;
    }
    for (int i = 0; i < 4; i++) metric_set(&metrics[STAGES + i], stages[i]);
    metric_set(&metrics[WAITING], (int64_t)ballotbox_waiting(s->ballotbox));
    metric_set(&metrics[DATABASE], bytes_of(s->database, "") + bytes_of(s->database, "-wal"));
}

void stem_count_start(struct stem_state *s) {
    metrics_register(metrics, METRICS);
    metrics_refresh(refresh, s);
}
