/* SPDX-License-Identifier: MIT */
/* The threads of a pool. */
#ifndef BP_WORKER_H
#define BP_WORKER_H

#include "state.h"

/*
 * Start the thread of a worker whose pool and number are set.  0 or what
 * pthread_create() says, negative.  `live` has been counted by the caller.
 */
int bp_worker_start(struct bp_worker *worker);

#endif
