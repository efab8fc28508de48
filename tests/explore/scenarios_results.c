/* SPDX-License-Identifier: MIT */
/* What hands results back: futures, groups, map, and jobs that await jobs. */
#include <boundpool.h>
#include <errno.h>

#include "fixture.h"
#include "scenarios.h"
#include "world.h"

/* ---- Futures ------------------------------------------------------------------- */

static void await_first(void *unused)
{
	struct timespec soon = at(10);
	int err = bpool_await(&jobs[0].future, NULL, &soon);

	(void)unused;
	MUST(err == 0 || err == -ETIMEDOUT);
	MUST(err != 0 || jobs[0].ran == 1);
}

/* Two await the same, one not for long. */
static void await_twice(void)
{
	pthread_t a;

	begin(1, 1, NULL);
	async(0, 0);
	a = world_start(await_first, NULL);
	await(0);
	world_join(a);
	MUST(bpool_future_fini(&jobs[0].future) == 0);
	jobs[0].ran = 0;
	async(0, 0);
	await(0);
	end();
}

/* ---- Groups ------------------------------------------------------------------- */

static struct bpool_group group;

static void group_begin(size_t n, int flags)
{
	MUST(bpool_group_init(&group, pool, flags) == 0);
	for (size_t i = 0; i < n; i++) {
		int err = bpool_group_async(&group, &jobs[i].future, job,
					    number(i));

		MUST(err == 0 || err == -ECANCELED);
		jobs[i].accepted = err == 0;
	}
}

static void group_collect(void *unused)
{
	struct bpool_future *future;
	int err;

	(void)unused;
	while ((err = bpool_group_next(&group, &future, NULL)) == 0) {
		err = bpool_await(future, NULL, NULL);
		MUST(err == 0 || err == -ECANCELED);
		done++;
		for (size_t i = 0; i < JOBS; i++)
			if (err && future == &jobs[i].future)
				jobs[i].told = true;
	}
	MUST(err == -ENOENT);
}

static void group_next(void)
{
	pthread_t a;

	begin(2, 2, NULL);
	group_begin(3, 0);
	a = world_start(group_collect, NULL);
	group_collect(NULL);
	world_join(a);
	MUST(done == 3);
	MUST(bpool_group_fini(&group) == 0);
	end();
}

static void group_wait(void)
{
	begin(2, 2, NULL);
	group_begin(3, 0);
	MUST(bpool_group_wait(&group, NULL) == 0);
	for (size_t i = 0; i < 3; i++)
		MUST(jobs[i].ran == 1);
	MUST(bpool_group_fini(&group) == 0);
	end();
}

static void cancels(void *unused)
{
	(void)unused;
	MUST(bpool_group_cancel(&group) == 0);
}

/* Against the start of its jobs, and against who submits to it. */
static void group_cancel(void)
{
	pthread_t a;

	begin(1, 1, NULL);
	MUST(bpool_group_init(&group, pool, 0) == 0);
	a = world_start(cancels, NULL);
	for (size_t i = 0; i < 2; i++) {
		int err = bpool_group_async(&group, &jobs[i].future, job,
					    number(i));

		MUST(err == 0 || err == -ECANCELED);
		jobs[i].accepted = err == 0;
	}
	group_collect(NULL);
	world_join(a);
	MUST(done == jobs[0].accepted + jobs[1].accepted);
	MUST(bpool_group_fini(&group) == 0);
	end();
}

static void group_cancel_on_error(void)
{
	begin(2, 3, NULL);
	jobs[0].result = -EIO;
	group_begin(3, BPOOL_CANCEL_ON_ERROR);
	MUST(bpool_group_wait(&group, NULL) < 0);
	group_collect(NULL);
	MUST(bpool_group_fini(&group) == 0);
	end();
}

/* ---- Gather ------------------------------------------------------------------- */

static int element(void *arg)
{
	size_t i = *(const size_t *)arg;

	jobs[i].accepted = true;
	(void)job(number(i));
	return (int)i + 10;
}

static void map(void)
{
	size_t args[] = { 0, 1, 2 };
	int results[3] = { 0 };

	begin(2, 2, NULL);
	MUST(bpool_map(pool, element, args, sizeof(*args), 3, results) == 0);
	for (int i = 0; i < 3; i++)
		MUST(results[i] == i + 10);
	end();
}

static void map_thread(void *unused)
{
	size_t args[] = { 0, 1 };
	int results[2] = { 0 }, ran = 0;

	(void)unused;
	bpool_map(pool, element, args, sizeof(*args), 2, results);
	for (int i = 0; i < 2; i++) {
		MUST(results[i] == i + 10 || results[i] == -ECANCELED ||
		     results[i] == -EPIPE);
		ran += results[i] == i + 10;
	}
	MUST(ran == jobs[0].ran + jobs[1].ran);
}

static void map_beside_close(void)
{
	pthread_t a;

	begin(1, 1, NULL);
	a = world_start(map_thread, NULL);
	MUST(bpool_close(pool, BPOOL_CANCEL) == 0);
	world_join(a);
	end();
}

/* ---- Jobs that await jobs ------------------------------------------------------- */

static int awaits_next(void *arg)
{
	size_t i = (size_t)(uintptr_t)arg, next = i + 1;
	int err;

	jobs[i].ran++;
	err = bpool_async(pool, &jobs[next].future, job, number(next));
	if (err) {
		/* No room, and it may not sleep; or the pool is closed. */
		MUST(err == -EDEADLK || err == -EPIPE);
		return 0;
	}
	jobs[next].accepted = true;
	err = bpool_await(&jobs[next].future, NULL, NULL);
	MUST(err == 0);
	MUST(jobs[next].ran == 1);
	return 0;
}

/* Each needs a worker and a record while another does. */
static void nested(void)
{
	begin(2, 3, NULL);
	inside_most = 4;
	MUST(bpool_submit(pool, awaits_next, number(0)) == 0);
	jobs[0].accepted = true;
	MUST(bpool_submit(pool, awaits_next, number(2)) == 0);
	jobs[2].accepted = true;
	end();
}

/* A job collects its group, and so does somebody else. */
static int collects(void *unused)
{
	group_collect(unused);
	return 0;
}

static void collect_in_a_job(void)
{
	begin(2, 3, NULL);
	inside_most = 3;
	group_begin(2, 0);
	MUST(bpool_async(pool, &jobs[7].future, collects, NULL) == 0);
	group_collect(NULL);
	MUST(bpool_await(&jobs[7].future, NULL, NULL) == 0);
	MUST(done == 2);
	MUST(bpool_group_fini(&group) == 0);
	end();
}

static int collects_one(void *unused)
{
	struct bpool_future *future;
	int err;

	(void)unused;
	world_await(&done, 1); /* all are accepted */
	err = bpool_group_next(&group, &future, NULL);
	MUST(err == 0 || err == -EDEADLK || err == -ENOENT);
	return err;
}

static int awaits_collector(void *arg)
{
	size_t i = (size_t)(uintptr_t)arg;
	int err = bpool_await(&jobs[7].future, NULL, NULL);

	MUST(err == 0 || err == -EDEADLK);
	jobs[i].ran++;
	return 0;
}

/* It could count on a job that somebody else collects; what is left waits for
 * it. */
static void circle_by_collecting(void)
{
	struct bpool_future *future;

	begin(3, 3, NULL);
	MUST(bpool_group_init(&group, pool, 0) == 0);
	MUST(bpool_async(pool, &jobs[7].future, collects_one, NULL) == 0);
	MUST(bpool_group_async(&group, &jobs[0].future, job, number(0)) == 0);
	MUST(bpool_group_async(&group, &jobs[1].future, awaits_collector,
			       number(1)) == 0);
	jobs[0].accepted = jobs[1].accepted = true;
	done = 1;
	while (bpool_group_next(&group, &future, NULL) == 0)
		;
	MUST(bpool_await(&jobs[7].future, NULL, NULL) == 0);
	MUST(bpool_group_fini(&group) == 0);
	end();
}

static int awaits_other(void *arg)
{
	size_t i = (size_t)(uintptr_t)arg;
	int err;

	/* Both are accepted. */
	world_await(&done, 1);
	err = bpool_await(&jobs[!i].future, NULL, NULL);
	MUST(err == 0 || err == -EDEADLK);
	if (err)
		jobs[7].ran++; /* one of them is refused, and not both */
	jobs[i].ran++;
	return 0;
}

static void circle(void)
{
	begin(2, 2, NULL);
	for (size_t i = 0; i < 2; i++) {
		MUST(bpool_async(pool, &jobs[i].future, awaits_other,
				 number(i)) == 0);
		jobs[i].accepted = true;
	}
	done = 1;
	await(0);
	await(1);
	MUST(jobs[7].ran == 1);
	jobs[7].accepted = true;
	end();
}

const struct scenario scenarios_of_results[] = {
	{ "await, with and without a deadline", await_twice },
	{ "group next", group_next },
	{ "group wait", group_wait },
	{ "group cancel against start", group_cancel },
	{ "group cancels on error", group_cancel_on_error },
	{ "map", map },
	{ "map against close", map_beside_close },
	{ "jobs that await jobs", nested },
	{ "jobs that await each other", circle },
	{ "group next in a job", collect_in_a_job },
	{ "group next in a job, in a circle", circle_by_collecting },
	{ NULL, NULL },
};
