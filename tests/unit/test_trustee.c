// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers_ceremony.h"

static const struct group *g; // Ed25519
static struct ceremony *two_of_three;
static struct trustees *scratch;

static enum p1_err verdict(struct span json) { return trustees_verdict(g, json, scratch); }

// The threshold parameters of the ceremony with one thing changed.
static enum p1_err changed(const char *old, const char *by) {
    return verdict(replaced(trustees_text(two_of_three), old, by));
}

static enum p1_err plus_one_in(const char *part, unsigned nth, const char *field) {
    struct span json = trustees_text(two_of_three);
    size_t at = find(json, 0, part);
    assert_true(at != SIZE_MAX);
    struct span rest = field_plus_one(span_from(json, at), &g->q, nth, field);
    return verdict(text_of("%.*s%.*s", (int)at, (const char *)json.p, SPAN_ARG(rest)));
}

// ---- what is accepted ----

static void trustees_of_belenios_are_read(void **state) {
    static const struct {
        const char *name;
        unsigned count, items, lacks;
    } known[] = {
        {"ed25519-small", 3, 3, 0},
        {"ed25519-weighted", 3, 3, 0},
        {"ed25519-revote", 3, 3, 0},
        {"ed25519-threshold", 5, 1, 0},
        {"rfc3526-v2-multi", 3, 3, 0},
        {"b2048-v2-threshold-mixed", 6, 2,
         TRUSTEES_NO_CONTEXT | TRUSTEES_NO_CERTS_SIGNATURE | TRUSTEES_NO_KEY_SIGNATURE}, // 2.0 proves less
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct election *e = election_of_vector(known[i].name);
        assert_ok(trustees_verdict(&e->group, vector(known[i].name, "trustees.json"), scratch));
        assert_int_equal(scratch->count, known[i].count);
        assert_int_equal(scratch->item_count, known[i].items);
        assert_int_equal(scratch->lacks, known[i].lacks);
        assert_int_equal(scratch->at, 0);
        assert_true(elem_equal(&e->group, &scratch->joint, &e->key, &work));
    }
}

static void items_and_indices_are_numbered(void **state) {
    const struct group *b = group_of("BELENIOS-2048");
    (void)state;
    assert_ok(trustees_verdict(b, vector("b2048-v2-threshold-mixed", "trustees.json"), scratch));
    assert_int_equal(scratch->item[0].threshold, 0);
    assert_int_equal(scratch->item[0].first, 0);
    assert_int_equal(scratch->item[0].count, 1);
    assert_int_equal(scratch->item[1].threshold, 3);
    assert_int_equal(scratch->item[1].first, 1);
    assert_int_equal(scratch->item[1].count, 5);
    for (unsigned i = 0; i < 6; i++) {
        const struct trustee *t = &scratch->trustee[i];
        assert_int_equal(t->item, i > 0);
        assert_int_equal(t->index, i);
        struct elem_text key = elem_text_of(b, &t->key);
        assert_span(elem_span(&key), t->key_text);
    }
}

static void single_trustees_multiply_to_the_joint_key(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *in = group_of(group_names[k]);
        const struct scalar a = random_scalar(&in->q), b = random_scalar(&in->q);
        struct scalar sum;
        sc_add(&in->q, &sum, &a, &b);
        const struct elem joint = power_of_g(in, &sum);
        struct span one = single_of(in, &a), other = single_of(in, &b);
        assert_ok(trustees_verdict(in, text_of("[%.*s,%.*s]", SPAN_ARG(one), SPAN_ARG(other)), scratch));
        assert_int_equal(scratch->count, 2);
        assert_true(elem_equal(in, &scratch->joint, &joint, &work));
    }
}

static void names_are_read(void **state) {
    const struct scalar x = random_scalar(&g->q);
    struct span one = single_of(g, &x);
    (void)state;
    assert_ok(verdict(text_of("[%.*s]", SPAN_ARG(replaced(one, "\"}]", "\",\"name\":\"A \\\"B\\\"\"}]")))));
    assert_span(scratch->trustee[0].name, SPAN_LIT("A \\\"B\\\""));
    assert_ok(verdict(text_of("[%.*s]", SPAN_ARG(one))));
    assert_int_equal(scratch->trustee[0].name.n, 0);
    assert_err(verdict(text_of("[%.*s]", SPAN_ARG(replaced(one, "\"}]", "\",\"name\":7}]")))), P1_ERR_JSON);
}

static void our_own_set_lacks_nothing(void **state) {
    (void)state;
    assert_ok(verdict(trustees_text(two_of_three)));
    assert_int_equal(scratch->lacks, 0);
    assert_int_equal(scratch->count, 3);
    assert_int_equal(scratch->item[0].threshold, 2);
}

static void up_to_64_trustees_are_read(void **state) {
    struct scalar x = random_scalar(&g->q);
    struct span one = single_of(g, &x);
    struct buf list = keep_buf(66 * (one.n + 20));
    size_t end_of[P1_TRUSTEES_MAX + 1]; // of so many
    (void)state;
    buf_char(&list, '[');
    for (unsigned i = 0; i < P1_TRUSTEES_MAX; i++) {
        x = random_scalar(&g->q);
        if (i) buf_char(&list, ',');
        buf_put(&list, single_of(g, &x));
        end_of[i + 1] = list.n;
    }
    struct span most = keep_span(buf_span(&list));
    assert_ok(verdict(text_of("%.*s]", SPAN_ARG(most))));
    assert_int_equal(scratch->count, P1_TRUSTEES_MAX);
    assert_err(verdict(text_of("%.*s,%.*s]", SPAN_ARG(most), SPAN_ARG(one))), P1_ERR_TRUSTEE_COUNT);
    // 62 single ones leave no room for a set of three
    struct span fewer = span_of(most.p, end_of[62]);
    struct span set = trustees_text(two_of_three);
    assert_err(verdict(text_of("%.*s,%.*s", SPAN_ARG(fewer), SPAN_ARG(span_from(set, 1)))), P1_ERR_TRUSTEE_COUNT);
    fewer = span_of(most.p, end_of[61]);
    assert_ok(verdict(text_of("%.*s,%.*s", SPAN_ARG(fewer), SPAN_ARG(span_from(set, 1)))));
}

// ---- what a setup of 2.0 lacks may be absent; what is there must be right ----

static struct span without(struct span json, const char *from, const char *to) {
    size_t start = find(json, 0, from), end = find(json, start, to);
    assert_true(start != SIZE_MAX && end != SIZE_MAX);
    return spliced(json, start, end - start, SPAN_LIT(""));
}

static void stripped_signatures_are_refused_and_absent_ones_of_keys_remembered(void **state) {
    struct span json = trustees_text(two_of_three);
    (void)state;
    // who names the ceremony in the certificates signs them all
    assert_err(verdict(without(json, ",\"signatures\":", ",\"verification_keys\"")), P1_ERR_TRUSTEE_CERTS);
    size_t keys = find(json, 0, "\"verification_keys\"");
    struct span head = span_of(json.p, keys), tail = without(span_from(json, keys), ",\"signature\":", "},{\"pok\"");
    assert_ok(verdict(text_of("%.*s%.*s", SPAN_ARG(head), SPAN_ARG(tail))));
    assert_int_equal(scratch->lacks, TRUSTEES_NO_KEY_SIGNATURE);
}

// What one set lacks says nothing of the next.
static void a_set_of_today_may_stand_beside_one_of_belenios_2(void **state) {
    const struct ceremony *today = ceremony_run("BELENIOS-2048", 1, 1, AES_GCM);
    const struct group *b = group_of("BELENIOS-2048");
    struct span old = vector("b2048-v2-threshold-mixed", "trustees.json"), set = trustees_text(today);
    struct span both = text_of("%.*s,%.*s", (int)old.n - 1, (const char *)old.p, SPAN_ARG(span_from(set, 1)));
    (void)state;
    assert_ok(trustees_verdict(b, both, scratch));
    assert_int_equal(scratch->item_count, 3);
    assert_int_equal(scratch->lacks, TRUSTEES_NO_CONTEXT | TRUSTEES_NO_CERTS_SIGNATURE | TRUSTEES_NO_KEY_SIGNATURE);
    // half a set of today is still none
    assert_err(trustees_verdict(b, without(both, ",\"signatures\":", ",\"verification_keys\""), scratch),
               P1_ERR_TRUSTEE_CERTS);
}

// ---- refusals ----

static void no_trustees_are_refused(void **state) {
    (void)state;
    assert_err(verdict(SPAN_LIT("[]")), P1_ERR_TRUSTEE_COUNT);
    assert_err(changed("{\"threshold\":2", "{\"threshold\":0"), P1_ERR_TRUSTEE_COUNT);
    assert_err(
        verdict(SPAN_LIT("[[\"Pedersen\",{\"threshold\":1,\"certs\":[],\"coefexps\":[],\"verification_keys\":[]}]]")),
        P1_ERR_TRUSTEE_COUNT);
}

static void a_threshold_above_the_number_is_refused(void **state) {
    (void)state; // the contexts say so too, where there are any
    assert_err(changed("{\"threshold\":2", "{\"threshold\":3"), P1_ERR_TRUSTEE_CONTEXT);
    assert_err(changed("{\"threshold\":2", "{\"threshold\":65"), P1_ERR_JSON_NUMBER);
    struct span old = vector("b2048-v2-threshold-mixed", "trustees.json");
    assert_err(
        trustees_verdict(group_of("BELENIOS-2048"), replaced(old, "\"threshold\":3", "\"threshold\":6"), scratch),
        P1_ERR_TRUSTEE_COUNT);
    assert_err(
        trustees_verdict(group_of("BELENIOS-2048"), replaced(old, "\"threshold\":3", "\"threshold\":2"), scratch),
        P1_ERR_TRUSTEE_COEFEXPS);
    assert_err(
        trustees_verdict(group_of("BELENIOS-2048"), replaced(old, "\"threshold\":3", "\"threshold\":4"), scratch),
        P1_ERR_TRUSTEE_COEFEXPS);
}

static void a_wrong_proof_of_knowledge_is_refused(void **state) {
    const struct scalar x = random_scalar(&g->q), y = random_scalar(&g->q);
    struct span one = single_of(g, &x), other = single_of(g, &y);
    (void)state;
    for (int part = 0; part < 2; part++) {
        struct span wrong = field_plus_one(other, &g->q, 0, part ? "response" : "challenge");
        assert_err(verdict(text_of("[%.*s,%.*s]", SPAN_ARG(one), SPAN_ARG(wrong))), P1_ERR_TRUSTEE_POK);
        assert_int_equal(scratch->at, 2);
    }
    struct span copied = replaced(other, str_of(between(other, "\"public_key\":\"", "\"")),
                                  str_of(between(one, "\"public_key\":\"", "\"")));
    assert_err(verdict(text_of("[%.*s]", SPAN_ARG(copied))), P1_ERR_TRUSTEE_POK);
    assert_err(plus_one_in("\"verification_keys\"", 0, "response"), P1_ERR_TRUSTEE_POK);
    assert_int_equal(scratch->at, 1);
}

static void the_proof_of_knowledge_names_the_group(void **state) {
    const struct group *a = group_of("BELENIOS-2048");
    const struct scalar x = random_scalar(&a->q);
    struct span one = single_of(a, &x);
    struct group *renamed = keep(sizeof *renamed);
    struct group_ops *ops = keep(sizeof *ops);
    (void)state;
    *ops = *a->ops;
    ops->name = "OTHER-2048";
    *renamed = *a;
    renamed->ops = ops;
    assert_err(trustees_verdict(renamed, text_of("[%.*s]", SPAN_ARG(one)), scratch), P1_ERR_TRUSTEE_POK);
}

static void a_wrong_signature_of_a_certificate_or_coefficients_is_refused(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_err(plus_one_in("\"certs\"", i, "response"), P1_ERR_TRUSTEE_SIGNATURE);
        assert_int_equal(scratch->at, i + 1);
        assert_err(plus_one_in("\"certs\"", i, "challenge"), P1_ERR_TRUSTEE_SIGNATURE);
        assert_err(plus_one_in("\"coefexps\"", i, "response"), P1_ERR_TRUSTEE_SIGNATURE);
        assert_int_equal(scratch->at, i + 1);
    }
}

static void a_wrong_signature_over_all_certificates_is_refused(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_err(plus_one_in("\"signatures\"", i, "response"), P1_ERR_TRUSTEE_CERTS);
        assert_int_equal(scratch->at, i + 1);
    }
}

// Certificates that are each right, of two runs of the ceremony by the same people.
static void a_certificate_of_another_run_is_refused(void **state) {
    const struct ceremony *c = two_of_three;
    struct span again = certificate_of(g, &c->keys[1], 3, 2, 2);
    (void)state;
    assert_err(changed(str_of(c->cert[1]), str_of(again)), P1_ERR_TRUSTEE_CERTS);
    assert_int_equal(scratch->at, 1);
}

static void a_certificate_for_another_place_is_refused(void **state) {
    const struct ceremony *c = two_of_three;
    const struct {
        unsigned size, threshold, index;
    } other[] = {{3, 2, 1}, {3, 2, 3}, {4, 2, 2}, {3, 3, 2}, {3, 1, 2}, {2, 2, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct span cert = certificate_of(g, &c->keys[1], other[i].size, other[i].threshold, other[i].index);
        assert_err(changed(str_of(c->cert[1]), str_of(cert)), P1_ERR_TRUSTEE_CONTEXT);
        assert_int_equal(scratch->at, 2);
    }
    // the same, for another group, signed
    struct span message = between(c->cert[1], "{\"message\":\"", "\",\"signature\"");
    struct buf text = keep_buf(message.n);
    json_unescape(&text, message);
    struct span renamed = signed_of(g, &c->keys[1], replaced(buf_span(&text), "Ed25519", "BELENIOS-2048"));
    assert_err(changed(str_of(c->cert[1]), str_of(renamed)), P1_ERR_TRUSTEE_CONTEXT);
    static const char *const zero[][2] = {{"\"size\":3", "\"size\":0"},
                                          {"\"threshold\":2", "\"threshold\":0"},
                                          {"\"index\":2", "\"index\":0"},
                                          {"\"index\":2", "\"index\":4"}};
    for (size_t i = 0; i < 4; i++) {
        struct span cert = signed_of(g, &c->keys[1], replaced(buf_span(&text), zero[i][0], zero[i][1]));
        assert_err(changed(str_of(c->cert[1]), str_of(cert)), P1_ERR_TRUSTEE_CONTEXT);
    }
}

static void a_set_has_contexts_in_all_certificates_or_in_none(void **state) {
    const struct ceremony *c = two_of_three;
    struct elem_text vk = c->keys[1].vk_text, ek = c->keys[1].ek_text;
    struct span bare = signed_of(g, &c->keys[1],
                                 text_of("{\"verification\":\"%.*s\",\"encryption\":\"%.*s\"}",
                                         SPAN_ARG(elem_span(&vk)), SPAN_ARG(elem_span(&ek))));
    (void)state;
    assert_err(changed(str_of(c->cert[1]), str_of(bare)), P1_ERR_TRUSTEE_CONTEXT);
}

static void exchanged_certificates_are_refused(void **state) {
    const struct ceremony *c = two_of_three;
    struct span json = replaced(trustees_text(c), str_of(c->cert[0]), "FIRST");
    (void)state;
    json = replaced(json, str_of(c->cert[1]), str_of(c->cert[0]));
    assert_err(verdict(replaced(json, "FIRST", str_of(c->cert[1]))), P1_ERR_TRUSTEE_CONTEXT);
    assert_int_equal(scratch->at, 1);
}

// Coefficients with their signature, as the first trustee sends them.
static struct span coefficients(unsigned n) {
    struct buf b = keep_buf(100 * n + 100);
    buf_str(&b, "{\"coefexps\":[");
    for (unsigned i = 0; i < n; i++) {
        const struct scalar x = random_scalar(&g->q);
        if (i) buf_char(&b, ',');
        buf_put(&b, text_of("\"%.*s\"", SPAN_ARG(key_text(g, &x))));
    }
    buf_str(&b, "]}");
    return signed_of(g, &two_of_three->keys[0], buf_span(&b));
}

static void other_than_threshold_coefficients_are_refused(void **state) {
    struct span right = two_of_three->polynomials[0].coefexps;
    (void)state;
    assert_err(changed(str_of(right), str_of(coefficients(1))), P1_ERR_TRUSTEE_COEFEXPS);
    assert_err(changed(str_of(right), str_of(coefficients(3))), P1_ERR_TRUSTEE_COEFEXPS);
    assert_err(changed(str_of(right), str_of(coefficients(2))), P1_ERR_TRUSTEE_CERTS); // right but others
    assert_err(changed(str_of(right), str_of(coefficients(0))), P1_ERR_JSON);
    static const char *const bad[] = {"{}", "{\"coefexps\":7}"};
    for (size_t i = 0; i < 2; i++) {
        struct span message = signed_of(g, &two_of_three->keys[0], span_str(bad[i]));
        assert_err(changed(str_of(right), str_of(message)), P1_ERR_JSON);
    }
    // the right list, with something behind it
    struct span raw = between(right, "{\"message\":\"", "\",\"signature\"");
    struct buf text = keep_buf(raw.n);
    json_unescape(&text, raw);
    struct span longer = replaced(buf_span(&text), "]}", "],\"x\":1}");
    assert_err(changed(str_of(right), str_of(signed_of(g, &two_of_three->keys[0], longer))), P1_ERR_JSON);
    longer = replaced(buf_span(&text), "]}", "]} ");
    assert_err(changed(str_of(right), str_of(signed_of(g, &two_of_three->keys[0], longer))), P1_ERR_JSON_TRAILING);
}

static void a_key_that_does_not_follow_from_the_coefficients_is_refused(void **state) {
    const struct ceremony *c = two_of_three;
    const struct scalar x = random_scalar(&g->q);
    struct draws d = random_draws();
    struct buf own = keep_buf(1000);
    (void)state;
    trustee_key_write(g, &x, &c->keys[1].sk, &d, &own, &work);
    assert_err(changed(str_of(c->public_key[1]), str_of(buf_span(&own))), P1_ERR_TRUSTEE_KEY);
    assert_int_equal(scratch->at, 2);
    assert_err(changed(str_of(c->public_key[1]), str_of(c->public_key[0])), P1_ERR_TRUSTEE_KEY);
}

static void a_wrong_signature_on_a_key_is_refused(void **state) {
    const struct ceremony *c = two_of_three;
    struct span wrong = field_plus_one(c->public_key[2], &g->q, 1, "response");
    (void)state;
    assert_err(changed(str_of(c->public_key[2]), str_of(wrong)), P1_ERR_TRUSTEE_KEY_SIGNATURE);
    assert_int_equal(scratch->at, 3);
    struct draws d = random_draws(); // signed by another trustee
    struct buf other = keep_buf(1000);
    trustee_key_write(g, &c->decryption_key[2], &c->keys[1].sk, &d, &other, &work);
    assert_err(changed(str_of(c->public_key[2]), str_of(buf_span(&other))), P1_ERR_TRUSTEE_KEY_SIGNATURE);
}

static void elements_outside_the_group_are_refused_everywhere(void **state) {
    static const char order2[] = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec";
    const struct ceremony *c = two_of_three;
    (void)state;
    struct span message = between(c->cert[1], "{\"message\":\"", "\",\"signature\"");
    struct buf text = keep_buf(message.n);
    json_unescape(&text, message);
    for (int part = 0; part < 2; part++) {
        const struct elem_text *key = part ? &c->keys[1].ek_text : &c->keys[1].vk_text;
        struct span cert = signed_of(g, &c->keys[1], replaced(buf_span(&text), str_of(elem_span(key)), order2));
        assert_err(changed(str_of(c->cert[1]), str_of(cert)), P1_ERR_ELEM_SUBGROUP);
    }
    struct span list = text_of("{\"coefexps\":[\"%s\",\"%s\"]}", order2, order2);
    assert_err(changed(str_of(c->polynomials[0].coefexps), str_of(signed_of(g, &c->keys[0], list))),
               P1_ERR_ELEM_SUBGROUP);
    const char *key = str_of(between(c->public_key[0], "\"public_key\":\"", "\""));
    assert_err(changed(key, order2), P1_ERR_ELEM_SUBGROUP);
}

static void fewer_or_more_parts_than_trustees_are_refused(void **state) {
    const struct ceremony *c = two_of_three;
    (void)state;
    const struct span part[] = {c->polynomials[2].coefexps, c->polynomials[2].signature, c->public_key[2]};
    for (size_t i = 0; i < 3; i++) {
        const char *text = str_of(part[i]);
        assert_err(changed(str_of(text_of(",%s]", text)), "]"), P1_ERR_JSON);
        assert_err(changed(str_of(text_of(",%s]", text)), str_of(text_of(",%s,%s]", text, text))), P1_ERR_JSON);
    }
    assert_err(changed(str_of(text_of(",%.*s]", SPAN_ARG(c->cert[2]))), "]"), P1_ERR_TRUSTEE_CONTEXT);
}

static void what_follows_the_list_is_refused(void **state) {
    (void)state;
    assert_err(verdict(text_of("%.*s ", SPAN_ARG(trustees_text(two_of_three)))), P1_ERR_JSON_TRAILING);
}

static void an_item_is_single_or_a_set(void **state) {
    (void)state;
    assert_err(changed("Pedersen", "Shamir"), P1_ERR_JSON);
    assert_err(changed("[\"Pedersen\"", "[ \"Pedersen\""), P1_ERR_JSON);
    assert_err(verdict(SPAN_LIT("[{}]")), P1_ERR_JSON);
}

static void an_arena_that_is_too_small_is_told(void **state) {
    struct span json = trustees_text(two_of_three);
    (void)state;
    for (size_t cap = 0; cap < 900; cap += 100) {
        struct buf arena = keep_buf(cap);
        assert_err(trustees_parse(scratch, g, json, &arena, &work), P1_ERR_SPACE);
    }
}

static void no_byte_of_a_set_can_be_changed_or_left_out(void **state) {
    struct span json = trustees_text(ceremony_run("Ed25519", 1, 1, AES_GCM));
    (void)state;
    assert_ok(verdict(json));
    for (size_t i = 0; i < json.n; i++) {
        const uint8_t old = json.p[i], by = old == '0' ? '1' : old == 'a' ? 'b' : (uint8_t)(old ^ 1);
        assert_int_not_equal(verdict(spliced(json, i, 1, span_of(&by, 1))), P1_OK);
        assert_int_not_equal(verdict(spliced(json, i, 1, SPAN_LIT(""))), P1_OK);
        assert_int_not_equal(verdict(span_of(json.p, i)), P1_OK);
    }
}

// g^f(j) for f = 3 + 5 x + 7 x^2
static void exponents_are_those_of_the_polynomial(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *in = group_of(group_names[k]);
        struct elem coef[3], out;
        for (unsigned i = 0; i < 3; i++) {
            struct scalar a;
            sc_from_u64(&a, 3 + 2 * i);
            coef[i] = power_of_g(in, &a);
        }
        for (unsigned j = 1; j <= P1_TRUSTEES_MAX; j += k ? 21 : 1) {
            struct scalar f;
            sc_from_u64(&f, 3 + 5 * j + 7 * j * j);
            const struct elem expected = power_of_g(in, &f);
            coefexps_eval_vartime(in, coef, 3, j, &out, &work);
            assert_true(elem_equal(in, &out, &expected, &work));
            coefexps_eval_vartime(in, coef, 1, j, &out, &work);
            assert_true(elem_equal(in, &out, &coef[0], &work));
        }
    }
}

static int init(void **state) {
    (void)state;
    g = group_of("Ed25519");
    two_of_three = ceremony_run("Ed25519", 2, 3, AES_GCM);
    scratch = keep(sizeof *scratch);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trustees_of_belenios_are_read),
        cmocka_unit_test(items_and_indices_are_numbered),
        cmocka_unit_test(single_trustees_multiply_to_the_joint_key),
        cmocka_unit_test(names_are_read),
        cmocka_unit_test(our_own_set_lacks_nothing),
        cmocka_unit_test(up_to_64_trustees_are_read),
        cmocka_unit_test(stripped_signatures_are_refused_and_absent_ones_of_keys_remembered),
        cmocka_unit_test(a_set_of_today_may_stand_beside_one_of_belenios_2),
        cmocka_unit_test(no_trustees_are_refused),
        cmocka_unit_test(a_threshold_above_the_number_is_refused),
        cmocka_unit_test(a_wrong_proof_of_knowledge_is_refused),
        cmocka_unit_test(the_proof_of_knowledge_names_the_group),
        cmocka_unit_test(a_wrong_signature_of_a_certificate_or_coefficients_is_refused),
        cmocka_unit_test(a_wrong_signature_over_all_certificates_is_refused),
        cmocka_unit_test(a_certificate_of_another_run_is_refused),
        cmocka_unit_test(a_certificate_for_another_place_is_refused),
        cmocka_unit_test(a_set_has_contexts_in_all_certificates_or_in_none),
        cmocka_unit_test(exchanged_certificates_are_refused),
        cmocka_unit_test(other_than_threshold_coefficients_are_refused),
        cmocka_unit_test(a_key_that_does_not_follow_from_the_coefficients_is_refused),
        cmocka_unit_test(a_wrong_signature_on_a_key_is_refused),
        cmocka_unit_test(elements_outside_the_group_are_refused_everywhere),
        cmocka_unit_test(fewer_or_more_parts_than_trustees_are_refused),
        cmocka_unit_test(what_follows_the_list_is_refused),
        cmocka_unit_test(an_item_is_single_or_a_set),
        cmocka_unit_test(an_arena_that_is_too_small_is_told),
        cmocka_unit_test(no_byte_of_a_set_can_be_changed_or_left_out),
        cmocka_unit_test(exponents_are_those_of_the_polynomial),
    };
    return cmocka_run_group_tests_name("trustees", tests, init, release);
}
