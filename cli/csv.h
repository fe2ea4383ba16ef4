// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Comma-separated values (RFC 4180) in UTF-8, as spreadsheets write them: with or without byte order mark, lines ended
// by LF or CRLF, ';' between the fields if the first line has one outside quotation marks, else ','. Lines without any
// character are skipped. Stricter than most readers: a quotation mark may only stand around a whole field or, doubled,
// inside one; otherwise a forgotten one could swallow rows unnoticed.
#ifndef P1_CLI_CSV_H
#define P1_CLI_CSV_H

#include "cli/issues.h"
#include "core/buf.h"

struct csv {
    size_t row_line;         // line on which the row starts, counted from 1
    struct span *fields;     // the row, unquoted; the array lasts until the next row
    size_t nfields;          // at least 1
    char *text;              // own copy, in which the fields lie until csv_release()
    size_t n, at, line, cap; // of text: bytes, position and its line; of fields: room
    char separator;
};

enum csv_got {
    CSV_ROW,
    CSV_BAD_ROW, // reported; reading goes on with the next line
    CSV_END,
};

// Copies the text. UNREADABLE, with the line, if it is not UTF-8 or holds a zero byte. To be released in any case.
MUST_USE enum p1_exit csv_init(struct csv *csv, struct span text, struct issues *issues);

MUST_USE enum csv_got csv_next(struct csv *csv, struct issues *issues);

void csv_release(struct csv *csv);

// Writes a field, in quotation marks if it needs them: at most 2 n + 2 bytes. The caller writes the separators and line ends.
void csv_write_field(struct buf *out, struct span field, char separator);

#endif
