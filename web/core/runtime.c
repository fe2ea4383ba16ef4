// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What clang expects to find beside a program, for core.wasm, which stands alone: a few functions of <string.h>, and the
// product of 128-bit numbers that its run-time library would have.
#include <stdint.h>
#include <string.h>

int memcmp(const void *a, const void *b, size_t n) {
    const uint8_t *x = a, *y = b;
    for (size_t i = 0; i < n; i++) {
        if (x[i] != y[i]) return x[i] - y[i];
    }
    return 0;
}

void *memchr(const void *in, int byte, size_t n) {
    const uint8_t *p = in;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == (uint8_t)byte) return (void *)(uintptr_t)(p + i);
    }
    return NULL;
}

size_t strlen(const char *s) {
    size_t n = 0;
    while (s[n]) n++;
    return n;
}

char *strchr(const char *in, int byte) { return memchr(in, byte, strlen(in) + 1); }

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

// Constant-time, as scalars need it. No step overflows: (2^32 - 1)^2 + 2 (2^32 - 1) is 2^64 - 1.
static u128 product(uint64_t a, uint64_t b) {
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t mid = a0 * b1 + (low >> 32);
    uint64_t sum = a1 * b0 + (uint32_t)mid;
    uint64_t high = a1 * b1 + (mid >> 32) + (sum >> 32);
    return (u128)high << 64 | (sum << 32 | (uint32_t)low);
}

i128 multiply(i128 a, i128 b) __asm__("__multi3"); // clang calls it so

i128 multiply(i128 a, i128 b) {
    uint64_t a0 = (uint64_t)a, a1 = (uint64_t)((u128)a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)((u128)b >> 64);
    return (i128)(product(a0, b0) + ((u128)(a0 * b1 + a1 * b0) << 64));
}
