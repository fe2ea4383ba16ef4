#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The API is what its document says: an election is walked through, each answer is held against the document, and each endpoint
is sent what the document forbids. (jsonschema is Debian's, and so is the Python that runs this.)"""
import json
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import urllib.parse

from api_document import METHODS, Document, compact, tracker
from lib import Election, Folder, Server, ensure, request_of, run, same


class Answer:
    def __init__(self, raw, method):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        ensure(re.fullmatch(r"HTTP/1\.1 \d{3} .*", lines[0]), f"no answer: {raw[:100]}")
        self.status = int(lines[0].split(" ")[1])
        self.fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        if method != "HEAD" and self.status not in (204, 304):
            same(f"the length of {lines}", int(self.fields["content-length"]), len(self.body))


def send(server, raw, method):
    """The answer to these bytes, on a connection of their own; there must be one."""
    at = urllib.parse.urlsplit(server.url)
    with socket.create_connection((at.hostname, at.port), timeout=30) as s:
        s.sendall(raw)
        got = b""
        while part := s.recv(1 << 16):
            got += part
    return Answer(got, method)


def ask(server, method, address, fields=(), body=None):
    head = [f"{method} {address} HTTP/1.1", "Host: test", "Connection: close", *fields]
    if body is not None:
        head.append(f"Content-Length: {len(body)}")
    return send(server, "\r\n".join(head + ["", ""]).encode("latin-1") + (body or b""), method)


JSON = "Content-Type: application/json"


class Walk:
    """Asks for what there is, and keeps which operations have answered well."""

    def __init__(self, server, document, values):
        self.server, self.document, self.values = server, document, values
        self.answered = set()

    def ask(self, operation, query="", fields=(), body=None, status=None, values=None, method=None):
        answer = ask(self.server, method or operation.method, operation.address(values or self.values, query), fields, body)
        what = f"{operation.id}{query} {list(fields)}"
        self.document.judge(operation, answer, what)
        ensure(status is None or answer.status == status, f"{what}: {answer.status}, not {status}: {answer.body[:200]}")
        if 200 <= answer.status < 300:
            self.answered.add(operation.id)
        return answer

    def post(self, name, body, status=None):
        return self.ask(self.document.named(name), fields=(JSON,), body=body, status=status)

    def cast(self, ballot, status=None):
        return self.post("castBallot", ballot, status)

    def own_data(self, election, voter):
        return json.loads(self.post("askOwnData", request_of(self.server, election, voter), 200).body)

    def read_all(self):
        """Whatever can be read is read, in all the ways that the document names."""
        for o in self.document.operations:
            if o.method != "GET":
                continue
            answer = self.ask(o)
            head = ask(self.server, "HEAD", o.address(self.values))
            same(f"{o.id}: the header alone", (answer.status, answer.fields.get("content-length")), (head.status, head.fields.get("content-length")))
            headers = [p["name"] for p in o.parameters_in("header")]
            if "If-None-Match" in headers and answer.status == 200:
                self.ask(o, fields=(f"If-None-Match: {answer.fields['etag']}",), status=304)
                self.ask(o, fields=('If-None-Match: "old"',), status=200)
            if "Range" in headers:
                for value, status in (("bytes=0-0", 206), ("bytes=512-", 206), ("bytes=-1", 206), ("bytes=999999999-", 416)):
                    self.ask(o, fields=(f"Range: {value}",), status=status)
                self.ask(o, fields=("Range: bytes=0-0", 'If-Range: "old"'), status=200)
            for p in o.parameters_in("query"):
                for value in {p["schema"].get(k) for k in ("minimum", "maximum", "default", "example")} - {None}:
                    self.ask(o, f"?{p['name']}={value}", status=200)


def vote(walk, election):
    """Four ballots of one code and one of another: all that a ballot can be answered with, but for capacity."""
    first = None
    for _ in range(3):
        ballot = election.ballot("v1", "Bomen")
        walk.cast(ballot, 201)
        first = first or ballot
    walk.cast(first, 200)
    walk.cast(election.ballot("v1", "Bomen"), 429)
    walk.cast(election.ballot("v2", "Bankjes"), 201)
    walk.values["tracker"] = tracker(first)
    changed = first.replace(b'"response":"', b'"response":"1', 1)
    walk.cast(changed, 400)
    walk.cast(first.replace(election.uuid.encode(), b"Another1234567"), 409)
    return first


def own_data(walk, election):
    """For who has voted and who has not; then, what is signed by nobody, of another hour, or sent too often."""
    for voter, ballots in (("v1", 3), ("v2", 1), ("v4", 0)):
        said = walk.own_data(election, voter)
        same("ballots, notices", (ballots, 0, False), (len(said["ballots"]), len(said["notices"]), said["withdrawn"]))
    right = request_of(walk.server, election, "v1")
    hour = json.loads(right)["hour"]
    other = json.loads(request_of(walk.server, election, "v2"))["signature"]
    for wrong, status, code in (
        (right.replace(b'"hour":%d' % hour, b'"hour":%d' % (hour - 2)), 400, "wrong-hour"),
        (compact({**json.loads(right), "signature": other}), 403, "not-signed"),
        (compact({**json.loads(right), "credential": "00" * 32}), 400, None),
    ):
        answer = json.loads(walk.post("askOwnData", wrong, status).body)
        ensure(code in (None, answer["type"].rsplit("/", 1)[1]), f"{code}: {answer}")
    return right


def codes(walk, ballot):
    """Of a code that has voted, and of one that is not on the list."""
    asked = {"credential": json.loads(ballot)["credential"]}
    same("used, withdrawn", {"used": True, "withdrawn": False}, json.loads(walk.post("askCode", compact(asked), 200).body))
    same("nobody's", "/problems/unknown-code", json.loads(walk.post("askCode", compact({"credential": "00" * 32}), 403).body)["type"])


def held_off(walk):
    """Who often sends what is not right waits, at each endpoint that counts."""
    for _ in range(9):
        walk.post("askOwnData", b"{}")
    for name in ("askOwnData", "castBallot"):
        same(name, "/problems/too-many-failures", json.loads(walk.post(name, b"{}", 429).body)["type"])


def notices(walk, election):
    """A code is withdrawn, and voting goes on for longer; what is refused in between changes nothing."""
    folder, served = election.folder, ("--data", "data", election.uuid)
    withdraw = ("--box", f"now/{election.uuid}.bel", "--key", "reg.key", "--code", election.code["v5"], "--out", "n")
    run("plus1", "registrar", "withdraw", *withdraw, cwd=folder)
    run("plus1", "box", "notice", *served, "n", cwd=folder)
    for _ in range(3):
        run("plus1", "box", "notice", *served, "n", cwd=folder, code=1)
    same("withdrawn", "/problems/code-withdrawn", json.loads(walk.cast(election.ballot("v5", "Bomen"), 403).body)["type"])
    shutil.rmtree(folder / "now")
    run("plus1", "export", "--data", "data", "--out", "now", election.uuid, cwd=folder)
    run("plus1", "registrar", "extend", "--box", f"now/{election.uuid}.bel", "--key", "reg.key", "--closes", "2100-01-01T00:00:00Z", "--out", "m",
        cwd=folder)
    run("plus1", "box", "notice", *served, "m", cwd=folder)
    said = walk.own_data(election, "v5")
    same("of a withdrawn code", (1, True), (len(said["notices"]), said["withdrawn"]))
    same("withdrawn", "/problems/code-withdrawn", json.loads(walk.cast(election.ballot("v5", "Bomen"), 403).body)["type"])
    walk.read_all()


def restored(walk, election):
    """The box is put back from a backup; what came after it is lost, which stays public. Until it is opened again it takes no votes."""
    folder = election.folder
    run("plus1", "backup", "--data", "data", "--out", "kept", cwd=folder)
    lost = election.ballot("v3", "Bomen")
    (folder / "receipt").write_bytes(compact(json.loads(walk.cast(lost, 201).body)["receipt"]))
    walk.server.kill()
    run("plus1", "restore", "--from", "kept", "--data", "new", "--seed", "data/receipt.seed", "--receipt", "receipt", cwd=folder)
    shutil.rmtree(folder / "data")
    (folder / "new").rename(folder / "data")
    walk.server = Server(folder, "--set", "failures=0")
    closed = walk.cast(lost, 503)
    same("a vote meanwhile", ("/problems/closed-for-votes", "300"), (json.loads(closed.body)["type"], closed.fields["retry-after"]))
    walk.own_data(election, "v1")
    walk.read_all()
    run("plus1", "box", "reopen", "--data", "data", "--accept-loss", 1, election.uuid, cwd=folder)
    walk.cast(lost, 201)
    walk.read_all()
    lines = walk.ask(walk.document.named("listPlatformEvents")).body.splitlines()
    same("what is public of it", [("restored", 1), ("reopened", 1)], [(e["type"], e["lost"]) for e in map(json.loads, lines)])


def count(walk, election):
    folder, served = election.folder, ("--data", "data", election.uuid)
    notices(walk, election)
    run("plus1", "box", "close", *served, cwd=folder)
    late = walk.cast(election.ballot("v3", "Bomen"), 409)
    same("too late", "/problems/voting-ended", json.loads(late.body)["type"])
    run("plus1", "box", "tally", *served, cwd=folder)
    run("plus1", "export", "--data", "data", "--out", "out", election.uuid, cwd=folder)
    run("plus1", "trustee", "decrypt", "--key", "t1.key", "--boxes", f"out/{election.uuid}.bel", "--out", "shares", cwd=folder)
    run("plus1", "share", "add", *served, f"shares/{election.uuid}.t1.share.json", cwd=folder)
    run("plus1", "result", "publish", *served, cwd=folder)
    walk.own_data(election, "v1")
    walk.read_all()


# ---- what is forbidden ----


class Forbidden:
    """Sends what the document forbids; each answer must be a documented problem with a status of 4xx, or 501 for a method of no use."""

    def __init__(self, server, document, values):
        self.server, self.document, self.values, self.sent = server, document, values, 0

    def refused(self, answer, operation, what, status=None):
        self.sent += 1
        ensure(400 <= answer.status < 500, f"{what}: {answer.status} {answer.body[:200]}")
        ensure(status is None or answer.status == status, f"{what}: {answer.status}, not {status}: {answer.body[:200]}")
        self.document.judge(operation, answer, what)

    def send(self, operation, what, query="", fields=(), body=None, status=None):
        answer = ask(self.server, operation.method, operation.address(self.values, query), fields, body)
        self.refused(answer, operation, f"{operation.id}: {what}", status)

    def of(self, o):
        right = None
        if o.body:
            media, content = next(iter(o.body["content"].items()))
            right = content.get("example") or self.document.resolve(next(iter(content["examples"].values())))["value"]
            self.bodies(o, media, content["schema"], right, o.body["x-max-bytes"])
        fields, body = ((JSON,), compact(right)) if o.body else ((), None)
        self.queries(o, fields, body)
        self.paths(o, fields, body)
        self.methods(o)
        self.heads(o, fields, body)
        self.send(o, "what it does not answer with", fields=(*fields, "Accept: image/png"), body=body, status=406)
        self.send(o, "not acceptable by weight", fields=(*fields, "Accept: */*;q=0"), body=body, status=406)
        if not o.body:
            self.send(o, "a body", fields=(JSON,), body=b"{}", status=413)
        self.conditions(o, fields, body)

    def bodies(self, o, media, schema, right, most):
        text = compact(right)
        for body in self.document.bad_bodies(schema, right):
            self.send(o, f"body {body[:300]}", fields=(f"Content-Type: {media}",), body=body)
        for kind in ("Content-Type: text/plain", "Content-Type: ", "X-None: 1", f"Content-Type: x{media}", f"Content-Type: {media}x"):
            self.send(o, kind, fields=(kind,), body=text, status=415)
        self.send(o, "a coding", fields=(f"Content-Type: {media}", "Content-Encoding: gzip"), body=text, status=415)
        self.send(o, "no length", fields=(f"Content-Type: {media}",), status=411)
        self.send(o, "in chunks", fields=(f"Content-Type: {media}", "Transfer-Encoding: chunked"), status=411)
        self.send(o, "too long", fields=(f"Content-Type: {media}", f"Content-Length: {most + 1}", "Expect: 100-continue"), status=413)
        self.send(o, "just not too long", fields=(f"Content-Type: {media}",), body=b" " * most, status=400)

    def queries(self, o, fields, body):
        names = [p["name"] for p in o.parameters_in("query")]
        for query in ("?unknown=1", "?", "?=", "?a", "?&", *(f"?{n}=1&{n}=1" for n in names), *(f"?{n}" for n in names), *(f"?{n.upper()}=1" for n in names)):
            if query == "?":
                continue  # an empty query is none
            self.send(o, query, query, fields, body, 400)
        for p in o.parameters_in("query"):
            for value in self.document.bad_numbers(p["schema"]):
                self.send(o, f"{p['name']}={value}", f"?{p['name']}={value}", fields, body, 400)

    def paths(self, o, fields, body):
        for p in o.parameters_in("path"):
            for value in self.document.bad_segments(p["schema"]):
                values = {**self.values, p["name"]: value}
                answer = ask(self.server, o.method, o.address(values), fields, body)
                self.refused(answer, o, f"{o.id}: {p['name']}={value}")
        for address in (o.address(self.values) + "/", o.address(self.values).replace("/v1/", "/v1//"), o.address(self.values).replace("/v1/", "/V1/"),
                        o.address(self.values) + "/nothing", o.address(self.values) + "x?y", "/v1/.." + o.address(self.values)):
            answer = ask(self.server, o.method, address, fields, body)
            self.sent += 1
            ensure(answer.status in (400, 404, 405), f"{address}: {answer.status}")
            if address.startswith("/v1/"):
                self.document.judge_problem(None, answer, address)

    def methods(self, o):
        known = {x.method for x in self.document.operations if x.path == o.path}
        for method in set(METHODS) - known:
            answer = ask(self.server, method, o.address(self.values), body=None if method == "GET" else b"")
            self.sent += 1
            same(f"{method} {o.path}", 405, answer.status)
            self.document.judge_problem(o.path, answer, f"{method} {o.path}")
            ensure(known <= set(answer.fields["allow"].split(", ")), f"{o.path}: {answer.fields['allow']}")
        for method in ("BREW", "get", "TRACE", "CONNECT"):
            answer = ask(self.server, method, o.address(self.values))
            self.sent += 1
            same(f"{method} {o.path}", 501, answer.status)
            self.document.judge_problem(o.path, answer, f"{method} {o.path}")

    def heads(self, o, fields, body):
        length = [f"Content-Length: {len(body)}"] if body is not None else []
        start = f"{o.method} {o.address(self.values)} HTTP/1.1"
        usual = ["Connection: close", *fields, *length]
        for what, lines, status in (
            ("no host", [start, *usual], 400), ("two hosts", [start, "Host: a", "Host: b", *usual], 400),
            ("two lengths", [start, "Host: a", *usual, "Content-Length: 1", "Content-Length: 1"], 400),
            ("a length that is none", [start, "Host: a", "Connection: close", *fields, "Content-Length: 1x"], 400),
            ("length and coding", [start, "Host: a", "Connection: close", *fields, "Content-Length: 1", "Transfer-Encoding: chunked"], 400),
            ("a blank before the colon", [start, "Host: a", *usual, "X : 1"], 400),
            ("an expectation", [start, "Host: a", *usual, "Expect: 200-ok"], 417),
            ("a long header", [start, "Host: a", *usual, "X: " + "x" * 12000], 431),
            ("a long address", [start.replace(" HTTP", "?x=" + "x" * 3000 + " HTTP"), "Host: a", *usual], 414),
        ):
            if what == "a length that is none":
                # libmicrohttpd itself says so (platform/http.h): only that there is an answer can be asked
                same(what, 400, raw_status(self.server, lines))
                continue
            answer = send(self.server, "\r\n".join(lines + ["", ""]).encode() + (body or b""), o.method)
            self.refused(answer, o, f"{o.id}: {what}", status)

    def conditions(self, o, fields, body):
        """Conditions and ranges of a wrong form are ignored, says the document: whatever is answered, it is documented."""
        for name in ("If-None-Match", "Range", "If-Range"):
            for value in ("", "x", '"', '"a', "W/", "*x", ",,,", '"a" "b"', "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-1", "bytes=0-1,3-4", "bytes=-0",
                          "items=0-1", "bytes=99999999999999999999-", "x" * 8000):
                answer = ask(self.server, o.method, o.address(self.values), (*fields, f"{name}: {value}"), body)
                self.sent += 1
                ensure(answer.status < 500, f"{o.id}: {name}: {value}: {answer.status}")
                self.document.judge(o, answer, f"{o.id}: {name}: {value[:40]}")


def raw_status(server, lines):
    at = urllib.parse.urlsplit(server.url)
    with socket.create_connection((at.hostname, at.port), timeout=30) as s:
        s.sendall("\r\n".join(lines + ["", ""]).encode())
        return int(s.recv(1 << 16).split(b" ")[1])


# ---- what else the document says ----


def examples_are_right(document):
    """Each example fits its schema."""
    n = 0

    def walk(it):
        nonlocal n
        if isinstance(it, dict):
            if "schema" in it and "example" in it:
                document.fits(it["schema"], it["example"], "example")
                if "x-line-schema" in it["schema"]:
                    document.lines_fit(it["schema"], it["example"], "example")
                n += 1
            for example in it.get("examples", {}).values() if "schema" in it else ():
                document.fits(it["schema"], document.resolve(example)["value"], "example")
                n += 1
            for value in it.values():
                walk(value)
        elif isinstance(it, list):
            for value in it:
                walk(value)

    walk(document.it)
    return n


def elections_of_others_fit(document):
    """What other programs made fits too: papers, trustees, credentials and ballots of all groups."""
    schema = document.it["components"]["schemas"]
    n = 0
    for folder in sorted((pathlib.Path(__file__).parents[1] / "vectors/belenios").iterdir()):
        for name, file in (("Paper", "election.json"), ("Trustees", "trustees.json"), ("Credentials", "public_creds.json")):
            if (folder / file).exists():
                document.fits(schema[name], json.loads((folder / file).read_text()), f"{folder.name} {name}")
                n += 1
        if (folder / "ballots.jsons").exists():
            for line in (folder / "ballots.jsons").read_text().splitlines():
                document.fits(schema["Ballot"], json.loads(line), f"{folder.name} ballot")
                n += 1
    ensure(n > 20, "there are vectors")
    return n


def pages_of_other_sites_can_read_it(server):
    answer = ask(server, "GET", "/v1/openapi.json", ("Origin: https://example.org",))
    same("for all", ("*", "cross-origin"), (answer.fields["access-control-allow-origin"], answer.fields["cross-origin-resource-policy"]))


def the_curl_lines_of_the_page_work(server, walk):
    """docs/api.md, in the order of its lines, with this server and this vote."""
    page = (pathlib.Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```sh\n(.*?)```", page, re.S))
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "ballot.json").write_bytes(walk.ballot)
        (pathlib.Path(folder) / "request.json").write_bytes(walk.request)
        done = subprocess.run(["sh", "-eu", "-c", script], cwd=folder, capture_output=True, text=True, check=False,
                              env={"PATH": "/usr/bin:/bin", "API": server.url + "/v1", "VOTE": walk.values["uuid"], "TRACKER": walk.values["tracker"]})
        ensure(done.returncode == 0, f"docs/api.md: {done.stderr[-1000:]}")
    for word in re.findall(r"^# prints: (.+)$", script, re.M):
        ensure(word in done.stdout, f"docs/api.md: {word!r} is not in {done.stdout[-2000:]}")
    return script.count("curl ")


def an_experiment(folder, election):
    """From its idea to the decision, so that each of its events is shown."""
    for verb, *words in (("add", "--municipality", "Emmen", "--uses", "stem", "--title", "Plein", "--hypothesis", "H", "--measure", "M"),
                         ("attach", "--what", election.uuid, "1"), ("start", "1"), ("change", "--title", "Een plein", "1"), ("end", "1"),
                         ("evaluate", "--text", "E", "1"), ("decide", "--decision", "adopt", "--reason", "R", "1")):
        run("plus1", "experiment", verb, "--data", "data", *words, cwd=folder)


def main():
    with Folder() as folder:
        run("plus1", "registrar", "key", "--out", "reg", cwd=folder)
        election = Election(folder, 5, create=("--registrar", "reg.public"))
        server = Server(folder, "--set", "failures=0")  # all that is wrong comes from one address here
        election.load()
        text = ask(server, "GET", "/v1/openapi.json").body
        document = Document(text)
        walk = Walk(server, document, {"uuid": election.uuid})
        walk.ballot = vote(walk, election)
        walk.request = own_data(walk, election)
        codes(walk, walk.ballot)
        an_experiment(folder, election)
        walk.read_all()
        run("plus1", "export", "--data", "data", "--out", "now", election.uuid, cwd=folder)
        missing = {o.id for o in document.operations} - walk.answered
        ensure(not missing, f"never answered well: {missing}")

        forbidden = Forbidden(server, document, walk.values)
        for operation in document.operations:
            forbidden.of(operation)
        about = json.loads(ask(server, "GET", f"/v1/elections/{election.uuid}").body)
        same("nothing came in by it", (4, 2), (about["ballots"], about["voted"]))
        examples, vectors = examples_are_right(document), elections_of_others_fit(document)
        pages_of_other_sites_can_read_it(server)
        lines = the_curl_lines_of_the_page_work(server, walk)
        restored(walk, election)
        count(walk, election)
        same("exit", 0, walk.server.stop())
        walk.server = Server(folder, "--set", "failures=5")
        held_off(walk)
        same("exit", 0, walk.server.stop())
        shutil.rmtree(folder / "out")
    print(f"ok: {len(document.operations)} operations are as documented; {forbidden.sent} requests that the document forbids were refused as it says; "
          f"{examples} examples and {vectors} texts of other programs fit; {lines} lines of docs/api.md work")


main()
