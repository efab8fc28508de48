/* SPDX-License-Identifier: MIT */
/*
 * --timeout: a job that runs too long gets TERM, with all that is there of it,
 * and what is left of that after the grace is killed.  Its worker does it,
 * while it reads what the job prints.
 */
#ifndef EXPIRE_H
#define EXPIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "job.h"

/* Whether that was asked for. */
bool expire_is_on(const struct run *run);

/* The job runs now. */
void expire_begin(struct job *job);

/* See whether its time is over.  In how many milliseconds to look again. */
int expire_look(struct job *job);

/*
 * Its first process has exited.  If its time was over, sleep until nobody else
 * is left of it.  Before it is reaped.
 */
void expire_finish(struct job *job);

#endif
