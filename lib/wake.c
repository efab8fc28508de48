/* SPDX-License-Identifier: MIT */
#include "wake.h"

void bp_idle_wake(struct bpool *pool, struct bp_wakes *wakes)
{
	if (pool->ready.len == 0 && !time_unkept(pool) && !pool_is_done(pool))
		return;
	pool->waking++;
	bp_sleeper_wake(bp_container(pool->idle.next, struct bp_sleeper, link),
			wakes);
}

void bp_schedule_changed(struct bpool *pool, struct bp_wakes *wakes)
{
	worker_wake(pool, wakes);
	if (pool->timekeeper &&
	    schedule_due(&pool->schedule) < pool->timekeeper_until)
		bp_sleeper_nudge(&pool->timekeeper->idle, wakes);
	bp_helpers_look(pool, wakes);
	bp_limits_let_in(pool, wakes);
}
