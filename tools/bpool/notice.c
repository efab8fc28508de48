/* SPDX-License-Identifier: MIT */
#include "notice.h"

#include <poll.h>
#include <unistd.h>

#include "message.h"
#include "stop.h"

#define NOTICE_TRIES 100
#define NOTICE_TRY_MS 5

/* Whether writing to stderr sleeps for nobody: up to PIPE_BUF. */
static bool notice_may_write(void)
{
	struct pollfd room = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&room, 1, 0) > 0 && (room.revents & POLLOUT);
}

static void notice_late(struct report *report)
{
	report->late_told = true;
	say("--deadline: the time is over: stopping");
}

/*
 * On the stop's thread, which nobody may hold up: who prints to a pipe that
 * nobody reads has the lock for ever.
 */
static void notice_heard(void *user, enum stop_event event)
{
	struct report *report = user;
	int tries = 0;
	bool locked;

	while (!(locked = pthread_mutex_trylock(&report->lock) == 0) &&
	       ++tries < NOTICE_TRIES)
		(void)poll(NULL, 0, NOTICE_TRY_MS);
	if (!locked)
		return;
	report->line.hidden = event == STOP_SUSPENDS || event == STOP_DIES;
	if (notice_may_write()) {
		(void)statusline_erase(&report->line);
		if (event == STOP_LATE)
			notice_late(report);
	}
	pthread_mutex_unlock(&report->lock);
}

void notice_begin(struct report *report)
{
	stop_listen(report->stop, notice_heard, report);
}

void notice_end(struct report *report)
{
	stop_listen(report->stop, NULL, NULL);
	/* Now, if it could not be said then, or nobody listened. */
	if (stop_is_late(report->stop) && !report->late_told)
		notice_late(report);
}
