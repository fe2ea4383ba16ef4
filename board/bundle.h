// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The frozen bundle, UUID.bundle.json beside the archive: what an election is bound to and its question paper cannot hold.
// The election's description ends with a hidden line "sha256:HEX" over these bytes. One form only, compact, without a line end:
//
//   {"version":1,"uuid":"..","boxes":["UUID",..],"opens":n,"closes":n,"minimum":n,"credentials":{"count":n,"sha256":"hex"},
//    "receipt_key":"..","translations":[..],"attachments":[{"name":"..","sha256":"hex"},..]}
//
// boxes: all boxes of the joint vote, this one among them. Times in Unix seconds. credentials: the list in the archive, which
// is outside the election's hash. receipt_key: the key that signs receipts, an element of the group, or empty. translations:
// question papers in other languages, each {"language":"..","paper":{..}}.
#ifndef P1_BUNDLE_H
#define P1_BUNDLE_H

#include "board/box.h"

#define BUNDLE_BOXES_MAX 64

struct bundle {
    struct span uuid;
    struct span box[BUNDLE_BOXES_MAX];
    unsigned box_count;
    uint64_t opens, closes, minimum, credential_count;
    uint8_t credential_hash[32];
    struct span receipt_key, translations, attachments;
};

// ERR_JSON..., ERR_BUNDLE_BOXES, ERR_BUNDLE_TIMES
MUST_USE enum p1_err bundle_parse(struct span json, struct bundle *out);

enum frozen { FROZEN_NONE, FROZEN_NOT_CHECKED, FROZEN_CHECKED };

// Does the election's line agree with the bundle (a span without p: there is none), and the bundle with the box?
// ERR_BUNDLE_HASH, ERR_BUNDLE_UUID, ERR_BUNDLE_CREDENTIALS, and those of bundle_parse().
MUST_USE enum p1_err bundle_check(const struct box *b, struct span json, enum frozen *state, struct bundle *out);

#endif
