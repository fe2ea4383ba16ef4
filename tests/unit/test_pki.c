// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers_ceremony.h"

#include <gmp.h>

static const enum aes_mode modes[] = {AES_CCM, AES_GCM};

// ---- keys and draws ----

static void keys_of_belenios_follow_from_their_seeds(void **state) {
    static const char *const names[] = {"ed25519-threshold", "b2048-v2-threshold-mixed"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct group *g = group_of(i ? "BELENIOS-2048" : "Ed25519");
        for (unsigned k = 0; k < 5; k++) {
            struct span cert = vector_line(names[i], "certs.jsons", k);
            struct pki_keys keys;
            pki_keys_init(g, &keys, vector_line(names[i], "seeds.txt", k), &work);
            assert_span(elem_span(&keys.vk_text), between(cert, "\\\"verification\\\":\\\"", "\\\""));
            assert_span(elem_span(&keys.ek_text), between(cert, "\\\"encryption\\\":\\\"", "\\\""));
            struct elem vk = power_of_g(g, &keys.sk), ek = power_of_g(g, &keys.dk);
            assert_true(elem_equal(g, &vk, &keys.vk, &work));
            assert_true(elem_equal(g, &ek, &keys.ek, &work));
        }
    }
}

static void draws_are_numbered(void **state) {
    const struct modulus *q = &group_of("Ed25519")->q;
    struct draws a = random_draws(), b = a;
    struct scalar first, second, expected;
    (void)state;
    b.n = 0x01020304;
    draw_scalar(q, &a, &first);
    draw_scalar(q, &a, &second);
    assert_false(sc_is_equal(&first, &second));
    assert_int_equal(a.n, 2);
    draw_scalar(q, &b, &first);
    seed_scalar(q, b.seed, SPAN_LIT("d\x01\x02\x03\x04"), &expected);
    assert_true(sc_is_equal(&first, &expected));
}

// ---- signed messages ----

static enum p1_err signed_verdict(const struct group *g, const struct elem *vk, struct span json,
                                  struct span *message) {
    struct json j = json_of(keep_span(json));
    struct proof p;
    struct buf arena = keep_buf(json.n);
    TRY(signed_parse(&j, &g->q, message, &p, &arena));
    TRY(json_end(&j));
    return signed_check(g, vk, *message, &p, &work);
}

static void a_signed_message_is_read_back_in_every_group(void **state) {
    static const char *const messages[] = {"", "text", "{\"a\":\"\\\\\"}", "\n\t\x01\x7f \xc3\xa9 \xf0\x9f\x98\x80"};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *g = group_of(group_names[k]);
        struct pki_keys keys = random_keys(g), other = random_keys(g);
        for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
            struct span json = signed_of(g, &keys, span_str(messages[i])), message;
            assert_ok(signed_verdict(g, &keys.vk, json, &message));
            assert_span(message, span_str(messages[i]));
            assert_err(signed_verdict(g, &other.vk, json, &message), P1_ERR_TRUSTEE_SIGNATURE);
        }
    }
}

static void a_changed_message_or_signature_is_refused(void **state) {
    const struct group *g = group_of("Ed25519");
    struct pki_keys keys = random_keys(g);
    struct span json = signed_of(g, &keys, SPAN_LIT("some text")), message;
    (void)state;
    assert_err(signed_verdict(g, &keys.vk, replaced(json, "some", "sone"), &message), P1_ERR_TRUSTEE_SIGNATURE);
    assert_err(signed_verdict(g, &keys.vk, field_plus_one(json, &g->q, 0, "challenge"), &message),
               P1_ERR_TRUSTEE_SIGNATURE);
    assert_err(signed_verdict(g, &keys.vk, field_plus_one(json, &g->q, 0, "response"), &message),
               P1_ERR_TRUSTEE_SIGNATURE);
    assert_err(signed_verdict(g, &keys.vk, replaced(json, "message", "massage"), &message), P1_ERR_JSON);
    assert_err(signed_verdict(g, &keys.vk, replaced(json, "\"signature\"", "\"x\":1,\"signature\""), &message),
               P1_ERR_JSON);
    assert_err(signed_verdict(g, &keys.vk, replaced(json, "some", "\\x"), &message), P1_ERR_JSON_STRING);
    for (size_t n = 0; n < json.n; n++)
        assert_int_not_equal(signed_verdict(g, &keys.vk, span_of(json.p, n), &message), P1_OK);

    struct json j = json_of(json);
    struct proof p;
    struct buf arena = keep_buf(8);
    assert_err(signed_parse(&j, &g->q, &message, &p, &arena), P1_ERR_SPACE);
}

static void a_signature_is_over_its_prefix_too(void **state) {
    struct sha256 a, b, c;
    (void)state;
    sigmsg_text(&a, "", SPAN_LIT("text"));
    sigmsg_text(&b, "prefix|", SPAN_LIT("text"));
    sigmsg_text(&c, "", SPAN_LIT("prefix|text"));
    assert_memory_not_equal(&a, &b, offsetof(struct sha256, block) + 5);
    assert_memory_equal(b.block, "sigmsg|prefix|text|", 19);
    assert_memory_equal(c.block, "sigmsg|prefix|text|", 19);
}

// ---- channels ----

struct pair {
    const struct group *g;
    struct pki_keys from, to;
};

static struct pair pair_in(size_t k) {
    const struct group *g = group_of(group_names[k]);
    return (struct pair){g, random_keys(g), random_keys(g)};
}

static enum p1_err receive(const struct pair *p, struct span sent, struct span *message) {
    struct buf arena = keep_buf(4 * sent.n + 100);
    return channel_receive(p->g, &p->from.vk, &p->to, keep_span(sent), message, &arena, &work);
}

static enum p1_err verdict(const struct pair *p, struct span sent) {
    struct span message;
    return receive(p, sent, &message);
}

static void what_is_sent_is_received_in_every_group_and_mode(void **state) {
    static const char *const messages[] = {"", "{\"secret\":\"1234567890\"}", "\\\"\n\xc3\xa9"};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        struct pair p = pair_in(k);
        for (size_t m = 0; m < 2; m++) {
            for (size_t i = 0; i < 3; i++) {
                struct span message, sent = sent_of(p.g, &p.from, &p.to.ek, span_str(messages[i]), modes[m]);
                assert_int_equal(find(sent, 0, "\"algorithm\":\"AES-GCM\"") == 1, modes[m] == AES_GCM);
                assert_ok(receive(&p, sent, &message));
                assert_span(message, span_str(messages[i]));
            }
        }
    }
}

static void a_message_is_sealed_each_time_anew(void **state) {
    struct pair p = pair_in(0);
    (void)state;
    struct span a = sent_of(p.g, &p.from, &p.to.ek, SPAN_LIT("text"), AES_GCM);
    struct span b = sent_of(p.g, &p.from, &p.to.ek, SPAN_LIT("text"), AES_GCM);
    assert_false(span_eq(between(a, "\"alpha\":\"", "\""), between(b, "\"alpha\":\"", "\"")));
    assert_false(span_eq(between(a, "\"beta\":\"", "\""), between(b, "\"beta\":\"", "\"")));
    assert_false(span_eq(between(a, "\"data\":\"", "\""), between(b, "\"data\":\"", "\"")));
}

static void somebody_else_cannot_open_a_message(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        struct pair p = pair_in(k);
        struct span sent = sent_of(p.g, &p.from, &p.to.ek, SPAN_LIT("text"), modes[k % 2]);
        p.to = random_keys(p.g);
        assert_err(verdict(&p, sent), P1_ERR_CEREMONY_SEAL);
    }
}

static void a_message_of_somebody_else_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        struct pair p = pair_in(k);
        struct pki_keys other = random_keys(p.g);
        assert_err(verdict(&p, sent_of(p.g, &other, &p.to.ek, SPAN_LIT("text"), AES_GCM)), P1_ERR_TRUSTEE_SIGNATURE);
    }
}

// Seals any text, as section "Public key infrastructure" says: a second sender, for those who do not keep to the rules.
static struct span sealed_text(const struct group *g, const struct elem *to, struct span text, enum aes_mode mode) {
    const struct scalar r = random_scalar(&g->q), s = random_scalar(&g->q);
    struct elem alpha, beta, gs;
    const struct mul_job jobs[] = {
        {.out = &alpha, .g = &r}, {.out = &beta, .g = &s, .x = &r, .base = to}, {.out = &gs, .g = &s}};
    uint8_t key[32], iv[32];
    struct buf data = keep_buf(text.n + 16), hex = keep_buf(2 * data.cap);
    mul_run_vartime(g, NULL, jobs, 3, &work);
    struct elem_text a = elem_text_of(g, &alpha), b = elem_text_of(g, &beta), k = elem_text_of(g, &gs);
    sha256(key, text_of("key|%.*s", SPAN_ARG(elem_span(&k))));
    sha256(iv, text_of("iv|%.*s", SPAN_ARG(elem_span(&a))));
    assert_ok(aes_seal(mode, key, iv, data.p, text));
    buf_hex(&hex, span_of(data.p, text.n + aes_tag_bytes(mode)));
    return text_of("{%s\"alpha\":\"%.*s\",\"beta\":\"%.*s\",\"data\":\"%.*s\"}",
                   mode == AES_GCM ? "\"algorithm\":\"AES-GCM\"," : "", SPAN_ARG(elem_span(&a)),
                   SPAN_ARG(elem_span(&b)), SPAN_ARG(buf_span(&hex)));
}

static struct span channel_text(struct span recipient, struct span message) {
    return text_of("{\"recipient\":\"%.*s\",\"message\":%.*s}", SPAN_ARG(recipient), SPAN_ARG(message));
}

static void a_message_that_was_meant_for_somebody_else_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        struct pair p = pair_in(k);
        struct pki_keys third = random_keys(p.g);
        struct span text = SPAN_LIT("\"text\""), message;
        // what a second sender makes by the rules is received
        struct span mine = signed_of(p.g, &p.from, channel_text(elem_span(&p.to.ek_text), text));
        assert_ok(receive(&p, sealed_text(p.g, &p.to.ek, mine, modes[k % 2]), &message));
        assert_span(message, SPAN_LIT("text"));
        // a message to a third, opened by that one and sealed again for us
        struct span theirs = signed_of(p.g, &p.from, channel_text(elem_span(&third.ek_text), text));
        assert_err(verdict(&p, sealed_text(p.g, &p.to.ek, theirs, modes[k % 2])), P1_ERR_CEREMONY_RECIPIENT);
    }
}

static void only_the_form_of_a_channel_is_opened(void **state) {
    struct pair p = pair_in(0);
    struct span right = channel_text(elem_span(&p.to.ek_text), SPAN_LIT("\"text\""));
    struct span whole = signed_of(p.g, &p.from, right);
    (void)state;
    assert_ok(verdict(&p, sealed_text(p.g, &p.to.ek, whole, AES_GCM)));
    assert_err(verdict(&p, sealed_text(p.g, &p.to.ek, text_of("%.*s ", SPAN_ARG(whole)), AES_GCM)),
               P1_ERR_JSON_TRAILING);
    for (size_t n = 0; n < whole.n; n += 5)
        assert_int_not_equal(verdict(&p, sealed_text(p.g, &p.to.ek, span_of(whole.p, n), AES_GCM)), P1_OK);
    for (size_t n = 0; n < right.n; n++) {
        struct span cut = signed_of(p.g, &p.from, span_of(right.p, n));
        assert_int_not_equal(verdict(&p, sealed_text(p.g, &p.to.ek, cut, AES_GCM)), P1_OK);
    }
    static const char *const wrong[][2] = {{"{\"recipient\"", "{ \"recipient\""},
                                           {",\"message\"", ",\"x\":1,\"message\""},
                                           {"\"text\"", "7"},
                                           {"}", "}}"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct span text = signed_of(p.g, &p.from, replaced(right, wrong[i][0], wrong[i][1]));
        assert_int_not_equal(verdict(&p, sealed_text(p.g, &p.to.ek, text, AES_GCM)), P1_OK);
    }
}

static void no_digit_of_a_sealed_message_can_be_changed(void **state) {
    (void)state;
    for (size_t m = 0; m < 2; m++) {
        struct pair p = pair_in(0);
        struct span sent = sent_of(p.g, &p.from, &p.to.ek, SPAN_LIT("x"), modes[m]);
        struct span data = between(sent, "\"data\":\"", "\"");
        size_t start = (size_t)(data.p - sent.p);
        for (size_t i = 0; i < data.n; i++) {
            struct span by = data.p[i] == '0' ? SPAN_LIT("1") : SPAN_LIT("0");
            assert_err(verdict(&p, spliced(sent, start + i, 1, by)), P1_ERR_CEREMONY_SEAL);
        }
        static const char *const bad[] = {"", "0", "00", "0g", "g0", "0A", "A0", "0000000000000000000000000000000"};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            assert_err(verdict(&p, spliced(sent, start, data.n, span_str(bad[i]))), P1_ERR_CEREMONY_SEAL);
    }
}

static void the_parts_of_a_sealed_message_belong_together(void **state) {
    static const char *const parts[] = {"\"alpha\":\"", "\"beta\":\"", "\"data\":\""};
    struct pair p = pair_in(0);
    struct span a = sent_of(p.g, &p.from, &p.to.ek, SPAN_LIT("text"), AES_GCM);
    struct span b = sent_of(p.g, &p.from, &p.to.ek, SPAN_LIT("text"), AES_GCM);
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct span wrong = replaced(a, str_of(between(a, parts[i], "\"")), str_of(between(b, parts[i], "\"")));
        assert_err(verdict(&p, wrong), P1_ERR_CEREMONY_SEAL);
    }
    assert_err(verdict(&p, replaced(a, "\"algorithm\":\"AES-GCM\",", "")), P1_ERR_CEREMONY_SEAL);
    assert_err(verdict(&p, replaced(a, "AES-GCM", "AES-CCM")), P1_ERR_JSON);
    assert_err(verdict(&p, replaced(a, ",\"beta\"", ",\"x\":1,\"beta\"")), P1_ERR_JSON);
    assert_err(verdict(&p, text_of("%.*s ", SPAN_ARG(a))), P1_ERR_JSON_TRAILING);
    assert_err(verdict(&p, replaced(a, str_of(between(a, parts[0], "\"")), "1")), P1_ERR_ELEM_FORM);
    assert_err(verdict(&p, replaced(a, str_of(between(a, parts[1], "\"")), "1")), P1_ERR_ELEM_FORM);
    for (size_t n = 0; n < a.n; n++) assert_int_not_equal(verdict(&p, span_of(a.p, n)), P1_OK);
}

static void a_message_that_is_too_long_is_not_sent(void **state) {
    struct pair p = pair_in(0);
    struct draws d = random_draws();
    (void)state;
    for (size_t m = 0; m < 2; m++) {
        struct buf out = keep_buf(400000), arena = keep_buf(900000);
        struct span text = span_of(keep(65000), 65000);
        memset((uint8_t *)(uintptr_t)text.p, 'a', text.n);
        assert_ok(channel_send(p.g, &p.from, &p.to.ek, text, modes[m], &d, &out, &arena, &work));
        text = span_of(keep(65536), 65536);
        memset((uint8_t *)(uintptr_t)text.p, 'a', text.n);
        arena.n = out.n = 0;
        assert_err(channel_send(p.g, &p.from, &p.to.ek, text, modes[m], &d, &out, &arena, &work), P1_ERR_CEREMONY_SIZE);
    }
}

static void too_little_room_is_told(void **state) {
    struct pair p = pair_in(0);
    struct draws d = random_draws();
    struct span sent = sent_of(p.g, &p.from, &p.to.ek, SPAN_LIT("text"), AES_GCM), message;
    (void)state;
    for (size_t cap = 0; cap < sent.n; cap += 11) {
        struct buf out = keep_buf(cap), arena = keep_buf(ARENA);
        assert_err(channel_send(p.g, &p.from, &p.to.ek, SPAN_LIT("text"), AES_GCM, &d, &out, &arena, &work),
                   P1_ERR_SPACE);
    }
    enum p1_err last = P1_ERR_SPACE;
    for (size_t cap = 0; cap < 6000; cap += 50) {
        struct buf out = keep_buf(sent.n + 10), arena = keep_buf(cap);
        enum p1_err e = channel_send(p.g, &p.from, &p.to.ek, SPAN_LIT("text"), AES_GCM, &d, &out, &arena, &work);
        assert_true(e == P1_ERR_SPACE || e == P1_OK);
        assert_false(last == P1_OK && e != P1_OK);
        last = e;
    }
    assert_ok(last);
    last = P1_ERR_SPACE;
    for (size_t cap = 0; cap < 3000; cap += 20) {
        struct buf arena = keep_buf(cap);
        enum p1_err e = channel_receive(p.g, &p.from.vk, &p.to, sent, &message, &arena, &work);
        assert_true(e == P1_ERR_SPACE || e == P1_OK);
        assert_false(last == P1_OK && e != P1_OK);
        last = e;
    }
    assert_ok(last);
}

// ---- what Belenios sealed ----

// A decimal number of any size modulo q.
static struct scalar reduced(const struct modulus *q, struct span decimal) {
    struct scalar s = {{0}};
    mpz_t v, m;
    mpz_init_set_str(v, str_of(decimal), 10);
    mpz_init(m);
    mpz_import(m, q->n, -1, 8, 0, 0, q->m);
    mpz_mod(v, v, m);
    mpz_export(s.v, NULL, -1, 8, 0, 0, v);
    mpz_clears(v, m, NULL);
    return s;
}

static void decryption_keys_of_belenios_open(void **state) {
    static const struct {
        const char *name, *group;
        unsigned first; // of the set among the trustees
    } known[] = {{"ed25519-threshold", "Ed25519", 0}, {"b2048-v2-threshold-mixed", "BELENIOS-2048", 1}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct group *g = group_of(known[i].group);
        struct trustees *t = keep(sizeof *t);
        assert_ok(trustees_verdict(g, vector(known[i].name, "trustees.json"), t));
        for (unsigned k = 0; k < 5; k++) {
            struct pki_keys keys;
            struct scalar x, opened;
            struct span sent = vector_line(known[i].name, "dkeys.jsons", k), message;
            struct buf arena = keep_buf(4 * sent.n);
            assert_int_equal(find(sent, 0, "algorithm") == SIZE_MAX, i == 1); // 3.3.0: GCM, 2.0: CCM
            pki_keys_init(g, &keys, vector_line(known[i].name, "seeds.txt", k), &work);
            assert_ok(channel_receive(g, &keys.vk, &keys, sent, &message, &arena, &work));
            x = reduced(&g->q, between(message, "{\"decryption_key\":\"", "\"}"));
            assert_span(key_text(g, &x), t->trustee[known[i].first + k].key_text);
            if (i == 1) continue; // 2.0 wrote sums that are not reduced
            arena.n = 0;
            assert_ok(decryption_key_open(g, &keys, sent, &opened, &arena, &work));
            assert_true(sc_is_equal(&opened, &x));
        }
    }
}

static void a_decryption_key_of_belenios_with_a_changed_bit_is_refused(void **state) {
    static const char *const names[] = {"ed25519-threshold", "b2048-v2-threshold-mixed"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct group *g = group_of(i ? "BELENIOS-2048" : "Ed25519");
        struct pki_keys keys, other;
        struct scalar x;
        struct span sent = vector_line(names[i], "dkeys.jsons", 0), data = between(sent, "\"data\":\"", "\"");
        pki_keys_init(g, &keys, vector_line(names[i], "seeds.txt", 0), &work);
        pki_keys_init(g, &other, vector_line(names[i], "seeds.txt", 1), &work);
        for (size_t at = 0; at < data.n; at += 97) {
            struct span by = data.p[at] == '0' ? SPAN_LIT("1") : SPAN_LIT("0");
            struct buf arena = keep_buf(4 * sent.n);
            assert_err(
                decryption_key_open(g, &keys, spliced(sent, (size_t)(data.p - sent.p) + at, 1, by), &x, &arena, &work),
                P1_ERR_CEREMONY_SEAL);
        }
        struct buf arena = keep_buf(4 * sent.n);
        assert_err(decryption_key_open(g, &other, sent, &x, &arena, &work), P1_ERR_CEREMONY_SEAL);
    }
}

static void a_decryption_key_has_one_form(void **state) {
    static const struct {
        const char *text;
        enum p1_err err;
    } example[] = {
        {"{\"decryption_key\":\"12\"}", P1_OK},      {"{\"decryption_key\":\"012\"}", P1_ERR_SCALAR_FORM},
        {"{\"decryption_key\":12}", P1_ERR_JSON},    {"{\"secret\":\"12\"}", P1_ERR_JSON},
        {"{\"decryption_key\":\"12\"", P1_ERR_JSON}, {"{\"decryption_key\":\"12\"} ", P1_ERR_JSON_TRAILING},
    };
    const struct group *g = group_of("Ed25519");
    struct pki_keys keys = random_keys(g);
    (void)state;
    for (size_t i = 0; i < sizeof example / sizeof *example; i++) {
        struct scalar x;
        struct buf arena = keep_buf(10000);
        struct span sent = sent_of(g, &keys, &keys.ek, span_str(example[i].text), AES_GCM);
        assert_err(decryption_key_open(g, &keys, sent, &x, &arena, &work), example[i].err);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_belenios_follow_from_their_seeds),
        cmocka_unit_test(draws_are_numbered),
        cmocka_unit_test(a_signed_message_is_read_back_in_every_group),
        cmocka_unit_test(a_changed_message_or_signature_is_refused),
        cmocka_unit_test(a_signature_is_over_its_prefix_too),
        cmocka_unit_test(what_is_sent_is_received_in_every_group_and_mode),
        cmocka_unit_test(a_message_is_sealed_each_time_anew),
        cmocka_unit_test(somebody_else_cannot_open_a_message),
        cmocka_unit_test(a_message_of_somebody_else_is_refused),
        cmocka_unit_test(a_message_that_was_meant_for_somebody_else_is_refused),
        cmocka_unit_test(only_the_form_of_a_channel_is_opened),
        cmocka_unit_test(no_digit_of_a_sealed_message_can_be_changed),
        cmocka_unit_test(the_parts_of_a_sealed_message_belong_together),
        cmocka_unit_test(a_message_that_is_too_long_is_not_sent),
        cmocka_unit_test(too_little_room_is_told),
        cmocka_unit_test(decryption_keys_of_belenios_open),
        cmocka_unit_test(a_decryption_key_of_belenios_with_a_changed_bit_is_refused),
        cmocka_unit_test(a_decryption_key_has_one_form),
    };
    return cmocka_run_group_tests_name("keys and channels of the ceremony", tests, NULL, release);
}
