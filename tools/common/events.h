/* SPDX-License-Identifier: MIT */
/*
 * --events: what happens in a run, as newline-delimited JSON, one object an
 * event, in the order in which it happens.  bpool(1) says what is in them.
 * Any thread may tell of an event.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "ending.h"
#include "fds.h"
#include "tally.h"

struct events {
	pthread_mutex_t lock; /* held while writing; guards what follows */
	const char *target;
	int fd;
	bool owned;  /* we opened it */
	bool failed; /* nothing more is written; it was said */
};

/*
 * Where `target` is "fd:N": see that this is a descriptor of the caller's, and
 * keep it from jobs.  Called before bpool opens anything that stays open, and
 * could get that number.  0 or negative errno, which has been said.
 */
int events_take(const char *target);

/* Whether `target` leads to the file that is open as `file`. */
bool events_go_to(const char *target, int file);

/*
 * Write to the file `target`, which is emptied, or to the descriptor N where
 * it is "fd:N", which was taken.  Waits until somebody reads it where it is a
 * FIFO.  0 or negative errno, which has been said, but for
 *
 * -ECANCELED   `stop_fd` became readable in the wait
 */
int events_init(struct events *events, const char *target, int stop_fd,
		struct fds *fds);

/* All that follow return 0 or negative errno; what went wrong is said once. */
int events_fini(struct events *events);

/* A job, as it is told of. */
struct event_job {
	uint64_t number;
	unsigned slot; /* from 1 */
	pid_t pid;     /* 0: it did not start */
	const char *command;
};

int events_start(struct events *events, const struct event_job *job,
		 int64_t us);
int events_timeout(struct events *events, const struct event_job *job);
int events_end(struct events *events, const struct event_job *job,
	       const struct ending *ending);

/* No more jobs start, because of `why`. */
/* An attempt has ended, and the job is tried again. */
int events_retry(struct events *events, const struct event_job *job,
		 const struct ending *ending, unsigned attempt, bool refused);

int events_halt(struct events *events, const char *why);

int events_summary(struct events *events, struct tally *tally, int status);

#endif
