// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/check_line.h"

#include <stdarg.h>
#include <stdio.h>

void check_say(struct checker *c, enum check_category category, enum check_status status, const char *id,
               const char *format, ...) {
    struct check_line line = {.category = category, .status = status, .id = id};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line.text, sizeof line.text, format, args);
    va_end(args);
    if (status == CHECK_WARNING) c->warnings++;
    c->line(c, &line);
}

// Which check an error belongs to.
static const struct {
    enum p1_err first, last; // in the order of err.def
    enum check_category category;
    const char *id;
} checks_of[] = {
    {P1_ERR_JSON, P1_ERR_ELEM_IDENTITY, CHECK_INTEGRITY, "encodings"},
    {P1_ERR_ELECTION_VERSION, P1_ERR_ELECTION_QUESTION, CHECK_CONSISTENCY, "election"},
    {P1_ERR_ELECTION_KEY, P1_ERR_ELECTION_KEY, CHECK_CONSISTENCY, "election.key"},
    {P1_ERR_BALLOT_ELECTION, P1_ERR_BALLOT_CHOICES, CHECK_CONSISTENCY, "ballots.election"},
    {P1_ERR_BALLOT_PROOF_LENGTH, P1_ERR_BALLOT_NONZERO, CHECK_EVIDENCE, "ballots.proofs"},
    {P1_ERR_BALLOT_UNSIGNED, P1_ERR_BALLOT_SIGNATURE, CHECK_AUTHENTICITY, "ballots.signatures"},
    {P1_ERR_TRUSTEE_SIGNATURE, P1_ERR_CEREMONY_RECIPIENT, CHECK_AUTHENTICITY, "trustees"},
    {P1_ERR_TALLY_FORM, P1_ERR_TALLY_FORM, CHECK_EVIDENCE, "tally"},
    {P1_ERR_SHARE_FORM, P1_ERR_SHARE_BINDING, CHECK_EVIDENCE, "shares"},
    {P1_ERR_SHARES_MISSING, P1_ERR_SHARES_MISSING, CHECK_COMPLETENESS, "shares"},
    {P1_ERR_SHARES_CONTRADICT, P1_ERR_SHARES_CONTRADICT, CHECK_EVIDENCE, "shares"},
    {P1_ERR_RESULT_FORM, P1_ERR_RESULT, CHECK_EVIDENCE, "result"},
    {P1_ERR_ARCHIVE_NOT, P1_ERR_ARCHIVE_NOT, CHECK_COMPLETENESS, "archive"},
    {P1_ERR_ARCHIVE_TORN, P1_ERR_ARCHIVE_DAMAGED, CHECK_COMPLETENESS, "archive.end"},
    {P1_ERR_ARCHIVE_HEADER, P1_ERR_RECORD_HASH, CHECK_INTEGRITY, "records"},
    {P1_ERR_EVENT_FORM, P1_ERR_SETUP_RECORDS, CHECK_CONSISTENCY, "events"},
    {P1_ERR_CREDENTIALS_ORDER, P1_ERR_CREDENTIALS_COUNT, CHECK_CONSISTENCY, "credentials"},
    {P1_ERR_BALLOT_STRANGER, P1_ERR_BALLOT_STRANGER, CHECK_AUTHENTICITY, "ballots.signatures"},
    {P1_ERR_BALLOT_TWICE, P1_ERR_BALLOT_TWICE, CHECK_CONSISTENCY, "ballots.once"},
    {P1_ERR_TALLY, P1_ERR_TALLY, CHECK_EVIDENCE, "tally"},
    {P1_ERR_TALLY_COUNT, P1_ERR_TALLY_WEIGHT, CHECK_CONSISTENCY, "tally.figures"},
    {P1_ERR_SHARE_OWNER, P1_ERR_SHARE_TWICE, CHECK_CONSISTENCY, "shares.owners"},
    {P1_ERR_PREVIOUS_GONE, P1_ERR_PREVIOUS_CHANGED, CHECK_COMPLETENESS, "previous"},
    {P1_ERR_BUNDLE_HASH, P1_ERR_BUNDLE_CREDENTIALS, CHECK_CONSISTENCY, "bundle"},
    {P1_ERR_NOTICE_TORN, P1_ERR_NOTICE_VOTE, CHECK_AUTHENTICITY, "notices"},
    {P1_ERR_JOINT_BOXES, P1_ERR_JOINT_TWICE, CHECK_CONSISTENCY, "joint"},
};

enum p1_err check_fail(struct checker *c, enum p1_err err, const char *format, ...) {
    struct check_line line = {.category = CHECK_COMPLETENESS, .status = CHECK_FAILED, .id = "program", .err = err};
    va_list args;
    for (size_t i = 0; i < sizeof checks_of / sizeof *checks_of; i++) {
        if (err < checks_of[i].first || err > checks_of[i].last) continue;
        line.category = checks_of[i].category;
        line.id = checks_of[i].id;
    }
    (void)snprintf(line.text, sizeof line.text, "%s", p1_err_text(err));
    va_start(args, format);
    (void)vsnprintf(line.place, sizeof line.place, format, args);
    va_end(args);
    c->line(c, &line);
    return err;
}
