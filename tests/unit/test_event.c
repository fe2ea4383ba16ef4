// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/event.h"

#include "core/sha256.h"
#include "tests/unit/board_helpers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROOM = 1 << 16 };

// An archive that is written by hand, record by record, so that anything may be wrong in it.
struct hand {
    struct buf file;
    uint64_t time;
    char hash[65]; // of the last record
};

static struct hand hand_begin(const char *first) {
    static uint8_t memory[ROOM];
    struct hand h = {.file = buf_over(memory, sizeof memory), .time = TEST_TIME};
    assert_int_equal(tar_write(&h.file, SPAN_LIT("BELENIOS"), span_str(first), h.time), P1_OK);
    return h;
}

static struct hand hand_new(void) { return hand_begin("{\"version\":1,\"timestamp\":\"1700000000\"}"); }

static void hand_hash(struct hand *h, const char *content) {
    uint8_t digest[32];
    struct buf b = buf_over(h->hash, 64);
    sha256(digest, span_str(content));
    buf_hex(&b, span_of(digest, 32));
    h->hash[64] = 0;
}

static void hand_record(struct hand *h, const char *content, const char *ending) {
    char name[100];
    hand_hash(h, content);
    snprintf(name, sizeof name, "%s%s", h->hash, ending);
    assert_int_equal(tar_write(&h->file, span_str(name), span_str(content), h->time), P1_OK);
}

static void hand_data(struct hand *h, const char *content) { hand_record(h, content, ".data.json"); }
static void hand_event(struct hand *h, const char *content) { hand_record(h, content, ".event.json"); }

// All events, or where it goes wrong.
static enum p1_err reads(struct chain *c, struct span file) {
    struct event ev;
    TRY(chain_begin(c, file));
    for (int more = 1; more;) TRY(chain_next(c, file, &ev, &more));
    return P1_OK;
}

static void assert_refused(const struct hand *h, enum p1_err why) {
    struct chain c;
    assert_int_equal(reads(&c, buf_span(&h->file)), why);
}

// ---- chains that the library writes ----

static const struct {
    enum event_type type;
    const char *name;
    unsigned n;
    const char *record[EVENT_RECORDS_MAX];
} all_types[] = {
    {EVENT_SETUP, "Setup", 4, {"election", "trustees", "credentials", "setup"}},
    {EVENT_BALLOT, "Ballot", 1, {"a ballot"}},
    {EVENT_BALLOT, "Ballot", 1, {"another"}},
    {EVENT_END_BALLOTS, "EndBallots", 0, {NULL}},
    {EVENT_TALLY, "EncryptedTally", 2, {"tally", "sized"}},
    {EVENT_SHARE, "PartialDecryption", 2, {"share", "owner"}},
    {EVENT_RESULT, "Result", 1, {"result"}},
};

enum { EVENTS = sizeof all_types / sizeof *all_types };

// BOUNDARIES (EVENTS + 1 of them) gets where each event ends.
static struct span write_all(struct chain *c, size_t *boundaries) {
    static uint8_t memory[ROOM];
    struct buf b = buf_over(memory, sizeof memory);
    assert_int_equal(chain_create(c, TEST_TIME, &b), P1_OK);
    boundaries[0] = b.n;
    for (unsigned i = 0; i < EVENTS; i++) {
        struct span record[EVENT_RECORDS_MAX];
        for (unsigned k = 0; k < all_types[i].n; k++) record[k] = span_str(all_types[i].record[k]);
        assert_int_equal(c->height, i);
        assert_int_equal(chain_write(c, all_types[i].type, record, all_types[i].n, &b), P1_OK);
        boundaries[i + 1] = b.n;
        assert_int_equal(c->at, b.n);
        assert_true(b.n - boundaries[i] <= chain_write_size(record, all_types[i].n));
    }
    return buf_span(&b);
}

static void chain_of_all_types_is_read_as_it_was_written(void **state) {
    (void)state;
    struct chain written, c;
    size_t boundary[EVENTS + 1];
    struct span file = write_all(&written, boundary);
    struct event ev;
    int more;
    assert_int_equal(chain_begin(&c, file), P1_OK);
    assert_int_equal(c.time, TEST_TIME);
    for (unsigned i = 0; i < EVENTS; i++) {
        assert_int_equal(c.at, boundary[i]);
        assert_int_equal(chain_next(&c, file, &ev, &more), P1_OK);
        assert_int_equal(more, 1);
        assert_int_equal(c.last, boundary[i]);
        assert_int_equal(ev.type, all_types[i].type);
        assert_int_equal(ev.height, i);
        assert_int_equal(ev.record_count, all_types[i].n);
        assert_memory_equal(ev.hash, c.tip, 32);
        for (unsigned k = 0; k < ev.record_count; k++) {
            uint8_t digest[32];
            sha256(digest, span_str(all_types[i].record[k]));
            assert_true(span_eq(ev.record[k].content, span_str(all_types[i].record[k])));
            assert_memory_equal(ev.record[k].hash, digest, 32);
        }
    }
    assert_int_equal(chain_next(&c, file, &ev, &more), P1_OK);
    assert_int_equal(more, 0);
    assert_int_equal(c.at, file.n);
    assert_memory_equal(c.tip, written.tip, 32);
    assert_int_equal(c.height, written.height);
}

static void events_are_called_as_the_protocol_calls_them(void **state) {
    (void)state;
    for (unsigned i = 0; i < EVENTS; i++) assert_string_equal(event_name(all_types[i].type), all_types[i].name);
}

static void event_is_written_in_the_one_form(void **state) {
    (void)state;
    struct hand h = hand_new();
    char payload[65], text[300];
    hand_data(&h, "election");
    hand_data(&h, "trustees");
    hand_data(&h, "credentials");
    hand_data(&h, "setup");
    snprintf(text, sizeof text, "{\"height\":0,\"type\":\"Setup\",\"payload\":\"%s\"}", h.hash);
    hand_event(&h, text);
    memcpy(payload, h.hash, sizeof payload);
    hand_data(&h, "a ballot");
    snprintf(text, sizeof text, "{\"parent\":\"%s\",\"height\":1,\"type\":\"Ballot\",\"payload\":\"%s\"}", payload,
             h.hash);
    hand_event(&h, text);

    struct chain c;
    size_t boundary[EVENTS + 1];
    struct span file = write_all(&c, boundary);
    assert_int_equal(h.file.n, boundary[2]);
    assert_memory_equal(h.file.p, file.p, h.file.n);
}

static void equal_content_is_written_again_for_each_event(void **state) {
    (void)state;
    static uint8_t memory[ROOM];
    struct buf b = buf_over(memory, sizeof memory);
    struct chain c;
    struct span same[2] = {SPAN_LIT("same"), SPAN_LIT("same")};
    assert_int_equal(chain_create(&c, TEST_TIME, &b), P1_OK);
    size_t empty = b.n;
    assert_int_equal(chain_write(&c, EVENT_BALLOT, same, 1, &b), P1_OK);
    assert_int_equal(chain_write(&c, EVENT_BALLOT, same, 1, &b), P1_OK);
    assert_int_equal(chain_write(&c, EVENT_TALLY, same, 2, &b), P1_OK);
    assert_int_equal(b.n - empty, 3 * 1024 + 4 * tar_size(4));
    assert_int_equal(reads(&c, buf_span(&b)), P1_OK);
    assert_int_equal(c.height, 3);
}

static void chain_does_not_move_on_when_there_is_no_room(void **state) {
    (void)state;
    static uint8_t memory[ROOM];
    struct span ballot = SPAN_LIT("a ballot");
    struct chain c;
    struct buf b = buf_over(memory, 1000);
    assert_int_equal(chain_create(&c, TEST_TIME, &b), P1_ERR_SPACE);

    for (size_t room = 1024; room < 1024 + chain_write_size(&ballot, 1); room += 512) {
        b = buf_over(memory, room);
        assert_int_equal(chain_create(&c, TEST_TIME, &b), P1_OK);
        struct chain before = c;
        assert_int_equal(chain_write(&c, EVENT_BALLOT, &ballot, 1, &b), P1_ERR_SPACE);
        assert_memory_equal(&c, &before, sizeof c);
    }
}

// ---- the end of the file ----

static void archive_cut_off_between_events_is_a_shorter_one_and_elsewhere_a_torn_one(void **state) {
    (void)state;
    struct chain c;
    size_t boundary[EVENTS + 1], events = 0;
    struct span file = write_all(&c, boundary);
    for (size_t n = boundary[0]; n <= file.n; n += TAR_BLOCK) {
        int whole = n == boundary[events];
        assert_int_equal(reads(&c, span_of(file.p, n)), whole ? P1_OK : P1_ERR_ARCHIVE_TORN);
        if (whole) {
            assert_int_equal(c.at, n);
            assert_int_equal(c.height, events++);
        } else {
            // The wrong record is the one that is not whole, or the missing event behind whole records.
            assert_true(c.at >= boundary[events - 1] && c.at <= n && c.at % TAR_BLOCK == 0);
            assert_int_equal(c.height, events - 1);
        }
    }
    assert_int_equal(events, EVENTS + 1);
}

static void archive_cut_off_within_a_block_is_torn(void **state) {
    (void)state;
    struct chain c;
    size_t boundary[EVENTS + 1];
    struct span file = write_all(&c, boundary);
    for (size_t n = boundary[0] + 1; n < file.n; n += 37) {
        if (n % TAR_BLOCK) assert_int_equal(reads(&c, span_of(file.p, n)), P1_ERR_ARCHIVE_TORN);
    }
}

static void zeros_behind_the_last_event_are_torn(void **state) {
    (void)state;
    struct chain c;
    size_t boundary[EVENTS + 1];
    struct span file = span_copy(write_all(&c, boundary), 1024);
    assert_int_equal(reads(&c, span_of(file.p, file.n + 1024)), P1_ERR_ARCHIVE_TORN);
    assert_int_equal(c.at, file.n);
    assert_int_equal(c.height, EVENTS);
    span_free(file);
}

static void empty_file_is_no_archive(void **state) {
    (void)state;
    struct chain c;
    assert_int_equal(chain_begin(&c, span_of("", 0)), P1_ERR_ARCHIVE_NOT);
}

// ---- the first record ----

static void archive_without_events_is_read(void **state) {
    (void)state;
    struct hand h = hand_new();
    struct chain c;
    assert_int_equal(reads(&c, buf_span(&h.file)), P1_OK);
    assert_int_equal(c.height, 0);
    assert_int_equal(c.at, 1024);
}

static void timestamp_that_is_a_number_is_read(void **state) {
    (void)state;
    struct hand h = hand_begin("{\"version\":1,\"timestamp\":1700000000}");
    struct chain c;
    assert_int_equal(reads(&c, buf_span(&h.file)), P1_OK);
    assert_int_equal(c.time, TEST_TIME);
}

static void first_record_in_another_form_is_no_archive(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "{}",
        "{\"version\":2,\"timestamp\":\"1700000000\"}",
        "{\"version\":1,\"timestamp\":\"1700000000}",
        "{\"version\":1,\"timestamp\":1700000000\"}",
        "{\"version\":1,\"timestamp\":\"1700000000\"} ",
        "{\"version\":1,\"timestamp\":\"01700000000\"}",
        "{\"version\":1,\"timestamp\":\"\"}",
        "{\"version\":1,\"timestamp\":-1}",
        "{\"version\":1,\"timestamp\":1700000000.0}",
        "{\"version\":1,\"timestamp\":\"1700000000\",\"more\":1}",
        "{\"timestamp\":\"1700000000\",\"version\":1}",
        "{\"version\":1, \"timestamp\":\"1700000000\"}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct hand h = hand_begin(bad[i]);
        assert_refused(&h, P1_ERR_ARCHIVE_NOT);
    }
}

static void first_record_of_another_name_is_no_archive(void **state) {
    (void)state;
    uint8_t memory[1024];
    struct chain c;
    struct buf b = buf_over(memory, sizeof memory);
    assert_int_equal(
        tar_write(&b, SPAN_LIT("belenios"), SPAN_LIT("{\"version\":1,\"timestamp\":\"1700000000\"}"), TEST_TIME),
        P1_OK);
    assert_int_equal(chain_begin(&c, buf_span(&b)), P1_ERR_ARCHIVE_NOT);
}

static void another_file_is_no_archive(void **state) {
    (void)state;
    uint8_t text[2048];
    struct chain c;
    memset(text, '7', sizeof text);
    assert_int_equal(chain_begin(&c, span_of(text, sizeof text)), P1_ERR_ARCHIVE_NOT);
}

static void first_record_with_another_time_than_it_says_is_refused(void **state) {
    (void)state;
    struct hand h = hand_begin("{\"version\":1,\"timestamp\":\"1700000001\"}");
    assert_refused(&h, P1_ERR_ARCHIVE_HEADER);
}

// Whatever can be written can be read again.
static void archive_of_any_time_that_is_written_is_read(void **state) {
    (void)state;
    static const uint64_t times[] = {
        0, 1, INT32_MAX, UINT32_MAX, (uint64_t)1 << 32, ((uint64_t)1 << 32) + 1, ((uint64_t)1 << 33) - 1};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        uint8_t memory[1024];
        struct chain c;
        struct buf b = buf_over(memory, sizeof memory);
        if (chain_create(&c, times[i], &b) != P1_OK) continue;
        assert_int_equal(chain_begin(&c, buf_span(&b)), P1_OK);
        assert_int_equal(c.time, times[i]);
    }
}

// ---- records ----

static void record_with_another_time_is_refused(void **state) {
    (void)state;
    struct hand h = hand_new();
    h.time++;
    hand_event(&h, "{\"height\":0,\"type\":\"EndBallots\"}");
    assert_refused(&h, P1_ERR_ARCHIVE_HEADER);
}

static void record_with_another_name_than_its_hash_is_refused(void **state) {
    (void)state;
    struct hand h = hand_new();
    size_t at = h.file.n + 512;
    hand_data(&h, "a ballot");
    h.file.p[at] ^= 1;
    assert_refused(&h, P1_ERR_RECORD_HASH);
}

static void event_with_another_name_than_its_hash_is_refused(void **state) {
    (void)state;
    struct hand h = hand_new();
    size_t at = h.file.n + 512;
    hand_event(&h, "{\"height\":0,\"type\":\"EndBallots\"}");
    h.file.p[at + 10] ^= 1;
    assert_refused(&h, P1_ERR_RECORD_HASH);
}

static void name_in_another_form_is_refused(void **state) {
    (void)state;
    // The hash of nothing, changed.
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85"
    static const char *const bad[] = {
        "BELENIOS",
        "",
        EMPTY "5",
        EMPTY "5.json",
        EMPTY "5.data",
        EMPTY "5.data.json ",
        EMPTY "5.event.jsonx",
        EMPTY "5.DATA.json",
        EMPTY ".data.json",
        EMPTY "B.data.json",
        EMPTY "g.data.json",
        "/" EMPTY ".data.json",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct hand h = hand_new();
        assert_int_equal(tar_write(&h.file, span_str(bad[i]), SPAN_LIT(""), h.time), P1_OK);
        assert_refused(&h, P1_ERR_ARCHIVE_HEADER);
    }
    struct hand h = hand_new(); // the right name is found right
    assert_int_equal(tar_write(&h.file, SPAN_LIT(EMPTY "5.event.json"), SPAN_LIT(""), h.time), P1_OK);
    assert_refused(&h, P1_ERR_EVENT_FORM);
}

static void error_tells_the_record_that_is_wrong(void **state) {
    (void)state;
    struct hand h = hand_new();
    struct chain c;
    hand_data(&h, "first");
    size_t at = h.file.n;
    h.time++;
    hand_data(&h, "second");
    assert_int_equal(reads(&c, buf_span(&h.file)), P1_ERR_ARCHIVE_HEADER);
    assert_int_equal(c.at, at);
}

// ---- events ----

// A ballot and its event, which is FORMAT with the payload's hash for %s.
static struct hand one_ballot(const char *format) {
    struct hand h = hand_new();
    char text[400];
    hand_data(&h, "a ballot");
    snprintf(text, sizeof text, format, h.hash);
    hand_event(&h, text);
    return h;
}

static void first_event_has_no_parent(void **state) {
    (void)state;
    struct hand h = one_ballot("{\"height\":0,\"type\":\"Ballot\",\"payload\":\"%s\"}");
    assert_refused(&h, P1_OK);
    h = one_ballot("{\"parent\":\"0000000000000000000000000000000000000000000000000000000000000000\","
                   "\"height\":0,\"type\":\"Ballot\",\"payload\":\"%s\"}");
    assert_refused(&h, P1_ERR_EVENT_PARENT);
}

// A second event with these fields before its type.
static struct hand second_event(const char *parent, const char *height) {
    struct hand h = hand_new();
    char text[300], first[65];
    hand_event(&h, "{\"height\":0,\"type\":\"EndBallots\"}");
    memcpy(first, h.hash, sizeof first);
    if (!parent) {
        snprintf(text, sizeof text, "{%s,\"type\":\"EndBallots\"}", height);
    } else {
        snprintf(text, sizeof text, "{\"parent\":\"%s\",%s,\"type\":\"EndBallots\"}", *parent ? parent : first, height);
    }
    hand_event(&h, text);
    return h;
}

static void second_event_names_the_first_as_its_parent(void **state) {
    (void)state;
    struct hand h = second_event("", "\"height\":1");
    assert_refused(&h, P1_OK);
    h = second_event(NULL, "\"height\":1");
    assert_refused(&h, P1_ERR_EVENT_PARENT);
    h = second_event("0000000000000000000000000000000000000000000000000000000000000000", "\"height\":1");
    assert_refused(&h, P1_ERR_EVENT_PARENT);
}

static void event_has_the_next_height(void **state) {
    (void)state;
    struct hand h = second_event("", "\"height\":0");
    assert_refused(&h, P1_ERR_EVENT_HEIGHT);
    h = second_event("", "\"height\":2");
    assert_refused(&h, P1_ERR_EVENT_HEIGHT);
    h = one_ballot("{\"height\":1,\"type\":\"Ballot\",\"payload\":\"%s\"}");
    assert_refused(&h, P1_ERR_EVENT_HEIGHT);
}

static void event_in_another_form_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "%.0s",
        "{\"height\":00,\"type\":\"Ballot\",\"payload\":\"%s\"}",
        "{\"height\":\"0\",\"type\":\"Ballot\",\"payload\":\"%s\"}",
        "{\"height\":9223372036854775808,\"type\":\"Ballot\",\"payload\":\"%s\"}",
        "{\"type\":\"Ballot\",\"height\":0,\"payload\":\"%s\"}",
        "{\"height\":0,\"payload\":\"%s\",\"type\":\"Ballot\"}",
        "{\"height\":0,\"type\":\"Ballot\"%.0s}",
        "{\"height\":0,\"type\":\"Ballot\",\"payload\":\"%s\"",
        "{\"height\":0,\"type\":\"Ballot\",\"payload\":\"%s\"} ",
        "{\"height\":0,\"type\":\"Ballot\",\"payload\":\"%s\",\"more\":0}",
        "{ \"height\":0,\"type\":\"Ballot\",\"payload\":\"%s\"}",
        "{\"height\":0,\"type\":\"ballot\",\"payload\":\"%s\"}",
        "{\"height\":0,\"type\":\"\",\"payload\":\"%s\"}",
        "{\"height\":0,\"type\":\"Shuffle\",\"payload\":\"%s\"}",
        "{\"height\":0,\"type\":\"EndBallots\",\"payload\":\"%s\"}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct hand h = one_ballot(bad[i]);
        assert_refused(&h, P1_ERR_EVENT_FORM);
    }
}

// event.h names all codes that an event can be refused with: those of core/json_canon.h are not among them.
static void hash_or_type_of_an_event_in_another_form_is_refused_as_a_form_of_the_event(void **state) {
    (void)state;
    static const char *const bad[] = {
        "{\"height\":0,\"type\":\"Ballot\",\"payload\":\"%.63s\"}",
        "{\"height\":0,\"type\":\"Ballot\",\"payload\":\"%sA\"}",
        "{\"parent\":\"none\",\"height\":0,\"type\":\"Ballot\",\"payload\":\"%s\"}",
        "{\"height\":0,\"type\":\"Ball\\u006ft\",\"payload\":\"%s\"}",
        "{\"height\":0,\"type\":3,\"payload\":\"%s\"}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct hand h = one_ballot(bad[i]);
        assert_refused(&h, P1_ERR_EVENT_FORM);
    }
}

static void payload_is_the_record_right_before_the_event(void **state) {
    (void)state;
    struct hand h = one_ballot("{\"height\":0,\"type\":\"Ballot\",\"payload\":"
                               "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"%.0s}");
    assert_refused(&h, P1_ERR_EVENT_PAYLOAD);

    h = hand_new(); // the right records in the wrong order
    char text[300];
    hand_data(&h, "sized");
    snprintf(text, sizeof text, "{\"height\":0,\"type\":\"EncryptedTally\",\"payload\":\"%s\"}", h.hash);
    hand_data(&h, "tally");
    hand_event(&h, text);
    assert_refused(&h, P1_ERR_EVENT_PAYLOAD);
}

// An event of this type behind N records.
static struct hand with_records(enum event_type type, unsigned n) {
    struct hand h = hand_new();
    char text[300], content[] = "record 0";
    hand_hash(&h, "none");
    for (unsigned i = 0; i < n; i++, content[7]++) hand_data(&h, content);
    snprintf(text, sizeof text, "{\"height\":0,\"type\":\"%s\",\"payload\":\"%s\"}", event_name(type), h.hash);
    if (type == EVENT_END_BALLOTS) snprintf(text, sizeof text, "{\"height\":0,\"type\":\"EndBallots\"}");
    hand_event(&h, text);
    return h;
}

static void event_with_fewer_or_more_records_than_its_type_needs_is_refused(void **state) {
    (void)state;
    static const unsigned least[EVENT_TYPES] = {4, 1, 0, 2, 2, 1}, most[EVENT_TYPES] = {5, 1, 0, 2, 2, 1};
    for (unsigned type = 0; type < EVENT_TYPES; type++) {
        for (unsigned n = 0; n <= EVENT_RECORDS_MAX + 2; n++) {
            struct hand h = with_records((enum event_type)type, n);
            assert_refused(&h, n < least[type] ? P1_ERR_EVENT_PAYLOAD : n > most[type] ? P1_ERR_EVENT_EXTRA : P1_OK);
        }
    }
}

static void records_without_an_event_are_torn(void **state) {
    (void)state;
    struct hand h = hand_new();
    hand_data(&h, "a ballot");
    assert_refused(&h, P1_ERR_ARCHIVE_TORN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_of_all_types_is_read_as_it_was_written),
        cmocka_unit_test(events_are_called_as_the_protocol_calls_them),
        cmocka_unit_test(event_is_written_in_the_one_form),
        cmocka_unit_test(equal_content_is_written_again_for_each_event),
        cmocka_unit_test(chain_does_not_move_on_when_there_is_no_room),
        cmocka_unit_test(archive_cut_off_between_events_is_a_shorter_one_and_elsewhere_a_torn_one),
        cmocka_unit_test(archive_cut_off_within_a_block_is_torn),
        cmocka_unit_test(zeros_behind_the_last_event_are_torn),
        cmocka_unit_test(empty_file_is_no_archive),
        cmocka_unit_test(archive_without_events_is_read),
        cmocka_unit_test(timestamp_that_is_a_number_is_read),
        cmocka_unit_test(first_record_in_another_form_is_no_archive),
        cmocka_unit_test(first_record_of_another_name_is_no_archive),
        cmocka_unit_test(another_file_is_no_archive),
        cmocka_unit_test(first_record_with_another_time_than_it_says_is_refused),
        cmocka_unit_test(archive_of_any_time_that_is_written_is_read),
        cmocka_unit_test(record_with_another_time_is_refused),
        cmocka_unit_test(record_with_another_name_than_its_hash_is_refused),
        cmocka_unit_test(event_with_another_name_than_its_hash_is_refused),
        cmocka_unit_test(name_in_another_form_is_refused),
        cmocka_unit_test(error_tells_the_record_that_is_wrong),
        cmocka_unit_test(first_event_has_no_parent),
        cmocka_unit_test(second_event_names_the_first_as_its_parent),
        cmocka_unit_test(event_has_the_next_height),
        cmocka_unit_test(event_in_another_form_is_refused),
        cmocka_unit_test(hash_or_type_of_an_event_in_another_form_is_refused_as_a_form_of_the_event),
        cmocka_unit_test(payload_is_the_record_right_before_the_event),
        cmocka_unit_test(event_with_fewer_or_more_records_than_its_type_needs_is_refused),
        cmocka_unit_test(records_without_an_event_are_torn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
