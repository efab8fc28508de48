/* SPDX-License-Identifier: MIT */
/* Gather: one function over an array, results in order. */
#include "group.h"
#include "run.h"
#include "submit.h"

/* In a job and no room: the element is run here and now, without a record. */
static void element_here(struct bpool_group *group,
			 const struct bp_request *request)
{
	struct bpool *pool = group->pool;
	int result = bp_element_run(bp_worker_in_job(pool), request->fn,
				    request->arg, group);

	pool_lock(pool);
	pool->submitted++;
	pool->finished++;
	pool->failed += result < 0;
	bp_group_note(group, request->index, result);
	pool_unlock(pool);
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
		if (err == -EDEADLK) {
			element_here(group, &request);
		} else if (err) {
			/* Closed, or no semaphore: so it is for the rest. */
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
	struct bp_waits waits = { .group = &group }, end = { .group = &group };
	struct bp_request request = { .fn = fn, .arg = args, .group = &group };
	struct bp_worker *worker;
	struct bp_sleeper sleeper;
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
