// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A whole joint vote of five municipalities with synthetic residents: the same commands that people would type, one after the
// other. Each is shown once with what it says; its repetitions run silently. Only the residents' votes go straight into the
// boxes.

#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board/check.h"
#include "cli/cmd_box.h"
#include "cli/cmd_vote.h"
#include "cli/commands.h"
#include "cli/draft.h"
#include "cli/files.h"
#include "cli/keyfile.h"
#include "cli/text.h"
#include "core/credential.h"

enum { TOWNS = 5, NEEDED = 3, ENOUGH = 75 }; // from 75 voters on, at least ten vote in each box

static const struct {
    const char *folder, *name;
} towns[TOWNS] = {{"almelo", "Almelo"},
                  {"emmen", "Emmen"},
                  {"hollands-kroon", "Hollands Kroon"},
                  {"lingewaard", "Lingewaard"},
                  {"molenwaard", "Molenwaard"}};

struct demo {
    const char *out, *group;
    unsigned voters;
    int test; // keys with --test --minimum 1
    char *uuid[TOWNS], *box[TOWNS];
    struct runner *runner;
};

// Sends what is printed nowhere; returns where it went before.
static int silence(void) {
    fflush(stdout);
    int before = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) (void)dup2(nowhere, STDOUT_FILENO);
    if (nowhere >= 0) close(nowhere);
    return before;
}

static void speak_again(int before) {
    fflush(stdout);
    if (before >= 0) (void)dup2(before, STDOUT_FILENO);
    if (before >= 0) close(before);
}

// Runs a command; arguments end with args_end.
static enum p1_exit run(int repetition, const struct command *command, const char *first, ...) {
    char *given[64];
    int n = 0, before = -1;
    va_list list;
    va_start(list, first);
    for (const char *arg = first; arg != args_end && n < 64; arg = va_arg(list, const char *))
        given[n++] = (char *)(uintptr_t)arg;
    va_end(list);
    if (repetition) {
        before = silence();
    } else {
        printf("$ plus1 %s %s", command->role, command->verb);
        for (int i = 0; i < n; i++) printf(strchr(given[i], ' ') ? " \"%s\"" : " %s", given[i]);
        putchar('\n');
    }
    enum p1_exit e = command_run(command, n, given);
    if (repetition) speak_again(before);
    return e;
}

static void and_so_on(void) { puts("  .. and the same for the others"); }

static void step(const char *title) { printf("\n-- %s\n", title); }

// ---- organisers and registrars ----

static unsigned roll_size(const struct demo *d, unsigned town) {
    return d->voters / TOWNS + (town < d->voters % TOWNS);
}

static enum p1_exit write_roll(const struct demo *d, unsigned town, const char *path) {
    char *text;
    size_t n;
    FILE *f = open_memstream(&text, &n);
    if (!f) return refuse(P1_EXIT_UNREADABLE, "there is not enough memory");
    fputs("id;naam;straat;huisnummer;postcode;woonplaats;wijk;geboortedatum\n", f);
    for (unsigned i = 1; i <= roll_size(d, town); i++)
        fprintf(f, "%s-%05u;Testinwoner %s %05u;Teststraat;%u;%04u TP;%s;Testwijk;%u-%02u-%02u\n", towns[town].folder,
                i, towns[town].name, i, i, 1000 + town, towns[town].name, 1940 + i % 65, 1 + i % 12, 1 + i % 28);
    if (fclose(f)) return refuse(P1_EXIT_UNREADABLE, "there is not enough memory");
    enum p1_exit e = file_write(path, FILE_SECRET, 1, span_of(text, n));
    free(text);
    return e;
}

static enum p1_exit prepare_town(struct demo *d, unsigned town, const char *paper) {
    char *folder = path_join(d->out, "%s", towns[town].folder);
    char *draft = path_join(folder, "draft.json"), *roll = path_join(folder, "roll.csv");
    struct draft read = {0};
    enum p1_exit e = run(town > 0, &command_municipality_create, "--name", towns[town].name, folder, args_end);
    if (e == P1_EXIT_DONE)
        e = run(town > 0, &command_election_draft, "--paper", paper, "--group", d->group, "--out", draft, args_end);
    if (e == P1_EXIT_DONE) e = write_roll(d, town, roll);
    if (e == P1_EXIT_DONE)
        e = run(town > 0, &command_credentials_make, "--draft", draft, "--roll", roll, "--rule", "age>=16@2027-03-01",
                "--out", folder, args_end);
    if (e == P1_EXIT_DONE) e = draft_read(draft, &read);
    if (e == P1_EXIT_DONE) d->uuid[town] = text_copy(read.uuid);
    draft_release(&read);
    free(folder);
    free(draft);
    free(roll);
    return e;
}

static enum p1_exit prepare(struct demo *d) {
    char *paper = path_join(d->out, "paper.json");
    step("The question paper, and for each municipality a roll and codes");
    enum p1_exit e =
        run(0, &command_election_paper, "--name", "Samen kiezen", "--description",
            "Een proef: vijf gemeenten stemmen samen", "--question", "Wat doen we met het plein?", "--answer",
            "Speeltuin", "--answer", "Bomen", "--answer", "Parkeren", "--blank", "--out", paper, args_end);
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = prepare_town(d, t, paper);
    and_so_on();
    free(paper);
    return e;
}

// ---- trustees ----

static enum p1_exit make_certificate(const struct demo *d, unsigned town, const char *name) {
    char index[8];
    (void)snprintf(index, sizeof index, "%u", town + 1);
    return run(town > 0, &command_trustee_certificate, "--group", d->group, "--index", index, "--of", "5",
               "--threshold", "3", "--election", d->uuid[0], "--election", d->uuid[1], "--election", d->uuid[2],
               "--election", d->uuid[3], "--election", d->uuid[4], "--minimum", d->test ? "1" : "10", "--out", name,
               d->test ? "--test" : args_end, args_end);
}

// Puts the five files FOLDER/Ti.ENDING together, a line each.
static enum p1_exit collect(const char *folder, const char *ending, const char *into) {
    size_t room = (size_t)1 << 24;
    struct buf all = buf_over(mem_alloc(room), room);
    enum p1_exit e = P1_EXIT_DONE;
    for (unsigned t = 1; t <= TOWNS && e == P1_EXIT_DONE; t++) {
        char *path = path_join(folder, "T%u.%s", t, ending), *text = NULL;
        size_t n;
        e = file_read(path, 1, &text, &n);
        if (e == P1_EXIT_DONE) buf_put(&all, span_of(text, n));
        buf_char(&all, '\n');
        free(path);
        free(text);
    }
    if (e == P1_EXIT_DONE) e = file_write(into, FILE_PUBLIC, 1, buf_span(&all));
    free(all.p);
    return e;
}

struct ceremony_files {
    char *folder, *certs, *polynomials, *voutputs, *vinputs, *threshold;
};

static enum p1_exit ceremony_steps(const struct demo *d, const struct ceremony_files *f) {
    enum p1_exit e = folder_make(f->folder);
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        char *name = path_join(f->folder, "T%u", t + 1);
        e = make_certificate(d, t, name);
        free(name);
    }
    and_so_on();
    if (e == P1_EXIT_DONE) e = collect(f->folder, "cert", f->certs);
    for (unsigned t = 1; t <= TOWNS && e == P1_EXIT_DONE; t++) {
        char *key = path_join(f->folder, "T%u.key", t), *out = path_join(f->folder, "T%u.polynomial", t);
        e = run(t > 1, &command_trustee_polynomial, "--key", key, "--certificates", f->certs, "--out", out, args_end);
        free(key);
        free(out);
    }
    and_so_on();
    if (e == P1_EXIT_DONE) e = collect(f->folder, "polynomial", f->polynomials);
    if (e == P1_EXIT_DONE)
        e = run(0, &command_trustee_route, "--certificates", f->certs, "--polynomials", f->polynomials, "--out",
                f->vinputs, args_end);
    for (unsigned t = 1; t <= TOWNS && e == P1_EXIT_DONE; t++) {
        char *key = path_join(f->folder, "T%u.key", t), *out = path_join(f->folder, "T%u.voutput", t);
        char *in = path_join(f->vinputs, "%u.vinput", t);
        e = run(t > 1, &command_trustee_accept, "--key", key, "--certificates", f->certs, "--vinput", in, "--out", out,
                args_end);
        free(key);
        free(out);
        free(in);
    }
    and_so_on();
    if (e == P1_EXIT_DONE) e = collect(f->folder, "voutput", f->voutputs);
    if (e == P1_EXIT_DONE)
        e = run(0, &command_trustee_assemble, "--certificates", f->certs, "--polynomials", f->polynomials, "--voutputs",
                f->voutputs, "--out", f->threshold, args_end);
    return e;
}

static enum p1_exit open_town(struct demo *d, unsigned town, const char *threshold) {
    char *folder = path_join(d->out, "%s", towns[town].folder);
    char *draft = path_join(folder, "draft.json"), *credentials = path_join(folder, "public_credentials.json");
    d->box[town] = path_join(folder, "%s.bel", d->uuid[town]);
    enum p1_exit e = run(town > 0, &command_election_create, "--draft", draft, "--trustee", threshold, "--credentials",
                         credentials, "--out", folder, args_end);
    free(folder);
    free(draft);
    free(credentials);
    return e;
}

static enum p1_exit ceremony_and_setup(struct demo *d) {
    char *folder = path_join(d->out, "trustees");
    struct ceremony_files f = {folder,
                               path_join(folder, "certs.jsons"),
                               path_join(folder, "polynomials.jsons"),
                               path_join(folder, "voutputs.jsons"),
                               path_join(folder, "vinputs"),
                               path_join(folder, "threshold.json")};
    step("The key ceremony: one trustee of each municipality, three of the five open the boxes");
    enum p1_exit e = ceremony_steps(d, &f);
    if (e == P1_EXIT_DONE) step("Five ballot boxes, opened by the same trustees");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = open_town(d, t, f.threshold);
    and_so_on();
    free(f.certs);
    free(f.polynomials);
    free(f.voutputs);
    free(f.vinputs);
    free(f.threshold);
    free(folder);
    return e;
}

// ---- residents ----

// A vote with this code, for a random answer.
static enum p1_exit cast(struct boxfile *f, struct span code) {
    const struct election *e = &f->box->election;
    char typed[P1_CODE_TEXT + 1] = {0}, code64[P1_HASH64], tracker[P1_HASH64];
    uint8_t choices[8] = {0}, seed[32];
    size_t room = ballot_size_max(e);
    struct buf ballot = buf_over(mem_alloc(room), room);
    memcpy(typed, code.p, code.n < P1_CODE_TEXT ? code.n : P1_CODE_TEXT);
    randombytes_buf(seed, sizeof seed);
    uint32_t lot = randombytes_uniform(10); // the questions' blank is choice 0
    choices[lot == 0 ? 0 : lot < 5 ? 1 : lot < 8 ? 2 : 3] = 1;
    enum p1_exit result = ballot_make(f->box, typed, choices, seed, &ballot, code64, f->runner->work);
    if (result == P1_EXIT_DONE) result = box_add(f, buf_span(&ballot), tracker);
    free(ballot.p);
    return result;
}

// Four in five vote (all, where there are too few to open a box otherwise), and one in eight of these once more.
static enum p1_exit vote_town(const struct demo *d, unsigned town) {
    struct boxfile f;
    char *path = path_join(d->out, "%s/codes.csv", towns[town].folder), *text;
    size_t n, count, cast_count = 0, again = 0;
    enum p1_exit e = file_read(path, 1, &text, &n);
    free(path);
    if (e != P1_EXIT_DONE) return e;
    e = boxfile_open(&f, d->box[town], ARCHIVE_APPEND, 0, d->runner);
    if (e != P1_EXIT_DONE) {
        free(text);
        return e;
    }
    struct span *lines = text_lines(span_of(text, n), &count);
    for (size_t i = 1; i < count && e == P1_EXIT_DONE; i++) { // after the heading
        if (i % 5 == 0) continue;
        struct span code = span_from(lines[i], lines[i].n - P1_CODE_TEXT);
        e = cast(&f, code);
        cast_count++;
        if (e != P1_EXIT_DONE || i % 8 != 1) continue;
        e = cast(&f, code);
        again++;
    }
    printf("%s: %zu people vote, %zu of them change their vote\n", towns[town].name, cast_count, again);
    boxfile_close(&f);
    free(lines);
    sodium_memzero(text, n);
    free(text);
    return e;
}

// ---- count ----

static enum p1_exit decrypt_and_share(const struct demo *d, unsigned trustee) {
    char *key = path_join(d->out, "trustees/T%u.key", trustee), *shares = path_join(d->out, "shares");
    enum p1_exit e = run(trustee > 1, &command_trustee_decrypt, "--key", key, "--boxes", d->box[0], d->box[1],
                         d->box[2], d->box[3], d->box[4], "--out", shares, args_end);
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        char *share = path_join(shares, "%s.T%u.share.json", d->uuid[t], trustee);
        e = run(trustee > 1 || t > 0, &command_box_share, d->box[t], share, args_end);
        free(share);
    }
    free(key);
    free(shares);
    return e;
}

static enum p1_exit count(const struct demo *d) {
    static const unsigned who[NEEDED] = {1, 3, 5};
    enum p1_exit e = P1_EXIT_DONE;
    step("The voting ends; the boxes are tallied, still closed");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        e = run(t > 0, &command_box_close, d->box[t], args_end);
        if (e == P1_EXIT_DONE) e = run(t > 0, &command_box_tally, d->box[t], args_end);
    }
    and_so_on();
    step("Three of the five trustees check all boxes and give their shares");
    for (unsigned i = 0; i < NEEDED && e == P1_EXIT_DONE; i++) e = decrypt_and_share(d, who[i]);
    and_so_on();
    step("The result");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++)
        e = run(t > 0, &command_result_publish, d->box[t], args_end);
    if (e != P1_EXIT_DONE) return e;
    return run(0, &command_result_show, d->box[0], d->box[1], d->box[2], d->box[3], d->box[4], args_end);
}

static void say_line(struct checker *c, const struct check_line *line) {
    (void)c;
    printf("%s\n", line->text);
}

// What plus1-verify joint does: each box with all its proofs, then all together.
static enum p1_exit verify_boxes(const struct demo *d, struct boxfile *f, unsigned *open) {
    struct checker joint = {.runner = d->runner, .line = say_line};
    const struct box *boxes[TOWNS];
    uint64_t(*counts)[P1_CHOICES_MAX] = mem_alloc(TOWNS * sizeof *counts), *sum = mem_alloc(sizeof *counts);
    const uint64_t *lists[TOWNS];
    enum p1_exit e = P1_EXIT_DONE;
    int complete = 0;
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        e = boxfile_open(&f[t], d->box[t], ARCHIVE_READ, 1, d->runner);
        if (e != P1_EXIT_DONE) break;
        ++*open;
        boxes[t] = f[t].box;
        lists[t] = counts[t];
        if (result_parse(&f[t].box->election, f[t].box->result, counts[t]) != P1_OK) e = P1_EXIT_REFUSED;
        printf("%s: every signature, proof and sum is right\n", towns[t].name);
    }
    if (e == P1_EXIT_DONE && check_joint(&joint, boxes, lists, TOWNS, sum, &complete) != P1_OK) e = P1_EXIT_REFUSED;
    free(counts);
    free(sum);
    return e == P1_EXIT_DONE && !complete ? P1_EXIT_REFUSED : e;
}

static enum p1_exit verify(const struct demo *d) {
    struct boxfile f[TOWNS];
    unsigned open = 0;
    step("Anybody checks everything");
    enum p1_exit e = verify_boxes(d, f, &open);
    while (open) boxfile_close(&f[--open]);
    if (e != P1_EXIT_DONE) return e;
    fputs("\nCheck it yourself: plus1-verify joint", stdout);
    for (unsigned t = 0; t < TOWNS; t++) printf(" %s", d->box[t]);
    putchar('\n');
    return P1_EXIT_DONE;
}

static enum p1_exit whole_vote(struct demo *d) {
    if (d->test)
        printf("TEST: fewer than %d voters cannot be spread so that ten vote in each box. The trustees' keys are made "
               "with\n"
               "--test --minimum 1: such a small result shows what people voted.\n",
               ENOUGH);
    enum p1_exit e = folder_make(d->out);
    if (e == P1_EXIT_DONE) e = prepare(d);
    if (e == P1_EXIT_DONE) e = ceremony_and_setup(d);
    if (e == P1_EXIT_DONE) step("Residents vote");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = vote_town(d, t);
    if (e == P1_EXIT_DONE) e = count(d);
    if (e == P1_EXIT_DONE) e = verify(d);
    return e;
}

static enum p1_exit demo(const struct args *args) {
    struct demo d = {.out = args_get(args, "--out"), .group = args_get(args, "--group")};
    unsigned long voters = 200;
    struct stat st;
    enum p1_exit e = args_number(args, "--voters", TOWNS, 1000000, &voters);
    if (e != P1_EXIT_DONE) return e;
    if (!args_get(args, "--headless"))
        return refuse(P1_EXIT_USAGE, "there is no demo on a screen yet: say --headless to run it here");
    if (stat(d.out, &st) == 0)
        return refuse(P1_EXIT_REFUSED, "%s exists already; the demo asks for a folder of its own", d.out);
    if (!d.group) d.group = "Ed25519";
    struct group *g = mem_alloc(sizeof *g);
    struct work *w = mem_alloc(sizeof *w);
    enum p1_err err = group_init(g, span_str(d.group), w);
    free(g);
    free(w);
    if (err != P1_OK) return refuse(P1_EXIT_UNREADABLE, "%s: %s", d.group, p1_err_text(err));
    d.voters = (unsigned)voters;
    d.test = voters < ENOUGH;
    d.runner = runner_new();
    e = whole_vote(&d);
    for (unsigned t = 0; t < TOWNS; t++) {
        free(d.uuid[t]);
        free(d.box[t]);
    }
    pool_free(d.runner);
    return e;
}

const struct command command_demo = {
    "demo",
    "",
    "--headless --voters=200 --group=GROUP --out!=FOLDER",
    "Runs a whole joint vote of five municipalities with synthetic residents, and checks it.\n"
    "Below 75 voters the trustees' keys are for tests only, since fewer than ten would vote in each box.",
    "plus1 demo --headless --voters 200 --group Ed25519 --out demo",
    demo};
