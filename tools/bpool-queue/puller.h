/* SPDX-License-Identifier: MIT */
/*
 * Jobs from the queue, and their leases.
 *
 * A worker asks for one job for each slot that is free, and the engine answers
 * when there is one and the bound lets it start.  From then on the job is this
 * worker's for the lease, which is renewed while it is held.
 *
 * When a lease is over is judged here, for the engine takes word also from who has
 * lost one.  It was given no sooner than it was asked for; and when a renewal was
 * confirmed before the lease was over, it runs from when that was sent.  By this
 * clock it is over after two thirds of what the engine gives: the rest is for who
 * kills (guard.h), and for clocks that do not agree.
 */
#ifndef PULLER_H
#define PULLER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "bus.h"
#include "guard.h"

struct puller;

/*
 * Where answers to requests come, until those are given up: what the engine is late
 * to answer must not be taken for the answer to another.
 */
struct inbox {
	struct puller *puller;
	struct inbox *before; /* one that was given up */
	natsSubscription *subscription;
	char subject[INBOX_SIZE + 16];
};

/* A job that the engine has given. */
struct delivery {
	struct puller *puller;
	struct delivery *next, *previous; /* the puller's */
	natsMsg *message;		  /* ours */
	uint64_t number;		  /* among all of this worker, from 1 */
	uint64_t delivered;		  /* how often it was given so far */
	int64_t until_us;   /* the puller's: when the lease is over */
	int64_t renewal_us; /* ... and when it was last to be renewed */
	bool guarded;	    /* ... and the guard knows of it */
};

struct puller {
	struct bus *bus;					/* fixed */
	const struct guard *guard;				/* fixed */
	void (*deliver)(void *user, struct delivery *delivery); /* fixed */
	void *user;						/* fixed */
	int64_t lease_us;					/* fixed */
	char inbox[INBOX_SIZE];	    /* fixed: where answers go */
	char ask[SUBJECT_SIZE];	    /* fixed: where jobs are asked for */
	natsSubscription *renewals; /* fixed */
	pthread_mutex_t lock;	    /* guards what follows */
	struct inbox *jobs;	    /* where those come that are asked for */
	unsigned inboxes;	    /* so far */
	unsigned room;		    /* slots for which none was asked */
	unsigned losses;	    /* of the connection, as far as known */
	int64_t *asked_us;	    /* when those were asked for that have no
				     * answer, the oldest first: a ring */
	unsigned first, asked, slots;
	uint64_t number; /* of the last delivery */
	struct delivery *held;
	unsigned nheld;
	bool closed;	    /* nothing is asked for any more */
	const char *broken; /* why nothing can go on; NULL: it can */
};

/* Ask for jobs of the class on `slots`, with this lease; deliver() gets them, on a
 * thread of its own.  0 or negative errno, which has been said. */
struct puller_options {
	const char *class;
	int64_t lease_us;
	unsigned slots;
	void (*deliver)(void *user, struct delivery *delivery);
	void *user;
};
int puller_init(struct puller *puller, struct bus *bus,
		const struct guard *guard,
		const struct puller_options *options);

/* The connection is closed, and none is held. */
void puller_fini(struct puller *puller);

/* What is due: called again and again, at least six times a lease. */
void puller_tick(struct puller *puller);

/* Ask for nothing more; what is on its way is given back. */
void puller_close(struct puller *puller);

/* After that: what is said of jobs has reached the server. */
void puller_flush(struct puller *puller);

unsigned puller_held(struct puller *puller);

/* Why it cannot go on; NULL: it can. */
const char *puller_broken(struct puller *puller);

/* The job may start now; false: its lease is over. */
bool delivery_begin(struct delivery *delivery);

/* It has: its process. */
void delivery_runs(struct delivery *delivery, pid_t leader, uint64_t since);

/* No process of it is left; false: its lease was over before. */
bool delivery_end(struct delivery *delivery);

/* Whether its lease is not over yet. */
bool delivery_is_held(struct delivery *delivery);

/* What becomes of it; its slot is free then, and it too.  Once its lease is over
 * nothing is said of it: it may be another's. */
enum delivery_fate {
	DELIVERY_DONE,	/* never again */
	DELIVERY_BACK,	/* another may have it, at once */
	DELIVERY_LATER, /* ... after a while: it could not be looked at */
	DELIVERY_LOST	/* it is not ours any more */
};
void delivery_close(struct delivery *delivery, enum delivery_fate fate);

#endif
