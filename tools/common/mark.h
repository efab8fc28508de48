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

/* Bytes of the name of a boot, with its NUL. */
#define MARK_BOOT 40

/* A run. */
struct mark {
	char run[48];	/* its name: no other, on this machine, has the same */
	uint64_t since; /* when it began, in ticks of /proc/PID/stat; 0: all that
			 * descend from bpool's process began later */
	char boot[MARK_BOOT]; /* of the machine */
};

void mark_init(struct mark *mark);

/*
 * The name of this boot of the machine, in which alone a pid and the time
 * when a process began mean anything; "-" where it has none.
 */
void mark_boot(char boot[MARK_BOOT]);

/*
 * Which job of the run named `run` carries the process `pid` of the /proc
 * that is open at `proc`: 1 and the job's number, 0 if none, or a negative
 * errno where that cannot be seen.
 */
int mark_read(int proc, pid_t pid, const char *run, uint64_t *job);

#endif
