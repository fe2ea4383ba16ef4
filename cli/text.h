// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Texts and memory for the files that people bring. What cannot be allocated ends the program with a sentence and exit
// status 2: no caller has anything left to do then.
#ifndef P1_CLI_TEXT_H
#define P1_CLI_TEXT_H

#include "core/span.h"

// How many bytes from the start are valid UTF-8 (RFC 3629: shortest form, no surrogates): s.n if all are.
size_t text_utf8(struct span s);

// Without the ASCII spaces, tabs and line ends around it.
struct span text_trim(struct span s);

// Nonzero if valid UTF-8 holds a control character (U+0000 to U+001F, U+007F to U+009F).
int text_has_control(struct span s);

// Makes '?' of the control characters in valid UTF-8: what stands in a file must not be able to steer a terminal.
void text_disarm(char *text);

// Order of bytes, with A to Z as a to z: 0 if equal.
int text_compare_nocase(struct span a, struct span b);

// Two arguments for "%.*s" in a message: at most 60 bytes, and never half a character of valid UTF-8.
#define TEXT_SHORT(s) text_short(s), (const char *)(s).p
int text_short(struct span s);

// A copy that ends in NUL, for free().
char *text_copy(struct span s);

// Memory of this many bytes, for free().
void *mem_alloc(size_t bytes);

// free() for what may hold secrets: wiped as far as the memory goes.
void mem_free_wiped(void *p);

// The array at p, moved if need be, so that element number n (of this size, counted from 0) fits. *cap counts elements.
void *mem_grow(void *p, size_t n, size_t *cap, size_t size);

#endif
