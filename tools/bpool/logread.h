/* SPDX-License-Identifier: MIT */
/* Reading a job log back, and mending it. */
#ifndef LOGREAD_H
#define LOGREAD_H

#include <sys/types.h>

#include "fds.h"
#include "joblog.h"

/* Takes a record, whose command is at `at` in the file; a negative errno ends
 * logread(). */
typedef int logread_fn(void *user, const struct joblog_record *record,
		       off_t at);

/*
 * Hand out all records of the log.  Those that were not written whole, or were
 * damaged, are told and taken out of the file first: it is written anew beside
 * itself and takes its own place.  An empty one gets its header.  One that is
 * only read stays as it is.
 *
 * -EINVAL   a line of it is nothing that was ever in a job log
 * others    are those of reading and writing; all have been said
 */
int logread(struct joblog *log, logread_fn *take, void *user, struct fds *fds);

#endif
