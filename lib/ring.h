/* SPDX-License-Identifier: MIT */
/*
 * Bounded FIFOs of the numbers 0 to size - 1, each in one of them at most.
 *
 * The members form a ring: each knows the one before and the one behind it,
 * and one more place, the ring's own, joins the head and the tail.  Rings
 * share their places, since a number is never in two: there is a place for
 * every number whatever came and went before, so a push cannot fail, and
 * taking one out of the middle (a job that is cancelled, or run ahead of its
 * turn) costs what taking the first does.  An array of slots with two
 * counters would need holes there, and somebody to sweep them.
 *
 * Know no threads: the caller's lock guards them.
 */
#ifndef BP_RING_H
#define BP_RING_H

#include <stdbool.h>
#include <stdint.h>

struct ring_place {
	uint32_t prev, next;
};

struct ring {
	struct ring_place *places; /* shared, not owned */
	uint32_t ends;		   /* the place that joins the ends */
	uint32_t len;		   /* members now */
};

/* Places for the numbers below `size` and for `rings` rings, or NULL; free()
 * them when the last ring is out of use. */
struct ring_place *bp_ring_places(uint32_t size, uint32_t rings);

/* Make an empty ring, the `nth` (from 0) on these places. */
void bp_ring_init(struct ring *ring, struct ring_place *places, uint32_t size,
		  uint32_t nth);

/* The head, which must be there (len > 0). */
static inline uint32_t ring_first(const struct ring *ring)
{
	return ring->places[ring->ends].next;
}

/* Put `n`, which must be in no ring, before the place `next`. */
static inline void ring_insert(struct ring *ring, uint32_t n, uint32_t next)
{
	uint32_t prev = ring->places[next].prev;

	ring->places[n].prev = prev;
	ring->places[n].next = next;
	ring->places[prev].next = n;
	ring->places[next].prev = n;
	ring->len++;
}

/* At the tail. */
static inline void ring_push(struct ring *ring, uint32_t n)
{
	ring_insert(ring, n, ring->ends);
}

/* At the head. */
static inline void ring_push_front(struct ring *ring, uint32_t n)
{
	ring_insert(ring, n, ring->places[ring->ends].next);
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
