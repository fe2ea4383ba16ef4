// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// For those who run the server: /healthz on the public listener (does it live?), /readyz and /metrics on a second one, on
// loopback (may it be sent requests, and how is it?).
#ifndef P1_OPS_H
#define P1_OPS_H

#include <stdio.h>

#include "platform/clock.h"
#include "platform/http.h"

enum ops_state { OPS_OK, OPS_WARNING, OPS_FAILED };

// What one part says of itself. WHY has room for a sentence, and is shown where the state is not OPS_OK. Called from a
// server's thread; must be quick.
typedef enum ops_state ops_check(void *arg, char why[160]);

// Checks are registered at the start, and stay. One that fails makes /readyz 503, a warning does not. NAME must last.
void ops_register(const char *name, ops_check *check, void *arg);

// The state of all as JSON, to free(): {"status":"ready","checks":{"clock":{"status":"warning","detail":"..."}}}. The
// worst of them is returned.
enum ops_state ops_text(char **text, size_t *n);

// A line in the log for each check that is not OPS_OK, at the start; the worst is returned.
enum ops_state ops_log(void);

// The same for a person.
void ops_say(FILE *out);

extern const struct http_table ops_public; // /healthz

// The second listener, on 127.0.0.1, as http_start(). Ends with http_stop().
MUST_USE int ops_start(struct http **out, uint16_t port);

// A check, ARG is a struct clock_watch: a warning where nobody keeps the clock right, or it was moved by over a second.
ops_check ops_clock;

#endif
