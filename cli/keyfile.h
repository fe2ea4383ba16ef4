// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A trustee's key file: secret, readable by its owner only. JSON on one line:
//
//   {"plus1":"trustee key 1","group":"..","elections":["UUID",..],"minimum":n,"test":bool,
//    "ceremony":{"index":n,"size":n,"threshold":n,"seed":"22 Base58 characters","belenios":"3.0" or "3.3"},  a member of a set
//    "private_key":"decimal",                                            a single trustee; a member after the ceremony
//    "ended":{"UUID":"hash of the EndBallots event",..},                 how each box had ended when the first share was given
//    "opened":{"UUID":"hash of the EncryptedTally event",..}}            states for which a share was given
//
// Elections and minimum are fixed when the key is made: they are what the trustee agreed to.
#ifndef P1_CLI_KEYFILE_H
#define P1_CLI_KEYFILE_H

#include "cli/args.h"
#include "core/ceremony.h"

#define KEY_ELECTIONS_MAX 64
#define KEY_MINIMUM 10 // fewer voters than this in one box: only with --test

// What the key has seen of each of its elections, in the order of these.
struct seen_state {
    int has_end, has_opened;
    uint8_t end[32], opened[32];
};

struct keyfile {
    struct group group;
    struct work work;
    char *elections[KEY_ELECTIONS_MAX];
    size_t election_count;
    unsigned minimum;
    int test;
    unsigned index, size, threshold; // 0: a single trustee
    char seed[P1_PKI_SEED + 1];
    enum aes_mode mode;
    int has_private;
    struct scalar private;
    struct seen_state seen[KEY_ELECTIONS_MAX];
    int lock; // of the file that it was read from, or -1
};

// From --group, --election, --minimum and --test. To be freed with keyfile_free(), which wipes it.
MUST_USE enum p1_exit keyfile_new(const struct args *args, struct keyfile **out);
// Locked until it is freed: of two programs that add to what the key has seen, one would forget what the other wrote.
MUST_USE enum p1_exit keyfile_read(const char *path, struct keyfile **out);
MUST_USE enum p1_exit keyfile_write(const char *path, const struct keyfile *k, int fresh);
void keyfile_free(struct keyfile *k);

// What everybody must know about this key, on stdout.
void keyfile_say(const struct keyfile *k);

// Fresh randomness for one message.
void draws_init(struct draws *d);

#endif
