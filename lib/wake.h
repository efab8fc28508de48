/* SPDX-License-Identifier: MIT */
/* Whom a change of the pool concerns.  With its lock held; nothing sleeps. */
#ifndef BP_WAKE_H
#define BP_WAKE_H

#include "help.h"
#include "key.h"

/* There is a time to wait for, and no worker does. */
static inline bool time_unkept(const struct bpool *pool)
{
	return pool->schedule.timers.first && !pool->timekeeper;
}

/* Nothing is there to do for those at rest, and nothing will be. */
static inline bool pool_is_done(const struct bpool *pool)
{
	return pool->closed && pool->ready.len == 0 &&
	       pool->schedule.waiting == 0 && pool->may_return == 0;
}

/* See worker_wake(). */
void bp_idle_wake(struct bpool *pool, struct bp_wakes *wakes);

/* Wake one idle worker, unless one is on its way or there is nothing to do. */
static inline void worker_wake(struct bpool *pool, struct bp_wakes *wakes)
{
	if (pool->waking == 0 && !list_empty(&pool->idle))
		bp_idle_wake(pool, wakes);
}

/* The schedule was changed: wake whom that concerns. */
void bp_schedule_changed(struct bpool *pool, struct bp_wakes *wakes);

#endif
