/* SPDX-License-Identifier: MIT */
/*
 * A library before libc, for LD_PRELOAD: with every look at it CLOCK_REALTIME is
 * hours later than it is, or hours earlier, by turns, and never the same number.
 * It takes nothing from libc but syscall(), so it goes with any.
 */
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now);

int clock_gettime(clockid_t clock, struct timespec *now)
{
	static uint32_t looks;
	int rc = (int)syscall(SYS_clock_gettime, clock, now);

	if (!rc && clock == CLOCK_REALTIME) {
		/* Relaxed: it is a number alone, and orders nothing. */
		uint32_t n = __atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED);
		time_t by = 3600 + n * 2654435761u % 86400;

		now->tv_sec += n % 2 ? by : -by;
	}
	return rc;
}
