// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/own_data.h"

#include "core/hash_scalar.h"
#include "core/pki.h"
#include "core/wipe.h"

enum { MESSAGE = 2 * P1_ELEM_TEXT + 192 };

static enum p1_err message_write(const struct election *e, struct span credential, struct span server, uint64_t hour,
                                 struct buf *out) {
    buf_str(out, "{\"type\":\"own-data\",\"election\":\"");
    buf_put(out, e->uuid);
    buf_str(out, "\",\"server\":\"");
    buf_put(out, server);
    buf_str(out, "\",\"credential\":\"");
    buf_put(out, credential);
    buf_str(out, "\",\"hour\":");
    buf_u64(out, hour);
    buf_char(out, '}');
    return buf_done(out);
}

enum p1_err own_data_parse(struct own_data *out, const struct modulus *q, struct span json) {
    struct json j = json_of(json);
    TRY(json_lit(&j, "{\"credential\":"));
    TRY(json_plain(&j, &out->credential));
    TRY(json_lit(&j, ",\"hour\":"));
    TRY(json_uint(&j, UINT32_MAX, &out->hour));
    TRY(json_lit(&j, ",\"signature\":"));
    TRY(proof_parse(&j, q, &out->signature));
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

enum p1_err own_data_check(const struct election *e, const struct own_data *o, struct span server, struct work *w) {
    uint8_t room[MESSAGE];
    struct buf message = buf_over(room, sizeof room);
    struct elem key;
    TRY(elem_decode(&e->group, &key, o->credential, w));
    TRY(message_write(e, o->credential, server, o->hour, &message));
    int right = signed_check(&e->group, &key, buf_span(&message), &o->signature, w) == P1_OK;
    return right ? P1_OK : P1_ERR_OWN_SIGNATURE;
}

enum p1_err own_data_write_ct(const struct election *e, const struct scalar *x, struct span credential,
                              struct span server, uint64_t hour, const uint8_t random[32], struct buf *out,
                              struct work *w) {
    uint8_t room[MESSAGE], hash[SHA256_BYTES];
    struct buf message = buf_over(room, sizeof room);
    struct draws d = {.n = 0};
    TRY(message_write(e, credential, server, hour, &message));
    buf_str(out, "{\"credential\":\"");
    buf_put(out, credential);
    buf_str(out, "\",\"hour\":");
    buf_u64(out, hour);
    buf_str(out, ",\"signature\":");
    // The nonce is hedged, as a ballot's: random bytes that repeat would still give another one for another key or message.
    sha256(hash, buf_span(&message));
    hmac_sha256(d.seed, span_of(random, 32), span_of(x, sizeof *x));
    hmac_sha256(d.seed, span_of(d.seed, sizeof d.seed), span_of(hash, sizeof hash));
    signature_write(&e->group, x, buf_span(&message), &d, out, w);
    wipe(&d, sizeof d);
    buf_char(out, '}');
    return buf_done(out);
}
