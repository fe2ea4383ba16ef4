// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the tests of core/ share: memory, texts, vectors, randomness that is the same in every run, elections and voters.
// All in one header, so that each test stays one file for the build.
#ifndef P1_TEST_HELPERS_H
#define P1_TEST_HELPERS_H

#include "core/credential.h"
#include "core/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct work work;

// Two codes are compared by name, so that a failure can be read.
#define assert_err(e, expected) assert_string_equal(p1_err_name(e), p1_err_name(expected))
#define assert_ok(e) assert_err(e, P1_OK)

static inline void assert_span(struct span a, struct span b) {
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.p, b.p, b.n);
}

// ---- memory, kept until the tests of a file have ended ----

struct kept {
    struct kept *next;
    uint64_t bytes[];
};

static struct kept *all_kept;

static inline void *keep(size_t n) {
    struct kept *k = calloc(1, sizeof *k + n);
    assert_non_null(k);
    k->next = all_kept;
    all_kept = k;
    return k->bytes;
}

static inline int release(void **state) {
    (void)state;
    while (all_kept) {
        struct kept *next = all_kept->next;
        free(all_kept);
        all_kept = next;
    }
    return 0;
}

static inline struct buf keep_buf(size_t cap) { return buf_over(keep(cap), cap); }

// A copy of exactly this size: a sanitizer sees every byte that is read past the end.
static inline struct span keep_span(struct span s) {
    uint8_t *p = keep(s.n);
    if (s.n) memcpy(p, s.p, s.n);
    return span_of(p, s.n);
}

// ---- texts ----

__attribute__((format(printf, 1, 2))) static inline struct span text_of(const char *format, ...) {
    va_list list;
    va_start(list, format);
    int n = vsnprintf(NULL, 0, format, list);
    va_end(list);
    assert_true(n >= 0);
    char *text = keep((size_t)n + 1);
    va_start(list, format);
    vsnprintf(text, (size_t)n + 1, format, list);
    va_end(list);
    return span_of(text, (size_t)n);
}

// For "%.*s"; S is evaluated twice.
#define SPAN_ARG(s) (int)(s).n, (const char *)(s).p

// Where TEXT comes for the first time from FROM on; SIZE_MAX if it does not.
static inline size_t find(struct span in, size_t from, const char *text) {
    size_t n = strlen(text);
    for (size_t i = from; i + n <= in.n; i++) {
        if (memcmp(in.p + i, text, n) == 0) return i;
    }
    return SIZE_MAX;
}

// N bytes from AT on replaced.
static inline struct span spliced(struct span in, size_t at, size_t n, struct span by) {
    struct buf b = keep_buf(in.n - n + by.n);
    assert_true(at <= in.n && n <= in.n - at);
    buf_put(&b, span_of(in.p, at));
    buf_put(&b, by);
    buf_put(&b, span_from(in, at + n));
    return buf_span(&b);
}

// The occurrence number NTH (from 0) of a text replaced, which must exist.
static inline struct span replaced_nth(struct span in, unsigned nth, const char *old, const char *by) {
    size_t at = find(in, 0, old);
    while (nth-- && at != SIZE_MAX) at = find(in, at + 1, old);
    if (at == SIZE_MAX) fail_msg("'%s' does not occur", old);
    return spliced(in, at, strlen(old), span_str(by));
}

static inline struct span replaced(struct span in, const char *old, const char *by) {
    return replaced_nth(in, 0, old, by);
}

// What stands after a text up to another, for the occurrence number NTH of the first.
static inline struct span between_nth(struct span in, unsigned nth, const char *after, const char *before) {
    size_t at = find(in, 0, after);
    while (nth-- && at != SIZE_MAX) at = find(in, at + 1, after);
    if (at == SIZE_MAX) fail_msg("'%s' does not occur", after);
    at += strlen(after);
    size_t end = find(in, at, before);
    if (end == SIZE_MAX) fail_msg("'%s' does not occur", before);
    return span_of(in.p + at, end - at);
}

static inline struct span between(struct span in, const char *after, const char *before) {
    return between_nth(in, 0, after, before);
}

static inline const char *str_of(struct span s) { return (const char *)text_of("%.*s", SPAN_ARG(s)).p; }

// ---- vectors ----

// A file of tests/vectors/belenios; the tests run from the root of the sources.
static inline struct span vector(const char *election, const char *file) {
    const char *path = str_of(text_of("tests/vectors/belenios/%s/%s", election, file));
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("%s cannot be read", path);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long n = ftell(f);
    assert_true(n > 0);
    rewind(f);
    uint8_t *p = keep((size_t)n);
    assert_int_equal(fread(p, 1, (size_t)n, f), n);
    fclose(f);
    return span_of(p, (size_t)n);
}

// Takes the next line from TEXT.
static inline int next_line(struct span *text, struct span *line) {
    if (text->n == 0) return 0;
    const uint8_t *end = memchr(text->p, '\n', text->n);
    assert_non_null(end);
    *line = span_of(text->p, (size_t)(end - text->p));
    *text = span_from(*text, line->n + 1);
    return 1;
}

// The line number I, from 0.
static inline struct span vector_line(const char *election, const char *file, unsigned i) {
    struct span text = vector(election, file), line = {0};
    do assert_true(next_line(&text, &line));
    while (i--);
    return line;
}

// ---- randomness, the same in every run ----

static inline uint64_t random_u64(void) {
    static uint64_t state = 1;
    uint64_t v = state += 0x9e3779b97f4a7c15u; // splitmix64
    v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9u;
    v = (v ^ v >> 27) * 0x94d049bb133111ebu;
    return v ^ v >> 31;
}

static inline void random_bytes(void *out, size_t n) {
    uint8_t *p = out;
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)random_u64();
}

static inline struct scalar random_scalar(const struct modulus *q) {
    uint8_t wide[P1_SCALAR_WIDE];
    struct scalar s;
    random_bytes(wide, sizeof wide);
    sc_from_bytes(q, &s, span_of(wide, sizeof wide));
    return s;
}

static inline struct draws random_draws(void) {
    struct draws d = {.n = 0};
    random_bytes(d.seed, sizeof d.seed);
    return d;
}

// ---- groups and elements ----

static const char *const group_names[] = {"Ed25519", "BELENIOS-2048", "RFC-3526-2048"};
#define GROUPS (sizeof group_names / sizeof *group_names)

static inline const struct group *group_of(const char *name) {
    static struct group groups[GROUPS];
    for (size_t i = 0; i < GROUPS; i++) {
        if (strcmp(name, group_names[i]) != 0) continue;
        if (!groups[i].ops) assert_ok(group_init(&groups[i], span_str(name), &work));
        return &groups[i];
    }
    fail_msg("no group %s", name);
    return NULL;
}

// g^x
static inline struct elem power_of_g(const struct group *g, const struct scalar *x) {
    struct elem e;
    const struct mul_job job = {.out = &e, .g = x};
    mul_run_vartime(g, NULL, &job, 1, &work);
    return e;
}

static inline struct elem_text elem_text_of(const struct group *g, const struct elem *e) {
    struct elem_text t;
    elem_encode(g, &t, e, 1, &work);
    return t;
}

// g^x as text
static inline struct span key_text(const struct group *g, const struct scalar *x) {
    struct elem e = power_of_g(g, x);
    struct elem_text t = elem_text_of(g, &e);
    return keep_span(elem_span(&t));
}

static inline struct scalar scalar_of(const struct modulus *q, struct span decimal) {
    struct scalar s;
    assert_ok(sc_decode(q, &s, decimal));
    return s;
}

static inline struct span scalar_text(const struct modulus *q, const struct scalar *s) {
    struct buf b = keep_buf(P1_SCALAR_TEXT);
    sc_encode(q, &b, s);
    assert_ok(buf_done(&b));
    return buf_span(&b);
}

// The decimal number plus one, modulo q.
static inline struct span plus_one(const struct modulus *q, struct span decimal) {
    struct scalar s = scalar_of(q, decimal), one;
    sc_from_u64(&one, 1);
    sc_add(q, &s, &s, &one);
    return scalar_text(q, &s);
}

// The number number NTH of the field FIELD ("challenge", "response"), plus one.
static inline struct span field_plus_one(struct span json, const struct modulus *q, unsigned nth, const char *field) {
    struct span old = between_nth(json, nth, str_of(text_of("\"%s\":\"", field)), "\"");
    return spliced(json, (size_t)(old.p - json.p), old.n, plus_one(q, old));
}

// The commitment that a proof stands for: g^response X^challenge
static inline struct elem commitment_of(const struct group *g, const struct elem *x_public, const struct proof *p) {
    struct elem e;
    const struct mul_job job = {.out = &e, .g = &p->response, .x = &p->challenge, .base = x_public};
    mul_run_vartime(g, NULL, &job, 1, &work);
    return e;
}

// ---- elections and voters ----

#define TEST_UUID "UuidForTheTests1"

// An election whose key is g^x.
static inline struct span election_text(const char *group, const char *questions, const struct scalar *x) {
    return text_of("{\"version\":1,\"description\":\"d\",\"name\":\"n\",\"group\":\"%s\",\"public_key\":\"%.*s\","
                   "\"questions\":%s,\"uuid\":\"" TEST_UUID "\"}",
                   group, SPAN_ARG(key_text(group_of(group), x)), questions);
}

static inline struct election *election_read(struct span json) {
    struct election *e = keep(sizeof *e);
    assert_ok(election_parse(e, json, &work));
    return e;
}

static inline struct election *election_of_vector(const char *name) {
    return election_read(vector(name, "election.json"));
}

struct voter {
    struct scalar x;
    struct elem_text credential;
};

static inline struct voter voter_make(const struct election *e) {
    struct voter v = {.x = random_scalar(&e->group.q)};
    credential_public(&e->group, &v.x, &v.credential, &work);
    return v;
}

// A ballot without its signature; the buffer has room for that.
static inline struct buf ballot_unsigned(const struct election *e, const struct voter *v, const uint8_t *choices,
                                         const uint8_t seed[32]) {
    struct buf b = keep_buf(ballot_size_max(e));
    assert_ok(ballot_make_unsigned_ct(e, elem_span(&v->credential), choices, seed, &b, &work));
    return b;
}

static inline struct span ballot_signed(const struct election *e, const struct voter *v, struct buf b) {
    uint8_t random[32];
    char code[P1_HASH64];
    random_bytes(random, sizeof random);
    assert_ok(ballot_sign_ct(e, &v->x, random, code, &b, &work));
    return buf_span(&b);
}

// A whole ballot from fresh randomness.
static inline struct span ballot_of(const struct election *e, const struct voter *v, const uint8_t *choices) {
    uint8_t seed[32];
    random_bytes(seed, sizeof seed);
    return ballot_signed(e, v, ballot_unsigned(e, v, choices, seed));
}

// What a ballot box does with a ballot, but for the roll.
static inline enum p1_err ballot_verdict(const struct election *e, struct span json, unsigned *seen) {
    struct ballot b;
    TRY(ballot_parse(&b, &e->group.q, json));
    return ballot_check(e, &b, seen, &work);
}

#endif
