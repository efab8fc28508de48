/* SPDX-License-Identifier: MIT */
/* A pool's life, its producers, its closing. */
#include "cases.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"
#include "library.h"
#include "marks.h"

/* ---- A pool's life -------------------------------------------------------------- */

void case_create(void)
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

void case_create_with_hooks(void)
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

/* What cannot be traced runs all the same. */
void case_trace(void)
{
	struct bpool *pool = pool_with(NULL);
	struct mark marks[4] = { 0 };
	int fd = open("/dev/null", O_WRONLY), err;

	MUST(fd >= 0);
	if (!pool) {
		close(fd);
		return;
	}
	err = bpool_trace(pool, fd);
	MUST(err == 0 || err == -ENOMEM || err == -EAGAIN);
	for (struct mark *mark = marks; mark < END(marks); mark++)
		mark_submit(pool, mark_job, mark);
	pool_end(pool);
	close(fd);
	RAN_ONCE(marks);
}

static int waiting_job(void *arg)
{
	struct mark *mark = arg;

	MUST(bpool_wait(mark->pool, NULL) == -EDEADLK);
	MUST(bpool_destroy(mark->pool) == -EDEADLK);
	return mark_job(mark);
}

void case_wait(void)
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

void case_submit(void)
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

void case_submit_in_time(void)
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

void case_submit_many(void)
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

void case_cancel(void)
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

void case_flush(void)
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
