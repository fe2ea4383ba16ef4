// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Gives a fuzz target each file of a folder once, in the order of their names. What goes wrong ends the program; the name of the
// file stands on stderr then.

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

static char path[PATH_MAX];

// Nothing but a write: memory may be in any state.
static void say_where(int number) {
    (void)!write(STDERR_FILENO, path, strlen(path));
    (void)!write(STDERR_FILENO, "\n", 1);
    signal(number, SIG_DFL);
    raise(number);
}

static void replay(void) {
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END)) abort();
    long n = ftell(f);
    rewind(f);
    // Of exactly this size: a sanitizer sees every byte that is read past the end.
    uint8_t *p = n < 0 ? NULL : malloc(n ? (size_t)n : 1);
    if (!p || fread(p, 1, (size_t)n, f) != (size_t)n) abort();
    fclose(f);
    fuzz_one(span_of(p, (size_t)n));
    free(p);
}

int main(int argc, char **argv) {
    struct dirent **files;
    int found = argc == 2 ? scandir(argv[1], &files, NULL, alphasort) : -1, done = 0;
    if (found < 0) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 1;
    }
    signal(SIGABRT, say_where);
    for (int i = 0; i < found; i++) {
        if (files[i]->d_name[0] != '.') {
            (void)snprintf(path, sizeof path, "%s/%s", argv[1], files[i]->d_name);
            replay();
            done++;
        }
        free(files[i]);
    }
    free(files);
    fprintf(stderr, "%d inputs\n", done);
    return done ? 0 : 1; // a corpus that is gone tests nothing
}
