// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/ballot.h"

#include "core/hash_scalar.h"
#include "core/wipe.h"

// ---- form ----

static struct span between(const uint8_t *start, const struct json *j) {
    return span_of(start, (size_t)(j->p - start));
}

void ballot_code(char code[P1_HASH64], struct span unsigned_text) {
    uint8_t digest[SHA256_BYTES];
    struct sha256 s;
    struct buf b = buf_over(code, P1_HASH64);
    sha256_init(&s);
    sha256_put(&s, unsigned_text);
    sha256_str(&s, "}");
    sha256_done(&s, digest);
    buf_base64(&b, span_of(digest, sizeof digest));
}

static enum p1_err head_parse(struct json *j, struct ballot *b) {
    TRY(json_lit(j, "{\"election_uuid\":"));
    TRY(json_plain(j, &b->uuid));
    TRY(json_lit(j, ",\"election_hash\":"));
    TRY(json_plain(j, &b->election_hash));
    TRY(json_lit(j, ",\"credential\":"));
    TRY(json_plain(j, &b->credential));
    return json_lit(j, ",\"answers\":");
}

enum p1_err ballot_credential(struct span json, struct span *credential) {
    struct json j = json_of(json);
    struct ballot b;
    TRY(head_parse(&j, &b));
    *credential = b.credential;
    return P1_OK;
}

enum p1_err ballot_parse(struct ballot *b, const struct modulus *q, struct span json) {
    struct json j = json_of(json);
    memset(b, 0, sizeof *b);
    b->json = json;
    TRY(head_parse(&j, b));
    TRY(json_skip(&j, &b->answers));
    ballot_code(b->code, between(json.p, &j));
    hash64(b->tracker, json);
    if (!json_take(&j, ",\"signature\":")) return json_take(&j, "}") ? P1_ERR_BALLOT_UNSIGNED : P1_ERR_JSON;
    TRY(json_lit(&j, "{\"hash\":"));
    TRY(json_plain(&j, &b->signed_hash));
    TRY(json_lit(&j, ",\"proof\":"));
    TRY(proof_parse(&j, q, &b->signature));
    TRY(json_lit(&j, "}}"));
    return json_end(&j);
}

static enum p1_err ciphertext_text(struct json *j, struct span *alpha, struct span *beta) {
    TRY(json_lit(j, "{\"alpha\":"));
    TRY(json_plain(j, alpha));
    TRY(json_lit(j, ",\"beta\":"));
    TRY(json_plain(j, beta));
    return json_lit(j, "}");
}

// ---- the texts that proofs are bound to ----

// S0: the election's hash, a bar, the credential
static void put_context(struct sha256 *text, const struct election *e, struct span credential) {
    sha256_put(text, span_of(e->hash64, P1_HASH64));
    sha256_str(text, "|");
    sha256_put(text, credential);
}

// S: S0, a bar, and the choices at the cursor as alpha,beta,alpha,beta,.. CHOICES are known to be well formed.
static enum p1_err put_context_choices(struct sha256 *text, const struct election *e, struct span credential,
                                       struct json choices, unsigned n) {
    put_context(text, e, credential);
    TRY(json_lit(&choices, "["));
    for (unsigned i = 0; i < n; i++) {
        struct span alpha, beta;
        if (i) TRY(json_lit(&choices, ","));
        TRY(ciphertext_text(&choices, &alpha, &beta));
        sha256_str(text, i ? "," : "|");
        sha256_put(text, alpha);
        sha256_str(text, ",");
        sha256_put(text, beta);
    }
    return P1_OK;
}

static void put_elems(struct sha256 *text, const struct group *g, const struct ciphertext *c, struct work *w) {
    const struct elem both[2] = {c->alpha, c->beta};
    hash_elems(g, text, both, 2, w);
}

// ---- check ----

struct answer {
    const struct election *e;
    const struct question *q;
    struct span credential;
    struct json choices;     // the list, brackets included
    struct ciphertext first; // the blank choice, if there is one
    struct ciphertext sum;   // product of the others
};

static void product(const struct group *g, struct ciphertext *acc, const struct ciphertext *c, struct work *w) {
    elem_mul_ct(g, &acc->alpha, &acc->alpha, &c->alpha, w);
    elem_mul_ct(g, &acc->beta, &acc->beta, &c->beta, w);
}

// Finds where the choices end, and that there are as many as the question has.
static enum p1_err find_choices(struct answer *a, struct json *j) {
    a->choices = *j;
    TRY(json_lit(j, "["));
    for (unsigned i = 0; i < question_choices(a->q); i++) {
        struct span alpha, beta;
        if (i && !json_take(j, ",")) return P1_ERR_BALLOT_CHOICES;
        TRY(ciphertext_text(j, &alpha, &beta));
    }
    return json_take(j, "]") ? P1_OK : P1_ERR_BALLOT_CHOICES;
}

// Each choice: its encryption is in the group, and is of 0 or 1. PROOFS is the list of the individual proofs.
static enum p1_err check_choices(struct answer *a, struct json *proofs, unsigned *seen, struct work *w) {
    const struct group *g = &a->e->group;
    struct json j = a->choices;
    elem_identity(g, &a->sum.alpha);
    elem_identity(g, &a->sum.beta);
    const struct elem identity = a->sum.alpha;

    TRY(json_lit(&j, "["));
    TRY(json_lit(proofs, "["));
    for (unsigned i = 0; i < question_choices(a->q); i++) {
        struct span alpha, beta;
        struct ciphertext c;
        struct sha256 text;
        if (i) TRY(json_lit(&j, ","));
        if (i && !json_take(proofs, ",")) return P1_ERR_BALLOT_PROOF_LENGTH;
        TRY(ciphertext_text(&j, &alpha, &beta));
        TRY(elem_decode(g, &c.alpha, alpha, w));
        TRY(elem_decode(g, &c.beta, beta, w));
        if (elem_equal(g, &c.alpha, &identity, w)) *seen |= BALLOT_SHOWS_CHOICE;

        sha256_init(&text);
        sha256_str(&text, "prove|");
        put_context(&text, a->e, a->credential);
        sha256_str(&text, "|");
        sha256_put(&text, alpha);
        sha256_str(&text, ",");
        sha256_put(&text, beta);
        sha256_str(&text, "|");
        const struct statement zero_or_one = {.tail = &c, .lo = 0, .hi = 1};
        TRY(statement_check(a->e, &zero_or_one, &text, proofs, P1_ERR_BALLOT_INDIVIDUAL, w));

        if (a->q->blank && i == 0) {
            a->first = c;
        } else {
            product(g, &a->sum, &c, w);
        }
    }
    return json_take(proofs, "]") ? P1_OK : P1_ERR_BALLOT_PROOF_LENGTH;
}

static enum p1_err begin_text(struct sha256 *text, const struct answer *a, const char *tag) {
    sha256_init(text);
    sha256_str(text, tag);
    TRY(put_context_choices(text, a->e, a->credential, a->choices, question_choices(a->q)));
    sha256_str(text, "|");
    return P1_OK;
}

static enum p1_err check_overall(const struct answer *a, struct json *j, struct work *w) {
    const struct statement s = {
        .head = a->q->blank ? &a->first : NULL, .head_m = 1, .tail = &a->sum, .lo = a->q->min, .hi = a->q->max};
    struct sha256 text;
    TRY(begin_text(&text, a, a->q->blank ? "bproof1|" : "prove|"));
    if (!a->q->blank) {
        put_elems(&text, &a->e->group, &a->sum, w);
        sha256_str(&text, "|");
    }
    return statement_check(a->e, &s, &text, j, P1_ERR_BALLOT_OVERALL, w);
}

static enum p1_err check_blank(const struct answer *a, struct json *j, struct work *w) {
    const struct statement s = {.head = &a->first, .head_m = 0, .tail = &a->sum, .lo = 0, .hi = 0};
    struct sha256 text;
    TRY(begin_text(&text, a, "bproof0|"));
    return statement_check(a->e, &s, &text, j, P1_ERR_BALLOT_BLANK, w);
}

static enum p1_err check_answer(struct answer *a, struct json *j, unsigned *seen, struct work *w) {
    TRY(json_lit(j, "{\"choices\":"));
    TRY(find_choices(a, j));
    TRY(json_lit(j, ",\"individual_proofs\":"));
    TRY(check_choices(a, j, seen, w));
    TRY(json_lit(j, ",\"overall_proof\":"));
    TRY(check_overall(a, j, w));
    if (a->q->blank) {
        TRY(json_lit(j, ",\"blank_proof\":"));
        TRY(check_blank(a, j, w));
    }
    return json_lit(j, "}");
}

enum p1_err ballot_check_signature(const struct election *e, const struct ballot *b, struct work *w) {
    struct elem credential;
    struct sha256 text;
    if (!span_eq(b->uuid, e->uuid)) return P1_ERR_BALLOT_ELECTION;
    if (!span_eq(b->election_hash, span_of(e->hash64, P1_HASH64))) return P1_ERR_BALLOT_ELECTION_HASH;
    if (!span_eq(b->signed_hash, span_of(b->code, P1_HASH64))) return P1_ERR_BALLOT_HASH;
    TRY(elem_decode(&e->group, &credential, b->credential, w));
    sha256_init(&text);
    sha256_str(&text, "sig|");
    sha256_put(&text, b->signed_hash);
    sha256_str(&text, "|");
    return schnorr_holds(&e->group, &credential, &text, &b->signature, w) ? P1_OK : P1_ERR_BALLOT_SIGNATURE;
}

enum p1_err ballot_check_answers(const struct election *e, const struct ballot *b, unsigned *seen, struct work *w) {
    struct json j = json_of(b->answers);
    unsigned bits = 0;
    TRY(json_lit(&j, "["));
    for (unsigned i = 0; i < e->question_count; i++) {
        struct answer a = {.e = e, .q = &e->questions[i], .credential = b->credential};
        if (i && !json_take(&j, ",")) return P1_ERR_BALLOT_ANSWERS;
        TRY(check_answer(&a, &j, &bits, w));
    }
    if (!json_take(&j, "]")) return P1_ERR_BALLOT_ANSWERS;
    if (seen) *seen = bits;
    return json_end(&j);
}

enum p1_err ballot_check(const struct election *e, const struct ballot *b, unsigned *seen, struct work *w) {
    TRY(ballot_check_answers(e, b, seen, w));
    return ballot_check_signature(e, b, w);
}

enum p1_err ballot_choices(const struct election *e, const struct ballot *b, struct ciphertext *out, struct work *w) {
    struct json j = json_of(b->answers);
    struct span ignored;
    TRY(json_lit(&j, "["));
    for (unsigned i = 0; i < e->question_count; i++) {
        if (i) TRY(json_lit(&j, ","));
        TRY(json_lit(&j, "{\"choices\":["));
        for (unsigned k = 0; k < question_choices(&e->questions[i]); k++, out++) {
            struct span alpha, beta;
            if (k) TRY(json_lit(&j, ","));
            TRY(ciphertext_text(&j, &alpha, &beta));
            TRY(elem_decode_trusted(&e->group, &out->alpha, alpha, w));
            TRY(elem_decode_trusted(&e->group, &out->beta, beta, w));
        }
        TRY(json_lit(&j, "],\"individual_proofs\":"));
        TRY(json_skip(&j, &ignored));
        TRY(json_lit(&j, ",\"overall_proof\":"));
        TRY(json_skip(&j, &ignored));
        if (json_take(&j, ",\"blank_proof\":")) TRY(json_skip(&j, &ignored));
        TRY(json_lit(&j, "}"));
    }
    return json_lit(&j, "]");
}
