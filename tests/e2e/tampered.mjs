#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A server, or somebody on the way, that shows one voter something else: another paper, other terms, a receipt or a chain that is
// not right, another program. The app says so, and sends no vote where the paper is not the letter's.
import { assert, phone, stage } from "./browser.mjs";

const set = await stage("brug");
const { uuid, codes, print } = set.votes.brug;
const p = await phone({ shots: "tampered" });
const { page } = p;
const api = (what) => `**/v1/elections/${uuid}${what}`;

const title = (name) => page.getByRole("heading", { level: 1, name }).waitFor();
const press = (name) => page.getByRole("button", { name, exact: true }).click();

/** While RUN runs, answers from PATH are as CHANGE makes them. */
async function changed(path, change, run) {
    let times = 0;
    await page.route(path, async (route) => {
        const answer = await route.fetch();
        const before = await answer.text();
        const after = change(before);
        assert.notEqual(after, before, "something is changed");
        times++;
        await route.fulfill({ response: answer, body: after });
    });
    await run();
    assert.ok(times > 0, `${path} was asked for`);
    await page.unroute(path);
}

async function open(link) {
    await page.goto("about:blank");
    await page.goto(link);
}

async function cast(voter) {
    await open(set.link("brug", voter));
    await press("Beginnen");
    await page.getByLabel("Ja", { exact: true }).check();
    await press("Verder");
    await page.getByRole("button", { name: "Stem uitbrengen" }).and(page.locator(":not([aria-busy])")).click();
    await title("Uw stem zit in de stembus");
}

const ballots = [];
page.on("request", (r) => r.method() === "POST" && ballots.push(r.url()));

async function anotherPaperIsRefused() {
    await changed(api("/paper"), (t) => t.replace('"Nee"', '"Noo"'), async () => {
        await open(set.link("brug", 0));
        await title("Deze stemming past niet bij uw brief");
        await open(`${set.url}/s/${uuid}`);
        await page.getByText("Staan in uw brief ook de tekens").waitFor();
        const shown = await page.locator("form").textContent();
        assert.ok(!shown.includes(print.slice(0, 5)), "who types the code sees other signs than in the letter");
    });
}

async function otherTermsAreRefused() {
    await changed(api("/bundle"), (t) => t.replace(/"minimum":\d+/, '"minimum":99'), async () => {
        await open(set.link("brug", 0));
        await title("Deze stemming past niet bij uw brief");
    });
    assert.deepEqual(ballots, [], "no vote was sent");
}

async function aWrongReceiptIsSaid() {
    let earlier;
    const wrong = (t) => {
        earlier = JSON.parse(t).receipt;
        return t.replace(/"response":"(\d)/, (_, d) => `"response":"${(Number(d) + 1) % 9 || 1}`);
    };
    await changed(api("/ballots"), wrong, async () => {
        await cast(1);
        await page.getByText("De bevestiging van de stembus klopt niet.").waitFor();
        await p.state("receipt-wrong");
    });
    const ofAnotherBallot = (t) => JSON.stringify({ ...JSON.parse(t), receipt: earlier });
    await changed(api("/ballots"), ofAnotherBallot, async () => {
        await cast(2);
        await page.getByText("De bevestiging van de stembus klopt niet.").waitFor();
    });
}

async function aBrokenChainIsSaid() {
    await cast(3);
    const wrong = (t) => t.replace(/("type":"Ballot","event":")(.)/, (_, head, d) => head + (d === "0" ? "1" : "0"));
    await changed(api("/events*"), wrong, async () => {
        await press("Controleer");
        await page.getByText("Er mist iets in de stembus.").waitFor();
        await p.state("chain-wrong");
        await press("Terug");
    });
    const elsewhere = (t) => t.replace(/"height":\d+/, '"height":1').replace(/"event":"./, '"event":"x');
    await changed(api("/ballots/*"), elsewhere, async () => {
        await press("Controleer");
        await page.getByText("De bevestiging klopt niet met de stembus.").waitFor();
        await press("Terug");
    });
    await press("Controleer");
    await page.getByText("De stembus is tot en met uw stem compleet.").waitFor();
    await page.getByLabel("Uw volgcode").fill("A".repeat(43));
    await press("Zoeken");
    await page.getByText("Deze stem zit niet in de stembus.").waitFor();
    await p.state("find-none");
}

async function anotherProgramDoesNotRun() {
    await page.route("**/app/core.*", async (route) => {
        const answer = await route.fetch();
        const section = Buffer.from([0, 2, 1, 97]); // named "a", of no meaning: it would run
        await route.fulfill({ response: answer, body: Buffer.concat([await answer.body(), section]) });
    });
    await open(set.link("brug", 4));
    await title("Stemmen lukt hier niet");
    await page.unroute("**/app/core.*");
    await page.route("**/app/app.*.js", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: `${await answer.text()}//` });
    });
    await open(set.link("brug", 4));
    await page.waitForLoadState("networkidle");
    assert.ok(page.url().includes(codes[4]), "nothing ran, not even what cleans the address");
}

await anotherPaperIsRefused();
await otherTermsAreRefused();
await aWrongReceiptIsSaid();
await aBrokenChainIsSaid();
await anotherProgramDoesNotRun();
await p.close(/integrity|digest/);
await set.end();
console.log("ok");
