// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// axe-core on pages, in Chromium: pages_axe.mjs URL PATH.. Exit 1, with what is wrong, if there is a violation, or if a page is wider
// than a screen of 320 px. With SHOTS=FOLDER it writes pictures too.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [url, ...paths] = process.argv.slice(2);
const shots = process.env.SHOTS;

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
// The pages allow no script of their own; what judges them comes from outside.
const context = await browser.newContext({ bypassCSP: true, locale: "nl-NL" });
const page = await context.newPage();
const wrong = [];
page.on("console", (m) => m.type() === "error" && !/404/.test(m.text()) && wrong.push(`${page.url()}: ${m.text()}`));

for (const path of paths) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(url + path);
    await page.evaluate(axe);
    for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() =>
            window.axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
        );
        for (const v of violations)
            wrong.push(`${path} ${colorScheme}: ${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" | ")}`);
        for (const width of shots ? [360, 768, 1280] : []) {
            await page.setViewportSize({ width, height: 900 });
            const name = `${path.replace(/[^\w]+/g, "_").slice(0, 60)}-${colorScheme}-${width}.png`;
            await page.screenshot({ path: `${shots}/${name}`, fullPage: true });
        }
    }
    await page.setViewportSize({ width: 320, height: 600 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) wrong.push(`${path}: ${width} px wide on a screen of 320`);
}
await browser.close();
if (wrong.length) {
    console.log(wrong.join("\n"));
    process.exitCode = 1;
}
