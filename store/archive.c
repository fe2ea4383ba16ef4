// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/durable.h"

// Room behind the file's end in which it may grow while it is mapped: addresses only.
#define ROOM ((size_t)1 << 36)

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

// The last event may be one that its writer did not live to see on the disk, or saw fail: it is in memory, where it is read from,
// and after a failed sync no other sync would write it. A box answers from it ("is in the box already"), so it is written
// again: the same bytes in the same place. The same holds for the names of the files, which their writers may not have synced.
static int settle(struct archive *a, const char *path, size_t last) {
    struct stat st;
    if (fstat(a->fd, &st)) return errno;
    const struct timespec times[] = {st.st_atim, st.st_mtim};
    int err = durable_put(a->fd, span_from(a->file, last), (off_t)last);
    if (!err && !a->cut) (void)futimens(a->fd, times); // nothing is new in it
    if (!err) err = sync_data(a->fd);
    return err ? err : durable_name(path);
}

static int cut_torn_tail(struct archive *a, const char *path, enum p1_err *why) {
    struct chain c;
    size_t end;
    *why = chain_find_end(&c, a->file, &end);
    if (*why != P1_OK) return EBADMSG;
    if (end < a->file.n && ftruncate(a->fd, (off_t)end)) return errno;
    a->cut = a->file.n - end;
    a->file.n = end;
    return settle(a, path, c.last);
}

int archive_open(struct archive *a, const char *path, enum archive_mode mode, enum p1_err *why) {
    *a = (struct archive){.fd = open(path, (mode == ARCHIVE_APPEND ? O_RDWR : O_RDONLY) | O_CLOEXEC)};
    *why = P1_OK;
    if (a->fd < 0) return errno;
    int err = mode == ARCHIVE_APPEND && flock(a->fd, LOCK_EX | LOCK_NB) ? errno : 0;
    if (!err) err = mode == ARCHIVE_COPY ? copy_file(a) : map_file(a, mode);
    if (!err && mode == ARCHIVE_APPEND) err = cut_torn_tail(a, path, why);
    if (err) archive_close(a);
    return err;
}

void archive_close(struct archive *a) {
    if (a->file.p) munmap((void *)(uintptr_t)a->file.p, a->mapped);
    if (a->fd >= 0) close(a->fd);
    *a = (struct archive){.fd = -1};
}

int archive_append(struct archive *a, struct span bytes) {
    if (a->failed) return a->failed;
    int err = bytes.n > a->mapped - a->file.n ? EFBIG : durable_put(a->fd, bytes, (off_t)a->file.n);
    if (!err) err = sync_data(a->fd);
    if (!err) a->file.n += bytes.n;
    // What was written of it is not acknowledged: away with it. The next opening makes sure of that.
    if (err) a->unsure = ftruncate(a->fd, (off_t)a->file.n) != 0;
    return a->failed = err;
}
