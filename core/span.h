// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A view of bytes that somebody else owns. Parsed structures point into the text they were parsed from,
// so the text must outlive them.
#ifndef P1_SPAN_H
#define P1_SPAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const uint8_t *p;
    size_t n;
};

#define SPAN_LIT(s) ((struct span){(const uint8_t *)(s), sizeof(s) - 1})

static inline struct span span_of(const void *p, size_t n) { return (struct span){p, n}; }

static inline struct span span_str(const char *s) { return (struct span){(const uint8_t *)s, strlen(s)}; }

// Public data only: returns at the first difference.
static inline int span_eq(struct span a, struct span b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

// What is left after AT bytes; nothing is added to a null pointer, not even 0.
static inline struct span span_from(struct span s, size_t at) { return (struct span){at ? s.p + at : s.p, s.n - at}; }

#endif
