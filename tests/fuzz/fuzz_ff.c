// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The finite fields and their groups, and scalars of all three groups (core/ff.h, core/group_ff.c, core/sc.h), against GMP.

#include <gmp.h>

#include "core/ff.h"
#include "core/group.h"
#include "tests/fuzz/fuzz.h"

static struct group groups[3]; // the third is Ed25519, for its scalars
static struct work work;

static void number_of(mpz_t out, const uint64_t *v, size_t n) { mpz_import(out, n, -1, 8, 0, 0, v); }

static void limbs_of(uint64_t *out, size_t n, const mpz_t v) {
    memset(out, 0, 8 * n);
    HOLDS(mpz_sizeinbase(v, 2) <= 64 * n);
    mpz_export(out, NULL, -1, 8, 0, 0, v);
}

static void is_number(const uint64_t *got, size_t n, const mpz_t expected) {
    uint64_t limbs[P1_LIMBS];
    limbs_of(limbs, n, expected);
    HOLDS(memcmp(got, limbs, 8 * n) == 0);
}

// A number below M, of as many bytes as the input says; or M minus such a number.
static void take_number(mpz_t out, struct span *in, const mpz_t m) {
    unsigned how = take_u16(in);
    struct span bytes = take_bytes(in, how >> 1 & 0x1ff);
    mpz_import(out, bytes.n, 1, 1, 0, 0, bytes.p);
    if (how & 1) mpz_sub(out, m, out);
    mpz_mod(out, out, m);
}

// ---- scalars ----

static void scalars(struct span in, const struct modulus *q, mpz_t *v) {
    struct scalar x, y, z;
    char *text;
    uint8_t memory[P1_SCALAR_TEXT];
    struct buf out = buf_over(memory, sizeof memory);
    number_of(v[0], q->m, q->n);
    take_number(v[1], &in, v[0]);
    take_number(v[2], &in, v[0]);
    limbs_of(x.v, P1_LIMBS, v[1]);
    limbs_of(y.v, P1_LIMBS, v[2]);
    sc_add(q, &z, &x, &y);
    mpz_add(v[3], v[1], v[2]);
    mpz_mod(v[3], v[3], v[0]);
    is_number(z.v, P1_LIMBS, v[3]);
    sc_sub(q, &z, &x, &y);
    mpz_sub(v[3], v[1], v[2]);
    mpz_mod(v[3], v[3], v[0]);
    is_number(z.v, P1_LIMBS, v[3]);
    sc_mul(q, &z, &x, &y);
    mpz_mul(v[3], v[1], v[2]);
    mpz_mod(v[3], v[3], v[0]);
    is_number(z.v, P1_LIMBS, v[3]);
    if (q->n < P1_LIMBS) { // with 2047 bits this alone would be half of all time
        sc_inv(q, &z, &x);
        if (!mpz_invert(v[3], v[1], v[0])) mpz_set_ui(v[3], 0);
        is_number(z.v, P1_LIMBS, v[3]);
    }
    sc_encode(q, &out, &x);
    text = mpz_get_str(NULL, 10, v[1]);
    HOLDS(buf_done(&out) == P1_OK && span_eq(buf_span(&out), span_str(text)));
    HOLDS(sc_decode(q, &z, buf_span(&out)) == P1_OK && sc_is_equal(&z, &x));
    free(text);
    struct span wide = take_bytes(&in, P1_SCALAR_WIDE);
    sc_from_bytes(q, &z, wide);
    mpz_import(v[3], wide.n, 1, 1, 0, 0, wide.p);
    mpz_mod(v[3], v[3], v[0]);
    is_number(z.v, P1_LIMBS, v[3]);
}

// Decimal text: what is taken is what GMP reads, written the one way.
static void decimal(struct span in, const struct modulus *q, mpz_t *v) {
    struct scalar x;
    char text[P1_SCALAR_TEXT + 8];
    enum p1_err err = sc_decode(q, &x, in);
    if (in.n >= sizeof text) {
        HOLDS(err != P1_OK);
        return;
    }
    if (in.n) memcpy(text, in.p, in.n);
    text[in.n] = 0;
    int digits = in.n > 0 && (in.n == 1 || text[0] != '0');
    for (size_t i = 0; i < in.n; i++) digits &= text[i] >= '0' && text[i] <= '9';
    number_of(v[0], q->m, q->n);
    HOLDS((err == P1_ERR_SCALAR_FORM) == !digits || err == P1_ERR_SCALAR_RANGE);
    if (!digits) HOLDS(err != P1_OK);
    if (!digits || mpz_set_str(v[1], text, 10)) return;
    HOLDS((err == P1_OK) == (mpz_cmp(v[1], v[0]) < 0));
    if (err == P1_OK) is_number(x.v, P1_LIMBS, v[1]);
}

// ---- the field ----

static void field(struct span in, const struct modulus *p, mpz_t *v) {
    uint64_t x[FF_LIMBS], y[FF_LIMBS], z[FF_LIMBS];
    number_of(v[0], p->m, FF_LIMBS);
    take_number(v[1], &in, v[0]);
    take_number(v[2], &in, v[0]);
    limbs_of(x, FF_LIMBS, v[1]);
    limbs_of(y, FF_LIMBS, v[2]);
    if (mpz_sgn(v[1])) HOLDS(ff_is_square_vartime(p, x, work.limb) == (mpz_jacobi(v[1], v[0]) == 1));
    ff_to_montgomery_ct(p, x, x, work.limb);
    ff_to_montgomery_ct(p, y, y, work.limb);
    ff_mul_ct(p, z, x, y, work.limb);
    ff_from_montgomery_ct(p, z, z, work.limb);
    mpz_mul(v[3], v[1], v[2]);
    mpz_mod(v[3], v[3], v[0]);
    is_number(z, FF_LIMBS, v[3]);
    ff_mul_vartime(p, z, x, y, work.limb);
    ff_reduce_vartime(p, z);
    ff_from_montgomery_ct(p, z, z, work.limb);
    is_number(z, FF_LIMBS, v[3]);
    ff_square_vartime(p, z, x, work.limb);
    ff_reduce_vartime(p, z);
    ff_from_montgomery_ct(p, z, z, work.limb);
    mpz_powm_ui(v[3], v[1], 2, v[0]);
    is_number(z, FF_LIMBS, v[3]);
}

// ---- the group ----

static void is_elem(const struct group *g, const struct elem *e, const mpz_t expected) {
    struct elem_text t;
    char *text = mpz_get_str(NULL, 10, expected);
    elem_encode(g, &t, e, 1, &work);
    HOLDS(span_eq(elem_span(&t), span_str(text)));
    free(text);
}

// Of any number: what is left of it when it is taken to the power of (p - 1) / q is a member.
static struct elem take_elem(const struct group *g, struct span *in, mpz_t out, const mpz_t p, const mpz_t cofactor) {
    struct elem e;
    take_number(out, in, p);
    if (!mpz_sgn(out)) mpz_set_ui(out, 1);
    mpz_powm(out, out, cofactor, p);
    char *text = mpz_get_str(NULL, 10, out);
    HOLDS(elem_decode(g, &e, span_str(text), &work) == P1_OK);
    free(text);
    return e;
}

static void powers(struct span in, const struct group *g, mpz_t *v) {
    static struct base_table table;
    struct elem a, y, out;
    struct scalar x[3];
    unsigned which = take_u8(&in);
    number_of(v[0], g->p.m, FF_LIMBS);
    number_of(v[1], g->q.m, g->q.n);
    mpz_sub_ui(v[4], v[0], 1);
    mpz_divexact(v[4], v[4], v[1]);
    a = take_elem(g, &in, v[2], v[0], v[4]);
    y = take_elem(g, &in, v[3], v[0], v[4]);
    struct elem_text t;
    elem_encode(g, &t, &g->g, 1, &work);
    t.p[t.n] = 0;
    mpz_set_str(v[4], (const char *)t.p, 10);
    struct mul_job job = {.out = &out, .base = &a};
    const struct scalar **of[] = {&job.g, &job.y, &job.x};
    mpz_set_ui(v[5], 1);
    for (int i = 0; i < 3; i++) {
        take_number(v[6], &in, v[1]);
        limbs_of(x[i].v, P1_LIMBS, v[6]);
        if (!(which >> i & 1)) continue;
        *of[i] = &x[i];
        mpz_powm(v[7], v[i == 0 ? 4 : i == 1 ? 3 : 2], v[6], v[0]);
        mpz_mul(v[5], v[5], v[7]);
        mpz_mod(v[5], v[5], v[0]);
    }
    if (job.y) base_table_init(g, &table, &y, &work);
    mul_run_vartime(g, &table, &job, 1, &work);
    is_elem(g, &out, v[5]);
    mul_run_ct(g, &table, &job, 1, &work);
    is_elem(g, &out, v[5]);
    elem_inverse(g, &out, &a, &work);
    HOLDS(mpz_invert(v[5], v[2], v[0]));
    is_elem(g, &out, v[5]);
    elem_mul_ct(g, &out, &a, &y, &work);
    mpz_mul(v[5], v[2], v[3]);
    mpz_mod(v[5], v[5], v[0]);
    is_elem(g, &out, v[5]);
    HOLDS(elem_equal(g, &a, &y, &work) == (mpz_cmp(v[2], v[3]) == 0));
}

// Members are those whose order divides q.
static void membership(struct span in, const struct group *g, mpz_t *v) {
    struct elem e;
    number_of(v[0], g->p.m, FF_LIMBS);
    take_number(v[1], &in, v[0]);
    char *text = mpz_get_str(NULL, 10, v[1]);
    enum p1_err err = elem_decode(g, &e, span_str(text), &work);
    number_of(v[2], g->q.m, g->q.n);
    mpz_powm(v[2], v[1], v[2], v[0]);
    HOLDS((err == P1_OK) == (mpz_cmp_ui(v[2], 1) == 0));
    if (err == P1_OK) is_elem(g, &e, v[1]);
    free(text);
}

void fuzz_one(struct span in) {
    static const char *const names[] = {"BELENIOS-2048", "RFC-3526-2048", "Ed25519"};
    for (int i = 0; i < 3 && !groups[i].ops; i++) HOLDS(group_init(&groups[i], span_str(names[i]), &work) == P1_OK);
    unsigned which = take_u8(&in);
    const struct group *g = &groups[which / 8 % 2];
    mpz_t v[8];
    for (int i = 0; i < 8; i++) mpz_init(v[i]);
    switch (which % 8) {
    case 0:
    case 1: scalars(in, &groups[which / 8 % 3].q, v); break;
    case 2: decimal(in, &groups[which / 8 % 3].q, v); break;
    case 3: powers(in, g, v); break;
    case 4: membership(in, g, v); break;
    default: field(in, &g->p, v);
    }
    for (int i = 0; i < 8; i++) mpz_clear(v[i]);
}
