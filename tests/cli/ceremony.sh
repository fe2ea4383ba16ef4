#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# The key ceremony: what a trustee and the organiser refuse of what the others send. In `base` stands a whole ceremony of
# t1, t2 and t3, of whom two open a box, with the keys as they were before acceptance in `early`.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here
uuid=12345678912345

prepare() {
    scenario "the ceremony that the others begin with"
    base=$PWD
    local i
    for i in 1 2 3; do member "$i" 3 2 "t$i"; done
    lines t[123].cert >certs.jsons
    for i in 1 2 3; do polynomial "$i"; done
    lines t[123].polynomial >polynomials.jsons
    route
    mkdir early
    cp t?.key early
    for i in 1 2 3; do accept "$i"; done
    lines t[123].voutput >voutputs.jsons
    assemble
}

member() { # INDEX OF THRESHOLD NAME [OPTION...]
    plus1 trustee certificate --index "$1" --of "$2" --threshold "$3" --election "$uuid" --out "$4" "${@:5}"
}

# as_before: nobody has accepted yet, and t1 has made no polynomial yet.
as_before() {
    from_base
    cp early/* .
    rm t?.voutput t1.polynomial
}

the_right_way() {
    scenario "from certificates, polynomials and acceptances of all comes one key"
    from_base
    ends 0 "3 trustees, of whom 2 are needed to open a box" plus1 trustee assemble --certificates certs.jsons \
        --polynomials polynomials.jsons --voutputs voutputs.jsons --out again.json
    cmp again.json threshold.json
    local i
    for i in 1 2 3; do
        mode_is 600 "t$i.key"
        grep -q '"private_key"' "t$i.key"
        ! grep -q '"private_key"' "early/t$i.key" || fail "a key before its time"
        # What is sent around holds nothing of it.
        ! grep -qF -e "$(secret "t$i.key" seed)" -e "$(secret "t$i.key" private_key)" \
            certs.jsons polynomials.jsons routed/* voutputs.jsons threshold.json || fail "a secret of t$i is sent"
    done
    ok "$scenario"
}

secret() { # KEY FIELD
    sed "s/.*\"$2\":\"\([^\"]*\)\".*/\1/" "$1"
}

certificates() {
    scenario "a certificate says who of how many; what cannot be is refused"
    from_base
    ends 3 '--index: "4" is not a whole number from 1 to 3' member 4 3 2 x
    ends 3 '--index: "0" is not' member 0 3 2 x
    ends 3 '--threshold: "4" is not a whole number from 1 to 3' member 1 3 4 x
    ends 3 '--of: "0" is not' member 1 0 1 x
    ends 3 "--ceremony: only belenios-3.0 is known" member 1 3 2 x --ceremony belenios-2.0
    ends 2 "Ed448: elections in this group are not yet supported" member 1 3 2 x --group Ed448
    no_file x.key x.cert
    echo theirs >x.cert
    keeps x.cert ends 1 "x.cert exists already" member 1 3 2 x
    no_file x.key
    ok "$scenario"
}

# no_polynomial CODE WORDS [KEY]: with `certs.jsons` as it is
no_polynomial() {
    ends "$1" "$2" plus1 trustee polynomial --key "${3:-t1.key}" --certificates certs.jsons --out t1.polynomial
    no_file t1.polynomial
}

polynomials() {
    scenario "a trustee goes on only with certificates of all, each right, in order, its own among them"
    as_before
    lines t1.cert t3.cert t2.cert >certs.jsons
    no_polynomial 1 "the certificate of trustee 2: "
    lines t1.cert t2.cert >certs.jsons
    no_polynomial 1 "the certificate of trustee 1: "
    forge digit response t2.cert bad.cert
    lines t1.cert bad.cert t3.cert >certs.jsons
    no_polynomial 1 "the certificate of trustee 2: a signature of a trustee does not hold"
    : >certs.jsons
    no_polynomial 1 "there are no trustees"
    cp "$base/certs.jsons" .
    member 1 3 2 stranger
    no_polynomial 1 "none of the certificates belongs to this trustee's key" stranger.key
    member 1 3 3 other
    no_polynomial 1 "other.key was made for another ceremony" other.key
    plus1 trustee key --election $uuid --out single
    no_polynomial 1 "single.key was made for another ceremony" single.key
    no_polynomial 2 "certs.jsons is not a trustee's key file" certs.jsons
    rm certs.jsons
    no_polynomial 2 "certs.jsons cannot be read"
    ok "$scenario"
}

# not_routed CODE WORDS: with `polynomials.jsons` as it is
not_routed() {
    rm -rf routed
    ends "$1" "$2" route
    no_file routed/1.vinput
}

routing() {
    scenario "the organiser passes on only polynomials that are right, of all, in order"
    from_base
    lines t1.polynomial t2.polynomial >polynomials.jsons
    not_routed 1 "polynomials.jsons has 2 lines, but there are 3 trustees: one line for each, in their order"
    lines t2.polynomial t1.polynomial t3.polynomial >polynomials.jsons
    not_routed 1 "the polynomial of trustee 1: "
    forge digit response t3.polynomial bad.polynomial
    lines t1.polynomial t2.polynomial bad.polynomial >polynomials.jsons
    not_routed 1 "the polynomial of trustee 3: "
    printf 'a\nb\nc\n' >polynomials.jsons
    not_routed 1 "the polynomial of trustee 1: "
    ok "$scenario"
}

# not_accepted WORDS VINPUT: t1 gets this.
not_accepted() {
    keeps t1.key ends 1 "$1" \
        plus1 trustee accept --key t1.key --certificates certs.jsons --vinput "$2" --out t1.voutput
    no_file t1.voutput
}

acceptance() {
    scenario "a trustee accepts only what the others have sent to it, and says who sent something wrong"
    as_before
    not_accepted "the part" routed/2.vinput
    # Of trustee 2, the sealed message is that for somebody else.
    python3 - <<'SWAP'
import json
mine, theirs = (json.load(open(f"routed/{i}.vinput")) for i in (1, 3))
mine["secrets"][1] = theirs["secrets"][1]
json.dump(mine, open("bad.vinput", "w"), separators=(",", ":"))
SWAP
    not_accepted "the part of trustee 2: " bad.vinput
    # Trustee 3 publishes another polynomial than the one that the secret belongs to.
    polynomial_of_3_again
    not_accepted "the part" bad.vinput
    echo hello >bad.vinput
    not_accepted "the text is not in the one form" bad.vinput
    accept 1
    grep -q '"private_key"' t1.key
    keeps t1.voutput ends 1 "t1.voutput exists already" accept 1
    ok "$scenario"
}

polynomial_of_3_again() {
    rm t3.polynomial
    cp "$base/t1.polynomial" .
    polynomial 3
    lines t[123].polynomial >polynomials.jsons
    cp -r routed before
    rm -r routed
    route
    python3 - <<'SWAP'
import json
new, old = (json.load(open(f"{d}/1.vinput")) for d in ("routed", "before"))
new["secrets"][2] = old["secrets"][2]
json.dump(new, open("bad.vinput", "w"), separators=(",", ":"))
SWAP
    rm -r routed
    mv before routed
}

a_complete_key() {
    scenario "a complete key is not replaced by that of another ceremony, which would lose the boxes of the first"
    from_base
    rm t?.polynomial t1.voutput
    local i
    for i in 1 2 3; do polynomial "$i"; done
    lines t[123].polynomial >polynomials.jsons
    rm -r routed
    route
    keeps t1.key ends 1 "t1.key" accept 1
    no_file t1.voutput
    # The same once more is no harm.
    keeps_content t1.key plus1 trustee accept --key t1.key --certificates certs.jsons --vinput "$base/routed/1.vinput" \
        --out t1.voutput
    ok "$scenario"
}

# not_assembled WORDS: with `voutputs.jsons` as it is
not_assembled() {
    rm -f threshold.json
    ends 1 "$1" assemble
    no_file threshold.json
}

assembly() {
    scenario "the parameters are made only of verification keys that are right, of all, in order"
    from_base
    lines t1.voutput t2.voutput >voutputs.jsons
    not_assembled "voutputs.jsons has 2 lines, but there are 3 trustees"
    lines t1.voutput t3.voutput t2.voutput >voutputs.jsons
    not_assembled "the verification key of trustee 2: "
    forge digit response t2.voutput bad.voutput
    lines t1.voutput bad.voutput t3.voutput >voutputs.jsons
    not_assembled "the verification key of trustee 2: "
    ok "$scenario"
}

prepare
the_right_way
certificates
polynomials
routing
acceptance
a_complete_key
assembly
