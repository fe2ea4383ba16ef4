// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include <stdlib.h>

#include "cli/roll.h"
#include "cli/text.h"

static struct span until(struct span text, const uint8_t *end) {
    return text_trim(span_of(text.p, (size_t)(end - text.p)));
}

static struct span after(struct span text, const uint8_t *mark) {
    return text_trim(span_from(text, (size_t)(mark - text.p) + 1));
}

static int is_named(struct span name, const char *const names[3]) {
    for (size_t i = 0; i < 3; i++)
        if (names[i] && text_compare_nocase(name, span_str(names[i])) == 0) return 1;
    return 0;
}

static int is_age(struct span name) { return is_named(name, (const char *const[3]){"age", "leeftijd"}); }

static int is_neighbourhood(struct span name) {
    return is_named(name, (const char *const[3]){"neighbourhood", "wijk", "buurt"});
}

static struct roll_rule *add_rule(struct roll_rules *rules, enum roll_rule_kind kind, struct span text) {
    rules->rules = mem_grow(rules->rules, rules->n, &rules->cap, sizeof *rules->rules);
    struct roll_rule *rule = &rules->rules[rules->n++];
    *rule = (struct roll_rule){.kind = kind, .text = text_copy(text)};
    return rule;
}

static void append_text(char **text, const char *more, struct span name) {
    size_t old = strlen(*text), extra = strlen(more);
    char *longer = mem_alloc(old + extra + name.n + 1);
    memcpy(longer, *text, old);
    memcpy(longer + old, more, extra);
    memcpy(longer + old + extra, name.p, name.n);
    longer[old + extra + name.n] = 0;
    free(*text);
    *text = longer;
}

static enum p1_exit add_age(struct roll_rules *rules, struct span text, struct span value, struct issues *issues) {
    const uint8_t *at = value.n ? memchr(value.p, '@', value.n) : NULL;
    if (!at)
        return issues_refuse(issues, P1_EXIT_USAGE, 0,
                             "the rule \"%.*s\" lacks the day on which the age counts: write age>=16@2027-03-01",
                             TEXT_SHORT(text));
    struct span years = until(value, at), day = after(value, at);
    unsigned n = 0;
    for (size_t i = 0; i < years.n && n < 1000; i++)
        n = years.p[i] >= '0' && years.p[i] <= '9' ? n * 10 + (years.p[i] - '0') : 1000;
    if (years.n == 0 || n > 150)
        return issues_refuse(issues, P1_EXIT_USAGE, 0, "the age \"%.*s\" in the rule is not a number from 0 to 150",
                             TEXT_SHORT(years));
    struct roll_date on;
    const char *why = roll_date_parse(day, &on);
    if (why) return issues_refuse(issues, P1_EXIT_USAGE, 0, "the day \"%.*s\" in the rule %s", TEXT_SHORT(day), why);
    struct roll_rule *rule = add_rule(rules, RULE_AGE, text);
    rule->years = n;
    rule->on = on;
    return P1_EXIT_DONE;
}

static enum p1_exit add_neighbourhood(struct roll_rules *rules, struct span text, struct span place,
                                      struct issues *issues) {
    if (place.n == 0)
        return issues_refuse(issues, P1_EXIT_USAGE, 0, "the rule \"%.*s\" names no neighbourhood", TEXT_SHORT(text));
    struct roll_rule *rule = NULL;
    for (size_t i = 0; i < rules->n; i++)
        if (rules->rules[i].kind == RULE_NEIGHBOURHOOD) rule = &rules->rules[i];
    if (rule) {
        append_text(&rule->text, " or ", place);
    } else {
        rule = add_rule(rules, RULE_NEIGHBOURHOOD, text);
    }
    rule->places = mem_grow(rule->places, rule->nplaces, &rule->places_cap, sizeof *rule->places);
    rule->places[rule->nplaces++] = (struct roll_place){.name = text_copy(place)};
    return P1_EXIT_DONE;
}

enum p1_exit roll_rule_parse(struct roll_rules *rules, const char *text, struct issues *issues) {
    struct span all = text_trim(span_str(text));
    const uint8_t *equals = all.n ? memchr(all.p, '=', all.n) : NULL;
    if (equals) {
        struct span left = until(all, equals);
        if (is_neighbourhood(left)) return add_neighbourhood(rules, all, after(all, equals), issues);
        if (left.n && left.p[left.n - 1] == '>' && is_age(text_trim(span_of(left.p, left.n - 1))))
            return add_age(rules, all, after(all, equals), issues);
    }
    return issues_refuse(issues, P1_EXIT_USAGE, 0,
                         "\"%.*s\" is not a rule: write age>=16@2027-03-01 or neighbourhood=Angelslo", TEXT_SHORT(all));
}

void roll_rules_release(struct roll_rules *rules) {
    for (size_t i = 0; i < rules->n; i++) {
        struct roll_rule *rule = &rules->rules[i];
        for (size_t k = 0; k < rule->nplaces; k++) free(rule->places[k].name);
        free(rule->places);
        free(rule->text);
    }
    free(rules->rules);
    *rules = (struct roll_rules){0};
}

// Comparing (month, day) makes 1 March the first day on which a birthday of 29 February has been, in a year without it.
static int is_old_enough(struct roll_date birth, unsigned years, struct roll_date on) {
    unsigned year = birth.year + years;
    if (on.year != year) return on.year > year;
    if (on.month != birth.month) return on.month > birth.month;
    return on.day >= birth.day;
}

static int lives_there(const struct roll_person *p, struct roll_rule *rule) {
    int found = 0;
    for (size_t i = 0; i < rule->nplaces; i++) {
        if (text_compare_nocase(p->neighbourhood, span_str(rule->places[i].name))) continue;
        rule->places[i].residents++;
        found = 1;
    }
    return found;
}

static int meets(const struct roll_person *p, struct roll_rule *rule) {
    if (rule->kind == RULE_AGE) return is_old_enough(p->birth, rule->years, rule->on);
    return lives_there(p, rule);
}

static const struct roll_rule *rule_about(const struct roll_rules *rules, enum roll_rule_kind kind) {
    for (size_t i = 0; i < rules->n; i++)
        if (rules->rules[i].kind == kind) return &rules->rules[i];
    return NULL;
}

static enum p1_exit check_columns(struct roll *roll, const struct roll_rules *rules) {
    const char *missing = NULL;
    if (!roll->has_birth && rule_about(rules, RULE_AGE)) missing = "dates of birth (geboortedatum)";
    if (!roll->has_neighbourhood && rule_about(rules, RULE_NEIGHBOURHOOD)) missing = "neighbourhoods (wijk or buurt)";
    if (!missing) return P1_EXIT_DONE;
    for (size_t i = 0; i < roll->n; i++) roll->persons[i].may_vote = 0;
    return issues_refuse(&roll->issues, P1_EXIT_REFUSED, 0, "the rules need a column with %s, which the roll lacks",
                         missing);
}

static void judge(struct roll_person *p, struct roll_rules *rules) {
    p->may_vote = 1;
    for (size_t i = 0; i < rules->n; i++) {
        // Asked of everybody, left out already or not: it counts the residents of each place.
        int ok = meets(p, &rules->rules[i]);
        if (!ok && p->may_vote) rules->rules[i].left_out++;
        p->may_vote &= ok;
    }
}

enum p1_exit roll_apply(struct roll *roll, struct roll_rules *rules) {
    for (size_t i = 0; i < rules->n; i++) {
        rules->rules[i].left_out = 0;
        for (size_t k = 0; k < rules->rules[i].nplaces; k++) rules->rules[i].places[k].residents = 0;
    }
    enum p1_exit e = check_columns(roll, rules);
    if (e != P1_EXIT_DONE) return e;

    const struct roll_rule *age = rule_about(rules, RULE_AGE), *where = rule_about(rules, RULE_NEIGHBOURHOOD);
    for (size_t i = 0; i < roll->n; i++) {
        struct roll_person *p = &roll->persons[i];
        if (age && !p->birth.year) {
            issues_add(&roll->issues, SEVERITY_ERROR, p->line, "the date of birth is missing, and a rule asks the age");
            p->may_vote = 0;
            roll->bad_rows++;
            e = P1_EXIT_REFUSED;
            continue;
        }
        if (where && !p->neighbourhood.n)
            issues_add(&roll->issues, SEVERITY_WARNING, p->line,
                       "the neighbourhood is missing: this person is left out");
        judge(p, rules);
    }
    for (size_t k = 0; where && k < where->nplaces; k++)
        if (!where->places[k].residents)
            issues_add(&roll->issues, SEVERITY_WARNING, 0, "nobody on the roll lives in \"%s\"", where->places[k].name);
    issues_sort(&roll->issues);
    return e;
}
