/* SPDX-License-Identifier: MIT */
/* Jobs that wait in jobs, and what waits for its terms. */
#include "cases.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "faults.h"
#include "library.h"
#include "marks.h"

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
void case_nested(void)
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

void case_exits(void)
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

void case_retry(void)
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
void case_keys(void)
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

void case_pause(void)
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

void case_adaptive(void)
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
