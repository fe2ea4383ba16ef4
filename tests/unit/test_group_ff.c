// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/ff.h"
#include "core/group.h"

#include <gmp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

// Belenios specification 3.3.0, sections "BELENIOS-2048" and "RFC-3526-2048"
#define BELENIOS_P                                                                                                   \
    "20694785691422546401013643657505008064922989295751104097100884787057374219242717401922237254497684338129066633" \
    "13807895840496005438963628979639303877390572280360597374942767137677761889858987273586504908116709931053586778" \
    "09800307904916540637771737641986785272734744763418356000356983051931442845617019110007867373073335641239717328" \
    "97913240474578834468260652327974647951137672658693582180046317922073668860052627186363386088796882120769432366" \
    "14949100292344434637322214588410058642105024212036543356120132048111885240873107701415166620016231317716937218" \
    "9248078507711827842317498073276598828825169183103125680162072880719"
#define BELENIOS_Q "78571733251071885079927659812671450121821421258408794611510081919805623223441"
#define BELENIOS_G                                                                                                   \
    "24023526775018522092276877035323999327122876573783649165100753187876632741463532193202856761552696787996946682" \
    "98749389095083896573425601900601068477164491735474137283104610458681314511781646755400527402889846139864532661" \
    "21505579709716201616827031288643245666383486363578210615491841998253431518974065818686865115135857641013888221" \
    "53960160432288436039309893336627728484065931384060102316750957637779826651036068224066350766977640253462537730" \
    "85133173495194248967754052573659049492477631475991575198775177711481490920456600205478127054728238140972518639" \
    "858334115700568353695553423781475582491896050296680037745308460627"
#define RFC3526_P                                                                                                    \
    "32317006071311007300338913926423828248817941241140239112842009751400741706634354222619689417363569347117901737" \
    "90970419175460587320919502885375898618562215321217541251490177452027023579607823624888424618947758764110592864" \
    "60994117232454266225221932305409190376805242355191256797158701170010580558776510388618472802579760549035697325" \
    "61526167081339361799541336476559160368317896729073178384589680639671900977202194168647225871031411336429319536" \
    "19347163653320971707744822798858856536920864529663607725026895550592836275112117409697299806841055435958486658" \
    "3291642136218231078990999448652468262416972035911852507045361090559"

// A group, and the same in numbers of GMP: the oracle.
struct both {
    struct group g;
    mpz_t p, q, gen;
};

static struct both both[2];
static struct work work;
static gmp_randstate_t rnd;

static void both_init(struct both *b, const struct group_ops *ops, const char *p, const char *gen) {
    b->g.ops = ops;
    ops->init(&b->g, &work);
    mpz_init_set_str(b->p, p, 10);
    mpz_init_set_str(b->gen, gen, 10);
}

static int setup(void **state) {
    (void)state;
    gmp_randinit_default(rnd);
    both_init(&both[0], &group_belenios_2048, BELENIOS_P, BELENIOS_G);
    mpz_init_set_str(both[0].q, BELENIOS_Q, 10);
    both_init(&both[1], &group_rfc3526_2048, RFC3526_P, "2");
    mpz_init(both[1].q);
    mpz_fdiv_q_2exp(both[1].q, both[1].p, 1); // p = 2 q + 1
    return 0;
}

static int teardown(void **state) {
    (void)state;
    for (struct both *b = both; b < both + 2; b++) mpz_clears(b->p, b->q, b->gen, NULL);
    gmp_randclear(rnd);
    return 0;
}

static enum p1_err decode_text(const struct both *b, struct elem *out, const char *text) {
    return elem_decode(&b->g, out, span_str(text), &work);
}

static enum p1_err decode_mpz(const struct both *b, struct elem *out, const mpz_t v) {
    char text[2 * P1_ELEM_TEXT];
    return decode_text(b, out, mpz_get_str(text, 10, v));
}

static void scalar_from_mpz(struct scalar *out, const mpz_t v) {
    memset(out, 0, sizeof *out);
    mpz_export(out->v, NULL, -1, 8, 0, 0, v);
}

static void random_scalar(const struct both *b, struct scalar *s, mpz_t v) {
    mpz_urandomm(v, rnd, b->q);
    scalar_from_mpz(s, v);
}

// A member of the group.
static void random_elem(const struct both *b, struct elem *e, mpz_t v) {
    mpz_urandomm(v, rnd, b->q);
    mpz_powm(v, b->gen, v, b->p);
    assert_int_equal(decode_mpz(b, e, v), P1_OK);
}

static void assert_elem(const struct both *b, const struct elem *e, const mpz_t expected) {
    char text[P1_ELEM_TEXT + 2];
    struct elem_text t;
    elem_encode(&b->g, &t, e, 1, &work);
    mpz_get_str(text, 10, expected);
    assert_int_equal(t.n, strlen(text));
    assert_memory_equal(t.p, text, t.n);

    struct elem again;
    assert_int_equal(elem_decode_trusted(&b->g, &again, elem_span(&t), &work), P1_OK);
    assert_true(elem_equal(&b->g, &again, e, &work));
}

// ---- parameters ----

static void parameters_are_those_of_the_specification(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        mpz_t v;
        mpz_init(v);
        mpz_import(v, b->g.p.n, -1, 8, 0, 0, b->g.p.m);
        assert_int_equal(mpz_cmp(v, b->p), 0);
        mpz_import(v, b->g.q.n, -1, 8, 0, 0, b->g.q.m);
        assert_int_equal(mpz_cmp(v, b->q), 0);
        assert_int_equal(b->g.q.bits, mpz_sizeinbase(b->q, 2));
        assert_elem(b, &b->g.g, b->gen);

        mpz_powm(v, b->gen, b->q, b->p);
        assert_int_equal(mpz_cmp_ui(v, 1), 0);
        mpz_sub_ui(v, b->p, 1);
        assert_true(mpz_divisible_p(v, b->q));
        assert_true(mpz_probab_prime_p(b->q, 1));
        mpz_clear(v);
    }
}

static void scratch_is_large_enough_for_gmp(void **state) {
    (void)state;
    assert_true(mpn_sec_mul_itch(FF_LIMBS, FF_LIMBS) <= FF_SCRATCH - 2 * FF_LIMBS);
    assert_true(mpn_sec_invert_itch(FF_LIMBS) <= FF_SCRATCH);
    for (const struct both *b = both; b < both + 2; b++)
        assert_true(mpn_sec_powm_itch(FF_LIMBS, b->g.q.bits, FF_LIMBS) <= P1_WORK_LIMBS - FF_SCRATCH - 3 * FF_LIMBS);
}

// ---- text ----

static void what_is_no_canonical_number_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"", "+1", "-1", " 1", "1 ", "01", "00", "0x1", "1a", "a", "1.", "1\n", "\"1\""};
    struct elem e;
    for (const struct both *b = both; b < both + 2; b++) {
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            assert_int_equal(decode_text(b, &e, bad[i]), P1_ERR_ELEM_FORM);
        assert_int_equal(elem_decode_trusted(&b->g, &e, span_str("01"), &work), P1_ERR_ELEM_FORM);
    }
}

static void what_is_not_from_1_to_p_minus_1_is_refused(void **state) {
    (void)state;
    char nines[1000];
    memset(nines, '9', sizeof nines);
    for (const struct both *b = both; b < both + 2; b++) {
        struct elem e;
        mpz_t v;
        mpz_init(v);
        assert_int_equal(decode_text(b, &e, "0"), P1_ERR_ELEM_FIELD);
        assert_int_equal(elem_decode_trusted(&b->g, &e, span_str("0"), &work), P1_ERR_ELEM_FIELD);
        assert_int_equal(decode_mpz(b, &e, b->p), P1_ERR_ELEM_FIELD);
        mpz_add_ui(v, b->p, 1);
        assert_int_equal(decode_mpz(b, &e, v), P1_ERR_ELEM_FIELD);
        mpz_add(v, b->p, b->gen);
        assert_int_equal(decode_mpz(b, &e, v), P1_ERR_ELEM_FIELD);
        mpz_ui_pow_ui(v, 2, FF_BITS);
        assert_int_equal(decode_mpz(b, &e, v), P1_ERR_ELEM_FIELD);
        for (size_t n = P1_ELEM_TEXT; n <= P1_ELEM_TEXT + 2; n++)
            assert_int_equal(elem_decode(&b->g, &e, span_of(nines, n), &work), P1_ERR_ELEM_FIELD);
        assert_int_equal(elem_decode(&b->g, &e, span_of(nines, sizeof nines), &work), P1_ERR_ELEM_FIELD);
        mpz_clear(v);
    }
}

static void what_is_outside_the_subgroup_is_refused(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        struct elem e;
        mpz_t v, power;
        mpz_inits(v, power, NULL);
        mpz_sub_ui(v, b->p, 1);
        assert_int_equal(decode_mpz(b, &e, v), P1_ERR_ELEM_SUBGROUP);
        mpz_sub(v, b->p, b->gen);
        assert_int_equal(decode_mpz(b, &e, v), P1_ERR_ELEM_SUBGROUP);
        for (int i = 0; i < 20; i++) {
            mpz_urandomm(v, rnd, b->p);
            mpz_powm(power, v, b->q, b->p);
            int is_member = mpz_cmp_ui(power, 1) == 0;
            assert_int_equal(decode_mpz(b, &e, v), is_member ? P1_OK : P1_ERR_ELEM_SUBGROUP);
        }
        mpz_clears(v, power, NULL);
    }
}

static void a_trusted_text_is_not_checked_for_membership(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        struct elem e;
        char text[2 * P1_ELEM_TEXT];
        mpz_t v;
        mpz_init(v);
        mpz_sub_ui(v, b->p, 1);
        mpz_get_str(text, 10, v);
        assert_int_equal(elem_decode_trusted(&b->g, &e, span_str(text), &work), P1_OK);
        assert_elem(b, &e, v);
        elem_mul_ct(&b->g, &e, &e, &e, &work);
        mpz_set_ui(v, 1);
        assert_elem(b, &e, v);
        mpz_clear(v);
    }
}

static void members_come_back_as_the_text_they_were(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        struct elem e[4];
        struct elem_text t[4];
        mpz_t v[4];
        for (int i = 0; i < 4; i++) {
            mpz_init(v[i]);
            random_elem(b, &e[i], v[i]);
        }
        elem_encode(&b->g, t, e, 4, &work);
        for (int i = 0; i < 4; i++) {
            char text[2 * P1_ELEM_TEXT];
            mpz_get_str(text, 10, v[i]);
            assert_true(span_eq(elem_span(&t[i]), span_str(text)));
            mpz_clear(v[i]);
        }
    }
}

static void texts_are_ordered_as_numbers(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        assert_true(elem_text_order(&b->g, SPAN_LIT("9"), SPAN_LIT("10")) < 0);
        assert_true(elem_text_order(&b->g, SPAN_LIT("10"), SPAN_LIT("9")) > 0);
        assert_true(elem_text_order(&b->g, SPAN_LIT("1234"), SPAN_LIT("1243")) < 0);
        assert_true(elem_text_order(&b->g, SPAN_LIT("2000"), SPAN_LIT("1999")) > 0);
        assert_true(elem_text_order(&b->g, SPAN_LIT("77"), SPAN_LIT("77")) == 0);
    }
}

// ---- arithmetic ----

static void the_identity_is_a_member_and_changes_nothing(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        struct elem one, decoded, e, product;
        mpz_t v;
        mpz_init(v);
        elem_identity(&b->g, &one);
        assert_int_equal(decode_text(b, &decoded, "1"), P1_OK);
        assert_true(elem_equal(&b->g, &one, &decoded, &work));
        random_elem(b, &e, v);
        elem_mul_ct(&b->g, &product, &e, &one, &work);
        assert_true(elem_equal(&b->g, &product, &e, &work));
        assert_false(elem_equal(&b->g, &product, &one, &work));
        mpz_clear(v);
    }
}

static void elements_that_differ_in_any_limb_are_not_equal(void **state) {
    (void)state;
    const struct group *g = &both[0].g;
    for (size_t i = 0; i < P1_LIMBS; i++) {
        struct elem e = g->g;
        e.u.ff[i] ^= (uint64_t)1 << (2 * i);
        assert_false(elem_equal(g, &e, &g->g, &work));
    }
}

static void an_inverse_times_its_element_is_the_identity(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        struct elem e, inv, one;
        mpz_t v;
        mpz_init(v);
        random_elem(b, &e, v);
        elem_inverse(&b->g, &inv, &e, &work);
        mpz_invert(v, v, b->p);
        assert_elem(b, &inv, v);
        elem_mul_ct(&b->g, &inv, &inv, &e, &work);
        elem_identity(&b->g, &one);
        assert_true(elem_equal(&b->g, &inv, &one, &work));
        elem_inverse(&b->g, &one, &one, &work); // in place
        assert_true(elem_equal(&b->g, &inv, &one, &work));
        mpz_clear(v);
    }
}

// ---- products of powers ----

enum { JOBS = 16 };

// Jobs with random elements and scalars, and what they must give.
struct fixture {
    struct base_table y;
    struct elem y_elem, base[JOBS], out[JOBS];
    struct scalar s[JOBS][3];
    struct mul_job job[JOBS];
    mpz_t y_mpz, base_mpz[JOBS], s_mpz[JOBS][3];
};

static struct fixture fx;

static void fixture_init(const struct both *b) {
    mpz_init(fx.y_mpz);
    random_elem(b, &fx.y_elem, fx.y_mpz);
    base_table_init(&b->g, &fx.y, &fx.y_elem, &work);
    for (int i = 0; i < JOBS; i++) {
        mpz_init(fx.base_mpz[i]);
        random_elem(b, &fx.base[i], fx.base_mpz[i]);
        for (int k = 0; k < 3; k++) {
            mpz_init(fx.s_mpz[i][k]);
            random_scalar(b, &fx.s[i][k], fx.s_mpz[i][k]);
        }
        fx.job[i] = (struct mul_job){&fx.out[i], &fx.s[i][0], &fx.s[i][1], &fx.s[i][2], &fx.base[i]};
    }
}

static void fixture_release(void) {
    mpz_clear(fx.y_mpz);
    for (int i = 0; i < JOBS; i++) {
        mpz_clear(fx.base_mpz[i]);
        for (int k = 0; k < 3; k++) mpz_clear(fx.s_mpz[i][k]);
    }
}

// Job i without the factors whose bit in LEAVE_OUT is set.
static void leave_out(int i, int which) {
    if (which & 1) fx.job[i].g = NULL;
    if (which & 2) fx.job[i].y = NULL;
    if (which & 4) fx.job[i].x = NULL;
}

static void set_scalar(int i, int k, const mpz_t v) {
    mpz_set(fx.s_mpz[i][k], v);
    scalar_from_mpz(&fx.s[i][k], v);
}

// Job i has the base that was drawn for job j.
static void set_base(int i, int j) { fx.job[i].base = &fx.base[j]; }

static void assert_jobs(const struct both *b, int n) {
    mpz_t expected, power;
    mpz_inits(expected, power, NULL);
    for (int i = 0; i < n; i++) {
        const struct mul_job *job = &fx.job[i];
        mpz_set_ui(expected, 1);
        if (job->g) {
            mpz_powm(power, b->gen, fx.s_mpz[i][0], b->p);
            mpz_mul(expected, expected, power);
        }
        if (job->y) {
            mpz_powm(power, fx.y_mpz, fx.s_mpz[i][1], b->p);
            mpz_mul(expected, expected, power);
        }
        if (job->x) {
            mpz_powm(power, fx.base_mpz[job->base - fx.base], fx.s_mpz[i][2], b->p);
            mpz_mul(expected, expected, power);
        }
        mpz_mod(expected, expected, b->p);
        assert_elem(b, job->out, expected);
    }
    mpz_clears(expected, power, NULL);
}

static void run_and_assert(const struct both *b, int n) {
    mul_run_vartime(&b->g, &fx.y, fx.job, (size_t)n, &work);
    assert_jobs(b, n);
    memset(fx.out, 0, sizeof fx.out);
    mul_run_ct(&b->g, &fx.y, fx.job, (size_t)n, &work);
    assert_jobs(b, n);
}

static void each_combination_of_factors_agrees_with_gmp(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        fixture_init(b);
        for (int i = 0; i < 8; i++) leave_out(i, i);
        run_and_assert(b, 8);
        fixture_release();
    }
}

static void jobs_of_one_base_agree_with_gmp(void **state) {
    (void)state;
    static const int base_of[] = {0, 0, 0, 1, 2, 1, 2, 2, 3, 0};
    for (const struct both *b = both; b < both + 2; b++) {
        fixture_init(b);
        int n = (int)(sizeof base_of / sizeof *base_of);
        for (int i = 0; i < n; i++) {
            set_base(i, base_of[i]);
            leave_out(i, i % 4);
        }
        leave_out(4, 4); // its base is then another job's only
        mul_run_vartime(&b->g, &fx.y, fx.job, (size_t)n, &work);
        assert_jobs(b, n);
        fixture_release();
    }
}

static void the_order_of_jobs_does_not_matter_and_y_may_be_absent(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        fixture_init(b);
        for (int i = 0; i < 4; i++) {
            set_base(i, i / 2);
            leave_out(i, 2);
        }
        mul_run_vartime(&b->g, NULL, fx.job, 4, &work);
        assert_jobs(b, 4);
        mul_run_ct(&b->g, NULL, fx.job, 1, &work);
        assert_jobs(b, 1);
        fixture_release();
    }
}

static void scalars_at_the_edges_agree_with_gmp(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        fixture_init(b);
        mpz_t v;
        mpz_init(v);
        size_t chunk = (mpz_sizeinbase(b->q, 2) + 3) / 4;
        for (int i = 0; i < JOBS; i++) {
            if (i < 3)
                mpz_set_ui(v, (unsigned)i); // 0, 1, 2
            else if (i < 6)
                mpz_sub_ui(v, b->q, (unsigned)i - 2);
            else
                mpz_ui_pow_ui(v, 2, chunk * (unsigned)(i / 5) + (unsigned)(i % 3) - 1);
            if (i >= 10) mpz_sub_ui(v, v, 1);
            set_scalar(i, 2, v);
            set_scalar(i, i % 2, v);
            set_base(i, i / 2);
        }
        mul_run_vartime(&b->g, &fx.y, fx.job, JOBS, &work);
        assert_jobs(b, JOBS);
        for (int i = 0; i < JOBS; i++) set_base(i, i); // each base alone
        mul_run_vartime(&b->g, &fx.y, fx.job, JOBS, &work);
        assert_jobs(b, JOBS);
        mul_run_ct(&b->g, &fx.y, fx.job, 4, &work);
        assert_jobs(b, 4);
        mpz_clear(v);
        fixture_release();
    }
}

static void all_scalars_zero_give_the_identity(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        fixture_init(b);
        mpz_t zero;
        mpz_init(zero);
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 3; k++) set_scalar(i, k, zero);
            set_base(i, i / 2);
        }
        run_and_assert(b, 3);
        mpz_clear(zero);
        fixture_release();
    }
}

static void the_order_as_scalar_tells_membership(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        fixture_init(b);
        struct elem one;
        elem_identity(&b->g, &one);
        leave_out(0, 3);
        leave_out(1, 3);
        leave_out(2, 3);
        memcpy(fx.s[0][2].v, b->g.q.m, sizeof fx.s[0][2].v);
        memcpy(fx.s[2][2].v, b->g.q.m, sizeof fx.s[2][2].v);
        set_base(1, 0);
        memset(fx.base[2].u.ff, 0, sizeof fx.base[2].u.ff);
        fx.base[2].u.ff[0] = 7; // 7 / 2^2048
        mul_run_vartime(&b->g, NULL, fx.job, 3, &work);
        assert_true(elem_equal(&b->g, &fx.out[0], &one, &work));
        assert_false(elem_equal(&b->g, &fx.out[1], &one, &work));
        mpz_t v, power;
        mpz_inits(v, power, NULL);
        mpz_ui_pow_ui(power, 2, FF_BITS);
        mpz_invert(v, power, b->p);
        mpz_mul_ui(v, v, 7);
        mpz_powm(power, v, b->q, b->p);
        assert_elem(b, &fx.out[2], power);
        mpz_clears(v, power, NULL);
        fixture_release();
    }
}

static void a_job_may_overwrite_its_own_base(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        fixture_init(b);
        struct elem in[2] = {fx.base[0], fx.base[0]};
        for (int i = 0; i < 2; i++) {
            struct mul_job job = fx.job[0];
            job.base = job.out = &in[i];
            if (i == 0)
                mul_run_vartime(&b->g, &fx.y, &job, 1, &work);
            else
                mul_run_ct(&b->g, &fx.y, &job, 1, &work);
            fx.job[0].out = &in[i];
            assert_jobs(b, 1);
        }
        fixture_release();
    }
}

// ---- memory ----

static int asked;

static void *count_alloc(size_t n) {
    asked++;
    return malloc(n);
}

static void *count_realloc(void *p, size_t old, size_t n) {
    (void)old;
    asked++;
    return realloc(p, n);
}

static void plain_free(void *p, size_t n) {
    (void)n;
    free(p);
}

static void gmp_is_asked_for_no_memory(void **state) {
    (void)state;
    for (const struct both *b = both; b < both + 2; b++) {
        static struct group fresh;
        struct elem_text t;
        fixture_init(b);
        set_base(1, 0);
        elem_encode(&b->g, &t, &fx.base[0], 1, &work);

        asked = 0;
        mp_set_memory_functions(count_alloc, count_realloc, plain_free);
        b->g.ops->init(&fresh, &work);
        enum p1_err e = elem_decode(&b->g, &fx.base[3], elem_span(&t), &work);
        elem_encode(&b->g, &t, &fx.base[3], 1, &work);
        elem_inverse(&b->g, &fx.base[3], &fx.base[3], &work);
        elem_mul_ct(&b->g, &fx.base[3], &fx.base[3], &fx.base[3], &work);
        mul_run_vartime(&b->g, &fx.y, fx.job, 3, &work);
        mul_run_ct(&b->g, &fx.y, fx.job, 1, &work);
        mp_set_memory_functions(NULL, NULL, NULL);
        assert_int_equal(e, P1_OK);
        assert_int_equal(asked, 0);
        fixture_release();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_those_of_the_specification),
        cmocka_unit_test(scratch_is_large_enough_for_gmp),
        cmocka_unit_test(what_is_no_canonical_number_is_refused),
        cmocka_unit_test(what_is_not_from_1_to_p_minus_1_is_refused),
        cmocka_unit_test(what_is_outside_the_subgroup_is_refused),
        cmocka_unit_test(a_trusted_text_is_not_checked_for_membership),
        cmocka_unit_test(members_come_back_as_the_text_they_were),
        cmocka_unit_test(texts_are_ordered_as_numbers),
        cmocka_unit_test(the_identity_is_a_member_and_changes_nothing),
        cmocka_unit_test(elements_that_differ_in_any_limb_are_not_equal),
        cmocka_unit_test(an_inverse_times_its_element_is_the_identity),
        cmocka_unit_test(each_combination_of_factors_agrees_with_gmp),
        cmocka_unit_test(jobs_of_one_base_agree_with_gmp),
        cmocka_unit_test(the_order_of_jobs_does_not_matter_and_y_may_be_absent),
        cmocka_unit_test(scalars_at_the_edges_agree_with_gmp),
        cmocka_unit_test(all_scalars_zero_give_the_identity),
        cmocka_unit_test(the_order_as_scalar_tells_membership),
        cmocka_unit_test(a_job_may_overwrite_its_own_base),
        cmocka_unit_test(gmp_is_asked_for_no_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
