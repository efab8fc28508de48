/* SPDX-License-Identifier: MIT */
/*
 * bpool_trace(): what a pool does, as lines of JSON.  A pool has none of this before
 * it is first asked for, and keeps it to its end.
 */
#ifndef BP_TRACE_H
#define BP_TRACE_H

#include "state.h"

struct bp_trace {
	pthread_mutex_t lock; /* a leaf, held while writing; guards the rest */
	int fd;		      /* -1: nothing is written */
	int error;	      /* the first of a write; nothing follows it */
};

/* An attempt of a job, as its events tell of it.  On its worker's stack. */
struct bp_traced {
	uint64_t number; /* the job's */
	uint64_t began;	 /* on the clock of clock.h */
	unsigned worker, attempt;
	char key[BPOOL_KEY_MAX + 1]; /* or "" */
};

/* With the pool's lock held: what the worker is about to run. */
void bp_traced_take(struct bp_traced *traced, const struct bpool *pool,
		    uint32_t id, uint32_t worker, const struct bp_frame *frame);

/* Without: it starts now; it has returned, and is tried `again`, or not. */
void bp_trace_start(struct bp_trace *trace, struct bp_traced *traced);
void bp_trace_end(struct bp_trace *trace, const struct bp_traced *traced,
		  int result, const struct bp_frame *frame, bool again);

/* All jobs are over: the last line.  The pool goes. */
void bp_trace_free(struct bpool *pool);

#endif
