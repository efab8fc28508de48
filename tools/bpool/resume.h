/* SPDX-License-Identifier: MIT */
/*
 * What a job log says is done, by the text of the commands: the third time
 * that a command comes is done if it is there for the third time, wherever it
 * stands in the input now.  A record with the number and the command of an
 * earlier one is about the same job, and counts instead of that; logs of
 * several runs in one file have each number several times.
 *
 * Memory is a few words a record; the texts stay in the file.
 */
#ifndef RESUME_H
#define RESUME_H

#include <stdbool.h>
#include <stdint.h>

#include "fds.h"
#include "joblog.h"
#include "text.h"

struct resume_entry;

struct resume {
	struct joblog *log;
	bool again; /* failed jobs are not done */
	struct resume_entry *entries;
	size_t n, size;
	uint64_t *numbers; /* that the log has; sorted */
	bool shifted;	   /* new jobs get numbers behind these ... */
	uint64_t last;	   /* ... and this is the last given or there */
	size_t failed;	   /* entries passed by resume_next_failed() */
};

/*
 * Read the log, which must outlive this.  Records that were not written whole
 * are taken out of it.  A log that is empty gets its header.
 *
 * -EINVAL   it is no job log, which has been said
 * others    have been said too
 */
int resume_init(struct resume *resume, struct joblog *log, bool again,
		struct fds *fds);
void resume_fini(struct resume *resume);

/*
 * Whether the job with this command, as it stands in a log, is done: 1, or
 * 0 and the number under which it is to be logged, of which `position`, its
 * place in the input, is the natural one; or negative errno.
 */
int resume_take(struct resume *resume, const char *command, uint64_t position,
		uint64_t *number);

/*
 * The next job that failed, in the order of the numbers: 1, its command and
 * its number; 0 at the end; or negative errno.
 */
int resume_next_failed(struct resume *resume, struct text *command,
		       uint64_t *number);

#endif
