// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// For wiped.c: a stack of its own for each operation, and the search of it.
#ifndef P1_TEST_STACK_H
#define P1_TEST_STACK_H

#include <ucontext.h>

#include "tests/unit/helpers_ceremony.h"

enum { STACK = 1 << 20, NEEDLES = 1024, LONGEST = 8 * P1_LIMBS, WINDOW = 16, FILL = 0xa5 };

static const struct group *g;

static uint8_t stack[STACK];

static struct needle {
    const char *name;
    uint8_t bytes[LONGEST];
    size_t n;
} needles[NEEDLES];
static size_t needle_count;

static inline void remember(const char *name, const void *p, size_t n) {
    assert_true(needle_count < NEEDLES && n >= WINDOW && n <= LONGEST);
    struct needle *x = &needles[needle_count++];
    x->name = name;
    x->n = n;
    memcpy(x->bytes, p, n);
}

// As SHA-256 reads it: words, turned round on this machine. Where words begin depends on what stands before.
static inline void remember_hashed(const char *name, const void *p, size_t n) {
    remember(name, p, n);
    for (size_t from = 0; from < 4 && from + WINDOW <= n; from++) {
        uint8_t turned[LONGEST];
        size_t words = (n - from) / 4;
        for (size_t i = 0; i < 4 * words; i++) turned[i] = ((const uint8_t *)p)[from + (i ^ 3)];
        remember(name, turned, 4 * words);
    }
}

// A scalar, and its digits to the base 16 from -8 to 7. Of 2047 bits only the lower 512: where secret and challenge are hashes,
// a response, which is public, has the upper ones of its nonce.
static inline void remember_scalar(const char *name, const struct scalar *s) {
    remember(name, s->v, 8 * (g->q.n < 8 ? g->q.n : 8));
    int8_t digits[64];
    int carry = 0;
    for (size_t i = 0; i < 64; i++) {
        int v = (int)(s->v[i / 16] >> (4 * (i % 16)) & 15) + carry;
        carry = v >= 8;
        digits[i] = (int8_t)(v - 16 * carry);
    }
    remember(name, digits, sizeof digits);
    struct span decimal = scalar_text(&g->q, s);
    remember(name, decimal.p, decimal.n < LONGEST ? decimal.n : LONGEST);
}

// What a proof with this secret key used: nonce = response + x challenge
static inline void remember_nonce(const struct scalar *x, const struct proof *p) {
    struct scalar t, nonce;
    sc_mul(&g->q, &t, x, &p->challenge);
    sc_add(&g->q, &nonce, &t, &p->response);
    remember_scalar("a nonce", &nonce);
    remember_scalar("secret times challenge", &t);
}

// ---- running ----

static ucontext_t here, there;

static inline void run(void (*operation)(void)) {
    memset(stack, FILL, sizeof stack);
    assert_int_equal(getcontext(&there), 0);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stack;
    there.uc_link = &here;
    makecontext(&there, operation, 0);
    assert_int_equal(swapcontext(&here, &there), 0);
}

static inline int is_left(const struct needle *x, struct span used) {
    for (size_t at = 0; at + WINDOW <= x->n; at += at + 8 + WINDOW <= x->n ? 8 : 1) {
        // The limbs above a number that is small are zeros.
        int zeros = x->bytes[at] == 0 && memcmp(x->bytes + at, x->bytes + at + 1, WINDOW - 1) == 0;
        if (!zeros && memmem(used.p, used.n, x->bytes + at, WINDOW)) return 1;
    }
    return 0;
}

// The number of things left behind, each of which is named.
static inline unsigned left(const char *operation) {
    size_t from = 0;
    unsigned found = 0;
    while (from < STACK && stack[from] == FILL) from++;
    assert_true(from > STACK / 8 && from < STACK - WINDOW); // it ran there, with room to spare
    for (size_t k = 0; k < needle_count; k++) {
        if (!is_left(&needles[k], span_of(stack + from, STACK - from))) continue;
        print_message("left by %s: %s\n", operation, needles[k].name);
        found++;
    }
    assert_true(needle_count > 0);
    needle_count = 0;
    return found;
}

static inline void assert_wiped(const char *operation) { assert_int_equal(left(operation), 0); }

static inline int begin(void **state) {
    (void)state;
    needle_count = 0;
    return 0;
}

#endif
