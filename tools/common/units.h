/* SPDX-License-Identifier: MIT */
/* Times and sizes as people write them. */
#ifndef UNITS_H
#define UNITS_H

#include <boundpool.h>
#include <stdint.h>

/* Decimal digits alone, from `least` to `most`; 0 or -EINVAL. */
int count_read(const char *text, unsigned least, unsigned most,
	       unsigned *count);

/*
 * "2", "1.5s", "300ms", "2m", "1h", "1d" (no unit: seconds), in milliseconds,
 * rounded up; 0 or -EINVAL.  At most a thousand days.
 */
int duration_read(const char *text, int64_t *ms);

/* "512", "64K", "1.5G", "2T" in bytes, powers of 1024, or "64k", "1.5g" and so
 * on, powers of 1000; 0 or -EINVAL. */
int size_read(const char *text, uint64_t *bytes);

/* "10/s", "100/m", "5/2s", "100/m:20" with a burst of 20; 0 or -EINVAL. */
int rate_read(const char *text, struct bpool_rate *rate);

#endif
