// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The group arithmetic of one encrypted answer (0 or 1) in group Ed25519 against libsodium's public functions:
//   decode   two elements decoded and checked;
//   list     [G^r0 a^c0, Y^r0 b^c0, G^r1 a^c1, Y^r1 b^c1 G^-c1] in one list;
//   answer   both.
// libsodium checks membership in each multiplication too, and has no way around it. Then what a voter's device does
// with secrets, G^r Y^s and a^x.
#include "core/group.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { JOBS = 4, SCALARS = 5, ROUNDS = 15, TIMES = 60 };

static struct group group;
static struct base_table table;
static struct work work;
static struct elem y, ab[2], out[JOBS];
static struct elem_text text[2];
static struct scalar s[SCALARS]; // r0, c0, r1, c1, -c1
static struct mul_job list[JOBS];

static unsigned char peer_s[SCALARS][32], peer_ab[2][32], peer_y[32], peer_out[JOBS][32];

static double now_ns(void) {
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static void need(int ok) {
    if (!ok) abort();
}

static void from_text(unsigned char b[32], const struct elem_text *t) {
    unsigned char big[32];
    need(sodium_hex2bin(big, 32, (const char *)t->p, 64, NULL, NULL, NULL) == 0);
    for (size_t i = 0; i < 32; i++) b[i] = big[31 - i];
}

static void decode(void) {
    for (int i = 0; i < 2; i++) need(elem_decode(&group, &ab[i], elem_span(&text[i]), &work) == P1_OK);
}

static void run_list(void) { mul_run_vartime(&group, &table, list, JOBS, &work); }

static void answer(void) {
    decode();
    run_list();
}

static void make_table(void) { base_table_init(&group, &table, &y, &work); }

static void secret_tables(void) {
    mul_run_ct(&group, &table, &(struct mul_job){.out = &out[0], .g = &s[0], .y = &s[1]}, 1, &work);
}

static void secret_base(void) {
    mul_run_ct(&group, NULL, &(struct mul_job){.out = &out[0], .x = &s[0], .base = &ab[0]}, 1, &work);
}

static void encode(void) {
    struct elem_text t[JOBS];
    elem_encode(&group, t, out, JOBS, &work);
}

static void peer_decode(void) {
    for (int i = 0; i < 2; i++) {
        from_text(peer_ab[i], &text[i]);
        need(crypto_core_ed25519_is_valid_point(peer_ab[i]));
    }
}

// z += base^s, or G^s for a null base
static void peer_add(unsigned char z[32], const unsigned char scalar[32], const unsigned char *base) {
    unsigned char t[32];
    if (base)
        need(crypto_scalarmult_ed25519_noclamp(t, scalar, base) == 0);
    else
        need(crypto_scalarmult_ed25519_base_noclamp(t, scalar) == 0);
    need(crypto_core_ed25519_add(z, z, t) == 0);
}

static void peer_list(void) {
    for (int i = 0; i < 2; i++) {
        unsigned char *a = peer_out[2 * i], *b = peer_out[2 * i + 1];
        need(crypto_scalarmult_ed25519_base_noclamp(a, peer_s[2 * i]) == 0);
        peer_add(a, peer_s[2 * i + 1], peer_ab[0]);
        need(crypto_scalarmult_ed25519_noclamp(b, peer_s[2 * i], peer_y) == 0);
        peer_add(b, peer_s[2 * i + 1], peer_ab[1]);
    }
    peer_add(peer_out[3], peer_s[4], NULL);
}

static void peer_answer(void) {
    peer_decode();
    peer_list();
}

static void peer_secret_tables(void) {
    need(crypto_scalarmult_ed25519_base_noclamp(peer_out[0], peer_s[0]) == 0);
    peer_add(peer_out[0], peer_s[1], peer_y);
}

static void peer_secret_base(void) { need(crypto_scalarmult_ed25519_noclamp(peer_out[0], peer_s[0], peer_ab[0]) == 0); }

// The best of several rounds: what else the machine does only adds.
static double measure(void (*f)(void)) {
    double best = 1e18;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_ns();
        for (int i = 0; i < TIMES; i++) f();
        double each = (now_ns() - start) / TIMES;
        if (each < best) best = each;
    }
    return best;
}

static void row(const char *name, void (*ours)(void), void (*peer)(void)) {
    double a = measure(ours);
    printf("%-28s %9.0f ns", name, a);
    if (peer) {
        double b = measure(peer);
        printf("   libsodium %9.0f ns   %5.1f times", b, b / a);
    }
    printf("\n");
}

static void init(void) {
    struct elem_text t;
    need(sodium_init() >= 0);
    need(group_init(&group, SPAN_LIT("Ed25519"), &work) == P1_OK);
    for (size_t i = 0; i < SCALARS; i++) {
        crypto_core_ed25519_scalar_random(peer_s[i]);
        sc_from_u64(&s[i], 0);
        for (size_t j = 0; j < 32; j++) s[i].v[j / 8] |= (uint64_t)peer_s[i][j] << (8 * (j % 8));
    }
    mul_run_vartime(&group, NULL, &(struct mul_job){.out = &y, .g = &s[0]}, 1, &work);
    elem_encode(&group, &t, &y, 1, &work);
    from_text(peer_y, &t);
    make_table();
    for (size_t i = 0; i < 2; i++) {
        mul_run_vartime(&group, &table, &(struct mul_job){.out = &ab[i], .g = &s[1 + i], .y = &s[3]}, 1, &work);
        elem_encode(&group, &text[i], &ab[i], 1, &work);
    }
    for (size_t i = 0; i < 2; i++) {
        list[2 * i] = (struct mul_job){&out[2 * i], &s[2 * i], NULL, &s[2 * i + 1], &ab[0]};
        list[2 * i + 1] = (struct mul_job){&out[2 * i + 1], i ? &s[4] : NULL, &s[2 * i], &s[2 * i + 1], &ab[1]};
    }
}

// Both must have calculated the same, or their times say nothing.
static void compare(void) {
    struct elem_text t[JOBS];
    unsigned char b[32];
    answer();
    peer_answer();
    elem_encode(&group, t, out, JOBS, &work);
    for (size_t i = 0; i < JOBS; i++) {
        from_text(b, &t[i]);
        need(memcmp(b, peer_out[i], 32) == 0);
    }
}

int main(void) {
    init();
    compare();
    row("decode and check, 2", decode, peer_decode);
    row("list of 4 jobs", run_list, peer_list);
    row("answer", answer, peer_answer);
    row("encode 4", encode, NULL);
    row("table of a base", make_table, NULL);
    row("secret G^r Y^s", secret_tables, peer_secret_tables);
    row("secret a^x", secret_base, peer_secret_base);
    return 0;
}
