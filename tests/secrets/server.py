#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a server keeps of those who vote: no code, seed or choice is in its files, log, figures, answers, copies or memory; and but for
the memory, nothing tells the time of a ballot finer than the hour.

First a marker is planted in each place, and must be found there.
"""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import sys
import time

from found import forms

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "server"))
from lib import Election, Folder, Server, ensure, run, same  # noqa: E402 the server's own helpers

MARKER = "ZXWVU-TSRQPN-MLKJH-GFEDC9"  # of the form of a code
WINDOW, STEP = 16, 8
UNITS = {"minutes": 1 / 60, "seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}


def secrets_in(place, secrets):
    """Names of the secrets of which 16 bytes are there; where they are copied in parts, each part of 23 is seen."""
    return [name for name, data in secrets
            if any(place.find(data[at:at + WINDOW]) >= 0 for at in range(0, max(1, len(data) - WINDOW + 1), STEP))]


def memory_of(server):
    """All that the process can read, while it stands still."""
    server.process.send_signal(signal.SIGSTOP)
    try:
        parts = []
        with open(f"/proc/{server.process.pid}/maps", encoding="utf-8") as maps, open(f"/proc/{server.process.pid}/mem", "rb") as memory:
            for line in maps:
                begin, end = (int(x, 16) for x in line.split()[0].split("-"))
                if line.split()[1][0] == "r" and "[v" not in line:
                    with contextlib.suppress(OSError, ValueError, OverflowError):
                        memory.seek(begin)
                        parts.append(memory.read(end - begin))
        return b"\n".join(parts)
    finally:
        server.process.send_signal(signal.SIGCONT)


def backup_of(folder, data):
    """All files of a backup."""
    run("plus1", "backup", "--data", data, "--out", "backup", cwd=folder)
    content = b"\n".join(path.read_bytes() for path in sorted((folder / "backup").iterdir()))
    shutil.rmtree(folder / "backup")
    return content


def places(server, election, folder):
    """Name and content of all that it keeps or says, but its memory."""
    yield from ((f"file {path.name}", path.read_bytes()) for path in sorted((folder / "data").iterdir()) if path.is_file())
    yield "a backup", backup_of(folder, "data")
    yield "the log", server.log_text().encode()
    for page in ("metrics", "readyz"):
        yield page, server.ask(f"/{page}", base=server.ops)[2]
    yield "box status", run("plus1", "box", "status", "--data", "data", election.uuid, cwd=folder).encode()
    for page in ("", "/events?limit=1000", "/archive", "/notices", "/credentials"):
        _, headers, body = server.ask(f"/v1/elections/{election.uuid}{page}")
        yield f"the answer to GET {page}", str(headers).encode() + body


def markers_are_found(server, folder):
    """In the database, its journal, the log, an answer, and the memory."""
    secrets = list(forms("", "code:" + MARKER))
    copy = folder / "planted"
    shutil.copytree(folder / "data", copy, ignore=shutil.ignore_patterns("*.sock"))
    with contextlib.closing(sqlite3.connect(copy / "plus1.db")) as db:
        db.execute("INSERT INTO notice VALUES(1, 99, ?)", [MARKER.encode()])
        db.commit()
        ensure(secrets_in((copy / "plus1.db-wal").read_bytes(), secrets), "a marker in the journal is found")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ensure(secrets_in((copy / "plus1.db").read_bytes(), secrets), "a marker in the database is found")
    ensure(secrets_in(backup_of(folder, "planted"), secrets), "a marker in a backup is found")
    shutil.rmtree(copy)
    ensure(secrets_in(server.log_text().encode() + MARKER.encode(), secrets), "a marker in the log is found")
    ensure(secrets_in(server.ask("/metrics", base=server.ops)[2] + MARKER.replace("-", "").encode(), secrets),
           "a marker in an answer is found")
    ensure(not secrets_in(memory_of(server), secrets), "the marker is not in the memory before it is there")
    host, port = server.url.split("//")[1].split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET /{MARKER} HTTP/1.1\r\nHost: x\r\n".encode())  # it waits for more
        time.sleep(0.3)
        ensure(secrets_in(memory_of(server), secrets), "a marker in the memory is found")


def times_in(folder, began):
    """(Where, value) of all numbers in the database that are a time since the test began."""
    with contextlib.closing(sqlite3.connect(folder / "plus1.db")) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            for row in db.execute(f"SELECT * FROM {table}"):
                for column, value in zip(columns, row):
                    numbers = [value] if isinstance(value, int) else digits(value)
                    yield from ((f"{table}.{column}", n) for n in numbers if is_a_time(n, began))


def digits(value):
    value = value.encode() if isinstance(value, str) else value or b""
    return [int(n) for n in re.findall(rb"(?<!\d)\d{8,19}(?!\d)", value)] if isinstance(value, bytes) else []


def is_a_time(number, began):
    return any(int(began * unit) <= number <= (time.time() + 1) * unit for unit in UNITS.values())


def no_time_beside_a_ballot(server, election, folder, began, trackers):
    copy = folder / "times"
    shutil.copytree(folder / "data", copy, ignore=shutil.ignore_patterns("*.sock"))
    with contextlib.closing(sqlite3.connect(copy / "plus1.db")) as db:
        db.execute("INSERT INTO notice VALUES(1, 99, ?)", [f"{int(time.time() * 1000)}".encode()])
        db.execute("UPDATE event SET hour = ? WHERE type = 1", [int(time.time())])
        db.commit()
    same("planted times are found", {"notice.line", "event.hour"}, {where for where, _ in times_in(copy, began)})
    shutil.rmtree(copy)
    same("times in the database", [], list(times_in(folder / "data", began)))
    for tracker in trackers:
        for page in (f"/ballots/{tracker}", f"/ballots/{tracker}/content"):
            status, headers, body = server.ask(f"/v1/elections/{election.uuid}{page}")
            same("a ballot", 200, status)
            ensure(headers["Last-Modified"] is None, "no time of the ballot")
            told = digits(body) + digits("".join(f"{k}:{v} " for k, v in headers.items()))
            same("times beside a ballot", [], [n for n in told if is_a_time(n, began)])
    same("one file for all ballots", ["control.sock", "lock", "plus1.db", "plus1.db-shm", "plus1.db-wal", "plus1.json", "receipt.seed"],
         sorted(path.name for path in (folder / "data").iterdir()))


def cast_all(server, election, folder):
    """The secrets of those who voted, and what is public of their ballots."""
    secrets, trackers = [], []
    for number, voter in enumerate(election.voters):
        code = election.code[voter]
        secrets += forms(election.uuid, f"code:{code}")
        if number % 2:  # as a resident does, with the code in the link
            run("plus1", "vote", "--url", f"{server.url}/s/{election.uuid}#{code}", "--choose", "Bomen", cwd=folder)
            continue
        run("plus1", "vote", "--box", election.box, "--code", code, "--choose", "Bankjes", "--out", "b.json", "--seed-out", "b.seed",
            cwd=folder)
        seed = (folder / "b.seed").read_bytes()
        for name, data in (("seed", seed.strip()), ("seed as bytes", bytes.fromhex(seed.decode().strip()) if re.fullmatch(
                rb"[0-9a-f]+\s*", seed) else seed)):
            secrets.append((name, data))
        status, said = server.cast(election, (folder / "b.json").read_bytes())
        same("taken", 201, status)
        trackers.append(said["tracker"].replace("+", "-").replace("/", "_"))
        for file in ("b.json", "b.seed"):
            (folder / file).unlink()
    return secrets, trackers


def main():
    with Folder() as folder:
        election = Election(folder, 10)
        time.sleep(1.1)  # the archive's own time is that of the election, before this
        began = int(time.time())
        server = Server(folder)
        election.load()
        lines = server.log_text().count("\n")
        secrets, trackers = cast_all(server, election, folder)
        same("lines in the log for ballots", lines, server.log_text().count("\n"))
        markers_are_found(server, folder)
        no_time_beside_a_ballot(server, election, folder, began, trackers)
        everywhere = [*places(server, election, folder), ("the memory", memory_of(server))]
        for name, content in everywhere:
            same(f"secrets in {name}", [], secrets_in(content, secrets))
        same("exit", 0, server.stop())
    print(f"ok: {len(secrets)} forms of {len(election.voters)} codes and their seeds are in none of {len(everywhere)} places, and no time "
          "finer than the hour is beside a ballot")


if os.geteuid() or not os.path.exists("/proc/self/mem"):
    print("skipped: only root reads another process")
    sys.exit(77)
main()
