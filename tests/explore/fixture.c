/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "state.h"
#include "wake.h"

/* After those, whose functions call their pool so too. */
#include "fixture.h"

struct bpool *pool;
struct bpool_limit *limit;
struct explored_job jobs[JOBS];
int inside_most;
int done;
int asleep;

static int inside; /* jobs that run on a worker of their own */

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
	MUST(!some_idle || p->ready.len == 0 || p->waking > 0);		 /* 4 */
	MUST(p->closed || p->waking <= 2);
	MUST(!some_idle || !time_unkept(p) || one_will_look(p));	/* 4 */
	MUST(list_empty(&p->door.sleepers) || !room || p->door.waking); /* 5 */
	MUST(!p->lingering || p->door.waking);				/* 5 */
	MUST(p->running <= p->nworkers);
}

/* ---- Parts ------------------------------------------------------------------ */

void begin(unsigned workers, size_t max_in_flight,
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

void limit_begin(const struct bpool_limit_options *options)
{
	MUST(bpool_limit_create(&limit, pool, options) == 0);
	inside_most = (int)options->max_running;
}

void end(void)
{
	struct bpool *gone = pool;

	MUST(bpool_destroy(gone) == 0);
	pool = NULL;
	for (size_t i = 0; i < JOBS; i++)
		MUST(jobs[i].ran + jobs[i].told == jobs[i].accepted);
	MUST(inside == 0);
}

int job(void *arg)
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

void *number(size_t i)
{
	return (void *)(uintptr_t)i;
}

bool async(size_t i, int may)
{
	int err = bpool_async(pool, &jobs[i].future, job, number(i));

	MUST(err == 0 || err == may);
	jobs[i].accepted = err == 0;
	return err == 0;
}

void await(size_t i)
{
	int result = 77;
	int err = bpool_await(&jobs[i].future, &result, NULL);

	MUST(err == 0 || err == -ECANCELED);
	if (err)
		jobs[i].told = true;
	else
		MUST(jobs[i].ran > 0 && result == jobs[i].result);
}

struct timespec at(uint64_t ns)
{
	ns += world_now();
	return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000u),
				  .tv_nsec = (long)(ns % 1000000000u) };
}

void two_submits(void *first)
{
	size_t i = (size_t)(uintptr_t)first;

	for (size_t n = i; n < i + 2; n++) {
		MUST(bpool_submit(pool, job, number(n)) == 0);
		jobs[n].accepted = true;
	}
}

int waits_for_done(void *arg)
{
	world_await(&done, 1);
	return job(arg);
}
