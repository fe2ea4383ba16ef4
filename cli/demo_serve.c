// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The demonstration with a server: five municipalities with open votes, to be voted in by whoever tries it, and counted by
// `plus1 demo finish`.
//
//   FOLDER/server                    the data folder of the server
//   FOLDER/TOWN/codes.csv, letters/  what the registrars would keep
//   FOLDER/TOWN/UUID.bel             the box as the server got it; plus1 demo finish fetches it as it has become
//   FOLDER/trustees/Tn.key           what the trustees would keep
//   FOLDER/shares                    what they give

#include "cli/demo_serve.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/demo.h"
#include "cli/files.h"
#include "cli/text.h"
#include "core/credential.h"
#include "platform/config.h"

enum { VOTERS = 20, VOTED = 12, DAYS = 14 }; // of each municipality

static const char banner[] = "\n"
                             "  ****************************************************************************\n"
                             "  *  DEMONSTRATION: the keys are on this server. Whoever has it can see what  *\n"
                             "  *  people vote. In a real vote registrars and trustees keep them at home.   *\n"
                             "  ****************************************************************************\n\n";

// ---- made once, before the server starts ----

static void moment_text(char out[32], time_t when) {
    struct tm tm;
    (void)strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &tm));
}

// The codes of a municipality, to be wiped and freed; lines point into it, after the heading.
static enum p1_exit read_codes(const struct demo *d, unsigned town, char **text, size_t *n, struct span **lines,
                               size_t *count) {
    char *path = path_join(d->out, "%s/codes.csv", demo_towns[town].folder);
    enum p1_exit e = file_read(path, 1, text, n);
    if (e == P1_EXIT_DONE) *lines = text_lines(span_of(*text, *n), count);
    free(path);
    return e;
}

static struct span code_of(struct span line) { return span_from(line, line.n - P1_CODE_TEXT); }

static enum p1_exit vote_town(const struct demo *d, unsigned town) {
    struct boxfile f;
    struct span *lines;
    char *text;
    size_t n, count;
    enum p1_exit e = boxfile_open(&f, d->box[town], ARCHIVE_APPEND, 0, d->runner);
    if (e != P1_EXIT_DONE) return e;
    e = read_codes(d, town, &text, &n, &lines, &count);
    if (e == P1_EXIT_DONE) {
        for (size_t i = 1; i < count && i <= VOTED && e == P1_EXIT_DONE; i++) e = demo_cast(&f, code_of(lines[i]));
        sodium_memzero(text, n);
        free(lines);
        free(text);
    }
    boxfile_close(&f);
    return e;
}

// The server's plus1.json. Prices are examples, in round numbers.
static enum p1_exit write_config(const char *server) {
    static const char *const colours[TOWNS] = {"#7a2048", "#00549e", "#1d6b3a", "#8a4b00", "#4b3a8f"};
    char *text, *path = path_join(server, CONFIG_FILE);
    size_t n;
    FILE *f = open_memstream(&text, &n);
    if (!f) return refuse(P1_EXIT_UNREADABLE, "there is not enough memory");
    fputs("{\"municipalities\": [", f);
    for (unsigned t = 0; t < TOWNS; t++)
        fprintf(f,
                "%s\n  {\"name\": \"%s\", \"path\": \"%s\", \"inhabitants\": %d, \"colour\": \"%s\", "
                "\"demonstration\": true}",
                t ? "," : "", demo_towns[t].name, demo_towns[t].folder, VOTERS, colours[t]);
    fputs("],\n \"prices\": {\"cpu_hour\": 0.05, \"gigabyte_month\": 0.10, \"letter\": 1.00}}\n", f);
    enum p1_exit e = fclose(f) ? refuse(P1_EXIT_UNREADABLE, "there is not enough memory")
                               : file_write(path, FILE_PUBLIC, 1, span_of(text, n));
    free(text);
    free(path);
    return e;
}

// In a folder of its own, which takes its name when all is there.
static enum p1_exit make(const char *folder) {
    char *making = boxfile_beside(folder, ".making");
    char *server = path_join(making, "server"), *key = path_join(making, "receipts.public"), opens[32], closes[32];
    time_t now = time(NULL);
    moment_text(opens, now);
    moment_text(closes, now + (time_t)DAYS * 24 * 3600);
    struct demo d = {.out = making,
                     .group = "Ed25519",
                     .voters = TOWNS * VOTERS,
                     .quiet = 1,
                     .receipt_key = key,
                     .opens = opens,
                     .closes = closes,
                     .runner = runner_new()};
    enum p1_exit e =
        access(making, F_OK) == 0
            ? refuse(P1_EXIT_REFUSED, "%s is left of a demonstration that was not finished making: remove it", making)
            : folder_make(making);
    if (e == P1_EXIT_DONE) e = demo_run(&d, 1, &command_server_key, "--data", server, "--out", key, args_end);
    if (e == P1_EXIT_DONE) e = write_config(server);
    if (e == P1_EXIT_DONE) e = demo_prepare(&d);
    if (e == P1_EXIT_DONE) demo_step(&d, "Twelve residents vote in each municipality");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = vote_town(&d, t);
    if (e == P1_EXIT_DONE && (rename(making, folder) || durable_name(folder)))
        e = refuse(P1_EXIT_UNREADABLE, "%s cannot be made", folder);
    demo_release(&d);
    free(making);
    free(server);
    free(key);
    return e;
}

// ---- once the server takes requests ----

static enum p1_exit load_town(const struct demo *d, const char *server, unsigned town) {
    char *bundle = path_join(d->out, "%s/bundle.json", demo_towns[town].folder);
    enum p1_exit e = demo_run(d, 1, &command_box_load, "--data", server, "--municipality", demo_towns[town].name,
                              "--bundle", bundle, d->box[town], args_end);
    free(bundle);
    return e;
}

// The vote is the municipality's first experiment; its number follows from the order of the towns.
static enum p1_exit register_town(const struct demo *d, const char *server, unsigned town) {
    char number[8];
    (void)snprintf(number, sizeof number, "%u", town + 1);
    enum p1_exit e = demo_run(d, 1, &command_experiment_add, "--data", server, "--municipality", demo_towns[town].name,
                              "--uses", "stem", "--title", "Samen kiezen over het plein", "--hypothesis",
                              "Wie zelf over het plein mag kiezen, doet mee", "--measure",
                              "Meer dan de helft van de inwoners met een brief stemt", args_end);
    if (e == P1_EXIT_DONE)
        e = demo_run(d, 1, &command_experiment_attach, "--data", server, "--what", d->uuid[town], number, args_end);
    if (e == P1_EXIT_DONE) e = demo_run(d, 1, &command_experiment_start, "--data", server, number, args_end);
    return e;
}

// The letters of a municipality, with the address at which this server is.
static enum p1_exit write_letters(const struct demo *d, unsigned town, const char *host) {
    char *folder = path_join(d->out, "%s", demo_towns[town].folder), *file = path_join(folder, "municipality.json");
    char *letters = path_join(folder, "letters");
    uint8_t json[1024];
    struct buf b = buf_over(json, sizeof json);
    buf_str(&b, "{\"name\":");
    buf_json_string(&b, span_str(demo_towns[town].name));
    buf_str(&b, ",\"host\":");
    buf_json_string(&b, span_str(host));
    buf_str(&b, ",\"help\":{\"nl\":\"Dit is een demonstratie: niemand neemt op.\",\"en\":\"This is a demonstration: "
                "nobody answers.\"}}\n");
    enum p1_exit e = file_write(file, FILE_PUBLIC, 0, buf_span(&b));
    if (e == P1_EXIT_DONE)
        e = demo_run(d, 1, &command_letters, "--box", d->box[town], "--codes", folder, "--language", "both", "--out",
                     letters, args_end);
    free(folder);
    free(file);
    free(letters);
    return e;
}

// The link and code of the last one on the list, for whom the program does not vote.
static enum p1_exit show_code(const struct demo *d, unsigned town, const char *host) {
    struct boxfile f;
    struct span *lines;
    char *text, print[P1_PRINT];
    size_t n, count;
    enum p1_exit e = boxfile_open(&f, d->box[town], ARCHIVE_READ, 0, d->runner);
    if (e != P1_EXIT_DONE) return e;
    election_print(print, f.box->election.json);
    int open = f.box->stage == BOX_OPEN;
    boxfile_close(&f);
    if (!open) {
        printf("  %-16s the votes are counted\n", demo_towns[town].name);
        return P1_EXIT_DONE;
    }
    e = read_codes(d, town, &text, &n, &lines, &count);
    if (e != P1_EXIT_DONE) return e;
    struct span code = code_of(lines[count - 1]);
    printf("  %-16s code %.*s\n    http://%s/s/%s#%.*s.%.*s\n", demo_towns[town].name, (int)code.n,
           (const char *)code.p, host, d->uuid[town], (int)code.n, (const char *)code.p, P1_PRINT, print);
    sodium_memzero(text, n);
    free(lines);
    free(text);
    return e;
}

// What to type for this program, wherever it was built.
static void own_name(char name[PATH_MAX]) {
    ssize_t n = readlink("/proc/self/exe", name, PATH_MAX - 1);
    (void)snprintf(name + (n > 0 ? n : 0), PATH_MAX - (size_t)(n > 0 ? n : 0), "%s", n > 0 ? "" : "plus1");
}

static enum p1_exit ready(void *arg, unsigned port) {
    struct demo *d = arg;
    char host[64], program[PATH_MAX], *server = path_join(d->out, "server"),
                                      *letters = path_join(d->out, "%s/letters", demo_towns[TOWNS - 1].folder);
    enum p1_exit e = P1_EXIT_DONE;
    int first = access(letters, F_OK) != 0;
    (void)snprintf(host, sizeof host, "127.0.0.1:%u", port);
    d->runner = runner_new(); // not before: the server wants its threads to leave signals alone
    if (first) demo_step(d, "The server takes the five boxes, and letters are drawn");
    for (unsigned t = 0; t < TOWNS && first && e == P1_EXIT_DONE; t++) {
        e = load_town(d, server, t);
        if (e == P1_EXIT_DONE) e = register_town(d, server, t);
        if (e == P1_EXIT_DONE) e = write_letters(d, t, host);
    }
    own_name(program);
    fputs(banner, stdout);
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = show_code(d, t, host);
    printf("\n  Vote:              open a link in a browser, or %s vote --url 'LINK' --choose Bomen\n"
           "  See the letters:   %s\n"
           "  Count the votes:   %s demo finish --data %s\n"
           "  Stop the server:   Ctrl-C; started again, it goes on\n\n",
           program, letters, program, d->out);
    (void)fflush(stdout);
    free(letters);
    free(server);
    return e;
}

enum p1_exit demo_serve(const char *folder, const struct server_options *given) {
    struct stat st;
    enum p1_exit e = stat(folder, &st) ? make(folder) : P1_EXIT_DONE;
    struct demo d = {.out = folder, .quiet = 1};
    char *server = path_join(folder, "server");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = demo_find(&d, t);
    struct server_options o = *given;
    o.data = server;
    o.ready = ready;
    o.ready_arg = &d;
    if (e == P1_EXIT_DONE) e = server_run(&o);
    free(server);
    demo_release(&d);
    return e;
}

// ---- plus1 demo finish ----

struct finish {
    struct demo d;
    char *server, *shares;
    enum box_stage stage[TOWNS];
    uint64_t given[TOWNS]; // shares, a bit for each trustee
};

// The archives as they are now.
static enum p1_exit fetch(struct finish *f, int repetition) {
    enum p1_exit e = P1_EXIT_DONE;
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        struct boxfile file;
        char *folder = path_join(f->d.out, "%s", demo_towns[t].folder);
        e = demo_run(&f->d, repetition || t > 0, &command_export, "--data", f->server, "--out", folder, f->d.uuid[t],
                     args_end);
        free(folder);
        if (e == P1_EXIT_DONE) e = boxfile_open(&file, f->d.box[t], ARCHIVE_READ, 0, f->d.runner);
        if (e != P1_EXIT_DONE) break;
        f->stage[t] = file.box->stage;
        f->given[t] = 0;
        for (unsigned i = 0; i < file.box->trustees.count; i++)
            f->given[t] |= (uint64_t)(file.box->share[i].p != NULL) << i;
        boxfile_close(&file);
    }
    return e;
}

static enum p1_exit add_shares(struct finish *f, unsigned trustee) {
    enum p1_exit e = demo_decrypt(&f->d, trustee, f->shares);
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        char *share = path_join(f->shares, "%s.T%u.share.json", f->d.uuid[t], trustee);
        if (f->stage[t] == BOX_TALLIED && !(f->given[t] >> (trustee - 1) & 1))
            e = demo_run(&f->d, trustee > 1 || t > 0, &command_share_add, "--data", f->server, f->d.uuid[t], share,
                         args_end);
        free(share);
    }
    return e;
}

// What is done already, by a run that was broken off, is not done again.
static enum p1_exit finish_votes(struct finish *f) {
    const struct demo *d = &f->d;
    demo_step(d, "The voting ends; the boxes are tallied, still closed");
    enum p1_exit e = fetch(f, 1);
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) {
        if (f->stage[t] == BOX_OPEN)
            e = demo_run(d, t > 0, &command_box_close, "--data", f->server, d->uuid[t], args_end);
        if (e == P1_EXIT_DONE && f->stage[t] <= BOX_ENDED)
            e = demo_run(d, t > 0, &command_box_tally, "--data", f->server, d->uuid[t], args_end);
    }
    if (e == P1_EXIT_DONE) demo_step(d, "Three of the five trustees fetch all boxes, check them and give their shares");
    if (e == P1_EXIT_DONE) e = fetch(f, 0);
    int open = 0;
    for (unsigned t = 0; t < TOWNS; t++) open += f->stage[t] == BOX_TALLIED;
    for (unsigned i = 0; i < NEEDED && open && e == P1_EXIT_DONE; i++) e = add_shares(f, demo_openers[i]);
    if (e == P1_EXIT_DONE) demo_step(d, "The result");
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++)
        if (f->stage[t] == BOX_TALLIED)
            e = demo_run(d, t > 0, &command_result_publish, "--data", f->server, d->uuid[t], args_end);
    if (e == P1_EXIT_DONE) e = fetch(f, 1);
    if (e == P1_EXIT_DONE)
        e = demo_run(d, 0, &command_result_show, d->box[0], d->box[1], d->box[2], d->box[3], d->box[4], args_end);
    return e == P1_EXIT_DONE ? demo_verify(d) : e;
}

static enum p1_exit demo_finish(const struct args *args) {
    const char *folder = args_get(args, "--data") ? args_get(args, "--data") : DEMO_FOLDER;
    struct finish f = {
        .d = {.out = folder}, .server = path_join(folder, "server"), .shares = path_join(folder, "shares")};
    enum p1_exit e = P1_EXIT_DONE;
    f.d.runner = runner_new();
    for (unsigned t = 0; t < TOWNS && e == P1_EXIT_DONE; t++) e = demo_find(&f.d, t);
    if (e == P1_EXIT_DONE) e = finish_votes(&f);
    demo_release(&f.d);
    free(f.server);
    free(f.shares);
    return e;
}

const struct command command_demo_finish = {"demo",
                                            "finish",
                                            "--data=" DEMO_FOLDER,
                                            "Ends the votes of plus1 serve --demo while it serves: closes, tallies, "
                                            "opens with the trustees' keys, and publishes.",
                                            "plus1 demo finish --data " DEMO_FOLDER,
                                            demo_finish};
