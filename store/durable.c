// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "store/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int durable_put(int fd, struct span content, off_t at) {
    while (content.n) {
        ssize_t n = pwrite(fd, content.p, content.n, at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n ? errno : EIO;
        content = span_from(content, (size_t)n);
        at += n;
    }
    return 0;
}

int durable_sync(int fd) {
    while (fsync(fd)) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

// The folder that PATH stands in; -1 and errno.
static int open_folder(const char *path) {
    char copy[PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int durable_name(const char *path) {
    int folder = open_folder(path);
    if (folder < 0) return errno;
    int err = durable_sync(folder);
    close(folder);
    return err;
}

int durable_folder(const char *path) {
    struct stat st;
    int made = mkdir(path, 0755) == 0;
    if (!made && (errno != EEXIST || stat(path, &st) || !S_ISDIR(st.st_mode))) return errno;
    int err = durable_name(path);
    return made || err == EIO ? err : 0; // some of the folders above are not ours to read
}

int durable_begin(struct durable_file *f, const char *path, mode_t mode) {
    f->path = path;
    f->failed = 0;
    f->at = 0;
    if (snprintf(f->new, sizeof f->new, "%s.new", path) >= (int)sizeof f->new) return ENAMETOOLONG;
    f->folder = open_folder(path);
    if (f->folder < 0) return errno;
    // Of two who write the same file, each would give the other's half its name. Where folders cannot be locked (NFS), it goes without.
    while (flock(f->folder, LOCK_EX) && errno == EINTR) continue;
    (void)unlink(f->new); // left by a crash
    f->fd = open(f->new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (f->fd >= 0) return 0;
    int err = errno == EEXIST ? EISDIR : errno; // only a folder cannot be unlinked
    close(f->folder);
    return err;
}

void durable_more(struct durable_file *f, struct span content) {
    if (f->failed) return;
    f->failed = durable_put(f->fd, content, f->at);
    f->at += (off_t)content.n;
}

int durable_end(struct durable_file *f, int fresh) {
    int err = f->failed;
    if (!err) err = durable_sync(f->fd);
    close(f->fd);
    // link() does not replace an existing file, rename() does.
    int named = !err && (fresh ? link(f->new, f->path) : rename(f->new, f->path)) == 0;
    if (!err && !named) err = errno;
    if (!named || fresh) (void)unlink(f->new);
    if (named) err = durable_sync(f->folder);
    if (err && named && fresh) (void)unlink(f->path);
    close(f->folder);
    return err;
}

void durable_drop(struct durable_file *f) {
    close(f->fd);
    (void)unlink(f->new);
    close(f->folder);
}

int durable_write(const char *path, mode_t mode, int fresh, struct span content) {
    struct durable_file f;
    int err = durable_begin(&f, path, mode);
    if (err) return err;
    durable_more(&f, content);
    return durable_end(&f, fresh);
}
