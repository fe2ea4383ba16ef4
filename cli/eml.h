// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Candidate lists in the electoral council's standard: message 230b of EML_NL (kiesraad/EML_NL, EML 5.0), in UTF-8:
//   EML Id="230b"
//     ManagingAuthority / AuthorityIdentifier Id=".."
//     CandidateList / Election
//       ElectionIdentifier / ElectionName
//       Contest / Affiliation
//         AffiliationIdentifier Id="1" / RegisteredName
//         Candidate
//           CandidateIdentifier Id="1"
//           CandidateFullName / xnl:PersonName / xnl:NameLine NameType="Initials", FirstName, NamePrefix, LastName
//           QualifyingAddress [/ xal:Country] / xal:Locality / xal:LocalityName
#ifndef P1_CLI_EML_H
#define P1_CLI_EML_H

#include "cli/paper.h"

#define EML_BYTES_MAX ((size_t)4 << 20) // some 5,000 candidates, more than may be asked
#define EML_DEPTH_MAX 32                // elements within each other; a candidate's name stands at depth 9

// Nonzero if the first byte is '<', after blanks and a byte order mark.
int eml_is_xml(struct span text);

// Turns such a file into a question paper with one list question: a list for each affiliation, its candidates in their
// order. Both the paper and its question bear the name of the election.
//
// A candidate is named as in "K. (Krisje) de Blikkert"; candidates of one list whose names are the same get their place
// of residence: "K. (Krisje) de Blikkert, Emmen". Screens number lists and candidates by their place; if one of the
// file's own numbers differs from that (a number was left out), each name gets its number: "De Partij (lijst 3)",
// "K. (Krisje) de Blikkert (nr. 6)". Runs of blanks in names become one space.
//
// UNREADABLE: not UTF-8, not well-formed, not EML. REFUSED, with a sentence of its own: more than EML_BYTES_MAX, deeper
// than EML_DEPTH_MAX, tags beyond all measure, a document type (and with it every entity), an inclusion (XInclude),
// another message than 230b, no authority, no or several contests, no affiliation, an affiliation without candidates,
// numbers that are missing or do not increase, names that are missing, too long or the same; and what paper_check()
// refuses. No other file is opened, and nothing is asked of the network. *out is to be released.
MUST_USE enum p1_exit eml_import(struct span text, struct paper *out, struct issues *issues);

#endif
