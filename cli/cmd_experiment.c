// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The register of experiments of a running server: each command adds an event, and none takes one back.

#include "cli/commands.h"
#include "cli/served.h"

enum { WORDS_MAX = 10 };

// Asks for VERB with the number of the experiment, where one is named, and the values of these options.
static enum p1_exit ask(const struct args *args, const char *verb, const char *const *options) {
    const char *argv[WORDS_MAX] = {"experiment", verb};
    int n = 2;
    if (args->file_count) argv[n++] = args->files[0];
    for (; *options; options++) argv[n++] = args_get(args, *options);
    return served_ask(args, n, argv);
}

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})
static const char *const no_options[] = {NULL};

static enum p1_exit add(const struct args *args) {
    return ask(args, "add", OPTIONS("--municipality", "--uses", "--title", "--hypothesis", "--measure"));
}

static enum p1_exit change(const struct args *args) {
    static const char *const names[] = {"--title", "--hypothesis", "--measure"};
    const char *argv[WORDS_MAX] = {"experiment", "change", args->files[0]};
    int n = 3;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (!args_get(args, names[i])) continue;
        argv[n++] = names[i] + 2;
        argv[n++] = args_get(args, names[i]);
    }
    if (n == 3) return refuse(P1_EXIT_USAGE, "say what changes: --title, --hypothesis or --measure");
    return served_ask(args, n, argv);
}

static enum p1_exit attach(const struct args *args) { return ask(args, "attach", OPTIONS("--what")); }
static enum p1_exit start(const struct args *args) { return ask(args, "start", no_options); }
static enum p1_exit end(const struct args *args) { return ask(args, "end", no_options); }
static enum p1_exit evaluate(const struct args *args) { return ask(args, "evaluate", OPTIONS("--text")); }
static enum p1_exit decide(const struct args *args) { return ask(args, "decide", OPTIONS("--decision", "--reason")); }
static enum p1_exit list(const struct args *args) { return ask(args, "list", no_options); }

const struct command command_experiment_add = {
    "experiment",
    "add",
    "--data!=DIR --municipality!=NAME --uses!=stem --title!=TEXT --hypothesis!=TEXT --measure!=TEXT",
    "Proposes an experiment, and says its number. All that is said of it is public, and stays.",
    "plus1 experiment add --data /var/lib/plus1 --municipality Emmen --uses stem --title \"Een nieuw plein\" "
    "--hypothesis \"Wie mag kiezen, doet mee\" --measure \"Een op de drie inwoners stemt\"",
    add};

const struct command command_experiment_change = {
    "experiment",
    "change",
    "--data!=DIR --title=TEXT --hypothesis=TEXT --measure=TEXT NUMBER",
    "Changes what is said of an experiment. What was said before stays in its events.",
    "plus1 experiment change --data /var/lib/plus1 --measure \"Een op de vier inwoners stemt\" 1",
    change};

const struct command command_experiment_attach = {
    "experiment",
    "attach",
    "--data!=DIR --what!=UUID NUMBER",
    "Names the vote that an experiment is about: what is asked, who takes part and what it costs is read from it.",
    "plus1 experiment attach --data /var/lib/plus1 --what UUID 1",
    attach};

const struct command command_experiment_start = {"experiment",
                                                 "start",
                                                 "--data!=DIR NUMBER",
                                                 "The experiment begins.",
                                                 "plus1 experiment start --data /var/lib/plus1 1",
                                                 start};

const struct command command_experiment_end = {
    "experiment",
    "end",
    "--data!=DIR NUMBER",
    "The experiment ends. What was measured until now is kept in its events.",
    "plus1 experiment end --data /var/lib/plus1 1",
    end};

const struct command command_experiment_evaluate = {
    "experiment",
    "evaluate",
    "--data!=DIR --text!=TEXT NUMBER",
    "Says what was learnt from an experiment that has ended.",
    "plus1 experiment evaluate --data /var/lib/plus1 --text \"Vier op de tien stemden\" 1",
    evaluate};

const struct command command_experiment_decide = {
    "experiment",
    "decide",
    "--data!=DIR --decision!=adopt --reason!=TEXT NUMBER",
    "Decides on an experiment that was evaluated: adopt, drop or continue.",
    "plus1 experiment decide --data /var/lib/plus1 --decision adopt --reason \"Het hielp\" 1",
    decide};

const struct command command_experiment_list = {"experiment",
                                                "list",
                                                "--data!=DIR",
                                                "Lists the experiments of the running server.",
                                                "plus1 experiment list --data /var/lib/plus1",
                                                list};
