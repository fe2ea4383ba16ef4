// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The files beside an archive: frozen bundle and notices (board/bundle.h, board/notice.h). Notices are fuzzed as they come, and as
// messages that registrar and second person signed.

#include "core/pki.h"
#include "tests/fuzz/edits.h"

enum { ROOM = 1 << 17, EVENTS = 4 };

static const struct basis *basis; // that with notices
static struct box *box;           // of its setup and ballots
static struct event events[EVENTS];

static void start(void) {
    edits_start();
    basis = edits_basis(2);
    struct chain c;
    int more;
    box = box_of(&basis->script, EVENTS);
    HOLDS(chain_begin(&c, basis->file) == P1_OK);
    for (unsigned i = 0; i < EVENTS; i++) HOLDS(chain_next(&c, basis->file, &events[i], &more) == P1_OK);
}

static void bundle(struct span in) {
    struct bundle b;
    enum frozen frozen;
    enum p1_err err = bundle_parse(in, &b);
    if (err == P1_OK) {
        int own = 0;
        HOLDS(b.box_count >= 1 && b.box_count <= BUNDLE_BOXES_MAX && b.opens < b.closes);
        for (unsigned i = 0; i < b.box_count; i++) own |= span_eq(b.uuid, b.box[i]);
        HOLDS(own);
        HOLDS(span_eq(b.attachments, span_of(b.attachments.p, (size_t)(in.p + in.n - 1 - b.attachments.p))));
    }
    err = bundle_check(box, in, &frozen, &b);
    HOLDS((err == P1_OK && frozen == FROZEN_CHECKED) == span_eq(in, basis->beside.record[BESIDE_BUNDLE]));
}

// What notices say must be in order, whatever they are.
static void noticed(struct span file) {
    struct notices n;
    size_t line = 0, lines = 0;
    struct made *m = basis->made;
    for (size_t i = 0; i < file.n; i++) lines += file.p[i] == '\n';
    notices_init(&n);
    HOLDS(notices_keys(&n, &box->election, &m->work) == P1_OK && n.keys && n.has_second);
    enum p1_err err = notices_read(&n, box, file, &line, &m->work);
    HOLDS(err == P1_OK ? n.lines == lines : line >= 1 && line <= lines + 1);
    HOLDS(n.count <= n.lines && n.count <= box->voter_count);
    for (unsigned i = 1; err == P1_OK && i < EVENTS; i++) {
        if (notices_ballot(&n, box, events[i].record[0].content, &m->work) != P1_OK) break;
        notices_event(&n, events[i].hash);
    }
    if (err == P1_OK) (void)!notices_end(&n, 1);
    notices_release(&n);
}

// A notice as the input has it, where @ stands for the hash of the line before, # for a credential, $ for an event's hash.
static void put_message(struct buf *out, struct span line, const uint8_t previous[32]) {
    const struct made *m = basis->made;
    for (size_t i = 0; i < line.n; i++) {
        switch (line.p[i]) {
        case '@': buf_hex(out, span_of(previous, 32)); break;
        case '#': buf_put(out, elem_span(&m->credential[line.n % m->voters])); break;
        case '$': buf_hex(out, span_of(events[1 + line.n % 3].hash, 32)); break;
        default: buf_put(out, span_of(line.p + i, 1));
        }
    }
}

static void put_signed(struct buf *out, struct span message, int second) {
    struct made *m = basis->made;
    struct draws d = {.n = 0};
    buf_str(out, "{\"message\":");
    buf_json_string(out, message);
    buf_str(out, ",\"signatures\":[");
    signature_write(&m->election.group, &m->key[0], message, &d, out, &m->work);
    if (second) buf_char(out, ',');
    if (second) signature_write(&m->election.group, &m->key[1], message, &d, out, &m->work);
    buf_str(out, "]}");
}

static void signed_notices(struct span in) {
    static uint8_t memory[ROOM], text[4096];
    struct buf out = buf_over(memory, sizeof memory);
    uint8_t previous[32] = {0};
    while (in.n) {
        const uint8_t *end = memchr(in.p, '\n', in.n);
        struct span line = take_bytes(&in, end ? (size_t)(end - in.p) : in.n);
        int second = take_u8(&line) & 1;
        struct buf message = buf_over(text, sizeof text);
        size_t start = out.n;
        (void)take_u8(&in); // the line end
        put_message(&message, line, previous);
        put_signed(&out, buf_span(&message), second);
        if (buf_done(&out) != P1_OK || buf_done(&message) != P1_OK) return;
        sha256(previous, span_from(buf_span(&out), start));
        buf_char(&out, '\n');
    }
    if (buf_done(&out) == P1_OK) noticed(buf_span(&out));
}

void fuzz_one(struct span in) {
    if (!box) start();
    switch (take_u8(&in) % 4) {
    case 0: bundle(in); break;
    case 1: noticed(in); break;
    default: signed_notices(in);
    }
}
