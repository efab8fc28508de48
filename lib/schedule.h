/* SPDX-License-Identifier: MIT */
/*
 * Which job may start, and when: the gates that jobs with limits pass.
 *
 * A gate lets so many through at once (max_running, or what its adaptive limit
 * says), so many in a time (rate), and none before a time (a pause).  Each key
 * of a limit is a gate, and the pool may have one for all of its jobs.  A job
 * passes its key's gate, if it has one, and then the pool's, if there is one.
 *
 *	       key's queue --offer--> pool's queue --offer--> ready ring
 *	          ^                                              |
 *	delayed --+  (a job that is due, or is tried again)       +--> started
 *
 * A gate that is open offers its first job to what is above it, one at a time:
 * that job stands there for the gate, so a key is in the ring once at most,
 * however many jobs it has, and keys take turns.  A start passes both gates at
 * once, with the lock held; until then an offer may be taken back (the gate is
 * paused, its limit lowered), and what is offered has cost the gate nothing.
 * A job that waits holds a ticket and no worker.
 *
 * Where a gate stands follows from its numbers, and gate_settle() alone moves
 * it there:
 *
 *	nothing queued			nowhere, or on the list of the idle
 *	as many run as may		nowhere: the next end settles it again
 *	no start before a later time	in the heap
 *	else				its first job is offered
 *
 * Time is a number that the caller hands in, and no thread is known here.
 */
#ifndef BP_SCHEDULE_H
#define BP_SCHEDULE_H

#include <boundpool.h>

#include "adaptive.h"
#include "backoff.h"
#include "heap.h"
#include "list.h"
#include "rate.h"
#include "ring.h"

enum bp_ticket_place {
	TICKET_NOWHERE, /* not accepted, or it runs */
	TICKET_DELAYED, /* in the heap, until it is due */
	TICKET_AT_KEY,	/* in its key's queue */
	TICKET_AT_POOL, /* in the pool's queue */
	TICKET_READY	/* in the ring */
};

/* A job that runs, as one of its gates sees it. */
struct bp_pass {
	struct bpool_link holder; /* of a place, in the gate's list ... */
	bool holds; /* ... unless one below it on its stack lends its own */
	struct bp_adaptive_start start;
};

/* A job with a limit, a delay or a deadline. */
struct bp_ticket {
	struct bpool_link link; /* in a queue */
	struct bp_heap_node timer;
	struct bp_gate *key; /* NULL: the pool's gate alone, if any */
	uint32_t number;     /* the job's, in the ring */
	enum bp_ticket_place place;
	bool again;	   /* tried before: goes to the front of its key */
	uint64_t deadline; /* no start at or after this; 0: none */
	uint64_t due;	   /* while delayed */
	struct bp_pass at_key, at_pool; /* while it runs */
	/* While it runs: the job that waits for it on its stack, or NULL. */
	const struct bp_ticket *outer;
};

/* Keys that may go, the longest idle first. */
struct bp_idle_keys {
	struct bpool_link keys;
	size_t n;
};

struct bp_gate {
	struct bpool_link queue;   /* of tickets, the first first */
	struct bpool_link holders; /* jobs that run and count */
	struct bp_ticket *offered; /* stands above for this gate; or NULL */
	struct bp_heap_node timer;
	struct bpool_link idle;		/* of a key: among those that may go */
	struct bp_idle_keys *idle_keys; /* those; NULL: it never goes */
	bool is_idle;
	bool is_pool;
	uint32_t users;	       /* jobs, wherever they are, and what holds it */
	uint32_t queued;       /* the offered one not included */
	uint32_t waiting;      /* of a key: jobs that do not run */
	uint32_t running;      /* started and not ended */
	uint32_t max_running;  /* 0: any number */
	uint32_t weight, turn; /* starts a turn, and those of this one */
	uint64_t not_before;   /* a pause */
	struct bp_rate rate;
	bool adapts;
	struct bp_adaptive adaptive;

	/* Of one that does not adapt, when it is refused. */
	struct bp_backoff backoff;
	unsigned bursts; /* of refusals, without an ok in between */
	uint64_t epoch;	 /* jobs from before it say nothing new */
	bool canary;	 /* one alone, after a pause */

	uint64_t started, refused, pauses; /* counts */
};

struct bp_schedule {
	struct ring *ready;
	struct bp_heap timers;
	struct bp_gate *pool;	   /* NULL: none */
	struct bpool_link overdue; /* tickets whose deadline has passed */
	uint32_t waiting;	   /* tickets neither in the ring nor started */
	uint64_t pauses;	   /* of all gates: a count */
	struct bp_random random;
};

/* Prepare one; `ready` is the caller's. */
void bp_schedule_init(struct bp_schedule *schedule, struct ring *ready,
		      uint64_t seed);

/* Prepare a gate that lets everything through. */
void bp_gate_init(struct bp_gate *gate);

/* Nobody uses it: forget it. */
void bp_gate_fini(struct bp_schedule *schedule, struct bp_gate *gate);

/* A key that somebody holds does not go, whether it has jobs or not. */
void bp_gate_hold(struct bp_gate *gate);
void bp_gate_release(struct bp_schedule *schedule, struct bp_gate *gate,
		     uint64_t now);

/* The ticket's job is accepted; due (0: now), deadline and key are set. */
void bp_schedule_add(struct bp_schedule *schedule, struct bp_ticket *ticket,
		     uint64_t now);

/* `outer` in these is the job that waits for this one and would have it run
 * on its own stack, in its own place at each gate that both pass; or NULL. */

/* When it may start: now or before, then, or UINT64_MAX: once a gate lets it. */
uint64_t bp_schedule_start_due(const struct bp_schedule *schedule,
			       const struct bp_ticket *ticket,
			       const struct bp_ticket *outer);

/* The gate (NULL: lets all through) keeps it back until a job ends. */
bool bp_gate_holds_back(const struct bp_gate *gate,
			const struct bp_ticket *outer);

/* The number of the job whose `holder` is in the gate's list. */
uint32_t bp_gate_holder(const struct bp_gate *gate,
			const struct bpool_link *holder);

/* It is READY, or may start for its `outer`: take it out, and it starts. */
void bp_schedule_start(struct bp_schedule *schedule, struct bp_ticket *ticket,
		       const struct bp_ticket *outer, uint64_t now);

/*
 * A job that was started has ended.  Overloaded, its gate pauses, until
 * `not_before` and a little more where that is said (0: it is not).
 */
void bp_schedule_end(struct bp_schedule *schedule, struct bp_ticket *ticket,
		     uint64_t now, enum bpool_outcome outcome,
		     uint64_t not_before);

/* A job that was not started is not to be: cancelled, say. */
void bp_schedule_drop(struct bp_schedule *schedule, struct bp_ticket *ticket,
		      uint64_t now);

/* When bp_schedule_advance() has something to do; UINT64_MAX: never. */
static inline uint64_t schedule_due(const struct bp_schedule *schedule)
{
	return schedule->timers.first ? schedule->timers.first->due
				      : UINT64_MAX;
}

/* Move what is due.  Whose deadline has passed is dropped, to `overdue`. */
void bp_schedule_advance(struct bp_schedule *schedule, uint64_t now);

/* Something in the gate's numbers was changed: put it where it belongs. */
void bp_gate_settle(struct bp_schedule *schedule, struct bp_gate *gate,
		    uint64_t now);

/* No start before `until`, if that is later than what holds already. */
void bp_gate_pause(struct bp_schedule *schedule, struct bp_gate *gate,
		   uint64_t now, uint64_t until);

/* How many may run now; 0: any number. */
uint32_t bp_gate_limit(const struct bp_gate *gate);

/* A gate that nobody uses, and that might as well be new. */
bool bp_gate_is_fresh(const struct bp_gate *gate, uint64_t now);

#endif
