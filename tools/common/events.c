/* SPDX-License-Identifier: MIT */
#include "events.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "io.h"
#include "json.h"
#include "message.h"
#include "units.h"

#define READER_MS 50 /* between looks for one */

static int target_say(const char *target, const char *why)
{
	char shown[200];

	say("--events %s: %s", escaped(shown, sizeof(shown), target), why);
	return -EINVAL;
}

static int events_say(struct events *events, int error)
{
	if (!events->failed)
		(void)target_say(events->target, error == -ELOOP
							 ? "is a symbolic link"
							 : strerror(-error));
	events->failed = true;
	return error;
}

/* N of "fd:N" to *fd, -1 where it is the name of a file; or -EINVAL. */
static int target_read(const char *target, int *fd)
{
	unsigned n;

	if (strncmp(target, "fd:", 3) != 0) {
		*fd = -1;
		return 0;
	}
	if (count_read(target + 3, 0, INT32_MAX, &n))
		return -EINVAL;
	*fd = (int)n;
	return 0;
}

int events_take(const char *target)
{
	int fd, mode, flags, rc = target_read(target, &fd);

	if (rc)
		return target_say(target, "not the number of a descriptor");
	if (fd < 0)
		return 0;
	flags = fcntl(fd, F_GETFD);
	mode = fcntl(fd, F_GETFL);
	/* What exec closes did not come through it: fds_init() filled it. */
	if (flags < 0 || (flags & FD_CLOEXEC) || mode < 0 ||
	    (mode & O_ACCMODE) == O_RDONLY)
		return target_say(target, "bpool was not given this descriptor "
					  "to write to");
	/* No job's; and it stays open, so no file of ours is mistaken for it. */
	if (fd > STDERR_FILENO && fcntl(fd, F_SETFD, FD_CLOEXEC))
		return target_say(target, strerror(errno));
	return 0;
}

bool events_go_to(const char *target, int file)
{
	struct stat theirs, is;
	int fd, rc = target_read(target, &fd);

	if (!rc)
		rc = fd < 0 ? stat(target, &theirs) : fstat(fd, &theirs);
	return !rc && !fstat(file, &is) && theirs.st_dev == is.st_dev &&
	       theirs.st_ino == is.st_ino;
}

/* A link may be somebody else's, but those of the system: /dev/stderr is one. */
static int target_follow(const char *target)
{
	return strncmp(target, "/dev/", 5) == 0 ? 0 : O_NOFOLLOW;
}

/* Open it, or -ENXIO at once where it is a FIFO that nobody reads. */
static int target_try_open(const char *target, struct fds *fds)
{
	int fd, rc = 0;

	fds_lock(fds);
	fd = open(target,
		  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY |
			  O_NONBLOCK | target_follow(target),
		  0600);
	if (fd < 0)
		rc = -errno;
	fds_unlock(fds);
	/* What it is full of is waited for in write(2), as ever. */
	if (!rc && fcntl(fd, F_SETFL, 0)) {
		rc = -errno;
		close(fd);
	}
	return rc ? rc : fd;
}

/* A FIFO's reader is waited for here and not in open(2), which no stop would
 * end, and which would hold the lock that the stop needs. */
static int target_open(const char *target, int stop_fd, struct fds *fds)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	struct stat is;
	int fd;

	while ((fd = target_try_open(target, fds)) == -ENXIO) {
		if (stat(target, &is) || !S_ISFIFO(is.st_mode))
			return fd;
		if (poll(&stop, 1, READER_MS) > 0)
			return -ECANCELED;
	}
	return fd;
}

int events_init(struct events *events, const char *target, int stop_fd,
		struct fds *fds)
{
	int rc;

	*events = (struct events){
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.target = target,
	};
	rc = target_read(target, &events->fd);
	if (!rc && events->fd < 0) {
		events->fd = target_open(target, stop_fd, fds);
		events->owned = events->fd >= 0;
		rc = events->owned ? 0 : events->fd;
	}
	return rc && rc != -ECANCELED ? events_say(events, rc) : rc;
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

int events_retry(struct events *events, const struct event_job *job,
		 const struct ending *ending, unsigned attempt, bool refused)
{
	struct text text = { 0 };

	event_begin(&text, "retry", wall_us());
	event_add_job(&text, job);
	json_number(&text, "attempt", attempt);
	json_bool(&text, "overloaded", refused);
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
	json_number(&text, "retried", (int64_t)tally->retried);
	json_number(&text, "overloaded", (int64_t)tally->refused);
	json_number(&text, "pauses", (int64_t)tally->pauses);
	if (tally->limit)
		json_number(&text, "limit", (int64_t)tally->limit);
	json_seconds(&text, "seconds", now_us() - tally->since_us);
	json_number(&text, "status", status);
	return event_write(events, &text);
}
