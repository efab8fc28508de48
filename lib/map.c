/* SPDX-License-Identifier: MIT */
/* Gather: one function over an array, results in order. */
#include "clock.h"
#include "group.h"
#include "run.h"
#include "submit.h"

/* Sleep until the pool's limit lets a start through.  Its job's place there is
 * the element's.  -ECANCELED: the pool was. */
static int element_start(struct bpool *pool, struct bp_sleeper *sleeper,
			 struct bp_terms *terms, const struct bp_ticket *outer)
{
	struct bp_schedule *schedule = &pool->schedule;
	struct bpool_link own;
	uint64_t due, now = 0;
	int err = 0;

	pool_lock(pool);
	list_init(&own);
	bp_sleeper_enlist(sleeper, &own);
	list_insert(&pool->helpers, &sleeper->in_helpers);
	/* Relaxed: guarded by the lock here. */
	while (!atomic_load_explicit(&pool->dropped, memory_order_relaxed) &&
	       (due = bp_schedule_start_due(schedule, &terms->ticket, outer),
		now = bp_clock_ns(), due > now)) {
		struct timespec until = bp_ns_deadline(due);

		bp_sleeper_rest(pool, sleeper, &until);
	}
	list_remove(&sleeper->in_helpers);
	bp_sleeper_leave(pool, sleeper);
	if (atomic_load_explicit(&pool->dropped, memory_order_relaxed)) {
		err = -ECANCELED;
	} else {
		bp_gate_hold(schedule->pool);
		bp_schedule_start(schedule, &terms->ticket, outer, now);
	}
	pool_unlock(pool);
	return err;
}

/* In a job and no room: the element is run here and now, without a record. */
static int element_here(struct bpool_group *group,
			const struct bp_request *request)
{
	struct bpool *pool = group->pool;
	struct bp_worker *worker = bp_worker_in_job(pool);
	struct bp_terms terms = { .attempt = 1 };
	struct bp_frame frame = { .group = group, .outer = worker->frame };
	struct bp_wakes wakes = { 0 };
	int result, err = 0;

	if (pool->gated) {
		bp_terms_retry(&terms, NULL);
		err = element_start(pool, request->sleeper, &terms,
				    frame_ticket(frame.outer));
		frame.terms = &terms;
	}
	if (err)
		return err;
	result = frame_run(worker, &frame, request->fn, request->arg);
	pool_lock(pool);
	if (pool->gated) {
		bp_terms_tell(pool, &terms, &frame, bp_clock_ns());
		bp_schedule_changed(pool, &wakes);
	}
	pool->submitted++;
	pool->finished++;
	pool->failed += result < 0;
	bp_group_note(group, request->index, result);
	bp_pool_unlock_post(pool, &wakes);
	return 0;
}

static void elements_note(struct bpool_group *group, size_t from, size_t to,
			  int result)
{
	pool_lock(group->pool);
	for (size_t i = from; i < to; i++)
		bp_group_note(group, i, result);
	pool_unlock(group->pool);
}

static void elements_submit(struct bpool_group *group,
			    const struct bp_request *all, size_t arg_size,
			    size_t n)
{
	struct bp_request request = *all;
	int err;

	for (size_t i = 0; i < n; i++) {
		request.index = i;
		err = bp_request_submit(group->pool, &request, NULL);
		if (err == -EDEADLK)
			err = element_here(group, &request);
		if (err) {
			/* Closed: so it is for the rest. */
			elements_note(group, i, n, err);
			return;
		}
		if (arg_size > 0)
			request.arg = (char *)request.arg + arg_size;
	}
}

/*
 * The group lives on this stack, so there is no way out before its last job.
 * In a job this counts as waiting from the first element on: then an element
 * that turns to wait for this very job is refused, and the wait at the end
 * cannot hang.
 */
int bpool_map(struct bpool *pool, bpool_fn *fn, void *args, size_t arg_size,
	      size_t n, int *results)
{
	struct bpool_group group;
	struct bp_sleeper sleeper;
	struct bp_waits waits = { .group = &group }, end = { .group = &group };
	struct bp_request request = { .fn = fn,
				      .arg = args,
				      .group = &group,
				      .sleeper = &sleeper,
				      .extra = true };
	struct bp_worker *worker;
	int err = pool_check(pool);

	if (err)
		return err;
	if (n > 0 && (!fn || (!args && arg_size > 0)))
		return -EINVAL;
	err = bp_sleeper_init(&sleeper);
	if (err)
		return err;
	bp_group_init(&group, pool);
	group.results = results;
	worker = bp_worker_in_job(pool);
	pool_lock(pool);
	if (worker)
		bp_waits_enter(worker, &waits);
	pool_unlock(pool);
	elements_submit(&group, &request, arg_size, n);
	end.sure = true;
	pool_lock(pool);
	BP_BUG_ON(bp_group_rest(&group, &sleeper, &end, NULL) != 0);
	if (worker)
		bp_waits_leave(worker);
	pool_unlock(pool);
	bp_sleeper_fini(&sleeper);
	return group.first_error;
}
