// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/json_canon.h"
#include "tests/unit/helpers.h"

static struct json json_str(const char *text) { return json_of(keep_span(span_str(text))); }

static size_t left(const struct json *j) { return (size_t)(j->end - j->p); }

// ---- fixed text ----

static void a_text_is_taken_only_if_all_of_it_comes_next(void **state) {
    struct json j = json_str("{\"a\":");
    (void)state;
    assert_false(json_take(&j, "{\"b"));
    assert_false(json_take(&j, "{\"a\":1"));
    assert_int_equal(left(&j), 5);
    assert_true(json_take(&j, ""));
    assert_true(json_take(&j, "{\"a\""));
    assert_int_equal(left(&j), 1);
    assert_err(json_lit(&j, ","), P1_ERR_JSON);
    assert_ok(json_lit(&j, ":"));
    assert_err(json_lit(&j, ":"), P1_ERR_JSON);
    assert_ok(json_end(&j));
}

static void what_follows_the_end_is_refused(void **state) {
    const struct json j = json_str("}\n");
    struct json at = j;
    (void)state;
    assert_err(json_end(&j), P1_ERR_JSON_TRAILING);
    assert_ok(json_lit(&at, "}"));
    assert_err(json_end(&at), P1_ERR_JSON_TRAILING);
}

// ---- strings ----

static enum p1_err quoted(struct span text, struct span *out) {
    struct json j = json_of(keep_span(text));
    return json_quoted(&j, out);
}

static void a_string_is_what_stands_between_the_quotes(void **state) {
    struct json j = json_str("\"a\\\"b\",\"\"");
    struct span out;
    (void)state;
    assert_ok(json_quoted(&j, &out));
    assert_span(out, SPAN_LIT("a\\\"b"));
    assert_ok(json_lit(&j, ","));
    assert_ok(json_quoted(&j, &out));
    assert_int_equal(out.n, 0);
    assert_ok(json_end(&j));
}

static void a_string_without_its_quotes_is_refused(void **state) {
    static const char *const bad[] = {"", "a", "a\"", "\"", "\"a", "\"a\\\"", "null", "1", "'a'"};
    struct span out;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json j = json_str(bad[i]);
        assert_err(quoted(span_str(bad[i]), &out), P1_ERR_JSON);
        assert_err(json_plain(&j, &out), strchr(bad[i], '\\') ? P1_ERR_JSON_STRING : P1_ERR_JSON);
    }
}

static void control_characters_are_refused(void **state) {
    struct span out;
    (void)state;
    for (unsigned c = 0; c < 0x20; c++) {
        const uint8_t text[] = {'"', 'a', (uint8_t)c, '"'};
        assert_err(quoted(span_of(text, sizeof text), &out), P1_ERR_JSON_STRING);
    }
    assert_ok(quoted(SPAN_LIT("\"\x20\x7f\""), &out));
}

static void an_escape_is_one_of_json(void **state) {
    struct span out;
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        const uint8_t text[] = {'"', '\\', (uint8_t)c, '"', '"'};
        enum p1_err expected = c && strchr("\"\\/bfnrt", (int)c) ? P1_OK : P1_ERR_JSON_STRING;
        assert_err(quoted(span_of(text, sizeof text), &out), expected);
    }
}

static void an_escaped_code_has_four_hexadecimal_digits(void **state) {
    static const char *const good[] = {"\"\\u0000\"", "\"\\u00e9\"", "\"\\uABCD\"",
                                       "\"\\uffff\"", "\"\\ud7ff\"", "\"\\ue000\""};
    static const char *const bad[] = {"\"\\u",       "\"\\u\"",     "\"\\u1\"",    "\"\\u12\"",   "\"\\u123\"",
                                      "\"\\u123g\"", "\"\\ug123\"", "\"\\u 123\"", "\"\\u-123\"", "\"\\u12/4\"",
                                      "\"\\u12:4\"", "\"\\u12@4\"", "\"\\u12G4\"", "\"\\u12`4\"", "\"\\U1234\""};
    struct span out;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_ok(quoted(span_str(good[i]), &out));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(quoted(span_str(bad[i]), &out), P1_ERR_JSON_STRING);
}

static void escaped_surrogates_come_in_pairs_only(void **state) {
    static const char *const good[] = {"\"\\ud800\\udc00\"", "\"\\uDBFF\\uDFFF\"", "\"\\ud83d\\ude00x\""};
    static const char *const bad[] = {
        "\"\\ud800\"",         "\"\\udbff\"",       "\"\\udc00\"",        "\"\\udfff\"",         "\"\\ud800x\"",
        "\"\\ud800\\n12345\"", "\"\\ud800xudc00\"", "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"",  "\"\\ud800\\ue000\"",
        "\"\\udc00\\ud800\"",  "\"\\ud800\\udc0\"", "\"\\ud800\\udcgg\"", "\"\\ud800\\udc0\"\"",
    };
    struct span out;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_ok(quoted(span_str(good[i]), &out));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(quoted(span_str(bad[i]), &out), P1_ERR_JSON_STRING);
}

// As RFC 3629 says: every code point but the surrogates, each in its shortest form. Bytes of the character at P, or 0.
static size_t utf8_character(const uint8_t *p, size_t n) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
    if (length == 0 || length > n) return 0;
    uint32_t c = length == 1 ? p[0] : p[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (p[i] >> 6 != 2) return 0;
        c = c << 6 | (p[i] & 63u);
    }
    return c >= least[length] && c < 0x110000 && (c < 0xd800 || c > 0xdfff) ? length : 0;
}

static int utf8_valid(const uint8_t *p, size_t n) {
    for (size_t length; n; p += length, n -= length) {
        length = utf8_character(p, n);
        if (length == 0) return 0;
    }
    return 1;
}

static void check_utf8(const uint8_t *p, size_t n) {
    uint8_t text[6] = "\"";
    struct span out;
    memcpy(text + 1, p, n);
    text[n + 1] = '"';
    struct json j = json_of(span_of(text, n + 2));
    int accepted = json_quoted(&j, &out) == P1_OK && out.n == n;
    if (accepted != utf8_valid(p, n)) fail_msg("%02x %02x %02x %02x", p[0], p[1], p[2], p[3]);
}

// All first and second bytes with the third and fourth at the edges of what is allowed.
static void text_is_utf8_in_its_shortest_form(void **state) {
    static const uint8_t edge[] = {0x7f, 0x80, 0xbf, 0xc0};
    (void)state;
    for (unsigned a = 0x80; a < 256; a++) {
        uint8_t p[4] = {(uint8_t)a, 0, 0, 0};
        check_utf8(p, 1);
        for (unsigned b = 0x80; b < 256; b++) {
            p[1] = (uint8_t)b;
            check_utf8(p, 2);
            for (size_t i = 0; i < 16; i++) {
                p[2] = edge[i / 4];
                p[3] = edge[i % 4];
                check_utf8(p, 3);
                check_utf8(p, 4);
            }
        }
    }
}

static void a_cut_off_character_is_refused(void **state) {
    struct span out;
    (void)state;
    assert_err(quoted(SPAN_LIT("\"\xe2\x82"), &out), P1_ERR_JSON_STRING);
    assert_err(quoted(SPAN_LIT("\"\xf0"), &out), P1_ERR_JSON_STRING);
}

static void a_plain_string_is_printable_ascii_without_escapes(void **state) {
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        const uint8_t text[] = {'"', 'a', (uint8_t)c, 'b', '"'};
        struct json j = json_of(span_of(text, sizeof text));
        struct span out;
        if (c == '"') continue;
        assert_err(json_plain(&j, &out), c >= 0x20 && c < 0x7f && c != '\\' ? P1_OK : P1_ERR_JSON_STRING);
    }
}

// ---- escapes resolved and written ----

static void assert_unescaped(const char *raw, struct span expected) {
    struct buf b = keep_buf(strlen(raw));
    json_unescape(&b, span_str(raw));
    assert_ok(buf_done(&b));
    assert_span(buf_span(&b), expected);
}

static void escapes_are_resolved(void **state) {
    (void)state;
    assert_unescaped("", SPAN_LIT(""));
    assert_unescaped("a\xc3\xa9", SPAN_LIT("a\xc3\xa9"));
    assert_unescaped("\\\"\\\\\\/\\b\\f\\n\\r\\t", SPAN_LIT("\"\\/\b\f\n\r\t"));
    assert_unescaped("\\u0000x", SPAN_LIT("\0x"));
    assert_unescaped("\\u0041\\u007F\\u007f", SPAN_LIT("A\x7f\x7f"));
    assert_unescaped("\\u0080\\u07fF", SPAN_LIT("\xc2\x80\xdf\xbf"));
    assert_unescaped("\\u0800\\uD7ff\\ue000\\uFFFF", SPAN_LIT("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"));
    assert_unescaped("\\ud800\\udc00\\uDBFF\\uDFFF", SPAN_LIT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
    assert_unescaped("\\ud83d\\ude00", SPAN_LIT("\xf0\x9f\x98\x80"));
    assert_unescaped("a\\u00", SPAN_LIT("a")); // was never accepted: nothing past it
}

static void what_is_written_as_a_string_is_read_back(void **state) {
    (void)state;
    for (int i = 0; i < 300; i++) {
        uint8_t text[60];
        for (size_t k = 0; k < sizeof text; k++) text[k] = (uint8_t)(random_u64() % 0x80);
        struct buf b = keep_buf(6 * sizeof text + 2), back = keep_buf(sizeof text);
        buf_json_string(&b, span_of(text, sizeof text));
        assert_ok(buf_done(&b));
        struct json j = json_of(buf_span(&b));
        struct span raw;
        assert_ok(json_quoted(&j, &raw));
        assert_ok(json_end(&j));
        json_unescape(&back, raw);
        assert_span(buf_span(&back), span_of(text, sizeof text));
    }
}

static void strings_are_escaped_as_belenios_does(void **state) {
    struct buf b = keep_buf(100);
    (void)state;
    buf_json_string(&b, SPAN_LIT("\"\\/\b\f\n\r\t\x01\x1f\x7f \xc3\xa9"));
    assert_span(buf_span(&b), SPAN_LIT("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f \xc3\xa9\""));
}

// ---- numbers ----

static void check_number(const char *text, uint64_t max, enum p1_err expected, uint64_t value) {
    struct json j = json_str(text);
    uint64_t out = 77;
    assert_err(json_uint(&j, max, &out), expected);
    if (expected == P1_OK) assert_true(out == value);
}

static void a_number_is_written_in_one_way_and_within_its_bound(void **state) {
    (void)state;
    check_number("0", 0, P1_OK, 0);
    check_number("1", 0, P1_ERR_JSON_NUMBER, 0);
    check_number("255]", 255, P1_OK, 255);
    check_number("256", 255, P1_ERR_JSON_NUMBER, 0);
    check_number("18446744073709551615", UINT64_MAX, P1_OK, UINT64_MAX);
    check_number("18446744073709551616", UINT64_MAX, P1_ERR_JSON_NUMBER, 0);
    check_number("99999999999999999999", UINT64_MAX, P1_ERR_JSON_NUMBER, 0);
    static const char *const bad[] = {"", "-1", "+1", "00", "01", " 1", ".5", "a", "\"1\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) check_number(bad[i], UINT64_MAX, P1_ERR_JSON_NUMBER, 0);
}

static void a_number_ends_before_what_is_no_digit(void **state) {
    struct json j = json_str("12.5");
    uint64_t out;
    (void)state;
    assert_ok(json_uint(&j, 100, &out));
    assert_int_equal(out, 12);
    assert_int_equal(left(&j), 2);
}

static void counts_above_2_to_the_30_stand_in_quotes(void **state) {
    static const struct {
        uint64_t value;
        const char *text;
    } good[] = {
        {0, "0"}, {1073741823, "1073741823"}, {1073741824, "\"1073741824\""}, {INT64_MAX, "\"9223372036854775807\""}};
    static const struct {
        const char *text;
        enum p1_err err;
    } bad[] = {
        {"1073741824", P1_ERR_JSON_NUMBER},
        {"\"1073741823\"", P1_ERR_JSON_NUMBER},
        {"\"0\"", P1_ERR_JSON_NUMBER},
        {"\"9223372036854775808\"", P1_ERR_JSON_NUMBER},
        {"\"01073741824\"", P1_ERR_JSON_NUMBER},
        {"\"\"", P1_ERR_JSON_NUMBER},
        {"\"1073741824", P1_ERR_JSON},
        {"\"1073741824x\"", P1_ERR_JSON},
        {"-1", P1_ERR_JSON_NUMBER},
        {"", P1_ERR_JSON_NUMBER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct json j = json_str(good[i].text);
        uint64_t out;
        struct buf b = keep_buf(30);
        assert_ok(json_count(&j, &out));
        assert_true(out == good[i].value);
        assert_ok(json_end(&j));
        buf_count(&b, out);
        assert_span(buf_span(&b), span_str(good[i].text));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json j = json_str(bad[i].text);
        uint64_t out;
        assert_err(json_count(&j, &out), bad[i].err);
    }
}

// ---- lists, hashes, scalars, elements ----

static enum p1_err read_list(const char *text, unsigned *n) {
    struct json j = json_str(text);
    TRY(json_lit(&j, "["));
    *n = 0;
    for (int first = 1, more;; ++*n) {
        uint64_t ignored;
        TRY(json_next(&j, &first, &more));
        if (!more) break;
        TRY(json_uint(&j, 9, &ignored));
    }
    return json_end(&j);
}

static void a_list_has_commas_between_its_items_only(void **state) {
    static const char *const bad[] = {"[,1]", "[1,]", "[1,,2]", "[1 2]", "[1", "[1,2", "[", "[1, 2]", "[1;2]", "[ ]"};
    unsigned n = 0;
    (void)state;
    assert_ok(read_list("[]", &n));
    assert_int_equal(n, 0);
    assert_ok(read_list("[1]", &n));
    assert_int_equal(n, 1);
    assert_ok(read_list("[1,2,3]", &n));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_int_not_equal(read_list(bad[i], &n), P1_OK);
}

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_hash_is_64_lower_case_digits(void **state) {
    struct json j = json_str("\"" HASH "\"");
    uint8_t out[32];
    struct buf b = keep_buf(64);
    (void)state;
    assert_ok(json_hash(&j, out));
    assert_ok(json_end(&j));
    buf_hex(&b, span_of(out, sizeof out));
    assert_span(buf_span(&b), SPAN_LIT(HASH));

    const struct span good = SPAN_LIT(HASH);
    assert_err(hash_decode(out, span_of(good.p, 63)), P1_ERR_HASH_FORM);
    assert_err(hash_decode(out, text_of(HASH "0")), P1_ERR_HASH_FORM);
    assert_err(hash_decode(out, (struct span){0}), P1_ERR_HASH_FORM);
    for (size_t at = 0; at < 64; at++) {
        for (unsigned c = 0; c < 256; c++) {
            const uint8_t one = (uint8_t)c;
            int digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (at % 21 && c != 'A') continue;
            assert_err(hash_decode(out, spliced(good, at, 1, span_of(&one, 1))), digit ? P1_OK : P1_ERR_HASH_FORM);
        }
    }
    j = json_str(HASH);
    assert_err(json_hash(&j, out), P1_ERR_JSON);
    j = json_str("\"" HASH);
    assert_err(json_hash(&j, out), P1_ERR_JSON);
}

static void scalars_and_elements_stand_in_quotes(void **state) {
    const struct group *g = group_of("Ed25519");
    struct scalar s;
    struct elem e;
    (void)state;
    struct json j = json_str("\"12\"");
    assert_ok(json_scalar(&j, &g->q, &s));
    assert_true(s.v[0] == 12);
    j = json_str("12");
    assert_err(json_scalar(&j, &g->q, &s), P1_ERR_JSON);
    j = json_str("\"012\"");
    assert_err(json_scalar(&j, &g->q, &s), P1_ERR_SCALAR_FORM);

    struct span key = key_text(g, &s);
    j = json_of(text_of("\"%.*s\"", SPAN_ARG(key)));
    assert_ok(json_elem(&j, g, &e, &work));
    j = json_of(key);
    assert_err(json_elem(&j, g, &e, &work), P1_ERR_JSON);
    j = json_of(text_of("\"%.*s0\"", SPAN_ARG(key)));
    assert_err(json_elem(&j, g, &e, &work), P1_ERR_ELEM_FORM);
}

// ---- one value of any kind ----

static void a_value_of_any_kind_is_skipped(void **state) {
    static const char *const good[] = {"1",
                                       "-12",
                                       "0",
                                       "-0.05e+10",
                                       "\"a\"",
                                       "\"\"",
                                       "true",
                                       "null",
                                       "[]",
                                       "{}",
                                       "[1]",
                                       "[[],[{}],[]]",
                                       "[1,2]",
                                       "{\"a\":1}",
                                       "{\"a\":[],\"b\":{\"c\":null}}",
                                       "[\"]\",\"}\",\"\\\"\"]"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct json j = json_of(text_of("%s,\"next\"", good[i]));
        struct span out;
        assert_ok(json_skip(&j, &out));
        assert_span(out, span_str(good[i]));
        assert_ok(json_lit(&j, ",\"next\""));
    }
}

static void numbers_of_json_are_skipped_and_what_is_none_is_not(void **state) {
    static const char *const good[] = {"0", "-0", "1.5", "-12.25", "1e3", "1E3", "1e+3", "1e-3", "-1.5e30"};
    static const char *const bad[] = {"-", "+1", ".5", "1.", "-.5", "1.e3", "1e", "1E+", "e3"};
    struct span out;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct json j = json_of(keep_span(span_str(good[i])));
        assert_ok(json_skip(&j, &out));
        assert_ok(json_end(&j));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json j = json_of(keep_span(span_str(bad[i])));
        assert_err(json_skip(&j, &out), P1_ERR_JSON);
    }
}

static void what_steers_a_terminal_or_turns_the_order_is_disarmed(void **state) {
    static const struct {
        const char *text, *disarmed;
    } cases[] = {{"a\x1b[2Jb", "a?[2Jb"},
                 {"a\x7f\n", "a??"},
                 {"\xc2\x9b\xc2\xa0", "??\xc2\xa0"},                             // U+009B, U+00A0
                 {"\xe2\x80\x8e\xe2\x80\x8f", "??????"},                         // marks of direction
                 {"\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf", "??????\xe2\x80\xaf"}, // line separator, override, a space
                 {"\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa", "\xe2\x81\xa5??????\xe2\x81\xaa"}, // isolates
                 {"\xe2\x82\xac \xc3\xa9 \xf0\x9f\x99\x82", "\xe2\x82\xac \xc3\xa9 \xf0\x9f\x99\x82"},   // stay
                 {"x\xe2\x80", "x??"}};                                                                  // cut off
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span text = keep_span(span_str(cases[i].text));
        utf8_disarm((uint8_t *)text.p, text.n);
        assert_span(text, span_str(cases[i].disarmed));
    }
}

static void what_is_no_value_is_not_skipped(void **state) {
    static const char *const bad[] = {
        "",     "]",      "}",    ",",         ":",      "[",       "{",        "[1",        "[1,",  "[1,]",
        "[,1]", "[1 ,2]", "[1}",  "{\"a\":1]", "{\"a\"", "{\"a\":", "{\"a\":}", "{\"a\":,}", "[1.]", "TRUE",
        "[ 1]", "[[]",    "[[1]", "[{]}",      "[1][",   "[\"a]",   " 1",       "[01]",      "[-00]"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json j = json_str(bad[i]);
        struct span out;
        enum p1_err e = json_skip(&j, &out);
        if (strcmp(bad[i], "[1][") == 0) // the first list is a value
            assert_ok(e);
        else
            assert_err(e, P1_ERR_JSON);
    }
    struct json j = json_str("[\"\\x\"]");
    struct span out;
    assert_err(json_skip(&j, &out), P1_ERR_JSON_STRING);
}

static void nesting_is_followed_32_deep(void **state) {
    (void)state;
    for (size_t depth = 31; depth <= 34; depth++) {
        struct buf b = keep_buf(200);
        for (size_t i = 0; i < depth; i++) buf_str(&b, i % 2 ? "{\"a\":" : "[");
        buf_str(&b, "1");
        for (size_t i = depth; i-- > 0;) buf_str(&b, i % 2 ? "}" : "]");
        struct json j = json_of(buf_span(&b));
        struct span out;
        assert_err(json_skip(&j, &out), depth <= 32 ? P1_OK : P1_ERR_JSON);
    }
}

// ---- buffers ----

static void writing_past_the_end_writes_nothing_and_is_remembered(void **state) {
    uint8_t space[8];
    struct buf b = buf_over(space, sizeof space);
    (void)state;
    buf_str(&b, "12345");
    buf_str(&b, "6789");
    assert_int_equal(b.n, 5);
    assert_err(buf_done(&b), P1_ERR_SPACE);
    buf_char(&b, '6'); // would fit, but something is missing before it
    assert_int_equal(b.n, 5);
    assert_span(buf_span(&b), SPAN_LIT("12345"));
}

static void a_buffer_may_be_filled_to_the_last_byte(void **state) {
    uint8_t space[8];
    struct buf b = buf_over(space, sizeof space);
    (void)state;
    buf_str(&b, "12345678");
    buf_put(&b, (struct span){0});
    assert_ok(buf_done(&b));
    buf_char(&b, '9');
    assert_err(buf_done(&b), P1_ERR_SPACE);
}

static void an_arena_is_carved_into_buffers_of_their_own(void **state) {
    uint8_t space[10];
    struct buf arena = buf_over(space, sizeof space);
    (void)state;
    struct buf a = buf_carve(&arena, 4), b = buf_carve(&arena, 6);
    buf_str(&a, "aaaaa");
    assert_err(buf_done(&a), P1_ERR_SPACE);
    buf_str(&b, "bbbbbb");
    assert_ok(buf_done(&b));
    assert_ok(buf_done(&arena));
    struct buf c = buf_carve(&arena, 1);
    assert_err(buf_done(&c), P1_ERR_SPACE);
    assert_err(buf_done(&arena), P1_ERR_SPACE);
    c = buf_carve(&arena, 0); // after a failure nothing is given out
    assert_err(buf_done(&c), P1_ERR_SPACE);
}

static void numbers_and_base64_are_written(void **state) {
    static const char *const base64[] = {"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"}; // RFC 4648
    struct buf b = keep_buf(100);
    (void)state;
    buf_u64(&b, 0);
    buf_char(&b, ' ');
    buf_u64(&b, UINT64_MAX);
    buf_char(&b, ' ');
    buf_hex(&b, SPAN_LIT("\x00\x9a\xff"));
    assert_span(buf_span(&b), SPAN_LIT("0 18446744073709551615 009aff"));
    for (size_t n = 0; n <= 6; n++) {
        b = keep_buf(100);
        buf_base64(&b, span_of("foobar", n));
        assert_span(buf_span(&b), span_str(base64[n]));
    }
    b = keep_buf(100);
    buf_base64(&b, SPAN_LIT("\xfb\xff\xbf"));
    assert_span(buf_span(&b), SPAN_LIT("+/+/"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_taken_only_if_all_of_it_comes_next),
        cmocka_unit_test(what_follows_the_end_is_refused),
        cmocka_unit_test(a_string_is_what_stands_between_the_quotes),
        cmocka_unit_test(a_string_without_its_quotes_is_refused),
        cmocka_unit_test(control_characters_are_refused),
        cmocka_unit_test(an_escape_is_one_of_json),
        cmocka_unit_test(an_escaped_code_has_four_hexadecimal_digits),
        cmocka_unit_test(escaped_surrogates_come_in_pairs_only),
        cmocka_unit_test(text_is_utf8_in_its_shortest_form),
        cmocka_unit_test(a_cut_off_character_is_refused),
        cmocka_unit_test(a_plain_string_is_printable_ascii_without_escapes),
        cmocka_unit_test(escapes_are_resolved),
        cmocka_unit_test(what_is_written_as_a_string_is_read_back),
        cmocka_unit_test(strings_are_escaped_as_belenios_does),
        cmocka_unit_test(a_number_is_written_in_one_way_and_within_its_bound),
        cmocka_unit_test(a_number_ends_before_what_is_no_digit),
        cmocka_unit_test(counts_above_2_to_the_30_stand_in_quotes),
        cmocka_unit_test(a_list_has_commas_between_its_items_only),
        cmocka_unit_test(a_hash_is_64_lower_case_digits),
        cmocka_unit_test(scalars_and_elements_stand_in_quotes),
        cmocka_unit_test(a_value_of_any_kind_is_skipped),
        cmocka_unit_test(numbers_of_json_are_skipped_and_what_is_none_is_not),
        cmocka_unit_test(what_steers_a_terminal_or_turns_the_order_is_disarmed),
        cmocka_unit_test(what_is_no_value_is_not_skipped),
        cmocka_unit_test(nesting_is_followed_32_deep),
        cmocka_unit_test(writing_past_the_end_writes_nothing_and_is_remembered),
        cmocka_unit_test(a_buffer_may_be_filled_to_the_last_byte),
        cmocka_unit_test(an_arena_is_carved_into_buffers_of_their_own),
        cmocka_unit_test(numbers_and_base64_are_written),
    };
    return cmocka_run_group_tests_name("canonical JSON", tests, NULL, release);
}
