// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The reader of the protocol's JSON (core/json_canon.h), against jansson and against what it would write itself.

#include <jansson.h>

#include "core/json_canon.h"
#include "tests/fuzz/fuzz.h"

enum { READERS = 8 };

static struct work work;

// What the reader took, written again.
static void same_again(struct span in, const struct json *j, const struct buf *written) {
    HOLDS(buf_done(written) == P1_OK);
    HOLDS(span_eq(buf_span(written), span_of(in.p, (size_t)(j->p - in.p))));
}

// Numbers that do not fit jansson's types are still numbers, and it has no keys with a zero byte.
static int is_limit(const json_error_t *e) {
    enum json_error_code code = json_error_code(e);
    return code == json_error_numeric_overflow || code == json_error_null_byte_in_key;
}

static json_t *other_reader(struct span text, int *limit) {
    json_error_t e;
    json_t *v = json_loadb((const char *)text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
    *limit = !v && is_limit(&e);
    HOLDS(v || *limit);
    return v;
}

static void any_value(struct span in) {
    struct json j = json_of(in);
    struct span value;
    int limit;
    if (json_skip(&j, &value) != P1_OK) return;
    HOLDS(value.p == in.p && value.p + value.n == j.p);
    json_decref(other_reader(value, &limit));
}

static void string(struct span in) {
    struct json j = json_of(in), plain = j;
    struct span raw, same;
    int limit;
    if (json_quoted(&j, &raw) != P1_OK) return;
    HOLDS(raw.p == in.p + 1 && raw.p + raw.n + 1 == j.p);
    struct buf text = buf_over(fuzz_alloc(raw.n), raw.n), again = buf_over(fuzz_alloc(6 * raw.n + 2), 6 * raw.n + 2);
    json_unescape(&text, raw);
    HOLDS(buf_done(&text) == P1_OK);
    json_t *v = other_reader(span_of(in.p, raw.n + 2), &limit);
    HOLDS(v && span_eq(buf_span(&text), span_of(json_string_value(v), json_string_length(v))));
    json_decref(v);

    // As Belenios writes it, it is read to the same text.
    buf_json_string(&again, buf_span(&text));
    HOLDS(buf_done(&again) == P1_OK);
    v = other_reader(buf_span(&again), &limit);
    HOLDS(v && span_eq(buf_span(&text), span_of(json_string_value(v), json_string_length(v))));
    json_decref(v);

    if (json_plain(&plain, &same) == P1_OK) HOLDS(span_eq(raw, same) && span_eq(raw, buf_span(&text)));

    utf8_disarm(text.p, text.n);
    for (size_t at = 0, n; at < text.n; at += n) {
        HOLDS((n = utf8_length(span_from(buf_span(&text), at))) != 0);
        HOLDS(text.p[at] >= 0x20 && text.p[at] != 0x7f);
    }
    free(text.p);
    free(again.p);
}

static void number(struct span in, int count) {
    struct json j = json_of(in);
    uint8_t memory[32];
    struct buf out = buf_over(memory, sizeof memory);
    uint64_t v, max = count ? INT64_MAX : UINT32_MAX;
    if ((count ? json_count(&j, &v) : json_uint(&j, max, &v)) != P1_OK) return;
    HOLDS(v <= max);
    count ? buf_count(&out, v) : buf_u64(&out, v);
    same_again(in, &j, &out);
}

static void hash(struct span in) {
    struct json j = json_of(in);
    uint8_t v[32], memory[66];
    struct buf out = buf_over(memory, sizeof memory);
    if (json_hash(&j, v) != P1_OK) return;
    buf_char(&out, '"');
    buf_hex(&out, span_of(v, 32));
    buf_char(&out, '"');
    same_again(in, &j, &out);
}

static void scalar_or_element(struct span in, const struct group *g, int element) {
    struct json j = json_of(in);
    uint8_t memory[P1_SCALAR_TEXT + 2];
    struct buf out = buf_over(memory, sizeof memory);
    struct scalar s;
    struct elem e, trusted;
    struct elem_text t;
    if ((element ? json_elem(&j, g, &e, &work) : json_scalar(&j, &g->q, &s)) != P1_OK) return;
    buf_char(&out, '"');
    if (element) {
        elem_encode(g, &t, &e, 1, &work);
        HOLDS(elem_decode_trusted(g, &trusted, elem_span(&t), &work) == P1_OK);
        HOLDS(elem_equal(g, &e, &trusted, &work));
        buf_put(&out, elem_span(&t));
    } else {
        HOLDS(!limbs_at_least(s.v, g->q.m, g->q.n));
        sc_encode(&g->q, &out, &s);
    }
    buf_char(&out, '"');
    same_again(in, &j, &out);
}

void fuzz_one(struct span in) {
    static struct group groups[3];
    static const char *const names[] = {"Ed25519", "BELENIOS-2048", "RFC-3526-2048"};
    for (int i = 0; i < 3 && !groups[i].ops; i++) HOLDS(group_init(&groups[i], span_str(names[i]), &work) == P1_OK);
    unsigned which = take_u8(&in);
    const struct group *g = &groups[which / READERS % 3];
    switch (which % READERS) {
    case 0: string(in); break;
    case 1: number(in, 0); break;
    case 2: number(in, 1); break;
    case 3: hash(in); break;
    case 4: scalar_or_element(in, g, 0); break;
    case 5: scalar_or_element(in, g, 1); break;
    default: any_value(in);
    }
}
