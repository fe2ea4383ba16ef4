// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The strict reader of the protocol's own messages. There is one form of each: compact, fields in the order of the
// specification, nothing more. What it accepts it would write again byte for byte.
#ifndef P1_JSON_CANON_H
#define P1_JSON_CANON_H

#include "core/group.h"

struct json {
    const uint8_t *p, *end;
};

static inline struct json json_of(struct span s) { return (struct json){s.p, span_from(s, s.n).p}; }

// Does this text come next? It is taken if so.
int json_take(struct json *j, const char *lit);
// This text must come next: ERR_JSON.
MUST_USE enum p1_err json_lit(struct json *j, const char *lit);
// A string; OUT is what stands between the quotes, escapes and all. UTF-8 and escapes are checked: ERR_JSON_STRING.
MUST_USE enum p1_err json_quoted(struct json *j, struct span *out);
// A string of printable ASCII without escapes, as keys, hashes and numbers in quotes are: ERR_JSON_STRING.
MUST_USE enum p1_err json_plain(struct json *j, struct span *out);
// A number 0..max without sign, point or leading zero: ERR_JSON_NUMBER.
MUST_USE enum p1_err json_uint(struct json *j, uint64_t max, uint64_t *out);
// A weight or a count: a number up to 2^30-1, above that in quotes. Below 2^63. ERR_JSON_NUMBER.
MUST_USE enum p1_err json_count(struct json *j, uint64_t *out);
// A list whose opening bracket was taken: is there another item? FIRST is kept by the caller, starting at 1.
// Takes the comma before it or the closing bracket: ERR_JSON.
MUST_USE enum p1_err json_next(struct json *j, int *first, int *more);
// 64 lower-case hexadecimal digits in quotes: ERR_HASH_FORM.
MUST_USE enum p1_err json_hash(struct json *j, uint8_t out[32]);
MUST_USE enum p1_err json_scalar(struct json *j, const struct modulus *q, struct scalar *out);
MUST_USE enum p1_err json_elem(struct json *j, const struct group *g, struct elem *out, struct work *w);
// Nothing may follow: ERR_JSON_TRAILING.
MUST_USE enum p1_err json_end(const struct json *j);

// Skips one value of any kind (compact, nesting at most 32), for fields that are read and never written: ERR_JSON.
MUST_USE enum p1_err json_skip(struct json *j, struct span *out);

// Bytes of the UTF-8 character at the start of a text that is not empty; 0 if it is none (RFC 3629: shortest form only, no
// surrogates).
size_t utf8_length(struct span s);

// Makes '?' of control characters, of those that turn the direction of reading, and of what is no UTF-8, before a text from a
// file is shown.
void utf8_disarm(uint8_t *text, size_t n);

// The text of a string's escapes resolved into OUT.
void json_unescape(struct buf *out, struct span raw);

// A hash written as 64 lower-case hexadecimal digits: ERR_HASH_FORM.
MUST_USE enum p1_err hash_decode(uint8_t out[32], struct span text);

// A count as json_count() reads it.
void buf_count(struct buf *b, uint64_t v);

#endif
