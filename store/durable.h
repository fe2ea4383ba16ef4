// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What must be on the disk before anybody is told so. POSIX promises a file's content after fsync() of the file, and its name after
// fsync() of the folder. After an fsync() that failed, what was written may be lost though programs still see it: so nothing here
// tries again.
#ifndef P1_DURABLE_H
#define P1_DURABLE_H

#include <sys/types.h>

#include "core/err.h"
#include "core/span.h"

// Writes a file as a whole: it is made as PATH.new, and takes its name when it is on the disk. With FRESH an existing file is not
// replaced (EEXIST). 0 or errno; after an error PATH is as it was, or (if only the folder failed) the new file as a whole.
MUST_USE int durable_write(const char *path, mode_t mode, int fresh, struct span content);

// Makes a folder, those above it being there. It may exist already: then whoever made it may not have lived to sync it.
MUST_USE int durable_folder(const char *path);

// Waits until the name of a file or folder is on the disk.
MUST_USE int durable_name(const char *path);

// write() and fsync() to their end, whatever interrupts them.
MUST_USE int durable_put(int fd, struct span content, off_t at);
MUST_USE int durable_sync(int fd);

#endif
