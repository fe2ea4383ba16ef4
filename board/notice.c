// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/notice.h"

#include <stdlib.h>

#include "core/sha256.h"

static const char *const type_names[NOTICE_TYPES] = {"withdraw", "neutral", "extension"};

void notices_init(struct notices *n) { memset(n, 0, sizeof *n); }

void notices_release(struct notices *n) {
    free(n->withdrawals);
    free(n->of_voter);
    memset(n, 0, sizeof *n);
}

enum p1_err notices_keys(struct notices *n, const struct election *e, struct work *w) {
    struct span authority = e->credential_authority, key;
    n->has_second = hidden_line(&authority, "second", &key);
    if (n->has_second) TRY(elem_decode_key(&e->group, &n->second, key, w));
    n->keys = hidden_line(&authority, "registrar", &key);
    if (n->keys) TRY(elem_decode_key(&e->group, &n->registrar, key, w));
    const int alone = n->keys && n->has_second && elem_equal(&e->group, &n->registrar, &n->second, w);
    return alone ? P1_ERR_NOTICE_SECOND : P1_OK;
}

// ---- one line ----

#define LINE_MAX_BYTES ((size_t)1 << 14)

struct line {
    enum notice_type type;
    uint8_t event[32], seed[32];
    struct span credential; // in text
    uint64_t closes;
    int signatures;
    uint8_t text[LINE_MAX_BYTES];
};

static enum p1_err message_parse(struct line *l, struct span message, const struct notices *n) {
    struct json j = json_of(message);
    struct span type;
    uint8_t previous[32];
    TRY(json_lit(&j, "{"));
    if (json_take(&j, "\"previous\":")) {
        TRY(json_hash(&j, previous));
        if (n->lines == 0 || memcmp(previous, n->tip, 32) != 0) return P1_ERR_NOTICE_CHAIN;
        TRY(json_lit(&j, ","));
    } else if (n->lines) {
        return P1_ERR_NOTICE_CHAIN;
    }
    TRY(json_lit(&j, "\"event\":"));
    TRY(json_hash(&j, l->event));
    TRY(json_lit(&j, ",\"type\":"));
    TRY(json_plain(&j, &type));
    unsigned t = 0;
    while (t < NOTICE_TYPES && !span_eq(type, span_str(type_names[t]))) t++;
    if (t == NOTICE_TYPES) return P1_ERR_NOTICE_TYPE;
    l->type = (enum notice_type)t;
    if (l->type == NOTICE_EXTENSION) {
        TRY(json_lit(&j, ",\"closes\":"));
        TRY(json_uint(&j, (uint64_t)1 << 40, &l->closes));
    } else {
        TRY(json_lit(&j, ",\"credential\":"));
        TRY(json_plain(&j, &l->credential));
    }
    if (l->type == NOTICE_NEUTRAL) {
        TRY(json_lit(&j, ",\"seed\":"));
        TRY(json_hash(&j, l->seed));
    }
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

static enum p1_err line_parse(struct line *l, const struct notices *n, const struct group *g, struct span text,
                              struct work *w) {
    struct json j = json_of(text);
    struct span message;
    struct buf arena = buf_over(l->text, sizeof l->text);
    struct proof signature;
    TRY(signed_message_parse(&j, &message, &arena));
    TRY(json_lit(&j, ",\"signatures\":["));
    TRY(proof_parse(&j, &g->q, &signature));
    if (signed_check(g, &n->registrar, message, &signature, w) != P1_OK) return P1_ERR_NOTICE_SIGNATURE;
    l->signatures = 1;
    if (json_take(&j, ",")) {
        TRY(proof_parse(&j, &g->q, &signature));
        if (!n->has_second || signed_check(g, &n->second, message, &signature, w) != P1_OK)
            return P1_ERR_NOTICE_SIGNATURE;
        l->signatures = 2;
    }
    TRY(json_lit(&j, "]}"));
    TRY(json_end(&j));
    return message_parse(l, message, n);
}

// ---- what a line does ----

static struct withdrawal *find(const struct notices *n, const struct box *b, const struct voter *v) {
    uint32_t number = n->of_voter && v ? n->of_voter[v - b->voters] : 0;
    return number ? &n->withdrawals[number - 1] : NULL;
}

static enum p1_err add_withdrawal(struct notices *n, const struct box *b, struct voter *v, const struct line *l) {
    if (!n->of_voter) n->of_voter = calloc(b->voter_count, sizeof *n->of_voter);
    if (!n->of_voter) return P1_ERR_MEMORY;
    if (!n->withdrawals || n->count == n->room) {
        size_t room = n->room ? 2 * n->room : 16;
        struct withdrawal *more = realloc(n->withdrawals, room * sizeof *more);
        if (!more) return P1_ERR_MEMORY;
        n->withdrawals = more;
        n->room = room;
    }
    struct withdrawal *x = &n->withdrawals[n->count++];
    *x = (struct withdrawal){.voter = v, .second_signed = l->signatures == 2};
    memcpy(x->event, l->event, 32);
    n->of_voter[v - b->voters] = (uint32_t)n->count;
    return P1_OK;
}

static enum p1_err apply_line(struct notices *n, struct box *b, const struct line *l) {
    if (l->type == NOTICE_EXTENSION) {
        if (n->closes || !l->closes) return P1_ERR_NOTICE_EXTENSION;
        n->closes = l->closes;
        return P1_OK;
    }
    struct voter *v = box_voter(b, l->credential);
    if (!v) return P1_ERR_NOTICE_CREDENTIAL;
    struct withdrawal *x = find(n, b, v);
    if (l->type == NOTICE_WITHDRAW) return x ? P1_ERR_NOTICE_TWICE : add_withdrawal(n, b, v, l);
    if (!x) return P1_ERR_NOTICE_CREDENTIAL;
    if (x->has_seed) return P1_ERR_NOTICE_TWICE;
    x->has_seed = 1;
    memcpy(x->seed, l->seed, 32);
    return P1_OK;
}

enum p1_err notices_read(struct notices *n, struct box *b, struct span file, size_t *line, struct work *w) {
    static const size_t most = 100000; // far more than a registrar signs
    struct line *l = malloc(sizeof *l);
    enum p1_err err = l ? P1_OK : P1_ERR_MEMORY;
    for (*line = n->lines + 1; file.n && err == P1_OK; ++*line) {
        const uint8_t *end = memchr(file.p, '\n', file.n);
        if (!end) err = P1_ERR_NOTICE_TORN;
        if (err != P1_OK || n->lines == most) break;
        struct span text = span_of(file.p, (size_t)(end - file.p));
        err = line_parse(l, n, &b->election.group, text, w);
        if (err == P1_OK) err = apply_line(n, b, l);
        if (err != P1_OK) break;
        sha256(n->tip, text);
        n->lines++;
        file = span_from(file, text.n + 1);
    }
    if (err == P1_OK && file.n) err = P1_ERR_SPACE;
    free(l);
    return err;
}

// ---- beside the events ----

int neutral_choices(const struct election *e, uint8_t *choices) {
    for (unsigned i = 0; i < e->question_count; i++) {
        const struct question *q = &e->questions[i];
        memset(choices, 0, question_choices(q));
        if (q->kind != QUESTION_CHOICES || (!q->blank && q->min)) return 0;
        if (q->blank) choices[0] = 1;
        choices += question_choices(q);
    }
    return 1;
}

static enum p1_err is_neutral(const struct election *e, struct span ballot, const uint8_t seed[32], struct work *w) {
    size_t room = ballot_size_max(e), n = e->choice_count;
    uint8_t *memory = malloc(room + 2 * n);
    if (!memory) return P1_ERR_MEMORY;
    struct buf space = buf_over(memory, room);
    uint8_t *found = memory + room, *wanted = found + n;
    int same = neutral_choices(e, wanted) && ballot_open_vartime(e, ballot, seed, found, &space, w) == P1_OK &&
               memcmp(found, wanted, n) == 0;
    free(memory);
    return same ? P1_OK : P1_ERR_NOTICE_AFTER;
}

enum p1_err notices_ballot(struct notices *n, const struct box *b, struct span ballot, struct work *w) {
    struct span credential;
    if (n->count == 0) return P1_OK;
    TRY(ballot_credential(ballot, &credential));
    struct withdrawal *x = find(n, b, box_voter(b, credential));
    if (!x || !x->begun) return P1_OK;
    if (!x->after_vote || !x->has_seed || x->neutral_cast) return P1_ERR_NOTICE_AFTER;
    TRY(is_neutral(&b->election, ballot, x->seed, w));
    x->neutral_cast = 1;
    return P1_OK;
}

void notices_event(struct notices *n, const uint8_t hash[32]) {
    for (size_t i = 0; i < n->count; i++) {
        struct withdrawal *x = &n->withdrawals[i];
        if (x->begun || memcmp(x->event, hash, 32) != 0) continue;
        x->begun = 1;
        x->after_vote = x->voter->ballot != NULL;
    }
}

enum p1_err notices_end(struct notices *n, int ended) {
    n->neutral = n->neutral_weight = 0;
    for (size_t i = 0; i < n->count; i++) {
        const struct withdrawal *x = &n->withdrawals[i];
        if (!x->begun) return P1_ERR_NOTICE_EVENT;
        if (x->after_vote && !x->second_signed) return P1_ERR_NOTICE_SECOND;
        if (x->after_vote && !x->neutral_cast && ended) return P1_ERR_NOTICE_VOTE;
        if (!x->neutral_cast) continue;
        n->neutral++;
        n->neutral_weight += x->voter->weight;
    }
    return P1_OK;
}

void notices_correct(const struct notices *n, const struct election *e, uint64_t *counts) {
    for (unsigned i = 0; i < e->question_count; i++) {
        if (e->questions[i].blank) counts[0] -= counts[0] < n->neutral_weight ? counts[0] : n->neutral_weight;
        counts += question_choices(&e->questions[i]);
    }
}

// ---- writing ----

enum p1_err notice_write(const struct group *g, const struct notice *notice, const struct scalar *registrar,
                         const struct scalar *second, struct draws *d, struct buf *out, struct work *w) {
    uint8_t text[2048];
    struct buf m = buf_over(text, sizeof text);
    buf_char(&m, '{');
    if (!notice->first) {
        buf_str(&m, "\"previous\":\"");
        buf_hex(&m, span_of(notice->previous, 32));
        buf_str(&m, "\",");
    }
    buf_str(&m, "\"event\":\"");
    buf_hex(&m, span_of(notice->event, 32));
    buf_str(&m, "\",\"type\":\"");
    buf_str(&m, type_names[notice->type]);
    if (notice->type == NOTICE_EXTENSION) {
        buf_str(&m, "\",\"closes\":");
        buf_u64(&m, notice->closes);
    } else {
        buf_str(&m, "\",\"credential\":\"");
        buf_str(&m, notice->credential);
        buf_char(&m, '"');
    }
    if (notice->type == NOTICE_NEUTRAL) {
        buf_str(&m, ",\"seed\":\"");
        buf_hex(&m, span_of(notice->seed, 32));
        buf_char(&m, '"');
    }
    buf_char(&m, '}');
    TRY(buf_done(&m));
    buf_str(out, "{\"message\":");
    buf_json_string(out, buf_span(&m));
    buf_str(out, ",\"signatures\":[");
    signature_write(g, registrar, buf_span(&m), d, out, w);
    if (second) {
        buf_char(out, ',');
        signature_write(g, second, buf_span(&m), d, out, w);
    }
    buf_str(out, "]}\n");
    return buf_done(out);
}
