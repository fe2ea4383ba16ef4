#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The server is killed while many vote: whoever had an answer is in the box afterwards, once, and the archive verifies.

KILLS is how often (default 5), SEED makes a run again. Voters who got no answer send the same ballot again, as an app does.
"""
import concurrent.futures
import json
import os
import random
import threading
import time

from lib import Election, Folder, Server, ensure, run, same

KILLS = int(os.environ.get("KILLS", "5"))
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**9)))
VOTERS, AT_ONCE = 12, 8


def vote_until_killed(server, election, waiting, answered, lock):
    """Takes ballots that wait and casts them; what has no answer waits again."""
    while True:
        with lock:
            if not waiting:
                return
            ballot = waiting.pop()
        status, said = server.cast(election, ballot)
        with lock:
            if status in (200, 201):
                answered[ballot] = said["height"]
            elif status == 429:
                pass  # this code voted often; its ballot is not in the box
            else:
                waiting.append(ballot)
                if status == 0:
                    return


def main():
    chance = random.Random(SEED)
    print(f"SEED={SEED} KILLS={KILLS}", flush=True)
    with Folder() as folder:
        election = Election(folder, VOTERS)
        ballots = [election.ballot(voter, chance.choice(["Bomen", "Bankjes"])) for voter in election.voters for _ in range(3)]
        answered, lost, during = {}, 0, 0
        server = Server(folder)
        election.load()
        for _ in range(KILLS):
            waiting, lock = list(ballots), threading.Lock()
            chance.shuffle(waiting)
            before = len(answered)
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                voters = [pool.submit(vote_until_killed, server, election, waiting, answered, lock) for _ in range(AT_ONCE)]
                time.sleep(chance.uniform(0, 0.06))
                server.kill()
            for voter in voters:
                voter.result()
            during += len(answered) > before and len(waiting) > 0
            server = Server(folder)
            for ballot, height in answered.items():
                status, said = server.cast(election, ballot)
                same("a ballot that had an answer", (200, height), (status, said["height"]))
            archive = server.ask(f"/v1/elections/{election.uuid}/archive")[2]
            (folder / "got.bel").write_bytes(archive)
            run("plus1-verify", "got.bel", cwd=folder)
            for ballot in ballots:
                times = archive.count(ballot)
                ensure(times <= 1, "no ballot is there twice")
                lost += times == 1 and ballot not in answered
            about = json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])
            same("ballots", sum(ballot in archive for ballot in ballots), about["ballots"])
            if len(answered) == len(ballots):  # all are in: begin again with a new election
                same("exit", 0, server.stop())
                for file in (folder / "data").glob("plus1.db*"):
                    file.unlink()
                server, answered = Server(folder), {}
                election.load()
        same("exit", 0, server.stop())
    print(f"ok: {KILLS} kills, {during} of them while ballots were answered; nothing acknowledged was lost, and {lost} times a ballot "
          "was in the box whose answer was not sent")


main()
