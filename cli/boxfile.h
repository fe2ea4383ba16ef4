// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// An archive on disk and the ballot box in it. What goes wrong is said to the user here.
#ifndef P1_CLI_BOXFILE_H
#define P1_CLI_BOXFILE_H

#include "board/check.h"
#include "board/pool.h"
#include "cli/args.h"
#include "store/archive.h"

struct boxfile {
    const char *path, *shown; // SHOWN: what messages call it, mostly its path
    struct archive archive;
    struct box *box;
    struct runner *runner;
    struct beside *beside; // the frozen bundle and the notices
    char *bundle_text, *notices_text, *shares_text;
};

// "FOLDER/UUID" and ENDING for "FOLDER/UUID.bel"; to be freed.
char *boxfile_beside(const char *path, const char *ending);

// People who voted and whose vote was not withdrawn.
uint64_t boxfile_voted(const struct boxfile *f);

// Would the box still be right with these lines of notices (an uninitialised BESIDE has them)? Says why not.
MUST_USE enum p1_exit boxfile_try_notices(const struct boxfile *f, struct beside *beside);

// Reads the archive; with CHECK all its proofs too, otherwise only its order and hashes. To be closed only if it was opened.
MUST_USE enum p1_exit boxfile_open(struct boxfile *f, const char *path, enum archive_mode mode, int check,
                                   struct runner *runner);
void boxfile_close(struct boxfile *f);

// Appends an event, on the disk when it returns, and applies it.
MUST_USE enum p1_exit boxfile_append(struct boxfile *f, enum event_type type, const struct span *records, unsigned n);

// "the voting in it goes on", ...
const char *stage_words(enum box_stage stage);

// Files by whom: the name in municipality.json beside the archive, else the election's name; to be freed.
char *boxfile_name(const struct boxfile *f);

// Threads for all commands. Ends the program if there is no memory.
struct runner *runner_new(void);

#endif
