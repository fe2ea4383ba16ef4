// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Verifying ballots of one question with three answers:
//   one core, Ed25519       against the same checks through libsodium's public functions;
//   two cores               against one, a whole archive;
//   one core, BELENIOS-2048 plus1-verify against `belenios-tool election verify`, the same archive.
// Usage: bench_verify PLUS1_VERIFY (or P1_BUILD in the environment, the folder where it is).
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/make_archive.h"
#include "board/check.h"
#include "board/pool.h"

enum { BALLOTS = 400, ARCHIVE = 4000, BIG = 40, ROUNDS = 5 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(int ok, const char *what) {
    if (ok) return;
    fprintf(stderr, "bench: %s failed\n", what);
    exit(1);
}

static double lowest(double a, double b) { return a < b ? a : b; }

// ---- the peer: the same checks of one ballot with libsodium ----

struct point {
    uint8_t b[32];
};

struct peer_proof {
    uint8_t challenge[32], response[32];
};

static void reverse(uint8_t out[32], const uint8_t in[32]) {
    for (int i = 0; i < 32; i++) out[i] = in[31 - i];
}

static void peer_point(struct json *j, struct point *p) {
    struct span text;
    uint8_t big[32];
    must(json_plain(j, &text) == P1_OK && hash_decode(big, text) == P1_OK, "a point");
    reverse(p->b, big);
    must(crypto_core_ed25519_is_valid_point(p->b), "membership");
}

static void peer_scalar(struct json *j, uint8_t out[32]) {
    struct span text;
    uint64_t v[4];
    must(json_plain(j, &text) == P1_OK && limbs_decode(v, 4, text) == P1_OK, "a scalar");
    memcpy(out, v, 32);
}

static void peer_proof(struct json *j, struct peer_proof *p) {
    must(json_take(j, "{\"challenge\":"), "a proof");
    peer_scalar(j, p->challenge);
    must(json_take(j, ",\"response\":"), "a proof");
    peer_scalar(j, p->response);
    must(json_take(j, "}"), "a proof");
}

// out = g^a p^b, and the same with y for g
static void peer_double(struct point *out, const uint8_t a[32], const uint8_t *y, const struct point *p,
                        const uint8_t b[32]) {
    uint8_t s[32], t[32];
    int ok = y ? crypto_scalarmult_ed25519_noclamp(s, a, y) == 0 : crypto_scalarmult_ed25519_base_noclamp(s, a) == 0;
    ok = ok && crypto_scalarmult_ed25519_noclamp(t, b, p->b) == 0;
    must(ok && crypto_core_ed25519_add(out->b, s, t) == 0, "a multiplication");
}

static void put_point(struct sha256 *text, const struct point *p, const char *after) {
    uint8_t big[32], hex[64];
    struct buf b = buf_over(hex, sizeof hex);
    reverse(big, p->b);
    buf_hex(&b, span_of(big, 32));
    sha256_put(text, buf_span(&b));
    sha256_str(text, after);
}

// One branch: commitments A, B of the statement that (alpha, beta) holds m.
static void peer_branch(const uint8_t y[32], const struct point *alpha, const struct point *beta, int m,
                        const struct peer_proof *p, struct sha256 *text, const char *after) {
    static const uint8_t one[32] = {1};
    struct point a, b, shifted = *beta, g;
    if (m) {
        must(crypto_scalarmult_ed25519_base_noclamp(g.b, one) == 0, "g");
        must(crypto_core_ed25519_sub(shifted.b, beta->b, g.b) == 0, "a difference");
    }
    peer_double(&a, p->response, NULL, alpha, p->challenge);
    peer_double(&b, p->response, y, &shifted, p->challenge);
    put_point(text, &a, ",");
    put_point(text, &b, after);
}

static void peer_equal(struct sha256 *text, const uint8_t sum[32]) {
    uint8_t wide[64] = {0}, digest[32], reduced[32];
    sha256_done(text, digest);
    reverse(wide, digest);
    crypto_core_ed25519_scalar_reduce(reduced, wide);
    must(sodium_memcmp(reduced, sum, 32) == 0, "a proof of the peer's");
}

static void peer_context(struct sha256 *text, const char *tag, const struct ballot *b) {
    sha256_init(text);
    sha256_str(text, tag);
    sha256_put(text, b->election_hash);
    sha256_str(text, "|");
    sha256_put(text, b->credential);
    sha256_str(text, "|");
}

static void peer_check(const struct ballot *b, const uint8_t y[32]) {
    struct point alpha[3], beta[3], sum_a, sum_b, credential, a;
    struct json j = json_of(b->answers);
    struct sha256 text;
    struct peer_proof p, q;
    uint8_t sum[32];
    must(json_take(&j, "[{\"choices\":["), "a ballot");
    for (int i = 0; i < 3; i++) {
        must(json_take(&j, i ? ",{\"alpha\":" : "{\"alpha\":"), "a choice");
        peer_point(&j, &alpha[i]);
        must(json_take(&j, ",\"beta\":"), "a choice");
        peer_point(&j, &beta[i]);
        must(json_take(&j, "}"), "a choice");
    }
    must(json_take(&j, "],\"individual_proofs\":["), "a ballot");
    for (int i = 0; i < 3; i++) {
        must(json_take(&j, i ? ",[" : "["), "a proof");
        peer_proof(&j, &p);
        must(json_take(&j, ","), "a proof");
        peer_proof(&j, &q);
        must(json_take(&j, "]"), "a proof");
        peer_context(&text, "prove|", b);
        put_point(&text, &alpha[i], ",");
        put_point(&text, &beta[i], "|");
        peer_branch(y, &alpha[i], &beta[i], 0, &p, &text, ",");
        peer_branch(y, &alpha[i], &beta[i], 1, &q, &text, "");
        crypto_core_ed25519_scalar_add(sum, p.challenge, q.challenge);
        peer_equal(&text, sum);
    }
    must(json_take(&j, "],\"overall_proof\":["), "a ballot");
    peer_proof(&j, &p);
    int ok = crypto_core_ed25519_add(sum_a.b, alpha[0].b, alpha[1].b) == 0 &&
             crypto_core_ed25519_add(sum_a.b, sum_a.b, alpha[2].b) == 0 &&
             crypto_core_ed25519_add(sum_b.b, beta[0].b, beta[1].b) == 0 &&
             crypto_core_ed25519_add(sum_b.b, sum_b.b, beta[2].b) == 0;
    must(ok, "a sum");
    peer_context(&text, "prove|", b);
    for (int i = 0; i < 3; i++) {
        put_point(&text, &alpha[i], ",");
        put_point(&text, &beta[i], i < 2 ? "," : "|");
    }
    put_point(&text, &sum_a, ",");
    put_point(&text, &sum_b, "|");
    peer_branch(y, &sum_a, &sum_b, 1, &p, &text, "");
    peer_equal(&text, p.challenge);

    struct json c = json_of(span_of(b->credential.p - 1, b->credential.n + 2));
    peer_point(&c, &credential);
    memcpy(p.challenge, b->signature.challenge.v, 32);
    memcpy(p.response, b->signature.response.v, 32);
    peer_double(&a, p.response, NULL, &credential, p.challenge);
    sha256_init(&text);
    sha256_str(&text, "sig|");
    sha256_put(&text, b->signed_hash);
    sha256_str(&text, "|");
    put_point(&text, &a, "");
    peer_equal(&text, p.challenge);
}

// ---- measurements ----

// An archive in memory, to be freed.
static struct span archive_of(const char *group, unsigned ballots) {
    char *text = NULL;
    size_t n = 0;
    struct runner *r = pool_new(0);
    FILE *f = open_memstream(&text, &n);
    must(r && f, "memory");
    make_archive(f, group, ballots, ballots, r);
    must(fclose(f) == 0, "memory");
    pool_free(r);
    return span_of(text, n);
}

// All ballots of an archive, as their texts.
static unsigned ballots_of(struct span file, struct box *box, struct span *out, unsigned max, struct work *w) {
    struct event ev;
    unsigned n = 0;
    must(chain_begin(&box->chain, file) == P1_OK, "reading");
    for (int more;;) {
        must(chain_next(&box->chain, file, &ev, &more) == P1_OK, "reading");
        if (!more) return n;
        must(box_apply(box, &ev, w) == P1_OK, "reading");
        if (ev.type == EVENT_BALLOT && n < max) out[n++] = ev.record[0].content;
    }
}

static void one_core(void) {
    static struct span text[BALLOTS];
    static struct work w;
    struct span file = archive_of("Ed25519", BALLOTS);
    struct box *box = calloc(1, sizeof *box);
    struct elem_text key;
    uint8_t y[32], big[32];
    double ours = 1e9, peers = 1e9;
    must(box != NULL, "memory");
    unsigned n = ballots_of(file, box, text, BALLOTS, &w);
    elem_encode(&box->election.group, &key, &box->election.key, 1, &w);
    must(hash_decode(big, elem_span(&key)) == P1_OK, "the key");
    reverse(y, big);
    const unsigned peer_n = n / 4;
    for (int round = 0; round < ROUNDS; round++) {
        struct ballot b;
        double start = now();
        for (unsigned i = 0; i < n; i++) {
            must(ballot_parse(&b, &box->election.group.q, text[i]) == P1_OK, "our check");
            must(ballot_check(&box->election, &b, NULL, &w) == P1_OK, "our check");
        }
        ours = lowest(ours, (now() - start) / n);
        start = now();
        for (unsigned i = 0; i < peer_n; i++) {
            must(ballot_parse(&b, &box->election.group.q, text[i]) == P1_OK, "the peer's check");
            peer_check(&b, y);
        }
        peers = lowest(peers, (now() - start) / peer_n);
    }
    printf("ballot, Ed25519, one core: %.0f us; libsodium's public functions: %.0f us; ratio %.2f (at least 2.5)\n",
           1e6 * ours, 1e6 * peers, peers / ours);
    box_release(box);
    free(box);
    free((void *)(uintptr_t)file.p);
}

static void no_line(struct checker *c, const struct check_line *line) {
    (void)c;
    (void)line;
}

static double check_once(struct span file, struct box *box, uint64_t *counts, unsigned threads) {
    struct runner *r = pool_new(threads);
    must(r != NULL, "memory");
    struct checker c = {.runner = r, .line = no_line};
    box_init(box);
    double start = now();
    must(check_archive(&c, box, file, counts) == P1_OK, "the check");
    double took = now() - start;
    box_release(box);
    pool_free(r);
    return took;
}

static void two_cores(void) {
    struct span file = archive_of("Ed25519", ARCHIVE);
    uint64_t *counts = calloc(P1_CHOICES_MAX, sizeof *counts);
    struct box *box = malloc(sizeof *box);
    double one = 1e9, two = 1e9;
    must(counts && box, "memory");
    for (int round = 0; round < ROUNDS; round++) {
        one = lowest(one, check_once(file, box, counts, 1));
        two = lowest(two, check_once(file, box, counts, 2));
    }
    printf("archive of %d ballots, Ed25519: one core %.0f us a ballot, two cores %.0f us; ratio %.2f (at least 1.8)\n",
           ARCHIVE, 1e6 * one / ARCHIVE, 1e6 * two / ARCHIVE, one / two);
    free(box);
    free(counts);
    free((void *)(uintptr_t)file.p);
}

static double command_time(const char *command) {
    double best = 1e9;
    for (int round = 0; round < 3; round++) {
        double start = now();
        int status = system(command);
        must(status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0, command);
        best = lowest(best, now() - start);
    }
    return best;
}

static void against_belenios(const char *verifier) {
    char folder[] = "/tmp/plus1-bench-XXXXXX", path[128], command[512];
    struct span file = archive_of("BELENIOS-2048", BIG);
    must(mkdtemp(folder) != NULL, "a temporary folder");
    (void)snprintf(path, sizeof path, "%s/BenchBenchBench.bel", folder);
    FILE *f = fopen(path, "wb");
    must(f != NULL, "writing");
    size_t written = fwrite(file.p, 1, file.n, f);
    must(fclose(f) == 0 && written == file.n, "writing");
    (void)snprintf(command, sizeof command, "taskset -c 0 %s %s >/dev/null", verifier, path);
    double ours = command_time(command);
    (void)snprintf(command, sizeof command, "taskset -c 0 belenios-tool election verify --dir %s >/dev/null 2>&1",
                   folder);
    double peers = command_time(command);
    printf(
        "archive of %d ballots, BELENIOS-2048, one core: %.1f ms a ballot; belenios-tool 2.0: %.1f ms; ratio %.2f (at "
        "least 1.5)\n",
        BIG, 1e3 * ours / BIG, 1e3 * peers / BIG, peers / ours);
    (void)unlink(path);
    (void)rmdir(folder);
    free((void *)(uintptr_t)file.p);
}

int main(int argc, char **argv) {
    char verifier[256];
    const char *build = getenv("P1_BUILD");
    (void)snprintf(verifier, sizeof verifier, "%s/plus1-verify", build ? build : "build");
    must(sodium_init() >= 0, "libsodium");
    one_core();
    two_cores();
    against_belenios(argc > 1 ? argv[1] : verifier);
    return 0;
}
