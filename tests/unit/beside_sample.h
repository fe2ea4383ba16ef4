// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// An archive with all that can lie beside one: a frozen bundle, notices, second proofs of shares. Twelve voters of weight 2:
// eleven vote, one of them is withdrawn afterwards by two people and its neutral ballot cast; the twelfth is withdrawn before.
#ifndef P1_TEST_BESIDE_SAMPLE_H
#define P1_TEST_BESIDE_SAMPLE_H

#include "tests/unit/board_helpers.h"

#include "core/credential.h"
#include "core/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define FROZEN_UUID "TestBoxFrozen1"
#define MAYBE "[{\"answers\":[\"Ja\",\"Nee\"],\"blank\":true,\"min\":0,\"max\":1,\"question\":\"Mag het?\"}]"

// Where its events stand: voters 0 to 10, the neutral ballot, what follows.
enum { BALLOT = 1, NEUTRAL = 12, END = 13, TALLY = 14, SHARE = 15, RESULT = 17, EVENTS = 18 };

static const char *const weight_2[] = {",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2"};
static const struct plan plan_frozen = {
    .uuid = FROZEN_UUID, .questions = MAYBE, .threshold = 2, .voters = 12, .behind = weight_2};

// All texts live as long as the election.
struct frozen_sample {
    struct made *m;
    struct script script;
    struct span bundle, notices, shares;
    struct scalar registrar, second;
    struct draws draws;
};

static inline const char *hex_of(const uint8_t hash[32]) {
    static char hex[65];
    struct buf b = buf_over(hex, 64);
    buf_hex(&b, span_of(hash, 32));
    return hex;
}

static inline const char *sha256_hex(struct span text) {
    uint8_t hash[32];
    sha256(hash, text);
    return hex_of(hash);
}

// The hash of the last of the first N events.
static inline void event_hash(const struct script *s, unsigned n, uint8_t out[32]) {
    struct span file = script_write(s, n);
    struct chain c;
    struct event ev;
    ENSURE(chain_begin(&c, file) == P1_OK);
    for (int more = 1; more;) ENSURE(chain_next(&c, file, &ev, &more) == P1_OK);
    memcpy(out, c.tip, 32);
    span_free(file);
}

static inline struct span bundle_text(struct made *m, const char *boxes, unsigned credentials) {
    char text[3000];
    snprintf(
        text, sizeof text,
        "{\"version\":1,\"uuid\":\"%.*s\",\"boxes\":[%s],\"opens\":1800000000,\"closes\":1800500000,\"minimum\":10,"
        "\"credentials\":{\"count\":%u,\"sha256\":\"%s\"},\"receipt_key\":\"\",\"translations\":[],"
        "\"attachments\":[{\"name\":\"a.pdf\",\"sha256\":\"%064u\"}]}",
        (int)m->election.uuid.n, (const char *)m->election.uuid.p, boxes, credentials, sha256_hex(m->setup.record[2]),
        7u);
    return made_keep_str(m, text);
}

static inline struct elem_text public_of(struct made *m, const struct scalar *x) {
    struct elem_text t;
    credential_public(&m->election.group, x, &t, &m->work);
    return t;
}

// The election names this bundle, and these keys for notices: AUTHORITY as in JSON.
static inline void freeze(struct made *m, struct span bundle, const char *authority) {
    char text[400];
    snprintf(text, sizeof text, "\"description\":\"\\nsha256:%s\"", sha256_hex(bundle));
    struct span named = span_replace(m->setup.record[0], "\"description\":\"\"", text);
    snprintf(text, sizeof text, FROZEN_UUID "\",\"credential_authority\":\"%s\"}", authority);
    struct span whole = span_replace(named, FROZEN_UUID "\"}", text);
    const struct span election = made_keep(m, whole);
    span_free(named);
    span_free(whole);
    ENSURE(election_parse(&m->election, election, &m->work) == P1_OK);
    m->setup = made_setup(m, election, m->setup.record[1], m->setup.record[2]);
}

static inline void add_notice(struct frozen_sample *f, struct notice notice, int second) {
    uint8_t text[4096];
    struct buf b = buf_over(text, sizeof text);
    buf_put(&b, f->notices);
    size_t last = 0;
    for (size_t i = 0; i + 1 < f->notices.n; i++) {
        if (f->notices.p[i] == '\n') last = i + 1;
    }
    notice.first = f->notices.n == 0;
    if (!notice.first) sha256(notice.previous, span_of(f->notices.p + last, f->notices.n - last - 1));
    ENSURE(notice_write(&f->m->election.group, &notice, &f->registrar, second ? &f->second : NULL, &f->draws, &b,
                        &f->m->work) == P1_OK);
    f->notices = made_keep(f->m, buf_span(&b));
}

static inline const char *credential_str(struct made *m, unsigned voter) {
    static char text[P1_ELEM_TEXT + 1];
    struct span s = elem_span(&m->credential[voter]);
    snprintf(text, sizeof text, "%.*s", (int)s.n, (const char *)s.p);
    return text;
}

static inline struct notice about(struct frozen_sample *f, enum notice_type type, unsigned voter, unsigned events) {
    struct notice n = {.type = type, .closes = 1800600000};
    if (type != NOTICE_EXTENSION) n.credential = credential_str(f->m, voter);
    made_ballot_seed(n.seed, voter, 1);
    event_hash(&f->script, events, n.event);
    return n;
}

// The second proof of a trustee (from 0), as a line.
static inline void add_binding(struct frozen_sample *f, unsigned trustee) {
    struct ciphertext tally[TEST_CHOICES_MAX];
    uint8_t text[1 << 14];
    struct buf b = buf_over(text, sizeof text);
    struct made *m = f->m;
    ENSURE(tally_parse(&m->election, f->script.step[TALLY].record[0], tally, &m->work) == P1_OK);
    buf_put(&b, f->shares);
    buf_str(&b, "{\"owner\":");
    buf_u64(&b, trustee + 1);
    buf_str(&b, ",\"proofs\":");
    ENSURE(share_bind_ct(&m->election, &m->key[trustee], tally, &b, &m->work) == P1_OK);
    buf_str(&b, "}\n");
    f->shares = made_keep(m, buf_span(&b));
}

static inline void frozen_votes(struct frozen_sample *f) {
    static const char *const choices[] = {"010", "001", "010", "100"};
    struct script *s = &f->script;
    add_setup(s, f->m);
    for (unsigned i = 0; i < 11; i++) add_ballot(s, made_ballot(f->m, i, choices[i % 4], 0));
    add_notice(f, about(f, NOTICE_WITHDRAW, 0, NEUTRAL), 1);
    add_notice(f, about(f, NOTICE_NEUTRAL, 0, NEUTRAL), 0);
    add_notice(f, about(f, NOTICE_EXTENSION, 0, NEUTRAL), 0);
    add_notice(f, about(f, NOTICE_WITHDRAW, 11, NEUTRAL), 0);
    add_ballot(s, made_ballot(f->m, 0, "100", 1));
}

static inline struct frozen_sample *frozen_new(void) {
    static struct frozen_sample f;
    char authority[300];
    memset(&f, 0, sizeof f);
    f.m = made_new(&plan_frozen);
    sc_from_u64(&f.registrar, 1234567);
    sc_from_u64(&f.second, 7654321);
    f.bundle = bundle_text(f.m, "\"" FROZEN_UUID "\",\"TestBoxFrozen2\"", 12);
    struct elem_text one = public_of(f.m, &f.registrar), two = public_of(f.m, &f.second);
    snprintf(authority, sizeof authority, "Griffie\\nregistrar:%.*s\\nsecond:%.*s", one.n, (const char *)one.p, two.n,
             (const char *)two.p);
    freeze(f.m, f.bundle, authority);
    frozen_votes(&f);
    add_count(&f.script, f.m, 5, "{\"result\":[[6,10,6]]}");
    add_binding(&f, 0);
    add_binding(&f, 2);
    ENSURE(f.script.n == EVENTS);
    return &f;
}

// What is beside it, as files.
static inline struct beside beside_of(const struct frozen_sample *f) {
    return (struct beside){.bundle = f->bundle, .notices = f->notices, .shares = f->shares};
}

#endif
