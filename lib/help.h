/* SPDX-License-Identifier: MIT */
/* What a job that waits may run on the spot.  With the pool's lock held. */
#ifndef BP_HELP_H
#define BP_HELP_H

#include "sleep.h"

/*
 * The oldest job that `waits` names and that may start there now, or BP_NONE;
 * then *at is when to look again (UINT64_MAX: when told).
 */
uint32_t bp_help_find(const struct bpool *pool, const struct bp_waits *waits,
		      uint64_t *at);

/* The last seq that a wait for a whole group covers. */
uint64_t bp_waits_last(const struct bp_waits *waits);

/* Gates have changed: those who sleep inside jobs and now have something to
 * run, or sooner, look again. */
void bp_helpers_look(struct bpool *pool, struct bp_wakes *wakes);

/* What they rely on may be gone: all look again. */
void bp_helpers_nudge(struct bpool *pool, struct bp_wakes *wakes);

#endif
