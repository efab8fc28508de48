/* SPDX-License-Identifier: MIT */
#include "backoff.h"

/* base * 2^again, and no more than the cap. */
static uint64_t backoff_full(const struct bp_backoff *backoff, unsigned again)
{
	if (again >= 64 || backoff->base > backoff->cap >> again)
		return backoff->cap;
	return backoff->base << again;
}

static uint64_t jitter(uint64_t least, uint64_t most, struct bp_random *random)
{
	uint64_t more =
		(uint64_t)((double)(most - least) * random_unit(random));

	/* Beyond 2^53 a double may round up. */
	return more > most - least ? most : least + more;
}

uint64_t bp_backoff_refused(const struct bp_backoff *backoff, unsigned again,
			    struct bp_random *random)
{
	uint64_t full = backoff_full(backoff, again);

	return jitter(full - full / 2, full, random);
}

uint64_t bp_backoff_failed(const struct bp_backoff *backoff, unsigned again,
			   struct bp_random *random)
{
	return jitter(0, backoff_full(backoff, again), random);
}

uint64_t bp_backoff_asked(uint64_t asked, struct bp_random *random)
{
	uint64_t more = asked / 20;
	uint64_t most = asked > UINT64_MAX - more ? UINT64_MAX : asked + more;

	return jitter(asked, most, random);
}

bool bp_retry_budget_take(struct bp_retry_budget *budget, uint64_t jobs)
{
	double most = (double)budget->floor + budget->share * (double)jobs;

	if ((double)budget->spent + 1 > most)
		return false;
	budget->spent++;
	return true;
}
