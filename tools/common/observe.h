/* SPDX-License-Identifier: MIT */
/*
 * Who is told of a job's start and end: the tally, the roster, the events, and
 * the folder with its results.  Where one of them fails, that has been said
 * and bpool's exit status is that of a failure; the job goes on.
 */
#ifndef OBSERVE_H
#define OBSERVE_H

#include <sys/types.h>

#include "job.h"

/* It is about to start: 0, or why it must not; observe_end() follows. */
int observe_before(struct job *job);

/* It runs, as the process `pid`, with so many `at_once`: tally_starting(). */
void observe_start(struct job *job, pid_t pid, unsigned at_once);

/* Its time is over. */
void observe_timeout(struct job *job);

/* It has ended, or could not start; before its outputs are reported.  May
 * change how it ended: results that are not whole are a failure. */
void observe_end(struct job *job);

/* An attempt has ended that is not the last; it was `refused`, or failed. */
void observe_again(struct job *job, bool refused);

#endif
