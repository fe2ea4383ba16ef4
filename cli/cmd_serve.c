// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The server, and what is asked of it while it runs.

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ballotbox/live.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/server.h"
#include "cli/text.h"
#include "platform/control.h"

// ---- plus1 serve ----

static enum p1_exit serve(const struct args *args) {
    unsigned long port = 8080, ops_port = 8081;
    const char *address = args_get(args, "--listen");
    enum { PROXIES_MAX = 16 };
    const char *proxies[PROXIES_MAX + 1] = {NULL};
    size_t n = 0;
    enum p1_exit e = args_number(args, "--port", 0, 65535, &port);
    if (e == P1_EXIT_DONE) e = args_number(args, "--ops-port", 0, 65535, &ops_port);
    for (const char *p; (p = args_nth(args, "--proxy", n)); n++) {
        if (n == PROXIES_MAX) return refuse(P1_EXIT_USAGE, "at most %d proxies can be named", PROXIES_MAX);
        proxies[n] = p;
    }
    const struct server_options o = {.data = args_get(args, "--data"),
                                     .address = address ? address : "127.0.0.1",
                                     .port = (unsigned)port,
                                     .ops_port = (unsigned)ops_port,
                                     .proxies = proxies};
    return e == P1_EXIT_DONE ? server_run(&o) : e;
}

const struct command command_serve = {
    "serve",
    "",
    "--data!=DIR --listen=ADDRESS --port=8080 --ops-port=8081 --proxy*=ADDRESS",
    "Runs the municipality's server, until Ctrl-C or SIGTERM.\n"
    "All that it keeps is in DIR. A proxy before it does TLS; --proxy names its address or network, whose "
    "X-Forwarded-For is believed.\n"
    "For the operator, /readyz and /metrics are on the second port, on this computer only.",
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
        err == P1_OK ? folder_make(args_get(args, "--data")) : refuse(P1_EXIT_USAGE, "--group: %s", p1_err_text(err));
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

// ---- asking the server ----

// Its answer goes to stdout, or to stderr if it is a refusal.
static enum p1_exit ask(const struct args *args, int argc, const char *const *argv) {
    char *path = path_join(args_get(args, "--data"), "control.sock"), *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    int status = out ? control_ask(path, argc, argv, out) : -1, why = errno;
    if (out) (void)fclose(out);
    if (status < 0)
        status = (int)refuse(P1_EXIT_UNREADABLE, "no server answers at %s (%s): is plus1 serve running?", path,
                             strerror(why));
    else if (status == P1_EXIT_DONE)
        fputs(text, stdout);
    else
        fprintf(stderr, "plus1: %s", text);
    free(text);
    free(path);
    return (enum p1_exit)status;
}

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
    if (e == P1_EXIT_DONE) e = ask(args, 6, argv);
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

static enum p1_exit serve_export(const struct args *args) {
    char cwd[PATH_MAX];
    const char *out = args_get(args, "--out");
    if (!getcwd(cwd, sizeof cwd)) return refuse(P1_EXIT_UNREADABLE, "the current folder is gone");
    char *path = *out == '/' ? text_copy(span_str(out)) : path_join(cwd, "%s", out);
    const char *const argv[] = {"box", "export", args->files[0], path};
    enum p1_exit e = ask(args, 4, argv);
    if (e == P1_EXIT_DONE) printf("%s: the archive as it is now\n", out);
    free(path);
    return e;
}

const struct command command_export = {"export",
                                       "",
                                       "--data!=DIR --out!=BOX.bel UUID",
                                       "Writes the archive of a box as the running server has it now.",
                                       "plus1 export --data /var/lib/plus1 --out UUID.bel UUID",
                                       serve_export};
