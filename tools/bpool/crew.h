/* SPDX-License-Identifier: MIT */
/*
 * The workers of a run: as many as are wanted, or as the system has threads
 * and processes for.
 */
#ifndef CREW_H
#define CREW_H

#include <boundpool.h>

#include "options.h"

/*
 * A pool of `jobs` workers, or of fewer, which is said unless `options->quiet`;
 * 0 and the pool, or negative errno.  Called while no job runs.
 */
int crew_create(struct bpool **pool, unsigned jobs,
		const struct options *options);

#endif
