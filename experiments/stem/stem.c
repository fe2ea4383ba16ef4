// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "experiments/stem/stem.h"

#include <stdio.h>
#include <stdlib.h>

#include "experiments/stem/app.h"
#include "experiments/stem/inside.h"
#include "experiments/stem/pages.h"
#include "platform/log.h"
#include "platform/ops.h"

enum { BALLOT_MAX = 1 << 20, CODE_MAX = P1_ELEM_TEXT + 32, WAITING = 2000 };

static const char *const events_query[] = {"after", "limit", NULL};
// Of pages
static const char *const list_query[] = {"municipality", PAGE_LANGUAGE, NULL};
static const char *const paged_query[] = {"after", PAGE_LANGUAGE, NULL};
static const char *const ballot_query[] = {"tracker", PAGE_LANGUAGE, NULL};

#define ELECTION "/v1/elections/{uuid}"
#define VOTE "/votes/{uuid}"

static const struct http_route routes[] = {
    {.method = "GET", .path = "/v1/elections", .handle = stem_list, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION, .handle = stem_one, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION "/setup", .handle = stem_setup, .type = MEDIA_TAR},
    {.method = "GET", .path = ELECTION "/paper", .handle = stem_paper, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION "/bundle", .handle = stem_bundle, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION "/trustees", .handle = stem_trustees, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION "/credentials", .handle = stem_credentials, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION "/notices", .handle = stem_notices, .type = MEDIA_LINES},
    {.method = "GET", .path = ELECTION "/platform-events", .handle = stem_platform_events, .type = MEDIA_LINES},
    {.method = "GET", .path = ELECTION "/share-proofs", .handle = stem_share_proofs, .type = MEDIA_LINES},
    {.method = "GET", .path = ELECTION "/events", .handle = stem_events, .query = events_query, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION "/ballots/{tracker}", .handle = stem_ballot, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION "/ballots/{tracker}/content", .handle = stem_ballot_content, .type = MEDIA_JSON},
    {.method = "GET", .path = ELECTION "/archive", .handle = stem_archive, .type = MEDIA_TAR},
    {.method = "POST",
     .path = ELECTION "/ballots",
     .handle = stem_cast,
     .body_max = BALLOT_MAX,
     .body_type = MEDIA_JSON,
     .type = MEDIA_JSON},
    {.method = "POST",
     .path = ELECTION "/own-data",
     .handle = stem_own_data,
     .body_max = P1_OWN_DATA_TEXT,
     .body_type = MEDIA_JSON,
     .type = MEDIA_JSON},
    {.method = "POST",
     .path = ELECTION "/codes",
     .handle = stem_code,
     .body_max = CODE_MAX,
     .body_type = MEDIA_JSON,
     .type = MEDIA_JSON},
    {.method = "GET", .path = "/votes", .handle = pages_list, .query = list_query, .type = MEDIA_HTML},
    {.method = "GET", .path = VOTE, .handle = pages_vote, .query = page_query, .type = MEDIA_HTML},
    {.method = "GET", .path = VOTE "/events", .handle = pages_events, .query = paged_query, .type = MEDIA_HTML},
    {.method = "GET", .path = VOTE "/ballots", .handle = pages_ballot, .query = ballot_query, .type = MEDIA_HTML},
    {.method = "GET",
     .path = VOTE "/ballots/{tracker}",
     .handle = pages_ballot,
     .query = page_query,
     .type = MEDIA_HTML},
    {.method = "GET",
     .path = VOTE "/credentials",
     .handle = pages_credentials,
     .query = paged_query,
     .type = MEDIA_HTML},
    {.method = "GET", .path = "/s/{uuid}", .handle = pages_start, .query = page_query, .type = MEDIA_HTML},
    {.method = "GET", .path = "/s/{uuid}/test", .handle = pages_start, .query = page_query, .type = MEDIA_HTML},
    {.method = "GET", .path = "/s", .handle = pages_typed, .query = page_query, .type = MEDIA_HTML},
    {.method = "GET", .path = "/app/{name}", .handle = stem_app_asset},
};

// ---- settings ----

enum setting { VOTES_FREE, VOTES_WAIT, VOTES_MOST, FAILURES, SETTINGS };

static const struct experiment_setting settings[SETTINGS] = {
    [VOTES_FREE] = {"votes-free", "ballots of one code that are taken at once", 1, VOTES_FREE_USUAL, 65000},
    [VOTES_WAIT] = {"votes-wait", "seconds between the ballots after these", 0, VOTES_WAIT_USUAL, 86400},
    [VOTES_MOST] = {"votes-most", "ballots of one code in all", 1, VOTES_MOST_USUAL, 65000},
    [FAILURES] = {"failures", "wrong ballots and requests an hour after which an address waits; 0: never", 0, 300,
                  1000000},
};

// ---- what its handlers share ----

struct live *stem_election(struct http_request *r, struct stem_state *s) {
    struct live *l = ballotbox_find(s->ballotbox, http_param(r, 0));
    if (!l) http_problem(r, 404, "unknown-election", "No such vote", "There is no vote with this number here.");
    return l;
}

struct rows *stem_rows(struct http_request *r, struct stem_state *s) {
    struct rows *rows = ballotbox_rows(s->ballotbox);
    if (!rows) http_problem(r, 503, "busy", "Very busy", "Please try again in a moment.");
    return rows;
}

const char *stage_name(enum box_stage stage) {
    static const char *const names[] = {"new", "open", "ended", "tallied", "published"};
    return names[stage];
}

// ---- life ----

static void said(void *arg, const char *what, const char *uuid, const char *why) {
    (void)arg;
    if (*why && *uuid)
        log_line(LOG_ERROR, what, "election", uuid, "why", why);
    else if (*why)
        log_line(LOG_ERROR, what, "why", why);
    else if (!*uuid)
        log_line(LOG_INFO, what);
    else
        log_line(LOG_INFO, what, "election", uuid);
}

// Does the server have the key of each vote?
static enum ops_state keys_there(void *arg, char why[160]) {
    const struct stem_state *s = arg;
    struct live *l = NULL;
    unsigned lost = 0;
    while ((l = ballotbox_next(s->ballotbox, l))) lost += l->key_lost != 0;
    if (!lost) return OPS_OK;
    (void)snprintf(why, 160, "%u of the votes are not open: receipt.seed is not the one that was frozen with them.",
                   lost);
    return OPS_WARNING;
}

static enum ops_state storage(void *arg, char why[160]) {
    struct stem_state *s = arg;
    enum p1_err err = ballotbox_failing(s->ballotbox);
    if (err == P1_OK) return OPS_OK;
    (void)snprintf(why, 160, "%s",
                   err == P1_ERR_DB_FULL
                       ? "The disk is full, so no ballot is taken. Make room; the rest comes by itself."
                       : "Nothing can be stored, so no ballot is taken. The log says why.");
    return OPS_FAILED;
}

static enum p1_err start(void **state, const struct experiment_env *env, char why[256]) {
    struct stem_state *s = calloc(1, sizeof *s);
    const struct ballotbox_config config = {
        .path = env->database,
        .receipt_seed = env->receipt_seed,
        .threads = env->threads,
        .waiting = WAITING,
        .limits = {env->settings[VOTES_FREE], env->settings[VOTES_WAIT], env->settings[VOTES_MOST]},
        .ballot_max = BALLOT_MAX,
        .now = env->now,
        .said = said,
        .wrote = stem_count_commit,
        .arg = env->now_arg};
    *state = s;
    if (!s) return P1_ERR_MEMORY;
    s->folder = env->folder;
    s->config = env->config;
    s->database = env->database;
    s->failures = failures_new(env->settings[FAILURES]);
    if (!s->failures) return P1_ERR_MEMORY;
    enum p1_err err = ballotbox_open(&s->ballotbox, &config);
    for (struct live *l = NULL; err == P1_OK && (l = ballotbox_next(s->ballotbox, l));) {
        if (l->held) log_line(LOG_WARNING, "closed-for-votes", "election", l->row.uuid);
    }
    if (err == P1_OK) ops_register("storage", storage, s);
    if (err != P1_OK) (void)snprintf(why, 256, "%s %s", p1_err_text(err), ballotbox_why(s->ballotbox));
    if (err != P1_OK) return err;
    ops_register("receipt-keys", keys_there, s);
    stem_count_start(s);
    return P1_OK;
}

static void stop(void *state) {
    struct stem_state *s = state;
    if (s) ballotbox_close(s->ballotbox);
    if (s) failures_free(s->failures);
    free(s);
}

const struct experiment stem = {
    .name = "stem",
    .migrations = &rows_migrations,
    .routes = routes,
    .route_count = sizeof routes / sizeof *routes,
    .openapi = experiments_stem_openapi,
    .verbs = stem_verbs,
    .settings = settings,
    .setting_count = SETTINGS,
    .app_hash = app_hash,
    .start = start,
    .stop = stop,
    .figures = stem_figures,
};
