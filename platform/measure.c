// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include <jansson.h>
#include <stdlib.h>

#include "platform/platform.h"

// ---- figures ----

struct sum {
    json_t *asked, *pages;
    int64_t opened;
    uint64_t invited, participants, bytes, cpu_ns;
    unsigned n;
};

static void add_lines(json_t *to, const char *text) {
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        if (n) (void)json_array_append_new(to, json_stringn(text, n));
    }
}

static void add(struct sum *s, const struct experiment_figures *f) {
    add_lines(s->asked, f->asked);
    add_lines(s->pages, f->page);
    if (f->opened && (!s->opened || f->opened < s->opened)) s->opened = f->opened;
    s->invited += f->invited;
    s->participants += f->participants;
    s->bytes += f->bytes;
    s->cpu_ns += f->cpu_ns;
    s->n++;
}

json_t *measure_figures(const struct platform *p, const json_t *experiment) {
    struct sum s = {.asked = json_array(), .pages = json_array()};
    void *state = NULL;
    size_t i;
    json_t *thing, *figures = NULL;
    const struct experiment *x = platform_find(p, json_string_value(json_object_get(experiment, "uses")), &state);
    json_array_foreach(json_object_get(experiment, "attached"), i, thing) {
        struct experiment_figures f = {.opened = 0};
        if (x && x->figures && x->figures(state, span_str(json_string_value(thing)), &f)) add(&s, &f);
    }
    if (s.n)
        figures = json_pack("{s:O,s:O,s:o,s:I,s:I,s:I,s:I}", "asked", s.asked, "pages", s.pages, "openedHour",
                            s.opened ? json_integer((json_int_t)s.opened) : json_null(), "invited",
                            (json_int_t)s.invited, "participants", (json_int_t)s.participants, "bytes",
                            (json_int_t)s.bytes, "cpuMilliseconds", (json_int_t)(s.cpu_ns / 1000000));
    json_decref(s.asked);
    json_decref(s.pages);
    return figures;
}

// ---- costs ----

static double number(const json_t *j, const char *member) { return json_number_value(json_object_get(j, member)); }

json_t *measure_cost(const struct prices *prices, const json_t *figures, int64_t hours, uint64_t inhabitants) {
    if (!prices->given || !figures) return NULL;
    double months = hours > 0 ? (double)hours / HOURS_A_MONTH : 0;
    double cpu = number(figures, "cpuMilliseconds") / 3.6e6 * prices->cpu_hour;
    double disk = number(figures, "bytes") / 1e9 * months * prices->gigabyte_month;
    double letters = number(figures, "invited") * prices->letter, total = cpu + disk + letters;
    return json_pack("{s:f,s:f,s:f,s:f,s:o}", "cpu", cpu, "disk", disk, "letters", letters, "total", total,
                     "perInhabitant", inhabitants ? json_real(total / (double)inhabitants) : json_null());
}

// ---- all together ----

static void set(json_t *e, const char *member, json_t *value) {
    (void)json_object_set_new(e, member, value ? value : json_null());
}

// What has ended keeps the figures of its end, the program may have lost the experiment since.
static void complete(const struct platform *p, json_t *e) {
    const json_t *idea = json_object_get(e, "ideaHour"), *end = json_object_get(e, "endHour");
    const struct municipality *m =
        config_by_name(p->config, span_str(json_string_value(json_object_get(e, "municipality"))));
    int64_t now = platform_hour(p), until = json_is_integer(end) ? json_integer_value(end) : now;
    if (!json_is_object(json_object_get(e, "figures"))) set(e, "figures", measure_figures(p, e));
    const json_t *figures = json_object_get(e, "figures"), *opened = json_object_get(figures, "openedHour");
    int64_t hour = json_integer_value(opened);
    int is_open = json_is_integer(opened) && hour <= now && hour >= json_integer_value(idea);
    set(e, "hoursToOpen", is_open ? json_integer((json_int_t)hour - json_integer_value(idea)) : NULL);
    set(e, "cost",
        measure_cost(&p->config->prices, json_is_object(figures) ? figures : NULL,
                     json_is_integer(opened) ? until - hour : 0, m ? m->inhabitants : 0));
}

json_t *platform_experiments(const struct platform *p, const char *name, int64_t id) {
    json_t *list = registry_list(p->registry, id);
    for (size_t i = 0; i < json_array_size(list);) {
        json_t *e = json_array_get(list, i);
        const char *whose = json_string_value(json_object_get(e, "municipality"));
        if (name && strcmp(whose, name) != 0) {
            (void)json_array_remove(list, i);
        } else {
            complete(p, e);
            i++;
        }
    }
    return list;
}

int64_t platform_hour(const struct platform *p) { return (int64_t)(p->now(p->now_arg) / 3600); }

const struct experiment *platform_find(const struct platform *p, const char *name, void **state) {
    for (size_t i = 0; i < p->experiment_count; i++) {
        if (strcmp(p->experiments[i]->name, name) != 0) continue;
        *state = p->states[i];
        return p->experiments[i];
    }
    return NULL;
}
