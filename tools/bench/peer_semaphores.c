/* SPDX-License-Identifier: MIT */
/* A plain ring, one mutex round it, and two semaphores that all wait on: one
 * counts the free places, the other what is ready. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "peer.h"
#include "ring.h"

static pthread_mutex_t lock;
static sem_t room, ready;
static void **ring;
static size_t size, head, tail;
static work_fn *work;

static char ending; /* its address, in place of an argument, ends a worker */

static void take(sem_t *sem)
{
	while (sem_wait(sem))
		if (errno != EINTR)
			abort();
}

static void *run(void *unused)
{
	void *arg;

	(void)unused;
	for (;;) {
		take(&ready);
		pthread_mutex_lock(&lock);
		arg = ring[head];
		head = head + 1 < size ? head + 1 : 0;
		pthread_mutex_unlock(&lock);
		sem_post(&room);
		if (arg == &ending)
			return NULL;
		work(arg);
	}
}

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	work = fn;
	size = capacity;
	head = tail = 0;
	ring = calloc(size, sizeof(*ring));
	return ring && !pthread_mutex_init(&lock, NULL) &&
	       !sem_init(&room, 0, (unsigned)size) && !sem_init(&ready, 0, 0) &&
	       ring_start(workers, run);
}

static void submit(void *arg)
{
	take(&room);
	pthread_mutex_lock(&lock);
	ring[tail] = arg;
	tail = tail + 1 < size ? tail + 1 : 0;
	pthread_mutex_unlock(&lock);
	sem_post(&ready);
}

static void end(void)
{
	for (unsigned i = 0; i < ring_nthreads; i++)
		submit(&ending);
	ring_join();
	sem_destroy(&ready);
	sem_destroy(&room);
	pthread_mutex_destroy(&lock);
	free(ring);
}

struct peer peer = { .begin = begin, .submit = submit, .end = end };
