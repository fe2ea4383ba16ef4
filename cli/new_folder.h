// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A folder of plain files that is there as a whole or not at all: it is made as PATH.new, and takes its name when all in it is on the
// disk. What goes wrong is said to the user here.
#ifndef P1_CLI_NEW_FOLDER_H
#define P1_CLI_NEW_FOLDER_H

#include "cli/args.h"

struct new_folder {
    char *path, *making; // PATH and PATH.new
    int lock;
};

// Refuses if PATH is there, unless it is an empty folder. What a crash has left of an earlier one is removed. After it comes
// new_folder_end(), or new_folder_drop() to give it up.
MUST_USE enum p1_exit new_folder_begin(struct new_folder *f, const char *path);
// All files are synced, and the folder gets its name.
MUST_USE enum p1_exit new_folder_end(struct new_folder *f);
void new_folder_drop(struct new_folder *f);

#endif
