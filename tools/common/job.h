/* SPDX-License-Identifier: MIT */
/* One job on its worker: what it is made of, and what is said of it. */
#ifndef JOB_H
#define JOB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "capture.h"
#include "ending.h"
#include "environment.h"
#include "events.h"
#include "fds.h"
#include "feedback.h"
#include "mark.h"
#include "report.h"
#include "results.h"
#include "retry.h"
#include "roster.h"
#include "spawn.h"
#include "spool.h"
#include "stop.h"
#include "tail.h"
#include "tally.h"
#include "template.h"
#include "terminal.h"

/* What a worker keeps from job to job.  Its own thread's alone. */
struct worker {
	struct outputs printed;
	struct tail tail; /* of an attempt, until its end is told */
};

/* --timeout: how long a job may run. */
struct timeout {
	int64_t ms;	  /* 0: as long as it wants */
	unsigned percent; /* of the median of those that succeeded; 0: of
			   * none, `ms` counts */
	bool of_jobs;	  /* each may have its own, which counts then */
};

struct job;

/* What all jobs of a run share.  Fixed before the first. */
struct run {
	bool ungroup, line_buffer, verbose, quiet;
	bool color;	/* of what goes to stderr */
	bool color_out; /* ... to stdout */
	const char *shell;
	const struct template *template;
	const struct placeholder_syntax *syntax;
	const char *directory;	   /* with placeholders; NULL: bpool's own */
	const char *tag;	   /* with placeholders; NULL: none */
	struct terminal *terminal; /* NULL: none, or nobody changes it */
	struct fds *fds;
	struct spool *spool;
	struct jobserver *jobserver; /* one at least that lets all start */
	struct shares *shares;	     /* NULL: none */
	struct gate *gate;
	const struct pace *pace;
	struct spawner *spawner;
	struct stop *stop;
	struct report *report;
	struct tally *tally;
	struct roster *roster; /* these are NULL where nobody asked */
	struct events *events; /* for them */
	struct results *results;
	void (*started)(struct job *job); /* its process is there */
	bool logs; /* each job has its command as the log has it */
	const struct retry *retry;
	bool minds;		/* jobs may say that they were refused */
	atomic_ullong refusals; /* that the pool has heard of, or will */
	const struct mark *mark;
	struct timeout timeout;
	struct expire *expire;	/* NULL: no timeout */
	int64_t grace_ms;	/* from TERM to KILL */
	struct worker *workers; /* by bpool_worker() */
	bool crowded;		/* fixed: many jobs a CPU, which start ... */
	pthread_mutex_t starts; /* ... under this; the stop's, the tally's and
				 * the fds' are taken under it */
	atomic_flag waits_told; /* that processes are short */
	atomic_bool hopeless;	/* one waited for room to start, in vain */
};

/* Its producer's until it is submitted, its worker's then. */
struct job {
	struct run *run;
	struct record *record; /* the job's */
	uint64_t place;	       /* among those that run, from 0 */
	uint64_t number;       /* among all, from 1 */
	uint64_t marked;       /* its number in its mark, no other's here */
	int64_t timeout_ms;    /* its own; 0: the run's */
	const char *id;	       /* what it knows itself by; NULL: nothing */
	void *user;	       /* of whoever made it */
	uint64_t log_number;   /* in the log */
	char *log_text;	       /* its command there; NULL: no log */
	unsigned slot;	       /* from 0 */
	struct worker *worker;
	struct command command; /* these are made of the record */
	char *directory;	/* NULL: bpool's own */
	char *tag;		/* with its tab; NULL: none */
	char *tag_colored;	/* NULL: nowhere */
	struct environment environment;
	unsigned attempt, failures; /* attempts so far, and failed ones */
	struct outputs kept;	    /* of those before, between two */
	struct ending last;	    /* of the one before */
	int feedback_fd;	    /* -1: none */
	struct feedback feedback;   /* what it said there */
	pid_t pid;		    /* 0: none yet */
	int copy_error;		    /* why its results are not whole; or 0 */
	bool spool_failed;	    /* where its output was lost, if it was */
	struct result result;
	struct ending ending;
};

/* NULL where there is no memory.  `record` is the job's then. */
struct job *job_create(struct run *run, struct record *record, uint64_t place);
void job_destroy(struct job *job);

/* As before job_expand(), but for its attempts. */
void job_clear(struct job *job);

/* Make of its record what the job is on the calling worker; 0 or negative
 * errno. */
int job_expand(struct job *job);

/* Its command, as far as it is known yet. */
const char *job_text(const struct job *job);

/*
 * A message about the job, with its line and its command, at the end of its
 * stderr: so it is printed with it, in order, on a line of its own, and never
 * inside another's.
 */
void job_say(struct job *job, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same, at once. */
void job_say_now(struct job *job, const char *why);

/* Show its command on stderr, now. */
void job_show(const struct job *job);

#endif
