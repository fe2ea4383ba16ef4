#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# The ballot box: what it takes, what it refuses, and what a crash may leave. In `base` box a is open and three people have
# voted; their ballots and one of a4, not in the box yet, are a1.json to a4.json.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here

prepare() {
    scenario "the open box that the others begin with"
    base=$PWD
    joint_setup 5 --minimum 1 --test
    vote_all a 1 3
    make_ballot a.bel a4 Bomen a4.json
}

add() { # BALLOT...
    plus1 box add a.bel "$@"
}

not_taken() { # CODE WORDS BALLOT...
    keeps a.bel ends "$1" "$2" add "${@:3}"
}

counts() { # BALLOTS VOTERS
    ends 0 "" plus1 box status a.bel
    same "ballots" "$1" "$(awk '$1 == "ballots" { print $2 }' <<<"$said")"
    same "people who voted" "$2" "$(awk '$1 == "voted" { print $2 }' <<<"$said")"
}

refused_ballots() {
    scenario "a ballot is refused with its reason: sent twice, no voter's, of another election or paper, changed"
    from_base
    not_taken 1 "this ballot is in the box already (duplicate ballot)" a1.json
    says_nothing_of "not in the box"

    # The same election with another roll, so with other codes.
    plus1 credentials make --draft a.draft.json --roll a.csv --out strangers
    new_box a strangers/public_credentials.json strangers.bel
    plus1 vote --box strangers.bel --code "$(code a1 strangers)" --choose Bomen --out stranger.json
    not_taken 1 "the ballot's credential is not on the list (ERR_BALLOT_STRANGER)" stranger.json

    make_ballot b.bel b1 Bomen b1.json
    not_taken 1 "the ballot is for another election (ERR_BALLOT_ELECTION)" b1.json
    sed "s/${id[a]}/${id[b]}/" a4.json >elsewhere.json
    not_taken 1 "the ballot is for another election (ERR_BALLOT_ELECTION)" elsewhere.json

    sed 's/Parkeren/Fietsen/' a.draft.json >c.draft.json
    new_box c a/public_credentials.json changed.bel
    make_ballot changed.bel a4 Bomen changed.json
    not_taken 1 "another version of the question paper (ERR_BALLOT_ELECTION_HASH)" changed.json

    local field
    for field in challenge response; do
        forge digit $field a4.json bad.json
        not_taken 1 "the ballot's signature is over another text (signature hash) (ERR_BALLOT_HASH)" bad.json
    done
    sed 's/\("response":"[0-9]*\)[0-4]\("}}}\)$/\17\2/; t; s/\("response":"[0-9]*\)[5-9]\("}}}\)$/\12\2/' a4.json >bad.json
    not_taken 1 "the ballot's signature does not hold (ERR_BALLOT_SIGNATURE)" bad.json
    sed 's/,"signature".*/}/' a4.json >bad.json
    not_taken 1 "the ballot is not signed (ERR_BALLOT_UNSIGNED)" bad.json
    # Whoever copies a ballot cannot put another credential on it.
    sed "s/$(credential_of a4.json)/$(credential_of a1.json)/" a4.json >bad.json
    not_taken 1 "ERR_BALLOT_HASH" bad.json

    sed 's/{/{ /' a4.json >bad.json
    not_taken 1 "the text is not in the one form that the protocol allows" bad.json
    echo hello >bad.json
    not_taken 1 "the text is not in the one form that the protocol allows" bad.json
    : >bad.json
    not_taken 1 "the text is not in the one form that the protocol allows" bad.json
    not_taken 2 "absent.json cannot be read" absent.json
    not_taken 3 "a file is missing"

    counts 3 3
    grows a.bel add a4.json
    ok "$scenario"
}

credential_of() { # BALLOT
    sed 's/.*"credential":"\([^"]*\)".*/\1/' "$1"
}

answers_by_name() {
    scenario "a vote names its answers by text or number, each question's in turn, or is blank"
    from_base
    plus1 election paper --name "Plein" --question "Wat?" --answer Leeg --answer 2 --answer "1=Bank" --blank \
        --question "Waar?" --answer Noord --answer Zuid --min 0 --max 2 --blank --out paper2.json
    plus1 election draft --paper paper2.json --out d.draft.json
    plus1 credentials make --draft d.draft.json --roll a.csv --out d
    new_box d d/public_credentials.json d.bel
    holds 1=1 2=Zuid -- Leeg Zuid
    holds 1=2 2=2 2=Noord -- 2 Noord Zuid
    holds "1=1=Bank" -- 1=Bank
    holds 1=blanco 2=blank -- blanco blanco
    plus1 vote --box d.bel --code "$(code a1 d)" --blank 2 --blank 1 --out x.json --seed-out x.seed
    ends 0 "" verify ballot d.bel x.json --seed "$(cat x.seed)"
    same "blank votes" 2 "$(grep -c '^    blanco$' <<<"$said")"

    cannot_be "there is no such question" --choose Noord
    cannot_be "there is no such question" --choose 3=Noord
    cannot_be "there is no such question" --blank 3
    cannot_be "the question has no such answer" --choose 1=1 --choose 2=3
    cannot_be "the question has no such answer" --choose 1=1 --choose 2=Bomen
    cannot_be "this choice is not allowed" --choose 2=1
    cannot_be "this choice is not allowed" --choose 1=1 --choose 1=2
    cannot_be "this choice is not allowed" --choose 1=1 --blank 1
    ok "$scenario"
}

holds() { # CHOICE... -- ANSWER...
    local options=()
    while [ "$1" != -- ]; do
        options+=(--choose "$1")
        shift
    done
    shift
    plus1 vote --box d.bel --code "$(code a1 d)" "${options[@]}" --out x.json --seed-out x.seed
    verify ballot d.bel x.json --seed "$(cat x.seed)" >held
    same "what the ballot holds" "$*" "$(sed -n 's/^    //p' held | paste -sd ' ')"
    plus1 box add d.bel x.json
}

cannot_be() { # WORDS OPTION...
    rm -f x.json
    ends 1 "$1" plus1 vote --box d.bel --code "$(code a1 d)" "${@:2}" --out x.json
    no_file x.json
}

seeds() {
    scenario "a ballot is for everybody, its seed for the voter only, and only if asked for"
    from_base
    ends 0 "Whoever has x.seed can see what you chose" make_ballot a.bel a4 Bomen x.json --seed-out x.seed
    mode_is 600 x.seed
    mode_is 644 x.json
    says "Tracker:     $(tracker_of x.json)" "Ballot code: $(sed 's/.*"hash":"\([^"]*\)".*/\1/' x.json)"
    ends 0 "" make_ballot a.bel a4 Bomen y.json
    says_nothing_of seed
    ! cmp -s x.json y.json || fail "the same ballot twice"
    ok "$scenario"
}

after_the_end() {
    scenario "after the end of voting no ballot is taken, nor does the voting end twice"
    from_base
    grows a.bel ends 0 "a.bel is closed: 3 ballots of 3 voters" plus1 box close a.bel
    not_taken 1 "the ballot box takes no more ballots: voting has ended" a4.json
    keeps a.bel ends 1 "takes no more ballots: voting has ended" plus1 vote --box a.bel --code "$(code a4)" --choose Bomen --out late.json
    [ ! -e late.json ] || fail "a ballot was made for a closed box"
    keeps a.bel ends 1 "closing is not possible now: voting has ended" plus1 box close a.bel
    keeps b.bel ends 1 "the tally is not possible now: voting goes on" plus1 box tally b.bel
    grows a.bel plus1 box tally a.bel
    not_taken 1 "takes no more ballots: it waits for the trustees' shares" a4.json
    keeps a.bel ends 1 "the tally is not possible now: it waits for the trustees' shares" plus1 box tally a.bel
    keeps a.bel ends 1 "closing is not possible now: it waits for the trustees' shares" plus1 box close a.bel
    ok "$scenario"
}

the_last_ballot_counts() {
    scenario "who votes again replaces the vote; the last one counts, and the archive only grows"
    from_base
    make_ballot a.bel a1 Speeltuin again.json
    make_ballot a.bel a1 Parkeren and-again.json
    grows a.bel ends 0 "again.json is in the box: event 4, tracker " add again.json
    says "$(tracker_of again.json)"
    grows a.bel add and-again.json
    counts 5 3
    votes b.bel b1 Bomen
    votes c.bel c1 Bomen
    end_vote b.bel c.bel
    grows a.bel plus1 box close a.bel
    grows a.bel ends 0 "a.bel is tallied: 3 ballots count" plus1 box tally a.bel
    decrypt t1 a.bel b.bel c.bel
    decrypt t3 a.bel b.bel c.bel
    grows a.bel plus1 share add a.bel "$(share_file a t1)"
    grows a.bel plus1 share add a.bel "$(share_file a t3)"
    grows a.bel plus1 result publish a.bel
    # a1 voted Bomen, then Speeltuin, then Parkeren; a2 voted Parkeren, a3 Speeltuin.
    same "the result" '[[0,1,0,2]]' "$(bel result a.bel)"
    verify a.bel
    ok "$scenario"
}

several_files() {
    scenario "several ballots are added in one go, up to one that is refused"
    from_base
    make_ballot a.bel a5 Bomen a5.json
    make_ballot a.bel a5 Parkeren again.json
    grows a.bel ends 1 "a1.json" add a4.json a5.json a1.json again.json
    says "a4.json is in the box: event 4" "a5.json is in the box: event 5"
    says_nothing_of "again.json is in the box"
    counts 5 5
    grows a.bel ends 0 "again.json is in the box: event 6" add again.json
    verify a.bel
    ok "$scenario"
}

one_writer() {
    scenario "while one program has the box, another that writes is refused; readers are not"
    from_base
    (
        exec 9<a.bel
        flock -n 9
        not_taken 1 "a.bel is in use by another program; try again when it is done" a4.json
        keeps a.bel ends 1 "in use by another program" plus1 box close a.bel
        keeps a.bel ends 0 "voting goes on" plus1 box status a.bel
        verify a.bel
    )
    grows a.bel add a4.json
    ok "$scenario"
}

writers_at_once() {
    scenario "of writers at the same time each ballot is in the box once, or refused"
    from_base
    local i pids=() taken=0
    for i in 1 2 3 4 5 6; do make_ballot a.bel a5 Bomen "$i.json"; done
    for i in 1 2 3 4 5 6; do
        add "$i.json" &
        pids+=($!)
    done
    for i in "${pids[@]}"; do
        if wait "$i"; then taken=$((taken + 1)); fi
    done
    [ $taken -gt 0 ]
    verify a.bel
    counts $((3 + taken)) 4
    ok "$scenario"
}

# The box with a4's ballot in it is `whole`; what is before that write, `before`.
last_write() {
    cp a.bel before.bel
    add a4.json
    mv a.bel whole.bel
    before=$(stat -c %s before.bel)
    whole=$(stat -c %s whole.bel)
}

# torn_box: a.bel lacks a part of a4's ballot. All commands do what they must with it.
torn_box() {
    keeps a.bel ends 1 "the archive ends in the middle of a record" verify a.bel
    says INVALID
    keeps a.bel ends 1 "the archive ends in the middle of a record" plus1 box status a.bel
    ends 0 "the last write to a.bel was torn by a crash; its" add a4.json
    says "never acknowledged, were cut off" "a4.json is in the box: event 4"
    cmp a.bel whole.bel
}

a_torn_write() {
    scenario "a write that a crash has cut short is cut off with a notice, wherever it ends, and only by a writer"
    from_base
    last_write
    local at
    for at in $(torn_places); do
        head -c "$at" whole.bel >a.bel
        torn_box
    done
    # Other writers find it too.
    head -c $((whole - 100)) whole.bel >a.bel
    ends 0 "a.bel is closed: 3 ballots of 3 voters" plus1 box close a.bel
    says "its $((whole - 100 - before)) bytes, never acknowledged, were cut off"
    verify a.bel
    ok "$scenario"
}

# All places between two blocks of the last write, and the places beside them.
torn_places() {
    local at
    for ((at = before; at < whole; at += 512)); do
        if ((at > before)); then echo "$at"; fi
        echo $((at + 1)) $((at + 200)) $((at + 511))
    done
}

zeros_at_the_end() {
    scenario "zeros that a crash has left instead of what was written are cut off with a notice"
    from_base
    last_write
    local at n
    for ((at = before; at < whole; at += 512)); do
        forge zeros "$at" whole.bel a.bel
        # Either the record is not there at all, or it is another one than its name says.
        keeps a.bel ends 1 INVALID verify a.bel
        ends 0 "the last write to a.bel was torn by a crash" add a4.json
        cmp a.bel whole.bel
    done
    for n in 1 511 512 513 4096; do
        cp before.bel a.bel
        head -c $n /dev/zero >>a.bel
        torn_box
    done
    # The first blocks can be the ones that are missing.
    { cat before.bel; head -c 512 /dev/zero; tail -c +$((before + 513)) whole.bel; } >a.bel
    ends 0 "the last write to a.bel was torn by a crash" add a4.json
    cmp a.bel whole.bel
    ok "$scenario"
}

a_read_only_archive() {
    scenario "plus1-verify does not need to write to an archive, whole or torn"
    from_base
    last_write
    mkdir read-only
    head -c $((whole - 700)) whole.bel >read-only/torn.bel
    cp whole.bel read-only
    chmod 444 read-only/*
    chmod 555 read-only
    keeps read-only/torn.bel ends 1 "FAIL the archive ends in the middle of a record" verify read-only/torn.bel
    says "ERR_ARCHIVE_TORN" "at event 4, byte "
    keeps read-only/whole.bel ends 0 "VALID as far as it goes" verify read-only/whole.bel
    keeps read-only/whole.bel ends 0 "voting goes on" plus1 box status read-only/whole.bel
    ls -A read-only >there
    same "what is in the folder" "torn.bel whole.bel" "$(paste -sd ' ' there)"
    chmod 755 read-only
    ok "$scenario"
}

damage() {
    scenario "damage that no torn write explains is said, and nothing is cut off"
    from_base
    last_write
    local at
    # Setup, an event in the middle, the record before the last event, and the last event itself.
    for at in 1500 $((before / 2)) $((before - 600)) $((before + 20)) $((whole - 1100)) $((whole - 700)) $((whole - 1)); do
        forge flip "$at" whole.bel a.bel
        keeps a.bel ends 2 "the archive is damaged in a way that a torn write does not explain" add a4.json
        keeps a.bel ends 1 INVALID verify a.bel
        keeps a.bel ends 1 ERR_ plus1 box status a.bel
    done
    # A hole in the middle, with all the rest behind it.
    { head -c $((before - 4096)) whole.bel; head -c 1024 /dev/zero; tail -c +$((before - 4096 + 1025)) \
        whole.bel; } >a.bel
    keeps a.bel ends 2 "the archive is damaged" add a4.json
    # Something else behind the last event.
    { cat whole.bel; cat a1.json; } >a.bel
    keeps a.bel ends 2 "the archive is damaged" add a4.json
    ok "$scenario"
}

no_archive() {
    scenario "what is no archive is said to be none"
    from_base
    echo hello >a.bel
    not_taken 2 "a.bel: this is not an archive of an election" a4.json
    : >a.bel
    not_taken 2 "a.bel: this is not an archive of an election" a4.json
    keeps a.bel ends 2 "a.bel: this is not an archive of an election" plus1 box status a.bel
    ends 2 "absent.bel cannot be opened" plus1 box add absent.bel a4.json
    no_file absent.bel
    ends 2 "new cannot be opened: Is a directory" plus1 box add new a4.json
    ends 2 "new cannot be opened: Is a directory" plus1 box status new
    ok "$scenario"
}

a_box_without_setup() {
    scenario "a box whose making was interrupted is not used"
    from_base
    cp a.bel whole.bel
    # What a crash leaves of `election create`: the first record, and a part of the setup.
    head -c 1300 whole.bel >a.bel
    keeps a.bel ends 1 INVALID verify a.bel
    keeps a.bel ends 1 ERR_ARCHIVE_TORN plus1 box status a.bel
    ends 2 "plus1: " add a4.json
    says_nothing_of "takes no more ballots"
    ends 2 "has no election in it" plus1 box close a.bel
    head -c 1024 whole.bel >a.bel
    ends 2 "has no election in it" plus1 box status a.bel
    says_nothing_of nan
    ok "$scenario"
}

a_full_disk() {
    scenario "when the disk is full, nothing is acknowledged and nothing is lost"
    from_base
    local size
    size=$(stat -c %s a.bel)
    # SIGXFSZ is ignored, so a write beyond the limit (in blocks of 1024 bytes) is an error like any other.
    limited() { (trap '' XFSZ && ulimit -f $((size / 1024 + 1)) && add "$@"); }
    keeps_content a.bel ends 2 "a.bel: nothing was added, since it cannot be written: File too large" limited a4.json
    verify a.bel
    grows a.bel add a4.json
    ok "$scenario"
}

prepare
refused_ballots
answers_by_name
seeds
after_the_end
the_last_ballot_counts
several_files
one_writer
writers_at_once
a_torn_write
zeros_at_the_end
a_read_only_archive
damage
no_archive
a_box_without_setup
a_full_disk
