// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The document of this program's API, as the server composes it (cli/server.c).
#ifndef P1_TEST_API_DOCUMENT_H
#define P1_TEST_API_DOCUMENT_H

#include "cli/experiments.h"
#include "platform/openapi.h"
#include "platform/ops.h"
#include "platform/platform.h"

#define DOCUMENT_VERSION "1.0.0"
#define DOCUMENT_TABLES (EXPERIMENTS_MAX + 3)

// All tables of the public port; their number is returned.
static inline size_t document_tables(struct http_table tables[DOCUMENT_TABLES]) {
    size_t n = 0;
    tables[n++] = ops_public;
    tables[n++] = (struct http_table){openapi_routes, OPENAPI_ROUTES, NULL};
    tables[n++] = (struct http_table){platform_routes, platform_route_count, NULL};
    for (size_t i = 0; i < experiment_count; i++)
        tables[n++] = (struct http_table){experiments[i]->routes, experiments[i]->route_count, NULL};
    return n;
}

static inline int document_compose(struct openapi *o) {
    struct http_table tables[DOCUMENT_TABLES];
    const char *parts[DOCUMENT_TABLES] = {platform_openapi};
    struct http_config config = {.api_version = DOCUMENT_VERSION, .tables = tables};
    config.tables_n = document_tables(tables);
    for (size_t i = 0; i < experiment_count; i++) parts[i + 1] = experiments[i]->openapi;
    return openapi_compose(o, &config, parts);
}

#endif
