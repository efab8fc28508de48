/* SPDX-License-Identifier: MIT */
/* Submitting to a pool, closing and destroying it. */
#include <boundpool.h>
#include <errno.h>

#include "fixture.h"
#include "scenarios.h"
#include "world.h"

/* ---- Submit ------------------------------------------------------------------ */

static void submit(size_t capacity)
{
	pthread_t a, b;

	begin(2, capacity, NULL);
	a = world_start(two_submits, number(0));
	b = world_start(two_submits, number(2));
	world_join(a);
	world_join(b);
	end();
}

static void submit_1(void)
{
	submit(1);
}

static void submit_2(void)
{
	submit(2);
}

static void submit_3(void)
{
	submit(3);
}

static void submit_many(void *first)
{
	struct bpool_call calls[3];
	size_t i = (size_t)(uintptr_t)first;

	for (size_t n = 0; n < COUNT(calls); n++) {
		calls[n] = (struct bpool_call){ job, number(i + n) };
		jobs[i + n].accepted = true;
	}
	MUST(bpool_submit_many(pool, calls, COUNT(calls)) == COUNT(calls));
}

static void many(void)
{
	pthread_t a;

	begin(2, 2, NULL);
	a = world_start(submit_many, number(0));
	two_submits(number(3));
	world_join(a);
	end();
}

static void submits_until_closed(void *first)
{
	size_t i = (size_t)(uintptr_t)first;

	for (size_t n = i; n < i + 2; n++) {
		bool closed = done;
		int err = bpool_submit(pool, job, number(n));

		MUST(err == -EPIPE || (err == 0 && !closed));
		jobs[n].accepted = err == 0;
	}
}

static void submit_against_close(void)
{
	pthread_t a, b;

	begin(1, 1, NULL);
	a = world_start(submits_until_closed, number(0));
	b = world_start(submits_until_closed, number(2));
	MUST(bpool_close(pool, BPOOL_DRAIN) == 0);
	done = 1;
	world_join(a);
	world_join(b);
	end();
}

static void accepted(size_t i, bpool_fn *fn)
{
	MUST(bpool_submit(pool, fn, number(i)) == 0);
	jobs[i].accepted = true;
}

/* Two are woken at a time, also by one that takes its second job. */
static void burst(void)
{
	begin(5, 7, NULL);
	accepted(0, job);
	for (size_t i = 1; i < 7; i++)
		accepted(i, waits_for_done);
	done = 1;
	end();
}

/* ---- Submit while jobs are short ---- */

static void one_submit(void *i)
{
	accepted((size_t)(uintptr_t)i, job);
}

static void timed_submit(void *unused)
{
	struct timespec soon = at(10);
	int err = bpool_submit_until(pool, job, number(1), &soon);

	(void)unused;
	MUST(err == 0 || err == -ETIMEDOUT);
	jobs[1].accepted = err == 0;
}

/* Who finds no room lingers for half of what is ready. */
static void linger(void)
{
	pthread_t a;

	begin(1, 6, NULL);
	a = world_start(one_submit, number(7));
	for (size_t i = 0; i < 7; i++)
		accepted(i, job);
	world_join(a);
	end();
}

static void submits_all(void *unused)
{
	(void)unused;
	for (size_t i = 0; i < JOBS; i++) {
		bool closed = done;
		int err = bpool_submit(pool, job, number(i));

		MUST(err == -EPIPE || (err == 0 && !closed));
		jobs[i].accepted = err == 0;
	}
}

static void linger_against_close(void)
{
	pthread_t a;

	begin(1, 6, NULL);
	a = world_start(submits_all, NULL);
	MUST(bpool_close(pool, BPOOL_DRAIN) == 0);
	done = 1;
	world_join(a);
	end();
}

/* Whose time is over does not go without, while there is room. */
static void linger_beside_timed(void)
{
	pthread_t a;

	begin(1, 6, NULL);
	a = world_start(timed_submit, NULL);
	for (size_t i = 0; i < JOBS; i++)
		if (i != 1)
			accepted(i, job);
	world_join(a);
	end();
}

/* All that is ready waits for what that one does next. */
static void linger_in_vain(void)
{
	begin(1, 6, NULL);
	accepted(0, job);
	for (size_t i = 1; i < 7; i++)
		accepted(i, waits_for_done);
	done = 1;
	end();
}

/* ---- Submit with a deadline ---------------------------------------------------- */

static void timed(void)
{
	pthread_t a;

	begin(1, 1, NULL);
	MUST(bpool_submit(pool, job, number(0)) == 0);
	jobs[0].accepted = true;
	a = world_start(timed_submit, NULL);
	/* Whichever came of it, the place is not lost. */
	MUST(bpool_submit(pool, job, number(2)) == 0);
	jobs[2].accepted = true;
	world_join(a);
	end();
}

/* ---- Close ------------------------------------------------------------------- */

static void asyncs_until_closed(void *first)
{
	size_t i = (size_t)(uintptr_t)first;

	for (size_t n = i; n < i + 2; n++)
		if (!async(n, -EPIPE))
			break;
	for (size_t n = i; n < i + 2 && jobs[n].accepted; n++)
		await(n);
}

static void close_while(int how, size_t capacity)
{
	pthread_t a, b;

	begin(2, capacity, NULL);
	a = world_start(asyncs_until_closed, number(0));
	b = world_start(asyncs_until_closed, number(2));
	MUST(bpool_close(pool, how) == 0);
	world_join(a);
	world_join(b);
	end();
	for (size_t i = 0; i < JOBS; i++)
		MUST(how == BPOOL_CANCEL || !jobs[i].told);
}

static void close_drain(void)
{
	close_while(BPOOL_DRAIN, 1);
}

static void close_cancel(void)
{
	close_while(BPOOL_CANCEL, 1);
}

static void close_cancel_2(void)
{
	close_while(BPOOL_CANCEL, 2);
}

static void one_wait(void *unused)
{
	(void)unused;
	MUST(bpool_wait(pool, NULL) == 0);
	MUST(jobs[0].ran == 1);
}

/* Who waits for the pool and who closes it; whoever still sleeps is told of. */
static void destroy_beside_wait(void)
{
	pthread_t a;
	int err;

	begin(2, 2, NULL);
	MUST(bpool_submit(pool, job, number(0)) == 0);
	jobs[0].accepted = true;
	a = world_start(one_wait, NULL);
	MUST(bpool_close(pool, BPOOL_DRAIN) == 0);
	world_join(a);
	err = bpool_wait(pool, NULL);
	MUST(err == 0);
	end();
}

/* It is refused, and may be called again once nobody sleeps any more. */
static void destroy_beside_sleeper(void)
{
	pthread_t a;

	begin(1, 2, NULL);
	MUST(bpool_submit(pool, waits_for_done, number(0)) == 0);
	jobs[0].accepted = true;
	a = world_start(one_wait, NULL);
	world_await(&asleep, 1);
	MUST(bpool_destroy(pool) == -EBUSY);
	MUST(bpool_submit(pool, job, number(1)) == -EPIPE);
	done = 1;
	world_join(a);
	end();
}

const struct scenario scenarios_of_pool[] = {
	{ "submit, capacity 1", submit_1 },
	{ "submit, capacity 2", submit_2 },
	{ "submit, capacity 3", submit_3 },
	{ "submit many", many },
	{ "submit a burst", burst },
	{ "submit while jobs are short", linger },
	{ "submit while jobs wait for it", linger_in_vain },
	{ "submit while jobs are short, and close", linger_against_close },
	{ "submit while jobs are short, and until", linger_beside_timed },
	{ "submit against close", submit_against_close },
	{ "submit until, against a place", timed },
	{ "close and drain", close_drain },
	{ "close and cancel", close_cancel },
	{ "close and cancel, capacity 2", close_cancel_2 },
	{ "destroy after close and wait", destroy_beside_wait },
	{ "destroy beside a call that sleeps", destroy_beside_sleeper },
	{ NULL, NULL },
};
