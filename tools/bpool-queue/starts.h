/* SPDX-License-Identifier: MIT */
/*
 * When a job may start: not while its class is paused, and where that has a rate, with
 * a message in the stream that counts its starts.  That takes no more than so many, and
 * forgets each after the period: so there are no more starts than that in any such
 * time, over all workers, and the engine holds it.
 */
#ifndef STARTS_H
#define STARTS_H

#include <pthread.h>
#include <stdbool.h>

#include "terms.h"

struct starts {
	struct terms *terms;  /* fixed */
	pthread_mutex_t lock; /* held while one asks, for all others wait for the
			       * same; the terms' is taken under it */
	bool waits;	      /* that it cannot be asked was said */
};

void starts_init(struct starts *starts, struct terms *terms);

/* Sleep until a job may start: 0, or -ECANCELED where go_on(user) says no. */
int starts_wait(struct starts *starts, bool (*go_on)(void *user), void *user);

#endif
