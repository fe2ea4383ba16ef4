// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The group in which an election is held: Belenios specification 3.3.0, section "Groups". Three are known: Ed25519
// (group_ed25519.c), and the finite fields BELENIOS-2048 and RFC-3526-2048 (group_ff.c, native only).
//
// Multiplications are asked for as a list of jobs, so that an engine may run them side by side and share work between
// jobs with the same base. Functions named _ct take secrets; those named _vartime never.
#ifndef P1_GROUP_H
#define P1_GROUP_H

#include "core/sc.h"

#define P1_ELEM_TEXT P1_SCALAR_TEXT // bytes of the longest element written as text
#define P1_WORK_LIMBS 8192

// An element in the engine's own form, not normalised: compare with elem_equal() only.
struct elem {
    union {
        struct {
            uint64_t x[5], y[5], z[5], t[5]; // extended twisted Edwards coordinates (core/fe25519.h)
        } ed;
        uint64_t ff[P1_LIMBS]; // Montgomery form
    } u;
};

struct elem_text {
    uint8_t p[P1_ELEM_TEXT];
    uint16_t n;
};

// Room for one thread's calculations; contents do not matter between calls. Holds traces of secrets after _ct calls:
// wipe it when done.
struct work {
    uint64_t limb[P1_WORK_LIMBS];
};

// Multiples of a base that is used often: the generator, an election's key.
struct base_table {
    union {
        struct {
            uint64_t odd[4][64][15];  // (2j+1) 2^(64 i) times the base, as (y+x, y-x, 2dxy)
            uint64_t comb[32][8][15]; // (j+1) 256^i times the base
        } ed;
        uint64_t ff[4 * 32 * P1_LIMBS]; // base^((2i+1) 2^(d k)), Montgomery form, at 32 k + i; d = ceil(bits of q / 4)
    } u;
};

// out = g^g * y^y * base^x; a null scalar leaves its factor out (base is then ignored).
struct mul_job {
    struct elem *out;
    const struct scalar *g;
    const struct scalar *y;
    const struct scalar *x;
    const struct elem *base;
};

struct group;

struct group_ops {
    const char *name;
    void (*init)(struct group *g, struct work *w);
    enum p1_err (*decode)(const struct group *g, struct elem *out, struct span text, int trusted, struct work *w);
    void (*encode)(const struct group *g, struct elem_text *out, const struct elem *e, size_t n, struct work *w);
    void (*identity)(const struct group *g, struct elem *out);
    void (*mul_ct)(const struct group *g, struct elem *out, const struct elem *a, const struct elem *b, struct work *w);
    void (*inverse)(const struct group *g, struct elem *out, const struct elem *a, struct work *w);
    int (*equal)(const struct group *g, const struct elem *a, const struct elem *b, struct work *w);
    int (*text_order)(struct span a, struct span b);
    void (*table)(const struct group *g, struct base_table *out, const struct elem *base, struct work *w);
    void (*run_vartime)(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n,
                        struct work *w);
    void (*run_ct)(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n,
                   struct work *w);
};

struct group {
    const struct group_ops *ops;
    struct modulus q;       // order
    struct modulus p;       // field (finite fields only)
    struct elem g;          // generator
    struct base_table base; // of the generator
};

// About 50 kB; read-only after this, so threads may share it. ERR_GROUP_UNKNOWN.
MUST_USE enum p1_err group_init(struct group *g, struct span name, struct work *w);

// The canonical encoding of a member of the prime-order subgroup: everything else is refused (ERR_ELEM_FORM,
// ERR_ELEM_FIELD, ERR_ELEM_SUBGROUP). The identity is a member.
MUST_USE static inline enum p1_err elem_decode(const struct group *g, struct elem *out, struct span text,
                                               struct work *w) {
    return g->ops->decode(g, out, text, 0, w);
}

// The same for a text that elem_decode() accepted before: membership is not checked again.
MUST_USE static inline enum p1_err elem_decode_trusted(const struct group *g, struct elem *out, struct span text,
                                                       struct work *w) {
    return g->ops->decode(g, out, text, 1, w);
}

// A public key: not the identity (ERR_ELEM_IDENTITY), whose private key is 0.
MUST_USE enum p1_err elem_decode_key(const struct group *g, struct elem *out, struct span text, struct work *w);

// N elements to text at once: they share one inversion.
static inline void elem_encode(const struct group *g, struct elem_text *out, const struct elem *e, size_t n,
                               struct work *w) {
    g->ops->encode(g, out, e, n, w);
}

static inline struct span elem_span(const struct elem_text *t) { return span_of(t->p, t->n); }

static inline void elem_identity(const struct group *g, struct elem *out) { g->ops->identity(g, out); }

static inline void elem_mul_ct(const struct group *g, struct elem *out, const struct elem *a, const struct elem *b,
                               struct work *w) {
    g->ops->mul_ct(g, out, a, b, w);
}

static inline void elem_inverse(const struct group *g, struct elem *out, const struct elem *a, struct work *w) {
    g->ops->inverse(g, out, a, w);
}

static inline int elem_equal(const struct group *g, const struct elem *a, const struct elem *b, struct work *w) {
    return g->ops->equal(g, a, b, w);
}

// The order in which public credentials stand in an archive: negative, zero or positive.
static inline int elem_text_order(const struct group *g, struct span a, struct span b) {
    return g->ops->text_order(a, b);
}

static inline void base_table_init(const struct group *g, struct base_table *out, const struct elem *base,
                                   struct work *w) {
    g->ops->table(g, out, base, w);
}

// Y may be null if no job has one. Outputs may not overlap inputs of other jobs. A job's base may be its own out.
static inline void mul_run_vartime(const struct group *g, const struct base_table *y, const struct mul_job *jobs,
                                   size_t n, struct work *w) {
    g->ops->run_vartime(g, y, jobs, n, w);
}

static inline void mul_run_ct(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n,
                              struct work *w) {
    g->ops->run_ct(g, y, jobs, n, w);
}

extern const struct group_ops group_ed25519, group_belenios_2048, group_rfc3526_2048;

#endif
