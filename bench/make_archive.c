// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "bench/make_archive.h"

#include <stdio.h>
#include <stdlib.h>

#include "board/box.h"
#include "core/credential.h"
#include "core/hash_scalar.h"
#include "core/sha256.h"

#define ROOM_PER_BALLOT ((size_t)1 << 15)

struct maker {
    struct group group;
    struct work work;
    struct election election;
    struct voter_key {
        struct scalar x;
        struct elem_text public;
    } * voter;
    unsigned n;
};

static void must(enum p1_err err) {
    if (err == P1_OK) return;
    fprintf(stderr, "bench: %s\n", p1_err_text(err));
    exit(1);
}

static void *memory(size_t n) {
    void *p = calloc(1, n);
    if (!p) abort();
    return p;
}

static void scalar_of(const struct maker *m, char kind, unsigned i, struct scalar *out) {
    static const uint8_t seed[32] = "a seed for measurements only";
    const uint8_t label[5] = {(uint8_t)kind, (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
    seed_scalar(&m->group.q, seed, span_of(label, sizeof label), out);
}

static const struct group *sort_group;

static int by_public(const void *a, const void *b) {
    const struct voter_key *x = a, *y = b;
    return elem_text_order(sort_group, elem_span(&x->public), elem_span(&y->public));
}

static struct buf credentials(struct maker *m) {
    size_t room = 16 + (size_t)m->n * (P1_ELEM_TEXT + 4);
    struct buf b = buf_over(memory(room), room);
    for (unsigned i = 0; i < m->n; i++) {
        scalar_of(m, 'c', i, &m->voter[i].x);
        credential_public(&m->group, &m->voter[i].x, &m->voter[i].public, &m->work);
    }
    sort_group = &m->group;
    qsort(m->voter, m->n, sizeof *m->voter, by_public);
    for (unsigned i = 0; i < m->n; i++) {
        buf_str(&b, i ? ",\"" : "[\"");
        buf_put(&b, elem_span(&m->voter[i].public));
        buf_char(&b, '"');
    }
    buf_char(&b, ']');
    return b;
}

static void hash_field(struct buf *out, const char *field, struct span part) {
    uint8_t hash[32];
    sha256(hash, part);
    buf_str(out, field);
    buf_hex(out, span_of(hash, 32));
}

static void setup(struct maker *m, const char *group, struct chain *chain, struct buf *file) {
    static uint8_t key_text[4 * P1_SCALAR_TEXT], election_text[4096], setup_text[512];
    struct buf key = buf_over(key_text, sizeof key_text), e = buf_over(election_text, sizeof election_text);
    struct buf s = buf_over(setup_text, sizeof setup_text), roll = credentials(m);
    struct draws d = {.seed = {1}};
    struct scalar x;
    struct elem_text public;
    scalar_of(m, 'k', 0, &x);
    credential_public(&m->group, &x, &public, &m->work);
    buf_str(&key, "[[\"Single\",");
    trustee_key_write(&m->group, &x, NULL, &d, &key, &m->work);
    buf_str(&key, "]]");
    buf_str(&e, "{\"version\":1,\"description\":\"\",\"name\":\"Bench\",\"group\":\"");
    buf_str(&e, group);
    buf_str(&e, "\",\"public_key\":\"");
    buf_put(&e, elem_span(&public));
    buf_str(&e, "\",\"questions\":[{\"answers\":[\"A\",\"B\",\"C\"],\"min\":1,\"max\":1,\"question\":\"Q\"}],\"uuid\":"
                "\"BenchBenchBench\"}");
    hash_field(&s, "{\"election\":\"", buf_span(&e));
    hash_field(&s, "\",\"trustees\":\"", buf_span(&key));
    hash_field(&s, "\",\"credentials\":\"", buf_span(&roll));
    buf_str(&s, "\"}");
    const struct span records[] = {buf_span(&e), buf_span(&key), buf_span(&roll), buf_span(&s)};
    must(chain_create(chain, 1800000000, file));
    must(chain_write(chain, EVENT_SETUP, records, 4, file));
    must(election_parse(&m->election, buf_span(&e), &m->work));
    free(roll.p);
}

static void ballot(struct maker *m, unsigned i, struct chain *chain, struct buf *file) {
    static uint8_t text[ROOM_PER_BALLOT / 2];
    struct buf b = buf_over(text, sizeof text);
    uint8_t choices[3] = {0}, seed[32] = {(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16)};
    char code[P1_HASH64];
    choices[i % 3] = 1;
    must(ballot_make_unsigned_ct(&m->election, elem_span(&m->voter[i].public), choices, seed, &b, &m->work));
    must(ballot_sign_ct(&m->election, &m->voter[i].x, seed, code, &b, &m->work));
    const struct span record = buf_span(&b);
    must(chain_write(chain, EVENT_BALLOT, &record, 1, file));
}

struct span make_archive(const char *group, unsigned ballots) {
    struct maker *m = memory(sizeof *m);
    struct chain chain;
    size_t room = ((size_t)1 << 20) + ballots * (ROOM_PER_BALLOT + P1_ELEM_TEXT);
    struct buf file = buf_over(memory(room), room);
    must(group_init(&m->group, span_str(group), &m->work));
    m->n = ballots;
    m->voter = memory(ballots * sizeof *m->voter);
    setup(m, group, &chain, &file);
    for (unsigned i = 0; i < ballots; i++) ballot(m, i, &chain, &file);
    free(m->voter);
    free(m);
    return buf_span(&file);
}
