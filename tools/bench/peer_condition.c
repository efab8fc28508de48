/* SPDX-License-Identifier: MIT */
/* The plainest ring there is: one mutex and two condition variables. */
#include <pthread.h>
#include <stdlib.h>

#include "peer.h"
#include "ring.h"

static pthread_mutex_t lock;
static pthread_cond_t room, ready;
static void **ring;
static size_t size, head, len;
static bool closed;
static work_fn *work;

static void *run(void *unused)
{
	void *arg;

	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		while (len == 0 && !closed)
			pthread_cond_wait(&ready, &lock);
		if (len == 0)
			break;
		arg = ring[head];
		head = head + 1 < size ? head + 1 : 0;
		len--;
		pthread_cond_signal(&room);
		pthread_mutex_unlock(&lock);
		work(arg);
		pthread_mutex_lock(&lock);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static bool begin(unsigned workers, size_t capacity, work_fn *fn)
{
	work = fn;
	size = capacity;
	head = len = 0;
	closed = false;
	ring = calloc(size, sizeof(*ring));
	return ring && !pthread_mutex_init(&lock, NULL) &&
	       !pthread_cond_init(&room, NULL) &&
	       !pthread_cond_init(&ready, NULL) && ring_start(workers, run);
}

static void submit(void *arg)
{
	pthread_mutex_lock(&lock);
	while (len == size)
		pthread_cond_wait(&room, &lock);
	ring[(head + len++) % size] = arg;
	pthread_cond_signal(&ready);
	pthread_mutex_unlock(&lock);
}

static void end(void)
{
	pthread_mutex_lock(&lock);
	closed = true;
	pthread_cond_broadcast(&ready);
	pthread_mutex_unlock(&lock);
	ring_join();
	pthread_cond_destroy(&ready);
	pthread_cond_destroy(&room);
	pthread_mutex_destroy(&lock);
	free(ring);
}

struct peer peer = { .begin = begin, .submit = submit, .end = end };
