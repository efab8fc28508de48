/* SPDX-License-Identifier: MIT */
/*
 * Random numbers for what must not fall in step; not for secrets.  Guarded by
 * whoever has the state.  splitmix64 (Steele, Lea, Flood: Fast splittable
 * pseudorandom number generators, 2014), which any seed will do for.
 */
#ifndef BP_RANDOM_H
#define BP_RANDOM_H

#include <stdint.h>

struct bp_random {
	uint64_t state; /* the seed, at first */
};

static inline uint64_t random_next(struct bp_random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Evenly from [0, 1). */
static inline double random_unit(struct bp_random *random)
{
	return (double)(random_next(random) >> 11) * 0x1p-53;
}

/* Evenly from [low, high). */
static inline double random_between(struct bp_random *random, double low,
				    double high)
{
	return low + (high - low) * random_unit(random);
}

#endif
