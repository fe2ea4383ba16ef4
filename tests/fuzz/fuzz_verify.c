// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1-verify as a whole: its main() over changed elections (edits.h), with the files beside the archive. The exit code and what it
// says agree with the check, and its JSON is JSON whatever stands in the archive.

#include <errno.h>
#include <jansson.h>

#include "tests/fuzz/edits.h"
#include "verify/map.h"
#include "verify/report.h"

int verify_main(int argc, char **argv); // main() of verify/main.c

// ---- files, in memory ----

static struct edited now;

int map_open(struct map *m, const char *path) {
    static const char *const beside[] = {"now.bundle.json", "now.notices", "now.shares"};
    m->file = (struct span){0};
    for (unsigned i = 0; i < BESIDE_FILES; i++) {
        if (strcmp(path, beside[i]) != 0 || !now.has_beside) continue;
        m->file = now.beside.record[i];
        return 0;
    }
    for (unsigned i = 0; i < BASES; i++) {
        const char name[] = {(char)('0' + i), '.', 'b', 'e', 'l', 0};
        if (strcmp(path, name) == 0) m->file = edits_basis(i)->file;
    }
    if (strcmp(path, "now.bel") == 0) m->file = now.file;
    if (strcmp(path, "ballot") == 0 && now.script.n)
        m->file = now.script.step[now.options / 8 % now.script.n].record[0];
    return m->file.p ? 0 : ENOENT;
}

// ---- the program ----

struct said {
    char *text;
    size_t n;
    int status;
};

static struct said run(char **args) {
    struct said s = {0};
    int n = 0;
    FILE *screen = stdout;
    while (args[n]) n++;
    stdout = open_memstream(&s.text, &s.n);
    if (!stdout) abort();
    s.status = verify_main(n, args);
    fclose(stdout);
    stdout = screen;
    HOLDS(s.status >= 0 && s.status <= 3);
    return s;
}

static enum p1_err judged_alone(void) {
    struct judged *j = judge(now.file, NULL);
    enum p1_err err = j->err;
    free_judged(j);
    return err;
}

// The result of the only box, if it has one: of one question with two answers.
static void result(json_t *box) {
    json_t *of_question = json_array_get(json_object_get(box, "result"), 0);
    uint64_t counts[2];
    for (size_t i = 0; i < 2; i++) counts[i] = (uint64_t)json_integer_value(json_array_get(of_question, i));
    edits_accepted(&now, of_question ? counts : NULL);
}

static void report(const struct said *s, int alone) {
    static const char *const verdicts[] = {"valid", "invalid"};
    json_t *j = json_loadb(s->text, s->n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL), *boxes;
    const char *verdict = json_string_value(json_object_get(j, "verdict"));
    HOLDS(j && verdict && s->status <= NOT_CHECKED);
    HOLDS(s->status == NOT_CHECKED || strcmp(verdict, verdicts[s->status]) == 0);
    HOLDS(json_is_array(json_object_get(j, "checks")));
    boxes = json_object_get(j, "boxes");
    HOLDS(json_array_size(boxes) == (alone ? 1 : 2));
    // Without what stands beside the archive nothing but the archive can be wrong.
    enum p1_err err = judged_alone();
    if (s->status == VALID) HOLDS(err == P1_OK);
    if (s->status == VALID && alone) result(json_array_get(boxes, 0));
    HOLDS(!alone || !now.right || now.has_beside || s->status == VALID);
    if (alone && !now.has_beside) HOLDS((s->status == VALID) == (err == P1_OK));
    json_decref(j);
}

void fuzz_one(struct span in) {
    static char tracker[] = "0000000000000000000000000000000000000000000", other[] = "0.bel",
                seed[] = "0000000000000000000000000000000000000000000000000000000000000000";
    edits_start();
    edits_take(&now, in);
    other[0] = (char)('0' + now.options / 8 % BASES);
    char *ways[][9] = {
        {"plus1-verify", "--json", "now.bel"},
        {"plus1-verify", "--json", "joint", "now.bel", other},
        {"plus1-verify", "now.bel"},
        {"plus1-verify", "--previous", other, "now.bel"},
        {"plus1-verify", "ballot", "now.bel", tracker},
        {"plus1-verify", "ballot", "now.bel", "ballot"},
        {"plus1-verify", "ballot", "now.bel", "ballot", "--seed", seed, "--choose", "1=Ja"},
    };
    unsigned way = now.options % 8 % 7;
    struct said s = run(ways[way]);
    if (way < 2) report(&s, way == 0);
    if (way == 2 && !now.has_beside) HOLDS((s.status == VALID) == (judged_alone() == P1_OK));
    free(s.text);
    edits_release(&now);
}
