/* SPDX-License-Identifier: MIT */
/*
 * How long to wait before trying again.  All that waited for the same thing
 * wait for different times, also at the cap; or they would come back together.
 * (Brooker, Exponential Backoff And Jitter, AWS 2015, has what the two kinds of
 * jitter do.)  Nanoseconds throughout.
 */
#ifndef BP_BACKOFF_H
#define BP_BACKOFF_H

#include <stdbool.h>

#include "random.h"

struct bp_backoff {
	uint64_t base; /* the first wait */
	uint64_t cap;  /* the longest */
};

/* Equal jitter, after the `again`-th refusal in a row (from 0): from half of
 * base * 2^again to all of it. */
uint64_t bp_backoff_refused(const struct bp_backoff *backoff, unsigned again,
			    struct bp_random *random);

/* Full jitter, after the `again`-th failure: from nothing to all of it. */
uint64_t bp_backoff_failed(const struct bp_backoff *backoff, unsigned again,
			   struct bp_random *random);

/* Somebody asked to wait for `asked`: never less, and up to 5 % more. */
uint64_t bp_backoff_asked(uint64_t asked, struct bp_random *random);

/*
 * What retries of failures may cost a whole run: `floor` of them, and `share`
 * of the jobs so far; so that a service that is down does not get every job
 * as often as one may be tried.
 */
struct bp_retry_budget {
	uint64_t floor;
	double share;
	uint64_t spent;
};

/* Whether one more retry fits, and then it is spent. */
bool bp_retry_budget_take(struct bp_retry_budget *budget, uint64_t jobs);

#endif
