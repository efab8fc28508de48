/* SPDX-License-Identifier: MIT */
/*
 * A slot more or fewer while the run goes on: SIGUSR1 and SIGUSR2, as long as
 * there is a worker for it, and one at least.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include <boundpool.h>
#include <signal.h>

#include "fds.h"
#include "options.h"

struct slots;

/*
 * Wait for those of the signals that are in `signals`, which every thread has
 * blocked, on a thread of its own; none in it is fine.  The rest must outlive
 * it.  0 or negative errno.
 */
int slots_create(struct slots **slots, const sigset_t *signals,
		 struct bpool *pool, const struct options *options,
		 struct fds *fds);

/* Before the pool.  NULL is fine. */
void slots_destroy(struct slots *slots);

#endif
