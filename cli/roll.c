// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/roll.h"

#include <stdlib.h>

#include "cli/csv.h"
#include "cli/text.h"
#include "core/buf.h"

enum column {
    COL_ID,
    COL_NAME,
    COL_FIRST,
    COL_INFIX,
    COL_LAST,
    COL_STREET,
    COL_NUMBER,
    COL_ADDITION,
    COL_POSTCODE,
    COL_CITY,
    COL_NEIGHBOURHOOD,
    COL_BIRTH,
    COL_WEIGHT,
    COL_BSN, // never read
    COL_COUNT,
};

// Without spaces, hyphens and underscores. Each column is there; its first name is the one that messages use.
static const struct {
    const char *name;
    enum column column;
} headers[] = {
    {"id", COL_ID},
    {"naam", COL_NAME},
    {"name", COL_NAME},
    {"voornaam", COL_FIRST},
    {"voornamen", COL_FIRST},
    {"firstname", COL_FIRST},
    {"tussenvoegsel", COL_INFIX},
    {"voorvoegsel", COL_INFIX},
    {"infix", COL_INFIX},
    {"achternaam", COL_LAST},
    {"lastname", COL_LAST},
    {"surname", COL_LAST},
    {"straat", COL_STREET},
    {"straatnaam", COL_STREET},
    {"street", COL_STREET},
    {"huisnummer", COL_NUMBER},
    {"housenumber", COL_NUMBER},
    {"toevoeging", COL_ADDITION},
    {"huisnummertoevoeging", COL_ADDITION},
    {"addition", COL_ADDITION},
    {"postcode", COL_POSTCODE},
    {"postalcode", COL_POSTCODE},
    {"woonplaats", COL_CITY},
    {"city", COL_CITY},
    {"wijk", COL_NEIGHBOURHOOD},
    {"buurt", COL_NEIGHBOURHOOD},
    {"neighbourhood", COL_NEIGHBOURHOOD},
    {"neighborhood", COL_NEIGHBOURHOOD},
    {"geboortedatum", COL_BIRTH},
    {"dateofbirth", COL_BIRTH},
    {"birthdate", COL_BIRTH},
    {"gewicht", COL_WEIGHT},
    {"weight", COL_WEIGHT},
    {"bsn", COL_BSN},
    {"bsnnummer", COL_BSN},
    {"burgerservicenummer", COL_BSN},
};

struct row {
    struct roll_person person;
    int bad;
};

struct reading {
    struct roll *roll;
    struct csv csv;
    size_t column[COL_COUNT]; // which field of a row it is, plus 1; 0 if it is not there
    size_t width;             // fields of a row
    struct buf names;         // put together from their parts
    struct row *rows;         // all that have the right number of fields
    size_t n, cap;
};

static const char *column_name(enum column column) {
    size_t i = 0;
    while (headers[i].column != column) i++;
    return headers[i].name;
}

// COL_COUNT if it is none of ours.
static enum column find_column(struct span header) {
    char name[32];
    struct buf b = buf_over(name, sizeof name);
    for (size_t i = 0; i < header.n; i++)
        if (header.p[i] != ' ' && header.p[i] != '-' && header.p[i] != '_') buf_char(&b, (char)header.p[i]);
    if (buf_done(&b) != P1_OK) return COL_COUNT;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (text_compare_nocase(buf_span(&b), span_str(headers[i].name)) == 0) return headers[i].column;
    return COL_COUNT;
}

static void note_ignored(struct reading *r, struct span header, size_t number) {
    if (header.n) {
        issues_add(&r->roll->issues, SEVERITY_NOTE, r->csv.row_line, "the column \"%.*s\" is ignored",
                   TEXT_SHORT(header));
    } else {
        issues_add(&r->roll->issues, SEVERITY_NOTE, r->csv.row_line, "column %zu has no name and is ignored", number);
    }
}

static enum p1_exit take_header(struct reading *r, struct span header, size_t number) {
    enum column column = find_column(header);
    if (column == COL_COUNT) {
        note_ignored(r, header, number);
        return P1_EXIT_DONE;
    }
    if (column == COL_BSN)
        return issues_refuse(&r->roll->issues, P1_EXIT_REFUSED, r->csv.row_line,
                             "the column \"%.*s\" holds the BSN: a vote does not need it, and with it a lost list of "
                             "voting codes would open far more than a vote; take the column out and use another id",
                             TEXT_SHORT(header));
    if (r->column[column])
        return issues_refuse(&r->roll->issues, P1_EXIT_REFUSED, r->csv.row_line,
                             "columns %zu and %zu both say the %s: keep one of them", r->column[column], number,
                             column_name(column));
    r->column[column] = number;
    return P1_EXIT_DONE;
}

static enum p1_exit read_header(struct reading *r) {
    struct issues *issues = &r->roll->issues;
    enum csv_got got = csv_next(&r->csv, issues);
    if (got == CSV_BAD_ROW) return P1_EXIT_UNREADABLE;
    if (got == CSV_END) return issues_refuse(issues, P1_EXIT_UNREADABLE, 0, "the file is empty");

    r->width = r->csv.nfields;
    for (size_t i = 0; i < r->width; i++) {
        enum p1_exit e = take_header(r, text_trim(r->csv.fields[i]), i + 1);
        if (e != P1_EXIT_DONE) return e;
    }
    if (!r->column[COL_ID])
        return issues_refuse(issues, P1_EXIT_REFUSED, r->csv.row_line,
                             "no column is named \"id\": it decides who is who, so it must be there");
    for (enum column c = COL_FIRST; c <= COL_LAST; c++) {
        if (!r->column[c] || !r->column[COL_NAME]) continue;
        issues_add(issues, SEVERITY_NOTE, r->csv.row_line,
                   "the column \"%s\" is ignored, since there is a column with the whole name", column_name(c));
    }
    r->roll->has_birth = r->column[COL_BIRTH] != 0;
    r->roll->has_neighbourhood = r->column[COL_NEIGHBOURHOOD] != 0;
    return P1_EXIT_DONE;
}

// Digits at p; text that holds others gives a number that no date has.
static unsigned number(const uint8_t *p, size_t n) {
    unsigned v = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9') return 99999;
        v = v * 10 + (p[i] - '0');
    }
    return v;
}

static unsigned days_in(unsigned month, unsigned year) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

const char *roll_date_parse(struct span text, struct roll_date *out) {
    static const char form[] = "is not a date written as YYYY-MM-DD, DD-MM-YYYY or YYYYMMDD";
    const uint8_t *p = text.p;
    struct roll_date d;
    if (text.n == 8) {
        d = (struct roll_date){number(p, 4), number(p + 4, 2), number(p + 6, 2)};
    } else if (text.n == 10 && p[4] == '-' && p[7] == '-') {
        d = (struct roll_date){number(p, 4), number(p + 5, 2), number(p + 8, 2)};
    } else if (text.n == 10 && p[2] == '-' && p[5] == '-') {
        d = (struct roll_date){number(p + 6, 4), number(p + 3, 2), number(p, 2)};
    } else {
        return form;
    }
    if (d.year > 9999 || d.month > 99 || d.day > 99) return form;
    if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > days_in(d.month, d.year)) return "is not in the calendar";
    if (d.year < 1850 || d.year > 2199) return "is not from 1850 to 2199";
    *out = d;
    return NULL;
}

static const char *weight_parse(struct span text, unsigned *out) {
    if (text.n < 1 || text.n > 10 || text.p[0] == '0') return "is not a whole number above 0";
    uint64_t v = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return "is not a whole number above 0";
        v = v * 10 + (text.p[i] - '0');
    }
    if (v > ROLL_WEIGHT_MAX) return "is above 1073741823";
    *out = (unsigned)v;
    return NULL;
}

static const char *postcode_parse(struct span text, char out[8]) {
    static const char form[] = "is not written as 1234 AB";
    struct span letters = text_trim(span_from(text, text.n < 4 ? text.n : 4));
    if (text.n < 4 || letters.n != 2 || text.p[0] == '0') return form;
    for (size_t i = 0; i < 4; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return form;
    for (size_t i = 0; i < 2; i++)
        if ((letters.p[i] | 0x20) < 'a' || (letters.p[i] | 0x20) > 'z') return form;
    memcpy(out, text.p, 4);
    out[4] = ' ';
    out[5] = (char)(letters.p[0] & ~0x20);
    out[6] = (char)(letters.p[1] & ~0x20);
    out[7] = 0;
    return NULL;
}

static void bad_row(struct reading *r, struct row *row, const char *what, struct span value, const char *why) {
    issues_add(&r->roll->issues, SEVERITY_ERROR, r->csv.row_line, "the %s \"%.*s\" %s", what, TEXT_SHORT(value), why);
    row->bad = 1;
}

// The field, empty if there is no such column.
static struct span field(struct reading *r, struct row *row, enum column column) {
    if (!r->column[column]) return (struct span){0};
    struct span value = text_trim(r->csv.fields[r->column[column] - 1]);
    if (text_has_control(value))
        bad_row(r, row, column_name(column), value, "holds a line end or another control character");
    return value;
}

// Joined names take no more bytes than the rows they come from: each part costs its row at least a separator.
static struct span full_name(struct reading *r, struct row *row) {
    if (r->column[COL_NAME]) return field(r, row, COL_NAME);
    struct buf *b = &r->names;
    size_t start = b->n;
    for (enum column c = COL_FIRST; c <= COL_LAST; c++) {
        struct span part = field(r, row, c);
        if (part.n && b->n > start) buf_char(b, ' ');
        buf_put(b, part);
    }
    return span_of(b->p + start, b->n - start);
}

static void read_row(struct reading *r) {
    r->rows = mem_grow(r->rows, r->n, &r->cap, sizeof *r->rows);
    struct row *row = &r->rows[r->n++];
    *row = (struct row){.person = {.line = r->csv.row_line, .weight = 1, .may_vote = 1}};
    struct roll_person *p = &row->person;

    p->id = field(r, row, COL_ID);
    p->name = full_name(r, row);
    p->street = field(r, row, COL_STREET);
    p->number = field(r, row, COL_NUMBER);
    p->addition = field(r, row, COL_ADDITION);
    p->city = field(r, row, COL_CITY);
    p->neighbourhood = field(r, row, COL_NEIGHBOURHOOD);
    struct span postcode = field(r, row, COL_POSTCODE);
    struct span birth = field(r, row, COL_BIRTH);
    struct span weight = field(r, row, COL_WEIGHT);

    const char *why;
    if (p->id.n == 0) {
        issues_add(&r->roll->issues, SEVERITY_ERROR, p->line, "the id is missing");
        row->bad = 1;
    }
    if (postcode.n && (why = postcode_parse(postcode, p->postcode))) bad_row(r, row, "postcode", postcode, why);
    if (birth.n && (why = roll_date_parse(birth, &p->birth))) bad_row(r, row, "date of birth", birth, why);
    if (weight.n && (why = weight_parse(weight, &p->weight))) bad_row(r, row, "weight", weight, why);
}

static void read_rows(struct reading *r) {
    enum csv_got got;
    while ((got = csv_next(&r->csv, &r->roll->issues)) != CSV_END) {
        if (got == CSV_BAD_ROW) {
            r->roll->bad_rows++;
        } else if (r->csv.nfields != r->width) {
            issues_add(&r->roll->issues, SEVERITY_ERROR, r->csv.row_line, "the row has %zu fields, the first line %zu",
                       r->csv.nfields, r->width);
            r->roll->bad_rows++;
        } else {
            read_row(r);
        }
    }
}

// The eleven-test of the BSN; eight digits have lost the zero before them in a spreadsheet.
static int passes_eleven_test(struct span id) {
    if (id.n != 8 && id.n != 9) return 0;
    int sum = 0;
    for (size_t i = 0; i < id.n; i++) {
        if (id.p[i] < '0' || id.p[i] > '9') return 0;
        int place = (int)(id.n - i);
        sum += (id.p[i] - '0') * (place == 1 ? -1 : place);
    }
    return sum % 11 == 0;
}

static enum p1_exit check_ids(struct reading *r) {
    size_t ids = 0, pass = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct span id = r->rows[i].person.id;
        ids += id.n > 0;
        pass += passes_eleven_test(id) != 0;
    }
    if (ids && pass == ids)
        return issues_refuse(&r->roll->issues, P1_EXIT_REFUSED, 0,
                             "every id passes the test of a BSN: the id must not be the BSN, since with it a lost list "
                             "of voting codes would open far more than a vote; use another id");
    // By chance one in eleven does.
    if (pass > ids / 2)
        issues_add(&r->roll->issues, SEVERITY_WARNING, 0,
                   "%zu of %zu ids pass the test of a BSN: if the id is the BSN, use another one", pass, ids);
    return P1_EXIT_DONE;
}

static int by_line(const struct row *a, const struct row *b) {
    return (a->person.line > b->person.line) - (a->person.line < b->person.line);
}

static int compare_bytes(struct span a, struct span b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n ? memcmp(a.p, b.p, n) : 0;
    return d ? d : (a.n > b.n) - (a.n < b.n);
}

static int by_id(const void *pa, const void *pb) {
    const struct row *a = *(struct row *const *)pa, *b = *(struct row *const *)pb;
    int d = compare_bytes(a->person.id, b->person.id);
    return d ? d : by_line(a, b);
}

// The same name, date of birth and address.
static int compare_person(const struct roll_person *a, const struct roll_person *b) {
    const struct span pairs[][2] = {{a->name, b->name},
                                    {a->street, b->street},
                                    {a->number, b->number},
                                    {a->city, b->city},
                                    {a->addition, b->addition}};
    if (a->birth.year != b->birth.year) return a->birth.year < b->birth.year ? -1 : 1;
    if (a->birth.month != b->birth.month) return a->birth.month < b->birth.month ? -1 : 1;
    if (a->birth.day != b->birth.day) return a->birth.day < b->birth.day ? -1 : 1;
    int d = strcmp(a->postcode, b->postcode);
    for (size_t i = 0; d == 0 && i < sizeof pairs / sizeof *pairs; i++)
        d = text_compare_nocase(pairs[i][0], pairs[i][1]);
    return d;
}

static int by_person(const void *pa, const void *pb) {
    const struct row *a = *(struct row *const *)pa, *b = *(struct row *const *)pb;
    int d = compare_person(&a->person, &b->person);
    return d ? d : by_line(a, b);
}

static void find_same_ids(struct reading *r, struct row **sorted) {
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->rows[i].person.id.n) sorted[n++] = &r->rows[i];
    qsort(sorted, n, sizeof *sorted, by_id);
    for (size_t i = 1, first = 0; i < n; i++) {
        struct span id = sorted[i]->person.id;
        if (!span_eq(id, sorted[first]->person.id)) {
            first = i;
            continue;
        }
        issues_add(&r->roll->issues, SEVERITY_ERROR, sorted[i]->person.line, "the id \"%.*s\" was there on line %zu",
                   TEXT_SHORT(id), sorted[first]->person.line);
        sorted[i]->bad = 1;
    }
}

static int tells_apart(const struct roll_person *p) {
    return p->name.n && p->birth.year && (p->street.n || p->postcode[0]);
}

static void find_same_persons(struct reading *r, struct row **sorted) {
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (!r->rows[i].bad && tells_apart(&r->rows[i].person)) sorted[n++] = &r->rows[i];
    qsort(sorted, n, sizeof *sorted, by_person);
    for (size_t i = 1, first = 0; i < n; i++) {
        if (compare_person(&sorted[i]->person, &sorted[first]->person)) {
            first = i;
            continue;
        }
        issues_add(&r->roll->issues, SEVERITY_WARNING, sorted[i]->person.line,
                   "the same name, date of birth and address stand on line %zu under another id",
                   sorted[first]->person.line);
    }
}

static void keep_good_rows(struct reading *r) {
    r->roll->persons = mem_alloc(r->n * sizeof *r->roll->persons);
    for (size_t i = 0; i < r->n; i++) {
        if (r->rows[i].bad) {
            r->roll->bad_rows++;
        } else {
            r->roll->persons[r->roll->n++] = r->rows[i].person;
        }
    }
}

static enum p1_exit read_all(struct reading *r, struct span text) {
    struct issues *issues = &r->roll->issues;
    enum p1_exit e = csv_init(&r->csv, text, issues);
    if (e == P1_EXIT_DONE) e = read_header(r);
    if (e != P1_EXIT_DONE) return e;

    r->roll->names = mem_alloc(text.n);
    r->names = buf_over(r->roll->names, text.n);
    read_rows(r);
    if ((e = check_ids(r)) != P1_EXIT_DONE) return e;

    struct row **sorted = mem_alloc(r->n * sizeof *sorted);
    find_same_ids(r, sorted);
    find_same_persons(r, sorted);
    free(sorted);
    keep_good_rows(r);
    if (r->n == 0 && r->roll->bad_rows == 0) return issues_refuse(issues, P1_EXIT_REFUSED, 0, "nobody is on the roll");
    return r->roll->bad_rows ? P1_EXIT_REFUSED : P1_EXIT_DONE;
}

enum p1_exit roll_read(struct span text, struct roll *out) {
    *out = (struct roll){0};
    struct reading r = {.roll = out};
    enum p1_exit e = read_all(&r, text);
    issues_sort(&out->issues);
    out->text = r.csv.text;
    r.csv.text = NULL;
    csv_release(&r.csv);
    free(r.rows);
    return e;
}

void roll_release(struct roll *roll) {
    issues_release(&roll->issues);
    free(roll->persons);
    free(roll->text);
    free(roll->names);
    *roll = (struct roll){0};
}
