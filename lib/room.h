/* SPDX-License-Identifier: MIT */
/* Room for a job: in the ring, in its limit, and producers that sleep for it. */
#ifndef BP_ROOM_H
#define BP_ROOM_H

#include "job.h"

/*
 * With the lock held, which is given up while it sleeps: 0 once there is room
 * for what is asked for.  Sleeps until `deadline` (NULL: for ever); a job
 * makes room instead, or gets -EDEADLK.  Else -ETIMEDOUT, or as bp_room_check().
 */
int bp_room_wait(struct bpool *pool, struct bp_request *request,
		 const struct timespec *deadline, struct bp_wakes *wakes);

/*
 * With the lock held: 0 if there is room now.  -EAGAIN: there is none; -EPIPE,
 * -ECANCELED, -EBUSY: the pool is closed, the group cancelled, the future in use.
 */
int bp_room_check(struct bpool *pool, struct bp_request *request,
		  struct bp_wakes *wakes);

#endif
