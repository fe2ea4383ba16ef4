// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// core.wasm as JavaScript sees it; core.ts is the only caller. It imports nothing: randomness is an argument.
//
// Texts go in and out through one arena. A call of core.ts takes a mark, allocates its arguments, calls one function,
// reads the reply and resets the arena to the mark, which overwrites everything secret that the call left behind. An
// election is allocated first and stays below the marks of all later calls.
#include "core/ballot.h"
#include "core/credential.h"
#include "core/own_data.h"
#include "core/pki.h"
#include "core/wipe.h"

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(name)))
#else
#define EXPORT(name) // linters compile this file for their own machine
#endif

#define ARENA_BYTES (16u << 20) // a ballot of an election with P1_CHOICES_MAX choices, twice
#define ALIGN 16u

static _Alignas(ALIGN) uint8_t arena[ARENA_BYTES];
static size_t used;
static struct work work;

// What a function answers, besides its error; each says which fields. The texts lie in the arena.
static struct {
    struct span text[4];
    uint32_t number[3];
} reply;

EXPORT("reply") const void *wasm_reply(void) { return &reply; }

// ---- memory ----

// Null if there is no room.
EXPORT("alloc") void *wasm_alloc(size_t n) {
    if (n > ARENA_BYTES - used) return NULL;
    uint8_t *p = arena + used;
    used += (n + ALIGN - 1) / ALIGN * ALIGN;
    return p;
}

EXPORT("mark") size_t wasm_mark(void) { return used; }

// Frees and overwrites what was allocated since the mark, the reply, all working memory, and the stack. The stack lies
// at the bottom of memory, and this function, which JavaScript calls, keeps nothing on it.
EXPORT("reset") void wasm_reset(size_t mark) {
#ifdef __wasm__
    extern uint8_t stack_end __asm__("__global_base"); // the linker's name
    uintptr_t bottom = ALIGN;                          // a pointer to address 0 is none in C
    __asm__("" : "+r"(bottom));
    wipe((void *)bottom, (uintptr_t)&stack_end - bottom);
#endif
    wipe(&work, sizeof work);
    wipe(&reply, sizeof reply);
    wipe(arena + mark, used - mark);
    used = mark;
}

static enum p1_err answer(unsigned i, struct span s) {
    uint8_t *p = wasm_alloc(s.n);
    if (!p) return P1_ERR_MEMORY;
    if (s.n) memcpy(p, s.p, s.n);
    reply.text[i] = span_of(p, s.n);
    return P1_OK;
}

static enum p1_err room(struct buf *b, size_t n) {
    void *p = wasm_alloc(n);
    *b = buf_over(p, n);
    return p ? P1_OK : P1_ERR_MEMORY;
}

// ---- errors ----

EXPORT("error_name") const char *wasm_error_name(enum p1_err e) { return p1_err_name(e); }

EXPORT("error_text") const char *wasm_error_text(enum p1_err e) { return p1_err_text(e); }

// ---- election ----

// number[0]: the election, for the other functions; number[1]: questions; number[2]: choices. text[0]: its hash. JSON
// has to stay where it is.
EXPORT("election_open") enum p1_err wasm_election_open(const uint8_t *json, size_t n) {
    struct election *e = wasm_alloc(sizeof *e);
    if (!e) return P1_ERR_MEMORY;
    TRY(election_parse(e, span_of(json, n), &work));
    reply.number[0] = (uint32_t)(uintptr_t)e;
    reply.number[1] = e->question_count;
    reply.number[2] = e->choice_count;
    return answer(0, span_of(e->hash64, P1_HASH64));
}

EXPORT("hash64") enum p1_err wasm_hash64(const uint8_t *text, size_t n) {
    char hash[P1_HASH64];
    hash64(hash, span_of(text, n));
    return answer(0, span_of(hash, sizeof hash));
}

// ---- the code of a letter ----

static void derive(const struct election *e, const struct code *c, struct scalar *x, struct elem_text *credential) {
    code_secret(&e->group.q, e->uuid, c, x);
    credential_public(&e->group, x, credential, &work);
}

// text[0]: the code as it is written on letters; text[1]: its public credential. number[0]: are the check signs right?
// number[1]: else the group of the one sign that may be wrong, or 0. text[2] and text[3]: the other code that the same
// text may be, with its credential, if there is one.
EXPORT("credential") enum p1_err wasm_credential(const struct election *e, const uint8_t *typed, size_t n) {
    struct code c;
    struct scalar x;
    struct elem_text credential;
    TRY(code_read(&c, span_of(typed, n)));
    derive(e, &c, &x, &credential);
    reply.number[0] = (uint32_t)c.checked;
    reply.number[1] = c.wrong_group;
    TRY(answer(0, span_of(c.text, c.n)));
    TRY(answer(1, elem_span(&credential)));
    if (!code_other(&c)) return P1_OK;
    derive(e, &c, &x, &credential);
    TRY(answer(2, span_of(c.text, c.n)));
    return answer(3, elem_span(&credential));
}

// The secret of the reading of the code to which this credential belongs.
static enum p1_err secret_of(const struct election *e, struct span typed, struct span credential, struct scalar *x) {
    struct code c;
    struct elem_text t;
    TRY(code_read(&c, typed));
    do {
        derive(e, &c, x, &t);
        if (span_eq(elem_span(&t), credential)) return P1_OK;
    } while (code_other(&c));
    return P1_ERR_BALLOT_SIGNATURE;
}

// ---- ballots ----

// text[0]: the ballot without its signature; text[1]: its code.
EXPORT("ballot_prepare")
enum p1_err wasm_ballot_prepare(const struct election *e, const uint8_t *credential, size_t credential_n,
                                const uint8_t *choices, size_t choices_n, const uint8_t seed[32]) {
    struct buf b;
    char code[P1_HASH64];
    if (choices_n != e->choice_count) return P1_ERR_BALLOT_CHOICE;
    TRY(room(&b, ballot_size_max(e)));
    TRY(ballot_make_unsigned_ct(e, span_of(credential, credential_n), choices, seed, &b, &work));
    ballot_code(code, buf_span(&b));
    buf_char(&b, '}');
    reply.text[0] = buf_span(&b);
    return answer(1, span_of(code, sizeof code));
}

// Signs what ballot_prepare() made, for the code of its credential: ERR_BALLOT_SIGNATURE for another code. text[0]: the
// ballot; text[1]: its code; text[2]: its tracker.
EXPORT("ballot_sign")
enum p1_err wasm_ballot_sign(const struct election *e, const uint8_t *typed, size_t typed_n, const uint8_t *prepared,
                             size_t n, const uint8_t random[32]) {
    enum { SIGNATURE = 320 };
    struct span credential;
    struct scalar x;
    struct buf b;
    char code[P1_HASH64], tracker[P1_HASH64];
    TRY(ballot_credential(span_of(prepared, n), &credential));
    TRY(secret_of(e, span_of(typed, typed_n), credential, &x));
    TRY(room(&b, n + SIGNATURE));
    buf_put(&b, span_of(prepared, n - 1)); // the last brace comes after the signature
    TRY(ballot_sign_ct(e, &x, random, code, &b, &work));
    reply.text[0] = buf_span(&b);
    hash64(tracker, buf_span(&b));
    TRY(answer(1, span_of(code, sizeof code)));
    return answer(2, span_of(tracker, sizeof tracker));
}

// text[0]: the ballot's credential; text[1]: its code; text[2]: its tracker. number[0]: BALLOT_SHOWS_CHOICE, or 0.
EXPORT("ballot_check") enum p1_err wasm_ballot_check(const struct election *e, const uint8_t *json, size_t n) {
    struct ballot b;
    unsigned seen;
    TRY(ballot_parse(&b, &e->group.q, span_of(json, n)));
    TRY(ballot_check(e, &b, &seen, &work));
    reply.number[0] = seen;
    TRY(answer(0, b.credential));
    TRY(answer(1, span_of(b.code, P1_HASH64)));
    return answer(2, span_of(b.tracker, P1_HASH64));
}

// Of a ballot with or without its signature. text[0]: its credential; text[1]: its code; text[2]: its choices, a byte
// of 0 or 1 for each.
EXPORT("ballot_open")
enum p1_err wasm_ballot_open(const struct election *e, const uint8_t *json, size_t n, const uint8_t seed[32]) {
    struct ballot b;
    struct buf space, choices;
    enum p1_err err = ballot_parse(&b, &e->group.q, span_of(json, n));
    if (err != P1_OK && err != P1_ERR_BALLOT_UNSIGNED) return err;
    TRY(room(&space, ballot_size_max(e)));
    TRY(room(&choices, e->choice_count));
    TRY(ballot_open_vartime(e, span_of(json, n), seed, choices.p, &space, &work));
    reply.text[2] = span_of(choices.p, e->choice_count);
    TRY(answer(0, b.credential));
    return answer(1, span_of(b.code, P1_HASH64));
}

// ---- own data ----

// A request for what a server holds about a code, signed with it (core/own_data.h): ERR_OWN_SIGNATURE if it is not the code of the
// credential. SERVER is the public key of its receipts. text[0]: the request.
EXPORT("own_data_sign")
enum p1_err wasm_own_data_sign(const struct election *e, const uint8_t *typed, size_t typed_n,
                               const uint8_t *credential, size_t credential_n, const uint8_t *server, size_t server_n,
                               uint32_t hour, const uint8_t random[32]) {
    const struct span own = span_of(credential, credential_n);
    struct scalar x;
    struct buf b;
    enum p1_err err = secret_of(e, span_of(typed, typed_n), own, &x);
    if (err != P1_OK) return err == P1_ERR_BALLOT_SIGNATURE ? P1_ERR_OWN_SIGNATURE : err;
    TRY(room(&b, P1_OWN_DATA_TEXT));
    TRY(own_data_write_ct(e, &x, own, span_of(server, server_n), hour, random, &b, &work));
    reply.text[0] = buf_span(&b);
    return P1_OK;
}

// ---- receipts ----

// A message signed ("sigmsg|") with the key whose public half is given; SIGNATURE is
// {"challenge":"..","response":".."}.
EXPORT("receipt_check")
enum p1_err wasm_receipt_check(const struct election *e, const uint8_t *message, size_t message_n,
                               const uint8_t *signature, size_t signature_n, const uint8_t *key, size_t key_n) {
    struct json j = json_of(span_of(signature, signature_n));
    struct proof p;
    struct elem vk;
    TRY(proof_parse(&j, &e->group.q, &p));
    TRY(json_end(&j));
    TRY(elem_decode(&e->group, &vk, span_of(key, key_n), &work));
    return signed_check(&e->group, &vk, span_of(message, message_n), &p, &work) == P1_OK ? P1_OK : P1_ERR_RECEIPT;
}
