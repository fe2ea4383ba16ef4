// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/plus1-config-XXXXXX", path[64], logo[64], why[CONFIG_WHY];

static int setup(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return 1;
    (void)snprintf(path, sizeof path, "%s/plus1.json", folder);
    (void)snprintf(logo, sizeof logo, "%s/logo.png", folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    (void)unlink(path);
    (void)unlink(logo);
    return rmdir(folder);
}

static void write_file(const char *name, const char *text, size_t n) {
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static struct config *read_text(const char *text, int expected) {
    struct config *c;
    write_file(path, text, strlen(text));
    why[0] = 0;
    assert_int_equal(config_read(&c, folder, why), expected);
    return c;
}

static void refuses(const char *text, const char *words) {
    config_free(read_text(text, -1));
    if (!strstr(why, words)) fail_msg("\"%s\" is not in \"%s\"", words, why);
    assert_non_null(strstr(why, "plus1.json"));
}

// ---- reading ----

static void a_whole_file_is_read(void **state) {
    (void)state;
    struct config *c =
        read_text("{\"municipalities\":[{\"name\":\"Emmen\",\"path\":\"emmen\",\"host\":\"stem.emmen.nl\","
                  "\"inhabitants\":107113,\"colour\":\"#00549e\",\"address\":[\"Postbus 30001\",\"7800 RA Emmen\"],"
                  "\"help\":\"14 0591\",\"welcome\":{\"nl\":\"Welkom\",\"en\":\"Welcome\"}},"
                  "{\"name\":\"Hollands Kroon\",\"path\":\"hollands-kroon\"}],"
                  "\"prices\":{\"cpu_hour\":0.05,\"gigabyte_month\":0,\"letter\":1}}",
                  0);
    assert_int_equal(c->n, 2);
    const struct municipality *m = config_by_name(c, SPAN_LIT("Emmen"));
    assert_ptr_equal(m, &c->all[0]);
    assert_ptr_equal(config_by_path(c, SPAN_LIT("hollands-kroon")), &c->all[1]);
    assert_null(config_by_path(c, SPAN_LIT("emme")));
    assert_null(config_by_name(c, SPAN_LIT("emmen")));
    assert_ptr_equal(config_by_host(c, SPAN_LIT("Stem.Emmen.NL:8443")), m);
    assert_ptr_equal(config_by_host(c, SPAN_LIT("stem.emmen.nl")), m);
    assert_null(config_by_host(c, SPAN_LIT("emmen.nl")));
    assert_null(config_by_host(c, SPAN_LIT("")));
    assert_int_equal(m->inhabitants, 107113);
    assert_int_equal(c->all[1].inhabitants, 0);
    assert_int_equal(m->address_lines, 2);
    assert_string_equal(m->address[1], "7800 RA Emmen");
    assert_string_equal(municipality_line(m, LINE_HELP, "nl"), "14 0591");
    assert_string_equal(municipality_line(m, LINE_WELCOME, "en"), "Welcome");
    assert_string_equal(municipality_line(m, LINE_WELCOME, "fr"), "Welkom");
    assert_null(municipality_line(m, LINE_PRIVACY, "nl"));
    assert_string_equal(m->palette.own, "#00549e");
    assert_true(c->prices.given && c->prices.cpu_hour == 0.05 && c->prices.gigabyte_month == 0 &&
                c->prices.letter == 1);
    config_free(c);
}

static void without_a_file_there_is_no_municipality(void **state) {
    (void)state;
    struct config *c;
    (void)unlink(path);
    assert_int_equal(config_read(&c, folder, why), 0);
    assert_int_equal(c->n, 0);
    assert_false(c->prices.given);
    assert_null(config_by_host(c, SPAN_LIT("emmen.nl")));
    config_free(c);
}

static void what_is_wrong_is_said_with_its_place(void **state) {
    (void)state;
#define ONE(members) "{\"municipalities\":[{\"name\":\"Emmen\",\"path\":\"emmen\"" members "}]}"
    static const struct {
        const char *text, *words;
    } all[] = {
        {"{", "line 1 is no JSON"},
        {"{\"municipalities\":[],\"municipalities\":[]}", "is no JSON"},
        {"[]", "is no object"},
        {"{}", "municipalities must be there"},
        {"{\"municipalities\":[],\"price\":{}}",
         "has a member \"price\", which is not known: there can be municipalities prices"},
        {"{\"municipalities\":[3]}", "municipalities[0] is no object"},
        {ONE(",\"colur\":\"#00549e\""),
         "municipalities[0] has a member \"colur\", which is not known: there can be name path host"},
        {"{\"municipalities\":[{\"path\":\"emmen\"}]}", "municipalities[0].name must be there"},
        {"{\"municipalities\":[{\"name\":\" Emmen\",\"path\":\"emmen\"}]}", "municipalities[0].name must be there"},
        {"{\"municipalities\":[{\"name\":\"Em\\nmen\",\"path\":\"emmen\"}]}", "municipalities[0].name must be there"},
        {"{\"municipalities\":[{\"name\":\"Emmen\"}]}", "municipalities[0].path must be there: small letters"},
        {"{\"municipalities\":[{\"name\":\"Emmen\",\"path\":\"Emmen\"}]}", "municipalities[0].path must be there"},
        {"{\"municipalities\":[{\"name\":\"Emmen\",\"path\":\"v1\"}]}", "municipalities[0].path must be there"},
        {"{\"municipalities\":[{\"name\":\"Emmen\",\"path\":\"em/men\"}]}", "municipalities[0].path must be there"},
        {ONE(",\"host\":\"https://emmen.nl\""), "municipalities[0].host is an address such as"},
        {ONE(",\"host\":7"), "municipalities[0].host is an address such as"},
        {ONE(",\"inhabitants\":0"), "municipalities[0].inhabitants is a whole number"},
        {ONE(",\"inhabitants\":\"107113\""), "municipalities[0].inhabitants is a whole number"},
        {ONE(",\"demonstration\":1"), "municipalities[0].demonstration is true or false"},
        {ONE(",\"colour\":\"blue\""), "municipalities[0].colour is written as \"#00549e\""},
        {ONE(",\"colour\":\"#00549g\""), "municipalities[0].colour is written as"},
        {ONE(",\"help\":7"), "municipalities[0].help is a text of one line"},
        {ONE(",\"help\":{\"nl\":\"a\",\"english\":\"b\"}"), "municipalities[0].help is a text of one line"},
        {ONE(",\"privacy\":{}"), "municipalities[0].privacy is a text of one line"},
        {ONE(",\"address\":[\"1\",\"2\",\"3\",\"4\"]"), "municipalities[0].address is a list of at most three lines"},
        {ONE(",\"logo\":\"../logo.png\""), "municipalities[0].logo is the name of a PNG file beside plus1.json"},
        {ONE(",\"logo\":\"none.png\""), "municipalities[0].logo cannot be read: No such file"},
        {ONE(",\"logo\":\"plus1.json\""), "municipalities[0].logo is no PNG"},
        {"{\"municipalities\":[{\"name\":\"A\",\"path\":\"aa\"},{\"name\":\"A\",\"path\":\"bb\"}]}",
         "municipalities[1].name is \"A\", as another has it"},
        {"{\"municipalities\":[{\"name\":\"A\",\"path\":\"aa\"},{\"name\":\"B\",\"path\":\"aa\"}]}",
         "municipalities[1].path is \"aa\", as another has it"},
        {"{\"municipalities\":[{\"name\":\"A\",\"path\":\"aa\",\"host\":\"a.nl\"},{\"name\":\"B\",\"path\":\"bb\","
         "\"host\":\"a.nl\"}]}",
         "municipalities[1].host is \"a.nl\", as another has it"},
        {"{\"municipalities\":[],\"prices\":{\"cpu_hour\":1,\"letter\":1}}", "prices.gigabyte_month must be there"},
        {"{\"municipalities\":[],\"prices\":{\"cpu_hour\":-1,\"letter\":1,\"gigabyte_month\":1}}",
         "prices.cpu_hour must be there"},
        {"{\"municipalities\":[],\"prices\":{\"cpu\":1}}", "prices has a member \"cpu\""},
        {"{\"municipalities\":[],\"prices\":7}", "prices is no object"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) refuses(all[i].text, all[i].words);
}

static void what_is_said_of_a_file_cannot_steer_a_terminal(void **state) {
    (void)state;
    refuses("{\"municipalities\":[],\"\\u001b[2J\\u202e\":1}", "has a member \"?[2J???\"");
    config_free(read_text("{\"municipalities\":[],\x1b[2J}", -1));
    assert_null(strchr(why, '\x1b'));
}

static void a_logo_is_a_png_of_at_most_256_kb(void **state) {
    (void)state;
    static const char png[] = "\x89PNG\r\n\x1a\n..", svg[] = "<svg onload=\"alert(1)\"/>";
    static char large[CONFIG_LOGO_MAX + 1];
    write_file(logo, png, sizeof png - 1);
    struct config *c = read_text(ONE(",\"logo\":\"logo.png\""), 0);
    assert_int_equal(c->all[0].logo.n, sizeof png - 1);
    assert_memory_equal(c->all[0].logo.p, png, sizeof png - 1);
    config_free(c);
    write_file(logo, svg, sizeof svg - 1);
    refuses(ONE(",\"logo\":\"logo.png\""), "logo is no PNG");
    memcpy(large, png, sizeof png);
    write_file(logo, large, sizeof large);
    refuses(ONE(",\"logo\":\"logo.png\""), "larger than 256 kB");
}

// ---- colours ----

// WCAG 2.2, as its definition of relative luminance has it.
static double luminance(const char *colour) {
    static const double weight[] = {0.2126, 0.7152, 0.0722};
    unsigned long rgb = strtoul(colour + 1, NULL, 16);
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double v = (double)(rgb >> (16 - 8 * i) & 255) / 255;
        sum += weight[i] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(const char *a, const char *b) {
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

static void any_colour_is_made_readable(void **state) {
    (void)state;
    struct palette p;
    char colour[8];
    for (unsigned long rgb = 0; rgb <= 0xffffff; rgb += 0x10101 * 5 + 0x30700) {
        (void)snprintf(colour, sizeof colour, "#%06lx", rgb);
        assert_int_equal(palette_make(&p, colour), 0);
        assert_string_equal(p.own, colour);
        assert_true(contrast(p.own, p.ink) >= 4.5);
        assert_true(contrast(p.on_light, "#ffffff") >= 4.5 && contrast(p.on_light, "#f0f0f0") >= 4.5);
        assert_true(contrast(p.on_dark, "#000000") >= 4.5 && contrast(p.on_dark, "#292929") >= 4.5);
    }
    assert_int_equal(palette_make(&p, "#00386b"), 0);
    assert_string_equal(p.on_light, "#00386b"); // dark enough as it is
    assert_int_equal(palette_make(&p, "#ffd400"), 0);
    assert_string_equal(p.ink, "#000000");
    assert_string_equal(p.on_dark, "#ffd400");
    assert_int_equal(palette_make(&p, "00386b"), -1);
    assert_int_equal(palette_make(&p, "#00386"), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_file_is_read),
        cmocka_unit_test(without_a_file_there_is_no_municipality),
        cmocka_unit_test(what_is_wrong_is_said_with_its_place),
        cmocka_unit_test(what_is_said_of_a_file_cannot_steer_a_terminal),
        cmocka_unit_test(a_logo_is_a_png_of_at_most_256_kb),
        cmocka_unit_test(any_colour_is_made_readable),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
