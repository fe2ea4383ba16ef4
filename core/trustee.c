// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/trustee.h"

#include "core/hash_scalar.h"
#include "core/wipe.h"

// ---- verification keys ----

static void pok_text(struct sha256 *text, const struct group *g, struct span key) {
    sha256_init(text);
    sha256_str(text, "pok|");
    sha256_str(text, g->ops->name);
    sha256_str(text, "|");
    sha256_put(text, key);
    sha256_str(text, "|");
}

enum p1_err trustee_key_parse(struct json *j, const struct group *g, struct trustee_key *out, struct work *w) {
    struct sha256 text;
    memset(out, 0, sizeof *out);
    TRY(json_lit(j, "{\"pok\":"));
    TRY(proof_parse(j, &g->q, &out->pok));
    TRY(json_lit(j, ",\"public_key\":"));
    TRY(json_plain(j, &out->key_text));
    TRY(elem_decode_key(g, &out->key, out->key_text, w));
    if (json_take(j, ",\"signature\":")) {
        out->has_signature = 1;
        TRY(proof_parse(j, &g->q, &out->signature));
    }
    if (json_take(j, ",\"name\":")) TRY(json_quoted(j, &out->name));
    TRY(json_lit(j, "}"));
    pok_text(&text, g, out->key_text);
    return schnorr_holds(g, &out->key, &text, &out->pok, w) ? P1_OK : P1_ERR_TRUSTEE_POK;
}

void trustee_key_write(const struct group *g, const struct scalar *x, const struct scalar *sign_with, struct draws *d,
                       struct buf *out, struct work *w) {
    struct sha256 text;
    struct elem_text key;
    struct scalar nonce;
    struct proof p;
    struct elem e;
    const struct mul_job job = {.out = &e, .g = x};
    mul_run_ct(g, NULL, &job, 1, w);
    elem_encode(g, &key, &e, 1, w);

    draw_scalar(&g->q, d, &nonce);
    pok_text(&text, g, elem_span(&key));
    schnorr_prove_ct(g, x, &nonce, &text, &p, w);
    buf_str(out, "{\"pok\":");
    proof_write(out, &g->q, &p);
    buf_str(out, ",\"public_key\":\"");
    buf_put(out, elem_span(&key));
    buf_char(out, '"');
    if (sign_with) {
        draw_scalar(&g->q, d, &nonce);
        sigmsg_text(&text, "", elem_span(&key));
        schnorr_prove_ct(g, sign_with, &nonce, &text, &p, w);
        buf_str(out, ",\"signature\":");
        proof_write(out, &g->q, &p);
    }
    buf_char(out, '}');
    wipe(&nonce, sizeof nonce);
}

// ---- parts of a Pedersen set ----

static enum p1_err context_parse(struct json *j, const struct group *g, unsigned index, unsigned size,
                                 unsigned *threshold) {
    struct span group;
    uint64_t n, t, i;
    TRY(json_lit(j, "\"context\":{\"group\":"));
    TRY(json_plain(j, &group));
    TRY(json_lit(j, ",\"size\":"));
    TRY(json_uint(j, P1_TRUSTEES_MAX, &n));
    TRY(json_lit(j, ",\"threshold\":"));
    TRY(json_uint(j, P1_TRUSTEES_MAX, &t));
    TRY(json_lit(j, ",\"index\":"));
    TRY(json_uint(j, P1_TRUSTEES_MAX, &i));
    TRY(json_lit(j, "},"));
    int fits = span_eq(group, span_str(g->ops->name)) && t >= 1 && t <= n && i >= 1 && i <= n;
    fits = fits && (!index || i == index) && (!size || n == size) && (!*threshold || t == *threshold);
    *threshold = (unsigned)t;
    return fits ? P1_OK : P1_ERR_TRUSTEE_CONTEXT;
}

enum p1_err certificate_parse(struct json *j, const struct group *g, unsigned index, unsigned size, unsigned *threshold,
                              struct certificate *out, struct buf *arena, struct work *w) {
    const uint8_t *start = j->p;
    struct span message, key;
    struct proof signature;
    memset(out, 0, sizeof *out);
    TRY(signed_parse(j, &g->q, &message, &signature, arena));
    out->json = span_of(start, (size_t)(j->p - start));

    struct json m = json_of(message);
    TRY(json_lit(&m, "{"));
    struct json peek = m;
    if (json_take(&peek, "\"context\"")) {
        out->has_context = 1;
        TRY(context_parse(&m, g, index, size, threshold));
    }
    TRY(json_lit(&m, "\"verification\":"));
    TRY(json_plain(&m, &key));
    TRY(elem_decode_key(g, &out->vk, key, w));
    TRY(json_lit(&m, ",\"encryption\":"));
    TRY(json_plain(&m, &key));
    TRY(elem_decode_key(g, &out->ek, key, w));
    TRY(json_lit(&m, "}"));
    TRY(json_end(&m));
    return signed_check(g, &out->vk, message, &signature, w);
}

enum p1_err coefexps_parse(struct json *j, const struct group *g, const struct elem *vk, unsigned threshold,
                           struct elem *out, struct span *list, struct buf *arena, struct work *w) {
    struct span message;
    struct proof signature;
    TRY(signed_parse(j, &g->q, &message, &signature, arena));
    TRY(signed_check(g, vk, message, &signature, w));
    struct json m = json_of(message);
    TRY(json_lit(&m, "{\"coefexps\":"));
    const uint8_t *start = m.p;
    TRY(json_lit(&m, "["));
    for (unsigned k = 0; k < threshold; k++) {
        if (k && !json_take(&m, ",")) return P1_ERR_TRUSTEE_COEFEXPS;
        TRY(json_elem(&m, g, &out[k], w));
    }
    if (!json_take(&m, "]")) return P1_ERR_TRUSTEE_COEFEXPS;
    *list = span_of(start, (size_t)(m.p - start));
    TRY(json_lit(&m, "}"));
    return json_end(&m);
}

void certs_signature_text(struct sha256 *text, const struct certificates *c, struct span list) {
    sha256_init(text);
    sha256_str(text, "sigmsg|certs_sig|{\"certs\":[");
    for (unsigned i = 0; i < c->count; i++) {
        if (i) sha256_str(text, ",");
        sha256_put(text, c->cert[i].json);
    }
    sha256_str(text, "],\"coefexps\":");
    sha256_put(text, list);
    sha256_str(text, "}|");
}

enum p1_err certs_signature_check(const struct group *g, const struct certificates *c, struct span list,
                                  const struct elem *vk, const struct proof *p, struct work *w) {
    struct sha256 text;
    certs_signature_text(&text, c, list);
    return schnorr_holds(g, vk, &text, p, w) ? P1_OK : P1_ERR_TRUSTEE_CERTS;
}

void coefexps_eval_vartime(const struct group *g, const struct elem *coef, unsigned n, unsigned j, struct elem *out,
                           struct work *w) {
    struct scalar x;
    sc_from_u64(&x, j);
    *out = coef[n - 1];
    for (unsigned k = n - 1; k-- > 0;) {
        const struct mul_job job = {.out = out, .x = &x, .base = out};
        mul_run_vartime(g, NULL, &job, 1, w);
        elem_mul_ct(g, out, out, &coef[k], w);
    }
}

// ---- a Pedersen set ----

struct pedersen {
    struct certificates certs;
    struct elem sum[P1_TRUSTEES_MAX]; // products of all trustees' k-th coefficients
    struct span list[P1_TRUSTEES_MAX];
    unsigned threshold;
    int modern; // made by Belenios from 2.5.1 on, or by us
};

static enum p1_err certs_parse(struct trustees *t, struct pedersen *p, const struct group *g, struct json *j,
                               struct buf *arena, struct work *w) {
    struct certificates *c = &p->certs;
    struct json count = *j;
    unsigned size = 0, contexts = 0;
    TRY(json_lit(j, "["));
    // The size must be known before the first context is read.
    TRY(json_lit(&count, "["));
    for (int first = 1, more;; size++) {
        struct span ignored;
        TRY(json_next(&count, &first, &more));
        if (!more) break;
        TRY(json_skip(&count, &ignored));
    }
    if (size == 0 || size > P1_TRUSTEES_MAX - t->count) return P1_ERR_TRUSTEE_COUNT;
    for (c->count = 0; c->count < size; c->count++) {
        t->at = t->count + c->count + 1;
        if (c->count) TRY(json_lit(j, ","));
        TRY(certificate_parse(j, g, c->count + 1, size, &p->threshold, &c->cert[c->count], arena, w));
        contexts += (unsigned)c->cert[c->count].has_context;
    }
    // Who makes contexts signs the certificates too (since Belenios 2.5.1): without that it is no old setup, but a stripped one.
    p->modern = contexts > 0;
    if (p->modern && contexts < size) return P1_ERR_TRUSTEE_CONTEXT;
    if (!p->modern) t->lacks |= TRUSTEES_NO_CONTEXT;
    return json_lit(j, "]");
}

static enum p1_err all_coefexps_parse(struct trustees *t, struct pedersen *p, const struct group *g, struct json *j,
                                      struct buf *arena, struct work *w) {
    struct elem coef[P1_TRUSTEES_MAX];
    for (unsigned k = 0; k < p->threshold; k++) elem_identity(g, &p->sum[k]);
    TRY(json_lit(j, "["));
    for (unsigned i = 0; i < p->certs.count; i++) {
        t->at = t->count + i + 1;
        if (i) TRY(json_lit(j, ","));
        TRY(coefexps_parse(j, g, &p->certs.cert[i].vk, p->threshold, coef, &p->list[i], arena, w));
        for (unsigned k = 0; k < p->threshold; k++) elem_mul_ct(g, &p->sum[k], &p->sum[k], &coef[k], w);
    }
    return json_lit(j, "]");
}

static enum p1_err certs_signatures_parse(struct trustees *t, const struct pedersen *p, const struct group *g,
                                          struct json *j, struct work *w) {
    TRY(json_lit(j, "["));
    for (unsigned i = 0; i < p->certs.count; i++) {
        struct proof signature;
        t->at = t->count + i + 1;
        if (i) TRY(json_lit(j, ","));
        TRY(proof_parse(j, &g->q, &signature));
        TRY(certs_signature_check(g, &p->certs, p->list[i], &p->certs.cert[i].vk, &signature, w));
    }
    return json_lit(j, "]");
}

// Who stands in an item before has the same key and the same shares: not one trustee more. (Those of a set have one key where one of
// them is enough.)
static enum p1_err add_trustee(struct trustees *t, const struct trustee_key *k, unsigned index) {
    for (unsigned i = 0; i < t->count; i++) {
        if (t->trustee[i].item != t->item_count && span_eq(k->key_text, t->trustee[i].key_text))
            return P1_ERR_TRUSTEE_TWICE;
    }
    t->trustee[t->count++] = (struct trustee){
        .key = k->key, .key_text = k->key_text, .name = k->name, .item = t->item_count, .index = index};
    return P1_OK;
}

static enum p1_err verification_keys_parse(struct trustees *t, const struct pedersen *p, const struct group *g,
                                           struct json *j, struct work *w) {
    TRY(json_lit(j, "["));
    for (unsigned i = 0; i < p->certs.count; i++) {
        struct trustee_key k;
        struct elem expected;
        t->at = t->count + 1;
        if (i) TRY(json_lit(j, ","));
        TRY(trustee_key_parse(j, g, &k, w));
        coefexps_eval_vartime(g, p->sum, p->threshold, i + 1, &expected, w);
        if (!elem_equal(g, &k.key, &expected, w)) return P1_ERR_TRUSTEE_KEY;
        if (!k.has_signature) {
            t->lacks |= TRUSTEES_NO_KEY_SIGNATURE;
        } else if (signed_check(g, &p->certs.cert[i].vk, k.key_text, &k.signature, w) != P1_OK) {
            return P1_ERR_TRUSTEE_KEY_SIGNATURE;
        }
        TRY(add_trustee(t, &k, i + 1));
    }
    return json_lit(j, "]");
}

static enum p1_err pedersen_parse(struct trustees *t, const struct group *g, struct json *j, struct buf *arena,
                                  struct work *w) {
    struct pedersen p;
    uint64_t threshold;
    memset(&p, 0, sizeof p);
    TRY(json_lit(j, "{\"threshold\":"));
    TRY(json_uint(j, P1_TRUSTEES_MAX, &threshold));
    if (threshold == 0) return P1_ERR_TRUSTEE_COUNT;
    p.threshold = (unsigned)threshold;
    TRY(json_lit(j, ",\"certs\":"));
    TRY(certs_parse(t, &p, g, j, arena, w));
    if (threshold > p.certs.count) return P1_ERR_TRUSTEE_COUNT;
    TRY(json_lit(j, ",\"coefexps\":"));
    TRY(all_coefexps_parse(t, &p, g, j, arena, w));
    if (json_take(j, ",\"signatures\":")) {
        TRY(certs_signatures_parse(t, &p, g, j, w));
    } else {
        if (p.modern) return P1_ERR_TRUSTEE_CERTS;
        t->lacks |= TRUSTEES_NO_CERTS_SIGNATURE;
    }
    t->item[t->item_count] = (struct trustee_item){p.threshold, t->count, p.certs.count};
    TRY(json_lit(j, ",\"verification_keys\":"));
    TRY(verification_keys_parse(t, &p, g, j, w));
    elem_mul_ct(g, &t->joint, &t->joint, &p.sum[0], w);
    return json_lit(j, "}");
}

static enum p1_err item_parse(struct trustees *t, const struct group *g, struct json *j, struct buf *arena,
                              struct work *w) {
    if (t->count == P1_TRUSTEES_MAX) return P1_ERR_TRUSTEE_COUNT;
    if (json_take(j, "[\"Pedersen\",")) {
        TRY(pedersen_parse(t, g, j, arena, w));
    } else {
        struct trustee_key k;
        t->at = t->count + 1;
        TRY(json_lit(j, "[\"Single\","));
        TRY(trustee_key_parse(j, g, &k, w));
        if (k.has_signature) return P1_ERR_TRUSTEE_KEY_SIGNATURE; // nobody whose signature it could be
        t->item[t->item_count] = (struct trustee_item){0, t->count, 1};
        TRY(add_trustee(t, &k, 0));
        elem_mul_ct(g, &t->joint, &t->joint, &k.key, w);
    }
    t->item_count++;
    return json_lit(j, "]");
}

enum p1_err trustees_parse(struct trustees *out, const struct group *g, struct span json, struct buf *arena,
                           struct work *w) {
    struct json j = json_of(json);
    memset(out, 0, sizeof *out);
    elem_identity(g, &out->joint);
    TRY(json_lit(&j, "["));
    for (int first = 1, more;;) {
        TRY(json_next(&j, &first, &more));
        if (!more) break;
        TRY(item_parse(out, g, &j, arena, w));
    }
    out->at = 0;
    return out->count ? json_end(&j) : P1_ERR_TRUSTEE_COUNT;
}
