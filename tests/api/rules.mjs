#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The document of the API keeps to rules.yaml; and each of its rules is broken once here, and must be the one that says so.
// Usage: rules.mjs BUILD, the folder in which `document` was built.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const build = process.argv[2] ?? join(here, "../../build");

const text = execFileSync(join(build, "document"), { encoding: "utf8" });
const events = (d) => d.paths["/elections/{uuid}/events"].get;
const cast = (d) => d.paths["/elections/{uuid}/ballots"].post;
const own = (d) => d.paths["/openapi.json"].get;
const move = (d, to) => {
    d.paths[to] = d.paths["/elections"];
    delete d.paths["/elections"];
};

// Of the right document, as much as the broken ones need.
const small = JSON.parse(text);
for (const path of Object.keys(small.paths)) {
    if (!/^\/(openapi\.json|elections|elections\/\{uuid\}\/(events|ballots))$/.test(path)) delete small.paths[path];
    for (const operation of Object.values(small.paths[path] ?? {}))
        for (const status of Object.keys(operation.responses)) if (!/^(2..|400|414|503)$/.test(status)) delete operation.responses[status];
}
cast(small).requestBody.content["application/json"] = { schema: { type: "object" } };

// How a right document is made to break a rule; a reference is replaced, so that nothing else changes.
const broken = {
    "oas3-schema": (d) => (d.info.title = 5),
    "oas3-api-servers": (d) => (d.servers = []),
    "oas3-valid-media-example": (d) => (own(d).responses["200"].content["application/json"].example = { openapi: 3 }),
    "oas3-valid-schema-example": (d) => (events(d).parameters[1].schema.example = "x"),
    "operation-operationId-unique": (d) => (own(d).operationId = "castBallot"),
    "operation-operationId-valid-in-url": (d) => (own(d).operationId = "get it"),
    "operation-parameters": (d) => events(d).parameters.push({ ...events(d).parameters[1] }),
    "operation-tag-defined": (d) => (own(d).tags = ["nothing"]),
    "openapi-tags-uniqueness": (d) => d.tags.push({ ...d.tags[0] }),
    "path-params": (d) => (events(d).parameters = events(d).parameters.slice(1)),
    "path-declarations-must-exist": (d) => (d.paths["/elections/{}/events"] = d.paths["/elections"]),
    "path-not-include-query": (d) => move(d, "/elections?all"),
    "typed-enum": (d) => d.components.schemas.Election.properties.stage.enum.push(7),
    "duplicated-entry-in-enum": (d) => d.components.schemas.Election.properties.stage.enum.push("open"),
    "core/doc-openapi": (d) => (d.openapi = "3.1"),
    "core/doc-openapi-contact": (d) => delete d.info.contact.email,
    "core/doc-openapi-contact-there": (d) => delete d.info.contact,
    "core/publish-openapi": (d) => delete own(d).responses["200"].headers["Access-Control-Allow-Origin"],
    "core/semver": (d) => (d.info.version = "1.0"),
    "core/uri-version": (d) => (d.servers[0].url = "/api"),
    "core/transport/tls": (d) => (d.servers[0].url = "http://example.org/v1"),
    "core/no-trailing-slash": (d) => move(d, "/elections/"),
    "core/path-segments-kebab-case": (d) => move(d, "/allElections"),
    "core/query-keys-camel-case": (d) => (events(d).parameters[1].name = "after_height"),
    "core/http-methods": (d) => (d.paths["/elections"].trace = d.paths["/elections"].get),
    "core/http-safety": (d) => (own(d).requestBody = cast(d).requestBody),
    "core/version-header": (d) => delete own(d).responses["200"].headers["API-Version"],
    "core/error-handling/problem-details": (d) => {
        const schema = d.components.responses.Problem414.content["application/problem+json"].schema;
        schema.required = ["type", "status", "title"];
    },
    "core/error-handling/invalid-input": (d) => delete events(d).responses["400"],
    "core/date-time/timezone": (d) => (d.components.schemas.Election.properties.name.format = "time"),
    "core/date-time/date-omit-time-portion": (d) => (d.components.schemas.Election.properties.openingDate = { type: "string", format: "date-time" }),
    "plus1/described": (d) => delete own(d).description,
    "plus1/parameters-described": (d) => delete events(d).parameters[1].description,
    "plus1/strict": (d) => (d.components.schemas.Receipt.additionalProperties = true),
    "plus1/strict-said": (d) => delete d.components.schemas.Receipt.additionalProperties,
    "plus1/numbers-bounded": (d) => delete d.components.schemas.Accepted.properties.height.minimum,
    "plus1/body-limit": (d) => delete cast(d).requestBody["x-max-bytes"],
    "plus1/busy": (d) => delete d.components.responses.Problem503.headers["Retry-After"],
};

const folder = mkdtempSync(join(tmpdir(), "plus1-api."));
try {
    const names = Object.keys(broken);
    const file = (i) => join(folder, `${i}.json`);
    writeFileSync(join(folder, "right.json"), text);
    names.forEach((name, i) => {
        const d = structuredClone(small);
        broken[name](d);
        writeFileSync(file(i), JSON.stringify(d));
    });
    const spectral = join(here, "node_modules/@stoplight/spectral-cli/dist/index.js");
    const run = spawnSync(process.execPath, [spectral, "lint", "-q", "-f", "json", "-r", join(here, "rules.yaml"), "-F", "hint",
        join(folder, "right.json"), ...names.map((_, i) => file(i))], { encoding: "utf8", maxBuffer: 1 << 28 });
    const said = JSON.parse(run.stdout || "[]");
    if (!run.stdout) throw new Error(run.stderr);
    const of = (name) => said.filter((s) => basename(s.source) === name);
    const failures = of("right.json").map((s) => `${s.code} at ${s.path.join(".")}: ${s.message}`);
    names.forEach((name, i) => {
        if (!of(`${i}.json`).some((s) => s.code === name)) failures.push(`${name} did not fire: ${JSON.stringify(of(`${i}.json`).map((s) => s.code))}`);
    });
    const rules = readFileSync(join(here, "rules.yaml"), "utf8").matchAll(/^ {2}([\w$/-]+):/gm);
    for (const [, rule] of rules) if (!broken[rule]) failures.push(`${rule} is never broken here`);
    if (failures.length) throw new Error(failures.join("\n"));
    console.log(`ok: the document keeps ${names.length} rules, and each of them fires on a document that breaks it`);
} catch (e) {
    console.error(e.message);
    process.exitCode = 1;
} finally {
    rmSync(folder, { recursive: true });
}
