/* SPDX-License-Identifier: MIT */
/* What futures and groups of futures share. */
#ifndef BP_FUTURE_H
#define BP_FUTURE_H

#include "submit.h"

/* What it is in; read without the lock. */
static inline int future_state(const struct bpool_future *future)
{
	/* Acquire: pairs with the release in future_settle(). */
	return __atomic_load_n(&future->state, __ATOMIC_ACQUIRE);
}

/* -EBUSY if its last job is unsettled or a group has it to hand out. */
int bp_future_free(const struct bpool_future *future);

#endif
