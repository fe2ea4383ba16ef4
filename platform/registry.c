// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/registry.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char tables[] =
    "CREATE TABLE experiment_event("
    "  experiment INTEGER NOT NULL,"
    "  n INTEGER NOT NULL,"
    "  hour INTEGER NOT NULL," // since 1970
    "  kind TEXT NOT NULL,"
    "  content TEXT NOT NULL," // JSON
    "  PRIMARY KEY(experiment, n)"
    ") STRICT;"
    "CREATE TRIGGER experiment_event_is_the_next BEFORE INSERT ON experiment_event"
    "  WHEN NEW.n <> (SELECT count(*) + 1 FROM experiment_event WHERE experiment = NEW.experiment)"
    "  BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;"
    "CREATE TRIGGER experiment_event_is_not_changed BEFORE UPDATE ON experiment_event"
    "  BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;"
    "CREATE TRIGGER experiment_event_is_not_removed BEFORE DELETE ON experiment_event"
    "  BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;";

static const char *const steps[] = {tables};
const struct migrations registry_migrations = {"platform", steps, sizeof steps / sizeof *steps};

struct registry {
    struct db *db;
    struct stmt *add;
    pthread_mutex_t lock; // for all
    json_t *list;         // as registry_list() gives it; the number of an experiment is its place, from 1
};

// ---- what events do ----

static const char *text(const json_t *j, const char *member) { return json_string_value(json_object_get(j, member)); }

static void set_text(json_t *e, const char *member, const char *value) {
    (void)json_object_set_new(e, member, json_string(value));
}

static void apply_proposed(json_t *e, const json_t *event) {
    (void)event;
    set_text(e, "stage", "idea");
    (void)json_object_set(e, "ideaHour", json_object_get(event, "hour"));
    (void)json_object_set_new(e, "attached", json_array());
    (void)json_object_set_new(e, "startHour", json_null());
    (void)json_object_set_new(e, "endHour", json_null());
    (void)json_object_set_new(e, "evaluation", json_null());
    (void)json_object_set_new(e, "decision", json_null());
}

static void apply_attached(json_t *e, const json_t *event) {
    (void)json_array_append(json_object_get(e, "attached"), json_object_get(event, "thing"));
}

static void apply_started(json_t *e, const json_t *event) {
    set_text(e, "stage", "running");
    (void)json_object_set(e, "startHour", json_object_get(event, "hour"));
}

static void apply_ended(json_t *e, const json_t *event) {
    set_text(e, "stage", "ended");
    (void)json_object_set(e, "endHour", json_object_get(event, "hour"));
}

static void apply_evaluated(json_t *e, const json_t *event) {
    (void)event;
    set_text(e, "stage", "evaluated");
}

static void apply_decided(json_t *e, const json_t *event) {
    int goes_on = strcmp(text(event, "decision"), "continue") == 0;
    (void)json_object_set_new(e, "decision",
                              json_pack("{s:O,s:O,s:O}", "decision", json_object_get(event, "decision"), "reason",
                                        json_object_get(event, "reason"), "hour", json_object_get(event, "hour")));
    set_text(e, "stage", goes_on ? "running" : "decided");
    if (!goes_on) return;
    (void)json_object_set_new(e, "endHour", json_null());
    (void)json_object_del(e, "figures");
}

// Which stages an event may come in, and the texts that it must bring.
static const struct kind {
    const char *name;
    const char *stages; // each with a space on both sides
    const char *texts[6];
    int one;  // of the texts is enough
    int says; // what the experiment is from now on
    void (*apply)(json_t *e, const json_t *event);
} kinds[] = {
    {"proposed", "", {"municipality", "uses", "title", "hypothesis", "measure"}, 0, 1, apply_proposed},
    {"changed", " idea running ended evaluated ", {"title", "hypothesis", "measure"}, 1, 1, NULL},
    {"attached", " idea running ", {"thing"}, 0, 0, apply_attached},
    {"started", " idea ", {NULL}, 0, 0, apply_started},
    {"ended", " running ", {NULL}, 0, 1, apply_ended},
    {"evaluated", " ended evaluated ", {"evaluation"}, 0, 1, apply_evaluated},
    {"decided", " evaluated ", {"decision", "reason"}, 0, 0, apply_decided},
};

static const struct kind *find_kind(const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
    }
    return NULL;
}

static int comes_in(const struct kind *kind, const json_t *e) {
    char word[32];
    if (!e) return *kind->stages == 0;
    return snprintf(word, sizeof word, " %s ", text(e, "stage")) < (int)sizeof word && strstr(kind->stages, word);
}

// One line that says something; jansson has seen to it that it is UTF-8.
static int is_line(const char *p) {
    if (strlen(p) > REGISTRY_TEXT_MAX || p[strspn(p, " ")] == 0) return 0;
    for (; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c < ' ' || c == 0x7f || (c == 0xc2 && (unsigned char)p[1] < 0xa0)) return 0;
    }
    return 1;
}

static enum p1_err check_texts(const struct kind *kind, const json_t *content) {
    unsigned found = 0, n = 0;
    for (; n < 6 && kind->texts[n]; n++) {
        const json_t *value = json_object_get(content, kind->texts[n]);
        if (value && (!json_is_string(value) || !is_line(json_string_value(value)))) return P1_ERR_REGISTER_TEXT;
        found += value != NULL;
    }
    if (kind->one ? found == 0 : found < n) return P1_ERR_REGISTER_TEXT;
    int figures = kind->apply == apply_ended && json_object_get(content, "figures");
    if (json_object_size(content) != found + (figures ? 1U : 0U)) return P1_ERR_REGISTER_TEXT;
    const char *decision = text(content, "decision");
    if (decision && strcmp(decision, "adopt") != 0 && strcmp(decision, "drop") != 0 &&
        strcmp(decision, "continue") != 0)
        return P1_ERR_REGISTER_DECISION;
    return P1_OK;
}

// ---- in memory ----

static json_t *experiment(const struct registry *r, int64_t id) {
    return id > 0 ? json_array_get(r->list, (size_t)id - 1) : NULL;
}

// An event that was checked, or comes out of the database.
static enum p1_err apply(struct registry *r, int64_t id, const struct kind *kind, json_t *content, int64_t hour) {
    json_t *e = experiment(r, id), *event, *events;
    if (!e && (size_t)id != json_array_size(r->list) + 1) return P1_ERR_DB;
    if (!e) {
        e = json_pack("{s:I,s:[]}", "id", (json_int_t)id, "events");
        if (!e || json_array_append_new(r->list, e)) return P1_ERR_MEMORY;
    }
    events = json_object_get(e, "events");
    event = json_pack("{s:I,s:I,s:s}", "number", (json_int_t)json_array_size(events) + 1, "hour", (json_int_t)hour,
                      "kind", kind->name);
    if (!event || json_object_update(event, content) || json_array_append_new(events, event)) return P1_ERR_MEMORY;
    // First what the kind sets, which a text may then fill.
    if (kind->apply) kind->apply(e, event);
    if (kind->says) (void)json_object_update(e, content);
    return P1_OK;
}

// ---- on the disk ----

static enum p1_err store(struct registry *r, int64_t id, int64_t n, const char *kind, const json_t *content,
                         int64_t hour) {
    char *dumped = json_dumps(content, JSON_COMPACT);
    if (!dumped) return P1_ERR_MEMORY;
    bind_int(r->add, 1, id);
    bind_int(r->add, 2, n);
    bind_int(r->add, 3, hour);
    bind_text(r->add, 4, span_str(kind));
    bind_text(r->add, 5, span_str(dumped));
    enum p1_err err = stmt_run(r->add);
    free(dumped);
    return err;
}

static enum p1_err load_row(struct registry *r, struct stmt *s) {
    char name[32] = "";
    struct span kind_text = column_span(s, 2), content_text = column_span(s, 3);
    if (kind_text.n < sizeof name) memcpy(name, kind_text.p, kind_text.n);
    const struct kind *kind = find_kind(name);
    json_t *content = json_loadb((const char *)content_text.p, content_text.n, 0, NULL);
    enum p1_err err = kind && content ? apply(r, column_int(s, 0), kind, content, column_int(s, 1)) : P1_ERR_DB;
    json_decref(content);
    return err;
}

static enum p1_err load(struct registry *r) {
    struct stmt *s;
    int row = 0;
    enum p1_err err =
        stmt_new(&s, r->db, "SELECT experiment, hour, kind, content FROM experiment_event ORDER BY experiment, n");
    while (err == P1_OK) {
        err = stmt_step(s, &row);
        if (err != P1_OK || !row) break;
        err = load_row(r, s);
    }
    stmt_free(s);
    return err;
}

// ---- all together ----

enum p1_err registry_open(struct registry **out, const char *database) {
    struct registry *r = calloc(1, sizeof *r);
    *out = r;
    if (!r) return P1_ERR_MEMORY;
    pthread_mutex_init(&r->lock, NULL);
    r->list = json_array();
    if (!r->list) return P1_ERR_MEMORY;
    TRY(db_open(&r->db, database, 0));
    TRY(stmt_new(&r->add, r->db,
                 "INSERT INTO experiment_event(experiment, n, hour, kind, content) VALUES(?, ?, ?, ?, ?)"));
    return load(r);
}

void registry_close(struct registry *r) {
    if (!r) return;
    stmt_free(r->add);
    db_close(r->db);
    json_decref(r->list);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

const char *registry_why(const struct registry *r) { return r && r->db ? db_why(r->db) : ""; }

static enum p1_err add(struct registry *r, int64_t *id, const char *name, json_t *content, int64_t hour) {
    const struct kind *kind = find_kind(name);
    const json_t *e = experiment(r, *id);
    if (*id && !e) return P1_ERR_REGISTER_UNKNOWN;
    if (!kind || !comes_in(kind, e)) return P1_ERR_REGISTER_STAGE;
    if (!content) return P1_ERR_REGISTER_TEXT;
    TRY(check_texts(kind, content));
    int64_t number = e ? *id : (int64_t)json_array_size(r->list) + 1;
    int64_t n = e ? (int64_t)json_array_size(json_object_get(e, "events")) + 1 : 1;
    TRY(store(r, number, n, name, content, hour));
    *id = number;
    return apply(r, number, kind, content, hour);
}

enum p1_err registry_add(struct registry *r, int64_t *id, const char *kind, json_t *content, int64_t hour) {
    pthread_mutex_lock(&r->lock);
    enum p1_err err = add(r, id, kind, content, hour);
    pthread_mutex_unlock(&r->lock);
    json_decref(content);
    return err;
}

json_t *registry_list(struct registry *r, int64_t id) {
    pthread_mutex_lock(&r->lock);
    json_t *list = id ? json_array() : json_deep_copy(r->list);
    if (id && list && experiment(r, id)) (void)json_array_append_new(list, json_deep_copy(experiment(r, id)));
    pthread_mutex_unlock(&r->lock);
    return list;
}
