// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// One voter's way from the letter to the ballot box, without the screens that show it.
import type { Choices } from "../core/core";
import * as api from "./api";
import { statusOfPage } from "./frame";
import * as keep from "./keep";
import { type Paper, OtherPaper, answered, load, noChoices } from "./paper";
import { NoSafe, Safe } from "./safe";
import type { Taken } from "./vault";

/** What the QR code of the test shows to another device, which rebuilds the ballot of it. */
export interface Revealed {
    readonly uuid: string;
    readonly ballot: string;
    readonly code: string;
    readonly credential: string;
    readonly choices: Choices;
    readonly seed: number[];
}

export type CodeWrong = { readonly kind: "form" | "whole" | "stranger" } | { readonly kind: "group"; readonly group: number };

export type Screen =
    | { readonly at: "loading" | "offline" | "unknown" | "other-paper" | "failed" }
    | { readonly at: "early" | "closed" | "start" | "summary" | "sending" | "done" | "test" | "find" }
    | { readonly at: "question"; readonly n: number }
    | { readonly at: "refused"; readonly why: string };

/** Those to which the browser's back button may lead. */
const CHOOSING = ["start", "question", "summary"];

const SAFE_TRIES = 3;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];

/** Until it is time to try again, or the connection is back. */
function pause(n: number, seconds = 0): Promise<void> {
    const ms = seconds * 1000 || (RETRY_MS[n] ?? 30_000);
    return new Promise((resolve) => {
        const go = () => {
            clearTimeout(timer);
            removeEventListener("online", go);
            resolve();
        };
        const timer = setTimeout(go, ms);
        if (!seconds) addEventListener("online", go);
    });
}

/** The code and the print behind # of the address, which is cleaned at once. */
function takeLink(): { code: string; print: string } {
    const [code = "", print = ""] = location.hash.slice(1).split(".");
    if (location.hash) history.replaceState(history.state, "", location.pathname);
    return { code, print };
}

export class Vote {
    screen: Screen = { at: "loading" };
    status!: api.Status;
    paper!: Paper;
    choices: Choices = [];
    /** Choices are there from before a reload. */
    resumed = false;
    /** There is a code, and whether it was typed: then the voter compares the print. */
    hasCode = false;
    /** The code has voted before, not from this page. */
    used = false;
    private withdrawn = false;
    codeWrong: CodeWrong | null = null;
    /** The ballot's code, once the ballot is made. */
    ballotCode = "";
    /** Why the ballot is not there yet: no network, or a server that cannot take it now. */
    waiting: "" | "wait" | "busy" = "";
    done: (api.Acknowledged & { readonly times: number; readonly receiptGood: boolean }) | null = null;
    kept: keep.Kept | undefined;
    revealed: Revealed | null = null;

    private safe!: Safe;
    private link = takeLink();
    private times = 0;
    private ended = false;

    constructor(
        readonly uuid: string,
        private readonly changed: () => void,
    ) {
        addEventListener("popstate", this.back);
        addEventListener("hashchange", this.scannedAgain);
        setInterval(this.watchClock, 1000);
        void this.begin();
    }

    // ---- screens ----

    private show(screen: Screen): void {
        if (this.ended) return;
        this.screen = screen;
        this.changed();
    }

    /** A screen to which "back" leads. */
    private go(screen: Screen): void {
        history.pushState(screen, "");
        this.show(screen);
    }

    private replace(screen: Screen): void {
        history.replaceState(screen, "");
        this.show(screen);
    }

    private readonly back = ({ state }: PopStateEvent): void => {
        const to = (state ?? { at: "start" }) as Screen;
        const { at } = this.screen;
        if (this.done || this.screen.at === "sending") {
            if (to.at === "find" || to.at === "done") this.show(to);
            else if (this.done) this.show({ at: "done" });
        } else if ([...CHOOSING, "test", "find"].includes(at)) {
            if (CHOOSING.includes(to.at)) this.showChoosing(to);
            else if (to.at === "find" || to.at === "closed") this.show(to);
        }
    };

    private showChoosing(to: Screen): void {
        const screen = this.hasCode ? to : ({ at: "start" } as const);
        this.show(screen);
        if (screen.at === "summary") void this.makeBallot();
        else void this.dropMade();
    }

    /** A letter scanned while this page is open may be another voter's: a fresh page takes it. */
    private readonly scannedAgain = (): void => {
        if (!location.hash) return;
        keep.dropChoices(this.uuid);
        location.reload();
    };

    private readonly watchClock = (): void => {
        if (!["start", "question", "summary", "test"].includes(this.screen.at) || this.checkingClock) return;
        const { closes } = this.status;
        if (closes === null || api.now() < closes) return;
        this.checkingClock = true; // a notice may have moved the end
        void this.refresh().finally(() => (this.checkingClock = false));
    };
    private checkingClock = false;

    private async refresh(): Promise<void> {
        try {
            this.status = await api.status(this.uuid);
        } catch {
            return;
        }
        if (!this.isOpen()) this.replace({ at: "closed" });
    }

    private isOpen(): boolean {
        const { stage, closes } = this.status;
        return stage === "open" && (closes === null || api.now() < closes);
    }

    // ---- the beginning ----

    private async begin(): Promise<void> {
        this.show({ at: "loading" });
        for (let n = 0; !this.ended; n++) {
            try {
                const opening = this.safe ? Promise.resolve(this.safe) : Safe.open();
                const opened = opening.then((safe) => void (this.safe = safe));
                opened.catch(() => {}); // without a network the status says so first
                this.status = (n === 0 && statusOfPage()) || (await api.status(this.uuid));
                await opened;
                this.paper = await load(this.safe, this.uuid, this.link.print);
                return await this.ready();
            } catch (e) {
                if (e instanceof OtherPaper) return this.show({ at: "other-paper" });
                if (e instanceof api.Problem && !e.passes) return this.show({ at: "unknown" });
                const maybe = e instanceof NoSafe && n < SAFE_TRIES;
                if (!maybe && !(e instanceof TypeError || e instanceof api.Problem)) return this.show({ at: "failed" });
                if (!maybe) this.show({ at: "offline" });
                await pause(n);
            }
        }
    }

    private async ready(): Promise<void> {
        const { code } = this.link;
        this.link = { code: "", print: "" };
        const kept = keep.keptChoices(this.uuid);
        const empty = noChoices(this.paper.questions);
        this.resumed = kept !== null && kept.length === empty.length && kept.every((c, i) => c.length === empty[i]?.length);
        this.choices = this.resumed && kept ? kept : empty;
        this.kept = await keep.keptBallot(this.uuid);
        if (this.kept?.ballot) return this.send(this.kept);
        const { stage, opens } = this.status;
        if (stage === "new" || (stage === "open" && opens !== null && api.now() < opens)) this.replace({ at: "early" });
        else if (!this.isOpen()) this.replace({ at: "closed" });
        else {
            if (code) await this.takeCode(code);
            this.replace(this.withdrawn ? { at: "refused", why: "code-withdrawn" } : { at: "start" });
        }
    }

    // ---- the code ----

    private async takeCode(typed: string): Promise<void> {
        this.codeWrong = null;
        this.used = this.withdrawn = false;
        let taken: Taken;
        try {
            taken = await this.safe.call("take", typed);
        } catch {
            this.codeWrong = { kind: "form" };
            return;
        }
        const which = await this.onRoll(taken);
        this.hasCode = which >= 0;
        if (this.hasCode) await this.safe.call("use", which);
        else if (taken.checked) this.codeWrong = { kind: "stranger" };
        else this.codeWrong = taken.wrongGroup ? { kind: "group", group: taken.wrongGroup } : { kind: "whole" };
    }

    /** Which reading of the code may vote, or -1. If the server does not say, its check signs decide. */
    private async onRoll({ credentials, checked }: Taken): Promise<number> {
        for (const [i, credential] of credentials.entries()) {
            try {
                ({ used: this.used, withdrawn: this.withdrawn } = await api.code(this.uuid, credential));
                return i;
            } catch (e) {
                if (!(e instanceof api.Problem && e.code === "unknown-code")) return checked ? 0 : -1;
            }
        }
        return -1;
    }

    async typeCode(typed: string): Promise<void> {
        await this.takeCode(typed);
        if (this.hasCode && !this.used && !this.withdrawn) this.start();
        else this.show(this.withdrawn ? { at: "refused", why: "code-withdrawn" } : { at: "start" });
    }

    // ---- the choice ----

    start(): void {
        this.go({ at: "question", n: 0 });
    }

    choose(n: number, choices: readonly number[]): void {
        this.choices = this.choices.map((old, i) => (i === n ? choices : old));
        keep.keepChoices(this.uuid, this.choices);
        this.changed();
    }

    next(n: number): void {
        if (n + 1 < this.paper.questions.length) {
            this.go({ at: "question", n: n + 1 });
        } else {
            this.go({ at: "summary" });
            void this.makeBallot();
        }
    }

    /** From the summary. */
    alter(n: number): void {
        void this.dropMade();
        this.go({ at: "question", n });
    }

    goBack(): void {
        history.back();
    }

    // ---- the ballot ----

    private async makeBallot(): Promise<void> {
        this.ballotCode = "";
        const missing = this.paper.questions.findIndex((q, i) => !answered(q, this.choices[i] ?? []));
        if (missing >= 0) return this.replace({ at: "question", n: missing });
        this.ballotCode = await this.safe.call("prepare", this.choices);
        this.changed();
    }

    private async dropMade(): Promise<void> {
        this.ballotCode = "";
        await this.safe.call("dropBallot");
    }

    async cast(): Promise<void> {
        if (!this.ballotCode) return;
        this.ballotCode = "";
        const { json, tracker } = await this.safe.call("sign");
        const ballot: keep.Kept = { uuid: this.uuid, tracker, ballot: json, times: this.times + 1 };
        await keep.keepBallot(ballot);
        keep.dropChoices(this.uuid);
        await this.send(ballot);
    }

    /** Sends a finished ballot until the server has taken or refused it. The same ballot twice is one vote. */
    private async send(kept: keep.Kept): Promise<void> {
        this.waiting = "";
        this.replace({ at: "sending" });
        for (let n = 0; !this.ended; n++) {
            let wait = 0;
            try {
                const said = await api.cast(this.uuid, kept.ballot ?? "");
                return await this.acknowledged(kept, said);
            } catch (e) {
                if (e instanceof api.Problem && !e.passes) return await this.refused(e.code);
                if (e instanceof api.Problem) wait = e.wait;
                this.waiting = e instanceof api.Problem ? "busy" : "wait";
            }
            this.changed();
            await pause(n, wait);
        }
    }

    private async acknowledged(kept: keep.Kept, said: api.Acknowledged): Promise<void> {
        const { message, signature } = said.receipt;
        const about = JSON.parse(message) as { election: string; tracker: string };
        const key = this.paper.receiptKey;
        const receiptGood =
            about.election === this.uuid &&
            about.tracker === kept.tracker &&
            key !== "" &&
            (await this.safe.call("checkReceipt", message, signature, key));
        this.times = kept.times;
        this.used = false;
        this.done = { ...said, tracker: kept.tracker, times: kept.times, receiptGood };
        this.choices = noChoices(this.paper.questions);
        this.resumed = false;
        this.kept = { uuid: this.uuid, tracker: kept.tracker, times: kept.times, receipt: said.receipt };
        await keep.keepBallot(this.kept);
        this.replace({ at: "done" });
    }

    private async refused(why: string): Promise<void> {
        await keep.dropBallot(this.uuid);
        if (why === "unknown-code") this.hasCode = false;
        if (why === "voting-ended") this.replace({ at: "closed" });
        else this.replace({ at: "refused", why });
    }

    /** After "done": the same code, a fresh choice. */
    change(): void {
        this.done = null;
        this.choices = noChoices(this.paper.questions);
        if (this.hasCode) this.replace({ at: "question", n: 0 });
        else this.replace({ at: "start" });
    }

    // ---- test and find back ----

    async test(): Promise<void> {
        if (!this.ballotCode) return;
        this.ballotCode = "";
        this.revealed = { uuid: this.uuid, ...(await this.safe.call("reveal")) };
        this.go({ at: "test" });
    }

    find(): void {
        this.go({ at: "find" });
    }

    checkReceipt(receipt: api.Receipt): Promise<boolean> {
        return this.safe.call("checkReceipt", receipt.message, receipt.signature, this.paper.receiptKey);
    }

    hash(text: string): Promise<string> {
        return this.safe.call("hash", text);
    }

    // ---- the end ----

    /** Nothing of this voter stays on the device, and a fresh page has nothing of them in memory. */
    async nextVoter(): Promise<void> {
        this.ended = true;
        this.safe.close();
        await keep.dropAll();
        location.replace("/s");
    }
}
