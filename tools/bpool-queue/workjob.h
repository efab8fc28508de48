/* SPDX-License-Identifier: MIT */
/* A job of the queue on its worker's thread: from what was given to its result. */
#ifndef WORKJOB_H
#define WORKJOB_H

#include <stdatomic.h>

#include "bus.h"
#include "job.h"
#include "lease.h"
#include "starts.h"
#include "terms.h"

/* What the jobs of a worker share.  Fixed, but for the last. */
struct workplace {
	struct bus *bus;
	struct run *run;
	struct terms *terms;
	struct starts starts;
	const char *name;   /* of the worker, in results */
	atomic_bool ending; /* what cannot be stored now is given up */
};

/* Run the delivery's job, on a thread of the pool, store its result and close it. */
void workjob_run(struct workplace *place, struct delivery *delivery);

/* For run->started. */
void workjob_started(struct job *job);

#endif
