// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the fuzz targets share. A target is one file, fuzz_NAME.c, with fuzz_one(): it is given bytes, does with them what the
// program does with bytes from outside, and ends with HOLDS() where something is not as it must be. `make fuzz` drives it with
// libFuzzer (libfuzzer.c); as a test it gets each file of tests/fuzz/corpus/NAME once (replay.c).
#ifndef P1_FUZZ_H
#define P1_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "core/span.h"

void fuzz_one(struct span in);

#define HOLDS(condition) ((condition) ? (void)0 : holds_not(__FILE__, __LINE__, #condition))

_Noreturn static inline void holds_not(const char *file, int line, const char *condition) {
    fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, condition);
    abort();
}

static inline void *fuzz_alloc(size_t n) {
    void *p = calloc(1, n ? n : 1);
    if (!p) abort();
    return p;
}

// Takes from the front of an input; zeros where there is nothing left.
static inline uint8_t take_u8(struct span *in) {
    if (!in->n) return 0;
    uint8_t v = in->p[0];
    *in = span_from(*in, 1);
    return v;
}

static inline unsigned take_u16(struct span *in) {
    unsigned high = take_u8(in);
    return high << 8 | take_u8(in);
}

// At most N bytes.
static inline struct span take_bytes(struct span *in, size_t n) {
    struct span out = span_of(in->p, n < in->n ? n : in->n);
    *in = span_from(*in, out.n);
    return out;
}

// Up to a line feed, which is taken too.
static inline struct span take_line(struct span *in) {
    const uint8_t *end = in->n ? memchr(in->p, '\n', in->n) : NULL;
    struct span line = take_bytes(in, end ? (size_t)(end - in->p) : in->n);
    (void)take_u8(in);
    return line;
}

// Exactly N bytes, the last ones zeros where there are not as many.
static inline void take_filled(struct span *in, uint8_t *out, size_t n) {
    struct span s = take_bytes(in, n);
    memset(out, 0, n);
    if (s.n) memcpy(out, s.p, s.n);
}

// A copy of exactly this size on the heap, so that a sanitizer sees every byte that is read past its end. For free().
static inline uint8_t *exact_copy(struct span s) {
    uint8_t *p = malloc(s.n ? s.n : 1);
    if (!p) abort();
    if (s.n) memcpy(p, s.p, s.n);
    return p;
}

#endif
