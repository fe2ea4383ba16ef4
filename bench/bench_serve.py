#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""`plus1 serve` under load, against a bare libmicrohttpd and a bare SQLite in the same run. Usage: bench_serve.py [ROWS [CASTS]]

ROWS (1,000,000) ballots are in the box before; each measurement casts CASTS (10,000). Nobody
votes twice. The box stays in BUILD/serve/ROWS with the server's data: with a million, the first run takes half an hour to make it.

Processor time is what counts, since this holds on a busy machine too. The bars:
  a vote: the server's time beyond all checks of the ballot (its SHA-256 is among them, and not taken off twice) and the receipt's
    signature, at most 1.3 of a bare echo of the same bytes over as many connections and a bare insert of the same row (all columns, the
    server's two indexes; WAL, FULL, a hundred a transaction, single-threaded). The insert without indexes is shown too
  p99 of a vote at half the capacity: at most 10 times the median of the idle server
  at three times the capacity: at least 0.8 of it is taken, all others get 503; what must answer does
  the server's own memory: at most 200 MiB
  finding a tracker: at most 3 times as slow as among a thousand, in the database and over HTTP"""
import http.client
import json
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/server"))
from lib import BUILD, Server, ensure  # noqa: E402
from generator import MOST_MIB, UUID, Vote, memory_mib, overload, port_of, same_places  # noqa: E402

ROWS, CASTS = (int(given) for given in (sys.argv[1:] + ["1000000", "10000"][len(sys.argv) - 1:]))
CONNECTIONS, ROUNDS, FEW, FINDS = 100, 3, 1000, 2000  # libmicrohttpd 0.9.75 that gets 128 events at once first waits for one more
missed = []


def say(what, value, bar, least=False):
    good = value >= bar if least else value <= bar
    print(f"{what}: {value:.2f} (at {'least' if least else 'most'} {bar}){'' if good else '  MISSED'}", flush=True)
    if not good:
        missed.append(what)


def numbers(*command, cwd):
    done = subprocess.run(list(map(str, command)), cwd=cwd, stdout=subprocess.PIPE, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


def cpu_us(pid):
    """Processor time of all threads; the kernel counts it in nanoseconds."""
    used = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        used += int((task / "schedstat").read_text().split()[0])
    return used / 1000


def prepare(rows, voters):
    """A folder with a box of so many ballots, and a server that holds it."""
    folder = BUILD / "serve" / str(rows)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = not (folder / "data/plus1.db").exists()
    vote = Vote(folder, voters, rows, 1)
    server = Server(folder)
    if fresh:
        vote.load("data")
        print(f"while {rows} ballots were loaded: {memory_mib(server.process.pid):.0f} MiB", flush=True)
        server.stop()
        server = Server(folder)
    return folder, vote, server


def about(server):
    return json.loads(server.ask(f"/v1/elections/{UUID}")[2])


class Echo:
    """A bare libmicrohttpd that gives back what it is sent."""

    def __init__(self):
        self.process = subprocess.Popen([BUILD / "bench_peers", "echo", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def a_vote(folder, vote, server, ledger):
    """Rounds of all that is compared, so that a busy moment does not fall on one alone; the least of each counts."""
    best, capacity = {}, 0
    for _ in range(ROUNDS):
        first = vote.next
        before = cpu_us(server.process.pid)
        got = vote.cast(port_of(server), CASTS, f"--connections={CONNECTIONS}", f"--acknowledged={ledger}")
        ensure(got["taken"] == CASTS, f"all are taken: {got['status']}")
        now = {"server": (cpu_us(server.process.pid) - before) / CASTS}
        capacity = max(capacity, got["per_second"])
        lines = (folder / "ballots").read_text().splitlines(keepends=True)[first:first + CASTS]
        (folder / "round").write_text("".join(lines))
        now["checks"], now["sha256"], now["receipt"] = numbers(BUILD / "bench_peers", "parts", "box.bel", "round", cwd=folder)
        vote.next, vote.left = first, vote.left + CASTS
        echo = Echo()
        before = cpu_us(echo.process.pid)
        vote.cast(echo.port, CASTS, f"--connections={CONNECTIONS}", "--echo")
        now["echo"] = (cpu_us(echo.process.pid) - before) / CASTS
        echo.stop()
        for name, indexes in (("insert", 0), ("indexed insert", 1)):
            for old in folder.glob("bare.db*"):
                old.unlink()
            now[name] = numbers(BUILD / "bench_peers", "insert", "bare.db", ROWS, "round", indexes, cwd=folder)[0]
        print("  " + ", ".join(f"{name} {us:.1f} us" for name, us in now.items()), flush=True)
        best = {name: min(us, best.get(name, us)) for name, us in now.items()}
    beyond = best["server"] - best["checks"] - best["receipt"]
    print(f"votes, {ROWS} in the box: {capacity:.0f} a second, verified and on the disk; {beyond:.1f} us beyond checks, hash and receipt; "
          f"a bare echo {best['echo']:.1f} us, a bare insert {best['insert']:.1f} us, with both indexes {best['indexed insert']:.1f} us")
    say("  beyond, against echo and insert with the server's indexes", beyond / (best["echo"] + best["indexed insert"]), 1.3)
    print(f"  against echo and insert without any index: {beyond / (best['echo'] + best['insert']):.2f}")
    return capacity


def trackers(server, folder):
    """Processor time of finding one: in the database, and of a request."""
    height, paths = about(server)["events"], []
    chance = random.Random(1)
    while len(paths) < FINDS:
        after = chance.randrange(height)
        page = json.loads(server.ask(f"/v1/elections/{UUID}/events?limit=20&after={after}")[2])
        paths += [event["tracker"].replace("+", "-").replace("/", "_") for event in page["events"] if event.get("tracker")]
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server))
    before = cpu_us(server.process.pid)
    for tracker in paths[:FINDS]:
        connection.request("GET", f"/v1/elections/{UUID}/ballots/{tracker}")
        answer = connection.getresponse()
        answer.read()
        ensure(answer.status == 200, "a tracker is found")
    used = (cpu_us(server.process.pid) - before) / FINDS
    return used, numbers(BUILD / "bench_peers", "find", "data/plus1.db", 1, FINDS, cwd=folder)[0]


def find(folder, server):
    many = trackers(server, folder)
    small, _, few_server = prepare(FEW, FEW)
    few = trackers(few_server, small)
    few_server.stop()
    for i, where in enumerate(("over HTTP", "in the database")):
        print(f"a tracker {where}: {many[i]:.1f} us among {ROWS}, {few[i]:.1f} us among {FEW}")
        say(f"  {ROWS} against {FEW}", many[i] / few[i], 3)


def under_load(vote, server, capacity, ledger):
    port, noted = port_of(server), f"--acknowledged={ledger}"
    idle = vote.cast(port, 300, "--rate=50", noted)
    half = vote.cast(port, min(CASTS, int(5 * capacity)), f"--rate={capacity / 2:.0f}", f"--connections={CONNECTIONS}", noted)
    print(f"latency of a vote: idle, median {idle['p50_ms']:.2f} ms; at half the capacity, median {half['p50_ms']:.2f}, p99 {half['p99_ms']:.2f} ms")
    say("  p99 at half the capacity, against the idle server's median", half["p99_ms"] / idle["p50_ms"], 10)
    got, probes = overload(server, vote, min(3 * CASTS, int(15 * capacity)), 3 * capacity, ledger)
    print(f"at three times the capacity: {got['taken']} taken, {got['status']['503']} told to come back (p99 of that {got['refused_p99_ms']:.0f} ms); "
          f"{probes.asked} other requests, the slowest {probes.slowest:.2f} s")
    say("  taken a second, against the capacity", got["per_second"] / capacity, 0.8, least=True)
    say("  memory of its own, MiB", probes.memory, MOST_MIB)


def main():
    voters = 2 * ROWS if ROWS >= 100 * CASTS else ROWS + 100 * CASTS  # all vote for the first time, in later runs too
    folder, vote, server = prepare(ROWS, voters)
    say(f"memory of its own with {about(server)['ballots']} ballots, MiB", memory_mib(server.process.pid), MOST_MIB)
    vote.make(about(server)["ballots"], 8 * CASTS)
    ledger = folder / "acknowledged"
    ledger.unlink(missing_ok=True)
    capacity = a_vote(folder, vote, server, ledger)
    under_load(vote, server, capacity, ledger)
    find(folder, server)
    say(f"memory of its own with {about(server)['ballots']} ballots, MiB", memory_mib(server.process.pid), MOST_MIB)
    ensure(server.stop() == 0, "the server ends well")
    print(f"all {same_places(folder / 'data/plus1.db', ledger)} that were acknowledged are where their receipts say")
    sys.exit(f"FAILED: {', '.join(missed)}" if missed else 0)


main()
