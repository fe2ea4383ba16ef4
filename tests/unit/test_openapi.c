// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The table of routes and the document of the API say the same.

#include <ctype.h>
#include <jansson.h>

#include "tests/api/document.h"
#include "tests/unit/helpers.h"

static json_t *doc;

static int prepare(void **state) {
    struct openapi o;
    (void)state;
    if (!document_compose(&o)) return 1;
    doc = json_loads(o.text, 0, NULL);
    openapi_free(&o);
    return doc == NULL;
}

static int forget(void **state) {
    (void)state;
    json_decref(doc);
    return 0;
}

static json_t *operation_of(const struct http_route *route) {
    char method[16] = "";
    for (size_t i = 0; route->method[i]; i++) method[i] = (char)tolower((unsigned char)route->method[i]);
    return json_object_get(json_object_get(json_object_get(doc, "paths"), route->path + strlen("/v1")), method);
}

// What a reference stands for, or the thing itself.
static json_t *resolved(json_t *item) {
    const char *at = json_string_value(json_object_get(item, "$ref"));
    if (!at) return item;
    json_t *found = doc;
    for (at += 2; found && *at;) {
        size_t n = strcspn(at, "/");
        found = json_object_getn(found, at, n);
        at += n + (at[n] == '/');
    }
    assert_non_null(found);
    return found;
}

static int in_v1(const struct http_route *route) { return strncmp(route->path, "/v1/", 4) == 0; }

// Calls EACH for all routes under /v1; how many there are.
static size_t each_route(void (*each)(const struct http_route *route, json_t *operation)) {
    struct http_table tables[DOCUMENT_TABLES];
    size_t n = document_tables(tables), found = 0;
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < tables[t].n; i++) {
            const struct http_route *route = &tables[t].routes[i];
            if (!in_v1(route)) continue;
            found++;
            json_t *operation = operation_of(route);
            if (!operation) fail_msg("%s %s is not in the document", route->method, route->path);
            each(route, operation);
        }
    }
    return found;
}

static void nothing(const struct http_route *route, json_t *operation) {
    (void)route;
    (void)operation;
}

static void the_document_has_the_routes_and_no_more(void **state) {
    (void)state;
    size_t operations = 0;
    const char *path;
    json_t *item;
    json_object_foreach(json_object_get(doc, "paths"), path, item) { operations += json_object_size(item); }
    assert_int_equal(each_route(nothing), operations);
}

static int has_parameter(json_t *operation, const char *in, struct span name) {
    size_t i;
    json_t *p;
    json_array_foreach(json_object_get(operation, "parameters"), i, p) {
        p = resolved(p);
        if (strcmp(json_string_value(json_object_get(p, "in")), in) == 0 &&
            span_eq(name, span_str(json_string_value(json_object_get(p, "name")))))
            return 1;
    }
    return 0;
}

static size_t parameters_in(json_t *operation, const char *in) {
    size_t i, n = 0;
    json_t *p;
    json_array_foreach(json_object_get(operation, "parameters"), i, p) n +=
        strcmp(json_string_value(json_object_get(resolved(p), "in")), in) == 0;
    return n;
}

static void parameters_agree(const struct http_route *route, json_t *operation) {
    size_t queries = 0, params = 0;
    for (; route->query && route->query[queries]; queries++) {
        if (!has_parameter(operation, "query", span_str(route->query[queries])))
            fail_msg("%s: %s is not in the document", route->path, route->query[queries]);
    }
    for (const char *at = route->path; (at = strchr(at, '{')); params++) {
        struct span name = span_of(at + 1, strcspn(at, "}") - 1);
        if (!has_parameter(operation, "path", name)) fail_msg("%s: %s is not in the document", route->path, at);
        at++;
    }
    assert_int_equal(queries, parameters_in(operation, "query"));
    assert_int_equal(params, parameters_in(operation, "path"));
}

static void the_parameters_are_the_same(void **state) {
    (void)state;
    assert_true(each_route(parameters_agree) > 0);
}

static void body_agrees(const struct http_route *route, json_t *operation) {
    json_t *body = resolved(json_object_get(operation, "requestBody")), *content = json_object_get(body, "content");
    if (!route->body_max) {
        assert_null(body);
        return;
    }
    assert_int_equal(json_integer_value(json_object_get(body, "x-max-bytes")), route->body_max);
    assert_non_null(route->body_type);
    assert_int_equal(json_object_size(content), 1);
    assert_non_null(json_object_get(content, route->body_type));
}

static void bodies_have_the_same_type_and_limit(void **state) {
    (void)state;
    assert_true(each_route(body_agrees) > 0);
}

static void answer_agrees(const struct http_route *route, json_t *operation) {
    const char *status;
    json_t *response;
    int successes = 0;
    if (!route->type) fail_msg("%s %s does not say what it answers with", route->method, route->path);
    json_object_foreach(json_object_get(operation, "responses"), status, response) {
        json_t *content = json_object_get(resolved(response), "content");
        const char *type = *status == '2' ? route->type : "application/problem+json";
        if (strcmp(status, "304") == 0 || strcmp(status, "204") == 0) {
            assert_null(content);
            continue;
        }
        successes += *status == '2';
        assert_int_equal(json_object_size(content), 1);
        if (!json_object_get(content, type)) fail_msg("%s: %s is not answered with %s", route->path, status, type);
    }
    assert_true(successes > 0);
}

static void answers_have_the_same_type(void **state) {
    (void)state;
    assert_true(each_route(answer_agrees) > 0);
}

// ---- mistakes in a part ----

static int composes(const char *part) {
    struct http_table tables[DOCUMENT_TABLES];
    const char *const parts[] = {platform_openapi, part, NULL};
    struct openapi o;
    struct http_config config = {.api_version = DOCUMENT_VERSION, .tables = tables};
    config.tables_n = document_tables(tables);
    int made = openapi_compose(&o, &config, parts);
    openapi_free(&o);
    return made;
}

static void a_part_that_does_not_fit_is_refused(void **state) {
    (void)state;
    assert_true(composes("{\"paths\":{}}"));
    assert_false(composes("{\"paths\":{}"));                                                        // no JSON
    assert_false(composes("{\"paths\":{},\"paths\":{}}"));                                          // twice
    assert_false(composes("{\"paths\":{\"/nowhere\":{\"get\":{\"responses\":{}}}}}"));              // no such route
    assert_false(composes("{\"paths\":{\"/openapi.json\":{\"post\":{\"responses\":{}}}}}"));        // no such method
    assert_false(composes("{\"paths\":{\"/openapi.json\":{\"get\":{\"x-problems\":[\"odd\"]}}}}")); // means nothing
    assert_true(composes("{\"paths\":{\"/openapi.json\":{\"get\":{\"x-problems\":[\"odd\"]}}},\"x-problems\":"
                         "{\"odd\":{\"status\":409,\"title\":\"Odd\",\"detail\":\"It is odd.\"}}}"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_has_the_routes_and_no_more), cmocka_unit_test(the_parameters_are_the_same),
        cmocka_unit_test(bodies_have_the_same_type_and_limit),     cmocka_unit_test(answers_have_the_same_type),
        cmocka_unit_test(a_part_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, prepare, forget);
}
