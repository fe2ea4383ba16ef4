// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The log: one event a line, in logfmt, each with one write(2), so that lines of several threads and processes never mix:
//
//   time=2027-03-10T19:00:00.123Z level=info event=listening port=8080
//
// Whoever writes a line knows: never a choice, a code, or an address beside a ballot.
#ifndef P1_LOG_H
#define P1_LOG_H

#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

// Where lines go from now on, and from which level on. Until then: stderr, info. The descriptor stays the caller's.
void log_to(int fd, enum log_level least);

// log_line(LOG_INFO, "listening", "port", LOG_NUMBER(8080)): an event, then KEY, VALUE, ... Values are quoted where they must
// be; a line is cut at 2 kB. Keeps errno.
#define log_line(level, ...) log_words(level, (const char *const[]){__VA_ARGS__, NULL})
void log_words(enum log_level level, const char *const *words);

// A number as a value: it lasts as long as the block around it.
#define LOG_NUMBER(n) log_number((char[21]){0}, (int64_t)(n))
const char *log_number(char text[21], int64_t n);

#endif
