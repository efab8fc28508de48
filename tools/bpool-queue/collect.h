/* SPDX-License-Identifier: MIT */
/* The results of a batch, printed as bpool prints those of its jobs. */
#ifndef COLLECT_H
#define COLLECT_H

#include "bus.h"
#include "fds.h"
#include "options.h"

/*
 * Print those of options->batch that are there; with options->follow, wait for
 * the rest.  Returns an exit status: how the jobs ended, or STATUS_BPOOL_FAILED
 * where some have not.
 */
int collect_run(struct bus *bus, const struct options *options,
		struct fds *fds);

#endif
