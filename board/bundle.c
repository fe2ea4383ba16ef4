// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/bundle.h"

#include "core/sha256.h"

static enum p1_err boxes_parse(struct json *j, struct bundle *b) {
    int own = 0;
    TRY(json_lit(j, "["));
    for (int first = 1, more;;) {
        TRY(json_next(j, &first, &more));
        if (!more) break;
        if (b->box_count == BUNDLE_BOXES_MAX) return P1_ERR_BUNDLE_BOXES;
        struct span *box = &b->box[b->box_count];
        TRY(json_plain(j, box));
        TRY(uuid_check(*box));
        for (unsigned i = 0; i < b->box_count; i++) {
            if (span_eq(*box, b->box[i])) return P1_ERR_BUNDLE_BOXES;
        }
        own |= span_eq(*box, b->uuid);
        b->box_count++;
    }
    return own ? P1_OK : P1_ERR_BUNDLE_BOXES;
}

static enum p1_err number(struct json *j, const char *field, uint64_t *out) {
    TRY(json_lit(j, field));
    return json_uint(j, (uint64_t)1 << 40, out);
}

enum p1_err bundle_parse(struct span json, struct bundle *out) {
    struct json j = json_of(json);
    memset(out, 0, sizeof *out);
    TRY(json_lit(&j, "{\"version\":1,\"uuid\":"));
    TRY(json_plain(&j, &out->uuid));
    TRY(json_lit(&j, ",\"boxes\":"));
    TRY(boxes_parse(&j, out));
    TRY(number(&j, ",\"opens\":", &out->opens));
    TRY(number(&j, ",\"closes\":", &out->closes));
    if (out->opens >= out->closes) return P1_ERR_BUNDLE_TIMES;
    TRY(number(&j, ",\"minimum\":", &out->minimum));
    TRY(number(&j, ",\"credentials\":{\"count\":", &out->credential_count));
    TRY(json_lit(&j, ",\"sha256\":"));
    TRY(json_hash(&j, out->credential_hash));
    TRY(json_lit(&j, "},\"receipt_key\":"));
    TRY(json_plain(&j, &out->receipt_key));
    TRY(json_lit(&j, ",\"translations\":"));
    TRY(json_skip(&j, &out->translations));
    TRY(json_lit(&j, ",\"attachments\":"));
    TRY(json_skip(&j, &out->attachments));
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

enum p1_err bundle_check(const struct box *b, struct span json, enum frozen *state, struct bundle *out) {
    struct span description = b->election.description, line;
    uint8_t named[32], hash[32];
    *state = FROZEN_NONE;
    memset(out, 0, sizeof *out);
    if (!hidden_line(&description, "sha256", &line) || hash_decode(named, line) != P1_OK) return P1_OK;
    *state = FROZEN_NOT_CHECKED;
    if (!json.p) return P1_OK;
    sha256(hash, json);
    if (memcmp(hash, named, 32) != 0) return P1_ERR_BUNDLE_HASH;
    TRY(bundle_parse(json, out));
    if (!span_eq(out->uuid, b->election.uuid)) return P1_ERR_BUNDLE_UUID;
    if (out->credential_count != b->voter_count || memcmp(out->credential_hash, b->credentials_hash, 32) != 0)
        return P1_ERR_BUNDLE_CREDENTIALS;
    *state = FROZEN_CHECKED;
    return P1_OK;
}
