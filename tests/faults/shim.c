// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Between a program and the file system (LD_PRELOAD): every call that changes a file below a folder, or waits for the disk,
// is numbered, can be written down, and can fail. tests/faults/*.py tell how through the environment:
//
//   P1_FAULT_ROOT    the folder; calls on files elsewhere pass
//   P1_FAULT_LOG     a file that gets a line for each call, in the order in which they came back:
//                    PID NAME RESULT ERRNO FD NUMBER PATH PATH2 DATA STACK, as JSON
//   P1_FAULT         K:WHAT,.. what happens to the Kth call of the process, from 1 (0: to all):
//                    EIO, ENOSPC, EROFS, EINTR   it fails, and nothing is done
//                    short                       of a write, a half is done, and its length returned
//                    torn                        of a write, a half is done, and the process is killed
//                    kill, killed                the process is killed before it, or after it
//   P1_FAULT_NOW     a file; while it is there, what stands in it happens: NAME:WHAT,.. to each call whose name has NAME in it
//   P1_FAULT_RANDOM  a number: calls are short or interrupted at random from it
//   P1_FAULT_SLOW    microseconds that each call waits first
//
// The real calls are made by number, since dlsym() may allocate. Calls of several threads are made one after the other.

#undef _FILE_OFFSET_BITS // the names without 64 are ours too
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 1024, FRAMES = 24 };

static int watched[FILES]; // file descriptors of files below the folder
static unsigned calls, dice;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

struct call {
    const char *name;
    long fd, number; // number: an offset, length, mode or flags
    const char *path, *path2;
    const void *data;
    size_t n;
};

// ---- which files ----

static int below(const char *path, char out[PATH_MAX]) {
    const char *root = getenv("P1_FAULT_ROOT");
    char folder[PATH_MAX];
    if (!root) return 0;
    if (path[0] == '/') {
        snprintf(out, PATH_MAX, "%s", path);
    } else {
        if (!getcwd(folder, sizeof folder)) return 0;
        while (strncmp(path, "./", 2) == 0) path += 2;
        snprintf(out, PATH_MAX, strcmp(path, ".") ? "%.2000s/%.2000s" : "%.2000s", folder, path);
    }
    return strncmp(out, root, strlen(root)) == 0;
}

static int is_watched(int fd) { return fd >= 0 && fd < FILES && watched[fd]; }

// ---- the log ----

// Where the call comes from: offsets in the program, innermost first.
static void put_stack(FILE *f) {
    void *frame[FRAMES];
    int n = backtrace(frame, FRAMES), first = 1;
    Dl_info own, it;
    dladdr((void *)(size_t)&put_stack, &own);
    for (int i = 0; i < n; i++) {
        if (!dladdr(frame[i], &it) || it.dli_fbase == own.dli_fbase || strstr(it.dli_fname, ".so")) continue;
        fprintf(f, "%s%ld", first ? "" : ",", (long)((char *)frame[i] - (char *)it.dli_fbase));
        first = 0;
    }
}

static void put_log(const struct call *c, long result, int error) {
    const char *name = getenv("P1_FAULT_LOG");
    char *line = NULL;
    size_t n = 0;
    if (!name) return;
    FILE *f = open_memstream(&line, &n);
    if (!f) abort();
    // On a line of its own, also after half a line of a process that was killed.
    fprintf(f, "\n[%d,\"%s\",%ld,%d,%ld,%ld,\"%s\",\"%s\",\"", getpid(), c->name, result, error, c->fd, c->number,
            c->path ? c->path : "", c->path2 ? c->path2 : "");
    for (size_t i = 0; c->data && result > 0 && i < (size_t)result; i++)
        fprintf(f, "%02x", ((const unsigned char *)c->data)[i]);
    fputs("\",[", f);
    put_stack(f);
    fputs("]]\n", f);
    fclose(f);
    long fd = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0 || syscall(SYS_write, fd, line, n) != (long)n) abort();
    syscall(SYS_close, fd);
    free(line);
}

// ---- what happens to a call ----

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int error_of(const char *what) {
    static const struct {
        const char *name;
        int error;
    } all[] = {{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EROFS", EROFS}, {"EINTR", EINTR}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, what) == 0) return all[i].error;
    }
    return 0;
}

// What the file of P1_FAULT_NOW says of a call.
static int look_now(const char *call, char what[16]) {
    const char *file = getenv("P1_FAULT_NOW");
    char plan[128] = "", name[16];
    int fd = file ? (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC, 0) : -1, used;
    if (fd < 0) return 0;
    long n = syscall(SYS_read, fd, plan, sizeof plan - 1);
    syscall(SYS_close, fd);
    plan[n < 0 ? 0 : n] = 0;
    for (const char *p = plan; sscanf(p, "%15[a-z]:%15[a-zA-Z]%n", name, what, &used) == 2;
         p += used + (p[used] == ',')) {
        if (strstr(call, name)) return 1;
        what[0] = 0;
    }
    return 0;
}

// What is to happen to call number K, into WHAT.
static void look_up(unsigned k, const char *call, int is_write, char what[16]) {
    const char *plan = getenv("P1_FAULT"), *seed = getenv("P1_FAULT_RANDOM");
    unsigned at;
    int used;
    what[0] = 0;
    if (look_now(call, what)) return;
    for (; plan && sscanf(plan, "%u:%15[a-zA-Z]%n", &at, what, &used) == 2; plan += used + (plan[used] == ',')) {
        if (at == k || at == 0) return;
        what[0] = 0;
    }
    if (!seed) return;
    if (!dice) dice = (unsigned)atoi(seed) * 2654435761U + 1;
    dice = dice * 1103515245U + 12345;
    if (dice >> 16 & 1) snprintf(what, 16, "%s", is_write && dice >> 17 & 1 ? "short" : "EINTR");
}

static long make(const struct call *c, size_t n) {
    switch (c->name[0] == 'f' ? c->name[1] : c->name[0]) {
    case 'o': return syscall(SYS_openat, AT_FDCWD, c->path, c->number, c->n);
    case 'w': return syscall(SYS_write, c->fd, c->data, n);
    case 'p': return syscall(SYS_pwrite64, c->fd, c->data, n, c->number);
    case 't': return syscall(SYS_ftruncate, c->fd, c->number);
    case 's': return syscall(SYS_fsync, c->fd);
    case 'd': return syscall(SYS_fdatasync, c->fd);
    case 'r': return syscall(SYS_rename, c->path, c->path2);
    case 'l': return syscall(SYS_link, c->path, c->path2);
    case 'u': return syscall(SYS_unlink, c->path);
    case 'm': return syscall(SYS_mkdir, c->path, c->number);
    default: abort();
    }
}

static long run_one(const struct call *c) {
    char what[16];
    int is_write = c->data != NULL;
    look_up(++calls, c->name, is_write, what);
    int error = error_of(what);
    if (strcmp(what, "kill") == 0) die();
    int half = is_write && c->n > 1 && (strcmp(what, "short") == 0 || strcmp(what, "torn") == 0);
    long result = -1;
    if (!error) {
        result = make(c, half ? c->n / 2 : c->n);
        if (result < 0) error = errno;
    }
    put_log(c, result, error);
    if (strcmp(what, "killed") == 0 || strcmp(what, "torn") == 0) die();
    errno = error;
    return result;
}

static long run(const struct call *c) {
    const char *slow = getenv("P1_FAULT_SLOW");
    if (slow) usleep((useconds_t)atoi(slow));
    pthread_mutex_lock(&one_at_a_time);
    long result = run_one(c);
    pthread_mutex_unlock(&one_at_a_time);
    return result;
}

// ---- the calls ----

#define BOTH(result, name, args) result name##64 args __attribute__((alias(#name)));

int open(const char *path, int flags, ...) {
    char full[PATH_MAX];
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
    va_end(list);
    if (!below(path, full)) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    int fd = (int)run(&(struct call){.name = "open", .fd = -1, .number = flags, .path = full, .n = mode});
    if (fd >= 0 && fd < FILES) watched[fd] = 1;
    return fd;
}
BOTH(int, open, (const char *path, int flags, ...))
// What a fortified open() becomes.
int open_2(const char *path, int flags) __asm__("__open_2");
int open_2(const char *path, int flags) { return open(path, flags); }
int open64_2(const char *path, int flags) __asm__("__open64_2");
int open64_2(const char *path, int flags) { return open(path, flags); }

int close(int fd) {
    if (is_watched(fd)) {
        put_log(&(struct call){.name = "close", .fd = fd}, 0, 0);
        watched[fd] = 0;
    }
    return (int)syscall(SYS_close, fd);
}

ssize_t write(int fd, const void *p, size_t n) {
    if (!is_watched(fd)) return syscall(SYS_write, fd, p, n);
    return run(&(struct call){.name = "write", .fd = fd, .data = p, .n = n});
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at) {
    if (!is_watched(fd)) return syscall(SYS_pwrite64, fd, p, n, at);
    return run(&(struct call){.name = "pwrite", .fd = fd, .number = at, .data = p, .n = n});
}
BOTH(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at))

int ftruncate(int fd, off_t length) {
    if (!is_watched(fd)) return (int)syscall(SYS_ftruncate, fd, length);
    return (int)run(&(struct call){.name = "ftruncate", .fd = fd, .number = length});
}
BOTH(int, ftruncate, (int fd, off_t length))

int fsync(int fd) {
    if (!is_watched(fd)) return (int)syscall(SYS_fsync, fd);
    return (int)run(&(struct call){.name = "fsync", .fd = fd});
}

int fdatasync(int fd) {
    if (!is_watched(fd)) return (int)syscall(SYS_fdatasync, fd);
    return (int)run(&(struct call){.name = "fdatasync", .fd = fd});
}

int rename(const char *from, const char *to) {
    char a[PATH_MAX], b[PATH_MAX];
    if (!below(from, a) || !below(to, b)) return (int)syscall(SYS_rename, from, to);
    return (int)run(&(struct call){.name = "rename", .fd = -1, .path = a, .path2 = b});
}

int link(const char *from, const char *to) {
    char a[PATH_MAX], b[PATH_MAX];
    if (!below(from, a) || !below(to, b)) return (int)syscall(SYS_link, from, to);
    return (int)run(&(struct call){.name = "link", .fd = -1, .path = a, .path2 = b});
}

int unlink(const char *path) {
    char a[PATH_MAX];
    if (!below(path, a)) return (int)syscall(SYS_unlink, path);
    return (int)run(&(struct call){.name = "unlink", .fd = -1, .path = a});
}

int mkdir(const char *path, mode_t mode) {
    char a[PATH_MAX];
    if (!below(path, a)) return (int)syscall(SYS_mkdir, path, mode);
    return (int)run(&(struct call){.name = "mkdir", .fd = -1, .number = (long)mode, .path = a});
}
