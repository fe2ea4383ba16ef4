// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/wipe.h"

enum { THREADS_MAX = 256 };

struct pool {
    struct runner runner;
    pthread_mutex_t lock;
    pthread_cond_t work_comes, all_done;
    pthread_t thread[THREADS_MAX];
    unsigned threads, busy;
    unsigned long round; // counts the lists of tasks
    int stop;

    _Atomic size_t next;
    size_t n;
    runner_task *task;
    void *arg;
};

static void take_tasks(struct pool *p, struct work *w) {
    for (size_t i; (i = p->next++) < p->n;) p->task(p->arg, i, w);
}

static void *thread_main(void *arg) {
    struct pool *p = arg;
    struct work *w = calloc(1, sizeof *w);
    unsigned long seen = 0;
    pthread_mutex_lock(&p->lock);
    while (!p->stop) {
        if (p->round == seen) {
            pthread_cond_wait(&p->work_comes, &p->lock);
            continue;
        }
        seen = p->round;
        pthread_mutex_unlock(&p->lock);
        if (w) take_tasks(p, w); // without memory, the others do it all
        pthread_mutex_lock(&p->lock);
        if (--p->busy == 0) pthread_cond_signal(&p->all_done);
    }
    pthread_mutex_unlock(&p->lock);
    if (w) wipe(w, sizeof *w);
    free(w);
    return NULL;
}

static void pool_run(struct runner *r, size_t n, runner_task *task, void *arg) {
    struct pool *p = (struct pool *)r;
    if (n == 0) return;
    pthread_mutex_lock(&p->lock);
    p->n = n;
    p->task = task;
    p->arg = arg;
    p->next = 0;
    p->busy = p->threads;
    p->round++;
    pthread_cond_broadcast(&p->work_comes);
    pthread_mutex_unlock(&p->lock);
    take_tasks(p, r->work);
    pthread_mutex_lock(&p->lock);
    while (p->busy) pthread_cond_wait(&p->all_done, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

struct runner *pool_new(unsigned threads) {
    struct pool *p = calloc(1, sizeof *p);
    if (p) p->runner.work = calloc(1, sizeof *p->runner.work);
    if (!p || !p->runner.work) {
        free(p);
        return NULL;
    }
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (threads == 0) threads = cores > 0 ? (unsigned)cores : 1;
    if (threads > THREADS_MAX) threads = THREADS_MAX;
    p->runner.run = pool_run;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work_comes, NULL);
    pthread_cond_init(&p->all_done, NULL);
    // The calling thread is one of them.
    while (p->threads + 1 < threads && pthread_create(&p->thread[p->threads], NULL, thread_main, p) == 0) p->threads++;
    return &p->runner;
}

void pool_free(struct runner *r) {
    struct pool *p = (struct pool *)r;
    pthread_mutex_lock(&p->lock);
    p->stop = 1;
    pthread_cond_broadcast(&p->work_comes);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->threads; i++) pthread_join(p->thread[i], NULL);
    pthread_cond_destroy(&p->all_done);
    pthread_cond_destroy(&p->work_comes);
    pthread_mutex_destroy(&p->lock);
    wipe(r->work, sizeof *r->work);
    free(r->work);
    free(p);
}
