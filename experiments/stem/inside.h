// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the files of the stem-app share.
#ifndef P1_STEM_INSIDE_H
#define P1_STEM_INSIDE_H

#include "ballotbox/ballotbox.h"
#include "experiments/stem/stem.h"
#include "platform/failures.h"

struct stem_state {
    const char *folder, *database;
    const struct config *config;
    struct ballotbox *ballotbox;
    struct failures *failures;
};

// The election that a path names; answers 404 and gives null if there is none.
struct live *stem_election(struct http_request *r, struct stem_state *s);

// A connection for reading; answers 503 and gives null if there is none.
struct rows *stem_rows(struct http_request *r, struct stem_state *s);

// What is counted for the operator (count.c).
enum stem_counter {
    COUNT_TAKEN,
    COUNT_REPEATED,
    COUNT_REFUSED,
    COUNT_LIMITED,
    COUNT_NOT_OPEN,
    COUNT_FAILED,
    COUNT_OWN_DATA,
    COUNT_FAILURES,
    COUNT_HELD_OFF,
    STEM_COUNTERS
};
void stem_count(enum stem_counter what);
void stem_count_commit(void *arg, size_t n, int64_t microseconds);
void stem_count_start(struct stem_state *s);

// Failures of the address that a request came from. Held off is who failed too often: that is answered.
void stem_failed(struct http_request *r, struct stem_state *s);
int stem_held_off(struct http_request *r, struct stem_state *s);

// An error as a problem; the database's become 500 without details.
void stem_problem(struct http_request *r, enum p1_err err);
// The same; TITLE is for errors of form.
void stem_problem_of(struct http_request *r, enum p1_err err, const char *title);

void stem_write_event(struct buf *b, const struct event_row *e);

const char *stage_name(enum box_stage stage); // "open", ...

// A tracker as it stands in addresses: Base64 with - and _, without padding.
void tracker_write(const uint8_t tracker[32], struct buf *out);
int tracker_read(struct span text, uint8_t out[32]);

#define MEDIA_JSON "application/json"
#define MEDIA_HTML "text/html"
#define MEDIA_LINES "application/x-ndjson"
#define MEDIA_TAR "application/x-tar"

// Handlers, each of a route in stem.c.
void stem_list(struct http_request *r, void *arg);
void stem_one(struct http_request *r, void *arg);
void stem_setup(struct http_request *r, void *arg);
void stem_paper(struct http_request *r, void *arg);
void stem_bundle(struct http_request *r, void *arg);
void stem_trustees(struct http_request *r, void *arg);
void stem_credentials(struct http_request *r, void *arg);
void stem_notices(struct http_request *r, void *arg);
void stem_share_proofs(struct http_request *r, void *arg);
void stem_platform_events(struct http_request *r, void *arg);
void stem_events(struct http_request *r, void *arg);
void stem_ballot(struct http_request *r, void *arg);
void stem_ballot_content(struct http_request *r, void *arg);
void stem_archive(struct http_request *r, void *arg);
void stem_own_data(struct http_request *r, void *arg);
void stem_cast(struct http_request *r, void *arg);
void stem_code(struct http_request *r, void *arg);

// What GET /v1/elections/{uuid} says now, for free(); null: there is no memory.
char *stem_status(struct stem_state *s, const struct live *l);

void stem_app_asset(struct http_request *r, void *arg);

// Verbs that stand elsewhere than in verbs.c.
int verb_reopen(void *arg, int argc, char **argv, FILE *out);
// Why a restored box takes no votes, and how it opens.
void say_held(FILE *out, const struct live *l, const struct live_state *at);

extern const struct control_verb stem_verbs[];
extern const char experiments_stem_openapi[]; // openapi.json

int stem_figures(void *state, struct span thing, struct experiment_figures *out);

#endif
