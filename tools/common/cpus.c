/* SPDX-License-Identifier: MIT */
#include "cpus.h"

#include <sched.h>
#include <stddef.h>

unsigned cpus_usable(void)
{
	size_t room;
	int n = 0;

	for (room = 1024; !n && room <= 1 << 20; room *= 2) {
		size_t size = CPU_ALLOC_SIZE(room);
		cpu_set_t *set = CPU_ALLOC(room);

		if (!set)
			break;
		if (sched_getaffinity(0, size, set) == 0)
			n = CPU_COUNT_S(size, set);
		CPU_FREE(set);
	}
	return n > 0 ? (unsigned)n : 1;
}
