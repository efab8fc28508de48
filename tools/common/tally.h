/* SPDX-License-Identifier: MIT */
/*
 * What a run has come to so far: how many jobs run, how they ended, how long
 * they ran.  Any thread, at any time.
 */
#ifndef TALLY_H
#define TALLY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ending.h"
#include "halt.h"
#include "histogram.h"
#include "retry.h"

#define TALLY_FAILURES 10u /* that are named in the end */

/* A job that failed. */
struct failure {
	uint64_t number;
	char how[64]; /* "exit status 1" */
	char *text;   /* its command; NULL: no memory for it */
};

struct tally {
	pthread_mutex_t lock; /* guards what follows; no other is taken under
			       * it */
	struct counts counts;
	unsigned running, peak;
	uint64_t begun;		   /* first attempts */
	uint64_t retried, refused; /* attempts that were not the last */
	uint64_t budgeted;	   /* retries that were granted */
	uint64_t limit;		   /* that -j auto has found; 0: not that */
	uint64_t pauses;	   /* after refusals */
	int64_t since_us;	   /* when it was made */
	struct histogram ran;	   /* microseconds, of all that started */
	struct histogram ran_ok;   /* of those that succeeded */
	struct failure failures[TALLY_FAILURES];
	unsigned nfailures;
};

void tally_init(struct tally *tally);
void tally_fini(struct tally *tally);

/*
 * A job is about to start: how many run with it.  Before it does, for others may
 * end between its start and tally_started(): who met it ran with it.
 */
unsigned tally_starting(struct tally *tally);

/* It has, for the `first` time or again; `running` is what that returned. */
void tally_started(struct tally *tally, unsigned running, bool first);

/* It could not. */
void tally_not_started(struct tally *tally);

/* A job that started, or could not, has ended. */
void tally_end(struct tally *tally, uint64_t number,
	       const struct ending *ending, const char *command);

/* There will be `total` jobs in all. */
void tally_total(struct tally *tally, uint64_t total);

/* A job that started is to be tried again. */
void tally_again(struct tally *tally, const struct ending *ending,
		 bool refused);

/* Whether one more retry fits into the budget; it is spent then. */
bool tally_take_retry(struct tally *tally, const struct retry *retry);

/* What the pool has come to: see those two. */
void tally_limits(struct tally *tally, uint64_t limit, uint64_t pauses);

struct counts tally_counts(struct tally *tally);

/*
 * The median run time of the jobs that succeeded, in microseconds; -1 while
 * there are fewer than three.
 */
int64_t tally_median_us(struct tally *tally);

#endif
