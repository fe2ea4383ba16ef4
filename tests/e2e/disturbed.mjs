#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What may come between a voter and the ballot box: no network, answers that are lost, a server that restarts, reloads, two tabs,
// the end of the vote, a browser without what is needed.
import { assert, kept, phone, stage } from "./browser.mjs";

const set = await stage("brug", "lijst", "later", "kort");
const p = await phone({ shots: "disturbed" });
const { page, context } = p;
const { uuid, codes } = set.votes.brug;
const ballots = `**/v1/elections/${uuid}/ballots`;

/** By looking again and again: in a page behind another one waitFor() waits for ever. */
async function seen(locator) {
    for (const end = Date.now() + 30_000; !(await locator.isVisible()); await new Promise((go) => setTimeout(go, 50)))
        assert.ok(Date.now() < end, `not seen: ${locator}`);
}

const title = (name, on = page) => seen(on.getByRole("heading", { level: 1, name }));
const press = (name, on = page) => on.getByRole("button", { name, exact: true }).click();
const castButton = (on) => on.getByRole("button", { name: "Stem uitbrengen" }).and(on.locator(":not([aria-busy])"));
const times = (n, on = page) => seen(on.getByText(`is ${n} keer gestemd`));

async function open(link, on = page) {
    await on.bringToFront(); // a page behind another one hardly runs
    await on.goto("about:blank");
    await on.goto(link);
}

/** To the summary of the vote about the bridge. */
async function choose(answer, on = page) {
    await press("Beginnen", on);
    await on.getByLabel(answer, { exact: true }).check();
    await press("Verder", on);
    await seen(castButton(on));
}

// ---- the vote that is about to end, meanwhile ----
const late = await context.newPage();
await open(set.link("kort", 0), late);
await choose("Ja", late);

// ---- no network before casting, and back ----
await open(set.link("brug", 0));
await choose("Ja");
await context.setOffline(true);
await castButton(page).click();
await seen(page.getByText("Er is nu geen verbinding."));
await p.state("sending-offline");
await context.setOffline(false);
await title("Uw stem zit in de stembus");
await times(1);

// ---- the answer is lost, then the server is busy: the same ballot is sent again, and is one vote ----
await open(set.link("brug", 1));
await choose("Nee");
let tries = 0;
const sent = new Set();
await page.route(ballots, async (route) => {
    sent.add(route.request().postData());
    tries++;
    if (tries === 1) {
        await route.fetch();
        await route.abort();
    } else if (tries === 2) await route.fulfill({ status: 503, headers: { "Retry-After": "3" }, body: "{}" });
    else await route.continue();
});
await castButton(page).click();
await seen(page.getByText("Het is druk bij de stembus."));
await title("Uw stem zit in de stembus");
await times(1);
assert.deepEqual([tries, sent.size], [3, 1], "the same bytes, three times");
await page.unroute(ballots);

// ---- the page is closed while the ballot waits; it is sent when the page is opened again, without the code ----
const first = await context.newPage();
await open(set.link("brug", 2), first);
await choose("Ja", first);
await set.tell("stop");
await castButton(first).click();
await seen(first.getByText("Er is nu geen verbinding."));
assert.ok((await kept(first)).includes("election_uuid"), "the finished ballot waits");
assert.ok(!(await kept(first)).includes(codes[2]), "without its code");
await first.close();
await set.tell("start");
await open(`${set.url}/s/${uuid}`);
await title("Uw stem zit in de stembus");
await times(1);
assert.ok(!(await kept(page)).includes("election_uuid"), "it waits no more");
await press("Volgende stemmer");
await page.waitForURL("**/s");

// ---- several votes at one address ----
await title("Waarover wilt u stemmen?");
await p.state("votes");
await page.getByRole("link", { name: "De brug bij de haven" }).first().click();
await title("De brug bij de haven");

// ---- a reload while choosing: the choice is there, the code is not ----
await open(set.link("brug", 3));
await choose("Nee");
await page.reload();
await seen(page.getByText("Uw keuzes staan er nog."));
await p.state("start-reloaded");
await page.getByLabel("Uw stemcode").fill(codes[3]);
await press("Beginnen");
await seen(page.getByLabel("Nee", { exact: true }).and(page.locator(":checked")));
await page.reload();
await seen(page.getByLabel("Uw stemcode"));

// ---- a letter of somebody else scanned in the same tab ----
await page.evaluate((link) => (location.href = link), set.link("brug", 4));
await page.waitForURL((url) => url.hash === "");
await page.getByLabel("Uw stemcode").waitFor({ state: "detached" });
await seen(page.getByRole("button", { name: "Beginnen" }));
await choose("Ja");
await castButton(page).click();
await times(1);

// ---- the same code in two tabs; who casts second is told ----
const [a, b] = [await context.newPage(), await context.newPage()];
for (const tab of [a, b]) {
    await open(set.link("brug", 5), tab);
    await choose("Ja", tab);
}
await castButton(a).dispatchEvent("click");
await times(1, a);
await castButton(b).dispatchEvent("click");
await times(2, b);
await seen(b.getByText("Was u dit niet?"));
await a.close();
await b.close();

// ---- lists of candidates ----
await open(set.link("lijst", 0));
await press("Beginnen");
await page.getByLabel("Kandidaat 1").check();
await page.getByLabel("Kandidaat 5").check();
assert.ok(!(await page.getByLabel("Kandidaat 1").isChecked()), "only one list");
await page.getByLabel("Kandidaat 4").check();
await p.state("lists");
await press("Verder");
await seen(castButton(page));
await p.state("lists-summary");
await castButton(page).click();
await times(1);

// ---- a code of another vote; what is not there; what has not begun ----
await open(`${set.url}/s/${uuid}#${set.votes.lijst.codes[1]}.${set.votes.brug.print}`);
await seen(page.getByText("Deze code hoort niet bij deze stemming."));
await p.state("code-of-another-vote");
// The same if the server says it only when it gets the ballot.
await page.route(`**/v1/elections/${uuid}/codes`, (route) => route.abort());
await open(`${set.url}/s/${uuid}#${set.votes.lijst.codes[1]}.${set.votes.brug.print}`);
await choose("Ja");
await castButton(page).click();
await seen(page.getByText("Deze code hoort niet bij deze stemming."));
await p.state("refused");
await page.unroute(`**/v1/elections/${uuid}/codes`);
await open(`${set.url}/s/Unknown1234567`);
await title("Deze stemming is hier niet");
await p.state("unknown");
await open(set.link("later", 0));
await seen(page.getByText("U kunt nog niet stemmen"));
await p.state("early");

// ---- the end, while choosing ----
await late.bringToFront();
await title("Het stemmen is gesloten", late);
await seen(late.getByText("Uw keuze is niet verstuurd."));
await p.state("closed-while-choosing", late);

// ---- a browser without WebAssembly ----
await page.route("**/app/vault.*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `delete self.WebAssembly;${await answer.text()}` });
});
await open(set.link("brug", 6));
await title("Stemmen lukt hier niet");
await p.state("no-wasm");
await p.close();
p.search(codes.slice(0, 7), true);

// ---- without script ----
const plain = await phone({ javaScriptEnabled: false });
await plain.page.goto(set.link("brug", 6));
await seen(plain.page.getByText("uw browser voert geen programma van deze pagina uit"));
await seen(plain.page.getByRole("heading", { level: 1, name: "De brug bij de haven" }));
await plain.close();
await set.end();
console.log("ok");
