# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# What the tests of the commands share, beside verdicts, work folder and log, which they have from tests/interop/lib.sh.
# A test sources this file, calls `start_here`, and then its scenarios, each named after a behaviour and ended by `ok`.
#
# Arguments and environment:
#   $1 or P1_BUILD   folder with plus1 and plus1-verify          (default: build in the repository)
#   P1_FIXTURES      files that other programs made              (default: ../shared/fixtures beside the repository)
# shellcheck source=../interop/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../interop/lib.sh"
cli=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

# In memory where that is possible: plus1 waits for the disk after each ballot, and these tests are not about disks.
start_here() {
    local folder=/tmp
    if [ -d /dev/shm ] && [ -w /dev/shm ]; then folder=/dev/shm; fi
    start "${TMPDIR:-$folder}"
    exec 4>&2
}

# Into the log, not into what a command is taken to have said.
trace() {
    printf '+ %s\n' "$*" | cut -c 1-300 >&4
}

# --- What a command did -----------------------------------------------------------------------------------------------

said= # by the last command that was run by one of these

# ends CODE WORDS COMMAND...: the command must end with this exit code, and say these words.
ends() {
    local code=0
    said=$("${@:3}" 2>&1) || code=$?
    printf '%s\n' "$said"
    [ "$code" -eq "$1" ] || fail "exit $code instead of $1: ${*:3}"
    says "$2"
}

says() { # WORDS...: each of them
    local words
    for words in "$@"; do
        [[ $said = *"$words"* ]] || fail "this was not said: $words"
    done
}

says_nothing_of() { # WORDS...
    local words
    for words in "$@"; do
        [[ $said != *"$words"* ]] || fail "this was said: $words"
    done
}

# grows FILE COMMAND...: the command must succeed, and what was in the file must still be its beginning.
grows() {
    cp "$1" before-it-grew
    "${@:2}"
    [ "$(stat -c %s "$1")" -gt "$(stat -c %s before-it-grew)" ] || fail "$1 did not grow: ${*:2}"
    cmp -n "$(stat -c %s before-it-grew)" before-it-grew "$1" || fail "$1 was rewritten: ${*:2}"
    rm before-it-grew
}

# keeps FILE COMMAND...: the command must succeed (such as `ends` does when it is refused), and the file stays as it is.
keeps() {
    local before
    before=$(fingerprint "$1")
    "${@:2}"
    [ "$before" = "$(fingerprint "$1")" ] || fail "$1 was changed: ${*:2}"
}

keeps_content() { # FILE COMMAND...: the same, but it may be written to
    cp "$1" as-it-was
    "${@:2}"
    cmp "$1" as-it-was
    rm as-it-was
}

fingerprint() { # FILE: content, and when it was last written to
    sha256sum "$1"
    stat -c '%s %y %a' "$1"
}

no_file() { # FILE...
    local file
    for file in "$@"; do
        [ ! -e "$file" ] || fail "$file should not be there"
    done
}

mode_is() { # MODE FILE
    same "the access mode of $2" "$1" "$(stat -c %a "$2")"
}

# --- Forgeries ----------------------------------------------------------------------------------------------------------

forge() {
    trace forge.py "$@"
    python3 "$cli/forge.py" "$@"
}

# --- A joint vote -------------------------------------------------------------------------------------------------------
# Three towns with a box each, a.bel, b.bel and c.bel, and three trustees t1, t2 and t3 of whom two open them. Beside the
# boxes stands, for each town, the folder that its registrar has: a/codes.csv, ...

towns=(a b c)
declare -A id # of the towns' elections: their UUIDs

answers=(Speeltuin Bomen Parkeren)

# joint_setup VOTERS [OPTION...]: in the current folder. OPTION goes to the trustees' certificates.
joint_setup() {
    local town i elections=()
    plus1 election paper --name "Plein" --description "" --question "Wat doen we met het plein?" \
        --answer "${answers[0]}" --answer "${answers[1]}" --answer "${answers[2]}" --blank --out paper.json
    for town in "${towns[@]}"; do
        plus1 election draft --paper paper.json --out "$town.draft.json"
        id[$town]=$(uuid_of "$town.draft.json")
        elections+=(--election "${id[$town]}")
        {
            echo id
            seq -f "$town%g" "$1"
        } >"$town.csv"
        plus1 credentials make --draft "$town.draft.json" --roll "$town.csv" --out "$town"
    done
    for i in 1 2 3; do
        plus1 trustee certificate --index "$i" --of 3 --threshold 2 "${elections[@]}" "${@:2}" --out "t$i"
    done
    lines t[123].cert >certs.jsons
    for i in 1 2 3; do polynomial "$i"; done
    lines t[123].polynomial >polynomials.jsons
    route
    for i in 1 2 3; do accept "$i"; done
    lines t[123].voutput >voutputs.jsons
    assemble
    for town in "${towns[@]}"; do new_box "$town" "$town/public_credentials.json" "$town.bel"; done
}

uuid_of() { # DRAFT
    sed -n 's/^{"uuid":"\([^"]*\)".*/\1/p' "$1"
}

# new_box TOWN CREDENTIALS BOX: a box of the town's election with this list.
new_box() {
    plus1 election create --draft "$1.draft.json" --trustee threshold.json --credentials "$2" --out new
    mv new/*.bel "$3"
}

code() { # PERSON [FOLDER]: the code of a3 is in a/codes.csv
    awk -F ';' -v id="$1" '$1 == id { print $NF }' "${2:-${1%%[0-9]*}}/codes.csv"
}

# make_ballot BOX PERSON ANSWER FILE [OPTION...]
make_ballot() {
    plus1 vote --box "$1" --code "$(code "$2")" --choose "$3" --out "$4" "${@:5}"
}

# votes BOX PERSON ANSWER: with a ballot that stays as PERSON.json
votes() {
    make_ballot "$1" "$2" "$3" "$2.json"
    plus1 box add "$1" "$2.json"
}

# vote_all TOWN FROM TO: these people vote, each for the next answer.
vote_all() {
    local i files=()
    for ((i = $2; i <= $3; i++)); do
        make_ballot "$1.bel" "$1$i" "${answers[i % 3]}" "$1$i.json"
        files+=("$1$i.json")
    done
    plus1 box add "$1.bel" "${files[@]}"
}

tracker_of() { # BALLOT
    python3 -c 'import base64, hashlib, sys
print(base64.b64encode(hashlib.sha256(sys.stdin.buffer.read()).digest()).decode().rstrip("="))' <"$1"
}

end_vote() { # BOX...
    local file
    for file in "$@"; do
        plus1 box close "$file"
        plus1 box tally "$file"
    done
}

decrypt() { # TRUSTEE BOX...: leaves shares/UUID.TRUSTEE.share.json
    plus1 trustee decrypt --key "$1.key" --boxes "${@:2}" --out shares
}

share_file() { # TOWN TRUSTEE
    printf 'shares/%s.%s.share.json' "${id[$1]}" "$2"
}

base= # folder with what a script prepared for its scenarios

from_base() { # a fresh copy of it
    cp -r "$base/." .
}
