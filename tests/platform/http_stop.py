#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The HTTP server stops: what is on its way is answered, what cannot be is told so, and nothing is begun any more."""
import threading
import time

from lib import Server, equal, get, main, post, test


def ended_in(server, least, most):
    start = time.monotonic()
    equal(server.process.wait(30), 0)
    took = time.monotonic() - start
    assert least <= took <= most, f"it took {took:.2f} s"


@test
def what_waits_for_its_answer_gets_it():
    with Server() as s, s.client() as waits, s.client() as idle, s.client() as silent:
        idle.send(get("/v1/etag"))
        equal(idle.answer().status, 200)
        waits.send(post("/v1/later?ms=600", b"x"))
        time.sleep(0.2)
        s.terminate()
        start = time.monotonic()
        a = waits.answer()
        equal((a.status, a.body, a["Connection"]), (202, b"x", "close"))
        assert waits.ended() and idle.ended() and silent.ended()
        ended_in(s, 0, 3)
        assert time.monotonic() < start + 3  # nobody is waited for who asks nothing


@test
def what_takes_longer_than_the_grace_is_told():
    with Server(grace_ms=400) as s, s.client() as waits, s.client() as reads, s.client() as sends:
        waits.send(post("/v1/later?ms=60000", b"x"))
        reads.send(get("/v1/files/big"))
        sends.send(b"POST /v1/echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n")
        time.sleep(0.2)
        s.terminate()
        a = waits.answer()
        equal((a.status, a["Retry-After"], a["Connection"]), (503, "3", "close"))
        ended_in(s, 0, 5)


@test
def a_body_that_is_on_its_way_is_awaited():
    with Server() as s, s.client() as c:
        c.send(post("/v1/echo", b"hello")[:-3])
        time.sleep(0.1)
        s.terminate()
        time.sleep(0.3)
        c.send(b"llo")
        a = c.answer()
        equal((a.body, a["Connection"]), (b"hello", "close"))
        ended_in(s, 0, 3)


@test
def nobody_new_is_let_in():
    with Server() as s, s.client() as waits:
        waits.send(post("/v1/later?ms=800", b"x"))
        time.sleep(0.1)
        s.terminate()
        time.sleep(0.2)
        try:
            s.client().socket.close()
            raise AssertionError("a connection was accepted")
        except ConnectionRefusedError:
            pass
        equal(waits.answer().status, 202)


@test
def under_load_no_request_gets_half_an_answer():
    # The grace of the last ones is over while many wait for their answer, which comes at the same time.
    for grace, pause, wait in (5000, 0.3, 5), (5000, 0.5, 5), (0, 0.3, 5), (20, 0.4, 20), (60, 0.5, 60):
        whole, none, refused = [], [], []

        def run(s, i):
            try:
                with s.client() as c:
                    for k in range(10000):
                        body = b"%d.%d" % (i, k)
                        c.send(post(f"/v1/later?ms={wait}", body) if k % 2 else post("/v1/echo", body))
                        a = c.answer()  # raises on half of one
                        if a is None:
                            none.append(i)
                            return
                        if a.status == 503:
                            refused.append(i)
                        else:
                            equal(a.body, body)
                            whole.append(i)
                        if a.has("Connection"):
                            return
            except ConnectionError:
                none.append(i)

        with Server(requests=20, grace_ms=grace) as s:
            threads = [threading.Thread(target=run, args=(s, i)) for i in range(40)]
            for t in threads:
                t.start()
            time.sleep(pause)
            s.terminate()
            for t in threads:
                t.join()
            ended_in(s, 0, 10)
            assert whole
        print(f"{len(whole)} answered, {len(refused)} refused, {len(none)} connections ended without an answer begun")


main()
