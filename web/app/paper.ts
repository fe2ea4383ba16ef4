// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The question paper of a vote: fetched, and checked to be the one that the letter is for. The letter's print names the paper,
// with the key in it; the paper's description names the bundle.
import type { Choices, Question } from "../core/core";
import * as api from "./api";
import type { Safe } from "./safe";

/** What a voter reads, in one language. */
export interface Text {
    readonly language: string;
    readonly name: string;
    readonly description: string;
    readonly questions: readonly Question[];
}

export interface Paper extends Text {
    readonly uuid: string;
    readonly hash: string;
    /** 22 signs, which stand in the letter. */
    readonly print: string;
    readonly receiptKey: string;
    readonly opens: number | null;
    readonly closes: number | null;
    readonly translations: ReadonlyMap<string, Text>;
}

/** Server and letter are not about the same paper. */
export class OtherPaper extends Error {}

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const FROZEN = /(?:^|\n)sha256:([0-9a-f]{64})$/;
const PRINT_SIGNS = 22;
const PAPER_LANGUAGE = "nl"; // of the paper itself; others are in the bundle

/** Hexadecimal digits of what is given in Base64. */
export function hexOf(base64: string): string {
    return Array.from(atob(base64), (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

function printOf(hash: string): string {
    let number = BigInt(`0x${hexOf(hash)}`);
    let signs = "";
    for (let i = 0; i < PRINT_SIGNS; i++) {
        signs = BASE58[Number(number % 58n)] + signs;
        number /= 58n;
    }
    return signs;
}

interface Translated {
    readonly language: string;
    readonly paper: { name: string; description: string; questions: TranslatedQuestion[] };
}

type TranslatedQuestion =
    | { readonly type?: undefined; readonly question: string; readonly answers: string[] }
    | { readonly type: "Lists"; readonly value: { question: string; answers: string[][] } };

function translate(q: Question, by: TranslatedQuestion): Question {
    if (q.kind === "lists") {
        return by.type === "Lists" ? { ...q, text: by.value.question, lists: by.value.answers } : q;
    }
    return by.type === "Lists" ? q : { ...q, text: by.question, answers: by.answers };
}

const shown = (description: string) => description.replace(FROZEN, "").trim();

/** PRINT: as the link of the letter has it; empty if the code was typed. */
export async function load(safe: Safe, uuid: string, print: string): Promise<Paper> {
    const [json, frozen] = await Promise.all([api.paper(uuid), api.bundle(uuid)]);
    const paper = await safe.call("open", json);
    if (paper.uuid !== uuid || (print && print !== printOf(paper.hash))) throw new OtherPaper();
    const named = FROZEN.exec(paper.description)?.[1];
    if (named && named !== hexOf(await safe.call("hash", frozen))) throw new OtherPaper();
    const terms = named ? JSON.parse(frozen) : {};
    if (named && terms.uuid !== uuid) throw new OtherPaper();
    const translations = new Map<string, Text>();
    for (const { language, paper: by } of (terms.translations ?? []) as Translated[]) {
        const questions = paper.questions.map((q, i) => translate(q, by.questions[i] as TranslatedQuestion));
        translations.set(language, { language, name: by.name, description: shown(by.description), questions });
    }
    return {
        ...paper,
        language: PAPER_LANGUAGE,
        description: shown(paper.description),
        print: printOf(paper.hash),
        receiptKey: terms.receipt_key ?? "",
        opens: terms.opens ?? null,
        closes: terms.closes ?? null,
        translations,
    };
}

/** Is the question answered as it may be? */
export function answered(q: Question, choices: readonly number[]): boolean {
    const count = choices.reduce((sum, c) => sum + c, 0);
    if (q.kind === "lists") return count > 1; // a list comes with each of its candidates
    if (q.blank && choices[0]) return true;
    return count >= q.min && count <= q.max;
}

export function noChoices(questions: readonly Question[]): Choices {
    return questions.map((q) => {
        const n = q.kind === "lists" ? q.lists.flat().length : q.answers.length + Number(q.blank);
        return new Array<number>(n).fill(0);
    });
}

/** What was chosen of a question, in words; null stands for blank. */
export function inWords(q: Question, choices: readonly number[]): (string | null)[] {
    const names = q.kind === "lists" ? q.lists.flat() : [...(q.blank ? [null] : []), ...q.answers];
    return names.filter((_, i) => choices[i]);
}
