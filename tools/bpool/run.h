/* SPDX-License-Identifier: MIT */
/* The producer: makes a job of each line and submits it to the pool. */
#ifndef RUN_H
#define RUN_H

#include "fds.h"
#include "options.h"
#include "template.h"
#include "terminal.h"

/*
 * Run what the lines of the input say, as the options ask for; what went
 * wrong has been said.  `terminal` may be NULL, but not with --tty.  Returns bpool's exit status, or does not return where
 * a signal stopped it.
 */
int run_lines(struct options *options, const struct template *t,
	      struct terminal *terminal, struct fds *fds);

#endif
