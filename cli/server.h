// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The municipality's server: one data folder, one public port, one port on loopback for who runs it.
//
//   DATA/plus1.json    what the operator tells it of its municipalities and prices (platform/config.h); it only reads it
//   DATA/plus1.db      all that it keeps (SQLite; plus1.db-wal beside it)
//   DATA/receipt.seed  32 secret bytes, from which the key of receipts follows: without it receipts of a running vote would change
//   DATA/lock          held by the server that uses the folder
//   DATA/control.sock  where the command line asks it (platform/control.h)
//   DATA/before-*.db   a copy from before the tables were changed by a newer version
#ifndef P1_CLI_SERVER_H
#define P1_CLI_SERVER_H

#include "cli/args.h"
#include "platform/http.h"
#include "store/db.h"

struct server_options {
    const char *data, *address;
    unsigned port, ops_port;
    unsigned threads;
    const char *const *proxies; // null-terminated, or null
    const char *const *set;     // settings of experiments, "NAME=NUMBER"; null-terminated, or null
    // Called once it takes requests, if not null; a refusal stops the server.
    enum p1_exit (*ready)(void *arg, unsigned port);
    void *ready_arg;
};

// Runs until SIGTERM or SIGINT. What is on its way is finished first.
MUST_USE enum p1_exit server_run(const struct server_options *o);

// Makes the tables of all that this program has what they are in this version; without RUN only *pending tells how many steps that
// takes. ERR_DB_NEWER
MUST_USE enum p1_err server_migrate(struct db *db, int run, unsigned *pending);

// The data folder, made if there is none: its owner's alone. One of another user, or in which others can write, is refused.
MUST_USE enum p1_exit server_folder(const char *data);

// The seed of a data folder, made if there is none.
MUST_USE enum p1_exit server_seed(const char *data, uint8_t seed[32]);

#endif
