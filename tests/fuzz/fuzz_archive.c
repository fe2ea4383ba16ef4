// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Archives as bytes: records and events (board/tar.h, board/event.h), and what the store does with a file whose last write was torn
// (store/archive.h). What a changed event does is for fuzz_box.c: here its hash gives it away.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/json_canon.h"
#include "store/archive.h"
#include "tests/fuzz/fuzz.h"

static void records(struct span in) {
    struct tar_record r;
    for (size_t at = 0; at < in.n; at = r.end) {
        if (tar_read(in, at, &r) != P1_OK) return;
        HOLDS(r.end > at && r.end <= in.n && r.name.n <= TAR_NAME_MAX);
        struct buf out = buf_over(fuzz_alloc(r.end - at), r.end - at);
        HOLDS(tar_write(&out, r.name, r.content, r.time) == P1_OK);
        HOLDS(span_eq(buf_span(&out), span_of(in.p + at, r.end - at)));
        free(out.p);
    }
}

// Reads all events, and writes them again as they were. *end is where the last right one ends.
static enum p1_err read_events(struct span in, size_t *end) {
    struct chain c, own;
    struct event ev;
    struct buf out = buf_over(fuzz_alloc(in.n), in.n);
    *end = 0;
    enum p1_err err = chain_begin(&c, in);
    // A time in the first record may also be written as a number: then it is not written again in the same form.
    int ours =
        err == P1_OK && chain_create(&own, c.time, &out) == P1_OK && span_eq(buf_span(&out), span_of(in.p, c.at));
    while (err == P1_OK) {
        int more;
        *end = c.at;
        err = chain_next(&c, in, &ev, &more);
        if (err != P1_OK || !more) break;
        HOLDS(c.at > *end && c.at <= in.n);
        struct span list[EVENT_RECORDS_MAX];
        for (unsigned i = 0; i < ev.record_count; i++) list[i] = ev.record[i].content;
        if (!ours) continue;
        HOLDS(chain_write_size(list, ev.record_count) >= c.at - *end);
        HOLDS(chain_write(&own, ev.type, list, ev.record_count, &out) == P1_OK);
        HOLDS(span_eq(buf_span(&out), span_of(in.p, c.at)) && memcmp(own.tip, ev.hash, 32) == 0);
    }
    free(out.p);
    return err;
}

// What stands behind the first block that has the name of an event, and behind that event's content.
static struct span behind_event(struct span tail) {
    uint8_t hash[32];
    for (size_t at = 0; at + 2 * TAR_BLOCK <= tail.n; at += TAR_BLOCK) {
        if (memcmp(tail.p + at + 64, ".event.json", 12) || hash_decode(hash, span_of(tail.p + at, 64)) != P1_OK)
            continue;
        return span_from(tail, at + 2 * TAR_BLOCK);
    }
    return span_from(tail, tail.n);
}

static char folder[] = "/dev/shm/plus1-fuzz-XXXXXX", path_of_file[64];

static void clean_up(void) {
    (void)unlink(path_of_file);
    (void)rmdir(folder);
}

// In memory, in a folder that can be synced as the store does.
static const char *file_path(void) {
    if (*path_of_file) return path_of_file;
    HOLDS(mkdtemp(folder) != NULL);
    (void)snprintf(path_of_file, sizeof path_of_file, "%s/archive", folder);
    HOLDS(atexit(clean_up) == 0);
    return path_of_file;
}

// The store cuts off what chain_find_end() says, nothing else, and goes on from there.
static void repaired(struct span in, enum p1_err judged, size_t end) {
    struct archive a;
    enum p1_err why;
    const char *path = file_path();
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    HOLDS(fd >= 0 && write(fd, in.p, in.n) == (ssize_t)in.n);
    int err = archive_open(&a, path, ARCHIVE_APPEND, &why);
    HOLDS(why == judged && err == (judged == P1_OK ? 0 : EBADMSG));
    off_t size = lseek(fd, 0, SEEK_END);
    HOLDS((size_t)size == (err ? in.n : end)); // what is damaged stays as it is
    if (!err) {
        HOLDS(a.cut == in.n - end && span_eq(a.file, span_of(in.p, end)));
        HOLDS(archive_append(&a, SPAN_LIT("more")) == 0 && a.file.n == end + 4);
        HOLDS(memcmp(a.file.p, in.p, end) == 0 && memcmp(a.file.p + end, "more", 4) == 0);
        archive_close(&a);
    }
    close(fd);
}

void fuzz_one(struct span in) {
    struct chain c;
    size_t end = 0, right;
    records(in);
    enum p1_err err = read_events(in, &right), found = chain_find_end(&c, in, &end);
    if (found == P1_OK) {
        HOLDS(end == right && c.at == end && end <= in.n);
        struct span more = behind_event(span_from(in, end));
        for (size_t i = 0; i < more.n; i++) HOLDS(more.p[i] == 0); // nobody was told of what is cut off
        if (err == P1_OK) HOLDS(end == in.n);                      // nothing of a right archive is cut off
    } else {
        HOLDS(err != P1_OK);
    }
    repaired(in, found, end);
}
