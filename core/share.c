// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Shares (partial decryptions) and their combination, for tally.h.

#include "core/hash_scalar.h"
#include "core/tally.h"
#include "core/wipe.h"

// "decrypt|", the election's hash, the trustee's key
static void share_text(struct sha256 *text, const struct election *e, struct span key) {
    sha256_init(text);
    sha256_str(text, "decrypt|");
    sha256_put(text, span_of(e->hash64, P1_HASH64));
    sha256_str(text, "|");
    sha256_put(text, key);
    sha256_str(text, "|");
}

// The seed of the nonces: the private key, the election and the whole tally.
static void nonce_seed(const struct election *e, const struct scalar *x, const struct ciphertext *tally,
                       uint8_t seed[SHA256_BYTES], struct work *w) {
    uint8_t digest[SHA256_BYTES];
    struct sha256 text;
    sha256_init(&text);
    sha256_str(&text, "plus1 share|");
    sha256_put(&text, span_of(e->hash64, P1_HASH64));
    for (unsigned i = 0; i < e->choice_count; i++) {
        const struct elem both[2] = {tally[i].alpha, tally[i].beta};
        sha256_str(&text, "|");
        hash_elems(&e->group, &text, both, 2, w);
    }
    sha256_done(&text, digest);
    hmac_sha256(seed, span_of(x, sizeof *x), span_of(digest, sizeof digest));
}

enum p1_err share_make_ct(const struct election *e, const struct scalar *x, const struct ciphertext *tally,
                          struct buf *out, struct work *w) {
    const struct group *g = &e->group;
    struct draws d = {.n = 0};
    struct elem_text key;
    struct elem factor, key_elem;
    struct elem_text t;
    const struct mul_job key_job = {.out = &key_elem, .g = x};
    mul_run_ct(g, NULL, &key_job, 1, w);
    elem_encode(g, &key, &key_elem, 1, w);
    nonce_seed(e, x, tally, d.seed, w);

    buf_str(out, "{\"decryption_factors\":");
    FOR_CHOICES(e, at, q, c) {
        const struct mul_job job = {.out = &factor, .x = x, .base = &tally[at].alpha};
        mul_run_ct(g, NULL, &job, 1, w);
        elem_encode(g, &t, &factor, 1, w);
        shape_before(e, q, c, out);
        buf_char(out, '"');
        buf_put(out, elem_span(&t));
        buf_char(out, '"');
        shape_after(e, q, c, out);
    }
    buf_str(out, ",\"decryption_proofs\":");
    FOR_CHOICES(e, i, qq, cc) {
        struct sha256 text;
        struct scalar nonce;
        struct proof p;
        draw_scalar(&g->q, &d, &nonce);
        share_text(&text, e, elem_span(&key));
        equality_prove_ct(g, x, &nonce, &tally[i].alpha, &text, &p, w);
        shape_before(e, qq, cc, out);
        proof_write(out, &g->q, &p);
        shape_after(e, qq, cc, out);
        wipe(&nonce, sizeof nonce);
    }
    buf_char(out, '}');
    wipe(&d, sizeof d);
    return buf_done(out);
}

enum p1_err share_check(const struct election *e, const struct trustee *t, const struct ciphertext *tally,
                        struct span json, struct elem *factors, struct work *w) {
    struct json j = json_of(json);
    TRY(json_lit(&j, "{\"decryption_factors\":"));
    FOR_CHOICES(e, at, q, c) {
        if (!shape_take_before(e, q, c, &j)) return P1_ERR_SHARE_FORM;
        TRY(json_elem(&j, &e->group, &factors[at], w));
        if (!shape_take_after(e, q, c, &j)) return P1_ERR_SHARE_FORM;
    }
    TRY(json_lit(&j, ",\"decryption_proofs\":"));
    FOR_CHOICES(e, i, qq, cc) {
        struct sha256 text;
        struct proof p;
        if (!shape_take_before(e, qq, cc, &j)) return P1_ERR_SHARE_FORM;
        TRY(proof_parse(&j, &e->group.q, &p));
        if (!shape_take_after(e, qq, cc, &j)) return P1_ERR_SHARE_FORM;
        share_text(&text, e, t->key_text);
        if (!equality_holds(&e->group, &t->key, &tally[i].alpha, &factors[i], &text, &p, w)) return P1_ERR_SHARE;
    }
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

// "plus1 share|", the election's hash, the trustee's key, alpha,factor: and a bar behind each
static void binding_text(struct sha256 *text, const struct election *e, struct span key, const struct elem *alpha,
                         const struct elem *factor, struct work *w) {
    const struct elem both[2] = {*alpha, *factor};
    sha256_init(text);
    sha256_str(text, "plus1 share|");
    sha256_put(text, span_of(e->hash64, P1_HASH64));
    sha256_str(text, "|");
    sha256_put(text, key);
    sha256_str(text, "|");
    hash_elems(&e->group, text, both, 2, w);
    sha256_str(text, "|");
}

enum p1_err share_bind_ct(const struct election *e, const struct scalar *x, const struct ciphertext *tally,
                          struct buf *out, struct work *w) {
    const struct group *g = &e->group;
    struct draws d = {.n = 1u << 31}; // not the nonces of the first proof
    struct elem_text key;
    struct elem key_elem, factor;
    const struct mul_job key_job = {.out = &key_elem, .g = x};
    mul_run_ct(g, NULL, &key_job, 1, w);
    elem_encode(g, &key, &key_elem, 1, w);
    nonce_seed(e, x, tally, d.seed, w);
    FOR_CHOICES(e, at, q, c) {
        const struct mul_job job = {.out = &factor, .x = x, .base = &tally[at].alpha};
        struct sha256 text;
        struct scalar nonce;
        struct proof p;
        mul_run_ct(g, NULL, &job, 1, w);
        draw_scalar(&g->q, &d, &nonce);
        binding_text(&text, e, elem_span(&key), &tally[at].alpha, &factor, w);
        equality_prove_ct(g, x, &nonce, &tally[at].alpha, &text, &p, w);
        shape_before(e, q, c, out);
        proof_write(out, &g->q, &p);
        shape_after(e, q, c, out);
        wipe(&nonce, sizeof nonce);
    }
    wipe(&d, sizeof d);
    return buf_done(out);
}

enum p1_err share_binding_check(const struct election *e, const struct trustee *t, const struct ciphertext *tally,
                                const struct elem *factors, struct span json, struct work *w) {
    struct json j = json_of(json);
    FOR_CHOICES(e, at, q, c) {
        struct sha256 text;
        struct proof p;
        if (!shape_take_before(e, q, c, &j)) return P1_ERR_SHARE_FORM;
        TRY(proof_parse(&j, &e->group.q, &p));
        if (!shape_take_after(e, q, c, &j)) return P1_ERR_SHARE_FORM;
        binding_text(&text, e, t->key_text, &tally[at].alpha, &factors[at], w);
        if (!equality_holds(&e->group, &t->key, &tally[at].alpha, &factors[at], &text, &p, w))
            return P1_ERR_SHARE_BINDING;
    }
    return json_end(&j);
}

size_t share_size_max(const struct election *e) {
    return 64 + (size_t)e->choice_count * (P1_ELEM_TEXT + 2 * P1_SCALAR_TEXT + 64);
}

// ---- combination ----

enum p1_err quorum_choose(const struct trustees *t, struct quorum *q) {
    q->used = 0;
    for (unsigned k = 0; k < t->item_count; k++) {
        const struct trustee_item *item = &t->item[k];
        unsigned need = item->threshold ? item->threshold : 1;
        for (unsigned i = item->first; i < item->first + item->count && need; i++) {
            if (!(q->present >> i & 1)) continue;
            q->used |= (uint64_t)1 << i;
            need--;
        }
        q->missing_item = k;
        if (need) return P1_ERR_SHARES_MISSING;
    }
    return P1_OK;
}

// The Lagrange coefficient of a used trustee for the value at X (0: the secret itself): the product over the other used trustees k
// of its set of (x - k) / (index - k)
static void lagrange(const struct modulus *m, const struct trustees *t, const struct quorum *q, unsigned trustee,
                     unsigned x, struct scalar *out) {
    const struct trustee_item *item = &t->item[t->trustee[trustee].item];
    struct scalar num, den, at, k, own, difference;
    sc_from_u64(&num, 1);
    sc_from_u64(&den, 1);
    sc_from_u64(&at, x);
    sc_from_u64(&own, t->trustee[trustee].index);
    for (unsigned i = item->first; i < item->first + item->count; i++) {
        if (i == trustee || !(q->used >> i & 1)) continue;
        sc_from_u64(&k, t->trustee[i].index);
        sc_sub(m, &difference, &at, &k);
        sc_mul(m, &num, &num, &difference);
        sc_sub(m, &difference, &own, &k);
        sc_mul(m, &den, &den, &difference);
    }
    sc_inv(m, &den, &den);
    sc_mul(m, out, &num, &den);
}

enum p1_err factors_agree_vartime(const struct election *e, const struct trustees *t, const struct quorum *q,
                                  unsigned trustee, const struct elem *factors, struct work *w) {
    const struct trustee_item *item = &t->item[t->trustee[trustee].item];
    for (unsigned c = 0; c < e->choice_count; c++) {
        struct elem sum, power;
        elem_identity(&e->group, &sum);
        for (unsigned i = item->first; i < item->first + item->count; i++) {
            struct scalar l;
            const struct mul_job job = {.out = &power, .x = &l, .base = &factors[i * e->choice_count + c]};
            if (!(q->used >> i & 1)) continue;
            lagrange(&e->group.q, t, q, i, t->trustee[trustee].index, &l);
            mul_run_vartime(&e->group, NULL, &job, 1, w);
            elem_mul_ct(&e->group, &sum, &sum, &power, w);
        }
        if (!elem_equal(&e->group, &sum, &factors[trustee * e->choice_count + c], w)) return P1_ERR_SHARES_CONTRADICT;
    }
    return P1_OK;
}

void factors_add_vartime(const struct election *e, const struct trustees *t, const struct quorum *q, unsigned trustee,
                         const struct elem *factors, struct elem *acc, struct work *w) {
    struct scalar coefficient;
    struct elem power;
    int single = t->item[t->trustee[trustee].item].threshold == 0;
    if (!single) lagrange(&e->group.q, t, q, trustee, 0, &coefficient);
    for (unsigned i = 0; i < e->choice_count; i++) {
        const struct mul_job job = {.out = &power, .x = &coefficient, .base = &factors[i]};
        if (!single) mul_run_vartime(&e->group, NULL, &job, 1, w);
        elem_mul_ct(&e->group, &acc[i], &acc[i], single ? &factors[i] : &power, w);
    }
}
