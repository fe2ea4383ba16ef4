// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/tally.h"

static int is_last(const struct election *e, unsigned q, unsigned c) {
    return c + 1 == question_choices(&e->questions[q]);
}

void shape_before(const struct election *e, unsigned q, unsigned c, struct buf *out) {
    if (c == 0) buf_str(out, q ? "," : "[");
    buf_str(out, question_before(&e->questions[q], c));
}

void shape_after(const struct election *e, unsigned q, unsigned c, struct buf *out) {
    if (!is_last(e, q, c)) return;
    buf_str(out, question_after(&e->questions[q]));
    if (q + 1 == e->question_count) buf_char(out, ']');
}

int shape_take_before(const struct election *e, unsigned q, unsigned c, struct json *j) {
    if (c == 0 && !json_take(j, q ? "," : "[")) return 0;
    return json_take(j, question_before(&e->questions[q], c));
}

int shape_take_after(const struct election *e, unsigned q, unsigned c, struct json *j) {
    if (!is_last(e, q, c)) return 1;
    return json_take(j, question_after(&e->questions[q])) && (q + 1 < e->question_count || json_take(j, "]"));
}

void tally_init(const struct election *e, struct ciphertext *tally) {
    for (unsigned i = 0; i < e->choice_count; i++) {
        elem_identity(&e->group, &tally[i].alpha);
        elem_identity(&e->group, &tally[i].beta);
    }
}

void tally_add(const struct election *e, struct ciphertext *tally, const struct ciphertext *choices, uint64_t weight,
               struct work *w) {
    const struct group *g = &e->group;
    struct scalar x;
    sc_from_u64(&x, weight);
    for (unsigned i = 0; i < e->choice_count; i++) {
        struct ciphertext c = choices[i];
        const struct mul_job jobs[] = {{.out = &c.alpha, .x = &x, .base = &choices[i].alpha},
                                       {.out = &c.beta, .x = &x, .base = &choices[i].beta}};
        if (weight != 1) mul_run_vartime(g, NULL, jobs, 2, w);
        elem_mul_ct(g, &tally[i].alpha, &tally[i].alpha, &c.alpha, w);
        elem_mul_ct(g, &tally[i].beta, &tally[i].beta, &c.beta, w);
    }
}

void tally_write(const struct election *e, const struct ciphertext *tally, struct buf *out, struct work *w) {
    FOR_CHOICES(e, at, q, c) {
        const struct elem both[2] = {tally[at].alpha, tally[at].beta};
        struct elem_text t[2];
        elem_encode(&e->group, t, both, 2, w);
        shape_before(e, q, c, out);
        buf_str(out, "{\"alpha\":\"");
        buf_put(out, elem_span(&t[0]));
        buf_str(out, "\",\"beta\":\"");
        buf_put(out, elem_span(&t[1]));
        buf_str(out, "\"}");
        shape_after(e, q, c, out);
    }
}

enum p1_err tally_parse(const struct election *e, struct span json, struct ciphertext *tally, struct work *w) {
    struct json j = json_of(json);
    FOR_CHOICES(e, at, q, c) {
        if (!shape_take_before(e, q, c, &j)) return P1_ERR_TALLY_FORM;
        TRY(json_lit(&j, "{\"alpha\":"));
        TRY(json_elem(&j, &e->group, &tally[at].alpha, w));
        TRY(json_lit(&j, ",\"beta\":"));
        TRY(json_elem(&j, &e->group, &tally[at].beta, w));
        TRY(json_lit(&j, "}"));
        if (!shape_take_after(e, q, c, &j)) return P1_ERR_TALLY_FORM;
    }
    return json_end(&j);
}

size_t tally_size_max(const struct election *e) { return 8 + (size_t)e->choice_count * (2 * P1_ELEM_TEXT + 32); }

void sized_tally_write(const struct sized_tally *s, struct buf *out) {
    buf_str(out, "{\"num_tallied\":");
    buf_u64(out, s->ballots);
    buf_str(out, ",\"total_weight\":");
    buf_count(out, s->weight);
    buf_str(out, ",\"encrypted_tally\":\"");
    buf_hex(out, span_of(s->tally, sizeof s->tally));
    buf_str(out, "\"}");
}

enum p1_err sized_tally_parse(struct span json, struct sized_tally *out) {
    struct json j = json_of(json);
    TRY(json_lit(&j, "{\"num_tallied\":"));
    TRY(json_uint(&j, INT64_MAX, &out->ballots));
    TRY(json_lit(&j, ",\"total_weight\":"));
    TRY(json_count(&j, &out->weight));
    TRY(json_lit(&j, ",\"encrypted_tally\":"));
    TRY(json_hash(&j, out->tally));
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

// ---- result ----

void result_write(const struct election *e, const uint64_t *counts, struct buf *out) {
    buf_str(out, "{\"result\":");
    FOR_CHOICES(e, at, q, c) {
        shape_before(e, q, c, out);
        buf_count(out, counts[at]);
        shape_after(e, q, c, out);
    }
    buf_char(out, '}');
}

enum p1_err result_parse(const struct election *e, struct span json, uint64_t *counts) {
    struct json j = json_of(json);
    TRY(json_lit(&j, "{\"result\":"));
    FOR_CHOICES(e, at, q, c) {
        if (!shape_take_before(e, q, c, &j)) return P1_ERR_RESULT_FORM;
        TRY(json_count(&j, &counts[at]));
        if (!shape_take_after(e, q, c, &j)) return P1_ERR_RESULT_FORM;
    }
    if (!json_take(&j, "}")) return P1_ERR_RESULT_FORM;
    return json_end(&j);
}

enum p1_err result_check(const struct election *e, const struct ciphertext *tally, const struct elem *factors,
                         const uint64_t *counts, unsigned *choice, struct work *w) {
    for (unsigned i = 0; i < e->choice_count; i++) {
        struct scalar n;
        struct elem opened;
        sc_from_u64(&n, counts[i]);
        const struct mul_job job = {.out = &opened, .g = &n};
        mul_run_vartime(&e->group, NULL, &job, 1, w);
        elem_mul_ct(&e->group, &opened, &opened, &factors[i], w);
        *choice = i;
        if (!elem_equal(&e->group, &opened, &tally[i].beta, w)) return P1_ERR_RESULT;
    }
    return P1_OK;
}

// ---- small logarithms ----

static uint64_t root_above(uint64_t v) {
    uint64_t r = 1;
    while (r <= v / r) r = r * 2;
    for (uint64_t bit = r / 2; bit; bit /= 2) {
        if (r - bit > v / (r - bit)) r -= bit;
    }
    return r;
}

// Two words a slot: the fingerprint of g^i, and i + 1; 0 is an empty slot.
static uint64_t slots_for(uint64_t max) {
    uint64_t slots = 2;
    while (slots < 2 * root_above(max)) slots *= 2;
    return slots;
}

size_t dlog_table_bytes(uint64_t max) { return (size_t)slots_for(max) * 2 * sizeof(uint64_t); }

enum { STRIDE = 8 }; // elements that are written as text together

static uint64_t fingerprint(const struct elem_text *t) {
    uint64_t h = 0xcbf29ce484222325u; // FNV-1a: public data, and each find is checked
    for (size_t i = 0; i < t->n; i++) h = (h ^ t->p[i]) * 0x100000001b3u;
    return h ^ h >> 32;
}

void dlog_init(struct dlog *d, const struct group *g, uint64_t max, void *table, struct work *w) {
    struct elem e[STRIDE];
    struct elem_text t[STRIDE];
    d->table = table;
    d->steps = root_above(max);
    d->slots = slots_for(max);
    memset(table, 0, dlog_table_bytes(max));
    elem_identity(g, &e[0]);
    for (uint64_t at = 0; at < d->steps; at += STRIDE) {
        for (size_t i = 1; i < STRIDE; i++) elem_mul_ct(g, &e[i], &e[i - 1], &g->g, w);
        elem_encode(g, t, e, STRIDE, w);
        for (uint64_t i = 0; i < STRIDE && at + i < d->steps; i++) {
            uint64_t f = fingerprint(&t[i]), slot = f & (d->slots - 1);
            while (d->table[2 * slot + 1]) slot = (slot + 1) & (d->slots - 1);
            d->table[2 * slot] = f;
            d->table[2 * slot + 1] = at + i + 1;
        }
        elem_mul_ct(g, &e[0], &e[STRIDE - 1], &g->g, w);
    }
    struct scalar s;
    sc_from_u64(&s, d->steps);
    sc_sub(&g->q, &s, &(struct scalar){{0}}, &s);
    const struct mul_job job = {.out = &d->giant, .g = &s};
    mul_run_vartime(g, NULL, &job, 1, w);
}

static int is_log(const struct group *g, uint64_t v, const struct elem *e, struct work *w) {
    struct scalar s;
    struct elem power;
    sc_from_u64(&s, v);
    const struct mul_job job = {.out = &power, .g = &s};
    mul_run_vartime(g, NULL, &job, 1, w);
    return elem_equal(g, &power, e, w);
}

enum p1_err dlog_find(const struct dlog *d, const struct group *g, const struct ciphertext *c,
                      const struct elem *factor, uint64_t max, uint64_t *out, struct work *w) {
    struct elem target, e[STRIDE];
    struct elem_text t[STRIDE];
    elem_inverse(g, &target, factor, w);
    elem_mul_ct(g, &target, &target, &c->beta, w);
    e[0] = target;
    for (uint64_t at = 0; at * d->steps <= max; at += STRIDE) {
        for (size_t i = 1; i < STRIDE; i++) elem_mul_ct(g, &e[i], &e[i - 1], &d->giant, w);
        elem_encode(g, t, e, STRIDE, w);
        for (uint64_t i = 0; i < STRIDE; i++) {
            uint64_t f = fingerprint(&t[i]);
            for (uint64_t slot = f & (d->slots - 1); d->table[2 * slot + 1]; slot = (slot + 1) & (d->slots - 1)) {
                if (d->table[2 * slot] != f) continue;
                uint64_t v = (at + i) * d->steps + d->table[2 * slot + 1] - 1;
                if (v > max || !is_log(g, v, &target, w)) continue;
                *out = v;
                return P1_OK;
            }
        }
        elem_mul_ct(g, &e[0], &e[STRIDE - 1], &d->giant, w);
    }
    return P1_ERR_RESULT;
}
