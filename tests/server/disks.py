#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""A disk that is full, fails or can only be read, under a server that takes ballots: whoever is not stored is told so, /readyz and
the metrics say it, what was acknowledged stays, and with the disk the server is well again by itself.

ALL=1: a disk that is really full too, and a vote that ends meanwhile. The full disk needs leave to mount one in memory; where that is not given, this part is skipped (in CI it fails).
"""
import datetime
import json
import os
import resource
import subprocess
import sys
import time

from lib import BUILD, Election, Folder, Server, ensure, run, same, wait_until


def code_of(said):
    return said["type"].rsplit("/", 1)[1]


def ready(server):
    status, _, text = server.ask("/readyz", base=server.ops)
    return status, json.loads(text)["checks"]["storage"]


def failed_so_far(server):
    text = server.ask("/metrics", base=server.ops)[2].decode()
    return next((int(line.split()[-1]) for line in text.splitlines() if 'outcome="failed"' in line), 0)


def is_told(server, election, ballots, answer, sentence):
    """While the disk does not work."""
    before = failed_so_far(server)
    for ballot in ballots * 2:
        status, said = server.cast(election, ballot)
        same("the answer", answer, (status, code_of(said)))
    ensure(failed_so_far(server) >= before + len(ballots) * 2, "the metrics count it")
    status, check = ready(server)
    same("/readyz", (503, "failed"), (status, check["status"]))
    ensure(sentence in check["detail"], f"it says what is the matter: {check}")


def is_well(server, election, there, now):
    """With the disk; no ballot needs to come first."""
    wait_until(lambda: ready(server)[0] == 200, "the server to be well again", 5)
    for height, ballot in enumerate(there, 1):
        status, said = server.cast(election, ballot)
        same("acknowledged before", (200, height), (status, said["height"]))
    for ballot in now:
        same("the same ballot again", 201, server.cast(election, ballot)[0])
    run_verify(server, election)
    return [*there, *now]


def run_verify(server, election):
    (election.folder / "got.bel").write_bytes(server.ask(f"/v1/elections/{election.uuid}/archive")[2])
    run("plus1-verify", "got.bel", cwd=election.folder)


def fill(folder):
    """Until nothing more goes in."""
    with open(folder / "filler", "wb", buffering=0) as filler:
        for size in (1 << 16, 1 << 12):
            try:
                while filler.write(bytes(size)):
                    pass
            except OSError:
                pass


def a_full_disk(folder):
    data = folder / "data"
    data.mkdir(mode=0o700)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "none", data], capture_output=True, check=False).returncode:
        print("skipped: no leave to mount a disk in memory")
        if os.environ.get("CI") == "true":
            sys.exit("FAILED: in CI it must be given")
        return
    try:
        election = Election(folder, 12)
        server = Server(folder)
        election.load()
        ballots = [election.ballot(voter, "Bomen") for voter in election.voters]
        there = is_well(server, election, [], ballots[:2])
        for i in range(2):
            fill(data)
            is_told(server, election, ballots[2 + i:7], (507, "disk-full"), "The disk is full")
            run_verify(server, election)
            (data / "filler").unlink()
            there = is_well(server, election, there, ballots[2 + i:3 + i])
        fill(data)
        same("exit", 0, server.stop())
        run("plus1", "serve", "--data", "data", cwd=folder, code=2, words="make room for it")
        (data / "filler").unlink()
        server = Server(folder)
        is_well(server, election, there, ballots[8:])
        same("exit", 0, server.stop())
    finally:
        subprocess.run(["umount", data], check=True)


def with_shim(folder, now):
    shim = {"LD_PRELOAD": str(BUILD / "libfaults.so"), "P1_FAULT_ROOT": str(folder / "data"), "P1_FAULT_NOW": str(now)}
    return Server(folder, env=shim)


def a_failing_disk(folder):
    now = folder / "now"
    election = Election(folder, 12)
    server = with_shim(folder, now)
    election.load()
    ballots = [election.ballot(voter, "Bankjes") for voter in election.voters]
    there = is_well(server, election, [], ballots[:1])
    for i, plan in enumerate(("sync:EIO", "write:EIO", "write:EROFS"), 1):
        now.write_text(plan)
        is_told(server, election, ballots[i:i + 3], (500, "internal-error"), "Nothing can be stored")
        now.unlink()
        there = is_well(server, election, there, ballots[i:i + 1])
    same("exit", 0, server.stop())
    server = with_shim(folder, now)
    is_well(server, election, there, ballots[4:])
    same("exit", 0, server.stop())
    now.write_text("write:EROFS")
    run("/usr/bin/env", f"LD_PRELOAD={BUILD / 'libfaults.so'}", f"P1_FAULT_ROOT={folder / 'data'}", f"P1_FAULT_NOW={now}", BUILD / "plus1",
        "serve", "--data", "data", cwd=folder, code=2, words="mounted to be read only")


def a_vote_that_ends_on_a_failing_disk(folder):
    """It ends as soon as that can be stored; waiting for it takes neither the processor nor the log."""
    now = folder / "now"
    closes = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
    election = Election(folder, 3, closes=closes.strftime("%Y-%m-%dT%H:%M:%SZ"))
    server = with_shim(folder, now)
    election.load()
    ballots = [election.ballot(voter, "Bankjes") for voter in election.voters]
    same("in time", 201, server.cast(election, ballots[0])[0])
    now.write_text("sync:EIO")
    time.sleep(max(0, closes.timestamp() + 0.2 - time.time()))
    lines, used = server.log_text().count("\n"), cpu_seconds(server)
    time.sleep(2)
    ensure(cpu_seconds(server) - used < 0.4, f"it waits: {cpu_seconds(server) - used} s of the processor in 2 s")
    ensure(server.log_text().count("\n") - lines < 8, f"the log stays small: {server.log_text()[-1500:]}")
    ensure(server.cast(election, ballots[1])[0] in (409, 500), "nothing is taken")
    now.unlink()
    about = f"/v1/elections/{election.uuid}"
    wait_until(lambda: json.loads(server.ask(about)[2])["stage"] == "ended", "the end", 5)
    status, said = server.cast(election, ballots[1])
    same("too late", (409, "voting-ended"), (status, code_of(said)))
    run_verify(server, election)
    same("exit", 0, server.stop())


def cpu_seconds(server):
    fields = open(f"/proc/{server.process.pid}/stat", encoding="utf-8").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    parts = [a_failing_disk, a_full_disk, a_vote_that_ends_on_a_failing_disk]
    for part in parts if os.environ.get("ALL") == "1" else parts[:1]:
        with Folder() as folder:
            part(folder)
    print("ok: disks that are full, fail or can only be read: who was not stored was told so, and the server was well again by itself")


main()
