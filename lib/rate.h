/* SPDX-License-Identifier: MIT */
/*
 * Starts per time: never more than `starts` in any half-open window of
 * `period`, wherever it begins, `burst` of them at once after a rest.
 *
 * GCRA (ITU-T I.371) with one timestamp: `ahead` is when all that was started
 * would be paid for, at one start each `step`.  A start is due `slack` before
 * that.  In a window of length period fit burst starts at its beginning and
 * then one a step; with step = period / (starts - burst + 1), rounded up,
 * that is starts in all.  (A bucket of `starts` that fills with starts a
 * period lets twice as many through around an edge.)
 *
 * All times are nanoseconds of one clock that does not go back.
 */
#ifndef BP_RATE_H
#define BP_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct bp_rate {
	uint64_t step;	/* 0: no limit */
	uint64_t slack; /* (burst - 1) steps */
	uint64_t ahead; /* when all is paid for */
};

/* No start before this time. */
static inline uint64_t rate_due(const struct bp_rate *rate)
{
	return rate->ahead > rate->slack ? rate->ahead - rate->slack : 0;
}

/* It might as well never have been used. */
static inline bool rate_rested(const struct bp_rate *rate, uint64_t now)
{
	return rate->ahead <= now;
}

/* A start, no sooner than rate_due(). */
static inline void rate_start(struct bp_rate *rate, uint64_t now)
{
	rate->ahead = (rate->ahead > now ? rate->ahead : now) + rate->step;
}

/* The most that a rate may be behind its time: 146 years. */
#define RATE_MOST_NS (UINT64_C(1) << 62)

/* One start each. */
static inline uint64_t rate_step(uint64_t starts, uint64_t period,
				 uint64_t burst)
{
	uint64_t steps = starts - burst + 1;

	return period / steps + (period % steps > 0);
}

/* Its numbers are small enough to be counted with. */
static inline bool rate_fits(uint64_t starts, uint64_t period, uint64_t burst)
{
	return period <= RATE_MOST_NS &&
	       rate_step(starts, period, burst) <= RATE_MOST_NS / burst;
}

/*
 * Set it, or change it while it is in use: what was started and is not paid
 * for stays as many starts.  0 of them is no limit.  `burst` is 1 to `starts`,
 * and rate_fits().
 */
void bp_rate_set(struct bp_rate *rate, uint64_t now, uint64_t starts,
		 uint64_t period, uint64_t burst);

#endif
