#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the server shows, logs and counts is the same whatever was chosen, but for what is encrypted and what is measured.

Two servers begin with the same folder. The same people do the same at both, with other choices. Ciphertexts, and what is made of them
(hashes, trackers, sizes), are masked, and so are times and ports; then both must be equal to the letter.
"""
import json
import re
import shutil
import time

from lib import Election, Folder, Server, ensure, run, same, spoiled, wait_until

RUNS = (["Bomen"] * 10, ["Bankjes"] * 6 + ["blank"] * 4)
PLACES = ["", "/setup", "/paper", "/bundle", "/trustees", "/credentials", "/notices", "/share-proofs", "/events"]


def masked(text):
    """Without what every ballot has of its own."""
    text = re.sub(r'"(archiveOffset|archiveBytes)":\d+', r'"\1":N', text)
    text = re.sub(r"\b[0-9a-f]{64}\b", "HASH", text)
    text = re.sub(r"(?<![\w+/-])[\w+/-]{43}(?![\w+/-])", "HASH", text)
    return re.sub(r'"(challenge|response)":"\d+"', r'"\1":N', text)


def header_of(headers):
    return sorted((name, value) for name, value in headers.items() if name not in ("Date", "ETag", "Content-Length"))


def metrics(server):
    def text():
        return server.ask("/metrics", base=server.ops)[2].decode()

    last = 'route="/v1/elections/{uuid}/own-data",status="2xx"} 1'
    wait_until(lambda: last in text(), "the last request, which is counted a moment after its answer")
    measured = re.compile(r"plus1_\w+_seconds(_bucket|_sum)?[ {]|plus1_database_bytes |plus1_http_(connections|requests) |.*/metrics|plus1_http_requ")
    return [line for line in text().splitlines() if not measured.match(line)]


def ballot(election, voter, answer):
    choice = ("--blank", 1) if answer == "blank" else ("--choose", answer)
    run("plus1", "vote", "--box", election.box, "--code", election.code[voter], *choice, "--out", "ballot.json", cwd=election.folder)
    return (election.folder / "ballot.json").read_bytes()


def seen(election, choices):
    """All that is shown, counted and logged while people vote."""
    server = Server(election.folder)
    election.load()
    path, shown, trackers = f"/v1/elections/{election.uuid}", [], []
    for voter, answer in zip(election.voters, choices):
        text = ballot(election, voter, answer)
        for wrong in (text, text, b"{}", spoiled(text)):
            status, headers, said = server.ask(f"{path}/ballots", wrong)
            shown.append((status, header_of(headers), masked(said.decode())))
        trackers.append(json.loads(server.ask(f"{path}/ballots", text)[2])["tracker"].replace("+", "-").replace("/", "_"))
    for place in PLACES + [f"/ballots/{tracker}" for tracker in trackers]:
        status, headers, said = server.ask(path + place)
        shown.append((place[:9], status, header_of(headers), masked(said.decode())))
    shown.append(masked(server.ask("/v1/elections")[2].decode()))
    link = f"{server.url}/s/{election.uuid}#{election.code['v1']}"
    shown.append(masked(run("plus1", "own-data", "--url", link, cwd=election.folder)))
    shown.append(run("plus1", "box", "status", "--data", "data", election.uuid, cwd=election.folder))
    counted = metrics(server)
    ready = server.ask("/readyz", base=server.ops)[2]
    same("exit", 0, server.stop())
    logged = [re.sub(r"\d+", "N", line) for line in server.log_text().splitlines()]
    return shown, counted, ready, logged


def main():
    left = 3600 - time.time() % 3600
    if left < 20:  # both must fall into one hour
        time.sleep(left)
    with Folder() as folder:
        (folder / "a").mkdir()
        election = Election(folder / "a", 12)
        shutil.copytree(folder / "a", folder / "b")
        found = []
        for name, choices in zip("ab", RUNS):
            election.folder = folder / name
            found.append(seen(election, choices))
        for what, first, second in zip(("shown", "counted", "ready", "logged"), *found):
            for one, other in zip(first, second):
                same(f"what is {what}", one, other)
            same(f"how much is {what}", len(first), len(second))
        counted = "\n".join(found[0][1])
        for line in ('plus1_ballots_total{outcome="taken"} 10', 'plus1_ballots_total{outcome="repeated"} 20', 'plus1_own_data_total 1',
                     'plus1_ballots_total{outcome="refused"} 20', 'plus1_elections{stage="open"} 1', "plus1_commit_entries_total 11",
                     "plus1_commit_seconds_count 11", "plus1_ballots_waiting 0", "plus1_failures_total 21",
                     'plus1_http_route_requests_total{method="POST",route="/v1/elections/{uuid}/ballots",status="2xx"} 30'):
            ensure(line in counted, f"{line} is counted:\n{counted}")
    print("ok: nothing that is served, logged or counted depends on what was chosen")


main()
