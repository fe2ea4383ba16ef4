// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Files that commands read and write. All that goes wrong is said to the user here.
#ifndef P1_CLI_FILES_H
#define P1_CLI_FILES_H

#include "cli/args.h"
#include "store/durable.h"

#define FILE_MAX ((size_t)1 << 30) // bytes

enum file_access {
    FILE_PUBLIC = 0644,
    FILE_SECRET = 0600, // only its owner can read it
};

// What to do about an error of the disk, as the end of a sentence; may be empty.
const char *disk_advice(int error);

// The whole file, with a NUL behind it; to be freed. Without the last line end if LINE is set.
MUST_USE enum p1_exit file_read(const char *path, int line, char **text, size_t *n);

// Writes all or nothing: a new file that takes the place of the old one when it is on the disk. With FRESH set an existing file is
// refused.
MUST_USE enum p1_exit file_write(const char *path, enum file_access access, int fresh, struct span text);

// The same, piece by piece, for what need not fit into memory. After file_begin() comes file_end(), or file_drop() to give it up.
struct file_out {
    struct durable_file file;
    size_t n;
    uint8_t waiting[1 << 16]; // wiped at the end
};

MUST_USE enum p1_exit file_begin(struct file_out *f, const char *path, enum file_access access);
void file_put(struct file_out *f, struct span text);
MUST_USE enum p1_exit file_end(struct file_out *f, int fresh);
void file_drop(struct file_out *f);

// Refuses if one of these files is there already, before any of them is written. The list ends with args_end.
MUST_USE enum p1_exit files_absent(const char *first, ...);

// Makes a folder and those above it, if need be.
MUST_USE enum p1_exit folder_make(const char *path);

// "FOLDER/NAME", to be freed. Format of NAME as in printf.
__attribute__((format(printf, 2, 3))) char *path_join(const char *folder, const char *name, ...);

// The lines of a text that are not empty; to be freed. Spans point into the text.
struct span *text_lines(struct span text, size_t *n);

#endif
