# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""A server under load: bench_load casts, and what it noted down is looked up afterwards (bench/bench_load.c)."""
import base64
import json
import pathlib
import sqlite3
import subprocess
import threading
import time

from lib import BUILD, ensure, run, same

UUID = "BenchBenchBench"
MOST_MIB = 200  # of the server's own memory, whatever comes


class Vote:
    """A vote with BALLOTS ballots in its box, and COUNT more to cast, in FOLDER."""

    def __init__(self, folder, voters, ballots, count):
        self.folder, self.voters = pathlib.Path(folder), voters
        self.next = 0
        self.make(ballots, count)

    def make(self, first, count):
        """The COUNT ballots that come after the first FIRST; the box is made if it is not there."""
        run("bench_ballots", self.voters, first, count, self.folder, cwd=self.folder)
        self.next, self.left = 0, count

    def load(self, data):
        run("plus1", "box", "load", "--data", data, "--municipality", "Emmen", self.folder / "box.bel", cwd=self.folder)

    def start(self, port, count, *options):
        """bench_load on the next COUNT ballots."""
        ensure(count <= self.left, f"{count} ballots are needed, {self.left} are left")
        command = [BUILD / "bench_load", f"--port={port}", f"--ballots={self.folder / 'ballots'}", f"--first={self.next}",
                   f"--count={count}", *options]
        self.next, self.left = self.next + count, self.left - count
        return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)

    def cast(self, port, count, *options):
        return finish(self.start(port, count, *options))


def finish(process, code=0):
    """What bench_load measured."""
    said = process.communicate()[0]
    same("bench_load", code, process.returncode)
    return json.loads(said.splitlines()[-1])


def port_of(server):
    return int(server.url.rsplit(":", 1)[1])


def same_places(database, ledger):
    """Each ballot that was acknowledged is in the box, where its receipt says; how many."""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    lines = [line.split() for line in ledger.read_text().splitlines()]
    box = db.execute("SELECT id FROM box WHERE uuid = ?", (UUID,)).fetchone()[0]
    for tracker, height, event, _ in lines:
        row = db.execute("SELECT tracker, hash FROM event WHERE id = ?", (box << 40 | int(height),)).fetchone()
        ensure(row is not None, f"a ballot that was acknowledged is not in the box, at {height}")
        same("its place", (tracker, event), (base64.b64encode(row[0]).decode().rstrip("="), row[1].hex()))
    db.close()
    return len(lines)


def memory_mib(pid, what="RssAnon"):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) / 1024
    return 0


class Probes(threading.Thread):
    """Asks what must always answer, until it is stopped; keeps the slowest answer and the most memory."""

    def __init__(self, server):
        super().__init__()
        self.server, self.asked, self.bad, self.slowest, self.memory = server, 0, [], 0, 0
        self.ends = threading.Event()

    def run(self):
        s = self.server
        while not self.ends.wait(0.1):
            self.memory = max(self.memory, memory_mib(s.process.pid))
            for path, base in (("/healthz", s.url), ("/readyz", s.ops), ("/metrics", s.ops), (f"/v1/elections/{UUID}", s.url)):
                begin = time.monotonic()
                try:
                    status = s.ask(path, base=base)[0]
                except OSError as why:
                    status = str(why)
                self.slowest = max(self.slowest, time.monotonic() - begin)
                self.asked += 1
                if status != 200:
                    self.bad.append((path, status))

    def stop(self):
        self.ends.set()
        self.join()
        return self


def overload(server, vote, count, rate, ledger, connections=3000):
    """COUNT ballots at a RATE that is too much; what was measured, and what the probes saw."""
    probes = Probes(server)
    probes.start()
    got = vote.cast(port_of(server), count, f"--rate={rate:.0f}", f"--connections={connections}", f"--acknowledged={ledger}")
    probes.stop()
    same("unanswered", 0, got["unanswered"])
    ensure(set(got["status"]) <= {"201", "503"}, f"answers: {got['status']}")
    ensure(got["status"].get("503", 0) > 0, "nobody was refused: that was not too much")
    same("what must always answer", [], [bad for bad in probes.bad if not bad[0].startswith("/v1/") or bad[1] != 503])
    ensure(probes.memory < MOST_MIB, f"{probes.memory:.0f} MiB of memory")
    return got, probes
