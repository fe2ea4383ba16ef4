// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What plus1 follow asks of a server, which may be slow, gone, or lie.

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/follow.h"
#include "platform/log.h"
#include "store/durable.h"

// A server that sends less than this for so long is given up for now.
enum { CONNECT_S = 20, SLOW_BYTES = 100, SLOW_S = 30, REFUSED_MAX = 1 << 20 };

static int stopped(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    const struct follow *f = arg;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return f->stop != 0;
}

static enum follow_end later(const char *url, const char *why) {
    log_line(LOG_WARNING, "no-answer", "url", url, "why", why);
    return FOLLOW_LATER;
}

static CURL *request(struct follow *f, const char *url, char why[CURL_ERROR_SIZE],
                     size_t (*take)(char *, size_t, size_t, void *), void *arg) {
    CURL *c = curl_easy_init();
    why[0] = 0;
    if (!c) return NULL;
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, arg);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, stopped);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, f);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    return c;
}

// ---- a text ----

struct text {
    struct buf *out;
    size_t most;
    int much;
};

static size_t take_text(char *part, size_t one, size_t n, void *arg) {
    struct text *t = arg;
    t->much = n > t->most - t->out->n;
    void *p = t->much ? NULL : realloc(t->out->p, t->out->n + n + 1);
    if (!p) return 0;
    t->out->p = p;
    t->out->cap = t->out->n + n + 1;
    buf_put(t->out, span_of(part, n));
    return one * n;
}

enum follow_end follow_get(struct follow *f, const char *url, size_t most, struct buf *out) {
    struct text t = {out, most, 0};
    char why[CURL_ERROR_SIZE], words[64];
    long status = 0;
    CURL *c = request(f, url, why, take_text, &t);
    *out = (struct buf){0};
    CURLcode code = c ? curl_easy_perform(c) : CURLE_OUT_OF_MEMORY;
    if (c) curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(c);
    if (t.much) return later(url, "more is sent than can be right");
    if (code != CURLE_OK) return later(url, *why ? why : curl_easy_strerror(code));
    if (status == 404) return FOLLOW_ABSENT;
    (void)snprintf(words, sizeof words, "status %ld", status);
    return status == 200 ? FOLLOW_DONE : later(url, words);
}

// ---- a piece of an archive ----

struct piece {
    struct follow_piece *p;
    CURL *c;
    off_t end;   // of the file that is written
    size_t seen; // of what is compared
    struct buf refused;
    uint64_t announced; // bytes; 0: the header does not say that this is the piece
    int bad;            // errno
};

// Content-Range: bytes FIRST-LAST/TOTAL
static size_t read_header(char *line, size_t one, size_t n, void *arg) {
    struct piece *x = arg;
    char text[128];
    uint64_t first, last, total;
    if (n < sizeof text) {
        memcpy(text, line, n);
        text[n] = 0;
        if (strncasecmp(text, "content-range:", 14) == 0) {
            if (sscanf(text + 14, " bytes %" SCNu64 "-%" SCNu64 "/%" SCNu64, &first, &last, &total) == 3) {
                x->p->total = total;
                int good = first == x->p->first && last >= first && last < total && last - first < x->p->most;
                x->announced = good ? last - first + 1 : 0;
            } else if (sscanf(text + 14, " bytes */%" SCNu64, &total) == 1) {
                x->p->total = total;
            }
        }
    }
    return one * n;
}

static size_t take_piece(char *part, size_t one, size_t n, void *arg) {
    struct piece *x = arg;
    struct follow_piece *p = x->p;
    long status = 0;
    curl_easy_getinfo(x->c, CURLINFO_RESPONSE_CODE, &status);
    if (status != 206 || !x->announced) return status == 206 ? 0 : one * n;        // a refusal's words
    size_t most = x->announced - p->got < n ? (size_t)(x->announced - p->got) : n; // what follows is not asked for
    struct span piece = span_of(part, most);
    p->got += most;
    if (x->refused.n + most <= x->refused.cap) buf_put(&x->refused, piece);
    size_t compare = p->compared.n - x->seen < most ? p->compared.n - x->seen : most;
    if (memcmp(p->compared.p + x->seen, part, compare) != 0) p->same = 0;
    x->seen += compare;
    piece = span_from(piece, compare);
    if (p->same && piece.n) {
        x->bad = durable_put(p->fd, piece, x->end);
        x->end += (off_t)piece.n;
    }
    int enough = !p->same && p->got >= x->refused.cap; // as evidence
    return x->bad || enough || most < n ? 0 : one * n;
}

enum follow_end follow_piece(struct follow *f, struct follow_piece *p) {
    char why[CURL_ERROR_SIZE], range[64];
    long status = 0;
    struct piece x = {.p = p, .end = lseek(p->fd, 0, SEEK_END)};
    x.refused = buf_over(malloc(REFUSED_MAX), REFUSED_MAX);
    if (!x.refused.p) return FOLLOW_LATER;
    x.c = request(f, p->url, why, take_piece, &x);
    p->same = 1;
    p->got = p->total = 0;
    (void)snprintf(range, sizeof range, "%" PRIu64 "-%" PRIu64, p->first, p->first + p->most - 1);
    CURLcode code = CURLE_OUT_OF_MEMORY;
    if (x.c) {
        curl_easy_setopt(x.c, CURLOPT_RANGE, range);
        curl_easy_setopt(x.c, CURLOPT_HEADERFUNCTION, read_header);
        curl_easy_setopt(x.c, CURLOPT_HEADERDATA, &x);
        code = curl_easy_perform(x.c);
        curl_easy_getinfo(x.c, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_easy_cleanup(x.c);
    if (!p->same) follow_keep_refused(p->refused, buf_span(&x.refused));
    free(x.refused.p);
    if (x.bad) return later(p->url, strerror(x.bad));
    if (!p->same || status == 416) return FOLLOW_DONE; // the caller judges
    if (status == 404) return FOLLOW_ABSENT;
    (void)snprintf(range, sizeof range, "status %ld", status);
    if (code != CURLE_OK) return later(p->url, *why ? why : curl_easy_strerror(code));
    if (status != 206) return later(p->url, range);
    return x.seen == p->compared.n ? FOLLOW_DONE : later(p->url, "less was sent than was asked for");
}
