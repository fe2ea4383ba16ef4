// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/files.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/text.h"
#include "store/durable.h"

const char *disk_advice(int error) {
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return "; make room for it, then run the command again";
    case EROFS:
        return "; the disk may have failed, or is mounted to be read only: mend that, then run the command again";
    case EIO: return "; the disk fails: move what is on it to another one, and run the command again there";
    case EINTR: return "; run the command again";
    default: return "";
    }
}

static enum p1_exit cannot(const char *what, const char *path) {
    return refuse(P1_EXIT_UNREADABLE, "%s cannot be %s: %s%s", path, what, strerror(errno), disk_advice(errno));
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
        sodium_memzero(*text, *n); // it may be secret
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

static enum p1_exit cannot_write(const char *path, int fresh, int err) {
    errno = err;
    if (err == ENAMETOOLONG) return refuse(P1_EXIT_UNREADABLE, "%s: this name is too long", path);
    return err == EEXIST && fresh ? exists_already(path) : cannot("written", path);
}

enum p1_exit file_write(const char *path, enum file_access access, int fresh, struct span text) {
    int err = durable_write(path, (mode_t)access, fresh, text);
    return err ? cannot_write(path, fresh, err) : P1_EXIT_DONE;
}

enum p1_exit file_begin(struct file_out *f, const char *path, enum file_access access) {
    f->n = 0;
    int err = durable_begin(&f->file, path, (mode_t)access);
    return err ? cannot_write(path, 1, err) : P1_EXIT_DONE;
}

void file_put(struct file_out *f, struct span text) {
    while (text.n && !f->file.failed) {
        size_t n = sizeof f->waiting - f->n;
        if (n > text.n) n = text.n;
        memcpy(f->waiting + f->n, text.p, n);
        f->n += n;
        text = span_from(text, n);
        if (f->n < sizeof f->waiting) continue;
        durable_more(&f->file, span_of(f->waiting, f->n));
        f->n = 0;
    }
}

enum p1_exit file_end(struct file_out *f, int fresh) {
    durable_more(&f->file, span_of(f->waiting, f->n));
    sodium_memzero(f->waiting, sizeof f->waiting);
    int err = durable_end(&f->file, fresh);
    return err ? cannot_write(f->file.path, fresh, err) : P1_EXIT_DONE;
}

void file_drop(struct file_out *f) {
    sodium_memzero(f->waiting, sizeof f->waiting);
    durable_drop(&f->file);
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
        errno = durable_folder(copy);
        if (errno) {
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
