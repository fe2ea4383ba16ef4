// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Archive files on disk: created, locked, read as one span, appended to. Nothing that was written is ever written again; only the
// tail of a write that a crash has torn is cut off, and that is said.
#ifndef P1_ARCHIVE_H
#define P1_ARCHIVE_H

#include "board/event.h"

struct archive {
    int fd;
    struct span file; // all that is in it; grows in place with archive_append()
    size_t mapped;
    size_t cut; // bytes of a torn write that were cut off when it was opened
};

enum archive_mode {
    ARCHIVE_READ,   // mapped: whoever writes to the file meanwhile changes what is seen
    ARCHIVE_COPY,   // read into memory of our own, so that what was checked is what is used
    ARCHIVE_APPEND, // mapped and locked
};

// 0 or errno. APPEND locks the file against other writers (EWOULDBLOCK if somebody else has it) and cuts off a torn tail.
// EBADMSG: it is no archive, or damaged (*why).
MUST_USE int archive_open(struct archive *a, const char *path, enum archive_mode mode, enum p1_err *why);
void archive_close(struct archive *a);

// Writes at the end and waits until it is on the disk. 0 or errno; after an error nothing was added.
MUST_USE int archive_append(struct archive *a, struct span bytes);

// A new file with this content, which must not exist yet. On the disk when it returns 0; else errno, and no file.
MUST_USE int archive_create(const char *path, struct span content);

#endif
