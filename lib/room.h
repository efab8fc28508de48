/* SPDX-License-Identifier: MIT */
/* Room for a job, in the pool and in its limit, and producers that sleep for it. */
#ifndef BP_ROOM_H
#define BP_ROOM_H

#include "job.h"

/*
 * With the lock held, which is given up while it sleeps: 0 once there is room
 * for what is asked for; its key is set then.  Sleeps until `deadline` (NULL:
 * for ever); a job makes room in the pool instead, if it can.
 *
 * -ETIMEDOUT  the deadline came first
 * -EDEADLK    in a job, which would have to sleep
 * -ENOMEM     for what it would sleep on
 * others      but -EAGAIN are those of bp_room_check()
 */
int bp_room_wait(struct bpool *pool, struct bp_request *request,
		 const struct timespec *deadline, struct bp_wakes *wakes);

/*
 * With the lock held: 0 if there is room now, and the key is set.  -EAGAIN: there
 * is none; -EPIPE, -ECANCELED: the pool is closed, the group cancelled; -EBUSY,
 * -ECHILD: the future is in use, maybe from before a fork.  Looking may find keys
 * idle by now and wake others.
 */
int bp_room_check(struct bpool *pool, struct bp_request *request,
		  struct bp_wakes *wakes);

#endif
