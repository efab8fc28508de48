/* SPDX-License-Identifier: MIT */
/*
 * A pool that is measured: each is one file that says how the work of work.c is
 * handed to it, and one program of the two.
 *
 * What the pool is given at most before it has run it is `capacity`; one that has
 * no bound of its own is given one (bound.h), for memory that grows with the work
 * would be another promise.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void work_fn(void *arg);

struct peer {
	bool one_producer; /* nobody but who began it may submit */
	unsigned most;	   /* workers; 0: as many as there may be */

	/* What is submitted is on terms of its own from now on; false: it knows
	 * none of that name.  NULL: it knows none. */
	bool (*on_terms)(const char *name);
	/* Workers that run fn; false: they cannot be had. */
	bool (*begin)(unsigned workers, size_t capacity, work_fn *fn);
	/* Sleeps while there is no room. */
	void (*submit)(void *arg);
	/* Wait until all has run, and destroy it. */
	void (*end)(void);
	/* Run all of n elements of `args`, each of `size` bytes, and know then
	 * that all have; NULL: by submit() and end(). */
	void (*gather)(void *args, size_t size, size_t n);
};

extern struct peer peer;

#ifdef __cplusplus
}
#endif

#endif
