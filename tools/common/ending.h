/* SPDX-License-Identifier: MIT */
/* How a job ended: what the report, the logs and the events tell of it. */
#ifndef ENDING_H
#define ENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

#define SIGNAL_STATUS 128 /* what shells add to the number of a signal */

enum outcome {
	OUTCOME_OK,
	OUTCOME_FAILED,
	OUTCOME_MISSING,	/* could not start: no such command */
	OUTCOME_NOT_EXECUTABLE, /* could not start: not executable */
	OUTCOME_BROKEN,		/* bpool itself failed it */
	OUTCOME_DROPPED		/* never started, because of a stop */
};

struct ending {
	enum outcome outcome;
	int status;	     /* exit status; what a shell would have said of
			      * a job that could not start */
	int signal;	     /* that killed it; 0: none */
	bool started;	     /* it ran */
	bool timed_out;	     /* it was stopped by --timeout; see expire.c */
	bool stopped;	     /* it failed while the run was being stopped */
	int64_t started_us;  /* wall clock, since 1970 */
	int64_t ran_us;	     /* 0: it did not */
	uint64_t nout, nerr; /* bytes that it printed, tags apart */
};

/* What a shell would call its exit status. */
int ending_status(const struct ending *ending);

/* As members of a JSON object: what the manual lists of an end. */
void ending_add(struct text *json, const struct ending *ending);

/* "exit status 3", "killed by signal 9 (Killed)", "timed out". */
void ending_say(const struct ending *ending, char *text, size_t size);

#endif
