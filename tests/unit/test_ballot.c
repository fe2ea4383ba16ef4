// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Ballots that are right: made, checked, opened again; and what their seed does not give away.

#include "core/hash_scalar.h"
#include "tests/unit/helpers.h"

#define MIXED                                                                                   \
    "[{\"answers\":[\"A\",\"B\"],\"min\":0,\"max\":1,\"question\":\"Q1\"},"                     \
    "{\"answers\":[\"A\",\"B\",\"C\"],\"blank\":true,\"min\":1,\"max\":2,\"question\":\"Q2\"}," \
    "{\"answers\":[\"A\"],\"min\":1,\"max\":1,\"question\":\"Q3\"},"                            \
    "{\"answers\":[\"A\"],\"blank\":true,\"min\":0,\"max\":1,\"question\":\"Q4\"}]"

enum { CHOICES = 9 };

static const uint8_t mixed_choices[][CHOICES] = {
    {1, 0, 0, 1, 0, 1, 1, 0, 1},
    {0, 1, 1, 0, 0, 0, 1, 1, 0}, // blank twice
    {0, 0, 0, 0, 0, 1, 1, 0, 0}, // nothing, and not blank, where that is allowed
};

// The slow group has only the last two questions.
#define SHORT                                                         \
    "[{\"answers\":[\"A\"],\"min\":1,\"max\":1,\"question\":\"Q3\"}," \
    "{\"answers\":[\"A\"],\"blank\":true,\"min\":0,\"max\":1,\"question\":\"Q4\"}]"

static const char *const papers[GROUPS] = {MIXED, MIXED, SHORT};

// One election in each group.
static struct election *elections[GROUPS];

static const uint8_t *choices_in(size_t k, size_t i) { return mixed_choices[i] + CHOICES - elections[k]->choice_count; }

static void opened(const struct election *e, struct span json, const uint8_t *seed, const uint8_t *choices) {
    uint8_t out[P1_CHOICES_MAX];
    struct buf space = keep_buf(ballot_size_max(e));
    assert_ok(ballot_open_vartime(e, json, seed, out, &space, &work));
    assert_memory_equal(out, choices, e->choice_count);
}

static enum p1_err open_verdict(const struct election *e, struct span json, const uint8_t *seed) {
    uint8_t out[P1_CHOICES_MAX];
    struct buf space = keep_buf(ballot_size_max(e));
    return ballot_open_vartime(e, json, seed, out, &space, &work);
}

// ---- made and checked ----

static void ballots_of_belenios_hold(void **state) {
    static const char *const names[] = {"ed25519-small",  "ed25519-threshold", "ed25519-weighted",
                                        "ed25519-revote", "rfc3526-v2-multi",  "b2048-v2-threshold-mixed"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct election *e = election_of_vector(names[i]);
        struct span text = vector(names[i], "ballots.jsons"), line;
        for (unsigned k = 0; k < 3 && next_line(&text, &line); k++) {
            struct ballot b;
            unsigned seen = 99;
            assert_ok(ballot_parse(&b, &e->group.q, keep_span(line)));
            assert_ok(ballot_check(e, &b, &seen, &work));
            assert_int_equal(seen, 0);
            assert_span(span_of(b.tracker, P1_HASH64), vector_line(names[i], "trackers.txt", k));
            assert_span(span_of(b.code, P1_HASH64), b.signed_hash);
        }
    }
}

static void ballots_that_we_make_hold_in_every_group(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        for (size_t i = 0; i < 3; i++) {
            struct voter v = voter_make(e);
            uint8_t seed[32];
            random_bytes(seed, sizeof seed);
            struct buf b = ballot_unsigned(e, &v, choices_in(k, i), seed);
            struct span unfinished = keep_span(buf_span(&b));
            struct span ballot = ballot_signed(e, &v, b);
            unsigned seen = 99;
            assert_ok(ballot_verdict(e, ballot, &seen));
            assert_int_equal(seen, 0);
            opened(e, ballot, seed, choices_in(k, i));
            if (i == 0) opened(e, unfinished, seed, choices_in(k, i));
        }
    }
}

struct form {
    unsigned answers, min, max;
    int blank;
};

static struct election *election_of_form(const struct form *f) {
    static const char *const answers[] = {"", "\"A\"", "\"A\",\"B\"", "\"A\",\"B\",\"C\"", "\"A\",\"B\",\"C\",\"D\""};
    const struct scalar x = random_scalar(&group_of("Ed25519")->q);
    struct span questions = text_of("[{\"answers\":[%s]%s,\"min\":%u,\"max\":%u,\"question\":\"Q\"}]",
                                    answers[f->answers], f->blank ? ",\"blank\":true" : "", f->min, f->max);
    return election_read(election_text("Ed25519", str_of(questions), &x));
}

static int may_be_chosen(const struct form *f, const uint8_t *choices) {
    unsigned sum = 0;
    for (unsigned i = 0; i < f->answers; i++) sum += choices[i + (f->blank != 0)];
    return f->blank && choices[0] ? sum == 0 : sum >= f->min && sum <= f->max;
}

static void every_choice_that_is_allowed_holds_and_every_other_is_refused(void **state) {
    static const struct form forms[] = {{1, 0, 0, 0}, {1, 0, 1, 0}, {1, 1, 1, 0}, {1, 1, 1, 1}, {2, 0, 1, 0},
                                        {2, 1, 1, 0}, {2, 2, 2, 1}, {3, 0, 3, 1}, {3, 1, 2, 0}, {3, 2, 3, 1},
                                        {4, 2, 3, 0}, {4, 0, 0, 1}, {4, 1, 4, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const struct form *f = &forms[i];
        const struct election *e = election_of_form(f);
        struct voter v = voter_make(e);
        unsigned n = f->answers + (f->blank != 0);
        for (unsigned bits = 0; bits < 1u << n; bits++) {
            uint8_t choices[5], seed[32];
            for (unsigned k = 0; k < n; k++) choices[k] = bits >> k & 1;
            random_bytes(seed, sizeof seed);
            struct buf b = keep_buf(ballot_size_max(e));
            enum p1_err made = ballot_make_unsigned_ct(e, elem_span(&v.credential), choices, seed, &b, &work);
            if (!may_be_chosen(f, choices)) {
                assert_err(made, P1_ERR_BALLOT_CHOICE);
                assert_int_equal(b.n, 0);
                continue;
            }
            assert_ok(made);
            struct span ballot = ballot_signed(e, &v, b);
            assert_ok(ballot_verdict(e, ballot, NULL));
            opened(e, ballot, seed, choices);
        }
    }
}

static void a_choice_is_0_or_1(void **state) {
    const struct form f = {3, 0, 3, 1};
    const struct election *e = election_of_form(&f);
    struct voter v = voter_make(e);
    uint8_t seed[32] = {0};
    (void)state;
    for (unsigned at = 0; at < 4; at++) {
        for (unsigned value = 2; value < 256; value++) {
            uint8_t choices[4] = {0};
            choices[at] = (uint8_t)value;
            struct buf b = keep_buf(ballot_size_max(e));
            assert_err(ballot_make_unsigned_ct(e, elem_span(&v.credential), choices, seed, &b, &work),
                       P1_ERR_BALLOT_CHOICE);
        }
    }
    const uint8_t adds_up[4] = {0, 255, 1, 1}; // 257, which is 1 in eight bits
    struct buf b = keep_buf(ballot_size_max(e));
    assert_err(ballot_make_unsigned_ct(e, elem_span(&v.credential), adds_up, seed, &b, &work), P1_ERR_BALLOT_CHOICE);
}

static void a_later_question_is_looked_at_too(void **state) {
    const struct election *e = elections[0];
    struct voter v = voter_make(e);
    uint8_t choices[CHOICES], seed[32] = {0};
    struct buf b = keep_buf(ballot_size_max(e));
    (void)state;
    memcpy(choices, mixed_choices[0], CHOICES);
    choices[6] = 0; // the third question asks for one
    assert_err(ballot_make_unsigned_ct(e, elem_span(&v.credential), choices, seed, &b, &work), P1_ERR_BALLOT_CHOICE);
}

// More branches than are computed together, with every number of choices.
static void a_wide_range_of_choices_holds(void **state) {
    enum { N = 18 };
    const struct scalar x = random_scalar(&group_of("Ed25519")->q);
    struct buf answers = keep_buf(200);
    (void)state;
    for (unsigned i = 0; i < N; i++) buf_str(&answers, i ? ",\"A\"" : "\"A\"");
    for (int blank = 0; blank < 2; blank++) {
        struct span questions = text_of("[{\"answers\":[%.*s]%s,\"min\":1,\"max\":%d,\"question\":\"Q\"}]",
                                        SPAN_ARG(buf_span(&answers)), blank ? ",\"blank\":true" : "", N);
        const struct election *e = election_read(election_text("Ed25519", str_of(questions), &x));
        struct voter v = voter_make(e);
        for (int sum = blank ? 0 : 1; sum <= N; sum += blank ? 6 : 1) {
            uint8_t choices[N + 1] = {0};
            for (int i = 0; i < sum; i++) choices[i + blank] = 1;
            if (sum == 0) choices[0] = 1;
            assert_ok(ballot_verdict(e, ballot_of(e, &v, choices), NULL));
        }
    }
}

// The numbers of choices and branches do not fit a byte: each still has randomness of its own.
static void hundreds_of_choices_and_branches_share_no_randomness(void **state) {
    enum { N = 300 };
    const struct scalar x = random_scalar(&group_of("Ed25519")->q);
    struct buf answers = keep_buf(4 * N);
    uint8_t choices[N] = {0};
    struct span alpha[N], response[N];
    (void)state;
    for (unsigned i = 0; i < N; i++) buf_str(&answers, i ? ",\"A\"" : "\"A\"");
    struct span questions =
        text_of("[{\"answers\":[%.*s],\"min\":0,\"max\":%d,\"question\":\"Q\"}]", SPAN_ARG(buf_span(&answers)), N);
    const struct election *e = election_read(election_text("Ed25519", str_of(questions), &x));
    struct voter v = voter_make(e);
    choices[N - 1] = choices[N - 2] = 1;
    struct span ballot = ballot_of(e, &v, choices);
    assert_ok(ballot_verdict(e, ballot, NULL));

    struct span list = ballot, overall = span_from(ballot, find(ballot, 0, "\"overall_proof\""));
    for (size_t i = 0; i < N; i++) {
        alpha[i] = between(list, "\"alpha\":\"", "\"");
        list = span_from(list, (size_t)(alpha[i].p - list.p));
        response[i] = between(overall, "\"response\":\"", "\"");
        overall = span_from(overall, (size_t)(response[i].p - overall.p));
        for (size_t k = 0; k < i; k++) assert_false(span_eq(alpha[i], alpha[k]) || span_eq(response[i], response[k]));
    }
}

// ---- what a ballot is ----

static void a_seed_and_choices_make_one_text(void **state) {
    const struct election *e = elections[0];
    struct voter v = voter_make(e);
    uint8_t seed[32];
    (void)state;
    random_bytes(seed, sizeof seed);
    struct buf a = ballot_unsigned(e, &v, mixed_choices[0], seed), b = ballot_unsigned(e, &v, mixed_choices[0], seed);
    assert_span(buf_span(&a), buf_span(&b));
    seed[31] ^= 1;
    b = ballot_unsigned(e, &v, mixed_choices[0], seed);
    for (unsigned i = 0; i < CHOICES; i++) { // no ciphertext is as it was
        struct span alpha = between_nth(buf_span(&a), i, "\"alpha\":\"", "\"");
        struct span beta = between_nth(buf_span(&a), i, "\"beta\":\"", "\"");
        assert_int_equal(find(buf_span(&b), 0, str_of(alpha)), SIZE_MAX);
        assert_int_equal(find(buf_span(&b), 0, str_of(beta)), SIZE_MAX);
    }
}

static void ciphertexts_of_one_ballot_all_differ(void **state) {
    const struct election *e = elections[0];
    struct voter v = voter_make(e);
    struct span ballot = ballot_of(e, &v, mixed_choices[0]);
    (void)state;
    for (unsigned i = 0; i < CHOICES; i++) {
        for (unsigned k = 0; k < i; k++) {
            assert_false(
                span_eq(between_nth(ballot, i, "\"alpha\":\"", "\""), between_nth(ballot, k, "\"alpha\":\"", "\"")));
            assert_false(
                span_eq(between_nth(ballot, i, "\"beta\":\"", "\""), between_nth(ballot, k, "\"beta\":\"", "\"")));
        }
    }
}

static void the_code_is_known_before_the_ballot_is_signed(void **state) {
    const struct election *e = elections[0];
    struct voter v = voter_make(e);
    uint8_t seed[32], random[32];
    char before[P1_HASH64], after[P1_HASH64], tracker[P1_HASH64];
    struct ballot parsed;
    (void)state;
    random_bytes(seed, sizeof seed);
    random_bytes(random, sizeof random);
    struct buf b = ballot_unsigned(e, &v, mixed_choices[0], seed);
    ballot_code(before, buf_span(&b));
    hash64(after, text_of("%.*s}", SPAN_ARG(buf_span(&b))));
    assert_memory_equal(before, after, P1_HASH64);
    assert_ok(ballot_sign_ct(e, &v.x, random, after, &b, &work));
    assert_memory_equal(before, after, P1_HASH64);
    assert_ok(ballot_parse(&parsed, &e->group.q, buf_span(&b)));
    assert_memory_equal(parsed.code, before, P1_HASH64);
    assert_span(parsed.signed_hash, span_of(before, P1_HASH64));
    hash64(tracker, buf_span(&b));
    assert_memory_equal(parsed.tracker, tracker, P1_HASH64);
}

static void the_credential_can_be_read_before_anything_else(void **state) {
    const struct election *e = elections[0];
    struct voter v = voter_make(e);
    struct span ballot = ballot_of(e, &v, mixed_choices[0]), credential;
    (void)state;
    assert_ok(ballot_credential(ballot, &credential));
    assert_span(credential, elem_span(&v.credential));
    for (size_t n = 0; n < find(ballot, 0, "answers") + 9; n++)
        assert_err(ballot_credential(keep_span(span_of(ballot.p, n)), &credential), P1_ERR_JSON);
}

static void the_ciphertexts_come_out_in_order(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct voter v = voter_make(e);
        struct span ballot = ballot_of(e, &v, choices_in(k, 0));
        struct ballot b;
        struct ciphertext c[CHOICES];
        assert_ok(ballot_parse(&b, &e->group.q, ballot));
        assert_ok(ballot_choices(e, &b, c, &work));
        for (unsigned i = 0; i < e->choice_count; i++) {
            struct elem_text alpha = elem_text_of(&e->group, &c[i].alpha), beta = elem_text_of(&e->group, &c[i].beta);
            assert_span(elem_span(&alpha), between_nth(ballot, i, "\"alpha\":\"", "\""));
            assert_span(elem_span(&beta), between_nth(ballot, i, "\"beta\":\"", "\""));
        }
    }
}

static void an_identifier_of_usual_length_leaves_room_in_the_largest_ballot(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct voter v = voter_make(e);
        assert_true(ballot_of(e, &v, choices_in(k, 0)).n <= ballot_size_max(e));
    }
}

static void a_buffer_that_is_too_small_is_told(void **state) {
    const struct form f = {1, 0, 1, 1};
    const struct election *e = election_of_form(&f);
    struct voter v = voter_make(e);
    const uint8_t choices[2] = {0, 1};
    uint8_t seed[32] = {7}, random[32] = {8};
    char code[P1_HASH64];
    struct buf whole = ballot_unsigned(e, &v, choices, seed);
    size_t unsigned_n = whole.n, n;
    (void)state;
    assert_ok(ballot_sign_ct(e, &v.x, random, code, &whole, &work));
    n = whole.n;
    for (size_t cap = 0; cap < n; cap += cap + 120 < n ? 23 : 1) {
        struct buf b = keep_buf(cap);
        enum p1_err made = ballot_make_unsigned_ct(e, elem_span(&v.credential), choices, seed, &b, &work);
        assert_err(made, cap < unsigned_n ? P1_ERR_SPACE : P1_OK);
        assert_err(ballot_sign_ct(e, &v.x, random, code, &b, &work), P1_ERR_SPACE);
    }
    struct buf b = keep_buf(n);
    assert_ok(ballot_make_unsigned_ct(e, elem_span(&v.credential), choices, seed, &b, &work));
    assert_ok(ballot_sign_ct(e, &v.x, random, code, &b, &work));
    assert_span(buf_span(&b), buf_span(&whole));
}

// ---- opened with its seed ----

static void another_seed_does_not_open_a_ballot(void **state) {
    const struct election *e = elections[0];
    struct voter v = voter_make(e);
    uint8_t seed[32];
    (void)state;
    random_bytes(seed, sizeof seed);
    struct span ballot = ballot_signed(e, &v, ballot_unsigned(e, &v, mixed_choices[0], seed));
    for (size_t bit = 0; bit < 256; bit += 17) {
        seed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_err(open_verdict(e, ballot, seed), P1_ERR_BALLOT_SEED);
        seed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    opened(e, ballot, seed, mixed_choices[0]);
}

static void a_ballot_opens_only_if_all_of_it_comes_from_the_seed(void **state) {
    const struct election *e = elections[0];
    struct voter v = voter_make(e), other = voter_make(e);
    uint8_t seed[32];
    (void)state;
    random_bytes(seed, sizeof seed);
    const struct buf b = ballot_unsigned(e, &v, mixed_choices[1], seed);
    const struct span text = buf_span(&b);
    opened(e, text, seed, mixed_choices[1]);
    assert_err(open_verdict(e, field_plus_one(text, &e->group.q, 3, "response"), seed), P1_ERR_BALLOT_SEED);
    assert_err(
        open_verdict(e, replaced(text, str_of(elem_span(&v.credential)), str_of(elem_span(&other.credential))), seed),
        P1_ERR_BALLOT_SEED);
    struct span alpha = between(text, "\"alpha\":\"", "\""), beta = between(text, "\"beta\":\"", "\"");
    assert_err(open_verdict(e, replaced(text, str_of(beta), str_of(alpha)), seed), P1_ERR_BALLOT_SEED);
    assert_err(open_verdict(e, replaced(text, str_of(alpha), str_of(beta)), seed), P1_ERR_BALLOT_SEED);
    assert_err(open_verdict(e, replaced(text, str_of(alpha), "1"), seed), P1_ERR_ELEM_FORM);
    for (size_t n = 0; n < text.n; n += 7) assert_int_not_equal(open_verdict(e, span_of(text.p, n), seed), P1_OK);
}

static void the_choices_that_a_seed_gives_must_be_allowed(void **state) {
    const struct form wide = {2, 0, 2, 0}, narrow = {2, 1, 1, 0};
    const struct election *e = election_of_form(&wide), *other = election_of_form(&narrow);
    struct voter v = voter_make(e);
    const uint8_t both[2] = {1, 1};
    uint8_t seed[32] = {1};
    struct election *mixed = keep(sizeof *mixed);
    struct buf b = ballot_unsigned(e, &v, both, seed);
    (void)state;
    *mixed = *e;
    mixed->questions[0] = other->questions[0];
    assert_err(open_verdict(mixed, buf_span(&b), seed), P1_ERR_BALLOT_SEED);
}

// ---- whoever learns the seed does not learn the credential ----

enum { SEED_SCALARS = 200 };

static size_t add_scalar(struct scalar *out, size_t n, const struct modulus *q, const uint8_t *seed,
                         const uint8_t *label, size_t label_n) {
    assert_true(n < SEED_SCALARS);
    seed_scalar(q, seed, span_of(label, label_n), &out[n]);
    return n + 1;
}

// Challenge and response of every branch of a proof.
static size_t add_branches(struct scalar *out, size_t n, const struct modulus *q, const uint8_t *seed, uint8_t kind,
                           unsigned question, unsigned choice, unsigned branches) {
    for (unsigned i = 0; i < branches; i++) {
        uint8_t label[11] = {'b', '1', kind, (uint8_t)question, 0, (uint8_t)choice, 0, 0, 0, (uint8_t)i, 'c'};
        n = add_scalar(out, n, q, seed, label, sizeof label);
        label[10] = 'r';
        n = add_scalar(out, n, q, seed, label, sizeof label);
    }
    return n;
}

// Everything that the maker of a ballot draws from the seed: encryption first, then the proofs.
static size_t seed_scalars(const struct election *e, const uint8_t *seed, struct scalar *out) {
    const struct modulus *q = &e->group.q;
    size_t n = 0;
    FOR_CHOICES(e, at, i, c) {
        const uint8_t label[8] = {'b', '1', 'e', (uint8_t)i, 0, (uint8_t)c, 0, 0};
        n = add_scalar(out, n, q, seed, label, sizeof label);
    }
    for (unsigned i = 0; i < e->question_count; i++) {
        const struct question *question = &e->questions[i];
        unsigned blank = question->blank != 0;
        for (unsigned c = 0; c < question_choices(question); c++) n = add_branches(out, n, q, seed, 'i', i, c, 2);
        n = add_branches(out, n, q, seed, 'o', i, 0, question->max - question->min + 1 + blank);
        if (blank) n = add_branches(out, n, q, seed, 'b', i, 0, 2);
    }
    return n;
}

// That these are the scalars: they give every alpha, and the numbers of every branch that is not the true one.
static void assert_are_the_ballots(const struct election *e, const struct scalar *s, size_t n, struct span ballot) {
    size_t simulated = 0, branches = 0;
    for (unsigned i = 0; i < e->choice_count; i++) {
        struct elem alpha = power_of_g(&e->group, &s[i]);
        struct elem_text t = elem_text_of(&e->group, &alpha);
        assert_span(elem_span(&t), between_nth(ballot, i, "\"alpha\":\"", "\""));
    }
    for (size_t i = e->choice_count; i < n; i += 2, branches++) {
        const char *pair = str_of(text_of("\"%.*s\",\"response\":\"%.*s\"", SPAN_ARG(scalar_text(&e->group.q, &s[i])),
                                          SPAN_ARG(scalar_text(&e->group.q, &s[i + 1]))));
        simulated += find(ballot, 0, pair) != SIZE_MAX;
    }
    size_t proofs = e->choice_count;
    for (unsigned i = 0; i < e->question_count; i++) proofs += e->questions[i].blank ? 2 : 1;
    assert_int_equal(simulated, branches - proofs); // one true branch in each proof
}

static void assert_not_the_nonce(const struct election *e, const struct voter *v, const struct proof *p,
                                 const struct scalar *guess) {
    const struct group *g = &e->group;
    struct elem credential, commitment, power = power_of_g(g, guess);
    struct scalar x, inverse;
    assert_ok(elem_decode(g, &credential, elem_span(&v->credential), &work));
    commitment = commitment_of(g, &credential, p);
    assert_false(elem_equal(g, &power, &commitment, &work));
    // Were it the nonce, x would follow: response = nonce - x challenge
    sc_sub(&g->q, &x, guess, &p->response);
    sc_inv(&g->q, &inverse, &p->challenge);
    sc_mul(&g->q, &x, &x, &inverse);
    assert_false(sc_is_equal(&x, &v->x));
}

static void the_seed_does_not_give_the_credential(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct voter v = voter_make(e);
        struct scalar *s = keep(SEED_SCALARS * sizeof *s);
        uint8_t seed[32], key[SHA256_BYTES];
        random_bytes(seed, sizeof seed);
        struct span ballot = ballot_signed(e, &v, ballot_unsigned(e, &v, choices_in(k, 0), seed));
        struct ballot b;
        size_t n = seed_scalars(e, seed, s);
        assert_ok(ballot_parse(&b, &e->group.q, ballot));
        assert_are_the_ballots(e, s, n, ballot);
        for (size_t i = 0; i < n; i++) assert_not_the_nonce(e, &v, &b.signature, &s[i]);

        // Nor what the signer would draw if the seed stood where its random bytes stand, without the key and with it.
        seed_scalar(&e->group.q, seed, span_of(b.code, P1_HASH64), &s[0]);
        assert_not_the_nonce(e, &v, &b.signature, &s[0]);
        hmac_sha256(key, span_of(seed, sizeof seed), span_of(&v.x, sizeof v.x));
        seed_scalar(&e->group.q, key, span_of(b.code, P1_HASH64), &s[0]);
        assert_not_the_nonce(e, &v, &b.signature, &s[0]);
    }
}

static struct elem signing_commitment(const struct election *e, const struct voter *v, struct buf b,
                                      const uint8_t random[32]) {
    struct ballot parsed;
    struct elem credential;
    char code[P1_HASH64];
    struct buf copy = keep_buf(b.cap);
    buf_put(&copy, buf_span(&b));
    assert_ok(ballot_sign_ct(e, &v->x, random, code, &copy, &work));
    assert_ok(ballot_parse(&parsed, &e->group.q, buf_span(&copy)));
    assert_ok(elem_decode(&e->group, &credential, elem_span(&v->credential), &work));
    return commitment_of(&e->group, &credential, &parsed.signature);
}

static void every_signature_has_a_nonce_of_its_own(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct voter v = voter_make(e), other = voter_make(e);
        uint8_t seed[32], other_seed[32], random[32], other_random[32];
        random_bytes(seed, sizeof seed);
        random_bytes(other_seed, sizeof other_seed);
        random_bytes(random, sizeof random);
        random_bytes(other_random, sizeof other_random);
        struct buf a = ballot_unsigned(e, &v, choices_in(k, 0), seed);
        struct buf b = ballot_unsigned(e, &v, choices_in(k, 0), other_seed);
        const struct elem commitment[] = {
            signing_commitment(e, &v, a, random),
            signing_commitment(e, &v, a, other_random), // the same ballot, signed twice
            signing_commitment(e, &v, b, random),       // random bytes that repeat
            signing_commitment(e, &other, a, random),   // and with another key
        };
        for (size_t i = 0; i < 4; i++)
            for (size_t j = 0; j < i; j++) assert_false(elem_equal(&e->group, &commitment[i], &commitment[j], &work));
    }
}

static int init(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct scalar x = random_scalar(&group_of(group_names[k])->q);
        elections[k] = election_read(election_text(group_names[k], papers[k], &x));
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ballots_of_belenios_hold),
        cmocka_unit_test(ballots_that_we_make_hold_in_every_group),
        cmocka_unit_test(every_choice_that_is_allowed_holds_and_every_other_is_refused),
        cmocka_unit_test(a_choice_is_0_or_1),
        cmocka_unit_test(a_later_question_is_looked_at_too),
        cmocka_unit_test(a_wide_range_of_choices_holds),
        cmocka_unit_test(hundreds_of_choices_and_branches_share_no_randomness),
        cmocka_unit_test(a_seed_and_choices_make_one_text),
        cmocka_unit_test(ciphertexts_of_one_ballot_all_differ),
        cmocka_unit_test(the_code_is_known_before_the_ballot_is_signed),
        cmocka_unit_test(the_credential_can_be_read_before_anything_else),
        cmocka_unit_test(the_ciphertexts_come_out_in_order),
        cmocka_unit_test(an_identifier_of_usual_length_leaves_room_in_the_largest_ballot),
        cmocka_unit_test(a_buffer_that_is_too_small_is_told),
        cmocka_unit_test(another_seed_does_not_open_a_ballot),
        cmocka_unit_test(a_ballot_opens_only_if_all_of_it_comes_from_the_seed),
        cmocka_unit_test(the_choices_that_a_seed_gives_must_be_allowed),
        cmocka_unit_test(the_seed_does_not_give_the_credential),
        cmocka_unit_test(every_signature_has_a_nonce_of_its_own),
    };
    return cmocka_run_group_tests_name("ballots", tests, init, release);
}
