// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What there is to say about a file that somebody brings: a list of sentences for people, each with its line where it
// has one. Every reader of such files (roll, question paper) reports in this way and no other.
#ifndef P1_CLI_ISSUES_H
#define P1_CLI_ISSUES_H

#include <stddef.h>
#include <stdio.h>

#include "core/err.h"

// What a command ends with, and what the readers return.
enum p1_exit {
    P1_EXIT_DONE = 0,
    P1_EXIT_REFUSED = 1,    // understood, and not allowed
    P1_EXIT_UNREADABLE = 2, // not such a file, or not yet supported
    P1_EXIT_USAGE = 3,      // the command was not given as it must be
};

enum severity {
    SEVERITY_NOTE,    // for information
    SEVERITY_WARNING, // may be right, look at it
    SEVERITY_ERROR,   // a refusal
};

struct issue {
    enum severity severity;
    size_t line; // counted from 1; 0 if it is about the whole file
    char *text;  // without the line and without a full stop at the end; control characters have become '?'
};

// Starts as {0}.
struct issues {
    struct issue *all;
    size_t n, cap;
    size_t errors; // how many of them are errors
};

__attribute__((format(printf, 4, 5))) void issues_add(struct issues *to, enum severity severity, size_t line,
                                                      const char *format, ...);

// Adds an error and returns `as`.
__attribute__((format(printf, 4, 5))) MUST_USE enum p1_exit issues_refuse(struct issues *to, enum p1_exit as,
                                                                          size_t line, const char *format, ...);

// By line.
void issues_sort(struct issues *issues);

// One a line: "line 12: error: the id is missing".
void issues_print(const struct issues *issues, FILE *out);

// Gives the memory back; the list is empty and usable afterwards.
void issues_release(struct issues *issues);

#endif
