#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# The demo: a whole joint vote of five municipalities.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here

demo() { # VOTERS GROUP: leaves what it says in the file `told`
    plus1 demo --headless --voters "$1" --group "$2" --out vote | tee told
}

# What it left: a box for each municipality, valid each and together, and the result that it showed.
left_behind() { # VOTERS
    local town boxes=() file
    for town in almelo emmen hollands-kroon lingewaard molenwaard; do
        file=$(echo vote/$town/*.bel)
        same "the name of $town's box" "vote/$town/$(uuid_of vote/$town/draft.json).bel" "$file"
        boxes+=("$file")
    done
    same "the number of archives" 5 "$(find . -name '*.bel' | wc -l)"
    ends 0 "VALID: " verify joint "${boxes[@]}"
    says_nothing_of FAIL "not yet"
    ends 0 "" verify --json joint "${boxes[@]}"
    python3 -c '
import json, sys
j = json.load(sys.stdin)
voters, least = int(sys.argv[1]), int(sys.argv[2])
assert sum(box["voters"] for box in j["boxes"]) == voters
assert max(box["voters"] for box in j["boxes"]) - min(box["voters"] for box in j["boxes"]) <= 1, "not spread evenly"
assert min(box["counted"] for box in j["boxes"]) >= least
assert all(box["ballots"] > box["counted"] for box in j["boxes"]), "nobody voted again"
assert sum(j["result"][0]) == sum(box["counted"] for box in j["boxes"])' "$1" "$2" <<<"$said"
    plus1 result show "${boxes[@]}" >shown
    [ "$(wc -l <shown)" -gt 10 ]
    [[ $(cat told) = *"$(cat shown)"* ]] || fail "another result than what the demo showed"
    mode_is 600 vote/emmen/codes.csv
    mode_is 600 vote/trustees/T1.key
}

with_enough_voters() {
    scenario "with 75 residents ten vote in each box at least, and nothing is said of tests"
    demo 75 Ed25519
    said=$(cat told)
    says_nothing_of TEST "--test" "--minimum 1 "
    says "opens a box only if at least 10 people voted in it" "Anybody checks everything" \
        "the joint result is the sum of 5 boxes"
    left_behind 75 10
    ok "$scenario"
}

with_few_voters() {
    scenario "with 20 residents the keys are for tests, which the demo says aloud"
    demo 20 Ed25519
    said=$(cat told)
    says "TEST: fewer than 75 voters" "TEST KEY: it was made with --test. Do not use it for a real vote." "--minimum 1 "
    left_behind 20 1
    ok "$scenario"
}

in_a_finite_field() {
    scenario "the demo runs in BELENIOS-2048 too"
    demo 10 BELENIOS-2048
    left_behind 10 1
    ok "$scenario"
}

uneven_numbers() {
    scenario "any number of residents from 5 on is spread over the municipalities"
    demo 79 Ed25519
    left_behind 79 10
    rm -r vote
    demo 5 Ed25519
    left_behind 5 1
    ok "$scenario"
}

an_existing_folder() {
    scenario "the demo asks for a folder of its own"
    mkdir vote
    ends 1 "vote exists already; the demo asks for a folder of its own" plus1 demo --headless --voters 20 --out vote
    rmdir vote
    echo mine >vote
    keeps vote ends 1 "vote exists already" plus1 demo --headless --voters 20 --out vote
    ok "$scenario"
}

what_it_cannot_do() {
    scenario "a demo that cannot be held leaves nothing behind"
    ends 3 '--voters: "4" is not a whole number from 5 to 1000000' plus1 demo --headless --voters 4 --out vote
    ends 3 "say --headless to run it here" plus1 demo --voters 20 --out vote
    ends 2 "Ed448: elections in this group are not yet supported" plus1 demo --headless --group Ed448 --out vote
    no_file vote
    ok "$scenario"
}

with_enough_voters
with_few_voters
in_a_finite_field
uneven_numbers
an_existing_folder
what_it_cannot_do
