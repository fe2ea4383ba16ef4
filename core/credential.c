// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/credential.h"

#include "core/hash_scalar.h"
#include "core/wipe.h"

static const uint8_t signs[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
static const uint8_t base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

enum { DATA = 20, SIGNS = 22 };

static uint32_t gf_double(uint32_t a) { return a << 1 ^ (a >> 4) * 0x25; }

static uint32_t gf_power(uint32_t a, unsigned i) {
    while (i--) a = gf_double(a) & 31;
    return a;
}

static uint32_t gf_mul(uint32_t a, uint32_t b) {
    uint32_t r = 0;
    for (unsigned i = 0; i < 5; i++) r ^= (0 - (b >> i & 1)) & gf_power(a, i);
    return r;
}

static uint32_t gf_inverse(uint32_t a) { // a^30
    uint32_t a2 = gf_mul(a, a), a4 = gf_mul(a2, a2), a8 = gf_mul(a4, a4);
    return gf_mul(gf_mul(a2, a4), gf_mul(a8, gf_mul(a8, a8)));
}

// sum c_i, and sum 2^i c_i
static void syndromes(const uint32_t c[SIGNS], size_t n, uint32_t *s0, uint32_t *s1) {
    *s0 = *s1 = 0;
    for (size_t i = n; i-- > 0;) {
        *s0 ^= c[i];
        *s1 = (gf_double(*s1) & 31) ^ c[i];
    }
}

static void write_groups(uint8_t out[P1_CODE_TEXT], const uint8_t raw[SIGNS]) {
    size_t from = 0, at = 0;
    static const size_t group[] = {5, 6, 5, 6};
    for (size_t g = 0; g < 4; g++) {
        if (g) out[at++] = '-';
        memcpy(out + at, raw + from, group[g]);
        at += group[g];
        from += group[g];
    }
}

void code_make(uint8_t out[P1_CODE_TEXT], const uint8_t random[P1_CODE_RANDOM]) {
    uint32_t c[SIGNS], s0, s1;
    uint8_t raw[SIGNS];
    for (size_t i = 0; i < DATA; i++) {
        size_t bit = 5 * i, byte = bit / 8;
        uint32_t two = (uint32_t)random[byte] << 8 | (byte + 1 < P1_CODE_RANDOM ? random[byte + 1] : 0u);
        c[i] = two >> (11 - bit % 8) & 31;
    }
    // c20 + c21 = s0 and 2^20 c20 + 2^21 c21 = s1, so c21 = (s1 + 2^20 s0) / (2^20 + 2^21)
    const uint32_t p20 = gf_power(1, 20), p21 = gf_power(1, 21);
    syndromes(c, DATA, &s0, &s1);
    c[21] = gf_mul(s1 ^ gf_mul(p20, s0), gf_inverse(p20 ^ p21));
    c[20] = s0 ^ c[21];
    for (size_t i = 0; i < SIGNS; i++) {
        raw[i] = 0; // constant-time: the sign is not used as an index
        for (uint32_t k = 0; k < 32; k++) raw[i] |= (uint8_t)(signs[k] & (0 - (uint32_t)((c[i] ^ k) == 0)));
    }
    write_groups(out, raw);
    wipe(c, sizeof c);
    wipe(raw, sizeof raw);
}

static unsigned group_of(size_t i) { return i < 5 ? 1 : i < 11 ? 2 : i < 16 ? 3 : 4; }

static int index_in(const uint8_t *alphabet, size_t n, uint8_t c) {
    const uint8_t *at = memchr(alphabet, c, n);
    return at ? (int)(at - alphabet) : -1;
}

static int is_space(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Is it, case and hyphens aside, 22 of our signs? Then whether the check is right, or which sign would make it right.
static int read_ours(struct code *out, struct span typed) {
    uint32_t c[SIGNS], s0, s1;
    uint8_t raw[SIGNS];
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        uint8_t t = typed.p[i];
        if (is_space(t) || t == '-') continue;
        if (t >= 'a' && t <= 'z') t = (uint8_t)(t - 'a' + 'A');
        int v = index_in(signs, 32, t);
        if (v < 0 || n == SIGNS) return 0;
        raw[n] = t;
        c[n++] = (uint32_t)v;
    }
    if (n != SIGNS) return 0;
    syndromes(c, SIGNS, &s0, &s1);
    out->checked = s0 == 0 && s1 == 0;
    for (unsigned i = 0; i < SIGNS && s0 && !out->checked; i++) {
        if (gf_mul(s0, gf_power(1, i)) == s1) out->wrong_group = group_of(i);
    }
    write_groups(out->text, raw);
    out->n = P1_CODE_TEXT;
    wipe(c, sizeof c);
    wipe(raw, sizeof raw);
    return 1;
}

// Base58 in groups of these lengths with hyphens between?
static int has_form(struct span s, const size_t *groups, size_t n) {
    size_t at = 0;
    for (size_t g = 0; g < n; g++) {
        if (g && (at == s.n || s.p[at++] != '-')) return 0;
        for (size_t i = 0; i < groups[g]; i++, at++) {
            if (at == s.n || index_in(base58, 58, s.p[at]) < 0) return 0;
        }
    }
    return at == s.n;
}

// The check sign of a 2.x code: the first 14 as a number in base 58, plus the last, are 0 modulo 53.
static int check_2x(struct span s) {
    unsigned v = 0, last = 0;
    for (size_t i = 0, seen = 0; i < s.n; i++) {
        if (s.p[i] == '-') continue;
        unsigned digit = (unsigned)index_in(base58, 58, s.p[i]);
        if (++seen == 15) {
            last = digit;
        } else {
            v = (58 * v + digit) % 53;
        }
    }
    return (v + last) % 53 == 0;
}

static int read_literal(struct code *out, struct span typed) {
    static const size_t form_3x[] = {5, 6, 5, 6}, form_2x[] = {3, 3, 3, 3, 3};
    while (typed.n && is_space(typed.p[0])) typed = span_from(typed, 1);
    while (typed.n && is_space(typed.p[typed.n - 1])) typed.n--;
    if (has_form(typed, form_3x, 4)) {
        out->kind = CODE_3X;
    } else if (has_form(typed, form_2x, 5) && check_2x(typed)) {
        out->kind = CODE_2X;
        out->checked = 1;
    } else {
        return 0;
    }
    memcpy(out->text, typed.p, typed.n);
    out->n = typed.n;
    return 1;
}

enum p1_err code_read(struct code *out, struct span typed) {
    struct code ours = {.kind = CODE_3X};
    memset(out, 0, sizeof *out);
    int is_ours = read_ours(&ours, typed);
    if (is_ours && ours.checked) {
        struct code literal = {.kind = CODE_3X};
        if (read_literal(&literal, typed) && literal.n == ours.n && memcmp(literal.text, ours.text, ours.n) != 0) {
            ours.has_other = 1;
            memcpy(ours.other, literal.text, sizeof ours.other);
        }
        *out = ours;
        wipe(&literal, sizeof literal);
    } else if (read_literal(out, typed)) {
        out->wrong_group = ours.wrong_group;
    } else if (is_ours) {
        *out = ours;
    } else {
        return P1_ERR_CODE_FORM;
    }
    wipe(&ours, sizeof ours);
    return P1_OK;
}

int code_other(struct code *c) {
    if (!c->has_other) return 0;
    memcpy(c->text, c->other, sizeof c->text);
    c->has_other = c->checked = 0;
    return 1;
}

void code_secret(const struct modulus *q, struct span uuid, const struct code *c, struct scalar *out) {
    struct span text = span_of(c->text, c->n);
    if (c->kind == CODE_2X) {
        hash_credential_2x(q, uuid, text, out);
    } else {
        hash_credential(q, uuid, text, out);
    }
}

void credential_public(const struct group *g, const struct scalar *x, struct elem_text *out, struct work *w) {
    struct elem e;
    const struct mul_job job = {.out = &e, .g = x};
    mul_run_ct(g, NULL, &job, 1, w);
    elem_encode(g, out, &e, 1, w);
}
