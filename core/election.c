// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/election.h"

#include "core/sha256.h"

void hash64(char out[P1_HASH64], struct span text) {
    uint8_t digest[SHA256_BYTES];
    sha256(digest, text);
    struct buf b = buf_over(out, P1_HASH64);
    buf_base64(&b, span_of(digest, sizeof digest));
}

int hidden_line(struct span *text, const char *tag, struct span *value) {
    const size_t tag_n = strlen(tag);
    size_t at = text->n;
    while (at >= 2 && memcmp(text->p + at - 2, "\\n", 2) != 0) at--;
    if (at < 2 || text->n - at < tag_n + 1 || memcmp(text->p + at, tag, tag_n) != 0 || text->p[at + tag_n] != ':')
        return 0;
    // An escaped backslash before an n is no line end.
    size_t backslashes = 0;
    while (backslashes < at - 1 && text->p[at - 2 - backslashes] == '\\') backslashes++;
    if (backslashes % 2 == 0) return 0;
    *value = span_from(*text, at + tag_n + 1);
    text->n = at - 2;
    return 1;
}

static int is_base58(uint8_t c) {
    if (c >= '1' && c <= '9') return 1;
    if (c >= 'A' && c <= 'Z') return c != 'I' && c != 'O';
    return c >= 'a' && c <= 'z' && c != 'l';
}

enum p1_err uuid_check(struct span uuid) {
    if (uuid.n < 14) return P1_ERR_ELECTION_UUID;
    for (size_t i = 0; i < uuid.n; i++) {
        if (!is_base58(uuid.p[i])) return P1_ERR_ELECTION_UUID;
    }
    return P1_OK;
}

static enum p1_err answers_parse(struct json *j, struct question *q) {
    TRY(json_lit(j, "["));
    const uint8_t *start = j->p;
    for (int first = 1, more; q->answer_count <= P1_ANSWERS_MAX; q->answer_count++) {
        struct span ignored;
        TRY(json_next(j, &first, &more));
        if (!more) {
            q->answers = span_of(start, (size_t)(j->p - start) - 1);
            return P1_OK;
        }
        TRY(json_quoted(j, &ignored));
    }
    return P1_ERR_ELECTION_SIZE;
}

// {"type":"Lists","value":{"answers":[["LIST","CANDIDATE",..],..],"question":".."}}; "extra" is read and not used.
static enum p1_err lists_parse(struct json *j, struct question *q) {
    struct span ignored;
    q->kind = QUESTION_LISTS;
    TRY(json_lit(j, "{\"answers\":["));
    const uint8_t *start = j->p;
    for (int first = 1, more;;) {
        TRY(json_next(j, &first, &more));
        if (!more) break;
        if (q->answer_count == P1_ANSWERS_MAX) return P1_ERR_ELECTION_SIZE;
        q->heads[q->answer_count / 64] |= (uint64_t)1 << q->answer_count % 64;
        TRY(json_lit(j, "["));
        unsigned before = q->answer_count;
        for (int inner = 1;; q->answer_count++) {
            TRY(json_next(j, &inner, &more));
            if (!more) break;
            if (q->answer_count == P1_ANSWERS_MAX) return P1_ERR_ELECTION_SIZE;
            TRY(json_quoted(j, &ignored));
        }
        if (q->answer_count == before) return P1_ERR_ELECTION_QUESTION;
    }
    q->answers = span_of(start, (size_t)(j->p - start) - 1);
    TRY(json_lit(j, ",\"question\":"));
    TRY(json_quoted(j, &q->text));
    TRY(json_lit(j, "}"));
    if (json_take(j, ",\"extra\":")) TRY(json_skip(j, &ignored));
    if (q->answer_count == 0) return P1_ERR_ELECTION_QUESTION;
    return json_lit(j, "}");
}

static enum p1_err choices_parse(struct json *j, struct question *q) {
    uint64_t min, max;
    TRY(json_lit(j, "{\"answers\":"));
    TRY(answers_parse(j, q));
    if (json_take(j, ",\"blank\":true")) {
        q->blank = 1;
    } else {
        json_take(j, ",\"blank\":false");
    }
    TRY(json_lit(j, ",\"min\":"));
    TRY(json_uint(j, UINT32_MAX, &min));
    TRY(json_lit(j, ",\"max\":"));
    TRY(json_uint(j, UINT32_MAX, &max));
    TRY(json_lit(j, ",\"question\":"));
    TRY(json_quoted(j, &q->text));
    if (min > max || max > q->answer_count || q->answer_count == 0) return P1_ERR_ELECTION_QUESTION;
    q->min = (unsigned)min;
    q->max = (unsigned)max;
    return json_lit(j, "}");
}

static enum p1_err question_parse(struct json *j, struct question *q) {
    memset(q, 0, sizeof *q);
    if (json_take(j, "{\"type\":\"Lists\",\"value\":")) return lists_parse(j, q);
    if (json_take(j, "{\"type\":")) return P1_ERR_ELECTION_KIND;
    return choices_parse(j, q);
}

enum p1_err questions_parse(struct json *j, struct question *out, unsigned *count) {
    unsigned choices = 0;
    TRY(json_lit(j, "["));
    *count = 0;
    for (int first = 1, more;; ++*count) {
        TRY(json_next(j, &first, &more));
        if (!more) break;
        if (*count == P1_QUESTIONS_MAX) return P1_ERR_ELECTION_SIZE;
        TRY(question_parse(j, &out[*count]));
        choices += question_choices(&out[*count]);
        if (choices > P1_CHOICES_MAX) return P1_ERR_ELECTION_SIZE;
    }
    return *count ? P1_OK : P1_ERR_ELECTION_QUESTION;
}

static enum p1_err end_parse(struct election *e, struct json *j) {
    struct span ignored;
    if (json_take(j, ",\"administrator\":")) TRY(json_quoted(j, &ignored));
    if (json_take(j, ",\"credential_authority\":")) TRY(json_quoted(j, &e->credential_authority));
    if (json_take(j, ",\"language\":")) TRY(json_skip(j, &ignored)); // ["nl","ltr"]; read, not used
    TRY(json_lit(j, "}"));
    return json_end(j);
}

enum p1_err election_parse(struct election *e, struct span json, struct work *w) {
    struct json j = json_of(json);
    struct span group, key;
    uint64_t version;
    memset(e, 0, sizeof *e);
    e->json = json;

    TRY(json_lit(&j, "{\"version\":"));
    TRY(json_uint(&j, UINT32_MAX, &version));
    if (version != 1) return P1_ERR_ELECTION_VERSION;
    TRY(json_lit(&j, ",\"description\":"));
    TRY(json_quoted(&j, &e->description));
    TRY(json_lit(&j, ",\"name\":"));
    TRY(json_quoted(&j, &e->name));
    TRY(json_lit(&j, ",\"group\":"));
    TRY(json_plain(&j, &group));
    TRY(json_lit(&j, ",\"public_key\":"));
    TRY(json_plain(&j, &key));
    TRY(json_lit(&j, ",\"questions\":"));
    TRY(questions_parse(&j, e->questions, &e->question_count));
    TRY(json_lit(&j, ",\"uuid\":"));
    TRY(json_plain(&j, &e->uuid));
    TRY(uuid_check(e->uuid));
    TRY(end_parse(e, &j));

    for (unsigned i = 0; i < e->question_count; i++) e->choice_count += question_choices(&e->questions[i]);
    hash64(e->hash64, json);
    TRY(group_init(&e->group, group, w));
    TRY(elem_decode(&e->group, &e->key, key, w));
    base_table_init(&e->group, &e->key_table, &e->key, w);
    return P1_OK;
}

struct span question_answer(const struct question *q, unsigned i) {
    struct json j = json_of(q->answers);
    struct span text = {0};
    for (unsigned k = 0; k <= i; k++) {
        int head = q->kind == QUESTION_LISTS && k < q->answer_count && question_is_head(q, k);
        const char *before = head ? (k ? "],[" : "[") : k ? "," : "";
        if (!json_take(&j, before) || json_quoted(&j, &text) != P1_OK) return (struct span){0};
    }
    return text;
}
