#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# What the commands leave in memory: no key, seed or code is in a block of memory that is freed, nor anywhere when the program
# ends, but in the arguments with which it was called. All in one folder, each step with what those before made.
# shellcheck source=tests/cli/lib.sh
# shellcheck disable=SC2034,SC2154,SC2164 # what lib.sh sets and uses; an error ends the script
. "$(dirname "$0")/../cli/lib.sh"
start_here
group=Ed25519
here_too=$(cd "$(dirname "$0")" && pwd -P)

# Each call leaves its memory in a file of its own.
plus1() {
    trace plus1 "$@"
    rm -f "$work/memory"
    LD_BIND_NOW=1 LD_PRELOAD="$build/libmemory.so" P1_MEMORY="$work/memory" "$build/plus1" "$@"
}

# leaves_nothing_of SECRET...: the last call, as found.py understands it.
leaves_nothing_of() {
    local found
    found=$(python3 "$here_too/found.py" "$work/memory" "$uuid" "$@") || fail "left in memory: $found"
    ok "$scenario"
}

step() {
    scenario "$1"
    cd "$vote"
}

field() { # NAME FILE: what a key file says
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$2"
}

private() { # FILE
    printf 'key:%s' "$(field private_key "$1")"
}

seed_of() { # FILE
    printf 'seed:%s' "$(field seed "$1")"
}

what_is_left_is_found() {
    scenario "a secret that is left is found, in each form"
    vote=$PWD
    draft
    plus1 trustee key --election "$uuid" --out shown
    # The public key is no secret: it is where it was written from.
    public=$(sed -n 's/.*"public_key":"\([0-9a-f]*\)".*/\1/p' shown.public.json)
    refused "found: hex" python3 "$here_too/found.py" "$work/memory" "$uuid" "hex:$public"
    ok "$scenario"
}

keys() {
    step "the key of a single trustee is made"
    key alone
    leaves_nothing_of "$(private alone.key)"
    # Alone in its set: what the trustee gets of all is its key.
    step "a certificate is made"
    certificate 1 1 1
    leaves_nothing_of "$(seed_of t1.key)"
    lines t1.cert >certs.jsons
    step "a polynomial is made"
    polynomial 1
    leaves_nothing_of "$(seed_of t1.key)"
    lines t1.polynomial >polynomials.jsons
    route
    step "a key is completed"
    accept 1
    leaves_nothing_of "$(seed_of t1.key)" "$(private t1.key)"
    lines t1.voutput >voutputs.jsons
    assemble
    step "a registrar's key is made"
    plus1 registrar key --out registrar
    leaves_nothing_of "$(private registrar.key)"
}

codes() {
    step "codes are made"
    # More than fit the first block of any buffer.
    credentials 'id;naam;straat;postcode;woonplaats' $(seq -f 'r%g;Testinwoner;Dorpsstraat;1234AB;Emmen' 400)
    mapfile -t some < <(sed -n '2~40s/.*;\([^;]*\)$/code:\1/p' codes/codes.csv)
    same "the number of codes" 10 "${#some[@]}"
    leaves_nothing_of "${some[@]}"
    plus1 election bundle --draft draft.json --credentials codes/public_credentials.json --box "$uuid" --minimum 1 \
        --opens 2027-03-01T08:00:00+01:00 --closes 2027-03-10T20:00:00+01:00 --out bundle.json
    plus1 election create --draft draft.json --trustee alone.public.json --trustee threshold.json --bundle bundle.json \
        --credentials codes/public_credentials.json --registrar registrar.public --out .
    box=$uuid.bel
}

printing() {
    step "codes go to a printing house"
    # What is drawn passes through other libraries, which wipe nothing; this is the rest.
    printf '{"name":"Emmen","host":"stem.emmen.nl","help":"14 0591"}' >municipality.json
    plus1 letters --box "$box" --codes codes --csv house.csv
    same "lines" 401 "$(wc -l <house.csv)"
    leaves_nothing_of "${some[@]}"
}

casting() {
    step "a ballot is made"
    plus1 vote --box "$box" --code "$(code_of r1)" --choose 1=1 --choose 2=1 --seed-out seed --out r1.json
    leaves_nothing_of "code:$(code_of r1)" "hex:$(cat seed)"
    plus1 box add "$box" r1.json
    step "a code is withdrawn"
    plus1 registrar withdraw --box "$box" --key registrar.key --code "$(code_of r2)" --out notice
    leaves_nothing_of "code:$(code_of r2)" "$(private registrar.key)"
}

shares() {
    step "a share is made"
    end_vote "$box"
    plus1 trustee decrypt --key alone.key --boxes "$box" --out shares
    leaves_nothing_of "$(private alone.key)"
    plus1 trustee decrypt --key t1.key --boxes "$box" --out shares
    leaves_nothing_of "$(private t1.key)" "$(seed_of t1.key)"
}

what_is_left_is_found
keys
codes
printing
casting
shares
