/* SPDX-License-Identifier: MIT */
#include "expire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "clock.h"
#include "observe.h"

#define EXPIRE_LOOK_MS 50     /* between looks at who is left */
#define EXPIRE_RETHINK_MS 200 /* between looks at the median */
#define EXPIRE_KILL_LOOKS 200 /* until those that cannot die are left */
#define EXPIRE_NEVER INT64_MAX

/* One job, by its slot. */
struct expiry {
	struct job *job;  /* NULL: none */
	int64_t begin_ms; /* of the clock that stands still */
	int64_t kill_ms;  /* timed out: when it is killed */
};

struct expire {
	struct run *run; /* fixed */
	unsigned workers;
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows, and `timed_out` of the
			       * jobs; the stop's and the fds' are taken under
			       * it */
	pthread_cond_t changed;
	struct expiry *jobs;
	unsigned *chosen; /* the thread's: slots to signal */
	int64_t next_ms;  /* when the thread looks again, by now_ms() */
	bool over;
};

/* ---- What it does ----------------------------------------------------------- */

/* Now, without the time in which bpool was suspended; false: it is. */
static bool expire_now(const struct expire *e, int64_t *now)
{
	int64_t suspended_ms;
	bool suspended = stop_suspended(e->run->stop, &suspended_ms);

	*now = now_ms() - suspended_ms;
	return !suspended;
}

/* For how long jobs may run; EXPIRE_NEVER: that is not known yet, or for ever. */
static int64_t expire_limit(const struct expire *e)
{
	const struct timeout *timeout = &e->run->timeout;
	int64_t median_us;

	if (!timeout->percent)
		return timeout->ms ? timeout->ms : EXPIRE_NEVER;
	median_us = tally_median_us(e->run->tally);
	if (median_us < 0)
		return EXPIRE_NEVER;
	return median_us * (int64_t)timeout->percent / 100000 + 1;
}

/* The same of one, where that of all is `limit`. */
static int64_t expire_limit_of(const struct job *job, int64_t limit)
{
	return job->timeout_ms ? job->timeout_ms : limit;
}

static bool has_exited(const struct job *job)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)job->pid, &info,
		      WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid;
}

static void expire_signal(struct expire *e, unsigned n, int sig)
{
	if (n)
		(void)stop_signal_slots(e->run->stop, e->chosen, n, sig);
}

/* TERM to those whose time is over. */
static void expire_terminate(struct expire *e, int64_t now, int64_t limit)
{
	unsigned slot, n = 0, i;

	for (slot = 0; slot < e->workers; slot++) {
		struct expiry *x = &e->jobs[slot];

		if (!x->job || x->job->ending.timed_out ||
		    now - x->begin_ms < expire_limit_of(x->job, limit))
			continue;
		/* It made it: only, nobody has come to see. */
		if (has_exited(x->job)) {
			x->begin_ms = now;
			continue;
		}
		x->job->ending.timed_out = true;
		x->kill_ms = now + e->run->grace_ms;
		e->chosen[n++] = slot;
	}
	expire_signal(e, n, SIGTERM);
	for (i = 0; i < n; i++)
		observe_timeout(e->jobs[e->chosen[i]].job);
}

/* KILL to those whose grace is. */
static void expire_kill(struct expire *e, int64_t now)
{
	unsigned slot, n = 0;

	for (slot = 0; slot < e->workers; slot++)
		if (e->jobs[slot].job && e->jobs[slot].job->ending.timed_out &&
		    now >= e->jobs[slot].kill_ms)
			e->chosen[n++] = slot;
	expire_signal(e, n, SIGKILL);
}

/* In how many ms there may be something to do again. */
static int64_t expire_patience(const struct expire *e, int64_t now,
			       int64_t limit)
{
	int64_t least = EXPIRE_NEVER;
	unsigned slot;

	for (slot = 0; slot < e->workers; slot++) {
		const struct expiry *x = &e->jobs[slot];
		int64_t left;

		if (!x->job)
			continue;
		if (x->job->ending.timed_out)
			left = x->kill_ms > now ? x->kill_ms - now
						: EXPIRE_LOOK_MS;
		else if (expire_limit_of(x->job, limit) == EXPIRE_NEVER)
			left = EXPIRE_NEVER;
		else
			left = expire_limit_of(x->job, limit) -
			       (now - x->begin_ms);
		/* The median may become less. */
		if (e->run->timeout.percent && left > EXPIRE_RETHINK_MS)
			left = EXPIRE_RETHINK_MS;
		if (left < least)
			least = left;
	}
	return least;
}

/* With the lock held: do what is due.  When to look again. */
static int64_t expire_round(struct expire *e)
{
	int64_t now, limit = expire_limit(e), left;

	if (!expire_now(e, &now))
		return now_ms() + EXPIRE_RETHINK_MS;
	expire_terminate(e, now, limit);
	expire_kill(e, now);
	left = expire_patience(e, now, limit);
	return left == EXPIRE_NEVER ? left : now_ms() + (left > 0 ? left : 0);
}

static void *expire_thread(void *arg)
{
	struct expire *e = arg;

	pthread_mutex_lock(&e->lock);
	while (!e->over) {
		struct timespec until;

		e->next_ms = expire_round(e);
		until = (struct timespec){
			.tv_sec = (time_t)(e->next_ms / 1000),
			.tv_nsec = (long)(e->next_ms % 1000) * 1000000,
		};
		if (e->next_ms == EXPIRE_NEVER)
			pthread_cond_wait(&e->changed, &e->lock);
		else
			pthread_cond_timedwait(&e->changed, &e->lock, &until);
	}
	pthread_mutex_unlock(&e->lock);
	return NULL;
}

/* ---- Jobs ------------------------------------------------------------------- */

void expire_begin(struct job *job)
{
	struct expire *e = job->run->expire;
	struct expiry *x;
	int64_t limit;

	if (!e)
		return;
	limit = e->run->timeout.percent ? EXPIRE_RETHINK_MS
					: expire_limit_of(job, expire_limit(e));
	pthread_mutex_lock(&e->lock);
	x = &e->jobs[job->slot];
	x->job = job;
	(void)expire_now(e, &x->begin_ms);
	if (limit != EXPIRE_NEVER && now_ms() + limit < e->next_ms)
		pthread_cond_signal(&e->changed);
	pthread_mutex_unlock(&e->lock);
}

/* What is left of it once its first process has exited. */
static void expire_rest(struct expire *e, unsigned slot, int64_t kill_ms)
{
	int looks = 0;
	int64_t now;

	while (looks < EXPIRE_KILL_LOOKS) {
		bool over = expire_now(e, &now) && now >= kill_ms;

		if (!stop_signal_slots(e->run->stop, &slot, 1,
				       over ? SIGKILL : 0))
			break;
		looks += over;
		(void)poll(NULL, 0, over ? 5 : EXPIRE_LOOK_MS);
	}
}

void expire_end(struct job *job)
{
	struct expire *e = job->run->expire;
	siginfo_t info;
	int64_t kill_ms;

	if (!e)
		return;
	while (waitid(P_PID, (id_t)job->pid, &info, WEXITED | WNOWAIT) &&
	       errno == EINTR)
		;
	pthread_mutex_lock(&e->lock);
	e->jobs[job->slot].job = NULL;
	kill_ms = e->jobs[job->slot].kill_ms;
	pthread_mutex_unlock(&e->lock);
	if (job->ending.timed_out)
		expire_rest(e, job->slot, kill_ms);
}

/* ---- Its life ----------------------------------------------------------------- */

static void expire_free(struct expire *e)
{
	free(e->jobs);
	free(e->chosen);
	free(e);
}

/* Its lock and what waits with it. */
static int expire_init(struct expire *e)
{
	int rc = cond_init_monotonic(&e->changed);

	if (rc)
		return rc;
	rc = pthread_mutex_init(&e->lock, NULL);
	if (!rc) {
		rc = pthread_create(&e->thread, NULL, expire_thread, e);
		if (!rc)
			return 0;
		pthread_mutex_destroy(&e->lock);
	}
	pthread_cond_destroy(&e->changed);
	return -rc;
}

int expire_create(struct expire **created, struct run *run, unsigned workers)
{
	struct expire *e;
	int rc = -ENOMEM;

	*created = NULL;
	if (!run->timeout.ms && !run->timeout.percent && !run->timeout.of_jobs)
		return 0;
	e = calloc(1, sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->run = run;
	e->workers = workers;
	e->next_ms = EXPIRE_NEVER;
	e->jobs = calloc(workers, sizeof(*e->jobs));
	e->chosen = calloc(workers, sizeof(*e->chosen));
	if (e->jobs && e->chosen)
		rc = expire_init(e);
	if (rc) {
		expire_free(e);
		return rc;
	}
	*created = e;
	return 0;
}

void expire_destroy(struct expire *e)
{
	if (!e)
		return;
	pthread_mutex_lock(&e->lock);
	e->over = true;
	pthread_cond_signal(&e->changed);
	pthread_mutex_unlock(&e->lock);
	pthread_join(e->thread, NULL);
	pthread_cond_destroy(&e->changed);
	pthread_mutex_destroy(&e->lock);
	expire_free(e);
}
