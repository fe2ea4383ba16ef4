// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The registrar during a vote: codes withdrawn, the closing time extended. Notices are made and signed on the registrar's own
// computer, and taken by the box.
//
// A registrar's key file, secret: {"plus1":"registrar key 1","group":"..","private_key":"decimal"} and a line end.

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>

#include "cli/boxfile.h"
#include "cli/cmd_vote.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/keyfile.h"
#include "cli/moment.h"
#include "cli/served.h"
#include "cli/text.h"

// ---- keys ----

static void key_write(const struct group *g, const struct scalar *x, struct buf *out) {
    buf_str(out, "{\"plus1\":\"registrar key 1\",\"group\":\"");
    buf_str(out, g->ops->name);
    buf_str(out, "\",\"private_key\":\"");
    sc_encode(&g->q, out, x);
    buf_str(out, "\"}\n");
}

static enum p1_exit key_read(const char *path, const struct group *g, struct scalar *x) {
    char *text;
    size_t n;
    struct span group;
    enum p1_exit e = file_read(path, 1, &text, &n);
    if (e != P1_EXIT_DONE) return e;
    struct json j = json_of(span_of(text, n));
    int right = json_take(&j, "{\"plus1\":\"registrar key 1\",\"group\":") && json_plain(&j, &group) == P1_OK &&
                span_eq(group, span_str(g->ops->name)) && json_take(&j, ",\"private_key\":") &&
                json_scalar(&j, &g->q, x) == P1_OK && json_take(&j, "}") && json_end(&j) == P1_OK;
    sodium_memzero(text, n);
    free(text);
    return right ? P1_EXIT_DONE : refuse(P1_EXIT_UNREADABLE, "%s is not a registrar's key for this group", path);
}

static enum p1_exit registrar_key(const struct args *args) {
    const char *name = args_get(args, "--out"), *group = args_get(args, "--group");
    struct group *g = mem_alloc(sizeof *g);
    struct work *w = mem_alloc(sizeof *w);
    struct draws d;
    struct scalar x;
    struct elem_text public;
    uint8_t text[2048];
    struct buf key = buf_over(text, sizeof text);
    enum p1_err err = group_init(g, span_str(group ? group : "Ed25519"), w);
    enum p1_exit e = err == P1_OK ? P1_EXIT_DONE : refuse(P1_EXIT_UNREADABLE, "%s", p1_err_text(err));
    if (e == P1_EXIT_DONE) {
        char key_path[4096], public_path[4096];
        draws_init(&d);
        draw_scalar(&g->q, &d, &x);
        credential_public(g, &x, &public, w);
        key_write(g, &x, &key);
        (void)snprintf(key_path, sizeof key_path, "%.4000s.key", name);
        (void)snprintf(public_path, sizeof public_path, "%.4000s.public", name);
        e = files_absent(key_path, public_path, args_end);
        if (e == P1_EXIT_DONE) e = file_write(key_path, FILE_SECRET, 1, buf_span(&key));
        if (e == P1_EXIT_DONE) e = file_write(public_path, FILE_PUBLIC, 1, elem_span(&public));
        if (e == P1_EXIT_DONE) printf("%s: SECRET. %s: for plus1 election create\n", key_path, public_path);
    }
    sodium_memzero(text, sizeof text);
    sodium_memzero(&x, sizeof x);
    sodium_memzero(&d, sizeof d);
    sodium_memzero(w, sizeof *w);
    free(g);
    free(w);
    return e;
}

const struct command command_registrar_key = {
    "registrar",
    "key",
    "--group=GROUP --out!=NAME",
    "Makes a key that signs notices: NAME.key (secret) and NAME.public. A second person needs one too.",
    "plus1 registrar key --out registrar",
    registrar_key};

// ---- a notice ----

struct signing {
    struct boxfile box;
    struct runner *runner;
    struct scalar registrar, second;
    int has_second;
    struct elem_text credential;
    char text[P1_ELEM_TEXT + 1];
    struct voter *voter;
};

static enum p1_exit signing_open(struct signing *s, const struct args *args) {
    const char *second = args_get(args, "--second");
    *s = (struct signing){.runner = runner_new()};
    enum p1_exit e = boxfile_open(&s->box, args_get(args, "--box"), ARCHIVE_READ, 0, s->runner);
    if (e != P1_EXIT_DONE) return e;
    e = key_read(args_get(args, "--key"), &s->box.box->election.group, &s->registrar);
    if (e == P1_EXIT_DONE && second) e = key_read(second, &s->box.box->election.group, &s->second);
    s->has_second = second != NULL;
    return e;
}

static void signing_close(struct signing *s) {
    if (s->box.box) boxfile_close(&s->box);
    pool_free(s->runner);
    sodium_memzero(s, sizeof *s);
}

// Whose credential? By its code, or by itself.
static enum p1_exit signing_voter(struct signing *s, const struct args *args) {
    const char *typed = args_get(args, "--code"), *credential = args_get(args, "--credential");
    if (typed) {
        struct code code;
        struct scalar x;
        if (code_read(&code, span_str(typed)) != P1_OK)
            return refuse(P1_EXIT_REFUSED, "%s", p1_err_text(P1_ERR_CODE_FORM));
        s->voter = voter_by_code(s->box.box, &code, &x, &s->credential, s->runner->work);
        sodium_memzero(&x, sizeof x);
        sodium_memzero(&code, sizeof code);
        memcpy(s->text, s->credential.p, s->credential.n);
    } else if (credential && strlen(credential) < sizeof s->text) {
        memcpy(s->text, credential, strlen(credential));
        s->voter = box_voter(s->box.box, span_str(s->text));
    } else {
        return refuse(P1_EXIT_USAGE, "give --code or --credential");
    }
    return s->voter ? P1_EXIT_DONE : refuse(P1_EXIT_REFUSED, "this code is not on the list of this election");
}

static enum p1_exit sign(struct signing *s, struct notice *n, const char *path) {
    const struct notices *have = &s->box.beside->noticed;
    struct draws d;
    uint8_t text[1 << 14];
    struct buf out = buf_over(text, sizeof text);
    draws_init(&d);
    n->first = have->lines == 0;
    memcpy(n->previous, have->tip, 32);
    memcpy(n->event, s->box.box->chain.tip, 32);
    enum p1_err err = notice_write(&s->box.box->election.group, n, &s->registrar, s->has_second ? &s->second : NULL, &d,
                                   &out, s->runner->work);
    sodium_memzero(&d, sizeof d);
    if (err != P1_OK) return refuse(P1_EXIT_REFUSED, "%s", p1_err_text(err));
    enum p1_exit e = file_write(path, FILE_PUBLIC, 0, buf_span(&out));
    if (e == P1_EXIT_DONE) printf("%s: for the box: plus1 box notice %s %s\n", path, s->box.path, path);
    return e;
}

static enum p1_exit registrar_withdraw(const struct args *args) {
    struct signing s;
    struct notice n = {.type = NOTICE_WITHDRAW};
    uint8_t *choices = NULL;
    enum p1_exit e = signing_open(&s, args);
    if (e == P1_EXIT_DONE) e = signing_voter(&s, args);
    if (e == P1_EXIT_DONE && s.voter->ballot) {
        choices = mem_alloc(s.box.box->election.choice_count);
        if (!neutral_choices(&s.box.box->election, choices)) {
            e = refuse(P1_EXIT_REFUSED,
                       "this code has voted, and this question paper has no neutral vote (no blank, and a "
                       "minimum above 0): a vote can only be withdrawn before it is cast");
        } else if (!s.has_second) {
            e = refuse(P1_EXIT_REFUSED, "this code has voted: a second person must sign too (--second)");
        } else {
            puts("This code has voted. After this notice, cast the neutral ballot: plus1 registrar neutral");
        }
    }
    n.credential = s.text;
    if (e == P1_EXIT_DONE) e = sign(&s, &n, args_get(args, "--out"));
    free(choices);
    signing_close(&s);
    return e;
}

const struct command command_registrar_withdraw = {
    "registrar",
    "withdraw",
    "--box!=BOX.bel --key!=KEY --second=KEY --code=CODE --credential=KEY --out!=NOTICE",
    "Signs that a code is withdrawn: stolen, disputed, or its holder voted on paper.\n"
    "If the code has voted, a second person signs too, and a neutral ballot takes the vote's place.",
    "plus1 registrar withdraw --box emmen/UUID.bel --key registrar.key --code ABCDE-FGHJKL-MNPQR-STUVWX --out notice",
    registrar_withdraw};

static enum p1_exit make_neutral(struct signing *s, const struct args *args, struct notice *n) {
    const struct election *el = &s->box.box->election;
    uint8_t *choices = mem_alloc(el->choice_count);
    size_t room = ballot_size_max(el);
    struct buf ballot = buf_over(mem_alloc(room), room);
    char code64[P1_HASH64];
    randombytes_buf(n->seed, sizeof n->seed);
    enum p1_exit e = neutral_choices(el, choices) ? P1_EXIT_DONE
                                                  : refuse(P1_EXIT_REFUSED, "this question paper has no neutral vote");
    if (e == P1_EXIT_DONE)
        e = ballot_make(s->box.box, args_get(args, "--code"), choices, n->seed, &ballot, code64, s->runner->work);
    if (e == P1_EXIT_DONE) e = sign(s, n, args_get(args, "--out"));
    if (e == P1_EXIT_DONE) e = file_write(args_get(args, "--ballot-out"), FILE_PUBLIC, 0, buf_span(&ballot));
    if (e == P1_EXIT_DONE)
        printf("%s: after that notice: plus1 box add %s %s\n", args_get(args, "--ballot-out"), s->box.path,
               args_get(args, "--ballot-out"));
    free(ballot.p);
    free(choices);
    return e;
}

static enum p1_exit registrar_neutral(const struct args *args) {
    struct signing s;
    struct notice n = {.type = NOTICE_NEUTRAL};
    enum p1_exit e = signing_open(&s, args);
    if (e == P1_EXIT_DONE) e = signing_voter(&s, args);
    n.credential = s.text;
    if (e == P1_EXIT_DONE) e = make_neutral(&s, args, &n);
    signing_close(&s);
    return e;
}

const struct command command_registrar_neutral = {
    "registrar",
    "neutral",
    "--box!=BOX.bel --key!=KEY --code!=CODE --ballot-out!=BALLOT.json --out!=NOTICE",
    "Makes the neutral ballot of a withdrawn code that had voted, and the notice with its seed, so that all can see it "
    "is neutral.",
    "plus1 registrar neutral --box emmen/UUID.bel --key registrar.key --code ABCDE-FGHJKL-MNPQR-STUVWX --ballot-out "
    "neutral.json "
    "--out notice",
    registrar_neutral};

static enum p1_exit registrar_extend(const struct args *args) {
    struct signing s;
    struct notice n = {.type = NOTICE_EXTENSION};
    enum p1_exit e = signing_open(&s, args);
    if (e == P1_EXIT_DONE && !moment_parse(args_get(args, "--closes"), &n.closes))
        e = refuse(P1_EXIT_USAGE, "--closes: \"%s\" is not a time such as 2027-03-10T20:00:00+01:00",
                   args_get(args, "--closes"));
    if (e == P1_EXIT_DONE) e = sign(&s, &n, args_get(args, "--out"));
    signing_close(&s);
    return e;
}

const struct command command_registrar_extend = {
    "registrar",
    "extend",
    "--box!=BOX.bel --key!=KEY --closes!=TIME --out!=NOTICE",
    "Signs that the vote closes later: once, and later only.",
    "plus1 registrar extend --box emmen/UUID.bel --key registrar.key --closes 2027-03-10T20:00:00+01:00 --out notice",
    registrar_extend};

// ---- plus1 box notice ----

static enum p1_exit take_notice(struct boxfile *f, struct span line) {
    struct beside with = {.bundle = f->beside->bundle};
    const struct span old = f->beside->notices;
    char *path = boxfile_beside(f->path, ".notices");
    uint8_t *both = mem_alloc(old.n + line.n);
    if (old.n) memcpy(both, old.p, old.n);
    memcpy(both + old.n, line.p, line.n);
    with.notices = span_of(both, old.n + line.n);
    enum p1_exit e = f->beside->noticed.keys
                         ? boxfile_try_notices(f, &with)
                         : refuse(P1_EXIT_REFUSED, "this election names no registrar's key, so it takes no notices");
    if (e == P1_EXIT_DONE && with.noticed.closes && !f->beside->noticed.closes && f->bundle_text) {
        struct bundle terms;
        if (bundle_parse(f->beside->bundle, &terms) != P1_OK || with.noticed.closes <= terms.closes)
            e = refuse(P1_EXIT_REFUSED, "%s", p1_err_text(P1_ERR_NOTICE_EXTENSION));
    }
    if (e == P1_EXIT_DONE) e = file_write(path, FILE_PUBLIC, 0, with.notices);
    if (e == P1_EXIT_DONE) printf("%s: notice %zu is taken\n", path, with.noticed.lines);
    notices_release(&with.noticed);
    free(both);
    free(path);
    return e;
}

static enum p1_exit give_notice(const struct args *args) {
    char *path = realpath(args->files[1], NULL);
    if (!path) return refuse(P1_EXIT_UNREADABLE, "%s cannot be read: %s", args->files[1], strerror(errno));
    const char *const argv[] = {"box", "notice", args->files[0], path};
    enum p1_exit e = served_ask(args, 4, argv);
    free(path);
    return e;
}

static enum p1_exit box_notice(const struct args *args) {
    if (args_get(args, "--data")) return give_notice(args);
    struct boxfile f;
    struct runner *r = runner_new();
    char *text = NULL;
    size_t n;
    enum p1_exit e = boxfile_open(&f, args->files[0], ARCHIVE_APPEND, 0, r);
    if (e == P1_EXIT_DONE) {
        e = file_read(args->files[1], 0, &text, &n);
        if (e == P1_EXIT_DONE) e = take_notice(&f, span_of(text, n));
        free(text);
        boxfile_close(&f);
    }
    pool_free(r);
    return e;
}

const struct command command_box_notice = {
    "box",
    "notice",
    "--data=DIR BOX.bel NOTICE",
    "Takes a notice of the registrar: checked, then kept in UUID.notices beside the box.\n"
    "One that came too late (its code voted meanwhile) is refused: sign it again.\n"
    "With --data DIR the box is one of the server that runs there, named by its UUID.",
    "plus1 box notice emmen/UUID.bel notice",
    box_notice};
