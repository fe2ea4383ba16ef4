// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/remote.h"

#include <curl/curl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/text.h"
#include "core/credential.h"
#include "core/pki.h"

enum { TRIES = 6, ANSWER_MAX = 1 << 28, PATIENCE_S = 60 };

// ---- HTTP ----

struct answer {
    char *text;
    size_t n;
    long status; // 0: none came
    char why[CURL_ERROR_SIZE];
};

static size_t take(char *part, size_t one, size_t n, void *arg) {
    struct answer *a = arg;
    if (n > ANSWER_MAX - a->n) return 0;
    char *more = realloc(a->text, a->n + n + 1);
    if (!more) return 0;
    memcpy(more + a->n, part, n);
    a->text = more;
    a->n += n;
    a->text[a->n] = 0;
    return n * one;
}

// GET, or POST of a JSON body.
static void request(const char *url, const struct span *body, struct answer *a) {
    CURL *c = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    *a = (struct answer){.status = 0};
    if (!c || !headers) return;
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)PATIENCE_S);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, a->why);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, a);
    if (body) {
        curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, (const char *)body->p);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->n);
    }
    if (curl_easy_perform(c) == CURLE_OK) curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &a->status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
}

// What the server says of itself in a problem, or that nothing came.
static enum p1_exit say_problem(const struct remote *r, const struct answer *a) {
    json_t *j = a->status ? json_loadb(a->text ? a->text : "", a->n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const char *detail = json_string_value(json_object_get(j, "detail"));
    char *said = detail ? text_copy(span_str(detail)) : NULL;
    enum p1_exit e;
    if (said) text_disarm(said);
    if (!a->status)
        e = refuse(P1_EXIT_UNREADABLE, "%s does not answer: %s", r->base, a->why);
    else
        e = refuse(a->status < 500 ? P1_EXIT_REFUSED : P1_EXIT_UNREADABLE, "%s: %s", r->base,
                   said ? said : "an answer that is not understood");
    free(said);
    json_decref(j);
    return e;
}

// ---- the link ----

static char *copy(const char *from, size_t n) { return text_copy(span_of(from, n)); }

static enum p1_exit link_parse(struct remote *r, const char *link) {
    const char *path = strstr(link, "/s/"), *hash = strchr(link, '#');
    if ((strncmp(link, "http://", 7) != 0 && strncmp(link, "https://", 8) != 0) || !path || (hash && hash < path))
        return refuse(P1_EXIT_USAGE, "--url: give the link of the letter, https://HOST/s/NUMBER#CODE");
    size_t n = strcspn(path + 3, "#?/");
    r->base = copy(link, (size_t)(path - link));
    r->uuid = copy(path + 3, n);
    if (uuid_check(span_str(r->uuid)) != P1_OK)
        return refuse(P1_EXIT_USAGE, "--url: \"%s\" is not the number of a vote", r->uuid);
    if (!hash) return P1_EXIT_DONE;
    size_t code = strcspn(hash + 1, ".");
    if (code) r->code = copy(hash + 1, code);
    if (hash[1 + code] == '.') r->print = text_copy(span_str(hash + 2 + code));
    return P1_EXIT_DONE;
}

static enum p1_exit fetch(const struct remote *r, const char *what, const char *ending, int may_lack) {
    struct answer a;
    char *url = path_join(r->base, "v1/elections/%s/%s", r->uuid, what);
    request(url, NULL, &a);
    char *path = path_join(r->folder, "%s.%s", r->uuid, ending);
    enum p1_exit e = P1_EXIT_DONE;
    if (a.status == 200)
        e = file_write(path, FILE_PUBLIC, 0, span_of(a.text, a.n));
    else if (a.status != 404 || !may_lack)
        e = say_problem(r, &a);
    free(path);
    free(url);
    free(a.text);
    return e;
}

enum p1_exit remote_open(struct remote *r, const char *link) {
    const char *tmp = getenv("TMPDIR");
    *r = (struct remote){0};
    enum p1_exit e = link_parse(r, link);
    if (e != P1_EXIT_DONE) return e;
    r->folder = path_join(tmp ? tmp : "/tmp", "plus1-vote-XXXXXX");
    if (!mkdtemp(r->folder)) {
        free(r->folder);
        r->folder = NULL;
        return refuse(P1_EXIT_UNREADABLE, "nothing can be written in %s", tmp ? tmp : "/tmp");
    }
    r->box = path_join(r->folder, "%s.bel", r->uuid);
    e = fetch(r, "setup", "bel", 0);
    return e == P1_EXIT_DONE ? fetch(r, "bundle", "bundle.json", 1) : e;
}

void remote_close(struct remote *r) {
    if (r->folder) {
        char *bundle = path_join(r->folder, "%s.bundle.json", r->uuid);
        (void)unlink(bundle);
        (void)unlink(r->box);
        (void)rmdir(r->folder);
        free(bundle);
    }
    if (r->code) sodium_memzero(r->code, strlen(r->code));
    free(r->base);
    free(r->uuid);
    free(r->code);
    free(r->print);
    free(r->folder);
    free(r->box);
    *r = (struct remote){0};
}

enum p1_exit remote_check_paper(const struct remote *r, const struct boxfile *f) {
    char print[P1_PRINT];
    election_print(print, f->box->election.json);
    if (!r->print || span_eq(span_str(r->print), span_of(print, sizeof print))) return P1_EXIT_DONE;
    return refuse(P1_EXIT_REFUSED,
                  "the server shows another question paper than the one that the letter is for: do not "
                  "vote there, and tell the municipality");
}

// ---- casting ----

// The receipt is about this ballot, and signed with the frozen key.
static enum p1_exit check_receipt(const struct boxfile *f, struct span receipt, const char tracker[P1_HASH64]) {
    const struct group *g = &f->box->election.group;
    uint8_t room[4096];
    struct buf arena = buf_over(room, sizeof room);
    struct json j = json_of(receipt);
    struct span message, said;
    struct proof p;
    struct elem key;
    struct bundle terms;
    enum p1_err err = signed_parse(&j, &g->q, &message, &p, &arena);
    if (err == P1_OK) err = bundle_parse(f->beside->bundle, &terms);
    if (err == P1_OK) err = elem_decode(g, &key, terms.receipt_key, f->runner->work);
    if (err == P1_OK) err = signed_check(g, &key, message, &p, f->runner->work);
    j = json_of(message);
    if (err != P1_OK || json_lit(&j, "{\"election\":") != P1_OK || json_plain(&j, &said) != P1_OK ||
        !span_eq(said, f->box->election.uuid) || json_lit(&j, ",\"tracker\":") != P1_OK ||
        json_plain(&j, &said) != P1_OK || !span_eq(said, span_of(tracker, P1_HASH64)))
        return refuse(P1_EXIT_REFUSED, "%s", p1_err_text(P1_ERR_RECEIPT));
    return P1_EXIT_DONE;
}

static enum p1_exit read_answer(const struct boxfile *f, const struct answer *a, const char tracker[P1_HASH64],
                                const char *receipt_path) {
    struct json j = json_of(span_of(a->text, a->n));
    struct span field, receipt = {0};
    uint64_t height = 0, hour = 0, ballots = 0;
    int right = json_take(&j, "{\"tracker\":") && json_plain(&j, &field) == P1_OK && json_take(&j, ",\"height\":") &&
                json_uint(&j, INT64_MAX, &height) == P1_OK && json_take(&j, ",\"hour\":") &&
                json_uint(&j, UINT32_MAX, &hour) == P1_OK && json_take(&j, ",\"ballots\":") &&
                json_uint(&j, UINT32_MAX, &ballots) == P1_OK &&
                (json_take(&j, ",\"counts\":true") || json_take(&j, ",\"counts\":false")) &&
                json_take(&j, ",\"receipt\":") && json_skip(&j, &receipt) == P1_OK;
    if (!right)
        return refuse(P1_EXIT_UNREADABLE, "the server's answer is not understood; ask what it has: %.*s", P1_HASH64,
                      tracker);
    enum p1_exit e = receipt_path ? file_write(receipt_path, FILE_PUBLIC, 0, receipt) : P1_EXIT_DONE;
    if (e == P1_EXIT_DONE && f->beside->frozen == FROZEN_CHECKED) e = check_receipt(f, receipt, tracker);
    if (e != P1_EXIT_DONE) return e;
    char text[64];
    time_t t = (time_t)(hour * 3600);
    struct tm tm;
    if (!strftime(text, sizeof text, "%Y-%m-%d %H:00", localtime_r(&t, &tm))) text[0] = 0;
    printf("Your ballot is in the ballot box: event %llu, received in the hour from %s.\n", (unsigned long long)height,
           text);
    printf("This code has voted %llu time%s; the last one counts.\nTracker: %.*s\n", (unsigned long long)ballots,
           ballots == 1 ? "" : "s", P1_HASH64, tracker);
    return P1_EXIT_DONE;
}

// Nothing came, or somebody in between says that the server gave no answer: the ballot may be in the box or not.
static int no_answer(const struct answer *a) {
    return a->status == 0 || a->status == 502 || a->status == 503 || a->status == 504;
}

enum p1_exit remote_cast(const struct remote *r, const struct boxfile *f, struct span ballot, const char *receipt) {
    struct answer a = {0};
    char tracker[P1_HASH64];
    char *url = path_join(r->base, "v1/elections/%s/ballots", r->uuid);
    hash64(tracker, ballot);
    for (unsigned i = 0; i < TRIES; i++) {
        free(a.text);
        if (i) sleep(1u << (i - 1));
        request(url, &ballot, &a);
        if (!no_answer(&a)) break;
        if (isatty(2)) fprintf(stderr, "no answer yet; the same ballot is sent again\n");
    }
    enum p1_exit e = a.status == 200 || a.status == 201 ? read_answer(f, &a, tracker, receipt) : say_problem(r, &a);
    free(a.text);
    free(url);
    return e;
}

enum p1_exit remote_ask(const struct remote *r, const char *what, struct span body, char **text, size_t *n) {
    struct answer a;
    char *url = path_join(r->base, "v1/elections/%s/%s", r->uuid, what);
    request(url, &body, &a);
    free(url);
    *text = a.text;
    *n = a.n;
    return a.status == 200 ? P1_EXIT_DONE : say_problem(r, &a);
}
