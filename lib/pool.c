/* SPDX-License-Identifier: MIT */
/* A pool's life: create, close, wait, destroy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "options.h"
#include "run.h"
#include "submit.h"
#include "trace.h"
#include "worker.h"

#define STACK_LEAST ((size_t)256 * 1024)

/*
 * Pools made before a fork have their threads in another process.  The count
 * of forks tells them from pools made since; a pid would cost each call a
 * system call.  The handler takes no lock, and there is one thread in the
 * child when it runs.
 */
unsigned long bp_generation;
static int generation_error;

static void generation_next(void)
{
	bp_generation++;
}

/* When the program is loaded: later there may be other threads, and one of
 * them may fork. */
__attribute__((constructor)) static void generation_watch(void)
{
	generation_error = -pthread_atfork(NULL, NULL, generation_next);
}

static int attr_set_stack(pthread_attr_t *attr, size_t stack_size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), usual;

	if (stack_size == 0) {
		if (pthread_attr_getstacksize(attr, &usual) == 0 &&
		    usual >= STACK_LEAST)
			return 0;
		stack_size = STACK_LEAST;
	}
	/* Before rounding, which would lift it to the least. */
	if (stack_size > SIZE_MAX - page ||
	    pthread_attr_setstacksize(attr, stack_size) == EINVAL)
		return -EINVAL;
	stack_size = (stack_size + page - 1) / page * page;
	return -pthread_attr_setstacksize(attr, stack_size);
}

static void pool_set(struct bpool *pool, const struct bpool_options *options)
{
	memset(pool, 0, sizeof(*pool));
	pool->max_in_flight = (uint32_t)options->max_in_flight;
	pool->nworkers = options->workers;
	pool->generation = bp_generation;
	pool->on_worker_start = options->on_worker_start;
	pool->on_worker_stop = options->on_worker_stop;
	pool->user = options->user;
	pool->retry_budget = (struct bp_retry_budget){
		.floor = options->retry_budget.least,
		.share = options->retry_budget.share,
	};
	(void)snprintf(pool->name, sizeof(pool->name), "%s", options->name);
	list_init(&pool->idle);
	list_init(&pool->door.sleepers);
	list_init(&pool->helpers);
	list_init(&pool->limits);
	list_init(&pool->waiting);
	list_init(&pool->joining);
}

/* Not cleared: what is never used costs no memory. */
static void *array_alloc(size_t n, size_t size)
{
	size_t line = 64;

	if (n > (SIZE_MAX - line) / size)
		return NULL;
	return aligned_alloc(line, (n * size + line - 1) / line * line);
}

/* Everything but the threads. */
static int pool_make(struct bpool **made, const struct bpool_options *options)
{
	struct bpool *pool = array_alloc(1, sizeof(*pool));
	struct ring_place *places;
	int err = -ENOMEM;

	if (!pool)
		return -ENOMEM;
	pool_set(pool, options);
	pool->workers = array_alloc(pool->nworkers, sizeof(*pool->workers));
	pool->records =
		array_alloc(options->max_in_flight, sizeof(*pool->records));
	pool->extras =
		array_alloc(options->max_in_flight, sizeof(*pool->extras));
	pool->terms = array_alloc(options->max_in_flight, sizeof(*pool->terms));
	places = bp_ring_places(pool->max_in_flight, 2);
	if (!pool->workers || !pool->records || !pool->extras || !pool->terms ||
	    !places)
		goto free_all;
	bp_ring_init(&pool->ready, places, pool->max_in_flight, 0);
	bp_ring_init(&pool->free, places, pool->max_in_flight, 1);
	/* Any seed will do that others have not. */
	bp_schedule_init(&pool->schedule, &pool->ready,
			 bp_clock_ns() ^ (uintptr_t)pool);
	err = options->limit ? bp_limit_make_own(pool, options->limit) : 0;
	if (!err)
		err = -pthread_attr_init(&pool->attr);
	if (err)
		goto free_all;
	err = attr_set_stack(&pool->attr, options->stack_size);
	if (!err)
		err = bp_sleeper_init(&pool->owner);
	if (err)
		goto destroy_attr;
	err = -pthread_mutex_init(&pool->lock, NULL);
	if (err)
		goto fini_owner;
	*made = pool;
	return 0;

fini_owner:
	bp_sleeper_fini(&pool->owner);
destroy_attr:
	pthread_attr_destroy(&pool->attr);
free_all:
	bp_limits_free(pool);
	free(places);
	free(pool->terms);
	free(pool->extras);
	free(pool->records);
	free(pool->workers);
	free(pool);
	return err;
}

static void pool_free(struct bpool *pool)
{
	bp_trace_free(pool);
	BP_BUG_ON(pthread_mutex_destroy(&pool->lock) != 0);
	bp_sleeper_fini(&pool->owner);
	pthread_attr_destroy(&pool->attr);
	bp_limits_free(pool);
	free(pool->ready.places);
	free(pool->terms);
	free(pool->extras);
	free(pool->records);
	free(pool->workers);
	free(pool);
}

static void pool_close(struct bpool *pool, int how, struct bp_wakes *wakes)
{
	pool->closed = true;
	bp_producers_turn_away(pool, NULL, wakes);
	if (how != BPOOL_DRAIN) {
		/* Relaxed: bpool_cancelled() is advice, and orders nothing. */
		atomic_store_explicit(&pool->dropped, true,
				      memory_order_relaxed);
	}
	if (how == BPOOL_CANCEL && !pool->flushed) {
		bp_jobs_cancel_all(pool, wakes);
	} else if (how == BPOOL_FLUSH) {
		pool->flushed = true;
		bp_jobs_flush(pool, wakes);
	}
	bp_helpers_nudge(pool, wakes);
	/* Whom they find at rest the workers wake as they go. */
	if (!list_empty(&pool->idle) && pool->waking == 0) {
		pool->waking++;
		bp_sleeper_wake(bp_container(pool->idle.next, struct bp_sleeper,
					     link),
				wakes);
	}
}

/* With the lock held, sleep on pool->joining until *count is 0. */
static void pool_sleep_until_zero(struct bpool *pool, const uint32_t *count)
{
	struct bp_sleeper *sleeper = &pool->owner;

	while (*count > 0) {
		if (!sleeper->enlisted)
			bp_sleeper_enlist(sleeper, &pool->joining);
		bp_sleeper_rest(pool, sleeper, NULL);
	}
	bp_sleeper_leave(pool, sleeper);
}

/* Wait for the threads of the closed pool and join the `n` that started. */
static void pool_join(struct bpool *pool, uint32_t n)
{
	int state;

	pool_lock(pool);
	pool_sleep_until_zero(pool, &pool->live);
	pool_unlock(pool);
	/* What began to free the pool has to end. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	for (uint32_t i = 0; i < n; i++) {
		BP_BUG_ON(pthread_join(pool->workers[i].thread, NULL) != 0);
		bp_sleeper_fini(&pool->workers[i].idle);
	}
	pthread_setcancelstate(state, NULL);
}

static int workers_start(struct bpool *pool, uint32_t *started)
{
	int err = 0;
	uint32_t i;

	pool->live = pool->nworkers;
	pool->starting = pool->on_worker_start ? pool->nworkers : 0;
	for (i = 0; i < pool->nworkers; i++) {
		struct bp_worker *worker = &pool->workers[i];

		*worker = (struct bp_worker){
			.pool = pool,
			.number = i,
			.running = BP_NONE,
		};
		err = bp_sleeper_init(&worker->idle);
		if (err)
			break;
		err = bp_worker_start(worker);
		if (err) {
			bp_sleeper_fini(&worker->idle);
			break;
		}
	}
	*started = i;
	return err;
}

int bpool_create(struct bpool **made, const struct bpool_options *given)
{
	struct bpool_options options;
	struct bp_wakes wakes = { 0 };
	struct bpool *pool = NULL; /* gcc -O1 does not see that it is set */
	uint32_t started;
	int err;

	if (!made)
		return -EINVAL;
	err = bp_options_read(&options, given);
	if (!err)
		err = generation_error;
	if (!err)
		err = pool_make(&pool, &options);
	if (err)
		return err;
	err = workers_start(pool, &started);
	if (!err && !pool->on_worker_start)
		goto done;
	pool_lock(pool);
	pool->live -= pool->nworkers - started;
	if (pool->on_worker_start)
		pool->starting -= pool->nworkers - started;
	pool_sleep_until_zero(pool, &pool->starting);
	if (!err)
		err = pool->start_error;
	if (err)
		pool_close(pool, BPOOL_CANCEL, &wakes);
	bp_pool_unlock_post(pool, &wakes);
	if (err)
		goto join;
done:
	*made = pool;
	return 0;

join:
	pool_join(pool, started);
	pool_free(pool);
	return err;
}

int bpool_close(struct bpool *pool, int how)
{
	struct bp_wakes wakes = { 0 };
	int err = pool_check(pool);

	if (err)
		return err;
	if (how < BPOOL_DRAIN || how > BPOOL_FLUSH)
		return -EINVAL;
	pool_lock(pool);
	pool_close(pool, how, &wakes);
	bp_pool_unlock_post(pool, &wakes);
	return 0;
}

int bpool_wait(struct bpool *pool, const struct timespec *deadline)
{
	struct bp_sleeper sleeper;
	int err = pool_check(pool);

	if (err)
		return err;
	if (!bp_deadline_valid(deadline))
		return -EINVAL;
	if (bp_worker_in_job(pool))
		return -EDEADLK;
	err = bp_sleeper_init(&sleeper);
	if (err)
		return err;
	pool_lock(pool);
	if (pool->in_flight > 0) {
		struct bp_waits waits = { 0 };

		sleeper.last = pool->submitted;
		sleeper.left = pool->in_flight;
		err = bp_wait_helping(pool, &pool->waiting, &sleeper, &waits,
				      deadline);
	}
	pool_unlock(pool);
	bp_sleeper_fini(&sleeper);
	return err;
}

int bpool_destroy(struct bpool *pool)
{
	struct bp_wakes wakes = { 0 };
	int err;

	if (!pool)
		return 0;
	err = pool_check(pool);
	if (err)
		return err;
	if (bp_worker_in_job(pool))
		return -EDEADLK;
	pool_lock(pool);
	pool_close(pool, BPOOL_DRAIN, &wakes);
	if (pool->users > 0)
		err = -EBUSY;
	bp_pool_unlock_post(pool, &wakes);
	if (!err) {
		pool_join(pool, pool->nworkers);
		pool_free(pool);
	}
	return err;
}
