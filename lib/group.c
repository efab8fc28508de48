/* SPDX-License-Identifier: MIT */
/* Groups of futures: as completed, all, cancelled together. */
#include <string.h>

#include "clock.h"
#include "group.h"
#include "run.h"
#include "submit.h"

void bp_group_init(struct bpool_group *group, struct bpool *pool)
{
	memset(group, 0, sizeof(*group));
	group->pool = pool;
	group->generation = pool->generation;
	list_init(&group->ready);
	list_init(&group->running);
	list_init(&group->waiting);
	list_init(&group->collecting);
}

int bp_group_rest(struct bpool_group *group, struct bp_sleeper *sleeper,
		  struct bp_waits *waits, const struct timespec *deadline)
{
	if (group->unfinished == 0)
		return 0;
	sleeper->last = group->pool->submitted;
	sleeper->left = group->unfinished;
	return bp_wait_helping(group->pool, &group->waiting, sleeper, waits,
			       deadline);
}

/* What every call on a group asks first. */
static int group_check(const struct bpool_group *group)
{
	if (!group || !group->pool)
		return -EINVAL;
	return group->generation == bp_generation ? 0 : -ECHILD;
}

int bpool_group_init(struct bpool_group *group, struct bpool *pool, int flags)
{
	int err = pool_check(pool);

	if (err)
		return err;
	if (!group || (flags & ~BPOOL_CANCEL_ON_ERROR))
		return -EINVAL;
	bp_group_init(group, pool);
	group->flags = flags;
	return 0;
}

static int group_submit(struct bp_request *request)
{
	int err = group_check(request->group);

	if (!err)
		err = bp_request_check(request->group->pool, request);
	if (!err && !request->future)
		err = -EINVAL;
	if (err)
		return err;
	return bp_request_submit(request->group->pool, request, NULL);
}

int bpool_group_async(struct bpool_group *group, struct bpool_future *future,
		      bpool_fn *fn, void *arg)
{
	struct bp_request request = { .fn = fn,
				      .arg = arg,
				      .future = future,
				      .group = group,
				      .extra = true };

	return group_submit(&request);
}

int bpool_group_async_copy(struct bpool_group *group,
			   struct bpool_future *future, bpool_fn *fn,
			   const void *args, size_t nbytes)
{
	struct bp_request request = { .fn = fn,
				      .args = args,
				      .nbytes = nbytes,
				      .future = future,
				      .group = group,
				      .extra = true };

	return group_submit(&request);
}

/* The first future to hand out, or NULL. */
static struct bpool_future *group_pop(struct bpool_group *group)
{
	struct bpool_future *future = group->done;

	if (future) {
		group->done = future->next;
		future->group = NULL;
	}
	return future;
}

/* With the lock held: wait until there is one to hand out, or none left. */
static int group_collect(struct bpool_group *group, struct bp_sleeper *sleeper,
			 const struct timespec *deadline)
{
	struct bp_waits waits = { .group = group,
				  .any = true,
				  .timed = deadline != NULL };
	int err;

	sleeper->future = group_pop(group);
	if (sleeper->future)
		return 0;
	if (group->unfinished == 0)
		return -ENOENT;
	err = bp_wait_helping(group->pool, &group->collecting, sleeper, &waits,
			      deadline);
	/* Woken with nothing: another took the last. */
	return !err && !sleeper->future ? -ENOENT : err;
}

int bpool_group_next(struct bpool_group *group, struct bpool_future **future,
		     const struct timespec *deadline)
{
	struct bp_sleeper sleeper;
	struct bpool *pool;
	int err = group_check(group);

	if (err)
		return err;
	if (!future || !bp_deadline_valid(deadline))
		return -EINVAL;
	err = bp_sleeper_init(&sleeper);
	if (err)
		return err;
	pool = group->pool;
	pool_lock(pool);
	group_enter(group);
	err = group_collect(group, &sleeper, deadline);
	group_leave(group);
	pool_unlock(pool);
	bp_sleeper_fini(&sleeper);
	if (!err)
		*future = sleeper.future;
	return err;
}

int bpool_group_wait(struct bpool_group *group, const struct timespec *deadline)
{
	struct bp_waits waits = { .group = group, .timed = deadline != NULL };
	struct bp_sleeper sleeper;
	struct bpool *pool;
	int err = group_check(group);

	if (err)
		return err;
	if (!bp_deadline_valid(deadline))
		return -EINVAL;
	err = bp_sleeper_init(&sleeper);
	if (err)
		return err;
	pool = group->pool;
	pool_lock(pool);
	group_enter(group);
	err = bp_group_rest(group, &sleeper, &waits, deadline);
	if (!err)
		err = group->first_error;
	group_leave(group);
	pool_unlock(pool);
	bp_sleeper_fini(&sleeper);
	return err;
}

int bpool_group_cancel(struct bpool_group *group)
{
	struct bp_wakes wakes = { 0 };
	struct bpool *pool;
	int err = group_check(group);

	if (err)
		return err;
	pool = group->pool;
	pool_lock(pool);
	group_enter(group);
	bp_jobs_cancel_group(pool, group, &wakes);
	group_leave(group);
	bp_pool_unlock_post(pool, &wakes);
	return 0;
}

/* A job of it is unfinished, or a call is on it. */
static bool group_busy(const struct bpool_group *group)
{
	/* Acquire: pairs with the releases in group_release() and
	 * group_leave(). */
	return __atomic_load_n(&group->unfinished, __ATOMIC_ACQUIRE) > 0 ||
	       __atomic_load_n(&group->callers, __ATOMIC_ACQUIRE) > 0;
}

int bpool_group_fini(struct bpool_group *group)
{
	int err = group_check(group);

	if (err)
		return err;
	/* The pool may be gone, and no lock be there to take; but not while
	 * the group is busy.  Its last job may be just about to be settled,
	 * with the future already told. */
	if (group_busy(group)) {
		pool_lock(group->pool);
		err = group_busy(group) ? -EBUSY : 0;
		pool_unlock(group->pool);
	}
	if (err)
		return err;
	while (group_pop(group))
		;
	memset(group, 0, sizeof(*group));
	return 0;
}
