#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a vote ends, whatever somebody does to the clock: no step closes it early or opens it again, and at the announced second,
while many vote, each has an answer and no ballot stands after the end.

ALL=1: all that may happen to a clock, not one step alone.

Clocks are set with libfaketime, which changes the wall clock alone: CLOCK_BOOTTIME goes on, as on a machine whose clock is set.
"""
import concurrent.futures
import datetime
import glob
import json
import os
import shutil
import sys
import time

from lib import Election, Folder, Server, ensure, run, same, wait_until

LIBRARY = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
HOUR = 3600


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clocked:
    """A server on which LEFT seconds are left of a vote when it starts, and whose wall clock is then moved by set()."""

    def __init__(self, folder, left, closes=None, zone="UTC"):
        self.folder, self.file, self.zone = folder, folder / "clock", zone
        self.closes = closes or int(time.time()) + 10 * HOUR
        self.election = Election(folder, 10, closes=utc(self.closes))
        self.ballots = self.election.ballots(self.election.voters[:6])
        self.base = self.closes - left - int(time.time())
        self.begin(0)
        self.election.load()

    def begin(self, seconds, rate=""):
        self.set(seconds, rate)
        self.server = Server(self.folder, env={"LD_PRELOAD": LIBRARY[0], "FAKETIME_TIMESTAMP_FILE": str(self.file),
                                               "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": self.zone})

    def set(self, seconds, rate=""):
        self.file.write_text(f"{self.base + seconds:+d}s {rate}\n")

    def wait_for_the_second(self):
        time.sleep(max(0, self.closes - self.base - time.time()))

    def stage(self):
        return json.loads(self.server.ask(f"/v1/elections/{self.election.uuid}")[2])["stage"]

    def ends(self, seconds=4):
        wait_until(lambda: self.stage() == "ended", "the end", seconds)

    def stays(self, stage):
        time.sleep(0.6)
        same("the stage", stage, self.stage())

    def takes(self, number):
        same("a ballot", 201, self.server.cast(self.election, self.ballots[number])[0])

    def refuses(self, number):
        status, said = self.server.cast(self.election, self.ballots[number])
        same("a ballot", (409, "voting-ended"), (status, said["type"].rsplit("/", 1)[1]))

    def stop(self):
        same("exit", 0, self.server.stop())


def a_step_forward_over_the_end(folder):
    c = Clocked(folder, HOUR)
    c.takes(0)
    c.set(2 * HOUR)
    c.stays("open")
    c.takes(1)
    ensure("clock-moved" in c.server.log_text(), "the log says it")
    check = json.loads(c.server.ask("/readyz", base=c.server.ops)[2])["checks"]["clock"]
    ensure(check["status"] == "warning" and "moved by 7" in check["detail"], f"/readyz says it: {check}")
    run("plus1", "box", "close", "--data", "data", c.election.uuid, cwd=folder, words="closed")
    c.refuses(2)
    c.stop()


def a_step_back(folder):
    c = Clocked(folder, 8)
    c.takes(0)
    c.set(-2 * HOUR)  # the announced second comes later, by the wall clock
    c.wait_for_the_second()
    c.stays("open")
    c.takes(1)
    c.set(0)
    c.ends()
    c.refuses(2)
    c.set(-2 * HOUR)  # the end is an event: it stays
    c.stays("ended")
    c.refuses(3)
    c.stop()
    c.begin(-2 * HOUR)
    c.stays("ended")
    c.refuses(4)
    c.stop()


def a_small_step_and_one_while_the_server_is_down(folder):
    c = Clocked(folder, HOUR)
    c.takes(0)
    c.stop()
    c.begin(HOUR - 40)
    c.stays("open")
    c.takes(1)
    c.set(HOUR + 1)  # under a minute: the wall clock is right
    c.ends()
    c.refuses(2)
    c.stop()


def a_clock_that_runs_too_fast(folder):
    c = Clocked(folder, 5 * 60)
    c.stop()
    c.begin(0, "x100")
    time.sleep(4)
    c.stays("open")
    c.takes(0)
    ensure("clock-moved" in c.server.log_text(), "the log says it")
    c.stop()


def the_night_in_which_an_hour_comes_twice(folder):
    change = int(datetime.datetime(2026, 10, 25, 1, 0, tzinfo=datetime.timezone.utc).timestamp())  # 03:00 becomes 02:00
    c = Clocked(folder, 8, change + 2, "Europe/Amsterdam")
    c.takes(0)
    c.stays("open")
    said = run("plus1", "box", "status", "--data", "data", c.election.uuid, cwd=folder)
    ensure("closes   2026-10-25 02:00:02 CET" in said, f"the second of both hours: {said}")
    c.wait_for_the_second()
    c.ends()
    c.refuses(1)
    c.stop()


def the_announced_second_while_many_vote(folder):
    """By the real clock."""
    for patience in (10, 30, 90):  # a busy machine takes long to make the ballots
        closes = int(time.time()) + patience
        election = Election(folder, 30, closes=utc(closes))
        ballots = election.ballots([voter for voter in election.voters for _ in range(2)])
        begin = closes - 0.4
        if time.time() < begin - 1:
            break
        shutil.rmtree(folder / "codes")
        shutil.rmtree(folder / "box")
        for file in folder.glob("*.*"):
            file.unlink()
    server = Server(folder)
    election.load()
    time.sleep(max(0, begin - time.time()))

    def cast(number):
        time.sleep(max(0, begin + number / 75 - time.time()))  # over 0.8 s, half of them too late
        sent = time.time()
        status, said = server.cast(election, ballots[number])
        return sent, status, said, time.time(), ballots[number]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(cast, range(len(ballots))))
    wait_until(lambda: json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])["stage"] == "ended", "the end", 3)
    archive = server.ask(f"/v1/elections/{election.uuid}/archive")[2]
    taken = [answer for answer in answers if answer[1] == 201]
    late = [answer for answer in answers if answer[1] == 409]
    same("each has an answer", len(ballots), len(taken) + len(late))
    ensure(taken and late, f"some came in time and some did not: {len(taken)} and {len(late)}")
    ensure(max(answer[0] for answer in taken) < closes + 1, "the end came at its second")
    ensure(min(answer[3] for answer in late) >= closes, "nobody was too late before it")
    end = archive.rindex(b'"type":"EndBallots"')
    for _, _, said, _, ballot in taken:
        same("it is there once", 1, archive.count(ballot))
        ensure(archive.index(ballot) < end, "before the end")
    for _, _, said, _, ballot in late:
        same("why", "voting-ended", said["type"].rsplit("/", 1)[1])
        ensure(ballot not in archive, "who was too late is not in the box")
    (folder / "got.bel").write_bytes(archive)
    run("plus1-verify", "got.bel", cwd=folder, words=f"{len(taken)} ballots in the box")
    same("exit", 0, server.stop())
    return len(taken), len(late)


def held(part):
    with Folder() as folder:
        return part(folder)


def main():
    parts = [the_announced_second_while_many_vote]
    if not LIBRARY:
        sys.exit("FAILED: libfaketime is not there: make packages")
    parts += [a_step_forward_over_the_end]
    if os.environ.get("ALL") == "1":
        parts += [a_step_back, a_small_step_and_one_while_the_server_is_down, a_clock_that_runs_too_fast,
                  the_night_in_which_an_hour_comes_twice]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        (taken, late), *_ = pool.map(held, parts)
    print(f"ok: no step of the clock closes a vote early or opens it again; at the announced second {taken} were in time, {late} too late")


main()
