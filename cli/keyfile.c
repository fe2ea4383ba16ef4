// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/text.h"

static const char kind[] = "trustee key 1";

static struct keyfile *empty(void) {
    struct keyfile *k = mem_alloc(sizeof *k);
    memset(k, 0, sizeof *k);
    k->mode = AES_GCM;
    k->lock = -1;
    return k;
}

void keyfile_free(struct keyfile *k) {
    if (!k) return;
    for (size_t i = 0; i < k->election_count; i++) free(k->elections[i]);
    if (k->lock >= 0) close(k->lock);
    sodium_memzero(k, sizeof *k);
    free(k);
}

void draws_init(struct draws *d) {
    d->n = 0;
    randombytes_buf(d->seed, sizeof d->seed);
}

// ---- a new key ----

static enum p1_exit add_election(struct keyfile *k, const char *uuid) {
    if (uuid_check(span_str(uuid)) != P1_OK)
        return refuse(P1_EXIT_USAGE, "\"%s\" is not the identifier of an election: it is in draft.json", uuid);
    if (k->election_count == KEY_ELECTIONS_MAX)
        return refuse(P1_EXIT_USAGE, "a key can serve at most %d elections", KEY_ELECTIONS_MAX);
    for (size_t i = 0; i < k->election_count; i++) {
        if (strcmp(k->elections[i], uuid) == 0) return refuse(P1_EXIT_USAGE, "election %s is named twice", uuid);
    }
    k->elections[k->election_count++] = text_copy(span_str(uuid));
    return P1_EXIT_DONE;
}

static enum p1_exit fill_new(const struct args *args, struct keyfile *k) {
    unsigned long minimum = KEY_MINIMUM;
    const char *group = args_get(args, "--group");
    if (!group) group = "Ed25519";
    enum p1_err err = group_init(&k->group, span_str(group), &k->work);
    if (err != P1_OK) return refuse(P1_EXIT_UNREADABLE, "%s: %s", group, p1_err_text(err));
    enum p1_exit e = args_number(args, "--minimum", 1, 1000000, &minimum);
    if (e != P1_EXIT_DONE) return e;
    k->test = args_get(args, "--test") != NULL;
    if (minimum < KEY_MINIMUM && !k->test)
        return refuse(
            P1_EXIT_REFUSED,
            "a box with fewer than %d voters shows too much of what each of them voted; a lower minimum is for "
            "trying things out only: say --test if that is what you do",
            KEY_MINIMUM);
    k->minimum = (unsigned)minimum;
    for (size_t i = 0; args_nth(args, "--election", i) && e == P1_EXIT_DONE; i++)
        e = add_election(k, args_nth(args, "--election", i));
    return e;
}

enum p1_exit keyfile_new(const struct args *args, struct keyfile **out) {
    *out = empty();
    enum p1_exit e = fill_new(args, *out);
    if (e == P1_EXIT_DONE) return e;
    keyfile_free(*out);
    *out = NULL;
    return e;
}

// ---- JSON ----

static const char *text_of(json_t *object, const char *field) {
    return json_string_value(json_object_get(object, field));
}

static int number_of(json_t *object, const char *field, unsigned max, unsigned *out) {
    json_t *v = json_object_get(object, field);
    if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > max) return 0;
    *out = (unsigned)json_integer_value(v);
    return 1;
}

static int ceremony_from(struct keyfile *k, json_t *c) {
    const char *seed = text_of(c, "seed"), *belenios = text_of(c, "belenios");
    if (!seed || strlen(seed) != P1_PKI_SEED || !belenios) return 0;
    memcpy(k->seed, seed, P1_PKI_SEED);
    k->mode = strcmp(belenios, "3.0") == 0 ? AES_CCM : AES_GCM;
    return number_of(c, "index", P1_TRUSTEES_MAX, &k->index) && number_of(c, "size", P1_TRUSTEES_MAX, &k->size) &&
           number_of(c, "threshold", P1_TRUSTEES_MAX, &k->threshold) && k->index && k->threshold;
}

// {"UUID":"hash",..} of the key's own elections only.
static int states_from(struct keyfile *k, json_t *map, int opened) {
    const char *uuid;
    json_t *state;
    json_object_foreach(map, uuid, state) {
        const char *hex = json_string_value(state);
        size_t i = 0;
        while (i < k->election_count && strcmp(k->elections[i], uuid) != 0) i++;
        if (i == k->election_count || !hex) return 0;
        struct seen_state *s = &k->seen[i];
        if (hash_decode(opened ? s->opened : s->end, span_str(hex)) != P1_OK) return 0;
        *(opened ? &s->has_opened : &s->has_end) = 1;
    }
    return json_is_object(map);
}

static int from_json(struct keyfile *k, json_t *j) {
    const char *is = text_of(j, "plus1"), *group = text_of(j, "group"), *private = text_of(j, "private_key");
    json_t *elections = json_object_get(j, "elections"), *ceremony = json_object_get(j, "ceremony"), *uuid;
    size_t i;
    if (!is || strcmp(is, kind) != 0 || !group || group_init(&k->group, span_str(group), &k->work) != P1_OK) return 0;
    json_array_foreach(elections, i, uuid) {
        if (!json_is_string(uuid) || add_election(k, json_string_value(uuid)) != P1_EXIT_DONE) return 0;
    }
    k->test = json_is_true(json_object_get(j, "test"));
    if (!k->election_count || !number_of(j, "minimum", 1000000, &k->minimum)) return 0;
    if (ceremony && !ceremony_from(k, ceremony)) return 0;
    if (private) {
        if (sc_decode(&k->group.q, &k->private, span_str(private)) != P1_OK) return 0;
        k->has_private = 1;
    }
    return (private || ceremony) && states_from(k, json_object_get(j, "ended"), 0) &&
           states_from(k, json_object_get(j, "opened"), 1);
}

// A key file is replaced as a whole, so the one that was locked must still be the one of that name.
static enum p1_exit lock(const char *path, int *fd) {
    struct stat mine, there;
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0)
        return refuse(P1_EXIT_UNREADABLE, "%s cannot be read: %s%s", path, strerror(errno), disk_advice(errno));
    int other = flock(*fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK;
    if (!other) other = fstat(*fd, &mine) || stat(path, &there) || mine.st_ino != there.st_ino;
    if (!other) return P1_EXIT_DONE;
    close(*fd);
    return refuse(P1_EXIT_REFUSED, "%s is in use by another program; try again when it is done", path);
}

enum p1_exit keyfile_read(const char *path, struct keyfile **out) {
    char *text;
    size_t n;
    int locked;
    *out = NULL;
    enum p1_exit e = lock(path, &locked);
    if (e != P1_EXIT_DONE) return e;
    e = file_read(path, 1, &text, &n);
    if (e != P1_EXIT_DONE) {
        close(locked);
        return e;
    }
    json_t *j = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    *out = empty();
    (*out)->lock = locked;
    if (!j || !from_json(*out, j)) {
        keyfile_free(*out);
        *out = NULL;
        e = refuse(P1_EXIT_UNREADABLE, "%s is not a trustee's key file, or it is damaged: use the copy that you kept",
                   path);
    }
    json_decref(j);
    sodium_memzero(text, n);
    free(text);
    return e;
}

static json_t *scalar_json(const struct keyfile *k) {
    uint8_t text[P1_SCALAR_TEXT];
    struct buf b = buf_over(text, sizeof text);
    sc_encode(&k->group.q, &b, &k->private);
    json_t *j = json_stringn((const char *)b.p, b.n);
    sodium_memzero(text, sizeof text);
    return j;
}

static json_t *states_json(const struct keyfile *k, int opened) {
    json_t *map = json_object();
    for (size_t i = 0; i < k->election_count; i++) {
        const struct seen_state *s = &k->seen[i];
        char hex[65];
        if (!(opened ? s->has_opened : s->has_end)) continue;
        sodium_bin2hex(hex, sizeof hex, opened ? s->opened : s->end, 32);
        json_object_set_new(map, k->elections[i], json_string(hex));
    }
    return map;
}

static json_t *to_json(const struct keyfile *k) {
    json_t *elections = json_array();
    for (size_t i = 0; i < k->election_count; i++) json_array_append_new(elections, json_string(k->elections[i]));
    json_t *j = json_pack("{s:s, s:s, s:o, s:i, s:b}", "plus1", kind, "group", k->group.ops->name, "elections",
                          elections, "minimum", (int)k->minimum, "test", k->test);
    if (k->index)
        json_object_set_new(j, "ceremony",
                            json_pack("{s:i, s:i, s:i, s:s, s:s}", "index", (int)k->index, "size", (int)k->size,
                                      "threshold", (int)k->threshold, "seed", k->seed, "belenios",
                                      k->mode == AES_CCM ? "3.0" : "3.3"));
    if (k->has_private) json_object_set_new(j, "private_key", scalar_json(k));
    json_object_set_new(j, "ended", states_json(k, 0));
    json_object_set_new(j, "opened", states_json(k, 1));
    return j;
}

enum p1_exit keyfile_write(const char *path, const struct keyfile *k, int fresh) {
    json_t *j = to_json(k);
    char *text = json_dumps(j, JSON_COMPACT);
    json_decref(j);
    if (!text) return refuse(P1_EXIT_UNREADABLE, "there is not enough memory");
    size_t n = strlen(text);
    char *line = mem_alloc(n + 1);
    memcpy(line, text, n);
    line[n] = '\n';
    enum p1_exit e = file_write(path, FILE_SECRET, fresh, span_of(line, n + 1));
    sodium_memzero(text, n);
    sodium_memzero(line, n);
    free(text);
    free(line);
    return e;
}

void keyfile_say(const struct keyfile *k) {
    printf("This key is for %zu election%s and opens a box only if at least %u people voted in it.\n",
           k->election_count, k->election_count == 1 ? "" : "s", k->minimum);
    if (k->test) puts("TEST KEY: it was made with --test. Do not use it for a real vote.");
}
