// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/helpers.h"

#include "platform/address.h"

#include <arpa/inet.h>

static const char *shown(struct address a) {
    static char text[ADDRESS_TEXT];
    address_text(&a, text);
    return text;
}

static struct address address(const char *text) {
    struct address a;
    assert_true(address_parse(&a, keep_span(span_str(text))));
    return a;
}

static void an_address_has_one_form(void **state) {
    (void)state;
    assert_string_equal(shown(address("192.0.2.7")), "192.0.2.7");
    assert_string_equal(shown(address("::ffff:192.0.2.7")), "192.0.2.7");
    assert_string_equal(shown(address("2001:DB8:0::1")), "2001:db8::1");
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(0xc0000207)}};
    assert_string_equal(shown(address_of((struct sockaddr *)&in)), "192.0.2.7");
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    inet_pton(AF_INET6, "::ffff:192.0.2.7", &in6.sin6_addr);
    assert_string_equal(shown(address_of((struct sockaddr *)&in6)), "192.0.2.7");
}

static void what_is_no_address_is_refused(void **state) {
    (void)state;
    static const char *const none[] = {"", "1.2.3", "1.2.3.256", "1.2.3.4 ", "::g", "unknown", "1.2.3.4/8", "01.2.3.4"};
    struct address a;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(address_parse(&a, keep_span(span_str(none[i]))));
    assert_false(address_parse(&a, SPAN_LIT("1.2.3.4\0")));
}

static void a_network_has_its_addresses_and_no_others(void **state) {
    (void)state;
    static const struct {
        const char *network, *in, *out;
    } cases[] = {
        {"10.0.0.0/8", "10.255.0.1", "11.0.0.0"},
        {"192.0.2.128/25", "192.0.2.129", "192.0.2.127"},
        {"192.0.2.7", "192.0.2.7", "192.0.2.6"},
        {"192.0.2.7/32", "::ffff:192.0.2.7", "192.0.2.8"},
        {"2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"},
        {"0.0.0.0/0", "9.9.9.9", "2001:db8::1"},
        {"::1", "::1", "::2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct network n;
        struct address in = address(cases[i].in), out = address(cases[i].out);
        assert_true(network_parse(&n, keep_span(span_str(cases[i].network))));
        assert_true(network_has(&n, 1, &in));
        assert_false(network_has(&n, 1, &out));
        assert_false(network_has(&n, 0, &in));
    }
}

static void what_is_no_network_is_refused(void **state) {
    (void)state;
    static const char *const none[] = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                                       "::/129",      "/8",        "::/0008"};
    struct network n;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(network_parse(&n, keep_span(span_str(none[i]))));
}

static void the_client_is_the_last_address_that_is_no_listed_proxy(void **state) {
    (void)state;
    static const struct {
        const char *peer, *forwarded, *client;
    } cases[] = {
        {"203.0.113.1", "6.6.6.6", "203.0.113.1"}, // the peer is no proxy: whatever it says
        {"10.0.0.1", "203.0.113.9", "203.0.113.9"},
        {"10.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"}, // what the client wrote itself
        {"10.0.0.1", "203.0.113.9,10.0.0.2 ,\t10.0.0.3", "203.0.113.9"},
        {"10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"}, // a request of a proxy itself
        {"10.0.0.1", "", "10.0.0.1"},
        {"10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"},
        {"10.0.0.1", "203.0.113.9, nonsense, 10.0.0.2", "10.0.0.2"},
        {"10.0.0.1", "203.0.113.9, ", "10.0.0.1"},
        {"10.0.0.1", "203.0.113.9:4711", "203.0.113.9"},
        {"10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"},
        {"10.0.0.1", "[2001:db8::1", "10.0.0.1"},
        {"::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"},
    };
    struct network proxies[2];
    assert_true(network_parse(&proxies[0], SPAN_LIT("192.0.2.1")));
    assert_true(network_parse(&proxies[1], SPAN_LIT("10.0.0.0/8")));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address peer = address(cases[i].peer);
        assert_string_equal(shown(client_of(&peer, keep_span(span_str(cases[i].forwarded)), proxies, 2)),
                            cases[i].client);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_has_one_form),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(a_network_has_its_addresses_and_no_others),
        cmocka_unit_test(what_is_no_network_is_refused),
        cmocka_unit_test(the_client_is_the_last_address_that_is_no_listed_proxy),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
