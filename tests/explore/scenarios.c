/* SPDX-License-Identifier: MIT */
#include "scenarios.h"

#include <boundpool.h>
#include <errno.h>
#include <string.h>

#include "state.h"
#include "wake.h"
#include "world.h"

#define JOBS 8
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* The pool of the scenario that runs; NULL: there is none yet, or any more. */
static struct bpool *pool;
static struct bpool_limit *limit;

static struct {
	int ran;      /* how often */
	int result;   /* of its fn */
	int refusals; /* so often it says first that it was refused */
	int failures; /* and then so often that it failed */
	bool accepted, told;
	struct bpool_future future;
} jobs[JOBS];

static int inside;	/* jobs that run on a worker of their own */
static int inside_most; /* more may not; 0: as many as workers */
static int done;	/* what threads tell each other */
static int asleep;	/* calls that sleep in the pool */

#define MUST(expression)                                                       \
	do {                                                                   \
		if (!(expression))                                             \
			world_fail("%s:%d: not: %s", __FILE__, __LINE__,       \
				   #expression);                               \
	} while (0)

/* ---- What holds whenever the lock is free ---------------------------------- */

/* One that was told to look at the pool, and has not had the lock since. */
static bool one_will_look(const struct bpool *p)
{
	for (uint32_t i = 0; i < p->nworkers; i++)
		if (p->workers[i].idle.due > 0)
			return true;
	return false;
}

/* DESIGN.md, "Invariants", by number. */
static void pool_holds(void)
{
	const struct bpool *p = pool;
	bool some_idle, room;

	if (!p)
		return;
	asleep = (int)p->users;
	some_idle = !list_empty(&p->idle);
	room = p->in_flight < p->max_in_flight;
	MUST(p->in_flight <= p->max_in_flight);
	MUST(p->free.len + (p->max_in_flight - p->fresh) + p->in_flight ==
	     p->max_in_flight);						 /* 1 */
	MUST(p->ready.len + p->schedule.waiting <= p->in_flight);	 /* 2 */
	MUST(p->submitted == p->finished + p->cancelled + p->in_flight); /* 3 */
	MUST(!some_idle || p->ready.len == 0 || p->worker_waking);	 /* 4 */
	MUST(!some_idle || !time_unkept(p) || one_will_look(p));	 /* 4 */
	MUST(list_empty(&p->door.sleepers) || !room || p->door.waking);	 /* 5 */
	MUST(p->running <= p->nworkers);
}

/* ---- Parts ------------------------------------------------------------------ */

static void begin(unsigned workers, size_t max_in_flight,
		  const struct bpool_limit_options *own)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = workers,
					 .max_in_flight = max_in_flight,
					 .limit = own };
	struct bpool *made;

	memset(jobs, 0, sizeof(jobs));
	inside = done = asleep = 0;
	inside_most = (int)workers;
	pool = NULL;
	limit = NULL;
	world_invariants(pool_holds);
	MUST(bpool_create(&made, &options) == 0);
	pool = made;
}

static void limit_begin(const struct bpool_limit_options *options)
{
	MUST(bpool_limit_create(&limit, pool, options) == 0);
	inside_most = (int)options->max_running;
}

#define LIMIT(...)                                                             \
	(&(struct bpool_limit_options){                                        \
		.size = sizeof(struct bpool_limit_options),                    \
		__VA_ARGS__ })
#define TERMS(...) (&(struct bpool_job){ __VA_ARGS__ })

/* Each job that was accepted ran once, or was told that it never will; and one
 * that was not accepted did not. */
static void end(void)
{
	struct bpool *gone = pool;

	MUST(bpool_destroy(gone) == 0);
	pool = NULL;
	for (size_t i = 0; i < JOBS; i++)
		MUST(jobs[i].ran + jobs[i].told == jobs[i].accepted);
	MUST(inside == 0);
}

static int job(void *arg)
{
	size_t i = (size_t)(uintptr_t)arg;

	MUST(++inside <= inside_most);
	world_point();
	inside--;
	jobs[i].ran++;
	if (jobs[i].refusals > 0) {
		jobs[i].refusals--;
		MUST(bpool_job_overloaded(NULL) == 0);
		return -EAGAIN;
	}
	if (jobs[i].failures > 0) {
		jobs[i].failures--;
		return -EIO;
	}
	return jobs[i].result;
}

static void *number(size_t i)
{
	return (void *)(uintptr_t)i;
}

/* With a future; false: it was refused for `may`, which is no mistake. */
static bool async(size_t i, int may)
{
	int err = bpool_async(pool, &jobs[i].future, job, number(i));

	MUST(err == 0 || err == may);
	jobs[i].accepted = err == 0;
	return err == 0;
}

/* Its future says what became of it. */
static void await(size_t i)
{
	int result = 77;
	int err = bpool_await(&jobs[i].future, &result, NULL);

	MUST(err == 0 || err == -ECANCELED);
	if (err)
		jobs[i].told = true;
	else
		MUST(jobs[i].ran > 0 && result == jobs[i].result);
}

static struct timespec at(uint64_t ns)
{
	ns += world_now();
	return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000u),
				  .tv_nsec = (long)(ns % 1000000000u) };
}

/* ---- Submit ------------------------------------------------------------------ */

static void two_submits(void *first)
{
	size_t i = (size_t)(uintptr_t)first;

	for (size_t n = i; n < i + 2; n++) {
		MUST(bpool_submit(pool, job, number(n)) == 0);
		jobs[n].accepted = true;
	}
}

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

/* ---- Submit with a deadline ---------------------------------------------------- */

static void timed_submit(void *unused)
{
	struct timespec soon = at(10);
	int err = bpool_submit_until(pool, job, number(1), &soon);

	(void)unused;
	MUST(err == 0 || err == -ETIMEDOUT);
	jobs[1].accepted = err == 0;
}

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

static int waits_for_done(void *arg)
{
	world_await(&done, 1);
	return job(arg);
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

const struct scenario scenarios[] = {
	{ "submit, capacity 1", submit_1 },
	{ "submit, capacity 2", submit_2 },
	{ "submit, capacity 3", submit_3 },
	{ "submit many", many },
	{ "submit against close", submit_against_close },
	{ "submit until, against a place", timed },
	{ "close and drain", close_drain },
	{ "close and cancel", close_cancel },
	{ "close and cancel, capacity 2", close_cancel_2 },
	{ "destroy after close and wait", destroy_beside_wait },
	{ "destroy beside a call that sleeps", destroy_beside_sleeper },
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
