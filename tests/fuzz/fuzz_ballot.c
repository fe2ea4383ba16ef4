// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Ballots (core/ballot.h). A ballot that is accepted and that no voter made is a forgery: everything in it is signed, or is the
// one signature that fits. So whatever is accepted must be, byte for byte, one of the ballots that we know.

#include "tests/fuzz/fuzz.h"
#include "tests/unit/helpers.h"

enum { PAPERS = 7, KNOWN_MAX = 64 };

// Of our own making, with keys that everybody can guess: a small one, one with a blank vote, and one with lists.
static const char small_paper[] = "[{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]";
static const char blank_paper[] =
    "[{\"answers\":[\"A\",\"B\",\"C\"],\"blank\":true,\"min\":1,\"max\":2,\"question\":\"Q\"}]";
static const char lists_paper[] =
    "[{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"A\",\"B\"],[\"M\",\"C\"]],\"question\":\"Q\"}}]";

static struct paper {
    struct election *e;
    struct span known[KNOWN_MAX];
    unsigned n;
} papers[PAPERS];

static void add_known(struct paper *p, struct span ballot) {
    HOLDS(p->n < KNOWN_MAX);
    p->known[p->n++] = ballot;
}

static struct paper of_vector(const char *name) {
    struct paper p = {.e = election_of_vector(name)};
    struct span text = vector(name, "ballots.jsons"), line;
    while (next_line(&text, &line)) add_known(&p, line);
    return p;
}

static struct paper of_our_own(const char *group, const char *questions, const uint8_t *choices) {
    struct scalar x;
    struct voter v;
    uint8_t seed[32] = {1};
    char code[P1_HASH64];
    sc_from_u64(&x, 12345);
    struct paper p = {.e = election_read(election_text(group, questions, &x))};
    sc_from_u64(&v.x, 54321);
    credential_public(&p.e->group, &v.x, &v.credential, &work);
    struct buf b = ballot_unsigned(p.e, &v, choices, seed);
    HOLDS(ballot_sign_ct(p.e, &v.x, seed, code, &b, &work) == P1_OK);
    add_known(&p, buf_span(&b));
    return p;
}

static void start(void) {
    static const char *const names[] = {"ed25519-small", "ed25519-revote", "ed25519-weighted",
                                        "b2048-v2-threshold-mixed"};
    for (unsigned i = 0; i < 4; i++) papers[i] = of_vector(names[i]);
    papers[4] = of_our_own("RFC-3526-2048", small_paper, (const uint8_t[]){1});
    papers[5] = of_our_own("Ed25519", blank_paper, (const uint8_t[]){0, 1, 0, 1});
    papers[6] = of_our_own("Ed25519", lists_paper, (const uint8_t[]){1, 0, 1, 0, 0});
}

static int is_known(const struct paper *p, struct span json) {
    for (unsigned i = 0; i < p->n; i++) {
        if (span_eq(json, p->known[i])) return 1;
    }
    return 0;
}

// From its parts a ballot is written again as it was.
static void same_again(const struct modulus *q, const struct ballot *b) {
    struct buf out = buf_over(fuzz_alloc(b->json.n), b->json.n);
    buf_str(&out, "{\"election_uuid\":\"");
    buf_put(&out, b->uuid);
    buf_str(&out, "\",\"election_hash\":\"");
    buf_put(&out, b->election_hash);
    buf_str(&out, "\",\"credential\":\"");
    buf_put(&out, b->credential);
    buf_str(&out, "\",\"answers\":");
    buf_put(&out, b->answers);
    buf_str(&out, ",\"signature\":{\"hash\":\"");
    buf_put(&out, b->signed_hash);
    buf_str(&out, "\",\"proof\":");
    proof_write(&out, q, &b->signature);
    buf_str(&out, "}}");
    HOLDS(buf_done(&out) == P1_OK && span_eq(buf_span(&out), b->json));
    free(out.p);
}

void fuzz_one(struct span in) {
    if (!papers[0].e) start();
    const struct paper *p = &papers[take_u8(&in) % PAPERS];
    struct ballot b;
    struct span credential;
    unsigned seen;
    enum p1_err err = ballot_credential(in, &credential);
    if (ballot_parse(&b, &p->e->group.q, in) != P1_OK) return;
    HOLDS(err == P1_OK && span_eq(credential, b.credential));
    same_again(&p->e->group.q, &b);
    err = ballot_check(p->e, &b, &seen, &work);
    HOLDS((err == P1_OK) == is_known(p, in));
    if (err != P1_OK) return;
    struct ciphertext *c = calloc(p->e->choice_count, sizeof *c);
    HOLDS(c && ballot_choices(p->e, &b, c, &work) == P1_OK);
    HOLDS(in.n <= ballot_size_max(p->e));
    free(c);
}
