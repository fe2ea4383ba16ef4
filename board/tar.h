// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The records of an archive (.bel): old-style tar, bit-reproducible, made of 512-byte blocks, without the end-of-archive
// blocks of ordinary tar. A record is a header block and the content, padded with NUL bytes to whole blocks.
//
//   offset  bytes  header field
//        0    100  name, NUL-padded
//      100      8  mode "0000644" NUL
//      108      8  owner "0000000" NUL
//      116      8  group "0000000" NUL
//      124     12  size, 11 octal digits, NUL
//      136     12  time in Unix seconds, 11 octal digits, NUL: the same in all records of an archive
//      148      8  checksum: sum of the header's bytes with this field as spaces, 6 octal digits, NUL, space
//      156      1  type "0"
//      157    355  NUL
//
// There is one form of every header, so a reader makes the header itself and compares.
#ifndef P1_TAR_H
#define P1_TAR_H

#include "core/buf.h"

#define TAR_BLOCK 512
#define TAR_NAME_MAX 99
#define TAR_TIME_MAX (((uint64_t)1 << 33) - 1) // 11 octal digits

struct tar_record {
    struct span name, content;
    uint64_t time;
    size_t end; // offset of what follows
};

// The record at offset AT. ERR_ARCHIVE_TORN (there is less than the record says, or zeros), ERR_ARCHIVE_HEADER.
MUST_USE enum p1_err tar_read(struct span file, size_t at, struct tar_record *out);

// Content below 8 GiB, name at most TAR_NAME_MAX. ERR_SPACE.
MUST_USE enum p1_err tar_write(struct buf *out, struct span name, struct span content, uint64_t time);

static inline size_t tar_size(size_t content) { return TAR_BLOCK + (content + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK; }

#endif
