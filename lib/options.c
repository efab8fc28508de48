/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "rate.h"

#define SIZE_LEAST BP_SIZE_UP_TO(struct bpool_options, user)
#define LIMIT_SIZE_LEAST BP_SIZE_UP_TO(struct bpool_limit_options, max_queued)
#define IN_FLIGHT_LEAST 1024u

#define KEYS 1024u
#define KEYS_MOST (1u << 31)
#define PAUSE_NS (UINT64_C(100) * BP_NS_PER_MS)
#define PAUSE_MOST_NS (UINT64_C(30) * BP_NS_PER_S)
#define REFUSALS 0.01
#define RETRIES_LEAST 10
#define RETRIES_SHARE 0.2

/* CPUs this process may use. */
static unsigned cpus_allowed(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	int err = EINVAL;

	/* EINVAL: the machine has more than there is room for. */
	for (size_t room = CPU_SETSIZE; err == EINVAL && room <= 1u << 20;
	     room *= 2) {
		size_t size = CPU_ALLOC_SIZE(room);
		cpu_set_t *set = CPU_ALLOC(room);

		if (!set)
			break;
		err = sched_getaffinity(0, size, set) == 0 ? 0 : errno;
		if (err == 0)
			n = CPU_COUNT_S(size, set);
		CPU_FREE(set);
	}
	return n > 0 ? (unsigned)n : 1;
}

int bp_struct_read(void *to, size_t size, const void *from, size_t least)
{
	const unsigned char *bytes = from;
	size_t given;

	memcpy(&given, from, sizeof(given));
	if (given < least || given > BP_SIZE_MAX)
		return -EINVAL;
	for (size_t i = size; i < given; i++)
		if (bytes[i] != 0)
			return -E2BIG;
	memset(to, 0, size);
	memcpy(to, from, given < size ? given : size);
	return 0;
}

int bp_struct_write(void *to, const void *from, size_t size, size_t least)
{
	size_t room;

	memcpy(&room, to, sizeof(room));
	if (room < least || room > BP_SIZE_MAX)
		return -EINVAL;
	memset(to, 0, room);
	memcpy(to, from, room < size ? room : size);
	memcpy(to, &room, sizeof(room));
	return 0;
}

static bool rate_valid(struct bpool_rate *rate)
{
	if (rate->starts == 0)
		return true;
	if (rate->burst == 0)
		rate->burst = 1;
	return rate->burst <= rate->starts && rate->period_ns > 0 &&
	       rate_fits(rate->starts, rate->period_ns, rate->burst);
}

static bool adaptive_valid(struct bpool_adaptive *adaptive)
{
	if (adaptive->ceiling == 0)
		return adaptive->floor == 0;
	if (adaptive->floor == 0)
		adaptive->floor = 1;
	if (adaptive->refusals == 0)
		adaptive->refusals = REFUSALS;
	return adaptive->floor <= adaptive->ceiling && adaptive->refusals > 0 &&
	       adaptive->refusals <= 1;
}

int bp_limit_options_read(struct bpool_limit_options *options,
			  const struct bpool_limit_options *given)
{
	int err = bp_struct_read(options, sizeof(*options), given,
				 LIMIT_SIZE_LEAST);

	if (err)
		return err;
	if (options->max_keys == 0)
		options->max_keys = KEYS;
	if (options->pause_ns == 0)
		options->pause_ns = PAUSE_NS;
	if (options->pause_most_ns == 0)
		options->pause_most_ns = PAUSE_MOST_NS;
	if (!rate_valid(&options->rate) ||
	    !adaptive_valid(&options->adaptive) ||
	    options->max_keys > KEYS_MOST)
		return -EINVAL;
	return 0;
}

int bp_options_read(struct bpool_options *options,
		    const struct bpool_options *given)
{
	int err = 0;

	memset(options, 0, sizeof(*options));
	if (given)
		err = bp_struct_read(options, sizeof(*options), given,
				     SIZE_LEAST);
	if (err)
		return err;
	if (options->workers == 0)
		options->workers = cpus_allowed();
	if (options->workers > BPOOL_WORKERS_MAX ||
	    options->max_in_flight > SEM_VALUE_MAX)
		return -EINVAL;
	if (options->max_in_flight == 0) {
		options->max_in_flight = (size_t)options->workers * 2;
		if (options->max_in_flight < IN_FLIGHT_LEAST)
			options->max_in_flight = IN_FLIGHT_LEAST;
	}
	if (!options->name)
		options->name = "bpool";
	if (!(options->retry_budget.share >= 0)) /* nor NaN */
		return -EINVAL;
	if (options->retry_budget.least == 0 &&
	    options->retry_budget.share == 0)
		options->retry_budget = (struct bpool_retry_budget){
			.least = RETRIES_LEAST,
			.share = RETRIES_SHARE,
		};
	return 0;
}
