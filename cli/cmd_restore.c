// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1 restore: a backup becomes a data folder, whose open boxes take no votes until the municipality says what was lost.

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ballotbox/live.h"
#include "cli/commands.h"
#include "cli/evidence.h"
#include "cli/files.h"
#include "cli/kept.h"
#include "cli/new_folder.h"
#include "cli/served.h"
#include "cli/text.h"

enum { GIVEN_MAX = 256 }; // receipts, and mirrors

struct restoring {
    const struct args *args;
    struct new_folder folder;
    char *database;
    struct rows *rows;
    struct runner *runner;
    uint8_t seed[32];
    int has_seed;
    int receipt_used[GIVEN_MAX], mirror_used[GIVEN_MAX], take_used[GIVEN_MAX];
};

// ---- one box as files ----

static enum p1_exit write_beside(const struct restoring *s, const struct box_row *row, const char *ending,
                                 struct span text) {
    char *path = path_join(s->folder.making, "%s%s", row->uuid, ending);
    enum p1_exit e = text.n ? file_write(path, FILE_SECRET, 0, text) : P1_EXIT_DONE;
    free(path);
    return e;
}

static enum p1_exit write_notices(const struct restoring *s, const struct box_row *row) {
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    struct span line;
    enum p1_err err = f ? P1_OK : P1_ERR_MEMORY;
    int found = 1;
    for (int64_t i = 0; err == P1_OK && found; i++) {
        err = rows_notice(s->rows, row->id, i, &line, &found);
        if (err == P1_OK && found && fwrite(line.p, 1, line.n, f) != line.n) err = P1_ERR_MEMORY;
    }
    if (f && fclose(f) && err == P1_OK) err = P1_ERR_MEMORY;
    enum p1_exit e =
        err == P1_OK ? write_beside(s, row, ".notices", span_of(text, n)) : kept_refuse(s->database, err, s->rows);
    free(text);
    return e;
}

static enum p1_exit write_archive(const struct restoring *s, const struct box_row *row, struct chain *end) {
    char *path = path_join(s->folder.making, "%s.bel", row->uuid);
    FILE *f = fopen(path, "wb");
    enum p1_exit e = f ? kept_follow_box(s->rows, s->database, row, f, end)
                       : refuse(P1_EXIT_UNREADABLE, "%s cannot be written: %s", path, strerror(errno));
    if (f && fclose(f) && e == P1_EXIT_DONE)
        e = refuse(P1_EXIT_UNREADABLE, "%s cannot be written: %s", path, strerror(errno));
    free(path);
    return e;
}

static enum p1_exit write_files(const struct restoring *s, const struct box_row *row, struct chain *end) {
    struct span shares;
    enum p1_exit e = write_archive(s, row, end);
    if (e == P1_EXIT_DONE) e = write_beside(s, row, ".bundle.json", row->bundle);
    if (e == P1_EXIT_DONE) e = write_notices(s, row);
    if (e != P1_EXIT_DONE) return e;
    enum p1_err err = rows_shares(s->rows, row->id, &shares);
    return err == P1_OK ? write_beside(s, row, ".shares", shares) : kept_refuse(s->database, err, s->rows);
}

static void remove_files(const struct restoring *s, const struct box_row *row) {
    for (size_t i = 0; i < SERVED_FILES; i++) {
        char *path = path_join(s->folder.making, "%s%s", row->uuid, served_endings[i]);
        (void)unlink(path);
        free(path);
    }
}

// ---- judging a box ----

static enum p1_exit check_terms(const struct restoring *s, const struct box_row *row, const struct boxfile *f) {
    const struct bundle *terms = &f->beside->terms;
    struct elem_text key;
    if (row->bundle.n && f->beside->frozen != FROZEN_CHECKED)
        return refuse(P1_EXIT_REFUSED, "box %s: %s", row->uuid, p1_err_text(P1_ERR_BUNDLE_HASH));
    if (f->beside->frozen != FROZEN_CHECKED) return P1_EXIT_DONE;
    if (terms->opens != row->opens || terms->closes != row->closes)
        return refuse(P1_EXIT_REFUSED, "box %s opens or closes in the backup at another time than was frozen",
                      row->uuid);
    if (!terms->receipt_key.n || !s->has_seed || f->box->stage != BOX_OPEN) return P1_EXIT_DONE;
    receipt_key_public(&f->box->election.group, s->seed, &key, s->runner->work);
    return span_eq(elem_span(&key), terms->receipt_key)
               ? P1_EXIT_DONE
               : refuse(P1_EXIT_REFUSED, "%s is not the seed of the receipts that are frozen with box %s",
                        args_get(s->args, "--seed"), row->uuid);
}

// The box is written out, and judged as the public judges it. To be closed if it was opened.
static enum p1_exit open_box(const struct restoring *s, const struct box_row *row, struct boxfile *f, char **path) {
    struct chain end;
    *path = path_join(s->folder.making, "%s.bel", row->uuid);
    enum p1_exit e = write_files(s, row, &end);
    if (e == P1_EXIT_DONE) e = boxfile_open(f, *path, ARCHIVE_READ, 1, s->runner);
    if (e != P1_EXIT_DONE) return e;
    if (!span_eq(f->box->election.uuid, span_str(row->uuid)))
        e = refuse(P1_EXIT_REFUSED, "box %s holds the archive of another election", row->uuid);
    enum p1_err err = e == P1_EXIT_DONE ? kept_check_voters(s->rows, row, f->box) : P1_OK;
    if (err != P1_OK) e = kept_refuse(s->database, err, s->rows);
    if (e == P1_EXIT_DONE) e = check_terms(s, row, f);
    if (e != P1_EXIT_DONE) boxfile_close(f);
    return e;
}

// ---- what is taken from a mirror ----

static enum p1_err take(struct restoring *s, const struct box_row *row, const struct boxfile *ours,
                        const struct boxfile *mirror, uint64_t *taken) {
    struct db *db = rows_db(s->rows);
    TRY(db_begin(db));
    enum p1_err err = kept_take(s->rows, row, &ours->box->chain, mirror->box, mirror->archive.file,
                                (int64_t)(time(NULL) / 3600), taken);
    if (err == P1_OK && mirror->beside->notices.n) err = kept_take_notices(s->rows, row, mirror->beside->notices);
    if (err == P1_OK && mirror->beside->shares.n) err = rows_set_shares(s->rows, row->id, mirror->beside->shares);
    if (err == P1_OK) err = db_commit(db);
    if (err != P1_OK) db_rollback(db);
    return err;
}

// Takes in what one mirror has more. *MORE: it had, and the box must be judged anew.
static enum p1_exit take_from(struct restoring *s, const struct evidence_box *b, const char *path, int *used,
                              int *more) {
    struct boxfile mirror;
    char *name;
    int found;
    uint64_t taken = 0;
    *more = 0;
    enum p1_exit e = evidence_mirror(path, b, &mirror, &name, &found);
    if (e == P1_EXIT_DONE && found) {
        *used = 1;
        *more = mirror.box->chain.height > b->file->box->chain.height;
        enum p1_err err = *more ? take(s, b->row, b->file, &mirror, &taken) : P1_OK;
        if (err != P1_OK) e = refuse(P1_EXIT_REFUSED, "%s: %s (%s)", name, p1_err_text(err), p1_err_name(err));
        if (e == P1_EXIT_DONE) printf("  %" PRIu64 " events are taken from %s\n", taken, name);
        boxfile_close(&mirror);
    }
    free(name);
    return e;
}

// ---- what is known to be lost ----

static enum p1_exit look_at_mirrors(struct restoring *s, const struct evidence_box *b, int64_t *shown) {
    const char *path;
    for (size_t i = 0; (path = args_nth(s->args, "--mirror", i)); i++) {
        struct boxfile mirror;
        char *name;
        int found;
        enum p1_exit e = evidence_mirror(path, b, &mirror, &name, &found);
        if (e == P1_EXIT_DONE && found) {
            uint64_t theirs = mirror.box->chain.height, ours = b->file->box->chain.height;
            s->mirror_used[i] = 1;
            if ((int64_t)theirs - 1 > *shown) *shown = (int64_t)theirs - 1;
            if (theirs > ours)
                printf("  %s has %" PRIu64 " events more; with --take-from instead of --mirror they are taken in, and "
                       "not lost\n",
                       name, theirs - ours);
            boxfile_close(&mirror);
        }
        free(name);
        if (e != P1_EXIT_DONE) return e;
    }
    return P1_EXIT_DONE;
}

static void say_loss(const struct restoring *s, const struct box_row *row, const struct platform_event *e) {
    if (e->shown < 0)
        puts("  no receipt or mirror of it was given: whether something is lost is not known");
    else if (e->lost)
        printf("  the highest event that was shown is %" PRId64 ": %" PRIu64 " events are lost\n", e->shown, e->lost);
    else
        printf("  the highest event that was shown is %" PRId64 ": nothing is known to be lost\n", e->shown);
    printf("  closed for votes, until: plus1 box reopen --data %s --accept-loss %" PRIu64 " %s\n", s->folder.path,
           e->lost, row->uuid);
}

// A box that takes votes is held, and that is made public.
static enum p1_exit hold(struct restoring *s, const struct box_row *row, const struct boxfile *f, int64_t shown) {
    const struct chain *c = &f->box->chain;
    struct platform_event e = {0}, now = {.type = PLATFORM_RESTORED, .height = c->height - 1, .shown = shown};
    enum p1_err err = P1_OK;
    int64_t n = 0;
    for (int found = 1;; n++) {
        err = rows_platform_event(s->rows, row->id, n, &e, &found);
        if (err != P1_OK || !found) break;
        if (e.type == PLATFORM_RESTORED && e.shown > now.shown) now.shown = e.shown; // what was known stays known
        if (e.type == PLATFORM_REOPENED) now.shown = shown;                          // and was answered for
    }
    now.hour = time(NULL) / 3600;
    memcpy(now.event, c->tip, 32);
    if (now.shown > (int64_t)now.height) now.lost = (uint64_t)now.shown - now.height;
    if (err == P1_OK) err = rows_add_platform_event(s->rows, row->id, n, &now);
    if (err != P1_OK) return kept_refuse(s->database, err, s->rows);
    say_loss(s, row, &now);
    return P1_EXIT_DONE;
}

// ---- all boxes ----

static enum p1_exit say_box(const struct box_row *row, const struct boxfile *f) {
    printf("%s (%s): %s; its last event is %" PRIu64 ", with %" PRIu64 " ballots\n", row->municipality, row->uuid,
           stage_words(f->box->stage), f->box->chain.height - 1, f->box->ballots);
    return P1_EXIT_DONE;
}

static enum p1_exit weigh(struct restoring *s, const struct box_row *row, struct boxfile *f, char **path) {
    int64_t shown = -1;
    const char *mirror;
    const struct evidence_box b = {s->rows, row, f};
    enum p1_exit e = say_box(row, f);
    for (size_t i = 0; e == P1_EXIT_DONE && (mirror = args_nth(s->args, "--take-from", i)); i++) {
        int more;
        e = take_from(s, &b, mirror, &s->take_used[i], &more);
        if (e != P1_EXIT_DONE || !more) continue;
        boxfile_close(f);
        remove_files(s, row);
        free(*path);
        e = open_box(s, row, f, path);
        if (e == P1_EXIT_DONE)
            e = say_box(row, f);
        else
            return e;
    }
    if (e == P1_EXIT_DONE) e = evidence_receipts(s->args, &b, s->receipt_used, &shown);
    if (e == P1_EXIT_DONE) e = look_at_mirrors(s, &b, &shown);
    if (e == P1_EXIT_DONE && f->box->stage == BOX_OPEN) e = hold(s, row, f, shown);
    boxfile_close(f);
    return e;
}

static enum p1_exit restore_box(void *arg, const struct box_row *row) {
    struct restoring *s = arg;
    struct boxfile f;
    char *path;
    enum p1_exit e = open_box(s, row, &f, &path);
    if (e == P1_EXIT_DONE) e = weigh(s, row, &f, &path);
    remove_files(s, row);
    free(path);
    return e;
}

// What was given must be of a box that is here.
static enum p1_exit check_used(const struct restoring *s) {
    const char *path;
    for (size_t i = 0; (path = args_nth(s->args, "--receipt", i)); i++) {
        if (!s->receipt_used[i])
            fprintf(stderr, "plus1: %s is ignored: it is not a receipt of a box in this backup\n", path);
    }
    for (int which = 0; which < 2; which++) {
        for (size_t i = 0; (path = args_nth(s->args, which ? "--take-from" : "--mirror", i)); i++) {
            if (!(which ? s->take_used : s->mirror_used)[i])
                return refuse(P1_EXIT_REFUSED, "%s holds no box that is in this backup", path);
        }
    }
    return P1_EXIT_DONE;
}

// ---- the folder ----

static enum p1_exit read_seed(struct restoring *s) {
    const char *path = args_get(s->args, "--seed");
    char *text;
    size_t n;
    if (!path) return P1_EXIT_DONE;
    enum p1_exit e = file_read(path, 0, &text, &n);
    if (e != P1_EXIT_DONE) return e;
    if (n == sizeof s->seed) memcpy(s->seed, text, n);
    sodium_memzero(text, n);
    free(text);
    s->has_seed = n == sizeof s->seed;
    return s->has_seed ? P1_EXIT_DONE : refuse(P1_EXIT_UNREADABLE, "%s is not a receipt.seed: that has 32 bytes", path);
}

static enum p1_exit write_seed(const struct restoring *s) {
    char *path = path_join(s->folder.making, "receipt.seed");
    enum p1_exit e = s->has_seed ? file_write(path, FILE_SECRET, 1, span_of(s->seed, sizeof s->seed)) : P1_EXIT_DONE;
    free(path);
    return e;
}

static enum p1_exit fill(struct restoring *s) {
    const char *from = args_get(s->args, "--from");
    enum p1_exit e = kept_sums_check(from);
    if (e == P1_EXIT_DONE) e = read_seed(s);
    if (e == P1_EXIT_DONE) e = kept_copy(from, s->folder.making, "plus1.db", 0);
    if (e == P1_EXIT_DONE) e = kept_copy(from, s->folder.making, "plus1.json", 1);
    if (e == P1_EXIT_DONE) e = kept_open(&s->rows, s->database, 1);
    if (e == P1_EXIT_DONE) e = kept_each_box(s->rows, s->database, restore_box, s);
    if (e == P1_EXIT_DONE) e = check_used(s);
    rows_close(s->rows);
    return e == P1_EXIT_DONE ? write_seed(s) : e;
}

static enum p1_exit restore(const struct args *args) {
    struct restoring *s = mem_alloc(sizeof *s);
    *s = (struct restoring){.args = args, .runner = runner_new()};
    enum p1_exit e = P1_EXIT_DONE;
    if (args_nth(args, "--receipt", GIVEN_MAX) || args_nth(args, "--mirror", GIVEN_MAX) ||
        args_nth(args, "--take-from", GIVEN_MAX))
        e = refuse(P1_EXIT_USAGE, "at most %d receipts and mirrors can be given", GIVEN_MAX);
    if (e == P1_EXIT_DONE) e = new_folder_begin(&s->folder, args_get(args, "--data"));
    if (e == P1_EXIT_DONE) {
        s->database = path_join(s->folder.making, "plus1.db");
        e = fill(s);
        if (e == P1_EXIT_DONE)
            e = new_folder_end(&s->folder);
        else
            new_folder_drop(&s->folder);
    }
    if (e == P1_EXIT_DONE && !s->has_seed)
        fprintf(stderr,
                "plus1: put the server's receipt.seed into %s before it starts: without it no votes are taken\n",
                args_get(args, "--data"));
    pool_free(s->runner);
    free(s->database);
    sodium_memzero(s, sizeof *s);
    free(s);
    return e;
}

const struct command command_restore = {
    "restore",
    "",
    "--from!=BACKUP --data!=NEWDIR --seed=RECEIPT.SEED --receipt*=RECEIPT.json --mirror*=FOLDER --take-from*=FOLDER",
    "Makes a new data folder of a backup, after a check of all that is in it.\n"
    "Boxes whose voting goes on take no votes until plus1 box reopen says how much was lost. Receipts of residents and "
    "mirrors show how far a box was; a mirror is a folder of plus1 follow, or an archive.\n"
    "--take-from takes in what a mirror has more, so that it is not lost. --seed is the kept copy of receipt.seed.",
    "plus1 restore --from /mnt/backup/monday --data /var/lib/plus1-new --seed /mnt/safe/receipt.seed --mirror "
    "/mnt/mirror",
    restore};

// ---- opening again ----

static enum p1_exit box_reopen(const struct args *args) {
    const char *const argv[] = {"box", "reopen", args->files[0], args_get(args, "--accept-loss")};
    unsigned long n;
    enum p1_exit e = args_number(args, "--accept-loss", 0, INT64_MAX, &n);
    return e == P1_EXIT_DONE ? served_ask(args, 4, argv) : e;
}

const struct command command_box_reopen = {
    "box",
    "reopen",
    "--data!=DIR --accept-loss!=N UUID",
    "Opens a restored box for votes again. N is the number of lost events that plus1 restore and box status show.\n"
    "It becomes public beside the box, and cannot be taken back: look for receipts and mirrors first.",
    "plus1 box reopen --data /var/lib/plus1 --accept-loss 0 UUID",
    box_reopen};
