// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Shares of trustees, and who is needed to open a ballot box.

#include "tests/unit/helpers_ceremony.h"

#define QUESTIONS                                                           \
    "[{\"answers\":[\"A\",\"B\"],\"min\":0,\"max\":1,\"question\":\"Q1\"}," \
    "{\"answers\":[\"A\"],\"blank\":true,\"min\":0,\"max\":1,\"question\":\"Q2\"}]"

enum { CHOICES = 4, TRUSTEES = 8 };

static const uint64_t counts[CHOICES] = {5, 6, 6, 5};

// A ballot box with its trustees, their keys and the tally of a few ballots.
struct box {
    struct election *e;
    struct trustees trustees;
    struct scalar x[TRUSTEES];
    struct ciphertext tally[CHOICES];
    struct span share[TRUSTEES];
};

static struct box *set_of_five; // 3 of 5

// ITEMS are the trustees as JSON; X their private keys.
static struct box *box_of(const char *group, struct span items, const struct scalar *x, unsigned n) {
    static const uint8_t chosen[][CHOICES] = {{1, 0, 0, 1}, {0, 1, 1, 0}, {0, 0, 0, 0}};
    const struct scalar placeholder = random_scalar(&group_of(group)->q);
    struct box *o = keep(sizeof *o);
    struct span json = election_text(group, QUESTIONS, &placeholder);
    assert_ok(trustees_verdict(group_of(group), items, &o->trustees));
    assert_int_equal(o->trustees.count, n);
    struct elem_text joint = elem_text_of(group_of(group), &o->trustees.joint);
    o->e = election_read(replaced(json, str_of(key_text(group_of(group), &placeholder)), str_of(elem_span(&joint))));
    tally_init(o->e, o->tally);
    for (size_t i = 0; i < 3; i++) {
        struct voter v = voter_make(o->e);
        struct ciphertext c[CHOICES];
        struct ballot b;
        assert_ok(ballot_parse(&b, &o->e->group.q, ballot_of(o->e, &v, chosen[i])));
        assert_ok(ballot_choices(o->e, &b, c, &work));
        tally_add(o->e, o->tally, c, 5 + i, &work);
    }
    for (unsigned i = 0; i < n; i++) {
        struct buf b = keep_buf(share_size_max(o->e));
        o->x[i] = x[i];
        assert_ok(share_make_ct(o->e, &x[i], o->tally, &b, &work));
        o->share[i] = keep_span(buf_span(&b));
    }
    return o;
}

static enum p1_err verdict(const struct box *o, unsigned i, struct span share) {
    struct elem factors[CHOICES];
    return share_check(o->e, &o->trustees.trustee[i], o->tally, keep_span(share), factors, &work);
}

// Opens with the shares of these trustees: the counts must come out.
static enum p1_err open_with(const struct box *o, uint64_t present, struct quorum *q) {
    struct elem acc[CHOICES], factors[CHOICES];
    unsigned choice;
    *q = (struct quorum){.present = present};
    TRY(quorum_choose(&o->trustees, q));
    for (unsigned i = 0; i < CHOICES; i++) elem_identity(&o->e->group, &acc[i]);
    for (unsigned i = 0; i < o->trustees.count; i++) {
        if (!(q->used >> i & 1)) continue;
        TRY(share_check(o->e, &o->trustees.trustee[i], o->tally, o->share[i], factors, &work));
        factors_add_vartime(o->e, &o->trustees, q, i, factors, acc, &work);
    }
    return result_check(o->e, o->tally, acc, counts, &choice, &work);
}

static unsigned ones(uint64_t v) { return (unsigned)__builtin_popcountll(v); }

// ---- shares and results of Belenios ----

static void boxes_of_belenios_open_to_their_results(void **state) {
    static const struct {
        const char *name;
        uint64_t used;
    } known[] = {{"ed25519-small", 7},        {"ed25519-weighted", 7}, {"ed25519-revote", 7},
                 {"ed25519-threshold", 0x1a}, {"rfc3526-v2-multi", 7}, {"b2048-v2-threshold-mixed", 0x2b}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *name = known[i].name;
        const struct election *e = election_of_vector(name);
        struct trustees *t = keep(sizeof *t);
        struct ciphertext *tally = keep(e->choice_count * sizeof *tally);
        struct elem *acc = keep(e->choice_count * sizeof *acc);
        struct elem *factors = keep(TRUSTEES * e->choice_count * sizeof *factors);
        uint64_t *result = keep(e->choice_count * sizeof *result);
        struct quorum q = {0};
        struct span text = vector(name, "shares.txt"), line;
        unsigned choice;
        assert_ok(trustees_verdict(&e->group, vector(name, "trustees.json"), t));
        assert_ok(tally_parse(e, vector(name, "tally.json"), tally, &work));
        while (next_line(&text, &line)) { // OWNER SHARE
            unsigned owner = line.p[0] - '1' + 0u;
            q.present |= (uint64_t)1 << owner;
            assert_ok(share_check(e, &t->trustee[owner], tally, keep_span(span_from(line, 2)),
                                  factors + owner * e->choice_count, &work));
        }
        assert_ok(quorum_choose(t, &q));
        assert_true(q.used == known[i].used);
        for (unsigned k = 0; k < e->choice_count; k++) elem_identity(&e->group, &acc[k]);
        for (unsigned k = 0; k < t->count; k++)
            if (q.used >> k & 1) factors_add_vartime(e, t, &q, k, factors + k * e->choice_count, acc, &work);
        assert_ok(result_parse(e, vector(name, "result.json"), result));
        assert_ok(result_check(e, tally, acc, result, &choice, &work));
        struct buf b = keep_buf(1000);
        result_write(e, result, &b);
        assert_span(buf_span(&b), vector(name, "result.json"));
        result[e->choice_count - 1]++;
        assert_err(result_check(e, tally, acc, result, &choice, &work), P1_ERR_RESULT);
        assert_int_equal(choice, e->choice_count - 1);
    }
}

static void our_shares_have_the_factors_of_belenios(void **state) {
    static const char *const names[] = {"ed25519-small", "ed25519-weighted", "rfc3526-v2-multi"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct election *e = election_of_vector(names[i]);
        struct trustees *t = keep(sizeof *t);
        struct ciphertext *tally = keep(e->choice_count * sizeof *tally);
        struct elem *factors = keep(e->choice_count * sizeof *factors);
        assert_ok(trustees_verdict(&e->group, vector(names[i], "trustees.json"), t));
        assert_ok(tally_parse(e, vector(names[i], "tally.json"), tally, &work));
        struct scalar x = scalar_of(&e->group.q, vector_line(names[i], "private_keys.txt", 0));
        struct buf b = keep_buf(share_size_max(e));
        assert_ok(share_make_ct(e, &x, tally, &b, &work));
        struct span theirs = vector_line(names[i], "shares.txt", 0);
        assert_span(between(buf_span(&b), "{\"decryption_factors\":", ",\"decryption_proofs\""),
                    between(theirs, "{\"decryption_factors\":", ",\"decryption_proofs\""));
        assert_ok(share_check(e, &t->trustee[0], tally, buf_span(&b), factors, &work));
    }
}

// ---- who is needed ----

static void any_three_of_five_give_the_same_result(void **state) {
    const struct box *o = set_of_five;
    unsigned subsets = 0;
    (void)state;
    for (uint64_t present = 0; present < 32; present++) {
        struct quorum q;
        if (ones(present) < 3) {
            assert_err(open_with(o, present, &q), P1_ERR_SHARES_MISSING);
            assert_int_equal(q.missing_item, 0);
            continue;
        }
        assert_ok(open_with(o, present, &q));
        assert_int_equal(ones(q.used), 3);
        assert_true((q.used & ~present) == 0);
        subsets += q.used == present;
    }
    assert_int_equal(subsets, 10);
}

static void the_first_ones_are_used(void **state) {
    struct quorum q;
    (void)state;
    assert_ok(open_with(set_of_five, 0x1f, &q));
    assert_true(q.used == 7);
    assert_ok(open_with(set_of_five, 0x1e, &q));
    assert_true(q.used == 0xe);
    assert_ok(open_with(set_of_five, ~(uint64_t)0, &q)); // bits past the last trustee do not count
    assert_true(q.used == 7);
}

static void a_single_trustee_and_a_set_open_together(void **state) {
    struct ceremony *c = ceremony_run("BELENIOS-2048", 2, 3, AES_GCM);
    const struct scalar single = random_scalar(&c->g->q);
    struct span item = single_of(c->g, &single), set = trustees_text(c);
    struct quorum q;
    (void)state;
    for (int first = 0; first < 2; first++) {
        struct span items = first ? text_of("[%.*s,%.*s", SPAN_ARG(item), SPAN_ARG(span_from(set, 1)))
                                  : text_of("%.*s,%.*s]", (int)set.n - 1, (const char *)set.p, SPAN_ARG(item));
        struct scalar x[4];
        for (unsigned i = 0; i < 4; i++)
            x[i] = first ? (i ? c->decryption_key[i - 1] : single) : (i < 3 ? c->decryption_key[i] : single);
        struct box *o = box_of("BELENIOS-2048", items, x, 4);
        uint64_t alone = first ? 1 : 8, of_set = first ? 14 : 7;
        for (uint64_t present = 0; present < 16; present++) {
            enum p1_err expected = P1_OK;
            unsigned missing = first ? 1 : 0; // the set's place, if it lacks shares
            if (ones(present & of_set) < 2 || !(present & alone)) expected = P1_ERR_SHARES_MISSING;
            if (ones(present & of_set) >= 2) missing = first ? 0 : 1;
            if (first && !(present & alone)) missing = 0;
            assert_err(open_with(o, present, &q), expected);
            if (expected != P1_OK) assert_int_equal(q.missing_item, missing);
        }
    }
}

static void two_sets_open_together(void **state) {
    struct ceremony *a = ceremony_run("Ed25519", 1, 2, AES_GCM), *b = ceremony_run("Ed25519", 2, 3, AES_CCM);
    struct span first = trustees_text(a), second = trustees_text(b);
    struct scalar x[5];
    struct quorum q;
    (void)state;
    for (unsigned i = 0; i < 5; i++) x[i] = i < 2 ? a->decryption_key[i] : b->decryption_key[i - 2];
    struct span items = text_of("%.*s,%.*s", (int)first.n - 1, (const char *)first.p, SPAN_ARG(span_from(second, 1)));
    struct box *o = box_of("Ed25519", items, x, 5);
    for (uint64_t present = 0; present < 32; present++) {
        int enough = ones(present & 3) >= 1 && ones(present & 28) >= 2;
        assert_err(open_with(o, present, &q), enough ? P1_OK : P1_ERR_SHARES_MISSING);
    }
}

static void a_set_of_one_opens_in_every_group(void **state) {
    struct quorum q;
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        struct ceremony *c = ceremony_run(group_names[k], 1, 1, AES_GCM);
        assert_ok(open_with(box_of(group_names[k], trustees_text(c), c->decryption_key, 1), 1, &q));
    }
}

static void single_trustees_are_all_needed(void **state) {
    const struct group *g = group_of("Ed25519");
    struct scalar x[3];
    struct span item[3];
    struct quorum q;
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        x[i] = random_scalar(&g->q);
        item[i] = single_of(g, &x[i]);
    }
    struct span items = text_of("[%.*s,%.*s,%.*s]", SPAN_ARG(item[0]), SPAN_ARG(item[1]), SPAN_ARG(item[2]));
    struct box *o = box_of("Ed25519", items, x, 3);
    for (uint64_t present = 0; present < 8; present++) {
        assert_err(open_with(o, present, &q), present == 7 ? P1_OK : P1_ERR_SHARES_MISSING);
        if (present != 7) assert_int_equal(q.missing_item, present & 1 ? (present & 2 ? 2 : 1) : 0);
    }
}

// ---- nonces ----

// The commitment g^nonce of the proof number NTH of a share.
static struct elem commitment_in(const struct box *o, unsigned trustee, struct span share, unsigned nth) {
    const struct modulus *q = &o->e->group.q;
    const struct proof p = {scalar_of(q, between_nth(share, nth, "\"challenge\":\"", "\"")),
                            scalar_of(q, between_nth(share, nth, "\"response\":\"", "\""))};
    return commitment_of(&o->e->group, &o->trustees.trustee[trustee].key, &p);
}

static struct span share_of(const struct election *e, const struct scalar *x, const struct ciphertext *tally) {
    struct buf b = keep_buf(share_size_max(e));
    assert_ok(share_make_ct(e, x, tally, &b, &work));
    return buf_span(&b);
}

static void the_same_tally_gets_the_same_share(void **state) {
    const struct box *o = set_of_five;
    struct ciphertext again[CHOICES];
    (void)state;
    for (unsigned i = 0; i < 5; i++) assert_span(share_of(o->e, &o->x[i], o->tally), o->share[i]);
    // read back, where the elements are held in another form
    struct buf b = keep_buf(tally_size_max(o->e));
    tally_write(o->e, o->tally, &b, &work);
    assert_ok(tally_parse(o->e, buf_span(&b), again, &work));
    assert_span(share_of(o->e, &o->x[0], again), o->share[0]);
}

static struct span binding_of(const struct election *e, const struct scalar *x, const struct ciphertext *tally) {
    struct buf b = keep_buf(share_size_max(e));
    assert_ok(share_bind_ct(e, x, tally, &b, &work));
    return buf_span(&b);
}

// Two proofs with one nonce would give the private key away: so the second proof of a share has others than the first.
static void no_two_proofs_have_one_nonce(void **state) {
    enum { SHARES = 6 };
    const struct box *o = set_of_five;
    struct elem seen[2 * SHARES * CHOICES];
    size_t n = 0;
    (void)state;
    for (unsigned i = 0; i < SHARES; i++) {
        struct box *other = keep(sizeof *other);
        unsigned trustee = i == 1; // 0: as it is; 1: another trustee; 2 to 4: another tally; 5: another paper
        *other = *o;
        if (i == 2) tally_add(o->e, other->tally, o->tally, 1, &work);
        if (i == 3) other->tally[CHOICES - 1].beta = o->tally[0].beta; // one element that does not enter the factors
        if (i == 4) other->tally[CHOICES - 1].alpha = o->tally[0].alpha;
        if (i == 5) other->e = election_read(replaced(o->e->json, "\"name\":\"n\"", "\"name\":\"m\""));
        struct span share = share_of(other->e, &o->x[trustee], other->tally);
        struct span binding = binding_of(other->e, &o->x[trustee], other->tally);
        for (unsigned k = 0; k < CHOICES; k++) {
            seen[n++] = commitment_in(other, trustee, share, k);
            seen[n++] = commitment_in(other, trustee, binding, k);
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) assert_false(elem_equal(&o->e->group, &seen[i], &seen[k], &work));
}

// ---- refusals ----

static void a_share_of_another_trustee_is_refused(void **state) {
    const struct box *o = set_of_five;
    (void)state;
    for (unsigned i = 0; i < 5; i++)
        for (unsigned k = 0; k < 5; k++) assert_err(verdict(o, k, o->share[i]), i == k ? P1_OK : P1_ERR_SHARE);
}

static void any_changed_number_or_factor_is_refused(void **state) {
    const struct box *o = set_of_five;
    const struct span share = o->share[0];
    (void)state;
    for (unsigned i = 0; i < CHOICES; i++) {
        assert_err(verdict(o, 0, field_plus_one(share, &o->e->group.q, i, "challenge")), P1_ERR_SHARE);
        assert_err(verdict(o, 0, field_plus_one(share, &o->e->group.q, i, "response")), P1_ERR_SHARE);
    }
    const char *first = str_of(between(share, "[[\"", "\"")), *second = str_of(between(share, "\",\"", "\""));
    assert_err(verdict(o, 0, replaced(share, first, second)), P1_ERR_SHARE);
    assert_err(verdict(o, 0, replaced(replaced(replaced(share, second, "x"), first, second), "x", first)),
               P1_ERR_SHARE);
}

static void a_share_of_another_tally_or_paper_is_refused(void **state) {
    const struct box *o = set_of_five;
    struct ciphertext other[CHOICES];
    struct election *paper = election_read(replaced(o->e->json, "\"name\":\"n\"", "\"name\":\"m\""));
    (void)state;
    tally_init(o->e, other);
    tally_add(o->e, other, o->tally, 2, &work);
    assert_err(verdict(o, 0, share_of(o->e, &o->x[0], other)), P1_ERR_SHARE);
    assert_err(verdict(o, 0, share_of(paper, &o->x[0], o->tally)), P1_ERR_SHARE);
}

static void a_factor_outside_the_group_is_refused(void **state) {
    const struct box *o = set_of_five;
    (void)state;
    assert_err(verdict(o, 0,
                       replaced(o->share[0], str_of(between(o->share[0], "[[\"", "\"")),
                                "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec")),
               P1_ERR_ELEM_SUBGROUP);
}

static void a_share_has_one_entry_for_each_choice(void **state) {
    const struct box *o = set_of_five;
    const struct span share = o->share[0];
    const char *factor = str_of(text_of("\"%.*s\"", SPAN_ARG(between(share, "[[\"", "\""))));
    const char *proof = str_of(between(share, "\"decryption_proofs\":[[", ",{\"challenge\""));
    (void)state;
    assert_err(verdict(o, 0, replaced(share, str_of(text_of("%s,", factor)), "")), P1_ERR_SHARE_FORM);
    assert_err(verdict(o, 0, replaced(share, factor, str_of(text_of("%s,%s", factor, factor)))), P1_ERR_SHARE_FORM);
    assert_err(verdict(o, 0, replaced(share, "],[", ",")), P1_ERR_SHARE_FORM);
    assert_err(verdict(o, 0, replaced(share, "]],\"decryption_proofs\"", "],[]],\"decryption_proofs\"")),
               P1_ERR_SHARE_FORM);
    assert_err(verdict(o, 0, replaced_nth(share, 1, "[[", "[")), P1_ERR_SHARE_FORM);
    assert_err(verdict(o, 0, replaced(share, "]]}", str_of(text_of(",%s]]}", proof)))), P1_ERR_SHARE_FORM);
    assert_err(verdict(o, 0, replaced(share, "]]}", "],[]]}")), P1_ERR_SHARE_FORM);
    assert_err(verdict(o, 0, replaced(share, "{\"decryption_factors\"", "{\"x\":1,\"decryption_factors\"")),
               P1_ERR_JSON);
    assert_err(verdict(o, 0, text_of("%.*s\n", SPAN_ARG(share))), P1_ERR_JSON_TRAILING);
    for (size_t n = 0; n < share.n; n++) assert_int_not_equal(verdict(o, 0, span_of(share.p, n)), P1_OK);
    for (size_t n = 0; n < share.n; n++) {
        if (share.p[n] >= '0' && share.p[n] <= '9') continue;
        assert_int_not_equal(verdict(o, 0, spliced(share, n, 1, SPAN_LIT("?"))), P1_OK);
    }
}

static void a_buffer_that_is_too_small_is_told(void **state) {
    const struct box *o = set_of_five;
    (void)state;
    for (size_t cap = 0; cap <= o->share[0].n; cap += cap + 60 < o->share[0].n ? 37 : 1) {
        struct buf b = keep_buf(cap);
        assert_err(share_make_ct(o->e, &o->x[0], o->tally, &b, &work), cap < o->share[0].n ? P1_ERR_SPACE : P1_OK);
    }
}

static int init(void **state) {
    (void)state;
    struct ceremony *c = ceremony_run("Ed25519", 3, 5, AES_GCM);
    set_of_five = box_of("Ed25519", trustees_text(c), c->decryption_key, 5);
    return 0;
}

// ---- what the first proof does not bind ----

// A trustee fixes the commitments g^u and g^b first, so knows the challenge c, and lets an accomplice choose alpha accordingly: then
// alpha^x g^delta is proved as if it were alpha^x.
static void a_false_share_that_the_first_proof_lets_pass_has_no_second_one(void **state) {
    const struct group *g = group_of("Ed25519");
    const struct modulus *q = &g->q;
    const struct scalar x = random_scalar(q), u = random_scalar(q), b = random_scalar(q), delta = random_scalar(q);
    const struct election *e =
        election_read(election_text("Ed25519", "[{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"Q\"}]", &x));
    struct trustee t = {.key = e->key, .key_text = key_text(g, &x)};
    struct elem commit[2], factor, honest, offset;
    struct ciphertext tally = {.alpha = e->key};
    struct scalar exponent, inverse;
    struct proof p;
    struct sha256 text;
    (void)state;
    const struct mul_job first[] = {{.out = &commit[0], .g = &u}, {.out = &commit[1], .g = &b}};
    mul_run_vartime(g, NULL, first, 2, &work);
    sha256_init(&text);
    sha256_str(&text, "decrypt|");
    sha256_put(&text, span_of(e->hash64, P1_HASH64));
    sha256_str(&text, "|");
    sha256_put(&text, t.key_text);
    sha256_str(&text, "|");
    hash_elems(g, &text, commit, 2, &work);
    hash_scalar(q, &text, &p.challenge);
    sc_mul(q, &exponent, &x, &p.challenge);
    sc_sub(q, &p.response, &u, &exponent);
    // alpha = g^((b - delta c) / u)
    sc_mul(q, &exponent, &delta, &p.challenge);
    sc_sub(q, &exponent, &b, &exponent);
    sc_inv(q, &inverse, &u);
    sc_mul(q, &exponent, &exponent, &inverse);
    const struct mul_job alpha = {.out = &tally.alpha, .g = &exponent};
    mul_run_vartime(g, NULL, &alpha, 1, &work);
    tally.beta = tally.alpha;
    const struct mul_job false_factor[] = {{.out = &honest, .x = &x, .base = &tally.alpha},
                                           {.out = &offset, .g = &delta}};
    mul_run_vartime(g, NULL, false_factor, 2, &work);
    elem_mul_ct(g, &factor, &honest, &offset, &work);

    struct buf share = keep_buf(share_size_max(e)), bound = keep_buf(share_size_max(e));
    struct elem_text f = elem_text_of(g, &factor);
    struct elem found;
    buf_str(&share, "{\"decryption_factors\":[[\"");
    buf_put(&share, elem_span(&f));
    buf_str(&share, "\"]],\"decryption_proofs\":[[");
    proof_write(&share, q, &p);
    buf_str(&share, "]]}");
    assert_ok(share_check(e, &t, &tally, buf_span(&share), &found, &work)); // the weakness

    assert_ok(share_bind_ct(e, &x, &tally, &bound, &work));
    assert_err(share_binding_check(e, &t, &tally, &found, buf_span(&bound), &work), P1_ERR_SHARE_BINDING);
    assert_ok(share_binding_check(e, &t, &tally, &honest, buf_span(&bound), &work));
    struct ciphertext other = {honest, honest};
    assert_err(share_binding_check(e, &t, &other, &honest, buf_span(&bound), &work), P1_ERR_SHARE_BINDING);
    // the first proof again is no second one
    struct buf again = keep_buf(share_size_max(e));
    buf_str(&again, "[[");
    proof_write(&again, q, &p);
    buf_str(&again, "]]");
    assert_err(share_binding_check(e, &t, &tally, &found, buf_span(&again), &work), P1_ERR_SHARE_BINDING);
    assert_err(share_binding_check(e, &t, &tally, &found, SPAN_LIT("[]"), &work), P1_ERR_SHARE_FORM);
}

// A share that is off by a factor lies on no polynomial with the others.
// Computed again from what core/tally.h and the decision say, with nothing of core/share.c.
static void the_second_proof_hashes_what_was_opened_and_to_what(void **state) {
    const struct box *o = set_of_five;
    const struct group *g = &o->e->group;
    struct span binding = binding_of(o->e, &o->x[2], o->tally);
    (void)state;
    for (unsigned k = 0; k < CHOICES; k++) {
        struct proof p = {scalar_of(&g->q, between_nth(binding, k, "\"challenge\":\"", "\"")),
                          scalar_of(&g->q, between_nth(binding, k, "\"response\":\"", "\""))};
        struct elem factor, part[2], e[4] = {o->tally[k].alpha};
        const struct mul_job jobs[] = {{.out = &factor, .x = &o->x[2], .base = &e[0]},
                                       {.out = &part[0], .x = &p.response, .base = &e[0]},
                                       {.out = &part[1], .x = &p.challenge, .base = &factor}};
        mul_run_vartime(g, NULL, jobs, 2, &work);
        mul_run_vartime(g, NULL, jobs + 2, 1, &work);
        e[1] = factor;
        e[2] = commitment_in(o, 2, binding, k);
        elem_mul_ct(g, &e[3], &part[0], &part[1], &work);
        struct elem_text t[4];
        elem_encode(g, t, e, 4, &work);
        struct span text = text_of("plus1 share|%.*s|%.*s|%.*s,%.*s|%.*s,%.*s", P1_HASH64, o->e->hash64,
                                   SPAN_ARG(o->trustees.trustee[2].key_text), SPAN_ARG(elem_span(&t[0])),
                                   SPAN_ARG(elem_span(&t[1])), SPAN_ARG(elem_span(&t[2])), SPAN_ARG(elem_span(&t[3])));
        uint8_t digest[SHA256_BYTES];
        struct scalar expected;
        sha256(digest, text);
        sc_from_bytes(&g->q, &expected, span_of(digest, sizeof digest));
        assert_true(sc_is_equal(&expected, &p.challenge));
    }
}

static void shares_beyond_the_threshold_must_agree(void **state) {
    const struct box *o = set_of_five;
    struct elem *factors = keep(5 * CHOICES * sizeof *factors);
    struct quorum q = {.present = 0x1f};
    (void)state;
    for (unsigned i = 0; i < 5; i++)
        assert_ok(share_check(o->e, &o->trustees.trustee[i], o->tally, o->share[i], factors + i * CHOICES, &work));
    assert_ok(quorum_choose(&o->trustees, &q));
    for (unsigned i = 3; i < 5; i++) assert_ok(factors_agree_vartime(o->e, &o->trustees, &q, i, factors, &work));
    elem_mul_ct(&o->e->group, &factors[1], &factors[1], &o->e->group.g, &work); // of trustee 1, who is used
    for (unsigned i = 3; i < 5; i++)
        assert_err(factors_agree_vartime(o->e, &o->trustees, &q, i, factors, &work), P1_ERR_SHARES_CONTRADICT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_of_belenios_open_to_their_results),
        cmocka_unit_test(our_shares_have_the_factors_of_belenios),
        cmocka_unit_test(any_three_of_five_give_the_same_result),
        cmocka_unit_test(the_first_ones_are_used),
        cmocka_unit_test(a_single_trustee_and_a_set_open_together),
        cmocka_unit_test(two_sets_open_together),
        cmocka_unit_test(a_set_of_one_opens_in_every_group),
        cmocka_unit_test(single_trustees_are_all_needed),
        cmocka_unit_test(the_same_tally_gets_the_same_share),
        cmocka_unit_test(no_two_proofs_have_one_nonce),
        cmocka_unit_test(a_share_of_another_trustee_is_refused),
        cmocka_unit_test(any_changed_number_or_factor_is_refused),
        cmocka_unit_test(a_share_of_another_tally_or_paper_is_refused),
        cmocka_unit_test(a_factor_outside_the_group_is_refused),
        cmocka_unit_test(a_share_has_one_entry_for_each_choice),
        cmocka_unit_test(a_buffer_that_is_too_small_is_told),
        cmocka_unit_test(a_false_share_that_the_first_proof_lets_pass_has_no_second_one),
        cmocka_unit_test(the_second_proof_hashes_what_was_opened_and_to_what),
        cmocka_unit_test(shares_beyond_the_threshold_must_agree),
    };
    return cmocka_run_group_tests_name("shares", tests, init, release);
}
