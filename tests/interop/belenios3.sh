#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# plus1 and Debian 13's belenios-tool (3.0), both ways, in Ed25519.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
need_fixtures
need_tool3
start "$trixie/tmp"
tool=tool3
group=Ed25519

forged_ballot() {
    scenario "belenios-tool 3.0 refuses a forged ballot when asked about that ballot"
    local forged=$fixtures/belenios/invalid/indiv-proof-response.bel
    local original=$fixtures/belenios/valid/ed25519-small/result.json
    until_setup "$forged" "$(sed -n 's/^ "uuid": "\(.*\)",$/\1/p' "$original")"
    ballot_accepted setup/ballots/2.json
    refused InvalidBallot ballot_accepted setup/ballots/1.json
    ok "$scenario"
}

# Our codes have the form of 3.0's own.
our_codes() {
    scenario "$group: belenios-tool 3.0 votes with a code of plus1"
    draft
    credentials "${plain_roll[@]}"
    key s1
    create s1.public.json
    their_ballot anna '[[1,1,0],[1,0]]'
    plus1 box add "$box" ballot.json
    their_ballot bert '[[0,1,0],[0,1]]'
    their_event Ballot ballot.json
    cast cees --choose 1=Zandbak --choose 2=Ja
    finish_voting
    open_with s1
    result=$plain_result
    both_accept
    ok "$scenario"
}

# A question with lists, which 2.0 does not have.
lists='{"type":"Lists","value":{"answers":[["Rood","An","Bo"],["Groen","An"],["Blauw","Cy","Di","Ed"]],"question":"Wie?"}}'

our_lists() {
    scenario "$group: election with lists by plus1"
    printf '{"name":"Raad","description":"","questions":[%s]}\n' "$lists" >paper.json
    plus1 election draft --paper paper.json --group "$group" --out draft.json
    uuid=$(sed -n 's/^{"uuid":"\([^"]*\)".*/\1/p' draft.json)
    credentials "${plain_roll[@]}"
    key s1
    create s1.public.json
    cast anna --choose Bo
    cast bert --choose Ed
    cast anna --choose "Rood > An"
    finish_voting
    open_with s1
    result='[[[1,1,0],[0,0],[1,0,0,1]]]'
    both_accept
    ok "$scenario"
}

# Setup by belenios-tool, ballots of both programs, each added by both, one of them changed with the other one, and a
# trustee with each.
their_lists() {
    scenario "$group: both programs vote and decrypt in an election with lists"
    uuid=$("$tool" setup generate-token)
    printf '{"description":"","name":"Raad","questions":[%s]}\n' "$lists" >template.json
    their_credentials a@example.org,anna,1 b@example.org,bert,1 c@example.org,cees,1 d@example.org,dirk,1
    key ours
    their_key
    their_setup ours.public.json "$id.pubkey"
    cast anna --choose Di
    their_ballot bert '[[[1,1,0],[0,0],[0,0,0,0]]]'
    plus1 box add "$box" ballot.json
    ballot cees --choose "Groen > An"
    their_event Ballot ballot.json
    their_ballot dirk '[[[0,0,0],[0,0],[1,0,0,1]]]'
    their_event Ballot ballot.json
    their_ballot anna '[[[1,0,1],[0,0],[0,0,0,0]]]'
    their_event Ballot ballot.json
    refused "LIST > CANDIDATE" ballot bert --choose An
    finish_voting
    their_share 2
    their_event PartialDecryption their.share
    open_with ours
    result='[[[2,1,1],[1,1],[1,0,0,1]]]'
    both_accept
    ok "$scenario"
}

# What the tool's steps read and write, and what it is with us. ID is SHA-256 of the certificate's message, in hex.
#   1  --threshold-context I/T/N  ID.key (secret), ID.cert, ID on the output     certificate: NAME.key, NAME.cert
#   2  --certs certs.jsons        only a check: all certificates, in order of I
#   3  --key ID.key               the polynomial on the output                   polynomial: NAME.polynomial
#   4  --polynomials p.jsons      ID.vinput for each trustee                     route: I.vinput
#   5  --key ID.key <ID.vinput    the voutput on the output                      accept: NAME.voutput
#   6  <voutputs                  the parameters on the output, and ID.dkey for  assemble: threshold.json; our
#                                 each trustee: `private_key` of its voutput     decryption key is in NAME.key already
their_ceremony() { # STEP OPTION...
    tool3 setup generate-trustee-key-threshold --group "$group" --step "$1" "${@:2}"
}

# A 2-of-3 key of trustees 1 and 3 with plus1 and 2 with belenios-tool. Both programs pass the messages on and put the
# parameters together, and must come to the same bytes.
mixed_ceremony() {
    scenario "$group: a threshold ceremony with trustees of both programs"
    local id i
    draft
    credentials "${plain_roll[@]}"
    certificate 1 3 2 --ceremony belenios-3.0
    id=$(their_ceremony 1 --threshold-context 2/2/3)
    certificate 3 3 2 --ceremony belenios-3.0
    lines t1.cert "$id.cert" t3.cert >certs.jsons
    their_ceremony 2 --certs certs.jsons

    polynomial 1
    their_ceremony 3 --threshold-context 2/2/3 --certs certs.jsons --key "$id.key" >t2.polynomial
    polynomial 3
    lines t[123].polynomial >polynomials.jsons
    if grep algorithm polynomials.jsons; then
        fail "a ceremony for 3.0 must not name an algorithm"
    fi

    route
    their_ceremony 4 --certs certs.jsons --polynomials polynomials.jsons
    for i in 1 2 3; do
        same_file "the message to trustee $i" "$(id_of $i).vinput" "routed/$i.vinput"
    done

    accept 1
    their_ceremony 5 --certs certs.jsons --key "$id.key" <routed/2.vinput >t2.voutput
    accept 3
    lines t[123].voutput >voutputs.jsons
    assemble
    their_ceremony 6 --certs certs.jsons --polynomials polynomials.jsons <voutputs.jsons >their-threshold.json
    same_file "the parameters" their-threshold.json threshold.json

    create threshold.json
    vote_plainly
    finish_voting
    tool3 election decrypt-threshold --dir box --key "$id.key" --decryption-key "$id.dkey" --trustee-id 2 >their.share
    result=$plain_result
    opened_by_each t3 2
    ok "$scenario"
}

id_of() { # INDEX: the name that the tool gives to the trustee
    sed -n "$1p" certs.jsons |
        python3 -c 'import hashlib, json, sys
print(hashlib.sha256(json.load(sys.stdin)["message"].encode()).hexdigest())'
}

forged_ballot
our_elections
their_election
mixed_trustees
our_lists
their_lists
our_codes
mixed_ceremony
