// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/http.h"

#include <errno.h>
#include <sys/resource.h>

// What the server answers is tested through sockets, in tests/platform.

static void nothing(struct http_request *r, void *arg) {
    (void)arg;
    http_reply(r, 200, NULL, (struct span){0});
}

static const struct http_route good[] = {{.method = "GET", .path = "/", .handle = nothing}};
static const struct http_route bad[] = {{.method = "GET", .path = "/a/", .handle = nothing}};
static const struct http_table table = {good, 1, NULL}, bad_table = {bad, 1, NULL};

static struct http_config loopback(void) {
    return (struct http_config){
        .address = "127.0.0.1", .threads = 1, .requests_max = 4, .tables = &table, .tables_n = 1};
}

static void a_server_listens_on_any_free_port(void **state) {
    (void)state;
    static const char *const addresses[] = {"127.0.0.1", "::1", "::"};
    for (size_t i = 0; i < 3; i++) {
        struct http_config c = loopback();
        struct http *s;
        c.address = addresses[i];
        int e = http_start(&s, &c);
        if (i && (e == EAFNOSUPPORT || e == EADDRNOTAVAIL)) continue; // a machine without IPv6
        assert_int_equal(e, 0);
        assert_true(http_port(s) > 0);
        http_stop(s, 0);
    }
}

static void a_port_in_use_is_said(void **state) {
    (void)state;
    struct http_config c = loopback();
    struct http *s, *second;
    assert_int_equal(http_start(&s, &c), 0);
    c.port = http_port(s);
    assert_int_equal(http_start(&second, &c), EADDRINUSE);
    http_stop(s, 0);
    assert_int_equal(http_start(&second, &c), 0);
    http_stop(second, 0);
}

static void a_malformed_configuration_is_refused(void **state) {
    (void)state;
    static const char *const proxies[] = {"10.0.0.0/8", "10.0.0.0/40", NULL};
    struct http *s;
    struct http_config c = loopback();
    c.address = "localhost";
    assert_int_equal(http_start(&s, &c), EINVAL);
    c = loopback();
    c.proxies = proxies;
    assert_int_equal(http_start(&s, &c), EINVAL);
    c = loopback();
    c.tables = &bad_table;
    assert_int_equal(http_start(&s, &c), EINVAL);
}

static void too_few_files_are_said_at_the_start(void **state) {
    (void)state;
    struct rlimit limit, low;
    struct http *s;
    struct http_config c = loopback();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    low = limit;
    low.rlim_cur = 64;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    assert_int_equal(http_start(&s, &c), 0); // raised as far as is needed
    http_stop(s, 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &low), 0);
    assert_true(low.rlim_cur > 64);
    c.requests_max = 1u << 28;
    assert_int_equal(http_start(&s, &c), EMFILE);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_listens_on_any_free_port),
        cmocka_unit_test(a_port_in_use_is_said),
        cmocka_unit_test(a_malformed_configuration_is_refused),
        cmocka_unit_test(too_few_files_are_said_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
