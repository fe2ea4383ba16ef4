// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

static const char signs[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

enum { SIGNS = 22 };

// The positions of the 22 signs in XXXXX-XXXXXX-XXXXX-XXXXXX, and the groups they are in.
static size_t place(size_t i) { return i + (i >= 5) + (i >= 11) + (i >= 16); }
static unsigned group_at(size_t i) { return i < 5 ? 1 : i < 11 ? 2 : i < 16 ? 3 : 4; }

static struct span make(const uint8_t random[P1_CODE_RANDOM]) {
    uint8_t text[P1_CODE_TEXT];
    code_make(text, random);
    return keep_span(span_of(text, sizeof text));
}

static struct span make_random(void) {
    uint8_t random[P1_CODE_RANDOM];
    random_bytes(random, sizeof random);
    return make(random);
}

static struct code read_ok(struct span typed) {
    struct code c;
    assert_ok(code_read(&c, keep_span(typed)));
    return c;
}

static unsigned value_of(uint8_t sign) {
    const char *at = memchr(signs, sign, 32);
    assert_non_null(at);
    return (unsigned)(at - signs);
}

// One sign put in another's place.
static struct span with_sign(struct span code, size_t i, unsigned value) {
    return spliced(code, place(i), 1, span_of(&signs[value], 1));
}

// ---- our codes ----

static void a_code_has_four_groups_of_signs_that_are_not_confused(void **state) {
    (void)state;
    for (int round = 0; round < 100; round++) {
        struct span code = make_random();
        assert_int_equal(code.n, P1_CODE_TEXT);
        assert_int_equal(code.p[5], '-');
        assert_int_equal(code.p[12], '-');
        assert_int_equal(code.p[18], '-');
        for (size_t i = 0; i < SIGNS; i++) (void)value_of(code.p[place(i)]);
    }
}

// GF(32) with x^5 + x^2 + 1, by tables of powers of the generator 2.
static void the_check_is_that_of_the_reed_solomon_code(void **state) {
    unsigned power[62], log[32] = {0};
    (void)state;
    for (unsigned i = 0, v = 1; i < 62; i++) {
        power[i] = v;
        if (i < 31) log[v] = i;
        v = v << 1 ^ (v & 16 ? 0x25u : 0);
    }
    for (int round = 0; round < 200; round++) {
        struct span code = make_random();
        unsigned s0 = 0, s1 = 0;
        for (size_t i = 0; i < SIGNS; i++) {
            unsigned c = value_of(code.p[place(i)]);
            s0 ^= c;
            if (c) s1 ^= power[log[c] + i];
        }
        assert_int_equal(s0, 0);
        assert_int_equal(s1, 0);
    }
}

static void every_random_bit_but_the_last_four_counts(void **state) {
    (void)state;
    uint8_t random[P1_CODE_RANDOM];
    random_bytes(random, sizeof random);
    const struct span code = make(random);
    for (size_t bit = 0; bit < 8 * sizeof random; bit++) {
        random[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        assert_int_equal(span_eq(make(random), code), bit >= 100);
        random[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    }
}

static void random_bytes_reach_the_whole_alphabet_in_every_place(void **state) {
    unsigned seen[SIGNS][32] = {{0}};
    enum { ROUNDS = 6400 }; // 200 of each are expected
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint8_t random[P1_CODE_RANDOM], code[P1_CODE_TEXT];
        random_bytes(random, sizeof random);
        code_make(code, random);
        for (size_t i = 0; i < SIGNS; i++) seen[i][value_of(code[place(i)])]++;
    }
    for (size_t i = 0; i < SIGNS; i++)
        for (size_t v = 0; v < 32; v++) assert_in_range(seen[i][v], 120, 280);
}

static void our_codes_are_known_and_checked(void **state) {
    (void)state;
    for (int round = 0; round < 100; round++) {
        struct span text = make_random();
        struct code c = read_ok(text);
        assert_int_equal(c.kind, CODE_3X);
        assert_true(c.checked);
        assert_int_equal(c.wrong_group, 0);
        assert_span(span_of(c.text, c.n), text);
    }
}

static void case_spaces_and_hyphens_do_not_matter(void **state) {
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct span text = make_random();
        struct buf typed = keep_buf(200);
        for (size_t i = 0; i < text.n; i++) {
            static const char between_signs[] = " -\t\r\n";
            uint8_t c = text.p[i];
            if (c == '-') continue;
            for (uint64_t k = random_u64() % 4; k > 0; k--) buf_char(&typed, between_signs[random_u64() % 5]);
            if (c >= 'A' && random_u64() % 2) c = (uint8_t)(c | 0x20);
            buf_char(&typed, (char)c);
        }
        if (round % 2) buf_char(&typed, ' ');
        struct code c = read_ok(buf_span(&typed));
        assert_true(c.checked);
        assert_span(span_of(c.text, c.n), text);
    }
}

static void one_wrong_sign_is_found_in_its_group(void **state) {
    (void)state;
    for (int round = 0; round < 5; round++) {
        const struct span text = make_random();
        for (size_t i = 0; i < SIGNS; i++) {
            for (unsigned v = 0; v < 32; v++) {
                if (v == value_of(text.p[place(i)])) continue;
                struct span wrong = with_sign(text, i, v);
                struct code c = read_ok(wrong);
                assert_false(c.checked);
                assert_int_equal(c.wrong_group, group_at(i));
                // and without the hyphens, where it cannot be a code of Belenios
                for (size_t at = wrong.n; at-- > 0;)
                    if (wrong.p[at] == '-') wrong = spliced(wrong, at, 1, SPAN_LIT(""));
                c = read_ok(wrong);
                assert_false(c.checked);
                assert_int_equal(c.wrong_group, group_at(i));
            }
        }
    }
}

static void two_wrong_signs_are_never_taken_for_right(void **state) {
    (void)state;
    const struct span text = make_random();
    int exchanged = 0;
    for (int round = 0; round < 2000; round++) {
        size_t a = random_u64() % SIGNS, b = random_u64() % SIGNS;
        unsigned va = random_u64() % 32, vb = random_u64() % 32;
        if (round % 2) { // two signs exchanged, as fingers do
            va = value_of(text.p[place(b)]);
            vb = value_of(text.p[place(a)]);
        }
        struct span wrong = with_sign(with_sign(text, a, va), b, vb);
        struct code c = read_ok(wrong);
        assert_int_equal(c.checked, span_eq(wrong, text));
        exchanged += !c.checked;
    }
    assert_true(exchanged > 1500);
}

static void what_is_far_from_a_code_names_no_group(void **state) {
    unsigned named = 0;
    (void)state;
    for (int round = 0; round < 1000; round++) {
        struct span text = make_random();
        for (size_t i = 0; i < SIGNS; i++) text = with_sign(text, i, random_u64() % 32);
        struct code c = read_ok(text);
        named += c.wrong_group != 0;
    }
    assert_in_range(named, 580, 750); // 22 places of 32: chance alone names one in two thirds
}

static void another_length_is_no_code(void **state) {
    struct code c;
    const struct span text = make_random();
    (void)state;
    assert_err(code_read(&c, span_of(text.p, text.n - 1)), P1_ERR_CODE_FORM);
    assert_err(code_read(&c, text_of("%.*s2", SPAN_ARG(text))), P1_ERR_CODE_FORM);
    assert_err(code_read(&c, (struct span){0}), P1_ERR_CODE_FORM);
    assert_err(code_read(&c, SPAN_LIT(" - ")), P1_ERR_CODE_FORM);
}

// ---- codes of Belenios ----

static int is_listed(const char *election, struct span credential) {
    const char *first = str_of(text_of("[\"%.*s", SPAN_ARG(credential)));
    const char *later = str_of(text_of(",\"%.*s", SPAN_ARG(credential)));
    struct span list = vector(election, "public_creds.json");
    return find(list, 0, first) != SIZE_MAX || find(list, 0, later) != SIZE_MAX;
}

static void codes_of_belenios_lead_to_the_public_credentials(void **state) {
    static const struct {
        const char *election;
        enum code_kind kind;
    } known[] = {{"ed25519-small", CODE_3X},  {"ed25519-threshold", CODE_3X}, {"ed25519-weighted", CODE_3X},
                 {"ed25519-revote", CODE_3X}, {"rfc3526-v2-multi", CODE_2X},  {"b2048-v2-threshold-mixed", CODE_2X}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct election *e = election_of_vector(known[i].election);
        struct span text = vector(known[i].election, "codes.txt"), line;
        while (next_line(&text, &line)) {
            struct code c = read_ok(line);
            struct scalar x;
            struct elem_text credential;
            assert_int_equal(c.kind, known[i].kind);
            assert_span(span_of(c.text, c.n), line);
            assert_int_equal(c.checked, known[i].kind == CODE_2X);
            code_secret(&e->group.q, e->uuid, &c, &x);
            credential_public(&e->group, &x, &credential, &work);
            assert_true(is_listed(known[i].election, elem_span(&credential)));
        }
    }
}

static void a_code_of_another_election_gives_another_credential(void **state) {
    (void)state;
    const struct modulus *q = &group_of("Ed25519")->q;
    for (int kind = 0; kind < 2; kind++) {
        struct code c = read_ok(vector_line(kind ? "rfc3526-v2-multi" : "ed25519-small", "codes.txt", 0));
        struct scalar a, b;
        code_secret(q, SPAN_LIT("11111111111111"), &c, &a);
        code_secret(q, SPAN_LIT("11111111111112"), &c, &b);
        assert_false(sc_is_equal(&a, &b));
    }
}

static void spaces_around_a_literal_code_do_not_matter(void **state) {
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        struct span line = vector_line(kind ? "rfc3526-v2-multi" : "ed25519-small", "codes.txt", 1);
        struct code c = read_ok(text_of(" \t%.*s \r\n", SPAN_ARG(line)));
        assert_span(span_of(c.text, c.n), line);
    }
}

static void a_literal_code_is_written_exactly(void **state) {
    static const char *const bad[] = {
        "CZx97-GxC5dT-Y3jFn-ppjoR",    "CZx97-GxC5dT-Y3jFn-ppjoRSx",   "CZx97GxC5dTY3jFnppjoRS",
        "CZx97-GxC5dT-Y3jFn ppjoRS",   "CZx97-GxC5d0-Y3jFn-ppjoRS",    "CZx97-GxC5dO-Y3jFn-ppjoRS",
        "CZx97-GxC5dl-Y3jFn-ppjoRS",   "CZx97-GxC5dI-Y3jFn-ppjoRS",    "CZx97--GxC5dT-Y3jFn-ppjoRS",
        "CZx9-7GxC5dT-Y3jFn-ppjoRS",   "CZx97-GxC5dT-Y3jFn",           "CZx97-GxC5dT-Y3jFn-",
        "CZx97-GxC5dT-Y3jFn-ppjoRS\v", "CZx97-GxC5d\xc3-Y3jFn-ppjoRS", "CZx97-GxC5dT-\nY3jFn-ppjoRS",
    };
    struct code c;
    (void)state;
    assert_ok(code_read(&c, SPAN_LIT("CZx97-GxC5dT-Y3jFn-ppjoRS")));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(code_read(&c, keep_span(span_str(bad[i]))), P1_ERR_CODE_FORM);
}

static void a_code_of_belenios_2_with_one_wrong_sign_is_refused(void **state) {
    static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    const struct span good = vector_line("rfc3526-v2-multi", "codes.txt", 0);
    unsigned accepted = 0;
    (void)state;
    assert_int_equal(good.n, 19);
    for (size_t at = 0; at < good.n; at++) {
        if (good.p[at] == '-') continue;
        for (size_t v = 0; v < 58; v++) {
            struct code c;
            if (code_read(&c, spliced(good, at, 1, span_of(&base58[v], 1))) == P1_OK) accepted++;
        }
    }
    // Its check is modulo 53, so five of the 58 signs share it with another: at most one more in each place.
    assert_in_range(accepted, 15, 30);
}

// Python made what is expected: int.from_bytes(sha256(text).digest(), "big") % 58**22, in 22 digits.
static void the_print_of_a_paper_is_its_hash_modulo_58_to_the_22nd(void **state) {
    const struct {
        struct span paper;
        const char *print;
    } known[] = {
        {SPAN_LIT(""), "hv3huEbxAFMLnpcX2hniwn"},
        {SPAN_LIT("4867"), "11orw3CHisdUosfRSS1xu9"}, // zeros in front stay
        {vector("ed25519-small", "election.json"), "G2BAk28R5TAa7bRr2PMWKT"},
    };
    char print[P1_PRINT];
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        election_print(print, known[i].paper);
        assert_span(span_of(print, sizeof print), span_str(known[i].print));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_has_four_groups_of_signs_that_are_not_confused),
        cmocka_unit_test(the_check_is_that_of_the_reed_solomon_code),
        cmocka_unit_test(every_random_bit_but_the_last_four_counts),
        cmocka_unit_test(random_bytes_reach_the_whole_alphabet_in_every_place),
        cmocka_unit_test(our_codes_are_known_and_checked),
        cmocka_unit_test(case_spaces_and_hyphens_do_not_matter),
        cmocka_unit_test(one_wrong_sign_is_found_in_its_group),
        cmocka_unit_test(two_wrong_signs_are_never_taken_for_right),
        cmocka_unit_test(what_is_far_from_a_code_names_no_group),
        cmocka_unit_test(another_length_is_no_code),
        cmocka_unit_test(codes_of_belenios_lead_to_the_public_credentials),
        cmocka_unit_test(a_code_of_another_election_gives_another_credential),
        cmocka_unit_test(spaces_around_a_literal_code_do_not_matter),
        cmocka_unit_test(a_literal_code_is_written_exactly),
        cmocka_unit_test(a_code_of_belenios_2_with_one_wrong_sign_is_refused),
        cmocka_unit_test(the_print_of_a_paper_is_its_hash_modulo_58_to_the_22nd),
    };
    return cmocka_run_group_tests_name("credentials", tests, NULL, release);
}
