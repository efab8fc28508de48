/* SPDX-License-Identifier: MIT */
/*
 * How many jobs run at once: what -j says, what the machine has, and what
 * GNU make's jobserver leaves, around bpool or for its jobs.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include "fds.h"
#include "jobserver.h"
#include "options.h"

/* Fixed before jobs start, but for the jobserver. */
struct budget {
	unsigned jobs; /* at most */
	struct jobserver jobserver;
};

/*
 * Look what there is, with remarks.  Called before bpool opens anything: a
 * descriptor that make has closed must not be mistaken for something of ours.
 * 0; -ENOMEM; or bpool's exit status, where there is no room for a job, which
 * has been said.
 */
int budget_init(struct budget *budget, const struct options *options,
		struct fds *fds);

/*
 * Serve a jobserver to the jobs where that was asked for and there is none
 * around bpool.  Called before jobs start: they find it in MAKEFLAGS, which is
 * set in bpool's own environment.  0 or negative errno, which has been said.
 */
int budget_serve(struct budget *budget, const struct options *options);

void budget_fini(struct budget *budget);

#endif
