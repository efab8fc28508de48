/* SPDX-License-Identifier: MIT */
/*
 * The jobs that run now, in a file beside the job log, a line each.  A line
 * whose job has ended begins with '#'.  A job is there before it starts, and
 * its session from then on.  The file is gone with the run, unless that was
 * killed: then the next one finds in it who may still be there.
 */
#ifndef ROSTER_H
#define ROSTER_H

#include <pthread.h>
#include <stdint.h>
#include <sys/types.h>

#include "fds.h"
#include "mark.h"
#include "rosterline.h"

struct roster {
	char *path;
	struct fds *fds;      /* fixed */
	unsigned slots;	      /* fixed */
	pthread_mutex_t lock; /* guards what follows; fds' is taken under it */
	int fd;
	off_t begin;	  /* behind the header and those who are left */
	off_t end;	  /* where the next line goes */
	off_t renewed;	  /* where that was when it was last written anew */
	struct text left; /* lines of a killed run's jobs that live on */
	bool failed;	  /* an error was said */
	struct roster_entry *entries; /* by slot */
};

struct roster_entry {
	char *line; /* NULL: none runs there */
	size_t len;
	off_t at;
};

/*
 * Open that of the log at `log`, for jobs in so many slots; roster_see_off()
 * follows.  All that fail here return negative errno, and what went wrong has
 * been said, once.
 *
 * -EEXIST   there is something else in its place
 */
int roster_init(struct roster *roster, const char *log, unsigned slots,
		struct fds *fds);

/* Remove it; or leave those in it who were left before, and may live. */
void roster_fini(struct roster *roster);

/* A job is about to start: 0 or negative errno. */
int roster_add(struct roster *roster, unsigned slot,
	       const struct roster_job *job, const struct mark *mark);

/* It runs, as the process `pid`, which was not reaped. */
int roster_started(struct roster *roster, unsigned slot, pid_t pid);

/* It has ended, or did not start, or was never there. */
int roster_remove(struct roster *roster, unsigned slot);

/*
 * Say who is alive of those whom a run that was killed left in it, and, with
 * `wait`, sleep until nobody is; without, they stay in it.  Then it is empty
 * but for them.
 *
 * -ECANCELED   `stop_fd` became readable; this is not said
 */
int roster_see_off(struct roster *roster, bool wait, int stop_fd);

#endif
