// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Archive files on disk: locked, read as one span, appended to. No byte of an event ever changes; only the tail of a write
// that a crash has torn is cut off, and that is said.
#ifndef P1_ARCHIVE_H
#define P1_ARCHIVE_H

#include "board/event.h"

struct archive {
    int fd;
    struct span file; // all that is in it; grows in place with archive_append()
    size_t mapped;
    size_t cut; // bytes of a torn write that were cut off when it was opened
    int failed; // errno of an append: no other is possible before it is opened anew
    int unsure; // after that: what was written could not be taken away again
};

enum archive_mode {
    ARCHIVE_READ,   // mapped: whoever writes to the file meanwhile changes what is seen
    ARCHIVE_COPY,   // read into memory of our own, so that what was checked is what is used
    ARCHIVE_APPEND, // mapped and locked
};

// 0 or errno. APPEND locks the file against other writers (EWOULDBLOCK if somebody else has it) and cuts off a torn tail.
// EBADMSG: it is no archive, or damaged (*why). What is in it then is on the disk, whoever wrote it.
MUST_USE int archive_open(struct archive *a, const char *path, enum archive_mode mode, enum p1_err *why);
void archive_close(struct archive *a);

// Writes at the end and waits until it is on the disk. 0 or errno; after an error nothing was added, unless a->unsure: then the next
// opening for APPEND finds all of it or nothing.
MUST_USE int archive_append(struct archive *a, struct span bytes);

#endif
