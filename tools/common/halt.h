/* SPDX-License-Identifier: MIT */
/* --halt: after how many jobs, of which kind, a run ends early. */
#ifndef HALT_H
#define HALT_H

#include <stdbool.h>
#include <stdint.h>

enum halt_why {
	HALT_NEVER,
	HALT_FAIL,
	HALT_SUCCESS,
	HALT_DONE
};

struct halt {
	enum halt_why why;
	bool now;	/* stop those that run; else let them end */
	bool percent;	/* `limit` is of all jobs */
	uint64_t limit; /* at least 1 */
};

/* How the jobs of a run have ended so far. */
struct counts {
	uint64_t ok, failed, missing, not_executable;
	uint64_t stopped; /* failed, for they were stopped with the run */
	uint64_t total;	  /* that there will be; 0: not known yet */
};

uint64_t counts_done(const struct counts *counts);

/* All that did not succeed by themselves. */
uint64_t counts_failed(const struct counts *counts);

/* "now,fail=1", "soon,success=3", "soon,done=50%", "never"; 0 or -EINVAL. */
int halt_read(const char *text, struct halt *halt);

/*
 * Whether that has come.  A percentage is of all jobs; while it is not known
 * how many those are, one that fails or succeeds is of those that have ended,
 * once these are enough to tell.
 */
bool halt_reached(const struct halt *halt, const struct counts *counts);

/*
 * The exit status of a run that it ended, with `status` as that of the job
 * which did: that for fail=1; how many failed, 101 at most; for a percentage,
 * how many of a hundred; 0 for success.
 */
int halt_status(const struct halt *halt, const struct counts *counts,
		int status);

#endif
