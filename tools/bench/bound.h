/* SPDX-License-Identifier: MIT */
/* A bound for a pool that has none: its users take a place and give it back. */
#ifndef BOUND_H
#define BOUND_H

#include <errno.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdlib.h>

static sem_t bound_places;
static size_t bound_capacity;

static inline void bound_begin(size_t capacity)
{
	bound_capacity = capacity;
	if (sem_init(&bound_places, 0, (unsigned)capacity))
		abort();
}

static inline void bound_take(void)
{
	while (sem_wait(&bound_places))
		if (errno != EINTR)
			abort();
}

static inline void bound_give(void)
{
	if (sem_post(&bound_places))
		abort();
}

/* All have run. */
static inline void bound_end(void)
{
	for (size_t i = 0; i < bound_capacity; i++)
		bound_take();
	sem_destroy(&bound_places);
}

#endif
