/* SPDX-License-Identifier: MIT */
/*
 * A job's way through its record: accepted, started, settled.  Everything
 * here is called with the pool's lock held and does not sleep.
 */
#ifndef BP_JOB_H
#define BP_JOB_H

#include "probe.h"
#include "terms.h"

/* Read and written under the lock; the last store, DONE, is read without. */
enum bp_future_state {
	FUTURE_IDLE,	  /* never submitted */
	FUTURE_UNSETTLED, /* its job is in flight */
	FUTURE_DONE,	  /* result holds what fn returned */
	FUTURE_CANCELLED  /* fn was never called */
};

/* What it is in; read without the lock. */
static inline int future_state(const struct bpool_future *future)
{
	/* Acquire: pairs with the release in future_settle(). */
	return __atomic_load_n(&future->state, __ATOMIC_ACQUIRE);
}

/* -EBUSY if its last job is unsettled or a group has it to hand out. */
int bp_future_free(const struct bpool_future *future);

/* A call is on the group, which is not released before it has left. */
static inline void group_enter(struct bpool_group *group)
{
	/* Relaxed: only a decrease has something to tell. */
	__atomic_store_n(&group->callers, group->callers + 1, __ATOMIC_RELAXED);
}

/* The call's last access to the group: who saw it may be gone with it. */
static inline void group_leave(struct bpool_group *group)
{
	/* Release: pairs with the acquire in bpool_group_fini(). */
	__atomic_store_n(&group->callers, group->callers - 1, __ATOMIC_RELEASE);
}

/* Take a free record (there must be one), fill it, make it ready, and wake a
 * worker for it. */
void bp_job_accept(struct bpool *pool, const struct bp_request *request,
		   struct bp_wakes *wakes);

/* See job_start(). */
void bp_extra_start(struct bpool *pool, uint32_t id, uint32_t worker,
		    uint32_t depth, struct bp_frame *frame,
		    struct bp_wakes *wakes);

/* Take a job that may start to where it runs: on `worker`, in `frame`, the
 * depth-th on its stack. */
static inline void job_start(struct bpool *pool, uint32_t id, uint32_t worker,
			     uint32_t depth, struct bp_frame *frame,
			     struct bp_wakes *wakes)
{
	if (pool->records[id].extra)
		bp_extra_start(pool, id, worker, depth, frame, wakes);
	else
		ring_remove(&pool->ready, id);
}

/*
 * End a job: tell its future, its group and who waits, free the record, let a
 * producer in.  `ran` is false for one that never started.
 */
void bp_job_settle(struct bpool *pool, uint32_t id, int result, bool ran,
		   struct bp_wakes *wakes);

/* It has returned.  That settles it, unless it is tried again, which is told.
 * `frame` says what its attempt came to. */
static inline bool job_end(struct bpool *pool, uint32_t id, int result,
			   const struct bp_frame *frame, struct bp_wakes *wakes)
{
	bool again = pool->records[id].ticketed &&
		     bp_terms_end(pool, id, result, frame, wakes);

	BP_PROBE4(done, pool, pool->records[id].seq, result, again);
	if (!again)
		bp_job_settle(pool, id, result, true, wakes);
	return again;
}

/* Settle every ready job of the group (of the pool) as cancelled. */
void bp_jobs_cancel_group(struct bpool *pool, struct bpool_group *group,
			  struct bp_wakes *wakes);
void bp_jobs_cancel_all(struct bpool *pool, struct bp_wakes *wakes);

/* Every job that has not started is plain from now on, and ready. */
void bp_jobs_flush(struct bpool *pool, struct bp_wakes *wakes);

/* The result of element `index` of a map; of a future in a group: index 0, so
 * that the first error is the first to come. */
void bp_group_note(struct bpool_group *group, size_t index, int result);

/* Move what is due by now. */
void bp_jobs_advance(struct bpool *pool, struct bp_wakes *wakes);

static inline void jobs_advance(struct bpool *pool, struct bp_wakes *wakes)
{
	if (pool->schedule.timers.first)
		bp_jobs_advance(pool, wakes);
}

/* Wake all producers who sleep for this group (NULL: all): it is in vain. */
void bp_producers_turn_away(struct bpool *pool, const struct bpool_group *group,
			    struct bp_wakes *wakes);

#endif
