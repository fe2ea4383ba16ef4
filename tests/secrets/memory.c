// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Loaded before a program (LD_PRELOAD), writes to the file $P1_MEMORY what the program leaves in memory: each block at the
// moment when it is freed, what earlier calls left on the stack at the moment when output is flushed (the last thing that a
// command does), and at the exit all memory that can be written to, up to the program's arguments on the stack.

#define _GNU_SOURCE // RTLD_NEXT
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void own_free(void *p) __asm__("__libc_free");
void *own_malloc(size_t n) __asm__("__libc_malloc");

static int file = -1;
static uintptr_t arguments;

static void save(const void *p, size_t n) {
    enum { PAGE = 4096 };
    static const uint8_t zeros[PAGE];
    const uint8_t *at = p;
    for (size_t take; file >= 0 && n; at += take, n -= take) {
        take = n < PAGE ? n : PAGE;
        if (memcmp(at, zeros, take) == 0) continue;
        if (write(file, at, take) != (ssize_t)take) _exit(99);
    }
}

void free(void *p) {
    int before = errno;
    if (p) save(p, malloc_usable_size(p));
    own_free(p);
    errno = before;
}

// In a new place each time, so that no old one is missed.
void *realloc(void *p, size_t n) {
    void *bigger = own_malloc(n ? n : 1);
    size_t had = p ? malloc_usable_size(p) : 0;
    if (!bigger) return NULL;
    if (p) memcpy(bigger, p, had < n ? had : n);
    free(p);
    return bigger;
}

static int (*real_fflush)(FILE *f);

int fflush(FILE *f) {
    enum { DEEP = 1 << 20 };
    save((const uint8_t *)__builtin_frame_address(0) - DEEP, DEEP);
    return real_fflush(f);
}

__attribute__((constructor)) static void begin(int argc, char **argv) {
    const char *path = getenv("P1_MEMORY");
    if (argc > 0) arguments = (uintptr_t)argv[0];
    if (path) file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    *(void **)&real_fflush = dlsym(RTLD_NEXT, "fflush");
    if (file < 0 || !real_fflush) _exit(98);
}

// One line of /proc/self/maps: 7f0000-7f1000 rw-p ...
static void save_mapping(const char *line) {
    char *end;
    const uintptr_t from = strtoull(line, &end, 16);
    uintptr_t to = strtoull(end + 1, &end, 16);
    if (strncmp(end, " rw", 3) != 0) return;
    if (from < arguments && arguments < to) to = arguments;
    save((const void *)from, to - from); // NOLINT(performance-no-int-to-ptr)
}

__attribute__((destructor)) static void end(void) {
    static char maps[1 << 20];
    size_t n = 0;
    int in = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    for (ssize_t got; (got = read(in, maps + n, sizeof maps - n - 1)) > 0;) n += (size_t)got;
    close(in);
    for (char *line = maps, *next; (next = strchr(line, '\n')); line = next + 1) save_mapping(line);
    static const char done[] = "all of memory";
    save(done, sizeof done);
}
