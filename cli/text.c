// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/text.h"

#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/issues.h"
#include "core/json_canon.h"

size_t text_utf8(struct span s) {
    size_t at = 0;
    while (at < s.n) {
        size_t len = utf8_length(span_from(s, at));
        if (len == 0) break;
        at += len;
    }
    return at;
}

static int is_space(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct span text_trim(struct span s) {
    while (s.n && is_space(s.p[0])) s = span_from(s, 1);
    while (s.n && is_space(s.p[s.n - 1])) s.n--;
    return s;
}

int text_has_control(struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < 0x20 || s.p[i] == 0x7f) return 1;
        if (s.p[i] == 0xc2 && i + 1 < s.n && s.p[i + 1] < 0xa0) return 1;
    }
    return 0;
}

void text_disarm(char *text) {
    for (; *text; text++) {
        uint8_t c = (uint8_t)text[0], next = (uint8_t)text[1];
        if (c < 0x20 || c == 0x7f) text[0] = '?';
        if (c == 0xc2 && next >= 0x80 && next < 0xa0) text[0] = text[1] = '?';
    }
}

static int lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }

int text_compare_nocase(struct span a, struct span b) {
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        int d = lower(a.p[i]) - lower(b.p[i]);
        if (d) return d;
    }
    return (a.n > b.n) - (a.n < b.n);
}

int text_short(struct span s) {
    size_t n = s.n < 60 ? s.n : 60;
    while (n && n < s.n && (s.p[n] & 0xc0) == 0x80) n--;
    return (int)n;
}

void *mem_alloc(size_t bytes) {
    void *p = malloc(bytes ? bytes : 1);
    if (!p) {
        fputs("plus1: there is not enough memory for this file\n", stderr);
        exit(P1_EXIT_UNREADABLE);
    }
    return p;
}

void mem_free_wiped(void *p) {
    if (p) sodium_memzero(p, malloc_usable_size(p));
    free(p);
}

char *text_copy(struct span s) {
    char *copy = mem_alloc(s.n + 1);
    if (s.n) memcpy(copy, s.p, s.n);
    copy[s.n] = 0;
    return copy;
}

void *mem_grow(void *p, size_t n, size_t *cap, size_t size) {
    if (n < *cap) return p;
    size_t bytes, more = n < 8 ? 8 : n;
    if (__builtin_add_overflow(more, n, &more) || __builtin_mul_overflow(more, size, &bytes)) bytes = SIZE_MAX;
    void *bigger = mem_alloc(bytes);
    if (*cap) memcpy(bigger, p, *cap * size);
    free(p);
    *cap = more;
    return bigger;
}
