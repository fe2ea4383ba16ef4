// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The cases of core.mjs once more, in a page of Debian's Chromium, under the policy that our pages have.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { SKIPPED, built, cases, elections, packages, source } from "./native.mjs";

const chromiumPath = "/usr/bin/chromium";
if (!existsSync(chromiumPath) || !existsSync(built("core.js"))) process.exit(SKIPPED);
const { chromium } = createRequire(packages)("playwright-core");

const files = new Map([
    ["/", ["text/html", "<!doctype html><title>core.wasm</title>"]],
    ["/core.js", ["text/javascript", readFileSync(built("core.js"))]],
    ["/core.wasm", ["application/wasm", readFileSync(built("core.wasm"))]],
    ["/cases.mjs", ["text/javascript", source("tests/wasm/cases.mjs")]],
    ["/made.json", ["application/json", JSON.stringify(cases(1000, 1))]],
    ["/elections.json", ["application/json", JSON.stringify(elections())]],
]);

const server = createServer((request, response) => {
    const [type, body] = files.get(request.url) ?? ["text/plain", ""];
    response.writeHead(body ? 200 : 404, {
        "Content-Type": type,
        "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    });
    response.end(body);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

/** Runs in the page. */
async function run() {
    const { Core } = await import("/core.js");
    const { judge, remake } = await import("/cases.mjs");
    const [wasm, made, elections] = await Promise.all([
        fetch("/core.wasm").then((r) => r.arrayBuffer()),
        fetch("/made.json").then((r) => r.json()),
        fetch("/elections.json").then((r) => r.json()),
    ]);
    const core = await Core.load(wasm);
    for (const c of made) remake(core, c);
    for (const e of elections) judge(core, e);
    const ballots = elections.reduce((sum, e) => sum + e.ballots.length, 0);
    return `${made.length} cases, ${elections.length} elections with ${ballots} ballots: as the native core`;
}

const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    console.log(`Chromium ${browser.version()}: ${await page.evaluate(run)}`);
} finally {
    await browser.close();
    server.close();
}
