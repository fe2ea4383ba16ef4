#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages for people: each is well-formed, in its language, without script, and all its links lead somewhere. What a vote is called
cannot change a page; nothing shows a choice before the result; every problem that the server can name has its page."""
import base64
import hashlib
import html
import html.parser
import json
import re
import subprocess
import urllib.parse
import urllib.request

from lib import ROOT, Election, Folder, Server, ensure, run, same

CSP = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
APP_CSP = ("default-src 'none'; script-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; "
           "form-action 'none'; frame-ancestors 'none'; style-src 'self'")
VOID = {"meta", "link", "input", "img", "br"}
NAME = "</title><script>alert(1)</script> & \"Plein\""
QUESTION = "\"><img src=x onerror=alert(1)> 'Wat' \u202eomgekeerd?"
ANSWERS = ("<b>Bomen</b>", "Bankjes & bloemen")


class Page(html.parser.HTMLParser):
    """Reads a page and complains about what is wrong with it."""

    def __init__(self, where, text):
        super().__init__(convert_charrefs=True)
        self.where, self.text = where, text
        self.open, self.links, self.ids, self.words = [], [], [], []
        self.programs, self.styles = 0, []
        self.h1, self.title, self.lang, self.labels, self.fields = 0, "", None, set(), set()
        ensure(text.startswith("<!doctype html>\n"), f"{where}: doctype")
        self.feed(text)
        self.close()
        self.judge()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        same(f"{self.where}: attributes of {tag} once", len(attrs), len(values))
        ensure(tag not in ("iframe", "object", "base"), f"{self.where}: <{tag}>")
        self.programs += tag in ("script", "link") and values.get("href", values.get("src", "")).startswith("/app/")
        if tag == "script":
            ensure(values["src"].startswith("/app/") and values["integrity"].startswith("sha256-"), f"{self.where}: {values}")
        for name in values:
            ensure(name != "style" and not name.startswith("on"), f"{self.where}: {tag} {name}")
        if tag == "html":
            self.lang = values.get("lang")
        self.h1 += tag == "h1"
        self.links += [values[n] for n in ("href", "src", "action") if n in values]
        self.ids += [values["id"]] if "id" in values else []
        self.labels |= {values["for"]} if tag == "label" else set()
        self.fields |= {values["id"]} if tag == "input" and values.get("type") != "hidden" else set()
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        ensure(self.open and self.open[-1] == tag, f"{self.where}: </{tag}> in {self.open}")
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title += data
        elif self.open and self.open[-1] == "style":
            self.styles.append(data)
        elif data.strip():
            self.words.append(data)

    def judge(self):
        same(f"{self.where}: elements left open", [], self.open)
        same(f"{self.where}: h1", 1, self.h1)
        ensure(self.title.strip(" ·"), f"{self.where}: title")
        ensure(self.lang in ("nl", "en"), f"{self.where}: lang {self.lang}")
        same(f"{self.where}: ids once", len(self.ids), len(set(self.ids)))
        same(f"{self.where}: fields with a label", self.fields, self.labels)
        ensure("main" in self.ids and "#main" in self.links, f"{self.where}: skip link")
        ensure(re.search(r"\{\w+\}", self.text) is None, f"{self.where}: a place that is not filled")


class Board(Election):
    """A vote whose texts are hostile, with a registrar and a second person who sign notices."""

    def __init__(self, folder, municipality="Emmen"):  # pylint: disable=super-init-not-called
        folder.mkdir(exist_ok=True)
        (folder / "data").exists() or (folder / "data").symlink_to("../data")
        self.folder, self.municipality = folder, municipality
        run("plus1", "server", "key", "--data", "data", "--out", "receipts.public", cwd=folder)
        run("plus1", "election", "paper", "--name", NAME, "--description", "Een <i>plan</i>", "--question", QUESTION,
            "--answer", ANSWERS[0], "--answer", ANSWERS[1], "--blank", "--min", 1, "--max", 1, "--out", "paper.json", cwd=folder)
        run("plus1", "election", "draft", "--paper", "paper.json", "--out", "draft.json", cwd=folder)
        self.uuid = json.loads((folder / "draft.json").read_text())["uuid"]
        (folder / "roll.csv").write_text("id\n" + "".join(f"v{i}\n" for i in range(1, 251)))
        run("plus1", "credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out", "codes", cwd=folder)
        rows = [line.split(";") for line in (folder / "codes/codes.csv").read_text().splitlines()[1:]]
        self.code = {row[0]: row[-1] for row in rows}
        run("plus1", "trustee", "key", "--election", self.uuid, "--minimum", 1, "--test", "--out", "t1", cwd=folder)
        for who in ("reg", "sec"):
            run("plus1", "registrar", "key", "--out", who, cwd=folder)
        credentials = ("--credentials", "codes/public_credentials.json")
        run("plus1", "election", "bundle", "--draft", "draft.json", *credentials, "--box", self.uuid, "--opens", "2026-01-01T00:00:00Z",
            "--closes", "2098-12-31T00:00:00Z", "--minimum", 1, "--receipt-key", "receipts.public", "--out", "bundle.json", cwd=folder)
        run("plus1", "election", "create", "--draft", "draft.json", "--trustee", "t1.public.json", *credentials, "--bundle",
            "bundle.json", "--registrar", "reg.public", "--second", "sec.public", "--out", "box", cwd=folder)
        self.box = f"box/{self.uuid}.bel"
        run("plus1", "box", "load", "--data", "data", "--municipality", municipality, "--bundle", f"box/{self.uuid}.bundle.json",
            self.box, cwd=folder)

    def vote(self, server, voter, answer):
        """Casts, and gives the tracker as it stands in addresses."""
        status, said = server.cast(self, self.ballot(voter, ANSWERS[answer]))
        same("the vote is taken", 201, status)
        return said["tracker"].replace("+", "-").replace("/", "_")

    def notice(self, *command):
        """A notice is written beside a copy of the box as it is now, and taken."""
        served = ("--data", "data", self.uuid)
        run("plus1", "export", "--data", "data", "--out", "now", self.uuid, cwd=self.folder)
        run("plus1", "registrar", *command, "--box", f"now/{self.uuid}.bel", "--key", "reg.key", "--out", "notice", cwd=self.folder)
        run("plus1", "box", "notice", *served, "notice", cwd=self.folder)
        for file in [*(self.folder / "now").iterdir(), self.folder / "notice"]:
            file.unlink()

    def count(self):
        served = ("--data", "data", self.uuid)
        run("plus1", "box", "close", *served, cwd=self.folder)
        run("plus1", "box", "tally", *served, cwd=self.folder)
        run("plus1", "export", "--data", "data", "--out", "out", self.uuid, cwd=self.folder)
        run("plus1", "trustee", "decrypt", "--key", "t1.key", "--boxes", f"out/{self.uuid}.bel", "--out", "shares", cwd=self.folder)
        run("plus1", "share", "add", *served, f"shares/{self.uuid}.t1.share.json", cwd=self.folder)
        run("plus1", "result", "publish", *served, cwd=self.folder)


def get(server, path, **headers):
    status, fields, body = server.ask(path, headers=headers)
    return status, fields, body.decode()


def page(server, path, status=200, **headers):
    got, fields, text = get(server, path, **headers)
    same(f"{path}: status", status, got)
    same(f"{path}: type", "text/html; charset=utf-8", fields["Content-Type"])
    same(f"{path}: vary", "Accept-Language", fields["Vary"])
    ensure(fields["Set-Cookie"] is None, f"{path}: a cookie")
    read = Page(path, text)
    app = path.startswith("/s/")
    ensure(len(read.styles) == (1 if app else 0), f"{path}: styles in it: {read.styles}")
    hashes = [f" 'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in read.styles]
    same(f"{path}: policy", "".join([APP_CSP, *hashes]) if app else CSP, fields["Content-Security-Policy"])
    same(f"{path}: style, script and licences of the app", 3 if app else 0, read.programs)
    return read


def crawl(server, start):
    """All pages that can be reached, each judged; all else that is linked is there."""
    todo, seen = [start], {}
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        status, fields, body = server.ask(path)
        ensure(status == 200, f"{path}: {status}, linked from {seen.get('from ' + path, start)}")
        if not fields["Content-Type"].startswith("text/html"):
            seen[path] = None
            continue
        seen[path] = page(server, path)
        for link in seen[path].links:
            target = urllib.parse.urldefrag(urllib.parse.urljoin(path, link)).url
            if link.startswith(("mailto:", "#")):
                continue
            ensure(target.startswith("/"), f"{path}: a link elsewhere: {link}")
            seen.setdefault("from " + target, path)
            todo.append(target)
    return {path: p for path, p in seen.items() if isinstance(p, Page)}


def fields_of(server, path, method):
    request = urllib.request.Request(server.url + path, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        fields = dict(answer.headers)
        body = answer.read()
    fields.pop("Date")
    return fields, body


def headers(server, paths):
    for path in paths:
        got, body = fields_of(server, path, "GET")
        head, nothing = fields_of(server, path, "HEAD")
        same(f"{path}: HEAD", (got, b""), (head, nothing))
        ensure(body, f"{path}: a body")
        status, _, _ = get(server, path, **{"If-None-Match": got["ETag"]})
        same(f"{path}: not modified", 304, status)
        same(f"{path}: JSON is not here", 406, get(server, path, Accept="application/json")[0])


def languages(server, path):
    same("Dutch first", "nl", page(server, path).lang)
    same("by Accept-Language", "en", page(server, path, **{"Accept-Language": "en-GB, nl;q=0.5"}).lang)
    same("nl-BE is Dutch", "nl", page(server, path, **{"Accept-Language": "fr, nl-BE;q=0.8, en;q=0.3"}).lang)
    same("unknown ones", "nl", page(server, path, **{"Accept-Language": "fr, *;q=0.1"}).lang)
    english = page(server, path + "?lang=en", **{"Accept-Language": "nl"})
    same("by the address", "en", english.lang)
    votes = [link for link in english.links if link.startswith("/votes") and "lang=nl" not in link]
    ensure(votes and all("lang=en" in link for link in votes), f"links keep the language: {votes}")
    ensure(path + "?lang=nl" in english.links, "and there is one to the other")


def leafed(server, path):
    """A page and those that follow it; the last one is the one that the first one calls the last."""
    pages, last = [page(server, path)], None
    while following := re.search(r'href="([^"]+)">Volgende<', pages[-1].text):
        last = last or re.search(r'href="([^"]+)">Laatste<', pages[-1].text)[1]
        path = following[1].replace("&amp;", "&")
        pages.append(page(server, path))
    same("the last page", last, path if last else None)
    return pages


def paging(server, board):
    """Every event stands on one page, the pages are linked one after the other."""
    heights, trackers, codes = [], [], []
    for p in leafed(server, f"/votes/{board.uuid}/events"):
        heights += [int(n.replace(".", "")) for n in re.findall(r'<td class="place">([\d.]+)<', p.text)]
        trackers += re.findall(r"/ballots/([\w-]{43})", p.text)
    about = json.loads(server.ask(f"/v1/elections/{board.uuid}")[2])
    same("all events", list(range(about["events"])), heights)
    same("all ballots", about["ballots"], len(trackers))
    for p in leafed(server, f"/votes/{board.uuid}/credentials"):
        codes += re.findall(r"<li>([^<]+)</li>", p.text)
    same("all public codes", json.loads(server.ask(f"/v1/elections/{board.uuid}/credentials")[2]), codes)
    for wrong in ("x", "-1", "99999999999"):
        page(server, f"/votes/{board.uuid}/events?after={wrong}", 400)
    page(server, f"/votes/{board.uuid}/events?limit=3", 400)


def hostile(server, board):
    p = page(server, f"/votes/{board.uuid}")
    ensure("<script" not in p.text and "<img" not in p.text and "<b>" not in p.text, "texts are not markup")
    ensure("\u202e" not in p.text, "what turns the direction of text is gone")
    ensure(p.title.startswith(NAME), f"the name is said as it is: {p.title}")
    for text in (*ANSWERS, "Een <i>plan</i>"):
        ensure(any(text in words for words in p.words), f"said as it is: {text}")


def one_ballot(server, board, trackers):
    base = f"/votes/{board.uuid}/ballots"
    first, second, other, withdrawn = (trackers[k] for k in ("first", "second", "other", "withdrawn"))
    said = lambda path, status=200: " ".join(page(server, path, status).words)
    ensure("Deze stem is vervangen door een latere." in said(f"{base}/{first}"), "a replaced ballot")
    ensure(f"{base}/{second}" in page(server, f"{base}/{first}").links, "and the one that replaced it")
    for tracker in (second, other):
        ensure("Deze stem telt." in said(f"{base}/{tracker}"), "one that counts")
    ensure("ingetrokken" in said(f"{base}/{withdrawn}"), "a withdrawn one")
    pasted = urllib.parse.quote(f" {second.replace('-', '+').replace('_', '/')}= ")
    ensure("Deze stem telt." in said(f"{base}?tracker={pasted}"), "as it is pasted")
    for unknown in ("A" * 43, "short", "%3Cscript%3E"):
        p = page(server, f"{base}?tracker={unknown}", 404)
        ensure("unknown" in p.ids and "<script" not in p.text, "an unknown one")
    ensure("unknown" not in page(server, base).ids, "nothing is said before it is asked")


def silence(server, one, other, trackers):
    """Two boxes that differ in nothing but what was chosen look the same."""
    def seen(board, of):
        texts = []
        for end in ("", "/events", "/credentials", *(f"/ballots/{t}" for t in of)):
            text = page(server, f"/votes/{board.uuid}{end}").text
            texts.append(re.sub(r"(?<=<li>)[\d]{60,}|(?<=<li>)[0-9a-f]{64}|[\w-]{43}|[\w-]{8}…", "X", text.replace(board.uuid, "UUID")))
        return texts

    for a, b in zip(seen(one, trackers[0]), seen(other, trackers[1]), strict=True):
        same("nothing depends on what was chosen", a, b)
        ensure('class="result"' not in a and "<svg" not in a, "no result before its time")


def result(server, board):
    """12 voted for trees, one withdrawn: its neutral ballot stands as blank in Belenios' count, and is taken off here."""
    p = page(server, f"/votes/{board.uuid}")
    rows = re.findall(r'<th scope="row">(.*?)<svg.*?<td class="number">([\d.]+)</td>\s*<td class="number">([^<]+)<', p.text, re.S)
    same("the corrected result", [("&lt;b&gt;Bomen&lt;/b&gt;", "2", "66,7 %"), ("Bankjes &amp; bloemen", "1", "33,3 %"), ("Blanco", "0", "0,0 %")], rows)
    run("plus1", "export", "--data", "data", "--out", "check", board.uuid, cwd=board.folder)
    checked = json.loads(run("plus1-verify", "--json", f"check/{board.uuid}.bel", cwd=board.folder))["boxes"][0]
    same("as plus1-verify corrects it", [[0, 2, 1]], checked["corrected"])
    same("and its voters", 3, checked["correctedVoters"])
    ensure("3 van de 250 mensen" in " ".join(p.words), f"turnout: {p.words}")
    widths = re.findall(r'class="part" width="([\d.]+)"', p.text)
    same("bars", ["66.7", "33.3", "0.0"], widths)
    commands(server, board, p)


def commands(server, board, p):
    """"Count it yourself" as it is printed, with curl's work done by us: the verdict is VALID."""
    lines = html.unescape(re.search(r"<pre[^>]*>(.*?)</pre>", p.text, re.S)[1]).splitlines()
    folder = board.folder / "again"
    folder.mkdir()
    for line in lines[:-1]:
        out, url = re.fullmatch(r"curl -o (\S+) (\S+)", line).groups()
        ensure(url.startswith(server.url), f"our address: {url}")
        (folder / out).write_bytes(server.ask(url[len(server.url):])[2])
    run(*lines[-1].split(), cwd=folder, words="VALID: ")


def codes():
    """The codes of all problems that the sources can send by name."""
    found = set()
    for file in (*ROOT.glob("platform/*.[ch]"), *ROOT.glob("platform/*.def"), *ROOT.glob("experiments/**/*.c")):
        text = file.read_text()
        found |= set(re.findall(r'http_problem\(\s*\w+,\s*\d+,\s*"([a-z-]+)"', text))
        found |= set(re.findall(r'REFUSAL\(\w+,\s*\d+,\s*"([a-z-]+)"', text))
        found |= set(re.findall(r'\{P1_ERR_\w+,\s*\d+,\s*"([a-z-]+)"', text))
    return found


def problems(server):
    named = codes()
    ensure({"busy", "wait-a-minute", "unknown-experiment"} < named, f"codes are found: {sorted(named)}")
    for code in sorted(named):
        for language in ("nl", "en"):
            p = page(server, f"/problems/{code}?lang={language}")
            ensure('class="lead" lang="en"' not in p.text, f"{code} has texts")
            same(code, language, p.lang)
    for name in re.findall(r"P1_ERR\(ERR_(\w+)", (ROOT / "core/err.def").read_text()):
        page(server, f"/problems/{name.lower().replace('_', '-')}")
    for unknown in ("nothing", "ok", "ballot_hash", "%3Cb%3E", "a" * 200):
        page(server, f"/problems/{unknown}", 404)
    p = page(server, "/votes/Unknown1234567", 404)
    ensure("Er is hier geen stemming met dit nummer." in " ".join(p.words), "said in Dutch")
    p = page(server, "/votes/Unknown1234567", 404, **{"Accept-Language": "en"})
    ensure("There is no vote with this number here." in " ".join(p.words), "said in English")


def look(server, paths):
    """axe-core in Chromium: no violation on any page, light and dark, wide and narrow."""
    done = subprocess.run(["node", str(ROOT / "tests/server/pages_axe.mjs"), server.url, *paths], capture_output=True, text=True, check=False)
    ensure(done.returncode == 0, f"axe: {done.stdout[-3000:]}{done.stderr[-3000:]}")


def main():
    with Folder() as folder:
        (folder / "data").mkdir(mode=0o700)
        emmen = {"name": "Emmen", "path": "emmen", "colour": "#ffd400", "library": "elke dag", "email": "test@emmen.example", "help": "Bel 14 0591"}
        (folder / "data/plus1.json").write_text(json.dumps({"municipalities": [emmen]}))
        server = Server(folder)
        none = page(server, "/votes")
        ensure("Er zijn hier nu geen stemmingen." in none.words, "an empty list")
        one, other = Board(folder / "one"), Board(folder / "other")
        trackers = [[b.vote(server, "v1", c), b.vote(server, "v2", c)] for b, c in ((one, 0), (other, 1))]
        silence(server, one, other, trackers)

        names = {"other": trackers[0][1], "first": one.vote(server, "v3", 1), "second": one.vote(server, "v3", 1)}
        names["withdrawn"] = one.vote(server, "v4", 1)
        one.notice("withdraw", "--second", "sec.key", "--code", one.code["v4"])
        one.notice("extend", "--closes", "2099-06-30T18:00:00Z")
        one.notice("neutral", "--code", one.code["v4"], "--ballot-out", "neutral.json")
        same("the neutral ballot", 201, server.cast(one, (one.folder / "neutral.json").read_bytes())[0])
        for i in range(5, 35):
            other.vote(server, f"v{i}", 1)
        one_ballot(server, one, names)
        hostile(server, one)
        paging(server, one)
        paging(server, other)
        ensure(len(leafed(server, f"/votes/{other.uuid}/events")) > 1, "events on more than one page")
        problems(server)
        languages(server, f"/votes/{one.uuid}")
        ensure("dinsdag 30 juni 2099, 20.00 uur" in " ".join(page(server, f"/votes/{one.uuid}").words), "the later end, by clocks here")
        start = page(server, f"/s/{one.uuid}")
        ensure("In de bibliotheek: elke dag" in start.words and any("JavaScript" in w for w in start.words), "the letter's address without script")

        one.count()
        result(server, one)
        pages = crawl(server, "/votes")
        ensure(len(pages) > 20, f"pages: {sorted(pages)}")
        paths = [f"/votes/{one.uuid}", f"/votes/{other.uuid}", "/votes", f"/votes/{other.uuid}/events", f"/votes/{one.uuid}/credentials",
                 f"/votes/{one.uuid}/ballots/{names['first']}", f"/s/{other.uuid}", "/problems/busy"]
        headers(server, paths)
        look(server, [*paths, f"/votes/{one.uuid}?lang=en", "/votes/none"])
        same("exit", 0, server.stop())
    print(f"ok: {len(pages)} pages")


main()
