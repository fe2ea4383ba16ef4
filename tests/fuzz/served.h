// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The municipality's server within the target: all routes and commands of the program, over HTTP on loopback, with two ballot boxes
// in memory and an experiment. One box is open (edits_basis(0)); one is counted, with bundle and notices (edits_basis(2)).
#ifndef P1_FUZZ_SERVED_H
#define P1_FUZZ_SERVED_H

#include "platform/openapi.h"
#include "platform/platform.h"
#include "tests/fuzz/fuzz.h"

#define SERVED_OPEN "FuzzSingLesUuid"
#define SERVED_COUNTED "FuzzNoticesUuid"

struct served {
    const struct http_table *tables;
    size_t tables_n;
    struct openapi openapi;
    const char *folder;
    struct platform *platform;
    void *state; // of the stem-app
    uint64_t (*now)(void *arg);
};

// Once.
const struct served *served_start(void);

int served_connect(void); // a socket

struct answer {
    unsigned status;
    struct span head, body;
    int closes; // nothing comes behind it
    uint8_t *memory;
};

// The next answer of a connection, to be released; 0 if it ends before. HOLDS that it is whole.
int served_answer(int fd, int without_body, struct answer *out);
void served_release(struct answer *a);

#endif
