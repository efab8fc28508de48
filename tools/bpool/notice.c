/* SPDX-License-Identifier: MIT */
#include "notice.h"

#include <poll.h>

#include "message.h"
#include "stop.h"

#define NOTICE_TRIES 100
#define NOTICE_TRY_MS 5

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
	if (locked) {
		(void)statusline_erase(&report->line);
		report->line.hidden = event == STOP_SUSPENDS ||
				      event == STOP_DIES;
	}
	if (event == STOP_LATE)
		say("--deadline: the time is over: stopping");
	if (locked)
		pthread_mutex_unlock(&report->lock);
}

void notice_begin(struct report *report)
{
	stop_listen(report->stop, notice_heard, report);
}

void notice_end(struct report *report)
{
	stop_listen(report->stop, NULL, NULL);
}
