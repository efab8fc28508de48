/* SPDX-License-Identifier: MIT */
/* What a run writes about itself besides its output: the job log and the
 * roster beside it, the events, the results; and what it reads of them. */
#ifndef JOURNALS_H
#define JOURNALS_H

#include "events.h"
#include "joblog.h"
#include "options.h"
#include "results.h"
#include "resume.h"
#include "roster.h"

/* The pointers are NULL where nobody asked for it, and else to what stands
 * behind them. */
struct journals {
	struct joblog *log;
	struct resume *resume;
	struct roster *roster;
	struct events *events;
	struct results *results;
	struct joblog a_log;
	struct resume a_resume;
	struct roster a_roster;
	struct events some_events;
	struct results some_results;
};

/*
 * Open what the options ask for, for jobs in so many slots; waits for what
 * an earlier run left and for who reads the events, until `stop_fd` becomes
 * readable.  0 or negative errno, which has been said, but for -ECANCELED.
 */
int journals_init(struct journals *journals, const struct options *options,
		  unsigned slots, int stop_fd, struct fds *fds);

/* The same where nothing is run: what a log says is done, if it is there. */
int journals_init_dry(struct journals *journals, const struct options *options,
		      struct fds *fds);

/* 0, or a negative errno, which has been said, of what is not on disk. */
int journals_fini(struct journals *journals);

#endif
