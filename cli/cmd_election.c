// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The organiser: municipality, question paper, draft, and the election itself.

#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "cli/boxfile.h"
#include "cli/commands.h"
#include "cli/draft.h"
#include "cli/eml.h"
#include "cli/files.h"
#include "cli/paper.h"
#include "cli/text.h"

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
    "--name!=NAME --description=TEXT --question+=TEXT --answer+=TEXT --blank --min*=N --max*=N --out!=PAPER.json",
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

// ---- plus1 election create ----

// [["Single",{..}],["Pedersen",{..}],..] from the files in their order.
static enum p1_exit trustees_join(const struct args *args, struct buf *out) {
    const char *path;
    for (size_t i = 0; (path = args_nth(args, "--trustee", i)); i++) {
        char *text;
        size_t n;
        enum p1_exit e = file_read(path, 1, &text, &n);
        if (e != P1_EXIT_DONE) return e;
        struct json j = json_of(span_of(text, n));
        const char *kind = json_take(&j, "{\"pok\":") ? "Single" : json_take(&j, "{\"threshold\":") ? "Pedersen" : NULL;
        if (kind) {
            buf_str(out, i ? ",[\"" : "[[\"");
            buf_str(out, kind);
            buf_str(out, "\",");
            buf_put(out, span_of(text, n));
            buf_char(out, ']');
        }
        free(text);
        if (!kind)
            return refuse(P1_EXIT_UNREADABLE,
                          "%s is neither a trustee's public key nor the parameters of a threshold set", path);
    }
    buf_char(out, ']');
    return P1_EXIT_DONE;
}

static enum p1_exit joint_key(const struct draft *d, struct span trustees, struct elem_text *key) {
    struct group *g = mem_alloc(sizeof *g);
    struct work *w = mem_alloc(sizeof *w);
    struct trustees *t = mem_alloc(sizeof *t);
    struct buf arena = buf_over(mem_alloc(trustees.n), trustees.n);
    enum p1_exit e = P1_EXIT_DONE;
    enum p1_err err = group_init(g, d->group, w);
    if (err == P1_OK) err = trustees_parse(t, g, trustees, &arena, w);
    if (err == P1_OK) {
        elem_encode(g, key, &t->joint, 1, w);
    } else {
        e = refuse(P1_EXIT_REFUSED, "trustee %u: %s (%s)", t->at, p1_err_text(err), p1_err_name(err));
    }
    free(g);
    free(w);
    free(t);
    free(arena.p);
    return e;
}

// Writes the election, and lets the reader of archives judge it before anything is on the disk.
static enum p1_exit archive_new(const struct draft *d, struct span trustees, struct span credentials,
                                const char *folder) {
    struct chain chain;
    struct elem_text key;
    enum p1_exit e = joint_key(d, trustees, &key);
    if (e != P1_EXIT_DONE) return e;
    size_t room = d->json.n + P1_ELEM_TEXT + 256;
    struct buf election = buf_over(mem_alloc(room), room);
    draft_election(d, elem_span(&key), &election);

    uint8_t setup_text[512];
    struct buf setup = buf_over(setup_text, sizeof setup_text);
    setup_data(buf_span(&election), trustees, credentials, &setup);
    const struct span records[] = {buf_span(&election), trustees, credentials, buf_span(&setup)};
    size_t size = 4096 + chain_write_size(records, 4);
    struct buf file = buf_over(mem_alloc(size), size);
    enum p1_err err = chain_create(&chain, (uint64_t)time(NULL), &file);
    if (err == P1_OK) err = chain_write(&chain, EVENT_SETUP, records, 4, &file);

    struct box *box = mem_alloc(sizeof *box);
    struct work *w = mem_alloc(sizeof *w);
    box_init(box);
    if (err == P1_OK) err = box_read(box, buf_span(&file), w);
    if (err != P1_OK) {
        e = refuse(P1_EXIT_REFUSED, "this election is not right: %s (%s)", p1_err_text(err), p1_err_name(err));
    } else {
        char *path = path_join(folder, "%.*s.bel", (int)d->uuid.n, (const char *)d->uuid.p);
        int failed = archive_create(path, buf_span(&file));
        if (failed) {
            e = refuse(P1_EXIT_UNREADABLE, "%s cannot be written: %s", path, strerror(failed));
        } else {
            printf("%s: %zu voters, %u trustees, %u question%s. The ballot box is open.\n", path, box->voter_count,
                   box->trustees.count, box->election.question_count, box->election.question_count == 1 ? "" : "s");
        }
        free(path);
    }
    box_release(box);
    free(box);
    free(w);
    free(file.p);
    free(election.p);
    return e;
}

static enum p1_exit election_create(const struct args *args) {
    struct draft d = {0};
    char *credentials = NULL;
    size_t n, room = (size_t)1 << 24;
    struct buf trustees = buf_over(mem_alloc(room), room);
    enum p1_exit e = draft_read(args_get(args, "--draft"), &d);
    if (e == P1_EXIT_DONE) e = trustees_join(args, &trustees);
    if (e == P1_EXIT_DONE) e = file_read(args_get(args, "--credentials"), 1, &credentials, &n);
    if (e == P1_EXIT_DONE) e = folder_make(args_get(args, "--out"));
    if (e == P1_EXIT_DONE) e = archive_new(&d, buf_span(&trustees), span_of(credentials, n), args_get(args, "--out"));
    free(credentials);
    free(trustees.p);
    draft_release(&d);
    return e;
}

const struct command command_election_create = {
    "election",
    "create",
    "--draft!=DRAFT.json --trustee+=FILE --credentials!=CREDENTIALS.json --out!=FOLDER",
    "Opens a ballot box: writes FOLDER/UUID.bel with question paper, trustees and public credentials.\n"
    "Each --trustee is a public key, or the parameters of a threshold set.",
    "plus1 election create --draft draft.json --trustee threshold.json --credentials public_credentials.json --out "
    "emmen",
    election_create};
