// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// An experiment: a folder of its own with tables, endpoints and commands, which the platform knows only through this table. It is
// added in one line of cli/experiments.c and removed with its folder.
#ifndef P1_EXPERIMENT_H
#define P1_EXPERIMENT_H

#include "platform/config.h"
#include "platform/control.h"
#include "platform/http.h"
#include "store/db.h"

// A number that the operator may set at the start.
struct experiment_setting {
    const char *name, *means;
    unsigned least, usual, most;
};

enum { EXPERIMENT_SETTINGS_MAX = 8 };

// What the platform gives to each.
struct experiment_env {
    const char *folder; // for files that come and go
    const char *database;
    const struct config *config; // the municipalities
    const uint8_t *receipt_seed; // 32 secret bytes
    unsigned threads;            // for long work; 0: one for each core
    uint64_t (*now)(void *arg);  // Unix seconds, by which things begin and end
    void *now_arg;
    const unsigned *settings; // in the order of the experiment's own table
};

// What is measured of one thing of an experiment, a vote for instance. Never anything from which a result could be told before
// its time.
struct experiment_figures {
    char municipality[64]; // whose it is
    char asked[2048];      // what it asks, UTF-8, a line for each question
    char page[128];        // where residents see it on this server; empty: nowhere
    int64_t opened;        // the hour since 1970 in which it opened, or will; 0: that is not known
    uint64_t invited;      // people who got a letter
    uint64_t participants;
    uint64_t bytes; // on disk
    uint64_t cpu_ns;
};

struct experiment {
    const char *name;
    const struct migrations *migrations;
    const struct http_route *routes;
    size_t route_count;
    const char *app_hash;             // of what it gives to browsers, in hex; null: nothing
    const char *openapi;              // their description (openapi.h)
    const struct control_verb *verbs; // ended by a null name
    const struct experiment_setting *settings;
    size_t setting_count;
    // *STATE is what routes and verbs get. WHY has room for a sentence, if it is refused.
    MUST_USE enum p1_err (*start)(void **state, const struct experiment_env *env, char why[256]);
    void (*stop)(void *state); // finishes what is on its way
    // 0: it has nothing of this name. May be null.
    int (*figures)(void *state, struct span thing, struct experiment_figures *out);
};

#endif
