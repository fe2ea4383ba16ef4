# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# What the interoperability tests share. A test sources this file and calls its scenarios; each scenario ends with
# `ok`. All else that is printed goes into a log, which is shown only when a scenario fails.
#
# Arguments and environment:
#   $1 or P1_BUILD   folder with plus1 and plus1-verify          (default: build in the repository)
#   P1_FIXTURES      archives that other programs made           (default: ../shared/fixtures beside the repository)
#   P1_TRIXIE        Debian 13 folder with belenios-tool 3.0     (default: trixie in the build folder, made when absent)
#   CI               "true": what cannot be tested is a failure, not a skip
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
build=$(realpath -m "${1:-${P1_BUILD:-$root/build}}")
fixtures=$(realpath -m "${P1_FIXTURES:-$root/../shared/fixtures}")
trixie=$(realpath -m "${P1_TRIXIE:-$build/trixie}")

# --- Verdicts -------------------------------------------------------------------------------------------------------

exec 3>&1 # what the reader sees, also where output goes to the log

ok() {
    printf 'ok: %s\n' "$*" >&3
}

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    return 1
}

skip() {
    printf 'skipped: %s\n' "$*" >&3
    if [ "${CI:-}" = true ]; then
        exit 1
    fi
    exit 77
}

same() { # WHAT EXPECTED ACTUAL
    [ "$2" = "$3" ] || fail "$1: expected $2, got $3"
}

same_file() { # WHAT A B: equal but for a line break at the end
    same "$1" "$(cat "$2")" "$(cat "$3")"
}

refused() { # WORD COMMAND...: the command must fail and print WORD
    local said
    if said=$("${@:2}" 2>&1); then
        fail "not refused: ${*:2}"
    fi
    printf '%s\n' "$said"
    [[ $said = *"$1"* ]] || fail "refused without the word $1: ${*:2}"
}

# --- Work folder and log --------------------------------------------------------------------------------------------

# Shows the end of the log if a scenario failed; lines are cut, since belenios-tool prints whole ballots.
finish() {
    local status=$?
    set +e
    if [ "$status" -ne 0 ] && [ "$status" -ne 77 ] && [ -s "$work/log" ]; then
        printf 'not ok: %s\n' "${scenario:-$0}"
        tail -n 40 "$work/log" | cut -c 1-400
    fi >&3
    rm -rf "$work"
}

# start PARENT: a fresh work folder in PARENT, removed at the end. From here on output goes to the log.
start() {
    local tool
    work=$(mktemp -d "$1/plus1-interop.XXXXXX")
    trap finish EXIT
    for tool in plus1 plus1-verify; do
        [ -x "$build/$tool" ] || { printf 'not built: %s\n' "$build/$tool" >&3; exit 1; }
    done
    exec >"$work/log" 2>&1
}

# scenario NAME: the next part, in a folder of its own.
scenario() {
    scenario=$*
    local folder=$work/${scenario//[^a-zA-Z0-9]/-}
    mkdir "$folder"
    cd "$folder"
    printf '\n== %s\n' "$scenario"
}

# --- The programs ---------------------------------------------------------------------------------------------------

trace() {
    printf '+ %s\n' "$*" | cut -c 1-300 >&2
}

plus1() {
    trace plus1 "$@"
    "$build/plus1" "$@"
}

verify() {
    trace plus1-verify "$@"
    "$build/plus1-verify" "$@"
}

bel() {
    python3 "$here/bel.py" "$@"
}

tool2() {
    trace belenios-tool "$@"
    belenios-tool "$@"
}

# The tool of Debian 13 sees the current folder, which lies in its own file system (see `start`).
tool3() {
    trace belenios-tool "$@"
    chroot "$trixie" env -C "${PWD#"$trixie"}" belenios-tool "$@"
}

need_tool2() {
    command -v belenios-tool >/dev/null || skip "belenios-tool is not installed"
    case $(belenios-tool --version) in
        2.0*) ;;
        *) skip "belenios-tool is not Debian 12's 2.0" ;;
    esac
}

need_tool3() {
    [ "$(id -u)" -eq 0 ] || skip "the tool of Debian 13 runs in a chroot, which needs root"
    if [ ! -d "$trixie" ]; then
        command -v debootstrap >/dev/null || skip "debootstrap is not installed"
        rm -rf "$trixie.new"
        mkdir -p "$(dirname "$trixie")"
        debootstrap --variant=minbase --include=belenios-tool trixie "$trixie.new" >"$trixie.log" 2>&1 ||
            skip "debootstrap of Debian 13 failed: $(tail -n 1 "$trixie.log")"
        rm "$trixie.log"
        mv "$trixie.new" "$trixie"
    fi
    case $(chroot "$trixie" belenios-tool --version) in
        3.0*) ;;
        *) skip "$trixie holds no belenios-tool 3.0" ;;
    esac
}

need_fixtures() {
    [ -d "$fixtures/belenios/valid" ] || skip "no fixtures in $fixtures (P1_FIXTURES)"
}

# --- Elections that plus1 makes ---------------------------------------------------------------------------------------
# Keys are for tests, with a minimum of one vote. The current folder and these variables hold the election at hand:
group=  # in which it is
uuid=   # its identifier
box=    # its archive, UUID.bel, alone in its folder as belenios-tool wants it
result= # as it must be

lines() { # FILE...: one line each
    awk 1 "$@"
}

# draft [OPTION...]: a paper of two questions; OPTION goes to the second one. Sets uuid.
draft() {
    plus1 election paper --name "Speelplaats" --description "Wat komt er op het plein?" \
        --question "Wat komt er bij?" --answer "Glijbaan" --answer "Schommel" --answer "Zandbak" --min 1 --max 2 \
        --question "Komt er een zomerfeest?" --answer "Ja" --answer "Nee" --min 1 --max 1 "$@" --out paper.json
    plus1 election draft --paper paper.json --group "$group" --out draft.json
    uuid=$(sed -n 's/^{"uuid":"\([^"]*\)".*/\1/p' draft.json)
    [ -n "$uuid" ] || fail "the draft names no uuid"
}

# credentials HEADER ROW...: an electoral roll, made into codes and public credentials.
credentials() {
    printf '%s\n' "$@" >roll.csv
    plus1 credentials make --draft draft.json --roll roll.csv --out codes
}

code_of() { # ID
    awk -F ';' -v id="$1" '$1 == id { print $NF }' codes/codes.csv
}

key() { # NAME: a single trustee
    plus1 trustee key --group "$group" --election "$uuid" --minimum 1 --test --out "$1"
}

certificate() { # INDEX OF THRESHOLD [OPTION...]
    plus1 trustee certificate --group "$group" --index "$1" --of "$2" --threshold "$3" --election "$uuid" \
        --minimum 1 --test "${@:4}" --out "t$1"
}

polynomial() { # INDEX
    plus1 trustee polynomial --key "t$1.key" --certificates certs.jsons --out "t$1.polynomial"
}

accept() { # INDEX
    plus1 trustee accept --key "t$1.key" --certificates certs.jsons --vinput "routed/$1.vinput" --out "t$1.voutput"
}

route() { # sends each trustee's polynomial on
    plus1 trustee route --certificates certs.jsons --polynomials polynomials.jsons --out routed
}

assemble() {
    plus1 trustee assemble --certificates certs.jsons --polynomials polynomials.jsons --voutputs voutputs.jsons \
        --out threshold.json
}

# ceremony: t1, t2 and t3 make a key of which two are needed; leaves tI.key and threshold.json.
ceremony() {
    local i
    for i in 1 2 3; do certificate $i 3 2; done
    lines t[123].cert >certs.jsons
    for i in 1 2 3; do polynomial $i; done
    lines t[123].polynomial >polynomials.jsons
    route
    for i in 1 2 3; do accept $i; done
    lines t[123].voutput >voutputs.jsons
    assemble
}

# create TRUSTEE-FILE...: the archive. Sets box.
create() {
    local trustees=() file
    for file in "$@"; do trustees+=(--trustee "$file"); done
    plus1 election create --draft draft.json "${trustees[@]}" --credentials codes/public_credentials.json --out box
    box=box/$uuid.bel
}

ballot() { # ID OPTION...: leaves ballot.json
    plus1 vote --box "$box" --code "$(code_of "$1")" "${@:2}" --out ballot.json
}

cast() { # ID OPTION...
    ballot "$@"
    plus1 box add "$box" ballot.json
}

finish_voting() {
    plus1 box close "$box"
    plus1 box tally "$box"
}

share() { # NAME: leaves shares/UUID.NAME.share.json
    plus1 trustee decrypt --key "$1.key" --boxes "$box" --out shares
}

open_with() { # NAME...: these trustees open the box
    local name
    for name in "$@"; do
        share "$name"
        plus1 share add "$box" "shares/$uuid.$name.share.json"
    done
    plus1 result publish "$box"
}

plain_roll=(id anna bert cees dirk)
plain_result='[[1,2,1],[2,1]]'

vote_plainly() {
    cast anna --choose 1=Glijbaan --choose 1=Schommel --choose 2=Ja
    cast bert --choose 1=Schommel --choose 2=Nee
    cast cees --choose 1=Zandbak --choose 2=Ja
}

# our_election KIND: a whole election by plus1.
our_election() {
    local paper=() roll=("${plain_roll[@]}") trustees=(s1)
    result=$plain_result
    case $1 in
        weighted) # above 2^30-1 a number becomes a JSON string
            roll=('id;gewicht' 'anna;1000000000' 'bert;1000000000' 'cees;2' 'dirk;5')
            result='[[1000000000,"2000000000",2],[1000000002,1000000000]]'
            ;;
        blank) # the count of blank votes stands first
            paper=(--blank)
            result='[[1,2,2],[1,2,1]]'
            ;;
    esac
    draft "${paper[@]}"
    credentials "${roll[@]}"
    key s1
    case $1 in
        single)
            key s2
            create s1.public.json s2.public.json
            trustees=(s1 s2)
            ;;
        threshold)
            ceremony
            create threshold.json
            trustees=(t3 t1)
            ;;
        mixed)
            ceremony
            create s1.public.json threshold.json
            trustees=(t2 s1 t3)
            ;;
        *) create s1.public.json ;;
    esac
    case $1 in
        blank) cast dirk --choose 1=Zandbak --blank 2 ;;
        revote)
            cast anna --choose 1=Zandbak --choose 2=Nee
            cast bert --choose 1=Glijbaan --choose 2=Ja
            cast anna --choose 1=Schommel --choose 2=Nee
            ;;
    esac
    vote_plainly
    finish_voting
    open_with "${trustees[@]}"
}

# --- Elections that belenios-tool makes -------------------------------------------------------------------------------
# All files lie in the current folder.

tool= # tool2 or tool3

# their_credentials IDENTITY...: IDENTITY is `ADDRESS,LOGIN,WEIGHT`. Leaves public_creds.json and codes/codes.csv.
# 2.0 writes TIME.privcreds with a line `IDENTITY CODE` each, 3.0 a JSON object from login to code.
their_credentials() {
    printf '%s\n' "$@" >voters.txt
    "$tool" setup generate-credentials --uuid "$uuid" --group "$group" --file voters.txt
    mv ./*.pubcreds public_creds.json
    mv ./*.privcreds private_creds
    mkdir codes
    if [ "$tool" = tool2 ]; then
        sed 's/^[^,]*,\([^,]*\),[0-9]* /\1;/' private_creds >codes/codes.csv
    else
        python3 -c 'import json, sys
for login, code in json.load(sys.stdin).items(): print(login, code, sep=";")' <private_creds >codes/codes.csv
    fi
}

# their_key: a single trustee. Sets id; leaves ID.pubkey and ID.privkey.
their_key() {
    id=$("$tool" setup generate-trustee-key --group "$group" 2>&1 | sed -n 's/.*keypair \([0-9A-F]*\) has.*/\1/p')
    [ -n "$id" ] || fail "generate-trustee-key made no key"
}

# their_setup PUBLIC-KEY...: the archive, of the questions in template.json. Sets box.
their_setup() {
    lines "$@" >public_keys.jsons
    "$tool" setup make-trustees
    "$tool" setup make-election --uuid "$uuid" --group "$group" --template template.json
    "$tool" archive init
    box=$uuid.bel
}

# their_ballot ID CHOICES: leaves ballot.json. CHOICES: a row of 0 and 1 for each question; where a blank vote is
# allowed, its row begins with it.
their_ballot() {
    local option=--choice
    if [ "$tool" = tool2 ]; then option=--ballot; fi
    code_of "$1" >code.txt
    printf '%s\n' "$2" >choices.json
    "$tool" election generate-ballot --dir "$(dirname "$box")" --privcred code.txt $option choices.json >ballot.json
}

# their_event TYPE FILE: each line of FILE becomes data, the last one is what the event names.
their_event() {
    "$tool" archive add-event --dir "$(dirname "$box")" --type="$1" <"$2"
}

# their_share OWNER: the single trustee `id`; leaves their.share, two lines: the partial decryption, and
# {"owner":N,"payload":SHA-256 of it}.
their_share() {
    "$tool" election decrypt --dir "$(dirname "$box")" --privkey "$id.privkey" --trustee-id "$1" >their.share
}

# Our share is {"owner":N,"share":{partial decryption}}; this prints it as theirs.
ours_to_theirs() { # SHARE.json
    local owner body
    owner=$(sed -n 's/^{"owner":\([0-9]*\),.*/\1/p' "$1")
    body=$(sed -n 's/^{"owner":[0-9]*,"share":\(.*\),"bound":.*}$/\1/p' "$1")
    [ -n "$body" ] || fail "$1 is no share"
    printf '%s\n{"owner":%s,"payload":"%s"}\n' "$body" "$owner" "$(printf '%s' "$body" | sha256sum | cut -d ' ' -f 1)"
}

# --- Checks -----------------------------------------------------------------------------------------------------------

# 3.0's `election verify` says "all checks passed" without waiting for its checks of the ballots; `verify-ballot`
# checks one, and takes it for a duplicate if the archive has it: so it gets the archive as it was after Setup.
until_setup() { # ARCHIVE UUID: leaves setup/UUID.bel and setup/ballots/N.json
    rm -rf setup
    mkdir -p setup/ballots
    bel head 1 "$1" "setup/$2.bel"
    bel ballots "$1" setup/ballots
}

ballot_accepted() { # FILE
    tool3 election verify-ballot --dir setup --ballot "$1"
}

ballots_accepted() {
    local file
    until_setup "$box" "$uuid"
    for file in setup/ballots/*.json; do
        ballot_accepted "$file"
    done
}

# both_accept: the box is valid for both programs, its result is the expected one, and belenios-tool computes it too.
both_accept() {
    verify "$box"
    "$tool" election verify --dir "$(dirname "$box")"
    if [ "$tool" = tool3 ]; then ballots_accepted; fi
    same "the result in the archive" "$result" "$(bel result "$box")"
    rm -rf without
    mkdir without
    bel head -1 "$box" "without/$uuid.bel"
    "$tool" election compute-result --dir without >without/result.json
    same "the result that belenios-tool computes" "{\"result\":$result}" "$(cat without/result.json)"
}

# --- Scenarios for both versions of belenios-tool ---------------------------------------------------------------------

our_elections() {
    local kind
    for kind in single threshold mixed weighted blank revote; do
        scenario "$group: $kind election by plus1"
        our_election "$kind"
        both_accept
        ok "$scenario"
    done
}

# Setup and codes by belenios-tool, ballots of both programs, each added by both, two of them changed with the other
# one, and a trustee with each.
their_election() {
    scenario "$group: both programs vote and decrypt in an election by belenios-tool"
    uuid=$("$tool" setup generate-token)
    cat >template.json <<'TEMPLATE'
{"description":"","name":"Plein","questions":[{"answers":["Boom","Bank"],"blank":true,"min":1,"max":1,"question":"Wat?"},{"answers":["A","B","C"],"min":0,"max":2,"question":"Waar?"}]}
TEMPLATE
    their_credentials a@example.org,anna,2 b@example.org,bert,1 c@example.org,cees,1 d@example.org,dirk,3
    key ours
    their_key
    their_setup ours.public.json "$id.pubkey"
    cast anna --blank 1 --choose 2=A --choose 2=C
    their_ballot bert '[[0,0,1],[0,1,0]]'
    their_event Ballot ballot.json
    ballot cees --choose 1=Boom --choose 2=B
    their_event Ballot ballot.json
    their_ballot dirk '[[1,0,0],[0,0,0]]'
    plus1 box add "$box" ballot.json
    their_ballot anna '[[0,1,0],[1,0,0]]'
    their_event Ballot ballot.json
    cast bert --choose 1=Bank --choose 2=C
    finish_voting
    their_share 2
    their_event PartialDecryption their.share
    open_with ours
    result='[[3,3,1],[2,1,1]]'
    both_accept
    ok "$scenario"
}

# opened_by_each NAME OWNER: our trustee NAME and theirs, number OWNER with its share in their.share, open the box
# twice: each program adds both shares to a copy of it and publishes the result.
opened_by_each() {
    cp -r box box2
    share "$1"
    plus1 share add "$box" "shares/$uuid.$1.share.json"
    head -n 1 their.share >their.body
    plus1 share add "$box" their.body --owner "$2"
    plus1 result publish "$box"
    both_accept

    box=box2/$uuid.bel
    their_event PartialDecryption their.share
    ours_to_theirs "shares/$uuid.$1.share.json" >ours.share
    their_event PartialDecryption ours.share
    "$tool" election compute-result --dir box2 >result.json
    their_event Result result.json
    both_accept
}

mixed_trustees() {
    scenario "$group: single trustees of both programs"
    draft
    credentials "${plain_roll[@]}"
    key ours
    their_key
    create ours.public.json "$id.pubkey"
    vote_plainly
    finish_voting
    their_share 2
    result=$plain_result
    opened_by_each ours 2
    ok "$scenario"
}
