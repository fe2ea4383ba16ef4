#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# Notices beside the box, the frozen bundle, and watching a running vote.
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
start_here

code() { sed -n "$(($1 + 1))p" c/codes.csv | sed 's/.*;//'; }

ballot() { # NUMBER ANSWER
    plus1 vote --box "$box" --code "$(code "$1")" --choose "$2" --out b.json >/dev/null
}

cast() {
    ballot "$1" "$2"
    plus1 box add "$box" b.json
}

bundle() { # OUT BOX...
    local boxes=() one
    for one in "${@:2}"; do boxes+=(--box "$one"); done
    plus1 election bundle --draft draft.json --credentials c/public_credentials.json "${boxes[@]}" \
        --opens 2027-03-01T08:00:00+01:00 --closes 2027-03-10T20:00:00+01:00 --out "$1"
}

step() { # all in one folder: each goes on with the box of the one before
    scenario "$1"
    cd "$vote"
}

prepare() {
    scenario "the box that all go on with"
    vote=$PWD
    local i
    plus1 election paper --name N --question Q --answer A --answer B --blank --out paper.json
    plus1 election draft --paper paper.json --out draft.json
    uuid=$(uuid_of draft.json)
    {
        echo 'id;naam'
        for i in $(seq 1 14); do echo "r$i;Testinwoner $i"; done
    } >roll.csv
    plus1 credentials make --draft draft.json --roll roll.csv --out c
    plus1 trustee key --election "$uuid" --out t
    plus1 registrar key --out reg
    plus1 registrar key --out sec
    bundle bundle.json "$uuid"
    plus1 election create --draft draft.json --trustee t.public.json --credentials c/public_credentials.json \
        --bundle bundle.json --registrar reg.public --second sec.public --out .
    box=$uuid.bel
    for i in $(seq 1 12); do cast "$i" A; done
}

withdrawn_votes() {
    step "a vote is withdrawn by two people, and a neutral ballot takes its place"
    ends 1 "a second person must sign too" plus1 registrar withdraw --box "$box" --key reg.key --code "$(code 3)" --out n
    plus1 registrar withdraw --box "$box" --key reg.key --second sec.key --code "$(code 3)" --out n
    plus1 box notice "$box" n
    ballot 3 B
    keeps "$box" ends 1 "after its withdrawal (ERR_NOTICE_AFTER)" plus1 box add "$box" b.json
    plus1 registrar neutral --box "$box" --key reg.key --code "$(code 3)" --ballot-out nb.json --out n
    plus1 box notice "$box" n
    plus1 box add "$box" nb.json
    ok "$scenario"
}

withdrawn_codes() {
    step "a code that has not voted is withdrawn by the registrar alone, and votes no more"
    plus1 registrar withdraw --box "$box" --key reg.key --code "$(code 14)" --out n
    plus1 box notice "$box" n
    ballot 14 B
    keeps "$box" ends 1 "ERR_NOTICE_AFTER" plus1 box add "$box" b.json
    ok "$scenario"
}

late_withdrawals() {
    step "a withdrawal that comes after another vote of the code must be signed again"
    plus1 registrar withdraw --box "$box" --key reg.key --code "$(code 13)" --out n
    cast 13 B
    keeps "$uuid.notices" ends 1 "ERR_NOTICE_AFTER" plus1 box notice "$box" n
    ok "$scenario"
}

extensions() {
    step "the closing time moves once, and later only"
    plus1 registrar extend --box "$box" --key reg.key --closes 2027-03-09T20:00:00+01:00 --out n
    keeps "$uuid.notices" ends 1 "once only, and to a later time" plus1 box notice "$box" n
    plus1 registrar extend --box "$box" --key reg.key --closes 2027-03-11T20:00:00+01:00 --out n
    plus1 box notice "$box" n
    plus1 registrar extend --box "$box" --key reg.key --closes 2027-03-12T20:00:00+01:00 --out n
    keeps "$uuid.notices" ends 1 "once only, and to a later time" plus1 box notice "$box" n
    ends 3 "is not a time such as" plus1 registrar extend --box "$box" --key reg.key --closes 2027-02-30T20:00:00Z --out n
    ok "$scenario"
}

strangers() {
    step "a notice signed by somebody else is refused"
    plus1 registrar key --out other
    plus1 registrar withdraw --box "$box" --key other.key --code "$(code 14)" --out n
    keeps "$uuid.notices" ends 1 "ERR_NOTICE_SIGNATURE" plus1 box notice "$box" n
    plus1 registrar withdraw --box "$box" --key reg.key --second other.key --code "$(code 5)" --out n
    keeps "$uuid.notices" ends 1 "ERR_NOTICE_SIGNATURE" plus1 box notice "$box" n
    ok "$scenario"
}

watching() {
    step "who watches a running vote sees that nothing vanished or changed, and goes on where the last check stopped"
    cp "$box" old.bel
    ends 0 "VALID as far as it goes" verify --state state "$box"
    cast 13 A
    ends 0 "nothing of the older copy" verify --previous old.bel "$box"
    ends 0 "goes on from the earlier check" verify --state state "$box"
    ends 1 ERR_PREVIOUS_GONE verify --previous "$box" old.bel
    ends 1 ERR_PREVIOUS_GONE verify --state state old.bel
    # another ballot in the place of one
    head -c "$(stat -c %s old.bel)" "$box" >fork.bel
    ballot 12 B
    cp "$uuid.notices" fork.notices
    plus1 box add fork.bel b.json
    ends 1 "ERR_PREVIOUS_CHANGED" verify --previous "$box" fork.bel
    ends 1 "ERR_PREVIOUS_CHANGED" verify --state state fork.bel
    ok "$scenario"
}

count() {
    step "corrected figures stand beside those of Belenios; a notice that was changed makes the count invalid"
    plus1 box close "$box"
    plus1 box tally "$box"
    plus1 trustee decrypt --key t.key --boxes "$box" --out s
    plus1 share add "$box" "s/$uuid.t.share.json"
    plus1 result publish "$box"
    ends 0 "Corrected for 1 withdrawn votes (12 voted)" verify "$box"
    ends 0 '"corrected":[[0,12,0]],"correctedVoters":12' verify --json "$box"
    says '"result":[[1,12,0]]'
    mkdir changed
    cp "$box" "$uuid.bundle.json" changed
    sed '1s/withdraw/Withdraw/' "$uuid.notices" >"changed/$uuid.notices"
    ends 1 ERR_NOTICE_SIGNATURE verify "changed/$box"
    sed 1d "$uuid.notices" >"changed/$uuid.notices"
    ends 1 ERR_NOTICE_CHAIN verify "changed/$box"
    head -c -1 "$uuid.notices" >"changed/$uuid.notices"
    ends 1 ERR_NOTICE_TORN verify "changed/$box"
    head -n 1 "$uuid.notices" >"changed/$uuid.notices"
    ends 1 ERR_NOTICE_AFTER verify "changed/$box"
    rm "changed/$uuid.notices"
    ends 0 "none: there are no notices" verify "changed/$box"
    ok "$scenario"
}

bundles() {
    step "the frozen bundle is checked: without it 'not checked', another one is refused"
    rm "changed/$uuid.bundle.json"
    ends 0 "not checked: the frozen bundle is not beside" verify "changed/$box"
    sed 's/"minimum":10/"minimum":11/' "$uuid.bundle.json" >"changed/$uuid.bundle.json"
    ends 1 ERR_BUNDLE_HASH verify "changed/$box"
    ends 1 ERR_BUNDLE_BOXES bundle twice.json "$uuid" "$uuid"
    ends 1 ERR_BUNDLE_BOXES bundle without.json 12345678912345
    # a registrar who adds a credential after the freeze
    {
        cat roll.csv
        echo "r15;Testinwoner 15"
    } >more.csv
    plus1 credentials make --draft draft.json --roll more.csv --out more
    ends 1 ERR_BUNDLE_CREDENTIALS plus1 election create --draft draft.json --trustee t.public.json \
        --credentials more/public_credentials.json --bundle bundle.json --out added
    no_file "added/$box"
    # Nor is the bundle of a box that is there replaced by that of another try.
    bundle other.json "$uuid" 12345678912345
    keeps "$uuid.bundle.json" ends 1 "$box exists already" plus1 election create --draft draft.json \
        --trustee t.public.json --credentials c/public_credentials.json --bundle other.json --out .
    ok "$scenario"
}

kept_back_boxes() {
    scenario "a box of the joint vote that is kept back, or that does not belong to it, is missed"
    local name
    local -A of
    plus1 election paper --name N --question Q --answer A --answer B --out paper.json
    printf 'id;naam\nr1;Testinwoner 1\n' >roll.csv
    for name in a b c; do
        plus1 election draft --paper paper.json --out $name.json
        of[$name]=$(uuid_of $name.json)
    done
    plus1 trustee key --election "${of[a]}" --election "${of[b]}" --election "${of[c]}" --out t
    for name in a b c; do
        rm -rf c
        plus1 credentials make --draft $name.json --roll roll.csv --out c
        cp $name.json draft.json
        local frozen=()
        if [ $name != c ]; then
            bundle $name.bundle.json "${of[a]}" "${of[b]}"
            frozen=(--bundle "$name.bundle.json")
        fi
        plus1 election create --draft $name.json --trustee t.public.json --credentials c/public_credentials.json \
            "${frozen[@]}" --out .
    done
    ends 0 "all boxes that were frozen for the joint vote" verify joint "${of[a]}.bel" "${of[b]}.bel"
    ends 1 ERR_JOINT_BOXES verify joint "${of[a]}.bel" "${of[c]}.bel"
    ends 1 ERR_JOINT_BOXES verify joint "${of[a]}.bel" "${of[b]}.bel" "${of[c]}.bel"
    ok "$scenario"
}

one_key_for_two() {
    scenario "registrar and second person are two, with a key each"
    plus1 election paper --name N --question Q --answer A --answer B --out paper.json
    plus1 election draft --paper paper.json --out draft.json
    printf 'id;naam\nr1;Testinwoner 1\n' >roll.csv
    plus1 credentials make --draft draft.json --roll roll.csv --out c
    plus1 trustee key --election "$(uuid_of draft.json)" --out t
    plus1 registrar key --out reg
    ends 1 ERR_NOTICE_SECOND plus1 election create --draft draft.json --trustee t.public.json \
        --credentials c/public_credentials.json --registrar reg.public --second reg.public --out .
    no_file "$(uuid_of draft.json).bel"
    ok "$scenario"
}

prepare
withdrawn_votes
withdrawn_codes
late_withdrawals
extensions
strangers
watching
count
bundles
kept_back_boxes
one_key_for_two
