/* SPDX-License-Identifier: MIT */
/*
 * The worker's second: a process of its own that kills jobs whose lease is over,
 * and all of them once the worker is gone, whatever became of it: killed, stopped
 * (SIGSTOP), starved.  It is told of each job through a pipe, has a session of its
 * own, and is no child of the worker's.
 *
 * Nobody else kills for a lease: what the guard leaves alone may run.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdint.h>
#include <sys/types.h>

#include "fds.h"
#include "mark.h"

struct guard {
	int fd; /* the pipe to it */
};

/* Of a job, by its number in its mark. */
enum guard_word {
	GUARD_BEGINS, /* it may start now; its lease */
	GUARD_RUNS,   /* its process, and since when that is */
	GUARD_HOLDS,  /* its lease, renewed */
	GUARD_ENDS
};

struct guard_told {
	enum guard_word word;
	pid_t leader;
	uint64_t job;
	uint64_t since;	  /* as sessions_since() has it */
	int64_t until_us; /* of CLOCK_BOOTTIME: when its lease is over */
};

/* Start it, before any thread and before any child.  0 or negative errno. */
int guard_create(struct guard *guard, const struct mark *mark, struct fds *fds);

/* No job runs: it ends. */
void guard_destroy(struct guard *guard);

/* 0, or negative errno: it is gone, or hears nothing, and nobody kills for a lease. */
int guard_tell(const struct guard *guard, const struct guard_told *told);

/* Now, by the clock of leases, which goes on while the machine sleeps. */
int64_t guard_now_us(void);

#endif
