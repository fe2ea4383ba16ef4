// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/eml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdlib.h>

#include "cli/text.h"

#define NS_EML "urn:oasis:names:tc:evs:schema:eml"
#define NS_XNL "urn:oasis:names:tc:ciq:xsdschema:xNL:2.0"
#define NS_XAL "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0"
#define NS_XINCLUDE "http://www.w3.org/2001/XInclude"

#define NUMBER_DIGITS_MAX 6
#define TAG_BYTES_MAX 65536 // from one '<' to the next
#define TAG_ITEMS_MAX 32    // attributes of an element; namespaces that it declares

#define TEXT_OF(number) #number
#define DECIMAL(number) TEXT_OF(number)

#define X(s) ((const xmlChar *)(s))

static struct span span_of_xml(const xmlChar *s) { return s ? span_str((const char *)s) : (struct span){0}; }

static int is_text(const xmlChar *s, const char *what) { return span_eq(span_of_xml(s), span_str(what)); }

// ---- From bytes to a tree

struct parse {
    struct issues *issues;
    enum p1_exit verdict;
};

static void stop(xmlParserCtxt *parser, const char *why) {
    struct parse *p = parser->_private;
    int line = xmlSAX2GetLineNumber(parser);
    if (p->verdict == P1_EXIT_DONE)
        p->verdict = issues_refuse(p->issues, P1_EXIT_REFUSED, line > 0 ? (size_t)line : 0, "%s", why);
    xmlStopParser(parser);
}

// Comes before anything of the document type is read: no entity is ever declared.
static void on_doctype(void *parser, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id) {
    (void)name;
    (void)public_id;
    (void)system_id;
    stop(parser, "the file declares a document type (DOCTYPE): such files are not read, since they can pull in other "
                 "files or grow without end");
}

static void on_element(void *parser, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nnamespaces,
                       const xmlChar **namespaces, int nattributes, int ndefaulted, const xmlChar **attributes) {
    xmlParserCtxt *p = parser;
    if (p->nameNr >= EML_DEPTH_MAX) {
        stop(p, "elements stand more than " DECIMAL(EML_DEPTH_MAX) " deep within each other");
    } else if (nattributes > TAG_ITEMS_MAX || nnamespaces > TAG_ITEMS_MAX) {
        stop(p, "an element has more than " DECIMAL(TAG_ITEMS_MAX) " attributes");
    } else if (is_text(uri, NS_XINCLUDE)) {
        stop(p, "the file wants to include another file (XInclude): such files are not read");
    } else {
        xmlSAX2StartElementNs(parser, name, prefix, uri, nnamespaces, namespaces, nattributes, ndefaulted, attributes);
    }
}

// Since it is there, libxml2 prints nothing itself.
#if LIBXML_VERSION >= 21200
static void on_error(void *parse, const xmlError *error) {
#else
static void on_error(void *parse, xmlError *error) {
#endif
    struct parse *p = parse;
    if (p->verdict != P1_EXIT_DONE || error->level < XML_ERR_ERROR) return;
    struct span why = text_trim(span_of_xml(X(error->message)));
    why.n = text_utf8(span_of(why.p, why.n < 200 ? why.n : 200));
    p->verdict = issues_refuse(p->issues, P1_EXIT_UNREADABLE, error->line > 0 ? (size_t)error->line : 0,
                               "this is not well-formed XML: %.*s", (int)why.n, (const char *)why.p);
}

// Null if there is none to go on with; the verdict then says why. The text is valid UTF-8, whatever it says of itself.
static xmlDoc *parse_xml(struct span text, struct parse *p) {
    xmlParserCtxt *parser = xmlNewParserCtxt();
    xmlDoc *doc = NULL;
    xmlStructuredErrorFunc handler = xmlStructuredError;
    void *context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(p, on_error);
    if (parser) {
        parser->_private = p;
        parser->sax->internalSubset = on_doctype;
        parser->sax->startElementNs = on_element;
        doc = xmlCtxtReadMemory(parser, (const char *)text.p, (int)text.n, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_BIG_LINES);
        xmlFreeParserCtxt(parser);
    }
    xmlSetStructuredErrorFunc(context, handler);
    if (!doc && p->verdict == P1_EXIT_DONE)
        p->verdict = issues_refuse(p->issues, P1_EXIT_UNREADABLE, 0, "this XML cannot be read");
    if (doc && p->verdict != P1_EXIT_DONE) {
        xmlFreeDoc(doc);
        doc = NULL;
    }
    return doc;
}

// ---- Looking around in the tree

struct import {
    struct issues *issues;
    struct paper *paper;
    struct paper_question *question;
    int gaps; // a number differs from its place
};

static size_t line_of(const xmlNode *node) {
    long line = xmlGetLineNo(node);
    return line > 0 ? (size_t)line : 0;
}

static int is_element(const xmlNode *node, const char *ns, const char *name) {
    return node->type == XML_ELEMENT_NODE && node->ns && is_text(node->ns->href, ns) && is_text(node->name, name);
}

// The node itself or the first after it that is such an element.
static xmlNode *find(xmlNode *node, const char *ns, const char *name) {
    while (node && !is_element(node, ns, name)) node = node->next;
    return node;
}

static xmlNode *first(const xmlNode *parent, const char *ns, const char *name) {
    return parent ? find(parent->children, ns, name) : NULL;
}

static xmlNode *next(const xmlNode *node) {
    return find(node->next, (const char *)node->ns->href, (const char *)node->name);
}

// The only such element in its parent; null if there is none and MISSING is null.
static enum p1_exit take(struct import *in, const xmlNode *parent, const char *ns, const char *name,
                         const char *missing, xmlNode **out) {
    *out = first(parent, ns, name);
    if (!*out && missing) return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(parent), "%s", missing);
    if (*out && next(*out))
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(next(*out)), "there is a second %s", name);
    return P1_EXIT_DONE;
}

// The words of an element's text with one space between them, BEFORE the first and AFTER the last; without words
// nothing.
static void put_words(struct buf *out, const xmlNode *node, const char *before, const char *after) {
    if (!node) return;
    xmlChar *content = xmlNodeGetContent(node);
    struct span rest = text_trim(span_of_xml(content));
    if (rest.n) buf_str(out, before);
    const char *between = "";
    while (rest.n) {
        size_t n = 0;
        while (n < rest.n && !strchr(" \t\r\n", rest.p[n])) n++;
        buf_str(out, between);
        buf_put(out, span_of(rest.p, n));
        between = " ";
        rest = text_trim(span_from(rest, n));
        if (!rest.n) buf_str(out, after);
    }
    xmlFree(content);
}

// What may be shown to voters as a name. NODE is where it stands.
static enum p1_exit check_name(struct import *in, const xmlNode *node, const char *what, const struct buf *name) {
    if (name->full)
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(node), "%s has a name of more than %d bytes", what,
                             IMPORT_NAME_MAX);
    if (name->n == 0) return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(node), "%s has no name", what);
    if (text_has_control(buf_span(name)))
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(node), "%s has a control character in its name",
                             what);
    return P1_EXIT_DONE;
}

// 0 if the element has no such number.
static unsigned number_of(const xmlNode *identifier) {
    xmlChar *id = xmlGetNoNsProp(identifier, X("Id"));
    struct span digits = span_of_xml(id);
    unsigned number = 0;
    if (digits.n <= NUMBER_DIGITS_MAX && digits.n && digits.p[0] != '0') {
        for (size_t i = 0; i < digits.n; i++) {
            if (digits.p[i] < '0' || digits.p[i] > '9') {
                number = 0;
                break;
            }
            number = 10 * number + (unsigned)(digits.p[i] - '0');
        }
    }
    xmlFree(id);
    return number;
}

// That of an affiliation or candidate: *number is that of the one before (0 if there is none), PLACE counts from 1.
static enum p1_exit take_number(struct import *in, const xmlNode *node, const char *kind, size_t place,
                                unsigned *number) {
    char name[40];
    xmlNode *identifier;
    unsigned before = *number;
    snprintf(name, sizeof name, "%sIdentifier", (const char *)node->name);
    enum p1_exit e = take(in, node, NS_EML, name, NULL, &identifier);
    if (e != P1_EXIT_DONE) return e;
    if (!identifier || !xmlHasNsProp(identifier, X("Id"), NULL))
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(node), "this %s has no number", kind);
    *number = number_of(identifier);
    if (*number == 0)
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(identifier),
                             "the number of this %s is not a whole number from 1 to 999999", kind);
    if (*number <= before)
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(identifier),
                             "%s %u stands after %s %u: the numbers must increase", kind, *number, kind, before);
    in->gaps |= *number != place;
    return P1_EXIT_DONE;
}

// ---- Candidates

static int is_initials(const xmlNode *name_line) {
    xmlChar *type = name_line ? xmlGetNoNsProp(name_line, X("NameType")) : NULL;
    int is = is_text(type, "Initials");
    xmlFree(type);
    return is;
}

static enum p1_exit put_person(struct import *in, const xmlNode *candidate, const char *what, struct buf *out) {
    xmlNode *full, *person, *initials, *given, *prefix, *last;
    enum p1_exit e = take(in, candidate, NS_EML, "CandidateFullName", NULL, &full);
    if (e == P1_EXIT_DONE) e = take(in, full, NS_XNL, "PersonName", NULL, &person);
    if (e == P1_EXIT_DONE) e = take(in, person, NS_XNL, "NameLine", NULL, &initials);
    if (e == P1_EXIT_DONE) e = take(in, person, NS_XNL, "FirstName", NULL, &given);
    if (e == P1_EXIT_DONE) e = take(in, person, NS_XNL, "NamePrefix", NULL, &prefix);
    if (e == P1_EXIT_DONE) e = take(in, person, NS_XNL, "LastName", NULL, &last);
    if (e != P1_EXIT_DONE) return e;

    if (is_initials(initials)) put_words(out, initials, "", "");
    put_words(out, given, out->n ? " (" : "", out->n ? ")" : "");
    put_words(out, prefix, out->n ? " " : "", "");
    size_t before = out->n;
    put_words(out, last, before ? " " : "", "");
    if (out->n == before && !out->full)
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(candidate), "%s has no last name", what);
    return check_name(in, candidate, what, out);
}

static enum p1_exit take_candidate(struct import *in, const xmlNode *node, struct paper_list *list,
                                   unsigned affiliation, unsigned *number) {
    enum p1_exit e = take_number(in, node, "candidate", list->nnames, number);
    if (e != P1_EXIT_DONE) return e;
    char what[64], room[IMPORT_NAME_MAX];
    struct buf name = buf_over(room, sizeof room);
    snprintf(what, sizeof what, "candidate %u of affiliation %u", *number, affiliation);
    if ((e = put_person(in, node, what, &name)) != P1_EXIT_DONE) return e;
    if (list->nnames > PAPER_MEMBERS_MAX)
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(node), "affiliation %u has more than %d candidates",
                             affiliation, PAPER_MEMBERS_MAX);
    paper_add_name(list, buf_span(&name));
    return P1_EXIT_DONE;
}

static void rename_to(char **name, struct span text) {
    free(*name);
    *name = text_copy(text);
}

static enum p1_exit add_place(struct import *in, const xmlNode *node, unsigned affiliation, char **name) {
    char what[64], room[IMPORT_NAME_MAX];
    struct buf longer = buf_over(room, sizeof room);
    const xmlNode *address = first(node, NS_EML, "QualifyingAddress"), *country = first(address, NS_XAL, "Country");
    const xmlNode *locality = first(country ? country : address, NS_XAL, "Locality");
    snprintf(what, sizeof what, "a candidate of affiliation %u", affiliation);
    buf_str(&longer, *name);
    put_words(&longer, first(locality, NS_XAL, "LocalityName"), ", ", "");
    enum p1_exit e = check_name(in, node, what, &longer);
    if (e == P1_EXIT_DONE) rename_to(name, buf_span(&longer));
    return e;
}

static int is_same(const char *a, const char *b) { return strcmp(a, b) == 0; }

static enum p1_exit tell_apart(struct import *in, const xmlNode *affiliation, unsigned number,
                               const struct paper_list *list) {
    char twin[PAPER_MEMBERS_MAX + 1] = {0};
    for (size_t i = 1; i < list->nnames; i++)
        for (size_t k = 1; k < i; k++)
            if (is_same(list->names[i], list->names[k])) twin[i] = twin[k] = 1;

    const xmlNode *node = first(affiliation, NS_EML, "Candidate");
    for (size_t i = 1; i < list->nnames; i++, node = next(node)) {
        enum p1_exit e = twin[i] ? add_place(in, node, number, &list->names[i]) : P1_EXIT_DONE;
        if (e != P1_EXIT_DONE) return e;
        for (size_t k = 1; k < i; k++)
            if (twin[i] && twin[k] && is_same(list->names[i], list->names[k]))
                return issues_refuse(
                    in->issues, P1_EXIT_REFUSED, line_of(node),
                    "affiliation %u has two candidates with the same name and place of residence: \"%.*s\"", number,
                    TEXT_SHORT(span_str(list->names[i])));
    }
    return P1_EXIT_DONE;
}

// ---- Affiliations

static enum p1_exit take_name(struct import *in, const xmlNode *node, unsigned number, struct paper_list *list) {
    char what[32], room[IMPORT_NAME_MAX];
    struct buf name = buf_over(room, sizeof room);
    xmlNode *registered;
    enum p1_exit e =
        take(in, first(node, NS_EML, "AffiliationIdentifier"), NS_EML, "RegisteredName", NULL, &registered);
    if (e != P1_EXIT_DONE) return e;
    snprintf(what, sizeof what, "affiliation %u", number);
    put_words(&name, registered, "", "");
    if ((e = check_name(in, node, what, &name)) != P1_EXIT_DONE) return e;
    for (const struct paper_list *l = in->question->lists; l != list; l++)
        if (span_eq(span_str(l->names[0]), buf_span(&name)))
            return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(node),
                                 "affiliation %u has a name that was there before: \"%.*s\"", number,
                                 TEXT_SHORT(buf_span(&name)));
    paper_add_name(list, buf_span(&name));
    return P1_EXIT_DONE;
}

static enum p1_exit take_affiliation(struct import *in, const xmlNode *node, unsigned *number) {
    enum p1_exit e = take_number(in, node, "affiliation", in->question->nlists + 1, number);
    if (e != P1_EXIT_DONE) return e;
    if (in->question->nlists == PAPER_LISTS_MAX)
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(node), "there are more than %d affiliations",
                             PAPER_LISTS_MAX);
    struct paper_list *list = paper_add_list(in->question);
    if ((e = take_name(in, node, *number, list)) != P1_EXIT_DONE) return e;
    unsigned last = 0;
    for (const xmlNode *c = first(node, NS_EML, "Candidate"); c; c = next(c))
        if ((e = take_candidate(in, c, list, *number, &last)) != P1_EXIT_DONE) return e;
    if (list->nnames == 1)
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(node), "affiliation %u has no candidates: \"%.*s\"",
                             *number, TEXT_SHORT(span_str(list->names[0])));
    return tell_apart(in, node, *number, list);
}

static void add_number(char **name, const xmlNode *node, const char *identifier, const char *word) {
    char room[IMPORT_NAME_MAX + 32];
    struct buf longer = buf_over(room, sizeof room);
    buf_str(&longer, *name);
    buf_str(&longer, word);
    buf_u64(&longer, number_of(first(node, NS_EML, identifier)));
    buf_char(&longer, ')');
    rename_to(name, buf_span(&longer));
}

static void add_numbers(struct import *in, const xmlNode *contest) {
    const struct paper_list *list = in->question->lists;
    for (const xmlNode *a = first(contest, NS_EML, "Affiliation"); a; a = next(a), list++) {
        char **name = list->names;
        add_number(name++, a, "AffiliationIdentifier", " (lijst ");
        for (const xmlNode *c = first(a, NS_EML, "Candidate"); c; c = next(c))
            add_number(name++, c, "CandidateIdentifier", " (nr. ");
    }
}

// ---- The message

static enum p1_exit check_message(struct import *in, const xmlNode *root) {
    if (!is_element(root, NS_EML, "EML"))
        return issues_refuse(in->issues, P1_EXIT_UNREADABLE, line_of(root), "this is XML, but not EML");
    xmlChar *id = xmlGetNoNsProp(root, X("Id"));
    enum p1_exit e = P1_EXIT_DONE;
    if (!is_text(id, "230b"))
        e = issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(root),
                          "this is an EML message of type \"%.*s\": only candidate lists, type \"230b\", can be read",
                          TEXT_SHORT(span_of_xml(id)));
    xmlFree(id);
    return e;
}

static enum p1_exit check_authority(struct import *in, const xmlNode *root) {
    static const char none[] = "no authority stands behind these lists: ManagingAuthority must name one";
    xmlNode *authority, *identifier;
    enum p1_exit e = take(in, root, NS_EML, "ManagingAuthority", none, &authority);
    if (e == P1_EXIT_DONE) e = take(in, authority, NS_EML, "AuthorityIdentifier", none, &identifier);
    if (e != P1_EXIT_DONE) return e;
    xmlChar *id = xmlGetNoNsProp(identifier, X("Id"));
    if (text_trim(span_of_xml(id)).n == 0)
        e = issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(identifier), "%s", none);
    xmlFree(id);
    return e;
}

// Of a message that check_authority() has passed.
static void note_authority(struct import *in, const xmlNode *root) {
    const xmlNode *identifier = first(first(root, NS_EML, "ManagingAuthority"), NS_EML, "AuthorityIdentifier");
    xmlChar *id = xmlGetNoNsProp(identifier, X("Id")), *content = xmlNodeGetContent(identifier);
    struct span code = text_trim(span_of_xml(id)), name = text_trim(span_of_xml(content));
    issues_add(in->issues, SEVERITY_NOTE, line_of(identifier), "lists of the authority \"%.*s\" (%.*s)",
               TEXT_SHORT(name), TEXT_SHORT(code));
    xmlFree(id);
    xmlFree(content);
}

static enum p1_exit take_election(struct import *in, const xmlNode *election) {
    xmlNode *identifier, *name;
    enum p1_exit e = take(in, election, NS_EML, "ElectionIdentifier", "the election has no identifier", &identifier);
    if (e == P1_EXIT_DONE) e = take(in, identifier, NS_EML, "ElectionName", "the election has no name", &name);
    if (e != P1_EXIT_DONE) return e;
    char room[IMPORT_NAME_MAX];
    struct buf text = buf_over(room, sizeof room);
    put_words(&text, name, "", "");
    if ((e = check_name(in, name, "the election", &text)) != P1_EXIT_DONE) return e;
    in->paper->name = text_copy(buf_span(&text));
    in->paper->description = text_copy((struct span){0});
    in->question = paper_add_list_question(in->paper, buf_span(&text));
    return P1_EXIT_DONE;
}

static enum p1_exit take_contest(struct import *in, const xmlNode *election) {
    const xmlNode *contest = first(election, NS_EML, "Contest");
    if (!contest) return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(election), "the election has no contest");
    if (next(contest))
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(next(contest)),
                             "the election has several contests: one contest in a file is supported");
    unsigned number = 0;
    for (const xmlNode *a = first(contest, NS_EML, "Affiliation"); a; a = next(a)) {
        enum p1_exit e = take_affiliation(in, a, &number);
        if (e != P1_EXIT_DONE) return e;
    }
    if (in->question->nlists == 0)
        return issues_refuse(in->issues, P1_EXIT_REFUSED, line_of(contest),
                             "the contest has no affiliations, so there is nothing to choose");
    if (in->gaps) add_numbers(in, contest);
    return P1_EXIT_DONE;
}

static enum p1_exit take_message(struct import *in, const xmlNode *root) {
    xmlNode *lists, *election;
    enum p1_exit e = check_message(in, root);
    if (e == P1_EXIT_DONE) e = check_authority(in, root);
    if (e == P1_EXIT_DONE) e = take(in, root, NS_EML, "CandidateList", "there is no candidate list", &lists);
    if (e == P1_EXIT_DONE) e = take(in, lists, NS_EML, "Election", "the candidate list is of no election", &election);
    if (e == P1_EXIT_DONE) e = take_election(in, election);
    if (e == P1_EXIT_DONE) e = take_contest(in, election);
    if (e == P1_EXIT_DONE) e = paper_check(in->paper, in->issues);
    if (e == P1_EXIT_DONE) note_authority(in, root);
    return e;
}

// libxml2 compares each attribute of a tag with all others, so that one tag of some megabytes would take minutes. There
// is no '<' within a tag.
static int has_long_tag(struct span text) {
    while (text.n > TAG_BYTES_MAX) {
        const uint8_t *at = memchr(text.p + 1, '<', TAG_BYTES_MAX);
        if (!at) return 1;
        text = span_from(text, (size_t)(at - text.p));
    }
    return 0;
}

static struct span without_mark(struct span text) {
    return span_eq(span_of(text.p, text.n < 3 ? text.n : 3), SPAN_LIT("\xef\xbb\xbf")) ? span_from(text, 3) : text;
}

int eml_is_xml(struct span text) {
    text = text_trim(without_mark(text));
    return text.n && text.p[0] == '<';
}

enum p1_exit eml_import(struct span text, struct paper *out, struct issues *issues) {
    *out = (struct paper){0};
    if (text.n > EML_BYTES_MAX)
        return issues_refuse(issues, P1_EXIT_REFUSED, 0, "the file has %zu bytes, at most %zu", text.n, EML_BYTES_MAX);
    if (text_utf8(text) < text.n || (text.n && memchr(text.p, 0, text.n)))
        return issues_refuse(issues, P1_EXIT_UNREADABLE, 0, "this is not XML in UTF-8");
    if (has_long_tag(text))
        return issues_refuse(issues, P1_EXIT_REFUSED, 0, "a tag, text or comment has more than %d bytes",
                             TAG_BYTES_MAX);
    struct parse parse = {issues, P1_EXIT_DONE};
    xmlDoc *doc = parse_xml(without_mark(text), &parse);
    if (!doc) return parse.verdict;
    struct import in = {.issues = issues, .paper = out};
    enum p1_exit e = take_message(&in, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    return e;
}
