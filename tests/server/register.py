#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The life of an experiment on a running server, from the idea to the decision, by commands, API and pages."""
import json
import re
import time

from lib import Election, Folder, Server, ensure, run, same

CONFIG = {
    "municipalities": [
        {"name": "Almelo", "path": "almelo", "host": "plus1.almelo.test"},
        {"name": "Emmen", "path": "emmen", "inhabitants": 300, "colour": "#FFD400", "logo": "emmen.png", "help": "14 0000",
         "welcome": {"nl": "Wij proberen <nieuwe> dingen.", "en": "We try new things."}}],
    "prices": {"cpu_hour": 0.05, "gigabyte_month": 0.10, "letter": 0.95},
}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f000301"
                    "0180c2d2a5330000000049454e44ae426082")
KEYS = {"id", "municipality", "uses", "title", "hypothesis", "measure", "stage", "attached", "ideaHour", "startHour", "endHour",
        "hoursToOpen", "figures", "cost", "evaluation", "decision"}
FIGURES = {"asked", "pages", "openedHour", "invited", "participants", "bytes", "cpuMilliseconds"}


def experiment(folder, *words, code=0, said=""):
    verb, *rest = words
    return run("plus1", "experiment", verb, "--data", "data", *rest, cwd=folder, code=code, words=said)


def propose(folder, municipality, uses="stem", **how):
    return experiment(folder, "add", "--municipality", municipality, "--uses", uses, "--title", "Een <b>plein</b>", "--hypothesis",
                      "Wie kiest, doet mee", "--measure", "Een op de drie stemt", **how)


def get(server, path, status=200, headers=None):
    answer = server.ask(path, headers=headers)
    same(f"the status of {path}", status, answer[0])
    return json.loads(answer[2])


def code_of(problem):
    return problem["type"].rsplit("/", 1)[1]


def wrong_configuration(folder):
    """The server says where plus1.json is wrong, and does not start."""
    file = folder / "data/plus1.json"
    for text, words in (('{"municipalities":[{"name":"Emmen"}]}', "municipalities[0].path must be there"),
                        ('{"municipalities":[{"name":"Emmen","path":"healthz"}]}', "\"healthz\" is taken: the server has /healthz itself")):
        file.write_text(text)
        run("plus1", "serve", "--data", "data", "--port", 0, "--ops-port", 0, cwd=folder, code=1, words=words)
    file.write_text(json.dumps(CONFIG))
    (folder / "data/emmen.png").write_bytes(PNG)


def refusals(folder, election):
    run("plus1", "box", "load", "--data", "data", "--municipality", "Assen", election.box, cwd=folder, code=1,
        words="Assen: the server knows no municipality of this name: add it to plus1.json")
    propose(folder, "Assen", code=1, said="ERR_MUNICIPALITY")
    propose(folder, "Emmen", uses="tombola", code=1, said="ERR_REGISTER_USES")
    experiment(folder, "start", 1, code=1, said="ERR_REGISTER_UNKNOWN")
    experiment(folder, "start", "one", code=1, said="ERR_REGISTER_UNKNOWN")
    experiment(folder, "change", 1, code=3, said="say what changes")
    experiment(folder, "list", said="no experiments yet")


def idea(server, folder, election):
    propose(folder, "Emmen", said="experiment 1: proposed")
    propose(folder, "Almelo", said="experiment 2: proposed")
    first = get(server, "/v1/experiments/1")
    same("what is said of an experiment", KEYS, set(first))
    same("an idea", ("idea", None, None, None, []), (first["stage"], first["figures"], first["cost"], first["decision"], first["attached"]))
    ensure(abs(first["ideaHour"] - time.time() / 3600) < 1.1, "the hour of the idea")
    experiment(folder, "attach", "--what", election.uuid, 1, code=1, said="ERR_REGISTER_THING")
    election.load()
    experiment(folder, "attach", "--what", election.uuid, 2, code=1, said="ERR_REGISTER_OTHER")
    experiment(folder, "attach", "--what", election.uuid, 1, said="experiment 1: attached")
    experiment(folder, "attach", "--what", election.uuid, 1, code=1, said="ERR_REGISTER_TWICE")
    experiment(folder, "change", "--measure", "Een op de vier stemt", 1)
    experiment(folder, "end", 1, code=1, said="ERR_REGISTER_STAGE")
    experiment(folder, "start", 1)


def running(server, election):
    for voter, answer in [("v1", "Bomen"), ("v2", "Bankjes")] * 3:
        election.last = election.ballot(voter, answer)
        same("a ballot", 201, server.cast(election, election.last)[0])
    now = get(server, "/v1/experiments/1")
    figures, cost = now["figures"], now["cost"]
    same("what is measured, and nothing else", FIGURES, set(figures))
    same("figures", (["Wat?"], 30, 2), (figures["asked"], figures["invited"], figures["participants"]))
    same("bytes", get(server, f"/v1/elections/{election.uuid}")["archiveBytes"], figures["bytes"])
    same("where residents see it", [f"/votes/{election.uuid}"], figures["pages"])
    page(server, figures["pages"][0], "Wat?")
    ensure(0 < figures["cpuMilliseconds"] < 5000, f"processors, at about half a millisecond a ballot: {figures}")
    ensure(now["hoursToOpen"] in (0, 1), f"hours from idea to open: {now}")
    # 30 letters of 0.95; hardly any processor, and not an hour of disk
    ensure(abs(cost["letters"] - 28.5) < 1e-9 and cost["total"] < 28.501, f"costs: {cost}")
    ensure(abs(cost["perInhabitant"] - cost["total"] / 300) < 1e-9, f"cost of an inhabitant: {cost}")
    same("those of one municipality", [1], [e["id"] for e in get(server, "/v1/experiments?municipality=emmen")["experiments"]])
    same("all", [1, 2], [e["id"] for e in get(server, "/v1/experiments")["experiments"]])
    return now


def spent(server):
    return get(server, "/v1/experiments/1")["figures"]["cpuMilliseconds"]


def what_was_spent_is_kept_and_grows(server, election, before):
    """Also by a ballot that is in the box already: it is looked up, and its receipt signed again."""
    after = spent(server)
    ensure(before <= after < 5000, f"before a restart {before} ms, after it {after}")
    for _ in range(30):
        same("a ballot that is there", 200, server.cast(election, election.last)[0])
    ensure(spent(server) > after, f"30 answers took nothing: {after}")


def page(server, path, *words, absent=(), headers=None):
    """A page for people, which says these words and not those."""
    status, fields, body = server.ask(path, headers={"Accept": "text/html", "Accept-Language": "nl", **(headers or {})})
    text = body.decode()
    same(f"the status of {path}", 200, status)
    ensure("script" not in text and "default-src 'none'" in fields["Content-Security-Policy"], "no script, and none allowed")
    for word in words:
        ensure(word in text, f"{path} says {word!r}: {text}")
    for word in absent:
        ensure(word not in text, f"{path} does not say {word!r}: {text}")


def pages_while_it_runs(server):
    page(server, "/emmen", "<h1>Plus 1 Emmen</h1>", 'href="/votes/', "Wij proberen &lt;nieuwe&gt; dingen.", "Een &lt;b&gt;plein&lt;/b&gt;", "Wat?",
         "Wie kiest, doet mee", "Een op de vier stemt", "2 van de 30 mensen met een brief (6,7", "30 brieven", "28,50 euro",
         "Dit experiment: 0,10 euro", "Oude systemen: ongeveer 80 euro", 'width="0.11%"', "Loopt nu", "Er is nog geen besluit.",
         absent=("Een op de drie", "Almelo", "Afgelopen", "Bomen", "Bankjes"))
    page(server, "/emmen?lang=en", '<html lang="en">', "We try new things.", "2 of the 30 people with a letter (6.7", "0.10 euro", "Going on")
    page(server, "/", "Kies uw gemeente", 'href="/almelo"', 'href="/emmen"', absent=("Plus 1 Emmen",))
    page(server, "/", "<h1>Plus 1 Almelo</h1>", "Idee", "Het is nog niet open.", absent=("brieven", "svg", "Emmen"),
         headers={"Host": "Plus1.Almelo.TEST:80"})
    status, fields, _ = server.ask("/assen", headers={"Accept": "text/html"})
    same("an unknown municipality", (404, True), (status, fields["Content-Type"].startswith("text/html")))
    same("an unknown parameter", 400, server.ask("/emmen?x=1")[0])


def pages_at_the_end(server):
    page(server, "/emmen", "Besloten", "Afgelopen op", "Twee van de 30 stemden", "We stoppen ermee.", "Te weinig", "2 van de 30",
         "28,50 euro", absent=("Er is nog geen besluit", "Loopt nu"))


def wrong_questions(server):
    same("an unknown municipality", "unknown-municipality", code_of(get(server, "/v1/experiments?municipality=assen", 400)))
    same("an unknown parameter", "unknown-parameter", code_of(get(server, "/v1/experiments?page=1", 400)))
    for number in ("3", "0", "-1", "01", "1x", "99999999999999999999", "4294967297"):
        for end in ("", "/events"):
            same("an unknown number", "unknown-experiment", code_of(get(server, f"/v1/experiments/{number}{end}", 404)))


def to_the_decision(server, folder):
    experiment(folder, "end", 1)
    experiment(folder, "decide", "--decision", "adopt", "--reason", "Te vroeg", 1, code=1, said="ERR_REGISTER_STAGE")
    experiment(folder, "evaluate", "--text", "Twee van de 30 stemden", 1)
    experiment(folder, "decide", "--decision", "maybe", "--reason", "Tja", 1, code=1, said="ERR_REGISTER_DECISION")
    experiment(folder, "decide", "--decision", "drop", "--reason", "Te weinig", 1, said="experiment 1: decided")
    events = get(server, "/v1/experiments/1/events")["events"]
    same("its events", ["proposed", "attached", "changed", "started", "ended", "evaluated", "decided"], [e["kind"] for e in events])
    same("their numbers", list(range(1, 8)), [e["number"] for e in events])
    same("what was said first stays", "Een op de drie stemt", events[0]["measure"])
    same("figures stay", 2, events[4]["figures"]["participants"])
    ensure(all(isinstance(e["hour"], int) and e["hour"] < 10**6 for e in events), "nothing finer than the hour")


def municipalities(server):
    almelo, emmen = get(server, "/v1/municipalities")["municipalities"]
    same("no logo", None, almelo["logo"])
    same("a municipality", ("Emmen", "emmen", "#ffd400", "14 0000"), (emmen["name"], emmen["path"], emmen["colour"], emmen["help"]))
    status, headers, body = server.ask(emmen["logo"])
    same("its logo", (200, "image/png", PNG), (status, headers["Content-Type"], body))
    same("no logo", 404, server.ask("/almelo/logo.png")[0])
    same("no municipality", 404, server.ask("/assen/logo.png")[0])


def main():
    with Folder() as folder:
        election = Election(folder, 30)
        wrong_configuration(folder)
        server = Server(folder)
        refusals(folder, election)
        idea(server, folder, election)
        before = running(server, election)
        pages_while_it_runs(server)
        same("exit", 0, server.stop())
        server = Server(folder)
        what_was_spent_is_kept_and_grows(server, election, before["figures"]["cpuMilliseconds"])
        wrong_questions(server)
        municipalities(server)
        to_the_decision(server, folder)
        after = get(server, "/v1/experiments/1")
        same("the decision", {"decision": "drop", "reason": "Te weinig"}, {k: v for k, v in after["decision"].items() if k != "hour"})
        pages_at_the_end(server)
        server.kill()

        server = Server(folder)
        pages_at_the_end(server)
        again = get(server, "/v1/experiments/1")
        same("after a kill", after, again)
        same("participants", before["figures"]["participants"], again["figures"]["participants"])
        listed = experiment(folder, "list")
        ensure(re.search(r"1  Emmen: Een <b>plein</b> \(stem, decided\)", listed) and "participants 2" in listed, f"the list: {listed}")
        same("exit", 0, server.stop())

        emmen = {**CONFIG["municipalities"][1], "inhabitants": 3000}
        (folder / "data/plus1.json").write_text(json.dumps({"municipalities": [emmen]}))
        server = Server(folder)
        page(server, "/", "Plus 1 Emmen", "30 brieven", "2 van de 30", "We stoppen ermee.", absent=("Kosten", "svg", "80 euro"))
        same("no prices, no cost", None, get(server, "/v1/experiments/1")["cost"])
        same("exit", 0, server.stop())
        (folder / "data/plus1.json").write_text('{"municipalities":[]}')
        server = Server(folder)
        page(server, "/", "Er is nog geen gemeente.")
        same("exit", 0, server.stop())
    print("ok: an experiment, from the idea to the decision")


main()
