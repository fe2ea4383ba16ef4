// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The resident: a ballot from a code and the answers' names.

#include "cli/cmd_vote.h"

#include <sodium.h>
#include <stdlib.h>

#include "board/choose.h"
#include "cli/boxfile.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/remote.h"
#include "cli/text.h"

static enum p1_exit unknown_code(const struct code *code) {
    if (code->wrong_group)
        return refuse(P1_EXIT_REFUSED, "this code is not on the list: check group %u of it, one sign there seems wrong",
                      code->wrong_group);
    if (code->checked)
        return refuse(P1_EXIT_REFUSED,
                      "this code is not on the list of this election: is it from the letter for this vote?");
    return refuse(P1_EXIT_REFUSED, "this code is not on the list: check the whole code against the letter");
}

struct voter *voter_by_code(const struct box *box, struct code *code, struct scalar *x, struct elem_text *credential,
                            struct work *w) {
    struct voter *voter;
    do {
        code_secret(&box->election.group.q, box->election.uuid, code, x);
        credential_public(&box->election.group, x, credential, w);
        voter = box_voter(box, elem_span(credential));
    } while (!voter && code_other(code));
    return voter;
}

enum p1_exit code_use(const struct box *box, const char *typed, struct scalar *x, struct elem_text *credential,
                      struct work *w) {
    struct code code;
    if (code_read(&code, span_str(typed)) != P1_OK) {
        (void)refuse(P1_EXIT_REFUSED, "\"%s\": %s", typed, p1_err_text(P1_ERR_CODE_FORM));
        return P1_EXIT_REFUSED;
    }
    enum p1_exit result = voter_by_code(box, &code, x, credential, w) ? P1_EXIT_DONE : unknown_code(&code);
    if (result != P1_EXIT_DONE) sodium_memzero(x, sizeof *x);
    sodium_memzero(&code, sizeof code);
    return result;
}

enum p1_exit ballot_make(const struct box *box, const char *typed, const uint8_t *choices, const uint8_t seed[32],
                         struct buf *out, char code64[P1_HASH64], struct work *w) {
    const struct election *e = &box->election;
    struct scalar x;
    struct elem_text credential;
    uint8_t random[32];
    enum p1_exit result = code_use(box, typed, &x, &credential, w);
    if (result != P1_EXIT_DONE) return result;
    randombytes_buf(random, sizeof random);
    enum p1_err err = ballot_make_unsigned_ct(e, elem_span(&credential), choices, seed, out, w);
    if (err == P1_OK) err = ballot_sign_ct(e, &x, random, code64, out, w);
    if (err != P1_OK) result = refuse(P1_EXIT_REFUSED, "%s", p1_err_text(err));
    sodium_memzero(random, sizeof random);
    sodium_memzero(&x, sizeof x);
    return result;
}

static enum p1_exit name_choices(const struct args *args, const struct election *e, uint8_t *choices) {
    for (size_t i = 0; i < args->option_count; i++) {
        const struct option *o = &args->options[i];
        int blank = strcmp(o->name, "--blank") == 0;
        if (!blank && strcmp(o->name, "--choose") != 0) continue;
        enum p1_err err = (blank ? choose_blank : choose)(e, span_str(o->value), choices);
        if (err != P1_OK) return refuse(P1_EXIT_REFUSED, "\"%s\": %s", o->value, p1_err_text(err));
    }
    return P1_EXIT_DONE;
}

static enum p1_exit write_seed(const char *path, const uint8_t seed[32]) {
    uint8_t text[65];
    struct buf b = buf_over(text, sizeof text);
    buf_hex(&b, span_of(seed, 32));
    buf_char(&b, '\n');
    enum p1_exit e = file_write(path, FILE_SECRET, 0, buf_span(&b));
    sodium_memzero(text, sizeof text);
    return e;
}

static enum p1_exit write_ballot(const struct args *args, struct buf *ballot, const char code64[P1_HASH64],
                                 const uint8_t seed[32]) {
    char tracker[P1_HASH64];
    const char *seed_path = args_get(args, "--seed-out"), *out = args_get(args, "--out");
    hash64(tracker, buf_span(ballot));
    enum p1_exit e = out ? file_write(out, FILE_PUBLIC, 0, buf_span(ballot)) : P1_EXIT_DONE;
    if (e == P1_EXIT_DONE && seed_path) e = write_seed(seed_path, seed);
    if (e != P1_EXIT_DONE) return e;
    printf("Ballot code: %.*s\n", P1_HASH64, code64);
    if (seed_path) printf("Whoever has %s can see what you chose.\n", seed_path);
    if (args_get(args, "--url")) return e;
    printf("Tracker:     %.*s\nIt counts when it is in the ballot box: plus1 box add %s %s\n", P1_HASH64, tracker,
           args_get(args, "--box"), out);
    return P1_EXIT_DONE;
}

// REMOTE is null where the box is a file.
static enum p1_exit vote_in(const struct args *args, struct boxfile *f, const struct remote *remote) {
    uint8_t seed[32], *choices = mem_alloc(f->box->election.choice_count);
    char code64[P1_HASH64];
    const char *code = args_get(args, "--code");
    size_t room = ballot_size_max(&f->box->election);
    struct buf ballot = buf_over(mem_alloc(room), room);
    memset(choices, 0, f->box->election.choice_count);
    randombytes_buf(seed, sizeof seed);
    if (!code && remote) code = remote->code;
    enum p1_exit e = code ? name_choices(args, &f->box->election, choices)
                          : refuse(P1_EXIT_USAGE, "--code must be given, or a link with the code in it");
    if (e == P1_EXIT_DONE && code) e = ballot_make(f->box, code, choices, seed, &ballot, code64, f->runner->work);
    if (e == P1_EXIT_DONE) e = write_ballot(args, &ballot, code64, seed);
    if (e == P1_EXIT_DONE && remote) e = remote_cast(remote, f, buf_span(&ballot), args_get(args, "--receipt"));
    sodium_memzero(choices, f->box->election.choice_count);
    sodium_memzero(seed, sizeof seed);
    free(choices);
    free(ballot.p);
    return e;
}

static enum p1_exit vote_at(const struct args *args, const char *path, const struct remote *remote) {
    struct boxfile f;
    struct runner *r = runner_new();
    enum p1_exit e = boxfile_open(&f, path, ARCHIVE_READ, remote != NULL, r);
    if (e == P1_EXIT_DONE) {
        if (f.box->stage != BOX_OPEN)
            e = refuse(P1_EXIT_REFUSED, "the ballot box takes no more ballots: %s", stage_words(f.box->stage));
        if (e == P1_EXIT_DONE && remote) e = remote_check_paper(remote, &f);
        if (e == P1_EXIT_DONE) e = vote_in(args, &f, remote);
        boxfile_close(&f);
    }
    pool_free(r);
    return e;
}

static enum p1_exit vote(const struct args *args) {
    const char *box = args_get(args, "--box"), *url = args_get(args, "--url");
    struct remote remote;
    if (!box == !url) return refuse(P1_EXIT_USAGE, "give --box, a file, or --url, a link");
    if (box && !args_get(args, "--out")) return refuse(P1_EXIT_USAGE, "--out must be given: where does the ballot go?");
    if (box) return vote_at(args, box, NULL);
    enum p1_exit e = remote_open(&remote, url);
    if (e == P1_EXIT_DONE) e = vote_at(args, remote.box, &remote);
    remote_close(&remote);
    return e;
}

const struct command command_vote = {
    "vote",
    "",
    "--box=BOX.bel --url=LINK --code=CODE --choose*=[N=]ANSWER --blank*=N --seed-out=FILE --receipt=FILE "
    "--out=BALLOT.json",
    "Makes a ballot with the code from a voting letter: for the box in a file, or with --url at a server, where it is "
    "cast.\n"
    "A LINK as it is in the letter, https://HOST/s/NUMBER#CODE.PRINT, has the code in it. --receipt keeps the "
    "receipt.\n"
    "An ANSWER is given by its text or number, with the question's number before it where there are several "
    "questions.\n"
    "--blank N votes blank on question N. --seed-out keeps what is needed to check the ballot; it shows your choice.",
    "plus1 vote --box emmen/UUID.bel --code ABCDE-FGHJKL-MNPQR-STUVWX --choose Glijbaan --out ballot.json",
    vote};
