// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Questions with lists of candidates, checked and made: Belenios specification 3.3.0, sections "Lists answers", "Proofs of list
// constraints" and "Proof of encryption of non-zero". With the individual proofs they show that exactly one list is chosen, at least
// one of its candidates, and no candidate of another list.

#include "core/answer.h"
#include "core/hash_scalar.h"
#include "core/wipe.h"

static int ends_list(const struct question *q, unsigned i) {
    return i + 1 == question_choices(q) || question_is_head(q, i + 1);
}

// ---- check ----

static enum p1_err choice_decode(const struct answer *a, struct json *j, unsigned i, struct ciphertext *out,
                                 struct work *w) {
    struct span alpha, beta;
    TRY(json_lit(j, question_before(a->q, i)));
    TRY(answer_ciphertext(j, &alpha, &beta));
    TRY(elem_decode_trusted(&a->e->group, &out->alpha, alpha, w)); // the individual proofs were checked
    return elem_decode_trusted(&a->e->group, &out->beta, beta, w);
}

static void none(const struct answer *a, struct ciphertext *c) {
    elem_identity(&a->e->group, &c->alpha);
    elem_identity(&a->e->group, &c->beta);
}

static enum p1_err check_lists(const struct answer *a, struct json *proofs, struct work *w) {
    struct json j = a->choices;
    struct ciphertext list, candidates, c;
    none(a, &list);
    none(a, &candidates);
    for (unsigned i = 0, n = 0; i < question_choices(a->q); i++) {
        TRY(choice_decode(a, &j, i, &c, w));
        if (question_is_head(a->q, i)) {
            list = c;
            none(a, &candidates);
        } else {
            ciphertext_mul(&a->e->group, &candidates, &c, w);
        }
        if (!ends_list(a->q, i)) continue;
        const struct statement s = {.head = &list, .head_m = 1, .tail = &candidates, .lo = 0, .hi = 0};
        struct sha256 text;
        if (!json_take(proofs, n++ ? "," : "[")) return P1_ERR_BALLOT_PROOF_LENGTH;
        TRY(answer_text_all(&text, a, "lproof|"));
        TRY(statement_check(a->e, &s, &text, proofs, P1_ERR_BALLOT_LISTS, w));
    }
    return json_take(proofs, "]") ? P1_OK : P1_ERR_BALLOT_PROOF_LENGTH;
}

// {"commitment":"..","challenge":"..","response":["..",".."]}
static enum p1_err check_nonzero(const struct answer *a, const struct ciphertext *c, struct json *j, struct work *w) {
    const struct group *g = &a->e->group;
    struct elem a0, part[4], identity;
    struct scalar challenge, t1, t2, h;
    struct sha256 text;
    TRY(json_lit(j, "{\"commitment\":"));
    TRY(json_elem(j, g, &a0, w));
    TRY(json_lit(j, ",\"challenge\":"));
    TRY(json_scalar(j, &g->q, &challenge));
    TRY(json_lit(j, ",\"response\":["));
    TRY(json_scalar(j, &g->q, &t1));
    TRY(json_lit(j, ","));
    TRY(json_scalar(j, &g->q, &t2));
    TRY(json_lit(j, "]}"));
    elem_identity(g, &identity);
    if (elem_equal(g, &a0, &identity, w)) return P1_ERR_BALLOT_NONZERO;

    // A1 = alpha^t1 g^t2; A2 = beta^t1 y^t2 A0^challenge
    const struct mul_job jobs[] = {{.out = &part[1], .x = &t1, .base = &c->alpha, .g = &t2},
                                   {.out = &part[2], .x = &t1, .base = &c->beta, .y = &t2},
                                   {.out = &part[3], .x = &challenge, .base = &a0}};
    mul_run_vartime(g, &a->e->key_table, jobs, 3, w);
    part[0] = a0;
    elem_mul_ct(g, &part[2], &part[2], &part[3], w);
    TRY(answer_text_all(&text, a, "nonzero|"));
    hash_elems(g, &text, part, 3, w);
    hash_scalar(&g->q, &text, &h);
    return sc_is_equal(&h, &challenge) ? P1_OK : P1_ERR_BALLOT_NONZERO;
}

enum p1_err lists_check(const struct answer *a, struct json *j, struct work *w) {
    struct json choices = a->choices;
    struct ciphertext lists, candidates, c;
    struct sha256 text;
    none(a, &lists);
    none(a, &candidates);
    for (unsigned i = 0; i < question_choices(a->q); i++) {
        TRY(choice_decode(a, &choices, i, &c, w));
        ciphertext_mul(&a->e->group, question_is_head(a->q, i) ? &lists : &candidates, &c, w);
    }
    const struct statement one_list = {.tail = &lists, .lo = 1, .hi = 1, .bare = 1};
    TRY(json_lit(j, ",\"overall_proof\":"));
    TRY(answer_text_all(&text, a, "prove|"));
    answer_text_elems(&text, a, &lists, w);
    TRY(statement_check(a->e, &one_list, &text, j, P1_ERR_BALLOT_OVERALL, w));
    TRY(json_lit(j, ",\"list_proofs\":"));
    TRY(check_lists(a, j, w));
    TRY(json_lit(j, ",\"nonzero_proof\":"));
    return check_nonzero(a, &candidates, j, w);
}

// ---- make ----

unsigned lists_allowed_ct(const struct question *q, const uint8_t *choices) {
    unsigned lists = 0, candidates = 0, stray = 0, head = 0;
    for (unsigned i = 0; i < question_choices(q); i++) {
        if (question_is_head(q, i)) {
            head = choices[i];
            lists += head;
        } else {
            candidates += choices[i];
            stray |= choices[i] & (head ^ 1);
        }
    }
    return (lists == 1) & (candidates != 0) & (stray == 0);
}

static const struct ciphertext present;

static enum p1_err prove_lists(const struct maker *m, struct buf *out) {
    static const struct statement s = {.head = &present, .head_m = 1, .lo = 0, .hi = 0};
    const struct question *q = m->a.q;
    struct opening list = {0}, candidates = {0}, o;
    for (unsigned i = 0, n = 0; i < question_choices(q); i++) {
        maker_opening(m, i, &o);
        if (question_is_head(q, i)) {
            list = o;
            memset(&candidates, 0, sizeof candidates);
        } else {
            opening_add(&m->a.e->group.q, &candidates, &o);
        }
        if (!ends_list(q, i)) continue;
        struct sha256 text;
        buf_char(out, n++ ? ',' : '[');
        TRY(answer_text_all(&text, &m->a, "lproof|"));
        maker_prove_ct(m, &s, &list, &candidates, 1 - list.m.v[0], 'l', i, &text, out);
    }
    buf_char(out, ']');
    wipe(&list, sizeof list);
    wipe(&candidates, sizeof candidates);
    wipe(&o, sizeof o);
    return P1_OK;
}

struct nonzero {
    struct scalar s, w1, w2, rw, mw, ms, t1, t2, challenge;
    struct elem commit[3];
};

// Who knows alpha = g^r and beta = y^r g^m needs only g and y: A0 = g^(m s), A1 = g^(r w1 + w2), A2 = y^(r w1 + w2) g^(m w1)
static enum p1_err nonzero_make(const struct maker *m, const struct opening *sum, struct nonzero *z) {
    const struct group *g = &m->a.e->group;
    struct sha256 text;
    struct scalar *const drawn[] = {&z->s, &z->w1, &z->w2};
    for (unsigned i = 0; i < 3; i++) {
        uint8_t label[8];
        maker_label(label, m, 'n', i);
        seed_scalar(&g->q, m->seed, span_of(label, sizeof label), drawn[i]);
    }
    sc_mul(&g->q, &z->ms, &sum->m, &z->s);
    sc_mul(&g->q, &z->mw, &sum->m, &z->w1);
    sc_mul(&g->q, &z->rw, &sum->r, &z->w1);
    sc_add(&g->q, &z->rw, &z->rw, &z->w2);
    const struct mul_job jobs[] = {{.out = &z->commit[0], .g = &z->ms},
                                   {.out = &z->commit[1], .g = &z->rw},
                                   {.out = &z->commit[2], .y = &z->rw, .g = &z->mw}};
    mul_run_ct(g, &m->a.e->key_table, jobs, 3, m->w);
    TRY(answer_text_all(&text, &m->a, "nonzero|"));
    hash_elems(g, &text, z->commit, 3, m->w);
    hash_scalar(&g->q, &text, &z->challenge);
    // t1 = w1 - s challenge; t2 = w2 + s r challenge
    sc_mul(&g->q, &z->t2, &z->s, &z->challenge);
    sc_sub(&g->q, &z->t1, &z->w1, &z->t2);
    sc_mul(&g->q, &z->t2, &z->t2, &sum->r);
    sc_add(&g->q, &z->t2, &z->t2, &z->w2);
    return P1_OK;
}

static enum p1_err prove_nonzero(const struct maker *m, const struct opening *sum, struct buf *out) {
    const struct modulus *q = &m->a.e->group.q;
    struct nonzero z;
    struct elem_text t;
    enum p1_err err = nonzero_make(m, sum, &z);
    elem_encode(&m->a.e->group, &t, &z.commit[0], 1, m->w);
    buf_str(out, "{\"commitment\":\"");
    buf_put(out, elem_span(&t));
    buf_str(out, "\",\"challenge\":\"");
    sc_encode(q, out, &z.challenge);
    buf_str(out, "\",\"response\":[\"");
    sc_encode(q, out, &z.t1);
    buf_str(out, "\",\"");
    sc_encode(q, out, &z.t2);
    buf_str(out, "\"]}");
    wipe(&z, sizeof z);
    return err;
}

enum p1_err lists_prove_ct(const struct maker *m, struct buf *out) {
    static const struct statement one_list = {.lo = 1, .hi = 1, .bare = 1};
    struct opening lists = {0}, candidates = {0}, o;
    struct ciphertext c;
    struct sha256 text;
    for (unsigned i = 0; i < question_choices(m->a.q); i++) {
        maker_opening(m, i, &o);
        opening_add(&m->a.e->group.q, question_is_head(m->a.q, i) ? &lists : &candidates, &o);
    }
    buf_str(out, ",\"overall_proof\":");
    TRY(answer_text_all(&text, &m->a, "prove|"));
    maker_encrypt_ct(m, &lists, &c);
    answer_text_elems(&text, &m->a, &c, m->w);
    maker_prove_ct(m, &one_list, NULL, &lists, 0, 'o', 0, &text, out);
    buf_str(out, ",\"list_proofs\":");
    TRY(prove_lists(m, out));
    buf_str(out, ",\"nonzero_proof\":");
    enum p1_err err = prove_nonzero(m, &candidates, out);
    wipe(&lists, sizeof lists);
    wipe(&candidates, sizeof candidates);
    wipe(&o, sizeof o);
    return err;
}
