// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A second copy of what a server publishes of an election: UUID.bel and what stands beside it, verified as it grows.
//
//   UUID.bel, .bundle.json, .notices, .shares   as plus1-verify reads them
//   UUID.platform-events                        lines of JSON, of a box that was restored
//   UUID.state                                  how far UUID.bel was verified (plus1-verify --state)
//   UUID.refused                                what a server sent that does not go on from the copy: evidence
//
// A copy is only ever added to. What a server takes back or shows otherwise is said, and the copy stays.
#ifndef P1_CLI_FOLLOW_H
#define P1_CLI_FOLLOW_H

#include <signal.h>

#include "board/pool.h"
#include "cli/args.h"
#include "core/buf.h"

enum follow_end {
    FOLLOW_DONE,
    FOLLOW_ABSENT, // 404
    FOLLOW_LATER,  // no answer, or nothing can be written: try again
    FOLLOW_ALARM,
};

enum { FOLLOW_KNOWN = 1024 };

struct follow {
    char *base; // https://HOST
    const char *folder;
    struct runner *runner;
    volatile sig_atomic_t stop;
    char said[512]; // the last alarm: a service says it once
    struct follow_known {
        char uuid[64];
        uint64_t size;
    } known[FOLLOW_KNOWN]; // archives that were verified by this process
    size_t known_n;
};

// The text at a URL, into memory to be freed. Says why not.
enum follow_end follow_get(struct follow *f, const char *url, size_t most, struct buf *out);

// A piece of a file from FIRST on, at most MOST bytes, appended to OUT after the COMPARED bytes that are there already and must come
// first. *total is what the server says the whole has. *same: those bytes were the same; else nothing was written.
struct follow_piece {
    const char *url;
    uint64_t first, most;
    struct span compared;
    int fd;
    const char *refused; // where what is not the same is kept
    uint64_t total, got;
    int same;
};
enum follow_end follow_piece(struct follow *f, struct follow_piece *p);

// Keeps evidence, if there is none yet.
void follow_keep_refused(const char *path, struct span bytes);

// Says, in a log line and a sentence, that something is not as it must be. FOLLOW_ALARM
enum follow_end follow_alarm(struct follow *f, const char *uuid, const char *why);

// One election brought up to date.
enum follow_end follow_election(struct follow *f, const char *uuid);

#endif
