// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/openapi.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/sha256.h"
#include "platform/http_in.h"

#define REF_HEADER "#/components/headers/"

// jansson's functions take null for what could not be made, and say so: one verdict at the end is enough.
struct composing {
    const struct http_config *config;
    json_t *doc;
    int bad;
};

static void put(struct composing *c, json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value)) c->bad = 1;
}

static json_t *ref(const char *where, const char *name) { return json_pack("{s:s+}", "$ref", where, name); }

static json_t *component(const struct composing *c, const char *kind) {
    return json_object_get(json_object_get(c->doc, "components"), kind);
}

// ---- problems ----

static const struct refusal_text *refusal_with(const char *code) {
    for (int i = REFUSED_NOT + 1; i < REFUSAL_COUNT; i++) {
        if (strcmp(refusal_texts[i].code, code) == 0) return &refusal_texts[i];
    }
    return NULL;
}

// Can a request to this route be refused so?
static int applies(enum refusal r, const struct http_route *route) {
    switch (r) {
    case REFUSED_NOT:
    case REFUSAL_COUNT:
    case REFUSED_NOT_FOUND: return 0; // then it is not this route
    case REFUSED_RANGE: return 0;     // named by those who have ranges
    case REFUSED_BODY_TYPE: return route->body_max != 0;
    case REFUSED_NOT_ACCEPTABLE: return route->type != NULL;
    case REFUSED_BUSY: return !route->always;
    default: return 1;
    }
}

// What a code means, to be released: of a part, or of the server itself.
static json_t *meaning(const struct composing *c, const char *code) {
    json_t *own = json_object_get(json_object_get(c->doc, "x-problems"), code);
    const struct refusal_text *t = refusal_with(code);
    if (own) return json_incref(own);
    return t ? json_pack("{s:i, s:s, s:s}", "status", (int)t->status, "title", t->title, "detail", t->detail) : NULL;
}

// The problems of a route by their status: {"400":[CODE,..],..}.
static json_t *codes_of(struct composing *c, const struct http_route *route, const json_t *own) {
    json_t *by_status = json_object(), *code, *all = json_array();
    size_t i;
    for (int r = REFUSED_NOT + 1; r < REFUSAL_COUNT; r++) {
        if (applies((enum refusal)r, route)) json_array_append_new(all, json_string(refusal_texts[r].code));
    }
    json_array_foreach(own, i, code) {
        const struct refusal_text *t = refusal_with(json_string_value(code));
        if (!t || !applies((enum refusal)(t - refusal_texts), route)) json_array_append(all, code);
    }
    json_array_foreach(all, i, code) {
        char status[8];
        json_t *m = meaning(c, json_string_value(code)), *list;
        if (!m) c->bad = 1; // nobody says what it means
        (void)snprintf(status, sizeof status, "%d", (int)json_integer_value(json_object_get(m, "status")));
        json_decref(m);
        list = json_object_get(by_status, status);
        if (!list) put(c, by_status, status, list = json_array());
        if (json_array_append(list, code)) c->bad = 1;
    }
    json_decref(all);
    return by_status;
}

static json_t *headers_of(const char *status) {
    json_t *headers = json_object();
    const char *more = strcmp(status, "405") == 0                                 ? "Allow"
                       : strcmp(status, "416") == 0                               ? "Content-Range"
                       : strcmp(status, "503") == 0 || strcmp(status, "429") == 0 ? "Retry-After"
                                                                                  : NULL;
    json_object_set_new(headers, "API-Version", ref(REF_HEADER, "API-Version"));
    if (more) json_object_set_new(headers, more, ref(REF_HEADER, more));
    return headers;
}

// "- `code`: The sentence." for each.
static char *sentences(const struct composing *c, const json_t *codes) {
    char *text = NULL;
    size_t n = 0, i;
    json_t *code;
    FILE *out = open_memstream(&text, &n);
    if (!out) return NULL;
    json_array_foreach(codes, i, code) {
        json_t *m = meaning(c, json_string_value(code));
        const char *detail = json_string_value(json_object_get(m, "detail"));
        (void)fprintf(out, "%s- `%s`: %s", i ? "\n" : "", json_string_value(code), detail ? detail : "");
        json_decref(m);
    }
    (void)fclose(out);
    return text;
}

// The schema Problem, with this status and these codes alone.
static json_t *problem_schema(struct composing *c, const char *status, const json_t *codes) {
    json_t *schema = json_deep_copy(json_object_get(component(c, "schemas"), "Problem")), *types = json_array(), *code;
    json_t *properties = json_object_get(schema, "properties");
    size_t i;
    json_array_foreach(codes, i, code) {
        if (json_array_append_new(types, json_sprintf("/problems/%s", json_string_value(code)))) c->bad = 1;
    }
    put(c, properties, "type", json_pack("{s:s, s:o}", "type", "string", "enum", types));
    put(c, properties, "status", json_pack("{s:s, s:i}", "type", "integer", "const", atoi(status)));
    return schema;
}

static json_t *response_of(struct composing *c, const char *status, const json_t *codes) {
    char *text = sentences(c, codes);
    const char *first = json_string_value(json_array_get(codes, 0));
    json_t *m = meaning(c, first ? first : "");
    json_t *example = json_pack("{s:o, s:O, s:O, s:O}", "type", json_sprintf("/problems/%s", first), "status",
                                json_object_get(m, "status"), "title", json_object_get(m, "title"), "detail",
                                json_object_get(m, "detail"));
    json_t *response =
        json_pack("{s:s, s:o, s:{s:{s:o, s:o}}}", "description", text, "headers", headers_of(status), "content",
                  "application/problem+json", "schema", problem_schema(c, status, codes), "example", example);
    if (!response) c->bad = 1;
    json_decref(m);
    free(text);
    return response;
}

// A response that many operations share stands once, as the component "ProblemSTATUS"; what only one has, stands there.
static void add_problem(struct composing *c, json_t *responses, const char *status, const json_t *codes) {
    char name[24];
    json_t *response = response_of(c, status, codes), *shared;
    (void)snprintf(name, sizeof name, "Problem%s", status);
    shared = json_object_get(component(c, "responses"), name);
    if (!shared) json_object_set(component(c, "responses"), name, shared = response);
    put(c, responses, status,
        json_equal(shared, response) ? ref("#/components/responses/", name) : json_incref(response));
    json_decref(response);
}

// ---- operations ----

static const struct http_route *route_of(const struct http_config *config, const char *path, const char *method) {
    for (size_t t = 0; t < config->tables_n; t++) {
        for (size_t i = 0; i < config->tables[t].n; i++) {
            const struct http_route *r = &config->tables[t].routes[i];
            size_t k = 0;
            while (r->method[k] && r->method[k] == toupper((unsigned char)method[k])) k++;
            if (!r->method[k] && !method[k] && strncmp(r->path, "/v1", 3) == 0 && strcmp(r->path + 3, path) == 0)
                return r;
        }
    }
    return NULL;
}

static void complete(struct composing *c, json_t *operation, const struct http_route *route) {
    json_t *responses = json_object_get(operation, "responses"), *response, *codes, *by_status;
    const char *status;
    int has_tag = 0;
    json_object_foreach(responses, status, response) {
        json_t *headers = json_object_get(response, "headers");
        if (!headers) put(c, response, "headers", headers = json_object());
        has_tag |= json_object_get(headers, "ETag") != NULL;
        put(c, headers, "API-Version", ref(REF_HEADER, "API-Version"));
    }
    if (has_tag) {
        json_t *parameters = json_object_get(operation, "parameters");
        if (!parameters) put(c, operation, "parameters", parameters = json_array());
        if (json_array_append_new(parameters, ref("#/components/parameters/", "IfNoneMatch"))) c->bad = 1;
        put(c, responses, "304", ref("#/components/responses/", "NotModified"));
    }
    by_status = codes_of(c, route, json_object_get(operation, "x-problems"));
    json_object_foreach(by_status, status, codes) { add_problem(c, responses, status, codes); }
    json_decref(by_status);
    json_object_del(operation, "x-problems");
}

// An operation without a route, or a method that no operation can have, is a mistake in a part.
static void complete_all(struct composing *c) {
    json_t *item, *operation, *paths = json_object_get(c->doc, "paths");
    const char *path, *method;
    json_object_foreach(paths, path, item) {
        json_object_foreach(item, method, operation) {
            const struct http_route *route = route_of(c->config, path, method);
            if (route)
                complete(c, operation, route);
            else
                c->bad = 1;
        }
    }
}

// ---- the document ----

static void take_part(struct composing *c, const char *text) {
    json_t *part = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *tags = json_object_get(part, "tags");
    if (!part) c->bad = 1;
    if (!c->doc) {
        c->doc = part;
        return;
    }
    if (tags && json_array_extend(json_object_get(c->doc, "tags"), tags)) c->bad = 1;
    json_object_del(part, "tags");
    if (json_object_update_recursive(c->doc, part)) c->bad = 1;
    json_decref(part);
}

int openapi_compose(struct openapi *o, const struct http_config *config, const char *const *parts) {
    struct composing c = {.config = config};
    uint8_t hash[32];
    struct buf tag = buf_over(o->tag, sizeof o->tag);
    for (; *parts; parts++) take_part(&c, *parts);
    put(&c, json_object_get(c.doc, "info"), "version", json_string(config->api_version));
    complete_all(&c);
    json_object_del(c.doc, "x-problems");
    o->text = c.bad ? NULL : json_dumps(c.doc, JSON_COMPACT);
    json_decref(c.doc);
    if (!o->text) return 0;
    o->n = strlen(o->text);
    sha256(hash, span_of(o->text, o->n));
    buf_char(&tag, '"');
    buf_hex(&tag, span_of(hash, 16));
    buf_str(&tag, "\"");
    buf_put(&tag, span_of("", 1));
    return 1;
}

void openapi_free(struct openapi *o) {
    free(o->text);
    o->text = NULL;
}

static void serve(struct http_request *r, void *arg) {
    const struct openapi *o = arg;
    http_set(r, "ETag", o->tag);
    http_set(r, "Cache-Control", "no-cache");
    http_set(r, "Access-Control-Allow-Origin", "*");
    http_set(r, "Cross-Origin-Resource-Policy", "cross-origin");
    http_reply(r, 200, "application/json", span_of(o->text, o->n));
}

const struct http_route openapi_routes[OPENAPI_ROUTES] = {
    {.method = "GET", .path = "/v1/openapi.json", .handle = serve, .type = "application/json"},
};
