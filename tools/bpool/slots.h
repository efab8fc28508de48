/* SPDX-License-Identifier: MIT */
/*
 * A slot more or fewer while the run goes on, as long as there is a worker for
 * it, and one at least.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include <boundpool.h>
#include <stdbool.h>

#include "options.h"
#include "tally.h"

struct slots {
	struct bpool *pool;
	const struct options *options;
	unsigned workers, now;
};

/* As many as the pool has workers.  Both must outlive it. */
void slots_init(struct slots *slots, struct bpool *pool,
		const struct options *options);

/* By one; `slots` is a struct slots, in use by no other thread meanwhile. */
void slots_change(void *slots, bool more);

/* Tell the tally what became of the limit, and of pauses.  Any thread. */
void slots_tell(const struct slots *slots, struct tally *tally);

#endif
