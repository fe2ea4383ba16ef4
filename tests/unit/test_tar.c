// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/tar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { ROOM = 8192, TIME = 1700000000 };

static uint8_t memory[ROOM];

// One record, in the same memory each time.
static struct span one(const char *name, size_t content_n, uint64_t time) {
    static uint8_t content[ROOM / 2];
    struct buf b = buf_over(memory, sizeof memory);
    memset(content, 'x', sizeof content);
    assert_int_equal(tar_write(&b, span_str(name), span_of(content, content_n), time), P1_OK);
    return buf_span(&b);
}

static enum p1_err reads(struct span file) {
    struct tar_record r;
    return tar_read(file, 0, &r);
}

// The checksum of a header that was changed is made right again.
static void sum_again(uint8_t *header) {
    char digits[8];
    unsigned sum = 0;
    memcpy(header + 148, "        ", 8);
    for (unsigned i = 0; i < 512; i++) sum += header[i];
    snprintf(digits, sizeof digits, "%06o", sum);
    memcpy(header + 148, digits, 7);
}

static void header_is_as_specified_byte_for_byte(void **state) {
    (void)state;
    uint8_t expected[512] = "plus1.data.json";
    memcpy(expected + 100, "0000644", 8);
    memcpy(expected + 108, "0000000", 8);
    memcpy(expected + 116, "0000000", 8);
    memcpy(expected + 124, "00000001274", 12); // 700
    memcpy(expected + 136, "14524770400", 12); // 1700000000
    expected[156] = '0';
    sum_again(expected);
    expected[155] = ' ';
    struct span file = one("plus1.data.json", 700, TIME);
    assert_int_equal(file.n, 512 + 1024);
    assert_memory_equal(file.p, expected, 512);
}

static void what_is_written_is_read_back_at_every_size_around_a_block(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 511, 512, 513, 1023, 1024, 1025, ROOM / 2};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct tar_record r;
        struct span file = one("a", sizes[i], TIME);
        assert_int_equal(file.n, tar_size(sizes[i]));
        assert_int_equal(tar_read(file, 0, &r), P1_OK);
        assert_true(span_eq(r.name, SPAN_LIT("a")));
        assert_int_equal(r.content.n, sizes[i]);
        assert_ptr_equal(r.content.p, file.p + 512);
        assert_int_equal(r.time, TIME);
        assert_int_equal(r.end, file.n);
    }
}

static void record_without_content_is_one_block(void **state) {
    (void)state;
    assert_int_equal(one("empty", 0, TIME).n, 512);
    assert_int_equal(tar_size(0), 512);
}

static void records_follow_each_other(void **state) {
    (void)state;
    struct tar_record r;
    struct buf b = buf_over(memory, sizeof memory);
    assert_int_equal(tar_write(&b, SPAN_LIT("a"), SPAN_LIT("first"), 1), P1_OK);
    assert_int_equal(tar_write(&b, SPAN_LIT("b"), SPAN_LIT("second"), 2), P1_OK);
    assert_int_equal(tar_read(buf_span(&b), 0, &r), P1_OK);
    assert_int_equal(tar_read(buf_span(&b), r.end, &r), P1_OK);
    assert_true(span_eq(r.name, SPAN_LIT("b")));
    assert_true(span_eq(r.content, SPAN_LIT("second")));
    assert_int_equal(r.time, 2);
    assert_int_equal(r.end, b.n);
}

static void any_bit_of_a_header_that_is_changed_is_refused(void **state) {
    (void)state;
    struct span file = one("plus1.data.json", 700, TIME);
    for (unsigned bit = 0; bit < 512 * 8; bit++) {
        memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(reads(file), P1_ERR_ARCHIVE_HEADER);
        memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(reads(file), P1_OK);
}

// Only name, size and time may differ from one header to the next.
static void a_right_checksum_does_not_help_a_changed_field(void **state) {
    (void)state;
    struct span file = one("plus1.data.json", 700, TIME);
    uint8_t right[512];
    memcpy(right, file.p, sizeof right);
    for (unsigned at = 0; at < 512; at++) {
        int may_differ = at < 15 || (at >= 124 && at < 135) || (at >= 136 && at < 147) || (at >= 148 && at < 156);
        if (may_differ) continue;
        for (unsigned bit = 0; bit < 8; bit++) {
            memory[at] ^= (uint8_t)(1 << bit);
            sum_again(memory);
            memory[155] = ' ';
            // One letter right behind the name makes it a longer name.
            assert_int_equal(reads(file), at == 15 ? P1_OK : P1_ERR_ARCHIVE_HEADER);
            memcpy(memory, right, sizeof right);
        }
    }
}

static void numbers_that_are_not_octal_digits_are_refused(void **state) {
    (void)state;
    static const char bad[] = "89 -+/:a";
    for (size_t i = 0; i < sizeof bad; i++) { // the NUL too
        for (unsigned at = 124; at < 147; at++) {
            if (at == 135) continue;
            struct span file = one("a", 700, TIME);
            memory[at] = (uint8_t)bad[i];
            sum_again(memory);
            memory[155] = ' ';
            assert_int_equal(reads(file), P1_ERR_ARCHIVE_HEADER);
        }
    }
}

static void other_ways_to_write_a_checksum_are_refused(void **state) {
    (void)state;
    struct span file = one("a", 0, TIME);
    uint8_t right[8];
    memcpy(right, memory + 148, 8);
    memory[154] = ' ';
    memory[155] = 0; // space before NUL
    assert_int_equal(reads(file), P1_ERR_ARCHIVE_HEADER);
    memcpy(memory + 148, right, 8);
    assert_int_equal(reads(file), P1_OK);
    assert_int_equal(memory[148], '0');
    memory[148] = ' '; // a leading space instead of a zero
    assert_int_equal(reads(file), P1_ERR_ARCHIVE_HEADER);
}

static void archive_torn_at_any_length_is_seen(void **state) {
    (void)state;
    struct span file = one("a", 700, TIME);
    for (size_t n = 0; n < file.n; n++) assert_int_equal(reads(span_of(file.p, n)), P1_ERR_ARCHIVE_TORN);
    assert_int_equal(reads(file), P1_OK);
}

static void size_beyond_the_end_is_a_torn_record(void **state) {
    (void)state;
    struct span file = one("a", 700, TIME);
    memcpy(memory + 124, "77777777777", 11);
    sum_again(memory);
    memory[155] = ' ';
    assert_int_equal(reads(file), P1_ERR_ARCHIVE_TORN);
}

static void zeros_after_the_last_record_are_a_torn_one(void **state) {
    (void)state;
    struct tar_record r;
    struct span file = one("a", 10, TIME);
    memset(memory + file.n, 0, 1024);
    assert_int_equal(tar_read(span_of(memory, file.n + 1024), 0, &r), P1_OK);
    assert_int_equal(tar_read(span_of(memory, file.n + 1024), file.n, &r), P1_ERR_ARCHIVE_TORN);
    assert_int_equal(tar_read(span_of(memory, file.n + 512), file.n, &r), P1_ERR_ARCHIVE_TORN);
}

static void padding_that_is_not_nul_is_refused_wherever_it_stands(void **state) {
    (void)state;
    struct span file = one("a", 700, TIME);
    for (size_t at = 512 + 700; at < file.n; at++) {
        memory[at] = at % 2 ? 1 : ' ';
        assert_int_equal(reads(file), P1_ERR_ARCHIVE_HEADER);
        memory[at] = 0;
    }
    memory[512 + 699] = 1; // content
    assert_int_equal(reads(file), P1_OK);
}

static void longest_name_is_99_bytes(void **state) {
    (void)state;
    char name[102];
    memset(name, 'n', sizeof name);
    name[99] = 0;
    struct tar_record r;
    assert_int_equal(tar_read(one(name, 1, TIME), 0, &r), P1_OK);
    assert_int_equal(r.name.n, 99);

    struct buf b = buf_over(memory, sizeof memory);
    assert_int_equal(tar_write(&b, span_of(name, 100), SPAN_LIT("x"), TIME), P1_ERR_SPACE);
    assert_int_equal(b.n, 0);
}

static void name_without_its_nul_is_refused(void **state) {
    (void)state;
    struct span file = one("a", 1, TIME);
    memset(memory, 'n', 100);
    sum_again(memory);
    memory[155] = ' ';
    assert_int_equal(reads(file), P1_ERR_ARCHIVE_HEADER);
}

static void largest_time_is_kept_and_a_larger_one_not_written(void **state) {
    (void)state;
    struct tar_record r;
    const uint64_t most = ((uint64_t)1 << 33) - 1;
    assert_int_equal(tar_read(one("a", 1, most), 0, &r), P1_OK);
    assert_int_equal(r.time, most);
    struct buf b = buf_over(memory, sizeof memory);
    assert_int_equal(tar_write(&b, SPAN_LIT("a"), SPAN_LIT("x"), most + 1), P1_ERR_SPACE);
}

static void content_of_8_gib_is_not_written(void **state) {
    (void)state;
    struct buf b = buf_over(memory, sizeof memory);
    assert_int_equal(tar_write(&b, SPAN_LIT("a"), span_of(memory, (size_t)1 << 33), TIME), P1_ERR_SPACE);
    assert_int_equal(b.n, 0);
}

static void record_that_does_not_fit_is_not_said_to_be_written(void **state) {
    (void)state;
    for (size_t room = 0; room < 1024; room += 128) {
        struct buf b = buf_over(memory, room);
        assert_int_equal(tar_write(&b, SPAN_LIT("a"), SPAN_LIT("content"), TIME), P1_ERR_SPACE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_is_as_specified_byte_for_byte),
        cmocka_unit_test(what_is_written_is_read_back_at_every_size_around_a_block),
        cmocka_unit_test(record_without_content_is_one_block),
        cmocka_unit_test(records_follow_each_other),
        cmocka_unit_test(any_bit_of_a_header_that_is_changed_is_refused),
        cmocka_unit_test(a_right_checksum_does_not_help_a_changed_field),
        cmocka_unit_test(numbers_that_are_not_octal_digits_are_refused),
        cmocka_unit_test(other_ways_to_write_a_checksum_are_refused),
        cmocka_unit_test(archive_torn_at_any_length_is_seen),
        cmocka_unit_test(size_beyond_the_end_is_a_torn_record),
        cmocka_unit_test(zeros_after_the_last_record_are_a_torn_one),
        cmocka_unit_test(padding_that_is_not_nul_is_refused_wherever_it_stands),
        cmocka_unit_test(longest_name_is_99_bytes),
        cmocka_unit_test(name_without_its_nul_is_refused),
        cmocka_unit_test(largest_time_is_kept_and_a_larger_one_not_written),
        cmocka_unit_test(content_of_8_gib_is_not_written),
        cmocka_unit_test(record_that_does_not_fit_is_not_said_to_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
