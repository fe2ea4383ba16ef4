// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Keys that are none: the identity, a copy of another's, and keys with a part of small order.

#include "tests/unit/helpers_ceremony.h"

static const struct scalar zero;

static enum p1_err two_trustees(const struct group *g, struct span first, struct span second) {
    struct trustees out;
    return trustees_verdict(g, text_of("[%.*s,%.*s]", SPAN_ARG(first), SPAN_ARG(second)), &out);
}

static void a_trustee_whose_key_is_the_identity_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *g = group_of(group_names[k]);
        const struct scalar x = random_scalar(&g->q);
        assert_err(two_trustees(g, single_of(g, &x), single_of(g, &zero)), P1_ERR_ELEM_IDENTITY);
    }
}

// Its proof of knowledge and its shares are the other's: with both, one person opens the box of two.
static void a_copy_of_another_trustee_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *g = group_of(group_names[k]);
        const struct scalar x = random_scalar(&g->q), y = random_scalar(&g->q);
        const struct span copied = single_of(g, &x);
        assert_ok(two_trustees(g, copied, single_of(g, &y)));
        assert_err(two_trustees(g, copied, copied), P1_ERR_TRUSTEE_TWICE);
        assert_err(two_trustees(g, copied, single_of(g, &x)), P1_ERR_TRUSTEE_TWICE); // with a proof of its own
    }
}

static void a_set_that_stands_twice_is_refused(void **state) {
    struct ceremony *c = ceremony_run("Ed25519", 1, 2, AES_GCM);
    struct trustees out;
    const struct span set = text_of("[\"Pedersen\",%.*s]", SPAN_ARG(c->result));
    (void)state;
    // One of them is enough, so their keys are the same: that is right.
    assert_ok(trustees_verdict(c->g, text_of("[%.*s]", SPAN_ARG(set)), &out));
    assert_err(two_trustees(c->g, set, set), P1_ERR_TRUSTEE_TWICE);
    assert_err(two_trustees(c->g, single_of(c->g, &c->decryption_key[0]), set), P1_ERR_TRUSTEE_TWICE);
}

// Everybody could sign for it, or open what it is sent.
static void a_certificate_of_the_identity_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *g = group_of(group_names[k]);
        struct elem identity;
        elem_identity(g, &identity);
        const struct elem_text text = elem_text_of(g, &identity);
        for (int encryption = 0; encryption < 2; encryption++) {
            struct pki_keys keys = random_keys(g);
            struct certificates c;
            struct buf arena = keep_buf(ARENA);
            if (encryption) {
                keys.ek_text = text;
            } else {
                keys.sk = zero;
                keys.vk_text = text;
            }
            struct span cert = certificate_of(g, &keys, 1, 1, 1);
            assert_err(certificates_parse(&c, g, &cert, 1, &arena, &work), P1_ERR_ELEM_IDENTITY);
        }
    }
}

// The parts of small order cancel in the product, which is then a right key of the election.
static void small_parts_that_cancel_between_two_trustees_are_refused(void **state) {
    static const char order_2[] = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"; // y = -1
    const struct group *g = group_of("Ed25519");
    struct elem two, key[2], product;
    struct scalar x[2];
    (void)state;
    assert_ok(elem_decode_trusted(g, &two, span_str(order_2), &work));
    struct span item[2];
    for (int i = 0; i < 2; i++) {
        x[i] = random_scalar(&g->q);
        key[i] = power_of_g(g, &x[i]);
        struct elem_text old = elem_text_of(g, &key[i]);
        elem_mul_ct(g, &key[i], &key[i], &two, &work);
        struct elem_text new = elem_text_of(g, &key[i]);
        item[i] = replaced(single_of(g, &x[i]), str_of(elem_span(&old)), str_of(elem_span(&new)));
    }
    elem_mul_ct(g, &product, &key[0], &key[1], &work);
    struct elem_text text = elem_text_of(g, &product);
    assert_ok(elem_decode(g, &product, elem_span(&text), &work));
    assert_err(two_trustees(g, item[0], item[1]), P1_ERR_ELEM_SUBGROUP);
    assert_err(two_trustees(g, single_of(g, &x[0]), item[1]), P1_ERR_ELEM_SUBGROUP);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trustee_whose_key_is_the_identity_is_refused),
        cmocka_unit_test(a_copy_of_another_trustee_is_refused),
        cmocka_unit_test(a_set_that_stands_twice_is_refused),
        cmocka_unit_test(a_certificate_of_the_identity_is_refused),
        cmocka_unit_test(small_parts_that_cancel_between_two_trustees_are_refused),
    };
    return cmocka_run_group_tests_name("keys refused", tests, NULL, release);
}
