/* SPDX-License-Identifier: MIT */
/*
 * The limits of a run (--limit): semaphores of which each job holds a slot
 * while it runs, together with whoever else uses them.
 *
 * Jobs do not inherit a slot: it is free when the job has been reaped.  The
 * run is a user of each semaphore from begin to end, so the number of slots
 * stays.
 */
#ifndef SHARES_H
#define SHARES_H

#include <stdbool.h>
#include <stddef.h>

#include "limit.h"
#include "semaphore.h"

/*
 * A lock belongs to an open(), so each worker has its own of each semaphore.
 * All is fixed but `failing`, which is theirs whose turn at the gate it is.
 */
struct shares {
	struct limit *wanted; /* sorted; the names are the caller's */
	size_t n;
	struct semaphore *semaphores; /* n of each worker's */
	size_t opened;
	int stop_fd;
	bool failing; /* that has been said */
};

/*
 * Use the semaphores that the n of `wanted` name, with `workers` workers.  0 or
 * negative errno, which has been said unless it is -ECANCELED: `stop_fd` has
 * become readable.
 */
int shares_init(struct shares *shares, const struct limit *wanted, size_t n,
		unsigned workers, int stop_fd);
void shares_fini(struct shares *shares);

/*
 * Sleep until the worker has a slot of each; false: stopped.  One worker at a
 * time.  So a run stands in each line once, and is served there in its turn
 * among other runs and --sem, however many jobs it has to start.
 */
bool shares_take(struct shares *shares, unsigned worker);
void shares_leave(struct shares *shares, unsigned worker);

#endif
