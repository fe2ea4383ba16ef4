// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A whole joint vote of five municipalities with synthetic residents: the same commands that people would type, one after the
// other. Each is shown once with what it says; its repetitions run silently. Only the residents' votes go straight into the
// boxes.

#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/demo.h"
#include "cli/files.h"
#include "cli/text.h"
#include "core/credential.h"

enum { ENOUGH = 75 }; // from so many voters on, at least ten vote in each box

// ---- residents ----

// Four in five vote (all, where there are too few to open a box otherwise), and one in eight of these once more.
static enum p1_exit vote_town(const struct demo *d, unsigned town) {
    struct boxfile f;
    char *path = path_join(d->out, "%s/codes.csv", demo_towns[town].folder), *text;
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
        e = demo_cast(&f, code);
        cast_count++;
        if (e != P1_EXIT_DONE || i % 8 != 1) continue;
        e = demo_cast(&f, code);
        again++;
    }
    printf("%s: %zu people vote, %zu of them change their vote\n", demo_towns[town].name, cast_count, again);
    boxfile_close(&f);
    free(lines);
    sodium_memzero(text, n);
    free(text);
    return e;
}

// ---- count ----

static enum p1_exit decrypt_and_share(const struct demo *d, unsigned trustee) {
    char *shares = path_join(d->out, "shares");
    enum p1_exit e = demo_decrypt(d, trustee, shares);
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        char *share = path_join(shares, "%s.T%u.share.json", d->uuid[t], trustee);
        e = demo_run(d, trustee > 1 || t > 0, &command_share_add, d->box[t], share, args_end);
        free(share);
    }
    free(shares);
    return e;
}

static enum p1_exit count(const struct demo *d) {
    enum p1_exit e = P1_EXIT_DONE;
    demo_step(d, "The voting ends; the boxes are tallied, still closed");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        e = demo_run(d, t > 0, &command_box_close, d->box[t], args_end);
        if (e == P1_EXIT_DONE) e = demo_run(d, t > 0, &command_box_tally, d->box[t], args_end);
    }
    puts("  .. and the same for the others");
    demo_step(d, "Three of the five trustees check all boxes and give their shares");
    for (unsigned i = 0; i < NEEDED && e == P1_EXIT_DONE; i++) e = decrypt_and_share(d, demo_openers[i]);
    puts("  .. and the same for the others");
    demo_step(d, "The result");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++)
        e = demo_run(d, t > 0, &command_result_publish, d->box[t], args_end);
    if (e != P1_EXIT_DONE) return e;
    return demo_run(d, 0, &command_result_show, d->box[0], d->box[1], d->box[2], d->box[3], d->box[4], args_end);
}

static enum p1_exit whole_vote(struct demo *d) {
    if (d->test)
        printf("TEST: fewer than %d voters cannot be spread so that ten vote in each box. The trustees' keys are made "
               "with\n"
               "--test --minimum 1: such a small result shows what people voted.\n",
               ENOUGH);
    enum p1_exit e = demo_prepare(d);
    if (e == P1_EXIT_DONE) demo_step(d, "Residents vote");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = vote_town(d, t);
    if (e == P1_EXIT_DONE) e = count(d);
    if (e == P1_EXIT_DONE) e = demo_verify(d);
    return e;
}

static enum p1_exit demo(const struct args *args) {
    struct demo d = {.out = args_get(args, "--out"), .group = args_get(args, "--group")};
    unsigned long voters = 200;
    struct stat st;
    enum p1_exit e = args_number(args, "--voters", TOWNS, 1000000, &voters);
    if (e != P1_EXIT_DONE) return e;
    if (!args_get(args, "--headless"))
        return refuse(P1_EXIT_USAGE, "say --headless to run it here; plus1 serve --demo shows it in a browser");
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
    demo_release(&d);
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
