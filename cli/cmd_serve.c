// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The server, and what is asked of it while it runs.

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ballotbox/live.h"
#include "cli/commands.h"
#include "cli/demo_serve.h"
#include "cli/files.h"
#include "cli/served.h"
#include "cli/server.h"
#include "cli/text.h"

// ---- plus1 serve ----

enum { LISTED_MAX = 16 };

// The values of an option, with a null behind them.
static enum p1_exit list_of(const struct args *args, const char *option, const char *list[LISTED_MAX + 1]) {
    size_t n = 0;
    for (const char *value; (value = args_nth(args, option, n)); n++) {
        if (n == LISTED_MAX) return refuse(P1_EXIT_USAGE, "%s can be given %d times", option, LISTED_MAX);
        list[n] = value;
    }
    list[n] = NULL;
    return P1_EXIT_DONE;
}

static enum p1_exit serve(const struct args *args) {
    unsigned long port = 8080, ops_port = 8081;
    const char *address = args_get(args, "--listen"), *proxies[LISTED_MAX + 1], *set[LISTED_MAX + 1];
    enum p1_exit e = args_number(args, "--port", 0, 65535, &port);
    if (e == P1_EXIT_DONE) e = args_number(args, "--ops-port", 0, 65535, &ops_port);
    if (e == P1_EXIT_DONE) e = list_of(args, "--proxy", proxies);
    if (e == P1_EXIT_DONE) e = list_of(args, "--set", set);
    if (e != P1_EXIT_DONE) return e;
    const struct server_options o = {.data = args_get(args, "--data"),
                                     .address = address ? address : "127.0.0.1",
                                     .port = (unsigned)port,
                                     .ops_port = (unsigned)ops_port,
                                     .proxies = proxies,
                                     .set = set};
    if (args_get(args, "--demo")) return demo_serve(o.data ? o.data : DEMO_FOLDER, &o);
    return o.data ? server_run(&o)
                  : refuse(P1_EXIT_USAGE, "--data must be given: where does the server keep everything?");
}

const struct command command_serve = {
    "serve",
    "",
    "--data=DIR --listen=ADDRESS --port=8080 --ops-port=8081 --proxy*=ADDRESS --set*=NAME=NUMBER --demo",
    "Runs the municipality's server, until Ctrl-C or SIGTERM.\n"
    "All that it keeps is in DIR. A proxy before it does TLS; --proxy names its address or network, whose "
    "X-Forwarded-For is believed.\n"
    "For the operator, /readyz and /metrics are on the second port, on this computer only.\n"
    "--set changes a limit: votes-free=3 ballots of a code are taken at once, then one every votes-wait=60 seconds, "
    "votes-most=20 in all;\n"
    "failures=300 within an hour silence an address.\n"
    "--demo shows five municipalities with synthetic residents, made in the folder DIR (or demo).",
    "plus1 serve --data /var/lib/plus1",
    serve};

// ---- plus1 server key ----

static enum p1_exit server_key(const struct args *args) {
    uint8_t seed[32];
    struct elem_text key;
    const char *name = args_get(args, "--group");
    struct group *g = mem_alloc(sizeof *g);
    struct work *w = mem_alloc(sizeof *w);
    enum p1_err err = group_init(g, span_str(name ? name : "Ed25519"), w);
    enum p1_exit e =
        err == P1_OK ? server_folder(args_get(args, "--data")) : refuse(P1_EXIT_USAGE, "--group: %s", p1_err_text(err));
    if (e == P1_EXIT_DONE) e = server_seed(args_get(args, "--data"), seed);
    if (e == P1_EXIT_DONE) {
        receipt_key_public(g, seed, &key, w);
        e = file_write(args_get(args, "--out"), FILE_PUBLIC, 0, elem_span(&key));
    }
    if (e == P1_EXIT_DONE) printf("%s: for plus1 election bundle --receipt-key\n", args_get(args, "--out"));
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(w, sizeof *w);
    free(g);
    free(w);
    return e;
}

const struct command command_server_key = {
    "server",
    "key",
    "--data!=DIR --group=Ed25519 --out!=KEY.public",
    "Writes the public key of the receipts that this server gives. It is frozen with the election.",
    "plus1 server key --data /var/lib/plus1 --out receipts.public",
    server_key};

// ---- what the server takes and gives ----

// The whole path of a file that the server is to read; null and a reason if there is none.
static char *whole_path(const char *path) {
    char *whole = realpath(path, NULL);
    if (!whole) (void)refuse(P1_EXIT_UNREADABLE, "%s cannot be read: %s", path, strerror(errno));
    return whole;
}

static enum p1_exit serve_load(const struct args *args) {
    const char *given[3] = {args->files[0], args_get(args, "--bundle"), args_get(args, "--notices")};
    char *path[3] = {NULL};
    enum p1_exit e = P1_EXIT_DONE;
    for (int i = 0; i < 3 && e == P1_EXIT_DONE; i++) {
        path[i] = given[i] ? whole_path(given[i]) : text_copy(SPAN_LIT(""));
        if (!path[i]) e = P1_EXIT_UNREADABLE;
    }
    const char *const argv[] = {"box", "load", args_get(args, "--municipality"), path[0], path[1], path[2]};
    if (e == P1_EXIT_DONE) e = served_ask(args, 6, argv);
    for (int i = 0; i < 3; i++) free(path[i]);
    return e;
}

const struct command command_box_load = {
    "box",
    "load",
    "--data!=DIR --municipality!=NAME --bundle=BUNDLE.json --notices=NOTICES BOX.bel",
    "Gives an election to the running server: it checks all of it, and takes ballots from then on.",
    "plus1 box load --data /var/lib/plus1 --municipality Emmen --bundle UUID.bundle.json emmen/UUID.bel",
    serve_load};

// A server's files are its own: they are copied by whoever asked.
static enum p1_exit serve_export(const struct args *args) {
    const char *uuid = args->files[0], *out = args_get(args, "--out");
    char *folder;
    enum p1_exit e = served_checkout(args, uuid, &folder);
    if (e != P1_EXIT_DONE) {
        free(folder);
        return e;
    }
    e = folder_make(out);
    for (size_t i = 0; i < SERVED_FILES && e == P1_EXIT_DONE; i++) {
        char *from = path_join(folder, "%s%s", uuid, served_endings[i]),
             *to = path_join(out, "%s%s", uuid, served_endings[i]), *text;
        size_t n;
        if (access(from, F_OK) == 0) {
            e = file_read(from, 0, &text, &n);
            if (e == P1_EXIT_DONE) e = file_write(to, FILE_PUBLIC, 0, span_of(text, n));
            free(text);
        }
        free(from);
        free(to);
    }
    served_return(folder, uuid);
    if (e == P1_EXIT_DONE) printf("%s/%s.bel: the archive as it is now\n", out, uuid);
    return e;
}

const struct command command_export = {"export",
                                       "",
                                       "--data!=DIR --out!=FOLDER UUID",
                                       "Writes the archive of a box as the running server has it now, and what stands "
                                       "beside it.",
                                       "plus1 export --data /var/lib/plus1 --out emmen UUID",
                                       serve_export};
