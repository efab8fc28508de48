/* SPDX-License-Identifier: MIT */
#include "workjob.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt.h"
#include "jobmessage.h"
#include "message.h"
#include "observe.h"
#include "jobresult.h"
#include "sessions.h"

void workjob_started(struct job *job)
{
	struct delivery *d = job->user;

	delivery_runs(d, job->pid, sessions_since(job->pid, job->run->fds));
	/* It may have become too late between the last look and now, and the guard
	 * looks again after a while. */
	if (!delivery_is_held(d))
		(void)kill(-job->pid, SIGKILL);
}

static bool workjob_go_on(void *user)
{
	struct workplace *place = user;

	return !atomic_load(&place->ending);
}

/* It has ended under its lease: what becomes of it. */
static enum delivery_fate workjob_store(struct workplace *place,
					struct job *job,
					const struct job_message *message)
{
	char run[80];
	struct job_result_of of = {
		.batch = message->batch,
		.id = message->id,
		.run = run,
		.worker = place->name,
		.command = job_text(job),
		.ending = &job->ending,
		.spool = job->run->spool,
		.go_on = workjob_go_on,
		.user = place,
	};

	(void)snprintf(run, sizeof(run), "%s-%llu", job->run->mark->run,
		       (unsigned long long)job->marked);
	if (job_result_store(place->bus, &of, &job->worker->printed) == 0)
		return DELIVERY_DONE;
	return DELIVERY_BACK;
}

/* Run it, if its lease lets it start; what becomes of it. */
static enum delivery_fate workjob_attempt(struct workplace *place,
					  struct delivery *d, struct job *job,
					  const struct job_message *message)
{
	int rc = job_expand(job);
	bool held;

	if (!delivery_begin(d))
		return DELIVERY_LOST;
	attempt(job, rc);
	held = delivery_end(d);
	observe_end(job);
	if (!held) {
		say("batch %s, job %llu: its lease was lost, and it was killed",
		    message->batch, (unsigned long long)message->id.number);
		return DELIVERY_LOST;
	}
	/* What was stopped with the worker is another's. */
	if (job->ending.outcome == OUTCOME_DROPPED || job->ending.stopped)
		return DELIVERY_BACK;
	return workjob_store(place, job, message);
}

static void workjob_drop_outputs(struct job *job)
{
	struct outputs *printed = &job->worker->printed;

	output_drop(&printed->out, job->run->spool);
	output_drop(&printed->err, job->run->spool);
	output_drop(&printed->log, job->run->spool);
}

static enum delivery_fate workjob_make(struct workplace *place,
				       struct delivery *d,
				       const struct job_message *message)
{
	struct record *record = job_message_record(message);
	struct job *job = record ? job_create(place->run, record, 0) : NULL;
	char batch[TOKEN_SIZE], id[2 * TOKEN_SIZE];
	enum delivery_fate fate;

	if (!job) {
		free(record);
		return DELIVERY_BACK;
	}
	token_text(batch, message->batch);
	(void)snprintf(id, sizeof(id), "%s/%llu", batch,
		       (unsigned long long)message->id.number);
	job->number = message->id.number;
	job->marked = d->number;
	job->id = id;
	job->user = d;
	/* As often as it was given, it may have run; expanding counts this one. */
	job->attempt = d->delivered > 0 ? (unsigned)d->delivered - 1 : 0;
	fate = workjob_attempt(place, d, job, message);
	workjob_drop_outputs(job);
	job_destroy(job);
	return fate;
}

void workjob_run(struct workplace *place, struct delivery *d)
{
	enum delivery_fate fate = DELIVERY_DONE;
	struct job_message message;
	char batch[TOKEN_SIZE], shown[200];
	int done = 0;

	if (job_message_read(d->message, batch, &message)) {
		say("%s: no job, dropped",
		    escaped(shown, sizeof(shown),
			    natsMsg_GetSubject(d->message)));
		delivery_close(d, DELIVERY_DONE);
		return;
	}
	/* One that was given before may have its result already. */
	if (d->delivered != 1 || message.again)
		done = job_result_exists(place->bus, batch, &message.id);
	if (done == 0)
		fate = workjob_make(place, d, &message);
	else if (done < 0)
		fate = DELIVERY_BACK;
	delivery_close(d, fate);
}
