// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Requests for own data: the input as it is, or the places where a right request is changed. What is read has one form, and nothing
// is accepted but the right request.

#include "core/own_data.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/board_helpers.h"

enum { HOUR = 500000 };

static struct made *m;
static struct span right;

static void prepare(void) {
    static uint8_t text[P1_OWN_DATA_TEXT], random[32];
    struct buf b = buf_over(text, sizeof text);
    m = made_new(&plan_colours);
    HOLDS(own_data_write_ct(&m->election, &m->secret[0], elem_span(&m->credential[0]), SPAN_LIT("key"), HOUR, random,
                            &b, &m->work) == P1_OK);
    right = buf_span(&b);
}

// As it would be written again.
static void written_again(const struct own_data *o, struct span text) {
    uint8_t room[P1_OWN_DATA_TEXT];
    struct buf b = buf_over(room, sizeof room);
    buf_str(&b, "{\"credential\":\"");
    buf_put(&b, o->credential);
    buf_str(&b, "\",\"hour\":");
    buf_u64(&b, o->hour);
    buf_str(&b, ",\"signature\":");
    proof_write(&b, &m->election.group.q, &o->signature);
    buf_char(&b, '}');
    HOLDS(text.n > sizeof room || span_eq(buf_span(&b), text));
}

void fuzz_one(struct span in) {
    struct own_data o;
    if (!m) prepare();
    int whole = take_u8(&in) & 1;
    uint8_t *copy = exact_copy(whole ? in : right);
    struct span text = span_of(copy, whole ? in.n : right.n);
    while (!whole && in.n) {
        unsigned at = take_u16(&in) % (unsigned)text.n;
        copy[at] ^= take_u8(&in);
    }
    if (own_data_parse(&o, &m->election.group.q, text) == P1_OK) {
        written_again(&o, text);
        int accepted = own_data_check(&m->election, &o, SPAN_LIT("key"), &m->work) == P1_OK;
        HOLDS(accepted == span_eq(text, right));
    }
    free(copy);
}
