// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// BELENIOS-2048 and RFC-3526-2048: Belenios specification 3.3.0, sections "BELENIOS-2048" and "RFC-3526-2048".
#include "core/ff.h"
#include "core/group.h"

#include <gmp.h>

static const uint64_t belenios_p[P1_LIMBS] = {
    0xd9cec4157646e64f, 0x1e59e0e6351e051e, 0xb44f6cef17d70730, 0x878affa2375e2999, 0x6a4ccfa04ee4008f,
    0x555bc810941e021b, 0xcb5de0acf66a3882, 0x0e7992d0f18cc759, 0x82d8c31911acdd4a, 0xe3fada9e010840d0,
    0x9aa8599411d998d3, 0x7f18fb1a8bc85827, 0xbbb29c9ec3099b60, 0x6b006517d6f6747e, 0xd7229abe93a188b4,
    0xa3e14dfa9b2162f4, 0x6b4fe17d8d47e843, 0x7ebc15a349fa318a, 0x0a4091d8fa447f6c, 0x07435012768a2cdd,
    0x27a5022ddd8912d1, 0x3fb8c3aabfff12ce, 0x30c6e82ac36de1ae, 0x07dd973f9c53e509, 0xa2f85e0fb11c0ede,
    0x06e092a495af8d79, 0x421f514ed40bfd4c, 0x1e6d36856b428030, 0x2791811d21fc35f2, 0xb7dc7ef3a791b686,
    0xe39e568fccdffb0f, 0xa3ef2d011fefb1b6};
static const uint64_t belenios_q[4] = {0xe20263387d55c491, 0xf0fa90c2168bc709, 0xf4daa0f2579db7f2, 0xadb6066a73522565};
static const uint64_t belenios_g[P1_LIMBS] = {
    0xcf284308f1d7e653, 0x41e1c91fe3823f4b, 0x743d663f42d853c0, 0x47aa680d43771902, 0xac638f5f34100d2d,
    0xb7aeff04867d8724, 0x3ac8b72fd04e0991, 0x22127b6cbba44d45, 0x3731ae4268d60d7f, 0xc4ff49b1964c4a91,
    0xd2dde0ce514e0927, 0x60a7ea574a61f552, 0xf74b7a1615a274ba, 0x1b9e519edcee8bb0, 0x65f397c6b870df8c,
    0x6aef1be365fdd901, 0xdf9c2458570b06d2, 0x88fdb1a3381a697f, 0x8fe5fb9cf9fdb8ea, 0x643e673fd9d215fc,
    0xfd4f10d5b1a356a8, 0xd4bc04e29f3748ae, 0x301b894236823fe1, 0x541e5219e0d0d094, 0x8262ee68a0e92cea,
    0xd9d8976f01d95a1c, 0x5a9dfd001d26ba31, 0x988b98c259597f9c, 0xe781878a52230a51, 0x31fd1c5807b61fb1,
    0xd7caa3a78a42415e, 0x1307c1ab5f295885};
static const uint64_t rfc3526_p[P1_LIMBS] = {
    0xffffffffffffffff, 0x15728e5a8aacaa68, 0x15d2261898fa0510, 0x3995497cea956ae5, 0xde2bcbf695581718,
    0xb5c55df06f4c52c9, 0x9b2783a2ec07a28f, 0xe39e772c180e8603, 0x32905e462e36ce3b, 0xf1746c08ca18217c,
    0x670c354e4abc9804, 0x9ed529077096966d, 0x1c62f356208552bb, 0x83655d23dca3ad96, 0x69163fa8fd24cf5f,
    0x98da48361c55d39a, 0xc2007cb8a163bf05, 0x49286651ece45b3d, 0xae9f24117c4b1fe6, 0xee386bfb5a899fa5,
    0x0bff5cb6f406b7ed, 0xf44c42e9a637ed6b, 0xe485b576625e7ec6, 0x4fe1356d6d51c245, 0x302b0a6df25f1437,
    0xef9519b3cd3a431b, 0x514a08798e3404dd, 0x020bbea63b139b22, 0x29024e088a67cc74, 0xc4c6628b80dc1cd1,
    0xc90fdaa22168c234, 0xffffffffffffffff};

// A base_table: 4 chunks of 32 odd powers.
#define BASE_CHUNKS 4
#define BASE_WIDTH 6

// What the functions below keep in struct work, in limbs.
enum {
    AT_SCRATCH = 0,
    AT_TABLE = FF_SCRATCH, // _vartime: at most as large as a base_table
    AT_PLAIN = FF_SCRATCH, // _ct: a base and its power, not in Montgomery form, and the product of such powers
    AT_POWER = AT_PLAIN + FF_LIMBS,
    AT_PRODUCT = AT_POWER + FF_LIMBS,
    AT_POWM = AT_PRODUCT + FF_LIMBS
};

_Static_assert(AT_TABLE + sizeof((struct base_table *)0)->u.ff / 8 <= P1_WORK_LIMBS, "a table fits");

// ---- init ----

static size_t split(const struct group *g) { return (g->q.bits + BASE_CHUNKS - 1) / BASE_CHUNKS; }

static void table(const struct group *g, struct base_table *out, const struct elem *base, struct work *w) {
    ff_table_vartime(&g->p, out->u.ff, base->u.ff, split(g), BASE_CHUNKS, BASE_WIDTH, w->limb);
}

static void init(struct group *g, const uint64_t *p, const uint64_t *q, size_t q_limbs, const uint64_t *generator,
                 struct work *w) {
    modulus_init(&g->p, p, P1_LIMBS);
    modulus_init(&g->q, q, q_limbs);
    ff_to_montgomery_ct(&g->p, g->g.u.ff, generator, w->limb);
    table(g, &g->base, &g->g, w);
}

static void belenios_init(struct group *g, struct work *w) {
    init(g, belenios_p, belenios_q, sizeof belenios_q / sizeof *belenios_q, belenios_g, w);
}

static void rfc3526_init(struct group *g, struct work *w) {
    const uint64_t two[P1_LIMBS] = {2};
    uint64_t q[P1_LIMBS];
    mpn_rshift(q, rfc3526_p, P1_LIMBS, 1); // p = 2 q + 1
    init(g, rfc3526_p, q, P1_LIMBS, two, w);
}

// ---- elements ----

static void identity(const struct group *g, struct elem *out) { ff_one(&g->p, out->u.ff); }

static int equal(const struct group *g, const struct elem *a, const struct elem *b, struct work *w) {
    (void)g, (void)w;
    return ff_is_equal(a->u.ff, b->u.ff);
}

static void mul_ct(const struct group *g, struct elem *out, const struct elem *a, const struct elem *b,
                   struct work *w) {
    ff_mul_ct(&g->p, out->u.ff, a->u.ff, b->u.ff, w->limb);
}

static void inverse(const struct group *g, struct elem *out, const struct elem *a, struct work *w) {
    ff_inverse_ct(&g->p, out->u.ff, a->u.ff, w->limb);
}

// Numbers written without leading zeros: the longer one is the larger.
static int text_order(struct span a, struct span b) {
    if (a.n != b.n) return a.n < b.n ? -1 : 1;
    return a.n ? memcmp(a.p, b.p, a.n) : 0;
}

static void encode(const struct group *g, struct elem_text *out, const struct elem *e, size_t n, struct work *w) {
    for (size_t i = 0; i < n; i++) {
        struct buf b = buf_over(out[i].p, sizeof out[i].p);
        ff_from_montgomery_ct(&g->p, w->limb + AT_PLAIN, e[i].u.ff, w->limb);
        limbs_encode(&b, w->limb + AT_PLAIN, P1_LIMBS);
        out[i].n = (uint16_t)b.n;
    }
}

// ---- products of powers, of public numbers ----

// The window that makes for the fewest multiplications, when a base is used USES times.
static unsigned best_width(size_t bits, size_t chunks, size_t uses) {
    unsigned best = 2;
    size_t least = SIZE_MAX;
    for (unsigned width = 2; width <= BASE_WIDTH; width++) {
        size_t cost = (chunks << (width - 1)) + uses * bits / (width + 1);
        if (cost < least) {
            least = cost;
            best = width;
        }
    }
    return best;
}

// The job's own base, if it has one, comes with its table.
static void run_job(const struct group *g, const struct base_table *y, const struct mul_job *job,
                    const struct ff_power *base, size_t spacing, struct work *w) {
    struct ff_power f[FF_POWERS];
    size_t n = 0;
    if (job->g) f[n++] = (struct ff_power){g->base.u.ff, BASE_WIDTH, job->g->v};
    if (job->y) f[n++] = (struct ff_power){y->u.ff, BASE_WIDTH, job->y->v};
    if (job->x) f[n++] = (struct ff_power){base->table, base->width, job->x->v};
    ff_product_vartime(&g->p, job->out->u.ff, f, n, spacing, w->limb);
}

static int same_base(const struct mul_job *a, const struct mul_job *b) { return a->x && b->x && a->base == b->base; }

static int is_first_use(const struct mul_job *jobs, size_t i) {
    for (size_t j = 0; j < i; j++)
        if (same_base(&jobs[j], &jobs[i])) return 0;
    return 1;
}

// The first job, and all later ones with its base. Chunks cost a base the squarings that they save its one job; they
// only pay from the second job on.
static void run_same_base(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n,
                          struct work *w) {
    size_t uses = 0, bits = 0;
    for (size_t i = 0; i < n; i++) {
        if (!same_base(&jobs[0], &jobs[i])) continue;
        size_t own = ff_bits_vartime(jobs[i].x->v);
        if (own > bits) bits = own;
        uses++;
    }
    size_t spacing = uses > 1 || bits <= split(g) ? split(g) : g->q.bits;
    size_t chunks = (bits + spacing - 1) / spacing;
    struct ff_power base = {w->limb + AT_TABLE, best_width(bits, chunks, uses), NULL};
    ff_table_vartime(&g->p, w->limb + AT_TABLE, jobs[0].base->u.ff, spacing, chunks, base.width, w->limb);
    for (size_t i = 0; i < n; i++)
        if (same_base(&jobs[0], &jobs[i])) run_job(g, y, &jobs[i], &base, spacing, w);
}

static void run_vartime(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n,
                        struct work *w) {
    for (size_t i = 0; i < n; i++) {
        if (!jobs[i].x)
            run_job(g, y, &jobs[i], NULL, split(g), w);
        else if (is_first_use(jobs, i))
            run_same_base(g, y, &jobs[i], n - i, w);
    }
}

// ---- products of powers, with secrets ----

static void times_power_ct(const struct group *g, const struct scalar *x, const uint64_t *base, struct work *w) {
    uint64_t *plain = w->limb + AT_PLAIN, *power = w->limb + AT_POWER, *product = w->limb + AT_PRODUCT;
    ff_from_montgomery_ct(&g->p, plain, base, w->limb);
    mpn_sec_powm(power, plain, FF_LIMBS, x->v, g->q.bits, g->p.m, FF_LIMBS, w->limb + AT_POWM);
    ff_to_montgomery_ct(&g->p, power, power, w->limb);
    ff_mul_ct(&g->p, product, product, power, w->limb);
}

static void run_ct(const struct group *g, const struct base_table *y, const struct mul_job *jobs, size_t n,
                   struct work *w) {
    for (size_t i = 0; i < n; i++) {
        ff_one(&g->p, w->limb + AT_PRODUCT);
        if (jobs[i].g) times_power_ct(g, jobs[i].g, g->g.u.ff, w);
        if (jobs[i].y) times_power_ct(g, jobs[i].y, y->u.ff, w);
        if (jobs[i].x) times_power_ct(g, jobs[i].x, jobs[i].base->u.ff, w);
        memcpy(jobs[i].out->u.ff, w->limb + AT_PRODUCT, sizeof jobs[i].out->u.ff);
    }
}

// ---- decode ----

// x^q = 1. Where p = 2 q + 1, the one group with a q as long as p, that is to say that x is a square.
static int is_member(const struct group *g, const uint64_t *plain, const struct elem *e, struct work *w) {
    if (g->q.n == g->p.n) return ff_is_square_vartime(&g->p, plain, w->limb);
    struct scalar q;
    struct elem power, one;
    memcpy(q.v, g->q.m, sizeof q.v);
    struct mul_job job = {.out = &power, .x = &q, .base = e};
    run_vartime(g, NULL, &job, 1, w);
    identity(g, &one);
    return equal(g, &power, &one, w);
}

static enum p1_err decode(const struct group *g, struct elem *out, struct span text, int trusted, struct work *w) {
    const uint64_t zero[P1_LIMBS] = {0};
    uint64_t v[P1_LIMBS];
    enum p1_err e = limbs_decode(v, P1_LIMBS, text);
    if (e == P1_ERR_SCALAR_FORM) return P1_ERR_ELEM_FORM;
    if (e || limbs_at_least(v, g->p.m, P1_LIMBS) || ff_is_equal(v, zero)) return P1_ERR_ELEM_FIELD;
    ff_to_montgomery_ct(&g->p, out->u.ff, v, w->limb);
    return trusted || is_member(g, v, out, w) ? P1_OK : P1_ERR_ELEM_SUBGROUP;
}

#define OPS                                                                                                         \
    .decode = decode, .encode = encode, .identity = identity, .mul_ct = mul_ct, .inverse = inverse, .equal = equal, \
    .text_order = text_order, .table = table, .run_vartime = run_vartime, .run_ct = run_ct

const struct group_ops group_belenios_2048 = {.name = "BELENIOS-2048", .init = belenios_init, OPS};
const struct group_ops group_rfc3526_2048 = {.name = "RFC-3526-2048", .init = rfc3526_init, OPS};
