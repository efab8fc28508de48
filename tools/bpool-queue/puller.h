/* SPDX-License-Identifier: MIT */
/*
 * Jobs from the queue: a worker asks for one job for each slot that is free, and the
 * engine answers when there is one and the bound lets it start.  From then on it is
 * this worker's for a lease (lease.h).  More than the bound it has and asks for no
 * jobs: it would not be given them, and each request that stands costs the engine.
 */
#ifndef PULLER_H
#define PULLER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "bus.h"
#include "guard.h"
#include "lease.h"

struct puller;

/*
 * Where answers to requests come, until those are given up: what the engine is late
 * to answer must not be taken for the answer to another.
 */
struct inbox {
	struct puller *puller;
	struct inbox *before; /* one that was given up */
	int64_t left_us;      /* when that was */
	int64_t until_us;     /* before then what comes there is ours */
	natsSubscription *subscription;
	char subject[INBOX_SIZE + 16];
};

struct puller {
	struct leases leases;
	struct bus *bus;					/* fixed */
	void (*deliver)(void *user, struct delivery *delivery); /* fixed */
	void *user;						/* fixed */
	int64_t lease_us;					/* fixed */
	char inbox[INBOX_SIZE]; /* fixed: where answers go */
	char ask[SUBJECT_SIZE]; /* fixed: where jobs are asked for */
	pthread_mutex_t lock;	/* guards what follows; the leases' is taken
				  * under it */
	struct inbox *jobs;	/* where those come that are asked for */
	unsigned inboxes;	/* so far */
	unsigned room;		/* slots for which none was asked */
	unsigned bound;		/* of the class */
	unsigned extra;		/* jobs beyond the slots */
	unsigned losses;	/* of the connection, as far as known */
	int64_t *asked_us;	/* when those were asked for that have no
				  * answer, the oldest first: a ring */
	unsigned first, asked, slots;
	bool paused;	    /* nothing is asked for now */
	bool closed;	    /* ... any more */
	const char *broken; /* why nothing can go on; NULL: it can */
};

/* Ask for jobs of the class on `slots`, with this lease; deliver() gets them, on a
 * thread of its own.  0 or negative errno, which has been said. */
struct puller_options {
	const char *class;
	int64_t lease_us;
	unsigned slots, bound;
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

/* The bound of the class is another. */
void puller_bound(struct puller *puller, unsigned bound);

/* Ask for nothing while it is paused, and take back what was asked for. */
void puller_pause(struct puller *puller, bool paused);

/* Ask for nothing more; what is on its way is still delivered. */
void puller_close(struct puller *puller);

/* After that: nothing more is, and what is said of jobs has reached the server. */
void puller_flush(struct puller *puller);

/* Jobs that this worker has. */
unsigned puller_held(struct puller *puller);

/* Why it cannot go on; NULL: it can. */
const char *puller_broken(struct puller *puller);

#endif
