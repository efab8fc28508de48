/* SPDX-License-Identifier: MIT */
/*
 * bpool_trace(): what a pool does, as lines of JSON.  There is one of these for each
 * descriptor it is asked for, so that all events of an attempt are in one place, and
 * none while nobody looks.
 */
#ifndef BP_TRACE_H
#define BP_TRACE_H

#include "sem.h"
#include "state.h"

struct bp_trace {
	uint32_t refs; /* guarded by the pool's lock: the pool, and each attempt */
	/* Lines that are still to be written, and one while it is the pool's. */
	atomic_uint telling;
	struct bp_sem
		told; /* posted as there are none: who turned it off waits */

	pthread_mutex_t lock; /* a leaf, held while writing; guards the rest */
	int fd;		      /* -1: nothing is written any more */
	int error;	      /* the first of a write; nothing follows it */
	uint64_t succeeded, failed, retried, overloaded;

	uint64_t cancelled; /* the pool's count of them when it began */
};

/* An attempt of a job, as its events tell of it.  On its worker's stack. */
struct bp_traced {
	struct bp_trace *trace;
	bool tells;	 /* of its end, too */
	uint64_t number; /* the job's */
	uint64_t began;	 /* on the clock of clock.h */
	unsigned worker, attempt;
	char key[BPOOL_KEY_MAX + 1]; /* or "" */
};

/*
 * An attempt's life.  With the pool's lock held: the worker is about to run it, as the
 * pool's trace sees (begin); it was settled (settle); its last line is written (finish).
 * Without: its lines.
 */
void bp_traced_begin(struct bp_traced *traced, const struct bpool *pool,
		     uint32_t id, uint32_t worker,
		     const struct bp_frame *frame);
void bp_traced_tell_start(struct bp_traced *traced);
void bp_traced_settle(struct bp_traced *traced, const struct bpool *pool);
void bp_traced_tell_end(const struct bp_traced *traced, int result,
			const struct bp_frame *frame, bool again);
void bp_traced_finish(const struct bp_traced *traced);

/* One that began under `trace`, at `began`, and whose stack is gone. */
void bp_traced_find(struct bp_traced *traced, struct bp_trace *trace,
		    uint64_t began, const struct bpool *pool, uint32_t id,
		    uint32_t worker, const struct bp_frame *frame);

/* All jobs are over: the last line.  The pool goes. */
void bp_trace_free(struct bpool *pool);

#endif
