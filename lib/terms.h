/* SPDX-License-Identifier: MIT */
/*
 * What a job with terms adds to its way: its ticket at the schedule, and its
 * retries.  With the pool's lock held; nothing sleeps.
 */
#ifndef BP_TERMS_H
#define BP_TERMS_H

#include "wake.h"

/* What a producer asks for. */
struct bp_request {
	bpool_fn *fn;
	void *arg;	  /* handed to fn, unless nbytes > 0 */
	const void *args; /* nbytes of it are copied */
	size_t nbytes;
	struct bpool_future *future;
	struct bpool_group *group;
	size_t index;		     /* in a group without future */
	bool extra;		     /* any of these but fn and arg is set */
	const struct bpool_job *job; /* its terms; NULL: none */
	uint64_t hash;		     /* of their key */
	struct bp_gate *key; /* that; set while there is room for the job */
	struct bp_sleeper *sleeper; /* the caller's, prepared; NULL: none */
};

/* The record's job is accepted with these terms, or behind the limit on all. */
void bp_terms_accept(struct bpool *pool, uint32_t id,
		     const struct bp_request *request, struct bp_wakes *wakes);

/* An attempt starts, in `frame`. */
void bp_terms_start(struct bpool *pool, uint32_t id, struct bp_frame *frame,
		    struct bp_wakes *wakes);

/* An attempt has returned, and `frame` says what it came to: true if there is
 * to be another, for which the job is back where it waits for its start. */
bool bp_terms_end(struct bpool *pool, uint32_t id, int result,
		  const struct bp_frame *frame, struct bp_wakes *wakes);

/* What the attempt of a job with a ticket came to, for its gates. */
void bp_terms_tell(struct bpool *pool, struct bp_terms *terms,
		   const struct bp_frame *frame, uint64_t now);

/* Make the retries those (NULL: none), with what is not said. */
void bp_terms_retry(struct bp_terms *terms, const struct bpool_retry *retry);

/* The job, which has no ticket at the schedule, passes no gate any more, and is
 * ready: so its next attempt is the last. */
void bp_terms_flush(struct bpool *pool, uint32_t id);

/* That attempt starts, in `frame`; its job is settled, started or not. */
void bp_terms_start_flushed(struct bpool *pool, uint32_t id,
			    struct bp_frame *frame);
void bp_terms_settle_flushed(struct bpool *pool, uint32_t id);

#endif
