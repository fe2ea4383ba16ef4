// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Output into memory of the caller. Writing past the end writes nothing, and is remembered: check once,
// at the end, with buf_done().
#ifndef P1_BUF_H
#define P1_BUF_H

#include "core/err.h"
#include "core/span.h"

struct buf {
    uint8_t *p;
    size_t n;   // bytes written
    size_t cap; // bytes available at p
    int full;   // something did not fit
};

static inline struct buf buf_over(void *p, size_t cap) { return (struct buf){p, 0, cap, 0}; }

static inline struct span buf_span(const struct buf *b) { return (struct span){b->p, b->n}; }

static inline void buf_put(struct buf *b, struct span s) {
    if (b->full || s.n > b->cap - b->n) {
        b->full = 1;
        return;
    }
    if (s.n) memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}

static inline void buf_str(struct buf *b, const char *s) { buf_put(b, span_str(s)); }

static inline void buf_char(struct buf *b, char c) { buf_put(b, span_of(&c, 1)); }

void buf_u64(struct buf *b, uint64_t v);            // decimal
void buf_hex(struct buf *b, struct span s);         // lower case
void buf_base64(struct buf *b, struct span s);      // RFC 4648 alphabet, no padding
void buf_json_string(struct buf *b, struct span s); // quoted and escaped as Belenios writes it

// N bytes of an arena as a buffer of their own; a full one if there are not as many left.
static inline struct buf buf_carve(struct buf *arena, size_t n) {
    if (arena->full || n > arena->cap - arena->n) {
        arena->full = 1;
        return (struct buf){NULL, 0, 0, 1};
    }
    arena->n += n;
    return buf_over(arena->p + arena->n - n, n);
}

// P1_ERR_SPACE if anything did not fit.
static inline enum p1_err buf_done(const struct buf *b) { return b->full ? P1_ERR_SPACE : P1_OK; }

#endif
