/* SPDX-License-Identifier: MIT */
#include "rate.h"

void bp_rate_set(struct bp_rate *rate, uint64_t now, uint64_t starts,
		 uint64_t period, uint64_t burst)
{
	uint64_t owed = rate->ahead > now ? rate->ahead - now : 0;
	uint64_t before = rate->step;
	double then;

	rate->step = starts ? rate_step(starts, period, burst) : 0;
	rate->slack = starts ? (burst - 1) * rate->step : 0;
	if (before > 0) {
		then = (double)owed / (double)before * (double)rate->step;
		/* Rounded up: a rate that is set again and again is not to lose
		 * a nanosecond each time. */
		owed = then < (double)RATE_MOST_NS ? (uint64_t)then
						   : RATE_MOST_NS;
		if (owed < RATE_MOST_NS && (double)owed < then)
			owed++;
	}
	rate->ahead = now + owed;
}
