// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the command line asks of a running server about its boxes. Files are named by their whole path, which the server
// itself must be able to read or write.
//
//   box load      MUNICIPALITY ARCHIVE [BUNDLE [NOTICES]]   (an empty name: there is none)
//   box status    [UUID]
//   box end       UUID
//   box reopen    UUID N                                    opens a restored box, N events of which are known to be lost
//   box notice    UUID NOTICE
//   box checkout  UUID              writes UUID.bel and what stands beside it to a new folder, whose path it answers
//   box go-on     UUID FOLDER       takes the tally, shares and result from UUID.bel there, and UUID.shares

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "board/pool.h"
#include "experiments/stem/inside.h"
#include "platform/ops.h"
#include "store/archive.h"

enum { DONE = 0, REFUSED = 1, UNREADABLE = 2, USAGE = 3 };

static int refused(FILE *out, enum p1_err err) {
    fprintf(out, "%s (%s)\n", p1_err_text(err), p1_err_name(err));
    return err == P1_ERR_DB || err == P1_ERR_DB_FULL || err == P1_ERR_MEMORY ? UNREADABLE : REFUSED;
}

static int usage(FILE *out) {
    fputs("the server and this program are of different versions\n", out);
    return USAGE;
}

// A whole file as one span; it stays the archive's.
static int open_file(struct archive *a, const char *path, FILE *out) {
    enum p1_err why;
    int err = archive_open(a, path, ARCHIVE_COPY, &why);
    if (err) fprintf(out, "the server cannot read %s: %s\n", path, strerror(err));
    return err;
}

// ---- load ----

static int load(struct stem_state *s, const char *municipality, const char *const path[3], FILE *out) {
    struct archive file[3] = {{.fd = -1}, {.fd = -1}, {.fd = -1}};
    int status = DONE;
    for (int i = 0; i < 3 && status == DONE; i++) {
        if (*path[i] && open_file(&file[i], path[i], out)) status = UNREADABLE;
    }
    struct runner *r = status == DONE ? pool_new(0) : NULL;
    if (r) {
        enum p1_err err = ballotbox_add(s->ballotbox, municipality, file[0].file, file[1].file, file[2].file, r);
        if (err != P1_OK) status = refused(out, err);
        pool_free(r);
    } else if (status == DONE) {
        status = refused(out, P1_ERR_MEMORY);
    }
    for (int i = 0; i < 3; i++) archive_close(&file[i]);
    if (status == DONE) fprintf(out, "%s: the box of %s is taken\n", path[0], municipality);
    return status;
}

static int verb_load(void *arg, int argc, char **argv, FILE *out) {
    if (argc < 2 || argc > 4) return usage(out);
    const struct stem_state *s = arg;
    if (!config_by_name(s->config, span_str(argv[0]))) {
        fprintf(out, "%s: ", argv[0]);
        return refused(out, P1_ERR_MUNICIPALITY);
    }
    const char *const path[3] = {argv[1], argc > 2 ? argv[2] : "", argc > 3 ? argv[3] : ""};
    return load(arg, argv[0], path, out);
}

// ---- one box ----

static struct live *box_named(struct stem_state *s, const char *uuid, FILE *out) {
    struct live *l = ballotbox_find(s->ballotbox, span_str(uuid));
    if (!l) fprintf(out, "there is no box %s here\n", uuid);
    return l;
}

static void say_time(FILE *out, const char *what, uint64_t when) {
    char text[64];
    time_t t = (time_t)when;
    struct tm tm;
    if (!when) return;
    if (strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", localtime_r(&t, &tm)))
        fprintf(out, "  %s %s\n", what, text);
}

static void say_status(struct stem_state *s, const struct live *l, FILE *out) {
    struct live_state at;
    ballotbox_state(s->ballotbox, l, &at);
    fprintf(out, "%s (%s): %s\n", l->row.municipality, l->row.uuid, stage_name(at.stage));
    if (at.key_lost) fprintf(out, "  NOT OPEN %s\n", p1_err_text(P1_ERR_RECEIPT_KEY));
    say_time(out, "opens   ", at.opens);
    say_time(out, "closes  ", at.closes);
    fprintf(out, "  voters   %10llu\n  voted    %10llu  (%.1f %%)\n  ballots  %10llu\n  notices  %10lld\n",
            (unsigned long long)at.voters, (unsigned long long)at.voted, 100.0 * (double)at.voted / (double)at.voters,
            (unsigned long long)at.ballots, (long long)at.notices);
    say_held(out, l, &at);
}

static int verb_status(void *arg, int argc, char **argv, FILE *out) {
    struct stem_state *s = arg;
    struct live *l = NULL;
    if (argc > 1) return usage(out);
    if (argc == 1) {
        l = box_named(s, argv[0], out);
        if (!l) return REFUSED;
        say_status(s, l, out);
    } else {
        while ((l = ballotbox_next(s->ballotbox, l))) say_status(s, l, out);
    }
    ops_say(out);
    return DONE;
}

static int verb_end(void *arg, int argc, char **argv, FILE *out) {
    struct stem_state *s = arg;
    if (argc != 1) return usage(out);
    struct live *l = box_named(s, argv[0], out);
    if (!l) return REFUSED;
    enum p1_err err = ballotbox_end(s->ballotbox, l);
    if (err != P1_OK) return refused(out, err);
    fprintf(out, "%s is closed\n", l->row.uuid);
    return DONE;
}

static int verb_notice(void *arg, int argc, char **argv, FILE *out) {
    struct stem_state *s = arg;
    struct archive file;
    if (argc != 2) return usage(out);
    struct live *l = box_named(s, argv[0], out);
    if (!l) return REFUSED;
    if (open_file(&file, argv[1], out)) return UNREADABLE;
    struct work *w = malloc(sizeof *w);
    enum p1_err err = w ? ballotbox_notice(s->ballotbox, l, file.file, w) : P1_ERR_MEMORY;
    free(w);
    archive_close(&file);
    if (err != P1_OK) return refused(out, err);
    fputs("the notice is taken\n", out);
    return DONE;
}

// ---- a folder with the box as it is, and going on from it ----

static enum p1_err write_events(struct rows *rows, const struct live *l, uint64_t height, FILE *f) {
    for (uint64_t at = 0; at < height; at++) {
        struct event_row event;
        struct span part;
        int found;
        TRY(rows_event(rows, l->row.id, at, &event, &found));
        if (!found) return P1_ERR_DB;
        TRY(rows_archive_part(rows, &l->row, &event, &part));
        if (fwrite(part.p, 1, part.n, f) != part.n) return errno == ENOSPC ? P1_ERR_DB_FULL : P1_ERR_DB;
    }
    return P1_OK;
}

static enum p1_err write_notices(struct rows *rows, const struct live *l, int64_t count, FILE *f) {
    for (int64_t n = 0; n < count; n++) {
        struct span line;
        int found;
        TRY(rows_notice(rows, l->row.id, n, &line, &found));
        if (!found || fwrite(line.p, 1, line.n, f) != line.n) return P1_ERR_DB;
    }
    return P1_OK;
}

static const char *const endings[] = {".bel", ".bundle.json", ".notices", ".shares"};

static char *file_in(const char *folder, const struct live *l, const char *ending) {
    size_t room = strlen(folder) + strlen(l->row.uuid) + strlen(ending) + 2;
    char *path = malloc(room);
    if (path) (void)snprintf(path, room, "%s/%s%s", folder, l->row.uuid, ending);
    return path;
}

static FILE *new_file(const char *folder, const struct live *l, const char *ending) {
    char *path = file_in(folder, l, ending);
    FILE *f = path ? fopen(path, "wx") : NULL;
    free(path);
    return f;
}

static enum p1_err write_span(struct span text, const char *folder, const struct live *l, const char *ending) {
    if (!text.n) return P1_OK;
    FILE *f = new_file(folder, l, ending);
    if (!f) return P1_ERR_DB;
    int bad = fwrite(text.p, 1, text.n, f) != text.n;
    return fclose(f) || bad ? P1_ERR_DB : P1_OK;
}

static enum p1_err write_box(struct rows *rows, const struct live *l, const struct live_state *at, const char *folder) {
    struct span shares;
    TRY(write_span(l->row.bundle, folder, l, ".bundle.json"));
    TRY(rows_shares(rows, l->row.id, &shares));
    TRY(write_span(shares, folder, l, ".shares"));
    FILE *f = new_file(folder, l, ".bel");
    if (!f) return P1_ERR_DB;
    enum p1_err err = write_events(rows, l, at->height, f);
    if (fclose(f) && err == P1_OK) err = P1_ERR_DB;
    if (err != P1_OK || !at->notices) return err;
    f = new_file(folder, l, ".notices");
    if (!f) return P1_ERR_DB;
    err = write_notices(rows, l, at->notices, f);
    return fclose(f) && err == P1_OK ? P1_ERR_DB : err;
}

static void remove_folder(const char *folder, const struct live *l) {
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char *path = file_in(folder, l, endings[i]);
        if (path) (void)unlink(path);
        free(path);
    }
    (void)rmdir(folder);
}

static int verb_checkout(void *arg, int argc, char **argv, FILE *out) {
    struct stem_state *s = arg;
    struct live_state at;
    char folder[512];
    if (argc != 1) return usage(out);
    struct live *l = box_named(s, argv[0], out);
    if (!l) return REFUSED;
    (void)snprintf(folder, sizeof folder, "%s/checkout-XXXXXX", s->folder);
    if (!mkdtemp(folder)) {
        fprintf(out, "the server cannot write in %s: %s\n", s->folder, strerror(errno));
        return UNREADABLE;
    }
    struct rows *rows = ballotbox_rows(s->ballotbox);
    ballotbox_state(s->ballotbox, l, &at);
    enum p1_err err = rows ? write_box(rows, l, &at, folder) : P1_ERR_MEMORY;
    if (rows) ballotbox_rows_back(s->ballotbox, rows);
    if (err == P1_OK) {
        fprintf(out, "%s\n", folder);
        return DONE;
    }
    remove_folder(folder, l);
    return refused(out, err);
}

static enum p1_err go_on(struct stem_state *s, struct live *l, const char *folder) {
    struct archive file = {.fd = -1}, shares = {.fd = -1};
    enum p1_err why, err = P1_ERR_MEMORY;
    char *path = file_in(folder, l, ".bel"), *shares_path = file_in(folder, l, ".shares");
    struct runner *r = pool_new(0);
    if (path && shares_path && r) {
        err = archive_open(&file, path, ARCHIVE_COPY, &why) ? P1_ERR_DB : P1_OK;
        if (err == P1_OK && access(shares_path, F_OK) == 0 && archive_open(&shares, shares_path, ARCHIVE_COPY, &why))
            err = P1_ERR_DB;
        if (err == P1_OK) err = ballotbox_go_on(s->ballotbox, l, file.file, shares.file, r);
        archive_close(&file);
        archive_close(&shares);
    }
    if (r) pool_free(r);
    free(path);
    free(shares_path);
    return err;
}

static int verb_go_on(void *arg, int argc, char **argv, FILE *out) {
    struct stem_state *s = arg;
    if (argc != 2) return usage(out);
    struct live *l = box_named(s, argv[0], out);
    if (!l) return REFUSED;
    enum p1_err err = go_on(s, l, argv[1]);
    return err == P1_OK ? DONE : refused(out, err);
}

const struct control_verb stem_verbs[] = {
    {"box load", verb_load},         {"box status", verb_status},
    {"box end", verb_end},           {"box notice", verb_notice},
    {"box checkout", verb_checkout}, {"box go-on", verb_go_on},
    {"box reopen", verb_reopen},     {NULL, NULL},
};
