// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Who often sends what is not right is not heard for a while: addresses, counted in memory alone. A count is never written or
// logged, and nothing says what was sent. It fades evenly within an hour, so a school class behind one address is no attack.
//
// An IPv6 address counts with its /64, which one household has. The table has one size: in a crowd of addresses the one with the least
// is forgotten first.
#ifndef P1_FAILURES_H
#define P1_FAILURES_H

#include "platform/address.h"

struct failures;

// AN_HOUR: failures of an address after which it is not heard; 0: it always is. Null without memory.
struct failures *failures_new(unsigned an_hour);
void failures_free(struct failures *f);

// Both from any thread; NOW_S are seconds on a clock that only goes forward.
void failures_add(struct failures *f, const struct address *from, int64_t now_s);
unsigned failures_wait(struct failures *f, const struct address *from, int64_t now_s); // seconds; 0: it is heard

#endif
