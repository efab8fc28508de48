/* SPDX-License-Identifier: MIT */
#include "again.h"

#include <errno.h>
#include <limits.h>

#include "observe.h"
#include "verdict.h"

#define NS_PER_MS UINT64_C(1000000)

#define AGAIN_REFUSED (-EAGAIN)
#define AGAIN_FAILED (-EIO)
#define AGAIN_NEVER (-ECANCELED)

static enum bpool_outcome outcome_of(int result)
{
	switch (result) {
	case AGAIN_REFUSED:
		return BPOOL_OVERLOADED;
	case AGAIN_FAILED:
		return BPOOL_FAILED;
	case AGAIN_NEVER:
		return BPOOL_PERMANENT;
	default:
		return BPOOL_OK;
	}
}

void again_terms(const struct retry *retry, struct bpool_retry *terms)
{
	*terms = (struct bpool_retry){
		/* Which are tried again is decided here. */
		.attempts = UINT_MAX,
		.base_ns = (uint64_t)retry->base_ms * NS_PER_MS,
		.cap_ns = (uint64_t)retry->cap_ms * NS_PER_MS,
		.outcome = outcome_of,
	};
}

static int again_decide(struct job *job)
{
	const struct ending *ending = &job->ending;
	struct run *run = job->run;
	enum refusal refusal;

	if (!run->minds || ending->outcome != OUTCOME_FAILED ||
	    !ending->started || stop_is_closed(run->stop))
		return 0;
	refusal = verdict_refusal(job);
	if (refusal == REFUSAL_AGAIN) {
		/* The pool pauses its key. */
		(void)bpool_job_retry_after((uint64_t)job->feedback.after_ms *
					    NS_PER_MS);
		return AGAIN_REFUSED;
	}
	if (refusal == REFUSAL_TOO_LONG)
		return 0;
	if (++job->failures >= run->retry->attempts ||
	    !retry_covers(run->retry, ending->status, ending->signal != 0,
			  ending->timed_out) ||
	    !tally_take_retry(run->tally, run->retry))
		return 0;
	return AGAIN_FAILED;
}

/* How it ended, and its outputs, are its own until it runs again. */
static void again_keep(struct job *job)
{
	struct outputs *printed = &job->worker->printed;
	struct spool *spool = job->run->spool;

	output_rest(&printed->out, spool);
	output_rest(&printed->err, spool);
	job->kept = *printed;
	*printed = (struct outputs){ 0 };
	job->last = job->ending;
}

void again_start(struct job *job)
{
	struct outputs *printed = &job->worker->printed;
	struct spool *spool = job->run->spool;

	if (job->attempt == 1 || job->run->retry->all_attempts)
		return;
	output_drop(&printed->out, spool);
	output_drop(&printed->err, spool);
}

void again_stopped(struct job *job)
{
	if (job->attempt == 1) {
		job->ending.outcome = OUTCOME_DROPPED;
		return;
	}
	job->ending = job->last;
	job->ending.started = false; /* that end has been counted */
	job->ending.stopped = true;
}

int again_last(bool ok)
{
	return ok ? 0 : AGAIN_NEVER;
}

int again_result(struct job *job)
{
	int result = again_decide(job);

	if (result == 0)
		return 0;
	if (result == AGAIN_REFUSED)
		atomic_fetch_add(&job->run->refusals, 1);
	observe_again(job, result == AGAIN_REFUSED);
	again_keep(job);
	job_clear(job);
	return result;
}
