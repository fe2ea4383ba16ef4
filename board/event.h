// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The events of an archive, a hash chain: Belenios specification 3.3.0, section "Public data".
//
// First record: BELENIOS, {"version":1,"timestamp":"SECONDS"} (a number is read too). Then, for each event, the records it
// needs, named <sha256 of the content in hex>.data.json, and right after them the event, <sha256>.event.json:
//
//   {"parent":"hash","height":n,"type":"..","payload":"hash"}
//
// without parent at height 0, without payload for EndBallots. The payload is the last record before the event. Per event:
//   Setup: election, trustees, public credentials, (a certificate of the registrar, read and never written,) setup data
//   Ballot: ballot        EndBallots: none        EncryptedTally: tally, sized tally
//   PartialDecryption: share, owner record {"owner":n,"payload":"hash"}       Result: result
// Equal content is written again for each event.
#ifndef P1_EVENT_H
#define P1_EVENT_H

#include "board/tar.h"
#include "core/err.h"

enum event_type { EVENT_SETUP, EVENT_BALLOT, EVENT_END_BALLOTS, EVENT_TALLY, EVENT_SHARE, EVENT_RESULT, EVENT_TYPES };

#define EVENT_RECORDS_MAX 5

struct record {
    uint8_t hash[32];
    struct span content;
};

struct event {
    enum event_type type;
    uint64_t height;
    uint8_t hash[32];
    struct record record[EVENT_RECORDS_MAX];
    unsigned record_count;
};

// A position in an archive, and the end of the chain up to there.
struct chain {
    uint64_t time;   // of all records
    size_t at;       // offset of what comes next; after an error, of the record that is wrong
    uint64_t height; // of the next event
    size_t last;     // offset of the last event
    uint8_t tip[32]; // hash of the last event
};

// "Setup", "Ballot", ...
const char *event_name(enum event_type type);

// Reads the first record. ERR_ARCHIVE_NOT (an empty file too), ERR_ARCHIVE_HEADER.
MUST_USE enum p1_err chain_begin(struct chain *c, struct span file);
// The next event and its records, all hashes checked; at the end of the file *more is 0.
// ERR_ARCHIVE_..., ERR_RECORD_..., ERR_EVENT_... but ERR_EVENT_ORDER.
MUST_USE enum p1_err chain_next(struct chain *c, struct span file, struct event *out, int *more);

// Where does what was written end, if the last write was torn by a crash? Reads all events from the start. The tail is torn if it is
// cut short or has a block of zeros, and holds at most one event: *end is then where the last whole event ends (file.n if
// nothing is torn). ERR_ARCHIVE_DAMAGED if something is wrong that a torn write does not explain: nobody should cut that off.
MUST_USE enum p1_err chain_find_end(struct chain *c, struct span file, size_t *end);

// Writes the first record of a new archive.
MUST_USE enum p1_err chain_create(struct chain *c, uint64_t time, struct buf *out);
// Writes an event with its records, contents in order; the chain moves on.
MUST_USE enum p1_err chain_write(struct chain *c, enum event_type type, const struct span *records, unsigned n,
                                 struct buf *out);
// Moves on as chain_write() does, without writing: PAYLOAD is the hash of the last record (null: there is none).
void chain_count(struct chain *c, enum event_type type, const struct span *records, unsigned n, const uint8_t *payload);
size_t chain_write_size(const struct span *records, unsigned n);

#endif
