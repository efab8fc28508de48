/* SPDX-License-Identifier: MIT */
#include "job.h"

#include <string.h>

#define FREE_ENOUGH 1024u

int bp_future_free(const struct bpool_future *future)
{
	int state = future_state(future);

	if (state == FUTURE_IDLE)
		return 0;
	if (future->generation != bp_generation)
		return -ECHILD;
	return state != FUTURE_UNSETTLED && !future->group ? 0 : -EBUSY;
}

void bp_worker_wake(struct bpool *pool, struct bp_wakes *wakes)
{
	if (pool->worker_waking || pool->ready.len == 0 ||
	    list_empty(&pool->idle))
		return;
	pool->worker_waking = true;
	bp_sleeper_wake(bp_container(pool->idle.next, struct bp_sleeper, link),
			wakes);
}

void bp_producer_wake(struct bpool *pool, struct bp_wakes *wakes)
{
	struct bp_sleeper *first;

	if (list_empty(&pool->producers) || pool->producer_waking ||
	    !pool_has_room(pool))
		return;
	pool->producer_waking = true;
	first = bp_container(pool->producers.next, struct bp_sleeper, link);
	first->kept = true;
	bp_sleeper_wake(first, wakes);
}

/*
 * In turn, so that neighbours in time are neighbours in memory.  Those that
 * were never used cost no memory yet, and are left alone once enough others
 * are free.
 */
static uint32_t record_take(struct bpool *pool)
{
	uint32_t id;

	if (pool->fresh < pool->max_in_flight && pool->free.len < FREE_ENOUGH)
		return pool->fresh++;
	BP_BUG_ON(pool->free.len == 0);
	id = ring_first(&pool->free);
	ring_remove(&pool->free, id);
	return id;
}

static void future_accept(struct bpool_future *future, struct bpool *pool,
			  struct bpool_group *group, uint32_t id)
{
	future->pool = pool;
	future->group = group;
	future->generation = pool->generation;
	future->record = id;
	list_init(&future->waiting);
	/* Release: whoever sees it sees what is above. */
	__atomic_store_n(&future->state, FUTURE_UNSETTLED, __ATOMIC_RELEASE);
}

/*
 * Those who sleep in bpool_group_next() inside a job look again: a job of the
 * group became ready, which they may run, or another took the future that
 * they could count on.  Who waits for the whole group never waits for a job
 * that came after.
 */
static void group_nudge(struct bpool_group *group, struct bp_wakes *wakes)
{
	struct bpool_link *link = group->collecting.next;

	for (; link != &group->collecting; link = link->next) {
		struct bp_sleeper *sleeper =
			bp_container(link, struct bp_sleeper, link);

		if (sleeper->helps)
			bp_sleeper_nudge(sleeper, wakes);
	}
}

static void extra_accept(struct bpool *pool, uint32_t id,
			 const struct bp_request *request,
			 struct bp_wakes *wakes)
{
	struct bp_extra *extra = &pool->extras[id];
	struct bpool_group *group = request->group;

	extra->future = request->future;
	extra->group = group;
	extra->number = id;
	extra->worker = BP_NONE;
	if (request->nbytes > 0) {
		memcpy(extra->copy.args, request->args, request->nbytes);
		pool->records[id].arg = extra->copy.args;
	} else {
		extra->copy.index = request->index;
	}
	if (request->future)
		future_accept(request->future, pool, group, id);
	if (!group)
		return;
	/* Relaxed: bpool_group_fini() reads it without the lock, and only a
	 * decrease has something to tell. */
	__atomic_store_n(&group->unfinished, group->unfinished + 1,
			 __ATOMIC_RELAXED);
	list_insert(&group->ready, &extra->in_group);
	group_nudge(group, wakes);
}

void bp_job_accept(struct bpool *pool, const struct bp_request *request,
		   struct bp_wakes *wakes)
{
	uint32_t id = record_take(pool);
	struct bp_record *record = &pool->records[id];

	record->fn = request->fn;
	record->arg = request->arg;
	record->seq = ++pool->submitted;
	record->extra = request->future || request->group || request->nbytes;
	if (++pool->in_flight > pool->in_flight_peak)
		pool->in_flight_peak = pool->in_flight;
	ring_push(&pool->ready, id);
	if (record->extra)
		extra_accept(pool, id, request, wakes);
	bp_worker_wake(pool, wakes);
}

void bp_job_start(struct bpool *pool, uint32_t id, uint32_t worker,
		  uint32_t depth)
{
	struct bp_extra *extra = &pool->extras[id];

	ring_remove(&pool->ready, id);
	if (!pool->records[id].extra)
		return;
	extra->worker = worker;
	extra->depth = depth;
	if (extra->group) {
		list_remove(&extra->in_group);
		list_insert(&extra->group->running, &extra->in_group);
	}
}

void bp_group_note(struct bpool_group *group, size_t index, int result)
{
	if (group->results)
		group->results[index] = result;
	if (result < 0 &&
	    (group->first_error == 0 || index < group->first_error_index)) {
		group->first_error = result;
		group->first_error_index = index;
	}
}

/* Hand the future to who sleeps in bpool_group_next(), or keep it for one. */
static void group_hand_out(struct bpool_group *group,
			   struct bpool_future *future, struct bp_wakes *wakes)
{
	if (!list_empty(&group->collecting)) {
		struct bp_sleeper *sleeper = bp_container(
			group->collecting.next, struct bp_sleeper, link);

		sleeper->future = future;
		future->group = NULL;
		bp_sleeper_wake(sleeper, wakes);
		group_nudge(group, wakes);
		return;
	}
	future->next = NULL;
	if (group->done)
		group->done_last->next = future;
	else
		group->done = future;
	group->done_last = future;
}

static void group_tell(struct bpool *pool, const struct bp_extra *extra,
		       int result, struct bp_wakes *wakes)
{
	struct bpool_group *group = extra->group;

	bp_group_note(group, extra->future ? 0 : extra->copy.index, result);
	if (extra->future)
		group_hand_out(group, extra->future, wakes);
	bp_sleepers_count(&group->waiting, pool->records[extra->number].seq,
			  wakes);
	if (result < 0 && (group->flags & BPOOL_CANCEL_ON_ERROR) &&
	    !group->cancelled)
		bp_jobs_cancel_group(pool, group, wakes);
	/* Nothing more will come: those who collect hear it. */
	if (group->unfinished == 1)
		bp_sleepers_wake(&group->collecting, wakes);
}

/* The last store to the group: at 0 its owner may be gone with it. */
static void group_release(struct bpool_group *group)
{
	/* Release: pairs with the acquire in bpool_group_fini(). */
	__atomic_store_n(&group->unfinished, group->unfinished - 1,
			 __ATOMIC_RELEASE);
}

/* The last store frees the future's memory: its owner may be looking on
 * without the lock. */
static void future_settle(struct bpool_future *future, int result, bool ran,
			  struct bp_wakes *wakes)
{
	struct bpool_link *list = &future->waiting;
	int state = ran ? FUTURE_DONE : FUTURE_CANCELLED;

	while (!list_empty(list)) {
		struct bp_sleeper *sleeper =
			bp_container(list->next, struct bp_sleeper, link);

		/* Once it is awake the future may be used for another job. */
		sleeper->state = state;
		sleeper->result = result;
		bp_sleeper_wake(sleeper, wakes);
	}
	future->result = result;
	/* Release: pairs with the acquire in future_state(), so that the
	 * result and all that the job wrote are visible. */
	__atomic_store_n(&future->state, state, __ATOMIC_RELEASE);
}

static void extra_settle(struct bpool *pool, struct bp_extra *extra, int result,
			 bool ran, struct bp_wakes *wakes)
{
	if (extra->group) {
		list_remove(&extra->in_group);
		group_tell(pool, extra, result, wakes);
	}
	if (extra->future)
		future_settle(extra->future, result, ran, wakes);
	if (extra->group)
		group_release(extra->group);
}

void bp_job_settle(struct bpool *pool, uint32_t id, int result, bool ran,
		   struct bp_wakes *wakes)
{
	struct bp_record *record = &pool->records[id];

	pool->in_flight--;
	if (!ran)
		pool->cancelled++;
	else
		pool->finished++;
	if (ran && result < 0)
		pool->failed++;
	bp_sleepers_count(&pool->waiting, record->seq, wakes);
	if (record->extra)
		extra_settle(pool, &pool->extras[id], result, ran, wakes);
	ring_push(&pool->free, id);
	bp_producer_wake(pool, wakes);
}

/* Those who sleep in bpool_group_async() hear that it is in vain. */
static void producers_wake(struct bpool *pool, const struct bpool_group *group,
			   struct bp_wakes *wakes)
{
	struct bpool_link *link = pool->producers.next;

	while (link != &pool->producers) {
		struct bp_sleeper *sleeper =
			bp_container(link, struct bp_sleeper, link);

		link = link->next;
		if (sleeper->group == group)
			bp_sleeper_wake(sleeper, wakes);
	}
}

void bp_jobs_cancel_group(struct bpool *pool, struct bpool_group *group,
			  struct bp_wakes *wakes)
{
	/* Relaxed: bpool_cancelled() is advice, and orders nothing. */
	__atomic_store_n(&group->cancelled, 1, __ATOMIC_RELAXED);
	producers_wake(pool, group, wakes);
	while (!list_empty(&group->ready)) {
		uint32_t id = bp_container(group->ready.next, struct bp_extra,
					   in_group)
				      ->number;

		ring_remove(&pool->ready, id);
		bp_job_settle(pool, id, -ECANCELED, false, wakes);
	}
}

void bp_jobs_cancel_all(struct bpool *pool, struct bp_wakes *wakes)
{
	while (pool->ready.len > 0) {
		uint32_t id = ring_first(&pool->ready);

		ring_remove(&pool->ready, id);
		bp_job_settle(pool, id, -ECANCELED, false, wakes);
	}
}
