/* SPDX-License-Identifier: MIT */
/*
 * What a program does with the library, while one call to libc fails or all
 * from one on.  What holds in each:
 *
 * - a call is refused with an error that the header has for it, and touches
 *   nothing of the caller's then;
 * - who asks again when the fault is over is let in;
 * - a job that was accepted runs once, or is told cancelled; one that was
 *   refused never runs;
 * - bpool_destroy() succeeds.
 *
 * The driver sees that nothing is left behind.
 */
#include <boundpool.h>
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "faults.h"
#include "library.h"
#include "state.h"

#define MS UINT64_C(1000000)
#define S UINT64_C(1000000000)
#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NO_RESULT 77

/* A job, and what its submit came to. */
struct mark {
	struct bpool *pool;
	struct bpool_future future;
	const atomic_bool *go; /* NULL: at once */
	bool accepted;
	int result;
	atomic_int runs;
};

#define END(array) ((array) + COUNT(array))

static bool somebody_sleeps(const struct bpool *pool)
{
	return __atomic_load_n(&pool->users, __ATOMIC_RELAXED) > 0;
}

static int mark_job(void *arg)
{
	struct mark *mark = arg;

	atomic_fetch_add(&mark->runs, 1);
	while (mark->go && !atomic_load(mark->go))
		sched_yield();
	return mark->result;
}

/* Stays until somebody sleeps for room, or nobody will. */
static int slow_job(void *arg)
{
	struct mark *mark = arg;

	while (!atomic_load(mark->go) && !somebody_sleeps(mark->pool))
		sched_yield();
	atomic_fetch_add(&mark->runs, 1);
	return mark->result;
}

/* NULL: refused, and untouched. */
static struct bpool *pool_with(const struct bpool_options *options)
{
	struct bpool *none = (struct bpool *)&options, *pool = none;
	int err;

	do {
		err = bpool_create(&pool, options);
		MUST(!err || pool == none);
	} while (refused("bpool_create", err, -EAGAIN, -ENOMEM, -EINVAL, 0));
	return err ? NULL : pool;
}

static struct bpool *pool_of(unsigned workers, size_t max_in_flight,
			     const struct bpool_limit_options *limit)
{
	const struct bpool_options options = {
		.size = sizeof(options),
		.workers = workers,
		.max_in_flight = max_in_flight,
		.limit = limit,
		.retry_budget = { .least = 1000 },
	};

	return pool_with(&options);
}

static void pool_end(struct bpool *pool)
{
	MUST(bpool_destroy(pool) == 0);
}

/* What was accepted ran so often, and nothing else did. */
static void marks_ran(struct mark *marks, size_t n, int times)
{
	for (size_t i = 0; i < n; i++)
		MUST(atomic_load(&marks[i].runs) ==
		     (marks[i].accepted ? times : 0));
}
#define RAN_ONCE(marks) marks_ran(marks, COUNT(marks), 1)

static void mark_submit(struct bpool *pool, bpool_fn *fn, struct mark *mark)
{
	int err;

	mark->pool = pool;
	do
		err = bpool_submit(pool, fn, mark);
	while (refused("bpool_submit", err, -ENOMEM, 0));
	mark->accepted = !err;
}

static void mark_async(struct bpool *pool, struct mark *mark)
{
	int err;

	do
		err = bpool_async(pool, &mark->future, mark_job, mark);
	while (refused("bpool_async", err, -ENOMEM, 0));
	mark->accepted = !err;
}

static int mark_await(struct mark *mark)
{
	int err, result = NO_RESULT;

	do {
		err = bpool_await(&mark->future, &result, NULL);
		MUST(err == 0 || result == NO_RESULT);
		MUST(err != 0 || result == mark->result);
	} while (err != -ECANCELED && refused("bpool_await", err, -ENOMEM, 0));
	return err;
}

/* Once the pool is destroyed: each that was accepted has its result, or, if it
 * may be, is cancelled and did not run. */
static void marks_told(struct mark *marks, size_t n, bool cancelled)
{
	for (size_t i = 0; i < n; i++) {
		struct mark *mark = &marks[i];
		int result = NO_RESULT;
		int err = bpool_await(&mark->future, &result, NULL);
		int runs = atomic_load(&mark->runs);

		if (!mark->accepted)
			MUST(err == -EINVAL && runs == 0);
		else if (err == -ECANCELED)
			MUST(cancelled && runs == 0);
		else
			MUST(err == 0 && result == mark->result && runs == 1);
	}
}
#define TOLD(marks) marks_told(marks, COUNT(marks), false)
#define TOLD_OR_CANCELLED(marks) marks_told(marks, COUNT(marks), true)

/* Sleep until all is finished; false: it could not be. */
static bool pool_wait(struct bpool *pool)
{
	int err;

	do
		err = bpool_wait(pool, NULL);
	while (refused("bpool_wait", err, -ENOMEM, 0));
	return !err;
}

/* ---- A pool's life -------------------------------------------------------------- */

static void case_create(void)
{
	struct bpool *pool = pool_with(NULL);
	struct mark marks[4] = { 0 };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_submit(pool, mark_job, mark);
	pool_end(pool);
	RAN_ONCE(marks);
}

struct hooks {
	atomic_int started, stopped;
};

static int hook_start(void *user, unsigned worker)
{
	struct hooks *hooks = user;

	MUST(worker < 3);
	atomic_fetch_add(&hooks->started, 1);
	return 0;
}

static void hook_stop(void *user, unsigned worker)
{
	struct hooks *hooks = user;

	MUST(worker < 3);
	atomic_fetch_add(&hooks->stopped, 1);
}

static void case_create_with_hooks(void)
{
	struct hooks hooks = { 0 };
	const struct bpool_limit_options limit = { .size = sizeof(limit),
						   .max_running = 2 };
	const struct bpool_options options = {
		.size = sizeof(options),
		.workers = 3,
		.stack_size = 300001,
		.name = "with a long name",
		.on_worker_start = hook_start,
		.on_worker_stop = hook_stop,
		.user = &hooks,
		.limit = &limit,
	};
	struct bpool *pool = pool_with(&options);
	struct mark marks[4] = { 0 };

	MUST(pool || hooks.started == hooks.stopped);
	if (!pool)
		return;
	MUST(hooks.started - hooks.stopped == 3);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_submit(pool, mark_job, mark);
	pool_end(pool);
	RAN_ONCE(marks);
	MUST(hooks.started == hooks.stopped);
}

static int waiting_job(void *arg)
{
	struct mark *mark = arg;

	MUST(bpool_wait(mark->pool, NULL) == -EDEADLK);
	MUST(bpool_destroy(mark->pool) == -EDEADLK);
	return mark_job(mark);
}

static void case_wait(void)
{
	struct bpool *pool = pool_of(1, 4, NULL);
	atomic_bool go = false;
	struct mark marks[3] = { { .go = &go } };
	struct timespec soon;
	int err;

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_submit(pool, waiting_job, mark);
	do {
		soon = bpool_after(MS);
		err = bpool_wait(pool, &soon);
	} while (err != -ETIMEDOUT && refused("bpool_wait", err, -ENOMEM, 0));
	MUST(err != 0 || !marks[0].accepted);
	atomic_store(&go, true);
	if (pool_wait(pool))
		RAN_ONCE(marks);
	pool_end(pool);
	RAN_ONCE(marks);
}

/* ---- Producers ------------------------------------------------------------------ */

static void case_submit(void)
{
	struct bpool *pool = pool_of(2, 2, NULL);
	atomic_bool go = false;
	struct mark marks[8] = { 0 };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++) {
		mark->go = &go;
		mark_submit(pool, slow_job, mark);
		if (!mark->accepted)
			atomic_store(&go, true);
	}
	atomic_store(&go, true);
	pool_end(pool);
	RAN_ONCE(marks);
}

static int submit_until(struct mark *mark, uint64_t ns)
{
	struct timespec until;
	int err;

	do {
		until = bpool_after(ns);
		err = bpool_submit_until(mark->pool, mark_job, mark, &until);
	} while (err != -ETIMEDOUT &&
		 refused("bpool_submit_until", err, -ENOMEM, 0));
	mark->accepted = !err;
	return err;
}

static void case_submit_in_time(void)
{
	struct bpool *pool = pool_of(1, 1, NULL);
	atomic_bool go = false;
	struct mark marks[5] = { { .go = &go } };
	int err;

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark->pool = pool;
	mark_submit(pool, mark_job, &marks[0]);
	MUST(marks[0].accepted);
	MUST(submit_until(&marks[1], 0) != 0);
	MUST(submit_until(&marks[2], MS) != 0);
	MUST(bpool_try_submit(pool, mark_job, &marks[3]) == -EAGAIN);
	atomic_store(&go, true);
	err = submit_until(&marks[4], 100 * S);
	MUST(err != -ETIMEDOUT || clock_fails());
	pool_end(pool);
	RAN_ONCE(marks);
}

static void case_submit_many(void)
{
	struct bpool *pool = pool_of(2, 3, NULL);
	struct mark marks[9] = { 0 };
	struct bpool_call all[COUNT(marks)];
	size_t n = 0;
	ssize_t took = 0;

	if (!pool)
		return;
	for (size_t i = 0; i < COUNT(marks); i++)
		all[i] = (struct bpool_call){ mark_job, &marks[i] };
	while (n < COUNT(marks)) {
		took = bpool_submit_many(pool, all + n, COUNT(marks) - n);
		MUST(took != 0);
		for (ssize_t i = 0; i < took; i++)
			marks[n++].accepted = true;
		if (took < 0 &&
		    !refused("bpool_submit_many", (int)took, -ENOMEM, 0))
			break;
	}
	pool_end(pool);
	RAN_ONCE(marks);
}

/* ---- Results -------------------------------------------------------------------- */

static void case_futures(void)
{
	struct bpool *pool = pool_of(2, 3, NULL);
	struct mark marks[6] = { 0 };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++) {
		mark->result = (int)(mark - marks) - 2;
		mark_async(pool, mark);
	}
	for (struct mark *mark = marks; mark < END(marks); mark++)
		if (mark->accepted)
			MUST(mark_await(mark) != -ECANCELED);
	pool_end(pool);
	TOLD(marks);
}

static int future_in_time(struct bpool_future *future, uint64_t ns)
{
	struct timespec soon;
	int err;

	do {
		soon = bpool_after(ns);
		err = bpool_await(future, NULL, &soon);
	} while (err != -ETIMEDOUT && refused("bpool_await", err, -ENOMEM, 0));
	return err;
}

static void case_futures_in_time(void)
{
	struct bpool *pool = pool_of(1, 3, NULL);
	atomic_bool go = false;
	struct mark marks[2] = { { .go = &go } };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_async(pool, mark);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		MUST(!mark->accepted || future_in_time(&mark->future, MS) != 0);
	atomic_store(&go, true);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		MUST(!mark->accepted ||
		     future_in_time(&mark->future, 100 * S) != -ETIMEDOUT ||
		     clock_fails());
	pool_end(pool);
	TOLD(marks);
}

#define ELEMENTS 6

struct mapping {
	struct bpool *pool;
	struct mark marks[ELEMENTS];
	int results[ELEMENTS];
	struct bpool_future future;
	atomic_bool done;
};

/* All ran, or none and nothing was touched. */
static int map_marks(struct mapping *mapping)
{
	struct mark *marks = mapping->marks;
	int err;

	for (int i = 0; i < ELEMENTS; i++) {
		mapping->results[i] = NO_RESULT;
		marks[i].result = i;
	}
	do
		err = bpool_map(mapping->pool, mark_job, marks, sizeof(*marks),
				ELEMENTS, mapping->results);
	while (refused("bpool_map", err, -ENOMEM, 0));
	for (int i = 0; i < ELEMENTS; i++) {
		MUST(mapping->results[i] == (err ? NO_RESULT : i));
		MUST(atomic_load(&marks[i].runs) == !err);
	}
	return err;
}

static void case_map(void)
{
	struct mapping mapping = { .pool = pool_of(2, 3, NULL) };

	if (!mapping.pool)
		return;
	map_marks(&mapping);
	pool_end(mapping.pool);
}

static int mapping_job(void *arg)
{
	struct mapping *mapping = arg;
	int err = map_marks(mapping);

	atomic_store(&mapping->done, true);
	return err;
}

static void map_in_job(struct bpool *pool)
{
	struct mapping mapping = { .pool = pool };
	int err, result = NO_RESULT;

	if (!pool)
		return;
	do
		err = bpool_async(pool, &mapping.future, mapping_job, &mapping);
	while (refused("bpool_async", err, -ENOMEM, 0));
	while (!err && !atomic_load(&mapping.done))
		sched_yield();
	pool_end(pool);
	MUST(err || bpool_await(&mapping.future, &result, NULL) == 0);
	MUST(err || result == 0 || result == -ENOMEM);
}

static void case_map_in_job(void)
{
	map_in_job(pool_of(1, 3, NULL));
}

/* It finds no room, and a rate. */
static void case_map_on_the_spot(void)
{
	const struct bpool_limit_options limit = { .size = sizeof(limit),
						   .max_running = 1,
						   .rate = { 10000, S, 2 } };

	map_in_job(pool_of(2, 1, &limit));
}

/* ---- Groups ---------------------------------------------------------------------- */

static void mark_in_group(struct bpool_group *group, struct mark *mark)
{
	int err;

	do
		err = bpool_group_async(group, &mark->future, mark_job, mark);
	while (err != -ECANCELED &&
	       refused("bpool_group_async", err, -ENOMEM, 0));
	mark->accepted = !err;
}

/* -ENOENT, or what it was refused with; *n is how many were handed out. */
static int group_hand_out(struct bpool_group *group, size_t *n)
{
	struct bpool_future *none = (struct bpool_future *)group, *future;
	int err;

	for (*n = 0;; ++*n) {
		do {
			future = none;
			err = bpool_group_next(group, &future, NULL);
			MUST(!err || future == none);
		} while (err != -ENOENT &&
			 refused("bpool_group_next", err, -ENOMEM, 0));
		if (err)
			return err;
		err = bpool_await(future, NULL, NULL);
		MUST(err == 0 || err == -ECANCELED);
	}
}

static void group_end(struct bpool_group *group, struct bpool *pool)
{
	pool_end(pool);
	MUST(bpool_group_fini(group) == 0);
}

static size_t accepted(const struct mark *marks, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += marks[i].accepted;
	return sum;
}

static void case_as_completed(void)
{
	struct bpool *pool = pool_of(2, 3, NULL);
	struct bpool_group group;
	struct mark marks[6] = { 0 };
	size_t n;

	if (!pool)
		return;
	MUST(bpool_group_init(&group, pool, 0) == 0);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_in_group(&group, mark);
	if (group_hand_out(&group, &n) == -ENOENT)
		MUST(n == accepted(marks, COUNT(marks)));
	group_end(&group, pool);
	TOLD(marks);
}

static void case_group_error(void)
{
	struct bpool *pool = pool_of(1, 6, NULL);
	struct bpool_group group;
	struct mark marks[5] = { 0 };
	int err;

	if (!pool)
		return;
	MUST(bpool_group_init(&group, pool, BPOOL_CANCEL_ON_ERROR) == 0);
	marks[1].result = -EIO;
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_in_group(&group, mark);
	do
		err = bpool_group_wait(&group, NULL);
	while (err != -EIO && refused("bpool_group_wait", err, -ENOMEM, 0));
	MUST(err != 0 || !marks[1].accepted);
	group_end(&group, pool);
	TOLD_OR_CANCELLED(marks);
}

static void case_group_cancel(void)
{
	struct bpool *pool = pool_of(1, 8, NULL);
	struct bpool_group group;
	atomic_bool go = false;
	struct mark marks[5] = { { .go = &go } }, late = { 0 };
	size_t n;

	if (!pool)
		return;
	MUST(bpool_group_init(&group, pool, 0) == 0);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_in_group(&group, mark);
	while (atomic_load(&marks[0].runs) == 0)
		sched_yield();
	MUST(bpool_group_cancel(&group) == 0);
	mark_in_group(&group, &late);
	MUST(!late.accepted);
	atomic_store(&go, true);
	if (group_hand_out(&group, &n) == -ENOENT)
		MUST(n == accepted(marks, COUNT(marks)));
	group_end(&group, pool);
	TOLD_OR_CANCELLED(marks);
	for (size_t i = 1; i < COUNT(marks); i++)
		MUST(atomic_load(&marks[i].runs) == 0);
}

/* ---- Typed calls ------------------------------------------------------------------ */

static int add(atomic_int *to, int n)
{
	return atomic_fetch_add(to, n);
}
BPOOL_TYPED(add, (atomic_int *, to), (int, n));

static void case_typed(void)
{
	struct bpool *pool = pool_of(1, 2, NULL);
	struct bpool_group group;
	struct bpool_future futures[2] = { 0 };
	atomic_int sum = 0;
	int err, expected = 0;

	if (!pool)
		return;
	MUST(bpool_group_init(&group, pool, 0) == 0);
	do
		err = add_submit(pool, &sum, 1);
	while (refused("add_submit", err, -ENOMEM, 0));
	expected += !err * 1;
	do
		err = add_async(pool, &futures[0], &sum, 10);
	while (refused("add_async", err, -ENOMEM, 0));
	expected += !err * 10;
	do
		err = add_group_async(&group, &futures[1], &sum, 100);
	while (refused("add_group_async", err, -ENOMEM, 0));
	expected += !err * 100;
	group_end(&group, pool);
	MUST(atomic_load(&sum) == expected);
}

/* ---- Closing ----------------------------------------------------------------------- */

struct producer {
	pthread_t thread;
	struct bpool *pool;
	struct mark *mark;
	atomic_bool done;
	int err;
};

static void *producer_main(void *arg)
{
	struct producer *producer = arg;

	producer->err = bpool_submit(producer->pool, mark_job, producer->mark);
	atomic_store(&producer->done, true);
	return NULL;
}

/* With a pool that is full: true once it sleeps, false if it was refused. */
static bool producer_start(struct producer *producer, struct bpool *pool,
			   struct mark *mark)
{
	producer->pool = pool;
	producer->mark = mark;
	MUST(faults_thread(&producer->thread, producer_main, producer) == 0);
	while (!atomic_load(&producer->done) && !somebody_sleeps(pool))
		sched_yield();
	return !atomic_load(&producer->done);
}

/* It was turned away, or refused for want of something to sleep on. */
static void producer_end(struct producer *producer)
{
	pthread_join(producer->thread, NULL);
	MUST(producer->err == -EPIPE || producer->err == -ENOMEM);
	MUST(producer->err != -ENOMEM || faults_met() > 0);
}

static void case_cancel(void)
{
	struct bpool *pool = pool_of(1, 4, NULL);
	atomic_bool go = false;
	struct mark marks[4] = { { .go = &go } }, late = { 0 };
	struct producer producer = { 0 };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_async(pool, mark);
	while (atomic_load(&marks[0].runs) == 0)
		sched_yield();
	producer_start(&producer, pool, &late);
	MUST(bpool_close(pool, BPOOL_CANCEL) == 0);
	producer_end(&producer);
	MUST(bpool_async(pool, &late.future, mark_job, &late) == -EPIPE);
	MUST(mark_await(&marks[1]) == -ECANCELED);
	atomic_store(&go, true);
	pool_end(pool);
	MUST(atomic_load(&late.runs) == 0);
	TOLD_OR_CANCELLED(marks);
}

static int cleaning_job(void *arg)
{
	struct mark *mark = arg;

	mark->result = bpool_cancelled();
	return mark_job(arg);
}

static void case_flush(void)
{
	struct bpool *pool = pool_of(1, 4, NULL);
	struct mark marks[3] = { 0 };
	int err;

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++) {
		const struct bpool_job job = { .delay_ns = 1000000 * S,
					       .future = &mark->future };

		do
			err = bpool_submit_with(pool, cleaning_job, mark, &job);
		while (refused("bpool_submit_with", err, -ENOMEM, 0));
		mark->accepted = !err;
	}
	MUST(bpool_close(pool, BPOOL_FLUSH) == 0);
	pool_end(pool);
	TOLD(marks);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		MUST(!mark->accepted || mark->result == 1);
}

/* ---- Jobs that wait ----------------------------------------------------------------- */

struct nest {
	struct bpool *pool;
	struct mark outer, inner[3];
	struct bpool_group group;
	atomic_bool done;
};

static int nesting_job(void *arg)
{
	struct nest *nest = arg;

	for (struct mark *mark = nest->inner; mark < END(nest->inner); mark++) {
		mark->result = (int)(mark - nest->inner);
		mark_in_group(&nest->group, mark);
	}
	for (struct mark *mark = nest->inner; mark < END(nest->inner); mark++)
		if (mark->accepted)
			MUST(mark_await(mark) != -ECANCELED);
	atomic_store(&nest->done, true);
	return 0;
}

/* One worker and little room: they run on the spot. */
static void case_nested(void)
{
	struct nest nest = { .pool = pool_of(1, 3, NULL) };
	int err;

	if (!nest.pool)
		return;
	MUST(bpool_group_init(&nest.group, nest.pool, 0) == 0);
	do
		err = bpool_submit(nest.pool, nesting_job, &nest);
	while (refused("bpool_submit", err, -ENOMEM, 0));
	while (!err && !atomic_load(&nest.done))
		sched_yield();
	group_end(&nest.group, nest.pool);
	TOLD(nest.inner);
}

static void ending_job(void *mark)
{
	mark_job(mark);
	pthread_exit(NULL);
}

static int exiting_job(void *arg)
{
	ending_job(arg);
	return 0;
}

static void case_exits(void)
{
	struct bpool *pool = pool_of(2, 4, NULL);
	struct mark marks[3] = { 0 };
	int err;

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++) {
		mark->result = -EOWNERDEAD;
		do
			err = bpool_async(pool, &mark->future, exiting_job,
					  mark);
		while (refused("bpool_async", err, -ENOMEM, 0));
		mark->accepted = !err;
	}
	pool_end(pool);
	TOLD(marks);
}

/* ---- Terms ---------------------------------------------------------------------------- */

static void mark_submit_with(struct bpool *pool, bpool_fn *fn,
			     struct mark *mark, struct bpool_job job)
{
	int err;

	job.future = &mark->future;
	do
		err = bpool_submit_with(pool, fn, mark, &job);
	while (refused("bpool_submit_with", err, -ENOMEM, 0));
	mark->accepted = !err;
}

/* NULL: refused. */
static struct bpool_limit *limit_of(struct bpool *pool,
				    const struct bpool_limit_options *options)
{
	struct bpool_limit *none = (struct bpool_limit *)pool, *limit = none;
	int err;

	do {
		err = bpool_limit_create(&limit, pool, options);
		MUST(!err || limit == none);
	} while (refused("bpool_limit_create", err, -ENOMEM, 0));
	return err ? NULL : limit;
}

/* Fails, is refused, and comes through. */
static int trying_job(void *arg)
{
	struct mark *mark = arg;

	atomic_fetch_add(&mark->runs, 1);
	if (bpool_job_attempt() == 1)
		return -EIO;
	if (bpool_job_attempt() == 2)
		MUST(bpool_job_retry_after(MS) == 0);
	return bpool_job_attempt() == 2 ? -EAGAIN : mark->result;
}

static void case_retry(void)
{
	struct bpool *pool = pool_of(2, 4, NULL);
	const struct bpool_retry retry = { .attempts = 3,
					   .base_ns = MS / 10,
					   .cap_ns = MS };
	struct mark marks[3] = { 0 };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_submit_with(pool, trying_job, mark,
				 (struct bpool_job){ .retry = &retry });
	for (struct mark *mark = marks; mark < END(marks); mark++)
		if (mark->accepted)
			MUST(mark_await(mark) != -ECANCELED);
	pool_end(pool);
	marks_ran(marks, COUNT(marks), 3);
}

/* Producers sleep at each of the doors: two keys are known, four come. */
static void case_keys(void)
{
	struct bpool *pool = pool_of(2, 6, NULL);
	const struct bpool_limit_options options = {
		.size = sizeof(options),
		.max_running = 1,
		.rate = { 2000, S, 1 },
		.max_keys = 2,
		.max_queued = 1,
	};
	static const char *const keys[] = { "a", "a", "a", "b", "c", "d" };
	struct mark marks[COUNT(keys)] = { 0 };
	struct bpool_limit *limit;

	if (!pool)
		return;
	limit = limit_of(pool, &options);
	for (size_t i = 0; limit && i < COUNT(keys); i++)
		mark_submit_with(pool, mark_job, &marks[i],
				 (struct bpool_job){ .limit = limit,
						     .key = keys[i] });
	if (limit && pool_wait(pool))
		MUST(bpool_limit_destroy(limit) == 0);
	pool_end(pool);
	TOLD(marks);
}

static void case_pause(void)
{
	struct bpool *pool = pool_of(2, 6, NULL);
	const struct bpool_limit_options options = { .size = sizeof(options) };
	struct mark marks[3] = { 0 };
	struct bpool_limit *limit;
	struct timespec until, deadline;

	if (!pool)
		return;
	limit = limit_of(pool, &options);
	if (limit) {
		until = bpool_after(2 * MS);
		MUST(bpool_limit_pause_until(limit, "a", &until) == 0);
		deadline = bpool_after(MS);
		for (struct mark *mark = marks; mark < END(marks); mark++)
			mark_submit_with(pool, mark_job, mark,
					 (struct bpool_job){
						 .limit = limit,
						 .key = "a",
						 .deadline = mark == &marks[1]
								     ? &deadline
								     : NULL,
						 .delay_ns = mark == &marks[2]
								     ? MS
								     : 0 });
	}
	pool_end(pool);
	TOLD_OR_CANCELLED(marks);
	MUST(!marks[0].accepted || atomic_load(&marks[0].runs) == 1);
	MUST(!marks[2].accepted || atomic_load(&marks[2].runs) == 1);
}

/* The third of three is refused by the service. */
static int crowded_job(void *arg)
{
	struct mark *mark = arg;

	if (mark->result % 3 == 2)
		MUST(bpool_job_retry_after(MS) == 0);
	return mark_job(mark);
}

static void case_adaptive(void)
{
	const struct bpool_limit_options limit = { .size = sizeof(limit),
						   .adaptive = { 1, 4, 0 },
						   .pause_ns = MS,
						   .pause_most_ns = 2 * MS };
	struct bpool *pool = pool_of(3, 4, &limit);
	struct mark marks[8] = { 0 };
	struct bpool_limit_stats stats = { .size = sizeof(stats) };

	if (!pool)
		return;
	for (struct mark *mark = marks; mark < END(marks); mark++) {
		mark->result = (int)(mark - marks);
		mark_submit_with(pool, crowded_job, mark,
				 (struct bpool_job){ 0 });
	}
	for (struct mark *mark = marks; mark < END(marks); mark++)
		if (mark->accepted)
			MUST(mark_await(mark) != -ECANCELED);
	MUST(bpool_limit_stats(bpool_limit_of(pool), NULL, &stats) == 0);
	MUST(stats.started <= COUNT(marks));
	pool_end(pool);
	TOLD(marks);
}

const struct torture_case cases[] = {
	{ "create", case_create, NULL },
	{ "create with hooks", case_create_with_hooks, NULL },
	{ "wait", case_wait, NULL },
	{ "submit", case_submit, NULL },
	{ "submit in time", case_submit_in_time, NULL },
	{ "submit many", case_submit_many, NULL },
	{ "futures", case_futures, NULL },
	{ "futures in time", case_futures_in_time, NULL },
	{ "map", case_map, NULL },
	{ "map in a job", case_map_in_job, NULL },
	{ "map on the spot", case_map_on_the_spot, NULL },
	{ "as completed", case_as_completed, NULL },
	{ "group with an error", case_group_error, NULL },
	{ "group cancelled", case_group_cancel, NULL },
	{ "typed calls", case_typed, NULL },
	{ "cancel", case_cancel, NULL },
	{ "flush", case_flush, NULL },
	{ "nested", case_nested, NULL },
	{ "job ends its thread", case_exits, "no thread in place of one" },
	{ "retry", case_retry, NULL },
	{ "keys", case_keys, NULL },
	{ "pause", case_pause, NULL },
	{ "adaptive", case_adaptive, NULL },
};
const unsigned ncases = COUNT(cases);
