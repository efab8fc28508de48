/* SPDX-License-Identifier: MIT */
/*
 * A job that waits for others of its pool holds a worker.  If every worker
 * did that, nobody would be left to run what they wait for.  So a waiting job
 * first runs, on the spot, what it waits for and has not started; only that,
 * so that the stack grows with the nesting of the caller's own calls and not
 * with whatever stands in the ring.
 *
 * What is left is running on other workers.  Resting is safe as long as it
 * will end without us.  A job ends if the waits from it upwards on its
 * worker's stack end; a wait ends if it has been told, has a deadline, or each
 * job it waits for (or one, where any will do) is ready or ends.  So what is
 * to be known of a worker is the depth of the innermost wait on its stack
 * that does not end; the least such depths are found by repetition.  A wait
 * that does not end is refused.  Every wait is asked before it rests, and
 * again when somebody took what it could count on, so whoever closes a circle
 * is told.
 */
#include "run.h"

#include "call.h"
#include "clock.h"

_Thread_local struct bp_worker *bp_self;

struct bp_worker *bp_worker_in_job(const struct bpool *pool)
{
	struct bp_worker *self = bp_self;

	return self && self->pool == pool && self->depth > 0 ? self : NULL;
}

int bp_element_run(struct bp_worker *worker, bpool_fn *fn, void *arg,
		   const struct bpool_group *group)
{
	struct bp_frame frame = { .group = group, .outer = worker->frame };
	int result;

	worker->frame = &frame;
	worker->depth++;
	result = bp_call(fn, arg);
	worker->depth--;
	worker->frame = frame.outer;
	return result;
}

void bp_job_run(struct bp_worker *worker, uint32_t id, struct bp_wakes *wakes)
{
	struct bpool *pool = worker->pool;
	const struct bp_record *record = &pool->records[id];
	const struct bpool_group *group = record->extra ? pool->extras[id].group
							: NULL;
	bool outermost = worker->depth == 0;
	int result;

	bp_job_start(pool, id, worker->number, worker->depth + 1);
	pool->running += outermost;
	if (outermost)
		worker->running = id;
	bp_pool_unlock_post(pool, wakes);
	result = bp_element_run(worker, record->fn, record->arg, group);
	pool_lock(pool);
	pool->running -= outermost;
	bp_job_settle(pool, id, result, true, wakes);
}

/* The last seq that a wait for a whole group covers. */
static uint64_t waits_last(const struct bp_waits *waits)
{
	return waits->sleeper && !waits->any ? waits->sleeper->last
					     : UINT64_MAX;
}

uint32_t bp_help_find(const struct bpool *pool, const struct bp_waits *waits)
{
	uint32_t id;

	if (waits->future) {
		id = waits->future->record;
		return pool->extras[id].worker == BP_NONE ? id : BP_NONE;
	}
	if (list_empty(&waits->group->ready))
		return BP_NONE;
	/* The first is the oldest. */
	id = bp_container(waits->group->ready.next, struct bp_extra, in_group)
		     ->number;
	return pool->records[id].seq <= waits_last(waits) ? id : BP_NONE;
}

static bool record_ends(const struct bpool *pool, const struct bp_extra *extra,
			uint32_t waiter, const struct bp_waits *waits)
{
	if (extra->worker == BP_NONE)
		return true;
	if (extra->worker == waiter)
		return extra->depth > waits->depth;
	return extra->depth > pool->workers[extra->worker].stuck;
}

static bool group_ends(const struct bpool *pool, uint32_t waiter,
		       const struct bp_waits *waits)
{
	const struct bpool_link *head = &waits->group->running;
	uint64_t last = waits_last(waits);

	if (waits->any && !list_empty(&waits->group->ready))
		return true;
	for (const struct bpool_link *link = head->next; link != head;
	     link = link->next) {
		const struct bp_extra *extra =
			bp_container(link, struct bp_extra, in_group);
		bool ends = record_ends(pool, extra, waiter, waits);

		if (waits->any && ends)
			return true;
		if (!waits->any && !ends &&
		    pool->records[extra->number].seq <= last)
			return false;
	}
	return !waits->any;
}

static bool waits_end(const struct bpool *pool, uint32_t waiter,
		      const struct bp_waits *waits)
{
	if (waits->timed || (waits->sleeper && !waits->sleeper->enlisted))
		return true;
	if (waits->future)
		return record_ends(pool, &pool->extras[waits->future->record],
				   waiter, waits);
	return group_ends(pool, waiter, waits);
}

/* The depth of its innermost wait that is not known to end; 0: none. */
static uint32_t worker_stuck(const struct bpool *pool,
			     const struct bp_worker *worker)
{
	const struct bp_waits *waits = worker->waits;

	while (waits && waits_end(pool, worker->number, waits))
		waits = waits->outer;
	return waits ? waits->depth : 0;
}

/* Look at one worker again: true if more is known of it now. */
static bool worker_look(const struct bpool *pool, struct bp_worker *worker)
{
	uint32_t stuck;

	if (worker->stuck == 0)
		return false;
	stuck = worker_stuck(pool, worker);
	if (stuck >= worker->stuck)
		return false;
	worker->stuck = stuck;
	return true;
}

/* With the lock held: would this worker's innermost wait never end? */
static bool hangs(struct bpool *pool, struct bp_worker *self)
{
	uint32_t depth = self->waits->depth;
	bool changed = true;

	for (uint32_t i = 0; i < pool->nworkers; i++)
		pool->workers[i].stuck = UINT32_MAX;
	worker_look(pool, self);
	while (changed && self->stuck >= depth) {
		changed = false;
		for (uint32_t i = 0; i < pool->nworkers; i++)
			changed |= worker_look(pool, &pool->workers[i]);
	}
	return self->stuck >= depth;
}

void bp_waits_enter(struct bp_worker *worker, struct bp_waits *waits)
{
	waits->outer = worker->waits;
	waits->depth = worker->depth;
	worker->waits = waits;
}

void bp_waits_leave(struct bp_worker *worker)
{
	worker->waits = worker->waits->outer;
}

/* Run one job that `waits` names, or rest: 0 to look again. */
static int help_or_rest(struct bp_worker *worker, struct bp_sleeper *sleeper,
			const struct bp_waits *waits,
			const struct timespec *deadline)
{
	struct bpool *pool = worker->pool;
	struct bp_wakes wakes = { 0 };
	uint32_t id;

	if (bp_deadline_passed(deadline))
		return -ETIMEDOUT;
	id = bp_help_find(pool, waits);
	if (id != BP_NONE) {
		bp_job_run(worker, id, &wakes);
		pool_post(pool, &wakes);
		return 0;
	}
	if (!waits->sure && hangs(pool, worker))
		return -EDEADLK;
	return bp_sleeper_rest(pool, sleeper, deadline) ? 0 : -ETIMEDOUT;
}

int bp_wait_helping(struct bpool *pool, struct bpool_link *list,
		    struct bp_sleeper *sleeper, struct bp_waits *waits,
		    const struct timespec *deadline)
{
	struct bp_worker *worker = bp_worker_in_job(pool);
	int err = 0;

	waits->sleeper = sleeper;
	sleeper->helps = worker != NULL;
	bp_sleeper_enlist(sleeper, list);
	if (worker) {
		bp_waits_enter(worker, waits);
		while (sleeper->enlisted && !err)
			err = help_or_rest(worker, sleeper, waits, deadline);
		bp_waits_leave(worker);
	} else {
		pool->users++;
		bp_sleeper_rest(pool, sleeper, deadline);
		err = -ETIMEDOUT;
	}
	/* Told before it left: that counts, whatever came first. */
	if (!sleeper->enlisted)
		err = 0;
	bp_sleeper_leave(pool, sleeper);
	/* The pool may be gone once nobody uses it. */
	if (!worker)
		pool->users--;
	return err;
}
