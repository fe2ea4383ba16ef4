// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/letter.h"

#include <qrencode.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/args.h"
#include "cli/text.h"

// ---- the page ----

#define MM (72 / 25.4) // in points

// All places in mm from the corner above left.
enum {
    LEFT = 25,
    RIGHT = 190,
    TOP = 15,
    SENDER_LEFT = 135,
    LOGO_WIDTH = 75,
    LOGO_HEIGHT = 22,
    ADDRESS_TOP = 59,
    ADDRESS_BOTTOM = 80,
    ADDRESS_WIDTH = 80,
    BODY_TOP = 101,
    BODY_BOTTOM = 282,
    BETWEEN = 9, // columns
    QR = 40,
    PADDING = 6, // around the QR code: more than the four modules that readers need
};

static const double return_top = 54.5, number_top = 285;
static const double type_smallest = 0.78;

static const char text_font[] = "Noto Sans", code_font[] = "DejaVu Sans Mono";

enum ink { INK, INK_GREY, INK_COLOUR };

struct type {
    const char *font;
    double points;
    int bold;
    enum ink ink;
};

// Where the next text comes. What is drawn may not be seen, to know how much place it takes.
struct pen {
    const struct letter_form *form;
    cairo_t *cr;
    double x, y, width;
    int unknown; // signs that no font has
};

static void set_ink(const struct pen *p, enum ink ink) {
    const double *c = p->form->municipality->colour;
    if (ink == INK_COLOUR) cairo_set_source_rgb(p->cr, c[0], c[1], c[2]);
    if (ink == INK_GREY) cairo_set_source_rgb(p->cr, 0.35, 0.35, 0.35);
    if (ink == INK) cairo_set_source_rgb(p->cr, 0.08, 0.08, 0.08);
}

static PangoLayout *layout_new(const struct letter_form *f, const struct type *t, double scale, double width) {
    PangoLayout *layout = pango_layout_new(f->context);
    PangoFontDescription *font = pango_font_description_from_string(t->font);
    pango_font_description_set_size(font, (int)(t->points * scale * PANGO_SCALE));
    pango_font_description_set_weight(font, t->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(width * MM * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    // A name that is written from right to left stands on the left all the same, in the window.
    pango_layout_set_auto_dir(layout, FALSE);
    pango_font_description_free(font);
    return layout;
}

static double layout_height(PangoLayout *layout) {
    int height;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE / MM;
}

static void show(struct pen *p, PangoLayout *layout, enum ink ink) {
    set_ink(p, ink);
    cairo_move_to(p->cr, p->x * MM, p->y * MM);
    pango_cairo_show_layout(p->cr, layout);
    p->unknown += pango_layout_get_unknown_glyphs_count(layout);
    p->y += layout_height(layout);
}

// Puts down markup, and leaves a space of GAP below it.
static void put(struct pen *p, const struct type *t, const char *markup, double gap) {
    PangoLayout *layout = layout_new(p->form, t, p->form->scale, p->width);
    pango_layout_set_markup(layout, markup, -1);
    show(p, layout, t->ink);
    p->y += gap * p->form->scale;
    g_object_unref(layout);
}

static void put_text(struct pen *p, const struct type *t, const char *text, double gap) {
    char *markup = g_markup_escape_text(text, -1);
    put(p, t, markup, gap);
    g_free(markup);
}

static void put_filled(struct pen *p, const struct type *t, unsigned language, enum text id, const char *name,
                       const char *value, double gap) {
    const struct place places[] = {{name, value}, {0}};
    char *markup = catalogue_fill(language, id, places, 1);
    put(p, t, markup, gap);
    free(markup);
}

// ---- what all letters have in common ----

static const struct type title = {text_font, 18, 1, INK_COLOUR}, title_of_two = {text_font, 14, 1, INK_COLOUR},
                         heading = {text_font, 11.5, 1, INK_COLOUR}, body = {text_font, 11, 0, INK},
                         strong = {text_font, 11, 1, INK}, small = {text_font, 9, 0, INK},
                         sender = {text_font, 9, 1, INK}, tiny = {text_font, 6.5, 0, INK_GREY},
                         hint = {text_font, 8.5, 0, INK_GREY}, letterhead = {text_font, 20, 1, INK_COLOUR};

static double lower(double a, double b) { return a > b ? a : b; }

static void put_logo(struct pen *p) {
    double w = cairo_image_surface_get_width(p->form->logo), h = cairo_image_surface_get_height(p->form->logo);
    double scale = LOGO_WIDTH * MM / w < LOGO_HEIGHT * MM / h ? LOGO_WIDTH * MM / w : LOGO_HEIGHT * MM / h;
    cairo_save(p->cr);
    cairo_translate(p->cr, LEFT * MM, (TOP - 2) * MM);
    cairo_scale(p->cr, scale, scale);
    cairo_set_source_surface(p->cr, p->form->logo, 0, 0);
    cairo_paint(p->cr);
    cairo_restore(p->cr);
}

static void put_return_address(struct pen *p) {
    const struct letterhead *m = p->form->municipality;
    char line[512] = "";
    size_t n = 0;
    for (unsigned i = 0; i < m->address_lines && n < sizeof line; i++)
        n += (size_t)snprintf(line + n, sizeof line - n, i ? ", %s" : "%s", m->address[i]);
    const struct place places[] = {{"address", line}, {0}};
    char *markup = catalogue_fill(p->form->language[0], TEXT_LETTER_RETURN, places, 0);
    PangoLayout *layout = layout_new(p->form, &tiny, 1, ADDRESS_WIDTH);
    pango_layout_set_markup(layout, markup, -1);
    pango_layout_set_height(layout, -1);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    *p = (struct pen){p->form, p->cr, LEFT, return_top, ADDRESS_WIDTH, p->unknown};
    show(p, layout, tiny.ink);
    g_object_unref(layout);
    free(markup);
}

// Logo or name above left, who sends it above right. Not smaller where there is much to say: these places are fixed.
static void put_head(struct letter_form *f, cairo_t *cr, int *unknown) {
    const struct letterhead *m = f->municipality;
    const struct place places[] = {{"name", m->name}, {0}};
    char *name = catalogue_fill(f->language[0], TEXT_LETTER_MUNICIPALITY, places, 0);
    double scale = f->scale;
    f->scale = 1;
    struct pen p = {f, cr, LEFT, TOP, SENDER_LEFT - LEFT - BETWEEN, 0};
    if (f->logo) {
        put_logo(&p);
    } else {
        put(&p, &letterhead, name, 0);
    }
    p = (struct pen){f, cr, SENDER_LEFT, TOP + 1, RIGHT - SENDER_LEFT, p.unknown};
    put(&p, &sender, name, 0.5);
    free(name);
    for (unsigned i = 0; i < m->address_lines; i++) put_text(&p, &small, m->address[i], 0);
    if (m->address_lines) put_return_address(&p);
    *unknown += p.unknown;
    f->scale = scale;
}

// A word, and beside it when.
static void put_moment(struct pen *p, unsigned language, enum text word, uint64_t moment) {
    const double aside = 14 * p->form->scale;
    char *when = catalogue_moment(language, moment);
    struct pen q = {p->form, p->cr, p->x + aside, p->y, p->width - aside, 0};
    put_text(p, &body, texts[language][word], 0.8);
    put_text(&q, &strong, when, 0.8);
    p->y = lower(p->y, q.y);
    p->unknown += q.unknown;
    free(when);
}

static void put_question(struct pen *p, unsigned column) {
    const struct letter_form *f = p->form;
    const unsigned language = f->language[column];
    const struct letter_paper *paper = &f->paper[column];
    char *kind = catalogue_fill(language, TEXT_LETTER_KIND, NULL, 0), *name = g_markup_escape_text(paper->name, -1);
    char *both = g_strdup_printf("<b>%s</b>  ·  %s", kind, name);
    put(p, &small, paper->question ? both : kind, 1);
    put_text(p, f->languages > 1 ? &title_of_two : &title, paper->question ? paper->question : paper->name, 2.5);
    if (!paper->question) {
        char count[24];
        (void)snprintf(count, sizeof count, "%zu", paper->questions);
        put_filled(p, &body, language, TEXT_LETTER_QUESTIONS, "count", count, 1.5);
    }
    put_text(p, &body, texts[language][TEXT_LETTER_WHEN], 0.8);
    put_moment(p, language, TEXT_LETTER_OPENS, f->opens);
    put_moment(p, language, TEXT_LETTER_CLOSES, f->closes);
    g_free(both);
    g_free(name);
    free(kind);
}

static void put_address_to_type(struct pen *p, unsigned language, enum text id, double gap) {
    char *address = g_strdup_printf("%s/s", p->form->municipality->host);
    put_filled(p, &body, language, id, "address", address, gap);
    g_free(address);
}

// Beside the QR code: how to vote, and a place for the code.
static void put_steps(struct letter_form *f, struct pen *p) {
    for (unsigned i = 0; i < f->languages; i++) {
        if (f->languages == 1) put_text(p, &heading, texts[f->language[i]][TEXT_LETTER_HOW], 0.8);
        put_text(p, &body, texts[f->language[i]][TEXT_LETTER_SCAN], 0.6);
        put_address_to_type(p, f->language[i], TEXT_LETTER_TYPE, i + 1 < f->languages ? 2 : 1.5);
    }
    f->code_x = p->x;
    f->code_y = p->y;
    f->code_width = p->width;
    p->y += 9 + 1.5 * f->scale;
    for (unsigned i = 0; i < f->languages; i++) {
        char print[8];
        (void)snprintf(print, sizeof print, "%.5s", f->print);
        put_filled(p, &body, f->language[i], TEXT_LETTER_CHECK, "print", print, i + 1 < f->languages ? 1 : 0);
    }
}

static void put_frame(struct letter_form *f, struct pen *p, double top) {
    f->qr_x = LEFT + PADDING;
    f->qr_y = top + PADDING;
    *p =
        (struct pen){f, p->cr, LEFT + 2 * PADDING + QR, top + PADDING - 1, RIGHT - LEFT - 3 * PADDING - QR, p->unknown};
    put_steps(f, p);
    double bottom = p->y + PADDING - 1;
    if (bottom < f->qr_y + QR + PADDING) bottom = f->qr_y + QR + PADDING;
    set_ink(p, INK_COLOUR);
    cairo_set_line_width(p->cr, 1);
    cairo_rectangle(p->cr, LEFT * MM, top * MM, (RIGHT - LEFT) * MM, (bottom - top) * MM);
    cairo_stroke(p->cr);
    p->y = bottom;
}

static void put_ways(struct pen *p, unsigned language) {
    static const enum text ways[] = {[LETTERHEAD_LIBRARY] = TEXT_LETTER_LIBRARY,
                                     [LETTERHEAD_COUNTER] = TEXT_LETTER_COUNTER,
                                     [LETTERHEAD_PAPER] = TEXT_LETTER_PAPER};
    put_text(p, &heading, texts[language][TEXT_LETTER_WAYS], 0.8);
    put_address_to_type(p, language, TEXT_LETTER_COMPUTER, 1);
    for (enum letterhead_text i = LETTERHEAD_LIBRARY; i <= LETTERHEAD_PAPER; i++) {
        const char *text = letterhead_text(p->form->municipality, i, text_languages[language]);
        const struct place places[] = {{"text", text}, {0}};
        if (!text) continue;
        char *markup = catalogue_fill(language, ways[i], places, 0);
        put(p, &body, markup, 1);
        free(markup);
    }
    p->y += 1.5 * p->form->scale;
    put_text(p, &heading, texts[language][TEXT_LETTER_HELP], 0.8);
    put_text(p, &body, letterhead_text(p->form->municipality, LETTERHEAD_HELP, text_languages[language]), 2.5);
}

static void put_good_to_know(struct pen *p, unsigned language) {
    static const enum text points[] = {TEXT_LETTER_SECRET, TEXT_LETTER_OWN, TEXT_LETTER_CHANGE, TEXT_LETTER_HELPER};
    put_text(p, &heading, texts[language][TEXT_LETTER_KNOW], 0.8);
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) put_text(p, &body, texts[language][points[i]], 1);
}

// At the bottom, in each language that the app speaks and the letter does not. Returns where it begins.
static double put_languages(struct letter_form *f, cairo_t *cr, int *unknown) {
    struct pen p = {f, cr, LEFT, BODY_BOTTOM, RIGHT - LEFT, 0};
    double line = 5 * f->scale;
    for (unsigned i = TEXT_LANGUAGES; i-- > 0;) {
        int spoken = i == f->language[0] || (f->languages > 1 && i == f->language[1]);
        if (spoken) continue;
        double y = p.y -= line;
        put_text(&p, &hint, texts[i][TEXT_LETTER_LANGUAGE], 0);
        p.y = y;
    }
    *unknown += p.unknown;
    if (p.y == BODY_BOTTOM) return p.y;
    set_ink(&p, INK_GREY);
    cairo_set_line_width(cr, 0.4);
    cairo_move_to(cr, LEFT * MM, (p.y - 1.5) * MM);
    cairo_line_to(cr, RIGHT * MM, (p.y - 1.5) * MM);
    cairo_stroke(cr);
    return p.y - 3;
}

static void put_folds(cairo_t *cr) {
    cairo_set_source_rgb(cr, 0.6, 0.6, 0.6);
    cairo_set_line_width(cr, 0.3);
    for (int i = 1; i <= 2; i++) {
        cairo_move_to(cr, 5 * MM, i * LETTER_HEIGHT / 3);
        cairo_line_to(cr, 9 * MM, i * LETTER_HEIGHT / 3);
    }
    cairo_stroke(cr);
}

// Nonzero if it fits on the page.
static int lay_out(struct letter_form *f, cairo_t *cr, int *unknown) {
    const double width = (RIGHT - LEFT - (double)BETWEEN) / 2, second = LEFT + width + BETWEEN;
    const int two = f->languages > 1;
    put_head(f, cr, unknown);
    put_folds(cr);
    struct pen a = {f, cr, LEFT, BODY_TOP, two ? width : RIGHT - LEFT, 0}, b = {f, cr, second, BODY_TOP, width, 0};
    put_question(&a, 0);
    if (two) put_question(&b, 1);
    put_frame(f, &a, lower(a.y, b.y) + 3.5 * f->scale);

    const double below = a.y + 5.5 * f->scale;
    a = (struct pen){f, cr, LEFT, below, width, a.unknown};
    b = (struct pen){f, cr, second, below, width, b.unknown};
    put_ways(&a, f->language[0]);
    if (two) put_ways(&b, f->language[1]);
    put_good_to_know(two ? &a : &b, f->language[0]);
    if (two) put_good_to_know(&b, f->language[1]);
    double end = put_languages(f, cr, unknown);
    *unknown += a.unknown + b.unknown;
    return lower(a.y, b.y) <= end;
}

static enum p1_exit load_logo(struct letter_form *f) {
    const char *path = f->municipality->logo;
    if (!path) return P1_EXIT_DONE;
    f->logo = cairo_image_surface_create_from_png(path);
    cairo_status_t s = cairo_surface_status(f->logo);
    return s == CAIRO_STATUS_SUCCESS
               ? P1_EXIT_DONE
               : refuse(P1_EXIT_UNREADABLE, "%s cannot be read as a PNG: %s", path, cairo_status_to_string(s));
}

enum p1_exit letter_form_init(struct letter_form *f) {
    if (strlen(f->municipality->host) + f->uuid.n > LETTER_LINK_MAX - 128)
        return refuse(P1_EXIT_REFUSED, "the link would be too long for the QR code");
    enum p1_exit e = load_logo(f);
    if (e != P1_EXIT_DONE) return e;
    PangoFontMap *fonts = pango_cairo_font_map_new(); // of our own, so that it can be given back
    f->context = pango_font_map_create_context(fonts);
    g_object_unref(fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(f->context, options);
    pango_cairo_context_set_resolution(f->context, 72);
    pango_context_set_round_glyph_positions(f->context, FALSE);
    cairo_font_options_destroy(options);

    const cairo_rectangle_t page = {0, 0, LETTER_WIDTH, LETTER_HEIGHT};
    for (f->scale = 1; f->scale >= type_smallest; f->scale -= 0.02) {
        int unknown = 0;
        if (f->common) cairo_surface_destroy(f->common);
        f->common = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &page);
        cairo_t *cr = cairo_create(f->common);
        int fits = lay_out(f, cr, &unknown);
        cairo_destroy(cr);
        if (unknown)
            return refuse(P1_EXIT_REFUSED,
                          "no font on this computer has all signs of the question and municipality.json");
        if (fits) return P1_EXIT_DONE;
    }
    return refuse(P1_EXIT_REFUSED,
                  "the letter does not fit on one page: shorten the question, or what municipality.json says");
}

void letter_form_release(struct letter_form *f) {
    if (f->common) cairo_surface_destroy(f->common);
    if (f->logo) cairo_surface_destroy(f->logo);
    if (f->context) g_object_unref(f->context);
}

// ---- one letter ----

// In the window, or null if it does not fit there.
static PangoLayout *address_layout(const struct letter_form *f, const struct addressee *a) {
    static const double points[] = {11, 10, 9, 8};
    char *city = g_utf8_strup((const char *)a->city.p, (gssize)a->city.n); // as the post wants it
    char *text = g_strdup_printf("%.*s\n%.*s %.*s %.*s", (int)a->name.n, (const char *)a->name.p, (int)a->street.n,
                                 (const char *)a->street.p, (int)a->number_of_house.n,
                                 (const char *)a->number_of_house.p, (int)a->addition.n, (const char *)a->addition.p);
    char *whole =
        g_strdup_printf("%s\n%.*s  %s", g_strchomp(text), (int)a->postcode.n, (const char *)a->postcode.p, city);
    PangoLayout *layout = NULL;
    for (size_t i = 0; i < sizeof points / sizeof *points && !layout; i++) {
        const struct type t = {text_font, points[i], 0, INK};
        layout = layout_new(f, &t, 1, ADDRESS_WIDTH);
        pango_layout_set_text(layout, whole, -1);
        if (layout_height(layout) <= ADDRESS_BOTTOM - ADDRESS_TOP) break;
        g_object_unref(layout);
        layout = NULL;
    }
    g_free(whole);
    g_free(text);
    g_free(city);
    return layout;
}

const char *letter_misfit(const struct letter_form *f, const struct addressee *a) {
    PangoLayout *layout = address_layout(f, a);
    if (!layout) return "name and address are too long for the window of the envelope";
    int unknown = pango_layout_get_unknown_glyphs_count(layout);
    g_object_unref(layout);
    return unknown ? "no font on this computer has all signs of name and address" : NULL;
}

void letter_link(const struct letter_form *f, const struct addressee *a, char out[LETTER_LINK_MAX]) {
    // A demonstration on this computer has no certificate.
    const char *http = strncmp(f->municipality->host, "127.0.0.1:", 10) == 0 ? "http" : "https";
    (void)snprintf(out, LETTER_LINK_MAX, "%s://%s/s/%.*s#%.*s.%.*s", http, f->municipality->host, (int)f->uuid.n,
                   (const char *)f->uuid.p, (int)a->code.n, (const char *)a->code.p, P1_PRINT, f->print);
}

static int draw_qr(const struct letter_form *f, cairo_t *cr, const char *link) {
    QRcode *qr = QRcode_encodeString8bit(link, 0, QR_ECLEVEL_M);
    if (!qr) return 1;
    const int n = qr->width;
    const double module = QR * MM / n, left = f->qr_x * MM, top = f->qr_y * MM;
    for (int y = 0; y < n; y++) {
        for (int x = 0, from; x < n; x++) {
            if (!(qr->data[y * n + x] & 1)) continue;
            for (from = x; x + 1 < n && qr->data[y * n + x + 1] & 1;) x++;
            cairo_rectangle(cr, left + from * module, top + y * module, (x + 1 - from) * module, module);
        }
    }
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_fill(cr);
    sodium_memzero(qr->data, (size_t)n * (size_t)n);
    QRcode_free(qr);
    return 0;
}

// As large as the frame is wide.
static void draw_code(const struct letter_form *f, cairo_t *cr, const struct addressee *a) {
    const struct type t = {code_font, 18.5, 1, INK};
    struct pen p = {f, cr, f->code_x, f->code_y, f->code_width, 0};
    PangoLayout *layout = layout_new(f, &t, 1, f->code_width);
    pango_layout_set_text(layout, (const char *)a->code.p, (int)a->code.n);
    show(&p, layout, t.ink);
    g_object_unref(layout);
}

int letter_draw(const struct letter_form *f, cairo_t *cr, const struct addressee *a) {
    char link[LETTER_LINK_MAX], number[24];
    PangoLayout *address = address_layout(f, a);
    if (!address) return 1;
    struct pen p = {f, cr, LEFT, ADDRESS_TOP, ADDRESS_WIDTH, 0};
    cairo_set_source_surface(cr, f->common, 0, 0);
    cairo_paint(cr);
    show(&p, address, INK);
    g_object_unref(address);
    letter_link(f, a, link);
    int failed = draw_qr(f, cr, link);
    sodium_memzero(link, sizeof link);
    draw_code(f, cr, a);
    (void)snprintf(number, sizeof number, "%06zu", a->number);
    p = (struct pen){f, cr, LEFT, number_top, RIGHT - LEFT, 0};
    const struct place places[] = {{"number", number}, {0}};
    char *markup = catalogue_fill(f->language[0], TEXT_LETTER_NUMBER, places, 0);
    put(&p, &tiny, markup, 0);
    free(markup);
    cairo_show_page(cr);
    return failed;
}

// ---- the packing list ----

static void put_row(struct pen *p, enum text label, const char *value) {
    const double top = p->y;
    put_text(p, &body, texts[p->form->language[0]][label], 0);
    const double bottom = p->y;
    struct pen q = {p->form, p->cr, LEFT + 70, top, RIGHT - LEFT - 70, 0};
    put_text(&q, &strong, value, 0);
    p->y = lower(q.y, bottom) + 3;
    set_ink(p, INK_GREY);
    cairo_set_line_width(p->cr, 0.3);
    cairo_move_to(p->cr, LEFT * MM, (p->y - 1.5) * MM);
    cairo_line_to(p->cr, RIGHT * MM, (p->y - 1.5) * MM);
    cairo_stroke(p->cr);
}

static void put_row_number(struct pen *p, enum text label, size_t number, const char *format) {
    char text[24];
    (void)snprintf(text, sizeof text, format, number);
    put_row(p, label, text);
}

void packing_draw(const struct letter_form *f, cairo_t *cr, const struct packing *list) {
    struct pen p = {f, cr, LEFT, TOP, RIGHT - LEFT, 0};
    char batch[24], batches[24];
    (void)snprintf(batch, sizeof batch, "%zu", list->batch);
    (void)snprintf(batches, sizeof batches, "%zu", list->batches);
    const struct place places[] = {{"batch", batch}, {"batches", batches}, {0}};
    char *markup = catalogue_fill(f->language[0], TEXT_PACKING_BATCH, places, 0);
    const struct place town[] = {{"name", f->municipality->name}, {0}};
    char *name = catalogue_fill(f->language[0], TEXT_LETTER_MUNICIPALITY, town, 0);
    put(&p, &sender, name, 0);
    put_text(&p, &small, f->paper[0].name, 25);
    put_text(&p, &title, texts[f->language[0]][TEXT_PACKING_TITLE], 0);
    put(&p, &title, markup, 10);
    free(name);
    free(markup);
    put_row(&p, TEXT_PACKING_FILE, list->file);
    put_row_number(&p, TEXT_PACKING_FIRST, list->first, "%06zu");
    put_row_number(&p, TEXT_PACKING_LAST, list->last, "%06zu");
    put_row_number(&p, TEXT_PACKING_COUNT, list->count, "%zu");
    put_row_number(&p, TEXT_PACKING_TOTAL, list->total, "%zu");
    put_row(&p, TEXT_PACKING_CHECKED, " ");
    put_row(&p, TEXT_PACKING_DATE, " ");
    cairo_show_page(cr);
}
