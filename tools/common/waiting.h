/* SPDX-License-Identifier: MIT */
/*
 * The index of outputs that wait for their turn (-k): which streams of the
 * spool belong to which job.  It is a file too, an array by the job's place,
 * so that its memory does not grow with the number of jobs that wait.  What
 * lies before the turn becomes a hole.
 *
 * Not locked: its owner (the report) is.
 */
#ifndef WAITING_H
#define WAITING_H

#include <stdint.h>

#include "fds.h"
#include "spool.h"

/* What is kept of a job: what it printed, and its line of the log. */
struct kept {
	struct spool_stream out, err, log;
};

struct waiting {
	struct fds *fds;
	int fd;		  /* -1 until needed */
	uint64_t n;	  /* how many wait */
	uint64_t end;	  /* behind the last place that was put */
	uint64_t base;	  /* the place whose entry is at the start */
	uint64_t punched; /* bytes of the file that are a hole */
};

void waiting_init(struct waiting *waiting, struct fds *fds);
void waiting_fini(struct waiting *waiting);

/*
 * Note the streams of the job at `place`, while the turn is at `turn`, which
 * is no later.  0 or negative errno.
 */
int waiting_put(struct waiting *waiting, uint64_t turn, uint64_t place,
		const struct kept *kept);

/*
 * Fetch what was noted for `place`: 1, 0 where nothing was, or a negative errno
 * where something may have been, or is behind it.
 */
int waiting_take(struct waiting *waiting, uint64_t place, struct kept *kept);

#endif
