// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/proof.h"

#include "core/hash_scalar.h"
#include "core/wipe.h"

enum p1_err proof_parse(struct json *j, const struct modulus *q, struct proof *out) {
    TRY(json_lit(j, "{\"challenge\":"));
    TRY(json_scalar(j, q, &out->challenge));
    TRY(json_lit(j, ",\"response\":"));
    TRY(json_scalar(j, q, &out->response));
    return json_lit(j, "}");
}

void proof_write(struct buf *b, const struct modulus *q, const struct proof *p) {
    buf_str(b, "{\"challenge\":\"");
    sc_encode(q, b, &p->challenge);
    buf_str(b, "\",\"response\":\"");
    sc_encode(q, b, &p->response);
    buf_str(b, "\"}");
}

// response = nonce - x challenge
static void respond(const struct modulus *q, const struct scalar *x, const struct scalar *nonce, struct proof *p) {
    struct scalar t;
    sc_mul(q, &t, x, &p->challenge);
    sc_sub(q, &p->response, nonce, &t);
    wipe(&t, sizeof t);
}

// ---- Schnorr ----

int schnorr_holds(const struct group *g, const struct elem *x_public, struct sha256 *text, const struct proof *p,
                  struct work *w) {
    struct elem a;
    struct scalar h;
    const struct mul_job job = {.out = &a, .g = &p->response, .x = &p->challenge, .base = x_public};
    mul_run_vartime(g, NULL, &job, 1, w);
    hash_elems(g, text, &a, 1, w);
    hash_scalar(&g->q, text, &h);
    return sc_is_equal(&h, &p->challenge);
}

void schnorr_prove_ct(const struct group *g, const struct scalar *x, const struct scalar *nonce, struct sha256 *text,
                      struct proof *out, struct work *w) {
    struct elem a;
    const struct mul_job job = {.out = &a, .g = nonce};
    mul_run_ct(g, NULL, &job, 1, w);
    hash_elems(g, text, &a, 1, w);
    hash_scalar(&g->q, text, &out->challenge);
    respond(&g->q, x, nonce, out);
}

// ---- equality of exponents ----

int equality_holds(const struct group *g, const struct elem *x_public, const struct elem *base,
                   const struct elem *factor, struct sha256 *text, const struct proof *p, struct work *w) {
    struct elem a[3];
    struct scalar h;
    const struct mul_job jobs[] = {
        {.out = &a[0], .g = &p->response, .x = &p->challenge, .base = x_public},
        {.out = &a[1], .x = &p->response, .base = base},
        {.out = &a[2], .x = &p->challenge, .base = factor},
    };
    mul_run_vartime(g, NULL, jobs, 3, w);
    elem_mul_ct(g, &a[1], &a[1], &a[2], w);
    hash_elems(g, text, a, 2, w);
    hash_scalar(&g->q, text, &h);
    return sc_is_equal(&h, &p->challenge);
}

void equality_prove_ct(const struct group *g, const struct scalar *x, const struct scalar *nonce,
                       const struct elem *base, struct sha256 *text, struct proof *out, struct work *w) {
    struct elem a[2];
    const struct mul_job jobs[] = {{.out = &a[0], .g = nonce}, {.out = &a[1], .x = nonce, .base = base}};
    mul_run_ct(g, NULL, jobs, 2, w);
    hash_elems(g, text, a, 2, w);
    hash_scalar(&g->q, text, &out->challenge);
    respond(&g->q, x, nonce, out);
}

// ---- one of several ----

enum { BATCH = 8 }; // branches whose commitments are computed together

struct batch {
    struct proof proof[BATCH];
    struct scalar g_exp[BATCH]; // of g in the second commitment
    struct elem commit[2 * BATCH];
    struct mul_job job[2 * BATCH];
};

static const struct ciphertext *branch_of(const struct statement *s, unsigned i, unsigned *m) {
    if (s->head && i == 0) {
        *m = s->head_m;
        return s->head;
    }
    *m = s->lo + i - (s->head != NULL);
    return s->tail;
}

// TEXT takes "A0,B0,A1,B1,..." over several calls.
static void hash_commitments(const struct election *e, struct sha256 *text, const struct batch *b, unsigned n,
                             int first, struct work *w) {
    if (!first) sha256_str(text, ",");
    hash_elems(&e->group, text, b->commit, 2 * n, w);
}

enum p1_err statement_check(const struct election *e, const struct statement *s, struct sha256 *text,
                            struct json *proofs, enum p1_err if_false, struct work *w) {
    const struct modulus *q = &e->group.q;
    const unsigned n = statement_branches(s);
    struct scalar sum = {{0}}, h;
    struct batch b;

    if (!s->bare) TRY(json_lit(proofs, "["));
    for (unsigned at = 0; at < n;) {
        unsigned take = n - at < BATCH ? n - at : BATCH;
        for (unsigned i = 0; i < take; i++) {
            struct proof *p = &b.proof[i];
            unsigned m;
            const struct ciphertext *c = branch_of(s, at + i, &m);
            if (at + i && !json_take(proofs, ",")) return P1_ERR_BALLOT_PROOF_LENGTH;
            TRY(proof_parse(proofs, q, p));
            sc_add(q, &sum, &sum, &p->challenge);
            // A = g^response alpha^challenge; B = y^response (beta / g^m)^challenge
            sc_from_u64(&h, m);
            sc_mul(q, &h, &h, &p->challenge);
            sc_sub(q, &b.g_exp[i], &(struct scalar){{0}}, &h);
            b.job[2 * i] =
                (struct mul_job){.out = &b.commit[2 * i], .g = &p->response, .x = &p->challenge, .base = &c->alpha};
            b.job[2 * i + 1] = (struct mul_job){.out = &b.commit[2 * i + 1],
                                                .g = m ? &b.g_exp[i] : NULL,
                                                .y = &p->response,
                                                .x = &p->challenge,
                                                .base = &c->beta};
        }
        mul_run_vartime(&e->group, &e->key_table, b.job, 2 * take, w);
        hash_commitments(e, text, &b, take, at == 0, w);
        at += take;
    }
    if (!s->bare && !json_take(proofs, "]")) return P1_ERR_BALLOT_PROOF_LENGTH;
    hash_scalar(q, text, &h);
    return sc_is_equal(&h, &sum) ? P1_OK : if_false;
}

static void label_scalar(const struct modulus *q, const struct statement_secret *secret, unsigned branch, uint8_t part,
                         struct scalar *out) {
    uint8_t label[sizeof secret->label + 3];
    memcpy(label, secret->label, sizeof secret->label);
    label[sizeof secret->label] = (uint8_t)(branch >> 8);
    label[sizeof secret->label + 1] = (uint8_t)branch;
    label[sizeof secret->label + 2] = part;
    seed_scalar(q, secret->seed, span_of(label, sizeof label), out);
}

// Challenge and response of a branch. The true one gets challenge 0 and the nonce as response: with these, the
// formulas of the simulated branches give its commitments too, so all branches are computed alike.
static void branch_draw(const struct modulus *q, const struct statement_secret *secret, unsigned i, struct proof *p) {
    static const struct scalar zero = {{0}};
    uint64_t real = (secret->real ^ i) == 0;
    label_scalar(q, secret, i, 'c', &p->challenge);
    label_scalar(q, secret, i, 'r', &p->response);
    sc_select(&p->challenge, &zero, &p->challenge, real);
}

static void commit_jobs(const struct election *e, const struct statement *s, const struct statement_secret *secret,
                        struct batch *b, struct scalar *y_exp, unsigned at, unsigned take, struct scalar *sum) {
    const struct modulus *q = &e->group.q;
    struct scalar t;
    for (unsigned i = 0; i < take; i++) {
        struct proof *p = &b->proof[i];
        unsigned m;
        (void)branch_of(s, at + i, &m);
        const struct opening *o = s->head && at + i == 0 ? secret->head : secret->tail;
        branch_draw(q, secret, at + i, p);
        sc_add(q, sum, sum, &p->challenge);
        // Who knows the opening needs only g and y: A = g^k, B = y^k g^((m' - m) challenge), k = response + r challenge.
        sc_mul(q, &y_exp[i], &o->r, &p->challenge);
        sc_add(q, &y_exp[i], &y_exp[i], &p->response);
        sc_from_u64(&t, m);
        sc_sub(q, &t, &o->m, &t);
        sc_mul(q, &b->g_exp[i], &t, &p->challenge);
        b->job[2 * i] = (struct mul_job){.out = &b->commit[2 * i], .g = &y_exp[i]};
        b->job[2 * i + 1] = (struct mul_job){.out = &b->commit[2 * i + 1], .g = &b->g_exp[i], .y = &y_exp[i]};
    }
    wipe(&t, sizeof t);
}

void statement_prove_ct(const struct election *e, const struct statement *s, const struct statement_secret *secret,
                        struct sha256 *text, struct buf *out, struct work *w) {
    const struct modulus *q = &e->group.q;
    const unsigned n = statement_branches(s);
    struct scalar sum = {{0}}, y_exp[BATCH], h;
    struct proof p, real;
    struct batch b;

    for (unsigned at = 0; at < n;) {
        unsigned take = n - at < BATCH ? n - at : BATCH;
        commit_jobs(e, s, secret, &b, y_exp, at, take, &sum);
        mul_run_ct(&e->group, &e->key_table, b.job, 2 * take, w);
        hash_commitments(e, text, &b, take, at == 0, w);
        at += take;
    }
    hash_scalar(q, text, &h);
    sc_sub(q, &real.challenge, &h, &sum);

    // Nothing was kept: the branches are drawn a second time.
    if (!s->bare) buf_char(out, '[');
    for (unsigned i = 0; i < n; i++) {
        const struct opening *o = s->head && i == 0 ? secret->head : secret->tail;
        uint64_t take = (secret->real ^ i) == 0;
        branch_draw(q, secret, i, &p);
        respond(q, &o->r, &p.response, &real);
        sc_select(&p.challenge, &real.challenge, &p.challenge, take);
        sc_select(&p.response, &real.response, &p.response, take);
        if (i) buf_char(out, ',');
        proof_write(out, q, &p);
    }
    if (!s->bare) buf_char(out, ']');
    wipe(&sum, sizeof sum); // of the simulated branches: it tells the true one
    wipe(&b, sizeof b);
    wipe(y_exp, sizeof y_exp);
    wipe(&p, sizeof p);
    wipe(&real, sizeof real);
}
