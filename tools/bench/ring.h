/* SPDX-License-Identifier: MIT */
/* What the two plain rings have in common: threads that all do the same. */
#ifndef RING_H
#define RING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static pthread_t *ring_threads;
static unsigned ring_nthreads;

static inline void ring_join(void)
{
	for (unsigned i = 0; i < ring_nthreads; i++)
		pthread_join(ring_threads[i], NULL);
	free(ring_threads);
}

/* False: some cannot be had; those that were run on, for the program ends. */
static inline bool ring_start(unsigned n, void *(*fn)(void *arg))
{
	ring_threads = calloc(n, sizeof(*ring_threads));
	for (ring_nthreads = 0; ring_threads && ring_nthreads < n;
	     ring_nthreads++)
		if (pthread_create(&ring_threads[ring_nthreads], NULL, fn,
				   NULL))
			return false;
	return ring_threads;
}

#endif
