// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/new_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/text.h"
#include "store/durable.h"

static enum p1_exit cannot(const char *path, int why) {
    return refuse(P1_EXIT_UNREADABLE, "%s cannot be written: %s%s", path, strerror(why), disk_advice(why));
}

// Calls WORK for each file; the first error, or 0.
static int each_file(const char *folder, int (*work)(const char *path)) {
    DIR *d = opendir(folder);
    int err = d ? 0 : errno;
    while (d && !err) {
        struct dirent *e = readdir(d);
        if (!e) break;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        char *path = path_join(folder, "%s", e->d_name);
        err = work(path);
        free(path);
    }
    if (d) closedir(d);
    return err;
}

static int is_lock(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash && strcmp(slash, "/lock") == 0;
}

static int remove_file(const char *path) { return !is_lock(path) && unlink(path) ? errno : 0; }
static int not_empty(const char *path) {
    (void)path;
    return ENOTEMPTY;
}

static int sync_file(const char *path) {
    if (is_lock(path)) return 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    int err = durable_sync(fd);
    close(fd);
    return err;
}

static void forget(struct new_folder *f) {
    if (f->lock >= 0) close(f->lock);
    free(f->path);
    free(f->making);
    *f = (struct new_folder){.lock = -1};
}

static enum p1_exit begin(struct new_folder *f) {
    if (access(f->path, F_OK) == 0) {
        int err = each_file(f->path, not_empty);
        if (err == ENOTEMPTY || err == ENOTDIR)
            return refuse(P1_EXIT_REFUSED, "%s exists already; it is not overwritten: choose another name", f->path);
        if (err) return cannot(f->path, err);
    }
    int err = mkdir(f->making, 0700) && errno != EEXIST ? errno : 0;
    if (err) return cannot(f->making, err);
    // The folder itself is locked by whoever writes a file in it (store/durable.h).
    char *lock = path_join(f->making, "lock");
    f->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(lock);
    if (f->lock < 0) return cannot(f->making, errno);
    if (flock(f->lock, LOCK_EX | LOCK_NB))
        return refuse(P1_EXIT_REFUSED, "another command is writing %s: wait for it", f->path);
    err = each_file(f->making, remove_file);
    return err ? cannot(f->making, err) : P1_EXIT_DONE;
}

enum p1_exit new_folder_begin(struct new_folder *f, const char *path) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') n--;
    *f = (struct new_folder){.path = text_copy(span_of(path, n)), .making = mem_alloc(n + 5), .lock = -1};
    (void)snprintf(f->making, n + 5, "%s.new", f->path);
    enum p1_exit e = begin(f);
    if (e != P1_EXIT_DONE) forget(f);
    return e;
}

static void remove_lock(const struct new_folder *f) {
    char *lock = path_join(f->making, "lock");
    (void)unlink(lock);
    free(lock);
}

enum p1_exit new_folder_end(struct new_folder *f) {
    int err = each_file(f->making, sync_file);
    remove_lock(f);
    if (!err) err = sync_file(f->making);
    if (!err && rename(f->making, f->path)) err = errno;
    if (!err) err = durable_name(f->path);
    if (err) {
        enum p1_exit e = cannot(f->path, err);
        new_folder_drop(f);
        return e;
    }
    forget(f);
    return P1_EXIT_DONE;
}

void new_folder_drop(struct new_folder *f) {
    if (!f->making) return;
    (void)each_file(f->making, remove_file);
    remove_lock(f);
    (void)rmdir(f->making);
    forget(f);
}
