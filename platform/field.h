// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What stands in the fields of a header (RFC 9110), read.
#ifndef P1_FIELD_H
#define P1_FIELD_H

#include "core/span.h"

int field_same(struct span a, const char *b); // without regard to case
int field_is_token(struct span s);

// Does a Content-Type name this type, whatever its parameters?
int field_is_type(struct span value, const char *type);

// The weight of a type in thousandths: of the most specific range of an Accept that names it, 0 if none does. EXACT: ranges
// with a star do not count.
unsigned field_accepts(struct span accept, const char *type, int exact);

// The weight of a language ("nl") in thousandths, by an Accept-Language, which may name it with a region (RFC 4647, 3.3.1).
unsigned field_language(struct span accept, const char *code);

// Does an Accept-Encoding name this coding, with a weight above 0? What stands for all codings does not count.
int field_has_coding(struct span accepted, const char *coding);

// Is this entity tag in If-None-Match, compared weakly?
int field_has_etag(struct span value, const char *etag);

// Digits only, below 2^63.
int field_number(struct span value, uint64_t *out);

enum field_range {
    RANGE_NONE, // to be ignored: not of bytes, more than one, or not well-formed
    RANGE_GOOD,
    RANGE_OUTSIDE, // begins after the end
};

// FIRST and LAST are included, and lie within SIZE bytes. They mean nothing unless the range is good.
enum field_range field_range(struct span value, uint64_t size, uint64_t *first, uint64_t *last);

#endif
