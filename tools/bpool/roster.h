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
	off_t end;		      /* where the next line goes */
	struct roster_entry *entries; /* by slot */
};

struct roster_entry {
	char *line; /* NULL: none runs there */
	size_t len;
	off_t at;
};

/*
 * Begin one for the log at `path`, in place of any that is there, for jobs in
 * so many slots.  0 or negative errno.
 */
int roster_init(struct roster *roster, const char *path, unsigned slots,
		struct fds *fds);

/* Remove it. */
void roster_fini(struct roster *roster);

/* A job is about to start: 0 or negative errno. */
int roster_add(struct roster *roster, unsigned slot,
	       const struct roster_job *job, const struct mark *mark);

/* It runs, as the process `pid`, which was not reaped. */
int roster_started(struct roster *roster, unsigned slot, pid_t pid);

/* It has ended, or did not start, or was never there. */
int roster_remove(struct roster *roster, unsigned slot);

/*
 * Say who is alive of those whom a run that was killed left in the roster of
 * the log at `path`; and, with `wait`, sleep until nobody is.  When `stop_fd`
 * becomes readable -ECANCELED.  0 or negative errno, which has been said.
 */
int roster_see_off(const char *path, bool wait, int stop_fd, struct fds *fds);

#endif
