/* SPDX-License-Identifier: MIT */
#include "events.h"

#include <stdlib.h>

#include "clock.h"
#include "json.h"

void events_init(struct events *events)
{
	*events = (struct events){ .lock = PTHREAD_MUTEX_INITIALIZER };
}

int events_open(struct events *events, const char *target,
		const struct eventfile_form *form, int stop_fd, struct fds *fds)
{
	int rc = eventfile_init(&events->files[events->n], target, form,
				stop_fd, fds);

	if (!rc)
		events->n++;
	return rc;
}

int events_fini(struct events *events)
{
	int rc = 0;

	while (events->n) {
		int closed = eventfile_fini(&events->files[--events->n]);

		rc = rc ? rc : closed;
	}
	pthread_mutex_destroy(&events->lock);
	return rc;
}

/* The line of an event is begun, ... */
static void event_begin(struct text *text, const char *event, int64_t us)
{
	json_begin(text);
	json_string(text, "event", event);
	json_time(text, "time", us);
}

/* ... and ended and written, in one piece; with the lock held. */
static int event_write_locked(struct events *events, struct text *text)
{
	size_t len;
	char *line;
	int rc = 0;

	json_end(text);
	text_say(text, "\n");
	len = text->len;
	line = text_take(text);
	for (unsigned i = 0; i < events->n; i++) {
		int written = eventfile_write(&events->files[i], line, len);

		rc = rc ? rc : written;
	}
	free(line);
	return rc;
}

static int event_write(struct events *events, struct text *text)
{
	int rc;

	pthread_mutex_lock(&events->lock);
	rc = event_write_locked(events, text);
	pthread_mutex_unlock(&events->lock);
	return rc;
}

static void event_add_job(struct text *text, const struct event_job *job)
{
	json_number(text, "job", (int64_t)job->number);
	json_number(text, "slot", job->slot);
	if (job->pid)
		json_number(text, "pid", job->pid);
	json_string(text, "command", job->command);
}

static void event_add_end(struct text *text, const struct event_job *job,
			  const struct ending *ending)
{
	const char *tail;
	size_t len;

	ending_add(text, ending);
	if (!job->tail)
		return;
	tail = tail_text(job->tail, &len);
	json_bytes(text, "output", tail, len);
}

int events_begin(struct events *events, const char *version,
		 const char *command, unsigned limit)
{
	struct text text = { 0 };

	event_begin(&text, "begin", wall_us());
	json_string(&text, "version", version);
	if (command)
		json_string(&text, "command", command);
	json_number(&text, "limit", limit);
	events->limit = limit;
	return event_write(events, &text);
}

int events_limit(struct events *events, uint64_t limit)
{
	struct text text = { 0 };
	int rc = 0;

	pthread_mutex_lock(&events->lock);
	if (events->limit != limit) {
		events->limit = limit;
		event_begin(&text, "limit", wall_us());
		json_number(&text, "limit", (int64_t)limit);
		rc = event_write_locked(events, &text);
	}
	pthread_mutex_unlock(&events->lock);
	return rc;
}

int events_start(struct events *events, const struct event_job *job, int64_t us)
{
	struct text text = { 0 };

	event_begin(&text, "start", us);
	event_add_job(&text, job);
	return event_write(events, &text);
}

int events_timeout(struct events *events, const struct event_job *job)
{
	struct text text = { 0 };

	event_begin(&text, "timeout", wall_us());
	event_add_job(&text, job);
	return event_write(events, &text);
}

int events_end(struct events *events, const struct event_job *job,
	       const struct ending *ending)
{
	struct text text = { 0 };

	event_begin(&text, "end", wall_us());
	event_add_job(&text, job);
	event_add_end(&text, job, ending);
	return event_write(events, &text);
}

int events_retry(struct events *events, const struct event_job *job,
		 const struct ending *ending, unsigned attempt, bool refused)
{
	struct text text = { 0 };

	event_begin(&text, "retry", wall_us());
	event_add_job(&text, job);
	json_number(&text, "attempt", attempt);
	json_bool(&text, "overloaded", refused);
	event_add_end(&text, job, ending);
	return event_write(events, &text);
}

int events_halt(struct events *events, const char *why)
{
	struct text text = { 0 };

	event_begin(&text, "halt", wall_us());
	json_string(&text, "why", why);
	return event_write(events, &text);
}

int events_summary(struct events *events, struct tally *tally, int status)
{
	struct text text = { 0 };
	struct counts counts = tally_counts(tally);

	event_begin(&text, "summary", wall_us());
	json_number(&text, "jobs",
		    (int64_t)(counts_done(&counts) + counts.stopped));
	json_number(&text, "succeeded", (int64_t)counts.ok);
	json_number(&text, "failed", (int64_t)counts_failed(&counts));
	json_number(&text, "stopped", (int64_t)counts.stopped);
	json_number(&text, "retried", (int64_t)tally->retried);
	json_number(&text, "overloaded", (int64_t)tally->refused);
	json_number(&text, "pauses", (int64_t)tally->pauses);
	if (tally->limit)
		json_number(&text, "limit", (int64_t)tally->limit);
	json_seconds(&text, "seconds", now_us() - tally->since_us);
	json_number(&text, "status", status);
	return event_write(events, &text);
}
