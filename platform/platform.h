// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the platform itself offers: the municipalities of plus1.json, the register of their experiments with what each costs, and the
// municipality's own page. It knows experiments only by their tables (experiment.h).
#ifndef P1_PLATFORM_H
#define P1_PLATFORM_H

#include "platform/experiment.h"
#include "platform/registry.h"

enum {
    LEGACY_EURO = 80, // what a municipality's legacy systems cost an inhabitant (docs/organiser.md says who says so)
    HOURS_A_MONTH = 730,
};

struct platform {
    const struct config *config;
    struct registry *registry;
    const struct experiment *const *experiments;
    void *const *states; // of each
    size_t experiment_count;
    uint64_t (*now)(void *arg); // Unix seconds
    void *now_arg;
};

extern const struct http_route platform_routes[];
extern const size_t platform_route_count;
extern const struct control_verb platform_verbs[];

// -1, and a sentence: a municipality's path is where something else is.
MUST_USE int platform_check(const struct config *config, const struct http_table *tables, size_t n,
                            char why[CONFIG_WHY]);

int64_t platform_hour(const struct platform *p);
// The experiment of the program with this name, and its state; null: there is none.
const struct experiment *platform_find(const struct platform *p, const char *name, void **state);

// ---- what experiments measure, and what that costs (measure.c)

// The register's list of one experiment (ID not 0), of one municipality (NAME not null) or of all, each with
//   "figures":{"asked":[".."],"pages":[".."],"openedHour":n,"invited":n,"participants":n,"bytes":n,"cpuMilliseconds":n}
//   "hoursToOpen":n        from the idea to the opening
//   "cost":{"cpu":n,"disk":n,"letters":n,"total":n,"perInhabitant":n}  in euro
// or null where that is not known. For json_decref(); null: there is no memory.
struct json_t *platform_experiments(const struct platform *p, const char *name, int64_t id);

// Of what is attached, now; null: nothing is, or the program no longer has this experiment.
struct json_t *measure_figures(const struct platform *p, const struct json_t *experiment);
// HOURS: for how long the bytes were kept. INHABITANTS 0: that is not known.
struct json_t *measure_cost(const struct prices *prices, const struct json_t *figures, int64_t hours,
                            uint64_t inhabitants);

// ---- handlers, each of a route

void platform_municipalities(struct http_request *r, void *arg);
void platform_list(struct http_request *r, void *arg);
void platform_one(struct http_request *r, void *arg);
void platform_events(struct http_request *r, void *arg);
void platform_home(struct http_request *r, void *arg);
void platform_municipality(struct http_request *r, void *arg);
void platform_logo(struct http_request *r, void *arg);

#endif
