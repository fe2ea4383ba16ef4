// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Numbers for those who run the server, in Prometheus' text format (version 0.0.4). Adding to one takes no lock. Metrics are static
// tables, registered once; those of a name stand together and differ by their labels.
#ifndef P1_METRICS_H
#define P1_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

enum { METRIC_BUCKETS = 13 }; // 0.5 ms to 10 s, and a last one without end

struct metric {
    enum metric_kind kind;
    const char *name, *help;
    const char *labels;                          // "status=\"2xx\"", or null
    _Atomic int64_t value;                       // of a histogram: the sum, in microseconds
    _Atomic uint64_t bucket[METRIC_BUCKETS + 1]; // not cumulative
};

// A table that lasts as long as the program. A table that was registered before is not taken again. What stands behind an entry without
// a name is for later.
void metrics_register(struct metric *table, size_t n);
// Called before numbers are shown, to set those that are looked up: registered at the start, to stay.
void metrics_refresh(void (*refresh)(void *arg), void *arg);

static inline void metric_add(struct metric *m, int64_t n) {
    atomic_fetch_add_explicit(&m->value, n, memory_order_relaxed);
}
static inline void metric_set(struct metric *m, int64_t n) {
    atomic_store_explicit(&m->value, n, memory_order_relaxed);
}
void metric_observe(struct metric *m, int64_t microseconds); // histograms

// All of them, to free(); null without memory.
char *metrics_text(size_t *n);

#endif
