// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// All ways to change one thing of a message: a bit of its text; or a value, which becomes another one of its kind in its one right
// form, so that nothing but its meaning is wrong; or a member of an object or list, which is left out, doubled, exchanged or such.
#ifndef P1_TEST_CHANGES_H
#define P1_TEST_CHANGES_H

#include "core/json_canon.h"

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

// ---- members of objects and lists ----

enum form { FORM_GONE, FORM_DOUBLED, FORM_EXCHANGED, FORM_EXTRA, FORM_QUOTES, FORM_DEEP, FORMS };

// A member and the one behind it, at START.
struct member {
    size_t start, value, end; // with its name; without
    size_t next, next_end;    // 0: there is none
    int in_object;
};

static inline size_t value_end(struct span text, size_t at) {
    struct json j = json_of(span_from(text, at));
    struct span value;
    return json_skip(&j, &value) == P1_OK ? at + value.n : 0;
}

static inline int member_at(struct span text, size_t at, int in_object, struct member *m) {
    struct json j = json_of(span_from(text, at));
    struct span name;
    *m = (struct member){.start = at, .value = at, .in_object = in_object};
    if (in_object) {
        if (json_quoted(&j, &name) != P1_OK || !json_take(&j, ":")) return 0;
        m->value = at + name.n + 3;
    }
    m->end = value_end(text, m->value);
    return m->end > 0;
}

// The text with this member in another form. 0: it has none.
static inline int write_form(struct span text, const struct member *m, enum form form, struct buf *out) {
    const struct span before = span_of(text.p, m->start), whole = span_of(text.p + m->start, m->end - m->start),
                      value = span_of(text.p + m->value, m->end - m->value);
    const int comma_before = text.p[m->start - 1] == ',', quoted = text.p[m->value] == '"';
    const struct span next = span_of(text.p + m->next, m->next_end - m->next);
    size_t end = m->end;
    if (form == FORM_EXCHANGED && (!m->next || span_eq(whole, next))) return 0;
    if (form == FORM_EXTRA && !m->in_object) return 0;
    buf_put(out, span_of(before.p, before.n - (form == FORM_GONE && comma_before)));
    if (form == FORM_GONE) {
        if (!comma_before && m->next) end++;
    } else if (form == FORM_DOUBLED) {
        buf_put(out, whole);
        buf_char(out, ',');
        buf_put(out, whole);
    } else if (form == FORM_EXCHANGED) {
        buf_put(out, next);
        buf_char(out, ',');
        buf_put(out, whole);
        end = m->next_end;
    } else if (form == FORM_EXTRA) {
        buf_str(out, "\"x\":1,");
        buf_put(out, whole);
    } else {
        buf_put(out, span_of(whole.p, m->value - m->start));
        for (int i = 0; form == FORM_DEEP && i < 40; i++) buf_char(out, '[');
        if (form == FORM_QUOTES && !quoted) buf_char(out, '"');
        buf_put(out, form == FORM_QUOTES && quoted ? span_of(value.p + 1, value.n - 2) : value);
        if (form == FORM_QUOTES && !quoted) buf_char(out, '"');
        for (int i = 0; form == FORM_DEEP && i < 40; i++) buf_char(out, ']');
    }
    buf_put(out, span_from(text, end));
    return 1;
}

// Each member of each object and list in each form. ROOM has 2 * text.n + 100 bytes.
static inline size_t try_forms(struct span text, uint8_t *room, change_refused *refused, void *arg, unsigned *count) {
    *count = 0;
    for (size_t i = 0; i < text.n; i++) {
        struct member m, next;
        if (text.p[i] == '"') i = value_end(text, i) - 1; // over the string
        if (text.p[i] != '{' && text.p[i] != '[') continue;
        const int in_object = text.p[i] == '{';
        for (size_t at = i + 1; member_at(text, at, in_object, &m); at = m.end + 1) {
            const int more = m.end < text.n && text.p[m.end] == ','; // a text may be cut off
            if (more && member_at(text, m.end + 1, in_object, &next)) {
                m.next = next.start;
                m.next_end = next.end;
            }
            for (enum form form = 0; form < FORMS; form++) {
                struct buf b = buf_over(room, 2 * text.n + 100);
                if (!write_form(text, &m, form, &b)) continue;
                ++*count;
                if (!refused(buf_span(&b), m.start, arg)) return m.start;
            }
            if (!more) break;
        }
    }
    return SIZE_MAX;
}

#endif
