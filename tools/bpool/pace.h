/* SPDX-License-Identifier: MIT */
/*
 * How fast: the limits that the pool keeps for a run, on all of its jobs and on
 * the jobs of each key.
 */
#ifndef PACE_H
#define PACE_H

#include <boundpool.h>
#include <stdatomic.h>

#include "options.h"
#include "placeholder.h"
#include "record.h"

struct pace {
	const struct options *options;
	const struct placeholder_syntax *syntax;
	struct bpool *pool;
	struct bpool_limit *limit; /* of keys; NULL: there are none */
	atomic_uint slots;	   /* that may be in use now */
};

/* The limit on all jobs finds itself; where there are keys, that of each does. */
bool pace_adapts(const struct options *options);

/* How many it has found that may run at once; 0: it does not look for it. */
uint64_t pace_found(const struct options *options, struct bpool *pool);

/* The limit on all jobs, for `workers` of them. */
struct bpool_limit_options pace_of_all(const struct options *options,
				       unsigned workers);

/* Jobs that may wait beside those that run: enough that one key's, or those to
 * be tried again, leave room for others; 0: none do. */
size_t pace_ahead(const struct options *options);

/* What is given must outlive it.  0 or negative errno.  It goes with the
 * pool. */
int pace_init(struct pace *pace, const struct options *options,
	      const struct placeholder_syntax *syntax, unsigned workers,
	      struct bpool *pool);

/* A job's key, which may be longer than the library takes. */
struct pace_key {
	char text[BPOOL_KEY_MAX + 1];
};

/* Put the limit and the key of the `number`-th job into its terms; the key
 * stands in *key.  0 or -ENOMEM. */
int pace_terms(const struct pace *pace, const struct record *record,
	       uint64_t number, struct bpool_job *terms, struct pace_key *key);

/* In a job that has not begun: how long what it passed is paused by now, which
 * is known once the pool has heard of so many refusals.  Then or later it is to
 * be asked again; 0: it may begin. */
int64_t pace_paused_ms(const struct pace *pace, uint64_t refusals);

#endif
