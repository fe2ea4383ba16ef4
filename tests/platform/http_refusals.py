#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the HTTP server refuses, sent as raw bytes: requests that two readers could read in two ways, and senders who never end."""
import json
import socket
import time

from lib import Server, equal, get, main, metric, post, test

ECHO = b"POST /v1/echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
# What a smuggler hides behind a request: it must never be answered.
HIDDEN = get("/v1/etag")


def refused(server, data, status, code=None):
    """One answer with this status and code, none to what follows, and the connection ends."""
    with server.client() as c:
        c.send(data + HIDDEN)
        a = c.answer()
        equal(a.status, status)
        if code:
            equal(json.loads(a.body)["type"], f"/problems/{code}")
            equal(json.loads(a.body)["status"], status)
        equal(a["connection"], "close")
        assert c.ended()


@test
def a_second_content_length_is_refused():
    with Server() as s:
        for second in "5", "6", "0", "1000":
            for name in "Content-Length", "content-length":
                refused(s, ECHO + f"Content-Length: 5\r\n{name}: {second}\r\n\r\nhello".encode(), 400, "length-twice")
        equal(metric(s, 'plus1_http_refusals_total{code="length-twice"}'), 8)


@test
def a_content_length_with_a_transfer_encoding_is_refused():
    with Server() as s:
        length, chunked = b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"
        body = b"\r\n0\r\n\r\n"
        refused(s, ECHO + length + chunked + body, 400, "length-and-coding")
        refused(s, ECHO + chunked + length + body, 400, "length-and-coding")
        refused(s, ECHO + length + b"Transfer-Encoding: identity\r\n" + body, 400, "length-and-coding")


@test
def chunks_and_unknown_codings_are_refused():
    with Server() as s:
        refused(s, ECHO + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 411, "length-needed")
        refused(s, ECHO + b"Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n", 411, "length-needed")
        for coding in b"gzip", b"gzip, chunked", b"xchunked", b"chunked, chunked", b"\"chunked\"", b"":
            refused(s, ECHO + b"Transfer-Encoding: " + coding + b"\r\n\r\n0\r\n\r\n", 501, "unknown-coding")
        twice = b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
        refused(s, ECHO + twice, 501, "unknown-coding")


@test
def an_obfuscated_transfer_encoding_is_refused():
    with Server() as s:
        for line in (
            b"Transfer-Encoding : chunked",
            b"Transfer-Encoding\t: chunked",
            b" Transfer-Encoding: chunked",
            b"X: y\nTransfer-Encoding: chunked",
            b"Transfer-Encoding:\r\n chunked",
            b"Transfer-Encoding: \x0bchunked",
            b"Transfer-Encoding: chunked\x00",
            b"Transfer\x00-Encoding: chunked",
            b"Transfer-Encoding: chunked\rX: y",
            b"\x00Transfer-Encoding: chunked",
        ):
            with s.client() as c:
                c.send(ECHO + b"Content-Length: 5\r\n" + line + b"\r\n\r\n0\r\n\r\n" + HIDDEN)
                a = c.answer()
                assert a.status in (400, 501), (line, a.status)
                assert c.ended()


@test
def a_malformed_content_length_is_refused():
    with Server() as s:
        for length in "+5", "-5", "5 5", "5,5", "0x5", "5.0", "", " ", "5\t5", "five", "9" * 18, "9" * 19, "9" * 30:
            with s.client() as c:
                c.send(ECHO + f"Content-Length: {length}\r\n\r\nhello".encode() + HIDDEN)
                a = c.answer()
                assert a.status in ((400, 413) if len(length) > 17 else (400,)), (length, a.status)
                equal(a["connection"], "close")
                while c.fill():
                    pass
                # libmicrohttpd 0.9.75 sends the header of this refusal twice; it answers nothing more.
                assert b" 200 " not in c.buffer


@test
def a_folded_line_is_refused():
    with Server() as s:
        for folded in "X-A: b\r\n c", "X-A: b\r\n\tc", "X-A:\r\n b", "X-A: b\r\n c\r\nX-B: d", "X-A: b\r\n ":
            refused(s, get("/v1/etag", folded), 400, "malformed-header")
        refused(s, b"GET /v1/etag HTTP/1.1\r\n Host: test\r\n\r\n", 400)


@test
def a_bare_line_feed_is_refused_wherever_it_stands():
    with Server() as s:
        whole = get("/v1/etag", "X-A: b")
        ends = [i for i in range(len(whole)) if whole[i : i + 2] == b"\r\n"]
        equal(len(ends), 4)
        for i in ends:
            refused(s, whole[:i] + whole[i + 1 :], 400, "malformed-header")
        refused(s, whole.replace(b"\r\n", b"\n"), 400, "malformed-header")
        for bare in "X-A: b\rc", "X-A: b\r", "\rX-A: b":
            refused(s, get("/v1/etag", bare), 400, "malformed-header")


@test
def control_characters_are_refused():
    with Server() as s:
        for c in [*range(32), 127]:
            if c in (9, 10):
                continue
            with s.client() as client:
                client.send(b"GET /v1/etag HTTP/1.1\r\nHost: test\r\nX-A: b" + bytes([c]) + b"c\r\n\r\n" + HIDDEN)
                equal(client.answer().status, 400)
                assert client.ended()
        for name in b"X\0A", b"X A", b"X(A", b"", b"X-\xc3\xa9", b'X"A':
            refused(s, b"GET /v1/etag HTTP/1.1\r\nHost: test\r\n" + name + b": b\r\n\r\n", 400)
        # A zero byte would hide what follows it on the line.
        refused(s, b"GET /v1/etag HTTP/1.1\r\nHost: test\0.example\r\n\r\n", 400, "malformed-header")


@test
def a_malformed_request_line_is_refused():
    with Server() as s:
        for line in (
            b"GET  /v1/etag HTTP/1.1",
            b"GET /v1/etag  HTTP/1.1",
            b"GET /v1/etag\0 HTTP/1.1",
            b"GET /v1/e\0tag HTTP/1.1",
            b"GET\0 /v1/etag HTTP/1.1",
            b"GET\t/v1/etag HTTP/1.1",
            b"GET /v1/etag x HTTP/1.1",
            b"G(T /v1/etag HTTP/1.1",
            b"GET /v1/etag HTTP/1.1 ",
            b"GET /v1/etag http/1.1",
            b"GET /v1/etag HTTP/1.10",
            b"GET /v1/etag",
            b" GET /v1/etag HTTP/1.1",
            b"\0GET /v1/etag HTTP/1.1",
        ):
            with s.client() as c:
                c.send(line + b"\r\nHost: test\r\n\r\n" + HIDDEN)
                a = c.answer()
                assert a is None or a.status == 400, (line, a.status)
                assert c.ended()
        refused(s, b"GET / HTTP/2.0\r\nHost: test\r\n\r\n", 505)
        refused(s, b"GET / HTTP/0.9\r\nHost: test\r\n\r\n", 505)


@test
def the_host_is_named_exactly_once():
    with Server() as s:
        refused(s, b"GET /v1/etag HTTP/1.1\r\n\r\n", 400, "host-needed")
        refused(s, b"GET /v1/etag HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "host-needed")
        refused(s, b"GET /v1/etag HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, "host-needed")
        equal(s.ask(b"GET /v1/etag HTTP/1.0\r\n\r\n").status, 200)


@test
def malformed_addresses_are_refused():
    with Server() as s:
        for path in (
            "//v1/etag", "/v1//etag", "/v1/./etag", "/v1/../etag", "/v1/%2e%2E/etag", "/v1/etag/..", "/v1/things/a%00",
            "/v1/things/a%2fb", "/v1/things/a%5cb", "/v1/things/%ff", "/v1/things/%c0%af", "/v1/things/%ed%a0%80", "/v1/things/%",
            "/v1/things/%4", "/v1/things/%zz", "/v1/things/a%0ab", "/v1/things/a%7f", '/v1/things/"', "/v1/things/<", "/v1/things/a\\b",
            "/v1/etag#x", "v1/etag", "*", "http://other/v1/etag", "http://test", "http:/v1/etag", "ftp://test/v1/etag",
            "/a" * 17,
        ):
            with s.client() as c:
                c.send(get(path))
                equal((path, c.answer().status), (path, 400))
                c.send(get("/v1/etag"))  # the connection is kept
                equal(c.answer().status, 200)
        refused(s, b"GET /v1/things/\xc3\xa9 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", 400)
        equal(s.ask(get("/v1/things/%C3%A9%20x")).status, 200)
        equal(s.ask(get("http://test/v1/etag")).status, 200)
        equal(s.ask(get("HTTP://TEST/v1/etag")).status, 200)


@test
def parameters_that_the_route_does_not_know_are_refused():
    with Server() as s:
        for query in "other=1", "page=1&page=2", "page", "page=1&", "&page=1", "=1", "page=%zz", "Page=1", "page=%00", "page=1#x":
            a = s.ask(get("/v1/things/a?" + query))
            equal((query, a.status, json.loads(a.body)["type"]), (query, 400, "/problems/unknown-parameter"))
        for query in "", "?", "?page=1&limit=2", "?page=", "?page=a%20b+c":
            equal((query, s.ask(get("/v1/things/a" + query)).status), (query, 200))
        equal(s.ask(get("/v1/etag?page=1")).status, 400)


@test
def what_is_too_long_is_refused():
    with Server() as s:
        equal(s.ask(get("/v1/things/" + "a" * 2037)).status, 200)
        equal(s.ask(get("/v1/things/" + "a" * 2038)).status, 414)
        equal(s.ask(get("/v1/etag", "X-A: " + "b" * 9000)).status, 200)
        refused(s, get("/v1/etag", "X-A: " + "b" * 10240), 431, "header-too-large")
        refused(s, get("/v1/etag", *["X: y"] * 64), 431, "header-too-large")
        equal(s.ask(get("/v1/etag", *["X: y"] * 63)).status, 200)
        equal(s.ask(get("/v1/etag", "X-A: " + "b" * 100000)).status, 431)
        equal(s.ask(get("/" + "a" * 100000)).status, 414)


@test
def a_body_that_is_too_large_is_refused():
    with Server() as s:
        equal(s.ask(post("/v1/echo", b"x" * 4096)).status, 200)
        with s.client() as c:  # a small one is read, and the connection kept
            c.send(post("/v1/echo", b"x" * 4097))
            a = c.answer()
            equal((a.status, json.loads(a.body)["type"]), (413, "/problems/body-too-large"))
            c.send(get("/v1/etag"))
            equal(c.answer().status, 200)
        for n in 65537, 3000000:  # a large one is not, yet the answer arrives
            with s.client() as c:
                try:
                    c.send(post("/v1/echo", b"x" * n))
                except ConnectionError:
                    assert n > 65537
                a = c.answer()
                equal((a.status, a["connection"]), (413, "close"))
        with s.client() as c:
            c.send(get("/v1/etag", "Content-Length: 5") + b"hello")
            equal(c.answer().status, 413)


@test
def a_refused_sender_can_read_why_before_the_connection_breaks():
    with Server() as s, s.client() as c:
        c.send(post("/v1/echo", b"x" * 3000000)[:200000])
        equal(c.answer().status, 413)
        for _ in range(5):
            time.sleep(0.05)
            c.send(b"x" * 20000)
        equal(c.socket.recv(1), b"")  # an end, no reset


@test
def who_asks_before_sending_is_told():
    with Server() as s:
        with s.client() as c:
            c.send(ECHO + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            equal(c.answer().status, 100)
            c.send(b"hello")
            equal(c.answer().body, b"hello")
        refused(s, ECHO + b"Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n", 413, "body-too-large")
        refused(s, ECHO + b"Content-Length: 5\r\nExpect: wonders\r\n\r\n", 417, "unknown-expectation")


@test
def wrong_methods_and_types_are_refused():
    with Server() as s:
        for method, allow in ("POST", "GET, HEAD, DELETE, OPTIONS"), ("PUT", "GET, HEAD, DELETE, OPTIONS"):
            a = s.ask(get("/v1/things/a", method=method))
            equal((a.status, a["allow"]), (405, allow))
        for method in "TRACE", "CONNECT", "BREW", "get":
            equal((method, s.ask(get("/v1/things/a", method=method)).status), (method, 501))
        for path in "/v1/nothing", "/v1/", "/v1", "/v1/etag/", "/v1/things", "/v1/things/", "/V1/etag":
            equal((path, s.ask(get(path)).status), (path, 404))
        for type, status in (
            ("text/plain", 415), ("application/jsonx", 415), ("", 415), ("application/problem+json", 415),
            ("application/json; charset=utf-8", 200), ("Application/JSON", 200),
        ):
            equal((type, s.ask(post("/v1/echo", b"{}", type=type)).status), (type, status))
        equal(s.ask(post("/v1/echo", b"{}", "Content-Encoding: gzip")).status, 415)
        equal(s.ask(get("/v1/echo", "Content-Type: application/json", method="POST")).status, 411)
        for accept, status in (
            ("application/json", 200), ("application/*", 200), ("*/*", 200), ("text/html, */*;q=0.1", 200),
            ("text/html", 406), ("application/json;q=0", 406), ("*/*, application/json;q=0", 406),
        ):
            equal((accept, s.ask(get("/v1/things/a", "Accept: " + accept)).status), (accept, status))


@test
def a_slow_header_is_ended_although_bytes_keep_coming():
    with Server(request_ms=600) as s:
        for begin in b"GET ", b"GET /v1/etag HTTP/1.1\r\nHost: ":
            with s.client() as c:
                start = time.monotonic()
                c.send(begin)
                try:
                    while time.monotonic() < start + 5:
                        c.send(b"x")
                        time.sleep(0.05)
                except ConnectionError:
                    pass
                assert 0.5 < time.monotonic() - start < 3


@test
def a_slow_sender_is_told_why():
    with Server(request_ms=300, idle_ms=300) as s:
        for begin, type in (
            (b"", "text/html; charset=utf-8"),
            (b"GET /v1/etag HTTP/1.1\r\nHost: ", "application/problem+json"),
            (ECHO + b"Content-Length: 5\r\n\r\nhel", "application/problem+json"),
        ):
            with s.client() as c:
                c.send(begin)
                a = c.answer()
                equal((begin, a.status, a["content-type"], a["connection"]), (begin, 408, type, "close"))
                equal(a["api-version"] if b"/v1" in begin else a.has("api-version"), "1.2.3" if b"/v1" in begin else False)
                assert c.ended()
        equal(metric(s, 'plus1_http_refusals_total{code="too-slow"}'), 3)
        with s.client() as c:  # between two requests there is nobody to tell
            c.send(get("/v1/etag"))
            equal(c.answer().status, 200)
            equal(c.answer(), None)


@test
def a_slow_body_is_ended_although_bytes_keep_coming():
    with Server(request_ms=600) as s, s.client() as c:
        start = time.monotonic()
        c.send(ECHO + b"Content-Length: 4000\r\n\r\n")
        try:
            while time.monotonic() < start + 5:
                c.send(b"x")
                time.sleep(0.05)
        except ConnectionError:
            pass
        assert 0.5 < time.monotonic() - start < 3


@test
def half_a_request_is_never_taken_for_a_whole_one():
    with Server(request_ms=500) as s:
        for half in b"GET /v1/etag HTT", ECHO, ECHO + b"Content-Length: 5\r\n\r\nhel":
            with s.client() as c:
                c.send(half)
                c.socket.shutdown(socket.SHUT_WR)
                a = c.answer()  # libmicrohttpd sees the end that comes with the bytes before it only at the next event
                assert a is None or a.status == 408, (half, a.status)
                assert c.ended()


main()
