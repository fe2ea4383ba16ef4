// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The registrar: a letter for each person who may vote. Letters are drawn one by one and go straight to the disk.

#include <cairo-pdf.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "board/bundle.h"
#include "cli/boxfile.h"
#include "cli/codes.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/letter.h"
#include "cli/text.h"

struct press {
    struct runner *runner;
    struct boxfile box;
    struct letterhead municipality;
    struct codes codes;
    struct letter_form form;
    unsigned long batch; // letters in a file
    size_t letters;      // how many get one
    const struct addressee *only;
    const char *folder, *csv;
};

// ---- what is frozen ----

static enum p1_exit open_box(struct press *p, const char *path) {
    struct bundle bundle;
    enum frozen frozen;
    enum p1_exit e = boxfile_open(&p->box, path, ARCHIVE_READ, 0, p->runner);
    if (e != P1_EXIT_DONE) return e;
    const struct box *box = p->box.box;
    if (box->stage != BOX_OPEN)
        return refuse(P1_EXIT_REFUSED, "no letters for this ballot box: %s", stage_words(box->stage));
    enum p1_err err = bundle_check(box, p->box.beside->bundle, &frozen, &bundle);
    if (err != P1_OK) return refuse(P1_EXIT_REFUSED, "%s: %s (%s)", path, p1_err_text(err), p1_err_name(err));
    if (frozen == FROZEN_NONE)
        return refuse(
            P1_EXIT_REFUSED,
            "%s: its terms are not frozen, so a letter could promise what changes: plus1 election bundle comes first",
            path);
    if (frozen == FROZEN_NOT_CHECKED)
        return refuse(P1_EXIT_REFUSED, "%.*s.bundle.json is missing beside %s: the dates are in it",
                      (int)box->election.uuid.n, (const char *)box->election.uuid.p, path);
    p->form.uuid = box->election.uuid;
    p->form.opens = bundle.opens;
    p->form.closes = p->box.beside->noticed.closes ? p->box.beside->noticed.closes : bundle.closes;
    election_print(p->form.print, box->election.json);
    return P1_EXIT_DONE;
}

static char *words_of(const json_t *text) {
    char *copy = text_copy(span_str(json_string_value(text) ? json_string_value(text) : ""));
    utf8_disarm((uint8_t *)copy, strlen(copy));
    return copy;
}

static void read_paper(const json_t *paper, struct letter_paper *out) {
    const json_t *questions = json_object_get(paper, "questions"), *first = json_array_get(questions, 0);
    const json_t *lists = json_object_get(first, "value");
    out->name = words_of(json_object_get(paper, "name"));
    out->questions = json_array_size(questions);
    if (out->questions == 1) out->question = words_of(json_object_get(lists ? lists : first, "question"));
}

// The paper in each language of the letter: a translation of the bundle, or else as it was made.
static enum p1_exit read_papers(struct press *p) {
    struct bundle bundle;
    struct span own = p->box.box->election.json;
    if (bundle_parse(p->box.beside->bundle, &bundle) != P1_OK) return P1_EXIT_REFUSED; // it was parsed before
    json_t *made = json_loadb((const char *)own.p, own.n, 0, NULL);
    json_t *translations = json_loadb((const char *)bundle.translations.p, bundle.translations.n, 0, NULL);
    for (unsigned i = 0; i < p->form.languages; i++) {
        const json_t *paper = made, *one;
        size_t k;
        json_array_foreach(translations, k, one) {
            const char *language = json_string_value(json_object_get(one, "language"));
            if (language && strcmp(language, text_languages[p->form.language[i]]) == 0)
                paper = json_object_get(one, "paper");
        }
        read_paper(paper, &p->form.paper[i]);
    }
    json_decref(made);
    json_decref(translations);
    return P1_EXIT_DONE;
}

static enum p1_exit read_languages(const struct args *args, struct letter_form *f) {
    const char *given = args_get(args, "--language");
    int both = given && strcmp(given, "both") == 0, one = both || !given ? 0 : catalogue_language(given);
    if (one < 0) return refuse(P1_EXIT_USAGE, "--language: there are no texts in \"%s\"; give nl, en or both", given);
    f->language[0] = (unsigned)one;
    f->language[1] = (unsigned)catalogue_language("en");
    f->languages = both ? 2 : 1;
    return P1_EXIT_DONE;
}

// ---- who gets which code ----

static int is_withdrawn(const struct notices *n, const struct voter *voter) {
    for (size_t i = 0; i < n->count; i++)
        if (n->withdrawals[i].voter == voter) return 1;
    return 0;
}

static struct voter *voter_of(const struct press *p, const struct addressee *a) {
    const struct election *e = &p->box.box->election;
    struct code code;
    struct scalar x;
    struct elem_text public;
    struct voter *voter = NULL;
    if (code_read(&code, a->code) == P1_OK) {
        code_secret(&e->group.q, e->uuid, &code, &x);
        credential_public(&e->group, &x, &public, p->runner->work);
        voter = box_voter(p->box.box, elem_span(&public));
    }
    sodium_memzero(&code, sizeof code);
    sodium_memzero(&x, sizeof x);
    return voter;
}

// A bar, on a terminal; it goes away when all is done.
static void progress(const char *what, size_t done, size_t total) {
    enum { CELLS = 40 };
    static const char full[] = "########################################",
                      none[] = "........................................";
    if (!isatty(STDERR_FILENO)) return;
    int n = (int)(done * CELLS / total);
    if (done && done < total && n == (int)((done - 1) * CELLS / total)) return;
    fprintf(stderr, done < total ? "\r%s [%.*s%.*s] %3d %%" : "\r\033[K", what, n, full, CELLS - n, none,
            (int)(done * 100 / total));
    fflush(stderr);
}

// Numbers those who get a letter. Each code must be that of one voter of the box.
static enum p1_exit check_codes(struct press *p) {
    const struct box *box = p->box.box;
    const struct addressee **owner = mem_alloc(box->voter_count * sizeof *owner);
    size_t strangers = 0, stranger = SIZE_MAX, withdrawn = 0;
    enum p1_exit e = P1_EXIT_DONE;
    memset(owner, 0, box->voter_count * sizeof *owner);
    for (size_t i = 0; i < p->codes.n && e == P1_EXIT_DONE; i++) {
        struct addressee *a = &p->codes.all[i];
        const struct voter *voter = voter_of(p, a);
        progress("checking codes", i + 1, p->codes.n);
        if (!voter) {
            strangers++;
            if (a->line < stranger) stranger = a->line;
        } else if (owner[voter - box->voters]) {
            size_t other = owner[voter - box->voters]->line;
            e = refuse(P1_EXIT_REFUSED, "%s: the codes on lines %zu and %zu are the same", p->codes.path,
                       other < a->line ? other : a->line, other < a->line ? a->line : other);
        } else {
            owner[voter - box->voters] = a;
            a->withdrawn = is_withdrawn(&p->box.beside->noticed, voter);
            withdrawn += (size_t)a->withdrawn;
            p->letters += (size_t)!a->withdrawn;
            a->number = i + 1; // also of one who gets none, so that the others keep theirs
        }
    }
    free(owner);
    progress("", 1, 1);
    if (e != P1_EXIT_DONE) return e;
    if (strangers)
        return refuse(
            P1_EXIT_REFUSED,
            "%s: %zu of %zu codes are not on the list of %s, the first on line %zu: is it the folder of another "
            "vote or registrar?",
            p->codes.path, strangers, p->codes.n, p->box.path, stranger);
    if (withdrawn) fprintf(stderr, "plus1: %zu codes are withdrawn: no letter for them\n", withdrawn);
    if (p->codes.n < box->voter_count)
        fprintf(stderr, "plus1: warning: the box knows %zu voters, %s has codes for %zu\n", box->voter_count,
                p->codes.path, p->codes.n);
    return P1_EXIT_DONE;
}

static enum p1_exit find_only(struct press *p, const char *id) {
    for (size_t i = 0; i < p->codes.n; i++)
        if (span_eq(p->codes.all[i].id, span_str(id))) p->only = &p->codes.all[i];
    if (!p->only) return refuse(P1_EXIT_REFUSED, "%s: nobody has the id \"%s\"", p->codes.path, id);
    return p->only->withdrawn
               ? refuse(P1_EXIT_REFUSED, "the code of \"%s\" is withdrawn: a letter would be of no use", id)
               : P1_EXIT_DONE;
}

static int gets_letter(const struct press *p, const struct addressee *a) {
    return p->only ? a == p->only : !a->withdrawn;
}

static enum p1_exit check_addresses(const struct press *p) {
    struct issues issues = {0};
    for (size_t i = 0; i < p->codes.n; i++) {
        const struct addressee *a = &p->codes.all[i];
        const char *why = gets_letter(p, a) ? letter_misfit(&p->form, a) : NULL;
        if (why) issues_add(&issues, SEVERITY_ERROR, a->line, "%s (\"%.*s\")", why, TEXT_SHORT(a->name));
    }
    issues_sort(&issues);
    issues_print(&issues, stderr);
    enum p1_exit e = issues.errors ? refuse(P1_EXIT_REFUSED, "%s: mend the lines above", p->codes.path) : P1_EXIT_DONE;
    issues_release(&issues);
    return e;
}

// ---- the files ----

static cairo_status_t take(void *to, const unsigned char *bytes, unsigned n) {
    struct file_out *f = to;
    file_put(f, span_of(bytes, n));
    return f->file.failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

struct pdf {
    struct file_out file;
    cairo_surface_t *surface;
    cairo_t *cr;
};

static enum p1_exit pdf_begin(struct pdf *pdf, const char *path, const struct press *p) {
    enum p1_exit e = file_begin(&pdf->file, path, FILE_SECRET);
    if (e != P1_EXIT_DONE) return e;
    pdf->surface = cairo_pdf_surface_create_for_stream(take, &pdf->file, LETTER_WIDTH, LETTER_HEIGHT);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, p->form.paper[0].name);
    pdf->cr = cairo_create(pdf->surface);
    return P1_EXIT_DONE;
}

static enum p1_exit pdf_end(struct pdf *pdf, int failed) {
    cairo_destroy(pdf->cr);
    cairo_surface_finish(pdf->surface);
    cairo_status_t status = cairo_surface_status(pdf->surface);
    cairo_surface_destroy(pdf->surface);
    // What could not be written is for file_end() to say.
    if (!failed && (status == CAIRO_STATUS_SUCCESS || pdf->file.file.failed)) return file_end(&pdf->file, 1);
    file_drop(&pdf->file);
    return refuse(P1_EXIT_UNREADABLE, "%s cannot be made: %s", pdf->file.file.path,
                  failed ? "there is not enough memory" : cairo_status_to_string(status));
}

static size_t batches(const struct press *p) { return (p->codes.n + p->batch - 1) / p->batch; }

static char *letters_path(const struct press *p, size_t batch) {
    return path_join(p->folder, "letters-%03zu.pdf", batch);
}

static char *packing_path(const struct press *p, size_t batch) {
    return path_join(p->folder, "packing-%03zu.pdf", batch);
}

static enum p1_exit write_only(const struct press *p) {
    struct pdf pdf;
    char *path = path_join(p->folder, "letter-%06zu.pdf", p->only->number);
    enum p1_exit e = pdf_begin(&pdf, path, p);
    if (e == P1_EXIT_DONE) e = pdf_end(&pdf, letter_draw(&p->form, pdf.cr, p->only));
    free(path);
    return e;
}

static enum p1_exit write_packing(const struct press *p, const struct packing *list) {
    struct pdf pdf;
    char *path = packing_path(p, list->batch);
    enum p1_exit e = pdf_begin(&pdf, path, p);
    if (e == P1_EXIT_DONE) {
        packing_draw(&p->form, pdf.cr, list);
        e = pdf_end(&pdf, 0);
    }
    free(path);
    return e;
}

static enum p1_exit write_letters(const struct press *p, const char *path, size_t from, size_t to) {
    struct pdf pdf;
    int failed = 0;
    enum p1_exit e = pdf_begin(&pdf, path, p);
    if (e != P1_EXIT_DONE) return e;
    for (size_t i = from; i < to && !failed; i++) {
        progress("printing letters", i + 1, p->codes.n);
        if (!p->codes.all[i].withdrawn)
            failed = letter_draw(&p->form, pdf.cr, &p->codes.all[i]) || pdf.file.file.failed;
    }
    return pdf_end(&pdf, failed && !pdf.file.file.failed);
}

// The letters of a batch by their numbers, and their packing list.
static enum p1_exit write_batch(const struct press *p, size_t batch) {
    const size_t from = (batch - 1) * p->batch, end = batch * p->batch, to = end < p->codes.n ? end : p->codes.n;
    struct packing list = {.batch = batch, .batches = batches(p), .total = p->letters};
    for (size_t i = from; i < to; i++) {
        const struct addressee *a = &p->codes.all[i];
        if (a->withdrawn) continue;
        if (list.count++ == 0) list.first = a->number;
        list.last = a->number;
    }
    if (list.count == 0) return P1_EXIT_DONE;
    char *path = letters_path(p, batch);
    list.file = strrchr(path, '/') + 1;
    enum p1_exit e = write_letters(p, path, from, to);
    if (e == P1_EXIT_DONE) e = write_packing(p, &list);
    free(path);
    return e;
}

// All batches or none.
static enum p1_exit write_batches(const struct press *p) {
    enum p1_exit e = P1_EXIT_DONE;
    size_t batch = 0;
    while (batch < batches(p) && e == P1_EXIT_DONE) e = write_batch(p, ++batch);
    progress("", 1, 1);
    for (; e != P1_EXIT_DONE && batch > 0; batch--) {
        char *letters = letters_path(p, batch), *packing = packing_path(p, batch);
        (void)unlink(letters);
        (void)unlink(packing);
        free(letters);
        free(packing);
    }
    return e;
}

static void csv_row(const struct press *p, const struct addressee *a, struct file_out *to) {
    char head[64], link[LETTER_LINK_MAX];
    letter_link(&p->form, a, link);
    (void)snprintf(head, sizeof head, "%06zu;%zu", a->number, (a->number - 1) / p->batch + 1);
    const struct span field[] = {a->name, a->street, a->number_of_house,        a->addition,   a->postcode,
                                 a->city, a->code,   span_of(p->form.print, 5), span_str(link)};
    size_t room = sizeof head + 1;
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) room += 2 * field[i].n + 3;
    struct buf row = buf_over(mem_alloc(room), room);
    buf_str(&row, head);
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
        buf_char(&row, ';');
        csv_write_field(&row, field[i], ';');
    }
    buf_char(&row, '\n');
    file_put(to, buf_span(&row));
    mem_free_wiped(row.p);
    sodium_memzero(link, sizeof link);
}

// Line by line, for a printing house. It needs no id.
static enum p1_exit write_csv(const struct press *p) {
    struct file_out f;
    enum p1_exit e = file_begin(&f, p->csv, FILE_SECRET);
    if (e != P1_EXIT_DONE) return e;
    file_put(&f,
             SPAN_LIT("nummer;partij;naam;straat;huisnummer;toevoeging;postcode;woonplaats;code;eerste_tekens;link\n"));
    for (size_t i = 0; i < p->codes.n; i++)
        if (gets_letter(p, &p->codes.all[i])) csv_row(p, &p->codes.all[i], &f);
    return file_end(&f, 1);
}

// Before anything is written.
static enum p1_exit check_absent(const struct press *p) {
    enum p1_exit e = p->csv ? files_absent(p->csv, args_end) : P1_EXIT_DONE;
    for (size_t batch = 1; p->folder && !p->only && batch <= batches(p) && e == P1_EXIT_DONE; batch++) {
        char *letters = letters_path(p, batch), *packing = packing_path(p, batch);
        e = files_absent(letters, packing, args_end);
        free(letters);
        free(packing);
    }
    return e;
}

static void say_done(const struct press *p) {
    if (p->csv)
        printf("%s: %zu letters for a printing house. SECRET: whoever has a code can vote with it.\n", p->csv,
               p->only ? (size_t)1 : p->letters);
    if (p->folder && p->only)
        printf("%s/letter-%06zu.pdf: SECRET: with this letter somebody can vote\n", p->folder, p->only->number);
    if (p->folder && !p->only)
        printf("%s: %zu letters in %zu batches, each with a packing list. SECRET: whoever has a letter can vote with "
               "it.\n",
               p->folder, p->letters, batches(p));
}

// All of it or nothing.
static enum p1_exit write_all(const struct press *p) {
    enum p1_exit e = check_absent(p);
    if (e == P1_EXIT_DONE && p->folder) e = folder_make(p->folder);
    if (e == P1_EXIT_DONE && p->csv) e = write_csv(p);
    if (e != P1_EXIT_DONE) return e;
    if (p->folder) e = p->only ? write_only(p) : write_batches(p);
    if (e == P1_EXIT_DONE) {
        say_done(p);
    } else if (p->csv) {
        (void)unlink(p->csv);
    }
    return e;
}

// ---- plus1 letters ----

static enum p1_exit prepare(struct press *p, const struct args *args) {
    enum p1_exit e = read_languages(args, &p->form);
    if (e == P1_EXIT_DONE) e = args_number(args, "--batch", 1, 100000, &p->batch);
    if (e != P1_EXIT_DONE) return e;
    p->folder = args_get(args, "--out");
    p->csv = args_get(args, "--csv");
    if (!p->folder && !p->csv)
        return refuse(P1_EXIT_USAGE, "give --out for letters, --csv for a printing house, or both");
    e = open_box(p, args_get(args, "--box"));
    if (e == P1_EXIT_DONE) e = letterhead_read(&p->municipality, p->box.path);
    for (unsigned i = 0; i < p->form.languages && e == P1_EXIT_DONE; i++)
        e = letterhead_speaks(&p->municipality, text_languages[p->form.language[i]]);
    if (e == P1_EXIT_DONE) e = read_papers(p);
    p->form.municipality = &p->municipality;
    if (e == P1_EXIT_DONE) e = letter_form_init(&p->form);
    if (e == P1_EXIT_DONE) e = codes_read(args_get(args, "--codes"), &p->codes);
    if (e == P1_EXIT_DONE) e = check_codes(p);
    if (e == P1_EXIT_DONE && args_get(args, "--only")) e = find_only(p, args_get(args, "--only"));
    return e == P1_EXIT_DONE ? check_addresses(p) : e;
}

static enum p1_exit letters(const struct args *args) {
    struct press *p = mem_alloc(sizeof *p);
    *p = (struct press){.runner = runner_new(), .batch = 500};
    enum p1_exit e = prepare(p, args);
    if (e == P1_EXIT_DONE) e = write_all(p);
    for (unsigned i = 0; i < LETTER_LANGUAGES; i++) {
        free(p->form.paper[i].name);
        free(p->form.paper[i].question);
    }
    letter_form_release(&p->form);
    codes_release(&p->codes);
    letterhead_release(&p->municipality);
    if (p->box.box) boxfile_close(&p->box);
    pool_free(p->runner);
    free(p);
    return e;
}

const struct command command_letters = {
    "letters",
    "",
    "--box!=BOX.bel --codes!=FOLDER --language=nl|en|both --batch=500 --only=ID --csv=FILE.csv --out=FOLDER",
    "Makes a voting letter for each person with a code: PDF files for a printer, A4 for window envelopes.\n"
    "Beside BOX.bel stand UUID.bundle.json (the letters come after the freeze) and municipality.json "
    "(docs/registrar.md).\n"
    "Each batch of letters is a file, with a packing list. --only prints one letter again, with the same code.\n"
    "--csv writes what a printing house needs. All of it is SECRET: whoever has a code can vote with it.",
    "plus1 letters --box emmen/UUID.bel --codes codes --language both --out letters",
    letters};
