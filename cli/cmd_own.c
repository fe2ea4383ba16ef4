// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The resident: what does the server hold about my code?

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "cli/cmd_vote.h"
#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/text.h"
#include "core/own_data.h"

enum { SECONDS_AN_HOUR = 3600 };

// ---- the answer, for people ----

static long long number(const json_t *j, const char *name) { return json_integer_value(json_object_get(j, name)); }

// A text of the server, to be freed: nothing in it may steer the terminal.
static char *said(const json_t *j, const char *name) {
    const char *text = json_string_value(json_object_get(j, name));
    char *copy = text_copy(span_str(text ? text : ""));
    text_disarm(copy);
    return copy;
}

static const char *hour_text(const json_t *j, char text[64]) {
    time_t t = (time_t)number(j, "hour") * SECONDS_AN_HOUR;
    struct tm tm;
    if (!localtime_r(&t, &tm) || !strftime(text, 64, "%Y-%m-%d %H:00", &tm)) text[0] = 0;
    return text;
}

static void print_ballot(const json_t *j) {
    char text[64], *tracker = said(j, "tracker");
    printf("  in the hour from %s: event %lld, tracker %s, %s\n", hour_text(j, text), number(j, "height"), tracker,
           json_is_true(json_object_get(j, "counts")) ? "counts" : "replaced by a later one");
    free(tracker);
}

static void print_use(const json_t *j) {
    char text[64], *use = said(j, "use");
    long long times = number(j, "times");
    printf("  in the hour from %s: %s, %lld time%s\n", hour_text(j, text),
           strcmp(use, "ballot") == 0 ? "a ballot was taken" : "this was asked", times, times == 1 ? "" : "s");
    free(use);
}

static void print_notice(const json_t *j) {
    char *message = said(j, "message");
    printf("  %s\n", message);
    free(message);
}

static void print_list(const json_t *j, const char *name, const char *title, void (*print)(const json_t *one)) {
    const json_t *list = json_object_get(j, name);
    printf("%s: %s\n", title, json_array_size(list) ? "" : "none");
    for (size_t i = 0; i < json_array_size(list); i++) print(json_array_get(list, i));
}

static enum p1_exit print_all(const char *text, size_t n) {
    json_t *j = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    const json_t *memory = json_object_get(j, "inMemory");
    if (!j || !json_is_array(json_object_get(j, "uses"))) {
        json_decref(j);
        return refuse(P1_EXIT_UNREADABLE, "the server's answer is not understood");
    }
    char *credential = said(j, "credential"), *statement = said(j, "statement"), *detail = said(memory, "detail");
    printf("What the server holds about this code\nPublic key: %s\nWeight: %lld%s\n", credential, number(j, "weight"),
           json_is_true(json_object_get(j, "withdrawn")) ? "\nThis code was withdrawn." : "");
    print_list(j, "ballots", "Ballots", print_ballot);
    print_list(j, "notices", "Notices", print_notice);
    print_list(j, "uses", "Each use", print_use);
    printf("In memory: %lld new ballots. %s\n%s\n", number(memory, "newBallots"), detail, statement);
    free(credential);
    free(statement);
    free(detail);
    json_decref(j);
    return P1_EXIT_DONE;
}

// ---- the request ----

// The frozen terms name the server by the key of its receipts: a request signed for it is of no use to another.
static enum p1_exit sign_request(const struct boxfile *f, const char *code, struct buf *out) {
    const struct election *e = &f->box->election;
    struct work *w = f->runner->work;
    struct scalar x;
    struct elem_text credential;
    struct bundle terms;
    uint8_t random[32];
    if (f->beside->frozen != FROZEN_CHECKED || bundle_parse(f->beside->bundle, &terms) != P1_OK || !terms.receipt_key.n)
        return refuse(P1_EXIT_REFUSED,
                      "this vote has no frozen terms that name its server: nothing can be asked of it");
    enum p1_exit result = code_use(f->box, code, &x, &credential, w);
    if (result != P1_EXIT_DONE) return result;
    randombytes_buf(random, sizeof random);
    enum p1_err err = own_data_write_ct(e, &x, elem_span(&credential), terms.receipt_key,
                                        (uint64_t)time(NULL) / SECONDS_AN_HOUR, random, out, w);
    sodium_memzero(&x, sizeof x);
    sodium_memzero(random, sizeof random);
    return err == P1_OK ? P1_EXIT_DONE : refuse(P1_EXIT_REFUSED, "%s", p1_err_text(err));
}

static enum p1_exit ask(const struct args *args, const struct remote *remote) {
    const char *code = args_get(args, "--code") ? args_get(args, "--code") : remote->code;
    if (!code) return refuse(P1_EXIT_USAGE, "--code must be given, or a link with the code in it");
    uint8_t text[P1_OWN_DATA_TEXT];
    struct buf body = buf_over(text, sizeof text);
    struct runner *r = runner_new();
    struct boxfile f;
    char *answer = NULL;
    size_t n = 0;
    enum p1_exit e = boxfile_open(&f, remote->box, ARCHIVE_READ, 1, r);
    if (e == P1_EXIT_DONE) {
        e = sign_request(&f, code, &body);
        boxfile_close(&f);
    }
    if (e == P1_EXIT_DONE) e = remote_ask(remote, "own-data", buf_span(&body), &answer, &n);
    if (e == P1_EXIT_DONE) e = print_all(answer, n);
    free(answer);
    pool_free(r);
    return e;
}

static enum p1_exit own_data(const struct args *args) {
    struct remote remote;
    enum p1_exit e = remote_open(&remote, args_get(args, "--url"));
    if (e == P1_EXIT_DONE) e = ask(args, &remote);
    remote_close(&remote);
    return e;
}

const struct command command_own_data = {"own-data",
                                         "",
                                         "--url!=LINK --code=CODE",
                                         "Asks the server of a vote what it holds about a code, and each use of it. "
                                         "The code itself stays here: the request is signed\n"
                                         "with it, and becomes a use too. A LINK as it is in the letter, "
                                         "https://HOST/s/NUMBER#CODE.PRINT, has the code in it.",
                                         "plus1 own-data --url https://HOST/s/NUMBER --code ABCDE-FGHJKL-MNPQR-STUVWX",
                                         own_data};
