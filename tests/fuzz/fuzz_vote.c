// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Voting, for question papers of any shape: a ballot is made exactly for the choices that the paper allows, it is accepted, and it
// opens to these choices with its seed and with no other. If its voter changes anything in it before signing, it is refused.

#include "tests/fuzz/fuzz.h"
#include "tests/unit/helpers.h"

enum { QUESTIONS = 3, CHOICES = 40 };

struct shape {
    unsigned lists[4]; // candidates of each list
    unsigned list_count, answers, min, max;
    int blank;
};

static struct shape take_shape(struct span *in) {
    struct shape s = {0};
    unsigned kind = take_u8(in), counts = take_u8(in);
    if (kind % 3 == 2) {
        s.list_count = 1 + kind / 3 % 4;
        for (unsigned i = 0; i < s.list_count; i++) s.lists[i] = counts >> 2 * i & 3;
    } else {
        s.blank = kind % 3 == 1;
        s.answers = 1 + kind / 3 % 6;
        s.min = counts % (s.answers + 1);
        s.max = s.min + counts / 16 % (s.answers + 1 - s.min);
    }
    return s;
}

static void write_question(struct buf *b, const struct shape *s, int first) {
    buf_str(b, first ? "" : ",");
    if (s->list_count) {
        buf_str(b, "{\"type\":\"Lists\",\"value\":{\"answers\":[");
        for (unsigned i = 0; i < s->list_count; i++) {
            buf_str(b, i ? ",[\"L\"" : "[\"L\"");
            for (unsigned k = 0; k < s->lists[i]; k++) buf_str(b, ",\"a\"");
            buf_char(b, ']');
        }
        buf_str(b, "],\"question\":\"q\"}}");
        return;
    }
    buf_str(b, "{\"answers\":[");
    for (unsigned i = 0; i < s->answers; i++) buf_str(b, i ? ",\"a\"" : "\"a\"");
    buf_str(b, s->blank ? "],\"blank\":true,\"min\":" : "],\"min\":");
    buf_u64(b, s->min);
    buf_str(b, ",\"max\":");
    buf_u64(b, s->max);
    buf_str(b, ",\"question\":\"q\"}");
}

// The rule, said anew: it takes the choices of this question.
static int allowed(const struct shape *s, const uint8_t **choices) {
    const uint8_t *c = *choices;
    unsigned marked = 0, right = 0;
    if (s->list_count) {
        for (unsigned i = 0; i < s->list_count; c += 1 + s->lists[i], i++) {
            unsigned candidates = 0;
            for (unsigned k = 0; k < s->lists[i]; k++) candidates += c[1 + k];
            marked += c[0];
            right += c[0] ? candidates > 0 : candidates == 0;
        }
        *choices = c;
        return marked == 1 && right == s->list_count;
    }
    *choices = c + s->answers + s->blank;
    for (unsigned i = 0; i < s->answers; i++) marked += c[s->blank + (int)i];
    return s->blank && c[0] ? marked == 0 : marked >= s->min && marked <= s->max;
}

static enum p1_err signed_verdict(const struct election *e, const struct voter *v, struct buf *b) {
    struct ballot parsed;
    uint8_t random[32] = {1};
    char code[P1_HASH64];
    HOLDS(ballot_sign_ct(e, &v->x, random, code, b, &work) == P1_OK);
    TRY(ballot_parse(&parsed, &e->group.q, buf_span(b)));
    HOLDS(memcmp(code, parsed.code, sizeof code) == 0);
    return ballot_check(e, &parsed, NULL, &work);
}

// One digit of UNSIGNED_TEXT becomes another, of which most are in proofs; or some bytes become others, or those that stand elsewhere
// in it.
static void changed(const struct election *e, const struct voter *v, struct span unsigned_text, struct span in) {
    size_t room = ballot_size_max(e), at = take_u16(&in) % unsigned_text.n, from = take_u16(&in) % unsigned_text.n;
    struct span by = take_bytes(&in, 40), old = span_from(unsigned_text, at);
    uint8_t digit;
    while (from & 1 && old.n && (old.p[0] < '0' || old.p[0] > '9')) old = span_from(old, 1);
    if (!old.n) return;
    if (from & 1) {
        digit = (uint8_t)('0' + (old.p[0] - (unsigned)'0' + 1 + from / 2 % 9) % 10);
        by = span_of(&digit, 1);
    } else if (!by.n) {
        by = span_of(unsigned_text.p + from, unsigned_text.n - from < 300 ? unsigned_text.n - from : 300);
    }
    if (by.n > old.n) by.n = old.n;
    if (memcmp(old.p, by.p, by.n) == 0) return;
    struct buf b = buf_over(fuzz_alloc(room), room);
    buf_put(&b, unsigned_text);
    memcpy(b.p + (old.p - unsigned_text.p), by.p, by.n);
    HOLDS(signed_verdict(e, v, &b) != P1_OK);
    free(b.p);
}

static void vote(const struct election *e, const uint8_t *choices, int may, struct span in) {
    struct voter v = {.x = {{0}}};
    uint8_t seed[32] = {0}, other[32], found[CHOICES * QUESTIONS];
    char code[P1_HASH64];
    unsigned seen;
    struct ballot b;
    take_filled(&in, seed, 2); // short, so that little changes of an input change what comes behind it
    sc_from_u64(&v.x, 1 + (uint64_t)take_u16(&in));
    credential_public(&e->group, &v.x, &v.credential, &work);
    size_t room = ballot_size_max(e);
    struct buf out = buf_over(fuzz_alloc(room), room), space = buf_over(fuzz_alloc(room), room);

    enum p1_err err = ballot_make_unsigned_ct(e, elem_span(&v.credential), choices, seed, &out, &work);
    HOLDS(err == (may ? P1_OK : P1_ERR_BALLOT_CHOICE));
    if (may) {
        struct span rest = in;
        if (take_u8(&rest) & 1) changed(e, &v, buf_span(&out), rest);
        HOLDS(ballot_sign_ct(e, &v.x, seed, code, &out, &work) == P1_OK);
        struct span json = buf_span(&out);
        HOLDS(ballot_parse(&b, &e->group.q, json) == P1_OK && ballot_check(e, &b, &seen, &work) == P1_OK);
        HOLDS(!(seen & BALLOT_SHOWS_CHOICE) && memcmp(code, b.code, sizeof code) == 0);
        HOLDS(ballot_open_vartime(e, json, seed, found, &space, &work) == P1_OK);
        HOLDS(memcmp(found, choices, e->choice_count) == 0);
        memcpy(other, seed, sizeof other);
        other[take_u8(&in) % 32] ^= 1;
        space.n = 0;
        HOLDS(ballot_open_vartime(e, json, other, found, &space, &work) == P1_ERR_BALLOT_SEED);
    }
    free(out.p);
    free(space.p);
}

void fuzz_one(struct span in) {
    static char memory[8192];
    static struct election e;
    struct shape shape[QUESTIONS];
    uint8_t choices[CHOICES * QUESTIONS] = {0};
    struct buf b = buf_over(memory, sizeof memory);
    unsigned n = 1 + take_u8(&in) % QUESTIONS;
    struct scalar x;
    sc_from_u64(&x, 12345);
    struct elem key = power_of_g(group_of("Ed25519"), &x);
    struct elem_text key_as_text = elem_text_of(group_of("Ed25519"), &key);
    buf_str(&b, "{\"version\":1,\"description\":\"\",\"name\":\"\",\"group\":\"Ed25519\",\"public_key\":\"");
    buf_put(&b, elem_span(&key_as_text));
    buf_str(&b, "\",\"questions\":[");
    for (unsigned i = 0; i < n; i++) {
        shape[i] = take_shape(&in);
        write_question(&b, &shape[i], i == 0);
    }
    buf_str(&b, "],\"uuid\":\"" TEST_UUID "\"}");
    HOLDS(buf_done(&b) == P1_OK && election_parse(&e, buf_span(&b), &work) == P1_OK);
    HOLDS(e.choice_count <= CHOICES * QUESTIONS);
    for (unsigned i = 0; i < e.choice_count; i += 8) {
        unsigned bits = take_u8(&in);
        for (unsigned k = i; k < i + 8 && k < e.choice_count; k++) choices[k] = bits >> (k - i) & 1;
    }
    const uint8_t *at = choices;
    int may = 1;
    for (unsigned i = 0; i < n; i++) may &= allowed(&shape[i], &at);
    HOLDS(at == choices + e.choice_count);
    vote(&e, choices, may, in);
}
