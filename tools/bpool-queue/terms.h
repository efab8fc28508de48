/* SPDX-License-Identifier: MIT */
/*
 * What holds of a class, as one of its workers knows it: its terms, and whether
 * anything of it may start now.
 *
 * A service that refuses a job, because it has too much to do, pauses the class on
 * all workers: for as long as it said, or else for a while that doubles while it goes
 * on refusing.  And whoever looks after the queue may drain a class: nothing starts
 * until that is taken back.  Both are messages (names.h), which workers hear at once.
 * A thread looks at what is kept of them where a notice says so, where the connection
 * was lost, and once in a while, for a notice may be lost too; nobody else waits for
 * that.
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
	bool looks;		   /* fixed: there is the thread */
	pthread_t looker;	   /* fixed */
	pthread_mutex_t lock;	   /* guards what follows */
	pthread_cond_t due;	   /* there is something to look at */
	struct class_terms class;
	unsigned losses;  /* of the connection, as far as looked at */
	unsigned heard;	  /* notices that a look may be older than */
	int64_t drain_ms; /* when one of a drain, or of its end, was */
	bool changed;	  /* something is to be looked at */
	bool lost;	  /* ... and what is known may not hold */
	bool over;	  /* nobody looks any more */
	bool gone;	  /* it is not the class that it was */
	bool said;	  /* that it cannot be looked at */
	bool drained;
	int64_t paused_us, until_us; /* since when, and until when */
	unsigned refusals;	     /* in a row */
};

/* Read them: 0 or negative errno, which has been said. */
int terms_init(struct terms *terms, struct bus *bus,
	       const struct options *options);

/* Know from now on what happens to the class; the same. */
int terms_watch(struct terms *terms);

/* The connection is closed. */
void terms_fini(struct terms *terms);

/*
 * What is known: 0 or negative errno.
 *
 * -ESTALE   it is not the class that it was, which has been said: nothing is known of
 *           its jobs any more
 * -EAGAIN   it may not hold any more
 */
int terms_tick(struct terms *terms);

/* For how long nothing may start from now, in milliseconds, because of a refusal; 0:
 * it may.  These three: any thread. */
int64_t terms_pause_ms(struct terms *terms);
bool terms_drained(struct terms *terms);
struct class_terms terms_class(struct terms *terms);

/* A job was refused, which had run for so long, and was told to come back after
 * `after_ms` (0: no time): after how long it is to be tried again. */
int64_t terms_refused(struct terms *terms, int64_t after_ms, int64_t ran_us);

/* A job was let in. */
void terms_served(struct terms *terms);

#endif
