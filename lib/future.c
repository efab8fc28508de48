/* SPDX-License-Identifier: MIT */
/* Futures: one job's result, in the caller's memory. */
#include "future.h"

#include <string.h>

#include "clock.h"
#include "run.h"

int bpool_future_init(struct bpool_future *future)
{
	if (!future)
		return -EINVAL;
	memset(future, 0, sizeof(*future));
	return 0;
}

int bp_future_free(const struct bpool_future *future)
{
	int state;

	if (!future)
		return -EINVAL;
	state = future_state(future);
	if (state == FUTURE_IDLE)
		return 0;
	if (future->generation != bp_generation)
		return -ECHILD;
	return state != FUTURE_UNSETTLED && !future->group ? 0 : -EBUSY;
}

int bpool_future_fini(struct bpool_future *future)
{
	int err = bp_future_free(future);

	if (!err)
		memset(future, 0, sizeof(*future));
	return err;
}

static int future_submit(struct bpool *pool, const struct bp_request *request)
{
	int err = bp_request_check(pool, request);

	if (!err)
		err = bp_future_free(request->future);
	return err ? err : bp_request_submit(pool, request, NULL);
}

int bpool_async(struct bpool *pool, struct bpool_future *future, bpool_fn *fn,
		void *arg)
{
	struct bp_request request = { .fn = fn, .arg = arg, .future = future };

	return future_submit(pool, &request);
}

int bpool_async_copy(struct bpool *pool, struct bpool_future *future,
		     bpool_fn *fn, const void *args, size_t nbytes)
{
	struct bp_request request = {
		.fn = fn, .args = args, .nbytes = nbytes, .future = future};

	return future_submit(pool, &request);
}

static int future_wait(struct bpool_future *future,
		       const struct timespec *deadline)
{
	struct bpool *pool = future->pool;
	struct bp_waits waits = { .future = future, .timed = deadline != NULL };
	struct bp_sleeper sleeper;
	int err = bp_sleeper_init(&sleeper);

	if (err)
		return err;
	pool_lock(pool);
	if (future_state(future) == FUTURE_UNSETTLED)
		err = bp_wait_helping(pool, &future->waiting, &sleeper, &waits,
				   deadline);
	pool_unlock(pool);
	bp_sleeper_fini(&sleeper);
	return err;
}

int bpool_await(struct bpool_future *future, int *result,
		const struct timespec *deadline)
{
	int err = 0;

	if (!future || !bp_deadline_valid(deadline) ||
	    future_state(future) == FUTURE_IDLE)
		return -EINVAL;
	if (future->generation != bp_generation)
		return -ECHILD;
	if (future_state(future) == FUTURE_UNSETTLED)
		err = future_wait(future, deadline);
	if (err)
		return err;
	if (future_state(future) == FUTURE_CANCELLED)
		return -ECANCELED;
	if (result)
		*result = future->result;
	return 0;
}
