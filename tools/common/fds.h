/* SPDX-License-Identifier: MIT */
/*
 * bpool's descriptors as a whole: that 0, 1 and 2 are what they seem, how
 * many may be open, and that jobs get the limit that bpool was started with.
 *
 * A limit belongs to the process and is handed to a child as it stands, so
 * where it was raised, it is lowered for the moment of each start.  Whoever
 * opens anything holds the lock meanwhile, so that nobody meets the lowered
 * limit.  Where it was not raised the lock costs nothing.  A C library may
 * want descriptors of its own to start something (musl: a pipe), so two below
 * the lowered limit are kept for it.
 */
#ifndef FDS_H
#define FDS_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/resource.h>

/* What is kept below a limit that was raised. */
#define FDS_KEPT 2

struct fds {
	bool raised;	      /* fixed before threads start */
	struct rlimit ours;   /* fixed before threads start */
	struct rlimit theirs; /* fixed before threads start */
	int spare;	      /* fixed: of one digit, as shells want it, and not
		    * the caller's; -1: none */
	int kept[FDS_KEPT];   /* under the lock; -1: not now */
	pthread_mutex_t lock; /* held while the limit is lowered, and while
			       * anything is opened; no other lock is taken
			       * under it */
};

/*
 * Fill those of 0, 1 and 2 that are closed, so that no file of ours is
 * mistaken for them: with something that fails with EBADF as they would.
 * Jobs still find them closed.  0 or negative errno.
 */
int fds_init(struct fds *fds);

/* How many are opened at once, at most. */
struct fds_need {
	unsigned beside; /* whatever runs */
	unsigned job;	 /* for each job */
};

/*
 * Make room for *jobs at once; what there is room for goes there: as many, or
 * fewer, at least 1.  Called once, before threads start.
 *
 * -EMFILE   not even for one: *wanted is what the limit had to be
 */
int fds_reserve(struct fds *fds, const struct fds_need *need, unsigned *jobs,
		unsigned *wanted);

/* Round whatever opens a descriptor. */
void fds_lock(struct fds *fds);
void fds_unlock(struct fds *fds);

/* Round the start of a job, under the lock: the child gets its own limit. */
void fds_lower(struct fds *fds);
void fds_restore(struct fds *fds);

#endif
