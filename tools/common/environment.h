/* SPDX-License-Identifier: MIT */
/* A job's environment: bpool's own, the job's numbers, its mark and its
 * directory. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include "mark.h"
#include "record.h"

struct environment {
	char **all;	     /* what the job gets; NULL-terminated */
	char numbers[4][40]; /* of it: the job's, its slot's, its attempt's,
			      * its feedback's */
	char *mark;	     /* of it */
	char *id;	     /* of it; NULL: none */
	char *pwd;	     /* of it; NULL: as bpool's */
};

/* What is put into it. */
struct environment_of {
	struct turn turn;
	unsigned attempt;
	const struct mark *mark;
	uint64_t marked;       /* the job's number in that */
	const char *id;	       /* BPOOL_JOB_ID; NULL: none */
	const char *directory; /* where the job runs; NULL: as bpool */
	int feedback;	       /* its descriptor for that; -1: none */
};

/*
 * bpool's own environment must not change as long as this is there.  0 or
 * -ENOMEM; in any case for environment_fini().
 */
int environment_init(struct environment *environment,
		     const struct environment_of *of);

/* All zero is fine too. */
void environment_fini(struct environment *environment);

#endif
