// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The ballots that are in a box already: a hash table that grows in place, so that it never needs twice its memory. At most 15
// bytes a ballot.
//
// Ballots stand in the order of their tags, each at its tag's own place or right behind those before it (linear probing, kept in
// order). A tag is 32 bits of the ballot's SHA-256: it finds candidates. The ballots themselves are then compared, so that nobody
// gains by making two with the same tag.
#ifndef P1_SEEN_H
#define P1_SEEN_H

#include "core/err.h"
#include "core/span.h"

struct seen {
    const uint8_t **ballot; // null where nothing is
    uint32_t *tag;
    size_t places; // tags are spread over these
    size_t room;   // and may run over to here
    size_t count;
};

void seen_release(struct seen *s);

// Is this ballot, with this SHA-256, among them?
int seen_has(const struct seen *s, const uint8_t hash[32], struct span ballot);

// Adds a ballot that is not among them. It is not copied; behind it must stand a byte that no ballot holds, such as the NUL that
// ends a record, or another record. ERR_MEMORY
MUST_USE enum p1_err seen_add(struct seen *s, const uint8_t hash[32], struct span ballot);

#endif
