// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The making of ballots, for ballot.h. Choices are secret: no branch and no index depends on them.

#include "core/answer.h"
#include "core/ballot.h"
#include "core/hash_scalar.h"
#include "core/public.h"
#include "core/wipe.h"

static unsigned choices_allowed_ct(const struct question *q, const uint8_t *choices) {
    unsigned sum = 0, blank = q->blank ? choices[0] : 0;
    for (unsigned i = 0; i < question_choices(q); i++) sum += choices[i];
    sum -= blank;
    unsigned in_range = (sum >= q->min) & (sum <= q->max);
    return (blank & (sum == 0)) | ((blank ^ 1) & in_range);
}

// ERR_BALLOT_CHOICE tells only that a choice is not allowed.
static enum p1_err allowed(const struct question *q, const uint8_t *choices) {
    unsigned bad = 0;
    for (unsigned i = 0; i < question_choices(q); i++) bad |= choices[i] & ~1u;
    now_public(&bad, sizeof bad); // that the choices are refused
    if (bad) return P1_ERR_BALLOT_CHOICE;
    unsigned ok = q->kind == QUESTION_LISTS ? lists_allowed_ct(q, choices) : choices_allowed_ct(q, choices);
    now_public(&ok, sizeof ok);
    return ok ? P1_OK : P1_ERR_BALLOT_CHOICE;
}

void maker_label(uint8_t label[8], const struct maker *m, char kind, unsigned choice) {
    const uint8_t text[8] = {'b', '1', (uint8_t)kind, (uint8_t)m->number, (uint8_t)(choice >> 8), (uint8_t)choice,
                             0,   0};
    memcpy(label, text, 8);
}

void maker_opening(const struct maker *m, unsigned choice, struct opening *out) {
    uint8_t label[8];
    maker_label(label, m, 'e', choice);
    seed_scalar(&m->a.e->group.q, m->seed, span_of(label, sizeof label), &out->r);
    sc_from_u64(&out->m, m->choices[choice]);
}

void opening_add(const struct modulus *q, struct opening *acc, const struct opening *o) {
    sc_add(q, &acc->r, &acc->r, &o->r);
    sc_add(q, &acc->m, &acc->m, &o->m);
}

void maker_encrypt_ct(const struct maker *m, const struct opening *o, struct ciphertext *out) {
    const struct mul_job jobs[] = {{.out = &out->alpha, .g = &o->r}, {.out = &out->beta, .g = &o->m, .y = &o->r}};
    mul_run_ct(&m->a.e->group, &m->a.e->key_table, jobs, 2, m->w);
}

void maker_prove_ct(const struct maker *m, const struct statement *s, const struct opening *head,
                    const struct opening *tail, uint64_t real, char kind, unsigned choice, struct sha256 *text,
                    struct buf *out) {
    struct statement_secret secret = {.head = head, .tail = tail, .real = real, .seed = m->seed};
    maker_label(secret.label, m, kind, choice);
    statement_prove_ct(m->a.e, s, &secret, text, out, m->w);
    wipe(&secret, sizeof secret);
}

static void write_choices(struct maker *m, struct buf *out) {
    const struct question *q = m->a.q;
    const uint8_t *start = out->p + out->n;
    for (unsigned i = 0; i < question_choices(q); i++) {
        struct opening o;
        struct ciphertext c;
        struct elem_text t[2];
        maker_opening(m, i, &o);
        maker_encrypt_ct(m, &o, &c);
        const struct elem both[2] = {c.alpha, c.beta};
        elem_encode(&m->a.e->group, t, both, 2, m->w);
        now_public(t, sizeof t); // what is cast
        buf_str(out, question_before(q, i));
        buf_str(out, "{\"alpha\":\"");
        buf_put(out, elem_span(&t[0]));
        buf_str(out, "\",\"beta\":\"");
        buf_put(out, elem_span(&t[1]));
        buf_str(out, "\"}");
        wipe(&o, sizeof o);
    }
    buf_str(out, question_after(q));
    m->a.choices = json_of(span_of(start, (size_t)(out->p + out->n - start)));
}

static enum p1_err write_individual(const struct maker *m, struct buf *out) {
    static const struct statement zero_or_one = {.lo = 0, .hi = 1};
    const struct question *q = m->a.q;
    struct json j = m->a.choices;
    for (unsigned i = 0; i < question_choices(q); i++) {
        struct span alpha, beta;
        struct opening o;
        struct sha256 text;
        TRY(json_lit(&j, question_before(q, i)));
        TRY(answer_ciphertext(&j, &alpha, &beta));
        buf_str(out, question_before(q, i));
        maker_opening(m, i, &o);
        answer_text_one(&text, &m->a, alpha, beta);
        maker_prove_ct(m, &zero_or_one, NULL, &o, m->choices[i], 'i', i, &text, out);
        wipe(&o, sizeof o);
    }
    buf_str(out, question_after(q));
    return P1_OK;
}

// The blank choice; the sum of the others.
struct sums {
    struct opening blank, rest;
};

static void sum_up(const struct maker *m, struct sums *sums) {
    memset(sums, 0, sizeof *sums);
    for (unsigned i = 0; i < question_choices(m->a.q); i++) {
        struct opening o;
        maker_opening(m, i, &o);
        opening_add(&m->a.e->group.q, m->a.q->blank && i == 0 ? &sums->blank : &sums->rest, &o);
        wipe(&o, sizeof o);
    }
}

// Present or not is all that the maker's statement tells of its ciphertexts.
static const struct ciphertext present;

static enum p1_err write_overall(const struct maker *m, const struct sums *sums, struct buf *out) {
    const struct question *q = m->a.q;
    const struct statement s = {.head = q->blank ? &present : NULL, .head_m = 1, .lo = q->min, .hi = q->max};
    struct sha256 text;
    uint64_t real = sums->rest.m.v[0] - q->min; // sums are small: one limb
    TRY(answer_text_all(&text, &m->a, q->blank ? "bproof1|" : "prove|"));
    if (q->blank) {
        real = (real + 1) * (1 - sums->blank.m.v[0]);
    } else {
        struct ciphertext c;
        maker_encrypt_ct(m, &sums->rest, &c);
        answer_text_elems(&text, &m->a, &c, m->w);
    }
    maker_prove_ct(m, &s, q->blank ? &sums->blank : NULL, &sums->rest, real, 'o', 0, &text, out);
    return P1_OK;
}

static enum p1_err write_blank(const struct maker *m, const struct sums *sums, struct buf *out) {
    static const struct statement s = {.head = &present, .head_m = 0, .lo = 0, .hi = 0};
    struct sha256 text;
    TRY(answer_text_all(&text, &m->a, "bproof0|"));
    maker_prove_ct(m, &s, &sums->blank, &sums->rest, sums->blank.m.v[0], 'b', 0, &text, out);
    return P1_OK;
}

static enum p1_err write_proofs(const struct maker *m, const struct sums *sums, struct buf *out) {
    buf_str(out, ",\"overall_proof\":");
    TRY(write_overall(m, sums, out));
    if (!m->a.q->blank) return P1_OK;
    buf_str(out, ",\"blank_proof\":");
    return write_blank(m, sums, out);
}

static enum p1_err write_answer(struct maker *m, struct buf *out) {
    struct sums sums;
    enum p1_err err;
    buf_str(out, "{\"choices\":");
    write_choices(m, out);
    if (out->full) return P1_ERR_SPACE;
    buf_str(out, ",\"individual_proofs\":");
    TRY(write_individual(m, out));
    if (m->a.q->kind == QUESTION_LISTS) {
        err = lists_prove_ct(m, out);
    } else {
        sum_up(m, &sums);
        err = write_proofs(m, &sums, out);
        wipe(&sums, sizeof sums);
    }
    buf_char(out, '}');
    return err;
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
        struct maker m = {.a = {.e = e, .q = &e->questions[i], .credential = credential},
                          .number = i,
                          .choices = choices,
                          .seed = seed,
                          .w = w};
        if (i) buf_char(out, ',');
        TRY(write_answer(&m, out));
        choices += question_choices(m.a.q);
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
static enum p1_err choice_open(const struct maker *m, struct json *j, unsigned i, uint8_t *choice) {
    const struct group *g = &m->a.e->group;
    struct span alpha, beta;
    struct ciphertext c;
    struct elem e[3];
    struct scalar r, one;
    uint8_t label[8];
    TRY(json_lit(j, question_before(m->a.q, i)));
    TRY(answer_ciphertext(j, &alpha, &beta));
    TRY(elem_decode(g, &c.alpha, alpha, m->w));
    TRY(elem_decode(g, &c.beta, beta, m->w));
    maker_label(label, m, 'e', i);
    seed_scalar(&g->q, m->seed, span_of(label, sizeof label), &r);
    sc_from_u64(&one, 1);
    const struct mul_job jobs[] = {
        {.out = &e[0], .g = &r}, {.out = &e[1], .y = &r}, {.out = &e[2], .y = &r, .g = &one}};
    mul_run_vartime(g, &m->a.e->key_table, jobs, 3, m->w);
    *choice = (uint8_t)elem_equal(g, &c.beta, &e[2], m->w);
    int known = elem_equal(g, &c.alpha, &e[0], m->w) && (*choice || elem_equal(g, &c.beta, &e[1], m->w));
    return known ? P1_OK : P1_ERR_BALLOT_SEED;
}

enum p1_err ballot_open_vartime(const struct election *e, struct span json, const uint8_t seed[32], uint8_t *choices,
                                struct buf *space, struct work *w) {
    struct span credential;
    struct json j;
    uint8_t *choice = choices;
    TRY(ballot_head(json, &credential, &j));
    TRY(json_lit(&j, "["));
    for (unsigned i = 0; i < e->question_count; i++) {
        const struct maker m = {.a = {.e = e, .q = &e->questions[i]}, .number = i, .seed = seed, .w = w};
        TRY(json_lit(&j, i ? ",{\"choices\":" : "{\"choices\":"));
        for (unsigned k = 0; k < question_choices(m.a.q); k++) TRY(choice_open(&m, &j, k, choice++));
        TRY(json_lit(&j, question_after(m.a.q)));
        TRY(answer_skip_proofs(&j, m.a.q));
        TRY(json_lit(&j, "}"));
    }
    TRY(json_lit(&j, "]")); // then nothing, as it was made; or the end; or its signature
    if (json_take(&j, ",\"signature\":")) {
        struct span ignored;
        TRY(json_skip(&j, &ignored));
        TRY(json_lit(&j, "}"));
    } else {
        json_take(&j, "}");
    }
    TRY(json_end(&j));
    if (ballot_make_unsigned_ct(e, credential, choices, seed, space, w) != P1_OK) return P1_ERR_BALLOT_SEED;
    if (json.n < space->n || memcmp(json.p, space->p, space->n) != 0) return P1_ERR_BALLOT_SEED;
    return P1_OK;
}

size_t ballot_size_max(const struct election *e) {
    size_t number = e->group.p.n ? P1_SCALAR_TEXT : 78; // digits of a scalar or an element
    size_t proof = 2 * number + 32, size = 512 + 3 * number + e->uuid.n;
    for (unsigned i = 0; i < e->question_count; i++) {
        const struct question *q = &e->questions[i];
        size_t choices = question_choices(q), branches = q->max - q->min + 6;
        size += choices * (2 * number + 24 + 4 * proof + 16) + branches * proof + 128;
    }
    return size;
}
