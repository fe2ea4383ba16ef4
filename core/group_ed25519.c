// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Group Ed25519 of Belenios specification 3.3.0: the curve of RFC 8032, in it the subgroup of prime order
// q = 2^252 + 27742317777372353535851937790883648493. An element is written as 64 lower-case hex digits of the number
// y + 2^255 (x mod 2): RFC 8032's bytes, last byte first.
#include "core/ge25519.h"
#include "core/group.h"
#include "core/wipe.h"

#define TEXT 64
#define PIECES 4      // the odd multiples of a base_table stand at 2^0, 2^64, 2^128 and 2^192 times the base
#define BITS 256      // digits of a recoded scalar; q has 253 bits
#define WIDTH_TABLE 8 // of the signed digits for 64 odd multiples
#define WIDTH_BASE 5  // of those for BASE_ODD
#define BASE_ODD 8
#define BATCH 64 // jobs among which those with the same base are looked for
#define FE_LIMBS (sizeof(struct fe) / sizeof(uint64_t))

_Static_assert(sizeof(struct ge) == sizeof(((struct elem *)0)->u.ed), "struct elem holds a struct ge");
_Static_assert(sizeof(struct ge_affine) == sizeof(uint64_t[15]), "a row of struct base_table holds a struct ge_affine");

static struct ge load(const struct elem *e) {
    struct ge p;
    memcpy(&p, &e->u.ed, sizeof p);
    return p;
}

static void store(struct elem *e, const struct ge *p) { memcpy(&e->u.ed, p, sizeof *p); }

// Texts

static unsigned hex_value(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return 16;
}

static enum p1_err decode(const struct group *g, struct elem *out, struct span text, int trusted, struct work *w) {
    uint8_t b[32];
    struct ge p;
    (void)g, (void)w;
    if (text.n != TEXT) return P1_ERR_ELEM_FORM;
    for (size_t i = 0; i < 32; i++) {
        unsigned high = hex_value(text.p[2 * i]), low = hex_value(text.p[2 * i + 1]);
        if ((high | low) > 15) return P1_ERR_ELEM_FORM;
        b[31 - i] = (uint8_t)(high << 4 | low);
    }
    TRY(ge_from_bytes_vartime(&p, b));
    if (!trusted && !ge_in_subgroup_vartime(&p)) return P1_ERR_ELEM_SUBGROUP;
    store(out, &p);
    return P1_OK;
}

static uint8_t hex_digit(unsigned v) { return (uint8_t)(v + '0' + (((9 - v) >> 8) & ('a' - '0' - 10))); }

static void encode_one(struct elem_text *out, const struct ge *p, const struct fe *inv_z) {
    uint8_t b[32];
    ge_to_bytes(b, p, inv_z);
    for (size_t i = 0; i < 32; i++) {
        out->p[2 * i] = hex_digit(b[31 - i] >> 4);
        out->p[2 * i + 1] = hex_digit(b[31 - i] & 15);
    }
    out->n = TEXT;
    wipe(b, sizeof b);
}

// Montgomery's trick: the inverse of a product gives, with the products of all that came before, the inverse of each.
static void encode_chunk(struct elem_text *out, const struct elem *e, size_t n, struct work *w) {
    struct fe product = fe_one, inverse, before;
    struct ge p;
    for (size_t i = 0; i < n; i++) {
        memcpy(&w->limb[FE_LIMBS * i], &product, sizeof product);
        p = load(&e[i]);
        fe_mul(&product, &product, &p.z);
    }
    fe_inv(&product, &product);
    for (size_t i = n; i-- > 0;) {
        memcpy(&before, &w->limb[FE_LIMBS * i], sizeof before);
        p = load(&e[i]);
        fe_mul(&inverse, &product, &before);
        fe_mul(&product, &product, &p.z);
        encode_one(&out[i], &p, &inverse);
    }
    wipe(&product, sizeof product);
    wipe(&inverse, sizeof inverse);
    wipe(&before, sizeof before);
    wipe(&p, sizeof p);
}

static void encode(const struct group *g, struct elem_text *out, const struct elem *e, size_t n, struct work *w) {
    const size_t chunk = P1_WORK_LIMBS / FE_LIMBS;
    (void)g;
    for (size_t i = 0; i < n; i += chunk) encode_chunk(out + i, e + i, n - i < chunk ? n - i : chunk, w);
}

static int text_order(struct span a, struct span b) {
    if (a.n != TEXT || b.n != TEXT) return (a.n > b.n) - (a.n < b.n);
    for (size_t i = TEXT; i > 0; i -= 2) {
        int order = memcmp(a.p + i - 2, b.p + i - 2, 2);
        if (order) return order;
    }
    return 0;
}

// The group's operation

static void identity(const struct group *g, struct elem *out) {
    struct ge p;
    (void)g;
    ge_identity(&p);
    store(out, &p);
}

static void mul_ct(const struct group *g, struct elem *out, const struct elem *a, const struct elem *b,
                   struct work *w) {
    struct ge p = load(a), q = load(b);
    struct ge_cached c;
    struct ge_sum s;
    (void)g, (void)w;
    ge_cache(&c, &q);
    ge_add(&s, &p, &c);
    ge_finish(&p, &s);
    store(out, &p);
    wipe(&p, sizeof p);
    wipe(&q, sizeof q);
    wipe(&c, sizeof c);
    wipe(&s, sizeof s);
}

static void inverse(const struct group *g, struct elem *out, const struct elem *a, struct work *w) {
    struct ge p = load(a);
    (void)g, (void)w;
    ge_neg(&p, &p);
    store(out, &p);
    wipe(&p, sizeof p);
}

static int equal(const struct group *g, const struct elem *a, const struct elem *b, struct work *w) {
    struct ge p = load(a), q = load(b);
    (void)g, (void)w;
    int same = ge_is_equal(&p, &q);
    wipe(&p, sizeof p);
    wipe(&q, sizeof q);
    return same;
}

// Tables

static void add_to(struct ge *p, const struct ge_cached *q) {
    struct ge_sum s;
    ge_add(&s, p, q);
    ge_finish(p, &s);
}

// N rows of X, Y, Z, each in place, to rows of y + x, y - x, 2dxy.
static void normalise(uint64_t (*row)[15], size_t n, struct work *w) {
    struct fe product = fe_one, before, inverse;
    struct fe p[3];
    struct ge_affine a;
    for (size_t i = 0; i < n; i++) {
        memcpy(&w->limb[FE_LIMBS * i], &product, sizeof product);
        memcpy(p, row[i], sizeof p);
        fe_mul(&product, &product, &p[2]);
    }
    fe_inv(&product, &product);
    for (size_t i = n; i-- > 0;) {
        memcpy(&before, &w->limb[FE_LIMBS * i], sizeof before);
        memcpy(p, row[i], sizeof p);
        fe_mul(&inverse, &product, &before);
        fe_mul(&product, &product, &p[2]);
        fe_mul(&p[0], &p[0], &inverse);
        fe_mul(&p[1], &p[1], &inverse);
        fe_add(&a.ypx, &p[1], &p[0]);
        fe_sub(&a.ymx, &p[1], &p[0]);
        fe_mul(&a.t2d, &p[0], &p[1]);
        fe_mul(&a.t2d, &a.t2d, &fe_2d);
        memcpy(row[i], &a, sizeof a);
    }
}

// X, Y, Z of p, p + step, p + 2 step, ...; P ends as the last.
static void progression(uint64_t (*row)[15], size_t n, struct ge *p, const struct ge *step) {
    struct ge_cached c;
    ge_cache(&c, step);
    for (size_t i = 0; i < n; i++) {
        if (i) add_to(p, &c);
        memcpy(row[i], p, sizeof row[i]);
    }
}

static void table(const struct group *g, struct base_table *out, const struct elem *base, struct work *w) {
    struct ge p = load(base), q, twice;
    (void)g;
    for (size_t i = 0; i < 32; i++) {
        if (i % 8 == 0) {
            q = p;
            ge_double_times(&twice, &p, 1);
            progression(out->u.ed.odd[i / 8], 64, &q, &twice);
        }
        q = p;
        progression(out->u.ed.comb[i], 8, &q, &p);
        ge_double_times(&p, &q, 5);
    }
    normalise(out->u.ed.odd[0], PIECES * 64, w);
    normalise(out->u.ed.comb[0], 32 * 8, w);
}

static void init(struct group *g, struct work *w) {
    static const uint64_t q[4] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000};
    uint8_t base[32]; // y = 4/5, x even
    struct ge p;
    modulus_init(&g->q, q, 4);
    memset(base, 0x66, sizeof base);
    base[0] = 0x58;
    if (ge_from_bytes_vartime(&p, base) != P1_OK) ge_identity(&p);
    store(&g->g, &p);
    table(g, &g->base, &g->g, w);
}

// Multiplication by public scalars: signed digits of which few are not zero, and one run of doublings for all factors
// of a job. With tables for 2^64, 2^128 and 2^192 times a base as well, the run is 64 doublings long instead of 253.

struct powers {
    struct ge_cached odd[PIECES][BASE_ODD]; // (2j+1) 2^(64 i) times the base
};

// The terms of a job are numbered: pieces 0 to 3 of its own base, then of the generator, then of Y.
struct digits {
    int8_t of[3][BITS];
    uint16_t active[BITS]; // a bit for each term that has a digit other than 0 at this place
};

// Odd digits of less than 2^(width-1), each followed by at least width - 1 zeros: a window above that counts as
// negative and carries one. Digit i belongs to piece i / places.
static void recode_vartime(struct digits *d, size_t which, const struct scalar *s, unsigned width, size_t places) {
    int8_t *digit = d->of[which];
    uint64_t v[5] = {s->v[0], s->v[1], s->v[2], s->v[3], 0};
    size_t at = 0;
    memset(digit, 0, BITS);
    while (at < BITS) {
        uint64_t rest = v[at / 64] >> (at % 64);
        if (rest == 0) {
            at = (at / 64 + 1) * 64;
            continue;
        }
        at += (size_t)__builtin_ctzll(rest);
        size_t limb = at / 64, shift = at % 64;
        uint64_t window = v[limb] >> shift;
        if (shift + width > 64) window |= v[limb + 1] << (64 - shift);
        window &= (UINT64_C(1) << width) - 1;
        uint64_t negative = window >> (width - 1);
        digit[at] = (int8_t)((int)window - (int)(negative << width));
        d->active[at % places] = (uint16_t)(d->active[at % places] | 1u << (PIECES * which + at / places));
        at += width;
        for (size_t i = at / 64; negative && i < 5; i++) {
            uint64_t carry = i == at / 64 ? UINT64_C(1) << (at % 64) : 1;
            v[i] += carry;
            negative = v[i] < carry;
        }
    }
}

// A base that serves once gets one piece: the other three would cost the doublings that they save.
static void powers_vartime(struct powers *out, const struct ge *base, size_t pieces) {
    struct ge p = *base, q;
    struct ge_cached twice;
    for (size_t i = 0; i < pieces; i++) {
        if (i) ge_double_times(&p, &p, 64);
        ge_double_times(&q, &p, 1);
        ge_cache(&twice, &q);
        q = p;
        ge_cache(&out->odd[i][0], &q);
        for (size_t j = 1; j < BASE_ODD; j++) {
            add_to(&q, &twice);
            ge_cache(&out->odd[i][j], &q);
        }
    }
}

static void add_row(struct ge_sum *out, const struct ge *p, const uint64_t row[15], int negative) {
    struct ge_affine a;
    memcpy(&a, row, sizeof a);
    if (negative)
        ge_sub_affine(out, p, &a);
    else
        ge_add_affine(out, p, &a);
}

static void job_vartime(const struct group *g, const struct base_table *y, const struct mul_job *job,
                        const struct powers *powers, size_t pieces) {
    struct digits d;
    struct ge acc;
    struct ge_sum s;
    memset(d.active, 0, sizeof d.active);
    if (job->x) recode_vartime(&d, 0, job->x, WIDTH_BASE, BITS / pieces);
    if (job->g) recode_vartime(&d, 1, job->g, WIDTH_TABLE, BITS / PIECES);
    if (job->y) recode_vartime(&d, 2, job->y, WIDTH_TABLE, BITS / PIECES);

    size_t at = BITS;
    while (at > 0 && d.active[at - 1] == 0) at--;
    ge_identity(&acc);
    while (at-- > 0) {
        ge_double(&s, &acc);
        for (unsigned left = d.active[at]; left; left &= left - 1) {
            size_t term = (size_t)__builtin_ctz(left), which = term / PIECES, piece = term % PIECES;
            int digit = d.of[which][BITS / PIECES * piece + at];
            size_t odd = (size_t)(digit < 0 ? -digit : digit) / 2;
            ge_finish(&acc, &s);
            if (which)
                add_row(&s, &acc, (which == 1 ? &g->base : y)->u.ed.odd[piece][odd], digit < 0);
            else if (digit < 0)
                ge_sub(&s, &acc, &powers->odd[piece][odd]);
            else
                ge_add(&s, &acc, &powers->odd[piece][odd]);
        }
        if (at)
            ge_finish_without_t(&acc, &s);
        else
            ge_finish(&acc, &s);
    }
    store(job->out, &acc);
}

static const struct elem *base_of(const struct mul_job *job) { return job->x ? job->base : NULL; }

static size_t users(const struct mul_job *jobs, size_t n, const struct elem *base) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += base_of(&jobs[i]) == base;
    return count;
}

static void batch_vartime(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n) {
    struct powers powers;
    for (size_t i = 0; i < n; i++) {
        const struct elem *base = base_of(&jobs[i]);
        if (users(jobs, i, base)) continue;
        size_t pieces = users(jobs, n, base) > 1 ? PIECES : 1;
        if (base) {
            struct ge p = load(base);
            powers_vartime(&powers, &p, pieces);
        }
        for (size_t j = i; j < n; j++) {
            if (base_of(&jobs[j]) == base) job_vartime(g, y, &jobs[j], &powers, pieces);
        }
    }
}

static void run_vartime(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n,
                        struct work *w) {
    (void)w;
    for (size_t i = 0; i < n; i += BATCH) batch_vartime(g, y, jobs + i, n - i < BATCH ? n - i : BATCH);
}

// Multiplication by secret scalars: signed digits to the base 16, each looked up by reading all its multiples. A
// base_table has them for every second digit only, so the odd places of the generator and of Y are added before the
// last multiplication by 16, the even ones after it.

struct secrets {
    int8_t digit[3][64]; // of the job's base, of the generator, of Y
    uint64_t window[8][4 * FE_LIMBS];
    uint64_t row[4 * FE_LIMBS];
    struct ge_cached cached;
    struct ge_affine affine;
    struct fe minus;
    struct ge acc, step;
    struct ge_sum sum;
};

// From -8 to 8.
static void recode_ct(int8_t digit[64], const struct scalar *s) {
    unsigned carry = 0;
    for (size_t i = 0; i < 64; i++) {
        unsigned v = (unsigned)(s->v[i / 16] >> (4 * (i % 16)) & 15) + carry;
        carry = (v + 8) >> 4;
        digit[i] = (int8_t)((int)v - (int)(carry << 4));
    }
}

// The compiler knows nothing of V any more, so it makes no branch of it, nor a selection, which an engine of WebAssembly may
// make a branch of.
static uint64_t opaque(uint64_t v) {
    __asm__("" : "+r"(v));
    return v;
}

// Masks are all ones or 0.

static uint64_t mask_if_negative(int digit) { return opaque(0 - ((uint64_t)digit >> 63)); }

static uint64_t mask_if_equal(uint64_t a, uint64_t b) {
    uint64_t differ = a ^ b, sign = opaque(differ | (0 - differ));
    return opaque((sign >> 63) - 1);
}

// s->row = row |digit| of the eight rows, counted from 1; zeros for 0.
static void pick_ct(struct secrets *s, const uint64_t *rows, size_t limbs, int digit) {
    uint64_t sign = mask_if_negative(digit), size = ((uint64_t)digit ^ sign) - sign;
    memset(s->row, 0, sizeof s->row);
    for (size_t j = 0; j < 8; j++) {
        uint64_t mask = mask_if_equal(size, j + 1);
        for (size_t i = 0; i < limbs; i++) s->row[i] |= mask & rows[limbs * j + i];
    }
}

static void negate_ct(struct secrets *s, struct fe *ypx, struct fe *ymx, struct fe *t2d, uint64_t mask) {
    fe_cswap(ypx, ymx, mask);
    fe_neg(&s->minus, t2d);
    fe_cmov(t2d, &s->minus, mask);
}

static void add_comb_ct(struct secrets *s, const uint64_t column[8][15], int digit) {
    uint64_t none = mask_if_equal((uint64_t)digit, 0);
    pick_ct(s, column[0], 15, digit);
    memcpy(&s->affine, s->row, sizeof s->affine);
    fe_cmov(&s->affine.ypx, &fe_one, none);
    fe_cmov(&s->affine.ymx, &fe_one, none);
    negate_ct(s, &s->affine.ypx, &s->affine.ymx, &s->affine.t2d, mask_if_negative(digit));
    ge_add_affine(&s->sum, &s->acc, &s->affine);
    ge_finish(&s->acc, &s->sum);
}

static void add_window_ct(struct secrets *s, int digit) {
    uint64_t none = mask_if_equal((uint64_t)digit, 0);
    pick_ct(s, s->window[0], 4 * FE_LIMBS, digit);
    memcpy(&s->cached, s->row, sizeof s->cached);
    fe_cmov(&s->cached.ypx, &fe_one, none);
    fe_cmov(&s->cached.ymx, &fe_one, none);
    fe_cmov(&s->cached.z2, &fe_two, none);
    negate_ct(s, &s->cached.ypx, &s->cached.ymx, &s->cached.t2d, mask_if_negative(digit));
    ge_add(&s->sum, &s->acc, &s->cached);
    ge_finish(&s->acc, &s->sum);
}

static void fill_window_ct(struct secrets *s, const struct elem *base) {
    s->step = load(base);
    s->acc = s->step;
    for (size_t i = 0; i < 8; i++) {
        ge_cache(&s->cached, &s->acc);
        memcpy(s->window[i], &s->cached, sizeof s->cached);
        ge_cache(&s->cached, &s->step);
        ge_add(&s->sum, &s->acc, &s->cached);
        ge_finish(&s->acc, &s->sum);
    }
}

static void job_ct(struct secrets *s, const struct group *g, const struct base_table *y, const struct mul_job *job) {
    if (job->x) recode_ct(s->digit[0], job->x);
    if (job->g) recode_ct(s->digit[1], job->g);
    if (job->y) recode_ct(s->digit[2], job->y);
    if (job->x) fill_window_ct(s, job->base);
    ge_identity(&s->acc);
    for (size_t i = job->x ? 64 : 2; i-- > 0;) {
        ge_double_times(&s->acc, &s->acc, 4);
        if (job->x) add_window_ct(s, s->digit[0][i]);
        for (size_t k = 0; i < 2 && k < 32; k++) {
            if (job->g) add_comb_ct(s, g->base.u.ed.comb[k], s->digit[1][2 * k + i]);
            if (job->y) add_comb_ct(s, y->u.ed.comb[k], s->digit[2][2 * k + i]);
        }
    }
    store(job->out, &s->acc);
}

static void run_ct(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n,
                   struct work *w) {
    struct secrets s;
    (void)w;
    for (size_t i = 0; i < n; i++) job_ct(&s, g, y, &jobs[i]);
    wipe(&s, sizeof s);
}

const struct group_ops group_ed25519 = {
    .name = "Ed25519",
    .init = init,
    .decode = decode,
    .encode = encode,
    .identity = identity,
    .mul_ct = mul_ct,
    .inverse = inverse,
    .equal = equal,
    .text_order = text_order,
    .table = table,
    .run_vartime = run_vartime,
    .run_ct = run_ct,
};
