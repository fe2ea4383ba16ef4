// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The trustees in an archive (core/trustee.h), and every message of the key ceremony (core/ceremony.h, core/pki.h). What is
// signed is fuzzed twice: as it comes, and as a message that one of the trustees signed, or signed and sealed, so that what
// stands behind signature and seal is reached: trustees may lie.

#include "tests/fuzz/fuzz.h"
#include "tests/unit/helpers_ceremony.h"

enum { SIZE = 2, ROOM = 1 << 18 };

static struct ceremony *held;
static struct trustees *trustees;
static struct span known; // trustees that there are: those of the ceremony and a single one, and those of two vectors
static struct buf arena;

static void start(void) {
    struct scalar x;
    sc_from_u64(&x, 12345);
    held = ceremony_run("Ed25519", 2, SIZE, AES_GCM);
    known = text_of("[[\"Pedersen\",%.*s],%.*s]%.*s%.*s", SPAN_ARG(held->result), SPAN_ARG(single_of(held->g, &x)),
                    SPAN_ARG(vector("ed25519-small", "trustees.json")),
                    SPAN_ARG(vector("ed25519-threshold", "trustees.json")));
    trustees = keep(sizeof *trustees);
    arena = keep_buf(ROOM);
}

static struct buf *fresh_arena(void) {
    arena.n = 0;
    arena.full = 0;
    return &arena;
}

// Whoever is accepted as a trustee knows a key, so is one of those that there are.
static void setup_of_archive(struct span in) {
    struct buf exact = buf_over(fuzz_alloc(in.n), in.n);
    if (trustees_parse(trustees, held->g, in, &exact, &work) == P1_OK) {
        HOLDS(trustees->count >= 1 && trustees->count <= P1_TRUSTEES_MAX && trustees->item_count <= trustees->count);
        for (unsigned i = 0; i < trustees->item_count; i++) {
            const struct trustee_item *item = &trustees->item[i];
            HOLDS(item->count && item->first + item->count <= trustees->count && item->threshold <= item->count);
        }
        for (unsigned i = 0; i < trustees->count; i++) {
            const struct trustee *t = &trustees->trustee[i];
            struct elem_text text = elem_text_of(held->g, &t->key);
            HOLDS(span_eq(elem_span(&text), t->key_text) && t->item < trustees->item_count);
            HOLDS(find(known, 0, str_of(t->key_text)) != SIZE_MAX);
        }
    }
    free(exact.p);
}

static void signed_message(struct span in) {
    struct json j = json_of(in);
    struct span message;
    struct proof proof;
    struct buf out = buf_over(fuzz_alloc(in.n), in.n);
    if (signed_parse(&j, &held->g->q, &message, &proof, fresh_arena()) == P1_OK) {
        buf_str(&out, "{\"message\":");
        buf_json_string(&out, message);
        buf_str(&out, ",\"signature\":");
        proof_write(&out, &held->g->q, &proof);
        buf_char(&out, '}');
        HOLDS(buf_done(&out) == P1_OK && span_eq(buf_span(&out), span_of(in.p, (size_t)(j.p - in.p))));
        for (unsigned i = 0; i < SIZE; i++)
            HOLDS(signed_check(held->g, &held->keys[i].vk, message, &proof, &work) != P1_OK ||
                  find(known, 0, str_of(json_string_of(message))) != SIZE_MAX);
    }
    free(out.p);
}

// Signed with the key that its sender has in the certificate.
static struct span sign(const struct pki_keys *keys, struct span message) {
    static uint8_t memory[ROOM];
    struct buf out = buf_over(memory, sizeof memory);
    struct draws d = {.n = 0};
    signed_write(held->g, &keys->sk, message, &d, &out, &work);
    return buf_done(&out) == P1_OK ? buf_span(&out) : SPAN_LIT("");
}

static void certificate(struct span in, int whole) {
    static struct certificates c;
    struct span list[SIZE] = {whole ? in : sign(&held->keys[0], in), held->cert[1]};
    enum p1_err err = certificates_parse(&c, held->g, list, SIZE, fresh_arena(), &work);
    if (err == P1_OK) HOLDS(c.count == SIZE && c.threshold >= 1 && c.threshold <= SIZE);
    if (err == P1_OK && whole) HOLDS(span_eq(in, held->cert[0]));
}

static void coefficients(struct span in) {
    struct json j = json_of(sign(&held->keys[0], in));
    static struct elem coef[P1_TRUSTEES_MAX];
    struct span list;
    (void)!coefexps_parse(&j, held->g, &held->keys[0].vk, 2, coef, &list, fresh_arena(), &work);
}

static void polynomial(struct span in) {
    static struct polynomial p;
    enum p1_err err = polynomial_check(held->g, &held->certs, 1, in, &p, fresh_arena(), &work);
    // The sealed parts are for their recipients to judge: all else is the trustee's own.
    if (err == P1_OK) HOLDS(span_eq(p.coefexps, held->polynomials[0].coefexps));
}

static void vinput(struct span in) {
    static uint8_t memory[ROOM];
    struct buf out = buf_over(memory, sizeof memory);
    struct draws d = {.n = 0};
    struct scalar key;
    unsigned bad = 0;
    enum p1_err err =
        voutput_make(held->g, &held->certs, &held->keys[0], in, AES_GCM, &d, &key, &out, &bad, fresh_arena(), &work);
    if (err == P1_OK) HOLDS(sc_is_equal(&key, &held->decryption_key[0]));
    HOLDS(bad <= SIZE);
}

static void voutput(struct span in) {
    struct span key;
    enum p1_err err = voutput_check(held->g, &held->certs, held->polynomials, 1, in, &key, &work);
    if (err == P1_OK) HOLDS(span_eq(key, held->public_key[0]));
}

// What the first trustee sent to the second, as it comes.
static void sent(struct span in) {
    struct span message;
    struct buf *a = fresh_arena();
    (void)!channel_receive(held->g, &held->keys[0].vk, &held->keys[1], in, &message, a, &work);
}

// A message of the first trustee that only itself can open again: its decryption key, or anything.
static void sealed(struct span in, enum aes_mode mode) {
    static uint8_t memory[ROOM];
    struct buf out = buf_over(memory, sizeof memory), *a = fresh_arena();
    struct draws d = {.n = 0};
    struct span message;
    struct scalar key;
    enum p1_err err = channel_send(held->g, &held->keys[0], &held->keys[0].ek, in, mode, &d, &out, a, &work);
    if (err != P1_OK) return;
    err = channel_receive(held->g, &held->keys[0].vk, &held->keys[0], buf_span(&out), &message, fresh_arena(), &work);
    // What is no text cannot be signed in JSON.
    if (err == P1_OK) HOLDS(span_eq(message, in));
    err = channel_receive(held->g, &held->keys[0].vk, &held->keys[1], buf_span(&out), &message, fresh_arena(), &work);
    HOLDS(err != P1_OK);
    err = decryption_key_open(held->g, &held->keys[0], buf_span(&out), &key, fresh_arena(), &work);
    if (err == P1_OK) HOLDS(!limbs_at_least(key.v, held->g->q.m, held->g->q.n));
}

void fuzz_one(struct span in) {
    if (!held) start();
    unsigned which = take_u8(&in);
    if (in.n > ROOM / 64) return;
    switch (which % 12) {
    case 0: signed_message(in); break;
    case 1: certificate(in, 1); break;
    case 2: certificate(in, 0); break;
    case 3: coefficients(in); break;
    case 4: polynomial(in); break;
    case 5: vinput(in); break;
    case 6: voutput(in); break;
    case 7: sent(in); break;
    case 8: sealed(in, AES_GCM); break;
    case 9: sealed(in, AES_CCM); break;
    default: setup_of_archive(in);
    }
}
