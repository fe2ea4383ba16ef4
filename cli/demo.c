// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/demo.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cmd_box.h"
#include "cli/cmd_vote.h"
#include "cli/draft.h"
#include "cli/files.h"
#include "cli/text.h"
#include "core/credential.h"

const struct demo_town demo_towns[TOWNS] = {{"almelo", "Almelo"},
                                            {"emmen", "Emmen"},
                                            {"hollands-kroon", "Hollands Kroon"},
                                            {"lingewaard", "Lingewaard"},
                                            {"molenwaard", "Molenwaard"}};

const unsigned demo_openers[NEEDED] = {1, 3, 5};

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

enum p1_exit demo_run(const struct demo *d, int repetition, const struct command *command, const char *first, ...) {
    char *given[64];
    int n = 0, before = -1, silent = repetition || d->quiet;
    va_list list;
    va_start(list, first);
    for (const char *arg = first; arg != args_end && n < 64; arg = va_arg(list, const char *))
        given[n++] = (char *)(uintptr_t)arg;
    va_end(list);
    if (silent) {
        before = silence();
    } else {
        printf("$ plus1 %s %s", command->role, command->verb);
        for (int i = 0; i < n; i++) printf(strchr(given[i], ' ') ? " \"%s\"" : " %s", given[i]);
        putchar('\n');
    }
    enum p1_exit e = command_run(command, n, given);
    if (silent) speak_again(before);
    return e;
}

static void and_so_on(const struct demo *d) {
    if (!d->quiet) puts("  .. and the same for the others");
}

void demo_step(const struct demo *d, const char *title) {
    printf(d->quiet ? "%s\n" : "\n-- %s\n", title);
    fflush(stdout);
}

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
        fprintf(f, "%s-%05u;Testinwoner %s %05u;Teststraat;%u;%04u TP;%s;Testwijk;%u-%02u-%02u\n",
                demo_towns[town].folder, i, demo_towns[town].name, i, i, 1000 + town, demo_towns[town].name,
                1940 + i % 65, 1 + i % 12, 1 + i % 28);
    if (fclose(f)) return refuse(P1_EXIT_UNREADABLE, "there is not enough memory");
    enum p1_exit e = file_write(path, FILE_SECRET, 1, span_of(text, n));
    free(text);
    return e;
}

enum p1_exit demo_find(struct demo *d, unsigned town) {
    char *draft = path_join(d->out, "%s/draft.json", demo_towns[town].folder);
    struct draft read = {0};
    enum p1_exit e = draft_read(draft, &read);
    if (e == P1_EXIT_DONE) {
        d->uuid[town] = text_copy(read.uuid);
        d->box[town] = path_join(d->out, "%s/%s.bel", demo_towns[town].folder, d->uuid[town]);
    }
    draft_release(&read);
    free(draft);
    return e;
}

static enum p1_exit prepare_town(struct demo *d, unsigned town, const char *paper) {
    char *folder = path_join(d->out, "%s", demo_towns[town].folder);
    char *draft = path_join(folder, "draft.json"), *roll = path_join(folder, "roll.csv");
    enum p1_exit e =
        demo_run(d, town > 0, &command_municipality_create, "--name", demo_towns[town].name, folder, args_end);
    if (e == P1_EXIT_DONE)
        e = demo_run(d, town > 0, &command_election_draft, "--paper", paper, "--group", d->group, "--out", draft,
                     args_end);
    if (e == P1_EXIT_DONE) e = write_roll(d, town, roll);
    if (e == P1_EXIT_DONE)
        e = demo_run(d, town > 0, &command_credentials_make, "--draft", draft, "--roll", roll, "--rule",
                     "age>=16@2027-03-01", "--out", folder, args_end);
    if (e == P1_EXIT_DONE) e = demo_find(d, town);
    free(folder);
    free(draft);
    free(roll);
    return e;
}

static enum p1_exit papers_and_rolls(struct demo *d) {
    char *paper = path_join(d->out, "paper.json");
    demo_step(d, "The question paper, and for each municipality a roll and codes");
    enum p1_exit e =
        demo_run(d, 0, &command_election_paper, "--name", "Samen kiezen", "--description",
                 "Een proef: vijf gemeenten stemmen samen", "--question", "Wat doen we met het plein?", "--answer",
                 "Speeltuin", "--answer", "Bomen", "--answer", "Parkeren", "--blank", "--out", paper, args_end);
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = prepare_town(d, t, paper);
    and_so_on(d);
    free(paper);
    return e;
}

// ---- trustees ----

static enum p1_exit make_certificate(const struct demo *d, unsigned town, const char *name) {
    char index[8];
    (void)snprintf(index, sizeof index, "%u", town + 1);
    return demo_run(d, town > 0, &command_trustee_certificate, "--group", d->group, "--index", index, "--of", "5",
                    "--threshold", "3", "--election", d->uuid[0], "--election", d->uuid[1], "--election", d->uuid[2],
                    "--election", d->uuid[3], "--election", d->uuid[4], "--minimum", d->test ? "1" : "10", "--out",
                    name, d->test ? "--test" : args_end, args_end);
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
    and_so_on(d);
    if (e == P1_EXIT_DONE) e = collect(f->folder, "cert", f->certs);
    for (unsigned t = 1; t <= TOWNS && e == P1_EXIT_DONE; t++) {
        char *key = path_join(f->folder, "T%u.key", t), *out = path_join(f->folder, "T%u.polynomial", t);
        e = demo_run(d, t > 1, &command_trustee_polynomial, "--key", key, "--certificates", f->certs, "--out", out,
                     args_end);
        free(key);
        free(out);
    }
    and_so_on(d);
    if (e == P1_EXIT_DONE) e = collect(f->folder, "polynomial", f->polynomials);
    if (e == P1_EXIT_DONE)
        e = demo_run(d, 0, &command_trustee_route, "--certificates", f->certs, "--polynomials", f->polynomials, "--out",
                     f->vinputs, args_end);
    for (unsigned t = 1; t <= TOWNS && e == P1_EXIT_DONE; t++) {
        char *key = path_join(f->folder, "T%u.key", t), *out = path_join(f->folder, "T%u.voutput", t);
        char *in = path_join(f->vinputs, "%u.vinput", t);
        e = demo_run(d, t > 1, &command_trustee_accept, "--key", key, "--certificates", f->certs, "--vinput", in,
                     "--out", out, args_end);
        free(key);
        free(out);
        free(in);
    }
    and_so_on(d);
    if (e == P1_EXIT_DONE) e = collect(f->folder, "voutput", f->voutputs);
    if (e == P1_EXIT_DONE)
        e = demo_run(d, 0, &command_trustee_assemble, "--certificates", f->certs, "--polynomials", f->polynomials,
                     "--voutputs", f->voutputs, "--out", f->threshold, args_end);
    return e;
}

// What is frozen of a vote that a server holds: when it is open, and who signs receipts.
static enum p1_exit freeze_town(struct demo *d, unsigned town, const char *draft, const char *credentials,
                                const char *bundle) {
    return demo_run(d, town > 0, &command_election_bundle, "--draft", draft, "--credentials", credentials, "--box",
                    d->uuid[0], "--box", d->uuid[1], "--box", d->uuid[2], "--box", d->uuid[3], "--box", d->uuid[4],
                    "--opens", d->opens, "--closes", d->closes, "--receipt-key", d->receipt_key, "--out", bundle,
                    args_end);
}

static enum p1_exit open_town(struct demo *d, unsigned town, const char *threshold) {
    char *folder = path_join(d->out, "%s", demo_towns[town].folder);
    char *draft = path_join(folder, "draft.json"), *credentials = path_join(folder, "public_credentials.json");
    char *bundle = path_join(folder, "bundle.json");
    enum p1_exit e = P1_EXIT_DONE;
    if (d->receipt_key) e = freeze_town(d, town, draft, credentials, bundle);
    if (e == P1_EXIT_DONE)
        e = demo_run(d, town > 0, &command_election_create, "--draft", draft, "--trustee", threshold, "--credentials",
                     credentials, "--out", folder, d->receipt_key ? "--bundle" : args_end, bundle, args_end);
    free(folder);
    free(draft);
    free(credentials);
    free(bundle);
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
    demo_step(d, "The key ceremony: one trustee of each municipality, three of the five open the boxes");
    enum p1_exit e = ceremony_steps(d, &f);
    if (e == P1_EXIT_DONE) demo_step(d, "Five ballot boxes, opened by the same trustees");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = open_town(d, t, f.threshold);
    and_so_on(d);
    free(f.certs);
    free(f.polynomials);
    free(f.voutputs);
    free(f.vinputs);
    free(f.threshold);
    free(folder);
    return e;
}

enum p1_exit demo_prepare(struct demo *d) {
    enum p1_exit e = folder_make(d->out);
    if (e == P1_EXIT_DONE) e = papers_and_rolls(d);
    return e == P1_EXIT_DONE ? ceremony_and_setup(d) : e;
}

void demo_release(struct demo *d) {
    for (unsigned t = 0; t < TOWNS; t++) {
        free(d->uuid[t]);
        free(d->box[t]);
    }
    if (d->runner) pool_free(d->runner);
}

// ---- residents ----

enum p1_exit demo_cast(struct boxfile *f, struct span code) {
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

// ---- count ----

enum p1_exit demo_decrypt(const struct demo *d, unsigned trustee, const char *shares) {
    char *key = path_join(d->out, "trustees/T%u.key", trustee);
    enum p1_exit e = demo_run(d, trustee > 1, &command_trustee_decrypt, "--key", key, "--boxes", d->box[0], d->box[1],
                              d->box[2], d->box[3], d->box[4], "--out", shares, args_end);
    free(key);
    return e;
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
        printf("%s: every signature, proof and sum is right\n", demo_towns[t].name);
    }
    if (e == P1_EXIT_DONE && check_joint(&joint, boxes, lists, TOWNS, sum, &complete) != P1_OK) e = P1_EXIT_REFUSED;
    free(counts);
    free(sum);
    return e == P1_EXIT_DONE && !complete ? P1_EXIT_REFUSED : e;
}

enum p1_exit demo_verify(const struct demo *d) {
    struct boxfile f[TOWNS];
    unsigned open = 0;
    demo_step(d, "Anybody checks everything");
    enum p1_exit e = verify_boxes(d, f, &open);
    while (open) boxfile_close(&f[--open]);
    if (e != P1_EXIT_DONE) return e;
    fputs("\nCheck it yourself: plus1-verify joint", stdout);
    for (unsigned t = 0; t < TOWNS; t++) printf(" %s", d->box[t]);
    putchar('\n');
    return P1_EXIT_DONE;
}
