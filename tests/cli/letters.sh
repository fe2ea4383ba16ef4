#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# The voting letters, looked at as people, phones and envelopes do. In `base` is a frozen vote of a town with six residents.
# P1_LETTERS: how many letters are made at once to see what memory they take (default: 1000; make soak: 10000).
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
start_here

# The address sanitizer shall not mind what fontconfig keeps; and its own memory says nothing about ours.
printf 'leak:libfontconfig\n' >"$work/suppressions"
export LSAN_OPTIONS="suppressions=$work/suppressions:print_suppressions=0"
sanitized=0
! grep -q __asan_init "$build/plus1" || sanitized=1

look() {
    python3 "$cli/letters.py" "$@"
}

prepare() {
    scenario "the frozen vote that the others begin with"
    base=$PWD
    plus1 election paper --name "Zwembad" --question "Waar komt het nieuwe zwembad van Emmen?" \
        --answer Centrum --answer Station --blank --out paper.json
    plus1 election paper --name "Swimming pool" --question "Where do we build the new pool of Emmen?" \
        --answer Centre --answer Station --blank --out paper.en.json
    plus1 election draft --paper paper.json --out draft.json
    cat >roll.csv <<'ROLL'
id;naam;straat;huisnummer;toevoeging;postcode;woonplaats
E-1;Mevr. A. de Vries;Dorpsstraat;1;A;7823 AB;Emmen
E-2;Dhr. Ş. Çelik-Øystergård;Laan van de Bork;240;;7823 AA;Emmen
E-3;محمد بن عبد الله;Noorderplein;13;bis;7811 MG;Emmen
E-4;Ольга Иванова;Noorderplein;2;B;7811 MG;'s-Gravenmoer
E-5;Mevr. W.J.M.C. van der Bruggen-Hellemans van Oudenaarden-Schimmelpenninck geboren Van Lynden;Weg;12;;7881 AA;Emmer-Compascuum
E-6;"Café ""De Bel""; R & D <Smit>";Dorpsstraat;10;;7823 AB;Emmen
ROLL
    plus1 credentials make --draft draft.json --roll roll.csv --out codes
    uuid=$(uuid_of draft.json)
    plus1 trustee key --election "$uuid" --minimum 1 --test --out t
    plus1 registrar key --out registrar
    freeze codes town
    settings=$(cat town/municipality.json)
}

freeze() { # CODES FOLDER: a box with this list, its bundle and the municipality's settings
    rm -f bundle.json
    plus1 election bundle --draft draft.json --credentials "$1/public_credentials.json" --box "$uuid" --out bundle.json \
        --translation en=paper.en.json --opens 2027-03-01T08:00:00+01:00 --closes 2027-03-31T20:05:00+02:00
    plus1 election create --draft draft.json --trustee t.public.json --credentials "$1/public_credentials.json" \
        --bundle bundle.json --registrar registrar.public --out "$2"
    cat >"$2/municipality.json" <<'SETTINGS'
{"name":"Emmen","host":"stem.emmen.nl","address":["Postbus 30001","7800 RA Emmen"],"colour":"#00549e",
"help":{"nl":"Bel 14 0591, van 9.00 tot 17.00 uur.","en":"Call 14 0591, from 9:00 to 17:00."},
"library":"Noorderplein 101.","counter":{"nl":"Raadhuisplein 1.","en":"Raadhuisplein 1, ground floor."}}
SETTINGS
}

letters() { # OPTION...
    plus1 letters --box town/*.bel --codes codes "$@"
}

refused_letters() { # CODE WORDS OPTION...: nothing is left of it
    ends "$1" "$2" letters --out refused --csv refused.csv "${@:3}"
    no_file refused.csv refused.csv.new refused/*
}

shows() { # TEXT WORDS...
    local words text
    text=$(tr -s ' \n' ' ' <<<"$1")
    for words in "${@:2}"; do
        [[ $text = *"$words"* ]] || fail "the letter does not say: $words"
    done
}

scan() { # PDF PAGE: what a phone reads
    pdftoppm -r 150 -f "$2" -l "$2" -png -singlefile "$1" scanned
    zbarimg -q --raw scanned.png 2>/dev/null
}

pages() {
    pdfinfo "$1" | awk '$1 == "Pages:" { print $2 }'
}

text_of() { # PDF PAGE
    pdftotext -f "$2" -l "$2" "$1" -
}

one_for_each() {
    scenario "each person gets one page, with a link and a code that are theirs, in the order of the post"
    from_base
    ends 0 "out: 6 letters in 1 batches, each with a packing list. SECRET" letters --out out
    mode_is 600 out/letters-001.pdf
    mode_is 600 out/packing-001.pdf
    same "pages" 6 "$(pages out/letters-001.pdf)"
    local page=0 id print text code
    print=$(look print town/*.bel)
    for id in E-4 E-3 E-2 E-1 E-6 E-5; do
        page=$((page + 1))
        code=$(code "$id" codes)
        same "the link of $id" "https://stem.emmen.nl/s/$uuid#$code.$print" "$(scan out/letters-001.pdf $page)"
        text=$(text_of out/letters-001.pdf $page)
        shows "$text" "$code" "stem.emmen.nl/s" "de tekens ${print:0:5}." "Brief 00000$page"
        says_nothing_of "$code" "$print"
    done
    ok "$scenario"
}

languages() {
    scenario "a letter says in Dutch, English or both what is asked, when, how else, who helps, and that nobody votes for you"
    from_base
    local dutch english
    letters --out nl --language nl
    letters --out en --language en
    letters --out both --language both
    dutch=("Gemeente Emmen" "Uw stembrief" "Waar komt het nieuwe zwembad van Emmen?" "maandag 1 maart 2027, 8.00 uur"
        "woensdag 31 maart 2027, 20.05 uur" "In de bibliotheek: Noorderplein 101." "Aan de balie: Raadhuisplein 1."
        "Bel 14 0591, van 9.00 tot 17.00 uur." "Iemand mag uw telefoon voor u vasthouden. U kiest zelf."
        "Niemand stemt voor u.")
    english=("Your voting letter" "Where do we build the new pool of Emmen?" "Monday 1 March 2027, 8:00"
        "Wednesday 31 March 2027, 20:05" "At the library: Noorderplein 101." "At the counter: Raadhuisplein 1, ground floor."
        "Call 14 0591, from 9:00 to 17:00." "Somebody may hold your phone for you. You choose.")
    shows "$(text_of nl/letters-001.pdf 1)" "${dutch[@]}" "English: scan the code and choose English." Postbus
    shows "$(text_of en/letters-001.pdf 1)" "${english[@]}" "Nederlands: scan de code en kies Nederlands."
    # In two columns a text is read line by line: words that may stand on two lines are looked for one by one.
    same "pages" 6 "$(pages both/letters-001.pdf)"
    local words text
    text=$(pdftotext -raw -f 1 -l 1 both/letters-001.pdf - | tr -s ' \n' ' ')
    for words in "${dutch[@]}" "${english[@]}"; do
        [[ $text = *"$words"* ]] || fail "the letter in both languages does not say: $words"
    done
    [[ $text != *"kies Nederlands"* ]] || fail "a letter in all languages names one as another"
    same "the link" "$(scan nl/letters-001.pdf 2)" "$(scan both/letters-001.pdf 2)"
    ! pdftotext nl/letters-001.pdf - | grep -q "Op papier" || fail "a way is promised that the municipality does not have"
    ok "$scenario"
}

address() {
    scenario "the address stands in the window of the envelope, names of any script and length too, and nothing else does"
    from_base
    letters --out out
    seen 4 "Mevr. A. de Vries" "Dorpsstraat 1 A" "7823 AB EMMEN"
    seen 3 "Dhr. Ş. Çelik-Øystergård" "Laan van de Bork 240" "7823 AA EMMEN"
    seen 1 "Ольга Иванова" "Noorderplein 2 B" "7811 MG 'S-GRAVENMOER"
    seen 2 "Noorderplein 13 bis" "7811 MG EMMEN"
    shows "$(text_of out/letters-001.pdf 2)" محمد
    seen 5 'Café "De Bel"; R & D <Smit>' "Dorpsstraat 10"
    seen 6 "geboren Van Lynden" "7881 AA EMMER-COMPASCUUM"
    letters --out both --language both
    same "the window" "$(look window out/letters-001.pdf 6)" "$(look window both/letters-001.pdf 6)"
    ok "$scenario"
}

seen() { # PAGE LINE...: in the window
    local line window
    window=$(look window out/letters-001.pdf "$1")
    shows "$window" "Retouradres: Postbus 30001, 7800 RA Emmen"
    for line in "${@:2}"; do
        [[ $window = *"$line"* ]] || fail "not in the window: $line"
    done
}

misfits() {
    scenario "a name that does not fit or has signs without a font is refused with its line, and nothing is printed"
    from_base
    local long
    long=$(printf 'Zeer%.0s' {1..120})
    sed -i "s/Mevr. A. de Vries/$long/; s/Ольга/$(printf '\xee\x80\x80')/" codes/codes.csv
    refused_letters 1 'line 2: error: name and address are too long for the window of the envelope ("ZeerZeer'
    says 'line 5: error: no font on this computer has all signs of name and address' "codes/codes.csv: mend the lines above"
    # A letter to somebody else can be printed.
    letters --only E-2 --out out
    cp "$base/codes/codes.csv" codes
    sed -i 's/Mevr. A. de Vries;Dorpsstraat/;/; s/Noorderplein;13;bis;7811 MG/Noorderplein;13;bis;/' codes/codes.csv
    sed -i 's/E-6/E-5/' codes/codes.csv
    refused_letters 1 "line 2: error: the name is missing"
    says "line 2: error: the address is not complete" "line 4: error: the address is not complete" \
        "line 7: error: the id is that of line 6"
    ok "$scenario"
}

voting() {
    scenario "with what the QR code holds somebody can vote"
    from_base
    local link
    letters --out out
    link=$(scan out/letters-001.pdf 3)
    link=${link#*#}
    plus1 vote --box town/*.bel --code "${link%.*}" --choose Station --out x.json
    plus1 box add town/*.bel x.json
    ends 0 "voted             1 " plus1 box status town/*.bel
    # A lost letter is printed again while people vote.
    letters --only E-2 --out again
    same "the link" "$(scan out/letters-001.pdf 3)" "$(scan again/letter-000003.pdf 1)"
    ok "$scenario"
}

batches() {
    scenario "batches are files of their own, each with a packing list that has no code and no name"
    from_base
    ends 0 "6 letters in 2 batches" letters --out out --batch 4 --language nl
    same "pages" "4 2" "$(pages out/letters-001.pdf) $(pages out/letters-002.pdf)"
    shows "$(pdftotext -layout out/packing-002.pdf -)" "Partij 2 van 2" "Bestand letters-002.pdf" "Eerste brief 000005" \
        "Laatste brief 000006" "Brieven in deze partij 2" "Brieven in alle partijen 6"
    shows "$(pdftotext -layout out/packing-001.pdf -)" "Partij 1 van 2" "Eerste brief 000001" "Laatste brief 000004" \
        "Brieven in deze partij 4"
    ! pdftotext out/packing-001.pdf - | grep -E "Ольга|[A-Z2-9]{5}-[A-Z2-9]{6}" || fail "the packing list says too much"
    shows "$(text_of out/letters-002.pdf 1)" "Brief 000005" "Smit"
    ok "$scenario"
}

printing_house() {
    scenario "a printing house gets a CSV with all that it prints, and no id"
    from_base
    ends 0 "house.csv: 6 letters for a printing house. SECRET" letters --csv house.csv --batch 4
    mode_is 600 house.csv
    local print
    print=$(look print town/*.bel)
    same "the first line" "nummer;partij;naam;straat;huisnummer;toevoeging;postcode;woonplaats;code;eerste_tekens;link" \
        "$(head -n 1 house.csv)"
    same "lines" 7 "$(wc -l <house.csv)"
    same "a line" "$(printf '000004;1;Mevr. A. de Vries;Dorpsstraat;1;A;7823 AB;Emmen;%s;%s;https://stem.emmen.nl/s/%s#%s.%s' \
        "$(code E-1 codes)" "${print:0:5}" "$uuid" "$(code E-1 codes)" "$print")" "$(sed -n 5p house.csv)"
    grep -q '^000005;2;"Café ""De Bel""; R & D <Smit>";' house.csv
    ! grep -q "E-1" house.csv || fail "the printing house learns the id"
    letters --csv both.csv --out out
    same "pages" 6 "$(pages out/letters-001.pdf)"
    ok "$scenario"
}

only() {
    scenario "one letter is printed again with its code and its number"
    from_base
    ends 0 "out/letter-000004.pdf: SECRET" letters --only E-1 --out out --csv one.csv
    same "pages" 1 "$(pages out/letter-000004.pdf)"
    same "files" letter-000004.pdf "$(ls out)"
    mode_is 600 out/letter-000004.pdf
    shows "$(text_of out/letter-000004.pdf 1)" "$(code E-1 codes)" "Brief 000004"
    same "lines" 2 "$(wc -l <one.csv)"
    keeps out/letter-000004.pdf ends 1 "out/letter-000004.pdf exists already" letters --only E-1 --out out
    refused_letters 1 'codes/codes.csv: nobody has the id "E-9"' --only E-9
    ok "$scenario"
}

mixed_up() {
    scenario "codes that are not those of the box are refused, one by one"
    from_base
    plus1 credentials make --draft draft.json --roll roll.csv --out others
    ends 1 "others/codes.csv: 6 of 6 codes are not on the list of town/" plus1 letters --box town/*.bel --codes others --out out
    says "the first on line 2: is it the folder of another vote or registrar?"
    no_file out
    sed -i "s/$(code E-3 codes)/$(code E-3 others)/" codes/codes.csv
    refused_letters 1 "codes/codes.csv: 1 of 6 codes are not on the list of town/"
    says "the first on line 4"
    sed -i "s/$(code E-3 others)/$(code E-2 codes)/" codes/codes.csv
    refused_letters 1 "codes/codes.csv: the codes on lines 3 and 4 are the same"
    sed -i "4s/;[^;]*$/;33222-222222-22222-222222/" codes/codes.csv
    refused_letters 1 "line 4: error: the code is not one that plus1 made"
    sed -i 4d codes/codes.csv
    ends 0 "warning: the box knows 6 voters, codes/codes.csv has codes for 5" letters --out five
    echo "id;naam;code" >codes/codes.csv
    refused_letters 2 "codes/codes.csv is not what plus1 credentials make writes"
    rm codes/codes.csv
    refused_letters 2 "codes/codes.csv cannot be read"
    ok "$scenario"
}

too_early() {
    scenario "there are no letters before the terms are frozen, and none after the vote"
    from_base
    mkdir early
    plus1 election create --draft draft.json --trustee t.public.json --credentials codes/public_credentials.json --out early
    cp town/municipality.json early
    ends 1 "its terms are not frozen" plus1 letters --box early/*.bel --codes codes --out out
    mv town/"$uuid".bundle.json away
    refused_letters 1 "$uuid.bundle.json is missing beside town/"
    sed 's/"minimum":10/"minimum":11/' away >town/"$uuid".bundle.json
    refused_letters 1 "(ERR_BUNDLE_HASH)"
    mv away town/"$uuid".bundle.json
    plus1 box close town/*.bel
    refused_letters 1 "no letters for this ballot box: voting has ended"
    no_file out
    ok "$scenario"
}

withdrawn() {
    scenario "who has no code any more gets no letter; a later closing time is in the letters"
    from_base
    plus1 registrar withdraw --box town/*.bel --key registrar.key --code "$(code E-4 codes)" --out one
    plus1 box notice town/*.bel one
    plus1 registrar extend --box town/*.bel --key registrar.key --closes 2027-10-31T12:00:00+01:00 --out two
    plus1 box notice town/*.bel two
    ends 0 "1 codes are withdrawn: no letter for them" letters --out out
    same "pages" 5 "$(pages out/letters-001.pdf)"
    shows "$(text_of out/letters-001.pdf 1)" "$(code E-3 codes)" "Brief 000002" "zondag 31 oktober 2027, 12.00 uur"
    shows "$(pdftotext -layout out/packing-001.pdf -)" "Eerste brief 000002" "Laatste brief 000006" \
        "Brieven in deze partij 5" "Brieven in alle partijen 5"
    refused_letters 1 'the code of "E-4" is withdrawn' --only E-4
    letters --out single --batch 1 # no file without letters
    same "the first files" "letters-002.pdf letters-003.pdf" "$(cd single && echo letters-00[123].pdf)"
    ok "$scenario"
}

settings() {
    scenario "what a municipality says of itself is checked"
    from_base
    refused_settings 1 '"host" is missing' '.host = None'
    refused_settings 1 '"host" is an address such as stem.emmen.nl' '.host = "https://stem.emmen.nl"'
    refused_settings 1 '"host" is an address such as' '.host = "stem.emmen.nl/s#"'
    refused_settings 1 '"help" says nothing in the language "nl"' '.help = None'
    refused_settings 1 '"counter" says nothing in the language "nl"' '.counter = {"en": "here"}'
    refused_settings 1 '"library" is a text of one line' '.library = "a\nb"'
    refused_settings 1 '"colour" is too light to be read on white paper' '.colour = "#ffcc00"'
    refused_settings 1 '"colour" is written as #00549e' '.colour = "blue"'
    refused_settings 1 '"address" is a list of at most three lines' '.address = ["a", "b", "c", "d"]'
    refused_settings 2 "absent.png cannot be read as a PNG" '.logo = "absent.png"'
    refused_settings 1 "the letter does not fit on one page" ".library = \"$(printf 'Heel veel uitleg. %.0s' {1..60})\""
    refused_settings 1 "no font on this computer has all signs of the question" '.library = "\ue000"'
    refused_settings 2 "is not what plus1 municipality create makes" '.name = None'
    rm town/municipality.json
    refused_letters 2 "town/municipality.json cannot be read"
    change_settings '.logo = "logo.png"' '.color = "x"'
    look logo town/logo.png
    ends 0 'the field "color" is not for letters and is ignored' letters --out out
    same "logos" 1 "$(pdfimages -list out/letters-001.pdf | tail -n +3 | awk '{ print $11 }' | sort -u | wc -l)"
    look window out/letters-001.pdf 1
    ok "$scenario"
}

change_settings() { # ASSIGNMENT...
    # shellcheck disable=SC2016 # for python
    python3 -c 'import json, sys
class Settings(dict):
    __getattr__, __setattr__ = dict.__getitem__, dict.__setitem__
s = Settings(json.loads(sys.argv[1]))
for change in sys.argv[2:]: exec("s" + change)
print(json.dumps({k: v for k, v in s.items() if v is not None}))' "$settings" "$@" >town/municipality.json
}

refused_settings() { # CODE WORDS ASSIGNMENT
    change_settings "$3"
    refused_letters "$1" "$2"
}

questions() {
    scenario "of several questions a letter says how many; a question too long for a page is refused"
    from_base
    local uuid # of other votes, for `freeze`
    rm paper.json draft.json
    plus1 election paper --name "Drie plannen" --question "Een?" --answer A --answer B --question "Twee?" --answer A \
        --answer B --question "Drie?" --answer A --answer B --out paper.json
    plus1 election draft --paper paper.json --out draft.json
    uuid=$(uuid_of draft.json)
    plus1 credentials make --draft draft.json --roll roll.csv --out three
    freeze three drie
    plus1 letters --box drie/*.bel --codes three --out out
    shows "$(text_of out/letters-001.pdf 1)" "Drie plannen" "U krijgt 3 vragen."
    rm paper.json draft.json
    plus1 election paper --name "Lang" --question "Wilt u $(printf 'een heel erg lang verhaal %.0s' {1..60})?" \
        --answer Ja --answer Nee --out paper.json
    plus1 election draft --paper paper.json --out draft.json
    uuid=$(uuid_of draft.json)
    plus1 credentials make --draft draft.json --roll roll.csv --out long
    freeze long lang
    ends 1 "the letter does not fit on one page: shorten the question" plus1 letters --box lang/*.bel --codes long --out no
    no_file no
    ok "$scenario"
}

failures() {
    scenario "what exists is not overwritten, and nothing is left of letters that cannot be written"
    from_base
    ends 3 "give --out for letters, --csv for a printing house, or both" letters
    ends 3 'there are no texts in "xx"' letters --language xx --out out
    ends 3 '--batch: "0" is not a whole number' letters --batch 0 --out out
    letters --out out
    keeps out/letters-001.pdf ends 1 "out/letters-001.pdf exists already" letters --out out
    touch file
    ends 2 "file cannot be made" letters --out file/sub
    ends 2 "absent/x.csv cannot be written" letters --csv absent/x.csv
    ends 2 "full/letters-001.pdf cannot be written: File too large" limited --out full --csv full.csv
    no_file full/* full.csv full.csv.new
    # The first batch is done when the second one fails.
    mkdir full/letters-002.pdf.new
    ends 2 "full/letters-002.pdf cannot be written" letters --batch 2 --out full --csv full.csv
    says_nothing_of SECRET
    same "what is left" letters-002.pdf.new "$(ls full)"
    no_file full.csv
    ok "$scenario"
}

limited() { # as on a disk that is full: files of at most 48 kB
    (
        trap '' XFSZ
        ulimit -f 48
        letters "$@"
    )
}

many() {
    local n=${P1_LETTERS:-1000} peak grown seconds
    scenario "$n letters take constant memory, with a bar on a terminal"
    from_base
    {
        head -n 1 roll.csv
        seq -f "N-%g;Mevr. A. de Vries;Dorpsstraat;1;A;7823 AB;Emmen" "$n"
    } >many.csv
    plus1 credentials make --draft draft.json --roll many.csv --out many
    freeze many big
    read -r peak grown seconds < <(look memory "$build/plus1" letters --box big/*.bel --codes many --out out \
        --csv many.out.csv 2>many.said | tail -n 1)
    printf 'letters: %s in %s s, at most %s kB of memory, of which %s kB in the second half\n' "$n" "$seconds" "$peak" "$grown" >&3
    if [ $sanitized -eq 0 ]; then
        [ "$peak" -lt $((6000 + n / 2)) ] || fail "the letters took $peak kB"
        [ "$grown" -lt 256 ] || fail "memory grew by $grown kB while letters were made"
    fi
    same "the batches" "$(((n + 499) / 500))" "$(find out -name 'letters-*.pdf' | wc -l)"
    same "the last link" "$(tail -n 1 many.out.csv | sed 's/.*;//')" \
        "$(scan "$(find out -name 'letters-*.pdf' | sort | tail -n 1)" $(((n - 1) % 500 + 1)))"
    same "what is said where no terminal is" "" "$(cat many.said)"
    ends 0 "printing letters [####" script -qec "'$build/plus1' letters --box town/*.bel --codes codes --out bar" /dev/null
    ok "$scenario"
}

third_language() {
    scenario "a language is added by its catalogue alone, and a catalogue that is not right stops the build"
    cp -r "$root/po" po
    sed 's/Uw stembrief/Jo stimbrief/' po/nl.po >po/fy.po
    ends 0 "" texts
    grep -q '"nl", "en", "fy"' texts.c
    grep -q 'TEXT_LETTER_KIND. = "Jo stimbrief"' texts.c
    bad_catalogue '"letter.kind" is missing' '/^msgid "letter.kind"/,/^$/d'
    bad_catalogue '"letter.other" is not in nl.po' 's/letter.kind/letter.other/'
    bad_catalogue '"letter.return" has other places than in nl.po' 's/{address}/{adres}/'
    bad_catalogue '"letter.kind" is empty' 's/Uw stembrief//'
    bad_catalogue '"letter.kind" has a word that residents should not' 's/Uw stembrief/De versleuteling/'
    bad_catalogue '"letter.kind" has a sentence of more than 15 words' \
        's/Uw stembrief/Dit is een zin die uit meer dan vijftien woorden bestaat en dus te lang is/'
    bad_catalogue 'line 19: "letter.kind" is there twice' 's/letter.return/letter.kind/'
    bad_catalogue "line 19 is neither msgid, msgstr nor a text in quotes" 's/^msgstr "Uw stembrief"/msgstr Uw stembrief/'
    bad_catalogue "line 18: flags such as fuzzy are not known" 's/^msgid "letter.kind"/#, fuzzy\n&/'
    ok "$scenario"
}

texts() {
    "$root/scripts/texts" po texts.h texts.c texts.d
}

bad_catalogue() { # WORDS CHANGE
    sed "$2" po/nl.po >po/fy.po
    ends 1 "fy.po: $1" texts
}

prepare
one_for_each
languages
address
misfits
voting
batches
printing_house
only
mixed_up
too_early
withdrawn
settings
questions
failures
many
third_language
