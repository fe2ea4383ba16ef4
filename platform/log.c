// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/json_canon.h"

enum { LINE_BYTES = 2048 };

static atomic_int log_fd = STDERR_FILENO;
static atomic_int log_least = LOG_INFO;

void log_to(int fd, enum log_level least) {
    log_fd = fd;
    log_least = (int)least;
}

const char *log_number(char text[21], int64_t n) {
    (void)snprintf(text, 21, "%lld", (long long)n);
    return text;
}

static void put_time(struct buf *b) {
    struct timespec now;
    struct tm tm;
    char text[40];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    size_t n = strftime(text, sizeof text, "time=%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(text + n, sizeof text - n, ".%03dZ", (int)(now.tv_nsec / 1000000));
    buf_str(b, text);
}

// Without quotes only what no reader of logfmt could misread.
static int is_bare(struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=') return 0;
    }
    return s.n > 0;
}

// What is no UTF-8 and what moves a terminal's cursor becomes '?'.
static void put_value(struct buf *b, struct span s) {
    uint8_t copy[LINE_BYTES];
    size_t n = s.n < sizeof copy ? s.n : sizeof copy;
    if (is_bare(s)) {
        buf_put(b, s);
        return;
    }
    memcpy(copy, s.p, n);
    utf8_disarm(copy, n);
    buf_json_string(b, span_of(copy, n));
}

static void write_line(struct buf *b) {
    if (b->full) { // the last pair was too long; the line still ends
        static const char cut[] = " cut=yes";
        b->full = 0;
        buf_str(b, cut);
    }
    b->p[b->n++] = '\n';
    ssize_t n;
    do n = write(log_fd, b->p, b->n);
    while (n < 0 && errno == EINTR);
}

void log_words(enum log_level level, const char *const *words) {
    static const char *const names[] = {"debug", "info", "warning", "error"};
    uint8_t text[LINE_BYTES];
    if ((int)level < log_least) return;
    int kept = errno;
    struct buf b = buf_over(text, sizeof text - sizeof " cut=yes");
    put_time(&b);
    buf_str(&b, " level=");
    buf_str(&b, names[level]);
    buf_str(&b, " event=");
    put_value(&b, span_str(*words++));
    for (; *words && !b.full; words += 2) {
        size_t before = b.n;
        buf_char(&b, ' ');
        buf_str(&b, words[0]);
        buf_char(&b, '=');
        put_value(&b, span_str(words[1]));
        if (b.full) b.n = before;
    }
    b.cap = sizeof text;
    write_line(&b);
    errno = kept;
}
