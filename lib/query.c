/* SPDX-License-Identifier: MIT */
/* What may be asked: of a pool, of the job that runs, of the library. */
#include <limits.h>
#include <stddef.h>

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
	if (!stats)
		return -EINVAL;
	pool_lock(pool);
	now.submitted = pool->submitted;
	now.finished = pool->finished;
	now.failed = pool->failed;
	now.cancelled = pool->cancelled;
	now.ready = pool->ready.len + pool->schedule.waiting;
	now.running = pool->running;
	now.in_flight = pool->in_flight;
	now.in_flight_peak = pool->in_flight_peak;
	now.workers = pool->nworkers;
	now.producers_slept_ns = pool->producers_slept_ns;
	now.retried = pool->retried;
	now.refused = pool->refused;
	now.pauses = pool->schedule.pauses;
	pool_unlock(pool);
	return bp_struct_write(stats, &now, sizeof(now), SIZE_LEAST);
}

struct timespec bpool_after(uint64_t ns)
{
	return bp_ns_deadline(bp_after(bp_clock_ns(), ns));
}

/* The innermost job of the calling thread; NULL and *err: none. */
static struct bp_frame *frame_here(int *err)
{
	struct bp_worker *self = bp_self;

	*err = self && self->depth > 0 ? pool_check(self->pool) : -ENOENT;
	return *err ? NULL : self->frame;
}

int bpool_cancelled(void)
{
	int err;
	const struct bp_frame *frame = frame_here(&err);

	if (!frame)
		return err == -ENOENT ? 0 : err;
	/* Relaxed: advice, which orders nothing. */
	if (atomic_load_explicit(&bp_self->pool->dropped, memory_order_relaxed))
		return 1;
	return frame->group &&
	       __atomic_load_n(&frame->group->cancelled, __ATOMIC_RELAXED);
}

int bpool_worker(void)
{
	int err;

	return frame_here(&err) ? (int)bp_self->number : err;
}

int bpool_job_overloaded(const struct timespec *not_before)
{
	int err;
	struct bp_frame *frame = frame_here(&err);

	if (!frame)
		return err;
	if (!bp_deadline_valid(not_before))
		return -EINVAL;
	frame->outcome = BPOOL_OVERLOADED;
	if (bp_deadline_ns(not_before) > frame->not_before)
		frame->not_before = bp_deadline_ns(not_before);
	return 0;
}

int bpool_job_retry_after(uint64_t ns)
{
	struct timespec then = bpool_after(ns);

	return bpool_job_overloaded(ns > 0 ? &then : NULL);
}

int bpool_job_attempt(void)
{
	int err;
	const struct bp_frame *frame = frame_here(&err);

	if (!frame)
		return err;
	return frame->terms && frame->terms->attempt < INT_MAX
		       ? (int)frame->terms->attempt
		       : 1;
}

const char *bpool_job_key(void)
{
	int err;
	const struct bp_frame *frame = frame_here(&err);

	return frame && frame->terms ? bp_gate_name(frame->terms->ticket.key)
				     : NULL;
}

const char *bpool_version(void)
{
	return BPOOL_VERSION;
}
