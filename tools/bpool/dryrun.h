/* SPDX-License-Identifier: MIT */
/* --dry-run: what would run. */
#ifndef DRYRUN_H
#define DRYRUN_H

#include "fds.h"
#include "options.h"
#include "template.h"

/*
 * Print the commands, in the order of the input, and run nothing; with a job
 * log to resume, those that are left.  Returns bpool's exit status; what went
 * wrong has been said.
 */
int dryrun(struct options *options, const struct template *t, struct fds *fds);

#endif
