// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Overwrite a secret with zeros, in a way that the compiler may not leave out.
#ifndef P1_WIPE_H
#define P1_WIPE_H

#include <stddef.h>
#include <string.h>

static inline void wipe(void *p, size_t n) {
    memset(p, 0, n);
    __asm__ __volatile__("" : : "r"(p) : "memory");
}

#endif
