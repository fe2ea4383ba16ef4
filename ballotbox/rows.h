// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// How ballot boxes rest in the database, and how their archives are read out of it. The tables are at the top of rows.c.
//
// A box's archive is never stored: each of its bytes follows from the rows, so it is made when it is asked for.
#ifndef P1_ROWS_H
#define P1_ROWS_H

#include "board/event.h"
#include "store/db.h"

extern const struct migrations rows_migrations;

// A connection with its statements, for one thread at a time.
struct rows;

// ERR_DB, ERR_MEMORY. The reason in words is in rows_why().
MUST_USE enum p1_err rows_open(struct rows **out, const char *path);
void rows_close(struct rows *r);
struct db *rows_db(struct rows *r);

struct box_row {
    int64_t id;
    char uuid[64], municipality[64];
    uint64_t time;          // of the archive
    uint64_t opens, closes; // as frozen; 0 if there is no bundle
    struct span bundle;     // empty if there is none; good until the next call
};

MUST_USE enum p1_err rows_add_box(struct rows *r, struct box_row *box);
// The box with the lowest id above AFTER; *found is 0 if there is none.
MUST_USE enum p1_err rows_next_box(struct rows *r, int64_t after, struct box_row *out, int *found);

struct event_row {
    enum event_type type;
    uint64_t height;
    uint8_t hash[32];
    size_t at;     // where it begins in the archive
    int64_t hour;  // when it came, in hours since 1970: nothing finer is kept
    int64_t voter; // of a ballot: place on the roll, from 0; else -1
    uint8_t tracker[32];
    struct span record[EVENT_RECORDS_MAX]; // good until the next call
    unsigned record_count;
};

// ERR_DB_TWICE: this ballot is in the box already.
MUST_USE enum p1_err rows_add_event(struct rows *r, int64_t box, const struct event_row *event);
// *found is 0 if there is none. Its records are read too, but not those of rows_find_ballot().
MUST_USE enum p1_err rows_event(struct rows *r, int64_t box, uint64_t height, struct event_row *out, int *found);
// The last event that begins at this offset of the archive or before.
MUST_USE enum p1_err rows_event_at(struct rows *r, int64_t box, size_t offset, struct event_row *out, int *found);
MUST_USE enum p1_err rows_last_event(struct rows *r, int64_t box, struct event_row *out, int *found);
MUST_USE enum p1_err rows_find_ballot(struct rows *r, int64_t box, const uint8_t tracker[32], struct event_row *out,
                                      int *found);
// The first ballot of a voter above this height: -1 for the first of all.
MUST_USE enum p1_err rows_next_ballot(struct rows *r, int64_t box, int64_t voter, int64_t after, struct event_row *out,
                                      int *found);
// How many ballots each voter cast: calls EACH(arg, voter, ballots) for those who did.
MUST_USE enum p1_err rows_count_ballots(struct rows *r, int64_t box, void (*each)(void *arg, int64_t voter, int64_t n),
                                        void *arg);

// The second proofs of the trustees' shares, UUID.shares; empty if there are none.
MUST_USE enum p1_err rows_set_shares(struct rows *r, int64_t box, struct span lines);
MUST_USE enum p1_err rows_shares(struct rows *r, int64_t box, struct span *lines);

MUST_USE enum p1_err rows_add_notice(struct rows *r, int64_t box, int64_t n, struct span line);
// Line N (from 0); *found is 0 if there is none.
MUST_USE enum p1_err rows_notice(struct rows *r, int64_t box, int64_t n, struct span *line, int *found);

// Own data were asked for with the code of a voter, in this hour: times are counted, and nothing finer is kept.
MUST_USE enum p1_err rows_add_request(struct rows *r, int64_t box, int64_t voter, int64_t hour);
// The first hour above AFTER in which they were, and how often.
MUST_USE enum p1_err rows_next_request(struct rows *r, int64_t box, int64_t voter, int64_t after, int64_t *hour,
                                       int64_t *times, int *found);

// What the archive has no event for, and the public must know: the box was put back from a backup, and opened for votes again. A box
// whose last such event is PLATFORM_RESTORED is held: it takes no votes.
enum platform_event_type { PLATFORM_RESTORED, PLATFORM_REOPENED, PLATFORM_TYPES };
struct platform_event {
    enum platform_event_type type;
    int64_t hour;      // in hours since 1970
    uint64_t height;   // of the last event that was kept
    uint8_t event[32]; // its hash
    int64_t shown;     // the highest height that a receipt or a mirror showed; -1: none was given
    uint64_t lost;     // events known to be lost
};
// They count from 0.
MUST_USE enum p1_err rows_add_platform_event(struct rows *r, int64_t box, int64_t n, const struct platform_event *e);
MUST_USE enum p1_err rows_platform_event(struct rows *r, int64_t box, int64_t n, struct platform_event *out,
                                         int *found);
// A line of JSON with its newline, the form in which they are public:
//   {"n":n,"type":"restored","hour":n,"height":n,"event":"hex","shown":n,"lost":n}     shown may be null
enum { PLATFORM_EVENT_ROOM = 320 };
void platform_event_write(const struct platform_event *e, int64_t n, struct buf *out);

// Nanoseconds of the processors that its ballots took.
MUST_USE enum p1_err rows_set_cpu(struct rows *r, int64_t box, uint64_t ns);
MUST_USE enum p1_err rows_cpu(struct rows *r, int64_t box, uint64_t *ns);

// The bytes of one event in the archive, and before the first one the header of the archive. The span is good until the next call.
MUST_USE enum p1_err rows_archive_part(struct rows *r, const struct box_row *box, const struct event_row *event,
                                       struct span *out);

#endif
