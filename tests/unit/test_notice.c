// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What notices and the frozen bundle are refused for. tests/cli/notices.sh has them as the commands make them.

#include "board/notice.h"

#include "board/bundle.h"
#include "core/pki.h"
#include "core/sha256.h"
#include "tests/unit/box_sample.h"

// The keys are those of two trustees: any will do.
static struct notices noticed;
static struct box *box;
static char file[4096];
static struct buf lines;

static int start(void **state) {
    (void)state;
    notices_init(&noticed);
    const struct mul_job jobs[] = {{.out = &noticed.registrar, .g = &singles->key[0]},
                                   {.out = &noticed.second, .g = &singles->key[1]}};
    mul_run_ct(&singles->election.group, NULL, jobs, 2, &work);
    noticed.keys = noticed.has_second = 1;
    box = box_of(&whole, 4); // two ballots of voter 0, one of voter 1
    lines = buf_over(file, sizeof file);
    return 0;
}

// As if no line had been read.
static void notices_release_lines(void) {
    struct notices keys = noticed;
    keys.withdrawals = NULL;
    keys.of_voter = NULL;
    keys.count = keys.room = keys.lines = 0;
    keys.closes = 0;
    notices_release(&noticed);
    noticed = keys;
}

static int end(void **state) {
    (void)state;
    notices_release(&noticed);
    free_box(box);
    return 0;
}

// What reading the file says once it has this line too.
static enum p1_err said_of(const char *message, int second) {
    const struct group *g = &singles->election.group;
    struct draws d = {.n = (uint32_t)lines.n};
    struct span text = span_str(message);
    size_t from = lines.n, line;
    buf_str(&lines, "{\"message\":");
    buf_json_string(&lines, text);
    buf_str(&lines, ",\"signatures\":[");
    signature_write(g, &singles->key[0], text, &d, &lines, &work);
    if (second) {
        buf_char(&lines, ',');
        signature_write(g, &singles->key[1], text, &d, &lines, &work);
    }
    buf_str(&lines, "]}\n");
    return notices_read(&noticed, box, span_from(buf_span(&lines), from), &line, &work);
}

// What reading the last line says if its text were TEXT.
static enum p1_err read_as(const char *old, const char *new) {
    struct span text = span_replace(buf_span(&lines), old, new);
    size_t line;
    notices_release_lines();
    enum p1_err err = notices_read(&noticed, box, text, &line, &work);
    span_free(text);
    return err;
}

// A notice of the first line about a voter, at the event with this hash in hex.
static const char *about(const char *type, const char *event, struct span credential) {
    static char text[512];
    snprintf(text, sizeof text, "{\"event\":\"%s\",\"type\":\"%s\",\"credential\":\"%.*s\"}", event, type,
             (int)credential.n, (const char *)credential.p);
    return text;
}

static const char nowhere[] = "1111111111111111111111111111111111111111111111111111111111111111";

static struct span credential(unsigned voter) { return elem_span(&singles->credential[voter]); }

// ---- notices ----

static void unknown_kind_is_refused(void **state) {
    (void)state;
    assert_int_equal(said_of(about("forget", nowhere, credential(2)), 0), P1_ERR_NOTICE_TYPE);
    assert_int_equal(noticed.lines, 0);
}

static void credential_that_is_not_on_the_list_is_refused(void **state) {
    (void)state;
    assert_int_equal(said_of(about("withdraw", nowhere, SPAN_LIT("00")), 0), P1_ERR_NOTICE_CREDENTIAL);
}

static void credential_is_withdrawn_once(void **state) {
    (void)state;
    char text[600];
    uint8_t previous[32], hex[65];
    struct buf b = buf_over(hex, sizeof hex);
    assert_int_equal(said_of(about("withdraw", nowhere, credential(2)), 0), P1_OK);
    memcpy(previous, noticed.tip, 32);
    buf_hex(&b, span_of(previous, 32));
    snprintf(text, sizeof text, "{\"previous\":\"%.64s\",%s", (const char *)hex,
             about("withdraw", nowhere, credential(2)) + 1);
    assert_int_equal(said_of(text, 0), P1_ERR_NOTICE_TWICE);
}

static void notice_has_one_form(void **state) {
    (void)state;
    // Each says the same, and the signature is over what it says.
    assert_int_equal(said_of(about("withdraw", nowhere, credential(2)), 0), P1_OK);
    assert_int_equal(read_as("{\\\"event", "{\\u0022event"), P1_ERR_JSON_STRING);
    assert_int_equal(read_as("withdraw", "with\\u0064raw"), P1_ERR_JSON_STRING);
    assert_int_equal(read_as("{\"message\"", "{ \"message\""), P1_ERR_JSON);
    assert_int_equal(read_as("withdraw", "withdraw"), P1_OK);
}

// What a registrar signs is looked at as strictly as what a stranger sends.
static void signed_message_has_one_form(void **state) {
    (void)state;
    char withdraw[512], neutral[600], extension[300];
    snprintf(withdraw, sizeof withdraw, "%s", about("withdraw", nowhere, credential(2)));
    const char *message = about("neutral", nowhere, credential(2));
    snprintf(neutral, sizeof neutral, "%.*s,\"seed\":\"%s\"}", (int)strlen(message) - 1, message, nowhere);
    snprintf(extension, sizeof extension, "{\"event\":\"%s\",\"type\":\"extension\",\"closes\":123}", nowhere);
    const char *const messages[] = {withdraw, neutral, extension};
    for (unsigned i = 0; i < 3; i++) {
        char text[700];
        for (size_t n = 0; n < strlen(messages[i]); n++) { // cut off
            snprintf(text, sizeof text, "%.*s", (int)n, messages[i]);
            lines.n = 0;
            assert_int_not_equal(said_of(text, 0), P1_OK);
        }
        snprintf(text, sizeof text, "%s ", messages[i]);
        lines.n = 0;
        assert_int_equal(said_of(text, 0), P1_ERR_JSON_TRAILING);
        snprintf(text, sizeof text, "{\"previous\":\"%s\",%s", nowhere, messages[i] + 1);
        lines.n = 0;
        assert_int_equal(said_of(text, 0), P1_ERR_NOTICE_CHAIN); // it is the first
    }
    lines.n = 0;
    assert_int_equal(said_of(neutral, 0), P1_ERR_NOTICE_CREDENTIAL); // nobody is withdrawn
    assert_int_equal(noticed.lines, 0);
    lines.n = 0;
    assert_int_equal(said_of(extension, 0), P1_OK);
    assert_int_equal(said_of(withdraw, 0), P1_ERR_NOTICE_CHAIN); // it is not the first
}

static void line_has_one_or_two_signatures_of_those_who_may(void **state) {
    (void)state;
    assert_int_equal(said_of(about("withdraw", nowhere, credential(2)), 1), P1_OK);
    assert_int_equal(read_as("]}\n", ",7]}\n"), P1_ERR_JSON);
    assert_int_equal(read_as("]}\n", "]}} \n"), P1_ERR_JSON_TRAILING);
    assert_int_equal(read_as("},{", "},7,{"), P1_ERR_JSON);
    assert_int_equal(read_as(",\"signatures\":[", ",\"signatures\":[["), P1_ERR_JSON);
    assert_int_equal(read_as(",\"signatures\":[", ",\"signatures\":[],\"x\":["), P1_ERR_JSON);
    assert_int_equal(read_as("\n", ""), P1_ERR_NOTICE_TORN);
    assert_int_equal(read_as("\n", "\n\n"), P1_ERR_JSON); // an empty line
    noticed.has_second = 0;                               // the election names none
    assert_int_equal(read_as("withdraw", "withdraw"), P1_ERR_NOTICE_SIGNATURE);
    noticed.has_second = 1;
    noticed.second = noticed.registrar;
    assert_int_equal(read_as("withdraw", "withdraw"), P1_ERR_NOTICE_SIGNATURE);
}

static void line_that_is_too_long_is_refused(void **state) {
    (void)state;
    static char text[40000] = "{\"message\":\"";
    size_t at = strlen(text), line;
    memset(text + at, 'a', 20000);
    snprintf(text + at + 20000, 100, "\",\"signatures\":[]}\n");
    assert_int_equal(notices_read(&noticed, box, span_str(text), &line, &work), P1_ERR_SPACE);
}

static void neutral_ballot_is_announced_once_after_the_withdrawal(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++) {
        char text[800], previous[65];
        struct buf b = buf_over(previous, 64);
        buf_hex(&b, span_of(noticed.tip, 32));
        const char *message = about(i ? "neutral" : "withdraw", nowhere, credential(2));
        snprintf(text, sizeof text, "{%s%.*s%s%.*s%s%s}", i ? "\"previous\":\"" : "", i ? 64 : 0, previous,
                 i ? "\"," : "", (int)strlen(message) - 2, message + 1, i ? ",\"seed\":\"" : "",
                 i ? "1111111111111111111111111111111111111111111111111111111111111111\"" : "");
        assert_int_equal(said_of(text, 0), i == 2 ? P1_ERR_NOTICE_TWICE : P1_OK);
    }
}

static void notice_that_does_not_fit_is_not_written(void **state) {
    (void)state;
    static char credential_text[3000];
    uint8_t out[5000];
    struct draws d = {.n = 0};
    struct buf b = buf_over(out, 100);
    struct notice n = {.type = NOTICE_WITHDRAW, .first = 1, .credential = "x"};
    const struct group *g = &singles->election.group;
    assert_int_equal(notice_write(g, &n, &singles->key[0], NULL, &d, &b, &work), P1_ERR_SPACE);
    memset(credential_text, 'x', sizeof credential_text - 1);
    n.credential = credential_text;
    b = buf_over(out, sizeof out);
    assert_int_equal(notice_write(g, &n, &singles->key[0], NULL, &d, &b, &work), P1_ERR_SPACE);
}

static void closing_time_moves_once_and_never_to_none(void **state) {
    (void)state;
    char text[200];
    snprintf(text, sizeof text, "{\"event\":\"%s\",\"type\":\"extension\",\"closes\":0}", nowhere);
    assert_int_equal(said_of(text, 0), P1_ERR_NOTICE_EXTENSION);
}

static void event_that_is_not_in_the_box_is_refused_at_the_end(void **state) {
    (void)state;
    assert_int_equal(said_of(about("withdraw", nowhere, credential(2)), 0), P1_OK);
    assert_int_equal(notices_end(&noticed, 0), P1_ERR_NOTICE_EVENT);
}

// A withdrawal of voter 0, who has voted, signed by the registrar alone or by both.
static void withdrawn_after_vote(int second) {
    uint8_t hash[32];
    memset(hash, 0x11, sizeof hash);
    assert_int_equal(said_of(about("withdraw", nowhere, credential(0)), second), P1_OK);
    notices_event(&noticed, hash);
}

static void withdrawal_after_a_vote_needs_the_second_person(void **state) {
    (void)state;
    withdrawn_after_vote(0);
    assert_int_equal(notices_end(&noticed, 0), P1_ERR_NOTICE_SECOND);
}

static void withdrawn_vote_needs_its_neutral_ballot_before_the_end(void **state) {
    (void)state;
    withdrawn_after_vote(1);
    assert_int_equal(notices_end(&noticed, 0), P1_OK);
    assert_int_equal(notices_end(&noticed, 1), P1_ERR_NOTICE_VOTE);
}

// ---- the frozen bundle ----

#define BUNDLE(uuid, boxes, opens, closes)                                                              \
    "{\"version\":1,\"uuid\":\"" uuid "\",\"boxes\":[" boxes "],\"opens\":" opens ",\"closes\":" closes \
    ",\"minimum\":10,\"credentials\":{\"count\":6,\"sha256\":"                                          \
    "\"1111111111111111111111111111111111111111111111111111111111111111\"},\"receipt_key\":\"\","       \
    "\"translations\":[],\"attachments\":[]}"

static enum p1_err parsed(const char *json) {
    struct bundle out;
    return bundle_parse(span_str(json), &out);
}

static void bundle_closes_after_it_opens(void **state) {
    (void)state;
    assert_int_equal(parsed(BUNDLE("TestBoxSingLes", "\"TestBoxSingLes\"", "1", "2")), P1_OK);
    assert_int_equal(parsed(BUNDLE("TestBoxSingLes", "\"TestBoxSingLes\"", "2", "2")), P1_ERR_BUNDLE_TIMES);
    assert_int_equal(parsed(BUNDLE("TestBoxSingLes", "\"TestBoxSingLes\"", "3", "2")), P1_ERR_BUNDLE_TIMES);
}

static void bundle_has_one_form(void **state) {
    (void)state;
    static const char good[] = BUNDLE("TestBoxSingLes", "\"TestBoxSingLes\"", "1", "2");
    static const char *const fields[] = {"version",     "uuid",         "boxes",       "opens",
                                         "closes",      "minimum",      "credentials", "sha256",
                                         "receipt_key", "translations", "attachments", "count"};
    char text[sizeof good + 1];
    for (size_t n = 0; n + 1 < sizeof good; n++) { // cut off
        struct bundle out;
        struct span copy = span_copy(span_of(good, n), 0);
        assert_int_not_equal(bundle_parse(copy, &out), P1_OK);
        span_free(copy);
    }
    for (unsigned i = 0; i < sizeof fields / sizeof *fields; i++) {
        snprintf(text, sizeof text, "%s", good);
        *strstr(text, fields[i]) = 'X';
        assert_int_equal(parsed(text), P1_ERR_JSON);
    }
    snprintf(text, sizeof text, "%s ", good);
    assert_int_equal(parsed(text), P1_ERR_JSON_TRAILING);
}

static void bundle_is_of_its_election(void **state) {
    (void)state;
    static const char other[] = BUNDLE("TestBoxAnother", "\"TestBoxAnother\"", "1", "2");
    char description[80] = "\\nsha256:";
    uint8_t hash[32];
    struct buf b = buf_over(description + 9, sizeof description - 9);
    struct bundle out;
    enum frozen frozen;
    sha256(hash, span_str(other));
    buf_hex(&b, span_of(hash, 32));
    box->election.description = span_of(description, 9 + b.n);
    assert_int_equal(bundle_check(box, span_str(other), &frozen, &out), P1_ERR_BUNDLE_UUID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unknown_kind_is_refused, start, end),
        cmocka_unit_test_setup_teardown(credential_that_is_not_on_the_list_is_refused, start, end),
        cmocka_unit_test_setup_teardown(credential_is_withdrawn_once, start, end),
        cmocka_unit_test_setup_teardown(notice_has_one_form, start, end),
        cmocka_unit_test_setup_teardown(signed_message_has_one_form, start, end),
        cmocka_unit_test_setup_teardown(line_has_one_or_two_signatures_of_those_who_may, start, end),
        cmocka_unit_test_setup_teardown(line_that_is_too_long_is_refused, start, end),
        cmocka_unit_test_setup_teardown(neutral_ballot_is_announced_once_after_the_withdrawal, start, end),
        cmocka_unit_test_setup_teardown(notice_that_does_not_fit_is_not_written, start, end),
        cmocka_unit_test_setup_teardown(closing_time_moves_once_and_never_to_none, start, end),
        cmocka_unit_test_setup_teardown(event_that_is_not_in_the_box_is_refused_at_the_end, start, end),
        cmocka_unit_test_setup_teardown(withdrawal_after_a_vote_needs_the_second_person, start, end),
        cmocka_unit_test_setup_teardown(withdrawn_vote_needs_its_neutral_ballot_before_the_end, start, end),
        cmocka_unit_test_setup_teardown(bundle_closes_after_it_opens, start, end),
        cmocka_unit_test_setup_teardown(bundle_has_one_form, start, end),
        cmocka_unit_test_setup_teardown(bundle_is_of_its_election, start, end),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
