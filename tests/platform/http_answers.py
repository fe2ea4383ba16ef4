#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the HTTP server answers, and how it keeps its connections."""
import json
import re
import socket
import time

from lib import Server, equal, get, main, metric, post, test, within

SMALL = bytes(i % 251 for i in range(100000))


@test
def every_answer_carries_the_fields_that_protect():
    with Server() as s:
        for request in get("/"), get("/v1/etag"), get("/nothing"), get("/v1/nothing"), get("/v1/files/small"), get("/%"):
            a = s.ask(request)
            for name, value in (
                ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
                ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ):
                equal(a[name], value)
            assert "camera=()" in a["Permissions-Policy"]
            assert a["Content-Security-Policy"].startswith("default-src")
            assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", a["Date"])
            assert not a.has("Set-Cookie") and not a.has("Server")
            a["Cache-Control"], a["Content-Length"]
        equal(s.ask(get("/nothing"))["Cache-Control"], "no-store")
        equal(s.ask(get("/nothing"))["Content-Security-Policy"][:18], "default-src 'none'")
        # A handler's own take their place.
        equal(s.ask(get("/"))["Content-Security-Policy"], "default-src 'self'")
        equal(s.ask(get("/v1/etag"))["Cache-Control"], "public, max-age=60")


@test
def the_api_says_its_version():
    with Server() as s:
        for path in "/v1/etag", "/v1/nothing", "/v1":
            equal(s.ask(get(path))["API-Version"], "1.2.3")
        for path in "/", "/nothing", "/v10":
            assert not s.ask(get(path)).has("API-Version")


@test
def problems_are_json_for_programs_and_pages_for_people():
    with Server() as s:
        a = s.ask(get("/v1/refused"))
        equal((a.status, a["Content-Type"]), (422, "application/problem+json"))
        equal(json.loads(a.body), {
            "type": "/problems/not-today", "status": 422, "title": 'Not "today" <b>', "detail": "Back\\slash & more.",
            "instance": "/v1/refused",
        })
        a = s.ask(get("/refused"))
        equal((a.status, a["Content-Type"]), (422, "text/html; charset=utf-8"))
        assert b"<h1>Not &#34;today&#34; &lt;b&gt;</h1>" in a.body and b"slash &amp; more" in a.body
        # What is said again of the request cannot break out of its place.
        equal(json.loads(s.ask(get('/v1/"x\\y')).body)["instance"], '/v1/"x\\y')
        a = s.ask(b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: test\r\n\r\n")
        equal((a.status, "instance" in json.loads(a.body)), (400, False))


@test
def a_handler_that_does_not_answer_has_answered_500():
    with Server() as s:
        a = s.ask(get("/v1/never"))
        equal((a.status, json.loads(a.body)["type"]), (500, "/problems/internal-error"))


@test
def paths_find_their_handler():
    with Server("127.0.0.0/8") as s:
        a = s.ask(get("/v1/things/caf%C3%A9%22?page=7", "Accept: text/html, application/json"))
        equal(json.loads(a.body), {"name": 'café"', "page": "7", "client": "127.0.0.1", "person": True, "table": "things"})
        a = s.ask(get("/v1/things/a", "Accept: */*"))
        equal(json.loads(a.body)["person"], False)
        equal(s.ask(get("/v1/files/small")).body, SMALL)


@test
def forwarded_addresses_are_believed_of_listed_proxies_only():
    fields = "X-Forwarded-For: 6.6.6.6, 203.0.113.9", "X-Forwarded-For: 10.1.2.3"
    with Server("127.0.0.1", "10.0.0.0/8") as s:
        equal(json.loads(s.ask(get("/v1/things/a", *fields)).body)["client"], "203.0.113.9")
    with Server("10.0.0.0/8") as s:
        equal(json.loads(s.ask(get("/v1/things/a", *fields)).body)["client"], "127.0.0.1")


@test
def head_has_the_header_of_get_and_no_body():
    with Server() as s, s.client() as c:
        for path in "/v1/etag", "/v1/files/small", "/v1/nothing", "/":
            c.send(get(path))
            wanted = c.answer()
            c.send(get(path, method="HEAD"))
            got = c.answer("HEAD")
            differ = {"date"}
            equal([f for f in got.fields if f[0] not in differ], [f for f in wanted.fields if f[0] not in differ])
            equal((got.status, c.buffer), (wanted.status, b""))


@test
def options_says_what_a_path_allows():
    with Server() as s:
        a = s.ask(get("/v1/things/a", method="OPTIONS"))
        equal((a.status, a["Allow"]), (204, "GET, HEAD, DELETE, OPTIONS"))
        equal(s.ask(get("/v1/echo", method="OPTIONS"))["Allow"], "POST, OPTIONS")
        equal(s.ask(get("/v1/nothing", method="OPTIONS")).status, 404)


@test
def who_has_the_newest_version_is_not_sent_it():
    with Server() as s, s.client() as c:
        for path, size in ("/v1/etag", 2), ("/v1/files/small", 100000):
            for tags, status in (
                ('"v1"', 304), ('W/"v1"', 304), ('"v0", "v1"', 304), ("*", 304), ('"v0"', 200), ("v1", 200),
            ):
                c.send(get(path, "If-None-Match: " + tags))
                a = c.answer()
                equal((tags, a.status, a["ETag"]), (tags, status, '"v1"'))
                equal(int(a["Content-Length"]), size)
        c.send(get("/v1/etag", 'If-None-Match: "v1"', method="HEAD"))
        equal(c.answer("HEAD").status, 304)


@test
def a_range_of_a_file_is_sent():
    with Server() as s, s.client() as c:
        for range, first, last in (
            ("0-0", 0, 0), ("0-99", 0, 99), ("99990-", 99990, 99999), ("-10", 99990, 99999), ("500-200000", 500, 99999),
            ("-200000", 0, 99999), ("16000-33000", 16000, 33000),
        ):
            c.send(get("/v1/files/small", "Range: bytes=" + range))
            a = c.answer()
            equal((a.status, a["Content-Range"], a["Content-Length"]), (206, f"bytes {first}-{last}/100000", str(last - first + 1)))
            equal(a.body, SMALL[first : last + 1])
        for range in "100000-", "100000-100001", "-0":
            c.send(get("/v1/files/small", "Range: bytes=" + range))
            a = c.answer()
            equal((range, a.status, a["Content-Range"]), (range, 416, "bytes */100000"))
        for range in "bytes=5-4", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes", "bytes=-", "bytes=0-1 2":
            c.send(get("/v1/files/small", "Range: " + range))
            a = c.answer()
            equal((range, a.status, a.body == SMALL), (range, 200, True))
        for known, status in ('"v1"', 206), ('"v0"', 200), ('W/"v1"', 200):
            c.send(get("/v1/files/small", "Range: bytes=0-1", "If-Range: " + known))
            equal((known, c.answer().status), (known, status))
        c.send(get("/v1/files/small", "Range: bytes=0-1", method="HEAD"))
        equal(c.answer("HEAD").status, 200)
        equal(s.ask(get("/v1/files/small")) ["Cache-Control"], "no-cache")


@test
def an_answer_that_breaks_off_cannot_be_taken_for_a_whole_one():
    with Server() as s, s.client() as c:
        c.send(get("/v1/broken"))
        while c.fill():
            pass
        assert b"Content-Length: 100000\r\n" in c.buffer and len(c.buffer) < 50000


@test
def a_connection_serves_many_requests_also_sent_at_once():
    with Server() as s, s.client() as c:
        c.send(b"".join(post("/v1/echo", b"[%d]" % i) for i in range(100)))
        for i in range(100):
            equal(c.answer().body, b"[%d]" % i)
        c.send(post("/v1/later", b"1") + post("/v1/echo", b"2") + get("/v1/nothing") + post("/v1/later?ms=20", b"3"))
        equal([c.answer().body for _ in range(2)], [b"1", b"2"])
        equal([c.answer().status for _ in range(2)], [404, 202])
        c.send(get("/v1/etag", "Connection: close"))
        equal(c.answer()["Connection"], "close")
        assert c.ended()


@test
def a_request_may_come_in_any_pieces():
    request = post("/v1/echo", b"hello")
    with Server() as s, s.client() as c:
        for i in range(1, len(request), 7):
            for piece in request[:i], request[i : i + 1], request[i + 1 :]:
                c.send(piece)
                time.sleep(0.001)
            equal(c.answer().body, b"hello")
        for i in range(len(request)):
            c.send(request[i : i + 1])
        equal(c.answer().body, b"hello")


@test
def a_client_that_only_closed_its_side_is_answered_or_taken_for_gone():
    with Server(idle_ms=500) as s:
        for path, status in ("/v1/echo", 200), ("/v1/later?ms=100", 202):
            with s.client() as c:
                c.send(post(path, b"{}"))
                c.socket.shutdown(socket.SHUT_WR)
                a = c.answer()  # None where libmicrohttpd saw the end before it had the answer
                assert a is None or (a.status, a.body) == (status, b"{}"), (path, a.status)
                assert c.ended()
        within(5, lambda: metric(s, "plus1_http_requests") <= 1)


@test
def a_client_that_goes_away_while_its_answer_is_pending_does_no_harm():
    with Server(requests=100) as s:
        for _ in range(5):
            clients = [s.client() for _ in range(20)]
            for i, c in enumerate(clients):
                c.send(post(f"/v1/later?ms={i * 5}", b"x" * 4000))
                if i % 2:  # a reset
                    c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                c.socket.close()
        within(10, lambda: metric(s, "plus1_http_requests") <= 1)
        within(10, lambda: metric(s, "plus1_http_connections") <= 1)
        equal(s.ask(post("/v1/later", b"x")).status, 202)


@test
def a_slow_reader_holds_up_nobody():
    with Server(threads=1) as s:
        with s.client() as slow:
            slow.send(get("/v1/files/big"))
            time.sleep(0.2)
            start = time.monotonic()
            for _ in range(20):
                equal(s.ask(get("/v1/etag")).status, 200)
            assert time.monotonic() - start < 5
        within(10, lambda: metric(s, "plus1_http_connections") <= 1)


@test
def who_stops_reading_is_ended_and_who_reads_is_not():
    with Server(send_ms=400, requests=2) as s:
        slow = [s.client() for _ in range(4)]
        for c in slow:
            c.send(get("/v1/files/big"))
        time.sleep(0.2)
        equal(s.ask(post("/v1/echo", b"{}")).status, 200)  # nobody's place is held by them
        with s.client() as reads:
            reads.send(get("/v1/files/big"))
            end = time.monotonic() + 1.5
            while time.monotonic() < end:
                assert reads.fill()
                reads.buffer = b""
                time.sleep(0.01)
            within(5, lambda: metric(s, "plus1_http_connections") <= 2)
        for c in slow:
            c.socket.close()
    with Server(send_ms=20) as s, s.client(window=4096) as c:
        c.send(post("/v1/large", b"x" * 4000000))
        within(5, lambda: metric(s, "plus1_http_connections") <= 1)


@test
def health_is_public_and_the_rest_is_not():
    with Server() as s:
        equal(s.ask(get("/healthz")).body, b"ok\n")
        equal(s.ask(get("/readyz")).status, 404)
        equal(s.ask(get("/metrics")).status, 404)
        a = s.ask(get("/readyz"), ops=True)
        equal((a.status, json.loads(a.body)["status"]), (200, "ready"))
        assert json.loads(a.body)["checks"]["clock"]["status"] in ("ok", "warning")
        before = metric(s, 'plus1_http_requests_total{status="4xx"}')
        s.ask(get("/nothing"))
        # It is counted once the whole answer is sent.
        within(5, lambda: metric(s, 'plus1_http_requests_total{status="4xx"}') >= before + 1)
        equal(s.ask(get("/metrics"), ops=True)["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")


main()
