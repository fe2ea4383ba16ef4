// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// All ways to change one thing of a message: a bit of its text; or a value, which becomes another one of its kind in its one right
// form, so that nothing but its meaning is wrong.
#ifndef P1_TEST_CHANGES_H
#define P1_TEST_CHANGES_H

#include "core/group.h"

// ---- values ----

static inline int is_of_word(uint8_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' || c == '/';
}

// The word at *at or behind it: digits and letters, as numbers, elements, hashes, names and field names are.
static inline int next_word(struct span text, size_t *at, struct span *word) {
    while (*at < text.n && !is_of_word(text.p[*at])) ++*at;
    size_t end = *at;
    while (end < text.n && is_of_word(text.p[end])) end++;
    *word = span_of(text.p + *at, end - *at);
    *at = end;
    return word->n > 0;
}

// An element gets another factor g; a number is one more, modulo the order if it is a long one; any other word ends otherwise.
static inline void other_word(const struct group *g, struct span word, struct buf *out, struct work *w) {
    struct elem e;
    struct scalar s, one;
    uint64_t number = 0;
    size_t digits = 0;
    while (digits < word.n && word.p[digits] >= '0' && word.p[digits] <= '9') digits++;
    sc_from_u64(&one, 1);
    if (word.n == 64 && elem_decode(g, &e, word, w) == P1_OK) {
        struct elem_text t;
        elem_mul_ct(g, &e, &e, &g->g, w);
        elem_encode(g, &t, &e, 1, w);
        buf_put(out, elem_span(&t));
    } else if (digits == word.n && digits > 18 && sc_decode(&g->q, &s, word) == P1_OK) {
        sc_add(&g->q, &s, &s, &one);
        sc_encode(&g->q, out, &s);
    } else if (digits == word.n && digits <= 18) {
        for (size_t i = 0; i < digits; i++) number = 10 * number + (uint64_t)(word.p[i] - '0');
        buf_u64(out, number + 1);
    } else {
        buf_put(out, span_of(word.p, word.n - 1));
        buf_char(out, word.p[word.n - 1] == '1' ? '2' : '1');
    }
}

// ---- trying them all ----

// The verdict about a changed text is anything but P1_OK, or the change is one of those that nothing forbids: then this returns 1.
typedef int change_refused(struct span text, size_t at, void *arg);

// Bits of each byte: all of them, or one of the lower four (so that a digit becomes another digit), or one of the upper ones too.
enum bits { BITS_ALL, BITS_TWO, BITS_ONE };

// Each bit in turn. Returns the offset of the first change that was not refused, or SIZE_MAX. ROOM has text.n bytes.
static inline size_t try_bits(struct span text, enum bits bits, uint8_t *room, change_refused *refused, void *arg) {
    if (text.n) memcpy(room, text.p, text.n);
    for (size_t i = 0; i < text.n; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            if (bits != BITS_ALL && bit % 4 != i % 4) continue;
            if (bits == BITS_ONE && bit >= 4) continue;
            room[i] ^= (uint8_t)(1u << bit);
            int ok = refused(span_of(room, text.n), i, arg);
            room[i] = text.p[i];
            if (!ok) return i;
        }
    }
    return SIZE_MAX;
}

// Each value in turn. ROOM has text.n + P1_SCALAR_TEXT bytes; *count gets how many there are.
static inline size_t try_values(const struct group *g, struct span text, uint8_t *room, change_refused *refused,
                                void *arg, unsigned *count, struct work *w) {
    struct span word;
    *count = 0;
    for (size_t at = 0; next_word(text, &at, &word);) {
        struct buf b = buf_over(room, text.n + P1_SCALAR_TEXT);
        const size_t start = at - word.n;
        buf_put(&b, span_of(text.p, start));
        other_word(g, word, &b, w);
        buf_put(&b, span_from(text, at));
        ++*count;
        if (!refused(buf_span(&b), start, arg)) return start;
    }
    return SIZE_MAX;
}

#endif
