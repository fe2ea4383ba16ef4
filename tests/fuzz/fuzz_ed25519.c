// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The group Ed25519 and its scalars (core/group_ed25519.c, core/sc.h) against libsodium. They differ where they are meant to:
// libsodium refuses the identity as a point, the scalar 0, and a product that is the identity; in the group all three are
// members like others. Its addition takes any point of the curve, so nothing differs there.

#include <sodium.h>

#include "core/ge25519.h"
#include "core/group.h"
#include "tests/fuzz/fuzz.h"

static struct group group;
static struct work work;

struct bytes {
    uint8_t b[32]; // little-endian, as libsodium has them
};

static const struct bytes identity = {{1}};

static int same(const struct bytes *a, const struct bytes *b) { return memcmp(a, b, sizeof *a) == 0; }

static struct elem_text text_of(const struct bytes *p) {
    struct elem_text t = {.n = 64};
    struct buf b = buf_over(t.p, sizeof t.p);
    for (size_t i = 32; i-- > 0;) buf_hex(&b, span_of(&p->b[i], 1));
    return t;
}

static struct bytes bytes_of(const struct elem *e) {
    struct elem_text t;
    struct bytes out;
    uint8_t big[32];
    elem_encode(&group, &t, e, 1, &work);
    HOLDS(t.n == 64 && sodium_hex2bin(big, 32, (const char *)t.p, 64, NULL, NULL, NULL) == 0);
    for (size_t i = 0; i < 32; i++) out.b[i] = big[31 - i];
    return out;
}

static enum p1_err decode(struct elem *out, const struct bytes *p) {
    struct elem_text t = text_of(p);
    return elem_decode(&group, out, elem_span(&t), &work);
}

static struct scalar scalar_of(const struct bytes *s) {
    struct scalar out = {{0}};
    for (size_t i = 0; i < 32; i++) out.v[i / 8] |= (uint64_t)s->b[i] << (8 * (i % 8));
    return out;
}

static struct bytes bytes_of_scalar(const struct scalar *s) {
    struct bytes out;
    for (size_t i = 0; i < 32; i++) out.b[i] = (uint8_t)(s->v[i / 8] >> (8 * (i % 8)));
    for (size_t i = 4; i < P1_LIMBS; i++) HOLDS(s->v[i] == 0);
    return out;
}

// ---- scalars ----

// Any number of 64 bytes, reduced.
static struct bytes take_scalar(struct span *in) {
    uint8_t wide[64];
    struct bytes out;
    unsigned length = take_u8(in) % 65;
    take_filled(in, wide, length);
    memset(wide + length, 0, sizeof wide - length);
    crypto_core_ed25519_scalar_reduce(out.b, wide);

    struct scalar own;
    uint8_t big[64];
    for (size_t i = 0; i < 64; i++) big[i] = wide[63 - i];
    sc_from_bytes(&group.q, &own, span_of(big, 64));
    struct bytes got = bytes_of_scalar(&own);
    HOLDS(same(&got, &out));
    return out;
}

static void agree(const struct scalar *own, const struct bytes *theirs) {
    struct bytes b = bytes_of_scalar(own);
    HOLDS(same(&b, theirs));
}

static void scalars(struct span in) {
    struct bytes a = take_scalar(&in), b = take_scalar(&in), c;
    struct scalar x = scalar_of(&a), y = scalar_of(&b), z;
    uint8_t text[P1_SCALAR_TEXT];
    struct buf out = buf_over(text, sizeof text);
    sc_add(&group.q, &z, &x, &y);
    crypto_core_ed25519_scalar_add(c.b, a.b, b.b);
    agree(&z, &c);
    sc_sub(&group.q, &z, &x, &y);
    crypto_core_ed25519_scalar_sub(c.b, a.b, b.b);
    agree(&z, &c);
    sc_mul(&group.q, &z, &x, &y);
    crypto_core_ed25519_scalar_mul(c.b, a.b, b.b);
    agree(&z, &c);
    sc_inv(&group.q, &z, &x);
    if (crypto_core_ed25519_scalar_invert(c.b, a.b) != 0) memset(&c, 0, sizeof c); // of 0
    agree(&z, &c);
    HOLDS(sc_is_zero(&x) == sodium_is_zero(a.b, 32) && sc_is_equal(&x, &y) == same(&a, &b));
    sc_encode(&group.q, &out, &x);
    HOLDS(buf_done(&out) == P1_OK && sc_decode(&group.q, &z, buf_span(&out)) == P1_OK && sc_is_equal(&x, &z));
}

// ---- points ----

// The encoding alone, as RFC 8032 has it: what libsodium's decoder takes is checked by its own is_valid_point().
static void decoding(struct span in) {
    struct bytes p, again;
    struct elem e;
    struct ge on_curve;
    take_filled(&in, p.b, sizeof p.b);
    enum p1_err err = decode(&e, &p);
    int theirs = crypto_core_ed25519_is_valid_point(p.b);
    HOLDS((err == P1_OK) == (theirs || same(&p, &identity)));
    if (err == P1_OK) {
        again = bytes_of(&e);
        HOLDS(same(&p, &again));
    }
    // On the curve and perhaps not in the subgroup: libsodium adds such points too.
    if (ge_from_bytes_vartime(&on_curve, p.b) == P1_OK) {
        const struct fe inv = fe_one;
        ge_to_bytes(again.b, &on_curve, &inv);
        HOLDS(same(&p, &again));
        HOLDS(ge_in_subgroup_vartime(&on_curve) == (err == P1_OK));
        struct bytes sum;
        HOLDS(crypto_core_ed25519_add(sum.b, p.b, identity.b) == 0 && same(&sum, &p));
    } else {
        HOLDS(err != P1_OK);
    }
}

// A member of the group: of 32 bytes themselves if they are one, otherwise made of them.
static struct elem take_point(struct span *in, struct bytes *theirs) {
    struct elem e;
    take_filled(in, theirs->b, sizeof theirs->b);
    if (decode(&e, theirs) == P1_OK) return e;
    struct bytes from = *theirs;
    HOLDS(crypto_core_ed25519_from_uniform(theirs->b, from.b) == 0);
    HOLDS(decode(&e, theirs) == P1_OK);
    return e;
}

static void is_point(const struct elem *e, const struct bytes *theirs) {
    struct bytes b = bytes_of(e);
    HOLDS(same(&b, theirs));
}

static struct bytes product(const struct bytes *s, const struct bytes *base) {
    struct bytes out;
    // The documented difference: the identity is no point, 0 no scalar.
    if (sodium_is_zero(s->b, 32) || same(base, &identity)) return identity;
    HOLDS(crypto_scalarmult_ed25519_noclamp(out.b, s->b, base->b) == 0);
    return out;
}

static void arithmetic(struct span in) {
    struct bytes p, q, sum, s[3];
    struct elem a = take_point(&in, &p), b = take_point(&in, &q), out, two[2];
    struct scalar x[3];
    elem_mul_ct(&group, &out, &a, &b, &work);
    HOLDS(crypto_core_ed25519_add(sum.b, p.b, q.b) == 0);
    is_point(&out, &sum);
    HOLDS(elem_equal(&group, &a, &b, &work) == same(&p, &q));
    elem_inverse(&group, &out, &b, &work);
    elem_mul_ct(&group, &out, &a, &out, &work);
    HOLDS(crypto_core_ed25519_sub(sum.b, p.b, q.b) == 0);
    is_point(&out, &sum);

    // g^s0 b^s1 a^s2, in all the ways in which it is done
    unsigned which = take_u8(&in);
    struct base_table table;
    struct bytes g = bytes_of(&group.g);
    for (int i = 0; i < 3; i++) {
        s[i] = take_scalar(&in);
        x[i] = scalar_of(&s[i]);
    }
    sum = identity;
    struct mul_job job = {.out = &two[0], .base = &a};
    const struct scalar **of[] = {&job.g, &job.y, &job.x};
    const struct bytes *base[] = {&g, &q, &p};
    for (int i = 0; i < 3; i++) {
        if (!(which >> i & 1)) continue;
        struct bytes term = product(&s[i], base[i]);
        HOLDS(crypto_core_ed25519_add(sum.b, sum.b, term.b) == 0);
        *of[i] = &x[i];
    }
    base_table_init(&group, &table, &b, &work);
    mul_run_vartime(&group, &table, &job, 1, &work);
    job.out = &two[1];
    mul_run_ct(&group, &table, &job, 1, &work);
    is_point(&two[0], &sum);
    is_point(&two[1], &sum);
}

void fuzz_one(struct span in) {
    if (!group.ops) HOLDS(sodium_init() >= 0 && group_init(&group, SPAN_LIT("Ed25519"), &work) == P1_OK);
    switch (take_u8(&in) % 3) {
    case 0: scalars(in); break;
    case 1: decoding(in); break;
    default: arithmetic(in);
    }
}
