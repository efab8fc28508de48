/* SPDX-License-Identifier: MIT */
/* Monotonic time in nanoseconds, and deadlines on it. */
#ifndef BP_CLOCK_H
#define BP_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "bug.h"

#define BP_NS_PER_S 1000000000u
#define BP_NS_PER_MS 1000000u

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

/* That much later, or never. */
static inline uint64_t bp_after(uint64_t now, uint64_t ns)
{
	return ns > UINT64_MAX - now ? UINT64_MAX : now + ns;
}

/* A deadline as a number; 0: for ever. */
static inline uint64_t bp_deadline_ns(const struct timespec *deadline)
{
	if (!deadline)
		return 0;
	if (deadline->tv_sec < 0)
		return 1;
	if ((uint64_t)deadline->tv_sec >= UINT64_MAX / BP_NS_PER_S)
		return UINT64_MAX;
	return (uint64_t)deadline->tv_sec * BP_NS_PER_S +
	       (uint64_t)deadline->tv_nsec +
	       (deadline->tv_sec == 0 && deadline->tv_nsec == 0);
}

/* A number as a deadline. */
static inline struct timespec bp_ns_deadline(uint64_t ns)
{
	/* No more than a time_t holds. */
	const uint64_t last = sizeof(time_t) < sizeof(int64_t)
				      ? (uint64_t)INT32_MAX * BP_NS_PER_S
				      : INT64_MAX;

	if (ns > last)
		ns = last;
	return (struct timespec){
		.tv_sec = (time_t)(ns / BP_NS_PER_S),
		.tv_nsec = (long)(ns % BP_NS_PER_S),
	};
}

/* NULL (for ever) never does. */
static inline bool bp_deadline_passed(const struct timespec *deadline)
{
	return deadline && bp_deadline_ns(deadline) <= bp_clock_ns();
}

#endif
