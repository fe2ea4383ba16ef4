// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1 follow: rounds over all elections of a server.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "cli/boxfile.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/follow.h"
#include "cli/text.h"
#include "platform/log.h"

enum { LIST_MAX = 16 << 20, EVERY_S = 10, BACKOFF_MAX_S = 600 };

// ---- the elections ----

// The elections that the server names: *LIST is to be released.
static enum follow_end ask_list(struct follow *f, json_t **list) {
    struct buf text = {0};
    char *url = path_join(f->base, "v1/elections");
    enum follow_end end = follow_get(f, url, LIST_MAX, &text);
    json_t *j = end == FOLLOW_DONE
                    ? json_loadb(text.p ? (const char *)text.p : "", text.n, JSON_REJECT_DUPLICATES, NULL)
                    : NULL;
    *list = json_incref(json_object_get(j, "elections"));
    if (end == FOLLOW_ABSENT || (end == FOLLOW_DONE && !json_is_array(*list)))
        end = follow_alarm(f, "", "this is not the list of elections of a Plus1 server");
    json_decref(j);
    free(text.p);
    free(url);
    return end;
}

static int is_named(const json_t *list, const char *uuid) {
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item) {
        const char *said = json_string_value(json_object_get(item, "uuid"));
        if (said && strcmp(said, uuid) == 0) return 1;
    }
    return 0;
}

static void worse(enum follow_end *worst, enum follow_end end) {
    if (end > *worst) *worst = end;
}

// An election of which there is a copy here must still be there.
static void check_gone(struct follow *f, const json_t *list, enum follow_end *worst) {
    DIR *d = opendir(f->folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        size_t n = strlen(e->d_name);
        if (n < 5 || strcmp(e->d_name + n - 4, ".bel") != 0) continue;
        char *uuid = text_copy(span_of(e->d_name, n - 4));
        if (!is_named(list, uuid)) worse(worst, follow_alarm(f, uuid, "the server shows this election no longer"));
        free(uuid);
    }
    if (d) closedir(d);
}

static enum follow_end follow_round(struct follow *f) {
    json_t *list;
    size_t i;
    const json_t *item;
    enum follow_end worst = ask_list(f, &list);
    if (worst == FOLLOW_DONE) {
        json_array_foreach(list, i, item) {
            const char *uuid = json_string_value(json_object_get(item, "uuid"));
            if (f->stop) break;
            if (!uuid || uuid_check(span_str(uuid)) != P1_OK)
                worse(&worst, follow_alarm(f, "", "the server names an election that cannot be one"));
            else
                worse(&worst, follow_election(f, uuid));
        }
        if (!f->stop) check_gone(f, list, &worst);
    }
    json_decref(list);
    return worst;
}

// ---- the service ----

static struct follow *following;

static void stop(int number) {
    (void)number;
    following->stop = 1;
}

static void wait_s(const struct follow *f, unsigned seconds) {
    for (unsigned i = 0; i < seconds * 10 && !f->stop; i++) {
        const struct timespec tick = {.tv_nsec = 100000000};
        (void)nanosleep(&tick, NULL);
    }
}

static enum p1_exit run(struct follow *f, int once, unsigned every) {
    static const enum p1_exit exits[] = {[FOLLOW_DONE] = P1_EXIT_DONE,
                                         [FOLLOW_ABSENT] = P1_EXIT_DONE,
                                         [FOLLOW_LATER] = P1_EXIT_UNREADABLE,
                                         [FOLLOW_ALARM] = P1_EXIT_REFUSED};
    enum follow_end worst = FOLLOW_DONE;
    unsigned backoff = 1;
    do {
        enum follow_end end = follow_round(f);
        worse(&worst, end == FOLLOW_LATER && !once ? FOLLOW_DONE : end); // a service tries again
        if (once || f->stop) break;
        wait_s(f, end == FOLLOW_LATER ? backoff : every);
        backoff = end == FOLLOW_LATER ? backoff * 2 : 1;
        if (backoff > BACKOFF_MAX_S) backoff = BACKOFF_MAX_S;
    } while (!f->stop);
    return exits[worst];
}

static enum p1_exit take_folder(const char *folder, int *lock) {
    enum p1_exit e = folder_make(folder);
    if (e != P1_EXIT_DONE) return e;
    char *path = path_join(folder, "lock");
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*lock < 0)
        e = refuse(P1_EXIT_UNREADABLE, "%s cannot be used: %s", folder, strerror(errno));
    else if (flock(*lock, LOCK_EX | LOCK_NB))
        e = refuse(P1_EXIT_REFUSED, "another plus1 follow writes in %s", folder);
    free(path);
    return e;
}

static enum p1_exit follow(const struct args *args) {
    unsigned long every = EVERY_S;
    const char *url = args->files[0];
    int lock = -1;
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return refuse(P1_EXIT_USAGE, "give the address of the server, https://HOST");
    enum p1_exit e = args_number(args, "--every", 1, 86400, &every);
    if (e == P1_EXIT_DONE) e = take_folder(args_get(args, "--out"), &lock);
    if (e == P1_EXIT_DONE) {
        size_t n = strlen(url);
        while (n && url[n - 1] == '/') n--;
        struct follow f = {
            .base = text_copy(span_of(url, n)), .folder = args_get(args, "--out"), .runner = runner_new()};
        const struct sigaction ends = {.sa_handler = stop};
        following = &f;
        sigaction(SIGTERM, &ends, NULL);
        sigaction(SIGINT, &ends, NULL);
        e = run(&f, args_get(args, "--once") != NULL, (unsigned)every);
        free(f.base);
        pool_free(f.runner);
    }
    if (lock >= 0) close(lock);
    return e;
}

const struct command command_follow = {
    "follow",
    "",
    "--out!=FOLDER --once --every=SECONDS URL",
    "Keeps a second copy of all elections of a server, verified as it grows: on another computer, best of another "
    "municipality.\n"
    "It says so when the server shows another history than before, takes something back, or is not right. Until Ctrl-C "
    "or "
    "SIGTERM, with a line in the log for each change; --once looks once.\n"
    "Exit: 1 if there was such an alarm, 2 if --once got no answer.",
    "plus1 follow --out /mnt/mirror https://stem.example.nl",
    follow};
