// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Tallies, results and small logarithms. Shares are in test_share.c.

#include "core/sha256.h"
#include "tests/unit/helpers.h"

#define QUESTIONS                                                           \
    "[{\"answers\":[\"A\",\"B\"],\"min\":0,\"max\":1,\"question\":\"Q1\"}," \
    "{\"answers\":[\"A\"],\"blank\":true,\"min\":0,\"max\":1,\"question\":\"Q2\"}]"

enum { CHOICES = 4 };

static const uint8_t chosen[][CHOICES] = {{1, 0, 0, 1}, {0, 1, 1, 0}, {0, 0, 0, 0}};

static struct election *elections[GROUPS];
static struct scalar keys[GROUPS];
static struct ciphertext choices[GROUPS][3][CHOICES]; // of three ballots

static struct span written(const struct election *e, const struct ciphertext *tally) {
    struct buf b = keep_buf(tally_size_max(e));
    tally_write(e, tally, &b, &work);
    assert_ok(buf_done(&b));
    return keep_span(buf_span(&b));
}

// ---- tallies ----

// The weight of a credential on a list of "KEY,WEIGHT".
static uint64_t weight_of(struct span list, struct span credential) {
    size_t at = find(list, 0, str_of(credential));
    assert_true(at != SIZE_MAX);
    struct span rest = span_from(list, at + credential.n);
    if (rest.p[0] != ',') return 1;
    return strtoull(str_of(between(rest, ",", "\"")), NULL, 10);
}

static void a_tally_with_weights_is_the_one_that_belenios_wrote(void **state) {
    const char *name = "ed25519-weighted";
    const struct election *e = election_of_vector(name);
    struct span list = vector(name, "public_creds.json"), text = vector(name, "ballots.jsons"), line;
    struct ciphertext tally[5], c[5];
    struct sized_tally sized = {0};
    (void)state;
    tally_init(e, tally);
    while (next_line(&text, &line)) {
        struct ballot b;
        assert_ok(ballot_parse(&b, &e->group.q, line));
        assert_ok(ballot_choices(e, &b, c, &work));
        uint64_t weight = weight_of(list, b.credential);
        tally_add(e, tally, c, weight, &work);
        sized.ballots++;
        sized.weight += weight;
    }
    struct span json = written(e, tally);
    assert_span(json, vector(name, "tally.json"));
    sha256(sized.tally, json);
    struct buf b = keep_buf(200);
    sized_tally_write(&sized, &b);
    assert_span(buf_span(&b), vector(name, "sized_tally.json"));
}

static void no_ballots_give_a_tally_of_identities(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct ciphertext tally[CHOICES];
        struct elem one;
        elem_identity(&e->group, &one);
        struct elem_text t = elem_text_of(&e->group, &one);
        tally_init(e, tally);
        struct span pair =
            text_of("{\"alpha\":\"%.*s\",\"beta\":\"%.*s\"}", SPAN_ARG(elem_span(&t)), SPAN_ARG(elem_span(&t)));
        assert_span(written(e, tally), text_of("[[%.*s,%.*s],[%.*s,%.*s]]", SPAN_ARG(pair), SPAN_ARG(pair),
                                               SPAN_ARG(pair), SPAN_ARG(pair)));
    }
}

static void a_weight_is_so_many_ballots(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct ciphertext one_by_one[CHOICES], at_once[CHOICES];
        for (unsigned weight = 0; weight < 4; weight++) {
            tally_init(e, one_by_one);
            tally_init(e, at_once);
            for (unsigned i = 0; i < weight; i++) tally_add(e, one_by_one, choices[k][0], 1, &work);
            tally_add(e, at_once, choices[k][0], weight, &work);
            assert_span(written(e, at_once), written(e, one_by_one));
        }
    }
}

static void tallies_add_up_in_any_order(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct ciphertext all[CHOICES], part[CHOICES], other[CHOICES];
        tally_init(e, all);
        tally_init(e, part);
        tally_init(e, other);
        for (size_t i = 0; i < 3; i++) tally_add(e, all, choices[k][i], 5 + i, &work);
        tally_add(e, part, choices[k][2], 7, &work);
        tally_add(e, other, choices[k][1], 6, &work);
        tally_add(e, other, choices[k][0], 5, &work);
        tally_add(e, part, other, 1, &work);
        assert_span(written(e, part), written(e, all));
    }
}

static void a_tally_is_read_as_it_is_written(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct ciphertext tally[CHOICES], back[CHOICES];
        tally_init(e, tally);
        tally_add(e, tally, choices[k][0], 3, &work);
        struct span json = written(e, tally);
        assert_ok(tally_parse(e, json, back, &work));
        assert_span(written(e, back), json);
        for (unsigned i = 0; i < CHOICES; i++) {
            assert_true(elem_equal(&e->group, &tally[i].alpha, &back[i].alpha, &work));
            assert_true(elem_equal(&e->group, &tally[i].beta, &back[i].beta, &work));
        }
    }
}

static enum p1_err tally_verdict(struct span json) {
    struct ciphertext out[CHOICES];
    return tally_parse(elections[0], keep_span(json), out, &work);
}

static void a_tally_has_one_entry_for_each_choice(void **state) {
    struct span json = written(elections[0], choices[0][0]);
    struct span one = between(json, "[[", "},{");
    (void)state;
    assert_ok(tally_verdict(json));
    assert_err(tally_verdict(replaced(json, "},{", "}],[{")), P1_ERR_TALLY_FORM);
    assert_err(tally_verdict(replaced(json, "}],[{", "},{")), P1_ERR_TALLY_FORM);
    assert_err(tally_verdict(replaced(json, str_of(text_of("%.*s},", SPAN_ARG(one))), "")), P1_ERR_TALLY_FORM);
    assert_err(tally_verdict(replaced(json, "[[", str_of(text_of("[[%.*s},", SPAN_ARG(one))))), P1_ERR_TALLY_FORM);
    assert_err(tally_verdict(replaced(json, "]]", str_of(text_of(",%.*s}]]", SPAN_ARG(one))))), P1_ERR_TALLY_FORM);
    assert_err(tally_verdict(replaced(json, "]]", "],[]]")), P1_ERR_TALLY_FORM);
    assert_err(tally_verdict(SPAN_LIT("[]")), P1_ERR_TALLY_FORM);
    assert_err(tally_verdict(SPAN_LIT("[[],[]]")), P1_ERR_JSON);
    assert_err(tally_verdict(text_of("%.*s ", SPAN_ARG(json))), P1_ERR_JSON_TRAILING);
    assert_err(tally_verdict(replaced(json, "\"beta\"", "\"x\":1,\"beta\"")), P1_ERR_JSON);
    for (size_t n = 0; n < json.n; n++) assert_int_not_equal(tally_verdict(span_of(json.p, n)), P1_OK);
}

static void elements_outside_the_group_are_refused_in_a_tally(void **state) {
    static const char order2[] = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec";
    struct span json = written(elections[0], choices[0][0]);
    (void)state;
    assert_err(tally_verdict(replaced(json, str_of(between(json, "\"alpha\":\"", "\"")), order2)),
               P1_ERR_ELEM_SUBGROUP);
    assert_err(tally_verdict(replaced(json, str_of(between_nth(json, 3, "\"beta\":\"", "\"")), order2)),
               P1_ERR_ELEM_SUBGROUP);
}

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void the_size_of_a_tally_is_read_as_it_is_written(void **state) {
    static const struct {
        const char *text;
        uint64_t ballots, weight;
    } good[] = {
        {"{\"num_tallied\":0,\"total_weight\":0,\"encrypted_tally\":\"" HASH "\"}", 0, 0},
        {"{\"num_tallied\":20,\"total_weight\":\"90001002596\",\"encrypted_tally\":\"" HASH "\"}", 20, 90001002596},
        {"{\"num_tallied\":2000000000,\"total_weight\":1073741823,\"encrypted_tally\":\"" HASH "\"}", 2000000000,
         1073741823},
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct sized_tally s;
        struct buf b = keep_buf(200);
        assert_ok(sized_tally_parse(keep_span(span_str(good[i].text)), &s));
        assert_true(s.ballots == good[i].ballots && s.weight == good[i].weight);
        sized_tally_write(&s, &b);
        assert_span(buf_span(&b), span_str(good[i].text));
    }
}

static void the_size_of_a_tally_has_one_form(void **state) {
    const struct span good = SPAN_LIT("{\"num_tallied\":20,\"total_weight\":21,\"encrypted_tally\":\"" HASH "\"}");
    static const struct {
        const char *old, *by;
        enum p1_err err;
    } bad[] = {
        {"20", "-1", P1_ERR_JSON_NUMBER},         {"20", "9223372036854775808", P1_ERR_JSON_NUMBER},
        {"20", "\"20\"", P1_ERR_JSON_NUMBER},     {"21", "\"21\"", P1_ERR_JSON_NUMBER},
        {"21", "1073741824", P1_ERR_JSON_NUMBER}, {"0123", "ABCD", P1_ERR_HASH_FORM},
        {"num_tallied", "tallied", P1_ERR_JSON},  {",\"encrypted", ",\"x\":1,\"encrypted", P1_ERR_JSON},
        {"\"}", "\"} ", P1_ERR_JSON_TRAILING},
    };
    struct sized_tally s;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(sized_tally_parse(replaced(good, bad[i].old, bad[i].by), &s), bad[i].err);
    for (size_t n = 0; n < good.n; n++)
        assert_int_not_equal(sized_tally_parse(keep_span(span_of(good.p, n)), &s), P1_OK);
}

// ---- results ----

static void a_result_is_read_as_it_is_written(void **state) {
    static const uint64_t counts[][CHOICES] = {
        {0, 0, 0, 0}, {1, 20, 300, 4000}, {1073741823, 1073741824, 90000001522, INT64_MAX}};
    static const char *const text[] = {
        "{\"result\":[[0,0],[0,0]]}", "{\"result\":[[1,20],[300,4000]]}",
        "{\"result\":[[1073741823,\"1073741824\"],[\"90000001522\",\"9223372036854775807\"]]}"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        uint64_t back[CHOICES];
        struct buf b = keep_buf(200);
        result_write(elections[0], counts[i], &b);
        assert_span(buf_span(&b), span_str(text[i]));
        assert_ok(result_parse(elections[0], buf_span(&b), back));
        assert_memory_equal(back, counts[i], sizeof back);
    }
}

static void a_result_has_one_count_for_each_choice(void **state) {
    static const struct {
        const char *text;
        enum p1_err err;
    } bad[] = {
        {"{\"result\":[[0,0],[0]]}", P1_ERR_RESULT_FORM},
        {"{\"result\":[[0,0],[0,0,0]]}", P1_ERR_RESULT_FORM},
        {"{\"result\":[[0],[0,0]]}", P1_ERR_RESULT_FORM},
        {"{\"result\":[[0,0,0],[0,0]]}", P1_ERR_RESULT_FORM},
        {"{\"result\":[[0,0]]}", P1_ERR_RESULT_FORM},
        {"{\"result\":[[0,0],[0,0],[0]]}", P1_ERR_RESULT_FORM},
        {"{\"result\":[[0,0],[0,0]]", P1_ERR_RESULT_FORM},
        {"{\"result\":[0,0,0,0]}", P1_ERR_RESULT_FORM},
        {"{\"result\":[[0,-1],[0,0]]}", P1_ERR_JSON_NUMBER},
        {"{\"result\":[[0,\"1\"],[0,0]]}", P1_ERR_JSON_NUMBER},
        {"{\"result\":[[0,1073741824],[0,0]]}", P1_ERR_JSON_NUMBER},
        {"{\"results\":[[0,0],[0,0]]}", P1_ERR_JSON},
        {"{\"result\":[[0,0],[0,0]]} ", P1_ERR_JSON_TRAILING},
        {"{\"result\": [[0,0],[0,0]]}", P1_ERR_RESULT_FORM},
        {"", P1_ERR_JSON},
    };
    uint64_t counts[CHOICES];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(result_parse(elections[0], keep_span(span_str(bad[i].text)), counts), bad[i].err);
}

static void only_the_right_counts_open_a_tally(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct election *e = elections[k];
        struct ciphertext tally[CHOICES];
        struct elem factors[CHOICES];
        uint64_t counts[CHOICES] = {5, 6, 6, 5};
        unsigned choice = 99;
        tally_init(e, tally);
        for (size_t i = 0; i < 3; i++) tally_add(e, tally, choices[k][i], 5 + i, &work);
        for (unsigned i = 0; i < CHOICES; i++) {
            const struct mul_job job = {.out = &factors[i], .x = &keys[k], .base = &tally[i].alpha};
            mul_run_vartime(&e->group, NULL, &job, 1, &work);
        }
        assert_ok(result_check(e, tally, factors, counts, &choice, &work));
        for (unsigned i = 0; i < CHOICES; i++) {
            const uint64_t right = counts[i], wrong[] = {right + 1, right - 1, 0, UINT64_MAX};
            for (size_t w = 0; w < 4; w++) {
                counts[i] = wrong[w];
                assert_err(result_check(e, tally, factors, counts, &choice, &work), P1_ERR_RESULT);
                assert_int_equal(choice, i);
            }
            counts[i] = right;
        }
        counts[0] = 6; // exchanged, with the same total
        counts[1] = 5;
        assert_err(result_check(e, tally, factors, counts, &choice, &work), P1_ERR_RESULT);
        assert_int_equal(choice, 0);
    }
}

// ---- small logarithms ----

// A ciphertext that opens to V with this factor.
static void hidden(const struct group *g, uint64_t v, struct ciphertext *c, struct elem *factor) {
    const struct scalar r = random_scalar(&g->q);
    struct scalar s;
    struct elem power;
    sc_from_u64(&s, v);
    *factor = power_of_g(g, &r);
    power = power_of_g(g, &s);
    elem_identity(g, &c->alpha);
    elem_mul_ct(g, &c->beta, factor, &power, &work);
}

static void every_count_up_to_the_maximum_is_found_and_none_above(void **state) {
    static const uint64_t max[] = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 63, 64, 65, 100, 255};
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        const struct group *g = group_of(group_names[k]);
        for (size_t i = 0; i < (k ? 9 : sizeof max / sizeof *max); i++) {
            struct dlog d;
            struct ciphertext c;
            struct elem factor;
            uint64_t found;
            dlog_init(&d, g, max[i], keep(dlog_table_bytes(max[i])), &work);
            for (uint64_t v = 0; v <= max[i]; v += k == 2 ? 4 : 1) {
                hidden(g, v, &c, &factor);
                assert_ok(dlog_find(&d, g, &c, &factor, max[i], &found, &work));
                assert_true(found == v);
            }
            hidden(g, max[i] + 1, &c, &factor);
            assert_err(dlog_find(&d, g, &c, &factor, max[i], &found, &work), P1_ERR_RESULT);
        }
    }
}

static void a_table_for_more_serves_for_less(void **state) {
    const struct group *g = group_of("Ed25519");
    struct dlog d;
    struct ciphertext c;
    struct elem factor;
    uint64_t found;
    (void)state;
    dlog_init(&d, g, 1000, keep(dlog_table_bytes(1000)), &work);
    hidden(g, 500, &c, &factor);
    assert_ok(dlog_find(&d, g, &c, &factor, 500, &found, &work));
    assert_true(found == 500);
    assert_err(dlog_find(&d, g, &c, &factor, 499, &found, &work), P1_ERR_RESULT);
}

static void what_is_no_small_count_is_not_found(void **state) {
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        const struct group *g = group_of(group_names[k]);
        struct dlog d;
        struct ciphertext c;
        struct elem factor;
        uint64_t found;
        dlog_init(&d, g, 400, keep(dlog_table_bytes(400)), &work);
        hidden(g, 3, &c, &factor);
        elem_mul_ct(g, &factor, &factor, &factor, &work);
        assert_err(dlog_find(&d, g, &c, &factor, 400, &found, &work), P1_ERR_RESULT);
        struct scalar minus = {{1}};
        sc_sub(&g->q, &minus, &(struct scalar){{0}}, &minus);
        c.beta = power_of_g(g, &minus); // -1
        elem_identity(g, &factor);
        assert_err(dlog_find(&d, g, &c, &factor, 400, &found, &work), P1_ERR_RESULT);
    }
}

// Two elements may have one fingerprint.
static void a_false_hit_in_the_table_is_not_believed(void **state) {
    const struct group *g = group_of("Ed25519");
    struct dlog d;
    struct ciphertext c;
    struct elem factor;
    uint64_t found;
    (void)state;
    dlog_init(&d, g, 400, keep(dlog_table_bytes(400)), &work);
    for (uint64_t slot = 0; slot < d.slots; slot++)
        if (d.table[2 * slot + 1] > 1) d.table[2 * slot + 1]--;
    hidden(g, 44, &c, &factor);
    assert_err(dlog_find(&d, g, &c, &factor, 400, &found, &work), P1_ERR_RESULT);
}

static void a_count_of_ninety_billion_is_found(void **state) {
    const struct group *g = group_of("Ed25519");
    const uint64_t max = 90001002596, value = 90000001522; // the weights of the vector ed25519-weighted
    struct dlog d;
    struct ciphertext c;
    struct elem factor;
    uint64_t found;
    (void)state;
    dlog_init(&d, g, max, keep(dlog_table_bytes(max)), &work);
    hidden(g, value, &c, &factor);
    assert_ok(dlog_find(&d, g, &c, &factor, max, &found, &work));
    assert_true(found == value);
    hidden(g, max, &c, &factor);
    assert_ok(dlog_find(&d, g, &c, &factor, max, &found, &work));
    assert_true(found == max);
}

static int init(void **state) {
    (void)state;
    for (size_t k = 0; k < GROUPS; k++) {
        keys[k] = random_scalar(&group_of(group_names[k])->q);
        elections[k] = election_read(election_text(group_names[k], QUESTIONS, &keys[k]));
        for (size_t i = 0; i < 3; i++) {
            struct voter v = voter_make(elections[k]);
            struct ballot b;
            if (ballot_parse(&b, &elections[k]->group.q, ballot_of(elections[k], &v, chosen[i])) != P1_OK) return -1;
            if (ballot_choices(elections[k], &b, choices[k][i], &work) != P1_OK) return -1;
        }
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tally_with_weights_is_the_one_that_belenios_wrote),
        cmocka_unit_test(no_ballots_give_a_tally_of_identities),
        cmocka_unit_test(a_weight_is_so_many_ballots),
        cmocka_unit_test(tallies_add_up_in_any_order),
        cmocka_unit_test(a_tally_is_read_as_it_is_written),
        cmocka_unit_test(a_tally_has_one_entry_for_each_choice),
        cmocka_unit_test(elements_outside_the_group_are_refused_in_a_tally),
        cmocka_unit_test(the_size_of_a_tally_is_read_as_it_is_written),
        cmocka_unit_test(the_size_of_a_tally_has_one_form),
        cmocka_unit_test(a_result_is_read_as_it_is_written),
        cmocka_unit_test(a_result_has_one_count_for_each_choice),
        cmocka_unit_test(only_the_right_counts_open_a_tally),
        cmocka_unit_test(every_count_up_to_the_maximum_is_found_and_none_above),
        cmocka_unit_test(a_table_for_more_serves_for_less),
        cmocka_unit_test(what_is_no_small_count_is_not_found),
        cmocka_unit_test(a_false_hit_in_the_table_is_not_believed),
        cmocka_unit_test(a_count_of_ninety_billion_is_found),
    };
    return cmocka_run_group_tests_name("tallies and results", tests, init, release);
}
