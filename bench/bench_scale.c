// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Large votes, in Ed25519, one question with three answers, of which every tenth ballot is a voter's second:
//   plus1-verify on 10,000, 100,000 and 1,000,000 ballots: processor time a ballot;
//   the memory of their own that it, plus1 box add and plus1 box tally take for them;
//   the encrypted tally of 100,000 verified ballots on two cores, against belenios-tool 3.0 on 1,000;
//   what a trustee does with 100,000: checking all, and decrypting.
// Usage: bench_scale [BALLOTS..]: verification and memory alone, for these sizes.
// The archives are made in the build folder, which takes minutes, and stay there.
// P1_BUILD is the build folder, P1_TRIXIE a folder with Debian 13 (default: trixie in the build folder).
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/make_archive.h"
#include "board/check.h"
#include "board/pool.h"
#include "store/archive.h"

enum { TALLIED = 100000, PEER = 1000, PATH = 512, SMALL = 10000, ROUNDS = 5 };

static const char *build;

static void must(int ok, const char *what) {
    if (ok) return;
    fprintf(stderr, "bench: %s failed\n", what);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static unsigned voters_of(unsigned ballots) { return ballots - ballots / 10; }

// ---- archives ----

static void show(struct runner *r, uint64_t done, uint64_t total) {
    (void)r;
    if (isatty(2)) fprintf(stderr, "\r%3u %% made%s", (unsigned)(100 * done / total), done == total ? "\n" : "");
}

// The path of an archive with this many ballots, made if it is not there yet.
static void archive_of(unsigned ballots, char path[PATH]) {
    char half[PATH + 8];
    (void)snprintf(half, sizeof half, "%s/scale", build);
    (void)mkdir(half, 0755);
    (void)snprintf(path, PATH, "%s/scale/%u.bel", build, ballots);
    if (access(path, F_OK) == 0) return;
    (void)snprintf(half, sizeof half, "%s.half", path);
    struct runner *r = pool_new(0);
    FILE *f = fopen(half, "wb");
    must(r && f, "making an archive");
    r->progress = show;
    make_archive(f, "Ed25519", voters_of(ballots), ballots, r);
    must(fclose(f) == 0 && rename(half, path) == 0, "making an archive");
    pool_free(r);
}

// ---- plus1-verify ----

static size_t anonymous_memory(pid_t pid) {
    char path[64], line[256];
    size_t kb = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        if (sscanf(line, "RssAnon: %zu kB", &kb) == 1) break;
    }
    if (f) fclose(f);
    return kb * 1024;
}

static double seconds(struct timeval t) { return (double)t.tv_sec + 1e-6 * (double)t.tv_usec; }

// What a run of a program took.
struct cost {
    double seconds; // of processors
    size_t memory;  // of its own: the most that was seen
};

// Runs PROGRAM of the build folder with these arguments; it must succeed.
static struct cost run(const char *program, const char *const *args) {
    char path[PATH];
    const char *argv[8] = {path};
    struct cost cost = {0};
    struct rusage used;
    int status;
    (void)snprintf(path, sizeof path, "%s/%s", build, program);
    for (unsigned i = 0; args[i]; i++) argv[i + 1] = args[i];
    pid_t pid = fork();
    must(pid >= 0, "starting a program");
    if (pid == 0) {
        int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, 1);
        execv(path, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    while (wait4(pid, &status, WNOHANG, &used) == 0) {
        size_t bytes = anonymous_memory(pid);
        if (bytes > cost.memory) cost.memory = bytes;
        usleep(20000);
    }
    must(WIFEXITED(status) && WEXITSTATUS(status) == 0, program);
    cost.seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    return cost;
}

static void say_memory(const char *what, unsigned ballots, size_t bytes) {
    size_t most = ((size_t)64 << 20) + (size_t)64 * voters_of(ballots) + (size_t)16 * ballots;
    printf("  memory to %s: %.1f MB (at most %.1f)\n", what, 1e-6 * (double)bytes, 1e-6 * (double)most);
    must(bytes <= most, "the limit of memory");
}

// Takes the last ballot out of an archive, into a file of its own.
static void take_last_ballot(const char *file, const char *ballot) {
    struct archive a;
    struct chain chain;
    struct event ev;
    struct span last = {0};
    enum p1_err why;
    size_t start = 0;
    must(archive_open(&a, file, ARCHIVE_READ, &why) == 0 && chain_begin(&chain, a.file) == P1_OK, "opening");
    for (int more = 1; more;) {
        size_t at = chain.at;
        must(chain_next(&chain, a.file, &ev, &more) == P1_OK, "reading");
        if (more) start = at;
        if (more) last = ev.record[0].content;
    }
    FILE *f = fopen(ballot, "wb");
    must(f && fwrite(last.p, 1, last.n, f) == last.n && fclose(f) == 0, "writing a ballot");
    archive_close(&a);
    must(truncate(file, (off_t)start) == 0, "taking out a ballot");
}

// On a copy: the last ballot is added once more, the box is closed and tallied.
static void measure_box(const char *path, unsigned ballots) {
    char file[PATH + 16], ballot[PATH + 16], command[4 * PATH];
    (void)snprintf(file, sizeof file, "%s.copy", path);
    (void)snprintf(ballot, sizeof ballot, "%s.json", path);
    (void)snprintf(command, sizeof command, "cp %s %s", path, file);
    must(system(command) == 0, "copying");
    take_last_ballot(file, ballot);
    say_memory("append", ballots, run("plus1", (const char *[]){"box", "add", file, ballot, NULL}).memory);
    (void)run("plus1", (const char *[]){"box", "close", file, NULL});
    say_memory("tally", ballots, run("plus1", (const char *[]){"box", "tally", file, NULL}).memory);
    (void)unlink(file);
    (void)unlink(ballot);
}

static void measure(unsigned ballots, double *first) {
    char path[PATH];
    archive_of(ballots, path);
    double start = now();
    struct cost cost = run("plus1-verify", (const char *[]){path, NULL});
    double wall = now() - start;
    for (int i = 1; i < (ballots > SMALL ? 1 : ROUNDS); i++) { // a short run is soon disturbed
        struct cost again = run("plus1-verify", (const char *[]){path, NULL});
        if (again.seconds < cost.seconds) cost.seconds = again.seconds;
    }
    double each = cost.seconds / ballots;
    if (*first == 0) *first = each;
    printf("plus1-verify, %u ballots: %.1f us of a processor each, %.2f of the first (0.90 to 1.10); %.0f s\n", ballots,
           1e6 * each, each / *first, wall);
    must(each / *first > 0.9 && each / *first < 1.1, "linear time");
    say_memory("verify", ballots, cost.memory);
    measure_box(path, ballots);
}

// ---- tally ----

// Seconds a ballot that belenios-tool 3.0 takes for the encrypted tally, or 0 if it is not there.
static double peer_tally(void) {
    char path[PATH], command[4 * PATH];
    const char *trixie = getenv("P1_TRIXIE");
    double best = 1e9;
    (void)snprintf(path, sizeof path, "%s/trixie", build);
    if (!trixie) trixie = path;
    (void)snprintf(command, sizeof command, "test -x %s/usr/bin/belenios-tool", trixie);
    if (system(command) != 0) return 0;
    char archive[PATH];
    archive_of(PEER, archive);
    (void)snprintf(command, sizeof command,
                   "d=%s/tmp/plus1-scale; rm -rf $d; mkdir -p $d && cp %s $d/BenchBenchBench.bel && "
                   "chroot %s belenios-tool election compute-encrypted-tally --dir /tmp/plus1-scale >/dev/null 2>&1",
                   trixie, archive, trixie);
    for (int round = 0; round < 3; round++) {
        double start = now();
        must(system(command) == 0, "belenios-tool election compute-encrypted-tally");
        if (now() - start < best) best = now() - start;
    }
    (void)snprintf(command, sizeof command, "rm -rf %s/tmp/plus1-scale", trixie);
    must(system(command) == 0, "cleaning up");
    return best / PEER;
}

static void no_line(struct checker *c, const struct check_line *line) {
    (void)c;
    (void)line;
}

static void tally_and_decrypt(void) {
    char path[PATH];
    enum p1_err why;
    struct archive a;
    struct runner *r = pool_new(2);
    struct box *box = malloc(sizeof *box);
    uint64_t *counts = calloc(P1_CHOICES_MAX, sizeof *counts);
    struct ciphertext *tally = calloc(3, sizeof *tally);
    struct buf text = buf_over(malloc(1 << 16), 1 << 16);
    struct scalar x;
    must(r && box && counts && tally && text.p, "memory");
    archive_of(TALLIED, path);
    must(archive_open(&a, path, ARCHIVE_READ, &why) == 0, "opening");

    struct checker c = {.runner = r, .line = no_line};
    box_init(box);
    double start = now();
    must(check_archive(&c, box, a.file, counts) == P1_OK, "the check");
    double check = now() - start;
    start = now();
    must(box_tally(box, r, tally) == P1_OK, "the tally");
    double ours = (now() - start) / (double)box->counted, peers = peer_tally();
    printf("encrypted tally of %d ballots, two cores: %.1f us each", TALLIED, 1e6 * ours);
    if (peers > 0)
        printf("; belenios-tool 3.0 on %d: %.0f us; ratio %.0f (at least 20)\n", PEER, 1e6 * peers, peers / ours);
    else
        printf("; belenios-tool 3.0 is not there to compare\n");
    must(peers == 0 || peers / ours >= 20, "the ratio");

    make_archive_key(&box->election.group, &x);
    start = now();
    must(share_make_ct(&box->election, &x, tally, &text, r->work) == P1_OK, "a share");
    must(share_bind_ct(&box->election, &x, tally, &text, r->work) == P1_OK, "a share's binding");
    printf("a trustee, %d ballots, two cores: checking all %.1f s; decrypting with both proofs %.2f ms\n", TALLIED,
           check, 1e3 * (now() - start));
    archive_close(&a);
    box_release(box);
    pool_free(r);
    free(text.p);
    free(tally);
    free(counts);
    free(box);
}

int main(int argc, char **argv) {
    static const char *const all[] = {"10000", "100000", "1000000"};
    double first = 0;
    build = getenv("P1_BUILD");
    if (!build) build = "build";
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 1) tally_and_decrypt();
    for (int i = 0; i < (argc == 1 ? 3 : argc - 1); i++)
        measure((unsigned)atoi(argc == 1 ? all[i] : argv[i + 1]), &first);
    return 0;
}
