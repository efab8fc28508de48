/* SPDX-License-Identifier: MIT */
/*
 * What the end of a job means.  Each fills in the job's ending, its outcome
 * first, and says at the end of its stderr what a person should know.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <signal.h>

#include "job.h"
#include "start.h"

/* bpool failed it: `what` did with the (negative) error. */
void verdict_broken(struct job *job, const char *what, int error);

/* start_job() failed. */
void verdict_not_started(struct job *job, int error);

/* It has exited like this. */
void verdict_exited(struct job *job, const struct running *running,
		    const siginfo_t *info);

/* What capture() returned; after verdict_exited(). */
void verdict_output(struct job *job, int captured);

/* Whether the service that it asked refused it, and when it is to come back:
 * feedback.after_ms; 0: no time was said.  That that is too long is said. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_AGAIN,
	REFUSAL_TOO_LONG
};
enum refusal verdict_refusal(struct job *job);

#endif
