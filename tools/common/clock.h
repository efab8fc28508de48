/* SPDX-License-Identifier: MIT */
/* Time that no clock change touches, and the time of day. */
#ifndef CLOCK_H
#define CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

static inline int64_t clock_us(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline int64_t now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

static inline int64_t now_ms(void)
{
	return now_us() / 1000;
}

/* A condition that is waited for by a clock that nobody sets: 0 or negative errno. */
static inline int cond_init_monotonic(pthread_cond_t *cond)
{
	pthread_condattr_t monotonic;
	int rc = pthread_condattr_init(&monotonic);

	if (rc)
		return -rc;
	rc = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	if (!rc)
		rc = pthread_cond_init(cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return -rc;
}

/* Since 1970. */
static inline int64_t wall_us(void)
{
	return clock_us(CLOCK_REALTIME);
}

#endif
