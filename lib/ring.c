/* SPDX-License-Identifier: MIT */
#include "ring.h"

#include <stdlib.h>

struct ring_place *bp_ring_places(uint32_t size, uint32_t rings)
{
	size_t n = (size_t)size + rings;

	return n <= SIZE_MAX / sizeof(struct ring_place)
		       ? malloc(n * sizeof(struct ring_place))
		       : NULL;
}

void bp_ring_init(struct ring *ring, struct ring_place *places, uint32_t size,
		  uint32_t nth)
{
	ring->places = places;
	ring->ends = size + nth;
	ring->len = 0;
	places[ring->ends].prev = places[ring->ends].next = ring->ends;
}
