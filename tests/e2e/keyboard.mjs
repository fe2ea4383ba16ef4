#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What axe cannot see: from the letter to "done" with the keyboard alone, with the focus in sight; targets that a thumb can hit; a
// field with its error; forced colours and an enlarged page.
import { assert, phone, stage } from "./browser.mjs";

const set = await stage("plein");
const { uuid, codes } = set.votes.plein;
const p = await phone({ width: 320, height: 480, forcedColors: "active", shots: "keyboard" });
const { page } = p;

/** What has the focus: it must be to be seen, whole, and be drawn differently from before. */
async function focused() {
    const on = await page.evaluate(() => {
        const e = document.activeElement;
        const box = (e.closest("label") ?? e).getBoundingClientRect();
        const drawn = [e, e.closest("label")].filter(Boolean).some((x) => getComputedStyle(x).outlineStyle !== "none");
        const target = e.closest("label") ?? e;
        const inText = getComputedStyle(target).display === "inline";
        return { name: e.textContent || e.labels?.[0]?.textContent, heading: e.tagName === "H1", box: box.toJSON(), drawn, inText };
    });
    if (on.heading) return on;
    assert.ok(on.drawn, `the focus is drawn on ${on.name}`);
    assert.ok(on.box.top >= 0 && on.box.bottom <= 480 + 1, `${on.name} is in sight`);
    if (!on.inText) assert.ok(on.box.height >= 43 && on.box.width >= 43, `${on.name} is large enough`);
    return on;
}

/** With Tab, to what has this name. */
async function tabTo(name) {
    for (let i = 0; i < 20; i++) {
        await page.keyboard.press("Tab");
        if ((await focused()).name?.startsWith(name)) return;
    }
    assert.fail(`Tab does not lead to ${name}`);
}

async function heading(name) {
    await page.getByRole("heading", { level: 1, name }).and(page.locator(":focus")).waitFor();
}

await page.goto(`${set.url}/s/${uuid}`);
await heading("Een nieuw plein voor Angelslo");
await tabTo("Uw stemcode");
await page.keyboard.type(`${codes[0].slice(0, -1)}${codes[0].endsWith("2") ? "3" : "2"}`);
await page.keyboard.press("Enter");
await page.getByRole("alert").waitFor();
const field = page.getByLabel("Uw stemcode");
const describing = await field.evaluate((e) => e.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent));
assert.ok(describing[0].startsWith("Deze code klopt niet."), "the error belongs to its field");
await p.state("code-wrong");
await field.fill("");
await page.keyboard.type(codes[0]);
await page.keyboard.press("Enter");
await heading("Wat moet er op het plein komen?");
await tabTo("Bomen en gras");
await page.keyboard.press("ArrowDown");
await p.state("question");
await tabTo("Verder");
await page.keyboard.press("Enter");
await heading("Welke straten maken we daarna groener?");
await tabTo("Molenlaan");
await page.keyboard.press("Space");
await p.state("question-two");
await tabTo("Verder");
await page.keyboard.press("Enter");
await heading("Klopt dit?");
await page.getByText("Bankjes").waitFor();
await tabTo("Stem uitbrengen");
await p.state("summary");
await page.getByRole("button", { name: "Stem uitbrengen" }).and(page.locator(":not([aria-busy])")).waitFor();
await page.keyboard.press("Enter");
await heading("Uw stem zit in de stembus");
await p.state("done");
await p.close();

// Typed, the code is nowhere at all: not in the list of addresses either.
p.search(codes.slice(0, 1), false);
await set.end();
console.log("ok");
