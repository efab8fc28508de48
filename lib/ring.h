/* SPDX-License-Identifier: MIT */
/*
 * A bounded FIFO of the numbers 0 to size - 1, each in it at most once.
 *
 * The members form a ring: each knows the one before and the one behind it,
 * and one more place, `size`, joins the head and the tail.  So there is a
 * place for every number whatever came and went before: a push cannot fail,
 * and taking one out of the middle (a job that is cancelled, or run ahead of
 * its turn) costs what taking the first does.  An array of slots with two
 * counters would need holes there, and somebody to sweep them.
 *
 * Knows no threads: the caller's lock guards it.
 */
#ifndef BP_RING_H
#define BP_RING_H

#include <stdbool.h>
#include <stdint.h>

struct ring_place {
	uint32_t prev, next;
};

struct ring {
	struct ring_place *places;	/* size + 1; the last joins the ends */
	uint32_t size;			/* fixed at creation */
	uint32_t len;			/* members now */
};

#define RING_SIZE_MAX (UINT32_MAX - 1)

/* Make an empty ring.  -ENOMEM. */
int ring_init(struct ring *ring, uint32_t size);
void ring_fini(struct ring *ring);

/* The head, which must be there (len > 0). */
static inline uint32_t ring_first(const struct ring *ring)
{
	return ring->places[ring->size].next;
}

/* Put `n`, which must not be a member, at the tail. */
static inline void ring_push(struct ring *ring, uint32_t n)
{
	struct ring_place *ends = &ring->places[ring->size];

	ring->places[n].prev = ends->prev;
	ring->places[n].next = ring->size;
	ring->places[ends->prev].next = n;
	ends->prev = n;
	ring->len++;
}

/* Take `n`, which must be a member, out. */
static inline void ring_remove(struct ring *ring, uint32_t n)
{
	struct ring_place place = ring->places[n];

	ring->places[place.prev].next = place.next;
	ring->places[place.next].prev = place.prev;
	ring->len--;
}

#endif
