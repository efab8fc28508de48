/* SPDX-License-Identifier: MIT */
#include "marks.h"

#include <errno.h>
#include <sched.h>

#include "library.h"
#include "state.h"

bool somebody_sleeps(const struct bpool *pool)
{
	return __atomic_load_n(&pool->users, __ATOMIC_RELAXED) > 0;
}

int mark_job(void *arg)
{
	struct mark *mark = arg;

	atomic_fetch_add(&mark->runs, 1);
	while (mark->go && !atomic_load(mark->go))
		sched_yield();
	return mark->result;
}

int slow_job(void *arg)
{
	struct mark *mark = arg;

	while (!atomic_load(mark->go) && !somebody_sleeps(mark->pool))
		sched_yield();
	atomic_fetch_add(&mark->runs, 1);
	return mark->result;
}

struct bpool *pool_with(const struct bpool_options *options)
{
	struct bpool *none = (struct bpool *)&options, *pool = none;
	int err;

	do {
		err = bpool_create(&pool, options);
		MUST(!err || pool == none);
	} while (refused("bpool_create", err, -EAGAIN, -ENOMEM, -EINVAL, 0));
	return err ? NULL : pool;
}

struct bpool *pool_of(unsigned workers, size_t max_in_flight,
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

void pool_end(struct bpool *pool)
{
	MUST(bpool_destroy(pool) == 0);
}

void marks_ran(struct mark *marks, size_t n, int times)
{
	for (size_t i = 0; i < n; i++)
		MUST(atomic_load(&marks[i].runs) ==
		     (marks[i].accepted ? times : 0));
}

void mark_submit(struct bpool *pool, bpool_fn *fn, struct mark *mark)
{
	int err;

	mark->pool = pool;
	do
		err = bpool_submit(pool, fn, mark);
	while (refused("bpool_submit", err, -ENOMEM, 0));
	mark->accepted = !err;
}

void mark_async(struct bpool *pool, struct mark *mark)
{
	int err;

	do
		err = bpool_async(pool, &mark->future, mark_job, mark);
	while (refused("bpool_async", err, -ENOMEM, 0));
	mark->accepted = !err;
}

int mark_await(struct mark *mark)
{
	int err, result = NO_RESULT;

	do {
		err = bpool_await(&mark->future, &result, NULL);
		MUST(err == 0 || result == NO_RESULT);
		MUST(err != 0 || result == mark->result);
	} while (err != -ECANCELED && refused("bpool_await", err, -ENOMEM, 0));
	return err;
}

void marks_told(struct mark *marks, size_t n, bool cancelled)
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

bool pool_wait(struct bpool *pool)
{
	int err;

	do
		err = bpool_wait(pool, NULL);
	while (refused("bpool_wait", err, -ENOMEM, 0));
	return !err;
}

void mark_in_group(struct bpool_group *group, struct mark *mark)
{
	int err;

	do
		err = bpool_group_async(group, &mark->future, mark_job, mark);
	while (err != -ECANCELED &&
	       refused("bpool_group_async", err, -ENOMEM, 0));
	mark->accepted = !err;
}

void group_end(struct bpool_group *group, struct bpool *pool)
{
	pool_end(pool);
	MUST(bpool_group_fini(group) == 0);
}
