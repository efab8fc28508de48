/* SPDX-License-Identifier: MIT */
/*
 * --timeout: a job that runs too long gets TERM, with all that is there of it,
 * and what is left of that after the grace is killed.  A thread does it for all
 * jobs: their workers may be held up by who reads what they print.  While bpool
 * is suspended no time passes.
 */
#ifndef EXPIRE_H
#define EXPIRE_H

#include "job.h"

struct expire;

/* Start it for jobs on up to `workers`, if the run asks for it: else NULL.
 * 0 or negative errno. */
int expire_create(struct expire **expire, struct run *run, unsigned workers);

/* No job runs any more.  NULL does nothing. */
void expire_destroy(struct expire *expire);

/* The job runs now, on its slot.  expire_end() must follow. */
void expire_begin(struct job *job);

/*
 * Sleep until its first process has exited and, if its time was over, until
 * nobody else is left of it.  Before it is reaped.
 */
void expire_end(struct job *job);

#endif
