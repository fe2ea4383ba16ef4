// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What comes after the ballots (core/tally.h): tally, figures, shares with their second proofs, result. A share that nobody of the
// trustees made is a forgery.

#include "tests/fuzz/fuzz.h"
#include "tests/unit/helpers.h"

enum { ELECTIONS = 3, TRUSTEES_MAX = 8 };

// Each of the vectors has one tally and these shares of it.
static struct counted {
    struct election *e;
    struct trustees t;
    struct ciphertext *tally;
    struct elem *factors, *opened; // of each trustee; of all together
    struct span tally_text, share[TRUSTEES_MAX], result;
    uint64_t *counts;
} counted[ELECTIONS];

// Lines "OWNER SHARE".
static void read_shares(struct counted *c, const char *name) {
    struct span text = vector(name, "shares.txt"), line;
    struct quorum q = {0};
    while (next_line(&text, &line)) {
        struct json j = json_of(line);
        uint64_t owner;
        HOLDS(json_uint(&j, c->t.count, &owner) == P1_OK && owner && json_take(&j, " "));
        const unsigned i = (unsigned)owner - 1;
        c->share[i] = span_of(j.p, (size_t)(j.end - j.p));
        struct elem *f = c->factors + i * c->e->choice_count;
        HOLDS(share_check(c->e, &c->t.trustee[i], c->tally, c->share[i], f, &work) == P1_OK);
        q.present |= (uint64_t)1 << i;
    }
    HOLDS(quorum_choose(&c->t, &q) == P1_OK);
    for (unsigned i = 0; i < c->e->choice_count; i++) elem_identity(&c->e->group, &c->opened[i]);
    for (unsigned i = 0; i < c->t.count; i++) {
        if (!(q.used >> i & 1)) continue;
        factors_add_vartime(c->e, &c->t, &q, i, c->factors + i * c->e->choice_count, c->opened, &work);
    }
}

static void start(void) {
    static const char *const names[ELECTIONS] = {"ed25519-small", "ed25519-threshold", "b2048-v2-threshold-mixed"};
    for (unsigned i = 0; i < ELECTIONS; i++) {
        struct counted *c = &counted[i];
        unsigned where;
        c->e = election_of_vector(names[i]);
        struct span trustees = vector(names[i], "trustees.json");
        struct buf arena = keep_buf(trustees.n);
        HOLDS(trustees_parse(&c->t, &c->e->group, trustees, &arena, &work) == P1_OK);
        HOLDS(c->t.count <= TRUSTEES_MAX);
        c->tally = keep(c->e->choice_count * sizeof *c->tally);
        c->factors = keep((size_t)c->t.count * c->e->choice_count * sizeof *c->factors);
        c->opened = keep(c->e->choice_count * sizeof *c->opened);
        c->counts = keep(c->e->choice_count * sizeof *c->counts);
        c->tally_text = vector(names[i], "tally.json");
        HOLDS(tally_parse(c->e, c->tally_text, c->tally, &work) == P1_OK);
        read_shares(c, names[i]);
        c->result = vector(names[i], "result.json");
        HOLDS(result_parse(c->e, c->result, c->counts) == P1_OK);
        HOLDS(result_check(c->e, c->tally, c->opened, c->counts, &where, &work) == P1_OK);
    }
}

// Numbers and group elements have one form, and so has what is made of them.
static void tally(const struct counted *c, struct span in) {
    struct ciphertext *t = calloc(c->e->choice_count, sizeof *t);
    size_t room = tally_size_max(c->e);
    struct buf out = buf_over(fuzz_alloc(room), room);
    if (tally_parse(c->e, in, t, &work) == P1_OK) {
        tally_write(c->e, t, &out, &work);
        HOLDS(buf_done(&out) == P1_OK && span_eq(buf_span(&out), in));
    }
    free(t);
    free(out.p);
}

static void figures(struct span in) {
    struct sized_tally s;
    uint8_t memory[256];
    struct buf out = buf_over(memory, sizeof memory);
    if (sized_tally_parse(in, &s) != P1_OK) return;
    sized_tally_write(&s, &out);
    HOLDS(buf_done(&out) == P1_OK && span_eq(buf_span(&out), in));
}

static void share(const struct counted *c, struct span in) {
    unsigned owner = take_u8(&in) % c->t.count;
    struct elem *factors = calloc(c->e->choice_count, sizeof *factors);
    enum p1_err err = share_check(c->e, &c->t.trustee[owner], c->tally, in, factors, &work);
    HOLDS((err == P1_OK) == (c->share[owner].p && span_eq(in, c->share[owner])));
    free(factors);
}

// No second proof of these shares is known, so none may be accepted.
static void binding(const struct counted *c, struct span in) {
    unsigned owner = take_u8(&in) % c->t.count;
    const struct elem *factors = c->factors + owner * c->e->choice_count;
    if (!c->share[owner].p) return;
    HOLDS(share_binding_check(c->e, &c->t.trustee[owner], c->tally, factors, in, &work) != P1_OK);
}

static void result(const struct counted *c, struct span in) {
    const size_t n = c->e->choice_count;
    uint64_t *counts = calloc(n, sizeof *counts);
    unsigned where = 0;
    struct buf out = buf_over(fuzz_alloc(in.n), in.n);
    if (result_parse(c->e, in, counts) == P1_OK) {
        result_write(c->e, counts, &out);
        HOLDS(buf_done(&out) == P1_OK && span_eq(buf_span(&out), in));
        enum p1_err err = result_check(c->e, c->tally, c->opened, counts, &where, &work);
        HOLDS((err == P1_OK) == (memcmp(counts, c->counts, n * sizeof *counts) == 0));
        HOLDS(err == P1_OK || (where < n && counts[where] != c->counts[where]));
    }
    free(counts);
    free(out.p);
}

// A count is found for any number up to the most that there can be.
static void logarithm(const struct counted *c, struct span in) {
    const struct group *g = &c->e->group;
    uint64_t max = take_u16(&in) % 2000, is = take_u16(&in) % 2100, found;
    struct scalar s;
    struct ciphertext one;
    struct elem factor;
    struct dlog d;
    void *table = fuzz_alloc(dlog_table_bytes(max));
    dlog_init(&d, g, max, table, &work);
    elem_identity(g, &one.alpha);
    sc_from_u64(&s, 1 + take_u16(&in));
    factor = power_of_g(g, &s);
    sc_from_u64(&s, is);
    one.beta = power_of_g(g, &s);
    elem_mul_ct(g, &one.beta, &one.beta, &factor, &work);
    enum p1_err err = dlog_find(&d, g, &one, &factor, max, &found, &work);
    HOLDS(is > max ? err == P1_ERR_RESULT : err == P1_OK && found == is);
    free(table);
}

void fuzz_one(struct span in) {
    if (!counted[0].e) start();
    unsigned which = take_u8(&in);
    const struct counted *c = &counted[which / 8 % ELECTIONS];
    switch (which % 8) {
    case 0: figures(in); break;
    case 1:
    case 2: share(c, in); break;
    case 3: binding(c, in); break;
    case 4: result(c, in); break;
    case 5: logarithm(&counted[0], in); break;
    default: tally(c, in);
    }
}
