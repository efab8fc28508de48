/* SPDX-License-Identifier: MIT */
/* Futures: one job's result, in the caller's memory. */
#include <string.h>

#include "clock.h"
#include "run.h"
#include "submit.h"

int bpool_future_init(struct bpool_future *future)
{
	if (!future)
		return -EINVAL;
	memset(future, 0, sizeof(*future));
	return 0;
}

int bpool_future_fini(struct bpool_future *future)
{
	int err = future ? bp_future_free(future) : -EINVAL;

	if (!err)
		memset(future, 0, sizeof(*future));
	return err;
}

static int future_submit(struct bpool *pool, struct bp_request *request)
{
	int err = bp_request_check(pool, request);

	if (!err && !request->future)
		err = -EINVAL;
	return err ? err : bp_request_submit(pool, request, NULL);
}

int bpool_async(struct bpool *pool, struct bpool_future *future, bpool_fn *fn,
		void *arg)
{
	struct bp_request request = { .fn = fn,
				      .arg = arg,
				      .future = future,
				      .extra = true };

	return future_submit(pool, &request);
}

int bpool_async_copy(struct bpool *pool, struct bpool_future *future,
		     bpool_fn *fn, const void *args, size_t nbytes)
{
	struct bp_request request = { .fn = fn,
				      .args = args,
				      .nbytes = nbytes,
				      .future = future,
				      .extra = true };

	return future_submit(pool, &request);
}

/* What became of a finished job: 0 and *result, or -ECANCELED. */
static int verdict(int state, int is, int *result)
{
	if (state == FUTURE_CANCELLED)
		return -ECANCELED;
	if (result)
		*result = is;
	return 0;
}

static int future_wait(struct bpool_future *future, int *result,
		       const struct timespec *deadline)
{
	struct bpool *pool = future->pool;
	struct bp_waits waits = { .future = future, .timed = deadline != NULL };
	struct bp_sleeper sleeper;
	int err = bp_sleeper_init(&sleeper);

	if (err)
		return err;
	pool_lock(pool);
	sleeper.state = future_state(future);
	sleeper.result = future->result;
	if (sleeper.state == FUTURE_UNSETTLED)
		err = bp_wait_helping(pool, &future->waiting, &sleeper, &waits,
				      deadline);
	/* Not the future: once told, another thread may use it again. */
	pool_unlock(pool);
	bp_sleeper_fini(&sleeper);
	return err ? err : verdict(sleeper.state, sleeper.result, result);
}

int bpool_await(struct bpool_future *future, int *result,
		const struct timespec *deadline)
{
	int state;

	if (!future || !bp_deadline_valid(deadline))
		return -EINVAL;
	state = future_state(future);
	if (state == FUTURE_IDLE)
		return -EINVAL;
	if (future->generation != bp_generation)
		return -ECHILD;
	if (state == FUTURE_UNSETTLED)
		return future_wait(future, result, deadline);
	return verdict(state, future->result, result);
}
