// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1-verify: the auditor's program. It reads archives and never writes to them.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "board/pool.h"
#include "verify/map.h"
#include "verify/report.h"
#include "verify/verify.h"

enum { USAGE = 3 };

static const char help[] =
    "plus1-verify: check an election by its archive\n"
    "\n"
    "  plus1-verify [--json] FILE.bel             everything that an observer can check\n"
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

static enum verdict judge(struct report *r, struct report_box *b) {
    struct map map;
    int err = map_open(&map, b->file);
    if (err) {
        fprintf(stderr, "plus1-verify: %s cannot be opened: %s\n", b->file, strerror(err));
        return NOT_CHECKED;
    }
    b->box = allocate(1, sizeof *b->box);
    b->counts = allocate(P1_CHOICES_MAX, sizeof *b->counts);
    box_init(b->box);
    enum p1_err e = check_archive(&r->checker, b->box, map.file, b->counts);
    // The map stays: the box points into it until the program ends.
    if (e == P1_OK) return VALID;
    return check_unsupported(e) || e == P1_ERR_ARCHIVE_NOT || e == P1_ERR_MEMORY ? NOT_CHECKED : INVALID;
}

static enum verdict judge_joint(struct report *r, struct report_box *boxes, unsigned n, uint64_t *sum, int *complete) {
    const struct box **list = allocate(n, sizeof *list);
    const uint64_t **counts = allocate(n, sizeof *counts);
    for (unsigned i = 0; i < n; i++) {
        list[i] = boxes[i].box;
        counts[i] = boxes[i].counts;
    }
    r->box = 0;
    enum p1_err e = check_joint(&r->checker, list, counts, n, sum, complete);
    free(list);
    free(counts);
    return e == P1_OK ? VALID : INVALID;
}

static int check_files(struct runner *runner, int json, char **files, unsigned n) {
    struct report r;
    struct report_box *boxes = allocate(n, sizeof *boxes);
    uint64_t *sum = allocate(P1_CHOICES_MAX, sizeof *sum);
    enum verdict worst = VALID;
    int complete = 0;
    report_init(&r, runner, json);
    for (unsigned i = 0; i < n; i++) {
        boxes[i].file = files[i];
        r.box = i + 1;
        enum verdict v = judge(&r, &boxes[i]);
        if (v == INVALID || worst == VALID) worst = v; // a bad box among others is bad, whatever else is the matter
    }
    if (n > 1 && worst == VALID) worst = judge_joint(&r, boxes, n, sum, &complete);
    report_print(&r, worst, boxes, n, complete && worst == VALID ? sum : NULL);
    for (unsigned i = 0; i < n; i++) {
        if (boxes[i].box) box_release(boxes[i].box);
        free(boxes[i].box);
        free(boxes[i].counts);
    }
    free(boxes);
    free(sum);
    report_release(&r);
    return (int)worst;
}

int main(int argc, char **argv) {
    int json = 0, at = 1, status;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--json") == 0) {
            json = 1;
        } else if (strcmp(argv[at], "--help") == 0) {
            fputs(help, stdout);
            return 0;
        } else if (strcmp(argv[at], "--version") == 0) {
            puts("plus1-verify " P1_VERSION);
            return 0;
        } else {
            return usage("there is no such option");
        }
    }
    if (at == argc) return usage("which file?");

    struct runner *runner = pool_new(0);
    if (!runner) return NOT_CHECKED;
    if (strcmp(argv[at], "ballot") == 0) {
        status = json ? -1 : verify_ballot(runner, argv + at + 1, argc - at - 1);
    } else if (strcmp(argv[at], "joint") == 0) {
        status = argc - at < 3 ? -1 : check_files(runner, json, argv + at + 1, (unsigned)(argc - at - 1));
    } else {
        status = argc - at > 1 ? -1 : check_files(runner, json, argv + at, 1);
    }
    pool_free(runner);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "plus1-verify: the report could not be written: %s\n", strerror(errno));
        return NOT_CHECKED;
    }
    return status < 0 ? usage("these arguments do not fit together") : status;
}
