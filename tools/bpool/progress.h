/* SPDX-License-Identifier: MIT */
/*
 * --progress: a thread that shows how far the run is, at a terminal in a line
 * at its bottom, up to ten times a second, and elsewhere in a line of its own
 * every ten seconds.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <pthread.h>
#include <stdbool.h>

#include "options.h"
#include "report.h"
#include "slots.h"
#include "tally.h"

struct progress {
	struct report *report; /* fixed */
	struct tally *tally;   /* fixed */
	bool terminal;	       /* fixed */
	bool color;	       /* fixed */
	pthread_t thread;
	pthread_mutex_t lock;	   /* guards what follows; of others the tally's
			       * alone is taken under it */
	pthread_cond_t ended;	   /* `over` */
	const struct slots *slots; /* NULL: there is no pool now */
	bool over;
};

/* Asked for, or the default, which it is only where it cannot stand between
 * outputs, nor in what somebody types. */
bool progress_wanted(const struct options *options);

/*
 * Start the thread; 0 or negative errno, which is no reason not to run: where
 * threads are few, jobs need them more.
 */
int progress_init(struct progress *progress, bool color, struct tally *tally,
		  struct report *report);

/* Limits and pauses are those of these slots; NULL: as they were. */
void progress_watch(struct progress *progress, const struct slots *slots);

/* End it; nothing of it is left at the terminal. */
void progress_fini(struct progress *progress);

#endif
