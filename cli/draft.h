// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// An election before its trustees' keys are known: {"uuid":"..","group":"..","paper":{question paper}}, and a line end.
#ifndef P1_CLI_DRAFT_H
#define P1_CLI_DRAFT_H

#include "cli/issues.h"
#include "cli/paper.h"
#include "core/buf.h"

struct draft {
    char *text;
    struct span json, uuid, group;
    struct span description, name, questions; // as they stand in JSON, quotes and brackets included
    struct span end;                          // of the paper: ",\"administrator\":..", or empty
};

void draft_write(const char *uuid, const char *group, const struct paper *paper, struct buf *out);
MUST_USE enum p1_exit draft_read(const char *path, struct draft *out);
void draft_release(struct draft *d);

// What is added to a question paper when the election is made, as hidden lines. Empty: nothing.
struct frozen_lines {
    struct span bundle;            // SHA-256 in hex, at the end of the description
    struct span registrar, second; // public keys, at the end of the credential authority
};

// The election with its public key, as it goes into the archive.
void draft_election(const struct draft *d, struct span key, const struct frozen_lines *lines, struct buf *out);
// {"election":"hash","trustees":"hash","credentials":"hash"}
void setup_data(struct span election, struct span trustees, struct span credentials, struct buf *out);

#endif
