/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include <stdlib.h>

#include "clock.h"
#include "message.h"

static void observe_failed(struct job *job, int rc)
{
	if (rc)
		report_broken(job->run->report);
}

static struct event_job event_of(const struct job *job)
{
	return (struct event_job){
		.number = job->number,
		.slot = job->slot + 1,
		.pid = job->pid,
		.command = job_text(job),
		.tail = job->run->ungroup ? NULL : &job->worker->tail,
	};
}

/* Bad results are the job's failure: it may have said nothing else. */
static void observe_result(struct job *job, int error)
{
	if (!error)
		return;
	job->ending.outcome = OUTCOME_BROKEN;
	job->ending.status = STATUS_BPOOL_FAILED;
	if (!job->copy_error) /* which was said */
		job_say(job, "--results: %s", results_why(error));
}

/* Before it starts: no job runs that is not there. */
static void observe_roster(struct job *job)
{
	struct run *run = job->run;
	struct roster_job on = {
		.number = job->log_number,
		.started_us = job->ending.started_us,
		.mark = job->marked,
		.command = job->log_text,
	};

	if (run->roster)
		observe_failed(job, roster_add(run->roster, job->slot, &on,
					       run->mark));
}

int observe_before(struct job *job)
{
	struct results *results = job->run->results;
	int rc = 0;

	if (results) {
		rc = result_open(results, job->number, job->record,
				 &job->result);
		observe_result(job, rc);
	}
	if (!rc)
		observe_roster(job);
	return rc;
}

void observe_start(struct job *job, pid_t pid, unsigned at_once)
{
	struct run *run = job->run;
	struct event_job event;

	job->pid = pid;
	tally_started(run->tally, at_once, job->attempt == 1);
	if (run->roster)
		observe_failed(job,
			       roster_started(run->roster, job->slot, pid));
	if (run->started)
		run->started(job);
	event = event_of(job);
	if (run->events)
		observe_failed(job, events_start(run->events, &event,
						 job->ending.started_us));
}

void observe_timeout(struct job *job)
{
	struct event_job event = event_of(job);

	if (job->run->events)
		observe_failed(job, events_timeout(job->run->events, &event));
}

static void observe_close_result(struct job *job)
{
	struct result_meta meta = {
		.number = job->number,
		.slot = job->slot + 1,
		.command = job_text(job),
		.record = job->record,
	};

	if (job->result.fd >= 0)
		observe_result(job,
			       result_close(job->run->results, &job->result,
					    &meta, &job->ending));
}

/* Its line in the log, for the report.  One that was not run to its end, or
 * whose output is not whole, has none, so that --resume runs it again. */
static void observe_log(struct job *job)
{
	const struct ending *ending = &job->ending;
	struct text text = { 0 };
	size_t len;
	char *line;

	if (!job->log_text || ending->stopped ||
	    ending->outcome == OUTCOME_DROPPED ||
	    ending->outcome == OUTCOME_BROKEN) {
		/* Nor have its attempts before. */
		output_drop(&job->worker->printed.log, job->run->spool);
		return;
	}
	joblog_add_record(&text, job->log_number, ending, job->log_text);
	len = text.len;
	line = text_take(&text);
	if (!line || output_append(&job->worker->printed.log, job->run->spool,
				   line, len)) {
		output_forget(&job->worker->printed.log);
		/* Not with what it prints, which another attempt may drop. */
		job_say_now(job, "it is not logged: out of memory");
		report_broken(job->run->report);
	}
	free(line);
}

void observe_again(struct job *job, bool refused)
{
	struct run *run = job->run;
	struct event_job event = event_of(job);

	observe_close_result(job);
	if (run->roster)
		observe_failed(job, roster_remove(run->roster, job->slot));
	if (run->events)
		observe_failed(job,
			       events_retry(run->events, &event, &job->ending,
					    job->attempt, refused));
	tail_clear(&job->worker->tail);
	tally_again(run->tally, &job->ending, refused);
	observe_log(job);
}

void observe_end(struct job *job)
{
	struct run *run = job->run;
	struct event_job event = event_of(job);

	observe_close_result(job);
	if (run->roster)
		observe_failed(job, roster_remove(run->roster, job->slot));
	if (run->events && job->ending.outcome != OUTCOME_DROPPED)
		observe_failed(job,
			       events_end(run->events, &event, &job->ending));
	tail_clear(&job->worker->tail);
	tally_end(run->tally, job->number, &job->ending, event.command);
	observe_log(job);
}
