#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# plus1-verify as an observer uses it. In `base` the boxes a, b and c are published; four people voted in a, a1 twice:
# first a1.json, then again.json, each with its seed beside it. never.json was never cast. Copies of a as it was before:
# open.bel, ended.bel, tallied.bel and shared.bel.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here

prepare() {
    scenario "the joint vote that the others begin with"
    base=$PWD
    joint_setup 6 --minimum 1 --test
    make_ballot a.bel a1 Bomen a1.json --seed-out a1.seed
    make_ballot a.bel a1 Parkeren again.json --seed-out again.seed
    make_ballot a.bel a5 Bomen never.json --seed-out never.seed
    plus1 box add a.bel a1.json
    vote_all a 2 4
    plus1 box add a.bel again.json
    cp a.bel open.bel
    plus1 box close a.bel
    cp a.bel ended.bel
    plus1 box tally a.bel
    cp a.bel tallied.bel
    vote_all b 1 3
    vote_all c 1 2
    end_vote b.bel c.bel
    local trustee town
    for trustee in t1 t2; do
        decrypt $trustee a.bel b.bel c.bel
        for town in a b c; do plus1 share add $town.bel "$(share_file $town $trustee)"; done
    done
    cp a.bel shared.bel
    for town in a b c; do plus1 result publish $town.bel; done
}

whole_archives() {
    scenario "a right archive is valid, with a line for each check in five categories, and its result"
    from_base
    keeps a.bel ends 0 "VALID: " verify a.bel
    says completeness authenticity consistency integrity evidence "5 ballots, none twice; 4 voters' last ballots count" \
        "from setup to result, nothing is missing"
    same "the line of Parkeren" 2 "$(awk '$NF == "Parkeren" { print $1 }' <<<"$said")"
    says_nothing_of FAIL "open not yet"
    ok "$scenario"
}

running_votes() {
    scenario "a vote that still runs is valid as far as it goes, and what is missing is said"
    from_base
    ends 0 "open not yet: the end of voting" verify open.bel
    says "VALID as far as it goes: " "1 parts are still to come"
    ends 0 "open not yet: the encrypted tally" verify ended.bel
    says "VALID as far as it goes: "
    ends 0 "open not yet: enough shares of trustees to open the box" verify tallied.bel
    says "VALID as far as it goes: "
    ends 0 "open not yet: the result" verify shared.bel
    says "VALID as far as it goes: " "2 shares of trustees prove right decryption"
    ends 0 "open not yet: a result of all 3 boxes" verify joint open.bel b.bel c.bel
    says "VALID as far as it goes: "
    ok "$scenario"
}

# invalid CHECK ERROR: what `bad.bel` must fail for.
invalid() {
    keeps bad.bel ends 1 "INVALID: " verify bad.bel
    says FAIL "($2)"
    ends 1 "" verify --json bad.bel
    as_json 'j["verdict"] == "invalid" and [(c["id"], c["error"]) for c in j["checks"] if c["status"] == "failed"] == [("'"$1"'", "'"$2"'")]'
}

invalid_archives() {
    scenario "a wrong archive is invalid, and check, place and reason are said"
    from_base
    forge number '{"election_uuid"' 2 challenge a.bel bad.bel
    invalid ballots.proofs ERR_BALLOT_INDIVIDUAL
    ends 1 "at ballot " verify bad.bel
    forge flip $(($(forge events a.bel | sed -n 2p) + 1000)) a.bel bad.bel # inside a ballot
    invalid records ERR_RECORD_HASH
    forge text '{"result":[[0,' '{"result":[[1,' a.bel bad.bel
    invalid result ERR_RESULT
    forge text '"num_tallied":4' '"num_tallied":5' a.bel bad.bel
    invalid tally.figures ERR_TALLY_COUNT
    forge number '{"decryption_factors"' 1 response a.bel bad.bel
    invalid shares ERR_SHARE
    ends 1 "at share of trustee 1" verify bad.bel
    head -c $(($(stat -c %s a.bel) - 1)) a.bel >bad.bel
    invalid archive.end ERR_ARCHIVE_TORN
    head -c 1024 a.bel >bad.bel
    invalid archive.end ERR_ARCHIVE_TORN
    ok "$scenario"
}

no_result_of_an_invalid_archive() {
    scenario "an archive that is not valid has no result, also not one of zeros"
    from_base
    forge number '{"decryption_factors"' 1 response a.bel bad.bel
    ends 1 INVALID verify bad.bel
    says_nothing_of Parkeren
    ends 1 "" verify --json bad.bel
    as_json '"result" not in j and "result" not in j["boxes"][0]'
    forge text '{"result":[[0,' '{"result":[[1,' a.bel bad.bel
    ends 1 INVALID verify bad.bel
    says_nothing_of Parkeren
    ok "$scenario"
}

not_judged() {
    scenario "what is no archive or not yet supported is not judged"
    from_base
    mkdir folder
    : >empty
    echo "hello" >text
    head -c 3000 /dev/zero >zeros
    ends 2 "absent.bel cannot be opened: No such file or directory" verify absent.bel
    ends 2 "folder cannot be opened: Is a directory" verify folder
    ends 2 "/dev/null cannot be opened" verify /dev/null
    says_nothing_of "Invalid argument"
    local file
    for file in empty text zeros paper.json; do
        keeps $file ends 2 "this is not an archive of an election" verify $file
        says "NOT CHECKED: "
    done
    forge text '"group":"Ed25519"' '"group":"Ed448"' a.bel group.bel
    forge text '{"version":1,"description"' '{"version":2,"description"' a.bel version.bel
    forge text '"questions":[{"answers"' '"questions":[{"type":"NonHomomorphic","value":{"answers"' a.bel kind.bel
    for file in group version kind; do
        ends 2 "not yet supported" verify $file.bel
        says "NOT CHECKED: "
        says_nothing_of INVALID
        ends 2 "" verify --json $file.bel
        as_json 'j["verdict"] == "unsupported"'
    done
    ends 2 "not yet supported" verify ballot kind.bel "$(tracker_of a1.json)"
    ends 2 "absent.bel cannot be opened" verify ballot absent.bel "$(tracker_of a1.json)"
    ends 2 "this is not an archive of an election" verify ballot text "$(tracker_of a1.json)"
    ok "$scenario"
}

wrong_usage() {
    scenario "wrong usage is said to be wrong, with what is right"
    from_base
    local words
    while read -r words; do
        # shellcheck disable=SC2086 # words
        ends 3 "Example: plus1-verify" verify $words
    done <<'USAGE'

--nonsense a.bel
a.bel b.bel
a.bel --json
joint
joint a.bel
ballot
ballot a.bel
ballot a.bel TRACKER more
ballot a.bel TRACKER --seed
ballot a.bel TRACKER --seed xyz
ballot a.bel TRACKER --choose Bomen
--json ballot a.bel TRACKER
USAGE
    ends 0 "Example: plus1-verify" verify --help
    ends 0 "plus1-verify " verify --version
    ok "$scenario"
}

as_json() { # EXPRESSION of j: what the last command printed is JSON of which this is true
    printf '%s' "$said" | python3 -c '
import json, sys
j = json.load(sys.stdin)
assert eval(sys.argv[1]), sys.argv[1]' "$1"
}

json() {
    scenario "--json prints the fields that are documented, and nothing else"
    from_base
    ends 0 "" verify --json a.bel
    printf '%s' "$said" | python3 -m json.tool >/dev/null
    as_json 'list(j) == ["verdict", "boxes", "result", "warnings", "checks"] and j["verdict"] == "valid"'
    as_json 'list(j["boxes"][0]) == ["file", "uuid", "name", "stage", "voters", "ballots", "counted", "weight", "result"]'
    as_json 'j["boxes"][0]["file"] == "a.bel" and j["boxes"][0]["name"] == "Plein" and j["boxes"][0]["stage"] == "published"'
    as_json '[j["boxes"][0][k] for k in ("voters", "ballots", "counted", "weight")] == [6, 5, 4, 4]'
    as_json 'j["result"] == j["boxes"][0]["result"] == [[0, 1, 1, 2]]'
    as_json 'len(j["checks"]) > 10 and all(list(c) == ["box", "category", "id", "status", "text"] for c in j["checks"])'
    as_json '{c["category"] for c in j["checks"]} == {"completeness", "authenticity", "consistency", "integrity", "evidence"}'
    as_json 'all(c["box"] == 1 and c["status"] in ("ok", "warning") for c in j["checks"])'
    as_json 'j["warnings"] == sum(c["status"] == "warning" for c in j["checks"]) == 1'

    ends 0 "" verify --json open.bel
    as_json 'j["verdict"] == "valid" and "result" not in j and j["boxes"][0]["stage"] == "open"'
    as_json '[c["id"] for c in j["checks"] if c["status"] == "open"] == ["end"]'

    ends 0 "" verify --json joint a.bel b.bel c.bel
    as_json 'j["result"] == [[0, 2, 3, 4]] and len(j["boxes"]) == 3'
    as_json '{c["box"] for c in j["checks"]} == {0, 1, 2, 3}'

    cp a.bel 'a "b"\.bel'
    ends 0 "" verify --json 'a "b"\.bel'
    as_json 'j["boxes"][0]["file"] == "a \"b\"\\.bel"'

    head -c 100000 a.bel | head -c -1 >bad.bel
    verify --json bad.bel >out 2>err || true
    said=$(cat out)
    as_json 'j["verdict"] == "invalid" and "place" in j["checks"][-1] and "result" not in j'
    [ ! -s err ]
    verify --json absent.bel >out 2>err || true
    said=$(cat out)
    as_json 'j["verdict"] == "unreadable" and j["boxes"] == [{"file": "absent.bel"}]'
    grep -q "absent.bel cannot be opened" err
    ok "$scenario"
}

the_bar() {
    scenario "there is a progress bar on a terminal, and only there"
    from_base
    "$build/plus1-verify" a.bel >out 2>err
    [ ! -s err ]
    [ "$(tr -d '\r\033' <out | cksum)" = "$(cksum <out)" ] || fail "a line is written over"
    ends 0 "checking [" script -qec "'$build/plus1-verify' a.bel" /dev/null </dev/null
    says "100 %" "VALID: "
    ends 0 '"verdict":"valid"' script -qec "'$build/plus1-verify' --json a.bel" /dev/null </dev/null
    says_nothing_of "checking ["
    ok "$scenario"
}

joint() {
    scenario "a joint vote is each box, the same questions and trustees, no box twice, and the sum"
    from_base
    ends 0 "the joint result is the sum of 3 boxes, in which 9 people voted" verify joint a.bel b.bel c.bel
    says "== a.bel ==" "== together ==" "3 boxes with the same questions and trustees" "VALID: "
    same "the total of Parkeren" 4 "$(awk '$NF == "Parkeren" { n = $1 } END { print n }' <<<"$said")"
    ends 1 "FAIL the same box is given twice" verify joint a.bel b.bel a.bel
    says "boxes 1 and 3" INVALID
    ends 1 "FAIL the same box is given twice" verify joint a.bel open.bel

    forge number '{"election_uuid"' 2 challenge b.bel bad.bel
    ends 1 INVALID verify joint a.bel bad.bel c.bel
    says "== bad.bel ==" "ERR_BALLOT_INDIVIDUAL"
    says_nothing_of "the joint result"
    # That a box is wrong matters more than that another cannot be read.
    ends 1 INVALID verify joint absent.bel bad.bel
    ends 1 INVALID verify joint bad.bel absent.bel
    ends 2 "absent.bel cannot be opened" verify joint a.bel absent.bel
    says_nothing_of INVALID
    ok "$scenario"
}

another_joint_vote() {
    scenario "boxes with other questions or trustees are no joint vote"
    from_base
    local theirs
    sed -i 's/"max":1/"max":2/' c.draft.json
    new_box c c/public_credentials.json other.bel
    ends 1 "FAIL the boxes of the joint vote do not have the same questions" verify joint a.bel other.bel
    says "at box 2"
    mkdir elsewhere
    theirs=$PWD/elsewhere
    (
        cd "$theirs"
        joint_setup 1 --minimum 1 --test
    )
    ends 1 "FAIL the boxes of the joint vote are not opened by the same trustees" \
        verify joint a.bel b.bel "$theirs/a.bel"
    says "at box 3"
    ok "$scenario"
}

one_ballot() {
    scenario "of a ballot it is said whether it is in the box and counts"
    from_base
    ends 0 "It is the last one of this voter: it counts." verify ballot a.bel "$(tracker_of again.json)"
    says "In the box: event 5"
    ends 1 "It does not count: the voter voted 1 more time after it" verify ballot a.bel "$(tracker_of a1.json)"
    says "In the box: event 1"
    ends 1 "NO: this ballot is not in the box (5 ballots, voting has ended)" \
        verify ballot a.bel "$(tracker_of never.json)"
    ends 0 "it counts, unless the voter votes again" verify ballot open.bel "$(tracker_of a2.json)"
    ends 1 "voting still goes on" verify ballot open.bel "$(tracker_of never.json)"
    ends 1 "NO: " verify ballot a.bel nonsense
    # Given as a file
    ends 0 "it counts" verify ballot a.bel again.json
    ends 1 "NO: this ballot is not in the box" verify ballot a.bel never.json
    ok "$scenario"
}

what_is_in_a_ballot() {
    scenario "with its seed, and with no other, a ballot shows what it holds"
    from_base
    local tracker
    tracker=$(tracker_of again.json)
    ends 0 "With this seed it is made again, byte for byte" verify ballot a.bel "$tracker" --seed "$(cat again.seed)"
    says "Wat doen we met het plein?" "    Parkeren"
    says_nothing_of Bomen
    ends 0 "YES: these are the choices that you named" \
        verify ballot a.bel "$tracker" --seed "$(cat again.seed)" --choose Parkeren
    ends 0 "YES: " verify ballot a.bel "$tracker" --choose 1=3 --seed "$(cat again.seed)"
    ends 1 "NO: these are not the choices that you named" \
        verify ballot a.bel "$tracker" --seed "$(cat again.seed)" --choose Bomen
    ends 1 "NO: " verify ballot a.bel "$tracker" --seed "$(cat again.seed)" --choose Parkeren --choose Bomen
    ends 1 "NO: the ballot was not made from this seed" \
        verify ballot a.bel "$tracker" --seed "$(cat a1.seed)" --choose Parkeren
    says_nothing_of "    Parkeren"
    ends 3 "the question has no such answer" verify ballot a.bel "$tracker" --seed "$(cat again.seed)" --choose Fietsen
    ok "$scenario"
}

a_ballot_that_was_never_cast() {
    scenario "a ballot that was never cast opens with its seed"
    from_base
    ends 0 "NO: this ballot is not in the box" verify ballot a.bel never.json --seed "$(cat never.seed)" --choose Bomen
    says "YES: these are the choices that you named"
    ends 1 "NO: these are not the choices" verify ballot a.bel never.json --seed "$(cat never.seed)" --choose Parkeren
    ends 1 "NO: the ballot was not made from this seed" verify ballot a.bel never.json --seed "$(cat a1.seed)"
    # One without its signature, as somebody shows it who does not cast it.
    sed 's/,"signature".*/}/' never.json >unsigned.json
    ends 0 "YES: " verify ballot a.bel unsigned.json --seed "$(cat never.seed)" --choose Bomen
    ends 1 "NO: " verify ballot a.bel "$(tracker_of never.json)" --seed "$(cat never.seed)"
    echo hello >text
    ends 1 "NO: " verify ballot a.bel text --seed "$(cat never.seed)"
    ok "$scenario"
}

texts_do_not_steer() {
    scenario "texts in an archive cannot pass for the report, nor steer the terminal"
    local clear=$'\033[2J'
    plus1 election paper --name "Plein$clear" --question $'Wat?\n\nVALID: 99 checks passed' \
        --answer "Ja$clear" --answer $'Nee\nINVALID' --out paper.json
    plus1 election draft --paper paper.json --out e.draft.json
    printf 'id\ne1\n' >e.csv
    plus1 credentials make --draft e.draft.json --roll e.csv --out e
    plus1 trustee key --election "$(uuid_of e.draft.json)" --minimum 1 --test --out s
    cp s.public.json threshold.json # the one who opens it, for new_box
    new_box e e/public_credentials.json e.bel
    make_ballot e.bel e1 2 e1.json --seed-out seed
    plus1 box add e.bel e1.json
    end_vote e.bel
    decrypt s e.bel
    plus1 share add e.bel shares/*.s.share.json
    plus1 result publish e.bel
    {
        verify e.bel
        verify ballot e.bel e1.json --seed "$(cat seed)"
        plus1 box status e.bel
        plus1 result show e.bel
    } >out
    [ "$(tr -d '\033' <out | cksum)" = "$(cksum <out)" ] || fail "an escape from the archive is printed"
    same "lines with a verdict" 1 "$(grep -Ec '^(IN)?VALID' out)"
    ok "$scenario"
}

prepare
whole_archives
running_votes
invalid_archives
no_result_of_an_invalid_archive
not_judged
wrong_usage
json
the_bar
joint
another_joint_vote
one_ballot
what_is_in_a_ballot
a_ballot_that_was_never_cast
texts_do_not_steer
