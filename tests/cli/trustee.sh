#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# What a trustee's key refuses, and what it gives. In `base` people have voted in all boxes: 11 in a and b, 9 in c, one
# below the minimum.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here

prepare() {
    scenario "the joint vote that the others begin with"
    base=$PWD
    joint_setup 14
    vote_all a 1 11
    vote_all b 1 11
    vote_all c 1 9
}

# Two more people vote in c, and all boxes end.
with_enough_voters() {
    vote_all c 10 11
    end_vote a.bel b.bel c.bel
}

shares_are() { # NUMBER
    same "the number of shares" "$1" "$(find . -name '*.share.json' | wc -l)"
}

a_running_box() {
    scenario "no share is given while one of the boxes is open"
    from_base
    end_vote a.bel b.bel
    keeps t1.key ends 1 "c.bel: voting goes on; no box is opened before all have ended" decrypt t1 a.bel b.bel c.bel
    no_file shares
    ok "$scenario"
}

a_box_without_a_tally() {
    scenario "a box without a tally is not opened, the others are"
    from_base
    vote_all c 10 11
    end_vote a.bel b.bel
    plus1 box close c.bel
    ends 1 "c.bel has no tally yet: plus1 box tally" decrypt t1 a.bel b.bel c.bel
    ls "$(share_file a t1)" "$(share_file b t1)"
    no_file "$(share_file c t1)"
    ok "$scenario"
}

a_missing_box() {
    scenario "no share is given when a box that the key names is not given"
    from_base
    with_enough_voters
    keeps t1.key ends 1 "the box of election ${id[b]} is missing" decrypt t1 a.bel c.bel
    keeps t1.key ends 2 "nowhere.bel" decrypt t1 a.bel nowhere.bel c.bel
    no_file shares
    ok "$scenario"
}

a_box_of_another_election() {
    scenario "a box that the key does not name is not opened"
    from_base
    with_enough_voters
    mkdir other
    (
        cd other
        joint_setup 11
        vote_all a 1 11
        end_vote a.bel
    )
    ends 1 "other/a.bel: this key was not made for this election" decrypt t1 a.bel other/a.bel b.bel c.bel
    no_file "shares/$(uuid_of other/a.draft.json).t1.share.json"
    decrypt t1 a.bel b.bel c.bel
    shares_are 3
    ok "$scenario"
}

a_strange_key() {
    scenario "the key of somebody who is no trustee of the box gives no share"
    from_base
    with_enough_voters
    plus1 trustee key --election "${id[a]}" --election "${id[b]}" --election "${id[c]}" --out stranger
    ends 1 "a.bel: this key is of no trustee of this election" decrypt stranger a.bel b.bel c.bel
    shares_are 0
    ok "$scenario"
}

a_key_of_an_unfinished_ceremony() {
    scenario "a key whose ceremony was not finished gives no share"
    from_base
    with_enough_voters
    plus1 trustee certificate --index 1 --of 3 --threshold 2 --election "${id[a]}" --out early
    ends 1 "this key is not complete" decrypt early a.bel b.bel c.bel
    no_file shares
    ok "$scenario"
}

too_few_voters() {
    scenario "a box with fewer voters than the minimum is not opened, the others are"
    from_base
    # Whoever votes again is one voter still.
    votes c.bel c1 Bomen
    end_vote a.bel b.bel c.bel
    ends 1 "c.bel is not opened: 9 people voted, and this key asks for at least 10" decrypt t1 a.bel b.bel c.bel
    says "11 people voted (11 ballots)"
    shares_are 2
    no_file "$(share_file c t1)"
    ok "$scenario"
}

a_low_minimum() {
    scenario "a minimum below 10 is for tests, which key and share say aloud"
    from_base
    local with
    for with in key "certificate --index 1 --of 3 --threshold 2"; do
        # shellcheck disable=SC2086 # words
        ends 1 "say --test if that is what you do" plus1 trustee $with --election "${id[a]}" --minimum 9 --out low
        no_file low.key low.cert low.public.json
        # shellcheck disable=SC2086 # words
        ends 0 "This key is for 1 election and opens a box only if at least 10 people voted in it." \
            plus1 trustee $with --election "${id[a]}" --minimum 10 --out "enough ${with%% *}"
        says_nothing_of TEST
        # shellcheck disable=SC2086 # words
        ends 0 "TEST KEY" plus1 trustee $with --election "${id[a]}" --minimum 9 --test --out "low ${with%% *}"
        says "at least 9 people"
    done
    ends 3 "--minimum: \"0\" is not a whole number from 1 to 1000000" \
        plus1 trustee key --election "${id[a]}" --minimum 0 --test --out zero

    plus1 trustee key --election "${id[a]}" --minimum 1 --test --out single
    plus1 election create --draft a.draft.json --trustee single.public.json --credentials a/public_credentials.json \
        --out single
    mv single/*.bel single.bel
    votes single.bel a1 Bomen
    end_vote single.bel
    ends 0 "TEST KEY" decrypt single single.bel
    says "1 person voted"
    ok "$scenario"
}

a_rare_weight() {
    scenario "a box in which few people have some weight is not opened, but by a test key, which says so"
    from_base
    {
        echo "id;gewicht"
        seq -f "a%g;1" 10
        seq -f "a%g;5" 11 13
    } >w.csv
    rm -r a
    plus1 credentials make --draft a.draft.json --roll w.csv --out a
    plus1 trustee key --election "${id[a]}" --out s
    plus1 trustee key --election "${id[a]}" --test --out test
    plus1 election create --draft a.draft.json --trustee s.public.json --trustee test.public.json \
        --credentials a/public_credentials.json --out w
    mv w/*.bel a.bel
    vote_all a 1 11
    end_vote a.bel
    ends 1 "a.bel is not opened: fewer than 10 people who voted have weight 5" decrypt s a.bel
    shares_are 0
    ends 0 "opened all the same by a test key" decrypt test a.bel
    says "fewer than 10 people who voted have weight 5" "TEST KEY"
    ok "$scenario"
}

the_same_state() {
    scenario "the same state of a box gets the same share again, byte for byte"
    from_base
    with_enough_voters
    ends 0 "share of trustee 1, for a box in which 11 people voted" decrypt t1 a.bel b.bel c.bel
    says_nothing_of TEST
    mv shares first
    decrypt t1 c.bel a.bel b.bel
    diff -r first shares

    # Shares that are in the box by now do not make another state of it.
    decrypt t2 a.bel b.bel c.bel
    plus1 share add a.bel "$(share_file a t2)"
    rm -r shares
    decrypt t1 a.bel b.bel c.bel
    diff -r first shares
    ok "$scenario"
}

another_state() {
    scenario "another state of a box that was opened is refused"
    from_base
    vote_all c 10 11
    cp a.bel other-a.bel
    votes a.bel a12 Bomen
    votes other-a.bel a13 Bomen
    end_vote a.bel other-a.bel b.bel c.bel
    verify a.bel
    verify other-a.bel
    decrypt t1 a.bel b.bel c.bel
    rm -r shares
    ends 1 "Somebody changed the box: compare it with the copies of others" decrypt t1 other-a.bel b.bel c.bel
    says other-a.bel
    no_file "$(share_file a t1)"
    # Nor does the key forget.
    decrypt t1 a.bel b.bel c.bel
    ends 1 "Somebody changed the box" decrypt t1 other-a.bel b.bel c.bel
    # What it gave a share for is enough to know.
    sed 's/"ended":{[^}]*}/"ended":{}/' t1.key >unended.key
    ends 1 "other-a.bel is not opened: this key gave a share for another state" decrypt unended other-a.bel b.bel c.bel
    no_file "$(share_file a unended)"
    ok "$scenario"
}

another_end() {
    scenario "a box that had ended when the others were opened cannot end otherwise later"
    from_base
    vote_all c 10 11
    cp a.bel other-a.bel
    votes other-a.bel a12 Bomen
    end_vote other-a.bel b.bel c.bel
    plus1 box close a.bel
    ends 1 "a.bel has no tally yet" decrypt t1 a.bel b.bel c.bel
    shares_are 2
    ends 1 "Somebody changed the box" decrypt t1 other-a.bel b.bel c.bel
    plus1 box tally a.bel
    decrypt t1 a.bel b.bel c.bel
    shares_are 3
    ok "$scenario"
}

two_states_at_once() {
    scenario "two states of a box in one call, or one of them twice, get no share"
    from_base
    vote_all c 10 11
    cp a.bel other-a.bel
    votes other-a.bel a12 Bomen
    end_vote a.bel other-a.bel b.bel c.bel
    ends 1 "the same box is given twice" decrypt t1 a.bel other-a.bel b.bel c.bel
    ends 1 "the same box is given twice" decrypt t1 other-a.bel a.bel b.bel c.bel
    ends 1 "the same box is given twice" decrypt t1 a.bel b.bel c.bel a.bel
    shares_are 0
    decrypt t1 a.bel b.bel c.bel
    ends 0 "the share of trustee 1 is added" plus1 share add a.bel "$(share_file a t1)"
    ok "$scenario"
}

one_voters_ballots() {
    scenario "an archive cut down to one voter's ballot is not opened, before and after the whole one"
    from_base
    with_enough_voters
    head -c "$(forge events a.bel | sed -n 2p)" a.bel >one.bel
    head -c "$(forge events a.bel | sed -n 11p)" a.bel >ten.bel
    end_vote one.bel ten.bel
    verify one.bel
    cp t1.key before.key
    ends 1 "one.bel is not opened: 1 person voted" decrypt before one.bel b.bel c.bel
    no_file "$(share_file a before)"
    decrypt t1 a.bel b.bel c.bel
    rm -r shares
    ends 1 "one.bel" decrypt t1 one.bel b.bel c.bel
    # Without the one vote that it lacks, this one would tell what that was.
    ends 1 "Somebody changed the box" decrypt t1 ten.bel b.bel c.bel
    says ten.bel
    no_file "$(share_file a t1)"
    ok "$scenario"
}

what_was_opened_is_on_the_disk_first() {
    scenario "the key remembers a state before its share can be written"
    from_base
    cp a.bel other-a.bel
    vote_all c 10 11
    votes other-a.bel a12 Bomen
    end_vote a.bel other-a.bel b.bel c.bel
    mkdir -p "$(share_file a t1)" # in the way of the share
    ends 2 "$(share_file a t1) cannot be written" decrypt t1 a.bel b.bel c.bel
    rmdir "$(share_file a t1)"
    grep -q "\"opened\":{.*\"${id[a]}\":\"[0-9a-f]\{64\}\"" t1.key
    ends 1 "Somebody changed the box" decrypt t1 other-a.bel b.bel c.bel
    decrypt t1 a.bel b.bel c.bel
    ok "$scenario"
}

a_box_that_does_not_verify() {
    scenario "one box that does not verify: no share at all"
    from_base
    with_enough_voters
    local size at
    size=$(stat -c %s a.bel)
    for at in 1700 $((size / 2)) $((size - 1500)); do
        forge flip "$at" a.bel bad.bel
        keeps t1.key ends 1 "bad.bel does not verify" decrypt t1 bad.bel b.bel c.bel
        keeps t1.key ends 1 "bad.bel does not verify" decrypt t1 b.bel c.bel bad.bel
    done
    forge number '{"election_uuid"' 3 challenge a.bel bad.bel
    keeps t1.key ends 1 "ERR_BALLOT_INDIVIDUAL, at ballot " decrypt t1 bad.bel b.bel c.bel
    head -c $((size - 600)) a.bel >bad.bel
    keeps t1.key ends 1 "bad.bel does not verify: the archive ends in the middle of a record" \
        decrypt t1 bad.bel b.bel c.bel
    echo "no archive" >bad.bel
    keeps t1.key ends 2 "bad.bel" decrypt t1 bad.bel b.bel c.bel
    no_file shares
    ok "$scenario"
}

too_many() {
    scenario "a key is for at most 64 elections"
    from_base
    local i elections=() boxes=()
    for i in {11..75}; do
        elections+=(--election "1234567891234${i//0/z}")
        boxes+=(a.bel)
    done
    ends 3 "a key can serve at most 64 elections" plus1 trustee key "${elections[@]}" --out many
    no_file many.key
    ends 0 "This key is for 64 elections" plus1 trustee key "${elections[@]:2}" --out most
    ends 3 "these are too many boxes" decrypt t1 "${boxes[@]}"
    ok "$scenario"
}

the_key_file() {
    scenario "a key file is for its owner only, and one that is damaged is not used"
    from_base
    with_enough_voters
    mode_is 600 t1.key
    decrypt t1 a.bel b.bel c.bel
    mode_is 600 t1.key
    no_file t1.key.new
    ends 1 "t1.key exists already; it is not overwritten" \
        plus1 trustee key --election "${id[a]}" --out t1
    ends 1 "exists already" \
        plus1 trustee certificate --index 1 --of 3 --threshold 2 --election "${id[a]}" --out t1
    local bad=0 sentence="is not a trustee's key file, or it is damaged: use the copy that you kept"
    rm -r shares
    while read -r words; do
        bad=$((bad + 1))
        printf '%s' "$words" >"$bad.key"
        keeps "$bad.key" ends 2 "$bad.key $sentence" decrypt "$bad" a.bel b.bel c.bel
    done <<BAD
hello
{}
[]
$(head -c 300 t1.key)
$(sed 's/"plus1":"trustee key 1"/"plus1":"trustee key 2"/' t1.key)
$(sed 's/"group":"Ed25519"/"group":"Ed448"/' t1.key)
$(sed 's/"private_key":"/"private_key":"0/' t1.key)
$(sed 's/"private_key":"/"private_key":"9999/' t1.key)
$(sed 's/"minimum":10/"minimum":-1/' t1.key)
$(sed 's/"elections":\[[^]]*\]/"elections":[]/' t1.key)
$(sed 's/"opened":{.*}}/"opened":{"x":"y"}}/' t1.key)
$(sed 's/,"opened":{.*}}/}/' t1.key)
BAD
    same "the number of damaged keys" 12 $bad
    # States of elections that it is not for, more than there is room for.
    local states
    states=$(seq -f '"123456789ABC%03g":"'"$(printf '%064d' 0)"'"' 111 174 | tr 0 1 | paste -sd ,)
    sed "s/\"opened\":{.*}}/\"opened\":{$states}}/" t1.key >alien.key
    keeps alien.key ends 2 "alien.key $sentence" decrypt alien a.bel b.bel c.bel
    head -c 2000 /dev/urandom >random.key
    ends 2 "random.key $sentence" decrypt random a.bel b.bel c.bel
    ends 2 "absent.key cannot be read" decrypt absent a.bel b.bel c.bel
    no_file shares
    ok "$scenario"
}

a_set_of_which_one_is_enough() {
    scenario "of a set of which one is enough, all have the same key and each gives a share of its own"
    cp -r "$base/a" "$base/a.draft.json" .
    local i
    for i in 1 2; do
        plus1 trustee certificate --index "$i" --of 2 --threshold 1 --election "${id[a]}" --test --minimum 1 --out "t$i"
    done
    lines t[12].cert >certs.jsons
    for i in 1 2; do polynomial "$i"; done
    lines t[12].polynomial >polynomials.jsons
    route
    for i in 1 2; do accept "$i"; done
    lines t[12].voutput >voutputs.jsons
    assemble
    new_box a a/public_credentials.json a.bel
    vote_all a 1 2
    end_vote a.bel
    decrypt t2 a.bel
    decrypt t1 a.bel
    plus1 share add a.bel "$(share_file a t2)"
    plus1 share add a.bel "$(share_file a t1)"
    plus1 result publish a.bel
    verify a.bel
    ok "$scenario"
}

prepare
a_running_box
a_box_without_a_tally
a_missing_box
a_box_of_another_election
a_strange_key
a_key_of_an_unfinished_ceremony
too_few_voters
a_low_minimum
a_rare_weight
the_same_state
another_state
another_end
two_states_at_once
one_voters_ballots
what_was_opened_is_on_the_disk_first
a_box_that_does_not_verify
too_many
a_set_of_which_one_is_enough
the_key_file
