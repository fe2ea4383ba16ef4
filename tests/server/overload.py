#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Three times as many votes come as the server can take: it takes what it can, answers 503 with Retry-After to the others, and stays
upright. Everything acknowledged is in the box, and the archive verifies."""
from lib import Folder, Server, run, same
from generator import Vote, UUID, memory_mib, overload, port_of, same_places

FIRST, COUNT, AFTER = 500, 5000, 100
RATE = 2500  # at least: what waits must become too much while ballots last


def main():
    with Folder() as folder:
        vote = Vote(folder, FIRST + COUNT + AFTER, 0, FIRST + COUNT + AFTER)
        server, ledger = Server(folder), folder / "acknowledged"
        vote.load("data")
        capacity = vote.cast(port_of(server), FIRST, f"--acknowledged={ledger}")["per_second"]
        rate = max(3 * capacity, RATE)
        got, probes = overload(server, vote, COUNT, rate, ledger)
        after = vote.cast(port_of(server), AFTER, f"--acknowledged={ledger}")
        same("afterwards all is well", {"201": AFTER}, after["status"])
        (folder / "got.bel").write_bytes(server.ask(f"/v1/elections/{UUID}/archive")[2])
        run("plus1-verify", "got.bel", cwd=folder)
        memory = memory_mib(server.process.pid)
        same("exit", 0, server.stop())
        places = same_places(folder / "data/plus1.db", ledger)
        same("places", FIRST + got["taken"] + AFTER, places)
    print(f"ok: at {rate / capacity:.1f} times {capacity:.0f} votes a second {got['taken']} were taken and {got['status']['503']} refused; of "
          f"{probes.asked} other requests {len(probes.bad)} were, and the slowest took {probes.slowest:.2f} s; at most {probes.memory:.0f} MiB, "
          f"{memory:.0f} afterwards; all {places} places are right")


main()
