/* SPDX-License-Identifier: MIT */
/*
 * The one writer: prints each job's outputs in one piece, in the order of the
 * input where that was asked for, and counts how the jobs ended.
 */
#ifndef REPORT_H
#define REPORT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "capture.h"
#include "ending.h"
#include "events.h"
#include "joblog.h"
#include "spool.h"
#include "statusline.h"
#include "stop.h"
#include "tally.h"
#include "waiting.h"

/* Exit statuses, as the manual lists them. */
enum {
	STATUS_OK = 0,
	STATUS_BPOOL_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_JOB_FAILED = 123,
	STATUS_LATE = 124, /* --deadline; as timeout(1) has it */
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_MISSING = 127
};

struct report {
	struct stop *stop;     /* fixed */
	struct tally *tally;   /* fixed */
	struct halt halt;      /* fixed */
	struct joblog *log;    /* fixed; NULL: none; guarded by the lock */
	struct events *events; /* fixed; NULL: none */
	bool quiet;	       /* fixed */
	struct spool *spool;   /* fixed */
	bool keep_order;       /* fixed */
	bool alone;	       /* fixed */
	pthread_mutex_t lock;  /* held while printing; guards what follows;
			       * the spool's and the stop's are taken under
			       * it */
	pthread_cond_t turns;  /* `turn` went on, or `write_failed` */
	struct statusline line;
	struct waiting waiting;
	uint64_t turn;	   /* the place that is printed next (-k) */
	bool broken;	   /* bpool itself failed */
	bool write_failed; /* nothing more is printed */
	bool log_failed;   /* nothing more is logged */
	bool late_told;	   /* that the deadline has passed */
	bool halted;	   /* by --halt ... */
	int halter;	   /* ... and the status of the job that did it */
};

/* What a job has to hand over: what it printed, and its line of the log. */
struct outputs {
	struct output out, err, log;
	bool lost; /* some of it could not be read back: it is not logged */
};

struct report_options {
	bool keep_order, quiet;
	bool alone; /* one thread tells of all jobs: it cannot wait for a turn, and
		     * prints what cannot be kept at once */
	struct halt halt;
	struct joblog *log;    /* NULL: none */
	struct events *events; /* the same; told when --halt stops the run */
};

int report_init(struct report *report, const struct report_options *options,
		struct tally *tally, struct stop *stop, struct spool *spool,
		struct fds *fds);
void report_fini(struct report *report);

/*
 * The job at `place` (they count from 0, without a gap) has ended, and the
 * tally knows it.  Stops the run where that is what --halt waits for.  Prints
 * its outputs, or keeps them for its turn, and logs it once they are out; all
 * are empty then.  Sleeps while others print, and where nothing can be kept,
 * until its turn.
 */
void report_job(struct report *report, uint64_t place,
		const struct ending *ending, struct outputs *outputs);

/*
 * The job at `place` goes on.  Prints its whole lines, which leave the
 * outputs, if they may be printed already.
 */
void report_lines(struct report *report, uint64_t place,
		  struct outputs *outputs);

/* Write whole lines to stdout or stderr, in one piece, now, and below what was
 * left there without an end. */
void report_print(struct report *report, int fd, const char *text, size_t len);

/*
 * Show the text below what is printed, at the terminal that stderr is, if that
 * can be now (see statusline.h); unless it is shown, and is not `fresh`.
 */
void report_show(struct report *report, const char *text, bool fresh);

/* Take it away. */
void report_clear(struct report *report);

/* Nobody reads stdout any more, as a job that writes it itself has found. */
void report_reader_gone(struct report *report);

/* bpool itself failed, which has been said. */
void report_broken(struct report *report);

/* Why no more jobs start, in a word; NULL: they do.  The first is told to the
 * events by the report, when it happens. */
#define REPORT_HALT "halt"
const char *report_why_halted(struct report *report);

/* What all of it comes to. */
int report_status(struct report *report);

#endif
