/* SPDX-License-Identifier: MIT */
#include "expire.h"

#include <limits.h>
#include <poll.h>

#include "clock.h"
#include "observe.h"

#define EXPIRE_LOOK_MS 50     /* between looks at who is left */
#define EXPIRE_RETHINK_MS 200 /* between looks at the median */
#define EXPIRE_KILL_LOOKS 200 /* until those that cannot die are left */

bool expire_is_on(const struct run *run)
{
	return run->timeout.ms || run->timeout.percent;
}

void expire_begin(struct job *job)
{
	(void)stop_suspended(job->run->stop, &job->suspended_ms);
	job->begin_ms = now_ms();
}

/* For how long it may run; -1: not known yet. */
static int64_t expire_limit(const struct job *job)
{
	const struct timeout *timeout = &job->run->timeout;
	int64_t median;

	if (!timeout->percent)
		return timeout->ms;
	median = tally_median_ms(job->run->tally);
	if (median < 0)
		return -1;
	return median * (int64_t)timeout->percent / 100 + 1;
}

/* How long it may still run; while bpool is suspended no time passes. */
static int64_t expire_left(const struct job *job)
{
	int64_t limit = expire_limit(job), suspended_ms;
	bool suspended = stop_suspended(job->run->stop, &suspended_ms);

	if (suspended || limit < 0)
		return EXPIRE_RETHINK_MS;
	return limit - (now_ms() - job->begin_ms) +
	       (suspended_ms - job->suspended_ms);
}

int expire_look(struct job *job)
{
	struct stop *stop = job->run->stop;
	int64_t left;

	if (job->ending.timed_out) {
		if (now_ms() >= job->kill_ms)
			(void)stop_signal_job(stop, job->slot, SIGKILL);
		return EXPIRE_LOOK_MS;
	}
	left = expire_left(job);
	if (left <= 0) {
		job->ending.timed_out = true;
		job->kill_ms = now_ms() + job->run->grace_ms;
		observe_timeout(job);
		(void)stop_signal_job(stop, job->slot, SIGTERM);
		return EXPIRE_LOOK_MS;
	}
	/* The median may have become less. */
	if (job->run->timeout.percent && left > EXPIRE_RETHINK_MS)
		left = EXPIRE_RETHINK_MS;
	return left < INT_MAX ? (int)left : INT_MAX;
}

void expire_finish(struct job *job)
{
	struct stop *stop = job->run->stop;
	int looks = 0;

	while (job->ending.timed_out && looks < EXPIRE_KILL_LOOKS) {
		bool over = now_ms() >= job->kill_ms;

		if (!stop_signal_job(stop, job->slot, over ? SIGKILL : 0))
			break;
		looks += over;
		(void)poll(NULL, 0, over ? 5 : EXPIRE_LOOK_MS);
	}
}
