// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A backup: a folder with plus1.db, perhaps plus1.json, and SHA256SUMS over them, as sha256sum(1) reads it. The database's own seed of
// receipts is not in it (docs/decisions/0007).
#ifndef P1_CLI_KEPT_H
#define P1_CLI_KEPT_H

#include "ballotbox/kept.h"
#include "cli/args.h"

// Writes and checks SHA256SUMS of a folder.
MUST_USE enum p1_exit kept_sums_write(const char *folder);
MUST_USE enum p1_exit kept_sums_check(const char *folder);

// A copy of a file of one folder in another, if it is there.
MUST_USE enum p1_exit kept_copy(const char *from, const char *to, const char *name, int may_lack);

// Opens the database that nobody else uses, whole and of this version; MIGRATE: an older one is brought to it. To be closed with
// rows_close(), also after a refusal.
MUST_USE enum p1_exit kept_open(struct rows **out, const char *path, int migrate);

// What a refusal of the database is about.
MUST_USE enum p1_exit kept_refuse(const char *path, enum p1_err err, struct rows *r);

// Calls WORK for each box, until one refuses.
MUST_USE enum p1_exit kept_each_box(struct rows *r, const char *path,
                                    enum p1_exit (*work)(void *arg, const struct box_row *row), void *arg);

// Follows a box's events, with its progress on a terminal.
MUST_USE enum p1_exit kept_follow_box(struct rows *r, const char *path, const struct box_row *row, FILE *archive,
                                      struct chain *end);

#endif
