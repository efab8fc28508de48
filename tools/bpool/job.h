/* SPDX-License-Identifier: MIT */
/* One job on its worker: start it, read what it prints, wait for it, judge. */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "capture.h"
#include "fds.h"
#include "gate.h"
#include "report.h"
#include "spawn.h"
#include "spool.h"
#include "stop.h"
#include "template.h"

/* What a worker keeps from job to job.  Its own thread's alone. */
struct worker {
	struct output out, err;
};

/* What all jobs of a run share.  Fixed before the first. */
struct run {
	bool ungroup, line_buffer, verbose, quiet;
	const char *shell;
	const struct template *template;
	const struct placeholder_syntax *syntax;
	const char *directory; /* with placeholders; NULL: bpool's own */
	const char *tag;       /* with placeholders; NULL: none */
	struct fds *fds;
	struct spool *spool;
	struct gate *gate;
	struct spawner *spawner;
	struct stop *stop;
	struct report *report;
	struct worker *workers; /* by bpool_worker() */
};

struct job {
	struct run *run;
	struct record *record;	/* the job's */
	struct command command; /* these are made of it by the worker */
	char *directory;	/* NULL: bpool's own */
	char *tag;		/* with its tab; NULL: none */
	char **environment;
	char *pwd;	     /* of that; NULL: as bpool's */
	char numbers[2][40]; /* of that: the job's, its slot's */
	uint64_t place;	     /* among the jobs, from 0 */
};

/* A bpool_fn: run the job, report it, free it. */
int job_run(void *job);

#endif
