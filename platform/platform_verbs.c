// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the command line asks of a running server about its experiments (cli/cmd_experiment.c):
//
//   experiment add        MUNICIPALITY USES TITLE HYPOTHESIS MEASURE
//   experiment change     ID (title|hypothesis|measure) TEXT [..]
//   experiment attach     ID THING
//   experiment start      ID
//   experiment end        ID
//   experiment evaluate   ID TEXT
//   experiment decide     ID (adopt|drop|continue) REASON
//   experiment list

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "platform/platform.h"

enum { DONE = 0, REFUSED = 1, UNREADABLE = 2, USAGE = 3 };

static int refused(const struct platform *p, FILE *out, enum p1_err err) {
    int disk = err == P1_ERR_DB || err == P1_ERR_DB_FULL || err == P1_ERR_MEMORY;
    fprintf(out, "%s (%s)%s%s\n", p1_err_text(err), p1_err_name(err), disk ? ": " : "",
            disk ? registry_why(p->registry) : "");
    return disk ? UNREADABLE : REFUSED;
}

static int usage(FILE *out) {
    fputs("the server and this program are of different versions\n", out);
    return USAGE;
}

static const char *text(const json_t *j, const char *member) { return json_string_value(json_object_get(j, member)); }

// A text that is not UTF-8 is left out, and so refused as missing.
static void set(json_t *content, const char *member, const char *value) {
    (void)json_object_set_new(content, member, json_string(value));
}

static int add_event(const struct platform *p, int64_t id, const char *kind, json_t *content, FILE *out) {
    enum p1_err err = registry_add(p->registry, &id, kind, content, platform_hour(p));
    if (err != P1_OK) return refused(p, out, err);
    fprintf(out, "experiment %lld: %s\n", (long long)id, kind);
    return DONE;
}

// A number that is none names no experiment.
static int64_t number(const char *word) {
    size_t n = strspn(word, "0123456789");
    long long id = n && n < 10 && word[n] == 0 ? strtoll(word, NULL, 10) : 0;
    return id ? id : -1;
}

// ---- the events ----

static int verb_add(void *arg, int argc, char **argv, FILE *out) {
    static const char *const members[] = {"municipality", "uses", "title", "hypothesis", "measure"};
    const struct platform *p = arg;
    void *state;
    if (argc != 5) return usage(out);
    if (!config_by_name(p->config, span_str(argv[0]))) return refused(p, out, P1_ERR_MUNICIPALITY);
    if (!platform_find(p, argv[1], &state)) return refused(p, out, P1_ERR_REGISTER_USES);
    json_t *content = json_object();
    for (int i = 0; i < argc; i++) set(content, members[i], argv[i]);
    return add_event(p, 0, "proposed", content, out);
}

static int verb_change(void *arg, int argc, char **argv, FILE *out) {
    if (argc < 3 || argc % 2 == 0) return usage(out);
    json_t *content = json_object();
    for (int i = 1; i < argc; i += 2) set(content, argv[i], argv[i + 1]);
    return add_event(arg, number(argv[0]), "changed", content, out);
}

static int is_attached(const json_t *list, const char *thing) {
    size_t i, n;
    json_t *e, *one;
    json_array_foreach(list, i, e) {
        json_array_foreach(json_object_get(e, "attached"), n, one) {
            if (strcmp(json_string_value(one), thing) == 0) return 1;
        }
    }
    return 0;
}

static enum p1_err may_attach(const struct platform *p, int64_t id, const char *thing) {
    struct experiment_figures f = {.opened = 0};
    void *state = NULL;
    enum p1_err err = P1_OK;
    json_t *one = registry_list(p->registry, id), *all = registry_list(p->registry, 0);
    const json_t *e = json_array_get(one, 0);
    const struct experiment *x = e ? platform_find(p, text(e, "uses"), &state) : NULL;
    if (!e)
        err = P1_ERR_REGISTER_UNKNOWN;
    else if (!x || !x->figures || !x->figures(state, span_str(thing), &f))
        err = P1_ERR_REGISTER_THING;
    else if (strcmp(f.municipality, text(e, "municipality")) != 0)
        err = P1_ERR_REGISTER_OTHER;
    else if (is_attached(all, thing))
        err = P1_ERR_REGISTER_TWICE;
    json_decref(one);
    json_decref(all);
    return err;
}

static int verb_attach(void *arg, int argc, char **argv, FILE *out) {
    if (argc != 2) return usage(out);
    enum p1_err err = may_attach(arg, number(argv[0]), argv[1]);
    if (err != P1_OK) return refused(arg, out, err);
    return add_event(arg, number(argv[0]), "attached", json_pack("{s:s}", "thing", argv[1]), out);
}

static int verb_start(void *arg, int argc, char **argv, FILE *out) {
    return argc == 1 ? add_event(arg, number(argv[0]), "started", json_object(), out) : usage(out);
}

// What was measured goes into the event, so that it stays when the experiment is thrown away.
static int verb_end(void *arg, int argc, char **argv, FILE *out) {
    const struct platform *p = arg;
    if (argc != 1) return usage(out);
    json_t *list = registry_list(p->registry, number(argv[0])), *e = json_array_get(list, 0);
    json_t *figures = e ? measure_figures(p, e) : NULL, *content = json_object();
    if (figures) (void)json_object_set_new(content, "figures", figures);
    json_decref(list);
    return add_event(p, number(argv[0]), "ended", content, out);
}

static int verb_evaluate(void *arg, int argc, char **argv, FILE *out) {
    if (argc != 2) return usage(out);
    json_t *content = json_object();
    set(content, "evaluation", argv[1]);
    return add_event(arg, number(argv[0]), "evaluated", content, out);
}

static int verb_decide(void *arg, int argc, char **argv, FILE *out) {
    if (argc != 3) return usage(out);
    json_t *content = json_object();
    set(content, "decision", argv[1]);
    set(content, "reason", argv[2]);
    return add_event(arg, number(argv[0]), "decided", content, out);
}

// ---- the list ----

static void say_hour(FILE *out, const char *what, const json_t *hour) {
    char when[32];
    time_t t = (time_t)json_integer_value(hour) * 3600;
    struct tm tm;
    if (json_is_integer(hour) && strftime(when, sizeof when, "%Y-%m-%d %H:%M", localtime_r(&t, &tm)))
        fprintf(out, "    %-12s %s\n", what, when);
}

static int verb_list(void *arg, int argc, char **argv, FILE *out) {
    const struct platform *p = arg;
    size_t i, n;
    json_t *e, *thing, *list = platform_experiments(p, NULL, 0);
    (void)argv;
    if (argc) {
        json_decref(list);
        return usage(out);
    }
    json_array_foreach(list, i, e) {
        fprintf(out, "%lld  %s: %s (%s, %s)\n", (long long)json_integer_value(json_object_get(e, "id")),
                text(e, "municipality"), text(e, "title"), text(e, "uses"), text(e, "stage"));
        say_hour(out, "idea", json_object_get(e, "ideaHour"));
        say_hour(out, "started", json_object_get(e, "startHour"));
        say_hour(out, "ended", json_object_get(e, "endHour"));
        json_array_foreach(json_object_get(e, "attached"), n, thing) {
            fprintf(out, "    %-12s %s\n", "attached", json_string_value(thing));
        }
        const json_t *participants = json_object_get(json_object_get(e, "figures"), "participants");
        if (participants) fprintf(out, "    %-12s %lld\n", "participants", (long long)json_integer_value(participants));
    }
    if (json_array_size(list) == 0) fputs("no experiments yet: plus1 experiment add proposes one\n", out);
    json_decref(list);
    return DONE;
}

const struct control_verb platform_verbs[] = {
    {"experiment add", verb_add},       {"experiment change", verb_change}, {"experiment attach", verb_attach},
    {"experiment start", verb_start},   {"experiment end", verb_end},       {"experiment evaluate", verb_evaluate},
    {"experiment decide", verb_decide}, {"experiment list", verb_list},     {NULL, NULL},
};
