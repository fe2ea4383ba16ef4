#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# The organiser: question paper, import, draft and election; and how all commands explain themselves.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here

# --- The question paper -----------------------------------------------------------------------------------------------

paper() { # OPTION...
    plus1 election paper --name "Plein" "$@"
}

options_belong_to_questions() {
    scenario "answers, blank, minimum and maximum belong to the question before them"
    ends 0 "Choose 1 of 2, or vote blank" paper --description 'Wat "moet" er?' --question "Wat?" --answer Boom --answer Bank --blank \
        --question "Waar?" --min 0 --answer Noord --max 2 --answer Zuid --answer Oost --out paper.json
    says "Question 2: Waar?" "Choose 0 to 2 of 3:"
    same "the paper" '{"description":"Wat \"moet\" er?","name":"Plein","questions":[{"answers":["Boom","Bank"],"blank":true,"min":1,"max":1,"question":"Wat?"},{"answers":["Noord","Zuid","Oost"],"min":0,"max":2,"question":"Waar?"}]}' \
        "$(cat paper.json)"
    # The order of all else does not matter.
    plus1 election paper --out other.json --question "Wat?" --blank --answer Boom --answer Bank --description 'Wat "moet" er?' \
        --question "Waar?" --max 2 --answer Noord --answer Zuid --answer Oost --min 0 --name "Plein"
    cmp paper.json other.json
    # Each question can have its own of all.
    ends 0 "" paper --question "Wat?" --answer Boom --blank --question "Waar?" --answer Noord --blank --out blanks.json
    same "questions with blank" 2 "$(grep -o '"blank":true' blanks.json | wc -l)"
    ok "$scenario"
}

refused_papers() {
    scenario "a paper that is not right is refused, with each reason"
    not_a_paper 1 "question 1 needs at least 2 answers, or 1 beside a blank vote" --question "Wat?" --answer A
    not_a_paper 1 'answer 2 is the same as answer 1: "A"' --question "Wat?" --answer A --answer A
    not_a_paper 1 "the minimum, 2, is above the maximum, 1" --question "Wat?" --answer A --answer B --min 2
    not_a_paper 1 "the maximum, 3, is above the number of answers, 2" --question "Wat?" --answer A --answer B --max 3
    not_a_paper 1 "question 2 has no text" --question "Wat?" --answer A --answer B --question " " --answer C --answer D
    not_a_paper 1 "answer 2 is empty" --question "Wat?" --answer A --answer ""
    not_a_paper 1 "blank vote" --question "Wat?" --answer A --answer blank --blank
    not_a_paper 1 "blank vote" --question "Wat?" --answer Blanco --answer B --blank
    not_a_paper 1 "not valid UTF-8" --question "Wat?" --answer A --answer $'\xff'
    says "error: "
    not_a_paper 3 "--answer belongs to a question: give --question first" --answer A --question "Wat?" --answer B
    not_a_paper 3 "--blank belongs to a question" --blank --question "Wat?" --answer B
    not_a_paper 3 '--min: "-1" is not a whole number from 0 to 255' --question "Wat?" --answer A --answer B --min -1
    not_a_paper 3 '--max: "two" is not a whole number' --question "Wat?" --answer A --answer B --max two
    ends 1 "the paper has no name" plus1 election paper --name "" --question "Wat?" --answer A --answer B --out p.json
    no_file p.json
    echo mine >p.json
    keeps p.json ends 1 "p.json exists already; it is not overwritten" paper --question "Wat?" --answer A --answer B \
        --out p.json
    ends 2 "absent/p.json cannot be written" paper --question "Wat?" --answer A --answer B --out absent/p.json
    ok "$scenario"
}

not_a_paper() { # CODE WORDS OPTION...
    ends "$1" "$2" paper "${@:3}" --out p.json
    no_file p.json
}

# --- Import -------------------------------------------------------------------------------------------------------------

imports() {
    scenario "a candidate file of the stem-app becomes a question paper, flat or nested"
    local vectors=$root/tests/vectors/paper
    ends 0 'note: the address "' plus1 election import "$vectors/stemapp-flat.json"
    says 'is left out' "or vote blank"
    ls -A >there
    same "files that were written" there "$(cat there)"
    ends 0 "Question 1: " plus1 election import "$vectors/stemapp-nested.json" --out nested.json
    says " > "
    grep -q ' > ' nested.json
    keeps nested.json ends 1 "nested.json exists already" plus1 election import "$vectors/stemapp-nested.json" \
        --out nested.json
    ends 0 "in group Ed25519" plus1 election draft --paper nested.json --out draft.json
    ok "$scenario"
}

the_released_file() {
    scenario "the candidate file that the stem-app was released with is imported"
    local file=$fixtures/stemapp/election.json
    if [ ! -f "$file" ]; then
        printf 'skipped: %s (no %s)\n' "$scenario" "$file" >&3
        [ "${CI:-}" != true ]
        return
    fi
    ends 0 "Choose 1 of 5, or vote blank" plus1 election import "$file" --out paper.json
    same "notes on addresses" 6 "$(grep -c 'note: the address .* is left out' <<<"$said")"
    says_nothing_of "Blanco\"," error
    grep -q '"answers":\["Gemeente \\"Nederland\\""' paper.json
    ends 0 "in group BELENIOS-2048" plus1 election draft --paper paper.json --group BELENIOS-2048 --out draft.json
    ok "$scenario"
}

refused_imports() {
    scenario "a candidate file that does not fit is refused with its reason, and what is no JSON is unreadable"
    not_imported 1 'item 1 of "Plein" has an empty "name"' '{"name":"Plein","items":[{"name":"","address":"a"}]}'
    not_imported 1 'has the unknown field "photo"' '{"name":"Plein","items":[{"name":"A","address":"a","photo":"x"}]}'
    not_imported 1 'has neither "items" nor an "address"' '{"name":"Plein","items":[{"name":"A"},{"name":"B","address":"b"}]}'
    not_imported 1 'the outermost category has no "name"' '{"items":[]}'
    not_imported 1 'is an answer that was there before: "A"' \
        '{"name":"Plein","items":[{"name":"A","address":"a"},{"name":"A","address":"b"}]}'
    not_imported 1 'has no answer beside "Blanco"' '{"name":"Plein","items":[{"name":"Blanco","address":"a"}]}'
    not_imported 1 'is not a JSON object' '[]'
    local deep='{"name":"A","address":"a"}' i
    for ((i = 0; i < 65; i++)); do deep="{\"name\":\"N\",\"items\":[$deep,{\"name\":\"B\",\"address\":\"b\"}]}"; done
    not_imported 1 "is a category at depth 65, at most 64" "$deep"
    not_imported 2 "this is not JSON" 'hello'
    not_imported 2 "this is not JSON" ''
    ends 2 "absent.json cannot be read" plus1 election import absent.json
    ok "$scenario"
}

not_imported() { # CODE WORDS CONTENT
    printf '%s' "$3" >bad.json
    ends "$1" "$2" plus1 election import bad.json --out paper.json
    says "error: "
    no_file paper.json
}

# --- Draft and election -------------------------------------------------------------------------------------------------

drafts() {
    scenario "a draft gives a paper an identifier of its own; what is no paper gets none"
    paper --question "Wat?" --answer Boom --answer Bank --out paper.json
    ends 0 "in group Ed25519" plus1 election draft --paper paper.json --out draft.json
    plus1 election draft --paper paper.json --group RFC-3526-2048 --out other.json
    [[ $(uuid_of draft.json) =~ ^[1-9A-HJ-NP-Za-km-z]{14}$ ]]
    [ "$(uuid_of draft.json)" != "$(uuid_of other.json)" ] || fail "the same identifier twice"
    says "$(uuid_of draft.json)"
    keeps draft.json ends 1 "draft.json exists already" plus1 election draft --paper paper.json --out draft.json
    ends 2 "Ed448: elections in this group are not yet supported" \
        plus1 election draft --paper paper.json --group Ed448 --out new
    ends 2 "absent.json cannot be read" plus1 election draft --paper absent.json --out new
    no_draft 2 "this is not JSON" 'hello'
    no_draft 1 'the paper has no "name"' '{"description":"","questions":[]}'
    no_draft 1 'the paper has the unknown field "extra"' '{"extra":1}'
    no_draft 2 'question 1 is of the kind "NonHomomorphic", which is not yet supported' \
        '{"description":"","name":"x","questions":[{"type":"NonHomomorphic","value":{}}]}'
    no_draft 1 "a field stands twice in one object" '{"name":"a","name":"b"}'
    ok "$scenario"
}

no_draft() { # CODE WORDS CONTENT
    printf '%s' "$3" >bad.json
    ends "$1" "$2" plus1 election draft --paper bad.json --out new
    no_file new
}

# ready: a draft with credentials, and the trustees s1 and s2.
ready() {
    paper --question "Wat?" --answer Boom --answer Bank --out paper.json
    plus1 election draft --paper paper.json --out draft.json
    uuid=$(uuid_of draft.json)
    printf 'id\na\nb\nc\n' >roll.csv
    plus1 credentials make --draft draft.json --roll roll.csv --out codes
    plus1 trustee key --election "$uuid" --out s1
    plus1 trustee key --election "$uuid" --out s2
}

create() { # DRAFT CREDENTIALS TRUSTEE...
    local options=() file
    for file in "${@:3}"; do options+=(--trustee "$file"); done
    plus1 election create --draft "$1" "${options[@]}" --credentials "$2" --out new
}

elections() {
    scenario "an election opens its box once, with what was given and nothing changed"
    ready
    ends 0 "ballot box is open" create draft.json codes/public_credentials.json s2.public.json s1.public.json
    says "3 voters, 2 trustees, 1 question"
    ls -A new >there
    same "what is in the folder" "$uuid.bel" "$(cat there)"
    same "the events" Setup "$(bel events "new/$uuid.bel")"
    verify "new/$uuid.bel"
    tr '\0' '\n' <"new/$uuid.bel" >records
    grep -qxaF "[[\"Single\",$(cat s2.public.json)],[\"Single\",$(cat s1.public.json)]]" records
    keeps "new/$uuid.bel" ends 1 "$uuid.bel exists already; it is not overwritten" \
        create draft.json codes/public_credentials.json s2.public.json s1.public.json
    ok "$scenario"
}

refused_elections() {
    scenario "an election is not opened with files that do not belong to it"
    ready
    local good=codes/public_credentials.json
    not_created 2 "paper.json is not a draft of an election" paper.json $good s1.public.json
    not_created 2 "absent.json cannot be read" absent.json $good s1.public.json
    not_created 2 "absent.json cannot be read" draft.json absent.json s1.public.json
    not_created 2 "absent.json cannot be read" draft.json $good absent.json
    not_created 2 "draft.json is neither a trustee's public key nor the parameters" draft.json $good s1.public.json \
        draft.json
    not_created 2 "s1.key is neither a trustee's public key" draft.json $good s1.key

    forge digit response s2.public.json bad.json
    not_created 1 "trustee 2: a trustee's proof that it knows its private key does not hold" draft.json $good \
        s1.public.json bad.json
    plus1 trustee key --group BELENIOS-2048 --election "$uuid" --out big
    not_created 1 "trustee 1: " draft.json $good big.public.json

    python3 -c 'import json; print(json.dumps(json.load(open("codes/public_credentials.json"))[::-1], separators=(",", ":")))' >bad.json
    not_created 1 "the public credentials are not sorted" draft.json bad.json s1.public.json
    python3 -c 'import json; c = json.load(open("codes/public_credentials.json")); print(json.dumps([c[0]] + c, separators=(",", ":")))' >bad.json
    not_created 1 "a public credential is listed twice" draft.json bad.json s1.public.json
    echo '[]' >bad.json
    not_created 1 "there is no voter on the list of credentials" draft.json bad.json s1.public.json
    not_created 1 "this election is not right" draft.json codes/codes.csv s1.public.json
    echo '["00"]' >bad.json
    not_created 1 "this election is not right" draft.json bad.json s1.public.json
    sed 's/"questions":/"questions": /' draft.json >bad.json
    not_created 2 "bad.json is not a draft" bad.json $good s1.public.json
    ok "$scenario"
}

not_created() { # CODE WORDS DRAFT CREDENTIALS TRUSTEE...
    ends "$1" "$2" create "${@:3}"
    same "archives" 0 "$(find . -name '*.bel' | wc -l)"
}

municipalities() {
    scenario "a municipality has a folder, and its name stands beside its result"
    ready
    ends 0 "new/town/municipality.json" plus1 municipality create --name " Hollands Kroon " new/town
    same "municipality.json" '{"name":"Hollands Kroon"}' "$(cat new/town/municipality.json)"
    keeps new/town/municipality.json ends 1 "municipality.json exists already" \
        plus1 municipality create --name Emmen new/town
    local name
    for name in "" " " $'\xff' $'a\nb' "$(printf '%0201d' 0)"; do
        ends 3 "--name: give the municipality's name" plus1 municipality create --name "$name" other
    done
    no_file other
    create draft.json codes/public_credentials.json s1.public.json
    ends 0 "Plein ($uuid): voting goes on" plus1 box status new/*.bel
    mv new/*.bel new/town
    ends 0 "Hollands Kroon ($uuid): voting goes on" plus1 box status new/town/*.bel
    ends 0 "Hollands Kroon" plus1 result show new/town/*.bel
    says "0 of      3" "There is no result of all boxes yet"
    ok "$scenario"
}

# --- All commands -------------------------------------------------------------------------------------------------------

commands() { # "ROLE VERB" or "ROLE", one a line
    "$build/plus1" --help | sed -n 's/^  plus1 \([a-z]*\) \([a-z]*\)  .*/\1 \2/p'
}

# The usage line of a command: its words, options that may be left out in brackets.
usage_of() { # COMMAND
    # shellcheck disable=SC2086 # words
    "$build/plus1" $1 --help | head -n 1
}

help_for_all() {
    scenario "each command explains itself, with an example that it understands"
    local command example count=0
    commands >commands.txt
    while read -r command; do
        count=$((count + 1))
        # shellcheck disable=SC2086 # words
        ends 0 "Example:" "$build/plus1" $command --help </dev/null
        says "plus1 $command" "  plus1 ${command% }"
        # shellcheck disable=SC2086 # words
        ends 0 "Example:" "$build/plus1" $command -h </dev/null
        example=$(sed -n '/^Example:/,$ s/^  plus1 //p' <<<"$said" |
            sed 's/UUID[12]*/12345678912345/2; s/UUID[12]*/12345678912346/; s,/var/lib/plus1,data,')
        case $command in demo | follow* | serve) continue ;; esac # which do what they say
        mkdir "example$count"
        (cd "example$count" && eval "understands $example")
    done <commands.txt
    [ $count -ge 23 ]
    ends 0 "plus1 box add" plus1 box --help
    says_nothing_of "plus1 vote"
    ends 0 "Not for elections under the Kieswet" plus1 --help
    ends 3 "Not for elections under the Kieswet" plus1
    [[ $(plus1 --version) =~ ^plus1\ [0-9]+\.[0-9]+\.[0-9]+[[:space:]]app\ stem,\ sha256\ [0-9a-f]{64}$ ]]
    ok "$scenario"
}

understands() { # ARGUMENT...
    local code=0
    "$build/plus1" "$@" </dev/null || code=$?
    [ $code -ne 3 ] || fail "the example is wrong usage: plus1 $*"
}

wrong_usage_of_all() {
    scenario "wrong usage of each command is refused: options missing, unknown or without a value, files too few or many"
    local command
    ends 3 "there is no such command" plus1 nonsense
    says "plus1 vote"
    ends 3 "there is no such command" plus1 box nonsense
    says "plus1 box add"
    says_nothing_of "plus1 vote"
    ends 3 "these there are" plus1 box
    commands >commands.txt
    while read -r command; do wrong_usage_of "$command" </dev/null; done <commands.txt
    ok "$scenario"
}

# All that it asks for, then each of it left out.
wrong_usage_of() { # COMMAND
    local words given=() needed=() once='' i k
    # shellcheck disable=SC2207 # words
    words=($(usage_of "$1" | sed "s/^plus1 $1 *//; s/\[--[^]]*\(\[[^]]*\][^]]*\)*\]\(\.\.\)*//g; s/\.\.//g"))
    for ((i = 0; i < ${#words[@]}; i++)); do
        if [[ ${words[i]} = --* ]]; then
            needed+=("${#given[@]}")
            given+=("${words[i]}" 1)
            i=$((i + 1))
            once=${words[i - 1]}
        else
            given+=("file$i")
        fi
    done
    for i in "${needed[@]}"; do
        wrong "this is missing: ${given[i]}" "$1" "${given[@]:0:i}" "${given[@]:i+2}"
    done
    wrong "there is no such option: --nonsense" "$1" "${given[@]}" --nonsense
    if [ -n "$once" ]; then wrong "a value must follow $once" "$1" "${given[@]}" "$once"; fi
    k=${#given[@]}
    if ((k)) && [[ ${given[k - 1]} = file* ]]; then
        wrong "a file is missing" "$1" "${given[@]:0:k-1}"
    else
        wrong "this is one too many: file" "$1" "${given[@]}" file
    fi
}

wrong() { # WORDS COMMAND ARGUMENT...
    # shellcheck disable=SC2086 # words
    ends 3 "$1" plus1 $2 "${@:3}"
    says "Example:"
    ls -A >there
    same "files that were written" "commands.txt there" "$(paste -sd ' ' there)"
}

options_given_twice() {
    scenario "an option that has one value is not given twice"
    ends 3 "this can be given only once: --out" paper --question "Wat?" --answer A --answer B --out p.json --out q.json
    ends 3 "this can be given only once: --key" plus1 trustee decrypt --key a --key b --boxes --out x a.bel
    ends 3 "this can be given only once: --minimum" plus1 trustee key --election x --minimum 9 --minimum 10 --out x
    ends 3 "election 12345678912345 is named twice" \
        plus1 trustee key --election 12345678912345 --election 12345678912345 --out x
    ends 3 '"UUID" is not the identifier of an election: it is in draft.json' plus1 trustee key --election UUID --out x
    no_file p.json q.json x.key
    ok "$scenario"
}

unwritten_answers() {
    scenario "what cannot be said is an error, and refusals go where errors go"
    ready
    create draft.json codes/public_credentials.json s1.public.json
    local code=0
    plus1 box status new/*.bel >/dev/full 2>err || code=$?
    same "the exit code" 2 $code
    grep -q "the answer could not be written" err
    code=0
    verify new/*.bel >/dev/full 2>err || code=$?
    same "the exit code" 2 $code
    grep -q "the report could not be written" err
    code=0
    plus1 result publish new/*.bel >out 2>err || code=$?
    same "the exit code" 1 $code
    [ ! -s out ]
    grep -q "^plus1: new/$uuid.bel: there is nothing to publish now: voting goes on$" err
    ok "$scenario"
}

options_belong_to_questions
refused_papers
imports
the_released_file
refused_imports
drafts
elections
refused_elections
municipalities
help_for_all
wrong_usage_of_all
options_given_twice
unwritten_answers
