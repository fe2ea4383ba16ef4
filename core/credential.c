// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/credential.h"

#include "core/hash_scalar.h"
#include "core/public.h"
#include "core/sha256.h"
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

// All ones for 0, else 0; V is below 2^31. Not a comparison, of which a compiler could make a branch or a selection.
static uint32_t mask_if_zero(uint32_t v) { return 0 - ((v - 1) >> 31); }

// What is typed is secret: every sign is compared with the whole alphabet. A sign that is not in it sets a bit of LOST.
static uint32_t index_in(const uint8_t *alphabet, uint32_t n, uint8_t c, uint32_t *lost) {
    uint32_t at = 0, found = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t mask = mask_if_zero(alphabet[i] ^ (uint32_t)c);
        at |= i & mask;
        found |= mask;
    }
    *lost |= ~found;
    return at;
}

static const char spaces[] = " \t\r\n", separators[] = " \t\r\n-";

// Where they are typed is not secret.
static int is_among(const char *set, uint8_t c) {
    uint32_t found = 0;
    for (const char *s = set; *s; s++) found |= mask_if_zero((uint8_t)*s ^ (uint32_t)c);
    now_public(&found, sizeof found);
    return found != 0;
}

static uint8_t capital(uint8_t c) {
    uint32_t above = (uint8_t)(c - 'a'); // below 26 for a small letter
    return (uint8_t)(c - ((above - 26) >> 31) * ('a' - 'A'));
}

// The group of the one sign that would make the check right; 0 if there is none.
static uint32_t wrong_group(uint32_t s0, uint32_t s1) {
    uint32_t group = 0;
    for (unsigned i = 0; i < SIGNS; i++) {
        group |= mask_if_zero(gf_mul(s0, gf_power(1, i)) ^ s1) & ~mask_if_zero(s0) & group_of(i);
    }
    return group;
}

// Is it, case and hyphens aside, 22 of our signs? Then whether the check is right, or which sign would make it right.
static int read_ours(struct code *out, struct span typed) {
    uint32_t c[SIGNS] = {0}, lost = 0, s0, s1;
    uint8_t raw[SIGNS];
    size_t n = 0, more = 0;
    for (size_t i = 0; i < typed.n; i++) {
        if (is_among(separators, typed.p[i])) continue;
        if (n == SIGNS) {
            more = 1;
            break;
        }
        raw[n] = capital(typed.p[i]);
        c[n] = index_in(signs, 32, raw[n], &lost);
        n++;
    }
    syndromes(c, SIGNS, &s0, &s1);
    out->checked = (s0 | s1) == 0;
    out->wrong_group = wrong_group(s0, s1);
    // Whoever typed it is told.
    now_public(&lost, sizeof lost);
    now_public(&out->checked, sizeof out->checked);
    now_public(&out->wrong_group, sizeof out->wrong_group);
    if (n == SIGNS) write_groups(out->text, raw);
    out->n = P1_CODE_TEXT;
    wipe(c, sizeof c);
    wipe(raw, sizeof raw);
    return n == SIGNS && !lost && !more;
}

// Base58 in groups of these lengths with hyphens between?
static int has_form(struct span s, const size_t *groups, size_t n) {
    size_t at = 0;
    uint32_t lost = 0;
    for (size_t g = 0; g < n; g++) {
        if (g && (at == s.n || !is_among("-", s.p[at++]))) return 0;
        for (size_t i = 0; i < groups[g]; i++, at++) {
            if (at == s.n) return 0;
            (void)index_in(base58, 58, s.p[at], &lost);
        }
    }
    now_public(&lost, sizeof lost);
    return at == s.n && !lost;
}

// The check sign of a 2.x code: the first 14 as a number in base 58, plus the last, are 0 modulo 53.
static int check_2x(struct span s) {
    uint32_t v = 0, last = 0, lost = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (i % 4 == 3) continue; // a hyphen
        v = (58 * v + last) % 53;
        last = index_in(base58, 58, s.p[i], &lost);
    }
    int right = (v + last) % 53 == 0;
    now_public(&right, sizeof right);
    return right;
}

static int read_literal(struct code *out, struct span typed) {
    static const size_t form_3x[] = {5, 6, 5, 6}, form_2x[] = {3, 3, 3, 3, 3};
    while (typed.n && is_among(spaces, typed.p[0])) typed = span_from(typed, 1);
    while (typed.n && is_among(spaces, typed.p[typed.n - 1])) typed.n--;
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

// Whether there are two ways to read a code shows in what is tried.
static int differ(const uint8_t a[P1_CODE_TEXT], const uint8_t b[P1_CODE_TEXT]) {
    uint32_t diff = 0;
    for (size_t i = 0; i < P1_CODE_TEXT; i++) diff |= (uint32_t)(a[i] ^ b[i]);
    now_public(&diff, sizeof diff);
    return diff != 0;
}

enum p1_err code_read(struct code *out, struct span typed) {
    struct code ours = {.kind = CODE_3X};
    memset(out, 0, sizeof *out);
    int is_ours = read_ours(&ours, typed);
    if (is_ours && ours.checked) {
        struct code literal = {.kind = CODE_3X};
        if (read_literal(&literal, typed) && literal.n == ours.n && differ(literal.text, ours.text)) {
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

void election_print(char out[P1_PRINT], struct span election) {
    uint8_t number[SHA256_BYTES];
    sha256(number, election);
    for (unsigned at = P1_PRINT; at-- > 0;) {
        unsigned rest = 0;
        for (unsigned i = 0; i < sizeof number; i++) {
            rest = rest << 8 | number[i];
            number[i] = (uint8_t)(rest / 58);
            rest %= 58;
        }
        out[at] = (char)base58[rest];
    }
}
