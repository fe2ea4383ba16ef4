// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// POST /v1/elections/{uuid}/codes: may this code vote, and has it voted? {"credential":".."} is its public half; all of the answer
// is on the bulletin board too. A POST, so that no log of addresses has it. 200: {"used":true,"withdrawn":false}

#include <stdio.h>

#include "experiments/stem/inside.h"

static enum p1_err parse(struct span json, struct span *credential) {
    struct json j = json_of(json);
    TRY(json_lit(&j, "{\"credential\":"));
    TRY(json_plain(&j, credential));
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

void stem_code(struct http_request *r, void *arg) {
    struct stem_state *s = arg;
    struct voter_state v;
    struct span credential;
    char text[64];
    struct live *l = stem_election(r, s);
    if (!l) return;
    enum p1_err err = parse(http_body(r), &credential);
    const struct voter *voter = err == P1_OK ? box_voter(l->box, credential) : NULL;
    if (err == P1_OK && !voter) err = P1_ERR_BALLOT_STRANGER;
    if (err != P1_OK) {
        stem_problem_of(r, err, "Not a right request");
        return;
    }
    ballotbox_voter(s->ballotbox, l, voter, &v);
    (void)snprintf(text, sizeof text, "{\"used\":%s,\"withdrawn\":%s}", v.tries ? "true" : "false",
                   v.is_withdrawn ? "true" : "false");
    http_reply(r, 200, MEDIA_JSON, span_str(text));
}
