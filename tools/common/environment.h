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
	char *pwd;	     /* of it; NULL: as bpool's */
};

/*
 * `directory` is where the job runs, or NULL; `feedback` its descriptor, or -1.
 * bpool's own environment must not change as long as this is there.  0 or
 * -ENOMEM; in any case for environment_fini().
 */
int environment_init(struct environment *environment, const struct turn *turn,
		     const struct mark *mark, const char *directory,
		     unsigned attempt, int feedback);

/* All zero is fine too. */
void environment_fini(struct environment *environment);

#endif
