// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// All commands, each described beside its code.
#ifndef P1_CLI_COMMANDS_H
#define P1_CLI_COMMANDS_H

#include "cli/args.h"

extern const struct command command_municipality_create;
extern const struct command command_election_paper, command_election_import, command_election_draft,
    command_election_create, command_election_bundle;
extern const struct command command_roll_check;
extern const struct command command_credentials_make;
extern const struct command command_letters;
extern const struct command command_trustee_key, command_trustee_certificate, command_trustee_polynomial,
    command_trustee_route, command_trustee_accept, command_trustee_assemble, command_trustee_decrypt;
extern const struct command command_vote, command_own_data;
extern const struct command command_registrar_key, command_registrar_withdraw, command_registrar_neutral,
    command_registrar_extend, command_box_notice;
extern const struct command command_box_add, command_box_close, command_box_tally, command_share_add,
    command_box_status;
extern const struct command command_result_publish, command_result_show;
extern const struct command command_experiment_add, command_experiment_change, command_experiment_attach,
    command_experiment_start, command_experiment_end, command_experiment_evaluate, command_experiment_decide,
    command_experiment_list;
extern const struct command command_serve, command_server_key, command_box_load, command_export;
extern const struct command command_box_reopen, command_backup, command_restore, command_follow;
extern const struct command command_demo, command_demo_finish;

// Runs a command as if its arguments had been typed.
MUST_USE enum p1_exit command_run(const struct command *command, int n, char **given);

#endif
