// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The document of the API, OpenAPI 3.1, at /v1/openapi.json. Each folder that has endpoints under /v1 describes them in a part,
// openapi.json beside its table of routes; at the start the parts are put together. A part holds only what is its own:
//
//   paths       without /v1; of each operation its success, and in "x-problems" the codes of its own problems
//   x-problems  what these codes mean: {"unknown-election":{"status":404,"title":"..","detail":".."},..}
//   tags, components
//
// What holds of every endpoint is added here: the refusals of the HTTP server (refusals.def) that its row in the table of routes can
// meet, their fields, API-Version on every answer, and where an answer has an ETag, If-None-Match and 304.
#ifndef P1_OPENAPI_H
#define P1_OPENAPI_H

#include "platform/http.h"

extern const char platform_openapi[]; // the first part: platform/openapi.json

struct openapi {
    char *text; // null before openapi_compose()
    size_t n;
    char tag[40];
};

enum { OPENAPI_ROUTES = 1 };
extern const struct http_route openapi_routes[OPENAPI_ROUTES]; // their argument is a struct openapi

// PARTS ends with null. 0: there is no memory, or a part is no such document.
MUST_USE int openapi_compose(struct openapi *o, const struct http_config *config, const char *const *parts);
void openapi_free(struct openapi *o);

#endif
