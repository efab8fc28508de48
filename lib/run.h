/* SPDX-License-Identifier: MIT */
/* Running a job on a worker: its own turn, or on the spot inside a wait. */
#ifndef BP_RUN_H
#define BP_RUN_H

#include "call.h"
#include "job.h"

/* The calling thread's worker; NULL in any other thread. */
extern _Thread_local struct bp_worker *bp_self;

/* The calling thread's worker if it is in a job of this pool, else NULL. */
struct bp_worker *bp_worker_in_job(const struct bpool *pool);

/*
 * Start the ready job `id` and run it to its end.  Called with the lock held,
 * which is given up while the job runs; *wakes is posted when that happens.
 */
void bp_job_run(struct bp_worker *worker, uint32_t id, struct bp_wakes *wakes);

/* What the attempt of a job with terms came to, if it has not said so itself. */
void bp_frame_judge(struct bp_frame *frame, int result);

/* Call fn in `frame`, whose `outer` is set.  No lock held. */
static inline int frame_run(struct bp_worker *worker, struct bp_frame *frame,
			    bpool_fn *fn, void *arg)
{
	int result;

	worker->frame = frame;
	worker->depth++;
	result = bp_call(fn, arg);
	if (frame->terms)
		bp_frame_judge(frame, result);
	worker->depth--;
	worker->frame = frame->outer;
	return result;
}

/*
 * With the lock held, sleep on `list` until somebody wakes `sleeper`, which
 * is prepared.  Inside a job of the pool run what `waits` names instead, as
 * long as some of it is ready.  0, -ETIMEDOUT, or -EDEADLK: what is waited
 * for waits for this worker.
 */
int bp_wait_helping(struct bpool *pool, struct bpool_link *list,
		    struct bp_sleeper *sleeper, struct bp_waits *waits,
		    const struct timespec *deadline);

/* With the lock held: from here to bp_waits_leave() this worker's job counts as
 * waiting. */
void bp_waits_enter(struct bp_worker *worker, struct bp_waits *waits);
void bp_waits_leave(struct bp_worker *worker);

#endif
