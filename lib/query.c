/* SPDX-License-Identifier: MIT */
/* What may be asked: of a pool, of the job that runs, of the library. */
#include <stddef.h>
#include <string.h>

#include "clock.h"
#include "options.h"
#include "run.h"

#define SIZE_LEAST BP_SIZE_UP_TO(struct bpool_stats, producers_slept_ns)

int bpool_stats(struct bpool *pool, struct bpool_stats *stats)
{
	struct bpool_stats now = { 0 };
	int err = pool_check(pool);

	if (err)
		return err;
	if (!stats || stats->size < SIZE_LEAST || stats->size > BP_SIZE_MAX)
		return -EINVAL;
	pool_lock(pool);
	now.submitted = pool->submitted;
	now.finished = pool->finished;
	now.failed = pool->failed;
	now.cancelled = pool->cancelled;
	now.ready = pool->ready.len;
	now.running = pool->running;
	now.in_flight = pool->in_flight;
	now.in_flight_peak = pool->in_flight_peak;
	now.workers = pool->nworkers;
	now.producers_slept_ns = pool->producers_slept_ns;
	pool_unlock(pool);
	now.size = stats->size;
	memset(stats, 0, now.size);
	memcpy(stats, &now, now.size < sizeof(now) ? now.size : sizeof(now));
	return 0;
}

struct timespec bpool_after(uint64_t ns)
{
	/* No more than a time_t holds. */
	const uint64_t last = sizeof(time_t) < sizeof(int64_t)
				      ? (uint64_t)INT32_MAX * BP_NS_PER_S
				      : INT64_MAX;
	uint64_t now = bp_clock_ns();
	uint64_t then = ns > last - now ? last : now + ns;

	return (struct timespec){
		.tv_sec = (time_t)(then / BP_NS_PER_S),
		.tv_nsec = (long)(then % BP_NS_PER_S),
	};
}

int bpool_cancelled(void)
{
	struct bp_worker *self = bp_self;
	int err;

	if (!self || self->depth == 0)
		return 0;
	err = pool_check(self->pool);
	if (err)
		return err;
	/* Relaxed: advice, which orders nothing. */
	if (atomic_load_explicit(&self->pool->dropped, memory_order_relaxed))
		return 1;
	return self->frame->group &&
	       __atomic_load_n(&self->frame->group->cancelled,
			       __ATOMIC_RELAXED);
}

int bpool_worker(void)
{
	struct bp_worker *self = bp_self;
	int err;

	if (!self || self->depth == 0)
		return -ENOENT;
	err = pool_check(self->pool);
	return err ? err : (int)self->number;
}

const char *bpool_version(void)
{
	return BPOOL_VERSION;
}
