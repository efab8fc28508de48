/* SPDX-License-Identifier: MIT */
/*
 * The mark by which a job's processes are known, whatever session they are
 * in: the variable BPOOL_JOB in their environment, with RUN.NUMBER in it.
 * A bpool that is a job itself adds its own behind a slash, so that what it
 * runs is known to both.
 */
#ifndef MARK_H
#define MARK_H

#include <stdint.h>
#include <sys/types.h>

#define MARK_VARIABLE "BPOOL_JOB"

/* The name of a run: no other, on this machine, has the same. */
struct mark {
	char run[48];
};

void mark_init(struct mark *mark);

/*
 * Which job of the run named `run` carries the process `pid` of the /proc
 * that is open at `proc`: 1 and the job's number, 0 if none, or a negative
 * errno where that cannot be seen.
 */
int mark_read(int proc, pid_t pid, const char *run, uint64_t *job);

#endif
