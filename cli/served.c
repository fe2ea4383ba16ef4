// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/served.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/files.h"
#include "platform/control.h"

// The server's answer, to be freed. A refusal is said here.
static enum p1_exit ask(const struct args *args, int argc, const char *const *argv, char **text) {
    char *path = path_join(args_get(args, "--data"), "control.sock");
    size_t n = 0;
    *text = NULL;
    FILE *out = open_memstream(text, &n);
    int status = out ? control_ask(path, argc, argv, out) : -1, why = errno;
    if (out) (void)fclose(out);
    if (status < 0)
        status = (int)refuse(P1_EXIT_UNREADABLE, "no server answers at %s (%s): is plus1 serve running?", path,
                             strerror(why));
    else if (status != P1_EXIT_DONE)
        fprintf(stderr, "plus1: %s", *text);
    free(path);
    return (enum p1_exit)status;
}

enum p1_exit served_ask(const struct args *args, int argc, const char *const *argv) {
    char *text;
    enum p1_exit e = ask(args, argc, argv, &text);
    if (e == P1_EXIT_DONE) fputs(text, stdout);
    free(text);
    return e;
}

enum p1_exit served_checkout(const struct args *args, const char *uuid, char **folder) {
    const char *const argv[] = {"box", "checkout", uuid};
    enum p1_exit e = ask(args, 3, argv, folder);
    char *end = *folder ? strchr(*folder, '\n') : NULL;
    if (end) *end = 0;
    return e;
}

const char *const served_endings[SERVED_FILES] = {".bel", ".bundle.json", ".notices", ".shares"};

void served_return(char *folder, const char *uuid) {
    for (size_t i = 0; i < SERVED_FILES; i++) {
        char *path = path_join(folder, "%s%s", uuid, served_endings[i]);
        (void)unlink(path);
        free(path);
    }
    (void)rmdir(folder);
    free(folder);
}

static enum p1_exit with_file(const struct args *args, const char *path, const char *shown, enum archive_mode mode,
                              int check, enum p1_exit (*work)(struct boxfile *f, const struct args *args)) {
    struct boxfile f;
    struct runner *r = runner_new();
    enum p1_exit e = boxfile_open(&f, path, mode, check, r);
    if (e == P1_EXIT_DONE) {
        f.shown = shown;
        e = work(&f, args);
        boxfile_close(&f);
    }
    pool_free(r);
    return e;
}

enum p1_exit with_box(const struct args *args, enum archive_mode mode, int check,
                      enum p1_exit (*work)(struct boxfile *f, const struct args *args)) {
    const char *uuid = args->files[0];
    char *folder;
    if (!args_get(args, "--data")) return with_file(args, uuid, uuid, mode, check, work);
    enum p1_exit e = served_checkout(args, uuid, &folder);
    if (e != P1_EXIT_DONE) {
        free(folder);
        return e;
    }
    char *path = path_join(folder, "%s.bel", uuid);
    const char *const argv[] = {"box", "go-on", uuid, folder};
    e = with_file(args, path, uuid, mode, check, work);
    if (e == P1_EXIT_DONE && mode == ARCHIVE_APPEND) e = served_ask(args, 4, argv);
    free(path);
    served_return(folder, uuid);
    return e;
}
