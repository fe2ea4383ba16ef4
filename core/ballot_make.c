// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The making of ballots, for ballot.h. Choices are secret: no branch and no index depends on them.

#include "core/ballot.h"
#include "core/hash_scalar.h"
#include "core/wipe.h"

struct maker {
    const struct election *e;
    const struct question *q;
    unsigned number; // of the question
    struct span credential;
    const uint8_t *choices; // of this question
    const uint8_t *seed;
    struct opening first, sum; // the blank choice; the sum of the others
    struct json written;       // the choices in the output, for the proofs' texts
    struct work *w;
};

// ERR_BALLOT_CHOICE tells only that a choice is not allowed.
static enum p1_err allowed(const struct question *q, const uint8_t *choices) {
    unsigned bad = 0, sum = 0, blank = q->blank ? choices[0] : 0;
    for (unsigned i = 0; i < question_choices(q); i++) {
        bad |= choices[i] & ~1u;
        sum += choices[i];
    }
    sum -= blank;
    unsigned in_range = (sum >= q->min) & (sum <= q->max);
    unsigned ok = (blank & (sum == 0)) | ((blank ^ 1) & in_range);
    return bad == 0 && ok ? P1_OK : P1_ERR_BALLOT_CHOICE;
}

// Kinds of labels within the seed: 'e' a ciphertext, 'i' an individual, 'o' an overall, 'b' a blank proof.
static void label_for(uint8_t label[8], const struct maker *m, char kind, unsigned choice) {
    const uint8_t text[8] = {'b', '1', (uint8_t)kind, (uint8_t)m->number, (uint8_t)(choice >> 8), (uint8_t)choice,
                             0,   0};
    memcpy(label, text, 8);
}

static void opening_of(const struct maker *m, unsigned choice, struct opening *out) {
    uint8_t label[8];
    label_for(label, m, 'e', choice);
    seed_scalar(&m->e->group.q, m->seed, span_of(label, sizeof label), &out->r);
    sc_from_u64(&out->m, m->choices[choice]);
}

static void write_choices(struct maker *m, struct buf *out) {
    const struct group *g = &m->e->group;
    const uint8_t *start = out->p + out->n;
    buf_char(out, '[');
    for (unsigned i = 0; i < question_choices(m->q); i++) {
        struct opening o;
        struct elem e[2];
        struct elem_text t[2];
        opening_of(m, i, &o);
        const struct mul_job jobs[] = {{.out = &e[0], .g = &o.r}, {.out = &e[1], .g = &o.m, .y = &o.r}};
        mul_run_ct(g, &m->e->key_table, jobs, 2, m->w);
        elem_encode(g, t, e, 2, m->w);
        buf_str(out, i ? ",{\"alpha\":\"" : "{\"alpha\":\"");
        buf_put(out, elem_span(&t[0]));
        buf_str(out, "\",\"beta\":\"");
        buf_put(out, elem_span(&t[1]));
        buf_str(out, "\"}");
        if (m->q->blank && i == 0) {
            m->first = o;
        } else {
            sc_add(&g->q, &m->sum.r, &m->sum.r, &o.r);
            sc_add(&g->q, &m->sum.m, &m->sum.m, &o.m);
        }
        wipe(&o, sizeof o);
    }
    buf_char(out, ']');
    m->written = json_of(span_of(start, (size_t)(out->p + out->n - start)));
}

static void put_context(struct sha256 *text, const struct maker *m) {
    sha256_put(text, span_of(m->e->hash64, P1_HASH64));
    sha256_str(text, "|");
    sha256_put(text, m->credential);
    sha256_str(text, "|");
}

// The choices as "alpha,beta" for CHOICE, or all of them with commas for choice = -1.
static void put_written(struct sha256 *text, const struct maker *m, int choice) {
    struct json j = m->written;
    int first = 1;
    for (int i = 0; i < (int)question_choices(m->q); i++) {
        struct span alpha, beta;
        if (!json_take(&j, i ? ",{\"alpha\":" : "[{\"alpha\":") || json_plain(&j, &alpha) != P1_OK ||
            !json_take(&j, ",\"beta\":") || json_plain(&j, &beta) != P1_OK || !json_take(&j, "}"))
            return; // the output was too small: said at the end
        if (choice >= 0 && i != choice) continue;
        if (!first) sha256_str(text, ",");
        first = 0;
        sha256_put(text, alpha);
        sha256_str(text, ",");
        sha256_put(text, beta);
    }
}

static void prove(const struct maker *m, const struct statement *s, const struct opening *head,
                  const struct opening *tail, uint64_t real, char kind, unsigned choice, struct sha256 *text,
                  struct buf *out) {
    struct statement_secret secret = {.head = head, .tail = tail, .real = real, .seed = m->seed};
    label_for(secret.label, m, kind, choice);
    statement_prove_ct(m->e, s, &secret, text, out, m->w);
}

static void write_individual(const struct maker *m, struct buf *out) {
    static const struct statement zero_or_one = {.lo = 0, .hi = 1};
    buf_char(out, '[');
    for (unsigned i = 0; i < question_choices(m->q); i++) {
        struct opening o;
        struct sha256 text;
        if (i) buf_char(out, ',');
        opening_of(m, i, &o);
        sha256_init(&text);
        sha256_str(&text, "prove|");
        put_context(&text, m);
        put_written(&text, m, (int)i);
        sha256_str(&text, "|");
        prove(m, &zero_or_one, NULL, &o, m->choices[i], 'i', i, &text, out);
        wipe(&o, sizeof o);
    }
    buf_char(out, ']');
}

static void put_sum(struct sha256 *text, const struct maker *m) {
    struct elem e[2];
    const struct mul_job jobs[] = {{.out = &e[0], .g = &m->sum.r}, {.out = &e[1], .g = &m->sum.m, .y = &m->sum.r}};
    mul_run_ct(&m->e->group, &m->e->key_table, jobs, 2, m->w);
    hash_elems(&m->e->group, text, e, 2, m->w);
    sha256_str(text, "|");
}

static void begin_text(struct sha256 *text, const struct maker *m, const char *tag) {
    sha256_init(text);
    sha256_str(text, tag);
    put_context(text, m);
    put_written(text, m, -1);
    sha256_str(text, "|");
}

static void write_overall(const struct maker *m, struct buf *out) {
    static const struct ciphertext none; // present or not is all that the maker's statement tells
    const struct statement s = {.head = m->q->blank ? &none : NULL, .head_m = 1, .lo = m->q->min, .hi = m->q->max};
    struct sha256 text;
    uint64_t real = m->sum.m.v[0] - m->q->min; // sums are small: one limb
    begin_text(&text, m, m->q->blank ? "bproof1|" : "prove|");
    if (m->q->blank) {
        real = (real + 1) * (1 - m->first.m.v[0]);
    } else {
        put_sum(&text, m);
    }
    prove(m, &s, m->q->blank ? &m->first : NULL, &m->sum, real, 'o', 0, &text, out);
}

static void write_blank(const struct maker *m, struct buf *out) {
    static const struct ciphertext none;
    static const struct statement s = {.head = &none, .head_m = 0, .lo = 0, .hi = 0};
    struct sha256 text;
    begin_text(&text, m, "bproof0|");
    prove(m, &s, &m->first, &m->sum, m->first.m.v[0], 'b', 0, &text, out);
}

static void write_answer(struct maker *m, struct buf *out) {
    buf_str(out, "{\"choices\":");
    write_choices(m, out);
    buf_str(out, ",\"individual_proofs\":");
    write_individual(m, out);
    buf_str(out, ",\"overall_proof\":");
    write_overall(m, out);
    if (m->q->blank) {
        buf_str(out, ",\"blank_proof\":");
        write_blank(m, out);
    }
    buf_char(out, '}');
}

enum p1_err ballot_make_unsigned_ct(const struct election *e, struct span credential, const uint8_t *choices,
                                    const uint8_t seed[32], struct buf *out, struct work *w) {
    const uint8_t *of_question = choices;
    for (unsigned i = 0; i < e->question_count; i++) {
        TRY(allowed(&e->questions[i], of_question));
        of_question += question_choices(&e->questions[i]);
    }
    buf_str(out, "{\"election_uuid\":\"");
    buf_put(out, e->uuid);
    buf_str(out, "\",\"election_hash\":\"");
    buf_put(out, span_of(e->hash64, P1_HASH64));
    buf_str(out, "\",\"credential\":\"");
    buf_put(out, credential);
    buf_str(out, "\",\"answers\":[");
    for (unsigned i = 0; i < e->question_count; i++) {
        struct maker m = {.e = e,
                          .q = &e->questions[i],
                          .number = i,
                          .credential = credential,
                          .choices = choices,
                          .seed = seed,
                          .w = w};
        if (i) buf_char(out, ',');
        write_answer(&m, out);
        choices += question_choices(m.q);
        wipe(&m, sizeof m);
    }
    buf_char(out, ']');
    return buf_done(out);
}

enum p1_err ballot_sign_ct(const struct election *e, const struct scalar *x, const uint8_t random[32],
                           char code[P1_HASH64], struct buf *out, struct work *w) {
    struct sha256 text;
    struct proof p;
    struct scalar nonce;
    uint8_t key[SHA256_BYTES];
    ballot_code(code, buf_span(out));

    // The nonce is hedged: random bytes that repeat would still give another nonce for another key or ballot.
    hmac_sha256(key, span_of(random, 32), span_of(x, sizeof *x));
    seed_scalar(&e->group.q, key, span_of(code, P1_HASH64), &nonce);
    sha256_init(&text);
    sha256_str(&text, "sig|");
    sha256_put(&text, span_of(code, P1_HASH64));
    sha256_str(&text, "|");
    schnorr_prove_ct(&e->group, x, &nonce, &text, &p, w);
    wipe(&nonce, sizeof nonce);
    wipe(key, sizeof key);

    buf_str(out, ",\"signature\":{\"hash\":\"");
    buf_put(out, span_of(code, P1_HASH64));
    buf_str(out, "\",\"proof\":");
    proof_write(out, &e->group.q, &p);
    buf_str(out, "}}");
    return buf_done(out);
}

// ---- opening with the seed ----

// Is beta y^r (the choice is 0) or y^r g (1)?
static enum p1_err choice_open(struct maker *m, struct json *j, unsigned i, uint8_t *choice) {
    const struct group *g = &m->e->group;
    struct ciphertext c;
    struct elem e[3];
    struct opening o;
    uint8_t label[8];
    TRY(json_lit(j, i ? ",{\"alpha\":" : "{\"alpha\":"));
    TRY(json_elem(j, g, &c.alpha, m->w));
    TRY(json_lit(j, ",\"beta\":"));
    TRY(json_elem(j, g, &c.beta, m->w));
    TRY(json_lit(j, "}"));
    label_for(label, m, 'e', i);
    seed_scalar(&g->q, m->seed, span_of(label, sizeof label), &o.r);
    sc_from_u64(&o.m, 1);
    const struct mul_job jobs[] = {
        {.out = &e[0], .g = &o.r}, {.out = &e[1], .y = &o.r}, {.out = &e[2], .y = &o.r, .g = &o.m}};
    mul_run_vartime(g, &m->e->key_table, jobs, 3, m->w);
    *choice = (uint8_t)elem_equal(g, &c.beta, &e[2], m->w);
    int known = elem_equal(g, &c.alpha, &e[0], m->w) && (*choice || elem_equal(g, &c.beta, &e[1], m->w));
    return known ? P1_OK : P1_ERR_BALLOT_SEED;
}

enum p1_err ballot_open_vartime(const struct election *e, struct span json, const uint8_t seed[32], uint8_t *choices,
                                struct buf *space, struct work *w) {
    struct json j = json_of(json);
    struct span ignored, credential;
    uint8_t *choice = choices;
    TRY(ballot_credential(json, &credential));
    TRY(json_lit(&j, "{\"election_uuid\":"));
    TRY(json_plain(&j, &ignored));
    TRY(json_lit(&j, ",\"election_hash\":"));
    TRY(json_plain(&j, &ignored));
    TRY(json_lit(&j, ",\"credential\":"));
    TRY(json_plain(&j, &ignored));
    TRY(json_lit(&j, ",\"answers\":["));
    for (unsigned i = 0; i < e->question_count; i++) {
        struct maker m = {.e = e, .q = &e->questions[i], .number = i, .seed = seed, .w = w};
        TRY(json_lit(&j, i ? ",{\"choices\":[" : "{\"choices\":["));
        for (unsigned k = 0; k < question_choices(m.q); k++) TRY(choice_open(&m, &j, k, choice++));
        TRY(json_lit(&j, "],\"individual_proofs\":"));
        TRY(json_skip(&j, &ignored));
        TRY(json_lit(&j, ",\"overall_proof\":"));
        TRY(json_skip(&j, &ignored));
        if (m.q->blank) {
            TRY(json_lit(&j, ",\"blank_proof\":"));
            TRY(json_skip(&j, &ignored));
        }
        TRY(json_lit(&j, "}"));
    }
    if (ballot_make_unsigned_ct(e, credential, choices, seed, space, w) != P1_OK) return P1_ERR_BALLOT_SEED;
    if (json.n < space->n || memcmp(json.p, space->p, space->n) != 0) return P1_ERR_BALLOT_SEED;
    return P1_OK;
}

size_t ballot_size_max(const struct election *e) {
    size_t number = e->group.p.n ? P1_SCALAR_TEXT : 78; // digits of a scalar or an element
    size_t proof = 2 * number + 32, size = 512 + 3 * number;
    for (unsigned i = 0; i < e->question_count; i++) {
        const struct question *q = &e->questions[i];
        size_t choices = question_choices(q), branches = q->max - q->min + 4;
        size += choices * (2 * number + 24 + 2 * proof + 8) + branches * proof + 128;
    }
    return size;
}
