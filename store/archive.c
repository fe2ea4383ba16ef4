// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Room behind the file's end in which it may grow while it is mapped: addresses only.
#define ROOM ((size_t)1 << 36)

static int write_all(int fd, struct span s, off_t at) {
    while (s.n) {
        ssize_t n = pwrite(fd, s.p, s.n, at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n ? errno : EIO;
        s = span_from(s, (size_t)n);
        at += n;
    }
    return 0;
}

static int sync_data(int fd) {
    while (fdatasync(fd)) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

static int map_file(struct archive *a, enum archive_mode mode) {
    struct stat st;
    if (fstat(a->fd, &st)) return errno;
    if (!S_ISREG(st.st_mode)) return S_ISDIR(st.st_mode) ? EISDIR : ENOTSUP;
    a->file.n = (size_t)st.st_size;
    a->mapped = a->file.n + (mode == ARCHIVE_APPEND ? ROOM : 0);
    if (a->mapped == 0) return 0;
    void *p = mmap(NULL, a->mapped, PROT_READ, MAP_SHARED | MAP_NORESERVE, a->fd, 0);
    if (p == MAP_FAILED) return errno;
    a->file.p = p;
    return 0;
}

static int copy_file(struct archive *a) {
    struct stat st;
    if (fstat(a->fd, &st)) return errno;
    if (!S_ISREG(st.st_mode)) return S_ISDIR(st.st_mode) ? EISDIR : ENOTSUP;
    a->mapped = (size_t)st.st_size;
    if (a->mapped == 0) return 0;
    uint8_t *p = mmap(NULL, a->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return errno;
    a->file.p = p;
    while (a->file.n < a->mapped) {
        ssize_t n = pread(a->fd, p + a->file.n, a->mapped - a->file.n, (off_t)a->file.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n ? errno : EIO;
        a->file.n += (size_t)n;
    }
    return 0;
}

static int cut_torn_tail(struct archive *a, enum p1_err *why) {
    struct chain c;
    size_t end;
    *why = chain_find_end(&c, a->file, &end);
    if (*why != P1_OK) return EBADMSG;
    if (end == a->file.n) return 0;
    if (ftruncate(a->fd, (off_t)end)) return errno;
    a->cut = a->file.n - end;
    a->file.n = end;
    return sync_data(a->fd);
}

int archive_open(struct archive *a, const char *path, enum archive_mode mode, enum p1_err *why) {
    *a = (struct archive){.fd = open(path, (mode == ARCHIVE_APPEND ? O_RDWR : O_RDONLY) | O_CLOEXEC)};
    *why = P1_OK;
    if (a->fd < 0) return errno;
    int err = mode == ARCHIVE_APPEND && flock(a->fd, LOCK_EX | LOCK_NB) ? errno : 0;
    if (!err) err = mode == ARCHIVE_COPY ? copy_file(a) : map_file(a, mode);
    if (!err && mode == ARCHIVE_APPEND) err = cut_torn_tail(a, why);
    if (err) archive_close(a);
    return err;
}

void archive_close(struct archive *a) {
    if (a->file.p) munmap((void *)(uintptr_t)a->file.p, a->mapped);
    if (a->fd >= 0) close(a->fd);
    *a = (struct archive){.fd = -1};
}

int archive_append(struct archive *a, struct span bytes) {
    int err = bytes.n > a->mapped - a->file.n ? EFBIG : write_all(a->fd, bytes, (off_t)a->file.n);
    if (!err) err = sync_data(a->fd);
    if (err) {
        // What was written of it is not acknowledged: away with it. If even that fails, the next opening does it.
        if (ftruncate(a->fd, (off_t)a->file.n) == 0) (void)sync_data(a->fd);
        return err;
    }
    a->file.n += bytes.n;
    return 0;
}

// A new name is on the disk when its folder is.
static int sync_folder(const char *path) {
    char copy[PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) return ENAMETOOLONG;
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    int err = fsync(fd) ? errno : 0;
    close(fd);
    return err;
}

int archive_create(const char *path, struct span content) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) return errno;
    int err = write_all(fd, content, 0);
    if (!err) err = fsync(fd) ? errno : 0;
    if (close(fd) && !err) err = errno;
    if (!err) err = sync_folder(path);
    if (err) (void)unlink(path);
    return err;
}
