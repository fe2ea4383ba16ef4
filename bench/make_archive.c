// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "bench/make_archive.h"

#include <stdlib.h>

#include "board/box.h"
#include "core/credential.h"
#include "core/hash_scalar.h"
#include "core/sha256.h"

enum { BATCH = 1024, ROOM_PER_BALLOT = 1 << 14 };

struct maker {
    struct group group;
    struct runner *runner;
    struct election election;
    struct voter_key {
        unsigned i; // its private credential follows from it
        struct elem_text public;
    } * voter;
    unsigned voters;

    unsigned first; // ballot of the batch
    struct buf ballot[BATCH];
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

static void scalar_of(const struct group *g, char kind, unsigned i, struct scalar *out) {
    static const uint8_t seed[32] = "a seed for measurements only";
    const uint8_t label[5] = {(uint8_t)kind, (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
    seed_scalar(&g->q, seed, span_of(label, sizeof label), out);
}

void make_archive_key(const struct group *g, struct scalar *out) { scalar_of(g, 'k', 0, out); }

static void put(FILE *out, struct buf *b) {
    must(buf_done(b));
    if (fwrite(b->p, 1, b->n, out) != b->n) {
        perror("bench");
        exit(1);
    }
    b->n = 0;
}

static const struct group *sort_group;

static int by_public(const void *a, const void *b) {
    const struct voter_key *x = a, *y = b;
    return elem_text_order(sort_group, elem_span(&x->public), elem_span(&y->public));
}

static void make_voter(void *arg, size_t i, struct work *w) {
    struct maker *m = arg;
    struct scalar x;
    m->voter[i].i = (unsigned)i;
    scalar_of(&m->group, 'c', (unsigned)i, &x);
    credential_public(&m->group, &x, &m->voter[i].public, w);
}

static struct buf credentials(struct maker *m) {
    size_t room = 16 + (size_t)m->voters * (P1_ELEM_TEXT + 4);
    struct buf b = buf_over(memory(room), room);
    m->runner->run(m->runner, m->voters, make_voter, m);
    sort_group = &m->group;
    qsort(m->voter, m->voters, sizeof *m->voter, by_public);
    for (unsigned i = 0; i < m->voters; i++) {
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

static void setup(struct maker *m, const char *group, struct chain *chain, FILE *out) {
    static uint8_t key_text[4 * P1_SCALAR_TEXT], election_text[4096], setup_text[512];
    struct buf key = buf_over(key_text, sizeof key_text), e = buf_over(election_text, sizeof election_text);
    struct buf s = buf_over(setup_text, sizeof setup_text), roll = credentials(m);
    struct draws d = {.seed = {1}};
    struct scalar x;
    struct elem_text public;
    struct work *w = m->runner->work;
    make_archive_key(&m->group, &x);
    credential_public(&m->group, &x, &public, w);
    buf_str(&key, "[[\"Single\",");
    trustee_key_write(&m->group, &x, NULL, &d, &key, w);
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
    size_t room = chain_write_size(records, 4) + 2 * TAR_BLOCK;
    struct buf file = buf_over(memory(room), room);
    must(chain_create(chain, 1800000000, &file));
    must(chain_write(chain, EVENT_SETUP, records, 4, &file));
    put(out, &file);
    must(election_parse(&m->election, buf_span(&e), w));
    free(roll.p);
    free(file.p);
}

static void make_ballot(void *arg, size_t at, struct work *w) {
    struct maker *m = arg;
    unsigned i = m->first + (unsigned)at;
    const struct voter_key *voter = &m->voter[i % m->voters];
    uint8_t choices[3] = {0}, seed[32] = {(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16), (uint8_t)(i >> 24)};
    char code[P1_HASH64];
    struct scalar x;
    choices[i % 3] = 1;
    scalar_of(&m->group, 'c', voter->i, &x);
    m->ballot[at].n = 0;
    must(ballot_make_unsigned_ct(&m->election, elem_span(&voter->public), choices, seed, &m->ballot[at], w));
    must(ballot_sign_ct(&m->election, &x, seed, code, &m->ballot[at], w));
}

static void make_voters(struct maker *m, const char *group, unsigned voters, struct runner *r) {
    m->runner = r;
    m->voters = voters;
    m->voter = memory(voters * sizeof *m->voter);
    must(group_init(&m->group, span_str(group), r->work));
    for (unsigned i = 0; i < BATCH; i++) m->ballot[i] = buf_over(memory(ROOM_PER_BALLOT), ROOM_PER_BALLOT);
}

static void release(struct maker *m) {
    for (unsigned i = 0; i < BATCH; i++) free(m->ballot[i].p);
    free(m->voter);
    free(m);
}

// The ballots from m->first on, a batch at a time: how many, 0 if END is reached.
static unsigned next_batch(struct maker *m, unsigned end) {
    unsigned n = end - m->first < BATCH ? end - m->first : BATCH;
    m->runner->run(m->runner, n, make_ballot, m);
    m->first += n;
    return n;
}

void make_archive(FILE *out, const char *group, unsigned voters, unsigned ballots, struct runner *r) {
    struct maker *m = memory(sizeof *m);
    struct chain chain;
    struct buf file = buf_over(memory(2 * ROOM_PER_BALLOT), 2 * ROOM_PER_BALLOT);
    make_voters(m, group, voters, r);
    setup(m, group, &chain, out);
    for (unsigned n; (n = next_batch(m, ballots));) {
        for (unsigned i = 0; i < n; i++) {
            const struct span record = buf_span(&m->ballot[i]);
            must(chain_write(&chain, EVENT_BALLOT, &record, 1, &file));
            put(out, &file);
        }
        if (r->progress) r->progress(r, m->first, ballots);
    }
    free(file.p);
    release(m);
}

void make_ballots(FILE *out, const char *group, unsigned voters, unsigned first, unsigned count, struct runner *r) {
    struct maker *m = memory(sizeof *m);
    struct chain chain;
    FILE *nowhere = fopen("/dev/null", "wb");
    if (!nowhere) abort();
    make_voters(m, group, voters, r);
    setup(m, group, &chain, nowhere);
    (void)fclose(nowhere);
    m->first = first;
    for (unsigned n; (n = next_batch(m, first + count));) {
        for (unsigned i = 0; i < n; i++) {
            buf_char(&m->ballot[i], '\n');
            put(out, &m->ballot[i]);
        }
    }
    release(m);
}
