// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1: the commands, by role.

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/experiments.h"
#include "cli/text.h"

static const struct command *const commands[] = {
    &command_municipality_create,
    &command_election_paper,
    &command_election_import,
    &command_election_draft,
    &command_election_create,
    &command_election_bundle,
    &command_roll_check,
    &command_credentials_make,
    &command_letters,
    &command_trustee_key,
    &command_trustee_certificate,
    &command_trustee_polynomial,
    &command_trustee_route,
    &command_trustee_accept,
    &command_trustee_assemble,
    &command_trustee_decrypt,
    &command_vote,
    &command_own_data,
    &command_registrar_key,
    &command_registrar_withdraw,
    &command_registrar_neutral,
    &command_registrar_extend,
    &command_box_notice,
    &command_box_add,
    &command_box_close,
    &command_box_tally,
    &command_share_add,
    &command_box_status,
    &command_result_publish,
    &command_result_show,
    &command_serve,
    &command_server_key,
    &command_box_load,
    &command_experiment_add,
    &command_experiment_change,
    &command_experiment_attach,
    &command_experiment_start,
    &command_experiment_end,
    &command_experiment_evaluate,
    &command_experiment_decide,
    &command_experiment_list,
    &command_export,
    &command_box_reopen,
    &command_backup,
    &command_restore,
    &command_follow,
    &command_demo_finish,
    &command_demo,
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static const char about[] =
    "Plus1: residents of several municipalities vote together, in secret, and anybody can check the count.\n"
    "Not for elections under the Kieswet.\n\n";

static int has_verb(const struct command *c) { return c->verb[0] != 0; }

// All commands, or those of one role. 0 if there are none.
static int list(FILE *out, const char *role) {
    int found = 0;
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct command *c = commands[i];
        if (role && strcmp(c->role, role) != 0) continue;
        char name[64];
        (void)snprintf(name, sizeof name, "%s %s", c->role, c->verb);
        const char *end = strchr(c->does, '\n');
        fprintf(out, "  plus1 %-22s %.*s\n", name, end ? (int)(end - c->does) : (int)strlen(c->does), c->does);
        found = 1;
    }
    return found;
}

static int help(FILE *out) {
    fputs(about, out);
    list(out, NULL);
    fputs("\n  plus1 ROLE VERB --help     says more, with an example\n"
          "  plus1 --version\n\n"
          "Exit: 0 done, 1 refused, 2 a file cannot be read or is not yet supported, 3 wrong usage.\n"
          "Try: plus1 demo --headless --voters 200 --out demo\n",
          out);
    return out == stdout ? P1_EXIT_DONE : P1_EXIT_USAGE;
}

static int is_help(const char *word) { return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0; }

static const struct command *find(int argc, char **argv) {
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct command *c = commands[i];
        if (strcmp(c->role, argv[1]) != 0) continue;
        if (!has_verb(c) || (argc > 2 && strcmp(c->verb, argv[2]) == 0)) return c;
    }
    return NULL;
}

enum p1_exit command_run(const struct command *command, int n, char **given) {
    struct args args;
    enum p1_exit e = args_parse(&args, command, n, given);
    if (e == P1_EXIT_DONE) e = command->run(&args);
    args_release(&args);
    return e;
}

static void version(void) {
    puts("plus1 " P1_VERSION);
    for (size_t i = 0; i < experiment_count; i++)
        if (experiments[i]->app_hash) printf("app %s, sha256 %s\n", experiments[i]->name, experiments[i]->app_hash);
}

int main(int argc, char **argv) {
    if (sodium_init() < 0) return (int)refuse(P1_EXIT_UNREADABLE, "this machine gives no randomness");
    json_set_alloc_funcs(malloc, mem_free_wiped); // key files pass through it
    if (argc < 2) return help(stderr);
    if (is_help(argv[1])) return help(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        version();
        return P1_EXIT_DONE;
    }
    const struct command *c = find(argc, argv);
    if (!c) {
        int asked = argc == 3 && is_help(argv[2]);
        if (!asked) (void)refuse(P1_EXIT_USAGE, "there is no such command; these there are:");
        if (!list(asked ? stdout : stderr, argv[1])) return help(stderr);
        return asked ? P1_EXIT_DONE : P1_EXIT_USAGE;
    }
    int skip = has_verb(c) ? 3 : 2;
    for (int i = skip; i < argc; i++) {
        if (!is_help(argv[i])) continue;
        command_help(c, stdout);
        return P1_EXIT_DONE;
    }
    enum p1_exit e = command_run(c, argc - skip, argv + skip);
    if (fflush(stdout) != 0 || ferror(stdout))
        return (int)refuse(P1_EXIT_UNREADABLE, "the answer could not be written: %s", strerror(errno));
    return (int)e;
}
