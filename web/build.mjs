// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Makes the resident's app: all that a browser gets, as C (experiments/stem/app.h). The same sources give the same bytes.
//
// Usage: build.mjs CORE_WASM TEXTS_JSON OUT.c DEPFILE
//
// Each file but the licences has a part of its SHA-256 in its name, so that it can be kept for ever; the head of the server's pages
// says what must be in them (subresource integrity), the script says it of core.wasm. The app's hash is the SHA-256 of what `sha256sum`
// prints for the files and that head, sorted by name.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const [wasmPath, textsPath, outPath, depPath] = process.argv.slice(2);
const web = dirname(fileURLToPath(import.meta.url));
const BROWSERS = ["chrome97", "firefox102", "safari16"]; // the first with wasm under a strict policy

const sources = new Set();
const assets = [];

const sha256 = (bytes, form) => createHash("sha256").update(bytes).digest(form);
const integrity = (bytes) => `sha256-${sha256(bytes, "base64")}`;

function add(stem, ending, type, bytes) {
    const name = `${stem}.${sha256(bytes, "hex").slice(0, 16)}.${ending}`;
    assets.push({ name, type, bytes, lasts: true });
    return { url: `/app/${name}`, integrity: integrity(bytes) };
}

async function bundle(entry, format, define = {}) {
    const { outputFiles, metafile } = await build({
        entryPoints: [join(web, "app", entry)],
        absWorkingDir: web,
        bundle: true,
        charset: "utf8",
        define,
        format,
        jsx: "automatic",
        jsxImportSource: "preact",
        legalComments: "none", // all licences are in one file
        metafile: true,
        minify: true,
        outdir: "out",
        target: BROWSERS,
        tsconfigRaw: {},
        write: false,
    });
    for (const source of Object.keys(metafile.inputs)) sources.add(join(web, source));
    return Buffer.from(outputFiles[0].contents);
}

/** The licences of what came from npm into the files, each once. */
function licences() {
    const folders = [...sources].map((s) => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(s)?.[0]).filter(Boolean);
    const texts = new Map();
    for (const folder of [...new Set(folders)].sort()) {
        const name = folder.replace(/^.*\/node_modules\//, "");
        const text = ["LICENSE", "LICENSE.md"].map((f) => tryRead(join(folder, f))).find((t) => t) ?? "";
        if (!text) throw new Error(`${name} has no licence`);
        texts.set(text, [...(texts.get(text) ?? []), name]);
    }
    return Buffer.from([...texts].map(([text, names]) => `${names.join("\n")}\n\n${text.trim()}\n`).join("\n\n"));
}

function tryRead(path) {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return "";
    }
}

const wasm = add("core", "wasm", "application/wasm", readFileSync(wasmPath));
const worker = add("vault", "js", "text/javascript; charset=utf-8", await bundle("vault.ts", "iife"));
const style = add("app", "css", "text/css; charset=utf-8", await bundle("app.css", "esm"));
const script = add(
    "app",
    "js",
    "text/javascript; charset=utf-8",
    await bundle("main.tsx", "esm", {
        CATALOGUES: readFileSync(textsPath, "utf8"),
        WASM: JSON.stringify(wasm),
        VAULT: JSON.stringify(worker.url),
    }),
);
assets.push({ name: "licences.txt", type: "text/plain; charset=utf-8", bytes: licences() });

// What pages say to run it, in lines that each name a file; `licences` is there for those who look, and so that it is found.
const head = [
    `<link rel="stylesheet" href="${style.url}" integrity="${style.integrity}">`,
    `<script type="module" src="${script.url}" integrity="${script.integrity}"></script>`,
    '<link rel="license" href="/app/licences.txt">',
]
    .map((line) => `${line}\n`)
    .join("");

// ---- as C ----

const packed = (bytes) => ({
    plain: bytes,
    br: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    gzip: gzipSync(bytes, { level: 9 }),
});

function array(name, bytes) {
    const rows = [];
    for (let i = 0; i < bytes.length; i += 64) rows.push(bytes.subarray(i, i + 64).join(","));
    return `static const unsigned char ${name}[] = {\n${rows.join(",\n")}};\n`;
}

assets.sort((a, b) => (a.name < b.name ? -1 : 1));
const sums = [...assets, { name: "head.html", bytes: head }].sort((a, b) => (a.name < b.name ? -1 : 1));
const list = sums.map((a) => `${sha256(a.bytes, "hex")}  ${a.name}\n`).join("");
let c = '// Made by web/build.mjs.\n#include "experiments/stem/app.h"\n';
const rows = assets.map((a, i) => {
    const forms = Object.entries(packed(a.bytes)).map(([form, bytes]) => {
        c += array(`${form}_${i}`, bytes);
        return `{${form}_${i}, sizeof ${form}_${i}}`;
    });
    return `    {"${a.name}", "${a.type}", ${a.lasts ? 1 : 0}, ${forms.join(", ")}},\n`;
});
c += `const struct app_asset app_assets[] = {\n${rows.join("")}};\n`;
c += `const size_t app_asset_count = ${assets.length};\n`;
c += `const char app_head[] = ${JSON.stringify(head)};\n`;
c += `const char app_hash[] = "${sha256(list, "hex")}";\n`;
writeFileSync(outPath, c);
writeFileSync(depPath, `${outPath}: ${[...sources].sort().join(" ")}\n`);
