/* SPDX-License-Identifier: MIT */
#include "ring.h"

#include <errno.h>
#include <stdlib.h>

int ring_init(struct ring *ring, uint32_t size)
{
	ring->places = malloc(((size_t)size + 1) * sizeof(*ring->places));
	if (!ring->places)
		return -ENOMEM;
	ring->size = size;
	ring->len = 0;
	ring->places[size].prev = ring->places[size].next = size;
	return 0;
}

void ring_fini(struct ring *ring)
{
	free(ring->places);
}
