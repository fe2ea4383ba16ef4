// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The registrar: the roll, and the codes for the letters. What is made here stays here, but for the public credentials.

#include <sodium.h>
#include <stdlib.h>

#include "cli/codes.h"
#include "cli/commands.h"
#include "cli/csv.h"
#include "cli/draft.h"
#include "cli/files.h"
#include "cli/text.h"

// ---- the roll ----

static enum p1_exit read_roll(const struct args *args, const char *path, struct roll *roll) {
    struct roll_rules rules = {0};
    struct issues issues = {0};
    char *text;
    size_t n;
    enum p1_exit e = P1_EXIT_DONE, rule_error = P1_EXIT_DONE;
    *roll = (struct roll){0};
    for (size_t i = 0; args_nth(args, "--rule", i) && e == P1_EXIT_DONE; i++)
        e = roll_rule_parse(&rules, args_nth(args, "--rule", i), &issues);
    issues_print(&issues, stderr);
    if (e == P1_EXIT_DONE) e = file_read(path, 0, &text, &n);
    if (e != P1_EXIT_DONE) {
        roll_rules_release(&rules);
        issues_release(&issues);
        return e;
    }
    e = roll_read(span_of(text, n), roll);
    if (roll->n) rule_error = roll_apply(roll, &rules);
    if (e == P1_EXIT_DONE) e = rule_error;
    fflush(stdout);
    issues_print(&roll->issues, stderr);

    size_t may_vote = 0;
    for (size_t i = 0; i < roll->n; i++) may_vote += roll->persons[i].may_vote != 0;
    printf("%s: %zu %s, %zu bad row%s; %zu may vote\n", path, roll->n, roll->n == 1 ? "person" : "people",
           roll->bad_rows, roll->bad_rows == 1 ? "" : "s", may_vote);
    for (size_t i = 0; i < rules.n; i++) printf("  %zu left out by %s\n", rules.rules[i].left_out, rules.rules[i].text);
    if (e == P1_EXIT_REFUSED) (void)refuse(e, "mend the rows above, then try again");
    roll_rules_release(&rules);
    issues_release(&issues);
    free(text);
    return e;
}

static enum p1_exit roll_check(const struct args *args) {
    struct roll roll;
    enum p1_exit e = read_roll(args, args->files[0], &roll);
    roll_release(&roll);
    return e;
}

const struct command command_roll_check = {
    "roll",
    "check",
    "--rule*=RULE ROLL.csv",
    "Reads an electoral roll, and says what is wrong with it and how many may vote.\n"
    "A RULE is age>=16@2027-03-01 (on that day) or neighbourhood=NAME; several neighbourhoods: any of them.",
    "plus1 roll check --rule \"age>=16@2027-03-01\" --rule neighbourhood=Angelslo roll.csv",
    roll_check};

// ---- credentials ----

struct office {
    struct draft draft;
    struct group *group;
    struct work *work;
    struct roll roll;
    struct credential {
        struct elem_text public;
        unsigned weight;
        char code[P1_CODE_TEXT];
    } * credential; // of each person on the roll, where may_vote
    size_t n;       // who may vote
    const struct credential **sorted;
};

static void draw_credential(const struct office *o, const struct roll_person *p, struct credential *c) {
    uint8_t random[P1_CODE_RANDOM];
    struct code code = {.kind = CODE_3X, .n = P1_CODE_TEXT};
    struct scalar x;
    randombytes_buf(random, sizeof random);
    code_make(code.text, random);
    code_secret(&o->group->q, o->draft.uuid, &code, &x);
    credential_public(o->group, &x, &c->public, o->work);
    memcpy(c->code, code.text, P1_CODE_TEXT);
    c->weight = p->weight;
    sodium_memzero(random, sizeof random);
    sodium_memzero(&code, sizeof code);
    sodium_memzero(&x, sizeof x);
}

static const struct group *sort_group; // qsort() has no argument for it

static int by_public(const void *a, const void *b) {
    const struct credential *x = *(const struct credential *const *)a, *y = *(const struct credential *const *)b;
    return elem_text_order(sort_group, elem_span(&x->public), elem_span(&y->public));
}

static void draw_all(struct office *o) {
    o->credential = mem_alloc(o->roll.n * sizeof *o->credential);
    o->sorted = mem_alloc(o->roll.n * sizeof *o->sorted);
    for (size_t i = 0; i < o->roll.n; i++) {
        if (!o->roll.persons[i].may_vote) continue;
        draw_credential(o, &o->roll.persons[i], &o->credential[i]);
        o->sorted[o->n++] = &o->credential[i];
    }
    sort_group = o->group;
    qsort(o->sorted, o->n, sizeof *o->sorted, by_public);
}

static enum p1_exit write_public(const struct office *o, const char *folder) {
    int weighted = 0;
    size_t room = 16 + o->n * (P1_ELEM_TEXT + 32);
    struct buf b = buf_over(mem_alloc(room), room);
    for (size_t i = 0; i < o->n; i++) weighted |= o->sorted[i]->weight != 1;
    for (size_t i = 0; i < o->n; i++) {
        buf_str(&b, i ? ",\"" : "[\"");
        buf_put(&b, elem_span(&o->sorted[i]->public));
        if (weighted) buf_char(&b, ',');
        if (weighted) buf_u64(&b, o->sorted[i]->weight);
        buf_char(&b, '"');
    }
    buf_str(&b, "]\n");
    char *path = path_join(folder, "public_credentials.json");
    enum p1_exit e = file_write(path, FILE_PUBLIC, 1, buf_span(&b));
    if (e == P1_EXIT_DONE) printf("%s: %zu public credentials, for the board\n", path, o->n);
    free(path);
    free(b.p);
    return e;
}

enum { FIELDS = 7 };

static void fields_of(const struct roll_person *p, struct span field[FIELDS]) {
    const struct span all[FIELDS] = {p->id, p->name, p->street, p->number, p->addition, span_str(p->postcode), p->city};
    memcpy(field, all, sizeof all);
}

// In memory of the right size from the start: what grows leaves copies behind.
static enum p1_exit write_codes(const struct office *o, const char *folder) {
    static const char head[] = CODES_HEADER "\n";
    struct span field[FIELDS];
    size_t room = sizeof head;
    for (size_t i = 0; i < o->roll.n; i++) {
        fields_of(&o->roll.persons[i], field);
        for (size_t k = 0; k < FIELDS; k++) room += 2 * field[k].n + 3;
        room += P1_CODE_TEXT + 1;
    }
    struct buf out = buf_over(mem_alloc(room), room);
    buf_str(&out, head);
    for (size_t i = 0; i < o->roll.n; i++) {
        if (!o->roll.persons[i].may_vote) continue;
        fields_of(&o->roll.persons[i], field);
        for (size_t k = 0; k < FIELDS; k++) {
            csv_write_field(&out, field[k], ';');
            buf_char(&out, ';');
        }
        buf_put(&out, span_of(o->credential[i].code, P1_CODE_TEXT));
        buf_char(&out, '\n');
    }
    char *path = path_join(folder, "codes.csv");
    enum p1_exit e = file_write(path, FILE_SECRET, 1, buf_span(&out));
    if (e == P1_EXIT_DONE)
        printf("%s: %zu codes, for the letters. SECRET: whoever has a code can vote with it.\n", path, o->n);
    mem_free_wiped(out.p);
    free(path);
    return e;
}

static enum p1_exit make(struct office *o, const struct args *args) {
    const char *folder = args_get(args, "--out");
    enum p1_exit e = draft_read(args_get(args, "--draft"), &o->draft);
    if (e != P1_EXIT_DONE) return e;
    enum p1_err err = group_init(o->group, o->draft.group, o->work);
    if (err != P1_OK) return refuse(P1_EXIT_UNREADABLE, "%s", p1_err_text(err));
    e = read_roll(args, args_get(args, "--roll"), &o->roll);
    if (e != P1_EXIT_DONE) return e;
    char *codes = path_join(folder, "codes.csv"), *public = path_join(folder, "public_credentials.json");
    e = files_absent(codes, public, args_end);
    free(codes);
    free(public);
    if (e != P1_EXIT_DONE) return e;
    draw_all(o);
    if (o->n == 0) return refuse(P1_EXIT_REFUSED, "nobody on this roll may vote");
    e = folder_make(folder);
    // The codes first: public credentials without their codes would be of no use to anybody.
    if (e == P1_EXIT_DONE) e = write_codes(o, folder);
    if (e == P1_EXIT_DONE) e = write_public(o, folder);
    return e;
}

static enum p1_exit credentials_make(const struct args *args) {
    struct office o = {.group = mem_alloc(sizeof *o.group), .work = mem_alloc(sizeof *o.work)};
    enum p1_exit e = make(&o, args);
    if (o.credential) sodium_memzero(o.credential, o.roll.n * sizeof *o.credential);
    sodium_memzero(o.work, sizeof *o.work);
    free(o.credential);
    free(o.sorted);
    free(o.group);
    free(o.work);
    roll_release(&o.roll);
    draft_release(&o.draft);
    return e;
}

const struct command command_credentials_make = {
    "credentials",
    "make",
    "--draft!=DRAFT.json --roll!=ROLL.csv --rule*=RULE --out!=FOLDER",
    "Draws a code for each person who may vote: public credentials for the board, codes for the letters.\n"
    "Only you can tell whose code is whose: FOLDER/codes.csv must not leave this computer but as letters.",
    "plus1 credentials make --draft draft.json --roll roll.csv --out registrar",
    credentials_make};
