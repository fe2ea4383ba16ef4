// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The organiser: the election itself, and the terms that are frozen with it.

#include <stdlib.h>
#include <time.h>

#include "cli/boxfile.h"
#include "cli/commands.h"
#include "cli/draft.h"
#include "cli/files.h"
#include "cli/moment.h"
#include "cli/text.h"
#include "core/sha256.h"

// ---- plus1 election create ----

// [["Single",{..}],["Pedersen",{..}],..] from the files in their order.
static enum p1_exit trustees_join(const struct args *args, struct buf *out) {
    const char *path;
    for (size_t i = 0; (path = args_nth(args, "--trustee", i)); i++) {
        char *text;
        size_t n;
        enum p1_exit e = file_read(path, 1, &text, &n);
        if (e != P1_EXIT_DONE) return e;
        struct json j = json_of(span_of(text, n));
        struct span one;
        const char *kind = json_take(&j, "{\"pok\":") ? "Single" : json_take(&j, "{\"threshold\":") ? "Pedersen" : NULL;
        j = json_of(span_of(text, n));
        if (json_skip(&j, &one) != P1_OK || json_end(&j) != P1_OK) kind = NULL; // one trustee a file, not more
        if (kind) {
            buf_str(out, i ? ",[\"" : "[[\"");
            buf_str(out, kind);
            buf_str(out, "\",");
            buf_put(out, span_of(text, n));
            buf_char(out, ']');
        }
        free(text);
        if (!kind)
            return refuse(P1_EXIT_UNREADABLE,
                          "%s is neither a trustee's public key nor the parameters of a threshold set", path);
    }
    buf_char(out, ']');
    return P1_EXIT_DONE;
}

static enum p1_exit joint_key(const struct draft *d, struct span trustees, struct elem_text *key) {
    struct group *g = mem_alloc(sizeof *g);
    struct work *w = mem_alloc(sizeof *w);
    struct trustees *t = mem_alloc(sizeof *t);
    struct buf arena = buf_over(mem_alloc(trustees.n), trustees.n);
    enum p1_exit e = P1_EXIT_DONE;
    enum p1_err err = group_init(g, d->group, w);
    if (err == P1_OK) err = trustees_parse(t, g, trustees, &arena, w);
    if (err == P1_OK) {
        elem_encode(g, key, &t->joint, 1, w);
    } else {
        e = refuse(P1_EXIT_REFUSED, "trustee %u: %s (%s)", t->at, p1_err_text(err), p1_err_name(err));
    }
    free(g);
    free(w);
    free(t);
    free(arena.p);
    return e;
}

static void say_failed(struct checker *c, const struct check_line *line) {
    (void)c;
    if (line->status == CHECK_FAILED)
        (void)refuse(P1_EXIT_REFUSED, "this election is not right: %s (%s, at %s)", line->text, p1_err_name(line->err),
                     line->place);
}

// A key that is the identity is none, and in a set of which one is enough all have the same.
static enum p1_exit judge_keys(const struct box *box, struct work *w) {
    struct elem identity;
    elem_identity(&box->election.group, &identity);
    if (elem_equal(&box->election.group, &box->election.key, &identity, w))
        return refuse(P1_EXIT_REFUSED, "the trustees' keys cancel each other: everybody could read the ballots");
    for (unsigned n = 0; n < box->trustees.item_count; n++) {
        const struct trustee_item *item = &box->trustees.item[n];
        for (unsigned i = item->first; i < item->first + item->count; i++) {
            for (unsigned k = 0; k < i; k++) {
                if (item->threshold == 1 && k >= item->first) break; // all of such a set have its one key
                if (span_eq(box->trustees.trustee[i].key_text, box->trustees.trustee[k].key_text))
                    return refuse(P1_EXIT_REFUSED, "trustees %u and %u have the same key", k + 1, i + 1);
            }
        }
    }
    return P1_EXIT_DONE;
}

#define WEIGHT_MOST ((uint64_t)1 << 48) // more could not be counted

// Lets the whole check of archives judge it before anything is on the disk.
static enum p1_exit judge(struct span file, struct span bundle) {
    struct runner *r = runner_new();
    struct beside beside = {.bundle = bundle};
    struct checker c = {.runner = r, .line = say_failed, .beside = &beside};
    struct box *box = mem_alloc(sizeof *box);
    uint64_t *counts = mem_alloc(P1_CHOICES_MAX * sizeof *counts);
    box_init(box);
    enum p1_exit e = check_archive(&c, box, file, counts) == P1_OK ? P1_EXIT_DONE : P1_EXIT_REFUSED;
    if (e == P1_EXIT_DONE) e = judge_keys(box, r->work);
    if (e == P1_EXIT_DONE && box->weight > WEIGHT_MOST)
        e = refuse(P1_EXIT_REFUSED, "the weights add up to more than can be counted");
    if (e == P1_EXIT_DONE)
        printf("%zu voter%s, %u trustee%s, %u question%s\n", box->voter_count, box->voter_count == 1 ? "" : "s",
               box->trustees.count, box->trustees.count == 1 ? "" : "s", box->election.question_count,
               box->election.question_count == 1 ? "" : "s");
    notices_release(&beside.noticed);
    box_release(box);
    free(box);
    free(counts);
    pool_free(r);
    return e;
}

// The bundle first: an archive whose bundle is missing would be worse than a bundle too many.
static enum p1_exit write_archive(const struct draft *d, struct span file, struct span bundle, const char *folder) {
    char *path = path_join(folder, "%.*s.bel", (int)d->uuid.n, (const char *)d->uuid.p);
    char *beside = boxfile_beside(path, ".bundle.json");
    enum p1_exit e = files_absent(path, args_end);
    if (e == P1_EXIT_DONE && bundle.p) e = file_write(beside, FILE_PUBLIC, 0, bundle);
    if (e == P1_EXIT_DONE) e = file_write(path, FILE_PUBLIC, 1, file);
    if (e == P1_EXIT_DONE) printf("%s: the ballot box is open\n", path);
    free(beside);
    free(path);
    return e;
}

static enum p1_exit archive_new(const struct draft *d, struct span trustees, struct span credentials,
                                const struct frozen_lines *lines, struct span bundle, const char *folder) {
    struct chain chain;
    struct elem_text key = {.n = 0};
    enum p1_exit e = joint_key(d, trustees, &key);
    if (e != P1_EXIT_DONE) return e;
    size_t room = d->json.n + 3 * P1_ELEM_TEXT + 512;
    struct buf election = buf_over(mem_alloc(room), room);
    draft_election(d, elem_span(&key), lines, &election);

    uint8_t setup_text[512];
    struct buf setup = buf_over(setup_text, sizeof setup_text);
    setup_data(buf_span(&election), trustees, credentials, &setup);
    const struct span records[] = {buf_span(&election), trustees, credentials, buf_span(&setup)};
    size_t size = 4096 + chain_write_size(records, 4);
    struct buf file = buf_over(mem_alloc(size), size);
    enum p1_err err = chain_create(&chain, (uint64_t)time(NULL), &file);
    if (err == P1_OK) err = chain_write(&chain, EVENT_SETUP, records, 4, &file);

    e = err == P1_OK ? judge(buf_span(&file), bundle) : refuse(P1_EXIT_REFUSED, "%s", p1_err_text(err));
    if (e == P1_EXIT_DONE) e = write_archive(d, buf_span(&file), bundle, folder);
    free(file.p);
    free(election.p);
    return e;
}

// A file's text without its line end, or nothing if the option was not given.
static enum p1_exit read_option(const struct args *args, const char *option, char **text, struct span *out) {
    const char *path = args_get(args, option);
    size_t n;
    *out = (struct span){0};
    if (!path) return P1_EXIT_DONE;
    enum p1_exit e = file_read(path, 1, text, &n);
    if (e == P1_EXIT_DONE) *out = span_of(*text, n);
    return e;
}

struct create_files {
    char *credentials, *bundle, *registrar, *second;
    char hash[64];
};

static enum p1_exit read_files(const struct args *args, struct create_files *f, struct span *credentials,
                               struct span *bundle, struct frozen_lines *lines) {
    uint8_t digest[SHA256_BYTES];
    enum p1_exit e = read_option(args, "--credentials", &f->credentials, credentials);
    if (e == P1_EXIT_DONE) e = read_option(args, "--bundle", &f->bundle, bundle);
    if (e == P1_EXIT_DONE) e = read_option(args, "--registrar", &f->registrar, &lines->registrar);
    if (e == P1_EXIT_DONE) e = read_option(args, "--second", &f->second, &lines->second);
    if (e != P1_EXIT_DONE || !bundle->p) return e;
    struct buf hex = buf_over(f->hash, sizeof f->hash);
    sha256(digest, *bundle);
    buf_hex(&hex, span_of(digest, sizeof digest));
    lines->bundle = buf_span(&hex);
    return e;
}

static enum p1_exit election_create(const struct args *args) {
    struct draft d = {0};
    struct create_files f = {0};
    struct frozen_lines lines = {0};
    struct span credentials, bundle;
    size_t room = (size_t)1 << 24;
    struct buf trustees = buf_over(mem_alloc(room), room);
    enum p1_exit e = draft_read(args_get(args, "--draft"), &d);
    if (e == P1_EXIT_DONE) e = trustees_join(args, &trustees);
    if (e == P1_EXIT_DONE) e = read_files(args, &f, &credentials, &bundle, &lines);
    if (e == P1_EXIT_DONE) e = folder_make(args_get(args, "--out"));
    if (e == P1_EXIT_DONE)
        e = archive_new(&d, buf_span(&trustees), credentials, &lines, bundle, args_get(args, "--out"));
    free(f.credentials);
    free(f.bundle);
    free(f.registrar);
    free(f.second);
    free(trustees.p);
    draft_release(&d);
    return e;
}

const struct command command_election_create = {
    "election",
    "create",
    "--draft!=DRAFT.json --trustee+=FILE --credentials!=CREDENTIALS.json --bundle=BUNDLE.json --registrar=KEY.public "
    "--second=KEY.public --out!=FOLDER",
    "Opens a ballot box: writes FOLDER/UUID.bel with question paper, trustees and public credentials.\n"
    "Each --trustee is a public key, or the parameters of a threshold set. --bundle freezes the terms (plus1 election "
    "bundle).\n"
    "--registrar and --second are whose notices the box will take (plus1 registrar key).",
    "plus1 election create --draft draft.json --trustee threshold.json --credentials public_credentials.json --out "
    "emmen",
    election_create};

// ---- plus1 election bundle ----

static enum p1_exit write_attachments(const struct args *args, struct buf *out) {
    const char *path;
    buf_str(out, ",\"attachments\":[");
    for (size_t i = 0; (path = args_nth(args, "--attachment", i)); i++) {
        char *text;
        size_t n;
        uint8_t digest[SHA256_BYTES];
        const char *slash = strrchr(path, '/');
        enum p1_exit e = file_read(path, 0, &text, &n);
        if (e != P1_EXIT_DONE) return e;
        sha256(digest, span_of(text, n));
        free(text);
        buf_str(out, i ? ",{\"name\":" : "{\"name\":");
        buf_json_string(out, span_str(slash ? slash + 1 : path));
        buf_str(out, ",\"sha256\":\"");
        buf_hex(out, span_of(digest, sizeof digest));
        buf_str(out, "\"}");
    }
    buf_str(out, "]}");
    return P1_EXIT_DONE;
}

// --translation LANGUAGE=PAPER.json
static enum p1_exit write_translations(const struct args *args, struct buf *out) {
    const char *given;
    buf_str(out, ",\"translations\":[");
    for (size_t i = 0; (given = args_nth(args, "--translation", i)); i++) {
        const char *equals = strchr(given, '=');
        char *text;
        size_t n;
        if (!equals) return refuse(P1_EXIT_USAGE, "--translation: give LANGUAGE=PAPER.json");
        enum p1_exit e = file_read(equals + 1, 1, &text, &n);
        if (e != P1_EXIT_DONE) return e;
        struct json j = json_of(span_of(text, n));
        struct span paper;
        int right = json_skip(&j, &paper) == P1_OK && json_end(&j) == P1_OK;
        buf_str(out, i ? ",{\"language\":" : "{\"language\":");
        buf_json_string(out, span_of(given, (size_t)(equals - given)));
        buf_str(out, ",\"paper\":");
        if (right) buf_put(out, paper);
        buf_char(out, '}');
        free(text);
        if (!right) return refuse(P1_EXIT_UNREADABLE, "%s is not a question paper", equals + 1);
    }
    buf_char(out, ']');
    return P1_EXIT_DONE;
}

static enum p1_exit write_terms(const struct args *args, const struct draft *d, struct span credentials,
                                struct buf *out) {
    uint64_t opens, closes;
    unsigned long minimum = 10;
    uint8_t digest[SHA256_BYTES];
    size_t count = 0;
    char *receipt = NULL;
    struct span receipt_key;
    if (!moment_parse(args_get(args, "--opens"), &opens) || !moment_parse(args_get(args, "--closes"), &closes))
        return refuse(P1_EXIT_USAGE, "--opens and --closes are times such as 2027-03-10T20:00:00+01:00");
    enum p1_exit e = args_number(args, "--minimum", 1, 1000000, &minimum);
    if (e == P1_EXIT_DONE) e = read_option(args, "--receipt-key", &receipt, &receipt_key);
    if (e != P1_EXIT_DONE) return e;
    for (size_t i = 0; i < credentials.n; i++) count += credentials.p[i] == '"';
    sha256(digest, credentials);
    buf_str(out, "{\"version\":1,\"uuid\":\"");
    buf_put(out, d->uuid);
    buf_str(out, "\",\"boxes\":[");
    for (size_t i = 0; args_nth(args, "--box", i); i++) {
        buf_str(out, i ? ",\"" : "\"");
        buf_str(out, args_nth(args, "--box", i));
        buf_char(out, '"');
    }
    buf_str(out, "],\"opens\":");
    buf_u64(out, opens);
    buf_str(out, ",\"closes\":");
    buf_u64(out, closes);
    buf_str(out, ",\"minimum\":");
    buf_u64(out, minimum);
    buf_str(out, ",\"credentials\":{\"count\":");
    buf_u64(out, count / 2);
    buf_str(out, ",\"sha256\":\"");
    buf_hex(out, span_of(digest, sizeof digest));
    buf_str(out, "\"},\"receipt_key\":\"");
    buf_put(out, receipt_key);
    buf_char(out, '"');
    free(receipt);
    e = write_translations(args, out);
    return e == P1_EXIT_DONE ? write_attachments(args, out) : e;
}

static enum p1_exit election_bundle(const struct args *args) {
    struct draft d = {0};
    struct bundle terms = {0};
    char *text = NULL;
    struct span credentials;
    size_t room = (size_t)1 << 22;
    struct buf out = buf_over(mem_alloc(room), room);
    enum p1_exit e = draft_read(args_get(args, "--draft"), &d);
    if (e == P1_EXIT_DONE) e = read_option(args, "--credentials", &text, &credentials);
    if (e == P1_EXIT_DONE) e = write_terms(args, &d, credentials, &out);
    enum p1_err err = e == P1_EXIT_DONE ? buf_done(&out) : P1_OK;
    if (e == P1_EXIT_DONE && err == P1_OK) err = bundle_parse(buf_span(&out), &terms);
    if (err != P1_OK) e = refuse(P1_EXIT_REFUSED, "%s (%s)", p1_err_text(err), p1_err_name(err));
    if (e == P1_EXIT_DONE) e = file_write(args_get(args, "--out"), FILE_PUBLIC, 1, buf_span(&out));
    if (e == P1_EXIT_DONE)
        printf("%s: %u boxes, %llu credentials. Give it to plus1 election create with --bundle\n",
               args_get(args, "--out"), terms.box_count, (unsigned long long)terms.credential_count);
    free(text);
    free(out.p);
    draft_release(&d);
    return e;
}

const struct command command_election_bundle = {
    "election",
    "bundle",
    "--draft!=DRAFT.json --credentials!=CREDENTIALS.json --box+=UUID --opens!=TIME --closes!=TIME --minimum=10 "
    "--receipt-key=KEY.public --translation*=LANGUAGE=PAPER.json --attachment*=FILE --out!=BUNDLE.json",
    "Freezes what the question paper cannot hold: all boxes of the joint vote, times, the list of credentials, "
    "attachments.\n"
    "After the codes and the keys, before the letters. The question paper names this file by its hash.",
    "plus1 election bundle --draft draft.json --credentials public_credentials.json --box UUID1 --box UUID2 --opens "
    "2027-03-01T08:00:00+01:00 --closes 2027-03-10T20:00:00+01:00 --out bundle.json",
    election_bundle};
