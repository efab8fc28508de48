/* SPDX-License-Identifier: MIT */
#include "workjob.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "attempt.h"
#include "clock.h"
#include "jobmessage.h"
#include "message.h"
#include "observe.h"
#include "jobresult.h"
#include "sessions.h"
#include "verdict.h"

void workjob_started(struct job *job)
{
	struct delivery *d = job->user;

	delivery_runs(d, job->pid, sessions_since(job->pid, job->run->fds));
	/* It may have become too late between the last look and now, and the guard
	 * looks again after a while. */
	if (!delivery_is_held(d))
		(void)kill(-job->pid, SIGKILL);
}

/* It may wait for its turn. */
struct turn_of {
	struct workplace *place;
	struct delivery *delivery;
};

static bool workjob_may_wait(void *user)
{
	struct turn_of *turn = user;

	return !stop_is_closed(turn->place->run->stop) &&
	       delivery_is_held(turn->delivery);
}

/* What is to be tried again is not ours to store once its lease is over. */
static bool workjob_may_park(void *user)
{
	struct turn_of *turn = user;

	return !atomic_load(&turn->place->ending) &&
	       delivery_is_held(turn->delivery);
}

static bool workjob_go_on(void *user)
{
	struct workplace *place = user;

	return !atomic_load(&place->ending);
}

/* What fails for good is among the dead letters too. */
static int workjob_bury(struct workplace *place, struct job_message *message,
			const struct ending *ending)
{
	natsMsg *letter = NULL;
	char why[100];
	int rc;

	ending_say(ending, why, sizeof(why));
	message->stream = place->bus->stream;
	message->why = why;
	message->again = true;
	rc = job_message_make(&letter, "dlq", message) == NATS_OK
		     ? bus_store(place->bus, letter, workjob_go_on, place)
		     : -ENOMEM;
	message->why = NULL;
	natsMsg_Destroy(letter);
	return rc;
}

/* Its result, and that of its failure what has to be. */
static enum delivery_fate workjob_store(struct workplace *place,
					struct job *job,
					struct job_message *message)
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
	int rc;

	(void)snprintf(run, sizeof(run), "%s-%llu", job->run->mark->run,
		       (unsigned long long)job->marked);
	rc = job_result_store(place->bus, &of, &job->worker->printed);
	/* In this order: who is given the job once more finds the result, and sees
	 * to the rest. */
	if (!rc && job->ending.outcome != OUTCOME_OK)
		rc = workjob_bury(place, message, &job->ending);
	return rc ? DELIVERY_BACK : DELIVERY_DONE;
}

/* After the `attempt`-th: between the base and three times as long each time, up to
 * the cap, at random, so that those that failed together do not come together. */
static int64_t workjob_delay_ms(const struct job_message *message)
{
	int64_t most = message->base_ms;
	unsigned i;
	uint64_t random = 0;

	for (i = 1; i < message->attempt && most < message->cap_ms; i++)
		most *= 3;
	if (most > message->cap_ms)
		most = message->cap_ms;
	/* Without any, all wait for the longest time. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) !=
		    (ssize_t)sizeof(random) ||
	    most <= message->base_ms)
		return most;
	return message->base_ms +
	       (int64_t)(random % (uint64_t)(most - message->base_ms + 1));
}

/* It waits outside the bound, for so long, for the attempt that it has then. */
static enum delivery_fate workjob_park(struct turn_of *turn,
				       struct job_message *message,
				       int64_t delay_ms, unsigned next)
{
	struct bus *bus = turn->place->bus;
	natsMsg *parked = NULL;
	int rc;

	message->stream = bus->stream;
	message->due_ms = wall_us() / 1000 + delay_ms;
	message->attempt = next;
	message->again = true;
	rc = job_message_make(&parked, "retry", message) == NATS_OK
		     ? bus_store(bus, parked, workjob_may_park, turn)
		     : -ENOMEM;
	natsMsg_Destroy(parked);
	return rc ? DELIVERY_BACK : DELIVERY_DONE;
}

/* After how long it is to be tried once more, as the service that it asked refused it,
 * which takes none of its attempts.  As with bpool, that has to have been asked for, and
 * who is told to wait for too long has failed. */
#define NOT_REFUSED (-1)
#define NEVER_AGAIN (-2)
static int64_t workjob_refused_ms(struct workplace *place, struct job *job,
				  const struct job_message *message)
{
	int64_t after_ms = job->feedback.after_ms;
	enum refusal refusal = verdict_refusal(job);

	if (refusal == REFUSAL_NONE) {
		if (job->ending.started)
			terms_served(place->terms);
		return NOT_REFUSED;
	}
	if (after_ms > CLASS_PAUSE_MOST_MS)
		after_ms = CLASS_PAUSE_MOST_MS;
	after_ms = terms_refused(place->terms, after_ms, job->ending.ran_us);
	if (job->ending.outcome != OUTCOME_FAILED)
		return NOT_REFUSED;
	return refusal == REFUSAL_AGAIN && message->attempts > 1 ? after_ms
								 : NEVER_AGAIN;
}

/* It has ended under its lease: what becomes of it. */
static enum delivery_fate workjob_ended(struct turn_of *turn, struct job *job,
					struct job_message *message)
{
	struct workplace *place = turn->place;
	const struct ending *ending = &job->ending;
	int64_t refused_ms;

	/* What was stopped with the worker is another's. */
	if (ending->outcome == OUTCOME_DROPPED || ending->stopped)
		return DELIVERY_BACK;
	refused_ms = workjob_refused_ms(place, job, message);
	if (refused_ms >= 0)
		return workjob_park(turn, message, refused_ms,
				    message->attempt);
	if (refused_ms != NEVER_AGAIN && ending->outcome == OUTCOME_FAILED &&
	    ending->started && message->attempt < message->attempts)
		return workjob_park(turn, message, workjob_delay_ms(message),
				    message->attempt + 1);
	return workjob_store(place, job, message);
}

/* It has waited for its turn in vain, and is as it was: as another message, for of this
 * one it counts how often it was given. */
static enum delivery_fate workjob_hand_back(struct turn_of *turn,
					    struct job_message *message)
{
	if (!delivery_is_held(turn->delivery))
		return DELIVERY_LOST;
	return workjob_park(turn, message, 0, message->attempt);
}

/* Run it, if its lease lets it start; what becomes of it. */
static enum delivery_fate workjob_attempt(struct workplace *place,
					  struct delivery *d, struct job *job,
					  struct job_message *message)
{
	struct turn_of turn = { .place = place, .delivery = d };
	unsigned attempts = terms_class(place->terms).attempts;
	/* So often its workers have died of it, or lost it, or were stopped. */
	bool is_given_up = d->delivered > attempts;
	int rc = job_expand(job);
	bool held;

	if (!is_given_up &&
	    starts_wait(&place->starts, workjob_may_wait, &turn))
		return workjob_hand_back(&turn, message);
	if (!delivery_begin(d))
		return DELIVERY_LOST;
	if (is_given_up) {
		job->ending.outcome = OUTCOME_FAILED;
		job->ending.status = STATUS_BPOOL_FAILED;
		job_say(job,
			"given up: given to %u workers, none of which ended it",
			attempts);
	} else {
		attempt(job, rc);
	}
	held = delivery_end(d);
	observe_end(job);
	if (held)
		return workjob_ended(&turn, job, message);
	say("batch %s, job %llu: its lease was lost, and it was killed",
	    message->batch, (unsigned long long)message->id.number);
	return DELIVERY_LOST;
}

static void workjob_drop_outputs(struct job *job)
{
	struct outputs *printed = &job->worker->printed;

	output_drop(&printed->out, job->run->spool);
	output_drop(&printed->err, job->run->spool);
	output_drop(&printed->log, job->run->spool);
}

/* Of the job's own and the worker's the shorter; 0: none. */
static int64_t workjob_timeout_ms(const struct run *run,
				  const struct job_message *message)
{
	int64_t ms = run->timeout.ms;

	return message->timeout_ms && (!ms || message->timeout_ms < ms)
		       ? message->timeout_ms
		       : ms;
}

static enum delivery_fate workjob_make(struct workplace *place,
				       struct delivery *d,
				       struct job_message *message)
{
	struct record *record = job_message_record(message);
	struct job *job = record ? job_create(place->run, record, 0) : NULL;
	char batch[TOKEN_SIZE], id[2 * TOKEN_SIZE];
	enum delivery_fate fate;

	if (!job) {
		free(record);
		return DELIVERY_LATER;
	}
	token_text(batch, message->batch);
	(void)snprintf(id, sizeof(id), "%s/%llu", batch,
		       (unsigned long long)message->id.number);
	job->number = message->id.number;
	job->marked = d->number;
	job->id = id;
	job->user = d;
	job->timeout_ms = workjob_timeout_ms(place->run, message);
	/* As often as it was given, it may have run; expanding counts this one. */
	job->attempt = message->attempt - 1;
	if (d->delivered > 1)
		job->attempt += (unsigned)d->delivered - 1;
	fate = workjob_attempt(place, d, job, message);
	workjob_drop_outputs(job);
	job_destroy(job);
	return fate;
}

/* One that was given before may have its result already. */
static int workjob_look(struct workplace *place, const struct delivery *d,
			struct job_message *message)
{
	struct ending ending;
	int done = 0;

	if (d->delivered != 1 || message->again)
		done = job_result_look(place->bus, message->batch, &message->id,
				       &ending);
	if (done > 0 && ending.outcome != OUTCOME_OK &&
	    workjob_bury(place, message, &ending))
		return -EIO;
	return done;
}

void workjob_run(struct workplace *place, struct delivery *d)
{
	enum delivery_fate fate = DELIVERY_DONE;
	struct job_message message;
	char shown[200];
	int done;

	if (job_message_read(d->message, &message)) {
		say("%s: no job, dropped",
		    escaped(shown, sizeof(shown),
			    natsMsg_GetSubject(d->message)));
		delivery_close(d, DELIVERY_DONE);
		return;
	}
	done = workjob_look(place, d, &message);
	if (done == 0)
		fate = workjob_make(place, d, &message);
	else if (done < 0)
		fate = DELIVERY_LATER;
	delivery_close(d, fate);
}
