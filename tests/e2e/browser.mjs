// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the walks share: the stage with its server, a browser, pictures and axe-core on each state, and the search for secrets.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const build = resolve(process.env.P1_BUILD ?? `${root}build`);
const packages = createRequire(`${root}web/package.json`);
const { chromium } = packages("playwright-core");
const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8");

const CHROMIUM = "/usr/bin/chromium";
const SKIPPED = 77;

/** A server with these votes (stage.py). */
export async function stage(...votes) {
    if (!existsSync(CHROMIUM)) process.exit(SKIPPED);
    const child = spawn(`${root}tests/e2e/stage.py`, votes, { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const read = async () => {
        const { value, done } = await lines.next();
        if (done) throw new Error("the stage fell over");
        return JSON.parse(value);
    };
    const about = await read();
    return {
        ...about,
        link: (name, voter, print = about.votes[name].print) =>
            `${about.url}/s/${about.votes[name].uuid}#${about.votes[name].codes[voter]}.${print}`,
        async tell(line) {
            child.stdin.write(`${line}\n`);
            await read();
        },
        async end() {
            child.stdin.end();
            await new Promise((resolve) => child.on("close", resolve));
        },
    };
}

/** Width, height, language, dark, and what Playwright knows. SHOTS: the folder in the build's folder for pictures; empty: none are made. */
export async function phone({ width = 360, height = 640, language = "nl", dark = false, shots = "", ...more } = {}) {
    const profile = mkdtempSync(`${tmpdir()}/plus1-profile.`);
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: CHROMIUM,
        args: ["--no-sandbox"],
        viewport: { width, height },
        locale: language,
        colorScheme: dark ? "dark" : "light",
        timezoneId: "America/New_York", // times are the Netherlands', wherever the phone is
        reducedMotion: "reduce",
        ...more,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    const wrong = [];
    context.on("console", (m) => {
        const expected = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION_REFUSED|status of (403|404|409|429|503)/;
        if (m.type() === "error" && !expected.test(m.text())) wrong.push(m.text());
    });
    context.on("weberror", (e) => wrong.push(String(e.error())));
    const folder = shots && `${build}/shots/${shots}`;
    if (folder) {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
    }
    let count = 0;
    return {
        context,
        page,
        profile,
        /** A state is reached: is it right for everybody, and what does it look like? */
        async state(name, on = page) {
            await on.evaluate(axe);
            const { violations } = await on.evaluate(() =>
                globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
            );
            const said = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`);
            if (folder) {
                const file = `${folder}/${String(++count).padStart(2, "0")}-${name}.png`;
                await on.screenshot({ path: file, fullPage: true });
            }
            assert.deepEqual(said, [], `axe on ${name}`);
            const wide = await on.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
        },
        /** EXPECTED: what the console may say. */
        async close(expected = /^$/) {
            await context.close();
            const said = wrong.filter((w) => !expected.test(w));
            assert.deepEqual(said, [], "the console is clean");
        },
        /**
         * After close(): none of these is in what the browser wrote. SCANNED: but for its list of addresses that were visited, in which
         * Chromium writes a link as it was scanned, before any page can clean it.
         */
        search(secrets, scanned) {
            for (const file of files(profile)) {
                if (scanned && /\/(History(-journal)?|Sessions\/.*|ukm_db(-wal|-journal)?|Favicons(-journal)?|Top Sites(-journal)?)$/.test(file)) continue;
                const bytes = readFileSync(file);
                for (const secret of secrets) assert.ok(!holds(bytes, secret), `${secret} is in ${file}`);
            }
            rmSync(profile, { recursive: true, force: true });
        },
    };
}

function* files(folder) {
    for (const entry of readdirSync(folder)) {
        const path = `${folder}/${entry}`;
        const kind = statSync(path, { throwIfNoEntry: false });
        if (kind?.isDirectory()) yield* files(path);
        else if (kind?.isFile()) yield path;
    }
}

const holds = (bytes, text) => bytes.includes(text) || bytes.includes(Buffer.from(text, "utf16le"));

/** What a page keeps: storage, databases and the addresses of its history. */
export function kept(page) {
    return page.evaluate(async () => {
        const databases = [];
        for (const { name } of await indexedDB.databases()) {
            const wait = (r) => new Promise((resolve) => (r.onsuccess = () => resolve(r.result)));
            const db = await wait(indexedDB.open(name));
            for (const store of db.objectStoreNames) databases.push(await wait(db.transaction(store).objectStore(store).getAll()));
            db.close();
        }
        const caches_ = await Promise.all((await caches.keys()).map(async (k) => (await (await caches.open(k)).keys()).map((r) => r.url)));
        return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, caches_, location.href, history.state, document.cookie]);
    });
}

/** A file of the build's folder. */
const built = (name) => `${build}/${name}`;

/** A file of the sources. */
const source = (name) => readFileSync(`${root}${name}`, "utf8");

export { assert, built, source };
