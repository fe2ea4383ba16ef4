// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/tar.h"

enum { MODE = 100, OWNER = 108, GROUP = 116, SIZE = 124, TIME = 136, SUM = 148, TYPE = 156, OCTAL = 11 };

static void put_octal(uint8_t *at, unsigned digits, uint64_t v) {
    while (digits--) {
        at[digits] = (uint8_t)('0' + (v & 7));
        v >>= 3;
    }
}

static int get_octal(const uint8_t *at, uint64_t *out) {
    *out = 0;
    for (unsigned i = 0; i < OCTAL; i++) {
        if (at[i] < '0' || at[i] > '7') return 0;
        *out = *out << 3 | (uint64_t)(at[i] - '0');
    }
    return 1;
}

static void header(uint8_t h[TAR_BLOCK], struct span name, uint64_t size, uint64_t time) {
    uint64_t sum = 0;
    memset(h, 0, TAR_BLOCK);
    memcpy(h, name.p, name.n);
    memcpy(h + MODE, "0000644", 7);
    memcpy(h + OWNER, "0000000", 7);
    memcpy(h + GROUP, "0000000", 7);
    put_octal(h + SIZE, OCTAL, size);
    put_octal(h + TIME, OCTAL, time);
    memcpy(h + SUM, "        ", 8);
    h[TYPE] = '0';
    for (size_t i = 0; i < TAR_BLOCK; i++) sum += h[i];
    put_octal(h + SUM, 6, sum);
    h[SUM + 6] = 0;
}

static int all_zero(struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i]) return 0;
    }
    return 1;
}

enum p1_err tar_read(struct span file, size_t at, struct tar_record *out) {
    struct span rest = span_from(file, at);
    uint8_t expected[TAR_BLOCK];
    uint64_t size;
    if (rest.n < TAR_BLOCK || all_zero(span_of(rest.p, TAR_BLOCK))) return P1_ERR_ARCHIVE_TORN;
    const uint8_t *end = memchr(rest.p, 0, TAR_NAME_MAX + 1);
    if (!end || !get_octal(rest.p + SIZE, &size) || !get_octal(rest.p + TIME, &out->time)) return P1_ERR_ARCHIVE_HEADER;
    out->name = span_of(rest.p, (size_t)(end - rest.p));
    header(expected, out->name, size, out->time);
    if (memcmp(expected, rest.p, TAR_BLOCK) != 0) return P1_ERR_ARCHIVE_HEADER;

    size_t whole = tar_size((size_t)size);
    if (rest.n < whole) return P1_ERR_ARCHIVE_TORN;
    out->content = span_of(rest.p + TAR_BLOCK, (size_t)size);
    out->end = at + whole;
    return all_zero(span_of(out->content.p + size, whole - TAR_BLOCK - (size_t)size)) ? P1_OK : P1_ERR_ARCHIVE_HEADER;
}

enum p1_err tar_write(struct buf *out, struct span name, struct span content, uint64_t time) {
    static const uint8_t zeros[TAR_BLOCK];
    uint8_t h[TAR_BLOCK];
    if (name.n > TAR_NAME_MAX || content.n >> 33 || time > TAR_TIME_MAX) return P1_ERR_SPACE;
    header(h, name, content.n, time);
    buf_put(out, span_of(h, TAR_BLOCK));
    buf_put(out, content);
    buf_put(out, span_of(zeros, tar_size(content.n) - TAR_BLOCK - content.n));
    return buf_done(out);
}
