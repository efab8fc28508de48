/* SPDX-License-Identifier: MIT */
/* What gather shares with groups of futures. */
#ifndef BP_GROUP_H
#define BP_GROUP_H

#include "state.h"

/* Prepare a group of the pool. */
void bp_group_init(struct bpool_group *group, struct bpool *pool);

/*
 * With the pool's lock held, sleep until all that was submitted to the group
 * is finished; `sleeper` is prepared, `waits` names the group.  0, -ETIMEDOUT,
 * or -EDEADLK.
 */
int bp_group_rest(struct bpool_group *group, struct bp_sleeper *sleeper,
		  struct bp_waits *waits, const struct timespec *deadline);

#endif
