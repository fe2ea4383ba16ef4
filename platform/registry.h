// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The register of a municipality's experiments, from the idea to the decision. Only events are kept, each with its hour, and none is
// ever changed: what an experiment is now follows from its events. They are public; who added one is not kept.
//
//   proposed   {"municipality":"Emmen","uses":"stem","title":"..","hypothesis":"..","measure":".."}
//   changed    one or more of {"title":"..","hypothesis":"..","measure":".."}
//   attached   {"thing":"UUID"}: what of the experiment's it is about, a vote for instance
//   started    {}
//   ended      {"figures":{..}}: what was measured until then (platform/town.h), so that it outlives the experiment
//   evaluated  {"evaluation":".."}
//   decided    {"decision":"adopt|drop|continue","reason":".."}
//
// The stages are idea, running, ended, evaluated and decided, in this order; after "continue" it is running again.
#ifndef P1_REGISTRY_H
#define P1_REGISTRY_H

#include "store/db.h"

struct json_t; // of jansson
struct registry;

enum { REGISTRY_TEXT_MAX = 2000 }; // bytes of each text

extern const struct migrations registry_migrations;

// ERR_DB, ERR_MEMORY. *out is to be closed in any case.
MUST_USE enum p1_err registry_open(struct registry **out, const char *database);
void registry_close(struct registry *r);
const char *registry_why(const struct registry *r); // of an error of the database, in its words

// Adds an event; CONTENT is taken over in any case. *ID 0: a new experiment, whose number comes back. When it returns P1_OK the event is
// on the disk. ERR_REGISTER_UNKNOWN, _TEXT, _STAGE, _DECISION, ERR_DB, ERR_DB_FULL, ERR_MEMORY.
MUST_USE enum p1_err registry_add(struct registry *r, int64_t *id, const char *kind, struct json_t *content,
                                  int64_t hour);

// The experiments as they are now, by number, or one of them (ID not 0); a list of its own for json_decref(). Each has what its events
// hold, and "id", "stage", "ideaHour", "startHour", "endHour", "attached" (a list), "decision":{"decision","reason","hour"}, and
// "events": all of them, each with "number", "hour" and "kind" in front. Null: there is no memory.
struct json_t *registry_list(struct registry *r, int64_t id);

#endif
