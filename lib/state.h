/* SPDX-License-Identifier: MIT */
/*
 * What a pool is made of, and the one lock that guards it.
 *
 * A record holds one job.  There are exactly max_in_flight of them, made with
 * the pool, and each is in one place:
 *
 *	free ----> ready (in the ring) ----> running (on a worker) ----> free
 *	      \       ^                            |
 *	       waiting (for a limit or a time) <---+  (tried again)
 *
 * Invariants, true whenever the lock is free:
 *
 *	free records + in_flight == max_in_flight
 *	in_flight == ready.len + schedule.waiting + running records
 *	submitted == finished + cancelled + in_flight
 *	ready.len > 0 and a worker idle         =>  waking > 0
 *	a time to wait for and a worker idle    =>  a timekeeper, or waking > 0
 *	room at a door and a producer asleep    =>  one of them is on its way
 *
 * The lock is held for tens of nanoseconds, never while a job runs and never
 * across a call that sleeps.
 */
#ifndef BP_STATE_H
#define BP_STATE_H

#include <boundpool.h>
#include <errno.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "bug.h"
#include "list.h"
#include "ring.h"
#include "schedule.h"
#include "sem.h"

#define BP_NONE UINT32_MAX

/*
 * One who sleeps in a call on the pool, or an idle worker.  On its stack, in
 * the worker, or in the pool.  All but `sem` is guarded by the pool's lock.
 */
struct bp_sleeper {
	struct bpool_link link;	      /* in the list it sleeps on */
	struct bp_sleeper *next_wake; /* in a struct bp_wakes */
	struct bp_sem sem;
	bool enlisted; /* link is in a list */
	bool helps;    /* wants to hear of new ready jobs */
	unsigned due;  /* tokens promised and not yet taken */
	bool kept;     /* a producer: there is room kept for it */
	uint64_t hash; /* a producer: of its job's key */
	uint64_t last; /* waits for jobs up to this seq ... */
	size_t left;   /* ... of which so many are unfinished */
	const struct bpool_group *group; /* a producer: its job's; NULL: none */
	struct bpool_future *future;	 /* handed out by the waker */
	int state, result;	      /* of the awaited future, by the waker */
	struct bpool_link in_helpers; /* if it helps */
	const struct bp_waits *waits; /* ... with this; NULL: it looks at
				       * every change */
	uint64_t until; /* ... or first at a limit's door, it looks again then */
};

/* Where producers sleep for want of room, the first to come in front. */
struct bp_door {
	struct bpool_link sleepers;
	bool waking; /* one is on its way, to room that nobody else may take */
};

/* A job on a worker's stack, the innermost first.  On that stack. */
struct bp_frame {
	const struct bpool_group *group; /* NULL: none */
	struct bp_frame *outer;
	struct bp_terms *terms; /* NULL: none */
	/* What the attempt came to. */
	enum bpool_outcome outcome;
	uint64_t not_before; /* 0: not said */
};

/*
 * A job accepted and not finished.  Guarded by the lock but for fn and arg
 * while it runs, which are then the worker's.  Two to a cache line and taken
 * in turn, for the lines that go from producer to worker are what a tiny job
 * costs; what a plain job does not need stands apart.
 */
struct bp_record {
	bpool_fn *fn;
	void *arg;
	uint64_t seq;  /* its place in the order of accepting */
	bool extra;    /* it has a future, a group, a copy or terms */
	bool ticketed; /* it has a ticket at the schedule */
	bool flushed;  /* it had; with `extra` alone */
};

/* The terms on which a job runs; same number, same guard. */
struct bp_terms {
	struct bp_ticket ticket;
	struct bpool_retry retry;
	bool retries;	  /* overloaded or failed, it is tried again */
	unsigned attempt; /* from 1; 0: not started */
	unsigned refused; /* attempts, one after the other */
	unsigned failed;  /* attempts */
	int result;	  /* of the last attempt */
};

/* The innermost ticket from `frame` on down its stack; NULL: none. */
static inline const struct bp_ticket *frame_ticket(const struct bp_frame *frame)
{
	while (frame && !frame->terms)
		frame = frame->outer;
	return frame ? &frame->terms->ticket : NULL;
}

/* The rest of a record with `extra`; same number, same guard.  The copy is
 * the worker's while the job runs. */
struct bp_extra {
	struct bpool_future *future; /* NULL: nobody wants the result */
	struct bpool_group *group;   /* NULL: none */
	struct bpool_link in_group;  /* in group->ready or ->running */
	uint32_t number;	     /* the record's */
	uint32_t worker;	     /* who runs it; BP_NONE while ready */
	uint32_t depth;		     /* while it runs: on that worker's
				      * stack, 1 is the outermost */
	/* A typed call's arguments, or the element number of a map. */
	alignas(64) union {
		unsigned char args[BPOOL_ARGS_MAX];
		size_t index;
	} copy;
};

/*
 * What a job waits for, from the call's beginning to its end: also while its
 * worker runs something on the spot.  On that worker's stack; guarded by the
 * lock.  See run.c.
 */
struct bp_waits {
	const struct bp_waits *outer;	   /* of a job below on the stack */
	const struct bpool_future *future; /* this one, or ... */
	const struct bpool_group *group;   /* ... all of this group */
	const struct bp_sleeper *sleeper;  /* its own; NULL: later */
	uint32_t depth;			   /* of the job that waits */
	const struct bp_ticket *ticket;	   /* of that job or the next below that
					    * has one; NULL: none */
	bool any;			   /* one of the group is enough */
	bool timed;			   /* it ends by itself */
	bool sure; /* never refused: its job counted as waiting
		    * before others did */
};

struct bp_worker {
	struct bpool *pool; /* fixed at creation */
	uint32_t number;    /* fixed at creation */
	pthread_t thread;   /* written by who starts it, read by
				       * destroy once `live` is 0 */
	pthread_t replaced; /* the thread that this one follows */
	bool replaces;	    /* there is one */
	alignas(64) struct bp_sleeper idle; /* where it rests */
	uint32_t running;	      /* its own: record it runs, or BP_NONE */
	uint32_t depth;		      /* its own: jobs on its stack */
	struct bp_frame *frame;	      /* its own: the innermost job */
	const struct bp_waits *waits; /* the innermost; NULL: none */
	struct bp_trace *trace; /* its own: of the outermost; NULL: none */
	uint64_t began;		/* as told there */
	uint32_t stuck;		/* scratch of hangs(), run.c */
};

struct bpool {
	pthread_mutex_t lock;

	/* Guarded by the lock, those of every job first. */
	uint64_t submitted, finished;
	uint32_t in_flight, in_flight_peak;
	alignas(64) struct ring ready; /* records by number */
	struct ring free;	       /* those that were used before */
	uint32_t fresh;		       /* records from here on never were */
	uint32_t running;	       /* workers in a job */
	uint32_t waking;	       /* idle workers on their way */
	bool closed;		       /* no new jobs */
	bool gated;		       /* there is a limit on all jobs */
	struct bp_schedule schedule;
	struct bp_trace *trace; /* NULL: nobody looks; see trace.h */
	alignas(64) struct bpool_link idle; /* workers at rest, warmest first,
					     * the timekeeper last */
	struct bp_worker *timekeeper;	    /* looks at `schedule` in time */
	uint64_t timekeeper_until;
	struct bp_door door; /* for want of a record */
	/* On its way from there, and in no hurry before so few are ready;
	 * NULL: none. */
	struct bp_sleeper *lingering;
	uint32_t lingers_until;
	uint32_t linger_rests;	   /* so often nobody lingers */
	struct bpool_link helpers; /* asleep inside jobs, to help */
	struct bpool_link limits;  /* all of this pool */
	uint32_t may_return;	   /* jobs that run, to be tried again maybe */
	uint32_t held_back;	   /* producers asleep at the doors of those */
	struct bpool_link waiting; /* asleep in bpool_wait() */
	struct bpool_link joining; /* asleep until workers came or went */
	size_t users;		   /* callers asleep in this pool */
	uint64_t failed, cancelled, retried, refused;
	uint64_t producers_slept_ns;
	struct bp_retry_budget retry_budget;
	uint32_t live;	   /* worker threads not yet gone */
	uint32_t starting; /* workers in their start hook */
	int start_error;   /* of the first hook that failed */
	bool flushed;	   /* closed with BPOOL_FLUSH */

	/* Written under the lock, read without: see bpool_cancelled(). */
	atomic_bool dropped; /* closed, and not to be drained */

	/* Fixed at creation. */
	alignas(64) struct bp_record *records; /* max_in_flight of them */
	struct bp_extra *extras;	       /* as many */
	struct bp_terms *terms;		       /* as many */
	struct bpool_limit *limit;	       /* on all jobs; NULL: none */
	uint32_t max_in_flight;
	uint32_t nworkers;
	struct bp_worker *workers;
	pthread_attr_t attr;
	unsigned long generation;
	int (*on_worker_start)(void *user, unsigned worker);
	void (*on_worker_stop)(void *user, unsigned worker);
	void *user;
	char name[16];

	/* Who made it or destroys it, so that neither a destroy nor the end of
	 * a create that failed wants memory. */
	struct bp_sleeper owner;
};

/* How often this process image was forked; see pool.c. */
extern unsigned long bp_generation;

/* The lock is taken: look again a few times, further and further apart. */
void bp_pool_lock_contended(struct bpool *pool);

static inline void pool_lock(struct bpool *pool)
{
	if (pthread_mutex_trylock(&pool->lock) != 0)
		bp_pool_lock_contended(pool);
}

static inline void pool_unlock(struct bpool *pool)
{
	BP_BUG_ON(pthread_mutex_unlock(&pool->lock) != 0);
}

/* What every public call asks first. */
static inline int pool_check(const struct bpool *pool)
{
	if (!pool)
		return -EINVAL;
	return pool->generation == bp_generation ? 0 : -ECHILD;
}

/* Room for one more job, not counting what is kept for a waking producer. */
static inline bool pool_has_room(const struct bpool *pool)
{
	return pool->max_in_flight - pool->in_flight >
	       (uint32_t)pool->door.waking;
}

#endif
