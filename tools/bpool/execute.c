/* SPDX-License-Identifier: MIT */
/* A job from its turn to the report.  See execute.h. */
#include "execute.h"

#include "again.h"
#include "attempt.h"
#include "clock.h"
#include "gate.h"
#include "observe.h"
#include "pace.h"

/*
 * Its turn by the gate too; false: none may start any more.  While it waited
 * there, what let it pass before may have been paused.
 */
static bool execute_may(const struct job *job)
{
	const struct run *run = job->run;
	int64_t ms;

	if (stop_is_closed(run->stop))
		return false;
	if (!gate_is_there(run->gate))
		return true;
	while (gate_wait(run->gate, job->slot)) {
		ms = pace_paused_ms(run->pace, atomic_load(&run->refusals));
		if (ms == 0)
			return true;
		gate_leave(run->gate, job->slot);
		if (!gate_sleep(run->gate, now_ms() + ms))
			return false;
	}
	return false;
}

/* What again_result() says of it.  It leaves the gate when it is known whether
 * it was refused, for that concerns the next. */
static int execute(struct job *job)
{
	int again, rc = job_expand(job);

	if (!execute_may(job)) {
		again_stopped(job);
		return again_result(job);
	}
	again_start(job);
	attempt(job, rc);
	again = again_result(job);
	gate_leave(job->run->gate, job->slot);
	return again;
}

void execute_tell_limit(struct run *run)
{
	uint64_t limit;

	if (!run->events)
		return;
	limit = pace_found(run->pace->options, run->pace->pool);
	if (!limit)
		limit = atomic_load(&run->pace->slots);
	if (events_limit(run->events, limit))
		report_broken(run->report);
}

int execute_job(void *arg)
{
	struct job *job = arg;
	int again = execute(job);
	bool ok;

	execute_tell_limit(job->run);
	if (again)
		return again;
	observe_end(job);
	ok = job->ending.outcome == OUTCOME_OK;
	report_job(job->run->report, job->place, &job->ending,
		   &job->worker->printed);
	job_destroy(job);
	return again_last(ok);
}
