/* SPDX-License-Identifier: MIT */
#include "slots.h"

#include "pace.h"

void slots_init(struct slots *slots, struct bpool *pool,
		const struct options *options)
{
	struct bpool_stats stats = { .size = sizeof(stats) };

	(void)bpool_stats(pool, &stats); /* of a pool that is there */
	*slots = (struct slots){
		.pool = pool,
		.options = options,
		.workers = (unsigned)stats.workers,
		.now = (unsigned)stats.workers,
	};
}

void slots_change(void *arg, bool more)
{
	struct slots *slots = arg;
	struct bpool_limit_options limit =
		pace_of_all(slots->options, slots->workers);

	if (more ? slots->now >= slots->workers : slots->now <= 1)
		return;
	if (more)
		slots->now++;
	else
		slots->now--;
	limit.max_running = slots->now;
	/* What it was made of is valid. */
	(void)bpool_limit_set(bpool_limit_of(slots->pool), &limit);
}

void slots_tell(const struct slots *slots, struct tally *tally)
{
	struct bpool_stats stats = { .size = sizeof(stats) };

	(void)bpool_stats(slots->pool, &stats);
	tally_limits(tally, pace_found(slots->options, slots->pool),
		     stats.pauses);
}
