/* SPDX-License-Identifier: MIT */
#include "rate.h"

void bp_rate_set(struct bp_rate *rate, uint64_t now, uint64_t starts,
		 uint64_t period, uint64_t burst)
{
	uint64_t owed = rate->ahead > now ? rate->ahead - now : 0;
	uint64_t before = rate->step;
	uint64_t steps = starts - burst + 1;

	rate->step = starts ? period / steps + (period % steps > 0) : 0;
	rate->slack = starts ? (burst - 1) * rate->step : 0;
	if (before > 0)
		owed = (uint64_t)((double)owed / (double)before *
				  (double)rate->step);
	rate->ahead = now + owed;
}
