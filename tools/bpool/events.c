/* SPDX-License-Identifier: MIT */
#include "events.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "io.h"
#include "json.h"
#include "message.h"
#include "units.h"

static int events_say(struct events *events, int error)
{
	char shown[200];

	if (!events->failed)
		say("--events %s: %s",
		    escaped(shown, sizeof(shown), events->target),
		    strerror(-error));
	events->failed = true;
	return error;
}

/* The descriptor that the caller handed down, or negative errno. */
static int events_inherited(const char *digits)
{
	unsigned fd;

	if (count_read(digits, 0, INT32_MAX, &fd))
		return -EINVAL;
	return fcntl((int)fd, F_GETFD) < 0 ? -errno : (int)fd;
}

int events_init(struct events *events, const char *target, struct fds *fds)
{
	*events = (struct events){
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.target = target,
		.owned = strncmp(target, "fd:", 3) != 0,
	};
	fds_lock(fds);
	if (!events->owned)
		events->fd = events_inherited(target + 3);
	else
		events->fd = open(target,
				  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
					  O_NOCTTY,
				  0666);
	if (events->owned && events->fd < 0)
		events->fd = -errno;
	fds_unlock(fds);
	return events->fd < 0 ? events_say(events, events->fd) : 0;
}

int events_fini(struct events *events)
{
	int rc = 0;

	if (events->owned && close(events->fd) && errno != EINTR)
		rc = events_say(events, -errno);
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

/* ... and ended and written, in one piece. */
static int event_write(struct events *events, struct text *text)
{
	size_t len;
	char *line;
	int rc;

	json_end(text);
	text_say(text, "\n");
	len = text->len;
	line = text_take(text);
	pthread_mutex_lock(&events->lock);
	if (events->failed)
		rc = -ECANCELED;
	else
		rc = line ? write_all(events->fd, line, len) : -ENOMEM;
	if (rc && !events->failed)
		(void)events_say(events, rc);
	pthread_mutex_unlock(&events->lock);
	free(line);
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
	ending_add(&text, ending);
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
	json_seconds(&text, "seconds", now_us() - tally->since_us);
	json_number(&text, "status", status);
	return event_write(events, &text);
}
