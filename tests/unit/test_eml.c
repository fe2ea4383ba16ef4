// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Run from the root of the repository. The electoral council's own files are read where the folder P1_FIXTURES (or
// ../shared/fixtures) has them; tests/vectors/eml/ has files of the same shape.

#include <libxml/xmlerror.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/eml.h"
#include "cli/text.h"

#include <cmocka.h>

#define EML_OPEN "<EML xmlns=\"urn:oasis:names:tc:evs:schema:eml\" Id=\"230b\">"

#define PAPER(name, answers)                                                                                         \
    "{\"description\":\"\",\"name\":\"" name "\",\"questions\":[{\"type\":\"Lists\",\"value\":{\"answers\":" answers \
    ",\"question\":\"" name "\"}}]}"
#define AUTHORITY "lists of the authority \"Testgemeente\" (0000)"
#define ELECTION_NAME "Gemeenteraad Testgemeente 2030"

static char space[200000];

// Null if it is not there.
static const char *load(const char *name) {
    FILE *f = fopen(name, "rb");
    if (!f) return NULL;
    size_t n = fread(space, 1, sizeof space - 1, f);
    space[n] = 0;
    fclose(f);
    return space;
}

// Our own file, with the first A turned into B; to be freed.
static char *changed(const char *a, const char *b) {
    const char *text = load("tests/vectors/eml/lists.eml.xml");
    assert_non_null(text);
    const char *at = strstr(text, a);
    assert_non_null(at);
    size_t max = strlen(text) + strlen(b);
    char *copy = mem_alloc(max + 1);
    struct buf out = buf_over(copy, max);
    buf_put(&out, span_of(text, (size_t)(at - text)));
    buf_str(&out, b);
    buf_str(&out, at + strlen(a));
    assert_int_equal(buf_done(&out), P1_OK);
    copy[out.n] = 0;
    return copy;
}

static char *to_json(const struct paper *paper) {
    size_t max = paper_size_max(paper);
    char *text = mem_alloc(max + 1);
    struct buf b = buf_over(text, max);
    paper_write(paper, &b);
    assert_int_equal(buf_done(&b), P1_OK);
    text[b.n] = 0;
    return text;
}

// What is read must be what is written: a paper of our own.
static void imports_as(const char *text, const char *authority, const char *paper_json) {
    struct issues issues = {0};
    struct paper paper;
    assert_true(eml_is_xml(span_str(text)));
    assert_int_equal(eml_import(span_str(text), &paper, &issues), P1_EXIT_DONE);
    assert_int_equal(issues.n, 1);
    assert_int_equal(issues.all[0].severity, SEVERITY_NOTE);
    assert_string_equal(issues.all[0].text, authority);
    char *json = to_json(&paper);
    assert_string_equal(json, paper_json);
    issues_release(&issues);
    paper_release(&paper);
    assert_int_equal(paper_read(span_str(json), &paper, &issues), P1_EXIT_DONE);
    free(json);
    paper_release(&paper);
}

static void refuses(struct span text, enum p1_exit how, const char *why) {
    struct issues issues = {0};
    struct paper paper;
    enum p1_exit e = eml_import(text, &paper, &issues);
    assert_int_equal(issues.n, 1);
    if (!strstr(issues.all[0].text, why)) issues_print(&issues, stderr);
    assert_non_null(strstr(issues.all[0].text, why));
    assert_int_equal(e, how);
    assert_int_equal(issues.all[0].severity, SEVERITY_ERROR);
    issues_release(&issues);
    paper_release(&paper);
}

static void is_read(struct span text) {
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(eml_import(text, &paper, &issues), P1_EXIT_DONE);
    issues_release(&issues);
    paper_release(&paper);
}

static void refuses_change(const char *a, const char *b, const char *why) {
    char *text = changed(a, b);
    refuses(span_str(text), P1_EXIT_REFUSED, why);
    free(text);
}

static void reads_change(const char *a, const char *b, const char *name) {
    char *text = changed(a, b);
    struct issues issues = {0};
    struct paper paper;
    assert_int_equal(eml_import(span_str(text), &paper, &issues), P1_EXIT_DONE);
    char *json = to_json(&paper);
    assert_non_null(strstr(json, name));
    free(json);
    free(text);
    issues_release(&issues);
    paper_release(&paper);
}

// ---- What is taken

static void the_electoral_councils_own_files_are_imported(void **state) {
    (void)state;
    static const struct {
        const char *file, *paper;
    } cases[] = {
        {"eml230b_test.eml.xml",
         PAPER("Gemeenteraad Test 2022",
               "[[\"Partijdige Partij\",\"A.B.C. (Annemieke) Oorschot\",\"K. (Krisje) de Blikkert\","
               "\"G.H.O. (George) van Jaspers-Gezen\",\"T.M. (Teun) Meulenkolk\",\"L. (Luc) Katsma\","
               "\"M. (Christine) Blankenvoorde\",\"S (Salomon) den Mateman\",\"F.G.P. (Fabio) Oudenalder\","
               "\"I. (Ishana) den Wolbert\",\"P.A. (Patrik) Hoven\",\"J.M.H. (Jorian) Vredeveld\","
               "\"A. (Arendina) Cornelis\"],[\"Lijst van de Kandidaten\",\"C.P.M. (Char\xc3\xa8l) van der Spek\","
               "\"W.P. (Tjeu) Arets\",\"X.T. (Xuan) van den Arets\",\"F.M. (Fr\xc3\xa9"
               "d\xc3\xa9rique) van den Eijnden\"],[\"Partij voor de Stemmer\",\"M.O. (Marcela) Gopal\","
               "\"G.W. (Giovani) Wolfswinkel\"]]")},
        {"eml230b_test_with_gaps.eml.xml",
         PAPER("Gemeenteraad Test 2022",
               "[[\"Partijdige Partij (lijst 1)\",\"K. (Krisje) de Blikkert (nr. 2)\","
               "\"G.H.O. (George) van Jaspers-Gezen (nr. 3)\",\"M. (Christine) Blankenvoorde (nr. 6)\","
               "\"F.G.P. (Fabio) Oudenalder (nr. 8)\",\"I. (Ishana) den Wolbert (nr. 9)\","
               "\"J.M.H. (Jorian) Vredeveld (nr. 11)\",\"A. (Arendina) Cornelis (nr. 12)\"],"
               "[\"Partij voor de Stemmer (lijst 3)\",\"M.O. (Marcela) Gopal (nr. 1)\","
               "\"G.W. (Giovani) Wolfswinkel (nr. 2)\"]]")},
    };
    const char *folder = getenv("P1_FIXTURES");
    for (size_t i = 0; i < 2; i++) {
        char name[500];
        snprintf(name, sizeof name, "%s/eml/%s", folder ? folder : "../shared/fixtures", cases[i].file);
        const char *text = load(name);
        if (text) {
            imports_as(text, "lists of the authority \"Test\" (0000)", cases[i].paper);
        } else {
            print_message("%s is not here; our own files of the same shape are read all the same\n", name);
        }
    }
}

static void each_affiliation_becomes_a_list(void **state) {
    (void)state;
    imports_as(load("tests/vectors/eml/lists.eml.xml"), AUTHORITY,
               PAPER(ELECTION_NAME,
                     "[[\"Lijst Groen\",\"A.B. (Anna) Proef\",\"C. (Cor) van der Toets\",\"D. de Steekproef\"],"
                     "[\"Lijst Blauw\",\"E. (Elif) Voorbeeld\",\"F. Monster\"]]"));
}

static void numbers_are_shown_where_some_were_left_out(void **state) {
    (void)state;
    imports_as(load("tests/vectors/eml/gaps.eml.xml"), AUTHORITY,
               PAPER(ELECTION_NAME,
                     "[[\"Lijst Groen (lijst 1)\",\"C. (Cor) van der Toets (nr. 2)\",\"D. de Steekproef (nr. 5)\"],"
                     "[\"Lijst Blauw (lijst 4)\",\"E. (Elif) Voorbeeld (nr. 1)\"]]"));
    reads_change("AffiliationIdentifier Id=\"2\"", "AffiliationIdentifier Id=\"999999\"", "Lijst Blauw (lijst 999999)");
}

static void namesakes_get_their_place_of_residence(void **state) {
    (void)state;
    imports_as(load("tests/vectors/eml/namesakes.eml.xml"), AUTHORITY,
               PAPER(ELECTION_NAME, "[[\"Lijst Groen\",\"J. (Jan) Proef, Testdorp\",\"K. (Kim) Toets\","
                                    "\"J. (Jan) Proef, Proefstad\",\"J. (Jan) Proef, Monsterveen\"],"
                                    "[\"Lijst Blauw\",\"J. (Jan) Proef\"]]"));
}

#define NAMES                                                                          \
    PAPER("Dorpsraad 2030", "[[\"Groen & <Blauw>\",\"A.B. (Zo\xc3\xab Ann) Pr\xc3\xa9" \
                            "fer\xc3\xa9\",\"Zonder van 't Voorletters\",\"Titel\",\"D. Leeg\"]]")

// Character references, CDATA, comments, blanks, prefixes, no first name, no initials, another kind of name line, a byte
// order mark, and no XML declaration.
static void names_are_read_however_xml_writes_them(void **state) {
    (void)state;
    imports_as(load("tests/vectors/eml/names.eml.xml"), "lists of the authority \"Testbureau\" (CSB)", NAMES);
}

static void a_file_cannot_choose_another_encoding(void **state) {
    (void)state;
    static const char *const other[] = {"ISO-8859-1", "UTF-16", "UTF-7", "x"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        static char text[300000];
        snprintf(text, sizeof text, "<?xml version=\"1.0\" encoding=\"%s\"?>%s", other[i],
                 load("tests/vectors/eml/names.eml.xml") + strlen("\xef\xbb\xbf"));
        imports_as(text, "lists of the authority \"Testbureau\" (CSB)", NAMES);
    }
    refuses(SPAN_LIT(EML_OPEN "Ren\xe9</EML>"), P1_EXIT_UNREADABLE, "this is not XML in UTF-8");
}

static void xml_is_told_from_other_files(void **state) {
    (void)state;
    assert_true(eml_is_xml(SPAN_LIT("<a/>")));
    assert_true(eml_is_xml(SPAN_LIT(" \r\n\t<a/>")));
    assert_true(eml_is_xml(SPAN_LIT("\xef\xbb\xbf<a/>")));
    assert_false(eml_is_xml(SPAN_LIT("")));
    assert_false(eml_is_xml(SPAN_LIT("\xef\xbb")));
    assert_false(eml_is_xml(SPAN_LIT("  ")));
    assert_false(eml_is_xml(SPAN_LIT("{\"name\":\"<a/>\"}")));
}

// ---- What is no EML

static const char *const unreadable[][2] = {
    {"", "this is not well-formed XML"},
    {"<", "this is not well-formed XML"},
    {"< a", "this is not well-formed XML"},
    {"{}", "this is not well-formed XML"},
    {EML_OPEN, "this is not well-formed XML"},
    {EML_OPEN "</EML><EML/>", "this is not well-formed XML"},
    {EML_OPEN "<a></b></EML>", "this is not well-formed XML: Opening and ending tag mismatch: a line 1 and b"},
    {EML_OPEN "&wie;</EML>", "this is not well-formed XML: Entity 'wie' not defined"},
    {EML_OPEN "<kr:a/></EML>", "this is not well-formed XML: Namespace prefix kr on a is not defined"},
    {EML_OPEN "&#0;</EML>", "this is not well-formed XML"},
    {EML_OPEN "\x01</EML>", "this is not well-formed XML"},
    {"<EML Id=\"230b\" Id=\"230b\"/>", "this is not well-formed XML: Attribute Id redefined"},
    {" <?xml version=\"1.0\"?>" EML_OPEN "</EML>", "this is not well-formed XML"},
    {"<html/>", "this is XML, but not EML"},
    {"<EML Id=\"230b\"/>", "this is XML, but not EML"},
    {"<EML xmlns=\"urn:oasis:names:tc:evs:schema:emm\" Id=\"230b\"/>", "this is XML, but not EML"},
};

static void what_is_no_eml_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++)
        refuses(span_str(unreadable[i][0]), P1_EXIT_UNREADABLE, unreadable[i][1]);
    refuses(SPAN_LIT("<\0E\0M\0L\0/\0>\0"), P1_EXIT_UNREADABLE, "this is not XML in UTF-8");
    refuses(SPAN_LIT("\xff\xfe<\0"), P1_EXIT_UNREADABLE, "this is not XML in UTF-8");
}

static void count_error(void *count, const char *format, ...) {
    (void)format;
    ++*(int *)count;
}

// What would be written to standard error comes to this handler.
static void libxml_says_nothing_itself(void **state) {
    int said = 0;
    xmlSetGenericErrorFunc(&said, count_error);
    what_is_no_eml_is_refused(state);
    xmlSetGenericErrorFunc(NULL, NULL);
    assert_int_equal(said, 0);
    assert_null(xmlStructuredError);
}

static void other_messages_are_refused(void **state) {
    (void)state;
    refuses_change("Id=\"230b\"", "Id=\"230c\"",
                   "this is an EML message of type \"230c\": only candidate lists, type \"230b\", can be read");
    refuses_change("Id=\"230b\"", "", "this is an EML message of type \"\"");
}

// ---- Hostile XML

static void document_types_are_refused(void **state) {
    (void)state;
    static const char laughs[] =
        "<!DOCTYPE EML [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
        "\"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY wie \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>";
    const char *const types[] = {
        "<!DOCTYPE EML>",
        "<!DOCTYPE EML PUBLIC \"-//X//Y\" \"file:///etc/passwd\">",
        "<!DOCTYPE EML [<!ENTITY wie SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE EML [<!ENTITY % wie SYSTEM \"http://localhost/eml.dtd\"> %wie;]>",
        laughs,
        "<!DOCTYPE EML [<!ATTLIST Candidate wie CDATA \"x\">]>",
        "<!DOCTYPE EML [ <!ENTITY wie ",
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char text[1500];
        snprintf(text, sizeof text, "<?xml version=\"1.0\"?>\n%s\n" EML_OPEN "<a b=\"&wie;\">&wie;</a></EML>",
                 types[i]);
        refuses(span_str(text), P1_EXIT_REFUSED, "the file declares a document type (DOCTYPE)");
    }
}

static void inclusions_are_refused(void **state) {
    (void)state;
    refuses_change("<Contest>",
                   "<Contest><xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"/etc/passwd\" "
                   "parse=\"text\"/>",
                   "the file wants to include another file (XInclude)");
}

// Our own file, filled up to N bytes with blanks and comments behind it; to be freed.
static char *filled(size_t n) {
    const char *text = load("tests/vectors/eml/lists.eml.xml");
    char *copy = mem_alloc(n);
    memset(copy, ' ', n);
    memcpy(copy, text, strlen(text));
    for (size_t i = strlen(text); i + 10 < n; i += 1000) memcpy(copy + i, "<!---->", 7);
    return copy;
}

static void files_have_a_greatest_size(void **state) {
    (void)state;
    char *text = filled(EML_BYTES_MAX);
    is_read(span_of(text, EML_BYTES_MAX));
    free(text);
    text = filled(EML_BYTES_MAX + 1);
    refuses(span_of(text, EML_BYTES_MAX + 1), P1_EXIT_REFUSED, "the file has 4194305 bytes, at most 4194304");
    free(text);
}

// Our own file, with so many attributes or namespaces in one tag; to be freed.
static char *adorned(const char *format, unsigned n) {
    char *tag = mem_alloc(40 * n + 40);
    size_t at = (size_t)sprintf(tag, "<TransactionId");
    for (unsigned i = 0; i < n; i++) at += (size_t)sprintf(tag + at, format, i, i);
    char *text = changed("<TransactionId", tag);
    free(tag);
    return text;
}

static void tags_have_a_greatest_size(void **state) {
    (void)state;
    static const char *const formats[] = {" a%u=\"%u\"", " xmlns:a%u=\"urn:a%u\""};
    for (size_t i = 0; i < 2; i++) {
        char *text = adorned(formats[i], 32);
        is_read(span_str(text));
        free(text);
        text = adorned(formats[i], 33);
        refuses(span_str(text), P1_EXIT_REFUSED, "an element has more than 32 attributes");
        free(text);
        text = adorned(formats[i], 10000);
        refuses(span_str(text), P1_EXIT_REFUSED, "a tag, text or comment has more than 65536 bytes");
        free(text);
    }
}

// So many elements within each other, those around them counted.
static char *nested(size_t depth) {
    char *inside = mem_alloc(7 * depth + 20);
    struct buf b = buf_over(inside, 7 * depth + 19);
    for (size_t i = 1; i < depth; i++) buf_str(&b, "<a>");
    for (size_t i = 1; i < depth; i++) buf_str(&b, "</a>");
    buf_str(&b, "<TransactionId>");
    assert_int_equal(buf_done(&b), P1_OK);
    inside[b.n] = 0;
    char *text = changed("<TransactionId>", inside);
    free(inside);
    return text;
}

static void elements_have_a_greatest_depth(void **state) {
    (void)state;
    static const size_t too_deep[] = {EML_DEPTH_MAX + 1, 255, 256, 257, 300000};
    char *text = nested(EML_DEPTH_MAX);
    is_read(span_str(text));
    free(text);
    for (size_t i = 0; i < sizeof too_deep / sizeof *too_deep; i++) {
        text = nested(too_deep[i]);
        refuses(span_str(text), P1_EXIT_REFUSED, "elements stand more than 32 deep within each other");
        free(text);
    }
}

// ---- What must be in it

static void an_authority_must_stand_behind_the_lists(void **state) {
    (void)state;
    static const char why[] = "no authority stands behind these lists: ManagingAuthority must name one";
    refuses_change("<ManagingAuthority>\n    <AuthorityIdentifier Id=\"0000\">Testgemeente</AuthorityIdentifier>\n"
                   "    <AuthorityAddress/>\n  </ManagingAuthority>",
                   "", why);
    refuses_change("<AuthorityIdentifier Id=\"0000\">Testgemeente</AuthorityIdentifier>", "", why);
    refuses_change("<AuthorityIdentifier Id=\"0000\">", "<AuthorityIdentifier>", why);
    refuses_change("<AuthorityIdentifier Id=\"0000\">", "<AuthorityIdentifier Id=\" \">", why);
}

#define AUTHORIZED "<ManagingAuthority><AuthorityIdentifier Id=\"1\"/></ManagingAuthority>"
#define ELECTION_OPEN "<CandidateList><Election><ElectionIdentifier><ElectionName>A</ElectionName></ElectionIdentifier>"
#define ELECTION(contest) ELECTION_OPEN contest "</Election></CandidateList>"
#define AFFILIATION(candidates)            \
    "<Affiliation><AffiliationIdentifier " \
    "Id=\"1\"><RegisteredName>B</RegisteredName></AffiliationIdentifier>" candidates "</Affiliation>"

static void what_is_missing_is_said(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"<ElectionName>Gemeenteraad Testgemeente 2030</ElectionName>", "", "the election has no name"},
        {"Gemeenteraad Testgemeente 2030", " \n", "the election has no name"},
        {"<RegisteredName>Lijst Groen</RegisteredName>", "", "affiliation 1 has no name"},
        {"Lijst Blauw", "\t", "affiliation 2 has no name"},
        {"<xnl:LastName>Toets</xnl:LastName>", "", "candidate 2 of affiliation 1 has no last name"},
        {"Toets", "", "candidate 2 of affiliation 1 has no last name"},
        {"<xnl:LastName>Toets</xnl:LastName>", "<LastName>Toets</LastName>",
         "candidate 2 of affiliation 1 has no last name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) refuses_change(cases[i][0], cases[i][1], cases[i][2]);

    static const char *const messages[][2] = {
        {"", "there is no candidate list"},
        {"<CandidateList/>", "the candidate list is of no election"},
        {"<CandidateList><Election/></CandidateList>", "the election has no identifier"},
        {"<CandidateList><Election><ElectionIdentifier/></Election></CandidateList>", "the election has no name"},
        {ELECTION(""), "the election has no contest"},
        {ELECTION("<Contest/>"), "the contest has no affiliations, so there is nothing to choose"},
        {ELECTION("<Contest>" AFFILIATION("") "</Contest>"), "affiliation 1 has no candidates: \"B\""},
        {ELECTION("<Contest>" AFFILIATION("<Candidate><CandidateIdentifier Id=\"1\"/></Candidate>") "</Contest>"),
         "candidate 1 of affiliation 1 has no last name"},
    };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        char text[1000];
        snprintf(text, sizeof text, "%s%s</EML>", EML_OPEN AUTHORIZED, messages[i][0]);
        refuses(span_str(text), P1_EXIT_REFUSED, messages[i][1]);
    }
}

static void what_must_be_there_once_is_refused_twice(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"</Contest>", "</Contest><Contest/>", "the election has several contests: one contest in a file is supported"},
        {"</Election>", "</Election><Election/>", "there is a second Election"},
        {"</CandidateList>", "</CandidateList><CandidateList/>", "there is a second CandidateList"},
        {"</ManagingAuthority>", "</ManagingAuthority><ManagingAuthority/>", "there is a second ManagingAuthority"},
        {"<ElectionName>", "<ElectionName/><ElectionName>", "there is a second ElectionName"},
        {"<RegisteredName>", "<RegisteredName>A</RegisteredName><RegisteredName>", "there is a second RegisteredName"},
        {"<CandidateIdentifier Id=\"1\"/>", "<CandidateIdentifier Id=\"1\"/><CandidateIdentifier Id=\"2\"/>",
         "there is a second CandidateIdentifier"},
        {"</CandidateFullName>", "</CandidateFullName><CandidateFullName/>", "there is a second CandidateFullName"},
        {"<xnl:LastName>", "<xnl:LastName>A</xnl:LastName><xnl:LastName>", "there is a second LastName"},
        {"Lijst Blauw", " Lijst  Groen ", "affiliation 2 has a name that was there before: \"Lijst Groen\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) refuses_change(cases[i][0], cases[i][1], cases[i][2]);
}

static void namesakes_of_one_place_are_refused(void **state) {
    (void)state;
    static const char why[] = "affiliation 1 has two candidates with the same name and place of residence: ";
    static const char twin[] =
        "<Candidate><CandidateIdentifier Id=\"9\"/><CandidateFullName><xnl:PersonName>"
        "<xnl:NameLine NameType=\"Initials\">A.B.</xnl:NameLine><xnl:FirstName>Anna</xnl:FirstName>"
        "<xnl:LastName>Proef</xnl:LastName></xnl:PersonName></CandidateFullName>%s%s%s"
        "</Candidate></Affiliation>";
    static const char open[] = "<QualifyingAddress><xal:Locality><xal:LocalityName>",
                      close[] = "</xal:LocalityName></xal:Locality></QualifyingAddress>";
    char text[1000];
    snprintf(text, sizeof text, twin, open, "Testdorp", close);
    refuses_change("</Affiliation>", text, why);
    snprintf(text, sizeof text, twin, open, "Proefstad", close);
    reads_change("</Affiliation>", text, "\"A.B. (Anna) Proef, Testdorp (nr. 1)\"");
    snprintf(text, sizeof text, twin, "", "", "");
    reads_change("</Affiliation>", text, "\"A.B. (Anna) Proef (nr. 9)\"");
}

static void numbers_must_increase(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"CandidateIdentifier Id=\"2\"", "CandidateIdentifier Id=\"1\"",
         "candidate 1 stands after candidate 1: the numbers must increase"},
        {"CandidateIdentifier Id=\"2\"", "CandidateIdentifier Id=\"7\"",
         "candidate 3 stands after candidate 7: the numbers must increase"},
        {"AffiliationIdentifier Id=\"1\"", "AffiliationIdentifier Id=\"2\"",
         "affiliation 2 stands after affiliation 2: the numbers must increase"},
        {"<AffiliationIdentifier Id=\"1\"", "<AffiliationIdentifier", "this affiliation has no number"},
        {"<CandidateIdentifier Id=\"1\"/>", "", "this candidate has no number"},
        {"<CandidateIdentifier Id=\"1\"/>", "<CandidateIdentifier xal:Id=\"1\"/>", "this candidate has no number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) refuses_change(cases[i][0], cases[i][1], cases[i][2]);

    static const char *const bad[] = {"", "0", "01", "-1", "+1", "1.0", " 1", "1a", "a", "1000000", "4294967297"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char to[60];
        snprintf(to, sizeof to, "CandidateIdentifier Id=\"%s\"", bad[i]);
        refuses_change("CandidateIdentifier Id=\"1\"", to,
                       "the number of this candidate is not a whole number from 1 to 999999");
        snprintf(to, sizeof to, "AffiliationIdentifier Id=\"%s\"", bad[i]);
        refuses_change("AffiliationIdentifier Id=\"1\"", to,
                       "the number of this affiliation is not a whole number from 1 to 999999");
    }
}

static void names_must_be_fit_to_be_shown(void **state) {
    (void)state;
    char name[IMPORT_NAME_MAX + 2];
    memset(name, 'x', sizeof name);
    name[IMPORT_NAME_MAX] = 0;
    reads_change("Lijst Groen", name, "xxx");
    name[IMPORT_NAME_MAX] = 'x';
    name[IMPORT_NAME_MAX + 1] = 0;
    refuses_change("Lijst Groen", name, "affiliation 1 has a name of more than 500 bytes");
    refuses_change("Proef", name, "candidate 1 of affiliation 1 has a name of more than 500 bytes");
    refuses_change("Anna", name, "candidate 1 of affiliation 1 has a name of more than 500 bytes");
    refuses_change("Gemeenteraad Testgemeente 2030", name, "the election has a name of more than 500 bytes");
    refuses_change("Lijst Groen", "Lijst&#x85;Groen", "affiliation 1 has a control character in its name");
    refuses_change("Anna", "An\x7fna", "candidate 1 of affiliation 1 has a control character in its name");
}

// An election of so many affiliations with so many candidates; to be freed.
static char *many(size_t affiliations, size_t candidates) {
    size_t max = 1000 + affiliations * (200 + candidates * 250);
    char *text = mem_alloc(max + 1);
    struct buf b = buf_over(text, max);
    buf_str(&b,
            EML_OPEN "<ManagingAuthority><AuthorityIdentifier Id=\"1\"/></ManagingAuthority><CandidateList><Election>"
                     "<ElectionIdentifier><ElectionName>A</ElectionName></ElectionIdentifier><Contest>");
    for (size_t i = 1; i <= affiliations; i++) {
        buf_str(&b, "<Affiliation><AffiliationIdentifier Id=\"");
        buf_u64(&b, i);
        buf_str(&b, "\"><RegisteredName>L");
        buf_u64(&b, i);
        buf_str(&b, "</RegisteredName></AffiliationIdentifier>");
        for (size_t k = 1; k <= candidates; k++) {
            buf_str(&b, "<Candidate><CandidateIdentifier Id=\"");
            buf_u64(&b, k);
            buf_str(&b, "\"/><CandidateFullName><n:PersonName xmlns:n=\"urn:oasis:names:tc:ciq:xsdschema:xNL:2.0\">"
                        "<n:LastName>C");
            buf_u64(&b, k);
            buf_str(&b, "</n:LastName></n:PersonName></CandidateFullName></Candidate>");
        }
        buf_str(&b, "</Affiliation>");
    }
    buf_str(&b, "</Contest></Election></CandidateList></EML>");
    assert_int_equal(buf_done(&b), P1_OK);
    text[b.n] = 0;
    return text;
}

static void there_are_most_affiliations_and_candidates(void **state) {
    (void)state;
    static const struct {
        size_t affiliations, candidates;
        const char *why;
    } cases[] = {
        {255, 1, NULL}, {256, 1, "there are more than 255 affiliations"},
        {1, 255, NULL}, {1, 256, "affiliation 1 has more than 255 candidates"},
        {125, 7, NULL}, {143, 6, "question 1 has 1001 lists and candidates together, at most 1000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = many(cases[i].affiliations, cases[i].candidates);
        if (cases[i].why) refuses(span_str(text), P1_EXIT_REFUSED, cases[i].why);
        if (!cases[i].why) is_read(span_str(text));
        free(text);
    }
}

static void refusals_name_their_line(void **state) {
    (void)state;
    struct issues issues = {0};
    struct paper paper;
    static const char text[] = EML_OPEN "\n" AUTHORIZED "\n\n<CandidateList>\n<Election/></CandidateList></EML>";
    assert_int_equal(eml_import(span_str(text), &paper, &issues), P1_EXIT_REFUSED);
    assert_int_equal(issues.all[0].line, 5);
    issues_release(&issues);
    paper_release(&paper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_electoral_councils_own_files_are_imported),
        cmocka_unit_test(each_affiliation_becomes_a_list),
        cmocka_unit_test(numbers_are_shown_where_some_were_left_out),
        cmocka_unit_test(namesakes_get_their_place_of_residence),
        cmocka_unit_test(names_are_read_however_xml_writes_them),
        cmocka_unit_test(a_file_cannot_choose_another_encoding),
        cmocka_unit_test(xml_is_told_from_other_files),
        cmocka_unit_test(what_is_no_eml_is_refused),
        cmocka_unit_test(libxml_says_nothing_itself),
        cmocka_unit_test(other_messages_are_refused),
        cmocka_unit_test(document_types_are_refused),
        cmocka_unit_test(inclusions_are_refused),
        cmocka_unit_test(files_have_a_greatest_size),
        cmocka_unit_test(tags_have_a_greatest_size),
        cmocka_unit_test(elements_have_a_greatest_depth),
        cmocka_unit_test(an_authority_must_stand_behind_the_lists),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(what_must_be_there_once_is_refused_twice),
        cmocka_unit_test(namesakes_of_one_place_are_refused),
        cmocka_unit_test(numbers_must_increase),
        cmocka_unit_test(names_must_be_fit_to_be_shown),
        cmocka_unit_test(there_are_most_affiliations_and_candidates),
        cmocka_unit_test(refusals_name_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
