// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/pki.h"

#include "core/hash_scalar.h"
#include "core/public.h"
#include "core/wipe.h"

void pki_keys_init(const struct group *g, struct pki_keys *out, struct span seed, struct work *w) {
    hash_pki_key(&g->q, "sk|", seed, &out->sk);
    hash_pki_key(&g->q, "dk|", seed, &out->dk);
    const struct mul_job jobs[] = {{.out = &out->vk, .g = &out->sk}, {.out = &out->ek, .g = &out->dk}};
    mul_run_ct(g, NULL, jobs, 2, w);
    elem_encode(g, &out->vk_text, &out->vk, 1, w);
    elem_encode(g, &out->ek_text, &out->ek, 1, w);
}

void draw_scalar(const struct modulus *q, struct draws *d, struct scalar *out) {
    const uint32_t n = d->n++;
    const uint8_t label[5] = {'d', (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
    seed_scalar(q, d->seed, span_of(label, sizeof label), out);
}

// ---- signed messages ----

// A text has one form in JSON: as we would escape it.
static enum p1_err canonical(struct span raw, struct span text) {
    for (size_t i = 0; i < text.n; i++) {
        uint8_t one[8];
        struct buf b = buf_over(one, sizeof one);
        buf_json_string(&b, span_of(text.p + i, 1));
        size_t n = b.n - 2; // without the quotes
        if (raw.n < n || memcmp(raw.p, one + 1, n) != 0) return P1_ERR_JSON_STRING;
        raw = span_from(raw, n);
    }
    return raw.n ? P1_ERR_JSON_STRING : P1_OK;
}

enum p1_err signed_message_parse(struct json *j, struct span *message, struct buf *arena) {
    struct span raw;
    TRY(json_lit(j, "{\"message\":"));
    TRY(json_quoted(j, &raw));
    struct buf text = buf_carve(arena, raw.n);
    json_unescape(&text, raw);
    TRY(buf_done(&text));
    *message = buf_span(&text);
    return canonical(raw, *message);
}

enum p1_err signed_parse(struct json *j, const struct modulus *q, struct span *message, struct proof *signature,
                         struct buf *arena) {
    TRY(signed_message_parse(j, message, arena));
    TRY(json_lit(j, ",\"signature\":"));
    TRY(proof_parse(j, q, signature));
    return json_lit(j, "}");
}

void sigmsg_text(struct sha256 *text, const char *prefix, struct span message) {
    sha256_init(text);
    sha256_str(text, "sigmsg|");
    sha256_str(text, prefix);
    sha256_put(text, message);
    sha256_str(text, "|");
}

enum p1_err signed_check(const struct group *g, const struct elem *vk, struct span message,
                         const struct proof *signature, struct work *w) {
    struct sha256 text;
    sigmsg_text(&text, "", message);
    return schnorr_holds(g, vk, &text, signature, w) ? P1_OK : P1_ERR_TRUSTEE_SIGNATURE;
}

void signature_write(const struct group *g, const struct scalar *sk, struct span message, struct draws *d,
                     struct buf *out, struct work *w) {
    struct sha256 text;
    struct scalar nonce;
    struct proof p;
    sigmsg_text(&text, "", message);
    draw_scalar(&g->q, d, &nonce);
    schnorr_prove_ct(g, sk, &nonce, &text, &p, w);
    wipe(&nonce, sizeof nonce);
    proof_write(out, &g->q, &p);
}

void signed_write(const struct group *g, const struct scalar *sk, struct span message, struct draws *d, struct buf *out,
                  struct work *w) {
    buf_str(out, "{\"message\":");
    buf_json_string(out, message);
    buf_str(out, ",\"signature\":");
    signature_write(g, sk, message, d, out, w);
    buf_char(out, '}');
}

// ---- channels ----

static void digest_of(uint8_t out[SHA256_BYTES], const char *prefix, const struct elem_text *t) {
    struct sha256 s;
    sha256_init(&s);
    sha256_str(&s, prefix);
    sha256_put(&s, elem_span(t));
    sha256_done(&s, out);
}

// alpha = g^r, beta = to^r g^s; the key is the hash of g^s, the iv the hash of alpha.
static enum p1_err seal(const struct group *g, const struct elem *to, struct span message, enum aes_mode mode,
                        struct draws *d, struct buf *out, struct buf *arena, struct work *w) {
    struct scalar r, s;
    struct elem e[3];
    struct elem_text t[3];
    uint8_t key[32], iv[32];
    size_t sealed_n = message.n + aes_tag_bytes(mode);
    struct buf sealed = buf_carve(arena, sealed_n);
    TRY(buf_done(&sealed));

    draw_scalar(&g->q, d, &r);
    draw_scalar(&g->q, d, &s);
    const struct mul_job jobs[] = {
        {.out = &e[0], .g = &r}, {.out = &e[1], .x = &r, .base = to}, {.out = &e[2], .g = &s}};
    mul_run_ct(g, NULL, jobs, 3, w);
    elem_mul_ct(g, &e[1], &e[1], &e[2], w);
    elem_encode(g, t, e, 3, w);
    digest_of(key, "key|", &t[2]);
    digest_of(iv, "iv|", &t[0]);
    enum p1_err err = aes_seal(mode, key, iv, sealed.p, message);
    wipe(&r, sizeof r);
    wipe(&s, sizeof s);
    wipe(&e[2], sizeof e[2]);
    wipe(&t[2], sizeof t[2]);
    wipe(key, sizeof key);
    TRY(err);
    now_public(t, 2 * sizeof *t); // what is sent
    now_public(sealed.p, sealed_n);

    buf_str(out, mode == AES_GCM ? "{\"algorithm\":\"AES-GCM\",\"alpha\":\"" : "{\"alpha\":\"");
    buf_put(out, elem_span(&t[0]));
    buf_str(out, "\",\"beta\":\"");
    buf_put(out, elem_span(&t[1]));
    buf_str(out, "\",\"data\":\"");
    buf_hex(out, span_of(sealed.p, sealed_n));
    buf_str(out, "\"}");
    return buf_done(out);
}

enum p1_err channel_send(const struct group *g, const struct pki_keys *from, const struct elem *to, struct span message,
                         enum aes_mode mode, struct draws *d, struct buf *out, struct buf *arena, struct work *w) {
    struct elem_text recipient;
    struct buf channel = buf_carve(arena, 2 * message.n + P1_ELEM_TEXT + 64);
    elem_encode(g, &recipient, to, 1, w);
    buf_str(&channel, "{\"recipient\":\"");
    buf_put(&channel, elem_span(&recipient));
    buf_str(&channel, "\",\"message\":");
    buf_json_string(&channel, message);
    buf_char(&channel, '}');
    TRY(buf_done(&channel));

    struct buf envelope = buf_carve(arena, 2 * channel.n + 2 * P1_SCALAR_TEXT + 64);
    signed_write(g, &from->sk, buf_span(&channel), d, &envelope, w);
    TRY(buf_done(&envelope));
    enum p1_err err = seal(g, to, buf_span(&envelope), mode, d, out, arena, w);
    wipe(channel.p, channel.n);
    wipe(envelope.p, envelope.n);
    return err;
}

static enum p1_err hex_decode(struct buf *out, struct span hex) {
    static const char digits[] = "0123456789abcdef";
    if (hex.n % 2) return P1_ERR_CEREMONY_SEAL;
    for (size_t i = 0; i < hex.n; i += 2) {
        const char *hi = memchr(digits, hex.p[i], 16), *lo = memchr(digits, hex.p[i + 1], 16);
        if (!hi || !lo) return P1_ERR_CEREMONY_SEAL;
        buf_char(out, (char)((hi - digits) << 4 | (lo - digits)));
    }
    return buf_done(out);
}

static enum p1_err unseal(const struct group *g, const struct pki_keys *to, struct span sent, struct span *plain,
                          struct buf *arena, struct work *w) {
    struct json j = json_of(sent);
    struct elem alpha, beta;
    struct elem_text t[2];
    struct span data;
    uint8_t key[32], iv[32];
    TRY(json_lit(&j, "{"));
    enum aes_mode mode = json_take(&j, "\"algorithm\":\"AES-GCM\",") ? AES_GCM : AES_CCM;
    TRY(json_lit(&j, "\"alpha\":"));
    TRY(json_elem(&j, g, &alpha, w));
    TRY(json_lit(&j, ",\"beta\":"));
    TRY(json_elem(&j, g, &beta, w));
    TRY(json_lit(&j, ",\"data\":"));
    TRY(json_plain(&j, &data));
    TRY(json_lit(&j, "}"));
    TRY(json_end(&j));
    struct buf bytes = buf_carve(arena, data.n / 2);
    TRY(hex_decode(&bytes, data));
    if (bytes.n < aes_tag_bytes(mode)) return P1_ERR_CEREMONY_SEAL;

    struct elem e[2] = {alpha};
    const struct mul_job job = {.out = &e[1], .x = &to->dk, .base = &alpha};
    mul_run_ct(g, NULL, &job, 1, w);
    elem_inverse(g, &e[1], &e[1], w);
    elem_mul_ct(g, &e[1], &beta, &e[1], w);
    elem_encode(g, t, e, 2, w);
    digest_of(iv, "iv|", &t[0]);
    digest_of(key, "key|", &t[1]);
    *plain = span_of(bytes.p, bytes.n - aes_tag_bytes(mode));
    enum p1_err err = aes_open(mode, key, iv, bytes.p, buf_span(&bytes));
    wipe(&e[1], sizeof e[1]);
    wipe(&t[1], sizeof t[1]);
    wipe(key, sizeof key);
    // The reader of JSON looks at each sign. What it learns is the form, the same in all messages, and of secret numbers that
    // they have digits, and how many.
    now_public(bytes.p, bytes.n);
    return err;
}

enum p1_err channel_receive(const struct group *g, const struct elem *from, const struct pki_keys *to, struct span sent,
                            struct span *message, struct buf *arena, struct work *w) {
    struct span envelope, channel, recipient, raw;
    struct proof signature;
    TRY(unseal(g, to, sent, &envelope, arena, w));
    struct json j = json_of(envelope);
    TRY(signed_parse(&j, &g->q, &channel, &signature, arena));
    TRY(json_end(&j));
    TRY(signed_check(g, from, channel, &signature, w));

    j = json_of(channel);
    TRY(json_lit(&j, "{\"recipient\":"));
    TRY(json_plain(&j, &recipient));
    if (!span_eq(recipient, elem_span(&to->ek_text))) return P1_ERR_CEREMONY_RECIPIENT;
    TRY(json_lit(&j, ",\"message\":"));
    TRY(json_quoted(&j, &raw));
    TRY(json_lit(&j, "}"));
    TRY(json_end(&j));
    struct buf text = buf_carve(arena, raw.n);
    json_unescape(&text, raw);
    *message = buf_span(&text);
    return buf_done(&text);
}
