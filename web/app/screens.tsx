// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// From the letter to "done", screen by screen.
import { useId, useState } from "preact/hooks";
import { now } from "./api";
import { type Text, inWords } from "./paper";
import type { Vote } from "./vote";
import { Alert, Button, P, Qr, Signs, Title, useTexts } from "./widgets";

export interface Shown {
    readonly vote: Vote;
    /** The paper in the language of the screen, and in which language it is. */
    readonly text: Text;
}

/** What is asked, and until when; it stands before anything else. */
export function About({ vote, text }: Shown) {
    const { t, moment, number } = useTexts();
    const { closes, voted, voters } = vote.status;
    const { questions } = text;
    const single = questions.length === 1 ? questions[0] : undefined;
    return (
        <>
            <Title lang={text.language}>{text.name}</Title>
            <div lang={text.language}>
                {single && single.text !== text.name && <p class="utrecht-paragraph utrecht-paragraph--lead">{single.text}</p>}
                {text.description && <p class="utrecht-paragraph utrecht-paragraph--lead lead">{text.description}</p>}
            </div>
            {!single && (
                <>
                    <P>{t("start.questions", { count: questions.length })}</P>
                    <ol class="asked" lang={text.language}>
                        {questions.map((q) => (
                            <li key={q.text}>{q.text}</li>
                        ))}
                    </ol>
                </>
            )}
            <dl class="facts">
                {closes !== null && (
                    <>
                        <dt>{t("start.until")}</dt>
                        <dd>{moment(closes)}</dd>
                    </>
                )}
                <dt>{t("start.voted")}</dt>
                <dd>{t("start.of", { voted: number(voted), voters: number(voters) })}</dd>
            </dl>
        </>
    );
}

function CodeForm({ vote }: { vote: Vote }) {
    const { t } = useTexts();
    const id = useId();
    const [typed, setTyped] = useState("");
    const { codeWrong: wrong, paper } = vote;
    const go = (e: Event) => {
        e.preventDefault();
        void vote.typeCode(typed);
    };
    return (
        <form onSubmit={go} class="code" autocomplete="off" noValidate>
            <label class="utrecht-form-label" for={id}>
                {t("code.label")}
            </label>
            <p class="utrecht-paragraph" id={`${id}-hint`}>
                {t("code.hint")}
            </p>
            {wrong && (
                <p class="utrecht-form-field-error-message" id={`${id}-wrong`} role="alert">
                    {wrong.kind === "group" ? t("code.group", { group: wrong.group }) : t(`code.${wrong.kind}`)}
                </p>
            )}
            <input
                id={id}
                class={`utrecht-textbox utrecht-textbox--html-input${wrong ? " utrecht-textbox--invalid" : ""}`}
                value={typed}
                onInput={(e) => setTyped(e.currentTarget.value)}
                autocomplete="off"
                autocapitalize="characters"
                spellcheck={false}
                aria-describedby={wrong ? `${id}-wrong ${id}-hint` : `${id}-hint`}
                aria-invalid={wrong ? true : undefined}
            />
            <P>{t("code.print", { print: paper.print.slice(0, 5) })}</P>
            <div class="actions">
                <Button submit>{t("start.go")}</Button>
            </div>
        </form>
    );
}

export function Start({ vote, text }: Shown) {
    const { t } = useTexts();
    return (
        <>
            <About vote={vote} text={text} />
            {vote.resumed && !vote.hasCode && (
                <Alert kind="info">
                    <P>{t("start.resumed")}</P>
                </Alert>
            )}
            {vote.used && (
                <Alert kind="warning" title={t("used.title")}>
                    <P>{t("used.text")}</P>
                    <P>{t("used.yours")}</P>
                </Alert>
            )}
            {vote.hasCode ? (
                <div class="actions">
                    <Button click={() => vote.start()}>{t("start.go")}</Button>
                </div>
            ) : (
                <CodeForm vote={vote} />
            )}
            {vote.kept?.receipt && (
                <div class="actions">
                    <Button kind="subtle" click={() => vote.find()}>
                        {t("find.title")}
                    </Button>
                </div>
            )}
        </>
    );
}

export function Early({ vote, text }: Shown) {
    const { t, moment } = useTexts();
    return (
        <>
            <About vote={vote} text={text} />
            <Alert kind="info" title={t("early.title")}>
                {vote.status.opens !== null && <P>{t("early.text", { when: moment(vote.status.opens) })}</P>}
            </Alert>
        </>
    );
}

export function Closed({ vote }: Shown) {
    const { t, moment } = useTexts();
    const { closes } = vote.status; // or the municipality closed it before
    return (
        <>
            <Title>{t("closed.title")}</Title>
            {closes !== null && closes <= now() && <P>{t("closed.text", { when: moment(closes) })}</P>}
            {vote.choices.flat().some((c) => c) && (
                <Alert kind="warning">
                    <P>{t("closed.lost")}</P>
                </Alert>
            )}
            <P>{t("closed.look")}</P>
            <div class="actions">
                <Button click={() => vote.find()}>{t("find.title")}</Button>
            </div>
        </>
    );
}

export function Chosen({ text, choices, alter }: { text: Text; choices: Vote["choices"]; alter?: (n: number) => void }) {
    const { t } = useTexts();
    return (
        <dl class="chosen">
            {text.questions.map((q, i) => {
                const words = inWords(q, choices[i] ?? []);
                return (
                    <div key={i} class="chosen__one">
                        <dt lang={text.language}>{q.text}</dt>
                        {words.map((w, j) => (
                            <dd key={j} lang={w === null ? undefined : text.language}>
                                {w ?? t("question.blank")}
                            </dd>
                        ))}
                        {words.length === 0 && <dd>{t("question.none")}</dd>}
                        {alter && (
                            <dd class="chosen__alter">
                                <button
                                    type="button"
                                    class="utrecht-link-button"
                                    aria-label={t("summary.alter.of", { question: q.text })}
                                    onClick={() => alter(i)}
                                >
                                    {t("summary.alter")}
                                </button>
                            </dd>
                        )}
                    </div>
                );
            })}
        </dl>
    );
}

export function Summary({ vote, text }: Shown) {
    const { t } = useTexts();
    const making = !vote.ballotCode;
    return (
        <>
            <Title>{t("summary.title")}</Title>
            <Chosen text={text} choices={vote.choices} alter={(n) => vote.alter(n)} />
            <div class="ballot" aria-live="polite">
                <p class="utrecht-paragraph">{making ? t("summary.making") : t("summary.code")}</p>
                {!making && <Signs signs={vote.ballotCode} />}
            </div>
            <div class="actions">
                <Button busy={making} click={() => void vote.cast()}>
                    {t("summary.cast")}
                </Button>
                <Button kind="secondary-action" busy={making} click={() => void vote.test()}>
                    {t("summary.test")}
                </Button>
                <Button kind="subtle" click={() => vote.goBack()}>
                    {t("back")}
                </Button>
            </div>
            <P>{t("summary.after")}</P>
        </>
    );
}

export function Sending({ vote }: Shown) {
    const { t } = useTexts();
    return (
        <>
            <Title>{t("sending.title")}</Title>
            <div aria-live="polite">
                {vote.waiting ? (
                    <Alert kind="info">
                        <P>{t(`sending.${vote.waiting}`)}</P>
                        <P>{t("sending.keep")}</P>
                    </Alert>
                ) : (
                    <P>{t("loading")}</P>
                )}
            </div>
        </>
    );
}

export function Done({ vote }: Shown) {
    const { t, hour, moment, number } = useTexts();
    const { done, status } = vote;
    if (!done) return null;
    const stranger = done.ballots > done.times;
    const closed = status.closes !== null && now() >= status.closes;
    return (
        <>
            <Title>{t("done.title")}</Title>
            <P>{t("done.received", { hour: hour(done.hour) })}</P>
            <P>{done.ballots === 1 ? t("done.once") : t("done.times", { count: number(done.ballots) })}</P>
            {!done.counts && <P>{t("done.replaced")}</P>}
            {!done.receiptGood && (
                <Alert kind="error">
                    <P>{t("done.receipt.bad")}</P>
                </Alert>
            )}
            {stranger && (
                <Alert kind="warning" title={t("used.title")}>
                    <P>{t("used.text")}</P>
                </Alert>
            )}
            <h2 class="utrecht-heading-2">{t("done.tracker")}</h2>
            <div class="tracker">
                <Qr text={done.tracker} />
                <div>
                    <Signs signs={done.tracker} />
                    <P>{t("done.tracker.why")}</P>
                </div>
            </div>
            <div class="actions">
                {!closed && (
                    <>
                        <Button kind="secondary-action" click={() => vote.change()}>
                            {t("done.change")}
                        </Button>
                        {status.closes !== null && <P small>{t("done.until", { when: moment(status.closes) })}</P>}
                    </>
                )}
                <Button kind="secondary-action" click={() => void vote.nextVoter()}>
                    {t("done.next")}
                </Button>
                <P small>{t("done.next.why")}</P>
                <Button kind="subtle" click={() => vote.find()}>
                    {t("done.check")}
                </Button>
            </div>
        </>
    );
}

const SAID = ["unknown-code", "code-withdrawn", "no-more-votes"];

export function Refused({ vote, why }: Shown & { why: string }) {
    const { t } = useTexts();
    return (
        <>
            <Title>{t("refused.title")}</Title>
            <P>{SAID.includes(why) ? t(`refused.${why}`) : t("refused.other", { code: why })}</P>
            <div class="actions">
                <Button click={() => vote.change()}>{t("refused.again")}</Button>
            </div>
        </>
    );
}
