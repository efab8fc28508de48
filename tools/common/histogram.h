/* SPDX-License-Identifier: MIT */
/*
 * How often each run time came, in constant memory: a logarithmic scale with
 * 64 steps between a number and its double, so that what comes out is no more
 * than 1.6 % beside what went in.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_STEPS 64u
#define HISTOGRAM_OCTAVES 58u

/* All zero is empty. */
struct histogram {
	uint64_t n;
	uint64_t max;
	uint64_t counts[HISTOGRAM_STEPS * (HISTOGRAM_OCTAVES + 1)];
};

void histogram_add(struct histogram *h, uint64_t value);

/*
 * The value that `percent` of those added do not exceed, from 1 to 100; 0
 * where there are none.
 */
uint64_t histogram_percentile(const struct histogram *h, unsigned percent);

#endif
