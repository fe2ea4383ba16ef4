// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1-verify: the auditor's program. It reads archives and never writes to them.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "board/pool.h"
#include "verify/map.h"
#include "verify/report.h"
#include "verify/verify.h"

enum { USAGE = 3 };

static const char help[] =
    "plus1-verify: check an election by its archive\n"
    "\n"
    "  plus1-verify [--json] FILE.bel             everything that an observer can check\n"
    "      --previous OLD.bel                     nothing of an older copy has vanished or changed\n"
    "      --state FILE                           go on where the last check with this FILE stopped\n"
    "  plus1-verify [--json] joint A.bel B.bel .. the boxes of a joint vote, each and together\n"
    "  plus1-verify ballot FILE.bel TRACKER       is this ballot in the box, and does it count?\n"
    "  plus1-verify ballot FILE.bel TRACKER --seed HEX [--choose [N=]ANSWER]..\n"
    "                                             what is in it? (TRACKER may also be a file with a ballot)\n"
    "  plus1-verify --version\n"
    "\n"
    "Exit: 0 valid (or yes), 1 invalid (or no), 2 cannot be read or not yet supported, 3 wrong usage.\n"
    "Example: plus1-verify joint almelo.bel emmen.bel\n";

static int usage(const char *why) {
    fprintf(stderr, "plus1-verify: %s\n\n%s", why, help);
    return USAGE;
}

static void *allocate(size_t n, size_t size) {
    void *p = calloc(n, size);
    if (!p) {
        fprintf(stderr, "plus1-verify: %s\n", p1_err_text(P1_ERR_MEMORY));
        exit(NOT_CHECKED);
    }
    return p;
}

struct options {
    int json;
    const char *previous, *state;
};

// The file beside an archive, "UUID.bel" giving "UUID" and ENDING. Empty if there is none.
static struct span map_beside(const char *archive, const char *ending) {
    char path[4096];
    struct map map;
    size_t n = strlen(archive);
    if (n > 4 && strcmp(archive + n - 4, ".bel") == 0) n -= 4;
    if (snprintf(path, sizeof path, "%.*s%s", (int)n, archive, ending) >= (int)sizeof path) return (struct span){0};
    if (map_open(&map, path) != 0) return (struct span){0};
    return map.file.p ? map.file : SPAN_LIT("");
}

static int cannot_open(const char *path, int err) {
    const char *why = err == ENOTSUP ? "it is not a plain file" : strerror(err);
    fprintf(stderr, "plus1-verify: %s cannot be opened: %s\n", path, why);
    return NOT_CHECKED;
}

static enum verdict judge(struct report *r, struct report_box *b) {
    struct map map;
    int err = map_open(&map, b->file);
    if (err) return (enum verdict)cannot_open(b->file, err);
    b->box = allocate(1, sizeof *b->box);
    b->counts = allocate(P1_CHOICES_MAX, sizeof *b->counts);
    b->corrected = allocate(P1_CHOICES_MAX, sizeof *b->corrected);
    b->beside.bundle = map_beside(b->file, ".bundle.json");
    b->beside.notices = map_beside(b->file, ".notices");
    b->beside.shares = map_beside(b->file, ".shares");
    r->checker.beside = &b->beside;
    box_init(b->box);
    enum p1_err e = check_archive(&r->checker, b->box, map.file, b->counts);
    memcpy(b->corrected, b->counts, P1_CHOICES_MAX * sizeof *b->counts);
    if (e == P1_OK) notices_correct(&b->beside.noticed, &b->box->election, b->corrected);
    // The map stays: the box points into it until the program ends.
    b->valid = e == P1_OK;
    if (e == P1_OK) return VALID;
    return check_unsupported(e) || e == P1_ERR_ARCHIVE_NOT || e == P1_ERR_MEMORY ? NOT_CHECKED : INVALID;
}

static enum verdict judge_joint(struct report *r, struct report_box *boxes, unsigned n, uint64_t *sum, int *complete) {
    const struct box **list = allocate(n, sizeof *list);
    const uint64_t **counts = allocate(n, sizeof *counts);
    const struct bundle **terms = allocate(n, sizeof *terms);
    for (unsigned i = 0; i < n; i++) {
        list[i] = boxes[i].box;
        counts[i] = boxes[i].counts;
        terms[i] = boxes[i].beside.frozen == FROZEN_CHECKED ? &boxes[i].beside.terms : NULL;
    }
    r->box = 0;
    enum p1_err e = check_joint(&r->checker, list, counts, n, sum, complete);
    if (e == P1_OK) e = check_joint_terms(&r->checker, list, terms, n);
    free(list);
    free(counts);
    free(terms);
    return e == P1_OK ? VALID : INVALID;
}

// ---- where the last check stopped (struct checked) ----

static int state_read(const char *path, struct checked *out, char uuid[64]) {
    char hex[65];
    unsigned long long events;
    FILE *f = fopen(path, "r");
    if (!f) return errno == ENOENT ? 0 : errno;
    int got = fscanf(f, "plus1-verify state 1 %63s %llu %64s", uuid, &events, hex);
    fclose(f);
    if (got != 3 || hash_decode(out->tip, span_str(hex)) != P1_OK) return EINVAL;
    out->events = events;
    return 0;
}

// On the disk before it takes its name: a file that a power cut has emptied would stop all later checks. An older one is right, too.
static int state_write(const char *path, const struct box *b) {
    uint8_t text[CHECKED_TEXT];
    char temporary[4096];
    struct buf out = buf_over(text, sizeof text);
    checked_write(b, &out);
    if (buf_done(&out) != P1_OK || snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary)
        return ENAMETOOLONG;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return errno;
    errno = ENOSPC; // if less than all was written
    int bad = write(fd, out.p, out.n) != (ssize_t)out.n || fsync(fd) ? errno : 0;
    close(fd);
    return bad || rename(temporary, path) == 0 ? bad : errno;
}

static int prepare(struct report *r, const struct options *o, char uuid[64]) {
    struct map old;
    uuid[0] = 0;
    int err = o->previous ? map_open(&old, o->previous) : 0;
    if (err) return cannot_open(o->previous, err);
    if (o->previous) r->checker.previous = old.file.p ? old.file : SPAN_LIT("");
    err = o->state ? state_read(o->state, &r->checker.earlier, uuid) : 0;
    return err ? cannot_open(o->state, err) : 0;
}

static int check_files(struct runner *runner, const struct options *o, char **files, unsigned n) {
    struct report r;
    struct report_box *boxes = allocate(n, sizeof *boxes);
    uint64_t *sum = allocate(P1_CHOICES_MAX, sizeof *sum);
    enum verdict worst = VALID;
    char uuid[64];
    int complete = 0;
    report_init(&r, runner, o->json);
    int failed = prepare(&r, o, uuid);
    for (unsigned i = 0; i < n && !failed; i++) {
        boxes[i].file = files[i];
        r.box = i + 1;
        enum verdict v = judge(&r, &boxes[i]);
        if (v == INVALID || worst == VALID) worst = v; // a bad box among others is bad, whatever else is the matter
    }
    if (!failed && uuid[0] && worst == VALID && !span_eq(span_str(uuid), boxes[0].box->election.uuid)) {
        fprintf(stderr, "plus1-verify: %s is of another election\n", o->state);
        failed = NOT_CHECKED;
    }
    if (n > 1 && worst == VALID) worst = judge_joint(&r, boxes, n, sum, &complete);
    if (!failed) report_print(&r, worst, boxes, n, complete && worst == VALID ? sum : NULL);
    if (!failed && o->state && worst == VALID) {
        int err = state_write(o->state, boxes[0].box);
        if (err) failed = cannot_open(o->state, err);
    }
    for (unsigned i = 0; i < n; i++) {
        if (boxes[i].box) box_release(boxes[i].box);
        notices_release(&boxes[i].beside.noticed);
        free(boxes[i].box);
        free(boxes[i].counts);
        free(boxes[i].corrected);
    }
    free(boxes);
    free(sum);
    report_release(&r);
    return failed ? failed : (int)worst;
}

// Takes options off the front; -1 and a reason if they are wrong.
static int options_take(struct options *o, int argc, char **argv, const char **why) {
    int at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        const char **value = NULL;
        if (strcmp(argv[at], "--json") == 0)
            o->json = 1;
        else if (strcmp(argv[at], "--previous") == 0)
            value = &o->previous;
        else if (strcmp(argv[at], "--state") == 0)
            value = &o->state;
        else
            *why = "there is no such option";
        if (value && at + 1 == argc) *why = "a file must follow this option";
        if (*why) return -1;
        if (value) *value = argv[++at];
    }
    if (at == argc) *why = "which file?";
    return *why ? -1 : at;
}

static int run(struct runner *runner, const struct options *o, char **args, int n) {
    int alone = !o->previous && !o->state;
    if (strcmp(args[0], "ballot") == 0) return o->json || !alone ? -1 : verify_ballot(runner, args + 1, n - 1);
    if (strcmp(args[0], "joint") == 0)
        return n < 3 || !alone ? -1 : check_files(runner, o, args + 1, (unsigned)(n - 1));
    return n > 1 ? -1 : check_files(runner, o, args, 1);
}

int main(int argc, char **argv) {
    struct options o = {0};
    const char *why = NULL;
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("plus1-verify " P1_VERSION);
        return 0;
    }
    int at = options_take(&o, argc, argv, &why);
    if (at < 0) return usage(why);
    struct runner *runner = pool_new(0);
    if (!runner) return NOT_CHECKED;
    int status = run(runner, &o, argv + at, argc - at);
    pool_free(runner);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "plus1-verify: the report could not be written: %s\n", strerror(errno));
        return NOT_CHECKED;
    }
    return status < 0 ? usage("these arguments do not fit together") : status;
}
