/* SPDX-License-Identifier: MIT */
/*
 * boundpool: run blocking calls, at most so many at once.
 *
 * A pool is a fixed set of worker threads behind a bounded ring of jobs.  Its
 * size is the concurrency.  Jobs are accepted until max_in_flight of them are
 * accepted and not finished; then the producer sleeps.  Everything a job
 * needs was allocated with the pool: a million jobs cost what ten cost.
 *
 *	struct bpool *pool;
 *
 *	bpool_create(&pool, NULL);
 *	for (i = 0; i < n; i++)
 *		bpool_submit(pool, fetch, urls[i]);
 *	bpool_destroy(pool);
 *
 * What holds for every function unless it says otherwise:
 *
 * - Any thread may call it at any time, from inside a job too, between
 *   bpool_create() and bpool_destroy() of its pool.
 * - It returns 0, or a negative errno, unless it says otherwise.  The errors
 *   listed are all there are, but for three: -EINVAL for NULL where the text
 *   does not allow it, -ECHILD in a process forked from the one that made the
 *   pool (it has the pool's memory and none of its threads), and -ENOMEM
 *   where a call may have to sleep and the system gives it no semaphore.
 * - On failure the caller's outputs are untouched.
 * - A deadline is a time on CLOCK_MONOTONIC (bpool_after() makes one).  NULL
 *   is for ever, a time in the past is one try.  One that is no time (tv_nsec
 *   outside 0..999999999) is -EINVAL.
 * - No call is a cancellation point, and no signal ends a sleep early.
 * - A call from inside a job that could only wait for its own job is refused
 *   with -EDEADLK.  Circles through several pools, or through locks of your
 *   own, are not seen.
 * - The contents of structs marked private are not for reading or writing.
 */
#ifndef BOUNDPOOL_H
#define BOUNDPOOL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

#define BPOOL_VERSION_MAJOR 0
#define BPOOL_VERSION_MINOR 1
#define BPOOL_VERSION_PATCH 0
#define BPOOL_VERSION "0.1.0"

/* The version of the library in use, which may be newer than this header. */
const char *bpool_version(void);

struct bpool;

/*
 * A job.  What it returns is handed back verbatim; negative means failed.
 * It may block as long as it likes.  It must return: longjmp() out of it is
 * undefined, a C++ exception that leaves it ends the process, and
 * pthread_exit() in it ends the job (an attempt of it, where it has retries) as
 * failed with -EOWNERDEAD, whatever it said before, and gives the pool a new
 * worker thread in place of the one that ended, with
 * on_worker_stop and on_worker_start run for it.  Where that cannot be (a job
 * that another runs on the spot, no thread to be had, a hook that fails) it
 * ends the process with a message.  A job that lets its thread be cancelled
 * forbids it again before it returns.
 */
typedef int bpool_fn(void *arg);

/* ---- Limits, as they are asked for ------------------------------------ */

/*
 * Starts per time: never more than `starts` in any `period_ns`, wherever that
 * begins; after a rest `burst` of them at once (0: 1), then evenly.  0 starts
 * is no limit.
 */
struct bpool_rate {
	uint64_t starts, period_ns, burst;
};

/*
 * A number of jobs at once that finds itself, from `floor` (0: 1) to `ceiling`
 * (0: not adaptive), by what the jobs say: it grows while they come through
 * and goes back when they are refused.  In the long run no more than the share
 * `refusals` (0: 0.01) of the jobs is spent on looking for more.
 */
struct bpool_adaptive {
	unsigned floor, ceiling;
	double refusals;
};

/*
 * Retries of failures over a whole pool: no more than `least`, and `share` of
 * the jobs accepted so far; so that a service that is down does not get every
 * job as often as one may be tried.  Both zero: 10 and 0.2.
 */
struct bpool_retry_budget {
	uint64_t least;
	double share;
};

/* Zero in any member but the first is the default: no such limit. */
struct bpool_limit_options {
	size_t size;	      /* sizeof(struct bpool_limit_options) */
	unsigned max_running; /* jobs at once */
	struct bpool_rate rate;
	struct bpool_adaptive adaptive;
	/* How long starts pause after a refusal that says no time: about this
	 * (default: 100 ms), twice that after the next, up to the most
	 * (default: 30 s).  After it one job is tried alone, until one is let
	 * in, whether it comes through or fails.  An adaptive limit finds this
	 * too. */
	uint64_t pause_ns, pause_most_ns;
	/* Not for a pool's own. */
	size_t max_keys;   /* keys that it knows at once; default: 1024 */
	size_t max_queued; /* jobs of one key that no worker has begun yet;
			    * default: any number */
};

/* ---- A pool's life ---------------------------------------------------- */

/* How to make a pool.  Zero in any member but the first is the default. */
struct bpool_options {
	size_t size;	      /* sizeof(struct bpool_options) */
	unsigned workers;     /* threads; default: CPUs this process may use */
	size_t max_in_flight; /* jobs accepted and not finished, so fewer
			       * than workers leave some idle;
			       * default: 1024 or 2 * workers, the larger */
	size_t stack_size;    /* bytes a worker; default: the system's for
			       * threads, and no less than 256 KiB */
	const char *name;     /* threads are called "name/3"; cut to what the
			       * system takes; default "bpool" */
	/*
	 * Run on each worker, at the same time as on others, before its
	 * first job and after its last, for what a worker keeps: a
	 * connection, a handle.  `worker` counts from 0; a job asks
	 * bpool_worker().  A job that runs on the spot inside another's wait
	 * finds the same worker in use.  A negative return from the first
	 * fails bpool_create() with it, and the second is run where the
	 * first succeeded.  Neither may wait for or destroy this pool, nor
	 * end its thread.
	 */
	int (*on_worker_start)(void *user, unsigned worker);
	void (*on_worker_stop)(void *user, unsigned worker);
	void *user; /* handed to both, never looked into */
	/* A limit on all jobs of the pool together; NULL: none.  Copied. */
	const struct bpool_limit_options *limit;
	struct bpool_retry_budget retry_budget; /* default: 10 and 0.2 */
};

#define BPOOL_WORKERS_MAX 65536u

/*
 * Make a pool and start its workers.  `options` is copied; NULL is all
 * defaults.  Sleeps only where on_worker_start is given: until it has
 * returned on each worker.
 * Workers block all signals but those that a thread brings on itself.
 *
 * -EINVAL   options->size makes no sense, workers above BPOOL_WORKERS_MAX,
 *           max_in_flight above SEM_VALUE_MAX, a stack smaller than the
 *           system's least, a limit that bpool_limit_create() would refuse or
 *           with max_keys or max_queued, a share that is negative
 * -E2BIG    options is from a newer header and sets something unknown here
 * -EAGAIN   the system does not give that many threads
 * -ENOMEM   no memory
 * or what on_worker_start returned.  Whatever had started has been stopped.
 *
 * Since 0.1.
 */
int bpool_create(struct bpool **pool, const struct bpool_options *options);

enum bpool_how {
	BPOOL_DRAIN = 1,  /* what was accepted still runs */
	BPOOL_CANCEL = 2, /* what has not started never will */
	BPOOL_FLUSH = 3	  /* what was accepted is called, to clean up */
};

/*
 * Refuse new jobs from now on; never sleeps.  Producers asleep in a submit
 * wake with -EPIPE.  BPOOL_CANCEL also settles every job that has not started
 * as cancelled: its future says -ECANCELED, its fn is never called.  Jobs
 * that run are left alone (they may ask bpool_cancelled()).
 *
 * BPOOL_FLUSH is for jobs that own what `arg` points to: bpool_cancelled() says
 * 1 in all of them, and those that wait for a limit, a delay or another try
 * are called soon, past all limits, and for the last time.  So is one that
 * runs now and is to be tried again.
 *
 * Each of these may follow one above it; closing again otherwise changes
 * nothing.
 *
 * -EINVAL   `how` is none of them
 *
 * Since 0.1.
 */
int bpool_close(struct bpool *pool, int how);

/*
 * Sleep until everything accepted before this call is finished or cancelled.
 * Jobs accepted later are not waited for.
 *
 * -ETIMEDOUT  the deadline passed first
 * -EDEADLK    called from a job of this pool: it would wait for itself
 *
 * Since 0.1.
 */
int bpool_wait(struct bpool *pool, const struct timespec *deadline);

/*
 * Close with BPOOL_DRAIN if still open, sleep until what was accepted is
 * finished, join the workers, free everything.  The caller has joined every
 * thread of its own that may be in a call on this pool.  NULL does nothing.
 * Needs no memory, so it is never -ENOMEM.
 * Futures may still be read with bpool_await() afterwards, groups only given
 * to bpool_group_fini().
 *
 * -EDEADLK  called from a job of this pool
 * -EBUSY    another thread still sleeps in a call on this pool: the pool is
 *           closed and still there; join that thread and call again
 *
 * Since 0.1.
 */
int bpool_destroy(struct bpool *pool);

/* ---- Jobs -------------------------------------------------------------- */

/*
 * Queue fn(arg), sleeping while max_in_flight jobs are in flight.  Producers
 * that sleep are let in in the order in which they came; while jobs end every
 * few microseconds, up to a millisecond late, so that there is room for many.
 *
 * The pool never looks inside `arg`.  On success it belongs to the job until
 * fn returns; on failure it is still the caller's.  Everything the caller
 * wrote before this call is visible to fn.
 *
 * -EPIPE    the pool was closed, before or during the sleep
 * -EDEADLK  called from a job of this pool while there is no room: sleeping
 *           could hang, if every job did it.  Call fn yourself, or use
 *           bpool_map(), which runs what finds no room on the spot
 *
 * Since 0.1.
 */
int bpool_submit(struct bpool *pool, bpool_fn *fn, void *arg);

/*
 * bpool_submit() that never sleeps.
 *
 * -EAGAIN   there is no room: max_in_flight jobs are in flight, or one fewer
 *           and the place is kept for a producer that is waking up
 * -EPIPE    the pool is closed
 *
 * Since 0.1.
 */
int bpool_try_submit(struct bpool *pool, bpool_fn *fn, void *arg);

/*
 * bpool_submit() that sleeps no longer than `deadline`, at which it takes what
 * room there is, whoever came before.  In a job of this pool it is -EDEADLK
 * all the same.
 *
 * -ETIMEDOUT, and the errors of bpool_submit()
 *
 * Since 0.1.
 */
int bpool_submit_until(struct bpool *pool, bpool_fn *fn, void *arg,
		       const struct timespec *deadline);

struct bpool_call {
	bpool_fn *fn;
	void *arg;
};

/*
 * bpool_submit() for calls[0] to calls[n - 1], in order, as many at a time as
 * there is room for.  The array is the caller's again on return.  Returns how
 * many were accepted: n, or fewer where an error came in between (the next
 * call will meet it again), or that error if none was accepted.  A call
 * without fn is such an error (-EINVAL) at its place.
 *
 * The errors of bpool_submit().
 *
 * Since 0.1.
 */
ssize_t bpool_submit_many(struct bpool *pool, const struct bpool_call *calls,
			  size_t n);

/* Bytes of arguments a job's record holds, aligned to as many. */
#define BPOOL_ARGS_MAX 64

/*
 * bpool_submit() that copies `nbytes` at `args` into the job's record and
 * calls fn with a pointer to the copy, which lives until fn returns (NULL if
 * nbytes is 0).  This is what typed calls (below) are made of.
 *
 * -EINVAL   nbytes is above BPOOL_ARGS_MAX
 * and the errors of bpool_submit()
 *
 * Since 0.1.
 */
int bpool_submit_copy(struct bpool *pool, bpool_fn *fn, const void *args,
		      size_t nbytes);

/*
 * Gather: run fn on each of the n elements of arg_size bytes at `args`, and
 * sleep until all have returned.  results[i] is what the i-th returned;
 * -ECANCELED if the pool was closed with BPOOL_CANCEL before it started;
 * -EPIPE if the pool was closed before it was accepted.  `results` may be
 * NULL.  Needs no memory, however large n is.  arg_size 0 hands the same
 * `args` to each.
 *
 * Returns 0 if no result is negative, else the one with the lowest i (fill
 * `results` before, where an error of its own must be told from theirs).  From
 * inside a job of the same pool it runs elements on the spot, and never hangs
 * for want of room.
 *
 * -EINVAL   n is not 0 and fn is NULL, or args is NULL with an arg_size
 *
 * On -EINVAL, -ECHILD and -ENOMEM of its own, nothing ran and `results` is
 * untouched.
 *
 * Since 0.1.
 */
int bpool_map(struct bpool *pool, bpool_fn *fn, void *args, size_t arg_size,
	      size_t n, int *results);

/*
 * From inside a job: 1 if its group or its pool was cancelled since it was
 * accepted, so that its result is of no more use; else 0.  Outside of a job
 * it is 0.  Never sleeps.
 *
 * Since 0.1.
 */
int bpool_cancelled(void);

/*
 * From inside a job: the number of the worker it runs on, from 0; no two
 * jobs that run at the same time have the same, but for one that runs on the
 * spot inside another's wait.
 *
 * -ENOENT   the caller is not in a job
 *
 * Since 0.1.
 */
int bpool_worker(void);

/* ---- Futures ------------------------------------------------------------ */

struct bpool_link {
	struct bpool_link *prev, *next;
};

/*
 * Where a job's result will be.  The caller's memory: on the stack, in an
 * array, in a struct of its own.  It must stay where it is from bpool_async()
 * until a call has said that the job is finished.  Private.
 */
struct bpool_future {
	struct bpool *pool;
	struct bpool_group *group;
	struct bpool_future *next;
	struct bpool_link waiting;
	unsigned long generation;
	uint32_t record;
	int result;
	int state;
};

/* Prepare a future.  One that is all zero bytes is prepared. */
int bpool_future_init(struct bpool_future *future);

/*
 * As it was after bpool_future_init(), if it is not in use.  It holds nothing
 * that had to be freed: this says when its memory may go.
 *
 * -EBUSY    its job is not finished, or a group still has it to hand out
 */
int bpool_future_fini(struct bpool_future *future);

/*
 * bpool_submit() whose result goes to `future`.  A future may be used again
 * once its job is finished.
 *
 * -EBUSY    the future's last job is not finished, or its group has not
 *           handed it out
 * and the errors of bpool_submit()
 *
 * Since 0.1.
 */
int bpool_async(struct bpool *pool, struct bpool_future *future, bpool_fn *fn,
		void *arg);

/* bpool_async() with bpool_submit_copy()'s arguments and errors. */
int bpool_async_copy(struct bpool *pool, struct bpool_future *future,
		     bpool_fn *fn, const void *args, size_t nbytes);

/*
 * Sleep until the future's job is finished, and store what it returned in
 * *result (unless NULL).  Everything the job wrote is visible then.  Any
 * number of threads may await one future, any number of times.
 *
 * From inside a job of the same pool, a job that has not started is run on
 * the spot, to its end, whatever the deadline.
 *
 * -ECANCELED  the job was cancelled before it started; it will never run
 * -ETIMEDOUT  the deadline passed first; the job goes on
 * -EDEADLK    called from a job of this pool, and the future's job waits for
 *             that very job, directly or through others
 * -EINVAL     the future was never given to bpool_async()
 *
 * Since 0.1.
 */
int bpool_await(struct bpool_future *future, int *result,
		const struct timespec *deadline);

/* ---- Groups of futures -------------------------------------------------- */

/* Futures that belong together.  The caller's memory.  Private. */
struct bpool_group {
	struct bpool *pool;
	struct bpool_link ready, running;
	struct bpool_link waiting, collecting;
	struct bpool_future *done, *done_last;
	size_t unfinished;
	size_t callers;
	size_t first_error_index;
	int *results;
	int first_error;
	int flags;
	int cancelled;
	unsigned long generation;
};

enum bpool_group_flags {
	BPOOL_CANCEL_ON_ERROR = 1 /* the first negative result cancels */
};

/*
 * Prepare a group of jobs of `pool`; `flags` is 0 or BPOOL_CANCEL_ON_ERROR.
 *
 * -EINVAL   other flags
 *
 * Since 0.1.
 */
int bpool_group_init(struct bpool_group *group, struct bpool *pool, int flags);

/*
 * bpool_async() into a group.  The future is the group's until
 * bpool_group_next() hands it out or bpool_group_fini(); reading it with
 * bpool_await() in between is fine.
 *
 * From inside a job of the same pool while there is no room, this runs a job
 * of the group that has not started instead of sleeping.
 *
 * -ECANCELED  the group was cancelled, before or during the sleep
 * -EDEADLK    called from a job of this pool while there is no room, and no
 *             job of the group is there to help with, or the caller is one
 *             itself
 * and the other errors of bpool_async()
 *
 * Since 0.1.
 */
int bpool_group_async(struct bpool_group *group, struct bpool_future *future,
		      bpool_fn *fn, void *arg);

/* bpool_group_async() with bpool_submit_copy()'s arguments and errors. */
int bpool_group_async_copy(struct bpool_group *group,
			   struct bpool_future *future, bpool_fn *fn,
			   const void *args, size_t nbytes);

/*
 * As completed: hand out, each once, the futures whose jobs are finished or
 * cancelled, the earliest first, sleeping while there is none yet.  After
 * this bpool_await() on it does not sleep and gives the result.  Helps as
 * bpool_group_wait() does.
 *
 *	while (bpool_group_next(&group, &future, NULL) == 0)
 *		err = bpool_await(future, &result, NULL);
 *
 * -ENOENT     none is left: all were handed out and no job is unfinished
 * -ETIMEDOUT  the deadline passed first
 * -EDEADLK    as for bpool_group_wait()
 *
 * Since 0.1.
 */
int bpool_group_next(struct bpool_group *group, struct bpool_future **future,
		     const struct timespec *deadline);

/*
 * Sleep until every job submitted to the group before this call is finished.
 * Hands nothing out.  Returns 0, or the group's first error: the negative
 * result (or -ECANCELED of a job that never ran) that came first.  (Where
 * jobs return errors that this call has too, bpool_group_next() tells them
 * apart.)
 *
 * From inside a job of the same pool it runs the group's jobs that have not
 * started on the spot, to their end, whatever the deadline.
 *
 * -ETIMEDOUT  the deadline passed first
 * -EDEADLK    called from a job of this pool, and what is left of the group
 *             waits for that very job (or is that job)
 *
 * Since 0.1.
 */
int bpool_group_wait(struct bpool_group *group,
		     const struct timespec *deadline);

/*
 * Settle the group's jobs that have not started as cancelled, refuse new
 * ones, wake who sleeps in bpool_group_async(), and let bpool_cancelled() say
 * so in those that run.  Never sleeps.
 *
 * Since 0.1.
 */
int bpool_group_cancel(struct bpool_group *group);

/*
 * Release the group and every future it still had to hand out.
 *
 * -EBUSY    a job of the group is unfinished, or a call on it has not
 *           returned
 *
 * Since 0.1.
 */
int bpool_group_fini(struct bpool_group *group);

/* ---- Limits and retries -------------------------------------------------- */

/*
 * A limit on the jobs of a pool that name it, for each key apart: at most
 * max_running jobs of the key "example.org" at once, so many starts a second,
 * and none while it is paused.  A job that has to wait for that holds its
 * record and no worker: other keys and other jobs go on.  Where the pool has a
 * limit of its own, a job passes its key's first and then that, and both at
 * once as it starts.
 *
 * A job that runs on the spot inside another's wait takes the place of that
 * one where both pass the same limit.
 */
struct bpool_limit;

/* Bytes of a key, its NUL not counted. */
#define BPOOL_KEY_MAX 255

/*
 * Make one for jobs of `pool`.  It takes its memory now: max_keys keys, of
 * which those cost nothing that never come.  When all are in use and another
 * comes, the one goes that was idle for longest; a key is idle when it has no
 * job, is not paused, and its rate would let a whole burst through.  Forgotten
 * with it are its weight, what an adaptive limit found, and that it was refused
 * before its last pause.
 *
 * It is released with its pool, or before by bpool_limit_destroy().
 *
 * -EINVAL   options->size makes no sense; a burst above `starts`, starts
 *           without a period, or so that burst * period / (starts - burst + 1)
 *           is above 2^62 ns (a month of 7117 starts with as large a burst
 *           is); floor above ceiling, a share that is none; max_keys above
 *           2^31
 * -E2BIG    options is from a newer header and sets something unknown here
 * -ENOMEM   no memory
 *
 * Since 0.1.
 */
int bpool_limit_create(struct bpool_limit **limit, struct bpool *pool,
		       const struct bpool_limit_options *options);

/*
 * Release it; NULL is nothing to release.
 *
 * -EBUSY    a job that names it is not finished, or a call that submits one
 *           has not returned
 * -EINVAL   it is a pool's own, which goes with the pool
 *
 * Since 0.1.
 */
int bpool_limit_destroy(struct bpool_limit *limit);

/* The pool's own limit, or NULL if bpool_options.limit was NULL. */
struct bpool_limit *bpool_limit_of(struct bpool *pool);

/*
 * Change it, for each of its keys, at once.  Where fewer may run than do, none
 * is stopped: no other starts before enough have ended.  What a rate owes for
 * past starts it still owes, unless it is none in between.  max_keys stays as
 * it is.  Takes time in proportion to the keys it has seen.
 *
 * Errors as for bpool_limit_create(); -EINVAL too if max_keys or max_queued is
 * set for a pool's own.
 *
 * Since 0.1.
 */
int bpool_limit_set(struct bpool_limit *limit,
		    const struct bpool_limit_options *options);

/*
 * No start of the key (NULL: of jobs without one) before `until`, a time on
 * CLOCK_MONOTONIC, if that is to come and later than what holds already.
 *
 * -ENAMETOOLONG  the key has more than BPOOL_KEY_MAX bytes
 * -EAGAIN        all keys are in use, and this is none of them
 *
 * Since 0.1.
 */
int bpool_limit_pause_until(struct bpool_limit *limit, const char *key,
			    const struct timespec *until);

/* How a key stands, and counts since it came. */
struct bpool_limit_stats {
	size_t size;	      /* sizeof(struct bpool_limit_stats) */
	uint64_t running;     /* started and not finished */
	uint64_t waiting;     /* not started, or to be tried again */
	uint64_t max_running; /* now, by what it found too; 0: any number */
	uint64_t paused_ns;   /* from now; 0: it is not paused */
	uint64_t started;     /* counts each attempt of a job */
	uint64_t refused;
	uint64_t pauses;
	uint64_t keys; /* of the whole limit: those in use */
};

/*
 * Fill *stats, of which the caller has set `size`; members beyond what this
 * library knows become 0.  NULL is the key of jobs without one.  A key that is
 * not known is all zero but for `keys`, and `max_running` as it would begin.
 *
 * -EINVAL        stats->size makes no sense
 * -ENAMETOOLONG  the key has more than BPOOL_KEY_MAX bytes
 *
 * Since 0.1.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow" /* in C++: named like the struct */
int bpool_limit_stats(struct bpool_limit *limit, const char *key,
		      struct bpool_limit_stats *stats);
#pragma GCC diagnostic pop

enum bpool_outcome {
	BPOOL_OK,
	BPOOL_FAILED,
	BPOOL_OVERLOADED, /* the service said "not now": not the job's fault */
	BPOOL_PERMANENT	  /* failed, and would again: not tried again */
};

/*
 * Whether and when a job is tried again: with its arguments, in the record
 * that it has, through its limits, ahead of jobs of its key that were not
 * tried yet.  Only what the last attempt returned is its result.  (A copy of
 * the arguments is as the last attempt left it.)
 *
 * An attempt that failed costs one of `attempts` and of the pool's budget, and
 * the job waits for a time drawn from 0 to base_ns, from 0 to twice that after
 * the next, up to cap_ns.  One that was overloaded costs neither; its key
 * pauses (without a limit, the job waits), and an adaptive limit of the pool
 * learns from it.
 */
struct bpool_retry {
	unsigned attempts; /* in all; 0 and 1: none after a failure */
	uint64_t base_ns;  /* default: 100 ms */
	uint64_t cap_ns;   /* default: 30 s */
	/* Who is told to come back later than this is not tried again, and its
	 * key pauses as if no time had been said; default: 300 s, also for jobs
	 * without a retry. */
	uint64_t patience_ns;
	/* What a result means, asked on the worker; default: negative is
	 * BPOOL_FAILED, else BPOOL_OK.  bpool_job_overloaded() goes before. */
	enum bpool_outcome (*outcome)(int result);
};

/* The terms of a job.  Zero in any member is the default: none. */
struct bpool_job {
	struct bpool_limit *limit; /* of the same pool */
	const char *key;	   /* of `limit`; copied */
	unsigned weight; /* of its key from now on: starts before the next
			  * key has its turn; default: as it was, 1 at first */
	const struct bpool_retry *retry; /* copied */
	/* No start after this: then it is cancelled, or what its last attempt
	 * returned is its result; as soon as a worker is free to see it. */
	const struct timespec *deadline;
	uint64_t delay_ns;	      /* no start before this is over */
	const struct timespec *until; /* the submit sleeps no longer */
	struct bpool_future *future;
	struct bpool_group *group; /* of the same pool */
	size_t copy;		   /* bytes at `arg`, copied as in
				    * bpool_submit_copy(); 0: the pointer */
	uint64_t reserved[4];
};

/*
 * bpool_submit() on terms (NULL: none).  It also sleeps while all keys of the
 * limit are in use and this is none of them, and while its key has max_queued
 * jobs that wait.
 *
 * -EINVAL        a key without a limit; a limit or group of another pool, or
 *                the pool's own limit; a group without a future; a deadline or
 *                `until` that is no time; copy above BPOOL_ARGS_MAX;
 *                a reserved member that is not 0
 * -ETIMEDOUT     `until` passed first
 * -ENAMETOOLONG  the key has more than BPOOL_KEY_MAX bytes
 * -EDEADLK       called from a job of this pool where it would sleep
 * and the errors of bpool_async() and bpool_group_async()
 *
 * Since 0.1.
 */
int bpool_submit_with(struct bpool *pool, bpool_fn *fn, void *arg,
		      const struct bpool_job *job);

/* bpool_submit_with() that never sleeps: -EAGAIN where that would. */
int bpool_try_submit_with(struct bpool *pool, bpool_fn *fn, void *arg,
			  const struct bpool_job *job);

/*
 * From inside a job: the service refused it ("429 Too Many Requests"), and
 * may have said that it should not be asked before a time on CLOCK_MONOTONIC
 * (NULL: it did not; one that has passed is none).  What the job returns is its
 * result if it has no retry.
 * It may be called more than once: the latest time holds.
 *
 * bpool_job_retry_after() gives the time in nanoseconds from now, as
 * a Retry-After in seconds does; 0 is no time.
 *
 * -ENOENT   the caller is not in a job
 *
 * Since 0.1.
 */
int bpool_job_overloaded(const struct timespec *not_before);
int bpool_job_retry_after(uint64_t ns);

/*
 * From inside a job: which attempt this is, from 1.
 *
 * -ENOENT   the caller is not in a job
 *
 * Since 0.1.
 */
int bpool_job_attempt(void);

/* From inside a job: its key, until it returns; NULL if it has none or the
 * caller is in no job. */
const char *bpool_job_key(void);

/* ---- Looking inside ------------------------------------------------------ */

/* Counts since creation, and how things stand, all at one moment. */
struct bpool_stats {
	size_t size;	    /* sizeof(struct bpool_stats), by the caller */
	uint64_t submitted; /* jobs accepted */
	uint64_t finished;  /* jobs whose fn returned */
	uint64_t failed;    /* of those, with a negative result */
	uint64_t cancelled; /* jobs that never started */
	uint64_t ready;	    /* jobs that have not started yet */
	uint64_t running;   /* workers in a job (a job run on the spot
			     * inside another adds none) */
	uint64_t in_flight; /* accepted and not finished or cancelled */
	uint64_t in_flight_peak;
	uint64_t workers;
	uint64_t producers_slept_ns; /* by all producers together */
	uint64_t retried;	     /* attempts after a job's first */
	uint64_t refused; /* attempts that were overloaded, of jobs that have
			   * terms or a limit on all */
	uint64_t pauses; /* of all limits and their keys together */
};

/*
 * Fill *stats, of which the caller has set `size`; members beyond what this
 * library knows become 0.
 *
 * -EINVAL   stats->size makes no sense
 *
 * Since 0.1.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow" /* in C++: named like the struct */
int bpool_stats(struct bpool *pool, struct bpool_stats *stats);
#pragma GCC diagnostic pop

/*
 * The counts of bpool_stats() in the text format that Prometheus reads (0.0.4), with
 * the pool's name as the label `pool`, and how many may run at once, where the pool has
 * a limit.  Writes no more than n bytes to `buf`, the last of which is a NUL, and returns
 * how many the whole text has without it: where that is n or more, some is missing, as
 * with snprintf().  `buf` may be NULL where n is 0.
 *
 * Since 0.1.
 */
ssize_t bpool_stats_prometheus(struct bpool *pool, char *buf, size_t n);

/*
 * From now on write what the pool does to `fd`, as bpool's --events does (bpool(1)):
 * lines of JSON that begin, start, retry, end and sum up.  A job is the `job`-th that
 * was accepted, its `slot` is its worker, counted from 1, `command` is its key, and
 * `result` what it returned; the first line has the pool's name as `pool`.  An
 * element of a map that was run on the spot for want of room has no events.
 * `fd` is the caller's, to be open until the pool is destroyed or another call has
 * named another: -1 is none, which costs nothing.  The last line sums up what the
 * events since the first told.  All of an attempt are in one place: one that runs on
 * as another is named has no end there.  Those of jobs that were waited for are all
 * there when this returns.  Workers wait for who reads it, as do this call and
 * bpool_destroy(), which raise SIGPIPE, as any write does, where nobody does any more.
 * Lines of one worker are in order.
 * Returns what went wrong as the events before were written, after which nothing more
 * was, or else of the first line, if `fd` is one.  bpool_destroy() cannot say: where
 * it matters, call this with -1 before.
 *
 * -EINVAL   fd is below -1
 * -ENOMEM   no memory
 * or an error of write(2).
 *
 * Since 0.1.
 */
int bpool_trace(struct bpool *pool, int fd);

/* The time `ns` nanoseconds from now, for use as a deadline. */
struct timespec bpool_after(uint64_t ns);

#pragma GCC visibility pop

/* ---- Typed calls --------------------------------------------------------- */

/*
 * BPOOL_TYPED(fetch, (const char *, url), (long, max));
 *
 * after `int fetch(const char *url, long max)` defines
 *
 *	int fetch_submit(struct bpool *, const char *url, long max);
 *	int fetch_async(struct bpool *, struct bpool_future *,
 *			const char *url, long max);
 *	int fetch_group_async(struct bpool_group *, struct bpool_future *,
 *			      const char *url, long max);
 *
 * as static functions: bpool_submit(), bpool_async(), bpool_group_async()
 * with the arguments of fetch itself, each checked by the compiler.  (It also
 * takes the names fetch_call and struct fetch_args.)  At file scope, after a
 * function that returns int.  From 0 arguments, BPOOL_TYPED(tick), to 8, each
 * a pair of type and name; a typedef where the name would stand inside the
 * type (arrays, pointers to functions) or the type has a comma.  A type is
 * not itself const.  Arguments are copied as bytes, never what they point to,
 * so a C++ type must be trivially copyable.  A struct of them larger than
 * BPOOL_ARGS_MAX does not compile.
 */
#define BPOOL_TYPED(...)                                                       \
	BPOOL_PICK_(__VA_ARGS__, BPOOL_MANY_, BPOOL_MANY_, BPOOL_MANY_,        \
		    BPOOL_MANY_, BPOOL_MANY_, BPOOL_MANY_, BPOOL_MANY_,        \
		    BPOOL_MANY_, BPOOL_8_, BPOOL_7_, BPOOL_6_, BPOOL_5_,       \
		    BPOOL_4_, BPOOL_3_, BPOOL_2_, BPOOL_1_, BPOOL_0_, )        \
	(__VA_ARGS__)

/* The rest of this file serves that macro alone. */

#define BPOOL_PICK_(n, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, pick,   \
		    ...)                                                       \
	pick

#ifdef __cplusplus
#define BPOOL_ASSERT_ static_assert
#define BPOOL_COPYABLE_(type) __is_trivially_copyable(type)
#else
#define BPOOL_ASSERT_ _Static_assert
#define BPOOL_COPYABLE_(type) 1
#endif

#define BPOOL_FIELD_(type, name) type name;
#define BPOOL_PARAM_(type, name) , type name
#define BPOOL_STORE_(type, name) bpool_args.name = name;
#define BPOOL_LOAD_(type, name) bpool_args->name
#define BPOOL_NEXT_(type, name) , bpool_args->name

#define BPOOL_MANY_(fn, ...)                                                   \
	BPOOL_ASSERT_(0, "a typed call takes at most 8 arguments: " #fn)

/* clang-format off */
#define BPOOL_EACH_1_(m, a) m a
#define BPOOL_EACH_2_(m, a, b) m a m b
#define BPOOL_EACH_3_(m, a, b, c) m a m b m c
#define BPOOL_EACH_4_(m, a, b, c, d) m a m b m c m d
#define BPOOL_EACH_5_(m, a, b, c, d, e) m a m b m c m d m e
#define BPOOL_EACH_6_(m, a, b, c, d, e, f) m a m b m c m d m e m f
#define BPOOL_EACH_7_(m, a, b, c, d, e, f, g) m a m b m c m d m e m f m g
#define BPOOL_EACH_8_(m, a, b, c, d, e, f, g, h) m a m b m c m d m e m f m g m h

#define BPOOL_0_(fn) \
	BPOOL_DEFINE_(fn, char bpool_none;, , bpool_args.bpool_none = 0;, )
#define BPOOL_1_(fn, a) \
	BPOOL_DEFINE_(fn, BPOOL_EACH_1_(BPOOL_FIELD_, a), \
		      BPOOL_EACH_1_(BPOOL_PARAM_, a), \
		      BPOOL_EACH_1_(BPOOL_STORE_, a), \
		      BPOOL_LOAD_ a)
#define BPOOL_2_(fn, a, b) \
	BPOOL_DEFINE_(fn, BPOOL_EACH_2_(BPOOL_FIELD_, a, b), \
		      BPOOL_EACH_2_(BPOOL_PARAM_, a, b), \
		      BPOOL_EACH_2_(BPOOL_STORE_, a, b), \
		      BPOOL_LOAD_ a BPOOL_EACH_1_(BPOOL_NEXT_, b))
#define BPOOL_3_(fn, a, b, c) \
	BPOOL_DEFINE_(fn, BPOOL_EACH_3_(BPOOL_FIELD_, a, b, c), \
		      BPOOL_EACH_3_(BPOOL_PARAM_, a, b, c), \
		      BPOOL_EACH_3_(BPOOL_STORE_, a, b, c), \
		      BPOOL_LOAD_ a BPOOL_EACH_2_(BPOOL_NEXT_, b, c))
#define BPOOL_4_(fn, a, b, c, d) \
	BPOOL_DEFINE_(fn, BPOOL_EACH_4_(BPOOL_FIELD_, a, b, c, d), \
		      BPOOL_EACH_4_(BPOOL_PARAM_, a, b, c, d), \
		      BPOOL_EACH_4_(BPOOL_STORE_, a, b, c, d), \
		      BPOOL_LOAD_ a BPOOL_EACH_3_(BPOOL_NEXT_, b, c, d))
#define BPOOL_5_(fn, a, b, c, d, e) \
	BPOOL_DEFINE_(fn, BPOOL_EACH_5_(BPOOL_FIELD_, a, b, c, d, e), \
		      BPOOL_EACH_5_(BPOOL_PARAM_, a, b, c, d, e), \
		      BPOOL_EACH_5_(BPOOL_STORE_, a, b, c, d, e), \
		      BPOOL_LOAD_ a BPOOL_EACH_4_(BPOOL_NEXT_, b, c, d, e))
#define BPOOL_6_(fn, a, b, c, d, e, f) \
	BPOOL_DEFINE_(fn, BPOOL_EACH_6_(BPOOL_FIELD_, a, b, c, d, e, f), \
		      BPOOL_EACH_6_(BPOOL_PARAM_, a, b, c, d, e, f), \
		      BPOOL_EACH_6_(BPOOL_STORE_, a, b, c, d, e, f), \
		      BPOOL_LOAD_ a BPOOL_EACH_5_(BPOOL_NEXT_, b, c, d, e, f))
#define BPOOL_7_(fn, a, b, c, d, e, f, g) \
	BPOOL_DEFINE_(fn, BPOOL_EACH_7_(BPOOL_FIELD_, a, b, c, d, e, f, g), \
		      BPOOL_EACH_7_(BPOOL_PARAM_, a, b, c, d, e, f, g), \
		      BPOOL_EACH_7_(BPOOL_STORE_, a, b, c, d, e, f, g), \
		      BPOOL_LOAD_ a BPOOL_EACH_6_(BPOOL_NEXT_, b, c, d, e, f, g))
#define BPOOL_8_(fn, a, b, c, d, e, f, g, h) \
	BPOOL_DEFINE_(fn, BPOOL_EACH_8_(BPOOL_FIELD_, a, b, c, d, e, f, g, h), \
		      BPOOL_EACH_8_(BPOOL_PARAM_, a, b, c, d, e, f, g, h), \
		      BPOOL_EACH_8_(BPOOL_STORE_, a, b, c, d, e, f, g, h), \
		      BPOOL_LOAD_ a BPOOL_EACH_7_(BPOOL_NEXT_, b, c, d, e, f, g, h))
/* clang-format on */

#define BPOOL_FUNCTION_ __attribute__((__unused__)) static inline int

#define BPOOL_DEFINE_(fn, fields, params, store, load)                         \
	struct fn##_args {                                                     \
		fields                                                         \
	};                                                                     \
	BPOOL_ASSERT_(sizeof(struct fn##_args) <= BPOOL_ARGS_MAX,              \
		      "more than BPOOL_ARGS_MAX bytes of arguments: " #fn);    \
	BPOOL_ASSERT_(BPOOL_COPYABLE_(struct fn##_args),                       \
		      "an argument is more than its bytes: " #fn);             \
	BPOOL_FUNCTION_ fn##_call(void *bpool_arg)                             \
	{                                                                      \
		struct fn##_args *bpool_args = (struct fn##_args *)bpool_arg;  \
		(void)bpool_args;                                              \
		return fn(load);                                               \
	}                                                                      \
	BPOOL_FUNCTION_ fn##_submit(struct bpool *bpool_pool params)           \
	{                                                                      \
		struct fn##_args bpool_args;                                   \
		store return bpool_submit_copy(bpool_pool, fn##_call,          \
					       &bpool_args,                    \
					       sizeof(bpool_args));            \
	}                                                                      \
	BPOOL_FUNCTION_ fn##_async(struct bpool *bpool_pool,                   \
				   struct bpool_future *bpool_to params)       \
	{                                                                      \
		struct fn##_args bpool_args;                                   \
		store return bpool_async_copy(bpool_pool, bpool_to, fn##_call, \
					      &bpool_args,                     \
					      sizeof(bpool_args));             \
	}                                                                      \
	BPOOL_FUNCTION_ fn##_group_async(struct bpool_group *bpool_group,      \
					 struct bpool_future *bpool_to params) \
	{                                                                      \
		struct fn##_args bpool_args;                                   \
		store return bpool_group_async_copy(bpool_group, bpool_to,     \
						    fn##_call, &bpool_args,    \
						    sizeof(bpool_args));       \
	}                                                                      \
	struct fn##_args /* takes the semicolon */

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
