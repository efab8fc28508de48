/* SPDX-License-Identifier: MIT */
/* Terms of a job: times, tries and limits. */
#include <boundpool.h>
#include <errno.h>

#include "fixture.h"
#include "scenarios.h"
#include "world.h"

/* ---- Times, tries ----------------------------------------------------------------- */

/* Due at a time; too late; and one that has neither. */
static void due(void)
{
	struct timespec soon, then;

	begin(1, 3, NULL);
	soon = at(10);
	then = at(30);
	jobs[0].accepted = jobs[1].accepted = jobs[2].accepted = true;
	MUST(bpool_submit_with(pool, job, number(0),
			       TERMS(.future = &jobs[0].future, .delay_ns = 20,
				     .deadline = &soon)) == 0);
	MUST(bpool_submit_with(pool, job, number(1),
			       TERMS(.future = &jobs[1].future, .delay_ns = 20,
				     .deadline = &then)) == 0);
	MUST(bpool_submit(pool, job, number(2)) == 0);
	await(0);
	await(1);
	MUST(jobs[0].told);
	end();
}

static void tried_again(size_t i, const struct bpool_retry *retry,
			struct bpool_limit *of)
{
	int err = bpool_submit_with(pool, job, number(i),
				    TERMS(.future = &jobs[i].future,
					  .retry = retry, .limit = of));

	MUST(err == 0 || err == -EPIPE);
	jobs[i].accepted = err == 0;
}

static void retry(void)
{
	struct bpool_retry three = { .attempts = 3, .base_ns = 10 };

	begin(2, 2, NULL);
	jobs[0].failures = 2;
	jobs[1].refusals = 1;
	tried_again(0, &three, NULL);
	tried_again(1, &three, NULL);
	await(0);
	await(1);
	MUST(jobs[0].ran == 3 && jobs[1].ran == 2);
	jobs[0].ran = jobs[1].ran = 1;
	end();
}

/* Closed in the middle of it: run to the last try, or told. */
static void retry_close(int how)
{
	struct bpool_retry two = { .attempts = 2, .base_ns = 10 };
	int result;

	begin(1, 2, NULL);
	jobs[0].failures = 1;
	tried_again(0, &two, NULL);
	MUST(bpool_close(pool, how) == 0);
	MUST(bpool_await(&jobs[0].future, &result, NULL) ==
	     (jobs[0].ran ? 0 : -ECANCELED));
	MUST(jobs[0].ran == 0 || result == (jobs[0].ran == 1 ? -EIO : 0));
	MUST(jobs[0].ran >= (how == BPOOL_DRAIN	  ? 2
			     : how == BPOOL_FLUSH ? 1
						  : 0));
	jobs[0].told = false;
	jobs[0].ran = 1;
	jobs[0].failures = 0;
	end();
}

static void retry_drain(void)
{
	retry_close(BPOOL_DRAIN);
}

static void retry_cancel(void)
{
	retry_close(BPOOL_CANCEL);
}

static void retry_flush(void)
{
	retry_close(BPOOL_FLUSH);
}

/* ---- Limits ------------------------------------------------------------------------- */

static void two_of_key(void *first)
{
	size_t i = (size_t)(uintptr_t)first;

	for (size_t n = i; n < i + 2; n++) {
		MUST(bpool_submit_with(pool, job, number(n),
				       TERMS(.limit = limit, .key = "k")) == 0);
		jobs[n].accepted = true;
	}
}

/* Two workers, one of the key at once; jobs that wait hold no worker. */
static void parked(const struct bpool_limit_options *options)
{
	pthread_t a;

	begin(2, 4, NULL);
	limit_begin(options);
	a = world_start(two_of_key, number(0));
	two_of_key(number(2));
	world_join(a);
	end();
}

static void parked_1(void)
{
	parked(LIMIT(.max_running = 1));
}

static void parked_door(void)
{
	parked(LIMIT(.max_running = 1, .max_queued = 1));
}

static void parked_rate(void)
{
	parked(LIMIT(.max_running = 2, .rate = { 1, 10, 1 }));
}

static void gated(void)
{
	pthread_t a;

	begin(2, 2, LIMIT(.max_running = 1));
	inside_most = 1;
	a = world_start(two_submits, number(0));
	two_submits(number(2));
	world_join(a);
	end();
}

/* A key that is refused pauses, and then goes on. */
static void refused_key(void)
{
	struct bpool_retry one = { .attempts = 1 };

	begin(2, 2, NULL);
	limit_begin(LIMIT(.max_running = 2, .pause_ns = 10));
	jobs[0].refusals = 1;
	tried_again(0, &one, limit);
	tried_again(1, &one, limit);
	await(0);
	await(1);
	MUST(jobs[0].ran == 2 && jobs[1].ran == 1);
	jobs[0].ran = 1;
	end();
}

static void widens(void *unused)
{
	(void)unused;
	MUST(bpool_limit_set(limit, LIMIT(.max_running = 2)) == 0);
}

static void limit_set(void)
{
	pthread_t a;

	begin(2, 4, NULL);
	limit_begin(LIMIT(.max_running = 1));
	inside_most = 2;
	a = world_start(widens, NULL);
	two_of_key(number(0));
	world_join(a);
	end();
}

static void pauses(void *unused)
{
	struct timespec later = at(20);

	(void)unused;
	MUST(bpool_limit_pause_until(limit, "k", &later) == 0);
}

static void limit_pause(void)
{
	pthread_t a;

	begin(2, 4, NULL);
	limit_begin(LIMIT(.max_running = 2));
	a = world_start(pauses, NULL);
	two_of_key(number(0));
	world_join(a);
	end();
}

/* All keys in use: a submit of another sleeps until one is idle. */
static void keys_in_use(void)
{
	begin(2, 2, NULL);
	limit_begin(LIMIT(.max_running = 1, .max_keys = 1));
	for (size_t i = 0; i < 3; i++) {
		MUST(bpool_submit_with(pool, job, number(i),
				       TERMS(.limit = limit,
					     .key = i % 2 ? "a" : "b")) == 0);
		jobs[i].accepted = true;
	}
	end();
}

static void key_idle_in_time(void)
{
	begin(1, 3, NULL);
	limit_begin(
		LIMIT(.max_running = 1, .max_keys = 1, .rate = { 1, 10, 1 }));
	MUST(bpool_submit_with(pool, job, number(0),
			       TERMS(.limit = limit, .key = "a")) == 0);
	MUST(bpool_submit(pool, waits_for_done, number(1)) == 0);
	/* While that one runs nobody but the caller sees that "a" is idle. */
	MUST(bpool_submit_with(pool, job, number(2),
			       TERMS(.limit = limit, .key = "b")) == 0);
	for (size_t i = 0; i < 3; i++)
		jobs[i].accepted = true;
	done = 1;
	end();
}

const struct scenario scenarios_of_terms[] = {
	{ "due times and deadlines", due },
	{ "retry", retry },
	{ "retry, close and drain", retry_drain },
	{ "retry, close and cancel", retry_cancel },
	{ "retry, close and flush", retry_flush },
	{ "limit on a key", parked_1 },
	{ "limit on a key, a door", parked_door },
	{ "limit on a key, a rate", parked_rate },
	{ "limit on the pool", gated },
	{ "limit, a refused key", refused_key },
	{ "limit set", limit_set },
	{ "limit pause", limit_pause },
	{ "limit, all keys in use", keys_in_use },
	{ "limit, a key idle in time", key_idle_in_time },
	{ NULL, NULL },
};
