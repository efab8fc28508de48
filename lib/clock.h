/* SPDX-License-Identifier: MIT */
/* Monotonic time in nanoseconds, and deadlines on it. */
#ifndef BP_CLOCK_H
#define BP_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "bug.h"

#define BP_NS_PER_S 1000000000u

static inline uint64_t bp_clock_ns(void)
{
	struct timespec now;

	BP_BUG_ON(clock_gettime(CLOCK_MONOTONIC, &now) != 0);
	return (uint64_t)now.tv_sec * BP_NS_PER_S + (uint64_t)now.tv_nsec;
}

/* NULL (for ever) is valid. */
static inline bool bp_deadline_valid(const struct timespec *deadline)
{
	return !deadline || (deadline->tv_nsec >= 0 &&
			     deadline->tv_nsec < (long)BP_NS_PER_S);
}

/* NULL (for ever) never does. */
static inline bool bp_deadline_passed(const struct timespec *deadline)
{
	uint64_t ns;

	if (!deadline)
		return false;
	if (deadline->tv_sec < 0)
		return true;
	ns = bp_clock_ns();
	return ns / BP_NS_PER_S > (uint64_t)deadline->tv_sec ||
	       (ns / BP_NS_PER_S == (uint64_t)deadline->tv_sec &&
		ns % BP_NS_PER_S >= (uint64_t)deadline->tv_nsec);
}

#endif
