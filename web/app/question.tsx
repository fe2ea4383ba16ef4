// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// One question on a screen.
import { useRef, useState } from "preact/hooks";
import type { ChoicesQuestion, ListsQuestion, Question } from "../core/core";
import { answered } from "./paper";
import type { Texts } from "./texts";
import { Button, Title, useTexts } from "./widgets";

interface Asked<Q> {
    readonly question: Q;
    readonly choices: readonly number[];
    readonly choose: (choices: readonly number[]) => void;
    readonly language: string;
}

interface OptionProps {
    readonly text: string;
    readonly language?: string | undefined;
    readonly one: boolean;
    readonly on: boolean;
    readonly apart?: boolean;
    readonly set: (on: boolean) => void;
}

function Option({ text, language, one, on, apart, set }: OptionProps) {
    return (
        <label class={`option${apart ? " option--apart" : ""}`}>
            <input
                type={one ? "radio" : "checkbox"}
                name="answer"
                checked={on}
                onChange={(e) => set(e.currentTarget.checked)}
            />
            <span lang={language}>{text}</span>
        </label>
    );
}

/** One answer or several; blank excludes the others. */
function Answers({ question, choices, choose, language }: Asked<ChoicesQuestion>) {
    const { t } = useTexts();
    const shift = Number(question.blank);
    const one = question.max === 1 && question.min === 1;
    const set = (i: number, on: boolean) => {
        const alone = one || (question.blank && i === 0);
        choose(choices.map((c, j) => (j === i ? Number(on) : alone || (question.blank && j === 0) ? 0 : c)));
    };
    const option = (i: number, text: string, blank = false) => (
        <Option
            key={i}
            text={text}
            language={blank ? undefined : language}
            one={one}
            on={choices[i] === 1}
            apart={blank}
            set={(on) => set(i, on)}
        />
    );
    return (
        <>
            {question.answers.map((text, i) => option(i + shift, text))}
            {question.blank && option(0, t("question.blank"), true)}
        </>
    );
}

/** People of one list: a choice in another list takes those of the first away. */
function Lists({ question, choices, choose, language }: Asked<ListsQuestion>) {
    let at = 0;
    const lists = question.lists.map((names) => ({ names, from: (at += names.length) - names.length }));
    const set = (list: (typeof lists)[number], i: number, on: boolean) => {
        const within = (j: number) => j > list.from && j < list.from + list.names.length;
        const fresh = choices.map((c, j) => (j === i ? Number(on) : within(j) ? c : 0));
        if (fresh.some((c) => c)) fresh[list.from] = 1;
        choose(fresh);
    };
    return (
        <>
            {lists.map((list) => (
                <fieldset key={list.from} class="list">
                    <legend class="list__name" lang={language}>{list.names[0]}</legend>
                    {list.names.slice(1).map((text, k) => {
                        const i = list.from + k + 1;
                        return (
                            <Option
                                key={i}
                                text={text}
                                language={language}
                                one={false}
                                on={choices[i] === 1}
                                set={(on) => set(list, i, on)}
                            />
                        );
                    })}
                </fieldset>
            ))}
        </>
    );
}

function howMany({ t }: Texts, q: Question): string {
    if (q.kind === "lists") return t("question.list");
    const { min, max } = q;
    if (max === 1 && min === 1) return t("question.one");
    if (max === 1) return t("question.mayone");
    if (min === max) return t("question.exactly", { max });
    return min === 0 ? t("question.upto", { max }) : t("question.between", { min, max });
}

function whatIsWrong({ t }: Texts, q: Question, choices: readonly number[]): string {
    const count = choices.reduce((sum, c) => sum + c, 0);
    if (q.kind === "lists" || count === 0 || q.max === 1) return t("question.missing");
    return count > q.max ? t("question.toomany", { max: q.max }) : t("question.toofew", { min: q.min });
}

interface Props {
    readonly n: number;
    readonly language: string;
    readonly questions: readonly Question[];
    readonly choices: readonly number[];
    readonly choose: (choices: readonly number[]) => void;
    readonly next: () => void;
    readonly back: () => void;
}

export function QuestionScreen({ n, language, questions, choices, choose, next, back }: Props) {
    const texts = useTexts();
    const { t } = texts;
    const question = questions[n] as Question;
    const [pressed, setPressed] = useState(false);
    const form = useRef<HTMLFormElement>(null);
    const wrong = pressed && !answered(question, choices);
    const go = (e: Event) => {
        e.preventDefault();
        setPressed(true);
        if (answered(question, choices)) next();
        else form.current?.querySelector("input")?.focus();
    };
    const asked = { choices, choose, language };
    return (
        <form ref={form} onSubmit={go} noValidate>
            {questions.length > 1 && (
                <p class="utrecht-paragraph step">{t("question.of", { n: n + 1, count: questions.length })}</p>
            )}
            <Title lang={language}>{question.text}</Title>
            <fieldset class="options" aria-describedby={wrong ? "hint wrong" : "hint"} aria-invalid={wrong ? true : undefined}>
                <legend class="hidden" lang={language}>{question.text}</legend>
                <p class="utrecht-paragraph" id="hint">
                    {howMany(texts, question)}
                </p>
                {question.kind === "lists" ? (
                    <Lists question={question} {...asked} />
                ) : (
                    <Answers question={question} {...asked} />
                )}
            </fieldset>
            {wrong && (
                <p id="wrong" role="alert" class="utrecht-form-field-error-message">
                    {whatIsWrong(texts, question, choices)}
                </p>
            )}
            <div class="actions">
                <Button submit>{t("next")}</Button>
                <Button kind="subtle" click={back}>
                    {t("back")}
                </Button>
            </div>
        </form>
    );
}
