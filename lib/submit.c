/* SPDX-License-Identifier: MIT */
/* Producers.  See submit.h. */
#include "submit.h"

#include <limits.h>

#include "clock.h"
#include "room.h"

#define BATCH 64

/* With the lock held: 0 once there is room for what is asked for. */
static inline int room_wait(struct bpool *pool, struct bp_request *request,
			    const struct timespec *deadline,
			    struct bp_wakes *wakes)
{
	if (!request->extra && !pool->closed && pool_has_room(pool))
		return 0;
	return bp_room_wait(pool, request, deadline, wakes);
}

int bp_request_check(const struct bpool *pool, const struct bp_request *request)
{
	int err = pool_check(pool);

	if (err)
		return err;
	if (!request->fn || request->nbytes > BPOOL_ARGS_MAX ||
	    (request->nbytes > 0 && !request->args))
		return -EINVAL;
	return 0;
}

int bp_request_submit(struct bpool *pool, struct bp_request *request,
		      const struct timespec *deadline)
{
	struct bp_wakes wakes = { 0 };
	int err;

	pool_lock(pool);
	if (request->group)
		group_enter(request->group);
	if (request->job && request->job->limit)
		request->job->limit->callers++;
	err = room_wait(pool, request, deadline, &wakes);
	if (!err)
		bp_job_accept(pool, request, &wakes);
	if (request->job && request->job->limit)
		request->job->limit->callers--;
	if (request->group)
		group_leave(request->group);
	/* After a sleep there may be room for the next producer too. */
	door_wake(&pool->door, pool_has_room(pool), &wakes);
	bp_pool_unlock_post(pool, &wakes);
	return err;
}

int bpool_submit(struct bpool *pool, bpool_fn *fn, void *arg)
{
	struct bp_request request = { .fn = fn, .arg = arg };
	int err = bp_request_check(pool, &request);

	return err ? err : bp_request_submit(pool, &request, NULL);
}

int bpool_submit_until(struct bpool *pool, bpool_fn *fn, void *arg,
		       const struct timespec *deadline)
{
	struct bp_request request = { .fn = fn, .arg = arg };
	int err = bp_request_check(pool, &request);

	if (err)
		return err;
	if (!bp_deadline_valid(deadline))
		return -EINVAL;
	return bp_request_submit(pool, &request, deadline);
}

int bpool_submit_copy(struct bpool *pool, bpool_fn *fn, const void *args,
		      size_t nbytes)
{
	struct bp_request request = { .fn = fn,
				      .args = args,
				      .nbytes = nbytes,
				      .extra = true };
	int err = bp_request_check(pool, &request);

	return err ? err : bp_request_submit(pool, &request, NULL);
}

/* Accept it if there is room now; else -EAGAIN. */
static int request_try(struct bpool *pool, struct bp_request *request)
{
	struct bp_wakes wakes = { 0 };
	int err;

	pool_lock(pool);
	err = bp_room_check(pool, request, &wakes);
	if (!err)
		bp_job_accept(pool, request, &wakes);
	bp_pool_unlock_post(pool, &wakes);
	return err;
}

int bpool_try_submit(struct bpool *pool, bpool_fn *fn, void *arg)
{
	struct bp_request request = { .fn = fn, .arg = arg };
	int err = bp_request_check(pool, &request);

	return err ? err : request_try(pool, &request);
}

static int terms_check(struct bpool *pool, const struct bpool_job *job)
{
	if (job->limit && job->limit->pool != pool)
		return -EINVAL;
	if ((job->key && !job->limit) ||
	    (job->limit && job->limit == pool->limit))
		return -EINVAL;
	if (!bp_deadline_valid(job->deadline) || !bp_deadline_valid(job->until))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(job->reserved) / sizeof(uint64_t); i++)
		if (job->reserved[i] != 0)
			return -EINVAL;
	if (!job->group)
		return 0;
	if (!job->future || job->group->pool != pool)
		return -EINVAL;
	return job->group->generation == bp_generation ? 0 : -ECHILD;
}

/* Read the terms (NULL: none) into a request. */
static int request_make(struct bp_request *request, struct bpool *pool,
			bpool_fn *fn, void *arg, const struct bpool_job *job)
{
	int err;

	*request = (struct bp_request){ .fn = fn, .arg = arg };
	if (job) {
		request->args = arg;
		request->nbytes = job->copy;
		request->future = job->future;
		request->group = job->group;
		request->job = job;
		request->extra = true;
	}
	err = bp_request_check(pool, request);
	if (!err && job)
		err = terms_check(pool, job);
	if (!err && job && job->limit)
		err = bp_key_hash(job->limit, job->key, &request->hash);
	return err;
}

int bpool_submit_with(struct bpool *pool, bpool_fn *fn, void *arg,
		      const struct bpool_job *job)
{
	struct bp_request request;
	int err = request_make(&request, pool, fn, arg, job);

	if (err)
		return err;
	return bp_request_submit(pool, &request, job ? job->until : NULL);
}

int bpool_try_submit_with(struct bpool *pool, bpool_fn *fn, void *arg,
			  const struct bpool_job *job)
{
	struct bp_request request;
	int err = request_make(&request, pool, fn, arg, job);

	return err ? err : request_try(pool, &request);
}

ssize_t bpool_submit_many(struct bpool *pool, const struct bpool_call *calls,
			  size_t n)
{
	struct bp_wakes wakes = { 0 };
	size_t accepted = 0;
	int err = pool_check(pool);

	if (err)
		return err;
	if (n > 0 && !calls)
		return -EINVAL;
	if (n > SSIZE_MAX)
		n = SSIZE_MAX;
	pool_lock(pool);
	while (accepted < n) {
		struct bp_request request = { .fn = calls[accepted].fn,
					      .arg = calls[accepted].arg };

		err = bp_request_check(pool, &request);
		if (!err)
			err = room_wait(pool, &request, NULL, &wakes);
		if (err)
			break;
		bp_job_accept(pool, &request, &wakes);
		/* Others want the lock, and workers their wake-up. */
		if (++accepted % BATCH == 0) {
			bp_pool_unlock_post(pool, &wakes);
			pool_lock(pool);
		}
	}
	door_wake(&pool->door, pool_has_room(pool), &wakes);
	bp_pool_unlock_post(pool, &wakes);
	return accepted > 0 || !err ? (ssize_t)accepted : err;
}
