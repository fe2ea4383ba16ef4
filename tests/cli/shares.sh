#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# Trustees' shares and the result. In `base` box a has its tally, and t1, t2 and t3 have given their shares; so has b, for
# shares of another box.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here

prepare() {
    scenario "the tally that the others begin with"
    base=$PWD
    joint_setup 11 --minimum 1 --test
    vote_all a 1 11
    vote_all b 1 3
    vote_all c 1 3
    end_vote a.bel b.bel c.bel
    local i
    for i in 1 2 3; do
        decrypt "t$i" a.bel b.bel c.bel
        cp "$(share_file a "t$i")" "$i.json"
    done
    cp "$(share_file b t1)" b1.json
}

add() { # SHARE [OPTION...]
    plus1 share add a.bel "$@"
}

not_added() { # CODE WORDS SHARE [OPTION...]
    keeps a.bel ends "$1" "$2" add "${@:3}"
}

enough_shares() {
    scenario "with enough shares the result is published, and is the votes that were cast"
    from_base
    grows a.bel ends 0 "a.bel: the share of trustee 3 is added; more are needed" add 3.json
    grows a.bel ends 0 "there are enough to open the box: plus1 result publish" add 1.json
    grows a.bel ends 0 "the result is published" plus1 result publish a.bel
    verify a.bel
    same "the result" '[[0,3,4,4]]' "$(bel result a.bel)"
    ends 0 "Parkeren" plus1 result show a.bel
    forge text '{"result":[[0,3,4,4]]' '{"result":[[0,3,4]]' a.bel bad.bel
    ends 1 "bad.bel: the result does not have one count per choice" plus1 result show bad.bel
    ok "$scenario"
}

a_bad_share() {
    scenario "a bad share is refused, its trustee is named, and nothing is added"
    from_base
    local field
    for field in challenge response; do
        forge digit $field 2.json bad.json
        not_added 1 "the share of trustee 2 is not valid and is not added" bad.json
        says ERR_SHARE
    done
    sed 's/\[\["\([0-9a-f]*\)","\([0-9a-f]*\)"/[["\2","\1"/' 2.json >bad.json # two factors change places
    not_added 1 "the share of trustee 2 is not valid" bad.json
    not_added 1 "the share of trustee 1 is not valid" b1.json
    sed 's/\("bound":.*"response":"[0-9]*\)[0-9]"/\1"/' 2.json >bad.json # its second proof alone
    not_added 1 "ERR_SHARE_BINDING" bad.json
    sed 's/,{"challenge":"[0-9]*","response":"[0-9]*"}\]\]},"bound"/]]},"bound"/' 2.json >bad.json # one proof less
    not_added 1 "the share of trustee 2 is not valid" bad.json
    # The others go on without it, and so does trustee 2 with a good one.
    add 1.json
    not_added 1 "the share of trustee 2 is not valid" bad.json
    add 2.json
    plus1 result publish a.bel
    verify a.bel
    ok "$scenario"
}

a_wrong_owner() {
    scenario "a share in somebody else's name is refused"
    from_base
    sed 's/"owner":1/"owner":2/' 1.json >as2.json
    not_added 1 "the share of trustee 2 is not valid" as2.json
    sed 's/"owner":1/"owner":4/' 1.json >as4.json
    not_added 1 "there is no trustee 4: this election has 3" as4.json
    not_added 1 "the share of trustee 3 is not valid" 1.json --owner 3
    not_added 3 '--owner: "0" is not a whole number from 1' 1.json --owner 0
    ok "$scenario"
}

a_share_twice() {
    scenario "a trustee's second share is refused"
    from_base
    add 1.json
    not_added 1 "trustee 1 gave a share already" 1.json
    add 2.json
    not_added 1 "trustee 1 gave a share already" 1.json
    ok "$scenario"
}

a_bare_share() {
    scenario "a bare share needs --owner"
    from_base
    sed 's/^{"owner":1,"share":\(.*\),"bound":.*}$/\1/' 1.json >bare.json
    not_added 3 "bare.json does not say whose share it is: give --owner N" bare.json
    not_added 1 "the share of trustee 2 is not valid" bare.json --owner 2
    grows a.bel ends 0 "the share of trustee 1 is added" add bare.json --owner 1
    verify a.bel
    ok "$scenario"
}

no_share() {
    scenario "a file that is no share is refused"
    from_base
    echo hello >text.json
    : >empty.json
    head -c 100 1.json >half.json
    not_added 2 "half.json is not a trustee's share" half.json
    not_added 3 "text.json does not say whose share it is" text.json
    not_added 1 "the share of trustee 1 is not valid" text.json --owner 1
    not_added 1 "the share of trustee 1 is not valid" empty.json --owner 1
    not_added 2 "absent.json cannot be read" absent.json
    ok "$scenario"
}

too_early_or_too_late() {
    scenario "shares come between tally and result"
    from_base
    head -c "$(forge events a.bel | tail -n 2 | head -n 1)" a.bel >ended.bel
    keeps ended.bel ends 1 "adding a share is not possible now: voting has ended" plus1 share add ended.bel 1.json
    add 1.json
    add 2.json
    plus1 result publish a.bel
    not_added 1 "adding a share is not possible now: its result is published" 3.json
    ok "$scenario"
}

shares_are_missing() {
    scenario "without enough shares there is no result, and who must still help is named"
    from_base
    keeps a.bel ends 1 "of trustees 1 to 3, 2 must give a share, and 0 did" plus1 result publish a.bel
    add 2.json
    keeps a.bel ends 1 "of trustees 1 to 3, 2 must give a share, and 1 did" plus1 result publish a.bel
    ends 0 "There is no result of all boxes yet" plus1 result show a.bel
    ok "$scenario"
}

a_single_trustee_is_missing() {
    scenario "single trustees are all needed, and the one who is missing is named"
    from_base
    group=Ed25519
    uuid=${id[a]}
    rm -r routed t?.* threshold.json certs.jsons polynomials.jsons voutputs.jsons # of the joint vote: these are for this box alone
    key s1
    key s2
    ceremony
    plus1 election create --draft a.draft.json --trustee s1.public.json --trustee threshold.json \
        --trustee s2.public.json --credentials a/public_credentials.json --out mixed
    mv mixed/*.bel mixed.bel
    votes mixed.bel a1 Bomen
    end_vote mixed.bel
    rm -r shares
    local trustee
    for trustee in s1 s2 t1 t3; do decrypt $trustee mixed.bel; done
    share_of() { plus1 share add mixed.bel "$(share_file a "$1")"; }
    keeps mixed.bel ends 1 "trustee 1" plus1 result publish mixed.bel
    ends 0 "the share of trustee 1 is added" share_of s1
    keeps mixed.bel ends 1 "of trustees 2 to 4, 2 must give a share, and 0 did" plus1 result publish mixed.bel
    ends 0 "the share of trustee 4 is added" share_of t3
    keeps mixed.bel ends 1 "of trustees 2 to 4, 2 must give a share, and 1 did" plus1 result publish mixed.bel
    share_of t1
    keeps mixed.bel ends 1 "trustee 5" plus1 result publish mixed.bel
    ends 0 "there are enough" share_of s2
    plus1 result publish mixed.bel
    verify mixed.bel
    same "the result" '[[0,0,1,0]]' "$(bel result mixed.bel)"
    ok "$scenario"
}

publish_twice() {
    scenario "a result is published once, and only after the tally"
    from_base
    keeps b.bel ends 1 "b.bel cannot be opened yet" plus1 result publish b.bel
    add 1.json
    add 3.json
    plus1 result publish a.bel
    keeps a.bel ends 1 "a.bel: there is nothing to publish now: its result is published" plus1 result publish a.bel
    head -c "$(forge events b.bel | tail -n 2 | head -n 1)" b.bel >ended.bel
    keeps ended.bel ends 1 "there is nothing to publish now: voting has ended" plus1 result publish ended.bel
    ok "$scenario"
}

prepare
enough_shares
a_bad_share
a_wrong_owner
a_share_twice
a_bare_share
no_share
too_early_or_too_late
shares_are_missing
a_single_trustee_is_missing
publish_twice
