// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/platform.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define assert_ok(e) assert_string_equal(p1_err_name(e), "OK")

// ---- costs, calculated by hand ----

static void cost_is(const struct prices *prices, const char *figures, int64_t hours, uint64_t inhabitants,
                    const char *expected) {
    json_t *f = json_loads(figures, 0, NULL), *cost = measure_cost(prices, f, hours, inhabitants);
    char *text = json_dumps(cost, JSON_COMPACT | JSON_REAL_PRECISION(9));
    assert_string_equal(text, expected);
    free(text);
    json_decref(cost);
    json_decref(f);
}

static void costs_are_quantities_times_prices(void **state) {
    (void)state;
    const struct prices prices = {.given = 1, .cpu_hour = 0.05, .gigabyte_month = 0.10, .letter = 0.95};
    // 2 hours of processors are 0.10; 3 GB for 2 months (1,460 hours) 0.60; 80,000 letters 76,000: over 100,000 people 0.760007.
    cost_is(&prices, "{\"cpuMilliseconds\":7200000,\"bytes\":3000000000,\"invited\":80000}", 1460, 100000,
            "{\"cpu\":0.1,\"disk\":0.6,\"letters\":76000.0,\"total\":76000.7,\"perInhabitant\":0.760007}");
    cost_is(&prices, "{\"cpuMilliseconds\":0,\"bytes\":3000000000,\"invited\":1}", -5, 0,
            "{\"cpu\":0.0,\"disk\":0.0,\"letters\":0.95,\"total\":0.95,\"perInhabitant\":null}");
}

static void without_prices_or_figures_there_is_no_cost(void **state) {
    (void)state;
    const struct prices none = {.given = 0, .letter = 1}, prices = {.given = 1};
    json_t *figures = json_loads("{\"cpuMilliseconds\":1,\"bytes\":1,\"invited\":1}", 0, NULL);
    assert_null(measure_cost(&none, figures, 1, 1));
    assert_null(measure_cost(&prices, NULL, 1, 1));
    json_decref(figures);
}

// ---- figures, of a made-up experiment ----

static int its_state;

static int made_up(void *state, struct span thing, struct experiment_figures *out) {
    assert_ptr_equal(state, &its_state);
    static const struct experiment_figures a = {.municipality = "Emmen",
                                                .asked = "One?\nTwo?\n",
                                                .opened = 110,
                                                .invited = 30,
                                                .participants = 4,
                                                .bytes = 500,
                                                .cpu_ns = 1500000};
    static const struct experiment_figures b = {.municipality = "Emmen",
                                                .asked = "Three?",
                                                .page = "/s/B",
                                                .opened = 105,
                                                .invited = 10,
                                                .participants = 2,
                                                .bytes = 70,
                                                .cpu_ns = 700000};
    *out = span_eq(thing, SPAN_LIT("A")) ? a : b;
    return thing.n == 1 && (thing.p[0] == 'A' || thing.p[0] == 'B');
}

static uint64_t clock_now;

static uint64_t now(void *arg) {
    (void)arg;
    return clock_now;
}

static struct municipality emmen = {.name = "Emmen", .path = "emmen", .inhabitants = 100};
static const struct config config = {.all = &emmen, .n = 1, .prices = {.given = 1, .letter = 2}};
static const struct experiment experiment = {.name = "made-up", .figures = made_up};
static const struct experiment *const experiments[] = {&experiment};
static void *const states[] = {&its_state};
static struct platform platform = {
    .config = &config, .experiments = experiments, .states = states, .experiment_count = 1, .now = now};

static char folder[] = "/tmp/plus1-measure-XXXXXX", path[64];

static void add(const char *kind, const char *content, int64_t hour) {
    int64_t id = *content == '{' && strstr(content, "municipality") ? 0 : 1;
    clock_now = (uint64_t)hour * 3600 + 1800;
    assert_ok(registry_add(platform.registry, &id, kind, json_loads(content, 0, NULL), hour));
}

static void shows(const char *member, const char *expected) {
    json_t *list = platform_experiments(&platform, "Emmen", 0);
    assert_int_equal(json_array_size(list), 1);
    char *text = json_dumps(json_object_get(json_array_get(list, 0), member),
                            JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
    assert_string_equal(text, expected);
    free(text);
    json_decref(list);
}

static void an_experiment_shows_the_sum_of_what_is_attached(void **state) {
    (void)state;
    add("proposed",
        "{\"municipality\":\"Emmen\",\"uses\":\"made-up\",\"title\":\"T\",\"hypothesis\":\"H\",\"measure\":\"M\"}",
        100);
    shows("figures", "null");
    shows("hoursToOpen", "null");
    shows("cost", "null");
    add("attached", "{\"thing\":\"A\"}", 101);
    shows("figures",
          "{\"asked\":[\"One?\",\"Two?\"],\"pages\":[],\"openedHour\":110,\"invited\":30,\"participants\":4,\"bytes\":"
          "500,\"cpuMilliseconds\":1}");
    shows("hoursToOpen", "null"); // it will open at 110
    add("started", "{}", 109);
    shows("hoursToOpen", "null");
    clock_now = 110 * 3600;
    shows("hoursToOpen", "10");
    add("attached", "{\"thing\":\"B\"}", 112);
    shows("figures", "{\"asked\":[\"One?\",\"Two?\",\"Three?\"],\"pages\":[\"/s/B\"],\"openedHour\":105,\"invited\":40,"
                     "\"participants\":6,\"bytes\":570,\"cpuMilliseconds\":2}");
    shows("hoursToOpen", "5");
    shows("cost", "{\"cpu\":0.0,\"disk\":0.0,\"letters\":80.0,\"total\":80.0,\"perInhabitant\":0.8}");
    json_t *none = platform_experiments(&platform, "Almelo", 0);
    assert_int_equal(json_array_size(none), 0);
    json_decref(none);
}

static void figures_of_the_end_stay_when_the_experiment_is_thrown_away(void **state) {
    (void)state;
    add("ended",
        "{\"figures\":{\"asked\":[\"One?\"],\"openedHour\":105,\"invited\":10,\"participants\":9,\"bytes\":1,"
        "\"cpuMilliseconds\":3}}",
        120);
    platform.experiment_count = 0;
    shows("figures", "{\"asked\":[\"One?\"],\"openedHour\":105,\"invited\":10,\"participants\":9,\"bytes\":1,"
                     "\"cpuMilliseconds\":3}");
    shows("cost", "{\"cpu\":0.0,\"disk\":0.0,\"letters\":20.0,\"total\":20.0,\"perInhabitant\":0.2}");
    shows("hoursToOpen", "5");
    platform.experiment_count = 1;
}

// A vote that was open before anybody registered it took no hours that are known.
static void what_opened_before_its_idea_has_no_hours(void **state) {
    (void)state;
    int64_t id = 0;
    assert_ok(
        registry_add(platform.registry, &id, "proposed",
                     json_loads("{\"municipality\":\"Emmen\",\"uses\":\"made-up\",\"title\":\"T\",\"hypothesis\":\"H\","
                                "\"measure\":\"M\"}",
                                0, NULL),
                     200));
    assert_ok(registry_add(platform.registry, &id, "attached", json_loads("{\"thing\":\"A\"}", 0, NULL), 201));
    clock_now = 300 * 3600;
    json_t *list = platform_experiments(&platform, NULL, id);
    assert_true(json_is_null(json_object_get(json_array_get(list, 0), "hoursToOpen")));
    json_decref(list);
}

static int setup(void **state) {
    struct db *db;
    unsigned pending;
    (void)state;
    if (!mkdtemp(folder)) return 1;
    (void)snprintf(path, sizeof path, "%s/db", folder);
    assert_ok(db_open(&db, path, 1));
    assert_ok(db_migrate(db, &registry_migrations, 1, &pending));
    db_close(db);
    assert_ok(registry_open(&platform.registry, path));
    return 0;
}

static int teardown(void **state) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    char name[96];
    (void)state;
    registry_close(platform.registry);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_are_quantities_times_prices),
        cmocka_unit_test(without_prices_or_figures_there_is_no_cost),
        cmocka_unit_test(an_experiment_shows_the_sum_of_what_is_attached),
        cmocka_unit_test(figures_of_the_end_stay_when_the_experiment_is_thrown_away),
        cmocka_unit_test(what_opened_before_its_idea_has_no_hours),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
