// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// For those who like to check: the test before casting, on this device and on the other, and finding a vote back.
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import type { Choices } from "../core/core";
import * as api from "./api";
import { Instead } from "./frame";
import { type Paper, type Text, hexOf, load } from "./paper";
import { Safe } from "./safe";
import { Chosen, type Shown } from "./screens";
import type { Revealed, Vote } from "./vote";
import { Alert, Button, P, Qr, Signs, Title, useTexts } from "./widgets";

// ---- test before casting ----

// The address behind the QR code: #CREDENTIAL.CHOICES.SEED, the choices as bits in their order, the seed in hex.

const hex = (bytes: readonly number[]) => bytes.map((b) => b.toString(16).padStart(2, "0")).join("");

export function Test({ vote }: Shown) {
    const { t } = useTexts();
    const shown = vote.revealed;
    if (!shown) return null;
    const bits = shown.choices.map((c) => c.join("")).join("-");
    const address = `${location.origin}/s/${vote.uuid}/test#${shown.credential}.${bits}.${hex(shown.seed)}`;
    return (
        <>
            <Title>{t("test.title")}</Title>
            <P>{t("test.why")}</P>
            <P>{t("test.scan")}</P>
            <Qr text={address} />
            <p class="utrecht-paragraph">
                <a class="utrecht-link utrecht-link--html-a" href={address} target="_blank" rel="noopener noreferrer">
                    {t("test.same")}
                </a>
            </p>
            <P>{t("test.compare")}</P>
            <Signs signs={shown.code} />
            <OtherProgram shown={shown} />
            <div class="actions">
                <Button click={() => vote.goBack()}>{t("test.again")}</Button>
            </div>
        </>
    );
}

/** The ballot as a file, for `plus1-verify ballot FILE.bel BALLOT.json --seed HEX`. */
function OtherProgram({ shown }: { shown: Revealed }) {
    const { t } = useTexts();
    const file = useMemo(() => URL.createObjectURL(new Blob([shown.ballot], { type: "application/json" })), [shown]);
    useEffect(() => () => URL.revokeObjectURL(file), [file]);
    return (
        <details class="other">
            <summary>{t("test.other")}</summary>
            <p class="utrecht-paragraph">
                <a class="utrecht-link utrecht-link--html-a" href={file} download="ballot.json">
                    {t("test.file")}
                </a>
            </p>
            <P>
                <code>plus1-verify ballot {shown.uuid}.bel ballot.json --seed {hex(shown.seed)}</code>
            </P>
        </details>
    );
}

interface Rebuilt {
    readonly paper: Paper;
    readonly choices: Choices;
    readonly code: string;
}

function readTest(): { credential: string; choices: number[][]; seed: number[] } | null {
    const match = /^#([0-9a-f]{64})\.([01]+(?:-[01]+)*)\.([0-9a-f]{64})$/.exec(location.hash);
    history.replaceState(null, "", location.pathname);
    if (!match) return null;
    const [, credential = "", bits = "", seed = ""] = match;
    return {
        credential,
        choices: bits.split("-").map((q) => Array.from(q, Number)),
        seed: (seed.match(/../g) ?? []).map((h) => parseInt(h, 16)),
    };
}

async function rebuild(uuid: string, test: ReturnType<typeof readTest>): Promise<Rebuilt> {
    if (!test) throw new Error("incomplete");
    const safe = await Safe.open();
    const paper = await load(safe, uuid, "");
    const code = await safe.call("rebuild", test.credential, test.choices, test.seed);
    safe.close();
    return { paper, choices: test.choices, code };
}

interface CheckProps {
    readonly uuid: string;
    /** The paper in the language of the screen. */
    readonly inLanguage: (paper: Paper) => Text;
}

/** What the other device shows. */
export function Check({ uuid, inLanguage }: CheckProps) {
    const [made, setMade] = useState<Rebuilt | "bad" | null>(null);
    useEffect(() => {
        rebuild(uuid, readTest()).then(setMade, () => setMade("bad"));
    }, [uuid]);
    return (
        <Instead when={made !== null}>
            <Contents made={made} inLanguage={inLanguage} />
        </Instead>
    );
}

function Contents({ made, inLanguage }: { made: Rebuilt | "bad" | null } & Pick<CheckProps, "inLanguage">) {
    const { t } = useTexts();
    if (!made) return null;
    if (made === "bad") {
        return (
            <>
                <Title>{t("test.title")}</Title>
                <Alert kind="error">
                    <P>{t("check.bad")}</P>
                </Alert>
            </>
        );
    }
    return (
        <>
            <Title>{t("check.title")}</Title>
            <Chosen text={inLanguage(made.paper)} choices={made.choices} />
            <P>{t("check.compare")}</P>
            <Signs signs={made.code} />
            <P>{t("check.right")}</P>
            <P>{t("check.wrong")}</P>
        </>
    );
}

// ---- find back ----

interface Verdict {
    readonly found: api.Found;
    /** Null: there is no receipt on this device. */
    readonly receiptGood: boolean | null;
    readonly chainGood: boolean;
}

/** Are the events up to this ballot a chain, each with the hash of the one before it, and is the ballot in it? */
async function chainIsWhole(vote: Vote, found: api.Found, tracker: string): Promise<boolean> {
    const events = await api.events(vote.uuid, found.height);
    for (let i = 1; i <= found.height; i++) {
        const [before, event] = [events[i - 1], events[i]];
        if (!before || !event || event.height !== i) return false;
        if (event.type !== "Ballot" || !event.tracker) return false;
        const payload = hexOf(fromAddress(event.tracker));
        const json = `{"parent":"${before.event}","height":${i},"type":"Ballot","payload":"${payload}"}`;
        if (hexOf(await vote.hash(json)) !== event.event) return false;
    }
    return fromAddress(events[found.height]?.tracker ?? "") === tracker && events[found.height]?.event === found.event;
}

const fromAddress = (tracker: string) => tracker.replaceAll("-", "+").replaceAll("_", "/");

async function judge(vote: Vote, tracker: string): Promise<Verdict | null> {
    const found = await api.ballot(vote.uuid, tracker);
    if (!found) return null;
    const receipt = vote.kept?.tracker === tracker ? vote.kept.receipt : undefined;
    let receiptGood: boolean | null = null;
    if (receipt) {
        const about = JSON.parse(receipt.message) as { tracker: string; height: number; event: string };
        const same = about.tracker === tracker && about.height === found.height && about.event === found.event;
        receiptGood = same && (await vote.checkReceipt(receipt));
    }
    return { found, receiptGood, chainGood: await chainIsWhole(vote, found, tracker) };
}

function VerdictText({ verdict, open }: { verdict: Verdict; open: boolean }) {
    const { t, hour, number } = useTexts();
    const { found, receiptGood, chainGood } = verdict;
    return (
        <>
            <Alert kind={found.counts && chainGood && receiptGood !== false ? "ok" : "info"} title={found.counts ? t("find.counts") : t("find.replaced")}>
                <P>{t("find.place", { place: number(found.height), hour: hour(found.hour) })}</P>
                {receiptGood === true && <P>{t("find.receipt")}</P>}
                {chainGood && <P>{t("find.chain")}</P>}
            </Alert>
            {receiptGood === false && (
                <Alert kind="error">
                    <P>{t("find.receipt.bad")}</P>
                </Alert>
            )}
            {!chainGood && (
                <Alert kind="error">
                    <P>{t("find.chain.bad")}</P>
                </Alert>
            )}
            {open && <P>{t("find.later")}</P>}
        </>
    );
}

export function Find({ vote }: Shown) {
    const { t } = useTexts();
    const id = useId();
    const [typed, setTyped] = useState(vote.kept?.tracker ?? "");
    const [verdict, setVerdict] = useState<Verdict | "none" | "offline" | null>(null);
    const search = async () => {
        const tracker = fromAddress(typed.replace(/\s/g, ""));
        try {
            setVerdict((await judge(vote, tracker)) ?? "none");
        } catch {
            setVerdict("offline");
        }
    };
    useEffect(() => {
        if (typed) void search();
    }, []);
    const go = (e: Event) => {
        e.preventDefault();
        void search();
    };
    return (
        <>
            <Title>{t("find.title")}</Title>
            <div aria-live="polite">
                {verdict === "none" && (
                    <Alert kind="warning">
                        <P>{t("find.none")}</P>
                    </Alert>
                )}
                {verdict === "offline" && (
                    <Alert kind="info">
                        <P>{t("find.offline")}</P>
                    </Alert>
                )}
                {verdict && typeof verdict === "object" && (
                    <VerdictText verdict={verdict} open={vote.status.stage === "open"} />
                )}
            </div>
            <form onSubmit={go} class="code" autocomplete="off">
                <label class="utrecht-form-label" for={id}>
                    {t("find.label")}
                </label>
                <p class="utrecht-paragraph" id={`${id}-hint`}>
                    {t("find.hint")}
                </p>
                <input
                    id={id}
                    class="utrecht-textbox utrecht-textbox--html-input"
                    value={typed}
                    onInput={(e) => setTyped(e.currentTarget.value)}
                    autocomplete="off"
                    spellcheck={false}
                    aria-describedby={`${id}-hint`}
                />
                <div class="actions">
                    <Button submit>{t("find.go")}</Button>
                    <Button kind="subtle" click={() => vote.goBack()}>
                        {t("back")}
                    </Button>
                </div>
            </form>
        </>
    );
}
