// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Commands on a box that a running server has: with --data DIR a box is named by its UUID instead of a file.
#ifndef P1_CLI_SERVED_H
#define P1_CLI_SERVED_H

#include "cli/boxfile.h"

// Asks the server of --data; what it answers is printed.
MUST_USE enum p1_exit served_ask(const struct args *args, int argc, const char *const *argv);

// Does WORK on the box that the command names first. A server's box is copied to a folder, and if WORK adds to the copy, the server
// takes over what was added.
MUST_USE enum p1_exit with_box(const struct args *args, enum archive_mode mode, int check,
                               enum p1_exit (*work)(struct boxfile *f, const struct args *args));

// The server's copy of a box as it is now, in a folder: to be removed with served_return() and freed.
MUST_USE enum p1_exit served_checkout(const struct args *args, const char *uuid, char **folder);
void served_return(char *folder, const char *uuid);

// What such a folder holds, behind the UUID: the archive, and what may stand beside it.
enum { SERVED_FILES = 4 };
extern const char *const served_endings[SERVED_FILES];

#endif
