// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The key ceremony of a threshold set, step by step. Messages go through the organiser, who can read none of the secret ones.

#include "core/ceremony.h"

#include <sodium.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/keyfile.h"
#include "cli/text.h"

// Room for any message of a ceremony.
#define ROOM ((size_t)1 << 24)

// What the steps need: a group, the certificates of all, memory.
struct ceremony {
    struct group *group;
    struct work *work;
    struct keyfile *key; // null for the organiser's steps
    struct pki_keys keys;
    char *certs_text;
    struct certificates *certs;
    struct buf arena, out;
};

static void release(struct ceremony *c) {
    if (c->arena.p) sodium_memzero(c->arena.p, c->arena.cap); // what was carved and given back too
    if (c->work) sodium_memzero(c->work, sizeof *c->work);
    sodium_memzero(&c->keys, sizeof c->keys);
    keyfile_free(c->key);
    free(c->arena.p);
    free(c->out.p);
    free(c->certs_text);
    free(c->certs);
    free(c->group);
    free(c->work);
}

static enum p1_exit said(enum p1_err err, const char *what) {
    return err == P1_OK ? P1_EXIT_DONE
                        : refuse(P1_EXIT_REFUSED, "%s: %s (%s)", what, p1_err_text(err), p1_err_name(err));
}

static enum p1_exit said_of(enum p1_err err, const char *what, unsigned trustee) {
    return err == P1_OK ? P1_EXIT_DONE
                        : refuse(P1_EXIT_REFUSED, "%s of trustee %u: %s (%s)", what, trustee, p1_err_text(err),
                                 p1_err_name(err));
}

// Which group a certificate is for; the ceremony's other messages do not say.
static struct span group_of(struct span cert) {
    static const char before[] = "{\"message\":\"{\\\"context\\\":{\\\"group\\\":\\\"";
    struct json j = json_of(cert);
    if (!json_take(&j, before)) return SPAN_LIT("Ed25519");
    const uint8_t *end = memchr(j.p, '\\', (size_t)(j.end - j.p));
    return end ? span_of(j.p, (size_t)(end - j.p)) : (struct span){0};
}

static enum p1_exit prepare(struct ceremony *c, const struct args *args) {
    const char *key_path = args_get(args, "--key"), *certs_path = args_get(args, "--certificates");
    size_t n, count;
    *c = (struct ceremony){0};
    c->group = mem_alloc(sizeof *c->group);
    c->work = mem_alloc(sizeof *c->work);
    c->certs = mem_alloc(sizeof *c->certs);
    c->arena = buf_over(mem_alloc(ROOM), ROOM);
    c->out = buf_over(mem_alloc(ROOM), ROOM);
    enum p1_exit e = file_read(certs_path, 1, &c->certs_text, &n);
    if (e == P1_EXIT_DONE && key_path) e = keyfile_read(key_path, &c->key);
    if (e != P1_EXIT_DONE) return e;

    struct span *lines = text_lines(span_of(c->certs_text, n), &count);
    enum p1_err err = count ? group_init(c->group, group_of(lines[0]), c->work) : P1_ERR_TRUSTEE_COUNT;
    if (err == P1_OK && count > P1_TRUSTEES_MAX) err = P1_ERR_TRUSTEE_COUNT;
    if (err == P1_OK) err = certificates_parse(c->certs, c->group, lines, (unsigned)count, &c->arena, c->work);
    free(lines);
    if (err != P1_OK) return said_of(err, "the certificate", c->certs->count + 1);
    if (!c->key) return P1_EXIT_DONE;
    if (!c->key->index || c->key->group.ops != c->group->ops || c->key->size != c->certs->count ||
        c->key->threshold != c->certs->threshold)
        return refuse(P1_EXIT_REFUSED, "%s was made for another ceremony", key_path);
    pki_keys_init(c->group, &c->keys, span_of(c->key->seed, P1_PKI_SEED), c->work);
    return P1_EXIT_DONE;
}

static enum p1_exit save(struct ceremony *c, const char *path) {
    buf_char(&c->out, '\n');
    enum p1_exit e = said(buf_done(&c->out), path);
    if (e == P1_EXIT_DONE) e = file_write(path, FILE_PUBLIC, 1, buf_span(&c->out));
    return e;
}

// ---- 1. certificate ----

static enum p1_exit write_certificate(const struct args *args, struct keyfile *k) {
    const char *name = args_get(args, "--out");
    struct pki_keys keys;
    struct draws d;
    struct work *w = &k->work;
    struct buf out = buf_over(mem_alloc(1 << 14), 1 << 14);
    static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    for (int i = 0; i < P1_PKI_SEED; i++) k->seed[i] = base58[randombytes_uniform(58)];
    draws_init(&d);
    pki_keys_init(&k->group, &keys, span_of(k->seed, P1_PKI_SEED), w);
    enum p1_err err = certificate_make(&k->group, &keys, k->size, k->threshold, k->index, &d, &out, w);
    buf_char(&out, '\n');
    sodium_memzero(&keys, sizeof keys);
    sodium_memzero(&d, sizeof d);
    enum p1_exit e = said(err, "the certificate");
    char key[4096], cert[4096];
    (void)snprintf(key, sizeof key, "%.4000s.key", name);
    (void)snprintf(cert, sizeof cert, "%.4000s.cert", name);
    if (e == P1_EXIT_DONE) e = files_absent(key, cert, args_end);
    if (e == P1_EXIT_DONE) e = keyfile_write(key, k, 1);
    if (e == P1_EXIT_DONE) e = file_write(cert, FILE_PUBLIC, 1, buf_span(&out));
    if (e == P1_EXIT_DONE) {
        printf("%s: SECRET, keep it and a copy. %s: for the organiser (trustee %u of %u, %u needed).\n", key, cert,
               k->index, k->size, k->threshold);
        keyfile_say(k);
    }
    free(out.p);
    return e;
}

static enum p1_exit trustee_certificate(const struct args *args) {
    struct keyfile *k;
    unsigned long index = 0, size = 0, threshold = 0;
    const char *ceremony = args_get(args, "--ceremony");
    enum p1_exit e = args_number(args, "--of", 1, P1_TRUSTEES_MAX, &size);
    if (e == P1_EXIT_DONE) e = args_number(args, "--index", 1, size, &index);
    if (e == P1_EXIT_DONE) e = args_number(args, "--threshold", 1, size, &threshold);
    if (e == P1_EXIT_DONE && ceremony && strcmp(ceremony, "belenios-3.0") != 0)
        e = refuse(P1_EXIT_USAGE, "--ceremony: only belenios-3.0 is known");
    if (e == P1_EXIT_DONE) e = keyfile_new(args, &k);
    if (e != P1_EXIT_DONE) return e;
    if (2 * threshold <= size && !k->test) {
        keyfile_free(k);
        return refuse(
            P1_EXIT_REFUSED,
            "with %lu of %lu, two groups of trustees could be shown two different boxes and open both: ask for more "
            "than half (or say --test)",
            threshold, size);
    }
    k->index = (unsigned)index;
    k->size = (unsigned)size;
    k->threshold = (unsigned)threshold;
    if (ceremony) k->mode = AES_CCM;
    e = write_certificate(args, k);
    keyfile_free(k);
    return e;
}

const struct command command_trustee_certificate = {
    "trustee",
    "certificate",
    "--group=GROUP --index!=I --of!=N --threshold!=T --election+=UUID --minimum=10 --test --ceremony=belenios-3.0 "
    "--out!=NAME",
    "Ceremony, visit 1: makes your key NAME.key (secret) and your certificate NAME.cert, for the organiser.\n"
    "The key names the elections it is for, and below how many voters it opens no box.\n"
    "--ceremony belenios-3.0: other trustees use Belenios 3.0, which seals messages in an older way.",
    "plus1 trustee certificate --index 1 --of 5 --threshold 3 --election UUID1 --election UUID2 --out T1",
    trustee_certificate};

// ---- 2. polynomial ----

static enum p1_exit trustee_polynomial(const struct args *args) {
    struct ceremony c;
    struct draws d;
    enum p1_exit e = prepare(&c, args);
    draws_init(&d);
    if (e == P1_EXIT_DONE)
        e = said(polynomial_make(c.group, c.certs, &c.keys, c.key->mode, &d, &c.out, &c.arena, c.work),
                 "the polynomial");
    if (e == P1_EXIT_DONE) e = save(&c, args_get(args, "--out"));
    if (e == P1_EXIT_DONE) printf("%s: for the organiser\n", args_get(args, "--out"));
    sodium_memzero(&d, sizeof d);
    release(&c);
    return e;
}

const struct command command_trustee_polynomial = {
    "trustee",
    "polynomial",
    "--key!=NAME.key --certificates!=CERTS.jsons --out!=FILE",
    "Ceremony, visit 2: with the certificates of all (one a line, in order of their index), makes your part of the "
    "key.",
    "plus1 trustee polynomial --key T1.key --certificates certs.jsons --out T1.polynomial",
    trustee_polynomial};

// ---- 3. routing ----

// All trustees' lines of a file, one for each certificate.
static enum p1_exit read_lines(const struct ceremony *c, const char *path, char **text, struct span **lines) {
    size_t n, count;
    *lines = NULL;
    enum p1_exit e = file_read(path, 1, text, &n);
    if (e != P1_EXIT_DONE) return e;
    *lines = text_lines(span_of(*text, n), &count);
    if (count != c->certs->count)
        return refuse(P1_EXIT_REFUSED, "%s has %zu lines, but there are %u trustees: one line for each, in their order",
                      path, count, c->certs->count);
    return P1_EXIT_DONE;
}

static enum p1_exit read_polynomials(struct ceremony *c, const struct args *args, char **text,
                                     struct polynomial **out) {
    struct span *lines;
    enum p1_exit e = read_lines(c, args_get(args, "--polynomials"), text, &lines);
    *out = mem_alloc(c->certs->count * sizeof **out);
    for (unsigned i = 0; i < c->certs->count && e == P1_EXIT_DONE; i++) {
        struct buf mark = c->arena;
        e = said_of(polynomial_check(c->group, c->certs, i + 1, lines[i], &(*out)[i], &c->arena, c->work),
                    "the polynomial", i + 1);
        c->arena = mark;
    }
    free(lines);
    return e;
}

static enum p1_exit trustee_route(const struct args *args) {
    struct ceremony c;
    char *text = NULL;
    struct polynomial *p = NULL;
    enum p1_exit e = prepare(&c, args);
    if (e == P1_EXIT_DONE) e = read_polynomials(&c, args, &text, &p);
    if (e == P1_EXIT_DONE) e = folder_make(args_get(args, "--out"));
    for (unsigned i = 1; e == P1_EXIT_DONE && i <= c.certs->count; i++) {
        char *path = path_join(args_get(args, "--out"), "%u.vinput", i);
        c.out.n = 0;
        e = said(vinput_write(c.certs, p, i, &c.out), path);
        if (e == P1_EXIT_DONE) e = save(&c, path);
        if (e == P1_EXIT_DONE) printf("%s: for trustee %u\n", path, i);
        free(path);
    }
    free(text);
    free(p);
    release(&c);
    return e;
}

const struct command command_trustee_route = {
    "trustee",
    "route",
    "--certificates!=CERTS.jsons --polynomials!=POLYNOMIALS.jsons --out!=FOLDER",
    "Ceremony, the organiser: checks the trustees' polynomials (one a line, in order) and sorts out who gets what.",
    "plus1 trustee route --certificates certs.jsons --polynomials polynomials.jsons --out vinputs",
    trustee_route};

// ---- 4. acceptance ----

static enum p1_exit trustee_accept(const struct args *args) {
    struct ceremony c;
    struct draws d;
    struct scalar made = {{0}};
    char *vinput = NULL;
    size_t n;
    unsigned bad = 0;
    enum p1_exit e = prepare(&c, args);
    draws_init(&d);
    if (e == P1_EXIT_DONE) e = files_absent(args_get(args, "--out"), args_end);
    if (e == P1_EXIT_DONE) e = file_read(args_get(args, "--vinput"), 1, &vinput, &n);
    if (e == P1_EXIT_DONE) {
        enum p1_err err = voutput_make(c.group, c.certs, &c.keys, span_of(vinput, n), c.key->mode, &d, &made, &c.out,
                                       &bad, &c.arena, c.work);
        e = bad ? said_of(err, "the part", bad) : said(err, "the parts of all");
    }
    if (e == P1_EXIT_DONE && c.key->has_private && !sc_is_equal(&made, &c.key->private))
        e = refuse(P1_EXIT_REFUSED,
                   "%s is complete already, from another ceremony: without it those boxes cannot be opened",
                   args_get(args, "--key"));
    if (e == P1_EXIT_DONE) {
        c.key->private = made;
        c.key->has_private = 1;
        e = keyfile_write(args_get(args, "--key"), c.key, 0);
    }
    sodium_memzero(&made, sizeof made);
    if (e == P1_EXIT_DONE) e = save(&c, args_get(args, "--out"));
    if (e == P1_EXIT_DONE)
        printf("%s is complete: keep it and a new copy. %s: for the organiser\n", args_get(args, "--key"),
               args_get(args, "--out"));
    sodium_memzero(&d, sizeof d);
    free(vinput);
    release(&c);
    return e;
}

const struct command command_trustee_accept = {
    "trustee",
    "accept",
    "--key!=NAME.key --certificates!=CERTS.jsons --vinput!=I.vinput --out!=FILE",
    "Ceremony, visit 3: checks what all others sent you, and completes your key.",
    "plus1 trustee accept --key T1.key --certificates certs.jsons --vinput vinputs/1.vinput --out T1.voutput",
    trustee_accept};

// ---- 5. assembly ----

static enum p1_exit assemble(struct ceremony *c, const struct polynomial *p, const struct span *voutputs) {
    struct span key[P1_TRUSTEES_MAX];
    enum p1_exit e = P1_EXIT_DONE;
    for (unsigned i = 0; i < c->certs->count && e == P1_EXIT_DONE; i++)
        e = said_of(voutput_check(c->group, c->certs, p, i + 1, voutputs[i], &key[i], c->work), "the verification key",
                    i + 1);
    return e == P1_EXIT_DONE ? said(threshold_write(c->certs, p, key, &c->out), "the parameters") : e;
}

static enum p1_exit trustee_assemble(const struct args *args) {
    struct ceremony c;
    char *text = NULL, *voutputs_text = NULL;
    struct span *voutputs = NULL;
    struct polynomial *p = NULL;
    enum p1_exit e = prepare(&c, args);
    if (e == P1_EXIT_DONE) e = read_polynomials(&c, args, &text, &p);
    if (e == P1_EXIT_DONE) e = read_lines(&c, args_get(args, "--voutputs"), &voutputs_text, &voutputs);
    if (e == P1_EXIT_DONE) e = assemble(&c, p, voutputs);
    if (e == P1_EXIT_DONE) e = save(&c, args_get(args, "--out"));
    if (e == P1_EXIT_DONE)
        printf("%s: %u trustees, of whom %u are needed to open a box\n", args_get(args, "--out"), c.certs->count,
               c.certs->threshold);
    free(text);
    free(voutputs_text);
    free(voutputs);
    free(p);
    release(&c);
    return e;
}

const struct command command_trustee_assemble = {
    "trustee",
    "assemble",
    "--certificates!=CERTS.jsons --polynomials!=POLYNOMIALS.jsons --voutputs!=VOUTPUTS.jsons --out!=THRESHOLD.json",
    "Ceremony, the organiser: checks all trustees' keys (one a line, in order) and writes the set's parameters.",
    "plus1 trustee assemble --certificates certs.jsons --polynomials polynomials.jsons --voutputs voutputs.jsons --out "
    "threshold.json",
    trustee_assemble};
