// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The control socket (platform/control.h), with the commands of the platform and the stem-app, and one that says what it was given. Whatever is sent is
// answered with an exit code and a sentence, or not at all if it is no request. Inputs with a slash are left out: they could
// name files that are not ours.

#include <dirent.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "experiments/stem/inside.h"
#include "platform/control.h"
#include "tests/fuzz/served.h"

static char path[96];
static const struct served *served;
static struct control *control;

static int echo(void *arg, int argc, char **argv, FILE *out) {
    (void)arg;
    HOLDS(argc >= 0 && argc + 2 <= CONTROL_ARGS_MAX);
    for (int i = 0; i < argc; i++) (void)fwrite(argv[i], 1, strlen(argv[i]) + 1, out);
    return argc % 10;
}

static const struct control_verb echo_verbs[] = {{"say it", echo}, {NULL, NULL}};

static void stop(void) { control_stop(control); }

static void start(void) {
    static const struct control_verb *const lists[] = {platform_verbs, stem_verbs, echo_verbs};
    static void *args[3];
    served = served_start();
    args[0] = served->platform;
    args[1] = served->state;
    (void)snprintf(path, sizeof path, "%s/control", served->folder);
    control = control_start(path, lists, args, 3);
    HOLDS(control != NULL && atexit(stop) == 0);
}

// `box checkout` leaves a folder, whose path it says.
static void remove_folder(const char *name) {
    DIR *d = opendir(name);
    HOLDS(d != NULL);
    for (const struct dirent *e; (e = readdir(d));) {
        if (*e->d_name != '.') HOLDS(unlinkat(dirfd(d), e->d_name, 0) == 0);
    }
    closedir(d);
    HOLDS(rmdir(name) == 0);
}

static size_t ask(struct span in, char *answer, size_t room) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t n = 0;
    ssize_t got;
    memcpy(to.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    HOLDS(fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0);
    // It may be too long for the server, which then reads no further.
    (void)!send(fd, in.p, in.n, MSG_NOSIGNAL);
    (void)shutdown(fd, SHUT_WR);
    while ((got = read(fd, answer + n, room - n)) > 0 || (got < 0 && errno == EINTR)) n += got > 0 ? (size_t)got : 0;
    close(fd);
    return n;
}

void fuzz_one(struct span in) {
    static char answer[1 << 17];
    static const char echoed[] = "say\0it";
    if (!served) start();
    if (in.n == 0 || memchr(in.p, '/', in.n)) return;
    size_t n = ask(in, answer, sizeof answer - 1);
    answer[n] = 0;
    if (!n) { // no request: too long, or without its end
        HOLDS(in.n >= 16384 || in.p[in.n - 1] != 0);
        return;
    }
    HOLDS(n >= 2 && answer[0] >= '0' && answer[0] <= '9' && answer[1] == '\n');
    HOLDS(answer[0] == '0' || n > 2 || memcmp(in.p, echoed, 3) == 0); // who is refused is told why
    if (in.n >= sizeof echoed && memcmp(in.p, echoed, sizeof echoed) == 0 && answer[0] != '2')
        HOLDS(span_eq(span_of(answer + 2, n - 2), span_from(in, sizeof echoed)));
    if (strncmp(answer, "0\n/dev/shm/", 11) == 0) {
        answer[strcspn(answer + 2, "\n") + 2] = 0;
        remove_folder(answer + 2);
    }
}
