// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/metrics.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLES_MAX = 64, REFRESHES_MAX = 16 };

static const int64_t bounds[METRIC_BUCKETS] = {500,    1000,   2500,   5000,    10000,   25000,   50000,
                                               100000, 250000, 500000, 1000000, 2500000, 10000000};

static struct {
    pthread_mutex_t lock;
    struct metric *table[TABLES_MAX];
    size_t size[TABLES_MAX];
    size_t n;
    struct {
        void (*refresh)(void *arg);
        void *arg;
    } refresh[REFRESHES_MAX];
    size_t refreshes;
} all = {.lock = PTHREAD_MUTEX_INITIALIZER};

void metrics_register(struct metric *table, size_t n) {
    pthread_mutex_lock(&all.lock);
    size_t i = 0;
    while (i < all.n && all.table[i] != table) i++;
    if (i == all.n && all.n < TABLES_MAX) {
        all.table[all.n] = table;
        all.size[all.n++] = n;
    }
    pthread_mutex_unlock(&all.lock);
}

void metrics_refresh(void (*refresh)(void *arg), void *arg) {
    pthread_mutex_lock(&all.lock);
    if (all.refreshes == REFRESHES_MAX) abort();
    all.refresh[all.refreshes].refresh = refresh;
    all.refresh[all.refreshes++].arg = arg;
    pthread_mutex_unlock(&all.lock);
}

void metric_observe(struct metric *m, int64_t microseconds) {
    size_t i = 0;
    while (i < METRIC_BUCKETS && microseconds > bounds[i]) i++;
    atomic_fetch_add_explicit(&m->bucket[i], 1, memory_order_relaxed);
    metric_add(m, microseconds);
}

static void write_histogram(FILE *out, struct metric *m) {
    const char *labels = m->labels ? m->labels : "", *comma = m->labels ? "," : "";
    const char *open = m->labels ? "{" : "", *close = m->labels ? "}" : "";
    int64_t sum = atomic_load_explicit(&m->value, memory_order_relaxed);
    uint64_t count = 0;
    for (size_t i = 0; i <= METRIC_BUCKETS; i++) {
        char bound[32] = "+Inf";
        if (i < METRIC_BUCKETS) (void)snprintf(bound, sizeof bound, "%g", (double)bounds[i] / 1e6);
        count += atomic_load_explicit(&m->bucket[i], memory_order_relaxed);
        (void)fprintf(out, "%s_bucket{%s%sle=\"%s\"} %" PRIu64 "\n", m->name, labels, comma, bound, count);
    }
    (void)fprintf(out, "%s_sum%s%s%s %" PRId64 ".%06" PRId64 "\n", m->name, open, labels, close, sum / 1000000,
                  sum % 1000000);
    (void)fprintf(out, "%s_count%s%s%s %" PRIu64 "\n", m->name, open, labels, close, count);
}

static void write_metric(FILE *out, struct metric *m, int first) {
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    if (first) (void)fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, kinds[m->kind]);
    if (m->kind == METRIC_HISTOGRAM) {
        write_histogram(out, m);
        return;
    }
    const char *open = m->labels ? "{" : "", *close = m->labels ? "}" : "";
    (void)fprintf(out, "%s%s%s%s %" PRId64 "\n", m->name, open, m->labels ? m->labels : "", close,
                  atomic_load_explicit(&m->value, memory_order_relaxed));
}

char *metrics_text(size_t *n) {
    char *text = NULL;
    FILE *out = open_memstream(&text, n);
    if (!out) return NULL;
    pthread_mutex_lock(&all.lock);
    for (size_t i = 0; i < all.refreshes; i++) all.refresh[i].refresh(all.refresh[i].arg);
    for (size_t t = 0; t < all.n; t++) {
        for (size_t i = 0; i < all.size[t]; i++) {
            struct metric *m = &all.table[t][i];
            if (!m->name) break;
            write_metric(out, m, i == 0 || strcmp(m->name, m[-1].name) != 0);
        }
    }
    pthread_mutex_unlock(&all.lock);
    return fclose(out) == 0 ? text : NULL;
}
