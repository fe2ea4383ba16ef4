// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The resident's app. The address says what is shown: /s the votes, /s/UUID one of them, /s/UUID/test a test of a ballot.
import { render } from "preact";
import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import * as api from "./api";
import { Check, Find, Test } from "./checks";
import { Instead, around, root } from "./frame";
import type { Paper, Text } from "./paper";
import { QuestionScreen } from "./question";
import { Closed, Done, Early, Refused, Sending, Start, Summary } from "./screens";
import { Texts, preferred } from "./texts";
import { Vote } from "./vote";
import { P, Speech, Title, useTexts } from "./widgets";

const inLanguage = (paper: Paper, language: string): Text => paper.translations.get(language) ?? paper;

function Message({ name }: { name: string }) {
    const { t } = useTexts();
    return (
        <>
            <Title>{t(`${name}.title`)}</Title>
            <P>{t(`${name}.text`)}</P>
        </>
    );
}

function Screen({ vote }: { vote: Vote }) {
    const { language } = useTexts();
    const { screen } = vote;
    switch (screen.at) {
        case "loading":
            return null; // what the server wrote is there
        case "offline":
        case "unknown":
        case "failed":
            return <Message name={screen.at} />;
        case "other-paper":
            return <Message name="other" />;
    }
    const shown = { vote, text: inLanguage(vote.paper, language) };
    switch (screen.at) {
        case "early":
            return <Early {...shown} />;
        case "closed":
            return <Closed {...shown} />;
        case "start":
            return <Start {...shown} />;
        case "question":
            return (
                <QuestionScreen
                    key={screen.n}
                    n={screen.n}
                    language={shown.text.language}
                    questions={shown.text.questions}
                    choices={vote.choices[screen.n] ?? []}
                    choose={(choices) => vote.choose(screen.n, choices)}
                    next={() => vote.next(screen.n)}
                    back={() => vote.goBack()}
                />
            );
        case "summary":
            return <Summary {...shown} />;
        case "sending":
            return <Sending {...shown} />;
        case "done":
            return <Done {...shown} />;
        case "refused":
            return <Refused {...shown} why={screen.why} />;
        case "test":
            return <Test {...shown} />;
        case "find":
            return <Find {...shown} />;
    }
}

function Voting({ uuid }: { uuid: string }) {
    const [, changed] = useReducer((n: number) => n + 1, 0);
    const vote = useMemo(() => new Vote(uuid, () => changed(undefined)), [uuid]);
    return (
        <Instead when={vote.screen.at !== "loading"}>
            <Screen key={vote.screen.at} vote={vote} />
        </Instead>
    );
}

/** For those who typed the address: the vote if there is one, or the choice between them. */
function Votes() {
    const { t, moment } = useTexts();
    const [all, setAll] = useState<api.Status[] | "offline" | null>(null);
    useEffect(() => {
        api.elections().then(
            (found) => {
                const open = found.filter((e) => e.stage === "open");
                if (open.length === 1) location.replace(`/s/${open[0]?.uuid}`);
                else setAll(open);
            },
            () => setAll("offline"),
        );
    }, []);
    return (
        <Instead when={all !== null}>
            {all === "offline" && <Message name="offline" />}
            {Array.isArray(all) && (
                <>
                    <Title>{t("votes.title")}</Title>
                    {all.length === 0 && <P>{t("votes.none")}</P>}
                    <ul class="votes">
                        {all.map((e) => (
                            <li key={e.uuid}>
                                <a class="utrecht-link utrecht-link--html-a" href={`/s/${e.uuid}`}>
                                    {e.name}
                                </a>
                                {e.closes !== null && (
                                    <P small>
                                        {t("municipality", { name: e.municipality })}. {t("start.until")} {moment(e.closes)}
                                    </P>
                                )}
                            </li>
                        ))}
                    </ul>
                </>
            )}
        </Instead>
    );
}

function App() {
    const [language, speak] = useState(preferred);
    const [, , uuid = "", what] = location.pathname.split("/");
    useEffect(() => around(speak), []);
    const texts = useMemo(() => new Texts(language), [language]);
    return (
        <Speech.Provider value={texts}>
            {!uuid && <Votes />}
            {uuid && what && <Check uuid={uuid} inLanguage={(paper) => inLanguage(paper, language)} />}
            {uuid && !what && <Voting uuid={uuid} />}
        </Speech.Provider>
    );
}

render(<App />, root);
