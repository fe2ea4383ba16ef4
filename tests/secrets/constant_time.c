// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Neither a branch nor an index depends on a secret. Run by valgrind, to which secrets are memory without defined content: it
// tells of each branch and each address that depends on them, through any calculation. They stay secret until a
// now_public() in core/ or here, so what is made of secrets is compared with what it should be after that.
//
// Usage: valgrind constant_time GROUP. The core that it links is built as always, but for now_public(). What each case reaches
// of the functions _ct that core/ has is named beside it; tests/secrets/every_ct.sh sees to it that none is left out.

#include <gmp.h>
#include <valgrind/memcheck.h>

#include "core/aes.h"
#include "core/answer.h"
#include "core/ff.h"
#include "core/own_data.h"
#include "tests/unit/helpers_ceremony.h"

static const struct group *g;
static const char *group_name;

static void secret(const void *p, size_t n) { (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n); }

static void public(const void *p, size_t n) { (void)VALGRIND_MAKE_MEM_DEFINED(p, n); }

static void public_buf(const struct buf *b) { public(b->p, b->n); }

static struct scalar secret_scalar(void) {
    struct scalar s = random_scalar(&g->q);
    secret(s.v, g->q.n * sizeof *s.v);
    return s;
}

static struct draws secret_draws(void) {
    struct draws d = random_draws();
    secret(d.seed, sizeof d.seed);
    return d;
}

// A copy that may be looked at.
static struct scalar shown(const struct scalar *s) {
    struct scalar copy = *s;
    public(&copy, sizeof copy);
    return copy;
}

static struct elem shown_elem(const struct elem *e) {
    struct elem copy = *e;
    public(&copy, sizeof copy);
    return copy;
}

static void assert_elem(const struct elem *a, const struct elem *b) {
    const struct elem x = shown_elem(a), y = shown_elem(b);
    assert_true(elem_equal(g, &x, &y, &work));
}

static void assert_scalar(const struct scalar *a, const struct scalar *b) {
    const struct scalar x = shown(a), y = shown(b);
    assert_true(sc_is_equal(&x, &y));
}

// Valgrind loses sight of a carry in a loop that counts down with DEC, as GMP's do. So the carries that these functions return,
// to core/ff.c, are secret from here on if the last limbs were (the linker puts them between).

mp_limb_t real_add_n(mp_ptr r, mp_srcptr a, mp_srcptr b, mp_size_t n) __asm__("__real___gmpn_add_n");
mp_limb_t wrap_add_n(mp_ptr r, mp_srcptr a, mp_srcptr b, mp_size_t n) __asm__("__wrap___gmpn_add_n");
mp_limb_t real_sub_n(mp_ptr r, mp_srcptr a, mp_srcptr b, mp_size_t n) __asm__("__real___gmpn_sub_n");
mp_limb_t wrap_sub_n(mp_ptr r, mp_srcptr a, mp_srcptr b, mp_size_t n) __asm__("__wrap___gmpn_sub_n");

static int is_secret(mp_limb_t limb) {
    mp_limb_t undefined = 0;
    (void)VALGRIND_GET_VBITS(&limb, &undefined, sizeof limb);
    return undefined != 0;
}

mp_limb_t wrap_add_n(mp_ptr r, mp_srcptr a, mp_srcptr b, mp_size_t n) {
    const int taint = is_secret(a[n - 1]) || is_secret(b[n - 1]);
    mp_limb_t carry = real_add_n(r, a, b, n);
    if (taint) secret(&carry, sizeof carry);
    return carry;
}

mp_limb_t wrap_sub_n(mp_ptr r, mp_srcptr a, mp_srcptr b, mp_size_t n) {
    const int taint = is_secret(a[n - 1]) || is_secret(b[n - 1]);
    mp_limb_t borrow = real_sub_n(r, a, b, n);
    if (taint) secret(&borrow, sizeof borrow);
    return borrow;
}

// What counts is at the end of each test.
static unsigned long errors_before;

static int begin(void **state) {
    (void)state;
    errors_before = VALGRIND_COUNT_ERRORS;
    return 0;
}

static int end(void **state) {
    (void)state;
    public(&work, sizeof work);
    return VALGRIND_COUNT_ERRORS == errors_before ? 0 : -1;
}

// That a test can see anything at all.
static void valgrind_is_watching(void **state) {
    (void)state;
    assert_true(RUNNING_ON_VALGRIND);
    const struct scalar s = secret_scalar();
    uint64_t undefined = 0;
    assert_int_equal(VALGRIND_GET_VBITS(s.v, &undefined, sizeof undefined), 1);
    assert_true(undefined == UINT64_MAX);
}

// ---- groups: elem_mul_ct (mul_ct), mul_run_ct (run_ct); of Ed25519 job_ct, recode_ct, fill_window_ct, add_window_ct,
// add_comb_ct, pick_ct, negate_ct; of finite fields times_power_ct ----

static void powers(void **state) {
    (void)state;
    struct scalar x = secret_scalar(), y = secret_scalar(), z = secret_scalar();
    const struct scalar px = shown(&x), py = shown(&y), pz = shown(&z);
    struct elem key = power_of_g(g, &px), base = power_of_g(g, &py), out[4], expected[4];
    struct base_table *table = keep(sizeof *table);
    base_table_init(g, table, &key, &work);
    const struct mul_job jobs[] = {{.out = &out[0], .g = &x},
                                   {.out = &out[1], .g = &x, .y = &y, .x = &z, .base = &base},
                                   {.out = &out[2], .y = &z},
                                   {.out = &out[3], .x = &z, .base = &base}};
    const struct mul_job same[] = {{.out = &expected[0], .g = &px},
                                   {.out = &expected[1], .g = &px, .y = &py, .x = &pz, .base = &base},
                                   {.out = &expected[2], .y = &pz},
                                   {.out = &expected[3], .x = &pz, .base = &base}};
    mul_run_ct(g, table, jobs, 4, &work);
    mul_run_vartime(g, table, same, 4, &work);
    for (size_t i = 0; i < 4; i++) assert_elem(&out[i], &expected[i]);
}

static void products_and_inverses(void **state) {
    (void)state;
    const struct scalar x = random_scalar(&g->q);
    struct elem a = power_of_g(g, &x), b, one, identity;
    struct elem_text t[2], expected = elem_text_of(g, &a);
    elem_identity(g, &identity);
    secret(&a, g->p.n ? sizeof a.u.ff : sizeof a.u.ed);
    elem_inverse(g, &b, &a, &work);
    elem_mul_ct(g, &one, &a, &b, &work);
    int equal = elem_equal(g, &a, &b, &work);
    public(&equal, sizeof equal);
    assert_false(equal);
    assert_elem(&one, &identity);
    const struct elem both[2] = {a, b};
    elem_encode(g, t, both, 2, &work);
    public(t, sizeof t);
    assert_span(elem_span(&t[0]), elem_span(&expected));
}

// ff_mul_ct, ff_to_montgomery_ct, ff_from_montgomery_ct, ff_inverse_ct, redc_ct
static void field_elements(void **state) {
    (void)state;
    if (!g->p.n) return;
    uint64_t a[FF_LIMBS], b[FF_LIMBS], c[FF_LIMBS], one[FF_LIMBS], t[8 * FF_LIMBS];
    random_bytes(a, sizeof a);
    a[FF_LIMBS - 1] >>= 1; // below p
    memcpy(c, a, sizeof c);
    secret(a, sizeof a);
    ff_to_montgomery_ct(&g->p, a, a, t);
    ff_inverse_ct(&g->p, b, a, t);
    ff_mul_ct(&g->p, one, a, b, t);
    ff_from_montgomery_ct(&g->p, a, a, t);
    int same = ff_is_equal(a, c);
    public(&same, sizeof same);
    public(one, sizeof one);
    assert_true(same);
    ff_one(&g->p, b);
    assert_true(ff_is_equal(one, b));
}

// ---- scalars ----

static void scalars(void **state) {
    (void)state;
    struct scalar a = secret_scalar(), b = secret_scalar(), sum, product, inverse, chosen, one;
    uint64_t take = 1;
    secret(&take, sizeof take);
    sc_from_u64(&one, 1);
    sc_add(&g->q, &sum, &a, &b);
    sc_sub(&g->q, &sum, &sum, &b);
    sc_inv(&g->q, &inverse, &a);
    sc_mul(&g->q, &product, &inverse, &a);
    sc_select(&chosen, &a, &b, take);
    int equal = sc_is_equal(&a, &b) + sc_is_zero(&a);
    public(&equal, sizeof equal);
    assert_int_equal(equal, 0);
    assert_scalar(&sum, &a);
    assert_scalar(&product, &one);
    assert_scalar(&chosen, &a);
}

// A private key in a file: only how long the number is, and that it is one, is seen.
static void numbers_read_and_written(void **state) {
    (void)state;
    struct scalar a = secret_scalar(), b;
    struct buf text = keep_buf(P1_SCALAR_TEXT);
    sc_encode(&g->q, &text, &a);
    assert_ok(sc_decode(&g->q, &b, buf_span(&text)));
    assert_scalar(&a, &b);
    struct buf string = keep_buf(P1_SCALAR_TEXT + 2);
    buf_json_string(&string, buf_span(&text));
    assert_int_equal(string.n, text.n + 2);
}

// ---- proofs: schnorr_prove_ct, equality_prove_ct, statement_prove_ct ----

static void proofs_of_knowledge(void **state) {
    (void)state;
    struct scalar x = secret_scalar(), nonce;
    const struct scalar px = shown(&x);
    struct elem key = power_of_g(g, &px), factor, base = power_of_g(g, &px);
    const struct mul_job job = {.out = &factor, .x = &px, .base = &base};
    struct draws d = secret_draws();
    struct proof p;
    struct sha256 text;
    draw_scalar(&g->q, &d, &nonce);
    sha256_init(&text);
    schnorr_prove_ct(g, &x, &nonce, &text, &p, &work);
    public(&p, sizeof p);
    sha256_init(&text);
    assert_true(schnorr_holds(g, &key, &text, &p, &work));

    mul_run_vartime(g, NULL, &job, 1, &work);
    sha256_init(&text);
    equality_prove_ct(g, &x, &nonce, &base, &text, &p, &work);
    public(&p, sizeof p);
    sha256_init(&text);
    assert_true(equality_holds(g, &key, &base, &factor, &text, &p, &work));
}

// The registrar's, under a notice; anybody's in the key ceremony.
static void signatures(void **state) {
    (void)state;
    struct scalar x = secret_scalar();
    const struct scalar px = shown(&x);
    struct elem key = power_of_g(g, &px);
    struct draws d = secret_draws();
    struct buf out = keep_buf(2 * P1_SCALAR_TEXT + 64);
    struct proof p;
    signature_write(g, &x, SPAN_LIT("{\"event\":\"..\"}"), &d, &out, &work);
    public_buf(&out);
    struct json j = json_of(buf_span(&out));
    assert_ok(proof_parse(&j, &g->q, &p));
    assert_ok(signed_check(g, &key, SPAN_LIT("{\"event\":\"..\"}"), &p, &work));
}

// ---- codes ----

static void codes_made_and_used(void **state) {
    (void)state;
    uint8_t random[P1_CODE_RANDOM];
    struct code code = {.kind = CODE_3X, .n = P1_CODE_TEXT};
    struct scalar x;
    struct elem_text credential;
    random_bytes(random, sizeof random);
    secret(random, sizeof random);
    code_make(code.text, random);
    for (code.kind = CODE_3X; code.kind <= CODE_2X; code.kind++) {
        code_secret(&g->q, SPAN_LIT(TEST_UUID), &code, &x);
        credential_public(g, &x, &credential, &work);
        public(&credential, sizeof credential);
        const struct scalar px = shown(&x);
        assert_span(elem_span(&credential), key_text(g, &px));
    }
}

// As somebody types them: the reading shows what a person is told, never a sign.
static void codes_typed(void **state) {
    static const char *const typed[] = {
        "ABCDE-FGHJKL-MNPQR-STUVWX",   // one of Belenios
        "22222-222222-22222-222222",   // one of ours
        " 22222 222222 22222 222222 ", // with spaces
        "22222-222222-22222-322222",   // one sign is wrong
        "22222-222222-22222-22222",    // one too few
        "22222-222222-22222-2222222",  // one too many
        "00000-222222-22222-222222",   // signs that there are not
        "222-222-222-222-222",         // of Belenios 2, wrong
        "111-111-111-111-111",         // of Belenios 2
        "abcde-fghjkm-npqrs-tuvwxy",   // small letters
    };
    (void)state;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        const struct span text = keep_span(span_str(typed[i]));
        struct code code, same;
        const enum p1_err expected = code_read(&same, text);
        secret(text.p, text.n);
        assert_err(code_read(&code, text), expected);
        public(&code, sizeof code);
        if (expected == P1_OK) assert_memory_equal(&code, &same, sizeof code);
    }
}

// ---- requests for own data: own_data_write_ct ----

static void a_request_for_own_data(void **state) {
    (void)state;
    const struct scalar y = random_scalar(&g->q);
    const struct election *e =
        election_read(election_text(group_name, "[{\"answers\":[\"a\"],\"min\":0,\"max\":1,\"question\":\"\"}]", &y));
    struct voter v = voter_make(e);
    struct own_data o;
    uint8_t random[32];
    struct buf b = keep_buf(P1_OWN_DATA_TEXT);
    random_bytes(random, sizeof random);
    secret(random, sizeof random);
    secret(v.x.v, g->q.n * sizeof *v.x.v);
    assert_ok(own_data_write_ct(e, &v.x, elem_span(&v.credential), SPAN_LIT("key"), 500000, random, &b, &work));
    public_buf(&b);
    public(&work, sizeof work);
    assert_ok(own_data_parse(&o, &g->q, buf_span(&b)));
    assert_ok(own_data_check(e, &o, SPAN_LIT("key"), &work));
}

// ---- ballots: ballot_make_unsigned_ct, ballot_sign_ct, choices_allowed_ct, maker_encrypt_ct, maker_prove_ct,
// lists_allowed_ct, lists_prove_ct ----

// Each of the choices of N in turn, secret, in a ballot that is right.
static void vote(const char *questions, const uint8_t *choices, unsigned n, unsigned votes) {
    const struct scalar y = random_scalar(&g->q);
    const struct election *e = election_read(election_text(group_name, questions, &y));
    assert_int_equal(e->choice_count, n);
    for (unsigned i = 0; i < votes; i++) {
        struct voter v = voter_make(e);
        uint8_t *own = keep(n), seed[32], random[32];
        char code[P1_HASH64];
        memcpy(own, choices + n * i, n);
        random_bytes(seed, sizeof seed);
        random_bytes(random, sizeof random);
        secret(own, n);
        secret(seed, sizeof seed);
        secret(random, sizeof random);
        secret(v.x.v, g->q.n * sizeof *v.x.v);
        struct buf b = keep_buf(ballot_size_max(e));
        assert_ok(ballot_make_unsigned_ct(e, elem_span(&v.credential), own, seed, &b, &work));
        public_buf(&b); // it is shown before it is signed
        assert_ok(ballot_sign_ct(e, &v.x, random, code, &b, &work));
        public_buf(&b);
        public(&work, sizeof work);
        assert_ok(ballot_verdict(e, buf_span(&b), NULL));
    }
}

static void a_vote(void **state) {
    (void)state;
    vote("[{\"answers\":[\"a\",\"b\"],\"min\":0,\"max\":2,\"question\":\"\"}]", (const uint8_t[]){0, 0, 1, 0, 1, 1}, 2,
         3);
}

static void a_vote_that_may_be_blank(void **state) {
    (void)state;
    vote("[{\"answers\":[\"a\",\"b\"],\"blank\":true,\"min\":1,\"max\":1,\"question\":\"\"}]",
         (const uint8_t[]){1, 0, 0, 0, 1, 0}, 3, 2);
}

static void a_vote_for_a_list(void **state) {
    (void)state;
    vote("[{\"type\":\"Lists\",\"value\":{\"answers\":[[\"L\",\"a\"],[\"M\",\"b\"]],\"question\":\"\"}}]",
         (const uint8_t[]){1, 1, 0, 0, 0, 0, 1, 1}, 4, 2);
}

// ---- trustees: share_make_ct, share_bind_ct ----

static void shares(void **state) {
    (void)state;
    struct scalar x = secret_scalar();
    const struct scalar px = shown(&x), r = random_scalar(&g->q);
    const struct election *e = election_read(
        election_text(group_name, "[{\"answers\":[\"a\",\"b\"],\"min\":0,\"max\":1,\"question\":\"\"}]", &px));
    struct ciphertext tally[2];
    struct elem factors[2];
    struct trustee t = {.key = e->key, .key_text = key_text(g, &px)};
    struct buf share = keep_buf(share_size_max(e)), bound = keep_buf(share_size_max(e));
    for (size_t i = 0; i < 2; i++) tally[i] = (struct ciphertext){power_of_g(g, &r), power_of_g(g, &px)};
    assert_ok(share_make_ct(e, &x, tally, &share, &work));
    assert_ok(share_bind_ct(e, &x, tally, &bound, &work));
    public_buf(&share);
    public_buf(&bound);
    public(&work, sizeof work);
    assert_ok(share_check(e, &t, tally, buf_span(&share), factors, &work));
    assert_ok(share_binding_check(e, &t, tally, factors, buf_span(&bound), &work));
}

static void a_trustees_key(void **state) {
    (void)state;
    struct draws d = secret_draws();
    struct scalar x;
    struct trustee_key key;
    struct buf out = keep_buf(8 * P1_SCALAR_TEXT);
    draw_scalar(&g->q, &d, &x);
    trustee_key_write(g, &x, &x, &d, &out, &work);
    public_buf(&out);
    public(&work, sizeof work);
    struct json j = json_of(buf_span(&out));
    assert_ok(trustee_key_parse(&j, g, &key, &work));
    assert_ok(signed_check(g, &key.key, key.key_text, &key.signature, &work));
}

static void sealed_messages(void **state) {
    (void)state;
    for (enum aes_mode mode = AES_CCM; mode <= AES_GCM; mode++) {
        uint8_t key[AES_KEY_BYTES], iv[32], out[100 + 16], back[100];
        random_bytes(key, sizeof key);
        random_bytes(iv, sizeof iv);
        random_bytes(back, sizeof back);
        const struct span message = keep_span(span_of(back, sizeof back));
        secret(key, sizeof key);
        secret(message.p, message.n);
        assert_ok(aes_seal(mode, key, iv, out, message));
        assert_ok(aes_open(mode, key, iv, back, span_of(out, 100 + aes_tag_bytes(mode))));
        public(back, sizeof back);
        public(message.p, message.n);
        assert_memory_equal(back, message.p, sizeof back);
    }
}

// Two trustees, each step of them.
static void key_ceremony(enum aes_mode mode) {
    enum { N = 2 };
    struct pki_keys keys[N];
    struct span cert[N], vinput;
    struct certificates *c = keep(sizeof *c);
    struct polynomial *p = keep(N * sizeof *p);
    struct buf arena = keep_buf(2 * ARENA);
    struct draws d = secret_draws();
    for (unsigned i = 0; i < N; i++) {
        struct span seed = random_seed();
        struct buf out = keep_buf(8 * P1_ELEM_TEXT);
        secret(seed.p, seed.n);
        pki_keys_init(g, &keys[i], seed, &work);
        public(&keys[i].vk, sizeof keys[i].vk + sizeof keys[i].ek + sizeof keys[i].vk_text + sizeof keys[i].ek_text);
        assert_ok(certificate_make(g, &keys[i], N, N, i + 1, &d, &out, &work));
        public_buf(&out);
        cert[i] = buf_span(&out);
    }
    assert_ok(certificates_parse(c, g, cert, N, &arena, &work));
    for (unsigned i = 0; i < N; i++) {
        struct buf out = keep_buf(ARENA);
        assert_ok(polynomial_make(g, c, &keys[i], mode, &d, &out, &arena, &work));
        public_buf(&out);
        assert_ok(polynomial_check(g, c, i + 1, buf_span(&out), &p[i], &arena, &work));
    }
    struct buf in = keep_buf(ARENA), out = keep_buf(ARENA);
    struct scalar key, again;
    struct span public_key;
    unsigned bad;
    assert_ok(vinput_write(c, p, 1, &in));
    vinput = buf_span(&in);
    assert_ok(voutput_make(g, c, &keys[0], vinput, mode, &d, &key, &out, &bad, &arena, &work));
    public_buf(&out);
    assert_ok(voutput_check(g, c, p, 1, buf_span(&out), &public_key, &work));
    // It was sent within a JSON string.
    struct buf sent = keep_buf(out.n);
    json_unescape(&sent, between(buf_span(&out), "{\"private_key\":\"", "\",\"public_key\""));
    assert_ok(decryption_key_open(g, &keys[0], buf_span(&sent), &again, &arena, &work));
    assert_scalar(&key, &again);
}

static void a_key_ceremony(void **state) {
    (void)state;
    key_ceremony(AES_GCM);
}

static void a_key_ceremony_with_belenios_3_0(void **state) {
    (void)state;
    key_ceremony(AES_CCM);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(int argc, char **argv) {
    group_name = argc == 2 ? argv[1] : "Ed25519";
    g = group_of(group_name);
    const struct CMUnitTest parts[] = {
        CASE(valgrind_is_watching), CASE(powers),     CASE(products_and_inverses),
        CASE(field_elements),       CASE(scalars),    CASE(numbers_read_and_written),
        CASE(proofs_of_knowledge),  CASE(signatures), CASE(sealed_messages),
    };
    const struct CMUnitTest whole[] = {
        CASE(codes_made_and_used),      CASE(codes_typed),       CASE(a_vote),
        CASE(a_vote_that_may_be_blank), CASE(a_vote_for_a_list), CASE(shares),
        CASE(a_trustees_key),           CASE(a_key_ceremony),    CASE(a_key_ceremony_with_belenios_3_0),
        CASE(a_request_for_own_data),
    };
    // In the group with scalars of 2047 bits the second part takes a minute: in `make soak` only.
    int failed = cmocka_run_group_tests(parts, NULL, NULL);
    if (g->q.n < P1_LIMBS || getenv("P1_SLOW")) failed += cmocka_run_group_tests(whole, NULL, NULL);
    release(NULL);
    return failed;
}
