/* SPDX-License-Identifier: MIT */
/*
 * Sleeping in a pool and being woken, each on a semaphore of one's own.
 *
 * Whoever wakes takes the sleeper off its list under the lock and posts after
 * unlocking.  Between the two the sleeper's time may run out: then it finds
 * itself off the list, knows that a token is due, and takes it before it goes;
 * so a wake-up is never lost to a time-out, and nobody posts to memory that
 * is gone.
 */
#ifndef BP_SLEEP_H
#define BP_SLEEP_H

#include "state.h"

/* Sleepers to post to once the lock is free.  Starts as {0}. */
struct bp_wakes {
	struct bp_sleeper *first;
};

/* Prepare one to sleep; -ENOMEM.  No lock needed. */
int bp_sleeper_init(struct bp_sleeper *sleeper);
void bp_sleeper_fini(struct bp_sleeper *sleeper);

/* Put it in front of `where`, a list head or member. */
void bp_sleeper_enlist(struct bp_sleeper *sleeper, struct bpool_link *where);

/*
 * With the lock held: give it up, sleep, take it again.  True if a token
 * came, false if the deadline did.
 */
bool bp_sleeper_rest(struct bpool *pool, struct bp_sleeper *sleeper,
		     const struct timespec *deadline);

/* Leave the list if still in it, and take what tokens are due. */
void bp_sleeper_leave(struct bpool *pool, struct bp_sleeper *sleeper);

/* Take `sleeper` off its list and promise it a token. */
void bp_sleeper_wake(struct bp_sleeper *sleeper, struct bp_wakes *wakes);

/* Promise it a token but leave it in its list: it should look again. */
void bp_sleeper_nudge(struct bp_sleeper *sleeper, struct bp_wakes *wakes);

/* Wake all in a list. */
void bp_sleepers_wake(struct bpool_link *list, struct bp_wakes *wakes);

/* A job with this seq ended: wake those for whom it was the last. */
void bp_sleepers_count(struct bpool_link *list, uint64_t seq,
		       struct bp_wakes *wakes);

/* See door_wake(). */
void bp_door_wake_first(struct bp_door *door, struct bp_wakes *wakes);

/* Wake the first at a door that there is `room` behind, unless one is on its
 * way. */
static inline void door_wake(struct bp_door *door, bool room,
			     struct bp_wakes *wakes)
{
	if (!list_empty(&door->sleepers) && room && !door->waking)
		bp_door_wake_first(door, wakes);
}

/* Wake the producer that lingers, if one does. */
static inline void linger_end(struct bpool *pool, struct bp_wakes *wakes)
{
	if (!pool->lingering)
		return;
	bp_sleeper_nudge(pool->lingering, wakes);
	pool->lingering = NULL;
}

/* The same once the workers have used up so much. */
static inline void linger_look(struct bpool *pool, struct bp_wakes *wakes)
{
	if (pool->lingering && pool->ready.len <= pool->lingers_until)
		linger_end(pool, wakes);
}

/* Wake all at a door who are there for this group (NULL: all). */
void bp_door_turn_away(struct bp_door *door, const struct bpool_group *group,
		       struct bp_wakes *wakes);

/* Unlock, then post what was promised. */
void bp_pool_unlock_post(struct bpool *pool, struct bp_wakes *wakes);

/* With the lock held, post what was promised, giving the lock up for it. */
static inline void pool_post(struct bpool *pool, struct bp_wakes *wakes)
{
	if (!wakes->first)
		return;
	bp_pool_unlock_post(pool, wakes);
	pool_lock(pool);
}

#endif
