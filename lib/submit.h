/* SPDX-License-Identifier: MIT */
/* Producers: what is asked for, checked, and accepted once there is room. */
#ifndef BP_SUBMIT_H
#define BP_SUBMIT_H

#include "job.h"

/*
 * Accept one job, sleeping until `deadline` (NULL: for ever) for room.  0 or
 * the errors of bpool_submit_until() and bpool_group_async().
 */
int bp_request_submit(struct bpool *pool, struct bp_request *request,
		      const struct timespec *deadline);

/* The checks and the copy of a typed call's request: 0, -EINVAL, -ECHILD. */
int bp_request_check(const struct bpool *pool,
		     const struct bp_request *request);

#endif
