// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/ballot.h"

#include "core/answer.h"
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

enum p1_err ballot_head(struct span json, struct span *credential, struct json *answers) {
    struct ballot b;
    *answers = json_of(json);
    TRY(head_parse(answers, &b));
    *credential = b.credential;
    return P1_OK;
}

enum p1_err ballot_credential(struct span json, struct span *credential) {
    struct json ignored;
    return ballot_head(json, credential, &ignored);
}

enum p1_err ballot_parse(struct ballot *b, const struct modulus *q, struct span json) {
    struct json j = json_of(json);
    memset(b, 0, sizeof *b);
    b->json = json;
    TRY(head_parse(&j, b));
    TRY(json_skip(&j, &b->answers));
    ballot_code(b->code, between(json.p, &j));
    sha256(b->hash, json);
    struct buf tracker = buf_over(b->tracker, sizeof b->tracker);
    buf_base64(&tracker, span_of(b->hash, sizeof b->hash));
    if (!json_take(&j, ",\"signature\":")) return json_take(&j, "}") ? P1_ERR_BALLOT_UNSIGNED : P1_ERR_JSON;
    TRY(json_lit(&j, "{\"hash\":"));
    TRY(json_plain(&j, &b->signed_hash));
    TRY(json_lit(&j, ",\"proof\":"));
    TRY(proof_parse(&j, q, &b->signature));
    TRY(json_lit(&j, "}}"));
    return json_end(&j);
}

// ---- the texts that proofs are bound to ----

enum p1_err answer_ciphertext(struct json *j, struct span *alpha, struct span *beta) {
    TRY(json_lit(j, "{\"alpha\":"));
    TRY(json_plain(j, alpha));
    TRY(json_lit(j, ",\"beta\":"));
    TRY(json_plain(j, beta));
    return json_lit(j, "}");
}

static void put_context(struct sha256 *text, const struct answer *a, const char *tag) {
    sha256_init(text);
    sha256_str(text, tag);
    sha256_put(text, span_of(a->e->hash64, P1_HASH64));
    sha256_str(text, "|");
    sha256_put(text, a->credential);
    sha256_str(text, "|");
}

static void put_pair(struct sha256 *text, struct span alpha, struct span beta, const char *after) {
    sha256_put(text, alpha);
    sha256_str(text, ",");
    sha256_put(text, beta);
    sha256_str(text, after);
}

void answer_text_one(struct sha256 *text, const struct answer *a, struct span alpha, struct span beta) {
    put_context(text, a, "prove|");
    put_pair(text, alpha, beta, "|");
}

enum p1_err answer_text_all(struct sha256 *text, const struct answer *a, const char *tag) {
    const unsigned n = question_choices(a->q);
    struct json j = a->choices;
    put_context(text, a, tag);
    for (unsigned i = 0; i < n; i++) {
        struct span alpha, beta;
        TRY(json_lit(&j, question_before(a->q, i)));
        TRY(answer_ciphertext(&j, &alpha, &beta));
        put_pair(text, alpha, beta, i + 1 < n ? "," : "|");
    }
    return P1_OK;
}

void answer_text_elems(struct sha256 *text, const struct answer *a, const struct ciphertext *c, struct work *w) {
    const struct elem both[2] = {c->alpha, c->beta};
    hash_elems(&a->e->group, text, both, 2, w);
    sha256_str(text, "|");
}

void ciphertext_mul(const struct group *g, struct ciphertext *acc, const struct ciphertext *c, struct work *w) {
    elem_mul_ct(g, &acc->alpha, &acc->alpha, &c->alpha, w);
    elem_mul_ct(g, &acc->beta, &acc->beta, &c->beta, w);
}

// ---- check ----

// What the individual proofs leave behind for the others, of a question without lists.
struct sums {
    struct ciphertext blank; // the blank choice, if there is one
    struct ciphertext rest;  // product of the others
};

// Finds where the choices end, and that there are as many as the question has.
static enum p1_err find_choices(struct answer *a, struct json *j) {
    a->choices = *j;
    for (unsigned i = 0; i < question_choices(a->q); i++) {
        struct span alpha, beta;
        if (!json_take(j, question_before(a->q, i))) return P1_ERR_BALLOT_CHOICES;
        TRY(answer_ciphertext(j, &alpha, &beta));
    }
    return json_take(j, question_after(a->q)) ? P1_OK : P1_ERR_BALLOT_CHOICES;
}

// Each choice: its encryption is in the group, and is of 0 or 1. PROOFS is the list of the individual proofs.
static enum p1_err check_choices(const struct answer *a, struct json *proofs, struct sums *sums, unsigned *seen,
                                 struct work *w) {
    const struct group *g = &a->e->group;
    struct json j = a->choices;
    struct elem identity;
    elem_identity(g, &identity);
    sums->rest = (struct ciphertext){identity, identity};
    for (unsigned i = 0; i < question_choices(a->q); i++) {
        struct span alpha, beta;
        struct ciphertext c;
        struct sha256 text;
        TRY(json_lit(&j, question_before(a->q, i)));
        if (!json_take(proofs, question_before(a->q, i))) return P1_ERR_BALLOT_PROOF_LENGTH;
        TRY(answer_ciphertext(&j, &alpha, &beta));
        TRY(elem_decode(g, &c.alpha, alpha, w));
        TRY(elem_decode(g, &c.beta, beta, w));
        if (elem_equal(g, &c.alpha, &identity, w)) *seen |= BALLOT_SHOWS_CHOICE;
        answer_text_one(&text, a, alpha, beta);
        const struct statement zero_or_one = {.tail = &c, .lo = 0, .hi = 1};
        TRY(statement_check(a->e, &zero_or_one, &text, proofs, P1_ERR_BALLOT_INDIVIDUAL, w));
        if (a->q->blank && i == 0) {
            sums->blank = c;
        } else {
            ciphertext_mul(g, &sums->rest, &c, w);
        }
    }
    return json_take(proofs, question_after(a->q)) ? P1_OK : P1_ERR_BALLOT_PROOF_LENGTH;
}

static enum p1_err check_overall(const struct answer *a, const struct sums *sums, struct json *j, struct work *w) {
    const struct statement s = {
        .head = a->q->blank ? &sums->blank : NULL, .head_m = 1, .tail = &sums->rest, .lo = a->q->min, .hi = a->q->max};
    struct sha256 text;
    TRY(answer_text_all(&text, a, a->q->blank ? "bproof1|" : "prove|"));
    if (!a->q->blank) answer_text_elems(&text, a, &sums->rest, w);
    return statement_check(a->e, &s, &text, j, P1_ERR_BALLOT_OVERALL, w);
}

static enum p1_err check_blank(const struct answer *a, const struct sums *sums, struct json *j, struct work *w) {
    const struct statement s = {.head = &sums->blank, .head_m = 0, .tail = &sums->rest, .lo = 0, .hi = 0};
    struct sha256 text;
    TRY(answer_text_all(&text, a, "bproof0|"));
    return statement_check(a->e, &s, &text, j, P1_ERR_BALLOT_BLANK, w);
}

static enum p1_err check_answer(struct answer *a, struct json *j, unsigned *seen, struct work *w) {
    struct sums sums;
    TRY(json_lit(j, "{\"choices\":"));
    TRY(find_choices(a, j));
    TRY(json_lit(j, ",\"individual_proofs\":"));
    TRY(check_choices(a, j, &sums, seen, w));
    if (a->q->kind == QUESTION_LISTS) {
        TRY(lists_check(a, j, w));
        return json_lit(j, "}");
    }
    TRY(json_lit(j, ",\"overall_proof\":"));
    TRY(check_overall(a, &sums, j, w));
    if (a->q->blank) {
        TRY(json_lit(j, ",\"blank_proof\":"));
        TRY(check_blank(a, &sums, j, w));
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

enum p1_err answer_skip_proofs(struct json *j, const struct question *q) {
    static const char *const fields[2][4] = {
        {",\"individual_proofs\":", ",\"overall_proof\":", ",\"blank_proof\":"},
        {",\"individual_proofs\":", ",\"overall_proof\":", ",\"list_proofs\":", ",\"nonzero_proof\":"}};
    const int lists = q->kind == QUESTION_LISTS, n = lists ? 4 : q->blank ? 3 : 2;
    for (int i = 0; i < n; i++) {
        struct span ignored;
        TRY(json_lit(j, fields[lists][i]));
        TRY(json_skip(j, &ignored));
    }
    return P1_OK;
}

enum p1_err ballot_choices(const struct election *e, const struct ballot *b, struct ciphertext *out, struct work *w) {
    struct json j = json_of(b->answers);
    TRY(json_lit(&j, "["));
    for (unsigned i = 0; i < e->question_count; i++) {
        const struct question *q = &e->questions[i];
        TRY(json_lit(&j, i ? ",{\"choices\":" : "{\"choices\":"));
        for (unsigned k = 0; k < question_choices(q); k++, out++) {
            struct span alpha, beta;
            TRY(json_lit(&j, question_before(q, k)));
            TRY(answer_ciphertext(&j, &alpha, &beta));
            TRY(elem_decode_trusted(&e->group, &out->alpha, alpha, w));
            TRY(elem_decode_trusted(&e->group, &out->beta, beta, w));
        }
        TRY(json_lit(&j, question_after(q)));
        TRY(answer_skip_proofs(&j, q));
        TRY(json_lit(&j, "}"));
    }
    return json_lit(&j, "]");
}
