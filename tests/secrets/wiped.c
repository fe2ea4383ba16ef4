// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the core leaves on the stack: each operation runs on a stack of its own, which is searched afterwards for what the
// operation was given in secret and for what it made of that on its way. Any 16 bytes of these count, at any place.
// What is in the memory of the caller (struct work, an arena, outputs) is for the caller to wipe. Single registers that a compiler
// saves are not looked for; nor those that the dynamic linker saves when a library calls a function for the first time, so
// this runs with LD_BIND_NOW.

#define _GNU_SOURCE // memmem
#include "core/aes.h"
#include "core/answer.h"
#include "core/own_data.h"
#include "core/sha256.h"
#include "tests/secrets/stack.h"

// ---- that it is seen ----

static uint8_t key[AES_KEY_BYTES];

static void keep_a_copy(void) {
    uint8_t copy[AES_KEY_BYTES];
    memcpy(copy, key, sizeof copy);
    __asm__ __volatile__("" : : "r"(copy) : "memory");
}

static void what_is_left_is_found(void **state) {
    (void)state;
    random_bytes(key, sizeof key);
    remember("the key", key, sizeof key);
    run(keep_a_copy);
    assert_int_equal(left("a test that must fail"), 1);
}

// ---- scalars ----

static struct scalar a, b, result;
static uint8_t bytes[P1_SCALAR_WIDE], number[P1_SCALAR_TEXT];
static struct buf text;

static void add(void) { sc_add(&g->q, &result, &a, &b); }

static void subtract(void) { sc_sub(&g->q, &result, &a, &b); }

static void multiply(void) { sc_mul(&g->q, &result, &a, &b); }

static void invert(void) { sc_inv(&g->q, &result, &a); }

static void reduce(void) { sc_from_bytes(&g->q, &result, span_of(bytes, sizeof bytes)); }

static void write(void) { sc_encode(&g->q, &text, &a); }

static void read(void) {
    if (sc_decode(&g->q, &result, buf_span(&text)) != P1_OK) abort();
}

static void scalars(void **state) {
    void (*const operations[])(void) = {add, subtract, multiply, invert, reduce, write, read};
    static const char *const names[] = {"adding",   "subtracting", "multiplying", "inverting",
                                        "reducing", "writing",     "reading"};
    (void)state;
    text = buf_over(number, sizeof number);
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        a = random_scalar(&g->q);
        b = random_scalar(&g->q);
        random_bytes(bytes, sizeof bytes);
        if (operations[i] == read) a = scalar_of(&g->q, buf_span(&text));
        run(operations[i]);
        remember_scalar("an operand", &a);
        remember_scalar("an operand", &b);
        remember_scalar("the result", &result);
        remember_hashed("bytes", bytes, LONGEST);
        assert_wiped(names[i]);
    }
}

// ---- hashing ----

static uint8_t secret[32], digest[32];

static void hash(void) { sha256(digest, span_of(secret, sizeof secret)); }

static void hash_with_key(void) { hmac_sha256(digest, span_of(secret, sizeof secret), SPAN_LIT("message")); }

static void hash_often(void) { pbkdf2_sha256(digest, span_of(secret, sizeof secret), SPAN_LIT("salt"), 2); }

static void hash_long(void) {
    struct sha256 s;
    sha256_init(&s);
    sha256_put(&s, span_of(secret, sizeof secret));
    sha256_put(&s, span_of(stack, 64)); // anything: fills the block
    sha256_done(&s, digest);
}

static void hashes(void **state) {
    void (*const operations[])(void) = {hash, hash_with_key, hash_often, hash_long};
    static const char *const names[] = {"SHA-256", "HMAC", "PBKDF2", "SHA-256 of two blocks"};
    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        uint8_t pad[32];
        random_bytes(secret, sizeof secret);
        run(operations[i]);
        remember_hashed("what is hashed", secret, sizeof secret);
        for (size_t k = 0; k < sizeof pad; k++) pad[k] = secret[k] ^ 0x36;
        remember_hashed("the inner key", pad, sizeof pad);
        for (size_t k = 0; k < sizeof pad; k++) pad[k] = secret[k] ^ 0x5c;
        remember_hashed("the outer key", pad, sizeof pad);
        remember_hashed("the digest", digest, sizeof digest);
        assert_wiped(names[i]);
    }
}

// ---- codes ----

static uint8_t random_code[16];
static struct code code;
static struct span typed;
static struct elem_text public;

static void make_code(void) { code_make(code.text, random_code); }

static void read_code(void) {
    if (code_read(&code, typed) != P1_OK) abort();
}

static void use_code(void) {
    code_secret(&g->q, SPAN_LIT(TEST_UUID), &code, &a);
    credential_public(g, &a, &public, &work);
}

static void remember_code(struct span one) {
    uint8_t raw[P1_CODE_TEXT];
    size_t n = 0;
    for (size_t i = 0; i < one.n; i++) {
        if (one.p[i] != '-') raw[n++] = one.p[i];
    }
    remember_hashed("the code", one.p, one.n);
    if (n >= WINDOW) remember("the code without hyphens", raw, n);
}

static void codes(void **state) {
    (void)state;
    random_bytes(random_code, sizeof random_code);
    run(make_code);
    remember("randomness", random_code, sizeof random_code);
    remember_code(span_of(code.text, P1_CODE_TEXT));
    assert_wiped("making a code");

    const struct span ours = keep_span(span_of(code.text, P1_CODE_TEXT));
    const struct span readings[] = {ours, SPAN_LIT("abcDE-FGHJKL-MNPQr-STUVWx"), SPAN_LIT("111-222-333-444-55K"),
                                    SPAN_LIT("ABCDEFGHJKLMNPQRSTUV1X")};
    for (size_t i = 0; i < 3; i++) {
        typed = readings[i];
        if (code_read(&code, typed) != P1_OK) continue;
        run(read_code);
        remember_code(typed);
        remember_code(span_of(code.text, code.n));
        assert_wiped("reading a code");
        run(use_code);
        remember_code(span_of(code.text, code.n));
        remember_scalar("the secret of a code", &a);
        assert_wiped("using a code");
    }
}

// ---- ballots ----

static const struct election *election;
static struct voter voter;
static uint8_t choices[4], seed[32], random32[32];
static struct buf ballot;
static char ballot_code64[P1_HASH64];
static enum p1_err made;

static void make_ballot(void) {
    made = ballot_make_unsigned_ct(election, elem_span(&voter.credential), choices, seed, &ballot, &work);
}

static void sign_ballot(void) { made = ballot_sign_ct(election, &voter.x, random32, ballot_code64, &ballot, &work); }

// Every number that is drawn from the seed, and what is hidden in each ciphertext.
static void remember_draws(const char *kinds) {
    for (const char *kind = kinds; *kind; kind++) {
        for (unsigned i = 0; i < election->choice_count; i++) {
            uint8_t label[11] = {'b', '1', (uint8_t)*kind, 0, 0, (uint8_t)i};
            struct scalar s;
            seed_scalar(&g->q, seed, span_of(label, 8), &s);
            remember_scalar("randomness of a ciphertext", &s);
            for (uint8_t branch = 0; branch < 3; branch++) {
                for (size_t part = 0; part < 2; part++) {
                    label[9] = branch;
                    label[10] = part ? 'r' : 'c';
                    seed_scalar(&g->q, seed, span_of(label, 11), &s);
                    remember_scalar(part ? "a nonce" : "a simulated challenge", &s);
                }
            }
        }
    }
}

static void vote(const char *questions, const char *kinds, const char *chosen) {
    const struct scalar y = random_scalar(&g->q);
    struct ballot parsed;
    election = election_read(election_text(g->ops->name, questions, &y));
    voter = voter_make(election);
    random_bytes(seed, sizeof seed);
    random_bytes(random32, sizeof random32);
    for (size_t i = 0; i < election->choice_count; i++) choices[i] = chosen[i] == '1';
    ballot = keep_buf(ballot_size_max(election));
    run(make_ballot);
    assert_ok(made);
    remember_hashed("the seed", seed, sizeof seed);
    remember_draws(kinds);
    assert_wiped("making a ballot");

    run(sign_ballot);
    assert_ok(made);
    assert_ok(ballot_verdict(election, buf_span(&ballot), NULL));
    assert_ok(ballot_parse(&parsed, &g->q, buf_span(&ballot)));
    uint8_t nonce_key[32];
    hmac_sha256(nonce_key, span_of(random32, 32), span_of(&voter.x, sizeof voter.x));
    remember_hashed("randomness", random32, sizeof random32);
    remember_hashed("the key of the nonce", nonce_key, sizeof nonce_key);
    remember_hashed("the secret of the code", voter.x.v, 8 * g->q.n);
    remember_scalar("the secret of the code", &voter.x);
    remember_nonce(&voter.x, &parsed.signature);
    assert_wiped("signing a ballot");
}

static void ballots(void **state) {
    (void)state;
    vote("[{\"answers\":[\"a\",\"b\"],\"min\":0,\"max\":2,\"question\":\"\"}]", "eio", "10");
    vote("[{\"answers\":[\"a\",\"b\"],\"blank\":true,\"min\":1,\"max\":1,\"question\":\"\"}]", "eiob", "001");
    vote("[{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"a\"],[\"M\",\"b\"]],\"question\":\"\"}}]", "eioln",
         "1100");
}

// ---- keys, shares, signatures ----

static struct draws draws;
static struct buf out;
static struct ciphertext tally[1];
static struct pki_keys keys;
static struct span pki_seed;

static struct proof proof;
static struct elem base;

static void draw(void) { draw_scalar(&g->q, &draws, &result); }

static void prove(void) {
    struct sha256 t;
    sha256_init(&t);
    schnorr_prove_ct(g, &a, &b, &t, &proof, &work);
}

static void prove_equality(void) {
    struct sha256 t;
    sha256_init(&t);
    equality_prove_ct(g, &a, &b, &base, &t, &proof, &work);
}

static void make_key(void) {
    draw_scalar(&g->q, &draws, &a);
    trustee_key_write(g, &a, &a, &draws, &out, &work);
}

static void make_pki(void) { pki_keys_init(g, &keys, pki_seed, &work); }

static void sign(void) { signature_write(g, &a, SPAN_LIT("a notice"), &draws, &out, &work); }

static void ask_for_own_data(void) {
    made = own_data_write_ct(election, &voter.x, elem_span(&voter.credential), SPAN_LIT("key"), 500000, random32, &out,
                             &work);
}

static void make_share(void) { made = share_make_ct(election, &a, tally, &out, &work); }

static void bind_share(void) { made = share_bind_ct(election, &a, tally, &out, &work); }

// The first N draws of D.
static void remember_drawn(struct draws d, unsigned n) {
    remember_hashed("the seed of the draws", d.seed, sizeof d.seed);
    while (n--) {
        struct scalar s;
        draw_scalar(&g->q, &d, &s);
        remember_scalar("a number drawn", &s);
    }
}

static void remember_proof_in(struct span json, const char *before) {
    const size_t at = find(json, 0, before);
    struct json j = json_of(span_from(json, at + strlen(before)));
    struct proof p;
    assert_ok(proof_parse(&j, &g->q, &p));
    remember_nonce(&a, &p);
}

static void draws_and_proofs(void **state) {
    (void)state;
    draws = random_draws();
    remember_drawn(draws, 1);
    for (size_t block = 0; block < (g->q.bits + 7) / 8 / 32; block++) {
        uint8_t whole[11 + 32 + 1 + 5] = "plus1 seed|", stream[32];
        memcpy(whole + 11, draws.seed, 32);
        whole[43] = (uint8_t)block;
        whole[44] = 'd';
        sha256(stream, span_of(whole, sizeof whole));
        remember_hashed("bytes of a number drawn", stream, sizeof stream);
    }
    run(draw);
    assert_wiped("drawing a number");
    a = random_scalar(&g->q);
    b = random_scalar(&g->q);
    base = power_of_g(g, &a);
    for (unsigned i = 0; i < 2; i++) {
        run(i ? prove_equality : prove);
        remember_scalar("the secret", &a);
        remember_nonce(&a, &proof);
        assert_wiped(i ? "proving equality" : "proving knowledge");
    }
}

static void keys_and_signatures(void **state) {
    (void)state;
    draws = random_draws();
    const struct draws from = draws;
    out = keep_buf(ARENA);
    run(make_key);
    remember_drawn(from, 3);
    remember_hashed("the key", a.v, 8 * g->q.n);
    remember_proof_in(buf_span(&out), "{\"pok\":");
    assert_wiped("making a key");

    pki_seed = random_seed();
    run(make_pki);
    remember_hashed("the seed of the keys", pki_seed.p, pki_seed.n);
    remember_scalar("the signing key", &keys.sk);
    remember_scalar("the decryption key", &keys.dk);
    assert_wiped("making keys from a seed");

    draws = random_draws();
    out.n = 0;
    run(sign);
    remember_scalar("the signing key", &a);
    remember_hashed("the seed of the draws", draws.seed, sizeof draws.seed);
    remember_proof_in(buf_span(&out), "");
    assert_wiped("signing");
}

static void shares(void **state) {
    (void)state;
    a = random_scalar(&g->q);
    election =
        election_read(election_text(g->ops->name, "[{\"answers\":[\"a\"],\"min\":0,\"max\":1,\"question\":\"\"}]", &a));
    b = random_scalar(&g->q);
    tally[0] = (struct ciphertext){power_of_g(g, &b), power_of_g(g, &a)};
    out = keep_buf(share_size_max(election));
    run(make_share);
    assert_ok(made);
    remember_scalar("the key", &a);
    remember_hashed("the key", a.v, 8 * g->q.n);
    remember_proof_in(buf_span(&out), "\"decryption_proofs\":[[");
    assert_wiped("making a share");
    out.n = 0;
    run(bind_share);
    assert_ok(made);
    remember_scalar("the key", &a);
    remember_hashed("the key", a.v, 8 * g->q.n);
    remember_proof_in(buf_span(&out), "[[");
    assert_wiped("binding a share");
}

// ---- sealing ----

static enum aes_mode mode;
static uint8_t iv[32], sealed[112 + 16], opened[112]; // whole blocks: the last one is kept too

static void seal(void) { made = aes_seal(mode, key, iv, sealed, span_of(opened, sizeof opened)); }

static void unseal(void) {
    made = aes_open(mode, key, iv, opened, span_of(sealed, sizeof opened + aes_tag_bytes(mode)));
}

static uint8_t gf_double(uint8_t x) { return (uint8_t)(x << 1 ^ (x >> 7) * 0x1b); }

// FIPS 197's S-box, by looking for the inverse.
static uint8_t s_box(uint8_t x) {
    uint8_t inv = 0;
    for (unsigned y = 1; x && y < 256; y++) {
        uint8_t r = 0, at = x;
        for (unsigned i = 0; i < 8; i++, at = gf_double(at)) r ^= (uint8_t)((y >> i & 1) * at);
        if (r == 1) inv = (uint8_t)y;
    }
    unsigned v = inv * 0x101u;
    return (uint8_t)(v ^ v >> 4 ^ v >> 5 ^ v >> 6 ^ v >> 7 ^ 0x63);
}

static void remember_aes_key(const uint8_t k[32]) {
    uint8_t w[240], constant = 1;
    memcpy(w, k, 32);
    for (size_t i = 32; i < sizeof w; i += 4) {
        uint8_t t[4];
        for (size_t j = 0; j < 4; j++) {
            t[j] = w[i - 4 + (i % 32 ? j : (j + 1) % 4)];
            if (i % 16 == 0) t[j] = s_box(t[j]);
        }
        if (i % 32 == 0) {
            t[0] ^= constant;
            constant = gf_double(constant);
        }
        for (size_t j = 0; j < 4; j++) w[i + j] = w[i + j - 32] ^ t[j];
    }
    for (size_t i = 0; i < sizeof w; i += 16) remember("a round key of AES", w + i, 16);
}

static void sealed_messages(void **state) {
    (void)state;
    for (mode = AES_CCM; mode <= AES_GCM; mode++) {
        random_bytes(key, sizeof key);
        random_bytes(iv, sizeof iv);
        random_bytes(opened, sizeof opened);
        const struct span message = keep_span(span_of(opened, sizeof opened));
        for (unsigned back = 0; back < 2; back++) {
            run(back ? unseal : seal);
            assert_ok(made);
            remember_aes_key(key);
            for (size_t i = 0; i + 16 <= message.n; i += 16) {
                uint8_t pad[16];
                for (size_t j = 0; j < 16; j++) pad[j] = message.p[i + j] ^ sealed[i + j];
                remember("the message", message.p + i, 16);
                remember("what hides the message", pad, 16);
            }
            assert_wiped(back ? "opening" : "sealing");
        }
        assert_memory_equal(opened, message.p, message.n);
    }
}

// ---- own data ----

static void a_request_for_own_data(void **state) {
    (void)state;
    struct own_data o;
    const struct scalar y = random_scalar(&g->q);
    election =
        election_read(election_text(g->ops->name, "[{\"answers\":[\"a\"],\"min\":0,\"max\":1,\"question\":\"\"}]", &y));
    voter = voter_make(election);
    random_bytes(random32, sizeof random32);
    out = keep_buf(P1_OWN_DATA_TEXT);
    run(ask_for_own_data);
    assert_ok(made);
    assert_ok(own_data_parse(&o, &g->q, buf_span(&out)));
    struct draws d = {.n = 0};
    uint8_t hash_of_it[32];
    struct span credential = elem_span(&voter.credential);
    sha256(hash_of_it,
           text_of("{\"type\":\"own-data\",\"election\":\"%.*s\",\"server\":\"key\",\"credential\":\"%.*s\","
                   "\"hour\":500000}",
                   SPAN_ARG(election->uuid), SPAN_ARG(credential)));
    hmac_sha256(d.seed, span_of(random32, 32), span_of(&voter.x, sizeof voter.x));
    remember_hashed("randomness", random32, sizeof random32);
    remember_hashed("the key of the draws", d.seed, sizeof d.seed);
    hmac_sha256(d.seed, span_of(d.seed, sizeof d.seed), span_of(hash_of_it, sizeof hash_of_it));
    remember_drawn(d, 1);
    remember_scalar("the secret of the code", &voter.x);
    remember_nonce(&voter.x, &o.signature);
    assert_wiped("signing a request for own data");
}

// ---- the key ceremony ----

static struct ceremony *c;
static struct buf arena;
static unsigned bad;

static void make_polynomial(void) {
    made = polynomial_make(g, &c->certs, &c->keys[0], c->mode, &draws, &out, &arena, &work);
}

static void make_voutput(void) {
    made = voutput_make(g, &c->certs, &c->keys[0], c->vinput[0], c->mode, &draws, &a, &out, &bad, &arena, &work);
}

static void open_key(void) { made = decryption_key_open(g, &c->keys[0], pki_seed, &b, &arena, &work); }

static void remember_own_keys(void) {
    remember_scalar("the signing key", &c->keys[0].sk);
    remember_scalar("the decryption key", &c->keys[0].dk);
}

// The numbers drawn, and the AES keys that are made of every third.
static void remember_sealing(struct draws d, unsigned n, unsigned first) {
    remember_drawn(d, n);
    for (unsigned i = 0; i < n; i++) {
        struct scalar s;
        uint8_t made_key[32];
        draw_scalar(&g->q, &d, &s);
        if (i < first || (i - first) % 3) continue;
        struct span elem = key_text(g, &s);
        sha256(made_key, text_of("key|%.*s", SPAN_ARG(elem)));
        remember_hashed("an AES key", made_key, sizeof made_key);
        remember_hashed("what an AES key is made of", elem.p, elem.n < LONGEST ? elem.n : LONGEST);
    }
}

static void key_ceremony(void **state) {
    (void)state;
    c = ceremony_begin(g->ops->name, 2, 2, AES_GCM);
    ceremony_exchange(c);
    arena = keep_buf(ARENA);
    out = keep_buf(ARENA);
    draws = random_draws();
    struct draws from = draws, d = from;
    run(make_polynomial);
    assert_ok(made);
    struct scalar coefficient[2], value;
    draw_scalar(&g->q, &d, &coefficient[0]);
    draw_scalar(&g->q, &d, &coefficient[1]);
    value = coefficient[0];
    for (size_t i = 0; i < 2; i++) {
        sc_add(&g->q, &value, &value, &coefficient[1]);
        remember_scalar("a value of the polynomial", &value);
    }
    remember_own_keys();
    remember_sealing(from, 13, 4);
    assert_wiped("making a polynomial");

    from = draws = random_draws();
    out.n = arena.n = 0;
    run(make_voutput);
    assert_ok(made);
    remember_own_keys();
    remember_scalar("the trustee's key", &a);
    remember_sealing(from, 5, 2);
    assert_wiped("making a key of all parts");

    struct buf sent = keep_buf(out.n);
    json_unescape(&sent, between(buf_span(&out), "{\"private_key\":\"", "\",\"public_key\""));
    pki_seed = buf_span(&sent);
    arena.n = 0;
    run(open_key);
    assert_ok(made);
    remember_own_keys();
    remember_scalar("the trustee's key", &b);
    assert_wiped("opening a key");
}

#define CASE(f) cmocka_unit_test_setup(f, begin)

int main(int argc, char **argv) {
    g = group_of(argc == 2 ? argv[1] : "Ed25519");
    const struct CMUnitTest tests[] = {
        CASE(what_is_left_is_found),
        CASE(scalars),
        CASE(hashes),
        CASE(codes),
        CASE(ballots),
        CASE(draws_and_proofs),
        CASE(keys_and_signatures),
        CASE(shares),
        CASE(sealed_messages),
        CASE(a_request_for_own_data),
        CASE(key_ceremony),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    release(NULL);
    return failed;
}
