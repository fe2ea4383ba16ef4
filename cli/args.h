// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The arguments of a command: options "--name VALUE" or "--name", in any order between the files.
#ifndef P1_CLI_ARGS_H
#define P1_CLI_ARGS_H

#include <stddef.h>

#include "cli/issues.h"

// Ends a list of texts in a call with any number of them, by its address.
extern const char args_end[];

struct option {
    const char *name;  // with its hyphens
    const char *value; // null if the option takes none
};

struct args {
    const struct command *command;
    struct option *options; // in the order in which they were given
    const char **files;
    size_t option_count, file_count;
};

struct command {
    const char *role, *verb;
    // Options as "--name=VALUE", "--name!=VALUE" (must be given), "--name*=VALUE" (may be given more than once), "--name+=VALUE"
    // (both), "--name" or "--name*" (no value), separated by spaces; then "FILE", "FILE.." (one or more) or nothing.
    const char *syntax;
    const char *does, *example;
    enum p1_exit (*run)(const struct args *args);
};

// Fills ARGS; on wrong usage says why and returns P1_EXIT_USAGE. To be released in any case.
MUST_USE enum p1_exit args_parse(struct args *args, const struct command *command, int n, char **given);
void args_release(struct args *args);

// The value of an option, or null. For one without a value: not null if it was given.
const char *args_get(const struct args *args, const char *name);
// The Ith value of an option that may be given more than once, or null.
const char *args_nth(const struct args *args, const char *name, size_t i);
// A whole number MIN to MAX; *out keeps its value if the option is not given. Says what is wrong.
MUST_USE enum p1_exit args_number(const struct args *args, const char *name, unsigned long min, unsigned long max,
                                  unsigned long *out);

void command_help(const struct command *command, FILE *out);

// A refusal on stderr, as "plus1: ...". Returns AS.
__attribute__((format(printf, 2, 3))) enum p1_exit refuse(enum p1_exit as, const char *format, ...);

#endif
