#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// From the letter to "done", on a small phone: vote, change, next voter, a code that was used, the test, find back, the end.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { assert, built, kept, phone, source, stage } from "./browser.mjs";

const { Core } = await import(built("core.js"));

const set = await stage("plein");
const { codes, uuid, print } = set.votes.plein;
const variant = { language: process.argv[2] ?? "nl", dark: process.argv[3] === "dark", width: Number(process.argv[4] ?? 360) };
const shots = `vote-${variant.language}-${variant.dark ? "dark" : "light"}-${variant.width}`;
const p = await phone({ ...variant, shots });
const { page } = p;
const english = variant.language === "en";
const say = (nl, en) => (english ? en : nl);
const button = (nl, en, on = page) => on.getByRole("button", { name: say(nl, en), exact: true });
const title = (nl, en, on = page) => on.getByRole("heading", { level: 1, name: say(nl, en) }).waitFor();

/** plus1-verify sees what is in the ballot, too. */
async function byAnotherProgram(ballot, seed) {
    const folder = mkdtempSync(`${tmpdir()}/plus1-test.`);
    const setup = await fetch(`${set.url}/v1/elections/${uuid}/setup`);
    writeFileSync(`${folder}/${uuid}.bel`, Buffer.from(await setup.arrayBuffer()));
    const said = execFileSync(built("plus1-verify"), ["ballot", `${folder}/${uuid}.bel`, ballot, "--seed", seed], { encoding: "utf8" });
    assert.match(said, /Bankjes/);
    rmSync(folder, { recursive: true });
}

/** Whoever has all that the test shows lacks the code: the box takes it neither as it is nor signed by anything at hand. */
async function aTestedBallotCannotBeCast(tested) {
    const core = await Core.load(readFileSync(built("core.wasm")));
    const paper = await (await fetch(`${set.url}/v1/elections/${uuid}/paper`)).text();
    const election = core.parseElection(paper).value;
    const own = election.credential(codes[9]).value;
    const prepared = election.prepare(own.credential, [[1, 0, 0, 0], [1, 0, 0, 0]], new Uint8Array(32)).value;
    const { ballot } = election.sign(prepared, own.code, new Uint8Array(32)).value;
    const { hash, proof } = JSON.parse(ballot).signature;
    const signature = (h, p) => tested.replace(/}$/, `,"signature":{"hash":"${h}","proof":${JSON.stringify(p)}}}`);
    const code = await page.locator(".signs__first").textContent();
    const ofTested = await codeOf(tested);
    assert.ok(ofTested.startsWith(code.replace(" ", "")), "the code that the test shows");
    const attempts = [
        [tested, "ballot-unsigned"],
        [signature(hash, proof), "ballot-hash"],
        [signature(ofTested, proof), "ballot-signature"],
        [signature(ofTested, { challenge: "0", response: "0" }), "ballot-signature"],
    ];
    for (const [attempt, why] of attempts) {
        const answer = await fetch(`${set.url}/v1/elections/${uuid}/ballots`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: attempt,
        });
        assert.deepEqual([answer.status, (await answer.json()).type], [400, `/problems/${why}`]);
    }
}

/** The hash that a signature is over: of the ballot without it. */
async function codeOf(unsigned) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(unsigned));
    return Buffer.from(digest).toString("base64").replace(/=+$/, "");
}

/** What docs/auditor.md says to do gives the hash that the program prints. */
function theAppIsWhatTheProgramSays() {
    const [, recipe] = /```\n(mkdir app[^]*?)```/.exec(source("docs/auditor.md"));
    const cwd = mkdtempSync(`${tmpdir()}/plus1-app.`);
    const found = execFileSync("sh", ["-c", recipe.replaceAll("https://HOST", set.url).replace("UUID", uuid)], { cwd, encoding: "utf8" });
    const printed = execFileSync(built("plus1"), ["--version"], { encoding: "utf8" });
    assert.equal(found.slice(0, 64), /sha256 ([0-9a-f]{64})/.exec(printed)[1]);
    rmSync(cwd, { recursive: true });
}

/** All that is read changes with the language; what was chosen stays, and so does the code. */
async function theOtherLanguageAndBack() {
    for (const [link, lang, name, choice, help] of [
        [say("English", "Nederlands"), say("en", "nl"), say("Municipality of Emmen", "Gemeente Emmen"), say("Benches", "Bankjes"), say("Call 14", "Bel 14")],
        [say("Nederlands", "English"), say("nl", "en"), say("Gemeente Emmen", "Municipality of Emmen"), say("Bankjes", "Benches"), say("Bel 14", "Call 14")],
    ]) {
        await page.getByRole("link", { name: link }).click();
        await page.locator(".banner").getByText(name).waitFor();
        await page.locator("footer").getByText(help).waitFor();
        assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
        assert.ok(await page.getByLabel(choice).isChecked(), "the choice stays");
        assert.ok(await page.locator(".languages a:focus").count(), "the focus stays where it was");
    }
    await page.locator(".skip").evaluate((e) => e.click());
    assert.equal(page.url(), `${set.url}/s/${uuid}`, "past the frame, the address stays");
    assert.ok(await page.locator("main:focus").count());
}

const requests = [];
page.on("response", (r) => requests.push(r));

// ---- the first visit ----
await page.goto(set.link("plein", 0));
await title("Een nieuw plein voor Angelslo", "A new square for Angelslo");
assert.equal(page.url(), `${set.url}/s/${uuid}`, "the code left the address");
await page.waitForLoadState("networkidle");
const sizes = await Promise.all(requests.map(async (r) => (await r.request().sizes()).responseBodySize + (await r.request().sizes()).responseHeadersSize));
const bytes = sizes.reduce((sum, n) => sum + n, 0);
console.log(`first visit: ${requests.length} requests, ${bytes} bytes`);
assert.ok(requests.length <= 10 && bytes <= 150_000, "the first visit is small");
assert.ok(requests.every((r) => r.url().startsWith(set.url)), "nobody else is asked");
assert.ok(requests.every((r) => !r.headers()["set-cookie"]), "no cookie");
theAppIsWhatTheProgramSays();
assert.deepEqual([await page.locator("h1").count(), await page.getByText("JavaScript").count()], [1, 0], "what the server wrote made room");
const band = await page.locator(".banner").evaluate((e) => getComputedStyle(e).backgroundColor);
assert.equal(band, "rgb(242, 169, 0)", "the municipality's colour");
assert.ok(await page.locator(".banner img").evaluate((e) => e.naturalWidth > 0), "the municipality's logo");
await p.state("start");

// ---- the vote ----
await button("Beginnen", "Start").click();
await title("Wat moet er op het plein komen?", "What should be on the square?");
await p.state("question");
await button("Verder", "Next").click();
await p.state("question-nothing-chosen");
await page.getByLabel(say("Bankjes", "Benches")).check();
await theOtherLanguageAndBack();
await button("Verder", "Next").click();
await title("Welke straten maken we daarna groener?", "Which streets should be greener next?");
for (const street of ["Dorpsstraat", "Kerkweg", "Schoolpad"]) await page.getByLabel(street).check();
await button("Verder", "Next").click();
await p.state("question-too-many");
await page.getByLabel("Kerkweg").uncheck();
await page.goBack();
await title("Wat moet er op het plein komen?", "What should be on the square?");
assert.ok(await page.getByLabel(say("Bankjes", "Benches")).isChecked(), "back without loss");
await button("Verder", "Next").click();
await button("Verder", "Next").click();
await title("Klopt dit?", "Is this right?");
await button("Stem uitbrengen", "Cast my vote").and(page.locator(":not([aria-busy])")).waitFor();
await p.state("summary");
assert.ok(!(await kept(page)).includes(codes[0].slice(0, 11)), "the code is kept nowhere");

// ---- the test ----
await button("Eerst testen", "Test first").click();
await title("Test dit stembiljet", "Test this ballot");
await p.state("test");
const code = await page.locator(".signs__first").textContent();
const [other] = await Promise.all([p.context.waitForEvent("page"), page.getByRole("link", { name: say("Of bekijk", "Or look") }).click()]);
await title("Dit zit in het stembiljet", "This is in the ballot", other);
assert.equal(await other.locator(".signs__first").textContent(), code, "the rebuilt ballot has the code that was shown");
assert.ok((await other.locator(".chosen").textContent()).includes(say("Bankjes", "Benches")), "the test shows the choice");
assert.equal(other.url(), `${set.url}/s/${uuid}/test`, "the seed left the address");
await p.state("check", other);
await other.close();
await page.locator("summary").click();
const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: say("Bewaar", "Save") }).click()]);
const seed = /--seed ([0-9a-f]{64})/.exec(await page.locator("code").textContent())[1];
await p.state("test-other-program");
await byAnotherProgram(await file.path(), seed);
await aTestedBallotCannotBeCast(readFileSync(await file.path(), "utf8"));
await button("Klaar: maak een nieuw stembiljet", "Ready: make a new ballot").click();
await button("Stem uitbrengen", "Cast my vote").and(page.locator(":not([aria-busy])")).waitFor();
assert.notEqual(await page.locator(".signs__first").textContent(), code, "a fresh ballot after the test");

// ---- cast ----
await button("Stem uitbrengen", "Cast my vote").click();
await title("Uw stem zit in de stembus", "Your vote is in the ballot box");
await page.getByText(say("1 keer gestemd", "voted once")).waitFor();
await p.state("done");
await page.goBack();
await title("Uw stem zit in de stembus", "Your vote is in the ballot box");
const after = JSON.parse(await kept(page));
assert.ok(!JSON.stringify(after).includes('"ballot"'), "the ballot is gone once it is acknowledged");

// ---- find back ----
await button("Controleer", "Check").click();
await page.getByText(say("Deze stem telt.", "This vote counts.")).waitFor();
await page.getByText(say("De bevestiging van de stembus klopt.", "The confirmation of the ballot box is right.")).waitFor();
await page.getByText(say("De stembus is tot en met uw stem compleet.", "The ballot box is complete up to your vote.")).waitFor();
await p.state("find");
await button("Terug", "Back").click();

// ---- change ----
await button("Stem wijzigen", "Change my vote").click();
await page.getByLabel(say("Blanco", "Blank")).check();
await button("Verder", "Next").click();
await page.getByLabel("Molenlaan").check();
await button("Verder", "Next").click();
await button("Stem uitbrengen", "Cast my vote").and(page.locator(":not([aria-busy])")).click();
await page.getByText(say("2 keer gestemd", "voted 2 times")).waitFor();
await p.state("done-changed");
assert.equal(await page.getByText(say("Was u dit niet?", "Was that not you?")).count(), 0, "no false alarm");

// ---- the next voter, with a typed code ----
await button("Volgende stemmer", "Next voter").click();
await title("Een nieuw plein voor Angelslo", "A new square for Angelslo");
const left = await kept(page);
for (const trace of ["tracker", "Bankjes", ...codes.map((c) => c.slice(0, 11))]) assert.ok(!left.includes(trace), `${trace} is left`);
await page.getByText(print.slice(0, 5)).waitFor();
await p.state("code");
const typed = codes[0].replace(/-/g, " ").toLowerCase();
await page.getByLabel(say("Uw stemcode", "Your code")).fill(`${typed.slice(0, -1)}${typed.endsWith("2") ? "3" : "2"}`);
await button("Beginnen", "Start").click();
await page.getByRole("alert").waitFor();
await p.state("code-wrong");

// ---- a code that was used before, by somebody else ----
await page.getByLabel(say("Uw stemcode", "Your code")).fill(typed);
await button("Beginnen", "Start").click();
await page.getByText(say("Was u dit niet?", "Was that not you?")).waitFor();
await p.state("start-used");
await button("Beginnen", "Start").click();
await page.getByLabel(say("Bankjes", "Benches")).check();
await button("Verder", "Next").click();
await page.getByLabel("Molenlaan").check();
await button("Verder", "Next").click();
await button("Stem uitbrengen", "Cast my vote").and(page.locator(":not([aria-busy])")).click();
await page.getByText(say("Was u dit niet?", "Was that not you?")).waitFor();
await p.state("done-used");

// ---- another paper ----
await page.goto("about:blank");
await page.goto(set.link("plein", 1, "2222222222222222222222"));
await title("Deze stemming past niet bij uw brief", "This vote does not match your letter");
await page.locator("main").getByText(say("Bel 14 0591, op werkdagen", "Call 14 0591, on working days")).waitFor();
await p.state("other-paper");

// ---- closing while choosing ----
await page.goto("about:blank");
await page.goto(set.link("plein", 2));
await button("Beginnen", "Start").click();
await page.getByLabel(say("Bankjes", "Benches")).check();
await button("Verder", "Next").click();
await page.getByLabel("Molenlaan").check();
await button("Verder", "Next").click();
await set.tell("close plein");
await button("Stem uitbrengen", "Cast my vote").and(page.locator(":not([aria-busy])")).click();
await title("Het stemmen is gesloten", "Voting has closed");
await p.state("closed");
await button("Uw stem terugvinden", "Find your vote").click();
await page.goBack();
await title("Het stemmen is gesloten", "Voting has closed");

await p.close();
p.search(codes.slice(0, 3), true);
await set.end();
console.log("ok");
