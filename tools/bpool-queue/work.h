/* SPDX-License-Identifier: MIT */
/* A worker: runs jobs of a class by its command, until it is stopped. */
#ifndef WORK_H
#define WORK_H

#include "fds.h"
#include "options.h"

/*
 * Run until a signal.  The first of INT, TERM and HUP ends it when the jobs that
 * run have ended, or the grace has; a second one, or QUIT, at once: what is stopped
 * so, and what was given meanwhile, goes back to the queue.  Returns bpool-queue's
 * exit status.
 */
int work_run(struct options *options, struct fds *fds);

#endif
