/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define SIZE_LEAST BP_SIZE_UP_TO(struct bpool_options, user)
#define IN_FLIGHT_LEAST 1024u

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

/* What a shorter struct lacks is 0; what a longer one has more must be, for
 * it would not be done. */
static int options_copy(struct bpool_options *to,
			const struct bpool_options *from)
{
	const unsigned char *bytes = (const unsigned char *)from;

	memset(to, 0, sizeof(*to));
	if (!from)
		return 0;
	if (from->size < SIZE_LEAST || from->size > BP_SIZE_MAX)
		return -EINVAL;
	for (size_t i = sizeof(*to); i < from->size; i++)
		if (bytes[i] != 0)
			return -E2BIG;
	memcpy(to, from, from->size < sizeof(*to) ? from->size : sizeof(*to));
	return 0;
}

int bp_options_read(struct bpool_options *options,
		    const struct bpool_options *given)
{
	int err = options_copy(options, given);

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
	return 0;
}
