// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// accept4() and the credentials of a socket's other end
#define _GNU_SOURCE // NOLINT(bugprone-reserved-identifier)

#include "platform/control.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { REQUEST_MAX = 16384, REQUEST_SECONDS = 10, REFUSED = 2 };

struct control {
    int fd, stop[2]; // a byte in the pipe ends the thread
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
    const struct control_verb *const *verbs;
    void *const *args;
    size_t lists;
    pthread_t thread;
};

static int address(struct sockaddr_un *a, const char *path) {
    *a = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof a->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(a->sun_path, path, strlen(path) + 1);
    return 0;
}

// ---- server ----

static int is_allowed(int fd) {
    struct ucred who;
    socklen_t n = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && (who.uid == 0 || who.uid == geteuid());
}

// The whole request; -1 if it is too long, does not end in time, or does not end with a NUL.
static ssize_t read_request(int fd, char request[REQUEST_MAX]) {
    const struct timeval patience = {.tv_sec = REQUEST_SECONDS};
    size_t n = 0;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (n < REQUEST_MAX) {
        ssize_t got = read(fd, request + n, REQUEST_MAX - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) return n && request[n - 1] == 0 ? (ssize_t)n : -1;
        n += (size_t)got;
    }
    return -1;
}

static const struct control_verb *find_verb(const struct control *c, int argc, char **argv, void **arg) {
    char name[64];
    if (argc < 2) return NULL;
    (void)snprintf(name, sizeof name, "%s %s", argv[0], argv[1]);
    for (size_t i = 0; i < c->lists; i++) {
        for (const struct control_verb *v = c->verbs[i]; v->name; v++) {
            *arg = c->args[i];
            if (strcmp(v->name, name) == 0) return v;
        }
    }
    return NULL;
}

static int answer(const struct control *c, char *request, size_t n, FILE *out) {
    char *argv[CONTROL_ARGS_MAX];
    int argc = 0;
    void *arg = NULL;
    for (char *p = request; p < request + n; p += strlen(p) + 1) {
        if (argc == CONTROL_ARGS_MAX) {
            fputs("the server does not take as many words in one command\n", out);
            return REFUSED;
        }
        argv[argc++] = p;
    }
    const struct control_verb *v = find_verb(c, argc, argv, &arg);
    if (v) return v->handle(arg, argc - 2, argv + 2, out);
    fputs("the server does not know this command: is it of another version?\n", out);
    return REFUSED;
}

static void send_all(int fd, const char *text, size_t n) {
    while (n) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return; // the client has gone; what it asked for is done
        text += sent;
        n -= (size_t)sent;
    }
}

static void serve_one(const struct control *c, int fd) {
    char *request = malloc(REQUEST_MAX), *text = NULL, code[3];
    size_t text_n = 0;
    ssize_t n = request && is_allowed(fd) ? read_request(fd, request) : -1;
    FILE *out = n > 0 ? open_memstream(&text, &text_n) : NULL;
    if (out) {
        int status = answer(c, request, (size_t)n, out);
        (void)fclose(out);
        (void)snprintf(code, sizeof code, "%d\n", status >= 0 && status <= 9 ? status : REFUSED);
        send_all(fd, code, 2);
        send_all(fd, text, text_n);
    }
    free(text);
    free(request);
}

static void *serve(void *arg) {
    const struct control *c = arg;
    for (;;) {
        struct pollfd p[2] = {{.fd = c->fd, .events = POLLIN}, {.fd = c->stop[0], .events = POLLIN}};
        if (poll(p, 2, -1) < 0 && errno != EINTR) return NULL;
        if (p[1].revents) return NULL;
        if (!(p[0].revents & POLLIN)) continue;
        int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) continue;
        serve_one(c, fd);
        close(fd);
    }
}

static int listen_at(const char *path) {
    struct sockaddr_un a;
    if (address(&a, path)) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    (void)unlink(path); // of a server that was killed: the data folder is locked, so nobody listens there
    mode_t old = umask(0177);
    int bad = bind(fd, (const struct sockaddr *)&a, sizeof a) || listen(fd, 8);
    umask(old);
    if (!bad) return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

struct control *control_start(const char *path, const struct control_verb *const *verbs, void *const *args,
                              size_t lists) {
    struct control *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    *c = (struct control){.fd = listen_at(path), .stop = {-1, -1}, .verbs = verbs, .args = args, .lists = lists};
    if (c->fd >= 0 && pipe(c->stop) == 0) {
        memcpy(c->path, path, strlen(path) + 1);
        errno = pthread_create(&c->thread, NULL, serve, c);
        if (errno == 0) return c;
    }
    int why = errno;
    if (c->fd >= 0) close(c->fd);
    if (c->stop[0] >= 0) close(c->stop[0]);
    if (c->stop[1] >= 0) close(c->stop[1]);
    free(c);
    errno = why;
    return NULL;
}

void control_stop(struct control *c) {
    if (!c) return;
    (void)!write(c->stop[1], "", 1);
    pthread_join(c->thread, NULL);
    (void)unlink(c->path);
    close(c->fd);
    close(c->stop[0]);
    close(c->stop[1]);
    free(c);
}

// ---- client ----

static int read_answer(int fd, FILE *out) {
    char text[4096];
    int status = -1;
    for (size_t at = 0;;) {
        ssize_t n = read(fd, text, sizeof text);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        for (ssize_t i = 0; i < n; i++, at++) {
            if (at == 0) status = text[i] - '0';
            if (at > 1) fputc(text[i], out);
        }
    }
    if (status < 0) errno = EPROTO;
    return status;
}

int control_ask(const char *path, int argc, const char *const *argv, FILE *out) {
    struct sockaddr_un a;
    if (address(&a, path)) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int status = -1;
    if (connect(fd, (const struct sockaddr *)&a, sizeof a) == 0) {
        for (int i = 0; i < argc; i++) send_all(fd, argv[i], strlen(argv[i]) + 1);
        (void)shutdown(fd, SHUT_WR);
        status = read_answer(fd, out);
    }
    int why = errno;
    close(fd);
    errno = why;
    return status;
}
