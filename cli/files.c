// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/text.h"

static enum p1_exit cannot(const char *what, const char *path) {
    return refuse(P1_EXIT_UNREADABLE, "%s cannot be %s: %s", path, what, strerror(errno));
}

enum p1_exit file_read(const char *path, int line, char **text, size_t *n) {
    FILE *f = fopen(path, "rb");
    size_t room = 1 << 16;
    *text = NULL;
    *n = 0;
    if (!f) return cannot("read", path);
    *text = mem_alloc(room);
    for (size_t got; (got = fread(*text + *n, 1, room - *n - 1, f)) > 0;) {
        *n += got;
        if (*n + 1 < room) continue;
        if (room > FILE_MAX) break;
        char *more = mem_alloc(2 * room);
        memcpy(more, *text, *n);
        free(*text);
        *text = more;
        room *= 2;
    }
    int failed = ferror(f) || !feof(f);
    fclose(f);
    if (failed) {
        free(*text);
        *text = NULL;
        return *n + 1 >= room ? refuse(P1_EXIT_UNREADABLE, "%s is too large", path) : cannot("read", path);
    }
    if (line && *n && (*text)[*n - 1] == '\n') --*n;
    (*text)[*n] = 0;
    return P1_EXIT_DONE;
}

static enum p1_exit exists_already(const char *path) {
    return refuse(P1_EXIT_REFUSED, "%s exists already; it is not overwritten: choose another name", path);
}

static int write_and_sync(int fd, struct span text) {
    while (text.n) {
        ssize_t n = write(fd, text.p, text.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        text = span_from(text, (size_t)n);
    }
    return fsync(fd);
}

static int sync_folder_of(const char *path) {
    char *copy = text_copy(span_str(path));
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int err = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0) close(fd);
    free(copy);
    return err;
}

enum p1_exit file_write(const char *path, enum file_access access, int fresh, struct span text) {
    char temporary[4096];
    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary)
        return refuse(P1_EXIT_UNREADABLE, "%s: this name is too long", path);
    (void)unlink(temporary); // left by a crash
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)access);
    if (fd < 0) return cannot("written", path);
    int failed = write_and_sync(fd, text) != 0;
    failed |= close(fd) != 0;
    // link() does not replace an existing file, rename() does.
    if (!failed) failed = fresh ? link(temporary, path) : rename(temporary, path);
    int why = errno;
    if (failed || fresh) (void)unlink(temporary);
    errno = why;
    if (failed && fresh && errno == EEXIST) return exists_already(path);
    if (failed || sync_folder_of(path)) return cannot("written", path);
    return P1_EXIT_DONE;
}

enum p1_exit files_absent(const char *first, ...) {
    enum p1_exit e = P1_EXIT_DONE;
    va_list list;
    va_start(list, first);
    for (const char *path = first; path != args_end && e == P1_EXIT_DONE; path = va_arg(list, const char *)) {
        if (access(path, F_OK) == 0) e = exists_already(path);
    }
    va_end(list);
    return e;
}

enum p1_exit folder_make(const char *path) {
    char *copy = text_copy(span_str(path));
    for (char *at = copy + 1;; at++) {
        if (*at && *at != '/') continue;
        char was = *at;
        *at = 0;
        struct stat st;
        int made = mkdir(copy, 0755) == 0 || (errno == EEXIST && stat(copy, &st) == 0 && S_ISDIR(st.st_mode));
        if (!made) {
            enum p1_exit e = cannot("made", copy);
            free(copy);
            return e;
        }
        *at = was;
        if (!was) break;
    }
    free(copy);
    return P1_EXIT_DONE;
}

char *path_join(const char *folder, const char *name, ...) {
    char tail[1024];
    va_list list;
    va_start(list, name);
    (void)vsnprintf(tail, sizeof tail, name, list);
    va_end(list);
    size_t n = strlen(folder) + strlen(tail) + 2;
    char *out = mem_alloc(n);
    (void)snprintf(out, n, "%s/%s", folder, tail);
    return out;
}

struct span *text_lines(struct span text, size_t *n) {
    size_t cap = 0;
    struct span *lines = NULL;
    *n = 0;
    while (text.n) {
        const uint8_t *end = memchr(text.p, '\n', text.n);
        size_t length = end ? (size_t)(end - text.p) : text.n;
        if (length) {
            lines = mem_grow(lines, *n, &cap, sizeof *lines);
            lines[(*n)++] = span_of(text.p, length);
        }
        text = span_from(text, end ? length + 1 : length);
    }
    return lines;
}
