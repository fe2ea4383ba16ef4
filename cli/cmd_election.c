// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The organiser: municipality, question paper, draft, and the election itself.

#include <sodium.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/draft.h"
#include "cli/eml.h"
#include "cli/files.h"
#include "cli/paper.h"
#include "cli/text.h"
#include "core/group.h"

// ---- plus1 municipality create ----

static enum p1_exit municipality_create(const struct args *args) {
    const char *name = args_get(args, "--name");
    struct span text = span_str(name);
    if (text_trim(text).n == 0 || text_utf8(text) != text.n || text_has_control(text) || text.n > 200)
        return refuse(P1_EXIT_USAGE, "--name: give the municipality's name");
    enum p1_exit e = folder_make(args->files[0]);
    if (e != P1_EXIT_DONE) return e;
    uint8_t json[1024];
    struct buf b = buf_over(json, sizeof json);
    buf_str(&b, "{\"name\":");
    buf_json_string(&b, text_trim(text));
    buf_str(&b, "}\n");
    char *path = path_join(args->files[0], "municipality.json");
    e = file_write(path, FILE_PUBLIC, 1, buf_span(&b));
    if (e == P1_EXIT_DONE) printf("%s: municipality %s\n", path, name);
    free(path);
    return e;
}

const struct command command_municipality_create = {
    "municipality",
    "create",
    "--name!=NAME FOLDER",
    "Makes a folder for a municipality, in which its elections will stand.",
    "plus1 municipality create --name Emmen emmen",
    municipality_create};

// ---- plus1 election paper ----

static void print_issues(const struct issues *issues) {
    fflush(stdout);
    issues_print(issues, stderr);
}

static enum p1_exit paper_save(const struct paper *paper, const char *path) {
    size_t room = paper_size_max(paper) + 1;
    struct buf b = buf_over(mem_alloc(room), room);
    paper_write(paper, &b);
    buf_char(&b, '\n');
    enum p1_exit e = file_write(path, FILE_PUBLIC, 1, buf_span(&b));
    free(b.p);
    return e;
}

// Options come in order: what follows --question belongs to that question.
static enum p1_exit paper_from_args(const struct args *args, struct paper *paper) {
    struct paper_question *q = NULL;
    for (size_t i = 0; i < args->option_count; i++) {
        const struct option *o = &args->options[i];
        if (strcmp(o->name, "--question") == 0) {
            q = paper_add_question(paper, span_str(o->value), 0, 1, 1);
            continue;
        }
        int of_question = !strcmp(o->name, "--answer") || !strcmp(o->name, "--blank") || !strcmp(o->name, "--min") ||
                          !strcmp(o->name, "--max");
        if (!of_question) continue;
        if (!q) return refuse(P1_EXIT_USAGE, "%s belongs to a question: give --question first", o->name);
        if (strcmp(o->name, "--answer") == 0) {
            paper_add_answer(q, span_str(o->value));
        } else if (strcmp(o->name, "--blank") == 0) {
            q->blank = 1;
        } else {
            const struct option one = *o;
            const struct args alone = {.options = (struct option *)(uintptr_t)&one, .option_count = 1};
            unsigned long v = 0;
            enum p1_exit e = args_number(&alone, o->name, 0, PAPER_ANSWERS_MAX, &v);
            if (e != P1_EXIT_DONE) return e;
            *(strcmp(o->name, "--min") ? &q->max : &q->min) = (unsigned)v;
        }
    }
    return P1_EXIT_DONE;
}

static enum p1_exit election_paper(const struct args *args) {
    struct paper paper = {0};
    struct issues issues = {0};
    const char *description = args_get(args, "--description");
    paper.name = text_copy(span_str(args_get(args, "--name")));
    if (description) paper.description = text_copy(span_str(description));
    enum p1_exit e = paper_from_args(args, &paper);
    if (e == P1_EXIT_DONE) {
        e = paper_check(&paper, &issues);
        print_issues(&issues);
    }
    if (e == P1_EXIT_DONE) e = paper_save(&paper, args_get(args, "--out"));
    if (e == P1_EXIT_DONE) paper_print(&paper, stdout);
    paper_release(&paper);
    issues_release(&issues);
    return e;
}

const struct command command_election_paper = {
    "election",
    "paper",
    "--name!=NAME --description=TEXT --question+=TEXT --answer+=TEXT --blank* --min*=N --max*=N --out!=PAPER.json",
    "Writes a question paper.\n"
    "Answers, --blank (a blank vote is allowed), --min and --max (how many answers, 1 and 1 if not given) belong to "
    "the\n"
    "--question before them.",
    "plus1 election paper --name \"Speeltuin\" --question \"Wat komt er?\" --answer Glijbaan --answer Schommel --blank "
    "--out paper.json",
    election_paper};

// ---- plus1 election import ----

static enum p1_exit election_import(const struct args *args) {
    struct paper paper = {0};
    struct issues issues = {0};
    char *text;
    size_t n;
    enum p1_exit e = file_read(args->files[0], 0, &text, &n);
    if (e != P1_EXIT_DONE) return e;
    struct span file = span_of(text, n);
    e = eml_is_xml(file) ? eml_import(file, &paper, &issues) : paper_import_stemapp(file, &paper, &issues);
    print_issues(&issues);
    if (e == P1_EXIT_DONE) paper_print(&paper, stdout);
    if (e == P1_EXIT_DONE && args_get(args, "--out")) e = paper_save(&paper, args_get(args, "--out"));
    paper_release(&paper);
    issues_release(&issues);
    free(text);
    return e;
}

const struct command command_election_import = {
    "election",
    "import",
    "--out=PAPER.json FILE",
    "Reads candidates as a question paper, and prints what it understood. FILE is a candidate list in the electoral\n"
    "council's standard (EML_NL 230b, XML), or the election.json of the stem-app of 2018.",
    "plus1 election import kandidatenlijsten.eml.xml --out paper.json",
    election_import};

// ---- plus1 election draft ----

static void draw_uuid(char out[15]) {
    static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    for (int i = 0; i < 14; i++) out[i] = base58[randombytes_uniform(58)];
    out[14] = 0;
}

static enum p1_exit check_group(const char *name) {
    struct group *g = mem_alloc(sizeof *g);
    struct work *w = mem_alloc(sizeof *w);
    enum p1_err err = group_init(g, span_str(name), w);
    free(g);
    free(w);
    return err == P1_OK ? P1_EXIT_DONE : refuse(P1_EXIT_UNREADABLE, "%s: %s", name, p1_err_text(err));
}

static enum p1_exit election_draft(const struct args *args) {
    struct paper paper = {0};
    struct issues issues = {0};
    const char *group = args_get(args, "--group");
    char uuid[15], *text;
    size_t n;
    if (!group) group = "Ed25519";
    enum p1_exit e = check_group(group);
    if (e == P1_EXIT_DONE) e = file_read(args_get(args, "--paper"), 0, &text, &n);
    if (e != P1_EXIT_DONE) return e;
    e = paper_read(span_of(text, n), &paper, &issues);
    print_issues(&issues);
    if (e == P1_EXIT_DONE) {
        draw_uuid(uuid);
        size_t room = paper_size_max(&paper) + 256;
        struct buf b = buf_over(mem_alloc(room), room);
        draft_write(uuid, group, &paper, &b);
        e = file_write(args_get(args, "--out"), FILE_PUBLIC, 1, buf_span(&b));
        free(b.p);
    }
    if (e == P1_EXIT_DONE) printf("%s: election %s in group %s\n", args_get(args, "--out"), uuid, group);
    paper_release(&paper);
    issues_release(&issues);
    free(text);
    return e;
}

const struct command command_election_draft = {
    "election",
    "draft",
    "--paper!=PAPER.json --group=GROUP --out!=DRAFT.json",
    "Gives a question paper an identifier (UUID), which credentials and trustees' keys need.\n"
    "GROUP is Ed25519 (the default), BELENIOS-2048 or RFC-3526-2048.",
    "plus1 election draft --paper paper.json --out draft.json",
    election_draft};
