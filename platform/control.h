// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// How the command line talks to the server that runs on the same computer: a Unix socket in the data folder, for its owner and root
// alone.
//
//   request   the arguments, each with a NUL behind it; then the client stops writing
//   answer    the exit code as a decimal digit, a newline, and what is to be printed
#ifndef P1_CONTROL_H
#define P1_CONTROL_H

#include <stdio.h>

#define CONTROL_ARGS_MAX 16

// Returns the exit code; writes what is to be printed to OUT. Called on the thread of the socket, one request at a time.
struct control_verb {
    const char *name; // such as "box status": the first two arguments
    int (*handle)(void *arg, int argc, char **argv, FILE *out);
};

struct control;

// Listens at PATH. VERBS is an array of lists, each ended by a null name; ARGS has an argument for each list. Null and errno.
struct control *control_start(const char *path, const struct control_verb *const *verbs, void *const *args,
                              size_t lists);
void control_stop(struct control *c); // finishes the request on the way, and removes the socket

// Asks the server at PATH. Its answer goes to OUT. -1 and errno if nobody is there.
int control_ask(const char *path, int argc, const char *const *argv, FILE *out);

#endif
