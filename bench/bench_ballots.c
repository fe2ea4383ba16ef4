// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Makes a vote for measurements and tests under load: DIR/box.bel, an archive with BALLOTS ballots of VOTERS voters, and DIR/ballots,
// the COUNT ballots that come next, one a line (bench_load casts them). A box that is there already is kept. All are genuine, and always the same.
// The voters take turns, so a voter's limit is reached after three times VOTERS. The number of the vote is BenchBenchBench; it has
// no bundle: it is open at once, and until it is closed by hand.
// Usage: bench_ballots VOTERS BALLOTS COUNT DIR
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/make_archive.h"
#include "board/pool.h"

static FILE *file_in(const char *folder, const char *name) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (f) return f;
    perror(path);
    exit(1);
}

static void finish(FILE *f) {
    if (fclose(f) == 0) return;
    perror("bench_ballots");
    exit(1);
}

int main(int argc, char **argv) {
    struct runner *r = pool_new(0);
    if (argc != 5 || !r) {
        fprintf(stderr, "usage: bench_ballots VOTERS BALLOTS COUNT DIR\n");
        return 1;
    }
    unsigned voters = (unsigned)atoi(argv[1]), ballots = (unsigned)atoi(argv[2]), count = (unsigned)atoi(argv[3]);
    (void)mkdir(argv[4], 0755);
    char box_path[4096];
    (void)snprintf(box_path, sizeof box_path, "%s/box.bel", argv[4]);
    if (access(box_path, F_OK)) {
        FILE *box = file_in(argv[4], "box.bel");
        make_archive(box, "Ed25519", voters, ballots, r);
        finish(box);
    }
    FILE *lines = file_in(argv[4], "ballots");
    make_ballots(lines, "Ed25519", voters, ballots, count, r);
    finish(lines);
    pool_free(r);
    return 0;
}
