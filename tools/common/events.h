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
#include "eventfile.h"
#include "fds.h"
#include "tail.h"
#include "tally.h"

struct events {
	pthread_mutex_t lock; /* held while writing; guards what follows */
	struct eventfile files[2];
	unsigned n;
	uint64_t limit; /* told last */
};

/* Without a file yet. */
void events_init(struct events *events);

/* Write to one more: as eventfile_init(), before any other thread may tell. */
int events_open(struct events *events, const char *target,
		const struct eventfile_form *form, int stop_fd,
		struct fds *fds);

/* All that follow return 0 or negative errno; what went wrong is said once. */
int events_fini(struct events *events);

/* A job, as it is told of. */
struct event_job {
	uint64_t number;
	unsigned slot; /* from 1 */
	pid_t pid;     /* 0: it did not start */
	const char *command;
	const struct tail *tail; /* told of at its end; NULL: nobody read it */
};

/* The run begins, with so many slots; `command` is NULL where each line of the
 * input is one. */
int events_begin(struct events *events, const char *version,
		 const char *command, unsigned limit);

/* So many may run now; told where that is another number than before. */
int events_limit(struct events *events, uint64_t limit);

int events_start(struct events *events, const struct event_job *job,
		 int64_t us);
int events_timeout(struct events *events, const struct event_job *job);
int events_end(struct events *events, const struct event_job *job,
	       const struct ending *ending);

/* An attempt has ended, and the job is tried again. */
int events_retry(struct events *events, const struct event_job *job,
		 const struct ending *ending, unsigned attempt, bool refused);

/* No more jobs start, because of `why`. */
int events_halt(struct events *events, const char *why);

int events_summary(struct events *events, struct tally *tally, int status);

#endif
