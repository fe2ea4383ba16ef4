// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the two demonstrations share, the one without a server (cmd_demo.c) and the one with (demo_serve.c): a joint vote of five
// municipalities with synthetic residents, made by the commands that people would type.
#ifndef P1_CLI_DEMO_H
#define P1_CLI_DEMO_H

#include "cli/boxfile.h"
#include "cli/commands.h"

enum { TOWNS = 5, NEEDED = 3 };

struct demo_town {
    const char *folder, *name;
};
extern const struct demo_town demo_towns[TOWNS];
extern const unsigned demo_openers[NEEDED]; // the trustees who open the boxes, from 1

struct demo {
    const char *out, *group;
    unsigned voters;
    int test;                                 // keys with --test --minimum 1
    int quiet;                                // says only which step it is at
    const char *receipt_key, *opens, *closes; // of a server's vote, else null
    char *uuid[TOWNS], *box[TOWNS];
    struct runner *runner;
};

// Runs a command, its arguments ended by args_end. It is shown with what it says, unless it is a repetition.
MUST_USE enum p1_exit demo_run(const struct demo *d, int repetition, const struct command *command, const char *first,
                               ...);
void demo_step(const struct demo *d, const char *title);

// The paper, for each municipality a folder with roll, codes and an open box, and five trustees with their keys.
MUST_USE enum p1_exit demo_prepare(struct demo *d);
// Of such a folder: the municipality's UUID and box.
MUST_USE enum p1_exit demo_find(struct demo *d, unsigned town);
void demo_release(struct demo *d);

// A vote with this code, for a random answer.
MUST_USE enum p1_exit demo_cast(struct boxfile *f, struct span code);

// A trustee, from 1, gives shares for all boxes: SHARES/UUID.Tn.share.json.
MUST_USE enum p1_exit demo_decrypt(const struct demo *d, unsigned trustee, const char *shares);

// Says that every signature, proof and sum is right, as plus1-verify joint finds it.
MUST_USE enum p1_exit demo_verify(const struct demo *d);

#endif
