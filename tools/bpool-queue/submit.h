/* SPDX-License-Identifier: MIT */
/* A job for each line of stdin, into the queue. */
#ifndef SUBMIT_H
#define SUBMIT_H

#include "bus.h"
#include "fds.h"
#include "options.h"

/* Queue them, as options->batch_token; sleeps while the queue is full.  0 or
 * negative errno, which has been said. */
int submit_lines(struct bus *bus, const struct options *options,
		 struct fds *fds);

#endif
