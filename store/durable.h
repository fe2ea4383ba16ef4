// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What must be on the disk before anybody is told so. POSIX promises a file's content after fsync() of the file, and its name after
// fsync() of the folder. After an fsync() that failed, what was written may be lost though programs still see it: so nothing here
// tries again.
#ifndef P1_DURABLE_H
#define P1_DURABLE_H

#include <limits.h>
#include <sys/types.h>

#include "core/err.h"
#include "core/span.h"

// Writes a file as a whole: it is made as PATH.new, and takes its name when it is on the disk. With FRESH an existing file is not
// replaced (EEXIST). 0 or errno; after an error PATH is as it was, or (if only the folder failed) the new file as a whole.
MUST_USE int durable_write(const char *path, mode_t mode, int fresh, struct span content);

// The same, piece by piece, for what need not fit into memory. After durable_begin() has given 0 comes durable_end(), or
// durable_drop() to give the file up. Nobody else writes into its folder meanwhile.
struct durable_file {
    const char *path;
    char new[PATH_MAX];
    int fd, folder;
    int failed; // errno: what is put after it is lost
    off_t at;
};

MUST_USE int durable_begin(struct durable_file *f, const char *path, mode_t mode);
void durable_more(struct durable_file *f, struct span content);
MUST_USE int durable_end(struct durable_file *f, int fresh);
void durable_drop(struct durable_file *f);

// Makes a folder, those above it being there. It may exist already: then whoever made it may not have lived to sync it.
MUST_USE int durable_folder(const char *path);

// Waits until the name of a file or folder is on the disk.
MUST_USE int durable_name(const char *path);

// write() and fsync() to their end, whatever interrupts them.
MUST_USE int durable_put(int fd, struct span content, off_t at);
MUST_USE int durable_sync(int fd);

#endif
