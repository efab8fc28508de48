/* SPDX-License-Identifier: MIT */
/* Starting a job: its pipes, and what to do where it cannot start yet. */
#ifndef START_H
#define START_H

#include <stdbool.h>
#include <sys/types.h>

#include "job.h"

struct running {
	pid_t pid;
	int out_fd, err_fd; /* -1: passed through */
	int script_fd;
	int direct_error; /* as in struct spawned */
	unsigned at_once; /* jobs, with it: tally_starting() */
};

/*
 * Start the job.  Where the system has no more processes, memory or
 * descriptors just now, try again: as long as other jobs run, whose end may
 * help, and for some seconds where none does, but not each of many jobs anew; for
 * a process, which others of this user hold then, as long as it takes, and that
 * is said.
 *
 * -ECANCELED   none may start any more
 * others       are those of spawner_start()
 */
int start_job(struct job *job, struct running *running);

/* Such an error may be gone later. */
bool start_may_go_better(int error);

#endif
