/* SPDX-License-Identifier: MIT */
/*
 * A worker takes one job at a time: taking several would park a job behind a
 * slow one.  At most one worker is on its way from its rest at a time; when
 * it has taken a job and sees more it wakes the next before it runs its own.
 * So a burst of blocking jobs gets every worker, and a stream of tiny ones,
 * which one awake worker eats as fast as they come, pays for no wake-ups.
 */
#include "worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "probe.h"
#include "run.h"
#include "trace.h"

/* Small jobs come to no more than there are CPUs.  Another: to explore it with
 * a few. */
#ifndef BP_RUNNING_MANY
#define BP_RUNNING_MANY 8
#endif

/*
 * One of those at rest keeps the time: it rests no longer than until something
 * is due.  It is the last to be woken for a job.  While no worker is at rest
 * nobody could use the time; then each looks as it takes its next job.
 */
static void time_keep(struct bpool *pool, struct bp_worker *worker,
		      struct bp_wakes *wakes)
{
	struct timespec until;

	pool->timekeeper = worker;
	pool->timekeeper_until = schedule_due(&pool->schedule);
	until = bp_ns_deadline(pool->timekeeper_until);
	bp_sleeper_enlist(&worker->idle, &pool->idle);
	pool_post(pool, wakes);
	/* Told something while the lock was free, it looks at once. */
	bp_sleeper_rest(pool, &worker->idle, &until);
	pool->timekeeper = NULL;
}

static void worker_rest(struct bpool *pool, struct bp_worker *worker,
			struct bp_wakes *wakes)
{
	bool woken;

	BP_PROBE2(park, pool, worker->number);
	if (time_unkept(pool)) {
		time_keep(pool, worker, wakes);
	} else {
		/* At the front: the last to rest is the warmest. */
		bp_sleeper_enlist(&worker->idle, pool->idle.next);
		pool_post(pool, wakes);
		while (worker->idle.due > 0 || worker->idle.enlisted)
			bp_sleeper_rest(pool, &worker->idle, NULL);
	}
	woken = !worker->idle.enlisted;
	bp_sleeper_leave(pool, &worker->idle);
	if (woken)
		pool->waking--;
}

/*
 * It takes a job and sees more, or a time to be kept: the next.  Where so many
 * are in jobs that these seem to wait for something, one beside that, so that
 * all are up in half the time.  Small jobs would pay for that, and are eaten by
 * those that are awake.
 */
static void workers_wake(struct bpool *pool, struct bp_wakes *wakes)
{
	worker_wake(pool, wakes);
	if (pool->running >= BP_RUNNING_MANY && pool->waking == 1 &&
	    pool->ready.len > 2 && !list_empty(&pool->idle))
		bp_idle_wake(pool, wakes);
}

/* Until the pool is closed and nothing is ready. */
static void worker_loop(struct bp_worker *worker)
{
	struct bpool *pool = worker->pool;
	struct bp_wakes wakes = { 0 };

	pool_lock(pool);
	for (;;) {
		jobs_advance(pool, &wakes);
		if (pool->ready.len > 0) {
			uint32_t id = ring_first(&pool->ready);

			if (pool->ready.len > 1 || time_unkept(pool))
				workers_wake(pool, &wakes);
			bp_job_run(worker, id, &wakes);
		} else if (!pool_is_done(pool)) {
			worker_rest(pool, worker, &wakes);
		} else {
			break;
		}
	}
	/* Those at rest have to go too. */
	while (!list_empty(&pool->idle))
		bp_idle_wake(pool, &wakes);
	bp_pool_unlock_post(pool, &wakes);
}

/* The last the pool hears of a thread. */
static void worker_gone(struct bp_worker *worker)
{
	struct bpool *pool = worker->pool;
	struct bp_wakes wakes = { 0 };

	bp_self = NULL;
	pool_lock(pool);
	if (--pool->live == 0)
		bp_sleepers_wake(&pool->joining, &wakes);
	bp_pool_unlock_post(pool, &wakes);
}

/*
 * pthread_exit() in a job (or a cancellation that the job allowed).  The job
 * is settled as failed and a new thread takes the worker over; it joins this
 * one.
 */
static void worker_exited(void *arg)
{
	struct bp_worker *worker = arg;
	struct bpool *pool = worker->pool;
	struct bp_wakes wakes = { 0 };
	struct bp_frame failed = { .outcome = BPOOL_FAILED };
	struct bp_trace *trace = worker->trace;
	struct bp_traced traced;
	uint32_t id = worker->running;
	bool again;

	if (worker->depth != 1 || worker->running == BP_NONE) {
		(void)fprintf(stderr,
			      "libboundpool: pthread_exit() inside a job "
			      "run by another, or in a hook: stopping\n");
		abort();
	}
	worker->depth = 0;
	worker->frame = NULL;
	if (pool->on_worker_stop)
		pool->on_worker_stop(pool->user, worker->number);
	bp_self = NULL;
	pool_lock(pool);
	pool->running--;
	if (pool->records[id].ticketed ||
	    (pool->records[id].extra && pool->records[id].flushed))
		failed.terms = &pool->terms[id];
	/* One that was not seen to start is not seen to end. */
	if (trace)
		bp_traced_find(&traced, trace, worker->began, pool, id,
			       worker->number, &failed);
	worker->trace = NULL;
	again = job_end(pool, id, -EOWNERDEAD, &failed, &wakes);
	if (trace)
		bp_traced_settle(&traced, pool);
	worker->running = BP_NONE;
	worker->replaced = pthread_self();
	worker->replaces = true;
	if (bp_worker_start(worker) != 0) {
		(void)fprintf(stderr,
			      "libboundpool: no thread in place of one that "
			      "a job ended: stopping\n");
		abort();
	}
	bp_pool_unlock_post(pool, &wakes);
	if (!trace)
		return;
	/* Who follows joins this thread, so the pool is there. */
	bp_traced_tell_end(&traced, -EOWNERDEAD, &failed, again);
	pool_lock(pool);
	bp_traced_finish(&traced);
	pool_unlock(pool);
}

static void thread_name(const struct bp_worker *worker)
{
	char number[12], name[16];
	int n = snprintf(number, sizeof(number), "/%u", worker->number);

	/* The number is what tells them apart: the name gives way. */
	(void)snprintf(name, sizeof(name), "%.*s%s", (int)sizeof(name) - 1 - n,
		       worker->pool->name, number);
	pthread_setname_np(pthread_self(), name);
}

/* 0, or what the hook returned, told to bpool_create(). */
static int worker_hook(struct bp_worker *worker)
{
	struct bpool *pool = worker->pool;
	struct bp_wakes wakes = { 0 };
	int err = 0;

	if (pool->on_worker_start)
		err = pool->on_worker_start(pool->user, worker->number);
	if (err < 0 && worker->replaces) {
		(void)fprintf(stderr,
			      "libboundpool: on_worker_start failed in place "
			      "of a thread that a job ended: stopping\n");
		abort();
	}
	if (worker->replaces || !pool->on_worker_start)
		return 0;
	pool_lock(pool);
	if (err < 0 && pool->start_error == 0)
		pool->start_error = err;
	if (--pool->starting == 0)
		bp_sleepers_wake(&pool->joining, &wakes);
	bp_pool_unlock_post(pool, &wakes);
	return err < 0 ? err : 0;
}

/* A frame of its own: what pthread_exit() jumps back to. */
static void worker_guarded(struct bp_worker *worker)
{
	struct bpool *pool = worker->pool;

	pthread_cleanup_push(worker_exited, worker);
	if (worker_hook(worker) == 0) {
		worker_loop(worker);
		if (pool->on_worker_stop)
			pool->on_worker_stop(pool->user, worker->number);
	}
	pthread_cleanup_pop(0);
}

static void *worker_main(void *arg)
{
	struct bp_worker *worker = arg;
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	if (worker->replaces)
		BP_BUG_ON(pthread_join(worker->replaced, NULL) != 0);
	bp_self = worker;
	thread_name(worker);
	worker_guarded(worker);
	worker_gone(worker);
	return NULL;
}

int bp_worker_start(struct bp_worker *worker)
{
	sigset_t all, before;
	int err;

	/* Handlers run where the caller's threads let them.  What a thread
	 * brings on itself has to end the process, as anywhere. */
	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGTRAP);
	sigdelset(&all, SIGSYS);
	sigdelset(&all, SIGABRT);
	BP_BUG_ON(pthread_sigmask(SIG_SETMASK, &all, &before) != 0);
	err = pthread_create(&worker->thread, &worker->pool->attr, worker_main,
			     worker);
	BP_BUG_ON(pthread_sigmask(SIG_SETMASK, &before, NULL) != 0);
	return -err;
}
