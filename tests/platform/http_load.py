#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The HTTP server at its capacity and beyond: what it cannot take is refused with 503, what it took is answered."""
import json
import threading
import time

from lib import Server, equal, get, main, metric, post, test, within


@test
def past_its_capacity_it_says_when_to_come_again():
    with Server(requests=4) as s:
        waiting = [s.client() for _ in range(4)]
        for c in waiting:
            c.send(post("/v1/later?ms=1500", b"x"))
        within(5, lambda: metric(s, "plus1_http_requests") >= 4)
        with s.client() as c:
            for _ in range(3):
                c.send(post("/v1/echo", b"{}"))
                a = c.answer()
                equal((a.status, a["Retry-After"], json.loads(a.body)["type"]), (503, "3", "/problems/busy"))
            c.send(get("/healthz"))  # it lives
            equal(c.answer().status, 200)
            c.send(get("/"))
            a = c.answer()
            equal((a.status, a["Content-Type"]), (503, "text/html; charset=utf-8"))
            for w in waiting:
                equal(w.answer().status, 202)
            c.send(post("/v1/echo", b"{}"))
            equal(c.answer().status, 200)


@test
def at_three_times_its_capacity_every_request_is_answered():
    requests, clients, rounds = 50, 150, 6
    counts, lock = {200: 0, 202: 0, 503: 0}, threading.Lock()

    def run(s, i):
        with s.client() as c:
            for k in range(rounds):
                body = b"%d.%d" % (i, k)
                c.send(post("/v1/later?ms=40", body) if (i + k) % 3 else post("/v1/echo", body))
                a = c.answer()
                if a.status != 503:
                    equal(a.body, body)
                with lock:
                    counts[a.status] += 1

    with Server(requests=requests) as s:
        threads = [threading.Thread(target=run, args=(s, i)) for i in range(clients)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        equal(sum(counts.values()), clients * rounds)
        assert counts[503] > 0 and counts[202] > 0, counts
        within(10, lambda: metric(s, "plus1_http_requests") <= 1)
        equal(s.ask(post("/v1/echo", b"{}")).status, 200)
    print(counts)


@test
def silent_connections_do_not_shut_others_out():
    with Server(requests=50, request_ms=2000) as s:
        silent = [s.client() for _ in range(150)]
        equal(s.ask(get("/v1/etag")).status, 200)
        for c in silent[:75]:
            c.send(b"POST /v1/echo HTTP/1.1\r\nHost: test\r\nContent-")
        equal(s.ask(get("/v1/etag")).status, 200)
        time.sleep(0.1)
        for c in silent:
            a = c.answer()
            equal(a.status, 408)
            c.socket.close()
        within(10, lambda: metric(s, "plus1_http_connections") <= 1)


main()
