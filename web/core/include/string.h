// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What core/ needs of <string.h>, for core.wasm, which has no C library. The first three become instructions of
// WebAssembly (-mbulk-memory); the others are in runtime.c.
#ifndef P1_WASM_STRING_H
#define P1_WASM_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *in, int byte, size_t n);
char *strchr(const char *in, int byte);
size_t strlen(const char *s);

#endif
