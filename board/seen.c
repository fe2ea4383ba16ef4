// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/seen.h"

#include <stdlib.h>

enum { FIRST = 1024, SPILL = 64 };

void seen_release(struct seen *s) {
    free(s->ballot);
    free(s->tag);
    *s = (struct seen){0};
}

static uint32_t tag_of(const uint8_t hash[32]) {
    return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

// A higher tag never has a lower place.
static size_t place_of(const struct seen *s, uint32_t tag) {
    return (size_t)((unsigned __int128)tag * s->places >> 32);
}

// Where the first ballot with this tag stands, or would stand.
static size_t find(const struct seen *s, uint32_t tag) {
    size_t at = place_of(s, tag);
    while (at < s->room && s->ballot[at] && s->tag[at] < tag) at++;
    return at;
}

// The length of the old one is not known. Nothing is read behind it: no ballot is the beginning of another, and what stands
// behind it in an archive differs from any ballot.
static int same(const uint8_t *old, struct span ballot) {
    return strncmp((const char *)old, (const char *)ballot.p, ballot.n) == 0;
}

int seen_has(const struct seen *s, const uint8_t hash[32], struct span ballot) {
    uint32_t tag = tag_of(hash);
    for (size_t at = find(s, tag); at < s->room && s->ballot[at] && s->tag[at] == tag; at++) {
        if (same(s->ballot[at], ballot)) return 1;
    }
    return 0;
}

// ---- growing ----

static enum p1_err more_room(struct seen *s, size_t room) {
    void *ballot = realloc(s->ballot, room * sizeof *s->ballot);
    if (!ballot) return P1_ERR_MEMORY;
    s->ballot = ballot;
    void *tag = realloc(s->tag, room * sizeof *s->tag);
    if (!tag) return P1_ERR_MEMORY;
    s->tag = tag;
    memset(s->ballot + s->room, 0, (room - s->room) * sizeof *s->ballot);
    s->room = room;
    return P1_OK;
}

static void move(struct seen *s, size_t from, size_t to) {
    const uint8_t *ballot = s->ballot[from];
    s->ballot[from] = NULL;
    s->ballot[to] = ballot;
    s->tag[to] = s->tag[from];
}

// All are moved to the end, and from there, first to last, to their new places. None can land on one that still waits: the
// places are in order too, and behind each there is room for those that follow.
static void spread(struct seen *s) {
    size_t end = s->room, free_place = 0;
    for (size_t from = s->room; from-- > 0;) {
        if (s->ballot[from]) move(s, from, --end);
    }
    for (; end < s->room; end++) {
        size_t to = place_of(s, s->tag[end]);
        if (to < free_place) to = free_place;
        move(s, end, to);
        free_place = to + 1;
    }
}

static enum p1_err grow(struct seen *s) {
    size_t places = s->places ? s->places + s->places / 8 : FIRST;
    // Ballots that ran over may need as much room again behind the last place.
    TRY(more_room(s, s->room + (places - s->places) + (s->places ? 0 : SPILL)));
    s->places = places;
    spread(s);
    return P1_OK;
}

enum p1_err seen_add(struct seen *s, const uint8_t hash[32], struct span ballot) {
    uint32_t tag = tag_of(hash);
    if (s->count * 10 >= s->places * 9) TRY(grow(s));
    size_t at = find(s, tag), end = at;
    while (end < s->room && s->ballot[end]) end++;
    if (end == s->room) TRY(more_room(s, s->room + SPILL));
    memmove(s->ballot + at + 1, s->ballot + at, (end - at) * sizeof *s->ballot);
    memmove(s->tag + at + 1, s->tag + at, (end - at) * sizeof *s->tag);
    s->ballot[at] = ballot.p;
    s->tag[at] = tag;
    s->count++;
    return P1_OK;
}
