/* SPDX-License-Identifier: MIT */
/*
 * What holds of a class, as one of its workers knows it: its terms, and whether
 * anything of it may start now.
 *
 * A service that refuses a job, because it has too much to do, pauses the class on
 * all workers: for as long as it said, or else for a while that doubles while it goes
 * on refusing.  And whoever looks after the queue may drain a class: nothing starts
 * until that is taken back.  Both are messages (names.h), which workers hear at once,
 * and read when they begin or were cut off.
 */
#ifndef TERMS_H
#define TERMS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "bus.h"
#include "classes.h"
#include "options.h"

struct terms {
	struct bus *bus;	       /* fixed */
	const struct options *options; /* fixed */
	int wake_fd; /* fixed: readable when something has changed */
	natsSubscription *notices; /* fixed */
	unsigned losses; /* of the connection, as far as looked at: the main
			   * thread's */
	pthread_mutex_t lock; /* guards what follows */
	struct class_terms class;
	bool changed; /* the class was, and has to be read again */
	bool drained;
	int64_t paused_us, until_us; /* since when, and until when */
	unsigned refusals;	     /* in a row */
};

/* Read them: 0 or negative errno, which has been said. */
int terms_init(struct terms *terms, struct bus *bus,
	       const struct options *options);

/* Hear from now on what happens to the class; the same. */
int terms_watch(struct terms *terms);

/* The connection is closed. */
void terms_fini(struct terms *terms);

/*
 * Read again what may have changed: 0 or negative errno.
 *
 * -ESTALE     the lease has, which has been said: nothing is known of jobs any more
 * -ENOENT     there is no such class any more; the same
 * -ENOTCONN   it cannot be read now
 * others      the same, which has been said
 */
int terms_tick(struct terms *terms);

/* How long nothing may start from now, in milliseconds; 0: it may; TERMS_DRAINED: until
 * that is taken back.  Any thread. */
#define TERMS_DRAINED INT64_MAX
int64_t terms_pause_ms(struct terms *terms);

/* Any thread. */
struct class_terms terms_class(struct terms *terms);

/* A job was refused, which had run for so long, and was told to come back after
 * `after_ms` (0: no time): for how long nothing starts now. */
int64_t terms_refused(struct terms *terms, int64_t after_ms, int64_t ran_us);

/* A job was let in. */
void terms_served(struct terms *terms);

#endif
