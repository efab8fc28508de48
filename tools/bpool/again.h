/* SPDX-License-Identifier: MIT */
/* Whether a job that has ended is tried again, and what it is until then. */
#ifndef AGAIN_H
#define AGAIN_H

#include <boundpool.h>

#include "job.h"

/* The library's terms for jobs that again_result() speaks for. */
void again_terms(const struct retry *retry, struct bpool_retry *terms);

/* It starts: what an attempt before it printed is not wanted any more. */
void again_start(struct job *job);

/* It does not, for no job may any more: it ended as its last attempt did, when
 * it was stopped; or never, if it had none. */
void again_stopped(struct job *job);

/*
 * What the worker returns to the pool: 0 if this was the job's last attempt.
 * Else it is told to whom it concerns, and the job is as it was before its
 * start, and has what is to be printed of it.
 */
int again_result(struct job *job);

/* What it returns at the end of the last attempt. */
int again_last(bool ok);

#endif
