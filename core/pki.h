// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The small public key infrastructure of the key ceremony: Belenios specification 3.3.0, sections "Public key infrastructure"
// and "Channels". A trustee has a seed of 22 Base58 characters; signing and decryption key follow from it.
#ifndef P1_PKI_H
#define P1_PKI_H

#include "core/aes.h"
#include "core/proof.h"

#define P1_PKI_SEED 22

struct pki_keys {
    struct scalar sk, dk;
    struct elem vk, ek;
    struct elem_text vk_text, ek_text;
};

// Wipe OUT when done.
void pki_keys_init(const struct group *g, struct pki_keys *out, struct span seed, struct work *w);

// Numbers its draws, so that one 32-byte random seed serves a whole message. Wipe it when done.
struct draws {
    uint8_t seed[32];
    uint32_t n;
};

void draw_scalar(const struct modulus *q, struct draws *d, struct scalar *out);

// {"message":"..": MESSAGE is the text that was signed, its escapes resolved into ARENA. Escapes in another form than
// ours are refused: who signs over the raw text must see what we see, and a signed line has one form.
// ERR_JSON..., ERR_SPACE.
MUST_USE enum p1_err signed_message_parse(struct json *j, struct span *message, struct buf *arena);
// {"message":"..","signature":{..}}
MUST_USE enum p1_err signed_parse(struct json *j, const struct modulus *q, struct span *message,
                                  struct proof *signature, struct buf *arena);
// The text of "sigmsg" before the commitment, for a message in two parts.
void sigmsg_text(struct sha256 *text, const char *prefix, struct span message);
// ERR_TRUSTEE_SIGNATURE
MUST_USE enum p1_err signed_check(const struct group *g, const struct elem *vk, struct span message,
                                  const struct proof *signature, struct work *w);
// The signature alone.
void signature_write(const struct group *g, const struct scalar *sk, struct span message, struct draws *d,
                     struct buf *out, struct work *w);
void signed_write(const struct group *g, const struct scalar *sk, struct span message, struct draws *d, struct buf *out,
                  struct work *w);

// send(): signs the message for the recipient, seals it, writes the encrypted message as JSON.
MUST_USE enum p1_err channel_send(const struct group *g, const struct pki_keys *from, const struct elem *to,
                                  struct span message, enum aes_mode mode, struct draws *d, struct buf *out,
                                  struct buf *arena, struct work *w);
// Opens a message of FROM (its verification key) to TO. MESSAGE lies in ARENA, which holds secrets after this.
// ERR_CEREMONY_SEAL, ERR_CEREMONY_RECIPIENT, ERR_TRUSTEE_SIGNATURE, ERR_JSON..., ERR_ELEM_...
MUST_USE enum p1_err channel_receive(const struct group *g, const struct elem *from, const struct pki_keys *to,
                                     struct span sent, struct span *message, struct buf *arena, struct work *w);

#endif
