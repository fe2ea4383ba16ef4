#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# The registrar: the roll, the codes, and what somebody types who has one. In `base` is a draft.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here

prepare() {
    scenario "the draft that the others begin with"
    base=$PWD
    plus1 election paper --name "Plein" --question "Wat?" --answer Bomen --answer Bank --out paper.json
    plus1 election draft --paper paper.json --out draft.json
    cat >roll.csv <<'ROLL'
id;voornaam;tussenvoegsel;achternaam;straat;huisnummer;toevoeging;postcode;woonplaats;wijk;geboortedatum
E-1;Anna;de;Vries;Dorpsstraat;1;A;7811ab;Emmen;Angelslo;1961-05-04
E-2;Bert;;Bakker;"Laan; links";2;;7812 AB;Emmen;Emmerhout;30-11-1990
E-3;Cees;;Smit;Dorpsstraat;3;;7811 AB;Emmen;Angelslo;20110301
E-4;Dirk;;Visser;Dorpsstraat;4;;7811 AB;Emmen;Angelslo;2011-03-02
ROLL
}

make_codes() { # FOLDER [OPTION...]
    plus1 credentials make --draft draft.json --roll roll.csv --out "$@"
}

bad_rows() {
    scenario "each bad row is listed with its line and the reason, and nothing is made of the roll"
    from_base
    cat >>roll.csv <<'ROLL'
E-2;Eva;;Mulder;Dorpsstraat;5;;7811 AB;Emmen;Angelslo;1980-01-01
;Fred;;Mulder;Dorpsstraat;6;;7811 AB;Emmen;Angelslo;1980-01-01
E-7;Guus;;Mulder;Dorpsstraat;7;;7811;Emmen;Angelslo;1980-01-01
E-8;Hans;;Mulder;Dorpsstraat;8;;7811 AB;Emmen;Angelslo;1980-02-31
E-9;Ida;;Mulder;Dorpsstraat

E-10;ANNA;de;vries;Dorpsstraat;1;a;7811 AB;Emmen;Angelslo;04-05-1961
E-11;"Jan;;Mulder;Dorpsstraat;11;;7811 AB;Emmen;Angelslo;1980-01-01
ROLL
    ends 1 'line 6: error: the id "E-2" was there on line 3' plus1 roll check roll.csv
    says "line 7: error: the id is missing" 'line 8: error: the postcode "7811" is not written as 1234 AB' \
        'line 9: error: the date of birth "1980-02-31" is not in the calendar' \
        "line 10: error: the row has 5 fields, the first line 11" \
        "line 12: warning: the same name, date of birth and address stand on line 2 under another id" \
        "line 13: error: the quotation mark that opens a field here is never closed" \
        "5 people, 6 bad rows" "mend the rows above"
    ends 1 "line 7: error" make_codes codes
    no_file codes
    ok "$scenario"
}

refused_rolls() {
    scenario "a roll that is refused as a whole says why"
    from_base
    refused_roll 2 "the file is empty" ''
    refused_roll 1 "nobody is on the roll" 'id;naam\n'
    refused_roll 1 'no column is named "id"' 'nummer;naam\n1;Anna\n'
    refused_roll 1 'the column "BSN" holds the BSN' 'id;BSN\n1;123456782\n'
    refused_roll 1 "every id passes the test of a BSN" 'id;naam\n123456782;Anna\n111222333;Bert\n'
    refused_roll 1 "columns 2 and 3 both say the naam" 'id;naam;name\n1;Anna;Anna\n'
    refused_roll 2 "line 2: error: the byte e9 is not UTF-8" 'id;naam\n1;Ren\xe9\n'
    ends 2 "absent.csv cannot be read" plus1 roll check absent.csv
    ends 2 "roll.csv is not a draft" plus1 credentials make --draft roll.csv --roll roll.csv --out codes
    ends 2 "absent.json cannot be read" plus1 credentials make --draft absent.json --roll roll.csv --out codes
    no_file codes
    ok "$scenario"
}

refused_roll() { # CODE WORDS CONTENT
    # shellcheck disable=SC2059 # with escapes
    printf "$3" >bad.csv
    ends "$1" "$2" plus1 roll check bad.csv
    ends "$1" "$2" plus1 credentials make --draft draft.json --roll bad.csv --out refused
    no_file refused
}

forms_of_a_roll() {
    scenario "columns are found by name in any order, with ';' or ',', with or without byte order mark"
    from_base
    printf '\xef\xbb\xbfGeboorte-datum,NAAM,extra,Id\r\n1961-05-04,"Vries, A. de",x,E-1\r\n,Bert,y,E-2\r\n' >other.csv
    ends 0 'the column "extra" is ignored' plus1 roll check other.csv
    says "2 people, 0 bad rows; 2 may vote"
    plus1 credentials make --draft draft.json --roll other.csv --out codes
    grep -q '^E-1;Vries, A. de;;;;;;.....-......-.....-......$' codes/codes.csv
    ok "$scenario"
}

rules() {
    scenario "rules say who may vote, on the day that they name"
    from_base
    ends 0 "4 people, 0 bad rows; 4 may vote" plus1 roll check roll.csv
    ends 0 "3 may vote" plus1 roll check --rule "age>=16@2027-03-01" roll.csv
    says "1 left out by age>=16@2027-03-01"
    ends 0 "4 may vote" plus1 roll check --rule "leeftijd >= 16 @ 02-03-2027" roll.csv
    ends 0 "2 may vote" plus1 roll check --rule "age>=16@2027-03-01" --rule "neighbourhood=Angelslo" roll.csv
    says "1 left out by age" "1 left out by neighbourhood=Angelslo"
    ends 0 "4 may vote" plus1 roll check --rule wijk=Angelslo --rule buurt=emmerhout roll.csv
    ends 0 'nobody on the roll lives in "Nergens"' plus1 roll check --rule wijk=Nergens roll.csv
    says "0 may vote"
    make_codes codes --rule "age>=16@2027-03-01" --rule "wijk=Angelslo"
    same "who got a code" "id E-1 E-3" "$(cut -d ';' -f 1 codes/codes.csv | paste -sd ' ')"
    ends 1 "nobody on this roll may vote" make_codes nobody --rule wijk=Nergens
    no_file nobody
    ends 3 '"age>16" is not a rule' plus1 roll check --rule "age>16" roll.csv
    ends 3 'lacks the day on which the age counts' make_codes nobody --rule "age>=16"
    printf 'id;naam\n1;Anna\n' >short.csv
    ends 1 "the rules need a column with dates of birth" plus1 roll check --rule "age>=16@2027-03-01" short.csv
    ends 1 "the rules need a column with neighbourhoods" plus1 roll check --rule wijk=Angelslo short.csv
    sed -i 's/1961-05-04//' roll.csv
    ends 1 "line 2: error: the date of birth is missing, and a rule asks the age" \
        make_codes nobody --rule "age>=16@2027-03-01"
    ok "$scenario"
}

codes() {
    scenario "the codes are for the registrar only, one for each who may vote, in signs that cannot be mistaken"
    from_base
    ends 0 "codes/codes.csv: 4 codes, for the letters. SECRET" make_codes codes
    says "codes/public_credentials.json: 4 public credentials, for the board"
    mode_is 600 codes/codes.csv
    mode_is 644 codes/public_credentials.json
    same "the first line" "id;naam;straat;huisnummer;toevoeging;postcode;woonplaats;code" "$(head -n 1 codes/codes.csv)"
    grep -q '^E-1;Anna de Vries;Dorpsstraat;1;A;7811 AB;Emmen;' codes/codes.csv
    grep -q '^E-2;Bert Bakker;"Laan; links";2;;7812 AB;Emmen;' codes/codes.csv
    local sign='[23456789ABCDEFGHJKLMNPQRSTUVWXYZ]'
    same "codes in the alphabet" 4 "$(grep -Ec ";$sign{5}-$sign{6}-$sign{5}-$sign{6}$" codes/codes.csv)"
    same "different codes" 4 "$(tail -n +2 codes/codes.csv | sed 's/.*;//' | sort -u | wc -l)"
    same "public credentials" 4 "$(python3 -c 'import json, sys; print(len(set(json.load(sys.stdin))))' \
        <codes/public_credentials.json)"
    ! grep -q "E-1\|Vries" codes/public_credentials.json || fail "the board learns who is on the roll"
    says_nothing_of "$(tail -n 1 codes/codes.csv | sed 's/.*;//')"
    ok "$scenario"
}

nothing_is_overwritten() {
    scenario "codes that exist are not overwritten, and no codes are left that fit no credentials"
    from_base
    make_codes codes
    keeps codes/codes.csv keeps codes/public_credentials.json \
        ends 1 "exists already; it is not overwritten" make_codes codes
    mkdir away
    mv codes/public_credentials.json away
    keeps codes/codes.csv ends 1 "codes/codes.csv exists already; it is not overwritten" make_codes codes
    no_file codes/public_credentials.json
    mv away/public_credentials.json codes
    mv codes/codes.csv away
    keeps codes/public_credentials.json \
        ends 1 "codes/public_credentials.json exists already; it is not overwritten" make_codes codes
    no_file codes/codes.csv
    ok "$scenario"
}

weights() {
    scenario "weights of the roll are in the public credentials and in the result"
    from_base
    printf 'id;gewicht\nanna;1000\nbert;2\ncees;\n' >roll.csv
    make_codes codes
    same "the weights" "1 1000 2" "$(grep -Eo ',[0-9]+"' \
        codes/public_credentials.json | tr -d ',"' | sort | paste -sd ' ')"
    printf 'id;gewicht\nanna;1\nbert;1\n' >roll.csv
    make_codes plain
    ! grep -Eq ',[0-9]+"' plain/public_credentials.json || fail "a weight of 1 for all needs not be said"
    refused_roll 1 'line 2: error: the weight "0" is not a whole number above 0' 'id;gewicht\nanna;0\n'
    refused_roll 1 'line 3: error: the weight "1073741824" is above 1073741823' 'id;gewicht\na;1073741823\nb;1073741824\n'
    refused_roll 1 'line 2: error: the weight "1,5" is not' 'id;gewicht\nanna;1,5\n'

    plus1 trustee key --election "$(uuid_of draft.json)" --minimum 1 --test --out s
    plus1 election create --draft draft.json --trustee s.public.json --credentials codes/public_credentials.json --out .
    mv ./*.bel w.bel
    local who
    for who in anna:Bank bert:Bomen cees:Bomen; do
        plus1 vote --box w.bel --code "$(code "${who%:*}" codes)" --choose "${who#*:}" --out x.json
        plus1 box add w.bel x.json
    done
    end_vote w.bel
    decrypt s w.bel
    plus1 share add w.bel shares/*.json
    plus1 result publish w.bel
    same "the result" '[[3,1000]]' "$(bel result w.bel)"
    verify w.bel
    ok "$scenario"
}

typed_codes() {
    scenario "in a code that is typed, case, spaces and hyphens do not matter"
    from_base
    open_box
    local typed
    for typed in "$letter" "${letter,,}" "${letter//-/}" "${letter//-/ }" " ${letter,,} " "${letter:0:3} ${letter:3}"; do
        ends 0 "Tracker: " vote_with "$typed"
        plus1 box add v.bel x.json
    done
    ok "$scenario"
}

open_box() { # with the codes of the roll; `letter` is the code of E-1
    make_codes codes
    plus1 trustee key --election "$(uuid_of draft.json)" --minimum 1 --test --out s
    plus1 election create --draft draft.json --trustee s.public.json --credentials codes/public_credentials.json --out .
    mv ./*.bel v.bel
    letter=$(code E-1 codes)
}

vote_with() { # CODE
    plus1 vote --box v.bel --code "$1" --choose Bank --out x.json
}

mistyped_codes() {
    scenario "a mistyped code is refused: one wrong sign is looked for in its group, else in the whole code"
    from_base
    open_box
    local at group
    # One sign in each group
    for at in 0:1 4:1 6:2 11:2 13:3 17:3 19:4 24:4; do
        group=${at#*:}
        at=${at%:*}
        ends 1 "this code is not on the list: check group $group of it, one sign there seems wrong" \
            vote_with "${letter:0:at}$(other_sign "${letter:at:1}")${letter:at+1}"
    done
    for ((at = 0; at < 4; at++)); do # two signs have changed places
        [ "${letter:at:1}" != "${letter:at+1:1}" ] || continue
        ends 1 "check the whole code against the letter" \
            vote_with "${letter:0:at}${letter:at+1:1}${letter:at:1}${letter:at+2}"
    done
    ends 1 "check the whole code against the letter" vote_with 33222-222222-22222-222222
    # Of another vote: all its signs are right.
    plus1 election draft --paper paper.json --out other.json
    plus1 credentials make --draft other.json --roll roll.csv --out others
    ends 1 "is it from the letter for this vote?" vote_with "$(code E-1 others)"
    local short
    for short in "${letter:0:24}" "${letter}A" "" "hello" "${letter:0:24}O"; do
        ends 1 "$short" vote_with "$short"
        says_nothing_of Tracker
    done
    ends 1 'this does not have the form of a code from a voting letter' vote_with "${letter:0:20}"
    no_file x.json
    ok "$scenario"
}

other_sign() { # SIGN: another one of the alphabet
    if [ "$1" = X ]; then echo Y; else echo X; fi
}

prepare
bad_rows
refused_rolls
forms_of_a_roll
rules
codes
nothing_is_overwritten
weights
typed_codes
mistyped_codes
