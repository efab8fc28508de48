/* SPDX-License-Identifier: MIT */
/* What the scenarios have in common: the pool of the one that runs, its jobs,
 * and what has to hold of them. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <boundpool.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "world.h"

#define JOBS 8
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define MUST(expression)                                                       \
	do {                                                                   \
		if (!(expression))                                             \
			world_fail("%s:%d: not: %s", __FILE__, __LINE__,       \
				   #expression);                               \
	} while (0)

#define LIMIT(...)                                                             \
	(&(struct bpool_limit_options){                                        \
		.size = sizeof(struct bpool_limit_options),                    \
		__VA_ARGS__ })
#define TERMS(...) (&(struct bpool_job){ __VA_ARGS__ })

struct explored_job {
	int ran;      /* how often */
	int result;   /* of its fn */
	int refusals; /* so often it says first that it was refused */
	int failures; /* and then so often that it failed */
	bool accepted, told;
	struct bpool_future future;
};

extern struct bpool *pool; /* NULL: there is none yet, or any more */
extern struct bpool_limit *limit;
extern struct explored_job jobs[JOBS];
extern int inside_most; /* jobs on a worker of their own at once */
extern int done;	/* what threads tell each other */
extern int asleep;	/* calls that sleep in the pool */

/* A pool, with the limit `own` where that is not NULL; no job yet. */
void begin(unsigned workers, size_t max_in_flight,
	   const struct bpool_limit_options *own);

/* Destroy it.  Each job that was accepted ran once, or was told that it never
 * will; and one that was not accepted did not. */
void end(void);

/* A limit in `limit`, under which all jobs will be. */
void limit_begin(const struct bpool_limit_options *options);

/* The i-th job, as its argument. */
void *number(size_t i);
int job(void *arg);
int waits_for_done(void *arg); /* and then runs as job() */

/* With a future; false: it was refused for `may`, which is no mistake. */
bool async(size_t i, int may);

/* Its future says what became of it. */
void await(size_t i);

/* A thread that submits two jobs from number(i) on. */
void two_submits(void *first);

/* So many nanoseconds from now. */
struct timespec at(uint64_t ns);

#endif
