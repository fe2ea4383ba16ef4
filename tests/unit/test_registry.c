// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// asprintf()
#define _GNU_SOURCE // NOLINT(bugprone-reserved-identifier)

#include "platform/registry.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define assert_err(e, expected) assert_string_equal(p1_err_name(e), p1_err_name(expected))
#define assert_ok(e) assert_err(e, P1_OK)

static char folder[] = "/tmp/plus1-registry-XXXXXX", path[64];

static void remove_all(void) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    char name[96];
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
}

static int setup(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return 1;
    (void)snprintf(path, sizeof path, "%s/db", folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    remove_all();
    return rmdir(folder);
}

static struct registry *open_again(void) {
    struct registry *r;
    assert_ok(registry_open(&r, path));
    return r;
}

static struct registry *fresh(void) {
    struct db *db;
    unsigned pending;
    remove_all();
    assert_ok(db_open(&db, path, 1));
    assert_ok(db_migrate(db, &registry_migrations, 1, &pending));
    db_close(db);
    return open_again();
}

static enum p1_err add(struct registry *r, int64_t id, const char *kind, const char *json, int64_t hour) {
    json_t *content = json_loads(json, 0, NULL);
    assert_non_null(content);
    return registry_add(r, &id, kind, content, hour);
}

#define IDEA "{\"municipality\":\"Emmen\",\"uses\":\"stem\",\"title\":\"Plein\",\"hypothesis\":\"H\",\"measure\":\"M\"}"

// What an experiment is now, or one of its members, as JSON.
static void shows(struct registry *r, int64_t id, const char *member, const char *expected) {
    json_t *list = registry_list(r, id);
    char *text = json_dumps(json_object_get(json_array_get(list, 0), member), JSON_COMPACT | JSON_ENCODE_ANY);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    json_decref(list);
}

static void live(struct registry *r) {
    assert_ok(add(r, 0, "proposed", IDEA, 100));
    assert_ok(add(r, 1, "attached", "{\"thing\":\"U1\"}", 101));
    assert_ok(add(r, 1, "changed", "{\"measure\":\"M2\"}", 102));
    assert_ok(add(r, 1, "started", "{}", 103));
    assert_ok(add(r, 1, "attached", "{\"thing\":\"U2\"}", 104));
    assert_ok(add(r, 1, "ended", "{\"figures\":{\"participants\":7}}", 105));
    assert_ok(add(r, 1, "evaluated", "{\"evaluation\":\"Goed\"}", 106));
}

static void what_an_experiment_is_follows_from_its_events_also_after_a_restart(void **state) {
    (void)state;
    struct registry *r = fresh();
    live(r);
    assert_ok(add(r, 1, "decided", "{\"decision\":\"adopt\",\"reason\":\"R\"}", 107));
    for (int restart = 0; restart < 2; restart++) {
        shows(r, 1, "id", "1");
        shows(r, 1, "municipality", "\"Emmen\"");
        shows(r, 1, "measure", "\"M2\"");
        shows(r, 1, "hypothesis", "\"H\"");
        shows(r, 1, "attached", "[\"U1\",\"U2\"]");
        shows(r, 1, "ideaHour", "100");
        shows(r, 1, "startHour", "103");
        shows(r, 1, "endHour", "105");
        shows(r, 1, "figures", "{\"participants\":7}");
        shows(r, 1, "evaluation", "\"Goed\"");
        shows(r, 1, "decision", "{\"decision\":\"adopt\",\"reason\":\"R\",\"hour\":107}");
        shows(r, 1, "stage", "\"decided\"");
        json_t *list = registry_list(r, 0), *events = json_object_get(json_array_get(list, 0), "events");
        assert_int_equal(json_array_size(list), 1);
        assert_int_equal(json_array_size(events), 8);
        char *text = json_dumps(json_array_get(events, 2), JSON_COMPACT);
        assert_string_equal(text, "{\"number\":3,\"hour\":102,\"kind\":\"changed\",\"measure\":\"M2\"}");
        free(text);
        json_decref(list);
        registry_close(r);
        r = open_again();
    }
    assert_ok(add(r, 0, "proposed", IDEA, 200));
    shows(r, 2, "id", "2");
    shows(r, 2, "stage", "\"idea\"");
    shows(r, 2, "decision", "null");
    registry_close(r);
}

static void one_that_continues_runs_and_ends_once_more(void **state) {
    (void)state;
    struct registry *r = fresh();
    live(r);
    assert_ok(add(r, 1, "decided", "{\"decision\":\"continue\",\"reason\":\"R\"}", 107));
    shows(r, 1, "stage", "\"running\"");
    shows(r, 1, "endHour", "null");
    json_t *list = registry_list(r, 1);
    assert_null(json_object_get(json_array_get(list, 0), "figures")); // of its end, which was none
    json_decref(list);
    assert_ok(add(r, 1, "ended", "{}", 110));
    shows(r, 1, "endHour", "110");
    registry_close(r);
}

static void what_does_not_come_now_is_refused(void **state) {
    (void)state;
    static const char *const kinds[] = {"proposed", "changed",   "attached", "started",
                                        "ended",    "evaluated", "decided",  "removed"};
    static const char *const contents[] = {IDEA,
                                           "{\"title\":\"T\"}",
                                           "{\"thing\":\"U\"}",
                                           "{}",
                                           "{}",
                                           "{\"evaluation\":\"E\"}",
                                           "{\"decision\":\"drop\",\"reason\":\"R\"}",
                                           "{}"};
    // By stage: which of these come. The one marked + leads to the next.
    static const char *const may[] = {".cc+....", ".cc.+...", ".c...+..", ".c...c+.", "........"};
    struct registry *r = fresh();
    for (int stage = 0; stage < 5; stage++) {
        int64_t id = 0;
        assert_ok(registry_add(r, &id, "proposed", json_loads(IDEA, 0, NULL), 1));
        assert_int_equal(id, stage + 1);
        for (int s = 0; s < stage; s++) {
            long next = strchr(may[s], '+') - may[s];
            assert_ok(add(r, id, kinds[next], contents[next], 2));
        }
        for (int k = 0; k < 8; k++) {
            if (may[stage][k] == '.') assert_err(add(r, id, kinds[k], contents[k], 3), P1_ERR_REGISTER_STAGE);
            if (may[stage][k] == 'c') assert_ok(add(r, id, kinds[k], contents[k], 3));
        }
    }
    registry_close(r);
}

static void an_unknown_number_is_refused(void **state) {
    (void)state;
    struct registry *r = fresh();
    assert_err(add(r, 1, "started", "{}", 1), P1_ERR_REGISTER_UNKNOWN);
    assert_ok(add(r, 0, "proposed", IDEA, 1));
    assert_err(add(r, 2, "started", "{}", 1), P1_ERR_REGISTER_UNKNOWN);
    assert_err(add(r, -1, "started", "{}", 1), P1_ERR_REGISTER_UNKNOWN);
    assert_err(add(r, 0, "started", "{}", 1), P1_ERR_REGISTER_STAGE);
    json_t *none = registry_list(r, 2);
    assert_int_equal(json_array_size(none), 0);
    json_decref(none);
    registry_close(r);
}

static void a_text_is_one_line_of_the_event_s_own(void **state) {
    (void)state;
    struct registry *r = fresh();
    static const char *const wrong[] = {"{}",
                                        "{\"title\":7}",
                                        "{\"title\":\"\"}",
                                        "{\"title\":\"  \"}",
                                        "{\"title\":\"a\\nb\"}",
                                        "{\"title\":\"a\\u0085b\"}",
                                        "{\"title\":\"T\",\"municipality\":\"Almelo\"}",
                                        "{\"title\":\"T\",\"stage\":\"decided\"}",
                                        "{\"title\":\"T\",\"figures\":{}}"};
    char *text = NULL;
    assert_ok(add(r, 0, "proposed", IDEA, 1));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_err(add(r, 1, "changed", wrong[i], 2), P1_ERR_REGISTER_TEXT);
    assert_err(
        add(r, 0, "proposed", "{\"municipality\":\"Emmen\",\"uses\":\"stem\",\"title\":\"T\",\"hypothesis\":\"H\"}", 2),
        P1_ERR_REGISTER_TEXT);
    assert_true(asprintf(&text, "{\"title\":\"%0*d\"}", REGISTRY_TEXT_MAX, 0) > 0);
    assert_ok(add(r, 1, "changed", text, 2));
    free(text);
    assert_true(asprintf(&text, "{\"title\":\"%0*d\"}", REGISTRY_TEXT_MAX + 1, 0) > 0);
    assert_err(add(r, 1, "changed", text, 2), P1_ERR_REGISTER_TEXT);
    free(text);
    assert_ok(add(r, 1, "started", "{}", 2));
    assert_ok(add(r, 1, "ended", "{}", 2));
    assert_ok(add(r, 1, "evaluated", "{\"evaluation\":\"E\"}", 2));
    assert_err(add(r, 1, "decided", "{\"decision\":\"perhaps\",\"reason\":\"R\"}", 2), P1_ERR_REGISTER_DECISION);
    assert_err(add(r, 1, "decided", "{\"decision\":\"adopt\"}", 2), P1_ERR_REGISTER_TEXT);
    registry_close(r);
}

static void no_event_is_changed_or_removed(void **state) {
    (void)state;
    struct db *db;
    struct registry *r = fresh();
    live(r);
    registry_close(r);
    assert_ok(db_open(&db, path, 0));
    assert_err(db_run(db, "UPDATE experiment_event SET hour = 1"), P1_ERR_DB_TWICE);
    assert_string_equal(db_why(db), "the register is only added to");
    assert_err(db_run(db, "DELETE FROM experiment_event"), P1_ERR_DB_TWICE);
    assert_err(db_run(db, "INSERT OR REPLACE INTO experiment_event VALUES(1, 1, 1, 'started', '{}')"), P1_ERR_DB_TWICE);
    db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_experiment_is_follows_from_its_events_also_after_a_restart),
        cmocka_unit_test(one_that_continues_runs_and_ends_once_more),
        cmocka_unit_test(what_does_not_come_now_is_refused),
        cmocka_unit_test(an_unknown_number_is_refused),
        cmocka_unit_test(a_text_is_one_line_of_the_event_s_own),
        cmocka_unit_test(no_event_is_changed_or_removed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
